//! The causes of a flow's waits that an edit of the compiled model can remove, in route order.
//!
//! Read off the programs: what shipments visit and ride, and what their vehicles visit on the way. Does not own the edits (`edit`).

use std::collections::BTreeMap;

use sanda_core::kernel::law::Law;
use sanda_core::model::ids::{CalendarId, ConnectionId, FlowId, RegimeId, ResourceId, ServiceId, StageId};
use sanda_core::model::program::{Op, OpIndex, RideOp};
use sanda_core::model::{Cancellation, Capacity, Model};

/// Something that makes shipments wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// The queue, the opening hours and the breakdowns of a resource.
    Resource(ResourceId),
    /// The opening hours of gates that share a calendar.
    Gate(CalendarId),
    /// Too few vehicles on a connection.
    Fleet(ConnectionId),
    /// Full departures of a service, or too few vehicles for them.
    Full(ServiceId),
    /// Cancelled and late departures of a service.
    Unpunctual(ServiceId),
    /// A border that is not in its best state.
    Regime(RegimeId),
    /// All disruptions.
    Disruptions,
}

/// A cause on the routes of the flows that are asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The cause.
    pub cause: Cause,
    /// The stages in which it acts; none for what acts before a shipment boards.
    pub stages: Vec<StageId>,
    /// The first ride after it on any route: the departure that is missed when it takes long.
    pub next_ride: Option<ServiceId>,
}

/// The causes on the routes of these flows, in route order; disruptions come last.
///
/// A cause comes after every cause that comes before it on some route. Where routes contradict each other, the first route decides.
pub fn causes(model: &Model, flows: &[FlowId]) -> Vec<Placed> {
    let itineraries = flows.iter().flat_map(|&flow| &model.flows[flow].itineraries);
    let routes: Vec<Vec<Step>> =
        itineraries.map(|&(itinerary, _)| route(model, model.itineraries[itinerary].program)).collect();
    let mut found: Vec<Placed> = Vec::new();
    let mut place_of: BTreeMap<Cause, usize> = BTreeMap::new();
    for route in &routes {
        for (at, step) in route.iter().enumerate() {
            let place = *place_of.entry(step.cause).or_insert_with(|| {
                found.push(Placed { cause: step.cause, stages: Vec::new(), next_ride: None });
                found.len() - 1
            });
            let placed = &mut found[place];
            if let Some(stage) = step.stage.filter(|stage| !placed.stages.contains(stage)) {
                placed.stages.push(stage);
            }
            let is_next = |service: &ServiceId| Some(*service) != step.rides;
            let next = route[at + 1..].iter().find_map(|later| later.rides.filter(is_next));
            placed.next_ride = placed.next_ride.or(next);
        }
    }
    let ranks = ranks(&routes, &place_of);
    let mut order: Vec<usize> = (0..found.len()).collect();
    order.sort_by_key(|&place| (ranks[place], place));
    let mut ordered: Vec<Placed> = order.into_iter().map(|place| found[place].clone()).collect();
    ordered.push(Placed { cause: Cause::Disruptions, stages: Vec::new(), next_ride: None });
    ordered.retain(|placed| acts(model, placed.cause));
    ordered
}

/// The longest way to each cause over all routes. As many passes as there are causes end a cycle too.
fn ranks(routes: &[Vec<Step>], place_of: &BTreeMap<Cause, usize>) -> Vec<usize> {
    let mut ranks = vec![0; place_of.len()];
    for _ in 0..place_of.len() {
        let mut is_changed = false;
        for route in routes {
            for pair in route.windows(2) {
                let (before, after) = (place_of[&pair[0].cause], place_of[&pair[1].cause]);
                if before != after && ranks[after] <= ranks[before] && ranks[before] < place_of.len() {
                    ranks[after] = ranks[before] + 1;
                    is_changed = true;
                }
            }
        }
        if !is_changed {
            break;
        }
    }
    ranks
}

/// A cause on one route.
#[derive(Clone, Copy, Debug)]
struct Step {
    cause: Cause,
    stage: Option<StageId>,
    /// The service, for a cause that is a ride.
    rides: Option<ServiceId>,
}

/// The causes along a program; each once, at its first place.
fn route(model: &Model, begin: OpIndex) -> Vec<Step> {
    let programs = &model.programs;
    let ops: Vec<Op> = programs.from(begin).collect();
    let mut steps: Vec<Step> = Vec::new();
    let mut add = |cause, stage, rides| {
        if steps.iter().all(|step| step.cause != cause || step.stage != stage) {
            steps.push(Step { cause, stage, rides });
        }
    };
    for (at, &op) in ops.iter().enumerate() {
        let stage = ops[at..].iter().find_map(|op| match op {
            Op::EndStage(stage) => Some(*stage),
            _ => None,
        });
        match op {
            Op::Work(work) | Op::Seize(work) => {
                add(Cause::Resource(programs.works[work as usize].resource), stage, None);
            }
            Op::Gate(calendar) => add(Cause::Gate(calendar), stage, None),
            Op::Regime(regime) => add(Cause::Regime(programs.regimes[regime as usize].regime), stage, None),
            Op::Haul(delay) => {
                if let Some(connection) = programs.delays[delay as usize].connection {
                    add(Cause::Fleet(connection), stage, None);
                }
            }
            Op::Ride(_) | Op::RideAny(_) => {
                for ride in programs.rides_at(op) {
                    let ride = programs.rides[ride as usize];
                    add(Cause::Full(ride.service), stage, Some(ride.service));
                    add(Cause::Unpunctual(ride.service), stage, Some(ride.service));
                    for (cause, stage) in on_board(model, ride) {
                        add(cause, stage, Some(ride.service));
                    }
                }
            }
            _ => {}
        }
    }
    steps
}

/// The causes that a vehicle meets until it unloads at the end of a ride. Those before the shipment boards make it late.
fn on_board(model: &Model, ride: RideOp) -> Vec<(Cause, Option<StageId>)> {
    let programs = &model.programs;
    let (mut found, mut stop) = (Vec::new(), 0_u16);
    for op in programs.from(model.services[ride.service].program) {
        let stage = stop.checked_sub(ride.from + 1).and_then(|leg| {
            let part = ride.parts_from? as usize + 2 * usize::from(leg) + 1;
            programs.ride_parts.get(part).copied()
        });
        match op {
            Op::Arrive(at) => stop = at,
            Op::Unload(at) if at == ride.to => break,
            Op::Work(work) | Op::Seize(work) => {
                found.push((Cause::Resource(programs.works[work as usize].resource), stage));
            }
            Op::Regime(regime) => {
                found.push((Cause::Regime(programs.regimes[regime as usize].regime), stage));
            }
            _ => {}
        }
    }
    found
}

/// Whether a cause can make anything wait, so that its removal is an edit.
fn acts(model: &Model, cause: Cause) -> bool {
    match cause {
        Cause::Resource(id) => {
            let resource = &model.resources[id];
            resource.servers.is_some()
                || resource.calendar.is_some()
                || resource.breakdowns.is_some()
                || resource.begins_with.is_some()
        }
        Cause::Gate(_) => true,
        Cause::Fleet(id) => model.connections[id].fleet.is_some(),
        Cause::Full(id) => {
            let service = &model.services[id];
            let may_be_full = !matches!(service.capacity, Capacity::Unlimited) && !model.leaves_when_full(id);
            may_be_full || service.fleet.is_some()
        }
        Cause::Unpunctual(id) => {
            let service = &model.services[id];
            !matches!(service.cancellation, Cancellation::Never) || service.delay.is_some()
        }
        Cause::Regime(id) => {
            model.programs.regimes.iter().any(|op| op.regime == id && best(&op.times).is_some())
        }
        Cause::Disruptions => {
            !model.disruptions.is_empty() || model.services.iter().any(|service| !service.storms.is_empty())
        }
    }
}

/// The law with the least mean; `None` where all have the same.
pub(super) fn best(times: &[Law]) -> Option<&Law> {
    let least = times.iter().min_by(|one, other| one.mean().total_cmp(&other.mean()))?;
    times.iter().any(|law| law.mean() > least.mean()).then_some(least)
}
