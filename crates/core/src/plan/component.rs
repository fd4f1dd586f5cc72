//! Components: what of a model has nothing in common with the rest of it.
//!
//! Two flows belong together if their shipments, or the vehicles they ride, use the same resource, service, batch, regime or
//! counted vehicles, or if one disruption befalls both; and so on from one to the next. Nobody in one component can tell what
//! happens in another. So a replication lets one after the other happen, each from its beginning to its end (`course`):
//! what of the state and the figures belongs to one stays at hand meanwhile, and costs no more in a large model than in a small one.
//! Promises, costs and periods of the calendar are sums in which the order does not show, and join nobody.

use std::collections::BTreeMap;

use crate::kernel::groups::Groups;
use crate::model::ids::{ConnectionId, DisruptionId, FlowId, RegimeId, ResourceId, ServiceId};
use crate::model::program::{Op, OpIndex};
use crate::model::{ActTarget, Model, WhenFull};
use crate::plan::facts::Uses;
use crate::plan::regions::{Input, Regions, StationId};

/// What belongs together, each by id.
#[derive(Debug, Clone, Default)]
pub(crate) struct Component {
    pub flows: Vec<FlowId>,
    pub services: Vec<ServiceId>,
    pub resources: Vec<ResourceId>,
    pub disruptions: Vec<DisruptionId>,
    /// Those of the disruptions that change which itineraries are taken.
    pub changing: Vec<DisruptionId>,
    /// Its partitions.
    pub partitions: Vec<u32>,
}

impl Component {
    /// Everything, in one, for a plan without regions.
    pub(crate) fn whole(model: &Model) -> Self {
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
pub(crate) fn components(input: Input<'_>, regions: &Regions) -> Vec<Component> {
    let model = input.model;
    let mut groups = groups(input);
    let mut numbers = BTreeMap::new();
    for flow in model.flows.ids() {
        let n = numbers.len();
        numbers.entry(groups.root(Member::Flow(flow))).or_insert(n);
    }
    let mut components = vec![Component::default(); numbers.len().max(1)];
    let mut number_of = |member| numbers.get(&groups.root(member)).copied().unwrap_or(0);
    let mut component_of = vec![0; regions.partitions.len()];
    for id in model.flows.ids() {
        let number = number_of(Member::Flow(id));
        components[number].flows.push(id);
        if let Some(partition) = regions.partition_of_flow[id] {
            component_of[partition as usize] = number;
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
    for (partition, number) in (0..).zip(component_of) {
        let number = match regions.stations[regions.partitions[partition as usize].stations.clone()].first() {
            Some(&StationId::Resource(resource)) => number_of(Member::Resource(resource)),
            Some(&StationId::Batch(group)) => number_of(Member::Batch(group)),
            None => number,
        };
        components[number].partitions.push(partition);
    }
    components
}

/// Joins what belongs together.
fn groups(input: Input<'_>) -> Groups<Member> {
    let Input { model, facts, shared } = input;
    let programs = &model.programs;
    let mut groups = Groups::new();
    let mut use_all = |by: Member, begin: OpIndex| {
        let used = facts.program(model, begin).filter_map(|of_op| match of_op.uses {
            Uses::Resource(id) => Some(Member::Resource(id)),
            Uses::Batch(group) => Some(Member::Batch(group)),
            Uses::Regime(id) => Some(Member::Regime(id)),
            Uses::Connection(id) => shared[id].then_some(Member::Connection(id)),
            Uses::Rides(Op::Ride(ride)) => Some(Member::Service(programs.rides[ride as usize].service)),
            // The rides of several services come one by one.
            Uses::Rides(_) | Uses::Nothing => None,
        });
        groups.join(std::iter::once(by).chain(used));
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
        if let WhenFull::Divert(itineraries) = &params.room.when_full {
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
