//! The shared part of the benches: the benchmark models, two programs written by hand for each, and the comparison with them.
//!
//! [`workload`] loads a model and runs the engine on it. [`yardstick`] is the bare event loop: the fastest random numbers, and no results
//! but the answer. [`twin`] is a program for one model that makes the engine's own draws and keeps the engine's own statistics, to the bit.
//! [`contest`] runs them in turn and computes ratios. [`limits`] compares ratios with stored ones. Nothing here is part of the product;
//! `README.md` has the measured figures.

pub mod contest;
pub mod limits;
pub mod twin;
pub mod workload;
pub mod yardstick;
