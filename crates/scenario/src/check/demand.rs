//! Checks of flows, clocks and promises.

use sanda_units::Duration;

use super::{Checker, DOOR_TO_DOOR, Kind, keyed, step};
use crate::{
    decode::{Entry, Name},
    schema::{Arrivals, Flow, Load, Milestone, Profile, Promise, RouteChoice, Sight, StepKind, WhenClosed},
    source::Located,
    suggest::{did_you_mean, expected_one_of, list_names},
};

impl Checker<'_, '_> {
    pub(super) fn flows(&mut self) {
        let scenario = self.scenario;
        self.at("flows", |c| {
            for (id, flow) in &scenario.flows {
                c.at(id, |c| c.flow(flow));
            }
        });
    }

    fn flow(&mut self, flow: &Entry<Flow>) {
        let id = &flow.id;
        for (field, node) in [("from", &flow.from), ("to", &flow.to)] {
            if let Some(node) = node {
                self.refer_at(field, Kind::Node, node);
            }
        }
        let has_ends = flow.from.is_some() && flow.to.is_some();
        if let (Some(from), Some(to)) = (&flow.from, &flow.to)
            && from.value == to.value
            && flow.steps.is_none()
        {
            self.at("to", |c| {
                c.error(to.span, "a flow from a node to itself").label("expected another node, or `steps`");
            });
        }
        match (&flow.steps, flow.itineraries.is_empty()) {
            (Some(_), false) => {
                self.error(id.span, format!("flow `{}` has both `steps` and `itineraries`", id.value))
                    .label("expected one of the two");
            }
            (None, true) if !has_ends => {
                self.error(id.span, format!("flow `{}` has no way", id.value))
                    .label("expected `steps`, `itineraries`, or `from` and `to`");
            }
            (Some(steps), true) => {
                self.at("steps", |c| c.steps(steps));
                let given = [
                    ("via", flow.via.is_some()),
                    ("modes", flow.modes.is_some()),
                    ("ways", flow.ways.is_some()),
                    ("transfers", flow.transfers.is_some()),
                    ("choice", flow.choice.is_some()),
                    ("sees", flow.sees.value != Sight::Laws),
                ];
                for (field, is_given) in given {
                    if is_given {
                        self.error(
                            id.span,
                            format!("flow `{}` has `steps`, so `{field}` has no effect", id.value),
                        )
                        .label("expected `from` and `to` instead of `steps`, for a way to be searched");
                    }
                }
            }
            _ => {}
        }
        self.at("before", |c| c.steps(&flow.before));
        self.at("after", |c| c.steps(&flow.after));
        self.via_at(flow.via.as_deref(), id.span);
        self.itineraries(flow, has_ends);
        self.customs_shares(flow);
        self.choice(flow);
        self.at("arrivals", |c| c.arrivals(flow));
        self.at("units", |c| c.expect_above_zero(&flow.units, "a shipment is one unit at least"));
        let counts_tonnes = flow.stated_steps().any(step::counts_tonnes);
        if !flow.has_mass() && counts_tonnes {
            self.error(id.span, format!("a step counts tonnes, but flow `{}` has no `mass`", id.value))
                .label("expected `mass`, such as \"14 t\"");
        }
    }

    fn itineraries(&mut self, flow: &Entry<Flow>, has_ends: bool) {
        let id = &flow.id;
        self.at("itineraries", |c| {
            for way in keyed(&flow.itineraries) {
                c.at(&way.id.value, |c| {
                    match (&way.steps, &way.via) {
                        (Some(_), Some(_)) => {
                            c.error(way.id.span, "an itinerary has `steps` or `via`, not both")
                                .label("expected one of the two");
                        }
                        (Some(_), _) if way.from.is_some() || way.to.is_some() => {
                            c.error(way.id.span, "an itinerary has `steps` or ends of its own, not both")
                                .label("expected one of the two");
                        }
                        (None, _) if !has_ends => {
                            c.error(way.id.span, format!("itinerary `{}` has no way", way.id.value))
                                .label("expected `steps`, or `from` and `to` of the flow");
                        }
                        _ => {}
                    }
                    if let Some(steps) = &way.steps {
                        c.at("steps", |c| c.steps(steps));
                    }
                    for (field, node) in [("from", &way.from), ("to", &way.to)] {
                        if let Some(node) = node {
                            c.refer_at(field, Kind::Node, node);
                        }
                    }
                    c.via_at(way.via.as_deref(), way.id.span);
                });
            }
            let shares: Vec<_> = keyed(&flow.itineraries).filter_map(|way| way.share).collect();
            if shares.is_empty() {
                return;
            }
            if shares.len() < flow.itineraries.len() {
                let without = keyed(&flow.itineraries).filter(|way| way.share.is_none());
                let names = list_names(without.map(|way| way.id.value.as_str()));
                c.error(id.span, format!("some itineraries of flow `{}` have no share: {names}", id.value))
                    .label("expected a share for each, or for none");
            } else {
                let shares = shares.iter().map(|share| share.value);
                c.expect_sum(shares, false, id.span, "the shares of the itineraries");
            }
        });
    }

    /// Checks the shares with customs attributes of their own.
    fn customs_shares(&mut self, flow: &Entry<Flow>) {
        let shares = flow.customs_shares.iter().map(|part| part.share);
        self.at("customs_shares", |c| c.expect_sum(shares, true, flow.id.span, "the customs shares"));
    }

    /// Checks the choice between ways and its options.
    fn choice(&mut self, flow: &Entry<Flow>) {
        let id = &flow.id;
        let has_shares = keyed(&flow.itineraries).any(|way| way.share.is_some());
        if !flow.itineraries.is_empty() {
            for (field, is_given) in [("via", flow.via.is_some()), ("ways", flow.ways.is_some())] {
                if is_given {
                    self.error(
                        id.span,
                        format!("flow `{}` has `itineraries`, so `{field}` has no effect", id.value),
                    )
                    .label("expected no such field: each itinerary is one way");
                }
            }
        }
        let n_ways = match (&flow.steps, flow.itineraries.len()) {
            (Some(_), _) => Some(1),
            (None, 0) => flow.ways.map(|ways| ways.value.value() as usize),
            (None, n) => Some(n),
        };
        if flow.when_closed == WhenClosed::Reroute && n_ways == Some(1) {
            self.at("when_closed", |c| {
                c.error(id.span, format!("flow `{}` has only one way, so it cannot take another", id.value))
                    .label("expected more `ways` or `itineraries`, or `Wait`");
            });
        }
        let Some(choice) = &flow.choice else { return };
        self.at("choice", |c| {
            match choice.value {
                RouteChoice::Shares if !has_shares => {
                    c.error(choice.span, format!("flow `{}` chooses by shares, but has none", id.value))
                        .label("expected itineraries with a `share` each");
                }
                RouteChoice::Shares => {}
                _ if has_shares => {
                    c.error(choice.span, format!("flow `{}` does not choose by the shares it has", id.value))
                        .label("expected `Shares`, or itineraries without `share`");
                }
                _ => {}
            }
            if let RouteChoice::Logit { time, spread, cost } = choice.value {
                for (field, weight) in [("time", time), ("spread", spread), ("cost", cost)] {
                    if weight.value < 0.0 {
                        c.at(field, |c| {
                            c.error(weight.span, "a weight is negative")
                                .label("expected 0 or more: a larger weight makes a worse way less likely");
                        });
                    }
                }
            }
        });
    }

    fn arrivals(&mut self, flow: &Entry<Flow>) {
        match &flow.arrivals.value {
            Arrivals::Poisson { batch, profile, .. } => {
                self.at("batch", |c| c.expect_above_zero(batch, "else nothing ever comes"));
                self.profile(profile.as_ref());
            }
            Arrivals::Regular { batch, profile, .. } => {
                self.at("batch", |c| c.expect_above_zero(batch, "else nothing ever comes"));
                self.profile(profile.as_ref());
            }
            Arrivals::Renewal { gap, batch, profile } => {
                self.profile(profile.as_ref());
                self.at("gap", |c| c.expect_above_zero(gap, "else arrivals never end"));
                self.at("batch", |c| c.expect_above_zero(batch, "else nothing ever comes"));
            }
            Arrivals::Volume { per_year, batch, profile } => {
                self.at("batch", |c| c.expect_above_zero(batch, "else nothing ever comes"));
                self.profile(profile.as_ref());
                let (law_is_zero, field) = match per_year.value.value() {
                    Load::Teu(_) => (flow.size.compile().is_ok_and(|law| law.mean() <= 0.0), "size"),
                    Load::Mass(_) => (flow.mean_mass().is_none_or(|mean| mean <= 0.0), "mass"),
                    Load::Shipments(_) | Load::Units(_) => (false, "units"),
                };
                if law_is_zero {
                    self.at("per_year", |c| {
                        c.error(
                            per_year.span,
                            format!("the volume counts {}, which shipments have none of", per_year.measure()),
                        )
                        .label(format!("expected `{field}` of flow `{}` greater than zero", flow.id.value));
                    });
                }
            }
            Arrivals::At(_) | Arrivals::Trace { .. } => {}
        }
    }

    pub(super) fn profile(&mut self, profile: Option<&Profile>) {
        let Some(profile) = profile else { return };
        let lists = [
            ("month", profile.month.as_ref().map(|list| (list.value.as_slice(), list.span))),
            ("weekday", profile.weekday.as_ref().map(|list| (list.value.as_slice(), list.span))),
            ("hour", profile.hour.as_ref().map(|list| (list.value.as_slice(), list.span))),
        ];
        self.at("profile", |c| {
            for (field, list) in lists {
                let Some((factors, span)) = list else { continue };
                c.at(field, |c| {
                    if factors.iter().any(|factor| *factor < 0.0) {
                        c.error(span, "a factor is negative").label("expected factors of 0 or more");
                    } else if factors.iter().all(|factor| *factor == 0.0) {
                        c.error(span, "all factors are zero").label("expected at least one above zero");
                    }
                });
            }
            for factor in profile.dates.values().filter(|factor| factor.value < 0.0) {
                c.at("dates", |c| {
                    c.error(factor.span, "a factor is negative").label("expected a factor of 0 or more");
                });
            }
        });
    }

    pub(super) fn clocks(&mut self) {
        let scenario = self.scenario;
        let mut marks: Vec<&str> = Vec::new();
        step::each_step_of(scenario, &mut |step| {
            if let StepKind::Mark(name) = &step.kind {
                marks.push(&name.value);
            }
        });
        marks.sort_unstable();
        marks.dedup();
        self.at("clocks", |c| {
            for (id, clock) in &scenario.clocks {
                c.at(id, |c| {
                    if id == DOOR_TO_DOOR {
                        c.error(clock.id.span, format!("the clock `{DOOR_TO_DOOR}` is built in"))
                            .label("expected another id");
                    }
                    if clock.from == clock.to {
                        c.error(
                            clock.id.span,
                            format!("clock `{id}` starts and stops at the same milestone"),
                        )
                        .label("expected two milestones");
                    }
                    for (field, milestone) in [("from", &clock.from), ("to", &clock.to)] {
                        c.at(field, |c| match milestone {
                            Milestone::Mark(name) => c.mark(name, &marks),
                            Milestone::DepartedBy(service) | Milestone::ArrivedBy(service) => {
                                c.refer(Kind::Service, service);
                            }
                            _ => {}
                        });
                    }
                });
            }
        });
    }

    fn mark(&mut self, name: &Located<Name>, marks: &[&str]) {
        if !marks.contains(&name.value.as_str()) {
            self.error(name.span, format!("no step marks `{}`", name.value))
                .label(if marks.is_empty() {
                    format!("expected a step `Mark(\"{}\")` somewhere", name.value)
                } else {
                    expected_one_of(marks.iter().copied())
                })
                .hint(did_you_mean(&name.value, marks.iter().copied()));
        }
    }

    pub(super) fn promises(&mut self) {
        let scenario = self.scenario;
        self.at("promises", |c| {
            for (id, promise) in &scenario.promises {
                c.at(id, |c| c.promise(promise));
            }
        });
    }

    fn promise(&mut self, promise: &Entry<Promise>) {
        let id = &promise.id;
        self.at("flows", |c| {
            let flows = &promise.flows.value;
            if flows.is_empty() {
                c.error(promise.flows.span, format!("promise `{}` is made to no flow", id.value))
                    .label("expected the ids of flows");
            }
            for (index, flow) in flows.iter().enumerate() {
                c.at_index(index, |c| {
                    if c.refer(Kind::Flow, flow)
                        && c.scenario.flows.get(&flow.value).is_some_and(|flow| flow.background)
                    {
                        c.error(
                            flow.span,
                            format!("flow `{}` is background and counts in no promise", flow.value),
                        )
                        .label("expected a flow that counts");
                    }
                    if flows[..index].iter().any(|earlier| earlier.value == flow.value) {
                        c.error(flow.span, format!("flow `{}` is named twice", flow.value))
                            .label("again here");
                    }
                });
            }
        });
        self.refer_at("clock", Kind::Clock, &promise.clock);
        if promise.target.value.as_f64() <= 0.0 {
            self.at("target", |c| {
                c.error(promise.target.span, "the target share is zero").label("expected a share above 0");
            });
        }
        let limit = match (&promise.within, &promise.by_end_of_day) {
            (Some(_), Some(day)) => {
                self.error(day.span, format!("promise `{}` has two limits", id.value))
                    .label("expected one of `within` and `by_end_of_day`");
                return;
            }
            (None, None) => {
                self.error(id.span, format!("promise `{}` has no limit", id.value))
                    .label("expected `within` or `by_end_of_day`");
                return;
            }
            (Some(within), None) => ("within", within.value.value(), within.span),
            (None, Some(day)) => {
                // The limit is at most this many whole days after the release.
                let days = i64::try_from(day.value).unwrap_or(i64::MAX).saturating_add(1);
                let limit = Duration::from_days(1).checked_mul(days).unwrap_or(Duration::MAX);
                ("by_end_of_day", limit, day.span)
            }
        };
        let (field, limit, span) = limit;
        if let Some(drain) = self.drain().filter(|drain| limit >= *drain) {
            let drain_span = self.scenario.run.drain.span;
            self.at(field, |c| {
                c.error(span, format!("the run ends before promise `{}` can be judged", id.value))
                    .label(format!("expected less than the drain of {drain}"))
                    .hint("raise `run.drain` above the longest promise".to_owned())
                    .note(drain_span, "the drain");
            });
        }
    }
}
