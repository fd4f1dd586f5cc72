//! A life in full, for programs: the schema of `sanda trace --json`, and the material of the story.
//!
//! Instants are local to the scenario's zone, with their offset; times are hours. Fields that do not apply are `null`. Does not own how an
//! account is made (`teller`), or sentences (`story`).

use sanda_core::model::category::Category;
use serde::{Serialize, Serializer};

use crate::facts::{Named, Text};
use crate::words::Queue;

/// The version of the schema of [`Trace`]. It rises when a field changes its meaning or is removed.
pub const SCHEMA: u32 = 1;

/// The lives of one replication.
#[derive(Debug, Clone, Serialize)]
pub struct Trace {
    /// [`SCHEMA`].
    pub schema: u32,
    /// Id of the scenario.
    pub scenario: String,
    /// SHA-256 of the compiled model.
    pub digest: String,
    /// The seed.
    pub seed: u64,
    /// The replication, counted from 0.
    pub replication: u64,
    /// The zone of all instants.
    pub zone: String,
    /// The assumption behind `rescue`.
    pub assumption: Text,
    /// The lives.
    pub lives: Vec<Account>,
}

/// The account of one life.
#[derive(Debug, Clone, Serialize)]
pub struct Account {
    /// Its flow.
    pub flow: Named,
    /// Its number within the flow, counted from 0 at the start of the run.
    pub number: u64,
    /// Its itinerary; after a diversion, or another way taken at a hub, the last one.
    pub itinerary: String,
    /// The way that it left at a hub, if it did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replanned: Option<LeftWayAccount>,
    /// Size in TEU.
    pub teu: f64,
    /// Mass in tonnes.
    pub tonnes: f64,
    /// Number of units.
    pub units: u32,
    /// Release: the cargo is ready.
    pub released_at: String,
    /// `delivered`, `lost` or `under-way`.
    pub outcome: &'static str,
    /// Instant of delivery or loss.
    pub ended_at: Option<String>,
    /// Time from release to delivery.
    pub hours: Option<f64>,
    /// That time by category; for a shipment under way, in the stages that have ended.
    pub spent: Spent,
    /// The stages that took any time, in order.
    pub stages: Vec<StageAccount>,
    /// Visits and rides that have begun but belong to no ended stage.
    pub unfinished: Inside,
    /// The promises of its flow.
    pub promises: Vec<PromiseAccount>,
}

/// A way that a shipment left at a hub.
#[derive(Debug, Clone, Serialize)]
pub struct LeftWayAccount {
    /// The itinerary.
    pub itinerary: String,
    /// When it left.
    pub at: String,
    /// How many of its stages had ended until then.
    pub stages: usize,
    /// Whether the last of these was a wait that it gave up.
    pub gave_up_waiting: bool,
}

/// Hours by category; categories without time are omitted.
#[derive(Debug, Clone, PartialEq)]
pub struct Spent(pub Vec<(Category, f64)>);

impl Serialize for Spent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(category, hours)| (category.name(), hours)))
    }
}

/// A stage.
#[derive(Debug, Clone, Serialize)]
pub struct StageAccount {
    /// Id within the flow.
    pub id: String,
    /// Name.
    pub name: Text,
    /// Beginning.
    pub from: String,
    /// End.
    pub to: String,
    /// Length.
    pub hours: f64,
    /// Its time by category.
    pub spent: Spent,
    /// The cause of its time in queues, for the story.
    #[serde(skip)]
    pub(crate) queue: Queue,
    /// The disruptions that lasted during the stage and affected a resource, connection or service it uses. Empty unless the shipment or
    /// its vehicle lost time to a disruption.
    pub disruptions: Vec<DisruptionAccount>,
    /// The visits and rides within it.
    #[serde(flatten)]
    pub inside: Inside,
}

/// A disruption during a stage.
#[derive(Debug, Clone, Serialize)]
pub struct DisruptionAccount {
    /// Its id and name.
    pub disruption: Named,
    /// Its beginning.
    pub from: String,
    /// Its end; `null` if the run ended earlier.
    pub to: Option<String>,
}

/// Visits and rides.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Inside {
    /// Visits to resources.
    pub visits: Vec<VisitAccount>,
    /// Rides.
    pub rides: Vec<RideAccount>,
}

/// A visit to a resource.
#[derive(Debug, Clone, Serialize)]
pub struct VisitAccount {
    /// The resource.
    pub resource: Named,
    /// The request.
    pub requested_at: String,
    /// The first start of service.
    pub started_at: String,
    /// The end.
    pub ended_at: Option<String>,
    /// Time from request to start.
    pub waited_hours: f64,
}

/// A departure.
#[derive(Debug, Clone, Serialize)]
pub struct DepartureAccount {
    /// The service.
    pub service: Named,
    /// The departure's number within its service, counted from 0.
    pub departure: u64,
    /// Instant of departure from the stop, or the instant at which it would have left.
    pub left_at: String,
}

/// A ride.
#[derive(Debug, Clone, Serialize)]
pub struct RideAccount {
    /// The departure that it boarded.
    pub boarded: DepartureAccount,
    /// The stop where it boarded.
    pub from: Named,
    /// The stop where it left the vehicle.
    pub to: Named,
    /// Number of units.
    pub units: u32,
    /// Instant at which it was ready.
    pub ready_at: String,
    /// Instant of the vehicle's arrival.
    pub arrived_at: Option<String>,
    /// Instant of unloading.
    pub unloaded_at: Option<String>,
    /// Time from ready to departure.
    pub waited_hours: f64,
    /// The first departure whose cut-off it met, whether that was full, cancelled or boarded.
    pub first_departure: DepartureAccount,
    /// The departures that left without it until then.
    pub not_taken: Vec<NotTakenAccount>,
    /// The legs of the ride and the stops at their ends.
    pub legs: Vec<LegAccount>,
}

/// A departure that left without the shipment.
#[derive(Debug, Clone, Serialize)]
pub struct NotTakenAccount {
    /// Its id and name.
    #[serde(flatten)]
    pub departure: DepartureAccount,
    /// `cut-off`, `full` or `cancelled`.
    pub because: &'static str,
    /// For `cut-off`: time from the cut-off until the shipment was ready.
    pub ready_after_cut_off_hours: Option<f64>,
    /// For `full`: number of shipments left behind.
    pub left_behind: Option<u32>,
}

/// A leg of a ride and the stop at its end.
#[derive(Debug, Clone, Serialize)]
pub struct LegAccount {
    /// The stop where it ends.
    pub to: Named,
    /// Instant of the vehicle's arrival there.
    pub arrived_at: String,
    /// Time under way, by category.
    pub running: Spent,
    /// Time at the stop, by category, until the vehicle left or handed over the shipment.
    pub stop: Spent,
    /// The vehicle's own waits there, by category.
    pub vehicle_waited_for: Spent,
    /// The cause of the vehicle's time in queues there, for the story.
    #[serde(skip)]
    pub(crate) queue: Queue,
}

/// The outcome of a promise.
#[derive(Debug, Clone, Serialize)]
pub struct PromiseAccount {
    /// Its id and name.
    pub promise: Named,
    /// Its clock.
    pub clock: String,
    /// Beginning and end of the clock.
    pub ran: Option<(String, String)>,
    /// Time on the clock.
    pub hours: Option<f64>,
    /// The limit in hours, unless it is the end of a day.
    pub within_hours: Option<f64>,
    /// The limit as the end of the n-th day after the day on which the clock began.
    pub by_end_of_day: Option<u32>,
    /// Whether it was kept.
    pub kept: bool,
    /// Excess over the limit; if negative, the time to spare.
    pub missed_by_hours: Option<f64>,
    /// For a broken promise: the smallest change to the shipment's own life that would have kept it.
    pub rescue: Option<RescueAccount>,
}

/// The smallest change that would have kept a broken promise.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RescueAccount {
    /// - `ready-earlier`: ready for a ride by this much earlier, the shipment would have made an earlier departure.
    /// - `quicker-after-departure`: this much less waiting after the last departure.
    /// - `quicker`: this much less waiting in all, for a life without a ride.
    /// - `no-wait-suffices`: even without any wait it takes longer than allowed.
    /// - `none`: no single change; no departure on record would have kept it, and the waits after the last one are too short.
    /// - `split`: not computed for a shipment that was split.
    pub how: &'static str,
    /// The time by which it would have had to be earlier or quicker.
    pub saved_hours: Option<f64>,
    /// The time it had waited in the period in which that had to be saved.
    pub waited_hours: Option<f64>,
    /// The stop where it would have had to be ready, or where it boarded last.
    pub at: Option<Named>,
    /// The departure it would have made.
    pub departure: Option<DepartureAccount>,
    /// The time by which that departure left before the boarded one.
    pub departs_earlier_hours: Option<f64>,
    /// The time to spare that would have been left.
    pub to_spare_hours: Option<f64>,
    /// The time it takes without any wait.
    pub least_hours: Option<f64>,
}
