//! The difference of every figure, what it says, and what it says beside the other alternatives.

use std::collections::BTreeMap;

use sanda_results::{Finding, Margins, MetricDifference, paths};

use super::Side;
use crate::estimate::{
    Conclusion, Difference, Preference, Size, conclude, paired_mean, paired_quantile, paired_ratio,
    paired_share, simultaneous,
};
use crate::figure::CONFIDENCE;
use crate::sample::Sample;

/// A figure's kind: which values are good ones, and the smallest difference that matters.
struct Kind {
    preference: Preference,
    /// `None` where nobody has said what matters: then only the sign is judged.
    margin: Option<f64>,
}

impl Kind {
    fn of(path: &str, margins: Margins) -> Self {
        let lower = |margin| Self { preference: Preference::Lower, margin };
        let higher = |margin| Self { preference: Preference::Higher, margin };
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
            Some((place, sample, difference(of_base, sample)?))
        });
        let both: Vec<(usize, &Sample, Difference)> = both.collect();
        let family: Vec<Difference> = both.iter().map(|(_, _, difference)| difference.clone()).collect();
        let members = (alternatives.len() > 1).then(|| simultaneous(&family, CONFIDENCE));
        let kind = Kind::of(path, margins);
        for (number, (place, sample, difference)) in both.into_iter().enumerate() {
            let finite = |value: Option<f64>| value.filter(|value| value.is_finite());
            let (finding, more_replications) = found(&difference, &kind);
            let member = members.as_ref().map(|members| members[number]);
            let metric = MetricDifference {
                base: finite(of_base.estimate()),
                alternative: finite(sample.estimate()),
                difference: difference.estimate().into(),
                finding,
                more_replications,
                together: member.and_then(|member| {
                    let (low, high) = member.low.zip(member.high)?;
                    (low.is_finite() && high.is_finite()).then_some([low, high])
                }),
                p_adjusted: finite(member.map(|member| member.p_adjusted)),
                variance_reduction: finite(difference.variance_reduction),
            };
            judged[place].insert(path.clone(), metric);
        }
    }
    judged
}

/// The difference of two samples, replication by replication; `None` where neither observed anything, or their kinds differ.
pub(crate) fn difference(base: &Sample, alternative: &Sample) -> Option<Difference> {
    if base.estimate().is_none() && alternative.estimate().is_none() {
        return None;
    }
    match (base, alternative) {
        (Sample::Count(base), Sample::Count(alternative)) => Some(paired_mean(base, alternative, CONFIDENCE)),
        (Sample::Share(base), Sample::Share(alternative)) => {
            Some(paired_share(base, alternative, CONFIDENCE, None))
        }
        (Sample::Mean(base), Sample::Mean(alternative)) => Some(paired_ratio(base, alternative, CONFIDENCE)),
        (
            Sample::Quantile { pooled: from, own: of_base },
            Sample::Quantile { pooled: to, own: of_alternative },
        ) => {
            let own: Vec<_> = of_base.iter().copied().zip(of_alternative.iter().copied()).collect();
            Some(paired_quantile(*from, *to, &own, CONFIDENCE))
        }
        _ => None,
    }
}

/// What a difference says, and how many more replications would decide.
fn found(difference: &Difference, kind: &Kind) -> (Finding, Option<u64>) {
    // Without a margin nothing but identical numbers is alike, and every proven difference counts.
    let margin = kind.margin.unwrap_or(0.0);
    match conclude(difference, margin, kind.preference, CONFIDENCE) {
        Conclusion::Same => (Finding::Same, None),
        Conclusion::Better(Size::Beyond) => (Finding::Better, None),
        Conclusion::Better(Size::Inside) => (Finding::BetterInside, None),
        Conclusion::Better(Size::Open { more_replications }) => (Finding::BetterOpen, more_replications),
        Conclusion::Worse(Size::Beyond) => (Finding::Worse, None),
        Conclusion::Worse(Size::Inside) => (Finding::WorseInside, None),
        Conclusion::Worse(Size::Open { more_replications }) => (Finding::WorseOpen, more_replications),
        Conclusion::Equivalent => (Finding::Equivalent, None),
        Conclusion::Undecided { more_replications } => (Finding::Undecided, more_replications),
    }
}
