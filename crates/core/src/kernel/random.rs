//! Keyed random numbers: a draw is a pure function of (layout, seed, replication, purpose, owner, entity,
//! occurrence, attempt).
//!
//! Owns the key layout, the hash of names and the mixing. No state here outlives one variate, so neither the order in which a model draws
//! nor its other content can change a number. Does not own distributions (`law`), or the choice of purposes and entities, which is the
//! model's. Not for cryptography.
//!
//! # Layout 1
//!
//! A [`Key`] is two words, each a chain of `scramble` over seed, replication, purpose and owner with
//! constants of its own, so that two keys agree by chance only, one time in 2^128. A draw starts from
//! `(entity * odd) ^ key.a`; only if occurrence or attempt is not zero, two further rounds take in first the
//! one and then the other; two closing rounds, with `key.b` put in between them, give the word. Each round
//! (xor with the own upper bits, multiply by an odd number) can be undone. So, for one key, no two entities
//! share a word at the same occurrence and attempt; nor do two occurrences of an entity at the same attempt,
//! nor two attempts of an occurrence, except that (0, 0), which skips two rounds, may meet one of the others
//! by chance. The multipliers are those of David Stafford's thirteenth variant of the MurmurHash3 finaliser
//! (used by SplitMix64: Steele, Lea and Flood, 2014, doi:10.1145/2660193.2660195) and of Pelle Evensen's
//! `moremur` (2019); the tests beside this file judge the whole, not the parts.

#[cfg(test)]
mod tests;

use std::convert::Infallible;

use rand::TryRng;

/// Version of the key layout, stored with results: results of different layouts share no luck and are
/// compared unpaired.
///
/// Any change to a number this file produces raises it.
pub const KEY_LAYOUT: u32 = 1;

/// Weyl constant: the golden ratio's fraction times 2^64, odd.
const ENTITY: u64 = 0x9E37_79B9_7F4A_7C15;
/// Multipliers of G. Steele and S. Vigna, "Computationally easy, spectrally good multipliers", 2022
/// (doi:10.1002/spe.3030).
const OCCURRENCE: u64 = 0xD134_2543_DE82_EF95;
const ATTEMPT: u64 = 0xAF25_1AF3_B0F0_25B5;
const ROUND_1: u64 = 0xBF58_476D_1CE4_E5B9;
const ROUND_2: u64 = 0x94D0_49BB_1331_11EB;
const ROUND_3: u64 = 0x3C79_AC49_2BA7_B653;
const ROUND_4: u64 = 0x1C69_B3F7_4AC4_AE35;
/// Where the two chains of a key begin: the fractions of pi and of e.
const CHAIN_A: u64 = 0x243F_6A88_85A3_08D3;
const CHAIN_B: u64 = 0xB7E1_5162_8AED_2A6A;

/// Mixes one word thoroughly and reversibly (Evensen's `moremur`).
#[inline]
pub(crate) const fn scramble(mut z: u64) -> u64 {
    z = (z ^ (z >> 27)).wrapping_mul(ROUND_3);
    z = (z ^ (z >> 33)).wrapping_mul(ROUND_4);
    z ^ (z >> 27)
}

/// Hashes a name (UTF-8 bytes) to the word that a key takes: FNV-1a of 64 bits, then mixed with the length.
///
/// Written out here because std's hasher may change between releases. Used when a model is built, not in the
/// loop.
pub fn name_hash(name: &str) -> u64 {
    let fnv = name.bytes().fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
    });
    scramble(fnv ^ scramble((name.len() as u64).wrapping_mul(ENTITY)))
}

/// The part of a draw's inputs that is fixed for one purpose of one owner in one replication: sixteen bytes, made once and copied freely.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    a: u64,
    b: u64,
}

impl Key {
    /// Makes the key; `purpose` and `owner` are [`name_hash`] values of stable names, never declaration
    /// indices.
    pub fn new(seed: u64, replication: u64, purpose: u64, owner: u64) -> Self {
        let layout = u64::from(KEY_LAYOUT);
        let (mut a, mut b) = (scramble(CHAIN_A ^ layout), scramble(CHAIN_B ^ layout));
        for word in [seed, replication, purpose, owner] {
            a = scramble((a ^ word).wrapping_mul(ENTITY).wrapping_add(OCCURRENCE));
            b = scramble((b.rotate_left(32) ^ word).wrapping_mul(ATTEMPT).wrapping_add(ENTITY));
        }
        Self { a, b }
    }

    /// Returns 64 bits for an entity (numbered within its own flow or service), an occurrence and an attempt. The occurrence counts how
    /// often this purpose has come up for the entity, the attempt how many words this variate has used so far.
    #[inline]
    pub fn draw(self, entity: u64, occurrence: u64, attempt: u64) -> u64 {
        let mut z = entity.wrapping_mul(ENTITY) ^ self.a;
        if occurrence | attempt != 0 {
            z = (z ^ (z >> 32)).wrapping_mul(ROUND_3) ^ occurrence.wrapping_mul(OCCURRENCE);
            z = (z ^ (z >> 29)).wrapping_mul(ROUND_4) ^ attempt.wrapping_mul(ATTEMPT);
        }
        z = (z ^ (z >> 32)).wrapping_mul(ROUND_1) ^ self.b;
        z = (z ^ (z >> 29)).wrapping_mul(ROUND_2);
        z ^ (z >> 32)
    }
}

/// The words of one variate: one key, entity and occurrence, with the attempts counted.
///
/// Implements the traits of `rand`, so its whole toolbox works on it. The results of that toolbox may change between its releases, so the
/// simulation itself uses `law` alone.
#[derive(Clone, Debug)]
pub struct Stream {
    key: Key,
    entity: u64,
    occurrence: u64,
    attempt: u64,
}

impl Stream {
    /// Opens the stream of an entity's occurrence; costs nothing until a word is taken.
    #[inline]
    pub fn new(key: Key, entity: u64, occurrence: u64) -> Self {
        Self { key, entity, occurrence, attempt: 0 }
    }

    /// Takes the next word: `key.draw(entity, occurrence, attempt)` with attempt 0, 1, 2, ...
    #[inline]
    pub fn word(&mut self) -> u64 {
        let word = self.key.draw(self.entity, self.occurrence, self.attempt);
        self.attempt += 1;
        word
    }

    /// Takes one word and returns it as a number in the open interval (0, 1).
    ///
    /// The value is (k + 1/2) / 2^52 with k the word's upper 52 bits: an odd multiple of 2^-53, hence exact,
    /// never 0 nor 1, and as often u as 1 - u. (With 53 bits the half would be rounded away in the upper
    /// half, and 1 could be returned.)
    #[inline]
    pub fn uniform(&mut self) -> f64 {
        open_unit(self.word())
    }
}

#[inline]
fn open_unit(word: u64) -> f64 {
    // Below 2^53, so the signed conversion, a single instruction on most processors, is exact.
    const UNIT: f64 = 1.0 / (1_u64 << 53) as f64;
    ((word >> 11) | 1) as i64 as f64 * UNIT
}

impl TryRng for Stream {
    type Error = Infallible;

    /// Returns the upper half of the next word.
    #[inline]
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok((self.word() >> 32) as u32)
    }

    #[inline]
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.word())
    }

    /// Fills bytes from little-endian words; a partial chunk at the end takes a whole word.
    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for part in bytes.chunks_mut(8) {
            part.copy_from_slice(&self.word().to_le_bytes()[..part.len()]);
        }
        Ok(())
    }
}
