//! Work space of the handlers. Its lists are empty between uses.
//!
//! Owns nothing that outlives a call.

use crate::engine::batch::{Arrival, ByOp, Lists};
use crate::engine::entity::Slot;
use crate::engine::yard::Waiting;
use crate::kernel::order::Sorter;
use crate::model::program::OpIndex;
use crate::station::{self, Service};

/// Work space. Its lists are empty between uses.
#[derive(Debug, Default)]
pub(crate) struct Space {
    pub lists: Lists,
    pub by_op: ByOp,
    /// The arrivals of a window.
    pub list: Vec<Arrival>,
    pub sorter: Sorter<Arrival>,
    pub times: Vec<i64>,
    pub values: Vec<i64>,
    pub drawn: Vec<i64>,
    pub releases: Vec<i64>,
    pub runs: Vec<Run>,
    /// The shipments that board.
    pub scratch: Vec<Waiting>,
    /// The members of a batch that goes on.
    pub released: Vec<Slot>,
    pub rides: Rides,
    pub serve: ServeSpace,
}

/// Columns of visits: instants and lengths in milliseconds, in the order of the arrivals beside them.
#[derive(Debug, Default)]
pub(crate) struct Visits {
    pub came: Vec<i64>,
    pub works: Vec<i64>,
    pub begins: Vec<i64>,
    pub ends: Vec<i64>,
    /// Empty for a station that is always open.
    pub details: Vec<Detail>,
}

/// What a visit of a station with hours, or of several servers, has besides.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Detail {
    /// Closed time of the wait.
    pub closed: i64,
    /// Time between the beginning and the end in which the work paused.
    pub paused: i64,
    /// Server-milliseconds worked in the window.
    pub worked: i64,
}

/// Work space. Its lists are empty between uses.
#[derive(Debug, Default)]
pub(crate) struct ServeSpace {
    pub visits: Visits,
    /// The visits of shipments that stand before the same operation.
    pub alike: Visits,
    pub by_op: ByOp,
    pub fifo: station::FifoSpace,
    pub waits: Vec<i64>,
    pub begun: Vec<station::Visit<Arrival>>,
    /// Shipments that gave up.
    pub gave_up: Vec<Arrival>,
    /// Shipments that leave a cycle at the end of the window, by the work that they have done.
    pub held: Vec<Held>,
}

/// Shipments that have done the same work.
#[derive(Debug, Default)]
pub(crate) struct Held {
    pub pc: OpIndex,
    pub arrivals: Vec<Arrival>,
    pub visits: Visits,
}

impl Visits {
    pub(crate) fn clear(&mut self) {
        self.came.clear();
        self.works.clear();
        self.begins.clear();
        self.ends.clear();
        self.details.clear();
    }

    pub(crate) fn push(&mut self, came: i64, work: i64, service: &Service, units: u32) {
        let Service { begin, end, closed, paused, worked } = *service;
        self.came.push(came);
        self.works.push(work);
        self.begins.push(begin);
        self.ends.push(end);
        self.details.push(Detail { closed, paused, worked: worked * i64::from(units) });
    }

    /// Adds the beginning and the end of one of other visits, as [`Simulation::end_visits`] reads them.
    pub(crate) fn push_of(&mut self, other: &Self, place: usize) {
        self.begins.push(other.begins[place]);
        self.ends.push(other.ends[place]);
        if let Some(detail) = other.details.get(place) {
            self.details.push(*detail);
        }
    }
}

/// A clock of a shipment that has run.
#[derive(Debug)]
pub(crate) struct Run {
    pub from: i64,
    pub to: i64,
    pub slot: Slot,
}

/// Shipments of one ride are recorded together, leg by leg: how many of each.
#[derive(Debug, Default)]
pub(crate) struct Rides(pub Vec<(u32, u64)>);

impl Rides {
    pub(crate) fn count(&mut self, ride: u32) {
        match self.0.iter_mut().find(|(other, _)| *other == ride) {
            Some((_, n)) => *n += 1,
            None => self.0.push((ride, 1)),
        }
    }
}
