//! The ranking of several scenarios for one promise: which may be the best, and how sure the order is.
//!
//! Does not own the statistics of an order (`estimate::order_chance`).

use sanda_results::{Alternative, Lead, Ranked, Ranking, paths};

use super::Side;
use crate::estimate::{Preference, compare_with_best, order_chance, ratio_values};
use crate::figure::CONFIDENCE;
use crate::sample::{Sample, difference};

/// Ranks the base and its alternatives; `None` where nothing differs, or where one of them does not have the promise.
pub(super) fn rank(id: &str, sides: &[Side], alternatives: &[Alternative]) -> Option<Ranking> {
    let leads: Vec<Lead> = alternatives.iter().filter_map(|one| Some(one.promises.get(id)?.lead)).collect();
    let by = *leads.iter().min()?;
    let (path, preference) = match by {
        Lead::Share => (paths::promise_share(id), Preference::Higher),
        Lead::Time => (paths::promise(id, "time.mean"), Preference::Lower),
        Lead::Neither => return None,
    };
    let samples: Vec<&Sample> = sides.iter().map(|side| side.samples.get(&path)).collect::<Option<_>>()?;
    let values = samples.iter().map(|sample| by_replication(sample)).collect::<Option<Vec<_>>>()?;
    // Differences exist: the samples are of one kind and observed something.
    samples.iter().try_for_each(|sample| sample.estimate().map(|_| ()))?;
    let n_clusters = sides.iter().map(|side| side.n_clusters).fold(f64::INFINITY, f64::min);
    let against = compare_with_best(
        samples.len(),
        |i, j| {
            difference(samples[j], samples[i], n_clusters)
                .unwrap_or_else(|| unreachable!("samples of one figure"))
        },
        preference,
        CONFIDENCE,
    );
    let n = values.iter().map(Vec::len).min()?;
    let alike: Vec<Vec<f64>> = values.iter().map(|list| list[..n].to_vec()).collect();
    let order = order_chance(&alike, preference);
    let mut places: Vec<usize> = (0..samples.len()).collect();
    let estimate = |place: usize| samples[place].estimate().unwrap_or(f64::NAN);
    places.sort_by(|&a, &b| match preference {
        Preference::Higher => estimate(b).total_cmp(&estimate(a)),
        Preference::Lower => estimate(a).total_cmp(&estimate(b)),
    });
    let ranked = |place: usize| Ranked {
        name: sides[place].about.name.clone(),
        value: estimate(place),
        may_be_best: against[place].may_be_best,
    };
    Some(Ranking {
        by,
        order: places.into_iter().map(ranked).collect(),
        chance_of_first: order.as_ref().map(|order| order.chance_of_first),
        chance_of_order: order.map(|order| order.chance),
    })
}

/// One number for each replication, whose mean is the figure.
fn by_replication(sample: &Sample) -> Option<Vec<f64>> {
    match sample {
        Sample::Share(pairs) | Sample::Mean(pairs) => Some(ratio_values(pairs)),
        Sample::Count(values) => Some(values.clone()),
        Sample::Quantile { .. } => None,
    }
}
