//! Tallies: what one replication keeps of recorded whole numbers, and of a level over time, in exact integers.
//!
//! Owns counting, sums, times at levels, and merging. Floating point appears only in the methods that read a finished tally. Does not own
//! profiles by hour of the week (`week`), nor estimates and intervals over replications.

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use super::histogram::{Buckets, Count, quantile_rank};

/// A tally of whole numbers recorded one by one within a run.
pub type Tally = TallyOf<u32>;

/// A tally merged across owners or replications.
pub type PooledTally = TallyOf<u64>;

/// Sums and a histogram of recorded non-negative numbers (milliseconds, counts, ...), independent of the order of recording.
///
/// `C` is the type of the histogram's counts: see [`Tally`] and [`PooledTally`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TallyOf<C: Count> {
    sum: i128,
    sum_of_squares: i128,
    histogram: Buckets<C>,
}

impl<C: Count> TallyOf<C> {
    /// Makes an empty tally; allocates nothing.
    pub const fn new() -> Self {
        Self { sum: 0, sum_of_squares: 0, histogram: Buckets::new() }
    }

    /// Rebuilds a stored tally.
    pub(super) fn of_parts(sum: i128, sum_of_squares: i128, histogram: Buckets<C>) -> Self {
        Self { sum, sum_of_squares, histogram }
    }

    /// Records a value. Panics if it is negative, which is a caller's bug.
    #[inline]
    pub fn record(&mut self, value: i64) {
        self.histogram.record(value);
        self.sum += i128::from(value);
        self.sum_of_squares += i128::from(value) * i128::from(value);
    }

    /// Records a value `n` times at once. Panics if it is negative, which is a caller's bug.
    pub fn record_n(&mut self, value: i64, n: u64) {
        self.histogram.record_n(value, n);
        self.sum += i128::from(value) * i128::from(n);
        self.sum_of_squares += i128::from(value) * i128::from(value) * i128::from(n);
    }

    /// Records many values: the same as recording each. Panics if one is negative, which is a caller's bug.
    pub fn record_all<V: Copy + Into<i64>>(&mut self, values: &[V]) {
        self.histogram.record_all(values);
        let (mut sum, mut squares) = (0_u128, 0_u128);
        if self.histogram.max().is_none_or(|max| max <= i64::from(u32::MAX)) {
            // Squares of up to 49 days in milliseconds fit a word. So do the sums of their halves, over as many values as a slice may hold.
            let (mut low, mut high) = (0_u64, 0_u64);
            let mut short = 0_u64;
            for &value in values {
                let value = u64::from(value.into() as u32);
                let square = value * value;
                short += value;
                low += square & u64::from(u32::MAX);
                high += square >> 32;
            }
            sum = u128::from(short);
            squares = u128::from(low) + (u128::from(high) << 32);
        } else {
            for &value in values {
                let value = u128::from(value.into() as u64);
                sum += value;
                squares += value * value;
            }
        }
        self.sum += sum as i128;
        self.sum_of_squares += squares as i128;
    }

    /// Adds the content of another tally: the same as recording each of its values here.
    pub fn merge<D: Count>(&mut self, other: &TallyOf<D>) {
        self.histogram.merge(&other.histogram);
        self.sum += other.sum;
        self.sum_of_squares += other.sum_of_squares;
    }

    /// Returns the number of values.
    #[inline]
    pub fn count(&self) -> u64 {
        self.histogram.count()
    }

    /// Returns the exact sum of the values.
    pub fn sum(&self) -> i128 {
        self.sum
    }

    /// Returns the exact sum of their squares.
    pub fn sum_of_squares(&self) -> i128 {
        self.sum_of_squares
    }

    /// Returns the smallest value, exactly.
    pub fn min(&self) -> Option<i64> {
        self.histogram.min()
    }

    /// Returns the largest value, exactly.
    pub fn max(&self) -> Option<i64> {
        self.histogram.max()
    }

    /// Returns the values in buckets, for percentiles.
    pub fn histogram(&self) -> &Buckets<C> {
        &self.histogram
    }

    /// Returns the mean of the values; none if there are none.
    pub fn mean(&self) -> Option<f64> {
        (self.count() > 0).then(|| self.sum as f64 / self.count() as f64)
    }

    /// Returns the variance of the values, with divisor n - 1; none below two values.
    pub fn variance(&self) -> Option<f64> {
        let n = i128::from(self.count());
        if n < 2 {
            return None;
        }
        // Taken about the whole number next to the mean. Nothing cancels, and nothing overflows that did not overflow in the sums.
        let centre = self.sum / n;
        let rest = (self.sum - n * centre) as f64;
        let about_centre = self.sum_of_squares - 2 * centre * self.sum + n * centre * centre;
        Some((about_centre as f64 - rest * rest / n as f64) / (n - 1) as f64)
    }
}

impl<C: Count> Default for TallyOf<C> {
    fn default() -> Self {
        Self::new()
    }
}

/// A whole-number level over time (number present, queue length), counted within a window [from, to).
///
/// The level begins at 0. Changes before the window are followed but not counted; instants never go back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LevelTally {
    window_to: i64,
    /// Time before this instant, within the window, is counted in `times`.
    counted_to: i64,
    level: u32,
    times: LevelTimes,
}

impl LevelTally {
    /// Creates a tally for the window, in milliseconds; an empty window counts nothing.
    pub fn new(window_from: i64, window_to: i64) -> Self {
        Self { window_to, counted_to: window_from, level: 0, times: LevelTimes::new() }
    }

    /// Returns the present level.
    #[inline]
    pub fn level(&self) -> u32 {
        self.level
    }

    /// Sets the level from `now` on.
    #[inline]
    pub fn set(&mut self, now: i64, level: u32) {
        self.count_to(now);
        self.level = level;
    }

    /// Changes the level from `now` on. Panics if it would fall below zero, which is a caller's bug.
    #[inline]
    pub fn change(&mut self, now: i64, delta: i32) {
        self.count_to(now);
        self.level = changed(self.level, delta);
    }

    /// Counts the time up to `now`, or to the window's end if that is earlier, and ends the tally at level 0.
    pub fn finish(&mut self, now: i64) {
        self.set(now, 0);
    }

    /// Finishes a level that was not followed itself: at all times the excess of another level over `n`.
    pub fn finish_above(&mut self, now: i64, other: &LevelTimes, n: usize) {
        self.finish(now);
        self.times = other.above(n);
    }

    /// Returns the times at the levels, up to the last change or [`Self::finish`].
    pub fn times(&self) -> &LevelTimes {
        &self.times
    }

    #[inline]
    fn count_to(&mut self, now: i64) {
        let upto = now.min(self.window_to);
        // Before the window, `counted_to` is its beginning, so this one comparison clips both ends.
        if upto > self.counted_to {
            self.times.add(self.level, upto - self.counted_to);
            self.counted_to = upto;
        }
    }
}

/// Returns a level changed by a difference, with the check that every keeper of levels shares.
#[inline]
pub(super) fn changed(level: u32, delta: i32) -> u32 {
    level.checked_add_signed(delta).expect("a level never falls below zero")
}

/// The time spent at each level, in exact integers: everything about a level that does not depend on order.
///
/// It takes one word per level up to the highest. The levels of a model count what is present, which takes more memory itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LevelTimes {
    /// Milliseconds at each level.
    at: Vec<i64>,
}

impl LevelTimes {
    /// Creates an empty record; allocates nothing.
    pub const fn new() -> Self {
        Self { at: Vec::new() }
    }

    #[inline]
    pub(super) fn add(&mut self, level: u32, duration: i64) {
        match self.at.get_mut(level as usize) {
            Some(time) => *time += duration,
            None => self.add_first(level, duration),
        }
    }

    /// Follows a level from an instant on through rises and falls by one. Both lists are ascending, and no fall is after the last rise.
    /// Returns the level at the end.
    pub(super) fn follow(&mut self, level: u32, from: i64, rises: &[i64], falls: &[i64]) -> u32 {
        let (mut level, mut from) = (level as usize, from);
        let at_levels = self.reach(level + rises.len());
        let nth = |instants: &[i64], n: usize| instants.get(n).copied().unwrap_or(i64::MAX);
        let (mut n_risen, mut n_fallen) = (0, 0);
        // The next two of each list are loaded in advance, so that no load depends on which list was next before.
        let (mut rise, mut rise_after) = (nth(rises, 0), nth(rises, 1));
        let (mut fall, mut fall_after) = (nth(falls, 0), nth(falls, 1));
        while n_risen < rises.len() {
            // Which list is next is as good as random, and a branch would be mispredicted half of the time: hence arithmetic. At one
            // instant the rise comes first, so that the level never falls below zero on the way.
            let rises_first = rise <= fall;
            let at = if rises_first { rise } else { fall };
            at_levels[level] += at - from;
            from = at;
            level = level + 2 * usize::from(rises_first) - 1;
            n_risen += usize::from(rises_first);
            n_fallen += usize::from(!rises_first);
            (rise, fall) = if rises_first { (rise_after, fall) } else { (rise, fall_after) };
            (rise_after, fall_after) = (nth(rises, n_risen + 1), nth(falls, n_fallen + 1));
        }
        // These falls are at the instant of the last rise.
        changed(level as u32, n_fallen as i32 - falls.len() as i32)
    }

    /// Adds time at a level seen for the first time.
    #[cold]
    #[inline(never)]
    fn add_first(&mut self, level: u32, duration: i64) {
        self.reach(level as usize)[level as usize] += duration;
    }

    /// Makes room for all levels up to `level` and returns their times. The caller then calls [`Self::trim`].
    pub(super) fn reach(&mut self, level: usize) -> &mut [i64] {
        if self.at.len() <= level {
            self.at.resize(level + 1, 0);
        }
        &mut self.at
    }

    /// Removes the highest levels while they lasted no time.
    pub(super) fn trim(&mut self) {
        let n_levels = self.at.iter().rposition(|&time| time > 0).map_or(0, |last| last + 1);
        self.at.truncate(n_levels);
    }

    /// Returns the times of the excess of this level over `n`: 0 up to `n`, 1 at `n + 1`.
    pub fn above(&self, n: usize) -> Self {
        let (below, above) = self.at.split_at(self.at.len().min(n.saturating_add(1)));
        let mut times =
            Self { at: std::iter::once(below.iter().sum()).chain(above.iter().copied()).collect() };
        times.trim();
        times
    }

    /// Adds all times of another record.
    pub fn merge(&mut self, other: &Self) {
        if self.at.len() < other.at.len() {
            self.at.resize(other.at.len(), 0);
        }
        for (time, more) in self.at.iter_mut().zip(&other.at) {
            *time += more;
        }
    }

    /// Returns the milliseconds at each level from 0 up to the highest that lasted for some time.
    pub fn at(&self) -> &[i64] {
        &self.at
    }

    /// Returns the milliseconds counted.
    pub fn total(&self) -> i64 {
        self.at.iter().sum()
    }

    /// Returns the integral of the level over time: level x milliseconds, exact.
    pub fn area(&self) -> i128 {
        self.weighed(|level| level)
    }

    /// Returns the integral of the squared level over time: level^2 x milliseconds, exact.
    pub fn area_of_squares(&self) -> i128 {
        self.weighed(|level| level * level)
    }

    fn weighed(&self, weight: impl Fn(i128) -> i128) -> i128 {
        (0..).zip(&self.at).map(|(level, &time)| weight(level) * i128::from(time)).sum()
    }

    /// Returns the time average of the level; none if no time was counted.
    pub fn mean(&self) -> Option<f64> {
        (self.total() > 0).then(|| self.area() as f64 / self.total() as f64)
    }

    /// Returns the variance of the level over time; none if no time was counted.
    pub fn variance(&self) -> Option<f64> {
        let total = i128::from(self.total());
        if total == 0 {
            return None;
        }
        let centre = self.area() / total;
        let rest = (self.area() - total * centre) as f64 / total as f64;
        let about_centre = self.area_of_squares() - 2 * centre * self.area() + total * centre * centre;
        Some((about_centre as f64 / total as f64 - rest * rest).max(0.0))
    }

    /// Returns the standard deviation of the level over time; none if no time was counted.
    pub fn standard_deviation(&self) -> Option<f64> {
        self.variance().map(f64::sqrt)
    }

    /// Returns the smallest level that is not exceeded for at least a share `p` of the time; none if no time was
    /// counted.
    pub fn quantile(&self, p: f64) -> Option<u32> {
        let rank = quantile_rank(p, self.total() as u64)? as i64;
        let mut until = 0;
        let at = self.at.iter().position(|time| {
            until += time;
            until >= rank
        });
        at.map(|level| level as u32)
    }

    /// Returns the highest level that lasted for some time; none if no time was counted.
    pub fn max(&self) -> Option<u32> {
        self.at.iter().rposition(|&time| time > 0).map(|level| level as u32)
    }
}
