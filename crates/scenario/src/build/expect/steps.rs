//! Expected times of steps: mean and variance, from the laws of the input.
//!
//! Owns the expected times by which ways are searched and chosen. Waits for servers, full departures and
//! closures depend on other shipments and are not foreseen. Of a resource's hours, only the wait for its
//! opening is foreseen. Stages are taken to be independent. Does not own what happens in a run
//! (`sanda_core`).

use sanda_units::Duration;

use super::cargo::{Cargo, amount};
use super::common_lines::Line;
use super::headway::Gaps;
use super::moments::{Moments, repeated};
use crate::build::builder::Builder;
use crate::decode::{Entry, Name};
use crate::schema::{AtStop, Law, Open, Per, Service, Step, StepKind, Turn};
use crate::source::Located;

impl Builder<'_> {
    /// The expected time of consecutive steps. `place` is the node whose local time counts.
    pub(in crate::build) fn expected(
        &mut self,
        steps: &[Step],
        cargo: &Cargo,
        place: Option<&Name>,
    ) -> Moments {
        steps
            .iter()
            .fold(Moments::default(), |total, step| total.plus(self.expected_step(step, cargo, place)))
    }

    pub(in crate::build) fn expected_step(
        &mut self,
        step: &Step,
        cargo: &Cargo,
        place: Option<&Name>,
    ) -> Moments {
        let scenario = self.scenario;
        match &step.kind {
            StepKind::Work { resource, time, per, .. } => {
                let work = measured(time, *per, cargo);
                self.expected_opening(resource).plus(work)
            }
            StepKind::Delay { time, per, .. } => measured(time, *per, cargo),
            StepKind::Gate { open, at } => {
                let place = at.as_ref().map(|at| at.value.clone()).or_else(|| place.cloned());
                self.expected_gate(open, place.as_ref(), step)
            }
            StepKind::Choose(cases) => {
                let cases: Vec<(f64, Moments)> = cases
                    .iter()
                    .map(|case| (case.share.as_f64(), self.expected(&case.steps, cargo, place)))
                    .collect();
                Moments::one_of(cases.into_iter())
            }
            StepKind::Inspect { share, steps } => {
                let inside = self.expected(steps, cargo, place);
                Moments::one_of(std::iter::once((share.as_f64(), inside)))
            }
            StepKind::Customs { cases, otherwise } => {
                let Some(standings) = cargo.customs() else { return self.expected(otherwise, cargo, place) };
                let fitting: Vec<(f64, Moments)> = standings
                    .steps(cases, otherwise)
                    .map(|(share, steps)| (share, self.expected(steps, cargo, place)))
                    .collect();
                Moments::one_of(fitting.into_iter())
            }
            StepKind::Regime { regime, times } => {
                let Some(regime) = scenario.regimes.get(&regime.value) else { return Moments::default() };
                let states = regime.states.value.iter().filter_map(|(state, share)| {
                    Some((share.value.as_f64(), amount(&times.get(state)?.value)?))
                });
                Moments::one_of(states)
            }
            // The branch with the longest mean time stands for all branches.
            StepKind::Parallel(branches) => {
                branches.iter().map(|branch| self.expected(branch, cargo, place)).fold(
                    Moments::default(),
                    |longest, next| if next.mean > longest.mean { next } else { longest },
                )
            }
            StepKind::Repeat { share, steps, at_most } => {
                let lap = self.expected(steps, cargo, place);
                repeated(lap, share.value.as_f64(), at_most.map(|most| most.value.value()))
            }
            StepKind::Hold { resource, steps, .. } => {
                let inside = self.expected(steps, cargo, place);
                self.expected_opening(resource).plus(inside)
            }
            StepKind::Procedure(name) => {
                let Some(procedure) = scenario.procedures.get(&name.value) else { return Moments::default() };
                let own = procedure.at.as_ref().and_then(|at| at.first()).map(|at| &at.value);
                self.expected(&procedure.steps, cargo, place.or(own))
            }
            // The group may fill at any time before its oldest shipment has waited the longest time. If it
            // leaves only when full, nothing is known of the wait.
            StepKind::Batch { longest_wait, .. } => {
                Moments::up_to(longest_wait.map_or(0.0, |wait| wait.as_ms() as f64))
            }
            StepKind::Ride { service, from, to } => {
                let lines = self.lines_of(service, from.as_ref(), to.as_ref());
                if let [only] = lines.as_slice() {
                    return self.expected_ride(&only.service.value, only.entry, only.from, only.to);
                }
                let (wait, shares) = self.first_to_leave(&lines);
                let run =
                    |line: &Line<'_>| self.expected_run(Moments::default(), line.entry, line.from, line.to);
                let runs: Vec<Moments> = lines.iter().map(run).collect();
                wait.plus(Moments::one_of(shares.into_iter().zip(runs)))
            }
            StepKind::Haul(connection) => {
                let path = format!("connections.{}", connection.value);
                self.connection_time(connection, &path).map_or_else(Moments::default, |law| Moments::of(&law))
            }
            StepKind::Mark(_) | StepKind::Charge { .. } => Moments::default(),
        }
    }

    /// The expected time of a ride: the cut-off, the rest of a gap between departures that run, and the run
    /// from stop to stop.
    pub(in crate::build) fn expected_ride(
        &mut self,
        name: &Name,
        service: &Entry<Service>,
        from: usize,
        to: usize,
    ) -> Moments {
        let cutoff = Moments { mean: service.cutoff.as_ms() as f64, variance: 0.0 };
        let wait = self.expected_departure(name, service).plus(cutoff);
        self.expected_run(wait, service, from, to)
    }

    /// Adds to `before` the time from the scheduled departure at one stop to alighting at a later one: the
    /// delay, running, dwelling, and work on the vehicle.
    fn expected_run(&mut self, before: Moments, service: &Entry<Service>, from: usize, to: usize) -> Moments {
        let delay = service.delay.as_ref().and_then(amount).unwrap_or_default();
        let mut total = before.plus(delay);
        let cargo = Cargo::aboard(service);
        if from == 0 {
            let place = service.stops.value.first().map(|stop| stop.value.clone());
            let steps = self.at_stop(service, 0);
            total = total.plus(self.expected(&steps, &cargo, place.as_ref()));
        }
        for leg in from..to {
            total = total.plus(service.running.value.get(leg).and_then(amount).unwrap_or_default());
            total = total.plus(service.slip.as_ref().and_then(amount).unwrap_or_default());
            let stop = leg + 1;
            let steps = self.at_stop(service, stop);
            let place = service.stops.value.get(stop).map(|stop| stop.value.clone());
            total = total.plus(self.expected(&steps, &cargo, place.as_ref()));
            if stop < to {
                let dwell = service.dwell.as_ref().and_then(|dwell| dwell.value.get(stop - 1));
                total = total.plus(dwell.and_then(amount).unwrap_or_default());
            }
        }
        total
    }

    /// The wait from a random instant to the next departure that runs.
    pub(in crate::build) fn expected_departure(&self, name: &Name, service: &Service) -> Moments {
        let params = self.service_ids.get(name).map(|id| id.index());
        let Some(params) = params.and_then(|place| self.model.services.as_slice().get(place)) else {
            return Moments::default();
        };
        Gaps::of(&params.departs, self.window.end).thinned(&service.cancelled).rest()
    }

    /// The wait from a random instant until a resource is open.
    pub(in crate::build) fn expected_opening(&self, resource: &Located<Name>) -> Moments {
        let params = self.resource_ids.get(&resource.value).map(|id| id.index());
        let params = params.and_then(|place| self.model.resources.as_slice().get(place));
        let calendar = params.and_then(|params| params.calendar);
        calendar.map_or_else(Moments::default, |calendar| self.closed_time(calendar))
    }

    fn expected_gate(&mut self, open: &Open, place: Option<&Name>, step: &Step) -> Moments {
        let calendar = self.opening(open, place, step.headline, "open");
        calendar.flatten().map_or_else(Moments::default, |calendar| self.closed_time(calendar))
    }

    fn closed_time(&self, calendar: sanda_core::model::ids::CalendarId) -> Moments {
        let open = &self.model.calendars[calendar].open;
        let end = self.window.end.as_ms() as f64;
        let ends = open.iter().map(|interval| interval.1.as_ms() as f64);
        let begins = open.iter().map(|interval| interval.0.as_ms() as f64);
        let (mut mean, mut second) = (0.0, 0.0);
        for (closed_at, open_at) in std::iter::once(0.0).chain(ends).zip(begins.chain([end])) {
            let gap = (open_at - closed_at).max(0.0);
            mean += gap * gap / 2.0 / end;
            second += gap * gap * gap / 3.0 / end;
        }
        Moments::from_second(mean, second)
    }

    /// The work on a vehicle at a stop: as the service states, else the procedures whose turn it is there.
    pub(in crate::build) fn at_stop(&self, service: &Entry<Service>, stop: usize) -> Vec<Step> {
        let stops = &service.stops.value;
        let span = service.id.span;
        let step = |name: Name| Step {
            id: None,
            label: None,
            kind: StepKind::Procedure(Located::new(name, span)),
            span,
            headline: span,
        };
        let Some(node) = stops.get(stop).map(|stop| &stop.value) else { return Vec::new() };
        match service.at_stop.get(node).map(|rule| &rule.value) {
            Some(AtStop::Steps(steps)) => return steps.clone(),
            Some(AtStop::Procedure(name)) => return vec![step(name.value.clone())],
            None if stop == 0 || stop + 1 == stops.len() => return Vec::new(),
            None => {}
        }
        let is = |wanted: &Option<Located<Name>>, stop: usize| {
            wanted.as_ref().is_none_or(|wanted| stops[stop].value == wanted.value)
        };
        let here = |border: bool| {
            self.scenario.procedures.iter().filter(move |(_, procedure)| {
                let at = procedure.at.as_ref().is_some_and(|at| at.iter().any(|at| at.value == *node));
                at && match &procedure.turn {
                    Some(Turn::Border { from, to }) => border && is(from, stop - 1) && is(to, stop + 1),
                    Some(Turn::Stop) => !border,
                    _ => false,
                }
            })
        };
        here(true).chain(here(false)).map(|(name, _)| step(name.clone())).collect()
    }
}

fn measured(time: &Law<Duration>, per: Per, cargo: &Cargo) -> Moments {
    let draw = amount(time).unwrap_or_default();
    match per {
        Per::Shipment | Per::Vehicle => draw,
        Per::Teu => draw.times(cargo.teu),
        Per::Tonne => draw.times(cargo.tonnes),
        Per::Unit => draw.times(cargo.units),
    }
}
