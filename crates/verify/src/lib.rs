//! Theory against simulation: small scenarios with known answers, and the verdict on each figure.
//!
//! Owns the closed forms ([`theory`]), the cases (`cases`), the judgement of a figure (`judge`), and the table that `sanda verify` prints.
//! Does not own estimates (`sanda_experiment`) or the language (`sanda_scenario`): a case is the text of a scenario, run like any other.
//!
//! # The verdict
//!
//! The replication is the unit of inference. The standard error of a figure comes from its own interval over replications. A figure agrees
//! if theory lies within a certain number of standard errors. That number is such that all figures of a run together raise a false alarm at
//! most once in a thousand runs (Student's t, Bonferroni's inequality over the figures). The table also states the smallest error that
//! would be detected.

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
