//! The basis of a scenario: every parameter with its source, and the number of parameters without one.
//!
//! Owns the definition of a parameter. Does not own how the basis is shown (`sanda_report`).

use super::{Declared, declared};
use crate::{
    decode::Choice,
    load::Loaded,
    path::ParameterPath,
    print::print_inline,
    schema::{Confidence, Departs, Effect, LawSpec, Open, Text},
    tree::{Tree, Value},
};
use sanda_units::Duration;

/// Sections whose numbers describe the world. Promises, clocks and levers describe requirements and
/// measures.
const COUNTED: [&str; 8] =
    ["calendars", "connections", "disruptions", "flows", "procedures", "regimes", "resources", "services"];

/// Fields that name, place or order things, or state the unit of another field.
const NOT_COUNTED: [&str; 9] =
    ["name", "note", "sources", "position", "codes", "per", "priority", "class", "number"];

/// Longest value shown, in characters.
const LONGEST: usize = 120;

/// Numbers of parameters by what they rest on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BasisCount {
    /// Parameters with a source, by [`Confidence`] from `High` to `Assumed`.
    pub by_confidence: [u64; 4],
    /// Parameters without a source.
    pub without: u64,
}

impl BasisCount {
    /// All parameters.
    pub fn total(&self) -> u64 {
        self.by_confidence.iter().sum::<u64>() + self.without
    }
}

/// A parameter, or several beneath one path, with its source.
#[derive(Clone, Debug, PartialEq)]
pub struct SourcedParameter {
    /// The full path.
    pub path: String,
    /// The value in force as RON, cut short if long; `None` if it is not written and the default applies.
    pub value: Option<String>,
    /// The publication, or the assumption made.
    pub from: Text,
    /// The year that the source describes.
    pub year: Option<u64>,
    /// The confidence in the source.
    pub confidence: Confidence,
    /// The lowest and the highest plausible value as RON.
    pub range: Option<[String; 2]>,
}

/// The basis of a scenario: what its parameters rest on.
///
/// A parameter is a number or quantity, a law, a row of numbers, a timetable, opening hours or an effect.
/// It is written in a section that describes the world.
///
/// Its source is that of the longest path under `sources` that contains it, or of a path to a part of it. A
/// source describes the value beside it. If `changes` or `--set` replaced that value, the parameter counts
/// as having no source.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Basis {
    /// The counts.
    pub count: BasisCount,
    /// Every parameter with a source, by path.
    pub sourced: Vec<SourcedParameter>,
    /// The paths of the parameters without a source.
    pub without: Vec<String>,
}

impl Basis {
    /// The basis of a loaded scenario.
    pub fn new(loaded: &Loaded) -> Self {
        let mut sources: Vec<(Declared<'_>, ParameterPath)> = declared(loaded)
            .into_iter()
            .filter(|declared| {
                COUNTED.iter().any(|section| declared.path.starts_with(&format!("{section}.")))
            })
            .filter_map(|declared| {
                let place = declared.path.parse().ok()?;
                Some((declared, place))
            })
            .filter(|(declared, place)| declared.is_in_force(&loaded.tree, place))
            .collect();
        sources.sort_by(|(a, _), (b, _)| a.path.cmp(&b.path));
        let mut basis = Self::default();
        for path in parameters(loaded) {
            if let Some(confidence) = source_of(&path, &sources) {
                basis.count.by_confidence[confidence as usize] += 1;
            } else {
                basis.count.without += 1;
                basis.without.push(path);
            }
        }
        let shown = sources.into_iter().map(|(declared, place)| SourcedParameter {
            value: place.follow(&loaded.tree).ok().map(shown),
            from: declared.provenance.from.clone(),
            year: declared.provenance.year,
            confidence: declared.provenance.confidence,
            range: declared.provenance.range.as_ref().map(|ends| ends.each_ref().map(shown)),
            path: declared.path,
        });
        basis.sourced = shown.collect();
        basis
    }
}

/// The confidence in a parameter: that of the longest path at or above it, else the least of those beneath
/// it.
fn source_of(path: &str, sources: &[(Declared<'_>, ParameterPath)]) -> Option<Confidence> {
    let is_beneath = |path: &str, above: &str| {
        path.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    };
    // Sorted by path, so that the paths of one entry are adjacent.
    let entry: String = path.splitn(3, '.').take(2).collect::<Vec<_>>().join(".");
    let from = sources.partition_point(|(declared, _)| declared.path < entry);
    let of_entry =
        || sources[from..].iter().map(|(declared, _)| declared).take_while(|d| d.path.starts_with(&entry));
    of_entry()
        .filter(|declared| is_beneath(path, &declared.path))
        .max_by_key(|declared| declared.path.len())
        .map(|declared| declared.provenance.confidence)
        .or_else(|| {
            let beneath = of_entry().filter(|declared| is_beneath(&declared.path, path));
            beneath.map(|declared| declared.provenance.confidence).max()
        })
}

/// The paths of all parameters in the order written, without those of inactive disruptions.
fn parameters(loaded: &Loaded) -> Vec<String> {
    let takes_part = |section: &str, id: &str| {
        section != "disruptions" || loaded.scenario.disruptions.get(id).is_some_and(|entry| entry.active)
    };
    let mut paths = Vec::new();
    for section in COUNTED {
        if let Some(Tree { value: Value::Map(entries), .. }) = loaded.tree.entry(section) {
            for (id, entry) in entries {
                if let Value::Text(id) | Value::Ident(id) = &id.value
                    && takes_part(section, id)
                {
                    collect(entry, &format!("{section}.{id}"), &mut paths);
                }
            }
        }
    }
    paths
}

fn collect(tree: &Tree, path: &str, paths: &mut Vec<String>) {
    if is_one(tree) {
        paths.push(path.to_owned());
        return;
    }
    match &tree.value {
        Value::Struct { fields, .. } => {
            for (key, value) in fields.iter().filter(|(key, _)| !NOT_COUNTED.contains(&key.text.as_str())) {
                collect(value, &format!("{path}.{}", key.text), paths);
            }
        }
        Value::Map(entries) => {
            for (key, value) in entries {
                if let Value::Text(key) | Value::Ident(key) = &key.value {
                    collect(value, &format!("{path}.{key}"), paths);
                }
            }
        }
        Value::Tuple { items, .. } if items.len() == 1 => match &items[0].value {
            Value::List(inner) => collect_items(inner, path, paths),
            _ => collect(&items[0], path, paths),
        },
        Value::Tuple { items, .. } | Value::List(items) => collect_items(items, path, paths),
        _ => {}
    }
}

fn collect_items(items: &[Tree], path: &str, paths: &mut Vec<String>) {
    for (index, item) in items.iter().enumerate() {
        collect(item, &format!("{path}[{index}]"), paths);
    }
}

/// Whether a value is one parameter and not several.
fn is_one(tree: &Tree) -> bool {
    match &tree.value {
        Value::Number(_) => true,
        Value::Text(text) => is_quantity(text),
        Value::List(items) => !items.is_empty() && items.iter().all(is_scalar),
        Value::Struct { name: Some(name), .. } | Value::Tuple { name: Some(name), .. } => {
            let kinds = [LawSpec::<Duration>::VARIANTS, Departs::VARIANTS, Open::VARIANTS, Effect::VARIANTS];
            kinds.iter().any(|variants| variants.contains(&name.as_str()))
        }
        _ => false,
    }
}

fn is_scalar(tree: &Tree) -> bool {
    matches!(&tree.value, Value::Number(_)) || matches!(&tree.value, Value::Text(text) if is_quantity(text))
}

fn is_quantity(text: &str) -> bool {
    super::between::split(text).is_some() || text.parse::<Duration>().is_ok()
}

fn shown(tree: &Tree) -> String {
    let text = print_inline(tree);
    if text.chars().count() <= LONGEST {
        text
    } else {
        text.chars().take(LONGEST - 1).chain(['…']).collect()
    }
}
