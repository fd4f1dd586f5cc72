//! Decimal numerals to integers, exactly.
//!
//! Owns: the one place where digits in a text become an integer count of base units. Never passes through
//! binary floating point, so "0.1 t" is exactly 100 kg. Does not own: units and their names (`quantity`).

use std::fmt::Write as _;

/// Why a numeral was not turned into an integer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NumeralError {
    /// The text is not digits with at most one decimal point between them.
    NotANumber,
    /// The value does not fit in 63 bits.
    TooLarge,
}

/// Reads an unsigned decimal numeral as an integer count of `1/scale`, rounded to the nearest, halves
/// upwards.
///
/// `parse_decimal("1.5", 3_600_000)` is the number of milliseconds in one and a half hours. Exact for
/// numerals of any length. Underscores may stand between digits (`1_000`). Returns `None` for anything else
/// than such a numeral (signs, exponents, commas, full-width digits), for a `scale` below 1, and when the
/// result exceeds `i64::MAX`.
///
/// # Examples
///
/// ```
/// use sanda_units::parse_decimal;
/// assert_eq!(parse_decimal("0.1", 1000), Some(100));
/// assert_eq!(parse_decimal("0.0005", 1000), Some(1));
/// assert_eq!(parse_decimal("１", 1000), None);
/// ```
pub fn parse_decimal(text: &str, scale: i64) -> Option<i64> {
    scaled(text, scale).ok()
}

/// As [`parse_decimal`], telling the two failures apart.
pub(crate) fn scaled(text: &str, scale: i64) -> Result<i64, NumeralError> {
    if scale < 1 {
        return Err(NumeralError::NotANumber);
    }
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    if !is_digits(whole) || !fraction.is_none_or(is_digits) {
        return Err(NumeralError::NotANumber);
    }
    let scale = i128::from(scale);
    let mut value: i128 = 0;
    for digit in digits(whole) {
        // Stopping here keeps the next step within 128 bits however long the numeral is.
        value = value * 10 + digit;
        if value > i128::from(i64::MAX) {
            return Err(NumeralError::TooLarge);
        }
    }
    value *= scale;
    // Long multiplication of the fraction by the scale, last digit first: `carry` is what reaches the place
    // to the left, and the last decimal place that falls off decides the rounding. No digit is dropped
    // before, so this is exact.
    let (mut carry, mut dropped) = (0_i128, 0_i128);
    for digit in digits(fraction.unwrap_or("")).rev() {
        let place = carry + digit * scale;
        (carry, dropped) = (place / 10, place % 10);
    }
    value += carry + i128::from(dropped >= 5);
    i64::try_from(value).map_err(|_| NumeralError::TooLarge)
}

fn is_digits(text: &str) -> bool {
    let bytes = text.as_bytes();
    let ends_are_digits =
        bytes.first().is_some_and(u8::is_ascii_digit) && bytes.last().is_some_and(u8::is_ascii_digit);
    ends_are_digits && !text.contains("__") && bytes.iter().all(|byte| byte.is_ascii_digit() || *byte == b'_')
}

fn digits(text: &str) -> impl DoubleEndedIterator<Item = i128> {
    text.bytes().filter(u8::is_ascii_digit).map(|byte| i128::from(byte - b'0'))
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

/// Rounds to the nearest integer, halves away from zero, saturating; not-a-number gives zero.
///
/// The same as `x.round() as i64`, without the call that the baseline instruction set makes of `round`: this
/// stands behind every sampled duration.
#[inline]
pub(crate) fn nearest(x: f64) -> i64 {
    let towards_zero = x as i64;
    // Exact: below 2^53 the difference of neighbours is representable, above it there is no fraction.
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
        // A third of an hour to forty places: not representable, nearest millisecond.
        check("0.3333333333333333333333333333333333333333", 3_600_000, Ok(1_200_000));
        check("9223372036854775807", 1, Ok(i64::MAX));
        check("9223372036854775807.4", 1, Ok(i64::MAX));
        check("9223372036854775807.5", 1, Err(TooLarge));
        check("9223372036854775808", 1, Err(TooLarge));
        check(&"9".repeat(500), 1, Err(TooLarge));
        check(&format!("1.{}", "9".repeat(500)), 1, Ok(2));
        for junk in [
            "", ".", "1.", ".5", "1.2.3", "+1", "-1", "1e3", "1,000", "１", "一", "_1", "1_", "1__0", "1._5",
            "NaN", "inf", " 1",
        ] {
            check(junk, 1, Err(NotANumber));
        }
        check("1", 0, Err(NotANumber));
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
