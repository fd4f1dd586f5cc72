//! Meetings: the operations that others see, executed as events.
//!
//! An entity walks through private steps (`walk`) up to an operation that others see. A request (class 3) runs at once only if nothing else
//! is due at this instant; otherwise the entity takes its turn by rank and comes back with `granted`. Every other operation runs through.
//! Does not own what happens at a resource (`resource`), a yard (`boarding`) or to a vehicle (`vehicle`).

use crate::engine::Simulation;
use crate::engine::entity::{Entity, Kind, Slot};
use crate::engine::event::What;
use crate::kernel::law::Law;
use crate::model::category::Category;
use crate::model::ids::{FlowId, ResourceId, ServiceId, StreamId};
use crate::model::program::{Op, Per};
use crate::plan::{Class, NOWHERE, Ranks};
use crate::record::observer::Observer;

impl<O: Observer> Simulation<'_, O> {
    /// Advances an entity from where it stands until it waits for others, or for an instant. `granted` says that its turn has come.
    #[inline]
    pub(crate) fn advance(&mut self, slot: Slot, mut granted: bool) {
        while self.walk_on(slot) {
            let op = self.env.model.programs.ops[self.world.pool[slot].pc as usize];
            // The common case by itself.
            if let Op::Work(work) = op
                && (granted || !self.is_contested())
            {
                return self.request(slot, work);
            }
            if !granted && self.is_request(op) && self.is_contested() {
                let rank = self.rank_of_request(slot, op);
                return self.clock.turns.push(rank, slot);
            }
            if !self.meet(slot, op, granted) {
                return;
            }
            granted = false;
        }
    }

    /// Executes an operation that others see. Returns true if the entity goes on at once.
    #[inline(never)]
    fn meet(&mut self, slot: Slot, op: Op, granted: bool) -> bool {
        match op {
            Op::Work(work) => {
                self.request(slot, work);
                return false;
            }
            Op::Seize(index) => {
                if !self.seize(slot, index) {
                    return false;
                }
            }
            Op::Free(index) => self.free(slot, index),
            Op::Delay(index) | Op::Haul(index) => return self.begin_haul(slot, index),
            Op::Batch(index) => {
                self.join_batch(slot, index);
                return false;
            }
            Op::Ride(_) | Op::RideAny(_) => {
                self.join_yard_now(slot, op);
                return false;
            }
            Op::Replan(index) => {
                if self.replan(slot, index) {
                    return true;
                }
            }
            Op::Fork(index) => {
                self.fork(slot, index);
                return false;
            }
            Op::BranchEnd => {
                self.branch_end(slot);
                return false;
            }
            Op::Run(leg) => {
                self.run_leg(slot, leg);
                return false;
            }
            Op::Arrive(stop) => self.arrive(slot, stop),
            Op::Unload(stop) => self.unload(slot, stop),
            Op::Load(stop) => {
                if !granted {
                    self.load_in_turn(slot, stop);
                    return false;
                }
                self.load(slot, stop);
            }
            Op::Retire => {
                self.retire(slot);
                return false;
            }
            Op::Regime(_)
            | Op::Gate(_)
            | Op::Choose(_)
            | Op::Jump(_)
            | Op::Repeat(_)
            | Op::InspectionBegins
            | Op::InspectionEnds
            | Op::Charge(_)
            | Op::Mark(_)
            | Op::EndStage(_)
            | Op::Deliver => unreachable!("private steps are walked"),
        }
        self.world.pool[slot].pc += 1;
        true
    }

    /// Begins a haul that others see: on a connection with a fleet, or one that a disruption may befall. Returns true if it takes no time.
    fn begin_haul(&mut self, slot: Slot, index: u32) -> bool {
        if let Some(connection) = self.env.model.programs.delays[index as usize].connection {
            if self.world.connections[connection].trucks.is_some() {
                self.ask_for_truck(slot, connection);
                return false;
            }
            if self.world.connections[connection].n_closures > 0 {
                self.world.connections[connection].blocked.push(slot);
                self.world.pool[slot].since = self.clock.now;
                return false;
            }
        }
        let time = self.haul_time(slot, index);
        if time > 0 {
            self.haul(slot, index, time);
        } else {
            self.world.pool[slot].pc += 1;
        }
        time <= 0
    }

    /// Hauls for a known time, from now on.
    pub(crate) fn haul(&mut self, slot: Slot, index: u32, time: i64) {
        self.pass(slot, time, &[(self.env.model.programs.delays[index as usize].category, time)]);
    }

    /// Lets the time of the present operation, which is spent on categories, pass from now on. The entity then goes on by an event. An
    /// operation of no length is no milestone.
    pub(crate) fn pass(&mut self, slot: Slot, time: i64, spent: &[(Category, i64)]) {
        let at = self.clock.now + time;
        let entity = &mut self.world.pool[slot];
        for &(category, time) in spent {
            entity.spend(category, time);
        }
        if time > 0 || spent.len() > 1 {
            entity.fold(at);
        }
        entity.pc += 1;
        self.resume_at(at, Class::Completion, slot);
    }

    /// Whether an operation is a request, which takes its turn among those of the instant.
    ///
    /// A road that nothing can befall, without a fleet, is there for every shipment, and a yard that is emptied by a timetable is kept in
    /// order however it is joined: these are none.
    #[inline]
    fn is_request(&self, op: Op) -> bool {
        match op {
            // A decision at a hub comes after all changes of the instant.
            Op::Work(_) | Op::Seize(_) | Op::Batch(_) | Op::Replan(_) => true,
            Op::Ride(index) => {
                self.env.model.leaves_when_full(self.env.model.programs.rides[index as usize].service)
            }
            Op::Haul(index) => {
                let connection = self.env.model.programs.delays[index as usize].connection;
                connection.is_some_and(|connection| self.world.connections[connection].is_shared)
            }
            _ => false,
        }
    }

    /// Draws how long a haul takes that begins now.
    pub(crate) fn haul_time(&mut self, slot: Slot, index: u32) -> i64 {
        let op = &self.env.model.programs.delays[index as usize];
        let time = self.draw_time(slot, &op.time, op.stream, op.per);
        let Some(connection) = op.connection else { return time };
        let modifiers = &self.world.connections[connection].modifiers;
        if modifiers.is_empty() { time } else { self.changed_time(modifiers, slot, time) }
    }

    /// The rank of the request that an entity makes by an operation.
    fn rank_of_request(&self, slot: Slot, op: Op) -> u64 {
        let programs = &self.env.model.programs;
        let identity = self.env.ranks.of(&self.world.pool[slot]);
        match op {
            Op::Work(index) | Op::Seize(index) => {
                let resource = programs.works[index as usize].resource;
                self.env.ranks.request_at(resource, self.class_at(slot, index), identity)
            }
            Op::Ride(index) => {
                let ride = programs.rides[index as usize];
                self.env.ranks.request_for(ride.service, ride.from, identity)
            }
            Op::Batch(index) => self.env.ranks.request_in(programs.batches[index as usize].group, identity),
            Op::Haul(index) => match programs.delays[index as usize].connection {
                Some(connection) => self.env.ranks.request_of(connection, identity),
                None => Ranks::at_node(Class::Request, NOWHERE, identity),
            },
            _ => Ranks::at_node(Class::Request, NOWHERE, identity),
        }
    }

    /// Draws a time for an entity and multiplies it as stated.
    #[inline]
    pub(crate) fn draw_time(&self, slot: Slot, law: &Law, stream: StreamId, per: Per) -> i64 {
        let time = law.sample_whole(&mut self.stream(stream, slot));
        if per == Per::Job { time } else { self.multiplied(time, slot, per) }
    }

    /// Multiplies a drawn time by a quantity of an entity.
    pub(crate) fn multiplied(&self, time: i64, slot: Slot, per: Per) -> i64 {
        let quantity: fn(&Entity) -> i64 = match per {
            Per::Job => return time,
            Per::Teu => |entity| entity.teu,
            Per::Tonne => |entity| entity.mass,
            Per::Unit => |entity| i64::from(entity.units),
        };
        let sum = self.sum_over(slot, quantity);
        per.of(time, sum, sum, sum)
    }

    /// Sums a quantity of a shipment, or of all cargo aboard a vehicle.
    pub(crate) fn sum_over(&self, slot: Slot, quantity: fn(&Entity) -> i64) -> i64 {
        let entity = &self.world.pool[slot];
        match entity.kind {
            Kind::Shipment | Kind::Branch => quantity(entity),
            Kind::VehicleBranch => self.sum_over(entity.root, quantity),
            Kind::Vehicle => {
                let cargo = &self.world.vehicles[entity.link as usize].cargo;
                cargo.iter().map(|item| quantity(&self.world.pool[item.slot])).sum()
            }
        }
    }

    /// Puts the instant at which an entity goes on on the calendar.
    pub(crate) fn resume_at(&mut self, at: i64, class: Class, slot: Slot) {
        self.schedule(at, class, slot, What::Resume);
    }

    /// Returns what messages call an entity.
    pub(crate) fn name_of(&self, slot: Slot) -> String {
        let entity = &self.world.pool[slot];
        let (number, owner) = (entity.number, entity.owner as usize);
        match entity.kind {
            Kind::Vehicle | Kind::VehicleBranch => {
                format!(
                    "departure {number} of service `{}`",
                    self.env.model.services[ServiceId::new(owner)].name
                )
            }
            Kind::Shipment | Kind::Branch => {
                format!("shipment {number} of flow `{}`", self.env.model.flows[FlowId::new(owner)].name)
            }
        }
    }

    /// Returns what messages call a resource.
    pub(crate) fn name_of_resource(&self, resource: ResourceId) -> String {
        format!("resource `{}`", self.env.model.resources[resource].name)
    }
}
