//! The findings of a check as data: the content of `check.json` and the source of every report.
//!
//! Owns the shape and its version. Does not own how anything is found (`assess`) or shown (`text`, `markdown`, `junit`, `sarif`).
//!
//! # Stability
//!
//! [`CHECK_SCHEMA`] is the number at the head of `check.json`. It rises when a field is removed, renamed or changes its meaning; a field
//! that is merely added leaves it alone. Names of verdicts, causes and rules are stable. Differences and margins are hours, or fractions
//! of one where `is_share` is set; intervals have 95 % confidence. There is no time stamp: equal findings are equal files.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::compare::Moved;
use crate::family::Family;

/// The version of `check.json`.
pub const CHECK_SCHEMA: u32 = 1;

/// The verdict on a scenario, in order of severity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// No relevant change.
    Pass,
    /// Proven to have changed, and to lie within the margins.
    Changed,
    /// Neither a change nor its absence is proven.
    Inconclusive,
    /// No comparison with the baseline is possible.
    Incomparable,
    /// Proven to have changed beyond a margin, or broken.
    Fail,
    /// An invariant of the simulator does not hold.
    Broken,
}

impl Verdict {
    /// Returns the stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Changed => "changed",
            Self::Inconclusive => "inconclusive",
            Self::Incomparable => "incomparable",
            Self::Fail => "fail",
            Self::Broken => "broken",
        }
    }
}

/// The cause of a verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// The same events and the same numbers.
    Identical,
    /// The margins decided the verdict.
    Margins,
    /// The same events give other numbers: the statistics code has changed.
    StatisticsChanged,
    /// The events differ, and the quick tier judges no margins.
    QuickTierOnly,
    /// Metrics of the baseline no longer exist, or no longer observe anything.
    MetricsVanished,
    /// The accumulated distance from the first blessing lies beyond a margin.
    Drift,
    /// The baseline is missing, damaged, empty or of another model.
    Baseline,
    /// An invariant of the simulator does not hold.
    Invariant,
}

/// The verdict on a single metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MoveVerdict {
    /// The same numbers in every replication.
    Identical,
    /// Proven to lie within the margin.
    Pass,
    /// Proven to have moved, within the margin.
    Changed,
    /// Neither a change nor its absence is proven.
    Inconclusive,
    /// Proven to lie beyond the margin.
    Fail,
    /// Changed, but without a margin to judge by.
    Unjudged,
}

/// The move of a metric.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Move {
    /// Its path.
    pub path: String,
    /// Its family.
    pub family: Family,
    /// The verdict.
    pub verdict: MoveVerdict,
    /// `improvement` or `regression`, if a change is proven.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direction: Option<String>,
    /// Whether its unit is a fraction of one; else it is hours.
    pub is_share: bool,
    /// The blessed figure of the compared replications; none if nothing finite was observed.
    pub baseline: Option<f64>,
    /// The new figure.
    pub now: Option<f64>,
    /// New minus blessed.
    pub difference: Option<f64>,
    /// Lower end of the interval of the difference.
    pub low: Option<f64>,
    /// Upper end of the interval.
    pub high: Option<f64>,
    /// The margin.
    pub margin: Option<f64>,
    /// The absolute difference in units of the margin.
    pub in_margins: Option<f64>,
}

/// The number of metrics by verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Counts {
    /// With the same numbers.
    pub identical: usize,
    /// Within the margin.
    pub pass: usize,
    /// Moved within the margin.
    pub changed: usize,
    /// With nothing proven.
    pub inconclusive: usize,
    /// Beyond the margin.
    pub fail: usize,
    /// Changed, without a margin.
    pub unjudged: usize,
}

/// The accumulated distance from the first entry of the ledger.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Drift {
    /// Number of blessings since then, including this one.
    pub blessings: usize,
    /// The reason of the first.
    pub since: String,
    /// Metrics that differ from there, the farthest in units of its margin first.
    pub moves: Vec<Move>,
}

/// A place in a scenario file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Place {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
}

/// The finding for one baseline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// The baseline file.
    pub baseline: String,
    /// The scenario's name, if the baseline could be read.
    pub scenario: String,
    /// The scenario's file.
    pub file: String,
    /// The verdict.
    pub verdict: Verdict,
    /// The cause of the verdict.
    pub cause: Cause,
    /// The error, if nothing was compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Number of replications compared.
    pub replications: u64,
    /// Number of replications in the baseline.
    pub stored_replications: u64,
    /// The deciding look and the number of looks planned; none if no margins were needed.
    pub look: Option<[u32; 2]>,
    /// Whether the replications met the same luck and were compared in pairs.
    pub paired: bool,
    /// Whether the model differs from the blessed one.
    pub model_changed: bool,
    /// Whether the engine differs from the blessed one.
    pub engine_changed: bool,
    /// Metrics by verdict.
    pub counts: Counts,
    /// Flows and services whose events differ.
    pub moved: Vec<Moved>,
    /// Metrics of the baseline that no longer exist, or no longer observe anything.
    pub vanished: Vec<String>,
    /// Metrics, flows and services that the baseline does not have.
    pub new: Vec<String>,
    /// Metrics whose numbers differ although the events are the same.
    pub statistics_changed: Vec<String>,
    /// Metrics that moved, the farthest in units of its margin first.
    pub moves: Vec<Move>,
    /// The distance from the first blessing; none if the ledger has a single entry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drift: Option<Drift>,
    /// Positions of the subjects of metrics in the scenario, by `section.id`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub places: BTreeMap<String, Place>,
}

impl Finding {
    /// Creates the finding for a baseline that cannot be compared with.
    pub fn incomparable(baseline: &str, message: String) -> Self {
        Self {
            baseline: baseline.to_owned(),
            scenario: String::new(),
            file: String::new(),
            verdict: Verdict::Incomparable,
            cause: Cause::Baseline,
            message: Some(message),
            replications: 0,
            stored_replications: 0,
            look: None,
            paired: false,
            model_changed: false,
            engine_changed: false,
            counts: Counts::default(),
            moved: Vec::new(),
            vanished: Vec::new(),
            new: Vec::new(),
            statistics_changed: Vec::new(),
            moves: Vec::new(),
            drift: None,
            places: BTreeMap::new(),
        }
    }

    /// Returns the metrics that moved beyond their margins since the first blessing.
    pub fn drifted(&self) -> impl Iterator<Item = &Move> {
        let moves = self.drift.iter().flat_map(|drift| &drift.moves);
        moves.filter(|one| one.verdict == MoveVerdict::Fail)
    }

    /// Returns the display name: the scenario, else the file of the baseline.
    pub fn name(&self) -> &str {
        if self.scenario.is_empty() { &self.baseline } else { &self.scenario }
    }
}

/// All findings of a check: the content of `check.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Findings {
    /// [`CHECK_SCHEMA`].
    pub schema: u32,
    /// The most severe verdict.
    pub verdict: Verdict,
    /// Whether a change within the margins counts as a failure.
    pub strict: bool,
    /// Digest of the engine that was checked.
    pub engine: String,
    /// One finding per baseline.
    pub findings: Vec<Finding>,
}

impl Findings {
    /// Joins findings. Without any, the verdict is that nothing could be compared.
    pub fn new(findings: Vec<Finding>, strict: bool, engine: &str) -> Self {
        let verdict = findings.iter().map(|one| one.verdict).max().unwrap_or(Verdict::Incomparable);
        Self { schema: CHECK_SCHEMA, verdict, strict, engine: engine.to_owned(), findings }
    }

    /// Returns the text of `check.json`.
    ///
    /// # Errors
    /// Never: all numbers can be written as JSON.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        sanda_results::to_lines(self)
    }
}
