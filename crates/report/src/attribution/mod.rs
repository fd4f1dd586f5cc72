//! Attribution: the tables of the terminal, the waterfall and the rows for spreadsheets.
//!
//! Everything is made from [`Attribution`] alone and nothing is estimated. `words` names causes and numbers in both languages, `rows`
//! selects the causes that are shown, and the other files lay them out.

mod csv;
mod figure;
mod rows;
mod terminal;
mod words;

pub use csv::attribution_csv;
pub use terminal::attribution_text;

use std::path::{Path, PathBuf};

use sanda_results::Attribution;

use crate::draw::picture::Picture;
use crate::error::ReportError;

/// Draws the waterfall from the ideal time to the actual one, with the name of its file without extension.
pub fn attribution_figures(attribution: &Attribution) -> Vec<(String, Picture)> {
    vec![(format!("waterfall-{}", attribution.subject.id), figure::waterfall(attribution))]
}

/// Writes the figures of an attribution into a folder, as SVG and PNG.
///
/// # Errors
/// [`ReportError`] names the folder or file that cannot be written.
pub fn write_attribution_figures(
    attribution: &Attribution,
    folder: &Path,
) -> Result<Vec<PathBuf>, ReportError> {
    crate::figure::files::write_pictures(&attribution_figures(attribution), folder)
}
