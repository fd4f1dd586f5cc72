//! The trait, the text form and the errors that all integer quantities share.
//!
//! Owns: the grammar of a quantity in a scenario, and the messages for texts that break it. Does not own: the list of quantities (`time`,
//! `amounts`, `money`), or the position of a text in a file (`scenario`).

use std::fmt;

use thiserror::Error;

use crate::number::Numeral;

/// An integer count of a base unit that people write with a unit.
///
/// Implemented by newtypes of `i64`; the documentation of each states its base unit.
pub trait Quantity: Copy + Ord {
    /// Its name in messages: "duration", "mass".
    const NAME: &'static str;
    /// Unit names as written, each with the number of base units in one; the usual one first.
    const UNITS: &'static [(&'static str, i64)];
    /// A correct example, for hints.
    const EXAMPLE: &'static str;
    /// Words that people write instead of a unit, with the unit they mean. They are not accepted, but the error recognises them.
    const MISNOMERS: &'static [(&'static str, &'static str)] = &[];
    /// Whether several parts may follow each other, largest unit first ("2d 6h"). True of durations alone.
    const PARTS: bool = false;

    /// Creates a quantity from base units.
    fn from_base(base: i64) -> Self;
    /// Returns the number of base units.
    fn base(self) -> i64;
}

/// Why a text is not the expected quantity.
///
/// The message says what is wrong; [`QuantityError::hint`] says what to write instead.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum QuantityError {
    /// Nothing but white space.
    #[error("empty text where {name} is due")]
    Empty {
        /// The expected quantity.
        name: &'static str,
        /// A correct example.
        example: &'static str,
    },
    /// A number on its own.
    #[error("`{text}` has no unit: {name} is given in {}", Listed(.units))]
    NoUnit {
        /// The expected quantity.
        name: &'static str,
        /// The text as given.
        text: String,
        /// The units that fit.
        units: Vec<&'static str>,
        /// A correct example.
        example: &'static str,
    },
    /// A number with a unit that this quantity does not have.
    #[error("unknown unit `{unit}`: {name} is given in {}", Listed(.units))]
    UnknownUnit {
        /// The expected quantity.
        name: &'static str,
        /// The unit as given.
        unit: String,
        /// The units that fit.
        units: Vec<&'static str>,
        /// The unit that was probably meant.
        near: Option<&'static str>,
    },
    /// The text in place of the number is not a number.
    #[error("`{text}` is not a number where {name} is due")]
    NotANumber {
        /// The expected quantity.
        name: &'static str,
        /// The text in place of the number.
        text: String,
        /// A correct example.
        example: &'static str,
    },
    /// More base units than an integer of 63 bits holds.
    #[error("`{text}` is too large for {name}")]
    TooLarge {
        /// The expected quantity.
        name: &'static str,
        /// The text as given.
        text: String,
    },
    /// A minus sign.
    #[error("`{text}` is negative, and {name} cannot be")]
    Negative {
        /// The expected quantity.
        name: &'static str,
        /// The text as given.
        text: String,
    },
    /// Several parts where one is expected, or parts that do not go from the larger unit to the smaller.
    #[error("`{text}` has parts that do not go together as {name}")]
    Parts {
        /// The expected quantity.
        name: &'static str,
        /// The text as given.
        text: String,
        /// Whether several parts are possible at all.
        allowed: bool,
        /// A correct example.
        example: &'static str,
    },
}

impl QuantityError {
    /// Returns what to write instead, if that is known.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::UnknownUnit { near, .. } => near.map(|near| format!("did you mean `{near}`?")),
            Self::NotANumber { text, example, .. } if text.chars().any(is_wide) => {
                Some(format!("use the digits and letters of ASCII, for example `{example}`"))
            }
            Self::NotANumber { text, .. } if text.contains(',') => {
                Some("write a decimal point, and no separators of thousands".to_owned())
            }
            Self::NotANumber { text, .. } if text.contains('_') => {
                Some("underscores part groups of three digits, as in `12_000`".to_owned())
            }
            Self::Empty { example, .. } | Self::NoUnit { example, .. } | Self::NotANumber { example, .. } => {
                Some(format!("write for example `{example}`"))
            }
            Self::Parts { allowed: true, example, .. } => {
                Some(format!("each unit once, the larger first, for example `{example}`"))
            }
            Self::Parts { allowed: false, example, .. } => {
                Some(format!("one number with one unit, for example `{example}`"))
            }
            Self::TooLarge { .. } | Self::Negative { .. } => None,
        }
    }
}

/// Returns whether a character is a full-width form, or Chinese, Japanese or Korean.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}')
}

/// A list of unit names as messages show it: "`h`, `d` or `w`".
struct Listed<'a>(&'a [&'static str]);

impl fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, unit) in self.0.iter().enumerate() {
            let before = match position {
                0 => "",
                _ if position + 1 == self.0.len() => " or ",
                _ => ", ",
            };
            write!(f, "{before}`{unit}`")?;
        }
        Ok(())
    }
}

/// Reads a non-negative quantity: a decimal number, optional white space and a unit. Durations may have several such parts.
///
/// The number is read exactly and rounded once, part by part, to the nearest base unit (halves upwards).
///
/// # Errors
///
/// See [`QuantityError`]. No text causes a panic.
pub fn parse_quantity<Q: Quantity>(text: &str) -> Result<Q, QuantityError> {
    let whole = text.trim();
    if whole.is_empty() {
        return Err(QuantityError::Empty { name: Q::NAME, example: Q::EXAMPLE });
    }
    let parts = || QuantityError::Parts {
        name: Q::NAME,
        text: whole.to_owned(),
        allowed: Q::PARTS,
        example: Q::EXAMPLE,
    };
    let too_large = || QuantityError::TooLarge { name: Q::NAME, text: whole.to_owned() };
    let mut total: i64 = 0;
    let mut last_scale = i64::MAX;
    let mut rest = whole;
    while !rest.is_empty() {
        let (number, after) = split_number(rest);
        let unit_end = if Q::PARTS {
            after.find(|c: char| c.is_whitespace() || c.is_ascii_digit()).unwrap_or(after.len())
        } else {
            // Another number further on means several parts. Further words make a unit of several words, which is unknown.
            match after.find(char::is_whitespace) {
                Some(end) if after[end..].trim_start().starts_with(|c: char| c.is_ascii_digit()) => {
                    return Err(parts());
                }
                _ => after.len(),
            }
        };
        let (unit, following) = after.split_at(unit_end);
        let scale = numeral_and_scale::<Q>(number, unit, whole)?;
        if scale.1 >= last_scale {
            return Err(parts());
        }
        last_scale = scale.1;
        total = total.checked_add(scale.0).ok_or_else(too_large)?;
        rest = following.trim_start();
    }
    Ok(Q::from_base(total))
}

/// Returns the value of one part in base units, and the scale of its unit.
fn numeral_and_scale<Q: Quantity>(
    number: &str,
    unit: &str,
    whole: &str,
) -> Result<(i64, i64), QuantityError> {
    let not_a_number =
        |text: &str| QuantityError::NotANumber { name: Q::NAME, text: text.to_owned(), example: Q::EXAMPLE };
    if number.is_empty() {
        return Err(not_a_number(unit));
    }
    // The number is judged before the unit: "abc" is not a number with an unknown unit.
    let (unsigned, negative) = match number.strip_prefix(['-', '−']) {
        Some(unsigned) => (unsigned, true),
        None => (number, false),
    };
    let Some(numeral) = Numeral::read(unsigned) else { return Err(not_a_number(number)) };
    // Minus zero, as software writes it, is zero.
    if negative && !numeral.is_zero() {
        return Err(QuantityError::Negative { name: Q::NAME, text: whole.to_owned() });
    }
    let units = || Q::UNITS.iter().map(|(name, _)| *name).collect();
    if unit.is_empty() {
        return Err(QuantityError::NoUnit {
            name: Q::NAME,
            text: whole.to_owned(),
            units: units(),
            example: Q::EXAMPLE,
        });
    }
    let Some((_, scale)) = Q::UNITS.iter().find(|(name, _)| *name == unit) else {
        return Err(QuantityError::UnknownUnit {
            name: Q::NAME,
            unit: unit.to_owned(),
            units: units(),
            near: near::<Q>(unit),
        });
    };
    match numeral.times(*scale) {
        Ok((value, _)) => Ok((value, *scale)),
        Err(_) => Err(QuantityError::TooLarge { name: Q::NAME, text: whole.to_owned() }),
    }
}

/// Returns the unit that was probably meant: a known misnomer, the same letters in another case, or the first of
/// several words.
fn near<Q: Quantity>(unit: &str) -> Option<&'static str> {
    let named = |text: &str| {
        Q::UNITS
            .iter()
            .map(|(name, _)| *name)
            .find(|name| *name == text)
            .or_else(|| Q::UNITS.iter().map(|(name, _)| *name).find(|name| name.eq_ignore_ascii_case(text)))
            .or_else(|| {
                let word = text.to_lowercase();
                Q::MISNOMERS.iter().find(|(misnomer, _)| *misnomer == word).map(|(_, meant)| *meant)
            })
    };
    named(unit).or_else(|| unit.split_whitespace().next().and_then(named))
}

/// Splits a text before its first letter or white space into the number and the rest without leading white space. The letter of an exponent
/// (`1e3`, `2E-1`) belongs to the number.
///
/// Does not check the number. A caller that reads a unit of its own ("3250 CNY/TEU") passes it to [`parse_decimal`](crate::parse_decimal).
///
/// # Examples
///
/// ```
/// assert_eq!(sanda_units::split_number("3250 CNY/TEU"), ("3250", "CNY/TEU"));
/// ```
pub fn split_number(text: &str) -> (&str, &str) {
    let text = text.trim();
    let is_end = |&(at, c): &(usize, char)| {
        c.is_whitespace() || (c.is_alphabetic() && !is_exponent(&text[..at], &text[at..]))
    };
    let end = text.char_indices().find(is_end).map_or(text.len(), |(at, _)| at);
    let (number, after) = text.split_at(end);
    (number, after.trim_start())
}

/// Returns whether a letter begins an exponent: `e` or `E` after a digit, and before a digit or a sign and a digit.
fn is_exponent(before: &str, from: &str) -> bool {
    let is_digit = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    let after = from.strip_prefix(['e', 'E']).map(|after| after.strip_prefix(['+', '-']).unwrap_or(after));
    before.ends_with(|c: char| c.is_ascii_digit()) && after.is_some_and(is_digit)
}
