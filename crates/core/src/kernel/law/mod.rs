//! Probability laws: compiled once when a model is built, then sampled from keyed streams.
//!
//! Owns the kinds of law, their checked constructors (`build`), sampling, and their own distribution
//! functions, quantiles and moments (`inverse`, `moments`). Knows no unit: parameters and samples are in the
//! base unit of the caller's quantity (milliseconds, thousandths of a TEU, metres, ...). Does not own the
//! text forms of laws.
//!
//! # Which draws take one word
//!
//! A draw takes one word for Constant (none), Uniform, Triangular, Exponential, LogNormal, Weibull, LogLogistic, TruncatedNormal,
//! Empirical, Discrete and Quantiles, and for Shifted, Scaled and Truncated laws made of these. The sample is then the law's own quantile
//! function at [`Stream::uniform`]. It rises with the word, so that the same shipment is equally lucky under a law and under its
//! replacement. Erlang, Gamma, Beta, Pert and mixtures take several words: attempt 0, 1, 2, ... of the same stream.
//!
//! # Portability
//!
//! The laws use only + - * /, square roots, `libm` and [`portable`](super::portable): the same bits on every platform, in debug and in
//! release. The golden values in the tests are part of the meaning of [`KEY_LAYOUT`](super::random::KEY_LAYOUT).

mod build;
mod check;
mod compound;
mod gamma;
mod inverse;
mod moments;
mod normal;
mod numeric;
mod table;
#[cfg(test)]
mod tests;

use thiserror::Error;

use self::compound::{Affine, Mixture, Truncated};
use self::gamma::BetaOnInterval;
use self::normal::TruncatedNormal;
use self::table::{Discrete, PiecewiseLinear};
use super::portable::{exp, ln_of_share};
use super::random::Stream;
use super::special::normal_quantile;

/// The largest magnitude of a parameter with a unit: in milliseconds about 31,700 years.
pub const LARGEST_PARAMETER: f64 = 1e15;

/// The largest magnitude [`to_whole`] returns: 2^53, about nine times [`LARGEST_PARAMETER`].
pub const LARGEST_WHOLE: i64 = 1 << 53;

/// The least share of a law that a truncation must leave.
pub const LEAST_KEPT: f64 = 1e-3;

/// A probability law over real numbers, ready to be sampled. It takes at most 32 bytes; rarer kinds keep their tables in a box.
///
/// Only a checked constructor can make one, so that sampling needs no checks.
#[derive(Clone, Debug, PartialEq)]
pub struct Law {
    form: Form,
}

/// The kinds of law as they are sampled. Several constructors may share one: Pert is a Beta, an Erlang of many stages a Gamma.
#[derive(Clone, Debug, PartialEq)]
enum Form {
    Constant(f64),
    Uniform { min: f64, max: f64 },
    Triangular { min: f64, mode: f64, max: f64 },
    Exponential { mean: f64 },
    LogNormal { mu: f64, sigma: f64 },
    Weibull { scale: f64, shape: f64 },
    LogLogistic { median: f64, shape: f64 },
    Erlang { stage_mean: f64, stages: u32 },
    Gamma(gamma::Gamma),
    Beta(Box<BetaOnInterval>),
    TruncatedNormal(Box<TruncatedNormal>),
    Empirical(Box<[f64]>),
    Discrete(Box<Discrete>),
    Quantiles(Box<PiecewiseLinear>),
    Mixture(Box<Mixture>),
    Affine(Box<Affine>),
    Truncated(Box<Truncated>),
}

/// Why a law cannot be made. Values with a unit are not repeated: the caller knows them as they were written.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum LawError {
    /// NaN or an infinity.
    #[error("{parameter} is not a finite number")]
    NotFinite {
        /// Name of the parameter.
        parameter: &'static str,
    },
    /// Beyond [`LARGEST_PARAMETER`].
    #[error("{parameter} is too large to be meant")]
    TooLarge {
        /// Name of the parameter.
        parameter: &'static str,
    },
    /// Zero or less where something above zero is needed.
    #[error("{parameter} must be above zero")]
    NotPositive {
        /// Name of the parameter.
        parameter: &'static str,
    },
    /// Below zero.
    #[error("{parameter} must not be negative")]
    Negative {
        /// Name of the parameter.
        parameter: &'static str,
    },
    /// A pure number outside its range.
    #[error("{parameter} is {value}, but must lie between {least} and {most}")]
    OutOfRange {
        /// Name of the parameter.
        parameter: &'static str,
        /// What was given.
        value: f64,
        /// Smallest value allowed.
        least: f64,
        /// Largest value allowed.
        most: f64,
    },
    /// Two parameters in the wrong order.
    #[error("{lower} must not exceed {upper}")]
    Disordered {
        /// Name of the parameter that should be the smaller.
        lower: &'static str,
        /// Name of the parameter that should be the larger.
        upper: &'static str,
    },
    /// A list without entries.
    #[error("{parameter} must not be empty")]
    Empty {
        /// Name of the list.
        parameter: &'static str,
    },
    /// All weights zero.
    #[error("at least one weight must be above zero")]
    NoWeight,
    /// Quantile points that do not rise.
    #[error("the quantiles must rise: every share above the one before, no value below the one before")]
    QuantilesDoNotRise,
    /// Quantile points that leave an end open.
    #[error("the quantiles must begin at share 0 (the least value) and end at share 1 (the greatest)")]
    QuantilesLeaveAnEnd,
    /// No law of that kind has such moments.
    #[error("no {kind} law has these parameters: {reason}")]
    Impossible {
        /// The kind of law.
        kind: &'static str,
        /// What stands in the way.
        reason: &'static str,
    },
    /// A truncation to a range that the law hardly ever meets.
    #[error("the range keeps {kept:.2e} of the law, but at least {LEAST_KEPT} is needed")]
    HardlyAnythingKept {
        /// Share of the law inside the range.
        kept: f64,
    },
}

impl Law {
    const fn of(form: Form) -> Self {
        Self { form }
    }

    /// The constant zero.
    pub const ZERO: &'static Self = &Self::of(Form::Constant(0.0));

    /// Draws one variate, in the base unit of the caller's quantity.
    ///
    /// Determinism: a pure function of the law and of the stream's key, entity, occurrence and attempts so
    /// far.
    #[inline]
    pub fn sample(&self, s: &mut Stream) -> f64 {
        match self.form {
            Form::Constant(value) => value,
            Form::Uniform { min, max } => uniform(min, max, s.uniform()),
            Form::Triangular { min, mode, max } => triangular(min, mode, max, s.uniform()),
            Form::Exponential { mean } => exponential(mean, s.uniform()),
            Form::LogNormal { mu, sigma } => exp(mu + sigma * normal_quantile(s.uniform())),
            Form::Quantiles(ref pieces) => pieces.inverse(s.uniform()),
            Form::Discrete(ref discrete) => discrete.inverse(s.uniform()),
            _ => self.sample_rarer(s),
        }
    }

    /// Draws one variate and rounds it by [`to_whole`].
    #[inline]
    pub fn sample_whole(&self, s: &mut Stream) -> i64 {
        to_whole(self.sample(s))
    }

    /// Draws one variate from each of many streams, rounded by [`to_whole`], and adds them to `times`: the same as
    /// [`Self::sample_whole`] for each.
    pub fn sample_each(&self, streams: impl Iterator<Item = Stream>, times: &mut Vec<i64>) {
        // The kind of law is matched once for all streams.
        match self.form {
            Form::Constant(value) => times.extend(streams.map(|_| to_whole(value))),
            Form::Exponential { mean } => {
                times.extend(streams.map(|mut s| to_whole(exponential(mean, s.uniform()))));
            }
            Form::LogNormal { mu, sigma } => {
                let one = |mut s: Stream| to_whole(exp(mu + sigma * normal_quantile(s.uniform())));
                times.extend(streams.map(one));
            }
            Form::Triangular { min, mode, max } => {
                times.extend(streams.map(|mut s| to_whole(triangular(min, mode, max, s.uniform()))));
            }
            Form::Quantiles(ref pieces) => {
                times.extend(streams.map(|mut s| to_whole(pieces.inverse(s.uniform()))));
            }
            _ => times.extend(streams.map(|mut s| self.sample_whole(&mut s))),
        }
    }

    /// Draws from the kinds whose code would only bloat the callers of `sample`.
    #[inline(never)]
    fn sample_rarer(&self, s: &mut Stream) -> f64 {
        match &self.form {
            Form::Erlang { stage_mean, stages } => gamma::sample_erlang(*stage_mean, *stages, s),
            Form::Gamma(gamma) => gamma.sample(s),
            Form::Beta(beta) => beta.sample(s),
            Form::Mixture(mixture) => mixture.sample(s),
            Form::Affine(affine) => affine.of(affine.law.sample(s)),
            Form::Truncated(truncated) => truncated.sample(s),
            _ => self.inverse(s.uniform()),
        }
    }

    /// Returns whether every sample is the same; constructors make a constant of any law without spread.
    #[inline]
    pub fn is_constant(&self) -> bool {
        matches!(self.form, Form::Constant(_))
    }
}

/// Rounds a sampled value to the nearest whole base unit, halves away from zero: the one place where samples
/// are rounded.
///
/// Values beyond [`LARGEST_WHOLE`] (far in the tail of a law without moments) are clamped to it, so that an instant plus a sample cannot
/// overflow. NaN, which no law yields, becomes 0.
#[inline]
pub fn to_whole(value: f64) -> i64 {
    // The greatest number below one half: adding one half itself would lift 0.49999999999999994 to 1.
    const NEARLY_HALF: f64 = 0.499_999_999_999_999_94;
    const LIMIT: f64 = LARGEST_WHOLE as f64;
    (value + NEARLY_HALF.copysign(value)).clamp(-LIMIT, LIMIT) as i64
}

#[inline]
fn uniform(min: f64, max: f64, p: f64) -> f64 {
    // The sum may round to just above the maximum.
    (min + (max - min) * p).min(max)
}

#[inline]
fn triangular(min: f64, mode: f64, max: f64, p: f64) -> f64 {
    let span = max - min;
    let rise = mode - min;
    // Without a branch: the side on which it falls is as good as random.
    let rises = p * span < rise;
    let (rising, falling) = (p * span * rise, (1.0 - p) * span * (max - mode));
    let root = if rises { rising } else { falling }.sqrt();
    // The difference may round to just below the minimum when that is the mode.
    let falling = (max - root).max(min);
    if rises { min + root } else { falling }
}

#[inline]
fn exponential(mean: f64, p: f64) -> f64 {
    if p < 1.0 { -mean * ln_of_share(1.0 - p) } else { f64::INFINITY }
}
