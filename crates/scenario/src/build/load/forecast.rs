//! What one replication takes, foreseen from means of the input: shipments, departures, and what of them is there at a time.
//!
//! Foreseen low: of several overloaded places only the worst counts, and closures, breakdowns and chance are left out. A run that is
//! foreseen to need more memory than there is does need more. Does not own how much there is (`cli`).

use sanda_core::freight::model::Model;

use super::offered::{Offered, arrivals, share};
use super::trace::Routes;

/// Bytes that a shipment takes from its release to its delivery, at the largest: 0.62 to 0.77 kB were measured in queues, yards and
/// delays of 0.7 to 3.6 million shipments, with tables that double as they grow.
const BYTES_A_SHIPMENT: f64 = 700.0;

/// Bytes that a vehicle under way takes, measured like that with 36,000 to 180,000 of them.
const BYTES_A_VEHICLE: f64 = 1_000.0;

/// What a replication takes.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Forecast {
    /// Shipments released.
    pub shipments: f64,
    /// Departures that run.
    pub departures: f64,
    /// Shipments that are there at the same time, at the most.
    pub present: f64,
    /// Vehicles under way at the same time.
    pub vehicles: f64,
}

impl Forecast {
    /// Foresees a replication of a model.
    pub(super) fn of(model: &Model, routes: &Routes) -> Self {
        let offered = Offered::of(model);
        let end_ms = model.window.end.as_ms() as f64;
        let until_ms = (model.window.arrivals_until.as_ms() as f64).clamp(0.0, end_ms);
        let mut forecast = Self::default();
        for (id, flow) in model.flows.iter_enumerated() {
            let rate = arrivals(model, id);
            forecast.shipments += rate * until_ms;
            let mut below = 0.0;
            for &(way, threshold) in &flow.itineraries {
                let of_way = share(threshold) - below;
                below = share(threshold);
                let lasting_ms = (routes[way].expected.time.as_ms() as f64).clamp(0.0, until_ms);
                forecast.present += rate * of_way * lasting_ms;
            }
        }
        forecast.present = (forecast.present + offered.piling_up() * until_ms).min(forecast.shipments);
        for id in model.services.ids() {
            let Some((rate, running_ms)) = offered.under_way(id) else { continue };
            forecast.departures += rate * end_ms;
            forecast.vehicles += rate * running_ms.min(end_ms);
        }
        forecast
    }

    /// Bytes of memory that one replication takes.
    pub fn bytes(&self) -> f64 {
        self.present * BYTES_A_SHIPMENT + self.vehicles * BYTES_A_VEHICLE
    }
}
