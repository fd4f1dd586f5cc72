//! What is said: data on stdout, remarks and errors on stderr, with or without colour.
//!
//! Nothing here panics when nobody listens: a closed pipe is the reader's choice. The standard `print` macros do, and are
//! not used.

use std::env;
use std::io::{self, ErrorKind, IsTerminal, Write};

use sanda_scenario::Style;
use sanda_scenario::words::printable;

use crate::exit;

/// How to talk.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Talk {
    /// Errors and data only.
    pub(crate) quiet: bool,
    is_colour_wanted: bool,
}

impl Talk {
    /// Colour is wanted unless refused by the option, by `NO_COLOR` (set to anything but nothing) or by a terminal that says it has none.
    pub(crate) fn new(quiet: bool, no_colour: bool) -> Self {
        let is_refused = no_colour || env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self { quiet, is_colour_wanted: !is_refused && !is_terminal_dumb() }
    }

    /// The style of diagnostics on stderr.
    pub(crate) fn style(self) -> Style {
        Style { color: self.is_colour_wanted && io::stderr().is_terminal(), ..Style::default() }
    }

    /// Whether data may be coloured.
    pub(crate) fn is_output_coloured(self) -> bool {
        self.is_colour_wanted && io::stdout().is_terminal()
    }

    /// Says something unless quiet.
    pub(crate) fn say(self, text: &str) {
        if !self.quiet {
            remark(text);
        }
    }
}

/// Whether the terminal knows no colours and no movement of the cursor, by its own word.
pub(crate) fn is_terminal_dumb() -> bool {
    env::var_os("TERM").is_some_and(|value| value == "dumb")
}

/// Prints data. Returns the exit code: a reader that goes away (a pipe to `head`) is no failure, a full disk is.
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

/// A line on stderr, whether anybody listens or not.
pub(crate) fn remark(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// Says what went wrong, with all its causes, in one line.
pub(crate) fn complain(error: &anyhow::Error) {
    let words = format!("{error:#}");
    let lines: Vec<_> = words.lines().map(printable).collect();
    remark(&format!("error: {}", lines.join("\n")));
}

/// Columns of the terminal that data go to; `None` when they go elsewhere and may be as wide as they like.
pub(crate) fn terminal_width() -> Option<u16> {
    terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| width.0)
}
