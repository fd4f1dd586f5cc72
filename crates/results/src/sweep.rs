//! The content of `sweep.json`: one scenario at several points, each figure beside its difference to the first point.
//!
//! No estimate is computed here. The schema number is that of the other files and rises with them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Figure, ScenarioInfo, Text, finite};

/// The quantity and unit of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// A share, a fraction of one.
    Share,
    /// A time in hours.
    Hours,
    /// Money in yuan.
    Yuan,
    /// CO2 equivalents in kilograms.
    Kilograms,
    /// A number without unit: shipments, vehicles, departures.
    Number,
}

impl Measure {
    /// Returns the unit as tables show it; empty for a share or a number.
    pub const fn unit(self) -> &'static str {
        match self {
            Self::Share | Self::Number => "",
            Self::Hours => "h",
            Self::Yuan => "CNY",
            Self::Kilograms => "kg",
        }
    }
}

/// How the points of a sweep were chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DesignKind {
    /// Every combination of the values.
    Grid,
    /// A Latin hypercube over ranges.
    Latin,
    /// A list that the user wrote.
    List,
}

/// A parameter that varies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SweptParameter {
    /// Its path.
    pub path: String,
    /// The unit of its numbers: empty for plain numbers, `None` where its values are words and have no order.
    pub unit: Option<String>,
}

/// A point of a sweep.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SweepPoint {
    /// The value of each parameter, as written.
    pub values: Vec<String>,
    /// The value of each parameter as a number in its unit; `None` for words.
    pub numbers: Vec<Option<f64>>,
    /// Digest of the compiled model.
    pub digest: String,
    /// Number of merged replications.
    pub replications: u32,
}

/// A metric at a point.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SweepValue {
    /// The figure.
    pub figure: Figure,
    /// Its difference to the first point, under the same luck; absent at the first point.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub difference: Option<Figure>,
    /// Whether every replication gave the same numbers as at the first point.
    #[serde(default, skip_serializing_if = "finite::is_unset")]
    pub is_same: bool,
}

/// A metric at all points.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SweptMetric {
    /// Its path.
    pub path: String,
    /// Its quantity and unit.
    pub measure: Measure,
    /// Its display name. The share of a promise has the name of the promise.
    pub name: Text,
    /// The target, if it is the share of a promise.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "finite::optional")]
    pub target: Option<f64>,
    /// Whether it is the share of a promise that no other promise sums up.
    #[serde(default, skip_serializing_if = "finite::is_unset")]
    pub is_leading: bool,
    /// Values by point.
    pub values: Vec<SweepValue>,
}

/// The content of `sweep.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Sweep {
    /// [`SCHEMA`](crate::SCHEMA).
    pub schema: u32,
    /// Version of the layout of random-number keys.
    pub key_layout: u32,
    /// Confidence level of every interval, a fraction of one.
    #[serde(serialize_with = "finite::number")]
    pub confidence: f64,
    /// The scenario. Its number of replications is that of the point with the fewest.
    pub scenario: ScenarioInfo,
    /// How the points were chosen.
    pub design: DesignKind,
    /// The parameters that vary.
    pub parameters: Vec<SweptParameter>,
    /// The points, in the requested order. Differences are to the first.
    pub points: Vec<SweepPoint>,
    /// The metrics, promises first.
    pub metrics: Vec<SweptMetric>,
    /// Parameters that were set for all points, each as `PATH=VALUE`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overrides: Vec<String>,
    /// Remarks for readers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Text>,
}
