//! Networks of exponential queues.
//!
//! J. R. Jackson, "Networks of waiting lines", Operations Research 5, 1957: with Poisson arrivals from outside, each station behaves as if
//! alone, at its total rate of arrival. In a line of single servers the times in them are independent (E. Reich, "Waiting times when queues
//! are in tandem", Annals of Mathematical Statistics 28, 1957).

use super::numeric::quantile;
use super::single::Exponential;

/// Returns the quantile of the sum of two independent exponential times with these different means.
pub fn sum_quantile(first: f64, second: f64, share: f64) -> f64 {
    let tail = |time: f64| {
        (first * libm::exp(-time / first) - second * libm::exp(-time / second)) / (first - second)
    };
    quantile(share, |time| 1.0 - tail(time))
}

/// A single server to which a job returns with probability `again`. It behaves as a station at the rate `lambda / (1 - p)`, though its own
/// arrivals are not Poisson.
#[derive(Clone, Copy, Debug)]
pub struct Feedback {
    /// Rate of arrival from outside.
    pub arrival: f64,
    /// Rate of service.
    pub service: f64,
    /// Probability of another pass.
    pub again: f64,
}

impl Feedback {
    /// Returns the station at its total rate.
    pub fn station(&self) -> Exponential {
        Exponential { arrival: self.arrival / (1.0 - self.again), service: self.service }
    }

    /// Returns the mean time over all passes, by Little's law.
    pub fn time(&self) -> f64 {
        self.station().present() / self.arrival
    }

    /// Returns the mean wait of one pass: by Little's law that of the station.
    pub fn wait_of_pass(&self) -> f64 {
        self.station().wait()
    }
}
