//! Differences between two models under common luck, with the pair of replications as the unit.
//!
//! Owns the differences of means, ratios, shares and quantiles where replication i of both models met the same luck. Does not own the law
//! of their error (`difference.rs`) nor models with luck of their own (`unpaired.rs`).
//!
//! Each estimate is turned into one number per replication, whose mean is the estimate and whose spread is that of the estimate: for
//! ratios, the jackknife's (R. G. Miller, "The jackknife: a review", Biometrika 61, 1974). The differences of these numbers are treated
//! as in `mean.rs`: Student t with n - 1 degrees of freedom, corrected for skewness. A few bad spells may make up the spread of shares
//! and quantiles: their intervals are at least as wide as Student t with the degrees of freedom that their kurtosis leaves, as in
//! `share.rs`. Pairs are formed as far as both models have replications.
//!
//! Differences that all agree have an interval of zero width. Shares are the exception: replications that all keep everything, or
//! nothing, under both models say nothing of rarer events, so that an exact bound on the number of units is given instead.

use super::Confidence;
use super::difference::{Difference, Law, Parts};
use super::skew::Shape;

/// The difference of two means, from one number per replication of each model: for counts, totals, costs.
pub fn paired_mean(base: &[f64], alternative: &[f64], confidence: Confidence) -> Difference {
    let n = base.len().min(alternative.len());
    let (base, alternative) = (&base[..n], &alternative[..n]);
    if n > 0 && base.iter().zip(alternative).all(|(&base, &alternative)| is_same(base, alternative)) {
        return Difference::none(n, f64::INFINITY);
    }
    of_values((mean(base), mean(alternative)), base, alternative, confidence)
}

/// The difference of two ratios of sums, from one pair (numerator, denominator) per replication of each model: for means per shipment,
/// cost per TEU, load factors. Shares go to [`paired_share`].
///
/// A replication without denominator under both models is left out. Where a model has a denominator in a single replication there is no
/// interval.
pub fn paired_ratio(base: &[(f64, f64)], alternative: &[(f64, f64)], confidence: Confidence) -> Difference {
    let (base, alternative) = informative(base, alternative);
    if is_same_in_all(&base, &alternative) {
        return Difference::none(base.len(), f64::INFINITY);
    }
    let (of_base, of_alternative) = (ratio_values(&base), ratio_values(&alternative));
    of_values((ratio(&base), ratio(&alternative)), &of_base, &of_alternative, confidence)
}

/// The difference of two shares, from one pair (kept, of) per replication of each model. It stays between -1 and 1.
///
/// `largest_cluster` is the most that can share one fate, in the units of the denominators; `None` takes a whole replication. It matters
/// only when every replication gives 0 % or 100 % under both models and the pairs are not identical.
pub fn paired_share(
    base: &[(f64, f64)],
    alternative: &[(f64, f64)],
    confidence: Confidence,
    largest_cluster: Option<f64>,
) -> Difference {
    let (base, alternative) = informative(base, alternative);
    if is_same_in_all(&base, &alternative) {
        return Difference::none(base.len(), 1.0);
    }
    let (from, to) = (ratio(&base), ratio(&alternative));
    let (of_base, of_alternative) = (ratio_values(&base), ratio_values(&alternative));
    if let Some(law) = unanimous((&base, from), (&alternative, to), largest_cluster) {
        let parts = Parts {
            value: to - from,
            n: base.len(),
            standard_error: 0.0,
            freedom: base.len() as f64 - 1.0,
            law,
            most: 1.0,
            rests_on_few: false,
        };
        let by_replication = vec![to - from; base.len()];
        return Difference { by_replication, ..parts.finish(confidence) };
    }
    let values = differences(&of_base, &of_alternative);
    let parts = Parts::of_values(to - from, &values, from.max(to)).cautious(&values);
    bounded(with_reduction(parts.finish(confidence), variance(&of_base) + variance(&of_alternative), values))
}

/// The difference of two quantiles: that of the pooled ones, with the spread of the replications' own ones in pairs (sectioning, see
/// `quantile.rs`).
///
/// `own` has the quantiles (base, alternative) of each replication; pairs of which one observed nothing are left out. Infinite
/// quantiles (among unfinished shipments) leave no interval, unless they are the same in every pair.
pub fn paired_quantile(
    pooled_base: f64,
    pooled_alternative: f64,
    own: &[(Option<f64>, Option<f64>)],
    confidence: Confidence,
) -> Difference {
    let is_informative = |pair: &&(Option<f64>, Option<f64>)| pair.0.is_some() || pair.1.is_some();
    let is_pair_same = |pair: &(Option<f64>, Option<f64>)| match *pair {
        (Some(base), Some(alternative)) => is_same(base, alternative),
        (base, alternative) => base.is_none() && alternative.is_none(),
    };
    let n_informative = own.iter().filter(is_informative).count();
    if n_informative > 0 && is_same(pooled_base, pooled_alternative) && own.iter().all(is_pair_same) {
        return Difference::none(n_informative, f64::INFINITY);
    }
    let (base, alternative): (Vec<f64>, Vec<f64>) =
        own.iter().filter_map(|&(base, alternative)| base.zip(alternative)).unzip();
    let value = pooled_alternative - pooled_base;
    let scale = pooled_base.abs().max(pooled_alternative.abs());
    let sections = around(value, &differences(&base, &alternative));
    let parts = Parts::of_values(value, &sections, scale).cautious(&sections);
    let apart = variance(&around(pooled_base, &base)) + variance(&around(pooled_alternative, &alternative));
    with_reduction(parts.finish(confidence), apart, sections)
}

/// Turns a ratio of sums into one number per replication, whose mean is the ratio and whose spread gives its jackknife variance.
///
/// For functions that take numbers per replication of several scenarios, such as [`super::order_chance`]. NaN where leaving a replication out
/// leaves nothing.
pub fn ratio_values(pairs: &[(f64, f64)]) -> Vec<f64> {
    let (sum, total) = sums(pairs);
    let without: Vec<f64> = pairs.iter().map(|pair| (sum - pair.0) / (total - pair.1)).collect();
    let (ratio, centre) = (sum / total, mean(&without));
    let others = pairs.len() as f64 - 1.0;
    without.iter().map(|without| ratio + others * (centre - without)).collect()
}

/// The law of the difference of two shares that are 0 % or 100 % in every replication; `None` for others.
///
/// Where both are at the same end, a difference beyond 1 - tail^(1/units) would have shown in some unit with probability 1 - tail.
/// Where they are at opposite ends, a unit could even show the opposite: twice that.
pub(super) fn unanimous(
    (base, from): (&[(f64, f64)], f64),
    (alternative, to): (&[(f64, f64)], f64),
    largest_cluster: Option<f64>,
) -> Option<Law> {
    let is_end = |share: f64| share <= 0.0 || share >= 1.0;
    let n = base.len().min(alternative.len());
    if n < 2 || !is_end(from) || !is_end(to) {
        return None;
    }
    let total = sums(base).1.min(sums(alternative).1);
    let units = largest_cluster.map_or(n as f64, |size| (total / size).max(n as f64));
    Some(Law::Unanimous { units, scale: if is_same(from, to) { 1.0 } else { 2.0 } })
}

/// Keeps a difference of shares and its interval between -1 and 1.
pub(super) fn bounded(difference: Difference) -> Difference {
    let Difference { low, high, .. } = difference;
    Difference {
        low: low.map(|end| end.max(-1.0)),
        high: high.map(|end| end.min(1.0)),
        most: 1.0,
        ..difference
    }
}

/// The sections' numbers moved so that their mean is `pooled`, and widened so that their variance is the one around `pooled`.
pub(super) fn around(pooled: f64, sections: &[f64]) -> Vec<f64> {
    let centre = mean(sections);
    let own = variance(sections);
    let n = sections.len() as f64;
    let off = (centre - pooled) * (centre - pooled) * n / (n - 1.0);
    let stretch = if own > 0.0 { ((own + off) / own).sqrt() } else { 1.0 };
    if own <= 0.0 && off > 0.0 {
        // Sections that agree with each other but not with the pooled quantile: the bias is all of the spread there is.
        let sign = |i: usize| if i.is_multiple_of(2) { 1.0 } else { -1.0 };
        return (0..sections.len()).map(|i| pooled + sign(i) * off.sqrt()).collect();
    }
    sections.iter().map(|section| pooled + stretch * (section - centre)).collect()
}

fn of_values(
    (from, to): (f64, f64),
    base: &[f64],
    alternative: &[f64],
    confidence: Confidence,
) -> Difference {
    let values = differences(base, alternative);
    let parts = Parts::of_values(to - from, &values, from.abs().max(to.abs()));
    let apart = variance(base) + variance(alternative);
    with_reduction(parts.finish(confidence), apart, values)
}

fn differences(base: &[f64], alternative: &[f64]) -> Vec<f64> {
    base.iter().zip(alternative).map(|(base, alternative)| alternative - base).collect()
}

/// Adds the paired values, and the variance with independent luck over the one that was found.
fn with_reduction(mut difference: Difference, apart: f64, values: Vec<f64>) -> Difference {
    difference.variance_reduction = difference.spread_of_one().map(|spread| apart / (spread * spread));
    if difference.low.is_some() {
        difference.by_replication = values;
    }
    difference
}

type Pairs = Vec<(f64, f64)>;

/// The pairs of which at least one has a denominator.
fn informative(base: &[(f64, f64)], alternative: &[(f64, f64)]) -> (Pairs, Pairs) {
    let both = base.iter().copied().zip(alternative.iter().copied());
    both.filter(|(base, alternative)| base.1 > 0.0 || alternative.1 > 0.0).unzip()
}

fn is_same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits()
}

fn is_same_in_all(base: &[(f64, f64)], alternative: &[(f64, f64)]) -> bool {
    let is_pair_same = |(a, b): (&(f64, f64), &(f64, f64))| is_same(a.0, b.0) && is_same(a.1, b.1);
    !base.is_empty() && base.iter().zip(alternative).all(is_pair_same)
}

fn sums(pairs: &[(f64, f64)]) -> (f64, f64) {
    pairs.iter().fold((0.0, 0.0), |sums, pair| (sums.0 + pair.0, sums.1 + pair.1))
}

/// The sum of the numerators over that of the denominators; NaN without any denominator.
pub(super) fn ratio(pairs: &[(f64, f64)]) -> f64 {
    let (sum, total) = sums(pairs);
    if total > 0.0 { sum / total } else { f64::NAN }
}

pub(super) fn mean(values: &[f64]) -> f64 {
    if values.is_empty() { f64::NAN } else { values.iter().sum::<f64>() / values.len() as f64 }
}

/// The variance of a single value.
pub(super) fn variance(values: &[f64]) -> f64 {
    let (n, centre) = (values.len() as f64, mean(values));
    Shape::of(values.iter().map(|value| value - centre)).second * n / (n - 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use sanda_results::Remark;

    const BASE: [(f64, f64); 4] = [(3.0, 10.0), (5.0, 10.0), (4.0, 10.0), (8.0, 10.0)];

    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-9, "{found} instead of {expected}");
    }

    /// Differences 1, 2, 0, 1: mean 1, variance 2/3, standard error sqrt(1/6). The variances of base and alternative are 14/3 and 6.
    #[test]
    fn a_mean_by_hand() {
        let difference = paired_mean(&[3.0, 5.0, 4.0, 8.0], &[4.0, 7.0, 4.0, 9.0], Confidence::P95);
        close(difference.value, 1.0);
        close(difference.standard_error, (1.0_f64 / 6.0).sqrt());
        // The differences are symmetric: t(0.025, 3) = 3.182446.
        close(difference.high.unwrap() - 1.0, 3.182446305284263 * (1.0_f64 / 6.0).sqrt());
        assert_eq!(difference.by_replication, [1.0, 2.0, 0.0, 1.0]);
        close(difference.variance_reduction.unwrap(), (14.0 / 3.0 + 6.0) / (2.0 / 3.0));
    }

    /// With equal denominators a ratio is the mean of the replications' ratios.
    #[test]
    fn a_ratio_with_equal_denominators_is_a_mean() {
        let alternative = [(4.0, 10.0), (7.0, 10.0), (4.0, 10.0), (9.0, 10.0)];
        let ratio = paired_ratio(&BASE, &alternative, Confidence::P95);
        let mean = paired_mean(&[0.3, 0.5, 0.4, 0.8], &[0.4, 0.7, 0.4, 0.9], Confidence::P95);
        close(ratio.value, mean.value);
        close(ratio.low.unwrap(), mean.low.unwrap());
        close(ratio.high.unwrap(), mean.high.unwrap());
    }

    /// Leaving one out gives 2/4, 3/3 and 3/5.
    #[test]
    fn ratio_values_have_the_jackknife_variance() {
        let values = ratio_values(&[(2.0, 2.0), (1.0, 3.0), (1.0, 1.0)]);
        close(mean(&values), 2.0 / 3.0);
        let without = [2.0 / 4.0, 3.0 / 3.0, 3.0 / 5.0];
        let centre = without.iter().sum::<f64>() / 3.0;
        let squares: f64 = without.iter().map(|one| (one - centre) * (one - centre)).sum();
        close(variance(&values) / 3.0, squares * 2.0 / 3.0);
    }

    #[test]
    fn identical_pairs_differ_by_exactly_nothing() {
        for difference in [
            paired_ratio(&BASE, &BASE, Confidence::P95),
            paired_share(&BASE, &BASE, Confidence::P95, None),
            paired_mean(&[0.1, f64::INFINITY], &[0.1, f64::INFINITY], Confidence::P95),
            paired_quantile(
                f64::INFINITY,
                f64::INFINITY,
                &[(Some(1.0), Some(1.0)), (None, None), (Some(f64::INFINITY), Some(f64::INFINITY))],
                Confidence::P95,
            ),
        ] {
            assert!(difference.is_same);
            assert_eq!((difference.value, difference.low, difference.high), (0.0, Some(0.0), Some(0.0)));
        }
        // The last bit of one replication counts.
        let other = [BASE[0], BASE[1], BASE[2], (8.0, 10.000000000000002)];
        assert!(!paired_ratio(&BASE, &other, Confidence::P95).is_same);
    }

    #[test]
    fn differences_that_agree_have_no_width() {
        let difference = paired_mean(&[1.0, 2.0, 4.0], &[1.5, 2.5, 4.5], Confidence::P95);
        assert!(!difference.is_same);
        assert_eq!((difference.low, difference.high), (Some(0.5), Some(0.5)));
        assert_eq!((difference.variance_reduction, difference.remark), (None, None));
    }

    /// All kept under both, with other numbers of shipments: 1 - 0.025^(1/20) = 0.1684 on either side.
    #[test]
    fn unanimous_shares_are_not_certain() {
        let (base, alternative) = (vec![(10.0, 10.0); 20], vec![(12.0, 12.0); 20]);
        let difference = paired_share(&base, &alternative, Confidence::P95, None);
        assert_eq!((difference.value, difference.remark), (0.0, Some(Remark::AllOrNone)));
        let reach = 1.0 - libm::pow(0.025, 0.05);
        close(difference.high.unwrap(), reach);
        close(difference.low.unwrap(), -reach);
        close(difference.p_at_most(-reach), 0.025);
        let clustered = paired_share(&base, &alternative, Confidence::P95, Some(1.0));
        close(clustered.high.unwrap(), 1.0 - libm::pow(0.025, 1.0 / 200.0));
        let opposite = paired_share(&base, &[(0.0, 10.0); 20], Confidence::P95, None);
        close(opposite.low.unwrap(), -1.0);
        close(opposite.high.unwrap(), -1.0 + 2.0 * reach);
    }

    #[test]
    fn shares_stay_in_bounds() {
        let base = [(0.0, 9.0), (1.0, 10.0), (0.0, 11.0)];
        let alternative = [(9.0, 9.0), (9.0, 10.0), (11.0, 11.0)];
        let difference = paired_share(&base, &alternative, Confidence::P95, None);
        assert_eq!(difference.high, Some(1.0));
        assert!(difference.low.unwrap() < difference.value);
    }

    #[test]
    fn unfinished_shipments_leave_no_interval() {
        let own = [(Some(1.0), Some(2.0)), (Some(1.5), Some(f64::INFINITY)), (Some(1.0), Some(3.0))];
        let difference = paired_quantile(1.2, 2.5, &own, Confidence::P95);
        close(difference.value, 1.3);
        assert_eq!((difference.low, difference.remark), (None, Some(Remark::InfiniteInSome)));
        assert!(difference.by_replication.is_empty());
        let lost = paired_quantile(1.2, f64::INFINITY, &own, Confidence::P95);
        assert_eq!((lost.value, lost.low), (f64::INFINITY, None));
    }

    #[test]
    fn too_few_replications_have_a_remark() {
        let one = paired_ratio(&BASE[..1], &[(4.0, 10.0)], Confidence::P95);
        assert_eq!((one.low, one.remark), (None, Some(Remark::OneReplication)));
        close(one.value, 0.1);
        let none = paired_ratio(&[], &[], Confidence::P95);
        assert!(none.value.is_nan() && none.remark == Some(Remark::NoObservations));
    }
}
