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
    /// In which order waiting jobs are served.
    pub order: QueueOrder,
    /// What becomes of jobs that find no place to wait, or that wait too long.
    pub room: Room,
    /// Failures of single servers.
    pub breakdowns: Option<BreakdownParams>,
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
    /// Makes a FIFO resource that is always open and that nothing befalls.
    pub fn fifo(name: String, node: NodeId, servers: Option<u32>) -> Self {
        Self {
            name,
            node,
            servers,
            shifts: Vec::new(),
            order: QueueOrder::Fifo,
            room: Room::UNLIMITED,
            breakdowns: None,
            calendar: None,
            at_closing: AtClosing::Finish,
            may_be_disrupted: false,
            begins_with: None,
        }
    }

    /// Whether it is always open, nothing befalls it, and who begins ends without an interruption: the common case, with
    /// quicker paths.
    pub fn is_plain(&self) -> bool {
        self.calendar.is_none()
            && !self.may_be_disrupted
            && self.shifts.is_empty()
            && !self.is_interrupted()
            && !self.room.has_patience
            && self.begins_with.is_none()
            && matches!(self.room.when_full, WhenFull::Lose)
    }

    /// Whether more urgent work or a failure may interrupt work here: its end is not known before it has come.
    pub fn is_interrupted(&self) -> bool {
        matches!(self.order, QueueOrder::Preemptive(_)) || self.breakdowns.is_some()
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

/// In which order waiting jobs are served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueueOrder {
    /// The first to arrive is served first.
    Fifo,
    /// The most urgent of so many classes first, within a class the first to arrive.
    Priority(u8),
    /// Likewise, and a more urgent job interrupts a less urgent one.
    Preemptive(u8),
    /// Two queues in turn: the one that was not served last goes first, if a job waits there. The first is that of the most urgent class.
    Alternating,
}

impl QueueOrder {
    /// Returns the number of queues: one for each class.
    pub fn n_queues(self) -> u8 {
        match self {
            Self::Fifo => 1,
            Self::Priority(classes) | Self::Preemptive(classes) => classes,
            Self::Alternating => 2,
        }
    }
}

/// What becomes of jobs that find no place to wait, or that wait too long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Room {
    /// Waiting places; `None` for any number.
    pub places: Option<u32>,
    /// What becomes of a job that finds no place.
    pub when_full: WhenFull,
    /// Whether a job that waits here may give up.
    pub has_patience: bool,
}

impl Room {
    /// Any number of places, and jobs that wait for as long as it takes.
    pub const UNLIMITED: Self = Self { places: None, when_full: WhenFull::Lose, has_patience: false };
}

/// What becomes of a job that finds the waiting room full.
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
