//! The bare programs against the engine: the same model, as far as percentiles of the time from door to door tell.
//!
//! Both are random and share no draw. Seeds are fixed, so that a test passes always or never; with others, one of the fifteen tolerances would be
//! exceeded by chance once in a hundred thousand runs: each is five standard errors of the difference, from 20 to 40 replications of both. A
//! cut-off left out (two hours) is four of the tolerances of a network's median.

use sanda_benches::workload::{Network, SHARES, Shape, engine, load_text, model};
use sanda_benches::yardstick;
use sanda_core::freight::model::Model;
use sanda_core::kernel::tally::PooledTally;

/// Milliseconds.
const HOUR: f64 = 3_600_000.0;

/// Percentiles over all flows and so many replications, in hours.
fn by_engine(model: &Model, n_replications: u64) -> [f64; 3] {
    let mut pooled = PooledTally::new();
    for replication in 0..n_replications {
        for flow in &engine(model, replication).flows {
            pooled.merge(&flow.clocks[0]);
        }
    }
    SHARES.map(|share| pooled.histogram().quantile(share) as f64 / HOUR)
}

fn check(name: &str, engine: [f64; 3], mut times: Vec<f32>, tolerances: [f64; 3]) {
    let by_hand = yardstick::percentiles(&mut times).map(f64::from);
    for ((engine, by_hand), tolerance) in engine.into_iter().zip(by_hand).zip(tolerances) {
        let difference = (engine - by_hand).abs();
        assert!(difference < tolerance, "{name}: {engine} by the engine and {by_hand} by hand");
    }
}

#[test]
fn corridor() {
    let mut times = Vec::new();
    for seed in 0..8 {
        yardstick::corridor::run(seed, 8760.0, &mut times);
    }
    let engine = by_engine(&model("rail-corridor", &[]), 8);
    check("corridor", engine, times, [2.5, 4.6, 8.0]);
}

#[test]
fn mm1() {
    let mut times = Vec::new();
    for seed in 0..4 {
        yardstick::mm1::run(seed, 1_000_000, &mut times);
    }
    let engine = by_engine(&model("mm1", &[]), 4);
    check("mm1", engine, times, [0.37, 2.5, 5.7]);
}

#[test]
fn networks() {
    for shape in [Shape::Lanes, Shape::Star, Shape::Pairs] {
        let network = Network::new(shape, 10);
        let mut times = Vec::new();
        for seed in 0..4 {
            yardstick::network::run(&network, seed, 10_000.0, &mut times);
        }
        let engine = by_engine(&load_text(&network.scenario(10_000)), 4);
        check(&format!("{shape:?}"), engine, times, [0.46, 0.8, 1.4]);
    }
}
