//! The interpreter: takes an entity through its program until it has to wait for somebody else.
//!
//! A request (class 3) runs at once only if nothing else is due at this instant; otherwise the entity takes its turn by
//! rank and comes back with `granted`. Everything that is not a request runs through. What concerns the entity alone is run ahead of the clock (`ahead`) and comes here only where that does not apply.

use crate::freight::category::Category;
use crate::freight::entity::{Entity, Kind, Slot};
use crate::freight::event::{Class, NOWHERE, Ranks, What};
use crate::freight::ids::{FlowId, ResourceId, StageId, StreamId};
use crate::freight::observer::Observer;
use crate::freight::program::{Op, Per};
use crate::freight::simulation::Simulation;
use crate::freight::told::end_of_stage;
use crate::kernel::law::Law;
use crate::kernel::random::Stream;

impl<O: Observer> Simulation<'_, O> {
    /// Runs the entity's program from where it stands.
    #[inline]
    pub(super) fn advance(&mut self, slot: Slot, granted: bool) {
        if !self.run_ahead(slot) {
            return;
        }
        // The common case by itself.
        match self.model.programs.ops[self.pool[slot].pc as usize] {
            Op::Work(work) if granted || !self.is_contested() => self.request(slot, work),
            _ => self.interpret(slot, granted),
        }
    }

    /// Runs the entity's program on from an operation that others see.
    #[inline(never)]
    fn interpret(&mut self, slot: Slot, mut granted: bool) {
        let mut has_moved = false;
        loop {
            if std::mem::replace(&mut has_moved, true) && !self.run_ahead(slot) {
                return;
            }
            let op = self.model.programs.ops[self.pool[slot].pc as usize];
            if !granted && self.is_request(op) && self.is_contested() {
                self.take_turn(slot, op);
                return;
            }
            match op {
                Op::Work(work) => {
                    self.request(slot, work);
                    return;
                }
                Op::EndStage(stage) => self.end_stage(slot, stage),
                Op::Ride(_) | Op::RideAny(_) => {
                    self.join_yard(slot, op, self.now);
                    return;
                }
                Op::Deliver => {
                    self.deliver(slot, self.now);
                    return;
                }
                Op::Delay(index) | Op::Haul(index) => {
                    if self.begin_delay(slot, index) {
                        return;
                    }
                }
                Op::Regime(index) => {
                    let op = &self.model.programs.regimes[index as usize];
                    let state = self.regime_state(op.regime);
                    let law = &op.times[usize::from(state)];
                    let time = self.draw_time(slot, law, op.stream, Per::Job);
                    if time > 0 {
                        self.delay(slot, time);
                        return;
                    }
                }
                Op::Gate(calendar) => {
                    if !self.pass_gate(slot, calendar) {
                        return;
                    }
                }
                Op::Choose(index) => {
                    let op = &self.model.programs.chooses[index as usize];
                    let entity = &mut self.pool[slot];
                    let occurrence = op.occurrence(entity.laps());
                    let word = Stream::new(self.keys[op.stream], entity.number, occurrence).word();
                    entity.pc = op.way(word);
                    continue;
                }
                Op::Jump(to) => {
                    self.pool[slot].pc = to;
                    continue;
                }
                Op::Repeat(index) => {
                    self.repeat(slot, index);
                    continue;
                }
                Op::Seize(index) => {
                    if !self.seize(slot, index) {
                        return;
                    }
                }
                Op::Free(index) => self.free(slot, index),
                Op::Fork(index) => return self.fork(slot, index),
                Op::BranchEnd => return self.branch_end(slot),
                Op::Batch(index) => {
                    self.join_batch(slot, index);
                    return;
                }
                Op::InspectionBegins => self.pool[slot].set_inspected(true),
                Op::InspectionEnds => self.pool[slot].set_inspected(false),
                Op::Charge(charge) => self.charge(slot, charge),
                Op::Mark(mark) => {
                    let now = self.now;
                    self.pool[slot].stamp(1 << mark, now);
                }
                Op::Run(leg) => {
                    self.run_leg(slot, leg);
                    return;
                }
                Op::Arrive(stop) => self.arrive(slot, stop),
                Op::Unload(stop) => self.unload(slot, stop),
                Op::Load(stop) => {
                    if !granted {
                        self.load_in_turn(slot, stop);
                        return;
                    }
                    self.load(slot, stop);
                }
                Op::Retire => {
                    self.retire(slot);
                    return;
                }
            }
            granted = false;
            self.pool[slot].pc += 1;
        }
    }

    /// Starts a delay or haul, or waits for its connection to open. False if it takes no time.
    fn begin_delay(&mut self, slot: Slot, index: u32) -> bool {
        if let Some(connection) = self.model.programs.delays[index as usize].connection {
            if self.trucks[connection].is_some() {
                self.ask_for_truck(slot, connection);
                return true;
            }
            if self.connections[connection].n_closures > 0 {
                self.connections[connection].blocked.push(slot);
                self.pool[slot].since = self.now;
                return true;
            }
        }
        let time = self.delay_time(slot, index);
        if time > 0 {
            self.delay(slot, time);
        }
        time > 0
    }

    /// Whether an operation is a request, which takes its turn among those of the instant.
    ///
    /// A gate is open or not whoever comes, a road that nothing can befall, without a fleet, is there for everybody, and a yard
    /// that is emptied by a timetable is kept in order however it is joined: these are none.
    #[inline]
    fn is_request(&self, op: Op) -> bool {
        match op {
            Op::Work(_) | Op::Seize(_) | Op::Batch(_) => true,
            Op::Ride(index) => self.model.leaves_when_full(self.model.programs.rides[index as usize].service),
            Op::Haul(index) => {
                let connection = self.model.programs.delays[index as usize].connection;
                connection.is_some_and(|connection| self.connections[connection].is_shared)
            }
            _ => false,
        }
    }

    /// How long a delay or haul takes that begins now.
    pub(super) fn delay_time(&mut self, slot: Slot, index: u32) -> i64 {
        let op = &self.model.programs.delays[index as usize];
        let time = self.draw_time(slot, &op.time, op.stream, op.per);
        let Some(connection) = op.connection else { return time };
        let modifiers = &self.connections[connection].modifiers;
        if modifiers.is_empty() { time } else { self.changed_time(modifiers, slot, time) }
    }

    /// Queues a request behind what else is due now.
    fn take_turn(&mut self, slot: Slot, op: Op) {
        let rank = self.rank_of_request(slot, op);
        self.turns.push(rank, slot);
    }

    /// The rank of the request that an entity makes by an operation.
    pub(super) fn rank_of_request(&self, slot: Slot, op: Op) -> u64 {
        let programs = &self.model.programs;
        let identity = self.ranks.of(&self.pool[slot]);
        match op {
            Op::Work(index) | Op::Seize(index) => {
                let resource = programs.works[index as usize].resource;
                self.ranks.request_at(resource, self.class_at(slot, index), identity)
            }
            Op::Ride(index) => {
                let ride = programs.rides[index as usize];
                self.ranks.request_for(ride.service, ride.from, identity)
            }
            Op::Batch(index) => self.ranks.request_in(programs.batches[index as usize].group, identity),
            Op::Haul(index) => match programs.delays[index as usize].connection {
                Some(connection) => self.ranks.request_of(connection, identity),
                None => Ranks::at_node(Class::Request, NOWHERE, identity),
            },
            _ => Ranks::at_node(Class::Request, NOWHERE, identity),
        }
    }

    /// Draws a time and multiplies it as stated. Itineraries, alternatives and the states of a regime share a stream, so that a
    /// shipment has the same luck whichever it takes.
    #[inline]
    pub(super) fn draw_time(&self, slot: Slot, law: &Law, stream: StreamId, per: Per) -> i64 {
        let time = law.sample_whole(&mut self.stream(stream, slot));
        match per {
            Per::Job => time,
            Per::Teu => per.of(time, self.teu_of(slot), 0, 0),
            Per::Tonne => per.of(time, 0, self.mass_of(slot), 0),
            Per::Unit => per.of(time, 0, 0, self.sum_over(slot, |entity| i64::from(entity.units))),
        }
    }

    /// Thousandths of a TEU of a shipment, or of all cargo aboard a vehicle.
    fn teu_of(&self, slot: Slot) -> i64 {
        self.sum_over(slot, |entity| entity.teu)
    }

    /// Kilograms of a shipment, or of all cargo aboard a vehicle.
    pub(super) fn mass_of(&self, slot: Slot) -> i64 {
        self.sum_over(slot, |entity| entity.mass)
    }

    fn sum_over(&self, slot: Slot, quantity: fn(&Entity) -> i64) -> i64 {
        let entity = &self.pool[slot];
        match entity.kind {
            Kind::Shipment | Kind::Branch => quantity(entity),
            Kind::VehicleBranch => self.sum_over(entity.root, quantity),
            Kind::Vehicle => {
                let cargo = &self.vehicles[entity.link as usize].cargo;
                cargo.iter().map(|item| quantity(&self.pool[item.slot])).sum()
            }
        }
    }

    /// Starts a delay of known length.
    pub(super) fn delay(&mut self, slot: Slot, time: i64) {
        self.pool[slot].since = self.now;
        self.schedule(self.now + time, Class::Completion, slot, What::DelayDone);
    }

    /// Puts an entity that ran ahead on the calendar.
    pub(super) fn resume_at(&mut self, at: i64, class: Class, slot: Slot) {
        self.schedule(at, class, slot, What::Resume);
    }

    /// A delay, regime wait or leg is over.
    pub(super) fn delay_done(&mut self, slot: Slot) {
        let entity = &mut self.pool[slot];
        let time = self.now - entity.since;
        match self.model.programs.ops[entity.pc as usize] {
            // A haul of no length is no milestone, whether its vehicle is counted or not.
            Op::Haul(_) if time == 0 => {
                entity.pc += 1;
                return self.advance(slot, false);
            }
            Op::Delay(index) | Op::Haul(index) => {
                entity.spend(self.model.programs.delays[index as usize].category, time);
            }
            Op::Run(_) => {
                let stalled = self.vehicles[entity.link as usize].stalled;
                entity.spend(Category::Disruption, stalled);
                entity.spend(Category::Moving, time - stalled);
            }
            _ => entity.spend(Category::REGIME_WAIT, time),
        }
        entity.fold(self.now);
        entity.pc += 1;
        self.advance(slot, false);
    }

    /// Goes back, or leaves the loop.
    fn repeat(&mut self, slot: Slot, index: u32) {
        let op = &self.model.programs.repeats[index as usize];
        let word = self.stream(op.stream, slot).word();
        self.pool[slot].repeat(op, word);
    }

    /// Ends a stage: its time, split by category, goes to the stage's record.
    pub(super) fn end_stage(&mut self, slot: Slot, stage: StageId) {
        let now = self.now;
        let entity = &mut self.pool[slot];
        let total = now - entity.stage_from;
        if entity.accounted_to != now {
            self.violate_categories(slot, now);
            return;
        }
        if entity.measured {
            self.accounts.stage(stage, total);
            entity.add_times_to(&mut self.out.stages[stage].categories);
            self.out.checks.categories += 1;
        }
        if O::IN_ORDER {
            self.observer.stage_ended(&end_of_stage(entity, stage, now));
        }
        entity.stage_from = now;
        entity.clear_times();
    }

    /// The categories of an entity do not sum to its life so far.
    #[cold]
    pub(super) fn violate_categories(&mut self, slot: Slot, now: i64) {
        let entity = &self.pool[slot];
        let (sum, life) = (entity.accounted_to - entity.released_at, now - entity.released_at);
        let detail = format!("categories sum to {sum} ms of {life} ms of life");
        self.violate("categories", self.name_of(slot), detail);
    }

    /// What messages call an entity.
    pub(super) fn name_of(&self, slot: Slot) -> String {
        let entity = &self.pool[slot];
        match entity.kind {
            Kind::Vehicle | Kind::VehicleBranch => {
                let service =
                    &self.model.services[crate::freight::ids::ServiceId::new(entity.owner as usize)];
                format!("departure {} of service `{}`", entity.number, service.name)
            }
            Kind::Shipment | Kind::Branch => {
                let flow = &self.model.flows[FlowId::new(entity.owner as usize)];
                format!("shipment {} of flow `{}`", entity.number, flow.name)
            }
        }
    }

    /// What messages call a resource.
    pub(super) fn name_of_resource(&self, resource: ResourceId) -> String {
        format!("resource `{}`", self.model.resources[resource].name)
    }
}
