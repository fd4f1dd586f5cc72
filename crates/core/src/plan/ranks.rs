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

use crate::model::Model;
use crate::model::ids::{ConnectionId, NodeId, ResourceId, ServiceId};
use crate::plan::places::{Place, places};

/// Order of events at one instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    Completion = 1,
    Change = 2,
    Request = 3,
    Departure = 4,
}

/// Packs ranks for one model.
#[derive(Debug, Clone)]
pub(crate) struct Ranks {
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
    pub(crate) fn new(model: &Model) -> Self {
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
    pub(crate) fn identity(owner: u64, number: u64) -> u64 {
        owner << (NUMBER_BITS + BRANCH_BITS) | (number & ((1 << NUMBER_BITS) - 1)) << BRANCH_BITS
    }

    /// How ranks tell the branches of an entity apart; the first is 1.
    #[inline]
    pub(crate) fn branch(number: u64) -> u8 {
        const LAST: u64 = (1 << BRANCH_BITS) - 1;
        number.min(LAST) as u8
    }

    /// The identity of a shipment.
    #[inline]
    pub(crate) fn shipment(flow: u32, number: u64) -> u64 {
        Self::identity(u64::from(flow), number)
    }

    /// The identity of a departure.
    #[inline]
    pub(crate) fn departure(&self, service: u32, number: u64) -> u64 {
        Self::identity(self.n_flows + u64::from(service), number)
    }

    /// At a node.
    #[inline]
    pub(crate) fn at_node(class: Class, node: NodeId, identity: u64) -> u64 {
        (class as u64) << CLASS_SHIFT | (node.index() as u64) << PLACE_SHIFT | identity
    }

    /// At a resource, as to its most urgent class.
    #[inline]
    pub(crate) fn at_resource(&self, class: Class, resource: ResourceId, identity: u64) -> u64 {
        ((class as u64) << CLASS_SHIFT) + self.resources[resource] + identity
    }

    /// A request at a resource, in one of its classes.
    #[inline]
    pub(crate) fn request_at(&self, resource: ResourceId, class: usize, identity: u64) -> u64 {
        self.at_resource(Class::Request, resource, Self::in_class(class, identity))
    }

    /// An identity that comes after those of more urgent classes.
    #[inline]
    pub(crate) fn in_class(class: usize, identity: u64) -> u64 {
        ((class as u64) << PLACE_SHIFT) + identity
    }

    /// A request in a group that waits for each other.
    #[inline]
    pub(crate) fn request_in(&self, group: u32, identity: u64) -> u64 {
        (Class::Request as u64) << CLASS_SHIFT | self.groups[group as usize] | identity
    }

    /// A request for a vehicle of a connection.
    #[inline]
    pub(crate) fn request_of(&self, connection: ConnectionId, identity: u64) -> u64 {
        (Class::Request as u64) << CLASS_SHIFT | self.connections[connection] | identity
    }

    /// Joining the yard of a service that leaves when it is full.
    #[inline]
    pub(crate) fn request_for(&self, service: ServiceId, stop: u16, identity: u64) -> u64 {
        let place = self.yards.get(&(service, stop)).copied().unwrap_or(0);
        (Class::Request as u64) << CLASS_SHIFT | place | identity
    }

    /// Whether a rank is of this class or a later one.
    #[inline]
    pub(crate) fn is_from(rank: u64, class: Class) -> bool {
        rank >= (class as u64) << CLASS_SHIFT
    }

    /// After all changes at a resource.
    #[inline]
    pub(crate) fn after_changes_at(&self, resource: ResourceId) -> u64 {
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
        Place::Resource(id) => u64::from(model.resources[id].order.n_queues().max(1)),
        Place::Batch(_) | Place::Connection(_) | Place::Yard(..) => 1,
    }
}

/// The node of ranks that belong to no place.
pub(crate) const NOWHERE: NodeId = NodeId::new(0);
