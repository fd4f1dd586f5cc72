//! Moments: mean and variance of a time or an amount, and how they add up.

use sanda_core::kernel::law::Law as KernelLaw;
use sanda_units::Duration;

/// Mean and variance of a time, in milliseconds and square milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(in crate::build) struct Moments {
    /// The mean.
    pub mean: f64,
    /// The variance.
    pub variance: f64,
}

impl Moments {
    pub(in crate::build) fn of(law: &KernelLaw) -> Self {
        Self { mean: law.mean(), variance: law.variance() }
    }

    pub(in crate::build) fn from_second(mean: f64, second: f64) -> Self {
        Self { mean, variance: (second - mean * mean).max(0.0) }
    }

    pub(in crate::build) fn second(self) -> f64 {
        self.variance + self.mean * self.mean
    }

    /// A time that is uniform from zero to `most`.
    pub(in crate::build) fn up_to(most: f64) -> Self {
        Self { mean: most / 2.0, variance: most * most / 12.0 }
    }

    pub(in crate::build) fn plus(self, other: Self) -> Self {
        Self { mean: self.mean + other.mean, variance: self.variance + other.variance }
    }

    /// The moments of one draw times an independent quantity.
    pub(in crate::build) fn times(self, quantity: Self) -> Self {
        Self::from_second(self.mean * quantity.mean, self.second() * quantity.second())
    }

    /// The moments of one of several times, chosen by share. The rest of the shares takes no time.
    pub(in crate::build) fn one_of(cases: impl Iterator<Item = (f64, Self)>) -> Self {
        let (mut mean, mut second) = (0.0, 0.0);
        for (share, moments) in cases {
            mean += share * moments.mean;
            second += share * moments.second();
        }
        Self::from_second(mean, second)
    }

    /// The moments of a sum without one of its independent parts. An infinite sum stays infinite.
    pub(in crate::build) fn less(self, part: Self) -> Self {
        let less = |sum: f64, part: f64| if sum.is_finite() { (sum - part).max(0.0) } else { sum };
        Self { mean: less(self.mean, part.mean), variance: less(self.variance, part.variance) }
    }

    /// The moments as a cost of the network, in whole milliseconds and square hours.
    pub(in crate::build) fn cost(self) -> sanda_network::Cost {
        const HOUR: f64 = 3_600_000.0;
        sanda_network::Cost {
            time: Duration::from_ms_f64(self.mean),
            variance: self.variance / HOUR / HOUR,
            ..Default::default()
        }
    }
}

/// The moments of a lap that is repeated with probability `again`, up to `at_most` laps: a random sum
/// (Wald).
pub(in crate::build) fn repeated(lap: Moments, again: f64, at_most: Option<u64>) -> Moments {
    let (mean, second) = match at_most {
        None => (1.0 / (1.0 - again), (1.0 + again) / (1.0 - again) / (1.0 - again)),
        Some(most) => {
            // P(N >= n) = again^(n - 1), and the n-th lap adds 2 n - 1 to the square of their number.
            let (mut mean, mut second, mut reached) = (0.0, 0.0, 1.0);
            for n in 1..=most.min(10_000) {
                mean += reached;
                second += reached * (2 * n - 1) as f64;
                reached *= again;
            }
            (mean, second)
        }
    };
    Moments {
        mean: mean * lap.mean,
        variance: mean * lap.variance + (second - mean * mean).max(0.0) * lap.mean * lap.mean,
    }
}
