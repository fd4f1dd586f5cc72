//! The common part of all simulating commands: reading a scenario, estimating its cost, running its replications and input points, and
//! reporting errors.
//!
//! Owns the path from a scenario file to merged replications. Does not own their use (`command`), the pieces (`sanda_study`), or the
//! estimates (`sanda_experiment`).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use sanda_core::model::{Model, PromiseParams};
use sanda_experiment::{Gathered, InputError, InputOutcomes, InputPlan, Pieces, Plan, RunError, Wanted};
use sanda_results::PrecisionReport;
use sanda_scenario::LoadedModel;
use sanda_scenario::build::Built;
use sanda_scenario::words::printable;
use sanda_study::{Entry, Folder, Manifest};

use crate::args::{Input, Kept, Luck};
use crate::command::{Said, load, say_how_many};
use crate::progress::Meter;
use crate::talk::{self, Talk};
use crate::{bug, exit, interrupt, memory};

/// Largest number of promises reported during a run.
const MOST_LEADING: usize = 4;

/// The hint if memory does not suffice.
const MEMORY_HINT: &str =
    "shorten the run, let a shipment represent a lot, relieve what is overloaded, or use fewer --threads";

/// Shipments and departures that a thread simulates per second, at least: a hub with long routes and queues.
const SHIPMENTS_A_SECOND: f64 = 200_000.0;

/// Estimated duration in seconds above which a run is announced as long.
const LONG_RUN: f64 = 600.0;

/// The folder of pieces within an output folder. The name of a scenario contains no full stop.
const CACHE: &str = ".pieces";

/// The folder of pieces within a study folder.
pub(crate) const PIECES: &str = "pieces";

/// Number of bytes in a gigabyte.
const GIGABYTE: u64 = 1_000_000_000;

/// A scenario that was read.
pub(crate) struct Scenario {
    pub(crate) path: PathBuf,
    pub(crate) loaded: LoadedModel,
}

impl Scenario {
    pub(crate) fn name(&self) -> &str {
        &self.loaded.built.labels.name
    }
}

/// The settings of a simulation.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Settings {
    pub(crate) seed: u64,
    pub(crate) n_replications: u64,
    /// Number of points of the input ranges.
    pub(crate) n_points: u64,
    pub(crate) n_threads: usize,
}

impl Settings {
    /// Returns the settings on the command line, else those of the scenario. The default number of points depends on the number of
    /// replications.
    pub(crate) fn of(luck: &Luck, asked_points: Option<u64>, loaded: &LoadedModel, n_threads: usize) -> Self {
        let built = &loaded.built;
        let n_replications = luck.replications.unwrap_or(built.n_replications);
        let n_points = n_points(asked_points, loaded, n_replications);
        Self { seed: luck.seed.unwrap_or(built.seed), n_replications, n_points, n_threads }
    }
}

/// Returns the number of points of the input ranges: from the command line, else from the scenario, else by the number of replications.
pub(crate) fn n_points(asked: Option<u64>, loaded: &LoadedModel, n_replications: u64) -> u64 {
    let n_parameters = loaded.inputs.ranges().len();
    match asked.or(loaded.built.n_input_points) {
        Some(n) if n_parameters > 0 => n,
        Some(_) => 0,
        None => sanda_experiment::default_points(n_parameters, n_replications),
    }
}

/// The replications of a scenario, merged.
pub(crate) struct Simulated {
    pub(crate) gathered: Gathered,
    /// The outcome of the requested precision.
    pub(crate) precision: Option<PrecisionReport>,
    /// The outcomes of the points of the input ranges, if all were simulated.
    pub(crate) inputs: Option<InputOutcomes>,
    pub(crate) wall_seconds: f64,
}

/// The reason why there are no results.
pub(crate) enum Failure {
    Interrupted,
    /// Memory is exhausted.
    Memory(String),
    /// A broken invariant, and its replication.
    Invariant(RunError, u64),
    /// A failure at a point of the input ranges.
    Inputs(anyhow::Error),
    Internal(anyhow::Error),
    /// A worker has panicked, which has been reported.
    Bug,
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Internal(error)
    }
}

impl From<RunError> for Failure {
    fn from(error: RunError) -> Self {
        match error {
            RunError::Interrupted => Self::Interrupted,
            RunError::Violation { replication, .. } => Self::Invariant(error, replication),
            RunError::Threads(_) | RunError::Owner(_) => Self::Internal(error.into()),
        }
    }
}

impl Failure {
    /// Reports the failure and returns the exit code.
    pub(crate) fn tell(self, scenario: &Scenario, sets: &[String], seed: u64) -> u8 {
        match self {
            Self::Interrupted => {
                talk::remark(&format!(
                    "{}: no replication was complete, nothing was written",
                    scenario.name()
                ));
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
                    reproduce(scenario, sets, seed, replication)
                ));
                exit::INVARIANT
            }
            Self::Inputs(error) => {
                talk::complain(&error);
                talk::remark(
                    "hint: it broke at other values of the inputs, within their declared ranges; this is a bug of sanda, please report it with the scenario, or run with `--inputs 0`",
                );
                exit::INVARIANT
            }
            Self::Internal(error) => {
                talk::complain(&error);
                exit::INTERNAL
            }
            Self::Bug => exit::INTERNAL,
        }
    }
}

/// Reads all scenarios, reports all their issues, and refuses two of the same name.
pub(crate) fn load_all(input: &Input, talk: Talk) -> Option<Vec<Scenario>> {
    let mut scenarios = Vec::new();
    let mut by_name: BTreeMap<String, &Path> = BTreeMap::new();
    let (mut n_wrong, mut said) = (0, Said::new());
    for path in &input.scenarios {
        let Some(loaded) = load(path, input, talk, &mut said) else {
            n_wrong += 1;
            continue;
        };
        let name = loaded.built.labels.name.clone();
        if let Some(other) = by_name.insert(name.clone(), path) {
            talk::remark(&format!(
                "error: {} and {} are both named `{name}` and would write the same folder\nhint: give one of them another `name`",
                printable(&other.to_string_lossy()),
                printable(&path.to_string_lossy())
            ));
            n_wrong += 1;
        }
        scenarios.push(Scenario { path: path.clone(), loaded });
    }
    if n_wrong > 0 {
        say_how_many(n_wrong, input, "; nothing was simulated");
        return None;
    }
    Some(scenarios)
}

/// Returns the pieces that a command may use: those of a study folder, else those kept under `out`.
pub(crate) fn pieces(kept: &Kept, out: &Path) -> Pieces {
    match &kept.study {
        Some(study) => Pieces::of(Folder::new(study.join(PIECES))),
        None if kept.no_pieces => Pieces::none(),
        None => Pieces::of(Folder::new(out.join(CACHE))),
    }
}

/// Records these scenarios in the study folder, if there is one.
///
/// # Errors
/// If the folder cannot be written to, or holds another manifest.
pub(crate) fn note_study<'s>(
    kept: &Kept,
    sets: &[String],
    scenarios: impl Iterator<Item = (&'s Scenario, Settings)>,
) -> Result<()> {
    let Some(study) = &kept.study else { return Ok(()) };
    let entries = scenarios.map(|(scenario, settings)| Entry {
        name: scenario.name().to_owned(),
        file: scenario.path.to_string_lossy().into_owned(),
        sets: sets.to_vec(),
        digest: scenario.loaded.built.digest.clone(),
        seed: settings.seed,
        replications: settings.n_replications,
        points: settings.n_points,
    });
    Ok(Manifest::update(study, entries)?)
}

/// Reports that the study is planned, instead of simulating it. Returns the exit code.
pub(crate) fn say_planned(kept: &Kept) -> u8 {
    let study = kept.study.as_deref().unwrap_or(Path::new("")).display();
    talk::print(&format!(
        "the study is in `{study}`; make its pieces with `sanda shard {study} 1/1`, on as many machines as there are shares\n"
    ))
}

/// Reports damaged pieces, and keeps the cache within its limit.
pub(crate) fn close_pieces(pieces: &Pieces, kept: &Kept, talk: Talk) {
    for trouble in pieces.damaged().into_iter().chain(pieces.unwritable()) {
        talk::remark(&format!("warning: {}", printable(&trouble)));
    }
    let (n_found, n_made) = pieces.counts();
    if n_found > 0 {
        let all = n_found + n_made;
        talk.say(&format!("{n_found} of {all} replications existed already and were not simulated again"));
    }
    if kept.study.is_none()
        && let Some(folder) = pieces.folder()
    {
        // A cache that cannot be listed is not an error; the next run tries again.
        let _ = folder.trim(kept.pieces_limit.saturating_mul(GIGABYTE));
    }
}

/// Returns the number of threads that a scenario may use, given the estimated memory of its replications and the available memory.
///
/// # Errors
/// If not even one replication fits.
pub(crate) fn foresee(
    loaded: &LoadedModel,
    n_replications: u64,
    n_threads: usize,
    talk: Talk,
) -> Result<usize> {
    foresee_model(&loaded.built, n_replications, n_threads, talk)
}

/// Returns the number of threads for a model, as [`foresee`] does.
///
/// # Errors
/// As for the other function.
pub(crate) fn foresee_model(
    built: &Built,
    n_replications: u64,
    n_threads: usize,
    talk: Talk,
) -> Result<usize> {
    let name = &built.labels.name;
    let forecast = built.forecast;
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
                name,
                memory::shown(needed),
                memory::shown(available)
            );
        }
        n_fitting = n_parallel.min((available / needed.max(1.0)) as usize).max(1);
        if n_fitting < n_parallel {
            talk.say(&format!(
                "{}: a replication needs about {} of memory, and {} are available: {n_fitting} at a time instead of {n_parallel}",
                name,
                memory::shown(needed),
                memory::shown(available)
            ));
        }
    }
    // A rough estimate, for a warning only: it differs by a factor of ten between scenarios.
    let n_all = (forecast.shipments + forecast.departures) * n_replications as f64;
    let seconds = n_all / SHIPMENTS_A_SECOND / n_fitting as f64;
    if seconds > LONG_RUN {
        talk.say(&format!(
            "{}: about {} shipments and departures in {n_replications} replications: this may take {}",
            name,
            number(n_all),
            roughly(seconds)
        ));
    }
    Ok(n_fitting)
}

/// Formats a large number with few digits.
fn number(n: f64) -> String {
    match n {
        n if n < 9_999.5 => format!("{n:.0}"),
        n if n < 999_500.0 => format!("{:.0} thousand", n / 1e3),
        n if n < 999_500_000.0 => format!("{:.1} million", n / 1e6),
        n => format!("{:.1} billion", n / 1e9),
    }
}

/// Returns a long duration in a few words.
fn roughly(seconds: f64) -> &'static str {
    match seconds {
        s if s < 3_600.0 => "many minutes",
        s if s < 86_400.0 => "hours",
        s if s < 30.0 * 86_400.0 => "days",
        _ => "months",
    }
}

/// Runs the replications of a scenario and the points of its input ranges.
///
/// # Errors
/// [`Failure`]. If only points are missing, that is reported and there are no ranges.
pub(crate) fn simulate(
    loaded: &LoadedModel,
    settings: Settings,
    pieces: &Pieces,
    talk: Talk,
) -> Result<Simulated, Failure> {
    simulate_until(loaded, settings, None, &|_| settings.n_points, pieces, talk)
}

/// Simulates as [`simulate`] does, with as many replications as a precision requires, if there is one. `n_points` gives the number of
/// points for a number of replications.
///
/// # Errors
/// As for the other function.
pub(crate) fn simulate_until(
    loaded: &LoadedModel,
    settings: Settings,
    wanted: Option<&Wanted>,
    n_points: &dyn Fn(u64) -> u64,
    pieces: &Pieces,
    talk: Talk,
) -> Result<Simulated, Failure> {
    let built = &loaded.built;
    let Settings { seed, n_replications, n_threads, .. } = settings;
    let name = built.labels.name.as_str();
    let plan = Plan { seed, n_replications, n_threads: Some(n_threads) };
    let stop = interrupt::flag();
    let mut meter = Meter::new(name, leading(&built.model), n_replications, n_points(n_replications), talk);
    let run = match wanted {
        None => sanda_experiment::run(built, plan, pieces, stop, &mut meter).map(|gathered| (gathered, None)),
        Some(wanted) => sanda_experiment::run_until(built, plan, wanted, pieces, stop, &mut meter)
            .map(|(gathered, report)| (gathered, Some(report))),
    };
    let n_done = run.as_ref().map_or(0, |(gathered, _)| u64::from(gathered.n_replications()));
    let n_points = n_points(n_done);
    let inputs = match &run {
        Ok(_) if n_points > 0 && !interrupt::is_requested() && meter.trouble().is_none() => {
            meter.go_on_after(n_done, n_points);
            let plan = InputPlan { seed, n_points, n_threads: Some(n_threads) };
            Some(sanda_experiment::try_inputs(&loaded.inputs, plan, pieces, stop, &mut meter))
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
    let (gathered, precision) = run?;
    if bug::has_happened() {
        // One worker has panicked, which has been reported, while another was left behind.
        return Err(Failure::Bug);
    }
    let inputs = match inputs.transpose() {
        Ok(outcomes) => outcomes,
        Err(InputError::Run(error)) => return Err(Failure::Inputs(error.into())),
        Err(error) => {
            talk::remark(&format!("{name}: no ranges over the inputs: {error}"));
            None
        }
    };
    Ok(Simulated { gathered, precision, inputs, wall_seconds })
}

/// Returns the promises reported during a run: among those from release to delivery, the ones that sum up several flows, or all of them if
/// none does.
fn leading(model: &Model) -> Vec<String> {
    let is_whole = |id| model.flows.iter().any(|flow| flow.promises.contains(&(id, 0)));
    let whole: Vec<_> = model.promises.iter_enumerated().filter(|(id, _)| is_whole(*id)).collect();
    let sums_up = |promise: &PromiseParams| promise.flows.len() > 1;
    let any = whole.iter().any(|(_, promise)| sums_up(promise));
    let leading = whole.into_iter().filter(|(_, promise)| !any || sums_up(promise));
    leading.take(MOST_LEADING).map(|(_, promise)| promise.name.clone()).collect()
}

/// Returns the command that reproduces a broken invariant with as few replications as possible.
fn reproduce(scenario: &Scenario, sets: &[String], seed: u64, replication: u64) -> String {
    let (seed, n_replications) = (seed.to_string(), (replication + 1).to_string());
    let path = scenario.path.to_string_lossy();
    let mut line = vec!["run", &path, "--seed", &seed, "--replications", &n_replications, "--no-report"];
    line.extend(sets.iter().flat_map(|set| ["--set", set]));
    bug::command_line(line)
}
