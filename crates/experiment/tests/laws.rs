//! What must not change a result, and what must hold of every result.
//!
//! Changes that say nothing new (order of declaration, another title, another spelling of a duration, threads) leave the text of
//! `results.json` as it is, but for the title; what is added or renamed leaves every number of everything else as it is. Random
//! small scenarios run without a broken invariant and conserve their shipments.

mod shared;

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::{RngSeed, TestRunner};
use sanda_results::Results;
use sanda_scenario::build::Built;
use shared::lane::Lane;
use shared::{compiled, results_of, results_of_built, results_on, value};

fn json(results: &Results) -> String {
    results.to_json().expect("results can be written")
}

/// Every number of the results by its path, without those whose path holds one of these ids.
fn numbers_without(results: &Results, ids: &[&str]) -> BTreeMap<String, String> {
    let mut numbers = BTreeMap::new();
    for (path, figure) in results.figures() {
        numbers.insert(path, format!("{figure:?}"));
    }
    for (path, row) in &results.series {
        numbers.insert(path.clone(), format!("{row:?}"));
    }
    for (path, distribution) in &results.distributions {
        numbers.insert(format!("distribution of {path}."), format!("{distribution:?}"));
    }
    for (id, promise) in &results.promises {
        numbers.insert(format!("promise.{id}."), format!("{promise:?}"));
    }
    let prints = results.fingerprint.flows.iter().chain(&results.fingerprint.services);
    for (id, print) in prints {
        numbers.insert(format!("fingerprint.{id}."), format!("{print:?}"));
    }
    numbers.retain(|path, _| !ids.iter().any(|id| path.contains(&format!(".{id}."))));
    numbers
}

/// Asserts that two sets of numbers are the same, and says where not.
fn assert_same(left: &BTreeMap<String, String>, right: &BTreeMap<String, String>) {
    assert!(left.len() > 100, "only {} numbers to compare", left.len());
    let differing: Vec<String> = left
        .keys()
        .chain(right.keys())
        .filter(|path| left.get(*path) != right.get(*path))
        .map(|path| format!("{path}:\n  {:?}\n  {:?}", left.get(path), right.get(path)))
        .collect();
    assert!(differing.is_empty(), "{} numbers differ\n{}", differing.len(), differing.join("\n"));
}

#[test]
fn the_lane_has_something_of_everything() {
    // Else the laws below would hold of nothing.
    let results = results_of(&Lane::new().text());
    for category in
        ["moving", "worked", "server", "hours", "timetable", "rolled", "disruption", "inspection", "vehicle"]
    {
        assert!(value(&results, &format!("flows.boxes.categories.{category}")) > 0.0, "{category}");
    }
    assert!(value(&results, "flows.parts.categories.cargo") > 0.0);
    assert!(value(&results, "flows.letters.lost") > 0.0);
    assert!(value(&results, "services.train.cancelled") > 0.0);
    assert!(value(&results, "services.train.left_behind.mean") > 0.0);
    let share = value(&results, "promises.door-08.share");
    assert!((0.05..0.95).contains(&share), "a share of {share} says little");
    assert!(results.invariants.values().all(|outcome| outcome.checked > 0 && outcome.violated == 0));
}

#[test]
fn threads_and_repetition_change_nothing() {
    let text = Lane::new().text();
    let once = json(&results_on(&text, 1));
    for n_threads in [1, 2, 8] {
        assert!(once == json(&results_on(&text, n_threads)), "{n_threads} threads");
    }
}

/// Runs a scenario without the quicker path for work that is all of a stage.
fn step_by_step(built: &Built) -> Results {
    let mut slower = built.clone();
    slower.model.programs.unfuse();
    results_of_built(&slower, 2)
}

#[test]
fn the_quicker_path_changes_nothing() {
    let built = compiled(&Lane::new().text());
    assert!(
        built.model.programs.works.iter().any(|work| work.whole_stage.is_some()),
        "nothing takes the quicker path"
    );
    assert!(json(&results_of_built(&built, 2)) == json(&step_by_step(&built)));
}

#[test]
fn the_order_of_declaration_changes_nothing() {
    let lane = Lane::new();
    let mut reversed = lane.clone();
    reversed.sections.reverse();
    for (_, entries) in &mut reversed.sections {
        entries.reverse();
    }
    reversed.replace("promises", "door-08", r#"["boxes", "parts"]"#, r#"["parts", "boxes"]"#);
    assert_ne!(lane.text(), reversed.text());
    assert!(json(&results_of(&lane.text())) == json(&results_of(&reversed.text())));
}

#[test]
fn another_spelling_of_a_quantity_changes_nothing() {
    let lane = Lane::new();
    let mut spelt = lane.clone();
    spelt.run = r#"warm_up: "4w", measure: "2016h", drain: "1440h", replications: 5, seed: 4"#.to_owned();
    spelt.replace("services", "train", r#"cutoff: "3h""#, r#"cutoff: "180min""#);
    spelt.replace("services", "train", r#"cancelled: "5%""#, "cancelled: 0.05");
    spelt.replace("services", "train", r#"mean: "2d""#, r#"mean: "1d 24h""#);
    spelt.replace("services", "feeder", r#"longest_wait: "1d""#, r#"longest_wait: "24h""#);
    spelt.replace("flows", "parts", r#"every: "11h""#, r#"every: "10.5h 30min""#);
    spelt.replace("flows", "boxes", r#"value: "4 TEU""#, r#"value: "2 FEU""#);
    spelt.replace("promises", "door-08", r#""8d""#, r#""192h""#);
    assert!(json(&results_of(&lane.text())) == json(&results_of(&spelt.text())));
}

#[test]
fn another_title_changes_the_title_alone() {
    let lane = Lane::new();
    let mut titled = lane.clone();
    titled.title = "另一个名字".to_owned();
    titled.replace("resources", "bay", "(at:", r#"(note: "wide", sources: { "at": (from: "hearsay") }, at:"#);
    let mut other = results_of(&titled.text());
    let results = results_of(&lane.text());
    assert_ne!(json(&results), json(&other));
    other.scenario.title = results.scenario.title.clone();
    assert!(json(&results) == json(&other), "more than the title has changed");
}

#[test]
fn what_is_added_elsewhere_changes_no_other_number() {
    let lane = Lane::new();
    let base = numbers_without(&results_of(&lane.text()), &[]);
    // First and last in the order of names, and much slower than everything else, so that the run takes longer.
    for prefix in ["a", "zz"] {
        let id = |what: &str| format!("{prefix}-{what}");
        let (place, beyond, desk, line, flow) =
            (id("place"), id("beyond"), id("desk"), id("line"), id("flow"));
        let mut more = lane.clone();
        more.add("nodes", &place, "()");
        more.add("nodes", &beyond, r#"(zone: "Europe/Warsaw")"#);
        more.add("resources", &desk, &format!(r#"(at: "{place}", open: Daily("08:00-12:00"))"#));
        more.add("regimes", &id("regime"), "(persistence: 0.5, states: { \"one\": 0.5, \"two\": 0.5 })");
        more.add(
            "services",
            &line,
            &format!(
                r#"(mode: Sea, stops: ["{place}", "{beyond}"], departs: Every(period: "1d"), capacity: Unlimited, running: ["30d"])"#
            ),
        );
        more.add(
            "flows",
            &flow,
            &format!(
                r#"(arrivals: Poisson(mean: 1, per: "3h"), steps: [Work(resource: "{desk}", time: "5min"), Ride(service: "{line}")])"#
            ),
        );
        let ids = [place.as_str(), &beyond, &desk, &line, &flow];
        assert_same(&base, &numbers_without(&results_of(&more.text()), &ids));
    }
}

#[test]
fn another_name_changes_its_own_luck_alone() {
    let lane = Lane::new();
    let base = results_of(&lane.text());
    for name in ["aaa", "zzz"] {
        let mut renamed = lane.clone();
        renamed.section("flows").iter_mut().find(|(id, _)| id == "letters").expect("the letters").0 =
            name.to_owned();
        renamed.replace("promises", "post", "letters", name);
        let other = results_of(&renamed.text());
        // The counter and the promise are used by the renamed flow alone, and so are its own.
        let own = ["letters", name, "counter", "post"];
        assert_same(&numbers_without(&base, &own), &numbers_without(&other, &own));
        assert_ne!(
            base.fingerprint.flows["letters"], other.fingerprint.flows[name],
            "the luck goes by the name"
        );
    }
}

#[test]
fn another_seed_changes_the_luck() {
    let lane = Lane::new();
    let mut reseeded = lane.clone();
    reseeded.run = lane.run.replace("seed: 4", "seed: 5");
    let (one, other) = (results_of(&lane.text()), results_of(&reseeded.text()));
    assert_ne!(one.fingerprint.total, other.fingerprint.total);
    assert_ne!(one.fingerprint.flows["boxes"], other.fingerprint.flows["boxes"]);
}

#[test]
fn a_wider_promise_never_lowers_its_share() {
    let results = results_of(&Lane::new().text());
    let share = |id: &str| value(&results, &format!("promises.{id}.share"));
    let shares = ["door-06", "door-08", "door-10", "door-14"].map(share);
    assert!(shares.is_sorted() && shares[0] < shares[3], "{shares:?}");
    let by_flow = |id: &str| value(&results, &format!("promises.{id}.by_flow.parts"));
    assert!(["door-06", "door-08", "door-10", "door-14"].map(by_flow).is_sorted());
    // Over runs too: the limit is no part of what happens.
    let mut before = (0.0, None);
    for hours in [60, 72, 84, 96, 200] {
        let mut lane = Lane::new();
        lane.replace("promises", "rails", "84h", &format!("{hours}h"));
        let results = results_of(&lane.text());
        let share = value(&results, "promises.rails.share");
        assert!(share >= before.0, "{hours} h keep {share}, fewer hours {}", before.0);
        let print = Some(results.fingerprint.total);
        assert!(before.1.is_none() || before.1 == print, "the limit changed what happens");
        before = (share, print);
    }
}

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
            let sum: f64 = sanda_core::freight::category::Category::ALL
                .iter()
                .map(|category| count(&format!("categories.{}", category.name())))
                .sum();
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
