//! The trains of the twin of the rail corridor: yard, departures, legs, borders, unloading. Does not own state and event loop (`mod`).

use std::cmp::Reverse;

use sanda_core::kernel::random::Stream;
use sanda_core::model::category::Category;
use sanda_core::record::StageRecord;

use super::{
    BORDER_PLACES, CAPACITY, Corridor, DESK_PLACES, NEVER, RUN, Request, TRAIN_STAGE, Train, UNLOADING, What,
    fold, fold_run, rank,
};

impl Corridor {
    pub(super) fn join_yard(&mut self, id: u32) {
        let now = self.now;
        let shipment = &mut self.shipments[id as usize];
        shipment.entered_at = now;
        shipment.life = fold(shipment.life, now);
        // Shipments that are ready at one instant are in the order of their numbers.
        let key = (now, shipment.number);
        let is_before = |&other: &u32| {
            let other = &self.shipments[other as usize];
            (other.entered_at, other.number) < key
        };
        let place = self.yard.iter().rposition(is_before).map_or(0, |place| place + 1);
        self.yard.insert(place.max(self.n_seen), id);
    }

    /// Departs a train with the first shipments in the yard.
    pub(super) fn depart(&mut self) {
        let now = self.now;
        let run = self.n_departed;
        self.n_departed += 1;
        self.departure_at += self.period;
        let measured = now < self.window;
        let index = self.vacant_trains.pop().unwrap_or_else(|| {
            self.trains.push(Train::default());
            (self.trains.len() - 1) as u32
        });
        let n_waiting = self.yard.len();
        let n_aboard = n_waiting.min(CAPACITY);
        let n_left = n_waiting - n_aboard;
        let mut cargo = std::mem::take(&mut self.trains[index as usize].cargo);
        cargo.clear();
        cargo.extend(self.yard.drain(..n_aboard));
        for &id in self.yard.iter().skip(self.n_seen.saturating_sub(n_aboard)) {
            let shipment = &mut self.shipments[id as usize];
            shipment.rolled_at = now;
            shipment.first_run = run;
        }
        self.n_seen = n_left;
        for &id in &cargo {
            self.board(id, run);
        }
        if measured {
            self.n_open += 1;
            self.service.run += 1;
            self.service.left_behind.record(n_left as i64);
            self.service.left_nothing += u64::from(n_left == 0);
            self.service.full += u64::from(n_aboard == CAPACITY);
            self.service.waiting.record(n_waiting as i64);
            self.service.load.record(n_aboard as i64);
            if run > 0 {
                self.service.gaps.record(self.period);
            }
        }
        self.trains[index as usize] =
            Train { number: run, cargo, scheduled_at: now, life: fold(0, now), measured, ..Train::default() };
        self.run_leg(index);
    }

    #[inline]
    fn board(&mut self, id: u32, run: u64) {
        let now = self.now;
        let shipment = &mut self.shipments[id as usize];
        shipment.life = fold(shipment.life, now);
        let first_until = shipment.rolled_at.min(now);
        let times = &mut self.stages[TRAIN_STAGE].categories;
        times[Category::Timetable as usize] += first_until - shipment.entered_at;
        times[Category::Rolled as usize] += now - first_until;
        let n_missed = if shipment.rolled_at == NEVER { 0 } else { run - shipment.first_run };
        self.service.waiting_time += (now.min(self.window) - shipment.entered_at).max(0);
        self.ride.boarded += 1;
        self.ride.rolled += u64::from(n_missed > 0);
        if shipment.entered_at < self.window {
            self.service.wait.record(now - shipment.entered_at);
            self.service.boarded_first += u64::from(n_missed == 0);
            self.service.boarded_within_two += u64::from(n_missed <= 1);
        }
    }

    fn run_leg(&mut self, index: u32) {
        let train = &mut self.trains[index as usize];
        let (law, key) = &self.running[train.leg];
        let time = law.sample_whole(&mut Stream::new(*key, train.number, 0));
        train.since = self.now;
        if train.measured {
            self.service.loaded += train.cargo.len() as i128;
            self.service.offered += CAPACITY as i128;
        }
        self.calendar.push(self.now + time, RUN | train.number, (index, What::Leg));
    }

    /// Ends a leg: the train requests a slot at the border, or is unloaded.
    pub(super) fn arrive(&mut self, index: u32) {
        let now = self.now;
        let train = &mut self.trains[index as usize];
        train.ran[train.leg] = now - train.since;
        // The end of the run and the arrival.
        train.life = fold(fold(train.life, now), now);
        if train.measured {
            let late = now - train.scheduled_at - self.planned[train.leg];
            self.service.arrivals += 1;
            self.service.punctual += u64::from(late <= self.punctual);
            self.service.late.record(late.max(0));
        }
        match BORDER_PLACES.get(train.leg) {
            Some(&place) => {
                let number = train.number;
                if self.is_contested() {
                    self.queue_up(rank(3, place, 1) | number, index, Request::Border);
                } else {
                    self.request_border(index);
                }
            }
            None => self.unload(index),
        }
    }

    pub(super) fn request_border(&mut self, index: u32) {
        let train = &mut self.trains[index as usize];
        train.entered_at = self.now;
        if self.borders[train.leg].enter(self.now, index) {
            self.start_border(index);
        }
    }

    fn start_border(&mut self, index: u32) {
        let train = &mut self.trains[index as usize];
        let (law, key) = &self.border[train.leg];
        let time = law.sample_whole(&mut Stream::new(*key, train.number, 0));
        train.since = self.now;
        let rank = rank(1, BORDER_PLACES[train.leg], 1) | train.number;
        self.calendar.push(self.now + time, rank, (index, What::Border));
    }

    pub(super) fn border_done(&mut self, index: u32) {
        let now = self.now;
        let train = &mut self.trains[index as usize];
        let border = train.leg;
        train.life = fold(train.life, now);
        train.waited[border] = train.since - train.entered_at;
        train.worked[border] = now - train.since;
        train.leg += 1;
        self.borders[border].leave(now, train.entered_at, train.since);
        if let Some(next) = self.borders[border].call(now) {
            self.borders[border].waited(now, self.trains[next as usize].entered_at);
            self.start_border(next);
        }
        self.run_leg(index);
    }

    /// Sends all cargo to the unloading crane, in turn, and retires the train.
    fn unload(&mut self, index: u32) {
        let now = self.now;
        let train = &mut self.trains[index as usize];
        let cargo = std::mem::take(&mut train.cargo);
        record_ride(&mut self.legs, &mut self.stops, train, cargo.len() as i64);
        let (moving, worked): (i64, i64) = (train.ran.iter().sum(), train.worked.iter().sum());
        let waited: i64 = train.waited.iter().sum();
        let stage = &mut self.stages[TRAIN_STAGE];
        let n_aboard = cargo.len() as i64;
        stage.categories[Category::Moving as usize] += n_aboard * moving;
        stage.categories[Category::Worked as usize] += n_aboard * worked;
        stage.categories[Category::Vehicle as usize] += n_aboard * waited;
        for &id in &cargo {
            let shipment = &mut self.shipments[id as usize];
            shipment.life = fold(shipment.life, now);
            stage.time.record(now - shipment.stage_from);
            shipment.stage_from = now;
            let rank = rank(3, DESK_PLACES[UNLOADING], 0) | shipment.number;
            self.turns.push((rank, id, Request::Desk(UNLOADING as u8)));
        }
        self.turns.sort_unstable_by_key(|&(rank, _, _)| Reverse(rank));
        let life = fold(train.life, now);
        if train.measured || now < self.window {
            self.service.fingerprint = self.service.fingerprint.wrapping_add(fold_run(life, train.number));
        }
        self.n_open -= u64::from(train.measured);
        train.cargo = cargo;
        self.vacant_trains.push(index);
    }
}

/// Records the parts of a ride, for all shipments aboard at once.
fn record_ride(legs: &mut [StageRecord; 3], stops: &mut [StageRecord; 3], train: &Train, n: i64) {
    for (leg, time) in legs.iter_mut().zip(train.ran) {
        leg.time.record_n(time, n as u64);
        leg.categories[Category::Moving as usize] += n * time;
    }
    // Nothing is done to the train at the last stop.
    stops[2].time.record_n(0, n as u64);
    for (stop, (waited, worked)) in stops.iter_mut().zip(train.waited.into_iter().zip(train.worked)) {
        stop.time.record_n(waited + worked, n as u64);
        stop.categories[Category::Vehicle as usize] += n * waited;
        stop.categories[Category::Worked as usize] += n * worked;
    }
}
