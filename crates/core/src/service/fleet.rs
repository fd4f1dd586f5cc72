//! Vehicles of which there are only so many: those of a service, which make one run after the other, and those of a
//! connection on demand.
//!
//! A departure takes a vehicle when it is due and keeps it to the end of its run and through the turnaround. One that finds
//! none waits, and leaves with the first that comes back; departures leave in the order of their schedule, and the cut-off
//! counts from the schedule all the while. The delay of a departure, if it draws one, begins when it has its vehicle. A
//! service that leaves when full does not leave before a vehicle is there: from the instant at which it would have left, its
//! cargo waits for the timetable.
//!
//! A haul takes a vehicle and keeps it on the way back too. Who finds none waits for a server, first come first served; while
//! the connection is closed, for the disruption to end. Does not own runs (`vehicle`) or what boards (`boarding`).

use crate::engine::Simulation;
use crate::engine::entity::{Entity, Kind, Slot};
use crate::engine::event::{Event, What};
use crate::engine::rotation::{Delayed, Rotation};
use crate::kernel::random::Stream;
use crate::model::DepartureRule;
use crate::model::category::Category;
use crate::model::ids::{ConnectionId, ServiceId};
use crate::model::program::Op;
use crate::plan::{Class, NOWHERE, Ranks};
use crate::record::observer::Observer;

impl<O: Observer> Simulation<'_, O> {
    /// A departure leaves, or waits for a vehicle of its service's fleet.
    pub(crate) fn launch_or_wait(&mut self, id: ServiceId, number: u64, scheduled_at: i64, held_at: i64) {
        let measured = self.is_measured(scheduled_at);
        match &mut self.world.services[id].rotation {
            Some(rotation) if rotation.free == 0 || !rotation.waiting.is_empty() => {
                rotation.waiting.push_back(Delayed { number, scheduled_at, held_at });
                // It counts, so the run goes on until it has left.
                self.books.n_measured += u64::from(measured);
            }
            _ => self.launch(id, number, scheduled_at, held_at),
        }
    }

    /// Departures that wait leave, as long as there are vehicles and the way is open.
    pub(crate) fn dispatch(&mut self, id: ServiceId) {
        loop {
            let state = &mut self.world.services[id];
            let Some(rotation) = &mut state.rotation else { return };
            if rotation.free == 0 {
                return;
            }
            if state.legs[0].n_closures > 0 {
                // They have a vehicle each: it is the closure that holds them from now on.
                for waiting in rotation.waiting.iter_mut().take(rotation.free as usize) {
                    waiting.held_at = waiting.held_at.min(self.clock.now);
                }
                return;
            }
            let Some(Delayed { number, scheduled_at, held_at }) = rotation.waiting.pop_front() else {
                return;
            };
            self.books.n_measured -= u64::from(self.is_measured(scheduled_at));
            let n_run = self.books.out.services[id].run;
            self.launch(id, number, scheduled_at, held_at);
            // Unless it was for nobody, or had a vehicle at the very instant.
            if scheduled_at < self.clock.now {
                let record = &mut self.books.out.services[id];
                record.short += record.run - n_run;
            }
        }
    }

    /// A run is over: its vehicle turns round.
    pub(crate) fn turn_round(&mut self, id: ServiceId, number: u64, taken_at: i64) {
        let Some(fleet) = &self.env.model.services[id].fleet else { return };
        let time = match &fleet.turnaround {
            None => 0,
            Some((law, stream)) => {
                law.sample_whole(&mut Stream::new(self.env.keys[*stream], number, 0)).max(0)
            }
        };
        let at = self.clock.now.saturating_add(time);
        self.books.out.services[id].busy += self.env.window.clip(taken_at, at);
        if let Some(rotation) = &mut self.world.services[id].rotation {
            rotation.turning += 1;
        }
        if time == 0 {
            return self.vehicle_back(id);
        }
        let node = self.env.model.services[id].stops[0];
        let identity = self.env.ranks.departure(id.index() as u32, number);
        let event = Event::new(What::VehicleBack, id.index() as u32, 0);
        self.clock.calendar.push(at, Ranks::at_node(Class::Completion, node, identity), event);
    }

    /// A vehicle can leave again. Who waits for it does so among the departures of the instant.
    pub(crate) fn vehicle_back(&mut self, id: ServiceId) {
        let Some(rotation) = &mut self.world.services[id].rotation else { return };
        rotation.turning -= 1;
        rotation.free += 1;
        if let DepartureRule::WhenFull { .. } = self.env.model.services[id].departs {
            return self.look_at_yard_in_turn(id, self.clock.now);
        }
        let Some(number) = rotation.waiting.front().map(|first| first.number) else { return };
        let rank = self.departure_rank(id, 0, number);
        let event = Event::new(What::Dispatch, id.index() as u32, 0);
        self.clock.calendar.push(self.clock.now, rank, event);
    }

    /// A shipment asks for a vehicle of a connection.
    pub(crate) fn ask_for_truck(&mut self, slot: Slot, connection: ConnectionId) {
        let now = self.clock.now;
        let counted = u64::from(self.is_measured(now));
        let Some(trucks) = &mut self.world.connections[connection].trucks else { return };
        let entity = &mut self.world.pool[slot];
        entity.entered_at = now;
        entity.since = now;
        entity.disrupted_before = trucks.closed.until(now);
        trucks.queue.push_back(slot);
        self.books.n_measured += counted;
        self.books.out.connections[connection].requests += counted;
        self.serve_trucks(connection);
    }

    /// Hauls begin, as long as somebody waits, vehicles are free and the connection is open.
    fn serve_trucks(&mut self, connection: ConnectionId) {
        while self.world.connections[connection].n_closures == 0 {
            let Some(trucks) = &mut self.world.connections[connection].trucks else { return };
            if trucks.free == 0 {
                return;
            }
            let Some(slot) = trucks.queue.pop_front() else { return };
            trucks.free -= 1;
            self.haul_by_truck(slot, connection);
        }
    }

    /// The wait for a vehicle is over: it is divided, and the haul begins.
    fn haul_by_truck(&mut self, slot: Slot, connection: ConnectionId) {
        let now = self.clock.now;
        let (Some(trucks), Op::Haul(index)) = (
            &self.world.connections[connection].trucks,
            self.env.model.programs.ops[self.world.pool[slot].pc as usize],
        ) else {
            return;
        };
        let entity = &mut self.world.pool[slot];
        let wait = now - entity.entered_at;
        let disrupted = trucks.closed.until(now) - entity.disrupted_before;
        entity.spend(Category::Disruption, disrupted);
        entity.spend(Category::Server, wait - disrupted);
        if self.env.window.contains(entity.entered_at) {
            self.books.n_measured -= 1;
            let record = &mut self.books.out.connections[connection];
            record.wait.record(wait);
            record.without_wait += u64::from(wait == 0);
        }
        let way_back = match &self.env.model.programs.delays[index as usize].way_back {
            None => 0,
            Some((law, stream)) => law.sample_whole(&mut self.stream(*stream, slot)).max(0),
        };
        let time = self.haul_time(slot, index);
        let back_at = now.saturating_add(time).saturating_add(way_back);
        self.books.out.connections[connection].busy += self.env.window.clip(now, back_at);
        self.haul(slot, index, time);
        let rank = Ranks::at_node(Class::Completion, NOWHERE, connection.index() as u64);
        let event = Event::new(What::TruckBack, connection.index() as u32, 0);
        self.clock.calendar.push(back_at, rank, event);
    }

    /// A vehicle of a connection is back.
    pub(crate) fn truck_back(&mut self, connection: ConnectionId) {
        if let Some(trucks) = &mut self.world.connections[connection].trucks {
            trucks.free += 1;
            self.serve_trucks(connection);
        }
    }

    /// A connection opens or closes.
    pub(crate) fn switch_trucks(&mut self, connection: ConnectionId, is_open: bool) {
        if let Some(trucks) = &mut self.world.connections[connection].trucks {
            trucks.closed.switch(self.clock.now, !is_open);
            self.serve_trucks(connection);
        }
    }

    /// Books the runs that are under way when the books are closed. Every vehicle is free, under way or turning round.
    pub(crate) fn close_fleets(&mut self) {
        for (id, params) in self.env.model.services.iter_enumerated() {
            let (Some(fleet), Some(rotation)) = (&params.fleet, &self.world.services[id].rotation) else {
                continue;
            };
            let is_ours = |entity: &&Entity| {
                entity.kind == Kind::Vehicle && ServiceId::new(entity.owner as usize) == id
            };
            let mut under_way = 0;
            for entity in self.world.pool.alive().filter(is_ours) {
                under_way += 1;
                let taken_at = self.world.vehicles[entity.link as usize].taken_at;
                self.books.out.services[id].busy += self.env.window.clip(taken_at, self.clock.now);
            }
            let Rotation { free, turning, .. } = *rotation;
            if free + turning + under_way != fleet.vehicles {
                let detail = format!(
                    "{free} vehicles free, {under_way} under way and {turning} turning round of {}",
                    fleet.vehicles
                );
                self.violate("conservation", format!("fleet of service `{}`", params.name), detail);
            }
        }
    }
}
