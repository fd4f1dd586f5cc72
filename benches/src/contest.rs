//! Programs that do the same work, measured in turn, and the cost of one as a multiple of another.
//!
//! On a busy machine, seconds say little, but two programs that ran in succession were disturbed alike. Each round therefore runs all
//! programs, beginning with a different one each time. A ratio is taken within each round. The report states the median of the ratios with
//! their quartiles. Does not own the programs.

use std::fmt;
use std::hint::black_box;
use std::time::Instant;

use crate::twin;
use crate::workload::{self, SEED};
use crate::yardstick;

/// A contestant: a program that does the work of a round and returns its amount (shipments, customers).
pub struct Contestant<'a> {
    /// Its name in tables.
    pub name: &'static str,
    /// Does the work of the round with that number and returns its amount.
    pub run: Box<dyn FnMut(u64) -> u64 + 'a>,
}

impl<'a> Contestant<'a> {
    /// Creates a contestant from a name and a program.
    pub fn new(name: &'static str, run: impl FnMut(u64) -> u64 + 'a) -> Self {
        Self { name, run: Box::new(run) }
    }
}

/// Median and quartiles.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// The lower quartile.
    pub low: f64,
    /// The median.
    pub median: f64,
    /// The upper quartile.
    pub high: f64,
}

impl Spread {
    /// Computes the spread of at least one number.
    fn of(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        let at = |share: f64| values[((values.len() - 1) as f64 * share).round() as usize];
        Self { low: at(0.25), median: at(0.5), high: at(0.75) }
    }
}

/// The outcome of a contest.
#[derive(Debug, Clone)]
pub struct Measured {
    /// The work, for the heading.
    pub work: &'static str,
    /// The name of one unit of work.
    pub unit: &'static str,
    names: Vec<&'static str>,
    /// Nanoseconds per unit, by contestant and round.
    costs: Vec<Vec<f64>>,
}

impl Measured {
    /// Returns the nanoseconds per unit of a contestant.
    pub fn cost(&self, contestant: usize) -> Spread {
        Spread::of(self.costs[contestant].clone())
    }

    /// Returns the cost of the first contestant, the engine, as a multiple of another.
    pub fn ratio_to(&self, contestant: usize) -> Spread {
        let rounds = self.costs[0].iter().zip(&self.costs[contestant]);
        Spread::of(rounds.map(|(engine, other)| engine / other).collect())
    }

    /// Returns the ratios by their names, such as `engine/twin`.
    pub fn ratios(&self) -> impl Iterator<Item = (String, Spread)> {
        (1..self.names.len())
            .map(|other| (format!("{}/{}", self.names[0], self.names[other]), self.ratio_to(other)))
    }
}

impl fmt::Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let n_rounds = self.costs.first().map_or(0, Vec::len);
        writeln!(f, "{}, {n_rounds} rounds in turn, medians (quartiles):", self.work)?;
        for (place, name) in self.names.iter().enumerate() {
            let cost = self.cost(place);
            writeln!(
                f,
                "  {name:<28} {:7.1} ns a {} ({:.1} to {:.1})",
                cost.median, self.unit, cost.low, cost.high
            )?;
        }
        for (name, ratio) in self.ratios() {
            writeln!(f, "  {name:<28} {:7.3} ({:.3} to {:.3})", ratio.median, ratio.low, ratio.high)?;
        }
        Ok(())
    }
}

/// Returns whether a bench should end with a contest: only when it measures, not when it lists or tests its functions.
pub fn is_asked_for() -> bool {
    let has = |flag: &str| std::env::args().any(|argument| argument == flag);
    has("--bench") && !has("--test") && !has("--list")
}

/// Runs the contestants in turn. A warm-up round is not counted.
///
/// # Panics
///
/// If a contestant did no work, or there are no rounds.
pub fn measure(
    work: &'static str,
    unit: &'static str,
    n_rounds: u64,
    mut contestants: Vec<Contestant<'_>>,
) -> Measured {
    let n = contestants.len();
    let mut costs = vec![Vec::new(); n];
    for round in 0..=n_rounds {
        for turn in 0..n {
            let place = (turn + round as usize) % n;
            let begin = Instant::now();
            let n_units = black_box((contestants[place].run)(black_box(round)));
            let nanoseconds = begin.elapsed().as_nanos();
            assert!(n_units > 0, "{} did nothing", contestants[place].name);
            if round > 0 {
                costs[place].push(nanoseconds as f64 / n_units as f64);
            }
        }
    }
    Measured { work, unit, names: contestants.iter().map(|contestant| contestant.name).collect(), costs }
}

/// Measures a year of the rail corridor: engine, twin, yardstick with its percentiles, and the yardstick's event loop alone.
pub fn corridor(n_rounds: u64) -> Measured {
    let model = workload::model("rail-corridor", &[]);
    let mut times: Vec<f32> = Vec::new();
    let mut bare: Vec<f32> = Vec::new();
    let contestants = vec![
        Contestant::new("engine", |round| {
            let outcome = workload::engine(&model, round);
            black_box(workload::percentiles(&outcome));
            outcome.shipments
        }),
        Contestant::new("twin", |round| {
            let outcome = twin::corridor::run(SEED, round, twin::corridor::YEAR);
            black_box(outcome.percentiles());
            outcome.flow.released
        }),
        Contestant::new("yardstick", |round| {
            times.clear();
            yardstick::corridor::run(round, 8760.0, &mut times);
            black_box(yardstick::percentiles(&mut times));
            times.len() as u64
        }),
        Contestant::new("yardstick's loop", |round| {
            bare.clear();
            yardstick::corridor::run(round, 8760.0, &mut bare);
            bare.len() as u64
        }),
    ];
    measure("rail corridor, one year", "shipment", n_rounds, contestants)
}

/// Measures a million customers of one server at load 0.9, as for [`corridor`].
pub fn mm1(n_rounds: u64) -> Measured {
    let model = workload::model("mm1", &[]);
    let mut times: Vec<f32> = Vec::with_capacity(1_000_000);
    let mut bare: Vec<f32> = Vec::with_capacity(1_000_000);
    let contestants = vec![
        Contestant::new("engine", |round| {
            let outcome = workload::engine(&model, round);
            black_box(workload::percentiles(&outcome));
            outcome.shipments
        }),
        Contestant::new("twin", |round| {
            let outcome = twin::mm1::run(SEED, round, twin::mm1::WINDOW);
            black_box(outcome.percentiles());
            outcome.flow.released
        }),
        Contestant::new("yardstick", |round| {
            times.clear();
            yardstick::mm1::run(round, 1_000_000, &mut times);
            black_box(yardstick::percentiles(&mut times));
            times.len() as u64
        }),
        Contestant::new("yardstick's loop", |round| {
            bare.clear();
            yardstick::mm1::run(round, 1_000_000, &mut bare);
            bare.len() as u64
        }),
    ];
    measure("one server at load 0.9, a million customers", "customer", n_rounds, contestants)
}
