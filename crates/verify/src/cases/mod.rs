//! The cases. A new one is a function that returns a [`Case`], entered in the list of its file. Does not own the formulas (`theory`).
//!
//! Loads are at most 0.8 in the quick set, so that few hours suffice. The full set runs the same cases longer and adds others at loads up
//! to 0.95.

mod departures;
mod fleets;
mod interrupted;
mod loss;
mod networks;
mod priority;
mod queues;
mod steps;
mod time;

use crate::case::{Case, Depth};

/// Returns all cases, in the order in which they are printed.
pub fn all(depth: Depth) -> Vec<Case> {
    let mut cases = queues::cases(depth);
    cases.extend(loss::cases(depth));
    cases.extend(priority::cases(depth));
    cases.extend(interrupted::cases(depth));
    cases.extend(networks::cases(depth));
    cases.extend(departures::cases(depth));
    cases.extend(fleets::cases(depth));
    cases.extend(time::cases(depth));
    cases.extend(steps::cases(depth));
    cases
}

impl Depth {
    /// Returns the hours of the window in one replication, by depth.
    fn hours(self, quick: f64, full: f64) -> f64 {
        match self {
            Self::Quick => quick,
            Self::Full => full,
        }
    }
}

/// Returns sections with one desk, as described, and one flow through it.
fn desk(resource: &str, arrivals: &str, time: &str) -> String {
    format!(
        r#"
nodes: {{ "gate": () }},
resources: {{ "desk": (at: "gate", {resource}) }},
flows: {{ "boxes": (arrivals: {arrivals}, steps: [Work(resource: "desk", time: {time})]) }},
"#
    )
}

/// Returns Poisson arrivals at a rate per hour.
fn poisson(rate: f64) -> String {
    format!(r#"Poisson(mean: {rate}, per: "1h")"#)
}

/// Returns an exponential law with a mean in hours.
fn exponential(mean: f64) -> String {
    format!(r#"Exponential(mean: "{mean}h")"#)
}
