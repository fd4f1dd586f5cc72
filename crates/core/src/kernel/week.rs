//! A level over the hours of the local week: the 168 columns of a load profile.
//!
//! Owns the splitting of time at local hour boundaries, through changes of the clock. Does not own time
//! zones: it is given the shifts as a table. Whole-run figures of the same level are kept by `tally`.

#[cfg(test)]
mod tests;

use super::changes::Change;
use super::tally::changed;

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

/// Time and integral of a level by hour of the local week, within a window [from, to), in exact integers.
///
/// Fed with the same changes as a [`LevelTally`](super::tally::LevelTally), and with the same table at every
/// call. A clock put back counts the repeated hour twice, one put forward skips one; the times say so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WeekTally {
    window_to: i64,
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
            area: Box::new([0; N_HOURS]),
            time: Box::new([0; N_HOURS]),
        }
    }

    /// Sets the level from `now` on.
    #[inline]
    pub fn set(&mut self, now: i64, level: u32, shifts: &Shifts) {
        self.count_to(now, shifts);
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
        let upto = now.min(self.window_to);
        if upto <= self.piece_to {
            self.count_within_piece(upto);
        } else {
            self.count_across(upto, shifts());
        }
        self.level = changed(self.level, delta);
    }

    /// Makes many changes, in order (see [`changes`](super::changes)): the same as [`Self::set`] for each.
    pub fn follow(&mut self, changes: &[Change], shifts: &Shifts) {
        for change in changes {
            let upto = change.at.min(self.window_to);
            if upto <= self.piece_to {
                // Without a branch: a level of no length may be below zero, and counts nothing.
                let length = (upto - self.counted_to).max(0);
                self.pending += i64::from(self.level) * length;
                self.counted_to += length;
            } else {
                self.count_across(upto, shifts);
            }
            self.level = change.level;
        }
    }

    /// Counts the time up to `now` (or to the window's end), and ends: the level is 0. Needed before the figures are read.
    pub fn finish(&mut self, now: i64, shifts: &Shifts) {
        self.set(now, 0, shifts);
        self.close_piece();
    }

    #[inline]
    fn count_to(&mut self, now: i64, shifts: &Shifts) {
        let upto = now.min(self.window_to);
        if upto <= self.piece_to {
            self.count_within_piece(upto);
        } else {
            self.count_across(upto, shifts);
        }
    }

    /// Invariant: `upto` is not after the end of the piece.
    #[inline]
    fn count_within_piece(&mut self, upto: i64) {
        if upto > self.counted_to {
            self.pending += i64::from(self.level) * (upto - self.counted_to);
            self.counted_to = upto;
        }
    }

    #[inline(never)]
    fn count_across(&mut self, upto: i64, shifts: &Shifts) {
        while self.counted_to < upto {
            if self.counted_to == self.piece_to {
                self.close_piece();
                self.open_piece(shifts);
            }
            self.count_within_piece(upto.min(self.piece_to));
        }
    }

    fn close_piece(&mut self) {
        self.area[self.hour] += i128::from(self.pending);
        self.time[self.hour] += self.counted_to - self.piece_from;
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

    /// Adds the figures of another finished tally.
    pub fn merge(&mut self, other: &Self) {
        for (area, more) in self.area.iter_mut().zip(other.area.iter()) {
            *area += more;
        }
        for (time, more) in self.time.iter_mut().zip(other.time.iter()) {
            *time += more;
        }
    }
}
