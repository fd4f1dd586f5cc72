//! Rides on whichever of several services leaves first: miniatures worked out by hand, and laws over random timetables.
//!
//! Does not own common lines among other disciplines (`laws::worlds`).

use crate::shared::dice::Dice;
use crate::shared::watch::{Watched, watch};
use crate::shared::{
    check_exactly, compiled, events_saved, figure, json, results_of, results_of_built, value,
};
use proptest::prelude::*;
use proptest::test_runner::{RngSeed, TestRunner};
use sanda_core::model::category::Category;
use sanda_scenario::load_model_text;

/// Boxes of 1 TEU at the hours of `arrivals` that take `a` or `b`, from `yard` to `away` in 10 h.
fn world(a: &str, b: &str, arrivals: &str, more: &str) -> String {
    format!(
        r#"(
    schema: 1, name: "common", start: "2025-01-06T00:00[UTC]",
    run: (measure: "10d", drain: "60d", arrivals_until: MeasureEnd, replications: 1),
    nodes: {{ "yard": (), "away": () }},
    services: {{
        "a": (mode: Rail, stops: ["yard", "away"], running: ["10h"], {a}),
        "b": (mode: Rail, stops: ["yard", "away"], running: ["10h"], {b}),
    }},
    flows: {{
        "boxes": (arrivals: At([{arrivals}]), steps: [Ride(service: ["b", "a"])]),
        {more}
    }},
)"#
    )
}

fn hours(list: &[u32]) -> String {
    let listed: Vec<String> = list.iter().map(|hour| format!("\"{hour}h\"")).collect();
    listed.join(", ")
}

/// Every other day, or so, from an hour on.
fn every(period: u32, offset: u32, capacity: u32) -> String {
    format!(r#"departs: Every(period: "{period}h", offset: "{offset}h"), capacity: "{capacity} TEU""#)
}

fn refusal(text: &str) -> String {
    load_model_text("common.ron", text, &[]).expect_err("this was expected to be refused").to_string()
}

/// Whole hours that all boxes together waited for the timetable, rolled over, and held by disruption.
fn waits(watched: &Watched) -> [i64; 3] {
    [Category::Timetable, Category::Rolled, Category::Disruption]
        .map(|category| watched.hours("boxes", "ride", category).round() as i64)
}

#[test]
fn two_weekly_services_in_turn() {
    let weekly = |day: &str| format!(r#"departs: Weekly(["{day} 12:00"]), capacity: "9 TEU""#);
    // The start is a Monday: `a` leaves at 12, 180, ..., `b` at 84, 252, ...
    let text = world(&weekly("Mon"), &weekly("Thu"), &hours(&[1, 13, 85]), "");
    let watched = watch(&text);
    assert_eq!(watched.delivered("boxes"), [22.0, 94.0, 190.0]);
    assert_eq!(waits(&watched), [11 + 71 + 95, 0, 0]);
    // Each counts all that waited for it, whichever took them: in the integral of the number waiting, and before each departure.
    let (a, b) = (watched.service("a"), watched.service("b"));
    assert_eq!((a.waiting_time, b.waiting_time), (177 * 3_600_000, 177 * 3_600_000));
    assert_eq!((a.wait.count(), a.boarded_first, b.wait.count(), b.boarded_first), (2, 2, 1, 1));
    assert_eq!((a.waiting.sum(), b.waiting.sum()), (2, 1));
    let results = results_of(&text);
    check_exactly(&results, "services.a.wait.mean", 53.0);
    check_exactly(&results, "services.b.wait.mean", 71.0);
    check_exactly(&results, "services.a.first_departure_share", 1.0);
    // Gaps of 3 and 4 days: (9 + 16) / 14 days, and 10 h.
    let way = &results.routes["boxes"]["steps"];
    assert_eq!(way.services, ["b", "a"]);
    assert!((way.expected_hours - (24.0 * 25.0 / 14.0 + 10.0)).abs() < 0.5, "{}", way.expected_hours);
}

#[test]
fn of_one_instant_the_first_by_name_loads_first() {
    let watched = watch(&world(&every(48, 10, 2), &every(48, 10, 9), &hours(&[1, 2, 3]), ""));
    assert_eq!(watched.delivered("boxes"), [20.0, 20.0, 20.0]);
    let (a, b) = (watched.service("a"), watched.service("b"));
    assert_eq!((a.wait.count(), b.wait.count()), (2, 1));
    // One was left behind by `a`, and left at once by `b`: it is rolled over, for no time.
    assert_eq!((a.left_behind.sum(), a.boarded_first, b.boarded_first, b.boarded_within_two), (1, 2, 0, 1));
    assert_eq!(waits(&watched), [9 + 8 + 7, 0, 0]);
}

#[test]
fn what_one_leaves_behind_takes_the_next_of_any() {
    // `a` at 10 takes one of three, `b` at 20 one, `a` at 34 the last.
    let watched = watch(&world(&every(24, 10, 1), &every(24, 20, 1), &hours(&[1, 2, 3]), ""));
    assert_eq!(watched.delivered("boxes"), [20.0, 30.0, 44.0]);
    assert_eq!(waits(&watched), [9 + 8 + 7, 10 + 24, 0]);
    let (a, b) = (watched.service("a"), watched.service("b"));
    // Left behind: two at 10, one at 20. The third has missed two departures.
    assert_eq!((a.left_behind.sum(), b.left_behind.sum()), (2, 1));
    assert_eq!((a.wait.count(), a.boarded_first, a.boarded_within_two), (2, 1, 1));
    assert_eq!((b.wait.count(), b.boarded_first, b.boarded_within_two), (1, 0, 1));
    assert_eq!(a.waiting_time, (9 + 18 + 31) * 3_600_000);
    let ride: Vec<u64> = watched.outcome.rides.iter().map(|ride| ride.rolled).collect();
    assert_eq!(ride, [1, 1]);
}

#[test]
fn others_keep_their_places_and_their_own_service() {
    // It stands before the boxes in the yard of `a`.
    let others = r#""others": (arrivals: At(["0h"]), steps: [Ride(service: "a")]),"#;
    let watched = watch(&world(&every(24, 10, 1), &every(24, 20, 9), &hours(&[1, 2]), others));
    assert_eq!(watched.delivered("others"), [20.0]);
    assert_eq!(watched.delivered("boxes"), [30.0, 30.0]);
    // One that comes after them keeps its place behind: at 10 one box boards, at 20 the other, at 34 it.
    let watched =
        watch(&world(&every(24, 10, 1), &every(24, 20, 9), &hours(&[1, 2]), &others.replace("0h", "3h")));
    assert_eq!((watched.delivered("boxes"), watched.delivered("others")), (vec![20.0, 30.0], vec![44.0]));
}

#[test]
fn a_large_shipment_holds_up_one_yard_alone() {
    // The first is too large for `a`, where it holds back the others unless they may overtake.
    let text = world(&every(24, 10, 2), &every(24, 20, 9), &hours(&[1, 2]), "")
        .replace("steps:", r#"size: Empirical(["3 TEU", "1 TEU"]), steps:"#);
    let sizes = r#""big": (arrivals: At(["0h"]), size: "3 TEU", steps: [Ride(service: ["a", "b"])]),"#;
    let text = text.replace(r#"size: Empirical(["3 TEU", "1 TEU"]), "#, "");
    let text = text.replace("\"boxes\":", &format!("{sizes}\n        \"boxes\":"));
    let message = refusal(&text);
    assert!(message.contains("no shipment fits aboard `a`"), "{message}");
    let text = text.replace(r#"capacity: "2 TEU""#, r#"capacity: "4 TEU", background: "2 TEU""#);
    assert_eq!(watch(&text).delivered("boxes"), [30.0, 30.0]);
    let overtaking = text.replace(r#"background: "2 TEU""#, r#"background: "2 TEU", overtake: true"#);
    assert_eq!(watch(&overtaking).delivered("boxes"), [20.0, 20.0]);
}

#[test]
fn each_has_its_own_cut_off() {
    // `a` wants cargo 6 h before it leaves at 10; `b` leaves at 9 and wants it 1 h before.
    let a = format!(r#"{}, cutoff: "6h""#, every(48, 10, 9));
    let b = format!(r#"{}, cutoff: "1h""#, every(48, 33, 9));
    // Ready at 4 it makes `a`, at 5 not: then `b` at 33. At 33 it has missed `b`, and waits for `a` at 58.
    let watched = watch(&world(&a, &b, &hours(&[4, 5, 33]), ""));
    assert_eq!(watched.delivered("boxes"), [20.0, 43.0, 68.0]);
    assert_eq!(waits(&watched), [6 + 28 + 25, 0, 0]);
    // A later departure with an earlier cut-off takes nothing that leaves before it.
    let b = format!(r#"{}, cutoff: "1h""#, every(48, 9, 9));
    assert_eq!(watch(&world(&a, &b, &hours(&[4, 8]), "")).delivered("boxes"), [19.0, 19.0]);
}

#[test]
fn a_cancelled_departure_holds_up_until_the_next_of_any() {
    // All of `a` are cancelled, at 10, 34, ...
    let text = world(&every(24, 10, 9), &every(48, 20, 9), &hours(&[1, 21]), "");
    let cancelled = text.replace(
        "flows:",
        r#"disruptions: { "d": (targets: [Service("a")], when: Dated([(from: "2025-01-06T00:00", to: "2025-01-09T00:00")]), effect: Cancel) },
        flows:"#,
    );
    let watched = watch(&cancelled);
    assert_eq!(watched.delivered("boxes"), [30.0, 78.0]);
    assert_eq!(waits(&watched), [9 + 13, 0, 10 + 34]);
    assert_eq!(watch(&text).delivered("boxes"), [20.0, 44.0]);
    // Held by a closure of its road, `a` does not hold boxes that can go by `b`.
    let closed = cancelled.replace("effect: Cancel", "effect: Close");
    let watched = watch(&closed);
    assert_eq!((watched.delivered("boxes"), waits(&watched)), (vec![30.0, 78.0], [19 + 47, 0, 0]));
}

#[test]
fn what_one_pays_is_the_price_of_what_one_boards() {
    let priced = |service: String, freight: u32| format!(r#"{service}, freight: "{freight} CNY/TEU""#);
    let text = world(&priced(every(24, 10, 1), 100), &priced(every(24, 20, 1), 700), &hours(&[1, 2, 3]), "");
    let results = results_of(&text);
    check_exactly(&results, "flows.boxes.cost.per_shipment", (100.0 + 700.0 + 100.0) / 3.0);
    // Half of the day `a` is the next: from 20 to 10, and 10 h of 24 `b`.
    let way = &results.routes["boxes"]["steps"];
    let expected = (14.0 * 100.0 + 10.0 * 700.0) / 24.0;
    assert!(
        (way.expected_cost.expect("a cost") - expected).abs() < 3.0,
        "{:?} {expected}",
        way.expected_cost
    );
}

#[test]
fn stages_and_clocks_of_a_ride_on_several() {
    let text = world(&every(24, 10, 1), &every(24, 20, 1), &hours(&[1, 2, 3]), "")
        .replace("flows:", r#"clocks: { "aboard": (from: Departed, to: Arrived) }, flows:"#);
    let results = results_of(&text);
    check_exactly(&results, "flows.boxes.clocks.aboard.mean", 10.0);
    check_exactly(&results, "flows.boxes.stages.ride.mean", (19.0 + 28.0 + 41.0) / 3.0);
    check_exactly(&results, "flows.boxes.stages.ride.legs.yard--away.mean", 10.0);
    assert_eq!(figure(&results, "flows.boxes.stages.ride.rollover_share").estimate, Some(2.0 / 3.0));
    let by_one = text.replace("from: Departed", r#"from: DepartedBy("a")"#);
    assert!(results_of(&by_one).figure("flows.boxes.clocks.aboard.mean").is_none(), "not all go by `a`");
}

#[test]
fn what_cannot_be_waited_for_together_is_refused() {
    let text = |services: &str| {
        world(&every(24, 10, 1), &every(24, 20, 1), &hours(&[1]), "").replace(r#"["b", "a"]"#, services)
    };
    let check = |text: &str, said: &[&str]| {
        let message = refusal(text);
        for said in said {
            assert!(message.contains(said), "{message}");
        }
    };
    check(&text("[]"), &["a ride without a service", "path: flows.boxes.steps[0]"]);
    check(&text(r#"["a", "c"]"#), &["there is no service `c`", "path: flows.boxes.steps[0].service[1]"]);
    check(&text(r#"["a", "a"]"#), &["service `a` is named twice"]);
    let filling = text(r#"["a", "b"]"#).replace(r#"Every(period: "24h", offset: "20h")"#, "WhenFull()");
    check(&filling, &["service `b` leaves when full"]);
    let split = text(r#"["a", "b"]"#).replace(r#"offset: "10h")"#, r#"offset: "10h"), split: true"#);
    check(&split, &["service `a` splits shipments"]);
    let elsewhere = text(r#"["a", "b"]"#).replacen(
        r#"["yard", "away"], running: ["10h"]"#,
        r#"["away", "yard"], running: ["10h"]"#,
        1,
    );
    check(&elsewhere, &["service `b` goes from `yard` to `away`, but the first one has other stops"]);
    let text = text(r#"["a"]"#);
    assert_eq!(
        json(&results_of(&text)),
        json(&results_of(&text.replace(r#"["a"]"#, r#""a""#))),
        "one is no group"
    );
}

#[test]
fn a_searched_way_takes_whichever_leaves_first() {
    let text = world(&every(24, 10, 1), &every(24, 20, 1), &hours(&[1, 2, 3]), "");
    let steps = r#"steps: [Ride(service: ["b", "a"])]"#;
    let searched = text.replace(steps, r#"from: "yard", to: "away", via: [["b", "a"]]"#);
    let watched = watch(&searched);
    assert_eq!(watched.delivered("boxes"), [20.0, 30.0, 44.0]);
    let ways: Vec<&str> = watched.model.itineraries.iter().map(|way| way.name.as_str()).collect();
    assert_eq!(ways, ["a-or-b"]);
    let results = results_of(&searched);
    check_exactly(&results, "flows.boxes.stages.train.legs.yard--away.mean", 10.0);
    assert_eq!(results.routes["boxes"]["a-or-b"].services, ["b", "a"]);
    // Of several ways those by either are one; a third service makes another.
    let chosen = r#"from: "yard", to: "away", via: [["b", "a"]], ways: 4, choice: Logit()"#;
    assert_eq!(compiled(&text.replace(steps, chosen)).model.itineraries.len(), 1);
    let by_itinerary =
        r#"from: "yard", to: "away", itineraries: { "both": (via: [["a", "b"]]), "one": (via: ["b"]) }"#;
    assert_eq!(compiled(&text.replace(steps, by_itinerary)).model.programs.ride_groups.len(), 1);
    for (via, said) in [
        (r#"[["a", "yard"]]"#, "there is no service `yard`"),
        (r#"[["a", "a"]]"#, "service `a` is named twice"),
        ("[[]]", "an item of `via` without a service"),
    ] {
        let message = refusal(&searched.replace(r#"[["b", "a"]]"#, via));
        assert!(message.contains(said) && message.contains("path: flows.boxes.via[0]"), "{message}");
    }
    let elsewhere = searched.replace("nodes: {", r#"nodes: { "beyond": (),"#).replacen(
        r#"["yard", "away"], running: ["10h"]"#,
        r#"["yard", "beyond"], running: ["10h"]"#,
        1,
    );
    let message = refusal(&elsewhere);
    assert!(message.contains("service `a` does not go from `yard` to `away`"), "{message}");
    assert!(message.contains("path: flows.boxes.via"), "{message}");
}

/// Services with whatever timetable, between stops of a line; flows on one, on several, before and after others.
fn random_world(number: u64) -> String {
    let mut dice = Dice::new(number);
    let service = |dice: &mut Dice, id: &str| {
        let departs = match dice.whole(0, 3) {
            0 => r#"Headway(Exponential(mean: "9h"))"#.to_owned(),
            1 => r#"Weekly(["Mon 06:00", "Tue 18:00", "Fri 12:00", "Sun 00:00"])"#.to_owned(),
            _ => format!(r#"Every(period: "{}h", offset: "{}h")"#, dice.whole(2, 24), dice.whole(0, 24)),
        };
        let options = dice.maybe(40, |_| "overtake: true, ".to_owned())
            + &dice.maybe(40, |_| "boarding: Priority, ".to_owned())
            + &dice.maybe(30, |_| r#"cancelled: "20%", "#.to_owned())
            + &dice.maybe(30, |_| r#"delay: Exponential(mean: "2h"), "#.to_owned())
            + &dice.maybe(20, |_| "run_empty: false, ".to_owned())
            + &dice.maybe(20, |_| r#"fleet: 3, turnaround: "2h", "#.to_owned());
        format!(
            r#""{id}": (mode: Rail, stops: ["n0", "n1", "n2"], running: [Exponential(mean: "5h"), "6h"],
                departs: {departs}, cutoff: "{}h", capacity: "{} TEU", freight: "900 CNY/TEU", {options}), "#,
            dice.whole(0, 4),
            dice.whole(3, 9),
        )
    };
    let services: String = ["a", "b", "c"].iter().map(|id| service(&mut dice, id)).collect();
    let steps = |dice: &mut Dice| {
        let steps: Vec<&str> = (0..dice.whole(1, 3))
            .map(|_| {
                dice.one(&[
                    r#"Ride(service: ["a", "b"])"#,
                    r#"Ride(service: ["c", "b", "a"])"#,
                    r#"Ride(service: ["b", "c"], to: "n1")"#,
                    r#"Ride(service: ["a", "c"], from: "n1")"#,
                    r#"Ride(service: "a")"#,
                    r#"Work(resource: "desk", time: Exponential(mean: "1h"))"#,
                    r#"Batch(size: "3 TEU", longest_wait: "5h")"#,
                    r#"Parallel([[Ride(service: ["a", "b"])], [Delay(time: "3h")]])"#,
                    r#"Repeat(share: "20%", steps: [Ride(service: ["b", "c"])])"#,
                ])
            })
            .collect();
        steps.join(", ")
    };
    let flows: Vec<String> = (0..3)
        .map(|n| {
            format!(
                r#""f{n}": (arrivals: Poisson(mean: 1, per: "{}h"), priority: {}, size: Discrete([(value: "1 TEU", weight: 2), (value: "2 TEU", weight: 1)]), steps: [{}]), "#,
                dice.whole(4, 9),
                dice.whole(1, 9),
                steps(&mut dice),
            )
        })
        .collect();
    let flows = flows.concat();
    let closed = dice.maybe(30, |_| {
        r#"disruptions: { "d": (targets: [Service("b")], when: Random(up: Exponential(mean: "60h"), down: Exponential(mean: "20h")), effect: Close) },"#.to_owned()
    });
    format!(
        r#"(
    schema: 1, name: "random", start: "2025-03-24T00:00[Europe/Berlin]",
    run: (warm_up: "2d", measure: "14d", drain: "200d", arrivals_until: MeasureEnd, replications: 2, input_points: 0, seed: {number}),
    nodes: {{ "n0": (), "n1": (), "n2": () }},
    resources: {{ "desk": (at: "n0", servers: 2) }},
    services: {{ {services} }},
    flows: {{ {flows} }},
    {closed}
)"#
    )
}

#[test]
fn groups_happen_alike_however_the_engine_gets_there() {
    let (mut n_quicker, mut n_groups) = (0, 0);
    for number in 0..80 {
        let built = compiled(&random_world(number));
        n_quicker += u32::from(events_saved(&format!("world {number}"), &built.model, 0) > 0);
        n_groups += built.model.programs.ride_groups.len();
        let one = json(&results_of_built(&built, 1));
        assert_eq!(one, json(&results_of_built(&built, 2)), "world {number}");
    }
    assert!(n_quicker > 40 && n_groups > 80, "{n_quicker} worlds save events, {n_groups} groups");
}

/// Seventy services run window by window, each by itself, unless some cargo waits for several at once.
#[test]
fn services_that_are_waited_for_together_happen_in_the_order_of_time() {
    let n = 70;
    let text = |ride: &str| {
        let services: Vec<String> = (0..n)
            .map(|n| {
                let hour = 3 * n % 24;
                format!(
                    r#""s{n:02}": (mode: Rail, stops: ["yard", "away"], running: ["10h"], departs: Every(period: "24h", offset: "{hour}h"), capacity: "2 TEU"), "#
                )
            })
            .collect();
        let services = services.concat();
        let flows: Vec<String> = (0..n)
            .map(|n| format!(r#""f{n:02}": (arrivals: Poisson(mean: 1, per: "20h"), steps: [Work(resource: "desk", time: "1h"), {}]), "#, ride.replace('#', &format!("s{n:02}"))))
            .collect();
        let flows = flows.concat();
        format!(
            r#"(
    schema: 1, name: "many", start: "2025-01-06T00:00[UTC]",
    run: (measure: "10d", drain: "60d", arrivals_until: MeasureEnd, replications: 1, seed: 5),
    nodes: {{ "yard": (), "away": () }},
    resources: {{ "desk": (at: "yard", servers: 90) }},
    services: {{ {services} }},
    flows: {{ {flows} }},
)"#
        )
    };
    // Flow 0 waits for two services beside its own, the others for their own.
    let together =
        text(r##"Ride(service: "#")"##).replace(r#"service: "s00""#, r#"service: ["s00", "s01", "s02"]"#);
    let together = compiled(&together);
    assert!(events_saved("many", &together.model, 0) > 0);
}

/// Where all else is alike, two services that one waits for together are one with both timetables.
#[test]
fn a_group_of_two_is_one_service_with_both_timetables() {
    let mut runner = TestRunner::new(ProptestConfig {
        cases: 60,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(20_251_130),
        ..ProptestConfig::default()
    });
    let hours = || proptest::collection::btree_set(0..168_u32, 1..6);
    let world = (hours(), hours(), 0..9_u32, 1..6_u32, any::<bool>(), 1..1000_u32);
    runner
        .run(&world, |(first, second, cutoff, capacity, overtake, seed)| {
            let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
            let times = |hours: &[u32]| {
                let times: Vec<String> =
                    hours.iter().map(|hour| format!("\"{} {:02}:00\"", days[*hour as usize / 24], hour % 24)).collect();
                times.join(", ")
            };
            let (first, second): (Vec<u32>, Vec<u32>) =
                (first.iter().copied().collect(), second.iter().copied().filter(|hour| !first.contains(hour)).collect());
            prop_assume!(!second.is_empty());
            let all: Vec<u32> = first.iter().chain(&second).copied().collect();
            let service = |id: &str, hours: &[u32]| {
                format!(
                    r#""{id}": (mode: Rail, stops: ["yard", "away"], running: ["10h"], departs: Weekly([{}]), cutoff: "{cutoff}h", capacity: "{capacity} TEU", overtake: {overtake}), "#,
                    times(hours)
                )
            };
            let text = |services: String, ride: &str| {
                format!(
                    r#"(
    schema: 1, name: "both", start: "2025-01-06T00:00[UTC]",
    run: (warm_up: "7d", measure: "70d", drain: "700d", arrivals_until: MeasureEnd, replications: 2, input_points: 0, seed: {seed}),
    nodes: {{ "yard": (), "away": () }},
    services: {{ {services} }},
    flows: {{
        "boxes": (arrivals: Poisson(mean: {}, per: "7d"), size: Discrete([(value: "0.5 TEU", weight: 1), (value: "1 TEU", weight: 1)]),
            steps: [Delay(time: Exponential(mean: "9h")), Ride(service: {ride}, id: "ride")]),
        "crates": (arrivals: Regular(every: "29h"), size: "1 TEU", steps: [Ride(service: {ride}, id: "ride")]),
    }},
)"#,
                    0.5 * f64::from(capacity) * all.len() as f64,
                )
            };
            let group = results_of(&text(service("a", &first) + &service("b", &second), r#"["a", "b"]"#));
            let single = results_of(&text(service("both", &all), r#""both""#));
            let flows = |results: &sanda_results::Results| {
                let figures = results.figures().into_iter().filter(|(path, _)| path.starts_with("flows."));
                figures.map(|(path, figure)| format!("{path} {figure:?}")).collect::<Vec<_>>()
            };
            prop_assert!(flows(&group).len() > 50);
            prop_assert_eq!(flows(&group), flows(&single));
            let expected = |results: &sanda_results::Results| results.routes["boxes"]["steps"].expected_hours;
            prop_assert!((expected(&group) - expected(&single)).abs() < 1e-6, "{} {}", expected(&group), expected(&single));
            // Boarded by the first departure of any.
            let share = |results: &sanda_results::Results, id: &str| {
                let path = |what: &str| format!("services.{id}.{what}");
                (value(results, &path("load_factor")), value(results, &path("departures")))
            };
            let [(a, n_a), (b, n_b), (both, n)] = [share(&group, "a"), share(&group, "b"), share(&single, "both")];
            prop_assert!(((a * n_a + b * n_b) / (n_a + n_b) - both).abs() < 1e-9 && (n_a + n_b - n).abs() < 1e-9);
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{error}"));
}
