//! Ratios of sums over replications, and the jackknife spread that shares and quantiles build upon.
//!
//! It does not keep a ratio within bounds: a share goes to `share.rs`.

use super::special::student_t;
use super::{Confidence, Estimate};

/// Below this part of the ratio a standard error is the rounding of its own computation.
const ROUNDING: f64 = 1e-12;

/// A ratio of sums and what the replications say about its spread.
pub(super) struct Spread {
    /// Replications with a denominator.
    pub(super) n: usize,
    /// Sum of the denominators.
    pub(super) total: f64,
    /// Sum of the numerators over sum of the denominators; NaN without any denominator.
    pub(super) ratio: f64,
    /// Jackknife variance of the ratio; 0 when all replications agree.
    pub(super) variance: f64,
    /// Degrees of freedom of that variance, from 1 to n - 1.
    pub(super) freedom: f64,
}

impl Spread {
    /// Measures pairs (numerator, denominator), one per replication; pairs without denominator hold no information and are left out.
    ///
    /// The variance leaves each replication out in turn (B. Efron and C. Stein, "The jackknife estimate of variance", Annals of
    /// Statistics 9, 1981): for ratios it errs on the wide side, where linearisation errs on the narrow side.
    ///
    /// Degrees of freedom: for normal data a variance of n numbers has n - 1. Heavy tails make it less certain, as
    /// var(s^2) = sigma^4 (2 / (n - 1) + k / n) with k the excess kurtosis, so that n' = 2 / (2 / (n - 1) + k / n) degrees of freedom
    /// describe it (L. H. Shoemaker, "Fixing the F test for equal variances", The American Statistician 57, 2003). The kurtosis is
    /// that of the linearised residuals, and never taken as negative. One replication with a rare disaster counts for what
    /// it is: n' falls to 2 or 3.
    pub(super) fn of(pairs: &[(f64, f64)]) -> Self {
        let informative = || pairs.iter().copied().filter(|pair| pair.1 > 0.0);
        let n = informative().count();
        let (sum, total) = informative().fold((0.0, 0.0), |sums, pair| (sums.0 + pair.0, sums.1 + pair.1));
        // Zero over zero has a sign that depends on the processor.
        let ratio = if n > 0 { sum / total } else { f64::NAN };
        if n < 2 {
            return Self { n, total, ratio, variance: 0.0, freedom: 1.0 };
        }
        let count = n as f64;
        let without = |pair: (f64, f64)| (sum - pair.0) / (total - pair.1);
        let centre = informative().map(without).sum::<f64>() / count;
        let squares: f64 =
            informative().map(|pair| (without(pair) - centre) * (without(pair) - centre)).sum();
        let variance = squares * (count - 1.0) / count;
        if variance.sqrt() <= ROUNDING * ratio.abs() {
            return Self { n, total, ratio, variance: 0.0, freedom: count - 1.0 };
        }
        let (second, fourth) =
            informative().fold((0.0, 0.0), |(second, fourth), (numerator, denominator)| {
                let square = (numerator - ratio * denominator) * (numerator - ratio * denominator);
                (second + square, fourth + square * square)
            });
        let excess = (fourth * count / (second * second) - 3.0).max(0.0);
        let freedom = (2.0 / (2.0 / (count - 1.0) + excess / count)).max(1.0);
        Self { n, total, ratio, variance, freedom }
    }
}

/// Estimates a ratio from one pair (numerator, denominator) per replication: the sum of the numerators over the sum of the
/// denominators, with the t interval on the jackknife standard error. For means per shipment, utilisations, load factors, cost per TEU.
///
/// Replications without denominator (nothing happened) are left out. One replication gives no interval, replications that agree one
/// of zero width, infinite numbers none.
pub fn ratio(pairs: &[(f64, f64)], confidence: Confidence) -> Estimate {
    let Spread { n, ratio, variance, .. } = Spread::of(pairs);
    if n < 2 || !ratio.is_finite() || !variance.is_finite() {
        return Estimate::alone(ratio, n);
    }
    let half = student_t(confidence.two_sided_tail(), (n - 1) as f64) * variance.sqrt();
    Estimate::between(ratio, ratio - half, ratio + half, n)
}
