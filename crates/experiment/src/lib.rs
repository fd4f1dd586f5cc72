//! Replications, estimates and intervals.
//!
//! Owns: replications on all cores merged in index order ([`run`]), which figures there are (`metrics`), their
//! estimation ([`estimate`]) and the assembly of `results.json` ([`assemble`]). Does not own the simulation itself
//! (`sanda_core`), the scenario language (`sanda_scenario`) or how results are shown (`sanda_report`).

mod assemble;
mod costs;
pub mod estimate;
mod figure;
mod gather;
mod metrics;
mod notes;
mod run;
mod section;

pub use assemble::assemble;
pub use gather::Gathered;
pub use run::{Plan, Progress, RunError, run};
