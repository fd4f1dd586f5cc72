//! The order of the gate's steps: the exact comparison first, the margins where something differs, more replications where nothing is
//! proven.
//!
//! Owns tiers and looks. Does not own the running of replications, which the caller provides.
//!
//! # Looks
//!
//! With the seed of the baseline, replication i meets the same luck in both, so the comparison is paired. Replications beyond those in the
//! baseline would have no partner. The looks therefore double up to the stored number: of 80 stored replications 10, 20, 40 and 80. The
//! number of looks is fixed before the first one, and the level of the tests is split over them. With another seed nothing is paired, and
//! the looks double from the stored number on.

use std::collections::{BTreeMap, BTreeSet};

use sanda_experiment::estimate::{GateVerdict, Look};
use sanda_experiment::{Gathered, Sample};
use sanda_results::Hash64;

use crate::baseline::{Baseline, Metric};
use crate::compare::{Comparison, compare};
use crate::family::is_gated;
use crate::findings::{Cause, Drift, Finding, Verdict};
use crate::judge::{Judged, Pair, judge};
use crate::values::MILLISECONDS;

/// Number of replications of the quick comparison. A single one would miss a change that affects every other replication only.
const QUICK: u64 = 2;

/// Smallest number of replications of a look. Fewer would be too little evidence.
const FEWEST: u64 = 10;

/// Largest number of looks.
const MOST_LOOKS: u32 = 4;

/// The depth of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tier {
    /// Compares the first replications exactly, and judges no margins.
    Quick,
    /// Compares the first replications exactly, and judges the margins if they differ.
    Auto,
    /// Compares all stored replications exactly, and judges the margins if they differ.
    Full,
}

/// The plan of a check.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// The depth of a check.
    pub tier: Tier,
    /// Largest number of looks, one to four.
    pub looks: u32,
    /// The seed of the new replications, if not that of the baseline.
    pub seed: Option<u64>,
}

/// The outcome of replications of the present model.
#[derive(Clone, Debug, Default)]
pub struct Observed {
    /// Digest of the model.
    pub digest: String,
    /// Digest of the engine.
    pub engine: String,
    /// Number of groups of shipments per replication whose fates are independent.
    pub clusters: f64,
    /// Fingerprints of each flow, one per replication.
    pub flows: BTreeMap<String, Vec<Hash64>>,
    /// Fingerprints of each service, one per replication.
    pub services: BTreeMap<String, Vec<Hash64>>,
    /// The gated metrics.
    pub samples: BTreeMap<String, Sample>,
    n: usize,
}

impl Observed {
    /// Extracts what the gate needs from merged replications. Times of the `background` flows are not gated.
    pub fn of(gathered: &Gathered, background: &BTreeSet<String>, digest: &str, engine: &str) -> Self {
        let fingerprints = gathered.fingerprints_by_replication();
        Self {
            digest: digest.to_owned(),
            engine: engine.to_owned(),
            clusters: gathered.clusters_a_replication(),
            flows: fingerprints.flows,
            services: fingerprints.services,
            samples: to_milliseconds(gathered.samples(|path| is_gated(path, background))),
            n: gathered.n_replications() as usize,
        }
    }

    /// Returns the number of replications.
    pub fn n_replications(&self) -> usize {
        self.n
    }
}

/// Rounds quantiles to whole milliseconds. They are interpolated between the values of a histogram, and their further digits would be half
/// of a baseline's size.
fn to_milliseconds(mut samples: BTreeMap<String, Sample>) -> BTreeMap<String, Sample> {
    let round = |hours: f64| (hours * MILLISECONDS).round() / MILLISECONDS;
    for sample in samples.values_mut() {
        if let Sample::Quantile { pooled, own } = sample {
            *pooled = round(*pooled);
            own.iter_mut().flatten().for_each(|own| *own = round(*own));
        }
    }
    samples
}

/// Compares a baseline with the outcome of `observe`, which simulates a given number of replications of the present model under the plan's
/// seed. `name` is the name of the baseline's file.
///
/// # Errors
/// Those of `observe`.
pub fn assess<E>(
    baseline: &Baseline,
    name: &str,
    plan: Plan,
    mut observe: impl FnMut(u64) -> Result<Observed, E>,
) -> Result<Finding, E> {
    let stored = baseline.last();
    let n_stored = stored.replications;
    let paired = plan.seed.is_none_or(|seed| seed == stored.seed);
    let mut finding = Finding {
        scenario: baseline.scenario.name.clone(),
        file: baseline.scenario.file.clone(),
        cause: Cause::Identical,
        verdict: Verdict::Pass,
        message: None,
        stored_replications: n_stored,
        paired,
        ..Finding::incomparable(name, String::new())
    };
    let mut observed = None;
    let mut clusters = 1.0;
    if paired {
        let quick = QUICK.min(n_stored);
        let sizes: &[u64] = if quick < n_stored { &[quick, n_stored] } else { &[quick] };
        for &n in sizes {
            // The first replications alone are enough in the quick tier, and if neither the model nor the engine has changed.
            let is_another = finding.model_changed || finding.engine_changed;
            if n > quick && (plan.tier == Tier::Quick || plan.tier == Tier::Auto && !is_another) {
                break;
            }
            let now = observe(n)?;
            let comparison = compare(baseline, &now);
            let is_identical = comparison.is_identical();
            let is_settled = note(&mut finding, baseline, &now, comparison, true);
            clusters = now.clusters;
            observed = Some(now);
            if is_settled {
                return Ok(with_drift(finding, baseline, clusters, None));
            }
            if !is_identical {
                finding.cause = Cause::Margins;
                break;
            }
        }
        if finding.cause == Cause::Identical {
            finding.counts.identical = baseline.metrics.len();
            return Ok(with_drift(finding, baseline, clusters, None));
        }
        if plan.tier == Tier::Quick {
            finding.verdict = Verdict::Inconclusive;
            finding.cause = Cause::QuickTierOnly;
            return Ok(with_drift(finding, baseline, clusters, None));
        }
    }
    let sizes = look_sizes(n_stored, plan.looks, paired);
    let of = sizes.len() as u32;
    for (place, &n) in sizes.iter().enumerate() {
        let now = match observed.take() {
            Some(now) if now.n_replications() as u64 == n => now,
            _ => observe(n)?,
        };
        let mut comparison = compare(baseline, &now);
        if !paired {
            // With luck of its own, no number is the same; metrics that appeared or vanished still show.
            comparison = Comparison {
                n: comparison.n,
                vanished: comparison.vanished,
                new: comparison.new,
                ..Comparison::default()
            };
        }
        if note(&mut finding, baseline, &now, comparison, paired) {
            return Ok(with_drift(finding, baseline, clusters, None));
        }
        let number = place as u32 + 1;
        let look = Look::new(number, of).unwrap_or(Look::ONLY);
        let judged =
            judge(&pairs(baseline, &now, |metric| Some(metric.sample())), paired, now.clusters, look);
        finding.replications = n;
        finding.look = Some([number, of]);
        finding.model_changed = now.digest != stored.digest;
        finding.engine_changed = now.engine != stored.engine;
        conclude(&mut finding, judged);
        if finding.verdict != Verdict::Inconclusive || number == of {
            return Ok(with_drift(finding, baseline, now.clusters, paired.then_some(&now)));
        }
        observed = Some(now);
    }
    Ok(finding)
}

/// Returns the number of replications of each look.
fn look_sizes(n_stored: u64, most: u32, paired: bool) -> Vec<u64> {
    let most = most.clamp(1, MOST_LOOKS);
    if !paired {
        return (0..most).map(|look| n_stored << look).collect();
    }
    let n_looks = (1..most).take_while(|look| n_stored >> look >= FEWEST).count() as u32 + 1;
    (0..n_looks).rev().map(|halvings| n_stored.div_ceil(1 << halvings)).collect()
}

/// Records the outcome of an exact comparison. Returns whether the verdict is final: metrics have vanished, or the statistics code has
/// changed.
///
/// Equal trajectories allow conclusions about the statistics only if the replications are paired.
fn note(
    finding: &mut Finding,
    baseline: &Baseline,
    now: &Observed,
    comparison: Comparison,
    paired: bool,
) -> bool {
    let stored = baseline.last();
    finding.model_changed = now.digest != stored.digest;
    finding.engine_changed = now.engine != stored.engine;
    finding.replications = comparison.n as u64;
    let is_same_model = !finding.model_changed;
    let is_broken =
        paired && is_same_model && comparison.is_same_trajectory() && !comparison.differing.is_empty();
    finding.moved = comparison.moved;
    finding.new = comparison.new;
    finding.vanished = comparison.vanished;
    if !finding.vanished.is_empty() {
        finding.verdict = Verdict::Fail;
        finding.cause = Cause::MetricsVanished;
        return true;
    }
    if is_broken {
        finding.statistics_changed = comparison.differing;
        finding.verdict = Verdict::Fail;
        finding.cause = Cause::StatisticsChanged;
    }
    is_broken
}

/// Returns the metrics of a baseline that still exist, with the stored numbers that `of` gives.
pub(crate) fn pairs<'a>(
    baseline: &'a Baseline,
    now: &'a Observed,
    of: impl Fn(&Metric) -> Option<Sample>,
) -> Vec<Pair<'a>> {
    let one = |(path, metric): (&'a String, &'a Metric)| {
        let new = now.samples.get(path)?;
        Some(Pair { path, stored: of(metric)?, new, margin: metric.margin })
    };
    baseline.metrics.iter().filter_map(one).collect()
}

fn conclude(finding: &mut Finding, judged: Judged) {
    let Judged { verdict, counts, moves, one_sided } = judged;
    (finding.counts, finding.moves) = (counts, moves);
    finding.cause = Cause::Margins;
    finding.verdict = match verdict {
        Some(GateVerdict::Identical | GateVerdict::Pass) => Verdict::Pass,
        Some(GateVerdict::Changed) => Verdict::Changed,
        Some(GateVerdict::Fail) => Verdict::Fail,
        // All compared metrics lack a margin.
        Some(GateVerdict::Inconclusive) | None => Verdict::Inconclusive,
    };
    if !one_sided.is_empty() {
        finding.cause = Cause::MetricsVanished;
        finding.vanished = one_sided;
    }
}

/// Adds the distance from the first blessing: of the new numbers, or of the stored ones if nothing has changed since.
fn with_drift(mut finding: Finding, baseline: &Baseline, clusters: f64, now: Option<&Observed>) -> Finding {
    finding.drift = drift(baseline, clusters, now);
    let has_left = finding.drifted().next().is_some();
    if has_left && finding.verdict < Verdict::Incomparable {
        finding.verdict = Verdict::Fail;
        finding.cause = Cause::Drift;
    }
    finding
}

/// Returns the distance from the first blessing; `None` if that is also the last one.
pub(crate) fn drift(baseline: &Baseline, clusters: f64, now: Option<&Observed>) -> Option<Drift> {
    let (first, last) = (baseline.first(), baseline.last());
    if baseline.ledger.len() < 2 {
        return None;
    }
    let paired = first.seed == last.seed && first.key_layout == last.key_layout;
    let of_first = |metric: &Metric| metric.first_sample().or_else(|| now.map(|_| metric.sample()));
    let stored;
    let observed = if let Some(now) = now {
        now
    } else {
        let samples = baseline.metrics.iter().map(|(path, metric)| (path.clone(), metric.sample()));
        stored = Observed { samples: samples.collect(), ..Observed::default() };
        &stored
    };
    let judged = judge(&pairs(baseline, observed, of_first), paired, clusters, Look::ONLY);
    Some(Drift { blessings: baseline.ledger.len(), since: first.reason.clone(), moves: judged.moves })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_double_up_to_what_is_stored() {
        assert_eq!(look_sizes(80, 4, true), [10, 20, 40, 80]);
        assert_eq!(look_sizes(200, 4, true), [25, 50, 100, 200]);
        assert_eq!(look_sizes(20, 4, true), [10, 20]);
        assert_eq!(look_sizes(19, 4, true), [19]);
        assert_eq!(look_sizes(3, 4, true), [3]);
        assert_eq!(look_sizes(80, 1, true), [80]);
        assert_eq!(look_sizes(20, 4, false), [20, 40, 80, 160]);
    }
}
