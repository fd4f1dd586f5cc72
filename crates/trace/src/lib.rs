//! The lives of single shipments.
//!
//! Owns: the observer that records lives ([`Lives`]), a recorded life ([`Life`]), the smallest change that would have kept a broken promise
//! ([`Rescue`]), its account for programs ([`Trace`]), the story for people, and the files made of many lives. Does not own the simulation
//! (`sanda_core`), the scenario language (`sanda_scenario`) or figures over many shipments (`sanda_experiment`).

pub mod account;
mod deliveries;
mod departures;
mod disruptions;
mod event_table;
mod events;
mod facts;
mod flips;
mod life;
mod log;
mod ocel;
mod recorder;
mod rescue;
mod story;
mod teller;
mod verdict;
mod words;

pub use account::Trace;
pub use deliveries::write_deliveries;
pub use departures::{AtStop, Departure, Departures, Loaded};
pub use disruptions::{Disruptions, Lasting};
pub use event_table::write_events;
pub use facts::{Facts, Named, Text};
pub use flips::{Flips, Recorded, flips};
pub use life::{Because, Ending, Life, NotTaken, PromiseOutcome, Ride, Stage, Visit};
pub use ocel::write_ocel;
pub use recorder::Lives;
pub use rescue::{Change, Rescue};
pub use words::Language;
