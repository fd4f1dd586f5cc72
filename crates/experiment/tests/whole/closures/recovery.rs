//! Weeks of release, the backlog at their ends, and the time to recover after a closure, on a world without chance
//! that can be worked out by hand.
//!
//! Does not own months and days (`time`).

use std::sync::atomic::AtomicBool;

use sanda_experiment::{Pieces, Plan, assemble, run};
use sanda_results::Results;
use sanda_scenario::load_model_text;

/// A box an hour at a desk that serves two an hour, with or without a closure; promised within three hours.
fn simulate(disruptions: &str) -> Results {
    let text = format!(
        r#"(
    schema: 1, name: "desk", start: "2025-01-06T00:00[Asia/Shanghai]",
    run: (warm_up: "7d", measure: "133d", drain: "30d", replications: 2),
    nodes: {{ "port": () }},
    resources: {{ "desk": (at: "port", servers: 1) }},
    flows: {{ "boxes": (arrivals: Regular(every: "1h", offset: "30min"), steps: [Work(resource: "desk", time: "30min")]) }},
    promises: {{ "quick": (flows: ["boxes"], within: "3h") }},
    disruptions: {{ {disruptions} }},
)"#
    );
    let loaded = load_model_text("desk.ron", &text, &[]).unwrap_or_else(|failure| panic!("{failure}"));
    let plan = Plan { seed: 1, n_replications: 2, n_threads: Some(1) };
    let gathered =
        run(&loaded.built, plan, &Pieces::none(), &AtomicBool::new(false), &mut ()).expect("a sound run");
    assemble(&loaded.built, 1, &gathered)
}

/// Closed for two weeks, from Monday, 3 March (the beginning of week 10).
const CLOSED: &str = r#""flood": (targets: [Resource("desk")], when: Dated([(from: "2025-03-03T00:00", to: "2025-03-17T00:00")]), effect: Close)"#;

#[test]
fn weeks_are_those_of_iso_8601_and_partition_the_window() {
    let results = simulate("");
    let quick = &results.promises["quick"];
    let labels: Vec<&str> = quick.by_week.keys().map(String::as_str).collect();
    assert_eq!((labels.len(), labels[0], labels[18]), (19, "2025-W03", "2025-W21"));
    assert!(quick.by_week.values().all(|share| share.estimate == Some(1.0)));
    assert_eq!(results.weeks.get("2025-W03"), Some(&7.0));
    // The box of half past eleven is done at midnight, which is no longer of the week: it is still there.
    assert!(quick.backlog.values().all(|backlog| backlog.estimate == Some(1.0)), "{:?}", quick.backlog);
    assert_eq!(quick.backlog.len(), 19);
    assert!(quick.recovery.is_empty());
}

#[test]
fn a_closure_of_two_weeks_at_half_load_is_made_good_in_two_weeks() {
    // 336 boxes pile up and the desk gains one an hour on the arrivals: after 336 h, a fortnight, the queue is empty. The
    // box released h hours after the reopening waits (336 - h) / 2 hours, so that those of the week before still break it.
    let results = simulate(CLOSED);
    let quick = &results.promises["quick"];
    let recovery = &quick.recovery["flood"];
    assert_eq!(recovery.days.estimate, Some(14.0));
    assert_eq!(recovery.backlog_days.estimate, Some(14.0));
    assert!(recovery.is_felt);
    assert_eq!((recovery.undisturbed, recovery.floor, recovery.lowest), (1.0, 0.9, 0.0));
    let share = |week: &str| quick.by_week[week].estimate;
    assert_eq!((share("2025-W09"), share("2025-W10"), share("2025-W12")), (Some(1.0), Some(0.0), Some(0.0)));
    assert_eq!(share("2025-W14"), Some(1.0));
    // One for each hour of the closure; the box at the desk when it begins is done at that very instant.
    assert_eq!(quick.backlog["2025-W11"].estimate, Some(336.0));
    assert_eq!(
        results.figure("promises.quick.recovery.flood").and_then(|figure| figure.estimate),
        Some(14.0)
    );
    assert_eq!(results.disruptions["flood"].days, [[56.0, 70.0]]);
}

#[test]
fn a_closure_that_nobody_feels_takes_no_time() {
    let results = simulate(
        r#""pause": (targets: [Resource("desk")], when: Dated([(from: "2025-03-05T00:00", to: "2025-03-05T01:00")]), effect: Close)"#,
    );
    let recovery = &results.promises["quick"].recovery["pause"];
    assert!(!recovery.is_felt);
    assert_eq!(recovery.days.estimate, Some(0.0));
}

#[test]
fn what_is_not_back_in_the_window_is_infinite() {
    // Closed for six weeks until two weeks before the end: 1008 boxes would need six weeks.
    let results = simulate(
        r#""long": (targets: [Resource("desk")], when: Dated([(from: "2025-03-31T00:00", to: "2025-05-12T00:00")]), effect: Close)"#,
    );
    let recovery = &results.promises["quick"].recovery["long"];
    assert!(recovery.days.infinite && recovery.backlog_days.infinite);
}

#[test]
fn a_disruption_is_laid_at_the_door_of_those_it_reaches_alone() {
    let when = r#"when: Dated([(from: "2025-03-03T00:00", to: "2025-03-17T00:00")])"#;
    let disruption = |name: &str, target: &str, effect: &str| {
        format!(r#""{name}": (targets: [{target}], {when}, effect: {effect})"#)
    };
    let disruptions = [
        disruption("desk-shut", r#"Resource("desk")"#, "Close"),
        disruption("bay-shut", r#"Resource("bay")"#, "Close"),
        disruption("road-slow", r#"Connection("road")"#, "TimeScale(factor: 5)"),
        disruption("train-off", r#"Service("train")"#, "Cancel"),
    ];
    let text = format!(
        r#"(
    schema: 1, name: "three", start: "2025-01-06T00:00[UTC]",
    run: (warm_up: "7d", measure: "133d", drain: "30d", replications: 2),
    nodes: {{ "a": (), "border": (), "b": () }},
    resources: {{ "desk": (at: "a", servers: 1), "bay": (at: "border", servers: 1) }},
    connections: {{ "road": (from: "a", to: "b", mode: Road, time: "5h") }},
    procedures: {{ "change": (steps: [Work(resource: "bay", time: "1h")]) }},
    services: {{ "train": (
        mode: Rail, stops: ["a", "border", "b"], departs: Every(period: "1d"), running: ["5h", "5h"], at_stop: {{ "border": Procedure("change") }}, capacity: Unlimited,
    ) }},
    flows: {{
        "desk-only": (arrivals: Regular(every: "2h"), steps: [Work(resource: "desk", time: "30min")]),
        "by-road": (arrivals: Regular(every: "2h"), steps: [Haul(connection: "road")]),
        "by-rail": (arrivals: Regular(every: "2h"), steps: [Ride(service: "train")]),
    }},
    promises: {{
        "desk-only": (flows: ["desk-only"], within: "3h"), "by-road": (flows: ["by-road"], within: "1d"),
        "by-rail": (flows: ["by-rail"], within: "2d"), "both": (flows: ["by-rail", "by-road"], within: "2d"),
    }},
    disruptions: {{ {} }},
)"#,
        disruptions.join(", ")
    );
    let loaded = load_model_text("three.ron", &text, &[]).unwrap_or_else(|failure| panic!("{failure}"));
    let plan = Plan { seed: 1, n_replications: 2, n_threads: Some(1) };
    let gathered =
        run(&loaded.built, plan, &Pieces::none(), &AtomicBool::new(false), &mut ()).expect("a sound run");
    let results = assemble(&loaded.built, 1, &gathered);
    let of = |promise: &str| results.promises[promise].recovery.keys().cloned().collect::<Vec<_>>();
    assert_eq!(of("desk-only"), ["desk-shut"]);
    assert_eq!(of("by-road"), ["road-slow"]);
    // What its train meets as well.
    assert_eq!(of("by-rail"), ["bay-shut", "train-off"]);
    assert_eq!(of("both"), ["bay-shut", "road-slow", "train-off"]);
}
