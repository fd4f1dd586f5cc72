//! Numbers in a baseline: whole numbers without a decimal point, infinity as a word, and `null` for a missing number.
//!
//! Every number reads back to the same bits. Does not own what the numbers mean (`values`).

use std::fmt;

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The word for infinity, which JSON numbers lack.
const INFINITE: &str = "infinite";

/// Largest whole number that is written without a decimal point: 2^53.
const LARGEST_WHOLE: f64 = 9_007_199_254_740_992.0;

/// A number that may be infinite or missing; NaN represents a missing one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Number(pub(crate) f64);

/// Compares bits, so that a missing number equals a missing number.
impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.0.to_bits() == other.0.to_bits() || (self.0.is_nan() && other.0.is_nan())
    }
}

impl JsonSchema for Number {
    fn schema_name() -> Cow<'static, str> {
        "Number".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": ["number", "string", "null"],
            "description": "A number; \"infinite\" where it is, null where there is none.",
        })
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let value = self.0;
        if value.is_nan() {
            serializer.serialize_unit()
        } else if value.is_infinite() {
            serializer.serialize_str(INFINITE)
        } else if value.fract() == 0.0 && value.abs() < LARGEST_WHOLE && !is_negative_zero(value) {
            serializer.serialize_i64(value as i64)
        } else {
            serializer.serialize_f64(value)
        }
    }
}

fn is_negative_zero(value: f64) -> bool {
    value.to_bits() == (-0.0_f64).to_bits()
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OfNumber;
        impl Visitor<'_> for OfNumber {
            type Value = Number;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "a number, null or \"{INFINITE}\"")
            }

            fn visit_f64<E: Error>(self, value: f64) -> Result<Number, E> {
                Ok(Number(value))
            }

            fn visit_i64<E: Error>(self, value: i64) -> Result<Number, E> {
                Ok(Number(value as f64))
            }

            fn visit_u64<E: Error>(self, value: u64) -> Result<Number, E> {
                Ok(Number(value as f64))
            }

            fn visit_unit<E: Error>(self) -> Result<Number, E> {
                Ok(Number(f64::NAN))
            }

            fn visit_str<E: Error>(self, word: &str) -> Result<Number, E> {
                if word == INFINITE {
                    return Ok(Number(f64::INFINITY));
                }
                Err(E::custom(format!("`{word}` is no number; expected a number, null or \"{INFINITE}\"")))
            }
        }
        deserializer.deserialize_any(OfNumber)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_back_to_the_same_bits() {
        for value in [0.0, -0.0, 3.0, -7.0, 0.1, 1.0 / 3.0, 1e300, f64::INFINITY, f64::NAN, 12_345_678_901.0]
        {
            let text = serde_json::to_string(&Number(value)).unwrap();
            let again: Number = serde_json::from_str(&text).unwrap();
            assert_eq!(again, Number(value), "{text}");
        }
        assert_eq!(serde_json::to_string(&Number(36.0)).unwrap(), "36");
        assert!(serde_json::from_str::<Number>("\"much\"").unwrap_err().to_string().contains("`much`"));
    }
}
