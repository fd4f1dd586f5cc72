//! The route of an itinerary as reports show it: the nodes, services and passages on the way, and what it is expected to take.
//!
//! Does not own how a route is found (`touched`).

use sanda_core::model::ids::ItineraryId;
use sanda_network::Cost;
use sanda_units::IdVec;

/// The route of an itinerary, for readers.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Route {
    /// Nodes in the order of the way, stops in passing included.
    pub nodes: Vec<String>,
    /// Services that the itinerary rides, in order.
    pub services: Vec<String>,
    /// Connections that it uses, in order.
    pub connections: Vec<String>,
    /// Border crossings among its nodes.
    pub borders: Vec<String>,
    /// Straits, canals and borders that its services and connections pass, by id.
    pub passages: Vec<String>,
    /// The planned share of its flow.
    pub share: f64,
    /// The expected time and cost. The money is freight less subsidy, fees, and the capital bound in the
    /// cargo on the way.
    pub expected: Cost,
    /// Whether the scenario states costs of this route: a price on the way, or a value of the cargo.
    pub has_cost: bool,
    /// How it leads from one itinerary of the flow to another at a hub, if it does.
    pub replanned: Option<Replanned>,
}

/// The two itineraries of a flow that a hybrid joins, and the hub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replanned {
    /// The itinerary that shipments leave.
    pub from: String,
    /// The hub, a node.
    pub at: String,
    /// The itinerary that they take from there on.
    pub to: String,
}

/// The routes of all itineraries of a model.
pub type Routes = IdVec<ItineraryId, Route>;
