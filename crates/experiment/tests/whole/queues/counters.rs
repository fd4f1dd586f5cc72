//! Resources with hours, shifts, rooms, patience, jobs of several servers or interruptions, which the engine computes without an event
//! for each step, against the same event by event: the same outcome to the last bit.
//!
//! Does not own expected values (`servers`).

use crate::shared::{check_ahead, compiled};
use sanda_core::model::Model;
use sanda_core::replicate;

/// What is asked of a desk, what of the work there, and whether that can be computed.
const DESKS: [(&str, &str, bool); 29] = [
    (r#"open: Daily("08:00-12:00")"#, "", true),
    (r#"servers: 2, open: Weekly(["Mon-Fri 08:00-12:00", "Mon-Fri 13:00-17:00"])"#, "", true),
    (r#"open: Daily("22:00-06:00"), at_closing: Pause"#, "", true),
    (r#"servers: 3, open: Daily("08:00-14:00"), at_closing: Pause"#, ", units: 2", true),
    (r#"open: Daily("08:00-14:00"), at_closing: Fit"#, "", true),
    (r#"servers: 3, open: Daily("06:00-09:00"), at_closing: Fit"#, ", units: 2", true),
    (r#"servers: Unlimited, open: Daily("07:00-09:00")"#, "", true),
    (
        r#"servers: Shifts([(servers: 2, on: Daily("06:00-18:00")), (servers: 1, on: Daily("16:00-02:00"))])"#,
        "",
        true,
    ),
    (
        r#"servers: Shifts([(servers: 3, on: Daily("06:00-12:00")), (servers: 2, on: Weekly(["Mon-Fri 10:00-20:00"]))]),
            open: Daily("05:00-19:00"), at_closing: Pause"#,
        ", units: 2",
        true,
    ),
    ("servers: 3", ", units: 2", true),
    ("servers: 2, room: 0", "", true),
    ("room: 2", "", true),
    (r#"room: 3, open: Daily("08:00-20:00")"#, "", true),
    (
        "servers: 2",
        r#", patience: Discrete([(value: "0h", weight: 1), (value: "2h", weight: 1), (value: "30h", weight: 1)])"#,
        true,
    ),
    (r#"open: Daily("08:00-20:00"), at_closing: Pause"#, r#", patience: "5h""#, true),
    ("servers: 2, discipline: Priority", "", true),
    (r#"servers: 3, discipline: Priority, open: Daily("07:00-19:00")"#, ", units: 2", true),
    (r#"discipline: Priority, open: Daily("06:00-18:00"), at_closing: Pause"#, ", priority: 2", true),
    (
        r#"discipline: Priority, open: Daily("06:00-18:00"), at_closing: Fit,
            servers: Shifts([(servers: 1, on: Daily("00:00-12:00")), (servers: 2, on: Daily("10:00-20:00"))])"#,
        "",
        true,
    ),
    // These go step by step.
    ("servers: 2, discipline: Preemptive", "", false),
    ("servers: 3, discipline: Preemptive", ", units: 2", false),
    (r#"breakdowns: (clock: Calendar, up: "7h", down: "2h")"#, "", false),
    (
        r#"servers: 2, discipline: Preemptive, breakdowns: (clock: Operating, up: "9h",
            down: Discrete([(value: "0h", weight: 1), (value: "3h", weight: 2)]), work: Restart)"#,
        "",
        false,
    ),
    (
        r#"servers: 3, discipline: Priority, breakdowns: (clock: Calendar, up: Exponential(mean: "20h"), down: "1h")"#,
        ", units: 2",
        false,
    ),
    // These are left to events.
    ("servers: 2, room: 2, discipline: Priority", "", false),
    (r#"discipline: Preemptive, open: Daily("08:00-20:00")"#, "", false),
    ("servers: 2, room: 2", r#", patience: "3h""#, false),
    (r#"servers: 2, open: Daily("08:00-20:00"), at_closing: Fit"#, r#", patience: "3h""#, false),
    ("servers: 3, room: 2", ", units: 2", false),
];

fn scenario(desk: &str, work: &str, times: &str, pause: &str, arrivals: &str, zone: &str) -> String {
    format!(
        r#"(schema: 1, name: "counters", start: "2025-03-03T00:00[{zone}]",
    run: (warm_up: "5d", measure: "60d", drain: "90d", arrivals_until: MeasureEnd, replications: 1),
    nodes: {{ "a": (zone: "{zone}"), "b": () }},
    resources: {{ "desk": (at: "a", {desk}), "next": (at: "a", servers: 2), "behind": (at: "b", {desk}) }},
    services: {{ "shuttle": (mode: Road, stops: ["a", "b"], departs: Every(period: "6h"), capacity: "900 shipments",
        running: [{times}], cutoff: "1h") }},
    flows: {{
        "through": (arrivals: Poisson({arrivals}), priority: 3, steps: [
            Work(resource: "desk", time: {times}{work}), Work(resource: "next", time: {times}), Ride(service: "shuttle"),
            Work(resource: "behind", time: {times}{work})]),
        "inspected": (arrivals: Poisson({arrivals}), priority: 2, steps: [
            Inspect(share: "30%", steps: [Work(resource: "desk", time: {times}{work}), Delay(time: {pause})]),
            Work(resource: "behind", time: {times}{work}), Ride(service: "shuttle"),
            Work(resource: "next", time: {times})]),
        "again": (arrivals: Regular(every: "16h"), priority: 1, steps: [
            Work(resource: "desk", time: {times}{work}), Work(resource: "next", time: {times}), Delay(time: {pause}),
            Work(resource: "desk", time: {times}{work})]),
        "rework": (arrivals: Regular(every: "14h"), priority: 2, steps: [Repeat(share: "40%", at_most: 4, steps: [
            Work(resource: "next", time: {times}), Repeat(share: "20%", steps: [Delay(time: {pause})]),
            Work(resource: "behind", time: {times}{work}), Delay(time: {pause})])]),
    }},
    promises: {{ "a-day": (flows: ["through", "inspected"], within: "24h") }},
)"#
    )
}

/// Whole hours, many of them none, so that nearly everything happens in company: at opening and closing time, at the ends of
/// shifts and of patience.
#[test]
fn counters_keep_the_order_of_one_instant() {
    const SOME: &str = r#"Discrete([(value: "0h", weight: 3), (value: "1h", weight: 3), (value: "2h", weight: 2), (value: "5h", weight: 1)])"#;
    const NOT_LESS: &str =
        r#"Discrete([(value: "1h", weight: 3), (value: "2h", weight: 2), (value: "4h", weight: 1)])"#;
    for (desk, work, _) in DESKS {
        for arrivals in
            [r#"mean: 0.15, per: "1h""#, r#"mean: 0.05, per: "1h", batch: Discrete([(value: 4, weight: 1)])"#]
        {
            // Lanes are computed where a circle can be cut: in a pause, or where work takes a while.
            for (times, pause) in [(SOME, SOME), (SOME, r#""2h""#), (NOT_LESS, SOME)] {
                check(desk, work, &scenario(desk, work, times, pause, arrivals, "UTC"));
            }
        }
    }
}

/// By the millisecond and through a change of the clock, with many between two looks.
#[test]
fn counters_in_columns_give_the_same_outcome() {
    for (desk, work, is_computed) in DESKS {
        let (time, pause) = (r#"Exponential(mean: "3min")"#, r#"Uniform(min: "20min", max: "3h")"#);
        let text = scenario(desk, work, time, pause, r#"mean: 2, per: "1h""#, "Europe/Berlin");
        let model = check(desk, work, &text);
        // Events are few then: departures, openings and closings, shifts.
        let outcome = replicate(&model, 3, 0).expect("a sound run");
        let n_requests: u64 = outcome.resources.iter().map(|record| record.arrivals).sum();
        assert_eq!(outcome.events < n_requests / 4, is_computed, "{desk}{work}: {} events", outcome.events);
    }
}

/// Who is brought to such a desk by a batch that has waited its longest, and leaves it in no time, comes after those whom nothing
/// brought; and servers fail where nobody comes.
#[test]
fn who_passes_in_no_time_keeps_his_place() {
    let text = r#"(schema: 1, name: "no-time", start: "2025-01-06T00:00[UTC]",
    run: (measure: "20d", drain: "10d", replications: 1),
    nodes: { "a": () },
    resources: { "desk": (at: "a", servers: 2, discipline: Preemptive), "next": (at: "a"),
        "idle": (at: "a", servers: 3, breakdowns: (up: "30h", down: "5h", clock: Calendar)) },
    flows: {
        "grouped": (arrivals: Regular(every: "3h"), steps: [Batch(size: "9 TEU", longest_wait: "1h"),
            Work(resource: "desk", time: "0h"), Work(resource: "next", time: "30min")]),
        "single": (arrivals: Regular(every: "1h"), steps: [Work(resource: "next", time: "20min")]),
        "never": (arrivals: Regular(every: "400d"), steps: [Work(resource: "idle", time: "20min")]),
    },
)"#;
    let model = compiled(text).model;
    check_ahead("no time", &model, 0);
}

/// Where branches meet, the last one says where the time went: of two that end at one instant, the one that an opening of that very
/// instant lets go, and not the one whose work ends.
#[test]
fn what_an_opening_lets_go_comes_after_what_ends() {
    let text = r#"(schema: 1, name: "branches", start: "2025-01-06T00:00[UTC]",
    run: (measure: "20d", drain: "10d", replications: 1),
    nodes: { "a": () },
    resources: { "office": (at: "a", open: Daily("08:00-18:00")), "yard": (at: "a", room: 1, when_full: Block) },
    flows: {
        "papers": (arrivals: Regular(every: "6h"), steps: [Parallel([
            [Work(resource: "yard", time: "2h")], [Work(resource: "office", time: "0h")]])]),
        "empties": (arrivals: Regular(every: "7h"), steps: [Delay(time: "1h")]),
    },
)"#;
    check_ahead("branches", &compiled(text).model, 0);
}

/// Likewise of two branches at one desk: work of no length that the other's end lets begin ends after it.
#[test]
fn what_an_end_lets_begin_ends_after_it() {
    let text = r#"(schema: 1, name: "ends", start: "2025-01-06T00:00[UTC]",
    run: (measure: "20d", drain: "10d", replications: 1),
    nodes: { "a": () },
    resources: { "office": (at: "a", open: Daily("21:00-05:00")), "desk": (at: "a") },
    flows: {
        "pairs": (arrivals: Regular(every: "6h"), steps: [Parallel([
            [Work(resource: "office", time: "0h"), Work(resource: "desk", time: "0h")], [Work(resource: "desk", time: "6h")]])]),
        "empties": (arrivals: Regular(every: "7h"), steps: [Delay(time: "1h")]),
    },
)"#;
    check_ahead("ends", &compiled(text).model, 0);
}

/// Who is lost gives back what it holds, at the instant at which it is lost.
#[test]
fn who_is_lost_gives_back_what_it_holds() {
    let text = r#"(schema: 1, name: "lost", start: "2025-01-06T00:00[UTC]",
    run: (measure: "20d", drain: "10d", replications: 1),
    nodes: { "a": (), "b": () },
    resources: { "truck": (at: "a"), "gate": (at: "a", room: 0) },
    services: { "train": (mode: Rail, stops: ["a", "b"], departs: Every(period: "10h"), capacity: "90 shipments", running: ["3h"]) },
    flows: {
        "boxes": (arrivals: Poisson(mean: 1, per: "3h"), steps: [
            Hold(resource: "truck", steps: [Work(resource: "gate", time: "1h"), Ride(service: "train")]),
            Work(resource: "gate", time: "2h")]),
        "empties": (arrivals: Poisson(mean: 1, per: "2h"), steps: [Work(resource: "gate", time: "1h")]),
        "letters": (arrivals: Regular(every: "5h"), steps: [Delay(time: "1h")]),
    },
)"#;
    for replication in 0..5 {
        check_ahead("lost", &compiled(text).model, replication);
    }
}

fn check(desk: &str, work: &str, text: &str) -> Model {
    let model = compiled(text).model;
    for replication in 0..3 {
        check_ahead(&format!("{desk}{work}"), &model, replication);
    }
    model
}
