//! What is asked of resources and services over what they can give, before anything runs.
//!
//! Means of the input alone: arrivals in the window, shares of itineraries, chances on the way, mean work. Who asks for more
//! than there is waits longer and longer, and no figure of such a run means anything by itself: so it is said before. What
//! closes, breaks down at random or is cancelled by disruption is not foreseen, nor what is shared by chance of capacity.
//! After a run the experiment says it again, from what really came. Does not own what is said of it (`overload`).

use std::collections::BTreeSet;

use sanda_core::freight::ids::{ConnectionId, FlowId, ItineraryId, ResourceId, ServiceId, StreamId};
use sanda_core::freight::model::{Amount, ArrivalRule, Cancellation};
use sanda_core::freight::model::{
    AtClosing, Capacity, DepartureRule, FlowParams, Model, ResourceParams, ServiceParams, WhenFull,
};
use sanda_core::freight::program::{LoadUnit, Op, OpIndex, Per};
use sanda_core::kernel::law::Law;
use sanda_units::{IdVec, Time};

use super::expect::{Moments, repeated};

/// A word as a share of all words.
pub(super) fn share(threshold: u64) -> f64 {
    threshold as f64 / u64::MAX as f64
}

/// Lists the itineraries of a flow with their shares, which the model keeps as rising thresholds.
fn shares(flow: &FlowParams) -> impl Iterator<Item = (ItineraryId, f64)> {
    let thresholds = || flow.itineraries.iter().map(|&(_, threshold)| share(threshold));
    let below = std::iter::once(0.0).chain(thresholds());
    let ids = flow.itineraries.iter().map(|&(way, _)| way);
    ids.zip(thresholds().zip(below).map(|(threshold, below)| threshold - below))
}

/// Mean quantity of a shipment: TEU, tonnes, units.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Size {
    teu: f64,
    tonnes: f64,
    units: f64,
}

impl Size {
    /// In thousandths of a TEU, kilograms, units, or as so many shipments.
    fn in_unit(self, unit: LoadUnit, n: f64) -> f64 {
        match unit {
            LoadUnit::Teu => self.teu * 1000.0,
            LoadUnit::Mass => self.tonnes * 1000.0,
            LoadUnit::Shipments => n,
            LoadUnit::Units => self.units,
        }
    }

    /// The mean.
    fn of(flow: &FlowParams) -> Self {
        Self::by(flow, Law::mean, |values| {
            values.iter().map(|&value| value as f64).sum::<f64>() / values.len().max(1) as f64
        })
    }

    /// The most that there can be.
    fn most_of(flow: &FlowParams) -> Self {
        Self::by(flow, |law| law.support().1, |values| values.iter().copied().max().unwrap_or(0) as f64)
    }

    /// What a law and a list of values come to being given.
    pub(super) fn by(
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

    pub(super) fn times(self, per: Per) -> f64 {
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
pub(super) struct Rider {
    pub service: ServiceId,
    pub leg: u16,
    /// Per millisecond, in the unit of the service.
    pub quantity: f64,
}

/// What is asked of everything.
#[derive(Debug)]
pub(crate) struct Offered<'m> {
    model: &'m Model,
    /// Server-milliseconds of work per millisecond.
    resources: IdVec<ResourceId, f64>,
    /// Jobs per millisecond at each resource.
    jobs: IdVec<ResourceId, f64>,
    /// Hauls per millisecond by each connection.
    hauls: IdVec<ConnectionId, f64>,
    /// Vehicle-milliseconds of hauls and ways back per millisecond.
    connections: IdVec<ConnectionId, f64>,
    /// Of each leg, the quantity that rides it per millisecond: shipments, TEU, tonnes, units.
    legs: IdVec<ServiceId, Vec<(f64, Size)>>,
    /// The largest shipment of each service, in its unit.
    largest: IdVec<ServiceId, f64>,
    /// Rides that are not counted.
    left_out: BTreeSet<OpIndex>,
}

impl<'m> Offered<'m> {
    /// By all flows. Those that see queues are taken to go by the shares of the laws, and so are shipments that take whichever of
    /// several services leaves first.
    pub(crate) fn of(model: &'m Model) -> Self {
        Self::by(model, false)
    }

    /// By all flows, or only what goes its way whatever is full.
    pub(super) fn by(model: &'m Model, is_sure: bool) -> Self {
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

    /// Lists the rides of a flow, itinerary by itinerary: each leg with the quantity that the flow brings to it.
    pub(super) fn rides(&self, id: FlowId) -> Vec<(ItineraryId, Vec<Rider>)> {
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

    /// Work of an operation that is come to so often per millisecond.
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
            // At least as long as what is done inside takes by itself.
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
                // Of each visit of its own.
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
            // All that is aboard when it arrives.
            let aboard = stop.checked_sub(1).and_then(|leg| self.legs[id].get(leg)).copied();
            let aboard = aboard.filter(|_| rate > 0.0).map_or(Size::default(), |(_, sum)| Size {
                teu: sum.teu / rate,
                tonnes: sum.tonnes / rate,
                units: sum.units / rate,
            });
            self.add_work(op, &visits, rate * n, aboard);
        }
    }

    /// Departures per millisecond that run; `None` if that depends on the load. No more than there are vehicles for.
    fn departures(&self, id: ServiceId) -> Option<f64> {
        Some(self.planned_departures(id)?.min(self.most_departures(id).unwrap_or(f64::INFINITY)))
    }

    /// Departures per millisecond that a fleet can make at most; `None` without one. What is done at stops is not counted.
    fn most_departures(&self, id: ServiceId) -> Option<f64> {
        let params = &self.model.services[id];
        let fleet = params.fleet.as_ref()?;
        let mean = |drawn: &Option<(Law, StreamId)>| drawn.as_ref().map_or(0.0, |(law, _)| law.mean());
        let running: f64 = params.running.iter().map(|(law, _)| law.mean()).sum();
        let slips = params.running.len() as f64 * mean(&params.slip);
        let cycle = mean(&params.delay) + running + slips + mean(&fleet.turnaround);
        Some(f64::from(fleet.vehicles) / cycle)
    }

    /// Departures per millisecond that are due and not cancelled; `None` if that depends on the load.
    fn planned_departures(&self, id: ServiceId) -> Option<f64> {
        Some(self.scheduled_departures(id)? * (1.0 - cancelled(&self.model.services[id])))
    }

    /// Departures per millisecond that are due; `None` if that depends on the load.
    fn scheduled_departures(&self, id: ServiceId) -> Option<f64> {
        match &self.model.services[id].departs {
            DepartureRule::Every { period, .. } => Some(1.0 / period.as_ms() as f64),
            DepartureRule::Dates(dates) => Some(in_window(self.model, dates.iter().copied())),
            DepartureRule::Headway(law, _) => Some(1.0 / law.mean()),
            DepartureRule::WhenFull { .. } => None,
        }
    }

    /// Work over what can be done; `None` where no queue grows for ever.
    pub(crate) fn load(&self, id: ResourceId) -> Option<f64> {
        let params = &self.model.resources[id];
        let turns_away = params.room.is_some() && params.when_full != WhenFull::Block;
        if turns_away || params.has_patience {
            return None;
        }
        let servers = servers(self.model, params)?;
        Some(self.resources[id] / servers)
    }

    /// Departures due over those that the fleet of a service can make; `None` without a fleet or a timetable.
    pub(super) fn fleet_load(&self, id: ServiceId) -> Option<f64> {
        Some(self.planned_departures(id)? / self.most_departures(id)?)
    }

    /// Hauls and ways back over the vehicles of a connection; `None` without a fleet.
    pub(super) fn truck_load(&self, id: ConnectionId) -> Option<f64> {
        self.model.connections[id].fleet.map(|n| self.connections[id] / f64::from(n))
    }

    /// Quantity over capacity, of the leg where it is greatest; `None` where no load is too much.
    pub(crate) fn filling(&self, id: ServiceId) -> Option<f64> {
        let capacity = match &self.model.services[id].capacity {
            Capacity::Fixed(capacity) => *capacity as f64,
            Capacity::Random(law, _) => law.mean(),
            Capacity::Unlimited => return None,
        };
        let offered = self.departures(id)? * self.room(id, capacity);
        Some(self.asked(id) / offered)
    }

    /// Quantity per millisecond on the leg where that is most.
    pub(super) fn asked(&self, id: ServiceId) -> f64 {
        self.fullest_leg(id).map_or(0.0, |(_, asked)| asked)
    }

    /// Finds the leg with the largest load, the first of equal ones, and its quantity per millisecond.
    pub(super) fn fullest_leg(&self, id: ServiceId) -> Option<(u16, f64)> {
        let unit = self.model.services[id].unit;
        let asked = self.legs[id].iter().map(|&(n, size)| size.in_unit(unit, n));
        (0..).zip(asked).reduce(|most, leg| if leg.1 > most.1 { leg } else { most })
    }

    /// Quantity per millisecond that boards at the first stop, in the unit of the capacity.
    pub(super) fn boarding(&self, id: ServiceId) -> f64 {
        let unit = self.model.services[id].unit;
        self.legs[id].first().map_or(0.0, |&(n, size)| size.in_unit(unit, n))
    }

    /// Whether some cargo takes another service where this one is full.
    pub(super) fn has_others(&self, id: ServiceId) -> bool {
        let programs = &self.model.programs;
        let mut alternatives = programs.ride_groups.iter().flat_map(|group| &group.rides);
        let is_here = |at: &OpIndex| {
            programs
                .rides_at(programs.ops[*at as usize])
                .any(|ride| programs.rides[ride as usize].service == id)
        };
        self.model.watches.iter().any(|watch| watch.service == id) || alternatives.any(is_here)
    }

    /// What a capacity leaves for cargo, on average.
    pub(crate) fn room(&self, id: ServiceId, capacity: f64) -> f64 {
        (capacity * self.season(id) - self.background(id)).max(0.0)
    }

    /// The capacity that leaves so much.
    pub(crate) fn capacity_for(&self, id: ServiceId, room: f64) -> f64 {
        (room + self.background(id)) / self.season(id)
    }

    fn season(&self, id: ServiceId) -> f64 {
        season(self.model, &self.model.services[id])
    }

    fn background(&self, id: ServiceId) -> f64 {
        self.model.services[id].background.as_ref().map_or(0.0, |(law, _)| law.mean())
    }

    /// Shipments per millisecond that come to the one place where most are left waiting for ever, beyond what it can do.
    pub(super) fn piling_up(&self) -> f64 {
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

    /// Departures of a service per millisecond, and how long one is under way; `None` if departures depend on the load.
    pub(super) fn under_way(&self, id: ServiceId) -> Option<(f64, f64)> {
        let running = self.model.services[id].running.iter().map(|(law, _)| law.mean()).sum();
        Some((self.departures(id)?, running))
    }

    /// Work that is asked of a resource per millisecond.
    pub(crate) fn work(&self, id: ResourceId) -> f64 {
        self.resources[id]
    }

    /// What a departure is asked to carry if none is cancelled; `None` if when they leave depends on that.
    pub(crate) fn asked_of_departure(&self, id: ServiceId) -> Option<f64> {
        Some(self.asked(id) / self.scheduled_departures(id)?)
    }

    /// The largest shipment that rides a service; infinite where sizes have no end.
    pub(crate) fn largest(&self, id: ServiceId) -> f64 {
        self.largest[id]
    }
}

/// Shipments of a flow per millisecond in the window.
pub(super) fn arrivals(model: &Model, id: FlowId) -> f64 {
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

/// Instants in the window per millisecond.
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

/// The mean over a span of time of what has these levels, each from an instant to that of the next.
pub(super) fn mean_level<L: Copy + Into<f64>>(levels: &[(Time, L)], span: [Time; 2]) -> f64 {
    let ends = levels.iter().skip(1).map(|&(at, _)| at.as_ms()).chain([i64::MAX]);
    let pieces = levels.iter().zip(ends);
    pieces.map(|(&(at, level), end)| level.into() * share_of(span, at.as_ms(), end)).sum()
}

/// The long-run share of departures that are cancelled.
pub(super) fn cancelled(params: &ServiceParams) -> f64 {
    match params.cancellation {
        Cancellation::Never => 0.0,
        Cancellation::Independent(threshold, _) => share(threshold),
        Cancellation::Runs { first, .. } => share(first),
    }
}

/// Servers at work at most, on average over the window: on duty, open, and not broken by the calendar; `None` if unlimited.
/// Failures that count service are taken as longer work.
fn servers(model: &Model, params: &ResourceParams) -> Option<f64> {
    let installed = f64::from(params.servers?);
    let on_duty =
        if params.shifts.is_empty() { installed } else { mean_level(&params.shifts, window(model)) };
    let open = match params.calendar {
        // Under `finish` what was begun goes on after hours: at most one job for each server and closing.
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

/// How often each operation of a program is come to, on average, in the order of the operations.
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
    // All jumps but those of loops lead ahead.
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
