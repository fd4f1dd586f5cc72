//! Observers: what tests, traces and exports may watch. They never influence a run.
//!
//! Every hook has an empty default, and a run without an observer uses `()`, for which they vanish at compile time.
//! Does not own what is made of it: lives and event logs are put together in `sanda_trace`.

use crate::engine::entity::NEVER;
use crate::model::category::CategoryTimes;
use crate::model::ids::{DisruptionId, FlowId, ItineraryId, ResourceId, ServiceId, StageId};
use crate::model::{ClockEnd, ClockParams, N_MARKS};

/// Watches a run.
pub trait Observer {
    /// Whether it is told of things in the order of time. It costs an event for every delay; without it a delivery may be
    /// told before its instant has come.
    const IN_ORDER: bool = true;

    /// A shipment of a flow, or a vehicle, starts service at a resource, or goes on with interrupted work.
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

    /// A shipment is released. Told in the order of time only, as everything below: see [`Self::IN_ORDER`].
    fn released(&mut self, at: &Release) {
        let _ = at;
    }

    /// A shipment ends a stage of its itinerary.
    fn stage_ended(&mut self, at: &StageEnd) {
        let _ = at;
    }

    /// The work of a shipment or a vehicle at a resource is done, or it gives back servers that it held.
    fn service_ended(&mut self, at: &ServiceEnd) {
        let _ = at;
    }

    /// A shipment, or a part of one, leaves its vehicle.
    fn unloaded(&mut self, at: &Unloading) {
        let _ = at;
    }

    /// A shipment found no room and leaves the system.
    fn lost(&mut self, at: &Loss) {
        let _ = at;
    }

    /// A shipment takes another itinerary at a hub.
    fn replanned(&mut self, at: &Replanned) {
        let _ = at;
    }

    /// A departure is cancelled.
    fn departure_cancelled(&mut self, at: &Cancelled) {
        let _ = at;
    }

    /// A disruption begins or ends.
    fn disruption_changed(&mut self, at: &DisruptionChange) {
        let _ = at;
    }

    /// A departure has loaded at a stop where it may take on cargo, after all boardings there.
    fn vehicle_loaded(&mut self, at: &Loading) {
        let _ = at;
    }

    /// A vehicle arrives at a stop.
    fn vehicle_arrived(&mut self, at: &Call) {
        let _ = at;
    }

    /// A vehicle hands over the cargo for a stop, before it does.
    fn vehicle_unloads(&mut self, at: &Call) {
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
    /// The stop where it boards, and the one where it will leave the vehicle, as places in the service.
    pub stops: (u16, u16),
    /// The services of which it took whichever left first, by place in
    /// [`Programs::ride_groups`](crate::model::program::Programs::ride_groups); `None` if it waited for this one alone.
    pub group: Option<u32>,
    /// Departures that it could have made by their cut-off and that left without it for want of room.
    pub left_behind_by: u64,
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
    /// The itinerary by which it came.
    pub itinerary: ItineraryId,
    /// When each mark was stamped; `i64::MAX` if it was not. See [`Self::clock`].
    pub marks: [i64; N_MARKS],
}

impl Delivery {
    /// The beginning and the end of a clock; `None` if one of its milestones was never reached, and it did not run.
    pub fn clock(&self, clock: &ClockParams) -> Option<(i64, i64)> {
        let instant = |end| match end {
            ClockEnd::Released => self.released_at,
            ClockEnd::Delivered => self.delivered_at,
            ClockEnd::Mark(mark) => self.marks[usize::from(mark)],
        };
        let (from, to) = (instant(clock.from), instant(clock.to));
        (from != NEVER && to != NEVER).then_some((from, to))
    }
}

/// A release. The instant in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Release {
    /// The flow.
    pub flow: FlowId,
    /// The shipment's number.
    pub number: u64,
    /// Its itinerary. It may yet be diverted.
    pub itinerary: ItineraryId,
    /// Release.
    pub at: i64,
    /// Thousandths of a TEU.
    pub teu: i64,
    /// Kilograms.
    pub mass: i64,
    /// Units.
    pub units: u32,
    /// Whether this is in the window.
    pub measured: bool,
}

/// The end of a stage. Instants in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StageEnd {
    /// The stage.
    pub stage: StageId,
    /// The flow.
    pub flow: FlowId,
    /// The shipment's number.
    pub number: u64,
    /// Whether it was released in the window.
    pub measured: bool,
    /// Its beginning: the end of the stage before, or the release.
    pub from: i64,
    /// Its end.
    pub to: i64,
    /// What the time was spent on. Adds up to the length of the stage.
    pub times: CategoryTimes,
}

/// An end of service. Instants in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServiceEnd {
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
    /// Start, or the last one if the work was interrupted or paused.
    pub started_at: i64,
    /// End.
    pub ended_at: i64,
}

/// The end of a ride of a shipment or a part of one. Instants in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unloading {
    /// The service.
    pub service: ServiceId,
    /// The departure's number.
    pub departure: u64,
    /// The stop, as a place in the service.
    pub stop: u16,
    /// The flow.
    pub flow: FlowId,
    /// The shipment's number.
    pub number: u64,
    /// The units that leave the vehicle.
    pub units: u32,
    /// The vehicle's arrival at the stop.
    pub arrived_at: i64,
    /// The shipment leaves the vehicle.
    pub at: i64,
}

/// A shipment is lost. The instant in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Loss {
    /// The flow.
    pub flow: FlowId,
    /// The shipment's number.
    pub number: u64,
    /// When.
    pub at: i64,
}

/// A shipment takes another itinerary at a hub. The instant in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Replanned {
    /// The flow.
    pub flow: FlowId,
    /// The shipment's number.
    pub number: u64,
    /// When.
    pub at: i64,
    /// The itinerary that it leaves.
    pub from: ItineraryId,
    /// The one that it takes.
    pub to: ItineraryId,
    /// When it was ready for the ride that it gives up; `None` if it decided as it came to the hub.
    pub ready_at: Option<i64>,
}

/// A departure that does not take place. The instant in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cancelled {
    /// The service.
    pub service: ServiceId,
    /// The departure's number.
    pub departure: u64,
    /// Scheduled departure from the first stop.
    pub scheduled_at: i64,
}

/// The beginning or end of a disruption. The instant in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DisruptionChange {
    /// Which.
    pub disruption: DisruptionId,
    /// Whether it begins.
    pub begins: bool,
    /// When.
    pub at: i64,
}

/// A departure has loaded at a stop. Instants in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Loading {
    /// The service.
    pub service: ServiceId,
    /// The departure's number.
    pub departure: u64,
    /// The stop, as a place in the service.
    pub stop: u16,
    /// Scheduled departure from the first stop.
    pub scheduled_at: i64,
    /// Up to here a shipment had to be ready: the cut-off, or the present if the departure left before it.
    pub ready_by: i64,
    /// The present.
    pub at: i64,
    /// How many were ready in time.
    pub n_eligible: u64,
    /// How many of these stay behind for want of room.
    pub n_left: u64,
    /// Room that is left, in the unit of the service's capacity; `i64::MAX` without a limit.
    pub room: i64,
    /// The vehicle's own time so far by category, since it left the first stop.
    pub times: CategoryTimes,
}

/// A vehicle at a stop. The instant in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call {
    /// The service.
    pub service: ServiceId,
    /// The departure's number.
    pub departure: u64,
    /// The stop, as a place in the service.
    pub stop: u16,
    /// When.
    pub at: i64,
    /// The vehicle's own time so far by category, since it left the first stop.
    pub times: CategoryTimes,
}
