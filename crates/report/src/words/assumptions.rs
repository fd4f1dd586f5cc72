//! Words that stand beside the verdicts of a run: draws of unknown inputs, assumed mixes of lanes, sources, and recovery after disruptions.
//!
//! It makes no markup and estimates nothing.

use sanda_results::{
    Basis, DatedDisruption, Figure, InputShares, Promise, RangeEnds, Recovery, ShareRange, Text,
};

use crate::words::number::{self, Estimate};
use crate::words::phrase;

/// Writes the range of a share over the draws, in per cent: `12–41`.
///
/// A range below 10 % has tenths. An end that would read as the target has more digits.
pub(crate) fn range_number(range: ShareRange, target: f64) -> String {
    let (low, high) = range_ends(range, target);
    if low == high { low } else { format!("{low}–{high}") }
}

fn range_ends(range: ShareRange, target: f64) -> (String, String) {
    let shown = |share| number::beside_target(share, target, usize::from(range.high < 0.1));
    (shown(range.low), shown(range.high))
}

/// Writes a range over the draws for a cell: its ends, then the number of draws that reach the target: `12–41%`, `✓ 0/8`.
pub(crate) fn range_cell(range: ShareRange, target: f64, points: u32) -> [String; 2] {
    [format!("{}%", range_number(range, target)), format!("✓ {}/{points}", range.kept_points)]
}

/// Says in how many draws a promise is kept, as a clause.
fn draws_kept(kept: u32, points: u32) -> Text {
    match (kept, points) {
        (0, 1) => Text::new("该次抽样未达标", "not kept in that draw"),
        (_, 1) => Text::new("该次抽样达标", "kept in that draw"),
        (0, n) => Text::new(format!("{n}次抽样中无一达标"), format!("kept in none of {n} draws")),
        (k, n) if k == n => Text::new(format!("{n}次抽样全部达标"), format!("kept in all {n} draws")),
        (k, n) => Text::new(format!("{n}次抽样中{k}次达标"), format!("kept in {k} of {n} draws")),
    }
}

/// Says what was drawn and how often, without a full stop.
pub(crate) fn drawn(inputs: &InputShares) -> Text {
    let (n, points, unknowns) = (inputs.parameters, inputs.points, inputs.unknowns);
    let times = match points {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        n => format!("{n} times"),
    };
    if n == 1 {
        return Text::new(
            format!("1个取值不确定的参数在其区间内抽样{points}次，不计偶然性"),
            format!("The one input that is not known was drawn {times} from its range, chance left aside"),
        );
    }
    let (rest_zh, rest_en) = if unknowns < n {
        let assumptions = phrase::plural(u64::from(unknowns), "assumption");
        (format!("（出自{unknowns}个假设）"), format!(" (resting on {assumptions})"))
    } else {
        Default::default()
    };
    let number = number::count(u64::from(n));
    Text::new(
        format!("{number}个取值不确定的参数{rest_zh}在各自区间内抽样{points}次，不计偶然性"),
        format!(
            "{number} inputs that are not known{rest_en} were drawn {times} from their ranges, chance left aside"
        ),
    )
}

/// Words the draws of a promise; `None` where none were made.
///
/// The sentence claims nothing beyond the draws: a few draws of many inputs do not show what holds everywhere in their ranges.
pub(crate) fn input_words(promise: &Promise) -> Option<Text> {
    let inputs = promise.inputs.as_ref()?;
    let (low, high) = range_ends(inputs.share, promise.target);
    let (zh, en) = match inputs.ends {
        _ if inputs.points == 1 => (format!("按时送达率为{low}%"), format!("the share is {low} %")),
        RangeEnds::LowestHighest if low == high => {
            (format!("按时送达率均为{low}%"), format!("every share is {low} %"))
        }
        RangeEnds::LowestHighest => (
            format!("按时送达率最低{low}%，最高{high}%"),
            format!("the lowest share is {low} %, the highest {high} %"),
        ),
        RangeEnds::Percentiles if low == high => (
            format!("按时送达率的第5和第95百分位均为{low}%"),
            format!("the 5th and the 95th percentile of the shares are {low} %"),
        ),
        RangeEnds::Percentiles => (
            format!("按时送达率的第5至第95百分位为{low}%—{high}%"),
            format!("the 5th to 95th percentile of the shares is {low} to {high} %"),
        ),
    };
    let (drawn, kept) = (drawn(inputs), draws_kept(inputs.share.kept_points, inputs.points));
    let mut text =
        Text::new(format!("{}：{zh}；{}。", drawn.zh, kept.zh), format!("{}: {en}; {}.", drawn.en, kept.en));
    if let Some(beside) = Beside::of(&promise.share, inputs.share) {
        let (place, reason) = (beside.place(), beside.reason());
        text.zh.extend(["按给定取值算得的结果", &place.zh, "这一范围：", &reason.zh, "。"]);
        text.en.extend([
            " The result at the stated values lies ",
            &place.en,
            " this range: ",
            &reason.en,
            ".",
        ]);
    }
    Some(text)
}

/// How the share at the stated inputs lies outside the range over the draws.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Beside {
    /// Above the range, because of the values of the inputs.
    Above,
    /// Above the range, because of the luck of the one replication that every draw runs.
    AboveByLuck,
    /// Below the range, because of the values of the inputs.
    Below,
    /// Below the range, because of that luck.
    BelowByLuck,
}

impl Beside {
    /// All kinds.
    pub(crate) const ALL: [Self; 4] = [Self::Above, Self::AboveByLuck, Self::Below, Self::BelowByLuck];

    /// Classifies a share; `None` where it lies within the range.
    pub(crate) fn of(share: &Figure, range: ShareRange) -> Option<Self> {
        let share = share.estimate?;
        if share > range.high {
            Some(if range.stated > range.high { Self::Above } else { Self::AboveByLuck })
        } else if share < range.low {
            Some(if range.stated < range.low { Self::Below } else { Self::BelowByLuck })
        } else {
            None
        }
    }

    /// Names the side of the range: `高于`, `above`.
    pub(crate) fn place(self) -> Text {
        match self {
            Self::Above | Self::AboveByLuck => Text::new("高于", "above"),
            Self::Below | Self::BelowByLuck => Text::new("低于", "below"),
        }
    }

    /// Returns its mark in a table.
    pub(crate) fn mark(self) -> &'static str {
        match self {
            Self::Above | Self::AboveByLuck => "↑",
            Self::Below | Self::BelowByLuck => "↓",
        }
    }

    /// Gives the reason, without a full stop.
    pub(crate) fn reason(self) -> Text {
        match self {
            Self::Above => Text::new(
                "这些参数的真实值尚不清楚，若偏离给定取值，用时大多变长",
                "what is not known of the inputs would mostly make times longer",
            ),
            Self::Below => Text::new(
                "这些参数的真实值尚不清楚，若偏离给定取值，用时大多变短",
                "what is not known of the inputs would mostly make times shorter",
            ),
            Self::AboveByLuck => Text::new(
                "各次抽样用的是同一次重复的随机数，而该次重复的结果偏低",
                "all draws share the luck of one replication, in which less is kept than in the mean of all",
            ),
            Self::BelowByLuck => Text::new(
                "各次抽样用的是同一次重复的随机数，而该次重复的结果偏高",
                "all draws share the luck of one replication, in which more is kept than in the mean of all",
            ),
        }
    }
}

/// Writes the smallest and the largest share of the lanes of a promise with an assumed mix of lanes.
///
/// `None` where the mix is not assumed, or where the two read the same.
pub(crate) fn mix_ends(promise: &Promise) -> Option<(String, String)> {
    let mix = promise.assumed_mix.as_ref()?;
    let shown = |flow: &String| {
        let share = Estimate::from_figure(promise.by_flow.get(flow)?)?;
        Some(number::judged(&share, promise.target).0)
    };
    let ends = (shown(&mix.lowest)?, shown(&mix.highest)?);
    (ends.0 != ends.1).then_some(ends)
}

/// Says that the share of a promise rests on an assumed mix of lanes; `None` where it does not.
pub(crate) fn mix_words(promise: &Promise) -> Option<Text> {
    let (low, high) = mix_ends(promise)?;
    let mix = mix_clause(promise)?;
    Some(Text::new(
        format!("{}：分线路的按时送达率从{low}%到{high}%不等。", mix.zh),
        format!("{}, which keep from {low} % to {high} %.", mix.en),
    ))
}

/// Says which mix a promise rests on, as a clause: `各线路货量比例为假设（共16条线路）`.
pub(crate) fn mix_clause(promise: &Promise) -> Option<Text> {
    let mix = promise.assumed_mix.as_ref()?;
    let (n, k) = (mix.lanes, mix.assumed);
    Some(if k == n {
        Text::new(
            format!("各线路货量比例为假设（共{n}条线路）"),
            format!("Rests on an assumed mix of {n} lanes"),
        )
    } else {
        Text::new(
            format!("各线路货量比例部分为假设（{n}条线路中的{k}条）"),
            format!("Rests on a partly assumed mix of lanes (the volumes of {k} of {n})"),
        )
    })
}

/// Says how much of a scenario rests on assumption.
pub(crate) fn basis_words(basis: &Basis) -> Text {
    let count = basis.count;
    let total = count.total();
    let number = number::count;
    Text::new(
        format!(
            "{}个参数中，{}个为假设；注明来源的，可信度高的{}个、中等的{}个、低的{}个；另有{}个未注明来源。",
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
            phrase::plural(total, "parameter"),
            if count.assumed == 1 { "is" } else { "are" },
            number(count.high),
            number(count.medium),
            number(count.low),
            number(count.without),
            if count.without == 1 { "has" } else { "have" },
        ),
    )
}

/// Says when a promise recovered after a disruption.
pub(crate) fn recovery_words(disruption: &DatedDisruption, recovery: &Recovery) -> Text {
    let name = &disruption.name;
    let percent = |share: f64| number::percent(share, usize::from(share < 0.1));
    let usual = percent(recovery.undisturbed);
    if !recovery.is_felt {
        return Text::new(
            format!("“{}”期间，各周的按时送达率没有低于平时（中位数{usual}%）的波动范围。", name.zh),
            format!(
                "“{}” is not felt: while it lasts, no week's share falls below what other weeks vary by (their median is {usual} %).",
                name.en
            ),
        );
    }
    let lowest = percent(recovery.lowest);
    let week = phrase::period(&recovery.lowest_week);
    let (back_zh, back_en) = match days(&recovery.days).as_deref() {
        None => ("到统计期末仍未恢复".to_owned(), "it is not back within the window".to_owned()),
        Some("0") => {
            ("中断结束当周即恢复".to_owned(), "it is back in the week in which that ends".to_owned())
        }
        Some(days) => {
            (format!("中断结束后{days}天恢复"), format!("it is back {} after the end", plural_days(days)))
        }
    };
    let (backlog_zh, backlog_en) = match days(&recovery.backlog_days).as_deref() {
        None => (
            "在途积压到统计期末仍未消化".to_owned(),
            "what is under way is not back to usual within the window".to_owned(),
        ),
        Some("0") => ("在途货物没有积压".to_owned(), "what is under way does not pile up".to_owned()),
        Some(days) => (
            format!("在途积压{days}天消化"),
            format!("what is under way is back to usual after {}", plural_days(days)),
        ),
    };
    Text::new(
        format!(
            "“{}”：每周的按时送达率从平时的{usual}%降到最低{lowest}%（{}），{back_zh}，{backlog_zh}。",
            name.zh, week.zh
        ),
        format!(
            "“{}”: the weekly share falls from a usual {usual} % to {lowest} % at worst ({}); {back_en}, {backlog_en}.",
            name.en, week.en
        ),
    )
}

/// Writes days, with a decimal only where they are not whole; `None` where infinite.
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

    use sanda_results::{AssumedMix, Results};

    fn promise() -> Promise {
        let results = Results::from_json(include_str!("../../tests/world.json")).expect("the test's results");
        results.promises["rail"].clone()
    }

    fn with(ends: RangeEnds, low: f64, high: f64, kept_points: u32, points: u32) -> Promise {
        let mut promise = promise();
        let share = ShareRange { low, high, kept_points, stated: 0.5 * (low + high) };
        let (by_flow, parameters, unknowns) = (BTreeMap::new(), 40, 40);
        promise.inputs = Some(InputShares { share, ends, by_flow, points, parameters, unknowns });
        promise
    }

    fn words(promise: &Promise) -> Text {
        input_words(promise).unwrap_or_default()
    }

    #[test]
    fn few_draws_are_told_by_the_lowest_and_the_highest() {
        let words = words(&with(RangeEnds::LowestHighest, 0.12, 0.91, 1, 8));
        insta::assert_snapshot!(words.zh, @"40个取值不确定的参数在各自区间内抽样8次，不计偶然性：按时送达率最低12%，最高91%；8次抽样中1次达标。");
        insta::assert_snapshot!(words.en, @"40 inputs that are not known were drawn 8 times from their ranges, chance left aside: the lowest share is 12 %, the highest 91 %; kept in 1 of 8 draws.");
    }

    #[test]
    fn many_draws_are_told_by_percentiles_and_count_those_beyond() {
        let mut promise = with(RangeEnds::Percentiles, 0.12, 0.89, 1, 24);
        promise.inputs.as_mut().expect("inputs").unknowns = 7;
        let words = words(&promise);
        insta::assert_snapshot!(words.zh, @"40个取值不确定的参数（出自7个假设）在各自区间内抽样24次，不计偶然性：按时送达率的第5至第95百分位为12%—89%；24次抽样中1次达标。");
        insta::assert_snapshot!(words.en, @"40 inputs that are not known (resting on 7 assumptions) were drawn 24 times from their ranges, chance left aside: the 5th to 95th percentile of the shares is 12 to 89 %; kept in 1 of 24 draws.");
    }

    #[test]
    fn a_count_of_draws_claims_no_more_than_was_drawn() {
        let check =
            |kept, points, zh: &str, en: &str| assert_eq!(draws_kept(kept, points), Text::new(zh, en));
        check(0, 8, "8次抽样中无一达标", "kept in none of 8 draws");
        check(3, 24, "24次抽样中3次达标", "kept in 3 of 24 draws");
        check(24, 24, "24次抽样全部达标", "kept in all 24 draws");
        check(0, 1, "该次抽样未达标", "not kept in that draw");
        check(1, 1, "该次抽样达标", "kept in that draw");
    }

    /// An end that is not the target does not read as it.
    #[test]
    fn an_end_beside_the_target_has_the_digits_to_say_so() {
        let range = ShareRange { low: 0.5, high: 0.8996, kept_points: 0, stated: 0.7 };
        assert_eq!(range_number(range, 0.9), "50–89.96");
        assert_eq!(range_number(range, 0.8), "50–90");
    }

    #[test]
    fn a_share_beside_the_range_is_said_to_be_with_the_reason() {
        // The share over all replications is 0.86.
        let said = |low, high, stated| {
            let mut promise = with(RangeEnds::LowestHighest, low, high, 0, 8);
            promise.inputs.as_mut().expect("inputs").share.stated = stated;
            let words = words(&promise);
            let zh = words.zh.split_once('。').map(|(_, rest)| rest.to_owned()).unwrap_or_default();
            let en = words.en.split_once(". ").map(|(_, rest)| rest.to_owned()).unwrap_or_default();
            format!("{zh} {en}")
        };
        insta::assert_snapshot!(said(0.002, 0.03, 0.85), @"按给定取值算得的结果高于这一范围：这些参数的真实值尚不清楚，若偏离给定取值，用时大多变长。 The result at the stated values lies above this range: what is not known of the inputs would mostly make times longer.");
        insta::assert_snapshot!(said(0.002, 0.855, 0.85), @"按给定取值算得的结果高于这一范围：各次抽样用的是同一次重复的随机数，而该次重复的结果偏低。 The result at the stated values lies above this range: all draws share the luck of one replication, in which less is kept than in the mean of all.");
        insta::assert_snapshot!(said(0.95, 0.99, 0.85), @"按给定取值算得的结果低于这一范围：这些参数的真实值尚不清楚，若偏离给定取值，用时大多变短。 The result at the stated values lies below this range: what is not known of the inputs would mostly make times shorter.");
        insta::assert_snapshot!(said(0.88, 0.99, 0.9), @"按给定取值算得的结果低于这一范围：各次抽样用的是同一次重复的随机数，而该次重复的结果偏高。 The result at the stated values lies below this range: all draws share the luck of one replication, in which more is kept than in the mean of all.");
        assert_eq!(said(0.2, 0.9, 0.85), " ");
    }

    #[test]
    fn a_sum_over_lanes_says_that_their_mix_is_assumed() {
        let mut promise = promise();
        let share = |share: f64| Figure::from_parts(share, Some((share - 0.02, share + 0.02)), 40);
        promise.by_flow = [("a", 0.31), ("b", 0.94)].map(|(id, value)| (id.to_owned(), share(value))).into();
        let mix = |assumed| AssumedMix {
            lanes: 2,
            assumed,
            lowest: "a".to_owned(),
            low: 0.31,
            highest: "b".to_owned(),
            high: 0.94,
        };
        assert_eq!(mix_words(&promise), None);
        promise.assumed_mix = Some(mix(2));
        let words = mix_words(&promise).expect("an assumed mix");
        insta::assert_snapshot!(words.zh, @"各线路货量比例为假设（共2条线路）：分线路的按时送达率从31%到94%不等。");
        insta::assert_snapshot!(words.en, @"Rests on an assumed mix of 2 lanes, which keep from 31 % to 94 %.");
        promise.assumed_mix = Some(mix(1));
        let words = mix_words(&promise).expect("a mix of which some is assumed");
        insta::assert_snapshot!(words.zh, @"各线路货量比例部分为假设（2条线路中的1条）：分线路的按时送达率从31%到94%不等。");
        insta::assert_snapshot!(words.en, @"Rests on a partly assumed mix of lanes (the volumes of 1 of 2), which keep from 31 % to 94 %.");
        // Where the shares of all lanes read the same, no mix changes the sum.
        promise.by_flow.insert("b".to_owned(), share(0.312));
        assert_eq!(mix_words(&promise), None);
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
        insta::assert_snapshot!(words.zh, @"“口岸关闭”：每周的按时送达率从平时的90%降到最低4.0%（2025年第11周），中断结束后14天恢复，在途积压到统计期末仍未消化。");
        insta::assert_snapshot!(words.en, @"“Border closed”: the weekly share falls from a usual 90 % to 4.0 % at worst (week 11 of 2025); it is back 14 days after the end, what is under way is not back to usual within the window.");
        recovery.is_felt = false;
        insta::assert_snapshot!(recovery_words(&disruption, &recovery).en, @"“Border closed” is not felt: while it lasts, no week's share falls below what other weeks vary by (their median is 90 %).");
    }
}
