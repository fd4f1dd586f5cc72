//! The loop over events, and the end of a replication.
//!
//! The loop merges three ordered sources: the calendar of pending events, the agenda of recurring sources (arrivals, timetables, opening
//! hours), and the ready list of requests at the present instant. Feed-forward regions are simulated when a departure looks at them
//! (`windows`). Which events come in which order is `course`.

use crate::engine::entity::Kind;
use crate::engine::event::{Event, Source, What};
use crate::engine::{Books, Env, Simulation};
use crate::model::ids::{ConnectionId, DisruptionId, ResourceId, ServiceId};
use crate::plan::{Class, Ranks};
use crate::record::Outcome;
use crate::record::invariant::Violation;
use crate::record::observer::Observer;

impl<O: Observer> Simulation<'_, O> {
    /// Executes events until every measured shipment has come through, or the drain limit.
    pub(crate) fn run_all(&mut self) {
        let window_to = self.env.window.to;
        while self.books.violation.is_none() {
            let Some((first, is_recurring)) = self.next_due() else { continue };
            let at = first.0;
            if at >= window_to {
                if self.find_more(at) {
                    continue;
                }
                if at > self.env.end || self.books.n_measured == 0 {
                    break;
                }
            }
            if self.windows.is_crowded() {
                self.clear_inboxes(at);
                continue;
            }
            self.execute(first, is_recurring);
        }
    }

    /// What is due next, and whether it is of the agenda; or nothing, if it was somebody's turn instead.
    #[inline]
    fn next_due(&mut self) -> Option<((i64, u64), bool)> {
        let (pending, recurring) = (self.clock.calendar.next_key(), self.clock.agenda.next_key());
        let is_recurring = recurring < pending;
        let first = if is_recurring { recurring } else { pending };
        // Turns belong to the present instant; only an event of this instant with a lower rank goes first.
        if let Some(rank) = self.clock.turns.first_rank()
            && first > (self.clock.now, rank)
        {
            self.books.out.events += 1;
            if let Some(slot) = self.clock.turns.pop() {
                self.advance(slot, true);
            }
            return None;
        }
        Some((first, is_recurring))
    }

    /// Executes the next event.
    #[inline]
    fn execute(&mut self, (at, rank): (i64, u64), is_recurring: bool) {
        if at < self.clock.now {
            let detail = format!("an event at {at} ms comes after {} ms", self.clock.now);
            return self.violate("time", "the event calendar".into(), detail);
        }
        if at > self.clock.now {
            self.clock.now = at;
            self.windows.begin_instant();
        }
        self.books.out.events += 1;
        if is_recurring {
            if Ranks::is_from(rank, Class::Departure) {
                self.windows.begin_departure();
            }
            if let Some((_, _, source)) = self.clock.agenda.pop() {
                match source {
                    Source::Arrival(flow) => self.arrival(flow),
                    Source::Departure(service) => self.scheduled_departure(service),
                    Source::Opening(resource) => self.change_hours(resource),
                    Source::Shift(resource) => self.change_shift(resource),
                    Source::Disruption(disruption) => self.change_disruption(disruption),
                }
            }
        } else if let Some((_, _, event)) = self.clock.calendar.pop() {
            if Ranks::is_from(rank, Class::Departure) {
                match event.what() {
                    What::BatchDue => self.windows.begin_batch(event.slot()),
                    _ => self.windows.begin_departure(),
                }
            }
            if let Some(soon) = self.clock.calendar.fresh() {
                self.world.pool.fetch(soon.map(|event| event.slot()));
            }
            self.handle(event);
        }
    }

    #[inline]
    pub(crate) fn handle(&mut self, event: Event) {
        let slot = event.slot();
        match event.what() {
            What::LookAtYard => return self.look_at_yard(ServiceId::new(slot as usize)),
            What::BatchDue => return self.batch_due(slot, event.generation),
            What::ReleaseHeld => return self.release_held(ServiceId::new(slot as usize)),
            What::Fails => return self.fail(slot, event.generation),
            What::Repaired => return self.repaired(slot),
            What::Serve => return self.serve(ResourceId::new(slot as usize)),
            What::CancelledStop => {
                return self.mark_cancelled(ServiceId::new(slot as usize), event.generation as usize);
            }
            What::VehicleBack => return self.vehicle_back(ServiceId::new(slot as usize)),
            What::Dispatch => return self.dispatch(ServiceId::new(slot as usize)),
            What::TruckBack => return self.truck_back(ConnectionId::new(slot as usize)),
            What::ReplanWaiting => return self.replan_waiting(DisruptionId::new(slot as usize)),
            _ => {}
        }
        if self.world.pool[slot].generation != event.generation {
            return;
        }
        match event.what() {
            What::WorkDone => self.work_done(slot),
            What::Resume => self.advance(slot, false),
            What::Leave => self.leave(slot),
            What::LoadNow => self.advance(slot, true),
            What::GivesUp => self.give_up(slot),
            What::LookAtYard
            | What::BatchDue
            | What::CancelledStop
            | What::ReleaseHeld
            | What::VehicleBack
            | What::Dispatch
            | What::TruckBack
            | What::ReplanWaiting
            | What::Fails
            | What::Repaired
            | What::Serve => {}
        }
    }

    /// Closes the books.
    pub(crate) fn finish(mut self) -> Result<(Outcome, O), Violation> {
        self.clock.now = self.clock.now.max(self.env.model.window.to.as_ms());
        self.books.out.checks.time = 1;
        if self.books.n_measured > 0 {
            self.books.out.stuck = self.find_stuck();
        }
        self.close_resources();
        self.close_yards();
        self.close_fleets();
        self.close_flows();
        self.close_bookings();
        let Self { env: Env { model, .. }, books, observer, .. } = self;
        let Books { mut out, accounts, periods, violation, .. } = books;
        accounts.close(model, &mut out);
        for (id, params) in model.promises.iter_enumerated() {
            for (record, &flow) in out.promises[id].iter_mut().zip(&params.flows) {
                let released = &out.flows[flow];
                (record.of, record.of_teu, record.of_mass) = (released.released, released.teu, released.mass);
            }
        }
        periods.close(model, &mut out);
        match violation {
            Some(violation) => Err(violation),
            None => Ok((out, observer)),
        }
    }

    /// Conservation: what was released has been delivered, was lost, or is still inside.
    fn close_flows(&mut self) {
        let mut inside = vec![0_u64; self.env.model.flows.len()];
        for entity in self.world.pool.alive().filter(|entity| entity.kind == Kind::Shipment) {
            inside[entity.owner as usize] += 1;
        }
        for id in self.env.model.flows.ids() {
            let flow = &self.world.flows[id];
            self.books.out.checks.conservation += 1;
            self.books.out.shipments += flow.released;
            if flow.released != flow.delivered + flow.lost + inside[id.index()] {
                let detail = format!(
                    "released {} but delivered {}, lost {}, inside {}",
                    flow.released,
                    flow.delivered,
                    flow.lost,
                    inside[id.index()]
                );
                self.violate("conservation", format!("flow `{}`", self.env.model.flows[id].name), detail);
            }
        }
        debug_assert!(self.world.pool.n_alive() as u64 >= inside.iter().sum());
    }
}
