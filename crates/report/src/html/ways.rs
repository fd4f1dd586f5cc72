//! The itineraries of a flow in words: borders, straits and canals, share, expected time and expected cost.
//!
//! It does not own what was measured, which is in a table (`flow`).

use maud::{Markup, html};
use sanda_results::{Results, Route, Text};

use super::parts::both;
use super::words;
use crate::words::costs;
use crate::words::names;
use crate::words::number::{self, TimeUnit};
use crate::words::phrase;

/// Writes one line for each itinerary of a flow.
pub(super) fn ways(results: &Results, id: &str) -> Markup {
    let Some(ways) = results.routes.get(id) else { return html! {} };
    let names = crate::words::itineraries::names(results, id);
    let several = ways.len() > 1;
    // Readers compare itineraries, so their times share a unit.
    let unit = TimeUnit::for_hours(ways.values().map(|route| route.expected_hours).fold(0.0, f64::max));
    let lines: Vec<Text> = ways
        .iter()
        .filter_map(|(way, route)| line(results, names.get(way).filter(|_| several), route, unit))
        .collect();
    html! {
        @if !lines.is_empty() { ul .ways { @for line in &lines { li { (both(line)) } } } }
    }
}

/// Words an itinerary, with its name if there are several; `None` where nothing is known of it.
fn line(results: &Results, name: Option<&Text>, way: &Route, unit: TimeUnit) -> Option<Text> {
    let mut clauses: Vec<Text> = Vec::new();
    let passed = passed(results, way);
    match (name, passed) {
        // An itinerary named after its borders need not repeat them.
        (Some(name), Some(passed)) if !passed.zh.contains(name.zh.trim_start_matches('经')) => {
            clauses.push(Text::new(
                format!("{}：{}", name.zh, passed.zh),
                format!("{}: {}", name.en, passed.en),
            ));
        }
        (_, Some(passed)) => clauses.push(passed),
        (Some(name), None) => clauses.push(name.clone()),
        (None, None) => {}
    }
    if name.is_some() {
        let percent = number::percent(way.share, 1);
        clauses.push(Text::new(format!("占{percent}%"), format!("share {percent} %")));
    }
    if way.expected_hours > 0.0 {
        let time = |hours: f64| phrase::quantity(&number::time_fixed(hours, unit, 1), unit);
        let mean = time(way.expected_hours);
        let (sd_zh, sd_en) = way
            .sd_hours
            .map(time)
            .map(|sd| (format!("（标准差{}）", sd.zh), format!(" (standard deviation {})", sd.en)))
            .unwrap_or_default();
        clauses.push(Text::new(
            format!("不计排队与中断，预计{}{sd_zh}", mean.zh),
            format!("expected without queues and disruptions: {}{sd_en}", mean.en),
        ));
    }
    if let Some(yuan) = way.expected_cost {
        let amount = costs::stated_amount(yuan);
        clauses.push(Text::new(
            format!("预计每票成本{amount}元（已扣除补贴，含资金占用）"),
            format!("expected cost a shipment {amount} CNY (less subsidies, with capital)"),
        ));
    }
    let join = |parts: Vec<&str>, mark: &str| parts.join(mark);
    let zh = join(clauses.iter().map(|clause| clause.zh.as_str()).collect(), "；");
    let en = join(clauses.iter().map(|clause| clause.en.as_str()).collect(), "; ");
    (!clauses.is_empty()).then(|| words::ended(Text::new(zh, en)))
}

/// Words the borders, straits and canals of an itinerary; `None` for one without any ride or connection.
fn passed(results: &Results, way: &Route) -> Option<Text> {
    let borders = way.borders.iter().map(|id| names::node_name(results, id));
    let passages = way.passages.iter().map(|id| names::passage_name(results, id));
    let mut passed: Vec<Text> = Vec::new();
    for name in borders.chain(passages) {
        if !passed.contains(&name) {
            passed.push(name);
        }
    }
    let goes = !way.services.is_empty() || !way.connections.is_empty();
    match passed.as_slice() {
        [] if !goes => None,
        [] => Some(Text::new("不经口岸、海峡与运河", "through no border, strait or canal")),
        passed => {
            let list = phrase::list(passed);
            Some(Text::new(format!("经{}", list.zh), format!("via {}", list.en)))
        }
    }
}
