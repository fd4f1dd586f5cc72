//! Flips on a world computed by hand: a desk before a daily train.

use sanda_scenario::build::Built;
use sanda_scenario::load_model_text;
use sanda_trace::{Lives, Recorded, flips};

/// Returns a world in which one box a day is ready at 08:00 and rides the train of 12:00, of that day or the next, for 24 hours.
fn world(work: &str) -> Built {
    let text = format!(
        r#"(
    schema: 1, name: "desk", start: "2025-01-06T00:00[UTC]",
    run: (measure: "10d", drain: "10d"),
    nodes: {{ "yard": (), "away": () }},
    resources: {{ "desk": (at: "yard", servers: 1) }},
    services: {{ "train": (mode: Rail, stops: ["yard", "away"], departs: Every(period: "24h", offset: "12h"), capacity: "9 TEU", running: ["24h"]) }},
    flows: {{ "boxes": (arrivals: Regular(every: "24h", offset: "8h"), steps: [Work(resource: "desk", time: "{work}"), Ride(service: "train")]) }},
    promises: {{ "two-days": (flows: ["boxes"], within: "30h"), "a-week": (flows: ["boxes"], within: "7d") }},
)"#
    );
    load_model_text("desk.ron", &text, &[]).unwrap_or_else(|failure| panic!("{failure}")).built
}

fn lives(built: &Built) -> Lives<'_> {
    Lives::record(&built.model, 1, 0, &[]).unwrap_or_else(|violation| panic!("{violation}"))
}

/// With five hours of work every box misses the noon train and takes 52 hours instead of 28, so all ten flip. The ride, including the wait
/// for it, took 23 hours more, against two of the work.
#[test]
fn a_missed_train_is_the_stage_that_changed_most() {
    let (slow, quick) = (world("5h"), world("3h"));
    let (of_slow, of_quick) = (lives(&slow), lives(&quick));
    let (slow, quick) =
        (Recorded { built: &slow, lives: &of_slow }, Recorded { built: &quick, lives: &of_quick });
    let gained = flips(slow, quick);
    let two_days = &gained["two-days"];
    assert_eq!((two_days.of, two_days.gained, two_days.lost), (10, 10, 0));
    let stages: Vec<_> =
        two_days.stages.iter().map(|((_, stage), counts)| (stage.as_str(), *counts)).collect();
    assert_eq!(stages, [("train", (10, 0))]);
    let week = &gained["a-week"];
    assert_eq!((week.of, week.gained, week.lost), (10, 0, 0));
    let lost = flips(quick, slow);
    assert_eq!((lost["two-days"].gained, lost["two-days"].lost), (0, 10));
}
