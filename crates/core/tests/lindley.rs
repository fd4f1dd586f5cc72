//! One FIFO server against Lindley's recursion, event for event and to the millisecond; several servers against the
//! recursion of Kiefer and Wolfowitz (each customer takes the server that is free first).
//!
//! Does not own what holds on average: `sanda_experiment` and `sanda_verify` hold that against theory.

mod worlds;

use sanda_core::kernel::law::Law;
use worlds::{HOUR, one_station, watch_by};

fn check(servers: usize, gap: Law, time: Law) {
    let model = one_station(servers as u32, gap, time, 5_000);
    let (outcome, log) = watch_by(&model, 7);
    let starts = &log.starts;
    assert!(starts.len() > 3_000, "only {} customers", starts.len());
    let mut free_at = vec![0_i64; servers];
    let mut total_wait = 0_i128;
    for start in starts {
        let next = (0..servers).min_by_key(|&server| free_at[server]).expect("a server");
        let expected = start.requested_at.max(free_at[next]);
        assert_eq!(start.started_at, expected, "customer {}", start.number);
        free_at[next] = expected + start.work;
        total_wait += i128::from(expected - start.requested_at);
    }
    let record = outcome.resources.iter().next().expect("a resource");
    assert_eq!(record.wait.sum(), total_wait, "the tally holds what the recursion says");
    assert_eq!(record.wait.count(), starts.len() as u64);
}

#[test]
fn one_server_follows_lindley() {
    let exponential = |mean: f64| Law::exponential(mean * HOUR).expect("a law");
    check(1, exponential(1.0), exponential(0.9));
    check(1, exponential(1.0), Law::log_normal_mean_cv(0.8 * HOUR, 1.5).expect("a law"));
    check(1, Law::gamma_mean_cv(HOUR, 0.5).expect("a law"), Law::uniform(0.0, 1.8 * HOUR).expect("a law"));
    check(1, Law::constant(HOUR).expect("a law"), exponential(0.9));
}

#[test]
fn several_servers_follow_kiefer_and_wolfowitz() {
    let exponential = |mean: f64| Law::exponential(mean * HOUR).expect("a law");
    check(3, exponential(1.0), exponential(2.7));
    check(2, exponential(1.0), Law::log_normal_mean_cv(1.8 * HOUR, 1.0).expect("a law"));
}
