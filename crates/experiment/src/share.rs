//! Shares of a study: the pieces that a scenario needs, and the simulation of any part of them, possibly on other machines.
//!
//! Owns which pieces belong to a run (its replications, then the points of its input ranges) and in which order they are dealt out.
//! Does not own what they are merged into (`run`, `inputs`).

use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;

use sanda_core::Prepared;
use sanda_core::record::Outcome;
use sanda_scenario::LoadedModel;
use sanda_study::{Folder, PieceKey};

use crate::inputs::{InputError, InputPlan, points_of, try_point};
use crate::pieces::Pieces;
use crate::run::{Progress, RunError, key_of_whole};
use crate::workers::Reports;

/// A piece of a scenario, by what it is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Task {
    /// A replication.
    Replication(u64),
    /// A point of the input ranges.
    Point(u64),
}

/// All pieces that a scenario needs, in the order in which they are dealt out.
pub fn tasks(n_replications: u64, n_points: u64) -> impl Iterator<Item = Task> {
    (0..n_replications).map(Task::Replication).chain((0..n_points).map(Task::Point))
}

/// Makes pieces of a scenario; those that are there and sound are left as they are. Returns how many were done before it was stopped.
///
/// `plan` is that of the points. Determinism: what is in a piece depends on the model, the seed and the task alone.
///
/// # Errors
/// [`InputError`]; the first that is met.
pub fn make_pieces(
    loaded: &LoadedModel,
    plan: InputPlan,
    tasks: Vec<Task>,
    pieces: &Pieces,
    stop: &AtomicBool,
    progress: &mut dyn Progress,
) -> Result<u64, InputError> {
    let n_tasks = tasks.len() as u64;
    let points = points_of(&loaded.inputs, plan);
    let (space, model, pieces) = (loaded.inputs.clone(), loaded.built.model.clone(), pieces.clone());
    let key_of_first = key_of_whole(&loaded.built, plan.seed, 0);
    let mut reports = Reports::of(plan.n_threads, n_tasks, stop, move |workers| {
        let prepared = OnceLock::new();
        workers.each(|number| match tasks[number as usize] {
            Task::Replication(replication) => {
                let key = PieceKey { replication, ..key_of_first.clone() };
                let simulate =
                    || prepared.get_or_init(|| Prepared::new(&model)).replicate(plan.seed, replication);
                let made: Result<Outcome, _> = pieces.get(&key, simulate);
                made.map(|_| ()).map_err(|violation| {
                    RunError::Violation { violation, seed: plan.seed, replication }.into()
                })
            }
            Task::Point(place) => {
                try_point(&space, &points[place as usize], plan.seed, place, &pieces).map(|_| ())
            }
        });
    })?;
    let mut n_done = 0;
    while let Some((_, done)) = reports.next(stop, progress) {
        let done: Result<(), InputError> = done;
        done?;
        n_done += 1;
        progress.merged(n_done, n_tasks, None);
    }
    Ok(n_done)
}

/// Which of the pieces that a scenario needs are not in a folder.
///
/// # Errors
/// A point at which the scenario is not sound.
pub fn missing(
    loaded: &LoadedModel,
    plan: InputPlan,
    n_replications: u64,
    folder: &Folder,
) -> Result<Vec<Task>, InputError> {
    let points = points_of(&loaded.inputs, plan);
    let mut missing = Vec::new();
    for task in tasks(n_replications, plan.n_points) {
        let key = match task {
            Task::Replication(replication) => key_of_whole(&loaded.built, plan.seed, replication),
            Task::Point(place) => {
                crate::inputs::key_of_point(&loaded.inputs, &points[place as usize], plan.seed, place)?.1
            }
        };
        if !folder.has_sound(&key) {
            missing.push(task);
        }
    }
    Ok(missing)
}
