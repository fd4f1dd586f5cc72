//! Simulation against theory, along the whole path: the text of a scenario, the model, replications, estimates.
//!
//! Every figure must lie within Student's t for a false-alarm rate of 1e-6 of its theoretical value (see `crate::shared::Agreement`), and
//! every check states the relative error that it sees. The seeds are fixed, so that the outcome of a test is too. What runs event
//! for event against Lindley's recursion is in `core/tests/lindley.rs`.
//!
//! `cargo test -p sanda-experiment --test whole theory -- --nocapture` prints the table.

use crate::shared::queues::{BulkTrain, SingleServer, erlang_b, erlang_c, single_server_wait};
use crate::shared::{Agreement, check_exactly, results_of};

/// A scenario with one desk and one flow through it; the warm-up is many times the relaxation time of its queue.
fn desk(name: &str, resource: &str, per_hour: f64, time: &str, measure: &str) -> String {
    format!(
        r#"(
    schema: 1,
    name: "{name}",
    start: "2025-01-06T00:00[UTC]",
    run: (warm_up: "1500h", measure: "{measure}", drain: "5000h", replications: 48, seed: 20250106),
    nodes: {{ "gate": () }},
    resources: {{ "desk": (at: "gate", {resource}) }},
    flows: {{ "boxes": (arrivals: Poisson(mean: {per_hour}, per: "1h"), steps: [Work(resource: "desk", time: {time})]) }},
)"#
    )
}

#[test]
fn one_exponential_server() {
    let theory = SingleServer { arrival: 0.8, service: 1.0 };
    let results =
        results_of(&desk("m-m-1", "servers: 1", theory.arrival, r#"Exponential(mean: "1h")"#, "100000h"));
    Agreement::of(&results)
        .check("resources.desk.wait.mean", theory.wait(), 0.04)
        .check("resources.desk.in_system.mean", theory.time(), 0.03)
        .check("resources.desk.in_system.p95", theory.time_quantile(0.95), 0.04)
        .check("resources.desk.in_system.p50", theory.time_quantile(0.5), 0.03)
        .check("resources.desk.present.mean", theory.arrival * theory.time(), 0.04)
        .check("resources.desk.present.sd", theory.present_sd(), 0.05)
        .check("resources.desk.queue.mean", theory.arrival * theory.wait(), 0.05)
        .check("resources.desk.no_wait_share", 1.0 - theory.load(), 0.025)
        .check("resources.desk.utilisation", theory.load(), 0.01)
        .check("flows.boxes.clocks.door-to-door.mean", theory.time(), 0.03)
        .check("flows.boxes.stages.desk.categories.server", theory.wait(), 0.04)
        .check("flows.boxes.categories.worked", 1.0, 0.01)
        .conclude();
}

#[test]
fn three_exponential_servers() {
    let (servers, offered) = (3, 2.4);
    let waiting = erlang_c(servers, offered);
    let wait = waiting / (f64::from(servers) - offered);
    // P(wait > t) = C exp(-(c - a) t).
    let wait_p95 = libm::log(waiting / 0.05) / (f64::from(servers) - offered);
    let results = results_of(&desk("m-m-3", "servers: 3", offered, r#"Exponential(mean: "1h")"#, "40000h"));
    Agreement::of(&results)
        .check("resources.desk.wait.mean", wait, 0.04)
        .check("resources.desk.wait.p95", wait_p95, 0.05)
        .check("resources.desk.no_wait_share", 1.0 - waiting, 0.02)
        .check("resources.desk.present.mean", offered + offered * wait, 0.025)
        .check("resources.desk.queue.mean", offered * wait, 0.045)
        .check("resources.desk.utilisation", offered / f64::from(servers), 0.01)
        .conclude();
}

#[test]
fn one_server_with_any_service_time() {
    for (name, time, cv) in [
        ("m-d-1", r#""1h""#, 0.0),
        ("m-u-1", r#"Uniform(min: "0h", max: "2h")"#, 1.0 / 3.0_f64.sqrt()),
        ("m-e4-1", r#"Erlang(shape: 4, mean: "1h")"#, 0.5),
        ("m-ln-1", r#"LogNormal(mean: "1h", cv: 1.5)"#, 1.5),
    ] {
        let wait = single_server_wait(0.7, 1.0, cv);
        let results = results_of(&desk(name, "servers: 1", 0.7, time, "20000h"));
        Agreement::of(&results)
            .check("resources.desk.wait.mean", wait, 0.10)
            .check("resources.desk.utilisation", 0.7, 0.015)
            // Whatever the law: a Poisson arrival finds the server idle with one minus the load.
            .check("resources.desk.no_wait_share", 0.3, 0.04)
            .conclude();
    }
}

#[test]
fn a_desk_without_waiting_places_loses_what_erlang_says() {
    let lost = erlang_b(3, 2.4);
    // The formula holds for every law of service.
    for time in [r#"Exponential(mean: "1h")"#, r#"LogNormal(mean: "1h", cv: 2)"#] {
        let results = results_of(&desk("m-g-3-3", "servers: 3, room: 0", 2.4, time, "8000h"));
        Agreement::of(&results)
            .check("resources.desk.lost_share", lost, 0.03)
            .check("resources.desk.busy.mean", 2.4 * (1.0 - lost), 0.03)
            .conclude();
    }
}

#[test]
fn priority_without_pre_emption() {
    // Cobham's formula: W0 / ((1 - s_{k-1}) (1 - s_k)) with W0 the mean work left in service and s the loads down to class k.
    let (urgent, slow) = (0.3, 0.5);
    let left = (urgent + slow) * 2.0 / 2.0;
    let text = format!(
        r#"(
    schema: 1,
    name: "two-classes",
    start: "2025-01-06T00:00[UTC]",
    run: (warm_up: "1500h", measure: "40000h", drain: "5000h", replications: 48, seed: 7),
    nodes: {{ "gate": () }},
    resources: {{ "desk": (at: "gate", discipline: Priority) }},
    flows: {{
        "slow": (priority: 6, arrivals: Poisson(mean: {slow}, per: "1h"), steps: [Work(resource: "desk", time: Exponential(mean: "1h"))]),
        "urgent": (priority: 2, arrivals: Poisson(mean: {urgent}, per: "1h"), steps: [Work(resource: "desk", time: Exponential(mean: "1h"))]),
    }},
)"#
    );
    let results = results_of(&text);
    Agreement::of(&results)
        .check("flows.urgent.categories.server", left / (1.0 - urgent), 0.03)
        .check("flows.slow.categories.server", left / ((1.0 - urgent) * (1.0 - urgent - slow)), 0.10)
        .conclude();
}

/// A scenario with one train and a Poisson flow that rides it.
fn train(name: &str, departs: &str, capacity: &str, rest: &str, per_day: f64, measure: &str) -> String {
    format!(
        r#"(
    schema: 1,
    name: "{name}",
    start: "2025-01-06T00:00[UTC]",
    run: (warm_up: "60d", measure: "{measure}", drain: "60d", replications: 48, seed: 11),
    nodes: {{ "yard": (), "away": () }},
    services: {{
        "train": (mode: Rail, stops: ["yard", "away"], departs: {departs}, capacity: {capacity}, running: ["10h"], {rest}),
    }},
    flows: {{ "boxes": (arrivals: Poisson(mean: {per_day}, per: "24h"), steps: [Ride(service: "train")]) }},
)"#
    )
}

#[test]
fn the_two_ways_to_the_theory_of_bulk_service_agree() {
    for (places, arrivals) in [(1, 0.5), (2, 1.9), (10, 8.0), (10, 9.0), (55, 48.0)] {
        let train = BulkTrain::new(places, arrivals, 24.0);
        let (chain, roots) = (train.left_behind(), train.left_behind_by_roots());
        assert!(
            (chain - roots).abs() < 1e-9 * roots.max(1.0),
            "{places} places, {arrivals}: {chain}, {roots}"
        );
    }
}

#[test]
fn a_train_with_ten_places_every_day() {
    let theory = BulkTrain::new(10, 8.0, 24.0);
    let text = train("bulk", r#"Every(period: "24h")"#, r#""10 shipments""#, "", theory.arrivals, "10000d");
    let results = results_of(&text);
    let rolled = theory.left_behind() * theory.period / theory.arrivals;
    Agreement::of(&results)
        .check("services.train.wait.mean", theory.wait(), 0.01)
        .check("services.train.left_behind.mean", theory.left_behind(), 0.055)
        .check("services.train.first_departure_share", theory.boards_within(1), 0.01)
        .check("services.train.within_two_share", theory.boards_within(2), 0.005)
        .check("services.train.rollover_share", 1.0 - theory.boards_within(1), 0.05)
        .check("services.train.load_factor", 0.8, 0.01)
        .check("services.train.load.mean", 8.0, 0.01)
        // Until the first train half a period, after it rolled over.
        .check("flows.boxes.stages.train.categories.timetable", 12.0, 0.005)
        .check("flows.boxes.stages.train.categories.rolled", rolled, 0.05)
        .conclude();
}

#[test]
fn half_a_headway_where_everything_fits() {
    // By renewal theory the mean wait is E(H^2) / (2 E(H)), half a headway only where it never varies.
    for (name, departs, wait) in [
        ("regular", r#"Every(period: "24h")"#, 12.0),
        ("weekly", r#"Weekly(["Wed 10:20", "Sat 10:20"])"#, (72.0 * 72.0 + 96.0 * 96.0) / (2.0 * 168.0)),
        ("uniform", r#"Headway(Uniform(min: "0h", max: "24h"))"#, 24.0 * 24.0 / 3.0 / 24.0),
        ("exponential", r#"Headway(Exponential(mean: "12h"))"#, 12.0),
    ] {
        let results = results_of(&train(name, departs, "Unlimited", "", 8.0, "700d"));
        Agreement::of(&results).check("services.train.wait.mean", wait, 0.04).conclude();
        check_exactly(&results, "flows.boxes.stages.train.categories.moving", 10.0);
        check_exactly(&results, "services.train.first_departure_share", 1.0);
    }
}

#[test]
fn cancelled_departures_lengthen_the_wait_and_count_as_disruption() {
    // Each departure is cancelled by itself with 20 %: the number of periods to the next run is geometric.
    let (period, runs) = (24.0, 0.8);
    let wait = period * (2.0 - runs) / (2.0 * runs);
    let text =
        train("cancelled", r#"Every(period: "24h")"#, "Unlimited", r#"cancelled: "20%""#, 8.0, "1500d");
    let results = results_of(&text);
    Agreement::of(&results)
        .check("services.train.wait.mean", wait, 0.02)
        .check("flows.boxes.stages.train.categories.timetable", period / 2.0, 0.01)
        .check("flows.boxes.stages.train.categories.disruption", wait - period / 2.0, 0.06)
        .check("services.train.cancelled", 1500.0 * (1.0 - runs), 0.05)
        .conclude();
}

#[test]
fn steps_take_their_means() {
    // Twice an exponential hour side by side takes 1.5 h; laps are geometric; a regime stands in its states by its shares.
    let text = r#"(
    schema: 1,
    name: "steps",
    start: "2025-01-06T00:00[UTC]",
    run: (measure: "5200d", drain: "60d", replications: 48, seed: 3),
    nodes: { "gate": () },
    regimes: { "border": (persistence: 0.6, states: { "normal": 0.7, "busy": 0.22, "crisis": 0.08 }) },
    flows: {
        "boxes": (
            arrivals: Poisson(mean: 3, per: "24h"),
            steps: [
                Parallel(id: "parallel", branches: [[Delay(time: Exponential(mean: "1h"))], [Delay(time: Exponential(mean: "1h"))]]),
                Repeat(id: "repeat", share: "25%", steps: [Delay(time: "1h")]),
                Inspect(id: "inspect", share: "5%", steps: [Delay(time: Triangular(min: "12h", mode: "24h", max: "72h"))]),
                Choose(id: "choose", cases: [(share: 0.5, steps: [Delay(time: "1h")]), (share: 0.3, steps: [Delay(time: "2h")])]),
                Regime(id: "border", regime: "border", times: { "normal": "1h", "busy": "4h", "crisis": "10h" }),
                Delay(id: "per-teu", time: "1h", per: Teu),
            ],
            size: Discrete([(value: "2 TEU", weight: 3), (value: "6 TEU", weight: 1)]),
        ),
    },
)"#;
    let results = results_of(text);
    Agreement::of(&results)
        .check("flows.boxes.stages.parallel.mean", 1.5, 0.01)
        .check("flows.boxes.stages.repeat.mean", 1.0 / 0.75, 0.01)
        .check("flows.boxes.categories.inspection", 0.05 * 36.0, 0.05)
        .check("flows.boxes.stages.choose.mean", 0.5 + 0.6, 0.01)
        .check("flows.boxes.stages.border.mean", 0.7 + 0.88 + 0.8, 0.06)
        .check("flows.boxes.stages.per-teu.mean", 3.0, 0.01)
        .conclude();
}

#[test]
fn steps_of_one_name_have_one_luck_and_laws_of_their_own() {
    // Ways, cases and states share the streams of steps that are called alike, but each takes its own time.
    let text = r#"(
    schema: 1,
    name: "own-laws",
    start: "2025-01-06T00:00[UTC]",
    run: (measure: "100d", drain: "10d", replications: 2, seed: 1),
    nodes: { "gate": () },
    resources: { "desk": (at: "gate", servers: Unlimited) },
    regimes: { "sky": (period: "1d", persistence: 0.5, states: { "fair": 0.5, "foul": 0.5 }) },
    flows: {
        "boxes": (
            arrivals: Regular(every: "1h"),
            itineraries: {
                "long": (share: 0.3, steps: [Delay(time: "5h"), Work(resource: "desk", time: "2h")]),
                "short": (share: 0.7, steps: [Delay(time: "1h"), Work(resource: "desk", time: "3h")]),
            },
        ),
        "cases": (
            arrivals: Regular(every: "1h"),
            steps: [
                Choose(id: "first", cases: [(share: 0.5, steps: [Delay(time: "1h")])]),
                Choose(id: "both", cases: [(share: 0.5, steps: [Delay(time: "1h")]), (share: 0.5, steps: [Delay(time: "7h")])]),
                Regime(id: "sky", regime: "sky", times: { "fair": "2h", "foul": "9h" }),
            ],
        ),
    },
)"#;
    let results = results_of(text);
    for percentile in ["p5", "p50", "p95"] {
        check_exactly(&results, &format!("flows.boxes.itineraries.long.door-to-door.{percentile}"), 7.0);
        check_exactly(&results, &format!("flows.boxes.itineraries.short.door-to-door.{percentile}"), 4.0);
    }
    // Nothing lies between the two values.
    for (stage, low, high) in [("first", 0.0, 1.0), ("both", 1.0, 7.0), ("sky", 2.0, 9.0)] {
        let stage =
            |figure: &str| crate::shared::value(&results, &format!("flows.cases.stages.{stage}.{figure}"));
        // Percentiles come from buckets a thousandth wide.
        assert!((stage("p5") - low).abs() <= 1e-3 * low && (stage("p95") - high).abs() <= 1e-3 * high);
        let share = (stage("mean") - low) / (high - low);
        let spread = (share * (1.0 - share)).sqrt() * (high - low);
        assert!(
            (stage("sd") - spread).abs() < 1e-3 * spread,
            "a spread of {} instead of {spread}",
            stage("sd")
        );
        assert!((0.4..0.6).contains(&share), "{share}");
    }
}
