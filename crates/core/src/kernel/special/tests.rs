//! Special functions against values of SciPy, against each other and against the statistics library.

use super::*;

fn check_within(tolerance: f64, found: f64, expected: f64) {
    let error = (found - expected).abs() / expected.abs();
    assert!(error < tolerance, "{found} instead of {expected}: relative error {error:e}");
}

/// The expected values are those of SciPy 1.17.
fn check(found: f64, expected: f64) {
    check_within(1e-10, found, expected);
}

/// With large shapes the logarithms of the gamma function cancel; seven digits are plenty for an interval.
fn check_large(found: f64, expected: f64) {
    check_within(1e-7, found, expected);
}

#[test]
fn normal_quantiles() {
    check(normal_tail_quantile(0.1), 1.2815515655446004);
    check(normal_tail_quantile(0.05), 1.6448536269514729);
    check(normal_tail_quantile(0.025), 1.9599639845400545);
    check(normal_tail_quantile(0.005), 2.575829303548901);
    check(normal_tail_quantile(1e-06), 4.753424308822899);
}

#[test]
fn student_quantiles() {
    check(student_t(0.1, 1.0), 3.0776835371752536);
    check(student_t(0.025, 1.0), 12.706204736174705);
    check(student_t(0.0005, 1.0), 636.6192487687196);
    check(student_t(0.1, 1.5), 2.196398417565537);
    check(student_t(0.025, 1.5), 6.016663104427933);
    check(student_t(0.0005, 1.5), 82.84744670365761);
    check(student_t(0.1, 2.7), 1.6881081751466422);
    check(student_t(0.025, 2.7), 3.3921483831737524);
    check(student_t(0.0005, 2.7), 15.635772863173868);
    check(student_t(0.1, 9.0), 1.3830287383966327);
    check(student_t(0.025, 9.0), 2.2621571627982053);
    check(student_t(0.0005, 9.0), 4.780912585931139);
    check(student_t(0.1, 19.0), 1.3277282090267983);
    check(student_t(0.025, 19.0), 2.09302405440831);
    check(student_t(0.0005, 19.0), 3.883405852592083);
    check(student_t(0.1, 38.7), 1.303812806948425);
    check(student_t(0.025, 38.7), 2.0231923643148915);
    check(student_t(0.0005, 38.7), 3.560343570414929);
    check(student_t(0.1, 999.0), 1.2823995700373971);
    check(student_t(0.025, 999.0), 1.9623414611334498);
    check(student_t(0.0005, 999.0), 3.3002924403987355);
    check_large(student_t(0.1, 1000000.0), 1.2815524121299389);
    check_large(student_t(0.025, 1000000.0), 1.9599663568141072);
    check_large(student_t(0.0005, 1000000.0), 3.2905364612486916);
}

#[test]
fn student_tails_are_the_inverse() {
    for freedom in [1.0, 2.7, 9.0, 99.0, 1e5] {
        for tail in [0.499, 0.3, 0.025, 0.0005, 1e-9] {
            let t = student_t(tail, freedom);
            check_large(student_tail(t, freedom), tail);
            check_large(student_tail(-t, freedom), 1.0 - tail);
        }
    }
    check(student_tail(0.0, 5.0), 0.5);
    assert!(student_tail(f64::INFINITY, 5.0) <= 0.0);
}

#[test]
fn beta_quantiles() {
    check(beta_quantile(0.025, 0.25, 0.75), 5.945378384480153e-07);
    check(beta_quantile(0.975, 0.25, 0.75), 0.9641800845788193);
    check(beta_quantile(0.025, 0.27, 1.3), 8.203520389689585e-07);
    check(beta_quantile(0.975, 0.27, 1.3), 0.8279964753241775);
    check(beta_quantile(0.025, 1.2, 0.75), 0.05997027547069226);
    check(beta_quantile(0.975, 1.2, 0.75), 0.9940065457532398);
    check(beta_quantile(0.025, 5.25, 3.75), 0.26932167262024986);
    check(beta_quantile(0.975, 5.25, 3.75), 0.8624794067644875);
    check(beta_quantile(0.025, 50.25, 4.75), 0.8272254445185498);
    check(beta_quantile(0.975, 50.25, 4.75), 0.9718947610873702);
    check(beta_quantile(0.025, 9000.25, 1000.75), 0.8939787457754711);
    check(beta_quantile(0.975, 9000.25, 1000.75), 0.9057397693815442);
    check_large(beta_quantile(0.025, 99000.25, 12.75), 0.999791521959397);
    check_large(beta_quantile(0.975, 99000.25, 12.75), 0.9999319200069181);
    check_large(beta_quantile(0.025, 990000.0, 100000.0), 0.9077142634558103);
    check_large(beta_quantile(0.975, 990000.0, 100000.0), 0.9087980789973211);
    check_large(beta_quantile(0.025, 0.3, 10000000.0), 3.185679143237429e-13);
    check_large(beta_quantile(0.975, 0.3, 10000000.0), 1.900263528797956e-07);
    check_large(beta_quantile(0.025, 1000000000.0, 1.5), 0.9999999953257982);
    check_large(beta_quantile(0.975, 1000000000.0, 1.5), 0.9999999998921023);
    check(beta_quantile(0.025, 1.0, 20.0), 0.0012650894979498038);
    check(beta_quantile(0.975, 1.0, 20.0), 0.1684334709830853);
    check(beta_quantile(0.025, 0.3, 0.3), 3.258523447640203e-05);
    check(beta_quantile(0.975, 0.3, 0.3), 0.9999674147655236);
}

#[test]
fn beta_probabilities_are_the_inverse() {
    for (p, a, b) in [(0.025, 50.25, 4.75), (0.975, 5.25, 3.75), (0.3, 0.3, 0.3), (0.025, 9000.25, 1000.75)] {
        check_within(1e-9, beta_probability(beta_quantile(p, a, b), a, b), p);
    }
    assert_eq!((beta_probability(0.4, 3.0, 0.0), beta_probability(0.4, 0.0, 3.0)), (0.0, 1.0));
}

#[test]
fn the_statistics_library_agrees_where_it_answers() {
    use statrs::distribution::{Beta, ContinuousCDF, StudentsT};
    for freedom in [1.0, 3.3, 9.0, 49.0, 999.0] {
        let law = StudentsT::new(0.0, 1.0, freedom).expect("a freedom above zero");
        check(student_t(0.025, freedom), law.inverse_cdf(0.975));
    }
    for (a, b) in [(0.5, 2.0), (18.25, 2.75), (400.0, 12.0)] {
        let law = Beta::new(a, b).expect("shapes above zero");
        for p in [0.025, 0.5, 0.975] {
            check(beta_quantile(p, a, b), law.inverse_cdf(p));
        }
    }
}

/// Where both roundings of a beta law's share are used, they differ in the last digits alone.
#[test]
fn both_roundings_of_a_beta_share_agree() {
    for (a, b) in [(0.3, 0.7), (2.0, 4.0), (50.0, 20.0), (1000.0, 3000.0)] {
        for x in [0.01, 0.2, 0.25, 0.5, 0.9, 0.99] {
            let (share, probability) = (beta_share(a, b, x), beta_probability(x, a, b));
            assert!(
                (share - probability).abs() <= 1e-12 * share,
                "{a} {b} {x}: {share:e} and {probability:e}"
            );
        }
    }
}
