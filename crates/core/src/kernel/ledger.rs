//! Tallies that are written in batches.
//!
//! A run has hundreds of histograms, and each value lands somewhere else: writing every value at once waits for the
//! memory each time. So values are first noted in a log, one after the other, and when the log is full they are sorted by
//! tally and entered, tally by tally, while its counts are at hand. Tallies do not depend on the order of recording, so
//! what comes out is the same to the bit.
//!
//! Owns the log and the tallies while a run lasts. Does not own what the tallies mean.

use super::tally::Tally;

/// So many tallies stay at hand by themselves: their values are entered at once.
const FEW: usize = 64;
/// Values that the log of more holds: hundreds for each tally, so that a line of its counts is fetched once for several. The log
/// itself is written and read in order, which costs little.
const LENGTH: usize = 1 << 19;
/// Bits of a logged word that hold the value: up to 34 years of milliseconds. Larger ones are entered at once.
const VALUE_BITS: u32 = 40;

/// A set of tallies, numbered from 0, behind one log.
#[derive(Debug, Clone)]
pub struct Ledger {
    tallies: Vec<Tally>,
    /// Whether values go through the log.
    is_logged: bool,
    /// Tally and value of each note, in one word.
    log: Vec<u64>,
    /// Work space: the log in the order of tallies, and where each tally's values begin in it.
    sorted: Vec<i64>,
    begins: Vec<u32>,
}

impl Ledger {
    /// Makes so many empty tallies.
    ///
    /// # Panics
    ///
    /// If there are 2^24 or more.
    pub fn new(n_tallies: usize) -> Self {
        assert!(n_tallies < 1 << (u64::BITS - VALUE_BITS), "a ledger numbers its tallies in 24 bits");
        let is_logged = n_tallies > FEW;
        let length = if is_logged { LENGTH } else { 0 };
        Self {
            tallies: vec![Tally::new(); n_tallies],
            is_logged,
            log: Vec::with_capacity(length),
            sorted: vec![0; length],
            begins: vec![0; n_tallies + 1],
        }
    }

    /// Records a value in a tally. Panics, now or later, if it is negative, which is a caller's bug.
    #[inline]
    pub fn record(&mut self, tally: u32, value: i64) {
        if self.is_logged {
            self.note(tally, &[value]);
        } else {
            self.tallies[tally as usize].record(value);
        }
    }

    /// Records many values in a tally. Panics, now or later, if one is negative, which is a caller's bug.
    #[inline]
    pub fn record_all(&mut self, tally: u32, values: &[i64]) {
        if self.is_logged {
            self.note(tally, values);
        } else {
            self.tallies[tally as usize].record_all(values);
        }
    }

    /// Puts values into the log; all at once where it has room for all.
    #[inline]
    fn note(&mut self, tally: u32, values: &[i64]) {
        let all = values.iter().fold(0, |all, value| all | value);
        if all as u64 >> VALUE_BITS == 0 && values.len() < LENGTH - self.log.len() {
            self.log.extend(values.iter().map(|&value| u64::from(tally) << VALUE_BITS | value as u64));
        } else {
            self.note_one_by_one(tally, values);
        }
    }

    #[cold]
    #[inline(never)]
    fn note_one_by_one(&mut self, tally: u32, values: &[i64]) {
        for &value in values {
            if value as u64 >> VALUE_BITS > 0 {
                self.record_n(tally, value, 1);
                continue;
            }
            self.log.push(u64::from(tally) << VALUE_BITS | value as u64);
            if self.log.len() == LENGTH {
                self.enter();
            }
        }
    }

    /// Records a value `n` times, without the log. Panics if it is negative, which is a caller's bug.
    pub fn record_n(&mut self, tally: u32, value: i64, n: u64) {
        self.tallies[tally as usize].record_n(value, n);
    }

    /// Enters all that was noted and gives the tallies back, in the order of their numbers.
    pub fn close(mut self) -> impl Iterator<Item = Tally> {
        self.enter();
        self.tallies.into_iter()
    }

    /// Enters what the log holds, and empties it.
    #[inline(never)]
    fn enter(&mut self) {
        // A counting sort: one pass to count, one to place.
        self.begins.fill(0);
        for word in &self.log {
            self.begins[(word >> VALUE_BITS) as usize + 1] += 1;
        }
        let mut begin = 0;
        for place in &mut self.begins {
            begin += *place;
            *place = begin;
        }
        for &word in &self.log {
            let place = &mut self.begins[(word >> VALUE_BITS) as usize];
            self.sorted[*place as usize] = (word & ((1 << VALUE_BITS) - 1)) as i64;
            *place += 1;
        }
        // Each begin has moved on to the next tally's.
        let mut begin = 0;
        for (tally, &end) in self.tallies.iter_mut().zip(&self.begins) {
            tally.record_all(&self.sorted[begin as usize..end as usize]);
            begin = end;
        }
        self.log.clear();
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
        for n in 0..3 * LENGTH as u64 + 17 {
            let word = stream.word();
            let tally = (word % n_tallies) as u32;
            // Of all sizes, now and then too large for the log.
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
}
