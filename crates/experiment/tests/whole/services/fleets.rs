//! Finite fleets: vehicles of a service that rotate, and vehicles of a connection on demand. Worked out by hand, or held against a
//! resource that is the same queue.
//!
//! Does not own random fleets (`laws::loads`).
#![expect(clippy::float_cmp, reason = "hours worked out by hand are exact")]

use crate::shared::watch::watch;
use crate::shared::{check_exactly, results_of, results_on, value};
use sanda_core::model::category::Category::{Cargo, Disruption, Moving, Rolled, Server, Timetable};
use sanda_results::Results;

/// A train every six hours from hour 6 on, seven hours under way, and boxes that are ready at these hours.
fn trains(service: &str, ready: &str, more: &str) -> String {
    format!(
        r#"(
    schema: 1, name: "trains", start: "2025-01-06T00:00[UTC]",
    run: (measure: "48h", drain: "60d", arrivals_until: MeasureEnd, replications: 1),
    nodes: {{ "yard": (), "away": () }},
    services: {{ "train": (mode: Rail, stops: ["yard", "away"], departs: Every(period: "6h", offset: "6h"), capacity: "10 TEU", running: ["7h"], {service}) }},
    flows: {{ "boxes": (arrivals: At([{ready}]), steps: [Ride(service: "train")]) }},
    {more}
)"#
    )
}

fn closed(from: &str, to: &str) -> String {
    format!(
        r#"disruptions: {{ "closed": (targets: [Service("train")], when: Dated([(from: "{from}", to: "{to}")]), effect: Close) }},"#
    )
}

#[test]
fn a_departure_waits_for_the_vehicle_to_come_back() {
    // Back after ten hours: the departures of 6, 12, 18 and 24 h leave at 6, 16, 26 and 36 h.
    let text = trains(
        r#"fleet: 1, turnaround: "3h", cutoff: "1h""#,
        r#""5h", "11h", "12h", "14h", "17h", "18h""#,
        "",
    );
    let run = watch(&text);
    let expected = [
        ("boxes", 0, 6.0),
        ("boxes", 1, 16.0),
        // Ready after the cut-off at 11 h, although before the train leaves.
        ("boxes", 2, 26.0),
        ("boxes", 3, 26.0),
        ("boxes", 4, 26.0),
        ("boxes", 5, 36.0),
    ];
    assert_eq!(run.boarded(), expected);
    let waited = 1.0 + 5.0 + 14.0 + 12.0 + 9.0 + 18.0;
    assert_eq!(run.hours("boxes", "train", Timetable), waited);
    assert_eq!(run.hours("boxes", "train", Rolled) + run.hours("boxes", "train", Disruption), 0.0);
    // All boarded the first departure that they could have made.
    assert_eq!(run.service("train").boarded_first, 6);
    // Those of 6 to 42 h run; the last leaves at 66 h. Late by the wait alone.
    let record = run.service("train");
    assert_eq!((record.run, record.short), (7, 6));
    assert_eq!(record.late.sum(), i128::from((1..7).map(|n| 4 * n).sum::<i64>() * 3_600_000));
    let results = results_of(&text);
    check_exactly(&results, "services.train.fleet.utilisation", 42.0 / 48.0);
    check_exactly(&results, "services.train.fleet.busy.mean", 42.0 / 48.0);
    check_exactly(&results, "services.train.fleet.waited_share", 6.0 / 7.0);
}

#[test]
fn enough_vehicles_are_as_good_as_any_number() {
    let ready = r#""5h", "11h", "17h", "23h""#;
    let free = watch(&trains("", ready, "")).boarded().len();
    for service in [r#"fleet: 2, turnaround: "3h""#, r#"fleet: 2, turnaround: "5h""#, "fleet: 2"] {
        // With five hours the vehicle comes back at the very instant of the departure: releases come first.
        let run = watch(&trains(service, ready, ""));
        let at: Vec<f64> = run.boarded().iter().map(|&(_, _, at)| at).collect();
        assert_eq!(at, [6.0, 12.0, 18.0, 24.0], "{service}");
        assert_eq!((at.len(), run.service("train").short), (free, 0));
    }
    let run = watch(&trains(r#"fleet: 2, turnaround: "5h 1min""#, ready, ""));
    assert_eq!(run.boarded()[2].2, 18.0 + 1.0 / 60.0);
}

#[test]
fn a_delay_begins_when_the_vehicle_is_there() {
    let run = watch(&trains(r#"fleet: 1, delay: "1h""#, r#""5h", "11h", "17h""#, ""));
    assert_eq!(run.boarded(), [("boxes", 0, 7.0), ("boxes", 1, 15.0), ("boxes", 2, 23.0)]);
}

#[test]
fn a_closure_outranks_the_want_of_a_vehicle() {
    // Closed from 10 to 30 h: held since their schedule, and then one after the other.
    let run = watch(&trains(
        r#"fleet: 1, turnaround: "3h""#,
        r#""5h", "11h", "17h""#,
        &closed("2025-01-06T10:00", "2025-01-07T06:00"),
    ));
    assert_eq!(run.boarded(), [("boxes", 0, 6.0), ("boxes", 1, 30.0), ("boxes", 2, 40.0)]);
    assert_eq!(run.hours("boxes", "train", Timetable), 3.0);
    assert_eq!(run.hours("boxes", "train", Disruption), 18.0 + 22.0);
    // Closed from 14 to 20 h: the departure of 12 h waits for its vehicle until 16 h, then for the closure.
    let run = watch(&trains(
        r#"fleet: 1, turnaround: "3h""#,
        r#""11h""#,
        &closed("2025-01-06T14:00", "2025-01-06T20:00"),
    ));
    assert_eq!(run.boarded(), [("boxes", 0, 20.0)]);
    assert_eq!((run.hours("boxes", "train", Timetable), run.hours("boxes", "train", Disruption)), (5.0, 4.0));
}

#[test]
fn nobody_takes_a_vehicle_for_an_empty_run_that_is_not_made() {
    // The departure of 12 h waits until 16 h and then finds nobody who was ready by 12 h: the vehicle is there at 18 h.
    let run = watch(&trains(r#"fleet: 1, turnaround: "3h", run_empty: false"#, r#""5h", "14h""#, ""));
    assert_eq!(run.boarded(), [("boxes", 0, 6.0), ("boxes", 1, 18.0)]);
    assert_eq!((run.service("train").run, run.service("train").short), (2, 0));
}

#[test]
fn a_service_that_leaves_when_full_waits_for_a_vehicle_first() {
    let text = trains("fleet: 1", r#""1h", "2h", "3h", "4h", "4h", "30h""#, "").replace(
        r#"Every(period: "6h", offset: "6h")"#,
        r#"WhenFull(quantity: "2 TEU", longest_wait: "1d")"#,
    );
    let run = watch(&text);
    // Full at 2 h and at 4 h; the vehicle is back at 9 h and 16 h. Then four are there, and all fit: they go at once.
    let expected = [
        ("boxes", 0, 2.0),
        ("boxes", 1, 2.0),
        ("boxes", 2, 9.0),
        ("boxes", 3, 9.0),
        ("boxes", 4, 9.0),
        ("boxes", 5, 54.0),
    ];
    assert_eq!(run.boarded(), expected);
    // The first and the third wait an hour for other cargo, the last a day. For a vehicle: five hours each.
    assert_eq!(run.hours("boxes", "train", Cargo), 1.0 + 1.0 + 24.0);
    assert_eq!(run.hours("boxes", "train", Timetable), 3.0 * 5.0);
}

/// Boxes that come at random, two at a time, and wait for one of three.
fn queue(kind: &str, servers: u32) -> String {
    let (things, step) = match kind {
        "fleet" => (
            format!(
                r#"connections: {{ "truck": (from: "here", to: "there", time: "100min", fleet: {servers}) }},"#
            ),
            r#"Haul("truck")"#,
        ),
        "return" => (
            format!(
                r#"connections: {{ "truck": (from: "here", to: "there", time: "60min", fleet: {servers}, return_time: "40min") }},"#
            ),
            r#"Haul("truck")"#,
        ),
        _ => (
            format!(r#"resources: {{ "truck": (at: "here", servers: {servers}) }},"#),
            r#"Work(resource: "truck", time: "100min")"#,
        ),
    };
    format!(
        r#"(
    schema: 1, name: "queue", start: "2025-01-06T00:00[UTC]",
    run: (warm_up: "30d", measure: "300d", drain: "60d", replications: 4, seed: 11),
    nodes: {{ "here": (), "there": () }},
    {things}
    flows: {{ "boxes": (arrivals: Poisson(mean: 0.8, per: "1h", batch: 2), steps: [Delay(id: "walk", time: Exponential(mean: "20min")), {step}]) }},
)"#
    )
}

#[test]
fn a_fleet_on_demand_is_a_queue_for_servers() {
    // The same arrivals and walks, and the same fixed time: the waits are the same to the last one.
    let desk = results_of(&queue("desk", 3));
    let same = |results: &Results, of: &str, desk_path: &str| {
        assert_eq!(value(results, of), value(&desk, desk_path), "{of}");
    };
    for kind in ["fleet", "return"] {
        let fleet = results_of(&queue(kind, 3));
        for wait in ["wait.mean", "wait.sd", "wait.p95", "no_wait_share", "utilisation", "busy.mean"] {
            same(&fleet, &format!("connections.truck.{wait}"), &format!("resources.truck.{wait}"));
        }
        same(&fleet, "flows.boxes.categories.server", "flows.boxes.categories.server");
        same(&fleet, "connections.truck.requests", "resources.truck.arrivals");
        assert!(value(&fleet, "connections.truck.wait.mean") > 0.5, "a queue worth the name");
        if kind == "fleet" {
            same(&fleet, "flows.boxes.clocks.door-to-door.p99", "flows.boxes.clocks.door-to-door.p99");
            same(&fleet, "flows.boxes.categories.moving", "flows.boxes.stages.truck.categories.worked");
        }
    }
}

#[test]
fn a_large_fleet_is_none() {
    let text = queue("fleet", 1_000_000);
    let (with, without) = (results_of(&text), results_of(&text.replace(", fleet: 1000000", "")));
    assert_eq!(with.fingerprint, without.fingerprint);
    check_exactly(&with, "connections.truck.no_wait_share", 1.0);
    assert!(without.figure("connections.truck.no_wait_share").is_none());
}

#[test]
fn a_closed_connection_keeps_its_queue() {
    // One truck, three hours; closed from 5 to 9 h. The first goes at 1 h, the second at 4 h and is under way at 5 h; the third has
    // a truck at 7 h and the way at 9 h.
    let text = r#"(
    schema: 1, name: "closed", start: "2025-01-06T00:00[UTC]",
    run: (measure: "48h", drain: "60d", arrivals_until: MeasureEnd, replications: 1),
    nodes: { "here": (), "there": () },
    connections: { "truck": (from: "here", to: "there", time: "3h", fleet: 1) },
    flows: { "boxes": (arrivals: At(["1h", "2h", "3h", "6h", "40h"]), steps: [Haul("truck")]) },
    disruptions: { "closed": (targets: [Connection("truck")], when: Dated([(from: "2025-01-06T05:00", to: "2025-01-06T09:00")]), effect: Close) },
)"#;
    let run = watch(text);
    assert_eq!(run.delivered("boxes"), [4.0, 7.0, 12.0, 15.0, 43.0]);
    // Closed: four hours for the third, three for the one of 6 h.
    assert_eq!(run.hours("boxes", "truck", Disruption), 4.0 + 3.0);
    assert_eq!(run.hours("boxes", "truck", Server), 2.0 + 2.0 + 3.0);
    assert_eq!(run.hours("boxes", "truck", Moving), 15.0);
    let record = run.connection("truck");
    assert_eq!((record.requests, record.without_wait, record.busy), (5, 2, 15 * 3_600_000));
    assert_eq!(record.wait.sum(), i128::from((2 + 6 + 6) * 3_600_000));
}

#[test]
fn fleets_give_the_same_bytes_on_any_number_of_threads() {
    let text = trains(
        r#"fleet: 2, turnaround: Exponential(mean: "9h"), delay: Exponential(mean: "1h"), slip: Exponential(mean: "2h")"#,
        r#""5h""#,
        r#"connections: { "truck": (from: "away", to: "yard", time: Exponential(mean: "5h"), fleet: 2, return_time: Exponential(mean: "1h")) },"#,
    )
    .replace(r#"At(["5h"])"#, r#"Poisson(mean: 0.3, per: "1h")"#)
    .replace(r#"[Ride(service: "train")]"#, r#"[Ride(service: "train"), Haul("truck")]"#)
    .replace("replications: 1", "replications: 6");
    let [one, two] = [1, 2].map(|n| results_on(&text, n));
    assert_eq!(one.figures(), two.figures());
    assert_eq!(one.fingerprint, two.fingerprint);
    assert!(value(&one, "services.train.fleet.waited_share") > 0.1);
}

#[test]
fn too_few_vehicles_are_said_before_the_run() {
    let remarks = |text: &str| {
        let loaded = sanda_scenario::load_model_text("test.ron", text, &[]).unwrap_or_else(|f| panic!("{f}"));
        loaded.render_remarks(sanda_scenario::Style::default())
    };
    // Ten hours for each of the departures that are due every six.
    let said = remarks(&trains(r#"fleet: 1, turnaround: "3h""#, r#""5h""#, ""));
    assert!(said.contains("service `train` has too few vehicles: departures are due at 167 %"), "{said}");
    let said = remarks(&trains(r#"fleet: 2, turnaround: "3h""#, r#""5h""#, ""));
    assert!(!said.contains("too few vehicles"), "{said}");
    // 1.6 boxes an hour for 100 minutes are 2.67 trucks.
    for (fleet, percent) in [(2, Some("133 %")), (3, None)] {
        for kind in ["fleet", "return"] {
            let said = remarks(&queue(kind, fleet));
            match percent {
                Some(percent) => {
                    let expected =
                        format!("connection `truck` has too few vehicles: hauls come at {percent}");
                    assert!(said.contains(&expected), "{said}");
                }
                None => assert!(!said.contains("too few vehicles"), "{said}"),
            }
        }
    }
}
