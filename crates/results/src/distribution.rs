//! Distributions as stored: bins, percentiles and unfinished observations. `core` tallies them and `experiment` thins them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Figure, finite};

/// A bin of observations from `from` (inclusive) to `to` (exclusive).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Bin {
    /// Lower edge, in the distribution's unit.
    #[serde(serialize_with = "finite::number")]
    pub from: f64,
    /// Upper edge.
    #[serde(serialize_with = "finite::number")]
    pub to: f64,
    /// Number of observations over all replications.
    pub count: u64,
}

/// One percentile: the smallest value that at least this share of the observations does not exceed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Percentile {
    /// The share, a fraction of one.
    #[serde(serialize_with = "finite::number")]
    pub share: f64,
    /// The value, in the distribution's unit; infinite when it lies among the unfinished observations.
    pub value: Figure,
}

/// The distribution of a quantity over all shipments of all replications.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Distribution {
    /// The unit of edges and percentiles: `"h"`.
    pub unit: String,
    /// Bins with observations, by rising edge.
    pub bins: Vec<Bin>,
    /// Number of infinite observations: unfinished and lost shipments.
    pub unfinished: u64,
    /// Number of all observations, the unfinished included.
    pub total: u64,
    /// A limit to draw, in the same unit.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "finite::optional")]
    pub limit: Option<f64>,
    /// Percentiles by rising share.
    pub percentiles: Vec<Percentile>,
}

impl Distribution {
    /// Returns the percentile at a share, if stored. Shares are compared to within a millionth.
    pub fn percentile(&self, share: f64) -> Option<&Figure> {
        self.percentiles.iter().find(|entry| (entry.share - share).abs() < 1e-6).map(|entry| &entry.value)
    }
}
