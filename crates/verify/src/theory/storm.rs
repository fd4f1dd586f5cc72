//! A voyage that storms hold up: a compound Poisson sum.
//!
//! Storms begin at a rate per hour of running; the running clock stands still meanwhile. Their number is Poisson with mean `rate
//! running`: mean `running (1 + r E L)`, variance `running r E L^2`.

use super::moments::Moments;

/// Mean length of the voyage.
pub fn mean(running: f64, rate: f64, length: Moments) -> f64 {
    running * (1.0 + rate * length.mean)
}

/// Its standard deviation.
pub fn sd(running: f64, rate: f64, length: Moments) -> f64 {
    (running * rate * length.second).sqrt()
}

/// Probability of meeting no storm.
pub fn calm(running: f64, rate: f64) -> f64 {
    libm::exp(-rate * running)
}
