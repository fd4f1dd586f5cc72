//! CSV files: observed values and traces of arrivals.
//!
//! Owns the cutting of a file into rows and cells (`table`), the reading of a cell as a value (`cell`), and
//! the report of all faults at once (`faults`). Does not own what the columns mean (`schema::law`,
//! `build::time`).

mod cell;
mod faults;
mod table;

pub(crate) use cell::{Cell, Reading, is_unit_of, number, value};
pub(crate) use faults::{Fault, Faults, listed_lines};
pub(crate) use table::{Row, Table, Wanted};
