//! Loads foreseen from means of the input: the offered load of resources and services, and the memory of a replication.
//!
//! Does not own the warnings made of them (`review`).

pub(in crate::build) mod forecast;
pub(in crate::build) mod offered;
