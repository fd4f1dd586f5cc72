//! Queues at resources: waits, priorities, hours, failures, rooms and ties, worked out by hand.
//!
//! Does not own queues for departures (`services`), nor the check of mean waits against theory (`figures::theory`).

mod branches;
mod counters;
mod endless;
mod servers;
mod ties;
