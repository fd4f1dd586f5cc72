//! Causes, hours and the bound in both languages. It estimates nothing and lays nothing out.

use sanda_results::{AttributedCause, Attribution, CauseKind, Figure, Text};

use crate::words::number::{self, Estimate, TimeUnit};
use crate::words::phrase;

/// Names a cause.
pub(super) fn cause(cause: &AttributedCause) -> Text {
    let Text { zh, en } = &cause.name;
    match cause.kind {
        CauseKind::Resource => Text::new(format!("{zh}：等待"), format!("{en}: waits")),
        CauseKind::Gate => Text::new(format!("{zh}：未开放"), format!("{en}: closed hours")),
        CauseKind::Fleet => Text::new(format!("{zh}：车辆不足"), format!("{en}: too few vehicles")),
        CauseKind::Full => Text::new(format!("{zh}：满载甩货"), format!("{en}: full departures")),
        CauseKind::Unpunctual => {
            Text::new(format!("{zh}：停运与晚发"), format!("{en}: cancelled and late departures"))
        }
        CauseKind::Regime => Text::new(format!("{zh}：拥堵"), format!("{en}: congestion")),
        CauseKind::Disruptions => Text::new("各类中断", "disruptions"),
    }
}

/// Names the remainder: the waits that no edit of the model removes.
pub(super) fn remainder() -> Text {
    Text::new("候班、集货等不可单独去除的等待", "waits for the timetable and others that stay")
}

/// Names the causes that have no row of their own.
pub(super) fn rest(n: usize) -> Text {
    Text::new(format!("其余{n}项"), phrase::plural(n as u64, "other cause"))
}

/// Returns the unit in which all times of an attribution are shown.
pub(super) fn unit(attribution: &Attribution) -> TimeUnit {
    let actual = &attribution.actual;
    let longest = actual.p90.value().filter(|hours| hours.is_finite()).or(actual.mean.value());
    TimeUnit::for_hours(longest.unwrap_or(24.0))
}

/// Writes a time with the digits that its interval supports.
pub(super) fn time(figure: &Figure, unit: TimeUnit) -> String {
    match figure.value() {
        Some(hours) if hours.is_infinite() => "∞".to_owned(),
        Some(hours) => {
            let half = figure.half_width.map(|half| half / unit.hours());
            shown(hours / unit.hours(), half)
        }
        None => "–".to_owned(),
    }
}

/// Writes a difference with its sign, and its interval below it.
pub(super) fn signed(figure: &Figure, scale: f64) -> String {
    let Some(value) = figure.value().filter(|value| value.is_finite()) else { return "–".to_owned() };
    let half = figure.half_width.map(|half| half * scale);
    let number = |value: f64| shown(value * scale, half);
    let text = number(value);
    let sign = if text.starts_with('−') || number::reads_as_zero(&text) { "" } else { "+" };
    match figure.interval() {
        // Two ends that read the same are not shown.
        Some((low, high)) if high.is_finite() && number(low) != number(high) => {
            format!("{sign}{text}\n[{}, {}]", number(low), number(high))
        }
        _ => format!("{sign}{text}"),
    }
}

/// Half-width below which an interval is only rounding error.
const EXACT: f64 = 1e-6;

/// Writes a number with the digits that half its interval supports. An exact number has no trailing zeros.
fn shown(value: f64, half: Option<f64>) -> String {
    let is_exact = half.is_none_or(|half| half < EXACT);
    let decimals = number::decimals(half.filter(|_| !is_exact), 2);
    let text = format!("{value:.decimals$}");
    if number::reads_as_zero(&text) {
        return if is_exact { "0".to_owned() } else { text.replace('-', "") };
    }
    let text = if is_exact { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    text.replace('-', "−")
}

/// Writes a share in per cent with the digits that its interval supports, in both languages.
pub(super) fn share(figure: &Figure) -> Text {
    Estimate::from_figure(figure).map_or_else(
        || Text::same("–"),
        |share| {
            let number = number::share_number(&share);
            Text::new(format!("{number}%"), format!("{number} %"))
        },
    )
}

/// Writes an amount of hours in the unit that reads best: `2小时`, `2.1天`.
fn amount(hours: f64) -> Text {
    let unit = if hours >= 48.0 { TimeUnit::Days } else { TimeUnit::Hours };
    let value = hours / unit.hours();
    let number = number::number(value, Some(value / 5.0));
    phrase::quantity(number.strip_suffix(".0").unwrap_or(&number), unit)
}

/// Says how hours at a stage grow on the way: `2 hours at the stage cost 1 day from door to door`; `None` where they do not.
pub(super) fn amplified(cause: &AttributedCause) -> Option<Text> {
    let found = cause.amplification.as_ref()?;
    let missed = found.missed.as_ref()?;
    let (stage, door) = (amount(found.at_stage.value()?), amount(found.door_to_door.value()?));
    let factor = number::number(found.factor?, Some(found.factor? / 10.0));
    Some(Text::new(
        format!(
            "{}：环节内多等{}，门到门多花{}（{factor}倍），因为误了“{}”的班次。",
            cause.name.zh, stage.zh, door.zh, missed.zh
        ),
        format!(
            "{}: {} at the stage cost {} from door to door ({factor} times as much), because departures of “{}” were missed.",
            cause.name.en, stage.en, door.en, missed.en
        ),
    ))
}

/// Says what measures on waits alone can reach; `None` without a promise.
pub(super) fn bound(attribution: &Attribution) -> Option<Text> {
    let bound = attribution.bound.as_ref()?;
    let promise = attribution.subject.promise.as_ref()?;
    let unit = unit(attribution);
    let ideal = &attribution.ideal;
    let (p50, p90) = (time(&ideal.p50, unit), time(&ideal.p90, unit));
    let (best, target) = (share(&bound.share), number::percentile_number(promise.target));
    let (zh, en) = (unit.zh(), unit.en());
    Some(if bound.is_out_of_reach {
        Text::new(
            format!(
                "只减少等待的措施无法兑现这项承诺：仅行驶、作业和查验，用时中位数已达{p50}{zh}（90%在{p90}{zh}内）；即使各处等待全部为零，按时送达率也至多{}，目标为{target}%。",
                best.zh
            ),
            format!(
                "No measure on waiting can keep this promise: running, handling and inspection alone take {p50} {en} at the median (90 % within {p90} {en}). With every wait at zero at most {} keep it; the target is {target} %.",
                best.en
            ),
        )
    } else {
        Text::new(
            format!(
                "各处等待全部为零时，按时送达率至多{}（目标{target}%）；仅行驶、作业和查验，用时中位数为{p50}{zh}，90%在{p90}{zh}内。",
                best.zh
            ),
            format!(
                "With every wait at zero at most {} keep the promise (target {target} %). Running, handling and inspection alone take {p50} {en} at the median, 90 % within {p90} {en}.",
                best.en
            ),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_carry_the_digits_of_their_interval() {
        let figure =
            |value: f64, half: f64| Figure::from_parts(value, Some((value - half, value + half)), 20);
        assert_eq!(signed(&figure(12.0, 0.0), 1.0), "+12");
        assert_eq!(signed(&figure(0.0, 0.0), 1.0), "0");
        assert_eq!(signed(&figure(30.0, 6.0), 1.0 / 24.0), "+1.2\n[1.0, 1.5]");
        assert_eq!(signed(&figure(-0.02, 0.012), 100.0), "−2\n[−3, −1]");
        assert_eq!(signed(&Figure::default(), 1.0), "–");
        assert_eq!(time(&Figure::plain(f64::INFINITY), TimeUnit::Days), "∞");
        assert_eq!(time(&figure(324.0, 0.7), TimeUnit::Days), "13.50");
    }

    #[test]
    fn amounts_are_read_in_hours_or_days() {
        assert_eq!(amount(1.0), Text::new("1小时", "1 hour"));
        assert_eq!(amount(12.04), Text::new("12小时", "12 hours"));
        assert_eq!(amount(51.0), Text::new("2.1天", "2.1 days"));
    }
}
