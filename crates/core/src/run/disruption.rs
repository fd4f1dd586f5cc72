//! Disruptions: when they begin and end, and what they do meanwhile.
//!
//! A closure lets nothing begin or depart; what is under way goes on. Waiting for a closed resource, leg or connection is
//! held by disruption. Capacity, times and cancellations are looked up by whoever begins something. Overlapping
//! disruptions add up: closures are counted, factors multiplied, additions summed, in the order of the disruptions; likewise
//! the effects of one. What a closure held goes on after all other effects of the same disruption have changed.
//! Storms, which strike single vehicles, are drawn with the leg they strike (`vehicle.rs`). Does not own regimes
//! (`waiting.rs`).

use crate::engine::Simulation;
use crate::engine::entity::{Kind, NEVER, Slot};
use crate::engine::event::{Event, Source, What};
use crate::engine::state::Modifiers;
use crate::kernel::law::Law;
use crate::kernel::random::Stream;
use crate::model::category::Category;
use crate::model::ids::{ConnectionId, DisruptionId, ServiceId};
use crate::model::{Act, ActEffect, ActTarget, OccurrenceRule, share_of, stretch_by};
use crate::plan::{Class, NOWHERE, Ranks};
use crate::record::observer::{DisruptionChange, Observer};

impl<O: Observer> Simulation<'_, O> {
    /// Puts the next beginning or end of a disruption on the agenda.
    pub(crate) fn schedule_disruption(&mut self, id: DisruptionId) {
        let at = if self.world.disruptions[id].active {
            self.world.disruptions[id].until
        } else {
            let (from, until) = self.next_interval(id);
            self.world.disruptions[id].until = until;
            from
        };
        self.world.disruptions[id].next_at = at;
        self.watch_choices();
        if at < NEVER {
            let rank = Ranks::at_node(Class::Change, NOWHERE, id.index() as u64);
            self.clock.agenda.push(at, rank, Source::Disruption(id));
        }
    }

    /// The next interval in which a disruption lasts; [`NEVER`] if there is none.
    fn next_interval(&mut self, id: DisruptionId) -> (i64, i64) {
        let (now, end) = (self.clock.now, self.env.end);
        match &self.env.model.disruptions[id].when {
            OccurrenceRule::Dated(intervals) => {
                let next = self.world.disruptions[id].n_used as usize;
                self.world.disruptions[id].n_used += 1;
                intervals.get(next).map_or((NEVER, NEVER), |&(from, to)| (from.as_ms(), to.as_ms()))
            }
            OccurrenceRule::Alternating { up, down, stream } => {
                let key = self.env.keys[*stream];
                let state = &mut self.world.disruptions[id];
                let mut draw = |law: &Law| {
                    state.n_used += 1;
                    law.sample_whole(&mut Stream::new(key, state.n_used, 0)).max(0)
                };
                let from = now.saturating_add(draw(up));
                (from, from.saturating_add(draw(down)))
            }
            OccurrenceRule::Strikes { gap, profile, length, stream } => {
                let key = self.env.keys[*stream];
                let state = &mut self.world.disruptions[id];
                let mut next_strike = |after: i64| {
                    let number = state.n_used;
                    state.n_used += 1;
                    let gap = gap.sample_whole(&mut Stream::new(key, number, 0)).max(1);
                    let from = match profile {
                        None => after.saturating_add(gap),
                        // One millisecond later at least, as without a profile, however high the rate.
                        Some(profile) => stretch_by(&profile.rates, &mut state.profile, after, gap)
                            .max(after.saturating_add(1)),
                    };
                    (from, from.saturating_add(length.sample_whole(&mut Stream::new(key, number, 1)).max(0)))
                };
                let (from, mut until) = state.strike.take().unwrap_or_else(|| next_strike(now));
                let mut last = from;
                // Strikes that overlap are one, which may last for ever: what comes after the run is not asked for.
                while until <= end {
                    let (begins, ends) = next_strike(last);
                    if begins > until {
                        state.strike = Some((begins, ends));
                        break;
                    }
                    last = begins;
                    until = until.max(ends);
                }
                (from, until)
            }
        }
    }

    /// A disruption begins or ends.
    pub(crate) fn change_disruption(&mut self, id: DisruptionId) {
        let begins = !self.world.disruptions[id].active;
        self.world.disruptions[id].active = begins;
        if O::IN_ORDER {
            self.observer.disruption_changed(&DisruptionChange {
                disruption: id,
                begins,
                at: self.clock.now,
            });
        }
        let model = self.env.model;
        if model.disruptions[id].changes_choices() {
            self.catch_up_everywhere(self.clock.now);
        }
        // First all effects change, then what they let go on does: nothing may begin under a part of them. What an opening lets go on
        // comes last.
        let acts = || model.disruptions[id].acts.iter().enumerate();
        let closes = |act: &Act| matches!(act.effect, ActEffect::Close);
        for (place, act) in acts() {
            self.switch(act, (id, place), begins);
        }
        for (_, act) in acts().filter(|(_, act)| !closes(act)).chain(acts().filter(|(_, act)| closes(act))) {
            match act.target {
                ActTarget::Resource(resource) => self.serve_in_turn(resource),
                ActTarget::Leg(service, leg) if closes(act) => self.open_leg(service, leg),
                ActTarget::Connection(connection) if closes(act) => self.open_connection(connection),
                ActTarget::Itinerary(_)
                | ActTarget::Departures(_)
                | ActTarget::Leg(..)
                | ActTarget::Connection(_) => {}
            }
        }
        if model.disruptions[id].changes_choices() {
            self.replan_waiting_in_turn(id);
        }
        self.schedule_disruption(id);
    }

    /// Switches an effect on or off. Lets nothing go on.
    fn switch(&mut self, act: &Act, modifier: (DisruptionId, usize), begins: bool) {
        if act.effect.changes_choices() {
            count(&mut self.world.closures.n, begins);
        }
        let closes = matches!(act.effect, ActEffect::Close);
        match act.target {
            ActTarget::Itinerary(_) => toggle(&mut self.world.closures.diversions, modifier, begins),
            ActTarget::Resource(resource) => {
                let state = &mut self.world.resources[resource];
                if closes {
                    count(&mut state.n_closures, begins);
                } else {
                    toggle(&mut state.modifiers, modifier, begins);
                }
                self.staff(resource);
            }
            ActTarget::Departures(service) => {
                let state = &mut self.world.services[service];
                if matches!(act.effect, ActEffect::Cancel) {
                    count(&mut state.n_cancelling, begins);
                } else {
                    toggle(&mut state.load_modifiers, modifier, begins);
                }
            }
            ActTarget::Leg(service, leg) => {
                let state = &mut self.world.services[service].legs[usize::from(leg)];
                if closes {
                    count(&mut state.n_closures, begins);
                } else {
                    toggle(&mut state.modifiers, modifier, begins);
                }
            }
            ActTarget::Connection(connection) => {
                let state = &mut self.world.connections[connection];
                if closes {
                    count(&mut state.n_closures, begins);
                } else {
                    toggle(&mut state.modifiers, modifier, begins);
                }
            }
        }
    }

    /// A quantity under the active changes of capacity, rounded down.
    pub(crate) fn scaled(&self, modifiers: &Modifiers, quantity: i64) -> i64 {
        let mut factor = 1.0;
        for &(disruption, act) in modifiers {
            if let ActEffect::Capacity(by) = self.env.model.disruptions[disruption].acts[act].effect {
                factor *= by;
            }
        }
        if modifiers.is_empty() { quantity } else { share_of(quantity, factor) }
    }

    /// A time that begins now under the active changes: factors first, then additions.
    pub(crate) fn changed_time(&self, modifiers: &Modifiers, slot: Slot, time: i64) -> i64 {
        let (mut factor, mut added) = (1.0, 0);
        for &(disruption, act) in modifiers {
            match &self.env.model.disruptions[disruption].acts[act].effect {
                ActEffect::TimeScale(by) => factor *= by,
                ActEffect::TimeAdd(law, stream) => {
                    let entity = &self.world.pool[slot];
                    // One disruption befalls many owners: their numbers are told apart by their names.
                    let owner = self.owner_hash(slot);
                    let who = owner.wrapping_add(entity.number);
                    added +=
                        law.sample_whole(&mut Stream::new(self.env.keys[*stream], who, entity.laps())).max(0);
                }
                ActEffect::Close | ActEffect::Capacity(_) | ActEffect::Cancel | ActEffect::Divert(_) => {}
            }
        }
        crate::kernel::law::to_whole(time as f64 * factor) + added
    }

    fn owner_hash(&self, slot: Slot) -> u64 {
        let entity = &self.world.pool[slot];
        let name = match entity.kind {
            Kind::Vehicle | Kind::VehicleBranch => {
                &self.env.model.services[ServiceId::new(entity.owner as usize)].name
            }
            Kind::Shipment | Kind::Branch => {
                &self.env.model.flows[crate::model::ids::FlowId::new(entity.owner as usize)].name
            }
        };
        crate::kernel::random::name_hash(name)
    }

    /// A leg is open again: vehicles that wait for it run, and departures held at the first stop may leave.
    fn open_leg(&mut self, service: ServiceId, leg: u16) {
        if self.world.services[service].legs[usize::from(leg)].n_closures > 0 {
            return;
        }
        let blocked = std::mem::take(&mut self.world.services[service].legs[usize::from(leg)].blocked);
        for slot in blocked {
            self.unblock(slot);
        }
        if leg == 0 {
            let number = self.world.services[service].next_number;
            let rank = Ranks::at_node(
                Class::Departure,
                self.env.model.services[service].stops[0],
                self.env.ranks.departure(service.index() as u32, number),
            );
            let event = Event::new(What::ReleaseHeld, service.index() as u32, 0);
            self.clock.calendar.push(self.clock.now, rank, event);
        }
    }

    /// Lets a connection that is open again be used.
    fn open_connection(&mut self, connection: ConnectionId) {
        let is_open = self.world.connections[connection].n_closures == 0;
        self.switch_trucks(connection, is_open);
        if !is_open {
            return;
        }
        let blocked = std::mem::take(&mut self.world.connections[connection].blocked);
        for slot in blocked {
            self.unblock(slot);
        }
    }

    /// What waited for a leg or connection goes on; the wait was held by disruption.
    fn unblock(&mut self, slot: Slot) {
        let entity = &mut self.world.pool[slot];
        let wait = self.clock.now - entity.since;
        entity.spend(Category::Disruption, wait);
        entity.since = self.clock.now;
        self.advance(slot, false);
    }

    /// Departures that a closure held leave now, in the order of their schedule.
    pub(crate) fn release_held(&mut self, service: ServiceId) {
        if self.world.services[service].legs[0].n_closures > 0 {
            return;
        }
        for (number, scheduled_at) in std::mem::take(&mut self.world.services[service].held) {
            self.books.n_measured -= u64::from(self.is_measured(scheduled_at));
            let held_at = if scheduled_at < self.clock.now { scheduled_at } else { NEVER };
            self.launch_or_wait(service, number, scheduled_at, held_at);
        }
        self.dispatch(service);
        self.look_at_yard(service);
    }
}

/// Counts something that begins or ends.
fn count(number: &mut u32, begins: bool) {
    *number = if begins { *number + 1 } else { *number - 1 };
}

/// Adds or removes a modifier, keeping the order of disruptions.
fn toggle(modifiers: &mut Modifiers, modifier: (DisruptionId, usize), begins: bool) {
    match (modifiers.binary_search(&modifier), begins) {
        (Err(place), true) => modifiers.insert(place, modifier),
        (Ok(place), false) => {
            modifiers.remove(place);
        }
        _ => {}
    }
}
