//! Values by rank, from which percentiles are read.

use super::{Bucket, quantile_rank};

/// Values by rank, ascending: single values where all are known, else buckets.
#[derive(Debug, Clone)]
pub struct Ranks {
    /// The groups, ascending.
    groups: Vec<Group>,
}

/// A group of values that are not distinguished.
#[derive(Debug, Clone, Copy)]
struct Group {
    /// The rank of its last value, counted from 1.
    upto: u64,
    /// A lower bound of its values.
    bottom: i64,
    /// Its largest value.
    top: i64,
}

impl Ranks {
    pub(super) fn of_values(values: &[i64]) -> Self {
        let mut sorted = values.to_vec();
        sorted.sort_unstable();
        let ends = (1..).zip(&sorted).map(|(upto, &value)| Group { upto, bottom: value, top: value });
        Self { groups: ends.collect() }
    }

    /// Returns the ranks of buckets whose values all lie between `min` and `max`.
    pub(super) fn of_buckets(buckets: impl Iterator<Item = Bucket>, (min, max): (i64, i64)) -> Self {
        let mut upto = 0;
        let group = |bucket: Bucket| {
            upto += bucket.count;
            Group { upto, bottom: bucket.bottom().max(min), top: bucket.top.min(max) }
        };
        Self { groups: buckets.map(group).collect() }
    }

    /// Returns the number of values.
    pub fn count(&self) -> u64 {
        self.groups.last().map_or(0, |group| group.upto)
    }

    /// Returns the p-quantile when `extra_infinite` further values are larger than any number. It is never below the true one; `None` if it
    /// is infinite or there are no values.
    pub fn quantile(&self, extra_infinite: u64, p: f64) -> Option<i64> {
        self.group(extra_infinite, p).map(|group| group.top)
    }

    /// Returns a lower bound of the p-quantile, equal to [`Self::quantile`] where that is exact.
    pub fn quantile_at_least(&self, extra_infinite: u64, p: f64) -> Option<i64> {
        self.group(extra_infinite, p).map(|group| group.bottom)
    }

    fn group(&self, extra_infinite: u64, p: f64) -> Option<&Group> {
        let rank = quantile_rank(p, self.count() + extra_infinite)?;
        self.groups.get(self.groups.partition_point(|group| group.upto < rank))
    }
}
