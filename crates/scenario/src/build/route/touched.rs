//! What a way touches: the places it passes, for reports, and the closures that concern it.
//!
//! Does not own the effect of a closure (`sanda_core`).

use sanda_core::model::ActTarget;
use sanda_core::model::ids::ConnectionId;

use super::passed::Route;
use super::ways::Way;
use crate::build::builder::Builder;
use crate::build::compile::standings::Standings;
use crate::decode::Name;
use crate::schema::{Flow, NodeKind, Step, StepKind};
use crate::source::Located;

impl<'a> Builder<'a> {
    /// The places of a way, with its expected time and cost.
    pub(in crate::build) fn route(&self, way: &Way) -> Route {
        let Way { share, expected, has_cost, .. } = *way;
        let replanned = way.replanned.clone();
        let mut route = Route { share, expected, has_cost, replanned, ..Route::default() };
        self.pass(&way.steps, &mut route);
        let is_border = |node: &&String| {
            let node = Name::new(node).and_then(|name| self.scenario.nodes.get(&name));
            node.is_some_and(|node| node.kind == Some(NodeKind::Border))
        };
        route.borders = route.nodes.iter().filter(is_border).cloned().collect();
        let users = || route.services.iter().chain(&route.connections);
        let passages = self.scenario.passages.iter().filter(|(_, passage)| {
            users().any(|user| passage.used_by.iter().any(|used| used.value.as_str() == user))
        });
        route.passages = passages.map(|(name, _)| name.to_string()).collect();
        route
    }

    fn pass(&self, steps: &[Step], route: &mut Route) {
        crate::build::compile::walk::walk(steps, &mut |step| match &step.kind {
            StepKind::Ride { service, from, to } => {
                let mut passed: Vec<&Name> = Vec::new();
                for service in service.iter() {
                    route.services.push(service.value.to_string());
                    let Some((stops, from, to)) = self.stops_of_ride(service, from.as_ref(), to.as_ref())
                    else {
                        continue;
                    };
                    let stops = stops[from..=to].iter().map(|stop| &stop.value);
                    // Only a later one of several services may call at a stop before their common end.
                    match passed.len().checked_sub(1) {
                        None => passed.extend(stops),
                        Some(end) => {
                            let others: Vec<&Name> = stops.filter(|stop| !passed.contains(stop)).collect();
                            passed.splice(end..end, others);
                        }
                    }
                }
                for stop in passed {
                    touch(route, stop);
                }
            }
            StepKind::Haul(connection) => {
                route.connections.push(connection.value.to_string());
                if let Some(connection) = self.scenario.connections.get(&connection.value) {
                    let (from, to) = (&connection.from.value, &connection.to.value);
                    let back = connection.both_ways && route.nodes.last().is_some_and(|here| *here == **to);
                    let ends = if back { [to, from] } else { [from, to] };
                    for end in ends {
                        touch(route, end);
                    }
                }
            }
            StepKind::Procedure(name) => {
                if let Some(procedure) = self.scenario.procedures.get(&name.value) {
                    self.pass(&procedure.steps, route);
                }
            }
            _ => {}
        });
    }

    /// The node where shipments of a way are delivered. Declared steps deliver at the stated end of the
    /// flow, other steps where they end. `None` if neither is known.
    pub(in crate::build) fn place_of_delivery(&self, flow: &Flow, way: &Way) -> Option<Name> {
        let stated = flow.to.as_ref().filter(|_| way.is_declared);
        let mut last = flow.from.as_ref().map(|from| from.value.clone());
        if stated.is_none() {
            self.follow(&way.steps, &mut last);
        }
        stated.map(|to| to.value.clone()).or(last)
    }

    /// Follows a list of steps from place to place.
    fn follow(&self, steps: &[Step], place: &mut Option<Name>) {
        crate::build::compile::walk::walk(steps, &mut |step| match &step.kind {
            StepKind::Ride { service, from, to } => {
                let ride =
                    service.first().and_then(|one| self.stops_of_ride(one, from.as_ref(), to.as_ref()));
                if let Some((stops, _, to)) = ride {
                    *place = Some(stops[to].value.clone());
                }
            }
            StepKind::Haul(connection) => {
                if let Some(connection) = self.scenario.connections.get(&connection.value) {
                    let is_back = connection.both_ways && place.as_ref() == Some(&connection.to.value);
                    let end = if is_back { &connection.from } else { &connection.to };
                    *place = Some(end.value.clone());
                }
            }
            StepKind::Work { resource, .. } | StepKind::Hold { resource, .. } => {
                if let Some(resource) = self.scenario.resources.get(&resource.value) {
                    *place = Some(resource.at.value.clone());
                }
            }
            StepKind::Gate { at: Some(at), .. } => *place = Some(at.value.clone()),
            StepKind::Procedure(name) => {
                if let Some(procedure) = self.scenario.procedures.get(&name.value) {
                    self.follow(&procedure.steps, place);
                }
            }
            _ => {}
        });
    }

    /// The stops of a service, and the positions of boarding and alighting among them. Of a stop with two
    /// calls, boarding takes the first call, and alighting the first call after boarding.
    pub(in crate::build) fn stops_of_ride(
        &self,
        service: &Located<Name>,
        from: Option<&Located<Name>>,
        to: Option<&Located<Name>>,
    ) -> Option<(&'a [Located<Name>], usize, usize)> {
        let stops = &self.scenario.services.get(&service.value)?.stops.value;
        let after = |wanted: Option<&Located<Name>>, after: usize| {
            let wanted = wanted?;
            stops.iter().skip(after).position(|stop| stop.value == wanted.value).map(|place| place + after)
        };
        let from = if from.is_some() { after(from, 0)? } else { 0 };
        let to = if to.is_some() { after(to, from + 1)? } else { stops.len() - 1 };
        (from < to).then_some((stops, from, to))
    }

    /// The closures that close a list of steps: of resources, legs, connections, and the departures of
    /// services. A step done only by chance, such as an inspection, closes nothing.
    pub(in crate::build) fn closers(&self, steps: &[Step], customs: &Standings) -> Vec<ActTarget> {
        let mut found = Vec::new();
        self.collect_closers(steps, Some(customs), &mut found);
        let mut distinct: Vec<ActTarget> = Vec::new();
        for target in found {
            if !distinct.contains(&target) {
                distinct.push(target);
            }
        }
        distinct
    }

    fn collect_closers(&self, steps: &[Step], customs: Option<&Standings>, found: &mut Vec<ActTarget>) {
        for step in steps {
            match &step.kind {
                StepKind::Work { resource, .. } => {
                    found.extend(self.resource_ids.get(&resource.value).map(|id| ActTarget::Resource(*id)));
                }
                StepKind::Hold { resource, steps, .. } => {
                    found.extend(self.resource_ids.get(&resource.value).map(|id| ActTarget::Resource(*id)));
                    self.collect_closers(steps, customs, found);
                }
                StepKind::Repeat { steps, .. } => self.collect_closers(steps, customs, found),
                StepKind::Customs { cases, otherwise } => {
                    let Some(standings) = customs else { continue };
                    let mut fitting = standings.steps(cases, otherwise);
                    // A step that chance decides is not part of every shipment's way.
                    if let (Some((_, steps)), None) = (fitting.next(), fitting.next()) {
                        self.collect_closers(steps, customs, found);
                    }
                }
                StepKind::Parallel(branches) => {
                    for branch in branches {
                        self.collect_closers(branch, customs, found);
                    }
                }
                StepKind::Procedure(name) => {
                    if let Some(procedure) = self.scenario.procedures.get(&name.value) {
                        self.collect_closers(&procedure.steps, customs, found);
                    }
                }
                StepKind::Haul(connection) => {
                    let place = self.scenario.connections.keys().position(|name| *name == connection.value);
                    found.extend(place.map(|place| ActTarget::Connection(ConnectionId::new(place))));
                }
                StepKind::Ride { service, from, to } => {
                    let of_each =
                        service.iter().map(|one| self.closers_of_ride(one, from.as_ref(), to.as_ref()));
                    // Several services are closed only if all of them are.
                    let common = of_each.reduce(|common, next| {
                        common.into_iter().filter(|target| next.contains(target)).collect()
                    });
                    found.extend(common.unwrap_or_default());
                }
                StepKind::Delay { .. }
                | StepKind::Gate { .. }
                | StepKind::Choose(..)
                | StepKind::Inspect { .. }
                | StepKind::Regime { .. }
                | StepKind::Batch { .. }
                | StepKind::Charge { .. }
                | StepKind::Mark(_) => {}
            }
        }
    }
}

impl Builder<'_> {
    fn closers_of_ride(
        &self,
        service: &Located<Name>,
        from: Option<&Located<Name>>,
        to: Option<&Located<Name>>,
    ) -> Vec<ActTarget> {
        let mut found = Vec::new();
        let Some(&id) = self.service_ids.get(&service.value) else { return found };
        let Some((_, from, to)) = self.stops_of_ride(service, from, to) else { return found };
        found.push(ActTarget::Departures(id));
        for leg in from..to {
            found.push(ActTarget::Leg(id, leg as u16));
            let vehicle = self.at_stop(&self.scenario.services[&service.value], leg + 1);
            self.collect_closers(&vehicle, None, &mut found);
        }
        found
    }
}

fn touch(route: &mut Route, node: &Name) {
    if route.nodes.last().is_none_or(|last| *last != **node) {
        route.nodes.push(node.to_string());
    }
}
