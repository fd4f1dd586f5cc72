//! `sanda compare`, by the real program.

use crate::world::{LANES, World};

/// Returns the lanes with one more.
fn more_lanes() -> String {
    LANES.replace("three-lanes", "four-lanes").replace("servers: 3", "servers: 4")
}

fn world() -> World {
    let world = World::with("lanes.ron", LANES);
    world.write("more.ron", more_lanes());
    world
}

#[test]
fn one_more_lane_is_better_and_the_words_say_by_how_much() {
    let world = world();
    let outcome = world.succeeds(&["compare", "lanes.ron", "more.ron", "--replications", "20"]);
    for expected in ["resources.customs.servers: 3 → 4", "better by", "提高", "个百分点"] {
        assert!(outcome.stdout.contains(expected), "{expected}: {outcome}");
    }
    assert!(outcome.stdout.contains("lane (door to door, days)"), "the lane is shown: {outcome}");
    assert_eq!(world.read("output/three-lanes.compare/summary.txt"), outcome.stdout);
    let files = world.files();
    for file in ["compare.json", "compare.csv", "comparison.html", "figures/points-four-lanes.svg"] {
        let path = format!("output/three-lanes.compare/{file}");
        assert!(files.contains(&path), "{path} of {files:?}");
    }
    let json: serde_json::Value =
        serde_json::from_str(&world.read("output/three-lanes.compare/compare.json")).unwrap();
    let share = &json["alternatives"][0]["metrics"]["promises.quick.share"];
    assert_eq!(share["finding"], "better");
    let page = world.read("output/three-lanes.compare/comparison.html");
    assert!(page.contains("better by") && !page.contains("http:"), "the page says it and asks nobody");
}

#[test]
fn a_comparison_with_itself_is_exactly_zero_and_says_so() {
    let world = world();
    for arguments in [["compare", "lanes.ron", "lanes.ron"], ["compare", "lanes.ron", "./lanes.ron"]] {
        let outcome = world.succeeds(&arguments);
        assert!(outcome.stdout.contains("all differences are exactly zero"), "{outcome}");
        assert!(outcome.stdout.contains("所有差值恰为零"), "{outcome}");
    }
}

/// The same bytes for any number of threads, and when pieces were there.
#[test]
fn a_comparison_does_not_depend_on_threads_or_pieces() {
    let world = world();
    let compare = |out: &str, more: &[&str]| {
        let mut arguments = vec!["compare", "lanes.ron", "more.ron", "--no-report", "--out", out];
        arguments.extend(more);
        world.succeeds(&arguments);
        world.read(&format!("{out}/three-lanes.compare/compare.json"))
    };
    let one = compare("one", &["--threads", "1", "--no-pieces"]);
    assert_eq!(compare("two", &["--threads", "2"]), one);
    assert_eq!(compare("two", &["--threads", "2"]), one);
}

#[test]
fn what_cannot_be_compared_is_refused_before_anything_is_simulated() {
    let world = world();
    world.write("longer.ron", more_lanes().replace("28d", "35d"));
    let outcome = world.sanda(&["compare", "lanes.ron", "longer.ron"]);
    assert_eq!(outcome.code, Some(2), "{outcome}");
    assert!(outcome.stderr.contains("measures another window"), "{outcome}");
    world.write("namesake.ron", LANES.replace("servers: 3", "servers: 4"));
    let outcome = world.sanda(&["compare", "lanes.ron", "namesake.ron"]);
    assert!(outcome.code == Some(2) && outcome.stderr.contains("both named"), "{outcome}");
    let outcome = world.sanda(&["compare", "lanes.ron"]);
    assert_eq!(outcome.code, Some(2), "{outcome}");
    assert!(world.files().iter().all(|file| !file.contains("output")), "nothing is written");
}
