//! Random small scenarios: three resources with hours and rooms, two services with cut-offs, cancellations and later stops, one to
//! three flows of random steps.
//!
//! Each runs without a broken invariant, conserves its shipments, gives the same bytes on one thread and on two, by the quicker path
//! and step by step, and does not feel what is added elsewhere. The scenarios are the same in every run of the tests.

mod shared;

use proptest::prelude::*;
use proptest::test_runner::{RngSeed, TestRunner};
use sanda_core::freight::category::Category;
use sanda_results::Results;
use shared::{
    assert_same, compiled, json, numbers_without, results_of, results_of_built, step_by_step, value,
};

/// Law of a duration of some hours.
fn law() -> impl Strategy<Value = String> {
    prop_oneof![
        (1..300_u32).prop_map(|minutes| format!("\"{minutes}min\"")),
        (1..200_u32).prop_map(|minutes| format!("Exponential(mean: \"{minutes}min\")")),
        (1..200_u32).prop_map(|minutes| format!("LogNormal(mean: \"{minutes}min\", cv: 1.2)")),
        (0..60_u32, 60..400_u32)
            .prop_map(|(min, max)| format!("Uniform(min: \"{min}min\", max: \"{max}min\")")),
        Just("\"0h\"".to_owned()),
    ]
}

/// A step; `r0` has a finite room, so parts of shipments stay away from it.
fn step(depth: u32) -> BoxedStrategy<String> {
    let simple = prop_oneof![
        4 => (0..3_usize, law()).prop_map(|(r, law)| format!("Work(resource: \"r{r}\", time: {law})")),
        1 => law().prop_map(|law| format!("Work(resource: \"r1\", time: {law}, units: 2)")),
        1 => (law(), 1..10_u32).prop_map(|(law, p)| format!("Work(resource: \"r2\", time: {law}, priority: {p}, per: Teu)")),
        2 => law().prop_map(|law| format!("Delay(time: {law})")),
        1 => Just("Gate(open: Daily(\"09:00-15:00\"))".to_owned()),
        2 => (0..2_usize).prop_map(|s| format!("Ride(service: \"s{s}\")")),
        1 => Just("Ride(service: \"s1\", from: \"n1\")".to_owned()),
        1 => Just("Batch(size: \"3 shipments\", longest_wait: \"9h\")".to_owned()),
        1 => law().prop_map(|law| format!("Regime(regime: \"g\", times: {{ \"x\": {law}, \"y\": \"7h\" }})")),
    ];
    if depth == 0 {
        return simple.boxed();
    }
    let steps = move || proptest::collection::vec(step(depth - 1), 1..3).prop_map(|steps| steps.join(", "));
    let part =
        |law: String, r: usize| format!("[Work(resource: \"r{r}\", time: {law}), Delay(time: \"1h\")]");
    prop_oneof![
        6 => simple,
        1 => (0..=100_u32, steps()).prop_map(|(share, steps)| format!("Inspect(share: \"{share}%\", steps: [{steps}])")),
        1 => (0..60_u32, steps()).prop_map(|(share, steps)| format!("Repeat(share: \"{share}%\", steps: [{steps}])")),
        1 => (steps(), steps()).prop_map(|(a, b)| format!("Choose([(share: 0.4, steps: [{a}]), (share: 0.3, steps: [{b}])])")),
        1 => (law(), law()).prop_map(move |(a, b)| format!("Parallel([{}, {}])", part(a, 1), part(b, 2))),
        1 => law().prop_map(|law| format!("Hold(resource: \"r1\", steps: [Work(resource: \"r2\", time: {law})])")),
    ]
    .boxed()
}

/// A small scenario of three resources, two services and one to three flows.
fn scenario() -> impl Strategy<Value = String> {
    let open = || {
        prop_oneof![
            Just("Always"),
            Just("Daily(\"08:00-18:00\")"),
            Just("Weekly([\"Mon-Fri 22:00-04:00\", \"Sun 02:30-05:00\"])"),
        ]
    };
    let closing = || prop_oneof![Just("Finish"), Just("Pause"), Just("Fit")];
    let departs = prop_oneof![
        (1..40_u32).prop_map(|h| format!("Every(period: \"{h}h\", offset: \"3h\")")),
        Just("Weekly([\"Mon 10:20\", \"Thu 02:30\", \"Sun 02:30\"])".to_owned()),
        (1..30_u32).prop_map(|h| format!("Headway(Exponential(mean: \"{h}h\"))")),
    ];
    let flow = (proptest::collection::vec(step(2), 1..5), 1..30_u32, 1..5_u32, 1..10_u32).prop_map(
        |(steps, gap, teu, priority)| {
            format!(
                "(arrivals: Poisson(mean: 1, per: \"{gap}h\", batch: Discrete([(value: 1, weight: 3), (value: 2, weight: 1)])), \
                 size: \"{teu} TEU\", priority: {priority}, steps: [{}])",
                steps.join(", ")
            )
        },
    );
    let flow = flow.prop_map(|text| text.replace("priority: 10", "priority: 9"));
    let shape = (open(), closing(), open(), closing(), 0..4_u32, 1..4_u32);
    let services = (departs, 1..20_u32, any::<bool>(), any::<bool>(), 1..9_u32, 0..20_u32);
    (shape, services, proptest::collection::vec(flow, 1..4), 1..1000_u32).prop_map(
        |((open_1, closing_1, open_2, closing_2, room, servers), service, flows, seed)| {
            let (departs, capacity, overtake, run_empty, cutoff, cancelled) = service;
            let ids: Vec<String> = (0..flows.len()).map(|n| format!("\"f{n}\"")).collect();
            let flows: Vec<String> = ids.iter().zip(&flows).map(|(id, flow)| format!("{id}: {flow}")).collect();
            let flows = flows.join(",\n        ");
            let capacity = capacity.max(4);
            format!(
                r#"(
    schema: 1, name: "random", start: "2025-03-24T00:00[Europe/Berlin]",
    run: (warm_up: "3d", measure: "14d", drain: "40d", arrivals_until: MeasureEnd, replications: 2, seed: {seed}),
    nodes: {{ "n0": (), "n1": (zone: "Asia/Shanghai"), "n2": () }},
    regimes: {{ "g": (period: "2d", persistence: 0.5, states: {{ "x": 0.6, "y": 0.4 }}) }},
    resources: {{
        "r0": (at: "n0", servers: {servers}, room: {room}, open: {open_1}, at_closing: {closing_1}),
        "r1": (at: "n1", servers: 2, discipline: Priority, open: {open_2}, at_closing: {closing_2}),
        "r2": (at: "n2", servers: 3),
    }},
    services: {{
        "s0": (mode: Road, stops: ["n0", "n1"], departs: WhenFull(longest_wait: "20h"), capacity: "{capacity} TEU", running: ["5h"]),
        "s1": (
            mode: Rail, stops: ["n0", "n1", "n2"], departs: {departs}, cutoff: "{cutoff}h", capacity: "{capacity} TEU",
            running: [Exponential(mean: "9h"), "4h"], dwell: ["2h"], cancelled: "{cancelled}%", delay: Exponential(mean: "1h"),
            at_stop: {{ "n1": [Work(resource: "r2", time: Exponential(mean: "1h"), per: Vehicle)] }},
            overtake: {overtake}, run_empty: {run_empty}, boarding: Priority,
        ),
    }},
    flows: {{ {flows} }},
    promises: {{ "p": (flows: [{}], within: "5d") }},
)"#,
                ids.join(", ")
            )
        },
    )
}

fn check_conservation(results: &Results, text: &str) {
    for id in results.texts.flows.keys() {
        let count = |what: &str| value(results, &format!("flows.{id}.{what}"));
        let parts = count("delivered") + count("under_way") + count("lost");
        assert!((count("released") - parts).abs() < 1e-9, "{id} does not add up in\n{text}");
        // Where everybody came through, the categories add up to the mean life.
        if count("released") > 0.0 && count("under_way") + count("lost") == 0.0 {
            let sum: f64 =
                Category::ALL.iter().map(|category| count(&format!("categories.{}", category.name()))).sum();
            let life = count("clocks.door-to-door.mean");
            assert!(
                (sum - life).abs() < 1e-6 * life.max(1.0),
                "{id}: {sum} h in categories, {life} h of life in\n{text}"
            );
        }
    }
    let promise = &results.promises["p"];
    assert!(promise.kept + promise.unfinished + promise.lost <= promise.of, "{text}");
    assert!(results.invariants.values().all(|outcome| outcome.violated == 0), "{text}");
}

/// Random small scenarios, the same ones in every run of the tests.
fn runner(cases: u32, seed: u64) -> TestRunner {
    TestRunner::new(ProptestConfig {
        cases,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(seed),
        ..ProptestConfig::default()
    })
}

#[test]
fn random_small_scenarios_are_sound() {
    runner(150, 20_250_330)
        .run(&scenario(), |text| {
            let built = compiled(&text);
            let one = results_of_built(&built, 1);
            check_conservation(&one, &text);
            prop_assert!(json(&one) == json(&results_of_built(&built, 2)), "threads change\n{text}");
            prop_assert!(json(&one) == json(&step_by_step(&built)), "the quicker path differs\n{text}");
            Ok(())
        })
        .unwrap_or_else(|failure| panic!("{failure}"));
}

#[test]
fn random_small_scenarios_do_not_feel_what_is_added_elsewhere() {
    runner(60, 20_251_026)
        .run(&scenario(), |text| {
            let more = text
                .replacen("nodes: {", r#"nodes: { "a-place": (), "zz-beyond": (),"#, 1)
                .replacen("resources: {", r#"resources: { "a-desk": (at: "a-place"),"#, 1)
                .replacen(
                    "services: {",
                    r#"services: { "a-line": (mode: Sea, stops: ["a-place", "zz-beyond"], departs: Every(period: "5h"), capacity: Unlimited, running: ["9d"]),"#,
                    1,
                )
                .replacen(
                    "flows: {",
                    r#"flows: { "a-flow": (arrivals: Poisson(mean: 1, per: "2h"), steps: [Work(resource: "a-desk", time: "1h"), Ride(service: "a-line")]),"#,
                    1,
                );
            let own = ["a-desk", "a-line", "a-flow"];
            assert_same(
                &numbers_without(&results_of(&text), &[]),
                &numbers_without(&results_of(&more), &own),
            );
            Ok(())
        })
        .unwrap_or_else(|failure| panic!("{failure}"));
}
