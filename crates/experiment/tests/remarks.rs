//! The remarks that a run makes on itself.

use std::sync::atomic::AtomicBool;

use sanda_experiment::{Plan, assemble, run};
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
    let gathered = run(&loaded.built.model, plan, &AtomicBool::new(false), &mut ()).expect("a sound run");
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
    assert!(full[0].starts_with("“Train” is always full"), "{full:?}");
}
