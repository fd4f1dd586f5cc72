//! Interval ends of a share from an effective number of independent units, and their inverse for quantiles.
//!
//! `share.rs` explains the method. Does not own where the effective number comes from.

use sanda_core::kernel::special::{beta_probability, beta_quantile, normal_tail_quantile, student_t};

use super::ratio::Spread;

/// With this many effective successes and failures a beta law is a normal one in all digits that matter.
const NORMAL_ENOUGH: f64 = 1e6;

/// Shares nearer to 0 or 1 than this go over from the half-way interval to the exact one.
const NEAR_THE_END: f64 = 0.05;

/// The weight of a unit that the half-way interval takes from the exact one.
const QUARTER: f64 = 0.25;

/// Steps of the search for an end, at most; about four are usual.
const MOST_STEPS: u32 = 100;

/// Largest error of the probability beyond an end, as a part of it.
const CLOSE: f64 = 1e-4;

/// Independent units behind a share, with probability `tail` beyond each end of an interval.
#[derive(Clone, Copy, Debug)]
pub(super) struct Evidence {
    /// The effective number of units.
    number: f64,
    /// The same, reduced because it is an estimate.
    reduced: f64,
    tail: f64,
    /// How many standard errors the skewed replications reach below the share, and above it.
    below: f64,
    above: f64,
}

impl Evidence {
    /// The evidence of replications that are worth `number` units.
    pub(super) fn of(spread: &Spread, number: f64, tail: f64) -> Self {
        let shrinkage = normal_tail_quantile(tail) / student_t(tail, spread.shape.freedom(spread.n));
        let (below, above) = spread.of_mean().factors(tail);
        Self { number, reduced: number * shrinkage * shrinkage, tail, below, above }
    }

    /// The interval around a share between 0 and 1.
    pub(super) fn interval(&self, share: f64) -> (f64, f64) {
        let missed = self.mirrored().low(1.0 - share);
        // Less than one unit of evidence could push an end across the share itself.
        (self.low(share).clamp(0.0, share), (1.0 - missed).clamp(share, 1.0))
    }

    /// The shares whose intervals have a share `level` as their ends: the larger ends at it from below, the smaller from above.
    ///
    /// So a quantile at `level` is not refuted by the data between the pooled quantiles at these shares.
    pub(super) fn shares_around(&self, level: f64) -> (f64, f64) {
        (1.0 - self.mirrored().share_above(1.0 - level), self.share_above(level))
    }

    /// The evidence of what is missed, where this is of what is kept.
    fn mirrored(&self) -> Self {
        Self { below: self.above, above: self.below, ..*self }
    }

    /// How many of these independent units lie beyond a share, on the side where there are fewer.
    pub(super) fn beyond(&self, share: f64) -> f64 {
        self.reduced * share.min(1.0 - share)
    }

    /// The shapes of the beta law at the lower end of a share.
    fn shapes(&self, share: f64, near: f64) -> (f64, f64) {
        let quarter = QUARTER * (near.min(1.0 - near) / NEAR_THE_END).min(1.0);
        (self.reduced * share + quarter, self.reduced * (1.0 - share) + 1.0 - quarter)
    }

    /// The lower end of the interval around a share. It may come out above the share with less than one unit of evidence.
    fn low(&self, share: f64) -> f64 {
        let low = if self.is_normal(share) {
            share - normal_tail_quantile(self.tail) * (share * (1.0 - share) / self.reduced).sqrt()
        } else {
            let (kept, missed) = self.shapes(share, share);
            beta_quantile(self.tail, kept, missed)
        };
        if share < 0.5 {
            return low;
        }
        low.min(share - self.below * (share * (1.0 - share) / self.number).sqrt())
    }

    /// The share, at least `level`, whose lower end is `level`; 1 where there is none.
    fn share_above(&self, level: f64) -> f64 {
        let above = if self.is_normal(level) {
            share_of_end(level, normal_tail_quantile(self.tail), self.reduced)
        } else {
            self.share_of_beta(level)
        };
        if level < 0.5 { above } else { above.max(share_of_end(level, self.below, self.number)) }
    }

    fn is_normal(&self, share: f64) -> bool {
        self.beyond(share) > NORMAL_ENOUGH
    }

    /// The share at which the beta law of the lower end stays below `level` with probability `tail`.
    ///
    /// The probability falls as the share rises. On a logarithmic scale it is smooth, so that secants from the normal solution on find it
    /// in about four steps; a bracket keeps them in.
    fn share_of_beta(&self, level: f64) -> f64 {
        let excess = |share: f64| {
            let (kept, missed) = self.shapes(share, level);
            libm::log(beta_probability(level, kept, missed) / self.tail)
        };
        let (mut low, mut high) = (level, 1.0);
        if excess(high) >= 0.0 {
            return high;
        }
        let mut last = share_of_end(level, normal_tail_quantile(self.tail), self.reduced);
        let mut at_last = excess(last);
        let mut next = level + (last - level) * if at_last > 0.0 { 1.1 } else { 0.9 };
        for _ in 0..MOST_STEPS {
            if at_last > 0.0 {
                low = low.max(last);
            } else {
                high = high.min(last);
            }
            // A step that leaves the bracket, or is none, halves it.
            let step = if next > low && next < high { next } else { f64::midpoint(low, high) };
            let at_step = excess(step);
            if at_step.abs() <= CLOSE || high - low <= 1e-12 {
                return step;
            }
            next = step - at_step * (step - last) / (at_step - at_last);
            (last, at_last) = (step, at_step);
        }
        last
    }
}

/// The share s from `level` on with s - factor sqrt(s (1 - s) / number) = `level`: the larger root of a quadratic (E. B. Wilson, JASA 22,
/// 1927).
fn share_of_end(level: f64, factor: f64, number: f64) -> f64 {
    let weight = factor * factor / number;
    let middle = 2.0 * level + weight;
    let root = (middle * middle - 4.0 * (1.0 + weight) * level * level).max(0.0).sqrt();
    ((middle + root) / (2.0 * (1.0 + weight))).clamp(level, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The shares that a level is the end of are found again from their intervals.
    #[test]
    fn ends_and_their_inverse_agree() {
        for (number, below, above) in [(30.0, 2.3, 2.1), (400.0, 3.5, 1.7), (2e4, 2.0, 2.0), (1e9, 2.2, 1.9)]
        {
            let evidence = Evidence { number, reduced: 0.7 * number, tail: 0.025, below, above };
            // With 21 units nothing is known about the ends.
            let levels: &[f64] = if number < 100.0 { &[0.4, 0.6] } else { &[0.05, 0.3, 0.7, 0.9, 0.95] };
            for &level in levels {
                let (low, high) = evidence.shares_around(level);
                assert!(0.0 < low && low < level && level < high && high < 1.0, "{level}: {low} to {high}");
                for (end, found) in [(low, evidence.interval(low).1), (high, evidence.interval(high).0)] {
                    // The weight of the quarter unit and the side of 1/2 are those of the level there, of the share here.
                    let tolerance = 0.15 * (end - level).abs();
                    assert!((found - level).abs() < tolerance, "{level} of {number}: {end} ends at {found}");
                }
            }
        }
    }

    #[test]
    fn too_little_evidence_reaches_the_end() {
        let evidence = Evidence { number: 5.0, reduced: 2.0, tail: 0.025, below: 2.3, above: 2.3 };
        assert_eq!(evidence.shares_around(0.99).1.total_cmp(&1.0), std::cmp::Ordering::Equal);
    }
}
