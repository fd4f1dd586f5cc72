//! Servers that are taken away, fail, fill up, are given up on or serve two queues in turn: worked out by hand, to the millisecond.
//!
//! Every world has fixed arrivals and fixed times, so that a figure is what the rules of the model say and nothing else.
//! Does not own averages: they are held against theory by `sanda verify` and in `figures::theory`.

use sanda_core::record::observer::{Observer, ServiceStart};
use sanda_core::replicate_observed;

use crate::shared::dice::Dice;
use crate::shared::{check_exactly, compiled, results_of, value};

/// A world of 1,000 hours with these sections.
fn world(sections: &str) -> String {
    format!(
        r#"(
    schema: 1, name: "world", start: "2025-01-06T00:00[UTC]",
    run: (measure: "1000h", drain: "1000h", arrivals_until: MeasureEnd, replications: 2, seed: 1),
    nodes: {{ "gate": () }},
    {sections}
)"#
    )
}

/// A flow of shipments at these hours.
fn flow(name: &str, at: &str, rest: &str) -> String {
    format!(r#""{name}": (arrivals: At([{at}]), {rest}),"#)
}

/// Percentiles are read off histograms, to a thousandth.
fn check_percentile(results: &sanda_results::Results, path: &str, expected: f64) {
    let got = value(results, path);
    assert!((got / expected - 1.0).abs() < 1e-3, "{path}: {got} instead of {expected}");
}

#[test]
fn an_urgent_job_interrupts_the_newest_of_the_least_urgent() {
    // Two servers. Two slow jobs begin at 0 and 1 h, 10 h each. An urgent one of 2 h at 3 h takes the server of the second,
    // which goes on at 5 h and ends at 13 h; the first is never touched.
    let low = flow("low", r#""0h", "1h""#, r#"priority: 5, steps: [Work(resource: "desk", time: "10h")]"#);
    let high = flow("high", r#""3h""#, r#"priority: 1, steps: [Work(resource: "desk", time: "2h")]"#);
    let results = results_of(&world(&format!(
        r#"resources: {{ "desk": (at: "gate", servers: 2, discipline: Preemptive) }}, flows: {{ {low} {high} }},"#
    )));
    check_exactly(&results, "flows.high.clocks.door-to-door.mean", 2.0);
    check_percentile(&results, "flows.low.clocks.door-to-door.p5", 10.0);
    check_percentile(&results, "flows.low.clocks.door-to-door.p95", 12.0);
    // Waits end with the first start: nobody waited before it.
    check_exactly(&results, "resources.desk.no_wait_share", 1.0);
    check_exactly(&results, "resources.desk.interruptions", 1.0);
    check_exactly(&results, "flows.low.categories.server", 1.0);
    check_exactly(&results, "flows.low.categories.worked", 10.0);
    check_exactly(&results, "resources.desk.busy.mean", 22.0 / 1000.0);
    check_exactly(&results, "resources.desk.queue.mean", 2.0 / 1000.0);
}

#[test]
fn an_interrupted_job_heads_its_class_and_the_urgent_overtake_in_the_queue() {
    // One server: low from 0 (4 h), another low waits from 0.5 h (1 h), high at 1 h (1 h), high at 1.5 h (1 h).
    // 1-2 first high, 2-3 second high, 3-6 the interrupted low, 6-7 the other low.
    let low = flow("low", r#""0h""#, r#"priority: 2, steps: [Work(resource: "desk", time: "4h")]"#);
    let next = flow("next", r#""30min""#, r#"priority: 2, steps: [Work(resource: "desk", time: "1h")]"#);
    let high =
        flow("high", r#""1h", "90min""#, r#"priority: 1, steps: [Work(resource: "desk", time: "1h")]"#);
    let results = results_of(&world(&format!(
        r#"resources: {{ "desk": (at: "gate", discipline: Preemptive) }}, flows: {{ {low} {next} {high} }},"#
    )));
    check_exactly(&results, "flows.low.clocks.door-to-door.mean", 6.0);
    check_exactly(&results, "flows.next.clocks.door-to-door.mean", 6.5);
    check_percentile(&results, "flows.high.clocks.door-to-door.p5", 1.0);
    check_percentile(&results, "flows.high.clocks.door-to-door.p95", 1.5);
    check_exactly(&results, "flows.next.categories.server", 5.5);
}

#[test]
fn a_job_of_several_servers_interrupts_as_many_as_it_needs_or_none() {
    // Three servers, two used by low jobs, one by a high job. A high job of two servers needs one more than is idle.
    let low = flow("low", r#""0h", "1h""#, r#"priority: 5, steps: [Work(resource: "desk", time: "10h")]"#);
    let high =
        flow("high", r#""2h""#, r#"priority: 1, steps: [Work(resource: "desk", time: "1h", units: 2)]"#);
    let results = results_of(&world(&format!(
        r#"resources: {{ "desk": (at: "gate", servers: 3, discipline: Preemptive) }}, flows: {{ {low} {high} }},"#
    )));
    check_exactly(&results, "flows.high.clocks.door-to-door.mean", 1.0);
    // Only the newer of the two gave way, for an hour.
    check_percentile(&results, "flows.low.clocks.door-to-door.p5", 10.0);
    check_percentile(&results, "flows.low.clocks.door-to-door.p95", 11.0);
    // Equal urgency interrupts nobody.
    let same =
        flow("same", r#""2h""#, r#"priority: 5, steps: [Work(resource: "desk", time: "1h", units: 3)]"#);
    let results = results_of(&world(&format!(
        r#"resources: {{ "desk": (at: "gate", servers: 3, discipline: Preemptive) }}, flows: {{ {low} {same} }},"#
    )));
    check_exactly(&results, "flows.same.clocks.door-to-door.mean", 10.0);
    check_exactly(&results, "resources.desk.interruptions", 0.0);
}

fn breaking(breakdowns: &str, servers: u32, at: &str, work: &str) -> String {
    let boxes = flow("boxes", at, &format!(r#"steps: [Work(resource: "desk", time: "{work}")]"#));
    world(&format!(
        r#"resources: {{ "desk": (at: "gate", servers: {servers}, breakdowns: ({breakdowns})) }}, flows: {{ {boxes} }},"#
    ))
}

#[test]
fn failures_count_service_or_all_time_and_work_goes_on_or_begins_anew() {
    // Up 5 h, down 1 h. A job of 7 h comes at 10 h.
    // By service: fails after 5 h of work at 15 h, goes on at 16 h, ends at 18 h.
    let results = results_of(&breaking(r#"clock: Operating, up: "5h", down: "1h""#, 1, r#""10h""#, "7h"));
    check_exactly(&results, "flows.boxes.clocks.door-to-door.mean", 8.0);
    check_exactly(&results, "flows.boxes.categories.disruption", 1.0);
    check_exactly(&results, "flows.boxes.categories.worked", 7.0);
    check_exactly(&results, "resources.desk.busy.mean", 7.0 / 1000.0);
    // By the calendar: down 5-6 h, 11-12 h, 17-18 h: works 10-11, 12-17 and 18-19 h.
    let results = results_of(&breaking(r#"clock: Calendar, up: "5h", down: "1h""#, 1, r#""10h""#, "7h"));
    check_exactly(&results, "flows.boxes.clocks.door-to-door.mean", 9.0);
    check_exactly(&results, "flows.boxes.categories.disruption", 2.0);
    check_exactly(&results, "resources.desk.interruptions", 2.0);
    // Five of six hours up, the last of the thousand hours included: 833 + 1/3 h, cut at 1,000 h within an up time.
    let available = 1000.0 - (1000.0_f64 / 6.0).floor();
    check_exactly(&results, "resources.desk.utilisation_available", 7.0 / available);
    check_exactly(&results, "resources.desk.utilisation", 7.0 / 1000.0);
    // Begun anew with the same draw: 4 h of work at 10 h lose the hour to 11 h, then 12-16 h.
    let anew = r#"clock: Calendar, up: "5h", down: "1h", work: Restart"#;
    let results = results_of(&breaking(anew, 1, r#""10h""#, "4h"));
    check_exactly(&results, "flows.boxes.clocks.door-to-door.mean", 6.0);
    check_exactly(&results, "flows.boxes.categories.worked", 5.0);
    check_exactly(&results, "resources.desk.work.mean", 4.0);
}

#[test]
fn work_that_ends_as_its_server_fails_is_done_and_nobody_waits_for_a_server_that_is_down() {
    let results = results_of(&breaking(r#"up: "5h", down: "1h""#, 1, r#""10h", "10h""#, "5h"));
    // The first ends at 15 h; the second does not begin at a server that fails then, and works 16-21 h.
    check_percentile(&results, "flows.boxes.clocks.door-to-door.p5", 5.0);
    check_percentile(&results, "flows.boxes.clocks.door-to-door.p95", 11.0);
    // Two servers that rest do not fail: with two jobs each server works 5 h and fails once, after the work.
    let results = results_of(&breaking(r#"up: "5h", down: "1h""#, 2, r#""10h", "10h""#, "5h"));
    check_exactly(&results, "flows.boxes.clocks.door-to-door.mean", 5.0);
    check_exactly(&results, "resources.desk.interruptions", 0.0);
}

#[test]
fn who_is_interrupted_by_a_failure_goes_on_at_another_free_server() {
    // Two servers, the calendar's failures at 5 h on both; work of 3 h at 4 h is interrupted, both are down for 1 h.
    let results = results_of(&breaking(r#"clock: Calendar, up: "5h", down: "1h""#, 2, r#""4h""#, "3h"));
    check_exactly(&results, "flows.boxes.clocks.door-to-door.mean", 4.0);
    // By service only the first server fails, after 5 h; the other takes over at once.
    let results = results_of(&breaking(r#"up: "5h", down: "100h""#, 2, r#""4h""#, "8h"));
    check_exactly(&results, "flows.boxes.clocks.door-to-door.mean", 8.0);
    check_exactly(&results, "resources.desk.interruptions", 1.0);
}

#[test]
fn closing_time_stops_the_clock_of_service_and_repair_does_not_stop() {
    // Open 08-12 h, paused otherwise. Work of 6 h at 8 h, fails after 5 h of service: 8-12, 8-9 next day, repaired at 11 h,
    // done at 12 h of the next day.
    let boxes = flow("boxes", r#""8h""#, r#"steps: [Work(resource: "desk", time: "6h")]"#);
    let results = results_of(&world(&format!(
        r#"resources: {{ "desk": (at: "gate", open: Daily("08:00-12:00"), at_closing: Pause, breakdowns: (up: "5h", down: "2h")) }}, flows: {{ {boxes} }},"#
    )));
    check_exactly(&results, "flows.boxes.clocks.door-to-door.mean", 28.0);
    check_exactly(&results, "flows.boxes.categories.hours", 20.0);
    check_exactly(&results, "flows.boxes.categories.disruption", 2.0);
}

/// Of two servers of one shipment, the one it holds is not the one that works: it does not rest at closing time nor go on at
/// opening, and is not given back with the other.
#[test]
fn a_server_that_is_held_is_not_the_one_that_works() {
    // One is held from 08:00 on, the other works from 10:00 the next day until 12:00 and from 08:00 the day after until 09:00. The
    // held one has failed by then, and is repaired until 11:00. Who comes at 09:30 takes the other for the two hours it has left,
    // and goes on with the first: half an hour until it closes, and another the next morning.
    let held =
        r#"steps: [Hold(resource: "desk", steps: [Delay(time: "26h"), Work(resource: "desk", time: "3h")])]"#;
    let work = r#"steps: [Work(resource: "desk", time: "3h")]"#;
    let (held, late) = (flow("held", r#""8h""#, held), flow("late", r#""57.5h""#, work));
    let results = results_of(&world(&format!(
        r#"resources: {{ "desk": (at: "gate", servers: 2, open: Daily("08:00-12:00"), at_closing: Pause, breakdowns: (up: "5h", down: "2h")) }},
    flows: {{ {held} {late} }},"#
    )));
    check_exactly(&results, "flows.held.clocks.door-to-door.mean", 49.0);
    check_exactly(&results, "flows.late.clocks.door-to-door.mean", 23.0);
    check_exactly(&results, "resources.desk.interruptions", 1.0);
}

#[test]
fn who_has_waited_long_enough_gives_up_and_does_the_next_step() {
    // The first works 0-10 h. The second gives up after 3 h, at 4 h; the third, come at 8 h, waits 2 h and is served.
    let boxes = flow(
        "boxes",
        r#""0h", "1h", "8h""#,
        r#"steps: [Work(resource: "desk", time: "10h", patience: "3h"), Delay(time: "1h")]"#,
    );
    let results =
        results_of(&world(&format!(r#"resources: {{ "desk": (at: "gate") }}, flows: {{ {boxes} }},"#)));
    check_exactly(&results, "resources.desk.patience_lost", 1.0);
    check_exactly(&results, "resources.desk.patience_lost_share", 1.0 / 3.0);
    // Of those that were served.
    check_exactly(&results, "resources.desk.wait.mean", 1.0);
    check_exactly(&results, "flows.boxes.clocks.door-to-door.mean", (11.0 + 4.0 + 13.0) / 3.0);
    check_exactly(&results, "resources.desk.queue.mean", 5.0 / 1000.0);
    check_exactly(&results, "resources.desk.in_system.mean", (10.0 + 3.0 + 12.0) / 3.0);
    // Exactly at the end of its patience one is still served.
    let boxes =
        flow("boxes", r#""0h", "1h""#, r#"steps: [Work(resource: "desk", time: "10h", patience: "9h")]"#);
    let results =
        results_of(&world(&format!(r#"resources: {{ "desk": (at: "gate") }}, flows: {{ {boxes} }},"#)));
    check_exactly(&results, "resources.desk.patience_lost", 0.0);
    check_exactly(&results, "resources.desk.wait.mean", 4.5);
}

#[test]
fn a_full_room_blocks_the_server_before_it() {
    // Work of 1 h at `first`, then 10 h at `second` with no waiting place. Three come at 0 h.
    // A: 0-1 first, 1-11 second. B: 1-2 first, blocked 2-11, 11-21 second. C: starts at first at 11 h, 12 blocked until 21, 31.
    let boxes = flow(
        "boxes",
        r#""0h", "0h", "0h""#,
        r#"steps: [Work(resource: "first", time: "1h"), Work(resource: "second", time: "10h")]"#,
    );
    let results = results_of(&world(&format!(
        r#"resources: {{ "first": (at: "gate"), "second": (at: "gate", room: 0, when_full: Block) }}, flows: {{ {boxes} }},"#
    )));
    check_exactly(&results, "flows.boxes.clocks.door-to-door.mean", (11.0 + 21.0 + 31.0) / 3.0);
    check_exactly(&results, "resources.first.wait.mean", (0.0 + 1.0 + 11.0) / 3.0);
    // Blocked time is a wait at what blocks, and time in the system of what is kept.
    check_exactly(&results, "resources.second.wait.mean", (0.0 + 9.0 + 9.0) / 3.0);
    check_exactly(&results, "resources.first.in_system.mean", (1.0 + 11.0 + 21.0) / 3.0);
    check_exactly(&results, "resources.second.blocked", 2.0);
    // It serves nobody meanwhile.
    check_exactly(&results, "resources.first.busy.mean", 3.0 / 1000.0);
    check_exactly(&results, "flows.boxes.categories.worked", 11.0);
}

#[test]
fn a_place_in_the_room_frees_the_server_before_it() {
    // As before, with one waiting place: B waits in it from 2 h, C is served at 2-3 h and blocked until B starts at 11 h.
    let boxes = flow(
        "boxes",
        r#""0h", "0h", "0h", "5h""#,
        r#"steps: [Work(resource: "first", time: "1h"), Work(resource: "second", time: "10h")]"#,
    );
    let results = results_of(&world(&format!(
        r#"resources: {{ "first": (at: "gate"), "second": (at: "gate", room: 1, when_full: Block) }}, flows: {{ {boxes} }},"#
    )));
    // D, come at 5 h, begins at first when C leaves it at 11 h.
    check_exactly(&results, "resources.first.wait.mean", (0.0 + 1.0 + 2.0 + 6.0) / 4.0);
    check_exactly(&results, "flows.boxes.clocks.door-to-door.mean", (11.0 + 21.0 + 31.0 + 36.0) / 4.0);
    check_exactly(&results, "resources.second.blocked", 2.0);
}

#[test]
fn a_full_room_sends_shipments_another_way_or_loses_them() {
    let boxes = r#""boxes": (
        arrivals: At(["0h", "1h", "2h"]),
        itineraries: {
            "near": (steps: [Work(resource: "near", time: "10h")], share: 1),
            "far": (steps: [Work(resource: "far", time: "20h")], share: 0),
        },
    ),"#;
    let results = results_of(&world(&format!(
        r#"resources: {{ "near": (at: "gate", room: 0, when_full: Divert("far")), "far": (at: "gate", room: 0) }}, flows: {{ {boxes} }},"#
    )));
    // The first stays, the second goes far, the third finds that full as well.
    check_exactly(&results, "resources.near.diverted", 2.0);
    check_exactly(&results, "resources.near.lost", 0.0);
    check_exactly(&results, "resources.far.lost", 1.0);
    check_exactly(&results, "flows.boxes.lost", 1.0);
    check_exactly(&results, "flows.boxes.itineraries.near.share", 1.0 / 3.0);
    check_exactly(&results, "flows.boxes.itineraries.far.share", 2.0 / 3.0);
    check_exactly(&results, "flows.boxes.itineraries.near.door-to-door.mean", 10.0);
    assert!((value(&results, "flows.boxes.delivered") - 2.0).abs() < 1e-12);
}

#[test]
fn a_circle_of_full_rooms_loses_who_goes_round() {
    let boxes = r#""boxes": (
        arrivals: At(["0h", "0h", "0h"]),
        itineraries: {
            "a": (steps: [Work(resource: "a", time: "10h")], share: 1),
            "b": (steps: [Work(resource: "b", time: "10h")], share: 0),
        },
    ),"#;
    let results = results_of(&world(&format!(
        r#"resources: {{ "a": (at: "gate", room: 0, when_full: Divert("b")), "b": (at: "gate", room: 0, when_full: Divert("a")) }}, flows: {{ {boxes} }},"#
    )));
    check_exactly(&results, "flows.boxes.lost", 1.0);
    check_exactly(&results, "flows.boxes.delivered", 2.0);
}

#[test]
fn shifts_set_the_number_of_servers() {
    // Two servers by day (08-18 h), one more on two days. Four jobs of 4 h come at 16 h on the first day.
    let boxes =
        flow("boxes", r#""16h", "16h", "16h", "16h""#, r#"steps: [Work(resource: "desk", time: "4h")]"#);
    let shifts = r#"Shifts([(servers: 2, on: Daily("08:00-18:00")), (servers: 1, dates: ["2025-01-06..2025-01-07"])])"#;
    let results = results_of(&world(&format!(
        r#"resources: {{ "desk": (at: "gate", servers: {shifts}) }}, flows: {{ {boxes} }},"#
    )));
    // Three begin at once and are finished after the day's shift; at 20 h the one of the night takes the fourth.
    check_percentile(&results, "flows.boxes.clocks.door-to-door.p50", 4.0);
    check_percentile(&results, "flows.boxes.clocks.door-to-door.p95", 8.0);
    check_exactly(&results, "flows.boxes.categories.server", 1.0);
    // 41 whole days of ten hours and the last one's 8 (984-1000 h: 16 h of the 42nd day), two servers; one for 48 h.
    let installed = 2.0 * (41.0 * 10.0 + 8.0) + 48.0;
    check_exactly(&results, "resources.desk.utilisation", 16.0 / installed);
    // On the third night nobody is on duty: a job then waits for opening hours.
    let boxes = flow("boxes", r#""68h""#, r#"steps: [Work(resource: "desk", time: "1h")]"#);
    let results = results_of(&world(&format!(
        r#"resources: {{ "desk": (at: "gate", servers: {shifts}) }}, flows: {{ {boxes} }},"#
    )));
    check_exactly(&results, "flows.boxes.categories.hours", 12.0);
    check_exactly(&results, "resources.desk.wait.mean", 12.0);
}

/// Work of the first queue and of the second, in hours.
const WORK: [u64; 2] = [2, 3];

/// Starts of service: queue, number within it, and hour.
#[derive(Default)]
struct Starts<const IN_ORDER: bool>(Vec<(u32, u64, i64)>);

impl<const IN_ORDER: bool> Observer for Starts<IN_ORDER> {
    const IN_ORDER: bool = IN_ORDER;

    fn service_started(&mut self, at: &ServiceStart) {
        self.0.push((at.owner, at.number, at.started_at / 3_600_000));
    }
}

/// Serves arrivals hour by hour: servers become free, waiting jobs start in turn, then the arrivals of the hour ask, the first queue first.
fn by_hand(arrivals: &[Vec<u64>; 2], servers: usize) -> Vec<(u32, u64, i64)> {
    let (mut busy, mut waiting, mut last) = (Vec::new(), [Vec::new(), Vec::new()], 1);
    let mut starts = Vec::new();
    for hour in 0..2_000 {
        busy.retain(|&until| until > hour);
        let mut serve = |waiting: &mut [Vec<u64>; 2]| {
            while busy.len() < servers {
                let queue = if waiting[1 - last].is_empty() { last } else { 1 - last };
                if waiting[queue].is_empty() {
                    return;
                }
                starts.push((queue as u32, waiting[queue].remove(0), hour as i64));
                busy.push(hour + WORK[queue]);
                last = queue;
            }
        };
        serve(&mut waiting);
        for queue in [0, 1] {
            for number in (0..).zip(&arrivals[queue]).filter(|&(_, &at)| at == hour).map(|(number, _)| number)
            {
                waiting[queue].push(number);
                serve(&mut waiting);
            }
        }
    }
    starts.sort_unstable();
    starts
}

/// Every start against a small simulation by hand, on the path that users run and event by event.
#[test]
fn queues_are_served_in_turn() {
    let mut n_in_turn = 0;
    for number in 0..60 {
        let mut dice = Dice::new(number);
        let servers = dice.whole(1, 3);
        let arrivals = [0, 1].map(|_| {
            let mut hours: Vec<u64> = (0..60).map(|_| dice.whole(0, 160 / servers)).collect();
            hours.sort_unstable();
            hours
        });
        let at = |queue: usize| {
            arrivals[queue].iter().map(|hour| format!("\"{hour}h\"")).collect::<Vec<_>>().join(", ")
        };
        let text = format!(
            r#"(schema: 1, name: "bay", start: "2025-01-06T00:00[UTC]",
    run: (measure: "400h", drain: "800h", arrivals_until: MeasureEnd, replications: 1, seed: 1),
    nodes: {{ "border": () }},
    resources: {{ "bay": (at: "border", servers: {servers}, discipline: Alternating) }},
    flows: {{
        "east": (arrivals: At([{}]), priority: 1, steps: [Work(resource: "bay", time: "{}h")]),
        "west": (arrivals: At([{}]), priority: 4, steps: [Work(resource: "bay", time: "{}h")]),
    }},
)"#,
            at(0),
            WORK[0],
            at(1),
            WORK[1]
        );
        let model = compiled(&text).model;
        let expected = by_hand(&arrivals, servers as usize);
        let (_, Starts(mut quick)) =
            replicate_observed(&model, 1, 0, Starts::<false>::default()).expect("a sound run");
        let (_, Starts(mut plain)) =
            replicate_observed(&model, 1, 0, Starts::<true>::default()).expect("a sound run");
        n_in_turn += plain.windows(2).filter(|pair| pair[0].0 != pair[1].0).count();
        quick.sort_unstable();
        plain.sort_unstable();
        assert_eq!(quick, expected, "world {number}");
        assert_eq!(plain, expected, "world {number}, event by event");
    }
    assert!(n_in_turn > 3_000, "{n_in_turn} changes of the queue show little");
}
