//! Scenarios compared with a base under common luck, shipment by shipment and draw by draw of what is not known.
//!
//! Replication i of every scenario meets the same luck, so a difference is estimated from pairs of replications. Where inputs are
//! uncertain the comparison is repeated at the same draws in both (`draws`). Owns which figures are compared, against which margins, and
//! the assembly of `compare.json`. Does not own the estimates (`estimate`), nor the list of changed values (`sanda_scenario`).

mod draws;
mod judge;
mod ranking;

use std::collections::{BTreeMap, BTreeSet};

use sanda_core::kernel::random::KEY_LAYOUT;
use sanda_results::{
    Alternative, Change, ComparedPromise, ComparedScenario, Comparison, DrawDifferences, Finding,
    Fingerprint, Lead, Margins, MetricDifference, PromiseDifference, SCHEMA, Text, paths,
};
use sanda_scenario::{LoadedModel, differences};

use crate::figure::CONFIDENCE;
use crate::gather::Gathered;
use crate::inputs::{InputOutcomes, InputPlan, PointCounts, points_of};
use crate::sample::Sample;
use judge::judge_all;

/// With fewer replications than this a reader is told that they are few.
const FEW: u32 = 10;

/// Milliseconds of an hour.
const HOUR: f64 = 3_600_000.0;

/// What a comparison keeps of a scenario that was simulated: the samples of its figures and its draws, without any distribution.
#[derive(Clone, Debug)]
pub struct Side {
    about: ComparedScenario,
    /// Samples of the figures that are compared, by path.
    samples: BTreeMap<String, Sample>,
    fingerprint: Fingerprint,
    /// Groups of shipments of a replication that may share one fate.
    n_clusters: f64,
    draws: Option<Draws>,
}

/// The draws of the inputs of a scenario.
#[derive(Clone, Debug)]
struct Draws {
    unknowns: Vec<String>,
    /// By draw, a coordinate for each unknown.
    points: Vec<Vec<f64>>,
    /// By promise, what each draw says of it over all its flows.
    promises: BTreeMap<String, Vec<PointCounts>>,
}

impl Side {
    /// Keeps what a comparison needs.
    pub fn new(loaded: &LoadedModel, seed: u64, gathered: &Gathered, inputs: Option<&InputOutcomes>) -> Self {
        let built = &loaded.built;
        let n_draws = inputs.map_or(0, InputOutcomes::n_points);
        let draws = inputs.map(|outcomes| {
            let plan = InputPlan { seed, n_points: n_draws as u64, n_threads: None };
            let promises = built
                .model
                .promises
                .iter_enumerated()
                .map(|(id, params)| (params.name.clone(), outcomes.of_promise(id.index())));
            Draws {
                unknowns: loaded.inputs.unknowns().to_vec(),
                points: points_of(&loaded.inputs, plan),
                promises: promises.collect(),
            }
        });
        Self {
            about: ComparedScenario {
                name: built.labels.name.clone(),
                title: Text::new(&built.labels.title.zh, &built.labels.title.en),
                digest: built.digest.clone(),
                fingerprint: gathered.fingerprint().total,
                seed,
                replications: gathered.n_replications(),
                draws: n_draws as u32,
            },
            samples: gathered.samples(is_compared),
            fingerprint: gathered.fingerprint().clone(),
            n_clusters: gathered.n_clusters_of_window(),
            draws,
        }
    }
}

impl Side {
    /// How many replications it has.
    pub fn n_replications(&self) -> u64 {
        u64::from(self.about.replications)
    }
}

/// Whether a figure is compared: shares and times of promises, times, costs and emissions of flows, and how services and
/// resources are used. The figures of single stages, weeks and months are left to `results.json`.
fn is_compared(path: &str) -> bool {
    let Some((section, _, rest)) = paths::split(path) else { return false };
    let is_any = |names: &[&str]| names.contains(&rest);
    match section {
        paths::PROMISES => rest == "share" || rest.starts_with("by_flow.") || rest.starts_with("time."),
        paths::FLOWS => {
            let is_time = |rest: &str| {
                rest.rsplit('.')
                    .next()
                    .is_some_and(|statistic| ["mean", "p50", "p90", "p95"].contains(&statistic))
            };
            rest.starts_with("clocks.") && is_time(rest)
                || (rest.starts_with("cost.per_") || rest.starts_with("emission.per_"))
                || is_any(&["delivered", "released", "lost", "under_way"])
        }
        paths::SERVICES => is_any(&["load_factor", "first_departure_share", "rollover_share", "wait.mean"]),
        paths::RESOURCES => is_any(&["utilisation", "wait.mean", "lost_share"]),
        _ => false,
    }
}

/// Compares scenarios with a base.
///
/// `loaded` are the scenarios in the order of `sides`, the base first: what their files say differently is read off them.
/// Determinism: a pure function of the scenarios, the seeds and the replications merged.
///
/// # Panics
/// Without a base.
pub fn compare(loaded: &[&LoadedModel], sides: &[Side], overrides: &[String]) -> Comparison {
    let (base, alternatives) = sides.split_first().expect("a comparison has a base");
    let (base_loaded, others_loaded) = loaded.split_first().expect("a comparison has a base");
    let (share, time) = base_loaded.built.margins;
    let margins = Margins { share, hours: time.as_hours_f64() };
    let judged = judge_all(base, alternatives, margins);
    let mut all: Vec<Alternative> = Vec::new();
    for ((alternative, loaded), metrics) in alternatives.iter().zip(others_loaded).zip(judged) {
        let promises = promises(base, alternative, base_loaded, &metrics);
        all.push(Alternative { changes: changes(base_loaded, loaded), ..alone(base, alternative) });
        if let Some(one) = all.last_mut() {
            let is_no_other = |draws: &DrawDifferences| {
                [draws.share, draws.time].iter().all(|count| count.same == draws.draws)
            };
            one.is_same = one.moves_alike
                && metrics.values().all(|metric| metric.finding == Finding::Same)
                && promises.values().filter_map(|promise| promise.draws.as_ref()).all(is_no_other);
            (one.promises, one.metrics) = (promises, metrics);
        }
    }
    let promises = compared_promises(base_loaded);
    let rankings = if alternatives.len() > 1 {
        promises.keys().filter_map(|id| Some((id.clone(), ranking::rank(id, sides, &all)?))).collect()
    } else {
        BTreeMap::new()
    };
    Comparison {
        schema: SCHEMA,
        key_layout: KEY_LAYOUT,
        confidence: CONFIDENCE.level(),
        margins,
        base: base.about.clone(),
        alternatives: all,
        promises,
        rankings,
        flows: flow_names(loaded),
        overrides: overrides.to_vec(),
        notes: notes(base, alternatives),
    }
}

/// What an alternative is beside the base, without its figures.
fn alone(base: &Side, alternative: &Side) -> Alternative {
    let names = |side: &Side| side.fingerprint.flows.keys().cloned().collect::<BTreeSet<String>>();
    let (of_base, of_alternative) = (names(base), names(alternative));
    let is_flow_same = |flow: &&String| base.fingerprint.flows[*flow] == alternative.fingerprint.flows[*flow];
    // A service that one of them lacks and no shipment rides changes nothing.
    let of_both = base
        .fingerprint
        .services
        .iter()
        .filter_map(|(service, hash)| Some((hash, alternative.fingerprint.services.get(service)?)));
    let moves_alike = base.fingerprint.flows == alternative.fingerprint.flows
        && base.about.replications == alternative.about.replications
        && of_both.into_iter().all(|(of_base, of_alternative)| of_base == of_alternative);
    Alternative {
        scenario: alternative.about.clone(),
        is_same: false,
        moves_alike,
        same_flows: of_base.intersection(&of_alternative).filter(is_flow_same).count() as u32,
        flows: of_base.intersection(&of_alternative).count() as u32,
        flows_of_base: of_base.difference(&of_alternative).cloned().collect(),
        flows_of_alternative: of_alternative.difference(&of_base).cloned().collect(),
        changes: Vec::new(),
        promises: BTreeMap::new(),
        metrics: BTreeMap::new(),
        flips: BTreeMap::new(),
    }
}

/// What the files say differently.
fn changes(base: &LoadedModel, alternative: &LoadedModel) -> Vec<Change> {
    let change = |one: sanda_scenario::Difference| Change {
        path: one.path,
        name: one.name.map(|(zh, en)| Text::new(zh, en)),
        base: one.base,
        alternative: one.alternative,
    };
    differences(base, alternative).into_iter().map(change).collect()
}

/// What leads of each promise that both have, and how it stands over the draws.
fn promises(
    base: &Side,
    alternative: &Side,
    loaded: &LoadedModel,
    metrics: &BTreeMap<String, MetricDifference>,
) -> BTreeMap<String, PromiseDifference> {
    let model = &loaded.built.model;
    let mut promises = BTreeMap::new();
    for params in &model.promises {
        let id = params.name.as_str();
        if !metrics.contains_key(&paths::promise_share(id)) {
            continue;
        }
        let flows = params.flows.iter().map(|&flow| model.flows[flow].name.as_str());
        let lead = lead(id, flows, metrics);
        let draws = draws::compare(id, base.draws.as_ref(), alternative.draws.as_ref(), lead);
        promises.insert(id.to_owned(), PromiseDifference { lead, draws });
    }
    promises
}

/// Which difference of a promise tells more: that of the share where one that may matter is proven, else that of the time.
///
/// A mean time leaves out what never arrives, so it leads only where as many arrive in both scenarios.
fn lead<'f>(
    id: &str,
    mut flows: impl Iterator<Item = &'f str>,
    metrics: &BTreeMap<String, MetricDifference>,
) -> Lead {
    let finding = |path: &str| metrics.get(path).map(|one| one.finding);
    let is_proven = |figure: &str| finding(&paths::promise(id, figure)).is_some_and(Finding::is_proven);
    let is_one_left = |flow: &str| {
        let differs =
            |figure: &str| finding(&paths::flow(flow, figure)).is_some_and(|found| found != Finding::Same);
        differs("under_way") || differs("lost")
    };
    if is_proven("share") {
        Lead::Share
    } else if is_proven("time.mean") && !flows.any(is_one_left) {
        Lead::Time
    } else {
        Lead::Neither
    }
}

/// The promises of the base.
fn compared_promises(loaded: &LoadedModel) -> BTreeMap<String, ComparedPromise> {
    use sanda_core::model::Limit;
    let (model, labels) = (&loaded.built.model, &loaded.built.labels);
    let mut promises: BTreeMap<String, ComparedPromise> = model
        .promises
        .iter_enumerated()
        .map(|(id, params)| {
            let limit_hours = match &params.limit {
                Limit::Within(limit) => Some(limit.as_hours_f64()),
                Limit::EndOfDay { .. } => None,
            };
            let label = &labels.promises[id];
            let promise = ComparedPromise {
                name: Text::new(&label.zh, &label.en),
                flows: params.flows.iter().map(|&flow| model.flows[flow].name.clone()).collect(),
                clock: labels.clocks[id].clone(),
                limit_hours,
                target: labels.targets[id],
                is_of_a_lane: false,
            };
            (params.name.clone(), promise)
        })
        .collect();
    let of_several: Vec<ComparedPromise> =
        promises.values().filter(|promise| promise.flows.len() > 1).cloned().collect();
    for promise in promises.values_mut() {
        let [lane] = promise.flows.as_slice() else { continue };
        promise.is_of_a_lane = of_several.iter().any(|sum| {
            sum.flows.contains(lane)
                && sum.clock == promise.clock
                && sum.limit_hours == promise.limit_hours
                && (sum.target - promise.target).abs() < 1e-9
        });
    }
    promises
}

/// The names of all flows that count.
fn flow_names(loaded: &[&LoadedModel]) -> BTreeMap<String, Text> {
    let of_one = |loaded: &&LoadedModel| {
        let (model, labels) = (&loaded.built.model, &loaded.built.labels);
        let counting = model.flows.iter_enumerated().filter(|(_, flow)| !flow.background);
        let names = counting.map(|(id, flow)| {
            let label = &labels.flows[id];
            (flow.name.clone(), Text::new(&label.zh, &label.en))
        });
        names.collect::<Vec<_>>()
    };
    // The base's name of a flow holds.
    loaded.iter().rev().flat_map(of_one).collect()
}

/// What a reader must know of the whole comparison.
fn notes(base: &Side, alternatives: &[Side]) -> Vec<Text> {
    let mut notes = Vec::new();
    if base.about.replications < FEW {
        notes.push(Text::new(
            format!("只有{}次重复，区间的可靠性有限；建议20次或更多。", base.about.replications),
            format!(
                "With {} replications intervals hold less often than they say; take 20 or more.",
                base.about.replications
            ),
        ));
    }
    for other in alternatives {
        if other.about.replications != base.about.replications {
            notes.push(Text::new(
                format!(
                    "“{}”只有{}次重复，基准情景有{}次：差值只用两者共有的重复。",
                    other.about.title.zh, other.about.replications, base.about.replications
                ),
                format!(
                    "“{}” has {} replications and the base {}: differences use those that both have.",
                    other.about.title.en, other.about.replications, base.about.replications
                ),
            ));
        }
    }
    notes
}
