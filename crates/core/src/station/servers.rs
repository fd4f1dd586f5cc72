//! The servers of a scheduled or priority station: whether a job may begin at an instant, when work that begins then ends, and until when
//! jobs are present.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use crate::engine::entity::NEVER;
use crate::kernel::instants::Instants;
use crate::model::ids::ResourceId;
use crate::model::{AtClosing, CalendarParams, Model, ResourceParams};
use crate::record::measured::Measured;
use crate::station::{Job, Levels, Timeline};

/// The servers of one station. Instants at which they are asked ascend.
#[derive(Debug)]
pub(crate) struct Servers {
    pub timeline: Arc<Timeline>,
    /// Until when servers are taken, and how many; of any number of servers none are.
    taken_until: BinaryHeap<Reverse<(i64, u32)>>,
    n_taken: u32,
    /// The piece of time, and the interval of the calendar, of the latest instant.
    pub piece: usize,
    interval: usize,
    /// When those leave who are present, as far as that is known.
    pub leaves: Instants,
}

/// What a station needs to know of its resource.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rules<'m> {
    pub params: &'m ResourceParams,
    pub calendar: Option<&'m CalendarParams>,
    pub window: Measured,
}

/// Work as it will be. What never happens does so at [`NEVER`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Service {
    pub begin: i64,
    pub end: i64,
    /// Of the wait, closed.
    pub closed: i64,
    /// Between begin and end, closed.
    pub paused: i64,
    /// Worked in the window.
    pub worked: i64,
}

impl<'m> Rules<'m> {
    pub(crate) fn of(model: &'m Model, resource: ResourceId, window: Measured) -> Self {
        let params = &model.resources[resource];
        Self { params, calendar: params.calendar.map(|calendar| &model.calendars[calendar]), window }
    }
}

impl Servers {
    pub(crate) fn new(timeline: &Arc<Timeline>) -> Self {
        Self {
            timeline: Arc::clone(timeline),
            taken_until: BinaryHeap::new(),
            n_taken: 0,
            piece: 0,
            interval: 0,
            leaves: Instants::default(),
        }
    }

    /// Changes the number present as it has changed up to an instant, itself included.
    pub(crate) fn settle(&mut self, until: i64, levels: &mut Levels<'_>) {
        while let Some(at) = self.leaves.pop_until(until) {
            levels.change_present(at, -1);
        }
    }

    /// Whether a job may begin at an instant; if not, when the next one comes at which it might.
    pub(crate) fn may_begin(&mut self, job: Job, at: i64, rules: &Rules<'_>) -> Result<(), i64> {
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
            return Err(changes_at.min(freed_at));
        }
        let closes = rules.calendar.filter(|_| rules.params.fits());
        if closes.is_some_and(|calendar| at.saturating_add(job.work) > self.closes_at(calendar, at)) {
            return Err(changes_at);
        }
        Ok(())
    }

    /// Takes servers for a job that begins at an instant, after a wait of which so long was closed.
    pub(crate) fn take(&mut self, job: Job, begin: i64, closed: i64, rules: &Rules<'_>) -> Service {
        let mut service =
            Service { begin, end: begin.saturating_add(job.work), closed, paused: 0, worked: 0 };
        match rules.calendar.filter(|_| rules.params.at_closing == AtClosing::Pause && begin < NEVER) {
            Some(calendar) => self.pause(&mut service, calendar, rules.window),
            None => service.worked = rules.window.clip(begin, service.end),
        }
        if rules.params.servers.is_some() {
            self.taken_until.push(Reverse((service.end, job.units)));
            self.n_taken += job.units;
        }
        self.leaves.put(service.end);
        service
    }

    /// For how long of a wait that ends with a beginning it was open, but too late for the job to end by closing time.
    pub(crate) fn too_late(&self, job: Job, begin: i64, rules: &Rules<'_>) -> i64 {
        let Some(calendar) = rules.calendar.filter(|_| rules.params.fits()) else { return 0 };
        let stretches = calendar.too_late(job.at, begin, job.work);
        stretches.map(|(from, to)| self.timeline.open_within(from, to)).sum()
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
}
