//! Phrases in both languages: quantities, deadlines, verdicts, clocks, periods and lists.
//!
//! It does not decide the digits of a number (`number`).

use sanda_results::{Text, Verdict};

use super::number::{TimeUnit, count, exact_time, limit_unit};

/// The deadline of a promise.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Deadline {
    /// A limit on the time by the clock.
    Within {
        /// The limit, hours.
        hours: f64,
    },
    /// The end of a local calendar day, counted from the first day (0 is the same day). It has no place on the axis of hours.
    EndOfDay(u32),
}

/// Joins a number and its unit. The English unit is in the singular for 1.
pub(crate) fn quantity(number: &str, unit: TimeUnit) -> Text {
    let en = unit.en_long();
    let en = if number.trim_start_matches('<') == "1" { en.trim_end_matches('s') } else { en };
    Text::new(format!("{number}{}", unit.zh()), format!("{number} {en}"))
}

/// Joins a count and its noun in English: `1 lane`, `3 lanes`.
pub(crate) fn plural(n: u64, noun: &str) -> String {
    format!("{} {noun}{}", count(n), if n == 1 { "" } else { "s" })
}

/// Writes a limit in the unit that fits it.
pub(crate) fn limit(hours: f64) -> Text {
    let unit = limit_unit(hours);
    let number = exact_time(hours, unit);
    Text::new(format!("{number}{}", unit.zh()), format!("{number} {}", unit.en()))
}

/// Words a deadline: `15天`, `15 d`, or a time of day.
pub(crate) fn deadline(deadline: Deadline) -> Text {
    match deadline {
        Deadline::Within { hours } => limit(hours),
        Deadline::EndOfDay(0) => Text::new("当日24时前", "same day 24:00"),
        Deadline::EndOfDay(1) => Text::new("次日24时前", "next day 24:00"),
        Deadline::EndOfDay(n) => Text::new(format!("发货后第{n}天24时前"), format!("day {n} 24:00")),
    }
}

/// Words a verdict.
pub(crate) fn verdict(verdict: Verdict) -> Text {
    match verdict {
        Verdict::Kept => Text::new("达标", "kept"),
        Verdict::Broken => Text::new("未达标", "not kept"),
        Verdict::Uncertain => Text::new("不确定", "uncertain"),
    }
}

/// Names a clock in both languages. The names of clocks that scenarios define are shown as they are.
pub(crate) fn clock(name: &str) -> Text {
    let words = |hyphens: &str| hyphens.replace('-', " ");
    let zh = match name {
        "door-to-door" => "门到门时间",
        "terminal-to-terminal" => "站到站时间",
        "airport-to-airport" => "机场到机场时间",
        "departure-to-arrival" => "开行到到达时间",
        "released-to-delivered" => "发货到送达时间",
        _ => return Text::new(format!("“{}”用时", words(name)), format!("“{}” time", words(name))),
    };
    Text::new(zh, format!("{} time", words(name).replace(" to ", "-to-")))
}

/// Words a month such as `2025-01` or an ISO week such as `2025-W03`. Anything else stays as it is.
pub(crate) fn period(label: &str) -> Text {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let Some((year, rest)) = label.split_once('-') else { return Text::same(label) };
    if let Some(week) = rest.strip_prefix('W').and_then(|week| week.parse::<u32>().ok()) {
        return Text::new(format!("{year}年第{week}周"), format!("week {week} of {year}"));
    }
    match rest.parse::<usize>().ok().and_then(|month| Some((month, MONTHS.get(month.checked_sub(1)?)?))) {
        Some((month, name)) => Text::new(format!("{year}年{month}月"), format!("{name} {year}")),
        None => Text::same(label),
    }
}

/// Turns an id into words, for things without a name: `by-north` becomes `by north`.
pub(crate) fn id_in_words(id: &str) -> String {
    id.replace("--", " – ").replace(['-', '_'], " ").replace('.', ": ")
}

/// Encloses a name in right-to-left script in isolation marks, so that it does not reorder the text around it.
pub(crate) fn isolated(name: &str) -> String {
    let runs_left = |c: char| matches!(c, '\u{0590}'..='\u{08FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFF}' | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}');
    if name.chars().any(runs_left) { format!("\u{2068}{name}\u{2069}") } else { name.to_owned() }
}

/// Joins names into a list, with `、` in Chinese.
pub(crate) fn list(names: &[Text]) -> Text {
    let join = |parts: Vec<&str>, mark: &str| parts.join(mark);
    Text::new(
        join(names.iter().map(|name| name.zh.as_str()).collect(), "、"),
        join(names.iter().map(|name| name.en.as_str()).collect(), ", "),
    )
}

/// Capitalises the first letter of an English phrase.
pub(crate) fn capitalised(phrase: &str) -> String {
    let mut letters = phrase.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Makes the first letter of an English phrase lower case, for use within a sentence.
pub(crate) fn uncapitalised(phrase: &str) -> String {
    let mut letters = phrase.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_from_right_to_left_are_set_apart() {
        assert_eq!(isolated("קו 3"), "\u{2068}קו 3\u{2069}");
        assert_eq!(isolated("Małaszewicze 马拉舍维奇"), "Małaszewicze 马拉舍维奇");
    }
}
