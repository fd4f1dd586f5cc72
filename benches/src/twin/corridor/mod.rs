//! The rail corridor (`models/rail-corridor.ron`) with the engine's draws and statistics: state, rules, event loop and drawing. Does not
//! own the trains (`trains`), or the records of a desk (the folder above).

use std::collections::{BTreeMap, VecDeque};

use sanda_core::kernel::calendar::EventCalendar;
use sanda_core::kernel::law::{Law, to_whole};
use sanda_core::kernel::random::{Key, Stream};
use sanda_core::model::category::Category;
use sanda_core::model::program::threshold;
use sanda_core::record::{
    FlowRecord, ItineraryRecord, PromiseRecord, ResourceRecord, RideRecord, ServiceRecord, StageRecord,
};

mod trains;

use super::{
    Desk, HOUR, TEU, exponential, flow_records, fold, fold_life, fold_run, key, log_normal, percentiles_of,
    record_work, stage_records,
};

/// Length of the window in the model.
pub const YEAR: i64 = 8760 * HOUR;

const NEVER: i64 = i64::MAX;
const CAPACITY: usize = 55;
/// First days of the months after the start, Monday, 6 January 2025, for two years.
const MONTHS: [i64; 23] = [
    26, 54, 85, 115, 146, 176, 207, 238, 268, 299, 329, 360, 391, 419, 450, 480, 511, 541, 572, 603, 633,
    664, 694,
];
/// Number of periods in two years, cut at months and weeks; three of the months begin on a Monday.
const N_PERIODS: usize = 104 + MONTHS.len() - 3;
/// First days of the periods.
const PERIODS: [i64; N_PERIODS] = periods();

const fn periods() -> [i64; N_PERIODS] {
    let mut days = [0; N_PERIODS];
    let (mut month, mut monday, mut place) = (0, 0, 0);
    while place < N_PERIODS {
        let next = if month < MONTHS.len() && MONTHS[month] < monday { MONTHS[month] } else { monday };
        days[place] = next;
        if month < MONTHS.len() && MONTHS[month] == next {
            month += 1;
        }
        if monday == next {
            monday += 7;
        }
        place += 1;
    }
    days
}

// The four desks of shipments, which are also sites of drawing.
const EXPORT: usize = 0;
const LOADING: usize = 1;
const UNLOADING: usize = 2;
const IMPORT: usize = 3;
// Further sites.
const INSPECTION: usize = 4;
const ARRIVALS: usize = 5;

/// The stage of each desk.
const STAGES: [usize; 4] = [0, 2, 4, 5];
const INSPECT_STAGE: usize = 1;
const TRAIN_STAGE: usize = 3;

/// Returns the rank of an event among those of one instant, as the engine packs it: class, place, owner, number. Places are nodes
/// (border-east, border-west, terminal, yard), then resources in the order of their names. Resources of shipments come last, in the order
/// of the route (slot-east, slot-west, export-customs, loading-crane, unloading-crane, import-customs). The flow precedes the service.
const fn rank(class: u64, place: u64, owner: u64) -> u64 {
    class << 61 | place << 44 | owner << 27
}
const DESK_PLACES: [u64; 4] = [6, 7, 8, 9];
const BORDER_PLACES: [u64; 2] = [4, 5];
const YARD: u64 = 3;
const ARRIVAL: u64 = rank(3, YARD, 0);
const DEPARTURE: u64 = rank(4, YARD, 1);
const INSPECTED: u64 = rank(1, 0, 0);
const RUN: u64 = rank(1, 0, 1);

/// A pending event: what ends when it is due, for a shipment or a train.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Export,
    Inspection,
    Loading,
    Unloading,
    Import,
    Leg,
    Border,
}
const DONE: [What; 4] = [What::Export, What::Loading, What::Unloading, What::Import];

/// A request that waits for its turn among those of the instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Request {
    Desk(u8),
    Border,
}

#[derive(Debug, Clone, Copy, Default)]
struct Shipment {
    number: u64,
    entered_at: i64,
    since: i64,
    stage_from: i64,
    released_at: i64,
    life: u64,
    rolled_at: i64,
    first_run: u64,
    period: u16,
}

#[derive(Debug, Clone, Default)]
struct Train {
    number: u64,
    cargo: Vec<u32>,
    scheduled_at: i64,
    entered_at: i64,
    since: i64,
    /// The times so far of each leg and of each border.
    ran: [i64; 3],
    waited: [i64; 2],
    worked: [i64; 2],
    life: u64,
    leg: usize,
    measured: bool,
}

/// The records that the engine returns for the model.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The shipments.
    pub flow: FlowRecord,
    /// Their only itinerary.
    pub itinerary: ItineraryRecord,
    /// Its stages, in order.
    pub stages: [StageRecord; 6],
    /// Parts of the stage on the train: the legs, and the stops at their ends.
    pub legs: [StageRecord; 3],
    /// See `legs`.
    pub stops: [StageRecord; 3],
    /// Customs and cranes, in the order of the route.
    pub desks: [ResourceRecord; 4],
    /// The two borders.
    pub borders: [ResourceRecord; 2],
    /// The train.
    pub service: ServiceRecord,
    /// The ride.
    pub ride: RideRecord,
    /// The promise.
    pub promise: PromiseRecord,
}

impl Outcome {
    /// Returns percentiles of the time from door to door, in milliseconds.
    pub fn percentiles(&self) -> [Option<i64>; 3] {
        percentiles_of(&self.flow)
    }
}

/// Runs one replication with arrivals for `window` milliseconds, at most two years less a month. Every shipment is followed to its
/// delivery.
pub fn run(seed: u64, replication: u64, window: i64) -> Outcome {
    run_at_pace(seed, replication, window, HOUR)
}

/// Runs as [`run`] does, but with `hour` milliseconds to the hour. With few, many events fall on one instant, which lets tests see the
/// order of events.
pub fn run_at_pace(seed: u64, replication: u64, window: i64, hour: i64) -> Outcome {
    let mut corridor = Corridor::new(seed, replication, window, hour);
    corridor.run();
    corridor.finish()
}

struct Corridor {
    window: i64,
    period: i64,
    promised: i64,
    punctual: i64,
    now: i64,
    calendar: EventCalendar<(u32, What)>,
    /// Pending turns, the first at the end.
    turns: Vec<(u64, u32, Request)>,
    arrival_at: i64,
    departure_at: i64,
    n_arrived: u64,
    n_departed: u64,
    /// Shipments, and trains of the window, under way.
    n_open: u64,
    laws: [Law; 6],
    keys: [Key; 6],
    inspect: (u64, Key),
    running: [(Law, Key); 3],
    border: [(Law, Key); 2],
    planned: [i64; 3],
    shipments: Vec<Shipment>,
    vacant: Vec<u32>,
    trains: Vec<Train>,
    vacant_trains: Vec<u32>,
    desks: [Desk<u32>; 4],
    borders: [Desk<u32>; 2],
    yard: VecDeque<u32>,
    /// Number of shipments at the front of the yard that have been left behind before.
    n_seen: usize,
    piece: usize,
    periods: [(u64, u64); N_PERIODS],
    flow: FlowRecord,
    itinerary: ItineraryRecord,
    stages: [StageRecord; 6],
    legs: [StageRecord; 3],
    stops: [StageRecord; 3],
    service: ServiceRecord,
    ride: RideRecord,
    promise: PromiseRecord,
}

impl Corridor {
    fn new(seed: u64, replication: u64, window: i64, hour: i64) -> Self {
        let log_normal = |hours: f64, cv: f64| log_normal(hours * hour as f64, cv);
        let exponential = |hours: f64| exponential(hours * hour as f64);
        let of_flow = |purpose: &str| key(seed, replication, purpose, "flow/boxes");
        let of_train = |purpose: &str| key(seed, replication, purpose, "service/train");
        let running = [
            (log_normal(84.0, 0.10), of_train("running/yard>border-east")),
            (log_normal(168.0, 0.12), of_train("running/border-east>border-west")),
            (log_normal(48.0, 0.15), of_train("running/border-west>terminal")),
        ];
        // The plan is the sum of the medians so far.
        let mut planned = [0; 3];
        let mut so_far = 0;
        for (at, (law, _)) in planned.iter_mut().zip(&running) {
            so_far += to_whole(law.quantile(0.5));
            *at = so_far;
        }
        let (flow, itinerary) = flow_records();
        let mut corridor = Self {
            window,
            period: 6 * hour,
            promised: 15 * 24 * hour,
            punctual: 24 * hour,
            now: 0,
            calendar: EventCalendar::new(),
            turns: Vec::new(),
            arrival_at: 0,
            departure_at: 0,
            n_arrived: 0,
            n_departed: 0,
            n_open: 0,
            laws: [
                log_normal(0.40, 0.8),
                exponential(0.20),
                exponential(0.20),
                log_normal(0.40, 0.8),
                log_normal(24.0, 0.5),
                exponential(1.0 / 8.0),
            ],
            keys: [
                of_flow("step/export-customs"),
                of_flow("step/loading-crane"),
                of_flow("step/unloading-crane"),
                of_flow("step/import-customs"),
                of_flow("step/inspect/delay"),
                of_flow("arrivals"),
            ],
            inspect: (threshold(0.05), of_flow("step/inspect")),
            running,
            border: [
                (log_normal(8.0, 0.5), of_train("step/stop/border-east/slot-east")),
                (log_normal(9.0, 0.5), of_train("step/stop/border-west/slot-west")),
            ],
            planned,
            shipments: Vec::new(),
            vacant: Vec::new(),
            trains: Vec::new(),
            vacant_trains: Vec::new(),
            desks: [4, 2, 2, 4].map(|servers| Desk::new(servers, window)),
            borders: [2, 2].map(|servers| Desk::new(servers, window)),
            yard: VecDeque::new(),
            n_seen: 0,
            piece: 0,
            periods: [(0, 0); N_PERIODS],
            flow,
            itinerary,
            stages: stage_records(),
            legs: stage_records(),
            stops: stage_records(),
            service: ServiceRecord::default(),
            ride: RideRecord::default(),
            promise: PromiseRecord::default(),
        };
        corridor.next_arrival(0);
        corridor
    }

    fn run(&mut self) {
        loop {
            if let Some(&(rank, _, _)) = self.turns.last()
                && self.is_turn(rank)
            {
                self.take_turn();
                continue;
            }
            let pending = self.calendar.next_key();
            let arrival = (self.arrival_at, ARRIVAL | self.n_arrived);
            let departure = (self.departure_at, DEPARTURE | self.n_departed);
            let at = pending.0.min(arrival.0).min(departure.0);
            if self.n_open == 0 && at >= self.window {
                return;
            }
            self.now = at;
            if pending < arrival && pending < departure {
                if let Some((_, _, (id, what))) = self.calendar.pop() {
                    self.handle(id, what);
                }
            } else if arrival < departure {
                self.release();
            } else {
                self.depart();
            }
        }
    }

    #[inline]
    fn handle(&mut self, id: u32, what: What) {
        match what {
            What::Export => {
                self.done(EXPORT, id);
                let number = self.shipments[id as usize].number;
                if Stream::new(self.inspect.1, number, 0).word() < self.inspect.0 {
                    let time = self.draw(INSPECTION, number);
                    self.calendar.push(self.now + time, INSPECTED | number, (id, What::Inspection));
                } else {
                    self.stages[INSPECT_STAGE].time.record(0);
                    self.ask(LOADING, id);
                }
            }
            What::Inspection => {
                let now = self.now;
                let shipment = &mut self.shipments[id as usize];
                shipment.life = fold(shipment.life, now);
                let stage = &mut self.stages[INSPECT_STAGE];
                stage.time.record(now - shipment.stage_from);
                stage.categories[Category::Inspection as usize] += now - shipment.stage_from;
                shipment.stage_from = now;
                self.ask(LOADING, id);
            }
            What::Loading => {
                self.done(LOADING, id);
                self.join_yard(id);
            }
            What::Unloading => {
                self.done(UNLOADING, id);
                self.ask(IMPORT, id);
            }
            What::Import => {
                self.done(IMPORT, id);
                self.deliver(id);
            }
            What::Leg => self.arrive(id),
            What::Border => self.border_done(id),
        }
    }

    #[inline]
    fn draw(&self, site: usize, number: u64) -> i64 {
        self.laws[site].sample_whole(&mut Stream::new(self.keys[site], number, 0))
    }

    /// Returns whether anything else is due now, so that a request must wait for its turn.
    #[inline]
    fn is_contested(&self) -> bool {
        !self.turns.is_empty()
            || self.calendar.next_at() == self.now
            || self.arrival_at == self.now
            || self.departure_at == self.now
    }

    /// Returns whether nothing of lower rank is due now.
    fn is_turn(&self, rank: u64) -> bool {
        let own = (self.now, rank);
        self.calendar.next_key() > own
            && (self.arrival_at, ARRIVAL | self.n_arrived) > own
            && (self.departure_at, DEPARTURE | self.n_departed) > own
    }

    fn queue_up(&mut self, rank: u64, id: u32, request: Request) {
        let place = self.turns.partition_point(|&(other, _, _)| other > rank);
        self.turns.insert(place, (rank, id, request));
    }

    fn take_turn(&mut self) {
        match self.turns.pop() {
            Some((_, id, Request::Desk(desk))) => self.request(usize::from(desk), id),
            Some((_, id, Request::Border)) => self.request_border(id),
            None => {}
        }
    }

    /// Schedules the arrival after one at `from`.
    #[inline]
    fn next_arrival(&mut self, from: i64) {
        let at = from + self.draw(ARRIVALS, self.n_arrived);
        self.arrival_at = if at < self.window { at } else { NEVER };
    }

    fn release(&mut self) {
        let now = self.now;
        let number = self.n_arrived;
        while PERIODS.get(self.piece + 1).is_some_and(|&day| day * 24 * HOUR <= now) {
            self.piece += 1;
        }
        self.n_open += 1;
        self.periods[self.piece].0 += 1;
        let shipment = Shipment {
            number,
            stage_from: now,
            released_at: now,
            life: fold(0, now),
            rolled_at: NEVER,
            period: self.piece as u16,
            ..Shipment::default()
        };
        let id = if let Some(id) = self.vacant.pop() {
            self.shipments[id as usize] = shipment;
            id
        } else {
            self.shipments.push(shipment);
            (self.shipments.len() - 1) as u32
        };
        self.arrival_at = NEVER;
        self.ask(EXPORT, id);
        self.n_arrived += 1;
        self.next_arrival(now);
    }

    /// Handles a shipment's request at a desk.
    #[inline]
    fn ask(&mut self, desk: usize, id: u32) {
        if self.is_contested() {
            let rank = rank(3, DESK_PLACES[desk], 0) | self.shipments[id as usize].number;
            self.queue_up(rank, id, Request::Desk(desk as u8));
        } else {
            self.request(desk, id);
        }
    }

    #[inline]
    fn request(&mut self, desk: usize, id: u32) {
        self.shipments[id as usize].entered_at = self.now;
        if self.desks[desk].enter(self.now, id) {
            self.start(desk, id);
        }
    }

    #[inline]
    fn start(&mut self, desk: usize, id: u32) {
        let now = self.now;
        let shipment = &mut self.shipments[id as usize];
        shipment.since = now;
        let number = shipment.number;
        let time = self.draw(desk, number);
        self.calendar.push(now + time, rank(1, DESK_PLACES[desk], 0) | number, (id, DONE[desk]));
    }

    /// Completes work at a desk, and with it a stage; serves the next shipment in the queue.
    #[inline]
    fn done(&mut self, desk: usize, id: u32) {
        let now = self.now;
        let shipment = &mut self.shipments[id as usize];
        shipment.life = fold(shipment.life, now);
        shipment.stage_from = now;
        let (entered_at, since) = (shipment.entered_at, shipment.since);
        record_work(&mut self.stages[STAGES[desk]], since - entered_at, now - since);
        self.desks[desk].leave(now, entered_at, since);
        if let Some(next) = self.desks[desk].call(now) {
            let entered_at = self.shipments[next as usize].entered_at;
            self.desks[desk].waited(now, entered_at);
            self.start(desk, next);
        }
    }

    #[inline]
    fn deliver(&mut self, id: u32) {
        let now = self.now;
        let shipment = &self.shipments[id as usize];
        let life = fold(shipment.life, now);
        let time = now - shipment.released_at;
        self.flow.fingerprint = self.flow.fingerprint.wrapping_add(fold_life(life, shipment.number));
        self.flow.delivered += 1;
        self.flow.clocks[0].record(time);
        if time <= self.promised {
            self.periods[usize::from(shipment.period)].1 += 1;
        }
        self.n_open -= 1;
        self.vacant.push(id);
    }

    fn finish(mut self) -> Outcome {
        let n_released = self.n_arrived;
        self.flow.released = n_released;
        self.flow.teu = i128::from(n_released) * TEU;
        self.flow.units = i128::from(n_released);
        self.itinerary.chosen = n_released;
        self.itinerary.time = self.flow.clocks[0].clone();
        let periods: BTreeMap<u16, (u64, u64)> = (0..).zip(self.periods).filter(|(_, of)| of.0 > 0).collect();
        self.promise.of = periods.values().map(|of| of.0).sum();
        self.promise.kept = periods.values().map(|of| of.1).sum();
        self.promise.of_teu = i128::from(self.promise.of) * TEU;
        self.promise.kept_teu = i128::from(self.promise.kept) * TEU;
        // The promise goes by the time from door to door.
        (self.promise.timed, self.promise.time) = (self.flow.clocks[0].count(), self.flow.clocks[0].sum());
        self.promise.periods = periods;
        Outcome {
            flow: self.flow,
            itinerary: self.itinerary,
            stages: self.stages,
            legs: self.legs,
            stops: self.stops,
            desks: self.desks.map(Desk::finish),
            borders: self.borders.map(Desk::finish),
            service: self.service,
            ride: self.ride,
            promise: self.promise,
        }
    }
}
