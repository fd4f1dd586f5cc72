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
//! Within a class by place: nodes first, by id, then the places where requests are made, in the order of [`places`]. Each class of a
//! priority resource is a place of its own, the most urgent first. Then by owner (flows before services), then by the number of the
//! shipment or departure, then by its branch in the order of the steps. [`Ranks`] packs that into the 64-bit rank that the
//! event calendar compares after the instant: 3 bits of class, 17 of place, 17 of owner, 22 of number, 5 of branch. Numbers are
//! taken modulo 2^22: two entities of one owner at one place on either side of a multiple of 4 million would swap, always alike.

use std::collections::BTreeMap;

use sanda_units::IdVec;

use crate::freight::entity::{Entity, Kind, Slot};
use crate::freight::ids::{ConnectionId, DisruptionId, FlowId, NodeId, ResourceId, ServiceId};
use crate::freight::model::Model;
use crate::freight::plan::{Place, places};

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
#[repr(u8)]
pub(super) enum What {
    /// An entity's work at a resource is done.
    WorkDone,
    /// An entity goes on: its step is over, its gate opens, or it has obtained the servers that it holds.
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

impl What {
    /// All of them, each at the place of its number.
    const ALL: [Self; 1 << WHAT_BITS] = {
        let mut all = [Self::Serve; 1 << WHAT_BITS];
        let each = [
            Self::WorkDone,
            Self::Resume,
            Self::Leave,
            Self::LoadNow,
            Self::LookAtYard,
            Self::BatchDue,
            Self::ReleaseHeld,
            Self::Fails,
            Self::Repaired,
            Self::GivesUp,
            Self::Serve,
            Self::CancelledStop,
            Self::VehicleBack,
            Self::Dispatch,
            Self::TruckBack,
        ];
        let mut place = 0;
        while place < each.len() {
            assert!(each[place] as usize == place, "they are listed in their order");
            all[place] = each[place];
            place += 1;
        }
        all
    };
}

/// A pending event: eight bytes beside its instant and rank.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Event {
    /// What it means in the low bits, and its slot above them.
    what_and_slot: u32,
    /// The entity's generation when the event was made: another one means that the event is stale.
    pub generation: u32,
}

/// Bits of an event for what it means.
const WHAT_BITS: u32 = 5;

/// Number of slots that an event can name: 134 million entities alive at once, which take some 50 GB.
pub(super) const SLOT_LIMIT: usize = 1 << (u32::BITS - WHAT_BITS);

impl Event {
    /// An event of an entity, or of whatever else `what` says that the slot stands for.
    #[inline]
    pub(super) fn new(what: What, slot: Slot, generation: u32) -> Self {
        debug_assert!((slot as usize) < SLOT_LIMIT, "the pool holds no more");
        Self { what_and_slot: slot << WHAT_BITS | what as u32, generation }
    }

    /// What it means.
    #[inline]
    pub(super) fn what(self) -> What {
        What::ALL[(self.what_and_slot & ((1 << WHAT_BITS) - 1)) as usize]
    }

    /// Its slot.
    #[inline]
    pub(super) fn slot(self) -> Slot {
        self.what_and_slot >> WHAT_BITS
    }
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
    /// The places where requests are made, where they stand in ranks: the most urgent class of a resource, the others behind it.
    resources: IdVec<ResourceId, u64>,
    groups: Vec<u64>,
    connections: IdVec<ConnectionId, u64>,
    yards: BTreeMap<(ServiceId, u16), u64>,
}

/// Bits of a rank for the number of an entity and for its branch; a branch beyond the last counts as that.
const NUMBER_BITS: u32 = 22;
const BRANCH_BITS: u32 = 5;

/// Where the place and the class of a rank begin.
const PLACE_SHIFT: u32 = 44;
const CLASS_SHIFT: u32 = 61;

/// Places and owners that a rank can tell apart.
pub const RANK_LIMIT: usize = 1 << (CLASS_SHIFT - PLACE_SHIFT);

impl Ranks {
    /// Nodes have the first places, then come the places where requests are made, in their order.
    pub(super) fn new(model: &Model) -> Self {
        let mut ranks = Self {
            n_flows: model.flows.len() as u64,
            resources: model.resources.iter().map(|_| 0).collect(),
            groups: vec![0; model.batch_groups.len()],
            connections: model.connections.iter().map(|_| 0).collect(),
            yards: BTreeMap::new(),
        };
        let mut next = model.nodes.len() as u64;
        for place in places(model) {
            let at = next << PLACE_SHIFT;
            next += n_classes(model, place);
            match place {
                Place::Resource(id) => ranks.resources[id] = at,
                Place::Batch(group) => ranks.groups[group as usize] = at,
                Place::Connection(id) => ranks.connections[id] = at,
                Place::Yard(service, stop) => {
                    ranks.yards.insert((service, stop), at);
                }
            }
        }
        ranks
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

    /// At a resource, as to its most urgent class.
    #[inline]
    pub(super) fn at_resource(&self, class: Class, resource: ResourceId, identity: u64) -> u64 {
        ((class as u64) << CLASS_SHIFT) + self.resources[resource] + identity
    }

    /// A request at a resource, in one of its classes.
    #[inline]
    pub(super) fn request_at(&self, resource: ResourceId, class: usize, identity: u64) -> u64 {
        self.at_resource(Class::Request, resource, Self::in_class(class, identity))
    }

    /// An identity that comes after those of more urgent classes.
    #[inline]
    pub(super) fn in_class(class: usize, identity: u64) -> u64 {
        ((class as u64) << PLACE_SHIFT) + identity
    }

    /// A request in a group that waits for each other.
    #[inline]
    pub(super) fn request_in(&self, group: u32, identity: u64) -> u64 {
        (Class::Request as u64) << CLASS_SHIFT | self.groups[group as usize] | identity
    }

    /// A request for a vehicle of a connection.
    #[inline]
    pub(super) fn request_of(&self, connection: ConnectionId, identity: u64) -> u64 {
        (Class::Request as u64) << CLASS_SHIFT | self.connections[connection] | identity
    }

    /// Joining the yard of a service that leaves when it is full.
    #[inline]
    pub(super) fn request_for(&self, service: ServiceId, stop: u16, identity: u64) -> u64 {
        let place = self.yards.get(&(service, stop)).copied().unwrap_or(0);
        (Class::Request as u64) << CLASS_SHIFT | place | identity
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

/// Number of places in ranks that a model takes; it has to be below [`RANK_LIMIT`].
pub fn n_places(model: &Model) -> usize {
    let n: u64 = places(model).into_iter().map(|place| n_classes(model, place)).sum();
    model.nodes.len() + n as usize
}

/// How many places in ranks a place takes: one for each class of requests.
fn n_classes(model: &Model, place: Place) -> u64 {
    match place {
        Place::Resource(id) => u64::from(model.resources[id].classes.max(1)),
        Place::Batch(_) | Place::Connection(_) | Place::Yard(..) => 1,
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
