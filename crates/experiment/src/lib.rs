//! Replications, estimates and intervals.
//!
//! Owns replications on all cores, merged in index order ([`run`]); the list of figures (`metrics`); their estimation ([`estimate`]);
//! and the assembly of `results.json` ([`assemble`]). Owns as well what is asked beyond one run: recoveries (`recovery`), ranges over
//! inputs that are not known (`inputs`), mixes of lanes (`mix`), comparisons (`compare`), sweeps (`sweep`) and attribution. Does not own
//! the simulation (`sanda_core`), the scenario language (`sanda_scenario`) nor how results are shown (`sanda_report`).

mod argument;
mod assemble;
mod attribution;
mod basis;
mod catalogue;
mod compare;
mod costs;
mod design;
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
mod settling;
mod share;
mod surroundings;
mod sweep;
mod targets;
mod until;
mod workers;

pub use argument::ArgumentIssue;
pub use assemble::assemble;
pub use attribution::{
    Asked, Attributed, Cause, IdealOutcomes, Observed, Placed, attribute, causes, remove, try_ideal,
};
pub use basis::add_basis;
pub use catalogue::{Metric, catalogue, leading, select};
pub use compare::{Side, compare};
pub use design::{Design, MOST_POINTS};
pub use gather::{FingerprintsByReplication, Gathered};
pub use inputs::{
    InputError, InputOutcomes, InputPlan, PointCounts, add_inputs, default_points, latin_hypercube,
    try_inputs,
};
pub use pieces::Pieces;
pub use run::{Plan, Progress, RunError, run};
pub use sample::Sample;
pub use settling::settle;
pub use share::{Task, make_pieces, missing, tasks};
pub use surroundings::{add_interruption, add_overrides};
pub use sweep::{PointOutcome, SweepError, UnsoundPoint, assemble_sweep, compile_points, run_points};
pub use targets::{DEFAULT_BUDGET, PrecisionTarget, Wanted, add_precision, precision_note};
pub use until::run_until;
