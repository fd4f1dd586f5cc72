//! The checked constructors of laws, by the parameters people know: mean and coefficient of variation, median and p95, min, mode, max.
//!
//! A law without spread (cv 0, min equal to max) becomes a constant, so that sweeps may start there. Does not
//! own sampling.

use super::check::{
    interval, interval_with, interval_with_mode, measured, not_negative, positive, range, within,
};
use super::compound::{Affine, Mixture, Truncated};
use super::gamma::{BetaOnInterval, Gamma};
use super::normal::TruncatedNormal;
use super::numeric::falling_root;
use super::table::{Discrete, PiecewiseLinear};
use super::{Form, LEAST_KEPT, Law, LawError};
use crate::kernel::special::{normal_cdf, normal_quantile};

/// Range of shapes. A shape outside it is a slip of the pen, and would strain the arithmetic.
const SHAPES: (f64, f64) = (0.05, 1e6);
/// Largest number of stages that an Erlang law draws one by one. With more it is drawn as a Gamma law, which is then faster.
const MOST_STAGES_ONE_BY_ONE: u32 = 16;

impl Law {
    /// Creates a law that always gives `value`.
    pub fn constant(value: f64) -> Result<Self, LawError> {
        Ok(Self::of(Form::Constant(measured("value", value)?)))
    }

    /// Creates a uniform law on `[min, max]`.
    pub fn uniform(min: f64, max: f64) -> Result<Self, LawError> {
        interval(min, max)?;
        Ok(if min < max { Self::of(Form::Uniform { min, max }) } else { Self::of(Form::Constant(min)) })
    }

    /// Creates a triangular law, whose density rises linearly from `min` to `mode` and falls linearly to `max`.
    pub fn triangular(min: f64, mode: f64, max: f64) -> Result<Self, LawError> {
        interval_with_mode(min, mode, max)?;
        Ok(if min < max {
            Self::of(Form::Triangular { min, mode, max })
        } else {
            Self::of(Form::Constant(min))
        })
    }

    /// Creates a Pert law: a Beta law on `[min, max]` with mean (min + 4 mode + max) / 6.
    pub fn pert(min: f64, mode: f64, max: f64) -> Result<Self, LawError> {
        Self::pert_weighted(min, mode, max, 4.0)
    }

    /// Creates a Pert law with another weight of the mode than 4. Its mean is (min + weight mode + max) / (weight + 2); a larger weight
    /// makes a sharper peak.
    pub fn pert_weighted(min: f64, mode: f64, max: f64, weight: f64) -> Result<Self, LawError> {
        interval_with_mode(min, mode, max)?;
        within("weight", weight, (0.0, 1e4))?;
        if min >= max {
            return Ok(Self::of(Form::Constant(min)));
        }
        let alpha = 1.0 + weight * (mode - min) / (max - min);
        let beta = 1.0 + weight * (max - mode) / (max - min);
        Self::beta(min, max, alpha, beta)
    }

    /// Creates an exponential law with the given mean.
    pub fn exponential(mean: f64) -> Result<Self, LawError> {
        Ok(Self::of(Form::Exponential { mean: positive("mean", mean)? }))
    }

    /// Creates an Erlang law: the sum of `stages` independent exponential times whose means add up to `mean`.
    pub fn erlang(mean: f64, stages: u32) -> Result<Self, LawError> {
        positive("mean", mean)?;
        within("stages", f64::from(stages), (1.0, 1e6))?;
        let stage_mean = mean / f64::from(stages);
        Ok(Self::of(match stages {
            1 => Form::Exponential { mean },
            2..=MOST_STAGES_ONE_BY_ONE => Form::Erlang { stage_mean, stages },
            _ => Form::Gamma(Gamma::new(f64::from(stages), stage_mean)),
        }))
    }

    /// Creates a Gamma law by shape and scale; the mean is their product.
    pub fn gamma_shape_scale(shape: f64, scale: f64) -> Result<Self, LawError> {
        within("shape", shape, (0.01, 1e6))?;
        positive("scale", scale)?;
        Ok(Self::of(Form::Gamma(Gamma::new(shape, scale))))
    }

    /// Creates a Gamma law by mean and coefficient of variation (0.001 to 10, or 0).
    pub fn gamma_mean_cv(mean: f64, cv: f64) -> Result<Self, LawError> {
        positive("mean", mean)?;
        if cv == 0.0 {
            return Self::constant(mean);
        }
        within("cv", cv, (1e-3, 10.0))?;
        Ok(Self::of(Form::Gamma(Gamma::new(1.0 / (cv * cv), mean * cv * cv))))
    }

    /// Creates a lognormal law by mean and coefficient of variation (at most 1000).
    pub fn log_normal_mean_cv(mean: f64, cv: f64) -> Result<Self, LawError> {
        positive("mean", mean)?;
        within("cv", cv, (0.0, 1e3))?;
        let variance = libm::log1p(cv * cv);
        Self::log_normal(libm::log(mean) - variance / 2.0, variance.sqrt(), mean)
    }

    /// Creates a lognormal law by median and the standard deviation of the logarithm (at most 10).
    pub fn log_normal_median_sigma(median: f64, sigma: f64) -> Result<Self, LawError> {
        positive("median", median)?;
        within("sigma", sigma, (0.0, 10.0))?;
        Self::log_normal(libm::log(median), sigma, median)
    }

    /// Creates a lognormal law through two quantiles, each a (share, value): median and p95 are (0.5, median) and (0.95, p95).
    pub fn log_normal_quantiles(first: (f64, f64), second: (f64, f64)) -> Result<Self, LawError> {
        let Some((offset, slope)) = log_linear(first, second, normal_quantile)? else {
            return Self::constant(first.1);
        };
        within("sigma", slope, (0.0, 10.0))?;
        Self::log_normal(offset, slope, first.1)
    }

    fn log_normal(mu: f64, sigma: f64, without_spread: f64) -> Result<Self, LawError> {
        if sigma > 0.0 { Ok(Self::of(Form::LogNormal { mu, sigma })) } else { Self::constant(without_spread) }
    }

    /// Creates a Weibull law by shape and scale (the value that a share 1 - 1/e does not exceed).
    pub fn weibull_shape_scale(shape: f64, scale: f64) -> Result<Self, LawError> {
        within("shape", shape, SHAPES)?;
        Ok(Self::of(Form::Weibull { scale: positive("scale", scale)?, shape }))
    }

    /// Creates a Weibull law by mean and coefficient of variation (0.001 to 10, or 0).
    pub fn weibull_mean_cv(mean: f64, cv: f64) -> Result<Self, LawError> {
        positive("mean", mean)?;
        if cv == 0.0 {
            return Self::constant(mean);
        }
        within("cv", cv, (1e-3, 10.0))?;
        // The squared cv falls as the logarithm of the shape rises.
        let excess = |log_shape: f64| {
            let inverse = libm::exp(-log_shape);
            libm::expm1(libm::lgamma(1.0 + 2.0 * inverse) - 2.0 * libm::lgamma(1.0 + inverse)) - cv * cv
        };
        let shape = libm::exp(falling_root(excess, libm::log(0.05), libm::log(1e5)));
        Ok(Self::of(Form::Weibull { scale: mean / libm::tgamma(1.0 + 1.0 / shape), shape }))
    }

    /// Creates a Weibull law through two quantiles, each a (share, value).
    pub fn weibull_quantiles(first: (f64, f64), second: (f64, f64)) -> Result<Self, LawError> {
        let Some((offset, slope)) = log_linear(first, second, |p| libm::log(-libm::log1p(-p)))? else {
            return Self::constant(first.1);
        };
        Self::weibull_shape_scale(1.0 / slope, libm::exp(offset))
    }

    /// Creates a log-logistic law by shape and median. Below shape 1 it has no mean, below 2 no variance.
    pub fn log_logistic_shape_median(shape: f64, median: f64) -> Result<Self, LawError> {
        within("shape", shape, SHAPES)?;
        Ok(Self::of(Form::LogLogistic { median: positive("median", median)?, shape }))
    }

    /// Creates a log-logistic law by mean and coefficient of variation (0.001 to 10, or 0).
    pub fn log_logistic_mean_cv(mean: f64, cv: f64) -> Result<Self, LawError> {
        positive("mean", mean)?;
        if cv == 0.0 {
            return Self::constant(mean);
        }
        within("cv", cv, (1e-3, 10.0))?;
        // With b = pi / shape below pi / 2, the squared cv is tan(b) / b - 1, rising with b.
        let excess = |b: f64| 1.0 + cv * cv - libm::tan(b) / b;
        let b = falling_root(excess, 1e-4, std::f64::consts::FRAC_PI_2 * (1.0 - 1e-12));
        Self::log_logistic_shape_median(std::f64::consts::PI / b, mean * libm::sin(b) / b)
    }

    /// Creates a log-logistic law through two quantiles, each a (share, value).
    pub fn log_logistic_quantiles(first: (f64, f64), second: (f64, f64)) -> Result<Self, LawError> {
        let Some((offset, slope)) = log_linear(first, second, |p| libm::log(p / (1.0 - p)))? else {
            return Self::constant(first.1);
        };
        Self::log_logistic_shape_median(1.0 / slope, libm::exp(offset))
    }

    /// Creates a Beta law with shapes `alpha` and `beta`, stretched over `[min, max]`.
    pub fn beta(min: f64, max: f64, alpha: f64, beta: f64) -> Result<Self, LawError> {
        interval(min, max)?;
        within("alpha", alpha, SHAPES)?;
        within("beta", beta, SHAPES)?;
        Ok(if min < max {
            Self::of(Form::Beta(Box::new(BetaOnInterval::new(min, max, alpha, beta))))
        } else {
            Self::of(Form::Constant(min))
        })
    }

    /// Creates a Beta law over `[min, max]` by mean and standard deviation.
    pub fn beta_mean_sd(min: f64, max: f64, mean: f64, sd: f64) -> Result<Self, LawError> {
        interval_with(min, "mean", mean, max)?;
        if not_negative("sd", sd)? == 0.0 {
            return Self::constant(mean);
        }
        let (m, v) = ((mean - min) / (max - min), (sd / (max - min)) * (sd / (max - min)));
        // The variance of a law on [0, 1] with mean m stays below m (1 - m), all mass at the ends.
        if min >= max || v >= m * (1.0 - m) {
            return Err(LawError::Impossible {
                kind: "beta",
                reason: "the sd is too large for the range and the mean",
            });
        }
        let sum = m * (1.0 - m) / v - 1.0;
        Self::beta(min, max, m * sum, (1.0 - m) * sum)
    }

    /// Creates a normal law truncated to `[min, max]`; `mean` and `sd` are those before truncation. Either end may be infinite.
    pub fn truncated_normal(mean: f64, sd: f64, min: f64, max: f64) -> Result<Self, LawError> {
        measured("mean", mean)?;
        not_negative("sd", sd)?;
        range(min, max)?;
        let inside = (min..=max).contains(&mean);
        if sd == 0.0 {
            return if inside {
                Self::constant(mean)
            } else {
                Err(LawError::HardlyAnythingKept { kept: 0.0 })
            };
        }
        let (from, to) = (normal_cdf((min - mean) / sd), normal_cdf((max - mean) / sd));
        if to - from < LEAST_KEPT {
            return Err(LawError::HardlyAnythingKept { kept: to - from });
        }
        Ok(Self::of(Form::TruncatedNormal(Box::new(TruncatedNormal { mean, sd, min, max, from, to }))))
    }

    /// Creates a law that gives each of the values with equal probability. Their order does not matter.
    pub fn empirical(values: impl IntoIterator<Item = f64>) -> Result<Self, LawError> {
        let mut values = values.into_iter().map(|v| measured("values", v)).collect::<Result<Vec<_>, _>>()?;
        values.sort_by(f64::total_cmp);
        match (values.first(), values.last()) {
            (Some(&first), Some(&last)) if first < last => Ok(Self::of(Form::Empirical(values.into()))),
            (Some(&first), _) => Self::constant(first),
            _ => Err(LawError::Empty { parameter: "values" }),
        }
    }

    /// Creates a law that gives values in proportion to their weights: pairs (value, weight). Their order does not matter.
    pub fn discrete(pairs: impl IntoIterator<Item = (f64, f64)>) -> Result<Self, LawError> {
        let mut pairs = pairs
            .into_iter()
            .map(|(value, weight)| Ok((measured("values", value)?, not_negative("weights", weight)?)))
            .collect::<Result<Vec<_>, _>>()?;
        if pairs.is_empty() {
            return Err(LawError::Empty { parameter: "values" });
        }
        pairs.retain(|pair| pair.1 > 0.0);
        pairs.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        match pairs.as_slice() {
            [] => Err(LawError::NoWeight),
            [first, .., last] if first.0 < last.0 => {
                Ok(Self::of(Form::Discrete(Box::new(Discrete::new(&pairs)))))
            }
            [first, ..] => Self::constant(first.0),
        }
    }

    /// Creates a law whose quantile function joins the points (share, value) by straight lines. Shares rise from 0 to 1.
    pub fn quantiles(points: impl IntoIterator<Item = (f64, f64)>) -> Result<Self, LawError> {
        let points = points
            .into_iter()
            .map(|(share, value)| Ok((within("shares", share, (0.0, 1.0))?, measured("values", value)?)))
            .collect::<Result<Vec<_>, _>>()?;
        let [first, .., last] = points.as_slice() else {
            return Err(LawError::QuantilesLeaveAnEnd);
        };
        if !points.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 <= pair[1].1) {
            return Err(LawError::QuantilesDoNotRise);
        }
        if first.0 > 0.0 || last.0 < 1.0 {
            return Err(LawError::QuantilesLeaveAnEnd);
        }
        if first.1 >= last.1 {
            return Self::constant(first.1);
        }
        Ok(Self::of(Form::Quantiles(Box::new(PiecewiseLinear::new(&points)))))
    }

    /// Creates a mixture of laws in proportion to their weights: pairs (law, weight). The draw uses their order.
    pub fn mixture(parts: impl IntoIterator<Item = (Law, f64)>) -> Result<Self, LawError> {
        let mut parts = parts
            .into_iter()
            .map(|(law, weight)| Ok((law, not_negative("weights", weight)?)))
            .collect::<Result<Vec<_>, _>>()?;
        if parts.is_empty() {
            return Err(LawError::Empty { parameter: "laws" });
        }
        parts.retain(|part| part.1 > 0.0);
        match parts.len() {
            0 => Err(LawError::NoWeight),
            1 => Ok(parts.swap_remove(0).0),
            _ => Ok(Self::of(Form::Mixture(Box::new(Mixture::new(parts))))),
        }
    }

    /// Creates a law with `by` added to every sample.
    pub fn shifted(law: Law, by: f64) -> Result<Self, LawError> {
        measured("by", by)?;
        match law.form {
            Form::Constant(value) => Self::constant(value + by),
            _ => Ok(Self::of(Form::Affine(Box::new(Affine { law, factor: 1.0, by })))),
        }
    }

    /// Creates a law with every sample multiplied by `factor`, which is not negative.
    pub fn scaled(law: Law, factor: f64) -> Result<Self, LawError> {
        not_negative("factor", factor)?;
        match law.form {
            Form::Constant(value) => Self::constant(value * factor),
            _ if factor == 0.0 => Self::constant(0.0),
            _ => Ok(Self::of(Form::Affine(Box::new(Affine { law, factor, by: 0.0 })))),
        }
    }

    /// Creates a law conditional on the sample lying in `[min, max]`. Either end may be infinite.
    ///
    /// Errors: when less than [`LEAST_KEPT`] of the law lies there.
    pub fn truncated(law: Law, min: f64, max: f64) -> Result<Self, LawError> {
        range(min, max)?;
        if let Form::Truncated(inner) = law.form {
            let (min, max) = (min.max(inner.min), max.min(inner.max));
            return if min > max {
                Err(LawError::HardlyAnythingKept { kept: 0.0 })
            } else {
                Self::truncated(inner.law, min, max)
            };
        }
        let (least, greatest) = law.support();
        if min <= least && greatest <= max {
            return Ok(law);
        }
        let (from, to) = (law.share_below(min), law.cdf(max));
        if to - from < LEAST_KEPT {
            return Err(LawError::HardlyAnythingKept { kept: (to - from).max(0.0) });
        }
        let truncated = Truncated { law, min, max, from, to };
        match truncated.only_value() {
            Some(value) => Self::constant(value),
            None => Ok(Self::of(Form::Truncated(Box::new(truncated)))),
        }
    }
}

/// Finds offset and slope with ln value = offset + slope * `score`(share) at both points; none if the values
/// are equal.
fn log_linear(
    first: (f64, f64),
    second: (f64, f64),
    score: impl Fn(f64) -> f64,
) -> Result<Option<(f64, f64)>, LawError> {
    for (share, value) in [first, second] {
        within("share", share, (1e-9, 1.0 - 1e-9))?;
        positive("value", value)?;
    }
    let (low, high) = if first.0 < second.0 { (first, second) } else { (second, first) };
    if low.0 >= high.0 {
        return Err(LawError::QuantilesDoNotRise);
    }
    if low.1 >= high.1 {
        return if low.1 > high.1 { Err(LawError::QuantilesDoNotRise) } else { Ok(None) };
    }
    let (low_score, high_score) = (score(low.0), score(high.0));
    let slope = libm::log(high.1 / low.1) / (high_score - low_score);
    Ok(Some((libm::log(low.1) - slope * low_score, slope)))
}
