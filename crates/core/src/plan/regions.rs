//! Feed-forward regions: what of a model is computed window by window, found from the programs before a run.
//!
//! A resource or consolidation point is a station if every shipment that leaves it interacts only with other stations or timetabled yards
//! until it is delivered. A flow is fed forward if its shipments interact with nothing else before a station or such a yard. A station on
//! a cycle is one only where the cycle can be broken at its lookahead. Stations and flows between which shipments pass make a partition;
//! the stations of a partition are passed in stages, each before those that it leads to, the stations of a broken cycle in one stage. What
//! a vehicle, or a branch of a shipment, uses is no station.

use std::collections::BTreeMap;
use std::ops::Range;

use sanda_units::IdVec;

use crate::kernel::groups::Groups;
use crate::kernel::scc::{Scc, break_cycles, sccs};
use crate::model::Model;
use crate::model::ids::{ConnectionId, FlowId, ResourceId, ServiceId};
use crate::model::program::{Op, OpIndex};
use crate::plan::discipline::{Discipline, Why};
use crate::plan::facts::{AllFacts, Facts, Meets, Uses};
use crate::plan::lookahead::lookahead;

/// A station of a feed-forward region.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum StationId {
    /// A resource.
    Resource(ResourceId),
    /// A group of shipments that wait for each other.
    Batch(u32),
}

/// Shortest lookahead at which a cycle is broken, in milliseconds: below a minute windows would be too short for batches.
const SHORTEST: i64 = 60_000;

/// The feed-forward regions of a model.
#[derive(Debug, Default)]
pub(crate) struct Regions {
    /// The stations, partition by partition; within one each before those that it leads to.
    pub stations: Vec<StationId>,
    /// The partitions.
    pub partitions: Vec<Partition>,
    /// The partition of each flow that is fed forward.
    pub partition_of_flow: IdVec<FlowId, Option<u32>>,
    /// Of each service and stop, the partitions from which shipments come to its yard.
    pub feeds: IdVec<ServiceId, Vec<Vec<u32>>>,
    /// Of each ride, whether a shipment that ends it meets others only at stations and in timetabled yards.
    pub ends_fed_forward: Vec<bool>,
    /// Of each work on a broken cycle, whether it leads to no station of the cycle next.
    pub leaves_cycle: Vec<bool>,
    station_of_work: Vec<Option<u32>>,
    station_of_batch: Vec<Option<u32>>,
}

/// A partition: stations and flows that are computed together.
#[derive(Debug)]
pub(crate) struct Partition {
    /// Its stations, by their places in [`Regions::stations`].
    pub stations: Range<usize>,
    /// The stages in which they are passed.
    pub stages: Vec<Stage>,
    /// How many flows and stations it has.
    pub n_members: usize,
    /// Its lookahead, in milliseconds; `i64::MAX` if nothing comes from outside.
    pub lookahead: i64,
}

/// Stations that are passed together: one, or those of a broken cycle.
#[derive(Debug, Clone)]
pub(crate) struct Stage {
    /// The stations, by their places in [`Regions::stations`].
    pub stations: Range<usize>,
    /// Longest window, in milliseconds, so that within it a shipment that leaves a station comes to none before it.
    pub longest: i64,
}

/// Which resources and groups may be stations.
pub(crate) struct Candidates {
    resources: IdVec<ResourceId, bool>,
    groups: Vec<bool>,
}

/// What a plan is made from.
#[derive(Clone, Copy)]
pub(crate) struct Input<'i> {
    pub model: &'i Model,
    pub facts: &'i AllFacts,
    /// The connections whose hauls concern others.
    pub shared: &'i IdVec<ConnectionId, bool>,
}

impl Regions {
    /// Finds the regions. A resource that is left to events although its discipline is another is marked so.
    pub(crate) fn new(input: Input<'_>, disciplines: &mut IdVec<ResourceId, Discipline>) -> Self {
        let mut candidates = Candidates::new(input, disciplines);
        let regions = loop {
            let fed_forward = fed_forward(input, &candidates);
            if candidates.leave_out(input, |next| !fed_forward[next]) {
                continue;
            }
            let reach = Reach::new(input, &candidates, &fed_forward);
            let cyclic = reach.on_unbroken_cycles();
            if cyclic.is_empty() {
                break Self::of(input, &candidates, &fed_forward, &reach);
            }
            for station in cyclic {
                candidates.refuse(station);
            }
        };
        // A FIFO station is one wherever it lies, for what leaves it goes on by an event.
        for (id, is_station) in candidates.resources.iter_enumerated() {
            if !is_station && matches!(disciplines[id], Discipline::Scheduled | Discipline::Priority) {
                disciplines[id] = Discipline::General(Why::SeenByOthers);
            }
        }
        regions
    }

    fn of(input: Input<'_>, candidates: &Candidates, fed_forward: &[bool], reach: &Reach) -> Self {
        let Input { model, facts, .. } = input;
        let mut groups = reach.groups();
        let mut numbers = BTreeMap::new();
        let mut partition_of = |member: Member| -> u32 {
            let n = numbers.len() as u32;
            *numbers.entry(groups.root(member)).or_insert(n)
        };
        let partition_of_flow: IdVec<FlowId, Option<u32>> = { model.flows.ids() }
            .map(|id| reach.of_flows.contains_key(&id).then(|| partition_of(Member::Flow(id))))
            .collect();
        let mut stages = Vec::new();
        for scc in reach.sccs() {
            let partition = partition_of(Member::Station(scc.members[0]));
            let broken = if scc.is_cycle { reach.break_cycles(&scc.members) } else { None };
            let (sccs, longest) = broken.unwrap_or_else(|| (vec![scc], i64::MAX));
            let stations: Vec<StationId> = sccs.into_iter().flat_map(|scc| scc.members).collect();
            stages.push((partition, stations, longest));
        }
        let mut regions = Self {
            partition_of_flow,
            station_of_work: vec![None; model.programs.works.len()],
            station_of_batch: vec![None; model.programs.batches.len()],
            leaves_cycle: vec![false; model.programs.works.len()],
            ..Self::none(model)
        };
        let members = reach.of_flows.iter().map(|(&flow, next)| (Member::Flow(flow), next));
        let members = members.chain(reach.after.iter().map(|(&id, next)| (Member::Station(id), next)));
        for (member, next) in members {
            let partition = partition_of(member);
            for &(service, stop) in &next.yards {
                let feeds = &mut regions.feeds[service][usize::from(stop)];
                if !feeds.contains(&partition) {
                    feeds.push(partition);
                }
            }
        }
        let mut lookaheads = BTreeMap::new();
        for (station, time) in lookahead(input, candidates, fed_forward) {
            keep_least(&mut lookaheads, partition_of(Member::Station(station)), time);
        }
        let mut cycle_of = BTreeMap::new();
        let mut number_of = BTreeMap::new();
        for partition in 0..numbers.len() as u32 {
            let begin = regions.stations.len();
            let mut of_partition = Vec::new();
            for (cycle, (_, members, longest)) in
                stages.iter().enumerate().filter(|(_, (of, ..))| *of == partition)
            {
                let from = regions.stations.len();
                regions.stations.extend(members);
                number_of.extend(members.iter().copied().zip(from as u32..));
                if *longest < i64::MAX {
                    cycle_of.extend(members.iter().map(|&station| (station, cycle)));
                }
                of_partition.push(Stage { stations: from..regions.stations.len(), longest: *longest });
            }
            let stations = begin..regions.stations.len();
            let n_flows = regions.partition_of_flow.iter().filter(|of| **of == Some(partition)).count();
            regions.partitions.push(Partition {
                n_members: stations.len() + n_flows,
                stations,
                stages: of_partition,
                lookahead: lookaheads.get(&partition).copied().unwrap_or(i64::MAX),
            });
        }
        for (place, of_op) in facts.all() {
            let station = candidates.station(of_op);
            let number = station.and_then(|station| number_of.get(&station)).copied();
            match model.programs.ops[place as usize] {
                Op::Work(work) if number.is_some() => {
                    regions.station_of_work[work as usize] = number;
                    if let Some(cycle) = station.and_then(|station| cycle_of.get(&station)) {
                        let next = Next::of(input, candidates, [(place + 1, 0)]);
                        let stays = |station| cycle_of.get(station) == Some(cycle);
                        regions.leaves_cycle[work as usize] = !next.stations.keys().any(stays);
                    }
                }
                Op::Batch(batch) => regions.station_of_batch[batch as usize] = number,
                Op::Ride(ride) => regions.ends_fed_forward[ride as usize] = fed_forward[place as usize + 1],
                _ => {}
            }
        }
        regions
    }

    /// Returns no regions: everything is an event.
    pub(crate) fn none(model: &Model) -> Self {
        Self {
            partition_of_flow: model.flows.iter().map(|_| None).collect(),
            feeds: model.services.iter().map(|service| vec![Vec::new(); service.stops.len()]).collect(),
            ends_fed_forward: vec![false; model.programs.rides.len()],
            ..Self::default()
        }
    }

    /// Returns the station of an operation, by its place in [`Regions::stations`].
    #[inline]
    pub(crate) fn station_of(&self, op: Op) -> Option<u32> {
        match op {
            Op::Work(work) => self.station_of_work.get(work as usize).copied().flatten(),
            Op::Batch(batch) => self.station_of_batch.get(batch as usize).copied().flatten(),
            _ => None,
        }
    }
}

impl Candidates {
    fn new(input: Input<'_>, disciplines: &IdVec<ResourceId, Discipline>) -> Self {
        let Input { model, facts, .. } = input;
        let mut candidates = Self {
            resources: disciplines.map(|discipline| !matches!(discipline, Discipline::General(_))),
            // A group that waits no time would complete itself.
            groups: model.batch_groups.iter().map(|group| group.longest_wait > 0).collect(),
        };
        for service in &model.services {
            for of_op in facts.program(model, service.program) {
                if let Some(station) = candidates.station(of_op) {
                    candidates.refuse(station);
                }
            }
        }
        candidates
    }

    /// Returns the station of an operation, as far as is known.
    pub(crate) fn station(&self, facts: &Facts) -> Option<StationId> {
        match (facts.meets, facts.uses) {
            (Meets::AtStation, Uses::Resource(id)) => self.resources[id].then_some(StationId::Resource(id)),
            (Meets::AtStation, Uses::Batch(group)) => {
                self.groups[group as usize].then_some(StationId::Batch(group))
            }
            _ => None,
        }
    }

    fn refuse(&mut self, station: StationId) {
        match station {
            StationId::Resource(resource) => self.resources[resource] = false,
            StationId::Batch(group) => self.groups[group as usize] = false,
        }
    }

    /// Refuses the stations of operations of which this holds for the place that follows. Returns true if there were any.
    fn leave_out(&mut self, input: Input<'_>, is_out: impl Fn(usize) -> bool) -> bool {
        let mut n_out = 0;
        for (place, facts) in input.facts.all() {
            if let Some(station) = self.station(facts).filter(|_| is_out(place as usize + 1)) {
                self.refuse(station);
                n_out += 1;
            }
        }
        n_out > 0
    }
}

/// Finds out of each operation whether a shipment before it interacts only with stations and timetabled yards until it is delivered. One
/// more entry than there are operations.
fn fed_forward(input: Input<'_>, candidates: &Candidates) -> Vec<bool> {
    let mut refused = vec![false; input.facts.all().len()];
    loop {
        let fed_forward = fed_forward_if(input, candidates, &refused);
        let mut is_so = true;
        for (place, facts) in input.facts.all() {
            if facts.back_to.is_some_and(|to| fed_forward[place as usize] && !fed_forward[to as usize]) {
                refused[place as usize] = true;
                is_so = false;
            }
        }
        if is_so {
            return fed_forward;
        }
    }
}

/// As [`fed_forward`], if that is so where loops begin, but for those that are refused.
fn fed_forward_if(input: Input<'_>, candidates: &Candidates, refused: &[bool]) -> Vec<bool> {
    let mut fed_forward = vec![false; input.facts.all().len() + 1];
    // Backwards: what comes after an operation is known, but for loops.
    for (place, facts) in input.facts.all().rev() {
        let goes_on = || facts.then.iter().all(|&to| to > place && fed_forward[to as usize]);
        fed_forward[place as usize] = match (facts.meets, facts.uses) {
            (Meets::Nobody, _) => !refused[place as usize] && goes_on(),
            (Meets::IfShared, Uses::Connection(id)) => !input.shared[id] && goes_on(),
            (Meets::AtStation, _) => candidates.station(facts).is_some(),
            (Meets::InYard, Uses::Rides(op)) => !input.model.waits_to_fill(op),
            (Meets::IfShared | Meets::InYard | Meets::ByEvent, _) => false,
        };
    }
    fed_forward
}

/// The stations and yards that shipments come to next.
#[derive(Debug, Default)]
pub(crate) struct Next {
    /// With the least time until then.
    pub stations: BTreeMap<StationId, i64>,
    yards: Vec<(ServiceId, u16)>,
}

impl Next {
    /// Follows shipments that are fed forward from operations on, each begun at a time.
    pub(crate) fn of(
        input: Input<'_>,
        candidates: &Candidates,
        begins: impl IntoIterator<Item = (OpIndex, i64)>,
    ) -> Self {
        let programs = &input.model.programs;
        let mut next = Self::default();
        let mut left = BTreeMap::new();
        for (place, time) in begins {
            keep_least(&mut left, place, time);
        }
        // Ways lead forwards, so that in the order of their places all ways to an operation are known at its turn; but for loops, which
        // are quicker nowhere.
        let mut seen = BTreeMap::new();
        while let Some((place, time)) = left.pop_first() {
            if seen.get(&place).is_some_and(|&least| least <= time) {
                continue;
            }
            seen.insert(place, time);
            let facts = input.facts.at(place);
            match (facts.meets, facts.uses) {
                (Meets::InYard, Uses::Rides(op)) => {
                    let rides = programs.rides_at(op).map(|ride| programs.rides[ride as usize]);
                    next.yards.extend(rides.map(|ride| (ride.service, ride.from)));
                }
                (Meets::AtStation, _) => {
                    if let Some(station) = candidates.station(facts) {
                        keep_least(&mut next.stations, station, time);
                    }
                }
                _ => {
                    for &to in facts.then.iter().chain(&facts.back_to) {
                        keep_least(&mut left, to, time.saturating_add(facts.least));
                    }
                }
            }
        }
        next
    }

    fn members(&self) -> impl Iterator<Item = Member> {
        self.stations.keys().map(|&station| Member::Station(station))
    }
}

/// Keeps the least of the times of a key.
fn keep_least<T: Ord>(times: &mut BTreeMap<T, i64>, key: T, time: i64) {
    let least = times.entry(key).or_insert(time);
    *least = time.min(*least);
}

/// Where stations and flows lead.
struct Reach {
    after: BTreeMap<StationId, Next>,
    of_flows: BTreeMap<FlowId, Next>,
}

impl Reach {
    fn new(input: Input<'_>, candidates: &Candidates, fed_forward: &[bool]) -> Self {
        let model = input.model;
        let mut places: BTreeMap<StationId, Vec<(OpIndex, i64)>> = BTreeMap::new();
        for (place, facts) in input.facts.all() {
            if let Some(station) = candidates.station(facts) {
                places.entry(station).or_default().push((place + 1, facts.least));
            }
        }
        let mut begins: BTreeMap<FlowId, Vec<(OpIndex, i64)>> = BTreeMap::new();
        for itinerary in &model.itineraries {
            begins.entry(itinerary.flow).or_default().push((itinerary.program, 0));
        }
        // A choice that sees bookings needs all releases before it, and none after.
        begins.retain(|&flow, begins| {
            !model.is_seen(flow) && begins.iter().all(|&(begin, _)| fed_forward[begin as usize])
        });
        let next = |places| Next::of(input, candidates, places);
        Self {
            after: places.into_iter().map(|(station, places)| (station, next(places))).collect(),
            of_flows: begins.into_iter().map(|(flow, begins)| (flow, next(begins))).collect(),
        }
    }

    /// Returns the stations by strongly connected component, each before those that it leads to.
    fn sccs(&self) -> Vec<Scc<StationId>> {
        sccs(self.after.iter().map(|(&station, next)| (station, next.stations.keys().copied().collect())))
    }

    /// Breaks the cycles of stations at their largest lookahead. Members ascend.
    fn break_cycles(&self, members: &[StationId]) -> Option<(Vec<Scc<StationId>>, i64)> {
        let edges = |station: &StationId| {
            let next = &self.after[station].stations;
            let within = next.iter().filter(|(to, _)| members.binary_search(to).is_ok());
            within.map(|(&to, &time)| (to, time)).collect()
        };
        break_cycles(&members.iter().map(|station| (*station, edges(station))).collect(), SHORTEST)
    }

    /// Returns the stations on cycles that cannot be broken: what happens there acts on itself without delay.
    fn on_unbroken_cycles(&self) -> Vec<StationId> {
        let cycles = self.sccs().into_iter().filter(|scc| scc.is_cycle);
        cycles.filter(|scc| self.break_cycles(&scc.members).is_none()).flat_map(|scc| scc.members).collect()
    }

    /// Returns the partitions: stations and flows between which shipments pass, and the yard of flows that pass no station.
    fn groups(&self) -> Groups<Member> {
        let mut groups = Groups::new();
        for (&station, next) in &self.after {
            groups.join(std::iter::once(Member::Station(station)).chain(next.members()));
        }
        for (&flow, next) in &self.of_flows {
            let yard = next.yards.first().filter(|_| next.stations.is_empty());
            let yard = yard.map(|&(service, stop)| Member::Yard(service, stop));
            groups.join(std::iter::once(Member::Flow(flow)).chain(next.members()).chain(yard));
        }
        groups
    }
}

/// What may belong to one partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Member {
    Station(StationId),
    Flow(FlowId),
    Yard(ServiceId, u16),
}
