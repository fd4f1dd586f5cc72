//! What can never move again when a run ends, what it waits for, and who holds that.
//!
//! Only what was not through by the drain limit is looked at. Something moves as long as it has an event to come, is aboard of
//! what moves, or waits for what may come: an opening, a repair, a closure that ends, a departure, other cargo while any may
//! come, a server in use by what moves. What is left over waits in a circle, or for what does not happen any more. Does not
//! own what is merely late.

use std::collections::{BTreeMap, BTreeSet};

use sanda_units::{IdVec, Time};

use crate::engine::Simulation;
use crate::engine::entity::{Entity, Kind, NEVER, Slot};
use crate::engine::event::{Source, What};
use crate::engine::rotation::Rotation;
use crate::engine::yard::Yard;
use crate::model::DepartureRule;
use crate::model::ids::{FlowId, ResourceId, ServiceId};
use crate::model::program::Op;
use crate::record::observer::Observer;
use crate::record::stuck::{Stuck, StuckEntity, WaitsFor, Who};
use crate::station::Station;

/// At most so many are named.
const MOST_NAMED: usize = 5;

/// A wait for others.
struct Wait {
    slot: Slot,
    since: i64,
    waits_for: WaitsFor,
    /// The operation that others of its batch or departure come to as well.
    op: Op,
    /// Whether it will never end, whatever others do.
    is_endless: bool,
}

/// Where shipments meet others that they wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Meeting {
    Batch(u32),
    Service(ServiceId),
    Resource(ResourceId),
    Nowhere,
}

impl<O: Observer> Simulation<'_, O> {
    /// What can never move again.
    pub(crate) fn find_stuck(&self) -> Stuck {
        let waits = self.waits();
        let users = self.users();
        let mut moves = self.on_their_own(&waits);
        let company = self.company(&waits);
        let (depart, due) = (self.departing(), self.batches_due());
        // Whatever waits for what moves, moves: until nothing is added.
        loop {
            let mut added = false;
            let mut add =
                |moves: &mut [bool], slot: Slot| added |= !std::mem::replace(&mut moves[slot as usize], true);
            // The flows of which something moves.
            let moving: BTreeSet<u32> = { self.world.pool.alive_slots() }
                .filter(|(slot, entity)| {
                    moves[*slot as usize] && matches!(entity.kind, Kind::Shipment | Kind::Branch)
                })
                .map(|(_, entity)| entity.owner)
                .collect();
            for wait in &waits {
                let comes = || {
                    let (arrives, flows) = &company[&self.meeting(wait.op)];
                    *arrives || flows.iter().any(|flow| moving.contains(&(flow.index() as u32)))
                };
                let will_move = |moves: &[bool]| match wait.waits_for {
                    _ if wait.is_endless => false,
                    WaitsFor::Opening(_) | WaitsFor::UpTime(_) => false,
                    WaitsFor::Company(_) => comes(),
                    WaitsFor::Resource(id) => {
                        self.may_change(id) || users[id].iter().any(|&slot| moves[slot as usize])
                    }
                    WaitsFor::Service(id) => {
                        let fills =
                            matches!(self.env.model.services[id].departs, DepartureRule::WhenFull { .. });
                        depart.contains(&id) || fills && comes()
                    }
                    WaitsFor::Cargo => due.contains(&self.meeting(wait.op)) || comes(),
                };
                if !moves[wait.slot as usize] && will_move(&moves) {
                    add(&mut moves, wait.slot);
                }
            }
            for (slot, entity) in
                self.world.pool.alive_slots().filter(|(_, entity)| entity.kind != Kind::Shipment)
            {
                if moves[slot as usize] {
                    match entity.kind {
                        Kind::Vehicle => {
                            let cargo = &self.world.vehicles[entity.link as usize].cargo;
                            for cargo in cargo {
                                add(&mut moves, cargo.slot);
                            }
                        }
                        Kind::Branch | Kind::VehicleBranch | Kind::Shipment => add(&mut moves, entity.link),
                    }
                }
            }
            if !added {
                break;
            }
        }
        let mut stuck: Vec<&Wait> = waits.iter().filter(|wait| !moves[wait.slot as usize]).collect();
        stuck.sort_by_key(|wait| (wait.since, self.env.ranks.of(&self.world.pool[wait.slot])));
        // A shipment that waits for several services is in as many yards.
        stuck.dedup_by_key(|wait| wait.slot);
        let first = stuck.iter().take(MOST_NAMED).map(|wait| StuckEntity {
            who: who(&self.world.pool[wait.slot]),
            since: Time::from_ms(wait.since),
            waits_for: wait.waits_for,
            holders: match wait.waits_for {
                WaitsFor::Resource(resource) => {
                    let holders = users[resource].iter().map(|&slot| who(&self.world.pool[slot]));
                    let mut holders: Vec<Who> = holders.collect();
                    holders.sort_unstable();
                    holders.dedup();
                    holders.truncate(MOST_NAMED);
                    holders
                }
                WaitsFor::Company(_)
                | WaitsFor::Opening(_)
                | WaitsFor::UpTime(_)
                | WaitsFor::Service(_)
                | WaitsFor::Cargo => Vec::new(),
            },
        });
        Stuck { n: stuck.len() as u64, first: first.collect() }
    }

    /// Everything that waits for others, in no order that matters.
    fn waits(&self) -> Vec<Wait> {
        let mut waits = Vec::new();
        for id in self.world.resources.ids() {
            self.waits_at(id, &mut waits);
        }
        for (slot, entity) in self.world.pool.alive_slots().filter(|(_, entity)| entity.serving) {
            let Some(work) = self.work_of(slot) else { continue };
            if let Some(endless) = self.endless(slot, work).filter(|_| !entity.interrupted) {
                waits.push(Wait { is_endless: true, ..self.wait(slot, entity.entered_at, endless) });
            }
        }
        for (id, state) in self.world.services.iter_enumerated() {
            for (ready_at, slot) in state.yards.iter().flat_map(Yard::all) {
                waits.push(self.wait(slot, ready_at, WaitsFor::Service(id)));
            }
        }
        for &slot in self.world.batches.iter().flat_map(|batch| &batch.waiting) {
            waits.push(self.wait(slot, self.world.pool[slot].since, WaitsFor::Cargo));
        }
        waits
    }

    /// Everything that waits at a resource. Nobody overtakes a job that can never begin.
    fn waits_at(&self, id: ResourceId, waits: &mut Vec<Wait>) {
        let state = &self.world.resources[id];
        let queued: Vec<Slot> = state.queues.iter().chain(&state.blocked).flatten().copied().collect();
        let endless = |slot: Slot| self.work_of(slot).and_then(|work| self.endless(slot, work));
        // A job at a station without events moves by itself, unless it is behind one that can never begin.
        let computed = self.computed_queue(id);
        let jam = computed.iter().position(|&slot| endless(slot).is_some()).unwrap_or(computed.len());
        let mut jams = false;
        for &slot in queued.iter().chain(&computed[jam..]) {
            let endless = endless(slot);
            jams |= matches!(endless, Some(WaitsFor::Opening(_)));
            let waits_for = match endless {
                Some(endless) => endless,
                None if jams => WaitsFor::Opening(id),
                None if state.wakes_at.is_some() => WaitsFor::Company(id),
                None => WaitsFor::Resource(id),
            };
            let since = self.world.pool[slot].entered_at;
            waits.push(Wait { is_endless: jams || endless.is_some(), ..self.wait(slot, since, waits_for) });
        }
    }

    /// Who waits at a counter where work has to end by closing time, in the order in which they would begin: of a counter without
    /// lanes, those who do not begin in this run.
    fn computed_queue(&self, id: ResourceId) -> Vec<Slot> {
        let state = &self.world.resources[id];
        if !self.env.model.resources[id].fits() {
            return Vec::new();
        }
        match &state.station {
            Station::Priority(priority) => {
                return priority.waiting().map(|(waiting, _)| waiting.slot).collect();
            }
            Station::Scheduled(_) => {}
            Station::General | Station::Fifo(_) => return Vec::new(),
        }
        let is_here = |slot: Slot| {
            self.work_of(slot).is_some_and(|work| self.env.model.programs.works[work as usize].resource == id)
        };
        let begins_never = |(_, entity): &(Slot, &Entity)| entity.since == NEVER;
        let waiting = self.world.pool.alive_slots().filter(begins_never).filter(|&(slot, _)| is_here(slot));
        let mut waiting: Vec<_> =
            waiting.map(|(slot, entity)| (entity.entered_at, self.env.ranks.of(entity), slot)).collect();
        waiting.sort_unstable();
        waiting.into_iter().map(|(.., slot)| slot).collect()
    }

    /// What work that can never end waits for: an opening, or a time between failures, as long as it takes.
    fn endless(&self, slot: Slot, work: u32) -> Option<WaitsFor> {
        let id = self.env.model.programs.works[work as usize].resource;
        let params = &self.env.model.resources[id];
        if let Some(calendar) = params.calendar.filter(|_| params.fits())
            && !self.world.pool[slot].serving
        {
            let longest = self.env.model.calendars[calendar].longest(self.env.model.window.end);
            return (self.work_ahead(slot, work) > longest).then_some(WaitsFor::Opening(id));
        }
        let breakdowns = params.breakdowns.as_ref().filter(|breakdowns| breakdowns.restarts)?;
        let op = &self.env.model.programs.works[work as usize];
        let time = self.draw_time(slot, &op.time, op.stream, op.per);
        (time as f64 > breakdowns.up.0.support().1 + 0.5).then_some(WaitsFor::UpTime(id))
    }

    fn wait(&self, slot: Slot, since: i64, waits_for: WaitsFor) -> Wait {
        let op = self.env.model.programs.ops[self.world.pool[slot].pc as usize];
        Wait { slot, since, waits_for, op, is_endless: false }
    }

    /// For each batch and service that something waits for: whether a flow that comes there still has arrivals, and the flows
    /// that do.
    fn company(&self, waits: &[Wait]) -> BTreeMap<Meeting, (bool, BTreeSet<FlowId>)> {
        let programs = &self.env.model.programs;
        let mut company = BTreeMap::new();
        for wait in waits {
            company.entry(self.meeting(wait.op)).or_insert_with(|| {
                let comes =
                    |begin: u32| programs.from(begin).any(|op| self.meeting(op) == self.meeting(wait.op));
                let flows: BTreeSet<FlowId> = self
                    .env
                    .model
                    .itineraries
                    .iter()
                    .filter(|itinerary| comes(itinerary.program))
                    .map(|itinerary| itinerary.flow)
                    .collect();
                let on_agenda = self.clock.agenda.iter().filter_map(|(_, source)| match *source {
                    Source::Arrival(flow) => Some(flow),
                    _ => None,
                });
                let arrives = on_agenda.chain(self.windows.expected()).any(|flow| flows.contains(&flow));
                (arrives, flows)
            });
        }
        company
    }

    /// Where shipments at an operation meet others.
    fn meeting(&self, op: Op) -> Meeting {
        let programs = &self.env.model.programs;
        match op {
            Op::Batch(batch) => Meeting::Batch(programs.batches[batch as usize].group),
            Op::Ride(ride) => Meeting::Service(programs.rides[ride as usize].service),
            Op::Work(work) | Op::Seize(work) => Meeting::Resource(programs.works[work as usize].resource),
            _ => Meeting::Nowhere,
        }
    }

    /// The batches that will have waited their longest.
    fn batches_due(&self) -> BTreeSet<Meeting> {
        let due = self.clock.calendar.iter().filter(|(_, event)| {
            event.what() == What::BatchDue
                && event.generation == self.world.batches[event.slot() as usize].generation
        });
        let upstream = self.windows.batches_due();
        due.map(|(_, event)| event.slot()).chain(upstream).map(Meeting::Batch).collect()
    }

    /// By slot, what has an event to come or waits for no other entity: a closure that ends, an opening.
    fn on_their_own(&self, waits: &[Wait]) -> Vec<bool> {
        let mut moves = vec![false; self.world.pool.n_slots()];
        for (slot, entity) in self.world.pool.alive_slots() {
            moves[slot as usize] = entity.n_branches == 0;
        }
        for wait in waits {
            moves[wait.slot as usize] = false;
        }
        for vehicle in self.world.pool.alive().filter(|entity| entity.kind == Kind::Vehicle) {
            for cargo in &self.world.vehicles[vehicle.link as usize].cargo {
                moves[cargo.slot as usize] = false;
            }
        }
        for (_, event) in self.clock.calendar.iter() {
            let slot = event.slot();
            if event.what() == What::GivesUp && self.world.pool[slot].generation == event.generation {
                moves[slot as usize] = true;
            }
        }
        moves
    }

    /// Whether hours, shifts, the end of a disruption or a repair may still change what a resource can do.
    fn may_change(&self, id: ResourceId) -> bool {
        let params = &self.env.model.resources[id];
        let state = &self.world.resources[id];
        params.calendar.is_some()
            || !params.shifts.is_empty()
            || state.n_closures > 0
            || !state.modifiers.is_empty()
            || state.n_down > 0
    }

    /// The services that have vehicles under way or departures to come.
    fn departing(&self) -> BTreeSet<ServiceId> {
        let scheduled = self.clock.agenda.iter().filter_map(|(_, source)| match *source {
            Source::Departure(id) => Some(id),
            _ => None,
        });
        let looks = self.clock.calendar.iter().filter(|(_, event)| event.what() == What::LookAtYard);
        let looks = looks.map(|(_, event)| ServiceId::new(event.slot() as usize));
        let vehicles = self.world.pool.alive().filter(|entity| entity.kind == Kind::Vehicle);
        let under_way = vehicles.map(|vehicle| ServiceId::new(vehicle.owner as usize));
        let held = self.world.services.iter_enumerated().filter(|(id, state)| {
            goes_on(&self.env.model.services[*id].departs, self.env.end)
                || !state.held.is_empty()
                || state.rotation.as_ref().is_some_and(Rotation::has_more_to_do)
                || state.legs.iter().any(|leg| leg.n_closures > 0)
        });
        scheduled.chain(looks).chain(under_way).chain(held.map(|(id, _)| id)).collect()
    }

    /// Of each resource, who is in service or holds its servers.
    fn users(&self) -> IdVec<ResourceId, Vec<Slot>> {
        let mut users: IdVec<ResourceId, Vec<Slot>> =
            self.world.resources.iter().map(|_| Vec::new()).collect();
        let resource_of = |work: u32| self.env.model.programs.works[work as usize].resource;
        for (slot, entity) in self.world.pool.alive_slots() {
            if let Some(work) = self.work_of(slot).filter(|_| entity.serving) {
                users[resource_of(work)].push(slot);
            }
            for held in self.world.held.get(slot as usize).into_iter().flatten() {
                users[resource_of(held.work)].push(slot);
            }
        }
        users
    }
}

/// Whether a timetable would go on after the end of the run: it does not break off earlier than by its longest gap.
fn goes_on(rule: &DepartureRule, end: i64) -> bool {
    let DepartureRule::Dates(dates) = rule else { return false };
    let gaps = dates.windows(2).map(|pair| (pair[1] - pair[0]).as_ms());
    let (Some(longest), Some(last)) = (gaps.max(), dates.last()) else { return false };
    last.as_ms() + longest >= end
}

fn who(entity: &Entity) -> Who {
    match entity.kind {
        Kind::Vehicle | Kind::VehicleBranch => {
            Who::Departure(ServiceId::new(entity.owner as usize), entity.number)
        }
        Kind::Shipment | Kind::Branch => Who::Shipment(FlowId::new(entity.owner as usize), entity.number),
    }
}
