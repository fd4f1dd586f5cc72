//! Intervals for means whose replications are skewed: a few with a disaster, many without.
//!
//! The t interval takes the replications for normal. With skewed ones it misses on one side: where rare bad spells do most of the
//! harm, the replications that happen to have none give a mean that is too good *and* a spread that is too small. Hall's
//! transformation removes the skewness from the t statistic, so that both sides miss equally often.
//!
//! Source: P. Hall, "On the removal of skewness by transformation", Journal of the Royal Statistical Society B 54 (1992); with t
//! quantiles and as an interval, R. Willink, "A confidence interval and test for the mean of an asymmetric distribution",
//! Communications in Statistics, Theory and Methods 34 (2005).

use sanda_core::kernel::special::student_t;

/// The error of a mean, from the spread and skewness of its replications.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spread {
    /// Replications.
    pub(super) n: usize,
    /// Standard error of the mean.
    pub(super) error: f64,
    /// Skewness of the replications: third central moment over the 3/2 power of the second.
    pub(super) skewness: f64,
}

impl Spread {
    /// How far the interval reaches below and above the mean, with probability `tail` beyond each end.
    ///
    /// Without skewness both are t(n - 1) standard errors.
    pub(super) fn reach(&self, tail: f64) -> (f64, f64) {
        let (below, above) = self.factors(tail);
        (below * self.error, above * self.error)
    }

    /// The reaches in standard errors.
    ///
    /// With a = skewness / (6 sqrt n): the inverse of the transformation, (cbrt(1 + 6 a (t - a)) - 1) / (2 a), at t and -t.
    /// Neither falls below zero, since |skewness| < sqrt n and t > a.
    pub(super) fn factors(&self, tail: f64) -> (f64, f64) {
        let t = student_t(tail, (self.n - 1) as f64);
        let bend = self.skewness / (6.0 * (self.n as f64).sqrt());
        (straight_to_skewed(bend, t), -straight_to_skewed(bend, -t))
    }
}

/// Bends below this one change nothing.
const NO_BEND: f64 = 1e-9;

/// The inverse of Hall's transformation: the error of a skewed mean, in standard errors, at a value of Student's t.
///
/// `bend` is a sixth of the skewness of the mean.
pub(super) fn straight_to_skewed(bend: f64, t: f64) -> f64 {
    if bend.abs() < NO_BEND {
        return t;
    }
    (libm::cbrt(1.0 + 6.0 * bend * (t - bend)) - 1.0) / (2.0 * bend)
}

/// Hall's transformation: the value of Student's t at an error of a skewed mean, given in standard errors.
pub(super) fn skewed_to_straight(bend: f64, error: f64) -> f64 {
    if bend.abs() < NO_BEND {
        return error;
    }
    let bent = bend * error;
    bend + error * (1.0 + 2.0 * bent + 4.0 / 3.0 * bent * bent)
}

/// Moments of numbers about a centre, each over their count: the second, and the third and fourth in terms of the second.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    pub(super) second: f64,
    pub(super) skewness: f64,
    /// Kurtosis above that of a normal law.
    pub(super) excess: f64,
}

impl Shape {
    /// The shape of deviations from the centre; no skewness and no excess where there are no deviations.
    pub(super) fn of(deviations: impl Iterator<Item = f64>) -> Self {
        let (mut n, mut second, mut third, mut fourth) = (0.0, 0.0, 0.0, 0.0);
        for deviation in deviations {
            let square = deviation * deviation;
            n += 1.0;
            second += square;
            third += square * deviation;
            fourth += square * square;
        }
        if second <= 0.0 {
            return Self { second: 0.0, skewness: 0.0, excess: 0.0 };
        }
        let (second, third, fourth) = (second / n, third / n, fourth / n);
        Self { second, skewness: third / (second * second.sqrt()), excess: fourth / (second * second) - 3.0 }
    }
}

/// Below this number of degrees of freedom an interval rests on a few replications: one or two make up nearly all of the spread.
///
/// Of ten normal replications one run in a hundred falls below; of twenty, practically none.
const FEW: f64 = 3.0;

impl Shape {
    /// Degrees of freedom of the variance of `n` numbers of this shape, from 1 to n - 1.
    ///
    /// Heavy tails make a variance less certain: var(s^2) = sigma^4 (2 / (n - 1) + k / n) with k the excess kurtosis, so that
    /// n' = 2 / (2 / (n - 1) + k / n) degrees of freedom describe it (L. H. Shoemaker, "Fixing the F test for equal variances", The
    /// American Statistician 57, 2003). A few numbers show too little of k; it is corrected for that, as by the G2 of D. N. Joanes and
    /// C. A. Gill ("Comparing measures of sample skewness and kurtosis", The Statistician 47, 1998), and never taken as negative. A single
    /// replication with a rare disaster counts for what it is: n' falls to 2 or less.
    pub(super) fn freedom(&self, n: usize) -> f64 {
        let n = n as f64;
        if self.excess <= 0.0 {
            return n - 1.0;
        }
        // Below four numbers the correction is undefined.
        let excess = if n < 4.0 {
            self.excess
        } else {
            (n - 1.0) / ((n - 2.0) * (n - 3.0)) * ((n + 1.0) * self.excess + 6.0)
        };
        (2.0 / (2.0 / (n - 1.0) + excess / n)).max(1.0)
    }

    /// Whether one or two of `n` replications make up nearly all of the spread.
    pub(super) fn rests_on_few(&self, n: usize) -> bool {
        n > FEW as usize && self.freedom(n) < FEW
    }
}
