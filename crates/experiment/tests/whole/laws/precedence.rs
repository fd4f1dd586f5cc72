//! Precedence among requests of one instant is a property of the model's itineraries.
//!
//! Additions elsewhere (a closure far in the future, a hold on another day, a fleet, another flow) disable some way of computing a
//! queue without events, and must change nothing else. Most times here are constants worked out by hand; the law over random worlds
//! states its worlds by number. Does not own ties of other kinds (`queues::ties`).

use crate::shared::lane::Lane;
use crate::shared::world::world;
use crate::shared::{attempt, compiled, numbers_without, results_of_built, value};
use sanda_core::model::{FlowParams, WhenFull};

/// A scenario with these resources, flows and more sections, from Monday at midnight, UTC.
fn scenario(resources: &str, flows: &str, more: &str) -> String {
    format!(
        r#"(schema: 1, name: "tie", start: "2025-01-06T00:00[UTC]",
        run: (measure: "10d", drain: "10d", arrivals_until: MeasureEnd, replications: 1, input_points: 0),
        nodes: {{ "away": (), "gate": () }}, resources: {{ {resources} }}, flows: {{ {flows} }}, {more})"#
    )
}

/// What these flows spend from door to door, in whole hours.
fn spent(text: &str, flows: [&str; 2]) -> [i64; 2] {
    let results = results_of_built(&compiled(text), 1);
    flows.map(|flow| {
        let hours = value(&results, &format!("flows.{flow}.clocks.door-to-door.mean"));
        assert!((hours - hours.round()).abs() < 1e-6, "{hours} h of `{flow}` are not whole");
        hours.round() as i64
    })
}

const TWO: &str = r#""zeta": (at: "gate"), "beta": (at: "gate")"#;
const A: &str = r#"Work(resource: "zeta", time: "0h"), Work(resource: "beta", time: "1h")"#;
const B: &str = r#"Work(resource: "beta", time: "1h")"#;

fn flow(id: &str, at: &str, steps: &str) -> String {
    format!(r#""{id}": (arrivals: At([{at}]), steps: [{steps}]), "#)
}

fn closure(target: &str) -> String {
    format!(
        r#"disruptions: {{ "far": (targets: [Resource("{target}")], effect: Close,
            when: Dated([(from: "2025-01-12T00:00", to: "2025-01-12T01:00")])) }}"#
    )
}

/// `a` passes `zeta` in no time and asks for `beta` at the instant at which `b` does: `zeta` leads to `beta`, so both ask together,
/// and `a` comes first by name.
#[test]
fn nothing_added_elsewhere_changes_who_is_first() {
    let (a, b) = (flow("a", r#""1h""#, A), flow("b", r#""1h""#, B));
    let two = format!("{a}{b}");
    let fleet = |steps: &str| format!(r#"{steps}, Haul("shuttle")"#);
    let hauled = format!("{}{}", flow("a", r#""1h""#, &fleet(A)), flow("b", r#""1h""#, &fleet(B)));
    let shuttle = r#"connections: { "shuttle": (from: "gate", to: "away", time: "0h", fleet: 9) }"#;
    let day = r#""5d""#;
    let hold = flow("c", day, r#"Hold(resource: "beta", steps: [Delay(time: "1h")])"#);
    let hold_first = flow("c", day, r#"Hold(resource: "zeta", steps: [Delay(time: "1h")])"#);
    let third = flow("aa", day, r#"Work(resource: "beta", time: "1h"), Work(resource: "zeta", time: "1h")"#);
    let through =
        flow("0", day, r#"Work(resource: "alpha", time: "0h"), Work(resource: "zeta", time: "0h")"#);
    let batch = flow(
        "c",
        day,
        r#"Batch(size: "1 shipments", longest_wait: "1h"), Work(resource: "zeta", time: "0h")"#,
    );
    let worlds = [
        ("nothing", scenario(TWO, &two, "")),
        ("a closure of `beta`", scenario(TWO, &two, &closure("beta"))),
        ("a closure of `zeta`", scenario(TWO, &two, &closure("zeta"))),
        ("a hold of `beta`", scenario(TWO, &format!("{two}{hold}"), "")),
        ("a hold of `zeta`", scenario(TWO, &format!("{two}{hold_first}"), "")),
        ("a flow the other way, which takes a while", scenario(TWO, &format!("{two}{third}"), "")),
        (
            "a flow by another desk",
            scenario(&format!(r#"{TWO}, "alpha": (at: "gate")"#), &format!("{two}{through}"), ""),
        ),
        ("a batch before `zeta`", scenario(TWO, &format!("{two}{batch}"), "")),
        ("a fleet", scenario(TWO, &hauled, shuttle)),
        ("rooms", scenario(r#""zeta": (at: "gate", room: 9), "beta": (at: "gate", room: 9)"#, &two, "")),
        (
            "hours",
            scenario(r#""zeta": (at: "gate"), "beta": (at: "gate", open: Daily("00:00-23:00"))"#, &two, ""),
        ),
        (
            "failures",
            scenario(
                r#""zeta": (at: "gate"), "beta": (at: "gate", breakdowns: (up: "9d", down: "1h"))"#,
                &two,
                "",
            ),
        ),
        (
            "priorities",
            scenario(
                r#""zeta": (at: "gate", discipline: Priority), "beta": (at: "gate", discipline: Priority)"#,
                &two,
                "",
            ),
        ),
    ];
    for (what, text) in worlds {
        assert_eq!(spent(&text, ["a", "b"]), [1, 2], "{what} is added\n{text}");
    }
}

/// Names alone decide in a cycle that is passed in no time, and between places of which neither leads to the other.
#[test]
fn in_a_cycle_places_are_ordered_by_name() {
    let both = format!(
        "{}{}",
        flow("a", r#""1h""#, r#"Work(resource: "zeta", time: "0h"), Work(resource: "beta", time: "1h")"#),
        flow("b", r#""1h""#, r#"Work(resource: "beta", time: "1h"), Work(resource: "zeta", time: "0h")"#)
    );
    // `beta` takes an hour before it leads back to `zeta`: that is no cycle of one instant.
    assert_eq!(spent(&scenario(TWO, &both, ""), ["a", "b"]), [1, 2]);
    let back =
        flow("c", r#""5d""#, r#"Work(resource: "beta", time: "0h"), Work(resource: "zeta", time: "0h")"#);
    for more in [String::new(), closure("beta"), closure("zeta")] {
        let text = scenario(TWO, &format!("{both}{back}"), &more);
        assert_eq!(spent(&text, ["a", "b"]), [2, 1], "beta comes before zeta by name\n{text}");
    }
}

/// The urgent go first of those who ask at one instant, whatever they are called.
#[test]
fn simultaneous_requests_are_served_by_urgency() {
    for discipline in ["Priority", "Preemptive"] {
        for other in ["a-low", "z-low"] {
            for more in ["", "closed later", "failing", "by a desk before", "in a batch"] {
                let steps = match more {
                    "by a desk before" => {
                        r#"Work(resource: "zeta", time: "0h"), Work(resource: "beta", time: "10h")"#
                    }
                    "in a batch" => {
                        r#"Batch(size: "1 shipments", longest_wait: "1h"), Work(resource: "beta", time: "10h")"#
                    }
                    _ => r#"Work(resource: "beta", time: "10h")"#,
                };
                let flow = |id: &str, priority: u8| {
                    format!(r#""{id}": (priority: {priority}, arrivals: At(["1h"]), steps: [{steps}]), "#)
                };
                let failing = if more == "failing" { r#", breakdowns: (up: "9d", down: "1h")"# } else { "" };
                let resources = format!(
                    r#""beta": (at: "gate", discipline: {discipline}{failing}), "zeta": (at: "gate")"#
                );
                let flows = format!("{}{}", flow(other, 9), flow("m-urgent", 1));
                let more = if more == "closed later" { closure("beta") } else { String::new() };
                let text = scenario(&resources, &flows, &more);
                assert_eq!(spent(&text, ["m-urgent", other]), [10, 20], "{text}");
            }
        }
    }
}

/// At the very end of the run, when all that counts has left, each resource is closed, held, or come to by another flow; and the
/// vehicles of connections are counted, of which there are always enough. All of that is in the way of quicker paths, and changes
/// no figure of anything else. Those of 80 worlds in which everything has left by then.
#[test]
fn what_is_not_felt_changes_nothing_in_random_worlds() {
    let mut n_worlds = 0;
    for number in 801..=880 {
        let base = world(number);
        let built = compiled(&base.text());
        let results = attempt(&built, 1).unwrap_or_else(|error| panic!("{number}: {error}"));
        let mut check = |changed: &Lane, ids: &[&str]| {
            let text = changed.text();
            let with =
                attempt(&compiled(&text), 1).unwrap_or_else(|error| panic!("{number}: {error}\n{text}"));
            println!("world {number}, changed in {ids:?}\n{text}");
            crate::shared::assert_same(&numbers_without(&results, ids), &numbers_without(&with, ids));
            n_worlds += 1;
        };
        // What is still under way would feel it.
        let is_under_way =
            |flow: &FlowParams| value(&results, &format!("flows.{}.under_way", flow.name)) > 0.0;
        if built.model.flows.iter().any(is_under_way) {
            continue;
        }
        let last_h = built.model.window.end.as_ms() / 3_600_000 - 1;
        for params in &built.model.resources {
            let resource = &params.name;
            let mut closed = base.clone();
            let closure = format!(
                r#"(targets: [Resource("{resource}")], when: Random(up: "{last_h}h", down: "1h"), effect: Close)"#
            );
            closed.add("disruptions", "x-end", &closure);
            check(&closed, &["x-end"]);
            // A flow that may be sent another way must have one: it comes to no such resource.
            if matches!(params.room.when_full, WhenFull::Divert(_)) {
                continue;
            }
            for step in [
                "Hold(resource: RESOURCE, steps: [Delay(time: \"1h\")])",
                "Work(resource: RESOURCE, time: \"1h\")",
            ] {
                let step = step.replace("RESOURCE", &format!("\"{resource}\""));
                let mut other = base.clone();
                let flow = format!(r#"(background: true, arrivals: At(["{last_h}h"]), steps: [{step}])"#);
                other.add("flows", "x-end", &flow);
                check(&other, &["x-end"]);
            }
        }
        for connection in &built.model.connections {
            if connection.fleet.is_none() {
                let mut counted = base.clone();
                counted.replace("connections", &connection.name, "time:", "fleet: 100000, time:");
                check(&counted, &[&connection.name]);
            }
        }
    }
    assert!(n_worlds > 150, "{n_worlds} worlds show little");
}
