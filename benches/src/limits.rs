//! Ratios stored in a file, and the check of new ones against them.
//!
//! Seconds of another day or machine cannot be compared. The cost of the engine as a multiple of a program written by hand, in the same
//! run, can. Does not own the measuring (`contest`).

use std::collections::BTreeMap;

use crate::contest::Measured;

/// Largest accepted ratio of a new ratio to the stored one.
pub const TOLERANCE: f64 = 1.25;

/// Ratios by work and pair, such as `corridor engine/yardstick`.
pub type Ratios = BTreeMap<String, f64>;

/// Returns the ratios of one work, under names that begin with it.
pub fn ratios_of(work: &str, measured: &Measured) -> Ratios {
    measured.ratios().map(|(pair, spread)| (format!("{work} {pair}"), spread.median)).collect()
}

/// Returns one line per ratio that exceeds the stored one by more than the tolerance or cannot be compared, ordered by name.
pub fn complaints(stored: &Ratios, now: &Ratios) -> Vec<String> {
    let missing =
        now.keys().filter(|name| !stored.contains_key(*name)).map(|name| format!("{name}: not stored"));
    let worse = stored.iter().filter_map(|(name, &before)| match now.get(name) {
        None => Some(format!("{name}: stored, but no longer measured")),
        Some(&ratio) if ratio > before * TOLERANCE => Some(format!(
            "{name}: {ratio:.3} where {before:.3} is stored, more than {TOLERANCE} times as much"
        )),
        Some(_) => None,
    });
    missing.chain(worse).collect()
}

/// Reads the text of a file of ratios.
///
/// # Errors
///
/// If it is not an object of numbers.
pub fn read(text: &str) -> Result<Ratios, serde_json::Error> {
    serde_json::from_str(text)
}

/// Returns the text of a file of ratios, to three decimals, one a line.
pub fn write(ratios: &Ratios) -> String {
    let lines: Vec<String> = ratios.iter().map(|(name, ratio)| format!("  \"{name}\": {ratio:.3}")).collect();
    format!("{{\n{}\n}}\n", lines.join(",\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_much_worse_is_complained_of() {
        let ratios = |entries: &[(&str, f64)]| -> Ratios {
            entries.iter().map(|&(name, ratio)| (name.to_owned(), ratio)).collect()
        };
        let stored = ratios(&[("a", 1.0), ("b", 2.0), ("c", 1.0)]);
        assert_eq!(read(&write(&stored)).expect("what was written"), stored);
        assert!(complaints(&stored, &ratios(&[("a", 1.24), ("b", 0.5), ("c", 1.0)])).is_empty());
        assert_eq!(
            complaints(&stored, &ratios(&[("a", 1.26), ("b", 2.0), ("d", 1.0)])),
            [
                "d: not stored",
                "a: 1.260 where 1.000 is stored, more than 1.25 times as much",
                "c: stored, but no longer measured"
            ]
        );
    }
}
