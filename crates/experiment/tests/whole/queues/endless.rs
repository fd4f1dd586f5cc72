//! Work that is interrupted, repeated or put off very often, or for ever: the outcome is worked out by hand.
//!
//! More laps, interruptions and failures than 16 bits can count; work that fits into no opening; servers that begin with several jobs.
//! Does not own the usual cases (`servers`).

use std::sync::atomic::AtomicBool;

use crate::shared::{Agreement, check_exactly, results_of, value};
use sanda_experiment::{Pieces, Plan, assemble, run};
use sanda_scenario::{Style, load_model_text};

/// A scenario of one yard in universal time.
fn scenario(run: &str, sections: &str) -> String {
    format!(
        r#"(schema: 1, name: "endless", start: "2025-01-06T00:00[UTC]", run: ({run}), nodes: {{ "yard": () }}, {sections})"#
    )
}

const ONCE: &str = r#"measure: "10d", drain: "9000d", arrivals_until: MeasureEnd, replications: 2, seed: 7, input_points: 0"#;

#[test]
fn laps_are_counted_beyond_16_bits() {
    for laps in [70_000, 100_000] {
        let results = results_of(&scenario(
            ONCE,
            &format!(
                r#"flows: {{ "z": (arrivals: At(["0h"]), steps: [
                    Repeat(share: 1, at_most: {laps}, steps: [Delay(time: "1h")])]) }}"#
            ),
        ));
        let expected = f64::from(laps);
        // 100,000 h are within the drain, of 216,000 h.
        check_exactly(&results, "flows.z.clocks.door-to-door.mean", expected);
    }
    // Within an outer loop: each of its 3 laps counts anew.
    let nested = results_of(&scenario(
        ONCE,
        r#"flows: { "z": (arrivals: At(["0h"]), steps: [
            Repeat(share: 1, at_most: 3, steps: [Repeat(share: 1, at_most: 66000, steps: [Delay(time: "1min")])])]) }"#,
    ));
    check_exactly(&nested, "flows.z.clocks.door-to-door.mean", 3.0 * 66_000.0 / 60.0);
}

/// Three trucks go round a crane for 72,000 laps each: each waits for the two before it. One leaves within 216,000 laps with a
/// probability of 2e-7.
#[test]
fn closed_models_go_round_for_ever() {
    let results = results_of(&scenario(
        r#"warm_up: "8000d", measure: "1000d", drain: "10d", replications: 1, input_points: 0"#,
        r#"resources: { "crane": (at: "yard") },
        flows: { "trucks": (arrivals: At(["0h", "0h", "0h"]), steps: [
            Repeat(share: 0.999999999999, steps: [Work(resource: "crane", time: "1h")])]) }"#,
    ));
    check_exactly(&results, "resources.crane.wait.mean", 2.0);
    check_exactly(&results, "resources.crane.arrivals", 24_000.0);
}

/// The urgent take 2 s of every 4 s, so that 100 h of work take twice that, with 90,000 interruptions.
#[test]
fn interruptions_are_counted_beyond_16_bits() {
    let results = results_of(&scenario(
        r#"measure: "1d", drain: "30d", replications: 1, input_points: 0"#,
        r#"resources: { "crane": (at: "yard", discipline: Preemptive) },
        flows: {
            "small": (priority: 1, background: true, arrivals: Regular(every: "4s"), steps: [Work(resource: "crane", time: "2s")]),
            "big": (priority: 9, arrivals: At(["0h"]), steps: [Work(resource: "crane", time: "100h")]),
        }"#,
    ));
    // The first urgent job comes after 4 s, when 4 s of the work are done; the last seconds are cut likewise.
    let spent = value(&results, "flows.big.clocks.door-to-door.mean");
    assert!((spent - 200.0).abs() < 4.0 / 3600.0, "{spent} h");
    let interruptions = value(&results, "resources.crane.interruptions");
    assert!(interruptions > 20_000.0, "{interruptions} in the first day show nothing");
}

/// A server works 2 s and is down 2 s in turn: 100 h of work take 200 h less the last repair.
#[test]
fn failures_are_counted_beyond_16_bits() {
    for clock in ["Calendar", "Operating"] {
        let results = results_of(&scenario(
            r#"measure: "1d", drain: "30d", arrivals_until: MeasureEnd, replications: 1, input_points: 0"#,
            &format!(
                r#"resources: {{ "crane": (at: "yard", breakdowns: (up: "2s", down: "2s", clock: {clock})) }},
                flows: {{ "boxes": (arrivals: At(["0h"]), steps: [Work(resource: "crane", time: "100h")]) }}"#
            ),
        ));
        check_exactly(&results, "flows.boxes.clocks.door-to-door.mean", 200.0 - 2.0 / 3600.0);
    }
}

/// Three a day of ten days each: after the first one the desk is closed for ever, and the run ends.
#[test]
fn strikes_that_merge_for_ever_end_with_the_run() {
    let results = results_of(&scenario(
        r#"measure: "30d", drain: "60d", replications: 2, input_points: 0"#,
        r#"resources: { "customs": (at: "yard", servers: 3) },
        flows: { "boxes": (arrivals: Poisson(mean: 2.4, per: "1h"), steps: [Work(resource: "customs", time: Exponential(mean: "1h"))]) },
        disruptions: { "s": (targets: [Resource("customs")], effect: Close,
            when: Strikes(mean: 3, per: "1d", length: Exponential(mean: "10d"))) }"#,
    ));
    let (released, away) =
        (value(&results, "flows.boxes.released"), value(&results, "flows.boxes.under_way"));
    assert!(away > 0.9 * released, "{away} of {released} are still there");
}

/// What the run says of itself, in English.
fn remarks(sections: &str) -> Vec<String> {
    let text = scenario(ONCE, sections);
    let loaded = load_model_text("endless.ron", &text, &[]).unwrap_or_else(|failure| panic!("{failure}"));
    let plan = Plan { seed: 3, n_replications: 2, n_threads: Some(1) };
    let gathered =
        run(&loaded.built, plan, &Pieces::none(), &AtomicBool::new(false), &mut ()).expect("a sound run");
    assemble(&loaded.built, 3, &gathered).notes.into_iter().map(|note| note.en).collect()
}

/// A scenario that is refused, in one line an issue.
fn refusal(sections: &str) -> String {
    match load_model_text("endless.ron", &scenario(ONCE, sections), &[]) {
        Ok(_) => String::new(),
        Err(failure) => failure.to_string(),
    }
}

fn desk(more: &str, time: &str) -> String {
    format!(
        r#"resources: {{ "r": (at: "yard", {more}) }},
        flows: {{ "f": (arrivals: At(["1h", "2h", "3h"]), size: "2 TEU", steps: [Work(resource: "r", time: {time})]) }}"#
    )
}

#[test]
fn work_that_can_never_end_is_refused() {
    let fit = r#"open: Daily("08:00-12:00"), at_closing: Fit"#;
    assert!(refusal(&desk(fit, r#""4h""#)).is_empty(), "four hours fit");
    let refused = refusal(&desk(fit, r#""5h""#));
    assert!(
        refused.contains("work of at least 5h can never be done: the longest opening is 4h"),
        "{refused}"
    );
    assert!(refused.contains("endless.ron:2:"), "{refused}");
    let per_teu = refusal(&desk(fit, r#""150min", per: Teu"#));
    assert!(per_teu.contains("work of at least 5h can never be done"), "{per_teu}");
    let restart = r#"breakdowns: (up: Uniform(min: "1h", max: "3h"), down: "1h", work: Restart)"#;
    let refused = refusal(&desk(restart, r#"Uniform(min: "4h", max: "5h")"#));
    assert!(refused.contains("the longest time between two failures is"), "{refused}");
    assert!(refusal(&desk(restart, r#""1h""#)).is_empty());
    // Day and night from some day on is no limit.
    let always = r#"open: Hours(weekly: ["Mon-Sun 00:00-24:00"], closed: ["2025-01-08"]), at_closing: Fit"#;
    assert!(refusal(&desk(always, r#""90h""#)).is_empty());
}

#[test]
fn work_that_may_never_end_is_warned_of() {
    let warned = |more: &str, time: &str| {
        let text = scenario(ONCE, &desk(more, time));
        let loaded = load_model_text("endless.ron", &text, &[]).unwrap_or_else(|failure| panic!("{failure}"));
        loaded.render_remarks(Style::default())
    };
    let fit = r#"open: Daily("08:00-12:00"), at_closing: Fit"#;
    let said = warned(fit, r#"Uniform(min: "1h", max: "5h")"#);
    assert!(
        said.contains("some work may never be done") && said.contains("the longest opening is 4h"),
        "{said}"
    );
    // Fifteen times the mean is longer than one job in a million.
    assert_eq!(warned(fit, r#"Exponential(mean: "15min")"#), "");
}

/// The second of three jobs fits into no opening: it is stuck, and the one behind it with it. Likewise at a counter, at one with
/// classes, and where a closure to come leaves it to events.
#[test]
fn work_that_never_begins_is_named_after_the_run() {
    let closed = r#", disruptions: { "far": (targets: [Resource("r")], effect: Close, when: Dated([(from: "2025-02-12T00:00", to: "2025-02-12T01:00")])) }"#;
    for (discipline, more) in [("Fifo", ""), ("Priority", ""), ("Fifo", closed)] {
        let world = format!(
            r#"resources: {{ "r": (at: "yard", discipline: {discipline}, open: Daily("08:00-12:00"), at_closing: Fit) }},
            flows: {{ "f": (arrivals: At(["1h", "2h", "3h"]), size: Discrete([(value: "1 TEU", weight: 1), (value: "5 TEU", weight: 1)]),
                steps: [Work(resource: "r", time: "1h", per: Teu)]) }}{more}"#
        );
        let said = remarks(&world);
        let named: Vec<&String> =
            said.iter().filter(|said| said.contains("for an opening of “r” as long as its work")).collect();
        assert!(
            said[0].contains("can never move again") && !named.is_empty(),
            "{discipline}{more}: {said:?}"
        );
    }
}

#[test]
fn work_that_always_begins_anew_is_named_after_the_run() {
    let said = remarks(
        r#"resources: { "r": (at: "yard", breakdowns: (up: "3h", down: "1h", work: Restart)) },
        flows: { "f": (arrivals: At(["1h"]), size: Discrete([(value: "5 TEU", weight: 1), (value: "1 TEU", weight: 1e-9)]),
            steps: [Work(resource: "r", time: "1h", per: Teu)]) }"#,
    );
    assert!(said.iter().any(|said| said.contains("a time between two failures of “r”")), "{said:?}");
}

/// Open from 08:00 to 18:00, two hours of work. Who comes at 17:00 waits for opening hours alone, with any number of servers; who
/// comes at 15:00 behind work until 17:00 waits for a server until 16:00, and then for opening hours.
#[test]
fn who_comes_too_late_to_fit_waits_for_opening_hours() {
    let closed = r#", disruptions: { "far": (targets: [Resource("r")], effect: Close, when: Dated([(from: "2025-02-12T00:00", to: "2025-02-12T01:00")])) }"#;
    for more in ["", closed] {
        for discipline in ["Fifo", "Priority"] {
            for (servers, arrivals, hours, server) in [
                ("Unlimited", r#"At(["17h"])"#, 15.0, 0.0),
                ("1", r#"At(["17h"])"#, 15.0, 0.0),
                ("2", r#"At(["16h 30min"])"#, 15.5, 0.0),
                // The first begins at once and works until 17:00.
                ("1", r#"At(["15h", "15h"])"#, 8.0, 0.5),
            ] {
                let results = results_of(&scenario(
                    ONCE,
                    &format!(
                        r#"resources: {{ "r": (at: "yard", servers: {servers}, discipline: {discipline}, open: Daily("08:00-18:00"), at_closing: Fit) }},
                        flows: {{ "f": (arrivals: {arrivals}, steps: [Work(resource: "r", time: "2h")]) }}{more}"#
                    ),
                ));
                println!("{servers} {discipline} {arrivals}{more}");
                check_exactly(&results, "flows.f.categories.hours", hours);
                check_exactly(&results, "flows.f.categories.server", server);
            }
        }
    }
}

/// Servers that begin with several jobs, and work until nobody is left. The mean wait is that of M/M/1 and that of those who wait for
/// the others: (n - 1) / (2 arrivals an hour) (D. Gross and others, "Fundamentals of Queueing Theory", 4th edition, 2008).
#[test]
fn servers_that_begin_with_several_jobs_wait_for_them() {
    for n in [2_u32, 5] {
        let results = results_of(&format!(
            r#"(schema: 1, name: "begins-with-{n}", start: "2025-01-06T00:00[UTC]",
            run: (warm_up: "30d", measure: "2000d", replications: 20, seed: 11, input_points: 0), nodes: {{ "yard": () }},
            resources: {{ "r": (at: "yard", begins_with: {n}) }},
            flows: {{ "f": (arrivals: Poisson(mean: 0.5, per: "1h"), steps: [Work(resource: "r", time: Exponential(mean: "1h"))]) }})"#
        ));
        // M/M/1 with a load of one half waits an hour; seen to 3 %.
        let wait = 1.0 + f64::from(n - 1) / (2.0 * 0.5);
        Agreement::of(&results).check("resources.r.wait.mean", wait, 0.03).conclude();
    }
    // By hand: four come, an hour apart; the third wakes the server, and the fourth finds it awake.
    let results = results_of(&scenario(
        ONCE,
        r#"resources: { "r": (at: "yard", begins_with: 3) },
        flows: { "f": (arrivals: At(["0h", "1h", "2h", "3h"]), steps: [Work(resource: "r", time: "1h")]) }"#,
    ));
    check_exactly(&results, "resources.r.wait.mean", 2.0);
    let said = remarks(
        r#"resources: { "r": (at: "yard", begins_with: 3) },
        flows: { "f": (arrivals: At(["0h", "1h", "2h", "9h", "9h"]), steps: [Work(resource: "r", time: "1h")]) }"#,
    );
    assert!(said.iter().any(|said| said.contains("for more jobs at “r”")), "{said:?}");
    assert!(
        refusal(&desk("begins_with: 3, room: 2", r#""1h""#)).contains("3 jobs never wait in a room for 2")
    );
}
