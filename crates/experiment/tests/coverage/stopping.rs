//! Precision on request: what the intervals still cover when the data themselves say when to stop.

use sanda_core::kernel::random::Stream;
use sanda_experiment::estimate::{Confidence, Next, Precision, Reached, Target, mean_t};

use super::processes::*;
use super::{Coverage, FEWER};

/// Feeds the rule with means until it stops.
fn until_precise(gamma: f64, n_each: u32, s: &mut Stream) -> Vec<f64> {
    let mut rule = Precision::new(vec![Target::Relative(gamma)], 10_000);
    let mut values = Vec::new();
    let mut wanted = 10;
    loop {
        values.extend(
            (0..wanted).map(|_| (0..n_each).map(|_| exponential(s)).sum::<f64>() / f64::from(n_each)),
        );
        let estimate = mean_t(&values, Confidence::P95);
        let figure = Reached { value: estimate.value, half_width: estimate.half_width() };
        match rule.feed(values.len() as u64, &[figure]) {
            Next::Go(more) => wanted = more,
            Next::Enough(_) | Next::NotReached { .. } => return values,
        }
    }
}

#[test]
fn intervals_after_stopping() {
    for (gamma, n_each) in [(0.1, 10), (0.05, 10), (0.1, 2)] {
        let name = format!("mean of {n_each} exponentials, stopped at a relative error of {gamma}");
        Coverage::of(&name, 1.0, FEWER / 2, |s| mean_t(&until_precise(gamma, n_each, s), Confidence::P95))
            .at_least(0.91);
    }
}
