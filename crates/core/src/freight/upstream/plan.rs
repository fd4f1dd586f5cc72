//! What of a model lies upstream: found from the programs, before a run.
//!
//! A station is a desk, a counter or a batch of which everybody who leaves it meets nobody again but at stations, in yards that a timetable
//! empties, or nowhere. A flow lies upstream if its shipments meet nobody before a station or such a yard. Stations that lie
//! behind each other both ways make a knot, unless going on takes a while somewhere in their circle, where it is cut; stations and
//! flows between which shipments pass make a part. A vehicle, or a branch of a shipment, makes what it uses no station.

use std::collections::BTreeMap;
use std::ops::Range;

use sanda_network::{Knot as NetworkKnot, knots};
use sanda_units::IdVec;

use crate::freight::cut::cut;
use crate::freight::groups::Groups;
use crate::freight::ids::{ConnectionId, FlowId, ResourceId, ServiceId};
use crate::freight::model::{ActTarget, Model};
use crate::freight::program::{Op, OpIndex, least};
use crate::freight::upstream::lead::{last_leg, leads};

/// A desk, a counter or a batch upstream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Station {
    /// A desk or a counter.
    Desk(ResourceId),
    /// A group that waits for each other.
    Batch(u32),
}

/// Stations that are computed together: one, or several that lie in circles.
#[derive(Debug, Clone)]
pub(crate) struct Knot {
    /// Which, by their places in [`Plan::stations`].
    pub stations: Range<usize>,
    /// Those of them that are batches, by their groups.
    pub groups: Vec<u32>,
    /// Whether who leaves them may come again.
    pub is_circle: bool,
    /// The part it belongs to.
    pub part: u32,
}

/// No knot.
const NONE: u32 = u32::MAX;

/// A circle is cut only where going on takes at least a minute: stretches of time would be too short for anybody to come together.
const SHORTEST: i64 = 60_000;

/// What lies upstream.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// The stations, knot by knot.
    pub stations: Vec<Station>,
    /// The knots, part by part; within a part each before those behind it.
    pub knots: Vec<Knot>,
    /// The knots of each part.
    pub parts: Vec<Range<usize>>,
    /// The blocks of each part, each before those behind it.
    pub blocks: Vec<Vec<Block>>,
    /// Of each part, how many flows and knots it has; none if it is computed step by step, where columns are of no use.
    pub members: Vec<usize>,
    /// Of each part, how long before they come to it shipments from outside are known to, at least.
    pub leads: Vec<i64>,
    /// The part of each flow that lies upstream.
    pub part_of_flow: IdVec<FlowId, Option<u32>>,
    /// Of each service and stop, the parts from which shipments come to its yard.
    pub feeds: IdVec<ServiceId, Vec<Vec<u32>>>,
    /// Of each ride, whether who ends it meets nobody but upstream, in a yard, or nowhere.
    pub ends_alone: Vec<bool>,
    /// Then also how long before it ends that is known, at least.
    pub leads_of_rides: Vec<i64>,
    /// And where they come to next.
    pub behind_rides: Vec<Behind>,
    knot_of_work: Vec<u32>,
    knot_of_batch: Vec<u32>,
    /// Of each work in a circle that is cut, whether who has done it comes to no station of the circle next, if he comes to any.
    pub leaves_circle: Vec<bool>,
}

/// Knots that happen together: one, or those of a circle that is cut.
#[derive(Debug, Clone)]
pub(crate) struct Block {
    pub knots: Range<usize>,
    /// How long a stretch of time may be at most, so that who leaves a station of a circle comes to none before it within the same
    /// stretch.
    pub longest: i64,
}

/// Where shipments come to next when they end a ride, and how long after its last leg has begun, at least.
#[derive(Debug, Clone, Default)]
pub(crate) struct Behind {
    /// The parts that they come to.
    pub parts: Vec<(u32, i64)>,
    /// The services in whose yards they stand without having come to any station.
    pub services: Vec<(ServiceId, i64)>,
}

/// Which resources and groups may be stations.
pub(super) struct Candidates {
    desks: IdVec<ResourceId, bool>,
    groups: Vec<bool>,
}

/// The connections whose hauls concern others: a disruption may befall them, or their vehicles are counted.
pub(crate) fn shared_connections(model: &Model) -> IdVec<ConnectionId, bool> {
    let mut shared: IdVec<ConnectionId, bool> =
        model.connections.iter().map(|params| params.fleet.is_some()).collect();
    for act in model.disruptions.iter().flat_map(|disruption| &disruption.acts) {
        if let ActTarget::Connection(connection) = act.target {
            shared[connection] = true;
        }
    }
    shared
}

impl Plan {
    /// `desks` are the desks and counters of the model, `shared` its connections whose hauls concern others.
    pub(crate) fn new(
        model: &Model,
        desks: &IdVec<ResourceId, bool>,
        shared: &IdVec<ConnectionId, bool>,
    ) -> Self {
        let mut candidates = Candidates::new(model, desks.clone());
        loop {
            let alone = alone(model, &candidates, shared);
            if candidates.leave_out(model, |next| !alone[next]) {
                continue;
            }
            let reach = Reach::new(model, &candidates, &alone);
            let overtaken = reach.overtaken(model);
            if overtaken.is_empty() {
                let leads = leads(model, &candidates, &alone, shared);
                return Self::of(model, &candidates, &alone, &reach, &leads);
            }
            for station in overtaken {
                candidates.refuse(station);
            }
        }
    }

    fn of(
        model: &Model,
        candidates: &Candidates,
        alone: &[bool],
        reach: &Reach,
        leads: &BTreeMap<Station, i64>,
    ) -> Self {
        let mut groups = reach.groups();
        let mut numbers = BTreeMap::new();
        let mut part_of = |member: Member| -> u32 {
            let n = numbers.len() as u32;
            *numbers.entry(groups.root(member)).or_insert(n)
        };
        let mut plan = Self {
            part_of_flow: { model.flows.ids() }
                .map(|id| reach.of_flows.contains_key(&id).then(|| part_of(Member::Flow(id))))
                .collect(),
            knot_of_work: vec![NONE; model.programs.works.len()],
            knot_of_batch: vec![NONE; model.programs.batches.len()],
            leaves_circle: vec![false; model.programs.works.len()],
            ..Self::nothing(model)
        };
        let mut blocks = Vec::new();
        for knot in reach.knots() {
            let part = part_of(Member::Station(knot.members[0]));
            let cut = if knot.is_circle { reach.cut(&knot.members) } else { None };
            let (knots, longest) = cut.unwrap_or_else(|| (vec![knot], i64::MAX));
            blocks.push((part, knots, longest));
        }
        // Stable, so that within a part the order remains.
        blocks.sort_by_key(|&(part, ..)| part);
        let mut circle_of = BTreeMap::new();
        for (number, (part, knots, longest)) in blocks.into_iter().enumerate() {
            let begin = plan.knots.len();
            for knot in knots {
                let from = plan.stations.len();
                let groups = knot.members.iter().filter_map(|station| match *station {
                    Station::Batch(group) => Some(group),
                    Station::Desk(_) => None,
                });
                let groups = groups.collect();
                if longest < i64::MAX {
                    circle_of.extend(knot.members.iter().map(|&station| (station, number)));
                }
                plan.stations.extend(knot.members);
                let stations = from..plan.stations.len();
                plan.knots.push(Knot { stations, groups, is_circle: knot.is_circle, part });
            }
            if part as usize >= plan.blocks.len() {
                plan.blocks.resize(part as usize + 1, Vec::new());
            }
            plan.blocks[part as usize].push(Block { knots: begin..plan.knots.len(), longest });
        }
        let flows = reach.of_flows.iter().map(|(&flow, next)| (Member::Flow(flow), next));
        let stations = reach.behind.iter().map(|(&station, next)| (Member::Station(station), next));
        for (member, next) in flows.chain(stations) {
            let part = part_of(member);
            for &(service, stop) in &next.yards {
                let feeds = &mut plan.feeds[service][usize::from(stop)];
                if !feeds.contains(&part) {
                    feeds.push(part);
                }
            }
        }
        let mut leads_of_parts = BTreeMap::new();
        for (&station, &lead) in leads {
            keep_least(&mut leads_of_parts, part_of(Member::Station(station)), lead);
        }
        plan.blocks.resize(numbers.len(), Vec::new());
        let begin_of = |part: u32| plan.knots.partition_point(|knot| knot.part < part);
        let parts = 0..numbers.len() as u32;
        plan.parts = parts.clone().map(|part| begin_of(part)..begin_of(part + 1)).collect();
        plan.leads = parts.map(|part| leads_of_parts.get(&part).copied().unwrap_or(i64::MAX)).collect();
        plan.members = plan.parts.iter().map(ExactSizeIterator::len).collect();
        for &part in plan.part_of_flow.iter().flatten() {
            plan.members[part as usize] += 1;
        }
        for knot in plan.knots.iter().filter(|knot| knot.is_circle) {
            plan.members[knot.part as usize] = 0;
        }
        let mut knot_of = BTreeMap::new();
        for (number, knot) in (0..).zip(&plan.knots) {
            knot_of.extend(plan.stations[knot.stations.clone()].iter().map(|&station| (station, number)));
        }
        for (place, op) in model.programs.ops.iter().enumerate() {
            let knot = candidates.at(model, *op).and_then(|station| knot_of.get(&station)).copied();
            match (*op, knot) {
                (Op::Work(work), Some(knot)) => {
                    plan.knot_of_work[work as usize] = knot;
                    let circle = candidates.at(model, *op).and_then(|station| circle_of.get(&station));
                    if circle.is_some() {
                        let next = Next::of(model, candidates, [(place as OpIndex + 1, 0)]);
                        plan.leaves_circle[work as usize] =
                            next.stations.keys().all(|station| circle_of.get(station) != circle);
                    }
                }
                (Op::Batch(batch), Some(knot)) => plan.knot_of_batch[batch as usize] = knot,
                (Op::Ride(ride), _) if alone[place + 1] => {
                    plan.ends_alone[ride as usize] = true;
                    let lead = last_leg(model, &model.programs.rides[ride as usize]);
                    plan.leads_of_rides[ride as usize] = lead;
                    let next = Next::of(model, candidates, [(place as OpIndex + 1, lead)]);
                    let part_of = |station| plan.knots[knot_of[station] as usize].part;
                    plan.behind_rides[ride as usize] = Behind {
                        parts: next.stations.iter().map(|(at, &time)| (part_of(at), time)).collect(),
                        services: next.yards.iter().map(|&(service, _)| (service, lead)).collect(),
                    };
                }
                _ => {}
            }
        }
        plan
    }

    /// For an observer in the order of time: nothing lies upstream.
    pub(crate) fn nothing(model: &Model) -> Self {
        Self {
            part_of_flow: model.flows.iter().map(|_| None).collect(),
            feeds: model.services.iter().map(|service| vec![Vec::new(); service.stops.len()]).collect(),
            ends_alone: vec![false; model.programs.rides.len()],
            leads_of_rides: vec![0; model.programs.rides.len()],
            behind_rides: vec![Behind::default(); model.programs.rides.len()],
            ..Self::default()
        }
    }

    /// The knot of an operation at a station.
    #[inline]
    pub(crate) fn knot_of(&self, op: Op) -> Option<u32> {
        let knot = match op {
            Op::Work(work) => self.knot_of_work[work as usize],
            Op::Batch(batch) => self.knot_of_batch[batch as usize],
            _ => NONE,
        };
        Some(knot).filter(|&knot| knot != NONE)
    }
}

impl Candidates {
    fn new(model: &Model, desks: IdVec<ResourceId, bool>) -> Self {
        let programs = &model.programs;
        let mut candidates = Self {
            desks,
            // A group that waits no time would complete itself.
            groups: model.batch_groups.iter().map(|group| group.longest_wait > 0).collect(),
        };
        let of_vehicles = model.services.iter().flat_map(|service| programs.from(service.program));
        let used: Vec<Station> = of_vehicles.filter_map(|op| candidates.at(model, op)).collect();
        for station in used {
            candidates.refuse(station);
        }
        candidates
    }

    /// The station of an operation, as far as is known.
    pub(super) fn at(&self, model: &Model, op: Op) -> Option<Station> {
        match op {
            Op::Work(work) => {
                let resource = model.programs.works[work as usize].resource;
                self.desks[resource].then_some(Station::Desk(resource))
            }
            Op::Batch(batch) => {
                let group = model.programs.batches[batch as usize].group;
                self.groups[group as usize].then_some(Station::Batch(group))
            }
            _ => None,
        }
    }

    fn refuse(&mut self, station: Station) {
        match station {
            Station::Desk(resource) => self.desks[resource] = false,
            Station::Batch(group) => self.groups[group as usize] = false,
        }
    }

    /// Refuses the stations of operations of which this holds for the place that follows. True if there were any.
    fn leave_out(&mut self, model: &Model, is_out: impl Fn(usize) -> bool) -> bool {
        let mut n_out = 0;
        for (place, &op) in model.programs.ops.iter().enumerate() {
            if let Some(station) = self.at(model, op).filter(|_| is_out(place + 1)) {
                self.refuse(station);
                n_out += 1;
            }
        }
        n_out > 0
    }
}

/// Of each operation, whether a shipment before it meets nobody but at stations, in yards that a timetable empties, or nowhere.
/// One more than there are.
fn alone(model: &Model, candidates: &Candidates, shared: &IdVec<ConnectionId, bool>) -> Vec<bool> {
    let programs = &model.programs;
    let mut may_go_back = vec![true; programs.repeats.len()];
    loop {
        let alone = alone_if(model, candidates, shared, &may_go_back);
        let mut is_so = true;
        for (place, &op) in programs.ops.iter().enumerate() {
            if let Op::Repeat(index) = op
                && alone[place]
                && !alone[programs.repeats[index as usize].back_to as usize]
            {
                may_go_back[index as usize] = false;
                is_so = false;
            }
        }
        if is_so {
            return alone;
        }
    }
}

/// As [`alone`], if that is so where those loops begin that may go back.
fn alone_if(
    model: &Model,
    candidates: &Candidates,
    shared: &IdVec<ConnectionId, bool>,
    may_go_back: &[bool],
) -> Vec<bool> {
    let programs = &model.programs;
    let mut alone = vec![false; programs.ops.len() + 1];
    // Backwards: what comes after an operation is known, but for loops.
    for (place, &op) in programs.ops.iter().enumerate().rev() {
        let goes_on = |to: OpIndex| to as usize > place && alone[to as usize];
        alone[place] = match op {
            Op::Deliver => true,
            Op::Ride(_) | Op::RideAny(_) => !model.waits_to_fill(op),
            Op::Work(_) | Op::Batch(_) => candidates.at(model, op).is_some(),
            Op::Delay(index) | Op::Haul(index) => {
                let connection = programs.delays[index as usize].connection;
                alone[place + 1] && connection.is_none_or(|connection| !shared[connection])
            }
            Op::EndStage(_)
            | Op::Regime(_)
            | Op::Gate(_)
            | Op::Mark(_)
            | Op::Charge(_)
            | Op::InspectionBegins
            | Op::InspectionEnds => alone[place + 1],
            Op::Choose(index) => {
                let op = &programs.chooses[index as usize];
                op.branches.iter().map(|&(_, to)| to).chain([op.otherwise]).all(goes_on)
            }
            Op::Jump(to) => goes_on(to),
            Op::Repeat(index) => may_go_back[index as usize] && alone[place + 1],
            _ => false,
        };
    }
    alone
}

/// Where shipments come to next.
#[derive(Debug, Default)]
pub(super) struct Next {
    /// And how long that takes at least.
    pub stations: BTreeMap<Station, i64>,
    yards: Vec<(ServiceId, u16)>,
}

impl Next {
    /// From operations on, before which a shipment is alone, so much later at least.
    pub(super) fn of(
        model: &Model,
        candidates: &Candidates,
        begins: impl IntoIterator<Item = (OpIndex, i64)>,
    ) -> Self {
        let programs = &model.programs;
        let mut ahead = Self::default();
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
            match programs.ops[place as usize] {
                Op::Deliver => {}
                op @ (Op::Ride(_) | Op::RideAny(_)) => {
                    let rides = programs.rides_at(op).map(|ride| programs.rides[ride as usize]);
                    ahead.yards.extend(rides.map(|ride| (ride.service, ride.from)));
                }
                op @ (Op::Work(_) | Op::Batch(_)) => {
                    if let Some(station) = candidates.at(model, op) {
                        keep_least(&mut ahead.stations, station, time);
                    }
                }
                Op::Choose(index) => {
                    let op = &programs.chooses[index as usize];
                    for to in op.branches.iter().map(|&(_, to)| to).chain([op.otherwise]) {
                        keep_least(&mut left, to, time);
                    }
                }
                Op::Jump(to) => keep_least(&mut left, to, time),
                Op::Repeat(index) => {
                    keep_least(&mut left, programs.repeats[index as usize].back_to, time);
                    keep_least(&mut left, place + 1, time);
                }
                Op::Delay(index) | Op::Haul(index) => {
                    let op = &programs.delays[index as usize];
                    keep_least(&mut left, place + 1, time.saturating_add(least(&op.time, op.per)));
                }
                _ => keep_least(&mut left, place + 1, time),
            }
        }
        ahead
    }

    fn members(&self) -> impl Iterator<Item = Member> {
        self.stations.keys().map(|&station| Member::Station(station))
    }
}

/// Something takes some time, or less on another way.
fn keep_least<T: Ord>(times: &mut BTreeMap<T, i64>, what: T, time: i64) {
    let least = times.entry(what).or_insert(time);
    *least = time.min(*least);
}

/// Where stations and flows lead.
struct Reach {
    behind: BTreeMap<Station, Next>,
    of_flows: BTreeMap<FlowId, Next>,
}

impl Reach {
    fn new(model: &Model, candidates: &Candidates, alone: &[bool]) -> Self {
        let mut places: BTreeMap<Station, Vec<(OpIndex, i64)>> = BTreeMap::new();
        for (place, &op) in (1..).zip(&model.programs.ops) {
            if let Some(station) = candidates.at(model, op) {
                let time = match op {
                    Op::Work(work) => {
                        let op = &model.programs.works[work as usize];
                        // Patience may end before; and where work may be interrupted its end is not known before it has come.
                        let is_known =
                            op.patience.is_none() && !model.resources[op.resource].is_interrupted();
                        if is_known { least(&op.time, op.per) } else { 0 }
                    }
                    _ => 0,
                };
                places.entry(station).or_default().push((place, time));
            }
        }
        let mut begins: BTreeMap<FlowId, Vec<(OpIndex, i64)>> = BTreeMap::new();
        for itinerary in &model.itineraries {
            begins.entry(itinerary.flow).or_default().push((itinerary.program, 0));
        }
        // A choice that sees bookings needs all releases before it, and none after.
        begins.retain(|&flow, begins| {
            !model.is_seen(flow) && begins.iter().all(|&(begin, _)| alone[begin as usize])
        });
        let ahead = |places| Next::of(model, candidates, places);
        Self {
            behind: places.into_iter().map(|(station, places)| (station, ahead(places))).collect(),
            of_flows: begins.into_iter().map(|(flow, begins)| (flow, ahead(begins))).collect(),
        }
    }

    /// The stations as far as they lie in circles, each knot before those behind it.
    fn knots(&self) -> Vec<NetworkKnot<Station>> {
        knots(self.behind.iter().map(|(&station, next)| (station, next.stations.keys().copied().collect())))
    }

    /// Cuts a circle where it takes longest to go on: orders its stations so that who leaves one comes to those before it (or to
    /// itself again) only after some time. That time, the longest for which there is such an order. Members ascend.
    fn cut(&self, members: &[Station]) -> Option<(Vec<NetworkKnot<Station>>, i64)> {
        let leads = |station: &Station| {
            let next = &self.behind[station].stations;
            let within = next.iter().filter(|(to, _)| members.binary_search(to).is_ok());
            within.map(|(&to, &time)| (to, time)).collect()
        };
        cut(&members.iter().map(|station| (*station, leads(station))).collect(), SHORTEST)
    }

    /// The stations with lanes, where others may come before somebody who waits, in circles that are not cut: what happens there step
    /// by step is known when somebody comes, or not at all.
    fn overtaken(&self, model: &Model) -> Vec<Station> {
        let has_lanes = |station: &Station| match *station {
            Station::Desk(resource) => {
                let params = &model.resources[resource];
                params.classes > 1 || params.is_interrupted()
            }
            Station::Batch(_) => false,
        };
        let circles = self.knots().into_iter().filter(|knot| knot.is_circle);
        let with_lanes = circles.filter(|knot| knot.members.iter().any(has_lanes));
        let uncut = with_lanes.filter(|knot| self.cut(&knot.members).is_none());
        uncut.flat_map(|knot| knot.members).filter(has_lanes).collect()
    }

    /// The parts, by what they have in common: stations and flows, and the yard of flows that pass no station.
    fn groups(&self) -> Groups<Member> {
        let mut groups = Groups::new();
        for (&station, next) in &self.behind {
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

/// What may belong to one part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Member {
    Station(Station),
    Flow(FlowId),
    Yard(ServiceId, u16),
}
