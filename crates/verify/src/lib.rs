//! Theory against simulation: small scenarios whose answers are known, and the verdict on each figure.
//!
//! Owns the closed forms ([`theory`]), the cases (`cases`), how a figure is judged (`judge`), and the table that `sanda verify` prints. Does
//! not own estimates (`sanda_experiment`) nor the language (`sanda_scenario`): a case is the text of a scenario, run as any other.
//!
//! # The verdict
//!
//! The replication is the unit of inference. The standard error of a figure is taken from its own interval over replications, and a
//! figure agrees if theory lies within so many standard errors that all figures of a run together raise a false alarm in one run of
//! a thousand at most (Student's t, Bonferroni's inequality over the figures). Beside it stands the smallest error that would be seen.

mod case;
mod cases;
mod judge;
mod run;
mod table;
pub mod theory;

pub use case::{Case, Depth, Expected, Unit};
pub use cases::all;
pub use judge::{FALSE_ALARM, Limits, Row, Verdict};
pub use run::{Findings, Plan, VerifyError, run_case};
pub use table::{heading, summary, table, to_json};
