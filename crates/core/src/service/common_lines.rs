//! Common lines at boarding: a shipment that waits for several services leaves the yards of the others when it boards one.
//!
//! Owns what the other yards say of its wait. Does not own which shipments board when (`boarding`) or the yards themselves (`yard`).

use crate::engine::Simulation;
use crate::engine::entity::{NEVER, Slot};
use crate::model::ids::ServiceId;
use crate::model::program::Op;

impl<O> Simulation<'_, O> {
    /// A shipment that waits for several services boards one of them: it goes on with the ride there, and leaves the other yards,
    /// where it counts as waiting until now.
    pub(crate) fn leave_other_yards(
        &mut self,
        slot: Slot,
        group: u32,
        boards_at: (ServiceId, u16),
    ) -> Elsewhere {
        let model = self.env.model;
        let (ready_at, now) = (self.world.pool[slot].entered_at, self.clock.now);
        let mut elsewhere = Elsewhere::NOWHERE;
        for &at in &model.programs.ride_groups[group as usize].rides {
            let Op::Ride(ride) = model.programs.ops[at as usize] else { continue };
            let ride = &model.programs.rides[ride as usize];
            if (ride.service, ride.from) == boards_at {
                self.world.pool[slot].pc = at;
                continue;
            }
            let yard = &mut self.world.services[ride.service].yards[usize::from(ride.from)];
            let Some(waiting) = yard.take(slot, ready_at) else { continue };
            elsewhere.rolled_at = waiting.rolled_at.min(elsewhere.rolled_at);
            elsewhere.cancelled_at = waiting.cancelled_at.min(elsewhere.cancelled_at);
            elsewhere.last_ready_by = yard.last_ready_by.max(elsewhere.last_ready_by);
            if waiting.rolled_at < NEVER {
                elsewhere.n_missed += yard.n_runs - waiting.first_run;
            }
            self.books.out.services[ride.service].waiting_time += self.env.window.clip(ready_at, now);
        }
        elsewhere
    }
}

/// What the yards of other services say of a shipment that waited there too.
pub(crate) struct Elsewhere {
    /// First run that left it behind.
    pub(crate) rolled_at: i64,
    /// First cancelled departure that it would have made.
    pub(crate) cancelled_at: i64,
    /// Runs that left it behind.
    pub(crate) n_missed: u64,
    /// The latest instant by which one had to be ready for any run so far.
    pub(crate) last_ready_by: i64,
}

impl Elsewhere {
    /// It waited for one service only.
    pub(crate) const NOWHERE: Self =
        Self { rolled_at: NEVER, cancelled_at: NEVER, n_missed: 0, last_ready_by: i64::MIN };
}
