//! From a checked scenario to the compiled model.
//!
//! Owns ids (dense, in sorted-name order), the names of the keyed streams, the programs of itineraries and services,
//! civil time made into instants, and the digest. What the language can say but the engine does not simulate yet is
//! refused here with an issue at its place (`refuse.rs`); nothing is ignored. Does not own what the model means
//! (`sanda_core`).

mod amount;
mod batch;
mod calendar;
mod choice;
mod common_lines;
mod customs;
mod digest;
mod disruption;
mod endless;
mod expect;
mod expected_money;
mod flow;
mod forecast;
mod headway;
mod inactive;
mod itinerary;
mod labels;
mod law;
mod links;
mod number;
mod observed;
pub(crate) mod offered;
mod outside;
mod overload;
mod price;
mod profile;
mod refuse;
mod resource;
mod rides;
mod route;
mod service;
mod sight;
mod speed;
mod steps;
mod trace;
mod unused;
mod when;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use sanda_core::freight::cost::Costs;
use sanda_core::freight::ids::{
    CalendarId, FlowId, ItineraryId, NodeId, PromiseId, RegimeId, ResourceId, ServiceId, StageId, StreamId,
};
use sanda_core::freight::model::{
    CalendarParams, ConnectionParams, Limit, Model, NodeParams, OccurrenceRule, Periods, PromiseParams,
    RegimeParams, StreamParams, Window,
};
use sanda_core::freight::program::{BatchGroup, Programs, threshold};
use sanda_core::freight::{RANK_LIMIT, n_places};
use sanda_core::kernel::random::name_hash;
use sanda_network::{Epoch, Zone as CivilZone};
use sanda_units::{Duration, IdVec, Time};

use crate::decode::{Name, Section};
use crate::issue::Issues;
use crate::schema::{ArrivalsUntil, Scenario};
use crate::source::{SourceMap, Span};
use disruption::Diversion;
use links::Links;
use observed::Traces;
use outside::Outside;

pub use digest::digest as model_digest;
pub use forecast::Forecast;
pub use inactive::build;
pub use labels::{Label, Labels};
use price::Draft;
use sight::{RidePlace, WayAhead};
pub use trace::{Route, Routes};

/// Priorities run from 1, the most urgent, to this.
pub const N_PRIORITIES: u8 = 9;

/// A model with what belongs to it but does not run: names for readers, run length, digest.
#[derive(Debug, Clone)]
pub struct Built {
    /// What replications run.
    pub model: Model,
    /// SHA-256 of the compiled model, in hexadecimal. Titles, notes and sources do not enter it.
    pub digest: String,
    /// Replications asked for.
    pub n_replications: u64,
    /// Points of the input ranges asked for, if stated.
    pub n_input_points: Option<u64>,
    /// The smallest differences that matter when scenarios are compared: of a share, as a fraction of one, and of a time.
    pub margins: (f64, Duration),
    /// The seed.
    pub seed: u64,
    /// Names and texts for reports, aligned with the model's ids.
    pub labels: Labels,
    /// What each itinerary passes and is expected to take.
    pub routes: Routes,
    /// What one replication is expected to take of the machine.
    pub forecast: Forecast,
}

/// The smallest differences that matter, as stated or by the defaults of the language.
fn margins(scenario: &Scenario) -> (f64, Duration) {
    scenario
        .run
        .matters
        .as_ref()
        .map_or(DEFAULT_MARGINS, |margins| (margins.share.value.as_f64(), margins.time.value.value()))
}

/// What matters where a scenario does not say: one percentage point, a quarter of a day. As in the schema of margins.
const DEFAULT_MARGINS: (f64, Duration) = (0.01, Duration::from_hours(6));

/// As [`build`], of a model that is adjusted at the end, and silent about disruptions that take no part.
pub(crate) fn build_adjusted(
    scenario: &Scenario,
    sources: &SourceMap,
    issues: &mut Issues,
    adjust: impl FnOnce(&mut Model),
) -> Option<Built> {
    build_whole(&inactive::without_inactive(scenario), sources, issues, adjust)
}

/// As [`build_adjusted`], with all disruptions, also those that take no part.
fn build_whole(
    scenario: &Scenario,
    sources: &SourceMap,
    issues: &mut Issues,
    adjust: impl FnOnce(&mut Model),
) -> Option<Built> {
    let n_errors = issues.n_errors();
    let epoch = scenario.start.value.clone();
    let window = window(scenario, issues)?;
    let (scenario, traces) = observed::observe(scenario, &epoch, window, sources, issues);
    let scenario: &Scenario = &scenario;
    refuse::refuse_unsupported(scenario, issues);
    if scenario.flows.is_empty() {
        issues
            .warning(scenario.name.span, "the scenario has no flow: nothing will move")
            .path("flows")
            .label("expected at least one flow");
    }
    let mut builder = Builder::new(scenario, epoch, window, issues);
    builder.traces = traces;
    builder.build_nodes();
    builder.build_regimes();
    builder.build_resources();
    builder.build_services();
    builder.build_connections();
    builder.build_disruptions();
    builder.build_flows();
    if builder.issues.n_errors() == n_errors {
        builder.build_sights();
    }
    builder.build_flow_costs();
    builder.build_diversions();
    builder.build_rooms();
    builder.build_promises();
    if builder.issues.n_errors() == n_errors {
        builder.refuse_endless_work();
        builder.warn_of_overload();
        builder.warn_of_speeds();
        builder.warn_of_dates_outside();
        builder.warn_of_unused();
    }
    if builder.issues.n_errors() > n_errors {
        return None;
    }
    let zone = builder.epoch.zone().clone();
    let local = |at: Time| builder.epoch.local(at, &zone).civil.to_string();
    let window = (local(builder.window.from), local(builder.window.to));
    let dates = builder.model.disruptions.iter().map(|disruption| match &disruption.when {
        OccurrenceRule::Dated(spans) => spans.iter().map(|&(from, to)| [local(from), local(to)]).collect(),
        OccurrenceRule::Alternating { .. } | OccurrenceRule::Strikes { .. } => Vec::new(),
    });
    let dates = dates.collect();
    let routes = std::mem::take(&mut builder.routes);
    let (mut model, stage_labels) = builder.into_model();
    adjust(&mut model);
    let n_owners = model.flows.len() + model.services.len();
    if n_places(&model).max(n_owners) >= RANK_LIMIT {
        issues.error(scenario.name.span, format!("more than {RANK_LIMIT} places, or flows and services"));
        return None;
    }
    Some(Built {
        digest: digest::digest(&model),
        n_replications: scenario.run.replications.value.value(),
        n_input_points: scenario.run.input_points,
        margins: margins(scenario),
        seed: scenario.run.seed,
        labels: Labels::new(scenario, &model, stage_labels, window, dates),
        forecast: Forecast::of(&model, &routes),
        routes,
        model,
    })
}

/// The dense ids of a section: in the order of names, which is that of the map.
fn ids<T, I: sanda_units::Id>(section: &Section<T>) -> BTreeMap<Name, I> {
    section.keys().enumerate().map(|(place, name)| (name.clone(), I::from_index(place))).collect()
}

/// What grows while a model is compiled.
struct Builder<'a> {
    scenario: &'a Scenario,
    issues: &'a mut Issues,
    epoch: Epoch,
    window: Window,
    node_ids: BTreeMap<Name, NodeId>,
    resource_ids: BTreeMap<Name, ResourceId>,
    service_ids: BTreeMap<Name, ServiceId>,
    flow_ids: BTreeMap<Name, FlowId>,
    regime_ids: BTreeMap<Name, RegimeId>,
    /// Streams by purpose and owner.
    stream_ids: BTreeMap<(String, String), StreamId>,
    /// Calendars by what they hold, so that equal hours share one.
    calendar_ids: BTreeMap<Vec<(Time, Time)>, CalendarId>,
    /// Named batch groups.
    group_ids: BTreeMap<Name, u32>,
    /// What the step under way pays and emits.
    drafts: Vec<Draft>,
    /// What those aboard pay and emit at each stop of a service.
    stop_drafts: BTreeMap<(ServiceId, u16), Vec<Draft>>,
    /// What readers call each stage.
    stage_labels: IdVec<StageId, Label>,
    /// The links of the network, once they are needed.
    links: Option<Rc<Links>>,
    /// What each itinerary passes.
    routes: Routes,
    /// The node where each itinerary ends.
    delivered_at: IdVec<ItineraryId, Option<Name>>,
    /// What is known at the release of the rides of each itinerary.
    ahead: IdVec<ItineraryId, WayAhead>,
    /// Of each ride in the programs, where it was compiled.
    ride_places: Vec<RidePlace>,
    /// Dates of the scenario that lie outside the run.
    outside: Outside,
    /// Arrivals that were read from files.
    traces: Traces,
    /// Procedures that some flow or vehicle comes to.
    applied: BTreeSet<Name>,
    /// Diversions that wait for their itineraries.
    diversions: Vec<Diversion>,
    /// Where the time of each work stands in the scenario, and its path.
    work_places: Vec<(Span, String)>,
    model: Model,
}

impl<'a> Builder<'a> {
    fn new(scenario: &'a Scenario, epoch: Epoch, window: Window, issues: &'a mut Issues) -> Self {
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

    fn into_model(self) -> (Model, IdVec<StageId, Label>) {
        let mut model = self.model;
        let begins: Vec<_> = model.itineraries.iter().map(|itinerary| itinerary.program).collect();
        let resources = &model.resources;
        model.programs.fuse(&begins, |resource| resources[resource].is_plain());
        (model, self.stage_labels)
    }

    /// The stream of one purpose of one owner. The same names always give the same stream.
    fn stream(&mut self, purpose: &str, owner: &str) -> StreamId {
        let key = (purpose.to_owned(), owner.to_owned());
        if let Some(&id) = self.stream_ids.get(&key) {
            return id;
        }
        let id =
            self.model.streams.push(StreamParams { purpose: name_hash(purpose), owner: name_hash(owner) });
        self.stream_ids.insert(key, id);
        id
    }

    fn calendar(&mut self, open: Vec<(Time, Time)>) -> CalendarId {
        if let Some(&id) = self.calendar_ids.get(&open) {
            return id;
        }
        let id = self.model.calendars.push(CalendarParams { open: open.clone() });
        self.calendar_ids.insert(open, id);
        id
    }

    fn build_nodes(&mut self) {
        for (name, node) in &self.scenario.nodes {
            let zone = self.zone_of(node.zone.as_ref());
            let week_shifts = self.week_shifts(&zone);
            self.model.nodes.push(NodeParams { name: name.to_string(), week_shifts });
        }
    }

    fn build_regimes(&mut self) {
        for (name, regime) in &self.scenario.regimes {
            let period_ms = regime.period.value.value().as_ms() as f64;
            let path = format!("regimes.{name}.period");
            self.check_events(1, period_ms, "periods of a regime", regime.period.span, &path);
            let stream = self.stream("regime", &format!("regime/{name}"));
            let mut sum = 0.0;
            let mut shares: Vec<u64> = Vec::new();
            for share in regime.states.value.values() {
                sum += share.value.as_f64();
                shares.push(threshold(sum));
            }
            if let Some(last) = shares.last_mut() {
                *last = u64::MAX;
            }
            self.model.regimes.push(RegimeParams {
                name: name.to_string(),
                period: regime.period.value.value(),
                persistence: threshold(regime.persistence.value.as_f64()),
                shares,
                stream,
            });
        }
    }

    fn build_connections(&mut self) {
        let vehicles = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
        self.model.connections = self
            .scenario
            .connections
            .iter()
            .map(|(name, connection)| ConnectionParams {
                name: name.to_string(),
                fleet: connection.fleet.map(|fleet| vehicles(fleet.value.value())),
            })
            .collect();
    }

    fn build_promises(&mut self) {
        for (name, promise) in &self.scenario.promises {
            let mut flows: Vec<FlowId> = promise
                .flows
                .value
                .iter()
                .filter_map(|flow| self.flow_ids.get(&flow.value).copied())
                .collect();
            flows.sort_unstable();
            flows.dedup();
            let limit = match (promise.within, promise.by_end_of_day) {
                (Some(within), _) => Limit::Within(within.value.value()),
                (None, Some(days)) => self.end_of_day(u32::try_from(days.value).unwrap_or(u32::MAX), &flows),
                (None, None) => continue,
            };
            self.model.promises.push(PromiseParams { name: name.to_string(), flows, limit });
        }
    }

    /// A limit at the end of a calendar day, counted where each itinerary of these flows delivers.
    fn end_of_day(&self, days: u32, flows: &[FlowId]) -> Limit {
        let mut zones: Vec<CivilZone> = Vec::new();
        let mut calendar_of: IdVec<ItineraryId, u16> = IdVec::new();
        for (id, itinerary) in self.model.itineraries.ids().zip(&self.model.itineraries) {
            let zone = self.zone_at(self.delivered_at[id].as_ref());
            let known = zones.iter().position(|other| *other == zone);
            let is_meant = flows.contains(&itinerary.flow);
            calendar_of.push(match known {
                Some(place) => place as u16,
                None if is_meant => {
                    zones.push(zone);
                    (zones.len() - 1) as u16
                }
                None => 0,
            });
        }
        let calendars = zones.iter().map(|zone| self.midnights(zone)).collect();
        Limit::EndOfDay { days, calendars, calendar_of }
    }

    /// The id a promise will have.
    fn promise_id(&self, name: &Name) -> Option<PromiseId> {
        self.scenario.promises.keys().position(|other| other == name).map(PromiseId::new)
    }
}

fn window(scenario: &Scenario, issues: &mut Issues) -> Option<Window> {
    let run = &scenario.run;
    let from = Time::ZERO.checked_add(run.warm_up);
    let to = from.and_then(|from| from.checked_add(run.measure.value.value()));
    let end = to.and_then(|to| to.checked_add(run.drain.value));
    let (Some(from), Some(to), Some(end)) = (from, to, end) else {
        issues.error(run.measure.span, "the run is longer than time can count").path("run");
        return None;
    };
    if end.as_ms() > Duration::from_days(366 * 1000).as_ms() {
        issues
            .error(run.measure.span, "the run is longer than a thousand years")
            .path("run")
            .label("expected warm-up, window and drain of less than 1000 years together")
            .hint(Some("more replications narrow the intervals just as well".to_owned()));
        return None;
    }
    let arrivals_until = match run.arrivals_until {
        ArrivalsUntil::DrainEnd => end,
        // The window is half-open; an arrival at its very end is not of it.
        ArrivalsUntil::MeasureEnd => Time::from_ms(to.as_ms() - 1),
        ArrivalsUntil::At(after) => Time::ZERO + after,
    };
    Some(Window { from, to, arrivals_until, end })
}
