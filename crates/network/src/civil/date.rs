//! Civil dates, times of day and weekdays: how they are written, and which day is meant.
//!
//! Owns: the texts "2025-01-28", "10:20", "Mon-Fri" and "2025-03-01T10:20", and dates as day numbers. The
//! calendar itself is that of [`jiff::civil`]. Texts are read here because the language is stricter than
//! jiff, and its errors suggest what was meant. Does not own: zones and instants (`zone`), nor recurring
//! times (`timetable`, `hours`).

use std::fmt;
use std::str::FromStr;

use jiff::{SignedDuration, civil};
use thiserror::Error;

/// Milliseconds in a civil day without a change of offset.
pub(crate) const MS_PER_DAY: i64 = 86_400_000;
pub(crate) const MS_PER_HOUR: i64 = 3_600_000;
const MS_PER_MIN: i64 = 60_000;

/// The years that dates may lie in. A year outside them is taken for a typing error.
const YEARS: std::ops::RangeInclusive<i64> = 1900..=2199;

/// Why a text is not the date, time or rule that is expected.
///
/// The message says what is wrong and what is expected. [`CivilError::hint`] gives an example or the word
/// that was probably meant.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CivilError {
    /// The text does not have the form of a date.
    #[error("`{text}` is not a date: expected YYYY-MM-DD")]
    Date {
        /// The text as given.
        text: String,
    },
    /// A date is followed by more text where a whole day is expected.
    #[error("`{text}` is more than a date: a whole local day is due, without time of day, offset or zone")]
    DateOnly {
        /// The text as given.
        text: String,
        /// The date that the text begins with.
        date: String,
    },
    /// The calendar has no such date, or its year is out of bounds.
    #[error("`{text}` is not in the calendar: expected a date from 1900-01-01 to 2199-12-31")]
    NoSuchDate {
        /// The text as given.
        text: String,
    },
    /// The text is not a time of day.
    #[error("`{text}` is not a time of day: expected HH:MM from 00:00 to {last}")]
    Clock {
        /// The text as given.
        text: String,
        /// The last time of day that is allowed here.
        last: &'static str,
        /// What was probably meant.
        near: Option<String>,
    },
    /// A time of day has an offset or zone where a local time is expected.
    #[error("`{text}` has an offset or zone: what recurs is on the local clock of its place")]
    Zoned {
        /// The text as given.
        text: String,
    },
    /// The text is not a date with a time.
    #[error("`{text}` is not a local date and time: expected YYYY-MM-DDTHH:MM")]
    DateTime {
        /// The text as given.
        text: String,
    },
    /// The text is not a weekday.
    #[error("`{text}` is not a weekday: expected `Mon`, `Tue`, `Wed`, `Thu`, `Fri`, `Sat` or `Sun`")]
    Weekday {
        /// The text as given.
        text: String,
        /// The day that was probably meant.
        near: Option<Weekday>,
    },
    /// The text is not a list of weekdays with a time.
    #[error("`{text}` is not a weekly time: expected weekdays and a time of day")]
    Weekly {
        /// The text as given.
        text: String,
    },
    /// The text is not a list of weekdays with opening and closing times.
    #[error("`{text}` is not an opening time: expected weekdays, opening and closing")]
    Opening {
        /// The text as given.
        text: String,
    },
    /// Opening and closing are at the same time.
    #[error("`{text}` opens and closes at the same time")]
    OpeningEmpty {
        /// The text as given.
        text: String,
    },
    /// A range of dates ends before it begins.
    #[error("`{text}` ends before it begins")]
    DateRange {
        /// The text as given.
        text: String,
    },
}

impl CivilError {
    /// What to write instead, where a suggestion can be made.
    pub fn hint(&self) -> Option<String> {
        let example = match self {
            Self::Date { text } => match near_date(text) {
                Some(near) => return Some(format!("did you mean `{near}`?")),
                None => "2025-01-28",
            },
            Self::DateOnly { date, .. } => return Some(format!("write `{date}`")),
            Self::Zoned { .. } => {
                return Some("leave it out: the place is a node, which may have a `zone`".to_owned());
            }
            Self::Clock { near: Some(near), .. } => return Some(format!("did you mean `{near}`?")),
            Self::Clock { .. } => "09:30",
            Self::DateTime { .. } => "2025-03-01T10:20",
            Self::Weekly { .. } => "Wed 10:20",
            Self::Opening { .. } => "Mon-Fri 08:00-18:00",
            Self::OpeningEmpty { .. } => return Some("open all day is `Mon-Sun 00:00-24:00`".to_owned()),
            Self::Weekday { near, .. } => return near.map(|near| format!("did you mean `{near}`?")),
            Self::NoSuchDate { .. } | Self::DateRange { .. } => return None,
        };
        Some(format!("write for example `{example}`"))
    }
}

/// A day of the week. The week begins on Monday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Weekday {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

impl Weekday {
    /// All seven days from Monday.
    pub const ALL: [Self; 7] = [Self::Mon, Self::Tue, Self::Wed, Self::Thu, Self::Fri, Self::Sat, Self::Sun];

    /// The number of the day, from 0 for Monday to 6 for Sunday.
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The day as a scenario writes it.
    pub const fn as_str(self) -> &'static str {
        ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][self.index()]
    }

    /// The day that a word probably means. The English name is accepted in any case or length, the Chinese
    /// name as well.
    fn near(text: &str) -> Option<Self> {
        let word = text.to_lowercase();
        let chinese = ["一", "二", "三", "四", "五", "六", "日"];
        Self::ALL.into_iter().find(|day| {
            let (short, character) = (day.as_str().to_lowercase(), chinese[day.index()]);
            word.starts_with(&short)
                || ["周", "星期", "礼拜"].iter().any(|prefix| word == format!("{prefix}{character}"))
                || (*day == Self::Sun && ["周天", "星期天"].contains(&word.as_str()))
        })
    }
}

impl fmt::Display for Weekday {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Weekday {
    type Err = CivilError;

    fn from_str(text: &str) -> Result<Self, CivilError> {
        Self::ALL
            .into_iter()
            .find(|day| day.as_str() == text)
            .ok_or_else(|| CivilError::Weekday { text: text.to_owned(), near: Self::near(text) })
    }
}

/// A set of weekdays: "Wed", "Mon-Fri", "Mon,Wed", "Sat-Mon" (over the weekend).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weekdays(u8);

impl Weekdays {
    /// Whether the set contains a day.
    pub const fn contains(self, day: Weekday) -> bool {
        self.0 & (1 << day.index()) != 0
    }

    /// The days from Monday.
    pub fn iter(self) -> impl Iterator<Item = Weekday> {
        Weekday::ALL.into_iter().filter(move |day| self.contains(*day))
    }

    /// Adds a day to the set.
    pub(crate) const fn insert(&mut self, day: Weekday) {
        self.0 |= 1 << day.index();
    }

    /// The empty set.
    pub(crate) const NONE: Self = Self(0);

    /// The set with each day moved this many days later.
    pub(crate) fn later_by(self, n_days: i64) -> Self {
        let n_days = n_days.rem_euclid(7);
        Self(self.iter().fold(0, |days, day| days | 1 << ((day.index() as i64 + n_days) % 7)))
    }
}

/// The form that [`FromStr`] reads. Three or more consecutive days become a range, as in "Mon-Fri,Sun".
impl fmt::Display for Weekdays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut runs: Vec<(Weekday, Weekday)> = Vec::new();
        for day in self.iter() {
            match runs.last_mut() {
                Some((_, last)) if last.index() + 1 == day.index() => *last = day,
                _ => runs.push((day, day)),
            }
        }
        let texts = runs.iter().map(|(first, last)| match last.index() - first.index() {
            0 => first.to_string(),
            1 => format!("{first},{last}"),
            _ => format!("{first}-{last}"),
        });
        f.pad(&texts.collect::<Vec<_>>().join(","))
    }
}

impl FromStr for Weekdays {
    type Err = CivilError;

    fn from_str(text: &str) -> Result<Self, CivilError> {
        let mut days = 0;
        for item in text.split(',') {
            let (first, last) = item.split_once('-').unwrap_or((item, item));
            let (first, last): (Weekday, Weekday) = (first.trim().parse()?, last.trim().parse()?);
            let n_days = (last.index() + 7 - first.index()) % 7 + 1;
            for offset in 0..n_days {
                days |= 1 << ((first.index() + offset) % 7);
            }
        }
        Ok(Self(days))
    }
}

/// A civil date of the proleptic Gregorian calendar, kept as the number of days since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CivilDate(i64);

/// The date from which days are counted.
const DAY_ZERO: civil::Date = civil::date(1970, 1, 1);

impl CivilDate {
    /// The first date that texts may name, 1900-01-01.
    pub const FIRST: Self = Self(-25_567);
    /// The last date that texts may name, 2199-12-31.
    pub const LAST: Self = Self(84_005);

    /// The date this many days after 1970-01-01.
    pub const fn from_days(days: i64) -> Self {
        Self(days)
    }

    /// Days since 1970-01-01.
    pub const fn days(self) -> i64 {
        self.0
    }

    /// The date of a year, a month from 1 and a day from 1. `None` if the calendar has no such date or the
    /// year is not in 1900-2199.
    pub fn from_ymd(year: i64, month: i64, day: i64) -> Option<Self> {
        let date =
            civil::Date::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?).ok()?;
        let since = date.duration_since(DAY_ZERO);
        YEARS.contains(&year).then_some(Self(since.as_hours() / 24))
    }

    /// The date as a jiff date. Dates outside jiff's years, -9999 to 9999, become its first or last date.
    fn to_jiff(self) -> civil::Date {
        DAY_ZERO.saturating_add(SignedDuration::from_secs(self.0.saturating_mul(MS_PER_DAY / 1000)))
    }

    /// Year, month from 1 and day from 1.
    pub fn ymd(self) -> (i64, i64, i64) {
        let date = self.to_jiff();
        (date.year().into(), date.month().into(), date.day().into())
    }

    /// The year and number of the date's week by ISO 8601. A week begins on Monday and belongs to the year
    /// of its Thursday.
    pub fn iso_week(self) -> (i64, i64) {
        let week = self.to_jiff().iso_week_date();
        (week.year().into(), week.week().into())
    }

    /// The day of the week.
    pub fn weekday(self) -> Weekday {
        Weekday::ALL[self.to_jiff().weekday().to_monday_zero_offset() as usize]
    }

    /// The date this many days later.
    pub const fn plus_days(self, days: i64) -> Self {
        Self(self.0 + days)
    }
}

impl fmt::Display for CivilDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        f.pad(&format!("{year:04}-{month:02}-{day:02}"))
    }
}

impl FromStr for CivilDate {
    type Err = CivilError;

    fn from_str(text: &str) -> Result<Self, CivilError> {
        let Some([year, month, day]) = digit_groups(text, '-', [4, 2, 2]) else {
            let begins_with_date = text.get(..10).filter(|date| digit_groups(date, '-', [4, 2, 2]).is_some());
            return Err(match begins_with_date {
                Some(date) if !text[10..].starts_with(|c: char| c.is_ascii_digit()) => {
                    CivilError::DateOnly { text: text.to_owned(), date: date.to_owned() }
                }
                _ => CivilError::Date { text: text.to_owned() },
            });
        };
        Self::from_ymd(year, month, day).ok_or_else(|| CivilError::NoSuchDate { text: text.to_owned() })
    }
}

/// The date that a text probably means. The year comes first; other separators, missing leading zeros and
/// eight digits in a row are accepted.
fn near_date(text: &str) -> Option<CivilDate> {
    let text = text.trim().trim_end_matches('日');
    let parts: Vec<&str> = if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        vec![&text[..4], &text[4..6], &text[6..]]
    } else {
        text.split(['-', '/', '.', '年', '月']).collect()
    };
    let number = |text: &str, longest: usize| {
        let is_number =
            !text.is_empty() && text.len() <= longest && text.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| text.parse::<i64>().ok()).flatten()
    };
    let [year, month, day] = parts[..] else { return None };
    let year = number(year, 4).filter(|_| year.len() == 4)?;
    CivilDate::from_ymd(year, number(month, 2)?, number(day, 2)?)
}

/// Reads groups of ASCII digits between separators. Each group must have exactly the given length.
fn digit_groups<const N: usize>(text: &str, separator: char, lengths: [usize; N]) -> Option<[i64; N]> {
    let mut groups = [0; N];
    let mut parts = text.split(separator);
    for (group, length) in groups.iter_mut().zip(lengths) {
        let part = parts.next().filter(|part| part.len() == length)?;
        *group = part
            .bytes()
            .try_fold(0, |value, byte| byte.is_ascii_digit().then(|| value * 10 + i64::from(byte - b'0')))?;
    }
    parts.next().is_none().then_some(groups)
}

/// Reads "HH:MM" as milliseconds after local midnight. "24:00" is allowed only if `end_of_day` is set.
pub(crate) fn clock_ms(text: &str, end_of_day: bool) -> Result<i64, CivilError> {
    let last = if end_of_day { "24:00" } else { "23:59" };
    let ms = digit_groups(text, ':', [2, 2])
        .filter(|[hour, minute]| (*hour < 24 && *minute < 60) || (*hour == 24 && *minute == 0 && end_of_day))
        .map(|[hour, minute]| hour * MS_PER_HOUR + minute * MS_PER_MIN);
    ms.ok_or_else(|| {
        let (clock, rest) = text.split_at_checked(5).unwrap_or((text, ""));
        let is_zoned = digit_groups(clock, ':', [2, 2]).is_some()
            && (rest.trim_start().starts_with(['+', '-', 'Z', 'z', '[']) || rest.trim_start() == "UTC");
        if is_zoned {
            return CivilError::Zoned { text: text.to_owned() };
        }
        let near = near_clock(text).filter(|(days, _)| *days == 0).map(|(_, near)| near);
        CivilError::Clock { text: text.to_owned(), last, near }
    })
}

/// Reads "HH:MM", "HH:MM:SS" and "HH:MM:SS.fff" as milliseconds after local midnight. Up to nine decimals
/// are accepted and rounded to the nearest millisecond.
pub(crate) fn exact_clock_ms(text: &str) -> Option<i64> {
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    let [hour, minute, second] = match (digit_groups(whole, ':', [2, 2]), fraction) {
        (Some([hour, minute]), None) => [hour, minute, 0],
        _ => digit_groups(whole, ':', [2, 2, 2])?,
    };
    let is_fraction =
        |text: &str| (1..=9).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if hour >= 24 || minute >= 60 || second >= 60 || !fraction.is_none_or(is_fraction) {
        return None;
    }
    let ms = fraction.map_or(Some(0), |digits| sanda_units::parse_decimal(&format!("0.{digits}"), 1000))?;
    Some(hour * MS_PER_HOUR + minute * MS_PER_MIN + second * 1000 + ms)
}

/// The time of day that was probably meant, as "HH:MM", and how many days later it is than written. "25:30"
/// is 01:30 of the next day; "9:30", "09.30" and "0930" are 09:30.
pub(crate) fn near_clock(text: &str) -> Option<(i64, String)> {
    // Spreadsheets write full seconds. They are dropped.
    let text = text.trim();
    let text = if text.matches(':').count() == 2 { text.strip_suffix(":00").unwrap_or(text) } else { text };
    let (hour, minute) = match text.split_once([':', '.', '：']) {
        Some(parts) => parts,
        None if text.len() == 4 && text.is_ascii() => text.split_at(2),
        None => return None,
    };
    let number = |text: &str| {
        let is_number = (1..=3).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| text.parse::<i64>().ok()).flatten()
    };
    let (hour, minute) = (number(hour)?, number(minute).filter(|_| minute.len() == 2)?);
    (minute < 60).then(|| (hour / 24, format!("{:02}:{minute:02}", hour % 24)))
}

/// A local date and time without a zone, in milliseconds since 1970-01-01T00:00 on that local clock.
/// Written "2025-03-01T10:20".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CivilDateTime {
    ms: i64,
}

impl CivilDateTime {
    /// The given number of milliseconds after the midnight of a date. 24 h gives the next midnight.
    pub const fn new(date: CivilDate, ms_of_day: i64) -> Self {
        Self { ms: date.days() * MS_PER_DAY + ms_of_day }
    }

    /// The local time this many milliseconds after 1970-01-01T00:00.
    pub(crate) const fn from_ms(ms: i64) -> Self {
        Self { ms }
    }

    /// Milliseconds since 1970-01-01T00:00.
    pub(crate) const fn as_ms(self) -> i64 {
        self.ms
    }

    /// The date.
    pub const fn date(self) -> CivilDate {
        CivilDate(self.ms.div_euclid(MS_PER_DAY))
    }

    /// Milliseconds after midnight.
    pub const fn ms_of_day(self) -> i64 {
        self.ms.rem_euclid(MS_PER_DAY)
    }
}

/// "2025-03-01T10:20", with seconds and milliseconds where they are not zero.
impl fmt::Display for CivilDateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ms = self.ms_of_day();
        let (hour, minute) = (ms / MS_PER_HOUR, ms / MS_PER_MIN % 60);
        let (second, milli) = (ms / 1000 % 60, ms % 1000);
        let seconds = match (second, milli) {
            (0, 0) => String::new(),
            (_, 0) => format!(":{second:02}"),
            _ => format!(":{second:02}.{milli:03}"),
        };
        f.pad(&format!("{}T{hour:02}:{minute:02}{seconds}", self.date()))
    }
}

impl FromStr for CivilDateTime {
    type Err = CivilError;

    fn from_str(text: &str) -> Result<Self, CivilError> {
        let (date, clock) =
            text.split_once('T').ok_or_else(|| CivilError::DateTime { text: text.to_owned() })?;
        let date = date.parse()?;
        match exact_clock_ms(clock) {
            Some(ms) => Ok(Self::new(date, ms)),
            None => Ok(Self::new(date, clock_ms(clock, false)?)),
        }
    }
}
