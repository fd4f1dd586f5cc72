//! The smallest change of its own fate that would have let a shipment keep a promise.
//!
//! A shipment that broke a promise could have kept it by being ready earlier somewhere: early enough for an earlier departure of this
//! replication, or by waiting less after its last departure, by as much as it was late. Each of these is worked out from what departures really did,
//! and the one that takes the least time is chosen.
//!
//! The rest of its life is taken as it was: work and ways last as long as they did, and at each later ride the shipment takes the first
//! departure that it would then have made. A departure counts as made if the shipment is ready by its cut-off, and either there was
//! room, or it comes before the last one that was taken. Nobody else's fate is worked out anew.
//!
//! Does not own words (`story`).

use sanda_core::model::Model;
use sanda_core::model::category::{Category, CategoryTimes};
use sanda_core::model::ids::{PromiseId, ServiceId};
use sanda_core::model::program::LoadUnit;

use crate::departures::{AtStop, Departures};
use crate::life::{Life, PromiseOutcome, Ride, is_wait};

/// What would have kept a promise that was broken. Instants and times in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rescue {
    /// No change of waiting: moving, work and inspection alone take so long, and longer than allowed.
    NoWait {
        /// They take so long.
        least: i64,
    },
    /// Ready earlier for a ride, it would have made an earlier departure.
    Ready(Change),
    /// After its last departure it would have had to be quicker by so much.
    After {
        /// The ride, by place; `None` for a life without a ride.
        ride: Option<usize>,
        /// By so much.
        saved: i64,
        /// How long it waited in that time.
        waited: i64,
    },
    /// No single one: no departure on record would have kept it, and after the last one it waited less than it was late.
    Nothing {
        /// How long it waited after its last departure.
        waited: i64,
    },
    /// Not worked out: it was split over several departures.
    Split,
}

/// An earlier departure that would have kept a promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// The ride, by place in the life.
    pub ride: usize,
    /// It would have had to be ready earlier by so much.
    pub saved: i64,
    /// How long it had waited until then.
    pub waited: i64,
    /// The service of the departure it would have made.
    pub service: ServiceId,
    /// Its number.
    pub departure: u64,
    /// When it left.
    pub departed_at: i64,
    /// How much of the limit would have been left.
    pub to_spare: i64,
}

/// A ride as it was, or as it would have been.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_field_names, reason = "the instants of `Ride` by their names there")]
struct Leg {
    ready_at: i64,
    departed_at: i64,
    arrived_at: i64,
    unloaded_at: i64,
}

impl Leg {
    fn of(ride: &Ride) -> Option<Self> {
        let Ride { ready_at, departed_at, .. } = *ride;
        Some(Self { ready_at, departed_at, arrived_at: ride.arrived_at?, unloaded_at: ride.unloaded_at? })
    }
}

impl Rescue {
    /// What would have kept a promise. `None` if it was kept, or its clock did not run to the end.
    pub fn of(life: &Life, outcome: &PromiseOutcome, model: &Model, departures: &Departures) -> Option<Self> {
        if outcome.is_kept {
            return None;
        }
        let (ran, missed_by) = (outcome.ran?, outcome.missed_by?);
        let legs: Option<Vec<Leg>> = life.rides.iter().map(Leg::of).collect();
        let Some(legs) = legs.filter(|legs| legs.is_sorted_by(|one, next| one.unloaded_at <= next.ready_at))
        else {
            return Some(Self::Split);
        };
        let case = Case { life, promise: outcome.promise, ran, missed_by, legs, model, departures };
        Some(case.solve())
    }
}

/// A broken promise of a life.
struct Case<'l> {
    life: &'l Life,
    promise: PromiseId,
    /// Beginning and end of its clock.
    ran: (i64, i64),
    missed_by: i64,
    legs: Vec<Leg>,
    model: &'l Model,
    departures: &'l Departures,
}

impl Case<'_> {
    fn solve(&self) -> Rescue {
        let (from, _) = self.ran;
        let least = self.without_waits();
        if !self.keeps(from, from + least) {
            return Rescue::NoWait { least };
        }
        let ready = (0..self.legs.len())
            .filter_map(|ride| self.ready_earlier(ride))
            .min_by_key(|change| change.saved);
        match (ready, self.quicker_at_the_end()) {
            (Some(change), Some((_, saved, _))) if change.saved <= saved => Rescue::Ready(change),
            (_, Some((ride, saved, waited))) => Rescue::After { ride, saved, waited },
            (Some(change), None) => Rescue::Ready(change),
            (None, None) => Rescue::Nothing { waited: self.waited_at_the_end() },
        }
    }

    fn keeps(&self, from: i64, to: i64) -> bool {
        self.life.keeps(&self.model.promises[self.promise].limit, from, to)
    }

    /// How long the clock runs if every wait takes no time. A stage that the clock only runs in part counts with its ride alone.
    fn without_waits(&self) -> i64 {
        let (from, to) = self.ran;
        let stages = self.life.stages.iter().map(|stage| {
            if from <= stage.from && stage.to <= to {
                return without_waits(&stage.times);
            }
            let mut rides = self.life.rides.iter().zip(&self.legs);
            let ride = rides.find(|(_, leg)| stage.from <= leg.ready_at && leg.unloaded_at <= stage.to);
            ride.map_or(0, |(ride, leg)| self.aboard(ride, leg))
        });
        stages.sum()
    }

    /// The part of a ride within the clock that is no waiting.
    fn aboard(&self, ride: &Ride, leg: &Leg) -> i64 {
        let (from, to) = self.ran;
        let at = |stop| self.departures.at_stop(ride.service, ride.departure, stop);
        let Some((left, came)) = at(ride.from).and_then(|stop| stop.loaded.as_ref()).zip(at(ride.to)) else {
            return 0;
        };
        if from > leg.departed_at || to < leg.arrived_at {
            return 0;
        }
        let until = if to >= leg.unloaded_at { &came.unloaded_with } else { &came.arrived_with };
        without_waits(until) - without_waits(&left.times)
    }

    /// The least that the shipment would have had to be ready earlier for a ride.
    fn ready_earlier(&self, place: usize) -> Option<Change> {
        let (ride, leg) = (&self.life.rides[place], self.legs[place]);
        let (clock_from, _) = self.ran;
        // What is saved before the clock begins moves its beginning as well, unless it begins with the ride.
        let may_save_from = if clock_from <= leg.ready_at { clock_from } else { self.life.released_at };
        let mut best: Option<Change> = None;
        for (service, from, to) in ride.services(self.model) {
            // The last ones first: of those before the first that keeps the promise hardly any takes less.
            for (number, departure) in self.departures.of(service).iter().enumerate().rev() {
                let number = number as u64;
                let Some(ready_by) = self.latest_ready(service, departure.stops.get(usize::from(from)))
                else {
                    continue;
                };
                let saved = leg.ready_at - ready_by;
                let is_possible = ready_by >= may_save_from && saved > 0;
                if !is_possible || best.is_some_and(|best| best.saved <= saved) {
                    continue;
                }
                let Some(taken) = self.leg(service, number, (from, to), ready_by) else { continue };
                if taken.unloaded_at >= leg.unloaded_at {
                    continue;
                }
                let (from, to) = self.replay(place, taken);
                let limit = &self.model.promises[self.promise].limit;
                if let Some(to_spare) = self.life.due_at(limit, from).map(|due_at| due_at - to)
                    && self.keeps(from, to)
                {
                    let waited = self.life.waits_within(may_save_from, leg.ready_at);
                    let departed_at = taken.departed_at;
                    best = Some(Change {
                        ride: place,
                        saved,
                        waited,
                        service,
                        departure: number,
                        departed_at,
                        to_spare,
                    });
                }
            }
        }
        best
    }

    /// The latest instant at which the shipment would have had to be ready to be taken at a stop.
    fn latest_ready(&self, service: ServiceId, stop: Option<&AtStop>) -> Option<i64> {
        let loaded = stop?.loaded.as_ref()?;
        let params = &self.model.services[service];
        let quantity = match params.unit {
            LoadUnit::Teu => self.life.teu,
            LoadUnit::Mass => self.life.mass,
            LoadUnit::Units => i64::from(self.life.units),
            LoadUnit::Shipments => 1,
        };
        if loaded.n_left == 0 && quantity <= loaded.room {
            return Some(loaded.ready_by);
        }
        let class = self.model.flows[self.life.flow].class.min(params.classes - 1);
        let last_ready_at =
            loaded.last_ready_at.get(usize::from(class)).copied().filter(|&at| at != i64::MIN)?;
        Some(loaded.ready_by.min(last_ready_at - 1))
    }

    /// A ride on a departure by a shipment that is ready at an instant; `None` if the run ended before the end of it.
    fn leg(&self, service: ServiceId, number: u64, (from, to): (u16, u16), ready_at: i64) -> Option<Leg> {
        let departed_at = self.departures.at_stop(service, number, from)?.loaded.as_ref()?.at;
        let came = self.departures.at_stop(service, number, to)?;
        Some(Leg { ready_at, departed_at, arrived_at: came.arrived_at?, unloaded_at: came.unloaded_at? })
    }

    /// Beginning and end of the clock if the shipment had made this ride in place of the one that it made.
    fn replay(&self, place: usize, taken: Leg) -> (i64, i64) {
        let mut legs = self.legs.clone();
        legs[place] = taken;
        for next in place + 1..legs.len() {
            let earlier = self.legs[next - 1].unloaded_at - legs[next - 1].unloaded_at;
            let ready_at = self.legs[next].ready_at - earlier;
            legs[next] = self.first_leg(next, ready_at);
        }
        (self.moved(self.ran.0, &legs), self.moved(self.ran.1, &legs))
    }

    /// The first ride that a shipment would have made which was ready at an instant: at the latest the one that it made.
    fn first_leg(&self, place: usize, ready_at: i64) -> Leg {
        let ride = &self.life.rides[place];
        let own = Leg { ready_at, ..self.legs[place] };
        let mut first = own;
        for (service, from, to) in ride.services(self.model) {
            for (number, departure) in (0..).zip(self.departures.of(service)) {
                let ready_by = self.latest_ready(service, departure.stops.get(usize::from(from)));
                if ready_by.is_none_or(|ready_by| ready_by < ready_at) {
                    continue;
                }
                if let Some(leg) = self.leg(service, number, (from, to), ready_at)
                    && leg.departed_at < first.departed_at
                    && leg.unloaded_at <= own.unloaded_at
                {
                    first = leg;
                }
            }
        }
        first
    }

    /// When something that happened at an instant of the life would have happened, with these rides in place of its own.
    fn moved(&self, at: i64, legs: &[Leg]) -> i64 {
        let mut moved = at;
        for (was, is) in self.legs.iter().zip(legs) {
            if at >= was.unloaded_at {
                moved = at - (was.unloaded_at - is.unloaded_at);
            } else if at == was.arrived_at {
                moved = is.arrived_at;
            } else if at >= was.departed_at {
                moved = at - (was.departed_at - is.departed_at);
            }
        }
        moved
    }

    /// After its last departure, and without any other one: the ride, what has to be saved and how long it waited meanwhile; `None` if
    /// that is less.
    fn quicker_at_the_end(&self) -> Option<(Option<usize>, i64, i64)> {
        let waited = self.waited_at_the_end();
        (self.missed_by <= waited).then_some((self.legs.len().checked_sub(1), self.missed_by, waited))
    }

    /// How long it waited after its last departure, while the clock ran.
    fn waited_at_the_end(&self) -> i64 {
        let (clock_from, clock_to) = self.ran;
        let Some((ride, leg)) = self.life.rides.last().zip(self.legs.last()) else {
            return self.life.waits_within(clock_from, clock_to);
        };
        let aboard = leg.unloaded_at.min(clock_to) - leg.departed_at.max(clock_from) - self.aboard(ride, leg);
        aboard.max(0) + self.life.waits_within(leg.unloaded_at.max(clock_from), clock_to)
    }
}

/// The part of a time that is no waiting.
fn without_waits(times: &CategoryTimes) -> i64 {
    let others = Category::ALL.into_iter().filter(|&category| !is_wait(category));
    others.map(|category| times[category as usize]).sum()
}
