//! Inactive disruptions: checked as if they were active, then left out.
//!
//! A switch must be safe to throw, so the errors of a disruption are reported while it is off. The model,
//! its digest and every figure are those of a scenario without the disruption.

use std::borrow::Cow;

use crate::issue::{Issue, Issues};
use crate::schema::Scenario;

/// Builds a scenario without its inactive disruptions, and reports every disruption as if it were active.
///
/// `build_whole` builds a scenario with all its disruptions.
pub(in crate::build) fn build_active<T>(
    scenario: &Scenario,
    issues: &mut Issues,
    build_whole: impl Fn(&Scenario, &mut Issues) -> Option<T>,
) -> Option<T> {
    let Cow::Owned(active) = without_inactive(scenario) else {
        return build_whole(scenario, issues);
    };
    let mut with_all = Issues::new();
    if build_whole(scenario, &mut with_all).is_none() {
        issues.append(&mut with_all);
        return None;
    }
    let mut as_it_runs = Issues::new();
    let built = build_whole(&active, &mut as_it_runs);
    let is_of_disruption = |issue: &Issue| issue.path.split('.').next() == Some("disruptions");
    issues.extend(with_all.into_vec().into_iter().filter(is_of_disruption));
    issues.extend(as_it_runs.into_vec().into_iter().filter(|issue| !is_of_disruption(issue)));
    built
}

/// A scenario without its inactive disruptions.
pub(in crate::build) fn without_inactive(scenario: &Scenario) -> Cow<'_, Scenario> {
    if scenario.disruptions.values().all(|disruption| disruption.active) {
        return Cow::Borrowed(scenario);
    }
    let mut left = scenario.clone();
    left.disruptions.retain(|_, disruption| disruption.active);
    Cow::Owned(left)
}
