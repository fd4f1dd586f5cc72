//! The manifest of a study: the scenarios whose pieces belong to it, so that another machine can compute its share.
//!
//! Owns `study.json`. Scenario files are named, not copied; the digest of each model shows whether another machine has the same ones.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::folder::write_whole;

/// The version of the file.
const SCHEMA: u32 = 1;

/// The name of the file in a study folder.
pub const MANIFEST: &str = "study.json";

/// A scenario of a study, with everything its pieces depend on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The name of the scenario.
    pub name: String,
    /// Its file, as named when the study was made.
    pub file: String,
    /// Overridden parameters, each as `PATH=VALUE`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sets: Vec<String>,
    /// SHA-256 of the compiled model.
    pub digest: String,
    /// The seed.
    pub seed: u64,
    /// Number of replications.
    pub replications: u64,
    /// Number of points of the input ranges.
    pub points: u64,
}

/// The content of `study.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    schema: u32,
    /// The scenarios, in the order in which they were requested.
    pub entries: Vec<Entry>,
}

/// Why a manifest cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// The file cannot be read.
    #[error("cannot read `{0}`: {1}")]
    Read(String, io::Error),
    /// The file cannot be written.
    #[error("cannot write into `{0}`: {1}")]
    Write(String, io::Error),
    /// There is no such file.
    #[error("there is no `{0}`")]
    Missing(String),
    /// The file is not a manifest of this version.
    #[error("`{0}` is not the manifest of a study: {1}")]
    Shape(String, String),
}

impl Default for Manifest {
    fn default() -> Self {
        Self { schema: SCHEMA, entries: Vec::new() }
    }
}

impl Manifest {
    /// Reads the manifest of a study folder.
    ///
    /// # Errors
    /// [`ManifestError`].
    pub fn read(study: &Path) -> Result<Self, ManifestError> {
        let path = study.join(MANIFEST);
        let shown = path.display().to_string();
        let text = fs::read_to_string(&path).map_err(|error| match error.kind() {
            ErrorKind::NotFound => ManifestError::Missing(shown.clone()),
            _ => ManifestError::Read(shown.clone(), error),
        })?;
        let manifest: Self = serde_json::from_str(&text)
            .map_err(|error| ManifestError::Shape(shown.clone(), error.to_string()))?;
        if manifest.schema != SCHEMA {
            let words = format!("it has schema {}, this program reads {SCHEMA}", manifest.schema);
            return Err(ManifestError::Shape(shown, words));
        }
        Ok(manifest)
    }

    /// Adds scenarios. If one is known by its file, settings, seed and digest, the larger numbers of replications and points hold.
    pub fn add(&mut self, entries: impl IntoIterator<Item = Entry>) {
        for entry in entries {
            let is_same = |known: &&mut Entry| {
                (&known.file, &known.sets, known.seed, &known.digest)
                    == (&entry.file, &entry.sets, entry.seed, &entry.digest)
            };
            match self.entries.iter_mut().find(is_same) {
                Some(known) => {
                    known.replications = known.replications.max(entry.replications);
                    known.points = known.points.max(entry.points);
                }
                None => self.entries.push(entry),
            }
        }
    }

    /// Adds scenarios to the manifest of a study folder, and creates both if necessary. Concurrent processes take turns where the file
    /// system supports locks.
    ///
    /// # Errors
    /// [`ManifestError`].
    pub fn update(study: &Path, entries: impl IntoIterator<Item = Entry>) -> Result<(), ManifestError> {
        let failed = |error| ManifestError::Write(study.display().to_string(), error);
        fs::create_dir_all(study).map_err(failed)?;
        // The lock is held until the end; the system releases it however the process ends.
        let folder = fs::File::open(study).ok();
        let _ = folder.as_ref().map(fs::File::lock);
        let mut manifest = match Self::read(study) {
            Err(ManifestError::Missing(_)) => Self::default(),
            read => read?,
        };
        manifest.add(entries);
        manifest.write(study).map_err(failed)
    }

    /// Writes the manifest into a study folder, whole or not at all.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn write(&self, study: &Path) -> io::Result<()> {
        let mut text = serde_json::to_string_pretty(self).map_err(io::Error::other)?;
        text.push('\n');
        write_whole(&study.join(MANIFEST), text.as_bytes())
    }
}
