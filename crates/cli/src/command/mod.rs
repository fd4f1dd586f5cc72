//! One file per command, and what they share: the reading of scenarios.

pub(crate) mod completions;
pub(crate) mod run;
pub(crate) mod schema;
pub(crate) mod validate;
pub(crate) mod verify;

use std::path::Path;

use sanda_scenario::LoadedModel;

use crate::args::Input;
use crate::talk::{self, Talk};

/// Reads, checks and compiles one of the scenarios and shows what is wrong or doubtful; `None` if it cannot be used.
fn load(path: &Path, input: &Input, talk: Talk) -> Option<LoadedModel> {
    match sanda_scenario::load_model(path, &input.sets) {
        Ok(loaded) => {
            let remarks = loaded.render_remarks(talk.style());
            if !remarks.is_empty() {
                talk.say(&remarks);
            }
            Some(loaded)
        }
        Err(failure) => {
            let text = failure.render(talk.style());
            // A blank line parts it from what is said of the next scenario.
            talk::remark(if input.scenarios.len() == 1 { text.trim_end() } else { &text });
            None
        }
    }
}

/// Threads as asked for; else as rayon's own variable says, by which a batch system limits a task; else one per core.
fn n_threads(asked: Option<u16>) -> usize {
    let by_environment = || std::env::var("RAYON_NUM_THREADS").ok()?.parse().ok().filter(|&n| n > 0);
    let by_machine = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    asked.map(usize::from).or_else(by_environment).unwrap_or_else(by_machine)
}

/// Says how many of several scenarios cannot be used; what is wrong with them has been said.
fn say_how_many(n_wrong: usize, input: &Input, end: &str) {
    if input.scenarios.len() > 1 {
        talk::remark(&format!("error: {n_wrong} of {} scenarios cannot be used{end}", input.scenarios.len()));
    }
}
