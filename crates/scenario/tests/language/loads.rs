//! What is asked of services against what they carry, and shares that suit the capacities or not.

use insta::assert_snapshot;

use crate::world::said;

/// Boxes that go by rail or by river, each with a service of 10 TEU a day, and a flow that takes the train alone.
fn world(daily: f64, by_rail: f64, others: f64, rest: &str) -> String {
    said(&text_of(daily, by_rail, others, rest))
}

/// The same with a choice by time.
fn by_time(daily: f64) -> String {
    said(&text_of(daily, 0.5, 0.01, "choice: Fastest").replace("share: 0.5, ", ""))
}

fn text_of(daily: f64, by_rail: f64, others: f64, rest: &str) -> String {
    let by_river = (100.0 - 100.0 * by_rail) / 100.0;
    format!(
        r#"(
    schema: 1, name: "world", run: (measure: "60d"),
    nodes: {{ "yard": (), "away": () }},
    services: {{
        "train": (mode: Rail, stops: ["yard", "away"], departs: Every(period: "24h"), capacity: "10 TEU", running: ["10h"]),
        "ship": (mode: River, stops: ["yard", "away"], departs: Every(period: "48h"), capacity: "30 TEU", background: "10 TEU", running: ["30h"]),
    }},
    flows: {{
        "boxes": (
            arrivals: Poisson(mean: {daily}, per: "24h"),
            itineraries: {{
                "rail": (share: {by_rail}, steps: [Ride(service: "train")]),
                "river": (share: {by_river}, steps: [Ride(service: "ship")]),
            }},
            {rest}
        ),
        "others": (arrivals: Poisson(mean: {others}, per: "24h"), steps: [Ride(service: "train")]),
    }},
)"#
    )
}

#[test]
fn who_overloads_a_service_is_named() {
    assert_snapshot!(world(10.0, 0.8, 4.0, ""), @r#"
    warning: service `train` is overloaded: cargo comes at 120 % of its capacity
     --> my.ron:5:9
      |
    5 |         "train": (mode: Rail, stops: ["yard", "away"], departs: Every(period: "24h"), capacity: "10 TEU", running: ["10h"]),
      |         ^^^^^^^ the cargo left behind grows without end, and waits depend on the length of the run
      |
      = path: services.train
    hint: its load comes from flows `boxes` (67 %), `others` (33 %)

    warning: shares of flow `boxes` do not suit the capacities: cargo comes at 120 % of that of `train`, 20 % of that of `ship`
      --> my.ron:12:33
       |
    12 |                 "rail": (share: 0.8, steps: [Ride(service: "train")]),
       |                                 ^^^ way `rail` rides `train`
       |
      ::: my.ron:13:34
       |
    13 |                 "river": (share: 0.2, steps: [Ride(service: "ship")]),
       |                                  --- way `river` rides `ship`
       |
       = path: flows.boxes.itineraries.rail.share
    hint: shift shares to where there is room, or correct a capacity, `background` or timetable
    "#);
}

#[test]
fn shares_that_do_not_suit_the_capacities() {
    // By rail 7 + 2.8 of 10 a day, by river 3 of (30 - 10) / 2.
    assert_snapshot!(world(10.0, 0.7, 2.8, ""), @r#"
    warning: shares of flow `boxes` do not suit the capacities: cargo comes at 98 % of that of `train`, 30 % of that of `ship`
      --> my.ron:12:33
       |
    12 |                 "rail": (share: 0.7, steps: [Ride(service: "train")]),
       |                                 ^^^ way `rail` rides `train`
       |
      ::: my.ron:13:34
       |
    13 |                 "river": (share: 0.3, steps: [Ride(service: "ship")]),
       |                                  --- way `river` rides `ship`
       |
       = path: flows.boxes.itineraries.rail.share
    hint: shift shares to where there is room, or correct a capacity, `background` or timetable
    "#);
}

#[test]
fn shares_that_suit_the_capacities_are_not_remarked_on() {
    // Both nearly full; neither full; the ship more than half empty, but the train not full.
    for (daily, by_rail, others) in [(19.4, 0.5, 0.05), (10.0, 0.5, 1.0), (10.0, 0.7, 2.0)] {
        assert_eq!(world(daily, by_rail, others, ""), "", "{daily} {by_rail} {others}");
    }
    // The train is filled by others: no share of this flow relieves it.
    assert_eq!(world(1.0, 0.5, 9.2, ""), "");
    // A flow that chooses by time has no share that could be corrected: all go by rail, and the ship is empty.
    assert_eq!(by_time(9.8), "");
}
