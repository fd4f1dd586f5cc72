//! What results rest on as stored: parameters with their sources, and the ranges of shares over inputs that are not known.
//!
//! Counting and trying belong to `scenario` and `experiment`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Text, finite};

/// How far a value can be relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// Published by who knows, recently.
    High,
    /// Published, but old, partial or second-hand.
    Medium,
    /// Inferred from something published.
    Low,
    /// Not known: assumed.
    Assumed,
}

/// Parameters of the scenario by what they rest on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BasisCount {
    /// With a source of high confidence.
    pub high: u64,
    /// Of medium confidence.
    pub medium: u64,
    /// Of low confidence.
    pub low: u64,
    /// Assumed, and said to be.
    pub assumed: u64,
    /// With neither source nor word of being assumed.
    pub without: u64,
}

impl BasisCount {
    /// All parameters.
    pub fn total(&self) -> u64 {
        self.high + self.medium + self.low + self.assumed + self.without
    }
}

/// A parameter, or several beneath one path, with what is said about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SourcedParameter {
    /// The value as written, cut short if long; absent where it is not written and a default holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// The publication, or the assumption made.
    pub from: Text,
    /// The year it speaks of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year: Option<u64>,
    /// How far it can be relied on.
    pub confidence: Confidence,
    /// Lowest and highest plausible value, as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range: Option<[String; 2]>,
}

/// What a scenario rests on. A parameter is a number or quantity, a law, a row of numbers, a timetable, opening hours or an
/// effect.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Basis {
    /// Counts.
    pub count: BasisCount,
    /// Everything that has a source, by path. One path may speak of several parameters beneath it.
    pub sourced: BTreeMap<String, SourcedParameter>,
    /// Paths of the parameters without one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub without: Vec<String>,
}

/// Which draws are the ends of a range over the inputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RangeEnds {
    /// The lowest and the highest of all draws.
    LowestHighest,
    /// The 5 % and the 95 % point of the draws: each the smallest share that at least this part of them does not exceed.
    Percentiles,
}

/// A share over the points tried, fractions of one.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ShareRange {
    /// The low end, by [`InputShares::ends`].
    #[serde(serialize_with = "finite::number")]
    pub low: f64,
    /// The high end.
    #[serde(serialize_with = "finite::number")]
    pub high: f64,
    /// Points, of all that were tried, at which the share reaches the target of the promise.
    pub kept_points: u32,
    /// The share at the stated inputs, of the one replication that every point runs: it differs from the points by inputs alone,
    /// not by luck. The promise's own share is of all replications.
    #[serde(serialize_with = "finite::number")]
    pub stated: f64,
}

/// The share that keeps a promise if the inputs with a declared range vary within it: a Latin hypercube, one replication a
/// point, the same luck at every point. Chance has no part in it; the interval of the share has that.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct InputShares {
    /// Of all shipments.
    #[serde(flatten)]
    pub share: ShareRange,
    /// Which draws `low` and `high` are, here and by flow.
    pub ends: RangeEnds,
    /// By flow id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub by_flow: BTreeMap<String, ShareRange>,
    /// Points tried.
    pub points: u32,
    /// Parameters that vary.
    pub parameters: u32,
    /// What they rest on: so many are drawn independently of each other.
    pub unknowns: u32,
}

/// The mix of lanes that the share of a promise over several flows rests on, where volumes are assumed: each flow weighs as
/// much as its volume, so that another mix gives another share.
///
/// A volume is the `arrivals` of a flow without their `profile`. It is assumed if its source says `Assumed` or `Low`, or if
/// it has none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AssumedMix {
    /// Flows of the promise that had shipments.
    pub lanes: u32,
    /// Of these, flows whose volume is assumed; one at least.
    pub assumed: u32,
    /// The flow that keeps the smallest share, the first by id where several do.
    pub lowest: String,
    /// Its share, a fraction of one; with its interval in [`Promise::by_flow`](crate::Promise::by_flow).
    #[serde(serialize_with = "finite::number")]
    pub low: f64,
    /// The flow that keeps the largest share, the first by id where several do.
    pub highest: String,
    /// Its share.
    #[serde(serialize_with = "finite::number")]
    pub high: f64,
}
