//! Histograms of non-negative whole numbers with a bounded relative error, the same to the bit in any order
//! of recording.
//!
//! Owns the counting, the percentiles and the merging. Does not own means (see `tally`): those are exact and
//! need no bins.
//!
//! Values below 1024 have a bucket each. Above, every octave [2^e, 2^(e+1)) is cut into 512 buckets of equal
//! width, so the middle of a bucket is within 0.1 % of every value in it. There are counts from the octave of the smallest
//! value to that of the largest. Up to some thousand values their buckets are listed instead, which takes no more memory and is
//! written in order: a large network has thousands of histograms, and counts for them would not fit any cache.

#[cfg(test)]
mod tests;

/// Buckets an octave. There are two such pages below 1024, then one an octave.
const PAGE: usize = 512;
/// Of all buckets for the values of an `i64`, each has a number of 16 bits.
const _: () = assert!(55 * PAGE <= 1 << u16::BITS);

/// A histogram filled during a run. Counts are `u32`: enough for one replication, and half the cache.
pub type Histogram = Buckets<u32>;

/// A histogram into which others are merged, across owners or replications.
pub type PooledHistogram = Buckets<u64>;

/// So many values are listed, in the memory of four octaves; of more the buckets are counted. So how they are kept depends on what
/// is held alone.
const FEW: usize = 4096;

/// Counts of values in buckets; see the file's head for their widths.
#[derive(Clone)]
pub struct Buckets<C> {
    counts: Counts<C>,
    count: u64,
    min: i64,
    max: i64,
}

#[derive(Clone)]
enum Counts<C> {
    /// The number of each value's bucket, in the order of recording.
    Listed(Vec<u16>),
    Counted(Span<C>),
}

/// Counts of the buckets of some octaves, one behind the other.
#[derive(Clone)]
struct Span<C> {
    /// The number of the first bucket.
    first: usize,
    counts: Vec<C>,
}

/// A type of counts: `u32` or `u64`.
pub trait Count: Copy + Default + Into<u64> + TryFrom<u64> {
    /// One more, unless that is too many.
    fn one_more(self) -> Option<Self>;
    /// One more, which is known not to be too many.
    fn next(self) -> Self;
}
impl Count for u32 {
    fn one_more(self) -> Option<Self> {
        self.checked_add(1)
    }
    fn next(self) -> Self {
        self.wrapping_add(1)
    }
}
impl Count for u64 {
    fn one_more(self) -> Option<Self> {
        self.checked_add(1)
    }
    fn next(self) -> Self {
        self.wrapping_add(1)
    }
}

/// One bucket that is not empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// The smallest value that belongs here.
    pub low: i64,
    /// The largest value that belongs here.
    pub high: i64,
    /// Number of values recorded here.
    pub count: u64,
}

impl Bucket {
    /// The middle, rounded down.
    pub fn middle(&self) -> i64 {
        self.low.midpoint(self.high)
    }
}

/// The number of a value's bucket. Panics if the value is negative, which is a caller's bug.
#[inline]
fn bucket_of(value: i64) -> usize {
    if value < 0 {
        refuse_negative(value);
    }
    let value = value as u64;
    // Setting bit 9 lets everything below 1024 count as the octave of 512, whose buckets are one wide. So many octaves before it of
    // 512 buckets each, and what is left of the value, which is from 512 on but for the first two pages.
    let shift = (value | 512).ilog2() - 9;
    ((shift as usize) << 9) + (value >> shift) as usize
}

/// A bucket by its number.
fn bucket(number: usize, count: u64) -> Bucket {
    let shift = (number / PAGE).saturating_sub(1);
    let low = ((number - shift * PAGE) as i64) << shift;
    Bucket { low, high: low + ((1_i64 << shift) - 1), count }
}

#[cold]
#[inline(never)]
fn refuse_negative(value: i64) -> ! {
    panic!("histograms hold values from 0 upwards, not {value}")
}

#[cold]
#[inline(never)]
fn refuse_overflow() -> ! {
    panic!("a histogram bucket's count overflows")
}

/// The different numbers in a list, rising, and how often each is there.
fn counted(list: &[u16]) -> Vec<(usize, u64)> {
    let (Some(&first), Some(&last)) = (list.iter().min(), list.iter().max()) else { return Vec::new() };
    let n_between = usize::from(last - first) + 1;
    if n_between > 16 * list.len() {
        let mut sorted = list.to_vec();
        sorted.sort_unstable();
        let runs = sorted.chunk_by(|one, other| one == other);
        return runs.map(|same| (usize::from(same[0]), same.len() as u64)).collect();
    }
    // As many as there are numbers between: to count them all is quicker.
    let mut counts = vec![0_u32; n_between];
    for number in list {
        counts[usize::from(number - first)] += 1;
    }
    let found = counts.iter().enumerate().filter(|&(_, &count)| count > 0);
    found.map(|(place, &count)| (usize::from(first) + place, u64::from(count))).collect()
}

#[inline]
fn add_one<C: Count>(count: &mut C) {
    let Some(after) = count.one_more() else { refuse_overflow() };
    *count = after;
}

fn add<C: Count>(count: &mut C, n: u64) {
    let before: u64 = (*count).into();
    let Some(Ok(after)) = before.checked_add(n).map(C::try_from) else { refuse_overflow() };
    *count = after;
}

impl<C: Count> Span<C> {
    /// The count of a bucket.
    #[inline]
    fn of(&mut self, number: usize) -> &mut C {
        if number.wrapping_sub(self.first) >= self.counts.len() {
            self.reach(number);
        }
        &mut self.counts[number - self.first]
    }

    /// Makes counts up to a bucket's octave, from whichever side.
    #[cold]
    #[inline(never)]
    fn reach(&mut self, number: usize) {
        let page = number / PAGE * PAGE;
        if self.counts.is_empty() {
            self.first = page;
        }
        let n_before = self.first.saturating_sub(page);
        if n_before > 0 {
            self.counts.splice(..0, std::iter::repeat_n(C::default(), n_before));
            self.first = page;
        }
        let n = self.counts.len().max(page + PAGE - self.first);
        self.counts.resize(n, C::default());
    }
}

impl<C: Count> Buckets<C> {
    /// Makes an empty histogram; allocates nothing.
    pub const fn new() -> Self {
        Self { counts: Counts::Listed(Vec::new()), count: 0, min: i64::MAX, max: i64::MIN }
    }

    /// Records one value. Panics if it is negative, which is a caller's bug.
    #[inline]
    pub fn record(&mut self, value: i64) {
        match &mut self.counts {
            Counts::Counted(span) => add_one(span.of(bucket_of(value))),
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
            Counts::Counted(span) => add(span.of(bucket_of(value)), n),
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
        let left = (FEW as u64).saturating_sub(self.count) as usize;
        let (listed, counted) = values.split_at(left.min(values.len()));
        if let Counts::Listed(list) = &mut self.counts {
            list.extend(listed.iter().map(|&value| bucket_of(value.into()) as u16));
        }
        if !counted.is_empty() {
            // Where all together are no more than a count holds, no bucket's count overflows.
            let is_safe = C::try_from(self.count + values.len() as u64).is_ok();
            let span = self.span();
            span.of(bucket_of(min));
            span.of(bucket_of(max));
            let (first, counts) = (span.first, &mut span.counts[..]);
            for &value in counted {
                let count = &mut counts[bucket_of(value.into()) - first];
                if is_safe {
                    *count = count.next();
                } else {
                    add_one(count);
                }
            }
        }
        (self.min, self.max) = (min, max);
        self.count += values.len() as u64;
    }

    /// Adds a value `n` times to the list, or goes over to counts.
    #[inline(never)]
    fn list(&mut self, value: i64, n: u64) {
        let number = bucket_of(value);
        if self.count.saturating_add(n) > FEW as u64 {
            add(self.span().of(number), n);
        } else if let Counts::Listed(list) = &mut self.counts {
            list.extend((0..n).map(|_| number as u16));
        }
    }

    /// The counts; makes them if there are none.
    #[inline]
    fn span(&mut self) -> &mut Span<C> {
        if let Counts::Listed(list) = &mut self.counts {
            let list = std::mem::take(list);
            let mut span = Span { first: 0, counts: Vec::new() };
            for number in list {
                add_one(span.of(usize::from(number)));
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
                ours.extend(theirs);
            }
            (_, Counts::Listed(theirs)) => {
                let span = self.span();
                for &number in theirs {
                    add_one(span.of(usize::from(number)));
                }
            }
            (_, Counts::Counted(theirs)) => {
                let span = self.span();
                for (number, &n) in (theirs.first..).zip(&theirs.counts) {
                    add(span.of(number), n.into());
                }
            }
        }
        self.count += other.count;
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
    }

    /// Number of values recorded.
    #[inline]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The smallest value, exactly.
    pub fn min(&self) -> Option<i64> {
        (self.count > 0).then_some(self.min)
    }

    /// The largest value, exactly.
    pub fn max(&self) -> Option<i64> {
        (self.count > 0).then_some(self.max)
    }

    /// The buckets that are not empty, rising.
    pub fn iter(&self) -> impl Iterator<Item = Bucket> {
        let (list, first, counts) = match &self.counts {
            Counts::Listed(list) => (&list[..], 0, &[][..]),
            Counts::Counted(span) => (&[][..], span.first, &span.counts[..]),
        };
        let listed = counted(list).into_iter();
        let counts = (first..).zip(counts).map(|(number, &count)| (number, count.into()));
        listed.chain(counts.filter(|&(_, count)| count > 0)).map(|(number, count)| bucket(number, count))
    }

    /// The p-quantile: the smallest value that at least a share `p` does not exceed.
    ///
    /// Exact below 1024 and at both ends, else the middle of its bucket, within 0.1 %.
    ///
    /// # Panics
    ///
    /// On an empty histogram: see [`Self::rank_quantile`] for one that may be.
    pub fn quantile(&self, p: f64) -> i64 {
        self.rank_quantile(0, p).expect("a quantile needs at least one value")
    }

    /// The p-quantile when `extra_infinite` further values are larger than any number (shipments never
    /// delivered).
    ///
    /// None means infinite, or that there are no values at all.
    pub fn rank_quantile(&self, extra_infinite: u64, p: f64) -> Option<i64> {
        let rank = quantile_rank(p, self.count + extra_infinite)?;
        self.ranked(rank)
    }

    /// Several quantiles at once, as [`Self::rank_quantile`] gives them one by one, in a single pass.
    ///
    /// The shares must ascend.
    pub fn rank_quantiles(&self, extra_infinite: u64, shares: &[f64]) -> Vec<Option<i64>> {
        let mut quantiles = Vec::with_capacity(shares.len());
        let mut buckets = self.iter();
        let (mut seen, mut at) = (0, None);
        for &share in shares {
            let rank = quantile_rank(share, self.count + extra_infinite).filter(|&rank| rank <= self.count);
            let Some(rank) = rank else {
                quantiles.push(None);
                continue;
            };
            while seen < rank
                && let Some(bucket) = buckets.next()
            {
                seen += bucket.count;
                at = Some(self.stands_for(&bucket));
            }
            quantiles.push(if rank == self.count { Some(self.max) } else { at });
        }
        quantiles
    }

    /// The value of a rank, counted from 1 for the smallest; none beyond [`Self::count`].
    fn ranked(&self, rank: u64) -> Option<i64> {
        if rank > self.count {
            return None;
        }
        if rank == self.count {
            return Some(self.max);
        }
        let mut seen = 0;
        self.iter()
            .find(|bucket| {
                seen += bucket.count;
                seen >= rank
            })
            .map(|bucket| self.stands_for(&bucket))
    }

    /// Number of values at or below `value`, whole buckets only: a bucket counts when its middle does.
    ///
    /// Exact below 1024, below [`Self::min`] and from [`Self::max`] upwards; agrees with [`Self::quantile`]
    /// everywhere.
    pub fn count_at_most(&self, value: i64) -> u64 {
        if value >= self.max {
            return self.count;
        }
        self.iter()
            .take_while(|bucket| bucket.low <= value && self.stands_for(bucket) <= value)
            .map(|b| b.count)
            .sum()
    }

    /// The value that stands for a bucket: its middle, unless the exact ends say better.
    fn stands_for(&self, bucket: &Bucket) -> i64 {
        bucket.middle().clamp(self.min, self.max)
    }
}

impl<C: Count> std::fmt::Debug for Buckets<C> {
    /// What it holds, however it was recorded.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let ends = self.count.checked_sub(1).map(|_| (self.min, self.max));
        f.debug_struct("Buckets")
            .field("ends", &ends)
            .field("buckets", &self.iter().map(|bucket| (bucket.low, bucket.count)).collect::<Vec<_>>())
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

/// The rank, from 1, of the p-quantile among `n` values: the smallest whose share of `n` is at least `p`;
/// none if `n` is 0.
///
/// Not p n rounded up: a share such as 0.07 is not exact in binary, and 0.07 x 100 comes out just above 7.
/// The quotient 7 / 100 is rounded once, to the very number that is written 0.07. `p` of 0 or less gives rank
/// 1, of 1 or more `n`.
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
