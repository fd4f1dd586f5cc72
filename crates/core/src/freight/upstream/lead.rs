//! How long before they come to a part of the model upstream shipments are known to come, at least: so far beyond now everything
//! there may happen.
//!
//! Who is released upstream, or comes from a station of the part, comes as part of what happens there. Everybody else comes from a
//! ride, known from the beginning of its last leg on, or from an event, known from then on; what lies between that and
//! the part, and takes a while, is the lead. Releases depend on disruptions besides: their instants are watched while the model
//! runs.

use std::collections::{BTreeMap, BTreeSet};

use sanda_units::IdVec;

use crate::freight::ids::{ConnectionId, FlowId};
use crate::freight::model::{ActEffect, ActTarget, Model, WhenFull};
use crate::freight::program::{Op, OpIndex, RideOp};
use crate::freight::upstream::plan::{Candidates, Next, Station};

/// How long before they come to a station shipments from outside are known to, at least. A station to which none come is left
/// out.
pub(super) fn leads(
    model: &Model,
    candidates: &Candidates,
    alone: &[bool],
    shared: &IdVec<ConnectionId, bool>,
) -> BTreeMap<Station, i64> {
    let programs = &model.programs;
    let of_vehicle = of_vehicles(model);
    let mut begins: Vec<(OpIndex, i64)> = Vec::new();
    for (place, &op) in programs.ops.iter().enumerate().filter(|&(place, _)| !of_vehicle[place]) {
        let next = place as OpIndex + 1;
        match op {
            Op::EndStage(_)
            | Op::Regime(_)
            | Op::Gate(_)
            | Op::Choose(_)
            | Op::Jump(_)
            | Op::Mark(_)
            | Op::Charge(_)
            | Op::InspectionBegins
            | Op::InspectionEnds
            // A shipment that has boarded goes on from one of its rides.
            | Op::RideAny(_)
            | Op::Deliver => {}
            Op::Delay(index) | Op::Haul(index) => {
                let connection = programs.delays[index as usize].connection;
                if connection.is_some_and(|connection| shared[connection]) {
                    begins.push((next, 0));
                }
            }
            Op::Work(_) | Op::Batch(_) if candidates.at(model, op).is_some() => {}
            Op::Ride(ride) => {
                let lead = if alone[place + 1] { last_leg(model, &programs.rides[ride as usize]) } else { 0 };
                begins.push((next, lead));
            }
            Op::Fork(index) => {
                let fork = &programs.forks[index as usize];
                begins.extend(fork.branches.iter().chain([&fork.join]).map(|&to| (to, 0)));
            }
            Op::Repeat(_) if alone[place] => {}
            Op::Repeat(index) => begins.extend([(programs.repeats[index as usize].back_to, 0), (next, 0)]),
            _ => begins.push((next, 0)),
        }
    }
    // Released by an event, as a flow is if any of its itineraries asks for it or a choice sees it, or sent from a full room to another itinerary.
    let asking = model
        .itineraries
        .iter()
        .filter(|itinerary| !alone[itinerary.program as usize] || model.is_seen(itinerary.flow));
    let by_event: BTreeSet<FlowId> = asking.map(|itinerary| itinerary.flow).collect();
    let released = model.itineraries.iter().filter(|itinerary| by_event.contains(&itinerary.flow));
    begins.extend(released.map(|itinerary| (itinerary.program, 0)));
    for resource in &model.resources {
        if let WhenFull::Divert(itineraries) = &resource.when_full {
            begins.extend(itineraries.values().map(|&id| (model.itineraries[id].program, 0)));
        }
    }
    Next::of(model, candidates, begins).stations
}

/// Which operations are done by vehicles.
fn of_vehicles(model: &Model) -> Vec<bool> {
    let mut of_vehicle = vec![false; model.programs.ops.len()];
    for service in &model.services {
        let begin = service.program as usize;
        let n = model.programs.from(service.program).count();
        // With its end.
        for is_so in of_vehicle.iter_mut().skip(begin).take(n + 1) {
            *is_so = true;
        }
    }
    of_vehicle
}

/// How long the last leg of a ride takes at least, if cargo is handed over when it begins (`vehicle`); nothing if not.
pub(super) fn last_leg(model: &Model, ride: &RideOp) -> i64 {
    let service = &model.services[ride.service];
    let Some(leg) = ride.to.checked_sub(1) else { return 0 };
    let run = model.programs.from(service.program).position(|op| op == Op::Run(leg));
    let place = |run: usize| service.program as usize + run;
    let is_handed_over =
        !service.split && run.is_some_and(|run| model.programs.unloads_at_once(place(run), ride.to));
    let is_shortened = model.disruptions.iter().flat_map(|disruption| &disruption.acts).any(|act| {
        act.target == ActTarget::Leg(ride.service, leg)
            && matches!(act.effect, ActEffect::TimeScale(factor) if factor < 1.0)
    });
    if is_handed_over && !is_shortened { service.running[usize::from(leg)].0.least_whole().max(0) } else { 0 }
}
