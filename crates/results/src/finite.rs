//! The rule that no number in a results file is infinite or NaN, enforced where floats are written.
//!
//! It does not decide how an infinite percentile is shown: [`Figure`](crate::Figure) has a flag for that.

use serde::Serializer;
use serde::ser::Error;

/// Writes a finite float, and negative zero as zero. JSON has no other numbers; `serde_json` alone would write `null` for them.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature is given by serde's serialize_with")]
pub(crate) fn number<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    if value.is_finite() {
        serializer.serialize_f64(*value + 0.0)
    } else {
        Err(S::Error::custom(format!("{value} is not a finite number")))
    }
}

/// Writes a finite float or `null`.
#[expect(clippy::ref_option, reason = "the signature is given by serde's serialize_with")]
pub(crate) fn optional<S: Serializer>(value: &Option<f64>, serializer: S) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => number(value, serializer),
        None => serializer.serialize_none(),
    }
}

/// Returns whether a flag is not set, so that it is not written.
#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature is given by serde's skip_serializing_if"
)]
pub(crate) fn is_unset(flag: &bool) -> bool {
    !*flag
}

/// Returns whether a number is zero, so that it is not written: a plain count has no replications.
#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature is given by serde's skip_serializing_if"
)]
pub(crate) fn is_zero(count: &u32) -> bool {
    *count == 0
}
