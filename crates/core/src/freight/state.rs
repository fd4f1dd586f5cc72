//! What changes while a replication runs: shipments and vehicles, resources, services, flows.
//!
//! Plain data with the small operations that belong to it; the rules stand in the handler files. Nothing here is
//! shared between replications.

use std::collections::VecDeque;

use crate::freight::category::{Category, CategoryTimes, N_CATEGORIES};
use crate::freight::fleet::Rotation;
use crate::freight::ids::DisruptionId;
use crate::freight::model::{N_MARKS, ResourceParams, WhenFull};
use crate::freight::program::OpIndex;
use crate::freight::simulation::Measured;

/// Index of an entity in the pool; reused after the entity has gone, and never part of a key or an output.
pub(super) type Slot = u32;

/// What an entity is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Kind {
    /// A shipment.
    Shipment,
    /// One branch of a shipment, or of such a branch; `link` is the slot of what it is a branch of.
    Branch,
    /// A vehicle; `link` indexes the vehicle pool.
    Vehicle,
    /// One branch of what is done to a vehicle; `link` as for [`Kind::Branch`].
    VehicleBranch,
}

/// A shipment, a branch of one, or a vehicle: a program counter with a life record.
///
/// The order of the fields is that of their use: what every event touches stands in the first two cache lines.
#[derive(Debug, Clone)]
#[repr(C)]
pub(super) struct Entity {
    /// Next operation, or the one under way.
    pub pc: OpIndex,
    /// See [`Kind`].
    pub kind: Kind,
    /// Released in the window.
    pub measured: bool,
    /// Inside an inspection.
    pub inspected: bool,
    /// Work at a resource is under way (or paused).
    pub serving: bool,
    /// Owner and number as they stand in ranks.
    pub identity: u64,
    /// Number within the flow or service: the lasting identity.
    pub number: u64,
    /// Lap counters of the loops around the present operation, 16 bits each: the occurrence of its draws.
    pub laps: u64,
    /// Request at the present resource, or readiness at the present yard.
    pub entered_at: i64,
    /// Since when the present wait or work counts.
    pub since: i64,
    /// Beginning of the present stage.
    pub stage_from: i64,
    /// Running fold of its milestones, for the fingerprint.
    pub fold: u64,
    /// Work left when paused; due instant of the present work while it runs.
    pub due: i64,
    /// The resource's closed time at the request.
    pub closed_before: i64,
    /// The resource's disrupted time at the request.
    pub disrupted_before: i64,
    /// All time of its life that has been put into a category.
    pub accounted: i64,
    /// Categories with time in `times`, one bit each.
    pub touched: u16,
    /// Makes stale events recognisable.
    pub generation: u16,
    /// Flow of a shipment or branch, service of a vehicle.
    pub owner: u32,
    /// Milliseconds per category: of the present stage for a shipment, since departure for a vehicle.
    pub times: CategoryTimes,
    /// Release of a shipment, departure of a vehicle.
    pub released_at: i64,
    /// Thousandths of a TEU.
    pub teu: i64,
    /// Kilograms.
    pub mass: i64,
    /// See [`Kind`].
    pub link: u32,
    /// Where all branching began: its own slot's unless it is a branch.
    pub root: Slot,
    /// How many of its branches are still under way.
    pub n_branches: u32,
    /// Its candidate itinerary.
    pub itinerary: u32,
    /// Piece of the calendar of release.
    pub period: u16,
    /// Class in priority queues.
    pub class: u8,
    /// Its work here was begun and interrupted: `due` is the work left, or [`ANEW`].
    pub interrupted: bool,
    /// How often it was diverted from a full room.
    pub n_diverted: u8,
    /// Whether nothing of the shipment boards after it: not so of units split off.
    pub boards_last: bool,
    /// Whether it is some units of what was split over departures: `link` is the slot of that.
    pub is_part: bool,
    /// Units of the shipment, or of the part of it.
    pub units: u32,
    /// First run of the awaited service that left it behind.
    pub rolled_at: i64,
    /// First cancelled departure it would have made.
    pub cancelled_at: i64,
    /// Ordinal of the first run it could have made.
    pub first_run: u64,
    /// Stamped milestones.
    pub marks: [i64; N_MARKS],
}

impl Entity {
    pub(super) fn new(kind: Kind, owner: u32, identity: u64, number: u64, pc: OpIndex, now: i64) -> Self {
        Self {
            pc,
            kind,
            measured: false,
            inspected: false,
            serving: false,
            identity,
            number,
            laps: 0,
            entered_at: now,
            since: now,
            stage_from: now,
            fold: 0,
            due: 0,
            closed_before: 0,
            disrupted_before: 0,
            accounted: 0,
            touched: 0,
            generation: 0,
            owner,
            times: [0; N_CATEGORIES],
            released_at: now,
            teu: 0,
            mass: 0,
            link: 0,
            root: 0,
            n_branches: 0,
            itinerary: 0,
            period: 0,
            class: 0,
            interrupted: false,
            n_diverted: 0,
            boards_last: true,
            is_part: false,
            units: 1,
            rolled_at: NEVER,
            cancelled_at: NEVER,
            first_run: 0,
            marks: [NEVER; N_MARKS],
        }
    }

    /// Adds time to a category, or to inspection while inside one.
    #[inline]
    pub(super) fn spend(&mut self, category: Category, time: i64) {
        if time != 0 {
            let category = if self.inspected { Category::Inspection } else { category };
            self.times[category as usize] += time;
            self.accounted += time;
            self.touched |= 1 << category as u16;
        }
    }

    /// The categories with time, and how much.
    #[inline]
    pub(super) fn spent(&self) -> impl Iterator<Item = (usize, i64)> {
        let mut left = self.touched;
        std::iter::from_fn(move || {
            (left != 0).then(|| {
                let category = left.trailing_zeros() as usize;
                left &= left - 1;
                (category, self.times[category])
            })
        })
    }

    /// Forgets all times: a stage has ended.
    #[inline]
    pub(super) fn clear_times(&mut self) {
        while self.touched != 0 {
            self.times[self.touched.trailing_zeros() as usize] = 0;
            self.touched &= self.touched - 1;
        }
    }

    /// Stamps marks, one bit each.
    #[inline]
    pub(super) fn stamp(&mut self, marks: u8, at: i64) {
        let mut left = marks;
        while left != 0 {
            self.marks[left.trailing_zeros() as usize] = at;
            left &= left - 1;
        }
    }

    /// Folds an instant into the life.
    #[inline]
    pub(super) fn fold(&mut self, at: i64) {
        self.fold = (self.fold.rotate_left(23) ^ at as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
}

/// An instant that never comes; also "not stamped".
pub(super) const NEVER: i64 = i64::MAX;

/// Work left of who begins anew.
pub(super) const ANEW: i64 = -1;

/// The entities alive, in reusable slots.
#[derive(Debug, Default)]
pub(super) struct Pool {
    entities: Vec<Entity>,
    vacant: Vec<Slot>,
}

impl Pool {
    pub(super) fn add(&mut self, mut entity: Entity) -> Slot {
        if let Some(slot) = self.vacant.pop() {
            let place = &mut self.entities[slot as usize];
            // The generation outlives the slot's tenants, so that an event for an earlier one stays stale.
            entity.generation = place.generation;
            *place = entity;
            slot
        } else {
            self.entities.push(entity);
            (self.entities.len() - 1) as Slot
        }
    }

    pub(super) fn remove(&mut self, slot: Slot) {
        let entity = &mut self.entities[slot as usize];
        entity.generation = entity.generation.wrapping_add(1);
        self.vacant.push(slot);
    }

    pub(super) fn n_alive(&self) -> usize {
        self.entities.len() - self.vacant.len()
    }

    /// Slots, vacant ones included.
    pub(super) fn n_slots(&self) -> usize {
        self.entities.len()
    }

    /// The entities in use, in slot order (which is not the order of anything else).
    pub(super) fn alive(&self) -> impl Iterator<Item = &Entity> {
        self.alive_slots().map(|(_, entity)| entity)
    }

    /// The entities in use with their slots.
    pub(super) fn alive_slots(&self) -> impl Iterator<Item = (Slot, &Entity)> {
        let mut vacant = vec![false; self.entities.len()];
        for &slot in &self.vacant {
            vacant[slot as usize] = true;
        }
        (0..).zip(&self.entities).zip(vacant).filter_map(|(entity, vacant)| (!vacant).then_some(entity))
    }
}

impl std::ops::Index<Slot> for Pool {
    type Output = Entity;
    #[inline]
    fn index(&self, slot: Slot) -> &Entity {
        &self.entities[slot as usize]
    }
}

impl std::ops::IndexMut<Slot> for Pool {
    #[inline]
    fn index_mut(&mut self, slot: Slot) -> &mut Entity {
        &mut self.entities[slot as usize]
    }
}

/// Time that runs while something holds.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct RunningTotal {
    total: i64,
    since: Option<i64>,
}

impl RunningTotal {
    /// Lets it run, or not, from now on.
    pub(super) fn switch(&mut self, now: i64, runs: bool) {
        self.total = self.until(now);
        self.since = runs.then_some(now);
    }

    /// The total until now.
    #[inline]
    pub(super) fn until(&self, now: i64) -> i64 {
        self.total + self.since.map_or(0, |since| now - since)
    }
}

/// Disruptions that change times now, as (disruption, act), in that order.
pub(super) type Modifiers = Vec<(DisruptionId, usize)>;

/// A leg of a service, or a connection.
#[derive(Debug, Default)]
pub(super) struct PassageState {
    /// Whether its hauls concern others: some disruption may befall it, or its vehicles are counted. Kept for connections only.
    pub is_shared: bool,
    /// Disruptions that close it now.
    pub n_closures: u32,
    /// Disruptions that change its times now.
    pub modifiers: Modifiers,
    /// Who waits for it to open, in the order in which they came.
    pub blocked: Vec<Slot>,
}

/// Servers that an entity holds around inner steps.
#[derive(Debug, Clone, Copy)]
pub(super) struct Held {
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
pub(super) struct Bay {
    /// Who uses it.
    pub user: Option<Slot>,
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
    pub generation: u16,
}

/// A resource.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts, each asked for by itself")]
pub(super) struct ResourceState {
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
    /// Plain, one class, any number of waiting places.
    pub is_desk: bool,
    /// Waiting entities, one queue per class, the most urgent first.
    pub queues: Vec<VecDeque<Slot>>,
    /// How many wait.
    pub n_waiting: u32,
    /// Who waits for a place in the queue, one list per class, the most urgent first; none unless it blocks.
    pub blocked: Vec<VecDeque<Slot>>,
    /// How many wait for a place.
    pub n_blocked: u32,
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
        up: true,
        fails_when_freed: false,
        left: 0,
        since: 0,
        n_failures: 0,
        generation: 0,
    };
}

impl ResourceState {
    pub(super) fn new(params: &ResourceParams) -> Self {
        let servers = params.servers_at_start();
        let blocks = params.when_full == WhenFull::Block && params.room.is_some();
        let n_bays = params.breakdowns.as_ref().and(params.servers).unwrap_or(0);
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
            is_desk: params.is_plain() && params.classes == 1 && params.room.is_none(),
            queues: vec![VecDeque::new(); usize::from(params.classes)],
            n_waiting: 0,
            blocked: if blocks { vec![VecDeque::new(); usize::from(params.classes)] } else { Vec::new() },
            n_blocked: 0,
            open: true,
            interval: 0,
            n_closures: 0,
            closed: RunningTotal::default(),
            disrupted: RunningTotal::default(),
            modifiers: Modifiers::new(),
            in_service: Vec::new(),
            interrupts: params.interrupts(),
            sojourns: 0,
        }
    }

    /// Whether service may begin, as far as hours and disruptions go.
    #[inline]
    pub(super) fn is_open(&self) -> bool {
        self.open && self.n_closures == 0
    }

    /// Brings the running totals in line with hours, shifts, closures and breakdowns. Disruption outranks opening hours; a
    /// shift without servers is closed.
    pub(super) fn account(&mut self, now: i64, window: Measured) {
        let is_staffed = self.scheduled > 0;
        let is_disrupted = self.n_closures > 0 || is_staffed && self.servers <= self.n_down;
        self.disrupted.switch(now, is_disrupted);
        self.closed.switch(now, !(is_disrupted || self.open && is_staffed));
        self.available += self.n_available * window.clip(self.available_since, now);
        self.available_since = now;
        let counts = self.is_open() && self.servers < i32::MAX / 4;
        self.n_available = if counts { i64::from((self.servers - self.n_down).max(0)) } else { 0 };
    }

    /// Who is served next.
    #[inline]
    pub(super) fn head(&self) -> Option<(usize, Slot)> {
        self.queues.iter().enumerate().find_map(|(class, queue)| queue.front().map(|&slot| (class, slot)))
    }
}

/// Shipments that wait at one stop of a service.
#[derive(Debug, Default)]
pub(super) struct Yard {
    /// In order of readiness within each class; one class unless the service boards by priority.
    pub queues: Vec<VecDeque<Slot>>,
    /// Of each class, how many at the front have seen a run that they could have made.
    pub n_seen: Vec<usize>,
    /// Quantity waiting, in the service's unit.
    pub quantity: i64,
    /// Runs so far that loaded here.
    pub n_runs: u64,
}

/// A service.
#[derive(Debug)]
pub(super) struct ServiceState {
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

/// Cargo aboard.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cargo {
    pub slot: Slot,
    pub to: u16,
    pub from: u16,
}

/// A vehicle under way.
#[derive(Debug, Default)]
pub(super) struct Vehicle {
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

/// A flow.
#[derive(Debug, Default)]
pub(super) struct FlowState {
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
pub(super) struct BatchState {
    pub waiting: Vec<Slot>,
    pub quantity: i64,
    /// How many groups have gone on, to recognise a stale time-out.
    pub generation: u16,
}

/// A regime process, drawn as far as it was asked for.
#[derive(Debug, Default)]
pub(super) struct RegimeState {
    /// State of each period so far.
    pub states: Vec<u8>,
}
