//! The output folder of a scenario, replaced as a whole.
//!
//! Everything is written to a hidden sibling; then the old folder moves aside and the new one in. A killed run leaves
//! either the old folder or the new one; what an interrupted swap left behind is repaired at the next start. A folder
//! that holds anything a run does not write is somebody's work, and never replaced. Does not own what is written.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

/// All that a run writes into its folder, this version's or a later one's.
const OURS: [&str; 6] =
    ["results.json", "provenance.json", "summary.txt", "figures", "report.html", "deliveries.parquet"];

/// The place of one scenario's output and its hidden siblings.
#[derive(Debug)]
pub(crate) struct OutputFolder {
    out: PathBuf,
    target: PathBuf,
    /// Where the new folder is written.
    staging: PathBuf,
    /// Where the old folder waits during the swap.
    aside: PathBuf,
}

impl OutputFolder {
    /// The folder of the scenario `name` under `out`. Touches nothing. A name holds letters, digits and hyphens only.
    pub(crate) fn new(out: &Path, name: &str) -> Self {
        let sibling = |ending: &str| out.join(format!(".{name}.{ending}"));
        Self { out: out.to_owned(), target: out.join(name), staging: sibling("new"), aside: sibling("old") }
    }

    /// Finds out before a long simulation whether its results can be kept: makes `out`, repairs what an interrupted run
    /// left, and tries to write.
    ///
    /// # Errors
    /// The folder cannot be made or written to, or holds what no run has written.
    pub(crate) fn prepare(&self) -> Result<()> {
        if self.out.exists() && !self.out.is_dir() {
            bail!("`{}` is not a folder\nhint: name a folder with --out", self.out.display());
        }
        fs::create_dir_all(&self.out)
            .with_context(|| format!("cannot make the folder `{}`", self.out.display()))?;
        let _lock = self.lock();
        self.repair()?;
        self.refuse_foreign()?;
        fs::create_dir(&self.staging)
            .and_then(|()| fs::remove_dir(&self.staging))
            .with_context(|| format!("cannot write into `{}`", self.out.display()))
    }

    /// Has a new folder written and puts it in place of the old one; returns where it is.
    ///
    /// # Errors
    /// Those of `write` and of the file system. The old folder is then as it was.
    pub(crate) fn replace(&self, write: impl FnOnce(&Path) -> Result<()>) -> Result<&Path> {
        let _lock = self.lock();
        self.repair()?;
        self.refuse_foreign()?;
        fs::create_dir(&self.staging)
            .with_context(|| format!("cannot make the folder `{}`", self.staging.display()))?;
        let outcome = write(&self.staging).and_then(|()| {
            // Otherwise the next run would refuse to replace what this one writes.
            debug_assert_eq!(
                foreign_entry(&self.staging).ok().flatten(),
                None,
                "not in the list of what is ours"
            );
            self.swap()
        });
        if outcome.is_err() {
            // Nothing more can be done if this fails; the next start repairs it.
            let _ = fs::remove_dir_all(&self.staging);
        }
        outcome.map(|()| self.target.as_path())
    }

    /// Waits until no other run writes under `out`; none does for longer than writing takes. The system lets go of the
    /// lock when the process ends, however it ends.
    ///
    /// `None` where folders cannot be locked (Windows, some network file systems): there, two runs of one scenario at
    /// the same moment are the user's care.
    fn lock(&self) -> Option<File> {
        let folder = File::open(&self.out).ok()?;
        folder.lock().ok()?;
        Some(folder)
    }

    /// An old folder that was moved aside comes back if nothing took its place; half-written ones go.
    fn repair(&self) -> Result<()> {
        if self.aside.exists() && !self.target.exists() {
            fs::rename(&self.aside, &self.target)
                .with_context(|| format!("cannot bring back `{}`", self.target.display()))?;
        }
        for left in [&self.aside, &self.staging] {
            if left.exists() {
                fs::remove_dir_all(left).with_context(|| format!("cannot remove `{}`", left.display()))?;
            }
        }
        Ok(())
    }

    /// `--out ~` with a scenario called `documents` must not cost anybody their documents.
    fn refuse_foreign(&self) -> Result<()> {
        const HINT: &str = "hint: choose another folder with --out, or another `name` for the scenario";
        if self.target.is_file() {
            bail!("`{}` is a file, where the output folder should be\n{HINT}", self.target.display());
        }
        let foreign = foreign_entry(&self.target)
            .with_context(|| format!("cannot read `{}`", self.target.display()))?;
        if let Some(foreign) = foreign {
            bail!(
                "`{}` would be replaced, but holds `{foreign}`, which no run has written\n{HINT}",
                self.target.display()
            );
        }
        Ok(())
    }

    fn swap(&self) -> Result<()> {
        if self.target.exists() {
            fs::rename(&self.target, &self.aside)
                .with_context(|| format!("cannot move `{}` aside", self.target.display()))?;
        }
        if let Err(error) = fs::rename(&self.staging, &self.target) {
            // The old folder comes back now rather than at the next start.
            let _ = fs::rename(&self.aside, &self.target);
            return Err(error).with_context(|| format!("cannot put `{}` in place", self.target.display()));
        }
        if self.aside.exists() {
            // The new folder is in place: an old one that stays is a matter for the next start.
            let _ = fs::remove_dir_all(&self.aside);
        }
        Ok(())
    }
}

/// The first entry, by name, of a folder that no run has written; none if there is no such folder.
fn foreign_entry(folder: &Path) -> io::Result<Option<String>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        entries => entries?,
    };
    // The order in a folder differs between systems.
    let mut first: Option<String> = None;
    for entry in entries {
        let name = entry?.file_name().to_string_lossy().into_owned();
        // The last is what the Finder of macOS leaves in every folder it shows.
        let is_ours = OURS.contains(&name.as_str()) || name == ".DS_Store";
        if !is_ours && first.as_ref().is_none_or(|first| name < *first) {
            first = Some(name);
        }
    }
    Ok(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    fn write_results(text: &'static str) -> impl FnOnce(&Path) -> Result<()> {
        move |folder| Ok(fs::write(folder.join("results.json"), text)?)
    }

    fn results(out: &Path) -> String {
        fs::read_to_string(out.join("lanes/results.json")).unwrap()
    }

    #[test]
    fn the_new_folder_takes_the_place_of_the_old_and_nothing_else_stays() {
        let out = tempfile::tempdir().unwrap();
        let folder = OutputFolder::new(out.path(), "lanes");
        folder.replace(|new| Ok(fs::write(new.join("summary.txt"), "first")?)).unwrap();
        let place = folder.replace(write_results("second")).unwrap();
        assert_eq!(place, out.path().join("lanes"));
        assert_eq!(names(out.path()), ["lanes"]);
        assert_eq!(names(&out.path().join("lanes")), ["results.json"]);
    }

    #[test]
    fn a_failed_write_leaves_the_old_folder() {
        let out = tempfile::tempdir().unwrap();
        let folder = OutputFolder::new(out.path(), "lanes");
        folder.replace(write_results("old")).unwrap();
        let failure = folder.replace(|new| {
            fs::write(new.join("results.json"), "half")?;
            bail!("the disk is full")
        });
        assert_eq!(failure.unwrap_err().to_string(), "the disk is full");
        assert_eq!(results(out.path()), "old");
        assert_eq!(names(out.path()), ["lanes"]);
    }

    /// What a run that was killed at any point of the swap leaves behind, and what the next start makes of it.
    #[test]
    fn an_interrupted_swap_is_repaired() {
        let check = |left: &[(&str, &str)], expected: &str| {
            let out = tempfile::tempdir().unwrap();
            for (name, text) in left {
                fs::create_dir(out.path().join(name)).unwrap();
                fs::write(out.path().join(name).join("results.json"), text).unwrap();
            }
            OutputFolder::new(out.path(), "lanes").prepare().unwrap();
            assert_eq!(names(out.path()), ["lanes"], "{left:?}");
            assert_eq!(results(out.path()), expected, "{left:?}");
        };
        check(&[("lanes", "old"), (".lanes.new", "half")], "old");
        check(&[(".lanes.old", "old"), (".lanes.new", "new")], "old");
        check(&[(".lanes.old", "old"), ("lanes", "new")], "new");
    }

    #[test]
    fn what_no_run_has_written_is_never_replaced() {
        let check = |entry: &str, expected: &str| {
            let out = tempfile::tempdir().unwrap();
            let path = out.path().join(entry);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, "mine").unwrap();
            let folder = OutputFolder::new(out.path(), "lanes");
            for error in [folder.prepare().unwrap_err(), folder.replace(|_| Ok(())).unwrap_err()] {
                let text = error.to_string().replace(&*out.path().to_string_lossy(), "OUT");
                assert!(text.starts_with(expected), "{text}");
            }
            assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
        };
        check("lanes/notes.md", "`OUT/lanes` would be replaced, but holds `notes.md`");
        check("lanes", "`OUT/lanes` is a file");
    }

    #[cfg(unix)]
    #[test]
    fn two_runs_at_a_time_leave_one_whole_folder() {
        let out = tempfile::tempdir().unwrap();
        std::thread::scope(|scope| {
            for text in ["one", "two", "three"] {
                let folder = OutputFolder::new(out.path(), "lanes");
                scope.spawn(move || {
                    for _ in 0..20 {
                        folder.replace(write_results(text)).unwrap();
                    }
                });
            }
        });
        assert!(["one", "two", "three"].contains(&results(out.path()).as_str()));
        assert_eq!(names(out.path()), ["lanes"]);
    }
}
