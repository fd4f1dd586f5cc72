//! Trial values: the part of a scenario that a path touches, typed with another value in its place.
//!
//! Typing looks at each entry of a section alone, so an excerpt with one entry gives all issues of typing.
//! Does not own checks between entries, which need the whole scenario (`load::reload`, `inputs`).

use crate::{
    decode::{Context, Decode as _},
    issue::{Issue, Issues},
    parse::parse_at,
    path::{ParameterPath, SECTIONS},
    schema::Scenario,
    source::{SourceMap, Span},
    tree::{Key, Tree, Value},
};

/// The scenario without the sections and entries that a path does not touch. If the path touches an entry,
/// the fields beside the sections are left out too, since they are typed elsewhere.
pub(crate) fn excerpt(tree: &Tree, path: &ParameterPath) -> Tree {
    let Value::Struct { name, fields } = &tree.value else { return tree.clone() };
    let (section, entry) = path.first_two();
    if SECTIONS.contains(&section) {
        let stand_ins = stand_in_fields(tree.span);
        let of_section = fields.iter().filter(|(key, _)| key.text == section).map(|(key, tree)| {
            let Value::Map(entries) = &tree.value else { return (key.clone(), tree.clone()) };
            let kept = entries
                .iter()
                .filter(|(id, _)| matches!(&id.value, Value::Text(id) if Some(id.as_str()) == entry));
            (key.clone(), Tree::new(Value::Map(kept.cloned().collect()), tree.span))
        });
        let fields = stand_ins.into_iter().chain(of_section).collect();
        return Tree::new(Value::Struct { name: name.clone(), fields }, tree.span);
    }
    let fields = fields.iter().map(|(key, tree)| match &tree.value {
        Value::Map(_) if SECTIONS.contains(&key.text.as_str()) => {
            (key.clone(), Tree::new(Value::Map(Vec::new()), tree.span))
        }
        _ => (key.clone(), tree.clone()),
    });
    Tree::new(Value::Struct { name: name.clone(), fields: fields.collect() }, tree.span)
}

/// The fields beside the sections that a scenario must have, with valid stand-ins.
pub(crate) fn stand_in_fields(span: Span) -> Vec<(Key, Tree)> {
    const HEAD: &str = r#"(schema: 1, name: "x", run: (measure: "1h"))"#;
    match parse_at(HEAD, span) {
        Some(Tree { value: Value::Struct { fields, .. }, .. }) => fields,
        _ => Vec::new(),
    }
}

/// The issues of typing a tree.
pub(crate) fn typing_issues(tree: &Tree, sources: &SourceMap) -> Vec<Issue> {
    let mut issues = Issues::new();
    let _ = Scenario::decode(tree, &mut Context::new(sources, &mut issues));
    issues.into_vec()
}

/// The issues that typing finds only with a value put at a path of an excerpt.
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

/// Removes sources and notes from the entries of all sections. The simulation does not need them.
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
