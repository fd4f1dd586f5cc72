//! Random small worlds of boarding: fleets, splitting, background, slip, seasons, closures, hauls.
//!
//! Each runs without a broken invariant. The run that users have and the run event by event agree, and so do one thread and two. Every
//! unit of every delivered shipment has boarded exactly as often as its itinerary says. The worlds are the same in every run of the
//! tests. Does not own other disciplines (`worlds`).

use crate::shared::watch::watch;
use crate::shared::{json, results_on};
use proptest::prelude::*;
use proptest::test_runner::{RngSeed, TestRunner};

/// One of several words.
fn word(words: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    proptest::sample::select(words)
}

/// What a capacity counts: its text, and the background in the same measure.
fn capacity() -> impl Strategy<Value = String> {
    (
        word(&["TEU", "units", "t"]),
        6..20_u32,
        word(&["", r#", background: Uniform(min: "0 UNIT", max: "5 UNIT")"#, r#", background: "2 UNIT""#]),
        word(&[
            r#""MOST UNIT""#,
            r#"Random(Uniform(min: "6 UNIT", max: "MOST9 UNIT"))"#,
            r#"Seasonal(load: "MOST UNIT", month: [1, 1, 0.9, 0.5, 1, 1, 1, 1, 1, 1, 1, 1])"#,
        ]),
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(|(measure, n, background, capacity, split, overtake)| {
            format!("capacity: {capacity}{background}, split: {split}, overtake: {overtake}")
                .replace("MOST", &n.to_string())
                .replace("UNIT", measure)
        })
}

fn fleet() -> impl Strategy<Value = &'static str> {
    word(&[
        "",
        "fleet: 1,",
        r#"fleet: 2, turnaround: Exponential(mean: "9h"),"#,
        r#"fleet: 3, turnaround: "4h","#,
    ])
}

fn service() -> impl Strategy<Value = String> {
    let rule = word(&[
        r#"Every(period: "9h", offset: "3h")"#,
        r#"Headway(Exponential(mean: "12h"))"#,
        r#"Weekly(["Mon 10:20", "Wed 02:30", "Fri-Sun 02:30"])"#,
        r#"WhenFull(longest_wait: "20h")"#,
    ]);
    let options = word(&[
        "",
        r#"delay: Exponential(mean: "2h"),"#,
        r#"slip: Exponential(mean: "3h"),"#,
        r#"boarding: Priority, run_empty: false, slip: "1h","#,
    ]);
    (rule, capacity(), fleet(), options, word(&[r#"cutoff: "2h", cancelled: "10%","#, ""])).prop_map(
        |(rule, capacity, fleet, options, timetabled)| {
            let timetabled = if rule.starts_with("WhenFull") { "" } else { timetabled };
            format!("departs: {rule}, {capacity}, {fleet} {options} {timetabled}")
        },
    )
}

/// Steps, with how often a unit boards on them.
fn steps() -> impl Strategy<Value = (String, u32)> {
    let step = word(&[
        r#"Ride(service: "s0")"#,
        r#"Ride(service: "s1")"#,
        r#"Ride(service: "s1", from: "n1")"#,
        r#"Ride(service: "s1", to: "n1")"#,
        r#"Haul("truck")"#,
        r#"Work(resource: "crane", time: Exponential(mean: "10min"), per: Unit)"#,
        r#"Batch(size: "5 units", longest_wait: "9h")"#,
        r#"Parallel([[Haul("truck")], [Delay(time: "3h")], [Haul("truck")]])"#,
    ]);
    proptest::collection::vec(step, 1..6).prop_map(|steps| {
        let rides = steps.iter().filter(|step| step.starts_with("Ride")).count() as u32;
        (steps.join(", "), rides)
    })
}

/// A world, and of each flow its units and how often they board.
fn world() -> impl Strategy<Value = (String, Vec<(u32, u32)>)> {
    let flow = (steps(), 1..6_u32, 1..5_u32, 4..30_u32, 1..10_u32).prop_map(|((steps, rides), units, teu, gap, priority)| {
        let text = format!(
            "(arrivals: Poisson(mean: 1, per: \"{gap}h\", batch: Discrete([(value: 1, weight: 3), (value: 2, weight: 1)])), \
             size: \"{teu} TEU\", mass: \"{teu}.1 t\", units: {units}, priority: {priority}, steps: [{steps}])"
        );
        (text.replace("priority: 10", "priority: 9"), (units, rides))
    });
    let closed = word(&[
        "",
        r#"disruptions: { "d": (targets: [Service("s1"), Connection("truck")], when: Random(up: Exponential(mean: "60h"), down: Exponential(mean: "20h")), effect: Close) },"#,
        r#"disruptions: { "d": (targets: [Service("s0"), Service("s1")], when: Random(up: Exponential(mean: "60h"), down: Exponential(mean: "40h")), effect: Capacity(0.8)) },"#,
    ]);
    let truck = word(&[
        "",
        "fleet: 1,",
        r#"fleet: 2, return_time: Exponential(mean: "1h"),"#,
        r#"fleet: 3, return_time: "30min","#,
    ]);
    (service(), service(), proptest::collection::vec(flow, 1..4), closed, truck, 1..1000_u32).prop_map(
        |(s0, s1, flows, closed, truck, seed)| {
            let texts: Vec<String> =
                flows.iter().enumerate().map(|(n, (text, _))| format!("\"f{n}\": {text}")).collect();
            let text = format!(
                r#"(
    schema: 1, name: "random", start: "2025-03-24T00:00[Europe/Berlin]",
    run: (warm_up: "0h", measure: "14d", drain: "120d", arrivals_until: MeasureEnd, replications: 2, seed: {seed}),
    nodes: {{ "n0": (), "n1": (zone: "Asia/Shanghai"), "n2": () }},
    resources: {{ "crane": (at: "n0", servers: 2) }},
    connections: {{ "truck": (from: "n2", to: "n0", time: Exponential(mean: "2h"), {truck}) }},
    services: {{
        "s0": (mode: Road, stops: ["n0", "n1"], running: [Exponential(mean: "5h")], {s0}),
        "s1": (mode: Rail, stops: ["n0", "n1", "n2"], running: [Exponential(mean: "9h"), "4h"], dwell: ["2h"], {s1}),
    }},
    flows: {{ {} }},
    {closed}
)"#,
                texts.join(",\n        ")
            );
            (text, flows.into_iter().map(|(_, known)| known).collect())
        },
    )
}

#[test]
fn random_loads_are_sound() {
    let mut n_split = 0;
    let mut n_late = 0;
    let mut runner = TestRunner::new(ProptestConfig {
        cases: 150,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(20_250_324),
        ..ProptestConfig::default()
    });
    let counts = std::cell::RefCell::new((&mut n_split, &mut n_late));
    runner
        .run(&world(), |(text, known)| {
            let run = watch(&text);
            let mut counts = counts.borrow_mut();
            for (n, &(units, rides)) in known.iter().enumerate() {
                let name = format!("f{n}");
                let mut boarded = std::collections::BTreeMap::<u64, (u32, u32)>::new();
                for (flow, number, units, _) in &run.seen.boarded {
                    if *flow == name {
                        let so_far = boarded.entry(*number).or_default();
                        *so_far = (so_far.0 + units, so_far.1 + 1);
                    }
                }
                for (_, number, _) in run.seen.delivered.iter().filter(|(flow, ..)| *flow == name) {
                    let (sum, n_boardings) = boarded.get(number).copied().unwrap_or_default();
                    prop_assert_eq!(sum, units * rides, "shipment {} of {} in\n{}", number, name, text);
                    *counts.0 += u32::from(n_boardings > rides);
                }
            }
            *counts.1 += run.outcome.services.iter().map(|record| record.short).sum::<u64>();
            for record in &run.outcome.services {
                prop_assert!(record.loaded <= record.offered, "more is loaded than offered in\n{text}");
            }
            prop_assert!(
                json(&results_on(&text, 1)) == json(&results_on(&text, 2)),
                "threads change\n{text}"
            );
            Ok(())
        })
        .unwrap_or_else(|failure| panic!("{failure}"));
    assert!(n_split > 300 && n_late > 300, "{n_split} split and {n_late} late: this shows too little");
}
