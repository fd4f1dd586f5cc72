//! Priority classes at a desk without preemption.

use super::exponential;
use crate::case::{Case, Depth};
use crate::theory::moments::Moments;
use crate::theory::priority::{Class, wait, wait_at_servers};

pub(super) fn cases(depth: Depth) -> Vec<Case> {
    let mut cases = vec![
        two_classes("priority-2", 0.3, 0.4, depth.hours(50_000.0, 600_000.0)),
        three_classes(depth.hours(60_000.0, 800_000.0)),
        several_servers(depth.hours(15_000.0, 250_000.0)),
    ];
    if depth == Depth::Full {
        cases.push(two_classes("priority-2-at-90", 0.4, 0.5, 800_000.0));
    }
    cases
}

/// Returns sections with one desk that serves by urgency, and a flow for each class, given by name, rate and law of service.
pub(super) fn classes(resource: &str, flows: &[(&str, f64, &str)]) -> String {
    let lines: Vec<String> = flows
        .iter()
        .enumerate()
        .map(|(place, (name, rate, time))| {
            let priority = 2 * place + 1;
            format!(
                r#"    "{name}": (priority: {priority}, arrivals: Poisson(mean: {rate}, per: "1h"), steps: [Work(resource: "desk", time: {time})]),"#
            )
        })
        .collect();
    let flows = lines.join("\n");
    format!(
        "nodes: {{ \"gate\": () }},\nresources: {{ \"desk\": (at: \"gate\", {resource}) }},\nflows: {{\n{flows}\n}},"
    )
}

fn two_classes(id: &'static str, urgent: f64, slow: f64, measure: f64) -> Case {
    let law = Moments::exponential(1.0);
    let theory = [Class { arrival: urgent, service: law }, Class { arrival: slow, service: law }];
    Case::new(id, "两级优先，不抢占，M/M/1", "Two classes, work begun is finished, M/M/1", "Cobham 1954")
        .scenario(classes(
            "discipline: Priority",
            &[("urgent", urgent, &exponential(1.0)), ("slow", slow, &exponential(1.0))],
        ))
        .hours(2000.0, measure)
        .expect("flows.urgent.categories.server", wait(&theory, 0))
        .expect("flows.slow.categories.server", wait(&theory, 1))
        .expect("flows.slow.clocks.door-to-door.mean", wait(&theory, 1) + 1.0)
        .expect("resources.desk.utilisation", urgent + slow)
}

fn three_classes(measure: f64) -> Case {
    let theory = [
        Class { arrival: 0.4, service: Moments::exponential(0.5) },
        Class { arrival: 0.2, service: Moments::constant(1.0) },
        Class { arrival: 0.3, service: Moments::log_normal(1.0, 0.8) },
    ];
    Case::new(
        "priority-3",
        "三级优先，各有服务分布，不抢占，M/G/1",
        "Three classes with laws of their own, M/G/1",
        "Cobham 1954",
    )
    .scenario(classes(
        "discipline: Priority",
        &[
            ("relief", 0.4, &exponential(0.5)),
            ("express", 0.2, "\"1h\""),
            ("general", 0.3, "LogNormal(mean: \"1h\", cv: 0.8)"),
        ],
    ))
    .hours(1000.0, measure)
    .expect("flows.relief.categories.server", wait(&theory, 0))
    .expect("flows.express.categories.server", wait(&theory, 1))
    .expect("flows.general.categories.server", wait(&theory, 2))
}

fn several_servers(measure: f64) -> Case {
    let arrivals = [0.9, 0.8, 0.7];
    let theory = |k| wait_at_servers(3, 1.0, &arrivals, k);
    Case::new(
        "priority-3-servers",
        "三级优先，三个服务台，不抢占，M/M/c",
        "Three classes at three servers, M/M/c",
        "Cobham 1954",
    )
    .scenario(classes(
        "servers: 3, discipline: Priority",
        &[
            ("relief", arrivals[0], &exponential(1.0)),
            ("express", arrivals[1], &exponential(1.0)),
            ("general", arrivals[2], &exponential(1.0)),
        ],
    ))
    .hours(1000.0, measure)
    .expect("flows.relief.categories.server", theory(0))
    .expect("flows.express.categories.server", theory(1))
    .expect("flows.general.categories.server", theory(2))
}
