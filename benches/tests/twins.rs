//! The engine against the twins: every record equal to the last bit.
//!
//! No tolerance and no false alarm: both make the same draws and follow the same order of events at one instant. The
//! twins share the kernel with the engine, and none of its handlers.

use std::fmt::Debug;

use sanda_benches::twin::{corridor, mm1};
use sanda_benches::workload::{SEED, engine, model};
use sanda_core::freight::record::Outcome;

const HOUR: i64 = 3_600_000;

/// Records are compared as they print: all of their fields, also those to come.
fn check(what: &str, engine: &impl Debug, twin: &impl Debug) {
    let (engine, twin) = (format!("{engine:?}"), format!("{twin:?}"));
    if engine != twin {
        let place = engine.bytes().zip(twin.bytes()).take_while(|(a, b)| a == b).count();
        let near = |text: &str| text[place.saturating_sub(120)..text.len().min(place + 60)].to_owned();
        panic!("{what} differs:\n  engine ...{}...\n  twin   ...{}...", near(&engine), near(&twin));
    }
}

/// Count and sum of the times from door to door, first: the difference that says most.
fn door_to_door(outcome: &Outcome) -> (u64, i128) {
    let tally = &outcome.flows.as_slice()[0].clocks[0];
    (tally.count(), tally.sum())
}

fn check_corridor(model: &sanda_core::freight::model::Model, replication: u64, window: i64) {
    let engine = engine(model, replication);
    let twin = corridor::run(SEED, replication, window);
    let tally = &twin.flow.clocks[0];
    assert_eq!(door_to_door(&engine), (tally.count(), tally.sum()), "replication {replication}");
    check("flow", &engine.flows.as_slice()[0], &twin.flow);
    check("itinerary", &engine.itineraries.as_slice()[0], &twin.itinerary);
    check("stages", &engine.stages.as_slice(), &twin.stages);
    check("service", &engine.services.as_slice()[0], &twin.service);
    check("promise", &engine.promises.as_slice()[0][0], &twin.promise);
    // In the order of names: export and import customs, loading crane, the slots, unloading crane.
    let [export, loading, unloading, import] = &twin.desks;
    let [east, west] = &twin.borders;
    let resources = engine.resources.as_slice();
    for (place, desk) in [export, import, loading, east, west, unloading].into_iter().enumerate() {
        check(&format!("resource {place}"), &resources[place], desk);
    }
}

#[test]
fn corridor_is_the_same_to_the_bit() {
    let model = model("rail-corridor", &[]);
    for replication in 0..3 {
        check_corridor(&model, replication, corridor::YEAR);
    }
}

/// Two servers can free themselves in one millisecond, a train arrive with a shipment's release: of the order of ten
/// such meetings a year. Short runs find others.
#[test]
fn many_short_corridors_are_the_same_to_the_bit() {
    let hours = 1500;
    let model = model("rail-corridor", &["run.measure=\"1500h\""]);
    for replication in 100..130 {
        check_corridor(&model, replication, hours * HOUR);
    }
}

#[test]
fn mm1_is_the_same_to_the_bit() {
    let hours = 100_000;
    let model = model("mm1", &["run.measure=\"100000h\""]);
    for replication in 0..3 {
        let engine = engine(&model, replication);
        let twin = mm1::run(SEED, replication, hours * HOUR);
        let tally = &twin.flow.clocks[0];
        assert_eq!(door_to_door(&engine), (tally.count(), tally.sum()), "replication {replication}");
        check("flow", &engine.flows.as_slice()[0], &twin.flow);
        check("itinerary", &engine.itineraries.as_slice()[0], &twin.itinerary);
        check("stage", &engine.stages.as_slice()[0], &twin.stage);
        check("resource", &engine.resources.as_slice()[0], &twin.desk);
    }
}
