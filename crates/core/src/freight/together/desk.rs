//! Desks: who comes in a stretch of time is served in columns, the work first, then beginnings and ends, then the number
//! present, then every tally.
//!
//! Does not own what happens to one who comes by himself (`freight::desk`), which comes to the same.

use crate::freight::desk::Desk;
use crate::freight::entity::NEVER;
use crate::freight::ids::ResourceId;
use crate::freight::observer::Observer;
use crate::freight::program::{Op, OpIndex, WorkOp};
use crate::freight::resource::week_shifts;
use crate::freight::simulation::Simulation;
use crate::freight::together::{ByOp, Comer};
use crate::freight::told::start_of;
use crate::kernel::order::Sorter;
use crate::kernel::week::Hours;

/// Work space: instants, and lengths, of those who are served. Its lists are empty between uses, but for what is
/// filled anew at each.
#[derive(Debug, Default)]
pub(super) struct Space {
    served: Served,
    /// Of these, who go on the same way.
    alike: Served,
    /// Who stands before which operation, unless all stand before the same.
    by_op: ByOp,
    /// When those came.
    rises: Vec<i64>,
    /// Filled anew, as are the leaves below.
    hours: Hours,
    /// When those leave, in order.
    ends: Vec<i64>,
    sorter: Sorter<i64>,
    waits: Vec<i64>,
    /// Who has been served but not left yet, by operations; the number of each among works is its place.
    held: Vec<Held>,
}

/// Who has done the same work.
#[derive(Debug, Default)]
struct Held {
    pc: OpIndex,
    comers: Vec<Comer>,
    served: Served,
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

impl<'m, O: Observer> Simulation<'m, O> {
    /// Serves all who come to a desk in a stretch of time, in order: each is through at once, at an instant of its own, and goes
    /// on. Empties the column.
    pub(in crate::freight) fn pass_desk_together(&mut self, resource: ResourceId, comers: &mut Vec<Comer>) {
        let mut space = std::mem::take(&mut self.space.desk);
        self.draw_work_by_operation(comers, &mut space.by_op, &mut space.served.work);
        let Some(few) = self.resources[resource].desk.as_mut().and_then(Desk::few) else { return };
        let served = &mut space.served;
        let coming = comers.iter().map(|comer| comer.at).zip(served.work.iter().copied());
        few.take_all(coming, &mut served.begins, &mut space.ends, &mut space.sorter);
        let ends = served.begins.iter().zip(&served.work).map(|(begin, work)| begin.saturating_add(*work));
        served.ends.extend(ends);
        self.follow_number(resource, comers, &mut space);
        let times_are_left = self.record_services(resource, comers, &mut space);
        match space.by_op.only() {
            Some(pc) if !self.upstream.is_in_circle => {
                self.leave_together(pc, comers, &space.served, times_are_left);
            }
            _ => self.leave_by_operation(comers, &mut space, times_are_left),
        }
        comers.clear();
        space.rises.clear();
        space.served.clear();
        self.space.desk = space;
    }

    /// Lets those who have been served leave, who stand before different operations. Round a circle, who is out of it is held.
    fn leave_by_operation(&mut self, comers: &[Comer], space: &mut Space, times_are_left: bool) {
        let Space { served, alike, by_op, held, .. } = space;
        let may_be_held = times_are_left && self.upstream.is_in_circle;
        for (pc, places) in by_op.runs() {
            if may_be_held
                && let Op::Work(work) = self.model.programs.ops[pc as usize]
                && self.upstream.plan.leaves_circle[work as usize]
            {
                held.resize_with(held.len().max(work as usize + 1), Held::default);
                let held = &mut held[work as usize];
                held.pc = pc;
                for place in places {
                    held.comers.push(comers[place]);
                    held.served.begins.push(served.begins[place]);
                    held.served.ends.push(served.ends[place]);
                }
                continue;
            }
            let mut column = self.space.column();
            for place in places {
                column.push(comers[place]);
                alike.begins.push(served.begins[place]);
                alike.ends.push(served.ends[place]);
            }
            self.leave_together(pc, &mut column, alike, times_are_left);
            self.space.give_back(column);
            alike.clear();
        }
    }

    /// Lets those leave who have been held.
    pub(in crate::freight) fn let_held_go(&mut self) {
        let mut space = std::mem::take(&mut self.space.desk);
        for held in space.held.iter_mut().filter(|held| !held.comers.is_empty()) {
            self.leave_together(held.pc, &mut held.comers, &held.served, true);
            held.comers.clear();
            held.served.clear();
        }
        self.space.desk = space;
    }

    /// Draws how long the present work of each takes, operation by operation. Who stands before which is left beside it.
    fn draw_work_by_operation(&mut self, comers: &[Comer], by_op: &mut ByOp, works: &mut Vec<i64>) {
        by_op.sort(comers.iter().map(|comer| self.pool[comer.slot].pc));
        if let Some(pc) = by_op.only() {
            let op = self.work_at(pc);
            return self.draw_times(comers, &op.time, op.stream, op.per, works);
        }
        works.resize(comers.len(), 0);
        let mut alike = self.space.column();
        let mut drawn = std::mem::take(&mut self.space.drawn);
        for (pc, places) in by_op.runs() {
            let op = self.work_at(pc);
            alike.extend(places.clone().map(|place| comers[place]));
            self.draw_times(&alike, &op.time, op.stream, op.per, &mut drawn);
            alike.clear();
            for (place, work) in places.zip(drawn.drain(..)) {
                works[place] = work;
            }
        }
        self.space.drawn = drawn;
        self.space.give_back(alike);
    }

    /// The work of an operation at a desk.
    fn work_at(&self, pc: OpIndex) -> &'m WorkOp {
        let programs = &self.model.programs;
        match programs.ops[pc as usize] {
            Op::Work(work) => &programs.works[work as usize],
            _ => unreachable!("who comes to a desk stands before work"),
        }
    }

    /// Draws how long the present work of each takes.
    pub(in crate::freight) fn draw_work(&mut self, comers: &[Comer], works: &mut Vec<i64>) {
        let mut by_op = std::mem::take(&mut self.space.by_op);
        self.draw_work_by_operation(comers, &mut by_op, works);
        self.space.by_op = by_op;
    }

    /// Brings the number present up to the last who comes.
    fn follow_number(&mut self, resource: ResourceId, comers: &[Comer], space: &mut Space) {
        let Space { rises, hours, .. } = space;
        let Some(few) = self.resources[resource].desk.as_mut().and_then(Desk::few) else { return };
        rises.extend(comers.iter().map(|comer| comer.at));
        let present = &mut self.out.resources[resource].present;
        let n_left = present.follow(rises, few.leaves.pending(), week_shifts(self.model, resource), hours);
        few.leaves.drop_first(n_left);
    }

    /// Records what is recorded of a desk. True if the times in system are left, all of which count, to be recorded as they
    /// leave.
    fn record_services(&mut self, resource: ResourceId, comers: &[Comer], space: &mut Space) -> bool {
        let Space { served: Served { work, begins, ends }, rises, waits, .. } = space;
        let (window, end) = (self.window, self.end);
        for (comer, (&started_at, &work)) in comers.iter().zip(begins.iter().zip(&*work)) {
            let start = start_of(&self.pool[comer.slot], resource, comer.at, started_at, work);
            self.observer.service_started(&start);
        }
        let (Some(first), Some(last), Some(&ended)) = (comers.first(), comers.last(), ends.iter().max())
        else {
            return false;
        };
        if last.at < window.from && ended <= window.from || first.at >= window.to {
            return false;
        }
        // Mostly all of it lies in the window.
        let is_inside = first.at >= window.from && last.at < window.to && ended <= window.to.min(end);
        if !is_inside {
            for (comer, (&begin, &work)) in comers.iter().zip(begins.iter().zip(&*work)) {
                self.record_service(resource, comer.at, begin, work, false);
            }
            return false;
        }
        let sum = |instants: &[i64]| instants.iter().sum::<i64>();
        let (busy, sojourns) = (sum(ends) - sum(begins), sum(ends) - sum(rises));
        waits.resize(comers.len(), 0);
        let mut n_waiting = 0;
        for (&rise, &begin) in rises.iter().zip(&*begins) {
            // Without a branch: who waits is as good as random.
            waits[n_waiting] = begin - rise;
            n_waiting += usize::from(begin > rise);
        }
        self.accounts.resource_wait_all(resource, &waits[..n_waiting]);
        self.resources[resource].sojourns += sojourns;
        let record = &mut self.out.resources[resource];
        record.busy += busy;
        record.work += i128::from(busy);
        record.arrivals += comers.len() as u64;
        record.without_wait += (comers.len() - n_waiting) as u64;
        waits.clear();
        true
    }

    /// Those who did the same work leave the desk and go on. What ends after the run stays there: its end never comes. Empties
    /// the column.
    fn leave_together(
        &mut self,
        pc: OpIndex,
        comers: &mut Vec<Comer>,
        served: &Served,
        times_are_left: bool,
    ) {
        let Op::Work(work) = self.model.programs.ops[pc as usize] else { return };
        let op = &self.model.programs.works[work as usize];
        let whole_stage = op.whole_stage;
        let mut values = std::mem::take(&mut self.space.values);
        let (mut n_measured, mut waited, mut worked) = (0, 0, 0);
        let mut all_leave = true;
        for (comer, (&begin, &end)) in comers.iter_mut().zip(served.begins.iter().zip(&served.ends)) {
            let at = comer.at;
            let entity = &mut self.pool[comer.slot];
            if end > self.end {
                (entity.entered_at, entity.since) = (at, begin);
                comer.at = NEVER;
                all_leave = false;
                continue;
            }
            entity.fold(end);
            values.push(end - at);
            if whole_stage.is_some() {
                entity.accounted_to += end - at;
                entity.stage_from = end;
                let counted = i64::from(entity.measured);
                n_measured += counted;
                waited += counted * (begin - at);
                worked += counted * (end - begin);
            } else {
                entity.spend_on_work(begin - at, end - begin);
            }
            comer.at = end;
            if end > at {
                comer.cause = 0;
            }
        }
        if !all_leave {
            comers.retain(|comer| comer.at != NEVER);
        }
        let all_measured = n_measured as usize == values.len();
        if times_are_left && !(whole_stage.is_some() && all_measured) {
            self.accounts.resource_system_all(op.resource, &values);
        }
        if let Some(stage) = whole_stage {
            if times_are_left && all_measured {
                self.accounts.passage_all(work, &values);
            } else {
                let mut measured = comers.iter().map(|comer| self.pool[comer.slot].measured);
                values.retain(|_| measured.next().unwrap_or(false));
                self.accounts.stage_all(stage, &values);
            }
            self.out.stages[stage].spend_on_work(waited, worked);
            self.out.checks.categories += n_measured as u64;
        }
        values.clear();
        self.space.values = values;
        self.walk_together(pc + 1 + OpIndex::from(whole_stage.is_some()), comers);
    }
}
