//! Conversion of estimates to figures of the results.
//!
//! Does not own the estimators (`estimate`).

use sanda_results::{Figure, Remark};

use crate::estimate::{self, Bracket, Confidence};

/// Confidence of all intervals.
pub(crate) const CONFIDENCE: Confidence = Confidence::P95;

/// A mean over replications.
pub(crate) fn mean(values: &[f64]) -> Figure {
    estimate::mean_t(values, CONFIDENCE).into()
}

/// A share: sum of parts over sum of wholes. Each replication holds `n_clusters` groups of shipments that may share one fate.
pub(crate) fn share(pairs: &[(f64, f64)], n_clusters: f64) -> Figure {
    if pairs.iter().all(|pair| pair.1 <= 0.0) {
        return Figure::undefined(Remark::NoObservations);
    }
    estimate::share(pairs, CONFIDENCE, largest_cluster(pairs, n_clusters)).estimate.into()
}

/// The size of a cluster, which matters when all or none keep a promise.
pub(crate) fn largest_cluster(pairs: &[(f64, f64)], n_clusters: f64) -> Option<f64> {
    let total: f64 = pairs.iter().map(|pair| pair.1).sum();
    (total > 0.0).then(|| total / (pairs.len() as f64 * n_clusters.max(1.0)))
}

/// A ratio of sums that is no share: a mean, a utilisation.
pub(crate) fn ratio(pairs: &[(f64, f64)]) -> Figure {
    if pairs.iter().all(|pair| pair.1 <= 0.0) {
        return Figure::undefined(Remark::NoObservations);
    }
    estimate::ratio(pairs, CONFIDENCE).into()
}

/// A pooled value with an interval from the replications' own values.
pub(crate) fn sectioned(pooled: Option<f64>, own: &[Option<f64>]) -> Figure {
    let Some(pooled) = pooled else { return Figure::undefined(Remark::NoObservations) };
    let own: Vec<f64> = own.iter().copied().flatten().collect();
    estimate::quantile_sectioned(pooled, &own, CONFIDENCE).into()
}

/// A pooled percentile with an interval by share. `quantile` gives the pooled quantile at any share.
pub(crate) fn quantile(level: f64, quantile: impl Fn(f64) -> Bracket, at_or_below: &[(f64, f64)]) -> Figure {
    if quantile(level).high.is_nan() {
        return Figure::undefined(Remark::NoObservations);
    }
    estimate::quantile_by_share(level, quantile, at_or_below, CONFIDENCE).into()
}

/// The shortest time that a share keeps, with an upper bound.
pub(crate) fn achievable(
    level: f64,
    quantile: impl Fn(f64) -> Bracket,
    at_or_below: &[(f64, f64)],
) -> Figure {
    if quantile(level).high.is_nan() {
        return Figure::undefined(Remark::NoObservations);
    }
    estimate::quantile_upper_bound(level, quantile, at_or_below, CONFIDENCE).into()
}
