//! The content of `attribution.json`: where the hours come from, by counterfactual. Nothing is estimated here.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{ComparedScenario, Figure, Text, finite};

/// The content of `attribution.json`: the hours of a flow or a promise, cause by cause, under common luck.
///
/// Times are hours, shares fractions of one. A gain is positive when a removal saves time. Intervals cover luck at the stated inputs, with
/// replications paired.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attribution {
    /// [`SCHEMA`](crate::SCHEMA).
    pub schema: u32,
    /// Version of the layout of random-number keys.
    pub key_layout: u32,
    /// Confidence level of every interval, a fraction of one.
    #[serde(serialize_with = "finite::number")]
    pub confidence: f64,
    /// The scenario with all causes in place.
    pub scenario: ComparedScenario,
    /// The promise or flow whose hours are attributed.
    pub subject: AttributedSubject,
    /// Number of simulated models, the scenario itself included.
    pub models: u32,
    /// Ideal times: moving, being worked on and inspected, without any wait, in the model without the causes.
    pub ideal: Times,
    /// Times with all causes removed.
    pub freed: Times,
    /// Times with all causes in place.
    pub actual: Times,
    /// The share that keeps the promise, with and without the causes; `None` without a promise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<Shares>,
    /// The causes in route order. `freed` plus all `cumulative` gains is `actual`.
    pub causes: Vec<AttributedCause>,
    /// Waits that no edit of the model removes: the difference of `freed` and `ideal`.
    pub remainder: Remainder,
    /// All single gains together minus the gain of removing all causes at once.
    pub interaction: Gain,
    /// Ids of the causes, the largest single gain first: by the share, then by the mean time.
    pub ranking: Vec<String>,
    /// The best that measures on waits alone can reach; `None` without a promise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bound: Option<Bound>,
    /// Parameters that were set, each as `PATH=VALUE`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overrides: Vec<String>,
    /// Remarks for readers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Text>,
}

/// The promise or flow whose hours are attributed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AttributedSubject {
    /// Whether it is a promise with all its flows together, not a single flow.
    pub is_promise: bool,
    /// Id of the promise or flow.
    pub id: String,
    /// Its name.
    pub name: Text,
    /// The flows, by id.
    pub flows: Vec<String>,
    /// The clock on which times are measured.
    pub clock: String,
    /// The promise whose share is reported; `None` if the flow has none from release to delivery.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promise: Option<AttributedPromise>,
}

/// The promise whose share is reported.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AttributedPromise {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Text,
    /// The limit in hours, if the promise has one.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "finite::optional")]
    pub limit_hours: Option<f64>,
    /// Target share, a fraction of one.
    #[serde(serialize_with = "finite::number")]
    pub target: f64,
}

/// Statistics of a time, in hours. A statistic is infinite when it lies among shipments that never arrived.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Times {
    /// Mean.
    pub mean: Figure,
    /// Median.
    pub p50: Figure,
    /// 90th percentile: 90 % of shipments take no longer.
    pub p90: Figure,
}

/// The share that keeps the promise, with and without the causes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shares {
    /// The share with all causes in place.
    pub actual: Figure,
    /// The share with all causes removed.
    pub freed: Figure,
}

/// What the removal of a cause gains.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Gain {
    /// Increase of the share; `None` without a promise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<Figure>,
    /// Reduction of the mean, hours.
    pub mean: Figure,
    /// Reduction of the median, hours.
    pub p50: Figure,
    /// Reduction of the 90th percentile, hours.
    pub p90: Figure,
}

/// Kind of a cause.
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
    /// Its kind and the id of the entry that it belongs to, such as `resource.customs`.
    pub id: String,
    /// Its kind.
    pub kind: CauseKind,
    /// Name of the entry that it belongs to.
    pub name: Text,
    /// Gain of removing it alone.
    pub single: Gain,
    /// Gain of removing it when all causes before it on the route are already removed.
    pub cumulative: Gain,
    /// Hours saved at its stages and from door to door; `None` if it acts in no stage of the flows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amplification: Option<Amplification>,
}

/// How an hour at a stage grows on the way to the door.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Amplification {
    /// Hours that the removal saves in its own stages, per shipment.
    pub at_stage: Figure,
    /// Hours that the removal saves from release to delivery, per shipment.
    pub door_to_door: Figure,
    /// Hours that the removal saves after its own stages, per shipment.
    pub beyond: Figure,
    /// Hours from door to door per hour at the stage; `None` where the stage saves nothing.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "finite::optional")]
    pub factor: Option<f64>,
    /// The service whose departures were missed, if hours saved beyond its stages are proven.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missed: Option<Text>,
}

/// Waits that no edit of the model removes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Remainder {
    /// The times with all causes removed less the ideal times.
    pub gain: Gain,
    /// Mean hours of each category of waits from release to delivery with all causes removed, by category.
    pub categories: BTreeMap<String, Figure>,
}

/// The best that measures on waits alone can reach.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bound {
    /// The share of shipments whose time without waits keeps the promise.
    pub share: Figure,
    /// Whether the share is proven to lie below the target.
    pub is_out_of_reach: bool,
}
