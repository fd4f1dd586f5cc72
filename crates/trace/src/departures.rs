//! What each departure of a replication did at each stop: when it loaded, up to when a shipment had to be ready, how many stayed behind.
//!
//! Does not own what a shipment could have made of it (`rescue`).

use sanda_core::model::Model;
use sanda_core::model::category::CategoryTimes;
use sanda_core::model::ids::ServiceId;
use sanda_core::record::observer::{Call, Cancelled, Loading};
use sanda_units::IdVec;

/// The departures of all services, in the whole run.
#[derive(Debug)]
pub struct Departures {
    services: IdVec<ServiceId, Vec<Departure>>,
}

/// One departure. Instants in milliseconds.
#[derive(Debug, Clone, Default)]
pub struct Departure {
    /// Scheduled departure from the first stop.
    pub scheduled_at: i64,
    /// Whether it was cancelled.
    pub is_cancelled: bool,
    /// What it did at its stops, as far as it came; none if it was cancelled or never left.
    pub stops: Vec<AtStop>,
}

/// A departure at one of its stops.
#[derive(Debug, Clone, Default)]
pub struct AtStop {
    /// Arrival.
    pub arrived_at: Option<i64>,
    /// The vehicle's own time by category at the arrival, since it left the first stop.
    pub arrived_with: CategoryTimes,
    /// When the cargo for the stop was handed over.
    pub unloaded_at: Option<i64>,
    /// Time by category at that instant.
    pub unloaded_with: CategoryTimes,
    /// What it loaded.
    pub loaded: Option<Loaded>,
}

/// What a departure loaded at a stop.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// When, which is its departure from the stop.
    pub at: i64,
    /// Up to here a shipment had to be ready.
    pub ready_by: i64,
    /// Shipments that were ready and stayed behind for want of room.
    pub n_left: u32,
    /// Room that was left, in the unit of the service's capacity.
    pub room: i64,
    /// The vehicle's time by category.
    pub times: CategoryTimes,
    /// By class of boarding, when the last one that was taken had been ready; `i64::MIN` where none was.
    pub last_ready_at: Vec<i64>,
}

impl Departures {
    pub(crate) fn new(model: &Model) -> Self {
        Self { services: model.services.iter().map(|_| Vec::new()).collect() }
    }

    /// The departures of a service by their numbers.
    pub fn of(&self, service: ServiceId) -> &[Departure] {
        &self.services[service]
    }

    /// A departure.
    pub fn get(&self, service: ServiceId, number: u64) -> Option<&Departure> {
        self.services[service].get(number as usize)
    }

    /// A departure at a stop.
    pub fn at_stop(&self, service: ServiceId, number: u64, stop: u16) -> Option<&AtStop> {
        self.get(service, number)?.stops.get(usize::from(stop))
    }

    fn departure(&mut self, service: ServiceId, number: u64) -> &mut Departure {
        let departures = &mut self.services[service];
        let place = number as usize;
        if departures.len() <= place {
            departures.resize_with(place + 1, Departure::default);
        }
        &mut departures[place]
    }

    fn stop(&mut self, service: ServiceId, number: u64, stop: u16) -> &mut AtStop {
        let stops = &mut self.departure(service, number).stops;
        let place = usize::from(stop);
        if stops.len() <= place {
            stops.resize_with(place + 1, AtStop::default);
        }
        &mut stops[place]
    }

    pub(crate) fn cancel(&mut self, at: &Cancelled) {
        let departure = self.departure(at.service, at.departure);
        (departure.scheduled_at, departure.is_cancelled) = (at.scheduled_at, true);
    }

    pub(crate) fn load(&mut self, at: &Loading, last_ready_at: Vec<i64>) {
        self.departure(at.service, at.departure).scheduled_at = at.scheduled_at;
        self.stop(at.service, at.departure, at.stop).loaded = Some(Loaded {
            at: at.at,
            ready_by: at.ready_by,
            n_left: at.n_left as u32,
            room: at.room,
            times: at.times,
            last_ready_at,
        });
    }

    pub(crate) fn arrive(&mut self, at: &Call) {
        let stop = self.stop(at.service, at.departure, at.stop);
        (stop.arrived_at, stop.arrived_with) = (Some(at.at), at.times);
    }

    pub(crate) fn unload(&mut self, at: &Call) {
        let stop = self.stop(at.service, at.departure, at.stop);
        (stop.unloaded_at, stop.unloaded_with) = (Some(at.at), at.times);
    }
}
