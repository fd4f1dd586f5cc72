//! Expected times and costs of steps and rides, from the laws of the input alone.
//!
//! They decide which ways are searched and chosen. They know no queue and no disruption, which only a run produces.

pub(in crate::build) mod cargo;
pub(in crate::build) mod common_lines;
pub(in crate::build) mod headway;
pub(in crate::build) mod moments;
mod money;
pub(in crate::build) mod steps;
