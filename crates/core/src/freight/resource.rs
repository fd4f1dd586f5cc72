//! Queues and servers: requests, starts, completions, held servers, opening hours.
//!
//! A job starts when its resource is open, enough servers are idle, nobody is ahead of it in the queue and, under
//! `fit`, it can end by closing time. Nobody overtakes the head of the queue. The wait is divided when it ends: closed
//! time first (from the resource's running total), the rest is waiting for a server.

use crate::freight::category::Category;
use crate::freight::event::{Class, Event, Source, What};
use crate::freight::ids::ResourceId;
use crate::freight::model::{AtClosing, Model};
use crate::freight::observer::{Observer, ServiceStart};
use crate::freight::program::Op;
use crate::freight::simulation::Simulation;
use crate::freight::sites;
use crate::freight::state::{Entity, Held, Kind, Slot};

impl<O: Observer> Simulation<'_, O> {
    /// An entity asks for service, its present operation.
    #[inline]
    pub(super) fn request(&mut self, slot: Slot, work: u32) {
        let op = &self.model.programs.works[work as usize];
        let resource = op.resource;
        let state = &self.resources[resource];
        // The common cases by themselves: always open, one queue of any length.
        if state.is_desk {
            if state.n_waiting == 0 && state.idle >= op.units as i32 {
                self.start_at_once(slot, work);
            } else {
                self.queue_at_desk(slot, resource);
            }
        } else if self.enter_or_lose(slot, resource) {
            if self.may_start(slot, resource) {
                self.start(slot, work);
            } else {
                self.enqueue(slot, resource);
            }
        }
    }

    /// An entity asks for servers to hold. True if it has them at once.
    pub(super) fn seize(&mut self, slot: Slot, work: u32) -> bool {
        let resource = self.model.programs.works[work as usize].resource;
        if !self.enter_or_lose(slot, resource) {
            return false;
        }
        let at_once = self.may_start(slot, resource);
        if at_once {
            self.begin_service(slot, work);
            self.hold(slot, work);
        } else {
            self.enqueue(slot, resource);
        }
        at_once
    }

    /// Books the arrival. False if there is no room and the entity is lost.
    fn enter_or_lose(&mut self, slot: Slot, resource: ResourceId) -> bool {
        if let Some(room) = self.model.resources[resource].room
            && self.resources[resource].n_waiting >= room
            && !self.may_start(slot, resource)
        {
            let counted = u64::from(self.is_measured(self.now));
            let record = &mut self.out.resources[resource];
            record.arrivals += counted;
            record.lost += counted;
            self.lose(slot);
            return false;
        }
        self.enter(slot, resource);
        true
    }

    /// Books the arrival of an entity that stays.
    #[inline]
    fn enter(&mut self, slot: Slot, resource: ResourceId) {
        let now = self.now;
        let counted = u64::from(self.is_measured(now));
        self.n_measured += counted;
        let record = &mut self.out.resources[resource];
        record.arrivals += counted;
        record.present.change(now, 1);
        record.week.change_with(now, 1, || week_shifts(self.model, resource));
        let entity = &mut self.pool[slot];
        entity.entered_at = now;
        entity.since = now;
        let state = &self.resources[resource];
        entity.closed_before = state.closed.until(now);
        entity.disrupted_before = state.disrupted.until(now);
    }

    /// Whether the entity could be served now if it were the head of the queue, and nobody is ahead.
    #[inline]
    fn may_start(&mut self, slot: Slot, resource: ResourceId) -> bool {
        self.resources[resource].n_waiting == 0 && self.can_be_served(slot, resource)
    }

    /// Open, servers idle, and under `fit` done by closing time.
    #[inline]
    fn can_be_served(&mut self, slot: Slot, resource: ResourceId) -> bool {
        let state = &self.resources[resource];
        if !state.is_open() || state.idle <= 0 {
            return false;
        }
        let (Op::Work(index) | Op::Seize(index)) = self.model.programs.ops[self.pool[slot].pc as usize]
        else {
            return false;
        };
        let op = &self.model.programs.works[index as usize];
        if state.idle < op.units as i32 {
            return false;
        }
        let params = &self.model.resources[resource];
        if params.at_closing == AtClosing::Fit
            && let Some(calendar) = params.calendar
        {
            // The draw is a pure function of its key: asking now and again later gives the same time.
            let (_, close) = self.model.calendars[calendar].open[state.interval];
            let mut time = self.draw_time(slot, &op.time, op.stream, op.per, Some(sites::of_work(index)));
            if !self.resources[resource].modifiers.is_empty() {
                time = self.changed_time(&self.resources[resource].modifiers, slot, time);
            }
            return self.now + time <= close.as_ms();
        }
        true
    }

    fn enqueue(&mut self, slot: Slot, resource: ResourceId) {
        let class = self.class_at(slot, resource);
        let state = &mut self.resources[resource];
        state.queues[class].push_back(slot);
        state.n_waiting += 1;
        self.out.resources[resource].queue.change(self.now, 1);
        if class + 1 < self.resources[resource].queues.len() {
            // A more urgent newcomer may fit where the head of a lower class does not.
            self.serve(resource);
        }
    }

    /// The entity's class in a resource's queue.
    fn class_at(&self, slot: Slot, resource: ResourceId) -> usize {
        let classes = self.model.resources[resource].classes;
        if classes == 1 {
            return 0;
        }
        let entity = &self.pool[slot];
        let own = match self.model.programs.ops[entity.pc as usize] {
            Op::Work(index) | Op::Seize(index) => self.model.programs.works[index as usize].class,
            _ => None,
        };
        usize::from(own.unwrap_or(entity.class).min(classes - 1))
    }

    /// Starts the head of the queue of a desk if it can be served, after somebody has left it: `serve` for whole stages.
    #[inline]
    fn serve_desk(&mut self, resource: ResourceId) {
        let state = &mut self.resources[resource];
        let Some(&slot) = state.queues[0].front() else { return };
        let entity = &mut self.pool[slot];
        let Op::Work(work) = self.model.programs.ops[entity.pc as usize] else { return self.serve(resource) };
        let op = &self.model.programs.works[work as usize];
        if op.whole_stage.is_none() || op.units != 1 || state.idle != 1 {
            return self.serve(resource);
        }
        state.queues[0].pop_front();
        state.n_waiting -= 1;
        state.idle = 0;
        let now = self.now;
        let record = &mut self.out.resources[resource];
        record.queue.change(now, -1);
        let wait = now - entity.entered_at;
        let counted = self.window.contains(entity.entered_at);
        entity.since = now;
        if wait == 0 {
            record.without_wait += u64::from(counted);
        } else if counted {
            self.accounts.resource_wait(resource, wait);
        }
        self.work(slot, work);
    }

    /// Starts whoever can start, from the head of the queue on.
    #[inline(never)]
    pub(super) fn serve(&mut self, resource: ResourceId) {
        while self.resources[resource].n_waiting > 0 {
            let Some((class, slot)) = self.resources[resource].head() else { return };
            if !self.can_be_served(slot, resource) {
                return;
            }
            let state = &mut self.resources[resource];
            state.queues[class].pop_front();
            state.n_waiting -= 1;
            self.out.resources[resource].queue.change(self.now, -1);
            match self.model.programs.ops[self.pool[slot].pc as usize] {
                Op::Seize(work) => {
                    self.begin_service(slot, work);
                    self.hold(slot, work);
                    self.pool[slot].pc += 1;
                    self.schedule_at(self.now, resource, slot, What::Resume);
                }
                Op::Work(work) => self.start(slot, work),
                _ => {}
            }
        }
    }

    /// Enters and starts work without a wait at an open resource: `enter` and `start` in one.
    #[inline]
    fn start_at_once(&mut self, slot: Slot, work: u32) {
        let now = self.now;
        let op = &self.model.programs.works[work as usize];
        let counted = u64::from(self.window.contains(now));
        self.n_measured += counted;
        let record = &mut self.out.resources[op.resource];
        record.arrivals += counted;
        record.without_wait += counted;
        record.present.change(now, 1);
        record.week.change_with(now, 1, || week_shifts(self.model, op.resource));
        self.resources[op.resource].idle -= op.units as i32;
        let entity = &mut self.pool[slot];
        entity.entered_at = now;
        entity.since = now;
        self.work(slot, work);
    }

    /// Enters a queue whose head waits for a server: `enter` and `enqueue` in one.
    #[inline]
    fn queue_at_desk(&mut self, slot: Slot, resource: ResourceId) {
        let now = self.now;
        let counted = u64::from(self.window.contains(now));
        self.n_measured += counted;
        let record = &mut self.out.resources[resource];
        record.arrivals += counted;
        record.present.change(now, 1);
        record.week.change_with(now, 1, || week_shifts(self.model, resource));
        record.queue.change(now, 1);
        let state = &mut self.resources[resource];
        state.queues[0].push_back(slot);
        state.n_waiting += 1;
        let entity = &mut self.pool[slot];
        entity.entered_at = now;
        entity.since = now;
        // A desk is never closed.
        entity.closed_before = 0;
        entity.disrupted_before = 0;
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
        let op = &self.model.programs.works[work as usize];
        let mut time = self.draw_time(slot, &op.time, op.stream, op.per, Some(sites::of_work(work)));
        if !self.resources[op.resource].modifiers.is_empty() {
            time = self.changed_time(&self.resources[op.resource].modifiers, slot, time);
        }
        let due = self.now + time;
        let entity = &mut self.pool[slot];
        if self.window.contains(entity.entered_at) {
            self.out.resources[op.resource].work += i128::from(time);
        }
        entity.due = due;
        entity.serving = true;
        self.observer.service_started(&ServiceStart {
            resource: op.resource,
            owner: entity.owner,
            is_vehicle: entity.kind == Kind::Vehicle,
            number: entity.number,
            requested_at: entity.entered_at,
            started_at: self.now,
            work: time,
        });
        let rank = self.ranks.at_resource(Class::Completion, op.resource, entity.identity);
        self.calendar.push(due, rank, Event { slot, generation: entity.generation, what: What::WorkDone });
    }

    /// Takes the servers and divides the wait.
    #[inline]
    fn begin_service(&mut self, slot: Slot, work: u32) {
        let now = self.now;
        let op = &self.model.programs.works[work as usize];
        let state = &mut self.resources[op.resource];
        state.idle -= op.units as i32;
        if !state.plain {
            self.check_open(slot, op.resource);
        }
        let record = &mut self.out.resources[op.resource];
        let entity = &mut self.pool[slot];
        let wait = now - entity.entered_at;
        let counted = self.window.contains(entity.entered_at);
        if wait > 0 {
            entity.since = now;
            if counted {
                self.accounts.resource_wait(op.resource, wait);
            }
            if op.whole_stage.is_some() {
                // Divided when the work is done.
                return;
            }
            let state = &self.resources[op.resource];
            let hours = state.closed.until(now) - entity.closed_before;
            let disruption = state.disrupted.until(now) - entity.disrupted_before;
            entity.spend(Category::Disruption, disruption);
            entity.spend(Category::Hours, hours);
            entity.spend(Category::Server, wait - hours - disruption);
        } else {
            // Waits of nothing are only counted here; they enter the tally when the books are closed.
            record.without_wait += u64::from(counted);
        }
    }

    /// At a resource with hours: no start outside them, and interruptible work is noted.
    fn check_open(&mut self, slot: Slot, resource: ResourceId) {
        self.out.checks.opening_hours += u64::from(self.window.contains(self.pool[slot].entered_at));
        if !self.resources[resource].is_open() {
            let name = self.name_of(slot);
            let detail = format!("service starts at the closed {}", self.name_of_resource(resource));
            self.violate("opening hours", name, detail);
        }
        let is_work = matches!(self.model.programs.ops[self.pool[slot].pc as usize], Op::Work(_));
        if self.model.resources[resource].at_closing == AtClosing::Pause && is_work {
            self.resources[resource].in_service.push(slot);
        }
    }

    /// Work is done: the servers are free, the next one starts, the entity goes on.
    #[inline]
    pub(super) fn work_done(&mut self, slot: Slot) {
        let now = self.now;
        let entity = &mut self.pool[slot];
        let Op::Work(index) = self.model.programs.ops[entity.pc as usize] else { return };
        let op = &self.model.programs.works[index as usize];
        let (since, entered_at) = (entity.since, entity.entered_at);
        entity.serving = false;
        entity.fold(now);
        if let Some(stage) = op.whole_stage {
            entity.accounted += now - entered_at;
            entity.stage_from = now;
            entity.pc += 2;
            if entity.measured {
                self.out.checks.categories += 1;
                self.accounts.stage(stage, now - entered_at);
                self.out.stages[stage].spend_on_work(since - entered_at, now - since);
            }
        } else {
            entity.spend(Category::Worked, now - since);
            entity.pc += 1;
        }
        let busy = self.window.clip(since, now) * i64::from(op.units);
        self.leave_resource(slot, op.resource, op.units, entered_at, busy);
        let state = &self.resources[op.resource];
        if state.n_waiting > 0 {
            if state.is_desk { self.serve_desk(op.resource) } else { self.serve(op.resource) }
        }
        // From desk to desk, the most common way on, without a turn through the interpreter.
        match self.model.programs.ops[self.pool[slot].pc as usize] {
            Op::Work(next) if !self.is_contested() => self.request(slot, next),
            _ => self.advance(slot, false),
        }
    }

    /// Gives servers back and books the departure.
    #[inline]
    fn leave_resource(&mut self, slot: Slot, resource: ResourceId, units: u32, entered_at: i64, busy: i64) {
        let now = self.now;
        let state = &mut self.resources[resource];
        state.idle += units as i32;
        state.sojourns += self.window.clip(entered_at, now);
        if !state.plain {
            // Empty unless closing time interrupts work here.
            state.in_service.retain(|&other| other != slot);
        }
        let record = &mut self.out.resources[resource];
        record.busy += busy;
        record.present.change(now, -1);
        record.week.change_with(now, -1, || week_shifts(self.model, resource));
        if self.window.contains(entered_at) {
            self.accounts.resource_system(resource, now - entered_at);
            self.n_measured -= 1;
        }
    }

    /// Gives back held servers.
    pub(super) fn free(&mut self, slot: Slot, work: u32) {
        let held = &mut self.held[slot as usize];
        let Some(place) = held.iter().rposition(|held| held.work == work) else { return };
        let held = held.remove(place);
        let op = &self.model.programs.works[work as usize];
        let (resource, units) = (op.resource, op.units);
        let busy = self.window.clip(held.since, self.now) * i64::from(units);
        self.leave_resource(slot, resource, units, held.entered_at, busy);
        self.serve(resource);
    }

    /// Notes that the entity now holds servers until the matching `Free`.
    fn hold(&mut self, slot: Slot, work: u32) {
        if self.held.len() <= slot as usize {
            self.held.resize_with(slot as usize + 1, Vec::new);
        }
        let entity = &self.pool[slot];
        self.held[slot as usize].push(Held { work, entered_at: entity.entered_at, since: self.now });
    }

    /// Gives back everything an entity holds, when it is lost.
    pub(super) fn free_all(&mut self, slot: Slot) {
        while let Some(work) = self.held.get(slot as usize).and_then(|held| held.last()).map(|held| held.work)
        {
            self.free(slot, work);
        }
    }

    /// Sets a resource's first state of opening.
    pub(super) fn begin_hours(&mut self, resource: ResourceId) {
        let Some(calendar) = self.model.resources[resource].calendar else { return };
        let open = &self.model.calendars[calendar].open;
        let state = &mut self.resources[resource];
        state.interval = open.partition_point(|&(_, close)| close.as_ms() <= 0);
        state.open = open.get(state.interval).is_some_and(|&(from, _)| from.as_ms() <= 0);
        state.account(0);
        self.schedule_hours(resource);
    }

    fn schedule_hours(&mut self, resource: ResourceId) {
        let Some(calendar) = self.model.resources[resource].calendar else { return };
        let state = &self.resources[resource];
        let Some(&(from, close)) = self.model.calendars[calendar].open.get(state.interval) else { return };
        let at = if state.open { close.as_ms() } else { from.as_ms() };
        let rank = self.ranks.at_resource(Class::Change, resource, 0);
        self.agenda.push(at, rank, Source::Opening(resource));
    }

    /// A resource opens or closes.
    pub(super) fn change_hours(&mut self, resource: ResourceId) {
        let now = self.now;
        let state = &mut self.resources[resource];
        if state.open {
            state.open = false;
            state.interval += 1;
            state.account(now);
            if self.model.resources[resource].at_closing == AtClosing::Pause {
                self.pause(resource);
            }
        } else {
            state.open = true;
            state.account(now);
            if self.model.resources[resource].at_closing == AtClosing::Pause {
                self.resume(resource);
            }
            self.serve(resource);
        }
        self.schedule_hours(resource);
    }

    /// Interrupts all work in service: what was to come of it is kept in `due` as work left.
    fn pause(&mut self, resource: ResourceId) {
        let now = self.now;
        for place in 0..self.resources[resource].in_service.len() {
            let slot = self.resources[resource].in_service[place];
            let Op::Work(index) = self.model.programs.ops[self.pool[slot].pc as usize] else { continue };
            let units = self.model.programs.works[index as usize].units;
            let entity = &mut self.pool[slot];
            let since = entity.since;
            entity.spend(Category::Worked, now - since);
            entity.since = now;
            entity.due -= now;
            entity.generation = entity.generation.wrapping_add(1);
            let busy = self.window.clip(since, now) * i64::from(units);
            self.out.resources[resource].busy += busy;
        }
    }

    /// Takes interrupted work up again.
    fn resume(&mut self, resource: ResourceId) {
        let now = self.now;
        for place in 0..self.resources[resource].in_service.len() {
            let slot = self.resources[resource].in_service[place];
            let entity = &mut self.pool[slot];
            let since = entity.since;
            entity.spend(Category::Hours, now - since);
            entity.since = now;
            entity.due += now;
            let due = entity.due;
            self.schedule_at(due, resource, slot, What::WorkDone);
        }
    }

    /// Ends the books of every resource: time in the window, work under way, Little's law.
    pub(super) fn close_resources(&mut self) {
        let now = self.now;
        for resource in self.model.resources.ids() {
            let waiting: Vec<Slot> = self.resources[resource].queues.iter().flatten().copied().collect();
            for slot in waiting {
                let sojourn = self.window.clip(self.pool[slot].entered_at, now);
                self.resources[resource].sojourns += sojourn;
            }
        }
        let serving: Vec<(ResourceId, i64, i64, u32)> = self
            .pool
            .alive()
            .filter(|entity| entity.serving)
            .filter_map(|entity| self.service_of(entity))
            .collect();
        let held = self.held.iter().flatten().map(|held| {
            let op = &self.model.programs.works[held.work as usize];
            (op.resource, held.entered_at, held.since, op.units)
        });
        let under_way: Vec<_> = serving.into_iter().chain(held).collect();
        for (resource, entered_at, since, units) in under_way {
            self.resources[resource].sojourns += self.window.clip(entered_at, now);
            let busy = self.window.clip(since, now) * i64::from(units);
            self.out.resources[resource].busy += busy;
        }
        for resource in self.model.resources.ids() {
            self.close_resource(resource);
        }
    }

    /// Resource, request, begin of the present stretch of work, and units of work under way. Paused work serves nobody:
    /// its stretch is empty.
    fn service_of(&self, entity: &Entity) -> Option<(ResourceId, i64, i64, u32)> {
        let Op::Work(index) = self.model.programs.ops[entity.pc as usize] else { return None };
        let op = &self.model.programs.works[index as usize];
        let paused = self.model.resources[op.resource].at_closing == AtClosing::Pause
            && !self.resources[op.resource].open;
        let since = if paused { self.now } else { entity.since };
        Some((op.resource, entity.entered_at, since, op.units))
    }

    fn close_resource(&mut self, resource: ResourceId) {
        let now = self.now;
        let params = &self.model.resources[resource];
        let open = match params.calendar {
            None => self.window.clip(0, now),
            Some(calendar) => {
                let intervals = &self.model.calendars[calendar].open;
                intervals.iter().map(|&(from, close)| self.window.clip(from.as_ms(), close.as_ms())).sum()
            }
        };
        let record = &mut self.out.resources[resource];
        record.open = open;
        self.accounts.resource_without_wait(resource, record.without_wait);
        record.queue.finish(now);
        record.present.finish(now);
        record.week.finish(now, &self.model.nodes[params.node].week_shifts);
        self.out.checks.little += 1;
        let (area, sojourns) = (record.present.times().area(), i128::from(self.resources[resource].sojourns));
        if area != sojourns {
            let detail =
                format!("number present integrates to {area} ms but times in system sum to {sojourns} ms");
            self.violate("little", self.name_of_resource(resource), detail);
        }
    }
}

/// The table of local time where a resource stands.
fn week_shifts(model: &Model, resource: ResourceId) -> &[(i64, i64)] {
    &model.nodes[model.resources[resource].node].week_shifts
}
