//! Student's t: its quantiles and its tail, by the incomplete beta function.

use super::beta::{beta_probability, beta_quantile_near};
use super::normal::normal_tail_quantile;

/// Returns the value that Student's t with `freedom` degrees of freedom exceeds with probability `tail`, for 0 < tail < 1/2.
///
/// t^2 / (freedom + t^2) follows Beta(1/2, freedom / 2).
pub fn student_t(tail: f64, freedom: f64) -> f64 {
    // The complement of the beta variable is what stays accurate in a heavy tail. The search begins where the first term by
    // which t exceeds the normal variable puts it (26.7.5 of Abramowitz and Stegun).
    let z = normal_tail_quantile(tail);
    let about = z + (z * z * z + z) / (4.0 * freedom);
    let rest = beta_quantile_near(freedom / (freedom + about * about), 2.0 * tail, freedom / 2.0, 0.5);
    (freedom * (1.0 - rest) / rest).sqrt()
}

/// Returns the probability that Student's t with `freedom` degrees of freedom exceeds `t`: the inverse of [`student_t`], for
/// any `t`.
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
