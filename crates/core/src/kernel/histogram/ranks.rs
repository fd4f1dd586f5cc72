//! Values by rank: what percentiles are read from.

use super::{Bucket, quantile_rank};

/// Values by rank, from the smallest on: single values where all are known, else buckets.
#[derive(Debug, Clone)]
pub struct Ranks {
    /// Rising.
    groups: Vec<Group>,
}

/// Values that are not told apart.
#[derive(Debug, Clone, Copy)]
struct Group {
    /// The last rank, counted from 1.
    upto: u64,
    /// A bound that none lies below.
    bottom: i64,
    /// The largest.
    top: i64,
}

impl Ranks {
    pub(super) fn of_values(values: &[i64]) -> Self {
        let mut sorted = values.to_vec();
        sorted.sort_unstable();
        let ends = (1..).zip(&sorted).map(|(upto, &value)| Group { upto, bottom: value, top: value });
        Self { groups: ends.collect() }
    }

    /// Ranks of buckets, of which no value lies below `min` or above `max`.
    pub(super) fn of_buckets(buckets: impl Iterator<Item = Bucket>, (min, max): (i64, i64)) -> Self {
        let mut upto = 0;
        let group = |bucket: Bucket| {
            upto += bucket.count;
            Group { upto, bottom: bucket.bottom().max(min), top: bucket.top.min(max) }
        };
        Self { groups: buckets.map(group).collect() }
    }

    /// Number of values.
    pub fn count(&self) -> u64 {
        self.groups.last().map_or(0, |group| group.upto)
    }

    /// The p-quantile when `extra_infinite` further values are larger than any number; none if it is among those, or if there is no
    /// value at all. Never below the true one.
    pub fn quantile(&self, extra_infinite: u64, p: f64) -> Option<i64> {
        self.group(extra_infinite, p).map(|group| group.top)
    }

    /// A bound that the p-quantile does not lie below: equal to [`Self::quantile`] where that is exact.
    pub fn quantile_at_least(&self, extra_infinite: u64, p: f64) -> Option<i64> {
        self.group(extra_infinite, p).map(|group| group.bottom)
    }

    fn group(&self, extra_infinite: u64, p: f64) -> Option<&Group> {
        let rank = quantile_rank(p, self.count() + extra_infinite)?;
        self.groups.get(self.groups.partition_point(|group| group.upto < rank))
    }
}
