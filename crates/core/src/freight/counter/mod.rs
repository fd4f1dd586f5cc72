//! Counters: desks with opening hours, shifts, a finite room, patience, or jobs of several servers. No event is needed there either.
//!
//! Who comes first is served first, nobody interrupts, and no server fails: so a job begins at the first instant at which it is
//! open, enough servers are idle, the job before has begun and, under `fit`, it ends by closing time. All of that is known when
//! it comes. So is who finds no room, by how many have not begun by then; who gives up, which is who would begin later than that;
//! and when work is done that pauses at closing time.
//!
//! Who gives up, or is lost, must not let anybody behind begin earlier than that. So it is where all jobs take one server and any
//! of them may begin when another may; elsewhere rooms and patience are left to events, as are both together, where it matters
//! who acts first of one instant (`resource`).
//!
//! Here is when somebody begins; `timeline` says when how many may, `visit` what is recorded of it. Does not own plain desks
//! (`desk`), which need less. An observer who wants things in the order of time has none of this.

mod timeline;
mod visit;

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use sanda_units::IdVec;

use crate::freight::desk::Instants;
use crate::freight::entity::NEVER;
use crate::freight::ids::ResourceId;
use crate::freight::model::{AtClosing, CalendarParams, Model, ResourceParams, WhenFull};
use crate::freight::program::Op;
use crate::freight::record::ResourceRecord;
use crate::freight::simulation::Measured;
use crate::kernel::week::Shifts;

pub(super) use timeline::Timeline;

/// The servers of a counter, and who is present, in one replication.
#[derive(Debug)]
pub(super) struct Counter {
    timeline: Arc<Timeline>,
    /// Until when servers are taken, and how many; of any number of servers none are.
    taken_until: BinaryHeap<Reverse<(i64, u32)>>,
    n_taken: u32,
    /// When the latest job begins: nobody begins before.
    not_before: i64,
    /// The pieces of time of that instant, and of the latest arrival.
    piece: usize,
    arrival: usize,
    /// The interval of the calendar in which the latest job begins.
    interval: usize,
    /// When those leave who are present, and when those begin, or give up, who wait.
    leaves: Instants,
    waits_end: Instants,
}

/// What is asked for.
#[derive(Debug, Clone, Copy)]
struct Job {
    at: i64,
    time: i64,
    units: u32,
}

/// What a counter needs to know of itself.
#[derive(Debug, Clone, Copy)]
struct Rules<'m> {
    params: &'m ResourceParams,
    calendar: Option<&'m CalendarParams>,
    window: Measured,
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

/// Work as it will be. What never happens does so at [`NEVER`].
#[derive(Debug, Clone, Copy)]
struct Service {
    begin: i64,
    end: i64,
    /// Of the wait, closed.
    closed: i64,
    /// Between begin and end, closed.
    paused: i64,
    /// Worked in the window.
    worked: i64,
}

impl Counter {
    pub(super) fn new(timeline: &Arc<Timeline>) -> Self {
        Self {
            timeline: Arc::clone(timeline),
            taken_until: BinaryHeap::new(),
            n_taken: 0,
            not_before: 0,
            piece: 0,
            arrival: 0,
            interval: 0,
            leaves: Instants::default(),
            waits_end: Instants::default(),
        }
    }

    /// Somebody comes, after the numbers have been settled. Who waits gives up at an instant that is only asked for then.
    fn come(&mut self, job: Job, rules: &Rules<'_>, gives_up_at: impl FnOnce() -> i64) -> Visit {
        let begin = self.begin(job, rules);
        self.timeline.go_on(&mut self.arrival, job.at);
        let closed = |until: i64| {
            self.timeline.closed_until(self.arrival, until) - self.timeline.closed_until(self.arrival, job.at)
        };
        if begin > job.at {
            if rules.params.room.is_some_and(|room| self.waits_end.pending().len() >= room as usize) {
                return Visit::Lost;
            }
            let at = gives_up_at();
            self.waits_end.put(begin.min(at));
            if at < begin {
                self.leaves.put(at);
                return Visit::GivesUp { at, closed: closed(at) };
            }
        }
        let mut service = Service {
            begin,
            end: begin.saturating_add(job.time),
            closed: if begin > job.at { closed(begin) } else { 0 },
            paused: 0,
            worked: 0,
        };
        match rules.calendar.filter(|_| rules.params.at_closing == AtClosing::Pause && begin < NEVER) {
            Some(calendar) => self.pause(&mut service, calendar, rules.window),
            None => service.worked = rules.window.clip(begin, service.end),
        }
        if rules.params.servers.is_some() {
            self.taken_until.push(Reverse((service.end, job.units)));
            self.n_taken += job.units;
        }
        self.leaves.put(service.end);
        Visit::Served(service)
    }

    /// When a job begins if it waits for as long as it takes.
    fn begin(&mut self, job: Job, rules: &Rules<'_>) -> i64 {
        let closes = rules.calendar.filter(|_| rules.params.at_closing == AtClosing::Fit);
        let mut at = job.at.max(self.not_before);
        while at < NEVER {
            self.timeline.go_on(&mut self.piece, at);
            while let Some(&Reverse((until, units))) = self.taken_until.peek()
                && until <= at
            {
                self.taken_until.pop();
                self.n_taken -= units;
            }
            let (servers, changes_at) = self.timeline.servers(self.piece);
            // Of a shift that has ended more may be taken than there are.
            if servers.saturating_sub(self.n_taken) < job.units {
                let freed_at = self.taken_until.peek().map_or(NEVER, |Reverse((until, _))| *until);
                at = changes_at.min(freed_at);
            } else if closes
                .is_some_and(|calendar| at.saturating_add(job.time) > self.closes_at(calendar, at))
            {
                at = changes_at;
            } else {
                break;
            }
        }
        self.not_before = at;
        at
    }

    /// When it closes, seen from an instant at which it is open. Instants ascend.
    fn closes_at(&mut self, calendar: &CalendarParams, at: i64) -> i64 {
        while calendar.open.get(self.interval).is_some_and(|(_, close)| close.as_ms() <= at) {
            self.interval += 1;
        }
        calendar.open.get(self.interval).map_or(NEVER, |(_, close)| close.as_ms())
    }

    /// Work pauses at closing time and goes on at opening, for the last time perhaps never.
    fn pause(&mut self, service: &mut Service, calendar: &CalendarParams, window: Measured) {
        let (mut at, mut left) = (service.begin, service.end - service.begin);
        let mut close = self.closes_at(calendar, at);
        let mut later = calendar.open.iter().skip(self.interval + 1);
        while at.saturating_add(left) > close {
            service.worked += window.clip(at, close);
            left -= close - at;
            let Some(&(open, next_close)) = later.next() else {
                service.end = NEVER;
                return;
            };
            service.paused += open.as_ms() - close;
            (at, close) = (open.as_ms(), next_close.as_ms());
        }
        service.end = at + left;
        service.worked += window.clip(at, service.end);
    }

    /// Changes the numbers present and waiting as they have changed up to an instant, itself included.
    pub(super) fn settle<'s>(
        &mut self,
        until: i64,
        record: &mut ResourceRecord,
        shifts: impl Fn() -> &'s Shifts,
    ) {
        while let Some(at) = self.leaves.pop_until(until) {
            record.present.change_with(at, -1, &shifts);
        }
        while let Some(at) = self.waits_end.pop_until(until) {
            record.queue.change(at, -1);
        }
    }
}

/// Which resources are counters unless they are desks, and when how many may begin there.
pub(super) fn counters(model: &Model) -> IdVec<ResourceId, Option<Arc<Timeline>>> {
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
    let timelines = are_counters.iter_enumerated();
    timelines.map(|(id, &is_one)| is_one.then(|| Arc::new(Timeline::new(model, id)))).collect()
}

fn may_be_one(params: &ResourceParams) -> bool {
    let turns_away = params.room.is_some() || params.has_patience;
    params.classes == 1
        && !params.preempts
        && params.breakdowns.is_none()
        && !params.may_be_disrupted
        && matches!(params.when_full, WhenFull::Lose)
        && params.servers != Some(0)
        && !(params.room.is_some() && params.has_patience)
        && !(turns_away && params.at_closing == AtClosing::Fit)
}
