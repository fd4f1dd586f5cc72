//! Questions asked of a scenario beyond one run: attribution, comparison, input ranges, and a scenario from another field.
//!
//! Does not own how the answers are shown (`sanda_report`).

mod attribution;
mod compare;
mod inputs;
mod rescue;
