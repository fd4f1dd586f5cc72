//! Ratios of sums over replications, and the jackknife spread that shares and quantiles build upon.
//!
//! Does not own bounds on a ratio: a share goes to `share.rs`.

use super::skew::{self, Shape};
use super::{Confidence, Estimate};

/// Below this part of the ratio a standard error is the rounding of its own computation.
const ROUNDING: f64 = 1e-12;

/// A ratio of sums and its spread over replications.
pub(super) struct Spread {
    /// Replications with a denominator.
    pub(super) n: usize,
    /// Sum of the denominators.
    pub(super) total: f64,
    /// Sum of the numerators over sum of the denominators; NaN without any denominator.
    pub(super) ratio: f64,
    /// Jackknife variance of the ratio; 0 when all replications agree.
    pub(super) variance: f64,
    /// Shape of the linearised residuals.
    pub(super) shape: Shape,
}

impl Spread {
    /// Measures pairs (numerator, denominator), one per replication; pairs without denominator hold no information and are left out.
    ///
    /// The variance leaves each replication out in turn (B. Efron and C. Stein, "The jackknife estimate of variance", Annals of
    /// Statistics 9, 1981): for ratios it errs on the wide side, where linearisation errs on the narrow side.
    pub(super) fn of(pairs: &[(f64, f64)]) -> Self {
        let informative = || pairs.iter().copied().filter(|pair| pair.1 > 0.0);
        let n = informative().count();
        let (sum, total) = informative().fold((0.0, 0.0), |sums, pair| (sums.0 + pair.0, sums.1 + pair.1));
        // Zero over zero has a sign that depends on the processor.
        let ratio = if n > 0 { sum / total } else { f64::NAN };
        let none = Shape::of(std::iter::empty());
        if n < 2 {
            return Self { n, total, ratio, variance: 0.0, shape: none };
        }
        let count = n as f64;
        let without = |pair: (f64, f64)| (sum - pair.0) / (total - pair.1);
        let centre = informative().map(without).sum::<f64>() / count;
        let squares: f64 =
            informative().map(|pair| (without(pair) - centre) * (without(pair) - centre)).sum();
        let variance = squares * (count - 1.0) / count;
        if variance.sqrt() <= ROUNDING * ratio.abs() {
            return Self { n, total, ratio, variance: 0.0, shape: none };
        }
        let residuals = informative().map(|(numerator, denominator)| numerator - ratio * denominator);
        Self { n, total, ratio, variance, shape: Shape::of(residuals) }
    }

    /// The ratio as a mean with an error and a skewness.
    pub(super) fn of_mean(&self) -> skew::Spread {
        skew::Spread { n: self.n, error: self.variance.sqrt(), skewness: self.shape.skewness }
    }
}

/// Estimates a ratio from one pair (numerator, denominator) per replication: the sum of the numerators over the sum of the
/// denominators, with the t interval on the jackknife standard error, corrected for skewness (see `skew.rs`). For means per shipment,
/// utilisations, load factors, cost per TEU.
///
/// Replications without denominator (nothing happened) are left out. One replication gives no interval, replications that agree one
/// of zero width, infinite numbers none.
pub fn ratio(pairs: &[(f64, f64)], confidence: Confidence) -> Estimate {
    let spread = Spread::of(pairs);
    let Spread { n, ratio, variance, .. } = spread;
    if n < 2 || !ratio.is_finite() || !variance.is_finite() {
        return Estimate::alone(ratio, n);
    }
    let (below, above) = spread.of_mean().reach(confidence.two_sided_tail());
    Estimate::between(ratio, ratio - below, ratio + above, n).with_few(spread.shape.rests_on_few(n))
}
