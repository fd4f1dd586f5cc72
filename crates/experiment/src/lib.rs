//! Replications, estimates and intervals.
//!
//! Owns: replications on all cores merged in index order ([`run`]), which figures there are (`metrics`), their
//! estimation ([`estimate`]) and the assembly of `results.json` ([`assemble`]), with the weeks and recoveries (`recovery`), the ranges over
//! inputs that are not known (`inputs`) and the mixes of lanes that are assumed (`mix`). Does not own the simulation itself
//! (`sanda_core`), the scenario language (`sanda_scenario`) or how results are shown (`sanda_report`).

mod assemble;
mod attribution;
mod basis;
mod compare;
mod costs;
pub mod estimate;
mod figure;
mod gather;
mod inputs;
mod metrics;
mod mix;
mod notes;
mod pieces;
mod recovery;
mod run;
mod sample;
mod section;
mod share;
mod surroundings;
mod workers;

pub use assemble::assemble;
pub use attribution::{
    Asked, Attributed, Cause, IdealOutcomes, Observed, Placed, attribute, causes, remove, try_ideal,
};
pub use basis::add_basis;
pub use compare::{Side, compare};
pub use gather::Gathered;
pub use inputs::{
    InputError, InputOutcomes, InputPlan, PointCounts, add_inputs, default_points, latin_hypercube,
    try_inputs,
};
pub use pieces::Pieces;
pub use run::{Plan, Progress, RunError, run};
pub use sample::Sample;
pub use share::{Task, make_pieces, missing, tasks};
pub use surroundings::{add_interruption, add_overrides};
