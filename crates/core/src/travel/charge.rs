//! Costs and emissions on the way: what chance makes a shipment pay, and its share of what its vehicle emits.
//!
//! Both are noted beside the shipment and booked when it is delivered, so that all sums speak of the same shipments. Nothing here
//! draws a number, takes time or touches a milestone: a model with prices runs as the one without. Does not own what things cost
//! (`cost`).

use crate::engine::Simulation;
use crate::engine::entity::{Kind, Slot};
use crate::engine::noted::{Noted, note};
use crate::model::ids::{ItineraryId, ServiceId};
use crate::record::observer::Observer;

impl<O: Observer> Simulation<'_, O> {
    fn note(&mut self, slot: Slot, noted: Noted) {
        // Where no flow reports its costs nothing is booked, so nothing may be noted.
        if self.env.model.costs.are_kept {
            note(&mut self.books.noted, slot, &self.world.pool[slot], noted);
        }
    }

    /// A vehicle begins a leg: its emission is divided by the kilograms aboard, in micrograms, halves upwards.
    ///
    /// A vehicle without mass aboard emits for nobody: an empty run is in no shipment's account.
    pub(crate) fn emit_on_leg(&mut self, vehicle: Slot, leg: u16) {
        let entity = &self.world.pool[vehicle];
        let (service, index) = (ServiceId::new(entity.owner as usize), entity.link as usize);
        let Some(&emission) = self.env.model.services[service].leg_emissions.get(usize::from(leg)) else {
            return;
        };
        let mass = i128::from(self.sum_over(vehicle, |entity| entity.mass));
        let state = &self.world.vehicles[index];
        let mut emission = i128::from(emission) * 1000;
        if state.background > 0 {
            // The background bears its share, as heavy for each unit of capacity as the cargo beside it.
            let (own, all) = (i128::from(state.quantity - state.background), i128::from(state.quantity));
            emission = (emission * own + all / 2) / all;
        }
        let per_kg = if mass > 0 { (emission + mass / 2) / mass } else { 0 };
        let emitted = &mut self.world.vehicles[index].emitted;
        emitted.resize(usize::from(leg) + 1, 0);
        emitted[usize::from(leg)] = per_kg as i64;
    }

    /// A shipment leaves a vehicle and takes what its legs emitted for each kilogram of it.
    pub(crate) fn take_emissions(&mut self, shipment: Slot, vehicle: usize, ride: u32) {
        let ride = self.env.model.programs.rides[ride as usize];
        let Some(legs_from) = ride.legs_from else { return };
        for leg in ride.from..ride.to {
            let per_kg = self.world.vehicles[vehicle].emitted[usize::from(leg)];
            let leg = legs_from + u32::from(leg - ride.from);
            let entity = &self.world.pool[shipment];
            let noted = match entity.kind {
                Kind::Branch => Noted::PartLeg(leg, per_kg * entity.mass),
                Kind::Shipment | Kind::Vehicle | Kind::VehicleBranch => Noted::Leg(leg, per_kg),
            };
            self.note(shipment, noted);
        }
    }

    /// Books a shipment that is delivered at `now`, its own instant.
    pub(crate) fn settle(&mut self, slot: Slot, now: i64) {
        let entity = &self.world.pool[slot];
        let (teu, mass) = (entity.teu, entity.mass);
        if entity.measured {
            let itinerary = ItineraryId::new(entity.itinerary as usize);
            let time = now - entity.released_at;
            self.books.out.costs.itineraries[itinerary].add(teu, mass, time);
        }
        let Some(noted) = self.books.noted.get_mut(slot as usize) else { return };
        for noted in noted.drain(..) {
            match noted {
                Noted::Charge(charge) => self.books.out.costs.charges[charge as usize].add(teu, mass),
                Noted::Leg(leg, per_kg) => {
                    self.books.out.costs.legs[leg as usize] += i128::from(per_kg) * i128::from(mass);
                }
                Noted::PartLeg(leg, emitted) => {
                    self.books.out.costs.legs[leg as usize] += i128::from(emitted);
                }
            }
        }
    }

    /// Forgets what a lost shipment would have paid.
    pub(crate) fn forget_costs(&mut self, slot: Slot) {
        if let Some(noted) = self.books.noted.get_mut(slot as usize) {
            noted.clear();
        }
    }
}
