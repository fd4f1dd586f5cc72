//! Cells read as values.
//!
//! A cell is a number in the unit of its column, or a number with a unit of its own. Does not own the
//! cutting of rows into cells (`table`), nor the reading of times (`build::time`).

use sanda_units::{parse_number, parse_whole};

use super::faults::Fault;
use crate::{
    decode::Context,
    issue::Issues,
    schema::{Decimal, LawValue},
    source::{Located, Span},
    tree::{Tree, Value},
};

/// The rules by which the cells of a column are read.
#[derive(Clone, Copy)]
pub(crate) struct Reading<'a> {
    /// The decimal sign.
    pub decimal: Decimal,
    /// The unit of numbers without a unit.
    pub unit: Option<&'a str>,
    /// How the unit of the column is stated, for hints.
    pub how: &'a str,
}

/// The content of a cell, before its type is checked.
pub(crate) enum Cell {
    /// A number, as the language writes it.
    Number(String),
    /// Any other text.
    Text(String),
}

/// Texts that software writes for a missing value.
const NO_VALUE: [&str; 14] =
    ["na", "n/a", "#n/a", "nan", "null", "none", "nil", "-", "--", "—", "?", "inf", "-inf", "#value!"];

fn no_value(cell: &str) -> Fault {
    Fault {
        kind: "no value",
        what: "hold no value",
        label: format!("`{cell}` is no value"),
        hint: Some("fill the cell, or leave the row out of the file".to_owned()),
    }
}

/// Whether a text stands for a missing value.
fn stands_for_nothing(cell: &str) -> bool {
    let word = cell.to_lowercase();
    NO_VALUE.contains(&word.as_str())
        || matches!(word.as_str(), "+inf" | "infinity" | "-infinity" | "-nan" | "无" | "空")
}

fn comma(cell: &str) -> Fault {
    let hint =
        "for a decimal comma, declare `decimal: Comma` beside the `file`; leave separators of thousands out";
    Fault {
        kind: "comma",
        what: "hold a comma",
        label: format!("`{cell}` holds a comma"),
        hint: Some(hint.to_owned()),
    }
}

fn point(cell: &str) -> Fault {
    let hint = "leave separators of thousands out, and write decimals with a comma, as declared";
    Fault {
        kind: "point",
        what: "hold a decimal point",
        label: format!("`{cell}` has a point, and this file is declared to have decimal commas"),
        hint: Some(hint.to_owned()),
    }
}

/// Reads a cell as a number with a decimal point, or as some other text.
pub(crate) fn number(cell: &str, decimal: Decimal) -> Result<Cell, Fault> {
    if stands_for_nothing(cell) {
        return Err(no_value(cell));
    }
    let is_number_like = |c: char| {
        c.is_ascii_digit()
            || matches!(c, '.' | ',' | '+' | '-' | 'e' | 'E' | '_' | '\'' | ' ' | '\u{a0}' | '\u{202f}')
    };
    let has_letters = !cell.chars().all(is_number_like) || cell.starts_with(['e', 'E']);
    let begins_with_number = cell.trim_start_matches(['+', '-']).starts_with(|c: char| c.is_ascii_digit());
    let plain = match decimal {
        Decimal::Point if has_letters && begins_with_number && cell.contains(',') => return Err(comma(cell)),
        Decimal::Point => cell.to_owned(),
        Decimal::Comma if begins_with_number && cell.contains('.') => return Err(point(cell)),
        Decimal::Comma if has_letters => return Ok(Cell::Text(cell.replace(',', "."))),
        Decimal::Comma => cell.replacen(',', ".", 1),
    };
    // A number that is too large is still a number. It is refused as a value.
    let is_large = !has_letters && plain.parse::<f64>().is_ok_and(f64::is_infinite);
    let is_number = (is_large || parse_number(&plain).is_some()) && !plain.contains('_');
    if is_number {
        return Ok(Cell::Number(tidy(&plain)));
    }
    if has_letters {
        return Ok(Cell::Text(cell.to_owned()));
    }
    let as_comma = plain.replacen(',', ".", 1);
    if decimal == Decimal::Point && plain.contains(',') && parse_number(&as_comma).is_some() {
        return Err(comma(cell));
    }
    Err(Fault {
        kind: "number",
        what: "are not numbers",
        label: format!("`{cell}` is not a number"),
        hint: Some("write digits with at most one decimal point, and no separators of thousands".to_owned()),
    })
}

/// A number in the form of the language. `.5` and `5.` get their zero, and a plus sign is dropped.
fn tidy(number: &str) -> String {
    let number = number.strip_prefix('+').unwrap_or(number);
    let (sign, digits) = number.strip_prefix('-').map_or(("", number), |digits| ("-", digits));
    let (mantissa, exponent) = match digits.find(['e', 'E']) {
        Some(at) => digits.split_at(at),
        None => (digits, ""),
    };
    let zero = if mantissa.starts_with('.') { "0" } else { "" };
    format!("{sign}{zero}{}{exponent}", mantissa.strip_suffix('.').unwrap_or(mantissa))
}

/// Reads a cell as a value of the column's type.
pub(crate) fn value<Q: LawValue>(
    cell: &str,
    reading: Reading<'_>,
    span: Span,
    cx: &Context<'_>,
) -> Result<Q, Fault> {
    let tree = match number(cell, reading.decimal)? {
        Cell::Number(number) => {
            if number.starts_with('-') && !Q::MAY_BE_NEGATIVE && parse_number(&number) != Some(0.0) {
                return Err(Fault {
                    kind: "negative",
                    what: "are negative",
                    label: format!("`{cell}` is negative"),
                    hint: None,
                });
            }
            match reading.unit {
                Some(unit) => Value::Text(format!("{number} {unit}")),
                None if Q::HAS_UNIT => {
                    return Err(Fault {
                        kind: "unit",
                        what: "have no unit",
                        label: format!("`{cell}` has no unit"),
                        hint: Some(format!("state the unit of the column: {}", reading.how)),
                    });
                }
                // Spreadsheets and data frames write whole numbers as `2.0`.
                None => Value::Number(parse_whole(&number).map_or(number, |whole| whole.to_string())),
            }
        }
        Cell::Text(text) => Value::Text(text),
    };
    let mut issues = Issues::new();
    let tree = Tree::new(tree, span);
    let value = Q::decode(&tree, &mut Context::new(cx.sources, &mut issues));
    value.ok_or_else(|| {
        let issue = issues.iter().next();
        let label = match issue {
            // The message begins with the text that was read. The unit of the column may be part of it.
            Some(issue) if Q::HAS_UNIT => match (&tree.value, issue.message.strip_prefix('`')) {
                (Value::Text(text), Some(rest)) if rest.starts_with(text.as_str()) => {
                    format!("`{cell}{}", &rest[text.len()..])
                }
                (_, Some(rest)) if rest.starts_with(cell) => issue.message.clone(),
                _ => format!("`{cell}`: {}", issue.message),
            },
            _ => format!("`{cell}` is not a whole number"),
        };
        Fault {
            kind: "value",
            what: "cannot be read",
            label,
            hint: issue.and_then(|issue| issue.hint.clone()),
        }
    })
}

/// Checks that a unit belongs to a type of values. Adds an error at its place if it does not.
pub(crate) fn is_unit_of<Q: LawValue>(unit: &Located<String>, cx: &mut Context<'_>) -> bool {
    let one = Value::Text(format!("1 {}", unit.value));
    let mut issues = Issues::new();
    if !Q::HAS_UNIT {
        cx.error(unit.span, "this column counts, and has no unit").label("expected no `unit`");
        return false;
    }
    if Q::decode(&Tree::new(one, unit.span), &mut Context::new(cx.sources, &mut issues)).is_some() {
        return true;
    }
    if let Some(issue) = issues.iter().next() {
        cx.error(unit.span, issue.message.clone())
            .label("expected the unit of the column")
            .hint(issue.hint.clone());
    }
    false
}
