//! Requested precisions and the precisions reached. `experiment` decides when there are enough replications.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::finite;

/// A requested half-width, and the one that was reached.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PrecisionEntry {
    /// Path of the metric.
    pub metric: String,
    /// The request as written: `0.5pp`, `6h`, `2%`.
    pub asked: String,
    /// The requested half-width in the unit of the metric. A relative one is taken of the estimate. `None` without an estimate.
    #[serde(serialize_with = "finite::optional")]
    pub wanted: Option<f64>,
    /// The half-width that was reached.
    #[serde(serialize_with = "finite::optional")]
    pub half_width: Option<f64>,
    /// Whether it is no larger than the requested one.
    pub is_reached: bool,
    /// Approximate number of replications that the request needs in all, if it was not reached and the number can be estimated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needed: Option<u64>,
}

/// The requested precision, and whether it was reached.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PrecisionReport {
    /// Whether all requests were reached and stayed so.
    pub is_reached: bool,
    /// Greatest number of replications that was allowed.
    pub budget: u64,
    /// The requests, in the order in which they were made.
    pub entries: Vec<PrecisionEntry>,
}
