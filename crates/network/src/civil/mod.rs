//! Civil time: dates, local clocks, weekly rules and opening hours, and the instants that they mean.
//!
//! Owns: the reading of dates and times of day, time zones, and the epoch where the simulation's clock starts.
//! Does not own: places (`graph`).

mod date;
mod hours;
mod moment;
mod timetable;
mod week;
mod zone;

pub use date::{CivilDate, CivilDateTime, CivilError, Weekday, Weekdays};
pub use hours::{ClosedDates, OpenIntervals, OpeningHours, OpeningRule};
pub use moment::{Moment, MomentError};
pub use timetable::{DatedTimes, Repeated, WeeklyTime, WeeklyTimes};
pub use week::{HOURS_PER_WEEK, WeekClock};
pub use zone::{Epoch, EpochError, LocalTime, Zone, ZoneError, tz_version};
