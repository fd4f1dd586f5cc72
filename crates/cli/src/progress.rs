//! The progress bar of a run: on a terminal only, after the first second, with the time left.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use sanda_experiment::Progress;

use crate::talk::Talk;

/// A bar over replications.
pub(crate) struct Bar {
    bar: ProgressBar,
    began_at: Instant,
    shown: bool,
}

impl Bar {
    /// A bar for a scenario; invisible when quiet or when stderr is not a terminal.
    pub(crate) fn new(name: &str, n_replications: u64, talk: Talk) -> Self {
        let bar = ProgressBar::with_draw_target(Some(n_replications), ProgressDrawTarget::hidden());
        let template = "{msg} {bar:32} {pos}/{len} replications, {eta} left";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.set_message(name.to_owned());
        let shown = talk.quiet || !std::io::stderr().is_terminal();
        Self { bar, began_at: Instant::now(), shown }
    }

    /// Takes the bar away.
    pub(crate) fn finish(self) {
        self.bar.finish_and_clear();
    }
}

impl Progress for Bar {
    fn merged(&mut self, n_done: u64, n_replications: u64) {
        if !self.shown && self.began_at.elapsed() > Duration::from_secs(1) && n_done < n_replications {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
            self.shown = true;
        }
        self.bar.set_position(n_done);
    }
}
