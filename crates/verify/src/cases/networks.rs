//! Tandem queues, queues with feedback, and servers held during other work.

use super::{exponential, poisson};
use crate::case::{Case, Depth};
use crate::theory::erlang::Servers;
use crate::theory::moments::Moments;
use crate::theory::network::{Feedback, sum_quantile};
use crate::theory::single::{Exponential, General};

pub(super) fn cases(depth: Depth) -> Vec<Case> {
    vec![
        tandem(depth.hours(30_000.0, 400_000.0)),
        mixed_tandem(depth.hours(15_000.0, 200_000.0)),
        feedback(depth.hours(40_000.0, 500_000.0)),
        hold(depth.hours(30_000.0, 500_000.0)),
    ]
}

fn tandem(measure: f64) -> Case {
    let first = Exponential { arrival: 0.7, service: 1.0 };
    let second = Exponential { arrival: 0.7, service: 1.25 };
    let sd = first.time().hypot(second.time());
    Case::new(
        "tandem",
        "两个单服务台串联",
        "Two single servers in a line",
        "Jackson 1957; Reich 1957",
    )
    .scenario(format!(
        r#"
nodes: {{ "gate": () }},
resources: {{ "papers": (at: "gate"), "crane": (at: "gate") }},
flows: {{ "boxes": (arrivals: {}, steps: [Work(resource: "papers", time: {}), Work(resource: "crane", time: {})]) }},
"#,
        poisson(0.7),
        exponential(1.0),
        exponential(0.8)
    ))
    .hours(1000.0, measure)
    .expect("resources.papers.wait.mean", first.wait())
    .expect("resources.crane.wait.mean", second.wait())
    .expect("resources.crane.present.mean", second.present())
    .expect("flows.boxes.stages.crane.mean", second.time())
    .expect("flows.boxes.clocks.door-to-door.mean", first.time() + second.time())
    .expect("flows.boxes.clocks.door-to-door.sd", sd)
    .percentiles("flows.boxes.clocks.door-to-door", &[5, 50, 90, 95, 99], |share| {
        sum_quantile(first.time(), second.time(), share)
    })
}

fn mixed_tandem(measure: f64) -> Case {
    let first = Servers { servers: 2, arrival: 1.4, service: 1.0 };
    let second = Servers { servers: 4, arrival: 1.4, service: 0.5 };
    let third = Exponential { arrival: 1.4, service: 2.0 };
    Case::new(
        "tandem-3",
        "三站串联，多服务台",
        "Three stations in a line, several servers each",
        "Jackson 1957",
    )
    .scenario(format!(
        r#"
nodes: {{ "gate": () }},
resources: {{ "papers": (at: "gate", servers: 2), "lanes": (at: "gate", servers: 4), "crane": (at: "gate") }},
flows: {{
    "boxes": (
        arrivals: {},
        steps: [Work(resource: "papers", time: {}), Work(resource: "lanes", time: {}), Work(resource: "crane", time: {})],
    ),
}},
"#,
        poisson(1.4),
        exponential(1.0),
        exponential(2.0),
        exponential(0.5)
    ))
    .hours(1000.0, measure)
    .expect("resources.papers.wait.mean", first.wait())
    .expect("resources.lanes.wait.mean", second.wait())
    .expect("resources.crane.wait.mean", third.wait())
    .expect("resources.lanes.no_wait_share", 1.0 - second.waits())
    .expect("resources.lanes.present.mean", second.present())
    .expect("flows.boxes.clocks.door-to-door.mean", first.time() + second.time() + third.time())
}

fn feedback(measure: f64) -> Case {
    let theory = Feedback { arrival: 0.5, service: 1.0, again: 0.3 };
    let station = theory.station();
    Case::new(
        "feedback",
        "返工：以概率 0.3 再过一遍",
        "Rework: another pass with probability 0.3",
        "Jackson 1957",
    )
    .scenario(format!(
        r#"
nodes: {{ "gate": () }},
resources: {{ "desk": (at: "gate") }},
flows: {{
    "boxes": (
        arrivals: {},
        steps: [Repeat(id: "rework", share: "30%", steps: [Work(resource: "desk", time: {})])],
    ),
}},
"#,
        poisson(0.5),
        exponential(1.0)
    ))
    .hours(1000.0, measure)
    .expect("resources.desk.arrivals", measure * station.arrival)
    .expect("resources.desk.present.mean", station.present())
    .expect("resources.desk.present.sd", station.present_sd())
    .expect("resources.desk.utilisation", station.load())
    .expect("resources.desk.wait.mean", theory.wait_of_pass())
    .expect("flows.boxes.clocks.door-to-door.mean", theory.time())
}

fn hold(measure: f64) -> Case {
    // A berth held for papers and for unloading at a crane that never serves others: one service of two parts.
    let parts =
        Moments { mean: 0.7, second: Moments::exponential(0.4).second + 2.0 * 0.4 * 0.3 + 0.09, third: 0.0 };
    let theory = General::single(1.0, parts);
    Case::new(
        "hold",
        "占用一个泊位直到内部环节完成",
        "A berth held while inner steps are done, M/G/1",
        "Pollaczek-Khinchine",
    )
    .scenario(format!(
        r#"
nodes: {{ "quay": () }},
resources: {{ "berth": (at: "quay"), "crane": (at: "quay") }},
flows: {{
    "ships": (
        arrivals: {},
        steps: [Hold(resource: "berth", steps: [Delay(id: "papers", time: "0.3h"), Work(resource: "crane", time: {})])],
    ),
}},
"#,
        poisson(1.0),
        exponential(0.4)
    ))
    .hours(1000.0, measure)
    .expect("resources.berth.wait.mean", theory.wait())
    .expect("resources.berth.no_wait_share", 0.3)
    .expect("resources.berth.utilisation", 0.7)
    .expect("resources.crane.no_wait_share", 1.0)
    .expect("resources.crane.utilisation", 0.4)
    .expect("flows.ships.clocks.door-to-door.mean", theory.time())
}
