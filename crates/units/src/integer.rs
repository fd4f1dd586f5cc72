//! The macros that make a newtype of `i64` a quantity.
//!
//! Owns: the arithmetic and the printing that all quantities share. Does not own: the trait and the reading of text (`quantity`), or the
//! types themselves.

/// Implements the trait, the text form and the arithmetic of counts for a newtype of `i64`.
macro_rules! integer_quantity {
    ($type:ident, name: $name:literal, units: $units:expr, example: $example:literal, misnomers: $misnomers:expr,
     parts: $parts:literal) => {
        impl $crate::Quantity for $type {
            const NAME: &'static str = $name;
            const UNITS: &'static [(&'static str, i64)] = &$units;
            const EXAMPLE: &'static str = $example;
            const MISNOMERS: &'static [(&'static str, &'static str)] = &$misnomers;
            const PARTS: bool = $parts;

            #[inline]
            fn from_base(base: i64) -> Self {
                Self(base)
            }

            #[inline]
            fn base(self) -> i64 {
                self.0
            }
        }

        impl $type {
            /// Zero.
            pub const ZERO: Self = Self(0);
            /// The largest representable quantity.
            pub const MAX: Self = Self(i64::MAX);

            /// Returns whether the quantity is zero.
            #[inline]
            pub const fn is_zero(self) -> bool {
                self.0 == 0
            }

            /// Returns the sum, or `None` when it is not representable.
            #[inline]
            pub const fn checked_add(self, other: Self) -> Option<Self> {
                match self.0.checked_add(other.0) {
                    Some(sum) => Some(Self(sum)),
                    None => None,
                }
            }

            /// Returns the difference, or `None` when it is not representable.
            #[inline]
            pub const fn checked_sub(self, other: Self) -> Option<Self> {
                match self.0.checked_sub(other.0) {
                    Some(difference) => Some(Self(difference)),
                    None => None,
                }
            }

            /// Returns the quantity times a factor, or `None` when the product is not representable.
            #[inline]
            pub const fn checked_mul(self, factor: i64) -> Option<Self> {
                match self.0.checked_mul(factor) {
                    Some(product) => Some(Self(product)),
                    None => None,
                }
            }

            /// Returns the sum, clamped to the largest representable quantity.
            #[inline]
            pub const fn saturating_add(self, other: Self) -> Self {
                Self(self.0.saturating_add(other.0))
            }

            /// Returns the difference, clamped to the smallest representable quantity.
            #[inline]
            pub const fn saturating_sub(self, other: Self) -> Self {
                Self(self.0.saturating_sub(other.0))
            }
        }

        impl std::str::FromStr for $type {
            type Err = $crate::QuantityError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $crate::parse_quantity(text)
            }
        }

        impl std::ops::Add for $type {
            type Output = Self;
            #[inline]
            fn add(self, other: Self) -> Self {
                Self(self.0 + other.0)
            }
        }

        impl std::ops::AddAssign for $type {
            #[inline]
            fn add_assign(&mut self, other: Self) {
                self.0 += other.0;
            }
        }

        impl std::ops::Sub for $type {
            type Output = Self;
            #[inline]
            fn sub(self, other: Self) -> Self {
                Self(self.0 - other.0)
            }
        }

        impl std::ops::SubAssign for $type {
            #[inline]
            fn sub_assign(&mut self, other: Self) {
                self.0 -= other.0;
            }
        }

        impl std::ops::Mul<i64> for $type {
            type Output = Self;
            #[inline]
            fn mul(self, factor: i64) -> Self {
                Self(self.0 * factor)
            }
        }

        impl std::iter::Sum for $type {
            fn sum<I: Iterator<Item = Self>>(items: I) -> Self {
                items.fold(Self::ZERO, |total, item| total + item)
            }
        }
    };
}
pub(crate) use integer_quantity;

/// Prints a quantity in the first of these units that it reaches, else in the last. Scales are powers of ten, so this is exact.
macro_rules! printed_in {
    ($type:ident, $units:expr) => {
        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                let units: &[(&str, u64)] = &$units;
                let (unit, scale) = *units
                    .iter()
                    .find(|(_, scale)| self.0.unsigned_abs() >= *scale)
                    .or(units.last())
                    .expect("invariant: a printed quantity has a unit");
                f.pad(&format!("{} {unit}", $crate::number::decimal(self.0, scale)))
            }
        }
    };
}
pub(crate) use printed_in;
