//! Civil time as instants of the run: opening hours, calendar periods, profiles, and arrivals that a file lists.
//!
//! Does not own the rules of civil time (`sanda_network`).

mod calendar;
pub(in crate::build) mod observed;
mod profile;
pub(in crate::build) mod when;
