//! The input of the distribution figure. It holds numbers and names only; `figure::input` fills it from results.

use sanda_results::{Bin, Text, Verdict};

use crate::words::number::Estimate;
use crate::words::phrase::Deadline;

/// Shares of shipments for which the figure marks the time within which they arrive.
pub(super) const SHOWN: [f64; 3] = [0.50, 0.90, 0.95];

/// The promise that a distribution is judged by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PromiseMark {
    /// What it demands.
    pub deadline: Deadline,
    /// Share of shipments that keep it, a fraction of one; `None` when none was released.
    pub share: Option<Estimate>,
    /// Target share, a fraction of one.
    pub target: f64,
    /// Whether the share reaches the target.
    pub verdict: Verdict,
}

/// Input of [`distribution`](super::distribution).
#[derive(Clone, Debug, PartialEq)]
pub struct DistributionFigure {
    /// Name of the promise or flow.
    pub title: Text,
    /// Name of the clock: what the time is measured between.
    pub clock: Text,
    /// Finite times in hours, by rising edge. A bin may be a single value.
    pub bins: Vec<Bin>,
    /// All shipments over all replications, the unfinished included.
    pub n_shipments: u64,
    /// Shipments among these that never arrived.
    pub n_unfinished: u64,
    /// Replications.
    pub n_replications: u32,
    /// Shares of shipments with the hours within which they arrive, both rising. The figure shows 50, 90 and 95 %.
    pub percentiles: Vec<(f64, Estimate)>,
    /// The promise, if there is one.
    pub promise: Option<PromiseMark>,
    /// Confidence level of the intervals, a fraction of one.
    pub confidence: f64,
    /// Further small print, one line a note: the scenario it belongs to, say.
    pub notes: Vec<String>,
}
