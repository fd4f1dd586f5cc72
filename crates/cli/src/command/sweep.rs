//! `sanda sweep SCENARIO`. Does not own the points (`sanda_experiment`), or the figures (`sanda_report`).

use std::fs;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow};
use sanda_experiment::{
    ArgumentIssue, Design, Metric, Pieces, Plan, SweepError, UnsoundPoint, Wanted, assemble_sweep,
    compile_points, run_points,
};
use sanda_report::SUMMARY_WIDTH;
use sanda_results::Sweep as Swept;
use sanda_scenario::build::Built;
use sanda_scenario::words::printable;
use sanda_scenario::{Loaded, compile};
use sanda_study::{Entry, Manifest};

use crate::args::Sweep;
use crate::command::{Said, n_threads, refuse, show};
use crate::folder::OutputFolder;
use crate::progress::Meter;
use crate::simulation::{Failure, Scenario, Settings, close_pieces, foresee_model, pieces, say_planned};
use crate::talk::{self, Talk};
use crate::{bug, exit, interrupt};

/// Expected number of replications of a point, shown before anything is known of a precision.
const FEWEST: u64 = 10;

/// A sweep whose points are all valid.
struct Job {
    scenario: Scenario,
    design: Design,
    models: Arc<Vec<Built>>,
    metrics: Vec<Metric>,
    wanted: Option<Wanted>,
    settings: Settings,
}

/// Simulates a scenario at every point. All points are checked before the first is simulated.
pub(crate) fn sweep(arguments: &Sweep, talk: Talk) -> u8 {
    let Some(n_threads) = n_threads(arguments.luck.threads) else { return exit::USAGE };
    let Some(mut job) = prepare(arguments, n_threads, talk) else { return exit::USAGE };
    let n_all = job.models.len() as u64 * job.settings.n_replications;
    // The point that needs most memory determines how many replications run at a time.
    let heaviest = job.models.iter().max_by(|a, b| a.forecast.bytes().total_cmp(&b.forecast.bytes()));
    if let Some(heaviest) = heaviest {
        match foresee_model(heaviest, n_all, n_threads, talk) {
            Ok(n_threads) => job.settings.n_threads = n_threads,
            Err(error) => {
                talk::complain(&error);
                return exit::USAGE;
            }
        }
    }
    if let Err(error) = note_study(arguments, &job) {
        talk::complain(&error);
        return exit::USAGE;
    }
    if arguments.kept.plan_only {
        return say_planned(&arguments.kept);
    }
    let folder = OutputFolder::new(&arguments.out, &format!("{}.sweep", job.scenario.name()));
    if let Err(error) = folder.prepare() {
        talk::complain(&error);
        return exit::USAGE;
    }
    interrupt::listen();
    let pieces = pieces(&arguments.kept, &arguments.out);
    let code = run(arguments, &job, &folder, &pieces, talk);
    close_pieces(&pieces, &arguments.kept, talk);
    code
}

/// Reads the scenario, the points, the metrics and the precision, and reports all errors in them.
fn prepare(arguments: &Sweep, n_threads: usize, talk: Talk) -> Option<Job> {
    let path = &arguments.scenario;
    let mut said = Said::new();
    let loaded = sanda_scenario::load(path, &arguments.sets);
    let (outcome, loaded) = match loaded {
        Ok(loaded) => (compile(loaded.clone()), Some(loaded)),
        Err(failure) => (Err(failure), None),
    };
    let (base, loaded) = show(outcome, path, true, talk, &mut said).zip(loaded)?;
    let seed = arguments.luck.seed.unwrap_or(base.built.seed);
    let mut is_sound = true;
    let mut or_refused = |option: &str, issues: Vec<ArgumentIssue>| {
        refuse(option, &issues);
        is_sound = false;
    };
    let design = match &arguments.points {
        Some(file) => {
            let option = format!("--points {}", printable(&file.to_string_lossy()));
            match fs::read_to_string(file) {
                Ok(text) => Design::list(&text).map_err(|issues| or_refused(&option, issues)).ok(),
                Err(error) => {
                    let hint = Some("name a CSV file whose header names the paths".to_owned());
                    or_refused(
                        &option,
                        vec![ArgumentIssue { message: format!("cannot be read: {error}"), hint }],
                    );
                    None
                }
            }
        }
        None => match arguments.latin {
            Some(n) => Design::latin(&arguments.vary, n as usize, seed),
            None => Design::grid(&arguments.vary),
        }
        .map_err(|issues| or_refused("--vary", issues))
        .ok(),
    };
    let model = &base.built.model;
    let all = sanda_experiment::catalogue(model);
    let metrics = if arguments.metrics.is_empty() {
        Some(sanda_experiment::leading(model, &all))
    } else {
        let chosen = sanda_experiment::select(&all, &arguments.metrics);
        chosen.map_err(|issues| or_refused("--metrics", issues)).ok()
    };
    let wanted = arguments.precise.precision.as_ref().map(|text| {
        let wanted = Wanted::read(text, arguments.precise.budget, model);
        wanted.map_err(|issues| or_refused("--precision", issues)).ok()
    });
    let models = design.as_ref().and_then(|design| compile_all(&loaded, design, talk, &mut said));
    if !is_sound {
        return None;
    }
    let settings = Settings::of(&arguments.luck, Some(0), &base, n_threads);
    let scenario = Scenario { path: path.clone(), loaded: base };
    let wanted = match wanted {
        Some(wanted) => Some(wanted?),
        None => None,
    };
    Some(Job { scenario, design: design?, models: Arc::new(models?), metrics: metrics?, wanted, settings })
}

/// Compiles all points, or reports at which the scenario is not valid. An issue of several points is reported once.
fn compile_all(loaded: &Loaded, design: &Design, talk: Talk, said: &mut Said) -> Option<Vec<Built>> {
    let unsound = match compile_points(loaded, design) {
        Ok(models) => return Some(models),
        Err(unsound) => unsound,
    };
    let n_unsound = unsound.len();
    for UnsoundPoint { point, mut failure } in unsound {
        failure.issues.drop_said(&failure.sources, said);
        let text = failure.render(talk.style());
        if failure.issues.has_errors() {
            let sets = design.sets(point).join(", ");
            talk::remark(&format!(
                "error: the scenario is not sound at point {} ({}):",
                point + 1,
                printable(&sets)
            ));
            talk::remark(&text);
        }
    }
    talk::remark(&format!(
        "error: {n_unsound} of {} points cannot be used; nothing was simulated",
        design.points.len()
    ));
    None
}

/// Records every point in the study folder, if there is one.
fn note_study(arguments: &Sweep, job: &Job) -> Result<()> {
    let Some(study) = &arguments.kept.study else { return Ok(()) };
    if job.wanted.is_some() {
        // With a precision, the number of replications is known only after the run.
        return Ok(());
    }
    let entries = job.models.iter().enumerate().map(|(point, built)| Entry {
        name: job.scenario.name().to_owned(),
        file: job.scenario.path.to_string_lossy().into_owned(),
        sets: [arguments.sets.clone(), job.design.sets(point)].concat(),
        digest: built.digest.clone(),
        seed: job.settings.seed,
        replications: job.settings.n_replications,
        points: 0,
    });
    Ok(Manifest::update(study, entries)?)
}

/// Simulates the points, writes the folder and prints the table; returns the exit code.
fn run(arguments: &Sweep, job: &Job, folder: &OutputFolder, pieces: &Pieces, talk: Talk) -> u8 {
    let Settings { seed, n_replications, n_threads, .. } = job.settings;
    let name = job.scenario.name();
    let plan = Plan { seed, n_replications, n_threads: Some(n_threads) };
    let each = if job.wanted.is_some() { FEWEST } else { n_replications };
    let n_all = job.models.len() as u64 * each;
    let mut meter = Meter::new(name, Vec::new(), n_all, 0, talk);
    let stop = interrupt::flag();
    let outcomes = run_points(&job.models, plan, job.wanted.as_ref(), &job.metrics, pieces, stop, &mut meter);
    meter.tell_of_stop();
    let trouble = meter.trouble();
    meter.finish();
    if let Some(words) = trouble {
        return Failure::Memory(words).tell(&job.scenario, &arguments.sets, seed);
    }
    if bug::has_happened() {
        return exit::INTERNAL;
    }
    let outcomes = match outcomes {
        Ok(outcomes) => outcomes,
        Err(SweepError::Interrupted { n_done }) => {
            let what = if pieces.folder().is_some() {
                format!("{n_done} replications are kept; give the same command again to go on")
            } else {
                "nothing is kept, as `--no-pieces` asks".to_owned()
            };
            talk::remark(&format!("{name}: interrupted before all points were simulated; {what}"));
            return interrupt::code();
        }
        Err(SweepError::At { point, error }) => {
            let sets = [arguments.sets.clone(), job.design.sets(point)].concat();
            return Failure::from(error).tell(&job.scenario, &sets, seed);
        }
    };
    let swept = assemble_sweep(&job.design, &job.models, &outcomes, &job.metrics, seed, &arguments.sets);
    let place = match folder.replace(|new| write(arguments, &swept, new)) {
        Ok(place) => place,
        Err(error) => return Failure::from(error).tell(&job.scenario, &arguments.sets, seed),
    };
    let width = talk::terminal_width().unwrap_or(SUMMARY_WIDTH).min(SUMMARY_WIDTH);
    let code = talk::print(&sanda_report::sweep_table(&swept, width));
    let said = format!("{} -> {}", job.scenario.path.display(), place.display());
    talk.say(&printable(&said));
    code
}

/// Writes the files of the folder.
fn write(arguments: &Sweep, swept: &Swept, folder: &Path) -> Result<()> {
    let file = |name: &str, content: &[u8]| {
        let path = folder.join(name);
        fs::write(&path, content).with_context(|| format!("cannot write `{}`", path.display()))
    };
    file("sweep.json", swept.to_json().context("cannot serialise the sweep")?.as_bytes())?;
    file("sweep.csv", sanda_report::sweep_csv(swept).as_bytes())?;
    file("sweep.parquet", &sanda_report::sweep_parquet(swept).map_err(|error| anyhow!(error))?)?;
    file("summary.txt", sanda_report::sweep_table(swept, SUMMARY_WIDTH).as_bytes())?;
    if !arguments.no_report {
        sanda_report::write_sweep_figures(swept, &folder.join("figures"))
            .context("cannot draw the figures")?;
    }
    Ok(())
}
