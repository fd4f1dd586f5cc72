//! `sanda run SCENARIO...`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use anyhow::{Context, Result, bail};
use sanda_core::freight::model::{Model, PromiseParams};
use sanda_experiment::{Gathered, InputError, InputPlan, Plan, RunError};
use sanda_report::SUMMARY_WIDTH;
use sanda_results::{Host, Provenance, Results};
use sanda_scenario::LoadedModel;
use sanda_scenario::words::printable;

use crate::args::Run;
use crate::command::{Said, load, n_threads, say_how_many};
use crate::folder::OutputFolder;
use crate::progress::Meter;
use crate::talk::{self, Talk};
use crate::{bug, exit, interrupt, memory};

/// A terminal narrower than this gets the promise table alone even where no promise is made.
const NARROW: u16 = 60;

/// No more promises than these are told of while a run goes on.
const MOST_LEADING: usize = 4;

/// What to do where memory does not suffice.
const MEMORY_HINT: &str =
    "shorten the run, let a shipment stand for a lot, relieve what is overloaded, or take fewer --threads";

/// Shipments and departures that a thread simulates in a second, at least: a hub with long ways and queues.
const SHIPMENTS_A_SECOND: f64 = 200_000.0;

/// A run that is foreseen to take more seconds than this is announced.
const LONG_RUN: f64 = 600.0;

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
    let Some(n_threads) = n_threads(arguments.threads) else { return exit::USAGE };
    let Some(jobs) = load_all(arguments, talk) else { return exit::USAGE };
    let mut threads = Vec::new();
    for job in &jobs {
        match foresee(arguments, job, n_threads, talk) {
            Ok(n_threads) => threads.push(n_threads),
            Err(error) => {
                talk::complain(&error);
                return exit::USAGE;
            }
        }
    }
    for job in &jobs {
        if let Err(error) = job.folder.prepare() {
            talk::complain(&error);
            return exit::USAGE;
        }
    }
    interrupt::listen();
    let mut all = Vec::new();
    for (index, (job, n_threads)) in jobs.iter().zip(threads).enumerate() {
        if index > 0 {
            talk::print("\n");
        }
        let code = simulate(arguments, job, n_threads, talk, &mut all)
            .unwrap_or_else(|failure| failure.tell(arguments, job));
        if code != exit::SUCCESS {
            return code;
        }
        if interrupt::is_requested() {
            return interrupt::code();
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
    /// No memory is left.
    Memory(String),
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
                interrupt::code()
            }
            Self::Memory(words) => {
                talk::remark(&format!("error: {words}\nhint: {MEMORY_HINT}"));
                exit::INTERNAL
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
    let (mut n_wrong, mut said) = (0, Said::new());
    for path in &arguments.input.scenarios {
        let Some(loaded) = load(path, &arguments.input, talk, &mut said) else {
            n_wrong += 1;
            continue;
        };
        let name = loaded.built.labels.name.clone();
        let folder = OutputFolder::new(&arguments.out, &name);
        if let Some(other) = by_name.insert(name.clone(), path) {
            talk::remark(&format!(
                "error: {} and {} are both named `{name}` and would write the same folder\nhint: give one of them another `name`",
                printable(&other.to_string_lossy()),
                printable(&path.to_string_lossy())
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

/// How many threads a scenario may have by what its replications are foreseen to take of the memory there is.
///
/// # Errors
/// Not even one replication fits.
fn foresee(arguments: &Run, job: &Job, n_threads: usize, talk: Talk) -> Result<usize> {
    let built = &job.loaded.built;
    let forecast = built.forecast;
    let n_replications = arguments.replications.unwrap_or(built.n_replications);
    let n_parallel = n_threads.min(usize::try_from(n_replications).unwrap_or(usize::MAX));
    let mut n_fitting = n_parallel;
    if let Some(available) = memory::available() {
        let (needed, available) = (forecast.bytes(), available as f64);
        if needed > available {
            let what = if forecast.vehicles > forecast.present {
                format!("{} vehicles are under way", number(forecast.vehicles))
            } else {
                format!("{} shipments are in the network", number(forecast.present))
            };
            bail!(
                "a replication of `{}` needs about {} of memory, and {} are available: {what} at the same time\nhint: {MEMORY_HINT}",
                job.name(),
                memory::shown(needed),
                memory::shown(available)
            );
        }
        n_fitting = n_parallel.min((available / needed.max(1.0)) as usize).max(1);
        if n_fitting < n_parallel {
            talk.say(&format!(
                "{}: a replication needs about {} of memory, and {} are available: {n_fitting} at a time instead of {n_parallel}",
                job.name(),
                memory::shown(needed),
                memory::shown(available)
            ));
        }
    }
    // Rough, and for warning only: it differs by a factor of ten between scenarios.
    let n_all = (forecast.shipments + forecast.departures) * n_replications as f64;
    let seconds = n_all / SHIPMENTS_A_SECOND / n_fitting as f64;
    if seconds > LONG_RUN {
        talk.say(&format!(
            "{}: about {} shipments and departures in {n_replications} replications: this may take {}",
            job.name(),
            number(n_all),
            roughly(seconds)
        ));
    }
    Ok(n_fitting)
}

/// A large number in few digits.
fn number(n: f64) -> String {
    match n {
        n if n < 9_999.5 => format!("{n:.0}"),
        n if n < 999_500.0 => format!("{:.0} thousand", n / 1e3),
        n if n < 999_500_000.0 => format!("{:.1} million", n / 1e6),
        n => format!("{:.1} billion", n / 1e9),
    }
}

/// A long time in few words.
fn roughly(seconds: f64) -> &'static str {
    match seconds {
        s if s < 3_600.0 => "many minutes",
        s if s < 86_400.0 => "hours",
        s if s < 30.0 * 86_400.0 => "days",
        _ => "months",
    }
}

/// Simulates one scenario, writes its folder and prints its summary; returns the exit code of printing, and adds the results
/// to those of the call.
fn simulate(
    arguments: &Run,
    job: &Job,
    n_threads: usize,
    talk: Talk,
    all: &mut Vec<Results>,
) -> Result<u8, Failure> {
    let built = &job.loaded.built;
    let plan = Plan {
        seed: arguments.seed.unwrap_or(built.seed),
        n_replications: arguments.replications.unwrap_or(built.n_replications),
        n_threads: Some(n_threads),
    };
    let n_points = n_input_points(arguments, job, plan.n_replications);
    let mut meter = Meter::new(job.name(), leading(&built.model), plan.n_replications, n_points, talk);
    let run = sanda_experiment::run(&built.model, plan, interrupt::flag(), &mut meter);
    let inputs = match &run {
        Ok(_) if n_points > 0 && !interrupt::is_requested() && meter.trouble().is_none() => {
            meter.go_on_after(plan.n_replications);
            let plan = InputPlan { seed: plan.seed, n_points, n_threads: Some(n_threads) };
            Some(sanda_experiment::try_inputs(&job.loaded.inputs, plan, interrupt::flag(), &mut meter))
        }
        _ => None,
    };
    meter.tell_of_stop();
    let wall_seconds = meter.elapsed().as_secs_f64();
    let trouble = meter.trouble();
    meter.finish();
    if let Some(words) = trouble {
        return Err(Failure::Memory(words));
    }
    let gathered = run.map_err(|error| match error {
        RunError::Interrupted => Failure::Interrupted,
        RunError::Violation { replication, .. } => Failure::Invariant(error, replication),
        RunError::Threads(_) | RunError::Owner(_) => Failure::Internal(error.into()),
    })?;
    if bug::has_happened() {
        // One worker has panicked, which has been said, while another was left behind.
        return Ok(exit::INTERNAL);
    }
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
        sanda_experiment::add_inputs(&mut results, &built.model, &gathered, outcomes);
    }
    sanda_experiment::add_overrides(&mut results, &arguments.input.sets);
    sanda_experiment::add_interruption(&mut results, plan.n_replications);
    let provenance = provenance(job, &results, n_threads, &gathered, wall_seconds);
    let beside = job.folder.of_interrupted();
    let keeps_whole = provenance.interrupted && job.folder.is_whole();
    let folder = if keeps_whole { &beside } else { &job.folder };
    let folder = folder.replace(|new| write(arguments, &results, &provenance, new))?;
    let code = talk::print(&shown(&results, talk));
    if provenance.interrupted {
        let (n_done, n_planned) = (gathered.n_replications(), plan.n_replications);
        talk::remark(&format!("{}: interrupted, kept {n_done} of {n_planned} replications", job.name()));
    }
    if keeps_whole {
        talk::remark(&format!(
            "{}: the results of a whole run stay in their folder; those of this one are in `{}`",
            job.name(),
            printable(&folder.to_string_lossy())
        ));
    }
    let said = format!("{} -> {}", job.path.display(), folder.display());
    talk.say(&printable(&said));
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

/// What is printed: the summary, which is the content of `summary.txt`, coloured on a terminal. A terminal narrower than that gets its
/// title and the promise table alone, which fits any width.
fn shown(results: &Results, talk: Talk) -> String {
    let summary = sanda_report::summary_text(results);
    let text = match talk::terminal_width() {
        Some(width) if width < SUMMARY_WIDTH && (width < NARROW || !results.promises.is_empty()) => {
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

fn provenance(
    job: &Job,
    results: &Results,
    n_threads: usize,
    gathered: &Gathered,
    wall_seconds: f64,
) -> Provenance {
    Provenance {
        schema: sanda_results::SCHEMA,
        engine: "sanda".into(),
        engine_version: env!("CARGO_PKG_VERSION").into(),
        scenario_files: job.loaded.files(),
        overrides: results.overrides.clone(),
        digest: job.loaded.built.digest.clone(),
        seed: results.scenario.seed,
        key_layout: sanda_core::kernel::random::KEY_LAYOUT,
        tz_database: sanda_network::tz_version().into(),
        replications: gathered.n_replications(),
        interrupted: results.interrupted_of.is_some(),
        threads: n_threads as u32,
        wall_seconds,
        host: Host { os: std::env::consts::OS.into(), arch: std::env::consts::ARCH.into() },
        events: gathered.n_events(),
        shipments: gathered.n_shipments(),
        peak_memory_bytes: memory::peak(),
    }
}
