//! Writing the figures of a run into a folder, and their names. It draws nothing itself.

use std::fs;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::thread;

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

/// Writes every figure of a run as SVG and PNG, on all cores; returns the files in the order of [`figures`]. The folder is made if need be.
///
/// The same results give the same bytes.
///
/// # Errors
///
/// [`ReportError`] names the folder or file that cannot be written, the first in that order; other files may have been written.
pub fn write_figures(results: &Results, folder: &Path) -> Result<Vec<PathBuf>, ReportError> {
    write_pictures(&figures(results), folder)
}

/// Writes pictures with their names as SVG and PNG, on all cores.
pub(crate) fn write_pictures(
    figures: &[(String, Picture)],
    folder: &Path,
) -> Result<Vec<PathBuf>, ReportError> {
    fs::create_dir_all(folder).map_err(|source| ReportError::Folder { path: folder.to_owned(), source })?;
    let n_threads = thread::available_parallelism().map_or(1, NonZero::get).min(figures.len().max(1));
    // Neighbours are of one kind and so of one size: dealt out by turns, every thread has about the same to do.
    let write_share = &|first: usize| -> Vec<(usize, Result<[PathBuf; 2], ReportError>)> {
        let share = figures.iter().enumerate().skip(first).step_by(n_threads);
        share.map(|(n, (name, picture))| (n, write_figure(name, picture, folder))).collect()
    };
    let mut written: Vec<_> = thread::scope(|scope| {
        let others: Vec<_> = (1..n_threads).map(|first| scope.spawn(move || write_share(first))).collect();
        let mut written = write_share(0);
        for other in others {
            written.extend(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        written
    });
    written.sort_by_key(|(n, _)| *n);
    let pairs: Result<Vec<[PathBuf; 2]>, ReportError> = written.into_iter().map(|(_, pair)| pair).collect();
    Ok(pairs?.into_iter().flatten().collect())
}

/// Writes one figure in both formats.
fn write_figure(name: &str, picture: &Picture, folder: &Path) -> Result<[PathBuf; 2], ReportError> {
    let write = |extension: &str, bytes: &[u8]| {
        let path = folder.join(format!("{name}.{extension}"));
        fs::write(&path, bytes).map_err(|source| ReportError::File { path: path.clone(), source })?;
        Ok::<PathBuf, ReportError>(path)
    };
    Ok([write("svg", picture.to_svg().as_bytes())?, write("png", &picture.to_png())?])
}
