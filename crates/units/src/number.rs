//! Exact conversion of decimal numerals to integers.
//!
//! Owns: the one place where digits in a text become an integer count of base units. The conversion never passes through binary floating
//! point, so "0.1 t" is exactly 100 kg. Does not own: units and their names (`quantity`).

use std::fmt::Write as _;

/// Why a numeral was not converted to an integer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NumeralError {
    /// The text is not a decimal numeral.
    NotANumber,
    /// The value does not fit in 63 bits.
    TooLarge,
}

/// Reads an unsigned decimal numeral as an integer count of `1/scale`, rounded to the nearest, halves
/// upwards.
///
/// `parse_decimal("1.5", 3_600_000)` is the number of milliseconds in one and a half hours. Numerals of any length are exact. An exponent
/// may follow (`1.5e3`, `2E-1`). Underscores may separate the digits before the point into groups of three (`12_000`), and appear nowhere
/// else. Returns `None` for anything else (signs, commas, full-width digits), for a `scale` below 1, and when the result exceeds
/// `i64::MAX`.
///
/// # Examples
///
/// ```
/// use sanda_units::parse_decimal;
/// assert_eq!(parse_decimal("0.1", 1000), Some(100));
/// assert_eq!(parse_decimal("0.0005", 1000), Some(1));
/// assert_eq!(parse_decimal("1e-3", 1000), Some(1));
/// assert_eq!(parse_decimal("1_0", 1), None);
/// assert_eq!(parse_decimal("１", 1000), None);
/// ```
pub fn parse_decimal(text: &str, scale: i64) -> Option<i64> {
    scaled(text, scale).ok()
}

/// Reads an unsigned numeral, as [`parse_decimal`] does, that is a whole number: `12`, `12.0`, `1.2e1`.
///
/// # Examples
///
/// ```
/// use sanda_units::parse_whole;
/// assert_eq!(parse_whole("1e3"), Some(1000));
/// assert_eq!(parse_whole("2.5"), None);
/// ```
pub fn parse_whole(text: &str) -> Option<u64> {
    let numeral = Numeral::read(text)?;
    let (value, is_exact) = numeral.times(1).ok()?;
    is_exact.then(|| value.unsigned_abs())
}

/// Reads a number with an optional sign as binary floating point. It accepts what [`parse_decimal`] accepts, and the short forms `.5` and
/// `5.` of the file format. Returns `None` for anything else, including infinity and NaN.
///
/// # Examples
///
/// ```
/// use sanda_units::parse_number;
/// assert_eq!(parse_number("-1.5e3"), Some(-1500.0));
/// assert_eq!(parse_number("12_000"), Some(12_000.0));
/// assert_eq!(parse_number("1_0"), None);
/// assert_eq!(parse_number("inf"), None);
/// ```
pub fn parse_number(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if unsigned.contains('_') {
        Numeral::read(unsigned)?;
    }
    let plain = text.replace('_', "");
    let is_decimal = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-');
    plain.bytes().all(is_decimal).then(|| plain.parse::<f64>().ok().filter(|value| value.is_finite()))?
}

/// Reads a numeral as [`parse_decimal`] does, but distinguishes the two failures.
pub(crate) fn scaled(text: &str, scale: i64) -> Result<i64, NumeralError> {
    let numeral = Numeral::read(text).filter(|_| scale >= 1).ok_or(NumeralError::NotANumber)?;
    numeral.times(scale).map(|(value, _)| value)
}

/// A parsed decimal numeral: its digits and the position of the point among them.
pub(crate) struct Numeral {
    /// All digits in order, without leading zeros.
    digits: Vec<u8>,
    /// The value is `0.digits` times ten to this power.
    point: i64,
}

/// Largest distance from the point at which a digit matters: 10^40 times the smallest scale exceeds 63 bits, and 10^-40 times the largest
/// rounds to zero.
const FARTHEST_PLACE: i64 = 40;

impl Numeral {
    /// Parses a numeral: digits, optionally a point and more digits, optionally an exponent.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, read_exponent(exponent)?),
            None => (text, 0),
        };
        let (whole, fraction) = match mantissa.split_once('.') {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (mantissa, None),
        };
        let is_fraction = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !is_grouped(whole) || !fraction.is_none_or(is_fraction) {
            return None;
        }
        let whole: Vec<u8> = whole.bytes().filter(u8::is_ascii_digit).collect();
        let n_whole = whole.len() as i64;
        let mut digits = whole;
        digits.extend(fraction.unwrap_or("").bytes());
        let n_zeros = digits.iter().take_while(|&&digit| digit == b'0').count();
        digits.drain(..n_zeros);
        Some(Self { digits, point: n_whole.saturating_sub(n_zeros as i64).saturating_add(exponent) })
    }

    /// Returns whether the value is zero, however it is written.
    pub(crate) fn is_zero(&self) -> bool {
        self.digits.is_empty()
    }

    /// Returns the value times a scale, rounded to the nearest integer (halves upwards), and whether that is exact.
    pub(crate) fn times(&self, scale: i64) -> Result<(i64, bool), NumeralError> {
        if self.is_zero() {
            return Ok((0, true));
        }
        if self.point > FARTHEST_PLACE {
            return Err(NumeralError::TooLarge);
        }
        if self.point < -FARTHEST_PLACE {
            return Ok((0, false));
        }
        let digit = |byte: &u8| i128::from(byte - b'0');
        let scale = i128::from(scale);
        let n_whole = self.digits.len().min(self.point.max(0) as usize);
        let (whole, fraction) = self.digits.split_at(n_whole);
        let n_zeros_after = self.point.max(0) as usize - n_whole;
        let n_zeros_before = (-self.point).max(0) as usize;
        let mut value: i128 = 0;
        for digit in whole.iter().map(digit).chain(std::iter::repeat_n(0, n_zeros_after)) {
            // Stopping here keeps the next step within 128 bits, however long the numeral is.
            value = value * 10 + digit;
            if value > i128::from(i64::MAX) {
                return Err(NumeralError::TooLarge);
            }
        }
        value *= scale;
        // Long multiplication of the fraction by the scale, last digit first. `carry` moves to the place on the left, and the last decimal
        // place dropped decides the rounding. No digit is dropped before, so this is exact.
        let (mut carry, mut dropped, mut is_exact) = (0_i128, 0_i128, true);
        let zeros = std::iter::repeat_n(0, n_zeros_before);
        for digit in fraction.iter().rev().map(digit).chain(zeros) {
            let place = carry + digit * scale;
            (carry, dropped) = (place / 10, place % 10);
            is_exact &= dropped == 0;
        }
        value += carry + i128::from(dropped >= 5);
        i64::try_from(value).map(|value| (value, is_exact)).map_err(|_| NumeralError::TooLarge)
    }
}

/// Returns the power of ten after `e`, clamped to the range that can be counted.
fn read_exponent(text: &str) -> Option<i64> {
    let (digits, sign) = match text.strip_prefix('-') {
        Some(digits) => (digits, -1),
        None => (text.strip_prefix('+').unwrap_or(text), 1),
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // Half the range leaves room for the digits before the point.
    Some(sign * digits.parse::<i64>().unwrap_or(i64::MAX).min(i64::MAX / 2))
}

/// Returns whether a text consists of digits, possibly separated by underscores into groups of three from the right.
fn is_grouped(text: &str) -> bool {
    let mut groups = text.split('_');
    let first = groups.next().unwrap_or("");
    let is_digits = |group: &str| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit());
    let is_alone = !text.contains('_');
    is_digits(first)
        && (is_alone || first.len() <= 3)
        && groups.all(|group| group.len() == 3 && is_digits(group))
}

/// Writes `base / scale` as the shortest exact decimal numeral. `scale` is a power of ten.
pub(crate) fn decimal(base: i64, scale: u64) -> String {
    debug_assert_eq!(10_u64.pow(scale.ilog10()), scale, "only powers of ten have exact decimals");
    let magnitude = base.unsigned_abs();
    let mut text = String::new();
    if base < 0 {
        text.push('-');
    }
    let (whole, fraction) = (magnitude / scale, magnitude % scale);
    let width = scale.ilog10() as usize;
    write!(text, "{whole}").expect("invariant: writing to a string succeeds");
    if fraction > 0 {
        let padded = format!("{fraction:0width$}");
        text.push('.');
        text.push_str(padded.trim_end_matches('0'));
    }
    text
}

/// Rounds to the nearest integer, halves away from zero. Saturates; NaN gives zero.
///
/// Equal to `x.round() as i64`, without the library call that the baseline instruction set needs for `round`: every sampled duration passes
/// through here.
#[inline]
pub(crate) fn nearest(x: f64) -> i64 {
    let towards_zero = x as i64;
    // Exact: below 2^53 the difference of neighbours is representable, and above it there is no fraction.
    let rest = x - towards_zero as f64;
    if rest >= 0.5 {
        towards_zero.saturating_add(1)
    } else if rest <= -0.5 {
        towards_zero.saturating_sub(1)
    } else {
        towards_zero
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(text: &str, scale: i64, expected: Result<i64, NumeralError>) {
        assert_eq!(scaled(text, scale), expected, "{text} at {scale}");
    }

    #[test]
    fn numerals() {
        use NumeralError::{NotANumber, TooLarge};
        check("0", 1, Ok(0));
        check("007", 1, Ok(7));
        check("1.5", 3_600_000, Ok(5_400_000));
        check("1_000.5", 10, Ok(10_005));
        check("0.0004999999999999999999999999999999999999999", 1000, Ok(0));
        check("0.0005", 1000, Ok(1));
        // A third of an hour to forty places is not representable: the nearest millisecond.
        check("0.3333333333333333333333333333333333333333", 3_600_000, Ok(1_200_000));
        check("9223372036854775807", 1, Ok(i64::MAX));
        check("9223372036854775807.4", 1, Ok(i64::MAX));
        check("9223372036854775807.5", 1, Err(TooLarge));
        check("9223372036854775808", 1, Err(TooLarge));
        check(&"9".repeat(500), 1, Err(TooLarge));
        check(&format!("1.{}", "9".repeat(500)), 1, Ok(2));
        for junk in [
            "",
            ".",
            "1.",
            ".5",
            "1.2.3",
            "+1",
            "-1",
            "1,000",
            "１",
            "一",
            "_1",
            "1_",
            "1__0",
            "1._5",
            "NaN",
            "inf",
            " 1",
            "1_0",
            "1_00",
            "1_0000",
            "1000_000",
            "12_34_567",
            "1.000_5",
            "e3",
            "1e",
            "1e+",
            "1e1.5",
            "1e1e1",
            "1e1_000",
            "1.e3",
            "1_000_",
            "0x10",
        ] {
            check(junk, 1, Err(NotANumber));
        }
        check("1", 0, Err(NotANumber));
    }

    #[test]
    fn exponents_move_the_point() {
        use NumeralError::TooLarge;
        check("1e0", 1, Ok(1));
        check("2E0", 3_600_000, Ok(7_200_000));
        check("3.0e+00", 1, Ok(3));
        check("1.25e2", 1, Ok(125));
        check("12_500e-4", 100, Ok(125));
        check("0.0015e3", 10, Ok(15));
        check("5e-4", 1000, Ok(1));
        check("4.999e-4", 1000, Ok(0));
        check("1e-300", 3_600_000, Ok(0));
        check("1e-99999999999999999999", i64::MAX, Ok(0));
        check("0e99999999999999999999", 1, Ok(0));
        check("9.223372036854775807e18", 1, Ok(i64::MAX));
        check("9.223372036854775808e18", 1, Err(TooLarge));
        check("1e300", 1, Err(TooLarge));
        check("1e99999999999999999999", 1, Err(TooLarge));
        check(&format!("1{}e-500", "0".repeat(500)), 1000, Ok(1000));
        check(&format!("0.{}1e501", "0".repeat(500)), 1, Ok(1));
    }

    #[test]
    fn whole_numbers_have_no_part_left() {
        for (text, expected) in [
            ("0", Some(0)),
            ("12.0", Some(12)),
            ("1.2e1", Some(12)),
            ("1_000", Some(1000)),
            ("12.5", None),
            ("1e-1", None),
            ("1e-300", None),
            ("1_0", None),
            ("-1", None),
        ] {
            assert_eq!(parse_whole(text), expected, "{text}");
        }
    }

    #[test]
    fn numbers_with_a_sign() {
        for (text, expected) in [
            ("1e0", Some(1.0)),
            ("-2.5E-1", Some(-0.25)),
            ("+.5", Some(0.5)),
            ("5.", Some(5.0)),
            ("-12_000", Some(-12_000.0)),
            ("1e-300", Some(1e-300)),
            ("1_0", None),
            ("1e400", None),
            ("NaN", None),
            ("-inf", None),
            ("0x10", None),
            ("", None),
        ] {
            assert_eq!(parse_number(text), expected, "{text}");
        }
    }

    #[test]
    fn rounding_of_floats() {
        for (x, expected) in [
            (0.49999999999999994, 0),
            (0.5, 1),
            (-0.5, -1),
            (-0.4, 0),
            (2.5, 3),
            (1e300, i64::MAX),
            (-1e300, i64::MIN),
            (f64::NAN, 0),
            (f64::INFINITY, i64::MAX),
        ] {
            assert_eq!(nearest(x), expected, "{x}");
        }
    }

    proptest! {
        #[test]
        fn nearest_is_round(x in proptest::num::f64::ANY) {
            prop_assert_eq!(nearest(x), x.round() as i64);
        }

        #[test]
        fn decimal_is_read_back(base in 0..=i64::MAX, power in 0_u32..7) {
            let scale = 10_i64.pow(power);
            prop_assert_eq!(scaled(&decimal(base, scale as u64), scale), Ok(base));
        }
    }
}
