//! The list of figures that a model has, known before any replication has run: for `--metrics` and `--precision`.
//!
//! Owns the list with the measure of each, and the choice by pattern. Does not own the figures themselves (`metrics`).

use std::collections::BTreeSet;

use sanda_core::model::Model;
use sanda_core::record::Outcome;
use sanda_results::{Measure, paths};
use sanda_scenario::suggest::nearest;

use crate::argument::ArgumentIssue;
use crate::metrics::{Item, walk};

/// A figure that a model has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metric {
    /// Its path.
    pub path: String,
    /// What it is measured in.
    pub measure: Measure,
}

/// All figures of a model that have samples by replication, in the order of its parts: promises first.
pub fn catalogue(model: &Model) -> Vec<Metric> {
    let outcome = Outcome::empty(model);
    let mut metrics = Vec::new();
    walk(model, &outcome, &mut |path, item| {
        let path = path();
        let mut add = |path: String, measure| metrics.push(Metric { path, measure });
        let mut tally = |percentiles: &[f64], has_mean: bool, measure| {
            if has_mean {
                add(format!("{path}.{}", paths::MEAN), measure);
            }
            for &level in percentiles {
                add(format!("{path}.{}", paths::percentile(level)), measure);
            }
        };
        match item {
            Item::Times { percentiles, .. } => tally(percentiles, true, Measure::Hours),
            Item::Achievable { .. } => tally(&crate::metrics::ACHIEVABLE, false, Measure::Hours),
            Item::Numbers(_) => tally(&paths::WAIT_PERCENTILES, true, Measure::Number),
            Item::Level(_) => tally(&[], true, Measure::Number),
            Item::Week(_) => {}
            Item::Share { .. } => add(path, Measure::Share),
            Item::Count(_) => add(path, Measure::Number),
            Item::Mean { .. } => {
                let measure = measure_of_mean(&path);
                add(path, measure);
            }
        }
    });
    metrics
}

/// What a mean is measured in, by its path.
fn measure_of_mean(path: &str) -> Measure {
    let has = |head: &str| path.split('.').skip(2).any(|part| part.starts_with(head));
    let last = path.rsplit('.').next().unwrap_or_default();
    if has(paths::COST) {
        Measure::Yuan
    } else if has(paths::EMISSION) {
        Measure::Kilograms
    } else if last.starts_with("utilisation") || last == "load_factor" {
        Measure::Share
    } else if path.contains(".categories.") || path.ends_with(".wait.mean") || path.ends_with(".work.mean") {
        Measure::Hours
    } else {
        Measure::Number
    }
}

/// Whether a path matches a pattern in which `*` stands for any characters, none included.
fn matches(pattern: &str, path: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = path.strip_prefix(first) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

/// The metrics that any of the patterns matches, in the order of the list.
///
/// # Errors
/// Every pattern that matches none, with the nearest path.
pub fn select(metrics: &[Metric], patterns: &[String]) -> Result<Vec<Metric>, Vec<ArgumentIssue>> {
    let mut issues = Vec::new();
    for pattern in patterns {
        if !metrics.iter().any(|metric| matches(pattern, &metric.path)) {
            issues.push(unknown(pattern, metrics));
        }
    }
    if !issues.is_empty() {
        return Err(issues);
    }
    let is_chosen = |metric: &&Metric| patterns.iter().any(|pattern| matches(pattern, &metric.path));
    Ok(metrics.iter().filter(is_chosen).cloned().collect())
}

/// The issue of a name or pattern that stands for nothing.
pub(crate) fn unknown(name: &str, metrics: &[Metric]) -> ArgumentIssue {
    let promises =
        || metrics.iter().filter_map(|metric| metric.path.strip_prefix("promises.")?.strip_suffix(".share"));
    let message = format!(
        "`{name}` is no promise and no metric of this scenario; expected a path such as `flows.ID.clocks.door-to-door.p90`"
    );
    let near = nearest(name, promises())
        .or_else(|| nearest(name, metrics.iter().map(|metric| metric.path.as_str())));
    let hint = near.map_or_else(
        || {
            let names: Vec<String> = promises().take(8).map(|id| format!("`{id}`")).collect();
            let promises = if names.is_empty() {
                String::new()
            } else {
                format!("the promises are {}; ", names.join(", "))
            };
            format!("{promises}all paths stand in `results.json`, and `*` stands for any part of one")
        },
        |near| format!("did you mean `{near}`?"),
    );
    ArgumentIssue::new(message, hint)
}

/// What a sweep shows unless something else is asked for: the share of every promise, and of every flow that is no background mean, median
/// and 90 % point of its clock, cost and emission per unit.
pub fn leading(model: &Model, metrics: &[Metric]) -> Vec<Metric> {
    let mut wanted: BTreeSet<String> =
        model.promises.iter().map(|promise| paths::promise_share(&promise.name)).collect();
    for flow in model.flows.iter().filter(|flow| !flow.background) {
        if let Some(clock) = model_clock(flow) {
            wanted.extend([paths::MEAN, "p50", "p90"].map(|stat| paths::flow_clock(&flow.name, clock, stat)));
        }
        for head in [paths::COST, paths::EMISSION] {
            let per = [paths::PER_SHIPMENT, paths::PER_TEU, paths::PER_TONNE];
            wanted.extend(per.map(|per| paths::flow(&flow.name, &format!("{head}.{per}"))));
        }
    }
    metrics.iter().filter(|metric| wanted.contains(&metric.path)).cloned().collect()
}

/// The clock that a flow is told of by: from door to door, else its first.
pub(crate) fn model_clock(flow: &sanda_core::model::FlowParams) -> Option<&str> {
    let clocks = || flow.clocks.iter().map(|clock| clock.name.as_str());
    clocks().find(|name| *name == "door-to-door").or_else(|| clocks().next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_anything() {
        let check = |pattern: &str, path: &str, expected: bool| {
            assert_eq!(matches(pattern, path), expected, "{pattern} {path}");
        };
        check("promises.a.share", "promises.a.share", true);
        check("promises.a.share", "promises.a.share.x", false);
        check("promises.*.share", "promises.a.by_week.2025-W01.share", true);
        check("*", "anything", true);
        check("flows.*.p90", "flows.a.clocks.door-to-door.p9", false);
        check("*wait*p9*", "resources.a.wait.p95", true);
        check("a*a", "a", false);
    }

    #[test]
    fn means_have_measures() {
        let check = |path: &str, expected| assert_eq!(measure_of_mean(path), expected, "{path}");
        check("flows.cost-lane.cost.per_teu", Measure::Yuan);
        check("flows.cost-lane.categories.moving", Measure::Hours);
        check("flows.a.stages.b.emission", Measure::Kilograms);
        check("resources.a.utilisation_available", Measure::Share);
        check("resources.a.work.mean", Measure::Hours);
        check("services.a.queue.mean", Measure::Number);
    }
}
