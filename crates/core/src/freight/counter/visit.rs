//! Visits of a counter: what is drawn and recorded, and how who came goes on, by himself or with others.

use crate::freight::ahead::Ahead;
use crate::freight::category::Category;
use crate::freight::counter::{Job, Rules, Service, Visit};
use crate::freight::entity::{NEVER, Slot};
use crate::freight::observer::Observer;
use crate::freight::program::Op;
use crate::freight::resource::week_shifts;
use crate::freight::room::gives_up_at;
use crate::freight::simulation::Simulation;
use crate::freight::together::Comer;
use crate::freight::told::start_of;

impl<O: Observer> Simulation<'_, O> {
    /// An entity asks for service at a counter, its present operation: it is through at once, at an instant of its own.
    pub(in crate::freight) fn pass_counter(&mut self, slot: Slot, work: u32) {
        let op = &self.model.programs.works[work as usize];
        let time = self.draw_time(slot, &op.time, op.stream, op.per);
        if let Some(left_at) = self.visit(slot, work, self.now, time)
            && let Ahead::At(at, due_as) = self.walk_ahead(slot, left_at)
        {
            self.resume_at(at, due_as, slot);
        }
    }

    /// Serves all who come to a counter in a stretch of time, in order; those who leave it go on together. Empties the column.
    pub(in crate::freight) fn pass_counter_together(&mut self, comers: &mut Vec<Comer>) {
        let mut times = std::mem::take(&mut self.space.times);
        self.draw_work(comers, &mut times);
        let mut n_left = 0;
        for (place, &time) in times.iter().enumerate() {
            let mut comer = comers[place];
            let Op::Work(work) = self.model.programs.ops[self.pool[comer.slot].pc as usize] else { continue };
            if let Some(left_at) = self.visit(comer.slot, work, comer.at, time) {
                if left_at > comer.at {
                    (comer.at, comer.cause) = (left_at, 0);
                }
                comers[n_left] = comer;
                n_left += 1;
            }
        }
        comers.truncate(n_left);
        times.clear();
        self.space.times = times;
        self.walk_all(comers);
    }

    /// Somebody comes to a counter at an instant, for work of so long, which is recorded with all that follows. Returns when he
    /// goes on; none if he is lost, or stays longer than the run.
    fn visit(&mut self, slot: Slot, work: u32, now: i64, time: i64) -> Option<i64> {
        let model = self.model;
        let op = &model.programs.works[work as usize];
        let id = op.resource;
        let rules = Rules::of(model, id, self.window);
        let shifts = || week_shifts(model, id);
        let counter = self.resources[id].counter.as_mut()?;
        let record = &mut self.out.resources[id];
        let (entity, keys) = (&self.pool[slot], &self.keys);
        let patience_ends_at = || {
            op.patience.map_or(NEVER, |patience| gives_up_at(&model.programs, keys, entity, patience, now))
        };
        counter.settle(now, record, shifts);
        let visit = counter.come(Job { at: now, time, units: op.units }, &rules, patience_ends_at);
        let is_counted = self.window.contains(now);
        record.arrivals += u64::from(is_counted);
        if let Visit::Lost = visit {
            record.lost += u64::from(is_counted);
            let present = std::mem::replace(&mut self.now, now);
            self.lose(slot);
            self.now = present;
            return None;
        }
        record.present.change_with(now, 1, shifts);
        // Who does not begin at once waits.
        if !matches!(visit, Visit::Served(service) if service.begin == now) {
            record.queue.change(now, 1);
        }
        match visit {
            Visit::Served(service) => self.record_service_at(slot, work, now, time, service),
            Visit::GivesUp { at, closed } if at <= self.end => {
                record.patience_lost += u64::from(is_counted);
                self.record_stay(id, now, at, false);
                let entity = &mut self.pool[slot];
                (entity.entered_at, entity.since) = (now, at);
                entity.spend(Category::Hours, closed);
                entity.spend(Category::Server, at - now - closed);
                entity.fold(at);
                entity.pc += 1;
                Some(at)
            }
            Visit::GivesUp { at, .. } => {
                self.record_stay(id, now, at, false);
                None
            }
            Visit::Lost => None,
        }
    }

    /// Records what is recorded of a counter for somebody who came at an instant and is served, and lets him go on. Returns when;
    /// none if he stays longer than the run.
    pub(super) fn record_service_at(
        &mut self,
        slot: Slot,
        work: u32,
        came_at: i64,
        time: i64,
        service: Service,
    ) -> Option<i64> {
        let op = &self.model.programs.works[work as usize];
        let id = op.resource;
        let wait = service.begin - came_at;
        let record = &mut self.out.resources[id];
        record.busy += service.worked * i64::from(op.units);
        let has_begun = self.record_begin(id, came_at, service.begin, time);
        self.out.checks.opening_hours += u64::from(has_begun && self.model.resources[id].calendar.is_some());
        let is_passage = self.is_passage(slot, work, came_at, service.end);
        self.record_stay(id, came_at, service.end, is_passage);
        let entity = &mut self.pool[slot];
        self.observer.service_started(&start_of(entity, id, came_at, service.begin, time));
        entity.entered_at = came_at;
        // What pauses counts as before the work, of which the whole is known.
        entity.since = service.begin + service.paused;
        if service.end > self.end {
            return None;
        }
        if op.whole_stage.is_none() {
            entity.spend(Category::Hours, service.closed + service.paused);
            entity.spend(Category::Server, wait - service.closed);
        }
        self.end_work(slot, work, service.end, is_passage);
        Some(service.end)
    }
}
