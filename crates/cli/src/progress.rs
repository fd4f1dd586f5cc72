//! The progress of a run and its results so far: a bar on a terminal, occasional lines in a log, and neither before the first second.
//!
//! Does not own the run (`sanda_experiment`).

use std::io::{self, IsTerminal};
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use sanda_experiment::{Gathered, Progress};
use sanda_report::share_in_line;

use crate::talk::{self, Talk};
use crate::{bug, interrupt, memory};

/// Runs shorter than this show no progress.
const PATIENCE: Duration = Duration::from_secs(1);

/// Shortest time between two updates of the results so far on a terminal.
const UNHURRIED: Duration = Duration::from_millis(500);

/// Interval between two checks of the remaining memory.
const LOOK_AT_MEMORY: Duration = Duration::from_millis(500);

/// Time after which a log mentions a first replication that is still running.
const SILENCE: Duration = Duration::from_secs(8);

/// The progress of one scenario.
pub(crate) struct Meter {
    name: String,
    /// The promises reported during the run.
    promises: Vec<String>,
    began_at: Instant,
    /// Number done in earlier parts of the run.
    n_before: u64,
    /// Number in all parts together.
    n_all: u64,
    /// Number merged so far, in all parts.
    n_done: u64,
    display: Display,
    /// Whether the coming stop has been reported.
    is_stop_told: bool,
    /// Instant of the last check of memory.
    memory_at: Instant,
    /// The reason why the run was abandoned.
    trouble: Option<String>,
}

enum Display {
    Nothing,
    /// A bar, hidden at first.
    Bar {
        bar: ProgressBar,
        is_hidden: bool,
        /// Time of the last update of the shares so far.
        told_at: Option<Duration>,
    },
    /// Lines at 1, 2, 4, 8, ... seconds: enough to show activity, never many.
    Lines {
        next: Duration,
    },
}

impl Meter {
    /// Creates a meter, which shows nothing when quiet.
    ///
    /// Points of the input ranges count as replications: each is one.
    pub(crate) fn new(
        name: &str,
        promises: Vec<String>,
        n_replications: u64,
        n_points: u64,
        talk: Talk,
    ) -> Self {
        let n_all = n_replications + n_points;
        let display = if talk.quiet {
            Display::Nothing
        } else if io::stderr().is_terminal() {
            Display::Bar { bar: hidden_bar(name, n_all), is_hidden: true, told_at: None }
        } else {
            Display::Lines { next: PATIENCE }
        };
        let now = Instant::now();
        Self {
            name: name.to_owned(),
            promises,
            began_at: now,
            n_before: 0,
            n_all,
            n_done: 0,
            display,
            is_stop_told: false,
            memory_at: now,
            trouble: None,
        }
    }

    /// Returns the time since the run began.
    pub(crate) fn elapsed(&self) -> Duration {
        self.began_at.elapsed()
    }

    /// Begins the next part of the run, `n_points` of the input ranges, after `n_done` replications.
    pub(crate) fn go_on_after(&mut self, n_done: u64, n_points: u64) {
        self.n_before = n_done;
        self.expect(n_points);
    }

    /// Returns the reason why the run was abandoned, if it was.
    pub(crate) fn trouble(&self) -> Option<String> {
        self.trouble.clone()
    }

    /// Reports once that the run is going to stop.
    pub(crate) fn tell_of_stop(&mut self) {
        if !self.is_stop_told && interrupt::is_requested() && !bug::has_happened() {
            self.is_stop_told = true;
            let words =
                "\ninterrupted: keeping what is finished, and what is within a second (again to end at once)";
            match &self.display {
                Display::Bar { bar, is_hidden: false, .. } => bar.suspend(|| talk::remark(words)),
                _ => talk::remark(words),
            }
        }
    }

    /// Returns a message if the machine is about to run out of memory because of this run, before the system kills the process.
    fn exhaustion(&mut self) -> Option<String> {
        if self.memory_at.elapsed() < LOOK_AT_MEMORY {
            return None;
        }
        self.memory_at = Instant::now();
        let (taken, left) = memory::exhausted()?;
        Some(format!(
            "memory is running out: `{}` has taken {}, and {} are left; output folders are as they were before",
            self.name,
            memory::shown(taken as f64),
            memory::shown(left as f64)
        ))
    }

    /// Removes the bar.
    pub(crate) fn finish(self) {
        if let Display::Bar { bar, .. } = self.display {
            bar.finish_and_clear();
        }
    }
}

impl Progress for Meter {
    fn merged(&mut self, n_done: u64, _: u64, so_far: Option<&Gathered>) {
        self.tell_of_stop();
        let (n_done, n_replications) = (self.n_before + n_done, self.n_all);
        self.n_done = n_done;
        let elapsed = self.began_at.elapsed();
        match &mut self.display {
            Display::Nothing => {}
            Display::Bar { bar, is_hidden, told_at } => {
                if elapsed > PATIENCE
                    && told_at.is_none_or(|at| elapsed > at + UNHURRIED)
                    && let Some(shares) = shares(&self.promises, so_far)
                {
                    if told_at.is_none() {
                        bar.set_style(style(TEMPLATE_SO_FAR));
                    }
                    bar.set_message(format!("so far {}", shares.join("\n       ")));
                    *told_at = Some(elapsed);
                }
                if *is_hidden && elapsed > PATIENCE && n_done < n_replications {
                    bar.set_draw_target(ProgressDrawTarget::stderr());
                    *is_hidden = false;
                }
                bar.set_position(n_done);
            }
            Display::Lines { next } => {
                if elapsed > *next && n_done < n_replications {
                    let so_far = shares(&self.promises, so_far)
                        .map_or_else(String::new, |shares| format!("; so far {}", shares.join(", ")));
                    talk::remark(&format!(
                        "{}: {n_done} of {n_replications} replications{so_far}",
                        self.name
                    ));
                    while *next < elapsed {
                        *next *= 2;
                    }
                }
            }
        }
    }

    fn expect(&mut self, n_replications: u64) {
        self.n_all = self.n_before + n_replications;
        if let Display::Bar { bar, .. } = &self.display {
            bar.set_length(self.n_all);
        }
    }

    fn waiting(&mut self) -> ControlFlow<()> {
        self.tell_of_stop();
        let elapsed = self.began_at.elapsed();
        match &mut self.display {
            Display::Bar { bar, is_hidden, .. } if elapsed > PATIENCE && *is_hidden => {
                bar.set_draw_target(ProgressDrawTarget::stderr());
                bar.set_position(self.n_done);
                *is_hidden = false;
            }
            // A long first replication is reported too.
            Display::Lines { next } if self.n_done == 0 && elapsed > *next && elapsed > SILENCE => {
                talk::remark(&format!(
                    "{}: 0 of {} replications after {} s",
                    self.name,
                    self.n_all,
                    elapsed.as_secs()
                ));
                while *next < elapsed {
                    *next *= 2;
                }
            }
            _ => {}
        }
        self.trouble = self.exhaustion();
        if self.trouble.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

/// Returns the share of each promise kept so far; `None` as long as that means nothing.
fn shares(promises: &[String], so_far: Option<&Gathered>) -> Option<Vec<String>> {
    let gathered = so_far.filter(|gathered| gathered.n_replications() >= FEWEST)?;
    let shares = promises.iter().filter_map(|promise| {
        let kept = gathered.share_kept(promise)?;
        Some(format!("{promise} {}", share_in_line(&kept)))
    });
    let shares: Vec<String> = shares.collect();
    (!shares.is_empty()).then_some(shares)
}

/// Template of the bar, without results so far.
const TEMPLATE: &str = "{prefix} {bar:32} {pos}/{len} replications, {eta} left";
const TEMPLATE_SO_FAR: &str = "{prefix} {bar:32} {pos}/{len} replications, {eta} left\n{msg}";

/// Smallest number of replications for which an interval is shown.
const FEWEST: u32 = 3;

fn style(template: &str) -> ProgressStyle {
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    style.progress_chars("=> ")
}

fn hidden_bar(name: &str, n_replications: u64) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(n_replications), ProgressDrawTarget::hidden());
    bar.set_style(style(TEMPLATE));
    bar.set_prefix(name.to_owned());
    bar
}
