//! Instants and durations on the simulation's clock.
//!
//! Owns: integer milliseconds since the scenario's start, their arithmetic and the text form of durations.
//! Does not own: civil time, zones and calendars, which belong to `network`; here a day is always 24 h and a
//! week 168 h.

use std::fmt;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};

use serde::{Deserialize, Serialize};

use crate::integer::integer_quantity;
use crate::number::nearest;

const MS_PER_S: i64 = 1000;
const MS_PER_MIN: i64 = 60 * MS_PER_S;
const MS_PER_HOUR: i64 = 60 * MS_PER_MIN;
const MS_PER_DAY: i64 = 24 * MS_PER_HOUR;
const MS_PER_WEEK: i64 = 7 * MS_PER_DAY;

/// An instant: milliseconds since the start of the scenario. Negative before the start.
///
/// The operators are plain integer operations, checked for overflow in debug builds alone: a simulated century is 2^42 ms, far below the
/// limit of 2^63. Values from files are read by checked functions first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Time(i64);

impl Time {
    /// The start of the scenario.
    pub const ZERO: Self = Self(0);
    /// The latest instant: "never".
    pub const MAX: Self = Self(i64::MAX);
    /// The earliest instant.
    pub const MIN: Self = Self(i64::MIN);

    /// Creates an instant from milliseconds since the start.
    #[inline]
    pub const fn from_ms(ms: i64) -> Self {
        Self(ms)
    }

    /// Returns the milliseconds since the start.
    #[inline]
    pub const fn as_ms(self) -> i64 {
        self.0
    }

    /// Returns the hours since the start.
    #[inline]
    pub const fn as_hours_f64(self) -> f64 {
        self.0 as f64 / MS_PER_HOUR as f64
    }

    /// Returns the instant a duration later, or `None` when it is not representable.
    #[inline]
    pub const fn checked_add(self, duration: Duration) -> Option<Self> {
        match self.0.checked_add(duration.0) {
            Some(ms) => Some(Self(ms)),
            None => None,
        }
    }

    /// Returns the instant a duration earlier, or `None` when it is not representable.
    #[inline]
    pub const fn checked_sub(self, duration: Duration) -> Option<Self> {
        match self.0.checked_sub(duration.0) {
            Some(ms) => Some(Self(ms)),
            None => None,
        }
    }

    /// Returns the instant a duration later, at most [`Time::MAX`].
    #[inline]
    pub const fn saturating_add(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(duration.0))
    }

    /// Returns the instant a duration earlier, at least [`Time::MIN`].
    #[inline]
    pub const fn saturating_sub(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(duration.0))
    }

    /// Returns the time from an earlier instant to this one, or zero if it is not earlier.
    #[inline]
    pub const fn saturating_since(self, earlier: Self) -> Duration {
        let ms = self.0.saturating_sub(earlier.0);
        Duration(if ms > 0 { ms } else { 0 })
    }
}

impl Add<Duration> for Time {
    type Output = Self;
    #[inline]
    fn add(self, duration: Duration) -> Self {
        Self(self.0 + duration.0)
    }
}

impl AddAssign<Duration> for Time {
    #[inline]
    fn add_assign(&mut self, duration: Duration) {
        self.0 += duration.0;
    }
}

impl Sub<Duration> for Time {
    type Output = Self;
    #[inline]
    fn sub(self, duration: Duration) -> Self {
        Self(self.0 - duration.0)
    }
}

impl SubAssign<Duration> for Time {
    #[inline]
    fn sub_assign(&mut self, duration: Duration) {
        self.0 -= duration.0;
    }
}

impl Sub for Time {
    type Output = Duration;
    #[inline]
    fn sub(self, earlier: Self) -> Duration {
        Duration(self.0 - earlier.0)
    }
}

/// Formats the duration since the start: "2d 6h".
impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&Duration(self.0), f)
    }
}

/// A length of time in milliseconds. Negative only as a difference of instants; text never gives a negative
/// one.
///
/// Written as "36h", "2d 6h", "1.5h", "90min", "45s", "500ms", "1w"; printed with days, hours, minutes,
/// seconds and milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Duration(i64);

integer_quantity!(
    Duration,
    name: "duration",
    units: [
        ("h", MS_PER_HOUR), ("d", MS_PER_DAY), ("w", MS_PER_WEEK), ("min", MS_PER_MIN), ("s", MS_PER_S), ("ms", 1),
    ],
    example: "2d 6h",
    misnomers: [
        ("hour", "h"), ("hours", "h"), ("hr", "h"), ("hrs", "h"), ("小时", "h"), ("时", "h"), ("ｈ", "h"),
        ("day", "d"), ("days", "d"), ("天", "d"), ("日", "d"),
        ("week", "w"), ("weeks", "w"), ("周", "w"), ("星期", "w"),
        ("m", "min"), ("mins", "min"), ("minute", "min"), ("minutes", "min"), ("分", "min"), ("分钟", "min"),
        ("sec", "s"), ("secs", "s"), ("second", "s"), ("seconds", "s"), ("秒", "s"), ("毫秒", "ms"),
        ("msec", "ms"), ("millis", "ms"),
    ],
    parts: true
);

impl Duration {
    /// Creates a duration from milliseconds.
    #[inline]
    pub const fn from_ms(ms: i64) -> Self {
        Self(ms)
    }

    /// Creates a duration from seconds.
    #[inline]
    pub const fn from_secs(seconds: i64) -> Self {
        Self(seconds * MS_PER_S)
    }

    /// Creates a duration from minutes.
    #[inline]
    pub const fn from_mins(minutes: i64) -> Self {
        Self(minutes * MS_PER_MIN)
    }

    /// Creates a duration from hours.
    #[inline]
    pub const fn from_hours(hours: i64) -> Self {
        Self(hours * MS_PER_HOUR)
    }

    /// Creates a duration from days of 24 h.
    #[inline]
    pub const fn from_days(days: i64) -> Self {
        Self(days * MS_PER_DAY)
    }

    /// Creates a duration from hours, rounded to the nearest millisecond, halves away from zero.
    ///
    /// Saturates at the ends of the range; NaN gives zero. This is the one place where sampled hours become integer time.
    #[inline]
    pub fn from_hours_f64(hours: f64) -> Self {
        Self(nearest(hours * MS_PER_HOUR as f64))
    }

    /// Creates a duration from milliseconds, rounded to the nearest, halves away from zero. Saturates as [`Duration::from_hours_f64`] does.
    #[inline]
    pub fn from_ms_f64(ms: f64) -> Self {
        Self(nearest(ms))
    }

    /// Returns the duration in milliseconds.
    #[inline]
    pub const fn as_ms(self) -> i64 {
        self.0
    }

    /// Returns the duration in hours.
    #[inline]
    pub const fn as_hours_f64(self) -> f64 {
        self.0 as f64 / MS_PER_HOUR as f64
    }

    /// Returns the duration in days of 24 h.
    #[inline]
    pub const fn as_days_f64(self) -> f64 {
        self.0 as f64 / MS_PER_DAY as f64
    }

    /// Returns whether the duration is below zero, as a difference may be.
    #[inline]
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }
}

impl Neg for Duration {
    type Output = Self;
    #[inline]
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

/// Formats canonically: days, hours, minutes, seconds, milliseconds, each where it is not zero ("2d 6h", "90ms"); "0s" for zero.
impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0.unsigned_abs();
        let mut parts: Vec<String> = Vec::new();
        for (unit, scale) in
            [("d", MS_PER_DAY), ("h", MS_PER_HOUR), ("min", MS_PER_MIN), ("s", MS_PER_S), ("ms", 1)]
        {
            let count = rest / scale.unsigned_abs();
            rest %= scale.unsigned_abs();
            if count > 0 {
                parts.push(format!("{count}{unit}"));
            }
        }
        if parts.is_empty() {
            return f.pad("0s");
        }
        let sign = if self.0 < 0 { "-" } else { "" };
        f.pad(&format!("{sign}{}", parts.join(" ")))
    }
}
