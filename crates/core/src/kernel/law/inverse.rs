//! Distribution functions of laws and their inverses, exact where there is a formula and by bisection
//! elsewhere.
//!
//! Used when a model is built (planned times are medians) and, for laws that take one word, to sample.

use super::numeric::first_with_share;
use super::{Form, Law, exp, exponential, table, triangular, uniform};
use crate::kernel::special::{beta_share, gamma_share, normal_cdf, normal_quantile};

/// The least that [`Stream::uniform`](crate::kernel::random::Stream::uniform) returns.
const LEAST_UNIFORM: f64 = 1.0 / (1_u64 << 53) as f64;

impl Law {
    /// Returns the smallest value that at least a share `p` of the law does not exceed; the ends of the
    /// support at 0 and 1.
    ///
    /// Exact to a few units in the last place for laws that take one word; by bisection of [`Self::cdf`], to
    /// its accuracy, for Erlang, Gamma, Beta and mixtures (about 64 evaluations). `p` outside [0, 1] counts
    /// as the nearer end; NaN gives NaN.
    pub fn quantile(&self, p: f64) -> f64 {
        if p.is_nan() {
            p
        } else if p <= 0.0 {
            self.support().0
        } else if p >= 1.0 {
            self.support().1
        } else {
            self.inverse(p)
        }
    }

    /// Returns the quantile function inside (0, 1).
    pub(super) fn inverse(&self, p: f64) -> f64 {
        match &self.form {
            Form::Constant(value) => *value,
            Form::Uniform { min, max } => uniform(*min, *max, p),
            Form::Triangular { min, mode, max } => triangular(*min, *mode, *max, p),
            Form::Exponential { mean } => exponential(*mean, p),
            Form::LogNormal { mu, sigma } => exp(mu + sigma * normal_quantile(p)),
            Form::Weibull { scale, shape } => scale * exp(libm::log(-libm::log(1.0 - p)) / shape),
            Form::LogLogistic { median, shape } => median * exp(libm::log(p / (1.0 - p)) / shape),
            Form::TruncatedNormal(normal) => normal.inverse(p),
            Form::Empirical(values) => table::ranked(values, p),
            Form::Discrete(discrete) => discrete.inverse(p),
            Form::Quantiles(pieces) => pieces.inverse(p),
            Form::Affine(affine) => affine.of(affine.law.inverse(p)),
            Form::Truncated(truncated) => truncated.inverse(p),
            Form::Beta(beta) => {
                beta.at(first_with_share(|share| beta_share(beta.alpha, beta.beta, share), 0.0, 1.0, p))
            }
            Form::Erlang { .. } | Form::Gamma(_) | Form::Mixture(_) => {
                let (least, greatest) = self.support();
                first_with_share(|x| self.cdf(x), least, greatest, p)
            }
        }
    }

    /// Returns the share of the law at or below `x`; error about 1e-14, for shapes of a million 1e-9.
    pub fn cdf(&self, x: f64) -> f64 {
        match &self.form {
            Form::Constant(value) => step(*value <= x),
            Form::Empirical(values) => values.partition_point(|&v| v <= x) as f64 / values.len() as f64,
            Form::Discrete(discrete) => discrete.cdf(x),
            Form::Quantiles(pieces) => pieces.cdf(x),
            Form::Mixture(mixture) => mixture.weighed(|law| law.cdf(x)).min(1.0),
            Form::Affine(affine) => affine.law.cdf(affine.undone(x)),
            _ if x.is_nan() => x,
            Form::Truncated(truncated) if x >= truncated.max => 1.0,
            Form::Truncated(truncated) => truncated.rescaled(truncated.law.cdf(x)),
            _ => self.continuous_cdf(x),
        }
    }

    /// Returns the share of the law strictly below `x`: less than [`Self::cdf`] where single values have a share of
    /// their own.
    pub(super) fn share_below(&self, x: f64) -> f64 {
        match &self.form {
            Form::Constant(value) => step(*value < x),
            Form::Empirical(values) => values.partition_point(|&v| v < x) as f64 / values.len() as f64,
            Form::Discrete(discrete) => discrete.share_below(x),
            Form::Quantiles(pieces) => pieces.share_below(x),
            Form::Mixture(mixture) => mixture.weighed(|law| law.share_below(x)).min(1.0),
            Form::Affine(affine) => affine.law.share_below(affine.undone(x)),
            Form::Truncated(truncated) if x > truncated.max => 1.0,
            Form::Truncated(truncated) => truncated.rescaled(truncated.law.share_below(x)),
            _ => self.continuous_cdf(x),
        }
    }

    fn continuous_cdf(&self, x: f64) -> f64 {
        let (least, greatest) = self.support();
        if x <= least {
            return 0.0;
        }
        if x >= greatest {
            return 1.0;
        }
        match &self.form {
            Form::Uniform { min, max } => (x - min) / (max - min),
            Form::Triangular { min, mode, max } if x < *mode => {
                (x - min) / (max - min) * ((x - min) / (mode - min))
            }
            Form::Triangular { min, mode, max } => 1.0 - (max - x) / (max - min) * ((max - x) / (max - mode)),
            Form::Exponential { mean } => -libm::expm1(-x / mean),
            Form::LogNormal { mu, sigma } => normal_cdf((libm::log(x) - mu) / sigma),
            Form::Weibull { scale, shape } => -libm::expm1(-libm::pow(x / scale, *shape)),
            Form::LogLogistic { median, shape } => 1.0 / (1.0 + libm::pow(x / median, -shape)),
            Form::Erlang { stage_mean, stages } => gamma_share(f64::from(*stages), x / stage_mean),
            Form::Gamma(gamma) => gamma_share(gamma.shape, x / gamma.scale),
            Form::Beta(beta) => beta_share(beta.alpha, beta.beta, beta.share_of(x)),
            Form::TruncatedNormal(normal) => normal.cdf(x),
            // Laws with atoms, and laws made of laws, never reach this arm.
            _ => f64::NAN,
        }
    }

    /// Returns a closed interval that holds every sample; its ends may be infinite.
    pub fn support(&self) -> (f64, f64) {
        match &self.form {
            Form::Constant(value) => (*value, *value),
            Form::Uniform { min, max } | Form::Triangular { min, max, .. } => (*min, *max),
            Form::Exponential { .. }
            | Form::LogNormal { .. }
            | Form::Weibull { .. }
            | Form::LogLogistic { .. }
            | Form::Erlang { .. }
            | Form::Gamma(_) => (0.0, f64::INFINITY),
            Form::Beta(beta) => (beta.min, beta.max),
            Form::TruncatedNormal(normal) => (normal.min, normal.max),
            Form::Empirical(values) => (values[0], values[values.len() - 1]),
            Form::Discrete(discrete) => discrete.ends(),
            Form::Quantiles(pieces) => pieces.ends(),
            Form::Mixture(mixture) => mixture
                .parts()
                .map(|(law, _)| law.support())
                .fold((f64::INFINITY, f64::NEG_INFINITY), |all, one| (all.0.min(one.0), all.1.max(one.1))),
            Form::Affine(affine) => {
                let (least, greatest) = affine.law.support();
                (affine.of(least), affine.of(greatest))
            }
            Form::Truncated(truncated) => {
                let (least, greatest) = truncated.law.support();
                (least.max(truncated.min), greatest.min(truncated.max))
            }
        }
    }

    /// Returns a lower bound of all samples rounded by [`to_whole`](super::to_whole). It is close to the true minimum where a sample takes
    /// one word, whose least value is known, and the lower end of the support elsewhere.
    pub fn least_whole(&self) -> i64 {
        let least = if self.takes_one_word() { self.inverse(LEAST_UNIFORM) } else { self.support().0 };
        // Lowered by the possible error of the quantile function, also where that falls instead of rising.
        super::to_whole((least - least.abs() * 1e-9).floor())
    }

    /// Returns whether a sample takes one word of its stream and is the quantile function of it.
    pub(super) fn takes_one_word(&self) -> bool {
        match &self.form {
            Form::Erlang { .. } | Form::Gamma(_) | Form::Beta(_) | Form::Mixture(_) => false,
            Form::Affine(affine) => affine.law.takes_one_word(),
            Form::Truncated(truncated) => truncated.law.takes_one_word(),
            _ => true,
        }
    }
}

fn step(reached: bool) -> f64 {
    if reached { 1.0 } else { 0.0 }
}
