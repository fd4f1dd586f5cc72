//! Lookahead: a lower bound on how early an arrival from outside a partition is known. A partition may be simulated this far past the present.
//!
//! A shipment that is released in the partition, or comes from one of its stations, arrives as part of what is simulated there. Every other
//! arrival follows a ride, known from the beginning of its last leg on, or an event, known from then on. Disruptions change releases
//! besides: their instants are watched while the model runs (`windows`).

use std::collections::{BTreeMap, BTreeSet};

use crate::model::ids::FlowId;
use crate::model::program::{Op, OpIndex, RideOp};
use crate::model::{ActEffect, ActTarget, Model, WhenFull};
use crate::plan::facts::{Meets, Uses};
use crate::plan::regions::{Candidates, Input, Next, StationId};

/// Returns the lookahead of each station that shipments come to from outside, in milliseconds.
pub(crate) fn lookahead(
    input: Input<'_>,
    candidates: &Candidates,
    fed_forward: &[bool],
) -> BTreeMap<StationId, i64> {
    let Input { model, facts, shared } = input;
    let programs = &model.programs;
    let of_vehicle = of_vehicles(model);
    let mut begins: Vec<(OpIndex, i64)> = Vec::new();
    for (place, of_op) in facts.all().filter(|&(place, _)| !of_vehicle[place as usize]) {
        let mut known_at_once = || begins.extend(of_op.then.iter().chain(&of_op.back_to).map(|&to| (to, 0)));
        match (of_op.meets, of_op.uses) {
            (Meets::Nobody, _) if of_op.back_to.is_none() || fed_forward[place as usize] => {}
            (Meets::IfShared, Uses::Connection(id)) if !shared[id] => {}
            (Meets::AtStation, _) if candidates.station(of_op).is_some() => {}
            // A shipment that has boarded goes on from one of its rides.
            (Meets::InYard, Uses::Rides(Op::RideAny(_))) => {}
            (Meets::InYard, Uses::Rides(Op::Ride(ride))) => {
                let ride = &programs.rides[ride as usize];
                let time = if fed_forward[place as usize + 1] { last_leg(model, ride) } else { 0 };
                begins.push((place + 1, time));
            }
            _ => known_at_once(),
        }
    }
    // Released by an event, as a flow is if any of its itineraries asks for it or a choice sees it, or sent from a full room to another
    // itinerary.
    let asking = model
        .itineraries
        .iter()
        .filter(|itinerary| !fed_forward[itinerary.program as usize] || model.is_seen(itinerary.flow));
    let by_event: BTreeSet<FlowId> = asking.map(|itinerary| itinerary.flow).collect();
    let released = model.itineraries.iter().filter(|itinerary| by_event.contains(&itinerary.flow));
    begins.extend(released.map(|itinerary| (itinerary.program, 0)));
    for resource in &model.resources {
        if let WhenFull::Divert(itineraries) = &resource.room.when_full {
            begins.extend(itineraries.values().map(|&id| (model.itineraries[id].program, 0)));
        }
    }
    Next::of(input, candidates, begins).stations
}

/// Finds the operations that vehicles execute.
fn of_vehicles(model: &Model) -> Vec<bool> {
    let mut of_vehicle = vec![false; model.programs.ops.len()];
    for service in &model.services {
        let begin = service.program as usize;
        // With its end.
        let n = model.programs.from(service.program).count() + 1;
        of_vehicle[begin..begin + n].fill(true);
    }
    of_vehicle
}

/// Returns how long the last leg of a ride takes at least, if cargo is handed over when the leg begins (`vehicle`); 0 if not.
fn last_leg(model: &Model, ride: &RideOp) -> i64 {
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
