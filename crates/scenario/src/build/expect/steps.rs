//! What is expected of steps: mean and variance of their time, from the laws of the input.
//!
//! Owns the expected times by which ways are searched and chosen. They know no queue and no disruption, which come of what
//! others do: a wait for a server, a full departure, a closure are not foreseen, and of a resource's hours only that it may
//! be found closed. Stages are taken to be independent. Does not own what really happens (`sanda_core`).

use sanda_core::freight::cost::Linear;
use sanda_core::freight::program::LoadUnit;
use sanda_core::kernel::law::Law as KernelLaw;
use sanda_units::Duration;

use super::Builder;
use super::batch::{law_unit, load_unit};
use super::common_lines::Line;
use super::customs::Standings;
use super::headway::Gaps;
use crate::decode::{Entry, Name};
use crate::schema::{AtStop, Capacity, Flow, Law, LawValue, Load, Open, Per, Service, Step, StepKind, Turn};
use crate::source::Located;

/// Mean and variance of a time, in milliseconds and their square.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Moments {
    /// The mean.
    pub mean: f64,
    /// The variance.
    pub variance: f64,
}

impl Moments {
    fn of(law: &KernelLaw) -> Self {
        Self { mean: law.mean(), variance: law.variance() }
    }

    pub(super) fn from_second(mean: f64, second: f64) -> Self {
        Self { mean, variance: (second - mean * mean).max(0.0) }
    }

    fn second(self) -> f64 {
        self.variance + self.mean * self.mean
    }

    /// A time from zero to so much, any of it equally likely.
    pub(super) fn up_to(most: f64) -> Self {
        Self { mean: most / 2.0, variance: most * most / 12.0 }
    }

    pub(super) fn plus(self, other: Self) -> Self {
        Self { mean: self.mean + other.mean, variance: self.variance + other.variance }
    }

    /// One draw times an independent quantity.
    fn times(self, quantity: Self) -> Self {
        Self::from_second(self.mean * quantity.mean, self.second() * quantity.second())
    }

    /// One of several times by chance; nothing with what is left over of the shares.
    fn one_of(cases: impl Iterator<Item = (f64, Self)>) -> Self {
        let (mut mean, mut second) = (0.0, 0.0);
        for (share, moments) in cases {
            mean += share * moments.mean;
            second += share * moments.second();
        }
        Self::from_second(mean, second)
    }

    /// What is left of a sum without one of its independent parts; of infinite ones it is infinite.
    pub(super) fn less(self, part: Self) -> Self {
        let less = |sum: f64, part: f64| if sum.is_finite() { (sum - part).max(0.0) } else { sum };
        Self { mean: less(self.mean, part.mean), variance: less(self.variance, part.variance) }
    }

    /// As what a network adds up: whole milliseconds, and square hours.
    pub(super) fn cost(self) -> sanda_network::Cost {
        const HOUR: f64 = 3_600_000.0;
        sanda_network::Cost {
            time: Duration::from_ms_f64(self.mean),
            variance: self.variance / HOUR / HOUR,
            ..Default::default()
        }
    }
}

/// What steps are done to: how much of it there is, and how it stands with customs.
#[derive(Debug, Clone)]
pub(super) struct Cargo {
    teu: Moments,
    tonnes: Moments,
    units: Moments,
    /// What it is worth, in thousandths of a fen.
    value: Linear,
    customs: Option<Standings>,
}

impl Cargo {
    /// A shipment of a flow, of this worth.
    pub(super) fn of(flow: &Flow, value: Linear) -> Self {
        let quantity = |moments: Option<Moments>, unit: f64| {
            let moments = moments.unwrap_or_default();
            Moments { mean: moments.mean / unit, variance: moments.variance / unit / unit }
        };
        let teu = quantity(amount(&flow.size), 1000.0);
        let tonnes = match (&flow.mass, &flow.mass_per_teu) {
            (None, Some(per_teu)) => {
                let tonnes = per_teu.value.as_kg() as f64 / 1000.0;
                Moments { mean: teu.mean * tonnes, variance: teu.variance * tonnes * tonnes }
            }
            (mass, _) => quantity(mass.as_ref().and_then(amount), 1000.0),
        };
        let units = amount(&flow.units).unwrap_or(ONE);
        Self { teu, tonnes, units, value, customs: Some(Standings::of(flow)) }
    }

    /// The mean of an amount.
    pub(super) fn pays(&self, amount: Linear) -> f64 {
        amount.per_shipment as f64
            + amount.per_teu as f64 * self.teu.mean
            + amount.per_tonne as f64 * self.tonnes.mean
    }

    /// The mean of its worth, in thousandths of a fen.
    pub(super) fn worth(&self) -> f64 {
        self.pays(self.value)
    }

    /// How it stands with customs, if it is a shipment.
    pub(super) fn customs(&self) -> Option<&Standings> {
        self.customs.as_ref()
    }

    /// A whole vehicle, taken to be full.
    fn aboard(service: &Service) -> Self {
        let mut cargo = Self { teu: ONE, tonnes: ONE, units: ONE, value: Linear::default(), customs: None };
        let mean = |law: &Law<Load>| law.compile().map_or(0.0, |law| law.mean());
        let (unit, mean) = match &service.capacity.value {
            Capacity::Fixed(load) => (load_unit(*load), load.base() as f64),
            Capacity::Random(law) => (law_unit(law), mean(law)),
            Capacity::Seasonal { load, month } => {
                (law_unit(load), mean(load) * month.value.iter().sum::<f64>() / 12.0)
            }
            Capacity::Unlimited => return cargo,
        };
        let full = |per: f64| Moments { mean: mean / per, variance: 0.0 };
        match unit {
            LoadUnit::Teu => cargo.teu = full(1000.0),
            LoadUnit::Mass => cargo.tonnes = full(1000.0),
            LoadUnit::Units => cargo.units = full(1.0),
            LoadUnit::Shipments => {}
        }
        cargo
    }
}

const ONE: Moments = Moments { mean: 1.0, variance: 0.0 };

/// The moments of a law; `None` if it is not sound, which is said where it is used.
fn amount<Q: LawValue>(law: &Law<Q>) -> Option<Moments> {
    law.compile().ok().map(|law| Moments::of(&law))
}

impl Builder<'_> {
    /// What steps one after the other are expected to take. `place` is the node whose local time counts.
    pub(super) fn expected(&mut self, steps: &[Step], cargo: &Cargo, place: Option<&Name>) -> Moments {
        steps
            .iter()
            .fold(Moments::default(), |total, step| total.plus(self.expected_step(step, cargo, place)))
    }

    pub(super) fn expected_step(&mut self, step: &Step, cargo: &Cargo, place: Option<&Name>) -> Moments {
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
            // The branch that takes longest on average stands for all of them.
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
            // It may fill at any time before its oldest has waited long enough; of one that only fills nothing is known.
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

    /// The wait for a departure and the way from one stop to a later one: the cut-off, the rest of a gap between departures
    /// that run, and the run.
    pub(super) fn expected_ride(
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

    /// After something else, from the scheduled departure at one stop to a later one: the delay, running, dwelling, and what is done to
    /// the vehicle, up to the stop where one leaves it.
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

    /// From any instant to the next departure that runs.
    pub(super) fn expected_departure(&self, name: &Name, service: &Service) -> Moments {
        let params = self.service_ids.get(name).map(|id| id.index());
        let Some(params) = params.and_then(|place| self.model.services.as_slice().get(place)) else {
            return Moments::default();
        };
        Gaps::of(&params.departs, self.window.end).thinned(&service.cancelled).rest()
    }

    /// The wait of whoever comes at any instant until a resource is open.
    pub(super) fn expected_opening(&self, resource: &Located<Name>) -> Moments {
        let params = self.resource_ids.get(&resource.value).map(|id| id.index());
        let params = params.and_then(|place| self.model.resources.as_slice().get(place));
        let calendar = params.and_then(|params| params.calendar);
        calendar.map_or_else(Moments::default, |calendar| self.closed_time(calendar))
    }

    fn expected_gate(&mut self, open: &Open, place: Option<&Name>, step: &Step) -> Moments {
        let calendar = self.opening(open, place, step.headline, "open");
        calendar.flatten().map_or_else(Moments::default, |calendar| self.closed_time(calendar))
    }

    fn closed_time(&self, calendar: sanda_core::freight::ids::CalendarId) -> Moments {
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

    /// What is done to a vehicle at a stop: as the service says, else the procedures whose turn it is there.
    pub(super) fn at_stop(&self, service: &Entry<Service>, stop: usize) -> Vec<Step> {
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

/// A lap done once and again with a probability, at most so often: a random sum (Wald).
pub(super) fn repeated(lap: Moments, again: f64, at_most: Option<u64>) -> Moments {
    let (mean, second) = match at_most {
        None => (1.0 / (1.0 - again), (1.0 + again) / (1.0 - again) / (1.0 - again)),
        Some(most) => {
            // P(N >= n) = again^(n - 1), and the n-th lap adds 2 n - 1 to the square of their number.
            let (mut mean, mut second, mut reached) = (0.0, 0.0, 1.0);
            for n in 1..=most.min(10_000) {
                mean += reached;
                second += reached * (2 * n - 1) as f64;
                reached *= again;
            }
            (mean, second)
        }
    };
    Moments {
        mean: mean * lap.mean,
        variance: mean * lap.variance + (second - mean * mean).max(0.0) * lap.mean * lap.mean,
    }
}
