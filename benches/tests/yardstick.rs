//! The bare programs against the engine: the same model, as far as percentiles of the time from door to door tell.
//!
//! Both are random and share no draw. Seeds are fixed, so that a test always passes or always fails. Each tolerance is five standard errors
//! of the difference, from 20 to 40 replications of both. With other seeds, one of the fifteen would be exceeded by chance once in a
//! hundred thousand runs. An omitted cut-off (two hours) is four of the tolerances of a network's median.

use sanda_benches::workload::{Network, SHARES, Shape, engine, load_text, model};
use sanda_benches::yardstick;
use sanda_core::kernel::tally::PooledTally;
use sanda_core::model::Model;

/// Milliseconds.
const HOUR: f64 = 3_600_000.0;

/// Returns percentiles over all flows and `n_replications` replications, in hours.
fn by_engine(model: &Model, n_replications: u64) -> [f64; 3] {
    let mut pooled = PooledTally::new();
    for replication in 0..n_replications {
        for flow in &engine(model, replication).flows {
            pooled.merge(&flow.clocks[0]);
        }
    }
    SHARES.map(|share| pooled.histogram().quantile(share) as f64 / HOUR)
}

/// Compares `n_replications` replications of the engine with as many runs by hand, which add their times in hours.
fn check(
    name: &str,
    model: &Model,
    n_replications: u64,
    by_hand: impl Fn(u64, &mut Vec<f32>),
    tolerances: [f64; 3],
) {
    let mut times = Vec::new();
    for seed in 0..n_replications {
        by_hand(seed, &mut times);
    }
    let by_hand = yardstick::percentiles(&mut times).map(f64::from);
    for ((engine, by_hand), tolerance) in
        by_engine(model, n_replications).into_iter().zip(by_hand).zip(tolerances)
    {
        let difference = (engine - by_hand).abs();
        assert!(difference < tolerance, "{name}: {engine} by the engine and {by_hand} by hand");
    }
}

#[test]
fn corridor() {
    let by_hand = |seed, times: &mut Vec<f32>| {
        yardstick::corridor::run(seed, 8760.0, times);
    };
    check("corridor", &model("rail-corridor", &[]), 8, by_hand, [2.5, 4.6, 8.0]);
}

#[test]
fn mm1() {
    let by_hand = |seed, times: &mut Vec<f32>| yardstick::mm1::run(seed, 1_000_000, times);
    check("mm1", &model("mm1", &[]), 4, by_hand, [0.37, 2.5, 5.7]);
}

#[test]
fn networks() {
    for shape in [Shape::Lanes, Shape::Star, Shape::Pairs] {
        let network = Network::new(shape, 10);
        let by_hand = |seed, times: &mut Vec<f32>| yardstick::network::run(&network, seed, 10_000.0, times);
        let model = load_text(&network.scenario(10_000));
        check(&format!("{shape:?}"), &model, 4, by_hand, [0.46, 0.8, 1.4]);
    }
}
