//! The discrete-event kernel and the freight model.
//!
//! Owns one replication: given a model, a seed and a replication number, [`freight::replicate`] is a pure function. Does
//! not own files, text, threads, or floating-point results.

pub mod freight;
pub mod kernel;
