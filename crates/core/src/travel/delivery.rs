//! Deliveries, of one shipment or of many of one itinerary.

use sanda_units::Time;

use crate::engine::Simulation;
use crate::engine::batch::Arrival;
use crate::engine::entity::{Entity, NEVER};
use crate::engine::space::Run;
use crate::model::ids::{FlowId, ItineraryId};
use crate::record::observer::{Delivery, Observer};

impl<O: Observer> Simulation<'_, O> {
    /// Delivers shipments of one itinerary, each at an instant of its own.
    pub(crate) fn deliver(&mut self, column: &[Arrival]) {
        let Some(first) = column.first() else { return };
        let first = &self.world.pool[first.slot];
        let (id, itinerary) = (FlowId::new(first.owner as usize), ItineraryId::new(first.itinerary as usize));
        if let Some(odd) =
            column.iter().find(|arrival| self.world.pool[arrival.slot].stage_from != arrival.at)
        {
            let unaccounted = odd.at - self.world.pool[odd.slot].stage_from;
            let detail = format!("{unaccounted} ms before delivery belong to no stage");
            self.violate("categories", self.name_of(odd.slot), detail);
            return;
        }
        let window_to = self.env.window.to;
        let record = &mut self.books.out.flows[id];
        let mut n_measured = 0;
        self.world.flows[id].delivered += column.len() as u64;
        for &Arrival { at, slot, .. } in column {
            let entity = &mut self.world.pool[slot];
            entity.fold(at);
            if entity.measured || at < window_to {
                record.fingerprint = record.fingerprint.wrapping_add(fold_life(entity));
            }
            n_measured += u64::from(entity.measured);
            self.observer.delivered(&Delivery {
                flow: id,
                number: entity.number,
                released_at: entity.released_at,
                delivered_at: at,
                measured: entity.measured,
                itinerary,
                marks: entity.all_marks(),
            });
        }
        record.delivered += n_measured;
        self.books.n_measured -= n_measured;
        let pool = &self.world.pool;
        let leaving = column.iter().map(|arrival| (pool[arrival.slot].period, arrival.at));
        self.books.periods.leave(self.env.model, id, leaving);
        if n_measured > 0 {
            self.record_clocks(id, itinerary, column);
        }
        if self.env.model.costs.are_kept {
            for arrival in column {
                self.settle(arrival.slot, arrival.at);
            }
        }
        for arrival in column {
            self.world.pool.remove(arrival.slot);
        }
    }

    /// Records the clocks of those that are measured, and the promises that go by them.
    fn record_clocks(&mut self, id: FlowId, itinerary: ItineraryId, column: &[Arrival]) {
        let params = &self.env.model.flows[id];
        let mut runs = std::mem::take(&mut self.space.runs);
        let values = &mut self.space.values;
        let measured = || {
            let with_entities = column.iter().map(|arrival| (arrival, &self.world.pool[arrival.slot]));
            with_entities.filter(|(_, entity)| entity.measured)
        };
        for (place, clock) in params.clocks.iter().enumerate() {
            let all = measured().map(|(&Arrival { at, slot, .. }, entity)| Run {
                from: entity.at_end(clock.from, at),
                to: entity.at_end(clock.to, at),
                slot,
            });
            // A milestone on a branch that was not taken has no time: the clock did not run.
            runs.extend(all.filter(|run| run.from != NEVER && run.to != NEVER));
            values.extend(runs.iter().map(|run| (run.to - run.from).max(0)));
            if place == 0 {
                // From release to delivery: what the flow's itineraries took is put together when the books are closed.
                self.books.accounts.itinerary_all(itinerary, values);
            } else {
                self.books.accounts.clock_all(id, place, values);
            }
            values.clear();
            for (&(promise, clock), &of_promise) in params.promises.iter().zip(&self.env.promise_places[id]) {
                if usize::from(clock) != place {
                    continue;
                }
                let limit = &self.env.model.promises[promise].limit;
                let record = &mut self.books.out.promises[promise][of_promise];
                record.timed += runs.len() as u64;
                record.time += i128::from(runs.iter().map(|run| (run.to - run.from).max(0)).sum::<i64>());
                for run in &runs {
                    if limit.is_kept(itinerary, Time::from_ms(run.from), Time::from_ms(run.to)) {
                        let entity = &self.world.pool[run.slot];
                        record.kept += 1;
                        record.kept_teu += i128::from(entity.teu);
                        record.kept_mass += i128::from(entity.mass);
                        self.books.periods.keep(promise, of_promise, entity.period);
                    }
                }
            }
            runs.clear();
        }
        self.space.runs = runs;
    }
}

/// Identity and milestones of a life in one word.
fn fold_life(entity: &Entity) -> u64 {
    let mut word = entity.fold ^ entity.number.wrapping_mul(0xD6E8_FEB8_6659_FD93);
    word = (word ^ (word >> 32)).wrapping_mul(0xD6E8_FEB8_6659_FD93);
    word = (word ^ (word >> 32)).wrapping_mul(0xD6E8_FEB8_6659_FD93);
    word ^ (word >> 32)
}
