//! The mean of independent, equally distributed numbers.
//!
//! Does not own the correction for skewness (`skew.rs`).

use super::skew::{Shape, Spread};
use super::{Confidence, Estimate};

/// Estimates a mean from one number per replication, with the t interval corrected for skewness (see `skew.rs`).
///
/// One replication gives no interval, equal numbers one of zero width, numbers that are not all finite none.
pub fn mean_t(values: &[f64], confidence: Confidence) -> Estimate {
    let n = values.len();
    let Some(&first) = values.first() else { return Estimate::alone(f64::NAN, 0) };
    // Said apart because the sum of equal numbers over their count may differ from them in the last bit.
    let all_equal = values.iter().all(|value| value.total_cmp(&first).is_eq());
    let mean = if all_equal { first } else { values.iter().sum::<f64>() / n as f64 };
    if n == 1 || !mean.is_finite() {
        return Estimate::alone(mean, n);
    }
    let shape = Shape::of(values.iter().map(|value| value - mean));
    let spread = Spread { n, error: (shape.second / (n - 1) as f64).sqrt(), skewness: shape.skewness };
    let (below, above) = spread.reach(confidence.two_sided_tail());
    Estimate::between(mean, mean - below, mean + above, n).with_few(shape.rests_on_few(n))
}
