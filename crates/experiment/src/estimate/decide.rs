//! Conclusions from one difference, against the smallest difference that matters.
//!
//! Owns the words for one difference. Does not own several at once (`multiple.rs`) nor a gate's error rates (`gate.rs`). "Not proven to
//! differ" is never taken for "equal": equality within the margin is proven by two one-sided tests, or it is not said.

use sanda_core::kernel::special::student_t;

use super::Confidence;
use super::difference::Difference;

/// Upper limit of an answer to "how many more replications?". A question that needs more than ten million needs another margin.
const MOST_REPLICATIONS: u64 = 10_000_000;

/// Which values of a figure are good ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preference {
    /// Higher is better: shares that keep a promise.
    Higher,
    /// Lower is better: times, costs, emissions.
    Lower,
}

impl Preference {
    /// Whether a difference, alternative minus base, speaks for the alternative.
    pub fn is_better(self, difference: f64) -> bool {
        match self {
            Self::Higher => difference > 0.0,
            Self::Lower => difference < 0.0,
        }
    }
}

/// The size of a proven difference, compared with the margin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// It exceeds the margin: the whole interval lies beyond it.
    Beyond,
    /// It does not matter: proven to be smaller than the margin.
    Inside,
    /// The data leave it open.
    Open {
        /// How many more replications would settle it, if the difference and the spread stay as they are; `None` where no sensible number
        /// would.
        more_replications: Option<u64>,
    },
}

/// The conclusion from a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conclusion {
    /// Exactly zero: the same numbers in every replication.
    Same,
    /// Proven not to be zero, in favour of the alternative.
    Better(Size),
    /// Proven not to be zero, in favour of the base.
    Worse(Size),
    /// Proven to be smaller than the margin; zero is not excluded.
    Equivalent,
    /// Neither is proven.
    Undecided {
        /// How many more replications would decide in expectation, if the difference and the spread stay as they are. `None` where no
        /// sensible number would.
        more_replications: Option<u64>,
    },
}

/// Concludes from a difference. With 95 % confidence a difference is proven when the 95 % interval excludes zero, and equivalence when
/// the 90 % interval lies within the margin (two one-sided tests at 5 %).
///
/// `margin` is what matters, in the unit of the difference; with 0 nothing but identical numbers is equivalent.
pub fn conclude(
    difference: &Difference,
    margin: f64,
    preference: Preference,
    confidence: Confidence,
) -> Conclusion {
    if difference.is_same {
        return Conclusion::Same;
    }
    let level = confidence.one_sided_tail();
    let is_equivalent = difference.value.abs() < margin && difference.p_beyond(margin) <= level;
    if difference.p_of_none() > level {
        if is_equivalent {
            return Conclusion::Equivalent;
        }
        let more_replications = more_replications(difference, margin, confidence);
        return Conclusion::Undecided { more_replications };
    }
    // The near end of the two-sided interval lies beyond the margin.
    let is_beyond = difference.p_at_most(margin).min(difference.p_at_least(-margin)) <= level / 2.0;
    let size = if is_equivalent {
        Size::Inside
    } else if is_beyond {
        Size::Beyond
    } else {
        let goals = |wanted: f64, n: f64, spread: f64| {
            let tail = |tail: f64| student_t(tail, n - 1.0) * spread / n.sqrt();
            wanted - margin > tail(level / 2.0) || margin - wanted > tail(level)
        };
        Size::Open { more_replications: least_more(difference, goals) }
    };
    if preference.is_better(difference.value) { Conclusion::Better(size) } else { Conclusion::Worse(size) }
}

/// How many more replications decide in expectation, either that there is a difference or that it lies within the margin; 0 if they have.
///
/// The difference and the spread of one replication are taken to stay as they are. `None` where that decides nothing below ten million,
/// or where there is no spread to extrapolate.
pub fn more_replications(difference: &Difference, margin: f64, confidence: Confidence) -> Option<u64> {
    let level = confidence.one_sided_tail();
    least_more(difference, |size, n, spread| {
        let reach = |tail: f64| student_t(tail, n - 1.0) * spread / n.sqrt();
        size > reach(level / 2.0) || size + reach(level) < margin
    })
}

/// The least number of further replications at which `is_reached(size of the difference, n, spread of one)`, which must stay reached.
fn least_more(difference: &Difference, is_reached: impl Fn(f64, f64, f64) -> bool) -> Option<u64> {
    let spread = difference.spread_of_one()?;
    let now = u64::from(difference.n_replications);
    let is_enough = |n: u64| is_reached(difference.value.abs(), n as f64, spread);
    let (mut low, mut high) = (now.max(2), MOST_REPLICATIONS);
    if is_enough(low) {
        return Some(low - now);
    }
    if !is_enough(high) {
        return None;
    }
    while high - low > 1 {
        let middle = low.midpoint(high);
        if is_enough(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    Some(high - now)
}

#[cfg(test)]
mod tests {
    use super::super::difference::student;
    use super::*;

    fn concluded(value: f64, standard_error: f64, n: u32, margin: f64) -> Conclusion {
        conclude(&student(value, standard_error, n), margin, Preference::Higher, Confidence::P95)
    }

    /// With 21 replications the two-sided reach is 2.086 standard errors, the one-sided one 1.725.
    #[test]
    fn every_conclusion() {
        assert_eq!(concluded(3.1, 1.0, 21, 1.0), Conclusion::Better(Size::Beyond));
        assert_eq!(concluded(-3.1, 1.0, 21, 1.0), Conclusion::Worse(Size::Beyond));
        assert_eq!(concluded(3.1, 1.0, 21, 5.0), Conclusion::Better(Size::Inside));
        assert_eq!(concluded(0.3, 1.0, 21, 2.1), Conclusion::Equivalent);
        assert!(matches!(concluded(0.3, 1.0, 21, 2.0), Conclusion::Undecided { .. }));
        assert!(matches!(concluded(3.0, 1.0, 21, 1.0), Conclusion::Better(Size::Open { .. })));
        let same = Difference::none(21, 1.0);
        assert_eq!(conclude(&same, 0.0, Preference::Lower, Confidence::P95), Conclusion::Same);
        let lower = conclude(&student(-3.1, 1.0, 21), 1.0, Preference::Lower, Confidence::P95);
        assert_eq!(lower, Conclusion::Better(Size::Beyond));
    }

    /// A difference of 0.1 with a spread of 1 needs n with t(0.025, n - 1) < 0.1 sqrt n: 387, since t = 1.9661 there and at 386, 0.1
    /// sqrt(387) = 1.9672 and 0.1 sqrt(386) = 1.9647.
    #[test]
    fn more_replications_by_hand() {
        let difference = student(0.1, 1.0 / 20.0_f64.sqrt(), 20);
        assert_eq!(more_replications(&difference, 0.05, Confidence::P95), Some(387 - 20));
        // Equivalence comes first with a wide margin: 0.1 + t(0.05) / sqrt n < 0.5 from n = 19 on, so that 20 have decided.
        assert_eq!(more_replications(&difference, 0.5, Confidence::P95), Some(0));
        let none = student(0.0, 1.0, 20);
        assert_eq!(more_replications(&none, 0.0, Confidence::P95), None);
        assert_eq!(more_replications(&Difference::none(5, 1.0), 0.1, Confidence::P95), None);
    }
}
