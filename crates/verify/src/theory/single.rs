//! One server, Poisson arrivals, first come first served: exponential and general service, single and bulk arrivals.
//!
//! L. Kleinrock, Queueing Systems, volume 1: Theory, 1975, chapters 3 and 5.

use super::moments::Moments;
use super::numeric::{mean_count, quantile};

/// M/M/1: Poisson arrivals, one exponential server. Rates per hour.
#[derive(Clone, Copy, Debug)]
pub struct Exponential {
    /// Rate of arrival.
    pub arrival: f64,
    /// Rate of service.
    pub service: f64,
}

impl Exponential {
    /// Returns the load, `rho = lambda / mu`.
    pub fn load(&self) -> f64 {
        self.arrival / self.service
    }

    /// Returns the mean time in system, `1 / (mu - lambda)`. The time in system is exponential, so this is its standard deviation too.
    pub fn time(&self) -> f64 {
        1.0 / (self.service - self.arrival)
    }

    /// Returns the mean wait, `rho / (mu - lambda)`.
    pub fn wait(&self) -> f64 {
        self.load() * self.time()
    }

    /// Returns the standard deviation of the wait, `sqrt(rho (2 - rho)) / (mu - lambda)`.
    pub fn wait_sd(&self) -> f64 {
        (self.load() * (2.0 - self.load())).sqrt() * self.time()
    }

    /// Returns the quantile of the wait: `P(W > t) = rho exp(-(mu - lambda) t)`.
    pub fn wait_quantile(&self, share: f64) -> f64 {
        (libm::log(self.load() / (1.0 - share)) * self.time()).max(0.0)
    }

    /// Returns the quantile of the time in system: `P(T > t) = exp(-(mu - lambda) t)`.
    pub fn time_quantile(&self, share: f64) -> f64 {
        -libm::log1p(-share) * self.time()
    }

    /// Returns the mean number present, `rho / (1 - rho)`.
    pub fn present(&self) -> f64 {
        self.arrival * self.time()
    }

    /// Returns the standard deviation of the number present, which is geometric: `sqrt(rho) / (1 - rho)`.
    pub fn present_sd(&self) -> f64 {
        self.load().sqrt() / (1.0 - self.load())
    }

    /// Returns the quantile of the number present: `P(N > n) = rho^(n + 1)`.
    pub fn present_quantile(&self, share: f64) -> f64 {
        (libm::log1p(-share) / libm::log(self.load()) - 1.0).ceil().max(0.0)
    }
}

/// M/G/1, and with batches M^X/G/1.
#[derive(Clone, Debug)]
pub struct General {
    /// Rate of arrival of batches.
    pub arrival: f64,
    /// Law of service.
    pub service: Moments,
    /// Probabilities of a batch of n, from 0 on; `[0, 1]` for single arrivals.
    pub batch: Vec<f64>,
}

impl General {
    /// Creates a queue with single arrivals.
    pub fn single(arrival: f64, service: Moments) -> Self {
        Self { arrival, service, batch: vec![0.0, 1.0] }
    }

    /// Returns the mean size of a batch.
    pub fn batch_mean(&self) -> f64 {
        mean_count(&self.batch)
    }

    /// Returns `E X (X - 1)` of the size of a batch.
    fn batch_pairs(&self) -> f64 {
        self.batch.iter().enumerate().map(|(n, share)| n as f64 * (n as f64 - 1.0) * share).sum()
    }

    /// Returns the load.
    pub fn load(&self) -> f64 {
        self.arrival * self.batch_mean() * self.service.mean
    }

    /// Returns the mean wait of a customer: that of the first of a batch by the formula of Pollaczek and Khinchine for batches as
    /// customers, and the work of those before it in its own batch.
    ///
    /// `lambda E(B^2) / (2 (1 - rho)) + E(X (X - 1)) E(S) / (2 E X)`, where `B` is the work of a batch and
    /// `E(B^2) = E(X) E(S^2) + E(X (X - 1)) E(S)^2` (M. L. Chaudhry and J. G. C. Templeton, A First Course in Bulk Queues, 1983).
    pub fn wait(&self) -> f64 {
        let work_square = self.batch_mean() * self.service.second
            + self.batch_pairs() * self.service.mean * self.service.mean;
        self.arrival * work_square / (2.0 * (1.0 - self.load()))
            + self.batch_pairs() * self.service.mean / (2.0 * self.batch_mean())
    }

    /// Returns the standard deviation of the wait, single arrivals: `E W^2 = 2 (E W)^2 + lambda E(S^3) / (3 (1 - rho))` (L. Takács, "A
    /// single-server queue with Poisson input", Operations Research 10, 1962).
    pub fn wait_sd(&self) -> f64 {
        let mean = self.wait();
        (mean * mean + self.arrival * self.service.third / (3.0 * (1.0 - self.load()))).sqrt()
    }

    /// Returns the share that does not wait: the first of a batch that finds the server idle, `(1 - rho) / E X`.
    pub fn no_wait(&self) -> f64 {
        (1.0 - self.load()) / self.batch_mean()
    }

    /// Returns the mean time in system.
    pub fn time(&self) -> f64 {
        self.wait() + self.service.mean
    }

    /// Returns the mean number present, by Little's law.
    pub fn present(&self) -> f64 {
        self.arrival * self.batch_mean() * self.time()
    }
}

/// M/H2/1: service is exponential with one of two means, by chance. The wait is zero or a mixture of two exponentials.
///
/// The transform of the wait, `(1 - rho) s / (s - lambda + lambda B(s))` with `B` that of the service, has two poles `-r`: with rates
/// `m1`, `m2` they solve `s^2 + (m1 + m2 - lambda) s + m1 m2 - lambda (m1 + m2) + lambda (p1 m1 + p2 m2) = 0`.
#[derive(Clone, Copy, Debug)]
pub struct Hyperexponential {
    /// Rate of arrival.
    pub arrival: f64,
    /// Share and mean of each kind of service.
    pub kinds: [(f64, f64); 2],
}

impl Hyperexponential {
    /// Returns the moments of the service.
    pub fn service(&self) -> Moments {
        Moments::mixture(&self.kinds.map(|(share, mean)| (share, Moments::exponential(mean))))
    }

    /// Returns `P(W > t)`.
    pub fn wait_tail(&self, time: f64) -> f64 {
        let [(p1, s1), (p2, s2)] = self.kinds;
        let (m1, m2, lambda) = (1.0 / s1, 1.0 / s2, self.arrival);
        let b = m1 + m2 - lambda;
        let c = m1 * m2 - lambda * (p2 * m1 + p1 * m2);
        let root = (b * b - 4.0 * c).sqrt();
        let (r1, r2) = ((b - root) / 2.0, f64::midpoint(b, root));
        let load = lambda * (p1 * s1 + p2 * s2);
        // Residues of the transform at -r over r.
        let part = |r: f64, other: f64| (1.0 - load) * (m1 - r) * (m2 - r) / (r * (other - r));
        part(r1, r2) * libm::exp(-r1 * time) + part(r2, r1) * libm::exp(-r2 * time)
    }

    /// Returns the quantile of the wait.
    pub fn wait_quantile(&self, share: f64) -> f64 {
        quantile(share, |time| 1.0 - self.wait_tail(time))
    }
}
