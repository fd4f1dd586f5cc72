//! The output folder of a scenario, replaced as a whole.
//!
//! All files are written into a hidden workshop beside the folder. Then the old folder is moved into the workshop and the new one out of
//! it. A killed run leaves either the old folder or the new one; the next start repairs an interrupted swap. A folder with files that no
//! run writes belongs to somebody, and is never replaced or removed, at any depth. Does not own the content.

use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use sanda_results::Provenance;
use sanda_scenario::words::printable;

/// All files that a run writes into its folder, this version's or a later one's.
const FILES: [&str; 14] = [
    "results.json",
    "provenance.json",
    "summary.txt",
    "report.html",
    "deliveries.parquet",
    "compare.json",
    "compare.csv",
    "comparison.html",
    "attribution.json",
    "attribution.csv",
    "sweep.json",
    "sweep.csv",
    "sweep.parquet",
    "warm-up.json",
];

/// The folder of figures, and their file formats.
const FIGURES: &str = "figures";
const FIGURE_KINDS: [&str; 9] =
    ["promise-", "weeks-", "flow-", "stages-", "days-", "points-", "waterfall-", "sweep-", "warm-up-"];

/// The file that the Finder of macOS leaves in every folder it shows.
const FINDER: &str = ".DS_Store";

/// The file that marks a workshop, and its text for readers.
const MARK: &str = "workshop-of-sanda";
const MARK_TEXT: &str =
    "sanda keeps results here while it exchanges them. The next run removes this folder.\n";

const HINT: &str = "hint: choose another folder with --out, or another `name` for the scenario";

/// The output folder of one scenario, and its workshop.
#[derive(Debug)]
pub(crate) struct OutputFolder {
    out: PathBuf,
    name: String,
    target: PathBuf,
    workshop: PathBuf,
    /// Path of the new folder while it is written.
    staging: PathBuf,
    /// Path of the old folder during the swap.
    aside: PathBuf,
}

impl OutputFolder {
    /// Creates the handle of the folder of scenario `name` under `out`. Does not access the file system. A name consists of letters, digits
    /// and hyphens.
    pub(crate) fn new(out: &Path, name: &str) -> Self {
        let workshop = out.join(format!(".{name}.sanda"));
        Self {
            out: out.to_owned(),
            name: name.to_owned(),
            target: out.join(name),
            staging: workshop.join("new"),
            aside: workshop.join("old"),
            workshop,
        }
    }

    /// Returns the folder for the results of an interrupted run, which must not replace complete ones.
    pub(crate) fn of_interrupted(&self) -> Self {
        // The name of a scenario contains no full stop.
        Self::new(&self.out, &format!("{}.interrupted", self.name))
    }

    /// Checks before a long simulation that its results can be written: creates `out`, repairs what an interrupted run left, and tries to
    /// write.
    ///
    /// # Errors
    /// If the folder cannot be created or written to, or contains files that no run writes.
    pub(crate) fn prepare(&self) -> Result<()> {
        let out = shown(&self.out);
        if is_link(&self.out) && !self.out.exists() {
            bail!("`{out}` is a link to nothing\nhint: name a folder with --out");
        }
        if self.out.exists() && !self.out.is_dir() {
            bail!("`{out}` is not a folder\nhint: name a folder with --out");
        }
        fs::create_dir_all(&self.out).with_context(|| format!("cannot make the folder `{out}`"))?;
        let _lock = self.lock();
        self.repair()?;
        self.refuse_foreign()?;
        self.open_workshop()
            .and_then(|()| fs::remove_dir_all(&self.workshop))
            .with_context(|| format!("cannot write into `{out}`"))
    }

    /// Returns whether the folder holds the results of a run that was not interrupted.
    pub(crate) fn is_whole(&self) -> bool {
        let has_results = self.target.join("results.json").exists();
        // Results without a readable provenance count as complete, so that nobody loses any.
        has_results
            && Provenance::read(&self.target.join("provenance.json")).map_or(true, |found| !found.interrupted)
    }

    /// Writes a new folder by `write` and replaces the old one with it. Returns its path.
    ///
    /// # Errors
    /// Those of `write` and of the file system. The old folder is then unchanged.
    pub(crate) fn replace(&self, write: impl FnOnce(&Path) -> Result<()>) -> Result<&Path> {
        let _lock = self.lock();
        self.repair()?;
        self.refuse_foreign()?;
        self.open_workshop()
            .and_then(|()| fs::create_dir(&self.staging))
            .with_context(|| format!("cannot make the folder `{}`", shown(&self.staging)))?;
        let outcome = write(&self.staging).and_then(|()| {
            // Otherwise the next run would refuse to replace what this one writes.
            debug_assert_eq!(
                foreign_entry(&self.staging).ok().flatten(),
                None,
                "not in the list of what is ours"
            );
            self.swap()
        });
        // If this fails, the next start repairs it.
        let _ = fs::remove_dir_all(&self.workshop);
        outcome.map(|()| self.target.as_path())
    }

    /// Waits until no other run writes under `out`, which takes only as long as writing. The system releases the lock when the process
    /// ends, however it ends.
    ///
    /// `None` if folders cannot be locked (Windows, some network file systems). There, the user must not run one scenario twice at the same
    /// moment.
    fn lock(&self) -> Option<File> {
        let folder = File::open(&self.out).ok()?;
        folder.lock().ok()?;
        Some(folder)
    }

    /// Creates the workshop, with its mark in it.
    fn open_workshop(&self) -> io::Result<()> {
        fs::create_dir(&self.workshop)?;
        fs::write(self.workshop.join(MARK), MARK_TEXT)
    }

    /// Restores an old folder that was moved aside, if nothing replaced it, and removes partial folders with the workshop.
    fn repair(&self) -> Result<()> {
        let Some(about) = about(&self.workshop) else { return Ok(()) };
        let is_marked = fs::read_to_string(self.workshop.join(MARK)).is_ok_and(|text| text == MARK_TEXT);
        // A run that was killed before it wrote the mark leaves an empty folder, which is safe to remove.
        if about.is_dir() && (is_marked || fs::remove_dir(&self.workshop).is_ok()) {
            if !is_marked {
                return Ok(());
            }
        } else {
            bail!("`{}` is in the way, and no run has written it\n{HINT}", shown(&self.workshop));
        }
        if self.aside.exists() && !self.target.exists() {
            fs::rename(&self.aside, &self.target)
                .with_context(|| format!("cannot bring back `{}`", shown(&self.target)))?;
        }
        fs::remove_dir_all(&self.workshop)
            .with_context(|| format!("cannot remove `{}`", shown(&self.workshop)))
    }

    /// Refuses a folder with files that no run writes: `--out ~` with a scenario named `documents` must not delete anybody's documents.
    fn refuse_foreign(&self) -> Result<()> {
        let target = shown(&self.target);
        match about(&self.target) {
            None => return Ok(()),
            Some(about) if about.is_symlink() => {
                bail!("`{target}` is a link, where the output folder should be\n{HINT}");
            }
            Some(about) if !about.is_dir() => {
                bail!("`{target}` is a file, where the output folder should be\n{HINT}");
            }
            Some(_) => {}
        }
        let foreign = foreign_entry(&self.target).with_context(|| format!("cannot read `{target}`"))?;
        if let Some(foreign) = foreign {
            bail!("`{target}` would be replaced, but holds `{foreign}`, which no run has written\n{HINT}");
        }
        Ok(())
    }

    fn swap(&self) -> Result<()> {
        if self.target.exists() {
            fs::rename(&self.target, &self.aside)
                .with_context(|| format!("cannot move `{}` aside", shown(&self.target)))?;
        }
        if let Err(error) = fs::rename(&self.staging, &self.target) {
            // The old folder is restored now rather than at the next start.
            let _ = fs::rename(&self.aside, &self.target);
            return Err(error).with_context(|| format!("cannot put `{}` in place", shown(&self.target)));
        }
        Ok(())
    }
}

/// Returns a path as shown in messages.
fn shown(path: &Path) -> String {
    printable(&path.to_string_lossy()).into_owned()
}

/// Returns the metadata of a path, without following links; `None` if nothing is there.
fn about(path: &Path) -> Option<Metadata> {
    fs::symlink_metadata(path).ok()
}

fn is_link(path: &Path) -> bool {
    about(path).is_some_and(|about| about.is_symlink())
}

/// Returns the first entry, by name, that no run writes, of a folder or of its folder of figures; `None` if the folder does not exist.
fn foreign_entry(folder: &Path) -> io::Result<Option<String>> {
    let is_ours = |name: &str, about: &Metadata| {
        about.is_file() && (FILES.contains(&name) || name == FINDER) || about.is_dir() && name == FIGURES
    };
    let is_figure = |name: &str, about: &Metadata| {
        let picture = name.strip_suffix(".svg").or_else(|| name.strip_suffix(".png"));
        let is_ours =
            |name: &str| name == "resources" || FIGURE_KINDS.iter().any(|kind| name.starts_with(kind));
        about.is_file() && (picture.is_some_and(is_ours) || name == FINDER)
    };
    if let Some(foreign) = first_entry(folder, |name, about| !is_ours(name, about))? {
        return Ok(Some(foreign));
    }
    let figure = first_entry(&folder.join(FIGURES), |name, about| !is_figure(name, about))?;
    Ok(figure.map(|name| format!("{FIGURES}/{name}")))
}

/// Returns the first entry of a folder, by name, that satisfies `is_wanted`; `None` if the folder does not exist.
fn first_entry(folder: &Path, is_wanted: impl Fn(&str, &Metadata) -> bool) -> io::Result<Option<String>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        entries => entries?,
    };
    // The order in a folder differs between systems.
    let mut first: Option<String> = None;
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if is_wanted(&name, &entry.metadata()?) && first.as_ref().is_none_or(|first| name < *first) {
            first = Some(name);
        }
    }
    Ok(first.map(|name| printable(&name).into_owned()))
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

    /// A run killed at any point of the swap, and the repair at the next start.
    #[test]
    fn an_interrupted_swap_is_repaired() {
        let check = |left: &[(&str, &str)], expected: &str| {
            let out = tempfile::tempdir().unwrap();
            let workshop = out.path().join(".lanes.sanda");
            fs::create_dir(&workshop).unwrap();
            fs::write(workshop.join(MARK), MARK_TEXT).unwrap();
            for (name, text) in left {
                fs::create_dir(out.path().join(name)).unwrap();
                fs::write(out.path().join(name).join("results.json"), text).unwrap();
            }
            OutputFolder::new(out.path(), "lanes").prepare().unwrap();
            assert_eq!(names(out.path()), ["lanes"], "{left:?}");
            assert_eq!(results(out.path()), expected, "{left:?}");
        };
        check(&[("lanes", "old"), (".lanes.sanda/new", "half")], "old");
        check(&[(".lanes.sanda/old", "old"), (".lanes.sanda/new", "new")], "old");
        check(&[(".lanes.sanda/old", "old"), ("lanes", "new")], "new");
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
        check("lanes/figures/notes.tex", "`OUT/lanes` would be replaced, but holds `figures/notes.tex`");
        check("lanes/figures/mine/flow-a.svg", "`OUT/lanes` would be replaced, but holds `figures/mine`");
        check("lanes/results.json/a", "`OUT/lanes` would be replaced, but holds `results.json`");
        check("lanes/figures", "`OUT/lanes` would be replaced, but holds `figures`");
        check(".lanes.sanda/notes.md", "`OUT/.lanes.sanda` is in the way");
        check(".lanes.sanda", "`OUT/.lanes.sanda` is in the way");
    }

    /// Names that a person may choose for a copy.
    #[test]
    fn what_lies_beside_is_left_alone() {
        let out = tempfile::tempdir().unwrap();
        for name in [".lanes.new", ".lanes.old", "lanes.old", "lanes~"] {
            fs::create_dir(out.path().join(name)).unwrap();
            fs::write(out.path().join(name).join("results.json"), "mine").unwrap();
        }
        let before = names(out.path());
        let folder = OutputFolder::new(out.path(), "lanes");
        folder.prepare().unwrap();
        folder.replace(write_results("new")).unwrap();
        folder.replace(write_results("newer")).unwrap();
        let after: Vec<String> = names(out.path()).into_iter().filter(|name| name != "lanes").collect();
        assert_eq!(after, before);
        for name in before {
            assert_eq!(fs::read_to_string(out.path().join(name).join("results.json")).unwrap(), "mine");
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_are_refused_before_anything_is_simulated() {
        let check = |link: &str, to: &str, expected: &str| {
            let out = tempfile::tempdir().unwrap();
            fs::create_dir(out.path().join("real")).unwrap();
            std::os::unix::fs::symlink(out.path().join(to), out.path().join(link)).unwrap();
            let folder = if link == "output" { out.path().join(link) } else { out.path().to_owned() };
            let error = OutputFolder::new(&folder, "lanes").prepare().unwrap_err();
            assert!(error.to_string().contains(expected), "{error}");
        };
        check("output", "nothing", "is a link to nothing");
        check("lanes", "nothing", "is a link, where the output folder should be");
        check("lanes", "real", "is a link, where the output folder should be");
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
