//! The estimators on numbers worked out by hand, at their edges, and their laws.
//!
//! Does not own how often intervals cover the truth (`tests/coverage`).

use proptest::prelude::*;
use sanda_experiment::estimate::{
    Bracket, Confidence, Estimate, mean_t, quantile_by_share, quantile_sectioned, quantile_upper_bound,
    quantile_upper_bound_sectioned, ratio, share,
};
use sanda_results::{Figure, Remark, Verdict};

const P95: Confidence = Confidence::P95;
const INFINITE: f64 = f64::INFINITY;
/// The interval worked out in `share_between_none_and_all`.
const LOW: f64 = 0.8563987;
const HIGH: f64 = 0.9338179;
/// The shares worked out in `quantile_by_share_reads_the_pooled_quantiles`.
const SHARE_BELOW: f64 = 0.8598281;
const SHARE_ABOVE: f64 = 0.9370351;
/// The reaches worked out in `skewed_replications_reach_further_on_the_side_of_the_disaster`.
const REACH_BELOW: f64 = 1.4501635;
const REACH_ABOVE: f64 = 7.1458531;

/// Value, lower and upper end to within a part in a hundred thousand.
fn check(found: Estimate, value: f64, low: Option<f64>, high: Option<f64>) {
    let same = |a: f64, b: f64| a.total_cmp(&b).is_eq() || (a - b).abs() <= 1e-5 * b.abs();
    let ends_same = |a: Option<f64>, b: Option<f64>| match (a, b) {
        (Some(a), Some(b)) => same(a, b),
        (a, b) => a.is_none() && b.is_none(),
    };
    assert!(
        same(found.value, value) && ends_same(found.low, low) && ends_same(found.high, high),
        "{found:?} instead of {value} in {low:?} to {high:?}"
    );
}

#[test]
fn confidence_lies_between_none_and_certainty() {
    assert_eq!(Confidence::new(0.95), Some(Confidence::P95));
    for wrong in [0.0, 1.0, -0.5, 95.0, f64::NAN] {
        assert_eq!(Confidence::new(wrong), None);
    }
}

#[test]
fn mean_by_students_t() {
    // s^2 = 2.5, t(0.975, 4) = 2.776445, half = t sqrt(2.5 / 5).
    check(mean_t(&[1.0, 2.0, 3.0, 4.0, 5.0], P95), 3.0, Some(1.0367568), Some(4.9632432));
    let p90 = Confidence::new(0.9).expect("a level");
    // t(0.95, 1) = 6.313752.
    check(mean_t(&[1.0, 3.0], p90), 2.0, Some(2.0 - 6.313752), Some(2.0 + 6.313752));
    check(mean_t(&[0.1; 7], P95), 0.1, Some(0.1), Some(0.1));
    check(mean_t(&[4.0], P95), 4.0, None, None);
    check(mean_t(&[], P95), f64::NAN, None, None);
    check(mean_t(&[1.0, INFINITE], P95), INFINITE, None, None);
    assert_eq!(mean_t(&[], P95).remark, Some(Remark::NoObservations));
    assert_eq!(mean_t(&[4.0], P95).remark, Some(Remark::OneReplication));
}

#[test]
fn ratio_by_jackknife() {
    // Equal denominators: the jackknife is the variance of the mean of the ratios.
    check(ratio(&[(10.0, 10.0), (20.0, 10.0), (30.0, 10.0)], P95), 2.0, Some(-0.484138), Some(4.484138));
    // Unequal: left-out ratios 5/3, 4/3, 3/2 around 1.5; v = 2/3 * 1/18; t(0.975, 2) = 4.302653.
    let half = 4.302653 * (2.0_f64 / 54.0).sqrt();
    check(ratio(&[(1.0, 1.0), (2.0, 1.0), (3.0, 2.0)], P95), 1.5, Some(1.5 - half), Some(1.5 + half));
    // Replications that agree, with denominators that do not.
    check(ratio(&[(0.3, 3.0), (0.7, 7.0), (0.1, 1.0)], P95), 0.1, Some(0.1), Some(0.1));
    // Nothing happened in the second: as if it were not there.
    let without = ratio(&[(1.0, 2.0), (3.0, 2.0)], P95);
    assert_eq!(ratio(&[(1.0, 2.0), (0.0, 0.0), (3.0, 2.0)], P95), without);
    assert_eq!(without.n_replications, 2);
    check(ratio(&[(1.0, 2.0), (0.0, 0.0)], P95), 0.5, None, None);
    check(ratio(&[(0.0, 0.0)], P95), f64::NAN, None, None);
}

#[test]
fn share_between_none_and_all() {
    // Ten replications of 100, alternately 85 and 95: variance 250 / 9 / 10 percent^2, so n = 0.09 / 2.7778e-4 = 324 independent
    // shipments instead of 1000; no excess kurtosis, so 9 degrees of freedom reduce it to 324 (1.959964 / 2.262157)^2 = 243.22. Then
    // Beta(219.15, 25.07) at 0.025 and Beta(219.65, 24.57) at 0.975 (SciPy).
    let pairs: Vec<(f64, f64)> = (0..10).map(|i| (if i % 2 == 0 { 85.0 } else { 95.0 }, 100.0)).collect();
    let found = share(&pairs, P95, None);
    check(found.estimate, 0.9, Some(LOW), Some(HIGH));
    assert!((found.design_effect.expect("ten replications") - 1000.0 / 324.0).abs() < 1e-9);
    assert_eq!(found.estimate.n_replications, 10);
}

#[test]
fn share_of_all_or_none() {
    // 0.025^(1/20) and its complement; with clusters of 5 among 2000 there are 400 units.
    let all = [(100.0, 100.0); 20];
    let none = [(0.0, 100.0); 20];
    let few = 0.8315665;
    check(share(&all, P95, None).estimate, 1.0, Some(few), Some(1.0));
    check(share(&none, P95, None).estimate, 0.0, Some(0.0), Some(1.0 - few));
    check(share(&all, P95, Some(5.0)).estimate, 1.0, Some(0.9908201), Some(1.0));
    // A cluster larger than a replication does not go below the replications.
    check(share(&all, P95, Some(1e6)).estimate, 1.0, Some(few), Some(1.0));
    let found = share(&all, P95, None);
    assert_eq!((found.design_effect, found.estimate.remark), (None, Some(Remark::AllOrNone)));
    check(share(&[(5.0, 5.0)], P95, None).estimate, 1.0, None, None);
    check(share(&[(4.0, 5.0)], P95, None).estimate, 0.8, None, None);
    check(share(&[], P95, None).estimate, f64::NAN, None, None);
}

#[test]
fn share_without_spread() {
    // A scenario without randomness: every replication the same.
    let exact = share(&[(500.0, 1000.0); 10], P95, None);
    check(exact.estimate, 0.5, Some(0.5), Some(0.5));
    assert_eq!(exact.design_effect, Some(0.0));
    // Two replications of two that agree prove nothing.
    let chance = share(&[(1.0, 2.0); 2], P95, None).estimate;
    assert!(chance.low.expect("an end") < 0.02 && chance.high.expect("an end") > 0.98, "{chance:?}");
}

#[test]
fn share_with_very_many_shipments() {
    // The normal limit and the beta law meet: on either side of the switch the interval is the same to five digits.
    let spread = |n: f64| {
        let pairs: Vec<(f64, f64)> =
            (0..30).map(|i| (0.5 * n + f64::from(i - 15) * n.sqrt() / 18.0, n)).collect();
        let found = share(&pairs, P95, None).estimate;
        (found.high.expect("an end") - found.low.expect("an end")) * n.sqrt()
    };
    let (below, above) = (spread(5e4), spread(5e7));
    assert!((below / above - 1.0).abs() < 1e-3, "{below} and {above}");
}

/// Ten replications of 100, alternately 85 and 95 at or below: as in `share_between_none_and_all`, 324 independent shipments of which
/// 243.22 count.
fn alternating() -> Vec<(f64, f64)> {
    (0..10).map(|i| (if i % 2 == 0 { 85.0 } else { 95.0 }, 100.0)).collect()
}

#[test]
fn quantile_by_share_reads_the_pooled_quantiles() {
    // The shares whose intervals end at 0.9: Beta(243.22 s + 0.25, 243.22 (1 - s) + 0.75) stays below 0.9 with probability 0.025 at
    // s = 0.937035, and its mirror image at s = 0.859828 (bisection on a numerical integral). A quantile function that is ten times the share.
    let (low, high) = (SHARE_BELOW, SHARE_ABOVE);
    let ten_times = |share: f64| Bracket::exact(10.0 * share);
    check(quantile_by_share(0.9, ten_times, &alternating(), P95), 9.0, Some(10.0 * low), Some(10.0 * high));
    let bound = quantile_upper_bound(0.9, ten_times, &alternating(), P95);
    assert!(
        bound.low.is_none() && bound.high.expect("a bound") < 10.0 * high && bound.high > Some(9.0),
        "{bound:?}"
    );
    // Above 93 % everything is unfinished.
    let unfinished = |share: f64| Bracket::exact(if share > 0.93 { INFINITE } else { 10.0 * share });
    let found = quantile_by_share(0.9, unfinished, &alternating(), P95);
    check(found, 9.0, Some(10.0 * low), Some(INFINITE));
    assert_eq!(found.remark, Some(Remark::InfiniteInSome));
    check(quantile_by_share(0.95, unfinished, &alternating(), P95), INFINITE, Some(INFINITE), Some(INFINITE));
    // Half of the waits are zero: a p25 of zero is certain although the share at or below it is 0.5.
    let half_zero = |share: f64| Bracket::exact((share - 0.5).max(0.0));
    let halves: Vec<(f64, f64)> = (0..10).map(|i| (495.0 + f64::from(i), 1000.0)).collect();
    check(quantile_by_share(0.25, half_zero, &halves, P95), 0.0, Some(0.0), Some(0.0));
    check(quantile_by_share(0.9, ten_times, &alternating()[..1], P95), 9.0, None, None);
    check(quantile_by_share(0.9, |_| Bracket::exact(INFINITE), &[], P95), f64::NAN, None, None);
}

/// Values in buckets: the interval holds the whole buckets at its ends, and the estimate is the upper end of its own.
#[test]
fn quantile_by_share_holds_the_width_of_buckets() {
    let in_tenths = |share: f64| {
        let low = (10.0 * share).floor() / 10.0;
        Bracket { low, high: low + 0.1 }
    };
    check(quantile_by_share(0.95, in_tenths, &alternating(), P95), 1.0, Some(0.9), Some(1.0));
    let narrow: Vec<(f64, f64)> =
        alternating().iter().map(|&(k, n)| (950.0 * n + k - 90.0, 1000.0 * n)).collect();
    check(quantile_by_share(0.95, in_tenths, &narrow, P95), 1.0, Some(0.9), Some(1.0));
    // No randomness at all: the bucket alone.
    check(quantile_by_share(0.95, in_tenths, &[(95_000.0, 100_000.0); 9], P95), 1.0, Some(0.9), Some(1.0));
}

/// Far percentiles of few shipments: what lies beyond is not enough for a bound, and the figure says so.
#[test]
fn too_few_values_beyond_are_said() {
    let few: Vec<(f64, f64)> = (0..10).map(|i| (if i % 2 == 0 { 18.0 } else { 20.0 }, 20.0)).collect();
    let any = Bracket::exact;
    assert_eq!(quantile_by_share(0.99, any, &few, P95).remark, Some(Remark::FewReplications));
    assert_eq!(quantile_by_share(0.5, any, &alternating(), P95).remark, None);
    // A percentile in an atom is known all the same.
    assert_eq!(quantile_by_share(0.99, |_| Bracket::exact(7.0), &few, P95).remark, None);
}

/// One replication of ten is a disaster: the interval reaches far on its side, and says what it rests on.
#[test]
fn skewed_replications_reach_further_on_the_side_of_the_disaster() {
    // Mean 1, s^2 = 10, error 1, skewness 8 / 3: a = skewness / (6 sqrt 10) = 0.140546. With t(0.975, 9) = 2.262157:
    // ((1 + 6 a (t - a))^(1/3) - 1) / (2 a) = 1.450163 below; at -t 7.145853 above.
    let mut values = [0.0; 10];
    values[3] = 10.0;
    let found = mean_t(&values, P95);
    check(found, 1.0, Some(1.0 - REACH_BELOW), Some(1.0 + REACH_ABOVE));
    assert_eq!(found.remark, Some(Remark::FewReplications));
    let pairs = values.map(|value| (value, 1.0));
    check(ratio(&pairs, P95), 1.0, Some(1.0 - REACH_BELOW), Some(1.0 + REACH_ABOVE));
    // The mirror image.
    let mirror = mean_t(&values.map(|value| -value), P95);
    check(mirror, -1.0, Some(-1.0 - REACH_ABOVE), Some(-1.0 + REACH_BELOW));
    // A share of which one replication misses a tenth: the end on the side of 1/2 is that of the skewed mean.
    let shares = values.map(|value| (100.0 - value, 100.0));
    let found = share(&shares, P95, None).estimate;
    assert!(found.low.expect("an end") <= 0.99 - 0.01 * REACH_ABOVE, "{found:?}");
    assert_eq!(found.remark, Some(Remark::FewReplications));
}

#[test]
fn quantile_by_sections() {
    // Around the pooled 3.5, not around the sections' mean 3: sum of squares 10 + 5 * 0.25.
    let half = 2.776445 * (11.25_f64 / 4.0 / 5.0).sqrt();
    check(quantile_sectioned(3.5, &[1.0, 2.0, 3.0, 4.0, 5.0], P95), 3.5, Some(3.5 - half), Some(3.5 + half));
    check(quantile_sectioned(7.0, &[7.0; 4], P95), 7.0, Some(7.0), Some(7.0));
    check(quantile_sectioned(7.0, &[7.0], P95), 7.0, None, None);
    // One section infinite: on the scale 1/q the sections are 0.5, 0.5, 0.5, 0 around 0.5; error sqrt(0.25 / 12), skewness -1.154701,
    // t(0.975, 3) = 3.182446: 0.304803 above 0.5, and more than 0.5 below.
    check(quantile_sectioned(2.0, &[2.0, 2.0, 2.0, INFINITE], P95), 2.0, Some(1.2425396), Some(INFINITE));
    // Two of four: no skewness. s^2 = 0.5 / 3, half = 3.182446 s / 2.
    check(
        quantile_sectioned(2.0, &[2.0, 2.0, INFINITE, INFINITE], P95),
        2.0,
        Some(0.8698571),
        Some(INFINITE),
    );
    check(quantile_sectioned(INFINITE, &[INFINITE; 4], P95), INFINITE, Some(INFINITE), Some(INFINITE));
    check(quantile_sectioned(0.0, &[0.0, 0.0, INFINITE], P95), 0.0, None, None);
    // One-sided: t(0.95, 4) = 2.131847.
    let bound = quantile_upper_bound_sectioned(3.0, &[1.0, 2.0, 3.0, 4.0, 5.0], P95);
    check(bound, 3.0, None, Some(3.0 + 2.131847 * 0.5_f64.sqrt()));
}

#[test]
fn verdicts_need_the_whole_interval() {
    fn check(values: &[f64], target: f64, expected: Verdict) {
        assert_eq!(mean_t(values, P95).verdict(target), expected);
    }
    check(&[0.91, 0.92, 0.93], 0.89, Verdict::Kept);
    check(&[0.91, 0.92, 0.93], 0.91, Verdict::Uncertain);
    check(&[0.91, 0.92, 0.93], 0.95, Verdict::Broken);
    check(&[0.9, 0.9], 0.9, Verdict::Kept);
    check(&[0.99], 0.5, Verdict::Uncertain);
    check(&[], 0.5, Verdict::Uncertain);
}

#[test]
fn estimates_become_figures() {
    let figure = Figure::from(mean_t(&[1.0, 2.0, 3.0, 4.0, 5.0], P95));
    assert_eq!((figure.estimate, figure.replications, figure.remark), (Some(3.0), 5, None));
    assert!((figure.half_width.expect("an interval") - 1.9632432).abs() < 1e-5);
    let bound = Figure::from(quantile_upper_bound_sectioned(2.0, &[2.0, INFINITE], P95));
    assert_eq!((bound.interval(), bound.upper(), bound.half_width), (None, Some(INFINITE), None));
    let nothing = Figure::from(ratio(&[], P95));
    assert_eq!((nothing.value(), nothing.remark), (None, Some(Remark::NoObservations)));
}

proptest! {
    #[test]
    fn shares_stay_inside_and_hold_their_estimate(pairs in prop::collection::vec((0u32..=50, 0u32..=50), 2..30)) {
        let pairs: Vec<(f64, f64)> = pairs.iter().map(|&(a, b)| (f64::from(a.min(b)), f64::from(b))).collect();
        let found = share(&pairs, P95, None).estimate;
        if let (Some(low), Some(high)) = (found.low, found.high) {
            prop_assert!(0.0 <= low && low <= found.value && found.value <= high && high <= 1.0, "{:?}", found);
        }
        // What is kept and what is missed mirror each other.
        let missed: Vec<(f64, f64)> = pairs.iter().map(|&(kept, of)| (of - kept, of)).collect();
        let mirror = share(&missed, P95, None).estimate;
        if let (Some(low), Some(high)) = (found.low, mirror.high) {
            prop_assert!((low - (1.0 - high)).abs() < 1e-9, "{:?} and {:?}", found, mirror);
        }
    }

    #[test]
    fn more_confidence_is_wider(values in prop::collection::vec(-1e3..1e3_f64, 2..20)) {
        let half = |level| mean_t(&values, Confidence::new(level).expect("a level")).half_width().expect("two values");
        prop_assert!(half(0.9) <= half(0.95) && half(0.95) <= half(0.99));
    }
}
