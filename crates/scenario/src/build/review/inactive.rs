//! Disruptions that take no part: looked at as if they did, then left out.
//!
//! A switch must be safe to throw, so whatever is wrong with a disruption is said while it is off. Left out means that the
//! model, its digest and every figure are those of a scenario that does not have it.

use std::borrow::Cow;

use super::{Built, build_whole};
use crate::issue::{Issue, Issues};
use crate::schema::Scenario;
use crate::source::SourceMap;

/// Compiles a checked scenario.
///
/// `None` means that at least one error was added to the issues. What is said about disruptions is said as if all of them
/// took part.
pub fn build(scenario: &Scenario, sources: &SourceMap, issues: &mut Issues) -> Option<Built> {
    let Cow::Owned(active) = without_inactive(scenario) else {
        return build_whole(scenario, sources, issues, |_| {});
    };
    let mut with_all = Issues::new();
    if build_whole(scenario, sources, &mut with_all, |_| {}).is_none() {
        issues.append(&mut with_all);
        return None;
    }
    let mut as_it_runs = Issues::new();
    let built = build_whole(&active, sources, &mut as_it_runs, |_| {});
    let is_of_disruption = |issue: &Issue| issue.path.split('.').next() == Some("disruptions");
    issues.extend(with_all.into_vec().into_iter().filter(is_of_disruption));
    issues.extend(as_it_runs.into_vec().into_iter().filter(|issue| !is_of_disruption(issue)));
    built
}

/// A scenario without the disruptions that take no part.
pub(super) fn without_inactive(scenario: &Scenario) -> Cow<'_, Scenario> {
    if scenario.disruptions.values().all(|disruption| disruption.active) {
        return Cow::Borrowed(scenario);
    }
    let mut left = scenario.clone();
    left.disruptions.retain(|_, disruption| disruption.active);
    Cow::Owned(left)
}
