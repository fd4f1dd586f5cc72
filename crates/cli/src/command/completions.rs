//! `sanda completions SHELL`. Does not own the command line (`args`).

use clap::CommandFactory;

use crate::args::Arguments;
use crate::talk;

/// Prints the completions of a shell.
pub(crate) fn completions(shell: clap_complete::Shell) -> u8 {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "sanda", &mut script);
    talk::print(&String::from_utf8_lossy(&script))
}
