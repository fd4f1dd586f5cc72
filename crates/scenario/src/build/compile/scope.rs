//! The scope of a list of steps: its owner, its place in the scenario, and what is known there.
//!
//! Does not own the steps themselves (`steps`, `walk`).

use std::collections::BTreeMap;

use super::standings::Standings;
use crate::decode::Name;

/// The scope in which steps are compiled.
#[expect(clippy::struct_excessive_bools, reason = "independent facts about the place")]
#[derive(Clone)]
pub(in crate::build) struct Scope {
    /// The owner of the streams: `flow/boxes`, `service/train`.
    pub owner: String,
    /// The names of the enclosing steps, each followed by `/`.
    pub prefix: String,
    /// The parameter path of the list, for messages.
    pub path: String,
    /// The number of enclosing loops.
    pub loops: u8,
    /// Whether a vehicle does the steps.
    pub is_vehicle: bool,
    /// Whether chance decides if, or how often, the steps are done.
    pub by_chance: bool,
    /// Whether the steps are in a parallel branch.
    pub in_branch: bool,
    /// Whether the shipment has a mass.
    pub has_mass: bool,
    /// The node whose local time counts.
    pub node: Option<Name>,
    /// The customs standings of the flow; `None` for a vehicle.
    pub customs: Option<Standings>,
    /// Marks by the name of the milestone.
    pub marks: BTreeMap<String, u8>,
    /// The enclosing procedures, to find one that calls itself.
    pub procedures: Vec<Name>,
}

impl Scope {
    /// The scope inside a step.
    pub(in crate::build) fn inside(&self, name: &str, path: impl Into<String>) -> Self {
        Self { prefix: format!("{}{name}/", self.prefix), path: path.into(), ..self.clone() }
    }

    /// The scope inside a step that chance decides.
    pub(in crate::build) fn by_chance(&self, name: &str, path: impl Into<String>) -> Self {
        Self { by_chance: true, ..self.inside(name, path) }
    }
}
