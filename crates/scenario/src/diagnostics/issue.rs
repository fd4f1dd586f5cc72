//! Issues: everything that is wrong or doubtful in a scenario. Issues are collected with their places; the
//! first one does not end the reading.
//!
//! Does not own how issues are drawn (`render`), nor the checks that find them.

use std::collections::BTreeSet;

use crate::{
    source::{SourceMap, Span},
    words::{is_unprintable, shortened, shortened_path},
};

/// Longest text, number or name in a file, in bytes: some pages of prose.
const LONGEST_TEXT: usize = 10_000;

/// Number of characters kept of a longer one.
const KEPT_OF_LONG: usize = 100;

/// The severity of an issue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The scenario cannot be used.
    Error,
    /// The scenario can be used, but probably does not mean what was intended.
    Warning,
}

/// One message about one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    /// The severity.
    pub severity: Severity,
    /// What is wrong: lower case, without a final stop.
    pub message: String,
    /// The place.
    pub span: Span,
    /// What was expected there. It is drawn beside the carets.
    pub label: Option<String>,
    /// The parameter path, such as `services.train.capacity`; empty when there is none.
    pub path: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// Other places that matter, each with its text.
    pub notes: Vec<(Span, String)>,
    /// Lines of data files that matter.
    pub quotes: Vec<Quote>,
}

/// A line of a data file, such as a CSV file, which is not a source of scenario text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// The name of the file in messages.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The text of the line.
    pub text: String,
    /// The marked bytes of the text.
    pub place: std::ops::Range<usize>,
    /// What is wrong there.
    pub label: String,
}

impl Issue {
    /// Sets what was expected at the place.
    pub fn label(&mut self, label: impl Into<String>) -> &mut Self {
        self.label = Some(shortened(label.into()));
        self
    }

    /// Sets the parameter path.
    pub fn path(&mut self, path: impl Into<String>) -> &mut Self {
        self.path = shortened_path(path.into());
        self
    }

    /// Sets what to do. `None` leaves the issue without a hint.
    pub fn hint(&mut self, hint: impl Into<Option<String>>) -> &mut Self {
        self.hint = hint.into().map(shortened);
        self
    }

    /// Adds another place.
    pub fn note(&mut self, span: Span, text: impl Into<String>) -> &mut Self {
        self.notes.push((span, shortened(text.into())));
        self
    }

    /// Adds a line of a data file.
    pub fn quote(&mut self, quote: Quote) -> &mut Self {
        self.quotes.push(quote);
        self
    }
}

/// A growing collection of issues.
#[derive(Clone, Debug, Default)]
pub struct Issues {
    list: Vec<Issue>,
}

impl Issues {
    /// No issues.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an error. Its details are set on the returned issue.
    pub fn error(&mut self, span: Span, message: impl Into<String>) -> &mut Issue {
        self.push(Severity::Error, span, message.into())
    }

    /// Adds a warning. Its details are set on the returned issue.
    pub fn warning(&mut self, span: Span, message: impl Into<String>) -> &mut Issue {
        self.push(Severity::Warning, span, message.into())
    }

    fn push(&mut self, severity: Severity, span: Span, message: String) -> &mut Issue {
        self.list.push(Issue {
            severity,
            message: shortened(message),
            span,
            label: None,
            path: String::new(),
            hint: None,
            notes: Vec::new(),
            quotes: Vec::new(),
        });
        self.list.last_mut().expect("invariant: an issue was just pushed")
    }

    /// Refuses a text that would act on a terminal or a page. Line ends and tabs count as white space.
    pub(crate) fn refuse_unprintable(&mut self, span: Span, text: &str) {
        let found = text.chars().find(|&c| is_unprintable(c) && !matches!(c, '\n' | '\r' | '\t'));
        if let Some(c) = found {
            self.error(span, format!("a text holds the character U+{:04X}", u32::from(c)))
                .label("expected characters that can be shown")
                .hint(
                    "control characters and those that reorder text have no place in a scenario".to_owned(),
                );
        }
    }

    /// Refuses a text that is longer than any useful one, and cuts it, so that later steps stay fast.
    pub(crate) fn refuse_long(&mut self, span: Span, text: &mut String) {
        if text.len() > LONGEST_TEXT {
            self.error(span, format!("a text of {} bytes", text.len()))
                .label(format!("expected {LONGEST_TEXT} at most"));
            let end = text.char_indices().nth(KEPT_OF_LONG).map_or(text.len(), |(end, _)| end);
            text.truncate(end);
        }
    }

    /// Whether there are no issues.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// How many issues there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// The number of errors.
    pub fn n_errors(&self) -> usize {
        self.list.iter().filter(|issue| issue.severity == Severity::Error).count()
    }

    /// Whether at least one is an error.
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|issue| issue.severity == Severity::Error)
    }

    /// Sorts the issues in reading order (by file, then place), keeping the order at one place, and drops
    /// exact repetitions.
    pub fn sort(&mut self) {
        self.list.sort_by_key(|issue| issue.span);
        self.list.dedup();
    }

    /// Drops issues that are in `said`, of this or another scenario, and adds the others to it. Returns the
    /// number of errors dropped.
    pub fn drop_said(&mut self, sources: &SourceMap, said: &mut BTreeSet<String>) -> usize {
        let n_before = self.n_errors();
        self.list.retain(|issue| {
            let Issue { span, message, path, .. } = issue;
            let file = &sources.source(span.file).name;
            said.insert(format!("{file}\n{}\n{}\n{path}\n{message}", span.start, span.end))
        });
        n_before - self.n_errors()
    }

    /// The issues, to be completed.
    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Issue> {
        self.list.iter_mut()
    }

    /// The issues in their current order.
    pub fn iter(&self) -> impl Iterator<Item = &Issue> {
        self.list.iter()
    }

    /// Adds issues at the end.
    pub(crate) fn extend(&mut self, issues: impl IntoIterator<Item = Issue>) {
        self.list.extend(issues);
    }

    /// Moves all issues of `other` to the end of this collection.
    pub fn append(&mut self, other: &mut Issues) {
        self.list.append(&mut other.list);
    }

    /// Takes the issues out.
    pub fn into_vec(self) -> Vec<Issue> {
        self.list
    }
}
