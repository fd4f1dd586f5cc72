//! Promises over several flows that rest on an assumed mix of them: the share of such a promise weighs each flow by its volume.
//!
//! Owns which flows have an assumed volume. Does not own what the sources of a scenario say (`sanda_scenario::inputs`), nor the shares.

use sanda_results::{AssumedMix, Basis, Confidence, Promise, Results};

/// Puts the mix into every promise that rests on an assumed one, by the basis of the results.
pub(crate) fn add_mixes(results: &mut Results) {
    let Some(basis) = &results.basis else { return };
    for promise in results.promises.values_mut() {
        promise.assumed_mix = mix(basis, promise);
    }
}

/// Finds the mix of a promise; `None` for fewer than two flows with shipments, and where no volume is assumed.
fn mix(basis: &Basis, promise: &Promise) -> Option<AssumedMix> {
    let lanes: Vec<(&String, f64)> =
        promise.by_flow.iter().filter_map(|(flow, share)| Some((flow, share.estimate?))).collect();
    let assumed = lanes.iter().filter(|(flow, _)| is_volume_assumed(basis, flow)).count();
    if lanes.len() < 2 || assumed == 0 {
        return None;
    }
    let (lowest, low) = *lanes.iter().min_by(|(_, a), (_, b)| a.total_cmp(b))?;
    // Of equal ones the first by id.
    let (highest, high) = *lanes.iter().rev().max_by(|(_, a), (_, b)| a.total_cmp(b))?;
    Some(AssumedMix {
        lanes: lanes.len() as u32,
        assumed: assumed as u32,
        lowest: lowest.clone(),
        low,
        highest: highest.clone(),
        high,
    })
}

/// Whether the volume of a flow is assumed: whether some parameter of its arrivals has a source that says so or is of low
/// confidence, or has none.
///
/// Profiles do not count: they say when a volume comes, not how large it is. Nor do the lots in which a yearly volume comes.
fn is_volume_assumed(basis: &Basis, flow: &str) -> bool {
    let arrivals = format!("flows.{flow}.arrivals");
    let is_of = |field: &str, path: &str| below(path, &format!("{arrivals}.{field}"));
    let is_yearly = basis.sourced.keys().chain(&basis.without).any(|path| is_of("per_year", path));
    let of_volume = |path: &str| {
        below(path, &arrivals) && !is_of("profile", path) && !(is_yearly && is_of("batch", path))
    };
    if basis.without.iter().any(|path| of_volume(path)) {
        return true;
    }
    let mut sources = basis.sourced.iter().filter(|(path, _)| of_volume(path)).peekable();
    sources.peek().is_none()
        || sources.any(|(_, one)| matches!(one.confidence, Confidence::Assumed | Confidence::Low))
}

/// Whether one path is the other or lies beneath it.
fn below(path: &str, above: &str) -> bool {
    path.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    use sanda_results::{SourcedParameter, Text};

    /// A basis of sources and of parameters without one, each by its path beneath the flow `boxes`.
    fn basis(sourced: &[(&str, Confidence)], without: &[&str]) -> Basis {
        let path = |rest: &str| format!("flows.boxes.{rest}");
        let source = |confidence| SourcedParameter {
            value: None,
            from: Text::same("someone"),
            year: None,
            confidence,
            range: None,
        };
        let sourced: BTreeMap<_, _> =
            sourced.iter().map(|&(rest, confidence)| (path(rest), source(confidence))).collect();
        Basis { sourced, without: without.iter().map(|rest| path(rest)).collect(), ..Basis::default() }
    }

    #[test]
    fn a_volume_is_assumed_unless_somebody_stands_for_it() {
        use Confidence::{Assumed, High, Low, Medium};
        let check = |sourced: &[_], without: &[_], expected| {
            assert_eq!(
                is_volume_assumed(&basis(sourced, without), "boxes"),
                expected,
                "{sourced:?} {without:?}"
            );
        };
        check(&[], &[], true);
        check(&[], &["arrivals.mean"], true);
        check(&[("arrivals.per_year", Assumed)], &[], true);
        check(&[("arrivals.per_year", Low)], &[], true);
        check(&[("arrivals.per_year", Medium)], &[], false);
        check(&[("arrivals", High)], &[], false);
        check(&[("arrivals[0]", High)], &[], false);
        // The season is not the volume.
        check(
            &[("arrivals.per_year", High), ("arrivals.profile", Assumed)],
            &["arrivals.profile.month"],
            false,
        );
        check(&[("arrivals.profile", High)], &[], true);
        // Nor are lots of a yearly volume; but of a number of arrivals they are a factor.
        check(&[("arrivals.per_year", High)], &["arrivals.batch"], false);
        check(&[("arrivals.mean", High)], &["arrivals.batch"], true);
        // What speaks of another flow, or of something else, does not stand for it.
        check(&[("arrivals-of-others", High), ("mass", High)], &[], true);
    }
}
