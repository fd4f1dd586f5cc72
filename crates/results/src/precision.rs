//! What came of a precision that was asked for. When there are enough replications is decided by `experiment`.

use serde::{Deserialize, Serialize};

use crate::finite;

/// A half-width that was asked for, and the one that was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PrecisionEntry {
    /// Path of the metric.
    pub metric: String,
    /// What was asked for, as written: `0.5pp`, `6h`, `2%`.
    pub asked: String,
    /// The half-width that this is, in the unit of the metric; of a relative one, for the estimate found. `None` without an estimate.
    #[serde(serialize_with = "finite::optional")]
    pub wanted: Option<f64>,
    /// The half-width found.
    #[serde(serialize_with = "finite::optional")]
    pub half_width: Option<f64>,
    /// Whether it is no larger than what was asked for.
    pub is_reached: bool,
    /// About how many replications it would take in all, where it is not reached and a number can be given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needed: Option<u64>,
}

/// The precision that was asked for, and what came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PrecisionReport {
    /// Whether all of it was reached, and lasted.
    pub is_reached: bool,
    /// Most replications that were allowed.
    pub budget: u64,
    /// In the order in which they were asked for.
    pub entries: Vec<PrecisionEntry>,
}
