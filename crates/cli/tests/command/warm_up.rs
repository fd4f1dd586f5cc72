//! `sanda warm-up` from outside.

use crate::world::{LANES, World};

#[test]
fn a_warm_up_that_suffices() {
    let world = World::with("lanes.ron", LANES);
    let outcome =
        world.succeeds(&["warm-up", "lanes.ron", "--set", "run.measure=120d", "--replications", "10"]);
    assert_eq!(outcome.stdout, world.read("output/three-lanes.warm-up/summary.txt"));
    insta::assert_snapshot!(outcome, @"
    exit code 0
    --- stdout
    三条查验通道 Three customs lanes
    10次重复 replications, 种子 seed 7

    ─────────────────────────────────────────
     货流    所需预热期       情景的预热期
     flow    warm-up needed   the scenario's
    ═════════════════════════════════════════
     boxes   0 d              ✓ 足够
                                suffices
    ─────────────────────────────────────────

    情景设定的预热期7天足够（需要0天）。
    The scenario's warm-up of 7 d suffices (0 d are needed).
    --- stderr
    lanes.ron -> output/three-lanes.warm-up
    ");
    insta::assert_snapshot!(world.files().join("\n"), @"
    lanes.ron
    output/
    output/three-lanes.warm-up/
    output/three-lanes.warm-up/figures/
    output/three-lanes.warm-up/figures/warm-up-boxes.png
    output/three-lanes.warm-up/figures/warm-up-boxes.svg
    output/three-lanes.warm-up/summary.txt
    output/three-lanes.warm-up/warm-up.json
    ");
    // Nothing of it depends on threads.
    let json = world.read("output/three-lanes.warm-up/warm-up.json");
    world.succeeds(&[
        "warm-up",
        "lanes.ron",
        "--set",
        "run.measure=120d",
        "--replications",
        "10",
        "--threads",
        "1",
    ]);
    assert_eq!(world.read("output/three-lanes.warm-up/warm-up.json"), json);
}

/// Work beyond the capacity of the lanes accumulates for ever: no warm-up helps.
#[test]
fn an_overloaded_run_and_a_short_one_have_no_answer() {
    let world = World::with("lanes.ron", LANES);
    for set in ["resources.customs.servers=2", "run.measure=14d"] {
        let outcome = world.succeeds(&["warm-up", "lanes.ron", "--set", set]);
        assert!(outcome.stdout.contains("The run is too short to tell"), "{outcome}");
    }
}
