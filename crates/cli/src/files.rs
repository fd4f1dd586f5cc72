//! The output folder of a scenario, replaced as a whole.
//!
//! Everything is written to a temporary sibling; then the old folder moves aside and the new one in. A killed run leaves
//! either the old folder or the new one; what an interrupted swap left behind is repaired at the next start.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// A folder being written.
pub(crate) struct Staging {
    folder: PathBuf,
    target: PathBuf,
}

impl Staging {
    /// Makes the temporary sibling of `out/name`, after repairing what an earlier run left.
    pub(crate) fn new(out: &Path, name: &str) -> Result<Self> {
        fs::create_dir_all(out).with_context(|| format!("cannot make the folder {}", out.display()))?;
        let target = out.join(name);
        let staging = Self { folder: out.join(format!(".{name}.new")), target };
        staging.repair()?;
        fs::create_dir_all(&staging.folder)
            .with_context(|| format!("cannot make the folder {}", staging.folder.display()))?;
        Ok(staging)
    }

    /// Where to write.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Writes one file.
    pub(crate) fn write(&self, name: &str, content: &str) -> Result<()> {
        let path = self.folder.join(name);
        fs::write(&path, content).with_context(|| format!("cannot write {}", path.display()))
    }

    fn aside(&self) -> PathBuf {
        let name = self.target.file_name().unwrap_or_default().to_string_lossy();
        self.target.with_file_name(format!(".{name}.old"))
    }

    /// An old folder that was moved aside comes back if nothing took its place; half-written ones go.
    fn repair(&self) -> Result<()> {
        let aside = self.aside();
        if aside.exists() && !self.target.exists() {
            fs::rename(&aside, &self.target)
                .with_context(|| format!("cannot bring back {}", self.target.display()))?;
        }
        for left in [&aside, &self.folder] {
            if left.exists() {
                fs::remove_dir_all(left).with_context(|| format!("cannot remove {}", left.display()))?;
            }
        }
        Ok(())
    }

    /// Puts the new folder in place of the old one and returns where it is.
    pub(crate) fn commit(self) -> Result<PathBuf> {
        let aside = self.aside();
        if self.target.exists() {
            fs::rename(&self.target, &aside)
                .with_context(|| format!("cannot move {} aside", self.target.display()))?;
        }
        fs::rename(&self.folder, &self.target)
            .with_context(|| format!("cannot put {} in place", self.target.display()))?;
        if aside.exists() {
            fs::remove_dir_all(&aside).with_context(|| format!("cannot remove {}", aside.display()))?;
        }
        Ok(self.target.clone())
    }
}

impl Drop for Staging {
    /// An error on the way leaves nothing behind.
    fn drop(&mut self) {
        if self.folder.exists() {
            // Nothing more can be done if this fails; the next start repairs it.
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}
