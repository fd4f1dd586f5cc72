//! Running ahead of the clock: what concerns a shipment alone needs no event.
//!
//! Delays, hauls that nothing can befall and for which there is always a vehicle, waits for a gate or a regime, choices,
//! ends of stages and the delivery itself neither see nor are seen by anybody else. So a shipment passes through them at one stroke, at instants of its own, and
//! enters the calendar only for the next thing that it shares with others: whole ends of itineraries take no event at
//! all. Nothing can tell the difference, for figures do not depend on the order in which they are recorded. What would
//! end after the run is left to an event that never comes. An observer who wants things in the order of time
//! ([`Observer::IN_ORDER`]) has an event for every delay; tests hold the two ways against each other.
//!
//! Does not own the operations as events (`advance`), nor those of vehicles, which are seen by their cargo.

use crate::freight::category::Category;
use crate::freight::charge::{Noted, note};
use crate::freight::event::Class;
use crate::freight::ids::RegimeId;
use crate::freight::observer::Observer;
use crate::freight::program::{DelayOp, Op};
use crate::freight::simulation::Simulation;
use crate::freight::sites;
use crate::freight::state::{Kind, Slot};
use crate::freight::waiting::regime_state_at;
use crate::kernel::random::Stream;

/// Where an entity stands that ran ahead.
pub(super) enum Ahead {
    /// Before an operation that others see, now.
    Now,
    /// Not before a later instant, for which it is on the calendar; or it has been delivered.
    Gone,
}

impl<O: Observer> Simulation<'_, O> {
    /// Runs what concerns the entity alone.
    pub(super) fn run_ahead(&mut self, slot: Slot) -> Ahead {
        let model = self.model;
        let programs = &model.programs;
        let Self { pool, draws, keys, accounts, out, regimes, connections, noted, .. } = self;
        let entity = &mut pool[slot];
        if O::IN_ORDER || matches!(entity.kind, Kind::Vehicle | Kind::VehicleBranch) {
            return Ahead::Now;
        }
        let draws_in_blocks = entity.laps == 0 && entity.kind == Kind::Shipment;
        let mut at = self.now;
        // The class of the event that would have brought it to `at`.
        let mut due_as = Class::Completion;
        loop {
            let (time, category) = match programs.ops[entity.pc as usize] {
                Op::EndStage(stage) => {
                    if entity.accounted != at - entity.released_at {
                        // Said by the plain way, at the present instant.
                        return Ahead::Now;
                    }
                    if entity.measured {
                        accounts.stage(stage, at - entity.stage_from);
                        out.stages[stage].spend(entity.spent());
                        out.checks.categories += 1;
                    }
                    entity.stage_from = at;
                    entity.clear_times();
                    (0, Category::Moving)
                }
                Op::Delay(index) | Op::Haul(index) => {
                    let op: &DelayOp = &programs.delays[index as usize];
                    if op.connection.is_some_and(|connection| connections[connection].is_shared) {
                        break;
                    }
                    let key = keys[op.stream];
                    let time = if draws_in_blocks {
                        draws.draw(sites::of_delay(model, index), key, &op.time, entity.number)
                    } else {
                        op.time.sample_whole(&mut Stream::new(key, entity.number, entity.laps))
                    };
                    (op.per.of(time, entity.teu, entity.mass, i64::from(entity.units)), op.category)
                }
                Op::Regime(index) => {
                    let op = &programs.regimes[index as usize];
                    let regime: RegimeId = op.regime;
                    let params = &model.regimes[regime];
                    let state = regime_state_at(params, &mut regimes[regime], keys[params.stream], at);
                    let mut stream = Stream::new(keys[op.stream], entity.number, entity.laps);
                    (op.times[usize::from(state)].sample_whole(&mut stream), Category::REGIME_WAIT)
                }
                Op::Gate(calendar) => {
                    (model.calendars[calendar].next_open(at).saturating_sub(at), Category::Hours)
                }
                Op::Choose(index) => {
                    let op = &programs.chooses[index as usize];
                    let occurrence = op.occurrence(entity.laps);
                    let word = Stream::new(keys[op.stream], entity.number, occurrence).word();
                    entity.pc = op.way(word);
                    continue;
                }
                Op::Jump(to) => {
                    entity.pc = to;
                    continue;
                }
                Op::Mark(mark) => {
                    entity.marks[usize::from(mark)] = at;
                    (0, Category::Moving)
                }
                Op::Charge(charge) => {
                    if model.costs.are_kept {
                        note(noted, slot, entity, Noted::Charge(charge));
                    }
                    (0, Category::Moving)
                }
                Op::InspectionBegins | Op::InspectionEnds => {
                    entity.inspected = programs.ops[entity.pc as usize] == Op::InspectionBegins;
                    (0, Category::Moving)
                }
                Op::Deliver => {
                    self.deliver(slot, at);
                    return Ahead::Gone;
                }
                _ => break,
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
                    && entity.accounted == at - entity.released_at
                    && !entity.inspected
                {
                    entity.accounted += time;
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
        if at > self.now {
            self.resume_at(at, due_as, slot);
            return Ahead::Gone;
        }
        Ahead::Now
    }
}
