//! The nights on which clocks change: timetables, opening hours, cut-offs, profiles and calendar days, from the text of a scenario
//! to model and results. All instants are worked out by hand; there is no chance in any of it.
//!
//! In `Europe/Berlin` clocks go from 02:00 to 03:00 on 30 March 2025 (01:00 UTC) and from 03:00 back to 02:00 on 26 October 2025
//! (01:00 UTC). Spring scenarios start on Monday 24 March, autumn ones on Monday 20 October, both at local midnight: the Sunday
//! of the change begins 144 h after the start, and clocks change 146 h after it in spring, 147 h in autumn. China keeps one time.
//! In `America/Los_Angeles` clocks go from 02:00 to 03:00 on 9 March 2025 and from 02:00 back to 01:00 on 2 November 2025: starts
//! on Monday 3 March and 27 October, changes 146 h after either. Other zones, holidays and dates are in `zones`.

use crate::shared::{check_exactly, compiled, results_of};
use sanda_core::model::{ArrivalRule, DepartureRule, Model};

const SPRING: &str = "2025-03-24T00:00";
const AUTUMN: &str = "2025-10-20T00:00";
const BERLIN: &str = "Europe/Berlin";
const SHANGHAI: &str = "Asia/Shanghai";
const ANGELES: &str = "America/Los_Angeles";
/// Starts of the weeks in which clocks change in America.
const MARCH: &str = "2025-03-03T00:00";
const OCTOBER: &str = "2025-10-27T00:00";

/// A scenario of two weeks that starts at local midnight in a zone, which is also that of the node `here`.
fn scenario(start: &str, zone: &str, sections: &str) -> String {
    format!(
        r#"(
    schema: 1,
    name: "night",
    start: "{start}[{zone}]",
    run: (measure: "14d", drain: "14d", arrivals_until: MeasureEnd, replications: 1),
    nodes: {{ "here": (zone: "{zone}"), "berlin": (zone: "{BERLIN}"), "shanghai": (zone: "{SHANGHAI}"), "there": () }},
    {sections}
)"#
    )
}

fn train(from: &str, departs: &str, cutoff: &str) -> String {
    format!(
        r#"services: {{ "train": (mode: Rail, stops: ["{from}", "there"], departs: {departs}, cutoff: "{cutoff}", capacity: Unlimited, running: ["1h"]) }},"#
    )
}

/// Instants in hours after the start.
fn hours(ms: i64) -> f64 {
    ms as f64 / 3_600_000.0
}

/// Departures of the only service within the first two weeks, in hours after the start.
fn departures(model: &Model) -> Vec<f64> {
    let service = model.services.iter().next().expect("the train");
    let DepartureRule::Dates(dates) = &service.departs else { panic!("departures are no instants") };
    dates.iter().map(|date| hours(date.as_ms())).filter(|&at| at < 336.0).collect()
}

fn check_departures(start: &str, zone: &str, from: &str, departs: &str, expected: &[f64]) {
    let built = compiled(&scenario(start, zone, &train(from, departs, "0h")));
    assert_eq!(departures(&built.model), expected, "{departs} from {from}, start {start}[{zone}]");
}

#[test]
fn a_departure_in_the_skipped_hour_leaves_at_its_end() {
    // 02:30 does not exist: it leaves at 03:00 local time, which is 01:00 UTC. A week later it leaves at 02:30 of summer time.
    let skipped = r#"Weekly(["Sun 02:30"])"#;
    check_departures(SPRING, BERLIN, "here", skipped, &[146.0, 313.5]);
    // Seen from China, where the scenario starts seven hours earlier.
    check_departures(SPRING, SHANGHAI, "berlin", skipped, &[153.0, 320.5]);
    check_departures(
        SPRING,
        BERLIN,
        "here",
        r#"Dates(["2025-03-30T02:30", "2025-03-30T02:00"])"#,
        &[146.0, 146.0],
    );
    check_departures(
        SPRING,
        BERLIN,
        "here",
        r#"Dates(["2025-03-30T01:59", "2025-03-30T03:00"])"#,
        &[145.0 + 59.0 / 60.0, 146.0],
    );
}

#[test]
fn a_departure_in_the_repeated_hour_leaves_the_first_time() {
    // The first 02:30 is 00:30 UTC; a week later 02:30 is 01:30 UTC: 169 h lie between.
    check_departures(AUTUMN, BERLIN, "here", r#"Weekly(["Sun 02:30"])"#, &[146.5, 315.5]);
    check_departures(
        AUTUMN,
        BERLIN,
        "here",
        r#"Weekly(["Sun 02:00", "Sun 03:00"])"#,
        &[146.0, 148.0, 315.0, 316.0],
    );
    check_departures(AUTUMN, SHANGHAI, "berlin", r#"Weekly(["Sun 02:30"])"#, &[152.5, 321.5]);
}

#[test]
fn the_same_local_time_every_week_is_not_the_same_distance() {
    // Noon: 167 h from Saturday to Saturday in spring, 169 h in autumn, 168 h in China.
    let noon = r#"Weekly(["Sat 12:00"])"#;
    check_departures(SPRING, BERLIN, "here", noon, &[132.0, 299.0]);
    check_departures(AUTUMN, BERLIN, "here", noon, &[132.0, 301.0]);
    for start in [SPRING, AUTUMN] {
        check_departures(start, SHANGHAI, "here", noon, &[132.0, 300.0]);
        check_departures(start, SHANGHAI, "here", r#"Weekly(["Sun 02:30"])"#, &[146.5, 314.5]);
    }
}

#[test]
fn a_period_is_elapsed_time_and_knows_no_clocks() {
    let built = compiled(&scenario(
        SPRING,
        BERLIN,
        &train("here", r#"Every(period: "1d", offset: "2h 30min")"#, "0h"),
    ));
    let service = built.model.services.iter().next().expect("the train");
    let DepartureRule::Every { offset, period } = service.departs else { panic!("departures are no period") };
    assert_eq!((hours(offset.as_ms()), hours(period.as_ms())), (2.5, 24.0));
}

/// Waits of shipments that are released at these hours and ride the Sunday 02:30.
fn check_wait(start: &str, zone: &str, cutoff: &str, released: &str, expected: f64) {
    let sections = format!(
        r#"{} flows: {{ "boxes": (arrivals: At(["{released}"]), steps: [Ride(service: "train")]) }},"#,
        train("here", r#"Weekly(["Sun 02:30"])"#, cutoff)
    );
    let results = results_of(&scenario(start, zone, &sections));
    check_exactly(&results, "services.train.wait.mean", expected);
    check_exactly(&results, "flows.boxes.categories.timetable", expected);
    check_exactly(&results, "flows.boxes.clocks.door-to-door.mean", expected + 1.0);
}

#[test]
fn shipments_wait_for_the_instant_that_the_clock_shows() {
    check_wait(SPRING, BERLIN, "0h", "144h", 2.0);
    check_wait(AUTUMN, BERLIN, "0h", "144h", 2.5);
    check_wait(AUTUMN, SHANGHAI, "0h", "144h", 2.5);
    // Between the two passes of 02:30 it is too late for the first, and the second has no departure.
    check_wait(AUTUMN, BERLIN, "0h", "147h", 168.5);
    // A cut-off is elapsed time before the instant: 4 h before 03:00 of summer time it is 22:00.
    check_wait(SPRING, BERLIN, "4h", "142h", 4.0);
    check_wait(SPRING, BERLIN, "4h", "142h 1ms", 171.5 - 1.0 / 3_600_000.0);
}

/// Open intervals of the only resource that has hours, in hours after the start, within the first two weeks.
fn check_open(start: &str, zone: &str, at: &str, open: &str, expected: &[(f64, f64)]) {
    let sections = format!(
        r#"resources: {{ "desk": (at: "{at}", open: {open}) }},
        flows: {{ "boxes": (arrivals: At(["0h"]), steps: [Work(resource: "desk", time: "1min")]) }},"#
    );
    let built = compiled(&scenario(start, zone, &sections));
    let calendar = built.model.calendars.iter().next().expect("a calendar");
    let intervals = calendar.open.iter().map(|&(from, to)| (hours(from.as_ms()), hours(to.as_ms())));
    let near: Vec<_> = intervals.filter(|&(from, _)| from > 130.0 && from < 310.0).collect();
    assert_eq!(near, expected, "{open} at {at}, start {start}[{zone}]");
}

#[test]
fn opening_hours_over_midnight_are_shorter_in_spring_and_longer_in_autumn() {
    let night = r#"Weekly(["Sat 22:00-04:00"])"#;
    // Five hours instead of six; then from 22:00 to 04:00 of summer time.
    check_open(SPRING, BERLIN, "here", night, &[(142.0, 147.0), (309.0, 315.0)]);
    check_open(AUTUMN, BERLIN, "here", night, &[(142.0, 149.0)]);
    check_open(SPRING, SHANGHAI, "here", night, &[(142.0, 148.0)]);
    check_open(AUTUMN, SHANGHAI, "here", night, &[(142.0, 148.0)]);
    check_open(AUTUMN, SHANGHAI, "berlin", night, &[(148.0, 155.0)]);
}

#[test]
fn opening_and_closing_inside_the_skipped_or_repeated_hour() {
    // Skipped: both happen at its end, 03:00. Repeated: both happen the first time.
    let (closing, opening) = (r#"Weekly(["Sat 22:00-02:30"])"#, r#"Weekly(["Sun 02:30-06:00"])"#);
    check_open(SPRING, BERLIN, "here", closing, &[(142.0, 146.0), (309.0, 313.5)]);
    check_open(AUTUMN, BERLIN, "here", closing, &[(142.0, 146.5)]);
    check_open(SPRING, BERLIN, "here", opening, &[(146.0, 149.0)]);
    check_open(AUTUMN, BERLIN, "here", opening, &[(146.5, 151.0)]);
    // Hours that lie wholly in the skipped hour do not open at all.
    check_open(
        SPRING,
        BERLIN,
        "here",
        r#"Weekly(["Sun 02:10-02:50", "Sat 12:00-13:00"])"#,
        &[(132.0, 133.0), (299.0, 300.0)],
    );
}

#[test]
fn work_that_pauses_counts_the_hours_that_were_open() {
    // Six hours of work at a desk that is open on Saturday nights from 22:00 to 04:00: in spring five hours in the night of the
    // change and one a week later, in autumn all in the one night.
    for (start, zone, done, closed) in [
        (SPRING, BERLIN, 310.0, 309.0 - 147.0),
        (AUTUMN, BERLIN, 148.0, 0.0),
        (SPRING, SHANGHAI, 148.0, 0.0),
        (AUTUMN, SHANGHAI, 148.0, 0.0),
    ] {
        let sections = r#"resources: { "desk": (at: "here", open: Weekly(["Sat 22:00-04:00"]), at_closing: Pause) },
            flows: { "boxes": (arrivals: At(["140h"]), steps: [Work(resource: "desk", time: "6h")]) },"#;
        let results = results_of(&scenario(start, zone, sections));
        check_exactly(&results, "flows.boxes.clocks.door-to-door.mean", done - 140.0);
        check_exactly(&results, "flows.boxes.categories.hours", 2.0 + closed);
        check_exactly(&results, "flows.boxes.categories.worked", 6.0);
    }
}

#[test]
fn a_gate_opens_by_the_clock_of_its_own_node() {
    // 08:00 in Berlin on the Sunday of the change: 7 h after midnight in spring, 9 h in autumn.
    for (start, wait) in [(SPRING, 7.0), (AUTUMN, 9.0)] {
        let sections = r#"flows: { "boxes": (arrivals: At(["144h"]), steps: [Gate(open: Daily("08:00-18:00"), at: "berlin")]) },"#;
        let results = results_of(&scenario(start, BERLIN, sections));
        check_exactly(&results, "flows.boxes.categories.hours", wait);
    }
}

#[test]
fn calendar_days_are_23_and_25_hours_long() {
    // Released at 00:30 on the Sunday, under way for 22 h 45 min: until 00:15 of the next day in spring, 22:15 in autumn.
    for (start, zone, kept) in [(SPRING, BERLIN, 0.0), (AUTUMN, BERLIN, 1.0), (SPRING, SHANGHAI, 1.0)] {
        let sections = r#"flows: { "boxes": (arrivals: At(["144h 30min"]), steps: [Delay(time: "22h 45min")]) },
            promises: { "today": (flows: ["boxes"], by_end_of_day: 0), "tomorrow": (flows: ["boxes"], by_end_of_day: 1) },"#;
        let results = results_of(&scenario(start, zone, sections));
        check_exactly(&results, "promises.today.share", kept);
        check_exactly(&results, "promises.tomorrow.share", 1.0);
    }
}

#[test]
fn profiles_follow_local_hours() {
    // All traffic between 02:00 and 03:00: none on the day that has no such hour, twice the time on the day that has two.
    let mut hour = ["0"; 24];
    hour[2] = "1";
    let sections = format!(
        r#"flows: {{ "boxes": (arrivals: Poisson(mean: 1, per: "1h", profile: (hour: [{}])), steps: [Delay(time: "1h")]) }},"#,
        hour.join(", ")
    );
    for (start, expected) in [
        (SPRING, vec![(122.0, 123.0), (169.0, 170.0)]),
        (AUTUMN, vec![(122.0, 123.0), (146.0, 148.0), (171.0, 172.0)]),
    ] {
        let built = compiled(&scenario(start, BERLIN, &sections));
        let flow = built.model.flows.iter().next().expect("the flow");
        assert!(matches!(flow.arrivals, ArrivalRule::Renewal(..)));
        let rates = &flow.profile.as_ref().expect("a profile").rates;
        let busy: Vec<_> = rates
            .windows(2)
            .filter(|pair| pair[0].1 > 0.0)
            .map(|pair| (hours(pair[0].0.as_ms()), hours(pair[1].0.as_ms())))
            .filter(|&(from, _)| from > 120.0 && from < 190.0)
            .collect();
        assert_eq!(busy, expected, "start {start}");
    }
}

#[test]
fn the_week_of_a_node_shifts_with_its_clocks() {
    // Local time since a Monday midnight less time since the start: whole weeks at a start on a Monday midnight.
    for (start, changes_at, shift, ahead) in [(SPRING, 146.0, 1.0, 7.0), (AUTUMN, 147.0, -1.0, 6.0)] {
        let built = compiled(&scenario(
            start,
            BERLIN,
            r#"flows: { "boxes": (arrivals: At(["0h"]), steps: [Delay(time: "1h")]) },"#,
        ));
        let shifts = |name: &str| -> Vec<(f64, f64)> {
            let node = built.model.nodes.iter().find(|node| node.name == name).expect("the node");
            node.week_shifts.iter().map(|&(from, shift)| (hours(from), hours(shift) % 168.0)).collect()
        };
        let before = if shift < 0.0 { 168.0 } else { 0.0 };
        assert_eq!(shifts("here"), [(0.0, 0.0), (changes_at, before + shift)]);
        assert_eq!(shifts("shanghai"), [(0.0, ahead)], "China keeps one time");
    }
}

#[test]
fn american_nights_change_clocks_at_other_hours() {
    // Skipped is the same hour as in Europe, repeated the one from 01:00 to 02:00.
    check_departures(MARCH, ANGELES, "here", r#"Weekly(["Sun 02:30"])"#, &[146.0, 313.5]);
    check_departures(
        MARCH,
        ANGELES,
        "here",
        r#"Weekly(["Sun 01:30", "Sun 03:00"])"#,
        &[145.5, 146.0, 312.5, 314.0],
    );
    check_departures(OCTOBER, ANGELES, "here", r#"Weekly(["Sun 01:30"])"#, &[145.5, 314.5]);
    check_departures(OCTOBER, ANGELES, "here", r#"Weekly(["Sun 02:30"])"#, &[147.5, 315.5]);
    check_wait(MARCH, ANGELES, "0h", "144h", 2.0);
    check_wait(OCTOBER, ANGELES, "0h", "144h", 3.5);
    let night = r#"Weekly(["Sat 22:00-04:00"])"#;
    check_open(MARCH, ANGELES, "here", night, &[(142.0, 147.0), (309.0, 315.0)]);
    check_open(OCTOBER, ANGELES, "here", night, &[(142.0, 149.0)]);
    check_open(OCTOBER, ANGELES, "here", r#"Weekly(["Sat 22:00-01:30"])"#, &[(142.0, 145.5)]);
    check_open(OCTOBER, ANGELES, "here", r#"Weekly(["Sun 01:30-06:00"])"#, &[(145.5, 151.0)]);
}

#[test]
fn between_the_american_and_the_european_change_the_distance_is_another() {
    // 08:00 in Berlin is 23:00 of the day before in Los Angeles; from 9 to 30 March it is midnight, 167 h after the start.
    for (released, wait) in [("20h", 3.0), ("140h", 3.0), ("166h", 1.0), ("180h", 11.0)] {
        let sections = format!(
            r#"flows: {{ "boxes": (arrivals: At(["{released}"]), steps: [Gate(open: Daily("08:00-08:30"), at: "berlin")]) }},"#
        );
        let results = results_of(&scenario(MARCH, ANGELES, &sections));
        check_exactly(&results, "flows.boxes.categories.hours", wait);
    }
}
