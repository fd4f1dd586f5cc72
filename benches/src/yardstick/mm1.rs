//! One server with Poisson arrivals and exponential service at load 0.9, bare: two pending events in a heap.

use std::collections::{BinaryHeap, VecDeque};

use rand::SeedableRng;
use rand::rngs::SmallRng;

use super::{Event, exponential};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Arrival,
    Done,
}

/// Simulates `n_customers`. Adds their times in system, in mean service times, to `times`.
pub fn run(seed: u64, n_customers: u32, times: &mut Vec<f32>) {
    let mut rng = SmallRng::seed_from_u64(seed);
    let mut heap = BinaryHeap::with_capacity(16);
    let mut queue: VecDeque<f64> = VecDeque::new();
    let mut sequence = 0;
    let mut n_left = n_customers;
    let mut after = |heap: &mut BinaryHeap<Event<Kind>>, at: f64, kind: Kind| {
        sequence += 1;
        heap.push(Event { at, sequence, kind, id: 0 });
    };
    after(&mut heap, exponential(1.0 / 0.9, &mut rng), Kind::Arrival);
    while let Some(Event { at: now, kind, .. }) = heap.pop() {
        if kind == Kind::Arrival {
            n_left -= 1;
            queue.push_back(now);
            if queue.len() == 1 {
                after(&mut heap, now + exponential(1.0, &mut rng), Kind::Done);
            }
            if n_left > 0 {
                after(&mut heap, now + exponential(1.0 / 0.9, &mut rng), Kind::Arrival);
            }
        } else if let Some(arrived_at) = queue.pop_front() {
            times.push((now - arrived_at) as f32);
            if !queue.is_empty() {
                after(&mut heap, now + exponential(1.0, &mut rng), Kind::Done);
            }
        }
    }
}
