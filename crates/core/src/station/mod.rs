//! Stations: resources whose visits follow from who arrives when, so that no event is needed.
//!
//! A station takes jobs in the order of arrival and returns visits. It knows no shipment, no program and no record but the two levels of
//! its resource, so that each kind is tested alone. [`Fifo`] is always open; [`Scheduled`] has opening hours, shifts, a finite room,
//! patience or jobs of several servers; [`Priority`] serves the most urgent class first. `servers` and `timeline` hold what the
//! last two share. Which resource is which station is decided in `plan`; what is recorded of a visit, and where the shipment goes
//! afterwards, in `serve`. Does not own resources that are served event by event (`resource`).

mod fifo;
mod priority;
mod scheduled;
mod servers;
mod timeline;

use crate::kernel::tally::LevelTally;
use crate::kernel::week::{Shifts, WeekTally};
use crate::record::ResourceRecord;

pub(crate) use fifo::{Fifo, FifoSpace};
pub(crate) use priority::{Priority, Visit};
pub(crate) use scheduled::{Outcome, Scheduled};
pub(crate) use servers::{Rules, Service};
pub(crate) use timeline::Timeline;

/// What a station is asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Job {
    /// Arrival, in milliseconds.
    pub at: i64,
    /// Length of the work, in milliseconds.
    pub work: i64,
    /// Servers that the job takes.
    pub units: u32,
}

/// The two levels of a resource that a station moves: the number present and the number waiting.
#[derive(Debug)]
pub(crate) struct Levels<'r> {
    present: &'r mut WeekTally,
    queue: &'r mut LevelTally,
    shifts: &'r Shifts,
}

impl<'r> Levels<'r> {
    /// Borrows the levels of a record; `shifts` is the table of local time where the resource stands.
    pub(crate) fn of(record: &'r mut ResourceRecord, shifts: &'r Shifts) -> Self {
        Self { present: &mut record.present, queue: &mut record.queue, shifts }
    }

    #[inline]
    fn change_present(&mut self, at: i64, by: i32) {
        self.present.change_with(at, by, || self.shifts);
    }

    #[inline]
    fn change_queue(&mut self, at: i64, by: i32) {
        self.queue.change(at, by);
    }
}

/// A list shorter than this is taken job by job: the loops of a batch would cost more than they save.
pub(crate) const FEW: usize = 6;

/// The station of a resource in one replication. `T` is what the caller wants back with a visit of a priority station.
#[derive(Debug)]
pub(crate) enum Station<T> {
    /// None: the resource is served event by event.
    General,
    /// See [`Fifo`].
    Fifo(Fifo),
    /// See [`Scheduled`].
    Scheduled(Box<Scheduled>),
    /// See [`Priority`].
    Priority(Box<Priority<T>>),
}

impl<T: Copy> Station<T> {
    /// Moves the levels up to an instant, itself included.
    pub(crate) fn settle(&mut self, until: i64, levels: &mut Levels<'_>) {
        match self {
            Self::General => {}
            Self::Fifo(fifo) => fifo.settle(until, levels),
            Self::Scheduled(scheduled) => scheduled.settle(until, levels),
            Self::Priority(priority) => priority.settle(until, levels),
        }
    }
}

#[cfg(test)]
mod tests;
