//! What changes while a replication runs, beside the entities themselves: resources, services, vehicles, flows.
//!
//! Plain data with the small operations that belong to it; the rules stand in the handler files. Nothing here is
//! shared between replications.

use std::collections::VecDeque;

use crate::engine::batch::Arrival;
use crate::engine::entity::Slot;
use crate::engine::rotation::{Rotation, Trucks};
use crate::engine::yard::Yard;
use crate::kernel::random::{Key, Stream};
use crate::model::category::CategoryTimes;
use crate::model::ids::DisruptionId;
use crate::model::{DepartureRule, QueueOrder, RegimeParams, ResourceParams, ServiceParams, WhenFull};
use crate::record::measured::Measured;
use crate::station::Station;

/// Time that runs while something holds.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct RunningTotal {
    total: i64,
    since: Option<i64>,
}

impl RunningTotal {
    /// Lets it run, or not, from now on.
    pub(crate) fn switch(&mut self, now: i64, runs: bool) {
        self.total = self.until(now);
        self.since = runs.then_some(now);
    }

    /// The total until now.
    #[inline]
    pub(crate) fn until(&self, now: i64) -> i64 {
        self.total + self.since.map_or(0, |since| now - since)
    }
}

/// The stretches of time in which something holds.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stretches {
    /// Those that have ended, in order.
    ended: Vec<(i64, i64)>,
    since: Option<i64>,
}

impl Stretches {
    /// It holds, or not, from now on.
    fn switch(&mut self, now: i64, holds: bool) {
        match (self.since, holds) {
            (None, true) => self.since = Some(now),
            (Some(since), false) => {
                if since < now {
                    self.ended.push((since, now));
                }
                self.since = None;
            }
            (None, false) | (Some(_), true) => {}
        }
    }

    /// For how long it has held between two instants, the second now at the latest.
    pub(crate) fn within(&self, from: i64, to: i64) -> i64 {
        let first = self.ended.partition_point(|&(_, end)| end <= from);
        let ended = self.ended[first..].iter().take_while(|&&(begin, _)| begin < to);
        let ended: i64 = ended.map(|&(begin, end)| end.min(to) - begin.max(from)).sum();
        ended + self.since.map_or(0, |since| (to - since.max(from)).max(0))
    }
}

/// Disruptions that change times now, as (disruption, act), in that order.
pub(crate) type Modifiers = Vec<(DisruptionId, usize)>;

/// A leg of a service, or a connection.
#[derive(Debug, Default)]
pub(crate) struct PassageState {
    /// Whether its hauls concern others: some disruption may befall it, or its vehicles are counted. Kept for connections only.
    pub is_shared: bool,
    /// Disruptions that close it now.
    pub n_closures: u32,
    /// Disruptions that change its times now.
    pub modifiers: Modifiers,
    /// The entities that wait for it to open, in the order of arrival.
    pub blocked: Vec<Slot>,
    /// The vehicles of a connection with a fleet.
    pub trucks: Option<Trucks>,
}

/// Servers that an entity holds around inner steps.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Held {
    /// The work operation that took them.
    pub work: u32,
    /// Request.
    pub entered_at: i64,
    /// Since when held.
    pub since: i64,
    /// Whether it is the server of work that is done, kept for want of room ahead: it serves nobody.
    pub kept: bool,
}

/// A server that may fail.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bay {
    /// Who uses it.
    pub user: Option<Slot>,
    /// Held around other steps, not worked with.
    pub is_held: bool,
    /// Whether it works.
    pub up: bool,
    /// Fails when its user, who holds it around other steps, gives it back.
    pub fails_when_freed: bool,
    /// Service time left until it fails, at `since`; only where failures count service.
    pub left: i64,
    /// Since when it serves.
    pub since: i64,
    /// Failures so far: the occurrence of its draws.
    pub n_failures: u64,
    /// Makes stale failures recognisable.
    pub generation: u32,
}

/// A resource.
#[derive(Debug)]
pub(crate) struct ResourceState {
    /// Idle servers (a very large number when unlimited); below zero while disruption takes away servers that are busy.
    pub idle: i32,
    /// Servers there are now: those of the shift, as far as disruptions leave them.
    pub servers: i32,
    /// Servers of the present shift.
    pub scheduled: i32,
    /// Servers that are broken.
    pub n_down: i32,
    /// Place in the list of shifts.
    pub shift: usize,
    /// The servers one by one, where they may fail.
    pub bays: Vec<Bay>,
    /// Server-milliseconds open and not broken in the window so far, since when the present number counts, and it.
    pub available: i64,
    pub available_since: i64,
    pub n_available: i64,
    /// Without opening hours and disruptions.
    pub plain: bool,
    /// Its station, if it is one: then nothing else here is in use but `sojourns`, hours and shifts.
    pub station: Station<Arrival>,
    /// Waiting entities, one queue per class, the most urgent first.
    pub queues: Vec<VecDeque<Slot>>,
    /// The queue of the job that began last; only where queues are served in turn.
    pub last_served: usize,
    /// How many wait.
    pub n_waiting: u32,
    /// Who waits for a place in the queue, one list per class, the most urgent first; none unless it blocks.
    pub blocked: Vec<VecDeque<Slot>>,
    /// How many wait for a place.
    pub n_blocked: u32,
    /// How many jobs must wait until its servers, which are idle, begin; `None` while they work off what comes.
    pub wakes_at: Option<u32>,
    /// Whether it is open.
    pub open: bool,
    /// Place in its calendar: the interval that is open, or the next one.
    pub interval: usize,
    /// Disruptions that close it now.
    pub n_closures: u32,
    /// Time out of opening hours, while not disrupted.
    pub closed: RunningTotal,
    /// Time closed by disruption.
    pub disrupted: RunningTotal,
    /// When it was neither; kept only where work has to end by closing time.
    pub usable: Option<Stretches>,
    /// Disruptions that change its times now: which, and which of their acts.
    pub modifiers: Modifiers,
    /// Who is in service; kept only where work may be interrupted.
    pub in_service: Vec<Slot>,
    /// Whether it may.
    pub interrupts: bool,
    /// Sum of the times in system, clipped to the window, for Little's law.
    pub sojourns: i64,
}

impl Bay {
    /// Up and idle.
    const NEW: Self = Self {
        user: None,
        is_held: false,
        up: true,
        fails_when_freed: false,
        left: 0,
        since: 0,
        n_failures: 0,
        generation: 0,
    };
}

impl ResourceState {
    pub(crate) fn new(params: &ResourceParams) -> Self {
        let servers = params.servers_at_start();
        let blocks = params.room.when_full == WhenFull::Block && params.room.places.is_some();
        let n_bays = params.n_bays();
        Self {
            idle: servers,
            servers,
            scheduled: servers,
            n_down: 0,
            shift: 0,
            bays: vec![Bay::NEW; n_bays as usize],
            available: 0,
            available_since: 0,
            n_available: params.servers.map_or(0, |_| i64::from(servers)),
            plain: params.is_plain(),
            station: Station::General,
            queues: vec![VecDeque::new(); usize::from(params.order.n_queues())],
            // The first queue goes first.
            last_served: 1,
            n_waiting: 0,
            blocked: if blocks {
                vec![VecDeque::new(); usize::from(params.order.n_queues())]
            } else {
                Vec::new()
            },
            n_blocked: 0,
            wakes_at: params.begins_with,
            open: true,
            interval: 0,
            n_closures: 0,
            closed: RunningTotal::default(),
            disrupted: RunningTotal::default(),
            usable: params.fits().then(Stretches::default),
            modifiers: Modifiers::new(),
            in_service: Vec::new(),
            interrupts: params.interrupts(),
            sojourns: 0,
        }
    }

    /// Whether service may begin, as far as hours and disruptions go.
    #[inline]
    pub(crate) fn is_open(&self) -> bool {
        self.open && self.n_closures == 0
    }

    /// Brings the running totals in line with hours, shifts, closures and breakdowns. Disruption outranks opening hours; a
    /// shift without servers is closed.
    pub(crate) fn account(&mut self, now: i64, window: Measured) {
        let is_staffed = self.scheduled > 0;
        let is_disrupted = self.n_closures > 0 || is_staffed && self.servers <= self.n_down;
        self.disrupted.switch(now, is_disrupted);
        let is_usable = !is_disrupted && self.open && is_staffed;
        self.closed.switch(now, !(is_disrupted || is_usable));
        if let Some(usable) = &mut self.usable {
            usable.switch(now, is_usable);
        }
        self.available += self.n_available * window.clip(self.available_since, now);
        self.available_since = now;
        let counts = self.is_open() && self.servers < i32::MAX / 4;
        self.n_available = if counts { i64::from((self.servers - self.n_down).max(0)) } else { 0 };
    }

    /// Returns the job that is served next, with its queue.
    #[inline]
    pub(crate) fn head(&self, order: QueueOrder) -> Option<(usize, Slot)> {
        let front = |queue: usize| self.queues[queue].front().map(|&slot| (queue, slot));
        match order {
            QueueOrder::Fifo => front(0),
            QueueOrder::Priority(_) | QueueOrder::Preemptive(_) => { 0..self.queues.len() }.find_map(front),
            QueueOrder::Alternating => front(1 - self.last_served).or_else(|| front(self.last_served)),
        }
    }
}

/// A service.
#[derive(Debug)]
pub(crate) struct ServiceState {
    /// Number of the next departure.
    pub next_number: u64,
    /// One yard per stop.
    pub yards: Vec<Yard>,
    /// Whether the latest departure was cancelled, for runs of cancellations.
    pub was_cancelled: bool,
    /// Its legs.
    pub legs: Vec<PassageState>,
    /// Disruptions that cancel departures now.
    pub n_cancelling: u32,
    /// Disruptions that change the load of departures now.
    pub load_modifiers: Modifiers,
    /// Departures held by a closure: number and schedule.
    pub held: Vec<(u64, i64)>,
    /// Its fleet, if it has one.
    pub rotation: Option<Rotation>,
}

impl ServiceState {
    /// Makes a service without departures.
    pub(crate) fn new(params: &ServiceParams) -> Self {
        let classes = usize::from(params.classes);
        Self {
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
}

/// Closures, cancellations and diversions in force: while there is none, itineraries are taken as chosen.
#[derive(Debug, Default)]
pub(crate) struct Closures {
    /// How many there are.
    pub n: u32,
    /// The diversions.
    pub diversions: Modifiers,
}

/// The vehicles under way, in places that are used again.
#[derive(Debug, Default)]
pub(crate) struct Vehicles {
    all: Vec<Vehicle>,
    vacant: Vec<u32>,
}

impl Vehicles {
    /// Adds an empty vehicle and returns its place.
    pub(crate) fn add(&mut self) -> u32 {
        let place = self.vacant.pop().unwrap_or_else(|| {
            self.all.push(Vehicle::default());
            (self.all.len() - 1) as u32
        });
        let vehicle = &mut self.all[place as usize];
        // The lists keep their memory.
        vehicle.cargo.clear();
        vehicle.times_at.clear();
        vehicle.arrived_with.clear();
        vehicle.emitted.clear();
        vehicle.stalled = 0;
        place
    }

    /// Gives a place back.
    pub(crate) fn remove(&mut self, place: u32) {
        self.vacant.push(place);
    }
}

impl std::ops::Index<usize> for Vehicles {
    type Output = Vehicle;
    #[inline]
    fn index(&self, place: usize) -> &Vehicle {
        &self.all[place]
    }
}

impl std::ops::IndexMut<usize> for Vehicles {
    #[inline]
    fn index_mut(&mut self, place: usize) -> &mut Vehicle {
        &mut self.all[place]
    }
}

/// Cargo aboard.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cargo {
    pub slot: Slot,
    pub to: u16,
    pub from: u16,
}

/// A vehicle under way.
#[derive(Debug, Default)]
pub(crate) struct Vehicle {
    /// What is aboard, in order of boarding.
    pub cargo: Vec<Cargo>,
    /// Its own category times when it left each stop, so that later boarders take differences.
    pub times_at: Vec<CategoryTimes>,
    /// Its own category times when it arrived at each stop after the first.
    pub arrived_with: Vec<CategoryTimes>,
    /// Scheduled departure.
    pub scheduled_at: i64,
    /// Latest arrival at a stop.
    pub arrived_at: i64,
    /// Capacity, in the service's unit; `i64::MAX` for unlimited.
    pub capacity: i64,
    /// Quantity aboard, that of the background included.
    pub quantity: i64,
    /// Quantity of the background.
    pub background: i64,
    /// Whether its departure counts.
    pub measured: bool,
    /// Since when a closure held its departure; [`NEVER`] if none did.
    pub held_at: i64,
    /// Since when it would have left full had a vehicle been there; [`NEVER`] if one was.
    pub wanted_at: i64,
    /// Since when the run has its vehicle.
    pub taken_at: i64,
    /// Of the leg under way, the time that storms take.
    pub stalled: i64,
    /// Micrograms of CO2e for each kilogram aboard, by leg; empty unless emissions are shared.
    pub emitted: Vec<i64>,
}

impl Vehicle {
    /// Whether no room is left, or the quantity is aboard at which its service leaves.
    pub(crate) fn is_full(&self, departs: &DepartureRule) -> bool {
        let stated = match departs {
            DepartureRule::WhenFull { quantity, .. } => *quantity,
            _ => None,
        };
        self.quantity >= self.capacity
            || stated.is_some_and(|stated| self.quantity - self.background >= stated)
    }
}

/// A flow.
#[derive(Debug, Default)]
pub(crate) struct FlowState {
    /// Number of the next shipment.
    pub next_number: u64,
    /// Number of the next arrival (which may bring a batch).
    pub next_arrival: u64,
    /// Place in the profile.
    pub profile: usize,
    /// Released, delivered and lost in the whole run.
    pub released: u64,
    pub delivered: u64,
    pub lost: u64,
}

/// A group of shipments that wait for each other.
#[derive(Debug, Default)]
pub(crate) struct BatchState {
    pub waiting: Vec<Slot>,
    pub quantity: i64,
    /// How many groups have gone on, to recognise a stale time-out.
    pub generation: u32,
}

/// A regime process, drawn as far as it was asked for.
#[derive(Debug, Default)]
pub(crate) struct RegimeState {
    /// State of each period so far.
    pub states: Vec<u8>,
}

/// Where a disruption stands.
#[derive(Debug, Default)]
pub(crate) struct DisruptionState {
    /// Whether it lasts now.
    pub active: bool,
    /// When it next begins or ends.
    pub next_at: i64,
    /// Its end, once its beginning is known.
    pub until: i64,
    /// Intervals or draws used so far.
    pub n_used: u64,
    /// The next strike that is drawn but not yet merged: beginning and end.
    pub strike: Option<(i64, i64)>,
    /// Entry of the profile of strikes in force at the latest strike drawn.
    pub profile: usize,
}

/// The state of a regime process at an instant, drawing it as far as needed.
pub(crate) fn regime_state_at(params: &RegimeParams, state: &mut RegimeState, key: Key, at: i64) -> u8 {
    let period = (at / params.period.as_ms()) as usize;
    let states = &mut state.states;
    while states.len() <= period {
        let n = states.len() as u64;
        let mut stream = Stream::new(key, n, 0);
        // Two words each period, the second only used on a redraw, so that a change of the shares alone leaves the
        // luck of staying as it was.
        let (stay, redraw) = (stream.word(), stream.word());
        let previous = states.last().copied();
        let state = match previous {
            Some(state) if stay < params.persistence => state,
            _ => params.shares.iter().position(|&share| redraw < share).unwrap_or(params.shares.len() - 1)
                as u8,
        };
        states.push(state);
    }
    states[period]
}
