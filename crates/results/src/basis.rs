//! The sources of a scenario's parameters, and the ranges of shares over unknown inputs, as stored.
//!
//! `scenario` counts the sources and `experiment` simulates the ranges.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Text, finite};

/// How reliable a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// Published recently by a competent source.
    High,
    /// Published, but old, partial or second-hand.
    Medium,
    /// Inferred from a publication.
    Low,
    /// Unknown, so assumed.
    Assumed,
}

/// Number of parameters of the scenario, by source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BasisCount {
    /// Parameters with a source of high confidence.
    pub high: u64,
    /// Parameters with a source of medium confidence.
    pub medium: u64,
    /// Parameters with a source of low confidence.
    pub low: u64,
    /// Parameters that are declared as assumed.
    pub assumed: u64,
    /// Parameters with neither a source nor a declared assumption.
    pub without: u64,
}

impl BasisCount {
    /// Returns the number of all parameters.
    pub fn total(&self) -> u64 {
        self.high + self.medium + self.low + self.assumed + self.without
    }
}

/// A parameter, or several below one path, with its source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SourcedParameter {
    /// The value as written, cut short if long; absent where a default holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// The publication, or the assumption made.
    pub from: Text,
    /// The year that the source describes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year: Option<u64>,
    /// How reliable it is.
    pub confidence: Confidence,
    /// Lowest and highest plausible value, as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range: Option<[String; 2]>,
}

/// The sources of a scenario.
///
/// A parameter is a number or quantity, a law, a row of numbers, a timetable, opening hours or an effect.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Basis {
    /// Number of parameters by source.
    pub count: BasisCount,
    /// Parameters with a source, by path. One path may cover several parameters below it.
    pub sourced: BTreeMap<String, SourcedParameter>,
    /// Paths of the parameters without a source.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub without: Vec<String>,
}

/// Which draws are the ends of a range over the unknown inputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RangeEnds {
    /// The lowest and the highest of all draws.
    LowestHighest,
    /// The 5 % and the 95 % point of the draws. Each is the smallest share that at least this part of the draws does not exceed.
    Percentiles,
}

/// The range of a share over the draws, fractions of one.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ShareRange {
    /// The low end, by [`InputShares::ends`].
    #[serde(serialize_with = "finite::number")]
    pub low: f64,
    /// The high end.
    #[serde(serialize_with = "finite::number")]
    pub high: f64,
    /// Number of draws in which the share reaches the target of the promise.
    pub kept_points: u32,
    /// The share at the stated inputs in the one replication that every draw runs. It differs from the draws by inputs alone, not by luck.
    /// The promise's own share is over all replications.
    #[serde(serialize_with = "finite::number")]
    pub stated: f64,
}

/// The share that keeps a promise when the inputs with a declared range vary within it.
///
/// Draws form a Latin hypercube, with one replication and the same luck in each. The range excludes chance, which the interval of the
/// share covers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct InputShares {
    /// The share of all shipments.
    #[serde(flatten)]
    pub share: ShareRange,
    /// Which draws `low` and `high` are, here and by flow.
    pub ends: RangeEnds,
    /// The share of each flow, by flow id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub by_flow: BTreeMap<String, ShareRange>,
    /// Number of draws.
    pub points: u32,
    /// Number of parameters that vary.
    pub parameters: u32,
    /// Number of unknowns that the parameters rest on, which are drawn independently of each other.
    pub unknowns: u32,
}

/// The assumed mix of lanes behind the share of a promise over several flows.
///
/// Each flow weighs as much as its volume, so another mix gives another share. A volume is the `arrivals` of a flow without their `profile`.
/// It counts as assumed if its source says `Assumed` or `Low`, or if it has no source.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AssumedMix {
    /// Number of flows of the promise that had shipments.
    pub lanes: u32,
    /// Number of these flows with an assumed volume, at least one.
    pub assumed: u32,
    /// The flow with the smallest share, the first by id among equals.
    pub lowest: String,
    /// The smallest share, a fraction of one; with its interval in [`Promise::by_flow`](crate::Promise::by_flow).
    #[serde(serialize_with = "finite::number")]
    pub low: f64,
    /// The flow with the largest share, the first by id among equals.
    pub highest: String,
    /// The largest share, a fraction of one.
    #[serde(serialize_with = "finite::number")]
    pub high: f64,
}
