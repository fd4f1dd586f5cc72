//! Reading and writing the files. `cli` owns their folders and replaces these atomically.

use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::lines::Lines;
use crate::{Attribution, Comparison, Provenance, Results, SCHEMA, Settling, Sweep};

/// Failure to read text as one of the files, or to write a value as one.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FormatError {
    /// The text is not JSON.
    #[error("not JSON: {0}")]
    NotJson(#[source] serde_json::Error),
    /// The JSON has no schema number.
    #[error("no `schema` number, so this is not a file of ours")]
    NoSchema,
    /// The file has another schema.
    #[error("the file has schema {found}, this program reads schema {SCHEMA}")]
    WrongSchema {
        /// The schema number of the file.
        found: u64,
    },
    /// The JSON does not match this schema.
    #[error("not the shape of schema {SCHEMA}: {0}")]
    WrongShape(#[source] serde_json::Error),
    /// A value has an infinite or undefined number, which JSON cannot hold.
    #[error("cannot be written: {0}")]
    NotWritable(#[source] serde_json::Error),
}

impl FormatError {
    /// Returns what the user can do about it, if anything.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::NotJson(_) => Some("the file may be cut short: run the scenario again"),
            Self::NoSchema => Some("give a `results.json` that `sanda run` wrote"),
            Self::WrongSchema { found } if *found > u64::from(SCHEMA) => {
                Some("a newer sanda wrote it: update this one")
            }
            Self::WrongSchema { .. } => Some("an older sanda wrote it: run the scenario again"),
            Self::WrongShape(_) => {
                Some("the file was changed by hand or by another program: run the scenario again")
            }
            Self::NotWritable(_) => None,
        }
    }
}

/// Failure to read or write a file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileError {
    /// The system reported an error.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The error of the system.
        source: std::io::Error,
    },
    /// The content is not one of the files.
    #[error("{}: {source}", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// The failure.
        source: FormatError,
    },
}

fn parse<T: DeserializeOwned>(text: &str) -> Result<T, FormatError> {
    // The schema number is checked first. Otherwise another schema would be reported as a wrong field.
    let tree: serde_json::Value = serde_json::from_str(text).map_err(FormatError::NotJson)?;
    match tree.get("schema").and_then(serde_json::Value::as_u64) {
        None => Err(FormatError::NoSchema),
        Some(found) if found != u64::from(SCHEMA) => Err(FormatError::WrongSchema { found }),
        // The text is parsed again, because only errors from text have a line and column.
        Some(_) => serde_json::from_str(text).map_err(FormatError::WrongShape),
    }
}

fn print<T: Serialize>(value: &T) -> Result<String, FormatError> {
    to_lines(value).map_err(FormatError::NotWritable)
}

/// Writes a document as JSON text in the layout of our files.
///
/// Each field of the document and each entry of a field has a line of its own. An entry stays on its line whatever it holds. The text ends
/// with one line end.
///
/// # Errors
///
/// When the value cannot be written as JSON.
///
/// # Panics
///
/// Never: JSON is UTF-8.
pub fn to_lines<T: Serialize>(value: &T) -> Result<String, serde_json::Error> {
    let mut bytes = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, Lines::default());
    value.serialize(&mut serializer)?;
    bytes.push(b'\n');
    Ok(String::from_utf8(bytes).expect("serde_json writes UTF-8"))
}

fn read<T: DeserializeOwned>(path: &Path) -> Result<T, FileError> {
    let text =
        std::fs::read_to_string(path).map_err(|source| FileError::Io { path: path.to_path_buf(), source })?;
    parse(&text).map_err(|source| FileError::Format { path: path.to_path_buf(), source })
}

fn write<T: Serialize>(value: &T, path: &Path) -> Result<(), FileError> {
    let text = print(value).map_err(|source| FileError::Format { path: path.to_path_buf(), source })?;
    std::fs::write(path, text).map_err(|source| FileError::Io { path: path.to_path_buf(), source })
}

macro_rules! document {
    ($document:ty) => {
        impl $document {
            /// Reads it from JSON text.
            ///
            /// # Errors
            ///
            /// When the text is not JSON, carries another schema or none, or does not have its shape.
            pub fn from_json(text: &str) -> Result<Self, FormatError> {
                parse(text)
            }

            /// Writes it as JSON text in the layout of [`to_lines`]: fields in the order of the schema, ids sorted, an indent of two
            /// spaces.
            ///
            /// # Errors
            ///
            /// When a number is infinite or NaN.
            pub fn to_json(&self) -> Result<String, FormatError> {
                print(self)
            }

            /// Reads it from a file.
            ///
            /// # Errors
            ///
            /// As [`Self::from_json`], or when the file cannot be read.
            pub fn read(path: &Path) -> Result<Self, FileError> {
                read(path)
            }

            /// Writes it to a file, replacing what is there.
            ///
            /// # Errors
            ///
            /// As [`Self::to_json`], or when the file cannot be written.
            pub fn write(&self, path: &Path) -> Result<(), FileError> {
                write(self, path)
            }
        }
    };
}

document!(Comparison);
document!(Attribution);
document!(Results);
document!(Provenance);
document!(Sweep);
document!(Settling);
