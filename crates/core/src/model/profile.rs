//! Seasonal intensity: operational time that a profile stretches into real time, and shares of quantities.

use sanda_units::Time;

/// The instant at which `gap` milliseconds of operational time have passed since `from`; `i64::MAX` if never.
///
/// `place` is the entry of `rates` in force. It only moves forward: `from` must not decrease from call to call.
pub(crate) fn stretch_by(rates: &[(Time, f64)], place: &mut usize, from: i64, gap: i64) -> i64 {
    let (mut at, mut left) = (from, gap as f64);
    loop {
        while rates.get(*place + 1).is_some_and(|&(next, _)| next.as_ms() <= at) {
            *place += 1;
        }
        let rate = rates[*place].1;
        let Some(&(next, _)) = rates.get(*place + 1) else {
            return if rate > 0.0 { at.saturating_add(round(left / rate)) } else { i64::MAX };
        };
        let stretch = (next.as_ms() - at) as f64 * rate;
        if left <= stretch && rate > 0.0 {
            return at + round(left / rate);
        }
        left -= stretch;
        at = next.as_ms();
    }
}

/// Rounds a non-negative time to whole milliseconds.
fn round(value: f64) -> i64 {
    (value + 0.5) as i64
}

/// So much of a quantity, rounded down; a hair is added so that 0.1 of 10 is 1.
pub(crate) fn share_of(quantity: i64, factor: f64) -> i64 {
    (quantity as f64 * factor + 1e-9) as i64
}
