//! Vehicles that leave when full, or when the oldest shipment has waited long enough.
//!
//! Poisson arrivals at the rate `lambda`. A cycle begins with an arrival at an empty vehicle; it leaves with the `places - 1`-th after
//! it, or at the time limit. Everything is an integral over a cycle (regenerative: sums in a cycle over its number of shipments).

use super::numeric::{erlang_tail, integral, poisson, quantile};

/// Number of pieces of integrals over a cycle.
const N_PIECES: usize = 64;

/// A vehicle that leaves when full, or when its oldest shipment has waited for `longest`.
#[derive(Clone, Copy, Debug)]
pub struct WhenFull {
    /// Places, two or more.
    pub places: usize,
    /// Rate of arrival.
    pub arrival: f64,
    /// Longest wait of the oldest shipment; `None` for no limit.
    pub longest: Option<f64>,
}

impl WhenFull {
    /// Returns the time limit, or a time by which a vehicle is full for certain.
    fn limit(&self) -> f64 {
        let places = self.places as f64;
        self.longest.unwrap_or((places + 12.0 * places.sqrt() + 40.0) / self.arrival)
    }

    /// Returns the probability that fewer than `fewer_than` shipments followed the first one within a time: the vehicle still waits, the
    /// limit aside.
    fn still_there(&self, time: f64, fewer_than: usize) -> f64 {
        erlang_tail(fewer_than, self.arrival, time)
    }

    /// Returns the mean number aboard.
    pub fn load(&self) -> f64 {
        let more = poisson(self.arrival * self.limit());
        let full = self.places - 1;
        1.0 + more.iter().enumerate().map(|(n, share)| n.min(full) as f64 * share).sum::<f64>()
    }

    /// Returns the mean wait: the integral of the number waiting over a cycle, divided by the number aboard.
    pub fn wait(&self) -> f64 {
        let sum = integral(0.0, self.limit(), N_PIECES, |time| {
            let mut term = libm::exp(-self.arrival * time);
            let mut there = 0.0;
            for n in 0..self.places - 1 {
                there += (n + 1) as f64 * term;
                term *= self.arrival * time / (n + 1) as f64;
            }
            there
        });
        sum / self.load()
    }

    /// Returns the probability that a shipment waits longer than `time`: the expected number in a cycle that do, divided by the number
    /// aboard.
    pub fn wait_tail(&self, time: f64) -> f64 {
        let limit = self.limit();
        if time >= limit {
            return 0.0;
        }
        let first = self.still_there(time, self.places - 1);
        // A later arrival itself helps to fill the vehicle.
        let later = self.places.saturating_sub(2);
        let others =
            integral(0.0, limit - time, N_PIECES, |came| self.arrival * self.still_there(came + time, later));
        (first + others) / self.load()
    }

    /// Returns the quantile of the wait.
    pub fn wait_quantile(&self, share: f64) -> f64 {
        quantile(share, |time| 1.0 - self.wait_tail(time))
    }

    /// Returns the share of vehicles that leave full.
    pub fn full_share(&self) -> f64 {
        1.0 - self.still_there(self.limit(), self.places - 1)
    }
}
