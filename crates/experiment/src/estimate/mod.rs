//! Estimates across replications, with confidence intervals: pure functions of numbers, one per replication.
//!
//! The replication is the unit of inference, never the shipment: shipments aboard one train share its fate. Everything here
//! takes one number, or one pair, per replication and knows no shipment, flow or file. Does not own which figures are estimated, nor
//! their paths (`metrics`). Special functions are in `sanda_core::kernel::special`.
//!
//! | quantity | point | interval |
//! |---|---|---|
//! | [`mean_t`] | mean of the replications | Student t, corrected for skewness (Hall, Willink) |
//! | [`ratio`] | ratio of sums | the same on the jackknife standard error |
//! | [`share`] | ratio of sums | beta interval on the effective number of independent shipments |
//! | [`quantile_by_share`] | pooled quantile | pooled quantiles at the shares that the data do not refute (Woodruff) |
//! | [`quantile_sectioned`] | pooled quantile | as of a mean, on the spread of the replications' own quantiles |
//! | [`paired_mean`] and its like | difference under common luck | Student t on paired replications, corrected for skewness |
//! | [`unpaired_mean`] and its like | difference under luck of its own | the same with Welch's degrees of freedom |
//!
//! Conclusions from differences: [`conclude`] for one, [`simultaneous`], [`compare_with_best`] and [`order_chance`] for several,
//! [`judge_gate`] for a gate. [`Precision`] decides when there are enough replications. [`mser_5`] and [`welch`] tell how long a model
//! warms up.
//!
//! Coverage of each, over many macro-replications with known truth, is tested in `tests/coverage/`.

mod decide;
mod difference;
mod evidence;
mod gate;
mod mean;
mod multiple;
mod paired;
mod precision;
mod quantile;
mod ratio;
mod share;
mod skew;
mod unpaired;
mod warm_up;

use sanda_results::{Figure, Remark, Verdict};

pub use sanda_core::kernel::special::{student_t, student_tail};

pub use decide::{Conclusion, Preference, Size, conclude, more_replications};
pub use difference::Difference;
pub use gate::{Change, GateOutcome, GateVerdict, Gated, GatedMetric, Look, judge_gate, replications_needed};
pub use mean::mean_t;
pub use multiple::{AgainstBest, Member, Order, compare_with_best, holm, order_chance, simultaneous};
pub use paired::{paired_mean, paired_quantile, paired_ratio, paired_share, ratio_values};
pub use precision::{Next, Precision, Reached, Target};
pub use quantile::{
    Bracket, quantile_by_share, quantile_sectioned, quantile_upper_bound, quantile_upper_bound_sectioned,
};
pub use ratio::ratio;
pub use share::{ShareEstimate, share};
pub use unpaired::{unpaired_mean, unpaired_quantile, unpaired_ratio, unpaired_share};
pub use warm_up::{WarmUp, mser_5, welch};

/// A confidence level: a number above 0 and below 1.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Confidence(f64);

impl Confidence {
    /// 95 %, the level used unless something else is asked for.
    pub const P95: Self = Self(0.95);

    /// Makes a level; `None` unless it lies between 0 and 1, both excluded.
    pub fn new(level: f64) -> Option<Self> {
        (level > 0.0 && level < 1.0).then_some(Self(level))
    }

    /// The level as a fraction of one.
    pub fn level(self) -> f64 {
        self.0
    }

    /// The probability beyond each end of a two-sided interval.
    fn two_sided_tail(self) -> f64 {
        (1.0 - self.0) / 2.0
    }

    /// The probability beyond a one-sided bound.
    fn one_sided_tail(self) -> f64 {
        1.0 - self.0
    }
}

/// An estimate and, where one can be given, its interval or its upper bound.
///
/// `value` may be infinite (a quantile among the unfinished) and is NaN when nothing was observed. An interval has both ends; a
/// one-sided bound has `high` alone. `high` may be infinite, and `low` with it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Point estimate.
    pub value: f64,
    /// Lower end.
    pub low: Option<f64>,
    /// Upper end, or upper bound.
    pub high: Option<f64>,
    /// Replications that contributed.
    pub n_replications: u32,
    /// Why something is missing or unusual.
    pub remark: Option<Remark>,
}

impl Estimate {
    /// An estimate with both ends of its interval.
    fn between(value: f64, low: f64, high: f64, n_replications: usize) -> Self {
        Self { value, low: Some(low), high: Some(high), n_replications: n_replications as u32, remark: None }
    }

    /// An estimate with an upper bound alone.
    fn below(value: f64, high: f64, n_replications: usize) -> Self {
        Self { value, low: None, high: Some(high), n_replications: n_replications as u32, remark: None }
    }

    /// An estimate that no interval can be given for: of nothing, of a single replication, or of infinite values.
    fn alone(value: f64, n_replications: usize) -> Self {
        let remark = match n_replications {
            0 => Remark::NoObservations,
            1 => Remark::OneReplication,
            _ => Remark::InfiniteInSome,
        };
        Self { value, low: None, high: None, n_replications: n_replications as u32, remark: Some(remark) }
    }

    /// The same with the remark that the interval rests on too few replications, where it does.
    fn with_few(self, is_few: bool) -> Self {
        if is_few && self.remark.is_none() { self.with_remark(Remark::FewReplications) } else { self }
    }

    fn with_remark(self, remark: Remark) -> Self {
        Self { remark: Some(remark), ..self }
    }

    /// Half the length of the interval; `None` without both ends or when an end is infinite.
    pub fn half_width(&self) -> Option<f64> {
        let (low, high) = self.low.zip(self.high)?;
        let half = (high - low) / 2.0;
        half.is_finite().then_some(half)
    }

    /// Judges the estimate, a share, against a target ([`Verdict::of`]).
    pub fn verdict(&self, target: f64) -> Verdict {
        Verdict::of(self.low, self.high, target)
    }
}

impl From<Estimate> for Figure {
    fn from(estimate: Estimate) -> Self {
        let Estimate { value, low, high, n_replications, remark } = estimate;
        let figure = match (low, high) {
            (None, Some(bound)) => Self::with_upper_bound(value, bound, n_replications),
            _ => Self::from_parts(value, low.zip(high), n_replications),
        };
        Self { remark, ..figure }
    }
}
