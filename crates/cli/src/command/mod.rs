//! One file per command, and what they share: the reading of scenarios.

pub(crate) mod completions;
pub(crate) mod run;
pub(crate) mod schema;
pub(crate) mod validate;

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

/// Says how many of several scenarios cannot be used; what is wrong with them has been said.
fn say_how_many(n_wrong: usize, input: &Input, end: &str) {
    if input.scenarios.len() > 1 {
        talk::remark(&format!("error: {n_wrong} of {} scenarios cannot be used{end}", input.scenarios.len()));
    }
}
