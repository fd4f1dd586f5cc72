//! Opening hours, rates that vary with the hour, storms.

use crate::case::{Case, Depth};
use crate::theory::hours::Hours;
use crate::theory::moments::Moments;
use crate::theory::{storm, varying};

pub(super) fn cases(depth: Depth) -> Vec<Case> {
    let hours = depth.hours(20_160.0, 201_600.0);
    vec![
        gate(
            "gate-daily",
            ("每日 8–18 时开门", "A gate open 8-18 every day"),
            r#"Daily("08:00-18:00")"#,
            &Hours::daily(8.0, 18.0),
            hours,
        ),
        gate(
            "gate-weekdays",
            ("周一至周五 8–18 时开门", "A gate open 8-18 from Monday to Friday"),
            r#"Weekly(["Mon-Fri 08:00-18:00"])"#,
            &Hours::weekdays(5, 8.0, 18.0),
            hours,
        ),
        paused(hours),
        fitting(hours),
        varying_rate(depth),
        storms(depth.hours(48_000.0, 960_000.0)),
    ]
}

fn gate(id: &'static str, title: (&str, &str), open: &str, theory: &Hours, measure: f64) -> Case {
    Case::new(id, title.0, title.1, "elementary")
        .scenario(format!(
            r#"
nodes: {{ "gate": () }},
flows: {{
    "boxes": (arrivals: Poisson(mean: 1, per: "1h"), steps: [Gate(id: "hours", open: {open}, at: "gate")]),
}},
"#
        ))
        .hours(168.0, measure)
        .expect("flows.boxes.stages.hours.mean", theory.wait())
        .expect("flows.boxes.stages.hours.sd", theory.wait_sd())
        .expect("flows.boxes.categories.hours", theory.wait())
        .percentiles("flows.boxes.stages.hours", &[50, 75, 90, 95], |share| theory.wait_quantile(share))
}

/// Returns a desk with more servers than jobs, open by day.
fn by_day(at_closing: &str) -> String {
    format!(
        r#"
nodes: {{ "gate": () }},
resources: {{ "desk": (at: "gate", servers: 500, open: Daily("08:00-18:00"), at_closing: {at_closing}) }},
flows: {{
    "boxes": (arrivals: Poisson(mean: 1, per: "1h"), steps: [Work(resource: "desk", time: "6h")]),
}},
"#
    )
}

fn paused(measure: f64) -> Case {
    let theory = Hours::daily(8.0, 18.0);
    Case::new(
        "work-pauses",
        "六小时的工作，下班暂停",
        "Six hours of work that pauses at closing time",
        "elementary",
    )
    .scenario(by_day("Pause"))
    .hours(168.0, measure)
    .expect("resources.desk.wait.mean", theory.wait())
    .expect("resources.desk.in_system.mean", theory.mean_time_of_work(6.0))
    .expect("flows.boxes.categories.worked", 6.0)
    .expect("flows.boxes.categories.hours", theory.mean_time_of_work(6.0) - 6.0)
}

fn fitting(measure: f64) -> Case {
    // Six hours that must end by 18:00 begin from 8:00 to 12:00.
    let theory = Hours::daily(8.0, 12.0);
    Case::new(
        "work-fits",
        "六小时的工作，只做当日能完成的",
        "Six hours of work, begun only if done by closing time",
        "elementary",
    )
    .scenario(by_day("Fit"))
    .hours(168.0, measure)
    .expect("resources.desk.wait.mean", theory.wait())
    .expect("resources.desk.in_system.mean", theory.wait() + 6.0)
    .percentiles("resources.desk.wait", &[50, 95], |share| theory.wait_quantile(share))
}

fn varying_rate(depth: Depth) -> Case {
    let factors = [
        0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.5, 1.0, 2.0, 2.4, 2.4, 2.0, 1.4, 1.4, 1.8, 2.0, 1.8, 1.4, 1.0, 0.6,
        0.4, 0.3, 0.2, 0.2,
    ];
    let per_day: f64 = factors.iter().sum();
    let rates = factors.map(|factor| 4.0 * 24.0 * factor / per_day);
    let list = factors.map(|factor| factor.to_string()).join(", ");
    // Uniform between 2 h and 10 h.
    let tail = |time: f64| ((10.0 - time) / 8.0).clamp(0.0, 1.0);
    // At 17:00 of the third day, after more than the longest service; the window is an instant.
    let mean = varying::present(&rates, 17, 10, tail);
    Case::new(
        "m-t-g-infinity",
        "到达率随时变化，服务台无限：某一时刻的在场数为泊松",
        "Rate by the hour, servers without number: Poisson at an instant",
        "Eick, Massey & Whitt 1993",
    )
    .scenario(format!(
        r#"
nodes: {{ "gate": () }},
resources: {{ "desk": (at: "gate", servers: Unlimited) }},
flows: {{
    "boxes": (
        arrivals: Poisson(mean: 4, per: "1h", profile: (hour: [{list}])),
        steps: [Work(resource: "desk", time: Uniform(min: "2h", max: "10h"))],
    ),
}},
"#
    ))
    .hours(65.0, 0.001)
    .replications(depth.hours(3000.0, 40_000.0) as u32)
    .expect("resources.desk.present.mean", mean)
    .expect("resources.desk.present.sd", mean.sqrt())
    .expect("resources.desk.busy.mean", mean)
}

fn storms(measure: f64) -> Case {
    let length = Moments::exponential(10.0);
    Case::new(
        "storms",
        "航行遇风暴停航：复合泊松",
        "A voyage that storms hold up: a compound Poisson sum",
        "elementary",
    )
    .scenario(
        r#"
nodes: { "quay": (), "away": () },
services: {
    "ship": (mode: Sea, stops: ["quay", "away"], departs: Every(period: "24h"), capacity: Unlimited, running: ["100h"]),
},
flows: { "boxes": (arrivals: Regular(every: "24h"), steps: [Ride(service: "ship")]) },
promises: { "calm": (flows: ["boxes"], within: "100h") },
disruptions: {
    "storms": (targets: [Service("ship")], when: UnderWay(per_hour: 0.02, length: Exponential(mean: "10h")), effect: Close),
},
"#,
    )
    .hours(480.0, measure)
    .expect("flows.boxes.clocks.door-to-door.mean", storm::mean(100.0, 0.02, length))
    .expect("flows.boxes.clocks.door-to-door.sd", storm::sd(100.0, 0.02, length))
    .expect("promises.calm.share", storm::calm(100.0, 0.02))
    .expect("flows.boxes.categories.moving", 100.0)
}
