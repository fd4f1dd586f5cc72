//! The feed-forward regions in one replication: what has happened in each partition, and the arrivals that are known.
//!
//! Does not own when a window is simulated, nor what happens in it (`run::windows`).

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use crate::engine::batch::{Arrival, Trigger};
use crate::engine::entity::NEVER;
use crate::engine::inbox::Inbox;
use crate::kernel::week::HOUR;
use crate::model::ids::{DisruptionId, FlowId};
use crate::plan::{Component, Plan};

/// The first departure of an instant.
const FIRST_DEPARTURE: Trigger = 1 << 31;

/// Length of the first window, in milliseconds; it then adapts.
const FIRST_WINDOW: i64 = HOUR;

/// Number of windows after the present one within which an arrival comes soon: it is looked at in each of them.
pub(crate) const SOON: i64 = 8;

/// Target number of shipment steps per window, and its bound. 256 keep batches long and records in the cache.
const STEPS: (usize, usize) = (32, 256);

/// Upper bound of the steps over all partitions of a component: what they are ahead of the present is kept in memory.
pub(crate) const ALL_STEPS: usize = 1 << 17;

/// Target number of steps for each flow and station of a partition that has many, up to the bound over all.
pub(crate) const STEPS_OF_EACH: usize = 64;

/// Upper bound of the arrivals that wait in all inboxes before partitions catch up. Beyond it records leave the cache for good.
const WAITING: usize = 1 << 15;

/// Bounds of the arrivals in one inbox.
const WAITING_AT_ONE: (usize, usize) = (16, 256);

/// A partition in one replication.
#[derive(Debug)]
pub(crate) struct Partition {
    /// Everything before this instant has happened.
    pub done_until: i64,
    /// Arrivals up to here come soon.
    pub soon_until: i64,
    /// The next arrival of each flow.
    pub arrivals: BinaryHeap<Reverse<(i64, FlowId)>>,
    /// Length of a window.
    pub window: i64,
}

/// The feed-forward regions in one replication.
#[derive(Debug)]
pub(crate) struct Windows {
    plan: Arc<Plan>,
    pub partitions: Vec<Partition>,
    /// By station.
    pub inboxes: Vec<Inbox>,
    /// By station, the first arrival, or when a batch will have waited its longest. Apart, for all of a partition are looked at in every
    /// window.
    pub soonest: Vec<i64>,
    /// By group, when the batch will have waited its longest.
    pub due_at: Vec<i64>,
    /// Partitions with an inbox at its limit.
    pub crowded: Vec<u32>,
    pub trigger: Trigger,
    /// The end of the window that is simulated now.
    pub window_until: Option<i64>,
    pub is_in_cycle: bool,
    pub choices: Choices,
    /// The partitions of the component that is simulated.
    pub of_component: Vec<u32>,
    pub pace: Pace,
}

/// The disruptions that change which itineraries are taken, and when the next of them begins or ends.
#[derive(Debug)]
pub(crate) struct Choices {
    pub changing: Vec<DisruptionId>,
    pub change_at: i64,
}

/// How windows are cut.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    /// Least limit of an inbox.
    pub may_wait: usize,
    /// Target number of steps per window.
    pub n_steps: usize,
    /// Whether everything in the measured window has happened.
    pub is_through: bool,
    /// After the measured window, when to look again whether the run is over.
    pub look_again_at: i64,
}

impl Windows {
    pub(crate) fn new(plan: Arc<Plan>, n_groups: usize) -> Self {
        let partition =
            || Partition { done_until: 0, soon_until: 0, arrivals: BinaryHeap::new(), window: FIRST_WINDOW };
        let regions = &plan.regions;
        let inboxes = (0..)
            .zip(&regions.partitions)
            .flat_map(|(number, partition)| partition.stations.clone().map(move |_| Inbox::new(number)));
        Self {
            inboxes: inboxes.collect(),
            partitions: regions.partitions.iter().map(|_| partition()).collect(),
            soonest: vec![NEVER; regions.stations.len()],
            due_at: vec![NEVER; n_groups],
            crowded: Vec::new(),
            trigger: 0,
            window_until: None,
            is_in_cycle: false,
            choices: Choices { changing: Vec::new(), change_at: NEVER },
            of_component: Vec::new(),
            pace: Pace::default(),
            plan,
        }
    }

    /// Returns the plan.
    #[inline]
    pub(crate) fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Shares the plan.
    pub(crate) fn share_plan(&self) -> Arc<Plan> {
        Arc::clone(&self.plan)
    }

    /// Begins or resumes the simulation of a component. No other is simulated meanwhile.
    pub(crate) fn take_up(&mut self, component: &Component) {
        self.choices.changing.clone_from(&component.changing);
        self.of_component.clone_from(&component.partitions);
        self.pace.n_steps = (ALL_STEPS / component.partitions.len().max(1)).clamp(STEPS.0, STEPS.1);
        let regions = &self.plan.regions;
        let stations =
            || component.partitions.iter().flat_map(|&id| regions.partitions[id as usize].stations.clone());
        let (least, most) = WAITING_AT_ONE;
        self.pace.may_wait = (WAITING / stations().count().max(1)).clamp(least, most);
        for station in stations() {
            self.inboxes[station].allow_more(self.pace.may_wait);
        }
        self.crowded.clear();
        self.trigger = 0;
        (self.pace.is_through, self.pace.look_again_at) = (false, 0);
    }

    /// Notes that the clock has moved on.
    #[inline]
    pub(crate) fn begin_instant(&mut self) {
        self.trigger = 0;
    }

    /// Notes that an event of the class of departures is next.
    #[inline]
    pub(crate) fn begin_departure(&mut self) {
        self.trigger = self.trigger.max(FIRST_DEPARTURE - 1) + 1;
    }

    /// Notes that the batch of a group that has waited its longest goes on next. Batches go on before all departures of an instant, those in
    /// regions and those by events in the order of their groups.
    pub(crate) fn begin_batch(&mut self, group: u32) {
        self.trigger = if self.trigger < FIRST_DEPARTURE { group + 1 } else { self.trigger + 1 };
    }

    /// Returns the trigger of a shipment that goes on now.
    #[inline]
    pub(crate) fn trigger(&self) -> Trigger {
        self.trigger
    }

    /// Resumes with a trigger.
    pub(crate) fn set_trigger(&mut self, trigger: Trigger) {
        self.trigger = trigger;
    }

    /// Whether the stations of a broken cycle are passed now.
    #[inline]
    pub(crate) fn is_in_cycle(&self) -> bool {
        self.is_in_cycle
    }

    /// Adds the next arrival of a flow to its partition.
    pub(crate) fn expect(&mut self, partition: u32, flow: FlowId, at: i64) {
        self.partitions[partition as usize].arrivals.push(Reverse((at, flow)));
    }

    /// Adds arrivals at a station, now or later.
    #[inline]
    pub(crate) fn arrive(&mut self, station: u32, arrivals: &[Arrival]) {
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
    pub(crate) fn present(&self, now: i64) -> i64 {
        self.window_until.map_or(now, |until| until.max(now))
    }

    /// Whether an inbox is at its limit.
    #[inline]
    pub(crate) fn is_crowded(&self) -> bool {
        !self.crowded.is_empty()
    }

    /// Returns the flows that have arrivals to come.
    pub(crate) fn expected(&self) -> impl Iterator<Item = FlowId> {
        self.partitions.iter().flat_map(|partition| &partition.arrivals).map(|&Reverse((_, flow))| flow)
    }

    /// Returns the groups whose batches will have waited their longest.
    pub(crate) fn batches_due(&self) -> impl Iterator<Item = u32> {
        (0..).zip(&self.due_at).filter(|&(_, &at)| at < NEVER).map(|(group, _)| group)
    }

    pub(crate) fn is_behind(&self, until: i64) -> bool {
        self.of_component.iter().any(|&id| self.partitions[id as usize].done_until < until)
    }

    /// Returns when the first thing happens in a partition that has not happened yet.
    pub(crate) fn next_at(&self, id: usize) -> i64 {
        let stations = self.plan.regions.partitions[id].stations.clone();
        let soonest = self.soonest[stations].iter().copied().min().unwrap_or(NEVER);
        let arrival = self.partitions[id].arrivals.peek().map_or(NEVER, |&Reverse((at, _))| at);
        soonest.min(arrival)
    }
}
