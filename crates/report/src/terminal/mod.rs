//! What the terminal shows of a run: the table of promises and the summary, which is also `summary.txt`.
//!
//! The tables of comparisons, sweeps, attributions and warm-ups stand with their subjects and are built with [`table`].

pub(crate) mod summary;
pub(crate) mod table;
