//! Resources of the compiled model: servers, rooms, hours, failures.

use std::collections::BTreeMap;

use sanda_units::Time;

use crate::kernel::law::Law;
use crate::model::ids::{CalendarId, FlowId, ItineraryId, NodeId, StreamId};

/// A group of like servers.
#[derive(Debug, Clone)]
pub struct ResourceParams {
    /// Id in the scenario.
    pub name: String,
    /// Where it stands.
    pub node: NodeId,
    /// Servers, the most there ever are; `None` for unlimited.
    pub servers: Option<u32>,
    /// The number of servers from each instant on, ascending, the first at the start; empty if it is always the same.
    pub shifts: Vec<(Time, u32)>,
    /// Priority classes in the queue; 1 for FIFO.
    pub classes: u8,
    /// Whether a more urgent job interrupts a less urgent one.
    pub preempts: bool,
    /// Waiting places; `None` for any number.
    pub room: Option<u32>,
    /// What becomes of who finds no waiting place.
    pub when_full: WhenFull,
    /// Failures of single servers.
    pub breakdowns: Option<BreakdownParams>,
    /// Whether somebody who waits here may give up.
    pub has_patience: bool,
    /// Opening hours; `None` for always open.
    pub calendar: Option<CalendarId>,
    /// What happens at closing time.
    pub at_closing: AtClosing,
    /// Whether some disruption may befall it.
    pub may_be_disrupted: bool,
    /// How many must wait before idle servers begin, which then work until nobody is left; `None`: they begin with the first.
    pub begins_with: Option<u32>,
}

impl ResourceParams {
    /// Whether it is always open, nothing befalls it, and who begins ends without an interruption: the common case, with
    /// quicker paths.
    pub fn is_plain(&self) -> bool {
        self.calendar.is_none()
            && !self.may_be_disrupted
            && self.shifts.is_empty()
            && !self.is_interrupted()
            && !self.has_patience
            && self.begins_with.is_none()
            && matches!(self.when_full, WhenFull::Lose)
    }

    /// Whether more urgent work or a failure may interrupt work here: its end is not known before it has come.
    pub fn is_interrupted(&self) -> bool {
        self.preempts || self.breakdowns.is_some()
    }

    /// Whether work here may be interrupted, so that who is in service must be known.
    pub fn interrupts(&self) -> bool {
        self.is_interrupted() || self.at_closing == AtClosing::Pause
    }

    /// Whether only work is begun that ends by closing time.
    pub fn fits(&self) -> bool {
        self.at_closing == AtClosing::Fit && self.calendar.is_some()
    }

    /// Returns the number of servers that may fail one by one.
    pub fn n_bays(&self) -> u32 {
        self.breakdowns.as_ref().and(self.servers).unwrap_or(0)
    }

    /// Servers that are installed at the start; a very large number when unlimited.
    pub fn servers_at_start(&self) -> i32 {
        let first = self.shifts.first().map(|&(_, servers)| servers).or(self.servers);
        first.map_or(i32::MAX / 2, |servers| servers as i32)
    }
}

/// What becomes of who finds the waiting room full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WhenFull {
    /// It is lost.
    Lose,
    /// It waits outside of the room and keeps what it holds, the server it was last worked on by included.
    Block,
    /// It goes on at the beginning of this itinerary of its flow, one for each flow that comes here.
    Divert(BTreeMap<FlowId, ItineraryId>),
}

/// Failures of single servers, independent of each other; all are up at the start.
#[derive(Debug, Clone)]
pub struct BreakdownParams {
    /// Whether the time between failures counts service only, or all time.
    pub counts_service: bool,
    /// From a repair to the next failure, by server and count.
    pub up: (Law, StreamId),
    /// Of a repair, in calendar time, by server and count.
    pub down: (Law, StreamId),
    /// Whether interrupted work begins anew, with the same draw, instead of going on.
    pub restarts: bool,
}

/// What happens to work at closing time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AtClosing {
    /// What was started is finished.
    Finish,
    /// Work pauses and resumes at opening.
    Pause,
    /// Only what ends by closing time is started; nobody overtakes the head of the queue.
    Fit,
}

/// Opening hours as instants.
#[derive(Debug, Clone)]
pub struct CalendarParams {
    /// Open intervals `[open, close)`, sorted, disjoint, not touching.
    pub open: Vec<(Time, Time)>,
}

impl CalendarParams {
    /// The first instant at or after `at` at which it is open, in milliseconds; `i64::MAX` if it does not open again.
    pub fn next_open(&self, at: i64) -> i64 {
        let next = self.open.partition_point(|&(_, close)| close.as_ms() <= at);
        self.open.get(next).map_or(i64::MAX, |&(from, _)| from.as_ms().max(at))
    }

    /// The stretches of a wait in which it is open but work of this length could no longer end by closing time, in milliseconds.
    pub(crate) fn too_late(&self, from: i64, to: i64, work: i64) -> impl Iterator<Item = (i64, i64)> {
        let first = self.open.partition_point(|&(_, close)| close.as_ms() <= from);
        let overlapping = self.open[first..].iter().take_while(move |(open, _)| open.as_ms() < to);
        overlapping.filter_map(move |&(open, close)| {
            let latest = close.as_ms().saturating_sub(work);
            let stretch = (latest.max(open.as_ms()).max(from), close.as_ms().min(to));
            (stretch.0 < stretch.1).then_some(stretch)
        })
    }

    /// The longest time that it is open at a stretch in a run that ends at an instant, in milliseconds; without a limit if it may
    /// stay open beyond that.
    pub fn longest(&self, end: Time) -> i64 {
        let of_all = self.open.iter().map(
            |&(open, close)| {
                if close >= end { i64::MAX } else { (close - open).as_ms() }
            },
        );
        of_all.max().unwrap_or(0)
    }
}
