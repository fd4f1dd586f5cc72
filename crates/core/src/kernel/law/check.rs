//! Checks of the parameters of constructors, and the errors they return.

use super::{LARGEST_PARAMETER, LawError};

pub(super) fn measured(parameter: &'static str, value: f64) -> Result<f64, LawError> {
    if !value.is_finite() {
        return Err(LawError::NotFinite { parameter });
    }
    if value.abs() > LARGEST_PARAMETER {
        return Err(LawError::TooLarge { parameter });
    }
    Ok(value)
}

pub(super) fn positive(parameter: &'static str, value: f64) -> Result<f64, LawError> {
    if measured(parameter, value)? > 0.0 { Ok(value) } else { Err(LawError::NotPositive { parameter }) }
}

pub(super) fn not_negative(parameter: &'static str, value: f64) -> Result<f64, LawError> {
    if measured(parameter, value)? >= 0.0 { Ok(value) } else { Err(LawError::Negative { parameter }) }
}

pub(super) fn within(
    parameter: &'static str,
    value: f64,
    (least, most): (f64, f64),
) -> Result<f64, LawError> {
    if !value.is_finite() {
        return Err(LawError::NotFinite { parameter });
    }
    if (least..=most).contains(&value) {
        Ok(value)
    } else {
        Err(LawError::OutOfRange { parameter, value, least, most })
    }
}

pub(super) fn interval(min: f64, max: f64) -> Result<(), LawError> {
    measured("min", min)?;
    measured("max", max)?;
    if min > max { Err(LawError::Disordered { lower: "min", upper: "max" }) } else { Ok(()) }
}

pub(super) fn interval_with_mode(min: f64, mode: f64, max: f64) -> Result<(), LawError> {
    interval_with(min, "mode", mode, max)
}

pub(super) fn interval_with(min: f64, name: &'static str, value: f64, max: f64) -> Result<(), LawError> {
    interval(min, max)?;
    measured(name, value)?;
    if value < min {
        return Err(LawError::Disordered { lower: "min", upper: name });
    }
    if value > max {
        return Err(LawError::Disordered { lower: name, upper: "max" });
    }
    Ok(())
}

/// Checks an interval whose ends may be infinite.
pub(super) fn range(min: f64, max: f64) -> Result<(), LawError> {
    if min != f64::NEG_INFINITY {
        measured("min", min)?;
    }
    if max != f64::INFINITY {
        measured("max", max)?;
    }
    if min > max { Err(LawError::Disordered { lower: "min", upper: "max" }) } else { Ok(()) }
}
