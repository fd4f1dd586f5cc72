//! Components: what of a model has nothing in common with the rest of it.
//!
//! Two flows belong together if their shipments, or the vehicles they ride, use the same resource, service, batch, regime or
//! counted vehicles, or if one disruption befalls both; and so on from one to the next. Nobody in one component can tell what
//! happens in another. So a replication lets one after the other happen, each from its beginning to its end (`course`):
//! what of the state and the figures belongs to one stays at hand meanwhile, and costs no more in a large model than in a small one.
//! Promises, costs and periods of the calendar are sums in which the order does not show, and join nobody.

use std::collections::BTreeMap;

use sanda_units::IdVec;

use crate::freight::groups::Groups;
use crate::freight::ids::{ConnectionId, DisruptionId, FlowId, RegimeId, ResourceId, ServiceId};
use crate::freight::lines::{self, Order};
use crate::freight::model::{ActTarget, Model, WhenFull};
use crate::freight::program::{Op, OpIndex};
use crate::freight::upstream::{Plan, Station};

/// What belongs together, each by id.
#[derive(Debug, Clone, Default)]
pub(super) struct Component {
    pub flows: Vec<FlowId>,
    pub services: Vec<ServiceId>,
    pub resources: Vec<ResourceId>,
    pub disruptions: Vec<DisruptionId>,
    /// Those of the disruptions that change which itineraries are taken.
    pub changing: Vec<DisruptionId>,
    /// What of it lies upstream.
    pub parts: Vec<u32>,
    /// The order in which its services run as lines, if they can.
    pub lines: Option<Order>,
}

impl Component {
    /// Everything, in one, for an observer in the order of time: nothing lies upstream.
    pub(super) fn whole(model: &Model) -> Self {
        Self {
            flows: model.flows.ids().collect(),
            services: model.services.ids().collect(),
            resources: model.resources.ids().collect(),
            disruptions: model.disruptions.ids().collect(),
            changing: model.disruptions.ids().filter(|&id| model.disruptions[id].changes_choices()).collect(),
            ..Self::default()
        }
    }
}

/// What may belong to a component.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Member {
    Flow(FlowId),
    Service(ServiceId),
    Resource(ResourceId),
    Connection(ConnectionId),
    Regime(RegimeId),
    Batch(u32),
    Disruption(DisruptionId),
}

/// The components of a model, by their first flows. What no flow uses belongs to the first.
pub(super) fn components(model: &Model, shared: &IdVec<ConnectionId, bool>, plan: &Plan) -> Vec<Component> {
    let mut groups = groups(model, shared);
    let mut numbers = BTreeMap::new();
    for flow in model.flows.ids() {
        let n = numbers.len();
        numbers.entry(groups.root(Member::Flow(flow))).or_insert(n);
    }
    let mut components = vec![Component::default(); numbers.len().max(1)];
    let mut number_of = |member| numbers.get(&groups.root(member)).copied().unwrap_or(0);
    let mut component_of_part = vec![0; plan.parts.len()];
    for id in model.flows.ids() {
        let number = number_of(Member::Flow(id));
        components[number].flows.push(id);
        if let Some(part) = plan.part_of_flow[id] {
            component_of_part[part as usize] = number;
        }
    }
    for id in model.services.ids() {
        components[number_of(Member::Service(id))].services.push(id);
    }
    for id in model.resources.ids() {
        components[number_of(Member::Resource(id))].resources.push(id);
    }
    for (id, params) in model.disruptions.iter_enumerated() {
        let component = &mut components[number_of(Member::Disruption(id))];
        component.disruptions.push(id);
        if params.changes_choices() {
            component.changing.push(id);
        }
    }
    for knot in &plan.knots {
        component_of_part[knot.part as usize] = number_of(match plan.stations[knot.stations.start] {
            Station::Desk(resource) => Member::Resource(resource),
            Station::Batch(group) => Member::Batch(group),
        });
    }
    for (part, number) in (0..).zip(component_of_part) {
        components[number].parts.push(part);
    }
    for component in &mut components {
        component.lines = lines::order(model, plan, component);
    }
    components
}

/// Who belongs together.
fn groups(model: &Model, shared: &IdVec<ConnectionId, bool>) -> Groups<Member> {
    let programs = &model.programs;
    let mut groups = Groups::new();
    let mut used = Vec::new();
    let mut use_all = |by: Member, begin: OpIndex| {
        used.clear();
        used.push(by);
        for op in programs.from(begin) {
            match op {
                Op::Work(work) | Op::Seize(work) => {
                    used.push(Member::Resource(programs.works[work as usize].resource));
                }
                Op::Delay(delay) | Op::Haul(delay) => {
                    let connection = programs.delays[delay as usize].connection;
                    used.extend(connection.filter(|&connection| shared[connection]).map(Member::Connection));
                }
                Op::Regime(regime) => used.push(Member::Regime(programs.regimes[regime as usize].regime)),
                Op::Batch(batch) => used.push(Member::Batch(programs.batches[batch as usize].group)),
                Op::Ride(ride) => used.push(Member::Service(programs.rides[ride as usize].service)),
                Op::Gate(_)
                // Its rides come one by one.
                | Op::RideAny(_)
                | Op::Choose(_)
                | Op::Jump(_)
                | Op::Repeat(_)
                | Op::Free(_)
                | Op::Fork(_)
                | Op::BranchEnd
                | Op::InspectionBegins
                | Op::InspectionEnds
                | Op::Charge(_)
                | Op::Mark(_)
                | Op::EndStage(_)
                | Op::Deliver
                | Op::Run(_)
                | Op::Arrive(_)
                | Op::Unload(_)
                | Op::Load(_)
                | Op::Retire => {}
            }
        }
        groups.join(used.iter().copied());
    };
    for itinerary in &model.itineraries {
        use_all(Member::Flow(itinerary.flow), itinerary.program);
    }
    for (id, service) in model.services.iter_enumerated() {
        use_all(Member::Service(id), service.program);
    }
    let member_of = |target: ActTarget| match target {
        ActTarget::Resource(resource) => Member::Resource(resource),
        ActTarget::Departures(service) | ActTarget::Leg(service, _) => Member::Service(service),
        ActTarget::Connection(connection) => Member::Connection(connection),
        ActTarget::Itinerary(itinerary) => Member::Flow(model.itineraries[itinerary].flow),
    };
    for (id, params) in model.disruptions.iter_enumerated() {
        let targets = params.acts.iter().map(|act| member_of(act.target));
        groups.join(std::iter::once(Member::Disruption(id)).chain(targets));
    }
    for (id, params) in model.resources.iter_enumerated() {
        if let WhenFull::Divert(itineraries) = &params.when_full {
            let flows =
                itineraries.values().map(|&itinerary| Member::Flow(model.itineraries[itinerary].flow));
            groups.join(std::iter::once(Member::Resource(id)).chain(flows));
        }
    }
    for itinerary in &model.itineraries {
        let closers = itinerary.closers.iter().map(|&closer| member_of(closer));
        groups.join(std::iter::once(Member::Flow(itinerary.flow)).chain(closers.filter(|member| {
            // One that no disruption befalls is never closed.
            !matches!(member, Member::Connection(connection) if !shared[*connection])
        })));
    }
    groups
}
