//! What the tests of whole runs share: from the text of a small scenario to its results, by the same path as `sanda run`.
//!
//! Owns no expected value: those stand in the tests, closed forms in `queues`.

pub(crate) mod dice;
mod forward;
pub(crate) mod lane;
pub(crate) mod queues;
mod rare;
pub(crate) mod shrink;
pub(crate) mod tie;
pub(crate) mod watch;
pub(crate) mod world;

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

use sanda_core::model::Model;
use sanda_core::record::Outcome;
use sanda_core::record::observer::{Delivery, Loss, Observer, Release, StageEnd};
use sanda_core::{replicate, replicate_observed};
use sanda_experiment::{Pieces, Plan, assemble, run};
use sanda_results::{Figure, Results};
use sanda_scenario::build::Built;
use sanda_scenario::load_model_text;
use statrs::distribution::{ContinuousCDF as _, StudentsT};

/// Probability that a check of [`Agreement`] fails although the simulator is right, at most.
pub(crate) const FALSE_ALARM: f64 = 1e-6;

/// Compiles the text of a scenario.
///
/// # Panics
///
/// With all its issues drawn, if it is not sound.
pub(crate) fn compiled(text: &str) -> Built {
    match load_model_text("test.ron", text, &[]) {
        Ok(loaded) => loaded.built,
        Err(failure) => panic!("{failure}"),
    }
}

/// Runs a compiled scenario on so many threads.
pub(crate) fn results_of_built(built: &Built, n_threads: usize) -> Results {
    attempt(built, n_threads).unwrap_or_else(|error| panic!("{error}"))
}

/// As [`results_of_built`]; a broken invariant is what it says.
pub(crate) fn attempt(built: &Built, n_threads: usize) -> Result<Results, String> {
    let plan = Plan { seed: built.seed, n_replications: built.n_replications, n_threads: Some(n_threads) };
    run(built, plan, &Pieces::none(), &AtomicBool::new(false), &mut ())
        .map(|gathered| assemble(built, plan.seed, &gathered))
        .map_err(|error| error.to_string())
}

/// Compiles and runs the text of a scenario on so many threads.
pub(crate) fn results_on(text: &str, n_threads: usize) -> Results {
    results_of_built(&compiled(text), n_threads)
}

/// Compiles and runs the text of a scenario.
pub(crate) fn results_of(text: &str) -> Results {
    results_on(text, 2)
}

/// A figure that must be there.
pub(crate) fn figure(results: &Results, path: &str) -> Figure {
    *results.figure(path).unwrap_or_else(|| panic!("no figure `{path}`"))
}

/// A point estimate that must be there.
pub(crate) fn value(results: &Results, path: &str) -> f64 {
    figure(results, path).estimate.unwrap_or_else(|| panic!("figure `{path}` has no estimate"))
}

/// Asserts that a figure without chance in it is what was worked out by hand, to within a millisecond.
pub(crate) fn check_exactly(results: &Results, path: &str, expected: f64) {
    let got = value(results, path);
    assert!((got - expected).abs() < 1.0 / 3_600_000.0, "{path}: {got} instead of {expected}");
}

/// Runs a scenario without the quicker path for work that is all of a stage.
pub(crate) fn step_by_step(built: &Built) -> Results {
    let mut slower = built.clone();
    slower.model.programs.unfuse();
    results_of_built(&slower, 2)
}

/// Forgets what depends on when a run noticed that nothing was left to measure: how long it went on after the last
/// measured shipment, and what was there when it ended. No figure depends on either.
pub(crate) fn without_the_end(outcome: &mut Outcome) {
    (outcome.events, outcome.shipments) = (0, 0);
    for resource in &mut outcome.resources {
        resource.queue.set(i64::MAX, 0);
        resource.present.set(i64::MAX, 0, &[(0, 0)]);
    }
}

/// Wants things in the order of time, so that every delay is an event, and holds the lives it is told of against themselves: the stages
/// of a shipment follow each other without a gap, and the categories of each add up to it.
#[derive(Default)]
pub(crate) struct InOrder {
    /// Up to where the stages of each shipment under way have come, by flow and number.
    told_to: BTreeMap<(usize, u64), i64>,
}

impl Observer for InOrder {
    fn released(&mut self, at: &Release) {
        let before = self.told_to.insert((at.flow.index(), at.number), at.at);
        assert_eq!(before, None, "a shipment is released twice");
    }

    fn stage_ended(&mut self, at: &StageEnd) {
        let told_to = self.told_to.get_mut(&(at.flow.index(), at.number)).expect("it was released");
        assert_eq!(at.from, *told_to, "a gap before the stage");
        assert_eq!(at.times.iter().sum::<i64>(), at.to - at.from, "categories of the stage");
        *told_to = at.to;
    }

    fn delivered(&mut self, at: &Delivery) {
        let told_to = self.told_to.remove(&(at.flow.index(), at.number)).expect("it was released");
        assert_eq!(told_to, at.delivered_at, "time in no stage before the delivery");
    }

    fn lost(&mut self, at: &Loss) {
        assert!(self.told_to.remove(&(at.flow.index(), at.number)).is_some(), "it was released");
    }
}

/// One replication ahead of the clock and upstream, and event by event.
pub(crate) fn check_ahead(file: &str, model: &Model, replication: u64) {
    let n_saved = events_saved(file, model, replication);
    assert!(n_saved > 0, "{file} saves no event, so this shows nothing");
}

/// As [`check_ahead`] of a model that may save no event. Returns how many events are saved.
pub(crate) fn events_saved(file: &str, model: &Model, replication: u64) -> i64 {
    let mut ahead = replicate(model, 3, replication).expect("a sound run");
    let (mut in_order, _) =
        replicate_observed(model, 3, replication, InOrder::default()).expect("a sound run");
    let n_saved = in_order.events as i64 - ahead.events as i64;
    for outcome in [&mut ahead, &mut in_order] {
        without_the_end(outcome);
    }
    // Word by word: the whole would fill many screens.
    let (ahead, in_order) = (format!("{ahead:?}"), format!("{in_order:?}"));
    let differs = ahead.split(' ').zip(in_order.split(' ')).position(|(one, other)| one != other);
    let around = |text: &str| -> String {
        text.split(' ').skip(differs.unwrap_or(0).saturating_sub(12)).take(24).collect::<Vec<_>>().join(" ")
    };
    assert!(ahead == in_order, "{file}: {}\ninstead of {}", around(&ahead), around(&in_order));
    n_saved
}

/// The text of `results.json`.
pub(crate) fn json(results: &Results) -> String {
    results.to_json().expect("results can be written")
}

/// Every number of the results by its path, without those whose path holds one of these ids.
pub(crate) fn numbers_without(results: &Results, ids: &[&str]) -> BTreeMap<String, String> {
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
pub(crate) fn assert_same(left: &BTreeMap<String, String>, right: &BTreeMap<String, String>) {
    assert!(left.len() > 100, "only {} numbers to compare", left.len());
    let differing: Vec<String> = left
        .keys()
        .chain(right.keys())
        .filter(|path| left.get(*path) != right.get(*path))
        .map(|path| format!("{path}:\n  {:?}\n  {:?}", left.get(path), right.get(path)))
        .collect();
    assert!(differing.is_empty(), "{} numbers differ\n{}", differing.len(), differing.join("\n"));
}

/// Asserts that figures agree with theory.
///
/// The standard error of a figure is that between replications, taken from its own 95 % interval: half of it (the longer half
/// where the two differ) over Student's t for so many replications. A figure agrees if it lies within `t(1 - FALSE_ALARM / 2)`
/// standard errors of theory. Every check also states the relative error that it sees, and fails if it does not: an error of that
/// size is found in half of all runs at least, of one and a half times that size in 99 % of them.
pub(crate) struct Agreement<'a> {
    results: &'a Results,
    disagreements: Vec<String>,
}

impl<'a> Agreement<'a> {
    /// Of these results.
    pub(crate) fn of(results: &'a Results) -> Self {
        println!("{} (seed {})", results.scenario.name, results.scenario.seed);
        Self { results, disagreements: Vec::new() }
    }

    /// Checks one figure. `sees` is the relative error that must be visible.
    pub(crate) fn check(mut self, path: &str, theory: f64, sees: f64) -> Self {
        let figure = figure(self.results, path);
        let estimate = value(self.results, path);
        let (low, high) = figure.interval().unwrap_or_else(|| panic!("`{path}` has no interval"));
        let half = (high - estimate).max(estimate - low);
        let freedom = f64::from(figure.replications) - 1.0;
        let t = StudentsT::new(0.0, 1.0, freedom).expect("degrees of freedom");
        let error = half / t.inverse_cdf(0.975);
        let limit = t.inverse_cdf(1.0 - FALSE_ALARM / 2.0);
        let z = (estimate - theory) / error;
        let visible = limit * error / theory.abs();
        println!(
            "  {path:<48} theory {theory:10.5}  simulated {estimate:10.5}  z {z:6.2} (limit {limit:.2})  sees {:5.2} %",
            100.0 * visible
        );
        // Written so that a z that is not a number disagrees.
        let (agrees, is_seen) = (z.abs() <= limit, visible <= sees);
        if !agrees {
            self.disagreements
                .push(format!("`{path}` is {estimate}, theory says {theory}: z = {z:.2}, limit {limit:.2}"));
        }
        if !is_seen {
            self.disagreements.push(format!("`{path}` sees a relative error of {visible:.4}, not of {sees}"));
        }
        self
    }

    /// Fails with everything that disagreed.
    pub(crate) fn conclude(self) {
        assert!(self.disagreements.is_empty(), "{}", self.disagreements.join("\n"));
    }
}
