//! Releases of a flow whose shipments all take the same way.

use crate::freight::ids::FlowId;
use crate::freight::observer::Observer;
use crate::freight::simulation::Simulation;
use crate::freight::together::Comer;

/// So many are released before they go on.
const MANY: usize = 512;

impl<O: Observer> Simulation<'_, O> {
    /// Releases what a flow with an only itinerary releases from its next arrival on and before an instant. Returns how many
    /// arrivals that was, and when the next one comes.
    pub(in crate::freight) fn release_together(
        &mut self,
        id: FlowId,
        next_at: i64,
        until: i64,
    ) -> (usize, Option<i64>) {
        let (mut next, mut n_arrivals) = (Some(next_at), 0);
        let itinerary = self.model.flows[id].itineraries[0].0;
        let program = self.model.itineraries[itinerary].program;
        let mut column = self.space.column();
        loop {
            while column.len() < MANY
                && let Some(at) = next.filter(|&at| at < until)
            {
                self.now = at;
                for _ in 0..self.n_released(id) {
                    column.push(Comer { at, slot: self.release(id), cause: 0 });
                }
                next = self.next_arrival(id, at);
                n_arrivals += 1;
            }
            if column.is_empty() {
                break;
            }
            self.walk_together(program, &mut column);
        }
        self.space.give_back(column);
        (n_arrivals, next)
    }
}
