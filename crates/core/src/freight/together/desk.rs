//! Desks: who comes in a stretch of time is served in columns, the work first, then beginnings and ends, then the numbers
//! waiting and present, then every tally.
//!
//! Does not own what happens to one who comes by himself (`freight::desk`), which comes to the same.

use crate::freight::ids::ResourceId;
use crate::freight::observer::Observer;
use crate::freight::program::{Op, OpIndex};
use crate::freight::resource::{start_of, week_shifts};
use crate::freight::simulation::Simulation;
use crate::freight::together::Comer;
use crate::kernel::changes::{Change, merge};

/// Work space: instants, and lengths, of those who are served. Its lists are empty between uses.
#[derive(Debug, Default)]
pub(super) struct Space {
    served: Served,
    /// Of these, who go on the same way.
    alike: Served,
    /// When those came who wait.
    rises: Vec<i64>,
    changes: Vec<Change>,
    values: Vec<i64>,
}

/// Columns of those who are served, in the order in which they came.
#[derive(Debug, Default)]
struct Served {
    work: Vec<i64>,
    begins: Vec<i64>,
    ends: Vec<i64>,
}

impl Served {
    fn clear(&mut self) {
        self.work.clear();
        self.begins.clear();
        self.ends.clear();
    }
}

impl<O: Observer> Simulation<'_, O> {
    /// Serves all who come to a desk in a stretch of time, in order: each is through at once, at an instant of its own, and goes
    /// on. Empties the column.
    pub(in crate::freight) fn pass_desk_together(&mut self, resource: ResourceId, comers: &mut Vec<Comer>) {
        let mut space = std::mem::take(&mut self.space.desk);
        let served = &mut space.served;
        self.draw_work(comers, &mut served.work);
        let Some(desk) = &mut self.resources[resource].desk else { return };
        desk.take_all(
            comers.iter().map(|comer| comer.at).zip(served.work.iter().copied()),
            &mut served.begins,
        );
        let ends = served.begins.iter().zip(&served.work).map(|(begin, work)| begin.saturating_add(*work));
        served.ends.extend(ends);
        self.follow_numbers(resource, comers, &mut space);
        self.record_services(resource, comers, &mut space);
        while let Some(first) = comers.first() {
            let pc = self.pool[first.slot].pc;
            if comers.iter().all(|comer| self.pool[comer.slot].pc == pc) {
                self.leave_together(pc, comers, &space.served);
                break;
            }
            let mut alike = self.space.column();
            self.take_alike(pc, comers, &mut alike, &mut space);
            self.leave_together(pc, &mut alike, &space.alike);
            self.space.give_back(alike);
            space.alike.clear();
        }
        space.served.clear();
        self.space.desk = space;
    }

    /// Draws how long the present work of each takes.
    fn draw_work(&self, comers: &[Comer], work: &mut Vec<i64>) {
        let works = &self.model.programs.works;
        let op_of = |comer: &Comer| match self.model.programs.ops[self.pool[comer.slot].pc as usize] {
            Op::Work(work) => work as usize,
            _ => usize::MAX,
        };
        let Some(first) = comers.first().map(op_of) else { return };
        let op = &works[first];
        if comers.iter().all(|comer| op_of(comer) == first) {
            self.draw_times(comers, &op.time, op.stream, op.per, work);
        } else {
            work.extend(comers.iter().map(|comer| {
                let op = &works[op_of(comer)];
                self.draw_time(comer.slot, &op.time, op.stream, op.per)
            }));
        }
    }

    /// Brings the numbers waiting and present up to the last who comes.
    fn follow_numbers(&mut self, resource: ResourceId, comers: &[Comer], space: &mut Space) {
        let Some(desk) = &mut self.resources[resource].desk else { return };
        let record = &mut self.out.resources[resource];
        let Space { served, rises, changes, .. } = space;
        let who_wait = comers.iter().zip(&served.begins).filter(|(comer, begin)| **begin > comer.at);
        rises.extend(who_wait.map(|(comer, _)| comer.at));
        let n_begun = merge(record.queue.level(), rises, desk.begins.pending(), changes);
        desk.begins.drop_first(n_begun);
        record.queue.follow(changes);
        rises.clear();
        rises.extend(comers.iter().map(|comer| comer.at));
        if let Some(leaves) = desk.leaves() {
            let n_left = merge(record.present.level(), rises, leaves.pending(), changes);
            leaves.drop_first(n_left);
            record.present.follow(changes);
            record.week.follow(changes, week_shifts(self.model, resource));
        }
        rises.clear();
    }

    /// Records what is recorded of a desk.
    fn record_services(&mut self, resource: ResourceId, comers: &[Comer], space: &mut Space) {
        let Space { served: Served { work, begins, ends }, values, .. } = space;
        let (window, end) = (self.window, self.end);
        let record = &mut self.out.resources[resource];
        let all = || comers.iter().zip(begins.iter().zip(&*ends));
        record.busy += all().map(|(_, (&begin, &end))| window.clip(begin, end)).sum::<i64>();
        self.resources[resource].sojourns +=
            all().map(|(comer, (_, &end))| window.clip(comer.at, end)).sum::<i64>();
        for (comer, (&started_at, &work)) in comers.iter().zip(begins.iter().zip(&*work)) {
            let start = start_of(&self.pool[comer.slot], resource, comer.at, started_at, work);
            self.observer.service_started(&start);
        }
        // Who count came one after the other.
        let counted = comers.partition_point(|comer| comer.at < window.from)
            ..comers.partition_point(|comer| comer.at < window.to);
        let (comers, work) = (&comers[counted.clone()], &work[counted.clone()]);
        let (begins, ends) = (&begins[counted.clone()], &ends[counted]);
        record.arrivals += comers.len() as u64;
        let begun = || comers.iter().zip(begins).filter(|&(_, &begin)| begin <= end);
        let work_begun = begins.iter().zip(work).filter(|&(&begin, _)| begin <= end);
        record.work += work_begun.map(|(_, &work)| i128::from(work)).sum::<i128>();
        values.extend(begun().map(|(comer, begin)| begin - comer.at).filter(|&wait| wait > 0));
        record.without_wait += (begun().count() - values.len()) as u64;
        self.accounts.resource_wait_all(resource, values);
        values.clear();
        // What ends after the run has not left.
        let left = comers.iter().zip(ends).filter(|&(_, &left_at)| left_at <= end);
        values.extend(left.map(|(comer, left_at)| left_at - comer.at));
        self.accounts.resource_system_all(resource, values);
        self.n_measured += (comers.len() - values.len()) as u64;
        values.clear();
    }

    /// Takes those out who do the same work, and go on the same way.
    fn take_alike(&self, pc: OpIndex, comers: &mut Vec<Comer>, alike: &mut Vec<Comer>, space: &mut Space) {
        let Space { served, alike: times, .. } = space;
        let mut n_kept = 0;
        for place in 0..comers.len() {
            let (comer, begin, end) = (comers[place], served.begins[place], served.ends[place]);
            if self.pool[comer.slot].pc == pc {
                alike.push(comer);
                times.begins.push(begin);
                times.ends.push(end);
            } else {
                (comers[n_kept], served.begins[n_kept], served.ends[n_kept]) = (comer, begin, end);
                n_kept += 1;
            }
        }
        comers.truncate(n_kept);
        served.begins.truncate(n_kept);
        served.ends.truncate(n_kept);
    }

    /// Those who did the same work leave the desk and go on. What ends after the run stays there: its end never comes. Empties
    /// the column.
    fn leave_together(&mut self, pc: OpIndex, comers: &mut Vec<Comer>, served: &Served) {
        let Op::Work(work) = self.model.programs.ops[pc as usize] else { return };
        let whole_stage = self.model.programs.works[work as usize].whole_stage;
        let mut values = std::mem::take(&mut self.space.values);
        let (mut waited, mut worked) = (0, 0);
        let mut n_left = 0;
        for place in 0..comers.len() {
            let Comer { at, slot, cause, .. } = comers[place];
            let (begin, end) = (served.begins[place], served.ends[place]);
            let entity = &mut self.pool[slot];
            if end > self.end {
                (entity.entered_at, entity.since) = (at, begin);
                continue;
            }
            entity.fold(end);
            if whole_stage.is_some() {
                entity.accounted_to += end - at;
                entity.stage_from = end;
                if entity.measured {
                    values.push(end - at);
                    waited += begin - at;
                    worked += end - begin;
                }
            } else {
                entity.spend_on_work(begin - at, end - begin);
            }
            comers[n_left] = Comer { at: end, cause: if end > at { 0 } else { cause }, ..comers[place] };
            n_left += 1;
        }
        comers.truncate(n_left);
        if let Some(stage) = whole_stage {
            self.accounts.stage_all(stage, &values);
            self.out.stages[stage].spend_on_work(waited, worked);
            self.out.checks.categories += values.len() as u64;
            values.clear();
        }
        self.space.values = values;
        self.walk_together(pc + 1 + OpIndex::from(whole_stage.is_some()), comers);
    }
}
