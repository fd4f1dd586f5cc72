//! Bookings: what has chosen a service and has not boarded yet, and the wait that a new shipment expects behind it.
//!
//! A shipment is booked from its release on at each watched stop ([`WatchParams`]) where it is sure to board, whatever policy its
//! flow has, until it boards or is lost. It is booked for the first departure that it is expected to make; what does not fit there
//! rolls over to the next, ahead of what is booked for that one. Departures carry their mean capacity. So the expected wait at a
//! timetabled service is known from sums by departure; without a timetable the sum over all bookings has to do. A shipment that takes
//! whichever of several services leaves first is booked with the one that should have room for it first.
//!
//! A booking reserves nothing: the order of boarding is the same without (`boarding`). Releases that book are events of their own and never run ahead
//! (`upstream::plan`), so that a choice sees the state of its instant.

use crate::engine::Simulation;
use crate::engine::bookings::{Booked, Load, Wait};
use crate::engine::entity::{Entity, Kind, NEVER, Slot, quantity_of};
use crate::engine::yard::{Queue, Yard};
use crate::kernel::law::to_whole;
use crate::model::ids::{FlowId, ItineraryId};
use crate::model::program::OpIndex;
use crate::model::{DepartureRule, Outlook, ServiceParams, WatchParams, share_of};
use crate::record::observer::Observer;

impl<O: Observer> Simulation<'_, O> {
    /// Books a shipment that begins an itinerary now at the watched stops on it.
    pub(crate) fn book(&mut self, slot: Slot, itinerary: ItineraryId) {
        self.book_from(slot, itinerary, (self.env.model.itineraries[itinerary].program, 0));
    }

    /// As [`Self::book`] for a shipment that goes on now at an operation of the itinerary, which is expected so long after the release.
    pub(crate) fn book_from(&mut self, slot: Slot, itinerary: ItineraryId, (from, after): (OpIndex, i64)) {
        let model = self.env.model;
        for booking in model.itineraries[itinerary].bookings.iter().filter(|booking| booking.at >= from) {
            let ready_after = (booking.ready_after.as_ms() - after).max(0);
            let ready_at = self.clock.now.saturating_add(ready_after);
            let watch = if let [only] = booking.watches[..] {
                only
            } else {
                // Where it should find room first.
                let wait = |&watch: &u32| {
                    let service = model.watches[watch as usize].service;
                    let quantity = quantity_of(&self.world.pool[slot], model.services[service].unit);
                    self.expected_wait(watch, ready_after, quantity).ms
                };
                let Some(watch) = booking.watches.iter().copied().min_by_key(wait) else { continue };
                watch
            };
            let params = &model.watches[watch as usize];
            let service = &model.services[params.service];
            let quantity = quantity_of(&self.world.pool[slot], service.unit);
            let departure = first_made(service, params, ready_at);
            self.world.bookings.loads[watch as usize].add(departure, quantity);
            let of_shipments = &mut self.world.bookings.of_shipments;
            if of_shipments.len() <= slot as usize {
                of_shipments.resize_with(slot as usize + 1, Vec::new);
            }
            let booked = Booked { at: booking.at, watch, departure, quantity };
            of_shipments[slot as usize].push(booked);
        }
    }

    /// The wait that a shipment expects which is released now and will be ready at a watched stop after so long. Its quantity is in
    /// the service's unit.
    pub(crate) fn expected_wait(&mut self, watch: u32, ready_after: i64, quantity: i64) -> Wait {
        let model = self.env.model;
        let params = &model.watches[watch as usize];
        let service = &model.services[params.service];
        let (now, end) = (self.clock.now, self.env.end);
        let ready_at = now.saturating_add(ready_after);
        let load = &mut self.world.bookings.loads[watch as usize];
        match params.outlook {
            Outlook::Timetable => {
                load.pass(first_from(service, now - planned(service, params)));
                wait_for_timetable(service, params, load, ready_at, quantity, end)
            }
            Outlook::Headways { first, each } => {
                let room = room_at(service, params, now).max(1);
                let n_ahead = (load.total + quantity - 1).max(0) / room;
                // Some of the departures that what is booked fills leave before it is ready.
                let filled = n_ahead.saturating_mul(each.as_ms()).saturating_sub(ready_after);
                Wait { ms: first.as_ms().saturating_add(filled.max(0)), has_room: filled <= 0 }
            }
            Outlook::Fills { demand } => {
                let yard = &self.world.services[params.service].yards[usize::from(params.stop)];
                let ms =
                    wait_until_full(service, params, load.total, yard, (now, ready_at), quantity, demand);
                Wait { ms, has_room: true }
            }
        }
    }

    /// What is booked must be what shipments that have not boarded have booked.
    pub(crate) fn close_bookings(&mut self) {
        if self.env.model.watches.is_empty() {
            return;
        }
        let mut booked = vec![0; self.env.model.watches.len()];
        for (slot, _) in self.world.pool.alive_slots() {
            for booking in self.world.bookings.of_shipments.get(slot as usize).into_iter().flatten() {
                booked[booking.watch as usize] += booking.quantity;
            }
        }
        for (watch, booked) in booked.into_iter().enumerate() {
            self.books.out.checks.conservation += 1;
            let total = self.world.bookings.loads[watch].total;
            if total != booked {
                let service = &self.env.model.services[self.env.model.watches[watch].service].name;
                let detail = format!("{total} is booked, of which shipments know {booked}");
                self.violate("conservation", format!("service `{service}`"), detail);
            }
        }
    }

    /// What a flow that sees queues expects of each of its ways now, for a shipment of this size: TEU, mass and units. With each
    /// whether its first departure has room.
    pub(crate) fn seen(&mut self, id: FlowId, sizes: (i64, i64, u32)) -> Vec<(sanda_units::Cost, bool)> {
        let model = self.env.model;
        let Some(sight) = &model.flows[id].sight else { return Vec::new() };
        let mut shipment = Entity::new(Kind::Shipment, 0, 0, 0, self.clock.now);
        (shipment.teu, shipment.mass, shipment.units) = sizes;
        let costs = sight.ways.iter().map(|way| {
            let soonest = way.first.as_ref().and_then(|first| {
                let waits = first.watches.iter().map(|&watch| {
                    let service = model.watches[watch as usize].service;
                    let quantity = quantity_of(&shipment, model.services[service].unit);
                    self.expected_wait(watch, first.ready_after.as_ms(), quantity)
                });
                // Of several services the first to leave with room is taken; any of them may have room on its first departure.
                waits.reduce(|a, b| Wait { ms: a.ms.min(b.ms), has_room: a.has_room || b.has_room })
            });
            let wait = soonest.unwrap_or(Wait { ms: 0, has_room: true });
            (way.with_wait(wait.ms), wait.has_room)
        });
        costs.collect()
    }
}

/// From the departure at the first stop to that at the watched one, in milliseconds, as planned.
fn planned(service: &ServiceParams, watch: &WatchParams) -> i64 {
    service.planned_departure[usize::from(watch.stop)].as_ms()
}

/// The scheduled instant of a departure from the first stop, by its number; `None` after the last.
fn scheduled(service: &ServiceParams, number: usize) -> Option<i64> {
    match &service.departs {
        DepartureRule::Every { offset, period } => {
            let later = period.as_ms().checked_mul(i64::try_from(number).ok()?)?;
            offset.as_ms().checked_add(later)
        }
        DepartureRule::Dates(dates) => dates.get(number).map(|date| date.as_ms()),
        DepartureRule::Headway(..) | DepartureRule::WhenFull { .. } => None,
    }
}

/// The number of the first departure that is scheduled at an instant or later.
fn first_from(service: &ServiceParams, at: i64) -> usize {
    match &service.departs {
        DepartureRule::Every { offset, period } => {
            let (gap, period) = ((at - offset.as_ms()).max(0), period.as_ms());
            usize::try_from(gap / period + i64::from(gap % period > 0)).unwrap_or(usize::MAX)
        }
        DepartureRule::Dates(dates) => dates.partition_point(|date| date.as_ms() < at),
        DepartureRule::Headway(..) | DepartureRule::WhenFull { .. } => 0,
    }
}

/// The number of the first departure that a shipment makes which is ready at a watched stop at an instant.
fn first_made(service: &ServiceParams, watch: &WatchParams, ready_at: i64) -> usize {
    first_from(service, ready_at.saturating_add(service.cutoff.as_ms()) - planned(service, watch))
}

/// What a departure has room for on average that leaves the first stop at an instant.
fn room_at(service: &ServiceParams, watch: &WatchParams, at: i64) -> i64 {
    if watch.capacity == i64::MAX {
        return i64::MAX;
    }
    let season = service.season.partition_point(|&(from, _)| from.as_ms() <= at);
    let capacity = match season.checked_sub(1) {
        Some(place) => share_of(watch.capacity, service.season[place].1),
        None => watch.capacity,
    };
    (capacity - watch.background).max(0)
}

/// The wait at a timetabled service: until the first departure with room for the shipment behind all that is booked for the same
/// departure or an earlier one.
fn wait_for_timetable(
    service: &ServiceParams,
    watch: &WatchParams,
    load: &Load,
    ready_at: i64,
    quantity: i64,
    end: i64,
) -> Wait {
    let mine = first_made(service, watch, ready_at).max(load.n_past);
    let (mut ahead, mut left) = (load.overdue, quantity);
    let mut number = load.n_past;
    while let Some(at) = scheduled(service, number).filter(|&at| at <= end) {
        let room = room_at(service, watch, at);
        if number <= mine {
            ahead += load.booked_for(number);
        }
        if number >= mine {
            let remains = room.saturating_sub(ahead);
            if left <= remains {
                let ms = at + planned(service, watch) - ready_at;
                return Wait { ms, has_room: number == mine };
            }
            // A shipment larger than a whole departure on average takes as many as it fills.
            if left > room {
                left -= remains.max(0);
            }
        }
        ahead = ahead.saturating_sub(room).max(0);
        number += 1;
    }
    Wait { ms: NEVER, has_room: false }
}

/// The wait at a service that leaves when full: until its vehicle is full at the mean rate at which cargo comes, or until the oldest
/// has waited its longest, whichever is sooner.
fn wait_until_full(
    service: &ServiceParams,
    watch: &WatchParams,
    booked: i64,
    yard: &Yard,
    (now, ready_at): (i64, i64),
    quantity: i64,
    demand: f64,
) -> i64 {
    let DepartureRule::WhenFull { longest_wait, quantity: stated } = service.departs else { return NEVER };
    let full = stated.unwrap_or(i64::MAX).min(room_at(service, watch, now)).max(1);
    let n_ahead = (booked + quantity - 1).max(0) / full;
    let missing = full.saturating_mul(n_ahead + 1).saturating_sub(booked + quantity);
    // How long so much cargo takes to come.
    let comes_in = |load: i64| if load <= 0 { 0 } else { to_whole(load as f64 / demand) };
    let longest = longest_wait.map_or(NEVER, sanda_units::Duration::as_ms);
    // The vehicle that what is booked fills leaves at the latest when its oldest has waited its longest.
    let oldest = yard.queues.iter().filter_map(Queue::oldest).min().filter(|_| n_ahead == 0);
    let latest = oldest.map_or(NEVER, |oldest| oldest.saturating_add(longest));
    if latest < ready_at {
        // Gone by then: it begins another one.
        return longest.min(comes_in(full - quantity));
    }
    let wait = now.saturating_add(comes_in(missing)).min(latest).saturating_sub(ready_at);
    wait.clamp(0, longest)
}
