//! `sanda warm-up SCENARIO`. Does not own the recommendation (`sanda_experiment`).

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use sanda_experiment::{Plan, RunError, settle};
use sanda_report::SUMMARY_WIDTH;
use sanda_results::Settling;
use sanda_scenario::words::printable;

use crate::args::{Input, WarmUp};
use crate::command::{Said, load, n_threads};
use crate::folder::OutputFolder;
use crate::progress::Meter;
use crate::simulation::{Failure, Scenario, Settings, foresee};
use crate::talk::{self, Talk};
use crate::{bug, exit, interrupt};

/// Observes a scenario from time zero and recommends a warm-up.
pub(crate) fn warm_up(arguments: &WarmUp, talk: Talk) -> u8 {
    let Some(n_threads) = n_threads(arguments.luck.threads) else { return exit::USAGE };
    let path = &arguments.scenario;
    let input = Input { scenarios: vec![path.clone()], sets: arguments.sets.clone() };
    let Some(loaded) = load(path, &input, talk, &mut Said::new()) else { return exit::USAGE };
    let scenario = Scenario { path: path.clone(), loaded };
    let Settings { seed, n_replications, n_threads, .. } =
        Settings::of(&arguments.luck, Some(0), &scenario.loaded, n_threads);
    let folder = OutputFolder::new(&arguments.out, &format!("{}.warm-up", scenario.name()));
    let foreseen = foresee(&scenario.loaded, n_replications, n_threads, talk);
    let n_threads = match foreseen.and_then(|n_threads| folder.prepare().map(|()| n_threads)) {
        Ok(n_threads) => n_threads,
        Err(error) => {
            talk::complain(&error);
            return exit::USAGE;
        }
    };
    interrupt::listen();
    let mut meter = Meter::new(scenario.name(), Vec::new(), n_replications, 0, talk);
    let plan = Plan { seed, n_replications, n_threads: Some(n_threads) };
    let settled = settle(&scenario.loaded.built, plan, interrupt::flag(), &mut meter);
    meter.tell_of_stop();
    let trouble = meter.trouble();
    meter.finish();
    if let Some(words) = trouble {
        return Failure::Memory(words).tell(&scenario, &arguments.sets, seed);
    }
    if bug::has_happened() {
        return exit::INTERNAL;
    }
    let settling = match settled {
        Ok(settling) => settling,
        Err(RunError::Interrupted) => {
            talk::remark(&format!("{}: interrupted, nothing was written", scenario.name()));
            return interrupt::code();
        }
        Err(error) => return Failure::from(error).tell(&scenario, &arguments.sets, seed),
    };
    let place = match folder.replace(|new| write(&settling, new)) {
        Ok(place) => place,
        Err(error) => return Failure::from(error).tell(&scenario, &arguments.sets, seed),
    };
    let width = talk::terminal_width().unwrap_or(SUMMARY_WIDTH).min(SUMMARY_WIDTH);
    let code = talk::print(&sanda_report::settling_table(&settling, width));
    talk.say(&printable(&format!("{} -> {}", path.display(), place.display())));
    code
}

/// Writes the files of the folder.
fn write(settling: &Settling, folder: &Path) -> Result<()> {
    let file = |name: &str, content: String| {
        let path = folder.join(name);
        fs::write(&path, content).with_context(|| format!("cannot write `{}`", path.display()))
    };
    file("warm-up.json", settling.to_json().context("cannot serialise the answer")?)?;
    file("summary.txt", sanda_report::settling_table(settling, SUMMARY_WIDTH))?;
    sanda_report::write_settling_figures(settling, &folder.join("figures"))
        .context("cannot draw the figures")?;
    Ok(())
}
