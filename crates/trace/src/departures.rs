//! The departures of a replication at each stop: the time of loading, the latest ready time of a shipment, the number left behind.
//!
//! Does not own which of them a shipment could have taken (`rescue`).

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
    /// Its stops, as far as it got; none if it was cancelled or never left.
    pub stops: Vec<AtStop>,
}

/// A departure at one of its stops.
#[derive(Debug, Clone, Default)]
pub struct AtStop {
    /// Instant of arrival.
    pub arrived_at: Option<i64>,
    /// The vehicle's time by category from the first stop until the arrival.
    pub arrived_with: CategoryTimes,
    /// Instant at which the cargo for the stop was handed over.
    pub unloaded_at: Option<i64>,
    /// The vehicle's time by category until then.
    pub unloaded_with: CategoryTimes,
    /// The loading.
    pub loaded: Option<Loaded>,
}

/// The loading of a departure at a stop.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// Instant of loading, which is the departure from the stop.
    pub at: i64,
    /// Latest instant at which a shipment had to be ready.
    pub ready_by: i64,
    /// Number of shipments that were ready and left behind for lack of room.
    pub n_left: u32,
    /// Remaining room, in the unit of the service's capacity.
    pub room: i64,
    /// The vehicle's time by category until then.
    pub times: CategoryTimes,
    /// By class of boarding, the instant at which the last loaded shipment had been ready; `i64::MIN` if none was loaded.
    pub last_ready_at: Vec<i64>,
}

impl Departures {
    pub(crate) fn new(model: &Model) -> Self {
        Self { services: model.services.iter().map(|_| Vec::new()).collect() }
    }

    /// Returns the departures of a service, by number.
    pub fn of(&self, service: ServiceId) -> &[Departure] {
        &self.services[service]
    }

    /// Returns a departure.
    pub fn get(&self, service: ServiceId, number: u64) -> Option<&Departure> {
        self.services[service].get(number as usize)
    }

    /// Returns a departure at a stop.
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
