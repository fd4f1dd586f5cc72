//! Desks: resources where what happens follows from who comes when, so that no event is needed.
//!
//! A desk is always open, its servers are alike and never fail, every job takes one of them, none is kept for anything else, and
//! who comes first is served first. Then a job begins when it comes or when the first server is free, whichever is later
//! (J. Kiefer and J. Wolfowitz, "On the theory of queues with many servers", 1955; for one server D. V. Lindley, 1952): its wait
//! and its end are known when it comes, and it goes on from its end at once (`ahead`). The numbers waiting and present follow
//! later, in the order of time.
//!
//! Does not own resources of any other kind (`resource`), nor many who come at once (`together::desk`). An observer who wants things in the order of time has none of this.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use sanda_units::IdVec;

use crate::freight::ahead::Ahead;
use crate::freight::category::Category;
use crate::freight::entity::Slot;
use crate::freight::event::What;
use crate::freight::ids::ResourceId;
use crate::freight::model::Model;
use crate::freight::observer::Observer;
use crate::freight::program::Op;
use crate::freight::record::ResourceRecord;
use crate::freight::resource::{start_of, week_shifts};
use crate::freight::simulation::Simulation;
use crate::kernel::week::Shifts;

/// The servers of a desk, and the changes of its numbers that are still to come.
#[derive(Debug)]
pub(super) struct Desk {
    servers: Servers,
    /// When those who wait begin.
    pub begins: Instants,
}

/// Who is present, as the instants at which they leave.
#[derive(Debug)]
enum Servers {
    /// Not many servers: all leaves in order. With `n` servers, somebody begins when all but `n - 1` of those before have left.
    Few { n: usize, leaves: Instants },
    /// Many, or (`usize::MAX`) any number of them: until when those that have been used are taken, and the leaves, the first one
    /// at hand.
    Many { n: usize, taken_until: BinaryHeap<Reverse<i64>>, leaves: BinaryHeap<Reverse<i64>> },
}

/// Of so many servers the leaves are kept in order: who comes leaves before fewer than these, so the place is near the end.
const FEW: usize = 256;

/// Instants in order, of which the first go as time goes on.
#[derive(Debug, Default)]
pub(super) struct Instants {
    all: Vec<i64>,
    /// How many of them have gone.
    n_gone: usize,
}

impl Instants {
    /// Those to come.
    #[inline]
    pub(super) fn pending(&self) -> &[i64] {
        &self.all[self.n_gone..]
    }

    /// The first ones go.
    #[inline]
    pub(super) fn drop_first(&mut self, n: usize) {
        self.n_gone += n;
        if self.n_gone == self.all.len() {
            self.all.clear();
            self.n_gone = 0;
        }
    }

    /// The first one goes if it is not later than this.
    #[inline]
    fn pop_until(&mut self, until: i64) -> Option<i64> {
        let first = *self.pending().first()?;
        (first <= until).then(|| {
            self.drop_first(1);
            first
        })
    }

    /// Inserts an instant that belongs near the end.
    #[inline]
    fn insert(&mut self, at: i64) {
        if self.all.len() == self.all.capacity() && self.n_gone > self.all.len() / 2 {
            self.all.drain(..self.n_gone);
            self.n_gone = 0;
        }
        if self.pending().last().is_none_or(|&last| last <= at) {
            self.all.push(at);
        } else {
            self.insert_before(at);
        }
    }

    fn insert_before(&mut self, at: i64) {
        /// Steps back before the place is searched for by halving.
        const STEPS: usize = 8;
        let pending = self.pending();
        let len = pending.len();
        let mut place = len;
        while place > 0 && pending[place - 1] > at {
            place -= 1;
            if len - place == STEPS {
                place = pending.partition_point(|&other| other <= at);
                break;
            }
        }
        self.all.insert(self.n_gone + place, at);
    }
}

impl Desk {
    pub(super) fn new(n_servers: Option<u32>) -> Self {
        let n = n_servers.map_or(usize::MAX, |n| n as usize);
        let servers = if n <= FEW {
            Servers::Few { n, leaves: Instants::default() }
        } else {
            Servers::Many { n, taken_until: BinaryHeap::new(), leaves: BinaryHeap::new() }
        };
        Self { servers, begins: Instants::default() }
    }

    /// Takes a server for somebody who comes now, for so long. Returns the beginning. At a desk of hopeless overload that may be
    /// the end of time.
    #[inline]
    fn take(&mut self, now: i64, time: i64) -> i64 {
        let begin = match &mut self.servers {
            Servers::Few { n, leaves } => {
                let pending = leaves.pending();
                let free_at = pending.len().checked_sub(*n).map_or(now, |place| pending[place]);
                let begin = now.max(free_at);
                leaves.insert(begin.saturating_add(time));
                begin
            }
            Servers::Many { n, taken_until, leaves } => {
                let mut begin = now;
                if *n < usize::MAX {
                    if taken_until.len() < *n {
                        taken_until.push(Reverse(now.saturating_add(time)));
                    } else if let Some(mut first) = taken_until.peek_mut() {
                        begin = now.max(first.0);
                        first.0 = begin.saturating_add(time);
                    }
                }
                leaves.push(Reverse(begin.saturating_add(time)));
                begin
            }
        };
        if begin > now {
            self.begins.insert(begin);
        }
        begin
    }

    /// As [`Self::take`] for each of those who come, in order, with the time of their work. Adds their beginnings to a list.
    #[inline]
    pub(super) fn take_all(&mut self, comers: impl Iterator<Item = (i64, i64)>, begins: &mut Vec<i64>) {
        begins.extend(comers.map(|(now, time)| self.take(now, time)));
    }

    /// The leaves to come, where there are not many servers.
    pub(super) fn leaves(&mut self) -> Option<&mut Instants> {
        match &mut self.servers {
            Servers::Few { leaves, .. } => Some(leaves),
            Servers::Many { .. } => None,
        }
    }

    /// Whether there are not many servers.
    pub(super) fn has_few(&self) -> bool {
        matches!(self.servers, Servers::Few { .. })
    }

    /// Changes the numbers waiting and present as they have changed up to an instant, itself included.
    #[inline]
    pub(super) fn settle<'s>(
        &mut self,
        until: i64,
        record: &mut ResourceRecord,
        shifts: impl Fn() -> &'s Shifts,
    ) {
        while let Some(at) = self.begins.pop_until(until) {
            record.queue.change(at, -1);
        }
        let mut leave = |at: i64| {
            record.present.change(at, -1);
            record.week.change_with(at, -1, &shifts);
        };
        match &mut self.servers {
            Servers::Few { leaves, .. } => {
                while let Some(at) = leaves.pop_until(until) {
                    leave(at);
                }
            }
            Servers::Many { leaves, .. } => {
                while let Some(&Reverse(at)) = leaves.peek()
                    && at <= until
                {
                    leaves.pop();
                    leave(at);
                }
            }
        }
    }
}

/// Which resources are desks.
pub(super) fn desks(model: &Model) -> IdVec<ResourceId, bool> {
    let mut desks: IdVec<ResourceId, bool> = { model.resources.iter() }
        .map(|params| {
            params.is_plain() && params.classes == 1 && params.room.is_none() && params.servers != Some(0)
        })
        .collect();
    for op in &model.programs.ops {
        if let Op::Work(index) | Op::Seize(index) = *op {
            let work = &model.programs.works[index as usize];
            desks[work.resource] &= matches!(op, Op::Work(_)) && work.units == 1 && !work.keeps;
        }
    }
    desks
}

impl<O: Observer> Simulation<'_, O> {
    /// An entity asks for service at a desk, its present operation: it is through at once, at an instant of its own.
    pub(super) fn pass_desk(&mut self, slot: Slot, work: u32) {
        let (now, model) = (self.now, self.model);
        let op = &model.programs.works[work as usize];
        let resource = op.resource;
        let time = self.draw_time(slot, &op.time, op.stream, op.per);
        let state = &mut self.resources[resource];
        let Some(desk) = &mut state.desk else { return };
        let record = &mut self.out.resources[resource];
        let shifts = || week_shifts(model, resource);
        desk.settle(now, record, shifts);
        let begin = desk.take(now, time);
        let (wait, end) = (begin - now, begin.saturating_add(time));
        record.present.change(now, 1);
        record.week.change_with(now, 1, shifts);
        if wait > 0 {
            record.queue.change(now, 1);
        }
        record.busy += self.window.clip(begin, end);
        state.sojourns += self.window.clip(now, end);
        let counted = self.window.contains(now);
        if counted {
            record.arrivals += 1;
            self.n_measured += 1;
            if begin <= self.end {
                record.work += i128::from(time);
                if wait == 0 {
                    record.without_wait += 1;
                } else {
                    self.accounts.resource_wait(resource, wait);
                }
            }
        }
        let entity = &mut self.pool[slot];
        entity.entered_at = now;
        entity.since = begin;
        self.observer.service_started(&start_of(entity, resource, now, begin, time));
        // What ends after the run stays here: its end never comes.
        if end > self.end {
            return;
        }
        if op.whole_stage.is_none() {
            entity.spend(Category::Server, wait);
        }
        self.end_work(slot, work, end);
        if counted {
            self.accounts.resource_system(resource, end - now);
            self.n_measured -= 1;
        }
        match self.walk_ahead(slot, end) {
            // The end of work, with its place among the events of the instant.
            Ahead::At(at, _) if at == end => self.schedule_at(at, resource, slot, What::Resume),
            Ahead::At(at, due_as) => self.resume_at(at, due_as, slot),
            Ahead::Gone => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::random::{Key, Stream};

    /// Both ways of keeping servers against the recursion as it is written: the one that is free first is taken. Whole hours,
    /// so that many come, begin and leave at one instant.
    #[test]
    fn few_servers_and_many_begin_as_the_recursion_says() {
        for n in [1, 2, 3, 7] {
            let few = Servers::Few { n, leaves: Instants::default() };
            let many = Servers::Many { n, taken_until: BinaryHeap::new(), leaves: BinaryHeap::new() };
            let mut desks = [few, many].map(|servers| Desk { servers, begins: Instants::default() });
            let mut records = [ResourceRecord::new(0, 10_000), ResourceRecord::new(0, 10_000)];
            let mut free_at = vec![0; n];
            let mut stream = Stream::new(Key::new(1, 2, 3, 4), n as u64, 0);
            let (mut now, mut n_waits) = (0, 0);
            for _ in 0..3_000 {
                now += (stream.word() % 4) as i64;
                // A load of about nine tenths, with jobs that take no time.
                let time = (stream.word() % (27 * n as u64 / 10)) as i64;
                let first = free_at.iter_mut().min().expect("a server");
                let begin = now.max(*first);
                *first = begin + time;
                n_waits += u64::from(begin > now);
                for (desk, record) in desks.iter_mut().zip(&mut records) {
                    desk.settle(now, record, || &[(0, 0)]);
                    assert_eq!(desk.take(now, time), begin, "{n} servers at {now}");
                    record.present.change(now, 1);
                    if begin > now {
                        record.queue.change(now, 1);
                    }
                    record.week.change(now, 1, &[(0, 0)]);
                }
            }
            assert!(n_waits > 300, "{n_waits} waits at {n} servers show little");
            for (desk, record) in desks.iter_mut().zip(&mut records) {
                desk.settle(i64::MAX, record, || &[(0, 0)]);
                assert_eq!((record.present.level(), record.queue.level()), (0, 0));
            }
            let [few, many] = records;
            assert_eq!((few.present, few.queue, few.week), (many.present, many.queue, many.week));
        }
    }
}
