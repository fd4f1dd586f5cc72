//! Opening hours and shifts: when a resource opens and closes, and how many servers it has.
//!
//! Closing time interrupts work only under `pause`. A shift that ends takes its servers away as they become free: what was
//! begun is finished. Does not own closures and capacities under disruption (`disruption`).

use crate::engine::Simulation;
use crate::engine::event::{Source, What};
use crate::model::AtClosing;
use crate::model::category::Category;
use crate::model::ids::ResourceId;
use crate::model::program::Op;
use crate::plan::Class;
use crate::record::observer::Observer;

impl<O: Observer> Simulation<'_, O> {
    /// Sets a resource's first state of opening and its first shift.
    pub(crate) fn begin_hours(&mut self, resource: ResourceId) {
        self.schedule_shift(resource);
        let Some(calendar) = self.env.model.resources[resource].calendar else { return };
        let open = &self.env.model.calendars[calendar].open;
        let state = &mut self.world.resources[resource];
        state.interval = open.partition_point(|&(_, close)| close.as_ms() <= 0);
        state.open = open.get(state.interval).is_some_and(|&(from, _)| from.as_ms() <= 0);
        state.account(0, self.env.window);
        self.schedule_hours(resource);
    }

    fn schedule_hours(&mut self, resource: ResourceId) {
        let Some(calendar) = self.env.model.resources[resource].calendar else { return };
        let state = &self.world.resources[resource];
        let Some(&(from, close)) = self.env.model.calendars[calendar].open.get(state.interval) else {
            return;
        };
        let at = if state.open { close.as_ms() } else { from.as_ms() };
        let rank = self.env.ranks.at_resource(Class::Change, resource, 0);
        self.clock.agenda.push(at, rank, Source::Opening(resource));
    }

    /// A resource opens or closes.
    pub(crate) fn change_hours(&mut self, resource: ResourceId) {
        let now = self.clock.now;
        let state = &mut self.world.resources[resource];
        if state.open {
            state.open = false;
            state.interval += 1;
            state.account(now, self.env.window);
            if self.env.model.resources[resource].at_closing == AtClosing::Pause {
                self.pause(resource);
            }
        } else {
            state.open = true;
            state.account(now, self.env.window);
            if self.env.model.resources[resource].at_closing == AtClosing::Pause {
                self.resume(resource);
            }
            self.serve_in_turn(resource);
        }
        self.schedule_hours(resource);
    }

    fn schedule_shift(&mut self, resource: ResourceId) {
        let next = self.world.resources[resource].shift + 1;
        let Some(&(at, _)) = self.env.model.resources[resource].shifts.get(next) else { return };
        // After the hours of the same resource.
        let rank = self.env.ranks.at_resource(Class::Change, resource, 1);
        self.clock.agenda.push(at.as_ms(), rank, Source::Shift(resource));
    }

    /// Another number of servers from now on.
    pub(crate) fn change_shift(&mut self, resource: ResourceId) {
        let state = &mut self.world.resources[resource];
        state.shift += 1;
        state.scheduled = self.env.model.resources[resource].shifts[state.shift].1 as i32;
        self.staff(resource);
        self.serve_in_turn(resource);
        self.schedule_shift(resource);
    }

    /// Brings the number of servers in line with the shift and with the disruptions that take servers away.
    pub(crate) fn staff(&mut self, resource: ResourceId) {
        let state = &self.world.resources[resource];
        if self.env.model.resources[resource].servers.is_some() {
            let servers = self.scaled(&state.modifiers, i64::from(state.scheduled)) as i32;
            let state = &mut self.world.resources[resource];
            state.idle += servers - state.servers;
            state.servers = servers;
        }
        self.world.resources[resource].account(self.clock.now, self.env.window);
    }

    /// Interrupts all work in service: what was to come of it is kept in `due` as work left.
    fn pause(&mut self, resource: ResourceId) {
        let now = self.clock.now;
        for place in 0..self.world.resources[resource].in_service.len() {
            let slot = self.world.resources[resource].in_service[place];
            let Op::Work(index) = self.env.model.programs.ops[self.world.pool[slot].pc as usize] else {
                continue;
            };
            let units = self.env.model.programs.works[index as usize].units;
            let entity = &mut self.world.pool[slot];
            let since = entity.since;
            entity.spend(Category::Worked, now - since);
            entity.since = now;
            entity.due -= now;
            entity.generation = entity.generation.wrapping_add(1);
            let busy = self.env.window.clip(since, now) * i64::from(units);
            self.books.out.resources[resource].busy += busy;
        }
        self.rest_bays(resource);
    }

    /// Takes interrupted work up again.
    fn resume(&mut self, resource: ResourceId) {
        let now = self.clock.now;
        for place in 0..self.world.resources[resource].in_service.len() {
            let slot = self.world.resources[resource].in_service[place];
            let entity = &mut self.world.pool[slot];
            let since = entity.since;
            entity.spend(Category::Hours, now - since);
            entity.since = now;
            entity.due += now;
            let due = entity.due;
            self.schedule_at(due, resource, slot, What::WorkDone);
        }
        self.rouse_bays(resource);
    }
}
