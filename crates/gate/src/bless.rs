//! A blessing: the present numbers become the baseline, with a reason, and the ledger gains an entry.
//!
//! Owns what is kept of the previous baseline. Does not own the file (`baseline`), or the assessment of drift (`judge`).
//!
//! The ledger keeps the numbers of its first entry. `check` compares with that entry too, until somebody deliberately restarts the ledger.
//! Steps that each stay within a margin therefore cannot add up unnoticed.

use std::collections::BTreeMap;

use sanda_experiment::Sample;
use sanda_experiment::estimate::Look;
use sanda_results::Hash64;

use crate::assess::{Observed, drift, pairs};
use crate::baseline::{Baseline, Entry, Metric, SCHEMA, ScenarioId};
use crate::family::family_of;
use crate::findings::{Drift, Move};
use crate::judge::judge;
use crate::number::Number;
use crate::values::Values;

/// Resolution of the estimates in histories: a millionth of an hour is 4 ms.
const DECIMALS: f64 = 1e6;

/// The present results, to be blessed.
#[derive(Clone, Debug)]
pub struct Now {
    /// The scenario.
    pub scenario: ScenarioId,
    /// The new entry of the ledger.
    pub entry: Entry,
    /// The outcome of the replications.
    pub observed: Observed,
}

/// A new baseline, and its differences to the previous one.
#[derive(Clone, Debug)]
pub struct Blessing {
    /// The baseline to be written.
    pub baseline: Baseline,
    /// Metrics of the previous baseline that no longer exist.
    pub vanished: Vec<String>,
    /// Metrics that the previous baseline did not have; empty for a first blessing.
    pub new: Vec<String>,
    /// Number of metrics without a margin, because some replication gives no finite number.
    pub n_unjudged: usize,
    /// Whether this blessing begins a ledger.
    pub is_first: bool,
    /// Whether every number is the same as before.
    pub is_same: bool,
    /// Metrics that moved since the previous blessing, the farthest in units of its margin first.
    pub moves: Vec<Move>,
    /// The distance from the first blessing.
    pub drift: Option<Drift>,
}

/// Makes a baseline of the present numbers. `before` is the one that it replaces; `None` begins a ledger.
///
/// Margins are kept. The history and the first numbers of the ledger are kept unless it restarts.
pub fn bless(now: Now, before: Option<&Baseline>, restart_ledger: bool) -> Blessing {
    let Now { scenario, entry, observed } = now;
    let kept = before.filter(|_| !restart_ledger);
    let mut ledger = kept.map_or_else(Vec::new, |kept| kept.ledger.clone());
    let n_before = ledger.len();
    let moves = before.map_or_else(Vec::new, |before| {
        let last = before.last();
        let paired = (last.seed, last.key_layout) == (entry.seed, entry.key_layout);
        let pairs = pairs(before, &observed, |metric| Some(metric.sample()));
        judge(&pairs, paired, observed.clusters, Look::ONLY).moves
    });
    ledger.push(entry);
    let mut metrics = BTreeMap::new();
    let mut new = Vec::new();
    for (path, sample) in &observed.samples {
        let Some((_, default)) = family_of(path) else { continue };
        let known = before.and_then(|before| before.metrics.get(path));
        if before.is_some() && known.is_none() {
            new.push(path.clone());
        }
        let (kind, values) = Values::of(sample);
        let known = known.filter(|known| known.kind == kind);
        let margin = match known {
            // A margin that was omitted because something was infinite is set as soon as nothing is.
            Some(known) if known.margin.is_none() && is_finite(sample) && !is_finite(&known.sample()) => {
                Some(default)
            }
            Some(known) => known.margin,
            None => is_finite(sample).then_some(default),
        };
        let estimate = sample.estimate().unwrap_or(f64::NAN);
        let known = known.filter(|_| !restart_ledger);
        let mut history =
            known.map_or_else(|| vec![Number(f64::NAN); n_before], |known| known.history.clone());
        history.push(Number((estimate * DECIMALS).round() / DECIMALS));
        let first = known.map(|known| known.first.as_ref().unwrap_or(&known.now).clone());
        let first = first.filter(|first| *first != values);
        let metric = Metric { kind, margin, estimate: Number(estimate), history, now: values, first };
        metrics.insert(path.clone(), metric);
    }
    let vanished = before
        .map(|before| before.metrics.keys().filter(|path| !metrics.contains_key(*path)).cloned().collect())
        .unwrap_or_default();
    let all = observed.flows.values().chain(observed.services.values()).flatten();
    let baseline = Baseline {
        schema: SCHEMA,
        scenario,
        fingerprint: Hash64(all.fold(0, |sum, hash| sum.wrapping_add(hash.0))),
        ledger,
        flows: observed.flows,
        services: observed.services,
        metrics,
    };
    let is_same = before.is_some_and(|before| {
        let numbers = |baseline: &Baseline| -> Vec<(String, Values)> {
            baseline.metrics.iter().map(|(path, metric)| (path.clone(), metric.now.clone())).collect()
        };
        before.flows == baseline.flows
            && before.services == baseline.services
            && numbers(before) == numbers(&baseline)
    });
    let n_unjudged = baseline.metrics.values().filter(|metric| metric.margin.is_none()).count();
    let drift = drift(&baseline, observed.clusters, None);
    Blessing { baseline, vanished, new, n_unjudged, is_first: kept.is_none(), is_same, moves, drift }
}

/// Returns whether a difference to this sample can have an interval: every replication gives a finite number.
fn is_finite(sample: &Sample) -> bool {
    match sample {
        Sample::Quantile { pooled, own } => {
            pooled.is_finite() && own.iter().all(|own| own.is_none_or(f64::is_finite))
        }
        Sample::Count(_) | Sample::Share(_) | Sample::Mean(_) => true,
    }
}
