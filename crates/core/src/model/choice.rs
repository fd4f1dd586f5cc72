//! The choice between ways: the policy of a flow, and the shares that follow from what each way is expected to take.
//!
//! The scenario crate asks when it compiles a flow, from the laws of the input. A flow that sees the queue asks again at each
//! release (`booking`). Owns neither expected times nor the draw by which a shipment goes one of the ways (`demand`).

use sanda_units::{Cost, Objective};

use crate::model::program::threshold;

/// How a flow chooses among its ways.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Policy {
    /// The best way by an objective.
    Best(Objective),
    /// By chance: shares are proportional to `exp(-disutility)`.
    Logit {
        /// Weight of one hour of expected time.
        time: f64,
        /// Weight of one hour of standard deviation.
        spread: f64,
        /// Weight of one yuan of expected money.
        cost: f64,
        /// Which way is the best, where shares do not decide.
        objective: Objective,
    },
}

impl Policy {
    /// What orders ways from the best to the worst.
    pub fn objective(&self) -> Objective {
        match self {
            Self::Best(objective) | Self::Logit { objective, .. } => *objective,
        }
    }

    /// The ways from the best to the worst; of equally good ones the faster, then the first.
    pub fn order(&self, costs: &[Cost]) -> Vec<usize> {
        let objective = self.objective();
        let mut order: Vec<usize> = (0..costs.len()).collect();
        order.sort_by_key(|&way| (objective.of(&costs[way]), costs[way].time, way));
        order
    }

    /// The share of each way, in the order of the ways.
    ///
    /// Determinism: the same bits on every platform.
    pub fn shares(&self, costs: &[Cost]) -> Vec<f64> {
        match *self {
            Self::Best(_) => {
                let best = self.order(costs).first().copied();
                (0..costs.len()).map(|way| if best == Some(way) { 1.0 } else { 0.0 }).collect()
            }
            Self::Logit { time, spread, cost, .. } => {
                // What has no weight does not count, be it infinite: some laws have no variance.
                let weighed = |weight: f64, amount: f64| if weight > 0.0 { weight * amount } else { 0.0 };
                let utility = |of: &Cost| {
                    let yuan = of.money.as_fen() as f64 / 100.0;
                    -(weighed(time, of.time.as_hours_f64())
                        + weighed(spread, of.sd_hours())
                        + weighed(cost, yuan))
                };
                logit(&costs.iter().map(utility).collect::<Vec<f64>>())
            }
        }
    }
}

/// Cumulative word thresholds of shares, in their order. The last way that has a share has no upper end, whatever the sum was
/// rounded to.
pub fn thresholds(shares: &[f64]) -> Vec<u64> {
    let mut sum = 0.0;
    let mut thresholds: Vec<u64> = Vec::with_capacity(shares.len());
    for share in shares {
        sum += share;
        thresholds.push(threshold(sum));
    }
    if let Some(taken) = shares.iter().rposition(|share| *share > 0.0) {
        thresholds[taken..].fill(u64::MAX);
    }
    thresholds
}

/// Shares in proportion to the exponentials of utilities (McFadden, "Conditional logit analysis of qualitative choice
/// behavior", 1974). The best is taken away first, so that no exponential overflows. Ways that are all infinitely bad are
/// equally good.
fn logit(utilities: &[f64]) -> Vec<f64> {
    let best = utilities.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let weight = |utility: &f64| if best == f64::NEG_INFINITY { 1.0 } else { libm::exp(utility - best) };
    let weights: Vec<f64> = utilities.iter().map(weight).collect();
    let total: f64 = weights.iter().sum();
    weights.into_iter().map(|weight| weight / total).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logit_shares_by_hand() {
        let check = |utilities: &[f64], expected: &[f64]| {
            let shares = logit(utilities);
            for (share, expected) in shares.iter().zip(expected) {
                assert!((share - expected).abs() < 1e-12, "{shares:?} instead of {expected}");
            }
        };
        check(&[-3.0], &[1.0]);
        check(&[-5.0, -5.0], &[0.5, 0.5]);
        // exp(0) : exp(-ln 3) = 3 : 1, far beyond what exp alone could hold.
        let ln_3 = libm::log(3.0);
        check(&[-4000.0, -4000.0 - ln_3], &[0.75, 0.25]);
        check(&[f64::NEG_INFINITY, -9.0], &[0.0, 1.0]);
        check(&[f64::NEG_INFINITY, f64::NEG_INFINITY], &[0.5, 0.5]);
        check(&[-ln_3, -2.0 * ln_3, 0.0], &[3.0 / 13.0, 1.0 / 13.0, 9.0 / 13.0]);
    }

    #[test]
    fn the_last_way_with_a_share_has_no_upper_end() {
        assert_eq!(thresholds(&[0.0, 1.0, 0.0]), [0, u64::MAX, u64::MAX]);
        // Three tenths and seven tenths miss one by a rounding.
        let tenths = thresholds(&[0.1, 0.2, 0.7]);
        assert_eq!((tenths[0], tenths[2]), (threshold(0.1), u64::MAX));
        assert!(thresholds(&[]).is_empty());
    }
}
