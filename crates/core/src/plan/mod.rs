//! The plan of a replication: a pure function of the model, worked out once for all replications.
//!
//! It says which resources are stations and why the others are served event by event (`discipline`), which parts of the model are computed
//! window by window (`regions`) and how far past the present (`lookahead`), what has nothing in common with the rest (`component`), and the
//! order of events at one instant (`places`). All of it follows from what each operation means (`facts`). The event-by-event run is a plan
//! too: one component, without regions, every resource general. Does not own state.

mod component;
mod discipline;
mod facts;
mod lookahead;
mod places;
mod ranks;
mod regions;

use std::sync::Arc;

use sanda_units::IdVec;

use crate::model::ids::{ConnectionId, ResourceId};
use crate::model::{ActTarget, Model};
use crate::station::Timeline;

pub(crate) use component::Component;
pub use discipline::{Discipline, Why};
pub(crate) use ranks::{Class, NOWHERE, Ranks};
pub use ranks::{RANK_LIMIT, n_places};
pub(crate) use regions::{Regions, Stage, StationId};

/// A plan.
#[derive(Debug)]
pub(crate) struct Plan {
    /// How each resource is served.
    pub disciplines: IdVec<ResourceId, Discipline>,
    /// When how many servers may begin work, of scheduled and priority stations.
    pub timelines: IdVec<ResourceId, Option<Arc<Timeline>>>,
    /// The connections whose hauls concern others: a disruption may befall them, or their vehicles are counted.
    pub shared: IdVec<ConnectionId, bool>,
    /// What is computed window by window.
    pub regions: Regions,
    /// What has nothing in common with the rest; simulated one after the other.
    pub components: Vec<Component>,
}

impl Plan {
    /// Makes the plan by which figures are computed.
    pub(crate) fn new(model: &Model) -> Self {
        let (shared, facts) = (shared_connections(model), facts::AllFacts::new(model));
        let input = regions::Input { model, facts: &facts, shared: &shared };
        let mut disciplines = discipline::disciplines(model);
        let regions = Regions::new(input, &mut disciplines);
        let components = component::components(input, &regions);
        let timelines = disciplines.iter_enumerated().map(|(id, discipline)| match discipline {
            Discipline::Scheduled | Discipline::Priority => Some(Arc::new(Timeline::new(model, id))),
            Discipline::Fifo | Discipline::General(_) => None,
        });
        Self { timelines: timelines.collect(), disciplines, regions, components, shared }
    }

    /// Makes the event-by-event plan, in which everything happens in the order of time.
    pub(crate) fn event_by_event(model: &Model) -> Self {
        Self {
            disciplines: model.resources.iter().map(|_| Discipline::General(Why::InOrder)).collect(),
            timelines: model.resources.iter().map(|_| None).collect(),
            shared: shared_connections(model),
            regions: Regions::none(model),
            components: vec![Component::whole(model)],
        }
    }
}

fn shared_connections(model: &Model) -> IdVec<ConnectionId, bool> {
    let mut shared: IdVec<ConnectionId, bool> =
        model.connections.iter().map(|params| params.fleet.is_some()).collect();
    for act in model.disruptions.iter().flat_map(|disruption| &disruption.acts) {
        if let ActTarget::Connection(connection) = act.target {
            shared[connection] = true;
        }
    }
    shared
}
