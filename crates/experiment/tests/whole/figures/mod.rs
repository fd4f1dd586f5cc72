//! Figures of the results: estimators, percentiles, costs and emissions, remarks, and simulation against theory.
//!
//! Does not own how often intervals cover the truth (`tests/coverage`).

mod costs;
mod estimates;
mod percentiles;
mod remarks;
mod theory;
