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

use std::collections::VecDeque;

use crate::freight::category::Category;
use crate::freight::entity::{Entity, Kind, NEVER, Slot};
use crate::freight::event::{Class, Event, NOWHERE, Ranks, What};
use crate::freight::ids::{ConnectionId, ServiceId};
use crate::freight::model::DepartureRule;
use crate::freight::observer::Observer;
use crate::freight::program::Op;
use crate::freight::simulation::Simulation;
use crate::freight::state::RunningTotal;
use crate::kernel::random::Stream;

/// A departure that waits for a vehicle.
#[derive(Debug, Clone, Copy)]
struct Waiting {
    number: u64,
    scheduled_at: i64,
    /// Since when a closure holds it, beside the want of a vehicle or alone; [`NEVER`] if none does.
    held_at: i64,
}

/// The vehicles of a service.
#[derive(Debug)]
pub(super) struct Rotation {
    /// Vehicles that can leave.
    pub free: u32,
    /// Since when a service that leaves when full would have left; [`NEVER`] while there is no need or a vehicle.
    pub wanted_at: i64,
    /// Vehicles that turn round.
    turning: u32,
    /// Departures without a vehicle, in the order of their schedule.
    waiting: VecDeque<Waiting>,
}

impl Rotation {
    pub(super) fn new(vehicles: u32) -> Self {
        Self { free: vehicles, wanted_at: NEVER, turning: 0, waiting: VecDeque::new() }
    }
}

impl Rotation {
    /// Whether departures wait for a vehicle, or a vehicle turns round.
    pub(super) fn has_more_to_do(&self) -> bool {
        self.turning > 0 || !self.waiting.is_empty()
    }
}

/// The vehicles of a connection.
#[derive(Debug)]
pub(super) struct Trucks {
    free: u32,
    queue: VecDeque<Slot>,
    /// Time closed by disruption.
    closed: RunningTotal,
}

impl Trucks {
    pub(super) fn new(vehicles: u32) -> Self {
        Self { free: vehicles, queue: VecDeque::new(), closed: RunningTotal::default() }
    }
}

impl<O: Observer> Simulation<'_, O> {
    /// A departure leaves, or waits for a vehicle of its service's fleet.
    pub(super) fn launch_or_wait(&mut self, id: ServiceId, number: u64, scheduled_at: i64, held_at: i64) {
        let measured = self.is_measured(scheduled_at);
        match &mut self.services[id].rotation {
            Some(rotation) if rotation.free == 0 || !rotation.waiting.is_empty() => {
                rotation.waiting.push_back(Waiting { number, scheduled_at, held_at });
                // It counts, so the run goes on until it has left.
                self.n_measured += u64::from(measured);
            }
            _ => self.launch(id, number, scheduled_at, held_at),
        }
    }

    /// Departures that wait leave, as long as there are vehicles and the way is open.
    pub(super) fn dispatch(&mut self, id: ServiceId) {
        loop {
            let state = &mut self.services[id];
            let Some(rotation) = &mut state.rotation else { return };
            if rotation.free == 0 {
                return;
            }
            if state.legs[0].n_closures > 0 {
                // They have a vehicle each: it is the closure that holds them from now on.
                for waiting in rotation.waiting.iter_mut().take(rotation.free as usize) {
                    waiting.held_at = waiting.held_at.min(self.now);
                }
                return;
            }
            let Some(Waiting { number, scheduled_at, held_at }) = rotation.waiting.pop_front() else {
                return;
            };
            self.n_measured -= u64::from(self.is_measured(scheduled_at));
            let n_run = self.out.services[id].run;
            self.launch(id, number, scheduled_at, held_at);
            // Unless it was for nobody, or had a vehicle at the very instant.
            if scheduled_at < self.now {
                let record = &mut self.out.services[id];
                record.short += record.run - n_run;
            }
        }
    }

    /// A run is over: its vehicle turns round.
    pub(super) fn turn_round(&mut self, id: ServiceId, number: u64, taken_at: i64) {
        let Some(fleet) = &self.model.services[id].fleet else { return };
        let time = match &fleet.turnaround {
            None => 0,
            Some((law, stream)) => law.sample_whole(&mut Stream::new(self.keys[*stream], number, 0)).max(0),
        };
        let at = self.now.saturating_add(time);
        self.out.services[id].busy += self.window.clip(taken_at, at);
        if let Some(rotation) = &mut self.services[id].rotation {
            rotation.turning += 1;
        }
        if time == 0 {
            return self.vehicle_back(id);
        }
        let node = self.model.services[id].stops[0];
        let identity = self.ranks.departure(id.index() as u32, number);
        let event = Event::new(What::VehicleBack, id.index() as u32, 0);
        self.calendar.push(at, Ranks::at_node(Class::Completion, node, identity), event);
    }

    /// A vehicle can leave again. Who waits for it does so among the departures of the instant.
    pub(super) fn vehicle_back(&mut self, id: ServiceId) {
        let Some(rotation) = &mut self.services[id].rotation else { return };
        rotation.turning -= 1;
        rotation.free += 1;
        if let DepartureRule::WhenFull { .. } = self.model.services[id].departs {
            return self.look_at_yard_in_turn(id, self.now);
        }
        let Some(number) = rotation.waiting.front().map(|first| first.number) else { return };
        let rank = self.departure_rank(id, 0, number);
        let event = Event::new(What::Dispatch, id.index() as u32, 0);
        self.calendar.push(self.now, rank, event);
    }

    /// A shipment asks for a vehicle of a connection.
    pub(super) fn ask_for_truck(&mut self, slot: Slot, connection: ConnectionId) {
        let now = self.now;
        let counted = u64::from(self.is_measured(now));
        let Some(trucks) = &mut self.trucks[connection] else { return };
        let entity = &mut self.pool[slot];
        entity.entered_at = now;
        entity.since = now;
        entity.disrupted_before = trucks.closed.until(now);
        trucks.queue.push_back(slot);
        self.n_measured += counted;
        self.out.connections[connection].requests += counted;
        self.serve_trucks(connection);
    }

    /// Hauls begin, as long as somebody waits, vehicles are free and the connection is open.
    fn serve_trucks(&mut self, connection: ConnectionId) {
        while self.connections[connection].n_closures == 0 {
            let Some(trucks) = &mut self.trucks[connection] else { return };
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
        let now = self.now;
        let (Some(trucks), Op::Haul(index)) =
            (&self.trucks[connection], self.model.programs.ops[self.pool[slot].pc as usize])
        else {
            return;
        };
        let entity = &mut self.pool[slot];
        let wait = now - entity.entered_at;
        let disrupted = trucks.closed.until(now) - entity.disrupted_before;
        entity.spend(Category::Disruption, disrupted);
        entity.spend(Category::Server, wait - disrupted);
        if self.window.contains(entity.entered_at) {
            self.n_measured -= 1;
            let record = &mut self.out.connections[connection];
            record.wait.record(wait);
            record.without_wait += u64::from(wait == 0);
        }
        let way_back = match &self.model.programs.delays[index as usize].way_back {
            None => 0,
            Some((law, stream)) => law.sample_whole(&mut self.stream(*stream, slot)).max(0),
        };
        let time = self.haul_time(slot, index);
        let back_at = now.saturating_add(time).saturating_add(way_back);
        self.out.connections[connection].busy += self.window.clip(now, back_at);
        self.haul(slot, index, time);
        let rank = Ranks::at_node(Class::Completion, NOWHERE, connection.index() as u64);
        let event = Event::new(What::TruckBack, connection.index() as u32, 0);
        self.calendar.push(back_at, rank, event);
    }

    /// A vehicle of a connection is back.
    pub(super) fn truck_back(&mut self, connection: ConnectionId) {
        if let Some(trucks) = &mut self.trucks[connection] {
            trucks.free += 1;
            self.serve_trucks(connection);
        }
    }

    /// A connection opens or closes.
    pub(super) fn switch_trucks(&mut self, connection: ConnectionId, is_open: bool) {
        if let Some(trucks) = &mut self.trucks[connection] {
            trucks.closed.switch(self.now, !is_open);
            self.serve_trucks(connection);
        }
    }

    /// Books the runs that are under way when the books are closed. Every vehicle is free, under way or turning round.
    pub(super) fn close_fleets(&mut self) {
        for (id, params) in self.model.services.iter_enumerated() {
            let (Some(fleet), Some(rotation)) = (&params.fleet, &self.services[id].rotation) else {
                continue;
            };
            let is_ours = |entity: &&Entity| {
                entity.kind == Kind::Vehicle && ServiceId::new(entity.owner as usize) == id
            };
            let mut under_way = 0;
            for entity in self.pool.alive().filter(is_ours) {
                under_way += 1;
                let taken_at = self.vehicles[entity.link as usize].taken_at;
                self.out.services[id].busy += self.window.clip(taken_at, self.now);
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
