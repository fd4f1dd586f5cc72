//! What results rest on as stored: parameters with their sources, and the ranges of shares over inputs that are not known.
//!
//! Counting and trying belong to `scenario` and `experiment`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Text, finite};

/// How far a value can be relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    /// Counts.
    pub count: BasisCount,
    /// Everything that has a source, by path. One path may speak of several parameters beneath it.
    pub sourced: BTreeMap<String, SourcedParameter>,
    /// Paths of the parameters without one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub without: Vec<String>,
}

/// The 5 % and 95 % points of a share over the points tried, fractions of one.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShareRange {
    /// 5 % of the points lie below.
    #[serde(serialize_with = "finite::number")]
    pub low: f64,
    /// 5 % of the points lie above.
    #[serde(serialize_with = "finite::number")]
    pub high: f64,
}

/// The verdict over the inputs' ranges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InputVerdict {
    /// The low end reaches the target.
    Kept,
    /// The high end misses it.
    Broken,
    /// The target lies between: it depends on inputs that are not known.
    Depends,
}

/// The share that keeps a promise if the inputs with a declared range vary within it: a Latin hypercube, one replication a
/// point, the same luck at every point. Chance has no part in it; the interval of the share has that.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InputShares {
    /// Of all shipments.
    #[serde(flatten)]
    pub share: ShareRange,
    /// By flow id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub by_flow: BTreeMap<String, ShareRange>,
    /// Points tried.
    pub points: u32,
    /// Parameters that vary.
    pub parameters: u32,
    /// What they rest on: so many are drawn independently of each other.
    pub unknowns: u32,
    /// Whether the promise is kept over the range.
    pub verdict: InputVerdict,
}
