//! What one replication returns: integers only.
//!
//! Counts, exact sums, histograms and fingerprints, from which the experiment crate makes estimates after merging the
//! replications in index order. Figures of flows and promises count shipments *released* in the window; figures of
//! resources and services count what happens *in* the window. All times are milliseconds.

pub(crate) mod accounts;
pub mod invariant;
pub(crate) mod measured;
pub mod observer;
pub(crate) mod periods;
pub mod stuck;

use std::collections::BTreeMap;

use sanda_units::IdVec;
use serde::{Deserialize, Serialize};

use crate::kernel::tally::{LevelTally, Tally};
use crate::kernel::week::WeekTally;
use crate::model::Model;
use crate::model::category::{Category, N_CATEGORIES};
use crate::model::cost::CostRecord;
use crate::model::ids::{ConnectionId, FlowId, ItineraryId, PromiseId, ResourceId, ServiceId, StageId};
use crate::model::program::Op;
use crate::record::invariant::Checks;
use crate::record::stuck::Stuck;

/// The result of one replication.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Outcome {
    /// Per flow.
    pub flows: IdVec<FlowId, FlowRecord>,
    /// Per itinerary.
    pub itineraries: IdVec<ItineraryId, ItineraryRecord>,
    /// Per stage.
    pub stages: IdVec<StageId, StageRecord>,
    /// Per resource.
    pub resources: IdVec<ResourceId, ResourceRecord>,
    /// Per service.
    pub services: IdVec<ServiceId, ServiceRecord>,
    /// Per ride of an itinerary, in the order of [`Programs::rides`](crate::model::program::Programs::rides).
    pub rides: Vec<RideRecord>,
    /// Per connection on demand.
    pub connections: IdVec<ConnectionId, ConnectionRecord>,
    /// Per promise and flow, in the order of the promise's flows.
    pub promises: IdVec<PromiseId, Vec<PromiseRecord>>,
    /// At the end of each piece of the calendar that ends within the run: the shipments of each flow that are under way,
    /// measured or not.
    pub backlog: Vec<IdVec<FlowId, u64>>,
    /// Costs and emissions.
    pub costs: CostRecord,
    /// What can never move again, if not everything measured came through.
    pub stuck: Stuck,
    /// How often each invariant was checked.
    pub checks: Checks,
    /// Events executed.
    pub events: u64,
    /// Shipments released in the whole run.
    pub shipments: u64,
}

/// Figures of one flow.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct FlowRecord {
    /// Shipments released in the window.
    pub released: u64,
    /// Of these, delivered.
    pub delivered: u64,
    /// Of these, lost at a full waiting room.
    pub lost: u64,
    /// Of these, those that took another itinerary at a hub.
    pub replanned: u64,
    /// Thousandths of TEU released in the window.
    pub teu: i128,
    /// Kilograms released in the window.
    pub mass: i128,
    /// Units released in the window.
    pub units: i128,
    /// Each clock, in the order of the model.
    pub clocks: Vec<Tally>,
    /// Wrapping sum of the folded lives of the shipments that were released in the window or delivered before its end: those
    /// that do not depend on how long the run goes on after it.
    pub fingerprint: u64,
}

impl FlowRecord {
    /// Shipments released in the window that were neither delivered nor lost when the run ended.
    pub fn under_way(&self) -> u64 {
        self.released - self.delivered - self.lost
    }
}

/// Figures of one itinerary.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ItineraryRecord {
    /// Shipments that chose it, released in the window.
    pub chosen: u64,
    /// Release to delivery.
    pub time: Tally,
}

/// Figures of one stage: measured shipments that passed it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct StageRecord {
    /// Time in the stage.
    pub time: Tally,
    /// Milliseconds per category, over all.
    pub categories: [i64; N_CATEGORIES],
}

impl StageRecord {
    /// Books what `n` shipments spent together.
    pub(crate) fn spend_together(&mut self, spent: &[(Category, i64)], n: u64) {
        for &(category, time) in spent {
            self.categories[category as usize] += time * n as i64;
        }
    }

    /// Books a passage that was all work, after a wait for a server.
    #[inline]
    pub(crate) fn spend_on_work(&mut self, wait: i64, work: i64) {
        self.categories[Category::Server as usize] += wait;
        self.categories[Category::Worked as usize] += work;
    }

    /// Books a passage that was all of one category.
    #[inline]
    pub(crate) fn spend_only(&mut self, category: Category, time: i64) {
        self.categories[category as usize] += time;
    }
}

/// Figures of one resource.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ResourceRecord {
    /// Requests in the window.
    pub arrivals: u64,
    /// Of these, refused for want of room.
    pub lost: u64,
    /// Of these, sent another way for want of room.
    pub diverted: u64,
    /// Of these, kept outside at first for want of room.
    pub blocked: u64,
    /// Of these, gave up waiting.
    pub patience_lost: u64,
    /// Interruptions of work in the window, by more urgent work or by a failure.
    pub interruptions: u64,
    /// Waits before service of the requests in the window that were served.
    pub wait: Tally,
    /// Of these, without any wait.
    pub without_wait: u64,
    /// Time in system of the requests in the window that left.
    pub system: Tally,
    /// Number waiting over the window.
    pub queue: LevelTally,
    /// Number present over the window, and by local hour of the week.
    pub present: WeekTally,
    /// Work times drawn for the requests in the window that were served.
    pub work: i128,
    /// Server-milliseconds spent serving in the window.
    pub busy: i64,
    /// Server-milliseconds installed in the window; meaningless for unlimited servers.
    pub installed: i64,
    /// Of these, open and not broken.
    pub available: i64,
    /// Length of the window.
    pub window: i64,
}

impl ResourceRecord {
    /// Nothing recorded yet, for the window `[from, to)` in milliseconds.
    pub fn new(from: i64, to: i64) -> Self {
        Self {
            arrivals: 0,
            lost: 0,
            diverted: 0,
            blocked: 0,
            patience_lost: 0,
            interruptions: 0,
            wait: Tally::default(),
            without_wait: 0,
            system: Tally::default(),
            queue: LevelTally::new(from, to),
            present: WeekTally::new(from, to),
            work: 0,
            busy: 0,
            installed: 0,
            available: 0,
            window: to - from,
        }
    }
}

/// Figures of one service: departures scheduled in the window, and waits of shipments ready in the window.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ServiceRecord {
    /// Departures that ran.
    pub run: u64,
    /// Departures cancelled.
    pub cancelled: u64,
    /// Loaded quantity, in the unit of the capacity, over all legs. The background counts as loaded.
    pub loaded: i128,
    /// Offered quantity over all legs, what the background takes included; meaningless for unlimited capacity.
    pub offered: i128,
    /// Shipments left behind per run and stop of boarding. One of which units stay behind is one.
    pub left_behind: Tally,
    /// Of these runs and stops, those that left nothing behind.
    pub left_nothing: u64,
    /// Of these runs and stops, those that left full: no room was left, or something ready did not fit, or the quantity was
    /// aboard at which the service leaves.
    pub full: u64,
    /// Shipments ready by the cut-off just before boarding, per run and stop of boarding.
    pub waiting: Tally,
    /// Shipment-milliseconds in the window between ready and departure: the integral of the number waiting.
    pub waiting_time: i64,
    /// Time since the departure before, of departures from the first stop in the window.
    pub gaps: Tally,
    /// Wait from ready to departure; of a split shipment to that of its last unit.
    pub wait: Tally,
    /// Of these, boarded the first run they could have made.
    pub boarded_first: u64,
    /// Of these, boarded the first or the second.
    pub boarded_within_two: u64,
    /// Shipments per departure; one of which units board is one.
    pub load: Tally,
    /// Arrivals at later stops of departures in the window.
    pub arrivals: u64,
    /// Of these, punctual.
    pub punctual: u64,
    /// Lateness against plan where positive, else zero.
    pub late: Tally,
    /// Departures scheduled in the window that waited for a vehicle of the fleet.
    pub short: u64,
    /// Vehicle-milliseconds of runs and turnarounds in the window; kept with a fleet only.
    pub busy: i64,
    /// Wrapping sum of the folded milestones of the departures that were in the window or ended before its end.
    pub fingerprint: u64,
}

/// Figures of one ride of an itinerary: shipments released in the window that boarded. A split shipment boards with its last
/// unit.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub struct RideRecord {
    /// Whether another ride may follow on the itinerary: then shipments remember how late the vehicle was.
    pub connects: bool,
    /// Whether another ride may come before it.
    pub follows: bool,
    /// Shipments that boarded.
    pub boarded: u64,
    /// Of these, not by the first run that they could have made once they were ready.
    pub rolled: u64,
    /// Of the others, those that would have made an earlier run had the vehicle they came by arrived as planned.
    pub late: u64,
}

impl RideRecord {
    /// Adds the counts of others.
    pub(crate) fn add(&mut self, more: &Self) {
        self.boarded += more.boarded;
        self.rolled += more.rolled;
        self.late += more.late;
    }

    /// Nothing recorded yet, for each ride of a model.
    pub(crate) fn of_all(model: &Model) -> Vec<Self> {
        let mut records = vec![Self::default(); model.programs.rides.len()];
        for itinerary in &model.itineraries {
            let ops: Vec<Op> = model.programs.from(itinerary.program).collect();
            let loops = ops.iter().any(|op| matches!(op, Op::Repeat(_)));
            let rides: Vec<u32> = ops
                .iter()
                .filter_map(|op| if let Op::Ride(ride) = op { Some(*ride) } else { None })
                .collect();
            for (place, &ride) in rides.iter().enumerate() {
                records[ride as usize].connects = loops || place + 1 < rides.len();
                records[ride as usize].follows = loops || place > 0;
            }
        }
        records
    }
}

/// Figures of one connection on demand; all zero without a fleet.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ConnectionRecord {
    /// Requests in the window.
    pub requests: u64,
    /// Waits for a vehicle of the requests in the window that got one.
    pub wait: Tally,
    /// Of these, without any wait.
    pub without_wait: u64,
    /// Vehicle-milliseconds of hauls and ways back in the window.
    pub busy: i64,
}

/// Figures of one promise on one flow.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct PromiseRecord {
    /// Shipments released in the window.
    pub of: u64,
    /// Of these, kept.
    pub kept: u64,
    /// Thousandths of TEU released in the window.
    pub of_teu: i128,
    /// Of these, kept.
    pub kept_teu: i128,
    /// Kilograms released in the window.
    pub of_mass: i128,
    /// Of these, kept.
    pub kept_mass: i128,
    /// Of the shipments released in the window, those whose clock has run.
    pub timed: u64,
    /// Milliseconds on the clock, over all of these.
    pub time: i128,
    /// Per piece of the calendar of release (index into the model's periods): released, kept.
    pub periods: BTreeMap<u16, (u64, u64)>,
}

impl Outcome {
    /// The outcome of a replication in which nothing has happened: which figures a model has, before any is known.
    pub fn empty(model: &Model) -> Self {
        let (from, to) = (model.window.from.as_ms(), model.window.to.as_ms());
        Self {
            flows: model
                .flows
                .iter()
                .map(|flow| FlowRecord {
                    clocks: vec![Tally::default(); flow.clocks.len()],
                    ..FlowRecord::default()
                })
                .collect(),
            itineraries: model.itineraries.iter().map(|_| ItineraryRecord::default()).collect(),
            costs: CostRecord::new(&model.costs, model.itineraries.len()),
            stages: model.stages.iter().map(|_| StageRecord::default()).collect(),
            resources: model.resources.iter().map(|_| ResourceRecord::new(from, to)).collect(),
            services: model.services.iter().map(|_| ServiceRecord::default()).collect(),
            rides: RideRecord::of_all(model),
            connections: model.connections.iter().map(|_| ConnectionRecord::default()).collect(),
            promises: model
                .promises
                .iter()
                .map(|promise| vec![PromiseRecord::default(); promise.flows.len()])
                .collect(),
            backlog: Vec::new(),
            stuck: Stuck::default(),
            checks: Checks::default(),
            events: 0,
            shipments: 0,
        }
    }
}
