//! Models at several points under the same luck, and the differences of their figures to those of the first point.
//!
//! Owns the compiling of points, their replications on all cores, and the assembly of `sweep.json`. Does not own which points there are
//! (`design`), the estimates (`estimate`) or how they are shown (`sanda_report`).

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;
use sanda_core::Prepared;
use sanda_core::kernel::random::KEY_LAYOUT;
use sanda_core::model::Limit;
use sanda_core::model::ids::PromiseId;
use sanda_results::{Figure, PrecisionReport, SCHEMA, Sweep, SweepPoint, SweepValue, SweptMetric, Text};
use sanda_scenario::build::Built;
use sanda_scenario::{LoadFailure, Loaded, compile, reload};
use sanda_study::PieceKey;

use crate::assemble::scenario_info;
use crate::catalogue::Metric;
use crate::design::Design;
use crate::figure::CONFIDENCE;
use crate::gather::{Gathered, section_of};
use crate::pieces::Pieces;
use crate::run::{Merge, Plan, Progress, RunError, key_of_whole};
use crate::sample::{Sample, difference};
use crate::targets::Wanted;
use crate::until::run_until;
use crate::workers::Reports;

/// A point at which the scenario is not sound.
#[derive(Debug)]
pub struct UnsoundPoint {
    /// Its number, from 0.
    pub point: usize,
    /// What is wrong.
    pub failure: Box<LoadFailure>,
}

/// Compiles the model of every point, on all cores.
///
/// # Errors
/// Every point at which the scenario is not sound, in their order.
pub fn compile_points(loaded: &Loaded, design: &Design) -> Result<Vec<Built>, Vec<UnsoundPoint>> {
    let at = |point: usize| reload(loaded, &design.sets(point)).and_then(compile).map(|model| model.built);
    let compiled: Vec<_> = (0..design.points.len()).into_par_iter().map(at).collect();
    let mut unsound = Vec::new();
    let mut models = Vec::new();
    for (point, outcome) in compiled.into_iter().enumerate() {
        match outcome {
            Ok(built) => models.push(built),
            Err(failure) => unsound.push(UnsoundPoint { point, failure }),
        }
    }
    if unsound.is_empty() { Ok(models) } else { Err(unsound) }
}

/// The outcome of the replications at a point.
#[derive(Debug)]
pub struct PointOutcome {
    figures: BTreeMap<String, Figure>,
    samples: BTreeMap<String, Sample>,
    /// Groups of shipments with a fate of their own in a replication.
    n_clusters: f64,
    /// Replications merged.
    pub n_replications: u32,
    /// What came of the precision that was asked for.
    pub precision: Option<PrecisionReport>,
}

impl PointOutcome {
    fn of(gathered: &Gathered, wanted: &BTreeSet<String>, precision: Option<PrecisionReport>) -> Self {
        Self {
            figures: gathered.figures_at(wanted),
            samples: gathered.samples(|path| wanted.contains(path)),
            n_clusters: gathered.n_clusters_of_window(),
            n_replications: gathered.n_replications(),
            precision,
        }
    }
}

/// Why a sweep ended without results.
#[derive(Debug, thiserror::Error)]
pub enum SweepError {
    /// Not all points were simulated; what was is among the pieces.
    #[error("interrupted after {n_done} replications")]
    Interrupted {
        /// Replications that were merged.
        n_done: u64,
    },
    /// A run failed.
    #[error("at point {}: {error}", point + 1)]
    At {
        /// Its number, from 0.
        point: usize,
        /// Why.
        error: RunError,
    },
}

/// Simulates every point with the same seed; all cores are busy until the last replication of the last point.
///
/// With `wanted`, every point has as many replications as its own precision takes, one point after the other. Determinism: as
/// [`crate::run()`]. `progress` counts the replications of all points.
///
/// # Errors
/// [`SweepError`]; of several failures that of the first point.
pub fn run_points(
    models: &Arc<Vec<Built>>,
    plan: Plan,
    wanted: Option<&Wanted>,
    metrics: &[Metric],
    pieces: &Pieces,
    stop: &AtomicBool,
    progress: &mut dyn Progress,
) -> Result<Vec<PointOutcome>, SweepError> {
    let paths: BTreeSet<String> = metrics.iter().map(|metric| metric.path.clone()).collect();
    match wanted {
        None => run_fixed(models, plan, &paths, pieces, stop, progress),
        Some(wanted) => run_precise(models, plan, wanted, &paths, pieces, stop, progress),
    }
}

fn run_fixed(
    models: &Arc<Vec<Built>>,
    plan: Plan,
    paths: &BTreeSet<String>,
    pieces: &Pieces,
    stop: &AtomicBool,
    progress: &mut dyn Progress,
) -> Result<Vec<PointOutcome>, SweepError> {
    let n_all = models.len() as u64 * plan.n_replications;
    let (shared, pieces) = (Arc::clone(models), pieces.clone());
    let place = move |number: u64| ((number / plan.n_replications) as usize, number % plan.n_replications);
    let mut reports = Reports::of(plan.n_threads, n_all, stop, move |workers| {
        let prepared: Vec<OnceLock<Prepared<'_>>> = shared.iter().map(|_| OnceLock::new()).collect();
        workers.each(|number| {
            let (point, replication) = place(number);
            let built = &shared[point];
            let key: PieceKey = key_of_whole(built, plan.seed, replication);
            let outcome = pieces.get(&key, || {
                let prepared = prepared[point].get_or_init(|| Prepared::new(&built.model));
                prepared.replicate(plan.seed, replication)
            });
            outcome.map(|outcome| {
                let section = section_of(&built.model, &outcome);
                (Box::new(outcome), section)
            })
        });
    })
    .map_err(|error| SweepError::At { point: 0, error })?;
    let mut merges: BTreeMap<usize, Merge> = BTreeMap::new();
    let mut done: BTreeMap<usize, PointOutcome> = BTreeMap::new();
    let mut n_done = 0;
    while let Some((number, finished)) = reports.next(stop, progress) {
        let (point, replication) = place(number);
        let model = &models[point].model;
        let merge = merges.entry(point).or_insert_with(|| Merge::new(model));
        merge.add(replication, finished);
        while merge.next(model) {
            n_done += 1;
            progress.merged(n_done, n_all, None);
        }
        if merge.n_merged() == plan.n_replications {
            done.insert(point, PointOutcome::of(&merge.gathered, paths, None));
            merges.remove(&point);
        }
    }
    if let Some((point, merge)) = merges.into_iter().find(|(_, merge)| merge.has_failed()) {
        return Err(match merge.finish(plan.seed) {
            Err(error) => SweepError::At { point, error },
            Ok(_) => SweepError::Interrupted { n_done },
        });
    }
    if done.len() < models.len() {
        return Err(SweepError::Interrupted { n_done });
    }
    Ok(done.into_values().collect())
}

fn run_precise(
    models: &Arc<Vec<Built>>,
    plan: Plan,
    wanted: &Wanted,
    paths: &BTreeSet<String>,
    pieces: &Pieces,
    stop: &AtomicBool,
    progress: &mut dyn Progress,
) -> Result<Vec<PointOutcome>, SweepError> {
    let mut outcomes = Vec::new();
    let mut n_done = 0;
    for (point, built) in models.iter().enumerate() {
        let mut shifted =
            Shifted { progress: &mut *progress, before: n_done, n_left: models.len() as u64 - point as u64 };
        let run = run_until(built, plan, wanted, pieces, stop, &mut shifted);
        let (gathered, report) = match run {
            Ok(run) => run,
            Err(RunError::Interrupted) => return Err(SweepError::Interrupted { n_done }),
            Err(error) => return Err(SweepError::At { point, error }),
        };
        let n = u64::from(gathered.n_replications());
        n_done += n;
        if !report.is_reached && n < wanted.budget {
            return Err(SweepError::Interrupted { n_done });
        }
        outcomes.push(PointOutcome::of(&gathered, paths, Some(report)));
    }
    Ok(outcomes)
}

/// The progress of one point as part of all.
struct Shifted<'p> {
    progress: &'p mut dyn Progress,
    before: u64,
    /// Points from this one on.
    n_left: u64,
}

impl Progress for Shifted<'_> {
    fn merged(&mut self, n_done: u64, n_replications: u64, _: Option<&Gathered>) {
        self.progress.merged(self.before + n_done, self.before + n_replications * self.n_left, None);
    }

    fn expect(&mut self, n_replications: u64) {
        // The other points are taken to need about as many.
        self.progress.expect(self.before + n_replications * self.n_left);
    }

    fn waiting(&mut self) -> ControlFlow<()> {
        self.progress.waiting()
    }
}

/// Makes the content of `sweep.json`. Metrics of which nothing was observed at any point are left out.
///
/// # Panics
/// If there is not a model and an outcome for every point.
pub fn assemble_sweep(
    design: &Design,
    models: &[Built],
    outcomes: &[PointOutcome],
    metrics: &[Metric],
    seed: u64,
    overrides: &[String],
) -> Sweep {
    assert_eq!(
        (models.len(), outcomes.len()),
        (design.points.len(), design.points.len()),
        "one for each point"
    );
    let fewest = outcomes.iter().map(|outcome| outcome.n_replications).min().unwrap_or(0);
    let points = design.points.iter().zip(design.numbers()).zip(models.iter().zip(outcomes));
    let points = points.map(|((values, numbers), (built, outcome))| SweepPoint {
        values: values.clone(),
        numbers,
        digest: built.digest.clone(),
        replications: outcome.n_replications,
    });
    let metrics = metrics.iter().map(|metric| swept(metric, &models[0], outcomes));
    let is_known = |metric: &SweptMetric| metric.values.iter().any(|value| value.figure.value().is_some());
    Sweep {
        schema: SCHEMA,
        key_layout: KEY_LAYOUT,
        confidence: CONFIDENCE.level(),
        scenario: scenario_info(&models[0], seed, fewest),
        design: design.kind,
        parameters: design.parameters.clone(),
        points: points.collect(),
        metrics: metrics.filter(is_known).collect(),
        overrides: overrides.to_vec(),
        notes: notes(design, models, outcomes),
    }
}

fn swept(metric: &Metric, built: &Built, outcomes: &[PointOutcome]) -> SweptMetric {
    let promise = metric.path.strip_prefix("promises.").and_then(|rest| rest.strip_suffix(".share"));
    let promise = promise.and_then(|id| {
        built.model.promises.iter_enumerated().find(|(_, params)| params.name == id).map(|(id, _)| id)
    });
    let (name, target) = match promise {
        Some(id) => {
            let label = &built.labels.promises[id];
            (Text::new(label.zh.clone(), label.en.clone()), Some(built.labels.targets[id]))
        }
        None => (Text::same(metric.path.clone()), None),
    };
    let first = &outcomes[0];
    let values = outcomes.iter().enumerate().map(|(point, outcome)| {
        let figure = outcome.figures.get(&metric.path).copied().unwrap_or_default();
        if point == 0 {
            return SweepValue { figure, difference: None, is_same: false };
        }
        let samples = first.samples.get(&metric.path).zip(outcome.samples.get(&metric.path));
        let found = samples
            .and_then(|(base, other)| difference(base, other, first.n_clusters.min(outcome.n_clusters)));
        let is_same = found.as_ref().is_some_and(|found| found.is_same);
        let difference = found.map(|found| {
            let figure = Figure::from_parts(found.value, found.low.zip(found.high), found.n_replications);
            Figure { remark: found.remark, ..figure }
        });
        SweepValue { figure, difference, is_same }
    });
    SweptMetric {
        path: metric.path.clone(),
        measure: metric.measure,
        name,
        target,
        is_leading: promise.is_some_and(|id| leads(built, id)),
        values: values.collect(),
    }
}

/// Whether no other promise sums up this one: several flows by the same clock, limit and target.
fn leads(built: &Built, id: PromiseId) -> bool {
    let labels = &built.labels;
    let promise = &built.model.promises[id];
    let [lane] = promise.flows.as_slice() else { return true };
    !built.model.promises.iter_enumerated().any(|(other, sum)| {
        sum.flows.len() > 1
            && sum.flows.contains(lane)
            && is_alike(&sum.limit, &promise.limit)
            && labels.clocks[other] == labels.clocks[id]
            && labels.targets[other].to_bits() == labels.targets[id].to_bits()
    })
}

fn is_alike(a: &Limit, b: &Limit) -> bool {
    match (a, b) {
        (Limit::Within(a), Limit::Within(b)) => a == b,
        (Limit::EndOfDay { days: a, .. }, Limit::EndOfDay { days: b, .. }) => a == b,
        _ => false,
    }
}

/// Lists remarks for readers: points that are one model, and precision that was not reached.
fn notes(design: &Design, models: &[Built], outcomes: &[PointOutcome]) -> Vec<Text> {
    let mut notes = Vec::new();
    let mut by_digest: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (point, built) in models.iter().enumerate() {
        by_digest.entry(&built.digest).or_default().push(point + 1);
    }
    let mut same: Vec<&Vec<usize>> = by_digest.values().filter(|points| points.len() > 1).collect();
    same.sort();
    for points in same {
        let list = |mark: &str| points.iter().map(usize::to_string).collect::<Vec<_>>().join(mark);
        notes.push(Text::new(
            format!("第{}点是同一个模型：它们之间的参数差别不起作用。", list("、")),
            format!("Points {} are the same model: what differs between them has no effect.", list(", ")),
        ));
    }
    let missed: Vec<usize> = (0..design.points.len())
        .filter(|&point| outcomes[point].precision.as_ref().is_some_and(|report| !report.is_reached))
        .map(|point| point + 1)
        .collect();
    if !missed.is_empty() {
        let list = |mark: &str| missed.iter().map(usize::to_string).collect::<Vec<_>>().join(mark);
        let needed = missed.iter().filter_map(|point| {
            outcomes[point - 1].precision.as_ref()?.entries.iter().filter_map(|entry| entry.needed).max()
        });
        let needed = needed.max();
        notes.push(Text::new(
            format!(
                "第{}点在重复次数上限内未达到要求的精度{}。",
                list("、"),
                needed.map_or_else(String::new, |n| format!("，约需{n}次重复"))
            ),
            format!(
                "The precision asked for is not reached within the budget at points {}{}.",
                list(", "),
                needed.map_or_else(String::new, |n| format!("; about {n} replications would be needed"))
            ),
        ));
    }
    notes
}
