//! What a check found, as data: the content of `check.json`, and what every writer writes.
//!
//! Owns the shape and its version. Does not own how anything is found (`assess`) or shown (`text`, `markdown`, `junit`, `sarif`).
//!
//! # Stability
//!
//! [`CHECK_SCHEMA`] is the number at the head of `check.json`. It rises when a field is removed, renamed or changes its meaning; a field
//! that is merely added leaves it alone. Names of verdicts, causes and rules are stable. Differences and margins are hours, or fractions
//! of one where `is_share` is set; intervals have 95 % confidence. There is no time stamp: equal findings are equal files.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::compare::Moved;
use crate::family::Family;

/// The version of `check.json`.
pub const CHECK_SCHEMA: u32 = 1;

/// What is said of a scenario; the later the graver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Nothing that matters has changed.
    Pass,
    /// Proven to have changed, and proven to lie within the margins.
    Changed,
    /// Nothing is proven.
    Inconclusive,
    /// The baseline cannot be compared with.
    Incomparable,
    /// Proven to have changed beyond a margin, or broken.
    Fail,
    /// An invariant of the simulator does not hold.
    Broken,
}

impl Verdict {
    /// Its stable name.
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

/// Why the verdict is what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// The same events and the same numbers.
    Identical,
    /// The margins decided.
    Margins,
    /// The same events, but other numbers are made of them: the statistics code has changed.
    StatisticsChanged,
    /// Something else happens, and the quick tier judges no margins.
    QuickTierOnly,
    /// Metrics of the baseline no longer exist, or observe nothing any more.
    MetricsVanished,
    /// The accumulated distance from the first blessing lies beyond a margin.
    Drift,
    /// The baseline is missing, damaged, empty or of something else.
    Baseline,
    /// An invariant of the simulator does not hold.
    Invariant,
}

/// The verdict on a single metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MoveVerdict {
    /// The same numbers in every replication.
    Identical,
    /// Proven to lie within the margin.
    Pass,
    /// Proven to have moved, within the margin.
    Changed,
    /// Nothing is proven.
    Inconclusive,
    /// Proven to lie beyond the margin.
    Fail,
    /// Has no margin, so that nothing but a change can be said.
    Unjudged,
}

/// How far a metric has moved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Move {
    /// Its path.
    pub path: String,
    /// Its family.
    pub family: Family,
    /// What is said of it.
    pub verdict: MoveVerdict,
    /// `improvement` or `regression`, where a change is proven.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direction: Option<String>,
    /// Whether its unit is a fraction of one; else it is hours.
    pub is_share: bool,
    /// The blessed figure of the compared replications; none where nothing finite was observed.
    pub baseline: Option<f64>,
    /// The new figure.
    pub now: Option<f64>,
    /// New minus blessed.
    pub difference: Option<f64>,
    /// Lower end of the interval of the difference.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
    /// The margin.
    pub margin: Option<f64>,
    /// Size of the difference in margins.
    pub in_margins: Option<f64>,
}

/// How many metrics got which verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// The same numbers.
    pub identical: usize,
    /// Within the margin.
    pub pass: usize,
    /// Moved within the margin.
    pub changed: usize,
    /// Nothing proven.
    pub inconclusive: usize,
    /// Beyond the margin.
    pub fail: usize,
    /// Changed, without a margin.
    pub unjudged: usize,
}

/// The accumulated distance from the first entry of the ledger.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Drift {
    /// Blessings since then, this one included.
    pub blessings: usize,
    /// The reason of the first.
    pub since: String,
    /// Metrics away from there, the farthest in units of its margin first.
    pub moves: Vec<Move>,
}

/// A place in a scenario file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
}

/// What was found of one baseline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// The baseline file.
    pub baseline: String,
    /// The scenario's name, where the baseline could be read.
    pub scenario: String,
    /// Its file.
    pub file: String,
    /// What is said of it.
    pub verdict: Verdict,
    /// Why.
    pub cause: Cause,
    /// What went wrong, where nothing was compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Replications compared.
    pub replications: u64,
    /// Replications in the baseline.
    pub stored_replications: u64,
    /// The look that decided, and how many there may be; none where margins were not needed.
    pub look: Option<[u32; 2]>,
    /// Whether replications met the same luck and were compared in pairs.
    pub paired: bool,
    /// Whether the model is another one than was blessed.
    pub model_changed: bool,
    /// Whether the engine is another one than was blessed.
    pub engine_changed: bool,
    /// Metrics by verdict.
    pub counts: Counts,
    /// Flows and services to which something else happened.
    pub moved: Vec<Moved>,
    /// Metrics of the baseline that no longer exist or observe nothing any more.
    pub vanished: Vec<String>,
    /// Metrics, flows and services that the baseline does not have.
    pub new: Vec<String>,
    /// Metrics whose numbers differ though the same things happened.
    pub statistics_changed: Vec<String>,
    /// Metrics that moved, the farthest in units of its margin first.
    pub moves: Vec<Move>,
    /// The distance from the first blessing; none where the ledger has a single entry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drift: Option<Drift>,
    /// Where in the scenario the subjects of metrics stand, by `section.id`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub places: BTreeMap<String, Place>,
}

impl Finding {
    /// What is found of a baseline that cannot be compared with.
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

    /// Metrics that moved from the first blessing beyond their margins.
    pub fn drifted(&self) -> impl Iterator<Item = &Move> {
        let moves = self.drift.iter().flat_map(|drift| &drift.moves);
        moves.filter(|one| one.verdict == MoveVerdict::Fail)
    }

    /// What readers call it: the scenario, else the file of the baseline.
    pub fn name(&self) -> &str {
        if self.scenario.is_empty() { &self.baseline } else { &self.scenario }
    }
}

/// All that a check found: the content of `check.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Findings {
    /// [`CHECK_SCHEMA`].
    pub schema: u32,
    /// The gravest verdict.
    pub verdict: Verdict,
    /// Whether a change within the margins counts as a failure.
    pub strict: bool,
    /// Digest of the engine that was checked.
    pub engine: String,
    /// One for each baseline.
    pub findings: Vec<Finding>,
}

impl Findings {
    /// Joins findings. Without any the verdict is that nothing could be compared.
    pub fn new(findings: Vec<Finding>, strict: bool, engine: &str) -> Self {
        let verdict = findings.iter().map(|one| one.verdict).max().unwrap_or(Verdict::Incomparable);
        Self { schema: CHECK_SCHEMA, verdict, strict, engine: engine.to_owned(), findings }
    }

    /// `check.json` as text.
    ///
    /// # Errors
    /// Never: there is no number that JSON lacks.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        sanda_results::to_lines(self)
    }
}
