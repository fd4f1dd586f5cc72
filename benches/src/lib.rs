//! What the benches share: the benchmark models, two programs written by hand for each of them, and the measuring of one
//! against the other.
//!
//! [`workload`] loads a model and runs the engine on it. [`yardstick`] is the bare event loop, with the quickest random
//! numbers there are and nothing kept but the answer. [`twin`] is a program for the one model that makes the engine's
//! own draws and keeps the engine's own statistics, to the bit. [`contest`] lets them run in turn and gives ratios,
//! [`limits`] holds ratios against stored ones. Nothing here is part of the program itself; what the figures were is in
//! `README.md`.

pub mod contest;
pub mod limits;
pub mod twin;
pub mod workload;
pub mod yardstick;
