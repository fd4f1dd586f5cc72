//! Gaps between departures, and the wait for the next departure.
//!
//! An arrival at a random instant falls into a gap with a probability in proportion to its length, and
//! waits for the rest of it. The mean of the rest is E[G^2] / 2 E[G], its second moment E[G^3] / 3 E[G]
//! (Feller, "An Introduction to Probability Theory and Its Applications", vol. II, XI.4). Does not own how
//! shipments really board (`sanda_core`).

use sanda_core::model::DepartureRule;
use sanda_units::{Duration, Time};

use super::moments::Moments;
use crate::schema::Cancelled;

/// Gaps between departures, in milliseconds.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::build) enum Gaps {
    /// The gaps of a timetable in order, repeated from the first.
    Timetable(Vec<f64>),
    /// Independent gaps: E[G], E[G^2] and E[G^3].
    Independent([f64; 3]),
    /// No timetable: a wait from zero to this time, uniformly distributed.
    UpTo(f64),
}

impl Gaps {
    /// The gaps of a rule of departures in a run that ends at `end`.
    pub(in crate::build) fn of(rule: &DepartureRule, end: Time) -> Self {
        const WEEK: Duration = Duration::from_days(7);
        match rule {
            DepartureRule::Every { period, .. } => Self::Timetable(vec![period.as_ms() as f64]),
            DepartureRule::Dates(dates) => {
                let gaps: Vec<f64> =
                    dates.windows(2).map(|pair| (pair[1] - pair[0]).as_ms() as f64).collect();
                // A single departure counts as if the run were repeated.
                Self::Timetable(if gaps.is_empty() { vec![end.as_ms() as f64] } else { gaps })
            }
            DepartureRule::Headway(law, _) => {
                // The midpoints of equal shares: exact for constants, within 1 % for common laws, and
                // finite.
                const PARTS: usize = 4096;
                let middles = (0..PARTS).map(|part| law.quantile((part as f64 + 0.5) / PARTS as f64));
                Self::Independent(moments(middles.map(|gap| (gap, 1.0 / PARTS as f64))))
            }
            // The time to fill depends on the cargo of other flows.
            DepartureRule::WhenFull { longest_wait, .. } => {
                Self::UpTo(longest_wait.unwrap_or(WEEK).as_ms() as f64)
            }
        }
    }

    /// The gaps between the departures that are not cancelled: sums of a random number of gaps. With
    /// probability `enter` a run of cancelled departures follows one that runs; its length is geometric.
    pub(in crate::build) fn thinned(self, cancelled: &Cancelled) -> Self {
        let (enter, length) = match cancelled {
            Cancelled::Singly(share) => (share.as_f64(), 1.0 / (1.0 - share.as_f64())),
            Cancelled::Runs { share, mean_length } => {
                let long_run = share.value.as_f64();
                (long_run / (1.0 - long_run) / mean_length.value, mean_length.value)
            }
        };
        if enter <= 0.0 || !length.is_finite() {
            return self;
        }
        let stay = 1.0 - 1.0 / length;
        match self {
            Self::Timetable(gaps) => Self::Independent(timetable_thinned(&gaps, enter, stay)),
            Self::Independent(gap) => Self::Independent(sum_of_independent(gap, enter, stay)),
            Self::UpTo(_) => self,
        }
    }

    /// The rest of a gap from a random instant on.
    pub(in crate::build) fn rest(self) -> Moments {
        let [first, second, third] = match self {
            Self::Timetable(gaps) => {
                let share = 1.0 / gaps.len().max(1) as f64;
                moments(gaps.into_iter().map(|gap| (gap, share)))
            }
            Self::Independent(moments) => moments,
            Self::UpTo(most) => return Moments::up_to(most),
        };
        if first > 0.0 {
            Moments::from_second(second / 2.0 / first, third / 3.0 / first)
        } else {
            Moments::default()
        }
    }
}

/// The first three moments of values with their shares.
fn moments(values: impl Iterator<Item = (f64, f64)>) -> [f64; 3] {
    values.fold([0.0; 3], |sum, (value, share)| {
        let square = value * value;
        [sum[0] + share * value, sum[1] + share * square, sum[2] + share * square * value]
    })
}

/// The moments of the gaps of a timetable with cancellations. From each departure the gap spans the
/// following run of cancelled departures and one more. Runs with a probability below 10^-9 are ignored.
fn timetable_thinned(gaps: &[f64], enter: f64, stay: f64) -> [f64; 3] {
    let share = 1.0 / gaps.len() as f64;
    let from_one = |first: usize| {
        let mut length = 0.0;
        let (mut is_so_long, mut n) = (1.0, first);
        std::iter::from_fn(move || {
            if is_so_long < 1e-9 {
                return None;
            }
            length += gaps[n % gaps.len()];
            let goes_on = if n == first { enter } else { stay };
            n += 1;
            let ends = is_so_long * (1.0 - goes_on);
            is_so_long *= goes_on;
            Some((length, share * ends))
        })
    };
    moments((0..gaps.len()).flat_map(from_one))
}

/// Moments of the sum of N = 1 + B K independent gaps. B is 1 with probability `enter`, else 0. K is
/// geometric from 1 on and continues with probability `stay`.
fn sum_of_independent([first, second, third]: [f64; 3], enter: f64, stay: f64) -> [f64; 3] {
    let length = 1.0 / (1.0 - stay);
    let k =
        [length, (1.0 + stay) * length * length, (1.0 + 4.0 * stay + stay * stay) * length * length * length];
    let n = [
        1.0 + enter * k[0],
        1.0 + enter * (2.0 * k[0] + k[1]),
        1.0 + enter * (3.0 * k[0] + 3.0 * k[1] + k[2]),
    ];
    // Ordered pairs and triples of equal and of different gaps.
    [
        n[0] * first,
        n[0] * second + (n[1] - n[0]) * first * first,
        n[0] * third
            + 3.0 * (n[1] - n[0]) * second * first
            + (n[2] - 3.0 * n[1] + 2.0 * n[0]) * first * first * first,
    ]
}

#[cfg(test)]
mod tests {
    use sanda_core::kernel::random::{Key, Stream, name_hash};
    use sanda_units::Share;

    use super::*;

    fn of(gaps: &[f64]) -> Gaps {
        let mut at = Time::ZERO;
        let mut dates = vec![at];
        for gap in gaps {
            at += Duration::from_ms_f64(*gap);
            dates.push(at);
        }
        Gaps::of(&DepartureRule::Dates(dates), at)
    }

    fn singly(share: f64) -> Cancelled {
        Cancelled::Singly(format!("{share}").parse::<Share>().expect("a share"))
    }

    fn check(gaps: Gaps, mean: f64, second: f64) {
        let rest = gaps.rest();
        assert!((rest.mean / mean - 1.0).abs() < 1e-12, "{rest:?} instead of {mean}");
        assert!((rest.variance / (second - mean * mean) - 1.0).abs() < 1e-9, "{rest:?}");
    }

    #[test]
    fn one_waits_for_the_rest_of_a_gap() {
        // Half of a regular headway, with the spread of a uniform law.
        check(of(&[1000.0, 1000.0]), 500.0, 1e6 / 3.0);
        // Gaps of 2 and 5 days: (4 + 25) / (2 * 7) days.
        check(of(&[2e3, 5e3]), 29e6 / 14e3, 133e9 / 21e3);
        assert_eq!(Gaps::UpTo(12.0).rest(), Moments { mean: 6.0, variance: 12.0 });
    }

    #[test]
    fn cancelled_departures_lengthen_gaps() {
        // Regular departures of which a share p is cancelled. Gaps are geometric: E[N^2] / 2 E[N] = (1 + p)
        // / 2 (1 - p), E[N^3] / 3 E[N] = (1 + 4 p + p^2) / 3 (1 - p)^2.
        let p = 0.2_f64;
        let thinned = of(&[1e3, 1e3]).thinned(&singly(p));
        let (mean, second) =
            (1e3 * (1.0 + p) / 2.0 / (1.0 - p), 1e6 * (1.0 + 4.0 * p + p * p) / 3.0 / (1.0 - p) / (1.0 - p));
        let rest = thinned.rest();
        assert!(
            (rest.mean / mean - 1.0).abs() < 1e-7
                && (rest.variance / (second - mean * mean) - 1.0).abs() < 1e-5
        );
        check(Gaps::Independent([1e3, 1e6, 1e9]).thinned(&singly(p)), mean, second);
        // Every gap of two is a week, whichever of the two departures is cancelled. The gaps are far from
        // independent.
        let runs = timetable_thinned(&[2.0, 5.0], 1.0, 0.0);
        for (power, expected) in runs.into_iter().zip([7.0, 49.0, 343.0]) {
            assert!((power - expected).abs() < 1e-9, "{runs:?}");
        }
        assert_eq!(of(&[1e3, 3e3]).thinned(&singly(0.0)), of(&[1e3, 3e3]));
    }

    /// Gaps of 2 and 5, departures cancelled one by one: the rest of the gap, averaged over time. Seed 3; the averages over some
    /// 300,000 gaps have relative errors of 0.3 % and 0.5 %, so that 2 % and 3 % are z = 6 (false alarm below 1e-8).
    #[test]
    fn gaps_agree_with_counting() {
        let key = Key::new(3, 0, name_hash("gaps"), name_hash("headway"));
        let word = |n: u64, lap: u64| Stream::new(key, n, lap).word();
        let gaps: Vec<f64> = (0..400_000).map(|n| if word(n, 0) % 2 == 0 { 2e3 } else { 5e3 }).collect();
        let mut kept = vec![0.0];
        let mut at = 0.0;
        for (n, gap) in (0..).zip(&gaps) {
            at += gap;
            if word(n, 1) >= u64::MAX / 4 {
                kept.push(at);
            }
        }
        let (mut mean, mut second) = (0.0, 0.0);
        for pair in kept.windows(2) {
            let gap: f64 = pair[1] - pair[0];
            mean += gap * gap / 2.0 / at;
            second += gap * gap * gap / 3.0 / at;
        }
        for gaps in [of(&gaps), Gaps::Independent([3.5e3, 14.5e6, 66.5e9])] {
            let rest = gaps.thinned(&singly(0.25)).rest();
            assert!((mean / rest.mean - 1.0).abs() < 0.02, "{mean} {rest:?}");
            assert!(
                (second / (rest.variance + rest.mean * rest.mean) - 1.0).abs() < 0.03,
                "{second} {rest:?}"
            );
        }
    }
}
