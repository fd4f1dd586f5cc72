//! Ctrl-C and worse: finished replications are kept, and partial results never replace complete ones.
//!
//! The tests wait for output of the program, never for time to pass.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStderr, Command, Stdio};

use serde_json::Value;

use crate::world::{LANES, World};

/// A started program. One that a failed test leaves behind is killed; it would run for weeks.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // An error means that it has already ended.
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

/// Starts a run that does not end by itself.
fn endless(world: &World, more: &[&str]) -> (Running, BufReader<ChildStderr>) {
    let arguments = [&["run", "lanes.ron", "--no-report"], more].concat();
    let mut child = world.command(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let stderr = BufReader::new(child.stderr.take().unwrap());
    (Running(child), stderr)
}

/// Returns the next line of the program's progress, after the announcement; panics if it ends without one.
fn line(stderr: &mut BufReader<ChildStderr>) -> String {
    loop {
        let mut line = String::new();
        assert!(stderr.read_line(&mut line).unwrap() > 0, "the program ended");
        if !line.starts_with("three-lanes: about ") {
            return line;
        }
    }
}

#[test]
fn an_interrupted_run_keeps_the_replications_that_are_finished() {
    let world = World::with("lanes.ron", LANES);
    let (mut run, mut stderr) = endless(&world, &["--replications", "1000000"]);
    // Said after the first second, once at least one replication is merged.
    let progress = line(&mut stderr);
    // Three replications or more were finished by then, so the shares so far are shown too.
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
    // Every file says what it is of.
    assert_eq!(provenance["interrupted"], true);
    assert!(
        stdout.contains(&format!("This run was interrupted: {kept} of 1000000 replications")),
        "{stdout}"
    );
    assert!(stdout.contains(&format!("运行被中断：只完成了1000000次重复中的{kept}次")), "{stdout}");
    let mut results: Value = serde_json::from_str(&results).unwrap();
    assert_eq!(results.as_object_mut().unwrap().remove("interrupted_of"), Some(1_000_000.into()));
    let note = results["notes"].as_array_mut().unwrap().remove(0);
    assert!(note["en"].as_str().unwrap().contains("interrupted"), "{note}");
    // They are an unbroken prefix: a run of exactly that number gives the same results.
    world.succeeds(&["run", "lanes.ron", "--no-report", "--replications", &kept]);
    let whole: Value = serde_json::from_str(&world.read("output/three-lanes/results.json")).unwrap();
    assert!(results == whole);
    let provenance: Value = serde_json::from_str(&world.read("output/three-lanes/provenance.json")).unwrap();
    assert_eq!(provenance["interrupted"], false);
}

#[test]
fn partial_results_never_take_the_place_of_whole_ones() {
    let world = World::with("lanes.ron", LANES);
    world.succeeds(&["run", "lanes.ron", "--no-report"]);
    let whole = world.read("output/three-lanes/results.json");
    for _ in 0..2 {
        // The second interrupted run replaces the first.
        let (mut run, mut stderr) = endless(&world, &["--replications", "1000000"]);
        line(&mut stderr);
        run.signal("INT");
        let mut said = String::new();
        stderr.read_to_string(&mut said).unwrap();
        assert_eq!(run.code(), Some(130), "{said}");
        assert!(said.contains("are in `output/three-lanes.interrupted`"), "{said}");
        assert_eq!(world.read("output/three-lanes/results.json"), whole);
        assert!(world.read("output/three-lanes.interrupted/summary.txt").contains("interrupted"));
    }
    world.succeeds(&["run", "lanes.ron", "--no-report"]);
    assert_eq!(world.read("output/three-lanes/results.json"), whole);
}

/// `nohup` and the like: a signal that the parent ignores is ignored.
#[test]
fn signals_that_the_parent_ignores_stay_ignored() {
    let world = World::with("lanes.ron", LANES);
    let mut command = world.command(&[]);
    let program = command.get_program().to_owned();
    command = Command::new("sh");
    command.args(["-c", "trap '' HUP INT; exec \"$0\" run lanes.ron --no-report --replications 1000000"]);
    command.arg(program).current_dir(world.path("")).stdin(Stdio::null());
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut run = Running(child);
    line(&mut stderr);
    run.signal("HUP");
    run.signal("INT");
    // It continues: the next line of progress appears as if nothing had happened.
    assert!(line(&mut stderr).starts_with("three-lanes: "));
    run.signal("TERM");
    let mut said = String::new();
    stderr.read_to_string(&mut said).unwrap();
    assert_eq!(run.code(), Some(143), "{said}");
}

/// Waits until the program handles Ctrl-C.
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

/// One replication that takes hours.
#[cfg(target_os = "linux")]
const HOURS: [&str; 6] = [
    "--set",
    "run.measure=40000w",
    "--set",
    "flows.boxes.arrivals.mean=240",
    "--set",
    "resources.customs.servers=300",
];

/// A replication that does not end is not waited for.
#[cfg(target_os = "linux")]
#[test]
fn a_request_to_terminate_ends_a_replication_that_takes_hours() {
    for (signal, code) in [("TERM", 143), ("INT", 130), ("HUP", 129)] {
        let world = World::with("lanes.ron", LANES);
        let (mut run, mut stderr) = endless(&world, &HOURS);
        wait_until_it_listens(&run.0);
        run.signal(signal);
        let mut said = String::new();
        stderr.read_to_string(&mut said).unwrap();
        assert_eq!(run.code(), Some(code), "{said}");
        assert!(said.contains("no replication was complete, nothing was written"), "{said}");
        assert_eq!(world.files(), ["lanes.ron", "output/"]);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_second_interrupt_ends_at_once_and_writes_nothing() {
    let world = World::with("lanes.ron", LANES);
    world.succeeds(&["run", "lanes.ron"]);
    let (files, results) = (world.files(), world.read("output/three-lanes/results.json"));
    let (mut run, mut stderr) = endless(&world, &HOURS);
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
