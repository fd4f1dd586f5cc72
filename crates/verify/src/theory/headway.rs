//! The wait for the next departure where everything fits.
//!
//! A random arrival falls into a headway `H` with a probability proportional to its length: mean wait `E H^2 / (2 E H)`, and `P(W > t) = E
//! max(H - t, 0) / E H` (D. R. Cox, Renewal Theory, 1962).

use super::moments::Moments;
use super::numeric::quantile;

/// Returns the mean wait for headways of any law.
pub fn wait(headway: Moments) -> f64 {
    headway.second / (2.0 * headway.mean)
}

/// Returns the standard deviation of the wait: `E W^2 = E H^3 / (3 E H)`.
pub fn wait_sd(headway: Moments) -> f64 {
    let mean = wait(headway);
    (headway.third / (3.0 * headway.mean) - mean * mean).sqrt()
}

/// Returns the moments of headways that follow each other in turn.
pub fn in_turn(headways: &[f64]) -> Moments {
    let share = 1.0 / headways.len() as f64;
    let parts: Vec<_> = headways.iter().map(|&headway| (share, Moments::constant(headway))).collect();
    Moments::mixture(&parts)
}

/// Returns the quantile of the wait for headways that follow each other in turn.
pub fn wait_quantile_in_turn(headways: &[f64], share: f64) -> f64 {
    let total: f64 = headways.iter().sum();
    quantile(share, |time| {
        1.0 - headways.iter().map(|headway| (headway - time).max(0.0)).sum::<f64>() / total
    })
}

/// Returns the quantile of the wait for headways that are uniform between 0 and `longest`: `P(W <= t) = 2 t / h - (t / h)^2`.
pub fn wait_quantile_uniform(longest: f64, share: f64) -> f64 {
    longest * (1.0 - (1.0 - share).sqrt())
}

/// Returns the mean wait if each regular departure runs independently with probability `runs`: the headway is a geometric number of
/// periods, `E H^2 / (2 E H) = (2 - r) / (2 r)` periods.
pub fn wait_with_cancellations(period: f64, runs: f64) -> f64 {
    period * (2.0 - runs) / (2.0 * runs)
}
