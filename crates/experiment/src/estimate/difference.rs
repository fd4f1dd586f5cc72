//! A difference between two estimates: its interval at any level, and the tests that go with the intervals.
//!
//! Owns what is the same for paired and for unpaired replications: the law of the error, intervals, one-sided p-values. Does not own how
//! a difference and its spread are found (`paired.rs`, `unpaired.rs`), nor what follows from it (`decide.rs`, `gate.rs`).
//!
//! A test rejects a value exactly when the interval of the matching level leaves it out.

use sanda_core::kernel::special::{student_t, student_tail};
use sanda_results::Remark;

use super::skew::{Shape, skewed_to_straight, straight_to_skewed};
use super::{Confidence, Estimate};

/// Below this part of what is compared a standard error is the rounding of its own computation.
pub(super) const ROUNDING: f64 = 1e-12;

/// A difference, alternative minus base, and its error as estimated from the replications.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// Alternative minus base; NaN where one of them is undefined.
    pub value: f64,
    /// Lower end of the interval at the level that was asked for.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
    /// Replications behind the difference: pairs, or the smaller of the two numbers where they are not paired.
    pub n_replications: u32,
    /// Standard error of the difference; NaN where there is none.
    pub standard_error: f64,
    /// Degrees of freedom of the standard error.
    pub freedom: f64,
    /// Variance of the difference if the two had independent luck, over its variance with common luck. `None` without pairing, and where
    /// paired differences do not vary.
    pub variance_reduction: Option<f64>,
    /// Whether every replication gave bit-identical numbers under common luck. The difference is then exactly zero.
    pub is_same: bool,
    /// Why something is missing or unusual.
    pub remark: Option<Remark>,
    /// One number per pair of replications, with the difference as their mean and its standard error from their spread. Empty without
    /// pairing and where something is infinite.
    pub by_replication: Vec<f64>,
    pub(super) law: Law,
    /// The difference lies between minus this and this.
    pub(super) most: f64,
}

/// The law of the error of a difference.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Law {
    /// Nothing is known.
    Unknown,
    /// There is no error.
    Exact,
    /// Student's t, bent by the skewness of the replications.
    ///
    /// `floor` is the degrees of freedom of a plain t interval that it is never narrower than; infinite where there is none.
    Student { bend: f64, floor: f64 },
    /// All units agree on an end of the scale. With probability `tail` an exact bound lies `scale` (1 - tail^(1/units)) away.
    Unanimous { units: f64, scale: f64 },
}

/// A difference before its interval.
pub(super) struct Parts {
    pub(super) value: f64,
    pub(super) n: usize,
    pub(super) standard_error: f64,
    pub(super) freedom: f64,
    pub(super) law: Law,
    pub(super) most: f64,
    pub(super) rests_on_few: bool,
}

impl Parts {
    /// The difference whose by-replication values have this mean, or one without spread.
    ///
    /// `scale` is the size of what is compared: a spread that is smaller by twelve digits is taken for rounding.
    pub(super) fn of_values(value: f64, values: &[f64], scale: f64) -> Self {
        let n = values.len();
        let shape = Shape::of(values.iter().map(|one| one - value));
        let error = (shape.second / (n as f64 - 1.0)).sqrt();
        let freedom = n as f64 - 1.0;
        let law = if n < 2 || !value.is_finite() || !error.is_finite() {
            Law::Unknown
        } else if error <= ROUNDING * scale {
            Law::Exact
        } else {
            Law::Student { bend: shape.skewness / (6.0 * (n as f64).sqrt()), floor: f64::INFINITY }
        };
        let standard_error = match law {
            Law::Exact => 0.0,
            Law::Unknown => f64::NAN,
            _ => error,
        };
        let rests_on_few = matches!(law, Law::Student { .. }) && shape.rests_on_few(n);
        Self { value, n, standard_error, freedom, law, most: f64::INFINITY, rests_on_few }
    }

    /// The same, never narrower than Student's t with the degrees of freedom that the kurtosis leaves: for spreads that a few bad spells
    /// may make up (`Shape::freedom`).
    pub(super) fn cautious(self, values: &[f64]) -> Self {
        let Law::Student { bend, .. } = self.law else { return self };
        let shape = Shape::of(values.iter().map(|one| one - self.value));
        Self { law: Law::Student { bend, floor: shape.freedom(values.len()) }, ..self }
    }

    pub(super) fn finish(self, confidence: Confidence) -> Difference {
        let Self { value, n, standard_error, freedom, law, most, rests_on_few } = self;
        let remark = match law {
            Law::Unknown if n == 0 => Some(Remark::NoObservations),
            Law::Unknown if n == 1 => Some(Remark::OneReplication),
            Law::Unknown => Some(Remark::InfiniteInSome),
            Law::Unanimous { .. } => Some(Remark::AllOrNone),
            _ => rests_on_few.then_some(Remark::FewReplications),
        };
        let difference = Difference {
            value,
            low: None,
            high: None,
            n_replications: n as u32,
            standard_error,
            freedom,
            variance_reduction: None,
            is_same: false,
            remark,
            by_replication: Vec::new(),
            law,
            most,
        };
        let (low, high) = difference.interval(confidence).unzip();
        Difference { low, high, ..difference }
    }
}

impl Difference {
    /// A difference that is exactly zero, in every one of `n` pairs.
    pub(super) fn none(n: usize, most: f64) -> Self {
        Self {
            value: 0.0,
            low: Some(0.0),
            high: Some(0.0),
            n_replications: n as u32,
            standard_error: 0.0,
            freedom: n as f64 - 1.0,
            variance_reduction: None,
            is_same: true,
            remark: None,
            by_replication: vec![0.0; n],
            law: Law::Exact,
            most,
        }
    }

    /// The two-sided interval at a level; `None` without an estimate of the error.
    pub fn interval(&self, confidence: Confidence) -> Option<(f64, f64)> {
        self.interval_with_tail(confidence.two_sided_tail())
    }

    /// The interval with probability `tail` beyond each end.
    pub(super) fn interval_with_tail(&self, tail: f64) -> Option<(f64, f64)> {
        let (below, above) = match self.law {
            Law::Unknown => return None,
            Law::Exact => (0.0, 0.0),
            Law::Student { bend, floor } => {
                let t = student_t(tail, self.freedom);
                let least = if floor < self.freedom { student_t(tail, floor) } else { 0.0 };
                let reach = |factor: f64| factor.max(least) * self.standard_error;
                (reach(straight_to_skewed(bend, t)), reach(-straight_to_skewed(bend, -t)))
            }
            Law::Unanimous { units, scale } => {
                let reach = scale * (1.0 - libm::pow(tail, 1.0 / units));
                (reach, reach)
            }
        };
        Some(((self.value - below).max(-self.most), (self.value + above).min(self.most)))
    }

    /// The one-sided p-value of the hypothesis that the true difference is at most `bound`: small where the difference is proven to be
    /// larger.
    pub fn p_at_most(&self, bound: f64) -> f64 {
        match self.law {
            _ if self.value <= bound && !matches!(self.law, Law::Student { .. }) => 1.0,
            Law::Unknown => 1.0,
            Law::Exact => 0.0,
            Law::Student { bend, floor } => {
                let error = (self.value - bound) / self.standard_error;
                let p = student_tail(skewed_to_straight(bend, error), self.freedom);
                if floor < self.freedom { p.max(student_tail(error, floor)) } else { p }
            }
            Law::Unanimous { units, scale } => {
                libm::pow((1.0 - (self.value - bound) / scale).max(0.0), units)
            }
        }
    }

    /// The one-sided p-value of the hypothesis that the true difference is at least `bound`.
    pub fn p_at_least(&self, bound: f64) -> f64 {
        self.mirrored().p_at_most(-bound)
    }

    /// The two-sided p-value of the hypothesis that there is no difference.
    pub fn p_of_none(&self) -> f64 {
        (2.0 * self.p_at_most(0.0).min(self.p_at_least(0.0))).min(1.0)
    }

    /// The p-value of the hypothesis that the true difference is `margin` or less in size.
    ///
    /// At a true difference of exactly `margin` the test errs with its level: both tails that reject there are added.
    pub fn p_within(&self, margin: f64) -> f64 {
        let one_side = |difference: &Self| difference.p_at_most(margin) + difference.p_at_most(-margin);
        if self.value < 0.0 { one_side(&self.mirrored()).min(1.0) } else { one_side(self).min(1.0) }
    }

    /// The p-value of the hypothesis that the true difference is `margin` or more in size: the larger of two one-sided tests.
    ///
    /// Source: D. J. Schuirmann, "A comparison of the two one-sided tests procedure and the power approach", Journal of Pharmacokinetics
    /// and Biopharmaceutics 15 (1987).
    pub fn p_beyond(&self, margin: f64) -> f64 {
        self.p_at_least(margin).max(self.p_at_most(-margin))
    }

    /// The same difference with base and alternative exchanged, without its interval.
    fn mirrored(&self) -> Self {
        let law = match self.law {
            Law::Student { bend, floor } => Law::Student { bend: -bend, floor },
            law => law,
        };
        Self { value: -self.value, law, by_replication: Vec::new(), ..*self }
    }

    /// The difference and its interval alone.
    pub fn estimate(&self) -> Estimate {
        let Self { value, low, high, n_replications, remark, .. } = *self;
        Estimate { value, low, high, n_replications, remark }
    }

    /// Spread of a single replication's difference, for extrapolation; `None` where the law of the error is not Student's.
    pub(super) fn spread_of_one(&self) -> Option<f64> {
        matches!(self.law, Law::Student { .. })
            .then_some(self.standard_error * f64::from(self.n_replications).sqrt())
    }
}

#[cfg(test)]
pub(super) fn student(value: f64, standard_error: f64, n: u32) -> Difference {
    let freedom = f64::from(n) - 1.0;
    let law = Law::Student { bend: 0.0, floor: f64::INFINITY };
    Parts { value, n: n as usize, standard_error, freedom, law, most: f64::INFINITY, rests_on_few: false }
        .finish(Confidence::P95)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A value at an end of an interval has the p-value of that end, with skewness as without.
    #[test]
    fn tests_and_intervals_agree() {
        for (bend, floor) in [(0.0, f64::INFINITY), (0.03, 15.0), (-0.05, 11.0), (0.0, 5.0)] {
            let law = Law::Student { bend, floor };
            let difference = Difference { law, ..student(2.0, 0.7, 20) };
            let (low, high) = difference.interval(Confidence::P95).unwrap();
            assert!((difference.p_at_most(low) - 0.025).abs() < 1e-9);
            assert!((difference.p_at_least(high) - 0.025).abs() < 1e-9);
        }
    }

    /// By hand: t = 2 with 10 degrees of freedom has a tail of 0.036694 (tables), t = 4 one of 0.001259.
    #[test]
    fn p_values_by_hand() {
        let difference = student(3.0, 1.0, 11);
        assert!((difference.p_at_most(1.0) - 0.036694).abs() < 1e-6);
        assert!((difference.p_within(1.0) - (0.036694 + 0.001259)).abs() < 2e-6);
        assert!((student(0.0, 1.0, 11).p_beyond(2.0) - 0.036694).abs() < 1e-6);
        assert!((student(-2.0, 1.0, 11).p_of_none() - 2.0 * 0.036694).abs() < 2e-6);
        let mirrored = student(-3.0, 1.0, 11);
        assert!((mirrored.p_within(1.0) - difference.p_within(1.0)).abs() < 1e-12);
    }

    #[test]
    fn an_exact_difference_is_proven_and_an_unknown_one_is_not() {
        let none = Difference::none(10, 1.0);
        assert_eq!((none.p_of_none(), none.p_within(0.1), none.p_beyond(0.1)), (1.0, 1.0, 0.0));
        let unknown = Difference { law: Law::Unknown, ..student(3.0, 1.0, 11) };
        assert_eq!((unknown.p_of_none(), unknown.p_within(0.1), unknown.p_beyond(9.0)), (1.0, 1.0, 1.0));
        assert_eq!(unknown.interval(Confidence::P95), None);
    }
}
