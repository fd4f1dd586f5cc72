//! The freight model: shipments, vehicles, resources, services, demand, and what is recorded of them.
//!
//! [`model::Model`] is what runs (built by the scenario crate), [`Prepared`] runs its replications, [`record::Outcome`] is what
//! comes back. What has nothing in common happens one after the other (`component`, `course`). The handlers, one file per event
//! family: `advance` (the interpreter of programs) with `ahead`, `together`, `upstream`, `lines`, `desk`, `counter`, `stepwise`, `resource` with
//! `hours`, `room`, `interrupt` and `breakdown`, `boarding` with `elsewhere`, `booking`, `vehicle`, `split`, `fleet`, `demand`, `waiting`, `charge`.

mod accounts;
mod advance;
mod ahead;
mod boarding;
mod booking;
mod breakdown;
pub mod category;
mod charge;
pub mod choice;
mod component;
pub mod cost;
mod counter;
mod course;
mod cut;
mod demand;
mod desk;
mod disruption;
mod elsewhere;
mod entity;
mod event;
mod fleet;
mod groups;
mod hours;
pub mod ideal;
pub mod ids;
mod interrupt;
pub mod invariant;
mod lines;
pub mod model;
pub mod observer;
mod periods;
mod places;
mod prepared;
pub mod program;
pub mod record;
mod resource;
mod room;
mod simulation;
mod split;
mod state;
mod stepwise;
pub mod stuck;
mod together;
mod told;
mod upstream;
mod vehicle;
mod waiting;
mod yard;

pub use event::{RANK_LIMIT, n_places};
pub use prepared::{Prepared, replicate, replicate_observed};
