//! Arrivals whose rate varies with time, at an unlimited number of servers: M_t/G/infinity.
//!
//! The number present at an instant is Poisson with mean `m(t)`, the integral of `lambda(t - s) P(S > s)` (S. G. Eick, W. A. Massey and W.
//! Whitt, "The physics of the M_t/G/infinity queue", Operations Research 41, 1993).

use super::numeric::integral;

/// Returns the mean number present at an hour of the day, with 24 hourly rates that repeat daily and a law of service by its tail, which is
/// zero after `longest` hours. Each hour of the past is integrated separately, so that steps of the rate are at the ends of pieces.
pub fn present(rates: &[f64; 24], hour: u32, longest: u32, tail: impl Fn(f64) -> f64) -> f64 {
    (0..longest)
        .map(|ago| {
            let rate = rates[(hour + 24 * longest - 1 - ago) as usize % 24];
            rate * integral(f64::from(ago), f64::from(ago) + 1.0, 2, &tail)
        })
        .sum()
}
