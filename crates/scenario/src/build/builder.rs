//! The builder: the model as it grows, the dense ids of names, and the notes taken on the way.
//!
//! Owns the making of streams and calendars, which all compiled parts share. Does not own the compilation
//! of any part (`compile`).

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use sanda_core::kernel::random::name_hash;
use sanda_core::model::cost::Costs;
use sanda_core::model::ids::{
    CalendarId, FlowId, ItineraryId, NodeId, RegimeId, ResourceId, ServiceId, StageId, StreamId,
};
use sanda_core::model::program::{BatchGroup, Programs};
use sanda_core::model::{CalendarParams, Model, Periods, StreamParams, Window};
use sanda_network::Epoch;
use sanda_units::{IdVec, Time};

use super::labels::Label;
use super::notes::{Diversion, Outside, RidePlace, WayAhead};
use super::price::draft::Draft;
use super::route::passage::Links;
use super::route::passed::Routes;
use super::time::observed::Traces;
use crate::decode::{Name, Section};
use crate::issue::Issues;
use crate::schema::Scenario;
use crate::source::Span;

/// The lowest priority. Priorities run from 1, the most urgent, to this number.
pub const N_PRIORITIES: u8 = 9;

/// The dense ids of a section, in the order of names. The map has the same order.
fn ids<T, I: sanda_units::Id>(section: &Section<T>) -> BTreeMap<Name, I> {
    section.keys().enumerate().map(|(place, name)| (name.clone(), I::from_index(place))).collect()
}

/// The builder of one model, with everything that grows while the model is compiled.
pub(in crate::build) struct Builder<'a> {
    pub scenario: &'a Scenario,
    pub issues: &'a mut Issues,
    pub epoch: Epoch,
    pub window: Window,
    pub node_ids: BTreeMap<Name, NodeId>,
    pub resource_ids: BTreeMap<Name, ResourceId>,
    pub service_ids: BTreeMap<Name, ServiceId>,
    pub flow_ids: BTreeMap<Name, FlowId>,
    pub regime_ids: BTreeMap<Name, RegimeId>,
    /// Streams by purpose and owner.
    pub stream_ids: BTreeMap<(String, String), StreamId>,
    /// Calendars by their intervals, so that equal hours share one.
    pub calendar_ids: BTreeMap<Vec<(Time, Time)>, CalendarId>,
    /// Named batch groups.
    pub group_ids: BTreeMap<Name, u32>,
    /// What the current step pays and emits.
    pub drafts: Vec<Draft>,
    /// What the cargo aboard pays and emits at each stop of a service.
    pub stop_drafts: BTreeMap<(ServiceId, u16), Vec<Draft>>,
    /// The names of stages for readers.
    pub stage_labels: IdVec<StageId, Label>,
    /// The links of the network. They are made when a flow first needs them.
    pub links: Option<Rc<Links>>,
    /// What each itinerary passes.
    pub routes: Routes,
    /// The node where each itinerary ends.
    pub delivered_at: IdVec<ItineraryId, Option<Name>>,
    /// What each itinerary knows of its rides at the release of a shipment.
    pub ahead: IdVec<ItineraryId, WayAhead>,
    /// For each ride in the programs, where it was compiled.
    pub ride_places: Vec<RidePlace>,
    /// Dates of the scenario that lie outside the run.
    pub outside: Outside,
    /// Arrivals that were read from files.
    pub traces: Traces,
    /// Procedures that some flow or vehicle goes through.
    pub applied: BTreeSet<Name>,
    /// Diversions whose itineraries are not compiled yet.
    pub diversions: Vec<Diversion>,
    /// For each work operation, the place and the path of its time in the scenario.
    pub work_places: Vec<(Span, String)>,
    pub model: Model,
}

impl<'a> Builder<'a> {
    pub(in crate::build) fn new(
        scenario: &'a Scenario,
        epoch: Epoch,
        window: Window,
        issues: &'a mut Issues,
    ) -> Self {
        let mut builder = Self {
            scenario,
            issues,
            epoch,
            window,
            node_ids: ids(&scenario.nodes),
            resource_ids: ids(&scenario.resources),
            service_ids: ids(&scenario.services),
            flow_ids: ids(&scenario.flows),
            regime_ids: ids(&scenario.regimes),
            stream_ids: BTreeMap::new(),
            calendar_ids: BTreeMap::new(),
            group_ids: BTreeMap::new(),
            drafts: Vec::new(),
            stop_drafts: BTreeMap::new(),
            stage_labels: IdVec::new(),
            links: None,
            routes: Routes::new(),
            delivered_at: IdVec::new(),
            ahead: IdVec::new(),
            ride_places: Vec::new(),
            outside: Outside::default(),
            traces: Traces::new(),
            applied: BTreeSet::new(),
            diversions: Vec::new(),
            work_places: Vec::new(),
            model: Model {
                window,
                nodes: IdVec::new(),
                resources: IdVec::new(),
                calendars: IdVec::new(),
                regimes: IdVec::new(),
                services: IdVec::new(),
                flows: IdVec::new(),
                itineraries: IdVec::new(),
                stages: IdVec::new(),
                promises: IdVec::new(),
                connections: IdVec::new(),
                disruptions: IdVec::new(),
                streams: IdVec::new(),
                programs: Programs::default(),
                batch_groups: Vec::<BatchGroup>::new(),
                periods: Periods::default(),
                watches: Vec::new(),
                costs: Costs { capital_a_year: scenario.money.capital.as_f64(), ..Costs::default() },
            },
        };
        builder.model.periods = builder.periods();
        builder
    }

    pub(in crate::build) fn into_model(self) -> (Model, IdVec<StageId, Label>) {
        let mut model = self.model;
        let begins: Vec<_> = model.itineraries.iter().map(|itinerary| itinerary.program).collect();
        let resources = &model.resources;
        model.programs.fuse(&begins, |resource| resources[resource].is_plain());
        (model, self.stage_labels)
    }

    /// The stream of one purpose of one owner. The same names always give the same stream.
    pub(in crate::build) fn stream(&mut self, purpose: &str, owner: &str) -> StreamId {
        let key = (purpose.to_owned(), owner.to_owned());
        if let Some(&id) = self.stream_ids.get(&key) {
            return id;
        }
        let id =
            self.model.streams.push(StreamParams { purpose: name_hash(purpose), owner: name_hash(owner) });
        self.stream_ids.insert(key, id);
        id
    }

    pub(in crate::build) fn calendar(&mut self, open: Vec<(Time, Time)>) -> CalendarId {
        if let Some(&id) = self.calendar_ids.get(&open) {
            return id;
        }
        let id = self.model.calendars.push(CalendarParams { open: open.clone() });
        self.calendar_ids.insert(open, id);
        id
    }
}
