//! Distances and running times that contradict each other are remarked on, and sound ones are not.

use insta::assert_snapshot;
use sanda_scenario::{Style, load_model_text, render};

use crate::world::said;

/// Two nodes 410 km apart, one leg or haul between them.
fn world(link: &str, step: &str) -> String {
    format!(
        r#"(
    schema: 1, name: "world", run: (measure: "60d"),
    nodes: {{ "osaka": (position: (lat: 34.65, lon: 135.43)), "tokyo": (position: (lat: 35.61, lon: 139.78)) }},
    {link}
    flows: {{ "boxes": (arrivals: Poisson(mean: 1, per: "1d"), size: "0 TEU", steps: [{step}]) }},
)"#
    )
}

fn leg(mode: &str, running: &str, rest: &str) -> String {
    let service = format!(
        r#"services: {{ "line": (mode: {mode}, stops: ["osaka", "tokyo"], departs: Every(period: "24h"), capacity: Unlimited, running: [{running}]{rest}) }},"#
    );
    said(&world(&service, r#"Ride(service: "line")"#))
}

fn haul(rest: &str) -> String {
    let connection = format!(r#"connections: {{ "truck": (from: "osaka", to: "tokyo", {rest}) }},"#);
    said(&world(&connection, r#"Haul("truck")"#))
}

#[test]
fn a_leg_that_no_ship_takes_so_long_for() {
    assert_snapshot!(leg("Sea", r#"Triangular(min: "40h", mode: "60h", max: "70h")"#, r#", distance: ["500 km"]"#), @r#"
    warning: leg `osaka` to `tokyo` of service `line` goes at 8.8 km/h
     --> my.ron:4:126
      |
    4 | ..., running: [Triangular(min: "40h", mode: "60h", max: "70h")], distance: ["500 km"]) },
      |                ^^^^^^^^^^ 500 km in 2d 8h 40min on average (2d 9h 19min in the median); 11 to 46 km/h is plausible by sea
      |
      = path: services.line.running[0]
    hint: correct the distance or the time; waits under way belong to `at_stop`, `dwell`, `slip` or disruptions
    "#);
}

#[test]
fn a_leg_that_no_ship_takes_so_short_for() {
    assert_snapshot!(leg("Sea", r#""6h""#, ""), @r#"
    warning: leg `osaka` to `tokyo` of service `line` goes at 68 km/h
     --> my.ron:4:126
      |
    4 |     services: { "line": (mode: Sea, stops: ["osaka", "tokyo"], departs: Every(period: "24h"), capacity: Unlimited, running: ["6h"]) },
      |                                                                                                                              ^^^^ 410 km as the crow flies in 6h; 11 to 46 km/h is plausible by sea
      |
      = path: services.line.running[0]
    hint: correct the distance or the time; waits under way belong to `at_stop`, `dwell`, `slip` or disruptions
    "#);
    assert!(leg("Rail", r#""0h""#, "").contains("goes at any speed: it takes no time"));
}

#[test]
fn a_distance_shorter_than_the_great_circle() {
    assert_snapshot!(haul(r#"time: "8h", distance: "350 km""#), @r#"
    warning: connection `truck` is shorter than the great circle
     --> my.ron:4:80
      |
    4 |     connections: { "truck": (from: "osaka", to: "tokyo", time: "8h", distance: "350 km") },
      |                                                                                ^^^^^^^^ 350 km, where 410 km lie between the positions of its ends
      |
      = path: connections.truck.distance
    hint: correct the distance, or a `position`
    "#);
    // The speed is stated, the distance still is too short.
    assert!(haul(r#"speed: "60 km/h", distance: "350 km""#).contains("shorter than the great circle"));
    // Within 2 %.
    assert_eq!(haul(r#"time: "8h", distance: "405 km""#), "");
}

#[test]
fn sound_legs_of_every_mode_are_not_remarked_on() {
    for (mode, distance, running) in [
        // Wuhan to Beijing, Wuhan to Liège, and a hop of 250 km from block to block.
        ("Air", 1050, r#""2h""#),
        ("Air", 8900, r#"Triangular(min: "10.5h", mode: "11h", max: "12.1h")"#),
        ("Air", 400, r#""75min""#),
        // Up the Yangtze by a river-sea ship; a fast ship over the Pacific; a feeder along the coast.
        ("Sea", 1865, r#"Triangular(min: "106h", mode: "124h", max: "154h")"#),
        ("Sea", 10_600, r#""11d""#),
        ("Sea", 1100, r#"LogNormal(mean: "50h", cv: 0.5)"#),
        // A barge up and down the river.
        ("River", 1100, r#""120h""#),
        ("River", 1100, r#""48h""#),
        // A train to the border, and one that is shunted twice on the way.
        ("Rail", 3650, r#"Triangular(min: "72h", mode: "84h", max: "110h")"#),
        ("Rail", 600, r#""2d""#),
        // A truck that rests, one that runs through, one that waits for the night in front of a city.
        ("Road", 1100, r#""30h""#),
        ("Road", 800, r#""9h""#),
        ("Road", 450, r#""30h""#),
    ] {
        let of_mode = leg(mode, running, &format!(r#", distance: ["{distance} km"]"#));
        // Distances of this list are not those of the nodes.
        let about_speed = of_mode.lines().filter(|line| line.contains(" goes at ")).collect::<Vec<_>>();
        assert_eq!(about_speed, Vec::<&str>::new(), "{mode} {distance} km in {running}");
    }
    // A city haul with half a day at the door, and short shuttles of any length of time.
    let city = world(
        r#"connections: { "truck": (from: "osaka", to: "kobe", time: "30h"), "van": (from: "kobe", to: "tokyo", time: Triangular(min: "4h", mode: "10h", max: "22h"), distance: "450 km") },"#,
        r#"Haul("truck"), Haul("van")"#,
    )
    .replace("nodes: {", r#"nodes: { "kobe": (position: (lat: 34.67, lon: 135.25)),"#);
    assert_eq!(said(&city), "");
}

/// A heavy tail of delays pulls the mean far beyond the median: the median is sound.
#[test]
fn a_heavy_tail_is_not_a_wrong_speed() {
    let tail = r#"Mixture([(law: "20h", weight: 0.9), (law: "600h", weight: 0.1)])"#;
    assert_eq!(leg("Sea", tail, r#", distance: ["500 km"]"#), "");
    let always = r#"Mixture([(law: "60h", weight: 0.9), (law: "600h", weight: 0.1)])"#;
    let said = leg("Sea", always, r#", distance: ["500 km"]"#);
    assert!(said.contains("500 km in 4d 18h on average (2d 12h in the median)"), "{said}");
}

/// Where no distance is stated the way may be longer than the great circle, but not shorter.
#[test]
fn a_great_circle_is_the_shortest_way() {
    // 410 km in 50 h are 8.2 km/h of the great circle: slow, but it may be a detour.
    assert_eq!(leg("Sea", r#""50h""#, ""), "");
    assert!(leg("Sea", r#""50h""#, r#", distance: ["405 km"]"#).contains("goes at 8.1 km/h"));
    assert!(leg("Sea", r#""200h""#, "").contains("km as the crow flies in 8d 8h"));
}

/// A part of a time that was set from outside is shown beside the time.
#[test]
fn a_part_from_elsewhere_is_pointed_at() {
    let service = r#"services: { "line": (mode: Sea, stops: ["osaka", "tokyo"], departs: Every(period: "24h"), capacity: Unlimited, running: [Shifted(by: "18h", law: Exponential(mean: "2h"))]) },"#;
    let text = world(service, r#"Ride(service: "line")"#);
    assert_eq!(said(&text), "");
    let sets = ["services.line.running[0].by=3h".to_owned()];
    let loaded = load_model_text("my.ron", &text, &sets).unwrap_or_else(|failure| panic!("{failure}"));
    assert_snapshot!(render(&loaded.issues, &loaded.sources, Style::default()), @r#"
    warning: leg `osaka` to `tokyo` of service `line` goes at 82 km/h
     --> my.ron:4:126
      |
    4 | ...running: [Shifted(by: "18h", law: Exponential(mean: "2h"))]) },
      |              ^^^^^^^ 410 km as the crow flies in 5h on average (4h 23min in the median); 11 to 46 km/h is plausible by sea
      |
     ::: --set #1:1:29
      |
    1 | services.line.running[0].by=3h
      |                             -- with this part from here
      |
      = path: services.line.running[0]
    hint: correct the distance or the time; waits under way belong to `at_stop`, `dwell`, `slip` or disruptions
    "#);
}
