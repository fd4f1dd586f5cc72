//! The review of a model: what is refused or warned about once its parts are compiled.
//!
//! Does not own checks that need no compiled model (`crate::check`).

mod endless;
pub(in crate::build) mod inactive;
mod number;
mod outside;
mod overload;
pub(in crate::build) mod refuse;
mod speed;
mod unused;
