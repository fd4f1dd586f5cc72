//! The comparison of a promise over the draws of what is not known, and the unknown on which the winner depends.
//!
//! Both scenarios were tried at the same draws with the same luck, so at every draw the difference is one of inputs and measures alone.

use sanda_core::kernel::special::normal_tail;
use sanda_results::{DrawCount, DrawDifferences, Influence, Lead};

use super::{Draws, HOUR};
use crate::inputs::PointCounts;

/// Most unknowns that are named.
const MOST_NAMED: usize = 3;

/// Probability at most that an unknown is named which has nothing to do with it, over all unknowns.
const LEVEL: f64 = 0.05;

/// Compares a promise draw by draw; `None` where the scenarios were not tried at the same draws.
pub(super) fn compare(
    id: &str,
    base: Option<&Draws>,
    alternative: Option<&Draws>,
    lead: Lead,
) -> Option<DrawDifferences> {
    let (base, alternative) = base.zip(alternative)?;
    let (from, to) = (base.promises.get(id)?, alternative.promises.get(id)?);
    if from.len() != to.len() {
        return None;
    }
    let share = |counts: &PointCounts| (counts.of > 0).then(|| counts.kept as f64 / counts.of as f64);
    let hours =
        |counts: &PointCounts| (counts.timed > 0).then(|| counts.time as f64 / counts.timed as f64 / HOUR);
    // `None` where one of them has no shipment at a draw: nothing can be said there.
    let differences = |of: &dyn Fn(&PointCounts) -> Option<f64>| -> Vec<Option<f64>> {
        from.iter().zip(to).map(|(from, to)| of(to).zip(of(from)).map(|(to, from)| to - from)).collect()
    };
    let shares = differences(&share);
    // Less time is better.
    let times = differences(&hours);
    // Where neither leads, by what differs at some draw.
    let is_by_time = lead == Lead::Time
        || lead == Lead::Neither && shares.iter().flatten().all(|difference| *difference == 0.0);
    let loses: Vec<bool> = if is_by_time {
        times.iter().map(|difference| difference.is_some_and(|hours| hours > 0.0)).collect()
    } else {
        shares.iter().map(|difference| difference.is_some_and(|share| share < 0.0)).collect()
    };
    Some(DrawDifferences {
        draws: from.len() as u32,
        share: count(&shares, |difference| difference > 0.0),
        time: count(&times, |difference| difference < 0.0),
        loses_where: influences(base, alternative, &loses),
    })
}

fn count(differences: &[Option<f64>], is_better: impl Fn(f64) -> bool) -> DrawCount {
    let mut count = DrawCount { low: f64::INFINITY, high: f64::NEG_INFINITY, ..DrawCount::default() };
    for difference in differences.iter().copied().flatten() {
        if difference == 0.0 {
            count.same += 1;
        } else if is_better(difference) {
            count.better += 1;
        } else {
            count.worse += 1;
        }
        (count.low, count.high) = (count.low.min(difference), count.high.max(difference));
    }
    if count.low > count.high { DrawCount::default() } else { count }
}

/// The unknowns whose place in their range tells the draws at which the alternative loses from the others, the strongest first.
///
/// Rank-sum tests with Bonferroni's correction for the number of unknowns (H. B. Mann, D. R. Whitney, Annals of Mathematical Statistics
/// 18, 1947; normal approximation): with probability 95 % no unknown is named that has nothing to do with it.
fn influences(base: &Draws, alternative: &Draws, loses: &[bool]) -> Vec<Influence> {
    let n_losing = loses.iter().filter(|loses| **loses).count();
    if n_losing == 0 || n_losing == loses.len() {
        return Vec::new();
    }
    // An unknown of both has the same place in both; one of the alternative alone counts as well.
    let of_alternative =
        alternative.unknowns.iter().enumerate().filter(|(_, unknown)| !base.unknowns.contains(unknown));
    let columns = base
        .unknowns
        .iter()
        .enumerate()
        .map(|(place, unknown)| (unknown, place, base))
        .chain(of_alternative.map(|(place, unknown)| (unknown, place, alternative)));
    let columns: Vec<_> = columns.collect();
    let n_unknowns = columns.len() as f64;
    let mut found: Vec<Influence> = columns
        .into_iter()
        .filter_map(|(unknown, place, draws)| {
            let values: Vec<f64> = draws.points.iter().map(|point| point[place]).collect();
            let (z, medians) = rank_sum(&values, loses);
            let p = (2.0 * normal_tail(z.abs()) * n_unknowns).min(1.0);
            (p <= LEVEL).then(|| Influence { unknown: unknown.clone(), loses_when_high: z > 0.0, medians, p })
        })
        .collect();
    found.sort_by(|a, b| a.p.total_cmp(&b.p).then_with(|| a.unknown.cmp(&b.unknown)));
    found.truncate(MOST_NAMED);
    found
}

/// How many standard errors the ranks of the losing draws lie above what chance would give, and the medians of both groups.
fn rank_sum(values: &[f64], loses: &[bool]) -> (f64, [f64; 2]) {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let (mut sum, mut groups) = (0.0, [Vec::new(), Vec::new()]);
    for (rank, &place) in order.iter().enumerate() {
        if loses[place] {
            sum += rank as f64 + 1.0;
            groups[0].push(values[place]);
        } else {
            groups[1].push(values[place]);
        }
    }
    let (n, m) = (groups[0].len() as f64, groups[1].len() as f64);
    let expected = n * (n + m + 1.0) / 2.0;
    let error = (n * m * (n + m + 1.0) / 12.0).sqrt();
    let median = |sorted: &[f64]| sorted[sorted.len() / 2];
    ((sum - expected) / error, [median(&groups[0]), median(&groups[1])])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_by_hand() {
        // The three largest of six lose: their ranks sum to 15, expected are 10.5, the error is sqrt(5.25).
        let (z, medians) =
            rank_sum(&[0.1, 0.9, 0.2, 0.8, 0.3, 0.7], &[false, true, false, true, false, true]);
        assert!((z - 4.5 / 5.25_f64.sqrt()).abs() < 1e-12, "{z}");
        assert!(medians.map(|median| (median * 10.0).round() as i64) == [8, 2], "{medians:?}");
    }
}
