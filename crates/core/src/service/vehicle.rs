//! Vehicles under way: legs, arrivals, unloading, loading at later stops, the end of a run.
//!
//! A vehicle moves its cargo as one event. A shipment aboard is not touched until it is unloaded; then it takes the
//! difference of its vehicle's running category times since boarding. Aboard, what is neither moving, nor work, nor
//! inspection is waiting with the vehicle.

use crate::engine::Simulation;
use crate::engine::batch::Arrival;
use crate::engine::entity::{Part, Slot, quantity_of};
use crate::engine::event::{Event, What};
use crate::engine::space::Rides;
use crate::kernel::random::Stream;
use crate::model::category::{Category, CategoryTimes};
use crate::model::ids::{FlowId, ServiceId};
use crate::model::program::Op;
use crate::plan::{Class, Ranks};
use crate::record::observer::{Call, Observer, Unloading};

impl<O: Observer> Simulation<'_, O> {
    /// The vehicle runs a leg.
    pub(crate) fn run_leg(&mut self, slot: Slot, leg: u16) {
        let entity = &self.world.pool[slot];
        let id = ServiceId::new(entity.owner as usize);
        let (number, index) = (entity.number, entity.link as usize);
        let passage = &self.world.services[id].legs[usize::from(leg)];
        if passage.n_closures > 0 {
            self.world.pool[slot].since = self.clock.now;
            self.world.services[id].legs[usize::from(leg)].blocked.push(slot);
            return;
        }
        let (law, stream) = &self.env.model.services[id].running[usize::from(leg)];
        let mut time = law.sample_whole(&mut Stream::new(self.env.keys[*stream], number, 0)).max(0);
        if !passage.modifiers.is_empty() {
            time = self.changed_time(&passage.modifiers, slot, time);
        }
        self.world.vehicles[index].stalled = self.storms(id, number, leg, time);
        time += self.world.vehicles[index].stalled;
        if let Some((law, stream)) = &self.env.model.services[id].slip {
            // By the stop of arrival. The vehicle is late and counts as moving.
            time +=
                law.sample_whole(&mut Stream::new(self.env.keys[*stream], number, u64::from(leg) + 1)).max(0);
        }
        self.emit_on_leg(slot, leg);
        let vehicle = &self.world.vehicles[index];
        if vehicle.measured {
            let record = &mut self.books.out.services[id];
            record.loaded += i128::from(vehicle.quantity);
            record.offered += i128::from(vehicle.capacity);
        }
        self.arrive_early(slot, leg, time);
        let stalled = self.world.vehicles[index].stalled;
        self.pass(slot, time, &[(Category::Disruption, stalled), (Category::Moving, time - stalled)]);
    }

    /// Hands over, as of the end of the leg that begins, the cargo for that stop that meets nobody from there on but upstream, in
    /// a yard, or no more: nothing can befall a leg that has begun. See `ahead`.
    fn arrive_early(&mut self, slot: Slot, leg: u16, time: i64) {
        let (at, stop) = (self.clock.now + time, leg + 1);
        let entity = &self.world.pool[slot];
        let begun = entity.pc as usize;
        if O::IN_ORDER || at > self.env.end || !self.env.model.programs.unloads_at_once(begun, stop) {
            return;
        }
        let index = entity.link as usize;
        let mut times = entity.category_times();
        let stalled = self.world.vehicles[index].stalled;
        times[Category::Disruption as usize] += stalled;
        times[Category::Moving as usize] += time - stalled;
        let mut cargo = std::mem::take(&mut self.world.vehicles[index].cargo);
        let mut rides = std::mem::take(&mut self.space.rides);
        let mut leaving = self.space.lists.lend();
        let (mut from, mut aboard) = NOWHERE_YET;
        let trigger = if time == 0 { self.windows.trigger() } else { 0 };
        cargo.retain(|item| {
            let shipment = &self.world.pool[item.slot];
            let is_for_itself = match self.env.model.programs.ops[shipment.pc as usize] {
                Op::Ride(ride) => self.windows.plan().regions.ends_fed_forward[ride as usize],
                _ => false,
            };
            if item.to != stop || shipment.part != Part::Whole || !is_for_itself {
                return true;
            }
            if item.from != from {
                from = item.from;
                aboard = aboard_times(&times, &self.world.vehicles[index].times_at[usize::from(from)]);
            }
            if let Some(ride) = self.leave_vehicle(item.slot, index, &aboard, at, at) {
                let shipment = &mut self.world.pool[item.slot];
                if shipment.measured {
                    rides.count(ride);
                }
                shipment.pc += 1;
                let identity = self.env.ranks.of(shipment);
                leaving.push(Arrival { at, identity, slot: item.slot, trigger });
            }
            false
        });
        self.walk_all(&mut leaving);
        self.space.lists.take_back(leaving);
        self.world.vehicles[index].cargo = cargo;
        self.world.vehicles[index].arrived_with.push(times);
        self.record_rides(index, rides, &times);
        // The arrival itself is still to come.
        self.world.vehicles[index].arrived_with.pop();
    }

    /// What storms take of a leg that runs so long: they strike per running time, and stop the running clock.
    fn storms(&self, id: ServiceId, number: u64, leg: u16, running: i64) -> i64 {
        let mut stalled = 0;
        for storm in self.env.model.services[id].storms.iter().filter(|storm| storm.legs[usize::from(leg)]) {
            let mut stream = Stream::new(self.env.keys[storm.stream], number, u64::from(leg) + 1);
            let mut run = storm.gap.sample_whole(&mut stream);
            while run < running {
                stalled += storm.length.sample_whole(&mut stream).max(0);
                run += storm.gap.sample_whole(&mut stream).max(1);
            }
        }
        stalled
    }

    /// The vehicle has reached a stop.
    pub(crate) fn arrive(&mut self, slot: Slot, stop: u16) {
        let now = self.clock.now;
        let entity = &mut self.world.pool[slot];
        entity.fold(now);
        let times = entity.category_times();
        let id = ServiceId::new(entity.owner as usize);
        let vehicle = &mut self.world.vehicles[entity.link as usize];
        vehicle.arrived_at = now;
        vehicle.arrived_with.push(times);
        if O::IN_ORDER {
            let departure = entity.number;
            self.observer.vehicle_arrived(&Call { service: id, departure, stop, at: now, times });
        }
        if vehicle.measured {
            let params = &self.env.model.services[id];
            let late = now - vehicle.scheduled_at - params.planned_arrival[usize::from(stop)].as_ms();
            let record = &mut self.books.out.services[id];
            record.arrivals += 1;
            record.punctual += u64::from(late <= params.punctual.as_ms());
            record.late.record(late.max(0));
        }
    }

    /// The cargo for a stop leaves the vehicle and goes its ways, in turn.
    pub(crate) fn unload(&mut self, slot: Slot, stop: u16) {
        let entity = &self.world.pool[slot];
        let index = entity.link as usize;
        let times = entity.category_times();
        let arrived_at = self.world.vehicles[index].arrived_at;
        let (id, departure) = (ServiceId::new(entity.owner as usize), entity.number);
        if O::IN_ORDER {
            self.observer.vehicle_unloads(&Call { service: id, departure, stop, at: self.clock.now, times });
        }
        let mut cargo = std::mem::take(&mut self.world.vehicles[index].cargo);
        let mut leaving = self.space.lists.lend();
        self.clock.turns.begin_bulk();
        let (mut from, mut aboard) = NOWHERE_YET;
        let mut rides = std::mem::take(&mut self.space.rides);
        for &item in cargo.iter().filter(|item| item.to == stop) {
            if item.from != from {
                from = item.from;
                aboard = aboard_times(&times, &self.world.vehicles[index].times_at[usize::from(from)]);
            }
            let Some(ride) = self.leave_vehicle(item.slot, index, &aboard, arrived_at, self.clock.now) else {
                continue;
            };
            if O::IN_ORDER {
                let shipment = &self.world.pool[item.slot];
                self.observer.unloaded(&Unloading {
                    service: id,
                    departure,
                    stop,
                    flow: FlowId::new(shipment.owner as usize),
                    number: shipment.number,
                    units: shipment.units,
                    arrived_at,
                    at: self.clock.now,
                });
            }
            // Of a split shipment the last part counts, and takes it on.
            let whole = if self.world.pool[item.slot].part == Part::Whole {
                item.slot
            } else {
                let Some(whole) = self.close_branch(item.slot) else { continue };
                whole
            };
            let shipment = &mut self.world.pool[whole];
            if shipment.measured {
                rides.count(ride);
            }
            shipment.pc += 1;
            if self.windows.plan().regions.ends_fed_forward[ride as usize] {
                let identity = self.env.ranks.of(shipment);
                leaving.push(Arrival {
                    at: self.clock.now,
                    identity,
                    slot: whole,
                    trigger: self.windows.trigger(),
                });
            } else {
                self.advance(whole, false);
            }
        }
        self.clock.turns.end_bulk();
        self.walk_all(&mut leaving);
        self.space.lists.take_back(leaving);
        cargo.retain(|item| item.to != stop);
        self.world.vehicles[index].cargo = cargo;
        self.record_rides(index, rides, &times);
    }

    /// A shipment, or a part of one, is handed over by a vehicle that arrived at one instant and unloads at another. Gives back
    /// its ride.
    #[inline]
    fn leave_vehicle(
        &mut self,
        slot: Slot,
        vehicle: usize,
        aboard: &[(Category, i64)],
        arrived_at: i64,
        at: i64,
    ) -> Option<u32> {
        let shipment = &mut self.world.pool[slot];
        for &(category, time) in aboard {
            shipment.spend(category, time);
        }
        let Op::Ride(index) = self.env.model.programs.ops[shipment.pc as usize] else { return None };
        let ride = &self.env.model.programs.rides[index as usize];
        shipment.stamp(ride.arrived_marks, arrived_at);
        shipment.fold(at);
        let params = &self.env.model.services[ride.service];
        if self.books.out.rides[index as usize].connects {
            let planned = params.planned_arrival[usize::from(ride.to)].as_ms();
            shipment.come_late(arrived_at - self.world.vehicles[vehicle].scheduled_at - planned);
        }
        let unit = params.unit;
        self.world.vehicles[vehicle].quantity -= quantity_of(shipment, unit);
        self.take_emissions(slot, vehicle, index);
        Some(index)
    }

    /// Records the rides of shipments that end them now.
    fn record_rides(&mut self, vehicle: usize, mut rides: Rides, now: &CategoryTimes) {
        for (ride, n) in rides.0.drain(..) {
            self.record_parts(vehicle, ride, now, n);
        }
        self.space.rides = rides;
    }

    /// Records the legs of a ride and the stops at their ends for shipments that end it now.
    fn record_parts(&mut self, vehicle: usize, ride: u32, now: &CategoryTimes, n: u64) {
        let ride = self.env.model.programs.rides[ride as usize];
        let Some(parts_from) = ride.parts_from else { return };
        let parts = &self.env.model.programs.ride_parts[parts_from as usize..];
        for (leg, part) in (usize::from(ride.from)..usize::from(ride.to)).zip(parts.chunks(2)) {
            let vehicle = &self.world.vehicles[vehicle];
            let arrived = &vehicle.arrived_with[leg];
            let left = if leg + 1 == usize::from(ride.to) { now } else { &vehicle.times_at[leg + 1] };
            let (run, stop) = (aboard_times(arrived, &vehicle.times_at[leg]), aboard_times(left, arrived));
            for (stage, spent) in [(part[0], run), (part[1], stop)] {
                let time = spent.iter().map(|(_, time)| time).sum();
                self.books.accounts.stage_together(stage, time, n);
                self.books.out.stages[stage].spend_together(&spent, n);
            }
        }
    }

    /// Loading at a later stop belongs to the departures of the instant: it waits for its class.
    pub(crate) fn load_in_turn(&mut self, slot: Slot, stop: u16) {
        let entity = &self.world.pool[slot];
        let id = ServiceId::new(entity.owner as usize);
        let node = self.env.model.services[id].stops[usize::from(stop)];
        let rank = Ranks::at_node(Class::Departure, node, self.env.ranks.of(entity));
        let event = Event::new(What::LoadNow, slot, entity.generation);
        self.clock.calendar.push(self.clock.now, rank, event);
    }

    /// The run is over.
    pub(crate) fn retire(&mut self, slot: Slot) {
        let entity = &mut self.world.pool[slot];
        entity.fold(self.clock.now);
        let id = ServiceId::new(entity.owner as usize);
        let (index, number) = (entity.link, entity.number);
        let word = entity.fold ^ entity.number.wrapping_mul(0xD6E8_FEB8_6659_FD93);
        let measured = self.world.vehicles[index as usize].measured;
        self.books.n_measured -= u64::from(measured);
        if measured || self.clock.now < self.env.model.window.to.as_ms() {
            let record = &mut self.books.out.services[id];
            record.fingerprint = record.fingerprint.wrapping_add(word ^ (word >> 32));
        }
        if !self.world.vehicles[index as usize].cargo.is_empty() {
            let detail =
                format!("{} shipments are still aboard", self.world.vehicles[index as usize].cargo.len());
            let name = self.name_of(slot);
            self.violate("conservation", name, detail);
        }
        let taken_at = self.world.vehicles[index as usize].taken_at;
        self.world.vehicles.remove(index);
        self.world.pool.remove(slot);
        self.turn_round(id, number, taken_at);
    }
}

/// A vehicle's time since boarding, as its cargo spends it.
type Aboard = [(Category, i64); 4];

/// A stop of boarding and the time since: cargo of one stop has spent the same time aboard, which is worked out once.
const NOWHERE_YET: (u16, Aboard) = (u16::MAX, [(Category::Vehicle, 0); 4]);

/// What a vehicle's time since boarding is to its cargo.
fn aboard_times(now: &CategoryTimes, then: &CategoryTimes) -> Aboard {
    let spent = |category: Category| now[category as usize] - then[category as usize];
    let own = [Category::Moving, Category::Worked, Category::Inspection]
        .map(|category| (category, spent(category)));
    let total: i64 = Category::ALL.into_iter().map(spent).sum();
    let waiting = total - own.iter().map(|(_, time)| time).sum::<i64>();
    [own[0], own[1], own[2], (Category::Vehicle, waiting)]
}
