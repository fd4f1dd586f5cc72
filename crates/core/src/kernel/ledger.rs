//! Tallies that are updated in batches.
//!
//! A run has hundreds of histograms. Updating one for every value would wait for memory each time. Values are therefore first noted beside
//! their tally, and entered once there are many, while the counts of the tally are in the cache. A tally does not depend on the order of
//! recording, so the result is the same to the bit.
//!
//! Owns the notes and the tallies during a run. Does not own what the tallies mean.

use super::tally::Tally;

/// Largest number of tallies that stay in the cache anyway. Up to this number, values are entered at once.
const FEW: usize = 64;
/// Largest number of values noted for all tallies together.
const NOTES: usize = 1 << 18;
/// Smallest and largest number of values noted per tally: enough that one cache line of counts serves several values.
const MANY: (usize, usize) = (64, 256);
/// Bits of a note, enough for 49 days in milliseconds. A longer value is rare and is entered at once.
const NOTE_BITS: u32 = u32::BITS;

/// The way in which values reach their tallies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Entry {
    /// At once.
    AtOnce,
    /// Noted first.
    Noted,
    /// Not at all.
    Never,
}

/// A set of tallies, numbered from 0, with what is noted for each.
#[derive(Debug, Clone)]
pub struct Ledger {
    tallies: Vec<Tally>,
    entry: Entry,
    /// The notes: an equal number of slots per tally, one tally after the other. Allocated as zeros, so that tallies without values take no
    /// memory.
    notes: Vec<u32>,
    many: usize,
    /// The number of notes per tally.
    n_noted: Vec<u32>,
}

impl Ledger {
    /// Creates `n_tallies` empty tallies.
    pub fn new(n_tallies: usize) -> Self {
        Self::with(n_tallies, if n_tallies > FEW { Entry::Noted } else { Entry::AtOnce })
    }

    /// Creates tallies that stay empty, for runs whose times are not reported.
    pub fn blank(n_tallies: usize) -> Self {
        Self::with(n_tallies, Entry::Never)
    }

    fn with(n_tallies: usize, entry: Entry) -> Self {
        let n_notes = if entry == Entry::Noted { n_tallies } else { 0 };
        let many = (NOTES / n_tallies.max(1)).next_power_of_two().clamp(MANY.0, MANY.1);
        Self {
            tallies: vec![Tally::new(); n_tallies],
            entry,
            notes: vec![0; n_notes * many],
            many,
            n_noted: vec![0; n_notes],
        }
    }

    /// Records a value in a tally. Panics, now or later, if it is negative, which is a caller's bug.
    #[inline]
    pub fn record(&mut self, tally: u32, value: i64) {
        match self.entry {
            Entry::Noted => self.note(tally, &[value]),
            Entry::AtOnce => self.tallies[tally as usize].record(value),
            Entry::Never => {}
        }
    }

    /// Records many values in a tally. Panics, now or later, if one is negative, which is a caller's bug.
    #[inline]
    pub fn record_all(&mut self, tally: u32, values: &[i64]) {
        match self.entry {
            Entry::Noted => self.note(tally, values),
            Entry::AtOnce => self.tallies[tally as usize].record_all(values),
            Entry::Never => {}
        }
    }

    /// Notes values for a tally, and enters its earlier notes first if there is no room.
    #[inline]
    fn note(&mut self, tally: u32, values: &[i64]) {
        let all = values.iter().fold(0, |all, value| all | value);
        if all as u64 >> NOTE_BITS > 0 || values.len() > self.many {
            self.tallies[tally as usize].record_all(values);
            return;
        }
        if self.n_noted[tally as usize] as usize + values.len() > self.many {
            self.enter(tally);
        }
        let n_noted = &mut self.n_noted[tally as usize];
        let from = tally as usize * self.many + *n_noted as usize;
        *n_noted += values.len() as u32;
        for (note, &value) in self.notes[from..from + values.len()].iter_mut().zip(values) {
            *note = value as u32;
        }
    }

    /// Records a value `n` times, at once. Panics if it is negative, which is a caller's bug.
    pub fn record_n(&mut self, tally: u32, value: i64, n: u64) {
        if self.entry != Entry::Never {
            self.tallies[tally as usize].record_n(value, n);
        }
    }

    /// Enters all notes and returns the tallies, in the order of their numbers.
    pub fn close(mut self) -> impl Iterator<Item = Tally> {
        for tally in 0..self.n_noted.len() as u32 {
            self.enter(tally);
        }
        self.tallies.into_iter()
    }

    /// Enters the notes of a tally.
    #[inline(never)]
    fn enter(&mut self, tally: u32) {
        let from = tally as usize * self.many;
        let n_noted = std::mem::take(&mut self.n_noted[tally as usize]) as usize;
        self.tallies[tally as usize].record_all(&self.notes[from..from + n_noted]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::random::{Key, Stream};

    #[test]
    fn a_ledger_holds_what_tallies_recorded_one_by_one_hold() {
        for n_tallies in [FEW as u64, 3 * FEW as u64] {
            check(n_tallies);
        }
    }

    fn check(n_tallies: u64) {
        let mut ledger = Ledger::new(n_tallies as usize);
        let mut plain = vec![Tally::new(); n_tallies as usize];
        let mut stream = Stream::new(Key::new(1, 2, 3, 4), 5, 6);
        for n in 0..3 * 100_000 + 17 {
            let word = stream.word();
            let tally = (word % n_tallies) as u32;
            // Values of all sizes, a few of them too large for a note.
            let value = (word >> (20 + n % 44)) as i64;
            ledger.record(tally, value);
            plain[tally as usize].record(value);
            if n % 1000 == 0 {
                ledger.record_n(tally, 7, n);
                plain[tally as usize].record_n(7, n);
            }
        }
        assert!(ledger.close().eq(plain));
    }

    #[test]
    fn an_empty_ledger_gives_empty_tallies() {
        assert!(Ledger::new(2).close().eq([Tally::new(), Tally::new()]));
    }

    #[test]
    fn a_blank_ledger_stays_empty() {
        for n_tallies in [2, 3 * FEW] {
            let mut ledger = Ledger::blank(n_tallies);
            ledger.record(0, 7);
            ledger.record_all(1, &[1, 1 << 40]);
            ledger.record_n(1, 7, 9);
            assert!(ledger.close().eq(vec![Tally::new(); n_tallies]));
        }
    }
}
