//! What an itinerary passes and is expected to take and cost: of the input, not measured.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::finite;

/// One itinerary of a flow.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Route {
    /// The share of the flow that is meant to go by it; what really went is `flows.ID.itineraries.WAY.share`.
    #[serde(serialize_with = "finite::number")]
    pub share: f64,
    /// Expected hours from release to delivery, by the laws of the input: no queue and no disruption is foreseen.
    #[serde(serialize_with = "finite::number")]
    pub expected_hours: f64,
    /// Standard deviation of these hours; none where a law has none.
    #[serde(default, serialize_with = "finite::optional", skip_serializing_if = "Option::is_none")]
    pub sd_hours: Option<f64>,
    /// Expected cost of a shipment of mean size in yuan: freight less subsidy, handling, customs, and the capital bound in its cargo
    /// for the expected hours. None where the scenario has neither a price on the way nor a worth of the cargo.
    #[serde(default, serialize_with = "finite::optional", skip_serializing_if = "Option::is_none")]
    pub expected_cost: Option<f64>,
    /// Nodes in the order in which it touches them, stops in passing included.
    pub nodes: Vec<String>,
    /// Services it rides, in order.
    pub services: Vec<String>,
    /// Connections it uses, in order.
    pub connections: Vec<String>,
    /// Border crossings among its nodes.
    pub borders: Vec<String>,
    /// Straits, canals and borders that its services and connections pass.
    pub passages: Vec<String>,
}
