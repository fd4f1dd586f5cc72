//! The content of `sweep.json`: one scenario at several points, each figure beside its difference to the first point. No estimate is
//! computed here.
//!
//! The schema number is that of the other files; it rises with them.

use serde::{Deserialize, Serialize};

use crate::{Figure, ScenarioInfo, Text, finite};

/// What a figure is measured in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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
    /// The unit as tables show it; empty for a fraction or a number.
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DesignKind {
    /// Every combination of the values.
    Grid,
    /// A Latin hypercube over ranges.
    Latin,
    /// A list that somebody wrote.
    List,
}

/// A parameter that varies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SweptParameter {
    /// Its path.
    pub path: String,
    /// The unit of its numbers: empty for plain numbers, `None` where its values are words and have no order.
    pub unit: Option<String>,
}

/// A point of a sweep.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SweepPoint {
    /// The value of each parameter, as written.
    pub values: Vec<String>,
    /// The same as numbers in the unit of each parameter; `None` for words.
    pub numbers: Vec<Option<f64>>,
    /// Digest of the compiled model.
    pub digest: String,
    /// Replications merged.
    pub replications: u32,
}

/// A metric at a point.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SweepValue {
    /// The figure.
    pub figure: Figure,
    /// Its difference to the first point, under the same luck; nothing at the first point.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub difference: Option<Figure>,
    /// Whether every replication gave the same numbers as at the first point.
    #[serde(default, skip_serializing_if = "finite::is_unset")]
    pub is_same: bool,
}

/// A metric at all points.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SweptMetric {
    /// Its path.
    pub path: String,
    /// What it is measured in.
    pub measure: Measure,
    /// Its name for readers; of a promise's share that of the promise.
    pub name: Text,
    /// The target of a promise's share.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "finite::optional")]
    pub target: Option<f64>,
    /// Whether it is the share of a promise that no other sums up.
    #[serde(default, skip_serializing_if = "finite::is_unset")]
    pub is_leading: bool,
    /// By point.
    pub values: Vec<SweepValue>,
}

/// The content of `sweep.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sweep {
    /// [`SCHEMA`](crate::SCHEMA).
    pub schema: u32,
    /// Version of the layout of random-number keys.
    pub key_layout: u32,
    /// Confidence level of every interval, a fraction of one.
    #[serde(serialize_with = "finite::number")]
    pub confidence: f64,
    /// The scenario; its replications are those of the point that has fewest.
    pub scenario: ScenarioInfo,
    /// How the points were chosen.
    pub design: DesignKind,
    /// What varies.
    pub parameters: Vec<SweptParameter>,
    /// The points, in the order in which they were asked for. Differences are to the first.
    pub points: Vec<SweepPoint>,
    /// The metrics, promises first.
    pub metrics: Vec<SweptMetric>,
    /// Parameters that were set for all points, each as `PATH=VALUE`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overrides: Vec<String>,
    /// What a reader should know.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Text>,
}
