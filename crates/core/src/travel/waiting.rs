//! Waiting that is not for a server or a departure: gates, parallel branches, batches; and the regime processes.

use crate::engine::Simulation;
use crate::engine::entity::{Kind, Slot, quantity_of};
use crate::engine::event::{Event, What};
use crate::model::category::Category;
use crate::model::program::Op;
use crate::plan::{Class, NOWHERE, Ranks};
use crate::record::observer::Observer;

impl<O: Observer> Simulation<'_, O> {
    /// Sends a part of the shipment down each branch. The shipment waits at the join.
    pub(crate) fn fork(&mut self, slot: Slot, index: u32) {
        let op = &self.env.model.programs.forks[index as usize];
        let now = self.clock.now;
        let entity = &mut self.world.pool[slot];
        // One more than there are branches, so that none can complete the join before all have begun.
        entity.n_branches = op.branches.len() as u32 + 1;
        entity.since = now;
        let mut parent = entity.clone();
        parent.n_branches = 0;
        (parent.kind, parent.root) = match entity.kind {
            Kind::Shipment => (Kind::Branch, slot),
            Kind::Vehicle => (Kind::VehicleBranch, slot),
            kind @ (Kind::Branch | Kind::VehicleBranch) => (kind, entity.root),
        };
        self.clock.turns.begin_bulk();
        let first = self.env.fork_numbers[index as usize];
        for (number, &begin) in (first..).zip(&op.branches) {
            let mut branch = parent.clone();
            branch.branch = Ranks::branch(number);
            branch.link = slot;
            branch.pc = begin;
            branch.clear_times();
            branch.accounted_to = 0;
            let branch = self.world.pool.add(branch);
            self.advance(branch, false);
        }
        self.clock.turns.end_bulk();
        self.world.pool[slot].n_branches -= 1;
        if self.world.pool[slot].n_branches == 0 {
            self.join(slot);
        }
    }

    /// A branch has ended. Of parallel branches the one that ends last counts: its times become the shipment's.
    pub(crate) fn branch_end(&mut self, slot: Slot) {
        if let Some(shipment) = self.close_branch(slot) {
            self.join(shipment);
        }
    }

    /// Ends a branch, or a part of a split shipment, and gives back the shipment if it was the last.
    pub(crate) fn close_branch(&mut self, slot: Slot) -> Option<Slot> {
        let branch = self.world.pool[slot].clone();
        self.world.pool.remove(slot);
        let parent = &mut self.world.pool[branch.link];
        parent.n_branches -= 1;
        parent.fold = parent.fold.wrapping_add(branch.fold);
        parent.take_marks(&branch);
        if parent.n_branches > 0 {
            return None;
        }
        parent.accounted_to += branch.accounted_to;
        for (category, time) in Category::ALL.into_iter().zip(branch.category_times()) {
            if time != 0 {
                parent.add_time(category, time);
            }
        }
        Some(branch.link)
    }

    fn join(&mut self, slot: Slot) {
        let entity = &mut self.world.pool[slot];
        if let Op::Fork(index) = self.env.model.programs.ops[entity.pc as usize] {
            entity.pc = self.env.model.programs.forks[index as usize].join;
            self.advance(slot, false);
        }
    }

    /// A shipment joins a batch, and completes it or waits.
    pub(crate) fn join_batch(&mut self, slot: Slot, index: u32) {
        let group = self.env.model.programs.batches[index as usize].group;
        let longest_wait = self.env.model.batch_groups[group as usize].longest_wait;
        let is_first = self.add_to_batch(slot, group);
        if self.is_complete(group) {
            self.release_batch(group);
        } else if is_first && longest_wait != i64::MAX {
            let generation = self.world.batches[group as usize].generation;
            let rank = Ranks::at_node(Class::Departure, NOWHERE, u64::from(group));
            let event = Event::new(What::BatchDue, group, generation);
            self.clock.calendar.push(self.clock.now + longest_wait, rank, event);
        }
    }

    /// Adds a shipment to those who wait. True if it is the first.
    pub(crate) fn add_to_batch(&mut self, slot: Slot, group: u32) -> bool {
        let entity = &mut self.world.pool[slot];
        entity.since = self.clock.now;
        let quantity = quantity_of(entity, self.env.model.batch_groups[group as usize].unit);
        let state = &mut self.world.batches[group as usize];
        state.waiting.push(slot);
        state.quantity += quantity;
        state.waiting.len() == 1
    }

    /// Whether enough is together.
    pub(crate) fn is_complete(&self, group: u32) -> bool {
        self.world.batches[group as usize].quantity >= self.env.model.batch_groups[group as usize].quantity
    }

    /// A batch has waited its longest.
    pub(crate) fn batch_due(&mut self, group: u32, generation: u32) {
        if self.world.batches[group as usize].generation == generation {
            self.release_batch(group);
        }
    }

    /// All members go on, in the order in which they came.
    pub(crate) fn release_batch(&mut self, group: u32) {
        let members = self.end_batch(group);
        self.clock.turns.begin_bulk();
        for &slot in &members {
            self.advance(slot, false);
        }
        self.clock.turns.end_bulk();
        self.give_back_members(members);
    }

    /// Ends the wait of a batch: its members, in the order in which they came, stand before what comes next.
    pub(crate) fn end_batch(&mut self, group: u32) -> Vec<Slot> {
        let state = &mut self.world.batches[group as usize];
        state.generation = state.generation.wrapping_add(1);
        state.quantity = 0;
        // The lists change places, so that neither has to grow anew.
        let members = std::mem::replace(&mut state.waiting, std::mem::take(&mut self.space.released));
        for &slot in &members {
            let entity = &mut self.world.pool[slot];
            let wait = self.clock.now - entity.since;
            entity.spend(Category::Cargo, wait);
            entity.fold(self.clock.now);
            entity.pc += 1;
        }
        members
    }

    /// Takes a list of members back.
    pub(crate) fn give_back_members(&mut self, mut members: Vec<Slot>) {
        members.clear();
        self.space.released = members;
    }
}
