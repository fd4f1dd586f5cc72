//! A figure: an estimate with its interval. `experiment` makes both.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Verdict, finite};

/// A remark on a figure, beside its numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Remark {
    /// Nothing was observed, so there is no estimate.
    NoObservations,
    /// A single replication gives no interval.
    OneReplication,
    /// A mean that leaves out unfinished shipments, so it is too favourable.
    LeavesOutUnfinished,
    /// Infinite values (unfinished shipments) leave the interval without an upper end, or leave none at all.
    InfiniteInSome,
    /// All replications gave 0 % or all gave 100 %. The interval is exact for a cautious number of independent units.
    AllOrNone,
    /// Too few replications for this figure: one or two of them, or a few values beyond a far percentile, determine the interval. It covers
    /// less often than its confidence says.
    FewReplications,
}

/// An estimate across replications with its confidence interval, or a plain count.
///
/// JSON holds no infinite numbers. A percentile that lies among the unfinished shipments is `{"estimate": null, "infinite": true}`. An
/// interval with an infinite upper end has `"ci_high_infinite": true`. A figure without observations is `{"estimate": null}` with a
/// [`Remark`]. A plain count is `{"estimate": 12.0}`.
///
/// The confidence level is the same for all figures of a file: [`Results::confidence`](crate::Results::confidence).
/// Units: times in hours, shares as fractions of one, others as the metric's path says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Figure {
    /// Point estimate; `None` when infinite (see `infinite`) or undefined.
    #[serde(serialize_with = "finite::optional")]
    pub estimate: Option<f64>,
    /// The estimate is infinite.
    #[serde(default, skip_serializing_if = "finite::is_unset")]
    pub infinite: bool,
    /// Lower end of the interval; `None` when there is none (or when it is infinite like the estimate).
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "finite::optional")]
    pub ci_low: Option<f64>,
    /// Upper end of the interval; `None` when there is none or when it is infinite.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "finite::optional")]
    pub ci_high: Option<f64>,
    /// The upper end of the interval is infinite.
    #[serde(default, skip_serializing_if = "finite::is_unset")]
    pub ci_high_infinite: bool,
    /// Half the length of the interval. The interval of a share need not be symmetric about the estimate.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "finite::optional")]
    pub half_width: Option<f64>,
    /// Replications that contributed; 0 (and not written) for a plain count.
    #[serde(default, skip_serializing_if = "finite::is_zero")]
    pub replications: u32,
    /// A remark, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remark: Option<Remark>,
}

impl Figure {
    /// Makes a plain count: an estimate and nothing else.
    pub fn count(count: u64) -> Self {
        Self { estimate: Some(count as f64), ..Self::default() }
    }

    /// Makes a figure from its numbers. Infinite values set the flags, and NaN becomes an absent value.
    pub fn from_parts(estimate: f64, interval: Option<(f64, f64)>, replications: u32) -> Self {
        let finite = |value: f64| value.is_finite().then_some(value);
        let (low, high) = interval.unzip();
        Self {
            estimate: finite(estimate),
            infinite: estimate == f64::INFINITY,
            ci_low: low.and_then(finite),
            ci_high: high.and_then(finite),
            ci_high_infinite: high == Some(f64::INFINITY),
            half_width: interval.and_then(|(low, high)| finite((high - low) / 2.0)),
            replications,
            remark: None,
        }
    }

    /// Makes a figure with a one-sided upper bound. Infinite and NaN as in [`Figure::from_parts`].
    pub fn with_upper_bound(estimate: f64, bound: f64, replications: u32) -> Self {
        let figure = Self::from_parts(estimate, Some((f64::NAN, bound)), replications);
        Self { half_width: None, ..figure }
    }

    /// Makes a figure without interval, such as a ratio of totals. Infinite and NaN as in [`Figure::from_parts`].
    pub fn plain(estimate: f64) -> Self {
        Self::from_parts(estimate, None, 0)
    }

    /// Makes a figure that has no value.
    pub fn undefined(remark: Remark) -> Self {
        Self { remark: Some(remark), ..Self::default() }
    }

    /// Adds a remark.
    #[must_use]
    pub fn with_remark(self, remark: Remark) -> Self {
        Self { remark: Some(remark), ..self }
    }

    /// Returns the estimate as a float: infinity where it is infinite, `None` where there is none.
    pub fn value(&self) -> Option<f64> {
        if self.infinite { Some(f64::INFINITY) } else { self.estimate }
    }

    /// Returns the upper end of the interval, or the one-sided upper bound: infinity where it is infinite, `None` where there is none.
    pub fn upper(&self) -> Option<f64> {
        if self.ci_high_infinite { Some(f64::INFINITY) } else { self.ci_high }
    }

    /// Returns the two-sided interval, whose upper end may be infinite; `None` when there is none.
    pub fn interval(&self) -> Option<(f64, f64)> {
        self.ci_low.zip(self.upper())
    }

    /// Judges the figure, a share, against a target by its two-sided interval ([`Verdict::of`]).
    pub fn verdict(&self, target: f64) -> Verdict {
        let (low, high) = self.interval().unzip();
        Verdict::of(low, high, target)
    }
}
