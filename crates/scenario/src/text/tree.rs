//! The positioned tree of a scenario text: values with places, names of variants kept, order kept.
//!
//! Does not own reading (`parse`), replacing (`compose`) or typing (`decode`).

use crate::source::Span;

/// A value and its place. Equality compares values alone, never places.
#[derive(Clone, Debug)]
pub struct Tree {
    /// What was written.
    pub value: Value,
    /// The place, from the first to the last character of the value.
    pub span: Span,
}

/// The name of a field and its place. Equality compares names alone.
#[derive(Clone, Debug)]
pub struct Key {
    /// The name.
    pub text: String,
    /// The place.
    pub span: Span,
}

/// The shapes a text can have.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `(a: 1)` or `Name(a: 1)`; also `()` and `Name()`.
    Struct {
        /// The variant's name, if there is one.
        name: Option<String>,
        /// Fields in the order written, without repetitions.
        fields: Vec<(Key, Tree)>,
    },
    /// `(1, 2)` or `Name(1, 2)`; never empty.
    Tuple {
        /// The variant's name, if there is one.
        name: Option<String>,
        /// Items in the order written.
        items: Vec<Tree>,
    },
    /// `[1, 2]`.
    List(Vec<Tree>),
    /// `{ "a": 1 }`, in the order written, without repetitions.
    Map(Vec<(Tree, Tree)>),
    /// `"text"`, with escapes resolved.
    Text(String),
    /// A number as it was written.
    Number(String),
    /// `true` or `false`.
    Bool(bool),
    /// A name without parentheses, such as `Always`.
    Ident(String),
    /// `None`: the same as a value that is not written.
    Absent,
}

impl PartialEq for Tree {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Tree {
    /// Joins a value and its place.
    pub fn new(value: Value, span: Span) -> Self {
        Self { value, span }
    }

    /// The value in words, as a message names it after "found".
    pub fn describe(&self) -> String {
        match &self.value {
            Value::Struct { name: Some(name), .. } | Value::Tuple { name: Some(name), .. } => {
                format!("`{name}(...)`")
            }
            Value::Struct { fields, .. } if fields.is_empty() => "`()`".to_owned(),
            Value::Struct { .. } => "an object `(...)`".to_owned(),
            Value::Tuple { .. } => "a tuple `(...)`".to_owned(),
            Value::List(_) => "a list `[...]`".to_owned(),
            Value::Map(_) => "a map `{...}`".to_owned(),
            Value::Text(text) => format!("the text \"{}\"", shorten(text)),
            Value::Number(number) => format!("the number {}", shorten(number)),
            Value::Bool(value) => format!("`{value}`"),
            Value::Ident(name) => format!("`{}`", shorten(name)),
            Value::Absent => "`None`".to_owned(),
        }
    }

    /// The place to underline: the whole value if it is a word, and only the opening of an object that may
    /// run over many lines.
    pub fn headline(&self) -> Span {
        match &self.value {
            Value::Struct { name: Some(name), .. } | Value::Tuple { name: Some(name), .. } => {
                Span { end: self.span.end.min(self.span.start + name.len() as u32), ..self.span }
            }
            Value::Struct { .. } | Value::Tuple { .. } | Value::List(_) | Value::Map(_) => {
                self.span.at_start()
            }
            _ => self.span,
        }
    }

    /// The field or entry with this name, if this is an object or a map.
    pub fn entry(&self, name: &str) -> Option<&Tree> {
        match &self.value {
            Value::Struct { fields, .. } => {
                fields.iter().find(|(key, _)| key.text == name).map(|(_, tree)| tree)
            }
            Value::Map(entries) => entries
                .iter()
                .find(|(key, _)| matches!(&key.value, Value::Text(text) if text == name))
                .map(|(_, tree)| tree),
            _ => None,
        }
    }
}

fn shorten(text: &str) -> String {
    const LONGEST: usize = 40;
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().count() <= LONGEST { text } else { text.chars().take(LONGEST).chain(['…']).collect() }
}
