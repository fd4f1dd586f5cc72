//! From results to the inputs of the figures: look-ups and names, no arithmetic beyond passing numbers on.

use std::collections::BTreeSet;

use sanda_results::{Distribution, Figure, Language, Promise, Results, Text, paths};

use crate::category::Category;
use crate::distribution::{Deadline, DistributionFigure, PromiseMark};
use crate::resources::{ResourceRow, ResourcesFigure};
use crate::stages::{StageRow, StagesFigure};
use crate::weeks::{ShadedSpan, WeekBar, WeeksFigure};
use crate::wording::{self, Estimate};

/// The figure of a promise; `None` when there is no such promise. Without a stored distribution it is the figure of no shipments.
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
    figure.promise = deadline(promise).map(|deadline| PromiseMark {
        deadline,
        share: Estimate::from_figure(&promise.share),
        target: promise.target,
        verdict: promise.verdict,
    });
    Some(figure)
}

/// The figure of a promise week by week; `None` unless some dated disruption is felt.
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
            "黑线为不受影响各周的中位数，橙色的周低于平时的波动范围；首尾两周可能不足七天。".to_owned(),
            "The line is the median of undisturbed weeks; orange weeks lie below what those vary by; the first and last week may be cut short.".to_owned(),
            source(results),
        ],
    })
}

/// The figure of a flow's clock; `None` when its distribution is not stored.
pub fn flow_figure(results: &Results, id: &str, clock: &str) -> Option<DistributionFigure> {
    let distribution = results.distributions.get(&paths::flow_clock_distribution(id, clock))?;
    Some(from_distribution(results, distribution, flow_name(results, id), clock))
}

/// The figure of a flow's stages; `None` when the flow has none with a time.
pub fn stages_figure(results: &Results, id: &str) -> Option<StagesFigure> {
    let mut stages: Vec<StageRow> = Vec::new();
    for stage in results.stage_order.get(id)? {
        // Hours are means over those who pass; a shipment of the flow spends them as often as it passes.
        let passes =
            results.metrics.get(&paths::flow_stage(id, stage, "share")).and_then(|share| share.estimate);
        let hours: Vec<_> = Category::ALL
            .into_iter()
            .filter_map(|category| {
                let figure = results.metrics.get(&paths::flow_stage_category(id, stage, category.id()))?;
                Some((category, figure.estimate? * passes.unwrap_or(1.0)))
            })
            .collect();
        stages.push(StageRow { name: stage_name(results, stage), hours });
    }
    if stages.iter().all(|row| row.hours.is_empty()) {
        return None;
    }
    Some(StagesFigure { title: flow_name(results, id), stages, notes: vec![source(results)] })
}

/// The figure of all resources; `None` when there is none.
pub fn resources_figure(results: &Results) -> Option<ResourcesFigure> {
    let value = |path: &str| results.metrics.get(path).and_then(Figure::value);
    let resources: Vec<ResourceRow> = ids(results, paths::RESOURCES)
        .into_iter()
        .map(|id| ResourceRow {
            name: resource_name(results, id),
            utilisation: value(&paths::resource(id, "utilisation")),
            mean_wait: value(&paths::resource_wait(id, paths::MEAN)),
            p95_wait: value(&paths::resource_wait(id, "p95")),
        })
        .collect();
    (!resources.is_empty()).then(|| ResourcesFigure {
        title: title(results),
        resources,
        notes: vec![source(results)],
    })
}

/// The ids that have metrics in a section, sorted.
pub(crate) fn ids<'a>(results: &'a Results, section: &str) -> BTreeSet<&'a str> {
    results
        .metrics
        .keys()
        .filter_map(|path| paths::split(path))
        .filter(|(s, _, _)| *s == section)
        .map(|(_, id, _)| id)
        .collect()
}

/// The clocks of a flow whose distribution is stored, door to door first.
pub(crate) fn clocks<'a>(results: &'a Results, flow: &str) -> Vec<&'a str> {
    let prefix = paths::flow(flow, "clocks.");
    let mut clocks: Vec<&str> =
        results.distributions.keys().filter_map(|key| key.strip_prefix(prefix.as_str())).collect();
    clocks.sort_by_key(|clock| *clock != "door-to-door");
    clocks
}

/// The name of a flow in both languages.
pub(crate) fn flow_name(results: &Results, id: &str) -> Text {
    name(id, |language| results.texts.flow(id, language))
}

/// The name of a resource.
pub(crate) fn resource_name(results: &Results, id: &str) -> Text {
    name(id, |language| results.texts.resource(id, language))
}

/// The name of a service.
pub(crate) fn service_name(results: &Results, id: &str) -> Text {
    name(id, |language| results.texts.service(id, language))
}

/// The name of a stage.
pub(crate) fn stage_name(results: &Results, id: &str) -> Text {
    name(id, |language| results.texts.stage(id, language))
}

/// The name of a node.
pub(crate) fn node_name(results: &Results, id: &str) -> Text {
    name(id, |language| results.texts.node(id, language))
}

/// The name of a strait, canal or border, which may be a node as well.
pub(crate) fn passage_name(results: &Results, id: &str) -> Text {
    if results.texts.passages.contains_key(id) {
        name(id, |language| results.texts.passage(id, language))
    } else {
        node_name(results, id)
    }
}

/// A name in both languages; an id that has none in words.
fn name<'a>(id: &'a str, of: impl Fn(Language) -> &'a str) -> Text {
    let in_language = |language| {
        let name = of(language);
        if name == id { wording::id_in_words(id) } else { wording::isolated(name) }
    };
    Text::new(in_language(Language::Zh), in_language(Language::En))
}

/// What a promise demands; `None` when it states neither a limit nor a day.
pub(crate) fn deadline(promise: &Promise) -> Option<Deadline> {
    match (promise.limit_hours, promise.by_end_of_day) {
        (Some(hours), _) => Some(Deadline::Within { hours }),
        (None, day) => day.map(Deadline::EndOfDay),
    }
}

/// The scenario's title; its name where it has none.
pub(crate) fn title(results: &Results) -> Text {
    let (title, name) = (&results.scenario.title, &results.scenario.name);
    let in_language =
        |language| Some(title.in_language(language)).filter(|text| !text.is_empty()).unwrap_or(name);
    Text::new(in_language(Language::Zh), in_language(Language::En))
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
        clock: wording::clock(clock),
        bins: distribution.bins.clone(),
        n_shipments: distribution.total,
        n_unfinished: distribution.unfinished,
        n_replications: results.scenario.replications,
        percentiles: percentiles
            .filter_map(|entry| Some((entry.share, Estimate::from_figure(&entry.value)?)))
            .collect(),
        promise: None,
        confidence: results.confidence,
        notes: vec![source(results)],
    }
}

/// Which run a figure shows, for the small print.
fn source(results: &Results) -> String {
    let title = title(results);
    let (name, fingerprint) = (&results.scenario.name, results.fingerprint.total);
    let title = if title.zh == title.en { title.zh } else { format!("{} {}", title.zh, title.en) };
    let name = if title == *name { String::new() } else { format!(" ({name})") };
    format!("情景 scenario: {title}{name}; 指纹 fingerprint {fingerprint}")
}
