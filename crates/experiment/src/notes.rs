//! Remarks on a run that a reader must not miss: what is overloaded, and what never arrived.
//!
//! Does not own verdicts on promises (`assemble`), nor how remarks are shown.

use std::collections::BTreeMap;

use sanda_core::freight::model::WhenFull;
use sanda_core::freight::stuck::{StuckEntity, WaitsFor, Who};
use sanda_results::{Figure, Text, paths};
use sanda_scenario::build::Built;

use crate::gather::Gathered;

/// A departure this full turns cargo away as a rule.
const FULL: f64 = 0.995;

/// The remarks, resources first.
pub(crate) fn notes(built: &Built, figures: &BTreeMap<String, Figure>) -> Vec<Text> {
    let estimate = |path: String| figures.get(&path).and_then(|figure| figure.estimate);
    let model = &built.model;
    let window = (model.window.to - model.window.from).as_hours_f64();
    let mut notes = Vec::new();
    for (id, resource) in model.resources.iter_enumerated() {
        let figure = |name: &str| estimate(paths::resource(&resource.name, name));
        // Where who finds no room is turned away, or who waits gives up, no queue grows for ever.
        let is_bounded = resource.has_patience
            || resource.room.is_some() && !matches!(resource.when_full, WhenFull::Block);
        if is_bounded {
            continue;
        }
        let (Some(arrivals), Some(work)) = (figure("arrivals"), figure("work.mean")) else { continue };
        let (Some(busy), Some(share)) = (figure("busy.mean"), figure("utilisation_available")) else {
            continue;
        };
        if share <= 0.0 {
            continue;
        }
        // Work that arrives over work that could be done while open and not broken.
        let load = arrivals * work / (busy * window / share);
        if load > 1.0 {
            let label = &built.labels.resources[id];
            let percent = (load * 100.0).round();
            notes.push(Text::new(
                format!("“{}”过载：到达的工作量是其能力的{percent}%，队列会一直变长，等待时间取决于仿真多久。", label.zh),
                format!(
                    "“{}” is overloaded: the work that arrives is {percent} % of what it can do; its queue grows for ever, and waits depend on how long one simulates.",
                    label.en
                ),
            ));
        }
    }
    for (id, service) in model.services.iter_enumerated() {
        if estimate(paths::service(&service.name, "load_factor")).is_some_and(|load| load >= FULL) {
            let label = &built.labels.services[id];
            notes.push(Text::new(
                format!("“{}”班班满载：需求超过运力，滞留的货物会一直增多。", label.zh),
                format!("“{}” is always full: demand exceeds its capacity, and what is left behind keeps growing.", label.en),
            ));
        }
    }
    for (id, flow) in model.flows.iter_enumerated().filter(|(_, flow)| !flow.background) {
        let count = |name: &str| estimate(paths::flow(&flow.name, name)).unwrap_or(0.0);
        let share = count("under_way") / count("released").max(1.0);
        if share > 0.001 {
            let label = &built.labels.flows[id];
            let percent = (share * 1000.0).round() / 10.0;
            notes.push(Text::new(
                format!("“{}”有{percent}%的货物到仿真结束仍未送达，按未守住计。", label.zh),
                format!(
                    "{percent} % of “{}” had not arrived by the end of the run and count as not kept.",
                    label.en
                ),
            ));
        }
    }
    notes
}

/// What can never move again, if anything: who waits for what, held by whom.
pub(crate) fn stuck(built: &Built, gathered: &Gathered) -> Vec<Text> {
    let Some((n_replications, replication, stuck)) = gathered.stuck() else { return Vec::new() };
    let of = gathered.n_replications();
    let mut notes = vec![Text::new(
        format!(
            "{of}次重复中有{n_replications}次出现死锁或永久等待：第{replication}次重复结束时有{}个货件或班次再也不能移动。",
            stuck.n
        ),
        format!(
            "In {n_replications} of {of} replications something is stuck for ever: at the end of replication {replication} {} shipments or departures can never move again.",
            stuck.n
        ),
    )];
    notes.extend(stuck.first.iter().map(|entity| stuck_one(built, entity)));
    notes
}

fn stuck_one(built: &Built, entity: &StuckEntity) -> Text {
    let model = &built.model;
    let who = |who: Who| match who {
        Who::Shipment(flow, number) => {
            let name = &model.flows[flow].name;
            Text::new(format!("货流{name}的第{number}件"), format!("shipment {number} of flow `{name}`"))
        }
        Who::Departure(service, number) => {
            let name = &model.services[service].name;
            Text::new(format!("服务{name}的第{number}班"), format!("departure {number} of service `{name}`"))
        }
    };
    let waits_for = match entity.waits_for {
        WaitsFor::Resource(id) => {
            let name = &model.resources[id].name;
            Text::new(format!("资源{name}"), format!("resource `{name}`"))
        }
        WaitsFor::Company(id) => {
            let name = &model.resources[id].name;
            Text::new(
                format!("资源{name}处更多的作业，其不会再来"),
                format!("more jobs at resource `{name}`, which do not come any more"),
            )
        }
        WaitsFor::Opening(id) => {
            let name = &model.resources[id].name;
            Text::new(
                format!("资源{name}足够长的一次开放，其（或排在其前的）作业比任何一次开放都长"),
                format!(
                    "an opening of resource `{name}` as long as its work, or that of a job before it, which there is never"
                ),
            )
        }
        WaitsFor::UpTime(id) => {
            let name = &model.resources[id].name;
            Text::new(
                format!("资源{name}两次故障之间足够长的一段时间，其作业每次中断后都从头开始"),
                format!(
                    "a time between two failures of resource `{name}` as long as its work, which begins anew after each"
                ),
            )
        }
        WaitsFor::Service(id) => {
            let name = &model.services[id].name;
            Text::new(
                format!("服务{name}，其不再发班"),
                format!("service `{name}`, which does not depart any more"),
            )
        }
        WaitsFor::Cargo => {
            Text::new("同批货物，其不会再来", "cargo of its batch, which does not come any more")
        }
    };
    let holders: Vec<Text> = entity.holders.iter().copied().map(who).collect();
    let (mut zh_held, mut en_held) = (String::new(), String::new());
    if !holders.is_empty() {
        let zh: Vec<&str> = holders.iter().map(|text| text.zh.as_str()).collect();
        let en: Vec<&str> = holders.iter().map(|text| text.en.as_str()).collect();
        zh_held = format!("（被{}占用）", zh.join("、"));
        en_held = format!(", held by {}", en.join(", "));
    }
    let (who, hours) = (who(entity.who), entity.since.as_hours_f64());
    Text::new(
        format!("{}自第{hours:.1}小时起等待{}{zh_held}。", who.zh, waits_for.zh),
        format!("{} waits since hour {hours:.1} for {}{en_held}.", who.en, waits_for.en),
    )
}
