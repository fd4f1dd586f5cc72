//! The incomplete beta function and its inverse.
//!
//! Source of the fraction: NIST Digital Library of Mathematical Functions 8.17.22, on the side where it converges fast.

use super::fraction::{Fraction, away_from_zero, continued_fraction};
use super::normal::normal_tail_quantile;

/// Bound on Halley steps and bisections of the inverse. Two or three are usual.
const MOST_STEPS: u32 = 200;
/// Bound on pairs of terms for intervals. About ten times the square root of the smaller shape is needed.
const MOST_PAIRS: u32 = 200_000;

/// The term of the fraction at the even place 2 `m`.
fn even_term(m: f64, x: f64, a: f64, b: f64) -> f64 {
    m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m))
}

/// The term of the fraction at the odd place 2 `m` + 1.
fn odd_term(m: f64, x: f64, a: f64, b: f64) -> f64 {
    -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0))
}

/// Whether the fraction converges fast at `x`; else it does at 1 - `x`, with the shapes exchanged.
fn is_left(x: f64, a: f64, b: f64) -> bool {
    x <= (a + 1.0) / (a + b + 2.0)
}

/// Returns the logarithm of the beta function.
fn log_beta(a: f64, b: f64) -> f64 {
    libm::lgamma(a) + libm::lgamma(b) - libm::lgamma(a + b)
}

/// Returns the regularised incomplete beta function I_x(a, b): the share of a Beta law on [0, 1] at or below `x`.
///
/// In the rounding that laws depend on: see the [module](super). Error about 1e-14 for moderate shapes.
pub fn beta_share(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    if !is_left(x, a, b) {
        return 1.0 - beta_share_left(b, a, 1.0 - x);
    }
    beta_share_left(a, b, x)
}

fn beta_share_left(a: f64, b: f64, x: f64) -> f64 {
    let front = libm::exp(a * libm::log(x) + b * libm::log1p(-x) - log_beta(a, b)) / a;
    let fraction = continued_fraction(1.0, |n| {
        let m = libm::floor(n / 2.0);
        let numerator = if n % 2.0 == 0.0 { even_term(m, x, a, b) } else { odd_term(m, x, a, b) };
        (numerator, 1.0)
    });
    (front / fraction).clamp(0.0, 1.0)
}

/// Returns the probability that a beta variable with shapes `a` and `b` stays below `x`, for 0 < x < 1 and shapes from 0 on.
/// A variable with a shape of zero is certain.
///
/// In the rounding that intervals depend on: see the [module](super).
pub fn beta_probability(x: f64, a: f64, b: f64) -> f64 {
    if b <= 0.0 {
        return 0.0;
    }
    if a <= 0.0 {
        return 1.0;
    }
    probability(x, a, b, log_beta(a, b))
}

/// As [`beta_probability`] of positive shapes, with the logarithm of their beta function.
fn probability(x: f64, a: f64, b: f64, log_beta: f64) -> f64 {
    let log_front = a * libm::log(x) + b * libm::log1p(-x) - log_beta;
    if is_left(x, a, b) {
        libm::exp(log_front) * reciprocal_fraction(x, a, b) / a
    } else {
        1.0 - libm::exp(log_front) * reciprocal_fraction(1.0 - x, b, a) / b
    }
}

/// Evaluates 1 / (1 + d1 / (1 + d2 / ...)), a pair of terms at a time.
fn reciprocal_fraction(x: f64, a: f64, b: f64) -> f64 {
    let first = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut fraction = Fraction { value: first, c: 1.0, d: first };
    for m in 1..MOST_PAIRS {
        let m = f64::from(m);
        fraction.append(even_term(m, x, a, b), 1.0);
        let change = fraction.append(odd_term(m, x, a, b), 1.0);
        if (change - 1.0).abs() < 1e-16 {
            break;
        }
    }
    fraction.value
}

/// Returns the value that a beta variable with shapes `a` and `b` stays below with probability `p`, for 0 < p < 1 and positive
/// shapes.
pub fn beta_quantile(p: f64, a: f64, b: f64) -> f64 {
    beta_quantile_near(beta_quantile_about(p, a, b), p, a, b)
}

/// Returns a value near the quantile where both shapes are at least one, by 26.5.22 of M. Abramowitz and I. A. Stegun, Handbook
/// of Mathematical Functions, 1964; else the mean.
fn beta_quantile_about(p: f64, a: f64, b: f64) -> f64 {
    if a.min(b) < 1.0 {
        return a / (a + b);
    }
    let above = if p < 0.5 { normal_tail_quantile(p) } else { -normal_tail_quantile(1.0 - p) };
    let (of_a, of_b) = (1.0 / (2.0 * a - 1.0), 1.0 / (2.0 * b - 1.0));
    let mean = 2.0 / (of_a + of_b);
    let third = (above * above - 3.0) / 6.0;
    let log_odds =
        above * (mean + third).sqrt() / mean - (of_b - of_a) * (third + 5.0 / 6.0 - 2.0 / (3.0 * mean));
    let about = a / (a + b * libm::exp(2.0 * log_odds));
    // Far out in the tails of small shapes the root or the odds are not numbers.
    if about > 0.0 && about < 1.0 { about } else { a / (a + b) }
}

/// Finds a quantile by Halley's method on the distribution function from `x` on.
///
/// A bracket that every step narrows keeps the search inside (0, 1). The error after a step is of the order of the step's
/// cube, so a step of a ten-millionth of the way to the nearer end is the last.
pub(super) fn beta_quantile_near(mut x: f64, p: f64, a: f64, b: f64) -> f64 {
    let log_beta = log_beta(a, b);
    let (mut low, mut high) = (0.0_f64, 1.0_f64);
    for _ in 0..MOST_STEPS {
        let excess = probability(x, a, b, log_beta) - p;
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
