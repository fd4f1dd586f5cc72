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
    window_to: i64,
    /// Everything before this instant, within the window, is counted.
    counted_to: i64,
    /// The piece of time that is counted into `pending`: within one local hour and one entry of the table.
    piece_from: i64,
    piece_to: i64,
    /// Whether the piece after this one begins an hour under the same entry.
    begins_hour: bool,
    /// Below 2^32 levels times the milliseconds of an hour.
    pending: i64,
    level: u32,
    hour: usize,
    shift: usize,
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

impl WeekTally {
    /// Makes a tally for the window, in milliseconds, at level 0.
    pub fn new(window_from: i64, window_to: i64) -> Self {
        Self {
            window_to,
            counted_to: window_from,
            // An empty piece: the first time counted looks up where it belongs.
            piece_from: window_from,
            piece_to: window_from,
            begins_hour: false,
            pending: 0,
            level: 0,
            hour: 0,
            shift: 0,
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
        self.times.reach(self.level as usize + rises.len());
        let (mut n_risen, mut n_fallen) = (0, 0);
        for _ in 0..rises.len() + n_falls {
            // Which comes first is as good as random: arithmetic, where a branch would be guessed wrong half of the time. Of
            // one instant it is the rise, so that nothing falls below zero on the way; a level of no length counts nothing.
            let rise = rises.get(n_risen).copied().unwrap_or(i64::MAX);
            let fall = falls.get(n_fallen).copied().unwrap_or(i64::MAX);
            let rises_first = rise <= fall;
            let upto = rise.min(fall).min(self.window_to);
            if upto > self.piece_to {
                self.count_across(upto, shifts);
            }
            let length = (upto - self.counted_to).max(0);
            self.times.add_reached(self.level, length);
            self.pending += i64::from(self.level) * length;
            self.counted_to += length;
            self.level = changed(self.level, 2 * i32::from(rises_first) - 1);
            n_risen += usize::from(rises_first);
            n_fallen += usize::from(!rises_first);
        }
        n_falls
    }

    /// Counts the time up to `now` (or to the window's end), and ends: the level is 0. Needed before the figures are read.
    pub fn finish(&mut self, now: i64, shifts: &Shifts) {
        self.set(now, 0, shifts);
        self.close_piece();
        self.times.trim();
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
        if upto > self.piece_to {
            self.count_across(upto, shifts());
        }
        self.count_within_piece(upto);
    }

    /// Invariant: `upto` is not after the end of the piece.
    #[inline]
    fn count_within_piece(&mut self, upto: i64) {
        // Before the window `counted_to` is its beginning, so this one comparison clips both ends.
        if upto > self.counted_to {
            let length = upto - self.counted_to;
            self.times.add(self.level, length);
            self.pending += i64::from(self.level) * length;
            self.counted_to = upto;
        }
    }

    /// Counts the time up to the beginning of the piece in which `upto` lies: that is at its end at the latest.
    #[inline(never)]
    fn count_across(&mut self, upto: i64, shifts: &Shifts) {
        let from = self.counted_to;
        while self.piece_to < upto {
            self.pending += i64::from(self.level) * (self.piece_to - self.counted_to);
            self.counted_to = self.piece_to;
            self.close_piece();
            self.open_piece(shifts);
        }
        if self.counted_to > from {
            self.times.add(self.level, self.counted_to - from);
        }
    }

    fn close_piece(&mut self) {
        self.profile.area[self.hour] += i128::from(self.pending);
        self.profile.time[self.hour] += self.counted_to - self.piece_from;
        self.pending = 0;
        self.piece_from = self.counted_to;
    }

    /// Finds the local hour of `counted_to`, and where it or its entry of the table ends.
    fn open_piece(&mut self, shifts: &Shifts) {
        let entry_to = |shift: usize| shifts.get(shift + 1).map_or(i64::MAX, |next| next.0);
        let hour_to;
        if self.begins_hour {
            // The hour after the last one: no division.
            self.hour = if self.hour + 1 == N_HOURS { 0 } else { self.hour + 1 };
            hour_to = self.counted_to + HOUR;
        } else {
            while entry_to(self.shift) <= self.counted_to {
                self.shift += 1;
            }
            let local = self.counted_to + shifts[self.shift].1;
            self.hour = local.div_euclid(HOUR).rem_euclid(N_HOURS as i64) as usize;
            hour_to = self.counted_to + (HOUR - local.rem_euclid(HOUR));
        }
        self.piece_to = hour_to.min(entry_to(self.shift));
        self.begins_hour = self.piece_to < entry_to(self.shift);
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
