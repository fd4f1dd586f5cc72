//! `sanda run SCENARIO...`.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use anyhow::{Context, Result};
use sanda_experiment::{Gathered, Plan, RunError};
use sanda_results::{Host, Provenance, Results};
use sanda_scenario::LoadedModel;

use crate::args::Run;
use crate::files::Staging;
use crate::progress::Bar;
use crate::talk::Talk;
use crate::{exit, interrupt};

/// Runs every scenario; all are read and checked before the first is simulated.
pub(crate) fn run(arguments: &Run, talk: &Talk) -> u8 {
    let Some(loaded) = load_all(arguments, talk) else { return exit::USAGE };
    let stop = interrupt::flag();
    for (path, model) in &loaded {
        match simulate(arguments, path, model, &stop, *talk) {
            Ok(()) => {}
            Err(Failure::Interrupted) => {
                eprintln!("{}: interrupted before the first replication was complete; nothing written", path.display());
                return exit::INTERRUPTED;
            }
            Err(Failure::Invariant(error)) => {
                eprintln!("error: {error}\n{}", reproduce(arguments, path, model));
                return exit::INVARIANT;
            }
            Err(Failure::Internal(error)) => {
                talk.complain(&error);
                return exit::INTERNAL;
            }
        }
        if stop.load(Ordering::Relaxed) {
            return exit::INTERRUPTED;
        }
    }
    exit::SUCCESS
}

enum Failure {
    Interrupted,
    Invariant(RunError),
    Internal(anyhow::Error),
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Internal(error)
    }
}

/// Loads all scenarios, says all that is wrong with any of them, and refuses two of one name.
fn load_all(arguments: &Run, talk: &Talk) -> Option<Vec<(PathBuf, LoadedModel)>> {
    let mut all = Vec::new();
    let mut by_name: BTreeMap<String, PathBuf> = BTreeMap::new();
    let mut sound = true;
    for path in &arguments.scenarios {
        match sanda_scenario::load_model(path, &arguments.sets) {
            Ok(loaded) => {
                let remarks = loaded.render_remarks(talk.style());
                if !remarks.is_empty() {
                    talk.say(&remarks);
                }
                let name = loaded.built.labels.name.clone();
                if let Some(other) = by_name.insert(name.clone(), path.clone()) {
                    eprintln!(
                        "error: {} and {} are both named `{name}` and would write the same folder\nhint: give one of them another `name`",
                        other.display(),
                        path.display()
                    );
                    sound = false;
                }
                all.push((path.clone(), loaded));
            }
            Err(failure) => {
                eprint!("{}", failure.render(talk.style()));
                sound = false;
            }
        }
    }
    sound.then_some(all)
}

fn simulate(
    arguments: &Run,
    path: &std::path::Path,
    loaded: &LoadedModel,
    stop: &AtomicBool,
    talk: Talk,
) -> Result<(), Failure> {
    let built = &loaded.built;
    let plan = Plan {
        seed: arguments.seed.unwrap_or(built.seed),
        n_replications: arguments.replications.unwrap_or(built.n_replications),
        n_threads: arguments.threads.map(usize::from),
    };
    let began_at = Instant::now();
    let mut bar = Bar::new(&built.labels.name, plan.n_replications, talk);
    let run = sanda_experiment::run(&built.model, plan, stop, &mut bar);
    bar.finish();
    let gathered = run.map_err(|error| match error {
        RunError::Interrupted => Failure::Interrupted,
        RunError::Violation { .. } => Failure::Invariant(error),
        RunError::Threads(_) => Failure::Internal(error.into()),
    })?;
    let results = sanda_experiment::assemble(built, plan.seed, &gathered);
    let provenance = provenance(path, loaded, plan, &gathered, began_at.elapsed().as_secs_f64());
    let folder = write(arguments, &results, &provenance)?;
    let table = sanda_report::promise_table(&results, talk.width());
    // A reader that goes away (a pipe to `head`) is no failure of ours.
    let _ = writeln!(io::stdout(), "{table}");
    talk.say(&format!("{} -> {}", path.display(), folder.display()));
    Ok(())
}

/// The command that meets a broken invariant again.
fn reproduce(arguments: &Run, path: &std::path::Path, loaded: &LoadedModel) -> String {
    let seed = arguments.seed.unwrap_or(loaded.built.seed);
    let n_replications = arguments.replications.unwrap_or(loaded.built.n_replications);
    let sets: String = arguments.sets.iter().map(|set| format!(" --set '{set}'")).collect();
    format!(
        "reproduce with: sanda run {} --seed {seed} --replications {n_replications}{sets} --no-report\nhint: this is a bug of sanda, please report it with the scenario",
        path.display()
    )
}

fn write(arguments: &Run, results: &Results, provenance: &Provenance) -> Result<PathBuf> {
    let staging = Staging::new(&arguments.out, &results.scenario.name)?;
    staging.write("results.json", &results.to_json().context("cannot spell the results")?)?;
    staging.write("provenance.json", &provenance.to_json().context("cannot spell the provenance")?)?;
    staging.write("summary.txt", &sanda_report::summary_text(results))?;
    if !arguments.no_report {
        sanda_report::write_figures(results, &staging.folder().join("figures")).context("cannot draw the figures")?;
    }
    staging.commit()
}

fn provenance(
    path: &std::path::Path,
    loaded: &LoadedModel,
    plan: Plan,
    gathered: &Gathered,
    wall_seconds: f64,
) -> Provenance {
    let mut scenario_files = loaded.files();
    if scenario_files.is_empty() {
        scenario_files.push(path.display().to_string());
    }
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    Provenance {
        schema: sanda_results::SCHEMA,
        engine: "sanda".into(),
        engine_version: env!("CARGO_PKG_VERSION").into(),
        scenario_files,
        digest: loaded.built.digest.clone(),
        seed: plan.seed,
        key_layout: sanda_core::kernel::random::KEY_LAYOUT,
        tz_database: sanda_network::tz_version().into(),
        replications: gathered.n_replications(),
        threads: plan.n_threads.unwrap_or(cores) as u32,
        wall_seconds,
        host: Host { os: std::env::consts::OS.into(), arch: std::env::consts::ARCH.into() },
        events: gathered.n_events(),
        shipments: gathered.n_shipments(),
        peak_memory_bytes: peak_memory_bytes(),
    }
}

/// The most memory this process has had, where the system says so without asking for much.
fn peak_memory_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kilobytes * 1024)
}
