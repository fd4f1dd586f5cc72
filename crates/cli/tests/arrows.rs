//! The arrows between the crates, what each crate keeps to itself, and the rules for every source file, as
//! `crates/README.md` states them.
//!
//! Read from the manifests and sources, so that a forbidden dependency is a failing test and not a matter of review. Does not own the lints
//! of the compiler and clippy.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The crates of this workspace that each crate may use.
const ALLOWED: [(&str, &[&str]); 12] = [
    ("units", &[]),
    ("network", &["units"]),
    ("core", &["units"]),
    ("scenario", &["units", "network", "core"]),
    ("results", &["units"]),
    ("study", &[]),
    ("experiment", &["units", "core", "scenario", "results", "study"]),
    ("gate", &["results", "experiment"]),
    ("report", &["units", "results"]),
    ("verify", &["scenario", "results", "experiment"]),
    ("trace", &["units", "network", "core", "scenario"]),
    (
        "cli",
        &[
            "units",
            "network",
            "core",
            "scenario",
            "results",
            "study",
            "experiment",
            "gate",
            "report",
            "verify",
            "trace",
        ],
    ),
];

/// Libraries that only one crate may name.
const KEPT: [(&str, &str); 7] = [
    ("petgraph", "network"),
    ("plotters", "report"),
    ("plotters-backend", "report"),
    ("quick-junit", "gate"),
    ("ron", "scenario"),
    ("rayon", "experiment"),
    ("clap", "cli"),
];

fn crates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}

/// Returns the names under `[dependencies]` and its counterparts for build scripts and platforms; test dependencies are free.
fn dependencies(name: &str) -> BTreeSet<String> {
    let manifest = fs::read_to_string(crates().join(name).join("Cargo.toml")).unwrap();
    let mut section = "";
    let mut names = BTreeSet::new();
    for line in manifest.lines().map(str::trim) {
        if let Some(header) = line.strip_prefix('[') {
            section = header.trim_end_matches(']');
        } else if section.ends_with("dependencies")
            && section != "dev-dependencies"
            && let Some((key, _)) = line.split_once(['.', '=', ' '])
            && !key.starts_with('#')
        {
            names.insert(key.to_owned());
        }
    }
    names
}

/// Returns all sources under `src` of a crate, without their comments.
fn sources(name: &str) -> BTreeMap<PathBuf, String> {
    let mut files = BTreeMap::new();
    collect(&crates().join(name).join("src"), &mut files);
    for text in files.values_mut() {
        *text = without_comments(text);
    }
    files
}

fn without_comments(text: &str) -> String {
    text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// Collects all sources below a folder, unchanged.
fn collect(folder: &Path, files: &mut BTreeMap<PathBuf, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.insert(path.clone(), fs::read_to_string(&path).unwrap());
        }
    }
}

/// Fails if any of the words occurs in the sources of the crate.
fn never_says(name: &str, words: &[&str]) {
    for (path, code) in sources(name) {
        for word in words {
            let line = code.lines().position(|line| line.contains(word)).map(|at| at + 1);
            assert_eq!(line, None, "`{word}` in {} on this line", path.display());
        }
    }
}

#[test]
fn every_crate_is_in_the_table() {
    let folders = fs::read_dir(crates()).unwrap().map(|entry| entry.unwrap());
    let names: BTreeSet<String> = folders
        .filter(|entry| entry.path().join("Cargo.toml").exists())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    assert_eq!(names, ALLOWED.iter().map(|(name, _)| (*name).to_owned()).collect());
}

#[test]
fn arrows_point_one_way() {
    for (name, allowed) in ALLOWED {
        for dependency in dependencies(name) {
            if let Some(ours) = dependency.strip_prefix("sanda-") {
                assert!(allowed.contains(&ours), "{name} must not use {ours}");
            }
        }
    }
    // The reader of manifests has found something.
    assert!(dependencies("core").contains("sanda-units"));
}

#[test]
fn libraries_stay_with_their_crate() {
    for (library, owner) in KEPT {
        for (name, _) in ALLOWED {
            let is_named = dependencies(name).contains(library);
            assert_eq!(is_named, name == owner, "{library} belongs to {owner} alone, see {name}");
        }
    }
}

#[test]
fn the_model_reads_nothing_and_says_nothing() {
    let words = [
        "std::fs",
        "std::env",
        "std::io",
        "std::net",
        "std::process",
        "std::time",
        "SystemTime",
        "Instant::now",
        "print!",
        "println!",
        "eprint!",
        "eprintln!",
        "dbg!",
        "thread_rng",
        "rand::rng",
        "HashMap",
        "HashSet",
    ];
    never_says("core", &words);
    never_says("network", &words);
}

#[test]
fn the_kernel_knows_no_freight() {
    let kernel = crates().join("core/src/kernel");
    let files: Vec<_> = sources("core").into_iter().filter(|(path, _)| path.starts_with(&kernel)).collect();
    assert!(files.len() > 5);
    for (path, code) in files {
        for word in ["crate::model", "crate::engine", "crate::record", "sanda_network", "Shipment", "Teu"] {
            assert!(!code.contains(word), "`{word}` in {}", path.display());
        }
    }
}

#[test]
fn only_the_command_talks() {
    for (name, _) in ALLOWED.iter().filter(|(name, _)| *name != "cli") {
        never_says(name, &["println!", "eprintln!", "process::exit"]);
    }
    // A closed pipe makes the macros panic: the command itself writes by `talk`.
    never_says("cli", &["print!(", "println!("]);
}

#[test]
fn every_source_keeps_the_house_rules() {
    const LONGEST: usize = 600;
    let mut files = BTreeMap::new();
    collect(&crates(), &mut files);
    collect(&crates().join("../benches"), &mut files);
    assert!(files.len() > 100);
    let mut broken = Vec::new();
    for (path, text) in &files {
        let n_lines = text.lines().count();
        if n_lines > LONGEST {
            broken.push(format!("{}: {n_lines} lines, split it", path.display()));
        }
        if !text.starts_with("//!") {
            broken.push(format!("{}: does not begin with what it owns", path.display()));
        }
        // Spelt so that this file obeys its own rules.
        for (word, instead) in [
            (concat!("#[", "ignore"), "a test that is not run proves nothing"),
            (concat!("#[", "should_panic"), "check the panic's cause"),
            (concat!("#[", "allow("), "say #[expect(..., reason = ...)]"),
            (concat!("#![", "allow("), "say #![expect(..., reason = ...)]"),
            (concat!("todo", "!("), "finish it"),
            (concat!("unimplemented", "!("), "finish it"),
            (concat!("thread::", "sleep"), "wait for what happens, not for time"),
        ] {
            if without_comments(text).contains(word) {
                broken.push(format!("{}: `{word}`: {instead}", path.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}
