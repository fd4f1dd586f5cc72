//! The parts of a model: what the scenario declares, compiled to parameters and programs.
//!
//! Owns resources, services, flows with their itineraries, disruptions, regimes and promises. Does not own
//! the ways of a flow (`route`), what is paid on them (`price`), or how dates become instants (`time`).

pub(in crate::build) mod batch;
mod customs;
mod disruption;
pub(in crate::build) mod flow;
mod itinerary;
mod law;
mod parts;
mod resource;
mod rides;
pub(in crate::build) mod scope;
mod service;
pub(in crate::build) mod standings;
pub(in crate::build) mod steps;
pub(in crate::build) mod walk;
