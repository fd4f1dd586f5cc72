//! Sentences that several sections of the page share: verdicts, shares and times, in both languages.
//!
//! A percentile is always worded as "90 % arrive within ...". The module makes no markup and estimates nothing.

use sanda_results::{Figure, Promise, Results, Text, Verdict};

use crate::words::headline::{self, Aim};
use crate::words::names;
use crate::words::number::{self, Estimate, TimeUnit, judged};
use crate::words::phrase::{self, Deadline, list, quantity};

/// Number of verdicts of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) kept: usize,
    pub(super) broken: usize,
    pub(super) uncertain: usize,
    /// Cases without shipments to judge.
    pub(super) empty: usize,
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
    /// Counts the verdicts on shares, some of which may have no value.
    pub(super) fn of_shares<'a>(shares: impl Iterator<Item = Option<&'a Figure>>, target: f64) -> Self {
        let mut empty = 0;
        let with_value = shares.filter_map(|share| {
            let share = share.filter(|share| share.value().is_some());
            empty += usize::from(share.is_none());
            share
        });
        let count: Self = with_value.map(|share| share.verdict(target)).collect();
        Self { empty, ..count }
    }

    pub(super) fn total(self) -> usize {
        self.kept + self.broken + self.uncertain + self.empty
    }

    /// Words the counts that are not zero: `达标2，未达标24，不确定1`.
    pub(super) fn words(self) -> Text {
        let verdict = |n, verdict| (n, phrase::verdict(verdict));
        let parts = [
            verdict(self.kept, Verdict::Kept),
            verdict(self.broken, Verdict::Broken),
            verdict(self.uncertain, Verdict::Uncertain),
            (self.empty, Text::new("无发货", "without shipments")),
        ];
        let (mut zh, mut en) = (Vec::new(), Vec::new());
        for (n, words) in parts.into_iter().filter(|(n, _)| *n > 0) {
            zh.push(format!("{}{n}", words.zh));
            en.push(format!("{n} {}", words.en));
        }
        Text::new(zh.join("，"), en.join(", "))
    }
}

/// Words the one sentence on the promises of a run.
///
/// Promises of single lanes are left to those that sum them up. For an aim with several clocks, the sentence names the clocks on which it
/// is kept.
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
    if n > 1 && headline::of_lanes(results).next().is_some() {
        // The count leaves out promises of single lanes.
        let words = count.words();
        return Text::new(
            format!("{n}项承诺（单条线路的另计）：{}。", words.zh),
            format!("{n} promises, those of single lanes apart: {}.", words.en),
        );
    }
    match (n, count) {
        (0, _) => Text::new(
            "未设定承诺：本报告只说明用时。",
            "No promise is declared: this report shows times only.",
        ),
        (1, Count { kept: 1, .. }) => Text::new("承诺达标。", "The promise is kept."),
        (1, Count { broken: 1, .. }) => Text::new("承诺未达标。", "The promise is not kept."),
        (1, _) => Text::new("无法判断承诺是否达标。", "It cannot be told whether the promise is kept."),
        (2, Count { kept: 2, .. }) => Text::new("2项承诺全部达标。", "Both promises are kept."),
        (2, Count { broken: 2, .. }) => Text::new("2项承诺均未达标。", "Neither promise is kept."),
        (_, Count { kept, .. }) if kept == n => {
            Text::new(format!("{n}项承诺全部达标。"), format!("All {n} promises are kept."))
        }
        (_, Count { broken, .. }) if broken == n => {
            Text::new(format!("{n}项承诺均未达标。"), format!("None of the {n} promises is kept."))
        }
        _ => {
            let words = count.words();
            Text::new(format!("{n}项承诺：{}。", words.zh), format!("{n} promises: {}.", words.en))
        }
    }
}

/// Words an aim in a clause: `一日达：起飞到到达达标，门到门、机场到机场未达标`.
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
        let words = phrase::verdict(verdict);
        if aim.promises.len() == 1 || labels.len() == aim.promises.len() {
            let (all_zh, all_en) = match (labels.len(), verdict) {
                (1, _) => ("", ""),
                (_, Verdict::Broken) => ("各口径均", " by any clock"),
                _ => ("各口径均", " by every clock"),
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
        format!("{}: {}", phrase::capitalised(&aim.name.en), en.join("; ")),
    )
}

/// Words the deadline of a promise for use in a sentence: `在15天内`, `within 15 days`.
pub(super) fn demand(promise: &Promise) -> Option<Text> {
    Some(match names::deadline(promise)? {
        Deadline::Within { hours } => {
            let unit = number::limit_unit(hours);
            let limit = quantity(&number::exact_time(hours, unit), unit);
            Text::new(format!("在{}内", limit.zh), format!("within {}", limit.en))
        }
        day @ Deadline::EndOfDay(_) => {
            let limit = phrase::deadline(day);
            Text::new(format!("在{}", limit.zh), format!("by {}", limit.en))
        }
    })
}

/// Words what follows the verdict of a promise: the share with its interval, the target, and the time within which 90 % arrive.
pub(super) fn judgement(results: &Results, promise: &Promise) -> Text {
    let demand = demand(promise).unwrap_or_default();
    let target = number::percentile_number(promise.target);
    let Some(share) = Estimate::from_figure(&promise.share) else {
        return Text::new(
            format!("统计期内没有可供判定的货物；承诺为{target}%的货物{}送达。", demand.zh),
            format!(
                "Nothing was released that could be judged; the promise: {target} % arrive {}.",
                demand.en
            ),
        );
    };
    let (number, ends) = judged(&share, promise.target);
    let level = number::percentile_number(results.confidence);
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
    if promise.verdict == Verdict::Uncertain && share.interval.is_some() && promise.target >= 1.0 {
        add(
            &mut text,
            "，区间包含目标；目标为100%时，无论重复多少次都无法证实",
            ", which the interval holds: no number of replications proves 100 %",
        );
    } else if promise.verdict == Verdict::Uncertain && share.interval.is_some() {
        add(
            &mut text,
            "，区间包含目标，须增加重复次数才能判定",
            ", which the interval holds: only more replications can tell",
        );
    }
    if let Some(arrival) = promise.achievable_at(0.9).and_then(|time| arrival(time, 0.9)) {
        add(&mut text, &format!("；{}", arrival.zh), &format!(". {}", phrase::capitalised(&arrival.en)));
    }
    ended(text)
}

/// Words a percentile as a clause: `90%的货物在14.2天内送达`; `None` when it has no value.
pub(super) fn arrival(time: &Figure, share: f64) -> Option<Text> {
    arrival_in(time, share, TimeUnit::for_hours(time.value()?))
}

/// Words a percentile as a clause, in a given unit.
pub(super) fn arrival_in(time: &Figure, share: f64, unit: TimeUnit) -> Option<Text> {
    let time = Estimate::from_figure(time)?;
    let share = number::percentile_number(share);
    if !time.value.is_finite() {
        return Some(Text::new(
            format!("到仿真结束送达的货物不足{share}%"),
            format!("fewer than {share} % arrive before the simulation ends"),
        ));
    }
    let time = quantity(&number::within_number(&time, unit), unit);
    Some(Text::new(
        format!("{share}%的货物在{}内送达", time.zh),
        format!("{share} % arrive within {}", time.en),
    ))
}

/// Words a percentile as a clause with its one-sided upper bound, if it has one.
pub(super) fn arrival_with_bound(time: &Figure, share: f64, confidence: f64) -> Option<Text> {
    let clause = arrival(time, share)?;
    let time = Estimate::from_figure(time)?;
    let upper = time.interval.map(|(_, upper)| upper);
    let (Some(upper), true) = (upper, time.value.is_finite()) else { return Some(clause) };
    let level = number::percentile_number(confidence);
    if !upper.is_finite() {
        return Some(Text::new(
            format!("{}（无法给出上限：部分重复中未送达的货物过多）", clause.zh),
            format!("{} (without upper bound: in some replications too many never arrive)", clause.en),
        ));
    }
    let unit = TimeUnit::for_hours(time.value);
    let bound = quantity(&number::within_alike(&time, upper, unit), unit);
    Some(Text::new(
        format!("{}（有{level}%的把握不超过{}）", clause.zh, bound.zh),
        format!("{} (with {level} % confidence no more than {})", clause.en, bound.en),
    ))
}

/// Words a time in the unit that fits it: `14.2天`, `14.2 days`.
pub(super) fn duration(time: &Estimate) -> Text {
    let unit = TimeUnit::for_hours(time.value);
    quantity(&number::time_number(time, unit), unit)
}

/// Appends to a text in both languages.
pub(super) fn add(text: &mut Text, zh: &str, en: &str) {
    text.zh += zh;
    text.en += en;
}

/// Ends a text with a full stop.
pub(super) fn ended(mut text: Text) -> Text {
    add(&mut text, "。", ".");
    text
}

/// Joins a count and its noun in English: `1 lane`, `3 lanes`.
pub(super) fn plural(n: usize, noun: &str) -> String {
    phrase::plural(n as u64, noun)
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
            "90%的货物在14.2天内送达（无法给出上限：部分重复中未送达的货物过多） | 90 % arrive within 14.2 days (without upper bound: in some replications too many never arrive)",
        );
        check(
            Figure::with_upper_bound(f64::INFINITY, f64::INFINITY, 20),
            "到仿真结束送达的货物不足90% | fewer than 90 % arrive before the simulation ends",
        );
        check(Figure::default(), "");
    }

    #[test]
    fn an_end_that_is_not_the_target_does_not_read_as_it() {
        let check = |low, value, high, expected: (&str, &str)| {
            let (number, ends) = judged(&Estimate { value, interval: Some((low, high)) }, 0.9);
            assert_eq!((number.as_str(), ends.unwrap_or_default().as_str()), expected);
        };
        check(0.88, 0.891, 0.8997, ("89.1", "88.0–89.97"));
        check(0.87, 0.88, 0.89, ("88", "87–89"));
        check(0.9, 0.92, 0.94, ("92", "90–94"));
        check(0.899_999_99, 0.92, 0.94, ("92", "90–94"));
        check(0.82, 0.8996, 0.94, ("89.96", "82–94"));
    }

    #[test]
    fn times_are_said_in_the_unit_that_fits_them() {
        let check = |hours: f64, half: f64, expected: &str| {
            let time = Estimate { value: hours, interval: Some((hours - half, hours + half)) };
            assert_eq!(both(&duration(&time)), expected);
        };
        check(0.0, 0.0, "0小时 | 0 hours");
        check(1.0 / 60.0, 0.0, "1分钟 | 1 minute");
        check(1.0 / 60.0, 0.001, "1.00分钟 | 1.00 minutes");
        check(0.5 / 3600.0, 0.0, "0.5秒 | 0.5 seconds");
        check(0.9, 0.1, "54分钟 | 54 minutes");
        check(1.0, 1.0, "1小时 | 1 hour");
        check(0.4, 2.0, "20分钟 | 20 minutes");
        check(344.0, 720.0, "10天 | 10 days");
        check(0.000_000_1, 0.0, "<0.01秒 | <0.01 seconds");
    }
}
