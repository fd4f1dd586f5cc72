//! Journeys across time zones, holidays by date, a leap day, the ends of days, weeks and months, and shifts with dates: all
//! instants worked out by hand, in hours after the start; there is no chance in any of it.
//!
//! In winter Shanghai is 8 h ahead of UTC, Almaty 5 h (since March 2024), Warsaw and Duisburg 1 h, and Los Angeles 8 h behind.
//! Nights on which clocks change are in `calendars`.

use crate::shared::{check_exactly, compiled, results_of, value};
use sanda_core::model::{ArrivalRule, DepartureRule};
use sanda_scenario::load_model_text;

/// A scenario that starts at a local midnight of Shanghai.
fn scenario(start: &str, measure: &str, sections: &str) -> String {
    format!(
        r#"(
    schema: 1, name: "zones", start: "{start}T00:00[Asia/Shanghai]",
    run: (measure: "{measure}", drain: "30d", arrivals_until: MeasureEnd, replications: 1),
    nodes: {{
        "wuhan": (), "almaty": (zone: "Asia/Almaty"), "warsaw": (zone: "Europe/Warsaw"),
        "duisburg": (zone: "Europe/Berlin"), "angeles": (zone: "America/Los_Angeles"),
    }},
    {sections}
)"#
    )
}

fn hours(ms: i64) -> f64 {
    ms as f64 / 3_600_000.0
}

#[test]
fn a_journey_from_wuhan_by_almaty_and_warsaw_to_duisburg() {
    // Monday 6 January. Ready on Wednesday 02:00 (50 h); leaves 10:20 (58 h 20), arrives 60 h later: Friday 22:20 in Wuhan, 19:20
    // in Almaty. The gate opens on Monday 08:00 there, 11:00 in Wuhan (179 h): 60 h 40. The train at 20:00 is that of 191 h.
    // 150 h later, 341 h, it is Sunday 22:00 in Warsaw, and the gate has just closed; 06:00 is 349 h. Twelve hours by road:
    // Monday 18:00 in Duisburg; the desk opens on Tuesday 08:00 (375 h) and takes 2 h.
    let results = results_of(&scenario(
        "2025-01-06",
        "14d",
        r#"
    resources: { "desk": (at: "duisburg", open: Weekly(["Mon-Fri 08:00-16:00"])) },
    services: {
        "east": (mode: Rail, stops: ["wuhan", "almaty"], departs: Weekly(["Wed 10:20"]), capacity: Unlimited, running: ["60h"]),
        "west": (mode: Rail, stops: ["almaty", "warsaw"], departs: Weekly(["Mon 20:00"]), capacity: Unlimited, running: ["150h"]),
    },
    connections: { "road": (from: "warsaw", to: "duisburg", time: "12h") },
    flows: { "boxes": (arrivals: At(["50h"]), steps: [
        Ride(service: "east"), Gate(open: Weekly(["Mon-Fri 08:00-18:00"]), at: "almaty"),
        Ride(service: "west"), Gate(open: Daily("06:00-22:00"), at: "warsaw"),
        Haul("road"), Work(resource: "desk", time: "2h"),
    ]) },"#,
    ));
    check_exactly(&results, "flows.boxes.clocks.door-to-door.mean", 377.0 - 50.0);
    check_exactly(&results, "services.east.wait.mean", 8.0 + 20.0 / 60.0);
    check_exactly(&results, "services.west.wait.mean", 12.0);
    check_exactly(&results, "flows.boxes.categories.timetable", 20.0 + 20.0 / 60.0);
    check_exactly(&results, "flows.boxes.categories.hours", 60.0 + 40.0 / 60.0 + 8.0 + 14.0);
    check_exactly(&results, "flows.boxes.categories.moving", 222.0);
    check_exactly(&results, "flows.boxes.categories.worked", 2.0);
}

#[test]
fn flights_over_the_date_line() {
    // Eastward: Wednesday 09:00 in Wuhan (57 h) and 12 h under way is Wednesday 05:00 in Los Angeles, earlier than it left; the
    // desk opens at 08:00, midnight in Wuhan (72 h). On Monday the 13th at 00:30 (168 h 30) it lands on Sunday 04:30: Monday
    // 08:00 is Tuesday 00:00 in Wuhan (192 h). Westward: Friday 23:00 (135 h), 14 h, is Sunday 05:00 in Wuhan.
    let world = |released: &str, steps: &str| {
        let text = scenario(
            "2025-01-06",
            "14d",
            &format!(
                r#"
    resources: {{
        "desk": (at: "angeles", open: Weekly(["Mon-Fri 08:00-17:00"])),
        "home": (at: "wuhan", open: Weekly(["Mon-Sat 08:00-17:00"])),
    }},
    services: {{
        "out": (mode: Air, stops: ["wuhan", "angeles"], departs: Weekly(["Wed 09:00", "Mon 00:30"]), capacity: Unlimited, running: ["12h"]),
        "back": (mode: Air, stops: ["angeles", "wuhan"], departs: Weekly(["Fri 23:00"]), capacity: Unlimited, running: ["14h"]),
    }},
    flows: {{ "boxes": (arrivals: At(["{released}"]), steps: [{steps}]) }},
    promises: {{ "two-days": (flows: ["boxes"], by_end_of_day: 2), "three-days": (flows: ["boxes"], by_end_of_day: 3) }},"#
            ),
        );
        results_of(&text)
    };
    let out = r#"Ride(service: "out"), Work(resource: "desk", time: "1h")"#;
    let (wednesday, monday) = (world("50h", out), world("168h", out));
    check_exactly(&wednesday, "flows.boxes.categories.timetable", 7.0);
    check_exactly(&wednesday, "flows.boxes.categories.hours", 3.0);
    check_exactly(&wednesday, "flows.boxes.clocks.door-to-door.mean", 73.0 - 50.0);
    check_exactly(&monday, "flows.boxes.categories.hours", 192.0 - 180.5);
    // Days are those of Wuhan, where it is delivered: from Friday the 10th at 10:00 (106 h) to Monday the 13th at 09:00 there.
    let back = world("106h", r#"Ride(service: "back"), Work(resource: "home", time: "1h")"#);
    check_exactly(&back, "flows.boxes.categories.timetable", 29.0);
    check_exactly(&back, "flows.boxes.categories.hours", 176.0 - 149.0);
    check_exactly(&back, "promises.two-days.share", 0.0);
    check_exactly(&back, "promises.three-days.share", 1.0);
}

#[test]
fn days_of_a_promise_are_those_of_the_place_of_delivery() {
    // From Monday 20:00 in Wuhan, 13:00 in Berlin, 29 h to Tuesday 18:00 in Berlin, which is Wednesday 01:00 in Wuhan.
    let kept = |steps: &str, at: &str, days: u32| {
        let sections = format!(
            r#"resources: {{ "desk": (at: "duisburg") }},
            connections: {{
                "fly": (mode: Air, from: "wuhan", to: "duisburg", time: "29h"),
                "post": (from: "duisburg", to: "wuhan", time: "29h", both_ways: true),
            }},
            flows: {{ "a": (arrivals: At(["{at}"]), {steps}) }},
            promises: {{ "p": (flows: ["a"], by_end_of_day: {days}) }},"#
        );
        value(&results_of(&scenario("2025-01-06", "14d", &sections)), "promises.p.share") > 0.5
    };
    let there = r#"from: "wuhan", to: "duisburg", steps: [Haul("fly")]"#;
    assert!(kept(there, "20h", 1) && !kept(there, "20h", 0));
    // As the steps go: where the last of them ends, there and back.
    for steps in [
        r#"steps: [Haul("fly")]"#,
        r#"from: "wuhan", to: "duisburg", modes: [Air]"#,
        r#"from: "wuhan", steps: [Haul("post")]"#,
        r#"steps: [Delay(time: "28h"), Work(resource: "desk", time: "1h")]"#,
        r#"from: "wuhan", to: "duisburg", steps: [Delay(time: "29h")]"#,
    ] {
        assert!(kept(steps, "20h", 1), "{steps}");
    }
    let home = r#"from: "wuhan", steps: [Delay(time: "29h")]"#;
    assert!(!kept(home, "20h", 1) && kept(home, "20h", 2));
    // Midnight of Tuesday in Berlin is 07:00 on Wednesday in Wuhan, 55 h: 26 h before it.
    assert!(kept(there, "25h 59min 59s 999ms", 1) && !kept(there, "26h", 1));
    // Two flows of one promise count by their own places.
    let sections = r#"flows: {
            "east": (from: "duisburg", to: "wuhan", arrivals: At(["20h"]), steps: [Delay(time: "29h")]),
            "west": (from: "wuhan", to: "duisburg", arrivals: At(["20h"]), steps: [Delay(time: "29h")]),
        },
        promises: { "p": (flows: ["east", "west"], by_end_of_day: 1) },"#;
    check_exactly(&results_of(&scenario("2025-01-06", "14d", sections)), "promises.p.share", 0.5);
}

#[test]
fn offsets_and_zones_reach_the_outcome() {
    // Ready at 1 h; 10:00 in Berlin on Wednesday is 65 h.
    let train = |departs: &str, arrivals: &str| {
        let sections = format!(
            r#"services: {{ "t": (mode: Rail, stops: ["wuhan", "duisburg"], departs: {departs}, capacity: "1 TEU", running: ["1h"]) }},
            flows: {{ "f": (from: "wuhan", to: "duisburg", arrivals: {arrivals}) }},"#
        );
        results_of(&scenario("2025-01-06", "10d", &sections))
    };
    let dated = train(r#"Dates(["2025-01-08T10:00[Europe/Berlin]"])"#, r#"At(["1h"])"#);
    check_exactly(&dated, "flows.f.clocks.door-to-door.mean", 65.0);
    // The same departure twice takes one box, after 8 h; the other goes on Tuesday, after 32 h. Shipments of one instant stay two.
    let weekly = train(r#"Weekly(["Mon 08:00", "Mon-Fri 08:00"])"#, r#"At(["1h", "1h"])"#);
    check_exactly(&weekly, "flows.f.released", 2.0);
    check_exactly(&weekly, "flows.f.clocks.door-to-door.mean", 20.0);
    let listed = train(
        r#"Dates(["2025-01-08T10:00", "2025-01-07T10:00", "2025-01-08T02:00Z"])"#,
        r#"At(["1h", "1h"])"#,
    );
    check_exactly(&listed, "flows.f.clocks.door-to-door.mean", 46.0);
    check_exactly(&listed, "services.t.departures", 2.0);
}

/// Open intervals of a desk in Wuhan within the first days, in hours after the start.
fn check_open(start: &str, open: &str, until: f64, expected: &[(f64, f64)]) {
    let sections = format!(
        r#"resources: {{ "desk": (at: "wuhan", open: {open}) }},
        flows: {{ "boxes": (arrivals: At(["0h"]), steps: [Work(resource: "desk", time: "1min")]) }},"#
    );
    let built = compiled(&scenario(start, "30d", &sections));
    let calendar = built.model.calendars.iter().next().expect("a calendar");
    let intervals = calendar.open.iter().map(|&(from, to)| (hours(from.as_ms()), hours(to.as_ms())));
    let near: Vec<_> = intervals.filter(|&(from, _)| from < until).collect();
    assert_eq!(near, expected, "{open} from {start}");
}

#[test]
fn spring_festival_and_golden_week_close_by_date() {
    // Spring Festival 2025: 28 January to 4 February. Who comes at closing time of the 27th (186 h after the 20th) waits for the
    // 5th of February, 08:00 (392 h).
    let desk = |closed: &str| {
        format!(
            r#"resources: {{ "desk": (at: "wuhan", at_closing: Pause, open: Hours(weekly: ["Mon-Sun 08:00-18:00"], closed: ["{closed}"])) }},"#
        )
    };
    let boxes = |at: &str| {
        format!(
            r#"flows: {{ "boxes": (arrivals: At(["{at}"]), steps: [Work(resource: "desk", time: "1h")]) }},"#
        )
    };
    let spring = format!("{} {}", desk("2025-01-28..2025-02-04"), boxes("186h"));
    let results = results_of(&scenario("2025-01-20", "30d", &spring));
    check_exactly(&results, "flows.boxes.categories.hours", 392.0 - 186.0);
    // Golden Week: half an hour of work on the evening of 30 September, the other half on the morning of 9 October.
    let golden = format!("{} {}", desk("2025-10-01..2025-10-08"), boxes("41h 30min"));
    let results = results_of(&scenario("2025-09-29", "30d", &golden));
    check_exactly(&results, "flows.boxes.clocks.door-to-door.mean", 248.5 - 41.5);
    check_exactly(&results, "flows.boxes.categories.worked", 1.0);
    // Of nights only what lies within the closed day is lost: 22:00 to midnight before it and 00:00 to 04:00 after it stay.
    let night = r#"Hours(weekly: ["Mon-Sun 22:00-04:00"], closed: ["2025-01-28"])"#;
    check_open("2025-01-27", night, 80.0, &[(0.0, 4.0), (22.0, 24.0), (48.0, 52.0), (70.0, 76.0)]);
}

#[test]
fn demand_falls_by_date() {
    // From 28 January (192 h) to 10 February, the last day included (528 h).
    let sections = r#"flows: { "boxes": (arrivals: Poisson(mean: 1, per: "1h", profile: (dates: { "2025-01-28..2025-02-10": 0.65, "2025-01-29": 0 })), steps: [Delay(time: "1h")]) },"#;
    let built = compiled(&scenario("2025-01-20", "30d", sections));
    let flow = built.model.flows.iter().next().expect("the flow");
    assert!(matches!(flow.arrivals, ArrivalRule::Renewal(..)));
    let rates = &flow.profile.as_ref().expect("a profile").rates;
    let mut changes: Vec<(f64, f64)> =
        rates.iter().map(|&(from, rate)| (hours(from.as_ms()), rate)).collect();
    changes.dedup_by(|later, earlier| (later.1 - earlier.1).abs() < 1e-12);
    // The figure of a day stands on top of that of the span: it multiplies.
    assert_eq!(changes, [(0.0, 1.0), (192.0, 0.65), (216.0, 0.0), (240.0, 0.65), (528.0, 1.0)]);
}

#[test]
fn a_leap_day_is_a_day() {
    // 28 February 2028 is a Monday.
    let departs = |rule: &str| {
        let sections = format!(
            r#"services: {{ "train": (mode: Rail, stops: ["wuhan", "duisburg"], departs: {rule}, capacity: Unlimited, running: ["1h"]) }},
            flows: {{ "boxes": (arrivals: At(["0h"]), steps: [Ride(service: "train")]) }},"#
        );
        let built = compiled(&scenario("2028-02-28", "30d", &sections));
        let service = built.model.services.iter().next().expect("the train");
        let DepartureRule::Dates(dates) = &service.departs else { panic!("departures are no instants") };
        dates.iter().map(|date| hours(date.as_ms())).take(2).collect::<Vec<_>>()
    };
    assert_eq!(departs(r#"Dates(["2028-02-29T12:00", "2028-03-01T12:00"])"#), [36.0, 60.0]);
    assert_eq!(departs(r#"Weekly(["Tue 12:00", "Wed 12:00"])"#), [36.0, 60.0]);
    let daily = r#"Hours(weekly: ["Mon-Sun 08:00-18:00"], closed: ["2028-02-29"])"#;
    check_open("2028-02-28", daily, 80.0, &[(8.0, 18.0), (56.0, 66.0)]);
    // The next year has no such day, and to name it is an error.
    let text = scenario(
        "2027-02-22",
        "30d",
        r#"resources: { "desk": (at: "wuhan", open: Hours(weekly: ["Mon 08:00-18:00"], closed: ["2027-02-29"])) },"#,
    );
    let failure = load_model_text("leap.ron", &text, &[]).expect_err("there is no such day");
    assert!(failure.to_string().contains("2027-02-29"), "{failure}");
}

/// Flows of one shipment each: `(id, release, hours)`.
fn shipments(list: &[(&str, &str, &str)]) -> String {
    let flows = list.iter().map(|(id, at, time)| {
        format!(r#""{id}": (arrivals: At(["{at}"]), steps: [Delay(time: "{time}")]), "#)
    });
    format!("flows: {{ {} }},", flows.collect::<String>())
}

#[test]
fn a_day_ends_at_midnight_and_midnight_is_the_next_day() {
    let kept = |at: &str, time: &str, days: u32| {
        let sections = format!(
            r#"{} promises: {{ "p": (flows: ["a"], by_end_of_day: {days}) }},"#,
            shipments(&[("a", at, time)])
        );
        value(&results_of(&scenario("2028-02-28", "30d", &sections)), "promises.p.share") > 0.5
    };
    assert!(kept("23h", "59min 59s 999ms", 0), "a millisecond before midnight");
    assert!(!kept("23h", "1h", 0) && kept("23h", "1h", 1), "at midnight");
    // Released at midnight: the whole day is left. Released a millisecond before: nothing of it.
    assert!(kept("24h", "23h 59min", 0) && !kept("23h 59min 59s 999ms", "1ms", 0));
    // Over the leap day: from Monday noon to the end of Wednesday, 1 March.
    assert!(kept("12h", "59h 59min", 2) && !kept("12h", "60h", 2));
}

#[test]
fn months_and_weeks_begin_at_local_midnight() {
    // Monday 27 January 2025. January ends 120 h after it, the week 168 h. A millisecond decides.
    let list = [
        ("a", "119h 59min 59s 999ms", "1h"),
        ("b", "120h", "10h"),
        ("c", "167h 59min 59s 999ms", "1h"),
        ("d", "168h", "10h"),
    ];
    let sections =
        format!(r#"{} promises: {{ "p": (flows: ["a", "b", "c", "d"], within: "5h") }},"#, shipments(&list));
    let results = results_of(&scenario("2025-01-27", "14d", &sections));
    check_exactly(&results, "promises.p.by_month.2025-01", 1.0);
    check_exactly(&results, "promises.p.by_month.2025-02", 1.0 / 3.0);
    check_exactly(&results, "promises.p.by_week.2025-W05", 2.0 / 3.0);
    check_exactly(&results, "promises.p.by_week.2025-W06", 0.0);
    // The week of 30 December 2024 is the first of 2025, though its month is of 2024.
    let sections = format!(
        r#"{} promises: {{ "p": (flows: ["a", "b"], within: "5h") }},"#,
        shipments(&[("a", "47h 59min 59s 999ms", "1h"), ("b", "48h", "10h")])
    );
    let results = results_of(&scenario("2024-12-30", "14d", &sections));
    check_exactly(&results, "promises.p.by_month.2024-12", 1.0);
    check_exactly(&results, "promises.p.by_month.2025-01", 0.0);
    check_exactly(&results, "promises.p.by_week.2025-W01", 0.5);
}

#[test]
fn shifts_have_days_of_their_own() {
    let shifts = |at: &str, shifts: &str| {
        let sections = format!(
            r#"resources: {{ "desk": (at: "{at}", servers: Shifts([{shifts}])) }},
            flows: {{ "boxes": (arrivals: At(["0h"]), steps: [Work(resource: "desk", time: "1min")]) }},"#
        );
        let built = compiled(&scenario("2025-10-20", "14d", &sections));
        let desk = built.model.resources.iter().next().expect("the desk");
        desk.shifts.iter().map(|&(from, servers)| (hours(from.as_ms()), servers)).take(6).collect::<Vec<_>>()
    };
    // One always; two more on the nights of two days, of which only what lies within the days counts.
    let night = r#"(servers: 1), (servers: 2, on: Daily("22:00-06:00"), dates: ["2025-10-21..2025-10-22"])"#;
    assert_eq!(shifts("wuhan", night), [(0.0, 1), (24.0, 3), (30.0, 1), (46.0, 3), (54.0, 1), (70.0, 3)]);
    // Days said twice are there once.
    let twice = r#"(servers: 1), (servers: 2, dates: ["2025-10-21..2025-10-23", "2025-10-22"])"#;
    assert_eq!(shifts("wuhan", twice), [(0.0, 1), (24.0, 3), (96.0, 1)]);
    // Days outside of the run are an error, also where the desk is used.
    let late = r#"resources: { "desk": (at: "wuhan", servers: Shifts([(servers: 1, dates: ["2031-01-01"])])) },
        flows: { "boxes": (arrivals: At(["0h"]), steps: [Work(resource: "desk", time: "1min")]) },"#;
    let failure = load_model_text("late.ron", &scenario("2025-10-20", "14d", late), &[])
        .expect_err("nobody is ever there");
    assert!(failure.to_string().contains("expected shifts that occur"), "{failure}");
    // In Duisburg summer time is 6 h behind Wuhan. On Saturday 25 October (126 h) the night has an hour more: 22:00 is 148 h and
    // 06:00 of winter time 157 h.
    let long = r#"(servers: 1), (servers: 1, on: Weekly(["Sat 22:00-06:00"]))"#;
    assert_eq!(shifts("duisburg", long)[..3], [(0.0, 1), (148.0, 2), (157.0, 1)]);
}
