//! Scenarios compared with a base: the table of the terminal, the page for officials, the figures and the rows for spreadsheets.
//!
//! Everything is made from [`Comparison`] alone and nothing is estimated. `words` says in both languages what a difference means, `rows`
//! selects and orders what is shown, and the other files lay it out.

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

use crate::draw::picture::Picture;
use crate::error::ReportError;

/// Draws the figures of a comparison, each with the name of its file without extension.
///
/// For every alternative there is a figure of the days that lanes gain and one of the shares that promises gain, if any does.
pub fn comparison_figures(comparison: &Comparison) -> Vec<(String, Picture)> {
    figure::figures(comparison)
}

/// Writes the figures of a comparison into a folder, as SVG and PNG.
///
/// # Errors
/// [`ReportError`] names the folder or file that cannot be written.
pub fn write_comparison_figures(comparison: &Comparison, folder: &Path) -> Result<Vec<PathBuf>, ReportError> {
    crate::figure::files::write_pictures(&comparison_figures(comparison), folder)
}
