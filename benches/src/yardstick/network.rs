//! A network of services (`workload::Network`), bare.

use std::collections::VecDeque;

use rand::RngExt;
use rand::rngs::SmallRng;

use super::{Desk, LogNormal, Loop, exponential};
use crate::workload::Network;

/// What a pending event means; its id is a shipment's, a train's, or that of a service and its flow.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Arrival,
    FirstDone,
    SecondDone,
    Departure,
    AtEnd,
    DelayDone,
    ThirdDone,
}

/// Hours before a departure from which on its train takes nothing more.
const CUT_OFF: f64 = 2.0;

struct Shipment {
    born: f64,
    service: u32,
    /// Its ride is over: what it queues for is the third desk, which is the first one of others.
    has_come: bool,
}

/// A service, as its departures find it.
struct Service {
    from: usize,
    to: usize,
    period: f64,
    gap: f64,
    /// Shipments and since when they are ready.
    yard: VecDeque<(u32, f64)>,
}

/// The end of the work that a shipment is given at the first desk of a place, and how long it takes.
#[inline]
fn begin(s: &mut Loop<Kind>, customs: LogNormal, id: u32, shipment: &Shipment) {
    let (hours, done) = if shipment.has_come {
        (exponential(0.20, &mut s.rng), Kind::ThirdDone)
    } else {
        (customs.draw(&mut s.rng), Kind::FirstDone)
    };
    s.after(hours, done, id);
}

/// Comes to the first desk of a place.
#[inline]
fn come(s: &mut Loop<Kind>, customs: LogNormal, desk: &mut Desk, id: u32, shipment: &Shipment) {
    if desk.idle > 0 {
        desk.idle -= 1;
        begin(s, customs, id, shipment);
    } else {
        desk.queue.push_back(id);
    }
}

/// Leaves it to the next.
#[inline]
fn go(s: &mut Loop<Kind>, customs: LogNormal, desk: &mut Desk, shipments: &[Shipment]) {
    match desk.queue.pop_front() {
        Some(next) => begin(s, customs, next, &shipments[next as usize]),
        None => desk.idle += 1,
    }
}

/// Runs `hours` of arrivals and follows every shipment to its delivery. Adds the times from door to door, in hours, to `times`.
pub fn run(network: &Network, seed: u64, hours: f64, times: &mut Vec<f32>) {
    let (customs, running) = (LogNormal::new(0.40, 0.8), LogNormal::new(84.0, 0.10));
    let work = |rng: &mut SmallRng| exponential(0.20, rng);
    let mut s = Loop::new(seed);
    let mut desks: Vec<Desk> = network.servers.iter().map(|&servers| Desk::new(servers)).collect();
    let mut services: Vec<Service> = network
        .ends
        .iter()
        .enumerate()
        .map(|(i, &(from, to))| Service {
            from: 2 * from,
            to: 2 * to,
            period: Network::period(i) as f64,
            gap: 24.0 / Network::per_day(i) as f64,
            yard: VecDeque::new(),
        })
        .collect();
    let mut shipments: Vec<Shipment> = Vec::with_capacity(1 << 20);
    let mut trains: Vec<(u32, Vec<u32>)> = Vec::new();
    let mut n_delivered = 0;

    for (id, service) in services.iter().enumerate() {
        let gap = exponential(service.gap, &mut s.rng);
        s.after(gap, Kind::Arrival, id as u32);
        s.after(0.0, Kind::Departure, id as u32);
    }
    while let Some(event) = s.heap.pop() {
        s.now = event.at;
        let id = event.id;
        match event.kind {
            Kind::Arrival => {
                if s.now <= hours {
                    let service = &services[id as usize];
                    let shipment = Shipment { born: s.now, service: id, has_come: false };
                    come(&mut s, customs, &mut desks[service.from], shipments.len() as u32, &shipment);
                    shipments.push(shipment);
                    let gap = exponential(service.gap, &mut s.rng);
                    s.after(gap, Kind::Arrival, id);
                }
            }
            Kind::FirstDone => {
                let from = services[shipments[id as usize].service as usize].from;
                go(&mut s, customs, &mut desks[from], &shipments);
                s.enter(&mut desks[from + 1], id, Kind::SecondDone, work);
            }
            Kind::SecondDone => {
                let service = &mut services[shipments[id as usize].service as usize];
                s.leave(&mut desks[service.from + 1], Kind::SecondDone, work);
                service.yard.push_back((id, s.now));
            }
            Kind::Departure => {
                let service = &mut services[id as usize];
                let n_ready = service.yard.partition_point(|(_, ready)| *ready <= s.now - CUT_OFF).min(55);
                let train = trains.len() as u32;
                trains.push((id, service.yard.drain(..n_ready).map(|(shipment, _)| shipment).collect()));
                let time = running.draw(&mut s.rng);
                s.after(time, Kind::AtEnd, train);
                if s.now < hours || n_delivered < shipments.len() {
                    s.after(service.period, Kind::Departure, id);
                }
            }
            Kind::AtEnd => {
                for shipment in std::mem::take(&mut trains[id as usize].1) {
                    let time = s.rng.random_range(1.0..5.0);
                    s.after(time, Kind::DelayDone, shipment);
                }
            }
            Kind::DelayDone => {
                let shipment = &mut shipments[id as usize];
                shipment.has_come = true;
                let to = services[shipment.service as usize].to;
                come(&mut s, customs, &mut desks[to], id, shipment);
            }
            Kind::ThirdDone => {
                let Shipment { born, service, .. } = shipments[id as usize];
                go(&mut s, customs, &mut desks[services[service as usize].to], &shipments);
                n_delivered += 1;
                times.push((s.now - born) as f32);
                if n_delivered == shipments.len() && s.now > hours {
                    break;
                }
            }
        }
    }
}
