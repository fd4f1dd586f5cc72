//! Sampling of the Gamma family by several words per variate: Erlang, Gamma, and Beta made of two Gammas.
//!
//! The attempts of the stream count the words, so a variate takes as many as it needs and affects no other.

use super::{Stream, exp};
use crate::kernel::special::normal_quantile;

/// Returns the sum of `stages` exponential times: minus the logarithm of a product of as many uniform numbers.
///
/// The product cannot underflow: stages are at most 16 (see `build`), each factor at least 2^-53.
pub(super) fn sample_erlang(stage_mean: f64, stages: u32, s: &mut Stream) -> f64 {
    let mut product = s.uniform();
    for _ in 1..stages {
        product *= s.uniform();
    }
    -stage_mean * libm::log(product)
}

/// A Gamma law, with the constants of its sampler.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Gamma {
    pub(super) shape: f64,
    pub(super) scale: f64,
    /// 1 / sqrt(9 d) with d as in [`Self::offset`].
    spread: f64,
}

impl Gamma {
    pub(super) fn new(shape: f64, scale: f64) -> Self {
        let mut gamma = Self { shape, scale, spread: 0.0 };
        gamma.spread = 1.0 / (9.0 * gamma.offset()).sqrt();
        gamma
    }

    /// Returns the shape less one third; a shape below 1 is first raised by 1.
    fn offset(&self) -> f64 {
        self.shape + if self.shape < 1.0 { 1.0 } else { 0.0 } - 1.0 / 3.0
    }

    /// Draws one variate.
    ///
    /// Source: G. Marsaglia and W. W. Tsang, "A simple method for generating gamma variables", ACM TOMS 26, 2000, 363-372
    /// (doi:10.1145/358407.358414). Its note for shapes below 1 takes one more word. At least 95 % of the attempts succeed.
    pub(super) fn sample(&self, s: &mut Stream) -> f64 {
        let offset = self.offset();
        let value = loop {
            let x = normal_quantile(s.uniform());
            let root = 1.0 + self.spread * x;
            if root <= 0.0 {
                continue;
            }
            let cube = root * root * root;
            let u = s.uniform();
            let squared = x * x;
            if u < 1.0 - 0.0331 * squared * squared
                || libm::log(u) < 0.5 * squared + offset * (1.0 - cube + libm::log(cube))
            {
                break offset * cube;
            }
        };
        let raised = if self.shape < 1.0 { exp(libm::log(s.uniform()) / self.shape) } else { 1.0 };
        value * raised * self.scale
    }
}

/// A Beta law stretched over an interval.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct BetaOnInterval {
    pub(super) min: f64,
    pub(super) max: f64,
    pub(super) alpha: f64,
    pub(super) beta: f64,
    towards_max: Gamma,
    towards_min: Gamma,
}

impl BetaOnInterval {
    pub(super) fn new(min: f64, max: f64, alpha: f64, beta: f64) -> Self {
        Self {
            min,
            max,
            alpha,
            beta,
            towards_max: Gamma::new(alpha, 1.0),
            towards_min: Gamma::new(beta, 1.0),
        }
    }

    /// Draws one variate: the share of the first of two Gamma variates in their sum is a Beta variate.
    pub(super) fn sample(&self, s: &mut Stream) -> f64 {
        let towards_max = self.towards_max.sample(s);
        let sum = towards_max + self.towards_min.sample(s);
        // With tiny shapes both may underflow to zero; the mean is as good as any value then.
        let share = if sum > 0.0 { towards_max / sum } else { self.mean_share() };
        self.at(share)
    }

    pub(super) fn mean_share(&self) -> f64 {
        self.alpha / (self.alpha + self.beta)
    }

    /// Returns the place in the interval at a share of its length.
    pub(super) fn at(&self, share: f64) -> f64 {
        (self.min + (self.max - self.min) * share).min(self.max)
    }

    pub(super) fn share_of(&self, x: f64) -> f64 {
        ((x - self.min) / (self.max - self.min)).clamp(0.0, 1.0)
    }
}
