//! `sanda reproduce RESULTS.json`. Does not own how results are made (`run`).

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use sanda_experiment::Pieces;
use sanda_results::{Provenance, Results};

use crate::args::{Input, Reproduce};
use crate::command::run::results_of;
use crate::command::{Said, load, n_threads};
use crate::simulation::{Scenario, Settings, Simulated, simulate};
use crate::talk::{self, Talk};
use crate::{exit, interrupt};

/// Largest number of differing lines that are named.
const MOST_NAMED: usize = 10;

/// Runs published results again from their own provenance and compares every byte.
pub(crate) fn reproduce(arguments: &Reproduce, talk: Talk) -> u8 {
    let Some(n_threads) = n_threads(arguments.threads) else { return exit::USAGE };
    let (published, text, provenance) = match read(&arguments.results) {
        Ok(read) => read,
        Err(error) => {
            talk::complain(&error);
            return exit::USAGE;
        }
    };
    let Some(file) = provenance.scenario_files.first() else {
        talk::complain(&anyhow!("the provenance names no scenario file"));
        return exit::USAGE;
    };
    let file = arguments.scenario.clone().unwrap_or_else(|| file.into());
    let input = Input { scenarios: vec![file.clone()], sets: published.overrides.clone() };
    let Some(loaded) = load(&file, &input, talk, &mut Said::new()) else { return exit::USAGE };
    if loaded.built.digest != published.digest {
        talk::complain(&anyhow!(
            "`{}` is not the model of the published results: its digest is {}, theirs is {}\nhint: use the files, the program and the parameters of the published run; --scenario names its file",
            file.display(),
            loaded.built.digest,
            published.digest
        ));
        return exit::BASELINE;
    }
    let inputs = published.promises.values().find_map(|promise| promise.inputs.as_ref());
    let settings = Settings {
        seed: published.scenario.seed,
        n_replications: u64::from(published.scenario.replications),
        n_points: inputs.map_or(0, |inputs| u64::from(inputs.points)),
        n_threads,
    };
    interrupt::listen();
    let scenario = Scenario { path: file, loaded };
    // No kept pieces are used: the command must show that the program itself still gives these results.
    let simulated = match simulate(&scenario.loaded, settings, &Pieces::none(), talk) {
        // The outcome of a requested precision is copied from the results. It determines only the number of replications.
        Ok(simulated) => Simulated { precision: published.precision.clone(), ..simulated },
        Err(failure) => return failure.tell(&scenario, &input.sets, settings.seed),
    };
    if interrupt::is_requested() {
        return interrupt::code();
    }
    let n_planned = published.interrupted_of.unwrap_or(settings.n_replications);
    let results = results_of(&scenario.loaded, settings.seed, &simulated, &input.sets, n_planned);
    match results.to_json() {
        Ok(again) if again == text => talk::print(&format!(
            "reproduced: {} replications, the same to the byte, fingerprint {}\n",
            settings.n_replications, results.fingerprint.total
        )),
        Ok(again) => {
            talk::print(&difference(&text, &again));
            exit::REGRESSION
        }
        Err(error) => {
            talk::complain(&error.into());
            exit::INTERNAL
        }
    }
}

/// Reads results, their text, and the provenance beside them.
fn read(path: &Path) -> Result<(Results, String, Provenance)> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let results = Results::read(path)?;
    let provenance = Provenance::read(&path.with_file_name("provenance.json"))
        .context("cannot read the provenance beside the results")?;
    Ok((results, text, provenance))
}

/// Returns the differing lines of the published results, by the name of their fields.
fn difference(published: &str, again: &str) -> String {
    let name = |line: &str| line.trim().split("\": ").next().unwrap_or_default().trim_matches('"').to_owned();
    let pairs = published.lines().zip(again.lines());
    let names: Vec<String> = pairs.filter(|(a, b)| a != b).map(|(a, _)| name(a)).collect();
    let n_extra = published.lines().count().abs_diff(again.lines().count());
    let n_differing = names.len() + n_extra;
    let differing = if n_differing == 1 { "1 line differs" } else { &format!("{n_differing} lines differ") };
    let mut text = format!("not reproduced: {differing}\n");
    text.extend(names.iter().take(MOST_NAMED).map(|name| format!("  {name}\n")));
    if names.len() > MOST_NAMED {
        text.push_str("  ...\n");
    }
    text
}
