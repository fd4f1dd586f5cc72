//! Opening hours and shifts: when a resource opens and closes, and how many servers it has.
//!
//! Closing time interrupts work only under `pause`. A shift that ends takes its servers away as they become free: what was
//! begun is finished. Does not own closures and capacities under disruption (`disruption`).

use crate::freight::category::Category;
use crate::freight::event::{Class, Source, What};
use crate::freight::ids::ResourceId;
use crate::freight::model::AtClosing;
use crate::freight::observer::Observer;
use crate::freight::program::Op;
use crate::freight::simulation::Simulation;

impl<O: Observer> Simulation<'_, O> {
    /// Sets a resource's first state of opening and its first shift.
    pub(super) fn begin_hours(&mut self, resource: ResourceId) {
        self.schedule_shift(resource);
        let Some(calendar) = self.model.resources[resource].calendar else { return };
        let open = &self.model.calendars[calendar].open;
        let state = &mut self.resources[resource];
        state.interval = open.partition_point(|&(_, close)| close.as_ms() <= 0);
        state.open = open.get(state.interval).is_some_and(|&(from, _)| from.as_ms() <= 0);
        state.account(0, self.window);
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
            state.account(now, self.window);
            if self.model.resources[resource].at_closing == AtClosing::Pause {
                self.pause(resource);
            }
        } else {
            state.open = true;
            state.account(now, self.window);
            if self.model.resources[resource].at_closing == AtClosing::Pause {
                self.resume(resource);
            }
            self.serve(resource);
        }
        self.schedule_hours(resource);
    }

    fn schedule_shift(&mut self, resource: ResourceId) {
        let next = self.resources[resource].shift + 1;
        let Some(&(at, _)) = self.model.resources[resource].shifts.get(next) else { return };
        // After the hours of the same resource.
        let rank = self.ranks.at_resource(Class::Change, resource, 1);
        self.agenda.push(at.as_ms(), rank, Source::Shift(resource));
    }

    /// Another number of servers from now on.
    pub(super) fn change_shift(&mut self, resource: ResourceId) {
        let state = &mut self.resources[resource];
        state.shift += 1;
        state.scheduled = self.model.resources[resource].shifts[state.shift].1 as i32;
        self.staff(resource);
        self.serve(resource);
        self.schedule_shift(resource);
    }

    /// Brings the number of servers in line with the shift and with the disruptions that take servers away.
    pub(super) fn staff(&mut self, resource: ResourceId) {
        let state = &self.resources[resource];
        if self.model.resources[resource].servers.is_some() {
            let servers = self.scaled(&state.modifiers, i64::from(state.scheduled)) as i32;
            let state = &mut self.resources[resource];
            state.idle += servers - state.servers;
            state.servers = servers;
        }
        self.resources[resource].account(self.now, self.window);
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
        self.rest_bays(resource);
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
        self.rouse_bays(resource);
    }
}
