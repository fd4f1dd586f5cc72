//! `sanda completions SHELL`.

use std::io::{self, Write};

use clap::CommandFactory;

use crate::args::Arguments;
use crate::exit;

/// Prints the completions of a shell.
pub(crate) fn completions(shell: clap_complete::Shell) -> u8 {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "sanda", &mut script);
    // A reader that goes away (a pipe to `head`) is no failure of ours.
    let _ = io::stdout().write_all(&script);
    exit::SUCCESS
}
