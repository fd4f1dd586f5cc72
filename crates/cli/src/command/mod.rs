//! One file per command, and what they share: reading scenarios. Does not own the options (`args`).

pub(crate) mod attribution;
pub(crate) mod bless;
pub(crate) mod check;
pub(crate) mod compare;
pub(crate) mod completions;
mod flips;
pub(crate) mod merge;
pub(crate) mod reproduce;
pub(crate) mod run;
pub(crate) mod schema;
pub(crate) mod shard;
pub(crate) mod sweep;
pub(crate) mod trace;
pub(crate) mod validate;
pub(crate) mod verify;
pub(crate) mod warm_up;

use std::collections::BTreeSet;
use std::env::{self, VarError};
use std::num::NonZero;
use std::path::Path;
use std::thread;

use anyhow::anyhow;
use sanda_experiment::ArgumentIssue;
use sanda_scenario::words::printable;
use sanda_scenario::{LoadFailure, LoadedModel};

use crate::args::{Input, MOST_THREADS};
use crate::talk::{self, Talk};

/// The issues reported so far, so that an issue of a file shared by several scenarios is reported once.
pub(crate) type Said = BTreeSet<String>;

/// Reads, checks and compiles one of the scenarios and reports its issues; `None` if it cannot be used.
pub(crate) fn load(path: &Path, input: &Input, talk: Talk, said: &mut Said) -> Option<LoadedModel> {
    show(sanda_scenario::load_model(path, &input.sets), path, input.scenarios.len() == 1, talk, said)
}

/// Reports the issues of a scenario that was read; `None` if it cannot be used.
pub(crate) fn show(
    outcome: Result<LoadedModel, Box<LoadFailure>>,
    path: &Path,
    is_alone: bool,
    talk: Talk,
    said: &mut Said,
) -> Option<LoadedModel> {
    match outcome {
        Ok(mut loaded) => {
            loaded.issues.drop_said(&loaded.sources, said);
            let remarks = loaded.render_remarks(talk.style());
            if !remarks.is_empty() {
                talk.say(&remarks);
            }
            Some(loaded)
        }
        Err(mut failure) => {
            let n_known = failure.issues.drop_said(&failure.sources, said);
            let text = failure.render(talk.style());
            if !text.is_empty() {
                // A blank line separates it from the issues of the next scenario.
                talk::remark(if is_alone { text.trim_end() } else { &text });
            }
            if n_known > 0 {
                let errors = if n_known == 1 { "an error" } else { "errors" };
                let path = path.to_string_lossy();
                talk::remark(&format!(
                    "error: {} cannot be used for {errors} shown above\n",
                    printable(&path)
                ));
            }
            None
        }
    }
}

/// The variable by which a batch system limits the threads of a task; rayon's own.
const THREADS: &str = "RAYON_NUM_THREADS";

/// Returns the number of threads: as requested, else as [`THREADS`] says, else one per core. `None` if the variable is not a number, which
/// has been reported.
pub(crate) fn n_threads(asked: Option<u16>) -> Option<usize> {
    if let Some(asked) = asked {
        return Some(usize::from(asked));
    }
    let by_machine = || thread::available_parallelism().map_or(1, NonZero::get);
    match env::var(THREADS) {
        Err(VarError::NotPresent) => Some(by_machine()),
        // Rayon's own way to say "one per core".
        Ok(text) if text.trim().is_empty() || text.trim() == "0" => Some(by_machine()),
        Ok(text) if text.trim().parse::<u16>().is_ok_and(|n| n <= MOST_THREADS) => text.trim().parse().ok(),
        Ok(_) | Err(VarError::NotUnicode(_)) => {
            let value = env::var_os(THREADS).unwrap_or_default();
            let value: String = value.to_string_lossy().chars().take(40).collect();
            talk::complain(&anyhow!(
                "the environment variable {THREADS} is `{value}`, which is not a number of threads\nhint: set it to 1 to {MOST_THREADS}, unset it, or give --threads"
            ));
            None
        }
    }
}

/// Reports all errors in the value of an option.
pub(crate) fn refuse(option: &str, issues: &[ArgumentIssue]) {
    for issue in issues {
        let hint = issue.hint.as_ref().map_or_else(String::new, |hint| format!("\nhint: {hint}"));
        talk::complain(&anyhow!("{option}: {issue}{hint}"));
    }
}

/// Reports how many of several scenarios cannot be used. The issues themselves have been reported.
pub(crate) fn say_how_many(n_wrong: usize, input: &Input, end: &str) {
    if input.scenarios.len() > 1 {
        talk::remark(&format!("error: {n_wrong} of {} scenarios cannot be used{end}", input.scenarios.len()));
    }
}
