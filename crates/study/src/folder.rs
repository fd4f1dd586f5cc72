//! The folder of pieces: each piece is a file of its own, written whole or not at all.
//!
//! A piece is written under a temporary name and then renamed, so that a reader finds a whole piece or none, even if the writer was killed.
//! Two processes may use one folder: under one key they write the same bytes. Owns reading, writing, the size limit and the removal of
//! files that killed writers left. Does not own the content of a piece (`piece`).

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

/// The extension of files while they are written.
pub(crate) const PASSING: &str = "part";

/// Age above which a temporary file was left by a killed writer. No write takes this long.
const STALE: Duration = Duration::from_hours(1);

/// Makes the temporary names of one process distinct.
static NUMBER: AtomicU64 = AtomicU64::new(0);

/// A folder of pieces. It is created on the first write.
#[derive(Debug)]
pub struct Folder {
    root: PathBuf,
}

/// The outcome of removing old pieces.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Trimmed {
    /// Pieces removed.
    pub n_removed: u64,
    /// Bytes of the remaining pieces.
    pub bytes: u64,
}

impl Folder {
    /// Creates the handle of a folder. Does not access the file system.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// Returns the path of the folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Returns the path of a piece, whether or not it exists.
    pub fn place(&self, key: &PieceKey) -> PathBuf {
        self.root.join(key.path())
    }

    /// Returns whether there is a piece of this key. Only reading shows whether it is intact.
    pub fn has(&self, key: &PieceKey) -> bool {
        self.place(key).is_file()
    }

    /// Returns whether there is a piece of this key whose header and digest are valid.
    pub fn has_sound(&self, key: &PieceKey) -> bool {
        fs::read(self.place(key)).is_ok_and(|bytes| open(&bytes).is_ok_and(|(found, _, _)| found == *key))
    }

    /// Reads a piece; `None` if there is no file that can be opened.
    ///
    /// # Errors
    /// [`Damage`], if the file at its path is not that piece.
    pub fn read<T: DeserializeOwned>(&self, key: &PieceKey) -> Result<Option<T>, Damage> {
        let Ok(bytes) = fs::read(self.place(key)) else { return Ok(None) };
        decode(key, &bytes).map(Some)
    }

    /// Writes a piece and replaces any existing one.
    ///
    /// # Errors
    /// Those of the file system. No partial piece is left behind.
    pub fn write<T: Serialize>(&self, key: &PieceKey, content: &T) -> io::Result<()> {
        self.put(&key.path(), &encode(key, content)?)
    }

    /// Writes bytes to a path within the folder, whole or not at all.
    pub(crate) fn put(&self, path: &str, bytes: &[u8]) -> io::Result<()> {
        write_whole(&self.root.join(path), bytes)
    }

    /// Removes files that killed writers left and, beyond a limit in bytes, the oldest pieces.
    ///
    /// # Errors
    /// Those of the file system, if the folder cannot be listed. A file that another process removes meanwhile is no error.
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

    /// Returns all files at the depth of pieces, sorted by path; none if there is no folder.
    pub(crate) fn files(&self) -> io::Result<Vec<PathBuf>> {
        let mut level = vec![self.root.clone()];
        // The folder of an engine, then of a model, then files.
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

/// Writes a file whole or not at all, and creates its folder if necessary. The file is written under a temporary name and then renamed.
///
/// # Errors
/// Those of the file system. The previous file is unchanged and no partial file is left.
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

/// Creates a file under a name that no other process uses. On a shared folder, a process of another machine may have the same number.
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
