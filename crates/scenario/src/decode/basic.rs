//! Decoders of plain types: texts, numbers, quantities, names, and wrappers around one value.
//!
//! Does not own the quantities themselves (`sanda_units`).

use std::{borrow::Borrow, fmt, ops::Deref};

use sanda_units::{Distance, Duration, Emission, Mass, Money, Quantity, QuantityError, Share, Speed, Teu};

use super::{Context, Decode, Schema};
use crate::{
    source::{Located, Span},
    tree::{Tree, Value},
};

/// An id: lower-case letters, digits and hyphens, at most [`Name::LONGEST`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(String);

impl Name {
    /// Longest name in characters. Names become parts of file names and of metric paths; file systems allow
    /// 255 bytes.
    pub const LONGEST: usize = 64;

    /// The name, if the text is valid.
    pub fn new(text: &str) -> Option<Self> {
        (has_letters_of_name(text) && text.len() <= Self::LONGEST).then(|| Self(text.to_owned()))
    }

    /// The name of a map's entry, which is checked apart from its value.
    pub(super) fn unchecked(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The text of the name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The valid name that is most similar to `text`, for hints.
    fn like(text: &str) -> Option<String> {
        let mut name = String::new();
        for c in text.chars().take(Self::LONGEST / 2).flat_map(char::to_lowercase) {
            match c {
                'a'..='z' | '0'..='9' => name.push(c),
                _ if name.is_empty() || name.ends_with('-') => {}
                _ => name.push('-'),
            }
        }
        let name = name.trim_end_matches('-');
        (!name.is_empty()).then(|| format!("for example `{name}`"))
    }
}

/// Whether a text consists of the characters of names.
fn has_letters_of_name(text: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !text.is_empty() && text.bytes().all(is_letter)
}

impl Deref for Name {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Name {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl PartialEq<str> for Name {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for Name {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

/// A text as written, or a bare word from the command line.
fn text_of<'t>(tree: &'t Tree, cx: &Context<'_>) -> Option<&'t str> {
    match &tree.value {
        Value::Text(text) => Some(text),
        Value::Ident(text) | Value::Number(text) if cx.is_argument(tree.span) => Some(text),
        _ => None,
    }
}

impl Decode for String {
    fn decode(tree: &Tree, cx: &mut Context<'_>) -> Option<Self> {
        if let Some(text) = text_of(tree, cx) {
            return Some(text.to_owned());
        }
        cx.wrong_kind(tree, "a text in quotes");
        None
    }

    fn describe(_: &mut Schema) -> String {
        "text".to_owned()
    }
}

impl Decode for Name {
    fn decode(tree: &Tree, cx: &mut Context<'_>) -> Option<Self> {
        let Some(text) = text_of(tree, cx) else {
            cx.wrong_kind(tree, "a name in quotes");
            return None;
        };
        Name::read(text, tree.span, cx)
    }

    fn describe(_: &mut Schema) -> String {
        "name".to_owned()
    }
}

impl Decode for bool {
    fn decode(tree: &Tree, cx: &mut Context<'_>) -> Option<Self> {
        if let Value::Bool(value) = tree.value {
            return Some(value);
        }
        cx.wrong_kind(tree, "`true` or `false`");
        None
    }

    fn describe(_: &mut Schema) -> String {
        "true or false".to_owned()
    }
}

impl Decode for f64 {
    fn decode(tree: &Tree, cx: &mut Context<'_>) -> Option<Self> {
        if let Value::Number(text) = &tree.value
            && let Some(value) = sanda_units::parse_number(text)
        {
            return Some(value);
        }
        cx.wrong_kind(tree, "a number");
        None
    }

    fn describe(_: &mut Schema) -> String {
        "number".to_owned()
    }
}

impl Decode for u64 {
    fn decode(tree: &Tree, cx: &mut Context<'_>) -> Option<Self> {
        if let Value::Number(text) = &tree.value {
            let value = if text.contains('_') {
                sanda_units::parse_whole(text)
            } else {
                // RON also has whole numbers in base 2, 8 and 16.
                text.parse().ok().or_else(|| ron::from_str::<u64>(text).ok())
            };
            if value.is_some() {
                return value;
            }
        }
        cx.wrong_kind(tree, "a whole number, 0 or more");
        None
    }

    fn describe(_: &mut Schema) -> String {
        "count".to_owned()
    }
}

/// The text of a quantity: a text, or a bare number, so that its missing unit is reported.
fn quantity_text(tree: &Tree) -> Option<&str> {
    match &tree.value {
        Value::Text(text) | Value::Number(text) => Some(text),
        _ => None,
    }
}

/// Reads a quantity with its unit.
fn decode_quantity<Q: Quantity>(tree: &Tree, cx: &mut Context<'_>) -> Option<Q> {
    let Some(text) = quantity_text(tree) else {
        cx.wrong_kind(tree, &format!("{} with a unit, such as \"{}\"", with_article(Q::NAME), Q::EXAMPLE));
        return None;
    };
    match sanda_units::parse_quantity(text) {
        Ok(quantity) => Some(quantity),
        Err(error) => {
            let label = match error {
                QuantityError::Negative { .. } => "expected zero or more".to_owned(),
                QuantityError::TooLarge { .. } => "expected less".to_owned(),
                _ => format!("expected {} with a unit", with_article(Q::NAME)),
            };
            cx.error(tree.span, error.to_string()).label(label).hint(error.hint());
            None
        }
    }
}

/// A noun with "a" or "an". Uncountable nouns have no article.
pub(super) fn with_article(noun: &str) -> String {
    match noun {
        _ if noun.starts_with('[') => noun.to_owned(),
        "money" | "mass" | "emission" | "container volume" => noun.to_owned(),
        _ if noun.starts_with(['a', 'e', 'i', 'o', 'u']) => format!("an {noun}"),
        _ => format!("a {noun}"),
    }
}

macro_rules! quantities {
    ($($type:ident),*) => {$(
        impl Decode for $type {
            fn decode(tree: &Tree, cx: &mut Context<'_>) -> Option<Self> {
                decode_quantity(tree, cx)
            }

            fn describe(_: &mut Schema) -> String {
                <$type as Quantity>::NAME.to_owned()
            }
        }
    )*};
}
quantities!(Teu, Mass, Distance, Speed, Money, Emission);

/// Longest duration in a scenario, some 30,000 years. Instants and sums of many durations stay far below 63
/// bits.
const LONGEST_MS: i64 = 1_000_000_000_000_000;

impl Decode for Duration {
    fn decode(tree: &Tree, cx: &mut Context<'_>) -> Option<Self> {
        let duration: Self = decode_quantity(tree, cx)?;
        if duration.as_ms() > LONGEST_MS {
            let error = QuantityError::TooLarge {
                name: <Self as Quantity>::NAME,
                text: quantity_text(tree).unwrap_or_default().to_owned(),
            };
            cx.error(tree.span, error.to_string()).label("expected less");
            return None;
        }
        Some(duration)
    }

    fn describe(_: &mut Schema) -> String {
        <Self as Quantity>::NAME.to_owned()
    }
}

impl Decode for Share {
    fn decode(tree: &Tree, cx: &mut Context<'_>) -> Option<Self> {
        let Some(text) = quantity_text(tree) else {
            cx.wrong_kind(tree, "a share, such as 0.05 or \"5%\"");
            return None;
        };
        match text.parse::<Share>() {
            Ok(share) => Some(share),
            Err(error) => {
                cx.error(tree.span, error.to_string())
                    .label("expected a share from 0 to 1")
                    .hint(error.hint());
                None
            }
        }
    }

    fn describe(_: &mut Schema) -> String {
        "share".to_owned()
    }
}

impl<T: Decode> Decode for Option<T> {
    fn decode(tree: &Tree, cx: &mut Context<'_>) -> Option<Self> {
        if tree.value == Value::Absent { Some(None) } else { T::decode(tree, cx).map(Some) }
    }

    fn absent() -> Option<Self> {
        Some(None)
    }

    fn describe(schema: &mut Schema) -> String {
        T::describe(schema)
    }
}

impl<T: Decode> Decode for Box<T> {
    fn decode(tree: &Tree, cx: &mut Context<'_>) -> Option<Self> {
        T::decode(tree, cx).map(Box::new)
    }

    fn describe(schema: &mut Schema) -> String {
        T::describe(schema)
    }
}

impl<T: Decode> Decode for Located<T> {
    fn decode(tree: &Tree, cx: &mut Context<'_>) -> Option<Self> {
        T::decode(tree, cx).map(|value| Located::new(value, tree.headline()))
    }

    fn describe(schema: &mut Schema) -> String {
        T::describe(schema)
    }
}

/// A value that must be greater than zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Positive<T>(T);

impl<T: Copy> Positive<T> {
    /// The value.
    pub fn value(self) -> T {
        self.0
    }
}

impl<T> Deref for Positive<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

/// Types whose values can be compared with zero.
pub trait Sign {
    /// Whether the value is greater than zero.
    fn is_above_zero(&self) -> bool;
}

macro_rules! signs {
    ($($type:ty: $value:ident => $test:expr),* $(,)?) => {$(
        impl Sign for $type {
            fn is_above_zero(&self) -> bool {
                let $value = self;
                $test
            }
        }
    )*};
}
signs! {
    f64: value => *value > 0.0,
    u64: value => *value > 0,
    Share: value => value.as_f64() > 0.0,
    Duration: value => value.base() > 0,
    Teu: value => value.base() > 0,
    Mass: value => value.base() > 0,
    Distance: value => value.base() > 0,
    Speed: value => value.base() > 0,
    Money: value => value.base() > 0,
}

impl<T: Decode + Sign> Decode for Positive<T> {
    fn decode(tree: &Tree, cx: &mut Context<'_>) -> Option<Self> {
        let value = T::decode(tree, cx)?;
        if value.is_above_zero() {
            return Some(Self(value));
        }
        cx.error(
            tree.span,
            format!("`{}` is not greater than zero", quantity_text(tree).unwrap_or_default()),
        )
        .label("expected more than zero");
        None
    }

    fn describe(schema: &mut Schema) -> String {
        format!("{} above 0", T::describe(schema))
    }
}

/// A type that may be the key of a map.
pub trait MapKey: Sized + Ord {
    /// Reads the key. `None` means that an error was added.
    fn read(text: &str, span: Span, cx: &mut Context<'_>) -> Option<Self>;
    /// The name of the type in the schema.
    const TYPE_NAME: &'static str;
}

impl MapKey for Name {
    const TYPE_NAME: &'static str = "name";

    fn read(text: &str, span: Span, cx: &mut Context<'_>) -> Option<Self> {
        let name = Name::new(text);
        if name.is_none() && has_letters_of_name(text) {
            cx.error(span, format!("`{text}` is too long for a name: it has {} characters", text.len()))
                .label(format!("expected {} characters at most", Self::LONGEST))
                .hint("a longer name for reports can be given under `name` or `title`".to_owned());
        } else if name.is_none() {
            cx.error(span, format!("`{text}` is not a name"))
                .label("expected lower-case letters, digits and hyphens")
                .hint(Name::like(text));
        }
        name
    }
}

impl MapKey for String {
    const TYPE_NAME: &'static str = "text";

    fn read(text: &str, _: Span, _: &mut Context<'_>) -> Option<Self> {
        Some(text.to_owned())
    }
}
