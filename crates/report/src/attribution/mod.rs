//! Attribution: the tables of the terminal, the waterfall and the rows for spreadsheets.
//!
//! All of it is worded from [`Attribution`] alone; nothing is estimated. `words` names causes and numbers in both languages, `rows` decides
//! what is shown of many causes, the other files lay it out.

mod csv;
mod figure;
mod rows;
mod terminal;
mod words;

pub use csv::attribution_csv;
pub use terminal::attribution_text;

use std::path::{Path, PathBuf};

use sanda_results::Attribution;

use crate::error::ReportError;
use crate::picture::Picture;

/// The waterfall from the ideal time to the actual one, with the name of its file without an ending.
pub fn attribution_figures(attribution: &Attribution) -> Vec<(String, Picture)> {
    vec![(format!("waterfall-{}", attribution.subject.id), figure::waterfall(attribution))]
}

/// Writes the figures of an attribution into a folder, as SVG and PNG.
///
/// # Errors
/// The file system's.
pub fn write_attribution_figures(
    attribution: &Attribution,
    folder: &Path,
) -> Result<Vec<PathBuf>, ReportError> {
    crate::files::write_pictures(&attribution_figures(attribution), folder)
}
