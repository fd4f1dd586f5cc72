//! What a scenario declares and no flow uses. It is reported, since a wrong mode or a missing step has the
//! same effect.
//!
//! The compiled ways of flows and programs of services decide. Does not own references to undeclared names
//! (`check`).

use std::collections::{BTreeMap, BTreeSet};

use sanda_core::model::program::Op;

use crate::build::builder::Builder;
use crate::build::route::ways::Way;
use crate::decode::{Name, Section};
use crate::schema::{Open, Scenario, Servers, Step, StepKind, Target};
use crate::source::{FileId, Located};
use crate::suggest::list_names;

/// Largest number of unused entries of one kind in one file that are reported one by one. More are reported
/// together, since a network is made for several scenarios.
const FEW: usize = 3;

/// A section of the scenario, and the words about an unused entry of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Kind {
    section: &'static str,
    noun: &'static str,
    /// The phrase after the name: what does not happen.
    not: &'static str,
    label: &'static str,
}

const fn kind(section: &'static str, noun: &'static str, not: &'static str, label: &'static str) -> Kind {
    Kind { section, noun, not, label }
}

const RESOURCE: Kind =
    kind("resources", "resource", "is used by no flow or vehicle", "nothing ever queues here");
const PROCEDURE: Kind = kind("procedures", "procedure", "never applies", "no step calls it");
const TURN: Kind =
    kind("procedures", "procedure", "never applies", "no flow takes this turn here: check `at` and `turn`");
const REGIME: Kind = kind("regimes", "regime", "is used by no step", "it makes no difference");
const SERVICE: Kind = kind("services", "service", "carries no flow", "it runs empty");
const CONNECTION: Kind = kind("connections", "connection", "carries no flow", "it makes no difference");
const CALENDAR: Kind = kind("calendars", "calendar", "is named by nothing", "it makes no difference");
const CLOCK: Kind =
    kind("clocks", "clock", "is never taken", "no flow passes both milestones on all its ways");
const PASSAGE: Kind = kind("passages", "passage", "is used by nothing", "it makes no difference");
const NODE: Kind = kind("nodes", "node", "is touched by no flow", "it makes no difference");
const DISRUPTION: Kind = kind("disruptions", "disruption", "affects no flow", "none of its targets is used");

impl Builder<'_> {
    /// Notes the procedures on the ways of a flow.
    pub(in crate::build) fn note_procedures(&mut self, ways: &[Way]) {
        for way in ways {
            self.note_called(&way.steps);
            for place in way.places.iter().flatten() {
                let name = place.path.strip_prefix("procedures.").and_then(|rest| rest.split_once(".steps["));
                self.applied.extend(name.and_then(|(name, _)| Name::new(name)));
            }
        }
    }

    /// Notes the procedures that steps call, directly or through other procedures.
    fn note_called(&mut self, steps: &[Step]) {
        let mut called: Vec<Name> = Vec::new();
        crate::build::compile::walk::walk(steps, &mut |step| {
            if let StepKind::Procedure(name) = &step.kind {
                called.push(name.value.clone());
            }
        });
        let scenario = self.scenario;
        for name in called {
            if let (Some(procedure), true) =
                (scenario.procedures.get(&name), self.applied.insert(name.clone()))
            {
                self.note_called(&procedure.steps);
            }
        }
    }

    /// Warns of entries that no flow uses.
    pub(in crate::build) fn warn_of_unused(&mut self) {
        let scenario = self.scenario;
        let used = self.used();
        let mut found: Vec<(Kind, &Located<Name>)> = Vec::new();
        add_unused(&mut found, RESOURCE, &scenario.resources, |name| used.resources.contains(name));
        for (name, procedure) in &scenario.procedures {
            if !self.applied.contains(name) {
                found.push((if procedure.turn.is_some() { TURN } else { PROCEDURE }, &procedure.id));
            }
        }
        add_unused(&mut found, REGIME, &scenario.regimes, |name| used.regimes.contains(name));
        add_unused(&mut found, SERVICE, &scenario.services, |name| used.services.contains(name));
        add_unused(&mut found, CONNECTION, &scenario.connections, |name| used.connections.contains(name));
        add_unused(&mut found, CALENDAR, &scenario.calendars, |name| used.calendars.contains(name));
        add_unused(&mut found, CLOCK, &scenario.clocks, |name| {
            self.model.flows.iter().any(|flow| flow.clocks.iter().any(|clock| clock.name == name.as_str()))
        });
        add_unused(&mut found, PASSAGE, &scenario.passages, |name| {
            !scenario.passages[name].used_by.is_empty()
        });
        add_unused(&mut found, NODE, &scenario.nodes, |name| used.nodes.contains(name));
        // The nodes and straits of a network serve all scenarios that use it.
        let own = scenario.name.span.file;
        found.retain(|(kind, id)| id.span.file == own || ![NODE, PASSAGE].contains(kind));
        add_unused(&mut found, DISRUPTION, &scenario.disruptions, |name| {
            scenario.disruptions[name].targets.iter().any(|target| used.meets(scenario, target))
        });
        self.say_unused(&found);
    }

    fn say_unused(&mut self, found: &[(Kind, &Located<Name>)]) {
        let mut groups: BTreeMap<(FileId, Kind), Vec<&Located<Name>>> = BTreeMap::new();
        for (kind, id) in found {
            groups.entry((id.span.file, *kind)).or_default().push(id);
        }
        for ((_, kind), mut ids) in groups {
            let Kind { section, noun, not, label } = kind;
            if ids.len() > FEW {
                ids.sort_by_key(|id| id.span);
                let names = list_names(ids.iter().map(|id| id.value.as_str()));
                self.issues
                    .warning(ids[0].span, format!("{} {section} in this file: each {not}", ids.len()))
                    .label(format!("this and others: {names}"))
                    .path(section);
                continue;
            }
            for id in ids {
                self.issues
                    .warning(id.span, format!("{noun} `{}` {not}", id.value))
                    .path(format!("{section}.{}", id.value))
                    .label(label);
            }
        }
    }

    fn used(&mut self) -> Used {
        let scenario = self.scenario;
        let names = |ids: &mut dyn Iterator<Item = &String>| -> BTreeSet<Name> {
            ids.filter_map(|id| Name::new(id)).collect()
        };
        let mut used = Used {
            services: names(&mut self.routes.iter().flat_map(|route| &route.services)),
            connections: names(&mut self.routes.iter().flat_map(|route| &route.connections)),
            nodes: names(&mut self.routes.iter().flat_map(|route| &route.nodes)),
            ..Used::default()
        };
        let programs = &self.model.programs;
        for op in &programs.ops {
            match *op {
                Op::Work(work) | Op::Seize(work) => {
                    let id = programs.works[work as usize].resource;
                    used.resources.extend(scenario.resources.keys().nth(id.index()).cloned());
                }
                Op::Regime(index) => {
                    let id = programs.regimes[index as usize].regime;
                    used.regimes.extend(scenario.regimes.keys().nth(id.index()).cloned());
                }
                _ => {}
            }
        }
        for (name, service) in &scenario.services {
            let mut works = false;
            for stop in 0..service.stops.value.len() {
                let steps = self.at_stop(service, stop);
                works |= !steps.is_empty();
                self.note_called(&steps);
            }
            // A service without cargo that works at its stops takes servers from others, which is a use.
            if works || used.services.contains(name) {
                used.services.insert(name.clone());
                used.nodes.extend(service.stops.value.iter().map(|stop| stop.value.clone()));
            }
        }
        for resource in scenario.resources.values() {
            used.nodes.insert(resource.at.value.clone());
            used.opens(&resource.open);
            if let Servers::Shifts(shifts) = &resource.servers {
                for shift in shifts {
                    used.opens(&shift.on);
                }
            }
        }
        for flow in scenario.flows.values() {
            used.nodes.extend(flow.from.iter().chain(&flow.to).map(|node| node.value.clone()));
        }
        crate::check::each_step_of(scenario, &mut |step| {
            if let StepKind::Gate { open, at } = &step.kind {
                used.opens(open);
                used.nodes.extend(at.iter().map(|node| node.value.clone()));
            }
        });
        used
    }
}

/// The names that a scenario uses.
#[derive(Default)]
struct Used {
    resources: BTreeSet<Name>,
    regimes: BTreeSet<Name>,
    services: BTreeSet<Name>,
    connections: BTreeSet<Name>,
    nodes: BTreeSet<Name>,
    calendars: BTreeSet<Name>,
}

impl Used {
    fn opens(&mut self, open: &Open) {
        if let Open::Calendar(name) = open {
            self.calendars.insert(name.value.clone());
        }
    }

    /// Whether a target of a disruption is used.
    fn meets(&self, scenario: &Scenario, target: &Target) -> bool {
        match target {
            Target::Node(name) => self.nodes.contains(&name.value),
            Target::Resource(name) => self.resources.contains(&name.value),
            Target::Service(name) | Target::Leg { service: name, .. } => self.services.contains(&name.value),
            Target::Connection(name) => self.connections.contains(&name.value),
            Target::Passage(name) => scenario.passages.get(&name.value).is_some_and(|passage| {
                passage
                    .used_by
                    .iter()
                    .any(|user| self.services.contains(&user.value) || self.connections.contains(&user.value))
            }),
        }
    }
}

fn add_unused<'s, T>(
    found: &mut Vec<(Kind, &'s Located<Name>)>,
    kind: Kind,
    section: &'s Section<T>,
    is_used: impl Fn(&Name) -> bool,
) {
    found.extend(section.iter().filter(|(name, _)| !is_used(name)).map(|(_, entry)| (kind, &entry.id)));
}
