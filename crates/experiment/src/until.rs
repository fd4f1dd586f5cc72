//! Replications until a precision is reached, on all cores.
//!
//! Owns the order of looks: the rule is fed after the same numbers of replications whatever the threads, so that where a run ends depends on
//! the model and the seed alone. Workers run ahead of the looks; what they did beyond the end stays among the pieces and nowhere else.
//! Does not own the rule (`estimate::Precision`) nor what is asked for (`targets`).

use std::sync::atomic::{AtomicBool, Ordering};

use sanda_results::PrecisionReport;
use sanda_scenario::build::Built;

use crate::estimate::Next;
use crate::gather::Gathered;
use crate::pieces::Pieces;
use crate::run::{Merge, Plan, Progress, RunError, begin};
use crate::targets::Wanted;

/// Least number of replications that workers run ahead of the next look: as many as the rule looks ahead, so that few are in vain.
const AHEAD: u64 = 5;

/// Runs replications until everything wanted is reached, or the budget is used up.
///
/// `plan` gives seed and threads; its number of replications is not looked at. Determinism: as [`crate::run()`]; the result is the same as
/// that of a run with this number of replications.
///
/// # Errors
/// As [`crate::run()`].
pub fn run_until(
    built: &Built,
    plan: Plan,
    wanted: &Wanted,
    pieces: &Pieces,
    stop: &AtomicBool,
    progress: &mut dyn Progress,
) -> Result<(Gathered, PrecisionReport), RunError> {
    let paths = wanted.paths();
    let mut rule = wanted.rule();
    let mut merge = Merge::new(&built.model);
    let nothing = wanted.reached(&merge.gathered.figures_at(&paths));
    let mut look_at = match rule.feed(0, &nothing) {
        Next::Go(n) => n,
        Next::Enough(_) | Next::NotReached { .. } => 1,
    };
    let n_threads = plan.n_threads.unwrap_or(1) as u64;
    let mut is_reached = false;
    'batches: loop {
        let done = merge.n_merged();
        let ahead = if look_at > done + 1 { 0 } else { AHEAD.max(n_threads).max(done / 20) };
        let end = look_at.max(done + ahead).min(wanted.budget).max(look_at);
        let mut reports = begin(built, plan, done..end, pieces, stop)?;
        while let Some((replication, finished)) = reports.next(stop, progress) {
            merge.add(replication, finished);
            while merge.next(&built.model) {
                let n = merge.n_merged();
                progress.merged(n, wanted.budget, Some(&merge.gathered));
                if n < look_at {
                    continue;
                }
                let figures = wanted.reached(&merge.gathered.figures_at(&paths));
                match rule.feed(n, &figures) {
                    Next::Enough(_) => {
                        is_reached = true;
                        break 'batches;
                    }
                    Next::NotReached { .. } => break 'batches,
                    Next::Go(more) => {
                        look_at = n + more;
                        let needed = rule.needed(n, &figures).unwrap_or(wanted.budget);
                        progress.expect(needed.clamp(look_at, wanted.budget));
                    }
                }
            }
        }
        if stop.load(Ordering::Relaxed) || merge.n_merged() < end || merge.has_failed() {
            break;
        }
    }
    let gathered = merge.finish(plan.seed)?;
    let report =
        wanted.report(u64::from(gathered.n_replications()), &gathered.figures_at(&paths), is_reached);
    Ok((gathered, report))
}
