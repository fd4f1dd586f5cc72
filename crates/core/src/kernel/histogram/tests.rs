//! Histograms against sorted lists of the same values.

use proptest::prelude::*;

use super::*;

fn filled(values: &[i64]) -> Histogram {
    let mut histogram = Histogram::new();
    for &value in values {
        histogram.record(value);
    }
    histogram
}

/// Returns values over many orders of magnitude, with repetitions.
fn values() -> impl Strategy<Value = Vec<i64>> {
    prop::collection::vec(
        prop_oneof![0..20_i64, 0..5_000_i64, 0..3_000_000_000_i64, 0..=i64::MAX],
        1..3 * FEW,
    )
}

#[test]
fn values_fall_into_these_buckets() {
    let cases = [
        (0, 0, 0),
        (511, 511, 511),
        (512, 512, 512),
        (1023, 1023, 1023),
        (1024, 1024, 1025),
        (1025, 1024, 1025),
        (2047, 2046, 2047),
        (2048, 2048, 2051),
        (3_600_000, 3_596_288, 3_600_383),
        (i64::MAX, i64::MAX - (1 << 53) + 1, i64::MAX),
    ];
    for (value, low, high) in cases {
        // In a bucket this wide, a value far from the lower end counts as one of several.
        let is_fixed = value < 1 << 42;
        for n in [1, FEW as u64 + 1] {
            let mut histogram = PooledHistogram::new();
            histogram.record_n(value, n);
            let buckets: Vec<Bucket> = histogram.iter().collect();
            assert_eq!(buckets, [Bucket { low, high, top: value, is_fixed, count: n }], "bucket of {value}");
        }
    }
}

/// Shipments of which 2 % take 1 h, 93 % take 75 h and 5 % take 999 h. With the middle of the bucket the p90 was 74.93 h, within
/// which 2 % lie.
#[test]
fn fixed_values_come_out_exactly() {
    const HOUR: i64 = 3_600_000;
    for times in [1, 1000] {
        let mut histogram = Histogram::new();
        for (value, n) in [(75 * HOUR, 93), (HOUR, 2), (999 * HOUR, 5)] {
            histogram.record_n(value, n * times);
        }
        for (p, hours) in [(0.01, 1), (0.02, 1), (0.021, 75), (0.9, 75), (0.95, 75), (0.951, 999)] {
            assert_eq!(histogram.quantile(p), hours * HOUR, "{times} times, p {p}");
            assert_eq!(histogram.ranks().quantile_at_least(0, p), Some(hours * HOUR), "{times} times, p {p}");
        }
        assert_eq!(histogram.count_at_most(75 * HOUR), 95 * times);
        assert_eq!(histogram.count_at_most(75 * HOUR - 1), 2 * times);
    }
}

/// Two values within one bucket, beyond what is listed: the larger one stands for both, and the smaller one is not excluded.
#[test]
fn values_of_one_bucket_are_bounded_from_both_sides() {
    let (small, large) = (270_000_000, 270_000_007);
    let mut histogram = Histogram::new();
    histogram.record(1);
    histogram.record_n(small, 90);
    histogram.record_n(large, FEW as u64);
    let ranks = histogram.ranks();
    // The largest value of all bounds the bucket as well.
    assert_eq!(ranks.quantile(0, 0.01), Some(large));
    assert!(ranks.quantile_at_least(0, 0.01) <= Some(small));
    assert_eq!(histogram.count_at_most(small), 1);
    // Listed values are distinguished.
    let mut few = Histogram::new();
    few.record_n(small, 1);
    few.record_n(large, FEW as u64 - 1);
    assert_eq!((few.quantile(1.0 / FEW as f64), few.quantile(1.0)), (small, large));
    few.record(1);
    assert_eq!(few.quantile(2.0 / FEW as f64), large);
}

#[test]
fn ranks_follow_the_definition_and_forgive_binary_shares() {
    let cases = [
        (0.0, 5, Some(1)),
        (1.0, 5, Some(5)),
        (0.5, 4, Some(2)),
        (0.5, 5, Some(3)),
        (0.07, 100, Some(7)),
        (0.29, 100, Some(29)),
        (0.57, 100, Some(57)),
        (0.95, 20, Some(19)),
        (0.951, 20, Some(20)),
        (1e-300, 1_000_000, Some(1)),
        (-1.0, 3, Some(1)),
        (2.0, 3, Some(3)),
        (0.5, 0, None),
    ];
    for (p, n, rank) in cases {
        assert_eq!(quantile_rank(p, n), rank, "rank of {p} among {n}");
    }
    for n in 1..=300_u64 {
        for k in 1..=n {
            assert_eq!(quantile_rank(k as f64 / n as f64, n), Some(k), "share {k} / {n}");
        }
    }
}

#[test]
fn infinite_values_outrank_all_numbers() {
    let histogram = filled(&[10, 20, 30]);
    let quantiles = [0.2, 0.6, 0.61, 1.0].map(|p| histogram.rank_quantile(2, p));
    assert_eq!(quantiles, [Some(10), Some(30), None, None]);
    assert_eq!(Histogram::new().rank_quantile(0, 0.5), None);
    assert_eq!(Histogram::new().rank_quantile(3, 0.5), None);
}

#[test]
fn few_values_are_exact() {
    let histogram = filled(&[1_000_001, 1_000_001, 1_000_003]);
    assert_eq!((histogram.quantile(0.1), histogram.quantile(0.67)), (1_000_001, 1_000_003));
    assert_eq!((histogram.count_at_most(1_000_000), histogram.count_at_most(1_000_002)), (0, 2));
    assert_eq!((histogram.min(), histogram.max(), histogram.count()), (Some(1_000_001), Some(1_000_003), 3));
}

#[test]
fn misuse_is_reported() {
    assert!(std::panic::catch_unwind(|| Histogram::new().record(-1)).is_err());
    assert!(std::panic::catch_unwind(|| Histogram::new().record_n(1, 1 << 31)).is_err());
    assert!(std::panic::catch_unwind(|| Histogram::new().quantile(0.5)).is_err());
    let mut pooled = PooledHistogram::new();
    pooled.record_n(1, 1 << 32);
    assert_eq!(pooled.count(), 1 << 32);
}

proptest! {
    #[test]
    fn a_bucket_is_no_wider_than_the_error_allows(value in 0..=i64::MAX) {
        let bucket = filled(&[value]).iter().next().unwrap();
        prop_assert!(bucket.low <= bucket.bottom() && bucket.bottom() <= value && value <= bucket.top && bucket.top <= bucket.high);
        prop_assert!((bucket.high - bucket.low) as u64 <= bucket.low as u64 / 512);
        prop_assert!(value >= 1 << 42 || bucket.top == value && bucket.is_fixed);
        prop_assert!(value >= 1024 || bucket.low == bucket.high);
    }

    #[test]
    fn quantiles_are_those_of_the_sorted_values(mut values in values(), share in 0..=1000_u32, infinite in 0..5_u64) {
        let histogram = filled(&values);
        values.sort_unstable();
        let p = f64::from(share) / 1000.0;
        // By the definition, in whole numbers: the smallest value with 1000 x (values up to it) >= share x n.
        let n = values.len() as u64 + infinite;
        let exact = (0_u64..).zip(&values).find(|(below, _)| 1000 * (below + 1) >= u64::from(share) * n).map(|(_, &v)| v);
        let ranks = histogram.ranks();
        let (found, at_least) = (ranks.quantile(infinite, p), ranks.quantile_at_least(infinite, p));
        prop_assert_eq!(found, histogram.rank_quantile(infinite, p));
        prop_assert_eq!((found.is_some(), at_least.is_some()), (exact.is_some(), exact.is_some()));
        if let (Some(found), Some(exact), Some(at_least)) = (found, exact, at_least) {
            prop_assert!(exact <= found && found - exact <= exact / 512, "{} for {}", found, exact);
            prop_assert!(at_least <= exact && exact - at_least <= exact / 512, "{} for {}", at_least, exact);
            prop_assert!(values.len() > FEW || found == exact && at_least == exact, "{} for {}", found, exact);
            // At least a share p lies within the reported quantile, and the count there is never too high.
            let within = values.iter().filter(|&&value| value <= found).count() as u64;
            prop_assert!(1000 * within >= u64::from(share) * n, "{} within {}", within, found);
            prop_assert_eq!(histogram.count_at_most(found), within);
            prop_assert!(histogram.count_at_most(exact) <= within);
        }
    }

    #[test]
    fn order_and_merging_change_nothing(values in values(), cut in 0..3 * FEW) {
        let all = filled(&values);
        let backwards: Vec<i64> = values.iter().rev().copied().collect();
        prop_assert_eq!(&filled(&backwards), &all);
        let (first, second) = values.split_at(cut.min(values.len()));
        let mut merged = filled(second);
        merged.merge(&filled(first));
        prop_assert_eq!(&merged, &all);
        let mut pooled = PooledHistogram::new();
        pooled.merge(&filled(first));
        pooled.merge(&filled(second));
        prop_assert!(pooled.iter().eq(all.iter()));
        prop_assert_eq!((pooled.count(), pooled.min(), pooled.max()), (all.count(), all.min(), all.max()));
    }

    #[test]
    fn counts_up_to_a_value_rise_to_all(values in values(), at in 0..5_000_i64) {
        let histogram = filled(&values);
        let exact = values.iter().filter(|&&value| value <= at.min(1023)).count() as u64;
        prop_assert_eq!(histogram.count_at_most(at.min(1023)), exact);
        prop_assert!(histogram.count_at_most(at) <= histogram.count_at_most(at + 1));
        prop_assert_eq!(histogram.count_at_most(i64::MAX), values.len() as u64);
        prop_assert!(histogram.iter().is_sorted_by(|a, b| a.high < b.low));
    }
}
