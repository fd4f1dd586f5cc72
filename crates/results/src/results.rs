//! The content of `results.json`, and look-ups that readers share. No estimate is computed here.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    Basis, Distribution, Figure, Fingerprint, Language, PrecisionReport, Promise, Route, Text, Verdict,
    finite, paths,
};

/// When shipments count, as text: durations in canonical form, instants with their zone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Window {
    /// First instant of the measurement window.
    pub from: String,
    /// Its end (exclusive).
    pub until: String,
    /// Duration before the window.
    pub warm_up: String,
    /// Duration of the window.
    pub measure: String,
    /// Longest duration after the window.
    pub drain: String,
    /// When arrivals stop, if the scenario states it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arrivals_until: Option<String>,
}

/// The scenario a result belongs to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ScenarioInfo {
    /// Its id, which names the output folder.
    pub name: String,
    /// Its title.
    pub title: Text,
    /// Civil instant of the start, with zone.
    pub start: String,
    /// The scenario's zone, an IANA name; months and weeks are those of this zone.
    pub zone: String,
    /// When shipments count.
    pub window: Window,
    /// The seed.
    pub seed: u64,
    /// Replications merged into these results.
    pub replications: u32,
}

/// How often an invariant was checked and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct InvariantOutcome {
    /// Number of checks.
    pub checked: u64,
    /// Number of failed checks.
    pub violated: u64,
}

/// A dated disruption, for display.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DatedDisruption {
    /// Its name.
    pub name: Text,
    /// Beginning and end of each of its intervals, in days after the start of the scenario.
    pub days: Vec<[f64; 2]>,
    /// Beginning and end of each of its intervals, as civil instants in the scenario's zone.
    pub dates: Vec<[String; 2]>,
}

/// Display names by id. An id without a name is shown as itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Texts {
    /// Names of flows.
    pub flows: BTreeMap<String, Text>,
    /// Names of resources.
    pub resources: BTreeMap<String, Text>,
    /// Names of services.
    pub services: BTreeMap<String, Text>,
    /// Names of stages.
    pub stages: BTreeMap<String, Text>,
    /// Names of nodes that some itinerary touches.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub nodes: BTreeMap<String, Text>,
    /// Names of straits, canals and borders.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub passages: BTreeMap<String, Text>,
}

/// The content of `results.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Results {
    /// [`SCHEMA`](crate::SCHEMA).
    pub schema: u32,
    /// Version of the layout of random-number keys; results of different layouts are compared unpaired.
    pub key_layout: u32,
    /// Confidence level of every interval, a fraction of one.
    #[serde(serialize_with = "finite::number")]
    pub confidence: f64,
    /// The scenario.
    pub scenario: ScenarioInfo,
    /// Digest of the compiled model (not of the text).
    pub digest: String,
    /// Fingerprint of the trajectory.
    pub fingerprint: Fingerprint,
    /// The promises, by id.
    pub promises: BTreeMap<String, Promise>,
    /// Every other figure by its path; see [`paths`].
    pub metrics: BTreeMap<String, Figure>,
    /// Rows of plain numbers by path: levels by hour of the week, 168 from Monday 00:00 local time.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub series: BTreeMap<String, Vec<f64>>,
    /// Distributions by path.
    pub distributions: BTreeMap<String, Distribution>,
    /// Outcome of the invariant checks, by name.
    pub invariants: BTreeMap<String, InvariantOutcome>,
    /// Remarks for readers.
    pub notes: Vec<Text>,
    /// Display names.
    pub texts: Texts,
    /// The stages of each flow in the order in which its shipments pass them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub stage_order: BTreeMap<String, Vec<String>>,
    /// The parameters of the scenario with their sources.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<Basis>,
    /// Dated disruptions by id, with their names and dates.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub disruptions: BTreeMap<String, DatedDisruption>,
    /// Beginnings of the ISO weeks that touch the window, in days after the start of the scenario.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub weeks: BTreeMap<String, f64>,
    /// The itineraries of each flow, by flow id and itinerary id: what each passes, and its expected time and cost.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub routes: BTreeMap<String, BTreeMap<String, Route>>,
    /// Flows that only occupy resources and vehicles and count in no promise.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub background: BTreeSet<String>,
    /// Parameters that were set for this run alone, in the order given, each as `PATH=VALUE`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overrides: Vec<String>,
    /// Number of requested replications, if the run was interrupted before all of them were finished.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interrupted_of: Option<u64>,
    /// The requested precision, and whether it was reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub precision: Option<PrecisionReport>,
}

/// One line of the promise table.
#[derive(Clone, Copy, Debug)]
pub struct PromiseRow<'a> {
    /// Id of the promise.
    pub id: &'a str,
    /// The promise.
    pub promise: &'a Promise,
    /// Its distribution, if stored.
    pub distribution: Option<&'a Distribution>,
}

impl Results {
    /// Lists the lines of the promise table, by promise id.
    pub fn promise_rows(&self) -> impl Iterator<Item = PromiseRow<'_>> {
        self.promises.iter().map(|(id, promise)| PromiseRow {
            id,
            promise,
            distribution: self.distributions.get(&promise.distribution),
        })
    }

    /// Returns the figure at a path: a metric, or a figure of a promise by [`paths::promise_share`] and its siblings.
    pub fn figure(&self, path: &str) -> Option<&Figure> {
        self.metrics.get(path).or_else(|| {
            let (section, id, rest) = paths::split(path)?;
            let promise = self.promises.get(id).filter(|_| section == paths::PROMISES)?;
            match rest.split_once('.') {
                None => match rest {
                    "share" => Some(&promise.share),
                    "by_teu" => promise.by_teu.as_ref(),
                    "by_tonnes" => promise.by_tonnes.as_ref(),
                    "kept_teu" => promise.kept_teu.as_ref(),
                    "kept_tonnes" => promise.kept_tonnes.as_ref(),
                    _ => None,
                },
                Some(("by_flow", flow)) => promise.by_flow.get(flow),
                Some(("by_month", month)) => promise.by_month.get(month),
                Some(("by_week", week)) => promise.by_week.get(week),
                Some(("backlog", week)) => promise.backlog.get(week),
                Some(("recovery", id)) => promise.recovery.get(id).map(|recovery| &recovery.days),
                Some(("recovery_backlog", id)) => {
                    promise.recovery.get(id).map(|recovery| &recovery.backlog_days)
                }
                Some(("achievable", percentile)) => promise.achievable_at(paths::share_of(percentile)?),
                Some(_) => None,
            }
        })
    }

    /// Returns all figures, by path: the metrics, and the figures of promises.
    ///
    /// The latter are shares (by shipments, TEU, tonnes, flow, month and week), kept amounts, backlog, recovery, and achievable times.
    pub fn figures(&self) -> BTreeMap<String, &Figure> {
        let mut all: BTreeMap<String, &Figure> =
            self.metrics.iter().map(|(path, figure)| (path.clone(), figure)).collect();
        for (id, promise) in &self.promises {
            all.insert(paths::promise_share(id), &promise.share);
            all.extend(promise.by_teu.iter().map(|figure| (paths::promise(id, "by_teu"), figure)));
            all.extend(promise.by_tonnes.iter().map(|figure| (paths::promise(id, "by_tonnes"), figure)));
            all.extend(promise.kept_teu.iter().map(|figure| (paths::promise(id, "kept_teu"), figure)));
            all.extend(promise.kept_tonnes.iter().map(|figure| (paths::promise(id, "kept_tonnes"), figure)));
            all.extend(
                promise.by_flow.iter().map(|(flow, figure)| (paths::promise_by_flow(id, flow), figure)),
            );
            all.extend(
                promise.by_month.iter().map(|(month, figure)| (paths::promise_by_month(id, month), figure)),
            );
            for (week, figure) in &promise.by_week {
                all.insert(paths::promise_by_week(id, week), figure);
            }
            for (week, figure) in &promise.backlog {
                all.insert(paths::promise_backlog(id, week), figure);
            }
            for (disruption, recovery) in &promise.recovery {
                all.insert(paths::promise_recovery(id, disruption), &recovery.days);
                all.insert(paths::promise_recovery_backlog(id, disruption), &recovery.backlog_days);
            }
            for entry in &promise.achievable {
                all.insert(paths::promise_achievable(id, entry.share), &entry.within_hours);
            }
        }
        all
    }

    /// Returns the worst verdict of all promises (broken, then uncertain, then kept); `None` without promises.
    pub fn worst_verdict(&self) -> Option<Verdict> {
        let rank = |verdict: &Verdict| match verdict {
            Verdict::Kept => 0,
            Verdict::Uncertain => 1,
            Verdict::Broken => 2,
        };
        self.promises.values().map(|promise| promise.verdict).max_by_key(rank)
    }

    /// Lists the names of the invariants that failed, sorted.
    pub fn violated_invariants(&self) -> impl Iterator<Item = &str> {
        self.invariants.iter().filter(|(_, outcome)| outcome.violated > 0).map(|(name, _)| name.as_str())
    }
}

impl Texts {
    /// Returns the name of a flow; its id where it has none.
    pub fn flow<'a>(&'a self, id: &'a str, language: Language) -> &'a str {
        named(&self.flows, id, language)
    }

    /// Returns the name of a resource; its id where it has none.
    pub fn resource<'a>(&'a self, id: &'a str, language: Language) -> &'a str {
        named(&self.resources, id, language)
    }

    /// Returns the name of a service; its id where it has none.
    pub fn service<'a>(&'a self, id: &'a str, language: Language) -> &'a str {
        named(&self.services, id, language)
    }

    /// Returns the name of a node; its id where it has none.
    pub fn node<'a>(&'a self, id: &'a str, language: Language) -> &'a str {
        named(&self.nodes, id, language)
    }

    /// Returns the name of a strait, canal or border; its id where it has none.
    pub fn passage<'a>(&'a self, id: &'a str, language: Language) -> &'a str {
        named(&self.passages, id, language)
    }

    /// Returns the name of a stage; its id where it has none.
    pub fn stage<'a>(&'a self, id: &'a str, language: Language) -> &'a str {
        named(&self.stages, id, language)
    }
}

fn named<'a>(names: &'a BTreeMap<String, Text>, id: &'a str, language: Language) -> &'a str {
    match names.get(id).map(|text| text.in_language(language)) {
        Some(name) if !name.is_empty() => name,
        _ => id,
    }
}
