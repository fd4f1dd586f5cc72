//! The drawing of issues for readers: message, place, the line with carets under it, hint.
//!
//! Columns count characters. Carets are placed by display width, so that they are right after Chinese text
//! and tabs. Does not own the words of an issue (`issue`).

use std::fmt::Write as _;

use unicode_width::UnicodeWidthChar;

use crate::{
    issue::{Issue, Issues, Quote, Severity},
    source::{SourceMap, Span},
    words::{is_unprintable, printable},
};

/// Choices for drawing.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Whether to colour with ANSI escapes.
    pub color: bool,
    /// Largest number of issues drawn. The rest is counted.
    pub most: usize,
}

impl Default for Style {
    fn default() -> Self {
        Self { color: false, most: 50 }
    }
}

const TAB_WIDTH: usize = 4;
/// Widest line in columns. A wider line is cut around the place.
const WIDEST_LINE: usize = 140;

/// Draws all issues in their current order, with a blank line between them.
pub fn render(issues: &Issues, sources: &SourceMap, style: Style) -> String {
    let mut text = String::new();
    for (index, issue) in issues.iter().take(style.most).enumerate() {
        if index > 0 {
            text.push('\n');
        }
        Drawing { text: &mut text, sources, style }.issue(issue);
    }
    if issues.len() > style.most {
        write_to(&mut text, format_args!("\nand {} more\n", issues.len() - style.most));
    }
    text
}

fn write_to(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    text.write_fmt(arguments).expect("invariant: writing to a string cannot fail");
}

struct Drawing<'a> {
    text: &'a mut String,
    sources: &'a SourceMap,
    style: Style,
}

#[derive(Clone, Copy)]
enum Paint {
    Error,
    Warning,
    Frame,
    Hint,
    Strong,
}

impl Drawing<'_> {
    fn paint(&mut self, paint: Paint, words: &str) {
        if !self.style.color || words.is_empty() {
            self.text.push_str(words);
            return;
        }
        let code = match paint {
            Paint::Error => "1;31",
            Paint::Warning => "1;33",
            Paint::Frame => "1;34",
            Paint::Hint => "1;36",
            Paint::Strong => "1",
        };
        write_to(self.text, format_args!("\x1b[{code}m{words}\x1b[0m"));
    }

    fn issue(&mut self, issue: &Issue) {
        let (word, paint) = match issue.severity {
            Severity::Error => ("error", Paint::Error),
            Severity::Warning => ("warning", Paint::Warning),
        };
        self.paint(paint, word);
        self.paint(Paint::Strong, &format!(": {}", printable(&issue.message)));
        self.text.push('\n');
        let gutter = std::iter::once(issue.span)
            .chain(issue.notes.iter().map(|(span, _)| *span))
            .map(|span| self.sources.source(span.file).line_column(span.start).line)
            .chain(issue.quotes.iter().map(|quote| quote.line))
            .map(|line| line.to_string().len())
            .max()
            .unwrap_or(1);
        let has_frame = self.place(issue.span, "-->", '^', issue.label.as_deref(), gutter, paint);
        for (span, note) in &issue.notes {
            self.place(*span, ":::", '-', Some(note), gutter, Paint::Frame);
        }
        for quote in &issue.quotes {
            self.quote(quote, gutter);
        }
        if !issue.path.is_empty() && has_frame {
            self.paint(Paint::Frame, &format!("{:gutter$} = ", ""));
            write_to(self.text, format_args!("path: {}\n", printable(&issue.path)));
        }
        if let Some(hint) = &issue.hint {
            self.paint(Paint::Hint, "hint");
            write_to(self.text, format_args!(": {}\n", printable(hint)));
        }
    }

    /// Draws one place: its position, and the line with marks below. Returns false if there is no line to
    /// show.
    fn place(
        &mut self,
        span: Span,
        arrow: &str,
        mark: char,
        label: Option<&str>,
        gutter: usize,
        paint: Paint,
    ) -> bool {
        let source = self.sources.source(span.file);
        self.paint(Paint::Frame, &format!("{:gutter$}{arrow} ", ""));
        if source.text.trim().is_empty() {
            write_to(self.text, format_args!("{}\n", printable(&source.name)));
            if let Some(label) = label {
                self.paint(Paint::Frame, &format!("{:gutter$} = ", ""));
                write_to(self.text, format_args!("{}\n", printable(label)));
            }
            return false;
        }
        let position = source.line_column(span.start);
        let line = source.line(position.line);
        let begin = (span.start as usize - source.line_start(position.line)).min(line.len());
        let end = (span.end as usize).saturating_sub(source.line_start(position.line)).min(line.len());
        self.at(&source.name, position.line, position.column);
        self.excerpt(position.line, &Marked::new(line, begin, end), mark, label, gutter, paint);
        true
    }

    /// Draws a line of a data file with its marks.
    fn quote(&mut self, quote: &Quote, gutter: usize) {
        let (begin, end) = (quote.place.start.min(quote.text.len()), quote.place.end.min(quote.text.len()));
        let column = quote.text.get(..begin).map_or(0, |before| before.chars().count()) + 1;
        self.paint(Paint::Frame, &format!("{:gutter$}::: ", ""));
        self.at(&quote.file, quote.line, column);
        let marked = Marked::new(&quote.text, begin, end);
        self.excerpt(quote.line, &marked, '-', Some(&quote.label), gutter, Paint::Frame);
    }

    /// Ends the line with the position of an excerpt.
    fn at(&mut self, name: &str, line: usize, column: usize) {
        write_to(self.text, format_args!("{}:{line}:{column}\n", printable(name)));
    }

    /// Draws a line with marks below.
    fn excerpt(
        &mut self,
        number: usize,
        marked: &Marked,
        mark: char,
        label: Option<&str>,
        gutter: usize,
        paint: Paint,
    ) {
        self.frame(gutter, "", "\n");
        self.frame(gutter, &number.to_string(), "");
        if !marked.line.is_empty() {
            write_to(self.text, format_args!(" {}", marked.line));
        }
        self.text.push('\n');
        self.frame(gutter, "", "");
        write_to(self.text, format_args!(" {:indent$}", "", indent = marked.indent));
        let marks: String = std::iter::repeat_n(mark, marked.width).collect();
        self.paint(paint, &marks);
        if let Some(label) = label {
            self.text.push(' ');
            self.paint(paint, &printable(label));
        }
        self.text.push('\n');
        self.frame(gutter, "", "\n");
    }

    fn frame(&mut self, gutter: usize, number: &str, end: &str) {
        self.paint(Paint::Frame, &format!("{number:>gutter$} |"));
        self.text.push_str(end);
    }
}

/// A line as shown, and the position of its marks in display columns.
struct Marked {
    line: String,
    indent: usize,
    width: usize,
}

impl Marked {
    /// A line whose bytes from `begin` to `end` are marked.
    fn new(line: &str, begin: usize, end: usize) -> Self {
        let mut shown = String::new();
        let (mut column, mut indent, mut stop) = (0, None, None);
        // The column of each character, for cutting a line that is too wide.
        let mut columns = Vec::new();
        for (at, c) in line.char_indices() {
            if at >= begin && indent.is_none() {
                indent = Some(column);
            }
            if at >= end && stop.is_none() {
                stop = Some(column);
            }
            columns.push((column, shown.len()));
            if c == '\t' {
                let width = TAB_WIDTH - column % TAB_WIDTH;
                shown.extend(std::iter::repeat_n(' ', width));
                column += width;
            } else {
                let c = visible_char(c);
                shown.push(c);
                column += c.width().unwrap_or(0);
            }
        }
        let indent = indent.unwrap_or(column);
        let width = stop.unwrap_or(column).saturating_sub(indent).max(1);
        if column <= WIDEST_LINE {
            return Self { line: shown.trim_end().to_owned(), indent, width };
        }
        Self::cut(&shown, &columns, indent, width)
    }

    fn cut(shown: &str, columns: &[(usize, usize)], indent: usize, width: usize) -> Self {
        const BEFORE: usize = 40;
        let from = columns.iter().find(|(column, _)| column + BEFORE >= indent).copied().unwrap_or((0, 0));
        let to = columns
            .iter()
            .find(|(column, _)| *column >= from.0 + WIDEST_LINE)
            .map_or(shown.len(), |&(_, at)| at);
        let (head, shift) = if from.1 > 0 { ("…", 1) } else { ("", 0) };
        let tail = if to < shown.len() { "…" } else { "" };
        let line = format!("{head}{}{tail}", shown[from.1..to].trim_end());
        let indent = indent - from.0 + shift;
        Self { line, indent, width: width.min((WIDEST_LINE + 1).saturating_sub(indent).max(1)) }
    }
}

/// A character as shown. A character that acts on the terminal is replaced, so that a file cannot control
/// it.
fn visible_char(c: char) -> char {
    if is_unprintable(c) { char::REPLACEMENT_CHARACTER } else { c }
}
