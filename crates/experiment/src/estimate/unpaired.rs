//! Differences between two models whose replications met luck of their own.
//!
//! Owns the differences that a gate needs when replications cannot be paired: another seed, another layout of the draws. Does not own the
//! law of their error (`difference.rs`). They are far wider than paired ones; nothing else should use them.
//!
//! The variances of both estimates add up. The degrees of freedom are those of B. L. Welch, "The generalization of Student's problem when
//! several different population variances are involved", Biometrika 34 (1947). The skewness of the difference, by which the interval is
//! bent (`skew.rs`), is that of two independent means. Such a difference is never the same: equal numbers are chance.

use super::Confidence;
use super::difference::{Difference, Law, Parts, ROUNDING};
use super::paired::{around, bounded, mean, ratio, ratio_values, unanimous};
use super::skew::Shape;

/// The difference of two means, from one number per replication of each model.
pub fn unpaired_mean(base: &[f64], alternative: &[f64], confidence: Confidence) -> Difference {
    of_values((mean(base), mean(alternative)), base, alternative).finish(confidence)
}

/// The difference of two ratios of sums, from one pair (numerator, denominator) per replication of each model.
pub fn unpaired_ratio(base: &[(f64, f64)], alternative: &[(f64, f64)], confidence: Confidence) -> Difference {
    let (base, alternative) = (informative(base), informative(alternative));
    of_values((ratio(&base), ratio(&alternative)), &ratio_values(&base), &ratio_values(&alternative))
        .finish(confidence)
}

/// The difference of two shares, from one pair (kept, of) per replication of each model; see [`super::paired_share`].
pub fn unpaired_share(
    base: &[(f64, f64)],
    alternative: &[(f64, f64)],
    confidence: Confidence,
    largest_cluster: Option<f64>,
) -> Difference {
    let (base, alternative) = (informative(base), informative(alternative));
    let (from, to) = (ratio(&base), ratio(&alternative));
    let parts = of_values((from, to), &ratio_values(&base), &ratio_values(&alternative));
    match unanimous((&base, from), (&alternative, to), largest_cluster) {
        Some(law) => Parts { law, most: 1.0, standard_error: 0.0, ..parts }.finish(confidence),
        None => bounded(parts.finish(confidence)),
    }
}

/// The difference of two quantiles, from the pooled ones and those of the replications of each model; see [`super::paired_quantile`].
pub fn unpaired_quantile(
    (pooled_base, own_base): (f64, &[f64]),
    (pooled_alternative, own_alternative): (f64, &[f64]),
    confidence: Confidence,
) -> Difference {
    let (base, alternative) = (around(pooled_base, own_base), around(pooled_alternative, own_alternative));
    of_values((pooled_base, pooled_alternative), &base, &alternative).finish(confidence)
}

fn of_values((from, to): (f64, f64), base: &[f64], alternative: &[f64]) -> Parts {
    let n = base.len().min(alternative.len());
    let value = to - from;
    let [(of_base, third_base, few_base), (of_alternative, third_alternative, few_alternative)] =
        [(from, base), (to, alternative)].map(|(centre, values)| {
            let n = values.len() as f64;
            let shape = Shape::of(values.iter().map(|one| one - centre));
            // Second and third cumulants of the mean.
            let third = shape.skewness * shape.second * shape.second.sqrt() / (n * n);
            (shape.second / (n - 1.0), third, shape.rests_on_few(values.len()))
        });
    let sum = of_base + of_alternative;
    let error = sum.sqrt();
    let part =
        |variance: f64, values: &[f64]| variance / sum * (variance / sum) / (values.len() as f64 - 1.0);
    let law = if n < 2 || !value.is_finite() || !sum.is_finite() {
        Law::Unknown
    } else if error <= ROUNDING * from.abs().max(to.abs()) {
        Law::Exact
    } else {
        Law::Student { bend: (third_alternative - third_base) / (6.0 * sum * error), floor: f64::INFINITY }
    };
    let (standard_error, freedom) = match law {
        Law::Student { .. } => (error, 1.0 / (part(of_base, base) + part(of_alternative, alternative))),
        Law::Unknown => (f64::NAN, f64::NAN),
        _ => (0.0, n as f64 - 1.0),
    };
    let rests_on_few = matches!(law, Law::Student { .. }) && (few_base || few_alternative);
    Parts { value, n, standard_error, freedom, law, most: f64::INFINITY, rests_on_few }
}

fn informative(pairs: &[(f64, f64)]) -> Vec<(f64, f64)> {
    pairs.iter().copied().filter(|pair| pair.1 > 0.0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use sanda_results::Remark;
    use statrs::distribution::{ContinuousCDF, StudentsT};

    /// By hand: variances 2.5 and 10 of five values each; standard error sqrt(0.5 + 2); freedom 2.5^2 / (0.25 / 4 + 4 / 4) = 5.882.
    #[test]
    fn welch_by_hand() {
        let base = [1.0, 2.0, 3.0, 4.0, 5.0];
        let alternative = [2.0, 4.0, 6.0, 8.0, 10.0];
        let difference = unpaired_mean(&base, &alternative, Confidence::P95);
        assert!((difference.value - 3.0).abs() < 1e-12);
        assert!((difference.standard_error - 2.5_f64.sqrt()).abs() < 1e-12);
        assert!((difference.freedom - 6.25 / 1.0625).abs() < 1e-12);
        let law = StudentsT::new(0.0, 1.0, difference.freedom).unwrap();
        let expected = 2.0 * law.sf(3.0 / 2.5_f64.sqrt());
        assert!((difference.p_of_none() / expected - 1.0).abs() < 1e-9, "{}", difference.p_of_none());
    }

    /// Equal numbers under luck of their own are a coincidence.
    #[test]
    fn equal_numbers_are_not_the_same() {
        let values = [(3.0, 10.0), (5.0, 10.0), (4.0, 10.0)];
        let difference = unpaired_ratio(&values, &values, Confidence::P95);
        assert!(!difference.is_same && difference.standard_error > 0.0);
        let all = unpaired_share(&[(9.0, 9.0); 30], &[(9.0, 9.0); 20], Confidence::P95, None);
        assert_eq!((all.value, all.remark), (0.0, Some(Remark::AllOrNone)));
        assert!(all.high.unwrap() > 0.1);
    }

    #[test]
    fn infinite_quantiles_leave_no_interval() {
        let infinite = [1.0, f64::INFINITY, 2.0];
        let difference = unpaired_quantile((1.0, &[1.0, 1.1, 0.9]), (1.5, &infinite), Confidence::P95);
        assert_eq!((difference.low, difference.remark), (None, Some(Remark::InfiniteInSome)));
    }
}
