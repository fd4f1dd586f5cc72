//! Pieces: nothing is simulated twice, and the results are the same bytes wherever the pieces came from.

use std::fs;
use std::path::{Path, PathBuf};

use crate::world::{LANES, World};

/// Returns the results of a run, by the folder it wrote to.
fn results(world: &World, out: &str) -> String {
    world.read(&format!("{out}/three-lanes/results.json"))
}

/// Returns the results of one process that keeps no pieces.
fn plain(world: &World) -> String {
    world.succeeds(&["run", "lanes.ron", "--no-report", "--no-pieces", "--out", "plain"]);
    results(world, "plain")
}

/// Returns the files of pieces of a study.
fn pieces(world: &World, study: &str) -> Vec<PathBuf> {
    let files = world.files();
    let prefix = format!("{study}/pieces/");
    let is_piece = |name: &&String| name.starts_with(&prefix) && !name.ends_with('/');
    files.iter().filter(is_piece).map(|name| world.path(name)).collect()
}

/// Damages a piece by changing the first few bytes of its content.
fn damage(piece: &Path) {
    let mut bytes = fs::read(piece).unwrap();
    let head = bytes.iter().position(|&byte| byte == b'\n').unwrap();
    bytes[head + 5] ^= 0x55;
    fs::write(piece, bytes).unwrap();
}

#[test]
fn a_second_run_simulates_nothing_and_a_longer_one_the_rest() {
    let world = World::with("lanes.ron", LANES);
    let plain = plain(&world);
    let first = world.succeeds(&["run", "lanes.ron", "--no-report"]);
    assert!(!first.stderr.contains("existed already"), "{first}");
    let second = world.succeeds(&["run", "lanes.ron", "--no-report"]);
    assert!(second.stderr.contains("3 of 3 replications existed already"), "{second}");
    assert_eq!(results(&world, "output"), plain);
    let longer = world.succeeds(&["run", "lanes.ron", "--no-report", "--replications", "5"]);
    assert!(longer.stderr.contains("3 of 5 replications existed already"), "{longer}");
    // Removing them at any time does no harm.
    fs::remove_dir_all(world.path("output/.pieces")).unwrap();
    world.succeeds(&["run", "lanes.ron", "--no-report"]);
    assert_eq!(results(&world, "output"), plain);
}

#[test]
fn shares_joined_are_the_same_bytes() {
    let world = World::with("lanes.ron", LANES);
    let plain = plain(&world);
    for study in ["one", "two"] {
        let planned = world.succeeds(&["run", "lanes.ron", "--study", study, "--plan-only"]);
        assert!(planned.stdout.contains("make its pieces with"), "{planned}");
    }
    assert_eq!(
        world.succeeds(&["shard", "one", "--missing"]).stdout,
        "three-lanes replication 0\nthree-lanes replication 1\nthree-lanes replication 2\n"
    );
    let made = world.succeeds(&["shard", "one", "1/2"]);
    assert_eq!(made.stdout, "share 1/2: 2 pieces, 2 computed and 0 kept already\n");
    world.succeeds(&["shard", "two", "2/2"]);
    let merged = world.succeeds(&["merge", "one", "two"]);
    assert_eq!(merged.stdout, "1 pieces added, 0 known already\n");
    assert_eq!(world.succeeds(&["shard", "one", "--missing"]).stdout, "");
    let run = world.succeeds(&["run", "lanes.ron", "--study", "one", "--no-report"]);
    assert!(run.stderr.contains("3 of 3 replications existed already"), "{run}");
    assert_eq!(results(&world, "output"), plain);
}

#[test]
fn damaged_and_foreign_pieces_are_refused_by_name_and_never_merged() {
    let world = World::with("lanes.ron", LANES);
    for study in ["good", "bad"] {
        world.succeeds(&["run", "lanes.ron", "--study", study, "--no-report"]);
    }
    let first = &pieces(&world, "bad")[0];
    let original = fs::read(first).unwrap();
    let refused = |expected: &str| {
        fs::remove_dir_all(world.path("good/pieces")).unwrap();
        let outcome = world.sanda(&["merge", "good", "bad"]);
        assert_eq!(outcome.code, Some(2), "{outcome}");
        let name = first.file_name().unwrap().to_string_lossy().into_owned();
        assert!(outcome.stderr.contains(&name) && outcome.stderr.contains(expected), "{outcome}");
        assert!(pieces(&world, "good").is_empty(), "nothing is merged then");
        world.succeeds(&["run", "lanes.ron", "--study", "good", "--no-report"]);
    };
    damage(first);
    refused("does not match the digest in its header");
    fs::write(first, &original[..original.len() - 7]).unwrap();
    refused("does not match the digest in its header");
    fs::write(first, "nothing of ours").unwrap();
    refused("not a piece of a study");
    let text = String::from_utf8_lossy(&original[..40]).into_owned();
    let engine = text.split(' ').nth(2).unwrap().to_owned();
    let head_end = original.iter().position(|&byte| byte == b'\n').unwrap();
    let head = String::from_utf8(original[..head_end].to_vec()).unwrap();
    let with_head = |head: String| [head.as_bytes(), &original[head_end..]].concat();
    fs::write(first, with_head(head.replace(&engine, "0123456789abcdef"))).unwrap();
    refused("made by another version of the engine (0123456789abcdef");
    // The piece of another seed, under this one's name.
    fs::write(first, with_head(head.replace(" 7 0 whole", " 8 0 whole"))).unwrap();
    refused("names another piece than its file name");
}

/// A cache repairs itself: a damaged piece is reported, simulated again and replaced.
#[test]
fn a_run_does_not_believe_a_damaged_piece() {
    let world = World::with("lanes.ron", LANES);
    let plain = plain(&world);
    world.succeeds(&["run", "lanes.ron", "--study", "study", "--no-report"]);
    damage(&pieces(&world, "study")[1]);
    let healed = world.succeeds(&["run", "lanes.ron", "--study", "study", "--no-report"]);
    assert!(healed.stderr.contains("is not used: damaged"), "{healed}");
    assert_eq!(results(&world, "output"), plain);
    let again = world.succeeds(&["run", "lanes.ron", "--study", "study", "--no-report"]);
    assert!(!again.stderr.contains("damaged"), "{again}");
}

/// A run that cannot keep pieces reports that and continues; a share that cannot keep them fails.
#[test]
fn pieces_that_cannot_be_written() {
    let world = World::with("lanes.ron", LANES);
    let plain = plain(&world);
    world.succeeds(&["run", "lanes.ron", "--study", "study", "--plan-only"]);
    world.write("study/pieces", "a file is in the way");
    let run = world.succeeds(&["run", "lanes.ron", "--study", "study", "--no-report"]);
    assert!(run.stderr.contains("warning: pieces cannot be kept in"), "{run}");
    assert_eq!(results(&world, "output"), plain);
    let share = world.sanda(&["shard", "study", "1/1"]);
    assert_eq!(share.code, Some(70), "{share}");
    assert!(share.stderr.contains("make room"), "{share}");
}

#[test]
fn another_scenario_is_not_the_study() {
    let world = World::with("lanes.ron", LANES);
    world.succeeds(&["run", "lanes.ron", "--study", "study", "--plan-only"]);
    world.write("lanes.ron", LANES.replace("servers: 3", "servers: 4"));
    let outcome = world.sanda(&["shard", "study", "1/1"]);
    assert_eq!(outcome.code, Some(2), "{outcome}");
    assert!(outcome.stderr.contains("another model than the study was made of"), "{outcome}");
    let none = world.sanda(&["shard", "nowhere", "1/1"]);
    assert!(none.code == Some(2) && none.stderr.contains("there is no"), "{none}");
    let wrong = world.sanda(&["shard", "study", "3/2"]);
    assert!(wrong.code == Some(2) && wrong.stderr.contains("the second of eight"), "{wrong}");
}

/// A run that is killed at any moment leaves only whole pieces, and the next one continues from there to the same bytes.
#[cfg(unix)]
#[test]
fn what_is_killed_goes_on_to_the_same_bytes() {
    let text = LANES.replace("replications: 3", "replications: 40");
    let world = World::with("lanes.ron", &text);
    let plain = plain(&world);
    let arguments = ["run", "lanes.ron", "--study", "study", "--no-report", "--quiet"];
    let n_pieces = || pieces(&world, "study").len();
    for number in 0..25 {
        let mut child = world.command(&arguments).stdout(std::process::Stdio::null()).spawn().unwrap();
        // The kill comes once that number of pieces is there, while the next is written, or at the end of the run.
        while n_pieces() < number * 3 / 2 && child.try_wait().unwrap().is_none() {
            std::hint::spin_loop();
        }
        // SIGKILL.
        let _ = child.kill();
        child.wait().unwrap();
    }
    let two: Vec<_> = (0..2)
        .map(|_| world.command(&arguments).stdout(std::process::Stdio::null()).spawn().unwrap())
        .collect();
    for mut child in two {
        assert!(child.wait().unwrap().success(), "two processes may use one folder");
    }
    assert_eq!(results(&world, "output"), plain);
    let merged = world.succeeds(&["merge", "copy", "study"]);
    assert_eq!(merged.stdout, "40 pieces added, 0 known already\n");
}

#[test]
fn published_results_are_reproduced_to_the_byte_or_told_apart() {
    let world = World::with("lanes.ron", LANES);
    world.succeeds(&[
        "run",
        "lanes.ron",
        "--no-report",
        "--set",
        "resources.customs.servers=4",
        "--seed",
        "3",
    ]);
    let results = "output/three-lanes/results.json";
    let reproduced = world.succeeds(&["reproduce", results]);
    assert!(
        reproduced.stdout.starts_with("reproduced: 3 replications, the same to the byte"),
        "{reproduced}"
    );
    let text = world.read(results);
    world.write(results, text.replacen("\"half_width\":", "\"half_width\":1", 1));
    let outcome = world.sanda(&["reproduce", results]);
    assert_eq!(outcome.code, Some(1), "{outcome}");
    assert!(outcome.stdout.starts_with("not reproduced: 1 line differs"), "{outcome}");
    world.write(results, "nothing");
    let outcome = world.sanda(&["reproduce", results]);
    assert_eq!(outcome.code, Some(2), "{outcome}");
    assert_eq!(outcome.stderr.matches("not JSON").count(), 1, "each cause is named once: {outcome}");
    world.write(results, &text);
    world.write("lanes.ron", LANES.replace("mean: 2.4", "mean: 2.5"));
    let outcome = world.sanda(&["reproduce", results]);
    assert_eq!(outcome.code, Some(4), "{outcome}");
    assert!(outcome.stderr.contains("is not the model of the published results"), "{outcome}");
}

/// The hidden folder keeps to its limit, the newest pieces last.
#[test]
fn the_hidden_folder_keeps_its_limit() {
    let world = World::with("lanes.ron", LANES);
    world.succeeds(&["run", "lanes.ron", "--no-report", "--pieces-limit", "0"]);
    let again = world.succeeds(&["run", "lanes.ron", "--no-report"]);
    assert!(!again.stderr.contains("existed already"), "{again}");
}
