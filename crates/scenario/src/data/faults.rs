//! All faults in the rows of a file, reported at once: a few rows are quoted, the rest is counted.
//!
//! Does not own what is wrong with a row (`table`, `cell`).

use super::table::{Row, Table};
use crate::{decode::Context, issue::Quote, source::Span};

/// Largest number of quoted rows per kind of fault.
const MOST_QUOTED: usize = 4;

/// Longest label in characters. A cell may hold a whole book.
const LONGEST_LABEL: usize = 160;

/// Largest number of lines that are named.
const MOST_LINES: usize = 8;

/// A fault of a row or a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// The kind. Faults of one kind are reported together.
    pub kind: &'static str,
    /// What is wrong, in the plural: "are longer than the header".
    pub what: &'static str,
    /// What is wrong here, with the cell.
    pub label: String,
    /// What to do about it.
    pub hint: Option<String>,
}

/// The faults of one file.
#[derive(Default)]
pub(crate) struct Faults {
    groups: Vec<Group>,
}

/// Faults of one kind in one column, or of whole rows.
struct Group {
    kind: &'static str,
    what: &'static str,
    column: Option<String>,
    hint: Option<String>,
    label: String,
    lines: Vec<usize>,
    quotes: Vec<Quote>,
}

impl Faults {
    /// Whether there is no fault.
    pub(crate) fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// Adds a fault of a whole row.
    pub(crate) fn add_row(&mut self, table: &Table, row: &Row, fault: Fault) {
        self.add(table, row, None, fault);
    }

    /// Adds a fault of a cell in a wanted column.
    pub(crate) fn add_cell(&mut self, table: &Table, row: &Row, wanted: usize, fault: Fault) {
        self.add(table, row, Some(wanted), fault);
    }

    fn add(&mut self, table: &Table, row: &Row, wanted: Option<usize>, fault: Fault) {
        let column = wanted.map(|wanted| table.columns[wanted].clone());
        let mut fault = fault;
        if let Some((end, _)) = fault.label.char_indices().nth(LONGEST_LABEL) {
            fault.label.truncate(end);
            fault.label.push('…');
        }
        let known = self.groups.iter().position(|group| group.kind == fault.kind && group.column == column);
        let place = known.unwrap_or_else(|| {
            self.groups.push(Group {
                kind: fault.kind,
                what: fault.what,
                column,
                hint: None,
                label: fault.label.clone(),
                lines: Vec::new(),
                quotes: Vec::new(),
            });
            self.groups.len() - 1
        });
        let group = &mut self.groups[place];
        group.lines.push(row.line);
        group.hint = group.hint.take().or(fault.hint);
        if group.quotes.len() < MOST_QUOTED {
            group.quotes.push(table.quote_cell(row, wanted, fault.label));
        }
    }

    /// Adds one error for each kind, at the place that names the file. Returns whether there was one.
    pub(crate) fn report(self, name: &str, file: Span, cx: &mut Context<'_>) -> bool {
        let is_wrong = !self.is_empty();
        for group in self.groups {
            let column =
                group.column.as_ref().map(|column| format!(", column `{column}`")).unwrap_or_default();
            let many =
                group.column.as_ref().map(|column| format!(", column `{column}`,")).unwrap_or_default();
            let message = if let [line] = group.lines[..] {
                format!("line {line} of `{name}`{column}: {}", group.label)
            } else {
                let noun = if group.column.is_some() { "cells" } else { "rows" };
                let (count, lines) = (group.lines.len(), listed_lines(&group.lines));
                format!("{count} {noun} of `{name}`{many} {}: {lines}", group.what)
            };
            let issue = cx.error(file, message).hint(group.hint);
            for quote in group.quotes {
                issue.quote(quote);
            }
        }
        is_wrong
    }
}

/// Line numbers in messages: "line 3", "lines 3, 4 and 9". If there are many, the last ones are counted.
pub(crate) fn listed_lines(lines: &[usize]) -> String {
    let mut texts: Vec<String> = lines.iter().take(MOST_LINES).map(ToString::to_string).collect();
    if lines.len() > MOST_LINES {
        texts.push(format!("{} more", lines.len() - MOST_LINES));
    }
    match texts.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("lines {} and {last}", rest.join(", ")),
        _ => format!("line {}", texts.concat()),
    }
}
