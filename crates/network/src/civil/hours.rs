//! Opening hours: weekly rules, closed dates, and the intervals they open.
//!
//! Owns: the text of the rules, their expansion to sorted disjoint [open, close) intervals of instants, and
//! queries on those intervals. Does not own: what happens to work at closing time (`core`).
//!
//! When the clocks change, opening and closing follow the rule of `zone`. A skipped time happens at the end
//! of the gap. A repeated time happens in the first pass, and this holds for closing as well: hours of
//! 01:00-02:30 end in the first pass of 02:30 and do not reopen in the second.

use std::str::FromStr;

use sanda_units::{Duration, Time};

use super::date::{CivilDate, CivilDateTime, CivilError, MS_PER_DAY, Weekdays, clock_ms, near_clock};
use super::timetable::parse_each;
use super::zone::{Epoch, Zone};

/// One weekly rule: "Mon-Fri 08:00-18:00", "Mon,Wed 08:00-12:00", "Sat 22:00-02:00" (into Sunday), "Mon-Sun
/// 00:00-24:00".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpeningRule {
    days: Weekdays,
    opens_ms: i64,
    /// Closing in milliseconds after the midnight that begins the day of opening. More than 24 h if it
    /// closes on the next day.
    closes_ms: i64,
}

impl FromStr for OpeningRule {
    type Err = CivilError;

    fn from_str(text: &str) -> Result<Self, CivilError> {
        let text = text.trim();
        let malformed = || CivilError::Opening { text: text.to_owned() };
        // Days are words and hours are digits. The first digit separates them wherever the spaces are.
        let hours_at = text.find(|c: char| c.is_ascii_digit()).ok_or_else(malformed)?;
        let (days, hours) = text.split_at(hours_at);
        let (opens, closes) = hours.split_once('-').ok_or_else(malformed)?;
        if days.trim().is_empty() {
            return Err(malformed());
        }
        if text.contains('[') {
            return Err(CivilError::Zoned { text: text.to_owned() });
        }
        let days: Weekdays = days.trim().parse()?;
        let near = |error: CivilError| near_hours(error, days, opens.trim(), closes.trim());
        let opens_ms = clock_ms(opens.trim(), false).map_err(near)?;
        let mut closes_ms = clock_ms(closes.trim(), true).map_err(near)?;
        if closes_ms == opens_ms {
            return Err(CivilError::OpeningEmpty { text: text.to_owned() });
        }
        if closes_ms < opens_ms {
            closes_ms += MS_PER_DAY;
        }
        Ok(Self { days, opens_ms, closes_ms })
    }
}

/// Suggests a whole rule for wrong hours on weekdays. Hours that begin at 25:00 belong to the next day; a
/// closing at 26:00 is 02:00 after midnight.
fn near_hours(error: CivilError, days: Weekdays, opens: &str, closes: &str) -> CivilError {
    let CivilError::Clock { text, last, .. } = error else { return error };
    let near = near_clock(opens).zip(near_clock(closes)).and_then(
        |((opening_day, opens), (closing_day, closes))| {
            let n_days = closing_day - opening_day;
            // If opening moved past 24:00 to the next day, closing moves with it. An opening may not last
            // longer than until the same time of the next day.
            let n_days = if opening_day == 1 && closing_day == 0 { 0 } else { n_days };
            let is_possible = n_days == 0 || (n_days == 1 && closes < opens);
            is_possible.then(|| format!("{} {opens}-{closes}", days.later_by(opening_day)))
        },
    );
    CivilError::Clock { text, last, near }
}

/// A closed date "2025-10-01" or an inclusive range of them "2025-01-28..2025-02-04".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClosedDates {
    /// The first closed date.
    pub first: CivilDate,
    /// The last closed date.
    pub last: CivilDate,
}

impl FromStr for ClosedDates {
    type Err = CivilError;

    fn from_str(text: &str) -> Result<Self, CivilError> {
        let text = text.trim();
        let (first, last) = text.split_once("..").unwrap_or((text, text));
        let (first, last): (CivilDate, CivilDate) = (first.trim().parse()?, last.trim().parse()?);
        if last < first {
            return Err(CivilError::DateRange { text: text.to_owned() });
        }
        Ok(Self { first, last })
    }
}

/// Opening hours in local time: what the weekly rules open, minus the closed dates.
///
/// A closed date removes its local day, 00:00 to 24:00, and nothing else. Hours over midnight keep the part
/// on the other day. Hours that began the evening before end at midnight; hours that would begin on the
/// closed day are open from the following midnight.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OpeningHours {
    rules: Vec<OpeningRule>,
    closed: Vec<ClosedDates>,
}

impl OpeningHours {
    /// Opening hours of these rules and closed dates. Rules may overlap. Without rules it is never open.
    pub fn new(rules: Vec<OpeningRule>, closed: Vec<ClosedDates>) -> Self {
        Self { rules, closed }
    }

    /// Reads weekly rules.
    ///
    /// # Errors
    ///
    /// For each rule that cannot be read, its position and what is wrong.
    pub fn parse<Text: AsRef<str>>(rules: &[Text]) -> Result<Self, Vec<(usize, CivilError)>> {
        Ok(Self::new(parse_each(rules)?, Vec::new()))
    }

    /// Reads closed dates and ranges and adds them.
    ///
    /// # Errors
    ///
    /// For each text that cannot be read, its position and what is wrong.
    pub fn closed_on<Text: AsRef<str>>(mut self, dates: &[Text]) -> Result<Self, Vec<(usize, CivilError)>> {
        self.closed.extend(parse_each::<ClosedDates, _>(dates)?);
        Ok(self)
    }

    /// Adds closed dates.
    pub fn closed_too(mut self, dates: impl IntoIterator<Item = ClosedDates>) -> Self {
        self.closed.extend(dates);
        self
    }

    /// The open intervals within [from, to) in a zone.
    pub fn expand(&self, epoch: &Epoch, zone: &Zone, from: Time, to: Time) -> OpenIntervals {
        let open = epoch.dates_around(from, to, zone).flat_map(|date| {
            let of_the_day = self.rules.iter().filter(move |rule| rule.days.contains(date.weekday()));
            of_the_day.map(move |rule| {
                let at = |ms| epoch.time_of(CivilDateTime::new(date, ms), zone);
                (at(rule.opens_ms), at(rule.closes_ms))
            })
        });
        let open = merged(open.collect());
        let closed = self
            .closed
            .iter()
            .map(|dates| (epoch.start_of(dates.first, zone), epoch.start_of(dates.last.plus_days(1), zone)));
        let left = without(&open, &merged(closed.collect()));
        OpenIntervals::new(left, from, to)
    }
}

/// Sorts intervals, drops empty ones, and joins intervals that overlap or touch.
fn merged(mut intervals: Vec<(Time, Time)>) -> Vec<(Time, Time)> {
    intervals.retain(|(begin, end)| begin < end);
    intervals.sort_unstable();
    let mut joined: Vec<(Time, Time)> = Vec::with_capacity(intervals.len());
    for (begin, end) in intervals {
        match joined.last_mut() {
            Some(last) if begin <= last.1 => last.1 = last.1.max(end),
            _ => joined.push((begin, end)),
        }
    }
    joined
}

/// Removes intervals from others. Both lists and the result are sorted and disjoint.
fn without(intervals: &[(Time, Time)], removed: &[(Time, Time)]) -> Vec<(Time, Time)> {
    let mut left = Vec::with_capacity(intervals.len());
    for &(begin, end) in intervals {
        let mut begin = begin;
        let first = removed.partition_point(|hole| hole.1 <= begin);
        for hole in removed[first..].iter().take_while(|hole| hole.0 < end) {
            if begin < hole.0 {
                left.push((begin, hole.0));
            }
            begin = hole.1;
        }
        if begin < end {
            left.push((begin, end));
        }
    }
    left
}

/// Open intervals within a range of instants: sorted, disjoint and not touching.
///
/// The time outside the range is unknown and counts as closed. All queries take O(log n) by binary search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenIntervals {
    intervals: Vec<(Time, Time)>,
    /// Open time before each interval, and at the end the total. The list has one entry more than there are
    /// intervals.
    open_before: Vec<Duration>,
    to: Time,
}

impl OpenIntervals {
    /// These intervals, sorted, merged and clipped to [from, to).
    pub fn new(intervals: Vec<(Time, Time)>, from: Time, to: Time) -> Self {
        let clipped = intervals.into_iter().map(|(open, close)| (open.max(from), close.min(to)));
        let intervals = merged(clipped.collect());
        let mut open_before = Vec::with_capacity(intervals.len() + 1);
        let mut total = Duration::ZERO;
        open_before.push(total);
        for (open, close) in &intervals {
            // Saturating, because a range that stands for "ever" may be longer than the clock.
            total = total.saturating_add(close.saturating_since(*open));
            open_before.push(total);
        }
        Self { intervals, open_before, to }
    }

    /// A range that is open throughout [from, to).
    pub fn always(from: Time, to: Time) -> Self {
        Self::new(vec![(from, to)], from, to)
    }

    /// The intervals in order.
    pub fn as_slice(&self) -> &[(Time, Time)] {
        &self.intervals
    }

    /// Whether the range contains no open time.
    pub fn is_never(&self) -> bool {
        self.intervals.is_empty()
    }

    /// The first interval that closes after an instant.
    #[inline]
    fn following(&self, at: Time) -> usize {
        self.intervals.partition_point(|(_, close)| *close <= at)
    }

    /// Whether it is open at an instant. The instant of opening counts as open, the instant of closing does
    /// not.
    #[inline]
    pub fn is_open(&self, at: Time) -> bool {
        self.intervals.get(self.following(at)).is_some_and(|(open, _)| *open <= at)
    }

    /// The first open instant at or after this one. `None` if it does not open again within the range.
    #[inline]
    pub fn next_open_at(&self, at: Time) -> Option<Time> {
        self.intervals.get(self.following(at)).map(|(open, _)| at.max(*open))
    }

    /// The first closing after an instant, whether it is open then or not. `None` if the range contains
    /// none; the end of the range is not a closing.
    #[inline]
    pub fn next_close_at(&self, at: Time) -> Option<Time> {
        self.intervals.get(self.following(at)).map(|(_, close)| *close).filter(|close| *close < self.to)
    }

    /// Open time from the beginning of the range to an instant.
    pub fn open_until(&self, at: Time) -> Duration {
        let index = self.following(at);
        let within = self.intervals.get(index).map_or(Duration::ZERO, |(open, _)| at.saturating_since(*open));
        self.open_before[index].saturating_add(within)
    }

    /// Open time within [from, to). Zero if `to` is not after `from`.
    pub fn open_within(&self, from: Time, to: Time) -> Duration {
        if to <= from { Duration::ZERO } else { self.open_until(to) - self.open_until(from) }
    }

    /// The instant at which `work` of open time has passed since `from`. Work pauses at closing and resumes
    /// at opening; it may end exactly at a closing. `None` if the range does not contain enough open time.
    ///
    /// Without work the result is `from` itself, open or not.
    pub fn after_open(&self, from: Time, work: Duration) -> Option<Time> {
        if work <= Duration::ZERO {
            return Some(from);
        }
        let due = self.open_until(from).checked_add(work)?;
        // Finds the interval in which the running total reaches the work; `open_before` grows strictly.
        let index = self.open_before.partition_point(|total| *total < due).checked_sub(1)?;
        let (open, _) = self.intervals.get(index)?;
        open.checked_add(due - self.open_before[index])
    }
}
