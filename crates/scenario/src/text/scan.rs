//! Cutting a text that `ron` has accepted into positioned values, in one pass.
//!
//! Does not own the check of the syntax (`parse`). A text that is not RON is refused here without an
//! explanation.

use std::collections::BTreeMap;

use crate::{
    issue::Issues,
    source::{FileId, Span},
    tree::{Key, Tree, Value},
};

/// Deepest accepted nesting of brackets.
pub const MAX_DEPTH: usize = 64;

/// Number of fields from which an object gets an index of its names.
const MANY_FIELDS: usize = 64;

/// The place where the scanner gave up, and the reason.
pub(crate) struct Unreadable {
    /// The byte.
    pub(crate) at: usize,
    /// The reason.
    pub(crate) message: String,
}

pub(crate) type Scan<T> = Result<T, Unreadable>;

/// A scanner of values from a place in a text on.
pub(crate) struct Scanner<'t, 'i> {
    text: &'t str,
    file: FileId,
    /// The next byte.
    pub(crate) at: usize,
    depth: usize,
    /// The list to which duplicates are added.
    pub(crate) issues: &'i mut Issues,
}

impl<'t, 'i> Scanner<'t, 'i> {
    pub(crate) fn new(text: &'t str, file: FileId, at: usize, issues: &'i mut Issues) -> Self {
        Self { text, file, at, depth: 0, issues }
    }

    pub(crate) fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    pub(crate) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn fail<T>(&self, message: impl Into<String>) -> Scan<T> {
        Err(Unreadable { at: self.at, message: message.into() })
    }

    fn span_from(&self, start: usize) -> Span {
        Span::new(self.file, start, self.at)
    }

    fn eat(&mut self, wanted: char) -> bool {
        let found = self.rest().starts_with(wanted);
        if found {
            self.at += wanted.len_utf8();
        }
        found
    }

    /// Skips white space and comments, as RON defines both.
    pub(crate) fn skip_blank(&mut self) -> Scan<()> {
        loop {
            let rest = self.rest();
            let blank = rest.len() - rest.trim_start_matches(is_blank).len();
            self.at += blank;
            let rest = self.rest();
            if rest.starts_with("//") {
                self.at += rest.find('\n').map_or(rest.len(), |end| end + 1);
            } else if rest.starts_with("/*") {
                let mut level = 0_usize;
                let bytes = self.text.as_bytes();
                loop {
                    if bytes[self.at..].starts_with(b"/*") {
                        level += 1;
                        self.at += 2;
                    } else if bytes[self.at..].starts_with(b"*/") {
                        level -= 1;
                        self.at += 2;
                        if level == 0 {
                            break;
                        }
                    } else if self.at < bytes.len() {
                        self.at += 1;
                    } else {
                        return self.fail("a comment is never closed");
                    }
                }
            } else {
                return Ok(());
            }
        }
    }

    /// Skips `#![...]` at the beginning of a file. Editors read it, this scanner does not.
    fn skip_attributes(&mut self) -> Scan<()> {
        self.skip_blank()?;
        while self.rest().starts_with('#') {
            while let Some(next) = self.peek() {
                if next == '"' {
                    self.quoted()?;
                    continue;
                }
                self.at += next.len_utf8();
                if next == ']' {
                    break;
                }
            }
            self.skip_blank()?;
        }
        Ok(())
    }

    pub(crate) fn document(&mut self) -> Scan<Tree> {
        self.skip_attributes()?;
        let tree = self.value()?;
        self.skip_blank()?;
        if self.at < self.text.len() {
            return self.fail("something follows the end of the value");
        }
        Ok(tree)
    }

    fn value(&mut self) -> Scan<Tree> {
        self.depth += 1;
        if self.depth > MAX_DEPTH + 2 {
            return self.fail(format!("brackets are nested deeper than {MAX_DEPTH} levels"));
        }
        self.skip_blank()?;
        let start = self.at;
        let Some(next) = self.peek() else { return self.fail("expected a value") };
        let value = match next {
            '(' => self.parenthesised(None)?,
            '[' => Value::List(self.items(']')?),
            '{' => self.map()?,
            '"' => Value::Text(self.quoted()?),
            '\'' => self.character()?,
            _ => {
                if let Some(name) = self.name() {
                    self.named(&name)?
                } else if self.rest().starts_with("r\"") || self.rest().starts_with("r#") {
                    Value::Text(self.raw_text()?)
                } else if self.rest().starts_with("b\"")
                    || self.rest().starts_with("b'")
                    || self.rest().starts_with("br")
                {
                    return self.fail("bytes have no meaning in a scenario");
                } else {
                    Value::Number(self.number()?.to_owned())
                }
            }
        };
        self.depth -= 1;
        let mut tree = Tree::new(value, self.span_from(start));
        if let Value::Text(text) | Value::Number(text) | Value::Ident(text) = &mut tree.value {
            self.issues.refuse_unprintable(tree.span, text);
            self.issues.refuse_long(tree.span, text);
        }
        Ok(tree)
    }

    /// The value that a name begins: a constant, a variant alone, or a variant with its content.
    fn named(&mut self, name: &str) -> Scan<Value> {
        match name {
            "true" => return Ok(Value::Bool(true)),
            "false" => return Ok(Value::Bool(false)),
            "None" => return Ok(Value::Absent),
            _ => {}
        }
        let after_name = self.at;
        self.skip_blank()?;
        if !self.rest().starts_with('(') {
            self.at = after_name;
            return Ok(Value::Ident(name.to_owned()));
        }
        let value = self.parenthesised(Some(name.to_owned()))?;
        if name == "Some"
            && let Value::Tuple { items, .. } = value
        {
            // An explicit option means the same as its content.
            let mut items = items.into_iter();
            return Ok(items.next().map_or(Value::Absent, |tree| tree.value));
        }
        Ok(value)
    }

    /// Reads a name, plain or raw (`r#name`). Consumes nothing if there is none.
    fn name(&mut self) -> Option<String> {
        let rest = self.rest();
        if ["b\"", "b'", "br#", "br\"", "r\"", "r#\"", "r##"].iter().any(|head| rest.starts_with(head)) {
            return None;
        }
        let (skip, length) = if let Some(raw) = rest.strip_prefix("r#") {
            (2, raw.find(|c| !is_name_char(c) && !matches!(c, '.' | '+' | '-')).unwrap_or(raw.len()))
        } else if rest.starts_with(is_name_start) {
            (0, rest.find(|c| !is_name_char(c)).unwrap_or(rest.len()))
        } else {
            return None;
        };
        let name = rest[skip..skip + length].to_owned();
        self.at += skip + length;
        (length > 0).then_some(name)
    }

    fn parenthesised(&mut self, name: Option<String>) -> Scan<Value> {
        let start = self.at;
        self.eat('(');
        self.skip_blank()?;
        if self.eat(')') {
            return Ok(Value::Struct { name, fields: Vec::new() });
        }
        let first = self.at;
        let is_named = self.name().is_some() && {
            self.skip_blank()?;
            self.rest().starts_with(':')
        };
        self.at = if is_named { first } else { start };
        if is_named {
            let fields = self.fields()?;
            return Ok(Value::Struct { name, fields });
        }
        Ok(Value::Tuple { name, items: self.items(')')? })
    }

    fn fields(&mut self) -> Scan<Vec<(Key, Tree)>> {
        let mut fields: Vec<(Key, Tree)> = Vec::new();
        // Most objects are small. Only a large one needs an index of its names.
        let mut index: BTreeMap<String, Span> = BTreeMap::new();
        loop {
            self.skip_blank()?;
            if self.eat(')') {
                return Ok(fields);
            }
            let start = self.at;
            let Some(mut text) = self.name() else { return self.fail("expected the name of a field") };
            self.issues.refuse_long(self.span_from(start), &mut text);
            let key = Key { text, span: self.span_from(start) };
            self.skip_blank()?;
            if !self.eat(':') {
                return self.fail("expected a colon");
            }
            let tree = self.value()?;
            let first = if index.is_empty() {
                fields.iter().find(|(earlier, _)| *earlier == key).map(|(earlier, _)| earlier.span)
            } else {
                index.get(&key.text).copied()
            };
            if let Some(first) = first {
                self.duplicate(&format!("field `{}` is written twice", key.text), key.span, first);
            } else {
                if !index.is_empty() {
                    index.insert(key.text.clone(), key.span);
                }
                fields.push((key, tree));
                if fields.len() == MANY_FIELDS {
                    index.extend(fields.iter().map(|(key, _)| (key.text.clone(), key.span)));
                }
            }
            self.separator(')')?;
        }
    }

    fn items(&mut self, close: char) -> Scan<Vec<Tree>> {
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.skip_blank()?;
            if self.eat(close) {
                return Ok(items);
            }
            items.push(self.value()?);
            self.separator(close)?;
        }
    }

    fn map(&mut self) -> Scan<Value> {
        self.eat('{');
        let mut entries: Vec<(Tree, Tree)> = Vec::new();
        let mut seen: BTreeMap<String, Span> = BTreeMap::new();
        loop {
            self.skip_blank()?;
            if self.eat('}') {
                return Ok(Value::Map(entries));
            }
            let key = self.value()?;
            self.skip_blank()?;
            if !self.eat(':') {
                return self.fail("expected a colon");
            }
            let tree = self.value()?;
            let name = match &key.value {
                Value::Text(text) | Value::Ident(text) | Value::Number(text) => text.clone(),
                _ => self.text[key.span.start as usize..key.span.end as usize].to_owned(),
            };
            if let Some(&first) = seen.get(&name) {
                self.duplicate(&format!("`{name}` is written twice"), key.span, first);
            } else {
                seen.insert(name, key.span);
                entries.push((key, tree));
            }
            self.separator('}')?;
        }
    }

    fn separator(&mut self, close: char) -> Scan<()> {
        self.skip_blank()?;
        if self.eat(',') || self.rest().starts_with(close) { Ok(()) } else { self.fail("expected a comma") }
    }

    fn duplicate(&mut self, message: &str, span: Span, first: Span) {
        self.issues.error(span, message).label("again here").note(first, "first written here");
    }

    pub(crate) fn quoted(&mut self) -> Scan<String> {
        let start = self.at;
        let bytes = self.text.as_bytes();
        let mut at = start + 1;
        let mut is_escaped = false;
        loop {
            match bytes.get(at) {
                None => return self.fail("a text is never closed"),
                Some(b'"') => break,
                Some(b'\\') => {
                    is_escaped = true;
                    at += 2;
                }
                Some(_) => at += 1,
            }
        }
        self.at = at + 1;
        if is_escaped {
            match ron::from_str::<String>(&self.text[start..self.at]) {
                Ok(text) => Ok(text),
                Err(error) => Err(Unreadable { at: start, message: error.code.to_string() }),
            }
        } else {
            Ok(self.text[start + 1..at].to_owned())
        }
    }

    pub(crate) fn raw_text(&mut self) -> Scan<String> {
        let rest = &self.rest()[1..];
        let n_hashes = rest.len() - rest.trim_start_matches('#').len();
        let Some(body) = rest[n_hashes..].strip_prefix('"') else { return self.fail("expected a text") };
        let close = format!("\"{}", "#".repeat(n_hashes));
        let Some(length) = body.find(&close) else { return self.fail("a text is never closed") };
        self.at += 1 + n_hashes + 1 + length + close.len();
        Ok(body[..length].to_owned())
    }

    fn character(&mut self) -> Scan<Value> {
        let start = self.at;
        self.at += 1;
        if self.eat('\\') {
            self.at += self.peek().map_or(0, char::len_utf8);
        }
        // `'''` is the apostrophe itself.
        self.at += self.peek().filter(|_| self.at == start + 1).map_or(0, char::len_utf8);
        let Some(length) = self.rest().find('\'') else { return self.fail("a character is never closed") };
        self.at += length + 1;
        match ron::from_str::<char>(&self.text[start..self.at]) {
            Ok(character) => Ok(Value::Text(character.to_string())),
            Err(error) => Err(Unreadable { at: start, message: error.code.to_string() }),
        }
    }

    fn number(&mut self) -> Scan<&'t str> {
        let rest = self.rest();
        let length = rest
            .find(|c: char| is_blank(c) || matches!(c, ',' | ')' | ']' | '}' | ':' | '/'))
            .unwrap_or(rest.len());
        if length == 0 {
            return self.fail("expected a value");
        }
        self.at += length;
        Ok(&rest[..length])
    }
}

/// White space in RON.
fn is_blank(c: char) -> bool {
    matches!(
        c,
        ' ' | '\t'
            | '\n'
            | '\r'
            | '\x0B'
            | '\x0C'
            | '\u{85}'
            | '\u{200E}'
            | '\u{200F}'
            | '\u{2028}'
            | '\u{2029}'
    )
}

fn is_name_start(c: char) -> bool {
    c == '_' || c.is_alphabetic()
}

fn is_name_char(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}
