//! Input ranges: what each promise's share would be if the inputs that are not known had other values within their
//! declared ranges.
//!
//! Owns the points tried (a Latin hypercube) and the range that is read off them. Does not own the space of the inputs
//! (`sanda_scenario::inputs`), nor chance inside the simulation: every point meets the same one, replication 0, so that
//! shares differ by inputs, not by luck. The range is never mixed with the intervals, which are of chance alone.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

use sanda_core::freight::record::Outcome;
use sanda_core::freight::{model::Model, replicate};
use sanda_core::kernel::random::{Key, Stream, name_hash};
use sanda_results::{InputShares, InputVerdict, Results, ShareRange};
use sanda_scenario::{InputSpace, LoadFailure};

use crate::run::{Progress, RunError};
use crate::workers::Reports;

/// Most points tried unless more are asked for.
const MOST_POINTS: u64 = 20;

/// Replications of the run for each point that is tried unless more are asked for.
const REPLICATIONS_A_POINT: u64 = 6;

/// Fewer points than this say nothing, and are not tried unless asked for.
const FEWEST_POINTS: u64 = 4;

/// The ends of the range that is shown: of the shares over the points, 5 % lie below the one and 5 % above the other.
const ENDS: [f64; 2] = [0.05, 0.95];

/// The replication that every point runs.
const REPLICATION: u64 = 0;

/// How many points are tried if nobody says how many: a sixth of the replications, at most 20; none where that is too few to
/// tell, or where no input has a range.
///
/// A point costs a replication and the building of its model; on the hub, with 1,200 ranges, the two together take 1.4
/// times as long as a replication of the run, so that a sixth adds less than a quarter to its time.
pub fn default_points(n_parameters: usize, n_replications: u64) -> u64 {
    let points = (n_replications / REPLICATIONS_A_POINT).min(MOST_POINTS);
    if n_parameters == 0 || points < FEWEST_POINTS { 0 } else { points }
}

/// Points of the unit cube, one dimension for each name: each dimension's `n` equal strata hold one point each.
///
/// Determinism: a pure function of the seed, the number of points and the names. Another name more changes nothing in the
/// dimensions of the rest.
/// Source: M. D. McKay, R. J. Beckman, W. J. Conover, "A comparison of three methods for selecting values of input
/// variables", Technometrics 21 (1979).
pub fn latin_hypercube<'n>(
    seed: u64,
    n_points: usize,
    names: impl Iterator<Item = &'n str>,
) -> Vec<Vec<f64>> {
    let mut points: Vec<Vec<f64>> = vec![Vec::new(); n_points];
    for name in names {
        let key = Key::new(seed, 0, name_hash("inputs"), name_hash(name));
        // Fisher and Yates: every order of the strata is as likely.
        let mut strata: Vec<usize> = (0..n_points).collect();
        for last in (1..n_points).rev() {
            let word = Stream::new(key, last as u64, 0).word();
            let chosen = ((u128::from(word) * (last as u128 + 1)) >> 64) as usize;
            strata.swap(last, chosen);
        }
        for (place, (point, stratum)) in points.iter_mut().zip(strata).enumerate() {
            let within = Stream::new(key, place as u64, 1).uniform();
            point.push((stratum as f64 + within) / n_points as f64);
        }
    }
    points
}

/// Which points to try.
#[derive(Debug, Clone, Copy)]
pub struct InputPlan {
    /// The seed of the run.
    pub seed: u64,
    /// Points of the Latin hypercube, at least one.
    pub n_points: u64,
    /// Worker threads; `None` for one per core.
    pub n_threads: Option<usize>,
}

/// Why there is no range.
#[derive(Debug, thiserror::Error)]
pub enum InputError {
    /// Not all points were tried: a range over some of them would not be a Latin hypercube.
    #[error("interrupted before all input points were tried")]
    Interrupted,
    /// The scenario is not sound at a point.
    #[error("the scenario is not sound at input point {point}: {failure}")]
    Unsound {
        /// Its number, from 0.
        point: u64,
        /// What is wrong.
        failure: Box<LoadFailure>,
    },
    /// An invariant broke at a point, or threads could not be started.
    #[error("{0}")]
    Run(#[from] RunError),
}

/// Kept and of, for each promise and each of its flows.
type Counts = Vec<Vec<(u64, u64)>>;

/// The shares of all points.
#[derive(Debug)]
pub struct InputOutcomes {
    /// By point.
    points: Vec<Counts>,
    n_parameters: usize,
    n_unknowns: usize,
}

/// Tries all points, one replication each, on the worker threads.
///
/// Determinism: the result depends on the space, the seed and the number of points alone. `progress` counts points.
///
/// # Errors
///
/// [`InputError`]; of several points that are wrong the first is named.
pub fn try_inputs(
    space: &InputSpace,
    plan: InputPlan,
    stop: &AtomicBool,
    progress: &mut dyn Progress,
) -> Result<InputOutcomes, InputError> {
    let names = space.unknowns().iter().map(String::as_str);
    let points = latin_hypercube(plan.seed, plan.n_points as usize, names);
    let shared = space.clone();
    let mut reports = Reports::of(plan.n_threads, plan.n_points, stop, move |workers| {
        workers.each(|place| try_point(&shared, &points[place as usize], plan.seed, place));
    })?;
    let mut done = BTreeMap::new();
    while let Some((place, outcome)) = reports.next(stop, progress) {
        done.insert(place, outcome);
        progress.merged(done.len() as u64, plan.n_points, None);
    }
    let points: Vec<Counts> = done.into_values().collect::<Result<_, _>>()?;
    if (points.len() as u64) < plan.n_points {
        return Err(InputError::Interrupted);
    }
    Ok(InputOutcomes { points, n_parameters: space.ranges().len(), n_unknowns: space.unknowns().len() })
}

fn try_point(space: &InputSpace, point: &[f64], seed: u64, place: u64) -> Result<Counts, InputError> {
    let built = space.model_at(point).map_err(|failure| InputError::Unsound { point: place, failure })?;
    let outcome = replicate(&built.model, seed, REPLICATION).map_err(|violation| RunError::Violation {
        violation,
        seed,
        replication: REPLICATION,
    })?;
    Ok(counts(&built.model, &outcome))
}

fn counts(model: &Model, outcome: &Outcome) -> Counts {
    let of_promise = |id| outcome.promises[id].iter().map(|record| (record.kept, record.of)).collect();
    model.promises.ids().map(of_promise).collect()
}

/// Puts the ranges into the results of the run; nothing else in them changes.
///
/// `model` is that of the run: ids are the same at every point, since a range changes values, not names.
pub fn add_inputs(results: &mut Results, model: &Model, outcomes: &InputOutcomes) {
    for (id, params) in model.promises.iter_enumerated() {
        let Some(promise) = results.promises.get_mut(&params.name) else { continue };
        let points = || outcomes.points.iter().map(|counts| &counts[id.index()]);
        let sum =
            |flows: &Vec<(u64, u64)>| flows.iter().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        let Some(share) = range(points().map(sum)) else { continue };
        let by_flow = params.flows.iter().enumerate().filter_map(|(place, &flow)| {
            Some((model.flows[flow].name.clone(), range(points().map(|flows| flows[place]))?))
        });
        promise.inputs = Some(InputShares {
            share,
            by_flow: by_flow.collect(),
            points: outcomes.points.len() as u32,
            parameters: outcomes.n_parameters as u32,
            unknowns: outcomes.n_unknowns as u32,
            verdict: verdict(share, promise.target),
        });
    }
}

/// The percentiles of the shares over the points; `None` where some point has no shipment.
fn range(counts: impl Iterator<Item = (u64, u64)>) -> Option<ShareRange> {
    let share = |(kept, of): (u64, u64)| (of > 0).then(|| kept as f64 / of as f64);
    let mut shares = counts.map(share).collect::<Option<Vec<f64>>>()?;
    shares.sort_by(f64::total_cmp);
    // The smallest share that at least this part of the points does not exceed.
    let at = |p: f64| {
        let rank = (p * shares.len() as f64 - 1e-9).ceil().max(1.0) as usize;
        shares.get(rank - 1).copied()
    };
    Some(ShareRange { low: at(ENDS[0])?, high: at(ENDS[1])? })
}

fn verdict(share: ShareRange, target: f64) -> InputVerdict {
    if share.low >= target {
        InputVerdict::Kept
    } else if share.high < target {
        InputVerdict::Broken
    } else {
        InputVerdict::Depends
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stratum_of_every_input_holds_one_point() {
        for n in [1, 2, 7, 20] {
            let points = latin_hypercube(3, n, ["a", "b", "c"].into_iter());
            for dimension in 0..3 {
                let mut strata: Vec<usize> =
                    points.iter().map(|point| (point[dimension] * n as f64) as usize).collect();
                strata.sort_unstable();
                assert_eq!(strata, (0..n).collect::<Vec<_>>(), "{n} points, dimension {dimension}");
            }
        }
    }

    #[test]
    fn another_input_changes_nothing_in_the_others() {
        let few = latin_hypercube(3, 9, ["a", "c"].into_iter());
        let more = latin_hypercube(3, 9, ["a", "b", "c"].into_iter());
        for (few, more) in few.iter().zip(&more) {
            assert_eq!((few[0], few[1]), (more[0], more[2]));
        }
        assert_ne!(few, latin_hypercube(4, 9, ["a", "c"].into_iter()));
    }

    #[test]
    fn points_are_a_sixth_of_the_replications_within_bounds() {
        let check = |n_parameters, n_replications, expected| {
            assert_eq!(default_points(n_parameters, n_replications), expected);
        };
        check(0, 50, 0);
        check(3, 23, 0);
        check(3, 24, 4);
        check(3, 50, 8);
        check(3, 1000, 20);
    }

    #[test]
    fn ends_are_percentiles_and_the_verdict_is_theirs() {
        let shares = range((0..20).map(|kept| (kept, 20)));
        let shares = shares.unwrap_or_else(|| panic!("twenty shares"));
        assert_eq!((shares.low, shares.high), (0.0, 0.9));
        assert_eq!(verdict(shares, 0.5), InputVerdict::Depends);
        assert_eq!(verdict(shares, 0.95), InputVerdict::Broken);
        assert_eq!(verdict(ShareRange { low: 0.9, high: 1.0 }, 0.9), InputVerdict::Kept);
        assert!(range([(0, 0)].into_iter()).is_none());
    }
}
