//! Scheduled departures with a finite number of places: bulk service at fixed intervals, M^X/D^\[C\]/1.
//!
//! Shipments arrive singly or in batches. A vehicle leaves every period and takes the ready shipments, first come first served, up to its
//! number of places, which may differ between departures. N. T. J. Bailey, "On queueing processes with bulk service", Journal of the Royal
//! Statistical Society B 16, 1954. All figures follow from the number left behind by a departure, a Markov chain that is solved
//! numerically, and from the position of an arrival in the queue, given its time within the period.

use std::f64::consts::PI;

use super::markov::stationary;
use super::numeric::{compound_poisson, convolve, integral, mean_count, quantile, sd_count};

/// Number of pieces of a period in integrals.
const N_PIECES: usize = 24;
/// Largest number of departures over which a wait is followed.
const MOST_DEPARTURES: usize = 400;

/// Scheduled departures of finite capacity.
#[derive(Clone, Debug)]
pub struct Departures {
    /// Time from one departure to the next.
    pub period: f64,
    /// Rate of arrival of batches.
    pub arrival: f64,
    /// Probabilities of a batch of n, from 0 on; `[0, 1]` for single arrivals.
    pub batch: Vec<f64>,
    /// Probabilities of n places.
    pub places: Vec<f64>,
    /// Stationary probabilities of the number left behind by a departure.
    left: Vec<f64>,
    /// Probability of having boarded, by number of departures from 1 on and by number of shipments ahead.
    boards: Vec<Vec<f64>>,
}

impl Departures {
    /// Creates departures with a fixed number of places.
    pub fn fixed(period: f64, arrival: f64, places: usize) -> Self {
        let mut shares = vec![0.0; places + 1];
        shares[places] = 1.0;
        Self::new(period, arrival, vec![0.0, 1.0], shares)
    }

    /// Creates departures for single shipments or batches, with places that may differ between departures.
    pub fn new(period: f64, arrival: f64, batch: Vec<f64>, places: Vec<f64>) -> Self {
        // Ahead of a shipment are those of its own batch that are loaded earlier: P(X > n) / E X.
        let mean = mean_count(&batch);
        let ahead: Vec<f64> =
            (0..batch.len() - 1).map(|n| batch[n + 1..].iter().sum::<f64>() / mean).collect();
        Self::solve(period, arrival, batch, places, &ahead)
    }

    /// Creates departures for shipments of several units that may go by different departures. Waits are those of the last unit; the number
    /// left behind and the load are counted in units.
    pub fn of_last(period: f64, arrival: f64, batch: Vec<f64>, places: Vec<f64>) -> Self {
        let ahead = batch[1..].to_vec();
        Self::solve(period, arrival, batch, places, &ahead)
    }

    /// Solves the chain of the number left behind, `max(left + arrivals - places, 0)`, on enough states for the last to have no weight.
    /// `ahead` holds the probabilities of the number of its own batch ahead of a shipment.
    fn solve(period: f64, arrival: f64, batch: Vec<f64>, places: Vec<f64>, ahead: &[f64]) -> Self {
        let come = compound_poisson(arrival * period, &batch);
        let mut n_states = 64;
        let left = loop {
            let left = left_behind(&come, &places, n_states);
            if left[n_states - 1] < 1e-14 || n_states >= 2048 {
                break left;
            }
            n_states *= 2;
        };
        // Ahead of a shipment are those left behind and those of its own batch.
        let base = convolve(&left, ahead);
        let mut boards: Vec<Vec<f64>> = Vec::new();
        let mut taken = vec![1.0];
        while boards.len() < MOST_DEPARTURES {
            taken = convolve(&taken, &places);
            // P(places of k departures > n).
            let mut more = vec![0.0; taken.len()];
            for n in (0..taken.len() - 1).rev() {
                more[n] = more[n + 1] + taken[n + 1];
            }
            let by_now: Vec<f64> = (0..come.len())
                .map(|earlier| {
                    let shares = more.iter().skip(earlier).zip(&base);
                    shares.map(|(more, base)| more * base).sum::<f64>()
                })
                .collect();
            let is_last = by_now[by_now.len() - 1] > 1.0 - 1e-13;
            boards.push(by_now);
            if is_last {
                break;
            }
        }
        Self { period, arrival, batch, places, left, boards }
    }

    /// Returns the mean number of shipments in a period.
    pub fn arrivals(&self) -> f64 {
        self.arrival * self.period * mean_count(&self.batch)
    }

    /// Returns the long-run share of places taken.
    pub fn load_factor(&self) -> f64 {
        self.arrivals() / mean_count(&self.places)
    }

    /// Returns the probabilities of the number left behind by a departure.
    pub fn left(&self) -> &[f64] {
        &self.left
    }

    /// Returns the mean number left behind.
    pub fn left_mean(&self) -> f64 {
        mean_count(&self.left)
    }

    /// Returns the standard deviation of the number left behind.
    pub fn left_sd(&self) -> f64 {
        sd_count(&self.left)
    }

    /// Returns the probabilities of the number that is ready just before a departure: those left behind and the arrivals since.
    pub fn waiting(&self) -> Vec<f64> {
        convolve(&self.left, &compound_poisson(self.arrival * self.period, &self.batch))
    }

    /// Returns the share of departures that leave full: at least as many shipments are ready as there are places.
    pub fn full_share(&self) -> f64 {
        let waiting = self.waiting();
        let full = |places: usize| 1.0 - waiting.iter().take(places).sum::<f64>();
        self.places.iter().enumerate().map(|(places, share)| share * full(places)).sum()
    }

    /// Returns the mean wait from ready to departure: half a period, and a period for each departure missed.
    pub fn wait(&self) -> f64 {
        let missed: f64 = (1..=self.boards.len()).map(|n| 1.0 - self.boards_within(n)).sum();
        self.period * (0.5 + missed)
    }

    /// Returns the mean wait by Little's law from the number left behind; not for the last units of shipments.
    pub fn wait_by_little(&self) -> f64 {
        self.period / 2.0 + self.left_mean() * self.period / self.arrivals()
    }

    /// Returns the probability that a shipment that arrives `to_go` before a departure boards one of the next `n` departures.
    fn boards_within_at(&self, n: usize, to_go: f64) -> f64 {
        let Some(row) = n.checked_sub(1).map(|place| &self.boards[place.min(self.boards.len() - 1)]) else {
            return 0.0;
        };
        let come = compound_poisson(self.arrival * (self.period - to_go), &self.batch);
        come.iter().zip(row).map(|(share, boards)| share * boards).sum()
    }

    /// Returns the share that boards one of the first `n` departures after being ready.
    pub fn boards_within(&self, n: usize) -> f64 {
        integral(0.0, self.period, N_PIECES, |to_go| self.boards_within_at(n, to_go)) / self.period
    }

    /// Returns the probability that the wait is at most `time`.
    pub fn wait_cdf(&self, time: f64) -> f64 {
        let n = (time / self.period).floor();
        let rest = time - n * self.period;
        let n = n as usize;
        let late = integral(0.0, rest, N_PIECES, |to_go| self.boards_within_at(n + 1, to_go));
        let early = integral(rest, self.period, N_PIECES, |to_go| self.boards_within_at(n, to_go));
        (late + early) / self.period
    }

    /// Returns the quantile of the wait.
    pub fn wait_quantile(&self, share: f64) -> f64 {
        quantile(share, |time| self.wait_cdf(time))
    }

    /// Returns the standard deviation of the wait: an arrival `u` before a departure that boards the k-th waits `u + (k - 1)` periods.
    pub fn wait_sd(&self) -> f64 {
        let square = integral(0.0, self.period, N_PIECES, |to_go| {
            let mut sum = to_go * to_go;
            for n in 1..=self.boards.len() {
                // (u + n P)^2 - (u + (n - 1) P)^2 for shipments that miss n departures.
                let more = self.period * (2.0 * to_go + (2.0 * n as f64 - 1.0) * self.period);
                sum += more * (1.0 - self.boards_within_at(n, to_go));
            }
            sum
        }) / self.period;
        (square - self.wait() * self.wait()).sqrt()
    }
}

/// Returns the stationary law of the number left behind on `n_states` states; the last state absorbs larger numbers.
fn left_behind(come: &[f64], places: &[f64], n_states: usize) -> Vec<f64> {
    // Law of arrivals minus places, from -(most places) on.
    let most = places.len() - 1;
    let reversed: Vec<f64> = places.iter().rev().copied().collect();
    let change = convolve(come, &reversed);
    let row = |from: usize| {
        let mut row = vec![0.0; n_states];
        for (place, share) in change.iter().enumerate() {
            row[(from + place).saturating_sub(most).min(n_states - 1)] += share;
        }
        row
    };
    stationary((0..n_states).map(row).collect())
}

/// Returns the mean number left behind by fixed places, from the zeros of `z^c = exp(a (z - 1))` inside the unit circle instead of the
/// chain: `a / (2 (c - a)) - a / 2 - (c - 1) / 2 + sum of 1 / (1 - z_k)`, for single arrivals, `a` of them in a period.
pub fn left_by_roots(places: usize, arrivals: f64) -> f64 {
    let (c, a) = (places as f64, arrivals);
    let mut sum = 0.0;
    for k in 1..places {
        // The k-th c-th root of both sides, z = w_k exp(a (z - 1) / c), is a contraction inside the circle.
        let angle = 2.0 * PI * k as f64 / c;
        let (mut re, mut im) = (0.0, 0.0);
        for _ in 0..5_000 {
            let length = libm::exp(a * (re - 1.0) / c);
            let turn = angle + a * im / c;
            (re, im) = (length * libm::cos(turn), length * libm::sin(turn));
        }
        // Zeros come in conjugate pairs: the imaginary parts of 1 / (1 - z) cancel.
        sum += (1.0 - re) / ((1.0 - re) * (1.0 - re) + im * im);
    }
    a / (2.0 * (c - a)) - a / 2.0 - (c - 1.0) / 2.0 + sum
}
