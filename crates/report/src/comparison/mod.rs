//! Scenarios compared with a base: the table of the terminal, the page for officials, the figures and the rows for spreadsheets.
//!
//! All of it is worded from [`Comparison`] alone; nothing is estimated. `words` says what a difference means in both languages and with which
//! digits; `rows` decides what is shown and in which order; the other files lay it out.

mod csv;
mod figure;
mod page;
mod rows;
mod terminal;
mod words;

pub use csv::comparison_csv;
pub use page::comparison_html;
pub use terminal::comparison_text;

use std::path::{Path, PathBuf};

use sanda_results::Comparison;

use crate::error::ReportError;
use crate::picture::Picture;

/// The figures of a comparison, each with the name of its file without an ending: for every alternative the days that lanes gain, and
/// the shares that promises gain, where any does.
pub fn comparison_figures(comparison: &Comparison) -> Vec<(String, Picture)> {
    figure::figures(comparison)
}

/// Writes the figures of a comparison into a folder, as SVG and PNG.
///
/// # Errors
/// The file system's.
pub fn write_comparison_figures(comparison: &Comparison, folder: &Path) -> Result<Vec<PathBuf>, ReportError> {
    crate::files::write_pictures(&comparison_figures(comparison), folder)
}
