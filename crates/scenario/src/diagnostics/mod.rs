//! Diagnostics: issues with their places, suggestions, and how both are shown to people.
//!
//! Does not own what is wrong (`decode`, `check`, `build`).

pub mod issue;
pub mod render;
pub mod suggest;
pub mod words;
