//! The engine against the twins: every record is equal to the last bit.
//!
//! There is no tolerance and no false alarm: both make the same draws and follow the same order of events at one instant. The twins share
//! the kernel with the engine, and none of its handlers.

use std::fmt::Debug;

use sanda_benches::twin::{corridor, mm1};
use sanda_benches::workload::{SEED, engine, load_text, model};
use sanda_core::model::Model;
use sanda_core::record::Outcome;

const HOUR: i64 = 3_600_000;

/// Compares records in their printed form, which includes all fields, also future ones.
fn check(what: &str, engine: &impl Debug, twin: &impl Debug) {
    let (engine, twin) = (format!("{engine:?}"), format!("{twin:?}"));
    if engine != twin {
        let place = engine.bytes().zip(twin.bytes()).take_while(|(a, b)| a == b).count();
        let near = |text: &str| text[place.saturating_sub(120)..text.len().min(place + 60)].to_owned();
        panic!("{what} differs:\n  engine ...{}...\n  twin   ...{}...", near(&engine), near(&twin));
    }
}

/// Returns count and sum of the times from door to door, compared first because they say most.
fn door_to_door(outcome: &Outcome) -> (u64, i128) {
    let tally = &outcome.flows.as_slice()[0].clocks[0];
    (tally.count(), tally.sum())
}

fn check_corridor(model: &Model, replication: u64, window: i64, hour: i64) {
    let engine = engine(model, replication);
    let twin = corridor::run_at_pace(SEED, replication, window, hour);
    let tally = &twin.flow.clocks[0];
    assert_eq!(door_to_door(&engine), (tally.count(), tally.sum()), "replication {replication}");
    check("flow", &engine.flows.as_slice()[0], &twin.flow);
    check("itinerary", &engine.itineraries.as_slice()[0], &twin.itinerary);
    check("service", &engine.services.as_slice()[0], &twin.service);
    check("ride", &engine.rides[0], &twin.ride);
    check("promise", &engine.promises.as_slice()[0][0], &twin.promise);
    let desks = ["export-customs", "loading-crane", "unloading-crane", "import-customs"];
    let borders = ["slot-east", "slot-west"];
    let twins = desks.into_iter().zip(&twin.desks).chain(borders.into_iter().zip(&twin.borders));
    for (name, twin) in twins {
        let id = model.resources.iter().position(|resource| resource.name == name).expect(name);
        check(name, &engine.resources.as_slice()[id], twin);
    }
    let stages = ["export-customs", "inspect", "loading-crane", "train", "unloading-crane", "import-customs"];
    let legs = ["yard--border-east", "border-east--border-west", "border-west--terminal"];
    let stops = ["border-east", "border-west", "terminal"];
    let parts = |part: &str, names: [&str; 3]| names.map(|name| format!("train.{part}.{name}"));
    let names = stages.map(str::to_owned).into_iter().chain(parts("legs", legs)).chain(parts("stops", stops));
    let records = twin.stages.iter().chain(&twin.legs).chain(&twin.stops);
    for (name, twin) in names.zip(records) {
        let id = model.stages.iter().position(|stage| stage.name == name).expect(&name);
        check(&name, &engine.stages.as_slice()[id], twin);
    }
    assert_eq!(model.stages.len(), stages.len() + legs.len() + stops.len(), "stages without a twin");
}

#[test]
fn corridor_is_the_same_to_the_bit() {
    let model = model("rail-corridor", &[]);
    for replication in 0..3 {
        check_corridor(&model, replication, corridor::YEAR, HOUR);
    }
}

/// Returns a model with `hour` milliseconds to the hour, and `hours` of arrivals.
fn hurried(name: &str, hours: i64, hour: i64) -> Model {
    let file = format!("{}/models/{name}.ron", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(file).expect("the model is there");
    let (head, rest) = text.split_once("measure: \"").expect("a window");
    let (_, rest) = rest.split_once('"').expect("the end of the window");
    let text =
        format!("{head}measure: \"{hours}h\"{rest}").replace("capacity:", "punctual: \"24h\", capacity:");
    let hurried: Vec<String> = text.split('"').map(|piece| hurry(piece, hour)).collect();
    load_text(&hurried.join("\""))
}

/// Returns a time in hours or days as the hurried model has it; anything else as it is.
fn hurry(piece: &str, hour: i64) -> String {
    let hours = |number: &str, hours: f64| {
        let number: f64 = number.parse().ok()?;
        Some(format!("{:.0}ms", number * hours * hour as f64))
    };
    let time = match (piece.strip_suffix('h'), piece.strip_suffix('d')) {
        (Some(number), _) => hours(number, 1.0),
        (_, Some(number)) => hours(number, 24.0),
        _ => None,
    };
    time.unwrap_or_else(|| piece.to_owned())
}

/// At a hundred milliseconds to the hour nearly every second request shares its instant with another; at twenty, work may take no time.
#[test]
fn hurried_corridors_are_the_same_to_the_bit() {
    for hour in [1000, 100, 20] {
        let model = hurried("rail-corridor", 1500, hour);
        for replication in 0..5 {
            check_corridor(&model, replication, 1500 * hour, hour);
        }
    }
}

fn check_mm1(model: &Model, replication: u64, window: i64, hour: i64) {
    let engine = engine(model, replication);
    let twin = mm1::run_at_pace(SEED, replication, window, hour);
    let tally = &twin.flow.clocks[0];
    assert_eq!(door_to_door(&engine), (tally.count(), tally.sum()), "replication {replication}");
    check("flow", &engine.flows.as_slice()[0], &twin.flow);
    check("itinerary", &engine.itineraries.as_slice()[0], &twin.itinerary);
    check("stage", &engine.stages.as_slice()[0], &twin.stage);
    check("resource", &engine.resources.as_slice()[0], &twin.desk);
}

#[test]
fn mm1_is_the_same_to_the_bit() {
    let model = model("mm1", &["run.measure=\"100000h\""]);
    for replication in 0..3 {
        check_mm1(&model, replication, 100_000 * HOUR, HOUR);
    }
}

#[test]
fn hurried_mm1_is_the_same_to_the_bit() {
    for hour in [100, 10] {
        let model = hurried("mm1", 20_000, hour);
        for replication in 0..3 {
            check_mm1(&model, replication, 20_000 * hour, hour);
        }
    }
}
