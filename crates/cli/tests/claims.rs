//! The pages of small real runs make only true statements on their results: see `crates/report/tests/held`.

#[path = "../../report/tests/held/mod.rs"]
mod held;

use std::path::Path;
use std::sync::atomic::AtomicBool;

use sanda_experiment::{InputPlan, Pieces, Plan, add_basis, add_inputs, assemble, run, try_inputs};
use sanda_results::{RangeEnds, Results};
use sanda_scenario::{LoadedModel, load_model, load_model_text};

/// Makes the results of a scenario as the command does, over `n_points` draws of its inputs.
fn results_of(loaded: &LoadedModel, n_replications: u32, n_points: u64) -> Results {
    let (built, stop) = (&loaded.built, AtomicBool::new(false));
    let plan = Plan { seed: 7, n_replications: n_replications.into(), n_threads: Some(1) };
    let gathered = run(built, plan, &Pieces::none(), &stop, &mut ()).expect("a sound run");
    let mut results = assemble(built, 7, &gathered);
    add_basis(&mut results, loaded);
    if n_points > 0 {
        let plan = InputPlan { seed: 7, n_points, n_threads: Some(1) };
        let outcomes = try_inputs(&loaded.inputs, plan, &Pieces::none(), &stop, &mut ())
            .unwrap_or_else(|error| panic!("{error}"));
        add_inputs(&mut results, &built.model, &gathered, &outcomes);
    }
    results
}

fn hold(name: &str, sections: &str, n_replications: u32) -> Results {
    hold_with(name, sections, n_replications, 0)
}

fn hold_with(name: &str, sections: &str, n_replications: u32, n_points: u64) -> Results {
    let text = format!(
        r#"(schema: 1, name: "{name}", start: "2025-01-06T00:00[Asia/Shanghai]",
        run: (warm_up: "10d", measure: "120d", drain: "90d", replications: {n_replications}),
        nodes: {{ "old-yard": (), "far-away": (), "mid-way": (), "other-way": () }}, {sections})"#
    );
    let loaded = load_model_text("small.ron", &text, &[]).unwrap_or_else(|failure| panic!("{failure}"));
    let results = results_of(&loaded, n_replications, n_points);
    held::hold(&results, name);
    results
}

/// Returns a scenario with a desk and a train for a flow.
fn desk_and_train(servers: u32, work: &str, capacity: &str, rest: &str) -> String {
    format!(
        r#"resources: {{ "front-desk": (at: "old-yard", servers: {servers}), "back-desk": (at: "old-yard", servers: {servers}) }},
        services: {{ "day-train": (mode: Rail, stops: ["old-yard", "far-away"], departs: Every(period: "24h"), capacity: {capacity},
            running: ["30h"]) }},
        flows: {{ "big-boxes": (arrivals: Poisson(mean: 8, per: "1d"), size: "1 TEU", steps: [
            Work(resource: "front-desk", time: {work}), Work(resource: "back-desk", time: {work}), Ride(service: "day-train")]) }},
        promises: {{ "three-days": (flows: ["big-boxes"], within: "72h"), "at-once": (flows: ["big-boxes"], within: "30min", target: "50%"),
            "next-day": (flows: ["big-boxes"], by_end_of_day: 2) }}, {rest}"#
    )
}

#[test]
fn desks_and_trains() {
    let exponential = r#"Exponential(mean: "2h")"#;
    hold("as-usual", &desk_and_train(2, exponential, r#""10 TEU""#, ""), 4);
    hold("single-run", &desk_and_train(2, exponential, r#""10 TEU""#, ""), 1);
    hold("no-limit", &desk_and_train(2, exponential, "Unlimited", ""), 4);
    hold("over-full", &desk_and_train(2, exponential, r#""7 TEU""#, ""), 4);
    hold("over-loaded", &desk_and_train(1, r#""4h""#, r#""10 TEU""#, ""), 4);
    let quick = hold("few-seconds", &desk_and_train(1, r#""20s""#, r#""40 TEU""#, ""), 4);
    let page = sanda_report::report_html(&quick);
    assert!(!page.contains("0.01 h") && page.contains("seconds"), "short waits are told in seconds");
}

#[test]
fn nothing_happens() {
    let none = r#"resources: { "idle-desk": (at: "old-yard") },
        flows: { "no-boxes": (arrivals: At(["1h"]), steps: [Work(resource: "idle-desk", time: "1h")]) },
        promises: { "in-time": (flows: ["no-boxes"], within: "2h") },"#;
    hold("nothing", none, 3);
    let unpromised =
        r#"flows: { "plain-boxes": (arrivals: Regular(every: "7h"), steps: [Delay(time: "90s")]) },"#;
    hold("no-promise", unpromised, 3);
    hold("no-promise-once", unpromised, 1);
}

#[test]
fn impatience_and_full_rooms() {
    let sections = r#"resources: { "ward-one": (at: "old-yard", servers: 1), "ward-two": (at: "old-yard", servers: 1, room: 0) },
        flows: {
            "im-patient": (arrivals: Poisson(mean: 2, per: "1h"), steps: [
                Work(resource: "ward-one", time: Exponential(mean: "1h"), patience: Exponential(mean: "30min"))]),
            "un-lucky": (arrivals: Poisson(mean: 1, per: "1h"), steps: [Work(resource: "ward-two", time: "1h")]),
        },
        promises: { "both-kinds": (flows: ["im-patient", "un-lucky"], within: "1h") },"#;
    let results = hold("give-up", sections, 4);
    assert!(sanda_report::report_html(&results).contains("Gave up waiting"));
}

#[test]
fn ways_ties_and_disruptions() {
    let sections = r#"services: {
            "north-train": (mode: Rail, stops: ["old-yard", "mid-way", "far-away"], departs: Every(period: "24h"), capacity: "6 TEU",
                running: ["20h", "20h"]),
            "south-train": (mode: Rail, stops: ["old-yard", "other-way", "far-away"], departs: Every(period: "24h"), capacity: "6 TEU",
                running: ["20h", "20h"]),
        },
        flows: {
            "two-ways": (arrivals: Regular(every: "8h"), size: "1 TEU", from: "old-yard", to: "far-away", itineraries: {
                "by-north": (share: 0.5, via: ["mid-way"]), "by-south": (share: 0.5, via: ["other-way"]) }),
            "lane-one": (arrivals: Regular(every: "24h"), size: "1 TEU", steps: [Ride(service: "north-train")]),
            "lane-two": (arrivals: Regular(every: "24h"), size: "1 TEU", steps: [Ride(service: "north-train")]),
        },
        disruptions: { "long-storm": (name: (zh: "风暴", en: "Storm"), targets: [Service("north-train")], effect: Close,
            when: Dated([(from: "2025-03-01T00:00", to: "2025-03-12T00:00")])) },
        promises: {
            "all-lanes": (flows: ["two-ways", "lane-one", "lane-two"], within: "60h", target: "80%"),
            "one-lane": (flows: ["lane-one"], within: "60h", target: "80%"),
            "other-aim": (flows: ["lane-one", "lane-two"], within: "44h", target: "100%"),
        },"#;
    let results = hold("two-ways", sections, 4);
    let page = sanda_report::report_html(&results);
    assert!(page.contains("经mid way") && page.contains("via other way"), "ways are called after places");
}

#[test]
fn the_corridor() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/wujiashan-duisburg.ron");
    let sets = ["run.measure=\"120d\"".to_owned()];
    let loaded = load_model(&path, &sets).unwrap_or_else(|failure| panic!("{failure}"));
    held::hold(&results_of(&loaded, 3, 4), "wujiashan-duisburg");
}

/// Lanes with unknown times and assumed volumes: draws, a sum beside its range, and a mix.
#[test]
fn draws_and_mixes() {
    let lane = |mean: u32, volume: &str| {
        let range = format!(r#"[Exponential(mean: "{}h"), Exponential(mean: "{}h")]"#, mean + 2, 3 * mean);
        format!(
            r#"(arrivals: Poisson(mean: 8, per: "1d"), steps: [Delay(time: Exponential(mean: "{mean}h"))],
                sources: {{ "steps[0].time": (from: "assumed", range: {range}), {volume} }})"#
        )
    };
    let assumed = r#""arrivals.mean": (from: "assumed: as much as the others")"#;
    let published = r#""arrivals.mean": (from: "the yearbook", confidence: High)"#;
    let sections = |near: &str, far: &str| {
        format!(
            r#"flows: {{ "near-lane": {}, "far-lane": {} }},
            promises: {{
                "both-lanes": (flows: ["near-lane", "far-lane"], within: "24h", target: "55%"),
                "near-alone": (flows: ["near-lane"], within: "24h", target: "55%"),
                "far-alone": (flows: ["far-lane"], within: "24h", target: "55%"),
            }},"#,
            lane(8, near),
            lane(30, far)
        )
    };
    for (n_points, ends) in [(8, RangeEnds::LowestHighest), (24, RangeEnds::Percentiles)] {
        let results = hold_with("drawn", &sections(assumed, published), 4, n_points);
        let sum = &results.promises["both-lanes"];
        let inputs = sum.inputs.as_ref().expect("draws");
        assert_eq!(inputs.ends, ends);
        // Times are longer than stated, so that every draw keeps less.
        assert!(sum.share.estimate > Some(inputs.share.high) && inputs.share.stated > inputs.share.high);
        let mix = sum.assumed_mix.as_ref().expect("an assumed mix");
        assert_eq!((mix.assumed, mix.lanes, mix.lowest.as_str()), (1, 2, "far-lane"));
        let kept = results.promises["near-alone"].inputs.as_ref().expect("draws").share.kept_points;
        assert!(kept > 0 && u64::from(kept) <= n_points, "some draw of the near lane keeps its promise");
        let page = sanda_report::report_html(&results);
        assert!(page.contains("高于这一范围") && page.contains("部分为假设（2条线路中的1条）"));
        // A page of a real run that states one draw too few is detected.
        let (true_count, false_count) =
            (format!("✓ {kept}/{n_points}"), format!("✓ {}/{n_points}", kept - 1));
        let wrong = held::false_claims(&page.replace(&true_count, &false_count), &results, "planted");
        assert!(page.contains(&true_count) && !wrong.is_empty(), "{false_count} is not seen");
    }
    let known = hold_with("known-mix", &sections(published, published), 4, 8);
    assert!(known.promises["both-lanes"].assumed_mix.is_none());
    assert!(!sanda_report::report_html(&known).contains("货量比例"));
}
