//! Tests of the keyed random numbers: what they are (golden values, computed by a second program; streams;
//! `rand`) and how random they look.
//!
//! The statistical tests turn every statistic into a standard normal one, z. With the keys fixed here they
//! are deterministic; the false-alarm rate is what a change of layout faces. Each states its own; all
//! together stay below 1e-6.

use std::collections::BTreeSet;

use proptest::prelude::*;
use rand::{Rng, RngExt};

use super::*;

/// Words drawn from each source of the battery.
const N: usize = 1 << 17;
/// Two-sided tail of a normal variate beyond 6.2: 6e-10.
const LIMIT: f64 = 6.2;

fn key() -> Key {
    Key::new(20_261_123, 0, name_hash("rail handling"), name_hash("Wuhan - Duisburg"))
}

#[test]
fn draws_are_these() {
    let key = key();
    let places = [
        (0, 0, 0),
        (1, 0, 0),
        (2, 0, 0),
        (1, 1, 0),
        (1, 0, 1),
        (1 << 40, 7, 3),
        (u64::MAX, u64::MAX, u64::MAX),
    ];
    let words = places.map(|(entity, occurrence, attempt)| key.draw(entity, occurrence, attempt));
    assert_eq!((key.a, key.b, KEY_LAYOUT), (0xBBF6_C920_B013_89D1, 0x175C_A8A8_D581_15BC, 1));
    assert_eq!(
        words,
        [
            0xAE5B_FF24_DF42_237B,
            0x880A_2B69_B34A_7D7F,
            0x1697_621E_BC43_85E8,
            0x586D_075D_F26E_32FB,
            0xC826_FD06_E634_3DA1,
            0x6810_0661_5698_0886,
            0x2810_5048_9B33_A5B9
        ]
    );
}

#[test]
fn name_hashes_are_these() {
    let hashes = ["", "a", "rail handling", "武汉"].map(name_hash);
    assert_eq!(
        hashes,
        [0x12F0_2ED4_A4AA_4DC8, 0x75B5_57B0_F7B3_5ED8, 0x709E_015A_C4BB_BC33, 0xDC64_9191_DB3B_7076]
    );
}

#[test]
fn no_two_of_many_similar_names_share_a_hash() {
    let names = (0..50_000)
        .flat_map(|i| [format!("flow {i}"), format!("{i}"), format!("flow_{i:05}"), format!("x{i}y")]);
    let names: BTreeSet<String> = names.collect();
    let hashes: BTreeSet<u64> = names.iter().map(|name| name_hash(name)).collect();
    // Chance of a collision of random words: 200,000^2 / 2^65 = 1e-9.
    assert_eq!(hashes.len(), names.len());
}

#[test]
fn every_part_of_the_key_matters_and_so_does_its_place() {
    let words = [0, 1, 2, u64::MAX];
    let mut keys = BTreeSet::new();
    for (seed, replication) in words.into_iter().flat_map(|a| words.map(|b| (a, b))) {
        for (purpose, owner) in words.into_iter().flat_map(|a| words.map(|b| (a, b))) {
            let key = Key::new(seed, replication, purpose, owner);
            keys.insert(key.a);
            keys.insert(key.b);
        }
    }
    assert_eq!(keys.len(), 2 * 256);
}

#[test]
fn uniform_numbers_are_odd_multiples_inside_the_open_interval() {
    let smallest = 1.0 / (1_u64 << 53) as f64;
    assert_eq!(open_unit(0).to_bits(), smallest.to_bits());
    assert_eq!(open_unit(u64::MAX).to_bits(), (1.0 - smallest).to_bits());
    // Symmetric: the complement of the word gives one minus the number, exactly.
    for word in (0..1000).map(|entity| key().draw(entity, 0, 0)) {
        assert_eq!(open_unit(!word).to_bits(), (1.0 - open_unit(word)).to_bits());
    }
}

#[test]
fn rands_tools_work_on_a_stream() {
    let mut stream = Stream::new(key(), 3, 0);
    let words = [stream.next_u64(), u64::from(stream.next_u32())];
    assert_eq!(words, [key().draw(3, 0, 0), key().draw(3, 0, 1) >> 32]);
    assert!((1..=6).contains(&stream.random_range(1..=6)));
    let share: f64 = stream.random();
    assert!((0.0..1.0).contains(&share));
    let mut bytes = [0; 11];
    let mut stream = Stream::new(key(), 3, 0);
    stream.fill_bytes(&mut bytes);
    assert_eq!(bytes[..8], key().draw(3, 0, 0).to_le_bytes());
    assert_eq!(bytes[8..], key().draw(3, 0, 1).to_le_bytes()[..3]);
}

proptest! {
    #[test]
    fn a_stream_counts_its_attempts(seed: u64, entity: u64, occurrence: u64) {
        let key = Key::new(seed, 1, 2, 3);
        let mut stream = Stream::new(key, entity, occurrence);
        for attempt in 0..5 {
            prop_assert_eq!(stream.word(), key.draw(entity, occurrence, attempt));
        }
    }

    #[test]
    fn no_two_neighbours_share_a_word(seed: u64, base: u64, other: u64) {
        let key = Key::new(seed, 0, 0, 0);
        let along_entity: BTreeSet<u64> = (0..50).map(|i| key.draw(base.wrapping_add(i), other, 0)).collect();
        let along_attempt: BTreeSet<u64> = (0..50).map(|i| key.draw(other, 0, base.wrapping_add(i))).collect();
        let along_occurrence: BTreeSet<u64> = (0..50).map(|i| key.draw(other, base.wrapping_add(i), 0)).collect();
        prop_assert_eq!((along_entity.len(), along_attempt.len(), along_occurrence.len()), (50, 50, 50));
    }
}

/// Returns the chi-square of counts against equal expectations, as a standard normal variate (Wilson and Hilferty, 1931).
fn chi_square_z(counts: &[u32]) -> f64 {
    let total: f64 = counts.iter().map(|&n| f64::from(n)).sum();
    let expected = total / counts.len() as f64;
    assert!(expected >= 20.0, "too few for the approximation");
    let sum: f64 =
        counts.iter().map(|&n| (f64::from(n) - expected) * (f64::from(n) - expected) / expected).sum();
    let freedom = (counts.len() - 1) as f64;
    let spread = 2.0 / (9.0 * freedom);
    (libm::cbrt(sum / freedom) - (1.0 - spread)) / spread.sqrt()
}

fn counted(n_cells: usize, cells: impl Iterator<Item = u64>) -> Vec<u32> {
    let mut counts = vec![0; n_cells];
    cells.for_each(|cell| counts[cell as usize] += 1);
    counts
}

/// Returns the sum of products of two standardised sequences, standardised.
fn correlation_z(pairs: impl Iterator<Item = (f64, f64)>) -> f64 {
    let (mut sum, mut n) = (0.0, 0.0_f64);
    for (x, y) in pairs {
        sum += x * y;
        n += 1.0;
    }
    sum / n.sqrt()
}

fn standardised(word: u64) -> f64 {
    (open_unit(word) - 0.5) * 12.0_f64.sqrt()
}

/// Returns the number of bits set, standardised: mean 32, variance 16.
fn weight(word: u64) -> f64 {
    (f64::from(word.count_ones()) - 32.0) / 4.0
}

/// Returns the statistic of runs of equal bits (Wald and Wolfowitz): changes between neighbours, each with probability one half.
fn runs_z(bits: impl Iterator<Item = bool> + Clone) -> f64 {
    let (mut changes, mut n) = (0.0, 0.0_f64);
    for (bit, next) in bits.clone().zip(bits.skip(1)) {
        changes += f64::from(u8::from(bit != next));
        n += 1.0;
    }
    (2.0 * changes - n) / n.sqrt()
}

/// Returns the statistic of birthday spacings (Marsaglia): among 4096 days of 2^32, equal spacings are Poisson with mean 4096^3 / 2^34 = 4;
/// summed over the blocks and made normal by the square root.
fn birthday_z(days: &[u64]) -> f64 {
    let blocks = days.chunks_exact(4096);
    let mean = 4.0 * blocks.len() as f64;
    let repeats: usize = blocks
        .map(|block| {
            let mut days = block.to_vec();
            days.sort_unstable();
            let mut spacings: Vec<u64> = days.windows(2).map(|pair| pair[1] - pair[0]).collect();
            spacings.sort_unstable();
            spacings.windows(2).filter(|pair| pair[0] == pair[1]).count()
        })
        .sum();
    2.0 * ((repeats as f64 + 0.375).sqrt() - mean.sqrt())
}

/// The i-th word of a sequence.
type Source<'a> = Box<dyn Fn(u64) -> u64 + 'a>;

/// Returns all statistics of one sequence of words, with their names.
fn battery(words: &[u64]) -> Vec<(String, f64)> {
    let mut found = Vec::new();
    let mut add = |name: String, z: f64| found.push((name, z));
    for byte in 0..8 {
        let counts = counted(256, words.iter().map(|word| (word >> (8 * byte)) & 255));
        add(format!("byte {byte}"), chi_square_z(&counts));
    }
    for (name, shift) in [("top", 52), ("low", 0)] {
        let counts = counted(4096, words.iter().map(|word| (word >> shift) & 4095));
        add(format!("{name} 12 bits"), chi_square_z(&counts));
    }
    for (name, shift) in [("top", 59), ("low", 0)] {
        let pairs = words.windows(2).map(|pair| ((pair[0] >> shift) & 31) << 5 | (pair[1] >> shift) & 31);
        add(format!("{name} 5 bits in pairs"), chi_square_z(&counted(1024, pairs)));
        let days: Vec<u64> = words.iter().map(|word| (word >> (shift / 59 * 32)) & 0xFFFF_FFFF).collect();
        add(format!("birthday spacings of the {name} half"), birthday_z(&days));
    }
    for bit in [0, 1, 31, 32, 62, 63] {
        add(format!("runs of bit {bit}"), runs_z(words.iter().map(|word| word >> bit & 1 == 1)));
    }
    for lag in [1, 2, 3, 4, 8, 16, 64, 256, 1024] {
        let pairs = || words.iter().zip(&words[lag..]);
        add(
            format!("correlation at lag {lag}"),
            correlation_z(pairs().map(|(&x, &y)| (standardised(x), standardised(y)))),
        );
        add(format!("weights at lag {lag}"), correlation_z(pairs().map(|(&x, &y)| (weight(x), weight(y)))));
    }
    add("mean".into(), correlation_z(words.iter().map(|&word| (standardised(word), 1.0))));
    add("weight".into(), correlation_z(words.iter().map(|&word| (weight(word), 1.0))));
    found
}

/// Sees: a cell of a byte off by 27 % or all of them by 3 %, a correlation of 0.017.
///
/// False alarms: 19 sources, 38 statistics each, 6e-10 apiece: 5e-7.
#[test]
fn words_pass_the_battery_from_every_side() {
    let k = key();
    let replications: Vec<Key> =
        (0..1024).map(|r| Key::new(1, r, name_hash("dwell"), name_hash("A"))).collect();
    let sources: Vec<(&str, Source)> = vec![
        ("entities", Box::new(|i| k.draw(i, 0, 0))),
        ("entities from 2^32", Box::new(|i| k.draw(i + (1 << 32), 0, 0))),
        ("every 1024th entity", Box::new(|i| k.draw(i << 10, 0, 0))),
        ("entities in the upper bits", Box::new(|i| k.draw(i << 44, 0, 0))),
        ("entities in Gray code", Box::new(|i| k.draw(i ^ (i >> 1), 0, 0))),
        ("occurrences", Box::new(|i| k.draw(5, i, 0))),
        ("occurrences in the upper bits", Box::new(|i| k.draw(5, i << 40, 0))),
        ("attempts", Box::new(|i| k.draw(5, 0, i))),
        ("attempts of a late occurrence", Box::new(|i| k.draw(5, 1000, i))),
        ("two attempts of each entity", Box::new(|i| k.draw(i >> 1, 0, i & 1))),
        ("four occurrences of each entity", Box::new(|i| k.draw(i >> 2, i & 3, 0))),
        ("a cube of all three", Box::new(|i| k.draw(i >> 8, (i >> 4) & 15, i & 15))),
        ("a diagonal", Box::new(|i| k.draw(i, i, i))),
        ("three replications in turn", Box::new(|i| replications[(i % 3) as usize].draw(i / 3, 0, 0))),
        ("1024 replications in turn", Box::new(|i| replications[(i % 1024) as usize].draw(i >> 10, 0, 0))),
        ("replications", Box::new(|i| Key::new(1, i, 2, 3).draw(0, 0, 0))),
        ("seeds", Box::new(|i| Key::new(i, 0, 2, 3).draw(0, 0, 0))),
        ("owners", Box::new(|i| Key::new(1, 0, 2, name_hash(&format!("flow {i}"))).draw(1, 0, 0))),
        ("purposes", Box::new(|i| Key::new(1, 0, name_hash(&format!("{i}")), 3).draw(1, 0, 0))),
    ];
    for (source, word) in &sources {
        let words: Vec<u64> = (0..N as u64).map(word).collect();
        for (statistic, z) in battery(&words) {
            assert!(z.abs() < LIMIT, "{source}: {statistic}: z = {z:.2}");
        }
    }
}

/// Sees: a correlation of 0.017 between streams, or pairs that avoid a cell of 32 x 32.
///
/// False alarms: 10 pairs, 3 statistics, 6e-10 apiece: 2e-8.
#[test]
fn streams_of_neighbouring_keys_are_independent() {
    let of = |seed, replication, purpose: &str, owner: &str| {
        Key::new(seed, replication, name_hash(purpose), name_hash(owner))
    };
    let base = of(1, 0, "dwell", "A");
    let pairs = [
        ("replications 0 and 1", of(1, 1, "dwell", "A")),
        ("replications 0 and 2", of(1, 2, "dwell", "A")),
        ("replications 0 and 2^63", of(1, 1 << 63, "dwell", "A")),
        ("seeds 1 and 0", of(0, 0, "dwell", "A")),
        ("seeds 1 and 2", of(2, 0, "dwell", "A")),
        ("seed and replication swapped", of(0, 1, "dwell", "A")),
        ("owners A and B", of(1, 0, "dwell", "B")),
        ("owners A and AA", of(1, 0, "dwell", "AA")),
        ("purposes dwell and dwell2", of(1, 0, "dwell2", "A")),
        ("purpose and owner swapped", of(1, 0, "A", "dwell")),
    ];
    for (name, other) in pairs {
        let words = || (0..N as u64).map(|entity| (base.draw(entity, 0, 0), other.draw(entity, 0, 0)));
        let statistics = [
            ("correlation", correlation_z(words().map(|(x, y)| (standardised(x), standardised(y))))),
            ("weights", correlation_z(words().map(|(x, y)| (weight(x), weight(y))))),
            ("pairs", chi_square_z(&counted(1024, words().map(|(x, y)| (x >> 59) << 5 | y >> 59)))),
        ];
        for (statistic, z) in statistics {
            assert!(z.abs() < LIMIT, "{name}: {statistic}: z = {z:.2}");
        }
    }
}

/// Flipping any bit of any input flips every bit of the word half of the time.
///
/// Sees: a chance outside 0.44..0.56. False alarms: 7 inputs x 64 x 64 comparisons at 7.5 standard
/// deviations, by Hoeffding's inequality at most 2 exp(-7.5^2 / 2) = 1.2e-12 apiece: 4e-8.
#[test]
fn every_input_bit_flips_half_of_the_word() {
    const TRIES: u32 = 4096;
    let word = |x: [u64; 7]| Key::new(x[0], x[1], x[2], x[3]).draw(x[4], x[5], x[6]);
    let names = ["seed", "replication", "purpose", "owner", "entity", "occurrence", "attempt"];
    for (input, name) in names.iter().enumerate() {
        for bit in 0..64 {
            let mut flips = [0_u32; 64];
            for i in 0..u64::from(TRIES) {
                // Small numbers, as in use; occurrence and attempt are zero for the most part.
                let mut x = [i / 64, i % 64, i / 7, i / 3, i, (i % 5 + 5) / 9, (i % 7 + 7) / 13];
                let before = word(x);
                x[input] ^= 1 << bit;
                let flipped = before ^ word(x);
                for (place, count) in flips.iter_mut().enumerate() {
                    *count += (flipped >> place & 1) as u32;
                }
            }
            for (place, &count) in flips.iter().enumerate() {
                let z = (f64::from(count) - f64::from(TRIES) / 2.0) / (f64::from(TRIES) / 4.0).sqrt();
                assert!(z.abs() < 7.5, "bit {bit} of {name} on bit {place}: flipped {count} of {TRIES}");
            }
        }
    }
}
