//! What has chosen a service and has not boarded yet, by watched stop and by shipment.
//!
//! Does not own when a shipment is booked, nor what another expects of it (`travel::booking`).

use crate::engine::entity::{Entity, Kind, Slot, quantity_of};
use crate::model::Model;
use crate::model::program::{LoadUnit, OpIndex};

/// A shipment's booking at a watched stop.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Booked {
    /// Where the ride stands among the operations.
    pub at: OpIndex,
    pub watch: u32,
    /// The departure, by its number; 0 without a timetable.
    pub departure: usize,
    /// What has not boarded yet, in the service's unit.
    pub quantity: i64,
}

/// What is booked at one watched stop, in the service's unit.
#[derive(Debug, Clone, Default)]
pub(crate) struct Load {
    /// By departure, as far as it is not past.
    pub by_departure: Vec<i64>,
    /// Departures before this one are past.
    pub n_past: usize,
    /// What is booked for those and has not boarded.
    pub overdue: i64,
    /// All of it.
    pub total: i64,
}

/// The wait that a shipment expects at a watched stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Wait {
    /// How long, in milliseconds; [`NEVER`] if no departure of the run has room.
    pub ms: i64,
    /// Whether the first departure that it makes has room behind what is booked. Always so where a vehicle leaves when full, for another
    /// one follows.
    pub has_room: bool,
}

impl Load {
    /// Adds to what is booked for a departure, or takes from it.
    pub(crate) fn add(&mut self, departure: usize, quantity: i64) {
        self.total += quantity;
        if departure < self.n_past {
            self.overdue += quantity;
            return;
        }
        if self.by_departure.len() <= departure {
            self.by_departure.resize(departure + 1, 0);
        }
        self.by_departure[departure] += quantity;
    }

    /// Departures before this one are past.
    pub(crate) fn pass(&mut self, next: usize) {
        let until = next.min(self.by_departure.len());
        if self.n_past < until {
            self.overdue += self.by_departure[self.n_past..until].iter().sum::<i64>();
        }
        self.n_past = self.n_past.max(next);
    }

    pub(crate) fn booked_for(&self, departure: usize) -> i64 {
        self.by_departure.get(departure).copied().unwrap_or(0)
    }
}

/// What is booked, in one replication.
#[derive(Debug)]
pub(crate) struct Bookings {
    /// By watched stop.
    pub loads: Vec<Load>,
    /// By slot of the shipment.
    pub of_shipments: Vec<Vec<Booked>>,
}

impl Bookings {
    pub(crate) fn new(model: &Model) -> Self {
        Self { loads: vec![Load::default(); model.watches.len()], of_shipments: Vec::new() }
    }

    /// A shipment, or a part of one, boards by the ride that stands there.
    pub(crate) fn board(
        &mut self,
        entity: &Entity,
        slot: Slot,
        at: OpIndex,
        unit_of: impl Fn(u32) -> LoadUnit,
    ) {
        let shipment = if entity.kind == Kind::Branch { entity.root } else { slot };
        let Some(booked) = self.of_shipments.get_mut(shipment as usize) else { return };
        if let Some(place) = booked.iter().position(|booked| booked.at == at) {
            let Booked { watch, departure, .. } = booked[place];
            let quantity = quantity_of(entity, unit_of(watch));
            self.loads[watch as usize].add(departure, -quantity);
            booked[place].quantity -= quantity;
            if booked[place].quantity == 0 {
                booked.swap_remove(place);
            }
        }
    }

    /// A shipment is lost, or leaves its itinerary.
    pub(crate) fn forget(&mut self, slot: Slot) {
        let Some(booked) = self.of_shipments.get_mut(slot as usize) else { return };
        for booked in booked.drain(..) {
            self.loads[booked.watch as usize].add(booked.departure, -booked.quantity);
        }
    }
}
