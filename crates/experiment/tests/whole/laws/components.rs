//! Components of a model run one after the other, and services run window by window: the outcome is that of the run event by event.
//!
//! Does not own random worlds (`worlds`).

use std::fmt::Write as _;

use crate::shared::{check_ahead, compiled};
use sanda_core::model::Model;
use sanda_core::record::FlowRecord;
use sanda_core::{Prepared, replicate};

/// Lanes of a crane, a train and a road each. The last one is other than that; what is added concerns any of them.
fn lanes(n: usize, last: &str, added: &str, until: &str) -> Model {
    let mut sections = [("nodes", String::new()), ("resources", String::new()), ("services", String::new())];
    let mut flows = String::new();
    for i in 0..n {
        let entries = [
            format!(r#""a{i}": (zone: "Asia/Shanghai"), "b{i}": (zone: "Europe/Berlin"),"#),
            format!(
                r#""crane{i}": (at: "a{i}", servers: 2, open: Daily("06:00-20:00")?failures), "gate{i}": (at: "b{i}", room: 3, when_full: Block),"#
            ),
            format!(
                r#""train{i}": (mode: Rail, stops: ["a{i}", "b{i}"], departs: Every(period: "{}h"), capacity: "6 TEU",
                    running: [Uniform(min: "{}h", max: "90h")], cancelled: "10%"),"#,
                9 + 5 * i,
                4 + 20 * i
            ),
        ];
        let failures = if i == 1 {
            ", breakdowns: (up: Exponential(mean: \"30h\"), down: Exponential(mean: \"3h\"))"
        } else {
            ""
        };
        let entries = entries.map(|entry| entry.replace("?failures", failures));
        for ((_, section), entry) in sections.iter_mut().zip(entries) {
            section.push_str(&entry);
        }
        let steps = format!(
            r#"Work(resource: "crane{i}", time: Exponential(mean: "1h")), Ride(service: "train{i}"),
                Work(resource: "gate{i}", time: Exponential(mean: "2h"))"#
        );
        let steps = if i + 1 == n && !last.is_empty() { last } else { &steps };
        let _ = write!(
            flows,
            r#""flow{i}": (arrivals: Poisson(mean: 1, per: "{}h"), when_closed: Reroute, itineraries: {{
                "by": (share: 0.8, steps: [{steps}]), "round": (share: 0.2, steps: [Delay(time: "9h")]) }}),"#,
            3 + i
        );
    }
    let sections = sections.map(|(name, entries)| format!("{name}: {{ {entries} }},"));
    let text = format!(
        r#"(schema: 1, name: "lanes", start: "2025-03-03T00:00[UTC]",
            run: (warm_up: "5d", measure: "40d", {until}, replications: 1),
            {} {added} flows: {{ {flows} }})"#,
        sections.concat()
    );
    compiled(&text).model
}

/// Time enough for everybody, and others behind them.
const LONG: &str = r#"drain: "60d", arrivals_until: DrainEnd"#;

/// How many components there are.
fn n_components(model: &Model) -> usize {
    Prepared::new(model).n_components()
}

/// Whatever two lanes use, and whatever befalls both, makes them one.
#[test]
fn what_two_lanes_have_in_common_makes_them_one_component() {
    let ride = |i| format!(r#"Ride(service: "train{i}")"#);
    for (last, added, n) in [
        ("", "", 4),
        (r#"Work(resource: "crane0", time: "1h")"#, "", 3),
        (r#"Hold(resource: "gate1", steps: [Delay(time: "1h")])"#, "", 3),
        (&ride(2), "", 3),
        (&format!("{}, {}", ride(0), r#"Work(resource: "gate1", time: "1h")"#), "", 2),
        (r#"Delay(time: "1h")"#, "", 4),
        (
            "",
            r#"disruptions: { "storm": (targets: [Service("train0")], when: Dated([(from: "2025-03-10T00:00[UTC]", to: "2025-03-12T00:00[UTC]")]), effect: Close) },"#,
            4,
        ),
        (
            "",
            r#"disruptions: { "storm": (targets: [Service("train0"), Resource("crane3")], when: Dated([(from: "2025-03-10T00:00[UTC]", to: "2025-03-12T00:00[UTC]")]), effect: Close) },"#,
            3,
        ),
    ] {
        assert_eq!(n_components(&lanes(4, last, added, LONG)), n, "{last} {added}");
    }
}

/// The luck of a seed is the same event by event. With closures that begin and end in each, failures, cancelled departures, and what
/// no flow uses.
#[test]
fn nobody_can_tell_that_one_lane_happens_after_the_other() {
    let storms = r#"disruptions: {
        "one": (targets: [Service("train0")], when: Random(up: Exponential(mean: "9d"), down: Exponential(mean: "2d")), effect: Close),
        "two": (targets: [Service("train1")], when: Random(up: Exponential(mean: "5d"), down: Exponential(mean: "1d")), effect: Cancel),
        "three": (targets: [Resource("gate2")], when: Random(up: Exponential(mean: "5d"), down: Exponential(mean: "1d")), effect: TimeScale(2)),
    },"#;
    let bus = r#"Ride(service: "train3"), Batch(size: "3 TEU", longest_wait: "30h"), Delay(time: Exponential(mean: "9h"))"#;
    for (last, added) in [("", ""), (bus, ""), ("", storms), (bus, storms)] {
        let model = lanes(4, last, added, LONG);
        assert!(n_components(&model) > 2);
        for replication in 0..3 {
            check_ahead("lanes", &model, replication);
        }
    }
}

/// What can never move again is looked for when everything else has gone on until the drain limit too: the same is found.
#[test]
fn what_is_stuck_in_one_lane_is_found_beside_others() {
    let stuck = r#"Ride(service: "train3"), Batch(size: "999 TEU")"#;
    for (last, until) in [
        (stuck, r#"drain: "60d", arrivals_until: MeasureEnd"#),
        (stuck, LONG),
        (r#"Delay(time: "50d")"#, r#"drain: "40d", arrivals_until: DrainEnd"#),
        ("", r#"drain: "2d", arrivals_until: DrainEnd"#),
    ] {
        let model = lanes(4, last, "", until);
        assert_eq!(n_components(&model), 4);
        let outcome = replicate(&model, 3, 0).expect("a sound run");
        let n_left: u64 = outcome.flows.iter().map(FlowRecord::under_way).sum();
        assert!(n_left > 0, "all of them come through: this shows nothing");
        assert_eq!(outcome.stuck.n > 0, until.contains("MeasureEnd"), "{last} {until}");
        for replication in 0..3 {
            check_ahead("lanes", &model, replication);
        }
    }
}

/// Running times of which none is the same.
const RUNNING: &str = r#"running: [Uniform(min: "8h", max: "30h"), Uniform(min: "7h", max: "50h")]"#;

/// Running times in whole hours: many arrive at one instant.
const HOURS: &str = r#"running: [Discrete([(value: "7h", weight: 1), (value: "9h", weight: 1)]), Discrete([(value: "8h", weight: 1), (value: "20h", weight: 1)])]"#;

/// So many lines from a port with a customs desk to as many places, by a stop on the way; what is asked of them, what is done at
/// the port, and what becomes of cargo at the end of every third line.
fn star(n: usize, service: &str, port: &str, end: &str, until: &str) -> Model {
    let [mut nodes, mut resources, mut services, mut flows] = [const { String::new() }; 4];
    for i in 0..n {
        let _ = write!(nodes, r#""mid{i}": (zone: "Europe/Berlin"), "end{i}": (zone: "Asia/Tokyo"),"#);
        let _ = write!(resources, r#""desk{i}": (at: "end{i}", servers: {}),"#, 1 + i % 3);
        let _ = write!(
            services,
            r#""line{i}": (mode: Rail, stops: ["port", "mid{i}", "end{i}"], departs: Every(period: "{}h"),
                cutoff: "{}h", capacity: "4 TEU", {service}),"#,
            7 + i % 11,
            i % 3
        );
        let work = format!(r#"Work(resource: "desk{i}", time: Exponential(mean: "2h"))"#);
        let by = if i % 3 == 0 { end } else { &work };
        let _ = write!(
            flows,
            r#""out{i}": (arrivals: Poisson(mean: 1, per: "{}h"), priority: {}, steps: [{port}, Ride(service: "line{i}"), {by}]),
            "on{i}": (arrivals: Regular(every: "{}h"), steps: [Ride(service: "line{i}", from: "mid{i}", to: "end{i}"), {work}]),"#,
            4 + i % 7,
            1 + i % 2,
            9 + i % 5
        );
    }
    let text = format!(
        r#"(schema: 1, name: "star", start: "2025-03-03T00:00[UTC]",
            run: (warm_up: "5d", measure: "20d", {until}, replications: 1),
            nodes: {{ "port": (zone: "Asia/Shanghai"), {nodes} }},
            resources: {{ "customs": (at: "port", servers: 30, open: Daily("06:00-22:00")), {resources} }},
            services: {{ {services} }}, flows: {{ {flows} }})"#
    );
    compiled(&text).model
}

/// Seventy services that share a port: what happens is the same event by event, whatever the services do and whatever holds their cargo
/// together before and after them.
#[test]
fn a_star_of_many_services_gives_the_same_outcome() {
    let desk = r#"Work(resource: "customs", time: Exponential(mean: "1h"))"#;
    let batch = format!(r#"{desk}, Batch(size: "3 TEU", longest_wait: "11h"), Delay(time: "30min")"#);
    let on = r#"Delay(time: "1h"), Ride(service: "line1", from: "port", to: "mid1")"#;
    let back = r#"Work(resource: "customs", time: "1h")"#;
    for (running, service, port, end) in [
        (RUNNING, "", desk, r#"Delay(time: "1h")"#),
        (RUNNING, r#", cancelled: "15%", delay: Exponential(mean: "2h"), run_empty: false"#, desk, on),
        (HOURS, r#", boarding: Priority, overtake: true, dwell: ["0h"]"#, &batch, on),
        (
            RUNNING,
            r#", dwell: ["3h"], cancelled: Runs(share: "20%", mean_length: 2)"#,
            &batch,
            r#"Batch(size: "2 TEU", longest_wait: "2d")"#,
        ),
        (HOURS, r#", delay: Discrete([(value: "0h", weight: 1), (value: "2h", weight: 1)])"#, back, back),
    ] {
        let service = format!("{running}{service}");
        let service = service.as_str();
        let model = star(70, service, port, end, LONG);
        assert_eq!(n_components(&model), 1, "{service}");
        for replication in 0..2 {
            check_ahead("star", &model, replication);
        }
    }
}

/// As above, where some do not come through.
#[test]
fn what_is_stuck_in_a_star_is_found() {
    let desk = r#"Work(resource: "customs", time: Exponential(mean: "1h"))"#;
    for (end, until) in [
        (r#"Batch(size: "999 TEU")"#, r#"drain: "60d", arrivals_until: MeasureEnd"#),
        (r#"Delay(time: "1h")"#, r#"drain: "1d", arrivals_until: DrainEnd"#),
    ] {
        let model = star(70, RUNNING, desk, end, until);
        let outcome = replicate(&model, 3, 0).expect("a sound run");
        assert!(outcome.flows.iter().map(FlowRecord::under_way).sum::<u64>() > 0, "all of them come through");
        assert_eq!(outcome.stuck.n > 0, until.contains("MeasureEnd"), "{until}");
        check_ahead("star", &model, 0);
    }
}
