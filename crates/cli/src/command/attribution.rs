//! `sanda attribution SCENARIO`.
//!
//! Owns the choice of the flow or promise, the run of all models and the files. Does not own the models, or the evaluation of their results
//! (`sanda_experiment`).

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use sanda_core::model::Model;
use sanda_core::model::ids::PromiseId;
use sanda_experiment::{Asked, Attributed, IdealOutcomes, Observed, Pieces, Plan, attribute, try_ideal};
use sanda_report::SUMMARY_WIDTH;
use sanda_results::Attribution;
use sanda_scenario::suggest::{did_you_mean, expected_one_of, list_names};
use sanda_scenario::words::printable;

use crate::args::{Attribution as Arguments, Input};
use crate::command::{Said, load, n_threads};
use crate::folder::OutputFolder;
use crate::progress::Meter;
use crate::simulation::{Failure, Scenario, Settings, close_pieces, foresee, note_study, pieces};
use crate::talk::{self, Talk};
use crate::{bug, exit, interrupt};

/// Attributes the hours of a flow or a promise to their causes.
pub(crate) fn attribution(arguments: &Arguments, talk: Talk) -> u8 {
    let Some(n_threads) = n_threads(arguments.luck.threads) else { return exit::USAGE };
    let input = Input { scenarios: vec![arguments.scenario.clone()], sets: arguments.sets.clone() };
    let Some(loaded) = load(&arguments.scenario, &input, talk, &mut Said::new()) else { return exit::USAGE };
    let scenario = Scenario { path: arguments.scenario.clone(), loaded };
    let folder = OutputFolder::new(&arguments.out, &format!("{}.attribution", scenario.name()));
    let settings = Settings::of(&arguments.luck, Some(0), &scenario.loaded, n_threads);
    let prepared = asked(arguments, &scenario.loaded.built.model).and_then(|asked| {
        let n_threads = foresee(&scenario.loaded, settings.n_replications, n_threads, talk)?;
        let settings = Settings { n_threads, ..settings };
        note_study(&arguments.kept, &arguments.sets, std::iter::once((&scenario, settings)))?;
        folder.prepare()?;
        Ok((asked, settings))
    });
    let (asked, settings) = match prepared {
        Ok(prepared) => prepared,
        Err(error) => {
            talk::complain(&error);
            return exit::USAGE;
        }
    };
    let pieces = pieces(&arguments.kept, &arguments.out);
    let attributed = Attributed::new(&scenario.loaded.built, asked);
    announce(&scenario, &attributed, settings, &pieces, talk);
    if arguments.kept.plan_only {
        return exit::SUCCESS;
    }
    interrupt::listen();
    let simulated = simulate(&scenario, &attributed, settings, &pieces, talk);
    close_pieces(&pieces, &arguments.kept, talk);
    let (observed, ideal) = match simulated {
        Ok(simulated) => simulated,
        Err(Failure::Interrupted) => {
            talk::remark(&format!(
                "{}: interrupted, nothing was written; the same command goes on from there",
                scenario.name()
            ));
            return interrupt::code();
        }
        Err(failure) => return failure.tell(&scenario, &arguments.sets, settings.seed),
    };
    let answer = attribute(&attributed, settings.seed, &observed, &ideal, &arguments.sets);
    let place = match folder.replace(|new| write(&answer, arguments.no_report, new)) {
        Ok(place) => place,
        Err(error) => {
            talk::complain(&error);
            return exit::INTERNAL;
        }
    };
    let width = talk::terminal_width().unwrap_or(SUMMARY_WIDTH).min(SUMMARY_WIDTH);
    let code = talk::print(&sanda_report::attribution_text(&answer, width));
    talk.say(&printable(&format!("{} -> {}", arguments.scenario.display(), place.display())));
    code
}

/// Returns the flow or promise whose hours are attributed.
///
/// # Errors
/// If there is no such flow or promise, or the choice is ambiguous.
fn asked(arguments: &Arguments, model: &Model) -> Result<Asked> {
    if let Some(name) = &arguments.flow {
        let names = || model.flows.iter().map(|flow| flow.name.as_str());
        let found = model.flows.iter_enumerated().find(|(_, flow)| flow.name == *name);
        return found.map(|(id, _)| Asked::Flow(id)).ok_or_else(|| unknown("flow", name, names));
    }
    let names = || model.promises.iter().map(|promise| promise.name.as_str());
    if let Some(name) = &arguments.promise {
        let found = model.promises.iter_enumerated().find(|(_, promise)| promise.name == *name);
        return found.map(|(id, _)| Asked::Promise(id)).ok_or_else(|| unknown("promise", name, names));
    }
    let is_whole = |id: PromiseId| model.flows.iter().any(|flow| flow.promises.contains(&(id, 0)));
    let mut whole: Vec<PromiseId> = model.promises.ids().filter(|&id| is_whole(id)).collect();
    // If some promises sum up several flows, those of single lanes are not offered: there are many of them.
    let sums_up = |id: &PromiseId| model.promises[*id].flows.len() > 1;
    if whole.iter().any(sums_up) {
        whole.retain(sums_up);
    }
    let flows: Vec<_> = model.flows.iter_enumerated().filter(|(_, flow)| !flow.background).collect();
    match (whole.as_slice(), flows.as_slice()) {
        (&[promise], _) => Ok(Asked::Promise(promise)),
        ([], &[(flow, _)]) => Ok(Asked::Flow(flow)),
        ([], _) => {
            let names = flows.iter().map(|(_, flow)| flow.name.as_str());
            bail!(
                "the command line does not say whose hours to attribute\nhint: give --flow with one of {}",
                list_names(names)
            )
        }
        _ => {
            let names = whole.iter().map(|&id| model.promises[id].name.as_str());
            bail!(
                "the command line does not say whose hours to attribute\nhint: give --promise with one of {}",
                list_names(names)
            )
        }
    }
}

fn unknown<'m, I: Iterator<Item = &'m str>>(what: &str, name: &str, names: impl Fn() -> I) -> anyhow::Error {
    let hint = did_you_mean(name, names()).unwrap_or_else(|| expected_one_of(names()));
    anyhow!("there is no {what} `{}`\nhint: {hint}", printable(name))
}

/// Announces what will be simulated.
fn announce(
    scenario: &Scenario,
    attributed: &Attributed<'_>,
    settings: Settings,
    pieces: &Pieces,
    talk: Talk,
) {
    let (n_all, n_there) = attributed.count(settings.seed, settings.n_replications, pieces);
    let n_models = attributed.n_models();
    let n_watched = n_all - n_models as u64 * settings.n_replications;
    let words = format!(
        "{}: {} causes of waits, {n_models} models of {} replications and {n_watched} to follow every shipment: {n_all} replications, {n_there} of them kept already",
        scenario.name(),
        attributed.n_causes(),
        settings.n_replications
    );
    talk.say(&words);
}

/// Runs all models with the same luck, then observes every shipment.
fn simulate(
    scenario: &Scenario,
    attributed: &Attributed<'_>,
    settings: Settings,
    pieces: &Pieces,
    talk: Talk,
) -> Result<(Vec<Observed>, IdealOutcomes), Failure> {
    let Settings { seed, n_replications, n_threads, .. } = settings;
    let plan = Plan { seed, n_replications, n_threads: Some(n_threads) };
    let n_models = attributed.n_models();
    let n_all = n_replications * (n_models as u64 + 1);
    let mut meter = Meter::new(scenario.name(), Vec::new(), n_all, 0, talk);
    let mut observed = Vec::new();
    let simulated = (|| {
        for place in 0..n_models {
            let n_done = place as u64 * n_replications;
            meter.go_on_after(n_done, n_all - n_done);
            let built = attributed.model(place);
            let gathered = sanda_experiment::run(&built, plan, pieces, interrupt::flag(), &mut meter)?;
            if let Some(words) = meter.trouble() {
                return Err(Failure::Memory(words));
            }
            // Replications are paired between models, so all models need the same number.
            if interrupt::is_requested() || u64::from(gathered.n_replications()) < n_replications {
                return Err(Failure::Interrupted);
            }
            observed.push(attributed.keep(&gathered));
        }
        meter.go_on_after(n_models as u64 * n_replications, n_replications);
        Ok(try_ideal(attributed, plan, pieces, interrupt::flag(), &mut meter)?)
    })();
    meter.tell_of_stop();
    meter.finish();
    let ideal = simulated?;
    if bug::has_happened() { Err(Failure::Bug) } else { Ok((observed, ideal)) }
}

/// Writes the folder's files.
fn write(answer: &Attribution, no_report: bool, folder: &Path) -> Result<()> {
    let file = |name: &str, content: String| {
        let path = folder.join(name);
        fs::write(&path, content).with_context(|| format!("cannot write `{}`", path.display()))
    };
    file("attribution.json", answer.to_json().context("cannot serialise the attribution")?)?;
    file("attribution.csv", sanda_report::attribution_csv(answer)?)?;
    file("summary.txt", sanda_report::attribution_text(answer, SUMMARY_WIDTH))?;
    if no_report {
        return Ok(());
    }
    let figures = sanda_report::write_attribution_figures(answer, &folder.join("figures"));
    figures.context("cannot draw the figures").map(|_| ())
}
