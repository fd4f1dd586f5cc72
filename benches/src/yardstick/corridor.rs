//! The rail corridor of `models/rail-corridor.ron`, bare.

use std::collections::VecDeque;

use rand::RngExt;
use rand::rngs::SmallRng;

use super::{Desk, LogNormal, Loop, exponential};

/// What a pending event means; its id is a shipment's or a train's.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Arrival,
    ExportDone,
    InspectionDone,
    LoadingDone,
    Departure,
    AtFirstBorder,
    FirstBorderDone,
    AtSecondBorder,
    SecondBorderDone,
    AtTerminal,
    UnloadingDone,
    ImportDone,
}

/// Runs `hours` of arrivals and follows every shipment to its delivery. Adds the times from door to door, in hours, to `times`, and returns
/// the number of events.
pub fn run(seed: u64, hours: f64, times: &mut Vec<f32>) -> u64 {
    let customs = LogNormal::new(0.40, 0.8);
    let inspection = LogNormal::new(24.0, 0.5);
    let (run_a, run_b, run_c) =
        (LogNormal::new(84.0, 0.10), LogNormal::new(168.0, 0.12), LogNormal::new(48.0, 0.15));
    let (first, second) = (LogNormal::new(8.0, 0.5), LogNormal::new(9.0, 0.5));
    let crane = |rng: &mut SmallRng| exponential(0.20, rng);
    let mut s = Loop::new(seed);
    let mut born: Vec<f64> = Vec::with_capacity(80_000);
    let (mut export, mut import) = (Desk::new(4), Desk::new(4));
    let (mut loading, mut unloading) = (Desk::new(2), Desk::new(2));
    let (mut first_border, mut second_border) = (Desk::new(2), Desk::new(2));
    let mut yard: VecDeque<u32> = VecDeque::new();
    let mut trains: Vec<Vec<u32>> = Vec::new();
    let (mut n_delivered, mut n_events) = (0, 0);

    let gap = exponential(1.0 / 8.0, &mut s.rng);
    s.after(gap, Kind::Arrival, 0);
    s.after(0.0, Kind::Departure, 0);
    while let Some(event) = s.heap.pop() {
        s.now = event.at;
        n_events += 1;
        let id = event.id;
        match event.kind {
            Kind::Arrival => {
                if s.now <= hours {
                    let id = born.len() as u32;
                    born.push(s.now);
                    s.enter(&mut export, id, Kind::ExportDone, |rng| customs.draw(rng));
                    let gap = exponential(1.0 / 8.0, &mut s.rng);
                    s.after(gap, Kind::Arrival, 0);
                }
            }
            Kind::ExportDone => {
                s.leave(&mut export, Kind::ExportDone, |rng| customs.draw(rng));
                if s.rng.random::<f64>() < 0.05 {
                    let hours = inspection.draw(&mut s.rng);
                    s.after(hours, Kind::InspectionDone, id);
                } else {
                    s.enter(&mut loading, id, Kind::LoadingDone, crane);
                }
            }
            Kind::InspectionDone => s.enter(&mut loading, id, Kind::LoadingDone, crane),
            Kind::LoadingDone => {
                s.leave(&mut loading, Kind::LoadingDone, crane);
                yard.push_back(id);
            }
            Kind::Departure => {
                let n_aboard = yard.len().min(55);
                let train = trains.len() as u32;
                trains.push(yard.drain(..n_aboard).collect());
                let time = run_a.draw(&mut s.rng);
                s.after(time, Kind::AtFirstBorder, train);
                if s.now < hours || n_delivered < born.len() {
                    s.after(6.0, Kind::Departure, 0);
                }
            }
            Kind::AtFirstBorder => {
                s.enter(&mut first_border, id, Kind::FirstBorderDone, |rng| first.draw(rng));
            }
            Kind::FirstBorderDone => {
                s.leave(&mut first_border, Kind::FirstBorderDone, |rng| first.draw(rng));
                let time = run_b.draw(&mut s.rng);
                s.after(time, Kind::AtSecondBorder, id);
            }
            Kind::AtSecondBorder => {
                s.enter(&mut second_border, id, Kind::SecondBorderDone, |rng| second.draw(rng));
            }
            Kind::SecondBorderDone => {
                s.leave(&mut second_border, Kind::SecondBorderDone, |rng| second.draw(rng));
                let time = run_c.draw(&mut s.rng);
                s.after(time, Kind::AtTerminal, id);
            }
            Kind::AtTerminal => {
                for shipment in std::mem::take(&mut trains[id as usize]) {
                    s.enter(&mut unloading, shipment, Kind::UnloadingDone, crane);
                }
            }
            Kind::UnloadingDone => {
                s.leave(&mut unloading, Kind::UnloadingDone, crane);
                s.enter(&mut import, id, Kind::ImportDone, |rng| customs.draw(rng));
            }
            Kind::ImportDone => {
                s.leave(&mut import, Kind::ImportDone, |rng| customs.draw(rng));
                n_delivered += 1;
                times.push((s.now - born[id as usize]) as f32);
                if n_delivered == born.len() && s.now > hours {
                    break;
                }
            }
        }
    }
    n_events
}
