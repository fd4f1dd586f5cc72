//! Offered loads: the demand on resources and services relative to their capacity, before anything runs.
//!
//! Loads are means of the input alone: arrivals in the window, shares of itineraries, probabilities on the
//! way, mean work. Where demand exceeds capacity, waits grow without end and no figure of the run means
//! anything by itself; so `review::overload` warns beforehand. Closures, random breakdowns and
//! cancellations by disruptions are not foreseen. After a run `experiment` warns again, from what happened.

use std::collections::BTreeSet;

use sanda_core::kernel::law::Law;
use sanda_core::model::ids::{ConnectionId, FlowId, ItineraryId, ResourceId, ServiceId, StreamId};
use sanda_core::model::program::{LoadUnit, Op, OpIndex, Per};
use sanda_core::model::{Amount, ArrivalRule, Cancellation};
use sanda_core::model::{
    AtClosing, Capacity, DepartureRule, FlowParams, Model, ResourceParams, ServiceParams, WhenFull,
};
use sanda_units::{IdVec, Time};

use crate::build::expect::moments::{Moments, repeated};

/// The share of all 64-bit words below a threshold.
pub(in crate::build) fn share(threshold: u64) -> f64 {
    threshold as f64 / u64::MAX as f64
}

/// Lists the itineraries of a flow with their shares, which the model keeps as rising thresholds.
fn shares(flow: &FlowParams) -> impl Iterator<Item = (ItineraryId, f64)> {
    let thresholds = || flow.itineraries.iter().map(|&(_, threshold)| share(threshold));
    let below = std::iter::once(0.0).chain(thresholds());
    let ids = flow.itineraries.iter().map(|&(way, _)| way);
    ids.zip(thresholds().zip(below).map(|(threshold, below)| threshold - below))
}

/// The size of a shipment: TEU, tonnes, units.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::build) struct Size {
    teu: f64,
    tonnes: f64,
    units: f64,
}

impl Size {
    /// The size in a unit: thousandths of TEU, kilograms, units, or `n` shipments.
    fn in_unit(self, unit: LoadUnit, n: f64) -> f64 {
        match unit {
            LoadUnit::Teu => self.teu * 1000.0,
            LoadUnit::Mass => self.tonnes * 1000.0,
            LoadUnit::Shipments => n,
            LoadUnit::Units => self.units,
        }
    }

    /// The mean size.
    fn of(flow: &FlowParams) -> Self {
        Self::by(flow, Law::mean, |values| {
            values.iter().map(|&value| value as f64).sum::<f64>() / values.len().max(1) as f64
        })
    }

    /// The largest size.
    fn most_of(flow: &FlowParams) -> Self {
        Self::by(flow, |law| law.support().1, |values| values.iter().copied().max().unwrap_or(0) as f64)
    }

    /// The size of a flow, by one function for laws and one for lists of values.
    pub(in crate::build) fn by(
        flow: &FlowParams,
        of_law: impl Fn(&Law) -> f64,
        of_list: impl Fn(&[i64]) -> f64,
    ) -> Self {
        let amount = |amount: &Amount, teu: f64| match amount {
            Amount::Fixed(value) => *value as f64,
            Amount::Random(law, _) => of_law(law),
            Amount::PerTeu(kilograms) => teu * *kilograms as f64,
            Amount::Listed(values) => of_list(values),
        };
        let teu = amount(&flow.teu, 0.0) / 1000.0;
        Self { teu, tonnes: amount(&flow.mass, teu) / 1000.0, units: amount(&flow.units, teu) }
    }

    pub(in crate::build) fn times(self, per: Per) -> f64 {
        match per {
            Per::Job => 1.0,
            Per::Teu => self.teu,
            Per::Tonne => self.tonnes,
            Per::Unit => self.units,
        }
    }
}

/// A flow on one leg of a service.
#[derive(Debug, Clone, Copy)]
pub(in crate::build) struct Rider {
    pub service: ServiceId,
    pub leg: u16,
    /// The quantity per millisecond, in the unit of the service.
    pub quantity: f64,
}

/// The offered loads of a model.
#[derive(Debug)]
pub(crate) struct Offered<'m> {
    model: &'m Model,
    /// Server-milliseconds of work per millisecond.
    resources: IdVec<ResourceId, f64>,
    /// Jobs per millisecond at each resource.
    jobs: IdVec<ResourceId, f64>,
    /// Hauls per millisecond on each connection.
    hauls: IdVec<ConnectionId, f64>,
    /// Vehicle-milliseconds of hauls and return trips per millisecond.
    connections: IdVec<ConnectionId, f64>,
    /// For each leg, the quantity that rides it per millisecond: shipments, TEU, tonnes, units.
    legs: IdVec<ServiceId, Vec<(f64, Size)>>,
    /// The largest shipment of each service, in the service's unit.
    largest: IdVec<ServiceId, f64>,
    /// Rides that are not counted.
    left_out: BTreeSet<OpIndex>,
}

impl<'m> Offered<'m> {
    /// The loads of all flows. Flows that see queues, and shipments that take whichever service leaves
    /// first, are split by the shares of the laws.
    pub(crate) fn of(model: &'m Model) -> Self {
        Self::by(model, false)
    }

    /// The loads of all flows. With `is_sure`, only of cargo that keeps its way whatever is full.
    pub(in crate::build) fn by(model: &'m Model, is_sure: bool) -> Self {
        let mut offered = Self {
            model,
            resources: model.resources.iter().map(|_| 0.0).collect(),
            jobs: model.resources.iter().map(|_| 0.0).collect(),
            hauls: model.connections.iter().map(|_| 0.0).collect(),
            connections: model.connections.iter().map(|_| 0.0).collect(),
            legs: model
                .services
                .iter()
                .map(|service| vec![(0.0, Size::default()); service.running.len()])
                .collect(),
            largest: model.services.iter().map(|_| 0.0).collect(),
            left_out: BTreeSet::new(),
        };
        if is_sure {
            offered.left_out.extend(model.programs.ride_groups.iter().flat_map(|group| &group.rides));
        }
        let counts = |flow: &FlowParams| !is_sure || flow.sight.is_none();
        for (id, flow) in model.flows.iter_enumerated().filter(|(_, flow)| counts(flow)) {
            offered.add_flow(id, flow);
        }
        for id in model.services.ids() {
            offered.add_vehicles(id);
        }
        offered
    }

    fn add_flow(&mut self, id: FlowId, flow: &FlowParams) {
        let rate = arrivals(self.model, id);
        let (size, most) = (Size::of(flow), Size::most_of(flow));
        for (way, of_way) in shares(flow) {
            self.add_itinerary(way, rate * of_way, size, most);
        }
    }

    /// Lists the rides of a flow by itinerary: each leg with the quantity that the flow brings to it.
    pub(in crate::build) fn rides(&self, id: FlowId) -> Vec<(ItineraryId, Vec<Rider>)> {
        let flow = &self.model.flows[id];
        let (rate, size) = (arrivals(self.model, id), Size::of(flow));
        let mut ways = Vec::with_capacity(flow.itineraries.len());
        for (way, of_way) in shares(flow) {
            let mut riders = Vec::new();
            for (op, n) in visits(self.model, self.model.itineraries[way].program) {
                let Op::Ride(ride) = self.model.programs.ops[op as usize] else { continue };
                let ride = self.model.programs.rides[ride as usize];
                let unit = self.model.services[ride.service].unit;
                let quantity = rate * of_way * n * size.in_unit(unit, 1.0);
                riders.extend((ride.from..ride.to).map(|leg| Rider { service: ride.service, leg, quantity }));
            }
            ways.push((way, riders));
        }
        ways
    }

    fn add_itinerary(&mut self, way: ItineraryId, rate: f64, size: Size, most: Size) {
        let begin = self.model.itineraries[way].program;
        let visits = visits(self.model, begin);
        for &(op, n) in &visits {
            self.add_work(op, &visits, rate * n, size);
            if let Op::Ride(ride) = self.model.programs.ops[op as usize]
                && !self.left_out.contains(&op)
            {
                let ride = self.model.programs.rides[ride as usize];
                let largest = &mut self.largest[ride.service];
                *largest = largest.max(most.in_unit(self.model.services[ride.service].unit, 1.0));
                for leg in ride.from..ride.to {
                    let (all, sum) = &mut self.legs[ride.service][usize::from(leg)];
                    *all += rate * n;
                    sum.teu += rate * n * size.teu;
                    sum.tonnes += rate * n * size.tonnes;
                    sum.units += rate * n * size.units;
                }
            }
        }
    }

    /// Adds the work of an operation that is visited with this rate per millisecond.
    fn add_work(&mut self, op: OpIndex, visits: &[(OpIndex, f64)], rate: f64, size: Size) {
        let programs = &self.model.programs;
        match programs.ops[op as usize] {
            Op::Work(index) => {
                let work = &programs.works[index as usize];
                let mean = work.time.mean() * size.times(work.per);
                self.resources[work.resource] += rate * mean * f64::from(work.units);
                self.jobs[work.resource] += rate;
            }
            Op::Haul(index) => {
                let haul = &programs.delays[index as usize];
                let way_back = haul.way_back.as_ref().map_or(0.0, |(law, _)| law.mean());
                if let Some(connection) = haul.connection {
                    self.connections[connection] += rate * (haul.time.mean() + way_back);
                    self.hauls[connection] += rate;
                }
            }
            // The resource is held at least as long as the steps inside take by themselves.
            Op::Seize(index) => {
                let inside: f64 = visits
                    .iter()
                    .filter(|&&(other, _)| other > op)
                    .take_while(|&&(other, _)| programs.ops[other as usize] != Op::Free(index))
                    .map(|&(other, n)| match programs.ops[other as usize] {
                        Op::Work(inner) => {
                            let inner = &programs.works[inner as usize];
                            n * inner.time.mean() * size.times(inner.per)
                        }
                        Op::Delay(inner) | Op::Haul(inner) => {
                            let inner = &programs.delays[inner as usize];
                            n * inner.time.mean() * size.times(inner.per)
                        }
                        _ => 0.0,
                    })
                    .sum();
                // The number of visits of the inner operation.
                let own = visits.iter().find(|(other, _)| *other == op).map_or(0.0, |visit| visit.1);
                let work = &programs.works[index as usize];
                if own > 0.0 {
                    self.resources[work.resource] += rate * inside / own * f64::from(work.units);
                    self.jobs[work.resource] += rate;
                }
            }
            _ => {}
        }
    }

    fn add_vehicles(&mut self, id: ServiceId) {
        let params = &self.model.services[id];
        let Some(rate) = self.departures(id) else { return };
        let begin = params.program;
        let mut stop = 0;
        let visits = visits(self.model, begin);
        for &(op, n) in &visits {
            if let Op::Arrive(at) = self.model.programs.ops[op as usize] {
                stop = usize::from(at);
            }
            // The work concerns everything aboard at arrival.
            let aboard = stop.checked_sub(1).and_then(|leg| self.legs[id].get(leg)).copied();
            let aboard = aboard.filter(|_| rate > 0.0).map_or(Size::default(), |(_, sum)| Size {
                teu: sum.teu / rate,
                tonnes: sum.tonnes / rate,
                units: sum.units / rate,
            });
            self.add_work(op, &visits, rate * n, aboard);
        }
    }

    /// Departures per millisecond that run, limited by the vehicles. `None` if they depend on the load.
    fn departures(&self, id: ServiceId) -> Option<f64> {
        Some(self.planned_departures(id)?.min(self.most_departures(id).unwrap_or(f64::INFINITY)))
    }

    /// The largest number of departures per millisecond that a fleet can make. `None` without a fleet. Work
    /// at stops is ignored.
    fn most_departures(&self, id: ServiceId) -> Option<f64> {
        let params = &self.model.services[id];
        let fleet = params.fleet.as_ref()?;
        let mean = |drawn: &Option<(Law, StreamId)>| drawn.as_ref().map_or(0.0, |(law, _)| law.mean());
        let running: f64 = params.running.iter().map(|(law, _)| law.mean()).sum();
        let slips = params.running.len() as f64 * mean(&params.slip);
        let cycle = mean(&params.delay) + running + slips + mean(&fleet.turnaround);
        Some(f64::from(fleet.vehicles) / cycle)
    }

    /// Departures per millisecond that are scheduled and not cancelled. `None` if they depend on the load.
    fn planned_departures(&self, id: ServiceId) -> Option<f64> {
        Some(self.scheduled_departures(id)? * (1.0 - cancelled(&self.model.services[id])))
    }

    /// Departures per millisecond that are scheduled. `None` if they depend on the load.
    fn scheduled_departures(&self, id: ServiceId) -> Option<f64> {
        match &self.model.services[id].departs {
            DepartureRule::Every { period, .. } => Some(1.0 / period.as_ms() as f64),
            DepartureRule::Dates(dates) => Some(in_window(self.model, dates.iter().copied())),
            DepartureRule::Headway(law, _) => Some(1.0 / law.mean()),
            DepartureRule::WhenFull { .. } => None,
        }
    }

    /// The offered work over the capacity. `None` if no queue can grow without end.
    pub(crate) fn load(&self, id: ResourceId) -> Option<f64> {
        let params = &self.model.resources[id];
        let turns_away = params.room.places.is_some() && params.room.when_full != WhenFull::Block;
        if turns_away || params.room.has_patience {
            return None;
        }
        let servers = servers(self.model, params)?;
        Some(self.resources[id] / servers)
    }

    /// Scheduled departures over those that the fleet of a service can make. `None` without a fleet or a
    /// timetable.
    pub(in crate::build) fn fleet_load(&self, id: ServiceId) -> Option<f64> {
        Some(self.planned_departures(id)? / self.most_departures(id)?)
    }

    /// Hauls and return trips over the vehicles of a connection. `None` without a fleet.
    pub(in crate::build) fn truck_load(&self, id: ConnectionId) -> Option<f64> {
        self.model.connections[id].fleet.map(|n| self.connections[id] / f64::from(n))
    }

    /// Quantity over capacity on the leg where the ratio is largest. `None` if no load is too large.
    pub(crate) fn filling(&self, id: ServiceId) -> Option<f64> {
        let capacity = match &self.model.services[id].capacity {
            Capacity::Fixed(capacity) => *capacity as f64,
            Capacity::Random(law, _) => law.mean(),
            Capacity::Unlimited => return None,
        };
        let offered = self.departures(id)? * self.room(id, capacity);
        Some(self.asked(id) / offered)
    }

    /// Quantity per millisecond on the leg with the most.
    pub(in crate::build) fn asked(&self, id: ServiceId) -> f64 {
        self.fullest_leg(id).map_or(0.0, |(_, asked)| asked)
    }

    /// Finds the leg with the largest load, the first of equal ones, and its quantity per millisecond.
    pub(in crate::build) fn fullest_leg(&self, id: ServiceId) -> Option<(u16, f64)> {
        let unit = self.model.services[id].unit;
        let asked = self.legs[id].iter().map(|&(n, size)| size.in_unit(unit, n));
        (0..).zip(asked).reduce(|most, leg| if leg.1 > most.1 { leg } else { most })
    }

    /// Quantity per millisecond that boards at the first stop, in the unit of the capacity.
    pub(in crate::build) fn boarding(&self, id: ServiceId) -> f64 {
        let unit = self.model.services[id].unit;
        self.legs[id].first().map_or(0.0, |&(n, size)| size.in_unit(unit, n))
    }

    /// Whether some cargo takes another service if this one is full.
    pub(in crate::build) fn has_others(&self, id: ServiceId) -> bool {
        let programs = &self.model.programs;
        let mut alternatives = programs.ride_groups.iter().flat_map(|group| &group.rides);
        let is_here = |at: &OpIndex| {
            programs
                .rides_at(programs.ops[*at as usize])
                .any(|ride| programs.rides[ride as usize].service == id)
        };
        self.model.watches.iter().any(|watch| watch.service == id) || alternatives.any(is_here)
    }

    /// The mean room that a capacity leaves for cargo.
    pub(crate) fn room(&self, id: ServiceId, capacity: f64) -> f64 {
        (capacity * self.season(id) - self.background(id)).max(0.0)
    }

    /// The capacity that leaves the given room.
    pub(crate) fn capacity_for(&self, id: ServiceId, room: f64) -> f64 {
        (room + self.background(id)) / self.season(id)
    }

    fn season(&self, id: ServiceId) -> f64 {
        season(self.model, &self.model.services[id])
    }

    fn background(&self, id: ServiceId) -> f64 {
        self.model.services[id].background.as_ref().map_or(0.0, |(law, _)| law.mean())
    }

    /// Shipments per millisecond that arrive beyond the capacity of the most overloaded place. They wait
    /// without end.
    pub(in crate::build) fn piling_up(&self) -> f64 {
        let beyond = |rate: f64, load: Option<f64>| {
            load.filter(|load| *load > 1.0)
                .map_or(0.0, |load| if load.is_finite() { rate * (1.0 - 1.0 / load) } else { rate })
        };
        let resources = self.model.resources.ids().map(|id| beyond(self.jobs[id], self.load(id)));
        let services = self.model.services.ids().filter(|&id| !self.has_others(id)).map(|id| {
            let boarding = self.legs[id].iter().map(|leg| leg.0).fold(0.0, f64::max);
            beyond(boarding, self.filling(id))
        });
        let connections = self.model.connections.ids().map(|id| beyond(self.hauls[id], self.truck_load(id)));
        resources.chain(services).chain(connections).fold(0.0, f64::max)
    }

    /// Departures of a service per millisecond, and the time that one is under way. `None` if departures
    /// depend on the load.
    pub(in crate::build) fn under_way(&self, id: ServiceId) -> Option<(f64, f64)> {
        let running = self.model.services[id].running.iter().map(|(law, _)| law.mean()).sum();
        Some((self.departures(id)?, running))
    }

    /// Work offered to a resource per millisecond.
    pub(crate) fn work(&self, id: ResourceId) -> f64 {
        self.resources[id]
    }

    /// The load offered to a departure if none is cancelled. `None` if departures depend on the load.
    pub(crate) fn asked_of_departure(&self, id: ServiceId) -> Option<f64> {
        Some(self.asked(id) / self.scheduled_departures(id)?)
    }

    /// The largest shipment on a service; infinite if sizes are unbounded.
    pub(crate) fn largest(&self, id: ServiceId) -> f64 {
        self.largest[id]
    }
}

/// Shipments of a flow per millisecond in the window.
pub(in crate::build) fn arrivals(model: &Model, id: FlowId) -> f64 {
    let flow = &model.flows[id];
    let per_arrival = flow.batch.as_ref().map_or(1.0, |(law, _)| law.mean());
    let intensity = flow.profile.as_ref().map_or(1.0, |profile| mean_level(&profile.rates, window(model)));
    per_arrival
        * match &flow.arrivals {
            ArrivalRule::Renewal(law, _) => intensity / law.mean(),
            ArrivalRule::Regular { period, .. } => intensity / period.as_ms() as f64,
            ArrivalRule::Dates(dates) => in_window(model, dates.iter().copied()),
        }
}

/// The number of instants in the window, per millisecond.
fn in_window(model: &Model, instants: impl Iterator<Item = Time>) -> f64 {
    let n = instants.filter(|&at| model.window.contains(at)).count();
    n as f64 / (model.window.to - model.window.from).as_ms() as f64
}

/// The mean factor of the season in the window.
fn season(model: &Model, params: &ServiceParams) -> f64 {
    if params.season.is_empty() {
        return 1.0;
    }
    mean_level(&params.season, window(model))
}

fn window(model: &Model) -> [Time; 2] {
    [model.window.from, model.window.to]
}

/// The share of a span of time that lies between two instants, in milliseconds.
fn share_of(span: [Time; 2], begin: i64, end: i64) -> f64 {
    let [from, to] = span.map(Time::as_ms);
    (end.min(to) - begin.max(from)).max(0) as f64 / (to - from) as f64
}

/// The mean over a span of time of a step function. Each level lasts until the next instant.
pub(in crate::build) fn mean_level<L: Copy + Into<f64>>(levels: &[(Time, L)], span: [Time; 2]) -> f64 {
    let ends = levels.iter().skip(1).map(|&(at, _)| at.as_ms()).chain([i64::MAX]);
    let pieces = levels.iter().zip(ends);
    pieces.map(|(&(at, level), end)| level.into() * share_of(span, at.as_ms(), end)).sum()
}

/// The long-run share of departures that are cancelled.
pub(in crate::build) fn cancelled(params: &ServiceParams) -> f64 {
    match params.cancellation {
        Cancellation::Never => 0.0,
        Cancellation::Independent(threshold, _) => share(threshold),
        Cancellation::Runs { first, .. } => share(first),
    }
}

/// The mean number of servers that can work in the window: on duty, open, and not broken by the calendar.
/// `None` if unlimited. Failures that count service time are treated as longer work.
fn servers(model: &Model, params: &ResourceParams) -> Option<f64> {
    let installed = f64::from(params.servers?);
    let on_duty =
        if params.shifts.is_empty() { installed } else { mean_level(&params.shifts, window(model)) };
    let open = match params.calendar {
        // With `finish`, begun work continues after closing: at most one job per server and closing.
        Some(_) if params.at_closing == AtClosing::Finish => return None,
        Some(calendar) => {
            let open = model.calendars[calendar].open.iter();
            open.map(|&(open, close)| share_of(window(model), open.as_ms(), close.as_ms())).sum()
        }
        None => 1.0,
    };
    let up = params.breakdowns.as_ref().map_or(1.0, |breakdowns| {
        let (up, down) = (breakdowns.up.0.mean(), breakdowns.down.0.mean());
        up / (up + down)
    });
    Some(on_duty * open * up)
}

/// The mean number of visits of each operation of a program, in the order of the operations.
fn visits(model: &Model, begin: OpIndex) -> Vec<(OpIndex, f64)> {
    let programs = &model.programs;
    let n = 1 + programs.from(begin).count();
    let mut visits = vec![0.0; n];
    visits[0] = 1.0;
    let place = |op: OpIndex| (op - begin) as usize;
    let add = |visits: &mut Vec<f64>, to: usize, weight: f64| {
        if let Some(sum) = visits.get_mut(to) {
            *sum += weight;
        }
    };
    // All jumps except those of loops lead forward.
    for at in 0..n {
        let weight = visits[at];
        match programs.ops[begin as usize + at] {
            Op::Choose(index) => {
                let choose = &programs.chooses[index as usize];
                let mut below = 0.0;
                for &(threshold, to) in &choose.branches {
                    add(&mut visits, place(to), weight * (share(threshold) - below).max(0.0));
                    below = share(threshold).max(below);
                }
                add(&mut visits, place(choose.otherwise), weight * (1.0 - below));
            }
            Op::Jump(to) => add(&mut visits, place(to), weight),
            Op::RideAny(index) => {
                let group = &programs.ride_groups[index as usize];
                for (&ride, share) in group.rides.iter().zip(&group.shares) {
                    add(&mut visits, place(ride), weight * share);
                }
            }
            Op::Fork(index) => {
                let fork = &programs.forks[index as usize];
                for &branch in &fork.branches {
                    add(&mut visits, place(branch), weight);
                }
                add(&mut visits, place(fork.join), weight);
            }
            Op::BranchEnd | Op::Deliver | Op::Retire => {}
            Op::Repeat(index) => {
                let repeat = programs.repeats[index as usize];
                let again = share(repeat.threshold);
                let at_most = Some(u64::from(repeat.at_most)).filter(|most| *most > 0);
                let laps = repeated(Moments { mean: 1.0, variance: 0.0 }, again, at_most).mean;
                for inside in &mut visits[place(repeat.back_to)..at] {
                    *inside *= laps;
                }
                add(&mut visits, at + 1, weight);
            }
            _ => add(&mut visits, at + 1, weight),
        }
    }
    (begin..).zip(visits).collect()
}
