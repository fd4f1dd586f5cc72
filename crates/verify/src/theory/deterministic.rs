//! Constant service: M/D/1 and M/D/c, with the exact law of the wait.

use super::bulk::Departures;
use super::numeric::{integral, poisson, quantile};

/// Several servers with a constant service time, Poisson arrivals, first come first served.
///
/// Within one service time all jobs in service leave. The number waiting at instants one service apart therefore follows the chain
/// `max(waiting + arrivals - c, 0)` (C. D. Crommelin, "Delay probability formulae when the holding times are constant", The Post Office
/// Electrical Engineers' Journal 25, 1932), which is that of scheduled departures.
#[derive(Clone, Debug)]
pub struct Constant {
    servers: usize,
    arrival: f64,
    time: f64,
    /// Probabilities of at most n waiting.
    at_most: Vec<f64>,
    waiting: f64,
}

impl Constant {
    /// Solves for the number waiting.
    pub fn new(servers: usize, arrival: f64, time: f64) -> Self {
        let chain = Departures::fixed(time, arrival, servers);
        let mut at_most = Vec::new();
        let mut sum = 0.0;
        for share in chain.left() {
            sum += share;
            at_most.push(sum);
        }
        Self { servers, arrival, time, at_most, waiting: chain.left_mean() }
    }

    /// Returns the mean number waiting.
    pub fn queue(&self) -> f64 {
        self.waiting
    }

    /// Returns the mean wait, by Little's law.
    pub fn wait(&self) -> f64 {
        self.waiting / self.arrival
    }

    /// Returns `P(W <= t)`.
    ///
    /// With `k` such that `(k - 1) D <= t < k D` and `u = k D - t`, a present arrival has begun by `t` under one condition. The jobs that
    /// waited `u` ago and the arrivals since are fewer than the `k c` that begin in between: `exp(-lambda u) sum_(j < k c) (lambda u)^j /
    /// j! P(waiting <= k c - 1 - j)` (G. J. Franx, "A simple solution for the M/D/c waiting time distribution", Operations Research Letters
    /// 29, 2001). No term is negative.
    pub fn wait_cdf(&self, time: f64) -> f64 {
        let k = (time / self.time).floor() + 1.0;
        let since = poisson(self.arrival * (k * self.time - time));
        let begin = k as usize * self.servers;
        let fits = |come: usize| begin.checked_sub(1 + come).map(|n| *self.at_most.get(n).unwrap_or(&1.0));
        since.iter().enumerate().filter_map(|(come, share)| Some(share * fits(come)?)).sum()
    }

    /// Returns the share that does not wait.
    pub fn no_wait(&self) -> f64 {
        self.wait_cdf(0.0)
    }

    /// Returns the quantile of the wait.
    pub fn wait_quantile(&self, share: f64) -> f64 {
        quantile(share, |time| self.wait_cdf(time))
    }

    /// Returns the standard deviation of the wait: `E W^2` is the integral of `2 t P(W > t)`, which is smooth between multiples of the
    /// service.
    pub fn wait_sd(&self) -> f64 {
        let mut square = 0.0;
        for k in 0..10_000 {
            let from = f64::from(k) * self.time;
            let part = integral(from, from + self.time, 4, |time| 2.0 * time * (1.0 - self.wait_cdf(time)));
            square += part;
            if part < 1e-13 * square {
                break;
            }
        }
        (square - self.wait() * self.wait()).sqrt()
    }
}

/// Returns `P(W <= t)` of M/D/1 by Erlang's alternating sum, `(1 - rho) sum_k (lambda (k D - t))^k / k! exp(-lambda (k D - t))` over `k <=
/// t / D`. Its digits cancel when `t` is many services.
pub fn single_wait_cdf(arrival: f64, service: f64, time: f64) -> f64 {
    let mut sum = 0.0;
    for k in 0..=(time / service).floor() as u32 {
        let x = arrival * (f64::from(k) * service - time);
        let power = (1..=k).fold(1.0, |power, n| power * x / f64::from(n));
        sum += power * libm::exp(-x);
    }
    (1.0 - arrival * service) * sum
}
