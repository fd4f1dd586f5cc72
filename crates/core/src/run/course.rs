//! The course of a replication: component after component, each from its beginning until nothing of it is left that counts.
//!
//! What of a component is still to come is put aside when the next one begins, for it matters only if some other does not come to
//! its end. Owns neither the loop over events (`simulation`) nor what lines do (`lines`).

use crate::engine::Simulation;
use crate::engine::batch::Trigger;
use crate::engine::event::{Event, Source, Turns};
use crate::plan::Component;
use crate::record::observer::Observer;

/// What of a component was still to happen when it was left off.
struct Rest {
    now: i64,
    trigger: Trigger,
    n_measured: u64,
    calendar: Vec<(i64, u64, Event)>,
    agenda: Vec<(i64, u64, Source)>,
    turns: Turns,
}

impl<O: Observer> Simulation<'_, O> {
    /// Lets every component happen, one after the other, each until all of it that counts has come through. Where that is not so by
    /// the drain limit, the others go on until then as well: what stands still is told from what moves.
    pub(crate) fn run(&mut self) {
        let plan = self.windows.share_plan();
        let components = &plan.components;
        let mut rests = Vec::with_capacity(components.len());
        for component in components {
            self.begin(component);
            self.run_all();
            rests.push(self.leave_off());
        }
        self.clock.now = rests.iter().map(|rest| rest.now).max().unwrap_or(0);
        let n_measured = rests.iter().map(|rest| rest.n_measured).sum();
        if n_measured == 0 || self.books.violation.is_some() {
            return;
        }
        for (component, rest) in components.iter().zip(&mut rests) {
            if rest.n_measured == 0 {
                self.go_on_with(component, rest);
                self.books.n_measured = n_measured;
                self.run_all();
                *rest = self.leave_off();
            }
        }
        for rest in &mut rests {
            self.clock.now = rest.now.max(self.clock.now);
            self.put_back(rest);
        }
        self.books.n_measured = n_measured;
    }

    /// Puts what a component begins with on the agenda.
    fn begin(&mut self, component: &Component) {
        self.clock.now = 0;
        self.windows.take_up(component);
        for &id in &component.resources {
            self.begin_hours(id);
            self.begin_breakdowns(id);
        }
        for &id in &component.disruptions {
            self.schedule_disruption(id);
        }
        for &id in &component.services {
            self.schedule_departure(id, 0);
        }
        for &id in &component.flows {
            self.schedule_arrival(id, 0);
        }
        self.watch_choices();
    }

    /// Takes away what is pending.
    fn leave_off(&mut self) -> Rest {
        Rest {
            now: std::mem::take(&mut self.clock.now),
            trigger: self.windows.trigger(),
            n_measured: std::mem::take(&mut self.books.n_measured),
            calendar: self.clock.calendar.drain().collect(),
            agenda: self.clock.agenda.drain().collect(),
            turns: std::mem::take(&mut self.clock.turns),
        }
    }

    /// What was pending is so again.
    fn put_back(&mut self, rest: &mut Rest) {
        self.clock.calendar.extend(rest.calendar.drain(..));
        self.clock.agenda.extend(rest.agenda.drain(..));
    }

    /// Takes up a component where it was left off.
    fn go_on_with(&mut self, component: &Component, rest: &mut Rest) {
        self.clock.now = rest.now;
        self.clock.turns = std::mem::take(&mut rest.turns);
        self.put_back(rest);
        self.windows.take_up(component);
        self.windows.set_trigger(rest.trigger);
        self.watch_choices();
    }
}
