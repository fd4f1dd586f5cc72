//! The union of folders of pieces.
//!
//! Every piece that is to be added is first opened and checked. A piece that is damaged, foreign or contradicts an existing one is refused
//! by name, and then nothing is added at all.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::folder::{Folder, PASSING};
use crate::piece::{Damage, open};

/// The outcome of a merge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// Number of pieces added.
    pub n_added: u64,
    /// Number of pieces that existed already, identical to the byte.
    pub n_known: u64,
}

/// A refused piece and the reason.
#[derive(Debug)]
pub struct Refusal {
    /// Its file.
    pub path: PathBuf,
    /// The reason.
    pub reason: String,
}

/// Why folders were not merged.
#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    /// Some pieces are invalid; all of them are named.
    #[error("{} of the pieces cannot be merged", .0.len())]
    Refused(Vec<Refusal>),
    /// A file or folder cannot be read or written.
    #[error("cannot read or write `{}`: {error}", path.display())]
    Files {
        /// The file or folder.
        path: PathBuf,
        /// The error of the system.
        error: io::Error,
    },
}

impl Folder {
    /// Adds all pieces of other folders.
    ///
    /// # Errors
    /// [`MergeError`]. If any piece is refused, this folder is unchanged.
    pub fn merge(&self, others: &[Folder]) -> Result<Merged, MergeError> {
        let mut merged = Merged::default();
        let mut refused = Vec::new();
        let mut new: BTreeMap<String, (PathBuf, [u8; 32])> = BTreeMap::new();
        for other in others {
            let files = other.files().map_err(files_error(other.root()))?;
            for path in files {
                if path.extension().is_some_and(|extension| extension == PASSING) {
                    continue;
                }
                let bytes = fs::read(&path).map_err(files_error(&path))?;
                match self.judge(other, &path, &bytes) {
                    Ok(Some(place)) => {
                        let digest: [u8; 32] = Sha256::digest(&bytes).into();
                        match new.get(&place) {
                            Some((_, known)) if *known == digest => merged.n_known += 1,
                            Some((known, _)) => {
                                let reason = format!("its content differs from `{}`", known.display());
                                refused.push(Refusal { path, reason });
                            }
                            None => {
                                new.insert(place, (path, digest));
                            }
                        }
                    }
                    Ok(None) => merged.n_known += 1,
                    Err(reason) => refused.push(Refusal { path, reason }),
                }
            }
        }
        if !refused.is_empty() {
            return Err(MergeError::Refused(refused));
        }
        for (place, (path, digest)) in new {
            let bytes = fs::read(&path).map_err(files_error(&path))?;
            if <[u8; 32]>::from(Sha256::digest(&bytes)) != digest {
                let reason = "it changed while the folders were merged".to_owned();
                return Err(MergeError::Refused(vec![Refusal { path, reason }]));
            }
            self.put(&place, &bytes).map_err(files_error(&self.root().join(&place)))?;
            merged.n_added += 1;
        }
        Ok(merged)
    }

    /// Returns the path under which a piece of another folder belongs here; `None` if it exists already.
    fn judge(&self, other: &Folder, path: &Path, bytes: &[u8]) -> Result<Option<String>, String> {
        let (key, _, _) = open(bytes).map_err(|damage| damage.to_string())?;
        if other.place(&key) != path {
            return Err(Damage::Misplaced.to_string());
        }
        match fs::read(self.place(&key)) {
            Ok(known) if known == bytes => Ok(None),
            Ok(known) if open(&known).is_ok() => {
                Err("its content differs from the existing piece of the same key".to_owned())
            }
            _ => Ok(Some(key.path())),
        }
    }
}

fn files_error(path: &Path) -> impl FnOnce(io::Error) -> MergeError + use<> {
    let path = path.to_owned();
    move |error| MergeError::Files { path, error }
}
