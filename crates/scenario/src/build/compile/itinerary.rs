//! The program of one itinerary: its stages, the standard milestones, and the end.
//!
//! A list of steps has these milestones by itself:
//!
//! - *picked up* when the first haulage begins, or at release without one;
//! - *gate in* after the haulage at the beginning;
//! - *departed* and *arrived* on the first and last ride;
//! - *gate out* before the haulage at the end.
//!
//! Steps at the shipper's before the haulage and at the consignee's after it do not count for these. They
//! are the `before` and `after` of the flow and the turns `Origin` and `Destination`. Only marks that some
//! clock needs are stamped.

use sanda_core::model::ids::{FlowId, ItineraryId, StageId};
use sanda_core::model::program::{Op, OpIndex, RideOp};
use sanda_core::model::{ItineraryParams, StageParams};

use super::scope::Scope;
use super::walk::{bit, milestone, step_names};
use crate::build::builder::Builder;
use crate::build::labels::Label;
use crate::build::route::hybrids::{Compiled, Meetings};
use crate::build::route::ways::Way;
use crate::decode::Name;
use crate::schema::{FeeKind, Step, StepKind, Text};
use crate::source::Located;

impl Builder<'_> {
    /// Compiles the program of one itinerary of a flow. The path of the scope is that of the list of steps.
    pub(in crate::build) fn itinerary(
        &mut self,
        flow: FlowId,
        way: &Way,
        scope: &Scope,
        meetings: &Meetings,
    ) -> Compiled {
        let (charges_from, legs_from) = (self.model.costs.charges.len(), self.model.costs.legs.len());
        let mut begins = Vec::new();
        let steps = &way.steps;
        let program = self.here();
        let itinerary = ItineraryId::new(self.model.itineraries.len());
        // A charge takes no time: it neither ends the first haulage nor begins the last.
        let is_haul = |step: &Step| matches!(step.kind, StepKind::Haul(_) | StepKind::Charge { .. });
        let (n_before, n_after) = way.outside;
        let own = &steps[n_before..steps.len() - n_after];
        let n_first = own.iter().take_while(|step| is_haul(step)).count();
        let n_last = own.iter().rev().take_while(|step| is_haul(step)).count().min(own.len() - n_first);
        let (picked_up, gate_in) = (n_before, n_before + n_first);
        let gate_out = n_before + own.len() - n_last;
        let mark = |name: &str| scope.marks.get(name).copied();
        // For each ride, its operation. A ride on several services has one operation per service.
        let mut rides: Vec<Vec<OpIndex>> = Vec::new();
        let mut stamps = [
            (picked_up, mark(milestone::PICKED_UP)),
            (gate_in, mark(milestone::GATE_IN)),
            (gate_out, mark(milestone::GATE_OUT)),
        ];
        // A shipment that comes in at a hub has passed these before the ride that it gave up.
        for (_, mark) in
            stamps[..2].iter_mut().filter(|(at, _)| meetings.joined_at.is_some_and(|join| *at >= join))
        {
            *mark = None;
        }
        for (place, (step, step_name)) in steps.iter().zip(step_names(steps)).enumerate() {
            self.stamp(&stamps, place);
            if let Some(&(_, decision)) = meetings.decisions.iter().find(|(at, _)| *at == place) {
                self.emit(Op::Replan(decision));
            }
            let begin = self.here();
            begins.push(begin);
            match way.places.get(place).and_then(Option::as_ref) {
                None => self.step(step, &step_name, &format!("{}[{}]", scope.path, place - n_before), scope),
                Some(at) => {
                    let node = at.node.clone().or_else(|| scope.node.clone());
                    let there = Scope { node, ..scope.clone() };
                    self.step(step, &step_name, &at.path, &there);
                }
            }
            rides.extend(self.rides_between(begin, self.here()));
            if !matches!(step.kind, StepKind::Mark(_)) {
                let label = self.stage_label(step, &step_name);
                let stage = self.stage(flow, &step_name, label);
                if let StepKind::Ride { service, .. } = &step.kind {
                    self.model.stages[stage].has_parts = self.ride_parts(flow, &step_name, service);
                }
                if matches!(step.kind, StepKind::Charge { .. }) {
                    self.model.stages[stage].is_charge = true;
                } else {
                    self.emit(Op::EndStage(stage));
                }
                self.settle_drafts(itinerary, stage);
            }
        }
        self.stamp(&stamps, steps.len());
        self.emit(Op::Deliver);
        self.stamp_rides(&rides, mark(milestone::DEPARTED), mark(milestone::ARRIVED));
        let id = self.model.itineraries.push(ItineraryParams {
            name: way.name.clone(),
            flow,
            program,
            closers: Vec::new(),
            bookings: Vec::new(),
        });
        Compiled { id, begins, charges_from, legs_from }
    }

    /// Stamps the milestones that are passed before the step at a position.
    fn stamp(&mut self, stamps: &[(usize, Option<u8>)], place: usize) {
        for &(_, mark) in stamps.iter().filter(|(at, _)| *at == place) {
            if let Some(mark) = mark {
                self.emit(Op::Mark(mark));
            }
        }
    }

    /// The rides among these operations. A ride on several services has one operation per service, listed
    /// together.
    fn rides_between(&self, begin: OpIndex, end: OpIndex) -> Vec<Vec<OpIndex>> {
        let programs = &self.model.programs;
        let mut rides: Vec<Vec<OpIndex>> = Vec::new();
        for at in begin..end {
            match programs.ops[at as usize] {
                Op::RideAny(group) => rides.push(programs.ride_groups[group as usize].rides.clone()),
                Op::Ride(_) if rides.last().is_none_or(|last| !last.contains(&at)) => rides.push(vec![at]),
                _ => {}
            }
        }
        rides
    }

    fn stamp_rides(&mut self, rides: &[Vec<OpIndex>], departed: Option<u8>, arrived: Option<u8>) {
        let programs = &mut self.model.programs;
        let ride_of = |ops: &[Op], op: OpIndex| match ops[op as usize] {
            Op::Ride(ride) => Some(ride as usize),
            _ => None,
        };
        for ride in rides.first().into_iter().flatten().filter_map(|&op| ride_of(&programs.ops, op)) {
            programs.rides[ride].departed_marks |= bit(departed);
        }
        for ride in rides.last().into_iter().flatten().filter_map(|&op| ride_of(&programs.ops, op)) {
            programs.rides[ride].arrived_marks |= bit(arrived);
        }
    }

    /// The label of a stage: that of the step, else that of the thing the step names, else what the step
    /// does.
    fn stage_label(&self, step: &Step, name: &str) -> Label {
        let scenario = self.scenario;
        let said = |text: Option<&Text>| Label::of(text, name);
        if step.label.is_some() {
            return said(step.label.as_ref());
        }
        let words = |zh: &str, en: &str| Label { zh: zh.to_owned(), en: en.to_owned() };
        match &step.kind {
            StepKind::Work { resource, .. } | StepKind::Hold { resource, .. } => {
                said(scenario.resources.get(&resource.value).and_then(|resource| resource.name.as_ref()))
            }
            StepKind::Ride { service, .. } => {
                let Some(service) = service.only() else {
                    return words("乘最早一班", "Ride on the first to leave");
                };
                said(scenario.services.get(&service.value).and_then(|service| service.name.as_ref()))
            }
            StepKind::Haul(connection) => said(
                scenario.connections.get(&connection.value).and_then(|connection| connection.name.as_ref()),
            ),
            StepKind::Regime { regime, .. } => {
                said(scenario.regimes.get(&regime.value).and_then(|regime| regime.name.as_ref()))
            }
            _ if step.id.is_some() => said(None),
            StepKind::Inspect { .. } => words("查验", "Inspection"),
            StepKind::Customs { .. } => words("海关手续", "Customs"),
            StepKind::Gate { .. } => words("等待开放", "Wait for opening"),
            StepKind::Batch { .. } => words("集拼", "Consolidation"),
            StepKind::Repeat { .. } => words("返工", "Rework"),
            StepKind::Charge { r#as: FeeKind::Customs, .. } => words("海关费用", "Customs fee"),
            StepKind::Charge { r#as: FeeKind::Freight, .. } => words("运费", "Freight charge"),
            StepKind::Charge { r#as: FeeKind::Handling, .. } => words("杂费", "Charge"),
            _ => said(None),
        }
    }

    /// The stage of a flow with this name. Itineraries of one flow share it.
    fn stage(&mut self, flow: FlowId, name: &str, label: Label) -> StageId {
        // Flows are compiled one after the other, so the stages of this flow are the last ones.
        let of_flow = self.model.stages.as_slice().iter().rev().take_while(|stage| stage.flow == flow);
        if let Some(place) =
            of_flow.enumerate().find_map(|(place, stage)| (stage.name == name).then_some(place))
        {
            return StageId::new(self.model.stages.len() - 1 - place);
        }
        self.stage_labels.push(label);
        let is_part = name.contains('.');
        self.model.stages.push(StageParams {
            name: name.to_owned(),
            flow,
            is_part,
            has_parts: false,
            is_charge: false,
        })
    }

    /// Adds the legs and stops of the rides that were compiled last as parts of their stage. Returns false
    /// if there are no parts. Rides on several services have parts only if the services call at the same
    /// stops.
    fn ride_parts(&mut self, flow: FlowId, name: &str, services: &[Located<Name>]) -> bool {
        let scenario = self.scenario;
        let rides = &self.model.programs.rides;
        let Some(first) = rides.len().checked_sub(services.len()) else { return false };
        // Rides on several services are compiled in the order of names.
        let mut names: Vec<&Name> = services.iter().map(|service| &service.value).collect();
        names.sort_unstable();
        let stops = |name: &Name, ride: &RideOp| -> Option<Vec<&Name>> {
            let stops = &scenario.services.get(name)?.stops.value;
            let called_at = stops.get(usize::from(ride.from)..=usize::from(ride.to))?;
            Some(called_at.iter().map(|stop| &stop.value).collect())
        };
        let calls: Option<Vec<Vec<&Name>>> =
            names.iter().zip(&rides[first..]).map(|(name, ride)| stops(name, ride)).collect();
        let Some(calls) = calls.filter(|calls| calls.windows(2).all(|pair| pair[0] == pair[1])) else {
            return false;
        };
        for (place, stops) in (first..).zip(calls) {
            self.parts_of_ride(flow, name, place, &stops);
        }
        !names.is_empty()
    }

    /// The parts of the ride with this index, which calls at these stops.
    fn parts_of_ride(&mut self, flow: FlowId, name: &str, ride: usize, stops: &[&Name]) {
        let parts_from = self.model.programs.ride_parts.len() as u32;
        for (leg, ends_at) in stops.windows(2).enumerate() {
            let [begins, ends] = [ends_at[0], ends_at[1]];
            let (from, to) = (self.node_label(begins), self.node_label(ends));
            let run =
                Label { zh: format!("{}→{}", from.zh, to.zh), en: format!("{} to {}", from.en, to.en) };
            // A service may call at a stop twice. The second call is a part of its own.
            let n_before = stops[1..=leg].iter().filter(|stop| *stop == &ends).count();
            let again = if n_before == 0 { String::new() } else { format!("-{}", n_before + 1) };
            let run = self.stage(flow, &format!("{name}.legs.{begins}--{ends}{again}"), run);
            let stop = self.stage(flow, &format!("{name}.stops.{ends}{again}"), to);
            self.model.programs.ride_parts.extend([run, stop]);
        }
        self.model.programs.rides[ride].parts_from = Some(parts_from);
    }

    fn node_label(&self, node: &Name) -> Label {
        Label::of(self.scenario.nodes.get(node).and_then(|node| node.name.as_ref()), node.as_str())
    }
}
