//! Waits for departures: headways, finite capacity, cancellations, full vehicles, missed connections, batches.

use crate::case::{Case, Depth};
use crate::theory::bulk::Departures;
use crate::theory::connection::Connection;
use crate::theory::dispatch::WhenFull;
use crate::theory::headway;
use crate::theory::moments::Moments;
use crate::theory::numeric::{mean_count, sd_count};

pub(super) fn cases(depth: Depth) -> Vec<Case> {
    let mut cases = headways(depth);
    cases.extend([
        capacity("train-10", 10, 8.0, depth.hours(80_000.0, 1_200_000.0)),
        large(depth.hours(20_000.0, 500_000.0)),
        random_capacity(depth.hours(80_000.0, 1_200_000.0)),
        batches(depth.hours(80_000.0, 1_200_000.0)),
        cancelled(depth.hours(40_000.0, 400_000.0)),
        when_full("when-full", None, depth.hours(20_000.0, 200_000.0)),
        when_full("when-full-or-late", Some(5.0), depth.hours(20_000.0, 200_000.0)),
        batch_step(depth.hours(20_000.0, 200_000.0)),
        connection(depth.hours(60_000.0, 1_000_000.0)),
        connection_by_train(depth.hours(60_000.0, 1_000_000.0)),
    ]);
    if depth == Depth::Full {
        cases.push(capacity("train-10-at-95", 10, 9.5, 6_000_000.0));
        cases.push(capacity("train-55-at-95", 55, 52.25, 1_500_000.0));
    }
    cases
}

/// Returns a train from the yard and a Poisson flow that rides it, with `per_day` shipments a day.
fn train(departs: &str, capacity: &str, rest: &str, per_day: f64, batch: &str) -> String {
    format!(
        r#"
nodes: {{ "yard": (), "away": () }},
services: {{
    "train": (mode: Rail, stops: ["yard", "away"], departs: {departs}, capacity: {capacity}, running: ["10h"], {rest}),
}},
flows: {{ "boxes": (arrivals: Poisson(mean: {per_day}, per: "24h", {batch}), steps: [Ride(service: "train")]) }},
"#
    )
}

fn headways(depth: Depth) -> Vec<Case> {
    let measure = depth.hours(20_160.0, 201_600.0);
    let new = |id, zh, en, departs| {
        Case::new(id, zh, en, "Cox 1962")
            .scenario(train(departs, "Unlimited", "", 24.0, ""))
            .hours(1008.0, measure)
            .expect("services.train.first_departure_share", 1.0)
            .expect("services.train.none_left_share", 1.0)
    };
    let regular = Moments::constant(24.0);
    let uneven = [72.0, 96.0];
    let two_a_week = headway::in_turn(&uneven);
    let uniform = Moments::uniform(0.0, 24.0);
    let random = Moments::exponential(12.0);
    vec![
        new("headway-regular", "每日一班的候车", "A departure every day", r#"Every(period: "24h")"#)
            .expect("services.train.wait.mean", headway::wait(regular))
            .expect("services.train.wait.sd", headway::wait_sd(regular))
            .percentiles("services.train.wait", &[5, 50, 95], |share| 24.0 * share)
            .expect("flows.boxes.clocks.door-to-door.mean", 22.0),
        new(
            "headway-uneven",
            "每周两班，间隔不等",
            "Two departures a week, unevenly",
            r#"Weekly(["Wed 10:20", "Sat 10:20"])"#,
        )
        .expect("services.train.gap.mean", 84.0)
        .expect("services.train.gap.p5", 72.0)
        .expect("services.train.gap.p95", 96.0)
        .expect("services.train.wait.mean", headway::wait(two_a_week))
        .expect("services.train.wait.sd", headway::wait_sd(two_a_week))
        .percentiles("services.train.wait", &[50, 95], |share| {
            headway::wait_quantile_in_turn(&uneven, share)
        }),
        new(
            "headway-uniform",
            "均匀分布的间隔",
            "Uniform headways",
            r#"Headway(Uniform(min: "0h", max: "24h"))"#,
        )
        .expect("services.train.gap.mean", 12.0)
        .expect("services.train.gap.sd", 24.0 / 12.0_f64.sqrt())
        .percentiles("services.train.gap", &[5, 50, 95], |share| 24.0 * share)
        .expect("services.train.wait.mean", headway::wait(uniform))
        .expect("services.train.wait.sd", headway::wait_sd(uniform))
        .percentiles("services.train.wait", &[50, 95], |share| headway::wait_quantile_uniform(24.0, share)),
        new(
            "headway-random",
            "指数分布的间隔：等待为整个间隔",
            "Exponential headways: the wait is a whole one",
            r#"Headway(Exponential(mean: "12h"))"#,
        )
        .expect("services.train.gap.mean", 12.0)
        .expect("services.train.gap.sd", 12.0)
        .percentiles("services.train.gap", &[5, 50, 95], |share| -12.0 * libm::log1p(-share))
        .expect("services.train.wait.mean", headway::wait(random))
        .expect("services.train.wait.sd", headway::wait_sd(random))
        .percentiles("services.train.wait", &[50, 95], |share| -12.0 * libm::log1p(-share)),
    ]
}

/// Adds the theoretical figures of a service with a finite capacity.
fn expect_departures(case: Case, theory: &Departures) -> Case {
    let rolled = theory.wait() - theory.period / 2.0;
    case.expect_all(
        "services.train",
        &[
            ("wait.mean", theory.wait()),
            ("wait.sd", theory.wait_sd()),
            ("left_behind.mean", theory.left_mean()),
            ("left_behind.sd", theory.left_sd()),
            ("first_departure_share", theory.boards_within(1)),
            ("within_two_share", theory.boards_within(2)),
            ("rollover_share", 1.0 - theory.boards_within(1)),
            ("load_factor", theory.load_factor()),
            ("load.mean", theory.arrivals()),
            ("full_share", theory.full_share()),
            ("none_left_share", theory.left()[0]),
            ("waiting.mean", mean_count(&theory.waiting())),
            ("waiting.sd", sd_count(&theory.waiting())),
            ("queue.mean", theory.wait() * theory.arrivals() / theory.period),
        ],
    )
    .percentiles("services.train.wait", &[50, 90, 95, 99], |share| theory.wait_quantile(share))
    .expect("flows.boxes.stages.train.missed_share", 1.0 - theory.boards_within(1))
    .expect("flows.boxes.stages.train.categories.timetable", theory.period / 2.0)
    .expect("flows.boxes.stages.train.categories.rolled", rolled)
}

fn capacity(id: &'static str, places: usize, per_day: f64, measure: f64) -> Case {
    let theory = Departures::fixed(24.0, per_day / 24.0, places);
    let case = Case::new(
        id,
        &format!("每日一班，{places} 个箱位，负荷 {:.2}", theory.load_factor()),
        &format!("A daily train with {places} places at load {:.2}", theory.load_factor()),
        "Bailey 1954",
    )
    .scenario(train(r#"Every(period: "24h")"#, &format!("\"{places} shipments\""), "", per_day, ""))
    .hours(2400.0, measure);
    expect_departures(case, &theory)
}

/// Returns a case with many places: at this load almost no shipment is left behind, and the figures show the wait.
fn large(measure: f64) -> Case {
    let theory = Departures::fixed(24.0, 44.0 / 24.0, 55);
    Case::new(
        "train-55",
        "每日一班，55 个箱位，负荷 0.80",
        "A daily train with 55 places at load 0.80",
        "Bailey 1954",
    )
    .scenario(train(r#"Every(period: "24h")"#, "\"55 shipments\"", "", 44.0, ""))
    .hours(2400.0, measure)
    .expect_all(
        "services.train",
        &[
            ("wait.mean", theory.wait()),
            ("wait.sd", theory.wait_sd()),
            ("first_departure_share", theory.boards_within(1)),
            ("load_factor", theory.load_factor()),
            ("load.mean", 44.0),
        ],
    )
    .percentiles("services.train.wait", &[5, 50, 95, 99], |share| theory.wait_quantile(share))
}

fn random_capacity(measure: f64) -> Case {
    let mut places = vec![0.0; 15];
    places[6] = 0.5;
    places[14] = 0.5;
    let theory = Departures::new(24.0, 8.0 / 24.0, vec![0.0, 1.0], places);
    let case = Case::new(
        "train-random-places",
        "每日一班，箱位 6 或 14",
        "A daily train with 6 or 14 places, by chance",
        "Bailey 1954, numerically",
    )
    .scenario(train(
        r#"Every(period: "24h")"#,
        r#"Random(Discrete([(value: "6 shipments", weight: 1), (value: "14 shipments", weight: 1)]))"#,
        "",
        8.0,
        "",
    ))
    .hours(2400.0, measure);
    expect_departures(case, &theory)
}

fn batches(measure: f64) -> Case {
    let mut places = vec![0.0; 11];
    places[10] = 1.0;
    let batch = vec![0.0, 0.5, 0.0, 0.5];
    let theory = Departures::new(24.0, 4.0 / 24.0, batch, places);
    let case = Case::new(
        "train-batches",
        "每日一班，10 个箱位，成批到达",
        "A daily train with ten places, arrivals in batches",
        "Bailey 1954, numerically",
    )
    .scenario(train(
        r#"Every(period: "24h")"#,
        "\"10 shipments\"",
        "",
        4.0,
        "batch: Discrete([(value: 1, weight: 1), (value: 3, weight: 1)])",
    ))
    .hours(2400.0, measure);
    expect_departures(case, &theory)
}

fn cancelled(measure: f64) -> Case {
    let wait = headway::wait_with_cancellations(24.0, 0.8);
    Case::new(
        "train-cancelled",
        "每班以两成概率停运",
        "Each departure cancelled with probability 0.2",
        "Cox 1962",
    )
    .scenario(train(r#"Every(period: "24h")"#, "Unlimited", r#"cancelled: "20%""#, 12.0, ""))
    .hours(1008.0, measure)
    .expect("services.train.wait.mean", wait)
    // The number of days between runs is geometric.
    .expect("services.train.gap.mean", 24.0 / 0.8)
    .expect("services.train.gap.sd", 24.0 * 0.2_f64.sqrt() / 0.8)
    .expect("flows.boxes.stages.train.categories.timetable", 12.0)
    .expect("flows.boxes.stages.train.categories.disruption", wait - 12.0)
}

fn when_full(id: &'static str, longest: Option<f64>, measure: f64) -> Case {
    let theory = WhenFull { places: 10, arrival: 1.5, longest };
    let (zh, en, departs) = match longest {
        None => ("满载即发", "Leaves when full", "WhenFull()".to_owned()),
        Some(longest) => (
            "满载即发，或最早到者等满五小时",
            "Leaves when full or when the oldest has waited 5 h",
            format!("WhenFull(longest_wait: \"{longest}h\")"),
        ),
    };
    Case::new(id, zh, en, "regenerative cycles")
        .scenario(train(&departs, "\"10 shipments\"", "", 36.0, ""))
        .hours(200.0, measure)
        .expect_all(
            "services.train",
            &[
                ("wait.mean", theory.wait()),
                ("load.mean", theory.load()),
                ("load_factor", theory.load() / 10.0),
                ("full_share", theory.full_share()),
                ("queue.mean", theory.wait() * theory.arrival),
            ],
        )
        .percentiles("services.train.wait", &[25, 50, 75], |share| theory.wait_quantile(share))
}

fn batch_step(measure: f64) -> Case {
    let theory = WhenFull { places: 6, arrival: 1.0, longest: Some(6.0) };
    Case::new(
        "batch",
        "集拼：满六票或等满六小时",
        "Consolidation: six shipments, or six hours",
        "regenerative cycles",
    )
    .scenario(
        r#"
flows: {
    "boxes": (
        arrivals: Poisson(mean: 1, per: "1h"),
        steps: [Batch(id: "build-up", size: "6 shipments", longest_wait: "6h")],
    ),
},
"#,
    )
    .hours(200.0, measure)
    .expect("flows.boxes.stages.build-up.mean", theory.wait())
    .expect("flows.boxes.categories.cargo", theory.wait())
    .percentiles("flows.boxes.stages.build-up", &[25, 50, 75], |share| theory.wait_quantile(share))
}

fn connection(measure: f64) -> Case {
    let theory = Connection { median: 18.0, cv: 0.3, first: 24.0, period: 24.0, cutoff: 2.0 };
    Case::new(
        "missed-connection",
        "集货运输赶截载：误一班晚一天",
        "A feeder against a daily cut-off: two hours late cost a day",
        "elementary",
    )
    .scenario(
        r#"
nodes: { "yard": (), "away": () },
services: {
    "train": (mode: Rail, stops: ["yard", "away"], departs: Every(period: "24h"), cutoff: "2h", capacity: Unlimited, running: ["10h"]),
},
flows: {
    "boxes": (
        arrivals: Regular(every: "24h"),
        steps: [Delay(id: "feeder", time: LogNormal(median: "18h", cv: 0.3), as: Moving), Ride(service: "train")],
    ),
},
promises: {
    "first": (flows: ["boxes"], within: "34h"),
    "second": (flows: ["boxes"], within: "58h"),
},
"#,
    )
    .hours(240.0, measure)
    .expect("promises.first.share", theory.leaves_by(0))
    .expect("promises.second.share", theory.leaves_by(1))
    .expect("services.train.wait.mean", theory.wait())
    .expect("flows.boxes.stages.feeder.mean", theory.feeder())
    .expect("flows.boxes.clocks.door-to-door.mean", theory.departure() + 10.0)
    .expect("flows.boxes.clocks.door-to-door.sd", theory.departure_sd())
}

/// Returns the case with the feeder as a timetabled train, due two hours and more before the cut-off of the main train.
fn connection_by_train(measure: f64) -> Case {
    let theory = Connection { median: 18.0, cv: 0.3, first: 24.0, period: 24.0, cutoff: 2.0 };
    Case::new(
        "missed-connection-by-train",
        "支线列车接干线列车：晚点误班",
        "A feeder train before a main one: the share that misses the connection",
        "elementary",
    )
    .scenario(
        r#"
nodes: { "town": (), "yard": (), "away": () },
services: {
    "feeder": (mode: Rail, stops: ["town", "yard"], departs: Every(period: "24h"), capacity: Unlimited, running: [LogNormal(median: "18h", cv: 0.3)]),
    "train": (mode: Rail, stops: ["yard", "away"], departs: Every(period: "24h"), cutoff: "2h", capacity: Unlimited, running: ["10h"]),
},
flows: {
    "boxes": (arrivals: Regular(every: "24h"), steps: [Ride(service: "feeder"), Ride(service: "train")]),
},
"#,
    )
    .hours(240.0, measure)
    .expect("flows.boxes.stages.train.missed_share", 1.0 - theory.leaves_by(0))
    .expect("services.train.wait.mean", theory.wait())
}
