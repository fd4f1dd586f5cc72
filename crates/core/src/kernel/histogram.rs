//! Histograms of non-negative whole numbers with a bounded relative error, identical to the bit for any order of recording.
//!
//! Owns counting, percentiles and merging. Does not own means (`tally`), which are exact and need no buckets.
//!
//! Every value below 1024 has a bucket of its own. Above, every octave [2^e, 2^(e+1)) is divided into 512 buckets of equal width. A bucket
//! keeps its count, and its value as long as it holds only one distinct value. That value represents the bucket; otherwise its upper end
//! does. A percentile is therefore never below the true one and exceeds it by less than 1 / 512, and fixed values are exact.
//!
//! Buckets exist from the octave of the smallest value to that of the largest. Up to [`FEW`] values are listed instead, and their
//! percentiles are exact. A list takes no more memory and is written sequentially: a large network has thousands of histograms, whose
//! buckets would not fit any cache.

mod list;
mod ranks;
mod span;
mod stored;
#[cfg(test)]
mod tests;

use list::List;
use span::{Span, bucket_of, buckets_of};

pub use ranks::Ranks;

/// A histogram filled during a run. Its counts are `u32`, which allow two thousand million values in a bucket and take half the cache of
/// `u64`.
pub type Histogram = Buckets<u32>;

/// A histogram into which others are merged, across owners or replications.
pub type PooledHistogram = Buckets<u64>;

/// Largest number of values that are listed; more are counted in buckets. A list of 4096 values takes the memory of four octaves of
/// buckets; a longer one does not stay in a cache. The representation depends on the number of values alone.
pub const FEW: usize = 4096;

/// Largest relative error of a percentile of more than [`FEW`] values: the width of a bucket over the smallest value in it.
pub const RELATIVE_ERROR: f64 = 1.0 / 512.0;

/// Counts of values in buckets. The head of this file states the widths of the buckets.
#[derive(Clone)]
pub struct Buckets<C> {
    counts: Counts<C>,
    count: u64,
    min: i64,
    max: i64,
}

#[derive(Clone)]
enum Counts<C> {
    /// The listed values.
    Listed(List),
    Counted(Span<C>),
}

/// The count of a bucket, stored in a `u32` or `u64` as twice the number, plus one if the bucket holds several distinct values.
pub trait Count: Copy + Default + PartialEq + TryFrom<u64> {
    /// Returns the number of values.
    fn count(self) -> u64;
    /// Returns whether the bucket holds several distinct values.
    fn is_several(self) -> bool;
    /// Returns the same count, marked as holding several distinct values.
    fn several(self) -> Self;
    /// Returns the count raised by `n`, or `None` on overflow.
    fn more(self, n: u64) -> Option<Self>;
    /// Returns the count raised by one, which must not overflow.
    fn next(self) -> Self;
}
impl Count for u32 {
    #[inline]
    fn count(self) -> u64 {
        u64::from(self >> 1)
    }
    #[inline]
    fn is_several(self) -> bool {
        self & 1 == 1
    }
    #[inline]
    fn several(self) -> Self {
        self | 1
    }
    #[inline]
    fn more(self, n: u64) -> Option<Self> {
        let twice = n.checked_mul(2)?;
        self.checked_add(Self::try_from(twice).ok()?)
    }
    #[inline]
    fn next(self) -> Self {
        self.wrapping_add(2)
    }
}
impl Count for u64 {
    #[inline]
    fn count(self) -> u64 {
        self >> 1
    }
    #[inline]
    fn is_several(self) -> bool {
        self & 1 == 1
    }
    #[inline]
    fn several(self) -> Self {
        self | 1
    }
    #[inline]
    fn more(self, n: u64) -> Option<Self> {
        self.checked_add(n.checked_mul(2)?)
    }
    #[inline]
    fn next(self) -> Self {
        self.wrapping_add(2)
    }
}

/// A bucket that is not empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// The smallest value that belongs here.
    pub low: i64,
    /// The largest value that belongs here.
    pub high: i64,
    /// The value that represents the bucket in percentiles: the recorded value if there is only one distinct value, else `high`.
    pub top: i64,
    /// Whether all values recorded here are equal to `top`.
    pub is_fixed: bool,
    /// Number of values recorded here.
    pub count: u64,
}

impl Bucket {
    /// Returns the middle of the bucket, rounded down.
    pub fn middle(&self) -> i64 {
        self.low.midpoint(self.high)
    }

    /// Returns a lower bound of the values recorded here.
    pub fn bottom(&self) -> i64 {
        if self.is_fixed { self.top } else { self.low }
    }
}

impl<C: Count> Buckets<C> {
    /// Makes an empty histogram; allocates nothing.
    pub const fn new() -> Self {
        Self { counts: Counts::Listed(List::new()), count: 0, min: i64::MAX, max: i64::MIN }
    }

    /// Records one value. Panics if it is negative, which is a caller's bug.
    #[inline]
    pub fn record(&mut self, value: i64) {
        match &mut self.counts {
            Counts::Counted(span) => span.add_one(value),
            Counts::Listed(_) => self.list(value, 1),
        }
        self.count += 1;
        self.min = self.min.min(value);
        self.max = self.max.max(value);
    }

    /// Records a value `n` times. Panics if the value is negative or a bucket's count overflows.
    #[inline]
    pub fn record_n(&mut self, value: i64, n: u64) {
        if n == 0 {
            return;
        }
        match &mut self.counts {
            Counts::Counted(span) => span.add(value, n),
            Counts::Listed(_) => self.list(value, n),
        }
        self.count += n;
        self.min = self.min.min(value);
        self.max = self.max.max(value);
    }

    /// Records many values: the same as recording each. Panics if one is negative, which is a caller's bug.
    pub(super) fn record_all<V: Copy + Into<i64>>(&mut self, values: &[V]) {
        let (min, max) = values.iter().fold((self.min, self.max), |(min, max), &value| {
            let value = value.into();
            (min.min(value), max.max(value))
        });
        if !values.is_empty() {
            // Panics on negative values.
            bucket_of(min);
        }
        let count = self.count + values.len() as u64;
        match &mut self.counts {
            Counts::Listed(list) if count <= FEW as u64 => {
                list.add_all(values, max);
            }
            // If a count can hold all values together, no bucket's count overflows.
            _ => self.span().add_all(
                values,
                (min, max),
                C::try_from(count.saturating_mul(2).saturating_add(1)).is_ok(),
            ),
        }
        (self.min, self.max) = (min, max);
        self.count = count;
    }

    /// Adds a value `n` times to the list, or changes to buckets.
    #[inline(never)]
    fn list(&mut self, value: i64, n: u64) {
        // Panics on negative values.
        bucket_of(value);
        if self.count.saturating_add(n) > FEW as u64 {
            self.span().add(value, n);
        } else if let Counts::Listed(list) = &mut self.counts {
            list.add(value, n as usize);
        }
    }

    /// Returns the buckets, and creates them if there are none.
    #[inline]
    fn span(&mut self) -> &mut Span<C> {
        if let Counts::Listed(list) = &mut self.counts {
            let mut span = Span::new();
            for value in std::mem::replace(list, List::new()).iter() {
                span.add_one(value);
            }
            self.counts = Counts::Counted(span);
        }
        match &mut self.counts {
            Counts::Counted(span) => span,
            Counts::Listed(_) => unreachable!("made above"),
        }
    }

    /// Adds all values of another histogram, bucket by bucket: the same as recording each of them here.
    pub fn merge<D: Count>(&mut self, other: &Buckets<D>) {
        match (&mut self.counts, &other.counts) {
            (Counts::Listed(ours), Counts::Listed(theirs)) if ours.len() + theirs.len() <= FEW => {
                ours.merge(theirs);
            }
            (_, Counts::Listed(theirs)) => {
                let span = self.span();
                for value in theirs.iter() {
                    span.add_one(value);
                }
            }
            (_, Counts::Counted(theirs)) => self.span().merge(theirs),
        }
        self.count += other.count;
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
    }

    /// Returns the number of values recorded.
    #[inline]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Returns the smallest value, exactly.
    pub fn min(&self) -> Option<i64> {
        (self.count > 0).then_some(self.min)
    }

    /// Returns the largest value, exactly.
    pub fn max(&self) -> Option<i64> {
        (self.count > 0).then_some(self.max)
    }

    /// Returns the buckets that are not empty, rising; the same whether values are listed or counted.
    pub fn iter(&self) -> impl Iterator<Item = Bucket> {
        let (listed, counted) = match &self.counts {
            Counts::Listed(list) => (buckets_of(&list.values()), None),
            Counts::Counted(span) => (Vec::new(), Some(span.iter())),
        };
        listed.into_iter().chain(counted.into_iter().flatten())
    }

    /// Returns the values by rank, for percentiles: exact up to [`FEW`] values.
    ///
    /// Complexity: sorts the list, or walks over all buckets once. Keep the result to read several percentiles.
    pub fn ranks(&self) -> Ranks {
        match &self.counts {
            Counts::Listed(list) => Ranks::of_values(&list.values()),
            Counts::Counted(_) => Ranks::of_buckets(self.iter(), (self.min, self.max)),
        }
    }

    /// Returns the p-quantile: the smallest value that at least a share `p` does not exceed.
    ///
    /// Exact up to [`FEW`] values, below 1024, for fixed values and at both ends. Elsewhere it exceeds the true quantile by less than
    /// [`RELATIVE_ERROR`], and is never below it.
    ///
    /// # Panics
    ///
    /// If the histogram is empty. [`Self::rank_quantile`] accepts an empty one.
    pub fn quantile(&self, p: f64) -> i64 {
        self.rank_quantile(0, p).expect("a quantile needs at least one value")
    }

    /// Returns the p-quantile when `extra_infinite` further values are larger than any number (shipments never
    /// delivered).
    ///
    /// `None` means infinite, or that there are no values at all. Keep [`Self::ranks`] to read several quantiles.
    pub fn rank_quantile(&self, extra_infinite: u64, p: f64) -> Option<i64> {
        self.ranks().quantile(extra_infinite, p)
    }

    /// Returns the number of values at or below `value`, in whole buckets: a bucket counts if its representing value does.
    ///
    /// Exact up to [`FEW`] values, below 1024, below [`Self::min`] and from [`Self::max`] upwards; elsewhere never more than the true
    /// number. It agrees with [`Self::quantile`] everywhere.
    pub fn count_at_most(&self, value: i64) -> u64 {
        if value >= self.max {
            return self.count;
        }
        match &self.counts {
            Counts::Listed(list) => list.iter().filter(|&listed| listed <= value).count() as u64,
            Counts::Counted(_) => {
                self.iter().take_while(|bucket| bucket.top <= value).map(|bucket| bucket.count).sum()
            }
        }
    }
}

impl<C: Count> std::fmt::Debug for Buckets<C> {
    /// Formats the content, which does not depend on the order of recording.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let ends = self.count.checked_sub(1).map(|_| (self.min, self.max));
        f.debug_struct("Buckets")
            .field("ends", &ends)
            .field(
                "buckets",
                &self.iter().map(|bucket| (bucket.low, bucket.top, bucket.count)).collect::<Vec<_>>(),
            )
            .finish_non_exhaustive()
    }
}

impl<C: Count> PartialEq for Buckets<C> {
    fn eq(&self, other: &Self) -> bool {
        (self.count, self.min, self.max) == (other.count, other.min, other.max)
            && self.iter().eq(other.iter())
    }
}

impl<C: Count> Eq for Buckets<C> {}

impl<C: Count> Default for Buckets<C> {
    fn default() -> Self {
        Self::new()
    }
}

/// Returns the rank, from 1, of the p-quantile among `n` values: the smallest whose share of `n` is at least `p`;
/// none if `n` is 0.
///
/// It is not p n rounded up: a share such as 0.07 is not exact in binary, and 0.07 x 100 comes out just above 7. The quotient 7 / 100 is
/// rounded once, to the very number that is written 0.07. `p` of 0 or less gives rank 1, of 1 or more `n`.
#[inline]
pub fn quantile_rank(p: f64, n: u64) -> Option<u64> {
    let reached = |rank: u64| rank as f64 / n as f64 >= p;
    // The product is within a few roundings of the answer; below 2^50 values that is less than one rank.
    let near = ((p * n as f64) as u64).clamp(1, n.max(1));
    let rank = if !reached(near) {
        near + 1
    } else if near > 1 && reached(near - 1) {
        near - 1
    } else {
        near
    };
    (n > 0).then_some(rank.min(n))
}
