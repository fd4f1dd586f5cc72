//! Closed forms and exact numeric solutions of queues, timetables and steps.
//!
//! Owns the reference values of the simulation, each with its formula and source. Knows nothing of scenarios or of the simulator, so that
//! their errors are independent. Rates are per hour and times in hours unless stated otherwise; any other unit of time works too, if used
//! throughout.

pub mod blocking;
pub mod breakdown;
pub mod bulk;
pub mod connection;
pub mod deterministic;
pub mod dispatch;
pub mod erlang;
pub mod headway;
pub mod hours;
pub mod lindley;
pub mod loss;
pub mod markov;
pub mod moments;
pub mod network;
pub mod numeric;
pub mod patience;
pub mod priority;
pub mod renewal;
pub mod single;
pub mod steps;
pub mod storm;
pub mod varying;
