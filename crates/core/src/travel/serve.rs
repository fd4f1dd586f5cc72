//! Visits of stations: what is drawn for them, what is recorded of them, and how shipments leave.
//!
//! All arrivals of a window are served in columns: the works first, then beginnings and ends by the station, then every tally. A shipment
//! that arrives by an event is a column of one. Does not own when a job begins (`station`) or resources that are served event by event
//! (`resource`), which record their visits by the same functions.

use crate::engine::Simulation;
use crate::engine::batch::{Arrival, ByOp, Single};
use crate::engine::entity::{NEVER, Slot, gives_up_at};
use crate::engine::event::{Event, What};
use crate::engine::space::{Detail, Held, ServeSpace, Visits};
use crate::engine::told::start_of;
use crate::model::category::Category;
use crate::model::ids::ResourceId;
use crate::model::program::{Op, OpIndex, WorkOp};
use crate::model::week_shifts;
use crate::record::observer::Observer;
use crate::station::{Job, Levels, Outcome, Rules, Station};
use crate::travel::walk::Reached;

impl<'m, O: Observer> Simulation<'m, O> {
    /// Serves the arrivals of a window at a station, in their order, and lets what waits there begin before its end. Those that leave go on
    /// together. Empties the list, and returns when a job may begin next, whether another arrives or not.
    pub(crate) fn serve_station(&mut self, id: ResourceId, arrivals: &mut Vec<Arrival>, until: i64) -> i64 {
        let mut space = std::mem::take(&mut self.space.serve);
        let next_at = self.visit(id, arrivals, until, &mut space);
        if !arrivals.is_empty() {
            let times_are_left = self.record_visits(id, arrivals, &mut space);
            match space.by_op.only() {
                Some(pc) if !self.windows.is_in_cycle() => {
                    let next = self.end_visits(pc, arrivals, &space.visits, times_are_left);
                    self.walk(next, arrivals);
                }
                _ => self.leave_by_operation(arrivals, &mut space, times_are_left),
            }
            arrivals.clear();
        }
        self.walk_all(&mut space.gave_up);
        space.visits.clear();
        self.space.serve = space;
        next_at
    }

    /// Serves an entity that asks now, by an event, for service at a station that is always open.
    pub(crate) fn serve_single(&mut self, slot: Slot, work: u32) {
        let (now, op) = (self.clock.now, &self.env.model.programs.works[work as usize]);
        let resource = op.resource;
        let entity = &self.world.pool[slot];
        let (pc, identity) = (entity.pc, self.env.ranks.of(entity));
        let mut arrivals = self.space.lists.lend();
        arrivals.push(Arrival { at: now, identity, slot, trigger: self.windows.trigger() });
        let mut space = std::mem::take(&mut self.space.serve);
        self.visit(resource, &mut arrivals, now, &mut space);
        let times_are_left = self.record_visits(resource, &arrivals, &mut space);
        let next = self.end_visits(pc, &mut arrivals, &space.visits, times_are_left);
        let (end, waited) = (space.visits.ends[0], space.visits.begins[0] > now);
        let is_nothing = space.visits.works[0] == 0;
        space.visits.clear();
        self.space.serve = space;
        let left = arrivals.first().copied();
        self.space.lists.take_back(arrivals);
        let Some(arrival) = left else { return };
        match self.walk(next, &mut Single::new(arrival)) {
            // Work of no length that the end of another let begin: it ends after everything that ends, or changes, at the instant.
            Reached::Meeting(at, _) if at == end && is_nothing && waited => {
                let generation = self.world.pool[slot].generation;
                let rank = self.env.ranks.after_changes_at(resource);
                self.clock.calendar.push(at, rank, Event::new(What::Resume, slot, generation));
            }
            // The end of work, with its place among the events of the instant.
            Reached::Meeting(at, _) if at == end => self.schedule_at(at, resource, slot, What::Resume),
            Reached::Meeting(at, due_as) => self.resume_at(at, due_as, slot),
            Reached::Gone => {}
        }
    }

    /// Lets a station serve arrivals. Afterwards the list and the columns are those of the jobs whose service is known; shipments that
    /// give up are listed apart.
    fn visit(
        &mut self,
        id: ResourceId,
        arrivals: &mut Vec<Arrival>,
        until: i64,
        space: &mut ServeSpace,
    ) -> i64 {
        let ServeSpace { visits, by_op, fifo: fifo_space, begun, gave_up, .. } = space;
        let (model, window) = (self.env.model, self.env.window);
        by_op.sort(arrivals.iter().map(|arrival| self.world.pool[arrival.slot].pc));
        self.draw_works(arrivals, by_op, &mut visits.works);
        let n_counted = arrivals.iter().filter(|arrival| window.contains(arrival.at)).count() as u64;
        self.books.n_measured += n_counted;
        self.books.out.resources[id].arrivals += n_counted;
        let mut station = std::mem::replace(&mut self.world.resources[id].station, Station::General);
        let shifts = week_shifts(model, id);
        let mut next_at = NEVER;
        match &mut station {
            Station::General => {}
            Station::Fifo(fifo) => {
                visits.came.extend(arrivals.iter().map(|arrival| arrival.at));
                let levels = &mut Levels::of(&mut self.books.out.resources[id], shifts);
                fifo.serve(&visits.came, &visits.works, &mut visits.begins, levels, fifo_space);
                let works = visits.begins.iter().zip(&visits.works);
                visits.ends.extend(works.map(|(begin, work)| begin.saturating_add(*work)));
            }
            Station::Scheduled(scheduled) => {
                let rules = Rules::of(model, id, window);
                let works = std::mem::take(&mut visits.works);
                let mut n_served = 0;
                for (place, &work) in works.iter().enumerate() {
                    let arrival = arrivals[place];
                    let entity = &self.world.pool[arrival.slot];
                    let op = self.work_at(entity.pc);
                    let job = Job { at: arrival.at, work, units: op.units };
                    let (programs, keys) = (&model.programs, &self.env.keys);
                    let patience_ends_at = || {
                        op.patience
                            .map_or(NEVER, |patience| gives_up_at(programs, keys, entity, patience, job.at))
                    };
                    let levels = &mut Levels::of(&mut self.books.out.resources[id], shifts);
                    match scheduled.serve(job, &rules, levels, patience_ends_at) {
                        Outcome::Served(service) => {
                            visits.push(job.at, work, &service, op.units);
                            arrivals[n_served] = arrival;
                            n_served += 1;
                        }
                        Outcome::GivesUp { at, closed } => {
                            gave_up.extend(self.give_up_at(id, arrival, at, closed));
                        }
                        Outcome::Lost => self.lose_at(id, arrival),
                    }
                }
                arrivals.truncate(n_served);
                by_op.sort(arrivals.iter().map(|arrival| self.world.pool[arrival.slot].pc));
            }
            Station::Priority(priority) => {
                let rules = Rules::of(model, id, window);
                for (&arrival, &work) in arrivals.iter().zip(&visits.works) {
                    let pc = self.world.pool[arrival.slot].pc;
                    let Op::Work(index) = model.programs.ops[pc as usize] else { continue };
                    let job = Job { at: arrival.at, work, units: self.work_at(pc).units };
                    let class = self.class_at(arrival.slot, index);
                    let levels = &mut Levels::of(&mut self.books.out.resources[id], shifts);
                    priority.take((job, class, arrival), &rules, levels, begun);
                }
                let levels = &mut Levels::of(&mut self.books.out.resources[id], shifts);
                next_at = priority.serve_until(until, &rules, levels, begun);
                arrivals.clear();
                visits.works.clear();
                for visit in begun.drain(..) {
                    visits.push(visit.job.at, visit.job.work, &visit.service, visit.job.units);
                    // Without the class, by which the station ranked it.
                    let identity = self.env.ranks.of(&self.world.pool[visit.ticket.slot]);
                    arrivals.push(Arrival { identity, ..visit.ticket });
                }
                by_op.sort(arrivals.iter().map(|arrival| self.world.pool[arrival.slot].pc));
            }
        }
        self.world.resources[id].station = station;
        next_at
    }

    /// Draws the work of each shipment, operation by operation.
    fn draw_works(&mut self, arrivals: &[Arrival], by_op: &ByOp, works: &mut Vec<i64>) {
        if let Some(pc) = by_op.only() {
            let op = self.work_at(pc);
            return self.draw_times(arrivals, &op.time, op.stream, op.per, works);
        }
        works.resize(arrivals.len(), 0);
        let mut alike = self.space.lists.lend();
        let mut drawn = std::mem::take(&mut self.space.drawn);
        for (pc, places) in by_op.runs() {
            let op = self.work_at(pc);
            alike.extend(places.clone().map(|place| arrivals[place]));
            self.draw_times(&alike, &op.time, op.stream, op.per, &mut drawn);
            alike.clear();
            for (place, work) in places.zip(drawn.drain(..)) {
                works[place] = work;
            }
        }
        self.space.drawn = drawn;
        self.space.lists.take_back(alike);
    }

    /// Returns the work of an operation at a station.
    fn work_at(&self, pc: OpIndex) -> &'m WorkOp {
        let programs = &self.env.model.programs;
        match programs.ops[pc as usize] {
            Op::Work(work) => &programs.works[work as usize],
            _ => unreachable!("a shipment at a station stands before work"),
        }
    }

    /// Turns away a shipment that finds no room at its arrival.
    fn lose_at(&mut self, id: ResourceId, arrival: Arrival) {
        let counted = u64::from(self.env.window.contains(arrival.at));
        self.books.out.resources[id].lost += counted;
        self.books.n_measured -= counted;
        let present = std::mem::replace(&mut self.clock.now, arrival.at);
        self.lose(arrival.slot);
        self.clock.now = present;
    }

    /// Ends the visit of a shipment that gives up at an instant, after a wait of which so long was closed. Returns it if it goes on within
    /// the run.
    fn give_up_at(&mut self, id: ResourceId, arrival: Arrival, at: i64, closed: i64) -> Option<Arrival> {
        let came_at = arrival.at;
        let leaves = at <= self.env.end;
        self.books.out.resources[id].patience_lost += u64::from(leaves && self.env.window.contains(came_at));
        self.record_stay(id, came_at, at);
        let entity = &mut self.world.pool[arrival.slot];
        (entity.entered_at, entity.since) = (came_at, at);
        leaves.then(|| {
            entity.spend(Category::Hours, closed);
            entity.spend(Category::Server, at - came_at - closed);
            entity.fold(at);
            entity.pc += 1;
            Arrival { at, trigger: if at > came_at { 0 } else { arrival.trigger }, ..arrival }
        })
    }

    /// Records the visits of a resource. Returns true if the times in system, all of which count, are left to be recorded with the stages.
    fn record_visits(&mut self, id: ResourceId, arrivals: &[Arrival], space: &mut ServeSpace) -> bool {
        let ServeSpace { visits: Visits { came, works, begins, ends, details }, waits, .. } = space;
        let (window, end) = (self.env.window, self.env.end);
        for (arrival, ((&came, &begin), &work)) in arrivals.iter().zip(came.iter().zip(&*begins).zip(&*works))
        {
            self.observer.service_started(&start_of(&self.world.pool[arrival.slot], id, came, begin, work));
        }
        let bounds = |instants: &[i64]| {
            instants.iter().fold((i64::MAX, i64::MIN), |(least, most), &at| (at.min(least), at.max(most)))
        };
        let ((first, last), (_, ended)) = (bounds(came), bounds(ends));
        if last < window.from && ended <= window.from || first >= window.to {
            return false;
        }
        let has_hours = self.env.model.resources[id].calendar.is_some();
        // Mostly all of it lies in the window.
        let is_inside = first >= window.from && last < window.to && ended <= window.to.min(end);
        if !is_inside {
            for (place, (&came, (&begin, (&end, &work)))) in
                came.iter().zip(begins.iter().zip(ends.iter().zip(&*works))).enumerate()
            {
                let worked =
                    details.get(place).map_or_else(|| window.clip(begin, end), |detail| detail.worked);
                self.books.out.resources[id].busy += worked;
                if begin <= self.env.end {
                    self.record_begin(id, came, begin);
                    let counted = window.contains(came);
                    self.books.out.resources[id].work += if counted { i128::from(work) } else { 0 };
                    self.books.out.checks.opening_hours += u64::from(has_hours && counted);
                }
                self.record_stay(id, came, end);
            }
            return false;
        }
        let n = came.len();
        let sum = |lengths: &[i64]| lengths.iter().sum::<i64>();
        let served = sum(ends) - sum(begins);
        waits.resize(n, 0);
        let mut n_waiting = 0;
        for (&came, &begin) in came.iter().zip(&*begins) {
            // Without a branch: whether a job waits is as good as random.
            waits[n_waiting] = begin - came;
            n_waiting += usize::from(begin > came);
        }
        self.books.accounts.resource_wait_all(id, &waits[..n_waiting]);
        waits.clear();
        self.world.resources[id].sojourns += sum(ends) - sum(came);
        let record = &mut self.books.out.resources[id];
        if details.is_empty() {
            record.busy += served;
            record.work += i128::from(served);
        } else {
            record.busy += details.iter().map(|detail| detail.worked).sum::<i64>();
            record.work += i128::from(sum(works));
        }
        record.without_wait += (n - n_waiting) as u64;
        self.books.out.checks.opening_hours += if has_hours { n as u64 } else { 0 };
        self.books.n_measured -= n as u64;
        true
    }

    /// Records the wait of a job that arrived at an instant and begins at another.
    #[inline]
    pub(crate) fn record_begin(&mut self, id: ResourceId, came_at: i64, begin: i64) {
        if !self.env.window.contains(came_at) {
            return;
        }
        if begin == came_at {
            // Waits of nothing are only counted here; they enter the tally when the books are closed.
            self.books.out.resources[id].without_wait += 1;
        } else {
            self.books.accounts.resource_wait(id, begin - came_at);
        }
    }

    /// Records how long a job is at a resource. What would end after the run has not left.
    #[inline]
    pub(crate) fn record_stay(&mut self, id: ResourceId, came_at: i64, left_at: i64) {
        self.world.resources[id].sojourns += self.env.window.clip(came_at, left_at);
        if self.env.window.contains(came_at) && left_at <= self.env.end {
            self.books.accounts.resource_system(id, left_at - came_at);
            self.books.n_measured -= 1;
        }
    }

    /// Lets shipments leave that stand before different operations. In a cycle, a shipment that leaves the cycle is held until the end of
    /// the window.
    fn leave_by_operation(&mut self, arrivals: &[Arrival], space: &mut ServeSpace, times_are_left: bool) {
        let ServeSpace { visits, alike, by_op, held, .. } = space;
        let may_be_held = times_are_left && self.windows.is_in_cycle();
        for (pc, places) in by_op.runs() {
            if may_be_held
                && let Op::Work(work) = self.env.model.programs.ops[pc as usize]
                && self.windows.plan().regions.leaves_cycle[work as usize]
            {
                held.resize_with(held.len().max(work as usize + 1), Held::default);
                let held = &mut held[work as usize];
                held.pc = pc;
                for place in places {
                    held.arrivals.push(arrivals[place]);
                    held.visits.push_of(visits, place);
                }
                continue;
            }
            let mut list = self.space.lists.lend();
            for place in places {
                list.push(arrivals[place]);
                alike.push_of(visits, place);
            }
            let next = self.end_visits(pc, &mut list, alike, times_are_left);
            self.walk(next, &mut list);
            self.space.lists.take_back(list);
            alike.clear();
        }
    }

    /// Lets shipments go on that have left a cycle.
    pub(crate) fn let_held_go(&mut self) {
        let mut space = std::mem::take(&mut self.space.serve);
        for held in space.held.iter_mut().filter(|held| !held.arrivals.is_empty()) {
            let next = self.end_visits(held.pc, &mut held.arrivals, &held.visits, true);
            self.walk(next, &mut held.arrivals);
            held.arrivals.clear();
            held.visits.clear();
        }
        self.space.serve = space;
    }

    /// Ends the visits of shipments that did the same work. A shipment whose visit would end after the run stays there, and leaves the
    /// list. Returns the operation that the others stand before.
    fn end_visits(
        &mut self,
        pc: OpIndex,
        arrivals: &mut Vec<Arrival>,
        visits: &Visits,
        times_are_left: bool,
    ) -> OpIndex {
        let Op::Work(work) = self.env.model.programs.ops[pc as usize] else { return pc };
        let op = &self.env.model.programs.works[work as usize];
        let whole_stage = op.whole_stage;
        let mut values = std::mem::take(&mut self.space.values);
        let (mut n_measured, mut waited, mut worked) = (0, 0, 0);
        let mut all_leave = true;
        for (place, arrival) in arrivals.iter_mut().enumerate() {
            let (at, begin, end) = (arrival.at, visits.begins[place], visits.ends[place]);
            let entity = &mut self.world.pool[arrival.slot];
            let Detail { closed, paused, .. } = visits.details.get(place).copied().unwrap_or_default();
            if end > self.env.end {
                // Time in which the work pauses counts as before the work, of which the whole is known.
                (entity.entered_at, entity.since) = (at, begin.saturating_add(paused));
                arrival.at = NEVER;
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
                entity.spend(Category::Hours, closed + paused);
                entity.spend_on_work(begin - at - closed, end - begin - paused);
            }
            arrival.at = end;
            if end > at {
                arrival.trigger = 0;
            }
        }
        if !all_leave {
            arrivals.retain(|arrival| arrival.at != NEVER);
        }
        // The time in system and the time in the stage are one value, if both count.
        let all_measured = n_measured as usize == values.len();
        if times_are_left && !(whole_stage.is_some() && all_measured) {
            self.books.accounts.resource_system_all(op.resource, &values);
        }
        if let Some(stage) = whole_stage {
            if times_are_left && all_measured {
                self.books.accounts.passage_all(work, &values);
            } else {
                let mut measured = arrivals.iter().map(|arrival| self.world.pool[arrival.slot].measured);
                values.retain(|_| measured.next().unwrap_or(false));
                self.books.accounts.stage_all(stage, &values);
            }
            self.books.out.stages[stage].spend_on_work(waited, worked);
            self.books.out.checks.categories += n_measured as u64;
        }
        values.clear();
        self.space.values = values;
        pc + 1 + OpIndex::from(whole_stage.is_some())
    }
}
