//! The statistical comparison: differences of all metrics, and the gate's verdict on each.
//!
//! Owns the pairing of stored and new numbers. Does not own the tests themselves (`sanda_experiment::estimate`).

use std::cmp::Ordering;

use sanda_experiment::Sample;
use sanda_experiment::estimate::{
    Change, Confidence, Difference, GateVerdict, Gated, Look, judge_gate, paired_mean, paired_quantile,
    paired_ratio, paired_share, unpaired_mean, unpaired_quantile, unpaired_ratio, unpaired_share,
};

use crate::compare::is_same;
use crate::family::family_of;
use crate::findings::{Counts, Move, MoveVerdict};

/// A metric to be judged.
pub(crate) struct Pair<'a> {
    pub(crate) path: &'a str,
    pub(crate) stored: Sample,
    pub(crate) new: &'a Sample,
    pub(crate) margin: Option<f64>,
}

/// The outcome of a judgement.
pub(crate) struct Judged {
    /// The most severe verdict among the metrics with a margin; `None` if none has one and something differs.
    pub(crate) verdict: Option<GateVerdict>,
    pub(crate) counts: Counts,
    /// Metrics that moved, the farthest in units of its margin first.
    pub(crate) moves: Vec<Move>,
    /// Metrics that observe something in only one of the two.
    pub(crate) one_sided: Vec<String>,
}

/// Judges metrics at a look. With common luck, the first replications of both are paired, as far as both have them.
///
/// `clusters` is the assumed number of groups of shipments per replication whose fates are independent. It matters for shares of 0 % or 100
/// % throughout.
pub(crate) fn judge(pairs: &[Pair<'_>], paired: bool, clusters: f64, look: Look) -> Judged {
    let mut gated = Vec::new();
    let mut moves: Vec<Move> = Vec::new();
    // Indices in `moves` of the metrics in `gated`.
    let mut places = Vec::new();
    let mut judged =
        Judged { verdict: None, counts: Counts::default(), moves: Vec::new(), one_sided: Vec::new() };
    for pair in pairs {
        let Some((family, _)) = family_of(pair.path) else { continue };
        let compared = Compared::of(pair, paired, clusters);
        let (from, to) = (compared.from, compared.to);
        let mut verdict = MoveVerdict::Unjudged;
        if compared.is_same {
            verdict = MoveVerdict::Identical;
        } else if from.is_nan() != to.is_nan() {
            judged.one_sided.push(pair.path.to_owned());
            verdict = MoveVerdict::Fail;
        } else if from.is_nan() || (from.is_infinite() && to.is_infinite()) {
            // Nothing was observed in either, or both lie beyond all shipments that arrive.
            verdict = MoveVerdict::Pass;
        }
        let difference = compared.difference;
        // Identical metrics stay in the family over which levels are split, so that it does not depend on what moved.
        if let Some(margin) =
            pair.margin.filter(|_| matches!(verdict, MoveVerdict::Unjudged | MoveVerdict::Identical))
        {
            places.push(moves.len());
            gated.push(Gated { difference: difference.clone(), margin, preference: family.preference() });
        }
        let finite = |value: f64| value.is_finite().then_some(value);
        let size = finite(difference.value);
        moves.push(Move {
            path: pair.path.to_owned(),
            family,
            verdict,
            direction: None,
            is_share: family.is_share(),
            baseline: finite(from),
            now: finite(to),
            difference: size,
            low: difference.low.and_then(finite),
            high: difference.high.and_then(finite),
            margin: pair.margin,
            in_margins: size.zip(pair.margin).map(|(size, margin)| size.abs() / margin),
        });
    }
    if let Some(outcome) = judge_gate(&gated, look) {
        for (&place, metric) in places.iter().zip(&outcome.metrics) {
            let one = &mut moves[place];
            if one.verdict == MoveVerdict::Identical {
                continue;
            }
            one.verdict = match metric.verdict {
                GateVerdict::Identical => MoveVerdict::Identical,
                GateVerdict::Pass => MoveVerdict::Pass,
                GateVerdict::Changed => MoveVerdict::Changed,
                GateVerdict::Inconclusive => MoveVerdict::Inconclusive,
                GateVerdict::Fail => MoveVerdict::Fail,
            };
            one.direction = metric.change.map(|change| match change {
                Change::Improvement => "improvement".to_owned(),
                Change::Regression => "regression".to_owned(),
            });
        }
    }
    judged.verdict = gravest(&moves);
    judged.counts = counts(&moves);
    moves.retain(|one| one.verdict != MoveVerdict::Identical);
    moves.sort_by(farthest_first);
    judged.moves = moves;
    judged
}

/// Returns the most severe verdict of the judged metrics.
fn gravest(moves: &[Move]) -> Option<GateVerdict> {
    let of = |one: &Move| match one.verdict {
        MoveVerdict::Identical => Some(GateVerdict::Identical),
        MoveVerdict::Pass => Some(GateVerdict::Pass),
        MoveVerdict::Changed => Some(GateVerdict::Changed),
        MoveVerdict::Inconclusive => Some(GateVerdict::Inconclusive),
        MoveVerdict::Fail => Some(GateVerdict::Fail),
        MoveVerdict::Unjudged => None,
    };
    moves.iter().filter_map(of).max()
}

fn counts(moves: &[Move]) -> Counts {
    let mut counts = Counts::default();
    for one in moves {
        let count = match one.verdict {
            MoveVerdict::Identical => &mut counts.identical,
            MoveVerdict::Pass => &mut counts.pass,
            MoveVerdict::Changed => &mut counts.changed,
            MoveVerdict::Inconclusive => &mut counts.inconclusive,
            MoveVerdict::Fail => &mut counts.fail,
            MoveVerdict::Unjudged => &mut counts.unjudged,
        };
        *count += 1;
    }
    counts
}

/// Orders failures first, then by distance in units of the margin, then by path.
fn farthest_first(a: &Move, b: &Move) -> Ordering {
    let is_passed = |one: &Move| one.verdict != MoveVerdict::Fail;
    let distance = |one: &Move| one.in_margins.unwrap_or(-1.0);
    is_passed(a)
        .cmp(&is_passed(b))
        .then_with(|| distance(b).total_cmp(&distance(a)))
        .then_with(|| a.path.cmp(&b.path))
}

/// Two figures, over the same replications where they are paired.
struct Compared {
    from: f64,
    to: f64,
    difference: Difference,
    is_same: bool,
}

impl Compared {
    fn of(pair: &Pair<'_>, paired: bool, clusters: f64) -> Self {
        const LEVEL: Confidence = Confidence::P95;
        let (stored, new) = (&pair.stored, pair.new);
        let (n_stored, n_new) = (stored.n_replications(), new.n_replications());
        let n_both = n_stored.min(n_new);
        let (n_from, n_to) = if paired { (n_both, n_both) } else { (n_stored, n_new) };
        let is_same = paired && is_same(stored, new, n_both, n_stored == n_new);
        let ratio = |pairs: &[(f64, f64)]| {
            let sums = pairs.iter().fold((0.0, 0.0), |sum, pair| (sum.0 + pair.0, sum.1 + pair.1));
            sums.0 / sums.1
        };
        let (from, to, difference) = match (stored, new) {
            (Sample::Share(old), Sample::Share(new)) => {
                let (old, new) = (&old[..n_from], &new[..n_to]);
                // The size of a group with one fate: a part of a replication, if that is long.
                let largest = mean(&old.iter().map(|pair| pair.1).collect::<Vec<_>>()) / clusters;
                let largest = (largest > 0.0).then_some(largest);
                let difference = if paired {
                    paired_share(old, new, LEVEL, largest)
                } else {
                    unpaired_share(old, new, LEVEL, largest)
                };
                (ratio(old), ratio(new), difference)
            }
            (Sample::Mean(old), Sample::Mean(new)) => {
                let (old, new) = (&old[..n_from], &new[..n_to]);
                let difference =
                    if paired { paired_ratio(old, new, LEVEL) } else { unpaired_ratio(old, new, LEVEL) };
                (ratio(old), ratio(new), difference)
            }
            (Sample::Quantile { pooled: from, own: old }, Sample::Quantile { pooled: to, own: new }) => {
                let (old, new) = (&old[..n_from], &new[..n_to]);
                if !paired {
                    (*from, *to, unpaired_quantile((*from, &present(old)), (*to, &present(new)), LEVEL))
                } else if n_stored == n_new {
                    let own: Vec<_> = old.iter().copied().zip(new.iter().copied()).collect();
                    (*from, *to, paired_quantile(*from, *to, &own, LEVEL))
                } else {
                    // Pooled quantiles of a subset are not stored; the mean of the replications' own quantiles replaces them.
                    let both: (Vec<f64>, Vec<f64>) =
                        old.iter().zip(new).filter_map(|(old, new)| (*old).zip(*new)).unzip();
                    (mean(&present(old)), mean(&present(new)), paired_mean(&both.0, &both.1, LEVEL))
                }
            }
            (Sample::Count(old), Sample::Count(new)) => {
                let (old, new) = (&old[..n_from], &new[..n_to]);
                let difference =
                    if paired { paired_mean(old, new, LEVEL) } else { unpaired_mean(old, new, LEVEL) };
                (mean(old), mean(new), difference)
            }
            // A metric of another kind than before: there is no difference.
            _ => (f64::NAN, new.estimate().unwrap_or(f64::NAN), paired_mean(&[], &[], LEVEL)),
        };
        Self { from, to, difference, is_same }
    }
}

/// Returns the quantiles of the replications that observed something.
fn present(own: &[Option<f64>]) -> Vec<f64> {
    own.iter().filter_map(|own| *own).collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}
