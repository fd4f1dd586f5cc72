//! Trying a value: the part of a scenario that a path touches, typed with another value in its place.
//!
//! Typing looks at each entry of a section alone, so an excerpt with one entry says all that typing can. Owns no checks
//! between entries; those need the whole scenario (`load::reload`, `inputs`).

use crate::{
    decode::{Context, Decode as _},
    issue::{Issue, Issues},
    path::{ParameterPath, SECTIONS},
    schema::Scenario,
    source::SourceMap,
    tree::{Tree, Value},
};

/// The scenario without the sections and entries a path does not touch.
pub(crate) fn excerpt(tree: &Tree, path: &ParameterPath) -> Tree {
    let Value::Struct { name, fields } = &tree.value else { return tree.clone() };
    let (section, entry) = path.first_two();
    let fields = fields.iter().map(|(key, tree)| match &tree.value {
        Value::Map(entries) if SECTIONS.contains(&key.text.as_str()) => {
            let kept = entries
                .iter()
                .filter(|(id, _)| matches!(&id.value, Value::Text(id) if key.text == section && Some(id.as_str()) == entry));
            (key.clone(), Tree::new(Value::Map(kept.cloned().collect()), tree.span))
        }
        _ => (key.clone(), tree.clone()),
    });
    Tree::new(Value::Struct { name: name.clone(), fields: fields.collect() }, tree.span)
}

/// What typing says of a tree.
pub(crate) fn typing_issues(tree: &Tree, sources: &SourceMap) -> Vec<Issue> {
    let mut issues = Issues::new();
    let _ = Scenario::decode(tree, &mut Context::new(sources, &mut issues));
    issues.into_vec()
}

/// What typing says only with a value put at a path of an excerpt.
pub(crate) fn issues_of(
    before: &Tree,
    path: &ParameterPath,
    value: &Tree,
    sources: &SourceMap,
) -> Vec<Issue> {
    let mut after = before.clone();
    if path.put(&mut after, value.clone(), value.span).is_err() {
        return Vec::new();
    }
    let mut issues = typing_issues(&after, sources);
    if !issues.is_empty() {
        let known = typing_issues(before, sources);
        issues.retain(|issue| !known.contains(issue));
    }
    issues
}

/// Removes what is said about parameters from the entries of all sections: nothing that simulates needs it.
pub(crate) fn strip_remarks(tree: &mut Tree) {
    let Value::Struct { fields, .. } = &mut tree.value else { return };
    for (key, section) in fields {
        let Value::Map(entries) = &mut section.value else { continue };
        if !SECTIONS.contains(&key.text.as_str()) {
            continue;
        }
        for (_, entry) in entries {
            if let Value::Struct { fields, .. } = &mut entry.value {
                fields.retain(|(key, _)| key.text != "sources" && key.text != "note");
            }
        }
    }
}
