//! The discrete-event kernel and the freight model.
//!
//! Owns one replication: given a model, a seed and a replication number, [`replicate`] is a pure function. [`model`] is what runs (built by the
//! scenario crate), [`Prepared`] runs its replications by a [plan](Discipline), [`record`] is what comes back. Does not own files, text,
//! threads, or floating-point results.
//!
//! The folders follow the way of the data: `kernel` knows no freight; `model` holds tables that do not change; `plan` is worked out from them
//! once; `station` serves jobs and knows no shipment; `engine` holds the state of a replication; `travel`, `resource` and `service` say what
//! happens to shipments, at resources and to vehicles; `run` drives it; `record` is what is written down.

mod engine;
pub mod kernel;
pub mod model;
mod plan;
pub mod record;
mod resource;
pub mod run;
mod service;
mod station;
mod travel;

pub use plan::{Discipline, RANK_LIMIT, Why, n_places};
pub use run::{Prepared, replicate, replicate_observed};
