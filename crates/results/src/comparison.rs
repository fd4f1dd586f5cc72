//! Scenarios compared with a base, as stored in `compare.json`. No difference is estimated here.

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
    /// What matters, as the base states it.
    pub margins: Margins,
    /// What the others are compared with.
    pub base: ComparedScenario,
    /// In the order in which they were named.
    pub alternatives: Vec<Alternative>,
    /// The promises of the base, by id.
    pub promises: BTreeMap<String, ComparedPromise>,
    /// Of each promise of the base, with two alternatives or more: which scenarios may be the best.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub rankings: BTreeMap<String, Ranking>,
    /// Names of the flows of all scenarios that count, by id.
    pub flows: BTreeMap<String, Text>,
    /// Parameters that were set for all scenarios alike, each as `PATH=VALUE`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overrides: Vec<String>,
    /// What a reader should know.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Text>,
}

/// The smallest differences that matter.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Margins {
    /// Of shares, a fraction of one.
    #[serde(serialize_with = "finite::number")]
    pub share: f64,
    /// Of times, in hours.
    #[serde(serialize_with = "finite::number")]
    pub hours: f64,
}

/// One of the scenarios.
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
    /// Draws of the inputs that are not known.
    pub draws: u32,
}

/// A promise as it is asked for in every scenario.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ComparedPromise {
    /// Its name.
    pub name: Text,
    /// The flows it is made to.
    pub flows: Vec<String>,
    /// The clock that counts.
    pub clock: String,
    /// The limit in hours, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "finite::optional")]
    pub limit_hours: Option<f64>,
    /// The share that is to keep it.
    #[serde(serialize_with = "finite::number")]
    pub target: f64,
    /// Whether it is that of a single lane that another promise of several lanes sums up.
    #[serde(default, skip_serializing_if = "finite::is_unset")]
    pub is_of_a_lane: bool,
}

/// A scenario beside the base.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Alternative {
    /// Which.
    pub scenario: ComparedScenario,
    /// Whether nothing at all differs: no milestone, no figure, no draw.
    pub is_same: bool,
    /// Whether every shipment and every departure met the same milestones as in the base; costs, limits and draws may differ.
    pub moves_alike: bool,
    /// Flows of both scenarios whose shipments all met the same milestones.
    pub same_flows: u32,
    /// Flows of both scenarios.
    pub flows: u32,
    /// Flows of the base alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flows_of_base: Vec<String>,
    /// Flows of this scenario alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flows_of_alternative: Vec<String>,
    /// What the files say differently.
    pub changes: Vec<Change>,
    /// By promise id: over the draws of the inputs, and what to say first.
    pub promises: BTreeMap<String, PromiseDifference>,
    /// Every figure that both have, by its path: shares, times in hours, costs in yuan, emissions in kilograms of CO2e. Beside the paths of
    /// results there are `promises.ID.time.STAT`, the times on the clock of a promise over all its flows.
    pub metrics: BTreeMap<String, MetricDifference>,
    /// Shipments of the first replication that keep a promise in one of both alone, by promise id; where they were looked at.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub flips: BTreeMap<String, PromiseFlips>,
}

/// Shipments of one replication that keep a promise in one of two scenarios alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PromiseFlips {
    /// Shipments that both scenarios have.
    pub of: u64,
    /// Kept in the alternative alone.
    pub gained: u64,
    /// Kept in the base alone.
    pub lost: u64,
    /// By the stage whose time changed most in the direction of the flip, the most flips first.
    pub stages: Vec<StageFlips>,
}

/// The flips that one stage made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StageFlips {
    /// The flow.
    pub flow: String,
    /// The stage, by its id.
    pub stage: String,
    /// What it is called.
    pub name: Text,
    /// Shipments that keep the promise now.
    pub gained: u64,
    /// Shipments that do not any more.
    pub lost: u64,
}

/// A value that two scenarios state differently.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Change {
    /// The path of the parameter.
    pub path: String,
    /// What the entry is called, if it has a name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Text>,
    /// As the base has it, cut short if long.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<String>,
    /// As the alternative has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alternative: Option<String>,
}

/// What a difference says against the margin of what matters.
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
    /// Whether a difference that may matter is proven.
    pub fn is_proven(self) -> bool {
        matches!(self, Self::Better | Self::BetterOpen | Self::Worse | Self::WorseOpen)
    }

    /// Whether a proven difference speaks for the alternative.
    pub fn is_better(self) -> bool {
        matches!(self, Self::Better | Self::BetterOpen | Self::BetterInside)
    }
}

/// A figure in both scenarios, and the difference.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MetricDifference {
    /// In the base; `None` where it is infinite.
    #[serde(serialize_with = "finite::optional")]
    pub base: Option<f64>,
    /// In the alternative.
    #[serde(serialize_with = "finite::optional")]
    pub alternative: Option<f64>,
    /// Alternative minus base, with the interval over luck at the stated inputs; with several alternatives the one that holds together
    /// with theirs (Bonferroni).
    pub difference: Figure,
    /// What it says, by the margin of its kind; with none for figures that have no margin.
    pub finding: Finding,
    /// How many more replications would decide, where they are not enough.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub more_replications: Option<u64>,
    /// Holm's p-value of no difference, adjusted for all alternatives; with several alternatives.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "finite::optional")]
    pub p_adjusted: Option<f64>,
    /// By how much common luck reduces the variance of the difference.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "finite::optional")]
    pub variance_reduction: Option<f64>,
}

/// Which difference of a promise tells more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Lead {
    /// That of the share.
    Share,
    /// That of the mean time: the share does not move.
    Time,
    /// Neither: nothing that matters has changed.
    Neither,
}

/// A promise beside that of the base.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PromiseDifference {
    /// What to say first.
    pub lead: Lead,
    /// The same comparison over the draws of the inputs; where both scenarios were tried at the same ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draws: Option<DrawDifferences>,
}

/// A comparison repeated at draws of what is not known, one replication each with the same luck.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DrawDifferences {
    /// Draws.
    pub draws: u32,
    /// By the share that keeps the promise.
    pub share: DrawCount,
    /// By the mean time.
    pub time: DrawCount,
    /// What the draws have in common at which the alternative loses by the difference that leads; the strongest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub loses_where: Vec<Influence>,
}

/// At how many draws the alternative is better, exactly alike and worse, and the range of the differences.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DrawCount {
    /// Better.
    pub better: u32,
    /// Exactly alike.
    pub same: u32,
    /// Worse.
    pub worse: u32,
    /// The lowest difference: a fraction of one, or hours.
    #[serde(serialize_with = "finite::number")]
    pub low: f64,
    /// The highest.
    #[serde(serialize_with = "finite::number")]
    pub high: f64,
}

/// An unknown on which the winner depends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Influence {
    /// The unknown: the path of a parameter, or the name of what several rest on.
    pub unknown: String,
    /// Whether the alternative loses where the unknown is near the high end of its range, rather than the low one.
    pub loses_when_high: bool,
    /// Median of its place in the range, from 0 to 1, at the draws at which the alternative loses, and at the others.
    pub medians: [f64; 2],
    /// p-value of the rank test that it has nothing to do with it, times the number of unknowns.
    #[serde(serialize_with = "finite::number")]
    pub p: f64,
}

/// Which of the scenarios may be the best for a promise; the base is among them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Ranking {
    /// Whether it is by the share, or by the mean time where shares do not move.
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
    /// Its figure: a share, or hours.
    #[serde(serialize_with = "finite::number")]
    pub value: f64,
    /// Whether it may be the best; with the confidence of the file the best is among those that may.
    pub may_be_best: bool,
}
