//! Opening hours that repeat: waits until opening, and work that pauses at closing time, for arrivals at random.
//!
//! Elementary: the phase of a Poisson arrival is uniform over the cycle.

use super::numeric::{integral, quantile};

/// Opening hours that repeat: a cycle and the open intervals in it, in order.
#[derive(Clone, Debug)]
pub struct Hours {
    /// Length of the cycle.
    pub cycle: f64,
    /// Beginning and end of each opening, within [0, cycle].
    pub open: Vec<(f64, f64)>,
}

impl Hours {
    /// Creates daily hours from one hour to another.
    pub fn daily(from: f64, to: f64) -> Self {
        Self { cycle: 24.0, open: vec![(from, to)] }
    }

    /// Creates hours on the first `days` days of a week.
    pub fn weekdays(days: u32, from: f64, to: f64) -> Self {
        let open = (0..days).map(|day| (24.0 * f64::from(day) + from, 24.0 * f64::from(day) + to)).collect();
        Self { cycle: 168.0, open }
    }

    /// Returns the lengths of the closed periods.
    pub fn closed(&self) -> Vec<f64> {
        let next = self.open.iter().skip(1).map(|open| open.0).chain([self.open[0].0 + self.cycle]);
        self.open.iter().zip(next).map(|(open, next)| next - open.1).collect()
    }

    /// Returns the share of time that is open.
    pub fn open_share(&self) -> f64 {
        1.0 - self.closed().iter().sum::<f64>() / self.cycle
    }

    /// Returns the mean wait until opening: `sum of c^2 / (2 cycle)` over the closed periods `c`.
    pub fn wait(&self) -> f64 {
        self.closed().iter().map(|closed| closed * closed).sum::<f64>() / (2.0 * self.cycle)
    }

    /// Returns the standard deviation of that wait: `E W^2 = sum of c^3 / (3 cycle)`.
    pub fn wait_sd(&self) -> f64 {
        let cubes: f64 = self.closed().iter().map(|closed| closed * closed * closed).sum();
        (cubes / (3.0 * self.cycle) - self.wait() * self.wait()).sqrt()
    }

    /// Returns the quantile of that wait: `P(W > t) = sum of max(c - t, 0) / cycle`.
    pub fn wait_quantile(&self, share: f64) -> f64 {
        let closed = self.closed();
        quantile(share, |time| {
            1.0 - closed.iter().map(|closed| (closed - time).max(0.0)).sum::<f64>() / self.cycle
        })
    }

    /// Returns the time from an arrival at `phase` to the end of `work` hours of work that begin when open and pause when closed.
    pub fn time_of_work(&self, phase: f64, work: f64) -> f64 {
        let mut left = work;
        for cycle in 0..10_000 {
            for &(from, to) in &self.open {
                let shift = f64::from(cycle) * self.cycle;
                let begin = (shift + from).max(phase);
                let length = (shift + to - begin).max(0.0);
                if left <= length && length > 0.0 {
                    return begin + left - phase;
                }
                left -= length;
            }
        }
        f64::INFINITY
    }

    /// Returns the mean time to the end of `work` hours of work that pause when closed, for arrivals at random. Phases are cut at every
    /// hour, where hours and work are whole hours: in between the time is linear.
    pub fn mean_time_of_work(&self, work: f64) -> f64 {
        integral(0.0, self.cycle, self.cycle as usize, |phase| self.time_of_work(phase, work)) / self.cycle
    }
}
