//! The sentences of the report that more than one part of it says: verdicts, shares and times, in both languages.
//!
//! Numbers get the digits that `wording` allows. Percentiles are only ever worded as "90 % arrive within ...". It makes no markup.

use sanda_results::{Figure, Promise, Results, Text, Verdict};

use crate::adapter;
use crate::distribution::Deadline;
use crate::headline::{self, Aim};
use crate::wording::{self, Estimate, TimeUnit};

/// How a share with its interval stands to a target: the rule by which promises are judged, for a lane or a month of one.
pub(super) fn judge(share: &Figure, target: f64) -> Verdict {
    match share.interval() {
        Some((low, _)) if low >= target => Verdict::Kept,
        Some((_, high)) if high < target => Verdict::Broken,
        _ => Verdict::Uncertain,
    }
}

/// A share and the ends of its interval, in per cent, with as many decimals as it takes that neither end reads as the target when it is
/// not: `88–90` would seem to hold 90 where 89.97 is meant. At most three.
pub(super) fn judged(share: &Estimate, target: f64) -> (String, Option<String>) {
    let Some((low, high)) = share.interval.filter(|(low, high)| low < high) else {
        return (wording::share_number(share), None);
    };
    let (low, high) = (low.max(0.0), high.min(1.0));
    let wanted = wording::percentile_number(target).parse().unwrap_or(f64::NAN);
    let misleads = |end: f64, decimals: usize| {
        (end - target).abs() > 1e-9
            && wording::percent(end, decimals)
                .parse()
                .is_ok_and(|printed: f64| (printed - wanted).abs() < 1e-9)
    };
    let least = wording::share_decimals(share);
    let decimals =
        (least..=3).find(|&decimals| !misleads(low, decimals) && !misleads(high, decimals)).unwrap_or(least);
    let percent = |share| wording::percent(share, decimals);
    (percent(share.value), Some(format!("{}–{}", percent(low), percent(high))))
}

/// How many verdicts there are of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) kept: usize,
    pub(super) broken: usize,
    pub(super) uncertain: usize,
}

impl FromIterator<Verdict> for Count {
    fn from_iter<I: IntoIterator<Item = Verdict>>(verdicts: I) -> Self {
        let mut count = Self::default();
        for verdict in verdicts {
            match verdict {
                Verdict::Kept => count.kept += 1,
                Verdict::Broken => count.broken += 1,
                Verdict::Uncertain => count.uncertain += 1,
            }
        }
        count
    }
}

impl Count {
    pub(super) fn total(self) -> usize {
        self.kept + self.broken + self.uncertain
    }

    /// `守住2，未守住24，不确定1`, without those that are none.
    pub(super) fn words(self) -> Text {
        let parts = [
            (self.kept, Verdict::Kept),
            (self.broken, Verdict::Broken),
            (self.uncertain, Verdict::Uncertain),
        ];
        let (mut zh, mut en) = (Vec::new(), Vec::new());
        for (n, verdict) in parts.into_iter().filter(|(n, _)| *n > 0) {
            let words = wording::verdict(verdict);
            zh.push(format!("{}{n}", words.zh));
            en.push(format!("{n} {}", words.en));
        }
        Text::new(zh.join("，"), en.join(", "))
    }
}

/// The one sentence on the promises of a run; those of single lanes are left to the sums that cover them. An aim by several clocks is told
/// by which of them it is kept.
pub(super) fn overall(results: &Results) -> Text {
    let aims = headline::aims(results);
    if aims.iter().any(|aim| aim.promises.len() > 1) {
        let clauses: Vec<Text> = aims.iter().map(by_clock).collect();
        let join = |language: fn(&Text) -> &str, mark: &str| {
            clauses.iter().map(language).collect::<Vec<_>>().join(mark)
        };
        return Text::new(join(|text| &text.zh, "；") + "。", join(|text| &text.en, ". ") + ".");
    }
    let count: Count = headline::leading(results).map(|(_, promise)| promise.verdict).collect();
    let n = count.total();
    match (n, count) {
        (0, _) => Text::new(
            "没有声明承诺：本报告只说明用时。",
            "No promise is declared: this report shows times only.",
        ),
        (1, Count { kept: 1, .. }) => Text::new("承诺守住了。", "The promise is kept."),
        (1, Count { broken: 1, .. }) => Text::new("承诺没有守住。", "The promise is not kept."),
        (1, _) => Text::new("无法判断承诺是否守住。", "Whether the promise is kept cannot be told."),
        (_, Count { kept, .. }) if kept == n => {
            Text::new(format!("{n}项承诺全部守住。"), format!("All {n} promises are kept."))
        }
        (_, Count { broken, .. }) if broken == n => {
            Text::new(format!("{n}项承诺都没有守住。"), format!("None of the {n} promises is kept."))
        }
        _ => {
            let words = count.words();
            Text::new(format!("{n}项承诺：{}。", words.zh), format!("{n} promises: {}.", words.en))
        }
    }
}

/// An aim in a clause: `一日达：发到守住，门到门、机场到机场未守住`.
fn by_clock(aim: &Aim<'_>) -> Text {
    let (mut zh, mut en) = (Vec::new(), Vec::new());
    for verdict in [Verdict::Kept, Verdict::Broken, Verdict::Uncertain] {
        let labels: Vec<Text> = aim
            .promises
            .iter()
            .filter(|(_, promise)| promise.verdict == verdict)
            .map(|(_, promise)| aim.label(promise))
            .collect();
        if labels.is_empty() {
            continue;
        }
        let words = wording::verdict(verdict);
        if aim.promises.len() == 1 || labels.len() == aim.promises.len() {
            let (all_zh, all_en) = match labels.len() {
                1 => ("", ""),
                _ => ("各口径均", " by any clock"),
            };
            zh.push(format!("{all_zh}{}", words.zh));
            en.push(format!("{}{all_en}", words.en));
        } else {
            let labels = list(&labels);
            zh.push(format!("{}{}", labels.zh, words.zh));
            en.push(format!("{} {}", words.en, labels.en));
        }
    }
    Text::new(
        format!("{}：{}", aim.name.zh, zh.join("，")),
        format!("{}: {}", wording::capitalised(&aim.name.en), en.join("; ")),
    )
}

/// What a promise demands of time, for a sentence: `在15天内`, `within 15 days`.
pub(super) fn demand(promise: &Promise) -> Option<Text> {
    Some(match adapter::deadline(promise)? {
        Deadline::Within { hours } => {
            let unit = wording::limit_unit(hours);
            let limit = quantity(&wording::exact_time(hours, unit), unit);
            Text::new(format!("在{}内", limit.zh), format!("within {}", limit.en))
        }
        day @ Deadline::EndOfDay(_) => {
            let limit = wording::deadline(day);
            Text::new(format!("在{}", limit.zh), format!("by {}", limit.en))
        }
    })
}

/// What follows the verdict of a promise: the share with its interval, the target, and the time that 90 % keep.
pub(super) fn judgement(results: &Results, promise: &Promise) -> Text {
    let demand = demand(promise).unwrap_or_default();
    let target = wording::percentile_number(promise.target);
    let Some(share) = Estimate::from_figure(&promise.share) else {
        return Text::new(
            format!("统计期内没有可判断的货物；承诺：{target}%的货物{}送达。", demand.zh),
            format!(
                "Nothing was released that could be judged; the promise: {target} % arrive {}.",
                demand.en
            ),
        );
    };
    let (number, ends) = judged(&share, promise.target);
    let level = wording::percentile_number(results.confidence);
    let (interval_zh, interval_en) = match (ends, share.interval) {
        (Some(ends), _) => {
            (format!("（{level}%置信区间{ends}%）"), format!(" ({level} % confidence interval {ends} %)"))
        }
        (None, None) => ("（没有置信区间）".to_owned(), " (no confidence interval)".to_owned()),
        (None, Some(_)) => (String::new(), String::new()),
    };
    let mut text = Text::new(
        format!("{number}%的货物{}送达{interval_zh}，目标{target}%", demand.zh),
        format!("{number} % of shipments arrive {}{interval_en}; the target is {target} %", demand.en),
    );
    if promise.verdict == Verdict::Uncertain && share.interval.is_some() {
        add(
            &mut text,
            "，区间包含目标，须增加重复次数才能判断",
            ", which the interval holds: only more replications can tell",
        );
    }
    if let Some(arrival) = promise.achievable_at(0.9).and_then(|time| arrival(time, 0.9)) {
        add(&mut text, &format!("；{}", arrival.zh), &format!(". {}", wording::capitalised(&arrival.en)));
    }
    ended(text)
}

/// A percentile as a clause: `90%的货物在14.2天内送达`; `None` when it has no value.
pub(super) fn arrival(time: &Figure, share: f64) -> Option<Text> {
    let time = Estimate::from_figure(time)?;
    let share = wording::percentile_number(share);
    if !time.value.is_finite() {
        return Some(Text::new(
            format!("到仿真结束送达的货物不足{share}%"),
            format!("fewer than {share} % arrive before the simulation ends"),
        ));
    }
    let time = duration(&time);
    Some(Text::new(
        format!("{share}%的货物在{}内送达", time.zh),
        format!("{share} % arrive within {}", time.en),
    ))
}

/// The same with the one-sided upper bound of the time, where there is one.
pub(super) fn arrival_with_bound(time: &Figure, share: f64, confidence: f64) -> Option<Text> {
    let clause = arrival(time, share)?;
    let time = Estimate::from_figure(time)?;
    let upper = time.interval.map(|(_, upper)| upper);
    let (Some(upper), true) = (upper, time.value.is_finite()) else { return Some(clause) };
    let level = wording::percentile_number(confidence);
    if !upper.is_finite() {
        return Some(Text::new(
            format!("{}（给不出上界：有些重复中未送达的太多）", clause.zh),
            format!("{} (without upper bound: in some replications too many never arrive)", clause.en),
        ));
    }
    let unit = TimeUnit::for_hours(time.value);
    let bound = quantity(&digits_of(&time, upper, unit), unit);
    Some(Text::new(
        format!("{}（有{level}%的把握不超过{}）", clause.zh, bound.zh),
        format!("{} (with {level} % confidence no more than {})", clause.en, bound.en),
    ))
}

/// A time in words, in hours up to three days, then in days: `14.2天`, `14.2 days`.
pub(super) fn duration(time: &Estimate) -> Text {
    let unit = TimeUnit::for_hours(time.value);
    quantity(&time_digits(time, unit), unit)
}

/// A number with its unit, the English one in the singular for 1.
pub(super) fn quantity(number: &str, unit: TimeUnit) -> Text {
    let en = match (unit, number) {
        (TimeUnit::Hours, "1") => "hour",
        (TimeUnit::Days, "1") => "day",
        _ => unit.en_long(),
    };
    Text::new(format!("{number}{}", unit.zh()), format!("{number} {en}"))
}

/// A time without its unit. One above zero is never printed as zero.
pub(super) fn time_digits(time: &Estimate, unit: TimeUnit) -> String {
    not_zero(time.value, wording::time_number(time, unit))
}

/// Another value, such as the end of its interval, with as many digits as the estimate.
pub(super) fn digits_of(time: &Estimate, value: f64, unit: TimeUnit) -> String {
    if !value.is_finite() {
        return "∞".to_owned();
    }
    let distance = time.uncertainty().unwrap_or(0.0);
    let alike = Estimate { value, interval: Some((value - distance, value + distance)) };
    not_zero(value, wording::time_number(&alike, unit))
}

fn not_zero(value: f64, text: String) -> String {
    if value == 0.0 {
        "0".to_owned()
    } else if text.bytes().all(|byte| matches!(byte, b'0' | b'.')) {
        if text.contains('.') { format!("<{}1", &text[..text.len() - 1]) } else { "<1".to_owned() }
    } else {
        text
    }
}

/// Continues a text in both languages.
pub(super) fn add(text: &mut Text, zh: &str, en: &str) {
    text.zh += zh;
    text.en += en;
}

/// A text with its full stop.
pub(super) fn ended(mut text: Text) -> Text {
    add(&mut text, "。", ".");
    text
}

/// Names in a list, the Chinese with `、`.
pub(super) fn list(names: &[Text]) -> Text {
    let join = |parts: Vec<&str>, mark: &str| parts.join(mark);
    Text::new(
        join(names.iter().map(|name| name.zh.as_str()).collect(), "、"),
        join(names.iter().map(|name| name.en.as_str()).collect(), ", "),
    )
}

/// `n` and its noun in English: `1 lane`, `3 lanes`.
pub(super) fn plural(n: usize, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn both(text: &Text) -> String {
        format!("{} | {}", text.zh, text.en)
    }

    #[test]
    fn a_percentile_is_worded_as_what_arrives() {
        let check = |time: Figure, expected: &str| {
            let words = arrival_with_bound(&time, 0.9, 0.95).map(|text| both(&text)).unwrap_or_default();
            assert_eq!(words, expected);
        };
        check(
            Figure::with_upper_bound(340.8, 350.4, 20),
            "90%的货物在14.2天内送达（有95%的把握不超过14.6天） | 90 % arrive within 14.2 days (with 95 % confidence no more than 14.6 days)",
        );
        check(
            Figure::with_upper_bound(340.8, f64::INFINITY, 20),
            "90%的货物在14.2天内送达（给不出上界：有些重复中未送达的太多） | 90 % arrive within 14.2 days (without upper bound: in some replications too many never arrive)",
        );
        check(
            Figure::with_upper_bound(f64::INFINITY, f64::INFINITY, 20),
            "到仿真结束送达的货物不足90% | fewer than 90 % arrive before the simulation ends",
        );
        check(Figure::default(), "");
    }

    #[test]
    fn a_share_is_judged_by_its_whole_interval() {
        let check = |low, high, expected| {
            assert_eq!(judge(&Figure::from_parts(0.9, Some((low, high)), 9), 0.9), expected);
        };
        check(0.9, 0.95, Verdict::Kept);
        check(0.85, 0.9, Verdict::Uncertain);
        check(0.85, 0.899, Verdict::Broken);
        assert_eq!(
            judge(&Figure::plain(0.99), 0.9),
            Verdict::Uncertain,
            "without interval nothing is proven"
        );
    }

    #[test]
    fn an_end_that_is_not_the_target_does_not_read_as_it() {
        let check = |low, value, high, expected: (&str, &str)| {
            let (number, ends) = judged(&Estimate { value, interval: Some((low, high)) }, 0.9);
            assert_eq!((number.as_str(), ends.unwrap_or_default().as_str()), expected);
        };
        check(0.88, 0.891, 0.8997, ("89.10", "88.00–89.97"));
        check(0.87, 0.88, 0.89, ("88", "87–89"));
        check(0.9, 0.92, 0.94, ("92", "90–94"));
        check(0.899_999_99, 0.92, 0.94, ("92", "90–94"));
    }

    #[test]
    fn small_times_are_not_printed_as_nothing() {
        let time = |value, half| Estimate { value, interval: Some((value - half, value + half)) };
        let check = |estimate, expected: &str| assert_eq!(time_digits(&estimate, TimeUnit::Hours), expected);
        check(time(0.0, 0.0), "0");
        check(time(0.001, 0.0001), "<0.01");
        check(time(0.4, 2.0), "<1");
        check(time(7.25, 0.02), "7.25");
        assert_eq!(both(&quantity("1", TimeUnit::Days)), "1天 | 1 day");
    }
}
