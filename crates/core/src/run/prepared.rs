//! A model made ready for its replications: what follows from it alone is worked out once.

use std::sync::Arc;

use sanda_units::IdVec;

use crate::engine::Simulation;
use crate::model::Model;
use crate::model::ids::{PromiseId, ResourceId};
use crate::plan::{Discipline, Plan, Ranks};
use crate::record::invariant::Violation;
use crate::record::observer::Observer;
use crate::record::{Outcome, PromiseRecord};

/// A model with what its replications share.
#[derive(Debug, Clone)]
pub struct Prepared<'m> {
    pub(crate) model: &'m Model,
    /// The order of events at one instant.
    pub(crate) ranks: Ranks,
    /// The plan by which figures are computed.
    pub(crate) plan: Arc<Plan>,
}

impl<'m> Prepared<'m> {
    /// Makes a model ready.
    pub fn new(model: &'m Model) -> Self {
        Self { model, ranks: Ranks::new(model), plan: Arc::new(Plan::new(model)) }
    }

    /// Returns the number of components of the model, which have nothing in common and are simulated one after the other.
    pub fn n_components(&self) -> usize {
        self.plan.components.len()
    }

    /// Returns how each resource is served.
    pub fn disciplines(&self) -> &IdVec<ResourceId, Discipline> {
        &self.plan.disciplines
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
        let mut simulation =
            Simulation::new((self.model, &self.ranks, &self.plan), (seed, replication), (), false);
        simulation.run();
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
        let in_order;
        let plan = if O::IN_ORDER {
            in_order = Arc::new(Plan::event_by_event(self.model));
            &in_order
        } else {
            &self.plan
        };
        let mut simulation =
            Simulation::new((self.model, &self.ranks, plan), (seed, replication), observer, true);
        simulation.run();
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
