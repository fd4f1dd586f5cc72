//! Visits of a counter: what is drawn and recorded, and how who came goes on, by himself or with others.

use crate::freight::ahead::Ahead;
use crate::freight::category::Category;
use crate::freight::counter::{Job, Rules, Service, Visit};
use crate::freight::entity::{NEVER, Slot};
use crate::freight::ids::ResourceId;
use crate::freight::observer::Observer;
use crate::freight::program::Op;
use crate::freight::resource::{start_of, week_shifts};
use crate::freight::simulation::Simulation;
use crate::freight::together::Comer;
use crate::kernel::random::Stream;

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
        let do_the_same = self.draw_work(comers, &mut times);
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
        match comers.first() {
            Some(first) if do_the_same => self.walk_together(self.pool[first.slot].pc, comers),
            _ => self.walk_all(comers),
        }
        comers.clear();
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
        let gives_up_at = || {
            op.patience.map_or(NEVER, |patience| {
                let (law, stream) = &model.programs.patiences[patience as usize];
                let mut stream = Stream::new(keys[*stream], entity.number, entity.laps());
                now.saturating_add(law.sample_whole(&mut stream).max(0))
            })
        };
        counter.settle(now, record, shifts);
        let visit = counter.come(Job { at: now, time, units: op.units }, &rules, gives_up_at);
        let is_counted = self.window.contains(now);
        record.arrivals += u64::from(is_counted);
        let waits_until = match visit {
            Visit::Lost => {
                record.lost += u64::from(is_counted);
                let present = std::mem::replace(&mut self.now, now);
                self.lose(slot);
                self.now = present;
                return None;
            }
            Visit::GivesUp { at, .. } => at,
            Visit::Served(service) => service.begin,
        };
        record.present.change_with(now, 1, shifts);
        if waits_until > now || matches!(visit, Visit::GivesUp { .. }) {
            record.queue.change(now, 1);
        }
        let Visit::GivesUp { at, closed } = visit else {
            let Visit::Served(service) = visit else { return None };
            return self.record_service_at(slot, work, now, time, service);
        };
        record.patience_lost += u64::from(is_counted && at <= self.end);
        self.record_stay(id, now, at, false);
        if at > self.end {
            return None;
        }
        let entity = &mut self.pool[slot];
        (entity.entered_at, entity.since) = (now, at);
        entity.spend(Category::Hours, closed);
        entity.spend(Category::Server, at - now - closed);
        entity.fold(at);
        entity.pc += 1;
        Some(at)
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
        // What begins after the run has not begun.
        if self.window.contains(came_at) && service.begin <= self.end {
            record.work += i128::from(time);
            self.out.checks.opening_hours += u64::from(self.model.resources[id].calendar.is_some());
            if wait == 0 {
                record.without_wait += 1;
            } else {
                self.accounts.resource_wait(id, wait);
            }
        }
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

    /// Records how long somebody is at a counter, unless it is recorded as a passage.
    fn record_stay(&mut self, id: ResourceId, came_at: i64, left_at: i64, is_passage: bool) {
        self.resources[id].sojourns += self.window.clip(came_at, left_at);
        if self.window.contains(came_at) {
            if left_at <= self.end {
                if !is_passage {
                    self.accounts.resource_system(id, left_at - came_at);
                }
            } else {
                self.n_measured += 1;
            }
        }
    }
}
