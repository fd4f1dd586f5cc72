//! Too little memory: reported before the run if it can be predicted, and never an abort.

use std::process::{Command, Stdio};

use crate::world::{LANES, Outcome, World};

/// Runs the program with an address space of `kilobytes` kilobytes.
fn limited(world: &World, kilobytes: u64, arguments: &[&str]) -> Outcome {
    let program = world.command(&[]).get_program().to_owned();
    let mut command = Command::new("sh");
    command.arg("-c").arg(format!("ulimit -v {kilobytes}; exec \"$0\" \"$@\"")).arg(program).args(arguments);
    let output = command.current_dir(world.path("")).stdin(Stdio::null()).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Outcome { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

/// Returns a scenario in which 1.9 million shipments wait at the same time.
fn overloaded() -> String {
    LANES.replace("mean: 2.4, per", "mean: 2000, per")
}

#[test]
fn a_run_that_needs_more_memory_than_there_is_is_refused() {
    let world = World::with("lanes.ron", overloaded());
    let outcome = limited(&world, 2_200_000, &["run", "lanes.ron", "--no-report"]);
    assert_eq!(outcome.code, Some(2), "{outcome}");
    let error = outcome.stderr.lines().find(|line| line.starts_with("error: ")).unwrap();
    assert!(
        error.starts_with("error: a replication of `three-lanes` needs about 1.4 GB of memory, and "),
        "{error}"
    );
    assert!(error.contains("2.0 million shipments are in the network at the same time"), "{error}");
    assert_eq!(world.files(), ["lanes.ron"]);
}

/// A run that fits once, but not once per thread, uses fewer threads.
#[test]
fn fewer_replications_run_at_a_time_where_memory_is_scarce() {
    let world = World::with("lanes.ron", overloaded());
    let arguments = ["run", "lanes.ron", "--no-report", "--threads", "2", "--replications", "2"];
    let outcome = limited(&world, 3_800_000, &arguments);
    assert_eq!(outcome.code, Some(0), "{outcome}");
    assert!(outcome.stderr.contains("1 at a time instead of 2"), "{outcome}");
}

/// The estimate ignores closures: 2 million shipments accumulate behind one, with or without a failing allocation.
#[test]
fn memory_that_runs_out_is_an_error_and_no_abort() {
    let closed = r#"disruptions: { "strike": (targets: [Resource("customs")], when: Dated([(from: "2025-01-07T00:00", to: "2025-02-16T00:00")]), effect: Close) }, promises"#;
    let text = overloaded().replace("servers: 3", "servers: 3000").replace("promises", closed);
    let world = World::with("lanes.ron", text);
    let outcome = limited(&world, 1_900_000, &["run", "lanes.ron", "--no-report", "--threads", "1"]);
    assert_eq!(outcome.code, Some(70), "{outcome}");
    assert!(outcome.stderr.contains("memory"), "{outcome}");
    assert!(outcome.stderr.contains("hint: shorten the run"), "{outcome}");
    assert_eq!(world.files(), ["lanes.ron", "output/"]);
}
