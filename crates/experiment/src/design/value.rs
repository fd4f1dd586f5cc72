//! One value of a varied parameter as a number with a unit, and exact steps between two of them.
//!
//! Owns the arithmetic on texts such as `2h` and `0.15`. Does not own what a parameter accepts: every value is typed by the scenario
//! language like any other.

use std::fmt::Display;

use sanda_units::{Duration, Mass, Quantity, Teu, parse_quantity, split_number};

/// Decimal places that a written number may have.
const MOST_PLACES: u32 = 9;

/// A decimal number, exact: `digits` over ten to the power of `places`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Decimal {
    digits: i128,
    places: u32,
}

impl Decimal {
    /// Reads digits with an optional sign and point. Exponents and underscores are for files.
    fn read(text: &str) -> Option<Self> {
        let (unsigned, sign) = match text.strip_prefix('-') {
            Some(unsigned) => (unsigned, -1),
            None => (text, 1),
        };
        let (whole, part) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let is_sound = !whole.is_empty() && whole.len() <= 18 && part.len() <= MOST_PLACES as usize;
        if !is_sound || !is_digits(whole) || !is_digits(part) || unsigned.ends_with('.') {
            return None;
        }
        let digits: i128 = format!("{whole}{part}").parse().ok()?;
        Some(Self { digits: sign * digits, places: part.len() as u32 })
    }

    fn with_places(self, places: u32) -> i128 {
        self.digits * 10_i128.pow(places.saturating_sub(self.places))
    }

    pub(super) fn as_f64(self) -> f64 {
        // The nearest double of the text, so that equal texts are equal numbers.
        self.to_string().parse().unwrap_or(f64::NAN)
    }

    fn rounded(value: f64, places: u32) -> Self {
        let scale = (0..places).fold(1.0, |scale, _| scale * 10.0);
        Self { digits: (value * scale).round() as i128, places }
    }
}

impl Display for Decimal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let scale = 10_i128.pow(self.places);
        let sign = if self.digits < 0 { "-" } else { "" };
        let (whole, part) = (self.digits.abs() / scale, self.digits.abs() % scale);
        let part = format!("{part:0width$}", width = self.places as usize);
        let part = part.trim_end_matches('0');
        if self.places == 0 || part.is_empty() {
            write!(f, "{sign}{whole}")
        } else {
            write!(f, "{sign}{whole}.{part}")
        }
    }
}

/// A number with what follows it, blanks included: `1.5 h`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) number: Decimal,
    /// Blank before the unit, and the unit.
    suffix: String,
}

impl Written {
    /// Reads a number alone or with one unit; `None` for words, dates, and quantities of several parts.
    pub(super) fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let (number, unit) = match text.strip_suffix('%') {
            Some(number) => (number.trim_end(), "%"),
            None => split_number(text),
        };
        let is_unit = unit.is_empty()
            || unit == "%"
            || unit.starts_with(char::is_alphabetic)
                && !unit.contains(|c: char| c.is_ascii_digit() || c == ':');
        let number = Decimal::read(number).filter(|_| is_unit)?;
        let gap = if text.contains(' ') && !unit.is_empty() { " " } else { "" };
        Some(Self { number, suffix: format!("{gap}{unit}") })
    }

    /// The unit; empty for a plain number.
    pub(super) fn unit(&self) -> &str {
        self.suffix.trim_start()
    }

    /// Whether it is a plain number without a point: one that may have to be whole.
    fn is_whole(&self) -> bool {
        self.suffix.is_empty() && self.number.places == 0
    }

    fn text(&self, number: Decimal) -> String {
        format!("{number}{}", self.suffix)
    }
}

/// The ends of a range, with exact arithmetic between them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ends {
    low: Written,
    high: Written,
    /// How the texts of values in base units are made, where the ends have different units.
    spelling: Spelling,
}

/// How a number becomes the text of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Spelling {
    /// With the unit of the low end.
    Own,
    Duration,
    Teu,
    Mass,
}

impl Ends {
    /// Reads both ends; `None` where they are not numbers of one kind.
    pub(super) fn read(low: &str, high: &str) -> Option<Self> {
        if let (Some(low), Some(high)) = (Written::read(low), Written::read(high))
            && low.unit() == high.unit()
        {
            return Some(Self { low, high, spelling: Spelling::Own });
        }
        let base = |spelling| {
            let [low, high] = [low, high].map(|text| in_base_units(text, spelling));
            let written = |number: i64| Written {
                number: Decimal { digits: i128::from(number), places: 0 },
                suffix: String::new(),
            };
            Some(Self { low: written(low?), high: written(high?), spelling })
        };
        [Spelling::Duration, Spelling::Teu, Spelling::Mass].into_iter().find_map(base)
    }

    /// Whether the low end is not below the high one.
    pub(super) fn are_turned(&self) -> bool {
        let places = self.places();
        self.low.number.with_places(places) >= self.high.number.with_places(places)
    }

    fn places(&self) -> u32 {
        self.low.number.places.max(self.high.number.places)
    }

    fn spell(&self, number: Decimal) -> String {
        let base = || i64::try_from(number.digits / 10_i128.pow(number.places)).unwrap_or(i64::MAX);
        match self.spelling {
            Spelling::Own => self.low.text(number),
            Spelling::Duration => Duration::from_base(base()).to_string(),
            Spelling::Teu => Teu::from_base(base()).to_string(),
            Spelling::Mass => Mass::from_base(base()).to_string(),
        }
    }

    /// The values from the low end on in steps, as far as the high end; at most `most` and one more. `None` where the step is not a
    /// positive number of this kind.
    pub(super) fn steps(&self, step: &str, most: usize) -> Option<Vec<String>> {
        let own = Written::read(step);
        let (ends, step) = match own {
            Some(step) if self.spelling == Spelling::Own && step.unit() == self.low.unit() => {
                (self.clone(), step.number)
            }
            _ if self.spelling == Spelling::Own => {
                // The step has another unit than the ends: all are taken in base units.
                let base = |spelling| {
                    let of = |written: &Written| in_base_units(&written.text(written.number), spelling);
                    let texts = [of(&self.low)?, of(&self.high)?];
                    let step = in_base_units(step, spelling)?;
                    let [low, high] = texts.map(|number| Written {
                        number: Decimal { digits: i128::from(number), places: 0 },
                        suffix: String::new(),
                    });
                    let step = Decimal { digits: i128::from(step), places: 0 };
                    Some((Self { low, high, spelling }, step))
                };
                [Spelling::Duration, Spelling::Teu, Spelling::Mass].into_iter().find_map(base)?
            }
            _ => {
                let step = in_base_units(step, self.spelling)?;
                (self.clone(), Decimal { digits: i128::from(step), places: 0 })
            }
        };
        let places = ends.places().max(step.places);
        let (low, high) = (ends.low.number.with_places(places), ends.high.number.with_places(places));
        let step = step.with_places(places);
        if step <= 0 {
            return None;
        }
        let values = (0..=most as i128).map(|n| low + n * step).take_while(|&value| value <= high);
        Some(values.map(|digits| ends.spell(Decimal { digits, places })).collect())
    }

    /// `n` values at equal distances, both ends among them; of one, the low end.
    pub(super) fn evenly(&self, n: usize) -> Vec<String> {
        let places = if self.spelling == Spelling::Own { MOST_PLACES } else { 0 };
        let (low, high) = (self.low.number.with_places(places), self.high.number.with_places(places));
        let gaps = (n as i128 - 1).max(1);
        (0..n as i128)
            .map(|at| {
                // Rounded to the nearest: halves upwards.
                let digits = (2 * (low * gaps + (high - low) * at) + gaps).div_euclid(2 * gaps);
                self.spell(Decimal { digits, places })
            })
            .collect()
    }

    /// The value at `u` between 0 and 1. Between whole plain ends it is whole, each with the same chance; otherwise it has as many digits
    /// as tell a thousandth of the range.
    pub(super) fn at(&self, u: f64) -> String {
        let (low, high) = (self.low.number, self.high.number);
        if self.low.is_whole() && self.high.is_whole() {
            let digits = low.digits + ((high.digits - low.digits + 1) as f64 * u) as i128;
            return self.spell(Decimal { digits: digits.min(high.digits), places: 0 });
        }
        let range = high.as_f64() - low.as_f64();
        let mut places = self.places();
        let mut unit = (0..places).fold(1.0, |unit, _| unit / 10.0);
        while unit > range / 999.0 && places < MOST_PLACES {
            places += 1;
            unit /= 10.0;
        }
        self.spell(Decimal::rounded(low.as_f64() + range * u, places))
    }
}

fn in_base_units(text: &str, spelling: Spelling) -> Option<i64> {
    match spelling {
        Spelling::Own => None,
        Spelling::Duration => parse_quantity::<Duration>(text).ok().map(Quantity::base),
        Spelling::Teu => parse_quantity::<Teu>(text).ok().map(Quantity::base),
        Spelling::Mass => parse_quantity::<Mass>(text).ok().map(Quantity::base),
    }
}

/// The numbers of several values, and their unit: that which all have, hours for durations in different ones. `None` for words.
pub(super) fn scale(values: &[&str]) -> Option<(String, Vec<f64>)> {
    let written: Option<Vec<Written>> = values.iter().map(|text| Written::read(text)).collect();
    if let Some(written) = written
        && let Some(first) = written.first()
        && written.iter().all(|one| one.unit() == first.unit())
    {
        return Some((first.unit().to_owned(), written.iter().map(|one| one.number.as_f64()).collect()));
    }
    let hours = |text: &&str| parse_quantity::<Duration>(text).ok().map(Duration::as_hours_f64);
    let hours: Option<Vec<f64>> = values.iter().map(hours).collect();
    hours.map(|hours| ("h".to_owned(), hours))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends(low: &str, high: &str) -> Ends {
        Ends::read(low, high).unwrap_or_else(|| panic!("{low}..{high}"))
    }

    #[test]
    fn steps_are_exact() {
        let check = |low: &str, high: &str, step: &str, expected: &[&str]| {
            assert_eq!(
                ends(low, high).steps(step, 99).unwrap_or_default(),
                expected,
                "{low}..{high} step {step}"
            );
        };
        check("2h", "8h", "2h", &["2h", "4h", "6h", "8h"]);
        check("0", "0.3", "0.1", &["0", "0.1", "0.2", "0.3"]);
        check("10", "31", "10", &["10", "20", "30"]);
        check("30min", "2h", "45min", &["30min", "1h 15min", "2h"]);
        check("1h", "2h", "30min", &["1h", "1h 30min", "2h"]);
        check("5 %", "15 %", "5 %", &["5 %", "10 %", "15 %"]);
        check("-1.5", "1", "1.25", &["-1.5", "-0.25", "1"]);
        assert_eq!(ends("2h", "8h").steps("0h", 9), None);
        assert_eq!(ends("2h", "8h").steps("3", 9), None);
        assert_eq!(ends("0", "1").steps("0.001", 10).map(|all| all.len()), Some(11));
    }

    #[test]
    fn equal_distances_hold_both_ends() {
        assert_eq!(ends("2h", "8h").evenly(3), ["2h", "5h", "8h"]);
        assert_eq!(ends("0", "1").evenly(4), ["0", "0.333333333", "0.666666667", "1"]);
        assert_eq!(ends("30min", "2h").evenly(2), ["30min", "2h"]);
        assert_eq!(ends("3", "5").evenly(1), ["3"]);
    }

    #[test]
    fn values_between_are_whole_between_whole_ends() {
        let whole = ends("2", "4");
        assert_eq!([0.0, 0.34, 0.99, 1.0].map(|u| whole.at(u)), ["2", "3", "4", "4"]);
        assert_eq!(ends("2.0", "4.0").at(0.123_456), "2.247");
        assert_eq!(ends("2h", "8h").at(0.5), "5h");
        assert_eq!(ends("2 h", "8 h").at(0.123_456), "2.741 h");
        assert_eq!(ends("30min", "1h").at(0.5), "45min");
    }

    #[test]
    fn ends_of_different_kinds_are_none() {
        for (low, high) in
            [("2h", "8"), ("2h", "8t"), ("a", "b"), ("2025-01-01", "2025-02-01"), ("1e3", "2e3")]
        {
            assert_eq!(Ends::read(low, high), None, "{low}..{high}");
        }
        assert!(
            ends("8h", "2h").are_turned() && ends("2", "2").are_turned() && !ends("90min", "2h").are_turned()
        );
    }

    #[test]
    fn a_scale_has_one_unit() {
        assert_eq!(scale(&["2h", "4 h"]), Some(("h".to_owned(), vec![2.0, 4.0])));
        assert_eq!(scale(&["30min", "2h"]), Some(("h".to_owned(), vec![0.5, 2.0])));
        assert_eq!(scale(&["3", "0.1"]), Some((String::new(), vec![3.0, 0.1])));
        assert_eq!(scale(&["Queue", "Shortest"]), None);
    }
}
