//! Decoders of lists and maps, and of the entries of a section.
//!
//! Does not own the items and keys themselves.

use std::{collections::BTreeMap, ops::Deref};

use super::{Context, Decode, MapKey, Name, Reader, Record, Schema, Subject};
use crate::{
    schema::{Provenance, Text},
    source::{Located, Span},
    suggest::did_you_mean,
    tree::{Tree, Value},
};

/// A list. All items are read even if some are wrong.
impl<T: Decode> Decode for Vec<T> {
    fn decode(tree: &Tree, cx: &mut Context<'_>) -> Option<Self> {
        let Value::List(items) = &tree.value else {
            cx.wrong_kind(tree, "a list `[...]`");
            return None;
        };
        let mut read = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            read.extend(cx.at_index(index, |cx| T::decode(item, cx)));
        }
        (read.len() == items.len()).then_some(read)
    }

    fn describe(schema: &mut Schema) -> String {
        format!("[{}]", T::describe(schema))
    }
}

/// A list of exactly `N` items.
impl<T: Decode, const N: usize> Decode for [T; N] {
    fn decode(tree: &Tree, cx: &mut Context<'_>) -> Option<Self> {
        let items = Vec::<T>::decode(tree, cx)?;
        let found = items.len();
        let result = items.try_into().ok();
        if result.is_none() {
            cx.error(tree.headline(), format!("expected {N} items, found {found}"))
                .label(format!("expected a list of {N}"));
        }
        result
    }

    fn describe(schema: &mut Schema) -> String {
        format!("[{}; {N}]", T::describe(schema))
    }
}

/// A map. All entries are read even if some are wrong. A map that is not written is empty.
impl<K: MapKey, V: Decode> Decode for BTreeMap<K, V> {
    fn decode(tree: &Tree, cx: &mut Context<'_>) -> Option<Self> {
        let entries = match &tree.value {
            Value::Map(entries) => entries.as_slice(),
            // `()` is a common way to write an empty map.
            Value::Struct { name: None, fields } if fields.is_empty() => &[],
            _ => {
                cx.wrong_kind(tree, "a map `{ \"id\": ..., }`");
                return V::IS_KEPT_APART.then(BTreeMap::new);
            }
        };
        let mut map = BTreeMap::new();
        let mut n_due = 0;
        for (key, tree) in entries.iter().filter(|(_, tree)| tree.value != Value::Absent) {
            n_due += 1;
            let (Value::Text(text) | Value::Ident(text) | Value::Number(text)) = &key.value else {
                cx.wrong_kind(key, "a name in quotes");
                continue;
            };
            cx.at_field(text, |cx| {
                let read = K::read(text, key.span, cx);
                // The value is read even if its key is wrong.
                let value = V::decode_entry(Located::new(text.as_str(), key.span), tree, cx);
                if let (Some(read), Some(value)) = (read, value) {
                    map.insert(read, value);
                }
            });
        }
        (V::IS_KEPT_APART || map.len() == n_due).then_some(map)
    }

    fn absent() -> Option<Self> {
        Some(BTreeMap::new())
    }

    fn describe(schema: &mut Schema) -> String {
        format!("{{ {}: {} }}", K::TYPE_NAME, V::describe(schema))
    }
}

/// A value of a map with its key.
#[derive(Clone, Debug, PartialEq)]
pub struct Keyed<T> {
    /// The key and its place.
    pub id: Located<Name>,
    /// The value.
    pub value: T,
}

impl<T> Deref for Keyed<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: Decode> Decode for Keyed<T> {
    fn decode(tree: &Tree, cx: &mut Context<'_>) -> Option<Self> {
        Self::decode_entry(Located::new("", tree.span), tree, cx)
    }

    fn decode_entry(key: Located<&str>, tree: &Tree, cx: &mut Context<'_>) -> Option<Self> {
        let value = T::decode(tree, cx)?;
        Some(Self { id: Located::new(Name::unchecked(key.value), key.span), value })
    }

    fn describe(schema: &mut Schema) -> String {
        T::describe(schema)
    }
}

/// An entry of a section: its id, its parameters, and their sources.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry<T> {
    /// The id and its place.
    pub id: Located<Name>,
    /// The parameters.
    pub value: T,
    /// The sources of parameters, by field.
    pub sources: BTreeMap<String, Keyed<Provenance>>,
    /// A remark for readers.
    pub note: Option<Text>,
    /// The place of the whole object.
    pub span: Span,
}

/// A section of a scenario: entries by id, in the order of ids.
pub type Section<T> = BTreeMap<Name, Entry<T>>;

impl<T> Deref for Entry<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: Record> Decode for Entry<T> {
    const IS_KEPT_APART: bool = true;

    fn decode(tree: &Tree, cx: &mut Context<'_>) -> Option<Self> {
        Self::decode_entry(Located::new("", tree.span), tree, cx)
    }

    fn decode_entry(key: Located<&str>, tree: &Tree, cx: &mut Context<'_>) -> Option<Self> {
        let subject = Subject::Entry(T::NOUN, key.value);
        let mut reader = match T::ALONE {
            Some(field) if !matches!(tree.value, Value::Struct { name: None, .. }) => {
                Reader::of_field_alone(field, tree, subject, key.span)
            }
            _ => Reader::of_record(tree, subject, key.span, cx)?,
        };
        let value = T::from_reader(&mut reader, cx);
        let fields = reader.known_fields().to_vec();
        let sources: Option<BTreeMap<String, Keyed<Provenance>>> = reader.field("sources", None, cx);
        let note = reader.field("note", None, cx);
        let finished = reader.finish(cx);
        for (path, provenance) in sources.iter().flatten() {
            let first = path.split(['.', '[']).next().unwrap_or(path);
            if !fields.contains(&first) {
                cx.error(provenance.id.span, format!("{subject} has no field `{first}` to have a source"))
                    .label("expected the name of a field")
                    .hint(did_you_mean(first, fields.iter().copied()));
            }
        }
        finished?;
        Some(Self {
            id: Located::new(Name::unchecked(key.value), key.span),
            value: value?,
            sources: sources?,
            note: note?,
            span: tree.span,
        })
    }

    fn describe(schema: &mut Schema) -> String {
        Provenance::describe(schema);
        Text::describe(schema);
        T::describe_record(schema)
    }
}
