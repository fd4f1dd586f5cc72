//! The events of the freight model, its recurring sources, and the ready list of the present instant.
//!
//! The order of events at one instant is that of their ranks (`plan::ranks`).

use crate::engine::entity::{SLOT_LIMIT, Slot};
use crate::model::ids::{DisruptionId, FlowId, ResourceId, ServiceId};

/// What a pending event means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum What {
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
    /// A disruption has begun or ended at this instant, whose changes have been made: who waits at a hub decides again; the slot is the
    /// disruption.
    ReplanWaiting,
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
            Self::ReplanWaiting,
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
pub(crate) struct Event {
    /// What it means in the low bits, and its slot above them.
    what_and_slot: u32,
    /// The entity's generation when the event was made: another one means that the event is stale.
    pub generation: u32,
}

/// Bits of an event for what it means.
const WHAT_BITS: u32 = 5;

const _: () = assert!(SLOT_LIMIT == 1 << (u32::BITS - WHAT_BITS), "slots and meanings share a word");

impl Event {
    /// An event of an entity, or of whatever else `what` says that the slot stands for.
    #[inline]
    pub(crate) fn new(what: What, slot: Slot, generation: u32) -> Self {
        debug_assert!((slot as usize) < SLOT_LIMIT, "the pool holds no more");
        Self { what_and_slot: slot << WHAT_BITS | what as u32, generation }
    }

    /// What it means.
    #[inline]
    pub(crate) fn what(self) -> What {
        What::ALL[(self.what_and_slot & ((1 << WHAT_BITS) - 1)) as usize]
    }

    /// Its slot.
    #[inline]
    pub(crate) fn slot(self) -> Slot {
        self.what_and_slot >> WHAT_BITS
    }
}

/// A recurring source whose next event is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
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

/// Requests of the present instant that wait for their turn, the first at the end.
///
/// A request may only run at once when nothing else is due at this instant; otherwise it takes its place here by rank.
#[derive(Debug, Default)]
pub(crate) struct Turns {
    entries: Vec<(u64, Slot)>,
    /// How many bulk additions are under way, one inside the other.
    bulk: u32,
}

impl Turns {
    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.bulk == 0
    }

    #[inline]
    pub(crate) fn first_rank(&self) -> Option<u64> {
        self.entries.last().map(|&(rank, _)| rank)
    }

    #[inline]
    pub(crate) fn pop(&mut self) -> Option<Slot> {
        self.entries.pop().map(|(_, slot)| slot)
    }

    /// Adds one. Within [`Turns::begin_bulk`] the order is made once, at its end.
    #[inline]
    pub(crate) fn push(&mut self, rank: u64, slot: Slot) {
        if self.bulk > 0 {
            self.entries.push((rank, slot));
        } else {
            let place = self.entries.partition_point(|&(other, _)| other > rank);
            self.entries.insert(place, (rank, slot));
        }
    }

    /// Many entities are about to ask at once: all of them take turns.
    pub(crate) fn begin_bulk(&mut self) {
        self.bulk += 1;
    }

    /// Puts what came in bulk in order.
    pub(crate) fn end_bulk(&mut self) {
        self.bulk -= 1;
        if self.bulk == 0 {
            self.entries.sort_unstable_by_key(|&(rank, _)| std::cmp::Reverse(rank));
        }
    }
}
