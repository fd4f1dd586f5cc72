//! What is said on stderr: remarks and errors, with or without colour.

use std::io::IsTerminal;

use sanda_scenario::Style;

/// How to talk.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Talk {
    /// Errors only.
    pub(crate) quiet: bool,
    /// Colour on stderr.
    pub(crate) colour: bool,
}

impl Talk {
    /// Colour only on a terminal, and never when asked not to.
    pub(crate) fn new(quiet: bool, no_colour: bool) -> Self {
        let asked_not_to = no_colour || std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self { quiet, colour: !asked_not_to && std::io::stderr().is_terminal() }
    }

    /// The style of diagnostics.
    pub(crate) fn style(self) -> Style {
        Style { color: self.colour, ..Style::default() }
    }

    /// Says something unless quiet.
    pub(crate) fn say(self, text: &str) {
        if !self.quiet {
            eprintln!("{text}");
        }
    }

    /// Says what went wrong, with all its causes, in one line.
    pub(crate) fn complain(self, error: &anyhow::Error) {
        eprintln!("error: {error:#}");
    }

    /// Columns for tables.
    pub(crate) fn width(self) -> u16 {
        let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
        columns.filter(|&columns| columns >= 60).unwrap_or(120)
    }
}
