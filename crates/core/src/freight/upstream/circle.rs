//! Stations in circles that are not cut (`plan`): who leaves one of them may soon come to another again, so what happens there is
//! taken step by step.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use crate::freight::observer::Observer;
use crate::freight::program::Op;
use crate::freight::simulation::Simulation;
use crate::freight::together::Comer;
use crate::freight::upstream::Cause;
use crate::kernel::heap::{Entry, Heap};

/// Somebody comes to a station, or (without a rank) the batch of a group has waited its longest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Step {
    at: i64,
    cause: Cause,
    rank: u64,
    who: u32,
}

/// What is still to happen.
#[derive(Debug, Default)]
pub(super) struct Steps {
    /// The steps that nothing brought: of one instant they are the first.
    plain: Heap<u32>,
    caused: BinaryHeap<Reverse<Step>>,
}

impl Steps {
    #[inline]
    fn push(&mut self, step: Step) {
        if step.cause == 0 {
            self.plain.push(Entry { at: step.at, rank: step.rank, payload: step.who });
        } else {
            self.caused.push(Reverse(step));
        }
    }

    fn push_if_any(&mut self, step: Option<Step>) {
        if let Some(step) = step {
            self.push(step);
        }
    }

    #[inline]
    fn pop(&mut self) -> Option<Step> {
        let plain_at = self.plain.first().map(|entry| entry.at);
        let caused_at = self.caused.peek().map(|step| step.0.at);
        if plain_at.is_none_or(|plain_at| caused_at.is_some_and(|caused_at| caused_at < plain_at)) {
            return self.caused.pop().map(|step| step.0);
        }
        let Entry { at, rank, payload: who } = self.plain.pop()?;
        Some(Step { at, cause: 0, rank, who })
    }
}

impl<O: Observer> Simulation<'_, O> {
    /// Lets everything happen at the stations of a circle before an instant. Returns how many came again.
    pub(super) fn pass_circle(&mut self, knot: usize, comers: &[Comer], until: i64) -> usize {
        let plan = Arc::clone(&self.upstream.plan);
        let mut steps = std::mem::take(&mut self.upstream.steps);
        for &comer in comers {
            steps.push(self.step_of(comer));
        }
        for &group in &plan.knots[knot].groups {
            steps.push_if_any(self.step_of_batch(group, until));
        }
        let mut n_seen = self.upstream.gates[knot].n_soon();
        let mut n_again = 0;
        let mut gone = self.space.column();
        while let Some(step) = steps.pop() {
            if step.rank == 0 {
                // Unless it was complete before.
                if self.upstream.due_at[step.who as usize] == step.at {
                    self.let_batch_go(step.who, &mut gone);
                }
            } else {
                (self.now, self.upstream.cause) = (step.at, step.cause);
                match self.model.programs.ops[self.pool[step.who].pc as usize] {
                    Op::Work(work) => {
                        self.pass_at_once(step.who, work);
                    }
                    Op::Batch(batch) => {
                        let group = self.model.programs.batches[batch as usize].group;
                        self.wait_in_batch(step.who, group, &mut gone);
                        if self.batches[group as usize].waiting.len() == 1 {
                            steps.push_if_any(self.step_of_batch(group, until));
                        }
                    }
                    _ => {}
                }
            }
            if !gone.is_empty() {
                self.walk_all(&mut gone);
            }
            while let Some(comer) = self.upstream.gates[knot].take_new(&mut n_seen, until) {
                steps.push(self.step_of(comer));
                n_again += 1;
            }
        }
        self.space.give_back(gone);
        self.upstream.steps = steps;
        let dues = plan.knots[knot].groups.iter().map(|&group| self.upstream.due_at[group as usize]);
        let soonest = self.upstream.gates[knot].soonest();
        self.upstream.soonest[knot] = dues.min().map_or(soonest, |due_at| due_at.min(soonest));
        n_again
    }

    fn step_of(&self, comer: Comer) -> Step {
        let op = self.model.programs.ops[self.pool[comer.slot].pc as usize];
        let rank = self.rank_of_request(comer.slot, op);
        Step { at: comer.at, cause: comer.cause, rank, who: comer.slot }
    }

    /// The end of the wait of a batch, if it comes before an instant.
    fn step_of_batch(&self, group: u32, until: i64) -> Option<Step> {
        let at = self.upstream.due_at[group as usize];
        (at < until).then_some(Step { at, cause: group + 1, rank: 0, who: group })
    }
}
