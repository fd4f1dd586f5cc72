//! The discrete-event kernel: random numbers, laws, special functions, the event calendar, histograms and tallies.
//!
//! Owns nothing specific to freight: no shipment, node, unit or file. Time is an `i64` count of milliseconds and all state is integer.
//! Floating point appears only inside [`law`] and [`special`], whose samples are rounded once to a whole number, and where a tally is read after the run.
//!
//! Determinism: every result is a pure function of its inputs, with the same bits on every platform, for any order of recording and any
//! number of threads.

pub mod calendar;
pub mod groups;
pub mod heap;
pub mod histogram;
pub mod instants;
pub mod law;
pub mod ledger;
pub mod order;
pub mod portable;
pub mod random;
pub mod scc;
pub mod special;
pub mod tally;
pub mod week;

/// An instant that never comes; also "not stamped".
pub const NEVER: i64 = i64::MAX;
