//! Counters with lanes: the most urgent class first, within it who came first; work begun is finished. When somebody begins is not
//! known when he comes, for others may come before him yet: at a station who comes in a stretch of time is known together, and a wait
//! that has not ended by then goes on in the next one.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::freight::counter::{Job, Rules, Servers, Timeline};
use crate::freight::entity::{NEVER, Slot};
use crate::freight::ids::ResourceId;
use crate::freight::observer::Observer;
use crate::freight::program::Op;
use crate::freight::record::ResourceRecord;
use crate::freight::resource::week_shifts;
use crate::freight::simulation::Simulation;
use crate::freight::together::Comer;
use crate::freight::upstream::Cause;
use crate::kernel::week::Shifts;

/// The servers of a counter with lanes, and who is present, in one replication.
#[derive(Debug)]
pub(in crate::freight) struct Lanes {
    servers: Servers,
    /// Who waits, the most urgent lane first.
    waiting: Vec<VecDeque<Waiting>>,
    /// When the first of them may begin, at the earliest; [`NEVER`] if nobody waits.
    looks_at: i64,
}

#[derive(Debug, Clone, Copy)]
struct Waiting {
    job: Job,
    work: u32,
    slot: Slot,
    cause: Cause,
    /// Time closed before it came.
    closed_before: i64,
}

impl Lanes {
    pub(in crate::freight) fn new(timeline: &Arc<Timeline>, n_lanes: u8) -> Self {
        Self {
            servers: Servers::new(timeline),
            waiting: vec![VecDeque::new(); usize::from(n_lanes)],
            looks_at: NEVER,
        }
    }

    fn first(&mut self) -> Option<&mut VecDeque<Waiting>> {
        self.waiting.iter_mut().find(|lane| !lane.is_empty())
    }

    /// As [`Servers::settle`]; the number waiting is always up to date.
    pub(in crate::freight) fn settle<'s>(
        &mut self,
        until: i64,
        record: &mut ResourceRecord,
        shifts: impl Fn() -> &'s Shifts,
    ) {
        self.servers.settle(until, record, shifts);
    }

    /// The jobs that wait, in the order in which they would begin.
    pub(in crate::freight) fn waiting_slots(&self) -> impl Iterator<Item = Slot> {
        self.waiting.iter().flatten().map(|waiting| waiting.slot)
    }

    /// When those came who wait.
    pub(in crate::freight) fn waiting_since(&self) -> impl Iterator<Item = i64> {
        self.waiting.iter().flatten().map(|waiting| waiting.job.at)
    }
}

impl<O: Observer> Simulation<'_, O> {
    /// Lets everything happen at a counter with lanes before an instant: those who come, in order, and those who wait. Who is done
    /// goes on together. Empties the column, and returns when somebody may begin next.
    pub(in crate::freight) fn pass_lanes(
        &mut self,
        id: ResourceId,
        comers: &mut Vec<Comer>,
        until: i64,
    ) -> i64 {
        let mut times = std::mem::take(&mut self.space.times);
        self.draw_work(comers, &mut times);
        let mut gone = self.space.column();
        for (comer, &time) in comers.iter().zip(&times) {
            while let Some(at) = self.looks_at(id).filter(|&at| at <= comer.at) {
                self.serve_lanes(id, at, &mut gone);
            }
            self.come_to_lanes(id, *comer, time, &mut gone);
        }
        while let Some(at) = self.looks_at(id).filter(|&at| at < until) {
            self.serve_lanes(id, at, &mut gone);
        }
        comers.clear();
        times.clear();
        self.space.times = times;
        self.walk_all(&mut gone);
        self.space.give_back(gone);
        self.looks_at(id).unwrap_or(NEVER)
    }

    fn looks_at(&self, id: ResourceId) -> Option<i64> {
        self.resources[id].lanes.as_ref().map(|lanes| lanes.looks_at).filter(|&at| at < NEVER)
    }

    /// Somebody comes: begins if nobody waits and he may, else waits.
    fn come_to_lanes(&mut self, id: ResourceId, comer: Comer, time: i64, gone: &mut Vec<Comer>) {
        let model = self.model;
        let Op::Work(work) = model.programs.ops[self.pool[comer.slot].pc as usize] else { return };
        let rules = Rules::of(model, id, self.window);
        let lane = self.class_at(comer.slot, work);
        let Some(lanes) = &mut self.resources[id].lanes else { return };
        let record = &mut self.out.resources[id];
        let shifts = || week_shifts(model, id);
        lanes.settle(comer.at, record, shifts);
        record.present.change_with(comer.at, 1, shifts);
        record.arrivals += u64::from(self.window.contains(comer.at));
        let job = Job { at: comer.at, time, units: model.programs.works[work as usize].units };
        let nobody_waits = lanes.first().is_none();
        let closed_before = lanes.servers.timeline.closed_until(lanes.servers.piece, comer.at);
        let waiting = Waiting { job, work, slot: comer.slot, cause: comer.cause, closed_before };
        if nobody_waits && lanes.servers.may_begin(job, comer.at, &rules).is_ok() {
            self.begin_in_lanes(id, waiting, comer.at, gone);
            return;
        }
        lanes.waiting[lane].push_back(waiting);
        record.queue.change(comer.at, 1);
        self.n_measured += u64::from(self.window.contains(comer.at));
        // He may be the first now, and begin where the one who was may not.
        self.serve_lanes(id, comer.at, gone);
    }

    /// Lets those begin who may, from the first in the most urgent lane on.
    fn serve_lanes(&mut self, id: ResourceId, at: i64, gone: &mut Vec<Comer>) {
        let rules = Rules::of(self.model, id, self.window);
        loop {
            let Some(lanes) = &mut self.resources[id].lanes else { return };
            let Some(&waiting) = lanes.first().and_then(|lane| lane.front()) else {
                lanes.looks_at = NEVER;
                return;
            };
            if let Err(later) = lanes.servers.may_begin(waiting.job, at, &rules) {
                lanes.looks_at = later;
                return;
            }
            lanes.first().map(VecDeque::pop_front);
            self.out.resources[id].queue.change(at, -1);
            self.n_measured -= u64::from(self.window.contains(waiting.job.at));
            self.begin_in_lanes(id, waiting, at, gone);
        }
    }

    /// Somebody begins, of whom it is known that he may.
    fn begin_in_lanes(&mut self, id: ResourceId, waiting: Waiting, at: i64, gone: &mut Vec<Comer>) {
        let Waiting { job, work, slot, cause, closed_before } = waiting;
        let rules = Rules::of(self.model, id, self.window);
        let Some(lanes) = &mut self.resources[id].lanes else { return };
        let closed = lanes.servers.timeline.closed_until(lanes.servers.piece, at) - closed_before
            + lanes.servers.too_late(job, at, &rules);
        let service = lanes.servers.take(job, at, closed, &rules);
        if let Some(at) = self.record_service_at(slot, work, job.at, job.time, service) {
            let cause = if at > job.at { 0 } else { cause };
            let identity = self.ranks.of(&self.pool[slot]);
            gone.push(Comer { at, identity, slot, cause });
        }
    }
}
