//! The route of an itinerary with its expected time and cost, derived from the input. Measured times are in the metrics.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::finite;

/// One itinerary of a flow.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Route {
    /// The intended share of the flow. The measured share is `flows.ID.itineraries.WAY.share`.
    #[serde(serialize_with = "finite::number")]
    pub share: f64,
    /// Expected hours from release to delivery, by the laws of the input, without queues and disruptions.
    #[serde(serialize_with = "finite::number")]
    pub expected_hours: f64,
    /// Standard deviation of the expected hours; absent if a law has none.
    #[serde(default, serialize_with = "finite::optional", skip_serializing_if = "Option::is_none")]
    pub sd_hours: Option<f64>,
    /// Expected cost of a shipment of mean size in yuan: freight less subsidy, handling, customs, and the capital bound in its cargo for
    /// the expected hours. Absent if the scenario has neither a price on the route nor a value of the cargo.
    #[serde(default, serialize_with = "finite::optional", skip_serializing_if = "Option::is_none")]
    pub expected_cost: Option<f64>,
    /// Nodes in the order of the route, intermediate stops included.
    pub nodes: Vec<String>,
    /// Services it rides, in order.
    pub services: Vec<String>,
    /// Connections it uses, in order.
    pub connections: Vec<String>,
    /// Border crossings among its nodes.
    pub borders: Vec<String>,
    /// Straits, canals and borders that its services and connections pass.
    pub passages: Vec<String>,
    /// Present if shipments take this itinerary by re-planning at a hub; its planned share is 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replanned: Option<Replanned>,
}

/// How an itinerary leads from one itinerary of a flow to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Replanned {
    /// The itinerary that shipments leave.
    pub from: String,
    /// The hub, a node.
    pub at: String,
    /// The itinerary that they take from there on.
    pub to: String,
}
