//! Desks: resources where what happens follows from who comes when, so that no event is needed.
//!
//! A desk is always open, its servers are alike and never fail, every job takes one of them, none is kept for anything else, and
//! who comes first is served first. Then a job begins when it comes or when the first server is free, whichever is later
//! (J. Kiefer and J. Wolfowitz, "On the theory of queues with many servers", 1955; for one server D. V. Lindley, 1952): its wait
//! and its end are known when it comes, and it goes on from its end at once (`ahead`). The number present follows later, in the
//! order of time; the number waiting is what it exceeds the servers by, at every instant, so that how long how many waited is read
//! off how long how many were present.
//!
//! Does not own resources of any other kind (`resource`), nor many who come at once (`together::desk`). An observer who wants things in the order of time has none of this.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use sanda_units::IdVec;

use crate::freight::ahead::Ahead;
use crate::freight::category::Category;
use crate::freight::entity::Slot;
use crate::freight::event::{Event, What};
use crate::freight::ids::ResourceId;
use crate::freight::model::Model;
use crate::freight::observer::Observer;
use crate::freight::program::Op;
use crate::freight::record::ResourceRecord;
use crate::freight::resource::week_shifts;
use crate::freight::simulation::Simulation;
use crate::freight::told::start_of;
use crate::kernel::order::Sorter;
use crate::kernel::week::Shifts;

/// The servers of a desk, and the leaves that are still to come.
#[derive(Debug)]
pub(super) struct Desk {
    servers: Servers,
}

/// Who is present, as the instants at which they leave.
#[derive(Debug)]
enum Servers {
    Few(Few),
    /// Many, or (`usize::MAX`) any number of them: until when those that have been used are taken, and the leaves, the first one
    /// at hand.
    Many {
        n: usize,
        taken_until: BinaryHeap<Reverse<i64>>,
        leaves: BinaryHeap<Reverse<i64>>,
    },
}

/// Not many servers: all leaves in order. With `n` servers, somebody begins when all but `n - 1` of those before have left.
#[derive(Debug)]
pub(super) struct Few {
    n: usize,
    pub leaves: Instants,
}

/// Of so many servers the leaves are kept in order: who comes leaves before fewer than these, so the place is near the end.
const FEW: usize = 1024;

/// Of no more than so many, when each is free is kept apart while many come: mostly somebody waits. Of more, all who come in a
/// stretch of time are put in place together, if nobody waits.
const VERY_FEW: usize = 8;

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
    pub(super) fn pop_until(&mut self, until: i64) -> Option<i64> {
        let first = *self.pending().first()?;
        (first <= until).then(|| {
            self.drop_first(1);
            first
        })
    }

    /// Makes room for so many more.
    #[inline]
    fn reserve(&mut self, n: usize) {
        if self.all.capacity() - self.all.len() < n {
            // Where those stood that have gone, if they are most.
            if self.n_gone > self.all.len() / 2 {
                self.all.drain(..self.n_gone);
                self.n_gone = 0;
            }
            self.all.reserve(n);
        }
    }

    /// Inserts an instant that belongs near the end.
    #[inline]
    fn insert(&mut self, at: i64) {
        if self.pending().last().is_none_or(|&last| last <= at) {
            self.all.push(at);
        } else {
            self.insert_before(at);
        }
    }

    /// Inserts an instant that belongs near the end, and makes room for it.
    #[inline]
    pub(super) fn put(&mut self, at: i64) {
        self.reserve(1);
        self.insert(at);
    }

    /// Inserts instants that ascend, of which there is room for all.
    fn insert_all(&mut self, more: &[i64]) {
        let (mut n_old, mut n_new) = (self.all.len(), more.len());
        self.all.resize(n_old + n_new, 0);
        // From the end on, without a branch.
        while n_new > 0 {
            let old = if n_old > self.n_gone { self.all[n_old - 1] } else { i64::MIN };
            let new = more[n_new - 1];
            self.all[n_old + n_new - 1] = old.max(new);
            let is_old = old > new;
            n_old -= usize::from(is_old);
            n_new -= usize::from(!is_old);
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

impl Few {
    fn new(n: usize) -> Self {
        Self { n, leaves: Instants::default() }
    }

    /// As [`Desk::take`], where there is room for one more leave.
    #[inline]
    fn take(&mut self, now: i64, time: i64) -> i64 {
        let pending = self.leaves.pending();
        let free_at = pending.len().checked_sub(self.n).map_or(now, |place| pending[place]);
        let begin = now.max(free_at);
        self.leaves.insert(begin.saturating_add(time));
        begin
    }

    /// As [`Desk::take`] for each of those who come, in order, with the time of their work. Lists their beginnings; the other list
    /// is work space.
    pub(super) fn take_all(
        &mut self,
        comers: impl ExactSizeIterator<Item = (i64, i64)> + Clone,
        begins: &mut Vec<i64>,
        ends: &mut Vec<i64>,
        sorter: &mut Sorter<i64>,
    ) {
        begins.clear();
        self.leaves.reserve(comers.len() + VERY_FEW);
        if self.n <= VERY_FEW {
            self.take_in_turn(comers, begins);
        } else if self.take_at_once(comers.clone(), ends, sorter) {
            begins.extend(comers.map(|(now, _)| now));
        } else {
            begins.extend(comers.map(|(now, time)| self.take(now, time)));
        }
    }

    /// As [`Self::take_all`], of very few servers and without branches, for who waits is as good as random.
    fn take_in_turn(&mut self, comers: impl ExactSizeIterator<Item = (i64, i64)>, begins: &mut Vec<i64>) {
        let leaves = &mut self.leaves;
        // When each server is free, the first one first: as the last of the leaves say, or all along.
        let mut free = [i64::MIN; VERY_FEW];
        let free = &mut free[..self.n];
        let n_taken = leaves.pending().len().min(self.n);
        let n_kept = leaves.all.len() - n_taken;
        free[self.n - n_taken..].copy_from_slice(&leaves.all[n_kept..]);
        begins.resize(comers.len(), 0);
        leaves.all.resize(n_kept + comers.len(), 0);
        for (((now, time), begin), left_at) in comers.zip(begins).zip(&mut leaves.all[n_kept..]) {
            // Who takes a server lets its last leave be: those that are let be come in order.
            *left_at = free[0];
            *begin = now.max(free[0]);
            let mut end = begin.saturating_add(time);
            for place in 1..free.len() {
                let other = free[place];
                free[place - 1] = end.min(other);
                end = end.max(other);
            }
            free[free.len() - 1] = end;
        }
        leaves.all.extend_from_slice(free);
        let n_never_taken = leaves.pending().iter().take_while(|&&at| at == i64::MIN).count();
        leaves.drop_first(n_never_taken);
    }

    /// Takes servers for all who come, if all begin at once. False, and nothing done, if it seems that somebody waits.
    fn take_at_once(
        &mut self,
        comers: impl ExactSizeIterator<Item = (i64, i64)> + Clone,
        ends: &mut Vec<i64>,
        sorter: &mut Sorter<i64>,
    ) -> bool {
        let n_comers = comers.len();
        ends.clear();
        ends.extend(comers.clone().map(|(now, time)| now.saturating_add(time)));
        sorter.sort(ends, |&at| at, |one, other| one < other);
        let pending = self.leaves.pending();
        if pending.len() + n_comers > self.n {
            let (mut n_left, mut n_through) = (0, 0);
            for (place, (now, _)) in comers.enumerate() {
                n_left += pending[n_left..].iter().take_while(|&&at| at <= now).count();
                // Who leaves at this instant counts as present: it may be somebody who is yet to come.
                n_through += ends[n_through..].iter().take_while(|&&at| at < now).count();
                if pending.len() - n_left + place + 1 - n_through > self.n {
                    return false;
                }
            }
        }
        self.leaves.insert_all(ends);
        true
    }
}

impl Desk {
    pub(super) fn new(n_servers: Option<u32>) -> Self {
        let n = n_servers.map_or(usize::MAX, |n| n as usize);
        let servers = if n <= FEW {
            Servers::Few(Few::new(n))
        } else {
            Servers::Many { n, taken_until: BinaryHeap::new(), leaves: BinaryHeap::new() }
        };
        Self { servers }
    }

    /// Takes a server for somebody who comes now, for so long. Returns the beginning. At a desk of hopeless overload that may be
    /// the end of time.
    #[inline]
    fn take(&mut self, now: i64, time: i64) -> i64 {
        match &mut self.servers {
            Servers::Few(few) => {
                few.leaves.reserve(1);
                few.take(now, time)
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
        }
    }

    /// The servers, where there are not many.
    pub(super) fn few(&mut self) -> Option<&mut Few> {
        match &mut self.servers {
            Servers::Few(few) => Some(few),
            Servers::Many { .. } => None,
        }
    }

    /// Whether there are not many servers.
    pub(super) fn has_few(&self) -> bool {
        matches!(self.servers, Servers::Few(_))
    }

    /// How many servers there are; `usize::MAX` for any number.
    pub(super) fn n_servers(&self) -> usize {
        match self.servers {
            Servers::Few(Few { n, .. }) | Servers::Many { n, .. } => n,
        }
    }

    /// Changes the number present as it has changed up to an instant, itself included.
    #[inline]
    pub(super) fn settle<'s>(
        &mut self,
        until: i64,
        record: &mut ResourceRecord,
        shifts: impl Fn() -> &'s Shifts,
    ) {
        let mut leave = |at: i64| record.present.change_with(at, -1, &shifts);
        match &mut self.servers {
            Servers::Few(few) => {
                while let Some(at) = few.leaves.pop_until(until) {
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
        let Some(desk) = &mut self.resources[resource].desk else { return };
        let record = &mut self.out.resources[resource];
        let shifts = || week_shifts(model, resource);
        desk.settle(now, record, shifts);
        let begin = desk.take(now, time);
        record.present.change_with(now, 1, shifts);
        let (wait, end) = (begin - now, begin.saturating_add(time));
        let is_passage = self.is_passage(slot, work, now, end);
        self.record_service(resource, now, begin, time, is_passage);
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
        self.end_work(slot, work, end, is_passage);
        match self.walk_ahead(slot, end) {
            // Work of no length that somebody's end let begin: it ends after everything that ends, or changes, at the instant.
            Ahead::At(at, _) if at == end && time == 0 && wait > 0 => {
                let generation = self.pool[slot].generation;
                let rank = self.ranks.after_changes_at(resource);
                self.calendar.push(at, rank, Event::new(What::Resume, slot, generation));
            }
            // The end of work, with its place among the events of the instant.
            Ahead::At(at, _) if at == end => self.schedule_at(at, resource, slot, What::Resume),
            Ahead::At(at, due_as) => self.resume_at(at, due_as, slot),
            Ahead::Gone => {}
        }
    }

    /// Records what is recorded of a desk for somebody who comes there at an instant, begins at another, and is served for so long;
    /// the time in system not if it is recorded as a passage.
    pub(super) fn record_service(
        &mut self,
        resource: ResourceId,
        at: i64,
        begin: i64,
        work: i64,
        is_passage: bool,
    ) {
        let end = begin.saturating_add(work);
        let record = &mut self.out.resources[resource];
        record.busy += self.window.clip(begin, end);
        record.arrivals += u64::from(self.window.contains(at));
        self.record_begin(resource, at, begin, work);
        self.record_stay(resource, at, end, is_passage);
    }

    /// Records the wait and the work of somebody who comes to a desk or a counter at an instant and begins at another. Whether that
    /// counts: what begins after the run has not begun.
    #[inline]
    pub(super) fn record_begin(&mut self, resource: ResourceId, came_at: i64, begin: i64, work: i64) -> bool {
        let counts = self.window.contains(came_at) && begin <= self.end;
        if counts {
            let record = &mut self.out.resources[resource];
            record.work += i128::from(work);
            if begin == came_at {
                record.without_wait += 1;
            } else {
                self.accounts.resource_wait(resource, begin - came_at);
            }
        }
        counts
    }

    /// Records how long somebody is at a desk or a counter, unless it is recorded as a passage. What ends after the run has not
    /// left.
    #[inline]
    pub(super) fn record_stay(&mut self, resource: ResourceId, came_at: i64, left_at: i64, is_passage: bool) {
        self.resources[resource].sojourns += self.window.clip(came_at, left_at);
        if !self.window.contains(came_at) {
            return;
        }
        if left_at > self.end {
            self.n_measured += 1;
        } else if !is_passage {
            self.accounts.resource_system(resource, left_at - came_at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::random::{Key, Stream};
    use crate::kernel::tally::LevelTally;

    /// Both ways of keeping servers against the recursion as it is written: the one that is free first is taken. The number
    /// waiting against the beginnings themselves. Whole hours, so that many come, begin and leave at one instant.
    #[test]
    fn few_servers_and_many_begin_as_the_recursion_says() {
        for n in [1, 2, 3, 7] {
            let few = Servers::Few(Few::new(n));
            let many = Servers::Many { n, taken_until: BinaryHeap::new(), leaves: BinaryHeap::new() };
            let mut desks = [few, many].map(|servers| Desk { servers });
            let mut records = [ResourceRecord::new(0, 10_000), ResourceRecord::new(0, 10_000)];
            let mut free_at = vec![0; n];
            let mut stream = Stream::new(Key::new(1, 2, 3, 4), n as u64, 0);
            let (mut now, mut waits, mut queue) = (0, Vec::new(), LevelTally::new(0, 10_000));
            for _ in 0..3_000 {
                now += (stream.word() % 4) as i64;
                // A load of about nine tenths, with jobs that take no time.
                let time = (stream.word() % (27 * n as u64 / 10)) as i64;
                let first = free_at.iter_mut().min().expect("a server");
                let begin = now.max(*first);
                *first = begin + time;
                if begin > now {
                    // Of one instant, who begins has come before.
                    waits.extend([(now, 1), (begin, -1)]);
                }
                for (desk, record) in desks.iter_mut().zip(&mut records) {
                    desk.settle(now, record, || &[(0, 0)]);
                    assert_eq!(desk.take(now, time), begin, "{n} servers at {now}");
                    record.present.change(now, 1, &[(0, 0)]);
                }
            }
            assert!(waits.len() > 600, "{} waits at {n} servers show little", waits.len() / 2);
            for (desk, record) in desks.iter_mut().zip(&mut records) {
                desk.settle(i64::MAX, record, || &[(0, 0)]);
                assert_eq!(record.present.level(), 0);
                record.present.finish(10_000, &[(0, 0)]);
            }
            waits.sort_unstable();
            for (at, delta) in waits {
                queue.change(at, delta);
            }
            queue.finish(10_000);
            let [few, many] = records;
            assert_eq!(few.present, many.present);
            assert_eq!(&few.present.times().above(n), queue.times(), "waiting at {n} servers");
        }
    }

    /// Who comes in batches is served as one by one, at desks where all begin at once now and then, and where somebody waits.
    #[test]
    fn batches_are_served_as_one_by_one() {
        for n in [1, 2, 4, 8, 9, 17, 40, 700] {
            let (mut one, mut many) = (Desk::new(Some(n)), Desk::new(Some(n)));
            let mut stream = Stream::new(Key::new(4, 3, 2, 1), u64::from(n), 0);
            let (mut now, mut n_at_once, mut n_waiting) = (0, 0, 0);
            for _ in 0..400 {
                let mut comers = Vec::new();
                // A load of about nine tenths, with jobs that take no time, and many at one instant.
                for _ in 0..=stream.word() % (2 * u64::from(n)) {
                    now += (stream.word() % 3) as i64;
                    comers.push((now, (stream.word() % (1 + 19 * u64::from(n) / 10)) as i64));
                }
                let mut begins = Vec::new();
                let few = many.few().expect("few servers");
                few.take_all(comers.iter().copied(), &mut begins, &mut Vec::new(), &mut Sorter::default());
                let expected: Vec<i64> = comers.iter().map(|&(now, time)| one.take(now, time)).collect();
                assert_eq!(begins, expected, "{n} servers at {now}");
                let waits = comers.iter().zip(&begins).any(|((now, _), begin)| begin > now);
                (n_at_once, n_waiting) = (n_at_once + u64::from(!waits), n_waiting + u64::from(waits));
                let leaves = [&mut one, &mut many].map(|desk| {
                    let leaves = &mut desk.few().expect("few servers").leaves;
                    let n_gone = leaves.pending().partition_point(|&at| at <= now);
                    leaves.drop_first(n_gone);
                    leaves.pending().to_vec()
                });
                assert_eq!(leaves[0], leaves[1], "{n} servers at {now}");
            }
            assert!(n_waiting > 20, "{n_waiting} batches of which somebody waits at {n} servers show little");
            assert!(n == 1 || n_at_once > 20, "{n_at_once} batches at once at {n} servers show little");
        }
    }
}
