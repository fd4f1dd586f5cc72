//! `sanda compare BASE.ron ALTERNATIVE.ron...`. Does not own the comparison (`sanda_experiment`), or its page (`sanda_report`).

use std::fs;
use std::path::Path;
use std::thread;

use anyhow::{Context, Result, anyhow};
use sanda_experiment::{Pieces, Side, Wanted};
use sanda_report::SUMMARY_WIDTH;
use sanda_results::{Comparison, Text};
use sanda_scenario::words::printable;

use crate::args::{Compare, Input};
use crate::command::flips::add_flips;
use crate::command::{n_threads, refuse};
use crate::folder::OutputFolder;
use crate::simulation::{
    Scenario, Settings, close_pieces, foresee, load_all, note_study, pieces, say_planned, simulate_until,
};
use crate::talk::{self, Talk};
use crate::{exit, interrupt};

/// Simulates all scenarios with the same luck and compares them with the first.
pub(crate) fn compare(arguments: &Compare, talk: Talk) -> u8 {
    let Some(n_threads) = n_threads(arguments.luck.threads) else { return exit::USAGE };
    // A shell pattern such as `scenarios/*.ron` includes the base.
    let others = arguments.alternatives.iter().filter(|path| !is_same_file(path, &arguments.base));
    let named: Vec<_> = std::iter::once(&arguments.base).chain(others).cloned().collect();
    // If nothing else is named, a scenario named twice is compared with itself.
    let is_with_itself = named.len() == 1;
    let input = Input { scenarios: named, sets: arguments.sets.clone() };
    let Some(scenarios) = load_all(&input, talk) else { return exit::USAGE };
    let Some((base, _)) = scenarios.split_first() else { return exit::USAGE };
    if let Some(other) = scenarios.iter().find(|other| !is_comparable(base, other)) {
        talk::complain(&anyhow!(
            "`{}` measures another window than `{}`, so that their shipments are not the same\nhint: give both the same start, warm_up and measure, or set them with --set",
            other.name(),
            base.name()
        ));
        return exit::USAGE;
    }
    // All scenarios use the luck and the draws of the base.
    let of_base = Settings::of(&arguments.luck, arguments.inputs, &base.loaded, n_threads);
    let mut jobs = Vec::new();
    for scenario in &scenarios {
        let has_inputs = !scenario.loaded.inputs.ranges().is_empty();
        let n_points = if has_inputs { of_base.n_points } else { 0 };
        match foresee(&scenario.loaded, of_base.n_replications, n_threads, talk) {
            Ok(n_threads) => jobs.push((scenario, Settings { n_points, n_threads, ..of_base })),
            Err(error) => {
                talk::complain(&error);
                return exit::USAGE;
            }
        }
    }
    let precise = &arguments.precise;
    let wanted = precise.precision.as_ref().map(|text| {
        let wanted = Wanted::read(text, precise.budget, &base.loaded.built.model);
        wanted.map_err(|issues| refuse(&format!("{}: --precision", base.name()), &issues))
    });
    let Ok(wanted) = wanted.transpose() else { return exit::USAGE };
    let folder = OutputFolder::new(&arguments.out, &format!("{}.compare", base.name()));
    let noted = note_study(&arguments.kept, &arguments.sets, jobs.iter().copied());
    if let Err(error) = noted {
        talk::complain(&error);
        return exit::USAGE;
    }
    if arguments.kept.plan_only {
        return say_planned(&arguments.kept);
    }
    if let Err(error) = folder.prepare() {
        talk::complain(&error);
        return exit::USAGE;
    }
    interrupt::listen();
    let pieces = pieces(&arguments.kept, &arguments.out);
    let sides = simulate_all(&jobs, &arguments.sets, wanted.as_ref(), &pieces, talk);
    close_pieces(&pieces, &arguments.kept, talk);
    let (mut sides, note) = match sides {
        Ok(sides) => sides,
        Err(code) => return code,
    };
    let mut loaded: Vec<_> = scenarios.iter().map(|scenario| &scenario.loaded).collect();
    if is_with_itself {
        sides.push(sides[0].clone());
        loaded.push(loaded[0]);
    }
    let mut comparison = sanda_experiment::compare(&loaded, &sides, &arguments.sets);
    comparison.notes.extend(note);
    if !arguments.no_flips
        && let Err(error) = add_flips(&mut comparison, &loaded)
    {
        talk::complain(&error.into());
        return exit::INVARIANT;
    }
    let written = folder.replace(|new| write(&comparison, arguments.no_report, new));
    let place = match written {
        Ok(place) => place,
        Err(error) => {
            talk::complain(&error);
            return exit::INTERNAL;
        }
    };
    let width = talk::terminal_width().unwrap_or(SUMMARY_WIDTH).min(SUMMARY_WIDTH);
    let code = talk::print(&sanda_report::comparison_text(&comparison, width));
    talk.say(&printable(&format!("{} -> {}", arguments.base.display(), place.display())));
    code
}

/// Returns whether two paths name the same file.
fn is_same_file(one: &Path, other: &Path) -> bool {
    match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        _ => one == other,
    }
}

/// Returns whether the shipments of two scenarios can be matched: the same start and the same window.
fn is_comparable(base: &Scenario, other: &Scenario) -> bool {
    let (one, two) = (&base.loaded.built, &other.loaded.built);
    let window = |built: &sanda_scenario::build::Built| (built.model.window.from, built.model.window.to);
    window(one) == window(two) && one.labels.start == two.labels.start
}

/// Simulates the scenarios in turn and keeps what is compared. If a precision is requested, the base determines the number of replications,
/// and the others use the same number.
///
/// # Errors
/// The exit code; the error has been reported.
fn simulate_all(
    jobs: &[(&Scenario, Settings)],
    sets: &[String],
    wanted: Option<&Wanted>,
    pieces: &Pieces,
    talk: Talk,
) -> Result<(Vec<Side>, Option<Text>), u8> {
    let (mut sides, mut note): (Vec<Side>, _) = (Vec::new(), None);
    for &(scenario, settings) in jobs {
        let n_replications = sides.first().map_or(settings.n_replications, Side::n_replications);
        let settings = Settings { n_replications, ..settings };
        let wanted = wanted.filter(|_| sides.is_empty());
        let simulated =
            simulate_until(&scenario.loaded, settings, wanted, &|_| settings.n_points, pieces, talk)
                .map_err(|failure| failure.tell(scenario, sets, settings.seed))?;
        if let Some(report) = &simulated.precision {
            let words = sanda_experiment::precision_note(report, simulated.gathered.n_replications());
            note = Some(Text::new(format!("基准情景：{}", words.zh), format!("Of the base: {}", words.en)));
        }
        if interrupt::is_requested() {
            let n = simulated.gathered.n_replications();
            talk::remark(&format!(
                "{}: interrupted after {n} replications, nothing was written; the same command goes on from there",
                scenario.name()
            ));
            return Err(interrupt::code());
        }
        let inputs = simulated.inputs.as_ref();
        sides.push(Side::new(&scenario.loaded, settings.seed, &simulated.gathered, inputs));
    }
    Ok((sides, note))
}

/// Writes the folder's files.
fn write(comparison: &Comparison, no_report: bool, folder: &Path) -> Result<()> {
    let file = |name: &str, content: String| {
        let path = folder.join(name);
        fs::write(&path, content).with_context(|| format!("cannot write `{}`", path.display()))
    };
    file("compare.json", comparison.to_json().context("cannot serialise the comparison")?)?;
    file("compare.csv", sanda_report::comparison_csv(comparison)?)?;
    file("summary.txt", sanda_report::comparison_text(comparison, SUMMARY_WIDTH))?;
    if no_report {
        return Ok(());
    }
    thread::scope(|scope| {
        let page = scope.spawn(|| file("comparison.html", sanda_report::comparison_html(comparison)));
        let figures = sanda_report::write_comparison_figures(comparison, &folder.join("figures"));
        page.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
        figures.context("cannot draw the figures").map(|_| ())
    })
}
