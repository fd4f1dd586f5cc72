//! Counters: desks with opening hours, shifts, a finite room, patience, or jobs of several servers. No event is needed there either.
//!
//! Who comes first is served first, nobody interrupts, and no server fails: so a job begins at the first instant at which it is
//! open, enough servers are idle, the job before has begun and, under `fit`, it ends by closing time. All of that is known when
//! it comes. So is who finds no room, by how many have not begun by then; who gives up, which is who would begin later than that;
//! and when work is done that pauses at closing time.
//!
//! Who gives up, or is lost, must not let anybody behind begin earlier than that. So it is where all jobs take one server and any
//! of them may begin when another may; elsewhere rooms and patience are left to events, as are both together, where it matters
//! who acts first of one instant (`resource`). Nor is a counter what no station is (`upstream`): where others see when somebody
//! leaves, it matters whether an opening of that very instant let him.
//!
//! Here is when somebody begins; `timeline` says when how many may, `servers` whether any are free, `visit` what is recorded;
//! `lanes` is for those who may be overtaken. Does not own plain desks (`desk`), which need less. An observer who wants things in the order of time has none of this.

mod lanes;
mod servers;
mod timeline;
mod visit;

use std::sync::Arc;

use sanda_units::IdVec;

use crate::freight::desk::Instants;
use crate::freight::entity::NEVER;
use crate::freight::ids::ResourceId;
use crate::freight::model::{AtClosing, Model, ResourceParams, WhenFull};
use crate::freight::program::Op;
use crate::freight::record::ResourceRecord;
use crate::kernel::week::Shifts;

use servers::{Job, Rules, Servers, Service};

pub(super) use lanes::Lanes;
pub(super) use timeline::Timeline;

/// The servers of a counter, and who is present, in one replication.
#[derive(Debug)]
pub(super) struct Counter {
    servers: Servers,
    /// When the latest job begins: nobody begins before.
    not_before: i64,
    /// The piece of time of the latest arrival.
    arrival: usize,
    /// When those begin, or give up, who wait.
    waits_end: Instants,
}

/// What becomes of who comes.
#[derive(Debug, Clone, Copy)]
enum Visit {
    Served(Service),
    GivesUp {
        at: i64,
        /// Of the time until then, closed.
        closed: i64,
    },
    /// There was no room.
    Lost,
}

impl Counter {
    pub(super) fn new(timeline: &Arc<Timeline>) -> Self {
        Self { servers: Servers::new(timeline), not_before: 0, arrival: 0, waits_end: Instants::default() }
    }

    /// Somebody comes, after the numbers have been settled. Who waits gives up at an instant that is only asked for then.
    fn come(&mut self, job: Job, rules: &Rules<'_>, gives_up_at: impl FnOnce() -> i64) -> Visit {
        let begin = self.begin(job, rules);
        let timeline = &self.servers.timeline;
        timeline.go_on(&mut self.arrival, job.at);
        let mut closed = 0;
        if begin > job.at {
            if rules.params.room.is_some_and(|room| self.waits_end.pending().len() >= room as usize) {
                return Visit::Lost;
            }
            let at = gives_up_at();
            self.waits_end.put(begin.min(at));
            let closed_before = timeline.closed_until(self.arrival, job.at);
            if at < begin {
                let closed = timeline.closed_until(self.arrival, at) - closed_before;
                self.servers.leaves.put(at);
                return Visit::GivesUp { at, closed };
            }
            // Who never begins is not asked how long he waits.
            if begin < NEVER {
                closed = timeline.closed_until(self.servers.piece, begin) - closed_before
                    + self.servers.too_late(job, begin, rules);
            }
        }
        Visit::Served(self.servers.take(job, begin, closed, rules))
    }

    /// When a job begins if it waits for as long as it takes.
    fn begin(&mut self, job: Job, rules: &Rules<'_>) -> i64 {
        let mut at = job.at.max(self.not_before);
        while at < NEVER
            && let Err(later) = self.servers.may_begin(job, at, rules)
        {
            at = later;
        }
        self.not_before = at;
        at
    }

    /// Changes the numbers present and waiting as they have changed up to an instant, itself included.
    pub(super) fn settle<'s>(
        &mut self,
        until: i64,
        record: &mut ResourceRecord,
        shifts: impl Fn() -> &'s Shifts,
    ) {
        self.servers.settle(until, record, shifts);
        while let Some(at) = self.waits_end.pop_until(until) {
            record.queue.change(at, -1);
        }
    }
}

/// Which resources are counters if they are stations and no desks.
pub(super) fn counters(model: &Model) -> IdVec<ResourceId, bool> {
    let mut are_counters: IdVec<ResourceId, bool> = model.resources.iter().map(may_be_one).collect();
    for op in &model.programs.ops {
        if let Op::Work(index) | Op::Seize(index) = *op {
            let work = &model.programs.works[index as usize];
            let params = &model.resources[work.resource];
            let most = if params.room.is_some() || params.has_patience { Some(1) } else { params.servers };
            are_counters[work.resource] &=
                matches!(op, Op::Work(_)) && !work.keeps && most.is_none_or(|most| work.units <= most);
        }
    }
    // A shipment that is lost gives back what it holds or has booked, which others see.
    for itinerary in &model.itineraries {
        let ops = || model.programs.from(itinerary.program);
        if !itinerary.bookings.is_empty() || ops().any(|op| matches!(op, Op::Seize(_))) {
            for op in ops() {
                let Op::Work(index) = op else { continue };
                let resource = model.programs.works[index as usize].resource;
                are_counters[resource] &= model.resources[resource].room.is_none();
            }
        }
    }
    are_counters
}

fn may_be_one(params: &ResourceParams) -> bool {
    let turns_away = params.room.is_some() || params.has_patience;
    !params.preempts
        && params.breakdowns.is_none()
        && !params.may_be_disrupted
        && params.begins_with.is_none()
        && matches!(params.when_full, WhenFull::Lose)
        && params.servers != Some(0)
        && !(params.room.is_some() && params.has_patience)
        && !(turns_away && (params.classes > 1 || params.at_closing == AtClosing::Fit))
}
