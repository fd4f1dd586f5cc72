//! `sanda trace SCENARIO`.
//!
//! Owns the choice of lives and of the language. Does not own how a life is recorded or told (`sanda_trace`).

use std::env;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::BufWriter;
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use sanda_core::model::Model;
use sanda_core::model::ids::FlowId;
use sanda_core::record::invariant::Violation;
use sanda_scenario::build::Built;
use sanda_scenario::suggest::{did_you_mean, expected_one_of};
use sanda_scenario::words::printable;
use sanda_trace::{Facts, Language, Life, Lives, write_deliveries, write_events, write_ocel};

use crate::args::{Input, StoryLanguage, Trace, Traced};
use crate::command::{Said, load};
use crate::talk::{self, Talk};
use crate::{bug, exit};

/// Runs a replication and tells the requested lives.
pub(crate) fn trace(arguments: &Trace, talk: Talk) -> u8 {
    let input = Input { scenarios: vec![arguments.scenario.clone()], sets: arguments.sets.clone() };
    let Some(loaded) = load(&arguments.scenario, &input, talk, &mut Said::new()) else { return exit::USAGE };
    let built = &loaded.built;
    let wanted = match Wanted::new(&arguments.what, &built.model) {
        Ok(wanted) => wanted,
        Err(error) => {
            talk::complain(&error);
            return exit::USAGE;
        }
    };
    if let Err(error) = check_places(&arguments.what) {
        talk::complain(&error);
        return exit::USAGE;
    }
    let seed = arguments.seed.unwrap_or(built.seed);
    let lives = match Lives::record(&built.model, seed, arguments.replication, &wanted.recorded) {
        Ok(lives) => lives,
        Err(violation) => return tell_violation(&violation, arguments, seed),
    };
    tell(arguments, built, seed, &wanted, &lives).unwrap_or_else(|failure| failure.tell())
}

/// The reason why nothing was told.
enum Failure {
    /// The command line names something that does not exist.
    Usage(anyhow::Error),
    Internal(anyhow::Error),
}

impl Failure {
    /// Reports the error and returns the exit code.
    fn tell(&self) -> u8 {
        match self {
            Self::Usage(error) => {
                talk::complain(error);
                exit::USAGE
            }
            Self::Internal(error) => {
                talk::complain(error);
                exit::INTERNAL
            }
        }
    }
}

/// The requested lives, by the model's ids.
struct Wanted {
    shipments: Vec<(FlowId, u64)>,
    /// The flows to which the command is restricted; empty for all.
    flows: Vec<FlowId>,
    /// The flows to be recorded; empty for all.
    recorded: Vec<FlowId>,
}

impl Wanted {
    fn new(what: &Traced, model: &Model) -> Result<Self> {
        let flows: Vec<_> = what.flows.iter().map(|name| flow_of(name, model)).collect::<Result<_>>()?;
        let shipments: Vec<_> =
            what.shipments.iter().map(|text| shipment_of(text, model)).collect::<Result<_>>()?;
        let tells_all = what.slowest.is_some() || what.late.is_some() || what.writes();
        let mut recorded = flows.clone();
        // Without a restriction all flows are needed, unless only single shipments are told.
        if !(flows.is_empty() && tells_all) {
            recorded.extend(shipments.iter().map(|&(flow, _)| flow));
        }
        Ok(Self { shipments, flows, recorded })
    }

    /// Returns whether the restriction includes a flow.
    fn holds(&self, flow: FlowId) -> bool {
        self.flows.is_empty() || self.flows.contains(&flow)
    }
}

impl Traced {
    /// Returns whether a file is written.
    fn writes(&self) -> bool {
        self.events.is_some() || self.ocel.is_some() || self.deliveries.is_some()
    }

    /// Returns whether only flows are requested.
    fn is_list(&self) -> bool {
        self.shipments.is_empty() && self.slowest.is_none() && self.late.is_none() && !self.writes()
    }
}

fn flow_of(name: &str, model: &Model) -> Result<FlowId> {
    let names = || model.flows.iter().map(|flow| flow.name.as_str());
    let found = model.flows.iter_enumerated().find(|(_, flow)| flow.name == name);
    found.map(|(id, _)| id).ok_or_else(|| {
        let hint = did_you_mean(name, names()).unwrap_or_else(|| expected_one_of(names()));
        anyhow!("there is no flow `{}`\nhint: {hint}", printable(name))
    })
}

fn shipment_of(text: &str, model: &Model) -> Result<(FlowId, u64)> {
    let Some((flow, number)) = text.rsplit_once('/') else {
        bail!(
            "`{}` names no shipment\nhint: write its flow and its number, for example `{}/0`",
            printable(text),
            model.flows.iter().next().map_or("flow", |flow| flow.name.as_str())
        );
    };
    let flow = flow_of(flow, model)?;
    match number.parse() {
        Ok(number) => Ok((flow, number)),
        Err(_) => {
            bail!("`{}` is not the number of a shipment\nhint: numbers count from 0", printable(number))
        }
    }
}

/// Tells the lives on stdout; returns the exit code.
fn tell(
    arguments: &Trace,
    built: &Built,
    seed: u64,
    wanted: &Wanted,
    lives: &Lives<'_>,
) -> Result<u8, Failure> {
    let facts = Facts::new(built).map_err(|error| Failure::Internal(error.into()))?;
    let told = select(&arguments.what, built, wanted, lives).map_err(Failure::Usage)?;
    let what = &arguments.what;
    write(what, &facts, wanted, lives)?;
    if what.shipments.is_empty() && what.slowest.is_none() && what.late.is_none() && what.writes() {
        return Ok(exit::SUCCESS);
    }
    let trace = sanda_trace::Trace::new(&facts, lives, &told, (&built.digest, seed, arguments.replication));
    if arguments.json {
        let text = trace.to_json().map_err(|error| Failure::Internal(error.into()))?;
        return Ok(talk::print(&text));
    }
    if told.is_empty() {
        talk::remark(if what.late.is_some() {
            "no shipment of this replication broke a promise"
        } else {
            "no shipment was released in the window"
        });
        return Ok(exit::SUCCESS);
    }
    let texts: Vec<_> = languages(arguments.language)
        .iter()
        .map(|&language| if what.is_list() { trace.list(language) } else { trace.story(language) })
        .collect();
    Ok(talk::print(&texts.join("\n")))
}

/// Returns the lives to be told, each once, in the requested order.
fn select(what: &Traced, built: &Built, wanted: &Wanted, lives: &Lives<'_>) -> Result<Vec<Life>> {
    if what.is_list() {
        return Ok(lives.iter().collect());
    }
    let mut told: Vec<Life> = Vec::new();
    for &(flow, number) in &wanted.shipments {
        told.push(lives.get(flow, number).ok_or_else(|| out_of_range(&built.model, lives, flow, number))?);
    }
    let more = what.slowest.map(|n| lives.slowest(n as usize, |flow| wanted.holds(flow))).into_iter();
    let more = more.chain(what.late.map(|n| lives.latest(n as usize, |flow| wanted.holds(flow))));
    for life in more.flatten() {
        let is_told = |other: &Life| (other.flow, other.number) == (life.flow, life.number);
        if !told.iter().any(is_told) {
            told.push(life);
        }
    }
    Ok(told)
}

fn out_of_range(model: &Model, lives: &Lives<'_>, flow: FlowId, number: u64) -> anyhow::Error {
    let name = &model.flows[flow].name;
    match lives.numbers(flow) {
        Some(numbers) => anyhow!(
            "flow `{name}` has no shipment {number} in the window\nhint: it released {} shipments there, from {} to {}",
            numbers.end - numbers.start,
            numbers.start,
            numbers.end - 1
        ),
        None => anyhow!("flow `{name}` released no shipment in the window"),
    }
}

/// Returns the languages of the stories: as requested, else as the environment states.
fn languages(asked: Option<StoryLanguage>) -> &'static [Language] {
    let chosen = asked.unwrap_or_else(|| {
        let set = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(|name| env::var(name).ok());
        let first = { set }.find(|value| !value.is_empty());
        if first.is_some_and(|value| value.starts_with("zh")) { StoryLanguage::Zh } else { StoryLanguage::En }
    });
    match chosen {
        StoryLanguage::Zh => &[Language::Zh],
        StoryLanguage::En => &[Language::En],
        StoryLanguage::Both => &[Language::Zh, Language::En],
    }
}

/// Refuses files that cannot be written, before the simulation.
fn check_places(what: &Traced) -> Result<()> {
    let paths: Vec<&Path> =
        [&what.events, &what.ocel, &what.deliveries].into_iter().flatten().map(AsRef::as_ref).collect();
    for (place, path) in paths.iter().enumerate() {
        let shown = path.to_string_lossy();
        let shown = printable(&shown);
        if paths[..place].contains(path) {
            bail!("`{shown}` is given for two files");
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        if path.file_name().is_none() || path.is_dir() || folder.is_some_and(|folder| !folder.is_dir()) {
            bail!("cannot write `{shown}`\nhint: name a file in an existing folder");
        }
    }
    Ok(())
}

/// Writes the requested files, each whole or not at all.
fn write(what: &Traced, facts: &Facts<'_>, wanted: &Wanted, lives: &Lives<'_>) -> Result<(), Failure> {
    let all = || lives.iter().filter(|life| wanted.holds(life.flow));
    if let Some(path) = &what.events {
        replace(path, |out| Ok(write_events(out, facts, lives, all())?))?;
    }
    if let Some(path) = &what.ocel {
        replace(path, |out| Ok(write_ocel(out, facts, lives, all())?))?;
    }
    if let Some(path) = &what.deliveries {
        replace(path, |out| Ok(write_deliveries(out, facts, all())?))?;
    }
    Ok(())
}

/// Writes a file under a temporary name, then renames it.
fn replace(path: &Path, write: impl FnOnce(&mut BufWriter<File>) -> Result<()>) -> Result<(), Failure> {
    let cannot = || format!("cannot write `{}`", printable(&path.to_string_lossy()));
    let Some(name) = path.file_name() else {
        return Err(Failure::Usage(anyhow!("{}: it names no file", cannot())));
    };
    let mut beside = OsString::from(".");
    beside.push(name);
    beside.push(".new");
    let beside = path.with_file_name(beside);
    // A file that cannot be created has a wrong path.
    let file = File::create(&beside).with_context(cannot).map_err(Failure::Usage)?;
    let mut out = BufWriter::new(file);
    let written = write(&mut out).and_then(|()| {
        out.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()?;
        Ok(fs::rename(&beside, path)?)
    });
    written.with_context(cannot).map_err(|error| {
        // The disk may be full; a partial file is useless.
        let _ = fs::remove_file(&beside);
        Failure::Internal(error)
    })
}

fn tell_violation(violation: &Violation, arguments: &Trace, seed: u64) -> u8 {
    talk::remark(&format!("error: {violation}"));
    let (path, seed) = (arguments.scenario.to_string_lossy(), seed.to_string());
    let n_replications = (arguments.replication + 1).to_string();
    let mut line = vec!["run", &path, "--seed", &seed, "--replications", &n_replications, "--no-report"];
    line.extend(arguments.sets.iter().flat_map(|set| ["--set", set]));
    talk::remark(&format!(
        "reproduce with: {}\nhint: this is a bug of sanda, please report it with the scenario",
        bug::command_line(line)
    ));
    exit::INVARIANT
}
