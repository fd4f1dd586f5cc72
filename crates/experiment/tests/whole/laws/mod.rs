//! What must hold of every run: laws of random worlds, and the engine's quicker paths against its plain one.
//!
//! Does not own any expected value of a single scenario.

mod components;
mod exercised;
mod invariance;
mod loads;
mod precedence;
mod quick_paths;
mod worlds;
