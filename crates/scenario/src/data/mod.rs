//! CSV files: observed values and traces of arrivals.
//!
//! Owns how a file is cut into rows and cells (`table`), how a cell is read as a value (`cell`), and how
//! all faults of a file are reported at once (`faults`). Does not own what the columns mean (`schema::law`,
//! `build::time`).

mod cell;
mod faults;
mod table;

pub(crate) use cell::{Cell, Reading, is_unit_of, number, value};
pub(crate) use faults::{Fault, Faults, listed_lines};
pub(crate) use table::{Row, Table, Wanted};
