//! What is noted beside shipments until they are delivered: charges, and shares of emissions.
//!
//! Does not own when something is noted or booked (`travel::charge`).

use crate::engine::entity::{Entity, Kind, Slot};

/// Something noted beside a shipment until it is delivered.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Noted {
    /// A charge of this number.
    Charge(u32),
    /// On the leg of this number, so many micrograms of CO2e for each kilogram.
    Leg(u32, i64),
    /// On the leg of this number, so many micrograms for a part of the shipment.
    PartLeg(u32, i64),
}

/// Notes something beside a shipment, or beside the one whose branch this is, if it counts.
pub(crate) fn note(all: &mut Vec<Vec<Noted>>, slot: Slot, entity: &Entity, noted: Noted) {
    if !entity.measured {
        return;
    }
    let shipment = if entity.kind == Kind::Branch { entity.root } else { slot } as usize;
    if all.len() <= shipment {
        all.resize_with(shipment + 1, Vec::new);
    }
    all[shipment].push(noted);
}
