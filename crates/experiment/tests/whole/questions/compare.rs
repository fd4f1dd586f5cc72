//! Comparisons on worlds whose difference is known: nothing, a constant, a winner that depends on one unknown.
//!
//! Does not own the estimates of differences (`figures::estimates`).

use std::sync::atomic::AtomicBool;

use sanda_experiment::{InputPlan, Pieces, Plan, Side, compare, run, try_inputs};
use sanda_results::{Comparison, Finding, Lead};
use sanda_scenario::{LoadedModel, load_model_text};

const SEED: u64 = 5;

/// A train a day that boxes ride after a desk. `time` is the desk's, `running` the train's, `rest` further sections.
fn world(name: &str, time: &str, running: &str, rest: &str) -> LoadedModel {
    let text = format!(
        r#"(
    schema: 1, name: "{name}", start: "2025-01-06T00:00[UTC]",
    run: (warm_up: "7d", measure: "28d", drain: "30d", replications: 10, matters: (share: "2%", time: "3h")),
    nodes: {{ "yard": (), "away": () }},
    resources: {{ "desk": (at: "yard", servers: 2), "idle": (at: "away", servers: 1) }},
    procedures: {{ "clearance": (steps: [Work(resource: "desk", time: {time})]{rest}) }},
    services: {{
        "train": (mode: Rail, stops: ["yard", "away"], departs: Every(period: "24h"), capacity: "60 TEU", running: [{running}]),
    }},
    flows: {{ "boxes": (arrivals: Poisson(mean: 1.2, per: "1h"), steps: [Procedure("clearance"), Ride(service: "train")]) }},
    promises: {{ "quick": (flows: ["boxes"], within: "60h", target: "90%") }},
)"#
    );
    load_model_text(&format!("{name}.ron"), &text, &[]).unwrap_or_else(|failure| panic!("{failure}"))
}

/// A desk that takes an hour on average and a train that takes 40 hours.
fn base() -> LoadedModel {
    world("base", r#"Exponential(mean: "1h")"#, r#""40h""#, "")
}

fn side(loaded: &LoadedModel, n_points: u64) -> Side {
    let stop = AtomicBool::new(false);
    let plan = Plan { seed: SEED, n_replications: 10, n_threads: Some(2) };
    let gathered = run(&loaded.built, plan, &Pieces::none(), &stop, &mut ()).expect("a sound run");
    let plan = InputPlan { seed: SEED, n_points, n_threads: Some(2) };
    let inputs = (n_points > 0).then(|| {
        try_inputs(&loaded.inputs, plan, &Pieces::none(), &stop, &mut ())
            .unwrap_or_else(|error| panic!("{error}"))
    });
    Side::new(loaded, SEED, &gathered, inputs.as_ref())
}

fn compared(loaded: &[LoadedModel], n_points: u64) -> Comparison {
    let sides: Vec<Side> = loaded.iter().map(|loaded| side(loaded, n_points)).collect();
    compare(&loaded.iter().collect::<Vec<_>>(), &sides, &[])
}

#[test]
fn with_itself_everything_is_exactly_zero() {
    let comparison = compared(&[base(), base()], 0);
    let [alternative] = comparison.alternatives.as_slice() else { panic!("one alternative") };
    assert!(alternative.is_same && alternative.changes.is_empty());
    assert!(!alternative.metrics.is_empty());
    for (path, metric) in &alternative.metrics {
        assert_eq!((metric.finding, metric.difference.estimate), (Finding::Same, Some(0.0)), "{path}");
        assert_eq!((metric.difference.ci_low, metric.difference.ci_high), (Some(0.0), Some(0.0)), "{path}");
    }
    assert_eq!(alternative.promises["quick"].lead, Lead::Neither);
}

#[test]
fn a_service_that_nobody_rides_changes_nothing() {
    let text = r#"(
    base: "base.ron", schema: 1, name: "with-a-boat",
    services: { "boat": (mode: River, stops: ["yard", "away"], departs: Every(period: "6h"), capacity: "60 TEU", running: ["90h"]) },
)"#;
    let folder = tempfile::tempdir().expect("a folder");
    let plain = r#"(
    schema: 1, name: "base", start: "2025-01-06T00:00[UTC]",
    run: (warm_up: "7d", measure: "28d", drain: "30d"),
    nodes: { "yard": (), "away": () },
    services: { "train": (mode: Rail, stops: ["yard", "away"], departs: Every(period: "24h"), capacity: "60 TEU", running: [LogNormal(mean: "40h", cv: 0.3)]) },
    flows: { "boxes": (arrivals: Poisson(mean: 1.2, per: "1h"), steps: [Ride(service: "train")]) },
    promises: { "quick": (flows: ["boxes"], within: "60h", target: "90%") },
)"#;
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("a file");
        sanda_scenario::load_model(&path, &[]).unwrap_or_else(|failure| panic!("{failure}"))
    };
    let comparison = compared(&[file("base.ron", plain), file("with-a-boat.ron", text)], 0);
    let alternative = &comparison.alternatives[0];
    assert!(alternative.is_same, "{:?}", alternative.promises);
    assert!(alternative.metrics.values().all(|metric| metric.finding == Finding::Same));
    let paths: Vec<&str> = alternative.changes.iter().map(|change| change.path.as_str()).collect();
    assert_eq!(paths, ["services.boat"]);
}

/// Every box takes the same train as before, which is eight hours faster: the difference is eight hours in every replication, and its
/// interval a point.
#[test]
fn a_constant_gain_is_found_exactly() {
    let faster = world("faster", r#"Exponential(mean: "1h")"#, r#""32h""#, "");
    let comparison = compared(&[base(), faster], 0);
    let alternative = &comparison.alternatives[0];
    let mean = &alternative.metrics["flows.boxes.clocks.door-to-door.mean"];
    let difference = mean.difference;
    assert_eq!(mean.finding, Finding::Better);
    for value in [difference.estimate, difference.ci_low, difference.ci_high] {
        assert!((value.expect("an interval") + 8.0).abs() < 1e-9, "{difference:?}");
    }
    assert_eq!(alternative.promises["quick"].lead, Lead::Share);
    let share = &alternative.metrics["promises.quick.share"];
    assert!(share.finding.is_better() && share.variance_reduction.is_some_and(|factor| factor > 1.0));
    let changes: Vec<_> =
        alternative.changes.iter().map(|one| (one.path.as_str(), one.alternative.as_deref())).collect();
    assert_eq!(changes, [("services.train.running[0]", Some("\"32h\""))]);
}

/// Three hours matter by the base's own word: a gain of one hour is proven, and does not.
#[test]
fn the_margin_of_the_base_holds() {
    let faster = world("faster", r#"Exponential(mean: "1h")"#, r#""39h""#, "");
    let comparison = compared(&[base(), faster], 0);
    assert!((comparison.margins.hours - 3.0).abs() < 1e-9 && (comparison.margins.share - 0.02).abs() < 1e-9);
    let mean = &comparison.alternatives[0].metrics["flows.boxes.clocks.door-to-door.mean"];
    assert_eq!(mean.finding, Finding::BetterInside);
}

/// Several alternatives: the intervals that hold together are wider, and the best is named.
#[test]
fn the_best_of_three_is_named() {
    let world = |name: &str, running: &str| world(name, r#"Exponential(mean: "1h")"#, running, "");
    let comparison = compared(&[base(), world("slow", r#""44h""#), world("fast", r#""36h""#)], 0);
    let ranking = &comparison.rankings["quick"];
    let names: Vec<(&str, bool)> =
        ranking.order.iter().map(|one| (one.name.as_str(), one.may_be_best)).collect();
    assert_eq!(names, [("fast", true), ("base", false), ("slow", false)]);
    assert!(ranking.chance_of_first.is_some_and(|chance| chance > 0.999));
    let share = &comparison.alternatives[0].metrics["promises.quick.share"];
    // Two alternatives: the interval that holds for both is wider than one alone.
    let alone = compared(&[base(), world("slow", r#""44h""#)], 0);
    let alone = &alone.alternatives[0].metrics["promises.quick.share"];
    assert!(share.difference.half_width > alone.difference.half_width);
    assert!(share.p_adjusted.is_some() && alone.p_adjusted.is_none());
    assert_eq!(share.finding, Finding::Worse);
}

/// The alternative takes 9 hours at its desk where nothing is known but 8 to 12, the base 10: it loses in the upper third of that
/// range, and eleven other unknowns have nothing to do with it. Of 24 draws eight lie in that third.
#[test]
fn the_unknown_on_which_the_winner_depends_is_named() {
    let join = |part: &dyn Fn(usize) -> String| (0..11).map(part).collect::<Vec<_>>().concat();
    let noise = join(&|n| format!(r#""gate-{n}": (at: "yard", servers: Unlimited),"#));
    let idle = join(&|n| format!(r#", Work(resource: "gate-{n}", time: Uniform(min: "0h", max: "1min"))"#));
    let sources = join(&|n| {
        format!(
            r#""steps[{}].time": (from: "assumed", range: [Uniform(min: "0h", max: "30s"), Uniform(min: "0h", max: "2min")]),"#,
            n + 1
        )
    });
    let world = |name: &str, time: &str, source: &str| {
        let text = format!(
            r#"(
    schema: 1, name: "{name}", start: "2025-01-06T00:00[UTC]", run: (measure: "10d", drain: "30d", replications: 2),
    nodes: {{ "yard": () }},
    resources: {{ "desk": (at: "yard", servers: Unlimited), {noise} }},
    procedures: {{ "clearance": (steps: [Work(resource: "desk", time: "{time}"){idle}], sources: {{ {source} {sources} }}) }},
    flows: {{ "boxes": (arrivals: Regular(every: "1h", offset: "0h"), steps: [Procedure("clearance")]) }},
    promises: {{ "quick": (flows: ["boxes"], within: "20h", target: "90%") }},
)"#
        );
        load_model_text(&format!("{name}.ron"), &text, &[]).unwrap_or_else(|failure| panic!("{failure}"))
    };
    let uncertain = r#""steps[0].time": (from: "assumed", range: ["8h", "12h"]),"#;
    let comparison = compared(&[world("base", "10h", ""), world("new", "9h", uncertain)], 24);
    let draws = comparison.alternatives[0].promises["quick"].draws.as_ref().expect("draws of both");
    assert_eq!((draws.time.better, draws.time.same, draws.time.worse), (16, 0, 8));
    assert!(draws.time.low < -0.9 && draws.time.high > 1.5, "{:?}", draws.time);
    let [influence] = draws.loses_where.as_slice() else { panic!("{:?}", draws.loses_where) };
    assert_eq!(influence.unknown, "procedures.clearance.steps[0].time");
    assert!(influence.loses_when_high && influence.medians[0] > 2.0 / 3.0, "{influence:?}");
}
