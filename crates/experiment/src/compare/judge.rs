//! The difference of every figure, its verdict, and its verdict within the family of all alternatives.
//!
//! Owns margins and verdicts of single figures. Does not own the estimates (`estimate`) nor which figures are compared (`compare`).

use std::collections::BTreeMap;

use sanda_results::{Figure, Finding, Margins, MetricDifference, paths};

use super::Side;
use crate::estimate::{Conclusion, Difference, Estimate, Member, Preference, Size, conclude, simultaneous};
use crate::figure::CONFIDENCE;
use crate::sample::{Sample, difference};

/// A figure's kind: which values are good ones, and the smallest difference that matters.
struct Kind {
    preference: Preference,
    /// `None` where nobody has said what matters: then only the sign is judged.
    margin: Option<f64>,
    /// Whether its values may agree in several replications by chance: a share or a percentile, not a sum of times or amounts.
    is_coarse: bool,
}

impl Kind {
    fn of(path: &str, margins: Margins) -> Self {
        let last = path.rsplit('.').next().unwrap_or_default();
        let is_coarse = last.starts_with('p') && !last.starts_with("per_")
            || last.contains("share")
            || path.contains(".by_flow.");
        let lower = |margin| Self { preference: Preference::Lower, margin, is_coarse };
        let higher = |margin| Self { preference: Preference::Higher, margin, is_coarse };
        let Some((section, _, rest)) = paths::split(path) else { return lower(None) };
        match section {
            paths::PROMISES if rest.starts_with("time.") => lower(Some(margins.hours)),
            paths::PROMISES => higher(Some(margins.share)),
            paths::FLOWS if rest.starts_with("clocks.") => lower(Some(margins.hours)),
            paths::FLOWS if rest == "delivered" || rest == "released" => higher(None),
            paths::SERVICES if rest == "first_departure_share" => higher(Some(margins.share)),
            paths::SERVICES | paths::RESOURCES if rest == "wait.mean" => lower(Some(margins.hours)),
            paths::SERVICES if rest == "load_factor" => higher(Some(margins.share)),
            paths::SERVICES | paths::RESOURCES => lower(Some(margins.share)),
            _ => lower(None),
        }
    }
}

/// All differences to the base, by alternative and path.
pub(super) fn judge_all(
    base: &Side,
    alternatives: &[Side],
    margins: Margins,
) -> Vec<BTreeMap<String, MetricDifference>> {
    let mut judged = vec![BTreeMap::new(); alternatives.len()];
    for (path, of_base) in &base.samples {
        let both = alternatives.iter().enumerate().filter_map(|(place, alternative)| {
            let sample = alternative.samples.get(path)?;
            let n_clusters = base.n_clusters.min(alternative.n_clusters);
            Some((place, sample, difference(of_base, sample, n_clusters)?))
        });
        let both: Vec<(usize, &Sample, Difference)> = both.collect();
        let family: Vec<Difference> = both.iter().map(|(_, _, difference)| difference.clone()).collect();
        let members = (alternatives.len() > 1).then(|| simultaneous(&family, CONFIDENCE));
        let kind = Kind::of(path, margins);
        for (number, (place, sample, difference)) in both.into_iter().enumerate() {
            let finite = |value: Option<f64>| value.filter(|value| value.is_finite());
            let member = members.as_ref().map(|members| members[number]);
            let (finding, more_replications) = found(&difference, &kind, member);
            let metric = MetricDifference {
                base: finite(of_base.estimate()),
                alternative: finite(sample.estimate()),
                difference: figure_of(&difference, member),
                finding,
                more_replications: more_replications.filter(|more| *more > 0),
                p_adjusted: finite(member.map(|member| member.p_adjusted)),
                variance_reduction: finite(difference.variance_reduction),
            };
            judged[place].insert(path.clone(), metric);
        }
    }
    judged
}

/// The difference with the interval that is shown: of several alternatives the one that holds together with the others.
fn figure_of(difference: &Difference, member: Option<Member>) -> Figure {
    let Estimate { value, n_replications, remark, .. } = difference.estimate();
    let alone: Figure = difference.estimate().into();
    match member.and_then(|member| member.low.zip(member.high)) {
        Some(together) if !difference.is_same => {
            Figure { remark, ..Figure::from_parts(value, Some(together), n_replications) }
        }
        _ => alone,
    }
}

/// Equal differences of fewer pairs than this prove nothing: six agree by chance with probability 1 / 32.
const FEWEST_EQUAL: u32 = 6;

/// What a difference says, and how many more replications would decide.
///
/// Of several alternatives a difference is proven if Holm's test says so, and exceeds the margin if the interval does that holds together
/// with those of the others.
fn found(difference: &Difference, kind: &Kind, member: Option<Member>) -> (Finding, Option<u64>) {
    // Without a margin nothing but identical numbers is alike, and every proven difference counts.
    let margin = kind.margin.unwrap_or(0.0);
    // Sums of many times or amounts do not agree by chance; shares and percentiles of few values may.
    let is_point = kind.is_coarse && !difference.is_same && difference.standard_error == 0.0;
    if is_point && difference.n_replications < FEWEST_EQUAL {
        return (Finding::Undecided, Some(u64::from(FEWEST_EQUAL - difference.n_replications)));
    }
    let conclusion = conclude(difference, margin, kind.preference, CONFIDENCE);
    let is_proven = member.is_none_or(|member| member.is_proven);
    let is_beyond = member.is_none_or(|member| {
        member.low.is_some_and(|low| low > margin) || member.high.is_some_and(|high| high < -margin)
    });
    let size = |size: Size| match size {
        Size::Beyond if !is_beyond => Size::Open { more_replications: None },
        size => size,
    };
    match conclusion {
        Conclusion::Same => (Finding::Same, None),
        Conclusion::Equivalent => (Finding::Equivalent, None),
        Conclusion::Undecided { more_replications } => (Finding::Undecided, more_replications),
        Conclusion::Better(_) | Conclusion::Worse(_) if !is_proven => (Finding::Undecided, None),
        Conclusion::Better(found) => match size(found) {
            Size::Beyond => (Finding::Better, None),
            Size::Inside => (Finding::BetterInside, None),
            Size::Open { more_replications } => (Finding::BetterOpen, more_replications),
        },
        Conclusion::Worse(found) => match size(found) {
            Size::Beyond => (Finding::Worse, None),
            Size::Inside => (Finding::WorseInside, None),
            Size::Open { more_replications } => (Finding::WorseOpen, more_replications),
        },
    }
}
