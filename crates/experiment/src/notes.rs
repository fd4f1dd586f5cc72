//! Remarks on a run that a reader must not miss: what is overloaded, and what never arrived.
//!
//! Does not own verdicts on promises (`assemble`), nor how remarks are shown.

use std::collections::BTreeMap;

use sanda_core::freight::model::WhenFull;
use sanda_results::{Figure, Text, paths};
use sanda_scenario::build::Built;

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
