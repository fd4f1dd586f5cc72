//! Upstream of the yards: flows, desks and batches that are computed when somebody looks, instead of event by event.
//!
//! Where shipments meet others only at desks and in batches before they stand in a yard, what happens follows from who comes
//! when: no event is needed, and nobody can tell when it was worked out, as long as it is before a departure looks at the yard.
//! So a part of the model that lies upstream (`plan`) is left alone until a departure with a cut-off past what is known looks at
//! one of its yards, until a disruption is about to change which itineraries are taken, or until many wait at its gates. Then
//! it catches up at one stroke, a stretch of time after the other, to the present and as far beyond it as the last stretch goes
//! and nobody can come from outside who is not known yet (`lead`); in each, flow by flow all releases, and
//! station by station, each before those behind it, all who come there in order. The state of one station, and the code for
//! it, stay at hand for as long as they are needed. Who comes waits at a `gate`. Stations that lie in a circle in which going on
//! takes a while somewhere are gone round as often as a stretch asks, in rounds no longer than that while; who has left the circle goes
//! on at the end of the stretch, with the others who have. Stations in any other `circle` are computed together, step by step.
//!
//! Order is that of events (`event`): at a station by instant and, of one instant, by identity. Who comes of a departure or of a
//! batch that has waited its longest, without any time in between, comes after those who do not, in the order of these
//! causes ([`Cause`]). The places of stations in ranks follow from the model (`places`): each is before those that can be reached from it in
//! no time, so that event by event everybody who comes at an instant has come before the first is served.
//!
//! Does not own what happens at a desk (`desk`, `counter`), to a batch (`waiting`), between stations (`ahead`) or at a release
//! (`demand`). An observer who wants things in the order of time has none of this.

mod circle;
mod gate;
mod lead;
mod plan;

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use crate::freight::component::Component;
use crate::freight::desk::Desk;
use crate::freight::entity::{NEVER, Slot};
use crate::freight::event::Ranks;
use crate::freight::ids::{DisruptionId, FlowId, ResourceId, ServiceId};
use crate::freight::observer::Observer;
use crate::freight::program::Op;
use crate::freight::simulation::Simulation;
use crate::freight::together::{self, Comer};
use crate::kernel::order::Sorter;
use crate::kernel::week::HOUR;

use circle::Steps;
use gate::Gate;
use plan::Block;
pub(super) use plan::{Plan, Station, shared_connections};

/// What brought somebody to a station without any time in between: nothing, the batch of a group that has waited its longest
/// (one more than the group), or the latest departure of the instant (counted from [`FIRST_DEPARTURE`] on).
pub(super) type Cause = u32;

/// The first departure of an instant.
const FIRST_DEPARTURE: Cause = 1 << 31;

/// The first stretch of time.
const FIRST_STRETCH: i64 = HOUR;

/// Who comes within so many stretches of time after the present one comes soon: he is looked at in each of them.
const SOON: i64 = 8;

/// So many steps of shipments make a stretch of time, or twice as many: enough for columns, and their records stay in the cache.
const STRETCH: usize = 256;

/// Of many parts each has fewer: so many together, for what they are ahead of the present is kept.
const STRETCHES: usize = 1 << 17;

/// But no fewer than these.
const SHORT_STRETCH: usize = 32;

/// Where a part has many flows and stations, so many steps of each make a stretch, as far as that is no more than so many of all.
const STEPS_OF_EACH: usize = 64;
const LONG_STRETCH: usize = 1 << 17;

/// So many may wait at all gates together, or be known to come, before parts catch up: their records should not have left the cache
/// for good by then.
const WAITING: usize = 1 << 15;

/// At one gate, so many at least and at most.
const WAITING_AT_ONE: (usize, usize) = (16, 256);

/// A part of the model.
#[derive(Debug)]
struct Part {
    /// Everything before this instant has happened.
    done_until: i64,
    /// Who comes until then comes soon: within some stretches of time after the latest one.
    soon_until: i64,
    /// The next arrival of each flow.
    arrivals: BinaryHeap<Reverse<(i64, FlowId)>>,
    /// The length of a stretch of time.
    stretch: i64,
}

/// What lies upstream, in one replication.
#[derive(Debug)]
pub(super) struct Upstream {
    pub plan: Arc<Plan>,
    parts: Vec<Part>,
    /// By knots.
    gates: Vec<Gate>,
    /// So many may wait at each at least.
    may_wait: usize,
    /// Of each gate, when the first comes, or a batch will have waited its longest. Apart, for all of a part are looked at in
    /// every stretch of time.
    soonest: Vec<i64>,
    /// When the batches will have waited their longest, by groups.
    due_at: Vec<i64>,
    /// Parts at whose gates many wait.
    crowded: Vec<u32>,
    /// The cause of what happens now.
    cause: Cause,
    /// Until when the stretch of time reaches that happens upstream: who comes in it is met in it.
    happening_until: Option<i64>,
    /// Whether stations of a circle that is cut are passed, round by round.
    pub is_in_circle: bool,
    /// The disruptions that change which itineraries are taken, and when the next of them begins or ends.
    changing: Vec<DisruptionId>,
    choices_change_at: i64,
    /// The parts of the component that happens now.
    of_component: Vec<u32>,
    /// So many steps make a stretch.
    stretch: usize,
    /// Whether everything in the window has happened.
    is_through: bool,
    /// After the window, when to look again whether the run is over.
    look_again_at: i64,
    /// Work space: who comes in a stretch, and what happens in a circle.
    comers: Vec<Comer>,
    sorter: Sorter<Comer>,
    steps: Steps,
}

impl Upstream {
    pub(super) fn new(plan: Arc<Plan>, n_groups: usize) -> Self {
        let part =
            || Part { done_until: 0, soon_until: 0, arrivals: BinaryHeap::new(), stretch: FIRST_STRETCH };
        Self {
            parts: plan.parts.iter().map(|_| part()).collect(),
            gates: plan.knots.iter().map(|knot| Gate::new(knot.part)).collect(),
            may_wait: 0,
            soonest: vec![NEVER; plan.knots.len()],
            due_at: vec![NEVER; n_groups],
            crowded: Vec::new(),
            cause: 0,
            happening_until: None,
            is_in_circle: false,
            changing: Vec::new(),
            choices_change_at: NEVER,
            of_component: Vec::new(),
            stretch: 0,
            is_through: false,
            look_again_at: 0,
            comers: Vec::new(),
            sorter: Sorter::default(),
            steps: Steps::default(),
            plan,
        }
    }

    /// From now on a component happens that nobody has begun with, or that has been left off. Nothing of another one does meanwhile.
    pub(super) fn take_up(&mut self, component: &Component) {
        self.changing.clone_from(&component.changing);
        self.of_component.clone_from(&component.parts);
        self.stretch = (STRETCHES / component.parts.len().max(1)).clamp(SHORT_STRETCH, STRETCH);
        let knots = || component.parts.iter().flat_map(|&part| self.plan.parts[part as usize].clone());
        let (least, most) = WAITING_AT_ONE;
        // Of lines everything has come before anything is known of who comes next.
        let is_of_lines = component.lines.is_some();
        self.may_wait =
            if is_of_lines { usize::MAX } else { (WAITING / knots().count().max(1)).clamp(least, most) };
        for knot in knots() {
            self.gates[knot].allow_more(self.may_wait);
        }
        self.crowded.clear();
        self.cause = 0;
        (self.is_through, self.look_again_at) = (false, 0);
    }

    /// Something happens at a knot from the beginning on, before anybody comes.
    pub(super) fn expect_steps(&mut self, knot: u32) {
        self.soonest[knot as usize] = 0;
    }

    /// The clock has moved on.
    #[inline]
    pub(super) fn begin_instant(&mut self) {
        self.cause = 0;
    }

    /// An event of the class of departures is next.
    #[inline]
    pub(super) fn begin_departure(&mut self) {
        self.cause = self.cause.max(FIRST_DEPARTURE - 1) + 1;
    }

    /// Puts the next arrival of a flow on the list of its part.
    pub(super) fn expect(&mut self, part: u32, flow: FlowId, at: i64) {
        self.parts[part as usize].arrivals.push(Reverse((at, flow)));
    }

    /// Somebody comes to a station of a knot, now or later.
    #[inline]
    pub(super) fn come(&mut self, knot: u32, slot: Slot, identity: u64, at: i64, now: i64) {
        let cause = if at == now { self.cause } else { 0 };
        let gate = &mut self.gates[knot as usize];
        if gate.add(Comer { at, identity, slot, cause }, self.parts[gate.part as usize].soon_until) {
            self.crowded.push(gate.part);
        }
        self.expect_from(knot, at);
    }

    /// As [`Self::come`] for each, where each says what brought it.
    pub(super) fn come_together(&mut self, knot: u32, comers: &[Comer]) {
        let gate = &mut self.gates[knot as usize];
        if gate.add_all(comers, self.parts[gate.part as usize].soon_until) {
            self.crowded.push(gate.part);
        }
        if let Some(soonest) = comers.iter().map(|comer| comer.at).min() {
            self.expect_from(knot, soonest);
        }
    }

    /// Somebody comes to a knot at an instant.
    #[inline]
    fn expect_from(&mut self, knot: u32, at: i64) {
        let soonest = &mut self.soonest[knot as usize];
        *soonest = at.min(*soonest);
        if self.happening_until.is_none() {
            let number = self.gates[knot as usize].part as usize;
            let part = &mut self.parts[number];
            debug_assert!(at >= part.done_until || self.plan.leads[number] == 0, "it was known before");
            part.done_until = part.done_until.min(at);
        }
    }

    /// What brings now who comes without any time in between.
    #[inline]
    pub(super) fn cause(&self) -> Cause {
        self.cause
    }

    #[inline]
    pub(super) fn set_cause(&mut self, cause: Cause) {
        self.cause = cause;
    }

    /// The present of what happens: upstream it is ahead of the clock.
    #[inline]
    pub(super) fn present(&self, now: i64) -> i64 {
        self.happening_until.map_or(now, |until| until.max(now))
    }

    /// Whether many wait somewhere.
    #[inline]
    pub(super) fn is_crowded(&self) -> bool {
        !self.crowded.is_empty()
    }

    /// The flows that have arrivals to come.
    pub(super) fn expected(&self) -> impl Iterator<Item = FlowId> {
        self.parts.iter().flat_map(|part| &part.arrivals).map(|&Reverse((_, flow))| flow)
    }

    /// The groups whose batches will have waited their longest.
    pub(super) fn batches_due(&self) -> impl Iterator<Item = u32> {
        (0..).zip(&self.due_at).filter(|&(_, &at)| at < NEVER).map(|(group, _)| group)
    }

    fn is_behind(&self, until: i64) -> bool {
        self.of_component.iter().any(|&part| self.parts[part as usize].done_until < until)
    }

    /// When the first thing happens in a part that has not happened yet.
    fn next_at(&self, number: usize) -> i64 {
        let soonest = self.soonest[self.plan.parts[number].clone()].iter().copied().min().unwrap_or(NEVER);
        let arrival = self.parts[number].arrivals.peek().map_or(NEVER, |&Reverse((at, _))| at);
        soonest.min(arrival)
    }
}

impl<O: Observer> Simulation<'_, O> {
    /// Somebody is about to look at a yard, and at who is ready there by an instant, now at the latest: everything that
    /// leads there happens. At an event of the class of departures.
    #[inline]
    pub(super) fn look_upstream(&mut self, service: ServiceId, stop: usize, ready_by: i64) {
        for place in 0..self.upstream.plan.feeds[service][stop].len() {
            let part = self.upstream.plan.feeds[service][stop][place] as usize;
            if ready_by >= self.upstream.parts[part].done_until {
                self.catch_up(part, self.now + 1);
            }
        }
    }

    /// Everything before an instant happens in all of the component, which may lie ahead of now, and nothing beyond.
    #[inline(never)]
    pub(super) fn catch_up_everywhere(&mut self, until: i64) {
        for place in 0..self.upstream.of_component.len() {
            self.catch_up_with(self.upstream.of_component[place], until);
        }
    }

    /// Likewise in a part.
    pub(super) fn catch_up_with(&mut self, part: u32, until: i64) {
        while self.upstream.parts[part as usize].done_until < until {
            self.happen(part as usize, until);
        }
    }

    /// Where many wait, everything before now happens.
    #[inline(never)]
    pub(super) fn clear_gates(&mut self, now: i64) {
        while let Some(number) = self.upstream.crowded.pop() {
            self.catch_up(number as usize, now);
            for knot in self.upstream.plan.parts[number as usize].clone() {
                self.upstream.gates[knot].allow_more(self.upstream.may_wait);
            }
        }
    }

    /// The next event comes after the window: the run may be over, unless what counts still lies upstream. Lets one more stretch
    /// of time happen there. False if there is nothing to be found.
    pub(super) fn find_more_upstream(&mut self, next_at: i64) -> bool {
        let last = self.end.saturating_add(1);
        let window = self.model.window;
        let mut until = window.to.as_ms().min(last);
        self.upstream.is_through = self.upstream.is_through || !self.upstream.is_behind(until);
        if self.upstream.is_through {
            // Now and then, for every look breaks a stretch off.
            if self.n_measured == 0 || next_at < last.min(self.upstream.look_again_at) {
                return false;
            }
            until = next_at.min(last);
            if !self.upstream.is_behind(until) {
                self.upstream.look_again_at =
                    next_at.saturating_add((window.to - window.from).as_ms() / 1000);
                return false;
            }
        }
        for place in 0..self.upstream.of_component.len() {
            self.happen(self.upstream.of_component[place] as usize, until);
        }
        true
    }

    /// Everything before an instant, no more than one after now, happens in a part, and what may as well in the last stretch.
    fn catch_up(&mut self, part: usize, until: i64) {
        let horizon = self.horizon(part).max(until);
        while self.upstream.parts[part].done_until < until {
            self.happen(part, horizon);
        }
    }

    /// Until when everything that may happen in a part is known, in the window.
    fn horizon(&self, part: usize) -> i64 {
        let known_until = self.now.saturating_add(self.upstream.plan.leads[part]);
        known_until.min(self.upstream.choices_change_at).min(self.window.to)
    }

    /// When choices change next is worked out anew: it may have changed itself.
    pub(super) fn watch_choices(&mut self) {
        let changing = self.upstream.changing.iter();
        let next_at = changing.map(|&id| self.disruptions[id].next_at).min();
        self.upstream.choices_change_at = next_at.unwrap_or(NEVER);
    }

    /// One more stretch of time happens in a part, up to an instant at the latest.
    fn happen(&mut self, number: usize, until: i64) {
        let part = &self.upstream.parts[number];
        if part.done_until >= until {
            return;
        }
        let from = part.done_until.max(self.upstream.next_at(number));
        let to = from.saturating_add(part.stretch).min(until);
        let (now, cause) = (self.now, self.upstream.cause);
        self.upstream.parts[number].soon_until = to.saturating_add(part.stretch.saturating_mul(SOON));
        self.upstream.happening_until = Some(to);
        let mut n_steps = self.release_until(number, to);
        for block in 0..self.upstream.plan.blocks[number].len() {
            n_steps += self.pass_block(number, block, to);
        }
        (self.now, self.upstream.cause) = (now, cause);
        self.upstream.happening_until = None;
        let of_each = (STEPS_OF_EACH * self.upstream.plan.members[number]).min(LONG_STRETCH);
        let n_wanted = self.upstream.stretch.max(of_each);
        let part = &mut self.upstream.parts[number];
        part.done_until = to;
        if n_steps > 2 * n_wanted {
            part.stretch = (part.stretch / 2).max(1);
        } else if n_steps < n_wanted && to < until {
            part.stretch = part.stretch.saturating_mul(2);
        }
    }

    /// Releases what the flows of a part release before an instant, flow by flow. Returns how many.
    fn release_until(&mut self, part: usize, until: i64) -> usize {
        let mut n_released = 0;
        self.upstream.cause = 0;
        while let Some(&Reverse((at, flow))) = self.upstream.parts[part].arrivals.peek()
            && at < until
        {
            let (n, next) = self.release_together(flow, at, until);
            n_released += n;
            let arrivals = &mut self.upstream.parts[part].arrivals;
            match (arrivals.peek_mut(), next) {
                (Some(mut first), Some(at)) => first.0.0 = at,
                (Some(first), None) => {
                    std::collections::binary_heap::PeekMut::pop(first);
                }
                (None, _) => {}
            }
        }
        n_released
    }

    /// Lets everybody pass who comes to a block before an instant. Returns how many came. Round a circle in stretches of time as long
    /// as may be; who is out of it goes on at the end, with all others who are.
    fn pass_block(&mut self, part: usize, block: usize, until: i64) -> usize {
        let Block { knots, longest } = self.upstream.plan.blocks[part][block].clone();
        let mut n_comers = 0;
        self.upstream.is_in_circle = longest < i64::MAX;
        loop {
            let first = self.upstream.soonest[knots.clone()].iter().copied().min().unwrap_or(NEVER);
            if first >= until {
                break;
            }
            let to = first.saturating_add(longest).min(until);
            for knot in knots.clone() {
                if self.upstream.soonest[knot] < to {
                    n_comers += self.pass(knot, to);
                    debug_assert!(self.upstream.soonest[knot] >= to, "something is left there");
                }
            }
        }
        if std::mem::take(&mut self.upstream.is_in_circle) {
            self.let_held_go();
        }
        n_comers
    }

    /// Lets everybody pass who comes to a knot before an instant. Returns how many came.
    fn pass(&mut self, number: usize, until: i64) -> usize {
        let mut comers = std::mem::take(&mut self.upstream.comers);
        self.upstream.soonest[number] = self.upstream.gates[number].take(until, &mut comers);
        self.pool.fetch(comers.iter().map(|comer| comer.slot));
        let knot = &self.upstream.plan.knots[number];
        let (stations, is_circle) = (knot.stations.clone(), knot.is_circle);
        let mut n_comers = comers.len();
        if is_circle {
            n_comers += self.pass_circle(number, &comers, until);
        } else {
            if let Station::Desk(resource) = self.upstream.plan.stations[stations.start]
                && self.model.resources[resource].classes > 1
            {
                self.rank_by_class(&mut comers);
            }
            Comer::sort(&mut comers, &mut self.upstream.sorter);
            // When something happens there next, whether anybody comes or not.
            let mut next_at = NEVER;
            match self.upstream.plan.stations[stations.start] {
                Station::Desk(resource) if self.takes_together(resource, comers.len()) => {
                    self.pass_desk_together(resource, &mut comers);
                }
                Station::Desk(resource) if self.resources[resource].counter.is_some() => {
                    self.pass_counter_together(&mut comers);
                }
                Station::Desk(resource) if self.resources[resource].stepwise.is_some() => {
                    next_at = self.pass_stepwise(resource, &mut comers, until);
                }
                Station::Desk(resource) if self.resources[resource].lanes.is_some() => {
                    next_at = self.pass_lanes(resource, &mut comers, until);
                }
                Station::Desk(_) => {
                    for comer in &comers {
                        (self.now, self.upstream.cause) = (comer.at, comer.cause);
                        if let Op::Work(work) = self.model.programs.ops[self.pool[comer.slot].pc as usize] {
                            self.pass_at_once(comer.slot, work);
                        }
                    }
                }
                Station::Batch(group) => next_at = self.pass_batch(group, &comers, until),
            }
            let soonest = &mut self.upstream.soonest[number];
            *soonest = next_at.min(*soonest);
        }
        comers.clear();
        self.upstream.comers = comers;
        n_comers
    }

    /// Of one instant, the most urgent comes first to a priority resource.
    fn rank_by_class(&self, comers: &mut [Comer]) {
        for comer in comers {
            if let Op::Work(work) = self.model.programs.ops[self.pool[comer.slot].pc as usize] {
                comer.identity = Ranks::in_class(self.class_at(comer.slot, work), comer.identity);
            }
        }
    }

    /// Whether so many are worth a column at a desk.
    fn takes_together(&self, resource: ResourceId, n: usize) -> bool {
        n >= together::FEW && self.resources[resource].desk.as_ref().is_some_and(Desk::has_few)
    }

    /// Somebody joins a batch now. Who goes on because it is complete is added to a column.
    fn wait_in_batch(&mut self, slot: Slot, group: u32, gone: &mut Vec<Comer>) {
        let is_first = self.add_to_batch(slot, group);
        if self.is_complete(group) {
            self.upstream.due_at[group as usize] = NEVER;
            self.leave_batch(group, gone);
        } else if is_first {
            let longest_wait = self.model.batch_groups[group as usize].longest_wait;
            self.upstream.due_at[group as usize] = self.now.saturating_add(longest_wait);
        }
    }

    /// A batch has waited its longest. Who goes on is added to a column.
    fn let_batch_go(&mut self, group: u32, gone: &mut Vec<Comer>) {
        let due_at = std::mem::replace(&mut self.upstream.due_at[group as usize], NEVER);
        (self.now, self.upstream.cause) = (due_at, group + 1);
        self.leave_batch(group, gone);
    }

    fn leave_batch(&mut self, group: u32, gone: &mut Vec<Comer>) {
        let (at, cause) = (self.now, self.upstream.cause);
        let members = self.end_batch(group);
        for &slot in &members {
            let identity = self.ranks.of(&self.pool[slot]);
            gone.push(Comer { at, identity, slot, cause });
        }
        self.give_back_members(members);
    }

    /// Lets a batch that lies in no circle fill, and go on, before an instant. Returns when it will have waited its longest.
    fn pass_batch(&mut self, group: u32, comers: &[Comer], until: i64) -> i64 {
        let due_at = |upstream: &Upstream| (upstream.due_at[group as usize], group + 1);
        let mut gone = self.space.column();
        for comer in comers {
            if due_at(&self.upstream) < (comer.at, comer.cause) {
                self.let_batch_go(group, &mut gone);
            }
            (self.now, self.upstream.cause) = (comer.at, comer.cause);
            self.wait_in_batch(comer.slot, group, &mut gone);
        }
        if due_at(&self.upstream).0 < until {
            self.let_batch_go(group, &mut gone);
        }
        self.walk_all(&mut gone);
        self.space.give_back(gone);
        self.upstream.due_at[group as usize]
    }
}
