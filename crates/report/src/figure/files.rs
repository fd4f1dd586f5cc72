//! The figures of a run with their names, and writing pictures into a folder. It draws nothing itself.

use std::fs;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::thread;

use sanda_results::{Results, paths};

use crate::draw::picture::Picture;
use crate::error::ReportError;
use crate::figure::distribution;
use crate::figure::input;
use crate::figure::resources;
use crate::figure::stages;
use crate::figure::weeks;
use crate::words::names;

/// Draws every figure of a run. Names are `promise-ID`, `weeks-ID`, `flow-ID`, `stages-ID` and `resources`, sorted within each kind.
///
/// A promise and a flow may share an id, so the kind is part of the name. A flow shows its door-to-door clock, else its first.
pub fn figures(results: &Results) -> Vec<(String, Picture)> {
    let mut figures = Vec::new();
    for id in results.promises.keys() {
        if let Some(figure) = input::promise_figure(results, id) {
            figures.push((format!("promise-{id}"), distribution::distribution(&figure)));
        }
    }
    for id in results.promises.keys() {
        if let Some(figure) = input::weeks_figure(results, id) {
            figures.push((format!("weeks-{id}"), weeks::weeks(&figure)));
        }
    }
    let flows = names::ids(results, paths::FLOWS);
    for id in &flows {
        let clock = names::clocks(results, id).into_iter().next();
        if let Some(figure) = clock.and_then(|clock| input::flow_figure(results, id, clock)) {
            figures.push((format!("flow-{id}"), distribution::distribution(&figure)));
        }
    }
    for id in &flows {
        if let Some(figure) = input::stages_figure(results, id) {
            figures.push((format!("stages-{id}"), stages::stages(&figure)));
        }
    }
    if let Some(figure) = input::resources_figure(results) {
        figures.push(("resources".to_owned(), resources::resources(&figure)));
    }
    figures
}

/// Writes every figure of a run as SVG and PNG, on all cores. Returns the files in the order of [`figures`] and makes a missing folder.
///
/// The same results give the same bytes.
///
/// # Errors
///
/// [`ReportError`] names the first folder or file in that order that cannot be written. Other files may have been written.
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
    // Neighbouring figures are of one kind and size, so dealing them out in turn gives every thread about the same work.
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
