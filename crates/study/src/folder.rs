//! The folder of pieces: each is a file of its own, written whole or not at all.
//!
//! A piece is written under a passing name and renamed, so that a reader finds a whole piece or none, whenever the writer was
//! killed. Two processes may use one folder: what both write under a key are the same bytes. Owns reading, writing, the size limit and the
//! removal of what killed writers left. Does not own what is in a piece (`piece`).

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::key::PieceKey;
use crate::piece::{Damage, decode, encode, open};

/// The ending of names that files have while they are written.
pub(crate) const PASSING: &str = "part";

/// A file that is still being written is not older than this.
const STALE: Duration = Duration::from_hours(1);

/// Tells passing names of one process apart.
static NUMBER: AtomicU64 = AtomicU64::new(0);

/// A folder of pieces. It need not exist until something is written.
#[derive(Debug)]
pub struct Folder {
    root: PathBuf,
}

/// What a removal of old pieces has come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Trimmed {
    /// Pieces removed.
    pub n_removed: u64,
    /// Bytes that the pieces left take.
    pub bytes: u64,
}

impl Folder {
    /// The folder at a path. Touches nothing.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// Where it is.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where a piece is, or would be.
    pub fn place(&self, key: &PieceKey) -> PathBuf {
        self.root.join(key.path())
    }

    /// Whether there is a piece of this key; whether it is sound shows only when it is read.
    pub fn has(&self, key: &PieceKey) -> bool {
        self.place(key).is_file()
    }

    /// Whether there is a piece of this key whose head and digest are sound.
    pub fn has_sound(&self, key: &PieceKey) -> bool {
        fs::read(self.place(key)).is_ok_and(|bytes| open(&bytes).is_ok_and(|(found, _, _)| found == *key))
    }

    /// Reads a piece; `None` if there is none that can be opened.
    ///
    /// # Errors
    /// [`Damage`], if there is a file in its place that is not that piece.
    pub fn read<T: DeserializeOwned>(&self, key: &PieceKey) -> Result<Option<T>, Damage> {
        let Ok(bytes) = fs::read(self.place(key)) else { return Ok(None) };
        decode(key, &bytes).map(Some)
    }

    /// Writes a piece, in place of any that is there.
    ///
    /// # Errors
    /// The file system's. No part of a piece is left behind then.
    pub fn write<T: Serialize>(&self, key: &PieceKey, content: &T) -> io::Result<()> {
        self.put(&key.path(), &encode(key, content)?)
    }

    /// Puts bytes at a path within the folder, whole or not at all.
    pub(crate) fn put(&self, path: &str, bytes: &[u8]) -> io::Result<()> {
        write_whole(&self.root.join(path), bytes)
    }

    /// Removes what killed writers left and, beyond a limit in bytes, the pieces that were written longest ago.
    ///
    /// # Errors
    /// The file system's, where the folder cannot be listed. Files that another process removes meanwhile are no error.
    pub fn trim(&self, limit: u64) -> io::Result<Trimmed> {
        let now = SystemTime::now();
        let mut pieces = Vec::new();
        let mut trimmed = Trimmed::default();
        for path in self.files()? {
            let Ok(metadata) = fs::metadata(&path) else { continue };
            let written_at = metadata.modified().unwrap_or(now);
            if path.extension().is_some_and(|extension| extension == PASSING) {
                if now.duration_since(written_at).is_ok_and(|age| age > STALE) {
                    let _ = fs::remove_file(&path);
                }
                continue;
            }
            trimmed.bytes += metadata.len();
            pieces.push((written_at, path, metadata.len()));
        }
        pieces.sort();
        for (_, path, length) in pieces {
            if trimmed.bytes <= limit {
                break;
            }
            if fs::remove_file(&path).is_ok() {
                trimmed.n_removed += 1;
                trimmed.bytes -= length;
            }
        }
        Ok(trimmed)
    }

    /// All files that lie where pieces do, in the order of their paths; none if there is no folder.
    pub(crate) fn files(&self) -> io::Result<Vec<PathBuf>> {
        let mut level = vec![self.root.clone()];
        // An engine's folder, then a model's, then files.
        for depth in 0..3 {
            let mut next = Vec::new();
            for folder in level {
                let entries = match fs::read_dir(&folder) {
                    Ok(entries) => entries,
                    Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                        continue;
                    }
                    Err(error) => return Err(error),
                };
                for entry in entries {
                    let path = entry?.path();
                    if path.is_dir() == (depth < 2) {
                        next.push(path);
                    }
                }
            }
            level = next;
        }
        level.sort();
        Ok(level)
    }
}

/// Writes a file whole or not at all, and makes its folder if that is missing: under a passing name first, which is then changed.
///
/// # Errors
/// The file system's. What was there before is as it was, and nothing half-written is left.
pub fn write_whole(place: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = place.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let (passing, mut file) = open_passing(folder)?;
    let written = file.write_all(bytes).and_then(|()| fs::rename(&passing, place));
    if written.is_err() {
        let _ = fs::remove_file(&passing);
    }
    written
}

/// Makes a file under a name that no other process has taken: on a shared folder another machine may have a process of the same number.
fn open_passing(folder: &Path) -> io::Result<(PathBuf, File)> {
    loop {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let passing = folder.join(format!("{}-{number}.{PASSING}", process::id()));
        match File::create_new(&passing) {
            Ok(file) => return Ok((passing, file)),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
}
