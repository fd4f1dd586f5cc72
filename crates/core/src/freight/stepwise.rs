//! Stations whose work may be interrupted: by more urgent work, or by the failure of a server. When work there ends is not known
//! before it does, so such a station goes step by step, as it would event by event (`resource`, `interrupt`, `breakdown`), but by
//! itself, with a calendar of its own: all steps of a stretch of time are taken when somebody looks (`upstream`), and who leaves
//! goes on with the others who do.
//!
//! Such a resource has no hours and no shifts, it does not wait for several jobs, nobody is turned away or loses patience there, nothing befalls it from outside, and no
//! servers are held. Does not own what happens at a step. An observer who wants things in the order of time has none of this.

use sanda_units::IdVec;

use crate::freight::entity::Slot;
use crate::freight::event::{Event, Source};
use crate::freight::ids::ResourceId;
use crate::freight::model::{Model, ResourceParams, WhenFull};
use crate::freight::observer::Observer;
use crate::freight::program::Op;
use crate::freight::simulation::Simulation;
use crate::freight::together::Comer;
use crate::freight::upstream::Cause;
use crate::kernel::calendar::EventCalendar;

/// What is still to happen at such a station, in one replication.
#[derive(Debug, Default)]
pub(super) struct Stepwise {
    calendar: EventCalendar<Event>,
    /// Stands in for the agenda: nothing recurs here.
    agenda: EventCalendar<Source>,
    /// When somebody came last, who came then, and what brought them.
    latest_at: i64,
    latest: Vec<(Slot, Cause)>,
    /// Who has left and not gone on yet.
    gone: Vec<Comer>,
}

impl Stepwise {
    /// What is pending there.
    pub(super) fn drain(&mut self) -> impl Iterator<Item = (i64, u64, Event)> {
        self.calendar.drain()
    }
}

/// Which resources go step by step if they are stations.
pub(super) fn stepwise(model: &Model) -> IdVec<ResourceId, bool> {
    let mut are: IdVec<ResourceId, bool> = model.resources.iter().map(may_be_one).collect();
    for op in &model.programs.ops {
        if let Op::Work(index) | Op::Seize(index) = *op {
            let work = &model.programs.works[index as usize];
            are[work.resource] &= matches!(op, Op::Work(_)) && !work.keeps;
        }
    }
    are
}

fn may_be_one(params: &ResourceParams) -> bool {
    params.is_interrupted()
        && params.calendar.is_none()
        && params.shifts.is_empty()
        && params.room.is_none()
        && !params.has_patience
        && !params.may_be_disrupted
        && params.begins_with.is_none()
        && matches!(params.when_full, WhenFull::Lose)
}

impl<O: Observer> Simulation<'_, O> {
    /// The calendar is that of such a station, or no longer.
    pub(super) fn take_its_calendar(&mut self, id: ResourceId) {
        if let Some(station) = &mut self.resources[id].stepwise {
            std::mem::swap(&mut self.calendar, &mut station.calendar);
            std::mem::swap(&mut self.agenda, &mut station.agenda);
        }
    }

    /// Lets everything happen at such a station before an instant: those who come, in order, and what is pending. Empties the
    /// column, and returns when something happens next.
    pub(super) fn pass_stepwise(&mut self, id: ResourceId, comers: &mut Vec<Comer>, until: i64) -> i64 {
        self.take_its_calendar(id);
        for comer in comers.drain(..) {
            // Who comes comes after all else of an instant.
            self.take_steps(comer.at.saturating_add(1));
            self.now = comer.at;
            self.upstream.set_cause(comer.cause);
            if let Some(station) = &mut self.resources[id].stepwise {
                if comer.at > station.latest_at {
                    station.latest.clear();
                    station.latest_at = comer.at;
                }
                station.latest.push((comer.slot, comer.cause));
            }
            if let Op::Work(work) = self.model.programs.ops[self.pool[comer.slot].pc as usize] {
                self.request(comer.slot, work);
            }
        }
        self.take_steps(until);
        let next_at = self.calendar.next_at();
        self.take_its_calendar(id);
        if let Some(station) = &mut self.resources[id].stepwise {
            let mut gone = std::mem::take(&mut station.gone);
            self.walk_all(&mut gone);
            if let Some(station) = &mut self.resources[id].stepwise {
                station.gone = gone;
            }
        }
        next_at
    }

    /// Takes the steps that are pending before an instant.
    fn take_steps(&mut self, until: i64) {
        while self.calendar.next_at() < until {
            let Some((at, _, event)) = self.calendar.pop() else { return };
            self.now = at;
            self.out.events += 1;
            self.handle(event);
        }
    }

    /// Somebody leaves such a station now, having come at an instant. False, and nothing done, if it is none.
    pub(super) fn leave_stepwise(&mut self, id: ResourceId, slot: Slot, came_at: i64) -> bool {
        let now = self.now;
        let identity = self.ranks.of(&self.pool[slot]);
        let Some(station) = &mut self.resources[id].stepwise else { return false };
        // The latest, for a slot may have had another tenant at this instant.
        let mut brought = station.latest.iter().filter(|_| came_at == now);
        let cause = brought.rfind(|&&(other, _)| other == slot).map_or(0, |&(_, cause)| cause);
        station.gone.push(Comer { at: now, identity, slot, cause });
        true
    }
}
