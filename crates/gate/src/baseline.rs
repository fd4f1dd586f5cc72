//! The baseline file of a scenario.
//!
//! Owns its schema, reading and writing, and what makes one unusable. Does not own how one comes about (`bless`).
//!
//! # The file
//!
//! JSON, one entry a line, sorted keys. `metrics` maps each gated path to `{kind, margin, estimate, history, now, first}`:
//!
//! - `margin`: how far the metric may move, in hours or as a fraction of one. A person may change it; later blessings keep it. `null` asks
//!   for the same numbers and judges nothing else.
//! - `now`: the numbers of each replication (`of`, for ratios with `per`), divided by `scale` where that is given.
//! - `history`: the estimate at each entry of the ledger, to six decimals; `null` where the metric did not exist.
//! - `first`: as `now`, of the first entry of the ledger, where those differ.
//!
//! `flows` and `services` map names to one fingerprint a replication.

use std::collections::BTreeMap;
use std::path::Path;

use sanda_experiment::Sample;
use sanda_results::Hash64;
use serde::{Deserialize, Serialize};

use crate::family::family_of;
use crate::number::Number;
use crate::values::{Kind, Values};

/// The version of the file.
pub(crate) const SCHEMA: u32 = 1;

/// The scenario of a baseline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScenarioId {
    /// Its name.
    pub name: String,
    /// Its file, as it was named when the baseline was blessed.
    pub file: String,
    /// Parameters that were set, each as `PATH=VALUE`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sets: Vec<String>,
}

/// An entry of the ledger: one blessing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Why somebody blessed it.
    pub reason: String,
    /// The day, if it was given.
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
    /// Replications.
    pub replications: u64,
}

/// A gated metric.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
    /// How far it may move, in its unit; `None` where only the same numbers are asked for.
    pub fn margin(&self) -> Option<f64> {
        self.margin
    }

    /// The blessed figure; NaN where nothing was observed.
    pub fn estimate(&self) -> f64 {
        self.estimate.0
    }

    /// The blessed numbers by replication.
    ///
    /// # Panics
    /// Never for a metric of a baseline that was read or blessed: both check that the numbers make a sample.
    pub fn sample(&self) -> Sample {
        self.now.sample(self.kind).expect("the numbers of a baseline are checked when it is read")
    }

    /// The numbers of the first entry of the ledger, where they are not the present ones.
    pub(crate) fn first_sample(&self) -> Option<Sample> {
        self.first.as_ref()?.sample(self.kind)
    }
}

/// What a scenario gave when a person last blessed it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    pub(crate) schema: u32,
    /// The scenario.
    pub scenario: ScenarioId,
    /// Sum of all fingerprints.
    pub fingerprint: Hash64,
    /// The blessings so far, the first one first; the last one is what the file holds.
    pub ledger: Vec<Entry>,
    /// Fingerprints of each flow, one a replication.
    pub flows: BTreeMap<String, Vec<Hash64>>,
    /// Fingerprints of each service, one a replication.
    pub services: BTreeMap<String, Vec<Hash64>>,
    /// The gated metrics by path.
    pub metrics: BTreeMap<String, Metric>,
}

/// Why a baseline cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    /// It is not there, or cannot be read.
    #[error("cannot read `{path}`: {source}")]
    Read {
        /// The file.
        path: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// It is no baseline.
    #[error("`{path}` is not a sound baseline: {what}")]
    Damaged {
        /// The file.
        path: String,
        /// What is wrong.
        what: String,
    },
    /// It is of another version of the file.
    #[error("`{path}` has schema {found}, this program reads schema {SCHEMA}")]
    OtherSchema {
        /// The file.
        path: String,
        /// The number it carries.
        found: u64,
    },
    /// It gates nothing.
    #[error("`{path}` holds no metric, and comparing nothing is no success")]
    Empty {
        /// The file.
        path: String,
    },
}

impl BaselineError {
    /// What a person can do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Read { .. } => {
                "`sanda bless SCENARIO.ron --reason TEXT` writes a baseline; give the file or its folder"
            }
            Self::Damaged { .. } => {
                "restore the file from version control, or bless the scenario anew with --restart-ledger"
            }
            Self::OtherSchema { .. } => {
                "take the program that wrote it, or bless the scenario anew with --restart-ledger"
            }
            Self::Empty { .. } => "bless a scenario with a promise, or with a flow that is no background",
        }
    }
}

impl Baseline {
    /// The last blessing: what the file holds.
    ///
    /// # Panics
    /// Never for a baseline that was read or blessed: its ledger has an entry.
    pub fn last(&self) -> &Entry {
        self.ledger.last().expect("the ledger of a baseline is checked when it is read")
    }

    /// The first blessing of the ledger, from which drift is measured.
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

    /// Reads a baseline from text; `path` is what messages call it.
    ///
    /// # Errors
    /// [`BaselineError`].
    pub fn from_json(text: &str, path: &str) -> Result<Self, BaselineError> {
        let damaged = |what: String| BaselineError::Damaged { path: path.to_owned(), what };
        // The schema is looked at first: the shape of another schema would otherwise be blamed on a field.
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

    /// The file as text.
    ///
    /// # Errors
    /// When a margin is not a finite number.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        sanda_results::to_lines(self)
    }

    /// What is wrong between the parts of the file.
    fn flaw(&self) -> Option<String> {
        let Some(last) = self.ledger.last() else { return Some("its ledger has no entry".to_owned()) };
        let n = last.replications as usize;
        if n == 0 {
            return Some("it is of no replication".to_owned());
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
                Some("this program gates no such metric".to_owned())
            } else if metric.now.sample(metric.kind).is_none_or(|sample| sample.n_replications() != n) {
                Some(format!("its numbers are not those of {n} replications"))
            } else if metric.first.as_ref().is_some_and(|first| first.sample(metric.kind).is_none()) {
                Some("its first numbers are not those of such a metric".to_owned())
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
