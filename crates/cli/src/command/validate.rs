//! `sanda validate SCENARIO...`. Does not own the checks (`sanda_scenario`).

use std::fmt::Write as _;

use sanda_core::Prepared;
use sanda_core::model::Model;
use sanda_scenario::Basis;
use sanda_scenario::words::printable;

use crate::args::Validate;
use crate::command::{Said, load, say_how_many};
use crate::exit;
use crate::talk::{self, Talk};

/// Reads, checks and compiles every scenario, and simulates nothing.
pub(crate) fn validate(arguments: &Validate, talk: Talk) -> u8 {
    let (mut n_wrong, mut said, mut printed) = (0, Said::new(), exit::SUCCESS);
    for path in &arguments.input.scenarios {
        let shown = path.to_string_lossy();
        let shown = printable(&shown);
        match load(path, &arguments.input, talk, &mut said) {
            Some(loaded) => {
                talk.say(&format!("{shown}: sound{}", without_source(&loaded.basis, arguments.sources)));
                if arguments.sources {
                    printed = printed.max(list_without_source(&shown, &loaded.basis));
                }
                if arguments.plan {
                    printed = printed.max(list_plan(&shown, &loaded.built.model));
                }
            }
            None => n_wrong += 1,
        }
    }
    if n_wrong == 0 {
        return printed;
    }
    say_how_many(n_wrong, &arguments.input, "");
    exit::USAGE
}

/// Returns a remark on the number of parameters without a source. It is empty for a scenario that states no source at all, such as a
/// teaching example.
fn without_source(basis: &Basis, is_listed: bool) -> String {
    let count = basis.count;
    if count.without == 0 || count.without == count.total() {
        return String::new();
    }
    let how = if is_listed { "" } else { " (--sources lists them)" };
    format!(", {} of {} parameters without a source{how}", count.without, count.total())
}

/// Lists how each resource is served.
fn list_plan(scenario: &str, model: &Model) -> u8 {
    let prepared = Prepared::new(model);
    let mut text = String::new();
    for (id, discipline) in prepared.disciplines().iter_enumerated() {
        let name = printable(&model.resources[id].name);
        writeln!(text, "{scenario}: {name}: {discipline}")
            .expect("invariant: writing to a string cannot fail");
    }
    talk::print(&text)
}

fn list_without_source(scenario: &str, basis: &Basis) -> u8 {
    let mut text = String::new();
    for path in &basis.without {
        writeln!(text, "{scenario}: {}", printable(path))
            .expect("invariant: writing to a string cannot fail");
    }
    talk::print(&text)
}
