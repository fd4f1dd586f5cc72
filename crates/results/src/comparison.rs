//! The content of `compare.json`: scenarios compared with a base. No difference is estimated here.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Figure, Hash64, Text, finite};

/// The content of `compare.json`: scenarios compared with a base under common luck.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Comparison {
    /// [`SCHEMA`](crate::SCHEMA).
    pub schema: u32,
    /// Version of the layout of random-number keys.
    pub key_layout: u32,
    /// Confidence level of every interval, a fraction of one.
    #[serde(serialize_with = "finite::number")]
    pub confidence: f64,
    /// The smallest differences that matter, as the base states them.
    pub margins: Margins,
    /// The scenario that the others are compared with.
    pub base: ComparedScenario,
    /// The other scenarios, in the order in which they were named.
    pub alternatives: Vec<Alternative>,
    /// The promises of the base, by id.
    pub promises: BTreeMap<String, ComparedPromise>,
    /// Which scenarios may be the best for each promise of the base, by promise id; only with two alternatives or more.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub rankings: BTreeMap<String, Ranking>,
    /// Names of the flows of all scenarios, background flows excluded, by id.
    pub flows: BTreeMap<String, Text>,
    /// Parameters that were set for all scenarios alike, each as `PATH=VALUE`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overrides: Vec<String>,
    /// Remarks for readers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Text>,
}

/// The smallest differences that matter.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Margins {
    /// Margin of shares, a fraction of one.
    #[serde(serialize_with = "finite::number")]
    pub share: f64,
    /// Margin of times, in hours.
    #[serde(serialize_with = "finite::number")]
    pub hours: f64,
}

/// One of the compared scenarios.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ComparedScenario {
    /// Its id.
    pub name: String,
    /// Its title.
    pub title: Text,
    /// Digest of its compiled model.
    pub digest: String,
    /// Fingerprint of all its replications.
    pub fingerprint: Hash64,
    /// The seed.
    pub seed: u64,
    /// Replications.
    pub replications: u32,
    /// Number of draws of the unknown inputs.
    pub draws: u32,
}

/// A promise as it is asked for in every scenario.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ComparedPromise {
    /// Its name.
    pub name: Text,
    /// The flows that it covers.
    pub flows: Vec<String>,
    /// The clock on which it is measured.
    pub clock: String,
    /// The limit in hours, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "finite::optional")]
    pub limit_hours: Option<f64>,
    /// Target share, a fraction of one.
    #[serde(serialize_with = "finite::number")]
    pub target: f64,
    /// Whether it covers a single lane and a promise of several lanes sums it up.
    #[serde(default, skip_serializing_if = "finite::is_unset")]
    pub is_of_a_lane: bool,
}

/// A scenario beside the base.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Alternative {
    /// The scenario.
    pub scenario: ComparedScenario,
    /// Whether nothing at all differs: no milestone, no figure, no draw.
    pub is_same: bool,
    /// Whether every shipment and every departure met the same milestones as in the base; costs, limits and draws may differ.
    pub moves_alike: bool,
    /// Number of flows of both scenarios whose shipments all met the same milestones.
    pub same_flows: u32,
    /// Number of flows that both scenarios have.
    pub flows: u32,
    /// Flows that only the base has.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flows_of_base: Vec<String>,
    /// Flows that only this scenario has.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flows_of_alternative: Vec<String>,
    /// Values that the files state differently.
    pub changes: Vec<Change>,
    /// Promises beside those of the base, by promise id: what to report first, and the comparison over the draws.
    pub promises: BTreeMap<String, PromiseDifference>,
    /// Every figure that both scenarios have, by path: shares, times in hours, costs in yuan, emissions in kilograms of CO2e. Beside the
    /// paths of results there is `promises.ID.time.STAT`, the times on the clock of a promise over all its flows.
    pub metrics: BTreeMap<String, MetricDifference>,
    /// Shipments of the first replication that keep a promise in only one of both scenarios, by promise id; empty if not followed.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub flips: BTreeMap<String, PromiseFlips>,
}

/// Shipments of one replication that keep a promise in only one of two scenarios.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PromiseFlips {
    /// Number of shipments that both scenarios have.
    pub of: u64,
    /// Number of shipments that keep the promise only in the alternative.
    pub gained: u64,
    /// Number of shipments that keep the promise only in the base.
    pub lost: u64,
    /// Flips by the stage whose time changed most in the direction of the flip, the most flips first.
    pub stages: Vec<StageFlips>,
}

/// The flips that are due to one stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StageFlips {
    /// The flow.
    pub flow: String,
    /// The stage, by its id.
    pub stage: String,
    /// Its name.
    pub name: Text,
    /// Number of flips to keeping the promise.
    pub gained: u64,
    /// Number of flips to breaking the promise.
    pub lost: u64,
}

/// A value that two scenarios state differently.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Change {
    /// The path of the parameter.
    pub path: String,
    /// Name of the entry, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Text>,
    /// The value in the base, cut short if long.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<String>,
    /// The value in the alternative, likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alternative: Option<String>,
}

/// Finding on a difference, by the smallest difference that matters (the margin).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Finding {
    /// Exactly zero: the same numbers in every replication.
    Same,
    /// Better, and by more than the margin.
    Better,
    /// Better; whether by more than the margin is not decided.
    BetterOpen,
    /// Better, but proven to be less than the margin.
    BetterInside,
    /// Worse, and by more than the margin.
    Worse,
    /// Worse; whether by more than the margin is not decided.
    WorseOpen,
    /// Worse, but proven to be less than the margin.
    WorseInside,
    /// Proven to be less than the margin, in either direction.
    Equivalent,
    /// Neither a difference nor the lack of one is proven.
    Undecided,
}

impl Finding {
    /// Returns whether a difference that may matter is proven.
    pub fn is_proven(self) -> bool {
        matches!(self, Self::Better | Self::BetterOpen | Self::Worse | Self::WorseOpen)
    }

    /// Returns whether a proven difference is in favour of the alternative.
    pub fn is_better(self) -> bool {
        matches!(self, Self::Better | Self::BetterOpen | Self::BetterInside)
    }
}

/// A figure in both scenarios, and the difference.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MetricDifference {
    /// Value in the base; `None` where it is infinite.
    #[serde(serialize_with = "finite::optional")]
    pub base: Option<f64>,
    /// Value in the alternative; `None` where it is infinite.
    #[serde(serialize_with = "finite::optional")]
    pub alternative: Option<f64>,
    /// Alternative minus base, with the interval over luck at the stated inputs. With several alternatives the intervals hold
    /// simultaneously (Bonferroni).
    pub difference: Figure,
    /// Finding on the difference. Figures without a margin are tested against zero.
    pub finding: Finding,
    /// Number of further replications that would decide, if the finding is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub more_replications: Option<u64>,
    /// p-value of no difference, adjusted for all alternatives by Holm's method; only with several alternatives.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "finite::optional")]
    pub p_adjusted: Option<f64>,
    /// Factor by which common random numbers reduce the variance of the difference.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "finite::optional")]
    pub variance_reduction: Option<f64>,
}

/// Which difference of a promise is reported first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Lead {
    /// The difference of the share.
    Share,
    /// The difference of the mean time, because the share does not change.
    Time,
    /// Neither, because no change matters.
    Neither,
}

/// A promise of an alternative beside that of the base.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PromiseDifference {
    /// Which difference is reported first.
    pub lead: Lead,
    /// The comparison over the draws of the inputs; `None` unless both scenarios ran the same draws.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draws: Option<DrawDifferences>,
}

/// A comparison repeated at draws of the unknown inputs, with one replication each and the same luck.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DrawDifferences {
    /// Number of draws.
    pub draws: u32,
    /// Counts by the share that keeps the promise.
    pub share: DrawCount,
    /// Counts by the mean time.
    pub time: DrawCount,
    /// Unknowns on which it depends whether the alternative loses, by the leading difference; the strongest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub loses_where: Vec<Influence>,
}

/// Number of draws in which the alternative is better, the same or worse, and the range of the differences.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DrawCount {
    /// Draws in which it is better.
    pub better: u32,
    /// Draws in which it is exactly the same.
    pub same: u32,
    /// Draws in which it is worse.
    pub worse: u32,
    /// The lowest difference: a fraction of one, or hours.
    #[serde(serialize_with = "finite::number")]
    pub low: f64,
    /// The highest difference, likewise.
    #[serde(serialize_with = "finite::number")]
    pub high: f64,
}

/// An unknown on which the winner depends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Influence {
    /// The path of a parameter, or the name of the unknown that several parameters rest on.
    pub unknown: String,
    /// Whether the alternative loses where the unknown is near the high end of its range, rather than the low one.
    pub loses_when_high: bool,
    /// Median position of the unknown in its range, from 0 to 1: in draws in which the alternative loses, and in the others.
    pub medians: [f64; 2],
    /// p-value of the rank test of independence, times the number of unknowns.
    #[serde(serialize_with = "finite::number")]
    pub p: f64,
}

/// Which scenarios may be the best for a promise. The base is ranked with the alternatives.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Ranking {
    /// Whether scenarios are ranked by the share, or by the mean time if shares do not change.
    pub by: Lead,
    /// The scenarios, the best estimate first.
    pub order: Vec<Ranked>,
    /// The probability, given the replications, that the first is the best.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "finite::optional")]
    pub chance_of_first: Option<f64>,
    /// The probability that the whole order is right.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "finite::optional")]
    pub chance_of_order: Option<f64>,
}

/// A scenario in a ranking.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Ranked {
    /// Its id.
    pub name: String,
    /// Its figure: a share or hours.
    #[serde(serialize_with = "finite::number")]
    pub value: f64,
    /// Whether it may be the best. With the confidence of the file, the best is among the scenarios that may be.
    pub may_be_best: bool,
}
