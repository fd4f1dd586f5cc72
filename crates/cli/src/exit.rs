//! Exit codes, as the product states them. Those of commands that do not exist yet come with the commands.

/// All went well.
pub(crate) const SUCCESS: u8 = 0;
/// The command line, a scenario or the place for the output is wrong: found before anything is simulated.
pub(crate) const USAGE: u8 = 2;
/// An invariant or an analytic case failed.
pub(crate) const INVARIANT: u8 = 6;
/// Something inside went wrong: a bug, a disk that is full, memory that is exhausted, threads that cannot be started.
pub(crate) const INTERNAL: u8 = 70;
/// Interrupted by Ctrl-C; by other signals it is 128 and their number.
pub(crate) const INTERRUPTED: u8 = 130;
