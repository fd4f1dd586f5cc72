//! Windows: feed-forward regions are simulated lazily, a window of time after the other.
//!
//! This is a conservative scheme of parallel simulation (K. M. Chandy and J. Misra, 1979) run on one core. Where shipments meet others only
//! at stations before they stand in a yard, what happens follows from who arrives when: no event is needed, and nothing can tell when it was
//! worked out, as long as it is before a departure looks at the yard. So a partition (`plan::regions`) is left alone until a departure with
//! a cut-off past what is known looks at one of its yards, until a disruption is about to change which itineraries are taken, or until many
//! arrivals wait. Then it catches up to the present, and in its last window as far beyond it as its lookahead allows. In each window all
//! releases come first, flow by flow, then station by station all arrivals, each station before those that it leads to. So the state of
//! one station, and the code for it, stay at hand. The stations of a broken cycle are passed again and again, in windows no longer than the
//! lookahead at which the cycle is broken.
//!
//! The order is that of events (`event`): at a station by instant and, of one instant, by identity. A shipment that a departure, or a
//! batch that has waited its longest, brings without any time in between comes after those that none has, in the order of these
//! triggers ([`Trigger`]). Does not own what happens at a station (`serve`), to a batch (`waiting`), between stations (`walk`) or at a
//! release (`release`). The event-by-event plan has no windows.

mod inbox;

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use crate::freight::batch::Arrival;
use crate::freight::entity::{NEVER, Slot};
use crate::freight::event::Ranks;
use crate::freight::ids::{DisruptionId, FlowId, ServiceId};
use crate::freight::observer::Observer;
use crate::freight::plan::{Component, Plan, Stage, StationId};
use crate::freight::program::Op;
use crate::freight::simulation::Simulation;
use crate::kernel::order::Sorter;
use crate::kernel::week::HOUR;

use inbox::Inbox;

/// The event that brought a shipment to a station without any time in between: none (0), the batch of a group that has waited its longest
/// (one more than the group), or the latest departure of the instant (counted from [`FIRST_DEPARTURE`] on).
pub(super) type Trigger = u32;

/// The first departure of an instant.
const FIRST_DEPARTURE: Trigger = 1 << 31;

/// Length of the first window, in milliseconds; it then adapts.
const FIRST_WINDOW: i64 = HOUR;

/// Number of windows after the present one within which an arrival comes soon: it is looked at in each of them.
const SOON: i64 = 8;

/// Target number of shipment steps per window, and its bound. 256 keep batches long and records in the cache.
const STEPS: (usize, usize) = (32, 256);

/// Upper bound of the steps over all partitions of a component: what they are ahead of the present is kept in memory.
const ALL_STEPS: usize = 1 << 17;

/// Target number of steps for each flow and station of a partition that has many, up to the bound over all.
const STEPS_OF_EACH: usize = 64;

/// Upper bound of the arrivals that wait in all inboxes before partitions catch up. Beyond it records leave the cache for good.
const WAITING: usize = 1 << 15;

/// Bounds of the arrivals in one inbox.
const WAITING_AT_ONE: (usize, usize) = (16, 256);

/// A partition in one replication.
#[derive(Debug)]
struct Partition {
    /// Everything before this instant has happened.
    done_until: i64,
    /// Arrivals up to here come soon.
    soon_until: i64,
    /// The next arrival of each flow.
    arrivals: BinaryHeap<Reverse<(i64, FlowId)>>,
    /// Length of a window.
    window: i64,
}

/// The feed-forward regions in one replication.
#[derive(Debug)]
pub(super) struct Windows {
    plan: Arc<Plan>,
    partitions: Vec<Partition>,
    /// By station.
    inboxes: Vec<Inbox>,
    /// Least limit of an inbox.
    may_wait: usize,
    /// By station, the first arrival, or when a batch will have waited its longest. Apart, for all of a partition are looked at in every
    /// window.
    soonest: Vec<i64>,
    /// By group, when the batch will have waited its longest.
    due_at: Vec<i64>,
    /// Partitions with an inbox at its limit.
    crowded: Vec<u32>,
    trigger: Trigger,
    /// The end of the window that is simulated now.
    window_until: Option<i64>,
    is_in_cycle: bool,
    /// The disruptions that change which itineraries are taken, and when the next of them begins or ends.
    changing: Vec<DisruptionId>,
    choices_change_at: i64,
    /// The partitions of the component that is simulated.
    of_component: Vec<u32>,
    /// Target number of steps per window.
    n_steps: usize,
    /// Whether everything in the measured window has happened.
    is_through: bool,
    /// After the measured window, when to look again whether the run is over.
    look_again_at: i64,
    /// Work space: the arrivals of a window.
    list: Vec<Arrival>,
    sorter: Sorter<Arrival>,
}

impl Windows {
    pub(super) fn new(plan: Arc<Plan>, n_groups: usize) -> Self {
        let partition =
            || Partition { done_until: 0, soon_until: 0, arrivals: BinaryHeap::new(), window: FIRST_WINDOW };
        let regions = &plan.regions;
        let inboxes = (0..)
            .zip(&regions.partitions)
            .flat_map(|(number, partition)| partition.stations.clone().map(move |_| Inbox::new(number)));
        Self {
            inboxes: inboxes.collect(),
            partitions: regions.partitions.iter().map(|_| partition()).collect(),
            may_wait: 0,
            soonest: vec![NEVER; regions.stations.len()],
            due_at: vec![NEVER; n_groups],
            crowded: Vec::new(),
            trigger: 0,
            window_until: None,
            is_in_cycle: false,
            changing: Vec::new(),
            choices_change_at: NEVER,
            of_component: Vec::new(),
            n_steps: 0,
            is_through: false,
            look_again_at: 0,
            list: Vec::new(),
            sorter: Sorter::default(),
            plan,
        }
    }

    /// Returns the plan.
    #[inline]
    pub(super) fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Shares the plan.
    pub(super) fn share_plan(&self) -> Arc<Plan> {
        Arc::clone(&self.plan)
    }

    /// Begins or resumes the simulation of a component. No other is simulated meanwhile.
    pub(super) fn take_up(&mut self, component: &Component) {
        self.changing.clone_from(&component.changing);
        self.of_component.clone_from(&component.partitions);
        self.n_steps = (ALL_STEPS / component.partitions.len().max(1)).clamp(STEPS.0, STEPS.1);
        let regions = &self.plan.regions;
        let stations =
            || component.partitions.iter().flat_map(|&id| regions.partitions[id as usize].stations.clone());
        let (least, most) = WAITING_AT_ONE;
        self.may_wait = (WAITING / stations().count().max(1)).clamp(least, most);
        for station in stations() {
            self.inboxes[station].allow_more(self.may_wait);
        }
        self.crowded.clear();
        self.trigger = 0;
        (self.is_through, self.look_again_at) = (false, 0);
    }

    /// Notes that the clock has moved on.
    #[inline]
    pub(super) fn begin_instant(&mut self) {
        self.trigger = 0;
    }

    /// Notes that an event of the class of departures is next.
    #[inline]
    pub(super) fn begin_departure(&mut self) {
        self.trigger = self.trigger.max(FIRST_DEPARTURE - 1) + 1;
    }

    /// Returns the trigger of a shipment that goes on now.
    #[inline]
    pub(super) fn trigger(&self) -> Trigger {
        self.trigger
    }

    /// Resumes with a trigger.
    pub(super) fn set_trigger(&mut self, trigger: Trigger) {
        self.trigger = trigger;
    }

    /// Whether the stations of a broken cycle are passed now.
    #[inline]
    pub(super) fn is_in_cycle(&self) -> bool {
        self.is_in_cycle
    }

    /// Adds the next arrival of a flow to its partition.
    pub(super) fn expect(&mut self, partition: u32, flow: FlowId, at: i64) {
        self.partitions[partition as usize].arrivals.push(Reverse((at, flow)));
    }

    /// Adds arrivals at a station, now or later.
    #[inline]
    pub(super) fn arrive(&mut self, station: u32, arrivals: &[Arrival]) {
        let inbox = &mut self.inboxes[station as usize];
        let partition = inbox.partition() as usize;
        if inbox.add(arrivals, self.partitions[partition].soon_until) {
            self.crowded.push(partition as u32);
        }
        let Some(at) = arrivals.iter().map(|arrival| arrival.at).min() else { return };
        let soonest = &mut self.soonest[station as usize];
        *soonest = at.min(*soonest);
        if self.window_until.is_none() {
            let done_until = &mut self.partitions[partition].done_until;
            debug_assert!(
                at >= *done_until || self.plan.regions.partitions[partition].lookahead == 0,
                "it was known before"
            );
            *done_until = at.min(*done_until);
        }
    }

    /// Returns the present of what happens: in a window it is ahead of the clock.
    #[inline]
    pub(super) fn present(&self, now: i64) -> i64 {
        self.window_until.map_or(now, |until| until.max(now))
    }

    /// Whether an inbox is at its limit.
    #[inline]
    pub(super) fn is_crowded(&self) -> bool {
        !self.crowded.is_empty()
    }

    /// Returns the flows that have arrivals to come.
    pub(super) fn expected(&self) -> impl Iterator<Item = FlowId> {
        self.partitions.iter().flat_map(|partition| &partition.arrivals).map(|&Reverse((_, flow))| flow)
    }

    /// Returns the groups whose batches will have waited their longest.
    pub(super) fn batches_due(&self) -> impl Iterator<Item = u32> {
        (0..).zip(&self.due_at).filter(|&(_, &at)| at < NEVER).map(|(group, _)| group)
    }

    fn is_behind(&self, until: i64) -> bool {
        self.of_component.iter().any(|&id| self.partitions[id as usize].done_until < until)
    }

    /// Returns when the first thing happens in a partition that has not happened yet.
    fn next_at(&self, id: usize) -> i64 {
        let stations = self.plan.regions.partitions[id].stations.clone();
        let soonest = self.soonest[stations].iter().copied().min().unwrap_or(NEVER);
        let arrival = self.partitions[id].arrivals.peek().map_or(NEVER, |&Reverse((at, _))| at);
        soonest.min(arrival)
    }
}

impl<O: Observer> Simulation<'_, O> {
    /// Advances every partition that feeds a yard far enough for a departure to look at what is ready there by an instant, now at the latest.
    /// At an event of the class of departures.
    #[inline]
    pub(super) fn look_at_feeders(&mut self, service: ServiceId, stop: usize, ready_by: i64) {
        for place in 0..self.windows.plan.regions.feeds[service][stop].len() {
            let partition = self.windows.plan.regions.feeds[service][stop][place] as usize;
            if ready_by >= self.windows.partitions[partition].done_until {
                self.catch_up(partition, self.now + 1);
            }
        }
    }

    /// Advances every partition of the component to an instant, and none beyond.
    #[inline(never)]
    pub(super) fn catch_up_everywhere(&mut self, until: i64) {
        for place in 0..self.windows.of_component.len() {
            let partition = self.windows.of_component[place] as usize;
            while self.windows.partitions[partition].done_until < until {
                self.run_window(partition, until);
            }
        }
    }

    /// Advances partitions with crowded inboxes to the present.
    #[inline(never)]
    pub(super) fn clear_inboxes(&mut self, now: i64) {
        while let Some(partition) = self.windows.crowded.pop() {
            self.catch_up(partition as usize, now);
            for station in self.windows.plan.regions.partitions[partition as usize].stations.clone() {
                self.windows.inboxes[station].allow_more(self.windows.may_wait);
            }
        }
    }

    /// Runs one more window of each partition, where the next event comes after the measured window: the run may be over, unless something
    /// that counts is still to happen there. Returns false if there is nothing to be found.
    pub(super) fn find_more(&mut self, next_at: i64) -> bool {
        let last = self.end.saturating_add(1);
        let window = self.model.window;
        let mut until = window.to.as_ms().min(last);
        self.windows.is_through = self.windows.is_through || !self.windows.is_behind(until);
        if self.windows.is_through {
            // Now and then, for every look cuts a window short.
            if self.n_measured == 0 || next_at < last.min(self.windows.look_again_at) {
                return false;
            }
            until = next_at.min(last);
            if !self.windows.is_behind(until) {
                self.windows.look_again_at = next_at.saturating_add((window.to - window.from).as_ms() / 1000);
                return false;
            }
        }
        for place in 0..self.windows.of_component.len() {
            self.run_window(self.windows.of_component[place] as usize, until);
        }
        true
    }

    /// Advances a partition to an instant, one after now at the latest, and in its last window as far beyond as its lookahead allows.
    fn catch_up(&mut self, partition: usize, until: i64) {
        let known_until = self.now.saturating_add(self.windows.plan.regions.partitions[partition].lookahead);
        let horizon = known_until.min(self.windows.choices_change_at).min(self.window.to).max(until);
        while self.windows.partitions[partition].done_until < until {
            self.run_window(partition, horizon);
        }
    }

    /// Works out anew when choices change next: it may have changed itself.
    pub(super) fn watch_choices(&mut self) {
        let changing = self.windows.changing.iter();
        let next_at = changing.map(|&id| self.disruptions[id].next_at).min();
        self.windows.choices_change_at = next_at.unwrap_or(NEVER);
    }

    /// Runs one more window of a partition, up to an instant at the latest.
    fn run_window(&mut self, id: usize, until: i64) {
        let partition = &self.windows.partitions[id];
        if partition.done_until >= until {
            return;
        }
        let from = partition.done_until.max(self.windows.next_at(id));
        let to = from.saturating_add(partition.window).min(until);
        let (now, trigger) = (self.now, self.windows.trigger);
        self.windows.partitions[id].soon_until = to.saturating_add(partition.window.saturating_mul(SOON));
        self.windows.window_until = Some(to);
        let mut n_steps = self.release_until(id, to);
        for stage in 0..self.windows.plan.regions.partitions[id].stages.len() {
            n_steps += self.pass_stage(id, stage, to);
        }
        (self.now, self.windows.trigger) = (now, trigger);
        self.windows.window_until = None;
        let of_each = (STEPS_OF_EACH * self.windows.plan.regions.partitions[id].n_members).min(ALL_STEPS);
        let n_wanted = self.windows.n_steps.max(of_each);
        let partition = &mut self.windows.partitions[id];
        partition.done_until = to;
        if n_steps > 2 * n_wanted {
            partition.window = (partition.window / 2).max(1);
        } else if n_steps < n_wanted && to < until {
            partition.window = partition.window.saturating_mul(2);
        }
    }

    /// Releases the shipments of a partition before an instant, flow by flow. Returns how many.
    fn release_until(&mut self, id: usize, until: i64) -> usize {
        let mut n_released = 0;
        self.windows.trigger = 0;
        while let Some(&Reverse((at, flow))) = self.windows.partitions[id].arrivals.peek()
            && at < until
        {
            let (n, next) = self.release_before(flow, at, until);
            n_released += n;
            let arrivals = &mut self.windows.partitions[id].arrivals;
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

    /// Passes the stations of a stage up to an instant. Returns the number of arrivals. Of a broken cycle, a shipment that leaves it goes on
    /// at the end, with all others that do.
    fn pass_stage(&mut self, id: usize, stage: usize, until: i64) -> usize {
        let Stage { stations, longest } = self.windows.plan.regions.partitions[id].stages[stage].clone();
        let mut n_arrivals = 0;
        self.windows.is_in_cycle = longest < i64::MAX;
        loop {
            let first = self.windows.soonest[stations.clone()].iter().copied().min().unwrap_or(NEVER);
            if first >= until {
                break;
            }
            let to = first.saturating_add(longest).min(until);
            for station in stations.clone() {
                if self.windows.soonest[station] < to {
                    n_arrivals += self.pass_station(station, to);
                    debug_assert!(self.windows.soonest[station] >= to, "something is left there");
                }
            }
        }
        if std::mem::take(&mut self.windows.is_in_cycle) {
            self.let_held_go();
        }
        n_arrivals
    }

    /// Passes a station up to an instant. Returns the number of arrivals.
    fn pass_station(&mut self, number: usize, until: i64) -> usize {
        let mut arrivals = std::mem::take(&mut self.windows.list);
        self.windows.soonest[number] = self.windows.inboxes[number].take(until, &mut arrivals);
        self.pool.fetch(arrivals.iter().map(|arrival| arrival.slot));
        let station = self.windows.plan.regions.stations[number];
        if let StationId::Resource(resource) = station
            && self.model.resources[resource].classes > 1
        {
            self.rank_by_class(&mut arrivals);
        }
        let n_arrivals = arrivals.len();
        Arrival::sort(&mut arrivals, &mut self.windows.sorter);
        // When something happens there next, whether a shipment arrives or not.
        let next_at = match station {
            StationId::Resource(resource) => self.serve_station(resource, &mut arrivals, until),
            StationId::Batch(group) => self.pass_batch(group, &arrivals, until),
        };
        let soonest = &mut self.windows.soonest[number];
        *soonest = next_at.min(*soonest);
        arrivals.clear();
        self.windows.list = arrivals;
        n_arrivals
    }

    /// Ranks arrivals by class: of one instant, the most urgent comes first to a priority resource.
    fn rank_by_class(&self, arrivals: &mut [Arrival]) {
        for arrival in arrivals {
            if let Op::Work(work) = self.model.programs.ops[self.pool[arrival.slot].pc as usize] {
                arrival.identity = Ranks::in_class(self.class_at(arrival.slot, work), arrival.identity);
            }
        }
    }

    /// Lets a batch fill and go on, up to an instant. Returns when it will have waited its longest.
    fn pass_batch(&mut self, group: u32, arrivals: &[Arrival], until: i64) -> i64 {
        let mut gone = self.space.lists.lend();
        for arrival in arrivals {
            if (self.windows.due_at[group as usize], group + 1) < (arrival.at, arrival.trigger) {
                self.let_batch_go(group, &mut gone);
            }
            (self.now, self.windows.trigger) = (arrival.at, arrival.trigger);
            self.wait_in_batch(arrival.slot, group, &mut gone);
        }
        if self.windows.due_at[group as usize] < until {
            self.let_batch_go(group, &mut gone);
        }
        self.walk_all(&mut gone);
        self.space.lists.take_back(gone);
        self.windows.due_at[group as usize]
    }

    /// Adds a shipment to a batch now. Those that go on, because it is complete, are added to a list.
    fn wait_in_batch(&mut self, slot: Slot, group: u32, gone: &mut Vec<Arrival>) {
        let is_first = self.add_to_batch(slot, group);
        if self.is_complete(group) {
            self.windows.due_at[group as usize] = NEVER;
            self.leave_batch(group, gone);
        } else if is_first {
            let longest_wait = self.model.batch_groups[group as usize].longest_wait;
            self.windows.due_at[group as usize] = self.now.saturating_add(longest_wait);
        }
    }

    /// Ends the wait of a batch that has waited its longest. Its members are added to a list.
    fn let_batch_go(&mut self, group: u32, gone: &mut Vec<Arrival>) {
        let due_at = std::mem::replace(&mut self.windows.due_at[group as usize], NEVER);
        (self.now, self.windows.trigger) = (due_at, group + 1);
        self.leave_batch(group, gone);
    }

    fn leave_batch(&mut self, group: u32, gone: &mut Vec<Arrival>) {
        let (at, trigger) = (self.now, self.windows.trigger);
        let members = self.end_batch(group);
        for &slot in &members {
            let identity = self.ranks.of(&self.pool[slot]);
            gone.push(Arrival { at, identity, slot, trigger });
        }
        self.give_back_members(members);
    }
}
