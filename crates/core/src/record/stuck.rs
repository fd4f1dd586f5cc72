//! What can never move again when a run ends, as it is recorded.
//!
//! Does not own how it is found (`run::stuck`).

use sanda_units::Time;
use serde::{Deserialize, Serialize};

use crate::model::ids::{FlowId, ResourceId, ServiceId};

/// A shipment, or a departure of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Who {
    /// A shipment by its number within its flow, or a part of it.
    Shipment(FlowId, u64),
    /// A departure by its number within its service.
    Departure(ServiceId, u64),
}

/// What something waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum WaitsFor {
    /// Servers of a resource.
    Resource(ResourceId),
    /// More jobs at a resource that begins with several.
    Company(ResourceId),
    /// An opening of a resource that is as long as the work, which has to end by closing time, of it or of a job before it.
    Opening(ResourceId),
    /// A time between two failures that is as long as the work, which begins anew after each.
    UpTime(ResourceId),
    /// A departure of a service.
    Service(ServiceId),
    /// Other cargo of its batch.
    Cargo,
}

/// Something that can never move again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StuckEntity {
    /// Who.
    pub who: Who,
    /// Since when.
    pub since: Time,
    /// For what.
    pub waits_for: WaitsFor,
    /// Who holds that, if it is servers.
    pub holders: Vec<Who>,
}

/// All that is stuck at the end of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stuck {
    /// How many shipments and departures.
    pub n: u64,
    /// The first ones, by since when they wait.
    pub first: Vec<StuckEntity>,
}
