//! The fingerprint of a run as stored. `core` computes it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A 64-bit hash, written as sixteen lower-case hexadecimal digits, since JSON numbers lose bits above 2^53.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash64(pub u64);

impl fmt::Display for Hash64 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl JsonSchema for Hash64 {
    fn schema_name() -> Cow<'static, str> {
        "Hash64".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "pattern": "^[0-9a-f]{16}$",
            "description": "A 64-bit hash, written as sixteen lower-case hexadecimal digits.",
        })
    }
}

impl Serialize for Hash64 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hash64 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let canonical = text.len() == 16 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        match u64::from_str_radix(&text, 16) {
            Ok(value) if canonical => Ok(Self(value)),
            _ => Err(D::Error::custom(format!("`{text}` is not a hash of sixteen hexadecimal digits"))),
        }
    }
}

/// The fingerprint of all replications.
///
/// Equal fingerprints mean that every shipment and every departure met the same milestones at the same milliseconds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Fingerprint {
    /// Fingerprint of the whole run.
    pub total: Hash64,
    /// Fingerprint of the shipments of each flow, by flow id.
    pub flows: BTreeMap<String, Hash64>,
    /// Fingerprint of the departures of each service, by service id.
    pub services: BTreeMap<String, Hash64>,
}
