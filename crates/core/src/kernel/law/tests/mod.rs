//! Tests of the laws: what they draw (golden values), that their samples follow them, and that invalid parameters are refused.
//!
//! `references` holds values computed with forty digits elsewhere; `errors` the constructors' refusals.

mod errors;
mod golden;
mod references;

use proptest::prelude::*;

use super::*;
use crate::kernel::random::{Key, name_hash};

/// Variates of each law in the statistical tests.
const N: u64 = 100_000;

fn key() -> Key {
    Key::new(20_261_123, 0, name_hash("law"), name_hash("test"))
}

/// Returns one or two laws of every kind, including the edge cases that its code distinguishes.
fn laws() -> Vec<(&'static str, Law)> {
    let exponential = Law::exponential(3.0).unwrap();
    let log_normal = Law::log_normal_mean_cv(10.0, 0.5).unwrap();
    let gamma = Law::gamma_mean_cv(5.0, 0.6).unwrap();
    let discrete = Law::discrete([(4.0, 3.0), (1.0, 2.0), (2.0, 0.0), (9.0, 5.0)]).unwrap();
    let mixture = [(Law::constant(2.0).unwrap(), 1.0), (exponential.clone(), 2.0), (gamma.clone(), 2.0)];
    let checked = [
        ("constant", Law::constant(7.25)),
        ("uniform", Law::uniform(-2.0, 5.0)),
        ("triangular", Law::triangular(1.0, 2.0, 5.0)),
        ("triangular, mode at min", Law::triangular(1.0, 1.0, 5.0)),
        ("triangular, mode at max", Law::triangular(1.0, 5.0, 5.0)),
        ("pert", Law::pert(2.0, 3.0, 9.0)),
        ("pert, weight 10", Law::pert_weighted(2.0, 3.0, 9.0, 10.0)),
        ("exponential", Ok(exponential.clone())),
        ("erlang of 3", Law::erlang(6.0, 3)),
        ("erlang of 16", Law::erlang(6.0, 16)),
        ("erlang of 40", Law::erlang(6.0, 40)),
        ("gamma", Ok(gamma.clone())),
        ("gamma, shape 0.3", Law::gamma_shape_scale(0.3, 2.0)),
        ("lognormal", Ok(log_normal.clone())),
        ("lognormal by quantiles", Law::log_normal_quantiles((0.5, 10.0), (0.95, 25.0))),
        ("weibull", Law::weibull_mean_cv(8.0, 0.4)),
        ("weibull, shape 0.8", Law::weibull_shape_scale(0.8, 2.0)),
        ("loglogistic", Law::log_logistic_mean_cv(8.0, 0.3)),
        ("beta", Law::beta(10.0, 20.0, 0.7, 2.5)),
        ("truncated normal", Law::truncated_normal(3.0, 2.0, 0.0, f64::INFINITY)),
        ("truncated normal, a tail", Law::truncated_normal(0.0, 1.0, 2.0, 3.5)),
        ("empirical", Law::empirical([3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0])),
        ("discrete", Ok(discrete.clone())),
        ("quantiles", Law::quantiles([(0.0, 1.0), (0.5, 4.0), (0.7, 4.0), (0.9, 8.0), (1.0, 20.0)])),
        ("mixture", Law::mixture(mixture.clone())),
        ("shifted exponential", Law::shifted(exponential.clone(), 100.0)),
        ("scaled and shifted gamma", Law::shifted(Law::scaled(gamma.clone(), 2.0).unwrap(), -1.0)),
        ("truncated lognormal", Law::truncated(log_normal, 5.0, 20.0)),
        ("truncated triangular", Law::truncated(Law::triangular(1.0, 2.0, 5.0).unwrap(), 1.5, 4.0)),
        ("truncated gamma", Law::truncated(gamma, 2.0, f64::INFINITY)),
        ("truncated discrete", Law::truncated(discrete, 2.0, 9.0)),
        ("truncated mixture", Law::truncated(Law::mixture(mixture).unwrap(), 2.0, 6.0)),
    ];
    checked.into_iter().map(|(name, law)| (name, law.unwrap())).collect()
}

fn samples(law: &Law) -> Vec<f64> {
    (0..N).map(|entity| law.sample(&mut Stream::new(key(), entity, 0))).collect()
}

#[test]
fn a_law_stays_small() {
    assert!(size_of::<Law>() <= 32);
}

#[test]
fn no_sample_falls_below_the_least_whole() {
    for (name, law) in laws() {
        let least = law.least_whole();
        let fallen = samples(&law).into_iter().find(|&sample| to_whole(sample) < least);
        assert_eq!(fallen, None, "{name}: the least is {least}");
        assert!(least as f64 >= law.support().0.floor() - 1.0, "{name}: the least is {least}");
    }
    // 8.2 standard deviations below the median of 83.6 hours.
    let running = Law::log_normal_mean_cv(84.0 * 3.6e6, 0.1).unwrap();
    assert_eq!(running.least_whole() / 3_600_000, 36);
}

/// Sees: a mean off by 6 standard errors, 0.019 standard deviations; a standard deviation off by about 2 %.
///
/// False alarms: two figures of 32 laws, 2e-9 apiece (the normal tail beyond 6): 1.3e-7.
#[test]
fn sample_moments_agree_with_the_formulas() {
    for (name, law) in laws() {
        let values = samples(&law);
        let (mean, variance, n) = (law.mean(), law.variance(), N as f64);
        let sample_mean = values.iter().sum::<f64>() / n;
        if law.is_constant() {
            assert_eq!((sample_mean - mean, variance), (0.0, 0.0), "{name}");
            continue;
        }
        let z = (sample_mean - mean) / (variance / n).sqrt();
        assert!(z.abs() < 6.0, "{name}: mean {sample_mean} for {mean}, z = {z:.2}");
        let squares: Vec<f64> = values.iter().map(|value| (value - mean) * (value - mean)).collect();
        let sample_variance = squares.iter().sum::<f64>() / n;
        let spread = squares.iter().map(|s| (s - sample_variance) * (s - sample_variance)).sum::<f64>() / n;
        let z = (sample_variance - variance) / (spread / n).sqrt();
        assert!(z.abs() < 6.0, "{name}: variance {sample_variance} for {variance}, z = {z:.2}");
    }
}

/// Kolmogorov and Smirnov: the greatest distance between the shares of the sample and of the law. Laws with
/// single values are compared at those values, where the test is only stricter on false alarms.
///
/// Sees: a share off by 1 % anywhere. False alarms: 2 exp(-2 x 3.2^2) = 2.6e-9 for each of 32 laws: 8e-8.
#[test]
fn samples_follow_the_distribution_function() {
    for (name, law) in laws() {
        let mut values = samples(&law);
        values.sort_by(f64::total_cmp);
        let n = N as f64;
        let mut worst = 0.0_f64;
        let mut start = 0;
        while start < values.len() {
            let value = values[start];
            let end = start + values[start..].partition_point(|&v| v <= value);
            worst = worst.max((law.cdf(value) - end as f64 / n).abs());
            worst = worst.max((law.share_below(value) - start as f64 / n).abs());
            start = end;
        }
        assert!(worst * n.sqrt() < 3.2, "{name}: shares differ by {worst:.5}");
    }
}

/// Sees: a quantile function that is not the inverse of the distribution function by more than 1e-9 of share.
#[test]
fn quantiles_are_the_smallest_values_that_reach_their_share() {
    for (name, law) in laws() {
        let (least, greatest) = law.support();
        assert_eq!((law.quantile(0.0), law.quantile(1.0)), (least, greatest), "{name}");
        let mut before = f64::NEG_INFINITY;
        for p in (1..400).map(|i| f64::from(i) / 400.0).chain([0.999, 0.999_99]) {
            let x = law.quantile(p);
            assert!(least <= x && x <= greatest && before <= x || p > 0.9, "{name}: quantile of {p} is {x}");
            before = x;
            assert!(
                law.share_below(x) <= p + 1e-9 && p <= law.cdf(x) + 1e-9,
                "{name}: quantile of {p} is {x}"
            );
        }
    }
}

/// Sees: a sample median, p10 or p95 whose share is off by 6 standard errors (0.9 % of share for the median).
/// False alarms: 2e-7.
#[test]
fn sample_quantiles_agree_with_the_quantile_function() {
    for (name, law) in laws() {
        let values = samples(&law);
        for p in [0.1, 0.5, 0.95] {
            let x = law.quantile(p);
            let below = values.iter().filter(|&&value| value < x).count() as f64 / N as f64;
            let at_most = values.iter().filter(|&&value| value <= x).count() as f64 / N as f64;
            let error = 6.0 * (p * (1.0 - p) / N as f64).sqrt();
            assert!(below <= p + error && p <= at_most + error, "{name}: quantile of {p} is {x}");
        }
    }
}

#[test]
fn laws_of_one_word_are_their_quantile_function_of_it() {
    for (name, law) in laws() {
        for entity in 0..200 {
            let mut stream = Stream::new(key(), entity, 0);
            let value = law.sample(&mut stream);
            let p = Stream::new(key(), entity, 0).uniform();
            if law.takes_one_word() {
                assert_eq!(value.to_bits(), law.quantile(p).to_bits(), "{name}");
                let taken = u64::from(!law.is_constant());
                assert_eq!(stream.word(), key().draw(entity, 0, taken), "{name}: words taken");
            }
        }
    }
}

#[test]
fn rounding_is_to_nearest_with_halves_away_from_zero() {
    let cases = [
        (0.0, 0),
        (0.499_999_999_999_999_94, 0),
        (0.5, 1),
        (-0.5, -1),
        (2.5, 3),
        (-2.499, -2),
        (1e15 + 0.5, 1_000_000_000_000_001),
        (4_503_599_627_370_497.0, 4_503_599_627_370_497),
        (f64::INFINITY, LARGEST_WHOLE),
        (-1e300, -LARGEST_WHOLE),
        (f64::NAN, 0),
    ];
    for (value, whole) in cases {
        assert_eq!(to_whole(value), whole, "rounding {value}");
    }
}

#[test]
fn laws_without_spread_are_constants() {
    let laws = [
        Law::uniform(3.0, 3.0),
        Law::triangular(3.0, 3.0, 3.0),
        Law::pert(3.0, 3.0, 3.0),
        Law::beta(3.0, 3.0, 2.0, 2.0),
        Law::gamma_mean_cv(3.0, 0.0),
        Law::log_normal_mean_cv(3.0, 0.0),
        Law::log_normal_median_sigma(3.0, 0.0),
        Law::log_normal_quantiles((0.5, 3.0), (0.95, 3.0)),
        Law::weibull_mean_cv(3.0, 0.0),
        Law::log_logistic_mean_cv(3.0, 0.0),
        Law::beta_mean_sd(0.0, 5.0, 3.0, 0.0),
        Law::truncated_normal(3.0, 0.0, 0.0, 5.0),
        Law::empirical([3.0, 3.0]),
        Law::discrete([(3.0, 1.0), (4.0, 0.0)]),
        Law::quantiles([(0.0, 3.0), (1.0, 3.0)]),
        Law::mixture([(Law::constant(3.0).unwrap(), 1.0)]),
        Law::shifted(Law::constant(1.0).unwrap(), 2.0),
        Law::scaled(Law::constant(1.5).unwrap(), 2.0),
        Law::truncated(Law::discrete([(1.0, 1.0), (3.0, 1.0), (5.0, 1.0)]).unwrap(), 2.0, 4.0),
        Law::truncated(Law::discrete([(1.0, 1.0), (3.0, 1.0), (5.0, 1.0)]).unwrap(), 3.0, 3.0),
    ];
    for law in laws {
        assert_eq!(law, Law::constant(3.0));
    }
    assert_eq!(Law::scaled(Law::exponential(1.0).unwrap(), 0.0), Law::constant(0.0));
}

proptest! {
    #[test]
    fn quantile_undoes_the_distribution_function(p in 0.001..0.999, pick in 0..laws().len()) {
        let (name, law) = laws().swap_remove(pick);
        let x = law.quantile(p);
        let again = law.quantile(law.cdf(x));
        prop_assert!((again - x).abs() <= 1e-9 * x.abs().max(1.0), "{name}: {x} became {again}");
    }

    #[test]
    fn samples_stay_inside_the_support(entity: u64, occurrence: u64, pick in 0..laws().len()) {
        let (name, law) = laws().swap_remove(pick);
        let (least, greatest) = law.support();
        let value = law.sample(&mut Stream::new(key(), entity, occurrence));
        prop_assert!(least <= value && value <= greatest, "{name}: {value}");
    }

    #[test]
    fn extreme_but_allowed_parameters_give_finite_samples_inside_the_support(
        scale in -3.0..15.0_f64, shape in -1.3..6.0_f64, cv in -3.0..1.0_f64, share in 0.0..1.0_f64, entity: u64,
    ) {
        let (scale, shape, cv) = (libm::exp10(scale), libm::exp10(shape), libm::exp10(cv));
        let made = [
            Law::gamma_mean_cv(scale, cv),
            Law::gamma_shape_scale(shape, 1.0),
            Law::log_normal_mean_cv(scale, cv),
            Law::weibull_mean_cv(scale, cv),
            Law::weibull_shape_scale(shape, scale),
            Law::log_logistic_mean_cv(scale, cv),
            Law::beta(-scale, scale, shape, 0.05 + share),
            Law::triangular(-scale, scale * share, scale),
            Law::pert_weighted(-scale, scale * share, scale, shape.min(1e4)),
            Law::truncated_normal(scale, scale * cv, 0.0, 2.0 * scale).or_else(|_| Law::constant(0.0)),
        ];
        for law in made {
            let law = law.unwrap_or_else(|error| panic!("scale {scale}, shape {shape}, cv {cv}: {error}"));
            let (least, greatest) = law.support();
            let value = law.sample(&mut Stream::new(key(), entity, 0));
            prop_assert!(value.is_finite() && least <= value && value <= greatest, "{law:?}: {value}");
            prop_assert!(law.mean() >= least && law.mean() <= greatest && law.variance() >= 0.0, "{law:?}");
        }
    }
}
