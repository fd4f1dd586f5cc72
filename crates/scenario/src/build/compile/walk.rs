//! Lists of steps as declared: every step of a list, their names, their milestones, and the node of the first.
//!
//! Does not own their compilation (`steps`, `itinerary`).

use std::collections::{BTreeMap, BTreeSet};

use crate::decode::Name;
use crate::schema::{Scenario, Step, StepKind};

/// Names of the standard milestones among the marks of a scope.
pub(in crate::build) mod milestone {
    pub(in crate::build) const PICKED_UP: &str = "PickedUp";
    pub(in crate::build) const GATE_IN: &str = "GateIn";
    pub(in crate::build) const DEPARTED: &str = "Departed";
    pub(in crate::build) const ARRIVED: &str = "Arrived";
    pub(in crate::build) const GATE_OUT: &str = "GateOut";

    /// The mark of a departure by a service. No mark of a scenario can have this name.
    pub(in crate::build) fn departed_by(service: &super::Name) -> String {
        format!("DepartedBy {service}")
    }

    /// The mark of an arrival by a service.
    pub(in crate::build) fn arrived_by(service: &super::Name) -> String {
        format!("ArrivedBy {service}")
    }
}

/// The standard milestones that a list of steps passes, and the marks it sets.
pub(in crate::build) fn milestones_of(steps: &[Step]) -> BTreeSet<String> {
    let mut found: BTreeSet<String> =
        [milestone::PICKED_UP, milestone::GATE_IN, milestone::GATE_OUT].map(str::to_owned).into();
    walk(steps, &mut |step| match &step.kind {
        StepKind::Ride { service, .. } => {
            found.extend([milestone::DEPARTED, milestone::ARRIVED].map(str::to_owned));
            // With several services, it is not known which one will be boarded.
            if let Some(service) = service.only() {
                found.extend([milestone::departed_by(&service.value), milestone::arrived_by(&service.value)]);
            }
        }
        StepKind::Mark(milestone) => {
            found.insert(milestone.value.to_string());
        }
        _ => {}
    });
    found
}

/// Visits every step of a list and of the lists inside it, but not those of procedures.
pub(in crate::build) fn walk(steps: &[Step], visit: &mut impl FnMut(&Step)) {
    for step in steps {
        visit(step);
        match &step.kind {
            StepKind::Choose(cases) => {
                for case in cases {
                    walk(&case.steps, visit);
                }
            }
            StepKind::Inspect { steps, .. }
            | StepKind::Repeat { steps, .. }
            | StepKind::Hold { steps, .. } => {
                walk(steps, visit);
            }
            StepKind::Customs { cases, otherwise } => {
                for case in cases {
                    walk(&case.steps, visit);
                }
                walk(otherwise, visit);
            }
            StepKind::Parallel(branches) => {
                for branch in branches {
                    walk(branch, visit);
                }
            }
            _ => {}
        }
    }
}

/// The bit of a mark, or 0 without one.
pub(in crate::build) fn bit(mark: Option<u8>) -> u8 {
    mark.map_or(0, |mark| 1 << mark)
}

/// Marks by milestone name, numbered in name order.
pub(in crate::build) fn number_marks(needed: &BTreeSet<String>) -> BTreeMap<String, u8> {
    needed.iter().enumerate().map(|(place, name)| (name.clone(), place as u8)).collect()
}

/// The default name of a step.
pub(in crate::build) fn default_name(kind: &StepKind) -> &str {
    match kind {
        StepKind::Work { resource, .. } | StepKind::Hold { resource, .. } => resource.value.as_str(),
        StepKind::Delay { .. } => "delay",
        StepKind::Gate { .. } => "gate",
        StepKind::Choose(..) => "choose",
        StepKind::Inspect { .. } => "inspect",
        StepKind::Customs { .. } => "customs",
        StepKind::Regime { regime, .. } => regime.value.as_str(),
        StepKind::Parallel(..) => "parallel",
        StepKind::Repeat { .. } => "repeat",
        StepKind::Procedure(name) => name.value.as_str(),
        StepKind::Batch { .. } => "batch",
        StepKind::Ride { service, .. } => service.only().map_or("ride", |service| service.value.as_str()),
        StepKind::Haul(connection) => connection.value.as_str(),
        StepKind::Charge { .. } => "charge",
        StepKind::Mark(milestone) => milestone.value.as_str(),
    }
}

/// The names of steps that one shipment does, made distinct.
pub(in crate::build) fn step_names<'s>(steps: impl IntoIterator<Item = &'s Step>) -> Vec<String> {
    let mut n_so_far: BTreeMap<String, usize> = BTreeMap::new();
    steps
        .into_iter()
        .map(|step| {
            let name = step.id.as_ref().map_or_else(|| default_name(&step.kind), |id| id.value.as_str());
            let n = n_so_far.entry(name.to_owned()).or_default();
            *n += 1;
            if *n == 1 { name.to_owned() } else { format!("{name}-{n}") }
        })
        .collect()
}

/// The node where the first step of a list is done, if it is known.
pub(in crate::build) fn first_place<'s>(scenario: &'s Scenario, steps: &'s [Step]) -> Option<&'s Name> {
    Some(match &steps.first()?.kind {
        StepKind::Work { resource, .. } | StepKind::Hold { resource, .. } => {
            &scenario.resources.get(&resource.value)?.at.value
        }
        StepKind::Ride { service, from, .. } => match from {
            Some(from) => &from.value,
            None => &scenario.services.get(&service.first()?.value)?.stops.value.first()?.value,
        },
        StepKind::Haul(connection) => &scenario.connections.get(&connection.value)?.from.value,
        StepKind::Procedure(name) => {
            return first_place(scenario, &scenario.procedures.get(&name.value)?.steps);
        }
        _ => return None,
    })
}
