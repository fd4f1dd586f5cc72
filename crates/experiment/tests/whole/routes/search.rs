//! Itineraries found by search: their expected times against simulated ones, the choice between them, and closures.
//!
//! Does not own expected costs (`money`).

use sanda_core::record::observer::{Delivery, Observer};
use sanda_core::replicate_observed;
use sanda_scenario::load_model_text;

use crate::shared::{
    Agreement, assert_same, check_exactly, compiled, json, numbers_without, results_of, results_of_built,
    value,
};

/// Daily trains from `yard` to `away`, 20 h by the northern border and 28 h by the southern one; boxes at hours 1, 7, ..., 43.
fn world(flow: &str, more: &str) -> String {
    format!(
        r#"(
    schema: 1, name: "ways", start: "2025-01-06T00:00[UTC]",
    run: (measure: "10d", drain: "60d", arrivals_until: At(after: "47h"), replications: 1),
    nodes: {{ "yard": (), "north": (kind: Border), "south": (kind: Border), "away": () }},
    services: {{
        "by-north": (mode: Rail, stops: ["yard", "north", "away"], departs: Every(period: "24h"), capacity: "99 TEU", running: ["10h", "10h"]),
        "by-south": (mode: Rail, stops: ["yard", "south", "away"], departs: Every(period: "24h"), capacity: "99 TEU", running: ["14h", "14h"]),
    }},
    flows: {{ "boxes": (from: "yard", to: "away", arrivals: Regular(every: "6h", offset: "1h"), {flow}) }},
    {more}
)"#
    )
}

/// Trouble from hour 6 to hour 40.
fn trouble(targets: &str, effect: &str) -> String {
    format!(
        r#"disruptions: {{ "trouble": (targets: [{targets}], when: Dated([(from: "2025-01-06T06:00", to: "2025-01-07T16:00")]), effect: {effect}) }}"#
    )
}

#[derive(Default)]
struct Deliveries(Vec<i64>);

impl Observer for Deliveries {
    fn delivered(&mut self, at: &Delivery) {
        self.0.push(at.delivered_at / 3_600_000);
    }
}

/// Hours of delivery.
fn deliveries(text: &str) -> Vec<i64> {
    let (_, seen) =
        replicate_observed(&compiled(text).model, 1, 0, Deliveries::default()).expect("a sound run");
    let mut hours = seen.0;
    hours.sort_unstable();
    hours
}

fn refusal(text: &str) -> String {
    load_model_text("ways.ron", text, &[]).expect_err("this was expected to be refused").to_string()
}

#[test]
fn the_fastest_way_is_found_and_described() {
    let text =
        world("", r#"passages: { "strait": (name: (zh: "海峡", en: "The strait"), used_by: ["by-north"]) }"#);
    assert_eq!(deliveries(&text), [44, 44, 44, 44, 68, 68, 68, 68]);
    let results = results_of(&text);
    let ways = &results.routes["boxes"];
    assert_eq!(ways.keys().collect::<Vec<_>>(), ["by-north"]);
    let way = &ways["by-north"];
    assert_eq!(way.nodes, ["yard", "north", "away"]);
    assert_eq!(way.services, ["by-north"]);
    assert_eq!(
        (way.borders.as_slice(), way.passages.as_slice()),
        (&["north".to_owned()][..], &["strait".to_owned()][..])
    );
    assert_eq!(results.texts.passages["strait"].en, "The strait");
    // Half a day for the train and 20 h aboard; the wait is uniform over a day.
    assert!((way.expected_hours - 32.0).abs() < 1e-9 && (way.share - 1.0).abs() < 1e-12);
    assert!((way.sd_hours.expect("a variance") - 24.0 / 12_f64.sqrt()).abs() < 1e-9);
    // The stage is called after its part.
    check_exactly(&results, "flows.boxes.stages.train.mean", (23.0 + 17.0 + 11.0 + 5.0) / 4.0 + 20.0);
}

#[test]
fn logit_shares_can_be_checked_by_hand() {
    let built = compiled(&world("choice: Logit(time: 0.1, spread: 0.05)", ""));
    let shares: Vec<f64> = built.routes.iter().map(|route| route.share).collect();
    // 32 h and 40 h with the same spread: 1 / (1 + exp(-0.8)).
    let north = 1.0 / (1.0 + libm::exp(-0.8));
    assert!((shares[0] - north).abs() < 1e-12 && (shares[1] - (1.0 - north)).abs() < 1e-12, "{shares:?}");
    let names: Vec<&str> = built.model.itineraries.iter().map(|way| way.name.as_str()).collect();
    assert_eq!(names, ["by-north", "by-south"]);
    let one = compiled(&world("choice: Logit(time: 0.1), ways: 1", ""));
    assert_eq!(one.model.itineraries.len(), 1);
}

#[test]
fn a_closed_passage_is_never_used() {
    let passages = |closed: &str| format!(r#"passages: {{ "strait": (used_by: [{closed}], closed: true) }}"#);
    let results = results_of(&world("choice: Logit(), ways: 9", &passages(r#""by-north""#)));
    assert_eq!(results.routes["boxes"].keys().collect::<Vec<_>>(), ["by-south"]);
    assert!(!json(&results).contains("strait"));
    assert_eq!(deliveries(&world("", &passages(r#""by-north""#))), [52, 52, 52, 52, 76, 76, 76, 76]);
    insta::assert_snapshot!(refusal(&world("", &passages(r#""by-north", "by-south""#))), @r#"
    error: no way from `yard` to `away` for flow `boxes`
     --> ways.ron:9:42
      |
    9 |     flows: { "boxes": (from: "yard", to: "away", arrivals: Regular(every: "6h", offset: "1h"), ) },
      |                                          ^^^^^^ no way leads from `yard` to `away` by any mode: these are closed: service `by-north` from `yard` to `north`, service `by-north` from `yard` to `away`, service `by-south` from `yard` to `south`, service `by-south` from `yard` to `away`
      |
      = path: flows.boxes.to
    hint: open `passages.strait`, add a service or connection that leads there, or allow more `modes`
    "#);
}

#[test]
fn a_closed_border_is_never_used() {
    let closed = |text: String, border: &str| {
        text.replace(
            &format!(r#""{border}": (kind: Border)"#),
            &format!(r#""{border}": (kind: Border, closed: true)"#),
        )
    };
    let results = results_of(&closed(world("choice: Logit(), ways: 9", ""), "north"));
    assert_eq!(results.routes["boxes"].keys().collect::<Vec<_>>(), ["by-south"]);
    let message = refusal(&closed(closed(world("", ""), "north"), "south"));
    assert!(
        message
            .contains("no way leads from `yard` to `away` by any mode: these are closed: `north`, `south`"),
        "{message}"
    );
    assert!(message.contains("hint: open `nodes.north` or `nodes.south`, add a service"), "{message}");
    let written = r#"itineraries: { "a": (steps: [Ride(service: "by-north")]) }"#;
    let message = refusal(&closed(world(written, ""), "north"));
    assert!(message.contains("`by-north` passes `north`, which is closed"), "{message}");
}

#[test]
fn what_cannot_be_passed_is_said() {
    let message = refusal(&world("transfers: 0, via: [\"north\", \"south\"]", ""));
    assert!(message.contains("no way leads from `north` to `south` by any mode"), "{message}");
}

#[test]
fn a_temporary_closure_is_waited_for_or_gone_round() {
    let north = trouble(r#"Node("north")"#, "Close");
    // The train of hour 24 stands at the border from 34 to 40.
    let waits = [50, 50, 50, 50, 68, 68, 68, 68];
    assert_eq!(deliveries(&world("", &north)), waits);
    assert_eq!(deliveries(&world("ways: 2", &north)), waits);
    // Boxes of hours 7 to 37 go south, those of 1 and 43 north.
    let round = [50, 52, 52, 52, 68, 76, 76, 76];
    let reroute = "when_closed: Reroute";
    assert_eq!(deliveries(&world(reroute, &north)), round);
    // One by chance, with the shares of what is open: there is only one.
    let logit = "choice: Logit(time: 9), when_closed: Reroute";
    assert_eq!(deliveries(&world(logit, &north)), round);
    for target in [r#"Leg(service: "by-north", from: "north")"#, r#"Service("by-north")"#] {
        let closed = deliveries(&world(reroute, &trouble(target, "Close")));
        assert_eq!(closed[closed.len() - 3..], [76, 76, 76], "{target}");
    }
    // Nothing is open: each goes its own way and waits.
    let both = trouble(r#"Node("north"), Node("south")"#, "Close");
    assert_eq!(deliveries(&world(reroute, &both)), waits);
    // The train of hour 24 is cancelled; the box of hour 1 takes the next.
    let cancelled = trouble(r#"Service("by-north")"#, "Cancel");
    assert_eq!(deliveries(&world(reroute, &cancelled)), [52, 52, 52, 68, 68, 76, 76, 76]);
    assert_eq!(deliveries(&world("", &cancelled)), [68; 8]);
}

#[test]
fn a_diversion_sends_shipments_another_way() {
    let ways = r#"itineraries: { "a": (via: ["by-north"]), "b": (via: ["by-south"]) }"#;
    let diverted = trouble(r#"Service("by-north")"#, r#"Divert("b")"#);
    assert_eq!(deliveries(&world(ways, &diverted)), [44, 52, 52, 52, 68, 76, 76, 76]);
    // It is the ones that use a target: nobody does here.
    let nobody = trouble(r#"Service("by-south")"#, r#"Divert("b")"#);
    insta::assert_snapshot!(refusal(&world(ways, &nobody)), @r#"
    error: disruption `trouble` diverts nothing
      --> ways.ron:10:146
       |
    10 | ...7T16:00")]), effect: Divert("b")) }
       |                                ^^^ expected flows with an itinerary `b` and others that use its targets
       |
       = path: disruptions.trouble.effect
    "#);
}

/// Who is re-routed spreads by the shares of what is open, and nobody else changes. Three ways with shares 1/2, 3/10 and
/// 1/5; the first is closed all the time. Seed 1, 20,000 boxes, z = 6 (false alarm below 1e-8), sees 2 points.
#[test]
fn rerouted_shares_are_those_of_the_open_ways() {
    let text = |when_closed: &str| {
        world(
            &format!(
                r#"itineraries: {{ "a": (via: ["by-north"], share: 0.5), "b": (via: ["by-south"], share: 0.3), "c": (via: ["by-west"], share: 0.2) }}, {when_closed}"#
            ),
            r#"disruptions: { "trouble": (targets: [Leg(service: "by-north", from: "north")], when: Dated([(from: "2025-01-06T00:00", to: "2039-01-06T00:00")]), effect: Close) }"#,
        )
        .replace(r#""by-south": ("#, r#""by-west": (mode: Rail, stops: ["yard", "west", "away"], departs: Every(period: "24h"), capacity: "99 TEU", running: ["15h", "15h"]), "by-south": ("#)
        .replace(r#""away": ()"#, r#""away": (), "west": ()"#)
        .replace(r#"measure: "10d""#, r#"measure: "5000d""#)
        .replace(r#", arrivals_until: At(after: "47h")"#, "")
    };
    let (open, closed) = (results_of(&text("when_closed: Wait")), results_of(&text("when_closed: Reroute")));
    let share = |results: &sanda_results::Results, way: &str| {
        value(results, &format!("flows.boxes.itineraries.{way}.share"))
    };
    assert!(share(&closed, "a").abs() < 1e-12);
    for (way, before, after) in [("b", 0.3, 0.6), ("c", 0.2, 0.4)] {
        let error = (0.24_f64 / 20_000.0).sqrt();
        assert!((share(&open, way) - before).abs() < 6.0 * error);
        assert!((share(&closed, way) - after).abs() < 6.0 * error);
        // Who had chosen it goes by it still.
        assert!(share(&closed, way) > share(&open, way));
    }
}

#[test]
fn the_luck_of_a_flow_is_its_own() {
    let parcels = |choice: &str| {
        world("choice: Logit(time: 0.1)", "")
            .replace(r#"measure: "10d""#, r#"measure: "400d""#)
            .replace(r#", arrivals_until: At(after: "47h")"#, "")
            .replace(r#""by-north": ("#, r#""air-a": (mode: Air, stops: ["yard", "away"], departs: Every(period: "12h"), capacity: "9 TEU", running: ["3h"]), "air-b": (mode: Air, stops: ["yard", "away"], departs: Every(period: "12h"), capacity: "9 TEU", running: ["5h"]), "by-north": ("#)
            .replace(r#""boxes": ("#, &format!(r#""parcels": (from: "yard", to: "away", modes: [Air], arrivals: Poisson(mean: 3, per: "1d"), {choice}), "boxes": ("#))
            .replace("to: \"away\", arrivals: Regular", "to: \"away\", modes: [Rail], arrivals: Regular")
    };
    let one = results_of(&parcels("choice: Fastest"));
    let two = results_of(&parcels("choice: Logit(time: 0.2), ways: 2"));
    assert_eq!(two.routes["parcels"].len(), 2);
    let others = ["parcels", "air-a", "air-b"];
    assert_same(&numbers_without(&one, &others), &numbers_without(&two, &others));
}

#[test]
fn procedures_have_their_turn_at_stops_borders_and_changes() {
    let procedures = |list: &str| format!("procedures: {{ {list} }}");
    let hour = r#"steps: [Delay(time: "3h")]"#;
    let with = |turn: &str| {
        deliveries(&world("", &procedures(&format!(r#""work": (at: "north", turn: {turn}, {hour})"#))))
    };
    let (slow, plain) = ([47, 47, 47, 47, 71, 71, 71, 71], [44, 44, 44, 44, 68, 68, 68, 68]);
    assert_eq!(with("Stop"), slow);
    assert_eq!(with("Border()"), slow);
    assert_eq!(with(r#"Border(from: "yard", to: "away")"#), slow);
    assert_eq!(with(r#"Border(from: "away")"#), plain);
    // A service that says itself what it does there does only that.
    let own = world("", &procedures(&format!(r#""work": (at: ["north", "south"], turn: Stop, {hour})"#)))
        .replace(
            r#"running: ["10h", "10h"]"#,
            r#"running: ["10h", "10h"], at_stop: { "north": [Delay(time: "1h")] }"#,
        );
    assert_eq!(deliveries(&own), [45, 45, 45, 45, 69, 69, 69, 69]);
    // What is done to the vehicle is foreseen: with 9 h more in the north the south is faster.
    let much = procedures(r#""work": (at: "north", turn: Stop, steps: [Delay(time: "9h")])"#);
    assert_eq!(deliveries(&world("", &much)), [52, 52, 52, 52, 76, 76, 76, 76]);
    // At the ends the steps of a turn are stages of the way, each with its own name.
    let ends = procedures(
        r#""begin": (at: "yard", turn: Origin, steps: [Delay(time: "1h", id: "papers"), Delay(time: "2h", id: "loading")]), "end": (at: "away", turn: Destination, steps: [Delay(time: "4h", id: "unloading")])"#,
    );
    let results = results_of(&world("", &ends));
    for (stage, hours) in [("papers", 1.0), ("loading", 2.0), ("unloading", 4.0)] {
        check_exactly(&results, &format!("flows.boxes.stages.{stage}.mean"), hours);
    }
    assert!((results.routes["boxes"]["by-north"].expected_hours - 39.0).abs() < 1e-9);
}

/// Expected time and spread against simulation, where nobody queues: every kind of step, a timetable with unequal gaps and
/// cancelled departures, a vehicle's procedure, inspection, customs, a regime, rework. Seed 11, 30 replications.
#[test]
fn what_is_expected_is_what_happens_without_queues() {
    let text = r#"(
    schema: 1, name: "expected", start: "2025-01-06T00:00[UTC]",
    run: (warm_up: "60d", measure: "1500d", drain: "120d", replications: 30, seed: 11),
    nodes: { "shop": (), "yard": (), "border": (kind: Border), "away": () },
    resources: { "desk": (at: "yard", servers: Unlimited) },
    regimes: { "mood": (period: "1d", persistence: 0.5, states: { "calm": 0.7, "rough": 0.3 }) },
    connections: { "cart": (from: "shop", to: "yard", time: Gamma(mean: "5h", cv: 0.7)) },
    services: { "train": (
        mode: Rail, stops: ["yard", "border", "away"], departs: Weekly(["Mon 10:00", "Wed 10:00"]), cancelled: 0.2, cutoff: "6h",
        capacity: Unlimited, running: [LogNormal(mean: "30h", cv: 0.3), Triangular(min: "10h", mode: "15h", max: "40h")],
        dwell: [Uniform(min: "1h", max: "3h")], delay: Exponential(mean: "2h"),
    ) },
    procedures: {
        "crossing": (at: "border", turn: Border(from: "yard"), steps: [Regime(regime: "mood", times: { "calm": "2h", "rough": Exponential(mean: "50h") })]),
        "customs": (at: "yard", turn: Transfer(from: Road, to: Rail), steps: [
            Work(resource: "desk", time: Exponential(mean: "2h"), per: Teu),
            Inspect(share: 0.1, steps: [Delay(time: Uniform(min: "12h", max: "72h"))]),
            Customs(cases: [(operator: Authorised, steps: [])], otherwise: [Delay(time: "7h")]),
            Repeat(share: 0.3, steps: [Delay(time: Exponential(mean: "3h"))]),
            Choose([(share: 0.25, steps: [Delay(time: "10h")])]),
        ]),
    },
    flows: { "boxes": (from: "shop", to: "away", arrivals: Poisson(mean: 12, per: "1d"), size: Discrete([(value: "1 TEU", weight: 1), (value: "4 TEU", weight: 1)])) },
)"#;
    let built = compiled(text);
    let results = results_of_built(&built, 2);
    let way = &results.routes["boxes"]["train"];
    Agreement::of(&results)
        .check("flows.boxes.clocks.door-to-door.mean", way.expected_hours, 0.03)
        .check("flows.boxes.clocks.door-to-door.sd", way.sd_hours.expect("a variance"), 0.075)
        .conclude();
}

/// Booking before the truck comes and the hours of the consignee after it is there lie outside the terminals, however the way
/// is written; the steps are done where the way begins and ends.
#[test]
fn what_a_flow_does_at_its_ends_lies_outside_the_terminals() {
    let world = |way: &str| {
        format!(
            r#"(
    schema: 1, name: "ends", start: "2025-01-06T00:00[UTC]",
    run: (measure: "10d", drain: "60d", arrivals_until: At(after: "2h"), replications: 1),
    nodes: {{ "shop": (), "yard": (), "away": (), "office": (zone: "Asia/Tokyo") }},
    services: {{ "train": (mode: Rail, stops: ["yard", "away"], departs: Every(period: "24h"), capacity: "99 TEU", running: ["10h"]) }},
    connections: {{ "there": (from: "shop", to: "yard", time: "2h"), "on": (from: "away", to: "office", time: "3h") }},
    flows: {{ "boxes": (
        from: "shop", to: "office", arrivals: Regular(every: "6h", offset: "1h"), {way}
        before: [Delay(id: "booking", time: "5h")], after: [Gate(id: "hours", open: Daily("08:00-18:00"))],
    ) }},
    clocks: {{
        "booking": (from: Released, to: PickedUp), "to-yard": (from: Released, to: GateIn),
        "terminals": (from: GateIn, to: GateOut), "end": (from: GateOut, to: Delivered),
    }},
)"#
        )
    };
    for way in [
        "",
        r#"itineraries: { "rail": (via: ["train"]) },"#,
        r#"steps: [Haul("there"), Ride(service: "train"), Haul("on")],"#,
        r#"itineraries: { "rail": (steps: [Haul("there"), Ride(service: "train"), Haul("on")]) },"#,
    ] {
        let results = results_of(&world(way));
        // Released at 1, picked up at 6, in the yard at 8; the train of 24 is there at 34, the truck at 37, which is 22:00 in Tokyo:
        // the office opens at 8:00 there, at hour 47.
        for (clock, hours) in [("booking", 5.0), ("to-yard", 7.0), ("terminals", 26.0), ("end", 13.0)] {
            check_exactly(&results, &format!("flows.boxes.clocks.{clock}.mean"), hours);
        }
        check_exactly(&results, "flows.boxes.stages.booking.mean", 5.0);
        check_exactly(&results, "flows.boxes.stages.hours.mean", 10.0);
    }
}
