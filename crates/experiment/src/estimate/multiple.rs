//! Several comparisons at once: p-values and intervals of a family, comparisons with the best, and how sure an order is.
//!
//! Owns the statements on more than one difference. Does not own the differences (`paired.rs`). Scenarios under common luck depend on
//! each other, so everything here but [`order_chance`] holds under any dependence.
//!
//! **Family.** S. Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6 (1979).
//! Holm's tests have no intervals in closed form, so the intervals are Bonferroni's: all of them hold at once. They may include
//! zero where Holm's test rejects it.
//!
//! **The best.** Constrained intervals for the difference to the best of the others: J. C. Hsu, "Constrained simultaneous confidence
//! intervals for multiple comparisons with the best", Annals of Statistics 12 (1984). Under common luck with one-sided Bonferroni bounds
//! on paired differences, as in G. M. Clark and W. Yang, "A Bonferroni selection procedure when using common random numbers with unknown
//! variances" (Winter Simulation Conference, 1986), and in B. L. Nelson and F. J. Matejcik, "Using common random numbers for
//! indifference-zone selection and multiple comparisons in simulation", Management Science 41 (1995). Only the bounds that involve the
//! true best have to hold, which are one fewer than there are scenarios.

use sanda_core::kernel::random::{Key, Stream, name_hash};

use super::Confidence;
use super::decide::Preference;
use super::difference::Difference;
use super::paired::{mean, variance};

/// Draws of [`order_chance`]: its error by chance is at most 0.5 %.
const N_DRAWS: u64 = 10_000;

/// One difference as a member of a family.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Member {
    /// Holm's adjusted p-value of no difference. At or below the level the difference is proven, together with all others that are.
    pub p_adjusted: f64,
    /// Whether it is, at the level of the family.
    pub is_proven: bool,
    /// Lower end of the simultaneous interval (Bonferroni).
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
}

/// Judges differences together: with the given confidence no zero difference is called proven, and all intervals hold.
pub fn simultaneous(family: &[Difference], confidence: Confidence) -> Vec<Member> {
    let level = confidence.one_sided_tail();
    let tail = level / (2.0 * family.len() as f64);
    let adjusted = holm(&family.iter().map(Difference::p_of_none).collect::<Vec<_>>());
    let member = |(difference, p_adjusted): (&Difference, f64)| {
        let (low, high) = difference.interval_with_tail(tail).unzip();
        Member { p_adjusted, is_proven: p_adjusted <= level, low, high }
    };
    family.iter().zip(adjusted).map(member).collect()
}

/// Adjusts the p-values of a family by Holm's step-down method, in the order given.
///
/// Those at or below a level may be rejected together: the probability of any wrong rejection is at most the level, whatever their
/// dependence.
pub fn holm(p_values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|&a, &b| p_values[a].total_cmp(&p_values[b]));
    let mut adjusted = vec![1.0; p_values.len()];
    let mut largest = 0.0_f64;
    for (rank, &index) in order.iter().enumerate() {
        let n_left = (p_values.len() - rank) as f64;
        largest = largest.max((n_left * p_values[index]).min(1.0));
        adjusted[index] = largest;
    }
    adjusted
}

/// A scenario compared with the best of the others: its value minus theirs, positive where it is higher.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AgainstBest {
    /// Scenario minus the best of the others.
    pub value: f64,
    /// Lower end of the simultaneous interval; it may be infinite.
    pub low: f64,
    /// Upper end. The scenario that is best beyond doubt, and every one that is not, has one end at zero.
    pub high: f64,
    /// Whether the scenario may be the best. With the confidence of the intervals the best one is among these.
    pub may_be_best: bool,
}

/// Compares each of `n_scenarios` with the best of the others. All intervals hold together with the given confidence, under any
/// dependence.
///
/// `difference(i, j)` is scenario i minus scenario j, for i < j. With a single scenario there is nothing to compare: an empty answer.
pub fn compare_with_best(
    n_scenarios: usize,
    difference: impl Fn(usize, usize) -> Difference,
    preference: Preference,
    confidence: Confidence,
) -> Vec<AgainstBest> {
    if n_scenarios < 2 {
        return Vec::new();
    }
    let tail = confidence.one_sided_tail() / (n_scenarios - 1) as f64;
    let sign = if preference == Preference::Higher { 1.0 } else { -1.0 };
    // How much better i is than j: the estimate and the one-sided upper bound.
    let mut better = vec![vec![(0.0_f64, f64::INFINITY); n_scenarios]; n_scenarios];
    for (i, j) in (0..n_scenarios).flat_map(|i| (i + 1..n_scenarios).map(move |j| (i, j))) {
        let difference = difference(i, j);
        let (low, high) = difference.interval_with_tail(tail).unwrap_or((f64::NEG_INFINITY, f64::INFINITY));
        let (least, most) = if sign > 0.0 { (low, high) } else { (-high, -low) };
        better[i][j] = (sign * difference.value, most);
        better[j][i] = (-sign * difference.value, -least);
    }
    let others = |i: usize| (0..n_scenarios).filter(move |&j| j != i);
    let bounds: Vec<f64> =
        (0..n_scenarios).map(|i| others(i).map(|j| better[i][j].1).fold(f64::INFINITY, f64::min)).collect();
    (0..n_scenarios)
        .map(|i| {
            let value = others(i).map(|j| better[i][j].0).fold(f64::INFINITY, f64::min);
            // The best scenario is among those that may be; i is no better than the bound of each of them allows.
            let least = others(i)
                .filter(|&j| bounds[j] >= 0.0)
                .map(|j| -better[j][i].1)
                .fold(f64::INFINITY, f64::min);
            let (low, high) = (least.min(0.0), bounds[i].max(0.0));
            // On the scale of the figure.
            let (low, high) = if sign > 0.0 { (low, high) } else { (-high, -low) };
            AgainstBest { value: sign * value, low, high, may_be_best: bounds[i] >= 0.0 }
        })
        .collect()
}

/// Scenarios in order, and how sure the order is.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    /// Indices of the scenarios, the best estimate first. Equal estimates keep the order given.
    pub ranking: Vec<usize>,
    /// Probability that the whole order is right; see [`order_chance`].
    pub chance: f64,
    /// Probability that the first is the best.
    pub chance_of_first: f64,
}

/// Orders scenarios by their means, and says how probable it is that the true means have this order.
///
/// `values` has one number per replication of each scenario, in the same order of replications ([`super::ratio_values`] makes them of
/// ratios). The probability is Bayesian, with no prior knowledge: given the replications, the true means are taken to lie around the
/// estimates as a multivariate t law with the replications' covariance and n - 1 degrees of freedom. With two scenarios it is one minus
/// the one-sided p-value of the paired t test. It is not the error rate of a procedure, it knows nothing of what the simulation leaves
/// out, and with skewed replications it is approximate. Scenarios whose means cannot be told apart because all their replications are
/// equal count as rightly ordered.
///
/// It is drawn from a keyed stream, so the same numbers give the same answer. `None` with fewer than two replications, with numbers that
/// are not finite or with lists of unequal length.
pub fn order_chance(values: &[Vec<f64>], preference: Preference) -> Option<Order> {
    let n = values.first()?.len();
    let is_usable = |list: &Vec<f64>| list.len() == n && list.iter().all(|value| value.is_finite());
    if n < 2 || !values.iter().all(is_usable) {
        return None;
    }
    let sign = if preference == Preference::Higher { 1.0 } else { -1.0 };
    let means: Vec<f64> = values.iter().map(|list| sign * mean(list)).collect();
    let mut ranking: Vec<usize> = (0..values.len()).collect();
    ranking.sort_by(|&a, &b| means[b].total_cmp(&means[a]));
    // Only differences of neighbours matter: by replication, about their mean. The first is also compared with all the others.
    let step = |(&a, &b): (&usize, &usize)| {
        let differences: Vec<f64> = values[a].iter().zip(&values[b]).map(|(a, b)| sign * (a - b)).collect();
        let centre = mean(&differences);
        let error = (variance(&differences) / n as f64).sqrt();
        let scale = 1.0 / (n as f64 * (n as f64 - 1.0)).sqrt();
        let deviations: Vec<f64> = differences.iter().map(|one| (one - centre) * scale).collect();
        (centre, deviations, error)
    };
    let neighbours: Vec<_> = ranking.iter().zip(ranking.iter().skip(1)).map(step).collect();
    let key = Key::new(0, 0, name_hash("order of scenarios"), name_hash("multiple"));
    let (mut n_right, mut n_first) = (0_u64, 0_u64);
    for draw in 0..N_DRAWS {
        let mut stream = Stream::new(key, draw, 0);
        let normals: Vec<f64> = (0..n).map(|_| normal(&mut stream)).collect();
        let square: f64 = (1..n).map(|_| normal(&mut stream)).map(|z| z * z).sum();
        let stretch = ((n as f64 - 1.0) / square).sqrt();
        let (mut is_right, mut is_first, mut lead) = (true, true, 0.0);
        for (centre, deviations, error) in &neighbours {
            let moved: f64 = deviations.iter().zip(&normals).map(|(one, z)| one * z).sum();
            let gap = if *error > 0.0 { centre + stretch * moved } else { centre.max(0.0) };
            lead += gap;
            is_right &= gap >= 0.0;
            is_first &= lead >= 0.0;
        }
        n_right += u64::from(is_right);
        n_first += u64::from(is_first);
    }
    let part = |count: u64| count as f64 / N_DRAWS as f64;
    Some(Order { ranking, chance: part(n_right), chance_of_first: part(n_first) })
}

/// A standard normal number (G. E. P. Box and M. E. Muller, 1958).
fn normal(stream: &mut Stream) -> f64 {
    let radius = (-2.0 * libm::log(stream.uniform())).sqrt();
    radius * libm::cos(2.0 * std::f64::consts::PI * stream.uniform())
}

#[cfg(test)]
mod tests {
    use super::super::difference::student;
    use super::super::paired_mean;
    use super::*;

    /// Holm's method by hand: 4 x 0.005, 3 x 0.01, 2 x 0.03, then no less than the one before.
    #[test]
    fn holm_by_hand() {
        let adjusted = holm(&[0.01, 0.04, 0.03, 0.005]);
        for (found, expected) in adjusted.iter().zip([0.03, 0.06, 0.06, 0.02]) {
            assert!((found - expected).abs() < 1e-12, "{adjusted:?}");
        }
        assert_eq!(holm(&[0.9, 0.8]), [1.0, 1.0]);
        assert!(holm(&[]).is_empty());
    }

    #[test]
    fn a_family_is_judged_together() {
        let family = [student(3.0, 1.0, 21), student(2.2, 1.0, 21), student(0.1, 1.0, 21)];
        let members = simultaneous(&family, Confidence::P95);
        // 2.2 standard errors are proven alone (p = 0.04), not in the family of the two that are left (p = 0.08).
        assert_eq!(members.iter().map(|member| member.is_proven).collect::<Vec<_>>(), [true, false, false]);
        let (low, high) = (members[0].low.unwrap(), members[0].high.unwrap());
        // t at 0.05 / 6 with 20 degrees of freedom is 2.6127.
        assert!((low - 0.3873).abs() < 1e-3 && (high - 5.6127).abs() < 1e-3, "{low} to {high}");
    }

    /// Scenario 0 leads by far, so that it has its lower end at zero and the others their upper ends.
    #[test]
    fn a_clear_best() {
        let means = [5.0, 1.0, 2.0];
        let by = |i: usize, j: usize| student(means[i] - means[j], 0.5, 1_000_000);
        let found = compare_with_best(3, by, Preference::Higher, Confidence::P95);
        // z at 0.05 / 2 is 1.96: the best leads the next by 3 +- 0.98.
        let expected = [(3.0, 0.0, 3.98, true), (-4.0, -4.98, 0.0, false), (-3.0, -3.98, 0.0, false)];
        for (one, (value, low, high, may_be_best)) in found.iter().zip(expected) {
            assert!((one.value - value).abs() < 1e-9 && one.may_be_best == may_be_best, "{found:?}");
            assert!((one.low - low).abs() < 1e-3 && (one.high - high).abs() < 1e-3, "{found:?}");
        }
        let lowest = compare_with_best(3, by, Preference::Lower, Confidence::P95);
        assert_eq!(lowest.iter().map(|one| one.may_be_best).collect::<Vec<_>>(), [false, true, false]);
    }

    #[test]
    fn identical_scenarios_are_both_best() {
        let found =
            compare_with_best(2, |_, _| Difference::none(9, 1.0), Preference::Higher, Confidence::P95);
        assert!(found.iter().all(|one| one.may_be_best && one.low >= 0.0 && one.high <= 0.0), "{found:?}");
        assert!(compare_with_best(1, |_, _| unreachable!(), Preference::Higher, Confidence::P95).is_empty());
    }

    /// With two scenarios the probability is that of the paired t test, but for the error of the draws.
    #[test]
    fn the_order_of_two_is_the_t_test() {
        let base: Vec<f64> = (0..12).map(|i| f64::from(i * i % 7)).collect();
        let alternative: Vec<f64> = (0..12).map(|i| f64::from(i * i % 7) + f64::from(i % 3) - 0.7).collect();
        let order = order_chance(&[base.clone(), alternative.clone()], Preference::Higher).unwrap();
        let difference = paired_mean(&base, &alternative, Confidence::P95);
        let t = difference.value / difference.standard_error;
        let expected = 1.0 - super::super::student_tail(t, 11.0);
        assert_eq!(order.ranking, [1, 0]);
        assert!((order.chance - expected).abs() < 0.02, "{} {expected}", order.chance);
        assert_eq!(order.chance.to_bits(), order.chance_of_first.to_bits());
    }

    #[test]
    fn an_order_needs_numbers() {
        assert_eq!(order_chance(&[vec![1.0], vec![2.0]], Preference::Higher), None);
        assert_eq!(order_chance(&[vec![1.0, 2.0], vec![f64::INFINITY, 1.0]], Preference::Higher), None);
        let apart = order_chance(&[vec![1.0, 1.0], vec![2.0, 2.0]], Preference::Lower).unwrap();
        assert_eq!((apart.ranking, apart.chance), (vec![0, 1], 1.0));
    }
}
