//! Every wait against every cause at one millisecond: which goes first, worked out by hand.
//!
//! The order is that of the model: completions (1), changes (2), arrivals and requests (3), cut-offs and departures (4). What
//! follows from it, and is held here: what ends at the instant of a failure, of closing time or of a closure has ended; nothing
//! begins at such an instant, for intervals are [open, close) and who waits starts after all changes; who waits goes before who
//! comes; who comes, or gives up, at the instant of a cut-off, a departure or the end of a batch's longest wait still makes it;
//! who could start at the end of its patience is served. Where several resources change at once, each settles for itself.
//! Each row is a wait, a cause, a world and the words that must (or, with `!`, must not) be in its story. The kernel's own
//! ties are in `core/tests/ties.rs`. Nothing here is drawn.

use std::collections::BTreeSet;

use crate::shared::tie::Tie;
use Cause::{
    Capacity, Closing, ClosureBegins, ClosureEnds, Completion, CutOff, Departure, Failure, Opening, Repair,
    Shift,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Cause {
    Completion,
    Repair,
    Failure,
    Opening,
    Closing,
    Shift,
    CutOff,
    Departure,
    ClosureBegins,
    ClosureEnds,
    Capacity,
}

const CAUSES: [Cause; 11] = [
    Completion,
    Repair,
    Failure,
    Opening,
    Closing,
    Shift,
    CutOff,
    Departure,
    ClosureBegins,
    ClosureEnds,
    Capacity,
];

/// Fails at 4 h, is repaired at 5 h, fails again at 9 h.
const BREAKS: &str = r#"breakdowns: (clock: Calendar, up: "4h", down: "1h")"#;
const MORNING: &str = r#"open: Daily("08:00-12:00")"#;
/// One server throughout and a second in the morning.
const SHIFTS: &str = r#"servers: Shifts([(servers: 1), (servers: 1, on: Daily("08:00-12:00"))])"#;
/// On duty in the morning alone.
const ON_DUTY: &str = r#"servers: Shifts([(servers: 1, on: Daily("08:00-12:00"))])"#;
const RIDE: &str = r#"Ride(service: "train")"#;
const DESK: &str = r#"Resource("desk")"#;
const HALF: &str = "Capacity(0.5)";
const CUT_OFF: &str = r#"cutoff: "1h""#;

type Row = (Cause, Tie, &'static str);

fn desk(more: &str) -> Tie {
    Tie::default().resource("desk", more)
}

fn work(hours: u32) -> String {
    format!("Work(resource: \"desk\", time: \"{hours}h\")")
}

fn hold(hours: u32) -> String {
    format!("Hold(resource: \"desk\", steps: [Delay(time: \"{hours}h\")])")
}

/// Holds rows against their worlds; together they must meet every cause.
fn check(wait: &str, rows: &[Row]) {
    let mut wrong = Vec::new();
    for (cause, world, expected) in rows {
        let story = world.story();
        for word in expected.split(", ") {
            let holds = match word.strip_prefix('!') {
                Some(never) => !story.iter().any(|word| word.starts_with(never)),
                None => story.contains(word),
            };
            if !holds {
                wrong.push(format!("{wait} and {cause:?}: expected `{word}` of {story:?}"));
            }
        }
    }
    let met: BTreeSet<Cause> = rows.iter().map(|&(cause, ..)| cause).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(met, BTreeSet::from(CAUSES), "{wait} does not meet every cause");
}

/// Rows for a server that is worked at (`done` is when work of an hour is done that begins at 0) or held: the same.
fn rows_of_a_server(service: fn(u32) -> String) -> Vec<Row> {
    let (one, two, four, five) = (service(1), service(2), service(4), service(5));
    let ride = |steps: &str| format!("{steps}, {RIDE}");
    vec![
        // Who waits goes before who comes.
        (
            Completion,
            desk("").flow("a", "0h", &five).flow("b", "4h", &one).flow("c", "5h", &one),
            "a0 done 5, b0 done 6, c0 done 7",
        ),
        // A newcomer finds the server free.
        (Completion, desk("room: 0").flow("a", "0h", &five).flow("c", "5h", &one), "c0 done 6"),
        (Repair, desk(BREAKS).flow("b", "4h 30min", &one).flow("c", "5h", &one), "b0 done 6, c0 done 7"),
        // Done as the server fails; nobody begins at it.
        (
            Failure,
            desk(BREAKS).flow("a", "0h", &four).flow("b", "3h", &one).flow("c", "4h", &one),
            "a0 done 4, b0 done 6, c0 done 7",
        ),
        (Opening, desk(MORNING).flow("b", "7h", &one).flow("c", "8h", &one), "b0 done 9, c0 done 10"),
        // Nothing begins at closing time, not even what waits for the server that becomes free then.
        (
            Closing,
            desk(MORNING).flow("a", "11h", &one).flow("b", "11h", &one).flow("c", "12h", &one),
            "a0 done 12, b0 done 33, c0 done 34",
        ),
        (
            Closing,
            desk(&format!("{MORNING}, at_closing: Pause")).flow("a", "8h", &four).flow("b", "11h", &one),
            "a0 done 12, b0 done 33",
        ),
        (
            Closing,
            desk(&format!("{MORNING}, at_closing: Fit")).flow("b", "11h", &one).flow("c", "12h", &one),
            "b0 done 12, c0 done 33",
        ),
        // Two servers become free as one of them goes off duty: one goes on.
        (
            Shift,
            desk(SHIFTS).flow("a", "8h, 8h", &four).flow("b", "9h, 9h", &one),
            "a1 done 12, b0 done 13, b1 done 14",
        ),
        (
            Shift,
            desk(SHIFTS).flow("a", "6h", &four).flow("b", "7h", &one).flow("c", "8h", &one),
            "b0 done 9, c0 done 10",
        ),
        (
            CutOff,
            desk("").train(5, CUT_OFF).flow("a", "0h, 1h, 2h", &ride(&two)),
            "a0 train 5, a1 train 5, a2 train 29",
        ),
        (
            Departure,
            desk("").train(4, "").flow("a", "0h, 1h, 2h", &ride(&two)),
            "a0 train 4, a1 train 4, a2 train 28",
        ),
        (
            ClosureBegins,
            desk("")
                .disruption(DESK, 5, 7, "Close")
                .flow("a", "0h", &five)
                .flow("b", "4h", &one)
                .flow("c", "5h", &one),
            "a0 done 5, b0 done 8, c0 done 9",
        ),
        (
            ClosureEnds,
            desk("").disruption(DESK, 3, 5, "Close").flow("b", "4h", &one).flow("c", "5h", &one),
            "b0 done 6, c0 done 7",
        ),
        // Two servers become free as one is taken away; and one comes back to who waits.
        (
            Capacity,
            desk("servers: 2")
                .disruption(DESK, 5, 9, HALF)
                .flow("a", "0h, 0h", &five)
                .flow("b", "4h, 4h", &one),
            "b0 done 6, b1 done 7",
        ),
        (
            Capacity,
            desk("servers: 2")
                .disruption(DESK, 3, 5, HALF)
                .flow("a", "3h", &five)
                .flow("b", "4h", &one)
                .flow("c", "5h", &one),
            "a0 done 8, b0 done 6, c0 done 7",
        ),
    ]
}

#[test]
fn a_server() {
    check("a server", &rows_of_a_server(work));
}

#[test]
fn a_server_that_is_held() {
    check("a held server", &rows_of_a_server(hold));
    // What is held is not taken away by a failure, but fails as it is given back.
    let story = desk(BREAKS).flow("a", "3h", &hold(3)).flow("b", "5h", &hold(1)).story();
    assert!(story.contains("a0 done 6") && story.contains("b0 done 8"), "{story:?}");
}

#[test]
fn a_gate() {
    let gate = r#"Gate(open: Daily("08:00-12:00"), at: "yard")"#;
    let then_work = format!("{gate}, {}", work(1));
    let then_ride = format!("{gate}, {RIDE}");
    let after_work = format!("{}, {gate}", work(2));
    check(
        "a gate",
        &[
            (Completion, desk("").flow("a", "6h, 10h", &after_work), "a0 done 8, a1 done 32"),
            (
                Repair,
                desk(r#"breakdowns: (clock: Calendar, up: "7h", down: "1h")"#).flow("a", "7h", &then_work),
                "a0 desk 8",
            ),
            (
                Failure,
                desk(r#"breakdowns: (clock: Calendar, up: "8h", down: "1h")"#).flow("a", "7h", &then_work),
                "a0 desk 9",
            ),
            (Opening, Tie::default().flow("a", "7h, 8h", gate), "a0 done 8, a1 done 8"),
            (Opening, desk(MORNING).flow("a", "7h", &then_work), "a0 desk 8"),
            (Closing, Tie::default().flow("a", "12h", gate), "a0 done 32"),
            (Closing, desk(r#"open: Daily("06:00-08:00")"#).flow("a", "7h", &then_work), "a0 desk 30"),
            (Shift, desk(ON_DUTY).flow("a", "7h", &then_work), "a0 desk 8"),
            (CutOff, Tie::default().train(9, CUT_OFF).flow("a", "7h", &then_ride), "a0 train 9"),
            (Departure, Tie::default().train(8, "").flow("a", "7h", &then_ride), "a0 train 8"),
            (
                ClosureBegins,
                desk("").disruption(DESK, 8, 9, "Close").flow("a", "7h", &then_work),
                "a0 desk 9",
            ),
            (ClosureEnds, desk("").disruption(DESK, 6, 8, "Close").flow("a", "7h", &then_work), "a0 desk 8"),
            (
                Capacity,
                desk("servers: 2").disruption(DESK, 8, 9, HALF).flow("a", "7h, 7h", &then_work),
                "a0 desk 8, a1 desk 9",
            ),
        ],
    );
}

#[test]
fn a_departure() {
    let after = |hours: u32| format!("{}, {RIDE}", work(hours));
    let train = r#"Service("train")"#;
    check(
        "a departure",
        &[
            (
                Completion,
                Tie::default().train(5, "").flow("a", "0h", &format!("Delay(time: \"5h\"), {RIDE}")),
                "a0 train 5",
            ),
            (Repair, desk(BREAKS).train(5, "").flow("a", "4h 30min", &after(0)), "a0 desk 5, a0 train 5"),
            (Failure, desk(BREAKS).train(4, "").flow("a", "0h", &after(4)), "a0 train 4"),
            (Opening, desk(MORNING).train(8, "").flow("a", "7h", &after(0)), "a0 desk 8, a0 train 8"),
            (Closing, desk(MORNING).train(12, "").flow("a", "11h", &after(1)), "a0 train 12"),
            (Shift, desk(ON_DUTY).train(8, "").flow("a", "7h", &after(0)), "a0 desk 8, a0 train 8"),
            (
                CutOff,
                Tie::default().train(5, CUT_OFF).flow("a", "4h, 4h 1ms", RIDE),
                "a0 train 5, a1 train 29",
            ),
            (Departure, Tie::default().train(5, "").flow("a", "5h, 5h 1ms", RIDE), "a0 train 5, a1 train 29"),
            // Scheduled at the beginning of a closure it is held; at its end it leaves. Who comes at the end misses the held one.
            (
                ClosureBegins,
                Tie::default().train(5, "").disruption(train, 5, 7, "Close").flow("a", "4h, 7h", RIDE),
                "a0 train 7, a1 train 29",
            ),
            (
                ClosureEnds,
                Tie::default().train(5, "").disruption(train, 3, 5, "Close").flow("a", "5h", RIDE),
                "a0 train 5",
            ),
            (
                Capacity,
                Tie::default()
                    .train(5, "capacity: \"2 TEU\"")
                    .disruption(train, 5, 6, HALF)
                    .flow("a", "4h, 4h", RIDE),
                "a0 train 5, a1 train 29",
            ),
            (
                Capacity,
                Tie::default()
                    .train(5, "capacity: \"2 TEU\"")
                    .disruption(train, 3, 5, HALF)
                    .flow("a", "4h, 4h", RIDE),
                "a1 train 5",
            ),
        ],
    );
}

#[test]
fn a_batch() {
    // Never full: it goes on when the first has waited its longest, with whoever has come by then.
    let batch =
        |hours: u32| format!("Batch(size: \"3 shipments\", longest_wait: \"{hours}h\", group: \"g\")");
    let both = |tie: Tie, hours: u32, at: &str, before: &str| {
        tie.flow("a", "0h", &batch(hours)).flow("b", at, &format!("{before}, {}", batch(hours)))
    };
    let road = r#"Connection("road")"#;
    check(
        "a batch",
        &[
            (Completion, both(Tie::default(), 5, "0h", r#"Delay(time: "5h")"#), "a0 done 5, b0 done 5"),
            (Repair, both(desk(BREAKS), 5, "4h 30min", &work(0)), "a0 done 5, b0 done 5"),
            (Failure, both(desk(BREAKS), 4, "0h", &work(4)), "a0 done 4, b0 done 4"),
            (Opening, both(desk(MORNING), 8, "7h", &work(0)), "a0 done 8, b0 done 8"),
            (Closing, both(desk(MORNING), 12, "11h", &work(1)), "a0 done 12, b0 done 12"),
            (Shift, both(desk(ON_DUTY), 8, "7h", &work(0)), "a0 done 8, b0 done 8"),
            (
                CutOff,
                Tie::default().train(5, CUT_OFF).flow("a", "0h", &format!("{}, {RIDE}", batch(4))),
                "a0 train 5",
            ),
            (
                Departure,
                Tie::default().train(5, "").flow("a", "0h", &format!("{}, {RIDE}", batch(5))),
                "a0 train 5",
            ),
            (
                ClosureBegins,
                Tie::default().road().disruption(road, 5, 7, "Close").flow(
                    "a",
                    "0h",
                    &format!("{}, Haul(\"road\")", batch(5)),
                ),
                "a0 done 8",
            ),
            (
                ClosureEnds,
                Tie::default().road().disruption(road, 3, 5, "Close").flow(
                    "a",
                    "0h",
                    &format!("{}, Haul(\"road\")", batch(5)),
                ),
                "a0 done 6",
            ),
            (
                Capacity,
                desk("servers: 2").disruption(DESK, 5, 9, HALF).flow(
                    "a",
                    "0h, 0h",
                    &format!("{}, {}", batch(5), work(1)),
                ),
                "a0 desk 5, a1 desk 6",
            ),
        ],
    );
}

#[test]
fn a_berth_for_a_vehicle() {
    // The train arrives at 5 h and needs the desk for an hour; its cargo goes on at 6 h.
    let calls = |more: &str| {
        let at_stop = r#"at_stop: { "away": [Work(resource: "desk", time: "1h", per: Vehicle)] }"#;
        desk(more).train(4, at_stop).flow("a", "0h", RIDE)
    };
    let goes_on = |first: u32, more: &str| {
        calls("").service("next", r#""away", "home""#, first, more).flow(
            "b",
            "0h",
            &format!("{RIDE}, Ride(service: \"next\")"),
        )
    };
    check(
        "a berth",
        &[
            (Completion, calls("").flow("x", "0h", &work(5)), "train0 desk 5, a0 done 6"),
            (
                Completion,
                calls("").flow("x", "0h", &work(5)).flow("y", "4h", &work(1)),
                "y0 desk 5, train0 desk 6",
            ),
            (Repair, calls(BREAKS), "train0 desk 5"),
            (Failure, calls(r#"breakdowns: (clock: Calendar, up: "5h", down: "1h")"#), "train0 desk 6"),
            (Opening, calls(r#"open: Daily("05:00-12:00")"#), "train0 desk 5"),
            (Closing, calls(r#"open: Daily("01:00-05:00")"#), "train0 desk 25"),
            (Shift, calls(r#"servers: Shifts([(servers: 1, on: Daily("05:00-12:00"))])"#), "train0 desk 5"),
            (CutOff, goes_on(7, CUT_OFF), "b0 next 7"),
            (Departure, goes_on(6, ""), "b0 next 6"),
            (ClosureBegins, calls("").disruption(DESK, 5, 7, "Close"), "train0 desk 7"),
            (ClosureEnds, calls("").disruption(DESK, 3, 5, "Close"), "train0 desk 5"),
            (
                Capacity,
                calls("servers: 2").disruption(DESK, 5, 9, HALF).flow("x", "0h", &work(6)),
                "train0 desk 6",
            ),
        ],
    );
}

#[test]
fn a_place_in_a_room() {
    // An hour at `first`, then the desk, which has no waiting place and blocks: who waits for it keeps `first`.
    let block = |more: &str| {
        let comma = if more.is_empty() { "" } else { ", " };
        desk(&format!("room: 0, when_full: Block{comma}{more}"))
    };
    let then = |hours: u32| format!("Work(resource: \"first\", time: \"1h\"), {}", work(hours));
    let line =
        |more: &str, at: &str, hours: u32| block(more).resource("first", "").flow("b", at, &then(hours));
    let rides = |first: u32, more: &str| {
        block("").resource("first", "").train(first, more).flow(
            "b",
            "0h, 0h",
            &format!("{}, {RIDE}", then(2)),
        )
    };
    check(
        "a room",
        &[
            (Completion, line("", "0h, 0h, 0h", 4), "b1 first 1, b1 desk 5, b2 first 5"),
            (Repair, line(BREAKS, "3h 30min, 3h 30min", 1), "b0 desk 5, b1 first 5"),
            (Failure, line(BREAKS, "0h, 0h, 0h", 3), "b0 desk 1, b1 desk 5, b2 first 5"),
            (Opening, line(MORNING, "6h, 6h", 1), "b0 desk 8, b1 first 8"),
            (Closing, line(MORNING, "8h, 8h, 8h", 3), "b0 desk 9, b1 desk 32, b2 first 32"),
            (Shift, line(ON_DUTY, "6h, 6h", 1), "b0 desk 8, b1 first 8"),
            (CutOff, rides(6, CUT_OFF), "b0 train 6, b1 desk 3, b1 train 6"),
            (Departure, rides(5, ""), "b1 desk 3, b1 train 5"),
            (
                ClosureBegins,
                line("", "0h, 0h, 0h", 4).disruption(DESK, 5, 7, "Close"),
                "b1 desk 7, b2 first 7",
            ),
            (ClosureEnds, line("", "3h, 3h", 1).disruption(DESK, 3, 5, "Close"), "b0 desk 5, b1 first 5"),
            (
                Capacity,
                block("servers: 2").resource("first", "servers: 4").disruption(DESK, 5, 9, HALF).flow(
                    "b",
                    "0h, 0h, 0h, 0h",
                    &then(4),
                ),
                "b2 desk 5, b3 desk 9",
            ),
        ],
    );
}

#[test]
fn the_end_of_patience() {
    // Who gives up goes on without work: it is done at that instant, or rides.
    let for_hours = |hours: u32| format!("Work(resource: \"desk\", time: \"1h\", patience: \"{hours}h\")");
    let waits = |more: &str, at: &str, hours: u32| desk(more).flow("b", at, &for_hours(hours));
    let rides = |first: u32, more: &str, hours: u32| {
        desk("").train(first, more).flow("a", "0h", &work(9)).flow(
            "b",
            "1h",
            &format!("{}, {RIDE}", for_hours(hours)),
        )
    };
    check(
        "patience",
        &[
            (Completion, waits("", "1h", 4).flow("a", "0h", &work(5)), "b0 desk 5"),
            (Repair, waits(BREAKS, "4h", 1), "b0 desk 5"),
            // The server that becomes free fails at this very instant.
            (Failure, waits(BREAKS, "1h", 3).flow("a", "0h", &work(4)), "a0 done 4, b0 done 4, !b0 desk"),
            (Opening, waits(MORNING, "7h", 1), "b0 desk 8"),
            (Closing, waits(MORNING, "9h", 3).flow("a", "8h", &work(4)), "a0 done 12, b0 done 12, !b0 desk"),
            (Shift, waits(ON_DUTY, "7h", 1), "b0 desk 8"),
            (CutOff, rides(5, CUT_OFF, 3), "b0 train 5, !b0 desk"),
            (Departure, rides(5, "", 4), "b0 train 5, !b0 desk"),
            (
                ClosureBegins,
                waits("", "1h", 4).flow("a", "0h", &work(5)).disruption(DESK, 5, 7, "Close"),
                "b0 done 5, !b0 desk",
            ),
            (ClosureEnds, waits("", "3h", 2).disruption(DESK, 3, 5, "Close"), "b0 desk 5"),
            (
                Capacity,
                waits("servers: 2", "1h", 4)
                    .flow("a", "0h", &work(5))
                    .flow("x", "0h", &work(9))
                    .disruption(DESK, 5, 7, HALF),
                "a0 done 5, b0 done 5, !b0 desk",
            ),
        ],
    );
}

#[test]
fn a_road_that_is_closed() {
    let hauls = |tie: Tie, at: &str, before: &str, from: u32, to: u32| {
        let comma = if before.is_empty() { "" } else { ", " };
        let steps = format!("{before}{comma}Haul(\"road\")");
        tie.road().disruption(r#"Connection("road")"#, from, to, "Close").flow("a", at, &steps)
    };
    let rides = |first: u32, more: &str, from: u32, to: u32| {
        let closed =
            Tie::default().road().train(first, more).disruption(r#"Connection("road")"#, from, to, "Close");
        closed.flow("a", "2h", &format!("Haul(\"road\"), {RIDE}"))
    };
    check(
        "a road",
        &[
            (Completion, hauls(desk(""), "0h", &work(3), 3, 5), "a0 done 6"),
            (Completion, hauls(desk(""), "0h", &work(5), 3, 5), "a0 done 6"),
            (Repair, hauls(desk(BREAKS), "4h 30min", &work(0), 3, 5), "a0 done 6"),
            (Failure, hauls(desk(BREAKS), "0h", &work(4), 4, 5), "a0 done 6"),
            (Opening, hauls(desk(MORNING), "7h", &work(0), 6, 8), "a0 done 9"),
            (Closing, hauls(desk(MORNING), "11h", &work(1), 12, 14), "a0 done 15"),
            (Shift, hauls(desk(ON_DUTY), "7h", &work(0), 8, 10), "a0 desk 8, a0 done 11"),
            (CutOff, rides(5, CUT_OFF, 1, 3), "a0 train 5"),
            (Departure, rides(5, "", 1, 4), "a0 train 5"),
            (ClosureBegins, hauls(Tie::default(), "3h", "", 3, 5), "a0 done 6"),
            (ClosureEnds, hauls(Tie::default(), "4h, 5h", "", 3, 5), "a0 done 6, a1 done 6"),
            // At the end of the haul the desk has lost a server; a haul that begins as times change back takes its own time.
            (
                Capacity,
                desk("servers: 2").road().disruption(DESK, 6, 9, HALF).flow(
                    "a",
                    "5h, 5h",
                    &format!("Haul(\"road\"), {}", work(1)),
                ),
                "a0 desk 6, a1 desk 7",
            ),
            (
                Capacity,
                desk("servers: 2").road().disruption(r#"Connection("road")"#, 3, 5, "TimeScale(2)").flow(
                    "a",
                    "4h, 5h",
                    &format!("Haul(\"road\"), {}", work(1)),
                ),
                "a0 desk 6, a1 desk 6",
            ),
        ],
    );
}
