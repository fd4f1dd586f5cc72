//! How often the gate errs about a model that has not changed, and about one at its margin.
//!
//! The replications have independent luck, so that nothing is identical: with the same luck an unchanged model always passes. Seeds are
//! fixed, and so are the counts. The bounds state what would be seen. If INCONCLUSIVE came with the promised 2 %, more than 16 of 200 would
//! come with probability 3e-6. If a false FAIL came with the promised 5 %, 29 of 200 would come with probability 3e-7.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::sync::atomic::AtomicBool;

use sanda_experiment::{Pieces, run};
use sanda_gate::{
    Baseline, Entry, Finding, Now, Observed, Plan, ScenarioId, Tier, Verdict, assess, bless, needs,
};
use sanda_scenario::LoadedModel;

const SEEDS: u64 = 200;

/// Returns a counter that works five hours a box, with some waiting; `time` is its mean work.
fn model(hours: f64) -> LoadedModel {
    let text = format!(
        r#"(schema: 1, name: "counter", run: (measure: "30d", drain: "30d"), nodes: {{ "yard": () }},
        resources: {{ "desk": (at: "yard", servers: 4) }},
        flows: {{ "boxes": (arrivals: Poisson(mean: 12, per: "24h"), steps: [
            Work(resource: "desk", time: Exponential(mean: "{hours}h")), Delay(time: Uniform(min: "10h", max: "30h")),
        ]) }},
        promises: {{ "day": (flows: ["boxes"], within: "30h") }})"#
    );
    sanda_scenario::load_model_text("counter.ron", &text, &[]).unwrap_or_else(|failure| panic!("{failure}"))
}

fn observe(loaded: &LoadedModel, seed: u64, n_replications: u64) -> Observed {
    let plan = sanda_experiment::Plan { seed, n_replications, n_threads: None };
    let gathered = run(&loaded.built, plan, &Pieces::none(), &AtomicBool::new(false), &mut ()).unwrap();
    Observed::of(&gathered, &BTreeSet::new(), &loaded.built.digest, "engine")
}

/// Returns a baseline with these margins: hours on times, a fraction on shares.
fn baseline(observed: Observed, seed: u64, n_replications: u64, hours: f64, share: f64) -> Baseline {
    let entry = Entry {
        reason: "test".into(),
        date: None,
        digest: observed.digest.clone(),
        engine: "engine".into(),
        key_layout: 1,
        seed,
        replications: n_replications,
    };
    let scenario = ScenarioId { name: "counter".into(), file: "counter.ron".into(), sets: Vec::new() };
    let blessing = bless(Now { scenario, entry, observed }, None, false);
    let mut tree: serde_json::Value = serde_json::from_str(&blessing.baseline.to_json().unwrap()).unwrap();
    for (path, metric) in tree["metrics"].as_object_mut().unwrap() {
        metric["margin"] = if path.starts_with("promises") { share.into() } else { hours.into() };
    }
    Baseline::from_json(&tree.to_string(), "counter.json").unwrap()
}

fn judged(baseline: &Baseline, now: &LoadedModel, seed: u64, looks: u32) -> Finding {
    let plan = Plan { tier: Tier::Auto, looks, seed: Some(seed) };
    let finding = assess(baseline, "counter.json", plan, |n| Ok::<_, Infallible>(observe(now, seed, n)));
    finding.unwrap_or_else(|never| match never {})
}

fn count(findings: &[Finding], verdict: Verdict) -> usize {
    findings.iter().filter(|finding| finding.verdict == verdict).count()
}

#[test]
fn an_unchanged_model_neither_fails_nor_wavers() {
    const HOURS: f64 = 3.0;
    const SHARE: f64 = 0.08;
    let unchanged = model(5.0);
    // The number of replications that the margins need, given the spread of a pilot.
    let pilot = baseline(observe(&unchanged, 1, 60), 1, 60, HOURS, SHARE);
    let n = needs(&pilot).iter().filter_map(|need| need.replications).max().unwrap();
    assert!((10..=60).contains(&n), "{n}");
    let findings: Vec<Finding> = (0..SEEDS)
        .map(|i| {
            let stored = baseline(observe(&unchanged, 1000 + i, n), 1000 + i, n, HOURS, SHARE);
            judged(&stored, &unchanged, 5000 + i, 1)
        })
        .collect();
    assert_eq!(count(&findings, Verdict::Fail), 0, "false alarms");
    let n_open = count(&findings, Verdict::Inconclusive);
    assert!(n_open <= 16, "{n_open} of {SEEDS} are inconclusive with {n} replications");
}

/// With the same luck there is no error at all, whatever the margins.
#[test]
fn an_unchanged_model_with_the_same_luck_is_identical() {
    let unchanged = model(5.0);
    for seed in 0..SEEDS {
        let stored = baseline(observe(&unchanged, seed, 2), seed, 2, 1e-9, 1e-9);
        let plan = Plan { tier: Tier::Full, looks: 4, seed: None };
        let finding = assess(&stored, "", plan, |n| Ok::<_, Infallible>(observe(&unchanged, seed, n)));
        assert_eq!(finding.unwrap_or_else(|never| match never {}).verdict, Verdict::Pass);
    }
}

/// At the margin: the true difference of the mean equals the margin, so that any FAIL is false, and so is any PASS.
#[test]
fn at_the_margin_neither_verdict_comes_often() {
    let (before, after) = (model(5.0), model(5.5));
    let mean = |loaded: &LoadedModel| {
        let observed = observe(loaded, 77, 2000);
        observed.samples["flows.boxes.clocks.door-to-door.mean"].estimate().unwrap()
    };
    let margin = mean(&after) - mean(&before);
    let findings: Vec<Finding> = (0..SEEDS)
        .map(|i| {
            let stored = baseline(observe(&before, 1000 + i, 20), 1000 + i, 20, margin, 1.0);
            let mut tree: serde_json::Value = serde_json::from_str(&stored.to_json().unwrap()).unwrap();
            let metrics = tree["metrics"].as_object_mut().unwrap();
            metrics.retain(|path, _| path == "flows.boxes.clocks.door-to-door.mean");
            let stored = Baseline::from_json(&tree.to_string(), "counter.json").unwrap();
            judged(&stored, &after, 5000 + i, 2)
        })
        .collect();
    let n_false_alarms = count(&findings, Verdict::Fail);
    assert!(n_false_alarms < 29, "{n_false_alarms} of {SEEDS} fail");
    let n_false_passes = count(&findings, Verdict::Pass) + count(&findings, Verdict::Changed);
    assert!(n_false_passes < 29, "{n_false_passes} of {SEEDS} pass");
}
