//! A CSV file cut into rows and cells.
//!
//! One delimiter holds for a whole file, and the header line decides which. Does not own what the cells mean (`cell`).

use std::{ops::Range, path::Path};

use sanda_network::Moment;
use sanda_units::{Duration, parse_number, parse_quantity};

use super::faults::{Fault, Faults};
use crate::{
    decode::Context,
    issue::Quote,
    schema::Decimal,
    source::{Located, Span},
    suggest::{did_you_mean, list_names},
    text::read::{Contents, read_text},
};

/// The possible delimiters, each with its noun.
const DELIMITERS: [(u8, &str); 3] = [(b',', "commas"), (b';', "semicolons"), (b'\t', "tabs")];

/// A column to be read: the one with a name, or the first.
pub(crate) type Wanted<'a> = Option<&'a Located<String>>;

/// Longest name of a column, in bytes, that is compared letter by letter.
const LONGEST_NAME: usize = 200;

/// The wanted columns of a CSV file.
pub(crate) struct Table {
    /// The name of the file in messages.
    pub name: String,
    /// Names of the wanted columns.
    pub columns: Vec<String>,
    /// The rows that are not blank and have as many cells as the header.
    pub rows: Vec<Row>,
    text: String,
    /// Positions of the wanted columns among all columns.
    places: Vec<usize>,
    delimiter: u8,
}

/// A row below the header.
pub(crate) struct Row {
    /// The line on which the row begins, from 1.
    pub line: usize,
    /// The cells in the wanted columns, without white space around them.
    pub cells: Vec<String>,
    /// The bytes of the row in the file, without the line end.
    bytes: Range<usize>,
}

impl Table {
    /// Reads the wanted columns of a file. Rows that are too long or too short are left out and noted as
    /// faults. `None` means that an error was added.
    pub(crate) fn read(
        path: &Path,
        file: Span,
        wanted: &[Wanted<'_>],
        decimal: Decimal,
        faults: &mut Faults,
        cx: &mut Context<'_>,
    ) -> Option<Self> {
        let name = path.display().to_string();
        match read_text(path, Contents::Data) {
            Ok(text) => Self::of_text(name, text, file, wanted, decimal, faults, cx),
            Err((message, hint)) => {
                cx.error(file, format!("`{name}`: {message}")).hint(hint);
                None
            }
        }
    }

    /// As [`Self::read`], from a text.
    fn of_text(
        name: String,
        text: String,
        file: Span,
        wanted: &[Wanted<'_>],
        decimal: Decimal,
        faults: &mut Faults,
        cx: &mut Context<'_>,
    ) -> Option<Self> {
        let Some(header_line) = text.lines().find(|line| !line.trim().is_empty()) else {
            cx.error(file, format!("`{name}` holds no data"));
            return None;
        };
        let delimiter = delimiter(&name, header_line, file, wanted, decimal, cx)?;
        let records = records(&text, delimiter);
        let Some(header) = records.first() else {
            cx.error(file, format!("`{name}` holds no data"));
            return None;
        };
        if let Some(line) = unclosed(&text, delimiter, &records) {
            cx.error(file, format!("line {line} of `{name}` opens a quotation that is never closed"));
            return None;
        }
        let mut table =
            Self { name, columns: Vec::new(), rows: Vec::new(), text, places: Vec::new(), delimiter };
        // All missing columns are reported, not only the first.
        let places: Vec<Option<usize>> =
            wanted.iter().map(|wanted| table.find(header, *wanted, file, cx)).collect();
        table.places = places.into_iter().collect::<Option<Vec<usize>>>()?;
        table.columns = table.places.iter().map(|&place| header.cells[place].clone()).collect();
        let n_columns = header.cells.len();
        let mut n_data = 0;
        for mut record in records.into_iter().skip(1) {
            // Spreadsheets write rows of nothing but delimiters below the data.
            if record.cells.iter().all(String::is_empty) {
                continue;
            }
            n_data += 1;
            if record.cells.len() == n_columns {
                record.cells = table.places.iter().map(|&place| record.cells[place].clone()).collect();
                table.rows.push(record);
            } else {
                let fault = table.wrong_width(&record, n_columns);
                faults.add_row(&table, &record, fault);
            }
        }
        if n_data == 0 {
            cx.error(file, format!("`{}` holds no data", table.name)).label("expected rows below the header");
            return None;
        }
        Some(table)
    }

    /// The position of a wanted column.
    fn find(&self, header: &Row, wanted: Wanted<'_>, file: Span, cx: &mut Context<'_>) -> Option<usize> {
        let place = match wanted {
            Some(column) => header.cells.iter().position(|name| *name == column.value),
            None => Some(0),
        };
        let has_data = header.cells.iter().any(|cell| looks_like_data(cell));
        let Some(place) = place else {
            let (column, span) = wanted.map_or(("", file), |column| (column.value.as_str(), column.span));
            let names = || header.cells.iter().map(String::as_str);
            let hint = if header.cells[0] == "sep=" {
                "leave out the first line, which speaks to spreadsheets alone".to_owned()
            } else if has_data {
                "the first line looks like data: a CSV file begins with a line that names its columns"
                    .to_owned()
            } else {
                // A text that is too long for a name is not compared letter by letter.
                let is_name = |name: &&str| name.len() <= LONGEST_NAME;
                let near = Some(column).filter(is_name);
                let near = near.and_then(|column| did_you_mean(column, names().filter(is_name)));
                near.unwrap_or_else(|| format!("the columns are {}", list_names(names())))
            };
            cx.error(span, format!("`{}` has no column `{column}`", self.name)).hint(hint);
            return None;
        };
        if wanted.is_none() && looks_like_data(&header.cells[place]) {
            let quote = self.quote(header, Some(place), "expected the name of a column".to_owned());
            cx.error(file, format!("`{}` has no header: its first line looks like data", self.name))
                .hint("write a line with the names of the columns above the data".to_owned())
                .quote(quote);
            return None;
        }
        let name = &header.cells[place];
        if let Some(again) =
            header.cells.iter().rposition(|other| other == name).filter(|again| *again != place)
        {
            let span = wanted.map_or(file, |column| column.span);
            let quote = self.quote(header, Some(again), "again here".to_owned());
            cx.error(span, format!("`{}` has two columns named `{name}`", self.name))
                .label("expected a column with a name of its own")
                .quote(quote);
            return None;
        }
        Some(place)
    }

    fn wrong_width(&self, row: &Row, n_columns: usize) -> Fault {
        let cells = |count: usize| if count == 1 { "1 cell".to_owned() } else { format!("{count} cells") };
        let n_cells = row.cells.len();
        let label = format!("{} where the header has {}", cells(n_cells), cells(n_columns));
        let halves = |pair: &[String]| pair.iter().all(|cell| parse_number(cell).is_some());
        let may_be_decimal = self.delimiter == b',' && row.cells.windows(2).any(halves);
        let line = self.text[row.bytes.clone()].lines().next().unwrap_or("");
        let other = |&(delimiter, _): &(u8, &str)| cut(line, delimiter).len() == n_columns;
        let (kind, what, hint) = if n_columns > 1 && DELIMITERS.iter().any(other) {
            let hint = "one delimiter holds for the whole file, and the header line decides which";
            ("other", "are cut at another delimiter than the header", hint)
        } else if n_cells < n_columns {
            ("short", "have fewer cells than the header", "cells that are empty keep their delimiter")
        } else if may_be_decimal {
            let hint = "a number with a comma is two cells here: leave separators of thousands out; for decimal \
                        commas, declare `decimal: Comma`, and put them in quotes where the file is cut at commas";
            ("long", "have more cells than the header", hint)
        } else {
            ("long", "have more cells than the header", "a cell that holds the delimiter is put in quotes")
        };
        Fault { kind, what, label, hint: Some(hint.to_owned()) }
    }

    /// A quotation of a row, marked under a column of the file or under the whole row.
    fn quote(&self, row: &Row, place: Option<usize>, label: String) -> Quote {
        let whole = &self.text[row.bytes.clone()];
        let text = whole.lines().next().unwrap_or("").to_owned();
        let marked = match place {
            Some(place) => cell_bytes(&text, self.delimiter, place),
            None => 0..text.len(),
        };
        Quote { file: self.name.clone(), line: row.line, text, place: marked, label }
    }

    /// A quotation of a row, marked under the cell of a wanted column or under the whole row.
    pub(crate) fn quote_cell(&self, row: &Row, wanted: Option<usize>, label: String) -> Quote {
        self.quote(row, wanted.map(|wanted| self.places[wanted]), label)
    }
}

/// Finds the delimiter of a file from its header line.
fn delimiter(
    name: &str,
    header: &str,
    file: Span,
    wanted: &[Wanted<'_>],
    decimal: Decimal,
    cx: &mut Context<'_>,
) -> Option<u8> {
    let present: Vec<(u8, &str)> =
        DELIMITERS.into_iter().filter(|&(delimiter, _)| cut(header, delimiter).len() > 1).collect();
    let candidates = match present[..] {
        // In a file of one column, a comma separates cells unless it is declared as the decimal sign.
        [] if decimal == Decimal::Comma => return Some(b';'),
        [] => return Some(b','),
        [(delimiter, _)] => return Some(delimiter),
        _ => &present,
    };
    // Of several delimiters, perhaps only one gives the wanted names.
    let gives_all = |delimiter: u8| {
        let names = cut(header, delimiter);
        wanted.iter().flatten().all(|column| names.contains(&column.value))
    };
    let fitting: Vec<u8> = candidates
        .iter()
        .map(|&(delimiter, _)| delimiter)
        .filter(|&delimiter| gives_all(delimiter))
        .collect();
    if let ([delimiter], true) = (&fitting[..], wanted.iter().any(Option::is_some)) {
        return Some(*delimiter);
    }
    let words: Vec<&str> = candidates.iter().map(|&(_, word)| word).collect();
    cx.error(file, format!("the header of `{name}` may be cut at {}", words.join(" or at ")))
        .label("expected one delimiter in the header line")
        .hint("put a name of a column that holds a delimiter in quotes".to_owned());
    None
}

/// Cuts a line into cells.
fn cut(line: &str, delimiter: u8) -> Vec<String> {
    records(line, delimiter).into_iter().next().map(|row| row.cells).unwrap_or_default()
}

fn reader(text: &str, delimiter: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes())
}

/// All rows that are not blank lines, with the header.
fn records(text: &str, delimiter: u8) -> Vec<Row> {
    let mut reader = reader(text, delimiter);
    let mut record = csv::StringRecord::new();
    let mut rows = Vec::new();
    let (mut line, mut counted_to) = (1, 0);
    // Reading from memory cannot fail, and a text is valid UTF-8.
    while reader.read_record(&mut record).unwrap_or(false) {
        let begin = record.position().map_or(0, |position| position.byte() as usize);
        let end = (reader.position().byte() as usize).min(text.len());
        // The reader counts blank lines before a row as part of the row.
        let begin = begin + text[begin..end].len() - text[begin..end].trim_start_matches(['\r', '\n']).len();
        line += n_line_ends(&text[counted_to..begin]);
        counted_to = begin;
        let end = begin + text[begin..end].trim_end_matches(['\r', '\n']).len();
        let cells = record.iter().map(|cell| cell.trim().to_owned()).collect();
        rows.push(Row { line, cells, bytes: begin..end });
    }
    rows
}

/// The number of line ends in a text: line feeds, carriage returns, or both together.
fn n_line_ends(text: &str) -> usize {
    text.matches('\n').count() + text.matches('\r').count() - text.matches("\r\n").count()
}

/// The line of a quotation mark that is never closed. The rest of the file would become part of one cell.
fn unclosed(text: &str, delimiter: u8, records: &[Row]) -> Option<usize> {
    let last = records.last()?;
    let more = format!("{}\nx", &text[last.bytes.clone()]);
    (self::records(&more, delimiter).len() < 2).then_some(last.line)
}

/// The bytes of a cell within the text of its row. The whole row, if the cell is not on its first line.
fn cell_bytes(text: &str, delimiter: u8, place: usize) -> Range<usize> {
    let mut begin = 0;
    let (mut n, mut is_quoted) = (0, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'"' => is_quoted = !is_quoted,
            _ if byte == delimiter && !is_quoted => {
                if n == place {
                    return trimmed(text, begin..at);
                }
                n += 1;
                begin = at + 1;
            }
            _ => {}
        }
    }
    if n == place { trimmed(text, begin..text.len()) } else { 0..text.len() }
}

fn trimmed(text: &str, bytes: Range<usize>) -> Range<usize> {
    let cell = &text[bytes.clone()];
    let begin = bytes.start + cell.len() - cell.trim_start().len();
    begin..begin + cell.trim().len()
}

/// Whether a cell of the header looks like a value rather than a name.
fn looks_like_data(cell: &str) -> bool {
    let is_decimal = parse_number(&cell.replace(',', ".")).is_some();
    is_decimal || cell.parse::<Moment>().is_ok() || parse_quantity::<Duration>(cell).is_ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// No text causes a panic, rows are in order, and the marked text is the cell.
        #[test]
        fn rows_are_where_they_are_said_to_be(text in "([a-c1,;\t\"\n\r \u{FEFF}é]|\r\n){0,60}") {
            for (delimiter, _) in DELIMITERS {
                let rows = records(&text, delimiter);
                let _ = unclosed(&text, delimiter, &rows);
                for row in &rows {
                    let line = n_line_ends(&text[..row.bytes.start]) + 1;
                    prop_assert_eq!(row.line, line);
                    let whole = &text[row.bytes.clone()];
                    for place in 0..row.cells.len() {
                        let bytes = cell_bytes(whole, delimiter, place);
                        let marked = &whole[bytes];
                        // A byte-order mark before the text is not part of a cell.
                        if !whole.contains('"') && !text.starts_with('\u{FEFF}') {
                            prop_assert_eq!(marked, &row.cells[place]);
                        }
                    }
                }
            }
        }

        /// Without quotation marks, the delimiters of the line separate the cells.
        #[test]
        fn plain_rows_are_cut_at_the_delimiter(lines in prop::collection::vec("[a-c1;\t ]{0,6}(,[a-c1;\t ]{0,6}){0,3}", 1..6)) {
            let rows = records(&lines.join("\n"), b',');
            let cells: Vec<Vec<String>> = rows.into_iter().map(|row| row.cells).collect();
            let expected: Vec<Vec<String>> = lines
                .iter()
                .filter(|line| !line.is_empty())
                .map(|line| line.split(',').map(|cell| cell.trim().to_owned()).collect())
                .collect();
            prop_assert_eq!(cells, expected);
        }
    }
}
