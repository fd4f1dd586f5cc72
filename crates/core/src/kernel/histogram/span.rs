//! The buckets of consecutive octaves: their numbers, their content, and how values are added.

use super::{Bucket, Count};

/// Buckets per octave. Values below 1024 take two such pages; above, each octave takes one.
const PAGE: usize = 512;

/// Largest offset of a fixed value from the lower end of its bucket. Only buckets of values from 139 years of milliseconds on are wider;
/// there, a value further up counts as one of several.
const FURTHEST: u64 = u32::MAX as u64;

/// The buckets of consecutive octaves.
///
/// A bucket that holds one distinct value is fixed and keeps that value; a bucket of several values does not. Nearly all buckets of a
/// continuous law hold several. A further value then changes only a count.
#[derive(Clone)]
pub(super) struct Span<C> {
    /// The number of the first bucket.
    first: usize,
    /// Twice the count of each bucket, plus one if it holds several distinct values: see [`Count`].
    counts: Vec<C>,
    /// Offset of the value of a fixed bucket from the lower end of the bucket.
    above: Vec<u32>,
}

/// Returns the number of a value's bucket, and the value's offset from its lower end. Panics if the value is negative, which is a caller's
/// bug.
#[inline]
fn place_of(value: i64) -> (usize, u64) {
    if value < 0 {
        refuse_negative(value);
    }
    let value = value as u64;
    // Setting bit 9 makes every value below 1024 count as the octave of 512, whose buckets have width one. `shift` octaves of 512 buckets
    // precede this one; the remainder of the value is 512 or more, except on the first two pages.
    let shift = (value | 512).ilog2() - 9;
    let rest = value >> shift;
    (((shift as usize) << 9) + rest as usize, value - (rest << shift))
}

/// Returns the number of a value's bucket. Panics if the value is negative, which is a caller's bug.
#[inline]
pub(super) fn bucket_of(value: i64) -> usize {
    place_of(value).0
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

/// Returns the buckets of the values of a list, ascending.
pub(super) fn buckets_of(list: &[i64]) -> Vec<Bucket> {
    let (Some(&min), Some(&max)) = (list.iter().min(), list.iter().max()) else { return Vec::new() };
    let (first, last) = (bucket_of(min), bucket_of(max));
    if last - first < 16 * list.len() {
        // There are at least as many values as buckets in between: counting them all is faster.
        return Span::of(list, first, last - first + 1).iter().collect();
    }
    let mut sorted = list.to_vec();
    sorted.sort_unstable();
    let same_bucket = |one: &i64, other: &i64| bucket_of(*one) == bucket_of(*other);
    let single = |values: &[i64]| Span::of(values, bucket_of(values[0]), 1).iter().next();
    sorted.chunk_by(same_bucket).filter_map(single).collect()
}

impl Span<u64> {
    /// Creates a span of values that lie in `n` buckets from `first` on.
    fn of(values: &[i64], first: usize, n: usize) -> Self {
        let mut span = Self { first, counts: vec![0; n], above: vec![0; n] };
        for &value in values {
            span.add_one(value);
        }
        span
    }
}

/// A bucket as stored: its distance in buckets from the one before, its count, and the offset of its value if that is fixed.
pub(super) type StoredBucket = (u32, u64, Option<u32>);

impl<C: Count> Span<C> {
    /// Returns the buckets that are not empty, for storing.
    pub(super) fn stored(&self) -> Vec<StoredBucket> {
        let mut last = 0;
        let cells = (self.first..).zip(self.counts.iter().zip(&self.above));
        let filled = cells.filter(|(_, (count, _))| **count != C::default());
        let stored = filled.map(|(number, (count, &above))| {
            let beyond = (number - last) as u32;
            last = number;
            (beyond, count.count(), (!count.is_several()).then_some(above))
        });
        stored.collect()
    }

    /// Returns the span of stored buckets and the number of its values, or `None` if no span has such buckets.
    pub(super) fn restored(stored: &[StoredBucket]) -> Option<(Self, u64)> {
        let mut span = Self::new();
        let (mut number, mut total) = (0_usize, 0_u64);
        for &(beyond, count, above) in stored {
            number = number.checked_add(beyond as usize)?;
            if number > bucket_of(i64::MAX) || count == 0 {
                return None;
            }
            let place = span.reach(number);
            let mut code = C::default().more(count)?;
            match above {
                Some(above) => span.above[place] = above,
                None => code = code.several(),
            }
            span.counts[place] = code;
            total = total.checked_add(count)?;
        }
        Some((span, total))
    }

    /// Makes an empty span; allocates nothing.
    pub(super) const fn new() -> Self {
        Self { first: 0, counts: Vec::new(), above: Vec::new() }
    }

    /// Returns the buckets that are not empty, ascending.
    pub(super) fn iter(&self) -> impl Iterator<Item = Bucket> {
        let cells = self.counts.iter().zip(&self.above);
        let cells = (self.first..).zip(cells).filter(|(_, (count, _))| **count != C::default());
        cells.map(|(number, (&count, &above))| {
            let shift = (number / PAGE).saturating_sub(1);
            let low = ((number - shift * PAGE) as i64) << shift;
            let high = low + ((1_i64 << shift) - 1);
            let is_fixed = !count.is_several();
            let top = if is_fixed { low + i64::from(above) } else { high };
            Bucket { low, high, top, is_fixed, count: count.count() }
        })
    }

    /// Returns the index of a bucket, which is created if necessary.
    #[inline]
    fn reach(&mut self, number: usize) -> usize {
        if number.wrapping_sub(self.first) >= self.counts.len() {
            self.extend(number);
        }
        number - self.first
    }

    /// Extends the span to the octave of a bucket, on either side.
    #[cold]
    #[inline(never)]
    fn extend(&mut self, number: usize) {
        let page = number / PAGE * PAGE;
        if self.counts.is_empty() {
            self.first = page;
        }
        let n_before = self.first.saturating_sub(page);
        if n_before > 0 {
            self.counts.splice(..0, std::iter::repeat_n(C::default(), n_before));
            self.above.splice(..0, std::iter::repeat_n(0, n_before));
            self.first = page;
        }
        let n = self.counts.len().max(page + PAGE - self.first);
        self.counts.resize(n, C::default());
        self.above.resize(n, 0);
    }

    /// Records a value in a bucket that does not hold several values. Returns whether that is still so.
    #[inline]
    fn note(&mut self, place: usize, above: u64) {
        if above > FURTHEST {
            self.counts[place] = self.counts[place].several();
        } else if self.counts[place] == C::default() {
            self.above[place] = above as u32;
        } else if u64::from(self.above[place]) != above {
            self.counts[place] = self.counts[place].several();
        }
    }

    /// Adds a value.
    #[inline]
    pub(super) fn add_one(&mut self, value: i64) {
        self.add(value, 1);
    }

    /// Adds a value `n` times, at least once.
    #[inline]
    pub(super) fn add(&mut self, value: i64, n: u64) {
        let (number, above) = place_of(value);
        let place = self.reach(number);
        if !self.counts[place].is_several() {
            self.note(place, above);
        }
        let Some(after) = self.counts[place].more(n) else { refuse_overflow() };
        self.counts[place] = after;
    }

    /// Adds values that lie between `min` and `max`; `is_safe` says that no count can overflow.
    pub(super) fn add_all<V: Copy + Into<i64>>(
        &mut self,
        values: &[V],
        (min, max): (i64, i64),
        is_safe: bool,
    ) {
        self.reach(bucket_of(min));
        self.reach(bucket_of(max));
        if !is_safe {
            for &value in values {
                self.add_one(value.into());
            }
            return;
        }
        for &value in values {
            let (number, above) = place_of(value.into());
            let place = number - self.first;
            if !self.counts[place].is_several() {
                self.note(place, above);
            }
            self.counts[place] = self.counts[place].next();
        }
    }

    /// Adds the content of another span.
    pub(super) fn merge<D: Count>(&mut self, other: &Span<D>) {
        for (place, &count) in other.counts.iter().enumerate().filter(|(_, count)| **count != D::default()) {
            let ours = self.reach(other.first + place);
            if count.is_several() {
                self.counts[ours] = self.counts[ours].several();
            } else if !self.counts[ours].is_several() {
                self.note(ours, other.above[place].into());
            }
            let Some(after) = self.counts[ours].more(count.count()) else { refuse_overflow() };
            self.counts[ours] = after;
        }
    }
}
