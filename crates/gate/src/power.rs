//! The number of replications that the margins need, given the spread in a baseline.
//!
//! Does not own the calculation (`sanda_experiment::estimate`).

use std::fmt::Write as _;

use sanda_experiment::Sample;
use sanda_experiment::estimate::{Look, ratio_values, replications_needed};

use crate::baseline::Baseline;
use crate::family::family_of;
use crate::text::{counted, size};

/// Factor that accounts for skewness, which widens intervals but is not part of the calculation. Without it 4 % of unchanged models are
/// inconclusive instead of 2 % (`tests/error_rates.rs`).
const ALLOWANCE: f64 = 1.25;

/// Largest number of rows of the table.
const MOST_ROWS: usize = 10;

/// The number of replications that a metric needs.
#[derive(Clone, Debug, PartialEq)]
pub struct Need {
    /// Its path.
    pub path: String,
    /// Its margin.
    pub margin: f64,
    /// Number of replications at one look with independent luck; `None` if there is no spread to judge by, or ten million are not enough.
    pub replications: Option<u64>,
    /// Whether its replications differ at all.
    pub varies: bool,
}

/// Returns the need of each metric with a margin, the most demanding first.
pub fn needs(baseline: &Baseline) -> Vec<Need> {
    let values = |sample: &Sample| -> Vec<f64> {
        let pairs = |pairs: &[(f64, f64)]| {
            ratio_values(&pairs.iter().copied().filter(|pair| pair.1 > 0.0).collect::<Vec<_>>())
        };
        match sample {
            Sample::Count(values) => values.clone(),
            Sample::Share(all) | Sample::Mean(all) => pairs(all),
            Sample::Quantile { pooled, own } => {
                around(*pooled, &own.iter().filter_map(|own| *own).collect::<Vec<_>>())
            }
        }
    };
    let metrics: Vec<_> = baseline
        .metrics
        .iter()
        .filter_map(|(path, metric)| Some((path, metric.margin?, values(&metric.sample()))))
        .collect();
    let stored: Vec<(&[f64], f64)> =
        metrics.iter().map(|(_, margin, values)| (&values[..], *margin)).collect();
    let needed = replications_needed(&stored, Look::ONLY);
    let varies = |values: &[f64]| values.windows(2).any(|pair| pair[0].to_bits() != pair[1].to_bits());
    let mut needs: Vec<Need> = metrics
        .iter()
        .zip(needed)
        .map(|((path, margin, values), replications)| Need {
            path: (*path).clone(),
            margin: *margin,
            replications: replications.map(|n| (n as f64 * ALLOWANCE).ceil() as u64),
            varies: varies(values),
        })
        .collect();
    let demand = |need: &Need| match need.replications {
        None if need.varies => u64::MAX,
        None => 0,
        Some(n) => n,
    };
    needs.sort_by(|a, b| demand(b).cmp(&demand(a)).then_with(|| a.path.cmp(&b.path)));
    needs
}

/// Widens the quantiles of replications so that their spread is that around the pooled quantile, as in the interval.
fn around(pooled: f64, own: &[f64]) -> Vec<f64> {
    let n = own.len() as f64;
    let centre = own.iter().sum::<f64>() / n;
    let variance = own.iter().map(|own| (own - centre) * (own - centre)).sum::<f64>() / (n - 1.0);
    let off = (centre - pooled) * (centre - pooled) * n / (n - 1.0);
    if !(variance > 0.0 && off.is_finite()) {
        return own.to_vec();
    }
    let stretch = ((variance + off) / variance).sqrt();
    own.iter().map(|own| pooled + stretch * (own - centre)).collect()
}

/// Returns the table of the most demanding metrics of a baseline.
pub fn power_table(baseline: &Baseline) -> String {
    let n_stored = baseline.last().replications;
    let needs = needs(baseline);
    let is_enough = |need: &&Need| need.replications.map_or(!need.varies, |n| n <= n_stored);
    let n_enough = needs.iter().filter(is_enough).count();
    let mut text = format!(
        "{}: {} are enough for {n_enough} of {} with luck of its own; with the same luck an unchanged model needs two\n",
        baseline.scenario.name,
        counted(n_stored, "replication"),
        counted(needs.len() as u64, "metric"),
    );
    for need in needs.iter().take(MOST_ROWS) {
        let is_share = family_of(&need.path).is_some_and(|(family, _)| family.is_share());
        let margin = size(Some(need.margin), is_share);
        let n = match need.replications {
            Some(n) => n.to_string(),
            None if need.varies => "over 10 million".to_owned(),
            None => "no spread".to_owned(),
        };
        let _ = writeln!(text, "  {n:>15}  {}  (margin {margin})", need.path);
    }
    text
}
