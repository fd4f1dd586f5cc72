//! Replications on all cores, merged in index order.
//!
//! Workers take replication numbers in turn; what they return is merged strictly by number, so that the result has the
//! same bytes for any number of threads. An interrupted run keeps an unbroken prefix of replications. Does not own what
//! a replication is (`sanda_core`) nor what is made of the merged figures (`gather`).

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc;

use sanda_core::freight::invariant::Violation;
use sanda_core::freight::record::Outcome;
use sanda_core::freight::{Prepared, model::Model};

use crate::gather::{Gathered, Section, section_of};

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
}

/// One finished replication on its way to the merge.
type Finished = (u64, Result<(Box<Outcome>, Section), Violation>);

/// Runs and merges replications `0..n`.
///
/// Determinism: the result depends on the model, the seed and the number of replications merged, never on threads or
/// timing. When `stop` becomes true no further replication begins, and what is merged is an unbroken prefix.
///
/// # Errors
///
/// [`RunError`]; a violation names the smallest replication that has one among those finished.
pub fn run(
    model: &Model,
    plan: Plan,
    stop: &AtomicBool,
    progress: &mut dyn Progress,
) -> Result<Gathered, RunError> {
    let pool = worker_pool(plan.n_threads)?;
    let prepared = &Prepared::new(model);
    let next = AtomicU64::new(0);
    let failed = AtomicBool::new(false);
    // Bounded, so that finished replications do not pile up when merging is slow.
    let (sender, receiver) = mpsc::sync_channel::<Finished>(pool.current_num_threads() * 2);
    pool.in_place_scope(|scope| {
        for _ in 0..pool.current_num_threads() {
            let (sender, next, failed) = (sender.clone(), &next, &failed);
            scope.spawn(move |_| {
                while !stop.load(Ordering::Relaxed) && !failed.load(Ordering::Relaxed) {
                    let replication = next.fetch_add(1, Ordering::Relaxed);
                    if replication >= plan.n_replications {
                        return;
                    }
                    let finished = prepared.replicate(plan.seed, replication).map(|outcome| {
                        let section = section_of(model, &outcome);
                        (Box::new(outcome), section)
                    });
                    if finished.is_err() {
                        failed.store(true, Ordering::Relaxed);
                    }
                    if sender.send((replication, finished)).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        merge(model, plan, &receiver, progress)
    })
}

/// Workers: so many, or one per core.
pub(crate) fn worker_pool(n_threads: Option<usize>) -> Result<rayon::ThreadPool, RunError> {
    let mut builder = rayon::ThreadPoolBuilder::new();
    if let Some(n_threads) = n_threads {
        builder = builder.num_threads(n_threads);
    }
    Ok(builder.build()?)
}

/// Merges what arrives in index order; what comes early waits.
fn merge(
    model: &Model,
    plan: Plan,
    receiver: &mpsc::Receiver<Finished>,
    progress: &mut dyn Progress,
) -> Result<Gathered, RunError> {
    let mut gathered = Gathered::new(model);
    let mut early = BTreeMap::new();
    let mut violations = BTreeMap::new();
    let mut n_merged = 0;
    for (replication, finished) in receiver {
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
