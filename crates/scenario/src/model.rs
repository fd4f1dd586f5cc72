//! From a file to a compiled model in one call: loading, checking and building, with all issues together.

use std::path::Path;

use crate::{
    build::{Built, build},
    inputs::{Basis, InputSpace},
    issue::Issues,
    load::{LoadFailure, Loaded, load, load_text},
    render::{Style, render},
    source::SourceMap,
};

/// A loaded scenario with its compiled model.
#[derive(Clone, Debug)]
pub struct LoadedModel {
    /// The compiled model.
    pub built: Built,
    /// The parameters with a range, and the models at other values of them.
    pub inputs: InputSpace,
    /// What the scenario rests on.
    pub basis: Basis,
    /// What was found that is doubtful but not wrong.
    pub issues: Issues,
    /// The files it came from.
    pub sources: SourceMap,
}

impl LoadedModel {
    /// The remarks as text; empty if there are none.
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
/// All issues at once.
pub fn load_model(path: &Path, sets: &[String]) -> Result<LoadedModel, Box<LoadFailure>> {
    compile(load(path, sets)?)
}

/// As [`load_model`], from a text.
///
/// # Errors
/// All issues at once.
pub fn load_model_text(name: &str, text: &str, sets: &[String]) -> Result<LoadedModel, Box<LoadFailure>> {
    compile(load_text(name, text, sets)?)
}

/// Compiles a loaded scenario.
///
/// # Errors
/// All issues at once.
pub fn compile(mut loaded: Loaded) -> Result<LoadedModel, Box<LoadFailure>> {
    let mut issues = std::mem::take(&mut loaded.issues);
    let Some(built) = build(&loaded.scenario, &loaded.sources, &mut issues) else {
        issues.sort();
        return Err(Box::new(LoadFailure { issues, sources: loaded.sources }));
    };
    // What takes no part is no input, and nothing rests on it.
    loaded.scenario.disruptions.retain(|_, disruption| disruption.active);
    let inputs = InputSpace::new(&loaded, &built.model, &mut issues);
    issues.sort();
    let basis = Basis::new(&loaded);
    Ok(LoadedModel { built, inputs, basis, issues, sources: loaded.sources })
}
