//! A level over time and over the hours of the local week: the 168 values of a load profile.
//!
//! Owns splitting time at the boundaries of local hours, across clock changes, and following many changes of the level at once. Does not
//! own time zones: the caller passes a table of shifts. A level without a profile belongs to `tally`.

#[cfg(test)]
mod tests;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::tally::{LevelTimes, changed};

/// Number of hours in a week.
pub const N_HOURS: usize = 168;

/// Number of milliseconds in an hour.
pub const HOUR: i64 = 3_600_000;

/// Largest number of hours, beyond the number of rises, over which many changes are followed at once. Above it they are followed one by
/// one.
const MOST_HOURS: usize = 256;

/// The shifts of local time against simulation time: entries (from, shift), both in milliseconds.
///
/// Local time is the instant plus the shift of the last entry that is not later; local 0 is a Monday at 00:00. The first entry covers
/// everything before the second. Entries are ascending by instant, and there is at least one.
pub type Shifts = [(i64, i64)];

/// A level within a window [from, to): the time at each level and the profile by hour of the local week, in exact integers.
///
/// The level begins at 0. Changes before the window are followed but not counted; instants never go back. Every call passes the same table
/// of shifts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WeekTally {
    window_from: i64,
    window_to: i64,
    /// Time before this instant, within the window, is counted.
    counted_to: i64,
    /// The present piece of time, and the integral of the level over it. It stays below 2^32 levels times the milliseconds of an hour.
    piece: Piece,
    pending: i64,
    level: u32,
    times: LevelTimes,
    profile: WeekProfile,
}

/// The time and the integral of a level by hour of the local week.
///
/// When the clock goes back, the repeated hour counts twice; when it goes forward, an hour is skipped. The times show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WeekProfile {
    area: Box<[i128; N_HOURS]>,
    time: Box<[i64; N_HOURS]>,
}

/// A finished tally as stored, with the areas and times of the profile by hour.
#[derive(Serialize, Deserialize)]
struct Stored {
    window: (i64, i64),
    times: LevelTimes,
    area: Vec<i128>,
    time: Vec<i64>,
}

impl Serialize for WeekTally {
    /// Serialises a finished tally. An unfinished one is never stored.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let WeekProfile { area, time } = &self.profile;
        Stored {
            window: (self.window_from, self.window_to),
            times: self.times.clone(),
            area: area.to_vec(),
            time: time.to_vec(),
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for WeekTally {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Stored { window: (from, to), times, area, time } = Stored::deserialize(deserializer)?;
        let is_no_week = || D::Error::custom("a week has 168 hours");
        let profile = WeekProfile {
            area: area.try_into().map(Box::new).map_err(|_: Vec<i128>| is_no_week())?,
            time: time.try_into().map(Box::new).map_err(|_: Vec<i64>| is_no_week())?,
        };
        Ok(Self { times, profile, counted_to: to, piece: Piece::before(to), ..Self::new(from, to) })
    }
}

/// A piece of time within one local hour and one entry of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Piece {
    to: i64,
    hour: usize,
    /// The entry of the table, and its end.
    shift: usize,
    entry_to: i64,
}

impl Piece {
    /// Creates the empty piece before an instant. The next piece then looks up its place in the table.
    fn before(at: i64) -> Self {
        Self { to: at, hour: 0, shift: 0, entry_to: i64::MIN }
    }

    /// Skips all whole weeks up to an instant that lie under the same entry of the table. Returns their number.
    fn whole_weeks(&mut self, until: i64) -> i64 {
        const WEEK: i64 = N_HOURS as i64 * HOUR;
        let left = until.min(self.entry_to) - self.to;
        if left < WEEK {
            return 0;
        }
        self.to += left / WEEK * WEEK;
        left / WEEK
    }

    /// Advances to the piece that begins where this one ends.
    #[inline]
    fn go_on(&mut self, shifts: &Shifts) {
        if self.to < self.entry_to {
            self.next_hour();
            self.to = self.to.min(self.entry_to);
        } else {
            self.look_up(shifts);
        }
    }

    /// Advances to the next hour, without a division.
    #[inline]
    fn next_hour(&mut self) {
        self.hour = if self.hour + 1 == N_HOURS { 0 } else { self.hour + 1 };
        self.to += HOUR;
    }

    fn look_up(&mut self, shifts: &Shifts) {
        let entry_to = |shift: usize| shifts.get(shift + 1).map_or(i64::MAX, |next| next.0);
        while entry_to(self.shift) <= self.to {
            self.shift += 1;
        }
        self.entry_to = entry_to(self.shift);
        let local = self.to + shifts[self.shift].1;
        self.hour = local.div_euclid(HOUR).rem_euclid(N_HOURS as i64) as usize;
        self.to = (self.to + (HOUR - local.rem_euclid(HOUR))).min(self.entry_to);
    }
}

impl WeekTally {
    /// Creates a tally for the window, in milliseconds, at level 0.
    pub fn new(window_from: i64, window_to: i64) -> Self {
        Self {
            window_from,
            window_to,
            counted_to: window_from,
            piece: Piece::before(window_from),
            pending: 0,
            level: 0,
            times: LevelTimes::new(),
            profile: WeekProfile::default(),
        }
    }

    /// Returns the present level.
    #[inline]
    pub fn level(&self) -> u32 {
        self.level
    }

    /// Sets the level from `now` on.
    #[inline]
    pub fn set(&mut self, now: i64, level: u32, shifts: &Shifts) {
        self.count_to(now, || shifts);
        self.level = level;
    }

    /// Changes the level from `now` on. Panics if it would fall below zero, which is a caller's bug.
    #[inline]
    pub fn change(&mut self, now: i64, delta: i32, shifts: &Shifts) {
        self.change_with(now, delta, || shifts);
    }

    /// Changes the level as [`Self::change`] does. The table is requested only where an hour ends, which is rare.
    #[inline]
    pub fn change_with<'s>(&mut self, now: i64, delta: i32, shifts: impl FnOnce() -> &'s Shifts) {
        self.count_to(now, shifts);
        self.level = changed(self.level, delta);
    }

    /// Makes many changes: one up at each rise, one down at each fall up to the last rise. Both lists are ascending. Returns the number of
    /// falls that were made; the others are still to come.
    ///
    /// Panics if the level would fall below zero, which is a caller's bug.
    pub fn follow(&mut self, rises: &[i64], falls: &[i64], shifts: &Shifts, hours: &mut Hours) -> usize {
        let Some((&first, &last)) = rises.first().zip(rises.last()) else { return 0 };
        let falls = &falls[..falls.partition_point(|&at| at <= last)];
        if last <= self.window_from || self.counted_to >= self.window_to {
            // Nothing is counted outside the window.
            self.level = changed(self.level, rises.len() as i32 - falls.len() as i32);
            return falls.len();
        }
        let first = falls.first().map_or(first, |&fall| fall.min(first));
        let is_inside = self.counted_to <= first && last <= self.window_to;
        // The usual case: without branches, levels and hours each on their own.
        if is_inside && let Some(n_hours) = self.n_hours(last).filter(|&n| n <= rises.len() + MOST_HOURS) {
            let level = self.times.follow(self.level, self.counted_to, rises, falls);
            hours.fill(self.piece.to - HOUR, n_hours, rises, falls);
            self.count_hours(last, hours);
            (self.counted_to, self.level) = (last, level);
            return falls.len();
        }
        let mut left = falls;
        for &rise in rises {
            // At one instant the rise comes first, so that the level never falls below zero on the way.
            while let [fall, later @ ..] = left
                && *fall < rise
            {
                self.change(*fall, -1, shifts);
                left = later;
            }
            self.change(rise, 1, shifts);
        }
        for &fall in left {
            self.change(fall, -1, shifts);
        }
        falls.len()
    }

    /// Returns the number of hours from the present one to that of an instant; `None` if another entry of the table begins in between.
    fn n_hours(&self, until: i64) -> Option<usize> {
        let n = (until - (self.piece.to - HOUR)).max(0) / HOUR + 1;
        (self.piece.to + (n - 1) * HOUR <= self.piece.entry_to).then_some(n as usize)
    }

    /// Counts the level into hours up to an instant in the last of them.
    fn count_hours(&mut self, until: i64, hours: &Hours) {
        let Some((last, whole)) = hours.changes.split_last() else { return };
        let Self { piece, profile, .. } = self;
        let (mut level, mut from, mut area) = (i64::from(self.level), self.counted_to, self.pending);
        for changes in whole {
            area += changes.area(piece.to - hours.from) + level * (piece.to - from);
            profile.area[piece.hour] += i128::from(area);
            (area, from) = (0, piece.to);
            level += changes.by;
            piece.next_hour();
        }
        self.pending = area + last.area(until - hours.from) + level * (until - from);
    }

    /// Counts the time up to `now`, or to the window's end, and ends the tally at level 0. Required before the figures are read.
    pub fn finish(&mut self, now: i64, shifts: &Shifts) {
        self.set(now, 0, shifts);
        self.profile.area[self.piece.hour] += i128::from(std::mem::take(&mut self.pending));
        // The last piece is reset, so that equal tallies have equal state.
        self.piece = Piece::before(self.counted_to);
        self.times.trim();
        // The time counted in each hour follows from the window alone.
        self.profile.time.fill(0);
        let mut piece = Piece::before(self.window_from);
        while piece.to < self.counted_to {
            let from = piece.to;
            piece.go_on(shifts);
            self.profile.time[piece.hour] += piece.to.min(self.counted_to) - from;
            let n_weeks = piece.whole_weeks(self.counted_to);
            if n_weeks > 0 {
                self.profile.time.iter_mut().for_each(|time| *time += n_weeks * HOUR);
            }
        }
    }

    /// Returns the times at the levels, after [`Self::finish`].
    pub fn times(&self) -> &LevelTimes {
        &self.times
    }

    /// Returns the profile by hour of the week, after [`Self::finish`].
    pub fn profile(&self) -> &WeekProfile {
        &self.profile
    }

    #[inline]
    fn count_to<'s>(&mut self, now: i64, shifts: impl FnOnce() -> &'s Shifts) {
        let upto = now.min(self.window_to);
        // Before the window, `counted_to` is its beginning, so this one comparison clips both ends.
        if upto > self.counted_to {
            let (level, from) = (i64::from(self.level), self.counted_to);
            self.times.add(self.level, upto - from);
            self.pending = if upto > self.piece.to {
                self.count_across(self.pending, level, from, upto, shifts())
            } else {
                self.pending + level * (upto - from)
            };
            self.counted_to = upto;
        }
    }

    /// Counts a level into the hours from an instant up to one beyond the present piece. Takes and returns the integral over the present
    /// piece.
    #[inline(never)]
    fn count_across(
        &mut self,
        mut pending: i64,
        level: i64,
        mut from: i64,
        upto: i64,
        shifts: &Shifts,
    ) -> i64 {
        while self.piece.to < upto {
            let to = self.piece.to;
            self.profile.area[self.piece.hour] += i128::from(pending + level * (to - from));
            (pending, from) = (0, to);
            self.piece.go_on(shifts);
        }
        pending + level * (upto - from)
    }
}

/// Work space for following many changes: the changes in each of several hours. Summing them by hour needs no branches, which would be
/// mispredicted.
#[derive(Debug, Default)]
pub struct Hours {
    /// Beginning of the first hour.
    from: i64,
    changes: Vec<Changes>,
}

/// The changes of a level within an hour.
#[derive(Clone, Copy, Debug, Default)]
struct Changes {
    by: i64,
    /// Sum of the instants of the rises, less that of the falls, counted from the beginning of the first hour.
    instants: i64,
}

impl Changes {
    /// Returns the contribution of these changes to the area up to an instant, which is counted from the beginning of the first hour.
    #[inline]
    fn area(&self, until: i64) -> i64 {
        self.by * until - self.instants
    }
}

impl Hours {
    fn fill(&mut self, from: i64, n_hours: usize, rises: &[i64], falls: &[i64]) {
        self.from = from;
        self.changes.clear();
        self.changes.resize(n_hours, Changes::default());
        for (list, by) in [(rises, 1), (falls, -1)] {
            for at in list {
                let hour = &mut self.changes[((at - from) as u64 / HOUR as u64) as usize];
                hour.by += by;
                hour.instants += by * (at - from);
            }
        }
    }
}

impl Default for WeekProfile {
    fn default() -> Self {
        Self { area: Box::new([0; N_HOURS]), time: Box::new([0; N_HOURS]) }
    }
}

impl WeekProfile {
    /// Returns the integral of the level over time by hour of the week, level x milliseconds; entry 0 is Monday 00:00 to
    /// 01:00.
    pub fn area(&self) -> &[i128; N_HOURS] {
        &self.area
    }

    /// Returns the milliseconds counted by hour of the week.
    pub fn time(&self) -> &[i64; N_HOURS] {
        &self.time
    }

    /// Returns the time average of the level in an hour of the week; none if none of it was counted.
    pub fn mean(&self, hour: usize) -> Option<f64> {
        (self.time[hour] > 0).then(|| self.area[hour] as f64 / self.time[hour] as f64)
    }

    /// Adds the figures of another profile.
    pub fn merge(&mut self, other: &Self) {
        for (area, more) in self.area.iter_mut().zip(other.area.iter()) {
            *area += more;
        }
        for (time, more) in self.time.iter_mut().zip(other.time.iter()) {
            *time += more;
        }
    }
}
