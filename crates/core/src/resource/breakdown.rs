//! Failures of single servers, and their repair.
//!
//! All are up at the start. The time to the next failure counts the server's service, or all time; a repair takes calendar
//! time. A job takes the idle servers of the lowest numbers. A failure interrupts the job that the server works on; a server
//! that is held around other steps fails when it is given back. Work that ends at the very instant of a failure is done.
//! Draws are keyed by resource, number of the server and count of its failures.

use crate::engine::Simulation;
use crate::engine::entity::Slot;
use crate::engine::event::{Event, What};
use crate::kernel::random::Stream;
use crate::model::BreakdownParams;
use crate::model::ids::ResourceId;
use crate::plan::Class;
use crate::record::observer::Observer;

impl<O: Observer> Simulation<'_, O> {
    /// Draws the first failures of a resource's servers.
    pub(crate) fn begin_breakdowns(&mut self, resource: ResourceId) {
        let Some(params) = &self.env.model.resources[resource].breakdowns else { return };
        for bay in 0..self.world.resources[resource].bays.len() {
            self.come_up(resource, bay, params);
        }
    }

    /// A server is up from now on.
    fn come_up(&mut self, resource: ResourceId, bay: usize, params: &BreakdownParams) {
        let (law, stream) = &params.up;
        let n = self.world.resources[resource].bays[bay].n_failures;
        let left = law.sample_whole(&mut Stream::new(self.env.keys[*stream], bay as u64, n)).max(0);
        let state = &mut self.world.resources[resource].bays[bay];
        state.up = true;
        state.left = left;
        if !params.counts_service {
            self.schedule_bay(resource, bay, self.clock.now.saturating_add(left), What::Fails);
        }
    }

    fn schedule_bay(&mut self, resource: ResourceId, bay: usize, at: i64, what: What) {
        // After the hours and the shifts of the same resource.
        let rank = self.env.ranks.at_resource(Class::Change, resource, 2 + bay as u64);
        let first = self.env.bays.partition_point(|&(other, _)| other < resource);
        let generation = self.world.resources[resource].bays[bay].generation;
        self.clock.calendar.push(at, rank, Event::new(what, (first + bay) as u32, generation));
    }

    /// A job takes as many servers as it needs, to work or to be held.
    pub(crate) fn take_bays(&mut self, slot: Slot, resource: ResourceId, units: u32, is_held: bool) {
        let counts_service = self.counts_service(resource);
        let now = self.clock.now;
        let mut left = units;
        for bay in 0..self.world.resources[resource].bays.len() {
            let state = &mut self.world.resources[resource].bays[bay];
            if left == 0 {
                return;
            }
            if !state.up || state.user.is_some() {
                continue;
            }
            left -= 1;
            (state.user, state.is_held) = (Some(slot), is_held);
            state.since = now;
            if counts_service {
                let at = now.saturating_add(state.left);
                self.schedule_bay(resource, bay, at, What::Fails);
            }
        }
    }

    /// A job gives so many servers back that it works with, or holds: those it took last, for it may hold others besides.
    #[inline]
    pub(crate) fn free_bays(&mut self, slot: Slot, resource: ResourceId, units: u32, is_held: bool) {
        if self.world.resources[resource].bays.is_empty() {
            return;
        }
        let counts_service = self.counts_service(resource);
        for _ in 0..units {
            let bays = self.world.resources[resource].bays.iter().enumerate();
            let used = bays.filter(|(_, state)| state.user == Some(slot) && state.is_held == is_held);
            let Some((bay, _)) = used.max_by_key(|&(bay, state)| (state.since, bay)) else { return };
            if counts_service {
                self.rest(resource, bay);
            }
            let state = &mut self.world.resources[resource].bays[bay];
            state.user = None;
            if std::mem::take(&mut state.fails_when_freed) {
                self.go_down(resource, bay);
            }
        }
    }

    /// A server stops serving: what it has served counts towards its next failure.
    fn rest(&mut self, resource: ResourceId, bay: usize) {
        let now = self.clock.now;
        let state = &mut self.world.resources[resource].bays[bay];
        state.left -= now - state.since;
        state.since = now;
        // A failure due at this very instant still comes.
        if state.left > 0 {
            state.generation = state.generation.wrapping_add(1);
        }
    }

    /// Closing time: servers at work rest.
    pub(crate) fn rest_bays(&mut self, resource: ResourceId) {
        if self.counts_service(resource) {
            for bay in 0..self.world.resources[resource].bays.len() {
                if self.works_now(resource, bay) {
                    self.rest(resource, bay);
                }
            }
        }
    }

    /// Opening time: paused work goes on.
    pub(crate) fn rouse_bays(&mut self, resource: ResourceId) {
        let now = self.clock.now;
        if self.counts_service(resource) {
            for bay in 0..self.world.resources[resource].bays.len() {
                if self.works_now(resource, bay) {
                    let state = &mut self.world.resources[resource].bays[bay];
                    state.since = now;
                    let at = now.saturating_add(state.left);
                    self.schedule_bay(resource, bay, at, What::Fails);
                }
            }
        }
    }

    /// Whether a server is used for work, not held around other steps.
    fn works_now(&self, resource: ResourceId, bay: usize) -> bool {
        let state = &self.world.resources[resource];
        let bay = &state.bays[bay];
        !bay.is_held && bay.user.is_some_and(|user| state.in_service.contains(&user))
    }

    fn counts_service(&self, resource: ResourceId) -> bool {
        self.env.model.resources[resource].breakdowns.as_ref().is_some_and(|params| params.counts_service)
    }

    /// A server fails now.
    pub(crate) fn fail(&mut self, place: u32, generation: u32) {
        let (resource, bay) = self.env.bays[place as usize];
        let bay = bay as usize;
        let state = &mut self.world.resources[resource].bays[bay];
        if state.generation != generation || !state.up {
            return;
        }
        if let Some(user) = state.user {
            if !self.works_now(resource, bay) {
                self.world.resources[resource].bays[bay].fails_when_freed = true;
                return;
            }
            let begins_anew =
                self.env.model.resources[resource].breakdowns.as_ref().is_some_and(|params| params.restarts);
            self.interrupt(user, begins_anew);
        }
        self.go_down(resource, bay);
        // Another server may be free for who was interrupted.
        self.serve_in_turn(resource);
    }

    /// Takes an idle server out of use and begins its repair.
    fn go_down(&mut self, resource: ResourceId, bay: usize) {
        let Some(params) = &self.env.model.resources[resource].breakdowns else { return };
        let (law, stream) = &params.down;
        let state = &mut self.world.resources[resource];
        let n = state.bays[bay].n_failures;
        state.bays[bay].n_failures += 1;
        state.bays[bay].up = false;
        // Whatever failure was still to come does not.
        state.bays[bay].generation = state.bays[bay].generation.wrapping_add(1);
        state.idle -= 1;
        state.n_down += 1;
        state.account(self.clock.now, self.env.window);
        let down = law.sample_whole(&mut Stream::new(self.env.keys[*stream], bay as u64, n)).max(0);
        self.schedule_bay(resource, bay, self.clock.now.saturating_add(down), What::Repaired);
    }

    /// A server is repaired.
    pub(crate) fn repaired(&mut self, place: u32) {
        let (resource, bay) = self.env.bays[place as usize];
        let Some(params) = &self.env.model.resources[resource].breakdowns else { return };
        let state = &mut self.world.resources[resource];
        state.idle += 1;
        state.n_down -= 1;
        state.account(self.clock.now, self.env.window);
        self.come_up(resource, bay as usize, params);
        self.serve_in_turn(resource);
    }
}
