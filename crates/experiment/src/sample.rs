//! Samples: each replication's own value of a figure, from which comparisons, sweeps and gates estimate differences.
//!
//! A figure of the results is an estimate with an interval; a sample is what it was estimated from, one entry a replication, in the same
//! unit and under the same path. Does not own the estimates (`estimate`) nor which figures there are (`metrics`).

use std::collections::BTreeMap;

use sanda_results::paths;

use crate::estimate::{Difference, paired_mean, paired_quantile, paired_ratio, paired_share};
use crate::figure::{CONFIDENCE, largest_cluster};
use crate::gather::{Accumulator, Gathered};
use crate::section::TallySection;

/// The last part of the path of the times that given shares keep.
const ACHIEVABLE: &str = ".achievable";

/// What it is called where all times of a promise are meant.
const TIME: &str = ".time";

/// The percentiles of these.
const TIME_PERCENTILES: [f64; 3] = [0.5, 0.9, 0.95];

/// A figure by its replications, in the order of their numbers.
#[derive(Clone, Debug, PartialEq)]
pub enum Sample {
    /// A count of each replication; its figure is their mean.
    Count(Vec<f64>),
    /// Part and whole of each; the figure is the ratio of their sums, a fraction of one.
    Share(Vec<(f64, f64)>),
    /// Sum and number of each; the figure is the ratio of their sums.
    Mean(Vec<(f64, f64)>),
    /// The quantile of all values together, and of each replication by itself; infinite among what never came, and `None` where there are no
    /// values.
    Quantile {
        /// Of all values of all replications.
        pooled: f64,
        /// Of each replication.
        own: Vec<Option<f64>>,
    },
}

impl Sample {
    /// The figure that the sample is of; `None` where nothing was observed.
    pub fn estimate(&self) -> Option<f64> {
        let value = match self {
            Self::Count(values) => values.iter().sum::<f64>() / values.len() as f64,
            Self::Share(pairs) | Self::Mean(pairs) => {
                let (part, whole) =
                    pairs.iter().fold((0.0, 0.0), |sum, pair| (sum.0 + pair.0, sum.1 + pair.1));
                part / whole
            }
            Self::Quantile { pooled, .. } => *pooled,
        };
        (!value.is_nan()).then_some(value)
    }

    /// The number of replications.
    pub fn n_replications(&self) -> usize {
        match self {
            Self::Count(values) => values.len(),
            Self::Share(pairs) | Self::Mean(pairs) => pairs.len(),
            Self::Quantile { own, .. } => own.len(),
        }
    }
}

impl Gathered {
    /// The samples of all figures whose paths are wanted, by path. Series and standard deviations have none.
    pub fn samples(&self, is_wanted: impl Fn(&str) -> bool) -> BTreeMap<String, Sample> {
        let mut samples = BTreeMap::new();
        for (path, accumulator) in self.accumulators() {
            let mut add = |path: String, sample: &dyn Fn() -> Sample| {
                if is_wanted(&path) {
                    samples.insert(path, sample());
                }
            };
            match accumulator {
                Accumulator::Count(values) => add(path.to_owned(), &|| Sample::Count(values.clone())),
                Accumulator::Share(pairs) => add(path.to_owned(), &|| Sample::Share(pairs.clone())),
                Accumulator::Mean(pairs) => add(path.to_owned(), &|| Sample::Mean(pairs.clone())),
                Accumulator::Tally { pooled, n_infinite, statistics, sections } => {
                    let scale = statistics.scale;
                    let (path, percentiles): (_, &[f64]) = if statistics.achievable {
                        // The times on the clock of a promise over all its flows: figures of comparisons alone.
                        (path.replace(ACHIEVABLE, TIME), &TIME_PERCENTILES)
                    } else {
                        (path.to_owned(), statistics.percentiles)
                    };
                    let pairs = || {
                        let pair = |section: &TallySection| (section.sum / scale, section.count);
                        Sample::Mean(sections.iter().map(pair).collect())
                    };
                    add(format!("{path}.{}", paths::MEAN), &pairs);
                    for &level in percentiles {
                        let quantile = || {
                            let value = pooled.histogram().rank_quantile(*n_infinite, level);
                            let none = if pooled.count() + n_infinite > 0 { f64::INFINITY } else { f64::NAN };
                            let own = sections
                                .iter()
                                .map(|section| section.quantile(level).map(|value| value / scale));
                            Sample::Quantile {
                                pooled: value.map_or(none, |value| value as f64 / scale),
                                own: own.collect(),
                            }
                        };
                        add(format!("{path}.{}", paths::percentile(level)), &quantile);
                    }
                }
                Accumulator::Level { sections, .. } => {
                    let pairs = || Sample::Mean(sections.iter().map(|one| (one.sum, one.count)).collect());
                    add(format!("{path}.{}", paths::MEAN), &pairs);
                }
                Accumulator::Week(_) => {}
            }
        }
        samples
    }
}

/// The difference of two samples, replication by replication; `None` where their kinds differ, or neither observed anything.
///
/// Each replication holds `n_clusters` groups of shipments that may share one fate.
pub(crate) fn difference(base: &Sample, other: &Sample, n_clusters: f64) -> Option<Difference> {
    if base.estimate().is_none() && other.estimate().is_none() {
        return None;
    }
    Some(match (base, other) {
        (Sample::Count(base), Sample::Count(other)) => paired_mean(base, other, CONFIDENCE),
        (Sample::Mean(base), Sample::Mean(other)) => paired_ratio(base, other, CONFIDENCE),
        (Sample::Share(base), Sample::Share(other)) => {
            let cluster = [base, other].into_iter().filter_map(|pairs| largest_cluster(pairs, n_clusters));
            paired_share(base, other, CONFIDENCE, cluster.reduce(f64::max))
        }
        (
            Sample::Quantile { pooled: base, own: of_base },
            Sample::Quantile { pooled: other, own: of_other },
        ) => {
            let own: Vec<_> = of_base.iter().copied().zip(of_other.iter().copied()).collect();
            paired_quantile(*base, *other, &own, CONFIDENCE)
        }
        _ => return None,
    })
}
