//! Replications on all cores, merged in index order.
//!
//! Workers take replication numbers in turn; what they return is merged strictly by number, so that the result has the
//! same bytes for any number of threads. An interrupted run keeps an unbroken prefix of replications. Does not own what
//! a replication is (`sanda_core`), what is made of the merged figures (`gather`), nor the threads (`workers`).

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;

use sanda_core::freight::invariant::Violation;
use sanda_core::freight::record::Outcome;
use sanda_core::freight::{Prepared, model::Model};
use sanda_scenario::build::Built;
use sanda_study::{Part, PieceKey};

use crate::gather::{Gathered, Section, section_of};
use crate::pieces::Pieces;
use crate::workers::Reports;

/// What to run.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// The seed of all randomness.
    pub seed: u64,
    /// Independent replications, at least one.
    pub n_replications: u64,
    /// Worker threads; `None` for one per core.
    pub n_threads: Option<usize>,
}

/// How far a run has come, for progress bars. Called on the merging thread, in order.
pub trait Progress {
    /// So many replications are merged, with what they say so far; nothing for points of the inputs.
    fn merged(&mut self, n_done: u64, n_replications: u64, so_far: Option<&Gathered>);

    /// Nothing new is finished: called some times a second meanwhile. [`ControlFlow::Break`] ends the run at once, with what is
    /// merged.
    fn waiting(&mut self) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

impl Progress for () {
    fn merged(&mut self, _: u64, _: u64, _: Option<&Gathered>) {}
}

/// Why a run ended without results.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// An invariant broke: a bug in the simulator.
    #[error("{violation} (seed {seed}, replication {replication})")]
    Violation {
        /// What broke.
        violation: Violation,
        /// The seed of the run.
        seed: u64,
        /// The replication.
        replication: u64,
    },
    /// Interrupted before the first replication was merged.
    #[error("interrupted before the first replication was complete")]
    Interrupted,
    /// The thread pool could not be made.
    #[error("cannot start worker threads: {0}")]
    Threads(#[from] rayon::ThreadPoolBuildError),
    /// The thread that owns the workers could not be made.
    #[error("cannot start a thread: {0}")]
    Owner(std::io::Error),
}

/// What becomes of one replication.
type Finished = Result<(Box<Outcome>, Section), Violation>;

/// The key of a whole replication.
pub(crate) fn key_of_whole(built: &Built, seed: u64, replication: u64) -> PieceKey {
    PieceKey { model: built.digest.clone(), seed, replication, part: Part::Whole }
}

/// Runs and merges replications `0..n`; those that are among the pieces are read instead of run.
///
/// Determinism: the result depends on the model, the seed and the number of replications merged, never on threads or
/// timing. When `stop` becomes true no further replication begins, and what is merged is an unbroken prefix. Replications under
/// way are waited for as long as one of them ends every second; after that they are left to the end of the process.
///
/// # Errors
///
/// [`RunError`]; a violation names the smallest replication that has one among those finished.
pub fn run(
    built: &Built,
    plan: Plan,
    pieces: &Pieces,
    stop: &AtomicBool,
    progress: &mut dyn Progress,
) -> Result<Gathered, RunError> {
    // A replication that never ends outlives this call, and so does what it reads.
    let (shared, pieces) = (built.model.clone(), pieces.clone());
    let key_of_first = key_of_whole(built, plan.seed, 0);
    let reports = Reports::of(plan.n_threads, plan.n_replications, stop, move |workers| {
        // Not needed where every piece is there already.
        let prepared = OnceLock::new();
        workers.each(|replication| {
            let key = PieceKey { replication, ..key_of_first.clone() };
            let outcome = pieces.get(&key, || {
                prepared.get_or_init(|| Prepared::new(&shared)).replicate(plan.seed, replication)
            });
            outcome.map(|outcome| {
                let section = section_of(&shared, &outcome);
                (Box::new(outcome), section)
            })
        });
    })?;
    merge(&built.model, plan, reports, stop, progress)
}

/// Merges what arrives in index order; what comes early waits.
fn merge(
    model: &Model,
    plan: Plan,
    mut reports: Reports<Finished>,
    stop: &AtomicBool,
    progress: &mut dyn Progress,
) -> Result<Gathered, RunError> {
    let mut gathered = Gathered::new(model);
    let mut early = BTreeMap::new();
    let mut violations = BTreeMap::new();
    let mut n_merged = 0;
    while let Some((replication, finished)) = reports.next(stop, progress) {
        match finished {
            Ok(finished) => {
                early.insert(replication, finished);
            }
            Err(violation) => {
                violations.insert(replication, violation);
            }
        }
        while let Some((outcome, section)) = early.remove(&n_merged) {
            gathered.add(model, &outcome, section);
            n_merged += 1;
            progress.merged(n_merged, plan.n_replications, Some(&gathered));
        }
    }
    if let Some((replication, violation)) = violations.pop_first() {
        return Err(RunError::Violation { violation, seed: plan.seed, replication });
    }
    if n_merged == 0 {
        return Err(RunError::Interrupted);
    }
    Ok(gathered)
}
