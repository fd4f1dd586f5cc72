//! Departures at local times: weekly ones and listed ones.
//!
//! Owns: their text and their expansion to sorted instants. Does not own: departures by elapsed period, by
//! headway or when full, which know no calendar and belong to `core`; cut-offs, delays, cancellation.

use std::str::FromStr;

use sanda_units::Time;

use crate::civil::{Epoch, Zone};
use crate::date::{CivilDateTime, CivilError, Weekdays, clock_ms};

/// One entry of a weekly timetable: "Wed 10:20"; several days may share a time, "Mon-Fri 06:00", "Tue,Sat
/// 22:15".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WeeklyTime {
    days: Weekdays,
    ms_of_day: i64,
}

impl FromStr for WeeklyTime {
    type Err = CivilError;

    fn from_str(text: &str) -> Result<Self, CivilError> {
        let text = text.trim();
        let (days, clock) = text
            .rsplit_once(char::is_whitespace)
            .ok_or_else(|| CivilError::Weekly { text: text.to_owned() })?;
        Ok(Self { days: days.trim_end().parse()?, ms_of_day: clock_ms(clock, false)? })
    }
}

/// A weekly timetable in local time.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WeeklyTimes {
    entries: Vec<WeeklyTime>,
}

impl WeeklyTimes {
    /// A timetable of these entries.
    pub fn new(entries: Vec<WeeklyTime>) -> Self {
        Self { entries }
    }

    /// Reads entries such as `["Wed 10:20", "Sat 10:20"]`.
    ///
    /// # Errors
    ///
    /// Of every entry that cannot be read, its position and what is wrong.
    pub fn parse<Text: AsRef<str>>(texts: &[Text]) -> Result<Self, Vec<(usize, CivilError)>> {
        parse_each(texts).map(Self::new)
    }

    /// How many departures there are in a week.
    pub fn n_per_week(&self) -> usize {
        self.entries.iter().map(|entry| entry.days.iter().count()).sum()
    }

    /// The instants in [from, to) at which a zone's clocks first show an entry's time, in order.
    ///
    /// Every entry gives one instant in each of its weeks: one that is skipped leaves at the end of the gap,
    /// also when another leaves then too, so that instants may be equal; one in a repeated hour leaves in the
    /// first pass alone.
    pub fn expand(&self, epoch: &Epoch, zone: &Zone, from: Time, to: Time) -> Vec<Time> {
        let local_times = epoch.dates_around(from, to, zone).flat_map(|date| {
            let of_the_day = self.entries.iter().filter(move |entry| entry.days.contains(date.weekday()));
            of_the_day.map(move |entry| CivilDateTime::new(date, entry.ms_of_day))
        });
        instants(local_times, epoch, zone, from, to)
    }
}

/// The instants in [from, to) of listed local times, in order; equal ones stay.
pub fn expand_dated(times: &[CivilDateTime], epoch: &Epoch, zone: &Zone, from: Time, to: Time) -> Vec<Time> {
    instants(times.iter().copied(), epoch, zone, from, to)
}

fn instants(
    local_times: impl Iterator<Item = CivilDateTime>,
    epoch: &Epoch,
    zone: &Zone,
    from: Time,
    to: Time,
) -> Vec<Time> {
    let mut instants: Vec<Time> =
        local_times.map(|local| epoch.time_of(local, zone)).filter(|at| (from..to).contains(at)).collect();
    instants.sort_unstable();
    instants
}

/// All of them, or of every text that cannot be read its position and what is wrong.
pub(crate) fn parse_each<Item, Text>(texts: &[Text]) -> Result<Vec<Item>, Vec<(usize, CivilError)>>
where
    Item: FromStr<Err = CivilError>,
    Text: AsRef<str>,
{
    let (mut items, mut errors) = (Vec::new(), Vec::new());
    for (position, text) in texts.iter().enumerate() {
        match text.as_ref().parse() {
            Ok(item) => items.push(item),
            Err(error) => errors.push((position, error)),
        }
    }
    if errors.is_empty() { Ok(items) } else { Err(errors) }
}
