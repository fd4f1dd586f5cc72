//! Queues and servers: requests, starts, completions, held servers, the books at the end.
//!
//! Does not own who finds no room or gives up (`room`), who is interrupted (`interrupt`, `breakdown`), nor hours and shifts
//! (`hours`), nor stations (`serve`). A job starts when its resource is open, enough servers are idle, nobody is ahead of it in the queue and, under
//! `fit`, it can end by closing time. Nobody overtakes the head of the queue. The wait is divided when it ends: closed
//! time first (from the resource's running total), the rest is waiting for a server.

mod breakdown;
mod hours;
mod interrupt;
mod room;

use crate::engine::Simulation;
use crate::engine::entity::{ANEW, Entity, Slot};
use crate::engine::event::{Event, What};
use crate::engine::state::Held;
use crate::engine::told::{end_of, end_of_stage_of_work, start_of};
use crate::model::category::Category;
use crate::model::ids::ResourceId;
use crate::model::program::Op;
use crate::model::{AtClosing, QueueOrder, week_shifts};
use crate::plan::Class;
use crate::record::observer::Observer;
use crate::station::{Levels, Station};

impl<O: Observer> Simulation<'_, O> {
    /// An entity asks for service, its present operation.
    #[inline]
    pub(crate) fn request(&mut self, slot: Slot, work: u32) {
        let state = &self.world.resources[self.env.model.programs.works[work as usize].resource];
        if !matches!(state.station, Station::General) {
            self.serve_single(slot, work);
        } else if self.enter_or_turn_away(slot, work) {
            if self.may_start(slot, work) {
                self.start(slot, work);
            } else {
                self.enqueue(slot, work);
            }
        }
    }

    /// An entity asks for servers to hold. True if it has them at once.
    pub(crate) fn seize(&mut self, slot: Slot, work: u32) -> bool {
        if !self.enter_or_turn_away(slot, work) {
            return false;
        }
        let at_once = self.may_start(slot, work);
        if at_once {
            self.begin_service(slot, work);
            self.hold(slot, work);
        } else {
            self.enqueue(slot, work);
        }
        at_once
    }

    /// Books the arrival of an entity that stays.
    #[inline]
    pub(crate) fn enter(&mut self, slot: Slot, resource: ResourceId) {
        let now = self.clock.now;
        let counted = u64::from(self.is_measured(now));
        self.books.n_measured += counted;
        let record = &mut self.books.out.resources[resource];
        record.arrivals += counted;
        record.present.change_with(now, 1, || week_shifts(self.env.model, resource));
        let entity = &mut self.world.pool[slot];
        entity.entered_at = now;
        entity.since = now;
        let state = &self.world.resources[resource];
        entity.closed_before = state.closed.until(now);
        entity.disrupted_before = state.disrupted.until(now);
    }

    /// Whether the entity could be served now if it were the head of the queue, and nobody is ahead.
    #[inline]
    pub(crate) fn may_start(&mut self, slot: Slot, work: u32) -> bool {
        let resource = self.env.model.programs.works[work as usize].resource;
        self.world.resources[resource].n_waiting == 0 && self.can_be_served(slot, work)
    }

    /// Open, servers idle and awake, and under `fit` done by closing time.
    #[inline]
    pub(crate) fn can_be_served(&mut self, slot: Slot, work: u32) -> bool {
        let op = &self.env.model.programs.works[work as usize];
        let state = &self.world.resources[op.resource];
        state.idle >= op.units as i32 && state.wakes_at.is_none() && self.may_work_now(slot, work)
    }

    /// Open, and under `fit` done by closing time, whether there are servers or not.
    #[inline]
    pub(crate) fn may_work_now(&mut self, slot: Slot, work: u32) -> bool {
        let op = &self.env.model.programs.works[work as usize];
        let resource = op.resource;
        let state = &self.world.resources[resource];
        if !state.is_open() {
            return false;
        }
        let params = &self.env.model.resources[resource];
        if params.at_closing == AtClosing::Fit
            && let Some(calendar) = params.calendar
        {
            let (_, close) = self.env.model.calendars[calendar].open[state.interval];
            return self.clock.now + self.work_ahead(slot, work) <= close.as_ms();
        }
        true
    }

    /// How long work would take that begins now, or goes on.
    ///
    /// The draw is a pure function of its key: asking now and again later gives the same time.
    #[inline]
    pub(crate) fn work_ahead(&self, slot: Slot, work: u32) -> i64 {
        let op = &self.env.model.programs.works[work as usize];
        let entity = &self.world.pool[slot];
        if entity.interrupted && entity.due != ANEW {
            return entity.due;
        }
        let time = self.draw_time(slot, &op.time, op.stream, op.per);
        let modifiers = &self.world.resources[op.resource].modifiers;
        if modifiers.is_empty() { time } else { self.changed_time(modifiers, slot, time) }
    }

    fn enqueue(&mut self, slot: Slot, work: u32) {
        let resource = self.env.model.programs.works[work as usize].resource;
        let class = self.class_at(slot, work);
        let state = &mut self.world.resources[resource];
        state.queues[class].push_back(slot);
        state.n_waiting += 1;
        let overtakes = match self.env.model.resources[resource].order {
            QueueOrder::Fifo => false,
            QueueOrder::Priority(classes) | QueueOrder::Preemptive(classes) => {
                class + 1 < usize::from(classes)
            }
            QueueOrder::Alternating => true,
        };
        let wakes = state.wakes_at.is_some_and(|enough| state.n_waiting >= enough);
        if wakes {
            state.wakes_at = None;
        }
        self.books.out.resources[resource].queue.change(self.clock.now, 1);
        self.be_patient(slot, work);
        if overtakes || wakes {
            // A more urgent newcomer may fit where the head of a lower class does not, or interrupt somebody; and one more may be
            // enough.
            self.serve(resource);
        }
    }

    /// The entity's class in a resource's queue.
    pub(crate) fn class_at(&self, slot: Slot, work: u32) -> usize {
        let op = &self.env.model.programs.works[work as usize];
        let classes = self.env.model.resources[op.resource].order.n_queues();
        usize::from(op.class.unwrap_or(self.world.pool[slot].class).min(classes - 1))
    }

    /// The work that an entity asks for, does or holds servers for: its present operation.
    #[inline]
    pub(crate) fn work_of(&self, slot: Slot) -> Option<u32> {
        match self.env.model.programs.ops[self.world.pool[slot].pc as usize] {
            Op::Work(work) | Op::Seize(work) => Some(work),
            _ => None,
        }
    }

    /// As `serve`, but after all changes of this instant: nothing begins at closing time, as a shift ends, as a server fails or
    /// as a disruption begins. Requests of the instant come later still, so that who waits goes before who comes.
    pub(crate) fn serve_in_turn(&mut self, resource: ResourceId) {
        if !matches!(self.world.resources[resource].station, Station::General) {
            return;
        }
        let rank = self.env.ranks.after_changes_at(resource);
        if self.clock.calendar.next_key().min(self.clock.agenda.next_key()) < (self.clock.now, rank) {
            let event = Event::new(What::Serve, resource.index() as u32, 0);
            self.clock.calendar.push(self.clock.now, rank, event);
        } else {
            self.serve(resource);
        }
    }

    /// Starts whoever can start, from the head of the queue on, and lets in who waits for a place.
    #[inline(never)]
    pub(crate) fn serve(&mut self, resource: ResourceId) {
        loop {
            self.serve_queue(resource);
            if self.world.resources[resource].n_blocked == 0 || !self.let_in(resource) {
                return;
            }
        }
    }

    fn serve_queue(&mut self, resource: ResourceId) {
        while self.world.resources[resource].n_waiting > 0 {
            let order = self.env.model.resources[resource].order;
            let Some((class, slot)) = self.world.resources[resource].head(order) else { return };
            let Some(work) = self.work_of(slot) else { return };
            if !self.can_be_served(slot, work) && !self.preempt_for(slot, work, class) {
                return;
            }
            let state = &mut self.world.resources[resource];
            state.queues[class].pop_front();
            state.n_waiting -= 1;
            self.books.out.resources[resource].queue.change(self.clock.now, -1);
            if matches!(self.env.model.programs.ops[self.world.pool[slot].pc as usize], Op::Seize(_)) {
                self.begin_service(slot, work);
                self.hold(slot, work);
                self.world.pool[slot].pc += 1;
                self.schedule_at(self.clock.now, resource, slot, What::Resume);
            } else {
                self.start(slot, work);
            }
        }
    }

    /// Starts work and schedules its end.
    #[inline]
    fn start(&mut self, slot: Slot, work: u32) {
        self.begin_service(slot, work);
        self.work(slot, work);
    }

    /// Draws the time of work that begins now, and schedules its end.
    #[inline]
    fn work(&mut self, slot: Slot, work: u32) {
        let op = &self.env.model.programs.works[work as usize];
        let time = self.work_ahead(slot, work);
        let due = self.clock.now + time;
        let entity = &mut self.world.pool[slot];
        if !entity.interrupted && self.env.window.contains(entity.entered_at) {
            self.books.out.resources[op.resource].work += i128::from(time);
        }
        entity.interrupted = false;
        self.observer.service_started(&start_of(
            entity,
            op.resource,
            entity.entered_at,
            self.clock.now,
            time,
        ));
        entity.due = due;
        entity.serving = true;
        let rank = self.env.ranks.at_resource(Class::Completion, op.resource, self.env.ranks.of(entity));
        self.clock.calendar.push(due, rank, Event::new(What::WorkDone, slot, entity.generation));
    }

    /// Ends the work of an entity now, as far as the entity goes.
    #[inline]
    fn end_work(&mut self, slot: Slot, work: u32) {
        let at = self.clock.now;
        let entity = &mut self.world.pool[slot];
        let op = &self.env.model.programs.works[work as usize];
        let (since, entered_at) = (entity.since, entity.entered_at);
        entity.fold(at);
        if let Some(stage) = op.whole_stage {
            entity.accounted_to += at - entered_at;
            if O::IN_ORDER {
                let work = (entered_at, since, at);
                self.observer.stage_ended(&end_of_stage_of_work(entity, stage, work));
            }
            entity.stage_from = at;
            entity.pc += 2;
            if entity.measured {
                self.books.out.checks.categories += 1;
                self.books.accounts.stage(stage, at - entered_at);
                self.books.out.stages[stage].spend_on_work(since - entered_at, at - since);
            }
        } else {
            entity.spend(Category::Worked, at - since);
            entity.pc += 1;
        }
    }

    /// Takes the servers and divides the wait.
    #[inline]
    fn begin_service(&mut self, slot: Slot, work: u32) {
        let class = self.class_at(slot, work);
        let now = self.clock.now;
        let op = &self.env.model.programs.works[work as usize];
        let state = &mut self.world.resources[op.resource];
        state.idle -= op.units as i32;
        state.last_served = class;
        if !state.plain {
            self.check_start(slot, work);
        }
        let Entity { interrupted, entered_at, .. } = self.world.pool[slot];
        // The wait is over with the first start.
        if !interrupted {
            self.record_begin(op.resource, entered_at, now);
        }
        if entered_at == now {
            return;
        }
        if op.whole_stage.is_some() {
            // Divided when the work is done.
            self.world.pool[slot].since = now;
            return;
        }
        self.divide_wait(slot, work);
    }

    /// Puts the time since the present wait began into its categories: closed by disruption or broken, out of hours (or too late
    /// to end by closing time), or waiting for a server.
    pub(crate) fn divide_wait(&mut self, slot: Slot, work: u32) {
        let now = self.clock.now;
        let resource = self.env.model.programs.works[work as usize].resource;
        let too_late = self.too_late(slot, work);
        let entity = &mut self.world.pool[slot];
        let state = &self.world.resources[resource];
        let wait = now - entity.since;
        let hours = state.closed.until(now) - entity.closed_before + too_late;
        let disruption = state.disrupted.until(now) - entity.disrupted_before;
        entity.spend(Category::Disruption, disruption);
        entity.spend(Category::Hours, hours);
        entity.spend(Category::Server, wait - hours - disruption);
        entity.since = now;
    }

    /// For how long of the present wait the resource could have been used, but not for work that has to end by closing time.
    fn too_late(&self, slot: Slot, work: u32) -> i64 {
        let resource = self.env.model.programs.works[work as usize].resource;
        let usable = self.world.resources[resource].usable.as_ref();
        let Some((calendar, usable)) = self.env.model.resources[resource].calendar.zip(usable) else {
            return 0;
        };
        let time = self.work_ahead(slot, work);
        let stretches =
            self.env.model.calendars[calendar].too_late(self.world.pool[slot].since, self.clock.now, time);
        stretches.map(|(from, to)| usable.within(from, to)).sum()
    }

    /// At a resource that is not plain: no start outside of hours; who may be interrupted is noted; servers that may fail are
    /// taken.
    fn check_start(&mut self, slot: Slot, work: u32) {
        let op = &self.env.model.programs.works[work as usize];
        let resource = op.resource;
        if self.env.model.resources[resource].calendar.is_some() {
            let counted = self.env.window.contains(self.world.pool[slot].entered_at);
            self.books.out.checks.opening_hours += u64::from(counted);
        }
        if !self.world.resources[resource].is_open() {
            let name = self.name_of(slot);
            let detail = format!("service starts at the closed {}", self.name_of_resource(resource));
            self.violate("opening hours", name, detail);
        }
        let is_work = matches!(self.env.model.programs.ops[self.world.pool[slot].pc as usize], Op::Work(_));
        if is_work && op.patience.is_some() && !self.world.pool[slot].interrupted {
            // Whatever was to end its patience comes too late.
            let entity = &mut self.world.pool[slot];
            entity.generation = entity.generation.wrapping_add(1);
        }
        let state = &mut self.world.resources[resource];
        if state.interrupts && is_work {
            state.in_service.push(slot);
        }
        if !state.bays.is_empty() {
            self.take_bays(slot, resource, op.units, !is_work);
        }
    }

    /// Work is done: the servers are free, the next one starts, the entity goes on.
    #[inline]
    pub(crate) fn work_done(&mut self, slot: Slot) {
        let now = self.clock.now;
        let entity = &mut self.world.pool[slot];
        let Op::Work(index) = self.env.model.programs.ops[entity.pc as usize] else { return };
        let op = &self.env.model.programs.works[index as usize];
        let (since, entered_at) = (entity.since, entity.entered_at);
        entity.serving = false;
        if O::IN_ORDER {
            self.observer.service_ended(&end_of(entity, op.resource, entered_at, since, now));
        }
        self.end_work(slot, index);
        let busy = self.env.window.clip(since, now) * i64::from(op.units);
        if op.keeps {
            self.keep(slot, index, entered_at, busy);
        } else {
            self.free_bays(slot, op.resource, op.units, false);
            self.leave_resource(slot, op.resource, op.units, entered_at, busy);
            let state = &self.world.resources[op.resource];
            if state.n_waiting + state.n_blocked > 0 {
                self.serve_in_turn(op.resource);
            }
        }
        self.advance(slot, false);
    }

    /// Gives servers back and books the departure.
    #[inline]
    pub(crate) fn leave_resource(
        &mut self,
        slot: Slot,
        resource: ResourceId,
        units: u32,
        entered_at: i64,
        busy: i64,
    ) {
        let now = self.clock.now;
        let state = &mut self.world.resources[resource];
        state.idle += units as i32;
        if !state.plain {
            // Empty unless work may be interrupted here.
            state.in_service.retain(|&other| other != slot);
        }
        let record = &mut self.books.out.resources[resource];
        record.busy += busy;
        record.present.change_with(now, -1, || week_shifts(self.env.model, resource));
        if record.present.level() == 0 {
            self.world.resources[resource].wakes_at = self.env.model.resources[resource].begins_with;
        }
        self.record_stay(resource, entered_at, now);
    }

    /// Gives back held servers.
    pub(crate) fn free(&mut self, slot: Slot, work: u32) {
        let held = &mut self.world.held[slot as usize];
        let Some(place) = held.iter().rposition(|held| held.work == work && !held.kept) else { return };
        self.give_back(slot, place);
    }

    /// Gives back one of the things that an entity holds, by its place among them.
    pub(crate) fn give_back(&mut self, slot: Slot, place: usize) {
        let held = self.world.held[slot as usize].remove(place);
        let op = &self.env.model.programs.works[held.work as usize];
        let (resource, units) = (op.resource, op.units);
        if O::IN_ORDER && !held.kept {
            let entity = &self.world.pool[slot];
            self.observer.service_ended(&end_of(
                entity,
                resource,
                held.entered_at,
                held.since,
                self.clock.now,
            ));
        }
        let served = if held.kept { 0 } else { self.env.window.clip(held.since, self.clock.now) };
        self.free_bays(slot, resource, units, !held.kept);
        self.leave_resource(slot, resource, units, held.entered_at, served * i64::from(units));
        self.serve_in_turn(resource);
    }

    /// Notes that the entity now holds servers until the matching `Free`.
    fn hold(&mut self, slot: Slot, work: u32) {
        let entered_at = self.world.pool[slot].entered_at;
        self.note_held(slot, Held { work, entered_at, since: self.clock.now, kept: false });
    }

    /// Work is done, and its servers are kept until there is room ahead.
    fn keep(&mut self, slot: Slot, work: u32, entered_at: i64, busy: i64) {
        let resource = self.env.model.programs.works[work as usize].resource;
        self.books.out.resources[resource].busy += busy;
        self.world.resources[resource].in_service.retain(|&other| other != slot);
        self.note_held(slot, Held { work, entered_at, since: self.clock.now, kept: true });
    }

    fn note_held(&mut self, slot: Slot, held: Held) {
        if self.world.held.len() <= slot as usize {
            self.world.held.resize_with(slot as usize + 1, Vec::new);
        }
        self.world.held[slot as usize].push(held);
    }

    /// Gives back everything an entity holds, when it is lost.
    pub(crate) fn free_all(&mut self, slot: Slot) {
        while let Some(last) = self.world.held.get(slot as usize).and_then(|held| held.len().checked_sub(1)) {
            self.give_back(slot, last);
        }
    }

    /// Ends the books of every resource: time in the window, work under way, Little's law.
    pub(crate) fn close_resources(&mut self) {
        let now = self.clock.now;
        let model = self.env.model;
        for resource in model.resources.ids() {
            let state = &mut self.world.resources[resource];
            let levels =
                &mut Levels::of(&mut self.books.out.resources[resource], week_shifts(model, resource));
            state.station.settle(now, levels);
            if let Station::Priority(priority) = &state.station {
                let stays = priority.waiting().map(|(_, since)| self.env.window.clip(since, now));
                state.sojourns += stays.sum::<i64>();
            }
            let waiting: Vec<Slot> = state.queues.iter().chain(&state.blocked).flatten().copied().collect();
            for slot in waiting {
                let sojourn = self.env.window.clip(self.world.pool[slot].entered_at, now);
                self.world.resources[resource].sojourns += sojourn;
            }
        }
        let serving: Vec<(ResourceId, i64, i64, u32)> = self
            .world
            .pool
            .alive()
            .filter(|entity| entity.serving)
            .filter_map(|entity| self.service_of(entity))
            .collect();
        let held = self.world.held.iter().flatten().map(|held| {
            let op = &self.env.model.programs.works[held.work as usize];
            (op.resource, held.entered_at, if held.kept { now } else { held.since }, op.units)
        });
        let under_way: Vec<_> = serving.into_iter().chain(held).collect();
        for (resource, entered_at, since, units) in under_way {
            self.world.resources[resource].sojourns += self.env.window.clip(entered_at, now);
            let busy = self.env.window.clip(since, now) * i64::from(units);
            self.books.out.resources[resource].busy += busy;
        }
        for resource in self.env.model.resources.ids() {
            self.close_resource(resource);
        }
    }

    /// Resource, request, begin of the present stretch of work, and units of work under way. Paused work serves nobody:
    /// its stretch is empty.
    fn service_of(&self, entity: &Entity) -> Option<(ResourceId, i64, i64, u32)> {
        let Op::Work(index) = self.env.model.programs.ops[entity.pc as usize] else { return None };
        let op = &self.env.model.programs.works[index as usize];
        let paused = self.env.model.resources[op.resource].at_closing == AtClosing::Pause
            && !self.world.resources[op.resource].open;
        let since = if paused { self.clock.now } else { entity.since };
        Some((op.resource, entity.entered_at, since, op.units))
    }

    fn close_resource(&mut self, resource: ResourceId) {
        let now = self.clock.now;
        let params = &self.env.model.resources[resource];
        self.world.resources[resource].account(now, self.env.window);
        let length = self.env.window.clip(0, now);
        let n_servers = i64::from(params.servers.unwrap_or(0));
        let ends = params.shifts.iter().skip(1).map(|&(from, _)| from.as_ms()).chain([now]);
        let by_shift = params.shifts.iter().zip(ends);
        let in_shifts: i64 =
            by_shift.map(|(&(from, n), to)| i64::from(n) * self.env.window.clip(from.as_ms(), to)).sum();
        let record = &mut self.books.out.resources[resource];
        record.installed = if params.shifts.is_empty() { n_servers * length } else { in_shifts };
        record.available = self.world.resources[resource].available;
        self.books.accounts.resource_without_wait(resource, record.without_wait);
        record.present.finish(now, &self.env.model.nodes[params.node].week_shifts);
        match &self.world.resources[resource].station {
            Station::Fifo(fifo) => record.queue.finish_above(now, record.present.times(), fifo.n_servers()),
            _ => record.queue.finish(now),
        }
        self.books.out.checks.little += 1;
        let (area, sojourns) =
            (record.present.times().area(), i128::from(self.world.resources[resource].sojourns));
        if area != sojourns {
            let detail =
                format!("number present integrates to {area} ms but times in system sum to {sojourns} ms");
            self.violate("little", self.name_of_resource(resource), detail);
        }
    }
}
