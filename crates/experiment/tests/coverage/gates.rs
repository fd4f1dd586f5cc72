//! Error rates of the gate, at the margin where its levels live, and of a model that did not change.

use sanda_core::kernel::random::Stream;
use sanda_experiment::estimate::{
    Confidence, GateVerdict, Gated, Look, Preference, judge_gate, paired_mean, replications_needed,
    unpaired_mean,
};

use super::processes::*;
use super::{FEWER, rate_of};

const N_METRICS: usize = 5;

/// What a replication gives for a metric: mean delay of some trains, skewed. Standard deviation 1 / sqrt 10.
fn metric(s: &mut Stream) -> f64 {
    (0..10).map(|_| exponential(s)).sum::<f64>() / 10.0
}

fn draws(n: usize, s: &mut Stream) -> Vec<f64> {
    (0..n).map(|_| metric(s)).collect()
}

fn gated(base: &[f64], new: &[f64], margin: f64) -> Gated {
    let difference = unpaired_mean(base, new, Confidence::P95);
    Gated { difference, margin, preference: Preference::Lower }
}

/// Runs the looks at 20, 40, 80 and 160 replications until one decides; every metric is `shift` higher than its baseline.
fn looked(shifts: &[f64], margin: f64, s: &mut Stream) -> GateVerdict {
    let mut data: Vec<(Vec<f64>, Vec<f64>)> = shifts.iter().map(|_| (Vec::new(), Vec::new())).collect();
    let mut look = Look::new(1, 4);
    let mut n = 20;
    let mut verdict = GateVerdict::Inconclusive;
    while let Some(this) = look {
        for ((base, new), shift) in data.iter_mut().zip(shifts) {
            base.extend(draws(n - base.len(), s));
            new.extend(draws(n - new.len(), s).iter().map(|value| value + shift));
        }
        let metrics: Vec<Gated> = data.iter().map(|(base, new)| gated(base, new, margin)).collect();
        verdict = judge_gate(&metrics, this).expect("there are metrics").verdict;
        if verdict != GateVerdict::Inconclusive {
            break;
        }
        look = this.next();
        n *= 2;
    }
    verdict
}

/// Every metric exactly at its margin: the level is 5 %. One look uses most of it; four looks, each at a quarter, use less.
#[test]
fn false_failures_at_the_margin() {
    for n in [10, 30] {
        for (shift, side) in [(0.2, "above"), (-0.2, "below")] {
            let name = format!("FAIL, {N_METRICS} metrics at the margin {side}, one look, {n} replications");
            let rate = rate_of(&name, FEWER, |s| {
                let metrics: Vec<Gated> = (0..N_METRICS)
                    .map(|_| {
                        let new: Vec<f64> = draws(n, s).iter().map(|value| value + shift).collect();
                        gated(&draws(n, s), &new, 0.2)
                    })
                    .collect();
                judge_gate(&metrics, Look::ONLY).expect("metrics").verdict == GateVerdict::Fail
            });
            // Standard error 0.34 %.
            assert!((0.03..0.06).contains(&rate), "{name}: {rate}");
        }
    }
    let rate = rate_of("FAIL, 5 metrics at the margin, four looks, 20 to 160 replications", FEWER, |s| {
        looked(&[0.1; N_METRICS], 0.1, s) == GateVerdict::Fail
    });
    assert!(rate < 0.06, "{rate}");
}

/// One metric exactly at its margin, the others unchanged: the gate must not pass.
#[test]
fn false_passes_at_the_margin() {
    let passes = |verdict| verdict < GateVerdict::Inconclusive;
    let rate = rate_of("PASS or CHANGED, one metric at the margin, four looks", FEWER, |s| {
        passes(looked(&[0.2, 0.0, 0.0], 0.2, s))
    });
    assert!(rate < 0.06, "{rate}");
    let rate = rate_of("PASS or CHANGED, one metric at the margin, one look, 30 replications", FEWER, |s| {
        let new: Vec<f64> = draws(30, s).iter().map(|value| value + 0.3).collect();
        passes(judge_gate(&[gated(&draws(30, s), &new, 0.3)], Look::ONLY).expect("a metric").verdict)
    });
    assert!((0.03..0.06).contains(&rate), "{rate}");
}

/// A model that did not change, under luck of its own, with as many replications as the stored spread asks for: it is hardly ever
/// inconclusive and never fails.
#[test]
fn an_unchanged_model_under_new_luck() {
    for n_stored in [20, 50] {
        let judged = |s: &mut Stream| {
            let stored: Vec<Vec<f64>> = (0..N_METRICS).map(|_| draws(n_stored, s)).collect();
            let wanted: Vec<(&[f64], f64)> = stored.iter().map(|values| (&values[..], 0.2)).collect();
            let needed = replications_needed(&wanted, Look::ONLY);
            let n = needed.into_iter().map(|n| n.expect("there is spread")).max().expect("metrics") as usize;
            let metrics: Vec<Gated> =
                (0..N_METRICS).map(|_| gated(&draws(n, s), &draws(n, s), 0.2)).collect();
            judge_gate(&metrics, Look::ONLY).expect("metrics").verdict
        };
        for (verdict, most) in
            [(GateVerdict::Inconclusive, 0.02), (GateVerdict::Fail, 0.001), (GateVerdict::Changed, 0.06)]
        {
            let name =
                format!("{verdict:?}, {N_METRICS} unchanged metrics, spread from {n_stored}, new luck");
            let rate = rate_of(&name, FEWER / 2, |s| judged(s) == verdict);
            assert!(rate <= most, "{name}: {rate}");
        }
    }
}

/// A model that did not change, under the same luck, is identical.
#[test]
fn an_unchanged_model_under_the_same_luck() {
    let rate = rate_of("Identical, unchanged metric, same luck", 100, |s| {
        let values = draws(10, s);
        let difference = paired_mean(&values, &values.clone(), Confidence::P95);
        let metric = Gated { difference, margin: 0.01, preference: Preference::Higher };
        judge_gate(&[metric], Look::ONLY).expect("a metric").verdict == GateVerdict::Identical
    });
    assert!(rate >= 1.0);
}
