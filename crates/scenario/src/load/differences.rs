//! The differences between two scenarios: every value by its path, as written.
//!
//! Both are compared after composition: bases, networks, changes and `--set` are applied, notes and sources
//! are left out. Owns the list alone; the effects of a difference are a matter of simulation.

use std::collections::BTreeSet;

use crate::{
    model::LoadedModel,
    print::print_inline,
    tree::{Tree, Value},
};

/// Fields about the scenario itself, not about the network.
const ABOUT_ITSELF: [&str; 4] = ["schema", "name", "title", "question"];

/// Longest value that is shown in full, in characters. Of a longer one the beginning is shown.
const LONGEST: usize = 60;

/// A value that differs between two scenarios.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The path of the parameter, or of the whole entry if only one scenario has it.
    pub path: String,
    /// The names of the entry in Chinese and English, if it has any.
    pub name: Option<(String, String)>,
    /// The value of the first scenario, cut short if long; `None` if it is not written there.
    pub base: Option<String>,
    /// The value of the second scenario.
    pub alternative: Option<String>,
}

/// Sections in the order in which a reader looks for a measure. The others follow by name.
const MEASURES_FIRST: [&str; 6] =
    ["services", "resources", "connections", "regimes", "disruptions", "passages"];

/// Lists the differences between two scenarios: timetables and resources first, the rest in the order of
/// the paths.
///
/// A value that is an object or a map on both sides is compared part by part. A list is compared item by
/// item if both lists have the same length.
pub fn differences(base: &LoadedModel, alternative: &LoadedModel) -> Vec<Difference> {
    let mut found = Vec::new();
    let (base, alternative) = (base.inputs.tree(), alternative.inputs.tree());
    let names: BTreeSet<&str> = [base, alternative].into_iter().flat_map(keys).collect();
    for name in names.into_iter().filter(|name| !ABOUT_ITSELF.contains(name)) {
        compare(name, None, base.entry(name), alternative.entry(name), &mut found);
    }
    let rank = |path: &str| {
        let section = path.split(['.', '[']).next().unwrap_or_default();
        MEASURES_FIRST.iter().position(|first| *first == section).unwrap_or(MEASURES_FIRST.len())
    };
    found.sort_by(|a, b| rank(&a.path).cmp(&rank(&b.path)).then_with(|| a.path.cmp(&b.path)));
    found
}

/// The names of the fields or entries of a tree.
fn keys(tree: &Tree) -> Vec<&str> {
    match &tree.value {
        Value::Struct { fields, .. } => fields.iter().map(|(key, _)| key.text.as_str()).collect(),
        Value::Map(entries) => entries
            .iter()
            .filter_map(|(key, _)| if let Value::Text(id) = &key.value { Some(id.as_str()) } else { None })
            .collect(),
        _ => Vec::new(),
    }
}

fn compare(
    path: &str,
    name: Option<&(String, String)>,
    base: Option<&Tree>,
    alternative: Option<&Tree>,
    found: &mut Vec<Difference>,
) {
    if base == alternative {
        return;
    }
    let name = base.or(alternative).and_then(name_of).or_else(|| name.cloned());
    let name = name.as_ref();
    if let (Some(one), Some(other)) = (base, alternative) {
        match (&one.value, &other.value) {
            (Value::Struct { name: a, .. }, Value::Struct { name: b, .. }) if a == b => {
                return compare_parts(path, name, one, other, found);
            }
            (Value::Map(_), Value::Map(_)) => return compare_parts(path, name, one, other, found),
            (Value::List(a), Value::List(b)) if a.len() == b.len() => {
                return compare_items(path, name, a, b, found);
            }
            (Value::Tuple { name: a, items: one }, Value::Tuple { name: b, items: other })
                if a == b && one.len() == other.len() =>
            {
                return compare_items(path, name, one, other, found);
            }
            _ => {}
        }
    }
    found.push(Difference {
        path: path.to_owned(),
        name: name.cloned(),
        base: base.map(shown),
        alternative: alternative.map(shown),
    });
}

fn compare_parts(
    path: &str,
    name: Option<&(String, String)>,
    base: &Tree,
    alternative: &Tree,
    found: &mut Vec<Difference>,
) {
    let parts: BTreeSet<&str> = [base, alternative].into_iter().flat_map(keys).collect();
    for part in parts {
        compare(&format!("{path}.{part}"), name, base.entry(part), alternative.entry(part), found);
    }
}

fn compare_items(
    path: &str,
    name: Option<&(String, String)>,
    base: &[Tree],
    alternative: &[Tree],
    found: &mut Vec<Difference>,
) {
    for (place, (base, alternative)) in base.iter().zip(alternative).enumerate() {
        compare(&format!("{path}[{place}]"), name, Some(base), Some(alternative), found);
    }
}

/// The names of an entry: its field `name` with both languages.
fn name_of(tree: &Tree) -> Option<(String, String)> {
    let name = tree.entry("name").or_else(|| tree.entry("title"))?;
    let text = |language: &str| match &name.entry(language)?.value {
        Value::Text(text) => Some(text.clone()),
        _ => None,
    };
    Some((text("zh")?, text("en")?))
}

/// A value on one line, its beginning if it is long.
fn shown(tree: &Tree) -> String {
    let text = print_inline(tree);
    if text.chars().count() <= LONGEST {
        return text;
    }
    text.chars().take(LONGEST - 1).chain(['…']).collect()
}
