//! The evidence of a scenario, copied from the scenario to the results.
//!
//! Owns the copy of its table of sources, and the note on promises that rest on an assumed mix of lanes. Does not own what a source is
//! (`sanda_scenario`) nor how a mix is found (`mix`).

use sanda_results::{Basis, BasisCount, Confidence, Results, SourcedParameter, Text};
use sanda_scenario::{LoadedModel, inputs, schema};

use crate::mix::add_mixes;

/// Puts the table of sources and assumptions into the results of a run, and the mix of lanes of each promise that rests on an
/// assumed one; nothing else in them changes.
pub fn add_basis(results: &mut Results, loaded: &LoadedModel) {
    let basis = &loaded.basis;
    let [high, medium, low, assumed] = basis.count.by_confidence;
    results.basis = Some(Basis {
        count: BasisCount { high, medium, low, assumed, without: basis.count.without },
        sourced: basis.sourced.iter().map(|one| (one.path.clone(), sourced(one))).collect(),
        without: basis.without.clone(),
    });
    add_mixes(results);
}

fn sourced(one: &inputs::SourcedParameter) -> SourcedParameter {
    SourcedParameter {
        value: one.value.clone(),
        from: Text::new(&one.from.zh, &one.from.en),
        year: one.year,
        confidence: match one.confidence {
            schema::Confidence::High => Confidence::High,
            schema::Confidence::Medium => Confidence::Medium,
            schema::Confidence::Low => Confidence::Low,
            schema::Confidence::Assumed => Confidence::Assumed,
        },
        range: one.range.clone(),
    }
}
