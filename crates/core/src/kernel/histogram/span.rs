//! The buckets of some neighbouring octaves: their numbers, what each keeps, and how values enter them.

use super::{Bucket, Count};

/// Buckets an octave. There are two such pages below 1024, then one an octave.
const PAGE: usize = 512;

/// The bit of a cell's mark that says that different values were recorded.
const MIXED: u32 = 1 << 31;

/// What a bucket keeps: how many values, and a mark of their largest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Cell<C> {
    count: C,
    /// How far the largest value lies above the bucket's lowest, in 31 bits, and [`MIXED`] above them. A bucket wider than 2^31
    /// (values from 69 years of milliseconds on) drops the lowest bits.
    mark: u32,
}

/// Cells of the buckets of some octaves, one behind the other.
#[derive(Clone)]
pub(super) struct Span<C> {
    /// The number of the first bucket.
    first: usize,
    cells: Vec<Cell<C>>,
}

/// The number of a value's bucket, and the mark of the value in it. Panics if the value is negative, which is a caller's bug.
#[inline]
fn place_of(value: i64) -> (usize, u32) {
    if value < 0 {
        refuse_negative(value);
    }
    let value = value as u64;
    // Setting bit 9 lets everything below 1024 count as the octave of 512, whose buckets are one wide. There are `shift` octaves of
    // 512 buckets each before this one; the rest of the value is from 512 on but for the first two pages.
    let shift = (value | 512).ilog2() - 9;
    let rest = value >> shift;
    let above = value - (rest << shift);
    (((shift as usize) << 9) + rest as usize, (above >> dropped(shift)) as u32)
}

/// The number of a value's bucket. Panics if the value is negative, which is a caller's bug.
#[inline]
pub(super) fn bucket_of(value: i64) -> usize {
    place_of(value).0
}

/// Lowest bits that a mark drops in buckets of a width of 2^`shift`.
#[inline]
fn dropped(shift: u32) -> u32 {
    shift.saturating_sub(31)
}

/// A bucket by its number.
pub(super) fn bucket<C: Count>(number: usize, cell: Cell<C>) -> Bucket {
    let shift = (number / PAGE).saturating_sub(1);
    let low = ((number - shift * PAGE) as i64) << shift;
    let dropped = dropped(shift as u32);
    // With the bits that were dropped all set, so that no value recorded lies above.
    let top = low + ((i64::from(cell.mark & !MIXED) << dropped) | ((1 << dropped) - 1));
    let is_fixed = cell.mark & MIXED == 0 && dropped == 0;
    Bucket { low, high: low + ((1_i64 << shift) - 1), top, is_fixed, count: cell.count.into() }
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

/// The cells of the values of a list, rising by their buckets' numbers.
pub(super) fn cells_of(list: &[i64]) -> Vec<(usize, Cell<u64>)> {
    let (Some(&min), Some(&max)) = (list.iter().min(), list.iter().max()) else { return Vec::new() };
    let (first, last) = (bucket_of(min), bucket_of(max));
    if last - first >= 16 * list.len() {
        let mut sorted = list.to_vec();
        sorted.sort_unstable();
        let same_bucket = |one: &i64, other: &i64| bucket_of(*one) == bucket_of(*other);
        return sorted.chunk_by(same_bucket).map(|values| (bucket_of(values[0]), cell_of(values))).collect();
    }
    // As many as there are buckets between: to count them all is quicker.
    let mut cells = vec![Cell::default(); last - first + 1];
    for &value in list {
        let (number, mark) = place_of(value);
        cells[number - first].add_one(mark);
    }
    (first..).zip(cells).filter(|(_, cell)| !cell.is_empty()).collect()
}

/// The cell of values of one bucket.
fn cell_of(values: &[i64]) -> Cell<u64> {
    let mut cell = Cell::default();
    for &value in values {
        cell.add_one(place_of(value).1);
    }
    cell
}

impl<C: Count> Cell<C> {
    /// Whether no value was recorded.
    pub(super) fn is_empty(&self) -> bool {
        self.count == C::default()
    }

    /// The mark after values of another mark were recorded as well. Without a branch: whether a value is the largest so far is
    /// as good as random.
    #[inline]
    fn mark_with(&self, other: u32) -> u32 {
        let larger = (self.mark & !MIXED).max(other & !MIXED);
        let differs = !self.is_empty() && (self.mark ^ other) & !MIXED != 0;
        larger | ((self.mark | other) & MIXED) | (u32::from(differs) << 31)
    }

    /// Adds a value by its mark.
    #[inline]
    fn add_one(&mut self, mark: u32) {
        let Some(after) = self.count.one_more() else { refuse_overflow() };
        *self = Self { mark: self.mark_with(mark), count: after };
    }

    /// Adds a value that is known not to be one too many.
    #[inline]
    fn add_safely(&mut self, mark: u32) {
        *self = Self { mark: self.mark_with(mark), count: self.count.next() };
    }

    /// Adds `n` values, at least one, whose marks come to this one.
    fn add(&mut self, mark: u32, n: u64) {
        let before: u64 = self.count.into();
        let Some(Ok(after)) = before.checked_add(n).map(C::try_from) else { refuse_overflow() };
        *self = Self { mark: self.mark_with(mark), count: after };
    }
}

impl<C: Count> Span<C> {
    /// Makes an empty span; allocates nothing.
    pub(super) const fn new() -> Self {
        Self { first: 0, cells: Vec::new() }
    }

    /// The number of the first bucket.
    pub(super) fn first(&self) -> usize {
        self.first
    }

    /// The cells of all buckets from the first on, empty ones included.
    pub(super) fn cells(&self) -> &[Cell<C>] {
        &self.cells
    }

    /// The cell of a bucket.
    #[inline]
    fn of(&mut self, number: usize) -> &mut Cell<C> {
        if number.wrapping_sub(self.first) >= self.cells.len() {
            self.reach(number);
        }
        &mut self.cells[number - self.first]
    }

    /// Makes cells up to a bucket's octave, from whichever side.
    #[cold]
    #[inline(never)]
    fn reach(&mut self, number: usize) {
        let page = number / PAGE * PAGE;
        if self.cells.is_empty() {
            self.first = page;
        }
        let n_before = self.first.saturating_sub(page);
        if n_before > 0 {
            self.cells.splice(..0, std::iter::repeat_n(Cell::default(), n_before));
            self.first = page;
        }
        let n = self.cells.len().max(page + PAGE - self.first);
        self.cells.resize(n, Cell::default());
    }

    /// Adds a value.
    #[inline]
    pub(super) fn add_one(&mut self, value: i64) {
        let (number, mark) = place_of(value);
        self.of(number).add_one(mark);
    }

    /// Adds a value `n` times, at least once.
    #[inline]
    pub(super) fn add(&mut self, value: i64, n: u64) {
        let (number, mark) = place_of(value);
        self.of(number).add(mark, n);
    }

    /// Adds values that lie between `min` and `max`; `is_safe` says that no count can overflow.
    pub(super) fn add_all<V: Copy + Into<i64>>(
        &mut self,
        values: &[V],
        (min, max): (i64, i64),
        is_safe: bool,
    ) {
        self.of(bucket_of(min));
        self.of(bucket_of(max));
        let (first, cells) = (self.first, &mut self.cells[..]);
        for &value in values {
            let (number, mark) = place_of(value.into());
            let cell = &mut cells[number - first];
            if is_safe {
                cell.add_safely(mark);
            } else {
                cell.add_one(mark);
            }
        }
    }

    /// Adds what another span holds.
    pub(super) fn merge<D: Count>(&mut self, other: &Span<D>) {
        for (number, cell) in (other.first..).zip(&other.cells).filter(|(_, cell)| !cell.is_empty()) {
            self.of(number).add(cell.mark, cell.count.into());
        }
    }
}
