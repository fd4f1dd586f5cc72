//! Work that is interrupted: by a more urgent job, or by the failure of a server.
//!
//! Who is interrupted heads the queue of its class and goes on, on the first free server, where it stopped (or begins anew,
//! if failures do that). Of several jobs the newest of the least urgent class gives way: the one that asked last. Servers
//! held around other steps are never taken away. An interrupted job needs no waiting place. Does not own failures
//! (`breakdown`) nor closing time (`hours`).

use std::cmp::Reverse;

use crate::engine::Simulation;
use crate::engine::entity::{ANEW, Slot};
use crate::model::category::Category;
use crate::model::{AtClosing, QueueOrder};
use crate::record::observer::Observer;

impl<O: Observer> Simulation<'_, O> {
    /// Makes room for a job of a class by interrupting less urgent ones. False, and nothing done, if that is not enough.
    pub(crate) fn preempt_for(&mut self, slot: Slot, work: u32, class: usize) -> bool {
        let op = &self.env.model.programs.works[work as usize];
        let resource = op.resource;
        if !matches!(self.env.model.resources[resource].order, QueueOrder::Preemptive(_))
            || !self.may_work_now(slot, work)
        {
            return false;
        }
        let needed = op.units as i32;
        let mut idle = self.world.resources[resource].idle;
        // The newest of the least urgent class first.
        let mut victims: Vec<(usize, i64, u64, Slot)> = Vec::new();
        for &other in &self.world.resources[resource].in_service {
            let Some(its_work) = self.work_of(other) else { continue };
            let its_class = self.class_at(other, its_work);
            if its_class > class {
                let entity = &self.world.pool[other];
                victims.push((its_class, entity.entered_at, self.env.ranks.of(entity), other));
            }
        }
        victims.sort_unstable_by_key(|&victim| Reverse(victim));
        let n_enough = victims.iter().position(|&(.., other)| {
            let units =
                self.work_of(other).map_or(0, |work| self.env.model.programs.works[work as usize].units);
            idle += units as i32;
            idle >= needed
        });
        let Some(last) = n_enough else { return false };
        for &(.., other) in &victims[..=last] {
            self.interrupt(other, false);
        }
        true
    }

    /// Interrupts work under way (or paused): the servers are idle, the job heads its class's queue.
    pub(crate) fn interrupt(&mut self, slot: Slot, begins_anew: bool) {
        let now = self.clock.now;
        let Some(work) = self.work_of(slot) else { return };
        let op = &self.env.model.programs.works[work as usize];
        let (resource, units) = (op.resource, op.units);
        let class = self.class_at(slot, work);
        let counted = u64::from(self.env.window.contains(now));
        let state = &mut self.world.resources[resource];
        let is_paused = self.env.model.resources[resource].at_closing == AtClosing::Pause && !state.open;
        let entity = &mut self.world.pool[slot];
        let since = entity.since;
        let record = &mut self.books.out.resources[resource];
        if is_paused {
            entity.spend(Category::Hours, now - since);
        } else {
            entity.spend(Category::Worked, now - since);
            entity.due -= now;
            record.busy += self.env.window.clip(since, now) * i64::from(units);
        }
        if begins_anew {
            entity.due = ANEW;
        }
        entity.since = now;
        entity.serving = false;
        entity.interrupted = true;
        entity.generation = entity.generation.wrapping_add(1);
        entity.closed_before = state.closed.until(now);
        entity.disrupted_before = state.disrupted.until(now);
        state.in_service.retain(|&other| other != slot);
        state.idle += units as i32;
        state.queues[class].push_front(slot);
        state.n_waiting += 1;
        record.queue.change(now, 1);
        record.interruptions += counted;
        self.free_bays(slot, resource, units, false);
    }
}
