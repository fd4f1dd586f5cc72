//! One replication of a small scenario, watched: boardings, deliveries, and what the time was spent on. Instants are hours.
//!
//! The run is held against that without an observer, which takes the quicker paths. Does not own any expectation.

use sanda_core::model::Model;
use sanda_core::model::category::Category;
use sanda_core::record::observer::{Boarding, Delivery, Observer};
use sanda_core::record::{ConnectionRecord, Outcome, ServiceRecord};
use sanda_core::{replicate, replicate_observed};

use super::compiled;

/// Milliseconds of an hour.
const HOUR: f64 = 3_600_000.0;

/// What an observer is told.
#[derive(Default)]
pub(crate) struct Seen {
    /// Flow, number, units and hour of each boarding, in order.
    pub(crate) boarded: Vec<(String, u64, u32, f64)>,
    /// Flow, number and hour of each delivery, in order.
    pub(crate) delivered: Vec<(String, u64, f64)>,
}

struct Watcher<'m>(&'m Model, Seen);

impl Observer for Watcher<'_> {
    fn boarded(&mut self, at: &Boarding) {
        let flow = self.0.flows[at.flow].name.clone();
        self.1.boarded.push((flow, at.number, at.units, at.departed_at as f64 / HOUR));
    }

    fn delivered(&mut self, at: &Delivery) {
        let flow = self.0.flows[at.flow].name.clone();
        self.1.delivered.push((flow, at.number, at.delivered_at as f64 / HOUR));
    }
}

/// One watched replication.
pub(crate) struct Watched {
    pub(crate) model: Model,
    pub(crate) outcome: Outcome,
    pub(crate) seen: Seen,
}

/// Watches one replication, and makes sure that running ahead of the clock comes to the same.
pub(crate) fn watch(text: &str) -> Watched {
    let model = compiled(text).model;
    let (outcome, Watcher(_, seen)) =
        replicate_observed(&model, 1, 0, Watcher(&model, Seen::default())).expect("a sound run");
    let ahead = replicate(&model, 1, 0).expect("a sound run");
    let prints = |outcome: &Outcome| {
        let flows = outcome.flows.iter().map(|record| record.fingerprint);
        flows.chain(outcome.services.iter().map(|record| record.fingerprint)).collect::<Vec<u64>>()
    };
    assert_eq!(prints(&ahead), prints(&outcome), "ahead of the clock it is another run");
    assert_eq!(format!("{:?}", ahead.stages), format!("{:?}", outcome.stages));
    assert_eq!(format!("{:?}", ahead.connections), format!("{:?}", outcome.connections));
    Watched { model, outcome, seen }
}

impl Watched {
    /// Flow, number and hour of each boarding.
    pub(crate) fn boarded(&self) -> Vec<(&str, u64, f64)> {
        self.seen.boarded.iter().map(|(flow, number, _, at)| (flow.as_str(), *number, *at)).collect()
    }

    /// Units and hour of each boarding.
    pub(crate) fn units(&self) -> Vec<(u32, f64)> {
        self.seen.boarded.iter().map(|(_, _, units, at)| (*units, *at)).collect()
    }

    /// Hours of delivery in the order of numbers, of one flow.
    pub(crate) fn delivered(&self, flow: &str) -> Vec<f64> {
        let mut of_flow: Vec<_> = self.seen.delivered.iter().filter(|(other, ..)| other == flow).collect();
        of_flow.sort_by_key(|(_, number, _)| *number);
        of_flow.into_iter().map(|&(_, _, at)| at).collect()
    }

    /// Hours of each category that all shipments of a flow spent in one of its stages together.
    pub(crate) fn hours(&self, flow: &str, stage: &str, category: Category) -> f64 {
        let stage = self
            .model
            .stages
            .iter_enumerated()
            .find(|(_, params)| self.model.flows[params.flow].name == flow && params.name == stage);
        let (id, _) = stage.unwrap_or_else(|| panic!("no stage `{stage:?}` of `{flow}`"));
        self.outcome.stages[id].categories[category as usize] as f64 / HOUR
    }

    /// What is recorded of a service.
    pub(crate) fn service(&self, name: &str) -> &ServiceRecord {
        let found = self.model.services.iter_enumerated().find(|(_, params)| params.name == name);
        &self.outcome.services[found.expect("a service of that name").0]
    }

    /// What is recorded of a connection.
    pub(crate) fn connection(&self, name: &str) -> &ConnectionRecord {
        let found = self.model.connections.iter_enumerated().find(|(_, params)| params.name == name);
        &self.outcome.connections[found.expect("a connection of that name").0]
    }
}
