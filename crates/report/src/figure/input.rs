//! The inputs of the figures, filled from results. It looks up numbers and names and computes nothing.

use sanda_results::{Distribution, Figure, Results, Text, paths};
use sanda_units::Category;

use crate::figure::distribution::{DistributionFigure, PromiseMark};
use crate::figure::resources::{ResourceRow, ResourcesFigure};
use crate::figure::stages::{StageRow, StagesFigure};
use crate::figure::weeks::{ShadedSpan, WeekBar, WeeksFigure};
use crate::words::names;
use crate::words::number::Estimate;
use crate::words::phrase;

/// Fills the figure of a promise; `None` when there is no such promise. Without a stored distribution it is the figure of no shipments.
pub fn promise_figure(results: &Results, id: &str) -> Option<DistributionFigure> {
    let promise = results.promises.get(id)?;
    let empty = Distribution {
        unit: "h".to_owned(),
        bins: Vec::new(),
        unfinished: promise.unfinished + promise.lost,
        total: promise.of,
        limit: promise.limit_hours,
        percentiles: Vec::new(),
    };
    let distribution = results.distributions.get(&promise.distribution).unwrap_or(&empty);
    let mut figure = from_distribution(results, distribution, promise.name.clone(), &promise.clock);
    if figure.percentiles.is_empty() {
        let achievable = promise.achievable.iter();
        figure.percentiles = achievable
            .filter_map(|entry| Some((entry.share, Estimate::from_figure(&entry.within_hours)?)))
            .collect();
    }
    figure.promise = names::deadline(promise).map(|deadline| PromiseMark {
        deadline,
        share: Estimate::from_figure(&promise.share),
        target: promise.target,
        verdict: promise.verdict,
    });
    Some(figure)
}

/// Fills the figure of a promise week by week; `None` unless some dated disruption lowers the share of a week.
pub fn weeks_figure(results: &Results, id: &str) -> Option<WeeksFigure> {
    let promise = results.promises.get(id)?;
    let first = promise.recovery.values().next()?;
    if promise.recovery.values().all(|recovery| !recovery.is_felt) {
        return None;
    }
    let bar = |(label, figure): (&String, &Figure)| {
        let (from, share) = (*results.weeks.get(label)?, figure.estimate?);
        Some(WeekBar { label: label.clone(), from, share })
    };
    let mut spans: Vec<ShadedSpan> = results
        .disruptions
        .values()
        .flat_map(|one| one.days.iter().map(|&days| ShadedSpan { name: one.name.clone(), days }))
        .collect();
    let (begin, end) = (
        results.weeks.values().copied().fold(f64::INFINITY, f64::min),
        results.weeks.values().copied().fold(0.0, f64::max) + 7.0,
    );
    spans.retain(|span| span.days[1] > begin && span.days[0] < end);
    spans.sort_by(|a, b| a.days[0].total_cmp(&b.days[0]));
    Some(WeeksFigure {
        title: promise.name.clone(),
        weeks: promise.by_week.iter().filter_map(bar).collect(),
        spans,
        usual: Some(first.undisturbed),
        floor: Some(first.floor),
        notes: vec![
            "黑线为未受影响各周的中位数；橙色表示该周低于平时的波动范围；首尾两周可能不足七天。".to_owned(),
            "The line is the median of undisturbed weeks; orange weeks lie below what those vary by; the first and last week may be cut short.".to_owned(),
            names::source(results),
        ],
    })
}

/// Fills the figure of a flow on one clock; `None` when its distribution is not stored.
pub fn flow_figure(results: &Results, id: &str, clock: &str) -> Option<DistributionFigure> {
    let distribution = results.distributions.get(&paths::flow_clock_distribution(id, clock))?;
    Some(from_distribution(results, distribution, names::flow_name(results, id), clock))
}

/// Fills the figure of a flow's stages; `None` when no stage has a time.
pub fn stages_figure(results: &Results, id: &str) -> Option<StagesFigure> {
    let mut stages: Vec<StageRow> = Vec::new();
    for stage in results.stage_order.get(id)? {
        // Stored hours are means over the shipments that pass. Times the passes of a shipment, they become means over all shipments.
        let passes =
            results.metrics.get(&paths::flow_stage(id, stage, "share")).and_then(|share| share.estimate);
        let hours: Vec<_> = Category::ALL
            .into_iter()
            .filter_map(|category| {
                let figure = results.metrics.get(&paths::flow_stage_category(id, stage, category.name()))?;
                Some((category, figure.estimate? * passes.unwrap_or(1.0)))
            })
            .collect();
        stages.push(StageRow { name: names::stage_name(results, stage), hours });
    }
    if stages.iter().all(|row| row.hours.is_empty()) {
        return None;
    }
    Some(StagesFigure { title: names::flow_name(results, id), stages, notes: vec![names::source(results)] })
}

/// Fills the figure of all resources; `None` when there is none.
pub fn resources_figure(results: &Results) -> Option<ResourcesFigure> {
    let value = |path: &str| results.metrics.get(path).and_then(Figure::value);
    let resources: Vec<ResourceRow> = names::ids(results, paths::RESOURCES)
        .into_iter()
        .map(|id| ResourceRow {
            name: names::resource_name(results, id),
            utilisation: value(&paths::resource(id, "utilisation")),
            mean_wait: value(&paths::resource_wait(id, paths::MEAN)),
            p95_wait: value(&paths::resource_wait(id, "p95")),
        })
        .collect();
    (!resources.is_empty()).then(|| ResourcesFigure {
        title: names::title(results),
        resources,
        notes: vec![names::source(results)],
    })
}

fn from_distribution(
    results: &Results,
    distribution: &Distribution,
    title: Text,
    clock: &str,
) -> DistributionFigure {
    let percentiles = distribution.percentiles.iter();
    DistributionFigure {
        title,
        clock: phrase::clock(clock),
        bins: distribution.bins.clone(),
        n_shipments: distribution.total,
        n_unfinished: distribution.unfinished,
        n_replications: results.scenario.replications,
        percentiles: percentiles
            .filter_map(|entry| Some((entry.share, Estimate::from_figure(&entry.value)?)))
            .collect(),
        promise: None,
        confidence: results.confidence,
        notes: vec![names::source(results)],
    }
}
