//! A voyage that storms hold up: a compound Poisson sum.
//!
//! Storms begin at a rate per hour of running, and stop the running clock while they last. Their number is Poisson with mean `rate
//! running`: mean `running (1 + r E L)`, variance `running r E L^2`.

use super::moments::Moments;

/// Returns the mean length of the voyage.
pub fn mean(running: f64, rate: f64, length: Moments) -> f64 {
    running * (1.0 + rate * length.mean)
}

/// Returns the standard deviation of the length of the voyage.
pub fn sd(running: f64, rate: f64, length: Moments) -> f64 {
    (running * rate * length.second).sqrt()
}

/// Returns the probability of meeting no storm.
pub fn calm(running: f64, rate: f64) -> f64 {
    libm::exp(-rate * running)
}
