//! The discipline of each resource: which kind of station serves it, or why it is served event by event.
//!
//! A pure function of the parameters of the resource and of how programs use it. [`discipline`] names every field of a resource: a new field
//! does not compile until it is decided here what it does to stations. Does not own where a station must lie in the model (`regions`).

use std::fmt;

use sanda_units::IdVec;

use crate::model::ids::ResourceId;
use crate::model::program::Op;
use crate::model::{AtClosing, Model, QueueOrder, ResourceParams, Room, WhenFull};

/// How a resource is served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Discipline {
    /// By a FIFO station.
    Fifo,
    /// By a scheduled station.
    Scheduled,
    /// By a priority station.
    Priority,
    /// Event by event.
    General(Why),
}

/// Why a resource is served event by event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// It has no servers.
    NoServers,
    /// More urgent work interrupts work, or servers fail: the end of work is not known when it begins.
    Interrupts,
    /// A disruption may befall it.
    Disrupted,
    /// Its queues are served in turn.
    Alternates,
    /// Idle servers wait for several jobs.
    WaitsForSeveral,
    /// A job that finds no room waits outside or goes another way.
    Blocks,
    /// Jobs are turned away, and others overtake or have to fit in by closing time.
    TurnsAway,
    /// Servers are held around other steps, or kept for want of room ahead.
    HoldsServers,
    /// A job takes more servers than there are, or several where jobs are turned away.
    SeveralServers,
    /// A shipment that is lost here gives back what it holds or has booked elsewhere.
    LossIsSeen,
    /// Shipments that leave it meet others event by event, or it lies in a cycle without lookahead, or vehicles use it.
    SeenByOthers,
    /// An observer wants everything in the order of time.
    InOrder,
}

impl fmt::Display for Discipline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fifo => f.write_str("FIFO station"),
            Self::Scheduled => f.write_str("scheduled station"),
            Self::Priority => f.write_str("priority station"),
            Self::General(why) => write!(f, "event by event: {why}"),
        }
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoServers => "it has no servers",
            Self::Interrupts => "urgent work or failures interrupt work",
            Self::Disrupted => "a disruption may befall it",
            Self::Alternates => "its queues are served in turn",
            Self::WaitsForSeveral => "its servers wait for several jobs",
            Self::Blocks => "a full room blocks jobs or sends them another way",
            Self::TurnsAway => "jobs are turned away, and others overtake or have to fit in by closing time",
            Self::HoldsServers => "its servers are held around other steps",
            Self::SeveralServers => "a job takes more servers than a station can foresee",
            Self::LossIsSeen => "a shipment lost here gives back what it holds elsewhere",
            Self::SeenByOthers => "shipments that leave it meet others at once, or vehicles use it",
            Self::InOrder => "an observer wants everything in the order of time",
        })
    }
}

/// How programs use a resource.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Usage {
    /// Servers are held around other steps, or kept for want of room.
    holds: bool,
    /// Most servers that a job takes.
    most_units: u32,
    /// A shipment that uses it may hold servers or have booked elsewhere.
    has_ties: bool,
}

/// Decides the discipline of a resource, where a station may lie.
fn discipline(params: &ResourceParams, usage: Usage) -> Discipline {
    let ResourceParams {
        name: _,
        node: _,
        servers,
        shifts,
        order,
        room: Room { places, when_full, has_patience },
        breakdowns,
        calendar,
        at_closing,
        may_be_disrupted,
        begins_with,
    } = params;
    let turns_away = places.is_some() || *has_patience;
    let most_units = if turns_away { Some(1) } else { *servers };
    let (has_classes, preempts) = match order {
        QueueOrder::Fifo => (false, false),
        QueueOrder::Alternating => return Discipline::General(Why::Alternates),
        QueueOrder::Priority(_) => (true, false),
        QueueOrder::Preemptive(_) => (true, true),
    };
    let reasons = [
        (*servers == Some(0), Why::NoServers),
        (preempts || breakdowns.is_some(), Why::Interrupts),
        (*may_be_disrupted, Why::Disrupted),
        (begins_with.is_some(), Why::WaitsForSeveral),
        (!matches!(when_full, WhenFull::Lose), Why::Blocks),
        (
            places.is_some() && *has_patience || turns_away && (has_classes || *at_closing == AtClosing::Fit),
            Why::TurnsAway,
        ),
        (usage.holds, Why::HoldsServers),
        (most_units.is_some_and(|most| usage.most_units > most), Why::SeveralServers),
        (usage.has_ties && places.is_some(), Why::LossIsSeen),
    ];
    if let Some(&(_, why)) = reasons.iter().find(|(holds, _)| *holds) {
        return Discipline::General(why);
    }
    let is_always_open = calendar.is_none() && shifts.is_empty();
    if has_classes {
        Discipline::Priority
    } else if is_always_open && !turns_away && usage.most_units <= 1 {
        Discipline::Fifo
    } else {
        Discipline::Scheduled
    }
}

/// Decides the discipline of every resource of a model, where a station may lie.
pub(crate) fn disciplines(model: &Model) -> IdVec<ResourceId, Discipline> {
    let mut usages: IdVec<ResourceId, Usage> = model.resources.iter().map(|_| Usage::default()).collect();
    for op in &model.programs.ops {
        if let Op::Work(index) | Op::Seize(index) = *op {
            let work = &model.programs.works[index as usize];
            let usage = &mut usages[work.resource];
            usage.holds |= matches!(op, Op::Seize(_)) || work.keeps;
            usage.most_units = work.units.max(usage.most_units);
        }
    }
    for itinerary in &model.itineraries {
        let ops = || model.programs.from(itinerary.program);
        if !itinerary.bookings.is_empty() || ops().any(|op| matches!(op, Op::Seize(_))) {
            for op in ops() {
                if let Op::Work(index) = op {
                    usages[model.programs.works[index as usize].resource].has_ties = true;
                }
            }
        }
    }
    model.resources.iter_enumerated().map(|(id, params)| discipline(params, usages[id])).collect()
}
