//! What the report and the summary say beside the verdicts: the range over inputs that are not known, how much rests on
//! assumption, and when a promise was back after a disruption. Words in both languages; no markup, no estimate.

use sanda_results::{Basis, DatedDisruption, Figure, InputVerdict, Promise, Recovery, ShareRange, Text};

use crate::wording;

/// The range of a share over the inputs, in per cent: `12–41`. Tenths where it is small.
pub(crate) fn range_number(range: ShareRange) -> String {
    let decimals = usize::from(range.high < 0.1);
    let (low, high) = (wording::percent(range.low, decimals), wording::percent(range.high, decimals));
    if low == high { low } else { format!("{low}–{high}") }
}

/// The verdict over the inputs.
pub(crate) fn input_verdict(verdict: InputVerdict) -> Text {
    match verdict {
        InputVerdict::Kept => Text::new("该范围内均守住", "kept over all of that range"),
        InputVerdict::Broken => Text::new("该范围内均未守住", "not kept anywhere in that range"),
        InputVerdict::Depends => Text::new("取决于参数取值", "depends on the inputs"),
    }
}

/// The sentence on the inputs of a promise; `None` where no range was tried.
pub(crate) fn input_words(promise: &Promise) -> Option<Text> {
    let inputs = promise.inputs.as_ref()?;
    let ends = range_number(inputs.share);
    let (zh_ends, en_ends) = match ends.split_once('–') {
        Some((low, high)) => (format!("{low}%—{high}%之间"), format!("{low} to {high} %")),
        None => (format!("{ends}%"), format!("{ends} %")),
    };
    let (n, points) = (inputs.parameters, inputs.points);
    let verdict = input_verdict(inputs.verdict);
    let plural = if n == 1 { ("input", "varies") } else { ("inputs", "vary") };
    let rest = match inputs.unknowns {
        unknowns if unknowns < n => {
            let assumptions = wording::plural(u64::from(unknowns), "assumption");
            Text::new(format!("（出自{unknowns}个假设）"), format!(", which rest on {assumptions},"))
        }
        _ => Text::default(),
    };
    let mut text = Text::new(
        format!(
            "若{n}个不确知的参数{}在其区间内变动，守住的份额在{zh_ends}（{points}组取值，不含偶然性）：{}",
            rest.zh, verdict.zh
        ),
        format!(
            "If the {n} {} that are not known{} {} within their ranges, {en_ends} keep it ({}, chance left aside): {}",
            plural.0,
            rest.en,
            plural.1,
            wording::plural(u64::from(points), "combination"),
            verdict.en
        ),
    );
    if n == 1 {
        text.en = text.en.replacen("the 1 input that are", "the one input that is", 1).replacen(
            "within their ranges",
            "within its range",
            1,
        );
    }
    // The values used need not lie in the middle of their ranges.
    let side = match promise.share.estimate {
        Some(share) if share > inputs.share.high => Some(("有利", "favourable")),
        Some(share) if share < inputs.share.low => Some(("不利", "unfavourable")),
        _ => None,
    };
    if let Some((zh, en)) = side {
        text.zh.extend(["；目前所用的取值总体偏于", zh, "一侧"]);
        let used = if n == 1 { "; the value used lies on the " } else { "; the values used lie on the " };
        let side = if n == 1 { " side of its range" } else { " side of their ranges, taken together" };
        text.en.extend([used, en, side]);
    }
    text.zh += "。";
    text.en += ".";
    Some(text)
}

/// How much of a scenario rests on assumption, as a sentence.
pub(crate) fn basis_words(basis: &Basis) -> Text {
    let count = basis.count;
    let total = count.total();
    let number = wording::count;
    Text::new(
        format!(
            "{}个参数中{}个为假设；有来源的，可信度高{}个、中{}个、低{}个；{}个没有注明来源。",
            number(total),
            number(count.assumed),
            number(count.high),
            number(count.medium),
            number(count.low),
            number(count.without)
        ),
        format!(
            "{} of {} {} assumed; of those with a source, confidence is high in {}, medium in {}, low in {}; {} {} none.",
            number(count.assumed),
            wording::plural(total, "parameter"),
            if count.assumed == 1 { "is" } else { "are" },
            number(count.high),
            number(count.medium),
            number(count.low),
            number(count.without),
            if count.without == 1 { "has" } else { "have" },
        ),
    )
}

/// When a promise was back after a disruption.
pub(crate) fn recovery_words(disruption: &DatedDisruption, recovery: &Recovery) -> Text {
    let name = &disruption.name;
    let percent = |share: f64| wording::percent(share, usize::from(share < 0.1));
    let usual = percent(recovery.undisturbed);
    if !recovery.is_felt {
        return Text::new(
            format!("“{}”期间，各周守住的份额没有低于平时（中位数{usual}%）的波动范围。", name.zh),
            format!(
                "“{}” is not felt: while it lasts, no week's share falls below what other weeks vary by (their median is {usual} %).",
                name.en
            ),
        );
    }
    let lowest = percent(recovery.lowest);
    let week = wording::period(&recovery.lowest_week);
    let (back_zh, back_en) = match days(&recovery.days).as_deref() {
        None => ("统计期内没有恢复".to_owned(), "it is not back within the window".to_owned()),
        Some("0") => {
            ("在结束的那一周已恢复".to_owned(), "it is back in the week in which that ends".to_owned())
        }
        Some(days) => {
            (format!("结束后{days}天恢复"), format!("it is back {} after the end", plural_days(days)))
        }
    };
    let (backlog_zh, backlog_en) = match days(&recovery.backlog_days).as_deref() {
        None => (
            "在途积压统计期内没有消化".to_owned(),
            "what is under way is not back to usual within the window".to_owned(),
        ),
        Some("0") => ("在途没有积压".to_owned(), "what is under way does not pile up".to_owned()),
        Some(days) => (
            format!("在途积压{days}天消化"),
            format!("what is under way is back to usual after {}", plural_days(days)),
        ),
    };
    Text::new(
        format!(
            "“{}”：每周守住的份额从平时的{usual}%降到最低{lowest}%（{}），{back_zh}，{backlog_zh}。",
            name.zh, week.zh
        ),
        format!(
            "“{}”: the weekly share falls from a usual {usual} % to {lowest} % at worst ({}); {back_en}, {backlog_en}.",
            name.en, week.en
        ),
    )
}

/// Days with a decimal only where they are not whole; `None` where infinite.
fn days(figure: &Figure) -> Option<String> {
    let days = figure.estimate?;
    Some(if (days - days.round()).abs() < 0.05 { format!("{days:.0}") } else { format!("{days:.1}") })
}

fn plural_days(days: &str) -> String {
    format!("{days} {}", if days == "1" { "day" } else { "days" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    use sanda_results::{InputShares, Results};

    fn promise() -> Promise {
        let results = Results::from_json(include_str!("../tests/world.json")).expect("the test's results");
        results.promises["rail"].clone()
    }

    fn with_inputs(low: f64, high: f64, verdict: InputVerdict) -> Text {
        with_unknowns(40, low, high, verdict)
    }

    fn with_unknowns(unknowns: u32, low: f64, high: f64, verdict: InputVerdict) -> Text {
        let mut promise = promise();
        let share = ShareRange { low, high };
        let by_flow = BTreeMap::new();
        promise.inputs = Some(InputShares { share, by_flow, points: 12, parameters: 40, unknowns, verdict });
        input_words(&promise).unwrap_or_default()
    }

    #[test]
    fn the_range_over_inputs_is_told_apart_from_chance() {
        let words = with_inputs(0.12, 0.91, InputVerdict::Depends);
        insta::assert_snapshot!(words.zh, @"若40个不确知的参数在其区间内变动，守住的份额在12%—91%之间（12组取值，不含偶然性）：取决于参数取值。");
        insta::assert_snapshot!(words.en, @"If the 40 inputs that are not known vary within their ranges, 12 to 91 % keep it (12 combinations, chance left aside): depends on the inputs.");
    }

    #[test]
    fn parameters_that_rest_on_fewer_assumptions_say_so() {
        let words = with_unknowns(7, 0.12, 0.91, InputVerdict::Depends);
        insta::assert_snapshot!(words.zh, @"若40个不确知的参数（出自7个假设）在其区间内变动，守住的份额在12%—91%之间（12组取值，不含偶然性）：取决于参数取值。");
        insta::assert_snapshot!(words.en, @"If the 40 inputs that are not known, which rest on 7 assumptions, vary within their ranges, 12 to 91 % keep it (12 combinations, chance left aside): depends on the inputs.");
    }

    #[test]
    fn values_beside_the_range_are_said_to_be() {
        let words = with_inputs(0.002, 0.03, InputVerdict::Broken);
        insta::assert_snapshot!(words.en, @"If the 40 inputs that are not known vary within their ranges, 0.2 to 3.0 % keep it (12 combinations, chance left aside): not kept anywhere in that range; the values used lie on the favourable side of their ranges, taken together.");
        insta::assert_snapshot!(words.zh, @"若40个不确知的参数在其区间内变动，守住的份额在0.2%—3.0%之间（12组取值，不含偶然性）：该范围内均未守住；目前所用的取值总体偏于有利一侧。");
    }

    #[test]
    fn recovery_is_told_in_days_or_as_not_within_the_window() {
        let disruption = DatedDisruption {
            name: Text::new("口岸关闭", "Border closed"),
            days: vec![[56.0, 70.0]],
            dates: Vec::new(),
        };
        let mut recovery = Recovery {
            days: Figure::plain(14.0),
            backlog_days: Figure::plain(f64::INFINITY),
            is_felt: true,
            undisturbed: 0.9,
            floor: 0.81,
            ceiling: 120.0,
            lowest: 0.04,
            lowest_week: "2025-W11".to_owned(),
        };
        let words = recovery_words(&disruption, &recovery);
        insta::assert_snapshot!(words.zh, @"“口岸关闭”：每周守住的份额从平时的90%降到最低4.0%（2025年第11周），结束后14天恢复，在途积压统计期内没有消化。");
        insta::assert_snapshot!(words.en, @"“Border closed”: the weekly share falls from a usual 90 % to 4.0 % at worst (week 11 of 2025); it is back 14 days after the end, what is under way is not back to usual within the window.");
        recovery.is_felt = false;
        insta::assert_snapshot!(recovery_words(&disruption, &recovery).en, @"“Border closed” is not felt: while it lasts, no week's share falls below what other weeks vary by (their median is 90 %).");
    }
}
