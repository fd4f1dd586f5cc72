//! The twins: a program for each single model, with the engine's own draws and the engine's own statistics.
//!
//! A twin knows its model: stages, laws, places and their order are part of its code. It shares the kernel with the engine (keyed draws,
//! event calendar, tallies) and the types of the records. The remaining difference in speed is the cost of generality; a twin does not
//! check invariants. It follows the written order of events at one instant (`core/src/plan/ranks.rs`), so its records equal the engine's
//! to the last bit, fingerprints included; `tests/twins.rs` checks that. It shares none of the engine's handlers, so it also checks the
//! engine.

pub mod corridor;
pub mod mm1;

use std::collections::VecDeque;

use sanda_core::kernel::law::Law;
use sanda_core::kernel::random::{Key, name_hash};
use sanda_core::kernel::tally::Tally;
use sanda_core::model::category::{Category, N_CATEGORIES};
use sanda_core::record::{FlowRecord, ItineraryRecord, ResourceRecord, StageRecord};

use crate::workload::SHARES;

/// Size of a shipment in thousandths of a TEU: the default of the scenario language.
const TEU: i128 = 1000;

/// Number of milliseconds in an hour.
const HOUR: i64 = 3_600_000;

/// Local time is simulation time: it begins on a Monday at 00:00 UTC.
const SHIFTS: [(i64, i64); 1] = [(0, 0)];

/// A desk: servers with a queue of `T`, and its records. Requests after the window are served but not counted.
#[derive(Debug, Clone)]
struct Desk<T> {
    idle: u32,
    queue: VecDeque<T>,
    record: ResourceRecord,
}

impl<T> Desk<T> {
    fn new(servers: u32, window: i64) -> Self {
        let installed = i64::from(servers) * window;
        let record = ResourceRecord { installed, available: installed, ..ResourceRecord::new(0, window) };
        Self { idle: servers, queue: VecDeque::new(), record }
    }

    /// Handles a request. Returns whether a server was idle and is now taken; otherwise the request queues.
    #[inline]
    fn enter(&mut self, now: i64, who: T) -> bool {
        let record = &mut self.record;
        let counted = u64::from(now < record.window);
        record.arrivals += counted;
        record.present.change(now, 1, &SHIFTS);
        if self.idle > 0 {
            self.idle -= 1;
            record.without_wait += counted;
            true
        } else {
            self.queue.push_back(who);
            record.queue.change(now, 1);
            false
        }
    }

    /// Ends a visit that was requested at `entered_at` and served since `since`.
    #[inline]
    fn leave(&mut self, now: i64, entered_at: i64, since: i64) {
        let record = &mut self.record;
        self.idle += 1;
        record.busy += (now.min(record.window) - since).max(0);
        record.present.change(now, -1, &SHIFTS);
        if entered_at < record.window {
            record.system.record(now - entered_at);
            record.work += i128::from(now - since);
        }
    }

    /// Takes the next request from the queue, which gets the server that has just become idle.
    #[inline]
    fn call(&mut self, now: i64) -> Option<T> {
        let who = self.queue.pop_front()?;
        self.idle -= 1;
        self.record.queue.change(now, -1);
        Some(who)
    }

    /// Records the end of a wait in the queue.
    #[inline]
    fn waited(&mut self, now: i64, entered_at: i64) {
        if entered_at < self.record.window {
            if now > entered_at {
                self.record.wait.record(now - entered_at);
            } else {
                self.record.without_wait += 1;
            }
        }
    }

    /// Completes the records.
    fn finish(mut self) -> ResourceRecord {
        let record = &mut self.record;
        let window = record.window;
        record.wait.record_n(0, record.without_wait);
        record.queue.finish(window);
        record.present.finish(window, &SHIFTS);
        self.record
    }
}

/// Records a stage of a wait for a server and work alone.
#[inline]
fn record_work(stage: &mut StageRecord, wait: i64, work: i64) {
    stage.time.record(wait + work);
    stage.categories[Category::Server as usize] += wait;
    stage.categories[Category::Worked as usize] += work;
}

/// Returns empty records of a flow with the one clock that every flow has, and of its itinerary.
fn flow_records() -> (FlowRecord, ItineraryRecord) {
    (FlowRecord { clocks: vec![Tally::default()], ..FlowRecord::default() }, ItineraryRecord::default())
}

fn stage_records<const N: usize>() -> [StageRecord; N] {
    std::array::from_fn(|_| StageRecord { time: Tally::default(), categories: [0; N_CATEGORIES] })
}

/// Returns the percentiles of the time from door to door.
fn percentiles_of(flow: &FlowRecord) -> [Option<i64>; 3] {
    SHARES.map(|share| flow.clocks[0].histogram().rank_quantile(0, share))
}

/// Folds an instant into a life: the recipe of the engine's fingerprint.
#[inline]
fn fold(life: u64, at: i64) -> u64 {
    (life.rotate_left(23) ^ at as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// Folds the identity and life of a shipment into one word, likewise.
#[inline]
fn fold_life(life: u64, number: u64) -> u64 {
    const MULTIPLIER: u64 = 0xD6E8_FEB8_6659_FD93;
    let mut word = life ^ number.wrapping_mul(MULTIPLIER);
    word = (word ^ (word >> 32)).wrapping_mul(MULTIPLIER);
    word = (word ^ (word >> 32)).wrapping_mul(MULTIPLIER);
    word ^ (word >> 32)
}

/// Folds the identity and life of a train into one word, likewise.
#[inline]
fn fold_run(life: u64, number: u64) -> u64 {
    let word = life ^ number.wrapping_mul(0xD6E8_FEB8_6659_FD93);
    word ^ (word >> 32)
}

/// Returns the key of a purpose of an owner, as the scenario language names them.
fn key(seed: u64, replication: u64, purpose: &str, owner: &str) -> Key {
    Key::new(seed, replication, name_hash(purpose), name_hash(owner))
}

fn exponential(mean: f64) -> Law {
    Law::exponential(mean).expect("a mean above zero")
}

fn log_normal(mean: f64, cv: f64) -> Law {
    Law::log_normal_mean_cv(mean, cv).expect("a mean above zero and a spread")
}
