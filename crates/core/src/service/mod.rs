//! Yards, departures, vehicles and fleets.
//!
//! A train takes on cargo in `boarding`; `common_lines` is for shipments that wait for several services, `split` for shipments of several units.

mod boarding;
mod common_lines;
mod fleet;
mod split;
mod vehicle;
