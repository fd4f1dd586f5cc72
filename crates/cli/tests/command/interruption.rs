//! Ctrl-C and worse: what is finished is kept, and half a result never takes the place of a whole one.
//!
//! The tests wait for what the program says, never for time to pass.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStderr, Command, Stdio};

use serde_json::Value;

use crate::world::{LANES, World};

/// A started program. One that a failed test leaves behind is killed: it would run for weeks.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // An error says that it has ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Running {
    /// Sends a signal by name, as a shell would.
    fn signal(&self, name: &str) {
        let kill = format!("kill -{name} {}", self.0.id());
        assert!(Command::new("sh").arg("-c").arg(kill).status().unwrap().success());
    }

    /// Waits for its end.
    fn code(&mut self) -> Option<i32> {
        self.0.wait().unwrap().code()
    }
}

/// Starts a run that is not going to end by itself.
fn endless(world: &World, more: &[&str]) -> (Running, BufReader<ChildStderr>) {
    let arguments = [&["run", "lanes.ron", "--no-report"], more].concat();
    let mut child = world.command(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let stderr = BufReader::new(child.stderr.take().unwrap());
    (Running(child), stderr)
}

/// The next line that the program says; panics if it ends without one.
fn line(stderr: &mut BufReader<ChildStderr>) -> String {
    let mut line = String::new();
    assert!(stderr.read_line(&mut line).unwrap() > 0, "the program ended");
    line
}

#[test]
fn an_interrupted_run_keeps_the_replications_that_are_finished() {
    let world = World::with("lanes.ron", LANES);
    let (mut run, mut stderr) = endless(&world, &["--replications", "1000000"]);
    // Said after the first second, once at least one replication is merged.
    let progress = line(&mut stderr);
    // Three of them, and more, were over by then: what they say is told as well.
    let said =
        progress.strip_prefix("three-lanes: ").and_then(|said| said.trim_end().split_once("; so far quick "));
    let (done, kept) = said.unwrap_or_else(|| panic!("{progress}"));
    assert!(done.ends_with(" of 1000000 replications") && kept.ends_with("%]"), "{progress}");
    run.signal("INT");
    let mut said = String::new();
    stderr.read_to_string(&mut said).unwrap();
    assert_eq!(run.code(), Some(130), "{said}");

    let results = world.read("output/three-lanes/results.json");
    let provenance: Value = serde_json::from_str(&world.read("output/three-lanes/provenance.json")).unwrap();
    let kept = provenance["replications"].to_string();
    assert!(
        said.contains(&format!("three-lanes: interrupted, kept {kept} of 1000000 replications")),
        "{said}"
    );
    let mut stdout = String::new();
    run.0.stdout.take().unwrap().read_to_string(&mut stdout).unwrap();
    assert_eq!(stdout, world.read("output/three-lanes/summary.txt"));
    // They are an unbroken prefix: a run of just so many gives the same bytes.
    world.succeeds(&["run", "lanes.ron", "--no-report", "--replications", &kept]);
    assert!(results == world.read("output/three-lanes/results.json"));
}

/// Waits until the program has its own answer to Ctrl-C.
#[cfg(target_os = "linux")]
fn wait_until_it_listens(child: &Child) {
    const INTERRUPT: u64 = 1 << (2 - 1);
    loop {
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
        let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:")).unwrap().trim();
        if u64::from_str_radix(caught, 16).unwrap() & INTERRUPT != 0 {
            return;
        }
        std::thread::yield_now();
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_second_interrupt_ends_at_once_and_writes_nothing() {
    let world = World::with("lanes.ron", LANES);
    world.succeeds(&["run", "lanes.ron"]);
    let (files, results) = (world.files(), world.read("output/three-lanes/results.json"));
    // One replication that takes hours.
    let sets = ["run.measure=40000w", "flows.boxes.arrivals.mean=240", "resources.customs.servers=300"];
    let sets: Vec<&str> = sets.iter().flat_map(|set| ["--set", set]).collect();
    let (mut run, mut stderr) = endless(&world, &sets);
    wait_until_it_listens(&run.0);
    run.signal("INT");
    while !line(&mut stderr).starts_with("interrupted: ") {}
    run.signal("INT");
    assert_eq!(run.code(), Some(130));
    assert_eq!((world.files(), world.read("output/three-lanes/results.json")), (files, results));
}

#[test]
fn a_killed_run_leaves_the_old_folder() {
    let world = World::with("lanes.ron", LANES);
    world.succeeds(&["run", "lanes.ron"]);
    let (files, results) = (world.files(), world.read("output/three-lanes/results.json"));
    let (mut run, mut stderr) = endless(&world, &["--replications", "1000000"]);
    line(&mut stderr);
    run.signal("KILL");
    assert_eq!(run.code(), None);
    assert_eq!((world.files(), world.read("output/three-lanes/results.json")), (files, results));
}
