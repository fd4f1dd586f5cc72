//! The rows of the waterfall: the causes with the largest effect in route order, and one row for the rest.

use sanda_results::{AttributedCause, Attribution, Figure, Gain, Text};

use super::words;

/// Greatest number of causes with a row of their own, so that the figure fits a page.
const MOST: usize = 14;

/// A bar of the waterfall.
pub(super) struct Step {
    pub(super) name: Text,
    /// What it adds to the mean, the median and the 90th percentile.
    pub(super) adds: [Figure; 3],
    /// Whether it is the remainder that no edit of the model removes.
    pub(super) is_remainder: bool,
}

/// Lists the steps from the ideal time to the actual one: the remainder, then the causes in route order.
pub(super) fn steps(attribution: &Attribution) -> Vec<Step> {
    let adds = |gain: &Gain| [gain.mean, gain.p50, gain.p90];
    let mut steps =
        vec![Step { name: words::remainder(), adds: adds(&attribution.remainder.gain), is_remainder: true }];
    let weight = |cause: &AttributedCause| {
        let of = |figure: &Figure| figure.value().map_or(0.0, f64::abs);
        of(&cause.cumulative.mean).max(of(&cause.cumulative.p50)).max(of(&cause.cumulative.p90))
    };
    let mut weights: Vec<f64> = attribution.causes.iter().map(weight).collect();
    weights.sort_by(|a, b| b.total_cmp(a));
    // A cause without effect needs no row.
    let least = weights.get(MOST).copied().unwrap_or(0.0);
    let (shown, rest): (Vec<_>, Vec<_>) = attribution.causes.iter().partition(|cause| weight(cause) > least);
    let shown = shown.into_iter().map(|cause| Step {
        name: words::cause(cause),
        adds: adds(&cause.cumulative),
        is_remainder: false,
    });
    steps.extend(shown);
    let sum = |of: fn(&Gain) -> Figure| {
        Figure::plain(rest.iter().filter_map(|cause| of(&cause.cumulative).value()).sum())
    };
    if !rest.is_empty() {
        let adds = [sum(|gain| gain.mean), sum(|gain| gain.p50), sum(|gain| gain.p90)];
        steps.push(Step { name: words::rest(rest.len()), adds, is_remainder: false });
    }
    steps
}

/// Ranks the causes by what removing each alone gains. Causes without gain are left out.
pub(super) fn ranked(attribution: &Attribution) -> Vec<&AttributedCause> {
    let of = |id: &String| attribution.causes.iter().find(|cause| cause.id == *id);
    let gains = |cause: &&AttributedCause| {
        let gains = |figure: &Figure| figure.value().is_some_and(|value| value.abs() > 1e-9);
        gains(&cause.single.mean)
            || gains(&cause.single.p90)
            || cause.single.share.as_ref().is_some_and(gains)
    };
    attribution.ranking.iter().filter_map(of).filter(gains).collect()
}
