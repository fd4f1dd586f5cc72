//! Disruptions and passages: targets compiled to resources, legs and connections.
//!
//! A node stands for its resources and for the services that depart from it, a service for all its legs, a
//! passage for everything that uses it. If something uses a closed passage, the error is reported where it
//! is used.

use sanda_core::kernel::law::Law as KernelLaw;
use sanda_core::model::ids::{ConnectionId, DisruptionId, ItineraryId, ServiceId};
use sanda_core::model::{Act, ActEffect, ActTarget, DisruptionParams, OccurrenceRule, StormParams};
use sanda_units::Time;

use crate::build::builder::Builder;
use crate::build::load::offered::mean_level;
use crate::build::notes::Diversion;
use crate::decode::{Entry, Name};
use crate::schema::{DatedSpan, Disruption, Effect, Occurrence, Target};
use crate::source::{Located, Span};

/// The name of an effect in the language.
fn word(effect: &Effect) -> &'static str {
    match effect {
        Effect::Close => "Close",
        Effect::Capacity(_) => "Capacity",
        Effect::TimeScale(_) => "TimeScale",
        Effect::TimeAdd(_) => "TimeAdd",
        Effect::Cancel => "Cancel",
        Effect::Divert(_) => "Divert",
    }
}

impl Builder<'_> {
    /// Whether a disruption may target a resource. Known before resources are built.
    pub(in crate::build) fn may_be_disrupted(&self, resource: &Name) -> bool {
        let scenario = self.scenario;
        let Some(at) = scenario.resources.get(resource).map(|resource| &resource.at.value) else {
            return false;
        };
        scenario.disruptions.values().flat_map(|disruption| &disruption.targets).any(|target| match target {
            Target::Resource(name) => name.value == *resource,
            Target::Node(name) => name.value == *at,
            _ => false,
        })
    }

    pub(in crate::build) fn build_disruptions(&mut self) {
        let scenario = self.scenario;
        for (name, disruption) in &scenario.disruptions {
            let path = format!("disruptions.{name}");
            if let Occurrence::UnderWay { per_hour, length } = &disruption.when {
                self.storms(name, disruption, per_hour.value.value(), length, &path);
                continue;
            }
            let Some(when) = self.occurrence(name, disruption, &path) else { continue };
            let mut acts = Vec::new();
            let mut n_additions = 0;
            for (index, effect) in disruption.effect.with_paths() {
                let targets = self.all_targets(disruption, effect, &path);
                // `build_diversions` finds the diverted itineraries, once they are compiled.
                if let Effect::Divert(wanted) = effect {
                    let path = format!("{path}.effect{index}");
                    let disruption = DisruptionId::new(self.model.disruptions.len());
                    self.diversions.push(Diversion { disruption, wanted: wanted.clone(), targets, path });
                    continue;
                }
                if targets.is_empty() {
                    self.issues
                        .error(
                            disruption.id.span,
                            format!("disruption `{name}` has no effect on its targets"),
                        )
                        .path(format!("{path}.targets"))
                        .label(format!("expected targets that `{}` can affect", word(effect)));
                }
                if matches!(effect, Effect::TimeAdd(_)) {
                    n_additions += 1;
                }
                let Some(effect) = self.effect(name, effect, n_additions, &format!("{path}.effect{index}"))
                else {
                    continue;
                };
                acts.extend(targets.into_iter().map(|target| Act { target, effect: effect.clone() }));
            }
            self.model.disruptions.push(DisruptionParams { name: name.to_string(), when, acts });
        }
    }

    /// Compiles diversions, once the itineraries are compiled. An itinerary is diverted if a target of the
    /// disruption would close it, and if its flow has the itinerary to divert to.
    pub(in crate::build) fn build_diversions(&mut self) {
        for Diversion { disruption: id, wanted, targets, path } in std::mem::take(&mut self.diversions) {
            let name = self.model.disruptions[id].name.clone();
            let mut acts = Vec::new();
            for flow in &self.model.flows {
                let named = |way: &&(ItineraryId, u64)| self.model.itineraries[way.0].name == *wanted.value;
                let Some(&(to, _)) = flow.itineraries.iter().find(named) else { continue };
                for &(from, _) in flow.itineraries.iter().filter(|(way, _)| *way != to) {
                    if self.model.itineraries[from].closers.iter().any(|closer| targets.contains(closer)) {
                        acts.push(Act { target: ActTarget::Itinerary(from), effect: ActEffect::Divert(to) });
                    }
                }
            }
            if acts.is_empty() {
                self.issues
                    .error(wanted.span, format!("disruption `{name}` diverts nothing"))
                    .path(path)
                    .label(format!(
                        "expected flows with an itinerary `{}` and others that use its targets",
                        wanted.value
                    ));
            }
            // The engine takes the first diversion that fits, so the order of the effects is kept.
            self.model.disruptions[id].acts.extend(acts);
        }
    }

    /// The targets of a disruption, compiled for one of its effects.
    fn all_targets(&mut self, disruption: &Disruption, effect: &Effect, path: &str) -> Vec<ActTarget> {
        let mut targets = Vec::new();
        for (place, target) in disruption.targets.iter().enumerate() {
            self.targets_of(target, effect, &format!("{path}.targets[{place}]"), &mut targets);
        }
        targets
    }

    /// A target, compiled for an effect.
    fn targets_of(&mut self, target: &Target, effect: &Effect, path: &str, all: &mut Vec<ActTarget>) {
        let scenario = self.scenario;
        let mut found: Vec<ActTarget> = Vec::new();
        match target {
            Target::Resource(name) => found.extend(self.resource_target(name, effect, path)),
            Target::Node(name) => {
                let here = scenario.resources.iter().filter(|(_, resource)| resource.at.value == name.value);
                for (resource, _) in here {
                    let located = Located::new(resource.clone(), name.span);
                    found.extend(self.resource_target(&located, effect, path));
                }
                for (service, entry) in &scenario.services {
                    let legs = entry.stops.value.iter().enumerate().take(entry.running.value.len());
                    for (leg, _) in legs.filter(|(_, stop)| stop.value == name.value) {
                        found.extend(self.leg_targets(service, leg, effect));
                    }
                }
                for (connection, entry) in &scenario.connections {
                    let begins_here =
                        entry.from.value == name.value || entry.both_ways && entry.to.value == name.value;
                    if begins_here {
                        found.extend(self.connection_target(connection, effect));
                    }
                }
            }
            Target::Service(name) => found.extend(self.service_targets(&name.value, effect)),
            Target::Leg { service, from } => {
                let legs = scenario.services.get(&service.value).map(|entry| &entry.stops.value);
                let leg = legs.and_then(|stops| stops.iter().position(|stop| stop.value == from.value));
                if let Some(leg) = leg {
                    found.extend(self.leg_targets(&service.value, leg, effect));
                }
            }
            Target::Connection(name) => found.extend(self.connection_target(&name.value, effect)),
            Target::Passage(name) => {
                let users = scenario.passages.get(&name.value).map(|passage| passage.used_by.as_slice());
                for user in users.unwrap_or_default() {
                    found.extend(self.service_targets(&user.value, effect));
                    found.extend(self.connection_target(&user.value, effect));
                }
            }
        }
        for target in found {
            if !all.contains(&target) {
                all.push(target);
            }
        }
    }

    fn resource_target(&mut self, name: &Located<Name>, effect: &Effect, path: &str) -> Option<ActTarget> {
        let &id = self.resource_ids.get(&name.value)?;
        let unlimited =
            matches!(self.scenario.resources[&name.value].servers, crate::schema::Servers::Unlimited);
        match effect {
            Effect::Capacity(factor) if unlimited => {
                self.issues
                    .error(factor.span, format!("resource `{}` has unlimited servers", name.value))
                    .path(path)
                    .label("expected a target whose capacity can change");
                None
            }
            Effect::Cancel => None,
            _ => Some(ActTarget::Resource(id)),
        }
    }

    fn service_targets(&self, name: &Name, effect: &Effect) -> Vec<ActTarget> {
        let Some(entry) = self.scenario.services.get(name) else { return Vec::new() };
        let legs = 0..entry.running.value.len();
        let mut targets: Vec<ActTarget> =
            legs.filter_map(|leg| self.leg_targets(name, leg, effect)).collect();
        targets.dedup();
        targets
    }

    fn leg_targets(&self, service: &Name, leg: usize, effect: &Effect) -> Option<ActTarget> {
        let &id: &ServiceId = self.service_ids.get(service)?;
        match effect {
            // A departure is cancelled or shortened as a whole, whichever of its legs is the cause.
            Effect::Cancel | Effect::Capacity(_) => Some(ActTarget::Departures(id)),
            _ => Some(ActTarget::Leg(id, u16::try_from(leg).ok()?)),
        }
    }

    fn connection_target(&self, name: &Name, effect: &Effect) -> Option<ActTarget> {
        let id = self.scenario.connections.keys().position(|other| other == name)?;
        match effect {
            Effect::Cancel | Effect::Capacity(_) => None,
            _ => Some(ActTarget::Connection(ConnectionId::new(id))),
        }
    }

    /// Compiles an effect. The additions of one disruption are numbered from 1, and each has draws of its
    /// own.
    fn effect(&mut self, name: &Name, effect: &Effect, addition: u32, path: &str) -> Option<ActEffect> {
        Some(match effect {
            Effect::Close => ActEffect::Close,
            Effect::Capacity(factor) => ActEffect::Capacity(factor.value),
            Effect::TimeScale(factor) => ActEffect::TimeScale(factor.value.value()),
            Effect::TimeAdd(law) => {
                let law = self.law(law, path)?;
                let purpose =
                    if addition == 1 { "added time".to_owned() } else { format!("added time {addition}") };
                ActEffect::TimeAdd(law, self.stream(&purpose, &format!("disruption/{name}")))
            }
            Effect::Cancel => ActEffect::Cancel,
            // A diversion is compiled from itineraries, not from targets.
            Effect::Divert(_) => return None,
        })
    }

    fn occurrence(
        &mut self,
        name: &Name,
        disruption: &Entry<Disruption>,
        path: &str,
    ) -> Option<OccurrenceRule> {
        let path = format!("{path}.when");
        let owner = format!("disruption/{name}");
        match &disruption.when {
            Occurrence::Dated(spans) => {
                let intervals = self.dated(spans, disruption, &path)?;
                Some(OccurrenceRule::Dated(intervals))
            }
            Occurrence::Random { up, down } => {
                let span = up.span;
                let up = self.law(up, &format!("{path}.up"))?;
                let down = self.law(down, &format!("{path}.down"))?;
                self.check_events(1, up.mean() + down.mean(), "disruptions", span, &path);
                Some(OccurrenceRule::Alternating { up, down, stream: self.stream("alternation", &owner) })
            }
            Occurrence::Strikes { mean, per, length, profile } => {
                let gap = per.value.value().as_ms() as f64 / mean.value.value();
                let profile = self.profile(profile.as_deref(), &path);
                let level = profile
                    .as_ref()
                    .map_or(1.0, |profile| mean_level(&profile.rates, [Time::ZERO, self.window.end]));
                self.check_events(1, gap / level, "strikes", mean.span, &path);
                Some(OccurrenceRule::Strikes {
                    gap: self.exponential(gap, mean.span, &path)?,
                    profile,
                    length: self.law(length, &format!("{path}.length"))?,
                    stream: self.stream("strikes", &owner),
                })
            }
            Occurrence::UnderWay { .. } => None,
        }
    }

    fn exponential(&mut self, mean_ms: f64, span: Span, path: &str) -> Option<KernelLaw> {
        match KernelLaw::exponential(mean_ms) {
            Ok(law) => Some(law),
            Err(error) => {
                self.issues.error(span, error.to_string()).path(path);
                None
            }
        }
    }

    /// Converts local spans to sorted, disjoint intervals of the run. An active disruption has at least
    /// one. An inactive one may lie outside the run, for example after the run was shortened.
    fn dated(
        &mut self,
        spans: &[DatedSpan],
        disruption: &Entry<Disruption>,
        path: &str,
    ) -> Option<Vec<(Time, Time)>> {
        let zone = self.epoch.zone().clone();
        let mut intervals: Vec<(Time, Time)> = Vec::new();
        for dated in spans {
            let (from, to) = (dated.from.value.at(&self.epoch, &zone), dated.to.value.at(&self.epoch, &zone));
            let text = format!("{}..{}", dated.from.value, dated.to.value);
            self.note_dates(from, to, text, dated.from.span, path);
            let (from, to) = (from.max(Time::ZERO), to.min(self.window.end));
            if from < to {
                intervals.push((from, to));
            }
        }
        if intervals.is_empty() && disruption.active {
            self.issues
                .error(disruption.id.span, "the disruption is not within the run")
                .path(path)
                .label("expected dates between the start and the end of the run, or `active: false`");
            return None;
        }
        intervals.sort_unstable();
        let mut merged: Vec<(Time, Time)> = Vec::new();
        for (from, to) in intervals {
            match merged.last_mut() {
                Some((_, end)) if from <= *end => *end = to.max(*end),
                _ => merged.push((from, to)),
            }
        }
        Some(merged)
    }

    /// Compiles strikes on single vehicles under way, and notes them at the services they concern.
    fn storms(
        &mut self,
        name: &Name,
        disruption: &Entry<Disruption>,
        per_hour: f64,
        length: &crate::schema::Law<sanda_units::Duration>,
        path: &str,
    ) {
        let other = disruption.effect.with_paths().find(|(_, effect)| !matches!(effect, Effect::Close));
        if let Some((index, _)) = other {
            self.issues
                .error(disruption.id.span, "a disruption of vehicles under way can only stop them")
                .path(format!("{path}.effect{index}"))
                .label("expected `Close`");
            return;
        }
        let targets = self.all_targets(disruption, &Effect::Close, path);
        let gap_ms = 3_600_000.0 / per_hour;
        self.check_events(1, gap_ms, "strikes on each vehicle", disruption.id.span, &format!("{path}.when"));
        let gap = self.exponential(gap_ms, disruption.id.span, path);
        let length = self.law(length, &format!("{path}.when.length"));
        let (Some(gap), Some(length)) = (gap, length) else { return };
        let mut befallen = false;
        for service in self.model.services.ids().collect::<Vec<_>>() {
            let mut legs = vec![false; self.model.services[service].running.len()];
            for target in &targets {
                if let ActTarget::Leg(id, leg) = target
                    && *id == service
                {
                    legs[usize::from(*leg)] = true;
                    befallen = true;
                }
            }
            if legs.contains(&true) {
                let owner = format!("service/{}", self.model.services[service].name);
                let stream = self.stream(&format!("storms/{name}"), &owner);
                let storm = StormParams { legs, gap: gap.clone(), length: length.clone(), stream };
                self.model.services[service].storms.push(storm);
            }
        }
        if !befallen {
            self.issues
                .error(disruption.id.span, format!("disruption `{name}` affects no leg of a service"))
                .path(format!("{path}.targets"))
                .label("expected services, legs, nodes or passages with services");
        }
    }

    /// The closed passage that a service or connection uses, if any.
    pub(in crate::build) fn closed_passage(&self, user: &Name) -> Option<Name> {
        let closed = self.scenario.passages.iter().filter(|(_, passage)| passage.closed);
        closed
            .filter(|(_, passage)| passage.used_by.iter().any(|used| used.value == *user))
            .map(|(name, _)| name.clone())
            .next()
    }
}
