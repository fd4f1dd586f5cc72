//! A feeder of uncertain length before a departure that has a cut-off.
//!
//! Elementary. With ready times `R` after a fixed start and departures at `first`, `first + period`, ..., each with a cut-off, the shipment
//! boards the first whose cut-off is not before `R`. Missed connections turn hours into whole periods.

use super::numeric::normal_cdf;

/// A lognormal feeder, and regular departures with room for all.
#[derive(Clone, Copy, Debug)]
pub struct Connection {
    /// Median of the feeder.
    pub median: f64,
    /// Its coefficient of variation.
    pub cv: f64,
    /// Time of the first departure after the start of the feeder; later than the cut-off.
    pub first: f64,
    /// Time between departures.
    pub period: f64,
    /// Time before a departure by which a shipment must be ready.
    pub cutoff: f64,
}

impl Connection {
    /// Returns the probability that the feeder takes at most `time`: `ln R` is normal with variance `ln(1 + cv^2)`.
    fn ready_by(&self, time: f64) -> f64 {
        let sigma = libm::log1p(self.cv * self.cv).sqrt();
        normal_cdf(libm::log(time / self.median) / sigma)
    }

    /// Returns the probability of leaving by the departure of this number, from 0 on.
    pub fn leaves_by(&self, number: u32) -> f64 {
        self.ready_by(self.first + f64::from(number) * self.period - self.cutoff)
    }

    /// Returns the mean time from the start of the feeder to departure.
    pub fn departure(&self) -> f64 {
        let missed: f64 = (0..10_000).map(|number| 1.0 - self.leaves_by(number)).sum();
        self.first + self.period * missed
    }

    /// Returns the standard deviation of the time from the start of the feeder to departure.
    pub fn departure_sd(&self) -> f64 {
        let (mut mean, mut square) = (0.0, 0.0);
        for number in 0..10_000 {
            let misses = 1.0 - self.leaves_by(number);
            mean += misses;
            square += (2.0 * f64::from(number) + 1.0) * misses;
        }
        self.period * (square - mean * mean).sqrt()
    }

    /// Returns the mean of the feeder.
    pub fn feeder(&self) -> f64 {
        self.median * (1.0 + self.cv * self.cv).sqrt()
    }

    /// Returns the mean wait from ready to departure.
    pub fn wait(&self) -> f64 {
        self.departure() - self.feeder()
    }
}
