//! `sanda shard STUDY I/N`. Does not own the pieces (`sanda_study`).

use std::path::Path;

use anyhow::{Context, Result, anyhow};
use sanda_experiment::{InputError, InputPlan, Pieces, Task};
use sanda_scenario::words::printable;
use sanda_study::{Entry, Folder, MANIFEST, Manifest};

use crate::args::{Input, Shard};
use crate::command::{Said, load, n_threads};
use crate::progress::Meter;
use crate::simulation::{PIECES, Scenario, foresee};
use crate::talk::{self, Talk};
use crate::{bug, exit, interrupt};

/// A scenario of the study, with its entry and the plan of its input points.
struct Job {
    entry: Entry,
    scenario: Scenario,
    plan: InputPlan,
}

/// Computes one share of the pieces of a study, or lists the missing pieces.
pub(crate) fn shard(arguments: &Shard, talk: Talk) -> u8 {
    let Some(n_threads) = n_threads(arguments.threads) else { return exit::USAGE };
    let manifest = match Manifest::read(&arguments.study) {
        Ok(manifest) => manifest,
        Err(error) => {
            talk::complain(&anyhow!(
                "{error}\nhint: `sanda run SCENARIO.ron --study DIR --plan-only` makes a study folder"
            ));
            return exit::USAGE;
        }
    };
    let Some(jobs) = load_all(manifest, n_threads, talk) else { return exit::USAGE };
    for job in &jobs {
        if let Err(error) = foresee(&job.scenario.loaded, job.entry.replications, n_threads, talk) {
            talk::complain(&error);
            return exit::USAGE;
        }
    }
    let folder = Folder::new(arguments.study.join(PIECES));
    if arguments.missing {
        return list_missing(&jobs, &folder).unwrap_or_else(|error| {
            talk::complain(&error);
            exit::INTERNAL
        });
    }
    interrupt::listen();
    let pieces = Pieces::of(folder);
    let (share, of) = arguments.share.unwrap_or((1, 1));
    let mut place = 0;
    for job in &jobs {
        // Tasks are dealt over all scenarios, so that shares are equal whatever the number of replications of each.
        let tasks: Vec<Task> = sanda_experiment::tasks(job.entry.replications, job.entry.points)
            .filter(|_| {
                place += 1;
                (place - 1) % of == share - 1
            })
            .collect();
        let n_tasks = tasks.len() as u64;
        let mut meter = Meter::new(&job.entry.name, Vec::new(), n_tasks, 0, talk);
        let made = sanda_experiment::make_pieces(
            &job.scenario.loaded,
            job.plan,
            tasks,
            &pieces,
            interrupt::flag(),
            &mut meter,
        );
        meter.tell_of_stop();
        let trouble = meter.trouble();
        meter.finish();
        if let Some(words) = trouble {
            talk::complain(&anyhow!("{words}"));
            return exit::INTERNAL;
        }
        if bug::has_happened() {
            // The bug has been reported.
            return exit::INTERNAL;
        }
        match made {
            Ok(n_made) if n_made < n_tasks => {
                talk::remark(&format!(
                    "{}: interrupted, {n_made} of {n_tasks} pieces are kept",
                    job.entry.name
                ));
                return interrupt::code();
            }
            Ok(_) => {}
            Err(error) => {
                let is_invariant = matches!(error, InputError::Run(_));
                talk::complain(&error.into());
                return if is_invariant { exit::INVARIANT } else { exit::INTERNAL };
            }
        }
    }
    let (n_found, n_made) = pieces.counts();
    for damage in pieces.damaged() {
        talk::remark(&format!("warning: {}; it was made again", printable(&damage)));
    }
    if let Some(first) = pieces.unwritable() {
        // A share is done only if its pieces were stored.
        talk::complain(&anyhow!("{first}\nhint: make room, then give the same command again"));
        return exit::INTERNAL;
    }
    talk::print(&format!(
        "share {share}/{of}: {} pieces, {n_made} computed and {n_found} kept already\n",
        n_found + n_made
    ))
}

/// Reads the scenarios of a study and checks that they are those from which it was made.
fn load_all(manifest: Manifest, n_threads: usize, talk: Talk) -> Option<Vec<Job>> {
    let mut jobs = Vec::new();
    let (mut is_sound, mut said) = (true, Said::new());
    for entry in manifest.entries {
        let input = Input { scenarios: vec![entry.file.clone().into()], sets: entry.sets.clone() };
        let path = Path::new(&entry.file);
        let Some(loaded) = load(path, &input, talk, &mut said) else {
            is_sound = false;
            continue;
        };
        if loaded.built.digest != entry.digest {
            talk::complain(&anyhow!(
                "{} is another model than the study was made of: its digest is {}, in `{MANIFEST}` it is {}\nhint: use the same files and the same program, or plan the study again",
                entry.file,
                loaded.built.digest,
                entry.digest
            ));
            is_sound = false;
            continue;
        }
        let plan = InputPlan { seed: entry.seed, n_points: entry.points, n_threads: Some(n_threads) };
        jobs.push(Job { scenario: Scenario { path: path.to_owned(), loaded }, plan, entry });
    }
    is_sound.then_some(jobs)
}

/// Prints every missing piece, one per line.
fn list_missing(jobs: &[Job], folder: &Folder) -> Result<u8> {
    let mut text = String::new();
    for job in jobs {
        let missing =
            sanda_experiment::missing(&job.scenario.loaded, job.plan, job.entry.replications, folder)
                .with_context(|| format!("cannot list the missing pieces of `{}`", job.entry.name))?;
        text.extend(missing.into_iter().map(|task| {
            let (what, number) = match task {
                Task::Replication(number) => ("replication", number),
                Task::Point(number) => ("point", number),
            };
            format!("{} {what} {number}\n", job.entry.name)
        }));
    }
    Ok(talk::print(&text))
}

/// Reads a share such as `2/8`.
pub(crate) fn share(text: &str) -> Result<(u64, u64), String> {
    let numbers = text.split_once('/').and_then(|(share, of)| Some((share.parse().ok()?, of.parse().ok()?)));
    match numbers {
        Some((share, of)) if 1 <= share && share <= of => Ok((share, of)),
        _ => Err("expected a share such as 2/8: the second of eight".to_owned()),
    }
}
