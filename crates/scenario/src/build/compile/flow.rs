//! Flows: arrivals, sizes, itineraries, clocks and promises.

use std::collections::{BTreeMap, BTreeSet};

use sanda_core::kernel::law::Law as KernelLaw;
use sanda_core::model::choice::thresholds;
use sanda_core::model::ids::{FlowId, ItineraryId, NodeId, StreamId};
use sanda_core::model::program::{LoadUnit, Op};
use sanda_core::model::{Amount, ArrivalRule, ClockEnd, ClockParams, FlowParams, N_MARKS, ProfileParams};
use sanda_units::{Duration, Time};

use super::batch::{law_unit, load_unit};
use super::scope::Scope;
use super::standings::Standings;
use super::walk::{first_place, milestone, milestones_of, number_marks};
use crate::build::builder::Builder;
use crate::build::route::hybrids::{Compiled, Meetings};
use crate::build::route::ways::Way;
use crate::build::time::observed::Observed;
use crate::decode::{Entry, Name};
use crate::schema::{
    Arrivals, Capacity, Flow, Law, LawSpec, LawValue, Load, Milestone, Mode, Step, WhenClosed,
};
use crate::source::Located;

/// The number of shipments per arrival, and the stream of its draws.
type BatchLaw = (KernelLaw, StreamId);

/// The name of the clock that every flow has.
pub(in crate::build) const DOOR_TO_DOOR: &str = "door-to-door";

impl Builder<'_> {
    pub(in crate::build) fn build_flows(&mut self) {
        let scenario = self.scenario;
        for (name, flow) in &scenario.flows {
            if let Some(params) = self.flow(name, flow) {
                self.model.flows.push(params);
            }
        }
        self.mark_boarding_stops();
    }

    /// Notes the stops at which shipments board.
    fn mark_boarding_stops(&mut self) {
        for op in &self.model.programs.ops {
            if let Op::Ride(index) = op {
                let ride = self.model.programs.rides[*index as usize];
                if ride.service.index() < self.model.services.len() {
                    self.model.services[ride.service].boarding_stops[usize::from(ride.from)] = true;
                }
            }
        }
    }

    fn flow(&mut self, name: &Name, flow: &Entry<Flow>) -> Option<FlowParams> {
        let path = format!("flows.{name}");
        let owner = format!("flow/{name}");
        let id = *self.flow_ids.get(name)?;
        let (ways, order) = self.ways(name, flow)?;
        self.note_procedures(&ways);
        let passed: Vec<BTreeSet<String>> = ways.iter().map(|way| self.milestones(&way.steps)).collect();
        let (clocks, marks) = self.clocks(name, flow, &passed)?;
        let origin = flow.from.as_ref().and_then(|from| self.node_ids.get(&from.value)).copied();
        let first_node = origin.or_else(|| {
            ways.iter().find_map(|way| {
                first_place(self.scenario, &way.steps).and_then(|node| self.node_ids.get(node).copied())
            })
        });
        let class = self.class(flow.priority.value.value(), flow.priority.span, &format!("{path}.priority"));
        let listed = |of: fn(&Observed) -> &Option<Vec<i64>>| {
            self.traces.get(name).and_then(|trace| of(trace).clone()).map(Amount::Listed)
        };
        let [teu, mass, units] = [listed(|t| &t.size), listed(|t| &t.mass), listed(|t| &t.units)];
        let teu = match teu {
            Some(listed) => listed,
            None => self.amount(&flow.size, "size", &owner, &path)?,
        };
        let mass = match (mass, &flow.mass, &flow.mass_per_teu) {
            (Some(listed), ..) => listed,
            (None, Some(mass), _) => self.amount(mass, "mass", &owner, &path)?,
            (None, None, Some(per_teu)) => Amount::PerTeu(per_teu.value.as_kg()),
            (None, None, None) => Amount::Fixed(0),
        };
        let units = match units {
            Some(listed) => listed,
            None => self.amount(&flow.units, "units", &owner, &path)?,
        };
        let (arrivals, profile, batch) = self.arrivals(flow, &path, &owner)?;
        let batch_law = batch.as_ref().map(|(law, _)| law);
        self.check_shipments(&arrivals, profile.as_ref(), batch_law, flow, &path);
        let origin = first_node.unwrap_or(NodeId::new(0));
        let scope = Scope {
            owner: owner.clone(),
            prefix: String::new(),
            path: String::new(),
            loops: 0,
            is_vehicle: false,
            by_chance: false,
            in_branch: false,
            has_mass: flow.has_mass(),
            node: self.scenario.nodes.keys().nth(origin.index()).cloned(),
            customs: Some(Standings::of(flow)),
            marks,
            procedures: Vec::new(),
        };
        let decisions = self.decisions(name, flow, &ways);
        let mut compiled: Vec<Compiled> = Vec::new();
        for (way, meetings) in ways.iter().zip(decisions.meetings(ways.len())) {
            compiled.push(self.way(flow, (id, way), &scope, &meetings));
            self.check_loads(flow, way, &path);
        }
        self.build_decisions((id, flow), &scope, (&ways, &compiled), decisions);
        let ids = compiled.iter().map(|itinerary| itinerary.id);
        let shares: Vec<f64> = ways.iter().map(|way| way.share).collect();
        let itineraries: Vec<_> = ids.zip(thresholds(&shares)).collect();
        self.warn_of_air_cargo(flow, itineraries.iter().map(|(id, _)| *id), &path);
        let reroutes = flow.when_closed == WhenClosed::Reroute;
        let preference = order.into_iter().map(|way| itineraries[way].0).collect();
        let promises = self.promises_on(name, &clocks);
        let choice = self.stream("itinerary", &owner);
        Some(FlowParams {
            name: name.to_string(),
            origin,
            arrivals,
            profile,
            batch,
            teu,
            mass,
            units,
            class,
            background: flow.background,
            itineraries,
            choice,
            reroutes,
            preference,
            sight: None,
            clocks,
            promises,
        })
    }

    /// Compiles an itinerary, with all that is kept of each.
    pub(in crate::build) fn way(
        &mut self,
        flow: &Flow,
        (id, way): (FlowId, &Way),
        scope: &Scope,
        meetings: &Meetings,
    ) -> Compiled {
        let compiled = self.itinerary(id, way, &Scope { path: way.path.clone(), ..scope.clone() }, meetings);
        let closers = self.closers(&way.steps, &Standings::of(flow));
        self.model.itineraries[compiled.id].closers = closers;
        self.routes.push(self.route(way));
        self.delivered_at.push(self.place_of_delivery(flow, way));
        self.ahead.push(way.ahead.clone());
        compiled
    }

    /// Warns of air cargo without a stated size. If every way of a flow goes by air, its shipments are not
    /// containers of the default size.
    fn warn_of_air_cargo(
        &mut self,
        flow: &Entry<Flow>,
        mut itineraries: impl Iterator<Item = ItineraryId>,
        path: &str,
    ) {
        let scenario = self.scenario;
        let flies = |id: ItineraryId| {
            let route = &self.routes[id];
            let services =
                route.services.iter().filter_map(|name| Some(scenario.services.get(&Name::new(name)?)?.mode));
            let links = route
                .connections
                .iter()
                .filter_map(|name| Some(scenario.connections.get(&Name::new(name)?)?.mode));
            services.chain(links).any(|mode| mode == Mode::Air)
        };
        // A default value has the place of its flow.
        let is_stated = flow.size.span != flow.id.span;
        if !is_stated && itineraries.all(flies) {
            self.issues
                .warning(flow.id.span, format!("flow `{}` goes by air and states no `size`", flow.id.value))
                .path(format!("{path}.size"))
                .label("each of its shipments counts as 1 TEU")
                .hint("write `size: \"0 TEU\"` for air cargo that is counted by mass or units".to_owned());
        }
    }

    fn promises_on(
        &mut self,
        name: &Name,
        clocks: &[ClockParams],
    ) -> Vec<(sanda_core::model::ids::PromiseId, u8)> {
        let mut promises = Vec::new();
        for (promise_name, promise) in &self.scenario.promises {
            if !promise.flows.value.iter().any(|flow| flow.value == *name) {
                continue;
            }
            let clock = clocks.iter().position(|clock| clock.name == promise.clock.value.as_str());
            match (clock, self.promise_id(promise_name)) {
                (Some(clock), Some(id)) => promises.push((id, clock as u8)),
                _ => {
                    self.issues
                        .error(
                            promise.clock.span,
                            format!("flow `{name}` has no milestones for clock `{}`", promise.clock.value),
                        )
                        .path(format!("promises.{promise_name}.clock"))
                        .label("expected a clock whose milestones all its flows pass");
                }
            }
        }
        promises
    }

    /// The clocks of a flow and the marks they need. A clock is left out if some itinerary does not pass
    /// its milestones.
    fn clocks(
        &mut self,
        name: &Name,
        flow: &Entry<Flow>,
        passed: &[BTreeSet<String>],
    ) -> Option<(Vec<ClockParams>, BTreeMap<String, u8>)> {
        let mark_of = |milestone: &Milestone| match milestone {
            Milestone::Released | Milestone::Delivered => None,
            Milestone::PickedUp => Some(milestone::PICKED_UP.to_owned()),
            Milestone::GateIn => Some(milestone::GATE_IN.to_owned()),
            Milestone::Departed => Some(milestone::DEPARTED.to_owned()),
            Milestone::Arrived => Some(milestone::ARRIVED.to_owned()),
            Milestone::GateOut => Some(milestone::GATE_OUT.to_owned()),
            Milestone::DepartedBy(service) => Some(milestone::departed_by(&service.value)),
            Milestone::ArrivedBy(service) => Some(milestone::arrived_by(&service.value)),
            Milestone::Mark(name) => Some(name.value.to_string()),
        };
        let passes = |milestone: &Milestone| {
            mark_of(milestone).is_none_or(|mark| passed.iter().all(|passed| passed.contains(&mark)))
        };
        let scenario = self.scenario;
        let applicable: Vec<_> =
            scenario.clocks.iter().filter(|(_, clock)| passes(&clock.from) && passes(&clock.to)).collect();
        let needed: BTreeSet<String> = applicable
            .iter()
            .flat_map(|(_, clock)| [mark_of(&clock.from), mark_of(&clock.to)])
            .flatten()
            .collect();
        if needed.len() > N_MARKS {
            self.issues
                .error(flow.id.span, format!("the clocks of flow `{name}` need {} milestones", needed.len()))
                .path(format!("flows.{name}"))
                .label(format!("at most {N_MARKS} between release and delivery"));
            return None;
        }
        let marks = number_marks(&needed);
        let end = |milestone: &Milestone| match (milestone, mark_of(milestone)) {
            (Milestone::Released, _) => ClockEnd::Released,
            (_, None) => ClockEnd::Delivered,
            (_, Some(mark)) => ClockEnd::Mark(marks[&mark]),
        };
        let built_in =
            ClockParams { name: DOOR_TO_DOOR.to_owned(), from: ClockEnd::Released, to: ClockEnd::Delivered };
        let clocks = std::iter::once(built_in)
            .chain(applicable.iter().filter(|(name, _)| name.as_str() != DOOR_TO_DOOR).map(
                |(name, clock)| ClockParams {
                    name: name.to_string(),
                    from: end(&clock.from),
                    to: end(&clock.to),
                },
            ))
            .collect();
        Some((clocks, marks))
    }

    /// The milestones of steps, with those of procedures.
    fn milestones(&self, steps: &[Step]) -> BTreeSet<String> {
        let mut found = milestones_of(steps);
        let mut open: Vec<Name> = Vec::new();
        let mut seen: BTreeSet<Name> = BTreeSet::new();
        let collect = |steps: &[Step], open: &mut Vec<Name>| {
            super::walk::walk(steps, &mut |step| {
                if let crate::schema::StepKind::Procedure(name) = &step.kind {
                    open.push(name.value.clone());
                }
            });
        };
        collect(steps, &mut open);
        while let Some(name) = open.pop() {
            if !seen.insert(name.clone()) {
                continue;
            }
            if let Some(procedure) = self.scenario.procedures.get(&name) {
                found.extend(milestones_of(&procedure.steps));
                collect(&procedure.steps, &mut open);
            }
        }
        found
    }

    fn amount<Q: LawValue>(
        &mut self,
        law: &Law<Q>,
        purpose: &str,
        owner: &str,
        path: &str,
    ) -> Option<Amount> {
        let path = format!("{path}.{purpose}");
        if let LawSpec::Constant(value) = &law.spec {
            return Some(Amount::Fixed(value.base() as i64));
        }
        let compiled = self.law(law, &path)?;
        Some(Amount::Random(compiled, self.stream(purpose, owner)))
    }

    /// Refuses shipments that can never fit aboard, where that is known.
    fn check_loads(&mut self, flow: &Entry<Flow>, way: &Way, path: &str) {
        super::walk::walk(&way.steps, &mut |step| {
            let crate::schema::StepKind::Ride { service, .. } = &step.kind else { return };
            for service in service.iter() {
                self.check_load(flow, service, path);
            }
        });
    }

    fn check_load(&mut self, flow: &Entry<Flow>, service: &Located<Name>, path: &str) {
        let Some(entry) = self.scenario.services.get(&service.value) else { return };
        let Some((unit, capacity)) = largest_load(&entry.capacity.value) else { return };
        let (smallest, said) = match unit {
            LoadUnit::Teu => (lowest(&flow.size), "size"),
            LoadUnit::Units if entry.split => return,
            LoadUnit::Units => (lowest(&flow.units), "units"),
            LoadUnit::Shipments => return,
            LoadUnit::Mass => {
                if !flow.has_mass() {
                    self.issues
                        .error(flow.id.span, "rides a service that counts mass, but has no mass".to_owned())
                        .path(format!("{path}.mass"))
                        .label(format!("expected a `mass`, as `{}` carries tonnes", service.value));
                    return;
                }
                (flow.lowest_mass().unwrap_or(0.0), "mass")
            }
        };
        // If a shipment may be split, a single unit must fit.
        let n_units = if entry.split { flow.units.compile().map_or(1.0, |law| law.support().1) } else { 1.0 };
        if smallest / n_units.max(1.0) > capacity {
            self.issues
                .error(flow.id.span, format!("no shipment fits aboard `{}`", service.value))
                .path(format!("{path}.{said}"))
                .label(format!("expected a {said} that its capacity can carry"));
        }
    }

    fn arrivals(
        &mut self,
        flow: &Entry<Flow>,
        path: &str,
        owner: &str,
    ) -> Option<(ArrivalRule, Option<ProfileParams>, Option<BatchLaw>)> {
        let path = format!("{path}.arrivals");
        let span = flow.arrivals.span;
        let stream = self.stream("arrivals", owner);
        let poisson = |builder: &mut Self, mean_gap_ms: f64| match KernelLaw::exponential(mean_gap_ms) {
            Ok(law) => Some(ArrivalRule::Renewal(law, stream)),
            Err(error) => {
                builder.issues.error(span, error.to_string()).path(path.clone());
                None
            }
        };
        match &flow.arrivals.value {
            Arrivals::Poisson { mean, per, batch, profile } => {
                let rule = poisson(self, per.value.value().as_ms() as f64 / mean.value.value())?;
                Some((rule, self.profile(profile.as_ref(), &path), self.batch_of(batch, &path, owner)?))
            }
            Arrivals::Regular { every, offset, batch, profile } => {
                let period = every.value.value();
                let rule = ArrivalRule::Regular { offset: offset.unwrap_or(period), period };
                Some((rule, self.profile(profile.as_ref(), &path), self.batch_of(batch, &path, owner)?))
            }
            Arrivals::Renewal { gap, batch, profile } => {
                let law = self.law(gap, &format!("{path}.gap"))?;
                if law.mean() < 1.0 {
                    self.issues
                        .error(gap.span, "the mean gap is shorter than a millisecond")
                        .path(format!("{path}.gap"))
                        .label("expected a longer one");
                    return None;
                }
                let profile = self.profile(profile.as_ref(), &path);
                Some((ArrivalRule::Renewal(law, stream), profile, self.batch_of(batch, &path, owner)?))
            }
            Arrivals::At(times) => {
                let mut times: Vec<Time> = times.iter().map(|&after| Time::ZERO + after).collect();
                times.sort_unstable();
                let last = self.window.arrivals_until.min(self.window.end);
                let n_late = times.len() - times.partition_point(|at| *at <= last);
                if n_late > 0 {
                    let (n, until) = (times.len(), last.saturating_since(Time::ZERO));
                    self.issues
                        .warning(
                            span,
                            format!("{n_late} of {n} arrivals of flow `{}` never happen", flow.id.value),
                        )
                        .path(path)
                        .label(format!("after {until}, the last arrivals of the run"));
                }
                Some((ArrivalRule::Dates(times), None, None))
            }
            // The trace is missing if the file has errors, which are already reported.
            Arrivals::Trace { .. } => {
                let times = self.traces.get(&flow.id.value)?.times.clone();
                Some((ArrivalRule::Dates(times), None, None))
            }
            Arrivals::Volume { per_year, batch, profile } => {
                let batch_law = self.law(batch, &path)?;
                let load = per_year.value.value();
                let (mean, said) = match load_unit(load) {
                    LoadUnit::Teu => (self.law(&flow.size, &path)?.mean(), "size"),
                    LoadUnit::Shipments => (1.0, "size"),
                    LoadUnit::Mass => (flow.mean_mass().unwrap_or(0.0), "mass"),
                    LoadUnit::Units => (self.law(&flow.units, &path)?.mean(), "units"),
                };
                let per_arrival = mean * batch_law.mean();
                if per_arrival <= 0.0 {
                    self.issues
                        .error(per_year.span, format!("a volume of shipments without {said}"))
                        .path(format!("{path}.per_year"))
                        .hint(Some(format!("give the flow a `{said}`")));
                    return None;
                }
                let year = Duration::from_days(365).as_ms() as f64;
                let rule = poisson(self, year * per_arrival / load.base() as f64)?;
                Some((rule, self.profile(profile.as_ref(), &path), self.batch_of(batch, &path, owner)?))
            }
        }
    }

    #[expect(clippy::option_option, reason = "an issue, no batch, or a batch")]
    fn batch_of(&mut self, batch: &Law<u64>, path: &str, owner: &str) -> Option<Option<BatchLaw>> {
        if matches!(batch.spec, LawSpec::Constant(1)) {
            return Some(None);
        }
        let law = self.law(batch, &format!("{path}.batch"))?;
        Some(Some((law, self.stream("batch", owner))))
    }
}

/// The unit of a capacity and its upper bound in base units. `None` if it is unbounded.
fn largest_load(capacity: &Capacity) -> Option<(LoadUnit, f64)> {
    let law = |law: &Law<Load>| Some((law_unit(law), law.compile().ok()?.support().1));
    match capacity {
        Capacity::Fixed(load) => Some((load_unit(*load), load.base() as f64)),
        Capacity::Random(load) => law(load),
        Capacity::Seasonal { load, month } => {
            let (unit, most) = law(load)?;
            Some((unit, most * month.value.iter().copied().fold(0.0, f64::max)))
        }
        Capacity::Unlimited => None,
    }
}

/// The smallest value of a law. Zero if the law is not valid, which is reported elsewhere.
fn lowest<Q: LawValue>(law: &Law<Q>) -> f64 {
    law.compile().map_or(0.0, |law| law.support().0)
}
