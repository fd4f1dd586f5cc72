//! Text of the language: sources, the reading of RON into positioned trees, and printing.
//!
//! Does not own what a tree means (`decode`, `schema`) nor how several trees become one (`compose`).

pub mod parse;
pub mod print;
pub(crate) mod read;
mod scan;
pub mod source;
pub mod tree;
