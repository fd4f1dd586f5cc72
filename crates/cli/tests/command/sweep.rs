//! `sanda sweep` from outside: its folder, its refusals, and that no replication is lost.

use std::fs;

use serde_json::Value;

use crate::world::{LANES, World};

const SERVERS: &str = "resources.customs.servers=3,4,5";

fn lanes() -> World {
    World::with("lanes.ron", LANES)
}

#[test]
fn a_sweep_writes_its_folder_and_prints_its_table() {
    let world = lanes();
    let outcome = world.succeeds(&["sweep", "lanes.ron", "--vary", SERVERS, "--replications", "10"]);
    assert_eq!(outcome.stdout, world.read("output/three-lanes.sweep/summary.txt"));
    insta::assert_snapshot!(outcome, @"
    exit code 0
    --- stdout
    三条查验通道 Three customs lanes
    网格 grid: 3个参数点 points, 每点10次重复 replications a point, 种子 seed 7

    quick  目标 target 90%
    ───────────────────────────────────────────────────────────────────────────
     #   resources.customs.servers             按时送达率          与第1点之差
                                               share kept           to point 1
    ═══════════════════════════════════════════════════════════════════════════
     1                           3         ✗ 79% [75–83%]                    –
     2                           4   ✓ 93.4% [92.6–94.1%]   +14 pp [+10 … +17]
     3                           5   ✓ 94.9% [94.5–95.3%]   +15 pp [+11 … +19]
    ───────────────────────────────────────────────────────────────────────────

     方括号内为95%置信区间，只反映偶然性；差值为与第1点之差，各点用同一组随机数
     in brackets 95 % intervals, of chance alone; differences are to point 1, under the same luck
    --- stderr
    lanes.ron -> output/three-lanes.sweep
    ");
    insta::assert_snapshot!(world.files().join("\n"), @"
    lanes.ron
    output/
    output/three-lanes.sweep/
    output/three-lanes.sweep/figures/
    output/three-lanes.sweep/figures/sweep-quick.png
    output/three-lanes.sweep/figures/sweep-quick.svg
    output/three-lanes.sweep/summary.txt
    output/three-lanes.sweep/sweep.csv
    output/three-lanes.sweep/sweep.json
    output/three-lanes.sweep/sweep.parquet
    ");
    let png = fs::read(world.path("output/three-lanes.sweep/figures/sweep-quick.png")).unwrap();
    assert!(png.starts_with(b"\x89PNG"));
    let sweep: Value = serde_json::from_str(&world.read("output/three-lanes.sweep/sweep.json")).unwrap();
    assert_eq!((&sweep["points"][2]["numbers"][0], &sweep["design"]), (&5.0.into(), &"grid".into()));
}

/// The estimates of a point are those of a run with its parameters, from the same pieces.
#[test]
fn a_point_is_a_run_with_its_parameters() {
    let world = lanes();
    world.succeeds(&["sweep", "lanes.ron", "--vary", SERVERS, "--replications", "10"]);
    let arguments =
        ["run", "lanes.ron", "--no-report", "--replications", "10", "--set", "resources.customs.servers=4"];
    let outcome = world.succeeds(&arguments);
    assert!(outcome.stderr.contains("10 of 10 replications existed already"), "{outcome}");
    let results: Value = serde_json::from_str(&world.read("output/three-lanes/results.json")).unwrap();
    let sweep: Value = serde_json::from_str(&world.read("output/three-lanes.sweep/sweep.json")).unwrap();
    assert_eq!(sweep["points"][1]["digest"], results["digest"]);
    for metric in sweep["metrics"].as_array().unwrap() {
        let path = metric["path"].as_str().unwrap();
        let of_run = if path == "promises.quick.share" {
            &results["promises"]["quick"]["share"]
        } else {
            &results["metrics"][path]
        };
        // A mean that leaves out the unfinished says so in both.
        assert_eq!(&metric["values"][1]["figure"], of_run, "{path}");
    }
}

/// Every number of the table is that of `sweep.json`, to the bit.
#[test]
fn the_tidy_table_reads_back() {
    let world = lanes();
    world.succeeds(&[
        "sweep",
        "lanes.ron",
        "--vary",
        "run.warm_up=7d,14d",
        "--vary",
        SERVERS,
        "--metrics",
        "*.share",
        "--metrics",
        "*.p9*",
    ]);
    let sweep: Value = serde_json::from_str(&world.read("output/three-lanes.sweep/sweep.json")).unwrap();
    let csv = world.read("output/three-lanes.sweep/sweep.csv");
    let mut lines = csv.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    assert_eq!(
        header[..5],
        ["point", "run.warm_up", "run.warm_up [d]", "resources.customs.servers", "metric"]
    );
    let column = |name: &str| header.iter().position(|other| *other == name).unwrap();
    let metrics = sweep["metrics"].as_array().unwrap();
    let mut n_rows = 0;
    for (row, line) in lines.enumerate() {
        let fields: Vec<&str> = line.split(',').collect();
        let (point, metric) = (row / metrics.len(), &metrics[row % metrics.len()]);
        assert_eq!(fields[column("point")], (point + 1).to_string());
        assert_eq!(fields[column("metric")], metric["path"].as_str().unwrap());
        assert_eq!(fields[column("run.warm_up")], sweep["points"][point]["values"][0].as_str().unwrap());
        let value = &metric["values"][point];
        for (name, number) in [
            ("estimate", &value["figure"]["estimate"]),
            ("ci_low", &value["figure"]["ci_low"]),
            ("difference", &value["difference"]["estimate"]),
        ] {
            assert_eq!(fields[column(name)].parse().ok(), number.as_f64(), "{name} in {line}");
        }
        n_rows += 1;
    }
    assert_eq!(n_rows, 6 * metrics.len());
}

#[test]
fn tables_do_not_depend_on_threads_and_unchanged_points_differ_by_nothing() {
    let world = lanes();
    // Two of the points are one model.
    let arguments = [
        "sweep",
        "lanes.ron",
        "--vary",
        "run.measure=28d,4w",
        "--vary",
        SERVERS,
        "--no-pieces",
        "--no-report",
    ];
    for (out, threads) in [("one", "1"), ("two", "2")] {
        world.succeeds(&[&arguments[..], &["--out", out, "--threads", threads]].concat());
    }
    for file in ["sweep.csv", "sweep.json", "sweep.parquet", "summary.txt"] {
        let read = |out: &str| fs::read(world.path(&format!("{out}/three-lanes.sweep/{file}"))).unwrap();
        assert!(read("one") == read("two"), "{file}");
    }
    let sweep: Value = serde_json::from_str(&world.read("one/three-lanes.sweep/sweep.json")).unwrap();
    let share = &sweep["metrics"][0]["values"];
    assert_eq!((&share[3]["is_same"], &share[3]["difference"]["estimate"]), (&true.into(), &0.0.into()));
    assert!(share[1].get("is_same").is_none());
    assert!(world.read("one/three-lanes.sweep/summary.txt").contains("Points 1, 4 are the same model"));
}

#[test]
fn a_latin_hypercube_and_a_list_of_points() {
    let world = lanes();
    let ranges = ["--vary", "resources.customs.servers=3..6", "--vary", "flows.boxes.arrivals.mean=2.0..2.6"];
    let run = |out: &str, more: &[&str]| {
        world.succeeds(&[&["sweep", "lanes.ron", "--replications", "2", "--out", out], more].concat());
        world.read(&format!("{out}/three-lanes.sweep/sweep.csv"))
    };
    let latin = run("a", &[&ranges[..], &["--latin", "4"]].concat());
    assert_eq!(run("b", &[&ranges[..], &["--latin", "4"]].concat()), latin);
    let sweep: Value = serde_json::from_str(&world.read("a/three-lanes.sweep/sweep.json")).unwrap();
    let points = sweep["points"].as_array().unwrap();
    let value = |point: &Value, place: usize| point["values"][place].as_str().unwrap().to_owned();
    let lines = points.iter().map(|point| [value(point, 0), value(point, 1)].join(","));
    let header = "resources.customs.servers,flows.boxes.arrivals.mean".to_owned();
    let table = std::iter::once(header).chain(lines).collect::<Vec<_>>().join("\n");
    world.write("points.csv", table);
    assert_eq!(run("c", &["--points", "points.csv"]), latin);
}

#[test]
fn everything_wrong_is_said_before_anything_is_simulated() {
    let world = lanes();
    insta::assert_snapshot!(world.sanda(&["sweep", "lanes.ron", "--vary", "resources.customs.servers=0,3,0.5", "--vary", "resources.custom.servers=1,2"]), @"
    exit code 2
    --- stderr
    error: the scenario is not sound at point 1 (resources.customs.servers=0, resources.custom.servers=1):
    error: `0` is not greater than zero
     --> --vary #1:1:27
      |
    1 | resources.customs.servers=0
      |                           ^ expected more than zero
      |
      = path: resources.customs.servers

    error: `resources` has no `custom`
     --> --vary #2:1:1
      |
    1 | resources.custom.servers=1
      | ^^^^^^^^^^^^^^^^^^^^^^^^ expected `customs`
      |
      = path: resources.custom.servers
    hint: did you mean `resources.customs.servers`?

    error: the scenario is not sound at point 5 (resources.customs.servers=0.5, resources.custom.servers=1):
    error: expected a whole number, 0 or more, found the number 0.5
     --> --vary #1:1:27
      |
    1 | resources.customs.servers=0.5
      |                           ^^^ expected a whole number, 0 or more
      |
      = path: resources.customs.servers

    error: 6 of 6 points cannot be used; nothing was simulated
    ");
    insta::assert_snapshot!(world.sanda(&["sweep", "lanes.ron", "--vary", "run.measure=2w..1w step 1d", "--metrics", "flows.boxs.*", "--precision", "quik: 0.5pp, p90: 6, quick: 1h, mean"]), @"
    exit code 2
    --- stderr
    error: --vary: the range `2w..1w` of `run.measure` is empty: its first end is not below its second
    hint: did you mean `run.measure=1w..2w`?
    error: --metrics: `flows.boxs.*` is no promise and no metric of this scenario; expected a path such as `flows.ID.clocks.door-to-door.p90`
    hint: did you mean `flows.boxes.teu`?
    error: --precision: `quik` is no promise and no metric of this scenario; expected a path such as `flows.ID.clocks.door-to-door.p90`
    hint: did you mean `quick`?
    error: --precision: `p90: 6`: `6` is no half-width of this metric; expected a time, or a relative half-width in per cent, above zero
    hint: for example `6h`, `0.5d` or `2%`
    error: --precision: `quick: 1h`: `1h` is no half-width of this metric; expected percentage points, or a relative half-width in per cent, above zero
    hint: for example `0.5pp` or `2%`
    error: --precision: `mean` asks for nothing; expected NAME: HALF-WIDTH
    hint: for example `rail-half-month: 0.5pp, p90: 6h`
    ");
    insta::assert_snapshot!(world.sanda(&["sweep", "lanes.ron", "--points", "none.csv"]), @"
    exit code 2
    --- stderr
    error: --points none.csv: cannot be read: No such file or directory (os error 2)
    hint: name a CSV file whose header names the paths
    ");
    assert_eq!(world.files(), ["lanes.ron"]);
}

#[test]
fn a_planned_sweep_is_made_by_shards() {
    let world = lanes();
    let arguments = ["sweep", "lanes.ron", "--vary", SERVERS, "--study", "study"];
    world.succeeds(&[&arguments[..], &["--plan-only"]].concat());
    world.succeeds(&["shard", "study", "1/2"]);
    world.succeeds(&["shard", "study", "2/2"]);
    let outcome = world.succeeds(&arguments);
    assert!(outcome.stderr.contains("9 of 9 replications existed already"), "{outcome}");
    let by_shards = world.read("output/three-lanes.sweep/sweep.csv");
    world.succeeds(&["sweep", "lanes.ron", "--vary", SERVERS, "--no-pieces", "--out", "anew"]);
    assert_eq!(world.read("anew/three-lanes.sweep/sweep.csv"), by_shards);
}

/// Stops a long sweep by a signal once it has reported progress; returns its exit code and further output.
#[cfg(unix)]
fn stopped(world: &World, signal: &str) -> (Option<i32>, String) {
    use std::io::{BufRead, BufReader, Read};
    use std::process::{Command, Stdio};

    let arguments =
        ["sweep", "lanes.ron", "--vary", SERVERS, "--replications", "2000", "--set", "run.measure=20w"];
    let mut child = world.command(&arguments).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut said = String::new();
    while !said.contains(" of 6000 replications") {
        assert!(stderr.read_line(&mut said).unwrap() > 0, "the program ended: {said}");
    }
    let kill = format!("kill -{signal} {}", child.id());
    assert!(Command::new("sh").arg("-c").arg(kill).status().unwrap().success());
    said.clear();
    stderr.read_to_string(&mut said).unwrap();
    (child.wait().unwrap().code(), said)
}

/// Replications before a kill are read again, and the tables have the same bytes as those of an undisturbed sweep.
#[cfg(unix)]
#[test]
fn a_killed_sweep_goes_on_and_gives_the_same_bytes() {
    let world = lanes();
    assert_eq!(stopped(&world, "KILL").0, None);
    assert!(!world.path("output/three-lanes.sweep").exists());
    let (code, said) = stopped(&world, "INT");
    assert_eq!(code, Some(130), "{said}");
    assert!(said.contains("give the same command again to go on"), "{said}");
    assert!(!world.path("output/three-lanes.sweep").exists());
    // Fewer replications of the same points: the pieces are a prefix of theirs.
    let arguments = [
        "sweep",
        "lanes.ron",
        "--vary",
        SERVERS,
        "--replications",
        "40",
        "--set",
        "run.measure=20w",
        "--no-report",
    ];
    let outcome = world.succeeds(&arguments);
    assert!(outcome.stderr.contains("replications existed already"), "{outcome}");
    world.succeeds(&[&arguments[..], &["--no-pieces", "--out", "anew"]].concat());
    for file in ["sweep.csv", "sweep.json", "sweep.parquet"] {
        let read = |out: &str| fs::read(world.path(&format!("{out}/three-lanes.sweep/{file}"))).unwrap();
        assert!(read("output") == read("anew"), "{file}");
    }
}

/// A run to a precision equals a run of as many replications, except for the report on the precision.
#[test]
fn a_precision_decides_the_number_of_replications_and_nothing_else() {
    let world = lanes();
    let asked = ["run", "lanes.ron", "--no-report", "--precision", "quick: 3pp, p90: 8%"];
    let run = |out: &str, arguments: &[&str]| -> Value {
        world.succeeds(&[arguments, &["--out", out]].concat());
        serde_json::from_str(&world.read(&format!("{out}/three-lanes/results.json"))).unwrap()
    };
    let mut one = run("one", &[&asked[..], &["--threads", "1"]].concat());
    assert!(one == run("two", &[&asked[..], &["--threads", "2", "--no-pieces"]].concat()));
    let n = one["scenario"]["replications"].to_string();
    let whole = run("whole", &["run", "lanes.ron", "--no-report", "--replications", &n]);
    let report = one.as_object_mut().unwrap().remove("precision").unwrap();
    let note = one["notes"].as_array_mut().unwrap().remove(0);
    assert!(one == whole);
    assert_eq!((&report["is_reached"], report["entries"].as_array().unwrap().len()), (&true.into(), 2));
    assert!(note["en"].as_str().unwrap().contains(&n), "{note}");
    let provenance: Value = serde_json::from_str(&world.read("one/three-lanes/provenance.json")).unwrap();
    assert_eq!(provenance["precision"], "promises.quick.share: 3pp, flows.boxes.clocks.door-to-door.p90: 8%");
    world.succeeds(&["reproduce", "one/three-lanes/results.json"]);
    // More precision simulates only the difference.
    let more =
        world.succeeds(&["run", "lanes.ron", "--no-report", "--out", "one", "--precision", "quick: 2pp"]);
    assert!(more.stderr.contains("existed already"), "{more}");
}

#[test]
fn a_precision_beyond_the_budget_says_what_it_would_take() {
    let world = lanes();
    let outcome = world.succeeds(&[
        "run",
        "lanes.ron",
        "--no-report",
        "--precision",
        "quick: 0.1pp, mean: 50%",
        "--budget",
        "12",
    ]);
    let results: Value = serde_json::from_str(&world.read("output/three-lanes/results.json")).unwrap();
    let (report, entries) = (&results["precision"], &results["precision"]["entries"]);
    assert_eq!((&report["is_reached"], &report["budget"]), (&false.into(), &12.into()));
    assert_eq!((&entries[0]["is_reached"], &entries[1]["is_reached"]), (&false.into(), &true.into()));
    assert!(entries[0]["needed"].as_u64() > Some(1000), "{entries}");
    assert!(
        outcome.stdout.contains("After 12 replications the precision asked for is not reached"),
        "{outcome}"
    );
    assert!(results.get("interrupted_of").is_none());
    world.succeeds(&["sweep", "lanes.ron", "--vary", SERVERS, "--precision", "quick: 3pp", "--budget", "30"]);
    let summary = world.read("output/three-lanes.sweep/summary.txt");
    assert!(summary.contains("not reached within the budget at points 1"), "{summary}");
    let sweep: Value = serde_json::from_str(&world.read("output/three-lanes.sweep/sweep.json")).unwrap();
    let replications = |point: usize| sweep["points"][point]["replications"].as_u64().unwrap();
    assert!(replications(0) == 30 && replications(1) >= 15 && replications(1) < 30, "{sweep}");
}
