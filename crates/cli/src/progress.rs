//! How far a run has come: a bar on a terminal, now and then a line in a log. Neither before the first second.

use std::io::{self, IsTerminal};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use sanda_experiment::Progress;

use crate::talk::{self, Talk};

/// Runs shorter than this show no progress.
const PATIENCE: Duration = Duration::from_secs(1);

/// The progress of one scenario.
pub(crate) struct Meter {
    name: String,
    began_at: Instant,
    /// Done in earlier parts of the run.
    n_before: u64,
    /// Of all parts together.
    n_all: u64,
    display: Display,
}

enum Display {
    Nothing,
    /// A bar, hidden at first.
    Bar {
        bar: ProgressBar,
        is_hidden: bool,
    },
    /// Lines at 1, 2, 4, 8, ... seconds: enough to see life, never many.
    Lines {
        next: Duration,
    },
}

impl Meter {
    /// Shows nothing when quiet.
    ///
    /// The points of the input ranges count like replications: each is one.
    pub(crate) fn new(name: &str, n_replications: u64, n_points: u64, talk: Talk) -> Self {
        let n_all = n_replications + n_points;
        let display = if talk.quiet {
            Display::Nothing
        } else if io::stderr().is_terminal() {
            Display::Bar { bar: hidden_bar(name, n_all), is_hidden: true }
        } else {
            Display::Lines { next: PATIENCE }
        };
        Self { name: name.to_owned(), began_at: Instant::now(), n_before: 0, n_all, display }
    }

    /// Since the run began.
    pub(crate) fn elapsed(&self) -> Duration {
        self.began_at.elapsed()
    }

    /// Begins the next part of the run, the points of the input ranges, after so many replications.
    pub(crate) fn go_on_after(&mut self, n_done: u64) {
        self.n_before = n_done;
    }

    /// Takes the bar away.
    pub(crate) fn finish(self) {
        if let Display::Bar { bar, .. } = self.display {
            bar.finish_and_clear();
        }
    }
}

impl Progress for Meter {
    fn merged(&mut self, n_done: u64, _: u64) {
        let (n_done, n_replications) = (self.n_before + n_done, self.n_all);
        let elapsed = self.began_at.elapsed();
        match &mut self.display {
            Display::Nothing => {}
            Display::Bar { bar, is_hidden } => {
                if *is_hidden && elapsed > PATIENCE && n_done < n_replications {
                    bar.set_draw_target(ProgressDrawTarget::stderr());
                    *is_hidden = false;
                }
                bar.set_position(n_done);
            }
            Display::Lines { next } => {
                if elapsed > *next && n_done < n_replications {
                    talk::remark(&format!("{}: {n_done} of {n_replications} replications", self.name));
                    while *next < elapsed {
                        *next *= 2;
                    }
                }
            }
        }
    }
}

fn hidden_bar(name: &str, n_replications: u64) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(n_replications), ProgressDrawTarget::hidden());
    let template = "{msg} {bar:32} {pos}/{len} replications, {eta} left";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style.progress_chars("=> "));
    }
    bar.set_message(name.to_owned());
    bar
}
