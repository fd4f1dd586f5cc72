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

use crate::kernel::scc::sccs;
use crate::model::ids::{ConnectionId, ResourceId, ServiceId};
use crate::model::program::{Op, OpIndex};
use crate::model::{Model, WhenFull};
use crate::plan::facts::{AllFacts, Facts, Uses};

/// A place where requests are made. Ids ascend with names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
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
pub(crate) fn places(model: &Model) -> Vec<Place> {
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
    for (index, facts) in succession.facts.all() {
        if let Some(place) = succession.place_of(facts)
            && facts.least == 0
        {
            behind.entry(place).or_default().push(index + 1);
        }
    }
    for (id, resource) in model.resources.iter_enumerated() {
        if let WhenFull::Divert(itineraries) = &resource.room.when_full {
            let begins = itineraries.values().map(|&itinerary| model.itineraries[itinerary].program);
            behind.entry(Place::Resource(id)).or_default().extend(begins);
        }
    }
    for (from, begins) in behind {
        for to in succession.reached_at_once(begins) {
            leading.entry(to).or_default().insert(from);
        }
    }
    let ordered = sccs(leading.into_iter().map(|(place, leading)| (place, leading.into_iter().collect())));
    ordered.into_iter().rev().flat_map(|scc| scc.members).collect()
}

/// What comes after what, for shipments and vehicles.
struct Succession<'m> {
    model: &'m Model,
    facts: AllFacts,
    /// The service that executes an operation, if it is one of a vehicle.
    services: BTreeMap<OpIndex, ServiceId>,
    /// Where shipments go on that leave a service at a stop.
    alighting: BTreeMap<(ServiceId, u16), Vec<OpIndex>>,
}

impl<'m> Succession<'m> {
    fn new(model: &'m Model) -> Self {
        let programs = &model.programs;
        let mut alighting = BTreeMap::<_, Vec<OpIndex>>::new();
        for (index, &op) in (0..).zip(&programs.ops) {
            if let Op::Ride(ride) = op {
                let ride = programs.rides[ride as usize];
                alighting.entry((ride.service, ride.to)).or_default().push(index + 1);
            }
        }
        let mut services = BTreeMap::new();
        for (id, service) in model.services.iter_enumerated() {
            let n = programs.from(service.program).count() as OpIndex;
            services.extend((service.program..service.program + n).map(|index| (index, id)));
        }
        Self { model, facts: AllFacts::new(model), services, alighting }
    }

    /// Returns where an operation makes a request.
    fn place_of(&self, facts: &Facts) -> Option<Place> {
        match facts.uses {
            Uses::Resource(id) => Some(Place::Resource(id)),
            Uses::Batch(group) => Some(Place::Batch(group)),
            Uses::Connection(id) => Some(Place::Connection(id)),
            Uses::Rides(Op::Ride(ride)) => {
                let ride = self.model.programs.rides[ride as usize];
                self.model.leaves_when_full(ride.service).then_some(Place::Yard(ride.service, ride.from))
            }
            Uses::Rides(_) | Uses::Regime(_) | Uses::Nothing => None,
        }
    }

    /// Returns the next places from operations on that may be reached in no time.
    fn reached_at_once(&self, begins: Vec<OpIndex>) -> BTreeSet<Place> {
        let (mut left, mut seen, mut reached) = (begins, BTreeSet::new(), BTreeSet::new());
        while let Some(index) = left.pop() {
            if !seen.insert(index) {
                continue;
            }
            let facts = self.facts.at(index);
            if let Some(place) = self.place_of(facts) {
                reached.insert(place);
            } else if facts.least == 0 && !facts.waits_for_departures {
                left.extend(facts.then.iter().chain(&facts.back_to));
                if let Op::Unload(stop) = self.model.programs.ops[index as usize] {
                    let service = self.services.get(&index);
                    let alighting = service.and_then(|&service| self.alighting.get(&(service, stop)));
                    left.extend(alighting.into_iter().flatten());
                }
            }
        }
        reached
    }
}
