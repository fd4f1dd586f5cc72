//! The pages of small real runs claim what is so of their results: see `crates/report/tests/held`.

#[path = "../../report/tests/held/mod.rs"]
mod held;

use std::path::Path;
use std::sync::atomic::AtomicBool;

use sanda_experiment::{Plan, assemble, run};
use sanda_results::Results;
use sanda_scenario::build::Built;
use sanda_scenario::{load_model, load_model_text};

fn results_of(built: &Built, n_replications: u32) -> Results {
    let plan = Plan { seed: 7, n_replications: n_replications.into(), n_threads: Some(1) };
    let gathered = run(&built.model, plan, &AtomicBool::new(false), &mut ()).expect("a sound run");
    assemble(built, 7, &gathered)
}

fn hold(name: &str, sections: &str, n_replications: u32) -> Results {
    let text = format!(
        r#"(schema: 1, name: "{name}", start: "2025-01-06T00:00[Asia/Shanghai]",
        run: (warm_up: "10d", measure: "120d", drain: "90d", replications: {n_replications}),
        nodes: {{ "old-yard": (), "far-away": (), "mid-way": (), "other-way": () }}, {sections})"#
    );
    let loaded = load_model_text("small.ron", &text, &[]).unwrap_or_else(|failure| panic!("{failure}"));
    let results = results_of(&loaded.built, n_replications);
    held::hold(&results, name);
    results
}

/// A desk and a train for a flow.
fn desk_and_train(servers: u32, work: &str, capacity: &str, rest: &str) -> String {
    format!(
        r#"resources: {{ "front-desk": (at: "old-yard", servers: {servers}), "back-desk": (at: "old-yard", servers: {servers}) }},
        services: {{ "day-train": (mode: Rail, stops: ["old-yard", "far-away"], departs: Every(period: "24h"), capacity: {capacity},
            running: ["30h"]) }},
        flows: {{ "big-boxes": (arrivals: Poisson(mean: 8, per: "1d"), size: "1 TEU", steps: [
            Work(resource: "front-desk", time: {work}), Work(resource: "back-desk", time: {work}), Ride(service: "day-train")]) }},
        promises: {{ "three-days": (flows: ["big-boxes"], within: "72h"), "at-once": (flows: ["big-boxes"], within: "30min", target: "50%"),
            "next-day": (flows: ["big-boxes"], by_end_of_day: 2) }}, {rest}"#
    )
}

#[test]
fn desks_and_trains() {
    let exponential = r#"Exponential(mean: "2h")"#;
    hold("as-usual", &desk_and_train(2, exponential, r#""10 TEU""#, ""), 4);
    hold("single-run", &desk_and_train(2, exponential, r#""10 TEU""#, ""), 1);
    hold("no-limit", &desk_and_train(2, exponential, "Unlimited", ""), 4);
    hold("over-full", &desk_and_train(2, exponential, r#""7 TEU""#, ""), 4);
    hold("over-loaded", &desk_and_train(1, r#""4h""#, r#""10 TEU""#, ""), 4);
    let quick = hold("few-seconds", &desk_and_train(1, r#""20s""#, r#""40 TEU""#, ""), 4);
    let page = sanda_report::report_html(&quick);
    assert!(!page.contains("0.01 h") && page.contains("seconds"), "short waits are told in seconds");
}

#[test]
fn nothing_happens() {
    let none = r#"resources: { "idle-desk": (at: "old-yard") },
        flows: { "no-boxes": (arrivals: At(["1h"]), steps: [Work(resource: "idle-desk", time: "1h")]) },
        promises: { "in-time": (flows: ["no-boxes"], within: "2h") },"#;
    hold("nothing", none, 3);
    let unpromised =
        r#"flows: { "plain-boxes": (arrivals: Regular(every: "7h"), steps: [Delay(time: "90s")]) },"#;
    hold("no-promise", unpromised, 3);
    hold("no-promise-once", unpromised, 1);
}

#[test]
fn impatience_and_full_rooms() {
    let sections = r#"resources: { "ward-one": (at: "old-yard", servers: 1), "ward-two": (at: "old-yard", servers: 1, room: 0) },
        flows: {
            "im-patient": (arrivals: Poisson(mean: 2, per: "1h"), steps: [
                Work(resource: "ward-one", time: Exponential(mean: "1h"), patience: Exponential(mean: "30min"))]),
            "un-lucky": (arrivals: Poisson(mean: 1, per: "1h"), steps: [Work(resource: "ward-two", time: "1h")]),
        },
        promises: { "both-kinds": (flows: ["im-patient", "un-lucky"], within: "1h") },"#;
    let results = hold("give-up", sections, 4);
    assert!(sanda_report::report_html(&results).contains("Gave up waiting"));
}

#[test]
fn ways_ties_and_disruptions() {
    let sections = r#"services: {
            "north-train": (mode: Rail, stops: ["old-yard", "mid-way", "far-away"], departs: Every(period: "24h"), capacity: "6 TEU",
                running: ["20h", "20h"]),
            "south-train": (mode: Rail, stops: ["old-yard", "other-way", "far-away"], departs: Every(period: "24h"), capacity: "6 TEU",
                running: ["20h", "20h"]),
        },
        flows: {
            "two-ways": (arrivals: Regular(every: "8h"), size: "1 TEU", from: "old-yard", to: "far-away", itineraries: {
                "by-north": (share: 0.5, via: ["mid-way"]), "by-south": (share: 0.5, via: ["other-way"]) }),
            "lane-one": (arrivals: Regular(every: "24h"), size: "1 TEU", steps: [Ride(service: "north-train")]),
            "lane-two": (arrivals: Regular(every: "24h"), size: "1 TEU", steps: [Ride(service: "north-train")]),
        },
        disruptions: { "long-storm": (name: (zh: "风暴", en: "Storm"), targets: [Service("north-train")], effect: Close,
            when: Dated([(from: "2025-03-01T00:00", to: "2025-03-12T00:00")])) },
        promises: {
            "all-lanes": (flows: ["two-ways", "lane-one", "lane-two"], within: "60h", target: "80%"),
            "one-lane": (flows: ["lane-one"], within: "60h", target: "80%"),
            "other-aim": (flows: ["lane-one", "lane-two"], within: "44h", target: "100%"),
        },"#;
    let results = hold("two-ways", sections, 4);
    let page = sanda_report::report_html(&results);
    assert!(page.contains("经mid way") && page.contains("via other way"), "ways are called after places");
}

#[test]
fn the_corridor() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/wujiashan-duisburg.ron");
    let sets = ["run.measure=\"120d\"".to_owned()];
    let loaded = load_model(&path, &sets).unwrap_or_else(|failure| panic!("{failure}"));
    held::hold(&results_of(&loaded.built, 3), "wujiashan-duisburg");
}
