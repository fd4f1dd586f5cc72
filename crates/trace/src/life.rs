//! One life as recorded: stages, visits, rides, promises.
//!
//! Owns reading the log, and what follows from a life and the departures alone: which departures left a shipment behind, and why. Does not
//! own words (`story`), files (`account`, `events`, `deliveries`), or alternatives (`rescue`).

use sanda_core::model::category::{Category, CategoryTimes, N_CATEGORIES};
use sanda_core::model::ids::{FlowId, ItineraryId, PromiseId, ResourceId, ServiceId, StageId};
use sanda_core::model::program::Op;
use sanda_core::model::{ClockEnd, ClockParams, Limit, Model, N_MARKS};
use sanda_units::Time;

use crate::departures::Departures;
use crate::log::{Entry, Kind};
use crate::recorder::Header;

/// The life of one shipment. Instants and times are in milliseconds.
#[derive(Debug, Clone)]
pub struct Life {
    /// Its flow.
    pub flow: FlowId,
    /// Its number within the flow.
    pub number: u64,
    /// Its itinerary; after a diversion, or another way taken at a hub, the last one.
    pub itinerary: ItineraryId,
    /// The itinerary that it left at a hub for this one, if it did.
    pub replanned: Option<LeftWay>,
    /// Size in thousandths of a TEU.
    pub teu: i64,
    /// Mass in kilograms.
    pub mass: i64,
    /// Number of units.
    pub units: u32,
    /// Instant of release.
    pub released_at: i64,
    /// Its end.
    pub ending: Ending,
    /// The stages that took any time, in order.
    pub stages: Vec<Stage>,
    /// Its visits to resources, ordered by start.
    pub visits: Vec<Visit>,
    /// Its rides, ordered by departure; for a shipment that was split, one per part.
    pub rides: Vec<Ride>,
    /// Instants of its marks; `i64::MAX` for marks without one.
    pub marks: [i64; N_MARKS],
}

/// A way that a shipment left at a hub.
#[derive(Debug, Clone, Copy)]
pub struct LeftWay {
    /// The itinerary.
    pub itinerary: ItineraryId,
    /// When it left.
    pub at: i64,
    /// When it was ready for the ride that it gave up; `None` if it decided as it came to the hub.
    pub ready_at: Option<i64>,
}

/// The end of a life, with its instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Delivered.
    Delivered(i64),
    /// Lost for lack of room.
    Lost(i64),
    /// Still under way at the end of the run.
    UnderWay,
}

/// A stage.
#[derive(Debug, Clone)]
pub struct Stage {
    /// Its id.
    pub stage: StageId,
    /// Its beginning.
    pub from: i64,
    /// Its end.
    pub to: i64,
    /// Its time by category.
    pub times: CategoryTimes,
}

/// A visit to a resource.
#[derive(Debug, Clone, Copy)]
pub struct Visit {
    /// Its id.
    pub resource: ResourceId,
    /// Instant of the request.
    pub requested_at: i64,
    /// Instant of the first start.
    pub started_at: i64,
    /// Instant of the end; `None` if the run ended earlier.
    pub ended_at: Option<i64>,
}

/// A ride.
#[derive(Debug, Clone, Copy)]
pub struct Ride {
    /// The service.
    pub service: ServiceId,
    /// The stop where it boarded, by index in the service.
    pub from: u16,
    /// The stop where it left the vehicle.
    pub to: u16,
    /// The departure's number.
    pub departure: u64,
    /// Number of units.
    pub units: u32,
    /// The group of services of which it took the first to leave, by index in the model's groups.
    pub group: Option<u32>,
    /// Instant at which it was ready.
    pub ready_at: i64,
    /// Instant of its departure from the stop.
    pub departed_at: i64,
    /// Instant of the vehicle's arrival; `None` if the run ended earlier.
    pub arrived_at: Option<i64>,
    /// Instant of unloading; `None` if the run ended earlier.
    pub unloaded_at: Option<i64>,
}

/// A departure that left without a shipment that was there, or nearly there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotTaken {
    /// The service.
    pub service: ServiceId,
    /// The departure's number.
    pub departure: u64,
    /// Instant of departure from the stop, or the instant at which it would have left.
    pub left_at: i64,
    /// The reason.
    pub because: Because,
}

/// Why a departure was not boarded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Because {
    /// The shipment was ready after the cut-off, by this time.
    CutOff(i64),
    /// There was no room: the departure rolled over this number of shipments.
    Full(u32),
    /// It was cancelled.
    Cancelled,
}

/// The outcome of a promise for a life.
#[derive(Debug, Clone, Copy)]
pub struct PromiseOutcome {
    /// The promise.
    pub promise: PromiseId,
    /// The clock, by index in the flow's list.
    pub clock: u8,
    /// Beginning and end of the clock; `None` if it did not run to its end.
    pub ran: Option<(i64, i64)>,
    /// Whether the promise was kept.
    pub is_kept: bool,
    /// Excess over the limit; if negative, the time to spare. `None` if the clock did not run.
    pub missed_by: Option<i64>,
}

impl Life {
    pub(crate) fn new(model: &Model, header: &Header, entries: &[Entry]) -> Self {
        let mut life = Self {
            flow: header.flow,
            number: header.number,
            itinerary: header.itinerary,
            replanned: None,
            teu: header.teu,
            mass: header.mass,
            units: header.units,
            released_at: header.released_at,
            ending: header.ending,
            stages: Vec::new(),
            visits: Vec::new(),
            rides: Vec::new(),
            marks: [i64::MAX; N_MARKS],
        };
        let mut entries = entries.iter().copied().peekable();
        while let Some(entry) = entries.next() {
            let Entry { a, b, .. } = entry;
            match entry.kind() {
                Kind::Stage => life.stages.push(Stage {
                    stage: StageId::new(entry.id()),
                    from: a,
                    to: b,
                    times: [0; N_CATEGORIES],
                }),
                Kind::Spent => {
                    if let Some(stage) = life.stages.last_mut() {
                        stage.times[entry.id() & 0xFF] += a;
                        stage.times[entry.id() >> 8] += b;
                    }
                }
                Kind::Started => life.start(ResourceId::new(entry.id()), a, b),
                Kind::Ended => {
                    let from = entries.next_if(|next| next.kind() == Kind::EndedFrom);
                    life.finish(ResourceId::new(entry.id()), (a, from.map_or(a, |from| from.a), b));
                }
                Kind::Boarded => {
                    let Some(more) = entries.next_if(|next| next.kind() == Kind::BoardedAs) else { continue };
                    let group = entries.next_if(|next| next.kind() == Kind::BoardedOf);
                    life.rides.push(Ride {
                        service: ServiceId::new(entry.id()),
                        from: (more.b >> 48) as u16,
                        to: (more.b >> 32) as u16,
                        departure: more.a as u64,
                        units: more.b as u32,
                        group: group.map(|group| group.id() as u32),
                        ready_at: a,
                        departed_at: b,
                        arrived_at: None,
                        unloaded_at: None,
                    });
                }
                Kind::Unloaded => {
                    let Some(more) = entries.next_if(|next| next.kind() == Kind::UnloadedAs) else {
                        continue;
                    };
                    let (service, departure) = (ServiceId::new(entry.id()), more.a as u64);
                    let is_it = |ride: &&mut Ride| {
                        (ride.service, ride.departure, ride.unloaded_at) == (service, departure, None)
                    };
                    if let Some(ride) = life.rides.iter_mut().find(is_it) {
                        (ride.arrived_at, ride.unloaded_at) = (Some(a), Some(b));
                    }
                }
                Kind::Mark => life.marks[entry.id()] = a,
                Kind::Replanned => {
                    let ready_at = Some(b).filter(|&ready_at| ready_at != i64::MAX);
                    let itinerary = ItineraryId::new(entry.id());
                    life.replanned = Some(LeftWay { itinerary, at: a, ready_at });
                }
                Kind::EndedFrom | Kind::BoardedAs | Kind::BoardedOf | Kind::UnloadedAs => {}
            }
        }
        debug_assert_eq!(model.itineraries[life.itinerary].flow, life.flow);
        life
    }

    /// Records a start of service. Of interrupted work the first start counts.
    fn start(&mut self, resource: ResourceId, requested_at: i64, started_at: i64) {
        if self.open_visit(resource, requested_at).is_none() {
            self.visits.push(Visit { resource, requested_at, started_at, ended_at: None });
        }
    }

    /// Records an end of service. Held servers have no start of their own.
    fn finish(&mut self, resource: ResourceId, (requested_at, started_at, ended_at): (i64, i64, i64)) {
        if let Some(visit) = self.open_visit(resource, requested_at) {
            visit.ended_at = Some(ended_at);
        } else {
            self.visits.push(Visit { resource, requested_at, started_at, ended_at: Some(ended_at) });
            self.visits.sort_by_key(|visit| visit.started_at);
        }
    }

    fn open_visit(&mut self, resource: ResourceId, requested_at: i64) -> Option<&mut Visit> {
        let is_it = |visit: &&mut Visit| {
            (visit.resource, visit.requested_at, visit.ended_at) == (resource, requested_at, None)
        };
        self.visits.iter_mut().find(is_it)
    }

    /// Returns the instant of delivery or loss.
    pub fn ended_at(&self) -> Option<i64> {
        match self.ending {
            Ending::Delivered(at) | Ending::Lost(at) => Some(at),
            Ending::UnderWay => None,
        }
    }

    /// Returns the time from release to delivery; `None` if it was not delivered.
    pub fn door_to_door(&self) -> Option<i64> {
        match self.ending {
            Ending::Delivered(at) => Some(at - self.released_at),
            Ending::Lost(_) | Ending::UnderWay => None,
        }
    }

    /// Returns its time by category, in the stages that have ended.
    pub fn times(&self) -> CategoryTimes {
        let mut times = [0; N_CATEGORIES];
        for stage in &self.stages {
            for (sum, time) in times.iter_mut().zip(stage.times) {
                *sum += time;
            }
        }
        times
    }

    /// Returns the beginning and end of a clock; `None` if it did not run to its end.
    pub fn clock(&self, clock: &ClockParams) -> Option<(i64, i64)> {
        let Ending::Delivered(delivered_at) = self.ending else { return None };
        let instant = |end| match end {
            ClockEnd::Released => self.released_at,
            ClockEnd::Delivered => delivered_at,
            ClockEnd::Mark(mark) => self.marks[usize::from(mark)],
        };
        let (from, to) = (instant(clock.from), instant(clock.to));
        (from != i64::MAX && to != i64::MAX).then_some((from, to))
    }

    /// Returns the outcomes of its flow's promises, by the rule that counts them in a run. A shipment that was not delivered keeps none.
    pub fn promises(&self, model: &Model) -> Vec<PromiseOutcome> {
        let flow = &model.flows[self.flow];
        let outcome = |&(promise, clock): &(PromiseId, u8)| {
            let ran = self.clock(&flow.clocks[usize::from(clock)]);
            let limit = &model.promises[promise].limit;
            let is_kept = ran.is_some_and(|(from, to)| self.keeps(limit, from, to));
            let due_at = ran.and_then(|(from, _)| self.due_at(limit, from));
            let missed_by = due_at.zip(ran).map(|(due_at, (_, to))| to - due_at);
            PromiseOutcome { promise, clock, ran, is_kept, missed_by }
        };
        flow.promises.iter().map(outcome).collect()
    }

    /// Returns whether a clock that ran between two instants keeps a limit.
    pub(crate) fn keeps(&self, limit: &Limit, from: i64, to: i64) -> bool {
        limit.is_kept(self.itinerary, Time::from_ms(from), Time::from_ms(to))
    }

    /// Returns the last instant at which a clock that begins at `from` may end and keep the limit; `None` if there is none.
    pub(crate) fn due_at(&self, limit: &Limit, from: i64) -> Option<i64> {
        match limit {
            Limit::Within(limit) => Some(from + limit.as_ms()),
            Limit::EndOfDay { days, calendars, calendar_of } => {
                let midnights = &calendars[usize::from(calendar_of[self.itinerary])];
                let day = midnights.partition_point(|&midnight| midnight.as_ms() <= from);
                midnights.get(day + *days as usize).map(|end| end.as_ms() - 1)
            }
        }
    }

    /// Returns the time the shipment waited in an interval of its life, as far as its stages can tell. Stages inside the interval count
    /// exactly; for those at its ends, all waiting in the overlap is assumed.
    pub(crate) fn waits_within(&self, from: i64, to: i64) -> i64 {
        let waits = self.stages.iter().map(|stage| {
            let within = (stage.to.min(to) - stage.from.max(from)).max(0);
            let all: i64 = Category::ALL
                .into_iter()
                .filter(|&category| is_wait(category))
                .map(|category| stage.times[category as usize])
                .sum();
            all.min(within)
        });
        waits.sum()
    }
}

/// Returns whether a category is waiting. An inspection is not, and neither is its queue.
pub(crate) fn is_wait(category: Category) -> bool {
    !matches!(category, Category::Moving | Category::Worked | Category::Inspection)
}

impl Ride {
    /// Returns the services of which the shipment took the first to leave, each with its stops. Without a choice, only its own.
    pub fn services(&self, model: &Model) -> Vec<(ServiceId, u16, u16)> {
        let Some(group) = self.group else { return vec![(self.service, self.from, self.to)] };
        let programs = &model.programs;
        let rides = programs.ride_groups[group as usize].rides.iter();
        rides
            .filter_map(|&at| match programs.ops[at as usize] {
                Op::Ride(ride) => Some(&programs.rides[ride as usize]),
                _ => None,
            })
            .map(|ride| (ride.service, ride.from, ride.to))
            .collect()
    }

    /// Returns the departures that left between the shipment's being ready and its own departure, in order.
    pub fn not_taken(&self, model: &Model, departures: &Departures) -> Vec<NotTaken> {
        let mut not_taken = Vec::new();
        for (service, from, _) in self.services(model) {
            let params = &model.services[service];
            let planned = params.planned_departure[usize::from(from)].as_ms();
            for (number, departure) in (0..).zip(departures.of(service)) {
                let missed = |left_at, because| NotTaken { service, departure: number, left_at, because };
                if (service, number) == (self.service, self.departure) {
                    continue;
                }
                if departure.is_cancelled {
                    let left_at = departure.scheduled_at + planned;
                    let is_in_time = self.ready_at <= left_at - params.cutoff.as_ms();
                    if is_in_time && left_at <= self.departed_at {
                        not_taken.push(missed(left_at, Because::Cancelled));
                    }
                    continue;
                }
                let stop = departure.stops.get(usize::from(from));
                let Some(loaded) = stop.and_then(|stop| stop.loaded.as_ref()) else { continue };
                if loaded.at < self.ready_at || loaded.at > self.departed_at {
                    continue;
                }
                let because = if loaded.ready_by < self.ready_at {
                    Because::CutOff(self.ready_at - loaded.ready_by)
                } else if loaded.n_left > 0 {
                    Because::Full(loaded.n_left)
                } else {
                    continue;
                };
                not_taken.push(missed(loaded.at, because));
            }
        }
        not_taken.sort_by_key(|missed| (missed.left_at, missed.service, missed.departure));
        not_taken
    }
}
