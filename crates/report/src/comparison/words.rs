//! Differences in words: what they mean, in both languages, with the digits that their intervals support.

use std::collections::BTreeMap;

use sanda_results::{
    Change, Comparison, DrawCount, DrawDifferences, Finding, Influence, Lead, MetricDifference, PromiseFlips,
    Remark, Text,
};

use crate::words::number::{self, Estimate};
use crate::words::phrase;

/// Number of stages that are named as the cause of flips.
const MOST_STAGES: usize = 3;

/// Hours in a day.
const DAY: f64 = 24.0;

/// The quantity that differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quantity {
    /// A share, shown in percentage points.
    Share,
    /// A time, shown in days.
    Time,
    /// An amount of money or CO2e, in its own unit.
    Amount,
}

impl Quantity {
    /// Returns the number of shown units in a stored one.
    fn scale(self) -> f64 {
        match self {
            Self::Share => 100.0,
            Self::Time => 1.0 / DAY,
            Self::Amount => 1.0,
        }
    }

    fn zh(self) -> &'static str {
        match self {
            Self::Share => "个百分点",
            Self::Time => "天",
            Self::Amount => "",
        }
    }

    fn en(self, number: &str) -> String {
        match self {
            Self::Share if number == "1" => " point".to_owned(),
            Self::Share => " points".to_owned(),
            Self::Time => " d".to_owned(),
            Self::Amount => String::new(),
        }
    }

    /// Returns the verbs of a gain or a loss, Chinese first.
    fn verbs(self, is_better: bool) -> (&'static str, &'static str) {
        match (self, is_better) {
            (Self::Share, true) => ("提高", "better by"),
            (Self::Share, false) => ("降低", "worse by"),
            (Self::Time, true) => ("缩短", "faster by"),
            (Self::Time, false) => ("延长", "slower by"),
            (Self::Amount, true) => ("减少", "less by"),
            (Self::Amount, false) => ("增加", "more by"),
        }
    }
}

/// Writes a difference with its sign and its interval in brackets: `+3.5 [3.1, 4.0]`, in points, days or the unit of an amount.
pub(super) fn signed(metric: &MetricDifference, quantity: Quantity) -> String {
    if metric.finding == Finding::Same {
        return "0".to_owned();
    }
    let Some(value) = metric.difference.value() else { return "–".to_owned() };
    let scale = quantity.scale();
    let scaled = |value: f64| value * scale;
    let half = metric.difference.half_width.map(scaled);
    let number = |value: f64| plain(scaled(value), half);
    let sign =
        |text: String| if text.starts_with(['-', '−', '0', '<']) { text } else { format!("+{text}") };
    let shown = sign(number(value)).replace('-', "−");
    match metric.difference.interval() {
        Some((low, high)) if high.is_finite() && low < high => {
            format!("{shown} [{}, {}]", number(low).replace('-', "−"), number(high).replace('-', "−"))
        }
        _ => shown,
    }
}

/// Writes a number with the digits that half an interval supports.
fn plain(value: f64, half: Option<f64>) -> String {
    let decimals = number::decimals(half, 2);
    let text = format!("{value:.decimals$}");
    // A number that rounds to zero has no sign.
    if number::reads_as_zero(&text) { text.replace('-', "") } else { text }
}

/// Words the verdict on a difference: by how much it is better or worse, that it does not matter, or what it would take to decide.
pub(super) fn verdict(metric: &MetricDifference, quantity: Quantity, comparison: &Comparison) -> Text {
    let is_better = metric.finding.is_better();
    match metric.finding {
        Finding::Same => Text::new("完全相同", "exactly the same"),
        Finding::Better | Finding::Worse => by(metric, quantity, is_better),
        Finding::BetterOpen | Finding::WorseOpen => {
            let text = by(metric, quantity, is_better);
            if quantity == Quantity::Amount {
                return text;
            }
            let (zh, en) = margin(quantity, comparison);
            Text::new(
                format!("{}，是否超过{zh}尚无定论", text.zh),
                format!("{}; whether by more than {en} is open", text.en),
            )
        }
        Finding::BetterInside | Finding::WorseInside => {
            let text = by(metric, quantity, is_better);
            let (zh, en) = margin(quantity, comparison);
            Text::new(
                format!("{}，不足{zh}，影响不大", text.zh),
                format!("{}: less than {en}, too little to matter", text.en),
            )
        }
        Finding::Equivalent => {
            let (zh, en) = margin(quantity, comparison);
            Text::new(
                format!("无实质差别（不足{zh}）"),
                format!("no difference that matters (less than {en})"),
            )
        }
        Finding::Undecided => match metric.more_replications {
            Some(more) => {
                let more = number::count(round_up(more));
                Text::new(
                    format!("未定：约需再重复{more}次才能判定"),
                    format!("not decided: about {more} more replications would do"),
                )
            }
            None => Text::new("未定", "not decided"),
        },
    }
}

/// Words the size of a difference by its interval: `提高3.1至4.0个百分点`, `better by 3.1 to 4.0 points`.
fn by(metric: &MetricDifference, quantity: Quantity, is_better: bool) -> Text {
    let (zh_verb, en_verb) = quantity.verbs(is_better);
    let scale = quantity.scale();
    let half = metric.difference.half_width.map(|half| half * scale);
    // A proven difference never reads as reaching down to zero.
    let size = |value: f64| {
        let value = (value * scale).abs();
        let least = number::decimals(half, 2);
        let texts = (least..=3).map(|decimals| format!("{value:.decimals$}"));
        texts.into_iter().find(|text| !number::reads_as_zero(text)).unwrap_or_else(|| plain(value, half))
    };
    let value = metric.difference.value().unwrap_or(0.0);
    if !value.is_finite() {
        return if is_better {
            Text::new("由未送达变为送达", "from never to in time")
        } else {
            Text::new("由送达变为未送达", "from in time to never")
        };
    }
    let ends = metric.difference.interval().filter(|(low, high)| low < high && high.is_finite());
    let (zh, en) = match ends
        .map(|(low, high)| if value < 0.0 { (size(high), size(low)) } else { (size(low), size(high)) })
    {
        Some((least, most)) if least != most => (format!("{least}至{most}"), format!("{least} to {most}")),
        Some((least, _)) => (least.clone(), least),
        None => (size(value), size(value)),
    };
    Text::new(format!("{zh_verb}{zh}{}", quantity.zh()), format!("{en_verb} {en}{}", quantity.en(&en)))
}

/// Writes the smallest difference that matters, in both languages.
fn margin(quantity: Quantity, comparison: &Comparison) -> (String, String) {
    let value = match quantity {
        Quantity::Share => comparison.margins.share * 100.0,
        Quantity::Time => comparison.margins.hours / DAY,
        Quantity::Amount => 0.0,
    };
    let text = format!("{value:.3}");
    let number = text.trim_end_matches('0').trim_end_matches('.');
    (format!("{number}{}", quantity.zh()), format!("{number}{}", quantity.en(number)))
}

/// Rounds a number of replications up to two digits, so that it does not look exact.
fn round_up(n: u64) -> u64 {
    let mut step = 1;
    while n / step >= 100 {
        step *= 10;
    }
    n.div_ceil(step) * step
}

/// Words what is told of a promise first: the share, or the time where the share does not change.
pub(super) fn leading(
    share: &MetricDifference,
    time: Option<&MetricDifference>,
    lead: Lead,
    comparison: &Comparison,
) -> Text {
    let of_share = verdict(share, Quantity::Share, comparison);
    let is_of_time = lead == Lead::Time || lead == Lead::Neither && share.finding == Finding::Same;
    let Some(time) = time.filter(|time| is_of_time && time.finding != Finding::Same) else { return of_share };
    let of_time = verdict(time, Quantity::Time, comparison);
    let share = match share.finding {
        Finding::Same => Text::new("按时送达率完全不变", "the share stays exactly the same"),
        _ => Text::new(format!("按时送达率{}", of_share.zh), format!("the share: {}", of_share.en)),
    };
    if lead == Lead::Neither {
        let (zh, en) = (
            format!("{}；平均用时{}", share.zh, of_time.zh),
            format!("{}; mean time: {}", share.en, of_time.en),
        );
        return Text::new(zh, en);
    }
    Text::new(
        format!("平均用时{}；{}", of_time.zh, share.zh),
        format!("{} on average; {}", of_time.en, share.en),
    )
}

/// Returns the count of draws for the leading difference. If neither leads, it is that of the share where any draw changes it.
fn leading_count(draws: &DrawDifferences, lead: Lead) -> DrawCount {
    let is_by_share = lead == Lead::Share || lead == Lead::Neither && draws.share.same < draws.draws;
    if is_by_share { draws.share } else { draws.time }
}

/// Says in how many draws the alternative is better, by the leading difference: `24次抽样中23次更好`.
pub(super) fn over_draws(draws: &DrawDifferences, lead: Lead) -> Text {
    // A difference of zero at the stated inputs may be another at other inputs.
    let count = leading_count(draws, lead);
    let DrawCount { better, same, worse, .. } = count;
    let n = draws.draws;
    if same == n {
        return Text::new(format!("{n}次抽样全部相同"), format!("the same in all {n} draws"));
    }
    let mut text =
        Text::new(format!("{n}次抽样中{better}次更好"), format!("better in {better} of {n} draws"));
    if worse > 0 {
        text = text.and(&format!("，{worse}次更差"), &format!(", worse in {worse}"));
    }
    if same > 0 {
        text = text.and(&format!("，{same}次相同"), &format!(", the same in {same}"));
    }
    text
}

/// Names the unknowns that decide which scenario is better, or says that the draws do not tell; `None` where one is better in all draws.
pub(super) fn depends(draws: &DrawDifferences, lead: Lead) -> Option<Text> {
    let influences: &[Influence] = &draws.loses_where;
    if influences.is_empty() {
        let count = leading_count(draws, lead);
        let n = draws.draws;
        return (count.better > 0 && count.worse > 0).then(|| {
            Text::new(
                format!("取决于哪个未知参数，{n}次抽样无法判断"),
                format!("{n} draws do not tell on which unknown that depends"),
            )
        });
    }
    let zh: Vec<String> = influences
        .iter()
        .map(|one| format!("{}取值偏{}", one.unknown, if one.loses_when_high { "高" } else { "低" }))
        .collect();
    let en: Vec<String> = influences
        .iter()
        .map(|one| format!("{} is {}", one.unknown, if one.loses_when_high { "high" } else { "low" }))
        .collect();
    Some(Text::new(
        format!("在下列情形中落后：{}", zh.join("；")),
        format!("it loses where {}", en.join(", or ")),
    ))
}

/// Says how many shipments of the first replication flip, and at which stages; `None` where none does.
pub(super) fn flips(flips: &PromiseFlips, flows: &BTreeMap<String, Text>) -> Option<Text> {
    if flips.gained + flips.lost == 0 {
        return None;
    }
    let counted = |n: u64| number::count(n);
    let mut parts = Vec::new();
    if flips.gained > 0 {
        parts.push(Text::new(
            format!("{}票由逾期变为按时", counted(flips.gained)),
            format!("{} in time now", phrase::plural(flips.gained, "shipment")),
        ));
    }
    if flips.lost > 0 {
        parts.push(Text::new(
            format!("{}票由按时变为逾期", counted(flips.lost)),
            format!("{} late now", phrase::plural(flips.lost, "shipment")),
        ));
    }
    let stages: Vec<Text> = flips
        .stages
        .iter()
        .take(MOST_STAGES)
        .map(|stage| {
            let flow = flows.get(&stage.flow).cloned().unwrap_or_else(|| Text::same(stage.flow.clone()));
            let n = counted(stage.gained + stage.lost);
            Text::new(
                format!("{}的“{}”{n}票", flow.zh, stage.name.zh),
                format!("“{}” of {} {n}", stage.name.en, phrase::uncapitalised(&flow.en)),
            )
        })
        .collect();
    let (parts, stages) = (phrase::list(&parts), phrase::list(&stages));
    let of = counted(flips.of);
    Some(Text::new(
        format!("逐票对比（首次重复，共{of}票）：{}，变化最大的环节：{}", parts.zh, stages.zh),
        format!(
            "shipment by shipment (first replication, {of} of both): {}; the stage that changed most: {}",
            parts.en, stages.en
        ),
    ))
}

/// Writes the change of a value on one line: `passages.suez.open: false → true`.
pub(super) fn change(change: &Change) -> String {
    let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "–".to_owned());
    format!("{}: {} → {}", change.path, shown(&change.base), shown(&change.alternative))
}

/// Writes a share in per cent with as many digits as its difference has.
pub(super) fn share_level(value: Option<f64>, metric: &MetricDifference) -> String {
    let Some(value) = value else { return "–".to_owned() };
    let half = metric.difference.half_width.unwrap_or(0.0);
    let estimate = Estimate { value, interval: Some((value - half, value + half)) };
    format!("{}%", number::share_number(&estimate))
}

/// Writes days with as many digits as their difference has.
pub(super) fn days_level(value: Option<f64>, metric: &MetricDifference) -> String {
    let Some(value) = value else {
        let is_nothing = metric.difference.remark == Some(Remark::NoObservations);
        return if is_nothing { "–" } else { "∞" }.to_owned();
    };
    plain(value / DAY, metric.difference.half_width.map(|half| half / DAY).or(Some(0.1)))
}

#[cfg(test)]
mod tests {
    use sanda_results::{Figure, Hash64, Margins};

    use super::*;

    fn comparison() -> Comparison {
        let base = sanda_results::ComparedScenario {
            name: "base".into(),
            title: Text::same("base"),
            digest: String::new(),
            fingerprint: Hash64::default(),
            seed: 1,
            replications: 20,
            draws: 0,
        };
        Comparison {
            schema: sanda_results::SCHEMA,
            key_layout: 1,
            confidence: 0.95,
            margins: Margins { share: 0.01, hours: 6.0 },
            base,
            alternatives: Vec::new(),
            promises: std::collections::BTreeMap::new(),
            rankings: std::collections::BTreeMap::new(),
            flows: std::collections::BTreeMap::new(),
            overrides: Vec::new(),
            notes: Vec::new(),
        }
    }

    fn metric(value: f64, half: f64, finding: Finding) -> MetricDifference {
        MetricDifference {
            base: Some(0.5),
            alternative: Some(0.5 + value),
            difference: Figure::from_parts(value, Some((value - half, value + half)), 20),
            finding,
            more_replications: None,
            p_adjusted: None,
            variance_reduction: None,
        }
    }

    #[test]
    fn verdicts_in_both_languages() {
        let check = |metric: MetricDifference, quantity: Quantity, zh: &str, en: &str| {
            assert_eq!(verdict(&metric, quantity, &comparison()), Text::new(zh, en));
        };
        check(
            metric(0.0355, 0.0045, Finding::Better),
            Quantity::Share,
            "提高3.1至4.0个百分点",
            "better by 3.1 to 4.0 points",
        );
        check(
            metric(-192.0, 6.0, Finding::Better),
            Quantity::Time,
            "缩短7.8至8.2天",
            "faster by 7.8 to 8.2 d",
        );
        check(metric(0.0, 0.0, Finding::Same), Quantity::Share, "完全相同", "exactly the same");
        check(
            metric(0.001, 0.004, Finding::Equivalent),
            Quantity::Share,
            "无实质差别（不足1个百分点）",
            "no difference that matters (less than 1 point)",
        );
        let undecided =
            MetricDifference { more_replications: Some(387), ..metric(0.01, 0.03, Finding::Undecided) };
        check(
            undecided,
            Quantity::Share,
            "未定：约需再重复390次才能判定",
            "not decided: about 390 more replications would do",
        );
        check(
            metric(-0.002, 0.001, Finding::WorseInside),
            Quantity::Share,
            "降低0.1至0.3个百分点，不足1个百分点，影响不大",
            "worse by 0.1 to 0.3 points: less than 1 point, too little to matter",
        );
    }

    #[test]
    fn signed_numbers_carry_the_digits_of_their_interval() {
        let shown = |value, half| signed(&metric(value, half, Finding::Better), Quantity::Share);
        assert_eq!(shown(0.0355, 0.0045), "+3.5 [3.1, 4.0]");
        assert_eq!(shown(-0.2, 0.02), "−20 [−22, −18]");
        assert_eq!(shown(0.0001, 0.004), "0.0 [−0.4, 0.4]");
        assert_eq!(signed(&metric(0.0, 0.0, Finding::Same), Quantity::Share), "0");
    }
}
