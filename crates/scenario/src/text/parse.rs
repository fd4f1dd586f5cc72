//! Text to positioned tree.
//!
//! The `ron` crate checks the syntax of the whole text in one pass and words its errors. Our scanner
//! (`scan`) then cuts the accepted text into values, also in one pass.
//!
//! Values of `ron` lose the names of variants, duplicate keys and all places. Reading level by level
//! through `RawValue` keeps them, but scans every byte twice per level of nesting, some ten times for an
//! ordinary scenario. Texts with escapes are still decoded by `ron`. Does not own reading files (`read`).

use ron::error::Error as E;
use serde::de::IgnoredAny;

use super::scan::{Scanner, Unreadable};
use crate::{
    issue::Issues,
    source::{FileId, LineColumn, SourceMap, Span},
    tree::{Tree, Value},
};

pub use super::scan::MAX_DEPTH;

/// Reads the text of a source. `None` means that it has no tree, and that at least one issue was added.
/// Duplicate fields and keys are issues too, but leave a tree with the first of each.
pub fn parse(sources: &SourceMap, file: FileId, issues: &mut Issues) -> Option<Tree> {
    parse_from(sources, file, 0, issues)
}

/// As [`parse`], from a byte of the text on.
pub(crate) fn parse_from(
    sources: &SourceMap,
    file: FileId,
    start: usize,
    issues: &mut Issues,
) -> Option<Tree> {
    let text = &sources.source(file).text;
    let mut scanner = Scanner::new(text, file, start, issues);
    if scanner.skip_blank().is_ok() && scanner.at == text.len() {
        let message =
            if text.trim().is_empty() { "the file is empty" } else { "the file holds only comments" };
        scanner
            .issues
            .error(Span::new(file, 0, 0), message)
            .hint("a scenario begins with `( schema: 1, name: \"...\", ... )`".to_owned());
        return None;
    }
    let options = ron::Options::default().with_recursion_limit(MAX_DEPTH);
    if let Err(error) = options.from_str::<IgnoredAny>(&text[start..]) {
        report_syntax(sources, file, start, &error, issues);
        return None;
    }
    scanner.at = start;
    match scanner.document() {
        Ok(tree) => Some(tree),
        Err(Unreadable { at, message }) => {
            issues.error(Span::new(file, at, (at + 1).min(text.len())), message);
            None
        }
    }
}

/// Reads a short text that is known to be valid, such as a default in the schema. Every value gets the
/// place `span`. `None` if the text is not valid.
pub(crate) fn parse_at(text: &str, span: Span) -> Option<Tree> {
    let mut issues = Issues::new();
    let mut scanner = Scanner::new(text, span.file, 0, &mut issues);
    let mut tree = scanner.document().ok()?;
    place(&mut tree, span);
    Some(tree)
}

fn place(tree: &mut Tree, span: Span) {
    tree.span = span;
    match &mut tree.value {
        Value::Struct { fields, .. } => {
            for (key, tree) in fields {
                key.span = span;
                place(tree, span);
            }
        }
        Value::Tuple { items, .. } | Value::List(items) => {
            for item in items {
                place(item, span);
            }
        }
        Value::Map(entries) => {
            for (key, tree) in entries {
                key.span = span;
                place(tree, span);
            }
        }
        _ => {}
    }
}

fn report_syntax(
    sources: &SourceMap,
    file: FileId,
    begin: usize,
    error: &ron::error::SpannedError,
    issues: &mut Issues,
) {
    let source = sources.source(file);
    // Lines and columns of the error count from where reading began.
    let first = source.line_column(begin as u32);
    let position = error.span.end;
    let mut end = source.offset(LineColumn {
        line: first.line + position.line - 1,
        column: position.col + if position.line == 1 { first.column - 1 } else { 0 },
    });
    let mut start = end;
    let rest = &source.text[end..];
    if let Some(next) = rest.chars().next().filter(|c| !c.is_whitespace()) {
        end += next.len_utf8();
    } else {
        // Nothing is written there: the error is after the last text.
        start = source.text[..start].trim_end().len();
        end = start;
    }
    let span = Span::new(file, start, end);
    let (message, bracket) = match &error.code {
        E::ExceededRecursionLimit => (format!("brackets are nested deeper than {MAX_DEPTH} levels"), false),
        E::Eof => ("syntax error: the text ends too early".to_owned(), true),
        E::ExpectedComma => ("syntax error: expected a comma".to_owned(), true),
        E::ExpectedStringEnd => ("syntax error: a text is never closed".to_owned(), false),
        E::TrailingCharacters => ("syntax error: something follows the end of the value".to_owned(), false),
        E::ExpectedMapColon => ("syntax error: expected a colon".to_owned(), false),
        code => {
            let words = code.to_string();
            let mut letters = words.chars();
            let first = letters.next().map(|c| c.to_ascii_lowercase());
            let words: String = first.into_iter().chain(letters).collect();
            let bracket = matches!(
                code,
                E::ExpectedArrayEnd | E::ExpectedMapEnd | E::ExpectedStructLikeEnd | E::ExpectedOptionEnd
            );
            (format!("syntax error: {}", words.trim_end_matches('.')), bracket)
        }
    };
    let opener = bracket.then(|| innermost_open(&source.text[..start])).flatten();
    let issue = issues.error(span, message);
    if let Some(opener) = opener {
        let bracket = &source.text[opener..=opener];
        issue.note(Span::new(file, opener, opener + 1), format!("inside this `{bracket}`"));
    }
    if matches!(error.code, E::SuggestRawIdentifier(_)) {
        issue.hint("a name with a hyphen is written in quotes".to_owned());
    }
}

/// The last bracket that is still open at the end of `text`, without those in comments and texts.
fn innermost_open(text: &str) -> Option<usize> {
    let mut issues = Issues::new();
    let mut scanner = Scanner::new(text, FileId::default(), 0, &mut issues);
    let mut open = Vec::new();
    loop {
        if scanner.skip_blank().is_err() {
            return open.pop();
        }
        let Some(next) = scanner.peek() else { return open.pop() };
        match next {
            '(' | '[' | '{' => open.push(scanner.at),
            ')' | ']' | '}' => {
                open.pop();
            }
            '"' => {
                if scanner.quoted().is_err() {
                    return open.pop();
                }
                continue;
            }
            'r' if scanner.raw_text().is_ok() => continue,
            _ => {}
        }
        scanner.at += next.len_utf8();
    }
}
