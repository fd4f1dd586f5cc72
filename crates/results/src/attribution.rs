//! Where the hours come from, by counterfactual, as stored in `attribution.json`. Nothing is estimated here.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{ComparedScenario, Figure, Text, finite};

/// The content of `attribution.json`: the hours of a flow or a promise, cause by cause, under common luck.
///
/// Times are hours, shares fractions of one. What a removal saves is positive. Intervals are over luck at the stated inputs, paired by
/// replication.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attribution {
    /// [`SCHEMA`](crate::SCHEMA).
    pub schema: u32,
    /// Version of the layout of random-number keys.
    pub key_layout: u32,
    /// Confidence level of every interval, a fraction of one.
    #[serde(serialize_with = "finite::number")]
    pub confidence: f64,
    /// The scenario as it is.
    pub scenario: ComparedScenario,
    /// Whose hours they are.
    pub subject: AttributedSubject,
    /// Models that were simulated, the scenario itself among them.
    pub models: u32,
    /// Times without any wait: moving, being worked on and inspected, in the model without any of the causes.
    pub ideal: Times,
    /// Times with all causes removed.
    pub freed: Times,
    /// Times as they are.
    pub actual: Times,
    /// The share that keeps the promise as it is, and with all causes removed; where there is a promise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<Shares>,
    /// Where a scenario as it is would get without the causes, in route order. `freed` plus all `cumulative` is `actual`.
    pub causes: Vec<AttributedCause>,
    /// From `ideal` to `freed`: waits that no edit of the model removes.
    pub remainder: Remainder,
    /// All single gains together minus the gain of removing all causes at once.
    pub interaction: Gain,
    /// The ids of the causes by what removing one alone gains: by the share, then by the mean time.
    pub ranking: Vec<String>,
    /// What measures on waits alone can reach at best; where there is a promise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bound: Option<Bound>,
    /// Parameters that were set, each as `PATH=VALUE`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overrides: Vec<String>,
    /// What a reader should know.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Text>,
}

/// Whose hours are attributed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AttributedSubject {
    /// Whether it is a promise, all its flows together, and not a flow.
    pub is_promise: bool,
    /// Id of the promise or flow.
    pub id: String,
    /// Its name.
    pub name: Text,
    /// The flows, by id.
    pub flows: Vec<String>,
    /// The clock by which times are taken.
    pub clock: String,
    /// The promise whose share is told; `None` where the flow has none from release to delivery.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promise: Option<AttributedPromise>,
}

/// The promise whose share is told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AttributedPromise {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Text,
    /// The limit in hours, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "finite::optional")]
    pub limit_hours: Option<f64>,
    /// The share that is to keep it.
    #[serde(serialize_with = "finite::number")]
    pub target: f64,
}

/// Statistics of a time, in hours. Infinite where the statistic lies among shipments that never came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Times {
    /// Mean.
    pub mean: Figure,
    /// Median.
    pub p50: Figure,
    /// What 90 % do not exceed.
    pub p90: Figure,
}

/// The share that keeps the promise.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shares {
    /// As it is.
    pub actual: Figure,
    /// With all causes removed.
    pub freed: Figure,
}

/// What a removal saves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Gain {
    /// More of the share; `None` without a promise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<Figure>,
    /// Less of the mean.
    pub mean: Figure,
    /// Less of the median.
    pub p50: Figure,
    /// Less of what 90 % do not exceed.
    pub p90: Figure,
}

/// What kind of cause it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CauseKind {
    /// The queue, the opening hours and the breakdowns of a resource.
    Resource,
    /// The opening hours of a gate.
    Gate,
    /// Too few vehicles on a connection.
    Fleet,
    /// Full departures of a service, or too few vehicles for them.
    Full,
    /// Cancelled and late departures of a service.
    Unpunctual,
    /// A border regime that is not in its best state.
    Regime,
    /// All disruptions.
    Disruptions,
}

/// A cause of waits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AttributedCause {
    /// Its kind and the id of what it belongs to, such as `resource.customs`.
    pub id: String,
    /// Its kind.
    pub kind: CauseKind,
    /// The name of what it belongs to.
    pub name: Text,
    /// What removing it alone gains.
    pub single: Gain,
    /// What removing it gains after everything before it on the route is removed.
    pub cumulative: Gain,
    /// Hours saved where it acts and from door to door; where it acts in stages of the flows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amplification: Option<Amplification>,
}

/// How an hour at a stage grows on the way to the door.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Amplification {
    /// Hours that the removal saves in its own stages, per shipment.
    pub at_stage: Figure,
    /// Hours that it saves from release to delivery, per shipment.
    pub door_to_door: Figure,
    /// Hours saved after its own stages.
    pub beyond: Figure,
    /// Hours from door to door per hour at the stage; `None` where the stage saves nothing.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "finite::optional")]
    pub factor: Option<f64>,
    /// The service whose departures were missed, where more is proven to be saved beyond.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missed: Option<Text>,
}

/// Waits that no edit of the model removes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Remainder {
    /// From the ideal time to that with all causes removed.
    pub gain: Gain,
    /// Mean hours of each category of waits from release to delivery with all causes removed, by its id.
    pub categories: BTreeMap<String, Figure>,
}

/// What measures on waits alone can reach at best.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bound {
    /// The share whose time without waits keeps the promise.
    pub share: Figure,
    /// Whether it is proven to lie below the target.
    pub is_out_of_reach: bool,
}
