//! Mutated scenarios never hang, abort or panic, and always end with an exit code of the README's table.
//!
//! `cargo test` tries a few. A campaign is the same test with more of them:
//!
//! ```sh
//! SANDA_FUZZ_FILES=100000 SANDA_FUZZ_RUNS=1000 cargo test -p sanda --test fuzz -- --nocapture
//! ```
//!
//! `SANDA_FUZZ_HUB` is the number of mutations of the hub's files, `SANDA_FUZZ_FROM` the first seed, and `SANDA_FUZZ_SEEDS` a folder with
//! more scenarios to start from. Failing files are kept in the system's temporary folder and named.

mod mutate;

use std::any::Any;
use std::env;
use std::fs;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use mutate::{Luck, mutate};
use sanda_scenario::schema_text::{EXAMPLE_LANES, EXAMPLE_TRAIN};

/// Nearly the whole language in one file.
const CHAIN: &str = include_str!("chain.ron");

/// Longest time for an answer, in seconds. It finds programs that never end, and lets a busy machine pass. `SANDA_FUZZ_SECONDS` overrides
/// it.
const SECONDS: u64 = 60;

/// Time after which a long run is asked to stop.
const LONG: Duration = Duration::from_secs(10);

fn patience() -> Duration {
    Duration::from_secs(number("SANDA_FUZZ_SECONDS", SECONDS))
}

/// The exit codes of the README.
const CODES: [i32; 7] = [0, 2, 6, 70, 129, 130, 143];

/// Address space of a short run, in kilobytes: a run that needs more must report that instead of aborting.
const MOST_MEMORY: u64 = 4_000_000;

fn number(name: &str, default: u64) -> u64 {
    env::var(name)
        .map_or(default, |text| text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text}")))
}

/// Returns the scenarios to start from: those of the repository and of a given folder.
fn seeds() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut texts = vec![EXAMPLE_LANES.to_owned(), EXAMPLE_TRAIN.to_owned(), CHAIN.to_owned()];
    let mut folders = vec![root.join("benches/models")];
    folders.extend(env::var_os("SANDA_FUZZ_SEEDS").map(PathBuf::from));
    for folder in folders {
        let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        let scenarios = paths.iter().filter(|path| path.extension().is_some_and(|ending| ending == "ron"));
        texts.extend(scenarios.map(|path| fs::read_to_string(path).unwrap()));
    }
    texts
}

/// Keeps a text that failed, and returns its path.
fn keep(text: &[u8], seed: u64) -> String {
    let path = env::temp_dir().join(format!("sanda-fuzz-{seed}.ron"));
    fs::write(&path, text).unwrap();
    path.display().to_string()
}

fn words(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message").to_owned()
}

/// Validates a file in this process, within the time. `Err` says what went wrong.
fn validate(path: &Path) -> Result<(), String> {
    let (sender, receiver) = mpsc::channel();
    let path = path.to_owned();
    // A thread that never ends is left behind: the test fails anyway.
    thread::spawn(move || {
        let outcome = panic::catch_unwind(AssertUnwindSafe(|| {
            if let Err(failure) = sanda_scenario::load_model(&path, &[]) {
                assert!(failure.issues.has_errors(), "refused without a reason");
                let text = failure.to_string();
                assert!(text.len() < 200_000, "a message of {} bytes", text.len());
            }
        }));
        let _ = sender.send(outcome.map_err(|panic| words(&*panic)));
    });
    match receiver.recv_timeout(patience()) {
        Ok(outcome) => outcome,
        Err(_) => Err(format!("no answer within {} s", patience().as_secs())),
    }
}

/// Waits for a child until a time is over.
fn wait(child: &mut Child, patience: Duration) -> Option<ExitStatus> {
    let began_at = Instant::now();
    while began_at.elapsed() < patience {
        if let Some(status) = child.try_wait().unwrap() {
            return Some(status);
        }
        thread::park_timeout(Duration::from_millis(2));
    }
    None
}

/// Waits for a run to end. A long run is asked to stop after a while, and must obey.
fn end(child: &mut Child) -> Option<ExitStatus> {
    if let Some(status) = wait(child, LONG) {
        return Some(status);
    }
    let asked = Command::new("kill").arg(child.id().to_string()).status();
    let status = asked.ok().and_then(|_| wait(child, patience()));
    if status.is_none() {
        let _ = child.kill();
        let _ = child.wait();
    }
    status
}

/// Runs a file briefly as people do, with bounded memory.
fn run(folder: &Path, name: &str) -> Result<i32, String> {
    let limit = format!("ulimit -v {MOST_MEMORY}; exec \"$0\" \"$@\"");
    let mut command = Command::new("sh");
    command.args([
        "-c",
        &limit,
        env!("CARGO_BIN_EXE_sanda"),
        "run",
        name,
        "--threads",
        "1",
        "--replications",
        "1",
    ]);
    command.args(["--inputs", "0", "--no-report", "--set", "run.measure=1d", "--set", "run.drain=40d"]);
    command.args(["--set", "run.warm_up=0h"]).current_dir(folder).stdin(Stdio::null()).stdout(Stdio::null());
    let log = folder.join("stderr");
    command.stderr(fs::File::create(&log).unwrap());
    let mut child = command.spawn().unwrap();
    let text = || String::from_utf8_lossy(&fs::read(&log).unwrap_or_default()).into_owned();
    let said = || text().chars().take(600).collect::<String>();
    match end(&mut child) {
        None => Err(format!("no end, not even when asked: {}", said())),
        Some(status) => match status.code() {
            // Too little memory is not a bug if it is reported.
            Some(70) if text().contains("memory is running out") || text().contains("out of memory") => {
                Ok(70)
            }
            Some(code @ (6 | 70)) => Err(format!("exit code {code}: {}", said())),
            Some(code) if CODES.contains(&code) => Ok(code),
            _ => Err(format!("{status}: {}", said())),
        },
    }
}

/// Tries mutations of one text in turn, and returns all failures at the end, so that a campaign continues.
fn campaign(
    n: u64,
    salt: u64,
    texts: &[String],
    mut attempt: impl FnMut(&[u8]) -> Result<(), String>,
) -> Vec<String> {
    let first = number("SANDA_FUZZ_FROM", 0);
    let others: Vec<&str> = texts.iter().map(String::as_str).collect();
    let mut failures = Vec::new();
    for seed in first..first + n {
        let mut luck = Luck::new(seed ^ salt);
        let text = mutate(&texts[luck.below(texts.len())], &others, &mut luck);
        if let Err(words) = attempt(&text) {
            let failure = format!("seed {seed} ({}): {words}", keep(&text, seed));
            println!("{failure}");
            failures.push(failure);
        }
        if seed % 1000 == 999 {
            println!("{} tried, {} failed", seed + 1 - first, failures.len());
        }
    }
    failures
}

fn assert_none(failures: &[String]) {
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Seeds 0 to 599 by default: no chance is involved, a failure is one of the program.
#[test]
fn any_file_is_judged_within_seconds() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mutated.ron");
    assert_none(&campaign(number("SANDA_FUZZ_FILES", 600), 0, &seeds(), |text| {
        fs::write(&path, text).unwrap();
        validate(&path)
    }));
}

/// The hub's files are mutated where they stand, so that bases and networks are read as they are.
#[test]
fn the_hub_with_a_mutation_is_judged_within_seconds() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios");
    let folder = tempfile::tempdir().unwrap();
    let mut texts = Vec::new();
    for file in [
        "wuhan-baseline-2025.ron",
        "network/places.ron",
        "network/road.ron",
        "network/air.ron",
        "network/rail.ron",
        "network/sea.ron",
    ] {
        let text = fs::read_to_string(root.join(file)).unwrap();
        let path = folder.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &text).unwrap();
        texts.push((path, text));
    }
    let originals: Vec<String> = texts.iter().map(|(_, text)| text.clone()).collect();
    let main = texts[0].0.clone();
    let others: Vec<&str> = originals.iter().map(String::as_str).collect();
    let first = number("SANDA_FUZZ_FROM", 0);
    let mut failures = Vec::new();
    for seed in first..first + number("SANDA_FUZZ_HUB", 6) {
        let mut luck = Luck::new(seed ^ 0x4855_4200);
        let (path, text) = &texts[luck.below(texts.len())];
        let mutated = mutate(text, &others, &mut luck);
        fs::write(path, &mutated).unwrap();
        if let Err(words) = validate(&main) {
            let failure =
                format!("seed {seed} of the hub, {} ({}): {words}", path.display(), keep(&mutated, seed));
            println!("{failure}");
            failures.push(failure);
        }
        fs::write(path, text).unwrap();
    }
    assert_none(&failures);
}

/// A sound file runs briefly, and ends with an exit code of the table.
#[cfg(unix)]
#[test]
fn any_sound_file_runs_to_an_end() {
    let folder = tempfile::tempdir().unwrap();
    let texts = seeds();
    let (mut n_refused, mut n_long, mut failures) = (0, 0, Vec::new());
    let (mut left, mut salt) = (number("SANDA_FUZZ_RUNS", 12), 0x5255_4E00);
    // Most mutations are refused, which the test above covers; here only sound ones count.
    while left > 0 {
        let mut n_sound = 0;
        failures.extend(campaign(left, salt, &texts, |text| {
            fs::write(folder.path().join("mutated.ron"), text).unwrap();
            let code = run(folder.path(), "mutated.ron")?;
            n_sound += u64::from(code != 2);
            n_refused += u64::from(code == 2);
            n_long += u64::from(code == 143);
            Ok(())
        }));
        left -= n_sound.min(left);
        salt += 1 << 40;
    }
    println!("{n_refused} were refused, {n_long} of the others had too much to do and obeyed");
    assert_none(&failures);
}
