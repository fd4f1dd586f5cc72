//! `sanda bless SCENARIO.ron... --reason TEXT`. Does not own what a baseline holds (`sanda_gate`).

use std::env;

use anyhow::{Context, Result, anyhow};
use sanda_core::kernel::random::KEY_LAYOUT;
use sanda_experiment::Pieces;
use sanda_gate::{Baseline, BaselineError, Entry, Now, Observed, ScenarioId, bless as make, blessing_text};
use sanda_network::CivilDate;
use sanda_scenario::words::printable;
use sanda_study::{ENGINE, write_whole};

use crate::args::Bless;
use crate::command::check::{CACHE_OF, kept};
use crate::command::n_threads;
use crate::simulation::{Failure, Scenario, Settings, close_pieces, foresee, load_all, pieces, simulate};
use crate::talk::{self, Talk};
use crate::{exit, interrupt};

/// The environment variable that states the day of a reproducible build, in seconds since 1970: reproducible-builds.org.
const DAY_OF_BUILD: &str = "SOURCE_DATE_EPOCH";

/// Largest number of seconds since 1970 that is accepted: a day in the next century.
const LATEST: i64 = 7_000_000_000;

/// Number of seconds in a day.
const SECONDS_A_DAY: i64 = 86_400;

/// Simulates scenarios and writes their baselines.
pub(crate) fn bless(arguments: &Bless, talk: Talk) -> u8 {
    let Some(n_threads) = n_threads(arguments.luck.threads) else { return exit::USAGE };
    let date = match arguments.date.clone().map_or_else(day_of_build, |date| Ok(Some(date))) {
        Ok(date) => date,
        Err(error) => {
            talk::complain(&error);
            return exit::USAGE;
        }
    };
    let Some(scenarios) = load_all(&arguments.input, talk) else { return exit::USAGE };
    // All baselines are read before anything is simulated: a damaged one must not be overwritten.
    let mut jobs = Vec::new();
    for scenario in scenarios {
        let path = arguments.baselines.join(format!("{}.json", scenario.name()));
        let before = match Baseline::read(&path) {
            Ok(before) => Some(before),
            Err(BaselineError::Read { .. }) if !path.exists() => None,
            Err(_) if arguments.restart_ledger => None,
            Err(error) => {
                talk::complain(&anyhow!("{error}\nhint: {}", error.hint()));
                return exit::BASELINE;
            }
        };
        jobs.push((scenario, path, before));
    }
    interrupt::listen();
    let kept = kept(arguments.no_pieces);
    let pieces = pieces(&kept, CACHE_OF.as_ref());
    let mut code = exit::SUCCESS;
    for (scenario, path, before) in jobs {
        let (now, seed) =
            match observe(arguments, &scenario, before.as_ref(), n_threads, date.as_deref(), &pieces, talk) {
                Ok(Some(now)) => now,
                Ok(None) => {
                    code = exit::USAGE;
                    break;
                }
                Err((failure, seed)) => {
                    code = failure.tell(&scenario, &arguments.input.sets, seed);
                    break;
                }
            };
        debug_assert_eq!(now.entry.seed, seed);
        if now.observed.samples.is_empty() {
            talk::complain(&anyhow!(
                "{}: there is nothing to gate\nhint: a baseline needs a promise, a service, a resource, or a flow that is not background",
                scenario.name()
            ));
            code = exit::BASELINE;
            break;
        }
        let blessing = make(now, before.as_ref(), arguments.restart_ledger);
        let written = blessing.baseline.to_json().context("cannot serialise the baseline").and_then(|text| {
            let place = || format!("cannot write `{}`", path.display());
            write_whole(&path, text.as_bytes()).with_context(place)
        });
        if let Err(error) = written {
            talk::complain(&error);
            code = exit::INTERNAL;
            break;
        }
        let shown = printable(&path.to_string_lossy()).to_string();
        code = talk::print(&blessing_text(&blessing, &shown));
    }
    close_pieces(&pieces, &kept, talk);
    code
}

/// Simulates a scenario with the number of replications and the seed of the previous baseline, unless the command line states others.
/// `None` if memory does not suffice, which has been reported.
fn observe(
    arguments: &Bless,
    scenario: &Scenario,
    before: Option<&Baseline>,
    n_threads: usize,
    date: Option<&str>,
    pieces: &Pieces,
    talk: Talk,
) -> Result<Option<(Now, u64)>, (Failure, u64)> {
    let (loaded, last) = (&scenario.loaded, before.map(Baseline::last));
    let mut settings = Settings::of(&arguments.luck, Some(0), loaded, n_threads);
    if let Some(last) = last {
        settings.seed = arguments.luck.seed.unwrap_or(last.seed);
        settings.n_replications = arguments.luck.replications.unwrap_or(last.replications);
    }
    match foresee(loaded, settings.n_replications, n_threads, talk) {
        Ok(n_threads) => settings.n_threads = n_threads,
        Err(error) => {
            talk::complain(&error);
            return Ok(None);
        }
    }
    let with_seed = |failure| (failure, settings.seed);
    let simulated = simulate(loaded, settings, pieces, talk).map_err(with_seed)?;
    // An interrupted run is no baseline.
    if interrupt::is_requested() || u64::from(simulated.gathered.n_replications()) < settings.n_replications {
        return Err(with_seed(Failure::Interrupted));
    }
    let built = &loaded.built;
    let entry = Entry {
        reason: arguments.reason.clone(),
        date: date.map(str::to_owned),
        digest: built.digest.clone(),
        engine: ENGINE.to_owned(),
        key_layout: KEY_LAYOUT,
        seed: settings.seed,
        replications: settings.n_replications,
    };
    let id = ScenarioId {
        name: scenario.name().to_owned(),
        file: scenario.path.to_string_lossy().replace('\\', "/"),
        sets: arguments.input.sets.clone(),
    };
    let observed = observed_of(scenario, &simulated.gathered);
    Ok(Some((Now { scenario: id, entry, observed }, settings.seed)))
}

/// Returns what the gate observes of merged replications.
pub(crate) fn observed_of(scenario: &Scenario, gathered: &sanda_experiment::Gathered) -> Observed {
    let built = &scenario.loaded.built;
    let background = built.model.flows.iter().filter(|flow| flow.background);
    let background = background.map(|flow| flow.name.clone()).collect();
    Observed::of(gathered, &background, &built.digest, ENGINE)
}

/// Reads a reason, which must not be blank.
pub(crate) fn reason(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() { Err("expected a reason in words".to_owned()) } else { Ok(text.to_owned()) }
}

/// Reads a day.
pub(crate) fn date(text: &str) -> Result<String, String> {
    let date: Result<CivilDate, _> = text.parse();
    date.map(|date| date.to_string()).map_err(|error| error.to_string())
}

/// Returns the day that the environment states for builds, if it does.
fn day_of_build() -> Result<Option<String>> {
    let Some(text) = env::var_os(DAY_OF_BUILD) else { return Ok(None) };
    let text = text.to_string_lossy().into_owned();
    let expected = || {
        anyhow!(
            "the environment variable {DAY_OF_BUILD} is `{}`, expected seconds since 1970\nhint: unset it, or give --date",
            printable(&text)
        )
    };
    let seconds: i64 = text.trim().parse().map_err(|_| expected())?;
    if !(0..LATEST).contains(&seconds) {
        return Err(expected());
    }
    Ok(Some(CivilDate::from_days(seconds / SECONDS_A_DAY).to_string()))
}
