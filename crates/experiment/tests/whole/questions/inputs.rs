//! Ranges over inputs that are not known, on worlds where the share is a known function of them.
//!
//! Does not own the reading of ranges (`sanda_scenario`).

use std::sync::atomic::AtomicBool;

use sanda_experiment::{
    InputPlan, Pieces, Plan, add_basis, add_inputs, assemble, latin_hypercube, run, try_inputs,
};
use sanda_results::{RangeEnds, Results};
use sanda_scenario::{LoadedModel, load_model_text};

/// A hundred boxes an hour apart, none of which waits; each takes the hours of its work, which nobody knows.
fn world(work: &str, rest: &str) -> LoadedModel {
    let text = format!(
        r#"(
    schema: 1, name: "desk", start: "2025-01-06T00:00[UTC]",
    run: (measure: "100h", drain: "30d", replications: 2),
    nodes: {{ "port": () }},
    resources: {{ "desk": (at: "port", servers: Unlimited) }},
    procedures: {{ "clearance": ({work}) }},
    flows: {{ "boxes": (arrivals: Regular(every: "1h", offset: "0h"), steps: [Procedure("clearance")]{rest}) }},
    promises: {{ "quick": (flows: ["boxes"], within: "10h", target: "90%") }},
)"#
    );
    load_model_text("desk.ron", &text, &[]).unwrap_or_else(|failure| panic!("{failure}"))
}

/// Uniform from nothing to an end that lies between 10 and 20 hours: the share within 10 hours is 10 over that end.
const UNIFORM: &str = r#"steps: [Work(resource: "desk", time: Uniform(min: "0h", max: "12h"))],
    sources: { "steps[0].time": (from: "assumed", range: [Uniform(min: "0h", max: "10h"), Uniform(min: "0h", max: "20h")]) }"#;

/// Constant between 8 and 12 hours: all or none keep 10 hours.
const CONSTANT: &str = r#"steps: [Work(resource: "desk", time: "9h")],
    sources: { "steps[0].time": (from: "assumed", range: ["8h", "12h"]) }"#;

fn results(loaded: &LoadedModel, n_points: u64, n_threads: usize) -> Results {
    let stop = AtomicBool::new(false);
    let plan = Plan { seed: 7, n_replications: 2, n_threads: Some(n_threads) };
    let gathered = run(&loaded.built, plan, &Pieces::none(), &stop, &mut ()).expect("a sound run");
    let mut results = assemble(&loaded.built, 7, &gathered);
    add_basis(&mut results, loaded);
    if n_points > 0 {
        let plan = InputPlan { seed: 7, n_points, n_threads: Some(n_threads) };
        let outcomes = try_inputs(&loaded.inputs, plan, &Pieces::none(), &stop, &mut ())
            .unwrap_or_else(|error| panic!("{error}"));
        add_inputs(&mut results, &loaded.built.model, &gathered, &outcomes);
    }
    results
}

#[test]
fn a_constant_keeps_the_promise_up_to_its_limit_and_breaks_it_beyond() {
    let loaded = world(CONSTANT, "");
    let results = results(&loaded, 20, 2);
    let inputs = results.promises["quick"].inputs.as_ref().expect("ranges were tried");
    assert_eq!((inputs.share.low, inputs.share.high), (0.0, 1.0));
    assert_eq!((inputs.points, inputs.parameters), (20, 1));
    assert_eq!((inputs.ends, inputs.share.stated), (RangeEnds::Percentiles, 1.0));
    // 10 h lie a third of the way from the stated 9 h, the median, to 12 h: at two thirds of the unit, in the fourteenth of
    // twenty strata, each of which holds one draw.
    assert!(matches!(inputs.share.kept_points, 13 | 14), "{:?}", inputs.share);
    // Nothing else changes: the run itself takes 9 h.
    assert_eq!(results.promises["quick"].share.estimate, Some(1.0));
    for (place, point) in [(0.65, 1.0), (0.68, 0.0)] {
        let built = loaded.inputs.model_at(&[place]).unwrap_or_else(|failure| panic!("{failure}"));
        let plan = Plan { seed: 1, n_replications: 1, n_threads: Some(1) };
        let gathered =
            run(&built, plan, &Pieces::none(), &AtomicBool::new(false), &mut ()).expect("a sound run");
        assert_eq!(assemble(&built, 1, &gathered).promises["quick"].share.estimate, Some(point));
    }
}

#[test]
fn the_range_of_a_monotone_share_is_that_of_its_input() {
    // Over the points u the end rises from 10 hours to 12 at one half and 20 at one, and the share is 10 hours over it: the
    // 5 % and 95 % points of twenty strata are the second lowest u or less and the highest stratum, at 19.6 hours. A hundred boxes with the same luck miss their share by less than
    // 0.15 (three standard deviations of a binomial share are 0.15 at most); the seed is fixed.
    let loaded = world(UNIFORM, "");
    let inputs = results(&loaded, 20, 2).promises["quick"].inputs.clone().expect("ranges were tried");
    assert!((inputs.share.low - 10.0 / 19.6).abs() < 0.15, "{:?}", inputs.share);
    assert!(inputs.share.high > 0.9, "{:?}", inputs.share);
    assert_eq!(inputs.by_flow["boxes"], inputs.share);
    // The same luck at every point: a longer law can only break more.
    let shares: Vec<u64> = (0..=10)
        .map(|n| {
            let built = loaded.inputs.model_at(&[f64::from(n) / 10.0]).expect("a sound point");
            let outcome = sanda_core::replicate(&built.model, 7, 0).expect("a sound run");
            outcome.promises.iter().flatten().map(|record| record.kept).sum()
        })
        .collect();
    assert!(shares.is_sorted_by(|a, b| a >= b), "{shares:?}");
    assert_eq!(shares[0], 100);
}

#[test]
fn results_are_the_same_for_any_number_of_threads_and_without_points_have_no_key() {
    let loaded = world(UNIFORM, "");
    let json = |n_points, n_threads| results(&loaded, n_points, n_threads).to_json().expect("writable");
    let one = json(9, 1);
    assert_eq!(one, json(9, 2));
    let none = json(0, 2);
    assert!(!none.contains("\"inputs\""));
    // Without that key the two are the same.
    let mut with: Results = Results::from_json(&one).expect("readable");
    with.promises.values_mut().for_each(|promise| promise.inputs = None);
    assert_eq!(with.to_json().expect("writable"), none);
}

#[test]
fn the_middle_of_all_ranges_is_the_scenario_itself() {
    // Of every kind: a law, a quantity in another unit, shares, a timetable-like value, and a price, which takes no part.
    let text = r#"(
    schema: 1, name: "middle", run: (measure: "100h", replications: 2),
    nodes: { "port": () },
    resources: { "desk": (
        at: "port", servers: 3, open: Daily("08:00-18:00"), fee: "5 CNY/shipment",
        sources: {
            "servers": (from: "assumed", range: [2, 9]),
            "open": (from: "assumed", range: [Daily("09:00-17:00"), Always]),
            "fee": (from: "assumed", range: ["1 CNY/shipment", "20 CNY/shipment"]),
        },
    ) },
    procedures: { "clearance": (
        steps: [Work(resource: "desk", time: LogNormal(median: "1h", cv: 0.7))],
        sources: { "steps[0].time": (from: "assumed", range: [LogNormal(median: "30min", cv: 0.5), LogNormal(median: "3h", cv: 2)]) },
    ) },
    flows: { "boxes": (
        arrivals: Regular(every: "1h"),
        itineraries: {
            "a": (share: 0.333333, steps: [Procedure("clearance")]),
            "b": (share: "33.3333%", steps: [Delay(time: "1d")]),
            "c": (share: 0.333334, steps: [Delay(time: "40h")]),
        },
        sources: {
            "itineraries.a.share": (from: "assumed", range: [0.2, 0.9]),
            "itineraries.b.share": (from: "assumed", range: ["10%", "35%"]),
            "itineraries.b.steps[0].time": (from: "assumed", range: ["12h", "4d"]),
        },
    ) },
    promises: { "quick": (flows: ["boxes"], within: "10h") },
)"#;
    let loaded = load_model_text("middle.ron", text, &[]).unwrap_or_else(|failure| panic!("{failure}"));
    assert_eq!(loaded.issues.len(), 0, "{}", loaded.render_remarks(sanda_scenario::Style::default()));
    let paths: Vec<&str> = loaded.inputs.ranges().iter().map(|range| range.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "flows.boxes.itineraries.a.share",
            "flows.boxes.itineraries.b.share",
            "flows.boxes.itineraries.b.steps[0].time",
            "procedures.clearance.steps[0].time",
            "resources.desk.open",
            "resources.desk.servers",
        ]
    );
    let digest = |u: f64| {
        let built =
            loaded.inputs.model_at(&vec![u; paths.len()]).unwrap_or_else(|failure| panic!("{failure}"));
        built.digest
    };
    assert_eq!(digest(0.5), loaded.built.digest);
    assert_ne!(digest(0.51), loaded.built.digest);
    // What is reckoned only still counts among what the scenario rests on.
    assert!(loaded.basis.sourced.iter().any(|one| one.path == "resources.desk.fee" && one.range.is_some()));
}

/// The same of the hub, with ranges of every kind that people wrote.
#[test]
fn the_middle_of_all_ranges_of_the_hub_is_the_hub() {
    let path =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/wuhan-baseline-2025.ron");
    let loaded = sanda_scenario::load_model(&path, &[]).unwrap_or_else(|failure| panic!("{failure}"));
    let (n_ranges, n_unknowns) = (loaded.inputs.ranges().len(), loaded.inputs.unknowns().len());
    assert!(n_ranges > 1000 && n_unknowns < n_ranges / 3, "{n_ranges} ranges of {n_unknowns} unknowns");
    let built = loaded.inputs.model_at(&vec![0.5; n_unknowns]).unwrap_or_else(|failure| panic!("{failure}"));
    assert_eq!(built.digest, loaded.built.digest);
}

/// The ends of few draws are the lowest and the highest of them, those of many are percentiles; both are of the shares that single
/// runs at the points have.
#[test]
fn ends_are_draws_of_the_study() {
    let loaded = world(UNIFORM, "");
    for (n_points, ends) in [(8, RangeEnds::LowestHighest), (24, RangeEnds::Percentiles)] {
        let inputs =
            results(&loaded, n_points, 2).promises["quick"].inputs.clone().expect("ranges were tried");
        let names = loaded.inputs.unknowns().iter().map(String::as_str);
        let share = |point: &Vec<f64>| {
            let built = loaded.inputs.model_at(point).expect("a sound point");
            let outcome = sanda_core::replicate(&built.model, 7, 0).expect("a sound run");
            let counts = outcome.promises.iter().flatten().map(|record| (record.kept, record.of));
            let (kept, of) = counts.fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
            kept as f64 / of as f64
        };
        let mut shares: Vec<f64> = latin_hypercube(7, n_points as usize, names).iter().map(share).collect();
        shares.sort_by(f64::total_cmp);
        // The second lowest and highest of 24.
        let beyond = usize::from(n_points == 24);
        assert_eq!(inputs.ends, ends);
        assert_eq!(
            (inputs.share.low, inputs.share.high),
            (shares[beyond], shares[shares.len() - 1 - beyond])
        );
        let kept = shares.iter().filter(|share| **share >= 0.9).count();
        assert_eq!(inputs.share.kept_points as usize, kept, "{shares:?}");
        assert!(kept > 0 && kept < shares.len(), "{shares:?} show little");
    }
}

/// Two lanes of which one keeps its promise and the other does not, with what is said of their volumes.
fn two_lanes(near: &str, far: &str) -> Results {
    let text = format!(
        r#"(
    schema: 1, name: "lanes", run: (measure: "100h", replications: 2),
    nodes: {{ "port": () }},
    flows: {{
        "near": (arrivals: Poisson(mean: 1, per: "1h"), steps: [Delay(time: "1h")], sources: {{ {near} }}),
        "far": (arrivals: Volume(per_year: "8760 shipments"), steps: [Delay(time: "2d")], sources: {{ {far} }}),
    }},
    promises: {{
        "both": (flows: ["near", "far"], within: "1d", target: "50%"),
        "one": (flows: ["near"], within: "1d"),
    }},
)"#
    );
    let loaded = load_model_text("lanes.ron", &text, &[]).unwrap_or_else(|failure| panic!("{failure}"));
    results(&loaded, 0, 1)
}

#[test]
fn a_sum_over_lanes_says_how_much_of_their_mix_is_assumed() {
    let assumed = r#""arrivals.per_year": (from: "assumed: as much as the other")"#;
    let published = r#""arrivals": (from: "the yearbook", year: 2024, confidence: Medium)"#;
    for (near, far, n_assumed) in [
        ("", "", Some(2)),
        ("", assumed, Some(2)),
        (published, assumed, Some(1)),
        (published, r#""arrivals.per_year": (from: "a trade paper", confidence: Low)"#, Some(1)),
        (published, published, None),
    ] {
        let results = two_lanes(near, far);
        let mix = results.promises["both"].assumed_mix.as_ref();
        assert_eq!(mix.map(|mix| mix.assumed), n_assumed, "{near} {far}");
        if let Some(mix) = mix {
            assert_eq!((mix.lanes, mix.lowest.as_str(), mix.highest.as_str()), (2, "far", "near"));
            assert_eq!((mix.low, mix.high), (0.0, 1.0));
        }
        assert_eq!(results.promises["one"].assumed_mix, None, "a single lane is no mix");
    }
}

/// A value that is set for a run has no source any more.
#[test]
fn a_volume_that_is_set_is_assumed() {
    let text = r#"(
    schema: 1, name: "lanes", run: (measure: "100h", replications: 2),
    nodes: { "port": () },
    flows: {
        "near": (arrivals: Poisson(mean: 1, per: "1h"), steps: [Delay(time: "1h")], sources: { "arrivals": (from: "x", confidence: High) }),
        "far": (arrivals: Poisson(mean: 1, per: "1h"), steps: [Delay(time: "2d")], sources: { "arrivals.mean": (from: "x", confidence: High) }),
    },
    promises: { "both": (flows: ["near", "far"], within: "1d", target: "50%") },
)"#;
    for (sets, n_assumed) in [(vec![], None), (vec!["flows.far.arrivals.mean=2".to_owned()], Some(1))] {
        let loaded = load_model_text("lanes.ron", text, &sets).unwrap_or_else(|failure| panic!("{failure}"));
        let mix = results(&loaded, 0, 1).promises["both"].assumed_mix.clone();
        assert_eq!(mix.map(|mix| mix.assumed), n_assumed, "{sets:?}");
    }
}

#[test]
fn an_interrupted_study_gives_no_range() {
    let loaded = world(CONSTANT, "");
    let plan = InputPlan { seed: 7, n_points: 4, n_threads: Some(1) };
    let error = try_inputs(&loaded.inputs, plan, &Pieces::none(), &AtomicBool::new(true), &mut ())
        .expect_err("it was stopped");
    assert_eq!(error.to_string(), "interrupted before all input points were tried");
}

#[test]
fn shares_of_itineraries_sum_to_one_at_every_point() {
    let ways = r#", itineraries: {
        "a": (share: 0.6, steps: [Delay(time: "1h")]), "b": (share: 0.3, steps: [Delay(time: "30h")]), "c": (share: 0.1, steps: [Delay(time: "40h")]),
    }, sources: {
        "itineraries.a.share": (from: "assumed", range: [0.2, 0.8]),
        "itineraries.b.share": (from: "assumed", range: ["10%", "50%"]),
    }"#;
    let text = format!(
        r#"(
    schema: 1, name: "ways", run: (measure: "100h", replications: 2),
    nodes: {{ "port": () }},
    flows: {{ "boxes": (arrivals: Regular(every: "1h"){ways}) }},
    promises: {{ "quick": (flows: ["boxes"], within: "10h") }},
)"#
    );
    let loaded = load_model_text("ways.ron", &text, &[]).unwrap_or_else(|failure| panic!("{failure}"));
    let names = loaded.inputs.unknowns().iter().map(String::as_str);
    for point in latin_hypercube(1, 30, names) {
        loaded.inputs.model_at(&point).unwrap_or_else(|failure| panic!("{point:?}: {failure}"));
    }
}
