//! The remarks that a run makes on itself.
//!
//! Does not own how they are shown (`sanda_report`).

use std::sync::atomic::AtomicBool;

use sanda_experiment::{Pieces, Plan, assemble, run};
use sanda_scenario::load_model_text;

fn remarks(mean: &str, capacity: &str) -> Vec<String> {
    let text = format!(
        r#"(
    schema: 1, name: "world", run: (measure: "200d", drain: "20d", replications: 2), nodes: {{ "yard": (), "away": () }},
    resources: {{ "desk": (at: "yard", name: "Desk") }},
    services: {{ "train": (mode: Rail, name: "Train", stops: ["yard", "away"], departs: Every(period: "24h"), capacity: "{capacity}", running: ["10h"]) }},
    flows: {{ "boxes": (name: "Boxes", arrivals: Poisson(mean: {mean}, per: "1h"), steps: [Work(resource: "desk", time: "1h"), Ride(service: "train")]) }},
)"#
    );
    let loaded = load_model_text("world.ron", &text, &[]).unwrap_or_else(|failure| panic!("{failure}"));
    let plan = Plan { seed: 3, n_replications: 2, n_threads: Some(1) };
    let gathered =
        run(&loaded.built, plan, &Pieces::none(), &AtomicBool::new(false), &mut ()).expect("a sound run");
    assemble(&loaded.built, 3, &gathered).notes.into_iter().map(|note| note.en).collect()
}

#[test]
fn an_easy_load_needs_no_remark() {
    assert_eq!(remarks("0.5", "100 TEU"), Vec::<String>::new());
}

#[test]
fn an_overloaded_desk_and_a_full_train_are_named() {
    let overloaded = remarks("1.2", "100 TEU");
    // 5,760 expected arrivals: 120 % give or take 1.6 % a standard deviation; seed 3.
    let said =
        ["118 %", "119 %", "120 %", "121 %", "122 %"].iter().any(|percent| overloaded[0].contains(percent));
    assert!(overloaded[0].starts_with("“Desk” is overloaded") && said, "{overloaded:?}");
    assert!(overloaded[1].contains("of “Boxes” had not arrived"), "{overloaded:?}");
    let full = remarks("0.8", "10 TEU");
    assert!(full[0].starts_with("“Train” is full nearly always, and "), "{full:?}");
}

/// What a world without chance says of itself.
fn remarks_of(sections: &str) -> Vec<String> {
    let text = format!(
        r#"(
    schema: 1, name: "world", run: (measure: "100h", drain: "200h", arrivals_until: MeasureEnd, replications: 2), nodes: {{ "yard": (), "away": () }},
    {sections}
)"#
    );
    let loaded = load_model_text("world.ron", &text, &[]).unwrap_or_else(|failure| panic!("{failure}"));
    let plan = Plan { seed: 3, n_replications: 2, n_threads: Some(1) };
    let gathered =
        run(&loaded.built, plan, &Pieces::none(), &AtomicBool::new(false), &mut ()).expect("a sound run");
    assemble(&loaded.built, 3, &gathered).notes.into_iter().map(|note| note.en).collect()
}

#[test]
fn who_waits_in_a_circle_is_named_with_who_holds_what() {
    // Each takes one of the two and an hour later wants the other.
    let said = remarks_of(
        r#"resources: { "crane": (at: "yard"), "truck": (at: "yard") },
        flows: {
            "in": (arrivals: At(["0h", "5h"]), steps: [Hold(resource: "crane", steps: [Delay(time: "1h"), Work(resource: "truck", time: "1h")])]),
            "out": (arrivals: At(["0h"]), steps: [Hold(resource: "truck", steps: [Delay(time: "1h"), Work(resource: "crane", time: "1h")])]),
        },"#,
    );
    assert_eq!(
        said[..4],
        [
            "In 2 of 2 replications something is stuck for ever: at the end of replication 0, 3 shipments or departures can never move again.",
            "shipment 0 of “in” has waited since hour 1.0 for “truck”, held by shipment 0 of “out”.",
            "shipment 0 of “out” has waited since hour 1.0 for “crane”, held by shipment 0 of “in”.",
            "shipment 1 of “in” has waited since hour 5.0 for “crane”, held by shipment 0 of “in”.",
        ]
    );
}

#[test]
fn full_rooms_that_block_each_other_are_a_circle_too() {
    let said = remarks_of(
        r#"resources: { "a": (at: "yard", room: 0, when_full: Block), "b": (at: "yard", room: 0, when_full: Block) },
        flows: {
            "there": (arrivals: At(["0h"]), steps: [Work(resource: "a", time: "1h"), Work(resource: "b", time: "1h")]),
            "back": (arrivals: At(["0h"]), steps: [Work(resource: "b", time: "1h"), Work(resource: "a", time: "1h")]),
        },"#,
    );
    assert_eq!(
        said[1],
        "shipment 0 of “back” has waited since hour 1.0 for “a”, held by shipment 0 of “there”."
    );
}

#[test]
fn who_waits_for_what_does_not_happen_any_more_is_named() {
    let said = remarks_of(
        r#"services: { "train": (mode: Rail, stops: ["yard", "away"], departs: Every(period: "1000h"), capacity: "1 TEU", running: ["1h"]),
            "full": (mode: Rail, stops: ["yard", "away"], departs: WhenFull(), capacity: "3 TEU", running: ["1h"]) },
        flows: {
            "late": (arrivals: At(["1h"]), steps: [Ride(service: "train")]),
            "few": (arrivals: At(["1h", "2h"]), steps: [Ride(service: "full")]),
            "lone": (arrivals: At(["3h"]), steps: [Batch(size: "2 shipments")]),
        },"#,
    );
    // A train that departs once more, if after the run, is no reason to call anybody stuck.
    assert_eq!(
        said[..4],
        [
            "In 2 of 2 replications something is stuck for ever: at the end of replication 0, 3 shipments or departures can never move again.",
            "shipment 0 of “few” has waited since hour 1.0 for “full”, which does not depart any more.",
            "shipment 1 of “few” has waited since hour 2.0 for “full”, which does not depart any more.",
            "shipment 0 of “lone” has waited since hour 3.0 for cargo of its batch, which does not come any more.",
        ]
    );
}

/// What is said of the loads of a world before it runs.
fn warnings(sections: &str) -> Vec<String> {
    let text = format!(
        r#"(
    schema: 1, name: "world", run: (measure: "100d", drain: "20d", replications: 2), nodes: {{ "yard": (), "mid": (), "away": () }},
    {sections}
)"#
    );
    let loaded = load_model_text("world.ron", &text, &[]).unwrap_or_else(|failure| panic!("{failure}"));
    let messages = loaded.issues.iter().map(|issue| issue.message.clone());
    messages.filter(|message| message.contains('%')).collect()
}

#[test]
fn what_is_asked_for_too_much_is_said_before_the_run() {
    // Twice as many shipments as there are hours, two in three of them inspected for 1 h, again with 1 in 5: 2 * 2/3 * 1.25 h.
    let said = warnings(
        r#"resources: { "desk": (at: "yard", servers: 2, open: Daily("08:00-18:00"), at_closing: Pause), "crane": (at: "yard"), "gate": (at: "yard", room: 3) },
        flows: { "boxes": (arrivals: Poisson(mean: 2, per: "1h"), steps: [
            Repeat(share: "20%", steps: [Inspect(share: 0.6666666667, steps: [Work(resource: "desk", time: Exponential(mean: "1h"))])]),
            Hold(resource: "crane", steps: [Delay(time: "20min"), Work(resource: "gate", time: "9min")]),
        ]) },"#,
    );
    // 1.667 over 2 servers for ten hours of 24; the crane is held for 29 min for each of two an hour: 0.967.
    assert_eq!(said, ["resource `desk` is overloaded: work arrives at 200 % of what it can do"]);
    let said = warnings(
        r#"services: {
            "train": (mode: Rail, stops: ["yard", "mid", "away"], departs: Every(period: "1d"), capacity: "30 TEU", running: ["1h", "1h"], cancelled: "10%",
                at_stop: { "mid": [Work(resource: "bay", time: "30min", per: Teu)] }),
        },
        resources: { "bay": (at: "mid", breakdowns: (up: "3d", down: "1d")) },
        flows: {
            "short": (arrivals: Poisson(mean: 20, per: "1d"), size: "1 TEU", steps: [Ride(service: "train", to: "mid")]),
            "long": (arrivals: Poisson(mean: 10, per: "1d"), size: Uniform(min: "0.5 TEU", max: "1.5 TEU"), steps: [Ride(service: "train")]),
        },"#,
    );
    // 30 TEU a day on the first leg over 27; the bay works 15 h of 18 h.
    assert_eq!(said, ["service `train` is overloaded: cargo comes at 111 % of its capacity"]);
}

#[test]
fn a_timetable_goes_on_after_the_run_and_a_list_of_dates_does_not() {
    // The last box comes after the last train of the run; the dates of the ferry are over long before.
    let said = remarks_of(
        r#"services: { "train": (mode: Rail, stops: ["yard", "away"], departs: Weekly(["Mon 08:00"]), capacity: "1 TEU", running: ["1h"]),
            "ferry": (mode: Sea, stops: ["yard", "away"], departs: Dates(["2025-01-07T08:00", "2025-01-08T08:00"]), capacity: "9 TEU", running: ["1h"]) },
        flows: {
            "many": (arrivals: At(["1h", "2h", "3h"]), steps: [Ride(service: "train")]),
            "late": (arrivals: At(["70h"]), steps: [Ride(service: "ferry")]),
        },"#,
    );
    assert!(said[0].contains("replication 0, 1 shipment or departure can"), "{said:?}");
    assert_eq!(
        said[1],
        "shipment 0 of “late” has waited since hour 70.0 for “ferry”, which does not depart any more."
    );
}
