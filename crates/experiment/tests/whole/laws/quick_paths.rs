//! The engine's quicker paths against its plain ones: the same outcome to the last bit.
//!
//! Does not own random worlds (`worlds`), nor resources alone (`queues::counters`).

use std::path::Path;

use crate::shared::{check_ahead, check_exactly, compiled, results_of_built, step_by_step};
use sanda_core::replicate;

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

#[test]
fn running_ahead_of_the_clock_gives_the_same_outcome() {
    let check = |file: &str, sets: &[&str]| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(file);
        let sets: Vec<String> = sets.iter().map(ToString::to_string).collect();
        let loaded = sanda_scenario::load_model(&path, &sets).unwrap_or_else(|failure| panic!("{failure}"));
        check_ahead(file, &loaded.built.model, 1);
    };
    check("scenarios/wujiashan-duisburg.ron", &[]);
    // Customs, inspections, batches, gates, regimes, both directions; closures of what shipments use, and storms.
    for (file, measure, closed) in [
        ("wuhan-baseline-2025", "21d", false),
        ("customs-regimes", "21d", false),
        ("yangtze-low-water", "290d", true),
    ] {
        let short = [
            "run.warm_up=\"120d\"".to_owned(),
            format!("run.measure=\"{measure}\""),
            "run.drain=\"60d\"".to_owned(),
            format!("disruptions.polish-border-2025.active={closed}"),
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

/// Whole hours, most of them none at all, so that nearly everything happens in company: desks that lie in a circle with a batch,
/// batches that fill and that wait their longest, a batch behind another, rides that take no time into a yard, a desk and a
/// batch, cut-offs of nothing and of hours, and what an ending closure changes of the choice of ways. Circles that are computed
/// step by step, and such as are cut where going on takes an hour.
#[test]
fn what_lies_upstream_keeps_the_order_of_one_instant() {
    let hours = |weights: [u32; 4]| {
        let weighted = [0, 1, 2, 5].into_iter().zip(weights).filter(|&(_, weight)| weight > 0);
        let values = weighted.map(|(hours, weight)| format!(r#"(value: "{hours}h", weight: {weight})"#));
        format!("Discrete([{}])", values.collect::<Vec<_>>().join(", "))
    };
    // With the last one, work takes an hour at least, and circles are cut there.
    let all = [[8, 2, 1, 0], [1, 1, 1, 1], [30, 1, 0, 1], [1, 0, 0, 0], [0, 3, 1, 1]];
    for (place, weights) in all.into_iter().enumerate() {
        let some = hours(weights);
        for (cutoff, wait) in [("0h", "1h"), ("3h", "2h"), ("1h", "7h")] {
            let text = format!(
                r#"(schema: 1, name: "company", start: "2025-01-06T00:00[UTC]",
    run: (warm_up: "5d", measure: "60d", drain: "60d", replications: 1),
    nodes: {{ "a": (), "b": (), "c": () }},
    resources: {{ "zeta": (at: "a", servers: 1), "alpha": (at: "a", servers: 2), "mid": (at: "a"),
        "last": (at: "c", servers: 1), "crane": (at: "b", servers: 1, room: 3) }},
    services: {{
        "shuttle": (mode: Road, stops: ["a", "b"], departs: Every(period: "2h"), capacity: "9 shipments",
            running: [{some}], cutoff: "{cutoff}"),
        "line": (mode: Rail, stops: ["b", "c"], departs: Every(period: "3h"), capacity: "7 shipments",
            running: [{some}], cutoff: "{cutoff}", delay: {some}),
        "detour": (mode: Sea, stops: ["a", "c"], departs: Every(period: "12h"), capacity: "90 shipments",
            running: [{some}], run_empty: false),
    }},
    flows: {{
        "round": (arrivals: Poisson(mean: 0.4, per: "1h"), size: "1 TEU", steps: [
            Work(resource: "zeta", time: {some}), Work(resource: "alpha", time: {some}),
            Batch(id: "three", size: "3 TEU", longest_wait: "{wait}"), Work(resource: "zeta", time: {some}),
            Ride(service: "shuttle"), Work(resource: "mid", time: {some}),
            Batch(id: "two", size: "2 TEU", longest_wait: "{wait}"), Ride(service: "line"),
            Work(resource: "last", time: {some})]),
        "regular": (arrivals: Regular(every: "3h"), size: "1 TEU", steps: [
            Batch(id: "pair", size: "2 TEU", longest_wait: "{wait}"), Work(resource: "alpha", time: {some}),
            Delay(time: {some}), Batch(id: "four", size: "4 TEU", longest_wait: "{wait}"), Work(resource: "mid", time: {some}),
            Ride(service: "shuttle"), Ride(service: "line"), Work(resource: "last", time: {some})]),
        "both": (arrivals: Poisson(mean: 0.2, per: "1h", batch: Discrete([(value: 1, weight: 2), (value: 3, weight: 1)])),
            size: "1 TEU", itineraries: {{
            "by-land": (share: 0.75, steps: [Work(resource: "mid", time: {some}), Ride(service: "shuttle"),
                Work(resource: "crane", time: {some}), Ride(service: "line"), Work(resource: "last", time: {some})]),
            "by-sea": (share: 0.25, steps: [Work(resource: "zeta", time: "0h"), Ride(service: "detour"),
                Work(resource: "last", time: {some})]) }}),
    }},
    disruptions: {{ "slip": (targets: [Leg(service: "line", from: "b")],
        when: Random(up: Exponential(mean: "40h"), down: {some}), effect: Close) }},
)"#
            );
            // Nine at once besides, who go in columns.
            let nine = text
                .replace(
                    r#"Regular(every: "3h")"#,
                    r#"Regular(every: "3h", batch: Discrete([(value: 9, weight: 1)]))"#,
                )
                .replace("9 shipments", "81 shipments")
                .replace("7 shipments", "63 shipments");
            assert!(nine.len() > text.len(), "nothing comes by nine");
            for (many, text) in [("one", text), ("nine", nine)] {
                let model = compiled(&text).model;
                for replication in 0..3 {
                    let what = format!("times {place}, cut-off {cutoff}, wait {wait}, {many} at once");
                    check_ahead(&what, &model, replication);
                }
            }
        }
    }
}

/// Two desks that exports pass one way and imports the other: a circle, cut where work takes an hour at least. Departures are days apart, so
/// that many rounds are made between two looks, of dozens each; who comes from the circle into a yard, to a desk behind it, or to the end is
/// held meanwhile, and who comes again is not. Also where nobody takes an hour, and where those out of the circle come to it again by a ride.
#[test]
fn rounds_of_a_circle_give_the_same_outcome() {
    for (least, servers, share) in [("1h", 9, 0.0), ("1h", 60, 0.3), ("90min", 14, 0.3), ("0h", 14, 0.3)] {
        let text = format!(
            r#"(schema: 1, name: "rounds", start: "2025-01-06T00:00[UTC]",
    run: (warm_up: "10d", measure: "40d", drain: "30d", replications: 1),
    nodes: {{ "a": (), "b": () }},
    resources: {{ "customs": (at: "a", servers: {servers}), "station": (at: "a", servers: {servers}), "behind": (at: "a", servers: 2) }},
    services: {{ "out": (mode: Rail, stops: ["a", "b"], departs: Every(period: "50h"), cutoff: "5h", capacity: "900 shipments",
        running: [Uniform(min: "20h", max: "30h")]) }},
    flows: {{
        "exports": (arrivals: Poisson(mean: 6, per: "1h"), steps: [
            Delay(time: Uniform(min: "1h", max: "20h")), Work(resource: "customs", time: Exponential(mean: "1h")),
            Inspect(share: 0.1, steps: [Delay(time: "3h")]), Batch(id: "unit", size: "3 TEU", longest_wait: "2h"),
            Work(resource: "station", time: Uniform(min: "6min", max: "2h")), Ride(service: "out"), Delay(time: "1h")]),
        "others": (arrivals: Poisson(mean: 3, per: "1h"), steps: [
            Work(resource: "station", time: Exponential(mean: "30min")), Work(resource: "behind", time: Exponential(mean: "10min"))]),
        "imports": (arrivals: Poisson(mean: 4, per: "1h", batch: Discrete([(value: 8, weight: 1), (value: 1, weight: 8)])), steps: [
            Work(resource: "station", time: Uniform(min: "{least}", max: "3h")), Work(resource: "customs", time: Triangular(min: "12min", mode: "30min", max: "4h")),
            Inspect(share: {share}, steps: [Ride(service: "out"), Work(resource: "station", time: "2h")]),
            Delay(time: Exponential(mean: "5h"))]),
    }},
)"#
        );
        let model = compiled(&text).model;
        for replication in 0..3 {
            check_ahead(&format!("{servers} servers, {least} at least"), &model, replication);
        }
    }
}

/// Hundreds between two departures, so that all goes in columns: desks of one, three and any number of servers that several flows
/// use for work of different kinds and multiples, work that is all of a stage and work that is not, choices and inspections,
/// gates, a regime, hauls, milestones, prices, priorities of yards, a choice of ways, arrivals in batches and by season; cargo
/// for days after the departure; and what ends only after the run.
#[test]
fn many_at_once_give_the_same_outcome() {
    let text = |cutoff: &str, drain: &str| {
        format!(
            r#"(schema: 1, name: "many", start: "2025-01-06T00:00[Asia/Shanghai]",
    run: (warm_up: "5d", measure: "20d", drain: "{drain}", replications: 1),
    money: (capital: "10%"), rates: {{ "USD": "7.2 CNY" }},
    nodes: {{ "a": (zone: "Asia/Shanghai"), "b": (zone: "Europe/Berlin"), "c": () }},
    regimes: {{ "sky": (period: "1d", persistence: 0.5, states: {{ "fair": 0.5, "foul": 0.5 }}) }},
    resources: {{ "one": (at: "a", fee: "20 CNY/TEU"), "three": (at: "a", servers: 3), "any": (at: "b", servers: Unlimited),
        "many": (at: "b", servers: 300), "last": (at: "b", servers: 2) }},
    connections: {{ "truck": (from: "b", to: "c", time: Gamma(mean: "3h", cv: 0.5), distance: "40 km", freight: "8 CNY/TEU-km", emission: "95 g/tkm") }},
    services: {{ "line": (mode: Rail, stops: ["a", "c", "b"], departs: Every(period: "1d"), capacity: "400 TEU", cutoff: "{cutoff}",
        boarding: Priority, running: [LogNormal(mean: "40h", cv: 0.2), "3h"], freight: "360 USD/TEU", distance: ["100 km", "20 km"], emission: "25 g/tkm") }},
    flows: {{
        "boxes": (arrivals: Poisson(mean: 9, per: "1h", profile: (weekday: [1, 1, 1, 1, 1, 0.4, 0.2])), priority: 3,
            size: Discrete([(value: "1 TEU", weight: 2), (value: "2 TEU", weight: 1)]), mass_per_teu: "11 t/TEU", value: "40000 USD/TEU", steps: [
            Work(resource: "three", time: Exponential(mean: "6min"), per: Teu),
            Inspect(share: "20%", steps: [Work(resource: "one", time: "30s"), Delay(time: Uniform(min: "1h", max: "9h"))]),
            Charge(fee: "30 CNY/shipment", as: Customs), Regime(regime: "sky", times: {{ "fair": "0h", "foul": Exponential(mean: "4h") }}),
            Ride(service: "line"), Gate(open: Daily("06:00-18:00"), at: "b"),
            Work(resource: "any", time: Triangular(min: "1h", mode: "2h", max: "9h")), Work(resource: "last", time: Exponential(mean: "4min")),
            Haul("truck")]),
        "parcels": (arrivals: Poisson(mean: 1.5, per: "1h", batch: Discrete([(value: 2, weight: 1), (value: 9, weight: 1)])), priority: 1,
            size: "0.1 TEU", mass: "90 kg", steps: [
            Work(resource: "one", time: LogNormal(mean: "2min", cv: 1)), Work(resource: "three", time: "5min"),
            Choose([(share: 0.3, steps: [Delay(time: "2h")]), (share: 0.3, steps: [Charge(fee: "9 CNY/shipment", as: Customs)])]),
            Ride(service: "line"), Work(resource: "last", time: "2min"), Work(resource: "many", time: LogNormal(mean: "3d", cv: 3))]),
        "ways": (arrivals: Renewal(gap: Gamma(mean: "9min", cv: 0.6)), size: "1 TEU", mass: "9 t", itineraries: {{
            "by-rail": (share: 0.6, steps: [Delay(time: Exponential(mean: "1h")), Ride(service: "line"), Delay(time: "20min")]),
            "by-road": (share: 0.4, steps: [Work(resource: "three", time: Exponential(mean: "5min")), Delay(time: Exponential(mean: "30h"))]) }}),
    }},
    clocks: {{ "on-rails": (from: Departed, to: Arrived) }},
    promises: {{ "three-days": (flows: ["boxes", "parcels", "ways"], within: "3d"),
        "rails": (flows: ["boxes", "parcels"], clock: "on-rails", within: "44h") }},
)"#
        )
    };
    for (cutoff, drain) in [("0h", "40d"), ("5h", "40d"), ("2h", "4d")] {
        let model = compiled(&text(cutoff, drain)).model;
        for replication in 0..2 {
            check_ahead(&format!("cut-off {cutoff}, drain {drain}"), &model, replication);
        }
    }
}

/// Cargo that comes back to the desk it shares with what leaves: what happens there goes on past each look for as long as the last
/// leg of a ride takes at least, unless a disruption may shorten it or change which ways are taken.
#[test]
fn who_comes_back_is_known_before() {
    let disruptions = [
        "",
        r#""haste": (targets: [Leg(service: "home", from: "b")], when: Random(up: Exponential(mean: "60h"), down: "30h"), effect: TimeScale(0.1))"#,
        r#""ice": (targets: [Leg(service: "away", from: "a")], when: Random(up: Exponential(mean: "60h"), down: "30h"), effect: Close)"#,
    ];
    for disruption in disruptions {
        for leg in [r#"LogNormal(mean: "20h", cv: 0.3)"#, r#"Uniform(min: "0h", max: "9h")"#, r#""7h""#] {
            let text = format!(
                r#"(schema: 1, name: "back", start: "2025-01-06T00:00[UTC]",
    run: (warm_up: "10d", measure: "60d", drain: "20d", replications: 1),
    nodes: {{ "a": (), "b": (), "c": () }},
    resources: {{ "customs": (at: "a", servers: 2), "hall": (at: "a"), "far": (at: "c", servers: 2) }},
    services: {{
        "away": (mode: Sea, stops: ["a", "c"], departs: Every(period: "10h"), capacity: "90 shipments", cutoff: "1h",
            running: [{leg}]),
        "home": (mode: Rail, stops: ["c", "b", "a"], departs: Every(period: "8h"), capacity: "90 shipments",
            running: ["1h", {leg}]),
    }},
    flows: {{
        "out": (arrivals: Poisson(mean: 3, per: "1h"), size: "1 TEU", itineraries: {{
            "by-hall": (share: 0.5, steps: [Work(resource: "hall", time: "6min"), Work(resource: "customs", time: Exponential(mean: "12min")),
                Ride(service: "away"), Work(resource: "far", time: "9min")]),
            "at-once": (share: 0.5, steps: [Work(resource: "customs", time: Exponential(mean: "12min")), Ride(service: "away"),
                Delay(time: "3h"), Ride(service: "home"), Work(resource: "customs", time: "10min")]) }}),
        "in": (arrivals: Poisson(mean: 2, per: "1h"), size: "1 TEU", steps: [
            Work(resource: "far", time: Exponential(mean: "12min")), Ride(service: "home"), Delay(time: "1h"),
            Work(resource: "customs", time: LogNormal(mean: "8min", cv: 0.5)), Work(resource: "hall", time: "3min")]),
    }},
    disruptions: {{ {disruption} }},
)"#
            );
            let model = compiled(&text).model;
            for replication in 0..3 {
                check_ahead(&format!("leg {leg}, {disruption}"), &model, replication);
            }
        }
    }
}
