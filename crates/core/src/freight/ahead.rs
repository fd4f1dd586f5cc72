//! Running ahead of the clock: what concerns a shipment alone needs no event.
//!
//! Delays, hauls that nothing can befall and for which there is always a vehicle, waits for a gate or a regime, choices,
//! ends of stages and the delivery itself neither see nor are seen by anybody else. So a shipment passes through them at one
//! stroke, at instants of its own, and enters the calendar only for the next thing that it shares with others: whole ends of
//! itineraries take no event at all. Likewise
//!
//! - at a `desk` wait and work are known when somebody comes, and over for it at once;
//! - a yard from which vehicles leave by a timetable is joined from the instant of readiness on, known beforehand;
//! - who rides a leg that nothing can befall, and meets nobody after it but upstream, in such a yard, or no more, arrives at the
//!   departure;
//! - desks and batches that lie `upstream` are come to, whenever that is, and left to be computed there.
//!
//! Nothing can tell the difference, for figures do not depend on the order in which they are recorded. What would
//! end after the run is left to an event that never comes. An observer who wants things in the order of time
//! ([`Observer::IN_ORDER`]) has an event for every step; tests hold the two ways against each other.
//!
//! Does not own the operations as events (`advance`), nor those of vehicles, which are seen by their cargo.

use crate::freight::category::Category;
use crate::freight::charge::{Noted, note};
use crate::freight::entity::{Kind, Slot};
use crate::freight::event::Class;
use crate::freight::ids::RegimeId;
use crate::freight::observer::Observer;
use crate::freight::program::{DelayOp, Op};
use crate::freight::simulation::Simulation;
use crate::freight::waiting::regime_state_at;
use crate::kernel::random::Stream;

/// Where an entity stands that ran ahead.
pub(super) enum Ahead {
    /// Before an operation that others see, at this instant; the class is that of the event that would have brought it there.
    At(i64, Class),
    /// In a yard or at a station from its own instant on, delivered, or not to be seen again in this run.
    Gone,
}

impl<O: Observer> Simulation<'_, O> {
    /// Runs what concerns the entity alone, from now on. True if it then stands, now, before an operation that others see; else
    /// its next event, if there is one, is on the calendar.
    #[inline]
    pub(super) fn run_ahead(&mut self, slot: Slot) -> bool {
        match self.walk_ahead(slot, self.now) {
            Ahead::At(at, _) if at == self.now => true,
            Ahead::At(at, due_as) => {
                self.resume_at(at, due_as, slot);
                false
            }
            Ahead::Gone => false,
        }
    }

    /// Takes an entity that is free at an instant, now or later, through what concerns it alone.
    pub(super) fn walk_ahead(&mut self, slot: Slot, from: i64) -> Ahead {
        let model = self.model;
        let programs = &model.programs;
        let Self { pool, keys, accounts, out, regimes, connections, noted, .. } = self;
        let entity = &mut pool[slot];
        if O::IN_ORDER || matches!(entity.kind, Kind::Vehicle | Kind::VehicleBranch) {
            return Ahead::At(from, Class::Completion);
        }
        let mut at = from;
        let mut due_as = Class::Completion;
        loop {
            let (time, category) = match programs.ops[entity.pc as usize] {
                Op::EndStage(stage) => {
                    if entity.accounted_to != at {
                        // Said by the plain way.
                        return Ahead::At(at, due_as);
                    }
                    if entity.measured {
                        accounts.stage(stage, at - entity.stage_from);
                        entity.add_times_to(&mut out.stages[stage].categories);
                        out.checks.categories += 1;
                    }
                    entity.stage_from = at;
                    entity.clear_times();
                    (0, Category::Moving)
                }
                Op::Delay(index) | Op::Haul(index) => {
                    let op: &DelayOp = &programs.delays[index as usize];
                    if op.connection.is_some_and(|connection| connections[connection].is_shared) {
                        return Ahead::At(at, due_as);
                    }
                    let mut stream = Stream::new(keys[op.stream], entity.number, entity.laps());
                    let time = op.time.sample_whole(&mut stream);
                    (op.per.of(time, entity.teu, entity.mass, i64::from(entity.units)), op.category)
                }
                Op::Regime(index) => {
                    let op = &programs.regimes[index as usize];
                    let regime: RegimeId = op.regime;
                    let params = &model.regimes[regime];
                    let state = regime_state_at(params, &mut regimes[regime], keys[params.stream], at);
                    let mut stream = Stream::new(keys[op.stream], entity.number, entity.laps());
                    (op.times[usize::from(state)].sample_whole(&mut stream), Category::REGIME_WAIT)
                }
                Op::Gate(calendar) => {
                    (model.calendars[calendar].next_open(at).saturating_sub(at), Category::Hours)
                }
                Op::Choose(index) => {
                    let op = &programs.chooses[index as usize];
                    let occurrence = op.occurrence(entity.laps());
                    let word = Stream::new(keys[op.stream], entity.number, occurrence).word();
                    entity.pc = op.way(word);
                    continue;
                }
                Op::Jump(to) => {
                    entity.pc = to;
                    continue;
                }
                Op::Repeat(index) => {
                    let op = &programs.repeats[index as usize];
                    let word = Stream::new(keys[op.stream], entity.number, entity.laps()).word();
                    entity.repeat(op, word);
                    continue;
                }
                Op::Mark(mark) => {
                    entity.stamp(1 << mark, at);
                    (0, Category::Moving)
                }
                Op::Charge(charge) => {
                    if model.costs.are_kept {
                        note(noted, slot, entity, Noted::Charge(charge));
                    }
                    (0, Category::Moving)
                }
                Op::InspectionBegins | Op::InspectionEnds => {
                    entity.set_inspected(programs.ops[entity.pc as usize] == Op::InspectionBegins);
                    (0, Category::Moving)
                }
                op @ (Op::Ride(_) | Op::RideAny(_)) if !model.waits_to_fill(op) => {
                    self.join_yard(slot, op, at);
                    return Ahead::Gone;
                }
                op @ (Op::Work(_) | Op::Batch(_)) => {
                    let Some(knot) = self.upstream.plan.knot_of(op) else {
                        return Ahead::At(at, due_as);
                    };
                    let identity = self.ranks.of(entity);
                    self.upstream.come(knot, slot, identity, at, self.now);
                    return Ahead::Gone;
                }
                Op::Deliver => {
                    self.deliver(slot, at);
                    return Ahead::Gone;
                }
                _ => return Ahead::At(at, due_as),
            };
            if time > 0 {
                let until = at.saturating_add(time);
                if until > self.end {
                    return Ahead::Gone;
                }
                due_as = match programs.ops[entity.pc as usize] {
                    Op::Gate(_) => Class::Change,
                    _ => Class::Completion,
                };
                entity.fold(until);
                // The common case by itself: the time is all of a stage.
                if let Op::EndStage(stage) = programs.ops[entity.pc as usize + 1]
                    && entity.stage_from == at
                    && entity.accounted_to == at
                    && !entity.is_inspected()
                {
                    entity.accounted_to += time;
                    entity.stage_from = until;
                    entity.pc += 2;
                    if entity.measured {
                        accounts.stage(stage, time);
                        out.stages[stage].spend_only(category, time);
                        out.checks.categories += 1;
                    }
                    at = until;
                    continue;
                }
                entity.spend(category, time);
                at = until;
            }
            entity.pc += 1;
        }
    }
}
