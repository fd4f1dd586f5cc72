//! The events of the freight model and the order in which those of one instant run.
//!
//! | class | what | examples |
//! |---|---|---|
//! | 1 | completions and releases of servers | work done, delay over, leg run |
//! | 2 | capacity, calendar, breakdown, repair and disruption changes | a resource opens, a gate opens |
//! | 3 | arrivals and requests | a release, a request at a resource, joining a yard |
//! | 4 | cut-offs and departures | a scheduled departure, loading at a later stop |
//! | 5 | observers | |
//! | 6 | end of run | |
//!
//! Within a class by place (nodes before resources, each by id, stations last; see `upstream`), then by owner (flows before services), then by the
//! number of the shipment or departure, then by its branch in the order of the steps. [`Ranks`] packs that into the 64-bit
//! rank that the event calendar compares after the instant: 3 bits of class, 17 of place, 17 of owner, 22 of number, 5 of
//! branch. Numbers are taken modulo 2^22: two entities of one owner at one place on either side of a multiple of 4 million
//! would swap, always alike.

use sanda_units::IdVec;

use crate::freight::entity::{Entity, Kind, Slot};
use crate::freight::ids::{DisruptionId, FlowId, NodeId, ResourceId, ServiceId};
use crate::freight::model::Model;
use crate::freight::upstream::Station;

/// Order of events at one instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Class {
    Completion = 1,
    Change = 2,
    Request = 3,
    Departure = 4,
}

/// What a pending event means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    /// An entity's work at a resource is done.
    WorkDone,
    /// An entity's delay or leg is over.
    DelayDone,
    /// The gate that an entity waits at opens.
    GateOpens,
    /// An entity that just obtained held servers goes on.
    Resume,
    /// A delayed departure leaves; the slot is the vehicle's.
    Leave,
    /// A vehicle at a later stop takes on cargo.
    LoadNow,
    /// A service that leaves when full should look at its yard; the slot is the service.
    LookAtYard,
    /// A batch has waited its longest; the slot is the group.
    BatchDue,
    /// Departures held by a closure may leave; the slot is the service.
    ReleaseHeld,
    /// A server of a resource fails; the slot is its place among all that may, the generation its own.
    Fails,
    /// A server of a resource is repaired, likewise.
    Repaired,
    /// An entity that waits at a resource has lost its patience.
    GivesUp,
    /// Servers became free at this instant, whose changes have been made: who waits may start; the slot is the resource.
    Serve,
    /// A cancelled departure would have loaded at a later stop; the slot is the service, the generation the stop.
    CancelledStop,
    /// A vehicle of a service's fleet can leave again; the slot is the service.
    VehicleBack,
    /// Departures that waited for a vehicle may leave; the slot is the service.
    Dispatch,
    /// A vehicle of a connection's fleet is back; the slot is the connection.
    TruckBack,
}

/// A pending event: eight bytes beside its instant and rank.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Event {
    pub slot: Slot,
    /// The entity's generation when the event was made: another one means that the event is stale.
    pub generation: u16,
    pub what: What,
}

/// A recurring source whose next event is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// The next arrival of a flow.
    Arrival(FlowId),
    /// The next departure of a service.
    Departure(ServiceId),
    /// The next opening or closing of a resource.
    Opening(ResourceId),
    /// The next shift of a resource.
    Shift(ResourceId),
    /// The next beginning or end of a disruption.
    Disruption(DisruptionId),
}

/// Packs ranks for one model.
#[derive(Debug, Clone)]
pub(super) struct Ranks {
    n_flows: u64,
    /// The places of resources and of groups of batches, where they stand in ranks.
    resources: IdVec<ResourceId, u64>,
    groups: Vec<u64>,
}

/// Bits of a rank for the number of an entity and for its branch; a branch beyond the last counts as that.
const NUMBER_BITS: u32 = 22;
const BRANCH_BITS: u32 = 5;

/// Where the place and the class of a rank begin.
const PLACE_SHIFT: u32 = 44;
const CLASS_SHIFT: u32 = 61;

/// Places and owners that a rank can tell apart.
pub const RANK_LIMIT: usize = 1 << 17;

impl Ranks {
    /// Nodes have the first places, then resources, then stations in their order; other groups belong to no place.
    pub(super) fn new(model: &Model, stations: &[Station]) -> Self {
        let mut is_station: IdVec<ResourceId, bool> = model.resources.iter().map(|_| false).collect();
        for station in stations {
            if let Station::Desk(resource) = *station {
                is_station[resource] = true;
            }
        }
        let mut places = (model.nodes.len() as u64..).map(|place| place << PLACE_SHIFT);
        let mut next = || places.next().unwrap_or(0);
        let mut resources: IdVec<ResourceId, u64> =
            is_station.iter().map(|&is_station| if is_station { 0 } else { next() }).collect();
        let mut groups = vec![(NOWHERE.index() as u64) << PLACE_SHIFT; model.batch_groups.len()];
        for station in stations {
            match *station {
                Station::Desk(resource) => resources[resource] = next(),
                Station::Batch(group) => groups[group as usize] = next(),
            }
        }
        Self { n_flows: model.flows.len() as u64, resources, groups }
    }

    /// Owner and number as a rank holds them.
    #[inline]
    pub(super) fn identity(owner: u64, number: u64) -> u64 {
        owner << (NUMBER_BITS + BRANCH_BITS) | (number & ((1 << NUMBER_BITS) - 1)) << BRANCH_BITS
    }

    /// How ranks tell the branches of an entity apart; the first is 1.
    #[inline]
    pub(super) fn branch(number: u64) -> u8 {
        const LAST: u64 = (1 << BRANCH_BITS) - 1;
        number.min(LAST) as u8
    }

    /// The identity of an entity.
    #[inline]
    pub(super) fn of(&self, entity: &Entity) -> u64 {
        match entity.kind {
            Kind::Shipment => Self::shipment(entity.owner, entity.number),
            Kind::Branch => Self::shipment(entity.owner, entity.number) | u64::from(entity.branch),
            Kind::Vehicle => self.departure(entity.owner, entity.number),
            Kind::VehicleBranch => self.departure(entity.owner, entity.number) | u64::from(entity.branch),
        }
    }

    /// The identity of a shipment.
    #[inline]
    pub(super) fn shipment(flow: u32, number: u64) -> u64 {
        Self::identity(u64::from(flow), number)
    }

    /// The identity of a departure.
    #[inline]
    pub(super) fn departure(&self, service: u32, number: u64) -> u64 {
        Self::identity(self.n_flows + u64::from(service), number)
    }

    /// At a node.
    #[inline]
    pub(super) fn at_node(class: Class, node: NodeId, identity: u64) -> u64 {
        (class as u64) << CLASS_SHIFT | (node.index() as u64) << PLACE_SHIFT | identity
    }

    /// At a resource.
    #[inline]
    pub(super) fn at_resource(&self, class: Class, resource: ResourceId, identity: u64) -> u64 {
        (class as u64) << CLASS_SHIFT | self.resources[resource] | identity
    }

    /// In a group that waits for each other.
    #[inline]
    pub(super) fn in_group(&self, class: Class, group: u32, identity: u64) -> u64 {
        (class as u64) << CLASS_SHIFT | self.groups[group as usize] | identity
    }

    /// Whether a rank is of this class or a later one.
    #[inline]
    pub(super) fn is_from(rank: u64, class: Class) -> bool {
        rank >= (class as u64) << CLASS_SHIFT
    }

    /// After all changes at a resource.
    #[inline]
    pub(super) fn after_changes_at(&self, resource: ResourceId) -> u64 {
        self.at_resource(Class::Change, resource, (1 << PLACE_SHIFT) - 1)
    }
}

/// The node of ranks that belong to no place.
pub(super) const NOWHERE: NodeId = NodeId::new(0);

/// Requests of the present instant that wait for their turn, the first at the end.
///
/// A request may only run at once when nothing else is due at this instant; otherwise it takes its place here by rank.
#[derive(Debug, Default)]
pub(super) struct Turns {
    entries: Vec<(u64, Slot)>,
    /// How many bulk additions are under way, one inside the other.
    bulk: u32,
}

impl Turns {
    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.bulk == 0
    }

    #[inline]
    pub(super) fn first_rank(&self) -> Option<u64> {
        self.entries.last().map(|&(rank, _)| rank)
    }

    #[inline]
    pub(super) fn pop(&mut self) -> Option<Slot> {
        self.entries.pop().map(|(_, slot)| slot)
    }

    /// Adds one. Within [`Turns::begin_bulk`] the order is made once, at its end.
    #[inline]
    pub(super) fn push(&mut self, rank: u64, slot: Slot) {
        if self.bulk > 0 {
            self.entries.push((rank, slot));
        } else {
            let place = self.entries.partition_point(|&(other, _)| other > rank);
            self.entries.insert(place, (rank, slot));
        }
    }

    /// Many entities are about to ask at once: all of them take turns.
    pub(super) fn begin_bulk(&mut self) {
        self.bulk += 1;
    }

    /// Puts what came in bulk in order.
    pub(super) fn end_bulk(&mut self) {
        self.bulk -= 1;
        if self.bulk == 0 {
            self.entries.sort_unstable_by_key(|&(rank, _)| std::cmp::Reverse(rank));
        }
    }
}
