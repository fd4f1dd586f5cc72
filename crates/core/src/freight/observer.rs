//! Observers: what tests, traces and exports may watch. They never influence a run.
//!
//! Every hook has an empty default, and a run without an observer uses `()`, for which they vanish at compile time.

use crate::freight::ids::{FlowId, ResourceId, ServiceId};

/// Watches a run.
pub trait Observer {
    /// Whether it is told of things in the order of time. It costs an event for every delay; without it a delivery may be
    /// told before its instant has come.
    const IN_ORDER: bool = true;

    /// A shipment of a flow starts service at a resource.
    fn service_started(&mut self, at: &ServiceStart) {
        let _ = at;
    }

    /// A shipment boards a departure.
    fn boarded(&mut self, at: &Boarding) {
        let _ = at;
    }

    /// A shipment is delivered.
    fn delivered(&mut self, at: &Delivery) {
        let _ = at;
    }
}

impl Observer for () {
    const IN_ORDER: bool = false;
}

/// A start of service. Instants in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServiceStart {
    /// The resource.
    pub resource: ResourceId,
    /// The flow (or the service, for a vehicle) by its index.
    pub owner: u32,
    /// Whether the customer is a vehicle.
    pub is_vehicle: bool,
    /// Number within the owner.
    pub number: u64,
    /// Request.
    pub requested_at: i64,
    /// Start.
    pub started_at: i64,
    /// Length of the work.
    pub work: i64,
}

/// A boarding. Instants in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Boarding {
    /// The service.
    pub service: ServiceId,
    /// The departure's number.
    pub departure: u64,
    /// The flow.
    pub flow: FlowId,
    /// The shipment's number.
    pub number: u64,
    /// The units that board.
    pub units: u32,
    /// Ready at the yard.
    pub ready_at: i64,
    /// Scheduled departure from the first stop.
    pub scheduled_at: i64,
    /// Departure from this stop.
    pub departed_at: i64,
}

/// A delivery. Instants in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delivery {
    /// The flow.
    pub flow: FlowId,
    /// The shipment's number.
    pub number: u64,
    /// Release.
    pub released_at: i64,
    /// Delivery.
    pub delivered_at: i64,
    /// Whether it was released in the window.
    pub measured: bool,
}
