//! Figures that users of schedules expect, worked out by hand: departures that leave full or leave nothing behind, how many
//! wait, how far departures lie apart, and which connections are missed.
//!
//! Does not own the rules of boarding (`core/tests/boarding.rs`).

use crate::shared::{check_exactly, results_of, value};
use sanda_results::Results;

/// A train every ten hours from hour 10 on, an hour under way.
fn world(service: &str, flows: &str) -> Results {
    results_of(&format!(
        r#"(
    schema: 1, name: "schedules", start: "2025-01-06T00:00[UTC]",
    run: (measure: "50h", drain: "60d", arrivals_until: MeasureEnd, replications: 1),
    nodes: {{ "yard": (), "halt": (), "away": () }},
    services: {{ "train": (mode: Rail, departs: Every(period: "10h", offset: "10h"), {service}) }},
    flows: {{ {flows} }},
)"#
    ))
}

/// Shipments ready at these hours that ride the train.
fn flow(name: &str, ready: &str, what: &str) -> String {
    format!(r#""{name}": (arrivals: At([{ready}]), {what} steps: [Ride(service: "train")]),"#)
}

fn check(results: &Results, figures: &[(&str, f64)]) {
    for &(path, expected) in figures {
        check_exactly(results, path, expected);
    }
}

#[test]
fn departures_are_full_or_leave_nothing_behind_or_both() {
    // Ready: three by 10 h, one more by 20 h, two by 30 h, none after that.
    let ready = r#""1h", "2h", "9h", "15h", "21h", "30h""#;
    let direct = r#"stops: ["yard", "away"], running: ["1h"], capacity: "2 shipments""#;
    let results = world(direct, &flow("boxes", ready, ""));
    check(
        &results,
        &[
            // Departures at 10, 20, 30 and 40 h: 3, 2, 2 and 0 wait, 2, 2, 2 and 0 board, 1, 0, 0 and 0 stay.
            ("services.train.departures", 4.0),
            ("services.train.waiting.mean", 7.0 / 4.0),
            ("services.train.waiting.p50", 2.0),
            ("services.train.waiting.p99", 3.0),
            ("services.train.full_share", 3.0 / 4.0),
            ("services.train.none_left_share", 3.0 / 4.0),
            ("services.train.gap.mean", 10.0),
            ("services.train.gap.sd", 0.0),
            // Waits of 9, 8, 11, 5, 9 and 0 h in a window of 50 h.
            ("services.train.queue.mean", 42.0 / 50.0),
            ("flows.boxes.stages.train.rollover_share", 1.0 / 6.0),
            ("flows.boxes.stages.train.missed_share", 1.0 / 6.0),
        ],
    );
}

#[test]
fn what_does_not_fit_makes_a_departure_full() {
    // Two TEU do not fit into the one that is left, nor may the last one overtake them.
    let sizes =
        flow("small", r#""1h", "3h""#, r#"size: "1 TEU","#) + &flow("large", r#""2h""#, r#"size: "2 TEU","#);
    let direct = r#"stops: ["yard", "away"], running: ["1h"], capacity: "2 TEU""#;
    let results = world(direct, &sizes);
    // 10 h: one of three; 20 h: the large one of two; 30 h: the last; 40 h: none.
    check(
        &results,
        &[
            ("services.train.full_share", 2.0 / 4.0),
            ("services.train.none_left_share", 2.0 / 4.0),
            ("services.train.waiting.mean", 6.0 / 4.0),
            ("flows.small.stages.train.missed_share", 0.5),
            ("flows.large.stages.train.missed_share", 1.0),
        ],
    );
}

#[test]
fn a_split_shipment_waits_as_one_until_its_last_unit_leaves() {
    let split = r#"stops: ["yard", "away"], running: ["1h"], capacity: "2 pallets", split: true"#;
    let results = world(split, &flow("lot", r#""1h""#, "units: 5,"));
    check(
        &results,
        &[
            // Two units at 10 h, two at 20 h, one at 30 h.
            ("services.train.waiting.mean", 3.0 / 4.0),
            ("services.train.full_share", 2.0 / 4.0),
            ("services.train.none_left_share", 2.0 / 4.0),
            ("services.train.queue.mean", 29.0 / 50.0),
            ("flows.lot.stages.train.missed_share", 1.0),
            ("flows.lot.stages.train.rollover_share", 1.0),
        ],
    );
}

#[test]
fn every_stop_that_takes_on_cargo_counts() {
    let stopping = r#"stops: ["yard", "halt", "away"], running: ["1h", "1h"], capacity: "1 shipments""#;
    let flows = r#""far": (arrivals: At(["1h"]), steps: [Ride(service: "train", from: "yard", to: "away")]),
        "near": (arrivals: At(["2h"]), steps: [Ride(service: "train", from: "halt", to: "away")]),"#;
    let results = world(stopping, flows);
    // At the halt the train of 10 h is full and leaves one behind, which the next takes. Eight runs and stops.
    check(
        &results,
        &[
            ("services.train.waiting.mean", 3.0 / 8.0),
            ("services.train.none_left_share", 7.0 / 8.0),
            ("services.train.full_share", 3.0 / 8.0),
            // 9 h, and from 2 to 21 h.
            ("services.train.queue.mean", 28.0 / 50.0),
            ("flows.far.stages.train.missed_share", 0.0),
            ("flows.near.stages.train.missed_share", 1.0),
        ],
    );
}

#[test]
fn what_still_waits_at_the_end_counts_and_missed_cutoffs_do_too() {
    // Ready at 8 h with a cut-off of 3 h: the train of 10 h has gone for it, without having left it behind.
    let late = r#"stops: ["yard", "away"], running: ["1h"], capacity: "9 shipments", cutoff: "3h""#;
    let results = world(late, &flow("boxes", r#""8h""#, ""));
    check(
        &results,
        &[
            ("services.train.waiting.mean", 1.0 / 4.0),
            ("services.train.full_share", 0.0),
            ("services.train.none_left_share", 1.0),
            ("services.train.queue.mean", 12.0 / 50.0),
            ("flows.boxes.stages.train.missed_share", 0.0),
        ],
    );
    // One train with one place, and never another: who is left waits from 2 h to the end of the window.
    let results = results_of(
        r#"(
    schema: 1, name: "schedules", start: "2025-01-06T00:00[UTC]",
    run: (measure: "50h", drain: "60d", arrivals_until: MeasureEnd, replications: 1),
    nodes: { "yard": (zone: "UTC"), "away": () },
    services: { "train": (mode: Rail, stops: ["yard", "away"], departs: Dates(["2025-01-06T10:00"]), running: ["1h"],
        capacity: "1 shipments") },
    flows: { "boxes": (arrivals: At(["1h", "2h"]), steps: [Ride(service: "train")]) },
)"#,
    );
    check(
        &results,
        &[
            ("services.train.queue.mean", (9.0 + 48.0) / 50.0),
            ("services.train.full_share", 1.0),
            // Of those that boarded.
            ("flows.boxes.stages.train.missed_share", 0.0),
        ],
    );
}

#[test]
fn cancelled_departures_are_no_ends_of_gaps() {
    let text = |more: &str| {
        format!(
            r#"(
    schema: 1, name: "schedules", start: "2025-01-06T00:00[UTC]",
    run: (warm_up: "15h", measure: "50h", drain: "60d", replications: 1),
    nodes: {{ "yard": (), "away": () }},
    services: {{ "train": (mode: Rail, stops: ["yard", "away"], departs: Every(period: "10h", offset: "10h"), running: ["1h"],
        capacity: Unlimited) }},
    flows: {{ "boxes": (arrivals: Regular(every: "5h"), steps: [Ride(service: "train")]) }},
    {more}
)"#
        )
    };
    // In the window 20, 30, 40, 50 and 60 h; the first gap begins before it.
    let gaps = |results: &Results| {
        ["mean", "sd", "p5", "p95"]
            .map(|statistic| value(results, &format!("services.train.gap.{statistic}")))
    };
    assert_eq!(format!("{:.2?}", gaps(&results_of(&text("")))), "[10.00, 0.00, 10.00, 10.00]");
    let closed = r#"disruptions: { "storm": (targets: [Service("train")], effect: Cancel, when: Dated([(from: "2025-01-07T05:00", to: "2025-01-07T17:00")])) },"#;
    // Without 30 and 40 h: gaps of 10, 30 and 10 h.
    let sd = (400.0_f64 / 3.0).sqrt();
    let expected = [50.0 / 3.0, sd, 10.0, 30.0];
    assert_eq!(format!("{:.2?}", gaps(&results_of(&text(closed)))), format!("{expected:.2?}"));
}

/// A feeder that is due after eight hours and takes ten, and a main train each day at an hour after which both can be made, one, or
/// none.
#[test]
fn a_late_feeder_misses_the_connection_that_it_was_due_for() {
    let run = |offset: u32, running: &str| {
        results_of(&format!(
            r#"(
    schema: 1, name: "schedules", start: "2025-01-06T00:00[UTC]",
    run: (warm_up: "10d", measure: "30d", drain: "60d", replications: 1),
    nodes: {{ "town": (), "yard": (), "away": () }},
    services: {{
        "feeder": (mode: Rail, stops: ["town", "yard"], departs: Every(period: "24h"), running: ["{running}"], planned: ["8h"],
            capacity: Unlimited),
        "main": (mode: Rail, stops: ["yard", "away"], departs: Every(period: "24h", offset: "{offset}h"), running: ["5h"],
            capacity: Unlimited),
    }},
    flows: {{ "boxes": (arrivals: Regular(every: "12h"), steps: [Ride(service: "feeder"), Ride(service: "main")]) }},
)"#
        ))
    };
    for (offset, running, missed) in [
        (7, "10h", 0.0),
        (8, "10h", 1.0),
        (9, "10h", 1.0),
        (10, "10h", 0.0),
        (11, "10h", 0.0),
        // Early enough for one train more than was due.
        (7, "6h", 0.0),
    ] {
        let results = run(offset, running);
        let check = |path: &str, expected: f64| {
            let got = value(&results, path);
            assert!((got - expected).abs() < 1e-12, "{offset} h, {running}: {path} is {got}");
        };
        check("flows.boxes.stages.main.missed_share", missed);
        check("flows.boxes.stages.main.rollover_share", 0.0);
        check("flows.boxes.stages.feeder.missed_share", 0.0);
        check("services.main.first_departure_share", 1.0);
    }
}
