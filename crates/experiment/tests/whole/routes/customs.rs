//! Shares of a flow whose customs mode or declaration differs.
//!
//! Does not own the steps inside a case of customs (`laws::worlds`).

use crate::shared::{Agreement, check_exactly, results_of, value};

/// A world with one flow of 2 shipments an hour, and these fields of it.
fn world(fields: &str, seed: u64) -> String {
    format!(
        r#"(
    schema: 1, name: "world", start: "2025-01-06T00:00[UTC]",
    run: (measure: "5000h", drain: "100h", arrivals_until: MeasureEnd, replications: 20, seed: {seed}),
    nodes: {{ "gate": () }},
    resources: {{ "cross-border": (at: "gate", servers: Unlimited), "general": (at: "gate", servers: Unlimited) }},
    flows: {{ "boxes": (arrivals: Poisson(mean: 2, per: "1h"), {fields}) }},
)"#
    )
}

/// Goods of cross-border trade take 1 h, others 10 h, twice; in between everybody is checked by chance.
const STEPS: &str = r#"steps: [
    Customs(id: "out", cases: [(mode: Cb9710, steps: [Work(resource: "cross-border", time: "1h")])], otherwise: [Work(resource: "general", time: "10h")]),
    Repeat(share: "50%", steps: [
        Customs(id: "in", cases: [(mode: Cb9710, steps: [Delay(time: "1h")])], otherwise: [Delay(time: "10h")]),
    ], at_most: 2),
]"#;

#[test]
fn a_share_of_a_flow_takes_its_own_case_and_every_shipment_the_same_at_every_step() {
    let shares = r#"customs_shares: [(share: "30%", customs: (mode: Cb9710)), (share: "20%", customs: (mode: Cb9710, operator: Authorised))]"#;
    let results = results_of(&world(&format!("{shares}, {STEPS}"), 5));
    // Half are of each kind: 1 + 1.5 or 10 + 15 h, never a mixture of both, such as 1 + 10 h.
    let times = &results.distributions["flows.boxes.clocks.door-to-door"];
    let is_whole = |hours: f64| [2.0, 3.0, 20.0, 30.0].iter().any(|of| (hours - of).abs() < 0.2);
    for bin in times.bins.iter().filter(|bin| bin.count > 0) {
        assert!(is_whole(f64::midpoint(bin.from, bin.to)), "{bin:?}");
    }
    // 200,000 shipments: the share is seen to within a hundredth of it (false-alarm rate 1e-6).
    Agreement::of(&results)
        .check("flows.boxes.clocks.door-to-door.mean", 0.5 * 2.5 + 0.5 * 25.0, 0.02)
        .conclude();
    let all = value(&results, "flows.boxes.released");
    let share = value(&results, "resources.cross-border.arrivals") / all;
    assert!((share - 0.5).abs() < 0.01, "{share}");
}

#[test]
fn one_standing_alone_or_all_alike_is_chosen_once_and_for_all() {
    let alone = results_of(&world(&format!("customs: (mode: Cb9710), {STEPS}"), 6));
    let alike = results_of(&world(
        &format!(r#"customs_shares: [(share: "100%", customs: (mode: Cb9710))], {STEPS}"#),
        6,
    ));
    assert_eq!(alone.digest, alike.digest);
    check_exactly(&alone, "resources.general.arrivals", 0.0);
}
