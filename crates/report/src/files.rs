//! Writing the figures of a run into a folder, and their names. It draws nothing itself.

use std::fs;
use std::path::{Path, PathBuf};

use sanda_results::{Results, paths};

use crate::error::ReportError;
use crate::picture::Picture;
use crate::{adapter, distribution, resources, stages, weeks};

/// Draws every figure of a run, with its name: `promise-ID`, `weeks-ID`, `flow-ID`, `stages-ID` and `resources`, sorted within each kind.
///
/// A promise and a flow may share an id, so the kind is part of the name. A flow shows its door-to-door clock, else its first.
pub fn figures(results: &Results) -> Vec<(String, Picture)> {
    let mut figures = Vec::new();
    for id in results.promises.keys() {
        if let Some(figure) = adapter::promise_figure(results, id) {
            figures.push((format!("promise-{id}"), distribution::distribution(&figure)));
        }
    }
    for id in results.promises.keys() {
        if let Some(figure) = adapter::weeks_figure(results, id) {
            figures.push((format!("weeks-{id}"), weeks::weeks(&figure)));
        }
    }
    let flows = adapter::ids(results, paths::FLOWS);
    for id in &flows {
        let clock = adapter::clocks(results, id).into_iter().next();
        if let Some(figure) = clock.and_then(|clock| adapter::flow_figure(results, id, clock)) {
            figures.push((format!("flow-{id}"), distribution::distribution(&figure)));
        }
    }
    for id in &flows {
        if let Some(figure) = adapter::stages_figure(results, id) {
            figures.push((format!("stages-{id}"), stages::stages(&figure)));
        }
    }
    if let Some(figure) = adapter::resources_figure(results) {
        figures.push(("resources".to_owned(), resources::resources(&figure)));
    }
    figures
}

/// Writes every figure of a run as SVG and PNG; returns the files in the order of [`figures`]. The folder is made if need be.
///
/// The same results give the same bytes.
///
/// # Errors
///
/// [`ReportError`] names the folder or file that cannot be written; files written before it stay.
pub fn write_figures(results: &Results, folder: &Path) -> Result<Vec<PathBuf>, ReportError> {
    fs::create_dir_all(folder).map_err(|source| ReportError::Folder { path: folder.to_owned(), source })?;
    let mut written = Vec::new();
    for (name, picture) in figures(results) {
        for (extension, bytes) in [("svg", picture.to_svg().into_bytes()), ("png", picture.to_png())] {
            let path = folder.join(format!("{name}.{extension}"));
            fs::write(&path, bytes).map_err(|source| ReportError::File { path: path.clone(), source })?;
            written.push(path);
        }
    }
    Ok(written)
}
