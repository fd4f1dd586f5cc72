//! The regression gate: compares a model's results with those that a person last approved.
//!
//! A **baseline** is a file with every gated metric of a scenario, replication by replication, and the margin by which each may move.
//! `bless` writes it with a reason; `check` compares.
//!
//! Owns: the gated metrics and their default margins (`family`), the baseline file and its ledger (`baseline`, `bless`), the comparison
//! (`compare`, `judge`), the order of its steps (`assess`), the findings as data (`findings`), and their text, Markdown, JSON, JUnit and
//! SARIF forms. Does not own the simulation or the statistics (`sanda_experiment`), or files, arguments and exit codes (`cli`).

mod assess;
mod baseline;
mod bless;
mod compare;
mod family;
mod findings;
mod judge;
mod junit;
mod markdown;
mod number;
mod power;
mod sarif;
mod text;
mod values;

pub use assess::{Observed, Plan, Tier, assess};
pub use baseline::{Baseline, BaselineError, Entry, Metric, ScenarioId};
pub use bless::{Blessing, Now, bless};
pub use compare::{Comparison, Moved, MovedKind, compare};
pub use family::{Family, family_of, is_gated};
pub use findings::{
    CHECK_SCHEMA, Cause, Counts, Drift, Finding, Findings, Move, MoveVerdict, Place, Verdict,
};
pub use junit::junit;
pub use markdown::markdown;
pub use power::{Need, needs, power_table};
pub use sarif::sarif;
pub use text::{blessing_text, findings_text};
