//! Laws as written, compiled to laws of the kernel in base units: milliseconds, thousandths of TEU,
//! kilograms, pieces.
//!
//! Owns which parameters must be given together. Does not own the mathematics (`sanda_core::kernel::law`).

use sanda_core::kernel::law::{Law as KernelLaw, LawError};

use super::{Decimal, Law, LawSpec, LawValue};

/// Why a law as written is not valid.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum LawProblem {
    /// The combination of parameters is not one that the law allows.
    #[error("`{law}` is given by {wanted}")]
    Parameters {
        /// The law.
        law: &'static str,
        /// The ways to give its parameters.
        wanted: &'static str,
    },
    /// The law mixes values of different measures.
    #[error("{first} and {second} do not mix in one law")]
    Measures {
        /// The measure of the first value.
        first: &'static str,
        /// A different measure.
        second: &'static str,
    },
    /// Some values would be negative.
    #[error("its values can be negative")]
    Negative,
    /// The kernel refuses the law.
    #[error(transparent)]
    Law(#[from] LawError),
}

impl LawProblem {
    /// What to do about it, where a suggestion can be made.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Negative => Some("cut it off: `Truncated(law: ..., min: ...)`".to_owned()),
            _ => None,
        }
    }
}

impl<Q: LawValue> Law<Q> {
    /// Compiles the law to base units.
    ///
    /// # Errors
    ///
    /// If the parameters are not valid, or if the law gives values that its quantity cannot have.
    pub fn compile(&self) -> Result<KernelLaw, LawProblem> {
        self.measure()?;
        let law = self.spec.compile()?;
        if !Q::MAY_BE_NEGATIVE && law.support().0 < 0.0 {
            return Err(LawProblem::Negative);
        }
        Ok(law)
    }

    /// The measure of the values.
    ///
    /// # Errors
    ///
    /// If the values have different measures.
    pub fn measure(&self) -> Result<&'static str, LawProblem> {
        let mut first = None;
        let mut other = None;
        self.spec.each_value(&mut |value| {
            let measure = value.measure();
            if *first.get_or_insert(measure) != measure {
                other.get_or_insert(measure);
            }
        });
        match (first, other) {
            (Some(first), Some(second)) => Err(LawProblem::Measures { first, second }),
            _ => Ok(first.unwrap_or("")),
        }
    }
}

impl<Q: LawValue> LawSpec<Q> {
    /// Calls `visit` with every value of the quantity that the law mentions.
    fn each_value(&self, visit: &mut dyn FnMut(Q)) {
        let mut all = |values: &[Option<Q>]| values.iter().flatten().for_each(|&value| visit(value));
        match self {
            Self::Constant(value) => all(&[Some(*value)]),
            Self::Uniform { min, max } => all(&[Some(*min), Some(*max)]),
            Self::Triangular { min, mode, max } | Self::Pert { min, mode, max } => {
                all(&[Some(*min), Some(*mode), Some(*max)]);
            }
            Self::Exponential { mean } | Self::Erlang { mean, .. } | Self::Gamma { mean, .. } => {
                all(&[Some(*mean)]);
            }
            Self::LogNormal { mean, median, p95, .. } => all(&[*mean, *median, *p95]),
            Self::Weibull { mean, scale, .. } => all(&[*mean, *scale]),
            Self::LogLogistic { median, .. } => all(&[Some(*median)]),
            Self::Beta { min, max, mean, .. } => all(&[Some(*min), Some(*max), *mean]),
            Self::TruncatedNormal { mean, sd, min, max } => all(&[Some(*mean), Some(*sd), *min, *max]),
            Self::Empirical { values, .. } => values.iter().flatten().for_each(|&value| visit(value)),
            Self::Discrete(values) => values.iter().for_each(|weighted| visit(weighted.value)),
            Self::Quantiles(points) => points.iter().for_each(|point| visit(point.value)),
            Self::Mixture(parts) => parts.iter().for_each(|part| part.law.spec.each_value(visit)),
            Self::Shifted { by, law } => {
                visit(*by);
                law.spec.each_value(visit);
            }
            Self::Scaled { law, .. } => law.spec.each_value(visit),
            Self::Truncated { law, min, max } => {
                all(&[*min, *max]);
                law.spec.each_value(visit);
            }
        }
    }

    fn compile(&self) -> Result<KernelLaw, LawProblem> {
        let wrong = |law, wanted| Err(LawProblem::Parameters { law, wanted });
        Ok(match self {
            Self::Constant(value) => KernelLaw::constant(value.base())?,
            Self::Uniform { min, max } => KernelLaw::uniform(min.base(), max.base())?,
            Self::Triangular { min, mode, max } => {
                KernelLaw::triangular(min.base(), mode.base(), max.base())?
            }
            Self::Pert { min, mode, max } => KernelLaw::pert(min.base(), mode.base(), max.base())?,
            Self::Exponential { mean } => KernelLaw::exponential(mean.base())?,
            Self::Erlang { shape, mean } => {
                KernelLaw::erlang(mean.base(), u32::try_from(shape.value()).unwrap_or(u32::MAX))?
            }
            Self::Gamma { mean, cv } => KernelLaw::gamma_mean_cv(mean.base(), cv.value())?,
            Self::LogNormal { mean, cv, median, p95 } => match (mean, cv, median, p95) {
                (Some(mean), Some(cv), None, None) => KernelLaw::log_normal_mean_cv(mean.base(), cv.value())?,
                (None, None, Some(median), Some(p95)) => {
                    KernelLaw::log_normal_quantiles((0.5, median.base()), (0.95, p95.base()))?
                }
                (None, Some(cv), Some(median), None) => {
                    // cv^2 = exp(sigma^2) - 1 for the log-normal law.
                    let sigma = libm::log1p(cv.value() * cv.value()).sqrt();
                    KernelLaw::log_normal_median_sigma(median.base(), sigma)?
                }
                _ => return wrong("LogNormal", "`mean` and `cv`, `median` and `p95`, or `median` and `cv`"),
            },
            Self::Weibull { shape, mean, scale } => match (mean, scale) {
                (Some(mean), None) => {
                    // mean = scale * gamma(1 + 1 / shape) for the Weibull law.
                    let scale = mean.base() / libm::tgamma(1.0 + 1.0 / shape.value());
                    KernelLaw::weibull_shape_scale(shape.value(), scale)?
                }
                (None, Some(scale)) => KernelLaw::weibull_shape_scale(shape.value(), scale.base())?,
                _ => return wrong("Weibull", "`shape` and either `mean` or `scale`"),
            },
            Self::LogLogistic { median, shape } => {
                KernelLaw::log_logistic_shape_median(shape.value(), median.base())?
            }
            Self::Beta { min, max, mean, cv, alpha, beta } => match (mean, cv, alpha, beta) {
                (Some(mean), Some(cv), None, None) => {
                    let mean = mean.base();
                    KernelLaw::beta_mean_sd(min.base(), max.base(), mean, mean * cv.value())?
                }
                (None, None, Some(alpha), Some(beta)) => {
                    KernelLaw::beta(min.base(), max.base(), alpha.value(), beta.value())?
                }
                _ => return wrong("Beta", "`min`, `max` and either `mean` and `cv` or `alpha` and `beta`"),
            },
            Self::TruncatedNormal { mean, sd, min, max } => {
                let least = if Q::MAY_BE_NEGATIVE { f64::NEG_INFINITY } else { 0.0 };
                let (min, max) = bounds(*min, *max, least);
                KernelLaw::truncated_normal(mean.base(), sd.base(), min, max)?
            }
            Self::Empirical { values: Some(values), file, column, unit, decimal } => {
                let is_of_file = column.is_some() || unit.is_some() || *decimal != Decimal::Point;
                if file.is_none() && is_of_file {
                    return wrong("Empirical", "`values`, or `file` with `column` and `unit`");
                }
                KernelLaw::empirical(values.iter().map(|value| value.base()))?
            }
            Self::Empirical { .. } => {
                return wrong("Empirical", "`values`, or `file` with `column` and `unit`");
            }
            Self::Discrete(values) => {
                KernelLaw::discrete(values.iter().map(|one| (one.value.base(), one.weight.value())))?
            }
            Self::Quantiles(points) => {
                KernelLaw::quantiles(points.iter().map(|point| (point.p.as_f64(), point.value.base())))?
            }
            Self::Mixture(parts) => {
                let parts = parts.iter().map(|part| Ok((part.law.spec.compile()?, part.weight.value())));
                KernelLaw::mixture(parts.collect::<Result<Vec<_>, LawProblem>>()?)?
            }
            Self::Shifted { by, law } => KernelLaw::shifted(law.spec.compile()?, by.base())?,
            Self::Scaled { by, law } => KernelLaw::scaled(law.spec.compile()?, by.value())?,
            Self::Truncated { law, min, max } => {
                if min.is_none() && max.is_none() {
                    return wrong("Truncated", "`law` and at least one of `min` and `max`");
                }
                let (min, max) = bounds(*min, *max, f64::NEG_INFINITY);
                KernelLaw::truncated(law.spec.compile()?, min, max)?
            }
        })
    }
}

fn bounds<Q: LawValue>(min: Option<Q>, max: Option<Q>, least: f64) -> (f64, f64) {
    (min.map_or(least, LawValue::base), max.map_or(f64::INFINITY, LawValue::base))
}
