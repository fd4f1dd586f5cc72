//! Small processes whose truth is known exactly: what replications are drawn from.

use sanda_core::kernel::random::Stream;

pub(crate) fn exponential(s: &mut Stream) -> f64 {
    -libm::log(s.uniform())
}

/// Inverse distribution function of a Poisson count.
pub(crate) struct Poisson(Vec<f64>);

impl Poisson {
    pub(crate) fn new(mean: f64) -> Self {
        let mut probability = libm::exp(-mean);
        let (mut below, mut table) = (0.0, Vec::new());
        for k in 1..200 {
            below += probability;
            table.push(below);
            probability *= mean / f64::from(k);
        }
        Self(table)
    }

    pub(crate) fn draw(&self, s: &mut Stream) -> usize {
        let u = s.uniform();
        self.0.partition_point(|&below| below < u)
    }

    pub(crate) fn probability(&self, k: usize) -> f64 {
        self.0[k] - if k == 0 { 0.0 } else { self.0[k - 1] }
    }
}

/// One pair per replication.
pub(crate) fn pairs(
    n: usize,
    s: &mut Stream,
    replicate: impl Fn(&mut Stream) -> (f64, f64),
) -> Vec<(f64, f64)> {
    (0..n).map(|_| replicate(s)).collect()
}

/// Times in system of an M/M/1 queue with service mean 1, from its steady state on: exponential with mean 1 / (1 - load).
pub(crate) fn mm1_times(load: f64, n: usize, s: &mut Stream) -> Vec<f64> {
    let mut wait = if s.uniform() < load { exponential(s) / (1.0 - load) } else { 0.0 };
    (0..n)
        .map(|_| {
            let time = wait + exponential(s);
            wait = (time - exponential(s) / load).max(0.0);
            time
        })
        .collect()
}

/// Whole trains that keep or miss: the boxes aboard share their fate.
pub(crate) fn trains(chance: f64, n_trains: usize, boxes: &Poisson, s: &mut Stream) -> (f64, f64) {
    (0..n_trains).fold((0.0, 0.0), |(kept, of), _| {
        let aboard = boxes.draw(s) as f64;
        (if s.uniform() < chance { kept + aboard } else { kept }, of + aboard)
    })
}

/// A border that is good or bad for weeks on end: each week it stays with probability 0.85, else is drawn anew.
pub(crate) fn border(chance: f64, n_weeks: usize, boxes: &Poisson, s: &mut Stream) -> (f64, f64) {
    let mut good = s.uniform() < chance;
    (0..n_weeks).fold((0.0, 0.0), |(kept, of), _| {
        let crossing = boxes.draw(s) as f64;
        let sums = (if good { kept + crossing } else { kept }, of + crossing);
        if s.uniform() > 0.85 {
            good = s.uniform() < chance;
        }
        sums
    })
}

/// Delays of boxes on trains, four boxes with one exponential delay each: within a replication every value comes four times.
pub(crate) fn train_delays(n_trains: usize, s: &mut Stream) -> Vec<f64> {
    (0..n_trains).flat_map(|_| [exponential(s); 4]).collect()
}

/// A standard normal number (G. E. P. Box and M. E. Muller, 1958).
pub(crate) fn normal(s: &mut Stream) -> f64 {
    let radius = (2.0 * exponential(s)).sqrt();
    radius * libm::cos(2.0 * std::f64::consts::PI * s.uniform())
}

/// Mean delay of some weeks, of which few are bad and ten times as slow: as the weeks of a [`border`], 8 % bad ones in the long run.
/// Its mean is 1 + 9 x 0.08.
pub(crate) fn rare_bad_weeks(n_weeks: u32, s: &mut Stream) -> f64 {
    const BAD: f64 = 0.08;
    let mut is_bad = s.uniform() < BAD;
    let mut sum = 0.0;
    for _ in 0..n_weeks {
        sum += (0.7 + 0.6 * s.uniform()) * if is_bad { 10.0 } else { 1.0 };
        if s.uniform() > 0.85 {
            is_bad = s.uniform() < BAD;
        }
    }
    sum / f64::from(n_weeks)
}
