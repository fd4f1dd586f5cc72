//! What a sweep is shown by: a figure for each metric, a table for the terminal, and the tidy table as CSV and Parquet.
//!
//! All of it is made from `sweep.json` alone ([`Sweep`]). It estimates nothing.

mod heat;
mod line;
mod panels;
mod parquet;
mod plane;
mod table;
mod tidy;
mod words;

use std::path::{Path, PathBuf};

use sanda_results::{DesignKind, Sweep, SweptMetric};

use crate::error::ReportError;
use crate::files::write_pictures;
use crate::picture::Picture;

pub use parquet::{ParquetError, sweep_parquet};
pub use table::sweep_table;
pub use tidy::{SweepColumn, sweep_columns, sweep_csv};

pub(crate) use plane::{Line, Plane, XTicks, YScale};

/// Most metrics that are drawn of a sweep without promises.
const MOST_OTHERS: usize = 12;

/// Draws a figure for the share of every promise, or for the first metrics where there is none; each with its name, `sweep-PATH`.
///
/// One parameter that has an order is a line with its intervals, a grid of two a heat map, anything else a panel for each parameter.
pub fn sweep_figures(sweep: &Sweep) -> Vec<(String, Picture)> {
    let promises: Vec<&SweptMetric> = sweep.metrics.iter().filter(|metric| metric.target.is_some()).collect();
    let shown = if promises.is_empty() { sweep.metrics.iter().take(MOST_OTHERS).collect() } else { promises };
    shown.into_iter().map(|metric| (file_name(&metric.path), figure(sweep, metric))).collect()
}

/// Writes the figures as SVG and PNG; the folder is made if need be.
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

/// The name of a metric's file: of a promise's share its id.
fn file_name(path: &str) -> String {
    let short = path.strip_prefix("promises.").and_then(|rest| rest.strip_suffix(".share")).unwrap_or(path);
    format!("sweep-{short}")
}

/// What the figures of a sweep say about where they come from.
fn notes(sweep: &Sweep, first: &[&str]) -> Vec<String> {
    let title = &sweep.scenario.title;
    let title = if title.zh == title.en { title.zh.clone() } else { format!("{} {}", title.zh, title.en) };
    let n = sweep.scenario.replications;
    let plural = if n == 1 { "" } else { "s" };
    let mut notes: Vec<String> = first.iter().map(|&note| note.to_owned()).collect();
    notes.push(format!(
        "情景 scenario: {title} ({}); 每点{n}次重复 {n} replication{plural} a point; 种子 seed {}",
        sweep.scenario.name, sweep.scenario.seed
    ));
    notes
}

#[cfg(test)]
mod tests;
