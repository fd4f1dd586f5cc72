//! The decision of a regression gate: do new results differ from stored ones by more than a margin?
//!
//! Owns the verdict on metrics that have a difference and a margin, and how many replications the margins need. Does not own where
//! differences come from (`paired.rs`, `unpaired.rs`), baselines, nor what a gate prints.
//!
//! # Error rates
//!
//! The total level is 5 %, split evenly over the looks at growing data, of which there are at most four. At each look:
//!
//! - FAIL where a difference beyond the margin is proven, Holm-adjusted over all metrics. However many metrics lie *at* their margins or
//!   inside, a false FAIL comes with probability at most 5 % over all looks. An unchanged model lies far inside: its false FAILs are
//!   rarer by orders.
//! - PASS or CHANGED where a difference inside the margin is proven (two one-sided tests). A metric that lies at its margin or beyond
//!   gets one of the two with probability at most 5 % over all looks. The gate passes only if every metric does, so this level is not
//!   split over metrics.
//! - CHANGED instead of PASS where the difference, though inside, is proven not to be zero, Holm-adjusted over all metrics.
//! - INCONCLUSIVE else. [`replications_needed`] keeps this rare for an unchanged model.

use sanda_core::kernel::special::{normal_tail_quantile, student_t};

use super::decide::Preference;
use super::difference::Difference;
use super::multiple::holm;
use super::paired::mean;
use super::skew::Shape;

/// Probability of a false alarm, and of a false pass, over all looks.
const LEVEL: f64 = 0.05;

/// Looks at most.
const MOST_LOOKS: u32 = 4;

/// Largest probability that an unchanged model is INCONCLUSIVE.
const MOST_INCONCLUSIVE: f64 = 0.02;

/// Probability that a stored spread is smaller than the true one by more than [`replications_needed`] allows for.
const SPREAD_TAIL: f64 = 0.1;

/// Upper limit of an answer to "how many replications?".
const MOST_REPLICATIONS: u64 = 10_000_000;

/// One of the looks at growing data that share the level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    number: u32,
    of: u32,
}

impl Look {
    /// The only look.
    pub const ONLY: Self = Self { number: 1, of: 1 };

    /// Look `number` of `of`, counted from 1; `None` beyond four looks or out of order. How many looks there may be is to be fixed before
    /// the first.
    pub fn new(number: u32, of: u32) -> Option<Self> {
        (1 <= number && number <= of && of <= MOST_LOOKS).then_some(Self { number, of })
    }

    /// The look after this one, if any.
    pub fn next(self) -> Option<Self> {
        Self::new(self.number + 1, self.of)
    }

    /// The part of the level that this look may use.
    pub fn level(self) -> f64 {
        LEVEL / f64::from(self.of)
    }
}

/// A metric to be gated.
#[derive(Clone, Debug)]
pub struct Gated {
    /// New results minus the baseline.
    pub difference: Difference,
    /// The largest difference that is accepted, in the metric's unit, above zero.
    pub margin: f64,
    /// Which direction is good; it decides nothing but how a change is called.
    pub preference: Preference,
}

/// The direction of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// For the better.
    Improvement,
    /// For the worse.
    Regression,
}

/// The gate's verdict on a metric, or on all of them. A later variant is graver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GateVerdict {
    /// Every replication gave the same bits.
    Identical,
    /// Proven to lie inside the margin.
    Pass,
    /// Proven to lie inside the margin, and proven not to be zero.
    Changed,
    /// Nothing is proven: take another look at more replications.
    Inconclusive,
    /// Proven to lie beyond the margin, in either direction.
    Fail,
}

/// A metric's verdict and the p-values behind it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GatedMetric {
    /// The verdict.
    pub verdict: GateVerdict,
    /// The direction of the change, where one is proven.
    pub change: Option<Change>,
    /// Adjusted p-value of "the difference is within the margin": at or below the look's level the metric fails.
    pub p_within: f64,
    /// p-value of "the difference is beyond the margin": at or below the level it passes.
    pub p_beyond: f64,
    /// Adjusted p-value of "there is no difference".
    pub p_of_none: f64,
}

/// The outcome of a gate.
#[derive(Clone, Debug, PartialEq)]
pub struct GateOutcome {
    /// The gravest verdict of all metrics.
    pub verdict: GateVerdict,
    /// Every metric's, in the order given.
    pub metrics: Vec<GatedMetric>,
}

/// Judges all metrics of a gate at one look. `None` without any metric: comparing nothing is no success.
///
/// A metric without an estimate of its error is inconclusive, and one whose margin is not above zero passes only if it is identical.
pub fn judge_gate(metrics: &[Gated], look: Look) -> Option<GateOutcome> {
    let level = look.level();
    let adjusted = |p_value: &dyn Fn(&Gated) -> f64| holm(&metrics.iter().map(p_value).collect::<Vec<_>>());
    let within = adjusted(&|metric| metric.difference.p_within(metric.margin));
    let none = adjusted(&|metric| metric.difference.p_of_none());
    let judged = |((metric, p_within), p_of_none): ((&Gated, f64), f64)| {
        let difference = &metric.difference;
        let p_beyond = difference.p_beyond(metric.margin);
        let verdict = if difference.is_same {
            GateVerdict::Identical
        } else if p_within <= level {
            GateVerdict::Fail
        } else if !(p_beyond <= level && difference.value.abs() < metric.margin) {
            GateVerdict::Inconclusive
        } else if p_of_none <= level {
            GateVerdict::Changed
        } else {
            GateVerdict::Pass
        };
        let is_change = matches!(verdict, GateVerdict::Fail) || p_of_none <= level;
        let change = if metric.preference.is_better(difference.value) {
            Change::Improvement
        } else {
            Change::Regression
        };
        GatedMetric { verdict, change: is_change.then_some(change), p_within, p_beyond, p_of_none }
    };
    let metrics: Vec<GatedMetric> = metrics.iter().zip(within).zip(none).map(judged).collect();
    let verdict = metrics.iter().map(|metric| metric.verdict).max()?;
    Some(GateOutcome { verdict, metrics })
}

/// How many replications of baseline and new results each metric's margin needs, so that a gate over all of them calls an unchanged model
/// INCONCLUSIVE with probability below 2 % at one look, with luck of its own.
///
/// `stored` has each metric's numbers per replication ([`super::ratio_values`]) and its margin. The spread seen is itself uncertain; what
/// is used is its upper bound at 90 % (with the degrees of freedom that its kurtosis leaves). With common luck an unchanged model is
/// identical and needs none of this. `None` for a metric without spread to judge by, or whose margin would need more than ten million.
pub fn replications_needed(stored: &[(&[f64], f64)], look: Look) -> Vec<Option<u64>> {
    let level = look.level();
    // Split over the metrics and both sides.
    let tail = MOST_INCONCLUSIVE / (2.0 * stored.len() as f64);
    let of_metric = |&(values, margin): &(&[f64], f64)| {
        let centre = mean(values);
        let shape = Shape::of(values.iter().map(|value| value - centre));
        let n_stored = values.len();
        let variance = shape.second * n_stored as f64 / (n_stored as f64 - 1.0);
        // The negated comparison also sorts out what is not a number.
        if n_stored < 2 || !(variance > 0.0 && variance.is_finite() && margin > 0.0) {
            return None;
        }
        let freedom = shape.freedom(n_stored);
        let variance = variance * freedom / chi_square(SPREAD_TAIL, freedom);
        let is_enough = |n: u64| {
            let n = n as f64;
            let freedom = 2.0 * (n - 1.0);
            (student_t(level, freedom) + student_t(tail, freedom)) * (2.0 * variance / n).sqrt() < margin
        };
        let (mut low, mut high) = (1, MOST_REPLICATIONS);
        if !is_enough(high) {
            return None;
        }
        while high - low > 1 {
            let middle = u64::midpoint(low, high);
            if is_enough(middle) {
                high = middle;
            } else {
                low = middle;
            }
        }
        Some(high)
    };
    stored.iter().map(of_metric).collect()
}

/// The value that a chi-square variable stays below with probability `p` below 1/2, by E. B. Wilson and M. M. Hilferty, "The distribution
/// of chi-square", PNAS 17 (1931). Within 3 % from two degrees of freedom on.
fn chi_square(p: f64, freedom: f64) -> f64 {
    let part = 2.0 / (9.0 * freedom);
    let root = 1.0 - part - normal_tail_quantile(p) * part.sqrt();
    freedom * (root * root * root).max(1e-3)
}

#[cfg(test)]
mod tests {
    use super::super::difference::student;
    use super::*;

    fn gated(value: f64, margin: f64) -> Gated {
        Gated { difference: student(value, 1.0, 41), margin, preference: Preference::Higher }
    }

    fn verdicts(metrics: &[Gated]) -> Vec<GateVerdict> {
        let outcome = judge_gate(metrics, Look::ONLY).unwrap();
        assert_eq!(Some(outcome.verdict), outcome.metrics.iter().map(|metric| metric.verdict).max());
        outcome.metrics.iter().map(|metric| metric.verdict).collect()
    }

    /// With 40 degrees of freedom 5 % lie beyond 1.684 standard errors.
    #[test]
    fn every_verdict() {
        assert_eq!(verdicts(&[gated(2.7, 1.0)]), [GateVerdict::Fail]);
        assert_eq!(verdicts(&[gated(-2.7, 1.0)]), [GateVerdict::Fail]);
        assert_eq!(verdicts(&[gated(2.6, 1.0)]), [GateVerdict::Inconclusive]);
        assert_eq!(verdicts(&[gated(2.1, 4.0)]), [GateVerdict::Changed]);
        assert_eq!(verdicts(&[gated(1.9, 4.0)]), [GateVerdict::Pass]);
        assert_eq!(verdicts(&[gated(0.0, 1.0)]), [GateVerdict::Inconclusive]);
        let same = Gated { difference: Difference::none(9, 1.0), margin: 0.0, ..gated(0.0, 1.0) };
        assert_eq!(verdicts(&[same.clone(), gated(1.9, 4.0)]), [GateVerdict::Identical, GateVerdict::Pass]);
        assert_eq!(judge_gate(&[], Look::ONLY), None);
        // The same difference is no failure among three metrics.
        let three = [gated(2.7, 1.0), gated(1.9, 4.0), gated(1.9, 4.0)];
        assert_eq!(verdicts(&three)[0], GateVerdict::Inconclusive);
        let two = judge_gate(&[gated(2.7, 1.0), same], Look::ONLY).unwrap();
        assert_eq!(two.metrics[0].verdict, GateVerdict::Inconclusive);
    }

    #[test]
    fn a_change_has_a_direction() {
        let of = |value: f64, preference| {
            let metric = Gated { preference, ..gated(value, 1.0) };
            judge_gate(&[metric], Look::ONLY).unwrap().metrics[0].change
        };
        assert_eq!(of(2.7, Preference::Higher), Some(Change::Improvement));
        assert_eq!(of(2.7, Preference::Lower), Some(Change::Regression));
        assert_eq!(of(0.3, Preference::Lower), None);
    }

    #[test]
    fn looks_share_the_level() {
        assert!((Look::new(2, 4).unwrap().level() - 0.0125).abs() < 1e-15);
        assert_eq!(Look::new(4, 4).unwrap().next(), None);
        assert_eq!((Look::new(0, 4), Look::new(3, 2), Look::new(1, 5)), (None, None, None));
    }

    /// By hand: for one metric (1.645 + 2.326)^2 x 2 x (spread / margin)^2 = 31.5 x 16 = 505 normal replications with a known
    /// spread. A hundred stored ones leave the variance uncertain by 99 / 81.4 at 90 %.
    #[test]
    fn replications_by_hand() {
        // Two values: no skewness, no excess, standard deviation near 1.
        let values: Vec<f64> = (0..100).map(|i| if i % 2 == 0 { 1.0 } else { -1.0 }).collect();
        let needed = replications_needed(&[(&values, 0.25)], Look::ONLY)[0].unwrap();
        let by_hand = 31.54 * 16.0 * (100.0 / 99.0) * (99.0 / 81.449);
        assert!((needed as f64 / by_hand - 1.0).abs() < 0.01, "{needed} {by_hand}");
        assert_eq!(replications_needed(&[(&[1.0, 1.0], 0.1), (&values, 0.0)], Look::ONLY), [None, None]);
    }
}
