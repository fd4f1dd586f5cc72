//! `sanda validate SCENARIO...`.

use crate::args::Validate;
use crate::exit;
use crate::talk::Talk;

/// Reads, checks and compiles every scenario; simulates nothing.
pub(crate) fn validate(arguments: &Validate, talk: &Talk) -> u8 {
    let mut code = exit::SUCCESS;
    for path in &arguments.scenarios {
        match sanda_scenario::load_model(path, &arguments.sets) {
            Ok(loaded) => {
                let remarks = loaded.render_remarks(talk.style());
                if !remarks.is_empty() {
                    talk.say(&remarks);
                }
                talk.say(&format!("{}: sound", path.display()));
            }
            Err(failure) => {
                eprint!("{}", failure.render(talk.style()));
                code = exit::USAGE;
            }
        }
    }
    code
}
