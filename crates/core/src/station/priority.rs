//! Priority stations: the most urgent class first, within a class the first to arrive; work that has begun is finished.
//!
//! When a job begins is not known at its arrival, for more urgent jobs may still arrive before it begins. The arrivals of a window are
//! known together, and a wait that has not ended by its end goes on in the next one. Hours and shifts as in `scheduled`.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::engine::entity::NEVER;
use crate::station::servers::{Rules, Servers, Service};
use crate::station::{Job, Levels, Timeline};

/// A priority station. `T` is what the caller wants back with a visit.
#[derive(Debug)]
pub(crate) struct Priority<T> {
    servers: Servers,
    /// The jobs that wait, the most urgent class first.
    waiting: Vec<VecDeque<Waiting<T>>>,
    /// When the first of them may begin, at the earliest; [`NEVER`] if none waits.
    looks_at: i64,
}

#[derive(Debug, Clone, Copy)]
struct Waiting<T> {
    job: Job,
    ticket: T,
    /// Time closed before its arrival.
    closed_before: i64,
}

/// A job that has begun.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Visit<T> {
    /// The job.
    pub job: Job,
    /// What the caller gave with it.
    pub ticket: T,
    /// How it is served.
    pub service: Service,
}

impl<T: Copy> Priority<T> {
    /// Makes a station with a timeline of servers.
    pub(crate) fn new(timeline: &Arc<Timeline>, n_classes: u8) -> Self {
        let waiting = (0..n_classes).map(|_| VecDeque::new()).collect();
        Self { servers: Servers::new(timeline), waiting, looks_at: NEVER }
    }

    /// Takes the next job of a class and lets jobs begin up to its arrival. Adds a visit for each job that begins.
    pub(crate) fn take(
        &mut self,
        (job, class, ticket): (Job, usize, T),
        rules: &Rules<'_>,
        levels: &mut Levels<'_>,
        visits: &mut Vec<Visit<T>>,
    ) {
        self.serve_until(job.at.saturating_add(1), rules, levels, visits);
        self.settle(job.at, levels);
        levels.change_present(job.at, 1);
        let closed_before = self.servers.timeline.closed_until(self.servers.piece, job.at);
        let waiting = Waiting { job, ticket, closed_before };
        if self.first().is_none() && self.servers.may_begin(job, job.at, rules).is_ok() {
            visits.push(self.begin(waiting, job.at, rules));
            return;
        }
        self.waiting[class].push_back(waiting);
        levels.change_queue(job.at, 1);
        // It may be the first now, and begin where the job that was first may not.
        self.serve_at(job.at, rules, levels, visits);
    }

    /// Lets jobs begin that may before an instant. Adds a visit for each, and returns when a job may begin next.
    pub(crate) fn serve_until(
        &mut self,
        until: i64,
        rules: &Rules<'_>,
        levels: &mut Levels<'_>,
        visits: &mut Vec<Visit<T>>,
    ) -> i64 {
        while self.looks_at < until {
            self.serve_at(self.looks_at, rules, levels, visits);
        }
        self.looks_at
    }

    fn first(&mut self) -> Option<&mut VecDeque<Waiting<T>>> {
        self.waiting.iter_mut().find(|class| !class.is_empty())
    }

    /// Lets jobs begin at an instant, from the first of the most urgent class on.
    fn serve_at(&mut self, at: i64, rules: &Rules<'_>, levels: &mut Levels<'_>, visits: &mut Vec<Visit<T>>) {
        loop {
            let Some(&waiting) = self.first().and_then(|class| class.front()) else {
                self.looks_at = NEVER;
                return;
            };
            if let Err(later) = self.servers.may_begin(waiting.job, at, rules) {
                self.looks_at = later;
                return;
            }
            self.first().map(VecDeque::pop_front);
            levels.change_queue(at, -1);
            visits.push(self.begin(waiting, at, rules));
        }
    }

    /// Begins a job that may begin.
    fn begin(
        &mut self,
        Waiting { job, ticket, closed_before }: Waiting<T>,
        at: i64,
        rules: &Rules<'_>,
    ) -> Visit<T> {
        let closed = self.servers.timeline.closed_until(self.servers.piece, at) - closed_before
            + self.servers.too_late(job, at, rules);
        Visit { job, ticket, service: self.servers.take(job, at, closed, rules) }
    }

    /// Moves the number present up to an instant, itself included; the number waiting is always up to date.
    pub(crate) fn settle(&mut self, until: i64, levels: &mut Levels<'_>) {
        self.servers.settle(until, levels);
    }

    /// Returns the jobs that wait, in the order in which they would begin: each with its arrival.
    pub(crate) fn waiting(&self) -> impl Iterator<Item = (T, i64)> {
        self.waiting.iter().flatten().map(|waiting| (waiting.ticket, waiting.job.at))
    }
}
