//! A source of choices for generators of scenarios: the same number always throws the same.
//!
//! Does not own the scenarios (`world`).

/// Throws made of one number.
pub(crate) struct Dice(u64);

impl Dice {
    /// Of a number; neighbouring numbers throw independently (splitmix64).
    pub(crate) fn new(number: u64) -> Self {
        Self(number.wrapping_mul(0xD134_2543_DE82_EF95).wrapping_add(1))
    }

    fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let word = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        word ^ (word >> 31)
    }

    /// A whole number from a range, both ends included.
    pub(crate) fn whole(&mut self, from: u64, to: u64) -> u64 {
        from + self.word() % (to - from + 1)
    }

    /// True so many times of a hundred.
    pub(crate) fn percent(&mut self, percent: u64) -> bool {
        self.word() % 100 < percent
    }

    /// One of several.
    pub(crate) fn one<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[self.word() as usize % of.len()]
    }

    /// A text, or none, so many times of a hundred.
    pub(crate) fn maybe(&mut self, percent: u64, text: impl FnOnce(&mut Self) -> String) -> String {
        if self.percent(percent) { text(self) } else { String::new() }
    }
}
