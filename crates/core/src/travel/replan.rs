//! Re-planning under way: a shipment at a hub takes another itinerary from there on.
//!
//! The decision stands before a ride ([`ReplanOp`]). A shipment makes it when it comes there, and again while it waits for that ride and
//! a disruption begins or ends that concerns one of its ways on. A shipment aboard decides at the next hub. The other itinerary has the
//! same steps up to the hub, and no decisions of its own: a shipment re-plans once at most. A part of a split shipment, and a shipment
//! that waits for several services at once, do not leave a yard. Ways are compared by their expected times alone; what waits in yards is
//! not looked at. Does not own the choice at release (`demand`), nor which other itineraries there are (the scenario crate).

use crate::engine::Simulation;
use crate::engine::batch::Arrival;
use crate::engine::entity::{NEVER, Part, Slot};
use crate::engine::event::{Event, What};
use crate::engine::noted::Noted;
use crate::model::ids::{DisruptionId, FlowId, ItineraryId};
use crate::model::program::{Op, OpIndex, ReplanOp, ReplanRule, Switch, WayOn};
use crate::model::{DepartureRule, Model};
use crate::plan::{Class, NOWHERE, Ranks};
use crate::record::observer::{Observer, Replanned};

impl<O: Observer> Simulation<'_, O> {
    /// Decides for a shipment that has come to a hub. Returns true if it takes another itinerary, before whose operation it now stands.
    pub(crate) fn replan(&mut self, slot: Slot, index: u32) -> bool {
        let op = &self.env.model.programs.replans[index as usize];
        let switch = self.better_way(slot, op);
        if let Some(switch) = switch {
            self.end_present_stage(slot);
            self.switch_to(slot, switch, None);
        }
        switch.is_some()
    }

    /// Lets shipments that wait at hubs decide again, once all changes of this instant are made, if a disruption that begins or ends now
    /// concerns one of their ways on.
    pub(crate) fn replan_waiting_in_turn(&mut self, id: DisruptionId) {
        if concerned(self.env.model, id).next().is_some() {
            let rank = Ranks::at_node(Class::Request, NOWHERE, id.index() as u64);
            let event = Event::new(What::ReplanWaiting, id.index() as u32, 0);
            self.clock.calendar.push(self.clock.now, rank, event);
        }
    }

    /// Shipments that wait for a ride decide again, in the order of their ranks: those whose own way on is closed.
    pub(crate) fn replan_waiting(&mut self, id: DisruptionId) {
        let model = self.env.model;
        let mut waiting = Vec::new();
        for op in concerned(model, id).filter(|op| self.is_any_closed(&op.own.closers)) {
            let Op::Ride(ride) = model.programs.ops[op.before as usize] else { continue };
            let ride = &model.programs.rides[ride as usize];
            let yard = &self.world.services[ride.service].yards[usize::from(ride.from)];
            for (_, slot) in yard.all() {
                let entity = &self.world.pool[slot];
                if entity.pc == op.before && entity.part == Part::Whole {
                    waiting.push((self.env.ranks.of(entity), slot, op));
                }
            }
        }
        waiting.sort_unstable_by_key(|&(identity, ..)| identity);
        self.clock.turns.begin_bulk();
        for (_, slot, op) in waiting {
            if let Some(switch) = self.better_way(slot, op) {
                let ready_at = self.world.pool[slot].entered_at;
                self.leave_yard(slot);
                self.end_present_stage(slot);
                self.switch_to(slot, switch, Some(ready_at));
                self.advance(slot, false);
            }
        }
        self.clock.turns.end_bulk();
    }

    /// Returns the way on that a shipment takes instead of its own, if it takes another.
    fn better_way<'m>(&self, slot: Slot, op: &'m ReplanOp) -> Option<&'m Switch> {
        let is_open = |way: &WayOn| !self.is_any_closed(&way.closers);
        let is_own_open = is_open(&op.own);
        let seeks = match op.rule {
            ReplanRule::WhenClosed => !is_own_open,
            ReplanRule::AtHubs => true,
            ReplanRule::WhenLate(by) => {
                let so_far = self.clock.now - self.world.pool[slot].released_at;
                let expected = so_far.saturating_add(op.own.time.as_ms());
                expected > op.whole.as_ms().saturating_add(by.as_ms())
            }
        };
        let open = op.switches.iter().filter(|switch| seeks && is_open(&switch.way));
        // Of ways that are as quick, the first in the order of itineraries; the shipment's own before any other.
        let best = open.min_by_key(|switch| switch.way.time)?;
        (!is_own_open || best.way.time < op.own.time).then_some(best)
    }

    /// Takes a shipment out of the yard where it waits. Its wait counts at the service as that of one which waits until the end of the
    /// run does.
    fn leave_yard(&mut self, slot: Slot) {
        let model = self.env.model;
        let entity = &self.world.pool[slot];
        let Op::Ride(ride) = model.programs.ops[entity.pc as usize] else { return };
        let (ride, ready_at) = (&model.programs.rides[ride as usize], entity.entered_at);
        let params = &model.services[ride.service];
        let state = &mut self.world.services[ride.service];
        let Some(waiting) = state.yards[usize::from(ride.from)].take(slot, ready_at) else { return };
        let could_make = |&&(_, scheduled_at): &&(u64, i64)| {
            ride.from == 0 && scheduled_at - params.cutoff.as_ms() >= ready_at
        };
        let held_at = state.held.iter().find(could_make).map_or(NEVER, |&(_, scheduled_at)| scheduled_at);
        let leaves_when_full = matches!(params.departs, DepartureRule::WhenFull { .. });
        let wanted_at = state.rotation.as_ref().map_or(NEVER, |rotation| rotation.wanted_at);
        self.world.pool[slot].spend_in_yard(
            self.clock.now,
            waiting.cancelled_at.min(held_at),
            waiting.rolled_at,
            leaves_when_full.then_some(wanted_at),
        );
        self.books.out.services[ride.service].waiting_time += self.env.window.clip(ready_at, self.clock.now);
        self.books.n_measured -= u64::from(self.is_measured(ready_at));
    }

    /// Ends the stage that is under way here, where a shipment leaves its itinerary.
    pub(crate) fn end_present_stage(&mut self, slot: Slot) {
        let entity = &self.world.pool[slot];
        if entity.stage_from == self.clock.now {
            return;
        }
        let stage = self.env.model.programs.from(entity.pc).find_map(|op| match op {
            Op::EndStage(stage) => Some(stage),
            _ => None,
        });
        if let Some(stage) = stage {
            let identity = self.env.ranks.of(entity);
            self.end_stage(stage, &[Arrival { at: self.clock.now, identity, slot, trigger: 0 }]);
        }
    }

    /// Lets a shipment go on in another itinerary from a hub on. It may have been ready for a ride that it gives up.
    fn switch_to(&mut self, slot: Slot, switch: &Switch, ready_at: Option<i64>) {
        let entity = &self.world.pool[slot];
        let (flow, number) = (FlowId::new(entity.owner as usize), entity.number);
        let from = ItineraryId::new(entity.itinerary as usize);
        if entity.measured {
            self.books.out.flows[flow].replanned += 1;
        }
        // What it has paid and emitted so far belongs to the same steps of the other itinerary.
        for noted in self.books.noted.get_mut(slot as usize).into_iter().flatten() {
            match noted {
                Noted::Charge(charge) => *charge += switch.charges,
                Noted::Leg(leg, _) | Noted::PartLeg(leg, _) => *leg += switch.legs,
            }
        }
        self.take_itinerary(slot, switch.itinerary, (switch.at, switch.after.as_ms()));
        if O::IN_ORDER {
            self.observer.replanned(&Replanned {
                flow,
                number,
                at: self.clock.now,
                from,
                to: switch.itinerary,
                ready_at,
            });
        }
    }

    /// Puts a shipment before an operation of another itinerary, which is expected so long after the release.
    pub(crate) fn take_itinerary(&mut self, slot: Slot, to: ItineraryId, (at, after): (OpIndex, i64)) {
        self.world.bookings.forget(slot);
        self.book_from(slot, to, (at, after));
        let entity = &mut self.world.pool[slot];
        let from = ItineraryId::new(entity.itinerary as usize);
        (entity.itinerary, entity.pc) = (to.index() as u32, at);
        entity.fold(self.clock.now);
        if entity.measured {
            self.books.out.itineraries[from].chosen -= 1;
            self.books.out.itineraries[to].chosen += 1;
        }
    }
}

/// Returns the decisions of which a disruption concerns one of the ways on.
fn concerned(model: &Model, id: DisruptionId) -> impl Iterator<Item = &ReplanOp> {
    let acts = &model.disruptions[id].acts;
    let is_concerned =
        |way: &WayOn| way.closers.iter().any(|closer| acts.iter().any(|act| act.target == *closer));
    let all = model.programs.replans.iter();
    all.filter(move |op| is_concerned(&op.own) || op.switches.iter().any(|switch| is_concerned(&switch.way)))
}
