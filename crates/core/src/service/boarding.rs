//! Yards, departures and boarding.
//!
//! A shipment that wants to ride joins the yard of its stop and is ready from then on. A departure loads those that were
//! ready by the cut-off, in order of readiness (or of priority, then readiness), up to the capacity left. Who does not
//! fit is rolled over and keeps its place. The wait is divided at boarding: until the first run it could have made it
//! waited for the timetable (or, where the service leaves when full, for other cargo), after a full one it was rolled
//! over, after a cancelled one it was held by disruption. A shipment that takes whichever of several services leaves first is in
//! the yard of each, and leaves all of them when it boards: what it waited for is judged by the departures of all. It counts as
//! waiting, and as left behind, at each; as having boarded, with its wait, where it did. Does not own the vehicles that a departure may have to wait for
//! (`fleet`) or the parts of a shipment that is split (`split`).

use crate::engine::Simulation;
use crate::engine::batch::Arrival;
use crate::engine::entity::{Entity, Kind, NEVER, Part, Slot, quantity_of};
use crate::engine::event::{Event, Source, What};
use crate::engine::state::{Cargo, Vehicle};
use crate::engine::yard::{Queue, Ready, Waiting, Yard};
use crate::kernel::heap::Entry;
use crate::kernel::random::Stream;
use crate::model::ids::{FlowId, ServiceId};
use crate::model::program::{LoadUnit, Op};
use crate::model::{Cancellation, Capacity, DepartureRule, share_of};
use crate::plan::{Class, Ranks};
use crate::record::RideRecord;
use crate::record::observer::{Boarding, Cancelled, Loading, Observer};
use crate::service::common_lines::Elsewhere;
use crate::service::split::{split_off, units_that_fit};

impl<O: Observer> Simulation<'_, O> {
    /// Puts the next scheduled departure of a service on the agenda; `from` is the one before.
    pub(crate) fn schedule_departure(&mut self, id: ServiceId, from: i64) {
        let n = self.world.services[id].next_number;
        let at = match &self.env.model.services[id].departs {
            DepartureRule::Every { offset, period } => {
                Some(if n == 0 { offset.as_ms() } else { from.saturating_add(period.as_ms()) })
            }
            DepartureRule::Dates(dates) => dates.get(n as usize).map(|date| date.as_ms()),
            DepartureRule::Headway(law, stream) => {
                Some(from.saturating_add(law.sample_whole(&mut Stream::new(self.env.keys[*stream], n, 0))))
            }
            DepartureRule::WhenFull { .. } => None,
        };
        if let Some(at) = at {
            let rank = self.departure_rank(id, 0, n);
            self.clock.agenda.push(at, rank, Source::Departure(id));
        }
    }

    pub(crate) fn departure_rank(&self, id: ServiceId, stop: usize, number: u64) -> u64 {
        let node = self.env.model.services[id].stops[stop];
        Ranks::at_node(Class::Departure, node, self.env.ranks.departure(id.index() as u32, number))
    }

    /// The scheduled instant of a departure has come.
    pub(crate) fn scheduled_departure(&mut self, id: ServiceId) {
        let number = self.world.services[id].next_number;
        self.world.services[id].next_number += 1;
        self.schedule_departure(id, self.clock.now);
        self.depart(id, number);
    }

    /// A departure is due now: it is cancelled, delayed, or leaves.
    fn depart(&mut self, id: ServiceId, number: u64) {
        let params = &self.env.model.services[id];
        let measured = self.is_measured(self.clock.now);
        if self.is_cancelled(id, number) {
            self.books.out.services[id].cancelled += u64::from(measured);
            if O::IN_ORDER {
                let scheduled_at = self.clock.now;
                self.observer.departure_cancelled(&Cancelled {
                    service: id,
                    departure: number,
                    scheduled_at,
                });
            }
            self.mark_cancelled(id, 0);
            for stop in 1..params.stops.len() - 1 {
                let at = self.clock.now + params.planned_departure[stop].as_ms();
                let rank = self.departure_rank(id, stop, number);
                let event = Event::new(What::CancelledStop, id.index() as u32, stop as u32);
                self.clock.calendar.push(at, rank, event);
            }
            return;
        }
        if self.world.services[id].legs[0].n_closures > 0 {
            // The run goes on until it leaves, whatever else is under way: it counts.
            self.books.n_measured += u64::from(measured);
            self.world.services[id].held.push((number, self.clock.now));
            return;
        }
        self.launch_or_wait(id, number, self.clock.now, NEVER);
    }

    /// A departure that was scheduled now, or was held by a closure or waited for a vehicle since, leaves, unless delayed or
    /// empty.
    pub(crate) fn launch(&mut self, id: ServiceId, number: u64, scheduled_at: i64, held_at: i64) {
        let params = &self.env.model.services[id];
        let measured = self.is_measured(scheduled_at);
        if !params.run_empty && !self.has_eligible(id, scheduled_at) {
            return;
        }
        self.books.out.services[id].run += u64::from(measured);
        self.books.n_measured += u64::from(measured);
        let capacity = self.capacity_of(id, number);
        let background = self.background_of(id, number, capacity);
        let wanted_at = match &mut self.world.services[id].rotation {
            None => NEVER,
            Some(rotation) => {
                rotation.free -= 1;
                std::mem::replace(&mut rotation.wanted_at, NEVER)
            }
        };
        let index = self.world.vehicles.add();
        let vehicle = &mut self.world.vehicles[index as usize];
        vehicle.scheduled_at = scheduled_at;
        vehicle.held_at = held_at;
        vehicle.wanted_at = wanted_at;
        vehicle.taken_at = self.clock.now;
        vehicle.capacity = capacity;
        vehicle.quantity = background;
        vehicle.background = background;
        vehicle.measured = measured;
        let mut entity =
            Entity::new(Kind::Vehicle, id.index() as u32, number, params.program, self.clock.now);
        entity.link = index;
        let slot = self.world.pool.add(entity);
        let delay = match &params.delay {
            None => 0,
            Some((law, stream)) => {
                law.sample_whole(&mut Stream::new(self.env.keys[*stream], number, 0)).max(0)
            }
        };
        if delay == 0 {
            self.leave(slot);
        } else {
            let rank = self.departure_rank(id, 0, number);
            let generation = self.world.pool[slot].generation;
            self.clock.calendar.push(self.clock.now + delay, rank, Event::new(What::Leave, slot, generation));
        }
    }

    /// The vehicle loads at its first stop and goes.
    pub(crate) fn leave(&mut self, slot: Slot) {
        let now = self.clock.now;
        let entity = &mut self.world.pool[slot];
        entity.released_at = now;
        entity.stage_from = now;
        entity.fold(now);
        self.load(slot, 0);
        self.advance(slot, false);
    }

    fn is_cancelled(&mut self, id: ServiceId, number: u64) -> bool {
        let word = |stream| Stream::new(self.env.keys[stream], number, 0).word();
        let cancelled = match self.env.model.services[id].cancellation {
            Cancellation::Never => false,
            Cancellation::Independent(threshold, stream) => word(stream) < threshold,
            Cancellation::Runs { enter, stay, first, stream } => {
                let threshold = match (number, self.world.services[id].was_cancelled) {
                    (0, _) => first,
                    (_, true) => stay,
                    (_, false) => enter,
                };
                word(stream) < threshold
            }
        };
        self.world.services[id].was_cancelled = cancelled;
        cancelled || self.world.services[id].n_cancelling > 0
    }

    /// Capacity of a departure that takes place now, in the service's unit: that of the season, under the disruptions there are.
    fn capacity_of(&self, id: ServiceId, number: u64) -> i64 {
        let params = &self.env.model.services[id];
        let capacity = match &params.capacity {
            Capacity::Fixed(capacity) => *capacity,
            Capacity::Random(law, stream) => {
                law.sample_whole(&mut Stream::new(self.env.keys[*stream], number, 0)).max(0)
            }
            Capacity::Unlimited => return i64::MAX,
        };
        let season = params.season.partition_point(|&(from, _)| from.as_ms() <= self.clock.now);
        let capacity = match season.checked_sub(1) {
            Some(place) => share_of(capacity, params.season[place].1),
            None => capacity,
        };
        self.scaled(&self.world.services[id].load_modifiers, capacity)
    }

    /// Of this capacity of a departure, what traffic takes that is not simulated.
    fn background_of(&self, id: ServiceId, number: u64, capacity: i64) -> i64 {
        let Some((law, stream)) = &self.env.model.services[id].background else { return 0 };
        law.sample_whole(&mut Stream::new(self.env.keys[*stream], number, 0)).clamp(0, capacity)
    }

    /// A departure is about to look who is ready at a stop by an instant, now at the latest.
    fn look_at_stop(&mut self, id: ServiceId, stop: usize, ready_by: i64) {
        self.look_at_feeders(id, stop, ready_by);
        self.world.services[id].yards[stop].admit(ready_by);
    }

    /// Whether somebody waits now, at any stop, who can make a departure of this schedule. Who will come is not foreseen.
    fn has_eligible(&mut self, id: ServiceId, scheduled_at: i64) -> bool {
        let params = &self.env.model.services[id];
        params.planned_departure.iter().enumerate().any(|(stop, planned)| {
            let ready_by = (scheduled_at + planned.as_ms() - params.cutoff.as_ms()).min(self.clock.now);
            self.look_at_stop(id, stop, ready_by);
            let queues = &self.world.services[id].yards[stop].queues;
            queues.iter().filter_map(Queue::oldest).any(|oldest| oldest <= ready_by)
        })
    }

    /// Adds a shipment to the yard of its present operation now.
    pub(crate) fn join_yard_now(&mut self, slot: Slot, op: Op) {
        let identity = self.env.ranks.of(&self.world.pool[slot]);
        self.join_yard(op, &[Arrival { at: self.clock.now, identity, slot, trigger: 0 }]);
    }

    /// Adds shipments before one operation to a yard, each from its instant on, which may lie ahead. Before a ride on several services they
    /// join the yard of each.
    pub(crate) fn join_yard(&mut self, op: Op, arrivals: &[Arrival]) {
        for (place, ride) in self.env.model.programs.rides_at(op).enumerate() {
            self.join_yard_of(ride, arrivals, place == 0);
        }
    }

    fn join_yard_of(&mut self, ride: u32, arrivals: &[Arrival], is_first: bool) {
        let model = self.env.model;
        let ride = model.programs.rides[ride as usize];
        let params = &model.services[ride.service];
        let (window, present) = (self.env.window, self.windows.present(self.clock.now));
        let mut n_measured = 0;
        for &Arrival { at, identity, slot, .. } in arrivals {
            let entity = &mut self.world.pool[slot];
            if is_first {
                entity.entered_at = at;
                entity.fold(at);
                n_measured += u64::from(window.contains(at));
            }
            let class = entity.class.min(params.classes - 1);
            let yard = &mut self.world.services[ride.service].yards[usize::from(ride.from)];
            let quantity = quantity_of(entity, params.unit);
            yard.quantity += quantity;
            let coming = Entry { at, rank: identity, payload: Ready { slot, class, quantity } };
            if let DepartureRule::WhenFull { longest_wait, .. } = params.departs {
                yard.queues[usize::from(class)].add(coming.into());
                self.look_at_yard_in_turn(ride.service, at);
                if let Some(longest) = longest_wait {
                    self.look_at_yard_in_turn(ride.service, at + longest.as_ms());
                }
            } else {
                yard.expect(coming, present);
            }
        }
        self.books.n_measured += n_measured;
    }

    pub(crate) fn look_at_yard_in_turn(&mut self, id: ServiceId, at: i64) {
        let rank = self.departure_rank(id, 0, self.world.services[id].next_number);
        self.clock.calendar.push(at, rank, Event::new(What::LookAtYard, id.index() as u32, 0));
    }

    /// A service that leaves when full, or when the oldest has waited long enough, does so if it should.
    pub(crate) fn look_at_yard(&mut self, id: ServiceId) {
        let DepartureRule::WhenFull { longest_wait, quantity } = self.env.model.services[id].departs else {
            return;
        };
        if self.world.services[id].legs[0].n_closures > 0 {
            return;
        }
        loop {
            let number = self.world.services[id].next_number;
            let capacity = self.capacity_of(id, number);
            let room = capacity - self.background_of(id, number, capacity);
            let full = quantity.unwrap_or(i64::MAX).min(room);
            let yard = &self.world.services[id].yards[0];
            let Some(oldest) = yard.queues.iter().filter_map(Queue::oldest).min() else { return };
            let is_due = longest_wait.is_some_and(|longest| self.clock.now - oldest >= longest.as_ms());
            if yard.quantity < full && !is_due {
                return;
            }
            let before = yard.quantity;
            if let Some(rotation) = &mut self.world.services[id].rotation
                && rotation.free == 0
            {
                rotation.wanted_at = rotation.wanted_at.min(self.clock.now);
                return;
            }
            self.world.services[id].next_number += 1;
            self.depart(id, number);
            if self.world.services[id].yards[0].quantity == before {
                // Nothing fitted: another vehicle would not help either.
                return;
            }
        }
    }

    /// Marks who would have made a cancelled departure.
    pub(crate) fn mark_cancelled(&mut self, id: ServiceId, stop: usize) {
        let ready_by = self.clock.now - self.env.model.services[id].cutoff.as_ms();
        self.look_at_stop(id, stop, ready_by);
        for queue in &mut self.world.services[id].yards[stop].queues {
            for waiting in queue.waiting.iter_mut().take_while(|waiting| waiting.ready_at <= ready_by) {
                waiting.cancelled_at = waiting.cancelled_at.min(self.clock.now);
            }
        }
    }

    /// A vehicle takes on cargo at a stop.
    pub(crate) fn load(&mut self, vehicle: Slot, stop: u16) {
        let id = ServiceId::new(self.world.pool[vehicle].owner as usize);
        let params = &self.env.model.services[id];
        let index = self.world.pool[vehicle].link as usize;
        let times = self.world.pool[vehicle].category_times();
        let times_at = &mut self.world.vehicles[index].times_at;
        times_at.resize(usize::from(stop) + 1, times);
        let scheduled_at = self.world.vehicles[index].scheduled_at;
        let ready_by = (scheduled_at + params.planned_departure[usize::from(stop)].as_ms()
            - params.cutoff.as_ms())
        .min(self.clock.now);
        self.look_at_stop(id, usize::from(stop), ready_by);
        let run = self.world.services[id].yards[usize::from(stop)].n_runs;
        self.world.services[id].yards[usize::from(stop)].n_runs += 1;
        let mut boarding = std::mem::take(&mut self.space.scratch);
        let mut held_back = false;
        let (mut n_eligible, mut n_left) = (0, 0);
        for class in 0..usize::from(params.classes) {
            let (eligible, left) = self.select(
                id,
                vehicle,
                usize::from(stop),
                class,
                ready_by,
                run,
                &mut held_back,
                &mut boarding,
            );
            n_eligible += eligible;
            n_left += left;
        }
        self.board_all(&boarding, vehicle, stop, ready_by, run);
        if O::IN_ORDER {
            self.tell_loading(vehicle, (stop, ready_by), (n_eligible, n_left));
        }
        let state = &self.world.vehicles[index];
        self.books.out.checks.capacity += u64::from(state.measured);
        if state.quantity > state.capacity {
            let detail = format!("loaded {} of {}", state.quantity, state.capacity);
            self.violate("capacity", self.name_of(vehicle), detail);
        }
        if self.world.vehicles[index].measured && (stop == 0 || params.boards_at(usize::from(stop))) {
            let is_full = n_left > 0 || self.world.vehicles[index].is_full(&params.departs);
            let record = &mut self.books.out.services[id];
            record.left_behind.record(n_left);
            record.left_nothing += u64::from(n_left == 0);
            record.full += u64::from(is_full);
            record.waiting.record(n_eligible);
            record.load.record(boarding.len() as i64);
        }
        let yard = &mut self.world.services[id].yards[usize::from(stop)];
        yard.last_ready_by = ready_by.max(yard.last_ready_by);
        let last_left_at = std::mem::replace(&mut yard.last_left_at, self.clock.now);
        if stop == 0 && last_left_at != NEVER && self.is_measured(self.clock.now) {
            self.books.out.services[id].gaps.record(self.clock.now - last_left_at);
        }
        boarding.clear();
        self.space.scratch = boarding;
    }

    /// Picks who boards from one class of a yard; returns how many are eligible, and how many of these stay behind.
    #[expect(clippy::too_many_arguments, reason = "one step of `load`, apart only to be read by itself")]
    fn select(
        &mut self,
        id: ServiceId,
        vehicle: Slot,
        stop: usize,
        class: usize,
        ready_by: i64,
        run: u64,
        held_back: &mut bool,
        boarding: &mut Vec<Waiting>,
    ) -> (i64, i64) {
        let params = &self.env.model.services[id];
        let index = self.world.pool[vehicle].link as usize;
        let yard = &mut self.world.services[id].yards[stop];
        let queue = &mut yard.queues[class];
        let n_eligible = queue.n_ready_by(ready_by);
        let state = &mut self.world.vehicles[index];
        let before = boarding.len();
        let (mut n_split, mut n_seen_gone) = (0, 0);
        // How many have been looked at, how many of these stay, and the least of them.
        let (mut n_looked_at, mut n_stay, mut least) = (0, 0, i64::MAX);
        while n_looked_at < n_eligible && !*held_back {
            let room = state.capacity - state.quantity;
            if params.overtake && room < queue.least && !params.split {
                break;
            }
            let mut waiting = queue.waiting[n_looked_at];
            if waiting.quantity <= room {
                state.quantity += waiting.quantity;
                yard.quantity -= waiting.quantity;
                boarding.push(waiting);
                n_seen_gone += usize::from(n_looked_at < queue.n_seen);
                n_looked_at += 1;
                continue;
            }
            *held_back = !params.overtake;
            let n_fit = fitting(params.split, &self.world.pool[waiting.slot], params.unit, room);
            if n_fit > 0 {
                let (part, rest) = split_off(&mut self.world.pool, waiting.slot, n_fit);
                let quantity = quantity_of(&self.world.pool[part], params.unit);
                state.quantity += quantity;
                yard.quantity -= quantity;
                boarding.push(Waiting { slot: part, quantity, ..waiting });
                (waiting.slot, waiting.quantity) = (rest, quantity_of(&self.world.pool[rest], params.unit));
                n_split += 1;
            }
            least = waiting.quantity.min(least);
            queue.waiting[n_stay] = waiting;
            n_stay += 1;
            n_looked_at += 1;
        }
        if n_looked_at == n_eligible {
            let others = queue.waiting.iter().skip(n_eligible).map(|waiting| waiting.quantity);
            queue.least = others.fold(least, i64::min);
        } else {
            queue.least = queue.least.min(least);
        }
        queue.waiting.drain(n_stay..n_looked_at);
        queue.n_seen -= n_seen_gone;
        // Who is split stays behind with the rest.
        let n_left = n_eligible - (boarding.len() - before - n_split);
        for waiting in queue.waiting.iter_mut().take(n_left).skip(queue.n_seen) {
            waiting.rolled_at = self.clock.now;
            waiting.first_run = run;
        }
        queue.n_seen = n_left.max(queue.n_seen);
        (n_eligible as i64, n_left as i64)
    }

    /// Shipments board: the wait of each is divided and recorded.
    fn board_all(&mut self, boarding: &[Waiting], vehicle: Slot, stop: u16, ready_by: i64, run: u64) {
        self.world.pool.fetch(boarding.iter().map(|waiting| waiting.slot));
        let (model, now) = (self.env.model, self.clock.now);
        let id = ServiceId::new(self.world.pool[vehicle].owner as usize);
        let number = self.world.pool[vehicle].number;
        let index = self.world.pool[vehicle].link as usize;
        let leaves_when_full = matches!(model.services[id].departs, DepartureRule::WhenFull { .. });
        // A departure that a closure held: from then on. One that waited for a vehicle: likewise.
        let Vehicle { held_at, wanted_at, scheduled_at, .. } = self.world.vehicles[index];
        let last_ready_by = self.world.services[id].yards[usize::from(stop)].last_ready_by;
        // Sums over all that board, and over those of one ride; most of a vehicle are of one.
        let (mut waiting_time, mut n_first, mut n_within_two) = (0, 0, 0);
        let (mut at_ride, mut rides) = (u32::MAX, RideRecord::default());
        let mut waits = std::mem::take(&mut self.space.values);
        let is_booked = !model.watches.is_empty();
        let mut too_late = None;
        for waiting in boarding {
            let slot = waiting.slot;
            let mut elsewhere = Elsewhere::NOWHERE;
            let waited_at = self.world.pool[slot].pc;
            let mut of_group = None;
            if let Op::RideAny(group) = model.programs.ops[waited_at as usize] {
                elsewhere = self.leave_other_yards(slot, group, (id, stop));
                of_group = Some(group);
            }
            let entity = &mut self.world.pool[slot];
            let Op::Ride(place) = model.programs.ops[entity.pc as usize] else { continue };
            let ride = &model.programs.rides[place as usize];
            let ready_at = entity.entered_at;
            self.books.out.checks.cutoff += u64::from(self.env.window.contains(ready_at));
            if ready_at > ready_by {
                too_late = Some((slot, ready_at));
                continue;
            }
            let cancelled_at = waiting.cancelled_at.min(elsewhere.cancelled_at).min(held_at.max(ready_at));
            let rolled_at = waiting.rolled_at.min(elsewhere.rolled_at);
            entity.spend_in_yard(now, cancelled_at, rolled_at, leaves_when_full.then_some(wanted_at));
            entity.stamp(ride.departed_marks, now);
            entity.fold(now);
            if is_booked {
                let unit_of = |watch| model.services[model.watches[watch as usize].service].unit;
                self.world.bookings.board(entity, slot, waited_at, unit_of);
            }
            let n_here = if waiting.rolled_at == NEVER { 0 } else { run - waiting.first_run };
            let n_missed = n_here + elsewhere.n_missed;
            if entity.part != Part::First {
                if self.env.window.contains(ready_at) {
                    waits.push(now - ready_at);
                    n_first += u64::from(n_missed == 0);
                    n_within_two += u64::from(n_missed <= 1);
                } else {
                    waiting_time += self.env.window.clip(ready_at, now);
                }
                if entity.measured {
                    if place != at_ride {
                        if let Some(record) = self.books.out.rides.get_mut(at_ride as usize) {
                            record.add(&rides);
                        }
                        at_ride = place;
                        rides = RideRecord {
                            follows: self.books.out.rides[place as usize].follows,
                            ..RideRecord::default()
                        };
                    }
                    rides.boarded += 1;
                    let last_ready_by = last_ready_by.max(elsewhere.last_ready_by);
                    if n_missed > 0 {
                        rides.rolled += 1;
                    } else if rides.follows && entity.late() > 0 && ready_at - entity.late() <= last_ready_by
                    {
                        // Had its vehicle been on time, it would have been ready for the run before.
                        rides.late += 1;
                    }
                }
            }
            self.observer.boarded(&Boarding {
                service: id,
                departure: number,
                flow: FlowId::new(entity.owner as usize),
                number: entity.number,
                units: entity.units,
                stops: (stop, ride.to),
                group: of_group,
                left_behind_by: n_missed,
                ready_at,
                scheduled_at,
                departed_at: now,
            });
            self.world.vehicles[index].cargo.push(Cargo { slot, from: stop, to: ride.to });
        }
        let record = &mut self.books.out.services[id];
        // Of those ready in the window, up to its end.
        let after_window = (now - self.env.window.to).max(0);
        record.waiting_time += waiting_time + waits.iter().sum::<i64>() - after_window * waits.len() as i64;
        record.boarded_first += n_first;
        record.boarded_within_two += n_within_two;
        if let Some(record) = self.books.out.rides.get_mut(at_ride as usize) {
            record.add(&rides);
        }
        self.books.n_measured -= waits.len() as u64;
        self.books.accounts.service_wait_all(id, &waits);
        waits.clear();
        self.space.values = waits;
        if let Some((slot, ready_at)) = too_late {
            let detail = format!("ready at {ready_at} ms, after the cut-off at {ready_by} ms");
            self.violate("cutoff", self.name_of(slot), detail);
        }
    }
}

impl<O> Simulation<'_, O> {
    /// Counts the time in the window of those who still wait for a departure at the end.
    pub(crate) fn close_yards(&mut self) {
        let window = self.env.window;
        for (id, service) in self.world.services.iter_enumerated() {
            let waiting = service.yards.iter().flat_map(Yard::all);
            self.books.out.services[id].waiting_time +=
                waiting.map(|(ready_at, _)| window.clip(ready_at, NEVER)).sum::<i64>();
        }
    }
}

/// Of a shipment that does not fit into so much room, how many units board all the same.
fn fitting(splits: bool, entity: &Entity, unit: LoadUnit, room: i64) -> u32 {
    if splits && entity.units > 1 { units_that_fit(entity, unit, room) } else { 0 }
}

impl<O: Observer> Simulation<'_, O> {
    /// Tells of a departure that has loaded at a stop what was ready by an instant: how many were, and how many of them stay behind.
    pub(crate) fn tell_loading(
        &mut self,
        vehicle: Slot,
        (stop, ready_by): (u16, i64),
        (n_eligible, n_left): (i64, i64),
    ) {
        let entity = &self.world.pool[vehicle];
        let state = &self.world.vehicles[entity.link as usize];
        self.observer.vehicle_loaded(&Loading {
            service: ServiceId::new(entity.owner as usize),
            departure: entity.number,
            stop,
            scheduled_at: state.scheduled_at,
            ready_by,
            at: self.clock.now,
            n_eligible: n_eligible as u64,
            n_left: n_left as u64,
            room: state.capacity - state.quantity,
            times: entity.category_times(),
        });
    }
}
