//! Branches done at the same time: inside one another, on vehicles, and ending at one instant. Worked out by hand.
//!
//! Does not own parts of a shipment that ride by themselves (`services::consolidation`).

use crate::shared::tie::Tie;
use crate::shared::{check_exactly, compiled, results_of, results_of_built, step_by_step};

fn world(sections: &str) -> String {
    format!(
        r#"(schema: 1, name: "branches", start: "2025-01-06T00:00[UTC]",
        run: (measure: "10d", drain: "10d", arrivals_until: MeasureEnd, replications: 1),
        nodes: {{ "yard": (), "away": () }}, resources: {{ "desk": (at: "yard"), "bay": (at: "away") }}, {sections})"#
    )
}

#[test]
fn branches_within_branches_end_with_the_last() {
    // 1 h, then (2 h beside 4 h), then 1 h: 6 h; beside them 3 h. The charge of an inner branch is the shipment's.
    let results = results_of(&world(
        r#"flows: { "boxes": (arrivals: At(["0h", "20h"]), steps: [Parallel([
            [Delay(time: "1h"), Parallel([[Delay(time: "2h")], [Delay(time: "4h", as: Moving), Charge(fee: "7 CNY/shipment")]]), Delay(time: "1h")],
            [Delay(time: "3h")],
        ])]) },"#,
    ));
    check_exactly(&results, "flows.boxes.clocks.door-to-door.mean", 6.0);
    check_exactly(&results, "flows.boxes.categories.moving", 4.0);
    check_exactly(&results, "flows.boxes.categories.worked", 2.0);
}

#[test]
fn a_vehicle_may_have_branches_too() {
    // Departs at 4 h, arrives at 5 h; two hours for each of its 3 TEU at the bay, beside an hour: 11 h. Then a branch in a branch.
    let story = Tie::default()
        .resource("bay", "")
        .train(
            4,
            r#"at_stop: { "away": [
                Parallel([[Work(resource: "bay", time: "2h", per: Teu)], [Delay(time: "1h")]]),
                Parallel([[Parallel([[Delay(time: "1h")], [Delay(time: "2h")]])], [Delay(time: "1h")]]),
            ] }"#,
        )
        .flow("a", "0h, 1h, 2h, 30h", r#"Ride(service: "train")"#)
        .story();
    for word in ["train0 bay 5", "a0 done 13", "a2 done 13", "train1 bay 29", "a3 train 52", "a3 done 57"] {
        assert!(story.contains(word), "`{word}` is not in {story:?}");
    }
}

#[test]
fn of_branches_that_end_together_the_later_place_counts_by_any_path() {
    // Both end at 3 h, work at the desk on one, a delay on the other: an end at a resource comes after one at no place.
    for steps in [
        r#"[Work(resource: "desk", time: "3h", inspection: true)], [Delay(time: "3h", as: Moving)]"#,
        r#"[Delay(time: "3h", as: Moving)], [Work(resource: "desk", time: "3h", inspection: true)]"#,
    ] {
        let text =
            world(&format!(r#"flows: {{ "boxes": (arrivals: At(["0h"]), steps: [Parallel([{steps}])]) }},"#));
        let built = compiled(&text);
        for results in [results_of_built(&built, 1), step_by_step(&built)] {
            check_exactly(&results, "flows.boxes.categories.inspection", 3.0);
        }
    }
}
