//! `sanda run SCENARIO...`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use anyhow::{Context, Result};
use sanda_core::freight::model::{Model, PromiseParams};
use sanda_experiment::{Gathered, InputError, InputPlan, Plan, RunError};
use sanda_results::{Host, Provenance, Results};
use sanda_scenario::LoadedModel;

use crate::args::Run;
use crate::command::{load, n_threads, say_how_many};
use crate::folder::OutputFolder;
use crate::progress::Meter;
use crate::talk::{self, Talk};
use crate::{bug, exit, interrupt};

/// Columns of the summary. A narrower terminal gets its title and the promise table alone, which fits any width.
const SUMMARY_WIDTH: u16 = 100;

/// No more promises than these are told of while a run goes on.
const MOST_LEADING: usize = 4;

/// One scenario on its way.
struct Job {
    path: PathBuf,
    loaded: LoadedModel,
    folder: OutputFolder,
}

impl Job {
    fn name(&self) -> &str {
        &self.loaded.built.labels.name
    }
}

/// Runs every scenario; all are read and checked before the first is simulated.
pub(crate) fn run(arguments: &Run, talk: Talk) -> u8 {
    let Some(jobs) = load_all(arguments, talk) else { return exit::USAGE };
    for job in &jobs {
        if let Err(error) = job.folder.prepare() {
            talk::complain(&error);
            return exit::USAGE;
        }
    }
    interrupt::listen();
    let mut all = Vec::new();
    for (index, job) in jobs.iter().enumerate() {
        if index > 0 {
            talk::print("\n");
        }
        let code =
            simulate(arguments, job, talk, &mut all).unwrap_or_else(|failure| failure.tell(arguments, job));
        if code != exit::SUCCESS {
            return code;
        }
        if interrupt::is_requested() {
            return exit::INTERRUPTED;
        }
    }
    if all.len() > 1 {
        let width = talk::terminal_width().unwrap_or(SUMMARY_WIDTH).min(SUMMARY_WIDTH);
        let table = sanda_report::scenario_table(&all, width);
        let table = if talk.is_output_coloured() { sanda_report::colour_verdicts(&table) } else { table };
        return talk::print(&format!("\n{table}"));
    }
    exit::SUCCESS
}

enum Failure {
    Interrupted,
    /// What broke, and in which replication.
    Invariant(RunError, u64),
    /// What broke at a point of the input ranges.
    Inputs(anyhow::Error),
    Internal(anyhow::Error),
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Internal(error)
    }
}

impl Failure {
    /// Says what happened and returns the exit code.
    fn tell(self, arguments: &Run, job: &Job) -> u8 {
        match self {
            Self::Interrupted => {
                let name = job.name();
                talk::remark(&format!("{name}: no replication was complete, nothing was written"));
                exit::INTERRUPTED
            }
            Self::Invariant(error, replication) => {
                talk::complain(&error.into());
                talk::remark(&format!(
                    "reproduce with: {}\nhint: this is a bug of sanda, please report it with the scenario",
                    reproduce(arguments, job, replication)
                ));
                exit::INVARIANT
            }
            Self::Inputs(error) => {
                talk::complain(&error);
                talk::remark(
                    "hint: it broke with other values of the inputs, in their declared ranges; this is a bug of sanda, please report it with the scenario, or run with `--inputs 0`",
                );
                exit::INVARIANT
            }
            Self::Internal(error) => {
                talk::complain(&error);
                exit::INTERNAL
            }
        }
    }
}

/// Loads all scenarios, says all that is wrong with any of them, and refuses two of one name.
fn load_all(arguments: &Run, talk: Talk) -> Option<Vec<Job>> {
    let mut jobs = Vec::new();
    let mut by_name: BTreeMap<String, &Path> = BTreeMap::new();
    let mut n_wrong = 0;
    for path in &arguments.input.scenarios {
        let Some(loaded) = load(path, &arguments.input, talk) else {
            n_wrong += 1;
            continue;
        };
        let name = loaded.built.labels.name.clone();
        let folder = OutputFolder::new(&arguments.out, &name);
        if let Some(other) = by_name.insert(name.clone(), path) {
            talk::remark(&format!(
                "error: {} and {} are both named `{name}` and would write the same folder\nhint: give one of them another `name`",
                other.display(),
                path.display()
            ));
            n_wrong += 1;
        }
        jobs.push(Job { path: path.clone(), loaded, folder });
    }
    if n_wrong > 0 {
        say_how_many(n_wrong, &arguments.input, "; nothing was simulated");
        return None;
    }
    Some(jobs)
}

/// Simulates one scenario, writes its folder and prints its summary; returns the exit code of printing, and adds the results
/// to those of the call.
fn simulate(arguments: &Run, job: &Job, talk: Talk, all: &mut Vec<Results>) -> Result<u8, Failure> {
    let built = &job.loaded.built;
    let n_threads = n_threads(arguments.threads);
    let plan = Plan {
        seed: arguments.seed.unwrap_or(built.seed),
        n_replications: arguments.replications.unwrap_or(built.n_replications),
        n_threads: Some(n_threads),
    };
    let n_points = n_input_points(arguments, job, plan.n_replications);
    let mut meter = Meter::new(job.name(), leading(&built.model), plan.n_replications, n_points, talk);
    let run = sanda_experiment::run(&built.model, plan, interrupt::flag(), &mut meter);
    let inputs = match &run {
        Ok(_) if n_points > 0 && !interrupt::is_requested() => {
            meter.go_on_after(plan.n_replications);
            let plan = InputPlan { seed: plan.seed, n_points, n_threads: Some(n_threads) };
            Some(sanda_experiment::try_inputs(&job.loaded.inputs, plan, interrupt::flag(), &mut meter))
        }
        _ => None,
    };
    let wall_seconds = meter.elapsed().as_secs_f64();
    meter.finish();
    let gathered = run.map_err(|error| match error {
        RunError::Interrupted => Failure::Interrupted,
        RunError::Violation { replication, .. } => Failure::Invariant(error, replication),
        RunError::Threads(_) => Failure::Internal(error.into()),
    })?;
    let mut results = sanda_experiment::assemble(built, plan.seed, &gathered);
    sanda_experiment::add_basis(&mut results, &job.loaded);
    let inputs = match inputs.transpose() {
        Ok(outcomes) => outcomes,
        Err(InputError::Run(error)) => return Err(Failure::Inputs(error.into())),
        Err(error) => {
            talk::remark(&format!("{}: no ranges over the inputs: {error}", job.name()));
            None
        }
    };
    if let Some(outcomes) = &inputs {
        sanda_experiment::add_inputs(&mut results, &built.model, outcomes);
    }
    let provenance = provenance(job, plan.seed, n_threads, &gathered, wall_seconds);
    let folder = job.folder.replace(|new| write(arguments, &results, &provenance, new))?;
    let code = talk::print(&shown(&results, talk));
    if u64::from(gathered.n_replications()) < plan.n_replications {
        let (n_done, n_planned) = (gathered.n_replications(), plan.n_replications);
        talk::remark(&format!("{}: interrupted, kept {n_done} of {n_planned} replications", job.name()));
    }
    talk.say(&format!("{} -> {}", job.path.display(), folder.display()));
    // What the table of all scenarios does not show is not kept.
    results.metrics.clear();
    results.distributions.clear();
    all.push(results);
    Ok(code)
}

/// The promises told of while a run goes on: of those from release to delivery, the ones that sum up several flows; all of
/// them if none does.
fn leading(model: &Model) -> Vec<String> {
    let is_whole = |id| model.flows.iter().any(|flow| flow.promises.contains(&(id, 0)));
    let whole: Vec<_> = model.promises.iter_enumerated().filter(|(id, _)| is_whole(*id)).collect();
    let sums_up = |promise: &PromiseParams| promise.flows.len() > 1;
    let any = whole.iter().any(|(_, promise)| sums_up(promise));
    let leading = whole.into_iter().filter(|(_, promise)| !any || sums_up(promise));
    leading.take(MOST_LEADING).map(|(_, promise)| promise.name.clone()).collect()
}

/// Points of the input ranges: as asked for on the command line, else in the scenario, else by the number of replications.
fn n_input_points(arguments: &Run, job: &Job, n_replications: u64) -> u64 {
    let n_parameters = job.loaded.inputs.ranges().len();
    let asked = arguments.inputs.or(job.loaded.built.n_input_points);
    match asked {
        Some(n) if n_parameters > 0 => n,
        Some(_) => 0,
        None => sanda_experiment::default_points(n_parameters, n_replications),
    }
}

/// What is printed: the summary, which is the content of `summary.txt`, coloured on a terminal.
fn shown(results: &Results, talk: Talk) -> String {
    let summary = sanda_report::summary_text(results);
    let text = match talk::terminal_width() {
        Some(width) if width < SUMMARY_WIDTH && !results.promises.is_empty() => {
            let title = summary.lines().next().unwrap_or_default();
            format!("{title}\n\n{}", sanda_report::promise_table(results, width))
        }
        _ => summary,
    };
    if talk.is_output_coloured() { sanda_report::colour_verdicts(&text) } else { text }
}

/// The command that meets a broken invariant again, in as few replications as that takes.
fn reproduce(arguments: &Run, job: &Job, replication: u64) -> String {
    let seed = arguments.seed.unwrap_or(job.loaded.built.seed).to_string();
    let n_replications = (replication + 1).to_string();
    let path = job.path.to_string_lossy();
    let mut line = vec!["run", &path, "--seed", &seed, "--replications", &n_replications, "--no-report"];
    line.extend(arguments.input.sets.iter().flat_map(|set| ["--set", set]));
    bug::command_line(line)
}

/// Writes the folder's files: the figures, which take longest, beside the others.
fn write(arguments: &Run, results: &Results, provenance: &Provenance, folder: &Path) -> Result<()> {
    let file = |name: &str, content: String| {
        let path = folder.join(name);
        fs::write(&path, content).with_context(|| format!("cannot write `{}`", path.display()))
    };
    let others = || {
        file("results.json", results.to_json().context("cannot spell the results")?)?;
        file("provenance.json", provenance.to_json().context("cannot spell the provenance")?)?;
        file("summary.txt", sanda_report::summary_text(results))
    };
    if arguments.no_report {
        return others();
    }
    thread::scope(|scope| {
        let others =
            scope.spawn(|| others().and_then(|()| file("report.html", sanda_report::report_html(results))));
        let figures = sanda_report::write_figures(results, &folder.join("figures"));
        others.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
        figures.context("cannot draw the figures").map(|_| ())
    })
}

fn provenance(job: &Job, seed: u64, n_threads: usize, gathered: &Gathered, wall_seconds: f64) -> Provenance {
    Provenance {
        schema: sanda_results::SCHEMA,
        engine: "sanda".into(),
        engine_version: env!("CARGO_PKG_VERSION").into(),
        scenario_files: job.loaded.files(),
        digest: job.loaded.built.digest.clone(),
        seed,
        key_layout: sanda_core::kernel::random::KEY_LAYOUT,
        tz_database: sanda_network::tz_version().into(),
        replications: gathered.n_replications(),
        threads: n_threads as u32,
        wall_seconds,
        host: Host { os: std::env::consts::OS.into(), arch: std::env::consts::ARCH.into() },
        events: gathered.n_events(),
        shipments: gathered.n_shipments(),
        peak_memory_bytes: peak_memory_bytes(),
    }
}

/// The most memory this process has had, where the system says so without asking for much.
fn peak_memory_bytes() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kilobytes * 1024)
}
