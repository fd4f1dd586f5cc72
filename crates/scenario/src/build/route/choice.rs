//! The choice between ways: by given shares, the best, or by chance with a logit.
//!
//! Owns the shares of the ways of a flow, from expected times (`expect::steps`) and costs
//! (`expect::money`). Does not own the search for ways (`ways`), the effect of queues on the shares
//! (`sight`), or the arithmetic of shares and draws (`sanda_core`).

use sanda_core::model::choice::Policy;
use sanda_network::{Cost, Objective};

use crate::build::builder::Builder;
use crate::decode::{Entry, Name};
use crate::schema::{Flow, Replan, RouteChoice, Sight, WhenClosed};

/// Number of ways that are searched for a flow that chooses between ways.
const WAYS_TO_CHOOSE_FROM: usize = 4;

/// The policy of a flow. By default its shares decide if its itineraries have any, else the fastest way is
/// taken.
pub(in crate::build) fn policy(flow: &Flow) -> RouteChoice {
    let has_shares = flow.itineraries.values().any(|way| way.value.share.is_some());
    let unsaid = if has_shares { RouteChoice::Shares } else { RouteChoice::Fastest };
    flow.choice.map_or(unsaid, |choice| choice.value)
}

/// How a policy weighs expected time and cost; `None` if the shares are given.
pub(in crate::build) fn weighing(choice: RouteChoice) -> Option<Policy> {
    let objective = objective(choice);
    match choice {
        RouteChoice::Shares => None,
        RouteChoice::Fastest | RouteChoice::Cheapest | RouteChoice::Generalised { .. } => {
            Some(Policy::Best(objective))
        }
        RouteChoice::Logit { time, spread, cost } => {
            Some(Policy::Logit { time: time.value, spread: spread.value, cost: cost.value, objective })
        }
    }
}

/// The objective of the search for ways.
pub(in crate::build) fn objective(choice: RouteChoice) -> Objective {
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

/// The number of ways that are searched for a flow.
pub(in crate::build) fn n_ways(flow: &Flow) -> usize {
    let chooses = matches!(policy(flow), RouteChoice::Logit { .. })
        || flow.when_closed == WhenClosed::Reroute
        || flow.replan.value != Replan::Never
        || flow.sees.value == Sight::Queue;
    let unsaid = if chooses { WAYS_TO_CHOOSE_FROM } else { 1 };
    flow.ways.map_or(unsaid, |ways| usize::try_from(ways.value.value()).unwrap_or(usize::MAX))
}

impl Builder<'_> {
    /// The share of each way, in the order of the ways; `None` if an error was added. If cost counts, a way
    /// without any price is warned of, since it seems free. It is an error if no way has a price.
    pub(in crate::build) fn way_shares(
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
        Some(match weighing(choice) {
            None => given.iter().map(|share| share.unwrap_or(0.0)).collect(),
            Some(policy) => policy.shares(costs),
        })
    }
}
