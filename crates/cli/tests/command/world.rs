//! A folder of its own for every test, and the program run in it.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// Three customs lanes for four weeks: the smallest scenario worth running.
pub(crate) const LANES: &str = r#"(
    schema: 1,
    name: "three-lanes",
    title: (zh: "三条查验通道", en: "Three customs lanes"),
    run: (warm_up: "7d", measure: "28d", drain: "7d", replications: 3, seed: 7),
    nodes: { "gate": () },
    resources: { "customs": (at: "gate", servers: 3) },
    flows: {
        "boxes": (
            arrivals: Poisson(mean: 2.4, per: "1h"),
            steps: [Work(resource: "customs", time: Exponential(mean: "1h"))],
        ),
    },
    promises: { "quick": (flows: ["boxes"], within: "3h") },
)
"#;

/// A working directory that goes away with the test.
pub(crate) struct World {
    folder: TempDir,
}

/// The outcome of a run of the program: its output and its exit code.
pub(crate) struct Outcome {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Exit code, then what was printed and said; empty parts are left out.
impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.code {
            Some(code) => write!(f, "exit code {code}")?,
            None => write!(f, "ended by a signal")?,
        }
        for (name, text) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if !text.is_empty() {
                write!(f, "\n--- {name}\n{}", text.trim_end())?;
            }
        }
        Ok(())
    }
}

impl World {
    /// Creates an empty folder.
    pub(crate) fn new() -> Self {
        Self { folder: TempDir::new().unwrap() }
    }

    /// Creates a folder with one file.
    pub(crate) fn with(name: &str, content: impl AsRef<[u8]>) -> Self {
        let world = Self::new();
        world.write(name, content);
        world
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Returns the program in this folder, not yet started, isolated from the tester's terminal and environment.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sanda"));
        command.args(arguments).current_dir(self.folder.path()).stdin(Stdio::null());
        for name in [
            "COLUMNS",
            "LINES",
            "NO_COLOR",
            "CLICOLOR_FORCE",
            "RAYON_NUM_THREADS",
            "RUST_BACKTRACE",
            "LANG",
            "LC_ALL",
            "LC_MESSAGES",
        ] {
            command.env_remove(name);
        }
        command
    }

    /// Runs the program to its end.
    pub(crate) fn sanda(&self, arguments: &[&str]) -> Outcome {
        let output = self.command(arguments).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Outcome { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    /// Runs the program, which must succeed.
    pub(crate) fn succeeds(&self, arguments: &[&str]) -> Outcome {
        let outcome = self.sanda(arguments);
        assert_eq!(outcome.code, Some(0), "sanda {}: {outcome}", arguments.join(" "));
        outcome
    }

    /// Returns every file below the folder, sorted, with `/` between folders; kept pieces are left out.
    pub(crate) fn files(&self) -> Vec<String> {
        let mut files = Vec::new();
        collect(self.folder.path(), "", &mut files);
        files.sort();
        files
    }
}

/// Collects files and folders; folders are included so that an empty one is noticed.
fn collect(folder: &Path, prefix: &str, files: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if name.ends_with("/.pieces") {
            continue;
        }
        if entry.file_type().unwrap().is_dir() {
            collect(&entry.path(), &format!("{name}/"), files);
            files.push(name + "/");
        } else {
            files.push(name);
        }
    }
}

/// Returns the root of the repository.
pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}
