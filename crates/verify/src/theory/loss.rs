//! A finite waiting room: M/M/c/K.
//!
//! D. Gross and C. M. Harris, Fundamentals of Queueing Theory, 3rd edition, 1998, chapter 2.

use super::numeric::{erlang_tail, mean_count, quantile, sd_count};

/// Poisson arrivals, exponential servers and a finite number of waiting places; an arrival that finds none is lost.
#[derive(Clone, Copy, Debug)]
pub struct FiniteRoom {
    /// Servers.
    pub servers: usize,
    /// Waiting places, besides the servers.
    pub room: usize,
    /// Rate of arrival.
    pub arrival: f64,
    /// Rate of service of one server.
    pub service: f64,
}

impl FiniteRoom {
    /// Returns the probabilities of the number present: `p_n = p_(n-1) lambda / (min(n, c) mu)`.
    pub fn present(&self) -> Vec<f64> {
        let mut shares = vec![1.0];
        for n in 1..=self.servers + self.room {
            let out = n.min(self.servers) as f64 * self.service;
            shares.push(shares[n - 1] * self.arrival / out);
        }
        let total: f64 = shares.iter().sum();
        shares.iter().map(|share| share / total).collect()
    }

    /// Returns the share of arrivals lost: those that find the room full.
    pub fn lost(&self) -> f64 {
        self.present()[self.servers + self.room]
    }

    /// Returns the mean number present.
    pub fn present_mean(&self) -> f64 {
        mean_count(&self.present())
    }

    /// Returns the standard deviation of the number present.
    pub fn present_sd(&self) -> f64 {
        sd_count(&self.present())
    }

    /// Returns the mean number waiting.
    pub fn queue(&self) -> f64 {
        let shares = self.present();
        shares.iter().enumerate().map(|(n, share)| n.saturating_sub(self.servers) as f64 * share).sum()
    }

    /// Returns the mean wait of jobs that are not lost, by Little's law.
    pub fn wait(&self) -> f64 {
        self.queue() / (self.arrival * (1.0 - self.lost()))
    }

    /// Returns the share without a wait among jobs that are not lost.
    pub fn no_wait(&self) -> f64 {
        self.present()[..self.servers].iter().sum::<f64>() / (1.0 - self.lost())
    }

    /// Returns the quantile of the wait of jobs that are not lost: an arrival that finds `n >= c` waits for `n - c + 1` departures at the
    /// rate `c mu`.
    pub fn wait_quantile(&self, share: f64) -> f64 {
        let shares = self.present();
        let rate = self.servers as f64 * self.service;
        let found = &shares[self.servers..shares.len() - 1];
        quantile(share, |time| {
            let tail =
                found.iter().enumerate().map(|(more, share)| share * erlang_tail(more + 1, rate, time));
            1.0 - tail.sum::<f64>() / (1.0 - self.lost())
        })
    }

    /// Returns the mean number of busy servers.
    pub fn busy(&self) -> f64 {
        self.arrival * (1.0 - self.lost()) / self.service
    }
}
