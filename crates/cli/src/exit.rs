//! Exit codes, as the product states them.

/// All went well.
pub(crate) const SUCCESS: u8 = 0;
/// A gate failed, or published results are not reproduced.
pub(crate) const REGRESSION: u8 = 1;
/// The command line, a scenario or the place for the output is wrong: found before anything is simulated.
pub(crate) const USAGE: u8 = 2;
/// A gate could prove neither a change nor its absence.
pub(crate) const INCONCLUSIVE: u8 = 3;
/// A baseline, or published results, cannot be compared with: missing, of another model, or matching nothing.
pub(crate) const BASELINE: u8 = 4;
/// A gate found a change within its margin, and was asked to be strict.
pub(crate) const CHANGED: u8 = 5;
/// An invariant or an analytic case failed.
pub(crate) const INVARIANT: u8 = 6;
/// Something inside went wrong: a bug, a disk that is full, memory that is exhausted, threads that cannot be started.
pub(crate) const INTERNAL: u8 = 70;
/// Interrupted by Ctrl-C; by other signals it is 128 and their number.
pub(crate) const INTERRUPTED: u8 = 130;
