//! Queues and servers: requests, starts, completions, held servers, opening hours.
//!
//! A job starts when its resource is open, enough servers are idle, nobody is ahead of it in the queue and, under
//! `fit`, it can end by closing time. Nobody overtakes the head of the queue. The wait is divided when it ends: closed
//! time first (from the resource's running total), the rest is waiting for a server.

use sanda_units::Time;

use crate::freight::category::Category;
use crate::freight::event::{Class, Source, What};
use crate::freight::ids::ResourceId;
use crate::freight::model::AtClosing;
use crate::freight::observer::{Observer, ServiceStart};
use crate::freight::program::Op;
use crate::freight::simulation::Simulation;
use crate::freight::state::{Entity, Held, Kind, Slot};

impl<O: Observer> Simulation<'_, O> {
    /// An entity asks for service, its present operation.
    #[inline]
    pub(super) fn request(&mut self, slot: Slot, work: u32) {
        let op = &self.model.programs.works[work as usize];
        let resource = op.resource;
        if !self.enter(slot, resource) {
            return;
        }
        if self.may_start(slot, resource) {
            self.start(slot, resource);
        } else {
            self.enqueue(slot, resource);
        }
    }

    /// An entity asks for servers to hold. True if it has them at once.
    pub(super) fn seize(&mut self, slot: Slot, work: u32) -> bool {
        let resource = self.model.programs.works[work as usize].resource;
        if !self.enter(slot, resource) {
            return false;
        }
        if self.may_start(slot, resource) {
            self.begin_service(slot, resource);
            self.hold(slot, work);
            true
        } else {
            self.enqueue(slot, resource);
            false
        }
    }

    /// Books the arrival. False if there is no room and the entity is lost.
    #[inline]
    fn enter(&mut self, slot: Slot, resource: ResourceId) -> bool {
        let now = self.now;
        let counted = self.model.window.contains(Time::from_ms(now));
        let params = &self.model.resources[resource];
        let state = &self.resources[resource];
        let record = &mut self.out.resources[resource];
        record.arrivals += u64::from(counted);
        if let Some(room) = params.room
            && state.n_waiting >= room
            && !self.may_start(slot, resource)
        {
            let record = &mut self.out.resources[resource];
            record.lost += u64::from(counted);
            self.lose(slot);
            return false;
        }
        let record = &mut self.out.resources[resource];
        record.present.change(now, 1);
        record.week.change(now, 1, &self.model.nodes[params.node].week_shifts);
        let entity = &mut self.pool[slot];
        entity.entered_at = now;
        entity.since = now;
        entity.closed_before = self.resources[resource].closed_until(now);
        true
    }

    /// Whether the entity could be served now if it were the head of the queue, and nobody is ahead.
    #[inline]
    fn may_start(&self, slot: Slot, resource: ResourceId) -> bool {
        self.resources[resource].n_waiting == 0 && self.can_be_served(slot, resource)
    }

    /// Open, servers idle, and under `fit` done by closing time.
    #[inline]
    fn can_be_served(&self, slot: Slot, resource: ResourceId) -> bool {
        let state = &self.resources[resource];
        if !state.open {
            return false;
        }
        let (Op::Work(index) | Op::Seize(index)) = self.model.programs.ops[self.pool[slot].pc as usize]
        else {
            return false;
        };
        let op = &self.model.programs.works[index as usize];
        if state.idle < op.units {
            return false;
        }
        let params = &self.model.resources[resource];
        if params.at_closing == AtClosing::Fit
            && let Some(calendar) = params.calendar
        {
            // The draw is a pure function of its key: asking now and again later gives the same time.
            let time = self.draw_time(slot, &op.time, op.stream, op.per);
            let (_, close) = self.model.calendars[calendar].open[state.interval];
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

    /// Starts whoever can start, from the head of the queue on.
    #[inline]
    fn serve(&mut self, resource: ResourceId) {
        while self.resources[resource].n_waiting > 0 {
            let Some((class, slot)) = self.resources[resource].head() else { return };
            if !self.can_be_served(slot, resource) {
                return;
            }
            let state = &mut self.resources[resource];
            state.queues[class].pop_front();
            state.n_waiting -= 1;
            self.out.resources[resource].queue.change(self.now, -1);
            if let Op::Seize(work) = self.model.programs.ops[self.pool[slot].pc as usize] {
                self.begin_service(slot, resource);
                self.hold(slot, work);
                self.pool[slot].pc += 1;
                self.schedule(self.now, Class::Completion, Some(resource), slot, What::Resume);
            } else {
                self.start(slot, resource);
            }
        }
    }

    /// Starts work and schedules its end.
    #[inline]
    fn start(&mut self, slot: Slot, resource: ResourceId) {
        self.begin_service(slot, resource);
        let Op::Work(index) = self.model.programs.ops[self.pool[slot].pc as usize] else { return };
        let op = &self.model.programs.works[index as usize];
        let time = self.draw_time(slot, &op.time, op.stream, op.per);
        let entity = &mut self.pool[slot];
        entity.due = self.now + time;
        entity.serving = true;
        self.observer.service_started(&ServiceStart {
            resource,
            owner: entity.owner,
            is_vehicle: entity.kind == Kind::Vehicle,
            number: entity.number,
            requested_at: entity.entered_at,
            started_at: self.now,
            work: time,
        });
        self.schedule(self.now + time, Class::Completion, Some(resource), slot, What::WorkDone);
    }

    /// Takes the servers and divides the wait.
    #[inline]
    fn begin_service(&mut self, slot: Slot, resource: ResourceId) {
        let now = self.now;
        let params = &self.model.resources[resource];
        let op = self.model.programs.ops[self.pool[slot].pc as usize];
        let (Op::Work(index) | Op::Seize(index)) = op else { return };
        let units = self.model.programs.works[index as usize].units;
        let state = &mut self.resources[resource];
        state.idle -= units;
        if params.calendar.is_some() {
            self.out.checks.opening_hours += 1;
            if params.at_closing == AtClosing::Pause && matches!(op, Op::Work(_)) {
                state.in_service.push(slot);
            }
        }
        let closed = state.closed_until(now);
        let entity = &mut self.pool[slot];
        let wait = now - entity.entered_at;
        if wait > 0 {
            let hours = closed - entity.closed_before;
            entity.spend(Category::Hours, hours);
            entity.spend(Category::Server, wait - hours);
        }
        entity.since = now;
        if self.model.window.contains(Time::from_ms(entity.entered_at)) {
            let record = &mut self.out.resources[resource];
            record.wait.record(wait);
            record.without_wait += u64::from(wait == 0);
        }
    }

    /// Work is done: the servers are free, the next one starts, the entity goes on.
    pub(super) fn work_done(&mut self, slot: Slot) {
        let Op::Work(index) = self.model.programs.ops[self.pool[slot].pc as usize] else { return };
        let op = &self.model.programs.works[index as usize];
        let (resource, units) = (op.resource, op.units);
        let entered_at = self.pool[slot].entered_at;
        self.end_service(slot, resource, units, entered_at);
        let entity = &mut self.pool[slot];
        entity.fold(self.now);
        entity.pc += 1;
        self.serve(resource);
        self.advance(slot, false);
    }

    /// Books the end of service and gives the servers back.
    #[inline]
    fn end_service(&mut self, slot: Slot, resource: ResourceId, units: u32, entered_at: i64) {
        let now = self.now;
        let entity = &mut self.pool[slot];
        let since = entity.since;
        entity.serving = false;
        entity.spend(Category::Worked, now - since);
        let busy = i128::from(self.clip(since, now)) * i128::from(units);
        self.leave_resource(slot, resource, units, entered_at, busy);
    }

    fn leave_resource(&mut self, slot: Slot, resource: ResourceId, units: u32, entered_at: i64, busy: i128) {
        let now = self.now;
        let sojourn = self.clip(entered_at, now);
        let params = &self.model.resources[resource];
        let state = &mut self.resources[resource];
        state.idle += units;
        state.sojourns += i128::from(sojourn);
        if params.calendar.is_some() && params.at_closing == AtClosing::Pause {
            state.in_service.retain(|&other| other != slot);
        }
        let record = &mut self.out.resources[resource];
        record.busy += busy;
        record.present.change(now, -1);
        record.week.change(now, -1, &self.model.nodes[params.node].week_shifts);
        if self.model.window.contains(Time::from_ms(entered_at)) {
            record.system.record(now - entered_at);
        }
    }

    /// Gives back held servers.
    pub(super) fn free(&mut self, slot: Slot, work: u32) {
        let held = &mut self.held[slot as usize];
        let Some(place) = held.iter().rposition(|held| held.work == work) else { return };
        let held = held.remove(place);
        let op = &self.model.programs.works[work as usize];
        let (resource, units) = (op.resource, op.units);
        let busy = i128::from(self.clip(held.since, self.now)) * i128::from(units);
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
        self.schedule_hours(resource);
    }

    fn schedule_hours(&mut self, resource: ResourceId) {
        let Some(calendar) = self.model.resources[resource].calendar else { return };
        let state = &self.resources[resource];
        let Some(&(from, close)) = self.model.calendars[calendar].open.get(state.interval) else { return };
        let at = if state.open { close.as_ms() } else { from.as_ms() };
        let rank = self.ranks.at_resource(Class::Change, resource, 0, 0);
        self.agenda.push(at, rank, Source::Opening(resource));
    }

    /// A resource opens or closes.
    pub(super) fn change_hours(&mut self, resource: ResourceId) {
        let now = self.now;
        let state = &mut self.resources[resource];
        if state.open {
            state.open = false;
            state.closed_since = now;
            state.interval += 1;
            if self.model.resources[resource].at_closing == AtClosing::Pause {
                self.pause(resource);
            }
        } else {
            state.open = true;
            state.closed_total += now - state.closed_since;
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
            let busy = i128::from(self.clip(since, now)) * i128::from(units);
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
            self.schedule(due, Class::Completion, Some(resource), slot, What::WorkDone);
        }
    }

    /// Ends the books of every resource: time in the window, work under way, Little's law.
    pub(super) fn close_resources(&mut self) {
        let now = self.now;
        for resource in self.model.resources.ids() {
            let waiting: Vec<Slot> = self.resources[resource].queues.iter().flatten().copied().collect();
            for slot in waiting {
                let sojourn = self.clip(self.pool[slot].entered_at, now);
                self.resources[resource].sojourns += i128::from(sojourn);
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
            self.resources[resource].sojourns += i128::from(self.clip(entered_at, now));
            let busy = i128::from(self.clip(since, now)) * i128::from(units);
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
            None => self.clip(0, now),
            Some(calendar) => {
                let intervals = &self.model.calendars[calendar].open;
                intervals.iter().map(|&(from, close)| self.clip(from.as_ms(), close.as_ms())).sum()
            }
        };
        let record = &mut self.out.resources[resource];
        record.open = open;
        record.queue.finish(now);
        record.present.finish(now);
        record.week.finish(now, &self.model.nodes[params.node].week_shifts);
        self.out.checks.little += 1;
        let (area, sojourns) = (record.present.times().area(), self.resources[resource].sojourns);
        if area != sojourns {
            let detail =
                format!("number present integrates to {area} ms but times in system sum to {sojourns} ms");
            self.violate("little", self.name_of_resource(resource), detail);
        }
    }
}
