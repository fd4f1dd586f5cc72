//! Families of differences, the best of several, and their order, under common luck.

use sanda_core::kernel::random::Stream;
use sanda_experiment::estimate::{
    Confidence, Difference, Preference, compare_with_best, order_chance, paired_mean, simultaneous,
};

use super::processes::*;
use super::{FEWER, FEWEST, rate_of};

/// Replications of scenarios with these means, under common luck: a skewed common part, and skewed parts of their own.
fn scenarios(means: &[f64], n: usize, s: &mut Stream) -> Vec<Vec<f64>> {
    let mut values = vec![Vec::with_capacity(n); means.len()];
    for _ in 0..n {
        let common = exponential(s);
        for (values, mean) in values.iter_mut().zip(means) {
            let own: f64 = (0..5).map(|_| exponential(s) - 1.0).sum();
            values.push(mean + common + 0.3 * own);
        }
    }
    values
}

fn to_first(values: &[Vec<f64>]) -> Vec<Difference> {
    values[1..].iter().map(|one| paired_mean(&values[0], one, Confidence::P95)).collect()
}

#[test]
fn families() {
    for n in [10, 30] {
        let name = format!("no false proof among 5 equal scenarios (Holm), {n} replications");
        let rate = rate_of(&name, FEWER, |s| {
            let members = simultaneous(&to_first(&scenarios(&[0.0; 6], n, s)), Confidence::P95);
            members.iter().all(|member| !member.is_proven)
        });
        assert!((0.94..0.99).contains(&rate), "{name}: {rate}");
        let means = [0.0, 0.3, -0.2, 0.0, 1.0, 0.1];
        let name = format!("5 simultaneous intervals all cover, {n} replications");
        let rate = rate_of(&name, FEWER, |s| {
            let members = simultaneous(&to_first(&scenarios(&means, n, s)), Confidence::P95);
            let covers = |low: Option<f64>, high: Option<f64>, truth: f64| {
                low.is_some_and(|low| low <= truth) && high.is_some_and(|high| truth <= high)
            };
            members.iter().zip(&means[1..]).all(|(member, &truth)| covers(member.low, member.high, truth))
        });
        assert!((0.94..0.99).contains(&rate), "{name}: {rate}");
    }
}

#[test]
fn the_best_of_several() {
    let cases: [(&str, &[f64]); 3] = [
        ("apart", &[0.0, 0.2, 0.4, 0.6, 0.8]),
        ("two best", &[0.0, 0.3, 0.5, 1.0, 1.0]),
        ("all equal", &[0.5; 5]),
    ];
    for (case, means) in cases {
        for n in [10, 30] {
            for preference in [Preference::Higher, Preference::Lower] {
                let name =
                    format!("with the best, {case}, {preference:?}, all intervals cover, {n} replications");
                let rate = rate_of(&name, FEWER / 2, |s| {
                    let values = scenarios(means, n, s);
                    let difference =
                        |i: usize, j: usize| paired_mean(&values[j], &values[i], Confidence::P95);
                    let found = compare_with_best(means.len(), difference, preference, Confidence::P95);
                    let best_other = |i: usize| {
                        let others = means.iter().enumerate().filter(|&(j, _)| j != i).map(|(_, &mean)| mean);
                        match preference {
                            Preference::Higher => others.fold(f64::NEG_INFINITY, f64::max),
                            Preference::Lower => others.fold(f64::INFINITY, f64::min),
                        }
                    };
                    let gap = |i: usize| means[i] - best_other(i);
                    let is_best = |i: usize| match preference {
                        Preference::Higher => gap(i) >= 0.0,
                        Preference::Lower => gap(i) <= 0.0,
                    };
                    found.iter().enumerate().all(|(i, one)| one.low <= gap(i) && gap(i) <= one.high)
                        && found.iter().enumerate().any(|(i, one)| one.may_be_best && is_best(i))
                });
                assert!(rate >= 0.94, "{name}: {rate}");
            }
        }
    }
}

/// Where the true means come from a wide prior, the orders are right as often as the chances of them say.
#[test]
fn the_chance_of_an_order_is_calibrated() {
    let said = std::cell::Cell::new(0.0);
    let right = rate_of("right orders of three scenarios, 10 replications", FEWEST / 2, |s| {
        let means: Vec<f64> = (0..3).map(|_| 1.5 * normal(s)).collect();
        let order = order_chance(&scenarios(&means, 10, s), Preference::Higher).expect("replications");
        said.set(said.get() + order.chance);
        order.ranking.windows(2).all(|pair| means[pair[0]] >= means[pair[1]])
    });
    let said = said.get() / (FEWEST / 2) as f64;
    println!("    said were {:.2} %", 100.0 * said);
    // Standard error 1.3 %.
    assert!((right - said).abs() < 0.04, "{right} {said}");
}
