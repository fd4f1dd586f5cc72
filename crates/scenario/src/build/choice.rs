//! The choice between ways: by given shares, the best, or by chance with a logit.
//!
//! Owns what share of a flow goes each way. Shares are worked out once, from the expected times and costs of the input (`expect`,
//! `expected_money`), in arithmetic that gives the same bits everywhere. Does not own the search for ways (`route`) or the draw (`sanda_core`).

use sanda_network::{Cost, Objective};

use super::Builder;
use crate::decode::{Entry, Name};
use crate::schema::{Flow, RouteChoice, WhenClosed};

/// How many ways are looked for where something is to choose from.
const WAYS_TO_CHOOSE_FROM: usize = 4;

/// The policy of a flow. By shares if its itineraries have any, else the fastest, unless it says.
pub(super) fn policy(flow: &Flow) -> RouteChoice {
    let has_shares = flow.itineraries.values().any(|way| way.value.share.is_some());
    let unsaid = if has_shares { RouteChoice::Shares } else { RouteChoice::Fastest };
    flow.choice.map_or(unsaid, |choice| choice.value)
}

/// By what ways are searched.
pub(super) fn objective(choice: RouteChoice) -> Objective {
    match choice {
        RouteChoice::Cheapest => Objective::Money,
        RouteChoice::Generalised { value_of_time } => {
            Objective::Generalised { value_of_time: value_of_time.value.value() }
        }
        // The rate at which the weights exchange money for time.
        RouteChoice::Logit { time, cost, .. } if cost.value > 0.0 => {
            let fen = sanda_core::kernel::law::to_whole(100.0 * time.value / cost.value);
            Objective::Generalised { value_of_time: sanda_units::Money::from_fen(fen) }
        }
        RouteChoice::Shares | RouteChoice::Fastest | RouteChoice::Logit { .. } => Objective::Time,
    }
}

/// How many ways are searched for a flow.
pub(super) fn n_ways(flow: &Flow) -> usize {
    let chooses =
        matches!(policy(flow), RouteChoice::Logit { .. }) || flow.when_closed == WhenClosed::Reroute;
    let unsaid = if chooses { WAYS_TO_CHOOSE_FROM } else { 1 };
    flow.ways.map_or(unsaid, |ways| usize::try_from(ways.value.value()).unwrap_or(usize::MAX))
}

impl Builder<'_> {
    /// The share of each way, in the order of the ways; `None` if an error was added. Ways without any price on them are free
    /// to whoever chooses by cost, which is said; if that is all of them, there is nothing to choose by.
    pub(super) fn way_shares(
        &mut self,
        name: &Name,
        flow: &Entry<Flow>,
        given: &[Option<f64>],
        costs: &[Cost],
        unpriced: &[&str],
    ) -> Option<Vec<f64>> {
        let choice = policy(flow);
        if choice.weighs_money() {
            let span = flow.choice.map_or(flow.id.span, |choice| choice.span);
            let path = format!("flows.{name}.choice");
            if unpriced.len() == costs.len() {
                self.issues
                    .error(
                        span,
                        format!("flow `{name}` chooses by cost, but nothing on its ways has a price"),
                    )
                    .path(path)
                    .label("expected prices on its ways, or a choice by time")
                    .hint(Some(
                        "give services and connections `freight`, and resources a `fee`, or choose `Fastest`"
                            .to_owned(),
                    ));
                return None;
            }
            for way in unpriced {
                self.issues
                    .warning(span, format!("way `{way}` of flow `{name}` has no price: it counts as free"))
                    .path(path.clone())
                    .label("expected a price on each way, as the choice is by cost");
            }
        }
        if costs.len() == 1 {
            return Some(vec![1.0]);
        }
        Some(match choice {
            RouteChoice::Shares => given.iter().map(|share| share.unwrap_or(0.0)).collect(),
            RouteChoice::Logit { time, spread, cost } => {
                // What has no weight does not count, be it infinite: some laws have no variance.
                let weighed = |weight: f64, amount: f64| if weight > 0.0 { weight * amount } else { 0.0 };
                let utility = |of: &Cost| {
                    let yuan = of.money.as_fen() as f64 / 100.0;
                    -(weighed(time.value, of.time.as_hours_f64())
                        + weighed(spread.value, of.sd_hours())
                        + weighed(cost.value, yuan))
                };
                logit(&costs.iter().map(utility).collect::<Vec<f64>>())
            }
            RouteChoice::Fastest | RouteChoice::Cheapest | RouteChoice::Generalised { .. } => {
                let best = self.order(flow, costs)[0];
                (0..costs.len()).map(|way| if way == best { 1.0 } else { 0.0 }).collect()
            }
        })
    }

    /// The ways from the best to the worst by the flow's objective; of equally good ones the faster, then the first.
    #[expect(clippy::unused_self, reason = "reads as a question to the builder, like its neighbours")]
    pub(super) fn order(&self, flow: &Flow, costs: &[Cost]) -> Vec<usize> {
        let objective = objective(policy(flow));
        let mut order: Vec<usize> = (0..costs.len()).collect();
        order.sort_by_key(|way| (objective.of(&costs[*way]), costs[*way].time, *way));
        order
    }
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
    use super::logit;

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
}
