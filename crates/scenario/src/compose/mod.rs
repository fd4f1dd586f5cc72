//! Composition of a scenario: `base`, `network`, `changes`, then `--set`, all on trees, before typing.
//!
//! Does not own paths (`path`) or the meaning of the values.

pub mod path;
pub(crate) mod trial;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use crate::{
    decode::{Context, Reader, Record as _, Subject},
    issue::Issues,
    parse::{parse, parse_from},
    path::{ParameterPath, SECTIONS},
    schema::{Composition, OneOrMany},
    source::{FileId, SourceMap, Span},
    suggest::{did_you_mean, list_names},
    text::read::read_source,
    tree::{Key, Tree, Value},
};

/// Longest chain of bases.
const MAX_CHAIN: usize = 16;
/// Fields about a scenario itself, which it never takes from its base.
const OWN: [&str; 4] = ["schema", "name", "title", "question"];
/// Fields that composition uses up.
const COMPOSITION: [&str; 3] = ["base", "network", "changes"];

/// A composer of scenarios, which collects sources and issues.
pub(crate) struct Composer<'a> {
    pub(crate) sources: &'a mut SourceMap,
    pub(crate) issues: &'a mut Issues,
    /// The files being composed, outermost first, with their canonical paths.
    chain: Vec<(PathBuf, String)>,
}

type Fields = Vec<(Key, Tree)>;

impl<'a> Composer<'a> {
    pub(crate) fn new(sources: &'a mut SourceMap, issues: &'a mut Issues) -> Self {
        Self { sources, issues, chain: Vec::new() }
    }

    /// Reads a file with everything it builds on.
    pub(crate) fn file(&mut self, path: &Path, asked: Option<Span>) -> Option<Tree> {
        let canonical = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        let asked_at = asked.unwrap_or_default();
        if let Some(first) = self.chain.iter().position(|(earlier, _)| *earlier == canonical) {
            let circle: Vec<&str> =
                self.chain[first..].iter().map(|(_, name)| name.as_str()).chain([name.as_str()]).collect();
            self.issues
                .error(asked_at, format!("the scenario builds on itself: {}", circle.join(" -> ")))
                .label("this closes the cycle");
            return None;
        }
        if self.chain.len() >= MAX_CHAIN {
            self.issues
                .error(asked_at, format!("more than {MAX_CHAIN} scenarios build on one another"))
                .label("this base is one too many");
            return None;
        }
        let file = read_source(path, asked, self.sources, self.issues)?;
        self.chain.push((canonical, name));
        let tree = self.source(file);
        self.chain.pop();
        tree
    }

    /// Reads a source with everything it builds on.
    pub(crate) fn source(&mut self, file: FileId) -> Option<Tree> {
        let tree = parse(self.sources, file, self.issues)?;
        let span = tree.span;
        let Value::Struct { name: None, fields } = tree.value else {
            self.issues
                .error(tree.headline(), format!("a scenario is an object, found {}", tree.describe()))
                .label("expected `( schema: 1, name: \"...\", ... )`");
            return None;
        };
        let (own, used): (Fields, Fields) =
            fields.into_iter().partition(|(key, _)| !COMPOSITION.contains(&key.text.as_str()));
        let plan = Tree::new(Value::Struct { name: None, fields: used }, span);
        let plan = self.composition(&plan);
        self.check_version(&own);
        let own = Tree::new(Value::Struct { name: None, fields: own }, span);
        let Some(Composition { base, network, changes }) = plan else { return Some(own) };

        let mut whole = Vec::new();
        if let Some(base) = base {
            let path = self.sources.resolve(base.span.file, &base.value);
            let beneath = self.file(&path, Some(base.span))?;
            whole = fields_of(beneath);
            whole.retain(|(key, _)| !OWN.contains(&key.text.as_str()));
        }
        let mut is_complete = true;
        for name in network.map(OneOrMany::into_vec).unwrap_or_default() {
            let path = self.sources.resolve(name.span.file, &name.value);
            match self.network(&path, name.span) {
                Some(network) => self.merge(&mut whole, network),
                None => is_complete = false,
            }
        }
        if !is_complete {
            // Everything in the file would be reported as unknown.
            return None;
        }
        self.merge(&mut whole, fields_of(own));
        let mut whole = Tree::new(Value::Struct { name: None, fields: whole }, span);
        for (path, value) in changes.0 {
            self.put(&mut whole, &path.value, value, path.span);
        }
        Some(whole)
    }

    fn composition(&mut self, tree: &Tree) -> Option<Composition> {
        let mut cx = Context::new(self.sources, self.issues);
        let subject = Subject::Kind(Composition::NOUN);
        let mut reader = Reader::of_record(tree, subject, tree.headline(), &mut cx)?;
        Composition::from_reader(&mut reader, &mut cx)
    }

    fn check_version(&mut self, fields: &Fields) {
        let version = fields.iter().find(|(key, _)| key.text == "schema");
        if let Some((_, tree)) = version
            && let Value::Number(text) = &tree.value
            && ron::from_str::<u64>(text) != Ok(1)
        {
            self.issues
                .error(tree.span, format!("unknown version {text} of the scenario language"))
                .label("this program reads version 1")
                .path("schema");
        }
    }

    /// Reads a file that holds sections only.
    fn network(&mut self, path: &Path, asked: Span) -> Option<Fields> {
        let file = read_source(path, Some(asked), self.sources, self.issues)?;
        let tree = parse(self.sources, file, self.issues)?;
        let Value::Struct { name: None, fields } = tree.value else {
            self.issues
                .error(tree.headline(), format!("a network file is an object, found {}", tree.describe()))
                .label("expected `( nodes: {...}, ... )`");
            return None;
        };
        let (sections, others): (Fields, Fields) =
            fields.into_iter().partition(|(key, _)| SECTIONS.contains(&key.text.as_str()));
        for (key, _) in others {
            self.issues
                .error(key.span, format!("`{}` has no place in a network file", key.text))
                .label(format!("expected a section: {}", list_names(SECTIONS)))
                .hint(did_you_mean(&key.text, SECTIONS))
                .note(asked, "read as a network file from here");
        }
        Some(sections)
    }

    /// Adds fields on top of others. Entries are added to their sections; other fields must be new.
    fn merge(&mut self, whole: &mut Fields, added: Fields) {
        let mut places: BTreeMap<String, usize> =
            whole.iter().enumerate().map(|(place, (key, _))| (key.text.clone(), place)).collect();
        for (key, tree) in added {
            let Some(&place) = places.get(&key.text) else {
                places.insert(key.text.clone(), whole.len());
                whole.push((key, tree));
                continue;
            };
            let (beneath_key, beneath) = &mut whole[place];
            match (&mut beneath.value, tree.value) {
                (Value::Map(entries), Value::Map(more)) if SECTIONS.contains(&key.text.as_str()) => {
                    merge_section(&key.text, entries, more, self.issues);
                }
                (_, value) => {
                    let what = Tree::new(value, tree.span);
                    if SECTIONS.contains(&key.text.as_str()) {
                        // One of the two is not a map, which typing will report.
                        if !matches!(what.value, Value::Map(_)) {
                            *beneath = what;
                        }
                        continue;
                    }
                    let issue = self.issues.error(key.span, format!("`{}` is given by the base", key.text));
                    issue
                        .label("cannot be given again as a whole")
                        .path(key.text.clone())
                        .note(beneath_key.span, "given here")
                        .hint(format!("write `changes: {{ \"{}\": ... }}`", example_path(&key.text, &what)));
                }
            }
        }
    }

    /// Puts a value at a path of the tree.
    fn put(&mut self, tree: &mut Tree, path: &str, value: Tree, span: Span) {
        let result = path.parse::<ParameterPath>().and_then(|parsed| parsed.put(tree, value, span));
        if let Err(error) = result {
            self.issues.error(span, error.message).label(error.label).hint(error.hint).path(path);
        }
    }

    /// Applies the arguments `--set PATH=VALUE` in their order.
    pub(crate) fn set(&mut self, tree: &mut Tree, option: &str, sets: &[String]) {
        for (index, argument) in sets.iter().enumerate() {
            let file = self.sources.add_argument(format!("{option} #{}", index + 1), argument.clone());
            let Some(equals) = argument.find('=') else {
                self.issues
                    .error(Span::new(file, 0, argument.len()), format!("`{argument}` sets nothing"))
                    .label("expected PATH=VALUE")
                    .hint("for example `--set run.seed=9`".to_owned());
                continue;
            };
            let written = argument[..equals].trim_end();
            let span = Span::new(file, 0, written.len());
            if COMPOSITION.contains(&written) {
                self.issues
                    .error(span, format!("`{written}` cannot be set"))
                    .label("expected the path of a parameter");
                continue;
            }
            if let Some(value) = self.argument_value(file, equals + 1) {
                self.put(tree, written, value, span);
            }
        }
    }

    /// The value of an argument: RON if it is valid, else a bare text.
    fn argument_value(&mut self, file: FileId, start: usize) -> Option<Tree> {
        let text = &self.sources.source(file).text;
        let value = &text[start..];
        let span = Span::new(file, start, text.len());
        if value.trim().is_empty() {
            self.issues.error(span, "no value is given").label("expected a value after `=`");
            return None;
        }
        let mut issues = Issues::new();
        let tree = parse_from(self.sources, file, start, &mut issues);
        // A value that opens a bracket or a quotation mark was meant as RON. A start also has a bracket,
        // around its zone, but begins with a digit.
        let is_number_like = value.trim_start().starts_with(|c: char| c.is_ascii_digit());
        let is_ron = value.contains(['(', '[', '{', '"']) && !is_number_like;
        match tree {
            Some(tree) if issues.is_empty() => Some(tree),
            _ if is_ron => {
                self.issues.append(&mut issues);
                None
            }
            _ => {
                let mut text = value.trim().to_owned();
                self.issues.refuse_unprintable(span, &text);
                self.issues.refuse_long(span, &mut text);
                Some(Tree::new(Value::Text(text), span))
            }
        }
    }
}

/// A path into a value, as an example of how paths are written.
fn example_path(name: &str, value: &Tree) -> String {
    match &value.value {
        Value::Struct { fields, .. } if !fields.is_empty() => format!("{name}.{}", fields[0].0.text),
        _ => name.to_owned(),
    }
}

fn fields_of(tree: Tree) -> Fields {
    match tree.value {
        Value::Struct { fields, .. } => fields,
        _ => Vec::new(),
    }
}

fn merge_section(
    section: &str,
    entries: &mut Vec<(Tree, Tree)>,
    more: Vec<(Tree, Tree)>,
    issues: &mut Issues,
) {
    let mut places: BTreeMap<String, Span> = entries
        .iter()
        .filter_map(|(key, _)| match &key.value {
            Value::Text(text) => Some((text.clone(), key.span)),
            _ => None,
        })
        .collect();
    for (key, tree) in more {
        if let Value::Text(id) = &key.value {
            if let Some(first) = places.get(id) {
                issues
                    .error(
                        key.span,
                        format!("`{id}` is already one of the {section} this scenario builds on"),
                    )
                    .label("expected a new id")
                    .path(format!("{section}.{id}"))
                    .note(*first, "first written here")
                    .hint(format!(
                        "to change it, write `changes: {{ \"{}\": ... }}`",
                        example_path(&format!("{section}.{id}"), &tree)
                    ));
                continue;
            }
            places.insert(id.clone(), key.span);
        }
        entries.push((key, tree));
    }
}
