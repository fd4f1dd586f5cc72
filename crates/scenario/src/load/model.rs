//! From a file to a compiled model in one call: loading, checking and building, with all issues together.
//!
//! Does not own these three steps (`load`, `check`, `build`).

use std::path::Path;

use crate::{
    build::{Built, build},
    inputs::{Basis, InputSpace, replaced_parts},
    issue::Issues,
    load::{LoadFailure, Loaded, load, load_text},
    path::ParameterPath,
    render::{Style, render},
    source::SourceMap,
    tree::Tree,
};

/// A loaded scenario with its compiled model.
#[derive(Clone, Debug)]
pub struct LoadedModel {
    /// The compiled model.
    pub built: Built,
    /// The parameters with a range, and the models at other values of them.
    pub inputs: InputSpace,
    /// The basis of the scenario.
    pub basis: Basis,
    /// The warnings.
    pub issues: Issues,
    /// The files of the scenario.
    pub sources: SourceMap,
}

impl LoadedModel {
    /// The warnings as text; empty if there are none.
    pub fn render_remarks(&self, style: Style) -> String {
        if self.issues.is_empty() { String::new() } else { render(&self.issues, &self.sources, style) }
    }

    /// The files read, in the order in which they were read.
    pub fn files(&self) -> Vec<String> {
        self.sources.iter().filter(|source| !source.is_argument).map(|source| source.name.clone()).collect()
    }
}

/// Loads and compiles a scenario.
///
/// # Errors
///
/// All issues at once.
pub fn load_model(path: &Path, sets: &[String]) -> Result<LoadedModel, Box<LoadFailure>> {
    compile(load(path, sets)?)
}

/// As [`load_model`], from a text.
///
/// # Errors
///
/// All issues at once.
pub fn load_model_text(name: &str, text: &str, sets: &[String]) -> Result<LoadedModel, Box<LoadFailure>> {
    compile(load_text(name, text, sets)?)
}

/// Compiles a loaded scenario.
///
/// # Errors
///
/// All issues at once.
pub fn compile(mut loaded: Loaded) -> Result<LoadedModel, Box<LoadFailure>> {
    let mut issues = std::mem::take(&mut loaded.issues);
    let built = build(&loaded.scenario, &loaded.sources, &mut issues);
    note_replaced_parts(&mut issues, &loaded.tree);
    let Some(built) = built else {
        issues.sort();
        return Err(Box::new(LoadFailure { issues, sources: loaded.sources }));
    };
    // An inactive disruption is no input, and nothing rests on it.
    loaded.scenario.disruptions.retain(|_, disruption| disruption.active);
    let inputs = InputSpace::new(&loaded, &built.model, &mut issues);
    issues.sort();
    let basis = Basis::new(&loaded);
    Ok(LoadedModel { built, inputs, basis, issues, sources: loaded.sources })
}

/// Adds to each issue about a parameter the places of its replaced parts. A reader then does not look for a
/// number in a file that no longer holds.
fn note_replaced_parts(issues: &mut Issues, tree: &Tree) {
    for issue in issues.iter_mut() {
        let Ok(path) = issue.path.parse::<ParameterPath>() else { continue };
        // Issues about a whole entry are seldom about the part that was replaced.
        if path.fields_of_entry_and_steps().next().is_none() {
            continue;
        }
        let Ok(value) = path.follow(tree) else { continue };
        for span in replaced_parts(value) {
            if span != issue.span && issue.notes.iter().all(|(known, _)| *known != span) {
                issue.note(span, "with this part from here");
            }
        }
    }
}
