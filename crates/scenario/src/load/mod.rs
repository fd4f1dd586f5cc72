//! Loading: from a path or a text to a typed and checked scenario, or to all its issues.
//!
//! Does not own the building of the model (`build`).

pub(crate) mod differences;
pub mod model;

use std::{fmt, path::Path};

use crate::{
    check::check,
    compose::Composer,
    compose::trial::stand_in_fields,
    decode::{Context, Decode as _},
    issue::Issues,
    path::SECTIONS,
    render::{Style, render},
    schema::Scenario,
    source::SourceMap,
    tree::{Tree, Value},
};

/// A scenario that was read without errors.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The typed scenario.
    pub scenario: Scenario,
    /// The composed tree from which the scenario was typed: every parameter as written, with `base`,
    /// `network` and `changes` applied.
    pub tree: Tree,
    /// Warnings.
    pub issues: Issues,
    /// The sources that places refer to.
    pub sources: SourceMap,
}

/// Why a scenario could not be read, with at least one error. `Display` draws all issues.
#[derive(Clone, Debug)]
pub struct LoadFailure {
    /// Everything that is wrong, in reading order.
    pub issues: Issues,
    /// The sources that places refer to.
    pub sources: SourceMap,
}

impl LoadFailure {
    /// Draws all issues.
    pub fn render(&self, style: Style) -> String {
        render(&self.issues, &self.sources, style)
    }
}

impl fmt::Display for LoadFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(Style::default()))
    }
}

impl std::error::Error for LoadFailure {}

/// Reads a scenario file with everything it builds on, and applies `--set PATH=VALUE`.
///
/// # Errors
///
/// All issues at once.
pub fn load(path: &Path, sets: &[String]) -> Result<Loaded, Box<LoadFailure>> {
    let (mut sources, mut issues) = (SourceMap::default(), Issues::new());
    let tree = Composer::new(&mut sources, &mut issues).file(path, None);
    finish(tree, ("--set", sets), sources, issues)
}

/// As [`load`], from a text. Paths in it are relative to the working directory.
///
/// # Errors
///
/// All issues at once.
pub fn load_text(name: &str, text: &str, sets: &[String]) -> Result<Loaded, Box<LoadFailure>> {
    let (mut sources, mut issues) = (SourceMap::default(), Issues::new());
    let file = sources.add(name, text.to_owned(), None);
    let tree = Composer::new(&mut sources, &mut issues).source(file);
    finish(tree, ("--set", sets), sources, issues)
}

/// Types and checks a loaded scenario again with other values. Files are not read again. Sweeps and plans
/// try values in this way.
///
/// # Errors
///
/// All issues at once.
pub fn reload(loaded: &Loaded, sets: &[String]) -> Result<Loaded, Box<LoadFailure>> {
    finish(Some(loaded.tree.clone()), ("--vary", sets), loaded.sources.clone(), Issues::new())
}

/// Types and checks a tree as it is.
///
/// # Errors
///
/// All issues at once.
pub(crate) fn retype(tree: &Tree, sources: &SourceMap) -> Result<Scenario, Box<LoadFailure>> {
    let mut issues = Issues::new();
    let scenario = Scenario::decode(tree, &mut Context::new(sources, &mut issues));
    if let Some(scenario) = &scenario {
        check(scenario, tree, true, Context::new(sources, &mut issues));
    }
    scenario.filter(|_| !issues.has_errors()).ok_or_else(|| {
        issues.sort();
        Box::new(LoadFailure { issues, sources: sources.clone() })
    })
}

fn finish(
    tree: Option<Tree>,
    (option, sets): (&str, &[String]),
    mut sources: SourceMap,
    mut issues: Issues,
) -> Result<Loaded, Box<LoadFailure>> {
    let scenario = tree.and_then(|mut tree| {
        Composer::new(&mut sources, &mut issues).set(&mut tree, option, sets);
        let scenario = Scenario::decode(&tree, &mut Context::new(&sources, &mut issues));
        let is_whole = scenario.is_some();
        // The sections are checked even if the head of the scenario is wrong.
        let checkable = scenario.clone().or_else(|| with_stand_ins(&tree, &sources));
        if let Some(scenario) = checkable {
            check(&scenario, &tree, is_whole, Context::new(&sources, &mut issues));
        }
        Some((scenario?, tree))
    });
    issues.sort();
    match scenario {
        Some((scenario, tree)) if !issues.has_errors() => Ok(Loaded { scenario, tree, issues, sources }),
        _ => Err(Box::new(LoadFailure { issues, sources })),
    }
}

/// The scenario with everything except its sections replaced by a valid stand-in.
fn with_stand_ins(tree: &Tree, sources: &SourceMap) -> Option<Scenario> {
    let mut fields = stand_in_fields(tree.span);
    if let Value::Struct { fields: written, .. } = &tree.value {
        let sections = written.iter().filter(|(key, _)| SECTIONS.contains(&key.text.as_str()));
        fields.extend(sections.filter(|(key, _)| key.text != "rates").cloned());
    }
    let stand_in = Tree::new(Value::Struct { name: None, fields }, tree.span);
    Scenario::decode(&stand_in, &mut Context::new(sources, &mut Issues::new()))
}
