//! Causes, hours and the bound in words, in both languages.

use sanda_results::{AttributedCause, Attribution, CauseKind, Figure, Text};

use crate::wording::{self, Estimate, TimeUnit};

/// What a cause is called.
pub(super) fn cause(cause: &AttributedCause) -> Text {
    let Text { zh, en } = &cause.name;
    match cause.kind {
        CauseKind::Resource => Text::new(format!("{zh}：等待"), format!("{en}: waits")),
        CauseKind::Gate => Text::new(format!("{zh}：未开放"), format!("{en}: closed hours")),
        CauseKind::Fleet => Text::new(format!("{zh}：车辆不足"), format!("{en}: too few vehicles")),
        CauseKind::Full => Text::new(format!("{zh}：满载甩货"), format!("{en}: full departures")),
        CauseKind::Unpunctual => {
            Text::new(format!("{zh}：停开与晚发"), format!("{en}: cancelled and late departures"))
        }
        CauseKind::Regime => Text::new(format!("{zh}：口岸拥堵"), format!("{en}: border congestion")),
        CauseKind::Disruptions => Text::new("各类扰动", "disruptions"),
    }
}

/// What is called that no edit of the model removes.
pub(super) fn remainder() -> Text {
    Text::new("候班、集货等不可单独去除的等待", "waits for the timetable and others that stay")
}

/// Causes that have no row of their own.
pub(super) fn rest(n: usize) -> Text {
    Text::new(format!("其余{n}项"), format!("the other {}", wording::plural(n as u64, "cause")))
}

/// The unit in which all times of an attribution are shown.
pub(super) fn unit(attribution: &Attribution) -> TimeUnit {
    let actual = &attribution.actual;
    let longest = actual.p90.value().filter(|hours| hours.is_finite()).or(actual.mean.value());
    TimeUnit::for_hours(longest.unwrap_or(24.0))
}

/// A time with the digits that its interval supports.
pub(super) fn time(figure: &Figure, unit: TimeUnit) -> String {
    match figure.value() {
        Some(hours) if hours.is_infinite() => "∞".to_owned(),
        Some(hours) => {
            let half = figure.half_width.map(|half| half / unit.hours());
            trimmed(hours / unit.hours(), wording::decimals(half, 2))
        }
        None => "–".to_owned(),
    }
}

/// A difference with its sign and its interval below it.
pub(super) fn signed(figure: &Figure, scale: f64) -> String {
    let Some(value) = figure.value().filter(|value| value.is_finite()) else { return "–".to_owned() };
    let half = figure.half_width.map(|half| half * scale);
    let decimals = wording::decimals(half, 2);
    let number = |value: f64| trimmed(value * scale, decimals);
    let shown = number(value);
    let sign = if shown.starts_with('−') || is_zero(&shown) { "" } else { "+" };
    match figure.interval() {
        Some((low, high)) if low < high && high.is_finite() => {
            format!("{sign}{shown}\n[{}, {}]", number(low), number(high))
        }
        _ => format!("{sign}{shown}"),
    }
}

fn trimmed(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    if is_zero(&text) { text.replace('-', "") } else { text.replace('-', "−") }
}

fn is_zero(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b'0' | b'.' | b'-'))
}

/// A share in per cent with the digits that its interval supports, in both languages.
pub(super) fn share(figure: &Figure) -> Text {
    Estimate::from_figure(figure).map_or_else(
        || Text::same("–"),
        |share| {
            let number = wording::share_number(&share);
            Text::new(format!("{number}%"), format!("{number} %"))
        },
    )
}

/// An amount of hours in the unit in which it is read best: `2.0小时`, `1.0天`.
fn amount(hours: f64) -> Text {
    let unit = if hours >= 48.0 { TimeUnit::Days } else { TimeUnit::Hours };
    let number = wording::number(hours / unit.hours(), Some(hours / unit.hours() / 20.0));
    wording::quantity(&number, unit)
}

/// `2 h at the stage cost 1 d from door to door`; `None` where nothing grows on the way.
pub(super) fn amplified(cause: &AttributedCause) -> Option<Text> {
    let found = cause.amplification.as_ref()?;
    let missed = found.missed.as_ref()?;
    let (stage, door) = (amount(found.at_stage.value()?), amount(found.door_to_door.value()?));
    let factor = wording::number(found.factor?, Some(found.factor? / 10.0));
    Some(Text::new(
        format!(
            "{}：环节内多等{}，门到门多花{}（{factor}倍），因为误了“{}”的班次。",
            cause.name.zh, stage.zh, door.zh, missed.zh
        ),
        format!(
            "{}: {} at the stage cost {} from door to door (times {factor}): departures of “{}” were missed.",
            cause.name.en, stage.en, door.en, missed.en
        ),
    ))
}

/// What measures on waits alone can reach.
pub(super) fn bound(attribution: &Attribution) -> Option<Text> {
    let bound = attribution.bound.as_ref()?;
    let promise = attribution.subject.promise.as_ref()?;
    let unit = unit(attribution);
    let ideal = &attribution.ideal;
    let (p50, p90) = (time(&ideal.p50, unit), time(&ideal.p90, unit));
    let (best, target) = (share(&bound.share), wording::percentile_number(promise.target));
    let (zh, en) = (unit.zh(), unit.en());
    Some(if bound.is_out_of_reach {
        Text::new(
            format!(
                "只减少等待的措施无法兑现这项承诺：仅行驶、作业和查验，中位数就要{p50}{zh}（九成在{p90}{zh}内）；各处等待全部为零，按时送达率最多{}，目标{target}%。",
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
                "各处等待全部为零时，按时送达率最多{}（目标{target}%）；仅行驶、作业和查验，中位数{p50}{zh}，九成在{p90}{zh}内。",
                best.zh
            ),
            format!(
                "With every wait at zero at most {} keep the promise (target {target} %). Running, handling and inspection alone take {p50} {en} at the median, 90 % within {p90} {en}.",
                best.en
            ),
        )
    })
}
