//! Scheduled stations: opening hours, shifts, a finite room, patience, or jobs of several servers.
//!
//! The first to arrive is served first, no work is interrupted, and no server fails. So a job begins at the first instant at which the
//! station is open, enough servers are idle, the job before has begun and, under `fit`, the job ends by closing time. All of that is
//! known at its arrival. So is whether there is room, by the number of jobs that have not begun by then; whether patience ends
//! first; and when work is done that pauses at closing time.
//!
//! A job that gives up, or is lost, must not let a job behind it begin earlier than that. That holds where all jobs take one server and
//! any of them may begin when another may; `plan` leaves other rooms and patience to events.

use std::sync::Arc;

use crate::engine::entity::NEVER;
use crate::kernel::instants::Instants;
use crate::station::servers::{Rules, Servers, Service};
use crate::station::{Job, Levels, Timeline};

/// A scheduled station.
#[derive(Debug)]
pub(crate) struct Scheduled {
    servers: Servers,
    /// When the latest job begins: no later arrival begins before.
    not_before: i64,
    /// The piece of time of the latest arrival.
    arrival: usize,
    /// When the waits of jobs end, by a beginning or by giving up.
    waits_end: Instants,
}

/// What becomes of a job.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Outcome {
    /// It is served.
    Served(Service),
    /// It gives up at an instant, after a wait of which so long was closed.
    GivesUp {
        /// When.
        at: i64,
        /// Closed time until then.
        closed: i64,
    },
    /// There was no room.
    Lost,
}

impl Scheduled {
    /// Makes a station with a timeline of servers.
    pub(crate) fn new(timeline: &Arc<Timeline>) -> Self {
        Self { servers: Servers::new(timeline), not_before: 0, arrival: 0, waits_end: Instants::default() }
    }

    /// Serves the next job and moves the levels up to its arrival. `gives_up_at` is asked only for a job that waits.
    pub(crate) fn serve(
        &mut self,
        job: Job,
        rules: &Rules<'_>,
        levels: &mut Levels<'_>,
        gives_up_at: impl FnOnce() -> i64,
    ) -> Outcome {
        self.settle(job.at, levels);
        let outcome = self.outcome(job, rules, gives_up_at);
        if !matches!(outcome, Outcome::Lost) {
            levels.change_present(job.at, 1);
            if !matches!(outcome, Outcome::Served(service) if service.begin == job.at) {
                levels.change_queue(job.at, 1);
            }
        }
        outcome
    }

    fn outcome(&mut self, job: Job, rules: &Rules<'_>, gives_up_at: impl FnOnce() -> i64) -> Outcome {
        let begin = self.begin(job, rules);
        let timeline = &self.servers.timeline;
        timeline.go_on(&mut self.arrival, job.at);
        let mut closed = 0;
        if begin > job.at {
            if rules.params.room.places.is_some_and(|room| self.waits_end.pending().len() >= room as usize) {
                return Outcome::Lost;
            }
            let at = gives_up_at();
            self.waits_end.put(begin.min(at));
            let closed_before = timeline.closed_until(self.arrival, job.at);
            if at < begin {
                let closed = timeline.closed_until(self.arrival, at) - closed_before;
                self.servers.leaves.put(at);
                return Outcome::GivesUp { at, closed };
            }
            // The wait of a job that never begins is not asked for.
            if begin < NEVER {
                closed = timeline.closed_until(self.servers.piece, begin) - closed_before
                    + self.servers.too_late(job, begin, rules);
            }
        }
        Outcome::Served(self.servers.take(job, begin, closed, rules))
    }

    /// Returns when a job begins if it waits for as long as it takes.
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

    /// Moves the levels up to an instant, itself included.
    pub(crate) fn settle(&mut self, until: i64, levels: &mut Levels<'_>) {
        self.servers.settle(until, levels);
        while let Some(at) = self.waits_end.pop_until(until) {
            levels.change_queue(at, -1);
        }
    }
}
