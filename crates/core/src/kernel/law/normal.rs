//! Normal laws that are cut to an interval.
//!
//! Does not own the standard normal law (`kernel::special`).

use crate::kernel::special::{normal_cdf, normal_density, normal_quantile};

/// A normal law truncated to an interval: its inverse between two shares of the whole normal law.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct TruncatedNormal {
    /// Mean of the normal law before cutting.
    pub(super) mean: f64,
    /// Standard deviation before cutting.
    pub(super) sd: f64,
    pub(super) min: f64,
    pub(super) max: f64,
    /// Share of the normal law below `min`.
    pub(super) from: f64,
    /// Share of the normal law below `max`.
    pub(super) to: f64,
}

impl TruncatedNormal {
    pub(super) fn inverse(&self, p: f64) -> f64 {
        let z = normal_quantile(self.from + (self.to - self.from) * p);
        (self.mean + self.sd * z).clamp(self.min, self.max)
    }

    pub(super) fn cdf(&self, x: f64) -> f64 {
        ((normal_cdf((x - self.mean) / self.sd) - self.from) / (self.to - self.from)).clamp(0.0, 1.0)
    }

    /// Returns the mean and variance after cutting (N. L. Johnson, S. Kotz and N. Balakrishnan, Continuous Univariate
    /// Distributions, volume 1, second edition, 1994, section 13.10.1).
    pub(super) fn moments(&self) -> (f64, f64) {
        let (a, b) = ((self.min - self.mean) / self.sd, (self.max - self.mean) / self.sd);
        let kept = self.to - self.from;
        let (at_a, at_b) = (normal_density(a), normal_density(b));
        // At an infinite end the density is zero, and so is its product with the end.
        let times = |z: f64, density: f64| if z.is_finite() { z * density } else { 0.0 };
        let shift = (at_a - at_b) / kept;
        let ratio = 1.0 + (times(a, at_a) - times(b, at_b)) / kept - shift * shift;
        (self.mean + self.sd * shift, self.sd * self.sd * ratio.max(0.0))
    }
}
