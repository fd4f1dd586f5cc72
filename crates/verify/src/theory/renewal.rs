//! One exponential server whose arrivals are a renewal process: GI/M/1.
//!
//! With `A` the transform of the law of gaps, `sigma` solves `sigma = A(mu (1 - sigma))`; then `P(W > t) = sigma exp(-mu (1 - sigma)
//! t)` (L. Kleinrock, Queueing Systems, volume 1, 1975, chapter 6).

use super::numeric::root_of_rising;

/// The law of the gaps between arrivals.
#[derive(Clone, Copy, Debug)]
pub enum Gap {
    /// Constant gaps.
    Constant(f64),
    /// The sum of a number of exponential parts, with this mean of the whole.
    Erlang(u32, f64),
    /// Uniform between two bounds.
    Uniform(f64, f64),
    /// Exponential with the first mean for this share of the gaps, else with the second.
    Hyperexponential(f64, f64, f64),
}

impl Gap {
    /// Returns the transform, `E exp(-s G)`.
    pub fn transform(&self, s: f64) -> f64 {
        match *self {
            Self::Constant(gap) => libm::exp(-s * gap),
            Self::Erlang(shape, mean) => {
                let shape = f64::from(shape);
                libm::pow(shape / (shape + s * mean), shape)
            }
            Self::Uniform(a, b) => (libm::exp(-s * a) - libm::exp(-s * b)) / (s * (b - a)),
            Self::Hyperexponential(share, first, second) => {
                share / (1.0 + s * first) + (1.0 - share) / (1.0 + s * second)
            }
        }
    }

    /// Returns the mean.
    pub fn mean(&self) -> f64 {
        match *self {
            Self::Constant(mean) | Self::Erlang(_, mean) => mean,
            Self::Uniform(a, b) => f64::midpoint(a, b),
            Self::Hyperexponential(share, first, second) => share * first + (1.0 - share) * second,
        }
    }
}

/// GI/M/1.
#[derive(Clone, Copy, Debug)]
pub struct Renewal {
    /// Rate of service.
    pub service: f64,
    /// Probability that an arrival finds the server busy.
    pub sigma: f64,
    /// Load.
    pub load: f64,
}

impl Renewal {
    /// Solves for `sigma`, the root below one of `A(mu (1 - x)) - x`.
    pub fn new(gap: Gap, service: f64) -> Self {
        // The convex function is positive at 0, negative between the root and 1.
        let sigma = root_of_rising(0.0, 1.0 - 1e-9, |x| x - gap.transform(service * (1.0 - x)));
        Self { service, sigma, load: 1.0 / (gap.mean() * service) }
    }

    /// Returns the rate of the wait of jobs that wait, which is exponential.
    fn rate(&self) -> f64 {
        self.service * (1.0 - self.sigma)
    }

    /// Returns the mean wait.
    pub fn wait(&self) -> f64 {
        self.sigma / self.rate()
    }

    /// Returns the standard deviation of the wait.
    pub fn wait_sd(&self) -> f64 {
        (self.sigma * (2.0 - self.sigma)).sqrt() / self.rate()
    }

    /// Returns the quantile of the wait.
    pub fn wait_quantile(&self, share: f64) -> f64 {
        (libm::log(self.sigma / (1.0 - share)) / self.rate()).max(0.0)
    }

    /// Returns the mean number present over time, by Little's law.
    pub fn present(&self) -> f64 {
        self.load / (1.0 - self.sigma)
    }

    /// Returns the quantile of the time in system, which is exponential.
    pub fn time_quantile(&self, share: f64) -> f64 {
        -libm::log1p(-share) / self.rate()
    }
}
