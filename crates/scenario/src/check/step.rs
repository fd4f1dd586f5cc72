//! Checks of steps, procedures and regimes.

use std::collections::BTreeMap;

use super::{Checker, Kind, keyed};
use crate::{
    decode::Name,
    schema::{AtStop, Departs, Per, Scenario, Step, StepKind, Turn},
    source::{Located, Span},
    suggest::{did_you_mean, expected_one_of, list_names},
};

impl Checker<'_, '_> {
    pub(super) fn procedures(&mut self) {
        let scenario = self.scenario;
        self.at("procedures", |c| {
            for (id, procedure) in &scenario.procedures {
                c.at(id, |c| {
                    if let Some(at) = &procedure.at {
                        match &at[..] {
                            [at] => {
                                c.refer_at("at", Kind::Node, at);
                            }
                            several => c.nodes_at("at", Some(several)),
                        }
                    } else if procedure.turn.is_some() {
                        c.error(procedure.id.span, format!("procedure `{id}` has a turn, but no node"))
                            .label("expected `at`, the node where it applies by itself");
                    }
                    if let Some(Turn::Border { from, to }) = &procedure.turn {
                        for (field, node) in [("from", from), ("to", to)] {
                            if let Some(node) = node {
                                c.at("turn", |c| c.refer_at(field, Kind::Node, node));
                            }
                        }
                    }
                    c.at("steps", |c| c.steps(&procedure.steps));
                });
            }
        });
        self.recursion();
    }

    pub(super) fn regimes(&mut self) {
        let scenario = self.scenario;
        self.at("regimes", |c| {
            for (id, regime) in &scenario.regimes {
                c.at(id, |c| {
                    c.at("states", |c| {
                        let span = regime.states.span;
                        if regime.states.is_empty() {
                            c.error(span, "a regime without states").label("expected at least one state");
                        } else {
                            let shares = keyed(&regime.states).map(|state| state.value);
                            c.expect_sum(shares, false, span, "the long-run shares");
                        }
                    });
                });
            }
        });
    }

    /// Checks a list of steps. The caller has entered its path.
    pub(super) fn steps(&mut self, steps: &[Step]) {
        for (index, step) in steps.iter().enumerate() {
            self.at_index(index, |c| c.step(step));
        }
    }

    fn step(&mut self, step: &Step) {
        match &step.kind {
            StepKind::Work { resource, .. } => {
                self.refer_at("resource", Kind::Resource, resource);
            }
            StepKind::Hold { resource, steps, .. } => {
                self.refer_at("resource", Kind::Resource, resource);
                self.at("steps", |c| c.steps(steps));
            }
            StepKind::Gate { open, at } => {
                self.at("open", |c| c.open(open));
                if let Some(at) = at {
                    self.refer_at("at", Kind::Node, at);
                }
            }
            StepKind::Choose(cases) => {
                if cases.is_empty() {
                    self.error(step.headline, "nothing to choose from")
                        .label("expected cases `(share: ..., steps: [...])`");
                }
                self.expect_sum(
                    cases.iter().map(|case| case.share),
                    true,
                    step.headline,
                    "the shares of the cases",
                );
                for (index, case) in cases.iter().enumerate() {
                    self.at_index(index, |c| c.at("steps", |c| c.steps(&case.steps)));
                }
            }
            StepKind::Inspect { steps, .. } => self.at("steps", |c| c.steps(steps)),
            StepKind::Customs { cases, otherwise } => {
                if cases.is_empty() {
                    self.error(step.headline, "no customs cases")
                        .label("expected cases `(mode: ..., steps: [...])`");
                }
                for (index, case) in cases.iter().enumerate() {
                    self.at("cases", |c| c.at_index(index, |c| c.at("steps", |c| c.steps(&case.steps))));
                }
                self.at("otherwise", |c| c.steps(otherwise));
            }
            StepKind::Regime { regime, times } => {
                if self.refer_at("regime", Kind::Regime, regime) {
                    self.at("times", |c| c.times_of_states(regime, times, step.headline));
                }
            }
            StepKind::Parallel(branches) => {
                if branches.is_empty() {
                    self.error(step.headline, "no branches")
                        .label("expected lists of steps `[[...], [...]]`");
                }
                for (index, branch) in branches.iter().enumerate() {
                    self.at_index(index, |c| c.steps(branch));
                }
            }
            StepKind::Repeat { share, steps, at_most } => {
                if share.value.as_f64() >= 1.0 && at_most.is_none() {
                    self.at("share", |c| {
                        c.error(share.span, "the steps are repeated without end")
                            .label("expected less than 1, or `at_most`");
                    });
                }
                self.at("steps", |c| c.steps(steps));
            }
            StepKind::Procedure(name) => {
                self.refer(Kind::Procedure, name);
            }
            StepKind::Ride { service, from, to } => {
                let (from, to) = (from.as_ref(), to.as_ref());
                match service.only() {
                    Some(only) => {
                        if self.refer_at("service", Kind::Service, only) {
                            self.ride(only, from, to);
                        }
                    }
                    None => self.ride_on_any(service, from, to, step.headline),
                }
            }
            StepKind::Haul(connection) => {
                self.refer(Kind::Connection, connection);
            }
            StepKind::Charge { fee, .. } => self.at("fee", |c| c.currencies(fee)),
            StepKind::Delay { .. } | StepKind::Batch { .. } | StepKind::Mark(_) => {}
        }
    }

    /// Checks that there is a time for each state of a regime, and for nothing else.
    fn times_of_states<T>(
        &mut self,
        regime: &Located<Name>,
        times: &BTreeMap<Name, crate::decode::Keyed<T>>,
        headline: Span,
    ) {
        let Some(states) = self.scenario.regimes.get(&regime.value).map(|regime| &regime.states.value) else {
            return;
        };
        for time in times.values().filter(|time| !states.contains_key(&time.id.value)) {
            let names = || states.keys().map(Name::as_str);
            let message = format!("regime `{}` has no state `{}`", regime.value, time.id.value);
            self.error(time.id.span, message)
                .label(expected_one_of(names()))
                .hint(did_you_mean(&time.id.value, names()));
        }
        let missing: Vec<&str> =
            states.keys().filter(|state| !times.contains_key(*state)).map(Name::as_str).collect();
        if !missing.is_empty() {
            self.error(headline, format!("no wait is given for {}", list_names(missing)))
                .label(format!("expected one for each state of `{}`", regime.value));
        }
    }

    /// Checks a ride from one stop to a later one.
    fn ride(&mut self, service: &Located<Name>, from: Option<&Located<Name>>, to: Option<&Located<Name>>) {
        let Some(service) = self.scenario.services.get(&service.value) else { return };
        let stops = &service.stops.value;
        let place = |checker: &mut Self, field: &str, stop: &Located<Name>| {
            let found = stops.iter().position(|other| other.value == stop.value);
            if found.is_none() {
                let names = || stops.iter().map(|stop| stop.value.as_str());
                checker.at(field, |c| {
                    c.error(
                        stop.span,
                        format!("service `{}` does not call at `{}`", service.id.value, stop.value),
                    )
                    .label(expected_one_of(names()))
                    .hint(did_you_mean(&stop.value, names()));
                });
            }
            found
        };
        let begin = from.map_or(Some(0), |from| place(self, "from", from));
        let end = to.map_or(stops.len().checked_sub(1), |to| place(self, "to", to));
        // A service may call at a stop twice. The ride ends at the last call.
        let end = end.map(|end| {
            let last = to.and_then(|to| stops.iter().rposition(|other| other.value == to.value));
            last.unwrap_or(end)
        });
        if let (Some(begin), Some(end)) = (begin, end)
            && begin >= end
            && let Some(stop) = to.or(from)
        {
            self.error(stop.span, format!("service `{}` does not go that way", service.id.value))
                .label("expected a stop where it boards and a later one where it leaves");
        }
    }

    /// Checks a ride on whichever of several services leaves first. All need timetables and must call at
    /// the same stops.
    fn ride_on_any(
        &mut self,
        services: &[Located<Name>],
        from: Option<&Located<Name>>,
        to: Option<&Located<Name>>,
        headline: Span,
    ) {
        if services.is_empty() {
            self.error(headline, "a ride without a service")
                .label("expected a service, or a list of services");
        }
        let mut first_ends: Option<[&str; 2]> = None;
        for (index, service) in services.iter().enumerate() {
            let is_known = self.at("service", |c| c.at_index(index, |c| c.refer(Kind::Service, service)));
            let Some(entry) = self.scenario.services.get(&service.value).filter(|_| is_known) else {
                continue;
            };
            self.ride(service, from, to);
            let stops = &entry.stops.value;
            let (Some(first), Some(last)) = (stops.first(), stops.last()) else { continue };
            let ends = [from.unwrap_or(first), to.unwrap_or(last)].map(|stop| stop.value.as_str());
            let odd = self.odd_in_common(services, index).or_else(|| {
                let others = first_ends.is_some_and(|first| first != ends);
                others.then(|| Odd {
                    message: format!(
                        "service `{}` goes from `{}` to `{}`, but the first one has other stops",
                        service.value, ends[0], ends[1]
                    ),
                    label: "expected the same stops for all: state `from` and `to`",
                })
            });
            first_ends = first_ends.or(Some(ends));
            self.at("service", |c| c.at_index(index, |c| c.say_odd(service.span, odd)));
        }
    }

    /// Checks the services of a `via` of which a way takes whichever leaves first. Their stops are checked
    /// once the way is known.
    pub(super) fn via_any(&mut self, services: &[Located<Name>], span: Span) {
        if services.is_empty() {
            self.error(span, "an item of `via` without a service")
                .label("expected a service, or a list of services");
        }
        for (index, service) in services.iter().enumerate() {
            self.at_index(index, |c| {
                if c.refer(Kind::Service, service) {
                    let odd = c.odd_in_common(services, index);
                    c.say_odd(service.span, odd);
                }
            });
        }
    }

    /// The reason why a shipment cannot wait for one of several services together with the others.
    fn odd_in_common(&self, services: &[Located<Name>], index: usize) -> Option<Odd> {
        let service = &services[index];
        let entry = self.scenario.services.get(&service.value)?;
        if services[..index].iter().any(|earlier| earlier.value == service.value) {
            return Some(Odd {
                message: format!("service `{}` is named twice", service.value),
                label: "expected each service once",
            });
        }
        if matches!(entry.departs.value, Departs::WhenFull { .. }) {
            return Some(Odd {
                message: format!(
                    "service `{}` leaves when full, so its departure depends on the cargo that waits for it",
                    service.value
                ),
                label: "expected services that do not leave when full",
            });
        }
        entry.split.then(|| Odd {
            message: format!(
                "service `{}` splits shipments, and the rest of a shipment cannot wait for several services",
                service.value
            ),
            label: "expected services without `split`",
        })
    }

    fn say_odd(&mut self, span: Span, odd: Option<Odd>) {
        if let Some(Odd { message, label }) = odd {
            self.error(span, message).label(label);
        }
    }

    /// Checks that no procedure calls itself, directly or through others.
    fn recursion(&mut self) {
        let scenario = self.scenario;
        let mut finished: Vec<&str> = Vec::new();
        for id in scenario.procedures.keys() {
            let mut chain: Vec<&str> = Vec::new();
            let mut circles = Vec::new();
            follow(scenario, id, &mut chain, &mut finished, &mut circles);
            for (span, circle) in circles {
                let closing = circle[circle.len() - 2];
                self.at("procedures", |c| {
                    c.at(closing, |c| {
                        c.error(span, format!("the procedure calls itself: {}", circle.join(" -> ")))
                            .label("this closes the cycle")
                            .hint("to do steps again, use `Repeat`".to_owned());
                    });
                });
            }
        }
    }
}

/// The fault of one of several services that a shipment waits for together.
struct Odd {
    message: String,
    label: &'static str,
}

/// Follows the calls of a procedure depth first. Every cycle is found once, where it closes.
fn follow<'s>(
    scenario: &'s Scenario,
    id: &'s str,
    chain: &mut Vec<&'s str>,
    finished: &mut Vec<&'s str>,
    circles: &mut Vec<(Span, Vec<&'s str>)>,
) {
    let Some(procedure) = scenario.procedures.get(id) else { return };
    if finished.contains(&id) {
        return;
    }
    chain.push(id);
    let mut calls = Vec::new();
    each_step(&procedure.steps, &mut |step| {
        if let StepKind::Procedure(name) = &step.kind {
            calls.push(name);
        }
    });
    for call in calls {
        if let Some(first) = chain.iter().position(|other| *other == call.value.as_str()) {
            circles.push((call.span, chain[first..].iter().copied().chain([call.value.as_str()]).collect()));
        } else {
            follow(scenario, call.value.as_str(), chain, finished, circles);
        }
    }
    chain.pop();
    finished.push(id);
}

/// Visits all steps of a list, with those inside other steps.
pub(super) fn each_step<'s>(steps: &'s [Step], visit: &mut dyn FnMut(&'s Step)) {
    for step in steps {
        visit(step);
        match &step.kind {
            StepKind::Choose(cases) => cases.iter().for_each(|case| each_step(&case.steps, visit)),
            StepKind::Inspect { steps, .. }
            | StepKind::Repeat { steps, .. }
            | StepKind::Hold { steps, .. } => each_step(steps, visit),
            StepKind::Customs { cases, otherwise } => {
                for case in cases {
                    each_step(&case.steps, visit);
                }
                each_step(otherwise, visit);
            }
            StepKind::Parallel(branches) => branches.iter().for_each(|branch| each_step(branch, visit)),
            _ => {}
        }
    }
}

/// Visits all steps of a scenario.
pub(crate) fn each_step_of<'s>(scenario: &'s Scenario, visit: &mut dyn FnMut(&'s Step)) {
    scenario.procedures.values().for_each(|procedure| each_step(&procedure.steps, visit));
    for flow in scenario.flows.values() {
        flow.stated_steps().for_each(|steps| each_step(steps, visit));
    }
    for service in scenario.services.values() {
        for rule in keyed(&service.at_stop) {
            if let AtStop::Steps(steps) = &rule.value {
                each_step(steps, visit);
            }
        }
    }
}

/// Whether a list of steps measures something in tonnes.
pub(super) fn counts_tonnes(steps: &[Step]) -> bool {
    let mut found = false;
    each_step(steps, &mut |step| {
        found |= matches!(
            &step.kind,
            StepKind::Work { per: Per::Tonne, .. } | StepKind::Delay { per: Per::Tonne, .. }
        );
    });
    found
}
