//! The disruptions of a replication, and those that affected a stage of a life.
//!
//! A disruption affects a stage if one of its effects is on something that the stage uses. A stage uses resources, connections and
//! services, and the resources that the vehicles of its services need on their way. Does not own the time lost to a disruption, which is in
//! the stage's categories.

use sanda_core::model::ids::{DisruptionId, ServiceId, StageId};
use sanda_core::model::program::Op;
use sanda_core::model::{ActTarget, Model};
use sanda_core::record::observer::DisruptionChange;
use sanda_units::IdVec;

use crate::life::{Life, Stage};

/// The periods of each disruption, in the whole run.
#[derive(Debug)]
pub struct Disruptions {
    intervals: IdVec<DisruptionId, Vec<Lasting>>,
}

/// A period of a disruption, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lasting {
    /// Its beginning.
    pub from: i64,
    /// Its end; `None` if the run ended earlier.
    pub to: Option<i64>,
}

impl Disruptions {
    pub(crate) fn new(model: &Model) -> Self {
        Self { intervals: model.disruptions.iter().map(|_| Vec::new()).collect() }
    }

    pub(crate) fn change(&mut self, at: &DisruptionChange) {
        let intervals = &mut self.intervals[at.disruption];
        if at.begins {
            intervals.push(Lasting { from: at.at, to: None });
        } else if let Some(last) = intervals.last_mut() {
            last.to = Some(at.at);
        }
    }

    /// Returns the disruptions that overlapped with a stage and affected something it uses.
    pub fn befalling(&self, model: &Model, life: &Life, stage: &Stage) -> Vec<(DisruptionId, Lasting)> {
        let uses = Uses::of(model, life, stage.stage);
        let mut found = Vec::new();
        for (id, intervals) in self.intervals.iter_enumerated() {
            if model.disruptions[id].acts.iter().any(|act| uses.holds(act.target)) {
                let overlap = intervals
                    .iter()
                    .filter(|lasting| lasting.from < stage.to && lasting.to.is_none_or(|to| to > stage.from));
                found.extend(overlap.map(|&lasting| (id, lasting)));
            }
        }
        found
    }
}

/// The resources, connections and services that a stage uses.
struct Uses {
    targets: Vec<ActTarget>,
    /// Services with the stop up to which they are ridden.
    services: Vec<(ServiceId, u16)>,
}

impl Uses {
    fn of(model: &Model, life: &Life, stage: StageId) -> Self {
        let programs = &model.programs;
        let mut uses = Self { targets: Vec::new(), services: Vec::new() };
        for op in programs.from(model.itineraries[life.itinerary].program) {
            match op {
                Op::EndStage(ended) if ended == stage => break,
                // Everything so far belongs to an earlier stage.
                Op::EndStage(_) => uses = Self { targets: Vec::new(), services: Vec::new() },
                Op::Haul(delay) => {
                    let connection = programs.delays[delay as usize].connection;
                    uses.targets.extend(connection.map(ActTarget::Connection));
                }
                _ => {
                    uses.targets.extend(resource_of(model, op));
                    for ride in programs.rides_at(op) {
                        let ride = &programs.rides[ride as usize];
                        uses.services.push((ride.service, ride.to));
                        let of_vehicle = programs.from(model.services[ride.service].program);
                        uses.targets.extend(of_vehicle.filter_map(|op| resource_of(model, op)));
                    }
                }
            }
        }
        uses
    }

    fn holds(&self, target: ActTarget) -> bool {
        match target {
            ActTarget::Departures(service) => self.services.iter().any(|&(other, _)| other == service),
            ActTarget::Leg(service, leg) => {
                self.services.iter().any(|&(other, to)| other == service && leg < to)
            }
            _ => self.targets.contains(&target),
        }
    }
}

/// Returns the resource that an operation needs.
fn resource_of(model: &Model, op: Op) -> Option<ActTarget> {
    match op {
        Op::Work(work) | Op::Seize(work) => {
            Some(ActTarget::Resource(model.programs.works[work as usize].resource))
        }
        _ => None,
    }
}
