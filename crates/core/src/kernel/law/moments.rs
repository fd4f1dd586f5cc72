//! Means and variances of laws, by formula except for truncations, whose parts are integrated.

use super::compound::Truncated;
use super::numeric::integral_up_to;
use super::{Form, Law};
use crate::kernel::special::{beta_share, gamma_share};

impl Law {
    /// Returns the mean; infinite for a log-logistic law of shape 1 or less, and for laws that contain one.
    pub fn mean(&self) -> f64 {
        match &self.form {
            Form::Constant(value) => *value,
            Form::Uniform { min, max } => min + (max - min) / 2.0,
            Form::Triangular { min, mode, max } => min + ((mode - min) + (max - min)) / 3.0,
            Form::Exponential { mean } => *mean,
            Form::LogNormal { mu, sigma } => libm::exp(mu + sigma * sigma / 2.0),
            Form::Weibull { scale, shape } => scale * libm::tgamma(1.0 + 1.0 / shape),
            Form::LogLogistic { median, shape } if *shape > 1.0 => median * over_sine(1.0 / shape),
            Form::LogLogistic { .. } => f64::INFINITY,
            Form::Erlang { stage_mean, stages } => stage_mean * f64::from(*stages),
            Form::Gamma(gamma) => gamma.shape * gamma.scale,
            Form::Beta(beta) => beta.at(beta.mean_share()),
            Form::TruncatedNormal(normal) => normal.moments().0,
            Form::Empirical(values) => {
                let (first, n) = (values[0], values.len() as f64);
                first + values.iter().map(|value| value - first).sum::<f64>() / n
            }
            Form::Discrete(discrete) => discrete.shares().map(|(value, share)| value * share).sum(),
            Form::Quantiles(pieces) => {
                pieces.pieces_up_to(1.0).map(|(share, a, b)| share * (a + b) / 2.0).sum()
            }
            Form::Mixture(mixture) => mixture.weighed(Law::mean),
            Form::Affine(affine) => affine.of(affine.law.mean()),
            Form::Truncated(truncated) => {
                let around = truncated.inverse(0.5);
                around + truncated.moments_around(around)[0]
            }
        }
    }

    /// Returns the variance; infinite where the law has none. Error of truncations about 1e-10 of it.
    pub fn variance(&self) -> f64 {
        match &self.form {
            Form::Constant(_) => 0.0,
            Form::Uniform { min, max } => (max - min) * (max - min) / 12.0,
            Form::Triangular { min, mode, max } => {
                let (rise, fall, span) = (mode - min, max - mode, max - min);
                (span * span - rise * fall) / 18.0
            }
            Form::Exponential { mean } => mean * mean,
            Form::LogNormal { sigma, .. } => libm::expm1(sigma * sigma) * self.mean() * self.mean(),
            Form::Weibull { shape, .. } => {
                let inverse = 1.0 / shape;
                let squared_cv =
                    libm::expm1(libm::lgamma(1.0 + 2.0 * inverse) - 2.0 * libm::lgamma(1.0 + inverse));
                squared_cv * self.mean() * self.mean()
            }
            Form::LogLogistic { median, shape } if *shape > 2.0 => {
                let (first, second) = (over_sine(1.0 / shape), over_sine(2.0 / shape));
                median * median * (second - first * first)
            }
            Form::LogLogistic { .. } => f64::INFINITY,
            Form::Erlang { stage_mean, stages } => stage_mean * stage_mean * f64::from(*stages),
            Form::Gamma(gamma) => gamma.shape * gamma.scale * gamma.scale,
            Form::Beta(beta) => {
                let (share, span) = (beta.mean_share(), beta.max - beta.min);
                span * span * share * (1.0 - share) / (beta.alpha + beta.beta + 1.0)
            }
            Form::TruncatedNormal(normal) => normal.moments().1,
            Form::Mixture(mixture) => {
                let mean = self.mean();
                mixture.weighed(|law| law.variance() + (law.mean() - mean) * (law.mean() - mean))
            }
            Form::Affine(affine) => affine.law.variance() * affine.factor * affine.factor,
            Form::Truncated(truncated) => {
                let [first, second] = truncated.moments_around(truncated.inverse(0.5));
                (second - first * first).max(0.0)
            }
            Form::Empirical(_) | Form::Discrete(_) | Form::Quantiles(_) => {
                self.part_around(self.mean(), self.support().1, true)[1]
            }
        }
    }

    /// Returns the integrals of (X - around) and of its square over the samples at or below `x` (below, unless
    /// `including`).
    fn part_around(&self, around: f64, x: f64, including: bool) -> [f64; 2] {
        let (least, greatest) = self.support();
        let counts = |value: f64| if including { value <= x } else { value < x };
        if !counts(least) {
            return [0.0; 2];
        }
        match &self.form {
            Form::Constant(value) => powers(value - around, 1.0),
            Form::Empirical(values) => {
                let share = 1.0 / values.len() as f64;
                added(
                    values.iter().filter(|value| counts(**value)).map(|value| powers(value - around, share)),
                )
            }
            Form::Discrete(discrete) => added(
                discrete
                    .shares()
                    .filter(|(value, _)| counts(*value))
                    .map(|(value, share)| powers(value - around, share)),
            ),
            Form::Quantiles(pieces) => {
                let up_to = if including { self.cdf(x) } else { self.share_below(x) };
                added(pieces.pieces_up_to(up_to).map(|(share, a, b)| {
                    let (a, b) = (a - around, b - around);
                    [share * (a + b) / 2.0, share * (a * a + a * b + b * b) / 3.0]
                }))
            }
            Form::Mixture(mixture) => added(mixture.parts().map(|(law, share)| {
                let part = law.part_around(around, x, including);
                [share * part[0], share * part[1]]
            })),
            Form::Affine(affine) => {
                let factor = affine.factor;
                let part = affine.law.part_around(affine.undone(around), affine.undone(x), including);
                [factor * part[0], factor * factor * part[1]]
            }
            _ if x >= greatest => {
                let off = self.mean() - around;
                [off, self.variance() + off * off]
            }
            // The density times x is that of the next higher shape, up to a factor.
            Form::Erlang { stage_mean, stages } => gamma_part(f64::from(*stages), *stage_mean, around, x),
            Form::Gamma(gamma) => gamma_part(gamma.shape, gamma.scale, around, x),
            Form::Beta(beta) => {
                let (a, b, share, span) = (beta.alpha, beta.beta, beta.share_of(x), beta.max - beta.min);
                let raw = [
                    beta_share(a, b, share),
                    a / (a + b) * beta_share(a + 1.0, b, share),
                    a / (a + b) * ((a + 1.0) / (a + b + 1.0)) * beta_share(a + 2.0, b, share),
                ];
                moved(raw, span, around - beta.min)
            }
            Form::Triangular { mode, .. } if x > *mode => {
                // Two smooth pieces: a kink would spoil the accuracy of the rule.
                let [rise, up_to] = [self.cdf(*mode), self.cdf(x)];
                added(
                    [self.integrated(around, rise), self.integrated_between(around, rise, up_to)].into_iter(),
                )
            }
            _ => self.integrated(around, if including { self.cdf(x) } else { self.share_below(x) }),
        }
    }

    fn integrated(&self, around: f64, up_to: f64) -> [f64; 2] {
        integral_up_to(up_to, |u| powers(self.inverse(u) - around, 1.0))
    }

    fn integrated_between(&self, around: f64, from: f64, to: f64) -> [f64; 2] {
        integral_up_to(to - from, |u| powers(self.inverse(from + u) - around, 1.0))
    }
}

impl Truncated {
    /// Returns the mean of (X - around) and of its square.
    fn moments_around(&self, around: f64) -> [f64; 2] {
        let above = self.law.part_around(around, self.max, true);
        let below = self.law.part_around(around, self.min, false);
        let kept = self.to - self.from;
        [(above[0] - below[0]) / kept, (above[1] - below[1]) / kept]
    }
}

/// Returns pi b / sin(pi b): the b-th moment of a log-logistic law of median 1 and shape 1.
fn over_sine(b: f64) -> f64 {
    let angle = std::f64::consts::PI * b;
    angle / libm::sin(angle)
}

fn powers(x: f64, weight: f64) -> [f64; 2] {
    [weight * x, weight * x * x]
}

fn added(parts: impl Iterator<Item = [f64; 2]>) -> [f64; 2] {
    parts.fold([0.0; 2], |sum, part| [sum[0] + part[0], sum[1] + part[1]])
}

fn gamma_part(shape: f64, scale: f64, around: f64, x: f64) -> [f64; 2] {
    let share = |more: f64| gamma_share(shape + more, x / scale);
    moved([share(0.0), shape * share(1.0), shape * (shape + 1.0) * share(2.0)], scale, around)
}

/// Turns integrals of 1, y and y^2 into those of (s y - c) and (s y - c)^2.
fn moved([zeroth, first, second]: [f64; 3], s: f64, c: f64) -> [f64; 2] {
    [s * first - c * zeroth, s * s * second - 2.0 * s * c * first + c * c * zeroth]
}
