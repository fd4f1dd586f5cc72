//! A list of single values, used while there are few of them.

/// An unordered list of values. Those below 2^32 (in milliseconds, 49 days) take four bytes, and nearly all are.
#[derive(Clone, Debug)]
pub(super) struct List {
    short: Vec<u32>,
    long: Vec<i64>,
}

impl List {
    /// Makes an empty list; allocates nothing.
    pub(super) const fn new() -> Self {
        Self { short: Vec::new(), long: Vec::new() }
    }

    /// Returns the number of values.
    pub(super) fn len(&self) -> usize {
        self.short.len() + self.long.len()
    }

    /// Adds a value `n` times.
    pub(super) fn add(&mut self, value: i64, n: usize) {
        match u32::try_from(value) {
            Ok(short) => self.short.extend(std::iter::repeat_n(short, n)),
            Err(_) => self.long.extend(std::iter::repeat_n(value, n)),
        }
    }

    /// Adds values between 0 and `max`.
    pub(super) fn add_all<V: Copy + Into<i64>>(&mut self, values: &[V], max: i64) {
        if u32::try_from(max).is_ok() {
            self.short.extend(values.iter().map(|&value| value.into() as u32));
        } else {
            for &value in values {
                self.add(value.into(), 1);
            }
        }
    }

    /// Adds the values of another list.
    pub(super) fn merge(&mut self, other: &Self) {
        self.short.extend(&other.short);
        self.long.extend(&other.long);
    }

    /// Returns all values.
    pub(super) fn iter(&self) -> impl Iterator<Item = i64> {
        self.short.iter().map(|&value| value.into()).chain(self.long.iter().copied())
    }

    /// Returns all values in one vector.
    pub(super) fn values(&self) -> Vec<i64> {
        self.iter().collect()
    }
}
