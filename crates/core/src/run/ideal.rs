//! The ideal time of every shipment: its life without any wait.
//!
//! Ideal time is what a shipment spends moving, being worked on and inside inspections. No measure that shortens waits alone can bring a
//! clock below it. Owns the observer that adds it up and the promises that it would keep. Does not own what a wait is (`category`).

use std::collections::BTreeMap;

use sanda_units::{Duration, IdVec};
use serde::{Deserialize, Serialize};

use crate::model::Model;
use crate::model::category::Category;
use crate::model::ids::FlowId;
use crate::record::invariant::Violation;
use crate::record::observer::{Boarding, Delivery, Observer, Release, StageEnd};
use crate::run::prepared::Prepared;

/// The categories that are not waits.
const IDEAL: [Category; 3] = [Category::Moving, Category::Worked, Category::Inspection];

/// The ideal times of a flow in one replication.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdealRecord {
    /// Shipments released in the window.
    pub released: u64,
    /// Those of them that were delivered, by number within the flow.
    pub lives: Vec<IdealLife>,
}

/// The ideal times of one shipment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdealLife {
    /// Its number within the flow.
    pub number: u64,
    /// The ideal time on each clock of the flow, in milliseconds. `None` where the clock did not run.
    pub clocks: Vec<Option<i64>>,
    /// Whether the ideal time keeps each promise of the flow, in the flow's order.
    pub keeps: Vec<bool>,
}

/// A stage that a shipment has passed. Milliseconds.
#[derive(Debug, Clone, Copy)]
struct Passed {
    from: i64,
    to: i64,
    /// Time in the categories of [`IDEAL`].
    ideal: i64,
    /// The earliest boarding in it, from ready to departure.
    boarding: Option<(i64, i64)>,
}

impl Passed {
    /// The least time without waits that this stage can have between two instants.
    fn ideal_between(&self, from: i64, to: i64) -> i64 {
        let inside = self.to.min(to) - self.from.max(from);
        if inside <= 0 {
            return 0;
        }
        // The order of work and waits within a stage is not told. All of its waits may lie inside, but for those before a departure
        // that lies outside.
        let outside = match self.boarding {
            Some((ready_at, departed_at)) if departed_at <= from => departed_at - ready_at,
            _ => 0,
        };
        let waits = self.to - self.from - self.ideal - outside;
        (inside - waits.max(0)).clamp(0, self.ideal)
    }
}

/// The observer. Of shipments under way it keeps the stages that they have passed.
struct IdealTimes<'m> {
    model: &'m Model,
    flows: IdVec<FlowId, IdealRecord>,
    under_way: BTreeMap<(FlowId, u64), Vec<Passed>>,
    /// Boardings since the last end of a stage.
    boardings: BTreeMap<(FlowId, u64), (i64, i64)>,
}

impl Observer for IdealTimes<'_> {
    fn released(&mut self, at: &Release) {
        self.flows[at.flow].released += u64::from(at.measured);
    }

    fn boarded(&mut self, at: &Boarding) {
        let wait = (at.ready_at, at.departed_at);
        // Of a split shipment the first part waits least.
        let least = self.boardings.entry((at.flow, at.number)).or_insert(wait);
        if wait.1 < least.1 {
            *least = wait;
        }
    }

    fn stage_ended(&mut self, at: &StageEnd) {
        let boarding = self.boardings.remove(&(at.flow, at.number));
        if !at.measured {
            return;
        }
        let ideal = IDEAL.iter().map(|&category| at.times[category as usize]).sum();
        let passed = Passed { from: at.from, to: at.to, ideal, boarding };
        self.under_way.entry((at.flow, at.number)).or_default().push(passed);
    }

    fn delivered(&mut self, at: &Delivery) {
        let stages = self.under_way.remove(&(at.flow, at.number)).unwrap_or_default();
        if !at.measured {
            return;
        }
        let flow = &self.model.flows[at.flow];
        let runs: Vec<Option<(i64, i64)>> = flow.clocks.iter().map(|clock| at.clock(clock)).collect();
        let ideal = |&(from, to): &(i64, i64)| {
            stages.iter().map(|stage| stage.ideal_between(from, to)).sum::<i64>().min(to - from)
        };
        let clocks: Vec<Option<i64>> = runs.iter().map(|run| run.as_ref().map(ideal)).collect();
        let keeps = flow.promises.iter().map(|&(promise, clock)| {
            let place = usize::from(clock);
            let Some(((from, _), ideal)) = runs[place].zip(clocks[place]) else { return false };
            let from = sanda_units::Time::from_ms(from);
            let limit = &self.model.promises[promise].limit;
            limit.is_kept(at.itinerary, from, from + Duration::from_ms(ideal))
        });
        let keeps = keeps.collect();
        self.flows[at.flow].lives.push(IdealLife { number: at.number, clocks, keeps });
    }
}

impl Prepared<'_> {
    /// Runs one replication and returns the ideal times of the shipments released in the window, by flow.
    ///
    /// # Errors
    ///
    /// As [`Self::replicate`].
    pub fn ideal_times(&self, seed: u64, replication: u64) -> Result<IdVec<FlowId, IdealRecord>, Violation> {
        let observer = IdealTimes {
            model: self.model,
            flows: self.model.flows.iter().map(|_| IdealRecord::default()).collect(),
            under_way: BTreeMap::new(),
            boardings: BTreeMap::new(),
        };
        let (_, observer) = self.replicate_observed(seed, replication, observer)?;
        let mut flows = observer.flows;
        for flow in &mut flows {
            flow.lives.sort_unstable_by_key(|life| life.number);
        }
        Ok(flows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_that_a_clock_cuts_keeps_its_least_ideal_time() {
        // A ride: 30 h at the yard, then 20 h under way of which 4 h are a wait.
        let ride = Passed { from: 10, to: 60, ideal: 16, boarding: Some((10, 40)) };
        // The whole stage.
        assert_eq!(ride.ideal_between(0, 100), 16);
        // From the departure on: the wait before it is known to lie outside.
        assert_eq!(ride.ideal_between(40, 60), 16);
        // Half of the way: the 4 h may lie in it.
        assert_eq!(ride.ideal_between(50, 60), 6);
        // Before the departure nothing is known to move.
        assert_eq!(ride.ideal_between(10, 40), 0);
        assert_eq!(ride.ideal_between(70, 90), 0);
    }
}
