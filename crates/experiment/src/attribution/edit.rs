//! Edits of the compiled model: each removes one cause of waits, and nothing else.
//!
//! Ids, programs and streams keep their places, so that every draw stays what it was: the same shipments meet the same luck. What was
//! drawn for a removed cause is drawn no more, which moves nothing, for draws are keyed. Does not own which causes there are (`cause`).

use sanda_core::model::ids::{ResourceId, ServiceId};
use sanda_core::model::program::Op;
use sanda_core::model::{
    ActEffect, ActTarget, AtClosing, Cancellation, Capacity, DisruptionParams, Model, QueueOrder, Room,
    WhenFull,
};
use sanda_units::IdVec;

use super::cause::{Cause, best};

/// Removes a cause from a model. Removing what is not there changes nothing.
pub fn remove(model: &mut Model, cause: Cause) {
    match cause {
        Cause::Resource(id) => free(model, id),
        Cause::Gate(calendar) => {
            for (place, op) in (1..).zip(&mut model.programs.ops) {
                if *op == Op::Gate(calendar) {
                    // On to the next operation.
                    *op = Op::Jump(place);
                }
            }
        }
        Cause::Fleet(id) => model.connections[id].fleet = None,
        Cause::Full(id) => make_room(model, id),
        Cause::Unpunctual(id) => {
            let service = &mut model.services[id];
            service.cancellation = Cancellation::Never;
            service.delay = None;
        }
        Cause::Regime(id) => {
            // The process itself goes on: its states are drawn as before and make no difference.
            for op in model.programs.regimes.iter_mut().filter(|op| op.regime == id) {
                if let Some(best) = best(&op.times).cloned() {
                    op.times.fill(best);
                }
            }
        }
        Cause::Disruptions => calm(model),
    }
}

/// A resource without waits: servers without number, always open, never broken, which begin with the first.
fn free(model: &mut Model, id: ResourceId) {
    let resource = &mut model.resources[id];
    resource.servers = None;
    resource.shifts.clear();
    resource.calendar = None;
    resource.at_closing = AtClosing::Finish;
    resource.breakdowns = None;
    resource.begins_with = None;
    // Nobody waits, so that no room is ever full and nothing is interrupted.
    if let QueueOrder::Preemptive(classes) = resource.order {
        resource.order = QueueOrder::Priority(classes);
    }
    resource.room = Room { has_patience: resource.room.has_patience, ..Room::UNLIMITED };
    // A disruption still closes it; fewer servers it no longer has.
    for disruption in &mut model.disruptions {
        disruption.acts.retain(|act| {
            act.target != ActTarget::Resource(id) || !matches!(act.effect, ActEffect::Capacity(_))
        });
    }
    let resources = &model.resources;
    model.programs.find_blocked(|id| {
        resources[id].room.when_full == WhenFull::Block && resources[id].room.places.is_some()
    });
}

/// A service that takes everything ready by its cut-off. One that leaves when full keeps its capacity, for that is its timetable.
fn make_room(model: &mut Model, id: ServiceId) {
    let leaves_when_full = model.leaves_when_full(id);
    let service = &mut model.services[id];
    service.fleet = None;
    if leaves_when_full {
        return;
    }
    service.capacity = Capacity::Unlimited;
    service.background = None;
    service.season.clear();
    // What choices see of it.
    for watch in model.watches.iter_mut().filter(|watch| watch.service == id) {
        watch.capacity = i64::MAX;
        watch.background = 0;
    }
}

/// No disruption ever begins, and no storm strikes.
fn calm(model: &mut Model) {
    model.disruptions = IdVec::<_, DisruptionParams>::new();
    for resource in &mut model.resources {
        resource.may_be_disrupted = false;
    }
    for service in &mut model.services {
        service.storms.clear();
    }
}
