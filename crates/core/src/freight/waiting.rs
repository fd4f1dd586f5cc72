//! Waiting that is not for a server or a departure: gates, parallel branches, batches; and the regime processes.

use crate::freight::boarding::quantity_of;
use crate::freight::category::Category;
use crate::freight::entity::{Kind, Slot};
use crate::freight::event::{Class, Event, NOWHERE, Ranks, What};
use crate::freight::model::{Model, RegimeParams};
use crate::freight::observer::Observer;
use crate::freight::program::Op;
use crate::freight::simulation::Simulation;
use crate::freight::state::RegimeState;
use crate::kernel::random::{Key, Stream};

impl<O: Observer> Simulation<'_, O> {
    /// Sends a part of the shipment down each branch. The shipment waits at the join.
    pub(super) fn fork(&mut self, slot: Slot, index: u32) {
        let op = &self.model.programs.forks[index as usize];
        let now = self.now;
        let entity = &mut self.pool[slot];
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
        self.turns.begin_bulk();
        let first = self.fork_numbers[index as usize];
        for (number, &begin) in (first..).zip(&op.branches) {
            let mut branch = parent.clone();
            branch.branch = Ranks::branch(number);
            branch.link = slot;
            branch.pc = begin;
            branch.clear_times();
            branch.accounted_to = 0;
            let branch = self.pool.add(branch);
            self.advance(branch, false);
        }
        self.turns.end_bulk();
        self.pool[slot].n_branches -= 1;
        if self.pool[slot].n_branches == 0 {
            self.join(slot);
        }
    }

    /// A branch has ended. Of parallel branches the one that ends last counts: its times become the shipment's.
    pub(super) fn branch_end(&mut self, slot: Slot) {
        if let Some(shipment) = self.close_branch(slot) {
            self.join(shipment);
        }
    }

    /// Ends a branch, or a part of a split shipment, and gives back the shipment if it was the last.
    pub(super) fn close_branch(&mut self, slot: Slot) -> Option<Slot> {
        let branch = self.pool[slot].clone();
        self.pool.remove(slot);
        let parent = &mut self.pool[branch.link];
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

    /// The numbers of the first branches of each fork: those of forks inside one another are told apart, since all of them
    /// may be under way at once.
    pub(super) fn number_branches(model: &Model) -> Vec<u64> {
        let programs = &model.programs;
        let mut numbers = vec![1; programs.forks.len()];
        let (mut outermost_until, mut next) = (0, 1);
        for (at, op) in (0..).zip(&programs.ops) {
            let Op::Fork(index) = *op else { continue };
            let fork = &programs.forks[index as usize];
            if at >= outermost_until {
                (outermost_until, next) = (fork.join, 1);
            }
            numbers[index as usize] = next;
            next += fork.branches.len() as u64;
        }
        numbers
    }

    fn join(&mut self, slot: Slot) {
        let entity = &mut self.pool[slot];
        if let Op::Fork(index) = self.model.programs.ops[entity.pc as usize] {
            entity.pc = self.model.programs.forks[index as usize].join;
            self.advance(slot, false);
        }
    }

    /// A shipment joins a batch, and completes it or waits.
    pub(super) fn join_batch(&mut self, slot: Slot, index: u32) {
        let group = self.model.programs.batches[index as usize].group;
        let longest_wait = self.model.batch_groups[group as usize].longest_wait;
        let is_first = self.add_to_batch(slot, group);
        if self.is_complete(group) {
            self.release_batch(group);
        } else if is_first && longest_wait != i64::MAX {
            let generation = self.batches[group as usize].generation;
            let rank = Ranks::at_node(Class::Departure, NOWHERE, u64::from(group));
            let event = Event::new(What::BatchDue, group, generation);
            self.calendar.push(self.now + longest_wait, rank, event);
        }
    }

    /// Adds a shipment to those who wait. True if it is the first.
    pub(super) fn add_to_batch(&mut self, slot: Slot, group: u32) -> bool {
        let entity = &mut self.pool[slot];
        entity.since = self.now;
        let quantity = quantity_of(entity, self.model.batch_groups[group as usize].unit);
        let state = &mut self.batches[group as usize];
        state.waiting.push(slot);
        state.quantity += quantity;
        state.waiting.len() == 1
    }

    /// Whether enough is together.
    pub(super) fn is_complete(&self, group: u32) -> bool {
        self.batches[group as usize].quantity >= self.model.batch_groups[group as usize].quantity
    }

    /// A batch has waited its longest.
    pub(super) fn batch_due(&mut self, group: u32, generation: u32) {
        if self.batches[group as usize].generation == generation {
            self.release_batch(group);
        }
    }

    /// All members go on, in the order in which they came.
    pub(super) fn release_batch(&mut self, group: u32) {
        let members = self.end_batch(group);
        self.turns.begin_bulk();
        for &slot in &members {
            self.advance(slot, false);
        }
        self.turns.end_bulk();
        self.give_back_members(members);
    }

    /// Ends the wait of a batch: its members, in the order in which they came, stand before what comes next.
    pub(super) fn end_batch(&mut self, group: u32) -> Vec<Slot> {
        let state = &mut self.batches[group as usize];
        state.generation = state.generation.wrapping_add(1);
        state.quantity = 0;
        // The lists change places, so that neither has to grow anew.
        let members = std::mem::replace(&mut state.waiting, std::mem::take(&mut self.released));
        for &slot in &members {
            let entity = &mut self.pool[slot];
            let wait = self.now - entity.since;
            entity.spend(Category::Cargo, wait);
            entity.fold(self.now);
            entity.pc += 1;
        }
        members
    }

    /// Takes a list of members back.
    pub(super) fn give_back_members(&mut self, mut members: Vec<Slot>) {
        members.clear();
        self.released = members;
    }
}

/// The state of a regime process at an instant, drawing it as far as needed.
pub(super) fn regime_state_at(params: &RegimeParams, state: &mut RegimeState, key: Key, at: i64) -> u8 {
    let period = (at / params.period.as_ms()) as usize;
    let states = &mut state.states;
    while states.len() <= period {
        let n = states.len() as u64;
        let mut stream = Stream::new(key, n, 0);
        // Two words each period, the second only used on a redraw, so that a change of the shares alone leaves the
        // luck of staying as it was.
        let (stay, redraw) = (stream.word(), stream.word());
        let previous = states.last().copied();
        let state = match previous {
            Some(state) if stay < params.persistence => state,
            _ => params.shares.iter().position(|&share| redraw < share).unwrap_or(params.shares.len() - 1)
                as u8,
        };
        states.push(state);
    }
    states[period]
}
