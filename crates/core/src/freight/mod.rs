//! The freight model: shipments, vehicles, resources, services, demand, and what is recorded of them.
//!
//! [`model::Model`] is what runs (built by the scenario crate), [`Prepared`] runs its replications, [`record::Outcome`] is what
//! comes back. What has nothing in common happens one after the other (`component`, `course`). The handlers, one file per event
//! family: `advance` (the interpreter of programs) with `ahead`, `together`, `upstream`, `desk`, `counter`, `resource` with
//! `hours`, `room`, `interrupt` and `breakdown`, `boarding` with `elsewhere`, `booking`, `vehicle`, `split`, `fleet`, `demand`, `waiting`, `charge`.

mod accounts;
mod batch;
mod boarding;
mod booking;
mod breakdown;
pub mod category;
mod charge;
pub mod choice;
pub mod cost;
mod course;
mod delivery;
mod demand;
mod disruption;
mod elsewhere;
mod entity;
mod event;
mod fleet;
mod hours;
pub mod ideal;
pub mod ids;
mod interrupt;
pub mod invariant;
mod meet;
pub mod model;
pub mod observer;
mod periods;
mod plan;
mod prepared;
pub mod program;
pub mod record;
mod release;
mod resource;
mod room;
mod serve;
mod simulation;
mod split;
mod state;
mod station;
pub mod stuck;
mod told;
mod vehicle;
mod waiting;
mod walk;
mod windows;
mod yard;

pub use event::{RANK_LIMIT, n_places};
pub use plan::{Discipline, Why};
pub use prepared::{Prepared, replicate, replicate_observed};
