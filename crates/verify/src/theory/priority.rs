//! Priority classes, the first the most urgent, first come first served within each.
//!
//! A. Cobham, "Priority assignment in waiting line problems", Operations Research 2, 1954 (not preemptive, one server of any law and
//! several exponential ones); preemptive-resume: L. Kleinrock, Queueing Systems, volume 2, 1976, chapter 3.

use super::erlang::{Servers, delay};
use super::moments::Moments;

/// A class: its rate of arrival and its law of service.
#[derive(Clone, Copy, Debug)]
pub struct Class {
    /// Rate of arrival.
    pub arrival: f64,
    /// Law of service.
    pub service: Moments,
}

/// Returns the load of the classes up to and including the `k`-th, counted from 1; of none for 0.
fn load_to(classes: &[Class], k: usize) -> f64 {
    classes[..k].iter().map(|class| class.arrival * class.service.mean).sum()
}

/// Returns the mean work left in service: `sum lambda E(S^2) / 2` over the classes up to the `k`-th.
fn left_in_service(classes: &[Class], k: usize) -> f64 {
    classes[..k].iter().map(|class| class.arrival * class.service.second / 2.0).sum()
}

/// Returns the mean wait of the `k`-th class (from 0) at one server without preemption: `R / ((1 - s_(k-1)) (1 - s_k))` with `R` the work
/// left in service over all classes and `s_k` the load of the classes to `k`.
pub fn wait(classes: &[Class], k: usize) -> f64 {
    let left = left_in_service(classes, classes.len());
    left / ((1.0 - load_to(classes, k)) * (1.0 - load_to(classes, k + 1)))
}

/// Returns the mean wait of the `k`-th class (from 0) at `servers` exponential servers of one rate without preemption: `C / (c mu) / ((1 -
/// s_(k-1)) (1 - s_k))` with `C` the probability that all are busy.
pub fn wait_at_servers(servers: u32, service: f64, arrivals: &[f64], k: usize) -> f64 {
    let all_rates = f64::from(servers) * service;
    let load = |k: usize| arrivals[..k].iter().sum::<f64>() / all_rates;
    let busy = delay(servers, arrivals.iter().sum::<f64>() / service);
    busy / all_rates / ((1.0 - load(k)) * (1.0 - load(k + 1)))
}

/// Returns the mean wait of the `k`-th class (from 0) until it begins, for preemptive-resume at one server: `R_k / ((1 - s_(k-1)) (1 -
/// s_k))` with `R_k` the work left in service over the classes to `k`. The other classes do not affect it.
pub fn preemptive_wait(classes: &[Class], k: usize) -> f64 {
    left_in_service(classes, k + 1) / ((1.0 - load_to(classes, k)) * (1.0 - load_to(classes, k + 1)))
}

/// Returns the mean time in system of the `k`-th class (from 0), for preemptive-resume at one server: the wait until it begins, and `E S /
/// (1 - s_(k-1))` from there, interruptions included.
pub fn preemptive_time(classes: &[Class], k: usize) -> f64 {
    preemptive_wait(classes, k) + classes[k].service.mean / (1.0 - load_to(classes, k))
}

/// Returns the mean time in system of the `k`-th class (from 0), for preemptive-resume at `servers` exponential servers of one rate for all
/// classes.
///
/// The classes to `k` together are M/M/c whatever their order, so `lambda_k T_k = L(lambda_1 + ... + lambda_k) - L(lambda_1 + ... +
/// lambda_(k-1))` by Little's law.
pub fn preemptive_time_at_servers(servers: u32, service: f64, arrivals: &[f64], k: usize) -> f64 {
    let present = |k: usize| {
        let arrival: f64 = arrivals[..k].iter().sum();
        if arrival > 0.0 { Servers { servers, arrival, service }.present() } else { 0.0 }
    };
    (present(k + 1) - present(k)) / arrivals[k]
}
