//! The schema of `results.json` and `provenance.json`: their types, the metric paths, reading and writing.
//!
//! It deliberately does no arithmetic: `experiment` makes estimates and intervals, `report` makes pictures. It does hold the one rule by which
//! a share is judged against a target ([`Verdict::of`]). Readers of results, such as a notebook, need this crate alone.
//!
//! # Stability
//!
//! [`SCHEMA`] is the number at the head of every file. It rises when a field is removed, renamed or changes its meaning. A new field does not
//! raise it, and unknown fields are ignored on reading.
//!
//! Keys are in the order of the struct fields, and ids in maps are sorted. A float is written as the shortest text that reads back to the
//! same bits. `results.json` has no time stamp and no engine version, so equal results are equal files.
//!
//! # Examples
//!
//! ```
//! use sanda_results::{Results, paths};
//!
//! let results = Results::from_json(include_str!("../tests/small.json"))?;
//! let p95 = results.figure(&paths::flow_clock("boxes", "door-to-door", "p95")).expect("the run has this clock");
//! assert_eq!(p95.estimate, Some(14.25));
//! # Ok::<(), sanda_results::FormatError>(())
//! ```

mod attribution;
mod basis;
mod comparison;
mod distribution;
mod figure;
mod file;
mod file_schemas;
mod fingerprint;
mod finite;
mod lines;
pub mod paths;
mod precision;
mod promise;
mod provenance;
mod results;
mod route;
mod settling;
mod sweep;
mod text;

pub use attribution::{
    Amplification, AttributedCause, AttributedPromise, AttributedSubject, Attribution, Bound, CauseKind,
    Gain, Remainder, Shares, Times,
};
pub use basis::{
    AssumedMix, Basis, BasisCount, Confidence, InputShares, RangeEnds, ShareRange, SourcedParameter,
};
pub use comparison::{
    Alternative, Change, ComparedPromise, ComparedScenario, Comparison, DrawCount, DrawDifferences, Finding,
    Influence, Lead, Margins, MetricDifference, PromiseDifference, PromiseFlips, Ranked, Ranking, StageFlips,
};
pub use distribution::{Bin, Distribution, Percentile};
pub use figure::{Figure, Remark};
pub use file::{FileError, FormatError, to_lines};
pub use file_schemas::{FILES, file_schema, text_of};
pub use fingerprint::{Fingerprint, Hash64};
pub use precision::{PrecisionEntry, PrecisionReport};
pub use promise::{Achievable, Promise, Recovery, Verdict};
pub use provenance::{Host, Provenance};
pub use results::{DatedDisruption, InvariantOutcome, PromiseRow, Results, ScenarioInfo, Texts, Window};
pub use route::{Replanned, Route};
pub use settling::{FlowSettling, Settling, SettlingAnswer};
pub use sweep::{DesignKind, Measure, Sweep, SweepPoint, SweepValue, SweptMetric, SweptParameter};
pub use text::{Language, Text};

/// Version of the file formats. The documentation of the crate says when it rises.
pub const SCHEMA: u32 = 2;
