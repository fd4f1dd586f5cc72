//! The baseline file of a scenario.
//!
//! Owns its schema, reading and writing, and the checks of its consistency. Does not own how a baseline is made (`bless`).
//!
//! # The file
//!
//! JSON, one entry per line, sorted keys. `metrics` maps each gated path to `{kind, margin, estimate, history, now, first}`:
//!
//! - `margin`: how far the metric may move, in hours or as a fraction of one. A person may change it; later blessings keep it. `null` asks
//!   for equal numbers and judges nothing else.
//! - `now`: the numbers of each replication (`of`, for ratios with `per`), divided by `scale` if that is given.
//! - `history`: the estimate at each entry of the ledger, to six decimals; `null` where the metric did not exist.
//! - `first`: as `now`, at the first entry of the ledger, if it differs.
//!
//! `flows` and `services` map names to one fingerprint per replication.

use std::collections::BTreeMap;
use std::path::Path;

use sanda_experiment::Sample;
use sanda_results::Hash64;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::family::family_of;
use crate::number::Number;
use crate::values::{Kind, Values};

/// The version of the file.
pub(crate) const SCHEMA: u32 = 1;

/// The identity of a baseline's scenario.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScenarioId {
    /// Its name.
    pub name: String,
    /// Its file, as named at the blessing.
    pub file: String,
    /// Overridden parameters, each as `PATH=VALUE`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sets: Vec<String>,
}

/// An entry of the ledger: one blessing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The reason of the blessing.
    pub reason: String,
    /// The day, if one was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// Digest of the model.
    pub digest: String,
    /// Digest of the engine.
    pub engine: String,
    /// Version of the layout of random-number keys.
    pub key_layout: u32,
    /// The seed.
    pub seed: u64,
    /// Number of replications.
    pub replications: u64,
}

/// A gated metric.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Metric {
    pub(crate) kind: Kind,
    pub(crate) margin: Option<f64>,
    pub(crate) estimate: Number,
    pub(crate) history: Vec<Number>,
    pub(crate) now: Values,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) first: Option<Values>,
}

impl Metric {
    /// Returns the margin in the unit of the metric; `None` if only equal numbers are asked for.
    pub fn margin(&self) -> Option<f64> {
        self.margin
    }

    /// Returns the blessed figure; NaN if nothing was observed.
    pub fn estimate(&self) -> f64 {
        self.estimate.0
    }

    /// Returns the blessed numbers by replication.
    ///
    /// # Panics
    /// Never for a metric of a baseline that was read or blessed: both check that the numbers form a sample.
    pub fn sample(&self) -> Sample {
        self.now.sample(self.kind).expect("the numbers of a baseline are checked when it is read")
    }

    /// Returns the numbers of the first entry of the ledger, if they differ from the present ones.
    pub(crate) fn first_sample(&self) -> Option<Sample> {
        self.first.as_ref()?.sample(self.kind)
    }
}

/// A baseline: the results of a scenario when a person last blessed them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    pub(crate) schema: u32,
    /// The scenario.
    pub scenario: ScenarioId,
    /// Sum of all fingerprints.
    pub fingerprint: Hash64,
    /// The blessings so far, the oldest first. The last one is the content of the file.
    pub ledger: Vec<Entry>,
    /// Fingerprints of each flow, one per replication.
    pub flows: BTreeMap<String, Vec<Hash64>>,
    /// Fingerprints of each service, one per replication.
    pub services: BTreeMap<String, Vec<Hash64>>,
    /// The gated metrics by path.
    pub metrics: BTreeMap<String, Metric>,
}

/// Why a baseline cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    /// The file does not exist or cannot be read.
    #[error("cannot read `{path}`: {source}")]
    Read {
        /// The file.
        path: String,
        /// The error of the system.
        source: std::io::Error,
    },
    /// The file is not a valid baseline.
    #[error("`{path}` is not a sound baseline: {what}")]
    Damaged {
        /// The file.
        path: String,
        /// The defect.
        what: String,
    },
    /// The file has another schema.
    #[error("`{path}` has schema {found}, this program reads schema {SCHEMA}")]
    OtherSchema {
        /// The file.
        path: String,
        /// The number in the file.
        found: u64,
    },
    /// The file has no metric.
    #[error("`{path}` holds no metric, and an empty comparison is not a success")]
    Empty {
        /// The file.
        path: String,
    },
}

impl BaselineError {
    /// Returns advice on how to repair it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Read { .. } => {
                "`sanda bless SCENARIO.ron --reason TEXT` writes a baseline; give the file or its folder"
            }
            Self::Damaged { .. } => {
                "restore the file from version control, or bless the scenario anew with --restart-ledger"
            }
            Self::OtherSchema { .. } => {
                "use the program that wrote it, or bless the scenario anew with --restart-ledger"
            }
            Self::Empty { .. } => "bless a scenario with a promise, or with a flow that is not background",
        }
    }
}

impl Baseline {
    /// Returns the last blessing, whose numbers the file holds.
    ///
    /// # Panics
    /// Never for a baseline that was read or blessed: its ledger has an entry.
    pub fn last(&self) -> &Entry {
        self.ledger.last().expect("the ledger of a baseline is checked when it is read")
    }

    /// Returns the first blessing of the ledger, from which drift is measured.
    ///
    /// # Panics
    /// As [`Self::last`].
    pub fn first(&self) -> &Entry {
        self.ledger.first().expect("the ledger of a baseline is checked when it is read")
    }

    /// Reads a baseline file.
    ///
    /// # Errors
    /// [`BaselineError`].
    pub fn read(path: &Path) -> Result<Self, BaselineError> {
        let shown = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|source| BaselineError::Read { path: shown.clone(), source })?;
        Self::from_json(&text, &shown)
    }

    /// Reads a baseline from text; `path` is its name in messages.
    ///
    /// # Errors
    /// [`BaselineError`].
    pub fn from_json(text: &str, path: &str) -> Result<Self, BaselineError> {
        let damaged = |what: String| BaselineError::Damaged { path: path.to_owned(), what };
        // The schema is checked first: otherwise another schema would be reported as a wrong field.
        let tree: serde_json::Value =
            serde_json::from_str(text).map_err(|error| damaged(format!("not JSON: {error}")))?;
        match tree.get("schema").and_then(serde_json::Value::as_u64) {
            None => return Err(damaged("it has no `schema` number".to_owned())),
            Some(found) if found != u64::from(SCHEMA) => {
                return Err(BaselineError::OtherSchema { path: path.to_owned(), found });
            }
            Some(_) => {}
        }
        let baseline: Self = serde_json::from_str(text).map_err(|error| damaged(error.to_string()))?;
        baseline.flaw().map_or(Ok(()), |what| Err(damaged(what)))?;
        if baseline.metrics.is_empty() {
            return Err(BaselineError::Empty { path: path.to_owned() });
        }
        Ok(baseline)
    }

    /// Returns the text of the file.
    ///
    /// # Errors
    /// If a margin is not a finite number.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        sanda_results::to_lines(self)
    }

    /// Returns an inconsistency between the parts of the file.
    fn flaw(&self) -> Option<String> {
        let Some(last) = self.ledger.last() else { return Some("its ledger has no entry".to_owned()) };
        let n = last.replications as usize;
        if n == 0 {
            return Some("it has no replications".to_owned());
        }
        let of_names = self.flows.iter().chain(&self.services);
        let mut total = 0_u64;
        for (name, hashes) in of_names {
            if hashes.len() != n {
                return Some(format!("`{name}` has {} fingerprints, expected {n}", hashes.len()));
            }
            total = hashes.iter().fold(total, |sum, hash| sum.wrapping_add(hash.0));
        }
        if total != self.fingerprint.0 {
            return Some(format!(
                "its fingerprints add up to {}, not to {}",
                Hash64(total),
                self.fingerprint
            ));
        }
        self.metrics.iter().find_map(|(path, metric)| {
            let flaw = if family_of(path).is_none() {
                Some("this program does not gate such a metric".to_owned())
            } else if metric.now.sample(metric.kind).is_none_or(|sample| sample.n_replications() != n) {
                Some(format!("its numbers are not those of {n} replications"))
            } else if metric.first.as_ref().is_some_and(|first| first.sample(metric.kind).is_none()) {
                Some("its first numbers do not fit the metric".to_owned())
            } else if metric.history.len() != self.ledger.len() {
                Some(format!("its history is not as long as the ledger, {}", self.ledger.len()))
            } else if metric.margin.is_some_and(|margin| !(margin > 0.0 && margin.is_finite())) {
                Some("its margin is not above zero".to_owned())
            } else {
                None
            };
            flaw.map(|flaw| format!("metrics.{path}: {flaw}"))
        })
    }
}
