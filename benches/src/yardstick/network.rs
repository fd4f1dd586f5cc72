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

/// Hours before a departure from which on its train takes no more cargo.
const CUT_OFF: f64 = 2.0;

struct Shipment {
    born: f64,
    service: u32,
    /// Whether its ride is over, so that it queues for its third desk, which is the first one of others.
    has_come: bool,
}

/// A service with its yard.
struct Service {
    from: usize,
    to: usize,
    period: f64,
    gap: f64,
    /// Shipments, each with the hour since which it is ready.
    yard: VecDeque<(u32, f64)>,
}

/// Begins the work of a shipment at the first desk of a place: schedules its end.
#[inline]
fn begin(s: &mut Loop<Kind>, customs: LogNormal, id: u32, shipment: &Shipment) {
    let (hours, done) = if shipment.has_come {
        (exponential(0.20, &mut s.rng), Kind::ThirdDone)
    } else {
        (customs.draw(&mut s.rng), Kind::FirstDone)
    };
    s.after(hours, done, id);
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
    let mut trains: Vec<Vec<u32>> = Vec::new();
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
                    let new = shipments.len() as u32;
                    s.enter_to(&mut desks[service.from], new, |s| begin(s, customs, new, &shipment));
                    shipments.push(shipment);
                    let gap = exponential(service.gap, &mut s.rng);
                    s.after(gap, Kind::Arrival, id);
                }
            }
            Kind::FirstDone => {
                let from = services[shipments[id as usize].service as usize].from;
                s.leave_to(&mut desks[from], |s, next| begin(s, customs, next, &shipments[next as usize]));
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
                trains.push(service.yard.drain(..n_ready).map(|(shipment, _)| shipment).collect());
                let time = running.draw(&mut s.rng);
                s.after(time, Kind::AtEnd, train);
                if s.now < hours || n_delivered < shipments.len() {
                    s.after(service.period, Kind::Departure, id);
                }
            }
            Kind::AtEnd => {
                for shipment in std::mem::take(&mut trains[id as usize]) {
                    let time = s.rng.random_range(1.0..5.0);
                    s.after(time, Kind::DelayDone, shipment);
                }
            }
            Kind::DelayDone => {
                let shipment = &mut shipments[id as usize];
                shipment.has_come = true;
                let to = services[shipment.service as usize].to;
                s.enter_to(&mut desks[to], id, |s| begin(s, customs, id, shipment));
            }
            Kind::ThirdDone => {
                let Shipment { born, service, .. } = shipments[id as usize];
                let to = services[service as usize].to;
                s.leave_to(&mut desks[to], |s, next| begin(s, customs, next, &shipments[next as usize]));
                n_delivered += 1;
                times.push((s.now - born) as f32);
                if n_delivered == shipments.len() && s.now > hours {
                    break;
                }
            }
        }
    }
}
