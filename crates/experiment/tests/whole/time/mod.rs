//! Civil time: zones, holidays, nights on which clocks change.
//!
//! Does not own weeks and months as units of the results (`closures::recovery`).

mod calendars;
mod zones;
