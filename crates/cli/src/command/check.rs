//! `sanda check BASELINE.json...`. Does not own the comparison (`sanda_gate`).

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use sanda_core::kernel::random::KEY_LAYOUT;
use sanda_experiment::Pieces;
use sanda_gate::{
    Baseline, Cause, Finding, Findings, Place, Plan, Tier, Verdict, assess, findings_text, junit, markdown,
    power_table, sarif,
};
use sanda_results::paths;
use sanda_scenario::{ParameterPath, Value};
use sanda_study::{ENGINE, write_whole};

use crate::args::{Check, Input, Kept};
use crate::command::bless::observed_of;
use crate::command::{Said, load, n_threads};
use crate::simulation::{Failure, Scenario, Settings, close_pieces, foresee, pieces, simulate};
use crate::talk::{self, Talk};
use crate::{exit, interrupt};

/// The output folder whose kept replications are used.
pub(crate) const CACHE_OF: &str = "output";

/// Size limit of the folder of kept replications in GB, equal to the default of `sanda run`.
const PIECES_LIMIT: u64 = 4;

/// Returns the options for kept replications of a command that writes no results.
pub(crate) fn kept(no_pieces: bool) -> Kept {
    Kept { study: None, no_pieces, plan_only: false, pieces_limit: PIECES_LIMIT }
}

/// Compares scenarios with their baselines, writes the requested reports, and returns the exit code of the gate.
pub(crate) fn check(arguments: &Check, talk: Talk) -> u8 {
    let Some(n_threads) = n_threads(arguments.threads) else { return exit::USAGE };
    let mut findings = Vec::new();
    let files = files(&arguments.baselines, &mut findings);
    if arguments.power {
        return power(&files, findings);
    }
    interrupt::listen();
    let kept = kept(arguments.no_pieces);
    let pieces = pieces(&kept, CACHE_OF.as_ref());
    for file in &files {
        match check_one(arguments, file, n_threads, &pieces, talk) {
            Ok(finding) => findings.push(finding),
            Err(code) => {
                close_pieces(&pieces, &kept, talk);
                return code;
            }
        }
    }
    close_pieces(&pieces, &kept, talk);
    let findings = Findings::new(findings, arguments.strict, ENGINE);
    if let Err(error) = write(arguments, &findings) {
        talk::complain(&error);
        return exit::INTERNAL;
    }
    match talk::print(&findings_text(&findings)) {
        exit::SUCCESS => code(&findings),
        failed => failed,
    }
}

/// Returns the exit code of a verdict.
fn code(findings: &Findings) -> u8 {
    match findings.verdict {
        Verdict::Changed if findings.strict => exit::CHANGED,
        Verdict::Pass | Verdict::Changed => exit::SUCCESS,
        Verdict::Inconclusive => exit::INCONCLUSIVE,
        Verdict::Incomparable => exit::BASELINE,
        Verdict::Fail => exit::REGRESSION,
        Verdict::Broken => exit::INVARIANT,
    }
}

/// Returns the named baseline files and those in named folders. A folder without any is a finding.
fn files(named: &[PathBuf], findings: &mut Vec<Finding>) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for path in named {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let mut inside: Vec<PathBuf> = match fs::read_dir(path) {
            Ok(entries) => entries.flatten().map(|entry| entry.path()).collect(),
            Err(error) => {
                findings
                    .push(Finding::incomparable(&shown(path), format!("cannot list the folder: {error}")));
                continue;
            }
        };
        inside.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
        inside.sort();
        if inside.is_empty() {
            let message = "the folder holds no baseline, and an empty comparison is not a success\nhint: `sanda bless SCENARIO.ron --reason TEXT` writes one";
            findings.push(Finding::incomparable(&shown(path), message.to_owned()));
        }
        files.extend(inside);
    }
    files
}

/// Returns a path as shown in messages and reports: with `/` between names on every system.
fn shown(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// Prints how many replications the margins need.
fn power(files: &[PathBuf], mut findings: Vec<Finding>) -> u8 {
    let mut text = String::new();
    for file in files {
        match Baseline::read(file) {
            Ok(baseline) => text.push_str(&power_table(&baseline)),
            Err(error) => {
                let message = format!("{error}\nhint: {}", error.hint());
                findings.push(Finding::incomparable(&shown(file), message));
            }
        }
    }
    if !findings.is_empty() {
        text.push_str(&findings_text(&Findings::new(findings, false, ENGINE)));
        talk::print(&text);
        return exit::BASELINE;
    }
    talk::print(&text)
}

/// Compares one baseline.
///
/// # Errors
/// The exit code if the check must end: the scenario is wrong, the run was interrupted, or an internal error occurred. It has been
/// reported.
fn check_one(
    arguments: &Check,
    file: &Path,
    n_threads: usize,
    pieces: &Pieces,
    talk: Talk,
) -> Result<Finding, u8> {
    let name = shown(file);
    let baseline = match Baseline::read(file) {
        Ok(baseline) => baseline,
        Err(error) => {
            return Ok(Finding::incomparable(&name, format!("{error}\nhint: {}", error.hint())));
        }
    };
    let id = &baseline.scenario;
    let refused = |message: String| {
        let finding = Finding::incomparable(&name, message);
        Ok(Finding { scenario: id.name.clone(), file: id.file.clone(), ..finding })
    };
    if baseline.last().key_layout != KEY_LAYOUT {
        return refused(format!(
            "its random numbers have key layout {}, those of this program {KEY_LAYOUT}: no replication would meet the same luck\nhint: bless the scenario anew, after a comparison by other means",
            baseline.last().key_layout
        ));
    }
    let path = PathBuf::from(&id.file);
    if !path.is_file() {
        return refused(format!(
            "there is no scenario file `{}`\nhint: run the gate in the folder where the scenario was blessed, or bless it under its new name",
            id.file
        ));
    }
    let sets: Vec<String> = id.sets.iter().chain(&arguments.sets).cloned().collect();
    let input = Input { scenarios: vec![path.clone()], sets: sets.clone() };
    let Some(loaded) = load(&path, &input, talk, &mut Said::new()) else {
        return refused(format!(
            "the scenario `{}` can no longer be read; stderr says why\nhint: `sanda validate {}` shows what is wrong",
            id.file, id.file
        ));
    };
    let scenario = Scenario { path, loaded };
    if scenario.name() != id.name {
        return refused(format!(
            "it is of scenario `{}`, but `{}` is named `{}`\nhint: bless the scenario under its new name, and remove this baseline",
            id.name,
            id.file,
            scenario.name()
        ));
    }
    let mut finding = match compare(arguments, &name, &baseline, &scenario, n_threads, pieces, talk) {
        Ok(finding) => finding,
        Err(Stop::Code(code)) => return Err(code),
        Err(Stop::Failure(failure, seed)) => {
            let code = failure.tell(&scenario, &sets, seed);
            if code != exit::INVARIANT {
                return Err(code);
            }
            let message = "the run ended with a broken invariant, which was said on stderr".to_owned();
            let finding = Finding::incomparable(&name, message);
            return Ok(Finding {
                scenario: id.name.clone(),
                file: id.file.clone(),
                verdict: Verdict::Broken,
                cause: Cause::Invariant,
                ..finding
            });
        }
    };
    if finding.verdict != Verdict::Pass {
        locate(&mut finding, &scenario.path, &sets);
    }
    Ok(finding)
}

/// The reason why a comparison has no finding.
enum Stop {
    /// The exit code; the error has been reported.
    Code(u8),
    Failure(Failure, u64),
}

fn compare(
    arguments: &Check,
    name: &str,
    baseline: &Baseline,
    scenario: &Scenario,
    n_threads: usize,
    pieces: &Pieces,
    talk: Talk,
) -> Result<Finding, Stop> {
    let seed = arguments.seed.unwrap_or(baseline.last().seed);
    let tier = match (arguments.quick, arguments.full) {
        (true, _) => Tier::Quick,
        (_, true) => Tier::Full,
        _ => Tier::Auto,
    };
    let plan = Plan { tier, looks: arguments.looks, seed: arguments.seed };
    assess(baseline, name, plan, |n_replications| {
        let n_threads = foresee(&scenario.loaded, n_replications, n_threads, talk).map_err(|error| {
            talk::complain(&error);
            Stop::Code(exit::USAGE)
        })?;
        let settings = Settings { seed, n_replications, n_points: 0, n_threads };
        let simulated = simulate(&scenario.loaded, settings, pieces, talk)
            .map_err(|failure| Stop::Failure(failure, seed))?;
        let is_whole = u64::from(simulated.gathered.n_replications()) == n_replications;
        if interrupt::is_requested() || !is_whole {
            talk::remark(&format!("{}: interrupted, nothing was judged", scenario.name()));
            return Err(Stop::Code(interrupt::code()));
        }
        Ok(observed_of(scenario, &simulated.gathered))
    })
}

/// Adds the positions of a finding's subjects in the scenario, and the modes of its services.
fn locate(finding: &mut Finding, path: &Path, sets: &[String]) {
    // The file was read before, so it fails only if it changed meanwhile. Positions are optional.
    let Ok(loaded) = sanda_scenario::load(path, sets) else { return };
    let follow = |path: &str| path.parse::<ParameterPath>().ok()?.follow(&loaded.tree).ok();
    for moved in finding.moved.iter_mut().filter(|moved| moved.kind == sanda_gate::MovedKind::Service) {
        moved.mode =
            follow(&format!("{}.{}.mode", paths::SERVICES, moved.name)).and_then(|tree| match &tree.value {
                Value::Ident(mode) => Some(mode.to_lowercase()),
                _ => None,
            });
    }
    let drifted: Vec<String> = finding.drifted().map(|one| one.path.clone()).collect();
    let moves = finding.moves.iter().map(|one| &one.path);
    let mut places = BTreeMap::new();
    for metric in moves.chain(&finding.statistics_changed).chain(&finding.vanished).chain(&drifted) {
        let Some((section, id, _)) = paths::split(metric) else { continue };
        let subject = format!("{section}.{id}");
        let Some(tree) = follow(&subject) else { continue };
        let source = loaded.sources.source(tree.span.file);
        if source.is_argument {
            continue;
        }
        let line = source.line_column(tree.span.start).line;
        let file = source.name.replace('\\', "/");
        places.entry(subject).or_insert(Place { file, line });
    }
    finding.places = places;
}

/// Writes the requested reports.
fn write(arguments: &Check, findings: &Findings) -> Result<()> {
    let file = |path: &Option<PathBuf>, text: &dyn Fn() -> Result<String>| -> Result<()> {
        let Some(path) = path else { return Ok(()) };
        write_whole(path, text()?.as_bytes()).with_context(|| format!("cannot write `{}`", path.display()))
    };
    file(&arguments.junit, &|| {
        junit(findings).map_err(|error| anyhow!("cannot serialise the JUnit XML: {error}"))
    })?;
    file(&arguments.sarif, &|| Ok(sarif(findings, env!("CARGO_PKG_VERSION"))?))?;
    file(&arguments.markdown, &|| Ok(markdown(findings)))?;
    file(&arguments.json, &|| Ok(findings.to_json()?))
}
