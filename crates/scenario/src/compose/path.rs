//! Parameter paths such as `services.train.capacity` and `flows.boxes.steps[0].time.mean`: reading them,
//! following them in a tree, and putting a value at their end.
//!
//! A path passes through a variant to its fields. Does not own whether a field exists in the language
//! (`decode`).

use std::fmt::Write as _;

use crate::{
    source::Span,
    suggest::{expected_one_of, nearest},
    tree::{Key, Tree, Value},
};

/// The sections of a scenario: maps from an id to an entry.
pub const SECTIONS: [&str; 14] = [
    "nodes",
    "resources",
    "calendars",
    "procedures",
    "regimes",
    "services",
    "connections",
    "flows",
    "clocks",
    "promises",
    "passages",
    "disruptions",
    "levers",
    "rates",
];

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Segment {
    Field(String),
    Index(usize),
}

/// A well-formed parameter path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParameterPath {
    segments: Vec<Segment>,
}

/// Why a path leads nowhere, in the words of an issue.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct PathError {
    /// What is wrong.
    pub message: String,
    /// What was expected.
    pub label: String,
    /// What was probably meant.
    pub hint: Option<String>,
}

impl PathError {
    fn new(message: String, label: impl Into<String>) -> Self {
        Self { message, label: label.into(), hint: None }
    }
}

impl std::fmt::Display for ParameterPath {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&written(&self.segments))
    }
}

fn written(segments: &[Segment]) -> String {
    let mut text = String::new();
    for segment in segments {
        match segment {
            Segment::Field(name) => {
                if !text.is_empty() {
                    text.push('.');
                }
                text.push_str(name);
            }
            Segment::Index(index) => {
                write!(text, "[{index}]").expect("invariant: writing to a string cannot fail");
            }
        }
    }
    text
}

impl std::str::FromStr for ParameterPath {
    type Err = PathError;

    fn from_str(text: &str) -> Result<Self, PathError> {
        let malformed = |message: String| {
            PathError::new(message, "expected a path such as `flows.boxes.steps[0].time.mean`")
        };
        let mut segments = Vec::new();
        for part in text.trim().split('.') {
            let (name, mut indices) = part.find('[').map_or((part, ""), |at| part.split_at(at));
            if name.is_empty() {
                return Err(malformed(format!("`{text}` is not a path: a name is missing")));
            }
            segments.push(Segment::Field(name.to_owned()));
            while !indices.is_empty() {
                let inside = indices.strip_prefix('[').and_then(|rest| rest.split_once(']'));
                let Some((index, rest)) = inside else {
                    return Err(malformed(format!("`{text}` is not a path: `[` and `]` do not match")));
                };
                let Ok(index) = index.parse() else {
                    return Err(malformed(format!(
                        "`{text}` is not a path: `{index}` is not a whole number"
                    )));
                };
                segments.push(Segment::Index(index));
                indices = rest;
            }
        }
        Ok(Self { segments })
    }
}

impl ParameterPath {
    /// The names of the first two steps: for most parameters the section and the id.
    pub(crate) fn first_two(&self) -> (&str, Option<&str>) {
        let name = |index: usize| match self.segments.get(index) {
            Some(Segment::Field(name)) => Some(name.as_str()),
            _ => None,
        };
        (name(0).unwrap_or(""), name(1))
    }

    /// Whether the path names a field of an entry of a section, not a part of one.
    pub(crate) fn is_field_of_entry(&self) -> bool {
        self.segments.len() == 3 && matches!(self.segments[2], Segment::Field(_))
    }

    /// The names that are fields of the entry itself or of an item of a list, from the front.
    pub(crate) fn fields_of_entry_and_steps(&self) -> impl Iterator<Item = &str> {
        self.segments.iter().enumerate().filter_map(|(place, segment)| match segment {
            Segment::Field(name)
                if place == 2 || place > 2 && matches!(self.segments[place - 1], Segment::Index(_)) =>
            {
                Some(name.as_str())
            }
            _ => None,
        })
    }

    /// The paths above this one, the nearest first.
    pub(crate) fn ancestors(&self) -> impl Iterator<Item = Self> {
        (1..self.segments.len()).rev().map(|length| Self { segments: self.segments[..length].to_vec() })
    }

    /// The value at the end of the path.
    ///
    /// # Errors
    ///
    /// If the path leads nowhere, or to a parameter that is not written.
    pub fn follow<'t>(&self, tree: &'t Tree) -> Result<&'t Tree, PathError> {
        let mut here = tree;
        for (depth, segment) in self.segments.iter().enumerate() {
            let way = way(here, segment).map_err(|miss| self.miss(miss, here, depth))?;
            here = way.follow(here);
        }
        Ok(here)
    }

    /// Puts a value at the end of the path. It replaces the value there, or adds a field to an object or an
    /// entry to a map. New keys get the place `span`.
    ///
    /// # Errors
    ///
    /// If something before the last step does not exist.
    pub fn put(&self, tree: &mut Tree, value: Tree, span: Span) -> Result<(), PathError> {
        if let (Some(Segment::Field(section)), Value::Struct { fields, .. }) =
            (self.segments.first(), &mut tree.value)
            && self.segments.len() > 1
            && SECTIONS.contains(&section.as_str())
            && !fields.iter().any(|(key, _)| key.text == *section)
        {
            // A section that is not written is empty, not unknown.
            fields.push((Key { text: section.clone(), span }, Tree::new(Value::Map(Vec::new()), span)));
        }
        let mut here = tree;
        for (depth, segment) in self.segments.iter().enumerate() {
            let is_last = depth + 1 == self.segments.len();
            match way(here, segment) {
                Ok(way) => here = way.follow_mut(here),
                Err(Miss::Absent) if is_last => {
                    add(here, segment, value, span);
                    return Ok(());
                }
                Err(miss) => return Err(self.miss(miss, here, depth)),
            }
        }
        *here = value;
        Ok(())
    }

    /// The words for a path that leads nowhere after `depth` steps.
    fn miss(&self, miss: Miss, here: &Tree, depth: usize) -> PathError {
        let place = written(&self.segments[..depth]);
        let place = if place.is_empty() { "the scenario".to_owned() } else { format!("`{place}`") };
        match (&self.segments[depth], miss) {
            (Segment::Field(name), Miss::Absent) => {
                let names = names(here);
                PathError {
                    message: format!("{place} has no `{name}`"),
                    label: if names.is_empty() {
                        "nothing is written there".to_owned()
                    } else {
                        expected_one_of(names.iter().copied())
                    },
                    hint: nearest(name, names.iter().copied())
                        .map(|near| {
                            let mut meant = self.segments.clone();
                            meant[depth] = Segment::Field(near.to_owned());
                            format!("did you mean `{}`?", written(&meant))
                        })
                        .or_else(|| {
                            (depth + 1 < self.segments.len())
                                .then(|| format!("give `{}` as a whole", written(&self.segments[..=depth])))
                        }),
                }
            }
            (Segment::Field(name), Miss::List) => PathError::new(
                format!("{place} is a list and has no `{name}`"),
                "expected the number of an item, such as `[0]`",
            ),
            (Segment::Field(name), Miss::Plain | Miss::Short(_)) => PathError::new(
                format!("{place} is {} and has no `{name}`", here.describe()),
                "the path ends earlier",
            ),
            (Segment::Index(index), Miss::Short(length)) => PathError::new(
                format!("{place} has no item [{index}]"),
                match length {
                    0 => "the list is empty".to_owned(),
                    1 => "there is one item, [0]".to_owned(),
                    _ => format!("there are {length} items, [0] to [{}]", length - 1),
                },
            ),
            (Segment::Index(index), _) => PathError::new(
                format!("{place} is {} and has no item [{index}]", here.describe()),
                "expected the name of a part",
            ),
        }
    }
}

/// The step from a tree to a part of it.
#[derive(Clone, Copy)]
enum Way {
    Field(usize),
    Entry(usize),
    Item(usize),
    /// Through the only part of a variant, to an item of its list.
    Through(usize),
}

enum Miss {
    Absent,
    List,
    Plain,
    Short(usize),
}

fn way(tree: &Tree, segment: &Segment) -> Result<Way, Miss> {
    match (segment, &tree.value) {
        (Segment::Field(name), Value::Struct { fields, .. }) => {
            fields.iter().position(|(key, _)| key.text == *name).map(Way::Field).ok_or(Miss::Absent)
        }
        (Segment::Field(name), Value::Map(entries)) => entries
            .iter()
            .position(|(key, _)| matches!(&key.value, Value::Text(text) | Value::Ident(text) if text == name))
            .map(Way::Entry)
            .ok_or(Miss::Absent),
        (Segment::Field(_), Value::List(_)) => Err(Miss::List),
        (Segment::Field(_), Value::Tuple { items, .. }) => {
            Err(if matches!(items[0].value, Value::List(_)) { Miss::List } else { Miss::Plain })
        }
        (Segment::Index(index), Value::Tuple { name: Some(_), items })
            if items.len() == 1 && matches!(items[0].value, Value::List(_)) =>
        {
            let Value::List(inner) = &items[0].value else { return Err(Miss::Plain) };
            if *index < inner.len() { Ok(Way::Through(*index)) } else { Err(Miss::Short(inner.len())) }
        }
        (Segment::Index(index), Value::List(items) | Value::Tuple { items, .. }) => {
            if *index < items.len() {
                Ok(Way::Item(*index))
            } else {
                Err(Miss::Short(items.len()))
            }
        }
        _ => Err(Miss::Plain),
    }
}

const STEP: &str = "invariant: a way was found in this very tree";

impl Way {
    fn follow(self, tree: &Tree) -> &Tree {
        match (self, &tree.value) {
            (Self::Field(index), Value::Struct { fields, .. }) => &fields[index].1,
            (Self::Entry(index), Value::Map(entries)) => &entries[index].1,
            (Self::Item(index), Value::List(items) | Value::Tuple { items, .. }) => &items[index],
            (Self::Through(index), Value::Tuple { items, .. }) => Self::Item(index).follow(&items[0]),
            _ => unreachable!("{STEP}"),
        }
    }

    fn follow_mut(self, tree: &mut Tree) -> &mut Tree {
        match (self, &mut tree.value) {
            (Self::Field(index), Value::Struct { fields, .. }) => &mut fields[index].1,
            (Self::Entry(index), Value::Map(entries)) => &mut entries[index].1,
            (Self::Item(index), Value::List(items) | Value::Tuple { items, .. }) => &mut items[index],
            (Self::Through(index), Value::Tuple { items, .. }) => Self::Item(index).follow_mut(&mut items[0]),
            _ => unreachable!("{STEP}"),
        }
    }
}

fn add(tree: &mut Tree, segment: &Segment, value: Tree, span: Span) {
    let Segment::Field(name) = segment else { return };
    match &mut tree.value {
        Value::Struct { fields, .. } => fields.push((Key { text: name.clone(), span }, value)),
        Value::Map(entries) => entries.push((Tree::new(Value::Text(name.clone()), span), value)),
        _ => {}
    }
}

fn names(tree: &Tree) -> Vec<&str> {
    match &tree.value {
        Value::Struct { fields, .. } => fields.iter().map(|(key, _)| key.text.as_str()).collect(),
        Value::Map(entries) => entries
            .iter()
            .filter_map(|(key, _)| match &key.value {
                Value::Text(text) | Value::Ident(text) => Some(text.as_str()),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}
