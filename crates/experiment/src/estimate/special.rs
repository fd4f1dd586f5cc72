//! Quantiles of the normal, Student's t and the beta law, in portable arithmetic.
//!
//! They are written here, on `libm`, so that an interval has the same bits on every platform; the inverse beta function of the statistics library
//! at hand also failed to return for shapes such as (1e9, 1.5), which a share near one reaches. The tests compare both.

/// Halley steps and bisections at most; two or three are usual.
const MOST_STEPS: u32 = 200;
/// Terms of the continued fraction at most; about ten times the square root of the smaller shape are needed.
const MOST_TERMS: u32 = 200_000;

/// The value that a standard normal variable exceeds with probability `tail`, for 0 < tail < 1/2.
///
/// Newton's method on `erfc`, from the approximation 26.2.22 of Abramowitz and Stegun.
pub(super) fn normal(tail: f64) -> f64 {
    let s = (-2.0 * libm::log(tail)).sqrt();
    let mut z = s - (2.30753 + 0.27061 * s) / (1.0 + s * (0.99229 + 0.04481 * s));
    for _ in 0..4 {
        let excess = 0.5 * libm::erfc(z * std::f64::consts::FRAC_1_SQRT_2) - tail;
        let density = libm::exp(-0.5 * z * z) / (2.0 * std::f64::consts::PI).sqrt();
        z += excess / density;
    }
    z
}

/// The probability that a standard normal number exceeds `z`.
pub(crate) fn normal_tail(z: f64) -> f64 {
    libm::erfc(z / std::f64::consts::SQRT_2) / 2.0
}

/// The value that Student's t with `freedom` degrees of freedom exceeds with probability `tail`, for 0 < tail < 1/2.
///
/// t^2 / (freedom + t^2) follows Beta(1/2, freedom / 2).
pub fn student_t(tail: f64, freedom: f64) -> f64 {
    // The complement of the beta variable is what stays accurate in a heavy tail. The first term by which t exceeds the normal variable
    // (26.7.5 of Abramowitz and Stegun) is where the search begins.
    let z = normal(tail);
    let about = z + (z * z * z + z) / (4.0 * freedom);
    let rest = beta_quantile_near(freedom / (freedom + about * about), 2.0 * tail, freedom / 2.0, 0.5);
    (freedom * (1.0 - rest) / rest).sqrt()
}

/// The probability that Student's t with `freedom` degrees of freedom exceeds `t`: the inverse of [`student_t`], for any `t`.
pub fn student_tail(t: f64, freedom: f64) -> f64 {
    if t.abs() < f64::MIN_POSITIVE {
        return 0.5;
    }
    // In the middle the complement is the accurate one: freedom / (freedom + t^2) is 1 but for its last digits.
    let square = t * t;
    let beyond = if square < freedom {
        0.5 * (1.0 - beta_probability(square / (freedom + square), 0.5, freedom / 2.0))
    } else {
        0.5 * beta_probability(freedom / (freedom + square), freedom / 2.0, 0.5)
    };
    if t > 0.0 { beyond } else { 1.0 - beyond }
}

/// The probability that a beta variable with shapes `a` and `b` stays below `x`, for 0 < x < 1 and shapes from 0 on: one of no shape is
/// certain.
pub(super) fn beta_probability(x: f64, a: f64, b: f64) -> f64 {
    if b <= 0.0 {
        return 0.0;
    }
    if a <= 0.0 {
        return 1.0;
    }
    beta_share(x, a, b, log_beta(a, b))
}

/// The logarithm of the beta function.
fn log_beta(a: f64, b: f64) -> f64 {
    libm::lgamma(a) + libm::lgamma(b) - libm::lgamma(a + b)
}

/// The value that a beta variable with shapes `a` and `b` stays below with probability `p`, for 0 < p < 1 and positive shapes.
pub(super) fn beta_quantile(p: f64, a: f64, b: f64) -> f64 {
    beta_quantile_near(beta_quantile_about(p, a, b), p, a, b)
}

/// A value near the quantile where both shapes are at least one, by 26.5.22 of Abramowitz and Stegun; else the mean.
fn beta_quantile_about(p: f64, a: f64, b: f64) -> f64 {
    if a.min(b) < 1.0 {
        return a / (a + b);
    }
    let above = if p < 0.5 { normal(p) } else { -normal(1.0 - p) };
    let (of_a, of_b) = (1.0 / (2.0 * a - 1.0), 1.0 / (2.0 * b - 1.0));
    let mean = 2.0 / (of_a + of_b);
    let third = (above * above - 3.0) / 6.0;
    let log_odds =
        above * (mean + third).sqrt() / mean - (of_b - of_a) * (third + 5.0 / 6.0 - 2.0 / (3.0 * mean));
    let about = a / (a + b * libm::exp(2.0 * log_odds));
    // Far out in the tails of small shapes the root or the odds are none.
    if about > 0.0 && about < 1.0 { about } else { a / (a + b) }
}

/// Halley's method on the distribution function from `x` on, kept inside a bracket that every step narrows. Its error after a
/// step is of the order of the step's cube, so that a step of a ten-millionth of the way to the nearer end is the last.
fn beta_quantile_near(mut x: f64, p: f64, a: f64, b: f64) -> f64 {
    let log_beta = log_beta(a, b);
    let (mut low, mut high) = (0.0_f64, 1.0_f64);
    for _ in 0..MOST_STEPS {
        let excess = beta_share(x, a, b, log_beta) - p;
        if excess > 0.0 {
            high = x;
        } else {
            low = x;
        }
        let density = libm::exp((a - 1.0) * libm::log(x) + (b - 1.0) * libm::log1p(-x) - log_beta);
        let newton = excess / density;
        let bend = 0.5 * newton * ((a - 1.0) / x - (b - 1.0) / (1.0 - x));
        let step = newton / (1.0 - bend.min(0.5));
        if step.abs() <= 1e-7 * x.min(1.0 - x) {
            return x - step;
        }
        // An infinite or undefined step fails this comparison and is replaced by a bisection.
        let halley = x - step;
        let next = if halley > low && halley < high { halley } else { low + (high - low) / 2.0 };
        if next <= low || next >= high {
            return next;
        }
        x = next;
    }
    x
}

/// The probability that a beta variable stays below `x`, for 0 < x < 1.
///
/// Continued fraction 8.17.22 of the NIST Digital Library of Mathematical Functions, on the side where it converges fast.
fn beta_share(x: f64, a: f64, b: f64, log_beta: f64) -> f64 {
    let log_front = a * libm::log(x) + b * libm::log1p(-x) - log_beta;
    if x <= (a + 1.0) / (a + b + 2.0) {
        libm::exp(log_front) * fraction(x, a, b) / a
    } else {
        1.0 - libm::exp(log_front) * fraction(1.0 - x, b, a) / b
    }
}

/// The continued fraction 1 / (1 + d1 / (1 + d2 / ...)) by the modified method of Lentz.
fn fraction(x: f64, a: f64, b: f64) -> f64 {
    let away_from_zero = |value: f64| if value.abs() < 1e-300 { 1e-300 } else { value };
    let mut numerator = 1.0;
    let mut denominator = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut value = denominator;
    for m in 1..MOST_TERMS {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let mut change = 1.0;
        for coefficient in [even, odd] {
            denominator = 1.0 / away_from_zero(1.0 + coefficient * denominator);
            numerator = away_from_zero(1.0 + coefficient / numerator);
            change = numerator * denominator;
            value *= change;
        }
        if (change - 1.0).abs() < 1e-16 {
            break;
        }
    }
    value
}

#[cfg(test)]
mod tests {
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
        check(normal(0.1), 1.2815515655446004);
        check(normal(0.05), 1.6448536269514729);
        check(normal(0.025), 1.9599639845400545);
        check(normal(0.005), 2.575829303548901);
        check(normal(1e-06), 4.753424308822899);
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
        for (p, a, b) in
            [(0.025, 50.25, 4.75), (0.975, 5.25, 3.75), (0.3, 0.3, 0.3), (0.025, 9000.25, 1000.75)]
        {
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
}
