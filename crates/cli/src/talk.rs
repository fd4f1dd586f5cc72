//! Output: data on stdout, remarks and errors on stderr, with or without colour.
//!
//! Nothing here panics if the reader is gone: a closed pipe is the reader's choice. The standard `print` macros would panic, and are not
//! used. Does not own the text.

use std::env;
use std::io::{self, ErrorKind, IsTerminal, Write};

use sanda_scenario::Style;
use sanda_scenario::words::printable;

use crate::exit;

/// The style of output.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Talk {
    /// Whether to print errors and data only.
    pub(crate) quiet: bool,
    is_colour_wanted: bool,
}

impl Talk {
    /// Creates the style. Colour is off if the option, a non-empty `NO_COLOR` or a dumb terminal refuses it.
    pub(crate) fn new(quiet: bool, no_colour: bool) -> Self {
        let is_refused = no_colour || env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self { quiet, is_colour_wanted: !is_refused && !is_terminal_dumb() }
    }

    /// Returns the style of diagnostics on stderr.
    pub(crate) fn style(self) -> Style {
        Style { color: self.is_colour_wanted && io::stderr().is_terminal(), ..Style::default() }
    }

    /// Returns whether data may be coloured.
    pub(crate) fn is_output_coloured(self) -> bool {
        self.is_colour_wanted && io::stdout().is_terminal()
    }

    /// Prints a remark unless quiet.
    pub(crate) fn say(self, text: &str) {
        if !self.quiet {
            remark(text);
        }
    }
}

/// Returns whether the terminal declares that it supports neither colours nor cursor movement.
pub(crate) fn is_terminal_dumb() -> bool {
    env::var_os("TERM").is_some_and(|value| value == "dumb")
}

/// Prints data. Returns the exit code: a reader that goes away (a pipe to `head`) is no error, a full disk is.
pub(crate) fn print(text: &str) -> u8 {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            complain(&anyhow::Error::new(error).context("cannot print"));
            exit::INTERNAL
        }
        _ => exit::SUCCESS,
    }
}

/// Prints a line on stderr, and ignores a closed pipe.
pub(crate) fn remark(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// Returns an error with its causes. An error may repeat the words of its cause, which then appear once.
fn chain(error: &anyhow::Error) -> String {
    error.chain().map(ToString::to_string).fold(String::new(), |words, cause| match &*words {
        "" => cause,
        said if said.ends_with(&cause) => words,
        said => format!("{said}: {cause}"),
    })
}

/// Reports an error with all its causes in one line.
pub(crate) fn complain(error: &anyhow::Error) {
    let words = chain(error);
    let lines: Vec<_> = words.lines().map(printable).collect();
    remark(&format!("error: {}", lines.join("\n")));
}

/// Returns the number of columns of the terminal on stdout; `None` if stdout is no terminal, so that any width is allowed.
pub(crate) fn terminal_width() -> Option<u16> {
    terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| width.0)
}
