//! Departures at local times: weekly ones and listed ones.
//!
//! Owns: the text of timetables and their expansion to sorted instants. Does not own: departures by elapsed
//! period, by headway or when full, which know no calendar (`core`); cut-offs, delays and cancellations.

use std::collections::BTreeMap;
use std::str::FromStr;

use sanda_units::Time;

use super::date::{CivilDateTime, CivilError, Weekday, Weekdays, clock_ms, near_clock};
use super::moment::Moment;
use super::zone::{Epoch, Zone};

/// One entry of a weekly timetable: "Wed 10:20". Several days may share a time: "Mon-Fri 06:00", "Tue,Sat
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
        if text.contains('[') {
            return Err(CivilError::Zoned { text: text.to_owned() });
        }
        let (days, clock) = text
            .rsplit_once(char::is_whitespace)
            .ok_or_else(|| CivilError::Weekly { text: text.to_owned() })?;
        if clock.starts_with(['+', '-']) || matches!(clock, "Z" | "UTC") {
            return Err(CivilError::Zoned { text: text.to_owned() });
        }
        let days: Weekdays = days.trim_end().parse()?;
        let ms_of_day = clock_ms(clock, false).map_err(|error| on_days(error, days))?;
        Ok(Self { days, ms_of_day })
    }
}

/// Adds the weekdays to the suggestion for a wrong time of day. For 25:30 it names the following days.
pub(crate) fn on_days(error: CivilError, days: Weekdays) -> CivilError {
    match error {
        CivilError::Clock { text, last, .. } => {
            let near = near_clock(&text).map(|(later, near)| format!("{} {near}", days.later_by(later)));
            CivilError::Clock { text, last, near }
        }
        other => other,
    }
}

/// A weekly timetable in local time. If several entries name the same time, it is one departure.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WeeklyTimes {
    entries: Vec<WeeklyTime>,
}

/// A departure that a timetable names more than once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Repeated {
    /// Position of the later entry.
    pub entry: usize,
    /// Position of the entry that names the departure first.
    pub first: usize,
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
    /// For each entry that cannot be read, its position and what is wrong.
    pub fn parse<Text: AsRef<str>>(texts: &[Text]) -> Result<Self, Vec<(usize, CivilError)>> {
        parse_each(texts).map(Self::new)
    }

    /// The distinct departure times of a weekday, in milliseconds after midnight, ascending.
    fn on(&self, day: Weekday) -> Vec<i64> {
        let of_the_day = self.entries.iter().filter(|entry| entry.days.contains(day));
        let mut times: Vec<i64> = of_the_day.map(|entry| entry.ms_of_day).collect();
        times.sort_unstable();
        times.dedup();
        times
    }

    /// The number of departures in a week.
    pub fn n_per_week(&self) -> usize {
        Weekday::ALL.into_iter().map(|day| self.on(day).len()).sum()
    }

    /// The entries that repeat a departure, with the weekdays of the repetition.
    pub fn repeated(&self) -> Vec<(Repeated, Weekdays)> {
        let mut first_of: BTreeMap<(usize, i64), usize> = BTreeMap::new();
        let mut repeated = Vec::new();
        for (place, entry) in self.entries.iter().enumerate() {
            let mut again: BTreeMap<usize, Weekdays> = BTreeMap::new();
            for day in entry.days.iter() {
                let first = *first_of.entry((day.index(), entry.ms_of_day)).or_insert(place);
                if first < place {
                    again.entry(first).or_insert(Weekdays::NONE).insert(day);
                }
            }
            repeated.extend(again.into_iter().map(|(first, days)| (Repeated { entry: place, first }, days)));
        }
        repeated
    }

    /// The instants in [from, to) at which a zone's clocks first show the time of an entry, in order.
    ///
    /// Each time gives one instant in each of its weeks. A skipped time departs at the end of the gap, even
    /// if another departure leaves then; so instants may be equal. A repeated time departs in the first
    /// pass only.
    pub fn expand(&self, epoch: &Epoch, zone: &Zone, from: Time, to: Time) -> Vec<Time> {
        let by_day: Vec<Vec<i64>> = Weekday::ALL.into_iter().map(|day| self.on(day)).collect();
        let local_times = epoch.dates_around(from, to, zone).flat_map(|date| {
            let of_the_day = by_day[date.weekday().index()].iter();
            of_the_day.map(move |&ms_of_day| CivilDateTime::new(date, ms_of_day))
        });
        let mut instants: Vec<Time> = local_times
            .map(|local| epoch.time_of(local, zone))
            .filter(|at| (from..to).contains(at))
            .collect();
        instants.sort_unstable();
        instants
    }
}

/// Departures at listed times. If several entries mean the same departure, in any spelling or zone, it is
/// one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DatedTimes {
    times: Vec<Moment>,
}

impl DatedTimes {
    /// A timetable of these departures.
    pub fn new(times: Vec<Moment>) -> Self {
        Self { times }
    }

    /// The departures in a zone in order: the instant, the local time meant, and the position in the list.
    /// Equal departures are adjacent. Two different times in a skipped hour leave together and are still
    /// two departures.
    fn sorted(&self, epoch: &Epoch, zone: &Zone) -> Vec<(Time, CivilDateTime, usize)> {
        let all = self.times.iter().enumerate();
        let mut sorted: Vec<_> =
            all.map(|(place, time)| (time.at(epoch, zone), time.meant_in(zone), place)).collect();
        sorted.sort_unstable();
        sorted
    }

    /// The entries that repeat a departure.
    pub fn repeated(&self, epoch: &Epoch, zone: &Zone) -> Vec<Repeated> {
        let sorted = self.sorted(epoch, zone);
        let same = sorted.chunk_by(|one, other| (one.0, one.1) == (other.0, other.1));
        let mut repeated: Vec<Repeated> = same
            .flat_map(|same| same[1..].iter().map(|again| Repeated { entry: again.2, first: same[0].2 }))
            .collect();
        repeated.sort_unstable_by_key(|repeated| repeated.entry);
        repeated
    }

    /// The instants of the departures in [from, to), in order.
    pub fn expand(&self, epoch: &Epoch, zone: &Zone, from: Time, to: Time) -> Vec<Time> {
        let mut sorted = self.sorted(epoch, zone);
        sorted.dedup_by_key(|(at, local, _)| (*at, *local));
        sorted.into_iter().map(|(at, ..)| at).filter(|at| (from..to).contains(at)).collect()
    }
}

/// Parses all texts. For each text that cannot be read, returns its position and what is wrong.
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
