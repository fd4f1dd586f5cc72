//! Finite fleets, space taken by other traffic, shipments of several units.

use crate::case::{Case, Depth};
use crate::theory::bulk::Departures;
use crate::theory::erlang::Servers;

pub(super) fn cases(depth: Depth) -> Vec<Case> {
    vec![
        trucks(depth.hours(20_000.0, 200_000.0)),
        background(depth.hours(80_000.0, 1_200_000.0)),
        unsplit(depth.hours(80_000.0, 1_200_000.0)),
        split(depth.hours(80_000.0, 1_200_000.0)),
    ]
}

/// Returns a case with trucks that are free where the haul ends: they are servers.
fn trucks(measure: f64) -> Case {
    let theory = Servers { servers: 3, arrival: 2.1, service: 1.0 };
    Case::new("fleet-trucks", "三辆卡车接单", "Three trucks on demand, M/M/c", "Erlang 1917")
        .scenario(
            r#"
nodes: { "yard": (), "market": () },
connections: { "trucks": (from: "yard", to: "market", time: Exponential(mean: "1h"), fleet: 3) },
flows: { "boxes": (arrivals: Poisson(mean: 2.1, per: "1h"), steps: [Haul("trucks")]) },
"#,
        )
        .hours(1000.0, measure)
        .expect("flows.boxes.categories.server", theory.wait())
        .expect("flows.boxes.clocks.door-to-door.mean", theory.time())
        .expect("connections.trucks.wait.mean", theory.wait())
        .expect("connections.trucks.no_wait_share", 1.0 - theory.waits())
        .expect("connections.trucks.utilisation", theory.load())
}

/// Returns a daily train and a Poisson flow of `per_day` shipments a day that rides it.
fn train(service: &str, per_day: f64, units: &str) -> String {
    format!(
        r#"
nodes: {{ "yard": (), "away": () }},
services: {{
    "train": (mode: Rail, stops: ["yard", "away"], departs: Every(period: "24h"), running: ["10h"], {service}),
}},
flows: {{ "boxes": (arrivals: Poisson(mean: {per_day}, per: "24h"), {units}steps: [Ride(service: "train")]) }},
"#
    )
}

fn expect_waits(case: Case, theory: &Departures) -> Case {
    case.expect("services.train.wait.mean", theory.wait())
        .expect("services.train.wait.sd", theory.wait_sd())
        .expect("services.train.first_departure_share", theory.boards_within(1))
        .expect("services.train.within_two_share", theory.boards_within(2))
        .percentiles("services.train.wait", &[50, 90, 95], |share| theory.wait_quantile(share))
}

fn background(measure: f64) -> Case {
    // Fourteen places, eight of them taken every other day by chance: 6 or 14 are left.
    let mut places = vec![0.0; 15];
    places[6] = 0.5;
    places[14] = 0.5;
    let theory = Departures::new(24.0, 8.0 / 24.0, vec![0.0, 1.0], places);
    let case = Case::new(
        "train-background",
        "每日一班，14 个箱位，其中 8 个时而被占",
        "A daily train with 14 places, of which others take none or 8",
        "Bailey 1954, numerically",
    )
    .scenario(train(
        r#"capacity: "14 shipments", background: Discrete([(value: "0 shipments", weight: 1), (value: "8 shipments", weight: 1)])"#,
        8.0,
        "",
    ))
    .hours(2400.0, measure);
    expect_waits(case, &theory).expect("services.train.left_behind.mean", theory.left_mean())
}

fn unsplit(measure: f64) -> Case {
    // Undivided shipments of three units on ten places: three of them fit.
    let theory = Departures::fixed(24.0, 2.4 / 24.0, 3);
    let case = Case::new(
        "train-unsplit",
        "每票三件，十个位置，不拆票",
        "Shipments of three units on ten places, whole or not at all",
        "Bailey 1954",
    )
    .scenario(train(r#"capacity: "10 units""#, 2.4, "units: 3, "))
    .hours(2400.0, measure);
    expect_waits(case, &theory).expect("services.train.left_behind.mean", theory.left_mean())
}

fn split(measure: f64) -> Case {
    // The same shipments, split: a shipment continues with its last unit.
    let mut places = vec![0.0; 11];
    places[10] = 1.0;
    let theory = Departures::of_last(24.0, 2.4 / 24.0, vec![0.0, 0.0, 0.0, 1.0], places);
    Case::new(
        "train-split",
        "每票三件，十个位置，可拆票：以最后一件为准",
        "Shipments of three units on ten places, parted: the last unit counts",
        "Bailey 1954, numerically",
    )
    .scenario(train(r#"capacity: "10 units", split: true"#, 2.4, "units: 3, "))
    .hours(2400.0, measure)
    .expect("flows.boxes.clocks.door-to-door.mean", theory.wait() + 10.0)
    .expect("services.train.load_factor", theory.load_factor())
}
