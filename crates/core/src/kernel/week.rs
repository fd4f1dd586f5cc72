//! A level over time and over the hours of the local week: the 168 columns of a load profile.
//!
//! Owns the splitting of time at local hour boundaries, through changes of the clock, and following many changes at once:
//! rises and falls, each in order. Does not own time zones: it is given the shifts as a table. A level of which no profile is
//! wanted is kept by `tally`.

#[cfg(test)]
mod tests;

use super::tally::{LevelTimes, changed};

/// Hours of a week.
pub const N_HOURS: usize = 168;

/// Milliseconds of an hour.
pub const HOUR: i64 = 3_600_000;

/// When local time differs from simulation time by how much: entries (from, shift), both in milliseconds.
///
/// Local time is the instant plus the shift of the last entry that is not later; local 0 is a Monday at
/// 00:00. The first entry covers everything before the second; entries rise by their instants; there is at
/// least one.
pub type Shifts = [(i64, i64)];

/// A level within a window [from, to): how long it stood where, and its profile by hour of the local week, in exact integers.
///
/// It begins at level 0. Changes before the window are followed but not counted; instants never go back. The same table of
/// shifts at every call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WeekTally {
    window_from: i64,
    window_to: i64,
    /// Everything before this instant, within the window, is counted.
    counted_to: i64,
    /// The present piece of time, and the integral of the level over it: below 2^32 levels times the milliseconds of an hour.
    piece: Piece,
    pending: i64,
    level: u32,
    times: LevelTimes,
    profile: WeekProfile,
}

/// Time and integral of a level by hour of the local week.
///
/// A clock put back counts the repeated hour twice, one put forward skips one; the times say so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WeekProfile {
    area: Box<[i128; N_HOURS]>,
    time: Box<[i64; N_HOURS]>,
}

/// A piece of time within one local hour and one entry of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Piece {
    to: i64,
    hour: usize,
    shift: usize,
    /// Whether the piece after this one begins an hour under the same entry.
    before_hour: bool,
}

impl Piece {
    /// The empty piece at an instant: the next one looks up where it belongs.
    fn before(at: i64) -> Self {
        Self { to: at, hour: 0, shift: 0, before_hour: false }
    }

    /// When an entry of the table ends.
    fn entry_to(shift: usize, shifts: &Shifts) -> i64 {
        shifts.get(shift + 1).map_or(i64::MAX, |next| next.0)
    }

    /// Where an hour begins next: goes on by all whole weeks that follow under the same entry, up to an instant. How many.
    fn whole_weeks(&mut self, until: i64, shifts: &Shifts) -> i64 {
        const WEEK: i64 = N_HOURS as i64 * HOUR;
        let entry_to = Self::entry_to(self.shift, shifts);
        let left = until.min(entry_to) - self.to;
        if !self.before_hour || left < WEEK {
            return 0;
        }
        self.to += left / WEEK * WEEK;
        self.before_hour = self.to < entry_to;
        left / WEEK
    }

    /// Goes on to the piece that begins where this one ends.
    fn go_on(&mut self, shifts: &Shifts) {
        let entry_to = |shift| Self::entry_to(shift, shifts);
        let hour_to = if self.before_hour {
            // The hour after the last one: no division.
            self.hour = if self.hour + 1 == N_HOURS { 0 } else { self.hour + 1 };
            self.to + HOUR
        } else {
            while entry_to(self.shift) <= self.to {
                self.shift += 1;
            }
            let local = self.to + shifts[self.shift].1;
            self.hour = local.div_euclid(HOUR).rem_euclid(N_HOURS as i64) as usize;
            self.to + (HOUR - local.rem_euclid(HOUR))
        };
        self.to = hour_to.min(entry_to(self.shift));
        self.before_hour = self.to < entry_to(self.shift);
    }
}

impl WeekTally {
    /// Makes a tally for the window, in milliseconds, at level 0.
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

    /// The level now.
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

    /// As [`Self::change`]; the table is only asked for where an hour ends, which is seldom.
    #[inline]
    pub fn change_with<'s>(&mut self, now: i64, delta: i32, shifts: impl FnOnce() -> &'s Shifts) {
        self.count_to(now, shifts);
        self.level = changed(self.level, delta);
    }

    /// Makes many changes: one up at each of the rises, one down at each of the falls up to the last rise. Both lists ascend.
    /// Returns how many of the falls that were; the others are still to come.
    ///
    /// Panics if the level would fall below zero, which is a caller's bug.
    pub fn follow(&mut self, rises: &[i64], falls: &[i64], shifts: &Shifts) -> usize {
        let n_falls = rises.last().map_or(0, |last| falls.partition_point(|at| at <= last));
        let falls = &falls[..n_falls];
        let mut times = std::mem::take(&mut self.times);
        let mut level = self.level as usize;
        let at_levels = times.reach(level + rises.len());
        let (mut counted_to, mut pending) = (self.counted_to, self.pending);
        let (mut n_risen, mut n_fallen) = (0, 0);
        for _ in 0..rises.len() + n_falls {
            // Which comes first is as good as random: arithmetic, where a branch would be guessed wrong half of the time. Of
            // one instant it is the rise, so that nothing falls below zero on the way; a level of no length counts nothing.
            let rise = rises.get(n_risen).copied().unwrap_or(i64::MAX);
            let fall = falls.get(n_fallen).copied().unwrap_or(i64::MAX);
            let rises_first = rise <= fall;
            let upto = rise.min(fall).min(self.window_to);
            let length = (upto - counted_to).max(0);
            at_levels[level] += length;
            if upto > self.piece.to {
                (self.counted_to, self.pending, self.level) = (counted_to, pending, level as u32);
                self.count_across(upto, shifts);
                pending = self.pending;
            } else {
                pending += level as i64 * length;
            }
            counted_to += length;
            level = level + 2 * usize::from(rises_first) - 1;
            n_risen += usize::from(rises_first);
            n_fallen += usize::from(!rises_first);
        }
        (self.counted_to, self.pending, self.level) = (counted_to, pending, level as u32);
        self.times = times;
        n_falls
    }

    /// Counts the time up to `now` (or to the window's end), and ends: the level is 0. Needed before the figures are read.
    pub fn finish(&mut self, now: i64, shifts: &Shifts) {
        self.set(now, 0, shifts);
        self.profile.area[self.piece.hour] += i128::from(std::mem::take(&mut self.pending));
        self.times.trim();
        // How long each hour was counted follows from the window alone.
        self.profile.time.fill(0);
        let mut piece = Piece::before(self.window_from);
        while piece.to < self.counted_to {
            let from = piece.to;
            piece.go_on(shifts);
            self.profile.time[piece.hour] += piece.to.min(self.counted_to) - from;
            let n_weeks = piece.whole_weeks(self.counted_to, shifts);
            if n_weeks > 0 {
                self.profile.time.iter_mut().for_each(|time| *time += n_weeks * HOUR);
            }
        }
    }

    /// The times at the levels, after [`Self::finish`].
    pub fn times(&self) -> &LevelTimes {
        &self.times
    }

    /// The profile by hour of the week, after [`Self::finish`].
    pub fn profile(&self) -> &WeekProfile {
        &self.profile
    }

    #[inline]
    fn count_to<'s>(&mut self, now: i64, shifts: impl FnOnce() -> &'s Shifts) {
        let upto = now.min(self.window_to);
        // Before the window `counted_to` is its beginning, so this one comparison clips both ends.
        if upto > self.counted_to {
            let length = upto - self.counted_to;
            self.times.add(self.level, length);
            if upto > self.piece.to {
                self.count_across(upto, shifts());
            } else {
                self.pending += i64::from(self.level) * length;
            }
            self.counted_to = upto;
        }
    }

    /// Counts the level into the hours from `counted_to` on up to an instant beyond the present piece.
    #[inline(never)]
    fn count_across(&mut self, upto: i64, shifts: &Shifts) {
        let level = i64::from(self.level);
        let mut from = self.counted_to;
        while self.piece.to < upto {
            let area = self.pending + level * (self.piece.to - from);
            self.profile.area[self.piece.hour] += i128::from(area);
            self.pending = 0;
            from = self.piece.to;
            self.piece.go_on(shifts);
        }
        self.pending = level * (upto - from);
    }
}

impl Default for WeekProfile {
    fn default() -> Self {
        Self { area: Box::new([0; N_HOURS]), time: Box::new([0; N_HOURS]) }
    }
}

impl WeekProfile {
    /// Integral of the level over time by hour of the week, level x milliseconds; entry 0 is Monday 00:00 to
    /// 01:00.
    pub fn area(&self) -> &[i128; N_HOURS] {
        &self.area
    }

    /// Milliseconds counted by hour of the week.
    pub fn time(&self) -> &[i64; N_HOURS] {
        &self.time
    }

    /// Time average of the level in an hour of the week; none if none of it was counted.
    pub fn mean(&self, hour: usize) -> Option<f64> {
        (self.time[hour] > 0).then(|| self.area[hour] as f64 / self.time[hour] as f64)
    }

    /// Adds the figures of another.
    pub fn merge(&mut self, other: &Self) {
        for (area, more) in self.area.iter_mut().zip(other.area.iter()) {
            *area += more;
        }
        for (time, more) in self.time.iter_mut().zip(other.time.iter()) {
            *time += more;
        }
    }
}
