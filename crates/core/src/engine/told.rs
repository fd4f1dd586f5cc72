//! What observers are told, put together from the state.
//!
//! Does not own when they are told: that is where things happen.

use crate::engine::entity::{Entity, Kind};
use crate::model::category::{Category, N_CATEGORIES};
use crate::model::ids::{FlowId, ResourceId, StageId};
use crate::record::observer::{ServiceEnd, ServiceStart, StageEnd};

/// The end of a stage now, before the times of the entity are cleared.
pub(crate) fn end_of_stage(entity: &Entity, stage: StageId, now: i64) -> StageEnd {
    StageEnd {
        stage,
        flow: FlowId::new(entity.owner as usize),
        number: entity.number,
        measured: entity.measured,
        from: entity.stage_from,
        to: now,
        times: entity.category_times(),
    }
}

/// The end of a stage that is one work: requested, started and ended at these instants.
pub(crate) fn end_of_stage_of_work(
    entity: &Entity,
    stage: StageId,
    (requested_at, started_at, ended_at): (i64, i64, i64),
) -> StageEnd {
    let mut times = [0; N_CATEGORIES];
    times[Category::Server as usize] = started_at - requested_at;
    times[Category::Worked as usize] = ended_at - started_at;
    StageEnd { from: requested_at, times, ..end_of_stage(entity, stage, ended_at) }
}

/// What observers are told when service begins.
pub(crate) fn start_of(
    entity: &Entity,
    resource: ResourceId,
    requested_at: i64,
    started_at: i64,
    work: i64,
) -> ServiceStart {
    ServiceStart {
        resource,
        owner: entity.owner,
        is_vehicle: matches!(entity.kind, Kind::Vehicle | Kind::VehicleBranch),
        number: entity.number,
        requested_at,
        started_at,
        work,
    }
}

/// What observers are told when service ends.
pub(crate) fn end_of(
    entity: &Entity,
    resource: ResourceId,
    requested_at: i64,
    started_at: i64,
    ended_at: i64,
) -> ServiceEnd {
    ServiceEnd {
        resource,
        owner: entity.owner,
        is_vehicle: matches!(entity.kind, Kind::Vehicle | Kind::VehicleBranch),
        number: entity.number,
        requested_at,
        started_at,
        ended_at,
    }
}
