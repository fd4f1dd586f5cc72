//! Which tally of the ledger is whose: stages, clocks, itineraries, waits at services and resources.
//!
//! These are recorded for every shipment and go through a [`Ledger`]; what is recorded once a departure is kept in the
//! records themselves. At the end the tallies move into the records.
//!
//! Where passing a resource is all of a stage, the time in system and the time in the stage are one value for nearly all: it is
//! recorded once, as a passage, and enters both tallies at the end. So is the time from release to delivery, by itinerary: the first
//! clock of a flow shows that of all its itineraries.

use sanda_units::IdVec;

use crate::kernel::ledger::Ledger;
use crate::model::Model;
use crate::model::ids::{FlowId, ItineraryId, ResourceId, ServiceId, StageId};
use crate::record::Outcome;

/// The tallies of a run, by whom they belong to.
#[derive(Debug)]
pub(crate) struct Accounts {
    ledger: Ledger,
    /// Number of each flow's first clock.
    clocks: IdVec<FlowId, u32>,
    itineraries: u32,
    services: u32,
    resources: u32,
    /// Of each work that is all of a stage, by works.
    passages: Vec<Option<u32>>,
}

impl Accounts {
    /// Empty tallies. Without `has_times` they stay empty.
    pub(crate) fn new(model: &Model, has_times: bool) -> Self {
        let mut n_tallies = model.stages.len();
        let mut some = |n: usize| {
            n_tallies += n;
            (n_tallies - n) as u32
        };
        let clocks = model.flows.iter().map(|flow| some(flow.clocks.len())).collect();
        let itineraries = some(model.itineraries.len());
        let services = some(model.services.len());
        let resources = some(2 * model.resources.len());
        let passages = model.programs.works.iter().map(|work| work.whole_stage.map(|_| some(1))).collect();
        let ledger = if has_times { Ledger::new(n_tallies) } else { Ledger::blank(n_tallies) };
        Self { ledger, clocks, itineraries, services, resources, passages }
    }

    /// Time in a stage.
    #[inline]
    pub(crate) fn stage(&mut self, id: StageId, time: i64) {
        self.ledger.record(id.index() as u32, time);
    }

    /// Times in a stage, of many.
    #[inline]
    pub(crate) fn stage_all(&mut self, id: StageId, times: &[i64]) {
        self.ledger.record_all(id.index() as u32, times);
    }

    /// Time in a stage of shipments that passed it together.
    pub(crate) fn stage_together(&mut self, id: StageId, time: i64, n: u64) {
        self.ledger.record_n(id.index() as u32, time, n);
    }

    /// Times on a clock of a flow that is not its first, of many.
    pub(crate) fn clock_all(&mut self, flow: FlowId, clock: usize, times: &[i64]) {
        self.ledger.record_all(self.clocks[flow] + clock as u32, times);
    }

    /// Release to delivery on an itinerary, of many.
    pub(crate) fn itinerary_all(&mut self, id: ItineraryId, times: &[i64]) {
        self.ledger.record_all(self.itineraries + id.index() as u32, times);
    }

    /// Waits from ready to departure, of many.
    pub(crate) fn service_wait_all(&mut self, id: ServiceId, times: &[i64]) {
        self.ledger.record_all(self.services + id.index() as u32, times);
    }

    /// Wait before service.
    #[inline]
    pub(crate) fn resource_wait(&mut self, id: ResourceId, time: i64) {
        self.ledger.record(self.resources + 2 * id.index() as u32, time);
    }

    /// Waits before service, of many who waited.
    pub(crate) fn resource_wait_all(&mut self, id: ResourceId, times: &[i64]) {
        self.ledger.record_all(self.resources + 2 * id.index() as u32, times);
    }

    /// Times in system that are times in a stage as well, of many who have done the same work.
    pub(crate) fn passage_all(&mut self, work: u32, times: &[i64]) {
        if let Some(tally) = self.passages[work as usize] {
            self.ledger.record_all(tally, times);
        }
    }

    /// Times in system, of many.
    pub(crate) fn resource_system_all(&mut self, id: ResourceId, times: &[i64]) {
        self.ledger.record_all(self.resources + 2 * id.index() as u32 + 1, times);
    }

    /// Requests that did not wait: counted one by one, entered together.
    pub(crate) fn resource_without_wait(&mut self, id: ResourceId, n: u64) {
        self.ledger.record_n(self.resources + 2 * id.index() as u32, 0, n);
    }

    /// Time in system.
    #[inline]
    pub(crate) fn resource_system(&mut self, id: ResourceId, time: i64) {
        self.ledger.record(self.resources + 2 * id.index() as u32 + 1, time);
    }

    /// Moves every tally to the record it belongs to.
    pub(crate) fn close(self, model: &Model, out: &mut Outcome) {
        let mut tallies = self.ledger.close();
        let stages = out.stages.iter_mut().map(|record| &mut record.time);
        let clocks = out.flows.iter_mut().flat_map(|record| &mut record.clocks);
        let itineraries = out.itineraries.iter_mut().map(|record| &mut record.time);
        let services = out.services.iter_mut().map(|record| &mut record.wait);
        let resources = out.resources.iter_mut().flat_map(|record| [&mut record.wait, &mut record.system]);
        for place in stages.chain(clocks).chain(itineraries).chain(services).chain(resources) {
            if let Some(tally) = tallies.next() {
                *place = tally;
            }
        }
        for (id, itinerary) in model.itineraries.iter_enumerated() {
            out.flows[itinerary.flow].clocks[0].merge(&out.itineraries[id].time);
        }
        let passages =
            model.programs.works.iter().filter_map(|work| Some((work.resource, work.whole_stage?)));
        for ((resource, stage), tally) in passages.zip(tallies) {
            out.resources[resource].system.merge(&tally);
            out.stages[stage].time.merge(&tally);
        }
    }
}
