//! The incomplete gamma function.

use super::fraction::{MOST_TERMS, continued_fraction};

/// Returns the regularised lower incomplete gamma function P(a, x): the share of a Gamma law of shape `a` and scale 1 at
/// or below `x`.
///
/// Series below a + 1, continued fraction above: NIST Digital Library of Mathematical Functions 8.11.4 and
/// 8.9.2. Error about 1e-14 for moderate shapes and 1e-9 at a = 1e6.
pub fn gamma_share(a: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x == f64::INFINITY {
        return 1.0;
    }
    let front = libm::exp(a * libm::log(x) - x - libm::lgamma(a));
    if x < a + 1.0 {
        let (mut term, mut sum) = (1.0 / a, 1.0 / a);
        for n in 1..MOST_TERMS {
            term *= x / (a + f64::from(n));
            sum += term;
            if term < sum * 1e-17 {
                break;
            }
        }
        (front * sum).min(1.0)
    } else {
        let fraction = continued_fraction(x + 1.0 - a, |n| (-n * (n - a), x + 2.0 * n + 1.0 - a));
        (1.0 - front / fraction).max(0.0)
    }
}
