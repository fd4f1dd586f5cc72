//! Times of a trace: cells read as instants, and the probable meaning of a plain number.
//!
//! Does not own how dates are written (`sanda_network`) nor numbers (`data`).

use sanda_network::{CivilDate, Epoch, Moment, Zone as CivilZone};
use sanda_units::{Duration, Time, parse_number, parse_quantity};

use crate::data::{Cell, Fault, number};
use crate::schema::Decimal;

/// The rules by which the times of a trace are read.
#[derive(Clone, Copy)]
pub(in crate::build) struct Clock<'a> {
    /// The start of the run.
    pub epoch: &'a Epoch,
    /// The zone of the place where the flow begins.
    pub zone: &'a CivilZone,
    /// The unit of plain numbers.
    pub unit: Option<&'a str>,
    /// The decimal sign of plain numbers.
    pub decimal: Decimal,
}

fn fault(kind: &'static str, what: &'static str, label: String, hint: impl Into<Option<String>>) -> Fault {
    Fault { kind, what, label, hint: hint.into() }
}

impl Clock<'_> {
    /// Reads a cell as an instant.
    pub(in crate::build) fn time(self, cell: &str) -> Result<Time, Fault> {
        if cell.is_empty() {
            let hint = "give the row a time, or leave it out of the file".to_owned();
            return Err(fault("empty", "are empty", "no time".to_owned(), hint));
        }
        if is_date(cell) {
            return match cell.parse::<Moment>() {
                Ok(moment) => Ok(moment.at(self.epoch, self.zone)),
                Err(error) => {
                    Err(fault("date", "are not dates with a time of day", error.to_string(), error.hint()))
                }
            };
        }
        let text = match number(cell, self.decimal)? {
            Cell::Text(text) => text,
            Cell::Number(number) => match self.unit {
                Some(unit) => format!("{number} {unit}"),
                None => return Err(bare(cell, &number)),
            },
        };
        match parse_quantity::<Duration>(&text) {
            Ok(after) => Time::ZERO.checked_add(after).ok_or_else(|| {
                fault(
                    "late",
                    "are too late to be represented",
                    format!("`{cell}` is too late to be represented"),
                    None,
                )
            }),
            Err(error) if text.starts_with(|c: char| c.is_ascii_digit() || c == '-') => {
                Err(fault("duration", "are not times", error.to_string(), error.hint()))
            }
            Err(_) => {
                let hint =
                    "write a local time such as 2025-03-01 10:20, or a duration after the start such as 36h";
                Err(fault("time", "are not times", format!("`{cell}` is not a time"), hint.to_owned()))
            }
        }
    }
}

/// Whether a cell looks like a date: numbers with two separators, or with a colon after one.
fn is_date(cell: &str) -> bool {
    let begins = cell.starts_with(|c: char| c.is_ascii_digit());
    let n_separators = cell.matches(['-', '/', '年', '月']).count();
    let n_points = cell.split(' ').next().unwrap_or("").matches('.').count();
    begins && (n_separators > 1 || n_points > 1 || cell.contains(':'))
}

/// The fault of a plain number where a time is expected, with its probable meaning.
fn bare(cell: &str, number: &str) -> Fault {
    let value = parse_number(number).unwrap_or(0.0);
    let (kind, what, hint) = if let Some(date) = compact_date(number) {
        (
            "digits",
            "are dates without separators",
            format!("`{cell}` looks like {date}: write dates as 2025-03-01 10:20"),
        )
    } else if (20_000.0..80_000.0).contains(&value) {
        // Spreadsheets count days from 30 December 1899, which is 25,569 days before 1970.
        let shown = shown((value - 25_569.0) * 86_400_000.0);
        let advice = "give the column the format yyyy-mm-dd hh:mm before it is saved as CSV";
        (
            "serial",
            "are dates as a spreadsheet counts them",
            format!("`{cell}` looks like {shown} as a spreadsheet counts days: {advice}"),
        )
    } else if let Some((unit, ms)) = since_1970(value) {
        let advice = "write dates as 2025-03-01T10:20Z";
        (
            "epoch",
            "are counts since 1970",
            format!("`{cell}` looks like {unit} since 1970, {}Z: {advice}", shown(ms)),
        )
    } else {
        let advice =
            "write `unit: \"h\"` beside the `column` for hours after the start, or dates as 2025-03-01 10:20";
        ("bare", "are numbers without a unit", advice.to_owned())
    };
    fault(kind, what, format!("`{cell}` is a number without a unit where a time is due"), hint)
}

/// Reads a date and time of day in digits alone: "20250301", "202503011020", "20250301102000".
fn compact_date(digits: &str) -> Option<String> {
    if !matches!(digits.len(), 8 | 10 | 12 | 14) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let part = |from: usize, to: usize| digits.get(from..to).map_or(Some(0), |part| part.parse::<i64>().ok());
    let date = CivilDate::from_ymd(part(0, 4)?, part(4, 6)?, part(6, 8)?)?;
    // A count of seconds since 1970 may look like a date of another century.
    let is_near = (1990..2100).contains(&date.ymd().0);
    let (hour, minute, second) = (part(8, 10)?, part(10, 12)?, part(12, 14)?);
    let text = format!("{date} {hour:02}:{minute:02}:{second:02}");
    (is_near && text.parse::<Moment>().is_ok()).then_some(text)
}

/// The unit in which a number, counted from 1970, gives a date of the years 1990 to 2100, and its
/// milliseconds.
fn since_1970(value: f64) -> Option<(&'static str, f64)> {
    let units = [("seconds", 1e3), ("milliseconds", 1.0), ("microseconds", 1e-3), ("nanoseconds", 1e-6)];
    units
        .into_iter()
        .map(|(unit, ms)| (unit, value * ms))
        .find(|(_, ms)| (631_152_000_000.0..4_102_444_800_000.0).contains(ms))
}

/// Milliseconds since 1970 as a date with a time of day, to the nearest second.
fn shown(ms: f64) -> String {
    let seconds = (ms / 1000.0).round() as i64;
    let (date, second) = (CivilDate::from_days(seconds.div_euclid(86_400)), seconds.rem_euclid(86_400));
    format!("{date}T{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60)
}
