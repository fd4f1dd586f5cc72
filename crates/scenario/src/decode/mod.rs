//! Typing of trees. One declaration (`record!`, `choice!`) gives the type, its decoder, which collects all
//! issues, and its description for `sanda schema`.
//!
//! Owns the machinery. Does not own which types exist (`schema`), nor what must hold between them
//! (`check`).

mod basic;
mod container;
mod describe;
pub(crate) mod macros;
mod reader;

pub use basic::{MapKey, Name, Positive, Sign};
pub use container::{Entry, Keyed, Section};
pub use describe::{Body, Field, Schema, TypeDescription, Variant};
pub(crate) use macros::{choice, record};
pub use reader::{Reader, Subject};

use std::fmt::Write as _;

use crate::{
    issue::{Issue, Issues},
    source::{Located, SourceMap, Span},
    tree::{Tree, Value},
};

/// The state of decoding: the sources, the issues found so far, and the current path.
pub struct Context<'a> {
    /// The sources of the text.
    pub sources: &'a SourceMap,
    issues: &'a mut Issues,
    path: String,
}

impl<'a> Context<'a> {
    /// A context at the root of a scenario.
    pub fn new(sources: &'a SourceMap, issues: &'a mut Issues) -> Self {
        Self { sources, issues, path: String::new() }
    }

    /// Adds an error at the current path.
    pub fn error(&mut self, span: Span, message: impl Into<String>) -> &mut Issue {
        let issue = self.issues.error(span, message);
        issue.path(self.path.clone());
        issue
    }

    /// Adds a warning at the current path.
    pub fn warning(&mut self, span: Span, message: impl Into<String>) -> &mut Issue {
        let issue = self.issues.warning(span, message);
        issue.path(self.path.clone());
        issue
    }

    /// Adds the error of a value of the wrong kind.
    pub fn wrong_kind(&mut self, tree: &Tree, expected: &str) {
        let is_grouped = matches!(&tree.value, Value::Number(number) if number.contains('_'));
        let grouping = "underscores part groups of three digits, as in `12_000`".to_owned();
        self.error(tree.headline(), format!("expected {expected}, found {}", tree.describe()))
            .label(format!("expected {expected}"))
            .hint(is_grouped.then_some(grouping));
    }

    /// Enters a field or entry of the path. Returns the mark for [`Self::leave`].
    pub fn enter_field(&mut self, name: &str) -> usize {
        let mark = self.path.len();
        if mark > 0 {
            self.path.push('.');
        }
        self.path.push_str(name);
        mark
    }

    /// Enters a list item of the path. Returns the mark for [`Self::leave`].
    pub fn enter_index(&mut self, index: usize) -> usize {
        let mark = self.path.len();
        write!(self.path, "[{index}]").expect("invariant: writing to a string cannot fail");
        mark
    }

    /// Returns to an earlier point of the path.
    pub fn leave(&mut self, mark: usize) {
        self.path.truncate(mark);
    }

    /// Runs `work` inside a field or entry of the path.
    pub fn at_field<T>(&mut self, name: &str, work: impl FnOnce(&mut Self) -> T) -> T {
        let mark = self.enter_field(name);
        let result = work(self);
        self.leave(mark);
        result
    }

    /// Runs `work` inside a list item of the path.
    pub fn at_index<T>(&mut self, index: usize, work: impl FnOnce(&mut Self) -> T) -> T {
        let mark = self.enter_index(index);
        let result = work(self);
        self.leave(mark);
        result
    }

    /// Whether there is an error so far.
    pub fn has_errors(&self) -> bool {
        self.issues.has_errors()
    }

    /// Whether a suggestion is worth the time of finding it. After many issues nobody will see it.
    pub fn wants_hints(&self) -> bool {
        /// Larger than the number of drawn issues ([`crate::render::Style::most`]), since issues are found
        /// in another order than they are drawn.
        const MOST_HINTS: usize = 200;
        self.issues.len() < MOST_HINTS
    }

    /// The current parameter path.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Whether bare words are texts at this place, because it is an argument of the command line.
    pub fn is_argument(&self, span: Span) -> bool {
        self.sources.source(span.file).is_argument
    }
}

/// A type that can be read from a tree.
pub trait Decode: Sized {
    /// Reads the value. `None` means that at least one error was added.
    fn decode(tree: &Tree, cx: &mut Context<'_>) -> Option<Self>;

    /// Reads the value of a map's entry, for types whose key matters.
    fn decode_entry(key: Located<&str>, tree: &Tree, cx: &mut Context<'_>) -> Option<Self> {
        let _ = key;
        Self::decode(tree, cx)
    }

    /// Whether a map keeps its other entries if one is wrong, so that they can still be checked. Loading
    /// fails in either case.
    const IS_KEPT_APART: bool = false;

    /// The value of a field that is not written, for types that may be left out.
    fn absent() -> Option<Self> {
        None
    }

    /// The name of the type in the schema. Adds its description and those of the types it uses.
    fn describe(schema: &mut Schema) -> String;
}

/// A type with named fields.
pub trait Record: Sized {
    /// The noun in messages: "service".
    const NOUN: &'static str;
    /// The field that may be written without the object around it.
    const ALONE: Option<&'static str> = None;
    /// Reads the fields. [`Reader::finish`] reports unknown ones.
    fn from_reader(reader: &mut Reader<'_>, cx: &mut Context<'_>) -> Option<Self>;
    /// As [`Decode::describe`].
    fn describe_record(schema: &mut Schema) -> String;
}

/// A type with named variants.
pub trait Choice: Sized {
    /// The noun in messages: "departure rule".
    const NOUN: &'static str;
    /// The names of all variants.
    const VARIANTS: &'static [&'static str];
    /// The variant that may be written without its name.
    const BARE: Option<&'static str>;
    /// The name of that variant's content in the schema.
    fn bare_type() -> Option<String> {
        None
    }
    /// Reads the content of the variant with this name. [`Reader::finish`] reports unknown fields.
    fn from_variant(name: &str, reader: &mut Reader<'_>, cx: &mut Context<'_>) -> Option<Self>;
}
