//! The observer that records lives.
//!
//! Owns which shipments are recorded, and what of them: the shipments released in the window, of all flows or of some, and all departures.
//! Does not own reading a recorded life (`life`).

use std::cmp::Reverse;

use sanda_core::model::Model;
use sanda_core::model::category::Category;
use sanda_core::model::ids::{FlowId, ItineraryId};
use sanda_core::record::invariant::Violation;
use sanda_core::record::observer::{
    Boarding, Call, Cancelled, Delivery, DisruptionChange, Loading, Loss, Observer, Release, Replanned,
    ServiceEnd, ServiceStart, StageEnd, Unloading,
};
use sanda_core::replicate_observed;
use sanda_units::IdVec;

use crate::departures::Departures;
use crate::disruptions::Disruptions;
use crate::life::{Ending, Life, PromiseOutcome};
use crate::log::{Kind, Log, NOTHING};

/// The data of a shipment besides its entries in the log.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Header {
    pub(crate) flow: FlowId,
    pub(crate) itinerary: ItineraryId,
    pub(crate) number: u64,
    pub(crate) released_at: i64,
    pub(crate) ending: Ending,
    pub(crate) teu: i64,
    pub(crate) mass: i64,
    pub(crate) units: u32,
    /// Its last entry in the log.
    pub(crate) last: u32,
}

/// The shipments of a flow, whose numbers are consecutive.
#[derive(Debug, Clone, Default)]
struct OfFlow {
    is_wanted: bool,
    first: u64,
    /// The index of each among the lives.
    places: Vec<u32>,
}

/// The lives of the shipments that one replication released in its window.
///
/// Complexity: about 24 bytes per step of a life, and 64 per shipment.
#[derive(Debug)]
pub struct Lives<'m> {
    pub(crate) model: &'m Model,
    headers: Vec<Header>,
    flows: IdVec<FlowId, OfFlow>,
    log: Log,
    departures: Departures,
    disruptions: Disruptions,
    /// For the departure that is loading: by class, the instant at which the last loaded shipment had been ready.
    last_ready_at: Vec<i64>,
}

impl<'m> Lives<'m> {
    /// Runs a replication and records the lives of the shipments of `flows`, or of all flows if that is empty.
    ///
    /// Determinism: a pure function of the model, the seed and the replication number. It is the same replication as that of
    /// [`sanda_core::replicate`].
    ///
    /// # Errors
    ///
    /// A [`Violation`] if an invariant breaks.
    pub fn record(
        model: &'m Model,
        seed: u64,
        replication: u64,
        flows: &[FlowId],
    ) -> Result<Self, Violation> {
        let of_flow =
            |flow| OfFlow { is_wanted: flows.is_empty() || flows.contains(&flow), ..OfFlow::default() };
        let lives = Self {
            model,
            headers: Vec::new(),
            flows: model.flows.ids().map(of_flow).collect(),
            log: Log::default(),
            departures: Departures::new(model),
            disruptions: Disruptions::new(model),
            last_ready_at: Vec::new(),
        };
        replicate_observed(model, seed, replication, lives).map(|(_, lives)| lives)
    }

    /// Returns the number of lives.
    pub fn len(&self) -> usize {
        self.headers.len()
    }

    /// Returns whether no life was recorded.
    pub fn is_empty(&self) -> bool {
        self.headers.is_empty()
    }

    /// Returns the range of numbers of the recorded shipments of a flow; `None` if there are none.
    pub fn numbers(&self, flow: FlowId) -> Option<std::ops::Range<u64>> {
        let of_flow = &self.flows[flow];
        (!of_flow.places.is_empty()).then(|| of_flow.first..of_flow.first + of_flow.places.len() as u64)
    }

    /// Returns the departures.
    pub fn departures(&self) -> &Departures {
        &self.departures
    }

    /// Returns the disruptions.
    pub fn disruptions(&self) -> &Disruptions {
        &self.disruptions
    }

    /// Returns the life of a shipment, if it was recorded.
    pub fn get(&self, flow: FlowId, number: u64) -> Option<Life> {
        self.place(flow, number).map(|place| self.life(place))
    }

    /// Returns the lives, by flow and number.
    pub fn iter(&self) -> impl Iterator<Item = Life> + Clone + '_ {
        self.in_order().map(|place| self.life(place))
    }

    /// Returns the `n` slowest shipments, the slowest first. Shipments that never arrived come before all others.
    pub fn slowest(&self, n: usize, of: impl Fn(FlowId) -> bool) -> Vec<Life> {
        let times = self.in_order().filter(|&place| of(self.headers[place].flow)).map(|place| {
            let header = &self.headers[place];
            let ended_at = if let Ending::Delivered(at) = header.ending { at } else { i64::MAX };
            (ended_at.saturating_sub(header.released_at), place)
        });
        self.first_of(times.collect(), n)
    }

    /// Returns the `n` shipments that exceeded the limit of a promise by most, the latest first. Shipments that never arrived come before
    /// all others.
    pub fn latest(&self, n: usize, of: impl Fn(FlowId) -> bool) -> Vec<Life> {
        let missed = self.in_order().filter(|&place| of(self.headers[place].flow)).filter_map(|place| {
            if self.model.flows[self.headers[place].flow].promises.is_empty() {
                return None;
            }
            let life = self.life(place);
            let broken = life.promises(self.model).into_iter().filter(|outcome| !outcome.is_kept);
            let most = broken.map(|outcome: PromiseOutcome| outcome.missed_by.unwrap_or(i64::MAX)).max();
            most.map(|most| (most, place))
        });
        self.first_of(missed.collect(), n)
    }

    fn first_of(&self, mut by_time: Vec<(i64, usize)>, n: usize) -> Vec<Life> {
        // The sort is stable: equal times stay ordered by flow and number.
        by_time.sort_by_key(|&(time, _)| Reverse(time));
        by_time.into_iter().take(n).map(|(_, place)| self.life(place)).collect()
    }

    fn in_order(&self) -> impl Iterator<Item = usize> + Clone + '_ {
        self.flows.iter().flat_map(|of_flow| of_flow.places.iter().map(|&place| place as usize))
    }

    fn life(&self, place: usize) -> Life {
        let header = &self.headers[place];
        Life::new(self.model, header, &self.log.chain(header.last))
    }

    fn place(&self, flow: FlowId, number: u64) -> Option<usize> {
        let of_flow = &self.flows[flow];
        let place = number.checked_sub(of_flow.first)?;
        of_flow.places.get(place as usize).map(|&place| place as usize)
    }

    /// Appends to the life of a shipment, if it is recorded.
    fn note(&mut self, flow: FlowId, number: u64, entries: &[(Kind, usize, (i64, i64))]) {
        let Some(place) = self.place(flow, number) else { return };
        let last = &mut self.headers[place].last;
        for &(kind, id, values) in entries {
            self.log.push(last, kind, id, values);
        }
    }

    fn end(&mut self, flow: FlowId, number: u64, ending: Ending) -> Option<&mut Header> {
        let place = self.place(flow, number)?;
        let header = &mut self.headers[place];
        header.ending = ending;
        Some(header)
    }
}

impl Observer for Lives<'_> {
    fn released(&mut self, at: &Release) {
        let of_flow = &mut self.flows[at.flow];
        if !(at.measured && of_flow.is_wanted) {
            return;
        }
        if of_flow.places.is_empty() {
            of_flow.first = at.number;
        }
        debug_assert_eq!(of_flow.first + of_flow.places.len() as u64, at.number, "numbers follow each other");
        of_flow.places.push(self.headers.len() as u32);
        self.headers.push(Header {
            flow: at.flow,
            itinerary: at.itinerary,
            number: at.number,
            released_at: at.at,
            ending: Ending::UnderWay,
            teu: at.teu,
            mass: at.mass,
            units: at.units,
            last: NOTHING,
        });
    }

    fn stage_ended(&mut self, at: &StageEnd) {
        if !at.measured || at.from == at.to || !self.flows[at.flow].is_wanted {
            return;
        }
        self.note(at.flow, at.number, &[(Kind::Stage, at.stage.index(), (at.from, at.to))]);
        let mut spent =
            Category::ALL.iter().map(|&category| (category as usize, at.times[category as usize]));
        let mut next = || spent.find(|&(_, time)| time != 0);
        while let Some((one, time)) = next() {
            let (other, more) = next().unwrap_or((one, 0));
            self.note(at.flow, at.number, &[(Kind::Spent, one | other << 8, (time, more))]);
        }
    }

    fn service_started(&mut self, at: &ServiceStart) {
        if !at.is_vehicle {
            let (flow, resource) = (FlowId::new(at.owner as usize), at.resource.index());
            self.note(flow, at.number, &[(Kind::Started, resource, (at.requested_at, at.started_at))]);
        }
    }

    fn service_ended(&mut self, at: &ServiceEnd) {
        if !at.is_vehicle {
            let (flow, resource) = (FlowId::new(at.owner as usize), at.resource.index());
            let ended = (Kind::Ended, resource, (at.requested_at, at.ended_at));
            self.note(flow, at.number, &[ended, (Kind::EndedFrom, 0, (at.started_at, 0))]);
        }
    }

    fn boarded(&mut self, at: &Boarding) {
        let n_classes = self.model.services[at.service].classes;
        let class = usize::from(self.model.flows[at.flow].class.min(n_classes - 1));
        if self.last_ready_at.len() <= class {
            self.last_ready_at.resize(class + 1, i64::MIN);
        }
        self.last_ready_at[class] = self.last_ready_at[class].max(at.ready_at);
        let stops = i64::from(at.stops.0) << 48 | i64::from(at.stops.1) << 32;
        let boarded = (Kind::Boarded, at.service.index(), (at.ready_at, at.departed_at));
        let boarded_as = (Kind::BoardedAs, 0, (at.departure as i64, stops | i64::from(at.units)));
        self.note(at.flow, at.number, &[boarded, boarded_as]);
        if let Some(group) = at.group {
            self.note(at.flow, at.number, &[(Kind::BoardedOf, group as usize, (0, 0))]);
        }
    }

    fn unloaded(&mut self, at: &Unloading) {
        let unloaded = (Kind::Unloaded, at.service.index(), (at.arrived_at, at.at));
        let unloaded_as = (Kind::UnloadedAs, 0, (at.departure as i64, i64::from(at.units)));
        self.note(at.flow, at.number, &[unloaded, unloaded_as]);
    }

    fn replanned(&mut self, at: &Replanned) {
        let ready_at = at.ready_at.unwrap_or(i64::MAX);
        self.note(at.flow, at.number, &[(Kind::Replanned, at.from.index(), (at.at, ready_at))]);
        if let Some(place) = self.place(at.flow, at.number) {
            self.headers[place].itinerary = at.to;
        }
    }

    fn delivered(&mut self, at: &Delivery) {
        if let Some(header) = self.end(at.flow, at.number, Ending::Delivered(at.delivered_at)) {
            header.itinerary = at.itinerary;
            for (mark, stamped_at) in at.marks.into_iter().enumerate().filter(|&(_, at)| at != i64::MAX) {
                self.note(at.flow, at.number, &[(Kind::Mark, mark, (stamped_at, 0))]);
            }
        }
    }

    fn lost(&mut self, at: &Loss) {
        self.end(at.flow, at.number, Ending::Lost(at.at));
    }

    fn departure_cancelled(&mut self, at: &Cancelled) {
        self.departures.cancel(at);
    }

    fn disruption_changed(&mut self, at: &DisruptionChange) {
        self.disruptions.change(at);
    }

    fn vehicle_loaded(&mut self, at: &Loading) {
        let last_ready_at = std::mem::take(&mut self.last_ready_at);
        // The last shipment aboard matters only for a departure that was full, or nearly full.
        self.departures.load(at, last_ready_at);
    }

    fn vehicle_arrived(&mut self, at: &Call) {
        self.departures.arrive(at);
    }

    fn vehicle_unloads(&mut self, at: &Call) {
        self.departures.unload(at);
    }
}
