//! Places in the order of events at one instant: where requests are made, each before those that can be reached from it within the
//! same instant.
//!
//! The order follows from the itineraries of the model and from nothing else, whatever the engine optimises. So adding or closing
//! something elsewhere never changes which request is first. One place leads to another if an itinerary, or the course of a vehicle,
//! may go from the one to the other in no time. Then all requests of an instant at the second are there before the first of them is
//! served. A step that takes time needs no order, for it ends in an event of its own. Strongly connected components of places are ordered
//! topologically. Within a component, and where neither leads to the other, places are ordered by kind and name.
//!
//! Does not own how a rank is packed (`event`).

use std::collections::{BTreeMap, BTreeSet};

use sanda_network::knots;

use crate::freight::ids::{ConnectionId, ResourceId, ServiceId};
use crate::freight::model::{Model, WhenFull};
use crate::freight::program::{Op, OpIndex, least};

/// A place where requests are made. Ids ascend with names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    /// The queue of a resource.
    Resource(ResourceId),
    /// A group of shipments that wait for each other.
    Batch(u32),
    /// A connection, whose vehicles may be counted.
    Connection(ConnectionId),
    /// The yard of a service that leaves when it is full, at one of its stops.
    Yard(ServiceId, u16),
}

/// All places of a model, in their order.
///
/// Complexity: of the operations between one place and the next, summed over all places.
pub(super) fn places(model: &Model) -> Vec<Place> {
    let succession = Succession::new(model);
    // From a place to its predecessors: places without any order between them keep that of their names.
    let mut leading: BTreeMap<Place, BTreeSet<Place>> = BTreeMap::new();
    for id in model.resources.ids() {
        leading.insert(Place::Resource(id), BTreeSet::new());
    }
    for group in 0..model.batch_groups.len() as u32 {
        leading.insert(Place::Batch(group), BTreeSet::new());
    }
    for id in model.connections.ids() {
        leading.insert(Place::Connection(id), BTreeSet::new());
    }
    for (id, service) in model.services.iter_enumerated().filter(|(id, _)| model.leaves_when_full(*id)) {
        for stop in 0..service.stops.len() as u16 {
            leading.insert(Place::Yard(id, stop), BTreeSet::new());
        }
    }
    let mut behind: BTreeMap<Place, Vec<OpIndex>> = BTreeMap::new();
    for (index, &op) in (0..).zip(&model.programs.ops) {
        if let Some(place) = succession.place_of(op)
            && may_take_no_time(model, op)
        {
            behind.entry(place).or_default().push(index + 1);
        }
    }
    for (id, resource) in model.resources.iter_enumerated() {
        if let WhenFull::Divert(itineraries) = &resource.when_full {
            let begins = itineraries.values().map(|&itinerary| model.itineraries[itinerary].program);
            behind.entry(Place::Resource(id)).or_default().extend(begins);
        }
    }
    for (from, begins) in behind {
        for to in succession.reached_at_once(begins) {
            leading.entry(to).or_default().insert(from);
        }
    }
    let ordered = knots(leading.into_iter().map(|(place, leading)| (place, leading.into_iter().collect())));
    ordered.into_iter().rev().flat_map(|knot| knot.members).collect()
}

/// Whether an entity that makes a request may go on from it in no time.
fn may_take_no_time(model: &Model, op: Op) -> bool {
    let programs = &model.programs;
    match op {
        // Giving up is an act of the place as well, whenever it comes.
        Op::Work(index) => {
            let work = &programs.works[index as usize];
            least(&work.time, work.per) == 0 || work.patience.is_some()
        }
        Op::Haul(index) => {
            let haul = &programs.delays[index as usize];
            least(&haul.time, haul.per) == 0
        }
        _ => true,
    }
}

/// What comes after what, for shipments and vehicles.
struct Succession<'m> {
    model: &'m Model,
    /// Of the end of a branch, where all branches have ended.
    joins: BTreeMap<OpIndex, OpIndex>,
    /// The service that does an operation, if it is one of a vehicle.
    services: BTreeMap<OpIndex, ServiceId>,
    /// Where shipments go on that leave a service at a stop.
    alighting: BTreeMap<(ServiceId, u16), Vec<OpIndex>>,
}

impl<'m> Succession<'m> {
    fn new(model: &'m Model) -> Self {
        let programs = &model.programs;
        let (mut joins, mut alighting) = (BTreeMap::new(), BTreeMap::<_, Vec<OpIndex>>::new());
        for (index, &op) in (0..).zip(&programs.ops) {
            match op {
                // An inner fork comes later, and has the last word on its branches.
                Op::Fork(fork) => {
                    let join = programs.forks[fork as usize].join;
                    let inside = (index..join).filter(|&at| programs.ops[at as usize] == Op::BranchEnd);
                    joins.extend(inside.map(|end| (end, join)));
                }
                Op::Ride(ride) => {
                    let ride = programs.rides[ride as usize];
                    alighting.entry((ride.service, ride.to)).or_default().push(index + 1);
                }
                _ => {}
            }
        }
        let mut services = BTreeMap::new();
        for (id, service) in model.services.iter_enumerated() {
            let n = programs.from(service.program).count() as OpIndex;
            services.extend((service.program..service.program + n).map(|index| (index, id)));
        }
        Self { model, joins, services, alighting }
    }

    /// Where an operation makes a request.
    fn place_of(&self, op: Op) -> Option<Place> {
        let programs = &self.model.programs;
        match op {
            Op::Work(index) | Op::Seize(index) => {
                Some(Place::Resource(programs.works[index as usize].resource))
            }
            Op::Batch(index) => Some(Place::Batch(programs.batches[index as usize].group)),
            Op::Haul(index) => programs.delays[index as usize].connection.map(Place::Connection),
            Op::Ride(index) => {
                let ride = programs.rides[index as usize];
                self.model.leaves_when_full(ride.service).then_some(Place::Yard(ride.service, ride.from))
            }
            _ => None,
        }
    }

    /// The next places from these operations on that may be reached in no time.
    fn reached_at_once(&self, begins: Vec<OpIndex>) -> BTreeSet<Place> {
        let programs = &self.model.programs;
        let (mut left, mut seen, mut reached) = (begins, BTreeSet::new(), BTreeSet::new());
        while let Some(index) = left.pop() {
            if !seen.insert(index) {
                continue;
            }
            let op = programs.ops[index as usize];
            if let Some(place) = self.place_of(op) {
                reached.insert(place);
                continue;
            }
            match op {
                // A vehicle leaves, and cargo boards, after all requests of an instant.
                Op::Deliver | Op::Retire | Op::Run(_) | Op::Load(_) | Op::Ride(_) | Op::RideAny(_) => {}
                Op::Delay(delay) | Op::Haul(delay) => {
                    let delay = &programs.delays[delay as usize];
                    if least(&delay.time, delay.per) == 0 {
                        left.push(index + 1);
                    }
                }
                Op::Regime(regime) => {
                    let times = &programs.regimes[regime as usize].times;
                    if times.iter().any(|time| time.least_whole() <= 0) {
                        left.push(index + 1);
                    }
                }
                Op::Choose(choose) => {
                    let choose = &programs.chooses[choose as usize];
                    left.extend(choose.branches.iter().map(|&(_, to)| to).chain([choose.otherwise]));
                }
                Op::Jump(to) => left.push(to),
                Op::Repeat(repeat) => left.extend([programs.repeats[repeat as usize].back_to, index + 1]),
                Op::Fork(fork) => left.extend(&programs.forks[fork as usize].branches),
                Op::BranchEnd => left.extend(self.joins.get(&index)),
                Op::Unload(stop) => {
                    left.push(index + 1);
                    let service = self.services.get(&index);
                    let alighting = service.and_then(|&service| self.alighting.get(&(service, stop)));
                    left.extend(alighting.into_iter().flatten());
                }
                Op::Work(_)
                | Op::Seize(_)
                | Op::Batch(_)
                | Op::Gate(_)
                | Op::Free(_)
                | Op::InspectionBegins
                | Op::InspectionEnds
                | Op::Charge(_)
                | Op::Mark(_)
                | Op::EndStage(_)
                | Op::Arrive(_) => left.push(index + 1),
            }
        }
        reached
    }
}
