//! Remarks on a run that a reader must not miss: overloaded resources and services, and shipments that never arrived.
//!
//! Does not own verdicts on promises (`assemble`), nor how remarks are shown.

use std::collections::BTreeMap;

use sanda_core::model::WhenFull;
use sanda_core::record::stuck::{StuckEntity, WaitsFor, Who};
use sanda_results::{Figure, Text, paths};
use sanda_scenario::build::Built;

use crate::gather::Gathered;

/// Load factor from which a service counts as overloaded: departures this full usually leave cargo behind.
const FULL: f64 = 0.995;

/// Least number of departures, over all replications, from which a service is judged.
const FEWEST_DEPARTURES: f64 = 10.0;

/// The remarks, resources first.
pub(crate) fn notes(built: &Built, gathered: &Gathered, figures: &BTreeMap<String, Figure>) -> Vec<Text> {
    let estimate = |path: String| figures.get(&path).and_then(|figure| figure.estimate);
    let model = &built.model;
    let window = (model.window.to - model.window.from).as_hours_f64();
    let mut notes = Vec::new();
    for (id, resource) in model.resources.iter_enumerated() {
        let figure = |name: &str| estimate(paths::resource(&resource.name, name));
        // Where who finds no room is turned away, or who waits gives up, no queue grows for ever.
        let is_bounded = resource.room.has_patience
            || resource.room.places.is_some() && !matches!(resource.room.when_full, WhenFull::Block);
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
        // Chance alone may bring a little more than usual.
        let uncertain = |name: &str| {
            let figure = figures.get(&paths::resource(&resource.name, name))?;
            Some(figure.half_width? / figure.estimate?)
        };
        let n_arrivals = arrivals * f64::from(gathered.n_replications());
        let by_chance = match (uncertain("arrivals"), uncertain("work.mean")) {
            // Of few replications the interval is wide whatever comes.
            (Some(arrivals), Some(work)) => (arrivals + work).min(3.0 / n_arrivals.max(1.0).sqrt()),
            _ => 3.0 / n_arrivals.max(1.0).sqrt(),
        };
        if load > 1.0 + by_chance {
            let label = &built.labels.resources[id];
            // Little more than all is not said to be all.
            let percent = if load >= 1.01 { format!("{:.0}", load * 100.0) } else { percent(load) };
            notes.push(Text::new(
                format!("“{}”过载：到达的作业量为其能力的{percent}%，队列将不断增长，等待时间取决于仿真时长。", label.zh),
                format!(
                    "“{}” is overloaded: the work that arrives is {percent} % of what it can do; its queue grows for ever, and waits depend on how long one simulates.",
                    label.en
                ),
            ));
        }
    }
    for (id, service) in model.services.iter_enumerated() {
        let figure = |name: &str| estimate(paths::service(&service.name, name));
        let is_full = figure("load_factor").is_some_and(|load| load >= FULL);
        // What fits exactly leaves nothing behind.
        let leaving = figure("none_left_share").map_or(0.0, |share| 1.0 - share);
        let n_departures = figure("departures").unwrap_or(0.0) * f64::from(gathered.n_replications());
        if is_full && leaving > 0.5 && n_departures >= FEWEST_DEPARTURES {
            let label = &built.labels.services[id];
            let percent = percent(leaving);
            notes.push(Text::new(
                format!("“{}”几乎班班满载，{percent}%的班次有货物未能装上：需求已达到或超过运力，滞留货物可能不断增多。", label.zh),
                format!(
                    "“{}” is full nearly always, and {percent} % of its departures leave something behind: demand reaches or exceeds its capacity, and what is left behind may keep growing.",
                    label.en
                ),
            ));
        }
    }
    for (id, flow) in model.flows.iter_enumerated().filter(|(_, flow)| !flow.background) {
        let count = |name: &str| estimate(paths::flow(&flow.name, name)).unwrap_or(0.0);
        let share = count("under_way") / count("released").max(1.0);
        if share > 0.001 {
            let label = &built.labels.flows[id];
            let percent = percent(share);
            let (kept_zh, kept_en) = if flow.promises.is_empty() {
                ("", "")
            } else {
                ("，计为未按时送达", " and count as not kept")
            };
            notes.push(Text::new(
                format!("“{}”有{percent}%的货物到仿真结束仍未送达{kept_zh}。", label.zh),
                format!("{percent} % of “{}” had not arrived by the end of the run{kept_en}.", label.en),
            ));
        }
    }
    notes
}

/// A share in per cent with a decimal where it has one; what is not all never reads as 100.
fn percent(share: f64) -> String {
    let tenths = (share * 1000.0).round();
    if tenths >= 1000.0 && share < 1.0 { "99.9".to_owned() } else { format!("{}", tenths / 10.0) }
}

/// Describes shipments that are stuck, if any: what each waits for, and which shipment holds it.
pub(crate) fn stuck(built: &Built, gathered: &Gathered) -> Vec<Text> {
    let Some((n_replications, replication, stuck)) = gathered.stuck() else { return Vec::new() };
    let of = gathered.n_replications();
    let mut notes = vec![Text::new(
        format!(
            "{of}次重复中有{n_replications}次出现死锁或永久等待：编号{replication}的重复结束时，有{}票货物或班次无法再移动。",
            stuck.n
        ),
        format!(
            "In {n_replications} of {of} replications something is stuck for ever: at the end of replication {replication}, {} can never move again.",
            if stuck.n == 1 {
                "1 shipment or departure".to_owned()
            } else {
                format!("{} shipments or departures", stuck.n)
            }
        ),
    )];
    notes.extend(stuck.first.iter().map(|entity| stuck_one(built, entity)));
    notes
}

fn stuck_one(built: &Built, entity: &StuckEntity) -> Text {
    let labels = &built.labels;
    let who = |who: Who| match who {
        Who::Shipment(flow, number) => {
            let name = &labels.flows[flow];
            Text::new(
                format!("“{}”编号{number}的货物", name.zh),
                format!("shipment {number} of “{}”", name.en),
            )
        }
        Who::Departure(service, number) => {
            let name = &labels.services[service];
            Text::new(
                format!("“{}”编号{number}的班次", name.zh),
                format!("departure {number} of “{}”", name.en),
            )
        }
    };
    let waits_for = match entity.waits_for {
        WaitsFor::Resource(id) => {
            let name = &labels.resources[id];
            Text::new(format!("“{}”", name.zh), format!("“{}”", name.en))
        }
        WaitsFor::Company(id) => {
            let name = &labels.resources[id];
            Text::new(
                format!("“{}”处凑足作业数，而后续不再有作业到达", name.zh),
                format!("more jobs at “{}”, which do not come any more", name.en),
            )
        }
        WaitsFor::Opening(id) => {
            let name = &labels.resources[id];
            Text::new(
                format!(
                    "“{}”一次足够长的开放时间，而该作业（或排在其前的作业）比任何一次开放时间都长",
                    name.zh
                ),
                format!(
                    "an opening of “{}” as long as its work, or that of a job before it, and there is none",
                    name.en
                ),
            )
        }
        WaitsFor::UpTime(id) => {
            let name = &labels.resources[id];
            Text::new(
                format!("“{}”一段足够长的无故障时间，而该作业每次中断后都要从头开始", name.zh),
                format!(
                    "a time between two failures of “{}” as long as its work, which begins anew after each",
                    name.en
                ),
            )
        }
        WaitsFor::Service(id) => {
            let name = &labels.services[id];
            Text::new(
                format!("“{}”，而该班次不再开行", name.zh),
                format!("“{}”, which does not depart any more", name.en),
            )
        }
        WaitsFor::Cargo => Text::new(
            "同批的其他货物，而这些货物不会再到",
            "cargo of its batch, which does not come any more",
        ),
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
        format!("{} has waited since hour {hours:.1} for {}{en_held}.", who.en, waits_for.en),
    )
}
