//! `sanda validate SCENARIO...`.

use sanda_scenario::words::printable;

use crate::args::Validate;
use crate::command::{Said, load, say_how_many};
use crate::exit;
use crate::talk::Talk;

/// Reads, checks and compiles every scenario; simulates nothing.
pub(crate) fn validate(arguments: &Validate, talk: Talk) -> u8 {
    let (mut n_wrong, mut said) = (0, Said::new());
    for path in &arguments.input.scenarios {
        match load(path, &arguments.input, talk, &mut said) {
            Some(_) => talk.say(&format!("{}: sound", printable(&path.to_string_lossy()))),
            None => n_wrong += 1,
        }
    }
    if n_wrong == 0 {
        return exit::SUCCESS;
    }
    say_how_many(n_wrong, &arguments.input, "");
    exit::USAGE
}
