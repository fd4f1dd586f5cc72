//! Sweeps: a figure for each metric, a table for the terminal, and the tidy table as CSV and Parquet.
//!
//! Everything is made from `sweep.json` alone ([`Sweep`]). Nothing is estimated.

mod heat;
mod line;
mod panels;
mod parquet;
mod table;
mod tidy;
mod words;

use std::path::{Path, PathBuf};

use sanda_results::{DesignKind, Sweep, SweptMetric};

use crate::draw::picture::Picture;
use crate::error::ReportError;
use crate::figure::files::write_pictures;

pub use parquet::{ParquetError, sweep_parquet};
pub use table::sweep_table;
pub use tidy::{SweepColumn, sweep_columns, sweep_csv};

/// Greatest number of metrics that are drawn for a sweep without promises.
const MOST_OTHERS: usize = 12;

/// Draws a figure for the share of every promise, or for the first metrics if there is no promise. Names are `sweep-PATH`.
///
/// A sweep over one ordered parameter is drawn as a line, a grid of two parameters as a heat map. Any other sweep has a panel for each
/// parameter.
pub fn sweep_figures(sweep: &Sweep) -> Vec<(String, Picture)> {
    let promises: Vec<&SweptMetric> = sweep.metrics.iter().filter(|metric| metric.target.is_some()).collect();
    let shown = if promises.is_empty() { sweep.metrics.iter().take(MOST_OTHERS).collect() } else { promises };
    shown.into_iter().map(|metric| (file_name(&metric.path), figure(sweep, metric))).collect()
}

/// Writes the figures as SVG and PNG. A missing folder is made.
///
/// # Errors
/// [`ReportError`] names the folder or file that cannot be written.
pub fn write_sweep_figures(sweep: &Sweep, folder: &Path) -> Result<Vec<PathBuf>, ReportError> {
    write_pictures(&sweep_figures(sweep), folder)
}

fn figure(sweep: &Sweep, metric: &SweptMetric) -> Picture {
    match sweep.parameters.as_slice() {
        [one] if one.unit.is_some() && sweep.design != DesignKind::Latin => line::line(sweep, metric),
        [_, _] if sweep.design == DesignKind::Grid => heat::heat(sweep, metric),
        _ => panels::panels(sweep, metric),
    }
}

/// Returns the name of a metric's file. The share of a promise goes by the id of the promise.
fn file_name(path: &str) -> String {
    let short = path.strip_prefix("promises.").and_then(|rest| rest.strip_suffix(".share")).unwrap_or(path);
    format!("sweep-{short}")
}

#[cfg(test)]
mod tests;
