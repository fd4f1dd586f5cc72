//! Input ranges: the share of each promise over the declared ranges of the inputs that are not known.
//!
//! Owns the points tried (a Latin hypercube) and the range that is read off them. Does not own the space of the inputs
//! (`sanda_scenario::inputs`), nor chance inside the simulation: every point meets the same one, replication 0, so that
//! shares differ by inputs, not by luck. The range is never mixed with the intervals, which are of chance alone.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

use sanda_core::kernel::random::{Key, Stream, name_hash};
use sanda_core::record::PromiseRecord;
use sanda_core::{Prepared, model::Model};
use sanda_results::{InputShares, RangeEnds, Results, ShareRange, paths};
use sanda_scenario::{InputSpace, LoadFailure};
use sanda_study::{Part, PieceKey};

use crate::gather::Gathered;
use crate::pieces::Pieces;
use crate::run::{Progress, RunError};
use crate::workers::Reports;

/// Most points tried unless more are asked for: enough for percentiles of the draws ([`FEWEST_FOR_PERCENTILES`]) with one draw
/// beyond either end.
const MOST_POINTS: u64 = 24;

/// Points for each three replications unless another number is asked for.
const POINTS_A_THREE: u64 = 2;

/// Fewer points than this say little about a range, and are not tried unless asked for.
const FEWEST_POINTS: u64 = 8;

/// From this number of draws on, the ends of a range are its 5 % and 95 % points.
///
/// One draw is 5 % of 20. Of fewer, the smallest share that 5 % of the draws do not exceed is the lowest draw itself, and the 95 %
/// point is the highest: nothing is cut off, and to call them percentiles would claim what so few draws cannot tell.
const FEWEST_FOR_PERCENTILES: usize = 20;

/// The percentiles of the draws at the ends of a range, where there are enough draws.
const ENDS: [f64; 2] = [0.05, 0.95];

/// The replication that every point runs.
const REPLICATION: u64 = 0;

/// Returns the number of points tried unless another is asked for: two for every three replications, at most 24. None where that is
/// less than 8, or where no input has a range.
///
/// What is not known of the inputs moves most shares further than luck does, and a range needs some twenty draws, so that
/// points beyond a few replications tell more than further replications. A point costs about as much as a replication: its
/// model is built anew (a tenth of the time of a replication of the hub, with 1,200 ranges), but distributions are not kept
/// (a sixth) and nothing is merged.
pub fn default_points(n_parameters: usize, n_replications: u64) -> u64 {
    let points = (n_replications.saturating_mul(POINTS_A_THREE) / 3).min(MOST_POINTS);
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

/// Counts of one point, by promise and by flow of the promise.
type Counts = Vec<Vec<PointCounts>>;

/// Counts of a promise on a flow at one point, in the one replication that it runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PointCounts {
    /// Shipments that keep the promise.
    pub kept: u64,
    /// All shipments.
    pub of: u64,
    /// Shipments whose clock has run.
    pub timed: u64,
    /// Milliseconds on the clock, over these.
    pub time: i128,
}

/// The shares of all points.
#[derive(Debug)]
pub struct InputOutcomes {
    /// By point.
    points: Vec<Counts>,
    n_parameters: usize,
    n_unknowns: usize,
}

impl InputOutcomes {
    /// Returns the number of points tried.
    pub fn n_points(&self) -> usize {
        self.points.len()
    }

    /// Returns the counts of a promise over all its flows at each point, by the promise's place in the model.
    pub(crate) fn of_promise(&self, promise: usize) -> Vec<PointCounts> {
        let sum = |flows: &Vec<PointCounts>| {
            flows.iter().fold(PointCounts::default(), |sum, one| PointCounts {
                kept: sum.kept + one.kept,
                of: sum.of + one.of,
                timed: sum.timed + one.timed,
                time: sum.time + one.time,
            })
        };
        self.points.iter().map(|counts| sum(&counts[promise])).collect()
    }
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
    pieces: &Pieces,
    stop: &AtomicBool,
    progress: &mut dyn Progress,
) -> Result<InputOutcomes, InputError> {
    let points = points_of(space, plan);
    let (shared, pieces) = (space.clone(), pieces.clone());
    let mut reports = Reports::of(plan.n_threads, plan.n_points, stop, move |workers| {
        workers.each(|place| try_point(&shared, &points[place as usize], plan.seed, place, &pieces));
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

/// The points of a plan.
pub(crate) fn points_of(space: &InputSpace, plan: InputPlan) -> Vec<Vec<f64>> {
    let names = space.unknowns().iter().map(String::as_str);
    latin_hypercube(plan.seed, plan.n_points as usize, names)
}

/// The model at a point, and the key of its piece.
pub(crate) fn key_of_point(
    space: &InputSpace,
    point: &[f64],
    seed: u64,
    place: u64,
) -> Result<(Model, PieceKey), InputError> {
    let built = space.model_at(point).map_err(|failure| InputError::Unsound { point: place, failure })?;
    let key = PieceKey { model: built.digest, seed, replication: REPLICATION, part: Part::Promises };
    Ok((built.model, key))
}

/// Reads or simulates the counts of every promise at a point.
pub(crate) fn try_point(
    space: &InputSpace,
    point: &[f64],
    seed: u64,
    place: u64,
    pieces: &Pieces,
) -> Result<Counts, InputError> {
    let (model, key) = key_of_point(space, point, seed, place)?;
    let counted = pieces.get(&key, || Prepared::new(&model).count_promises(seed, REPLICATION));
    let promises =
        counted.map_err(|violation| RunError::Violation { violation, seed, replication: REPLICATION })?;
    let of_flow = |record: &PromiseRecord| PointCounts {
        kept: record.kept,
        of: record.of,
        timed: record.timed,
        time: record.time,
    };
    Ok(promises.iter().map(|flows| flows.iter().map(of_flow).collect()).collect())
}

/// Puts the ranges into the results of the run; nothing else in them changes.
///
/// `model` and `gathered` are those of the run: ids are the same at every point, since a range changes values, not names.
pub fn add_inputs(results: &mut Results, model: &Model, gathered: &Gathered, outcomes: &InputOutcomes) {
    let n_points = outcomes.points.len();
    for (id, params) in model.promises.iter_enumerated() {
        let Some(promise) = results.promises.get_mut(&params.name) else { continue };
        let points = || outcomes.points.iter().map(|counts| &counts[id.index()]);
        let sum = |flows: &Vec<PointCounts>| {
            flows.iter().fold((0, 0), |sum, one| (sum.0 + one.kept, sum.1 + one.of))
        };
        let range = |counts: &mut dyn Iterator<Item = (u64, u64)>, path: &str| {
            range(counts, gathered.share_of_first(path)?, promise.target)
        };
        let whole = paths::promise_share(&params.name);
        let Some(share) = range(&mut points().map(sum), &whole) else { continue };
        let by_flow = params.flows.iter().enumerate().filter_map(|(place, &flow)| {
            let flow = &model.flows[flow].name;
            let path = paths::promise_by_flow(&params.name, flow);
            Some((
                flow.clone(),
                range(&mut points().map(|flows| (flows[place].kept, flows[place].of)), &path)?,
            ))
        });
        promise.inputs = Some(InputShares {
            share,
            ends: ends(n_points),
            by_flow: by_flow.collect(),
            points: n_points as u32,
            parameters: outcomes.n_parameters as u32,
            unknowns: outcomes.n_unknowns as u32,
        });
    }
}

/// Tells which draws are the ends of a range over `n_points` draws.
fn ends(n_points: usize) -> RangeEnds {
    if n_points < FEWEST_FOR_PERCENTILES { RangeEnds::LowestHighest } else { RangeEnds::Percentiles }
}

/// The range of the shares over the points; `None` where some point has no shipment.
fn range(counts: impl Iterator<Item = (u64, u64)>, stated: f64, target: f64) -> Option<ShareRange> {
    let share = |(kept, of): (u64, u64)| (of > 0).then(|| kept as f64 / of as f64);
    let mut shares = counts.map(share).collect::<Option<Vec<f64>>>()?;
    shares.sort_by(f64::total_cmp);
    // The smallest share that at least this part of the points does not exceed.
    let at = |p: f64| {
        let rank = (p * shares.len() as f64 - 1e-9).ceil().max(1.0) as usize;
        shares.get(rank - 1).copied()
    };
    let [low, high] = match ends(shares.len()) {
        RangeEnds::LowestHighest => [0.0, 1.0],
        RangeEnds::Percentiles => ENDS,
    }
    .map(at);
    let kept_points = shares.iter().filter(|share| **share >= target).count() as u32;
    Some(ShareRange { low: low?, high: high?, kept_points, stated })
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
    fn points_are_two_thirds_of_the_replications_within_bounds() {
        let check = |n_parameters, n_replications, expected| {
            assert_eq!(default_points(n_parameters, n_replications), expected);
        };
        check(0, 50, 0);
        check(3, 11, 0);
        check(3, 12, 8);
        check(3, 20, 13);
        check(3, 36, 24);
        check(3, u64::MAX, 24);
    }

    /// Shares of 0, 1, 2, ... of `n` out of `n` shipments.
    fn evenly(n: u64, target: f64) -> ShareRange {
        range((0..n).map(|kept| (kept, n)), 0.5, target).unwrap_or_else(|| panic!("{n} shares"))
    }

    #[test]
    fn ends_are_percentiles_where_there_are_draws_enough() {
        assert_eq!(
            [8, 19, 20, 24].map(ends),
            [
                RangeEnds::LowestHighest,
                RangeEnds::LowestHighest,
                RangeEnds::Percentiles,
                RangeEnds::Percentiles
            ]
        );
        let check = |n: u64, low: u64, high: u64| {
            let range = evenly(n, 0.9);
            let share = |kept: u64| kept as f64 / n as f64;
            assert_eq!((range.low, range.high), (share(low), share(high)), "{n} draws");
        };
        check(1, 0, 0);
        check(8, 0, 7);
        check(19, 0, 18);
        check(20, 0, 18);
        check(24, 1, 22);
        check(100, 4, 94);
        assert!(range([(0, 0)].into_iter(), 0.5, 0.9).is_none());
    }

    #[test]
    fn draws_that_reach_the_target_are_counted_beyond_the_ends_as_well() {
        assert_eq!(
            [0.0, 0.5, 0.75, 0.96, 1.0].map(|target| evenly(24, target).kept_points),
            [24, 12, 6, 0, 0]
        );
        // The highest of 24 draws lies beyond the 95 % point, and counts.
        let highest = evenly(24, 23.0 / 24.0);
        assert!(highest.high < 23.0 / 24.0 && highest.kept_points == 1, "{highest:?}");
    }
}
