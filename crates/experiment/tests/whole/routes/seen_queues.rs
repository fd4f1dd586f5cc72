//! Choices that see the queue (`sees: Queue`): miniatures worked out by hand, and laws over random worlds.
//!
//! Does not own choices by the laws of the input (`search`).

use crate::shared::dice::Dice;
use crate::shared::watch::{Watched, watch};
use crate::shared::{
    assert_same, compiled, events_saved, json, numbers_without, results_of, results_of_built, results_on,
    value,
};
use proptest::prelude::*;
use proptest::test_runner::{RngSeed, TestRunner};
use sanda_scenario::load_model_text;

/// Boxes of 1 TEU at the hours of `arrivals`, with as many ways as there are services, each of a single ride from `yard`.
fn world(services: &[(&str, &str)], arrivals: &str, flow: &str, more: &str) -> String {
    let ways = services.iter().map(|(id, _)| format!(r#""{id}": (steps: [Ride(service: "{id}")]), "#));
    let services = services
        .iter()
        .map(|(id, body)| format!(r#""{id}": (mode: Rail, stops: ["yard", "away"], {body}), "#));
    format!(
        r#"(
    schema: 1, name: "seen", start: "2025-01-06T00:00[UTC]",
    run: (measure: "10d", drain: "60d", arrivals_until: MeasureEnd, replications: 1),
    nodes: {{ "yard": (), "away": () }},
    services: {{ {} }},
    flows: {{
        "boxes": (arrivals: At([{arrivals}]), sees: Queue, itineraries: {{ {} }}, {flow}),
        {more}
    }},
)"#,
        services.collect::<String>(),
        ways.collect::<String>(),
    )
}

/// Hours one after the other, as a list.
fn hours(from: u32, to: u32) -> String {
    let listed: Vec<String> = (from..=to).map(|hour| format!("\"{hour}h\"")).collect();
    listed.join(", ")
}

/// A service every day from an hour on that runs 10 h.
fn daily(hour: u32, capacity: u32) -> String {
    format!(
        r#"departs: Every(period: "24h", offset: "{hour}h"), capacity: "{capacity} TEU", running: ["10h"]"#
    )
}

fn delivered(text: &str) -> Vec<f64> {
    watch(text).delivered("boxes")
}

fn chosen(watched: &Watched) -> Vec<(String, u64)> {
    let ways = watched.model.itineraries.iter_enumerated();
    ways.map(|(id, way)| (way.name.clone(), watched.outcome.itineraries[id].chosen)).collect()
}

fn refusal(text: &str) -> String {
    load_model_text("seen.ron", text, &[]).expect_err("this was expected to be refused").to_string()
}

#[test]
fn a_full_departure_sends_the_next_shipment_the_other_way() {
    let services = [("a", &*daily(10, 3)), ("b", &*daily(14, 3))];
    let text = world(&services, &hours(1, 9), "", "");
    // Three fit aboard each: by `a` at 10, by `b` at 14, and again by `a` a day later.
    assert_eq!(delivered(&text), [20.0, 20.0, 20.0, 24.0, 24.0, 24.0, 44.0, 44.0, 44.0]);
    // By the laws both are alike, and all take the first.
    let blind = text.replace("sees: Queue", "sees: Laws");
    assert_eq!(delivered(&blind), [20.0, 20.0, 20.0, 44.0, 44.0, 44.0, 68.0, 68.0, 68.0]);
}

/// Shares that see the queue are kept while the first departure has room. A shipment that finds it full books another with room, if
/// there is one.
#[test]
fn who_goes_by_shares_rebooks_when_the_first_departure_is_full() {
    let services = [("a", &*daily(10, 3)), ("b", &*daily(14, 3))];
    let text = world(&services, &hours(1, 9), "", "");
    let with_shares = |a: &str, b: &str| {
        text.replace(r#""a": (steps"#, &format!(r#""a": (share: {a}, steps"#))
            .replace(r#""b": (steps"#, &format!(r#""b": (share: {b}, steps"#))
    };
    // All want `a`. Three are aboard at 10; the next three find it full and go by `b` at 14; the last find both full and keep to `a`.
    let nearly_all = with_shares("0.999999999", "0.000000001");
    assert_eq!(delivered(&nearly_all), [20.0, 20.0, 20.0, 24.0, 24.0, 24.0, 44.0, 44.0, 44.0]);
    let blind = nearly_all.replace("sees: Queue", "sees: Laws");
    assert_eq!(delivered(&blind), [20.0, 20.0, 20.0, 44.0, 44.0, 44.0, 68.0, 68.0, 68.0]);
    // A way without a share is nobody's second choice.
    let all = with_shares("1", "0");
    assert_eq!(delivered(&all), delivered(&all.replace("sees: Queue", "sees: Laws")));
    // With room for everybody nothing changes: a shipment keeps the way that it has drawn.
    let halves = with_shares("0.5", "0.5").replace("3 TEU", "9 TEU");
    assert_eq!(delivered(&halves), delivered(&halves.replace("sees: Queue", "sees: Laws")));
}

#[test]
fn equally_good_ways_go_to_the_first_by_name() {
    let services = [("a", &*daily(10, 2)), ("b", &*daily(10, 2))];
    let watched = watch(&world(&services, &hours(1, 3), "", ""));
    assert_eq!(chosen(&watched), [("a".to_owned(), 2), ("b".to_owned(), 1)]);
    // Twins of one instant: the second sees the first.
    let services = [("a", &*daily(10, 1)), ("b", &*daily(10, 1))];
    let watched = watch(&world(&services, r#""1h", "1h""#, "", ""));
    assert_eq!(chosen(&watched), [("a".to_owned(), 1), ("b".to_owned(), 1)]);
}

#[test]
fn a_departure_whose_cut_off_cannot_be_met_is_not_expected() {
    let early = format!(r#"{}, cutoff: "4h""#, daily(10, 9));
    // Ready at 6 at the latest for `a`; those of 7 to 9 take `b`.
    let text = world(&[("a", &early), ("b", &daily(14, 9))], &hours(5, 9), "", "");
    assert_eq!(delivered(&text), [20.0, 20.0, 24.0, 24.0, 24.0]);
    // On the way to the yard for two hours: the last that makes it is released at 4.
    let text = text.replace(r#""a": (steps: [Ride"#, r#""a": (steps: [Delay(time: "2h"), Ride"#);
    let text = text.replace(&hours(5, 9), &hours(3, 6));
    assert_eq!(delivered(&text), [20.0, 20.0, 24.0, 24.0]);
}

#[test]
fn cargo_of_other_flows_counts_from_its_release_until_it_boards() {
    let others = |at: &str| {
        format!(
            r#""others": (from: "yard", arrivals: At(["{at}"]), size: "2 TEU", steps: [Delay(time: "5h"), Ride(service: "a")]),"#
        )
    };
    let services = [("a", &*daily(10, 3)), ("b", &*daily(14, 3))];
    // Under way from 0 to 5, it takes two of three places: of boxes at 1 and 2 one is left.
    assert_eq!(delivered(&world(&services, &hours(1, 2), "", &others("0h"))), [20.0, 24.0]);
    // Released at 2 in the same yard, after the box of that instant by the order of flows: it is not known at 1 and 2.
    assert_eq!(delivered(&world(&services, &hours(1, 3), "", &others("2h"))), [20.0, 20.0, 24.0]);
    // Aboard at 10: the box of 11 has all of the next departures, by `b` at 14.
    assert_eq!(delivered(&world(&services, r#""11h", "15h""#, "", &others("0h"))), [24.0, 44.0]);
    // Ready after the departure of 10, it is not in the way there, but is at the next.
    let late = others("0h").replace("5h", "12h");
    let text =
        world(&[("a", &daily(10, 3)), ("b", &daily(35, 3))], r#""1h", "2h", "3h", "11h", "12h""#, "", &late);
    assert_eq!(delivered(&text), [20.0, 20.0, 20.0, 44.0, 45.0]);
}

#[test]
fn what_is_rolled_over_stands_before_what_is_booked_for_the_next_departure() {
    // Two loads of 2 TEU for the three places of hour 10: one of 4 rolls to hour 34, where two are left beside it.
    let others = r#""others": (arrivals: At(["0h", "0h"]), size: "2 TEU", steps: [Ride(service: "a")]),"#;
    let services = [("a", &*daily(10, 3)), ("b", &*daily(36, 9))];
    let text = world(&services, r#""1h", "2h", "3h", "11h""#, "", others);
    // By the means 4 TEU leave 1 to roll over and 2 places at 34: the third box takes `b` at 36. At 11 the 2 TEU that really rolled
    // and the first two boxes fill 34.
    assert_eq!(delivered(&text)[2..], [46.0, 46.0]);
}

#[test]
fn background_and_season_count_at_their_mean() {
    let half_taken = format!(r#"{}, background: "2 TEU""#, daily(10, 3));
    let text = world(&[("a", &half_taken), ("b", &daily(14, 3))], &hours(1, 2), "", "");
    assert_eq!(delivered(&text), [20.0, 24.0]);
    let january = r#"departs: Every(period: "24h", offset: "10h"), running: ["10h"],
        capacity: Seasonal(load: "4 TEU", month: [0.5, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1])"#;
    let text = world(&[("a", january), ("b", &daily(14, 3))], &hours(1, 3), "", "");
    assert_eq!(delivered(&text), [20.0, 20.0, 24.0]);
}

#[test]
fn a_large_shipment_takes_the_departure_that_has_room_for_it() {
    let text = world(&[("a", &daily(10, 3)), ("b", &daily(14, 3))], &hours(1, 3), r#"size: "2 TEU""#, "");
    // The second does not fit behind the first by `a`, the third neither by `b`.
    assert_eq!(delivered(&text), [20.0, 24.0, 44.0]);
}

#[test]
fn a_service_that_fills_leaves_at_the_rate_of_demand() {
    // Boxes come hourly all through the window, and by the laws all take the truck: 1 TEU an hour.
    let truck = r#"departs: WhenFull(longest_wait: "6h"), capacity: "3 TEU", running: ["10h"]"#;
    let train = r#"departs: Every(period: "2400h", offset: "3h"), capacity: "1 TEU", running: ["9.5h"]"#;
    let text =
        world(&[("train", train), ("truck", truck)], "", "", "").replace("At([])", r#"Regular(every: "1h")"#);
    // At 1 the truck is expected to be full at 3 and there at 13, the train at 12.5. At 2 the train is full. The truck fills at 4.
    assert_eq!(delivered(&text)[..4], [12.5, 14.0, 14.0, 14.0]);
}

#[test]
fn a_service_that_fills_leaves_when_its_oldest_has_waited_its_longest() {
    let truck = r#"departs: WhenFull(longest_wait: "6h"), capacity: "99 TEU", running: ["10h"]"#;
    let once = |hour: &str, capacity: u32| {
        format!(
            r#"departs: Every(period: "2400h", offset: "{hour}"), capacity: "{capacity} TEU", running: ["10h"]"#
        )
    };
    let services = [("late", &*once("8.5h", 9)), ("train", &*once("6.5h", 1)), ("truck", truck)];
    // At 1 the truck is expected at 7, the train leaves at 6.5. At 2 it is 8, and the train is full. At 3 the truck leaves at 8 with the
    // box of 2, before `late`: without it, it would leave at 9.
    let watched = watch(&world(&services, &hours(1, 3), "", ""));
    assert_eq!(watched.delivered("boxes"), [16.5, 18.0, 18.0]);
    let alone = watch(&world(&services, r#""1h", "3h""#, "", ""));
    assert_eq!(alone.delivered("boxes"), [16.5, 18.5]);
}

#[test]
fn of_headways_only_the_mean_is_known() {
    let shuttle = r#"departs: Headway("24h"), capacity: "1 TEU", running: ["10h"]"#;
    let train = r#"departs: Every(period: "24h", offset: "20h"), capacity: "1 TEU", running: ["10h"]"#;
    let watched = watch(&world(&[("shuttle", shuttle), ("train", train)], &hours(1, 3), "", ""));
    // At 1: 12 h by the mean against 19. At 2 a whole departure is booked: 36 against 18. At 3: 36 against 41.
    assert_eq!(chosen(&watched), [("shuttle".to_owned(), 2), ("train".to_owned(), 1)]);
    assert_eq!(watched.delivered("boxes"), [34.0, 30.0, 58.0]);
}

#[test]
fn money_and_chance_see_the_queue_too() {
    // `a` costs 100 yuan and leaves at 10; `b` is free and leaves a day later: an hour is worth 10 yuan, the day 240.
    let a = format!(r#"{}, freight: "100 CNY/shipment""#, daily(10, 1));
    let services = [("a", &*a), ("b", &*daily(34, 9))];
    let flow = |choice: &str| format!("choice: {choice}");
    let arrivals = hours(1, 2);
    assert_eq!(
        delivered(&world(&services, &arrivals, &flow(r#"Generalised(value_of_time: "10 CNY")"#), "")),
        [20.0, 44.0]
    );
    assert_eq!(
        delivered(&world(&services, &arrivals, &flow(r#"Generalised(value_of_time: "4 CNY")"#), "")),
        [44.0, 44.0]
    );
    assert_eq!(delivered(&world(&services, &arrivals, &flow("Cheapest"), "")), [44.0, 44.0]);
    // 4 million yuan at 10 % a year: a day binds 1096.
    let dear = format!(r#"{}, value: "4000000 CNY/shipment""#, flow("Cheapest"));
    let text = world(&services, &arrivals, &dear, "");
    let text = text.replace("nodes:", r#"money: (capital: "10%"), nodes:"#);
    assert_eq!(delivered(&text), [20.0, 44.0]);
    // With so heavy a weight chance hardly has a say: exp(-24).
    assert_eq!(delivered(&world(&services, &arrivals, &flow("Logit(time: 1.0)"), "")), [20.0, 44.0]);
}

#[test]
fn a_closed_way_is_left_for_the_best_that_is_open() {
    let services = [("a", &*daily(10, 9)), ("b", &*daily(12, 1)), ("c", &*daily(14, 9))];
    let text = world(&services, &hours(1, 3), "when_closed: Reroute", "").replace(
        "flows:",
        r#"disruptions: { "d": (targets: [Service("a")], when: Dated([(from: "2025-01-06T00:30", to: "2025-01-06T02:30")]), effect: Close) },
        flows:"#,
    );
    // Closed at 1 and 2: the next best is `b` until that is full, then `c`. Open again at 3.
    assert_eq!(delivered(&text), [22.0, 24.0, 20.0]);
}

#[test]
fn what_has_no_departure_left_is_taken_last() {
    let once = r#"departs: Dates(["2025-01-06T10:00"]), capacity: "1 TEU", running: ["10h"]"#;
    let text = world(&[("a", once), ("b", &daily(40, 9))], &hours(1, 2), "", "");
    assert_eq!(delivered(&text), [20.0, 50.0]);
}

#[test]
fn a_shipment_lost_before_the_yard_is_no_longer_booked() {
    // The desk has no room: of two at 0 one is lost, and only one place of two is taken.
    let others = r#""others": (arrivals: At(["0h", "0h"]), steps: [Work(resource: "desk", time: "4h"), Ride(service: "a")]),"#;
    let text = world(&[("a", &daily(10, 2)), ("b", &daily(14, 3))], &hours(1, 2), "", others);
    let text = text.replace("services:", r#"resources: { "desk": (at: "yard", room: 0) }, services:"#);
    assert_eq!(delivered(&text), [20.0, 24.0]);
    // Both would have been aboard.
    assert_eq!(delivered(&text.replace("room: 0", "room: 9")), [24.0, 24.0]);
}

#[test]
fn whichever_leaves_first_is_seen_and_booked() {
    // Cargo that takes `a` at 10 or `b` at 14 is booked with `a`, where it should go: there the boxes find one place of two.
    let others = r#""others": (arrivals: At(["0h"]), steps: [Ride(service: ["a", "b"])]),"#;
    let services = [("a", &*daily(10, 2)), ("b", &*daily(14, 1)), ("c", &*daily(16, 9))];
    let text = world(&services, &hours(1, 3), "", others);
    assert_eq!(delivered(&text), [20.0, 24.0, 26.0]);
    // A way by either waits for the one with room: both are full after three.
    let either = text.replace(r#"Ride(service: "a")"#, r#"Ride(service: ["a", "b"])"#);
    let either = either.replace(r#""b": (steps: [Ride(service: "b")]), "#, "");
    let watched = watch(&either);
    assert_eq!(watched.delivered("boxes"), [20.0, 24.0, 26.0]);
    assert_eq!(chosen(&watched), [("a".to_owned(), 2), ("c".to_owned(), 1), ("steps".to_owned(), 1)]);
    // Gone by `a` at 10, it is no longer booked anywhere: at 11 and 12 one goes by `b` and one by `c`.
    let late = text.replace(&hours(1, 3), r#""11h", "12h""#);
    assert_eq!(delivered(&late), [24.0, 26.0]);
    // Booked with `a`, which a closure holds at 10, it boards `b`: both places of the next `a` are free.
    let held = text.replace(
        "flows:",
        r#"disruptions: { "d": (targets: [Service("a")], when: Dated([(from: "2025-01-06T09:00", to: "2025-01-06T15:00")]), effect: Close) },
        flows:"#,
    );
    let watched = watch(&held.replace(&hours(1, 3), &hours(17, 19)));
    assert_eq!(watched.delivered("others"), [24.0]);
    assert_eq!(chosen(&watched)[..2], [("a".to_owned(), 2), ("b".to_owned(), 1)]);
}

#[test]
fn a_diverted_shipment_is_booked_where_it_goes() {
    let seeing = |id: &str, at: &str, ways: [&str; 2]| {
        let ways = ways.map(|way| format!(r#""{way}": (steps: [Ride(service: "{way}")])"#)).join(", ");
        format!(r#""{id}": (arrivals: At(["{at}"]), sees: Queue, itineraries: {{ {ways} }}),"#)
    };
    // Two boxes at 1 want `a`; the second finds the desk full and goes by `b`.
    let more = seeing("late", "2h", ["b", "c"]) + &seeing("later", "3h", ["a", "c"]);
    let services = [("a", &*daily(10, 2)), ("b", &*daily(14, 1)), ("c", &*daily(16, 9))];
    let text = world(&services, r#""1h", "1h""#, "", &more)
        .replacen(r#""a": (steps: ["#, r#""a": (steps: [Work(resource: "desk", time: "4h"), "#, 1)
        .replace(
            "services:",
            r#"resources: { "desk": (at: "yard", room: 0, when_full: Divert("b")) }, services:"#,
        );
    let watched = watch(&text);
    assert_eq!(watched.delivered("boxes"), [20.0, 24.0]);
    // So `b` is full, and `a` has a place again.
    assert_eq!((watched.delivered("late"), watched.delivered("later")), (vec![26.0], vec![20.0]));
}

#[test]
fn what_sees_no_queue_is_refused_or_remarked_on() {
    let services = [("a", &*daily(10, 3)), ("b", &*daily(14, 3))];
    let text = world(&services, &hours(1, 2), "", "");
    let steps = r#""other": (arrivals: At(["1h"]), sees: Queue, steps: [Ride(service: "a")]),"#;
    let message = refusal(&world(&services, &hours(1, 2), "", steps));
    assert!(message.contains("flow `other` has `steps`, so `sees` has no effect"), "{message}");
    let chance = text.replace(
        r#""b": (steps: [Ride(service: "b")])"#,
        r#""b": (steps: [Choose([(share: "50%", steps: [Ride(service: "b")])])])"#,
    );
    let message = refusal(&chance);
    let said =
        "flow `boxes` cannot see the wait for `b`, the first service on way `b`: it is taken by chance\n";
    assert!(message.contains(said), "{message}");
    assert!(message.contains("path: flows.boxes.itineraries.b"), "{message}");
    assert!(message.contains("hint: let flow `boxes` choose with `sees: Laws`"), "{message}");
    let beside = text.replace(
        r#""b": (steps: [Ride(service: "b")])"#,
        r#""b": (steps: [Parallel([[Ride(service: "b")], [Delay(time: "1h")]])])"#,
    );
    let message = refusal(&beside);
    assert!(message.contains("on way `b`: other steps are done at the same time"), "{message}");
    let unseen =
        r#""other": (arrivals: At(["1h"]), steps: [Choose([(share: "50%", steps: [Ride(service: "a")])])]),"#;
    let loaded =
        load_model_text("seen.ron", &world(&services, &hours(1, 2), "", unseen), &[]).expect("sound");
    let remarks: Vec<&str> = loaded.issues.iter().map(|issue| issue.message.as_str()).collect();
    assert_eq!(remarks, ["cargo that rides `a` by chance is not booked on it"]);
}

#[test]
fn searched_ways_see_the_queue() {
    let text = r#"(
    schema: 1, name: "searched", start: "2025-01-06T00:00[UTC]",
    run: (measure: "10d", drain: "60d", arrivals_until: MeasureEnd, replications: 1),
    nodes: { "yard": (), "away": () },
    services: {
        "a": (mode: Rail, stops: ["yard", "away"], departs: Every(period: "24h", offset: "10h"), capacity: "1 TEU", running: ["10h"]),
        "b": (mode: Rail, stops: ["yard", "away"], departs: Every(period: "24h", offset: "14h"), capacity: "1 TEU", running: ["10h"]),
    },
    flows: { "boxes": (from: "yard", to: "away", arrivals: At(["1h", "2h", "3h"]), sees: Queue) },
)"#;
    assert_eq!(delivered(text), [20.0, 24.0, 44.0]);
    assert_eq!(compiled(&text.replace("sees: Queue", "sees: Laws")).model.itineraries.len(), 1);
}

/// The example: by the laws all forwarders crowd onto the timetabled trains, which are offered more than they carry.
#[test]
fn the_example_of_rebooking_shows_what_it_says() {
    let path =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/examples/rebooking.ron");
    let run = |sees: &str| {
        let sets = ["run.replications=2", "run.measure=\"180d\"", &format!("flows.forwarders.sees={sees}")];
        let loaded = sanda_scenario::load_model(&path, &sets.map(str::to_owned)).expect("sound");
        (loaded.issues.iter().count(), results_of_built(&loaded.built, 2))
    };
    let (remarks_seen, seen) = run("Queue");
    let (remarks_blind, blind) = run("Laws");
    assert!(remarks_seen == 0 && remarks_blind > 0, "only one choice overloads a train");
    let days = |results| value(results, "flows.forwarders.clocks.door-to-door.mean") / 24.0;
    assert!(days(&seen) + 3.0 < days(&blind), "{} against {} days", days(&seen), days(&blind));
    let load = |results, train| value(results, &format!("services.{train}.load_factor"));
    // Trains that are asked for 107 % stay full; what they cannot carry goes by the ordinary ones.
    assert!(load(&seen, "timetabled") > 0.99 && load(&seen, "ordinary") > load(&blind, "ordinary") + 0.03);
}

/// Two services of one road, a desk before each, other cargo that takes one of them; with timetables, headways or when full.
fn random_world(number: u64) -> String {
    let mut dice = Dice::new(number);
    let service = |dice: &mut Dice, id: &str| {
        let departs = match dice.whole(0, 5) {
            0 => r#"departs: WhenFull(longest_wait: "20h")"#.to_owned(),
            1 => r#"departs: Headway(Exponential(mean: "9h")), cutoff: "1h""#.to_owned(),
            2 => r#"departs: Weekly(["Mon 06:00", "Tue 18:00", "Fri 12:00", "Sun 00:00"]), cutoff: "6h", cancelled: "20%""#.to_owned(),
            _ => format!(
                r#"departs: Every(period: "{}h", offset: "{}h"), cutoff: "{}h", delay: Exponential(mean: "1h")"#,
                dice.whole(4, 24),
                dice.whole(0, 24),
                dice.whole(0, 4)
            ),
        };
        let timetabled = !departs.contains("WhenFull");
        let (capacity, split) = (dice.whole(3, 9), dice.maybe(30, |_| "split: true,".to_owned()));
        let options = dice.maybe(40, |_| "overtake: true,".to_owned())
            + &dice.maybe(30, |_| r#"background: Uniform(min: "0 TEU", max: "3 TEU"),"#.to_owned())
            + &split;
        let stops = if timetabled && dice.percent(40) {
            r#"stops: ["before", "yard", "away"], running: [Exponential(mean: "3h"), Exponential(mean: "9h")]"#
        } else {
            r#"stops: ["yard", "away"], running: [Exponential(mean: "9h")]"#
        };
        format!(r#""{id}": (mode: Rail, {stops}, {departs}, capacity: "{capacity} TEU", {options}), "#)
    };
    let services: String = ["a", "b", "c"].iter().map(|id| service(&mut dice, id)).collect();
    let ride = |id: &str| format!(r#"Ride(service: "{id}", from: "yard")"#);
    let way = |dice: &mut Dice, id: &str| {
        let before = dice.one(&[
            "",
            r#"Work(resource: "desk", time: Exponential(mean: "1h")), "#,
            r#"Haul("truck"), "#,
            r#"Parallel([[Delay(time: "2h")], [Haul("truck")]]), "#,
            r#"Batch(size: "3 TEU", longest_wait: "5h"), "#,
        ]);
        format!("steps: [{before}{}]", ride(id))
    };
    let may_wait = !services.contains("WhenFull") && !services.contains("split");
    let beside =
        dice.maybe(50, |_| format!(r#"Parallel([[{}], [Delay(time: "9h"), {}]]),"#, ride("a"), ride("c")));
    let choice = dice.one(&["Fastest", "Logit(time: 0.2)", "Logit(time: 0.05, spread: 0.1)"]).to_owned();
    let closed = dice.maybe(40, |_| {
        r#"disruptions: { "d": (targets: [Service("b")], when: Random(up: Exponential(mean: "60h"), down: Exponential(mean: "20h")), effect: Close) },"#.to_owned()
    });
    let reroute = if closed.is_empty() { "" } else { "when_closed: Reroute," };
    let room = dice.maybe(30, |_| "room: 2,".to_owned());
    let ways = ["a", "b", "c"].map(|id| format!(r#""{id}": ({})"#, way(&mut dice, id))).join(", ");
    let others = way(&mut dice, "a");
    let again = if may_wait { r#"Ride(service: ["b", "c"], from: "yard")"#.to_owned() } else { ride("b") };
    let ways = if may_wait && dice.percent(50) {
        ways.replace(r#"Ride(service: "a", from"#, r#"Ride(service: ["a", "c"], from"#)
    } else {
        ways
    };
    format!(
        r#"(
    schema: 1, name: "random", start: "2025-03-24T00:00[Europe/Berlin]",
    run: (warm_up: "2d", measure: "14d", drain: "120d", arrivals_until: MeasureEnd, replications: 2, input_points: 0, seed: {number}),
    nodes: {{ "before": (), "yard": (), "away": () }},
    resources: {{ "desk": (at: "yard", servers: 2, {room}) }},
    connections: {{ "truck": (from: "before", to: "yard", time: Exponential(mean: "2h"), fleet: 9) }},
    services: {{ {services} }},
    flows: {{
        "boxes": (arrivals: Poisson(mean: 1, per: "2h", batch: Discrete([(value: 1, weight: 3), (value: 2, weight: 1)])), units: 2,
            choice: {choice}, sees: Queue, {reroute} itineraries: {{ {ways} }}),
        "others": (arrivals: Poisson(mean: 1, per: "4h"), size: Discrete([(value: "1 TEU", weight: 1), (value: "2 TEU", weight: 1)]), {others}),
        "round": (arrivals: Regular(every: "11h"), units: 3, size: "1.5 TEU", steps: [{beside} Haul("truck"), {again}]),
    }},
    {closed}
)"#
    )
}

/// What a choice sees does not depend on how the engine gets there: event by event, ahead of the clock, on one thread or two.
#[test]
fn the_state_that_is_seen_is_that_of_the_instant() {
    let (mut n_moved, mut n_quicker) = (0, 0);
    for number in 0..60 {
        let text = random_world(number);
        let built = compiled(&text);
        assert!(!built.model.watches.is_empty());
        n_quicker += u32::from(events_saved(&format!("world {number}"), &built.model, 0) > 0);
        let one = results_of_built(&built, 1);
        assert_eq!(json(&one), json(&results_of_built(&built, 2)), "world {number}");
        let blind = results_on(&text.replace("sees: Queue", "sees: Laws"), 2);
        n_moved += u32::from(one.fingerprint != blind.fingerprint);
    }
    assert!(n_moved > 40 && n_quicker > 20, "the queue decides in {n_moved} worlds, {n_quicker} save events");
}

#[test]
fn with_one_way_there_is_nothing_to_see() {
    let text = |sees: &str| {
        let services = [("a", &*daily(10, 3))];
        world(&services, &hours(1, 99), sees, "").replace("sees: Queue, ", "")
    };
    let [queue, laws] = ["sees: Queue", "sees: Laws"].map(|sees| compiled(&text(sees)));
    assert_eq!(queue.digest, laws.digest);
    // Nor does a flow of one way see others, or others it.
    let lane = crate::shared::lane::Lane::new().text();
    let one_way =
        lane.replacen("arrivals: Regular(every: \"11h\"", "sees: Queue, arrivals: Regular(every: \"11h\"", 1);
    let [one_way, lane] = [one_way, lane].map(|text| {
        let text = text.replace(r#""direct": (share: 0.6,"#, r#""direct": ("#);
        let begin = text.find(r#""feeder": (share"#).expect("the other way");
        let end = begin + text[begin..].find("]),").expect("its end") + 3;
        results_of(&format!("{}{}", &text[..begin], &text[end..]))
    });
    assert_same(&numbers_without(&one_way, &[]), &numbers_without(&lane, &[]));
}

/// Between two like services the queue is no worse on average than halves: the same arrivals and sizes in each world. Over all worlds it
/// is better by far.
#[test]
fn the_queue_is_no_worse_than_halves_between_like_services() {
    let mut runner = TestRunner::new(ProptestConfig {
        cases: 40,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(20_250_106),
        ..ProptestConfig::default()
    });
    let total = std::cell::Cell::new([0.0; 2]);
    let world = (6..30_u32, 2..9_u32, 50..95_u32, 1..10_000_u32);
    runner
        .run(&world, |(period, capacity, percent, seed)| {
            // Both offered the same share of what they carry, one leaving in the middle between departures of the other.
            let per_day = 2.0 * 24.0 / f64::from(period) * f64::from(capacity) * f64::from(percent) / 100.0;
            let text = |flow: &str, share: &str| {
                let service = |offset: u32| {
                    format!(
                        r#"(mode: Rail, stops: ["yard", "away"], departs: Every(period: "{}min", offset: "{offset}min"), capacity: "{capacity} TEU", running: ["9h"])"#,
                        60 * period
                    )
                };
                format!(
                    r#"(
    schema: 1, name: "halves", start: "2025-01-06T00:00[UTC]",
    run: (warm_up: "20d", measure: "100d", drain: "200d", arrivals_until: MeasureEnd, replications: 2, input_points: 0, seed: {seed}),
    nodes: {{ "yard": (), "away": () }},
    services: {{ "a": {}, "b": {} }},
    flows: {{ "boxes": (arrivals: Poisson(mean: {per_day}, per: "24h"), {flow}
        itineraries: {{ "a": ({share} steps: [Ride(service: "a")]), "b": ({share} steps: [Ride(service: "b")]) }}) }},
)"#,
                    service(0),
                    service(30 * period),
                )
            };
            let mean = |text: &str| value(&results_of(text), "flows.boxes.clocks.door-to-door.mean");
            let queue = mean(&text("sees: Queue,", ""));
            let halves = mean(&text("", "share: 0.5,"));
            let [seen, blind] = total.get();
            total.set([seen + queue - 9.0, blind + halves - 9.0]);
            prop_assert!(queue <= halves, "{queue} h against {halves} h: {}", text("", ""));
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{error}"));
    let [seen, blind] = total.get();
    assert!(seen < 0.6 * blind, "waits of {seen} and {blind} h");
}
