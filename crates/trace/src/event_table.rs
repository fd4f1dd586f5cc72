//! The event log as CSV: one line per event, by flow, number and instant.
//!
//! Columns: `case` (flow and number), `activity`, `timestamp` (local to the scenario's zone, with its offset), `flow`, `node`, `resource`,
//! `service`, `departure` (number within the service, from 0), `stage`; for the end of a stage `hours` and `hours_` with each category.
//! What does not apply is empty.

use std::io::Write;

use sanda_core::model::category::Category;

use crate::events::events_of;
use crate::facts::{Facts, hours};
use crate::life::Life;
use crate::recorder::Lives;

/// Writes the events of lives.
///
/// # Errors
///
/// Those of the writer.
pub fn write_events(
    out: impl Write,
    facts: &Facts<'_>,
    recorded: &Lives<'_>,
    lives: impl Iterator<Item = Life>,
) -> Result<(), csv::Error> {
    let model = facts.model;
    let mut table = csv::Writer::from_writer(out);
    let fixed = [
        "case",
        "activity",
        "timestamp",
        "flow",
        "node",
        "resource",
        "service",
        "departure",
        "stage",
        "hours",
    ];
    let by_category = Category::ALL.map(|category| format!("hours_{}", category.name()));
    table.write_record(fixed.into_iter().chain(by_category.iter().map(String::as_str)))?;
    for life in lives {
        let flow = &model.flows[life.flow].name;
        let case = format!("{flow}/{}", life.number);
        for event in events_of(&life, model, recorded.departures()) {
            let activity = event.activity;
            let node = event.node.map_or("", |node| model.nodes[node].name.as_str());
            let resource = activity.resource().map_or("", |id| model.resources[id].name.as_str());
            let service = activity.service().map_or("", |id| model.services[id].name.as_str());
            let departure = event.departure.map_or_else(String::new, |(_, number)| number.to_string());
            let stage = activity.stage().map_or("", |id| model.stages[id].name.as_str());
            let length = event.times.map_or_else(String::new, |times| hours(times.iter().sum()).to_string());
            let (name, at) = (activity.name(model), facts.local(event.at).to_string());
            let fixed = [&case, &name, &at, flow, node, resource, service, &departure, stage, &length];
            let spent = Category::ALL.map(|category| match event.times {
                Some(times) if times[category as usize] != 0 => hours(times[category as usize]).to_string(),
                _ => String::new(),
            });
            table.write_record(fixed.into_iter().chain(spent.iter().map(String::as_str)))?;
        }
    }
    table.flush()?;
    Ok(())
}
