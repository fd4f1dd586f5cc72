//! Columns of CSV files: observed durations, traces of arrivals.
//!
//! Does not own what the cells mean.

use std::path::Path;

/// Why a column cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ColumnError {
    /// The file cannot be read.
    #[error("`{name}`: {message}")]
    File {
        /// The file.
        name: String,
        /// Why.
        message: String,
    },
    /// There is no such column.
    #[error("`{name}` has no column `{column}`")]
    NoColumn {
        /// The file.
        name: String,
        /// The column asked for.
        column: String,
        /// The columns there are.
        columns: Vec<String>,
    },
    /// A line is too short.
    #[error("line {line} of `{name}` has no cell in the column")]
    Short {
        /// The file.
        name: String,
        /// The line, from 1.
        line: usize,
    },
    /// A quotation mark is never closed.
    #[error("line {line} of `{name}` opens a quotation that is never closed")]
    Unclosed {
        /// The file.
        name: String,
        /// The line, from 1.
        line: usize,
    },
    /// No line follows the header.
    #[error("`{name}` holds no data")]
    Empty {
        /// The file.
        name: String,
    },
}

impl ColumnError {
    /// What was probably meant.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::NoColumn { column, columns, .. } => {
                crate::suggest::did_you_mean(column, columns.iter().map(String::as_str)).or_else(|| {
                    Some(format!(
                        "the columns are {}",
                        crate::suggest::list_names(columns.iter().map(String::as_str))
                    ))
                })
            }
            _ => None,
        }
    }
}

/// The cells of one column (the first unless named) below the header line, each with its line number. Lines that are
/// blank, or empty in this column, are left out.
///
/// # Errors
/// See [`ColumnError`].
pub fn read_column(path: &Path, column: Option<&str>) -> Result<Vec<(usize, String)>, ColumnError> {
    let name = path.display().to_string();
    let text = crate::read::read_text(path)
        .map_err(|(message, _)| ColumnError::File { name: name.clone(), message })?;
    column_of(&name, &text, column)
}

fn column_of(name: &str, text: &str, column: Option<&str>) -> Result<Vec<(usize, String)>, ColumnError> {
    let mut rows = Rows { name, text, line: 1 };
    let Some(header) = rows.next_row()? else { return Err(ColumnError::Empty { name: name.to_owned() }) };
    let columns = header.1;
    let index = match column {
        None => 0,
        Some(wanted) => {
            columns.iter().position(|column| column == wanted).ok_or_else(|| ColumnError::NoColumn {
                name: name.to_owned(),
                column: wanted.to_owned(),
                columns: columns.clone(),
            })?
        }
    };
    let mut cells = Vec::new();
    while let Some((line, mut row)) = rows.next_row()? {
        if row.len() <= index {
            return Err(ColumnError::Short { name: name.to_owned(), line });
        }
        let cell = row.swap_remove(index);
        if !cell.is_empty() {
            cells.push((line, cell));
        }
    }
    if cells.is_empty() {
        return Err(ColumnError::Empty { name: name.to_owned() });
    }
    Ok(cells)
}

/// Cuts a text into rows of cells, by commas, semicolons or tabs; quoted cells may hold any of them and line ends.
struct Rows<'t> {
    name: &'t str,
    text: &'t str,
    line: usize,
}

impl Rows<'_> {
    /// The next row that is not blank, with the line on which it begins.
    fn next_row(&mut self) -> Result<Option<(usize, Vec<String>)>, ColumnError> {
        loop {
            if self.text.is_empty() {
                return Ok(None);
            }
            let line = self.line;
            let row = self.row()?;
            if row.iter().any(|cell| !cell.is_empty()) {
                return Ok(Some((line, row)));
            }
        }
    }

    fn row(&mut self) -> Result<Vec<String>, ColumnError> {
        let begin = self.line;
        let mut row = Vec::new();
        let mut cell = String::new();
        let mut letters = self.text.char_indices().peekable();
        let mut is_quoted = false;
        let end = loop {
            let Some((at, c)) = letters.next() else {
                if is_quoted {
                    return Err(ColumnError::Unclosed { name: self.name.to_owned(), line: begin });
                }
                break self.text.len();
            };
            match c {
                '"' if is_quoted && letters.peek().is_some_and(|(_, next)| *next == '"') => {
                    letters.next();
                    cell.push('"');
                }
                '"' if is_quoted || cell.trim().is_empty() => is_quoted = !is_quoted,
                '\n' => {
                    self.line += 1;
                    if !is_quoted {
                        break at + 1;
                    }
                    cell.push(c);
                }
                ',' | ';' | '\t' if !is_quoted => row.push(std::mem::take(&mut cell).trim().to_owned()),
                _ => cell.push(c),
            }
        };
        row.push(cell.trim().to_owned());
        self.text = &self.text[end..];
        Ok(row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, column: Option<&str>, expected: Result<&[(usize, &str)], &str>) {
        let read = column_of("data.csv", text, column);
        let read = read.as_ref().map_err(ToString::to_string);
        let read =
            read.map(|cells| cells.iter().map(|(line, cell)| (*line, cell.as_str())).collect::<Vec<_>>());
        assert_eq!(read, expected.map(<[_]>::to_vec).map_err(str::to_owned), "{text:?}");
    }

    #[test]
    fn columns_are_found_by_name_or_are_the_first() {
        check("hours\n1\n2.5\n", None, Ok(&[(2, "1"), (3, "2.5")]));
        check("a,b\n1,2\n\n3, 4 \r\n", Some("b"), Ok(&[(2, "2"), (4, "4")]));
        check("a;b\n\"x\ny\";\"2,\"\"5\"\"\"\n7;8", Some("b"), Ok(&[(2, "2,\"5\""), (4, "8")]));
        check("a,b\n1,\n2,3\n", Some("b"), Ok(&[(3, "3")]));
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        check("", None, Err("`data.csv` holds no data"));
        check("a\n", None, Err("`data.csv` holds no data"));
        check("a,b\n1\n", Some("b"), Err("line 2 of `data.csv` has no cell in the column"));
        check("hours\n1\n", Some("hour"), Err("`data.csv` has no column `hour`"));
        check("a\n\"1\n2\n", None, Err("line 2 of `data.csv` opens a quotation that is never closed"));
    }
}
