//! Checks that hold in every run, and the error when one does not.
//!
//! Each is cheap enough to be always on. What they watch: shipments are conserved; the categories of every delivered
//! shipment add up to its life; no capacity, opening hour or cut-off is violated; time never runs backwards; Little's
//! law holds exactly on every resource's own path (the time integral of the number present equals the sum of the times
//! in system, both clipped to the window).

use std::fmt;

use sanda_units::Time;
use serde::{Deserialize, Serialize};

/// How often each invariant was checked in a run, of what is measured; what is not is checked as well. A violated one ends
/// the run with a [`Violation`] instead.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checks {
    /// Released = delivered + lost + inside, per flow.
    pub conservation: u64,
    /// Categories sum to the life so far, per stage that a measured shipment ends.
    pub categories: u64,
    /// Load within capacity, per departure and stop.
    pub capacity: u64,
    /// No service starts outside opening hours, per start at a resource with hours.
    pub opening_hours: u64,
    /// Ready by the cut-off, per boarding.
    pub cutoff: u64,
    /// Time never ran backwards, per replication.
    pub time: u64,
    /// Little's law, per resource.
    pub little: u64,
}

/// A broken invariant: a bug in the simulator, or a model it should have refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Which invariant.
    pub invariant: &'static str,
    /// When.
    pub at: Time,
    /// Who: a flow and shipment, a service and departure, or a resource.
    pub entity: String,
    /// What was found.
    pub detail: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "invariant `{}` violated at {} ms by {}: {}",
            self.invariant,
            self.at.as_ms(),
            self.entity,
            self.detail
        )
    }
}

impl std::error::Error for Violation {}
