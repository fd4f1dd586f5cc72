//! Replications on all cores, merged in index order.
//!
//! Workers take replication numbers in turn; what they return is merged strictly by number, so that the result has the
//! same bytes for any number of threads. An interrupted run keeps an unbroken prefix of replications. Does not own what
//! a replication is (`sanda_core`), what is made of the merged figures (`gather`), nor the threads (`workers`).

use std::collections::BTreeMap;
use std::ops::{ControlFlow, Range};
use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;

use sanda_core::record::Outcome;
use sanda_core::record::invariant::Violation;
use sanda_core::{Prepared, model::Model};
use sanda_scenario::build::Built;
use sanda_study::{Part, PieceKey};

use crate::gather::{Gathered, Section, section_of};
use crate::pieces::Pieces;
use crate::workers::Reports;

/// A plan of a run: its seed, its number of replications and of threads.
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
    /// Takes the number of replications merged, with the shares so far; without shares for points of the inputs.
    fn merged(&mut self, n_done: u64, n_replications: u64, so_far: Option<&Gathered>);

    /// Says how many replications are foreseen now; not called where the number is fixed.
    fn expect(&mut self, n_replications: u64) {
        let _ = n_replications;
    }

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

/// The result of one replication on a worker.
pub(crate) type Finished = Result<(Box<Outcome>, Section), Violation>;

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
    let mut reports = begin(built, plan, 0..plan.n_replications, pieces, stop)?;
    let mut merge = Merge::new(&built.model);
    while let Some((replication, finished)) = reports.next(stop, progress) {
        merge.add(replication, finished);
        while merge.next(&built.model) {
            progress.merged(merge.n_merged(), plan.n_replications, Some(&merge.gathered));
        }
    }
    merge.finish(plan.seed)
}

/// Begins replications on the worker threads; those that are among the pieces are read instead of run.
pub(crate) fn begin(
    built: &Built,
    plan: Plan,
    numbers: Range<u64>,
    pieces: &Pieces,
    stop: &AtomicBool,
) -> Result<Numbered, RunError> {
    // A replication that never ends outlives this call, and so does what it reads.
    let (shared, pieces) = (built.model.clone(), pieces.clone());
    let key_of_first = key_of_whole(built, plan.seed, 0);
    let first = numbers.start;
    let reports = Reports::of(plan.n_threads, numbers.end - first, stop, move |workers| {
        // Not needed where every piece is there already.
        let prepared = OnceLock::new();
        workers.each(|number| {
            let replication = first + number;
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
    Ok(Numbered { reports, first })
}

/// Replications as they are finished, by their numbers.
pub(crate) struct Numbered {
    reports: Reports<Finished>,
    first: u64,
}

impl Numbered {
    /// As [`Reports::next`].
    pub(crate) fn next(&mut self, stop: &AtomicBool, progress: &mut dyn Progress) -> Option<(u64, Finished)> {
        let (number, finished) = self.reports.next(stop, progress)?;
        Some((self.first + number, finished))
    }
}

/// Merges what arrives in index order; what comes early waits.
pub(crate) struct Merge {
    pub(crate) gathered: Gathered,
    early: BTreeMap<u64, (Box<Outcome>, Section)>,
    violations: BTreeMap<u64, Violation>,
}

impl Merge {
    pub(crate) fn new(model: &Model) -> Self {
        Self { gathered: Gathered::new(model), early: BTreeMap::new(), violations: BTreeMap::new() }
    }

    /// Takes what has become of a replication.
    pub(crate) fn add(&mut self, replication: u64, finished: Finished) {
        match finished {
            Ok(finished) => {
                self.early.insert(replication, finished);
            }
            Err(violation) => {
                self.violations.insert(replication, violation);
            }
        }
    }

    /// Merges the next replication, if it is there.
    pub(crate) fn next(&mut self, model: &Model) -> bool {
        let Some((outcome, section)) = self.early.remove(&self.n_merged()) else { return false };
        self.gathered.add(model, &outcome, section);
        true
    }

    pub(crate) fn n_merged(&self) -> u64 {
        u64::from(self.gathered.n_replications())
    }

    /// Whether an invariant has broken.
    pub(crate) fn has_failed(&self) -> bool {
        !self.violations.is_empty()
    }

    /// Everything that was merged.
    ///
    /// # Errors
    /// A violation, that of the smallest number; or that nothing was merged.
    pub(crate) fn finish(mut self, seed: u64) -> Result<Gathered, RunError> {
        if let Some((replication, violation)) = self.violations.pop_first() {
            return Err(RunError::Violation { violation, seed, replication });
        }
        if self.n_merged() == 0 {
            return Err(RunError::Interrupted);
        }
        Ok(self.gathered)
    }
}
