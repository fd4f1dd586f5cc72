//! Reading the fields of one object. The reader remembers the requested fields, so that it can report
//! unknown ones.
//!
//! Does not own what the fields mean.

use std::fmt;

use super::basic::with_article;
use super::{Choice, Context, Decode, Record};
use crate::{
    parse::parse_at,
    source::Span,
    suggest::{did_you_mean, expected_one_of, list_names, nearest},
    tree::{Key, Tree, Value},
};

/// The object being read, as messages name it.
#[derive(Clone, Copy, Debug)]
pub enum Subject<'t> {
    /// By its kind: "run".
    Kind(&'static str),
    /// By its kind and id: "service `train`".
    Entry(&'static str, &'t str),
}

impl fmt::Display for Subject<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kind(kind) => f.write_str(kind),
            Self::Entry(kind, id) => write!(f, "{kind} `{id}`"),
        }
    }
}

enum Content<'t> {
    Named(&'t [(Key, Tree)]),
    Positional(&'t [Tree]),
    /// A single field, written without the object around it.
    Alone(&'static str, &'t Tree),
}

/// Largest number of unknown fields of one object that are reported. With more, the object is probably
/// something else.
const MOST_UNKNOWN: usize = 20;

/// A reader of the fields of one object.
pub struct Reader<'t> {
    content: Content<'t>,
    taken: Vec<bool>,
    asked: Vec<&'static str>,
    missing: Vec<&'static str>,
    subject: Subject<'t>,
    /// The place of issues about the object as a whole.
    headline: Span,
    /// The place of the whole object.
    span: Span,
}

impl<'t> Reader<'t> {
    fn new(content: Content<'t>, subject: Subject<'t>, headline: Span, span: Span) -> Self {
        let n_parts = match content {
            Content::Named(fields) => fields.len(),
            Content::Positional(items) => items.len(),
            Content::Alone(..) => 1,
        };
        let taken = vec![false; n_parts];
        Self { content, taken, asked: Vec::new(), missing: Vec::new(), subject, headline, span }
    }

    /// Opens an object without a variant's name. Anything else is an error.
    pub fn of_record(
        tree: &'t Tree,
        subject: Subject<'t>,
        headline: Span,
        cx: &mut Context<'_>,
    ) -> Option<Self> {
        match &tree.value {
            Value::Struct { name: None, fields } => {
                Some(Self::new(Content::Named(fields), subject, headline, tree.span))
            }
            Value::Map(_) => {
                cx.error(tree.headline(), format!("{subject} is an object, not a map"))
                    .label("expected `(`")
                    .hint("write `(field: value, ...)`, with the names of fields not in quotes".to_owned());
                None
            }
            _ => {
                cx.error(tree.headline(), format!("expected {subject}, found {}", tree.describe()))
                    .label("expected an object `(field: value, ...)`");
                None
            }
        }
    }

    /// Opens a value that stands for an object with this one field.
    pub fn of_field_alone(field: &'static str, tree: &'t Tree, subject: Subject<'t>, headline: Span) -> Self {
        Self::new(Content::Alone(field, tree), subject, headline, tree.span)
    }

    /// Opens a variant: its name and a reader of its content. A value that is not a variant is an error.
    pub fn of_variant<C: Choice>(tree: &'t Tree, cx: &mut Context<'_>) -> Option<(&'t str, Self)> {
        let (name, content) = match &tree.value {
            Value::Ident(name) => (name, Content::Named(&[])),
            Value::Struct { name: Some(name), fields } => (name, Content::Named(fields)),
            Value::Tuple { name: Some(name), items } => (name, Content::Positional(items)),
            _ => {
                if let Some(bare) = C::BARE {
                    let content = Content::Positional(std::slice::from_ref(tree));
                    return Some((
                        bare,
                        Self::new(content, Subject::Kind(C::NOUN), tree.headline(), tree.span),
                    ));
                }
                let mut hint = None;
                if let Value::Text(text) = &tree.value
                    && C::VARIANTS.contains(&text.as_str())
                {
                    hint = Some(format!("write `{text}` without the quotes"));
                }
                cx.error(
                    tree.headline(),
                    format!("expected the name of a {}, found {}", C::NOUN, tree.describe()),
                )
                .label(expected_one_of(C::VARIANTS.iter().copied()))
                .hint(hint);
                return None;
            }
        };
        if !cx.wants_hints() && !C::VARIANTS.contains(&name.as_str()) {
            cx.error(tree.headline(), format!("unknown {} `{name}`", C::NOUN));
            None
        } else if C::VARIANTS.contains(&name.as_str()) {
            let subject = Subject::Entry(C::NOUN, name);
            Some((name, Self::new(content, subject, tree.headline(), tree.span)))
        } else {
            cx.error(tree.headline(), format!("unknown {} `{name}`", C::NOUN))
                .label(expected_of::<C>())
                .hint(did_you_mean(
                    name,
                    C::VARIANTS.iter().copied().filter(|other| Some(*other) != C::BARE),
                ));
            None
        }
    }

    /// The place of the whole object.
    pub fn span(&self) -> Span {
        self.span
    }

    /// The place of issues about the object as a whole.
    pub fn headline(&self) -> Span {
        self.headline
    }

    /// The object as messages name it.
    pub fn subject(&self) -> Subject<'t> {
        self.subject
    }

    /// The fields requested so far, which are those of this type.
    pub fn known_fields(&self) -> &[&'static str] {
        &self.asked
    }

    /// Reads one field: the written value, else the default (RON text), else what the type gives for an
    /// absent value.
    pub fn field<T: Decode>(
        &mut self,
        name: &'static str,
        default: Option<&'static str>,
        cx: &mut Context<'_>,
    ) -> Option<T> {
        let name = name.trim_start_matches("r#");
        self.asked.push(name);
        if let Content::Named(fields) = self.content
            && let Some(index) = fields.iter().position(|(key, _)| key.text == name)
        {
            self.taken[index] = true;
            let tree = &fields[index].1;
            if tree.value != Value::Absent {
                return cx.at_field(name, |cx| T::decode(tree, cx));
            }
        }
        if let Content::Alone(field, tree) = self.content
            && field == name
        {
            self.taken[0] = true;
            return T::decode(tree, cx);
        }
        if let Some(default) = default {
            let tree = parse_at(default, self.headline)?;
            return cx.at_field(name, |cx| T::decode(&tree, cx));
        }
        if let Some(value) = T::absent() {
            return Some(value);
        }
        self.missing.push(name);
        None
    }

    /// Reads the only part of a variant: `Weekly([...])`, or by name, `Weekly(times: [...])`.
    pub fn sole<T: Decode>(
        &mut self,
        name: &'static str,
        default: Option<&'static str>,
        cx: &mut Context<'_>,
    ) -> Option<T> {
        if let Content::Positional(items) = self.content
            && let Some(tree) = items.first()
        {
            self.asked.push(name);
            self.taken[0] = true;
            return T::decode(tree, cx);
        }
        self.field(name, default, cx)
    }

    /// Reports parts that have names but were written without them.
    pub fn require_names(&mut self, names: &[&'static str], cx: &mut Context<'_>) -> Option<()> {
        let Content::Positional(items) = self.content else { return Some(()) };
        let example = names.first().map_or("", |name| name.trim_start_matches("r#"));
        cx.error(items[0].headline(), format!("the parts of {} have names", self.subject)).label(format!(
            "expected `{example}: ...`; the names are {}",
            list_names(names.iter().map(|name| name.trim_start_matches("r#")))
        ));
        self.taken.fill(true);
        None
    }

    /// Reports every unknown and every missing part. `None` if there was one.
    pub fn finish(self, cx: &mut Context<'_>) -> Option<()> {
        let mut meant = Vec::new();
        match self.content {
            Content::Named(fields) => {
                let unknown = fields.iter().zip(&self.taken).filter(|(_, taken)| !**taken);
                for ((key, _), _) in unknown.take(MOST_UNKNOWN) {
                    let near =
                        if cx.wants_hints() { nearest(&key.text, self.asked.iter().copied()) } else { None };
                    meant.extend(near);
                    let label = self.expected(near, fields);
                    cx.at_field(&key.text, |cx| {
                        cx.error(key.span, format!("unknown field `{}` in {}", key.text, self.subject))
                            .label(label)
                            .hint(near.map(|near| format!("did you mean `{near}`?")));
                    });
                }
            }
            Content::Alone(..) => {}
            Content::Positional(items) => {
                for (item, _) in items.iter().zip(&self.taken).filter(|(_, taken)| !**taken) {
                    cx.error(item.headline(), format!("one part too many in {}", self.subject))
                        .label("expected `)`");
                }
            }
        }
        // A field that was misspelt is not reported as missing.
        for name in self.missing.iter().filter(|name| !meant.contains(name)) {
            cx.error(self.headline, format!("missing field `{name}` in {}", self.subject))
                .label(format!("`{name}` must be given"));
        }
        (self.missing.is_empty() && self.taken.iter().all(|&taken| taken)).then_some(())
    }

    /// What may be written instead of an unknown field: the probable meaning, then the missing fields, then
    /// the others.
    fn expected(&self, near: Option<&'static str>, fields: &[(Key, Tree)]) -> String {
        let is_written = |name: &&str| fields.iter().any(|(key, _)| key.text == **name);
        let optional = self.asked.iter().copied().filter(|name| !self.missing.contains(name));
        let mut names: Vec<&str> = near.into_iter().chain(self.missing.iter().copied()).collect();
        names.extend(optional.filter(|name| !is_written(name)));
        let mut seen: Vec<&str> = Vec::new();
        names.retain(|name| {
            let is_new = !seen.contains(name);
            seen.push(name);
            is_new
        });
        if names.is_empty() { expected_one_of(self.asked.iter().copied()) } else { expected_one_of(names) }
    }
}

/// What is expected for a choice: its variants, and for the one without a name its content.
fn expected_of<C: Choice>() -> String {
    let named = C::VARIANTS.iter().copied().filter(|name| Some(*name) != C::BARE);
    match C::bare_type() {
        Some(bare) => format!("expected {}, or one of {}", with_article(&bare), list_names(named)),
        None => expected_one_of(named),
    }
}

/// Reads a record.
pub(crate) fn decode_record<R: Record>(tree: &Tree, cx: &mut Context<'_>) -> Option<R> {
    let subject = Subject::Kind(R::NOUN);
    let mut reader = match R::ALONE {
        Some(field) if !matches!(tree.value, Value::Struct { name: None, .. }) => {
            Reader::of_field_alone(field, tree, subject, tree.headline())
        }
        _ => Reader::of_record(tree, subject, tree.headline(), cx)?,
    };
    let record = R::from_reader(&mut reader, cx);
    let finished = reader.finish(cx);
    finished.and(record)
}

/// Reads a choice.
pub(crate) fn decode_choice<C: Choice>(tree: &Tree, cx: &mut Context<'_>) -> Option<C> {
    let (name, mut reader) = Reader::of_variant::<C>(tree, cx)?;
    let choice = C::from_variant(name, &mut reader, cx);
    let finished = reader.finish(cx);
    finished.and(choice)
}
