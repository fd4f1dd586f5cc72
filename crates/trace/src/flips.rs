//! Shipments that keep a promise in one scenario and break it in another, and the stage that made the difference.
//!
//! A shipment is the same in both scenarios if its flow and its number are equal; it then meets the same luck. Owns the counting. Does not
//! own which scenarios are compared, or the differences of shares (`sanda_experiment`).

use std::collections::BTreeMap;

use sanda_core::model::ids::FlowId;
use sanda_scenario::build::Built;

use crate::life::{Life, PromiseOutcome};
use crate::recorder::Lives;

/// The flips of a promise that both scenarios make.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Flips {
    /// Number of shipments that both scenarios have.
    pub of: u64,
    /// Number of these that keep the promise in the alternative alone.
    pub gained: u64,
    /// Number of these that keep the promise in the base alone.
    pub lost: u64,
    /// Flips by the stage whose time on the promise's clock changed most in their direction: flow, stage, gained and lost.
    pub stages: BTreeMap<(String, String), (u64, u64)>,
}

/// A recorded scenario.
#[derive(Debug, Clone, Copy)]
pub struct Recorded<'r> {
    /// The compiled scenario.
    pub built: &'r Built,
    /// The lives of one of its replications.
    pub lives: &'r Lives<'r>,
}

impl Recorded<'_> {
    fn flow(&self, name: &str) -> Option<FlowId> {
        self.built.model.flows.iter_enumerated().find(|(_, flow)| flow.name == name).map(|(id, _)| id)
    }

    /// Returns the outcome of each promise of a life's flow, by the names of promises.
    fn outcomes(&self, life: &Life) -> BTreeMap<&str, PromiseOutcome> {
        let model = &self.built.model;
        let outcomes = life.promises(model).into_iter();
        outcomes.map(|outcome| (model.promises[outcome.promise].name.as_str(), outcome)).collect()
    }

    /// Returns the milliseconds of each stage of a life while a clock ran, by the names of stages. If it did not run, those of the whole
    /// life.
    fn stages(&self, life: &Life, ran: Option<(i64, i64)>) -> BTreeMap<&str, i64> {
        let (from, to) = ran.unwrap_or((i64::MIN, i64::MAX));
        let mut times = BTreeMap::new();
        for stage in &life.stages {
            let params = &self.built.model.stages[stage.stage];
            if !params.is_part && !params.is_charge {
                let within = (stage.to.min(to) - stage.from.max(from)).max(0);
                *times.entry(params.name.as_str()).or_default() += within;
            }
        }
        times
    }
}

/// Counts the flips of all promises from a base to an alternative, by promise.
///
/// Both must be recorded for the same replication with the same seed. Shipments that only one of them has are ignored.
pub fn flips(base: Recorded<'_>, alternative: Recorded<'_>) -> BTreeMap<String, Flips> {
    let mut all: BTreeMap<String, Flips> = BTreeMap::new();
    let mut flow_of_alternative = None;
    for life in base.lives.iter() {
        let flow = &base.built.model.flows[life.flow].name;
        if flow_of_alternative.is_none_or(|(known, _)| known != life.flow) {
            flow_of_alternative = Some((life.flow, alternative.flow(flow)));
        }
        let Some((_, Some(id))) = flow_of_alternative else { continue };
        let Some(other) = alternative.lives.get(id, life.number) else { continue };
        let (before, then) = (base.outcomes(&life), alternative.outcomes(&other));
        for (promise, outcome) in before {
            let Some(outcome_then) = then.get(promise) else { continue };
            let (is_kept, is_kept_then) = (outcome.is_kept, outcome_then.is_kept);
            let flips = all.entry(promise.to_owned()).or_default();
            flips.of += 1;
            if is_kept == is_kept_then {
                continue;
            }
            let stages = base.stages(&life, outcome.ran);
            let stages_then = alternative.stages(&other, outcome_then.ran);
            let Some(stage) = stage_of(&stages, &stages_then, is_kept_then) else { continue };
            let counts = flips.stages.entry((flow.clone(), stage)).or_default();
            if is_kept_then {
                flips.gained += 1;
                counts.0 += 1;
            } else {
                flips.lost += 1;
                counts.1 += 1;
            }
        }
    }
    all
}

/// Returns the stage whose time fell most, or rose most if the promise was lost. Among equal ones the first by name; `None` without stages.
fn stage_of(base: &BTreeMap<&str, i64>, alternative: &BTreeMap<&str, i64>, is_gain: bool) -> Option<String> {
    let names = base.keys().chain(alternative.keys());
    let change = |name: &&&str| {
        let time = |times: &BTreeMap<&str, i64>| times.get(**name).copied().unwrap_or_default();
        let saved = time(base) - time(alternative);
        if is_gain { saved } else { -saved }
    };
    let best = names.rev().max_by_key(change)?;
    Some((*best).to_owned())
}
