//! The shipments that keep a promise in only one of two compared scenarios: the part of `sanda compare` that follows single lives.
//!
//! Owns which lives are recorded. Does not own the counting of flips (`sanda_trace`).

use std::collections::BTreeSet;
use std::thread;

use sanda_core::record::invariant::Violation;
use sanda_results::{
    Alternative, Comparison, Finding, MetricDifference, PromiseFlips, StageFlips, Text, paths,
};
use sanda_scenario::LoadedModel;
use sanda_scenario::build::Built;
use sanda_trace::{Flips, Lives, Recorded};

/// The replication whose shipments are followed individually.
const FOLLOWED: u64 = 0;

/// Adds the shipments of the first replication that keep a promise in only one of two scenarios, and the stages responsible. Flows that do
/// not differ are skipped.
///
/// # Errors
/// A broken invariant.
pub(super) fn add_flips(comparison: &mut Comparison, loaded: &[&LoadedModel]) -> Result<(), Box<Violation>> {
    let seed = comparison.base.seed;
    let Some((base, others)) = loaded.split_first() else { return Ok(()) };
    let differing: Vec<BTreeSet<String>> = comparison.alternatives.iter().map(differing_flows).collect();
    let of_any: BTreeSet<String> = differing.iter().flatten().cloned().collect();
    if of_any.is_empty() {
        return Ok(());
    }
    let mut of_base = None;
    for ((alternative, loaded), flows) in comparison.alternatives.iter_mut().zip(others).zip(&differing) {
        if flows.is_empty() {
            continue;
        }
        let recorded = thread::scope(|scope| {
            // The first time both are recorded concurrently.
            let other = scope.spawn(|| record(loaded, seed, flows));
            let own = if of_base.is_none() { record(base, seed, &of_any)? } else { of_base.take() };
            let other = other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
            Ok::<_, Violation>(own.zip(other))
        });
        let Some((own, other)) = recorded.map_err(Box::new)? else { continue };
        let found = sanda_trace::flips(
            Recorded { built: &base.built, lives: &own },
            Recorded { built: &loaded.built, lives: &other },
        );
        alternative.flips =
            found.into_iter().map(|(promise, flips)| (promise, flips_of(&loaded.built, flips))).collect();
        of_base = Some(own);
    }
    Ok(())
}

/// Records the lives of the shipments of some flows; `None` if the scenario has none of them.
fn record<'m>(
    loaded: &'m LoadedModel,
    seed: u64,
    flows: &BTreeSet<String>,
) -> Result<Option<Lives<'m>>, Violation> {
    let model = &loaded.built.model;
    let ids = model.flows.iter_enumerated().filter(|(_, flow)| flows.contains(&flow.name));
    let ids: Vec<_> = ids.map(|(id, _)| id).collect();
    // An empty list would mean all flows.
    (!ids.is_empty()).then(|| Lives::record(model, seed, FOLLOWED, &ids)).transpose()
}

/// Returns the flows for which some time differs.
fn differing_flows(alternative: &Alternative) -> BTreeSet<String> {
    let differs = |(path, metric): (&String, &MetricDifference)| {
        let (section, flow, rest) = paths::split(path)?;
        let is_time = section == paths::FLOWS && rest.starts_with("clocks.");
        (is_time && metric.finding != Finding::Same).then(|| flow.to_owned())
    };
    alternative.metrics.iter().filter_map(differs).collect()
}

/// Returns the flips in their stored form, with the names of stages.
fn flips_of(built: &Built, flips: Flips) -> PromiseFlips {
    let name = |flow: &str, stage: &str| {
        let found = built
            .model
            .stages
            .iter_enumerated()
            .find(|(_, params)| params.name == stage && built.model.flows[params.flow].name == flow);
        found.map_or_else(
            || Text::same(stage),
            |(id, _)| Text::new(&built.labels.stages[id].zh, &built.labels.stages[id].en),
        )
    };
    let mut stages: Vec<StageFlips> = flips
        .stages
        .into_iter()
        .map(|((flow, stage), (gained, lost))| StageFlips {
            name: name(&flow, &stage),
            flow,
            stage,
            gained,
            lost,
        })
        .collect();
    stages.sort_by_key(|one| std::cmp::Reverse(one.gained + one.lost));
    PromiseFlips { of: flips.of, gained: flips.gained, lost: flips.lost, stages }
}
