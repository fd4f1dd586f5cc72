//! One server with Poisson arrivals and exponential service at load 0.9 (`models/mm1.ron`), with the engine's draws and
//! statistics: two pending events, in two variables.

use sanda_core::kernel::law::Law;
use sanda_core::kernel::random::{Key, Stream};
use sanda_core::record::{FlowRecord, ItineraryRecord, ResourceRecord, StageRecord};

use super::{
    Desk, HOUR, TEU, exponential, flow_records, fold, fold_life, key, percentiles_of, record_work,
    stage_records,
};

/// Length of the window in the model: about a million customers.
pub const WINDOW: i64 = 1_111_111 * HOUR;

/// The records that the engine returns for the model.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The customers.
    pub flow: FlowRecord,
    /// Their only itinerary.
    pub itinerary: ItineraryRecord,
    /// Its only stage.
    pub stage: StageRecord,
    /// The server.
    pub desk: ResourceRecord,
}

impl Outcome {
    /// Returns percentiles of the time in system, in milliseconds.
    pub fn percentiles(&self) -> [Option<i64>; 3] {
        percentiles_of(&self.flow)
    }
}

/// Runs one replication with arrivals for `window` milliseconds.
pub fn run(seed: u64, replication: u64, window: i64) -> Outcome {
    run_at_pace(seed, replication, window, HOUR)
}

/// Runs as [`run`] does, but with `hour` milliseconds to the hour.
pub fn run_at_pace(seed: u64, replication: u64, window: i64, hour: i64) -> Outcome {
    const NEVER: i64 = i64::MAX;
    let gap = (exponential(hour as f64 / 0.9), key(seed, replication, "arrivals", "flow/customers"));
    let service = (exponential(hour as f64), key(seed, replication, "step/desk", "flow/customers"));
    let draw = |(law, key): &(Law, Key), n: u64| law.sample_whole(&mut Stream::new(*key, n, 0));
    // The waiting customers, by their instants of arrival.
    let mut desk = Desk::<i64>::new(1, window);
    let (mut flow, mut itinerary) = flow_records();
    let [mut stage] = stage_records();
    let (mut n_arrived, mut n_left) = (0_u64, 0_u64);
    let mut arrival_at = draw(&gap, 0);
    // The customer in service: instants of arrival, start and end.
    let (mut entered_at, mut since, mut done_at) = (0, 0, NEVER);
    loop {
        // The server becomes free before an arrival of the same instant requests it.
        if done_at <= arrival_at {
            let now = done_at;
            if now == NEVER {
                break;
            }
            record_work(&mut stage, since - entered_at, now - since);
            desk.leave(now, entered_at, since);
            // Released, served, delivered.
            let life = fold(fold(fold(0, entered_at), now), now);
            flow.fingerprint = flow.fingerprint.wrapping_add(fold_life(life, n_left));
            flow.clocks[0].record(now - entered_at);
            n_left += 1;
            done_at = NEVER;
            if let Some(next) = desk.call(now) {
                desk.waited(now, next);
                (entered_at, since) = (next, now);
                done_at = now + draw(&service, n_left);
            }
        } else {
            let now = arrival_at;
            if desk.enter(now, now) {
                (entered_at, since) = (now, now);
                done_at = now + draw(&service, n_arrived);
            }
            n_arrived += 1;
            let next = now + draw(&gap, n_arrived);
            arrival_at = if next < window { next } else { NEVER };
        }
    }
    flow.released = n_arrived;
    flow.delivered = n_left;
    flow.teu = i128::from(n_arrived) * TEU;
    flow.units = i128::from(n_arrived);
    itinerary.chosen = n_arrived;
    // The only itinerary, so its time is the time from door to door.
    itinerary.time = flow.clocks[0].clone();
    Outcome { flow, itinerary, stage, desk: desk.finish() }
}
