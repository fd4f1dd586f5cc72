//! Percentiles as the results report them: never below the true one, exact where values are few or fixed, and in agreement with promises.
//!
//! Does not own their intervals (`estimates`).

use crate::shared::{figure, results_of};
use sanda_results::{Remark, Results};

/// A percentile of more values than are listed exceeds the true one by less than this part of it.
const RELATIVE_ERROR: f64 = 1.0 / 512.0;

/// A flow of `per_day` boxes at even distances over 100 days, which take what the steps say, and a promise.
fn one_flow(per_day: u32, steps: &str, within: &str) -> Results {
    let every = 86_400 / per_day;
    results_of(&format!(
        r#"(
    schema: 1, name: "percentiles", start: "2025-01-06T00:00[Asia/Shanghai]",
    run: (measure: "100d", replications: 2, arrivals_until: MeasureEnd, drain: "60d"),
    nodes: {{ "a": () }},
    flows: {{ "f": (from: "a", arrivals: Regular(every: "{every}s"), steps: [{steps}]) }},
    promises: {{ "p": (flows: ["f"], within: "{within}") }},
)"#
    ))
}

/// Asserts that a figure and both ends of its interval are a number of hours, to the bit.
fn check_fixed(results: &Results, path: &str, hours: f64) {
    let figure = figure(results, path);
    assert_eq!((figure.estimate, figure.interval()), (Some(hours), Some((hours, hours))), "{path}");
}

/// 2 % of the boxes take 1 h, 93 % take 75 h, 5 % take 999 h. The p90 was 74.93 h, of which a promise keeps 2 %.
#[test]
fn fixed_durations_come_out_exactly() {
    let steps = r#"Choose([
        (share: 0.02, steps: [Delay(time: "1h")]),
        (share: 0.93, steps: [Delay(time: "75h")]),
        (share: 0.05, steps: [Delay(time: "999h")])])"#;
    // Few values, which are listed, and many, which are in buckets.
    for per_day in [10, 240] {
        let results = one_flow(per_day, steps, "75h");
        for percentile in ["p25", "p50", "p75", "p90"] {
            check_fixed(&results, &format!("flows.f.clocks.door-to-door.{percentile}"), 75.0);
        }
        check_fixed(&results, "flows.f.clocks.door-to-door.p99", 999.0);
        let promise = &results.promises["p"];
        let within =
            promise.achievable.iter().find(|entry| entry.share < 0.92).map(|entry| entry.within_hours);
        assert_eq!(within.and_then(|figure| figure.estimate.zip(figure.upper())), Some((75.0, 75.0)));
        assert!(promise.share.estimate.is_some_and(|share| share > 0.93), "{:?}", promise.share);
    }
}

/// What is reported as the p90 is a promise that at least 90 % keep, and not more than the bound too long.
#[test]
fn a_percentile_is_a_promise_that_holds() {
    let steps = r#"Delay(time: LogNormal(mean: "80h", cv: 0.3))"#;
    for per_day in [10, 240] {
        let results = one_flow(per_day, steps, "80h");
        for (percentile, share) in [("p50", 0.5), ("p90", 0.9), ("p95", 0.95)] {
            let hours = figure(&results, &format!("flows.f.clocks.door-to-door.{percentile}"));
            let hours = hours.estimate.unwrap_or_else(|| panic!("no {percentile}"));
            let kept_within = |hours: f64| {
                let limit = format!("{}ms", (hours * 3_600_000.0).round());
                one_flow(per_day, steps, &limit).promises["p"].share.estimate.unwrap_or_default()
            };
            let (at, before) = (kept_within(hours), kept_within(hours * (1.0 - RELATIVE_ERROR)));
            assert!(
                at >= share && before < share,
                "{percentile} of {hours} h: {at} keep it, {before} what is less"
            );
        }
    }
}

/// A run of two replications whose boxes all keep a promise, with and without a regime that holds for many weeks.
fn all_kept(regime: &str, step: &str) -> (f64, Results) {
    let results = results_of(&format!(
        r#"(
    schema: 1, name: "all-kept", start: "2025-01-06T00:00[UTC]",
    run: (measure: "52w", replications: 20, drain: "10w"),
    nodes: {{ "a": () }},
    {regime}
    flows: {{ "f": (from: "a", arrivals: Regular(every: "12h"), steps: [{step}]) }},
    promises: {{ "p": (flows: ["f"], within: "30d") }},
)"#
    ));
    let share = results.promises["p"].share;
    assert_eq!((share.estimate, share.remark), (Some(1.0), Some(Remark::AllOrNone)));
    (share.ci_low.unwrap_or_default(), results)
}

/// Where all boxes keep a promise, the weeks are taken as independent: but not those of one state of a border, nor more of them than a
/// month has.
#[test]
fn weeks_of_one_state_share_a_fate() {
    let bound = |n_units: f64| libm::exp(libm::log(0.025) / n_units);
    let close =
        |found: f64, expected: f64| assert!((found - expected).abs() < 1e-9, "{found} for {expected}");
    let (low, results) = all_kept("", r#"Delay(time: Uniform(min: "1d", max: "2d"))"#);
    close(low, bound(20.0 * 52.0));
    let month = results.promises["p"].by_month["2025-03"];
    close(month.ci_low.unwrap_or_default(), bound(20.0 * 4.0));
    // Persistence 0.9: a week is worth 1 / 19 of one.
    let regime = r#"regimes: { "mood": (persistence: 0.9, states: { "good": 0.9, "bad": 0.1 }) },"#;
    let step = r#"Regime(regime: "mood", times: { "good": "1d", "bad": "2d" })"#;
    let (low, _) = all_kept(regime, step);
    close(low, bound(20.0 * 52.0 / 19.0));
}
