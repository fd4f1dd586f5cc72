//! The ways of a flow: declared or searched, chosen, and described for reports and closures.
//!
//! Does not own what a way is expected to take (`expect`) nor its program (`compile`).

pub(in crate::build) mod choice;
pub(in crate::build) mod hybrids;
mod links;
pub(in crate::build) mod passage;
pub(in crate::build) mod passed;
mod sight;
mod touched;
pub(in crate::build) mod ways;
