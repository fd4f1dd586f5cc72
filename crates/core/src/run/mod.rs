//! The course of a replication: components one after the other (`course`), events (`events`), windows (`windows`), disruptions, and what
//! is stuck at the end.
//!
//! [`Prepared`] runs the replications of a model.

mod course;
mod disruption;
mod events;
pub mod ideal;
mod prepared;
mod stuck;
mod windows;

pub use prepared::{Prepared, replicate, replicate_observed};
