//! Errors of writing figures and rows. Drawing itself cannot fail.

use std::io;
use std::path::PathBuf;

/// Failure to write figures or rows.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The folder for the figures cannot be made.
    #[error("cannot make the folder {}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file cannot be written.
    #[error("cannot write {}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Rows cannot be written.
    #[error("cannot write rows of CSV")]
    Rows(#[from] csv::Error),
}
