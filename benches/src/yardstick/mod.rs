//! The bare yardstick: for each model, an event loop written for that model alone in an afternoon.
//!
//! It has a sequential small-state generator, ziggurat normals and exponentials, time in floating-point hours, a binary heap, and a vector
//! of results that is sorted for the percentiles. It has no other statistics, no keys, no order of events at one instant, and no checks. It
//! is the least that an event loop can cost, and the reference for the engine's speed. Its answers agree with the engine's in distribution
//! only.
//!
//! Does not own the draws and statistics of the engine (`twin`).

pub mod corridor;
pub mod mm1;
pub mod network;

use std::cmp::Ordering;
use std::collections::{BinaryHeap, VecDeque};

use rand::SeedableRng;
use rand::rngs::SmallRng;
use rand_distr::{Distribution, Exp1, StandardNormal};

use crate::workload::SHARES;

/// A pending event.
#[derive(Debug, Clone, Copy)]
struct Event<K> {
    /// Hours.
    at: f64,
    /// Order of creation, for events of one instant.
    sequence: u32,
    kind: K,
    /// Shipment or train.
    id: u32,
}

impl<K> PartialEq for Event<K> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl<K> Eq for Event<K> {}

impl<K> PartialOrd for Event<K> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<K> Ord for Event<K> {
    /// Reversed: the heap of the standard library has the greatest entry on top.
    fn cmp(&self, other: &Self) -> Ordering {
        other.at.total_cmp(&self.at).then(other.sequence.cmp(&self.sequence))
    }
}

/// A desk: servers with a queue.
struct Desk {
    idle: u32,
    queue: VecDeque<u32>,
}

impl Desk {
    fn new(servers: u32) -> Self {
        Self { idle: servers, queue: VecDeque::new() }
    }
}

/// The pending events and the generator.
struct Loop<K> {
    heap: BinaryHeap<Event<K>>,
    sequence: u32,
    now: f64,
    rng: SmallRng,
}

impl<K> Loop<K> {
    fn new(seed: u64) -> Self {
        Self {
            heap: BinaryHeap::with_capacity(1024),
            sequence: 0,
            now: 0.0,
            rng: SmallRng::seed_from_u64(seed),
        }
    }

    #[inline]
    fn after(&mut self, hours: f64, kind: K, id: u32) {
        self.sequence = self.sequence.wrapping_add(1);
        self.heap.push(Event { at: self.now + hours, sequence: self.sequence, kind, id });
    }

    /// Takes a server, or queues.
    #[inline]
    fn enter(&mut self, desk: &mut Desk, id: u32, done: K, draw: impl FnOnce(&mut SmallRng) -> f64) {
        self.enter_to(desk, id, |s| {
            let hours = draw(&mut s.rng);
            s.after(hours, done, id);
        });
    }

    /// Gives the server to the next in the queue, or back.
    #[inline]
    fn leave(&mut self, desk: &mut Desk, done: K, draw: impl FnOnce(&mut SmallRng) -> f64) {
        self.leave_to(desk, |s, next| {
            let hours = draw(&mut s.rng);
            s.after(hours, done, next);
        });
    }

    /// Takes a server as [`Self::enter`] does, where the work depends on the request.
    #[inline]
    fn enter_to(&mut self, desk: &mut Desk, id: u32, begin: impl FnOnce(&mut Self)) {
        if desk.idle > 0 {
            desk.idle -= 1;
            begin(self);
        } else {
            desk.queue.push_back(id);
        }
    }

    /// Gives the server as [`Self::leave`] does, where the work depends on the next request.
    #[inline]
    fn leave_to(&mut self, desk: &mut Desk, begin: impl FnOnce(&mut Self, u32)) {
        match desk.queue.pop_front() {
            Some(next) => begin(self, next),
            None => desk.idle += 1,
        }
    }
}

/// A lognormal law by mean and coefficient of variation.
#[derive(Debug, Clone, Copy)]
struct LogNormal {
    mu: f64,
    sigma: f64,
}

#[expect(clippy::disallowed_methods, reason = "whoever writes such a program takes what the platform has")]
impl LogNormal {
    fn new(mean: f64, cv: f64) -> Self {
        let variance = (1.0 + cv * cv).ln();
        Self { mu: mean.ln() - variance / 2.0, sigma: variance.sqrt() }
    }

    #[inline]
    fn draw(self, rng: &mut SmallRng) -> f64 {
        let z: f64 = StandardNormal.sample(rng);
        (self.mu + self.sigma * z).exp()
    }
}

#[inline]
fn exponential(mean: f64, rng: &mut SmallRng) -> f64 {
    let draw: f64 = Exp1.sample(rng);
    draw * mean
}

/// Sorts the times and takes the percentiles of [`SHARES`] from them.
///
/// # Panics
///
/// If there are no times.
pub fn percentiles(times: &mut [f32]) -> [f32; 3] {
    times.sort_by(f32::total_cmp);
    SHARES.map(|share| times[((share * times.len() as f64) as usize).min(times.len() - 1)])
}
