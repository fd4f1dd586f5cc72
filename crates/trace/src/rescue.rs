//! The smallest change to its own life with which a shipment would have kept a promise.
//!
//! Two kinds of change can keep a broken promise. The shipment is ready earlier and takes an earlier departure of this replication, or it
//! waits less after the last departure, by as much as it was late. Each is computed from the actual departures, and the one with the
//! smallest time is chosen.
//!
//! The rest of the life stays as it was: work and movements last as long as they did. At each later ride the shipment takes the first
//! departure that it would then have made. It makes a departure if it is ready by the cut-off and either there was room or it is ahead of
//! the last shipment loaded. The lives of other shipments are not recomputed.
//!
//! Does not own the words for it (`verdict`).

use sanda_core::model::Model;
use sanda_core::model::category::{Category, CategoryTimes};
use sanda_core::model::ids::{PromiseId, ServiceId};
use sanda_core::model::program::LoadUnit;

use crate::departures::{AtStop, Departures};
use crate::life::{Life, PromiseOutcome, Ride, is_wait};

/// The smallest change that would have kept a broken promise. Instants and times are in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rescue {
    /// No change of waiting suffices: moving, work and inspection alone take longer than allowed.
    NoWait {
        /// The time they take.
        least: i64,
    },
    /// Being ready earlier for a ride, it would have made an earlier departure.
    Ready(Change),
    /// It would have had to be quicker after its last departure.
    After {
        /// The ride, by index; `None` for a life without a ride.
        ride: Option<usize>,
        /// The time to save.
        saved: i64,
        /// The time it waited in that period.
        waited: i64,
    },
    /// No single change suffices: no departure on record would have kept it, and after the last one it waited less than it was late.
    Nothing {
        /// The time it waited after its last departure.
        waited: i64,
    },
    /// Not computed: the shipment was split over several departures.
    Split,
}

/// An earlier departure that would have kept a promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// The ride, by index in the life.
    pub ride: usize,
    /// The time by which it would have had to be ready earlier.
    pub saved: i64,
    /// The time it had waited until then.
    pub waited: i64,
    /// The service of the departure it would have made.
    pub service: ServiceId,
    /// The departure's number.
    pub departure: u64,
    /// Instant of that departure.
    pub departed_at: i64,
    /// The time to spare that would have been left.
    pub to_spare: i64,
}

/// An actual or alternative ride.
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
    /// Returns the smallest change that would have kept a promise. `None` if the promise was kept, or its clock did not run to the end.
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

    /// Returns the time on the clock if every wait takes no time. A stage that the clock covers only in part counts with its ride alone.
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

    /// Returns the time of a ride within the clock that is not waiting.
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

    /// Returns the change with the least time by which the shipment would have had to be ready earlier for a ride.
    fn ready_earlier(&self, place: usize) -> Option<Change> {
        let (ride, leg) = (&self.life.rides[place], self.legs[place]);
        let (clock_from, _) = self.ran;
        // Time saved before the clock begins also moves its beginning, unless the clock begins with the ride.
        let may_save_from = if clock_from <= leg.ready_at { clock_from } else { self.life.released_at };
        let mut best: Option<Change> = None;
        for (service, from, to) in ride.services(self.model) {
            // The latest departures first: an earlier one than the first that keeps the promise hardly ever takes less.
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

    /// Returns the latest instant at which the shipment would have had to be ready to be taken at a stop.
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

    /// Returns the ride on a departure of a shipment that is ready at an instant; `None` if the run ended before the ride did.
    fn leg(&self, service: ServiceId, number: u64, (from, to): (u16, u16), ready_at: i64) -> Option<Leg> {
        let departed_at = self.departures.at_stop(service, number, from)?.loaded.as_ref()?.at;
        let came = self.departures.at_stop(service, number, to)?;
        Some(Leg { ready_at, departed_at, arrived_at: came.arrived_at?, unloaded_at: came.unloaded_at? })
    }

    /// Returns the beginning and end of the clock if the shipment had made this ride in place of the one that it made.
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

    /// Returns the first ride that a shipment ready at an instant would have made, at the latest its actual one.
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

    /// Returns the instant at which an event of the life would have happened, with these rides in place of the actual ones.
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

    /// Returns the saving after the last departure, with the departures unchanged: the ride, the time to save and the time waited. `None`
    /// if it waited less than it has to save.
    fn quicker_at_the_end(&self) -> Option<(Option<usize>, i64, i64)> {
        let waited = self.waited_at_the_end();
        (self.missed_by <= waited).then_some((self.legs.len().checked_sub(1), self.missed_by, waited))
    }

    /// Returns the time it waited after its last departure, while the clock ran.
    fn waited_at_the_end(&self) -> i64 {
        let (clock_from, clock_to) = self.ran;
        let Some((ride, leg)) = self.life.rides.last().zip(self.legs.last()) else {
            return self.life.waits_within(clock_from, clock_to);
        };
        let aboard = leg.unloaded_at.min(clock_to) - leg.departed_at.max(clock_from) - self.aboard(ride, leg);
        aboard.max(0) + self.life.waits_within(leg.unloaded_at.max(clock_from), clock_to)
    }
}

/// Returns the part of a time that is not waiting.
fn without_waits(times: &CategoryTimes) -> i64 {
    let others = Category::ALL.into_iter().filter(|&category| !is_wait(category));
    others.map(|category| times[category as usize]).sum()
}
