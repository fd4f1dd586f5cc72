//! Shares (of shipments that keep a promise, that board their first departure) with intervals that stay inside 0 and 1.
//!
//! # The interval
//!
//! The replications say how many independent shipments the share is worth: `n = p (1 - p) / variance`, with the jackknife variance of
//! the ratio of sums. On this effective number an interval for a binomial share is laid (E. L. Korn and B. I. Graubard, "Confidence
//! intervals for proportions with small expected number of positive counts estimated from survey data", Survey Methodology 24,
//! 1998). As there, `n` is first reduced by (z / t)^2, because it is itself an estimate; here with the degrees of freedom that the kurtosis of
//! the replications leaves (see `skew.rs`), which is what holds the coverage when a few bad spells do most of the harm.
//! The binomial interval has ends Beta(x + q, n - x + 1 - q) and Beta(x + 1 - q, n - x + q), x = n p. With q = 1/4 it is half-way between
//! the exact one (Clopper and Pearson: 0), which covers too often, and Jeffreys' (1/2), which covers right on average and
//! too little near the ends (L. D. Brown, T. T. Cai and A. DasGupta, Statistical Science 16, 2001). Beyond 95 % (below 5 %) q falls to that
//! of the exact interval. Intervals on a logarithmic-odds scale were tried: near 1 with dependent shipments they covered 90 to 94 %, with
//! five times the width.
//!
//! The end on the side of 1/2 is the one that errs: with rare bad spells, the replications that happen to have few of them show a
//! share too near 1 *and* too little spread. So this end lies at least as far out as that of the mean with skewed replications (`skew.rs`).
//!
//! # All or none
//!
//! When every replication gives 0 % or every one 100 %, the spread says nothing. Without further knowledge the only units known to
//! be independent are the replications, so the exact interval is laid on their number: it holds whatever happens inside a replication, even if
//! all of its shipments share one fate. Twenty replications without a failure prove 83 %, forty 91 %. Who knows better (no more than one
//! vehicle's shipments, one week's shipments share a fate) states the largest cluster and gets the number of clusters.

use super::evidence::Evidence;
use super::ratio::Spread;
use super::{Confidence, Estimate};
use sanda_results::Remark;

/// Replications agree by chance less often than this: then they agree by construction (see [`share`]).
const COINCIDENCE: f64 = 1e-6;

/// A share, and how dependent its shipments are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ShareEstimate {
    /// The share and its interval.
    pub estimate: Estimate,
    /// How many times its variance exceeds that of as many independent units; `None` where it cannot be estimated (one replication, all
    /// or none). It counts units of the denominator, so read it where those are shipments, not tonnes.
    pub design_effect: Option<f64>,
}

/// Estimates a share from one pair (kept, of) per replication.
///
/// `largest_cluster` is the most that can share one fate, in the units of the denominators; `None` takes a whole replication. It matters only
/// when all replications give 0 % or all give 100 %.
///
/// Replications that agree to the last shipment on another share than these have either no randomness or little of it and luck. It is taken for the
/// former, with an interval of zero width, when independent shipments would agree so with probability below one in a million
/// ((2 pi m p (1 - p))^(-(n - 1) / 2) for n replications of m); else the shipments are taken as independent.
pub fn share(pairs: &[(f64, f64)], confidence: Confidence, largest_cluster: Option<f64>) -> ShareEstimate {
    let spread = Spread::of(pairs);
    let Spread { n, total, ratio, .. } = spread;
    if n < 2 {
        return ShareEstimate { estimate: Estimate::alone(ratio, n), design_effect: None };
    }
    let tail = confidence.two_sided_tail();
    match effective_number(&spread) {
        Effective::Unknown => {
            let units = largest_cluster.map_or(n as f64, |size| (total / size).max(n as f64));
            // Clopper and Pearson with no failure among the units: p^units = tail.
            let bound = libm::pow(tail, 1.0 / units);
            let (low, high) = if ratio > 0.5 { (bound, 1.0) } else { (0.0, 1.0 - bound) };
            let estimate = Estimate::between(ratio, low, high, n).with_remark(Remark::AllOrNone);
            ShareEstimate { estimate, design_effect: None }
        }
        Effective::Exact => {
            ShareEstimate { estimate: Estimate::between(ratio, ratio, ratio, n), design_effect: Some(0.0) }
        }
        Effective::Number(number) => {
            let (low, high) = Evidence::of(&spread, number, tail).interval(ratio);
            let estimate = Estimate::between(ratio, low, high, n).with_few(spread.shape.rests_on_few(n));
            ShareEstimate { estimate, design_effect: Some(total / number) }
        }
    }
}

/// Knowledge of the number of independent units behind a share.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Effective {
    /// Nothing: all or none.
    Unknown,
    /// There is no randomness.
    Exact,
    /// A number of units.
    Number(f64),
}

/// Judges the spread of a share; needs at least two replications.
pub(super) fn effective_number(spread: &Spread) -> Effective {
    let Spread { n, total, ratio, variance, .. } = *spread;
    let binomial = ratio * (1.0 - ratio);
    if binomial <= 0.0 {
        return Effective::Unknown;
    }
    if variance > 0.0 {
        return Effective::Number(binomial / variance);
    }
    let spread_of_one = 2.0 * std::f64::consts::PI * (total / n as f64) * binomial;
    let log_chance = -0.5 * (n - 1) as f64 * libm::log(spread_of_one);
    if log_chance < libm::log(COINCIDENCE) { Effective::Exact } else { Effective::Number(total) }
}
