//! The drawing of issues for readers: message, place, the line with carets under it, hint.
//!
//! The library `annotate-snippets` draws, in the layout of the Rust compiler. It places carets by display width, so that
//! they are right after Chinese text, and cuts long lines around the place. Columns count characters. Does not own the
//! words of an issue (`issue`).

use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};

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

/// Widest line in columns. A wider line is cut around the place.
const WIDEST_LINE: usize = 140;

/// Draws all issues in their current order, with a blank line between them.
pub fn render(issues: &Issues, sources: &SourceMap, style: Style) -> String {
    let renderer = if style.color { Renderer::styled() } else { Renderer::plain() }.term_width(WIDEST_LINE);
    // One report for each issue: in a common report, the lines of all issues would share one margin.
    let mut drawn: Vec<String> =
        issues.iter().take(style.most).map(|issue| draw(issue, sources, &renderer) + "\n").collect();
    if issues.len() > style.most {
        drawn.push(format!("and {} more\n", issues.len() - style.most));
    }
    drawn.join("\n")
}

fn draw(issue: &Issue, sources: &SourceMap, renderer: &Renderer) -> String {
    let level = match issue.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let place = Excerpt::of_span(issue.span, sources);
    let notes: Vec<(Excerpt, &str)> = issue
        .notes
        .iter()
        .map(|(span, note)| (Excerpt::of_span(*span, sources), note.as_str()))
        .chain(issue.quotes.iter().map(|quote| (Excerpt::of_quote(quote), quote.label.as_str())))
        .collect();
    let mut main = place.add_to(
        Group::with_title(level.primary_title(printable(&issue.message))),
        AnnotationKind::Primary,
        issue.label.as_deref(),
    );
    for (note, label) in &notes {
        main = note.add_to(main, AnnotationKind::Context, Some(label));
    }
    if !issue.path.is_empty() && place.line.is_some() {
        main = main.element(remark(format!("path: {}", printable(&issue.path))));
    }
    let hint = issue
        .hint
        .as_deref()
        .map(|hint| Group::with_title(Level::HELP.with_name("hint").secondary_title(printable(hint))));
    let report: Vec<Group<'_>> = std::iter::once(main).chain(hint).collect();
    renderer.render(&report)
}

/// A line of an excerpt without a level of its own.
fn remark<'a>(words: impl Into<std::borrow::Cow<'a, str>>) -> annotate_snippets::Message<'a> {
    Level::NOTE.no_name().message(words)
}

/// A line of a file with a marked part.
struct Excerpt {
    /// The name of the file in messages.
    name: String,
    /// Number and text of the line, and the marked bytes of the text. `None` if the file has no text.
    line: Option<(usize, String, Range<usize>)>,
}

impl Excerpt {
    fn of_span(span: Span, sources: &SourceMap) -> Self {
        let source = sources.source(span.file);
        let name = printable(&source.name).into_owned();
        if source.text.trim().is_empty() {
            return Self { name, line: None };
        }
        let number = source.line_column(span.start).line;
        let in_line = |at: u32| (at as usize).saturating_sub(source.line_start(number));
        let (text, marked) = visible(source.line(number), in_line(span.start)..in_line(span.end));
        Self { name, line: Some((number, text, marked)) }
    }

    fn of_quote(quote: &Quote) -> Self {
        let (text, marked) = visible(&quote.text, quote.place.clone());
        Self { name: printable(&quote.file).into_owned(), line: Some((quote.line, text, marked)) }
    }

    /// Adds the excerpt to an issue.
    fn add_to<'a>(&'a self, group: Group<'a>, kind: AnnotationKind, label: Option<&'a str>) -> Group<'a> {
        let label = label.map(printable);
        let Some((number, text, marked)) = &self.line else {
            let group = group.element(Origin::path(self.name.as_str()));
            return match label {
                Some(label) => group.element(remark(label)),
                None => group,
            };
        };
        let mark: Annotation<'a> = kind.span(marked.clone()).label(label);
        let snippet = Snippet::source(text.as_str()).line_start(*number).path(self.name.as_str());
        group.element(snippet.annotation(mark))
    }
}

/// A line as shown, with its marked bytes. A character that acts on the terminal is replaced, so that a file cannot
/// control it.
fn visible(line: &str, marked: Range<usize>) -> (String, Range<usize>) {
    let mut shown = String::with_capacity(line.len());
    let begin = line.floor_char_boundary(marked.start);
    let end = line.floor_char_boundary(marked.end.max(begin));
    let mut add = |part: &str| {
        // The library shows tabs as spaces.
        let visible = |c| if c != '\t' && is_unprintable(c) { char::REPLACEMENT_CHARACTER } else { c };
        shown.extend(part.chars().map(visible));
        shown.len()
    };
    let begins = add(&line[..begin]);
    // The library shows a marked part in full, however long it is.
    let last = line[begin..end].char_indices().nth(WIDEST_LINE).map_or(end, |(at, _)| begin + at);
    let ends = add(&line[begin..last]);
    add(&line[last..]);
    (shown, begins..ends)
}
