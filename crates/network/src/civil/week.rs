//! Local hours, weekdays, months and dates of instants.
//!
//! Owns: a zone's changes of offset over a range, as a table for fast queries. Does not own: the making of
//! instants from local times (`zone`). A query is a binary search over the few changes and some integer
//! divisions. Only months and years need the calendar.

use sanda_units::Time;

use super::date::{CivilDate, CivilDateTime, MS_PER_DAY, MS_PER_HOUR};
use super::zone::{Epoch, Zone};

/// Hours in a week: the length of a table by hour of the week.
pub const HOURS_PER_WEEK: usize = 168;

/// What the clocks of a zone show over a range of instants.
///
/// Before the range the first offset applies, after it the last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeekClock {
    /// Changes of the clock. From each instant on, local milliseconds since 1970 are the instant plus the
    /// shift. The first shift also applies to all earlier instants.
    shifts: Vec<(Time, i64)>,
}

impl WeekClock {
    /// The clock of a zone over [from, to).
    pub fn new(epoch: &Epoch, zone: &Zone, from: Time, to: Time) -> Self {
        let (from_ms, to_ms) = (epoch.unix_ms_at(from), epoch.unix_ms_at(to));
        let first = (from, epoch.unix_ms() + zone.offset_ms_at(from_ms));
        let changes = zone
            .offset_changes(from_ms, to_ms)
            .into_iter()
            .map(|(at, offset_ms)| (epoch.time_at_unix_ms(at), epoch.unix_ms() + offset_ms));
        Self { shifts: std::iter::once(first).chain(changes).collect() }
    }

    /// The changes of offset within the range, each with the milliseconds by which clocks are put forward.
    pub fn changes(&self) -> impl Iterator<Item = (Time, i64)> {
        self.shifts.windows(2).map(|pair| (pair[1].0, pair[1].1 - pair[0].1))
    }

    #[inline]
    fn segment(&self, at: Time) -> usize {
        self.shifts.partition_point(|(begin, _)| *begin <= at).saturating_sub(1)
    }

    /// Local milliseconds since 1970-01-01T00:00.
    #[inline]
    fn local_ms(&self, at: Time) -> i64 {
        at.as_ms().saturating_add(self.shifts[self.segment(at)].1)
    }

    /// What the clock shows at an instant.
    pub fn local(&self, at: Time) -> CivilDateTime {
        CivilDateTime::from_ms(self.local_ms(at))
    }

    /// The hour of the week: 0 from Monday 00:00 to 167 from Sunday 23:00.
    #[inline]
    pub fn hour_of_week(&self, at: Time) -> usize {
        // 1970-01-01 was a Thursday: three days after a Monday.
        let ms_of_week = (self.local_ms(at).saturating_add(3 * MS_PER_DAY)).rem_euclid(7 * MS_PER_DAY);
        (ms_of_week / MS_PER_HOUR) as usize
    }

    /// The first instant after this one at which the hour of the week may change. It is the next full local
    /// hour, or an earlier change of the clocks.
    #[inline]
    pub fn next_hour_at(&self, at: Time) -> Time {
        let segment = self.segment(at);
        let local_ms = at.as_ms().saturating_add(self.shifts[segment].1);
        let full_hour =
            Time::from_ms(at.as_ms().saturating_add(MS_PER_HOUR - local_ms.rem_euclid(MS_PER_HOUR)));
        match self.shifts.get(segment + 1) {
            Some((change_at, _)) => full_hour.min(*change_at),
            None => full_hour,
        }
    }

    /// The local date.
    #[inline]
    pub fn date(&self, at: Time) -> CivilDate {
        CivilDate::from_days(self.local_ms(at).div_euclid(MS_PER_DAY))
    }

    /// The local month, 0 for January to 11 for December.
    #[inline]
    pub fn month(&self, at: Time) -> usize {
        (self.date(at).ymd().1 - 1) as usize
    }

    /// The local year.
    #[inline]
    pub fn year(&self, at: Time) -> i64 {
        self.date(at).ymd().0
    }

    /// The end of the local calendar day: the first instant after this one with a later date.
    ///
    /// When midnight is skipped, that is the end of the gap.
    pub fn end_of_day(&self, at: Time) -> Time {
        let segment = self.segment(at);
        let midnight_ms = self.date(at).plus_days(1).days().saturating_mul(MS_PER_DAY);
        for (index, (begin, shift)) in self.shifts.iter().enumerate().skip(segment) {
            // Midnight on the clock of this segment. If it lies before the segment, the clocks were put
            // forward over it.
            let midnight_at = Time::from_ms(midnight_ms.saturating_sub(*shift));
            let midnight_at = if index == segment { midnight_at } else { midnight_at.max(*begin) };
            match self.shifts.get(index + 1) {
                Some((end, _)) if midnight_at >= *end => {}
                _ => return midnight_at,
            }
        }
        unreachable!("invariant: the last segment has no end")
    }
}
