//! Disruptions: each effect on a world small enough to work out by hand, and random ones against their long-run shares.
//!
//! Does not own several effects at once (`switches`).

use sanda_core::model::category::Category;
use sanda_core::record::Outcome;
use sanda_core::record::observer::{Boarding, Delivery, Observer, ServiceStart};
use sanda_core::{replicate, replicate_observed};
use sanda_scenario::{LoadedModel, load_model_text};

/// A daily train from `yard` to `away`, 10 h under way, and a desk with two servers; boxes come every 6 h for two days.
fn world(disruption: &str) -> String {
    format!(
        r#"(
    schema: 1, name: "world", start: "2025-01-06T00:00[UTC]",
    run: (measure: "10d", drain: "60d", arrivals_until: At(after: "47h"), replications: 1),
    nodes: {{ "yard": (), "away": (), "home": () }},
    resources: {{ "desk": (at: "away", servers: 2) }},
    services: {{ "train": (mode: Rail, stops: ["yard", "away"], departs: Every(period: "24h"), capacity: "10 TEU", running: ["10h"]) }},
    connections: {{ "truck": (from: "away", to: "home", time: "3h") }},
    flows: {{ "boxes": (arrivals: Regular(every: "6h", offset: "1h"), steps: [Ride(service: "train"), Work(resource: "desk", time: "2h"), Haul("truck")]) }},
    passages: {{ "strait": (used_by: ["train"]) }},
    disruptions: {{ "trouble": ({disruption}) }},
)"#
    )
}

#[derive(Default)]
struct Seen {
    boarded: Vec<i64>,
    started: Vec<i64>,
    delivered: Vec<i64>,
}

impl Observer for Seen {
    fn boarded(&mut self, at: &Boarding) {
        self.boarded.push(at.departed_at / 3_600_000);
    }

    fn service_started(&mut self, at: &ServiceStart) {
        self.started.push(at.started_at / 3_600_000);
    }

    fn delivered(&mut self, at: &Delivery) {
        self.delivered.push(at.delivered_at / 3_600_000);
    }
}

fn load(text: &str) -> LoadedModel {
    load_model_text("world.ron", text, &[]).unwrap_or_else(|failure| panic!("{failure}"))
}

fn observe(disruption: &str) -> (Outcome, Seen) {
    let loaded = load(&world(disruption));
    replicate_observed(&loaded.built.model, 1, 0, Seen::default()).expect("a sound run")
}

/// Hours of a category over all shipments: the desk's, the truck's and the train's stage, without the train's parts.
fn hours(outcome: &Outcome, category: Category) -> i64 {
    let stages: Vec<_> = outcome.stages.iter().collect();
    let n_parts = stages.len() - 3;
    // The parts of the ride follow its stage, the first.
    let whole = stages.iter().enumerate().filter(|(place, _)| *place == 0 || *place > n_parts);
    whole.map(|(_, stage)| stage.categories[category as usize]).sum::<i64>() / 3_600_000
}

#[test]
fn without_effect_the_world_is_as_always() {
    // Boxes at 1, 7, ..., 43 h; trains at 24 h and 48 h take four each; the desk has two servers.
    let (outcome, seen) = observe(
        r#"targets: [Connection("truck")], when: Dated([(from: "2025-02-20T00:00", to: "2025-02-21T00:00")]), effect: Close"#,
    );
    assert_eq!(seen.boarded, [24, 24, 24, 24, 48, 48, 48, 48]);
    assert_eq!(seen.started, [34, 34, 36, 36, 58, 58, 60, 60]);
    assert_eq!(seen.delivered, [39, 39, 41, 41, 63, 63, 65, 65]);
    assert_eq!(hours(&outcome, Category::Disruption), 0);
}

#[test]
fn a_closed_service_holds_its_departures() {
    // Closed from hour 20 to hour 60: the trains of hours 24 and 48 leave at 60, each with its own boxes.
    for target in [
        r#"Service("train")"#,
        r#"Node("yard")"#,
        r#"Passage("strait")"#,
        r#"Leg(service: "train", from: "yard")"#,
    ] {
        let (outcome, seen) = observe(&format!(
            r#"targets: [{target}], when: Dated([(from: "2025-01-06T20:00", to: "2025-01-08T12:00")]), effect: Close"#
        ));
        assert_eq!(seen.boarded, [60; 8], "{target}");
        // Held since the schedule: 36 h for the first four, 12 h for the others.
        assert_eq!(hours(&outcome, Category::Disruption), 4 * 36 + 4 * 12, "{target}");
        assert_eq!(hours(&outcome, Category::Timetable), 2 * (23 + 17 + 11 + 5), "{target}");
    }
}

#[test]
fn a_closed_leg_holds_vehicles_under_way() {
    let text = world(r#"targets: [Leg(service: "train", from: "yard")], when: Dated([(from: "2025-02-20T00:00", to: "2025-02-21T00:00")]), effect: Close"#)
        .replace(r#"stops: ["yard", "away"]"#, r#"stops: ["yard", "border", "away"]"#)
        .replace(r#"running: ["10h"]"#, r#"running: ["4h", "6h"]"#)
        .replace(r#""yard": ()"#, r#""yard": (), "border": ()"#)
        .replace(r#"Leg(service: "train", from: "yard")"#, r#"Node("border")"#)
        .replace("2025-02-20T00:00", "2025-01-07T00:00")
        .replace("2025-02-21T00:00", "2025-01-07T20:00");
    let loaded = load(&text);
    let (outcome, seen) =
        replicate_observed(&loaded.built.model, 1, 0, Seen::default()).expect("a sound run");
    // The train of hour 24 reaches the border at 28 and waits until 44; aboard that is waiting with the vehicle.
    assert_eq!(seen.started, [50, 50, 52, 52, 58, 58, 60, 60]);
    assert_eq!(hours(&outcome, Category::Vehicle), 4 * 16);
}

#[test]
fn a_closed_resource_starts_nothing_and_outranks_hours() {
    // Closed from hour 30 to hour 40: those who come at 34 start at 40.
    let (outcome, seen) = observe(
        r#"targets: [Resource("desk")], when: Dated([(from: "2025-01-07T06:00", to: "2025-01-07T16:00")]), effect: Close"#,
    );
    assert_eq!(seen.started, [40, 40, 42, 42, 58, 58, 60, 60]);
    assert_eq!(hours(&outcome, Category::Disruption), 4 * 6);
    assert_eq!(hours(&outcome, Category::Server), 2 * 2 + 2 * 2);
}

#[test]
fn capacity_times_and_cancellations_change() {
    let when = r#"when: Dated([(from: "2025-01-06T20:00", to: "2025-01-07T20:00")])"#;
    // One server instead of two.
    let (_, seen) = observe(&format!(r#"targets: [Resource("desk")], {when}, effect: Capacity(0.5)"#));
    assert_eq!(seen.started, [34, 36, 38, 40, 58, 58, 60, 60]);
    // Two boxes fit aboard instead of ten.
    let (outcome, seen) = observe(&format!(r#"targets: [Service("train")], {when}, effect: Capacity(0.2)"#));
    assert_eq!(seen.boarded, [24, 24, 48, 48, 48, 48, 48, 48]);
    assert_eq!(hours(&outcome, Category::Rolled), 2 * 24);
    // The leg takes 15 h, or 12 h; the haul that begins within the span 9 h.
    let (_, seen) = observe(&format!(r#"targets: [Service("train")], {when}, effect: TimeScale(1.5)"#));
    assert_eq!(seen.started[..2], [39, 39]);
    let (_, seen) = observe(&format!(r#"targets: [Service("train")], {when}, effect: TimeAdd("2h")"#));
    assert_eq!(seen.started[..2], [36, 36]);
    let (_, seen) = observe(&format!(r#"targets: [Connection("truck")], {when}, effect: TimeScale(3)"#));
    assert_eq!(seen.delivered, [45, 45, 47, 47, 63, 63, 65, 65]);
    // The train of hour 24 is cancelled: its boxes are held by disruption from then on.
    let (outcome, seen) = observe(&format!(r#"targets: [Service("train")], {when}, effect: Cancel"#));
    assert_eq!(seen.boarded, [48; 8]);
    assert_eq!(hours(&outcome, Category::Disruption), 4 * 24);
    assert_eq!(outcome.services.iter().next().map(|record| record.cancelled), Some(1));
}

#[test]
fn a_closed_connection_holds_its_hauls() {
    let (outcome, seen) = observe(
        r#"targets: [Connection("truck")], when: Dated([(from: "2025-01-07T12:00", to: "2025-01-08T00:00")]), effect: Close"#,
    );
    // Ready at 36, 36, 38 and 38; the road opens at 48.
    assert_eq!(seen.delivered, [51, 51, 51, 51, 63, 63, 65, 65]);
    assert_eq!(hours(&outcome, Category::Disruption), 2 * 12 + 2 * 10);
}

#[test]
fn a_closed_passage_is_never_used() {
    let text = world(r#"targets: [Connection("truck")], when: Dated([(from: "2025-01-20T00:00", to: "2025-01-21T00:00")]), effect: Close"#)
        .replace(r#"(used_by: ["train"])"#, r#"(used_by: ["train"], closed: true)"#);
    let failure = load_model_text("world.ron", &text, &[]).expect_err("a closed passage is used");
    let message = failure.to_string();
    assert!(message.contains("`train` passes `strait`, which is closed"), "{message}");
}

/// Random closures of a desk with unlimited servers: the share of boxes that are held is the share of time that it is
/// closed, and those held wait the mean residual closure.
///
/// Exponential up and down: shares 20/(20+4) and, for strikes merged into busy periods of M/G/infinity, 1 - exp(-rate
/// length). Seed 5; z = 6 on 40 replications (false alarm below 1e-6 with 39 degrees of freedom), sees errors of 3 %.
#[test]
fn random_closures_have_their_long_run_shares() {
    let check = |when: &str, share: f64| {
        let text = format!(
            r#"(
    schema: 1, name: "world", start: "2025-01-06T00:00[UTC]",
    run: (warm_up: "500h", measure: "20000h", replications: 1), nodes: {{ "yard": () }},
    resources: {{ "desk": (at: "yard", servers: Unlimited) }},
    flows: {{ "boxes": (arrivals: Poisson(mean: 1, per: "1h"), steps: [Work(resource: "desk", time: "1min")]) }},
    disruptions: {{ "trouble": (targets: [Resource("desk")], when: {when}, effect: Close) }},
)"#
        );
        let model = load(&text).built.model;
        let shares: Vec<f64> = (0..40)
            .map(|replication| {
                let outcome = replicate(&model, 5, replication).expect("a sound run");
                let desk = outcome.resources.iter().next().expect("a desk");
                1.0 - desk.without_wait as f64 / desk.wait.count() as f64
            })
            .collect();
        let mean = shares.iter().sum::<f64>() / 40.0;
        let variance = shares.iter().map(|share| (share - mean) * (share - mean)).sum::<f64>() / 39.0;
        let error = (variance / 40.0).sqrt();
        assert!((mean - share).abs() < 6.0 * error, "{when}: {mean} +- {error}, expected {share}");
        assert!(error / share < 0.03, "{when}: the test sees too little: {error}");
    };
    check(r#"Random(up: Exponential(mean: "20h"), down: Exponential(mean: "4h"))"#, 4.0 / 24.0);
    check(r#"Strikes(mean: 1, per: "20h", length: "4h")"#, 1.0 - libm::exp(-0.2));
}

/// Storms: a leg of 10 h with strikes at 0.2 an hour of running time, each of mean 3 h, takes 10 + 10 x 0.2 x 3 h in the
/// mean. Seed 5, z = 6 over 20,000 departures.
#[test]
fn storms_stop_the_running_clock() {
    let text = world(r#"targets: [Service("train")], when: UnderWay(per_hour: 0.2, length: Exponential(mean: "3h")), effect: Close"#)
        .replace(r#"measure: "10d""#, r#"measure: "20000d""#)
        .replace(r#", arrivals_until: At(after: "47h")"#, "")
        .replace(r#"every: "6h""#, r#"every: "24h""#);
    let outcome = replicate(&load(&text).built.model, 5, 0).expect("a sound run");
    let late = &outcome.services.iter().next().expect("a train").late;
    let n = late.count() as f64;
    let mean = late.mean().expect("arrivals") / 3.6e6;
    let error = (late.variance().expect("arrivals") / n).sqrt() / 3.6e6;
    assert!((mean - 6.0).abs() < 6.0 * error && error < 0.05, "{mean} +- {error}");
}
