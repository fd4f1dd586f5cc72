//! Values of laws: the quantities that a law can be over, and how a CSV file writes their decimals.
//!
//! Does not own laws (`law`) nor the reading of files (`data`).

use sanda_units::{Duration, Mass, Quantity, Teu};

use crate::{
    decode::{Decode, choice},
    schema::Load,
};

/// A quantity over which a law is possible.
pub trait LawValue: Decode + Copy + PartialEq + std::fmt::Debug {
    /// The value in base units: milliseconds, thousandths of TEU, kilograms, pieces.
    fn base(self) -> f64;
    /// The measure, for a type with several measures.
    fn measure(self) -> &'static str;
    /// Whether values below zero have a meaning.
    const MAY_BE_NEGATIVE: bool = false;
    /// Whether values are written with a unit.
    const HAS_UNIT: bool = true;
}

macro_rules! law_values {
    ($($type:ident),*) => {$(
        impl LawValue for $type {
            fn base(self) -> f64 {
                Quantity::base(self) as f64
            }

            fn measure(self) -> &'static str {
                <$type as Quantity>::NAME
            }
        }
    )*};
}
law_values!(Duration, Teu, Mass);

impl LawValue for u64 {
    const HAS_UNIT: bool = false;

    fn base(self) -> f64 {
        self as f64
    }

    fn measure(self) -> &'static str {
        "count"
    }
}

impl LawValue for f64 {
    const MAY_BE_NEGATIVE: bool = true;
    const HAS_UNIT: bool = false;

    fn base(self) -> f64 {
        self
    }

    fn measure(self) -> &'static str {
        "number"
    }
}

impl LawValue for Load {
    fn base(self) -> f64 {
        Load::base(self) as f64
    }

    fn measure(self) -> &'static str {
        Load::measure(self)
    }
}

choice! {
    /// The decimal sign in the numbers of a CSV file.
    #[derive(Eq, Copy)]
    pub enum Decimal ("decimal sign") {
        /// A point: 1.5.
        Point,
        /// A comma: 1,5.
        Comma,
    }
}
