//! A life told in full, for programs: the schema of `sanda trace --json`, and what the story is made of.
//!
//! Instants are local to the scenario's zone, with their offset; times are hours. Fields that do not apply are `null`. Does not own
//! how they come about (`teller`) nor sentences (`story`).

use sanda_core::model::category::Category;
use serde::{Serialize, Serializer};

use crate::facts::{Named, Text};

/// The version of the schema of [`Trace`]. It grows when a field changes its meaning or goes away.
pub const SCHEMA: u32 = 1;

/// Lives of one replication.
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
    /// What `rescue` assumes.
    pub assumption: Text,
    /// The lives.
    pub lives: Vec<Account>,
}

/// One life.
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
    /// TEU.
    pub teu: f64,
    /// Tonnes.
    pub tonnes: f64,
    /// Units.
    pub units: u32,
    /// Release: the cargo is ready.
    pub released_at: String,
    /// `delivered`, `lost` or `under-way`.
    pub outcome: &'static str,
    /// When it was delivered or lost.
    pub ended_at: Option<String>,
    /// From release to delivery.
    pub hours: Option<f64>,
    /// What that was spent on; of a shipment under way in the stages that it has ended.
    pub spent: Spent,
    /// The stages that took any time, in order.
    pub stages: Vec<StageAccount>,
    /// What has begun and belongs to no stage that has ended.
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

/// Hours by category; categories without any are left out.
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
    /// What it was spent on.
    pub spent: Spent,
    /// If it, or its vehicle, was held by disruption: the disruptions that befell what it uses and lasted meanwhile.
    pub disruptions: Vec<DisruptionAccount>,
    /// What happened in it.
    #[serde(flatten)]
    pub inside: Inside,
}

/// A disruption.
#[derive(Debug, Clone, Serialize)]
pub struct DisruptionAccount {
    /// Which.
    pub disruption: Named,
    /// Its beginning.
    pub from: String,
    /// Its end; `null` if the run ended before.
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
    /// From request to start.
    pub waited_hours: f64,
}

/// A departure.
#[derive(Debug, Clone, Serialize)]
pub struct DepartureAccount {
    /// The service.
    pub service: Named,
    /// The departure's number within its service, counted from 0.
    pub departure: u64,
    /// When it left the stop, or would have left it.
    pub left_at: String,
}

/// A ride.
#[derive(Debug, Clone, Serialize)]
pub struct RideAccount {
    /// The departure, from the stop of boarding.
    pub boarded: DepartureAccount,
    /// Where it boarded.
    pub from: Named,
    /// Where it left the vehicle.
    pub to: Named,
    /// Units.
    pub units: u32,
    /// When it was ready.
    pub ready_at: String,
    /// When the vehicle arrived.
    pub arrived_at: Option<String>,
    /// When it left the vehicle.
    pub unloaded_at: Option<String>,
    /// From ready to departure.
    pub waited_hours: f64,
    /// The first departure that it could have made by its cut-off, whether that was full, cancelled or boarded.
    pub first_departure: DepartureAccount,
    /// The departures that left without it in between.
    pub not_taken: Vec<NotTakenAccount>,
    /// The legs of the ride and the stops at their ends.
    pub legs: Vec<LegAccount>,
}

/// A departure that left without the shipment.
#[derive(Debug, Clone, Serialize)]
pub struct NotTakenAccount {
    /// Which.
    #[serde(flatten)]
    pub departure: DepartureAccount,
    /// `cut-off`, `full` or `cancelled`.
    pub because: &'static str,
    /// For `cut-off`: how long after it the shipment was ready.
    pub ready_after_cut_off_hours: Option<f64>,
    /// For `full`: how many shipments it left behind.
    pub left_behind: Option<u32>,
}

/// A leg of a ride and the stop at its end.
#[derive(Debug, Clone, Serialize)]
pub struct LegAccount {
    /// The stop where it ends.
    pub to: Named,
    /// When the vehicle arrived there.
    pub arrived_at: String,
    /// Under way.
    pub running: Spent,
    /// At the stop, until the vehicle left or handed over the shipment.
    pub stop: Spent,
    /// What the vehicle itself waited for there.
    pub vehicle_waited_for: Spent,
}

/// A promise.
#[derive(Debug, Clone, Serialize)]
pub struct PromiseAccount {
    /// Which.
    pub promise: Named,
    /// Its clock.
    pub clock: String,
    /// When the clock began and ended.
    pub ran: Option<(String, String)>,
    /// What it showed.
    pub hours: Option<f64>,
    /// The limit, unless it is the end of a day.
    pub within_hours: Option<f64>,
    /// The limit as the end of the n-th day after the one on which the clock began.
    pub by_end_of_day: Option<u32>,
    /// Whether it was kept.
    pub kept: bool,
    /// By how much the limit was missed; below zero what was left.
    pub missed_by_hours: Option<f64>,
    /// The smallest change of its own fate that would have kept it, if it was broken.
    pub rescue: Option<RescueAccount>,
}

/// What would have kept a broken promise.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RescueAccount {
    /// - `ready-earlier`: ready so much earlier for a ride, it would have made an earlier departure.
    /// - `quicker-after-departure`: so much less waiting after its last departure.
    /// - `quicker`: so much less waiting in all, for a life without a ride.
    /// - `no-wait-suffices`: without any wait it takes longer than allowed.
    /// - `none`: no single change; no departure on record would have kept it, and the waits after the last one are too short.
    /// - `split`: not worked out for a shipment that was split.
    pub how: &'static str,
    /// By how much earlier or quicker.
    pub saved_hours: Option<f64>,
    /// What it had waited in the time in which that had to be saved.
    pub waited_hours: Option<f64>,
    /// Where it would have had to be ready, or boarded last.
    pub at: Option<Named>,
    /// The departure it would have made.
    pub departure: Option<DepartureAccount>,
    /// How much earlier that left than the one it boarded.
    pub departs_earlier_hours: Option<f64>,
    /// How much of the limit would have been left.
    pub to_spare_hours: Option<f64>,
    /// How long it takes without any wait.
    pub least_hours: Option<f64>,
}
