//! Work that is interrupted, waits that end early, and full rooms that block or divert: preemption, breakdowns, patience.

use super::priority::classes;
use super::{desk, exponential, poisson};
use crate::case::{Case, Depth};
use crate::theory::blocking::HeldBerths;
use crate::theory::breakdown;
use crate::theory::loss::FiniteRoom;
use crate::theory::moments::Moments;
use crate::theory::patience::Impatient;
use crate::theory::priority::{Class, preemptive_time, preemptive_time_at_servers, preemptive_wait};
use crate::theory::single::General;

pub(super) fn cases(depth: Depth) -> Vec<Case> {
    let hours = depth.hours(50_000.0, 600_000.0);
    vec![
        preemptive(hours),
        preemptive_servers(hours / 3.0),
        fails_in_service(hours),
        fails_by_calendar(2.0 * hours),
        begins_anew(hours),
        impatient(hours / 2.0),
        diverted(hours / 2.0),
        blocked(hours),
    ]
}

fn preemptive(measure: f64) -> Case {
    let theory = [
        Class { arrival: 0.3, service: Moments::exponential(1.0) },
        Class { arrival: 0.2, service: Moments::constant(1.0) },
        Class { arrival: 0.4, service: Moments::erlang(2, 0.5) },
    ];
    Case::new(
        "preemptive-3",
        "三级优先，可抢占，续做，M/G/1",
        "Three classes, the urgent interrupt, M/G/1",
        "Kleinrock 1976",
    )
    .scenario(classes(
        "discipline: Preemptive",
        &[
            ("relief", 0.3, &exponential(1.0)),
            ("express", 0.2, "\"1h\""),
            ("general", 0.4, "Erlang(shape: 2, mean: \"0.5h\")"),
        ],
    ))
    .hours(1000.0, measure)
    .expect("flows.relief.clocks.door-to-door.mean", preemptive_time(&theory, 0))
    .expect("flows.relief.categories.server", preemptive_wait(&theory, 0))
    .expect("flows.express.clocks.door-to-door.mean", preemptive_time(&theory, 1))
    .expect("flows.general.clocks.door-to-door.mean", preemptive_time(&theory, 2))
    .expect("flows.general.categories.worked", 0.5)
}

fn preemptive_servers(measure: f64) -> Case {
    let arrivals = [0.9, 0.7, 0.8];
    let theory = |k| preemptive_time_at_servers(3, 1.0, &arrivals, k);
    Case::new(
        "preemptive-3-servers",
        "三级优先，可抢占，三个服务台，M/M/c",
        "Three classes at three servers, the urgent interrupt, M/M/c",
        "Kleinrock 1976",
    )
    .scenario(classes(
        "servers: 3, discipline: Preemptive",
        &[
            ("relief", arrivals[0], &exponential(1.0)),
            ("express", arrivals[1], &exponential(1.0)),
            ("general", arrivals[2], &exponential(1.0)),
        ],
    ))
    .hours(1000.0, measure)
    .expect("flows.relief.clocks.door-to-door.mean", theory(0))
    .expect("flows.express.clocks.door-to-door.mean", theory(1))
    .expect("flows.general.clocks.door-to-door.mean", theory(2))
}

/// Adds the figures of M/G/1 with the time to completion as service.
fn expect_completion(case: Case, theory: &General, work: f64) -> Case {
    case.expect_all(
        "resources.desk",
        &[
            ("wait.mean", theory.wait()),
            ("in_system.mean", theory.time()),
            ("present.mean", theory.present()),
            ("no_wait_share", theory.no_wait()),
        ],
    )
    .expect("flows.boxes.clocks.door-to-door.mean", theory.time())
    .expect("flows.boxes.categories.worked", work)
}

fn fails_in_service(measure: f64) -> Case {
    let theory = breakdown::operating(0.6, Moments::exponential(1.0), 0.1, Moments::erlang(2, 2.0));
    let case = Case::new(
        "breakdown-operating",
        "只在工作时故障，修复后续做",
        "Failures while serving, work resumed",
        "Avi-Itzhak & Naor 1963",
    )
    .scenario(desk(
        r#"breakdowns: (clock: Operating, up: Exponential(mean: "10h"), down: Erlang(shape: 2, mean: "2h"), work: Resume)"#,
        &poisson(0.6),
        &exponential(1.0),
    ))
    .hours(1000.0, measure);
    expect_completion(case, &theory, 1.0).expect("resources.desk.utilisation", 0.6)
}

fn begins_anew(measure: f64) -> Case {
    let (mean, second) = breakdown::completion_anew(1.0, 0.1, Moments::exponential(2.0));
    let theory = General::single(0.5, Moments { mean, second, third: f64::NAN });
    Case::new(
        "breakdown-restart",
        "只在工作时故障，修复后重做",
        "Failures while serving, work begun anew",
        "Avi-Itzhak & Naor 1963",
    )
    .scenario(desk(
        r#"breakdowns: (clock: Operating, up: Exponential(mean: "10h"), down: Exponential(mean: "2h"), work: Restart)"#,
        &poisson(0.5),
        "\"1h\"",
    ))
    .hours(1000.0, measure)
    .expect("resources.desk.wait.mean", theory.wait())
    .expect("resources.desk.in_system.mean", theory.time())
    .expect("resources.desk.present.mean", theory.present())
    .expect("flows.boxes.clocks.door-to-door.mean", theory.time())
}

fn fails_by_calendar(measure: f64) -> Case {
    let present = breakdown::calendar_present(0.6, 1.0, 0.05, 0.5);
    Case::new(
        "breakdown-calendar",
        "按日历时间故障，不论忙闲",
        "Failures by the calendar, busy or idle",
        "White & Christie 1958",
    )
    .scenario(desk(
        r#"breakdowns: (clock: Calendar, up: Exponential(mean: "20h"), down: Exponential(mean: "2h"), work: Resume)"#,
        &poisson(0.6),
        &exponential(1.0),
    ))
    .hours(1000.0, measure)
    .expect("resources.desk.present.mean", present)
    .expect("resources.desk.in_system.mean", present / 0.6)
    .expect("resources.desk.utilisation", 0.6)
    .expect("flows.boxes.clocks.door-to-door.mean", present / 0.6)
}

fn impatient(measure: f64) -> Case {
    let theory = Impatient::new(3, 3.3, 1.0, 0.5);
    Case::new(
        "patience",
        "等不及就走，M/M/c+M",
        "Shipments that give up waiting, M/M/c+M",
        "Palm 1957; Garnett et al. 2002",
    )
    .scenario(
        r#"
nodes: { "gate": () },
resources: { "desk": (at: "gate", servers: 3) },
flows: {
    "boxes": (
        arrivals: Poisson(mean: 3.3, per: "1h"),
        steps: [Work(resource: "desk", time: Exponential(mean: "1h"), patience: Exponential(mean: "2h"))],
    ),
},
"#,
    )
    .hours(200.0, measure)
    .expect("resources.desk.patience_lost", 3.3 * measure * theory.gives_up())
    .expect("resources.desk.present.mean", theory.present())
    .expect("resources.desk.queue.mean", theory.queue())
    .expect("resources.desk.wait.mean", theory.wait_of_served())
    .expect("resources.desk.no_wait_share", theory.no_wait())
    .expect("resources.desk.utilisation", theory.utilisation())
}

fn diverted(measure: f64) -> Case {
    let theory = FiniteRoom { servers: 1, room: 3, arrival: 0.9, service: 1.0 };
    Case::new(
        "diverted",
        "候位已满则改走他路",
        "Who finds no waiting place goes another way",
        "Gross & Harris 1998",
    )
    .scenario(
        r#"
nodes: { "gate": () },
resources: { "desk": (at: "gate", room: 3, when_full: Divert("around")) },
flows: {
    "boxes": (
        arrivals: Poisson(mean: 0.9, per: "1h"),
        itineraries: {
            "desk": (share: 1.0, steps: [Work(resource: "desk", time: Exponential(mean: "1h"))]),
            "around": (share: 0.0, steps: [Delay(id: "detour", time: "9h")]),
        },
    ),
},
"#,
    )
    .hours(200.0, measure)
    .expect("resources.desk.diverted", 0.9 * measure * theory.lost())
    .expect("resources.desk.wait.mean", theory.wait())
    .expect("resources.desk.present.mean", theory.present_mean())
    .expect("flows.boxes.categories.worked", 1.0 - theory.lost() + 9.0 * theory.lost())
}

fn blocked(measure: f64) -> Case {
    let theory = HeldBerths::new(0.55, 1.0, 1.25);
    Case::new(
        "blocked",
        "下一环节无候位，占着泊位等待",
        "No place at the next desk: it waits and keeps its berth",
        "Markov chain, numerically",
    )
    .scenario(
        r#"
nodes: { "quay": () },
resources: {
    "berth": (at: "quay", servers: 2),
    "crane": (at: "quay", room: 0, when_full: Block),
},
flows: {
    "ships": (
        arrivals: Poisson(mean: 0.55, per: "1h"),
        steps: [
            Hold(resource: "berth", steps: [
                Delay(id: "moor", time: Exponential(mean: "1h")),
                Work(resource: "crane", time: Exponential(mean: "0.8h")),
            ]),
        ],
    ),
},
"#,
    )
    .hours(1000.0, measure)
    .expect("resources.berth.present.mean", theory.present())
    .expect("resources.crane.blocked", 0.55 * measure * theory.blocked())
    .expect("resources.crane.utilisation", 0.55 * 0.8)
    .expect("flows.ships.clocks.door-to-door.mean", theory.present() / 0.55)
}
