//! What each operation means to the planner.
//!
//! [`Facts::of`] is the only match over operations outside the interpreter, and has no wildcard arm: a new operation does not compile until
//! it is said here what it uses, how it meets others and where it leads. Everything that is found out about a model before a run follows
//! from these facts.

use std::collections::BTreeMap;

use crate::model::Model;
use crate::model::ids::{ConnectionId, RegimeId, ResourceId};
use crate::model::program::{Op, OpIndex, least};

/// What an operation uses that others may use as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Uses {
    /// Nothing.
    Nothing,
    /// Servers of a resource.
    Resource(ResourceId),
    /// A group of shipments that wait for each other.
    Batch(u32),
    /// A connection on demand.
    Connection(ConnectionId),
    /// A regime process.
    Regime(RegimeId),
    /// One ride, by its place in [`Programs::rides`](crate::model::program::Programs::rides), or one of several.
    Rides(Op),
}

/// How an entity that executes an operation meets others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meets {
    /// Not at all: a private step.
    Nobody,
    /// Only if the connection that it uses is shared.
    IfShared,
    /// At a station, if what it uses is one.
    AtStation,
    /// In a yard.
    InYard,
    /// By an event.
    ByEvent,
}

/// The facts of one operation.
#[derive(Debug)]
pub(crate) struct Facts {
    pub uses: Uses,
    pub meets: Meets,
    /// Least time that it takes, in milliseconds.
    pub least: i64,
    /// The operations that may follow.
    pub then: Vec<OpIndex>,
    /// Where it may lead back to, if it ends a loop.
    pub back_to: Option<OpIndex>,
    /// Whether an entity goes on from it only after all requests of the instant: a vehicle leaves, or cargo boards.
    pub waits_for_departures: bool,
}

/// The facts of all operations of a model.
pub(crate) struct AllFacts(Vec<Facts>);

impl AllFacts {
    pub(crate) fn new(model: &Model) -> Self {
        let programs = &model.programs;
        let mut joins = BTreeMap::new();
        for (index, &op) in (0..).zip(&programs.ops) {
            // An inner fork comes later, and has the last word on its branches.
            if let Op::Fork(fork) = op {
                let join = programs.forks[fork as usize].join;
                let inside = (index..join).filter(|&at| programs.ops[at as usize] == Op::BranchEnd);
                joins.extend(inside.map(|end| (end, join)));
            }
        }
        let places = 0..programs.ops.len() as OpIndex;
        Self(places.map(|place| Facts::of(model, place, &joins)).collect())
    }

    /// Returns the facts of the operation at a place.
    pub(crate) fn at(&self, place: OpIndex) -> &Facts {
        &self.0[place as usize]
    }

    /// Returns the facts of all operations with their places.
    pub(crate) fn all(&self) -> impl DoubleEndedIterator<Item = (OpIndex, &Facts)> + ExactSizeIterator {
        self.0.iter().enumerate().map(|(place, facts)| (place as OpIndex, facts))
    }

    /// Returns the facts of the program that begins at an operation, its end left out.
    pub(crate) fn program(&self, model: &Model, begin: OpIndex) -> impl Iterator<Item = &Facts> {
        let n = model.programs.from(begin).count();
        self.0[begin as usize..].iter().take(n)
    }
}

impl Facts {
    fn of(model: &Model, place: OpIndex, joins: &BTreeMap<OpIndex, OpIndex>) -> Self {
        let programs = &model.programs;
        let private = || Self {
            uses: Uses::Nothing,
            meets: Meets::Nobody,
            least: 0,
            then: vec![place + 1],
            back_to: None,
            waits_for_departures: false,
        };
        let by_event = || Self { meets: Meets::ByEvent, ..private() };
        match programs.ops[place as usize] {
            Op::Work(index) => {
                let work = &programs.works[index as usize];
                // Giving up is an act of the place as well, whenever it comes.
                let least = if work.patience.is_some() { 0 } else { least(&work.time, work.per) };
                let uses = Uses::Resource(work.resource);
                Self { uses, meets: Meets::AtStation, least, ..private() }
            }
            Op::Seize(index) => {
                Self { uses: Uses::Resource(programs.works[index as usize].resource), ..by_event() }
            }
            Op::Batch(index) => Self {
                uses: Uses::Batch(programs.batches[index as usize].group),
                meets: Meets::AtStation,
                ..private()
            },
            Op::Delay(index) | Op::Haul(index) => {
                let delay = &programs.delays[index as usize];
                let least = least(&delay.time, delay.per);
                match delay.connection {
                    None => Self { least, ..private() },
                    Some(id) => {
                        Self { uses: Uses::Connection(id), meets: Meets::IfShared, least, ..private() }
                    }
                }
            }
            Op::Regime(index) => {
                let regime = &programs.regimes[index as usize];
                let least = regime.times.iter().map(|time| time.least_whole().max(0)).min().unwrap_or(0);
                Self { uses: Uses::Regime(regime.regime), least, ..private() }
            }
            op @ (Op::Ride(_) | Op::RideAny(_)) => {
                Self { uses: Uses::Rides(op), meets: Meets::InYard, waits_for_departures: true, ..private() }
            }
            Op::Replan(index) => {
                let ways = programs.replans[index as usize].switches.iter().map(|switch| switch.at);
                Self { then: std::iter::once(place + 1).chain(ways).collect(), ..by_event() }
            }
            Op::Choose(index) => {
                let choose = &programs.chooses[index as usize];
                let ways = choose.branches.iter().map(|&(_, to)| to).chain([choose.otherwise]);
                Self { then: ways.collect(), ..private() }
            }
            Op::Jump(to) => Self { then: vec![to], ..private() },
            Op::Repeat(index) => {
                Self { back_to: Some(programs.repeats[index as usize].back_to), ..private() }
            }
            Op::Fork(index) => Self { then: programs.forks[index as usize].branches.clone(), ..by_event() },
            Op::BranchEnd => Self { then: joins.get(&place).copied().into_iter().collect(), ..by_event() },
            Op::Deliver => Self { then: Vec::new(), ..private() },
            Op::Retire => Self { then: Vec::new(), ..by_event() },
            Op::Run(_) | Op::Load(_) => Self { waits_for_departures: true, ..by_event() },
            Op::Free(_) | Op::Arrive(_) | Op::Unload(_) => by_event(),
            Op::Gate(_)
            | Op::InspectionBegins
            | Op::InspectionEnds
            | Op::Charge(_)
            | Op::Mark(_)
            | Op::EndStage(_) => private(),
        }
    }
}
