//! Shares and probabilities.
//!
//! Owns: a number from 0 to 1 and its two spellings. Does not own: the whole of which it is a share.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::number::parse_number;

/// A share or probability: a finite number from 0 to 1. Written "0.05" or "5%", printed as "0.05".
///
/// A share is never NaN and never minus zero, hence totally ordered.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
pub struct Share(f64);

impl Eq for Share {}

#[expect(clippy::derive_ord_xor_partial_ord, reason = "a share is never not-a-number, so both agree")]
impl Ord for Share {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

/// Why a text or number is not a share.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ShareError {
    /// Nothing but white space.
    #[error("empty text where a share is due")]
    Empty,
    /// Not a decimal number, with or without a percent sign.
    #[error("`{text}` is not a share")]
    NotANumber {
        /// The text as given.
        text: String,
    },
    /// Below 0 or above 1.
    #[error("share `{text}` lies outside 0 to 1 (0% to 100%)")]
    OutOfRange {
        /// The text as given.
        text: String,
    },
}

impl ShareError {
    /// Returns what to write instead, if that is known.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Empty | Self::NotANumber { .. } => Some("write for example `0.05` or `5%`".to_owned()),
            Self::OutOfRange { text } => {
                let percent = text.parse::<f64>().ok().filter(|value| *value > 1.0 && *value <= 100.0)?;
                Some(format!("did you mean `{percent}%`?"))
            }
        }
    }
}

impl Share {
    /// The share 0.
    pub const ZERO: Self = Self(0.0);
    /// The share 1.
    pub const ONE: Self = Self(1.0);

    /// Creates a share from a number.
    ///
    /// # Errors
    ///
    /// [`ShareError::OutOfRange`] below 0, above 1 and for NaN.
    pub fn new(value: f64) -> Result<Self, ShareError> {
        if (0.0..=1.0).contains(&value) {
            // Adding zero turns minus zero into zero.
            Ok(Self(value + 0.0))
        } else {
            Err(ShareError::OutOfRange { text: value.to_string() })
        }
    }

    /// Returns the share as a number from 0 to 1.
    #[inline]
    pub const fn as_f64(self) -> f64 {
        self.0
    }

    /// Returns the rest of the whole.
    #[inline]
    pub fn complement(self) -> Self {
        Self(1.0 - self.0)
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0.to_string())
    }
}

impl FromStr for Share {
    type Err = ShareError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        if text.is_empty() {
            return Err(ShareError::Empty);
        }
        let not_a_number = || ShareError::NotANumber { text: text.to_owned() };
        let (numeral, shift) = match text.strip_suffix('%') {
            Some(percent) => (percent.trim_end(), "e-2"),
            None => (text, ""),
        };
        // Shifting the point in the text instead of dividing makes "5%" and "0.05" the same number to the last bit.
        let value = if numeral.contains(['e', 'E']) && !shift.is_empty() {
            parse_number(numeral).map(|percent| percent / 100.0)
        } else {
            parse_number(&format!("{numeral}{shift}"))
        };
        let value = value.ok_or_else(not_a_number)?;
        Self::new(value).map_err(|_| ShareError::OutOfRange { text: text.to_owned() })
    }
}
