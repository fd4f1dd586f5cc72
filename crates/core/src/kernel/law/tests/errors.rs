//! What the constructors refuse, with which messages, and that no numbers make them panic.

use super::*;

fn check(made: Result<Law, LawError>, expected: &str) {
    assert_eq!(made.expect_err(expected).to_string(), expected);
}

#[test]
fn refusals_say_what_is_wrong_with_which_parameter() {
    let one = || Law::exponential(1.0).unwrap();
    check(Law::constant(f64::NAN), "value is not a finite number");
    check(Law::uniform(1.0, f64::INFINITY), "max is not a finite number");
    check(Law::constant(2e15), "value is too large to be meant");
    check(Law::uniform(2.0, 1.0), "min must not exceed max");
    check(Law::triangular(1.0, 0.5, 2.0), "min must not exceed mode");
    check(Law::pert(1.0, 2.5, 2.0), "mode must not exceed max");
    check(Law::exponential(0.0), "mean must be above zero");
    check(Law::exponential(-1.0), "mean must be above zero");
    check(Law::erlang(1.0, 0), "stages is 0, but must lie between 1 and 1000000");
    check(Law::gamma_mean_cv(1.0, -0.1), "cv is -0.1, but must lie between 0.001 and 10");
    check(Law::log_normal_mean_cv(1.0, -0.1), "cv is -0.1, but must lie between 0 and 1000");
    check(
        Law::log_normal_quantiles((0.5, 10.0), (0.95, 9.0)),
        "the quantiles must rise: every share above the one before, no value below the one before",
    );
    check(
        Law::log_normal_quantiles((0.5, 10.0), (1.0, 20.0)),
        "share is 1, but must lie between 0.000000001 and 0.999999999",
    );
    check(Law::weibull_shape_scale(0.0, 1.0), "shape is 0, but must lie between 0.05 and 1000000");
    check(Law::log_logistic_shape_median(2.0, 0.0), "median must be above zero");
    check(
        Law::beta_mean_sd(0.0, 1.0, 0.5, 0.6),
        "no beta law has these parameters: the sd is too large for the range and the mean",
    );
    check(Law::truncated_normal(1.0, -1.0, 0.0, 2.0), "sd must not be negative");
    check(
        Law::truncated_normal(0.0, 1.0, 5.0, 6.0),
        "the range keeps 2.86e-7 of the law, but at least 0.001 is needed",
    );
    check(Law::empirical([]), "values must not be empty");
    check(Law::discrete([]), "values must not be empty");
    check(Law::discrete([(1.0, 0.0)]), "at least one weight must be above zero");
    check(Law::discrete([(1.0, -1.0)]), "weights must not be negative");
    check(
        Law::quantiles([(0.1, 1.0), (1.0, 2.0)]),
        "the quantiles must begin at share 0 (the least value) and end at share 1 (the greatest)",
    );
    check(
        Law::quantiles([(0.0, 1.0), (0.0, 2.0), (1.0, 3.0)]),
        "the quantiles must rise: every share above the one before, no value below the one before",
    );
    check(Law::mixture([]), "laws must not be empty");
    check(Law::mixture([(one(), 0.0)]), "at least one weight must be above zero");
    check(Law::shifted(one(), f64::NAN), "by is not a finite number");
    check(Law::scaled(one(), -2.0), "factor must not be negative");
    check(Law::truncated(one(), 3.0, 2.0), "min must not exceed max");
    check(
        Law::truncated(one(), -2.0, -1.0),
        "the range keeps 0.00e0 of the law, but at least 0.001 is needed",
    );
    check(
        Law::truncated(one(), 8.0, f64::INFINITY),
        "the range keeps 3.35e-4 of the law, but at least 0.001 is needed",
    );
    check(Law::truncated(one(), f64::NAN, 1.0), "min is not a finite number");
}

/// Returns any number, often a small one, so that checks are also passed.
fn number() -> impl Strategy<Value = f64> {
    prop_oneof![any::<f64>(), -2.0..10.0_f64, 0.0..1.0_f64, Just(0.0), Just(1.0)]
}

proptest! {
    #[test]
    fn no_numbers_make_a_constructor_panic_or_a_law_lie(
        a in number(), b in number(), c in number(), d in number(), stages: u32, entity: u64,
    ) {
        let inner = || Law::exponential(2.0).unwrap();
        let made = [
            Law::constant(a),
            Law::uniform(a, b),
            Law::triangular(a, b, c),
            Law::pert_weighted(a, b, c, d),
            Law::exponential(a),
            Law::erlang(a, stages),
            Law::gamma_shape_scale(a, b),
            Law::gamma_mean_cv(a, b),
            Law::log_normal_mean_cv(a, b),
            Law::log_normal_median_sigma(a, b),
            Law::log_normal_quantiles((a, b), (c, d)),
            Law::weibull_shape_scale(a, b),
            Law::weibull_mean_cv(a, b),
            Law::weibull_quantiles((a, b), (c, d)),
            Law::log_logistic_shape_median(a, b),
            Law::log_logistic_mean_cv(a, b),
            Law::log_logistic_quantiles((a, b), (c, d)),
            Law::beta(a, b, c, d),
            Law::beta_mean_sd(a, b, c, d),
            Law::truncated_normal(a, b, c, d),
            Law::empirical([a, b, c]),
            Law::discrete([(a, b), (c, d)]),
            Law::quantiles([(0.0, a), (b, c), (1.0, d)]),
            Law::mixture([(inner(), a), (Law::constant(1.0).unwrap(), b)]),
            Law::shifted(inner(), a),
            Law::scaled(inner(), a),
            Law::truncated(inner(), a, b),
        ];
        for law in made.into_iter().flatten() {
            let (least, greatest) = law.support();
            let value = law.sample(&mut Stream::new(key(), entity, 0));
            prop_assert!(least <= value && value <= greatest, "{law:?}: {value}");
            prop_assert!(law.mean() >= least - 1e-9 * least.abs(), "{law:?}: mean {}", law.mean());
            prop_assert!(law.variance() >= 0.0, "{law:?}: variance {}", law.variance());
            let share = law.cdf(value);
            prop_assert!((0.0..=1.0).contains(&share), "{law:?}: share {share} at {value}");
        }
    }
}
