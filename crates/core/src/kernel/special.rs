//! Special functions in portable arithmetic: incomplete gamma and beta functions, the normal law, Student's t.
//!
//! Owns every such function of the workspace: laws sample and fit by them, `sanda_experiment` makes intervals of
//! them. Does not own laws, nor the searches and integrals that laws make (`law::numeric`).
//!
//! They are written here, on `libm` and plain arithmetic, so that a result has the same bits on every platform. The
//! inverse beta function of the statistics library at hand also fails to return for shapes such as (1e9, 1.5), which a
//! share near one reaches; tests compare the two where both answer.
//!
//! # Two roundings of one quantity
//!
//! Two quantities have two functions each. They agree but for the last digits (shares of beta laws to 13 of them), and results
//! depend on the bits of both:
//!
//! | quantity | for laws | for intervals |
//! |---|---|---|
//! | share of a beta law | [`beta_share`]: the continued fraction itself | [`beta_probability`]: its reciprocal |
//! | normal quantile | [`normal_quantile`]: rational approximation, quick | [`normal_tail_quantile`]: Newton's method |
//!
//! Both beta functions share the terms of the fraction and the step that appends one (`fraction`). Samples, and with
//! them golden values and fingerprints, hang on the first column; the intervals of every result hang on the second.

mod beta;
mod fraction;
mod gamma;
mod normal;
mod student;
#[cfg(test)]
mod tests;

pub use beta::{beta_probability, beta_quantile, beta_share};
pub use gamma::gamma_share;
pub use normal::{normal_cdf, normal_density, normal_quantile, normal_tail, normal_tail_quantile};
pub use student::{student_t, student_tail};
