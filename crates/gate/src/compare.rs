//! The exact comparison: whether the same events happened, and whether they give the same numbers.
//!
//! Owns the first layer of the gate and the location of a change. Does not own margins (`judge`).

use std::collections::BTreeMap;

use sanda_experiment::Sample;
use sanda_results::{Hash64, paths};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::assess::Observed;
use crate::baseline::Baseline;

/// A kind of object with a fingerprint of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MovedKind {
    /// The shipments of a flow.
    Flow,
    /// The departures of a service.
    Service,
}

/// A flow or service whose events differ from before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Moved {
    /// Flow or service.
    pub kind: MovedKind,
    /// Its name.
    pub name: String,
    /// The mode of a service, where the scenario states it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<String>,
    /// The first replication that differs; `None` if the flow or service has vanished.
    pub first_replication: Option<u64>,
    /// Number of the compared replications that differ.
    pub replications: u64,
}

/// The outcome of an exact comparison.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Comparison {
    /// Number of replications compared.
    pub n: usize,
    /// Flows and services whose events differ.
    pub moved: Vec<Moved>,
    /// Metrics whose numbers differ in a compared replication.
    pub differing: Vec<String>,
    /// Metrics of the baseline that no longer exist.
    pub vanished: Vec<String>,
    /// Metrics, flows and services that the baseline does not have. They do not affect anything blessed.
    pub new: Vec<String>,
}

impl Comparison {
    /// Returns whether every shipment and every departure had the same events.
    pub fn is_same_trajectory(&self) -> bool {
        self.moved.is_empty()
    }

    /// Returns whether nothing has changed at all.
    pub fn is_identical(&self) -> bool {
        self.moved.is_empty() && self.differing.is_empty() && self.vanished.is_empty()
    }
}

/// Compares as many replications as both have. The pooled value of a quantile is compared only if both have equally many.
pub fn compare(baseline: &Baseline, observed: &Observed) -> Comparison {
    let (n_stored, n_new) = (baseline.last().replications as usize, observed.n_replications());
    let n = n_stored.min(n_new);
    let mut comparison = Comparison { n, ..Comparison::default() };
    let kinds = [
        (MovedKind::Flow, &baseline.flows, &observed.flows),
        (MovedKind::Service, &baseline.services, &observed.services),
    ];
    for (kind, stored, new) in kinds {
        comparison.moved.extend(moved(kind, stored, new, n));
    }
    for (path, metric) in &baseline.metrics {
        match observed.samples.get(path) {
            None => comparison.vanished.push(path.clone()),
            Some(sample) if !is_same(&metric.sample(), sample, n, n_stored == n_new) => {
                comparison.differing.push(path.clone());
            }
            Some(_) => {}
        }
    }
    let is_new = |path: &&String| !baseline.metrics.contains_key(*path);
    comparison.new = observed.samples.keys().filter(is_new).cloned().collect();
    let names = |section: &str, stored: &Hashes, new: &Hashes| -> Vec<String> {
        let names = new.keys().filter(|name| !stored.contains_key(*name));
        names.map(|name| format!("{section}.{name}")).collect()
    };
    comparison.new.extend(names(paths::FLOWS, &baseline.flows, &observed.flows));
    comparison.new.extend(names(paths::SERVICES, &baseline.services, &observed.services));
    comparison
}

type Hashes = BTreeMap<String, Vec<Hash64>>;

/// Returns the names whose fingerprints differ, ordered by the first replication that does.
fn moved(kind: MovedKind, stored: &Hashes, new: &Hashes, n: usize) -> Vec<Moved> {
    let one = |name: &String, first: Option<u64>, replications: usize| Moved {
        kind,
        name: name.clone(),
        mode: None,
        first_replication: first,
        replications: replications as u64,
    };
    let mut all = Vec::new();
    for (name, hashes) in stored {
        let Some(others) = new.get(name) else {
            all.push(one(name, None, n));
            continue;
        };
        let differs: Vec<usize> = (0..n).filter(|&i| hashes[i] != others[i]).collect();
        if let Some(&first) = differs.first() {
            all.push(one(name, Some(first as u64), differs.len()));
        }
    }
    all.sort_by_key(|moved| moved.first_replication.map_or(0, |first| first + 1));
    all
}

/// Returns whether the first `n` replications gave the same bits, and, if `is_whole`, all replications together.
pub(crate) fn is_same(stored: &Sample, new: &Sample, n: usize, is_whole: bool) -> bool {
    let same = |a: f64, b: f64| a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan());
    let same_pairs = |a: &[(f64, f64)], b: &[(f64, f64)]| {
        a[..n].iter().zip(&b[..n]).all(|(a, b)| same(a.0, b.0) && same(a.1, b.1))
    };
    match (stored, new) {
        (Sample::Count(a), Sample::Count(b)) => a[..n].iter().zip(&b[..n]).all(|(a, b)| same(*a, *b)),
        (Sample::Share(a), Sample::Share(b)) | (Sample::Mean(a), Sample::Mean(b)) => same_pairs(a, b),
        (Sample::Quantile { pooled: pooled_a, own: a }, Sample::Quantile { pooled: pooled_b, own: b }) => {
            let number = |own: &Option<f64>| own.unwrap_or(f64::NAN);
            (!is_whole || same(*pooled_a, *pooled_b))
                && a[..n].iter().zip(&b[..n]).all(|(a, b)| same(number(a), number(b)))
        }
        _ => false,
    }
}
