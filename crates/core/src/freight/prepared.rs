//! A model made ready for its replications: what follows from it alone is worked out once.

use std::sync::Arc;

use sanda_units::IdVec;

use crate::freight::component::{Component, components};
use crate::freight::counter::{Timeline, counters};
use crate::freight::desk::desks;
use crate::freight::event::Ranks;
use crate::freight::ids::{ConnectionId, PromiseId, ResourceId};
use crate::freight::invariant::Violation;
use crate::freight::model::Model;
use crate::freight::observer::Observer;
use crate::freight::record::{Outcome, PromiseRecord};
use crate::freight::simulation::Simulation;
use crate::freight::stepwise::stepwise;
use crate::freight::upstream::{Plan, Station, shared_connections};

/// A model with what its replications share.
#[derive(Debug, Clone)]
pub struct Prepared<'m> {
    pub(super) model: &'m Model,
    /// The order of events at one instant.
    pub(super) ranks: Ranks,
    /// Which resources are desks.
    pub(super) desks: IdVec<ResourceId, bool>,
    /// Which are counters, and when how many may begin there.
    pub(super) counters: IdVec<ResourceId, Option<Arc<Timeline>>>,
    /// Which go step by step, but by themselves, and the knots they are.
    pub(super) stepwise: Vec<(ResourceId, u32)>,
    /// Which connections are used by hauls that concern others.
    pub(super) shared: IdVec<ConnectionId, bool>,
    /// What lies upstream.
    pub(super) plan: Arc<Plan>,
    /// What has nothing in common with the rest.
    pub(super) components: Vec<Component>,
}

impl<'m> Prepared<'m> {
    /// Makes a model ready.
    pub fn new(model: &'m Model) -> Self {
        let (desks, shared) = (desks(model), shared_connections(model));
        let (may_be_counters, may_be_stepwise) = (counters(model), stepwise(model));
        let may_be = |id| desks[id] || may_be_counters[id] || may_be_stepwise[id];
        let computed = model.resources.ids().map(may_be).collect();
        let plan = Arc::new(Plan::new(model, &computed, &shared));
        let mut counters: IdVec<ResourceId, _> = desks.iter().map(|_| None).collect();
        let mut stepwise = Vec::new();
        for (number, knot) in (0..).zip(&plan.knots) {
            for &station in &plan.stations[knot.stations.clone()] {
                match station {
                    Station::Desk(id) if desks[id] => {}
                    Station::Desk(id) if may_be_counters[id] => {
                        counters[id] = Some(Arc::new(Timeline::new(model, id)));
                    }
                    Station::Desk(id) => stepwise.push((id, number)),
                    Station::Batch(_) => {}
                }
            }
        }
        let components = components(model, &shared, &plan);
        Self { model, ranks: Ranks::new(model), desks, counters, stepwise, shared, plan, components }
    }

    /// How many components the model has, which have nothing in common: a replication lets one happen after the other.
    pub fn n_components(&self) -> usize {
        self.components.len()
    }

    /// How many of the services run as lines, each by itself for a while.
    pub fn n_lines(&self) -> usize {
        let in_lines = self.components.iter().filter(|component| component.lines.is_some());
        in_lines.map(|component| component.services.len()).sum()
    }

    /// How many of the resources go step by step, each by itself.
    pub fn n_stepwise(&self) -> usize {
        self.stepwise.len()
    }

    /// Runs one replication.
    ///
    /// Determinism: a pure function of the model, the seed and the replication number.
    ///
    /// # Errors
    ///
    /// A [`Violation`] if an invariant breaks; the run stops there.
    pub fn replicate(&self, seed: u64, replication: u64) -> Result<Outcome, Violation> {
        self.replicate_observed(seed, replication, ()).map(|(outcome, ())| outcome)
    }

    /// Runs one replication and returns the counts of the promises alone, per promise and flow.
    ///
    /// The counts are those of [`Self::replicate`] and the invariants are checked as there. Distributions of times are not kept, which
    /// saves about a sixth of the time: for studies that run many models and ask each for its shares.
    ///
    /// # Errors
    ///
    /// As [`Self::replicate`].
    pub fn count_promises(
        &self,
        seed: u64,
        replication: u64,
    ) -> Result<IdVec<PromiseId, Vec<PromiseRecord>>, Violation> {
        let mut simulation = Simulation::new(self, seed, replication, (), false);
        simulation.run(&self.components);
        simulation.finish().map(|(outcome, ())| outcome.promises)
    }

    /// Runs one replication and gives back the observer with the outcome.
    ///
    /// # Errors
    ///
    /// As [`Self::replicate`].
    pub fn replicate_observed<O: Observer>(
        &self,
        seed: u64,
        replication: u64,
        observer: O,
    ) -> Result<(Outcome, O), Violation> {
        let mut simulation = Simulation::new(self, seed, replication, observer, true);
        if O::IN_ORDER {
            simulation.run(&[Component::whole(self.model)]);
        } else {
            simulation.run(&self.components);
        }
        simulation.finish()
    }
}

/// Runs a single replication of a model: see [`Prepared::replicate`].
///
/// # Errors
///
/// As there.
pub fn replicate(model: &Model, seed: u64, replication: u64) -> Result<Outcome, Violation> {
    Prepared::new(model).replicate(seed, replication)
}

/// Runs a single replication of a model and gives back the observer with the outcome.
///
/// # Errors
///
/// As [`Prepared::replicate`].
pub fn replicate_observed<O: Observer>(
    model: &Model,
    seed: u64,
    replication: u64,
    observer: O,
) -> Result<(Outcome, O), Violation> {
    Prepared::new(model).replicate_observed(seed, replication, observer)
}
