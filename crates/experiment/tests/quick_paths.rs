//! The engine's quicker paths against its plain ones: the same outcome to the last bit.

mod shared;

use std::path::Path;

use sanda_core::freight::observer::Observer;
use sanda_core::freight::{replicate, replicate_observed};
use shared::{check_exactly, compiled, results_of_built, step_by_step, without_the_end};

fn check(file: &str, sets: &[&str]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(file);
    let sets: Vec<String> = sets.iter().map(ToString::to_string).collect();
    let loaded = sanda_scenario::load_model(&path, &sets).unwrap_or_else(|failure| panic!("{failure}"));
    let quick = loaded.built.model;
    let mut plain = quick.clone();
    plain.programs.unfuse();
    assert!(
        quick.programs.works.iter().any(|work| work.whole_stage.is_some()),
        "{file} has no work that is all of a stage, so this shows nothing"
    );
    for replication in 0..3 {
        let [quick, plain] =
            [&quick, &plain].map(|model| replicate(model, 5, replication).expect("a sound run"));
        assert_eq!(format!("{quick:?}"), format!("{plain:?}"), "{file}, replication {replication}");
    }
}

#[test]
fn whole_stage_work_gives_the_same_outcome() {
    check("benches/models/rail-corridor.ron", &["run.measure=2000h"]);
    check("benches/models/mm1.ron", &["run.measure=20000h", "run.warm_up=300h"]);
    check("scenarios/wujiashan-duisburg.ron", &[]);
}

/// Watches nothing, but wants things in the order of time: every delay is an event.
struct InOrder;

impl Observer for InOrder {}

#[test]
fn running_ahead_of_the_clock_gives_the_same_outcome() {
    let check = |file: &str, sets: &[&str]| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(file);
        let sets: Vec<String> = sets.iter().map(ToString::to_string).collect();
        let loaded = sanda_scenario::load_model(&path, &sets).unwrap_or_else(|failure| panic!("{failure}"));
        let model = loaded.built.model;
        let mut ahead = replicate(&model, 3, 1).expect("a sound run");
        let (mut in_order, InOrder) = replicate_observed(&model, 3, 1, InOrder).expect("a sound run");
        assert!(ahead.events < in_order.events, "{file} saves no event, so this shows nothing");
        for outcome in [&mut ahead, &mut in_order] {
            without_the_end(outcome);
        }
        // Word by word: the whole would fill many screens.
        let (ahead, in_order) = (format!("{ahead:?}"), format!("{in_order:?}"));
        let differs = ahead.split(' ').zip(in_order.split(' ')).position(|(one, other)| one != other);
        let around = |text: &str| -> String {
            text.split(' ')
                .skip(differs.unwrap_or(0).saturating_sub(12))
                .take(24)
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert!(ahead == in_order, "{file}: {}\ninstead of {}", around(&ahead), around(&in_order));
    };
    check("scenarios/wujiashan-duisburg.ron", &[]);
    // Customs, inspections, batches, gates, regimes, both directions; closures of what shipments use, and storms.
    for (file, measure) in [
        ("wuhan-baseline-2025", "21d"),
        ("customs-regimes", "21d"),
        ("yangtze-low-water", "330d"),
        ("poland-belarus-closure", "270d"),
    ] {
        let short = [
            "run.warm_up=\"120d\"".to_owned(),
            format!("run.measure=\"{measure}\""),
            "run.drain=\"60d\"".to_owned(),
        ];
        check(&format!("scenarios/{file}.ron"), &short.each_ref().map(String::as_str));
    }
}

/// A million turns without length, one after the other: the handlers do not call each other for every one of them.
#[test]
fn loops_without_length_do_not_pile_up() {
    let text = r#"(schema: 1, name: "loops", start: "2025-01-06T00:00[UTC]",
        run: (measure: "10d", drain: "10d", arrivals_until: MeasureEnd, replications: 1),
        nodes: { "yard": () }, resources: { "desk": (at: "yard") },
        flows: { "boxes": (arrivals: Regular(every: "4h"), steps: [
            Repeat(id: "turns", share: "99.997%", steps: [Delay(time: "0h")]),
            Work(resource: "desk", time: "1h"),
        ]) },)"#;
    let built = compiled(text);
    for results in [results_of_built(&built, 1), step_by_step(&built)] {
        check_exactly(&results, "flows.boxes.clocks.door-to-door.mean", 1.0);
    }
}
