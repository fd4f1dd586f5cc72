//! The size of one replication, foreseen from means of the input: shipments, departures, and how many exist
//! at a time.
//!
//! The forecast is low. Of several overloaded places only the worst counts; closures, breakdowns and chance
//! are ignored. So if a run is foreseen to need more memory than there is, it really does. Does not own how
//! much memory there is (`cli`).

use sanda_core::model::Model;

use super::offered::{Offered, arrivals, share};
use crate::build::route::passed::Routes;

/// Bytes of a shipment from its release to its delivery. 0.62 to 0.77 kB were measured in queues, yards and
/// delays with 0.7 to 3.6 million shipments, with tables that double as they grow.
const BYTES_A_SHIPMENT: f64 = 700.0;

/// Bytes of a vehicle under way, measured in the same way with 36,000 to 180,000 vehicles.
const BYTES_A_VEHICLE: f64 = 1_000.0;

/// The size of a replication.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Forecast {
    /// Shipments released.
    pub shipments: f64,
    /// Departures that run.
    pub departures: f64,
    /// Largest number of shipments that exist at the same time.
    pub present: f64,
    /// Vehicles under way at the same time.
    pub vehicles: f64,
}

impl Forecast {
    /// Foresees a replication of a model.
    pub(in crate::build) fn of(model: &Model, routes: &Routes) -> Self {
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
