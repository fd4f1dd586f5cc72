//! Money.
//!
//! Owns: amounts in fen, and reading an amount in any currency. Does not own: exchange rates, which a scenario states, or prices per unit
//! (`rate`).

use crate::integer::{integer_quantity, printed_in};
use crate::number::{NumeralError, nearest, scaled};
use crate::quantity::{Quantity, QuantityError, split_number};

/// Money in fen (hundredths of a yuan). "3250 CNY".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Money(i64);

integer_quantity!(
    Money,
    name: "money",
    units: [("CNY", 100)],
    example: "3250 CNY",
    misnomers: [("yuan", "CNY"), ("rmb", "CNY"), ("元", "CNY"), ("人民币", "CNY"), ("¥", "CNY")],
    parts: false
);
printed_in!(Money, [("CNY", 100)]);

impl Money {
    /// Creates an amount from fen.
    #[inline]
    pub const fn from_fen(fen: i64) -> Self {
        Self(fen)
    }

    /// Creates an amount from whole yuan.
    #[inline]
    pub const fn from_cny(cny: i64) -> Self {
        Self(cny * 100)
    }

    /// Returns the amount in fen.
    #[inline]
    pub const fn as_fen(self) -> i64 {
        self.0
    }

    /// Returns the amount in yuan.
    #[inline]
    pub const fn as_cny_f64(self) -> f64 {
        self.0 as f64 / 100.0
    }
}

/// An amount in a currency that may need a rate: "12.50 USD".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CurrencyAmount {
    /// Hundredths of the currency's unit, whatever its smallest coin.
    pub hundredths: i64,
    /// Three capital letters, as in ISO 4217. The scenario says whether such a currency exists and what it is worth.
    pub currency: String,
}

impl CurrencyAmount {
    /// Returns the amount in yuan at `cny_per_unit` yuan for one unit of the currency, to the nearest fen. Saturates at the ends of the
    /// range.
    pub fn to_money(&self, cny_per_unit: f64) -> Money {
        Money(nearest(self.hundredths as f64 * cny_per_unit))
    }
}

impl std::fmt::Display for CurrencyAmount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&format!("{} {}", crate::number::decimal(self.hundredths, 100), self.currency))
    }
}

impl std::str::FromStr for CurrencyAmount {
    type Err = QuantityError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (number, currency) = split_number(text);
        if currency.len() != 3 || !currency.bytes().all(|byte| byte.is_ascii_uppercase()) {
            // Reading the number as yuan finds every error in it, and names the unit that was probably meant.
            let as_yuan = Money::from_str(text);
            return as_yuan.map(|money| Self { hundredths: money.0, currency: "CNY".to_owned() });
        }
        match scaled(number, 100) {
            Ok(hundredths) => Ok(Self { hundredths, currency: currency.to_owned() }),
            Err(NumeralError::TooLarge) => {
                Err(QuantityError::TooLarge { name: Money::NAME, text: text.trim().to_owned() })
            }
            Err(NumeralError::NotANumber) => {
                let as_yuan = Money::from_str(&format!("{number} CNY"));
                as_yuan.map(|money| Self { hundredths: money.0, currency: currency.to_owned() })
            }
        }
    }
}
