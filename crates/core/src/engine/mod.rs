//! The state of one replication, and the small operations on it that every handler uses.
//!
//! [`Simulation`] is made of an environment that does not change ([`Env`]), a clock with what is pending ([`Clock`]), the world of shipments,
//! vehicles and places ([`World`]), the books ([`Books`]), the windows of feed-forward regions and work space. Handlers extend it: `travel`
//! for shipments, `resource`, `service`, and `run` for the course of the replication. Nothing here is shared between replications.

pub(crate) mod batch;
pub(crate) mod bookings;
pub(crate) mod entity;
pub(crate) mod event;
mod inbox;
pub(crate) mod noted;
pub(crate) mod rotation;
pub(crate) mod space;
pub(crate) mod state;
pub(crate) mod told;
pub(crate) mod windows;
pub(crate) mod yard;

use std::sync::Arc;

use sanda_units::{IdVec, Time};

use crate::engine::bookings::Bookings;
use crate::engine::entity::{Pool, Slot};
use crate::engine::event::{Event, Source, Turns, What};
use crate::engine::noted::Noted;
use crate::engine::rotation::Trucks;
use crate::engine::space::Space;
use crate::engine::state::{
    BatchState, Closures, DisruptionState, FlowState, Held, PassageState, RegimeState, ResourceState,
    ServiceState, Vehicles,
};
use crate::engine::windows::Windows;
use crate::kernel::calendar::EventCalendar;
use crate::kernel::random::{Key, Stream};
use crate::model::ids::{
    ConnectionId, DisruptionId, FlowId, PromiseId, RegimeId, ResourceId, ServiceId, StreamId,
};
use crate::model::program::Op;
use crate::model::{Model, ResourceParams, StreamParams};
use crate::plan::{Class, Discipline, NOWHERE, Plan, Ranks};
use crate::record::Outcome;
use crate::record::accounts::Accounts;
use crate::record::invariant::Violation;
use crate::record::measured::Measured;
use crate::record::observer::Observer;
use crate::record::periods::PeriodCounts;
use crate::station::{Fifo, Priority, Scheduled, Station};

/// What does not change while a replication runs.
pub(crate) struct Env<'m> {
    pub model: &'m Model,
    /// The order of events at one instant.
    pub ranks: Ranks,
    pub keys: IdVec<StreamId, Key>,
    pub window: Measured,
    /// Nothing happens after this instant.
    pub end: i64,
    /// The servers that may fail, by resource.
    pub bays: Vec<(ResourceId, u32)>,
    /// The number of the first branch of each fork.
    pub fork_numbers: Vec<u64>,
    /// Where each flow stands in the lists of its promises.
    pub promise_places: IdVec<FlowId, Vec<usize>>,
}

/// The present, and what is pending.
pub(crate) struct Clock {
    pub now: i64,
    pub calendar: EventCalendar<Event>,
    pub agenda: EventCalendar<Source>,
    /// The ready list.
    pub turns: Turns,
}

/// Shipments, vehicles and the places where they meet.
pub(crate) struct World {
    pub pool: Pool,
    pub vehicles: Vehicles,
    pub resources: IdVec<ResourceId, ResourceState>,
    pub services: IdVec<ServiceId, ServiceState>,
    pub flows: IdVec<FlowId, FlowState>,
    /// What each entity holds, by slot.
    pub held: Vec<Vec<Held>>,
    pub batches: Vec<BatchState>,
    pub regimes: IdVec<RegimeId, RegimeState>,
    pub connections: IdVec<ConnectionId, PassageState>,
    pub disruptions: IdVec<DisruptionId, DisruptionState>,
    pub closures: Closures,
    pub bookings: Bookings,
}

/// What is written down.
pub(crate) struct Books {
    pub out: Outcome,
    pub accounts: Accounts,
    pub periods: PeriodCounts,
    /// What each shipment will have paid and emitted, beside what is certain, by slot.
    pub noted: Vec<Vec<Noted>>,
    /// What counts and has not ended: shipments released, departures, requests at resources and readiness at yards, each in the window. The
    /// run goes on until there is none, so that no figure depends on what else keeps the run going.
    pub n_measured: u64,
    pub violation: Option<Violation>,
}

/// One replication.
pub(crate) struct Simulation<'m, O> {
    pub env: Env<'m>,
    pub clock: Clock,
    pub world: World,
    pub books: Books,
    pub windows: Windows,
    pub space: Space,
    pub observer: O,
}

impl<'m> Env<'m> {
    fn new(model: &'m Model, ranks: &Ranks, (seed, replication): (u64, u64)) -> Self {
        let key = |stream: &StreamParams| Key::new(seed, replication, stream.purpose, stream.owner);
        let bays =
            |(id, params): (ResourceId, &ResourceParams)| (0..params.n_bays()).map(move |bay| (id, bay));
        Self {
            model,
            ranks: ranks.clone(),
            keys: model.streams.iter().map(key).collect(),
            window: Measured { from: model.window.from.as_ms(), to: model.window.to.as_ms() },
            end: model.window.end.as_ms(),
            bays: model.resources.iter_enumerated().flat_map(bays).collect(),
            fork_numbers: number_branches(model),
            promise_places: model.flows.ids().map(|flow| promise_places(model, flow)).collect(),
        }
    }
}

impl World {
    fn new(model: &Model, plan: &Plan) -> Self {
        let mut resources: IdVec<ResourceId, ResourceState> =
            model.resources.iter().map(ResourceState::new).collect();
        for (id, discipline) in plan.disciplines.iter_enumerated() {
            let params = &model.resources[id];
            resources[id].station = match (discipline, &plan.timelines[id]) {
                (Discipline::Fifo, _) => Station::Fifo(Fifo::new(params.servers)),
                (Discipline::Scheduled, Some(timeline)) => {
                    Station::Scheduled(Box::new(Scheduled::new(timeline)))
                }
                (Discipline::Priority, Some(timeline)) => {
                    Station::Priority(Box::new(Priority::new(timeline, params.order.n_queues())))
                }
                _ => Station::General,
            };
        }
        let connections = model.connections.iter_enumerated().map(|(id, params)| PassageState {
            is_shared: plan.shared[id],
            trucks: params.fleet.map(Trucks::new),
            ..PassageState::default()
        });
        Self {
            pool: Pool::default(),
            vehicles: Vehicles::default(),
            resources,
            services: model.services.iter().map(ServiceState::new).collect(),
            flows: model.flows.iter().map(|_| FlowState::default()).collect(),
            held: Vec::new(),
            batches: model.batch_groups.iter().map(|_| BatchState::default()).collect(),
            regimes: model.regimes.iter().map(|_| RegimeState::default()).collect(),
            connections: connections.collect(),
            disruptions: model.disruptions.iter().map(|_| DisruptionState::default()).collect(),
            closures: Closures::default(),
            bookings: Bookings::new(model),
        }
    }
}

impl<'m, O: Observer> Simulation<'m, O> {
    /// Sets up a replication at time zero, given by its seed and number. Without `has_times` it keeps counts, but no distribution of times.
    pub(crate) fn new(
        (model, ranks, plan): (&'m Model, &Ranks, &Arc<Plan>),
        replication: (u64, u64),
        observer: O,
        has_times: bool,
    ) -> Self {
        Self {
            env: Env::new(model, ranks, replication),
            clock: Clock {
                now: 0,
                calendar: EventCalendar::new(),
                agenda: EventCalendar::new(),
                turns: Turns::default(),
            },
            world: World::new(model, plan),
            books: Books {
                out: Outcome::empty(model),
                accounts: Accounts::new(model, has_times),
                periods: PeriodCounts::new(model),
                noted: Vec::new(),
                n_measured: 0,
                violation: None,
            },
            windows: Windows::new(Arc::clone(plan), model.batch_groups.len()),
            space: Space::default(),
            observer,
        }
    }

    /// Whether anything else is due at this instant, so that a request must take its turn.
    #[inline]
    pub(crate) fn is_contested(&self) -> bool {
        !self.clock.turns.is_empty()
            || self.clock.calendar.next_at() == self.clock.now
            || self.clock.agenda.next_at() == self.clock.now
    }

    /// Puts an event for an entity on the calendar, ranked at no place.
    #[inline]
    pub(crate) fn schedule(&mut self, at: i64, class: Class, slot: Slot, what: What) {
        let entity = &self.world.pool[slot];
        let rank = Ranks::at_node(class, NOWHERE, self.env.ranks.of(entity));
        self.clock.calendar.push(at, rank, Event::new(what, slot, entity.generation));
    }

    /// Puts the completion of an entity's work at a resource on the calendar.
    pub(crate) fn schedule_at(&mut self, at: i64, resource: ResourceId, slot: Slot, what: What) {
        let entity = &self.world.pool[slot];
        let rank = self.env.ranks.at_resource(Class::Completion, resource, self.env.ranks.of(entity));
        self.clock.calendar.push(at, rank, Event::new(what, slot, entity.generation));
    }

    /// The stream of one draw of an entity.
    #[inline]
    pub(crate) fn stream(&self, stream: StreamId, slot: Slot) -> Stream {
        let entity = &self.world.pool[slot];
        Stream::new(self.env.keys[stream], entity.number, entity.laps())
    }

    /// Records a broken invariant; the loop stops at it.
    #[cold]
    pub(crate) fn violate(&mut self, invariant: &'static str, entity: String, detail: String) {
        if self.books.violation.is_none() {
            self.books.violation =
                Some(Violation { invariant, at: Time::from_ms(self.clock.now), entity, detail });
        }
    }

    /// Whether an instant is in the window.
    #[inline]
    pub(crate) fn is_measured(&self, at: i64) -> bool {
        self.env.window.contains(at)
    }
}

/// Where a flow stands in the lists of its promises.
fn promise_places(model: &Model, id: FlowId) -> Vec<usize> {
    let place = |promise: PromiseId| model.promises[promise].flows.iter().position(|&flow| flow == id);
    model.flows[id].promises.iter().filter_map(|&(promise, _)| place(promise)).collect()
}

/// Returns the number of the first branch of each fork: those of forks inside one another are told apart, since all of them
/// may be under way at once.
fn number_branches(model: &Model) -> Vec<u64> {
    let programs = &model.programs;
    let mut numbers = vec![1; programs.forks.len()];
    let (mut outermost_until, mut next) = (0, 1);
    for (at, op) in (0..).zip(&programs.ops) {
        let Op::Fork(index) = *op else { continue };
        let fork = &programs.forks[index as usize];
        if at >= outermost_until {
            (outermost_until, next) = (fork.join, 1);
        }
        numbers[index as usize] = next;
        next += fork.branches.len() as u64;
    }
    numbers
}
