//! The exit codes. The README documents them; does not own the choice of a code (`command`).

/// Success.
pub(crate) const SUCCESS: u8 = 0;
/// The gate failed, or published results were not reproduced.
pub(crate) const REGRESSION: u8 = 1;
/// The command line, a scenario or the output path is wrong, which shows before anything is simulated.
pub(crate) const USAGE: u8 = 2;
/// The gate could prove neither a change nor its absence.
pub(crate) const INCONCLUSIVE: u8 = 3;
/// No comparison with a baseline or with published results is possible: missing, of another model, or without a match.
pub(crate) const BASELINE: u8 = 4;
/// The gate found a change within its margin, under `--strict`.
pub(crate) const CHANGED: u8 = 5;
/// An invariant or an analytic case failed.
pub(crate) const INVARIANT: u8 = 6;
/// An internal error: a bug, a full disk, exhausted memory, or threads that cannot be started.
pub(crate) const INTERNAL: u8 = 70;
/// Interrupted by Ctrl-C. For other signals the code is 128 plus their number.
pub(crate) const INTERRUPTED: u8 = 130;
