//! `sanda run SCENARIO...`. Does not own the simulation (`simulation`), or the output folder (`folder`).

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::Path;
use std::thread;

use anyhow::{Context, Result};
use sanda_experiment::{Gathered, Pieces, RunError, Wanted};
use sanda_report::SUMMARY_WIDTH;
use sanda_results::{Host, Provenance, Results};
use sanda_scenario::LoadedModel;
use sanda_scenario::words::printable;
use sanda_trace::{Facts, Lives};

use crate::args::Run;
use crate::command::{n_threads, refuse};
use crate::folder::OutputFolder;
use crate::simulation::{
    Failure, Scenario, Settings, Simulated, close_pieces, foresee, load_all, n_points, note_study, pieces,
    say_planned, simulate_until,
};
use crate::talk::{self, Talk};
use crate::{exit, interrupt, memory};

/// Width of a terminal below which only the promise table is printed, even if no promise is made.
const NARROW: u16 = 60;

/// A scenario to be run.
struct Job {
    scenario: Scenario,
    folder: OutputFolder,
    settings: Settings,
    wanted: Option<Wanted>,
}

/// Runs every scenario; all are read and checked before the first is simulated.
pub(crate) fn run(arguments: &Run, talk: Talk) -> u8 {
    let Some(n_threads) = n_threads(arguments.luck.threads) else { return exit::USAGE };
    let Some(scenarios) = load_all(&arguments.input, talk) else { return exit::USAGE };
    let mut jobs = Vec::new();
    let mut is_sound = true;
    for scenario in scenarios {
        let precise = &arguments.precise;
        let wanted = precise.precision.as_ref().map(|text| {
            let wanted = Wanted::read(text, precise.budget, &scenario.loaded.built.model);
            wanted.map_err(|issues| refuse(&format!("{}: --precision", scenario.name()), &issues))
        });
        let Ok(wanted) = wanted.transpose() else {
            is_sound = false;
            continue;
        };
        let mut settings = Settings::of(&arguments.luck, arguments.inputs, &scenario.loaded, n_threads);
        match foresee(&scenario.loaded, settings.n_replications, n_threads, talk) {
            Ok(n_threads) => settings.n_threads = n_threads,
            Err(error) => {
                talk::complain(&error);
                return exit::USAGE;
            }
        }
        let folder = OutputFolder::new(&arguments.out, scenario.name());
        jobs.push(Job { scenario, folder, settings, wanted });
    }
    if !is_sound {
        return exit::USAGE;
    }
    let planned = jobs.iter().map(|job| (&job.scenario, job.settings));
    if let Err(error) = note_study(&arguments.kept, &arguments.input.sets, planned) {
        talk::complain(&error);
        return exit::USAGE;
    }
    if arguments.kept.plan_only {
        return say_planned(&arguments.kept);
    }
    for job in &jobs {
        if let Err(error) = job.folder.prepare() {
            talk::complain(&error);
            return exit::USAGE;
        }
    }
    interrupt::listen();
    let pieces = pieces(&arguments.kept, &arguments.out);
    let code = run_all(arguments, &jobs, &pieces, talk);
    close_pieces(&pieces, &arguments.kept, talk);
    code
}

/// Runs the jobs in turn; returns the exit code.
fn run_all(arguments: &Run, jobs: &[Job], pieces: &Pieces, talk: Talk) -> u8 {
    let mut all = Vec::new();
    for (index, job) in jobs.iter().enumerate() {
        if index > 0 {
            talk::print("\n");
        }
        let code = run_one(arguments, job, pieces, talk, &mut all)
            .unwrap_or_else(|failure| failure.tell(&job.scenario, &arguments.input.sets, job.settings.seed));
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

/// Simulates one scenario, writes its folder and prints its summary. Returns the exit code of printing, and adds the results to those of
/// the call.
fn run_one(
    arguments: &Run,
    job: &Job,
    pieces: &Pieces,
    talk: Talk,
    all: &mut Vec<Results>,
) -> Result<u8, Failure> {
    let (loaded, settings) = (&job.scenario.loaded, job.settings);
    let n_points = |n_replications| n_points(arguments.inputs, loaded, n_replications);
    let simulated = simulate_until(loaded, settings, job.wanted.as_ref(), &n_points, pieces, talk)?;
    let gathered = &simulated.gathered;
    let n_planned = match (&simulated.precision, &job.wanted) {
        (Some(report), _) if report.is_reached => u64::from(gathered.n_replications()),
        (_, Some(wanted)) => wanted.budget,
        (_, None) => settings.n_replications,
    };
    let sets = &arguments.input.sets;
    let mut results = results_of(loaded, settings.seed, &simulated, sets, n_planned);
    let provenance = provenance(job, &results, gathered, simulated.wall_seconds);
    let beside = job.folder.of_interrupted();
    let keeps_whole = provenance.interrupted && job.folder.is_whole();
    let folder = if keeps_whole { &beside } else { &job.folder };
    let model = &loaded.built.model;
    let lives = arguments.deliveries.then(|| Lives::record(model, settings.seed, 0, &[])).transpose();
    let lives =
        lives.map_err(|violation| RunError::Violation { violation, seed: settings.seed, replication: 0 })?;
    let folder = folder.replace(|new| {
        write(arguments, &results, &provenance, new)?;
        lives.as_ref().map_or(Ok(()), |lives| write_deliveries(loaded, lives, new))
    })?;
    let code = talk::print(&shown(&results, talk));
    let name = job.scenario.name();
    if provenance.interrupted {
        let n_done = gathered.n_replications();
        talk::remark(&format!("{name}: interrupted, kept {n_done} of {n_planned} replications"));
    }
    if keeps_whole {
        talk::remark(&format!(
            "{name}: the results of a whole run stay in their folder; those of this one are in `{}`",
            printable(&folder.to_string_lossy())
        ));
    }
    let said = format!("{} -> {}", job.scenario.path.display(), folder.display());
    talk.say(&printable(&said));
    // Figures that the table of all scenarios does not show are dropped.
    results.metrics.clear();
    results.distributions.clear();
    all.push(results);
    Ok(code)
}

/// Returns the results of a scenario for which `n_planned` replications were requested.
pub(crate) fn results_of(
    loaded: &LoadedModel,
    seed: u64,
    simulated: &Simulated,
    sets: &[String],
    n_planned: u64,
) -> Results {
    let gathered = &simulated.gathered;
    let mut results = sanda_experiment::assemble(&loaded.built, seed, gathered);
    sanda_experiment::add_basis(&mut results, loaded);
    if let Some(outcomes) = &simulated.inputs {
        sanda_experiment::add_inputs(&mut results, &loaded.built.model, gathered, outcomes);
    }
    sanda_experiment::add_overrides(&mut results, sets);
    sanda_experiment::add_interruption(&mut results, n_planned);
    if let Some(report) = &simulated.precision {
        sanda_experiment::add_precision(&mut results, report.clone());
    }
    results
}

/// Returns the printed text: the summary, which is the content of `summary.txt`, coloured on a terminal. A terminal narrower than the
/// summary gets the title and the promise table, which fits any width.
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

/// Writes the files of the folder. The figures, which take longest, are drawn in parallel with the others.
fn write(arguments: &Run, results: &Results, provenance: &Provenance, folder: &Path) -> Result<()> {
    let file = |name: &str, content: String| {
        let path = folder.join(name);
        fs::write(&path, content).with_context(|| format!("cannot write `{}`", path.display()))
    };
    let others = || {
        file("results.json", results.to_json().context("cannot serialise the results")?)?;
        file("provenance.json", provenance.to_json().context("cannot serialise the provenance")?)?;
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

/// Writes a row for every shipment of the first replication.
fn write_deliveries(loaded: &LoadedModel, lives: &Lives<'_>, folder: &Path) -> Result<()> {
    let facts = Facts::new(&loaded.built).context("the scenario's start is no instant")?;
    let path = folder.join("deliveries.parquet");
    let file = File::create(&path).with_context(|| format!("cannot write `{}`", path.display()))?;
    sanda_trace::write_deliveries(BufWriter::new(file), &facts, lives.iter())
        .with_context(|| format!("cannot write `{}`", path.display()))
}

fn provenance(job: &Job, results: &Results, gathered: &Gathered, wall_seconds: f64) -> Provenance {
    Provenance {
        schema: sanda_results::SCHEMA,
        engine: "sanda".into(),
        engine_version: env!("CARGO_PKG_VERSION").into(),
        scenario_files: job.scenario.loaded.files(),
        overrides: results.overrides.clone(),
        digest: job.scenario.loaded.built.digest.clone(),
        seed: results.scenario.seed,
        key_layout: sanda_core::kernel::random::KEY_LAYOUT,
        tz_database: sanda_network::tz_version().into(),
        replications: gathered.n_replications(),
        interrupted: results.interrupted_of.is_some(),
        precision: job.wanted.as_ref().map(Wanted::words),
        threads: job.settings.n_threads as u32,
        wall_seconds,
        host: Host { os: std::env::consts::OS.into(), arch: std::env::consts::ARCH.into() },
        events: gathered.n_events(),
        shipments: gathered.n_shipments(),
        peak_memory_bytes: memory::peak(),
    }
}
