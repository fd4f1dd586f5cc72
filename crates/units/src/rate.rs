//! Rates: prices, emission factors, the mass of a TEU.
//!
//! Owns: the meaning of "3250 USD/FEU", "0.9 CNY/tkm", "34.7 g/tkm" and "12 t/TEU", and the messages for texts that break this grammar.
//! Does not own: exchange rates (a scenario states them), distances, or the quantities that a rate is multiplied by.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::number::{decimal, scaled};
use crate::quantity::{Quantity, QuantityError, split_number};
use crate::{Emission, Mass};

/// The denominator of a rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Basis {
    /// A whole shipment.
    Shipment,
    /// A twenty-foot equivalent unit.
    Teu,
    /// A tonne.
    Tonne,
    /// A kilometre: of a shipment on its own truck, or of a whole vehicle.
    Kilometre,
    /// A TEU carried a kilometre.
    TeuKilometre,
    /// A tonne carried a kilometre.
    TonneKilometre,
}

impl Basis {
    /// Returns the text of the denominator, after the stroke.
    pub const fn unit(self) -> &'static str {
        match self {
            Self::Shipment => "shipment",
            Self::Teu => "TEU",
            Self::Tonne => "t",
            Self::Kilometre => "km",
            Self::TeuKilometre => "TEU-km",
            Self::TonneKilometre => "tkm",
        }
    }

    /// Returns whether the rate grows with the distance.
    pub const fn is_by_distance(self) -> bool {
        matches!(self, Self::Kilometre | Self::TeuKilometre | Self::TonneKilometre)
    }

    /// Returns whether the mass must be known.
    pub const fn is_by_mass(self) -> bool {
        matches!(self, Self::Tonne | Self::TonneKilometre)
    }
}

/// Denominators as written: the basis, and the factor and divisor that convert an amount to one unit of it.
const DENOMINATORS: [(&str, Basis, i64, i64); 12] = [
    ("shipment", Basis::Shipment, 1, 1),
    ("TEU", Basis::Teu, 1, 1),
    ("FEU", Basis::Teu, 1, 2),
    ("t", Basis::Tonne, 1, 1),
    ("kg", Basis::Tonne, 1000, 1),
    ("km", Basis::Kilometre, 1, 1),
    ("TEU-km", Basis::TeuKilometre, 1, 1),
    ("TEUkm", Basis::TeuKilometre, 1, 1),
    ("FEU-km", Basis::TeuKilometre, 1, 2),
    ("tkm", Basis::TonneKilometre, 1, 1),
    ("t-km", Basis::TonneKilometre, 1, 1),
    ("tonne-km", Basis::TonneKilometre, 1, 1),
];

/// Words that people write for a denominator, with the one they mean.
const MISNOMERS: [(&str, &str); 14] = [
    ("ton", "t"),
    ("tonne", "t"),
    ("tons", "t"),
    ("吨", "t"),
    ("票", "shipment"),
    ("ship", "shipment"),
    ("shipments", "shipment"),
    ("container", "TEU"),
    ("box", "TEU"),
    ("标箱", "TEU"),
    ("公里", "km"),
    ("吨公里", "tkm"),
    ("tonne-kilometre", "tkm"),
    ("ton-km", "tkm"),
];

/// Why a text is not the expected rate.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RateError {
    /// The text has no stroke, so the denominator is missing.
    #[error("`{text}` does not say per what")]
    NoBasis {
        /// The text as given.
        text: String,
        /// A correct example.
        example: &'static str,
    },
    /// An unknown denominator.
    #[error("unknown measure `{unit}` behind the stroke")]
    UnknownBasis {
        /// The text as given.
        unit: String,
        /// The one that was probably meant.
        near: Option<&'static str>,
    },
    /// The amount before the stroke is wrong.
    #[error(transparent)]
    Amount(#[from] QuantityError),
    /// A currency that is not three capital letters.
    #[error("`{unit}` is not a currency")]
    NotACurrency {
        /// The text as given.
        unit: String,
    },
}

impl RateError {
    /// Returns what to write instead, if that is known.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::NoBasis { example, .. } => Some(format!("write for example `{example}`")),
            Self::UnknownBasis { near: Some(near), .. } => Some(format!("did you mean `{near}`?")),
            Self::UnknownBasis { near: None, .. } => {
                Some("expected `shipment`, `TEU`, `FEU`, `t`, `kg`, `km`, `TEU-km` or `tkm`".to_owned())
            }
            Self::Amount(error) => error.hint(),
            Self::NotACurrency { .. } => Some("three capital letters, such as `CNY` or `USD`".to_owned()),
        }
    }
}

/// Returns the amount before the stroke and the denominator after it.
fn split_rate<'t>(text: &'t str, example: &'static str) -> Result<(&'t str, Basis, i64, i64), RateError> {
    let Some((amount, unit)) = text.split_once('/') else {
        return Err(RateError::NoBasis { text: text.trim().to_owned(), example });
    };
    let unit = unit.trim();
    let found = DENOMINATORS.iter().find(|(name, ..)| *name == unit);
    let Some(&(_, basis, times, over)) = found else {
        let same = DENOMINATORS.iter().map(|(name, ..)| *name).find(|name| name.eq_ignore_ascii_case(unit));
        let word = unit.to_lowercase();
        let meant = || MISNOMERS.iter().find(|(misnomer, _)| *misnomer == word).map(|(_, meant)| *meant);
        return Err(RateError::UnknownBasis { unit: unit.to_owned(), near: same.or_else(meant) });
    };
    Ok((amount, basis, times, over))
}

/// A price: an amount of a currency per unit of a basis. "3250 USD/FEU".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Price {
    /// Millionths of the currency's unit, per unit of the basis.
    pub micros: i64,
    /// Three capital letters, as in ISO 4217.
    pub currency: String,
    /// The denominator.
    pub basis: Basis,
}

impl Price {
    /// Its name in messages.
    pub const NAME: &'static str = "price";
    /// A correct example, for hints.
    pub const EXAMPLE: &'static str = "3250 USD/FEU";

    /// Returns the price in fen per unit of the basis, at `cny_per_unit` yuan for one unit of the currency.
    pub fn to_fen(&self, cny_per_unit: f64) -> f64 {
        self.micros as f64 * cny_per_unit / 10_000.0
    }
}

impl FromStr for Price {
    type Err = RateError;

    fn from_str(text: &str) -> Result<Self, RateError> {
        let (amount, basis, times, over) = split_rate(text, Self::EXAMPLE)?;
        let (number, currency) = split_number(amount);
        // Reading the number as an amount of yuan finds every error in it.
        let as_yuan = format!("{number} CNY").parse::<crate::Money>();
        if currency.len() != 3 || !currency.bytes().all(|byte| byte.is_ascii_uppercase()) {
            amount.parse::<crate::Money>()?;
            return Err(RateError::NotACurrency { unit: currency.to_owned() });
        }
        as_yuan?;
        let too_large = || QuantityError::TooLarge { name: Self::NAME, text: text.trim().to_owned() };
        let micros = scaled(number, 1_000_000 * times / over).map_err(|_| too_large())?;
        Ok(Self { micros, currency: currency.to_owned(), basis })
    }
}

impl fmt::Display for Price {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{} {}/{}", decimal(self.micros, 1_000_000), self.currency, self.basis.unit()))
    }
}

/// An emission factor: greenhouse gas, in CO2 equivalents, per unit of a basis. "34.7 g/tkm".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EmissionRate {
    /// Micrograms per unit of the basis.
    pub micrograms: i64,
    /// The denominator.
    pub basis: Basis,
}

impl EmissionRate {
    /// Its name in messages.
    pub const NAME: &'static str = "emission factor";
    /// A correct example, for hints.
    pub const EXAMPLE: &'static str = "34.7 g/tkm";

    /// Milligrams per one of the basis.
    pub fn as_mg_f64(self) -> f64 {
        self.micrograms as f64 / 1000.0
    }
}

impl FromStr for EmissionRate {
    type Err = RateError;

    fn from_str(text: &str) -> Result<Self, RateError> {
        let (amount, basis, times, over) = split_rate(text, Self::EXAMPLE)?;
        // The quantity checks number and unit; the factor itself is finer than whole grams.
        amount.parse::<Emission>()?;
        let (number, unit) = split_number(amount);
        let grams = Emission::UNITS.iter().find(|(name, _)| *name == unit).map_or(1, |(_, grams)| *grams);
        let too_large = || QuantityError::TooLarge { name: Self::NAME, text: text.trim().to_owned() };
        let micrograms = scaled(number, 1_000_000 * grams * times / over).map_err(|_| too_large())?;
        Ok(Self { micrograms, basis })
    }
}

impl fmt::Display for EmissionRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{} g/{}", decimal(self.micrograms, 1_000_000), self.basis.unit()))
    }
}

/// The mass of the cargo in a TEU. "12 t/TEU".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct MassPerTeu(i64);

impl MassPerTeu {
    /// Its name in messages.
    pub const NAME: &'static str = "mass of a TEU";
    /// A correct example, for hints.
    pub const EXAMPLE: &'static str = "12 t/TEU";

    /// Returns the kilograms per TEU.
    pub const fn as_kg(self) -> i64 {
        self.0
    }
}

impl FromStr for MassPerTeu {
    type Err = RateError;

    fn from_str(text: &str) -> Result<Self, RateError> {
        let (amount, basis, times, over) = split_rate(text, Self::EXAMPLE)?;
        if basis != Basis::Teu {
            return Err(RateError::UnknownBasis { unit: basis.unit().to_owned(), near: Some("TEU") });
        }
        let mass: Mass = amount.parse()?;
        Ok(Self(mass.as_kg() * times / over))
    }
}

impl fmt::Display for MassPerTeu {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}/TEU", Mass::from_kg(self.0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn price(text: &str, expected: &str) {
        let shown = match text.parse::<Price>() {
            Ok(price) => price.to_string(),
            Err(error) => format!("{error} | {}", error.hint().unwrap_or_default()),
        };
        assert_eq!(shown, expected, "{text}");
    }

    #[track_caller]
    fn factor(text: &str, expected: &str) {
        let shown = match text.parse::<EmissionRate>() {
            Ok(factor) => factor.to_string(),
            Err(error) => format!("{error} | {}", error.hint().unwrap_or_default()),
        };
        assert_eq!(shown, expected, "{text}");
    }

    #[test]
    fn prices() {
        price("3250 USD/FEU", "1625 USD/TEU");
        price("0.9 CNY/tkm", "0.9 CNY/tkm");
        price("4.25 USD/kg", "4250 USD/t");
        price(" 600 CNY / shipment ", "600 CNY/shipment");
        price("0.000001 EUR/TEU-km", "0.000001 EUR/TEU-km");
        price("3250 USD", "`3250 USD` does not say per what | write for example `3250 USD/FEU`");
        price(
            "3250 USD/boxes",
            "unknown measure `boxes` behind the stroke | expected `shipment`, `TEU`, `FEU`, `t`, `kg`, `km`, `TEU-km` or `tkm`",
        );
        price("3250 USD/teu", "unknown measure `teu` behind the stroke | did you mean `TEU`?");
        price("3250 yuan/TEU", "unknown unit `yuan`: money is given in `CNY` | did you mean `CNY`?");
        price("-3 CNY/TEU", "`-3 CNY` is negative, and money cannot be | ");
        price("CNY/TEU", "`CNY` is not a number where money is due | write for example `3250 CNY`");
        price("99999999999999 CNY/kg", "`99999999999999 CNY/kg` is too large for price | ");
    }

    #[test]
    fn factors() {
        factor("34.7 g/tkm", "34.7 g/tkm");
        factor("15 kg/TEU", "15000 g/TEU");
        factor("0.0347 kg/t-km", "34.7 g/tkm");
        factor("20 kg/km", "20000 g/km");
        factor(
            "34.7 gCO2e/tkm",
            "unknown unit `gCO2e`: emission is given in `kg`, `g` or `t` | did you mean `g`?",
        );
        factor("34.7 g", "`34.7 g` does not say per what | write for example `34.7 g/tkm`");
    }

    #[test]
    fn masses_of_a_teu() {
        assert_eq!("12 t/TEU".parse::<MassPerTeu>().map(MassPerTeu::as_kg), Ok(12_000));
        assert_eq!("24 t/FEU".parse::<MassPerTeu>().map(MassPerTeu::as_kg), Ok(12_000));
        let error = "12 t/shipment".parse::<MassPerTeu>().expect_err("a mass per shipment");
        assert_eq!(error.hint().as_deref(), Some("did you mean `TEU`?"));
    }
}
