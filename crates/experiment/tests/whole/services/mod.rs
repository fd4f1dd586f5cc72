//! Services: what boards which departure, vehicles, consolidation, and the figures of timetables.
//!
//! Does not own the choice between services (`routes`).

mod consolidation;
mod fleets;
mod loads;
mod schedules;
