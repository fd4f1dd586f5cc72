//! One replication: its state, its setting up, the loop over events, its end. Which events, in which turn, is `course`.
//!
//! The loop merges three ordered sources: the calendar of pending events, the agenda of recurring sources (arrivals,
//! timetables, opening hours), and the turns of requests at the present instant. What lies upstream happens when somebody looks
//! (`upstream`), at the latest when the events after the window find nothing left that counts. Handlers are in `advance.rs`,
//! `resource.rs`, `boarding.rs`, `vehicle.rs`, `fleet.rs`, `demand.rs` and `waiting.rs`; the order contract in `event.rs`.

use std::sync::Arc;

use sanda_units::{IdVec, Time};

use crate::freight::accounts::Accounts;
use crate::freight::batch::{ByOp, Lists};
use crate::freight::booking::Bookings;
use crate::freight::charge::Noted;
use crate::freight::cost::CostRecord;
use crate::freight::disruption::DisruptionState;
use crate::freight::entity::{Kind, Pool, Slot};
use crate::freight::event::{Class, Event, NOWHERE, Ranks, Source, Turns, What};
use crate::freight::fleet::{Rotation, Trucks};
use crate::freight::ids::{
    ConnectionId, DisruptionId, FlowId, PromiseId, RegimeId, ResourceId, ServiceId, StreamId,
};
use crate::freight::invariant::{Checks, Violation};
use crate::freight::model::Model;
use crate::freight::observer::Observer;
use crate::freight::periods::PeriodCounts;
use crate::freight::plan::{Discipline, Plan};
use crate::freight::prepared::Prepared;
use crate::freight::record::{
    ConnectionRecord, FlowRecord, ItineraryRecord, Outcome, PromiseRecord, ResourceRecord, RideRecord,
    ServiceRecord, StageRecord,
};
use crate::freight::state::{
    BatchState, FlowState, Held, Modifiers, PassageState, RegimeState, ResourceState, ServiceState, Vehicle,
};
use crate::freight::station::{Fifo, Priority, Scheduled, Station};
use crate::freight::stuck::Stuck;
use crate::freight::vehicle::Rides;
use crate::freight::windows::Windows;
use crate::freight::yard::{Waiting, Yard};
use crate::kernel::calendar::EventCalendar;
use crate::kernel::random::{Key, Stream};
use crate::kernel::tally::Tally;

/// The window in plain milliseconds, as the handlers ask for it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Measured {
    pub from: i64,
    pub to: i64,
}

impl Measured {
    /// Whether an instant is measured.
    #[inline]
    pub(super) fn contains(self, at: i64) -> bool {
        self.from <= at && at < self.to
    }

    /// Length of `[from, to)` inside the window.
    #[inline]
    pub(super) fn clip(self, from: i64, to: i64) -> i64 {
        (to.min(self.to) - from.max(self.from)).max(0)
    }
}

/// Work space. Its lists are empty between uses.
#[derive(Debug, Default)]
pub(super) struct Space {
    pub lists: Lists,
    pub by_op: ByOp,
    pub times: Vec<i64>,
    pub values: Vec<i64>,
    pub drawn: Vec<i64>,
    pub releases: Vec<i64>,
    pub runs: Vec<crate::freight::delivery::Run>,
    pub serve: crate::freight::serve::Space,
}

/// The state of one replication.
pub(super) struct Simulation<'m, O> {
    pub model: &'m Model,
    pub observer: O,
    pub ranks: Ranks,
    pub window: Measured,
    pub keys: IdVec<StreamId, Key>,
    pub now: i64,
    /// Nothing happens after this instant.
    pub end: i64,
    pub calendar: EventCalendar<Event>,
    pub agenda: EventCalendar<Source>,
    pub turns: Turns,
    pub pool: Pool,
    pub vehicles: Vec<Vehicle>,
    pub vacant_vehicles: Vec<u32>,
    pub resources: IdVec<ResourceId, ResourceState>,
    pub services: IdVec<ServiceId, ServiceState>,
    pub flows: IdVec<FlowId, FlowState>,
    /// The servers that may fail, by resource.
    pub bays: Vec<(ResourceId, u32)>,
    /// What each entity holds, by slot.
    pub held: Vec<Vec<Held>>,
    /// What each shipment will have paid and emitted, beside what is certain, by slot.
    pub noted: Vec<Vec<Noted>>,
    pub batches: Vec<BatchState>,
    /// The number of the first branch of each fork.
    pub fork_numbers: Vec<u64>,
    pub regimes: IdVec<RegimeId, RegimeState>,
    pub connections: IdVec<ConnectionId, PassageState>,
    /// The vehicles of each connection that has a fleet.
    pub trucks: IdVec<ConnectionId, Option<Trucks>>,
    pub disruptions: IdVec<DisruptionId, DisruptionState>,
    /// Closures, cancellations and diversions in force: while there is none, itineraries are taken as chosen.
    pub n_closures: u32,
    /// Diversions in force.
    pub diversions: Modifiers,
    /// What counts and has not ended: shipments released, departures, requests at resources and readiness at yards, each in
    /// the window. The run goes on until there is none, so that no figure depends on what else keeps the run going.
    pub n_measured: u64,
    pub accounts: Accounts,
    pub bookings: Bookings,
    pub out: Outcome,
    pub windows: Windows,
    /// Where each flow stands in the lists of its promises.
    pub promise_places: IdVec<FlowId, Vec<usize>>,
    pub periods: PeriodCounts,
    pub violation: Option<Violation>,
    /// Work space for boarding.
    pub scratch: Vec<Waiting>,
    /// Work space for batches that go on, and for rides that end.
    pub released: Vec<Slot>,
    pub rides: Rides,
    pub space: Space,
}

impl<'m, O: Observer> Simulation<'m, O> {
    /// Sets up a replication at time zero. Without `has_times` it keeps counts, but no distribution of times.
    pub(super) fn new(
        prepared: &Prepared<'m>,
        plan: &Arc<Plan>,
        (seed, replication): (u64, u64),
        observer: O,
        has_times: bool,
    ) -> Self {
        let Prepared { model, ranks, .. } = prepared;
        let model = *model;
        let keys = model
            .streams
            .iter()
            .map(|stream| Key::new(seed, replication, stream.purpose, stream.owner))
            .collect();
        let mut simulation = Self {
            model,
            observer,
            ranks: ranks.clone(),
            window: Measured { from: model.window.from.as_ms(), to: model.window.to.as_ms() },
            keys,
            now: 0,
            end: model.window.end.as_ms(),
            calendar: EventCalendar::new(),
            agenda: EventCalendar::new(),
            turns: Turns::default(),
            pool: Pool::default(),
            vehicles: Vec::new(),
            vacant_vehicles: Vec::new(),
            resources: model.resources.iter().map(ResourceState::new).collect(),
            services: model.services.iter().map(new_service).collect(),
            flows: model.flows.iter().map(|_| FlowState::default()).collect(),
            bays: Vec::new(),
            held: Vec::new(),
            noted: Vec::new(),
            batches: model.batch_groups.iter().map(|_| BatchState::default()).collect(),
            fork_numbers: Self::number_branches(model),
            regimes: model.regimes.iter().map(|_| RegimeState::default()).collect(),
            connections: plan.shared.map(|&is_shared| PassageState { is_shared, ..PassageState::default() }),
            trucks: model.connections.iter().map(|params| params.fleet.map(Trucks::new)).collect(),
            disruptions: model.disruptions.iter().map(|_| DisruptionState::default()).collect(),
            n_closures: 0,
            diversions: Modifiers::new(),
            n_measured: 0,
            accounts: Accounts::new(model, has_times),
            bookings: Bookings::new(model),
            out: Outcome::empty(model),
            windows: Windows::new(Arc::clone(plan), model.batch_groups.len()),
            promise_places: model.flows.ids().map(|flow| promise_places(model, flow)).collect(),
            periods: PeriodCounts::new(model),
            violation: None,
            scratch: Vec::new(),
            released: Vec::new(),
            rides: Rides::default(),
            space: Space::default(),
        };
        for (id, discipline) in plan.disciplines.iter_enumerated() {
            let params = &model.resources[id];
            simulation.resources[id].station = match (discipline, &plan.timelines[id]) {
                (Discipline::Fifo, _) => Station::Fifo(Fifo::new(params.servers)),
                (Discipline::Scheduled, Some(timeline)) => {
                    Station::Scheduled(Box::new(Scheduled::new(timeline)))
                }
                (Discipline::Priority, Some(timeline)) => {
                    Station::Priority(Box::new(Priority::new(timeline, params.classes)))
                }
                _ => Station::General,
            };
        }
        for (id, state) in simulation.resources.iter_enumerated() {
            simulation.bays.extend((0..state.bays.len() as u32).map(|bay| (id, bay)));
        }
        simulation
    }

    /// Executes events until every measured shipment has come through, or the drain limit.
    pub(super) fn run_all(&mut self) {
        let window_to = self.window.to;
        while self.violation.is_none() {
            let Some((first, is_recurring)) = self.next_due() else { continue };
            let at = first.0;
            if at >= window_to {
                if self.find_more(at) {
                    continue;
                }
                if at > self.end || self.n_measured == 0 {
                    break;
                }
            }
            if self.windows.is_crowded() {
                self.clear_inboxes(at);
                continue;
            }
            self.execute(first, is_recurring);
        }
    }

    /// What is due next, and whether it is of the agenda; or nothing, if it was somebody's turn instead.
    #[inline]
    fn next_due(&mut self) -> Option<((i64, u64), bool)> {
        let (pending, recurring) = (self.calendar.next_key(), self.agenda.next_key());
        let is_recurring = recurring < pending;
        let first = if is_recurring { recurring } else { pending };
        // Turns belong to the present instant; only an event of this instant with a lower rank goes first.
        if let Some(rank) = self.turns.first_rank()
            && first > (self.now, rank)
        {
            self.out.events += 1;
            if let Some(slot) = self.turns.pop() {
                self.advance(slot, true);
            }
            return None;
        }
        Some((first, is_recurring))
    }

    /// Executes the next event.
    #[inline]
    fn execute(&mut self, (at, rank): (i64, u64), is_recurring: bool) {
        if at < self.now {
            let detail = format!("an event at {at} ms comes after {} ms", self.now);
            return self.violate("time", "the event calendar".into(), detail);
        }
        if at > self.now {
            self.now = at;
            self.windows.begin_instant();
        }
        if Ranks::is_from(rank, Class::Departure) {
            self.windows.begin_departure();
        }
        self.out.events += 1;
        if is_recurring {
            if let Some((_, _, source)) = self.agenda.pop() {
                match source {
                    Source::Arrival(flow) => self.arrival(flow),
                    Source::Departure(service) => self.scheduled_departure(service),
                    Source::Opening(resource) => self.change_hours(resource),
                    Source::Shift(resource) => self.change_shift(resource),
                    Source::Disruption(disruption) => self.change_disruption(disruption),
                }
            }
        } else if let Some((_, _, event)) = self.calendar.pop() {
            if let Some(soon) = self.calendar.fresh() {
                self.pool.fetch(soon.map(|event| event.slot()));
            }
            self.handle(event);
        }
    }

    #[inline]
    pub(super) fn handle(&mut self, event: Event) {
        let slot = event.slot();
        match event.what() {
            What::LookAtYard => return self.look_at_yard(ServiceId::new(slot as usize)),
            What::BatchDue => return self.batch_due(slot, event.generation),
            What::ReleaseHeld => return self.release_held(ServiceId::new(slot as usize)),
            What::Fails => return self.fail(slot, event.generation),
            What::Repaired => return self.repaired(slot),
            What::Serve => return self.serve(ResourceId::new(slot as usize)),
            What::CancelledStop => {
                return self.mark_cancelled(ServiceId::new(slot as usize), event.generation as usize);
            }
            What::VehicleBack => return self.vehicle_back(ServiceId::new(slot as usize)),
            What::Dispatch => return self.dispatch(ServiceId::new(slot as usize)),
            What::TruckBack => return self.truck_back(ConnectionId::new(slot as usize)),
            _ => {}
        }
        if self.pool[slot].generation != event.generation {
            return;
        }
        match event.what() {
            What::WorkDone => self.work_done(slot),
            What::Resume => self.advance(slot, false),
            What::Leave => self.leave(slot),
            What::LoadNow => self.advance(slot, true),
            What::GivesUp => self.give_up(slot),
            What::LookAtYard
            | What::BatchDue
            | What::CancelledStop
            | What::ReleaseHeld
            | What::VehicleBack
            | What::Dispatch
            | What::TruckBack
            | What::Fails
            | What::Repaired
            | What::Serve => {}
        }
    }

    /// Whether anything else is due at this instant, so that a request must take its turn.
    #[inline]
    pub(super) fn is_contested(&self) -> bool {
        !self.turns.is_empty() || self.calendar.next_at() == self.now || self.agenda.next_at() == self.now
    }

    /// Puts an event for an entity on the calendar, ranked at no place.
    #[inline]
    pub(super) fn schedule(&mut self, at: i64, class: Class, slot: Slot, what: What) {
        let entity = &self.pool[slot];
        let rank = Ranks::at_node(class, NOWHERE, self.ranks.of(entity));
        self.calendar.push(at, rank, Event::new(what, slot, entity.generation));
    }

    /// Puts the completion of an entity's work at a resource on the calendar.
    pub(super) fn schedule_at(&mut self, at: i64, resource: ResourceId, slot: Slot, what: What) {
        let entity = &self.pool[slot];
        let rank = self.ranks.at_resource(Class::Completion, resource, self.ranks.of(entity));
        self.calendar.push(at, rank, Event::new(what, slot, entity.generation));
    }

    /// The stream of one draw of an entity.
    #[inline]
    pub(super) fn stream(&self, stream: StreamId, slot: Slot) -> Stream {
        let entity = &self.pool[slot];
        Stream::new(self.keys[stream], entity.number, entity.laps())
    }

    /// Records a broken invariant; the loop stops at it.
    #[cold]
    pub(super) fn violate(&mut self, invariant: &'static str, entity: String, detail: String) {
        if self.violation.is_none() {
            self.violation = Some(Violation { invariant, at: Time::from_ms(self.now), entity, detail });
        }
    }

    /// Whether an instant is in the window.
    #[inline]
    pub(super) fn is_measured(&self, at: i64) -> bool {
        self.window.contains(at)
    }

    /// Closes the books.
    pub(super) fn finish(mut self) -> Result<(Outcome, O), Violation> {
        self.now = self.now.max(self.model.window.to.as_ms());
        self.out.checks.time = 1;
        if self.n_measured > 0 {
            self.out.stuck = self.find_stuck();
        }
        self.close_resources();
        self.close_yards();
        self.close_fleets();
        self.close_flows();
        self.close_bookings();
        let Self { model, accounts, mut out, periods, violation, observer, .. } = self;
        accounts.close(model, &mut out);
        for (id, params) in model.promises.iter_enumerated() {
            for (record, &flow) in out.promises[id].iter_mut().zip(&params.flows) {
                let released = &out.flows[flow];
                (record.of, record.of_teu, record.of_mass) = (released.released, released.teu, released.mass);
            }
        }
        periods.close(model, &mut out);
        match violation {
            Some(violation) => Err(violation),
            None => Ok((out, observer)),
        }
    }

    /// Conservation: what was released has been delivered, was lost, or is still inside.
    fn close_flows(&mut self) {
        let mut inside = vec![0_u64; self.model.flows.len()];
        for entity in self.pool.alive().filter(|entity| entity.kind == Kind::Shipment) {
            inside[entity.owner as usize] += 1;
        }
        for id in self.model.flows.ids() {
            let flow = &self.flows[id];
            self.out.checks.conservation += 1;
            self.out.shipments += flow.released;
            if flow.released != flow.delivered + flow.lost + inside[id.index()] {
                let detail = format!(
                    "released {} but delivered {}, lost {}, inside {}",
                    flow.released,
                    flow.delivered,
                    flow.lost,
                    inside[id.index()]
                );
                self.violate("conservation", format!("flow `{}`", self.model.flows[id].name), detail);
            }
        }
        debug_assert!(self.pool.n_alive() as u64 >= inside.iter().sum());
    }
}

/// Where a flow stands in the lists of its promises.
fn promise_places(model: &Model, id: FlowId) -> Vec<usize> {
    let place = |promise: PromiseId| model.promises[promise].flows.iter().position(|&flow| flow == id);
    model.flows[id].promises.iter().filter_map(|&(promise, _)| place(promise)).collect()
}

fn new_service(params: &crate::freight::model::ServiceParams) -> ServiceState {
    let classes = usize::from(params.classes);
    ServiceState {
        next_number: 0,
        yards: params.stops.iter().map(|_| Yard::new(classes)).collect(),
        was_cancelled: false,
        legs: params.running.iter().map(|_| PassageState::default()).collect(),
        n_cancelling: 0,
        load_modifiers: Vec::new(),
        held: Vec::new(),
        rotation: params.fleet.as_ref().map(|fleet| Rotation::new(fleet.vehicles)),
    }
}

impl Outcome {
    /// The outcome of a replication in which nothing has happened: which figures a model has, before any is known.
    pub fn empty(model: &Model) -> Self {
        let (from, to) = (model.window.from.as_ms(), model.window.to.as_ms());
        Self {
            flows: model
                .flows
                .iter()
                .map(|flow| FlowRecord {
                    clocks: vec![Tally::default(); flow.clocks.len()],
                    ..FlowRecord::default()
                })
                .collect(),
            itineraries: model.itineraries.iter().map(|_| ItineraryRecord::default()).collect(),
            costs: CostRecord::new(&model.costs, model.itineraries.len()),
            stages: model.stages.iter().map(|_| StageRecord::default()).collect(),
            resources: model.resources.iter().map(|_| ResourceRecord::new(from, to)).collect(),
            services: model.services.iter().map(|_| ServiceRecord::default()).collect(),
            rides: RideRecord::of_all(model),
            connections: model.connections.iter().map(|_| ConnectionRecord::default()).collect(),
            promises: model
                .promises
                .iter()
                .map(|promise| vec![PromiseRecord::default(); promise.flows.len()])
                .collect(),
            backlog: Vec::new(),
            stuck: Stuck::default(),
            checks: Checks::default(),
            events: 0,
            shipments: 0,
        }
    }
}
