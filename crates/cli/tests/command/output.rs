//! The output and the files of the commands when all is well, or almost.

use std::fs;
use std::process::Stdio;

use serde_json::Value;

use crate::world::{LANES, World, repository};

fn lanes() -> World {
    World::with("lanes.ron", LANES)
}

#[test]
fn a_run_writes_its_folder_and_prints_its_summary() {
    let world = lanes();
    let outcome = world.succeeds(&["run", "lanes.ron"]);
    assert_eq!(outcome.stdout, world.read("output/three-lanes/summary.txt"));
    for words in ["三条查验通道", "quick", "承诺", "promise", "3 h", "达标"] {
        assert!(outcome.stdout.contains(words), "{words} is missing in\n{}", outcome.stdout);
    }
    assert!(!outcome.stdout.contains('\u{1b}'), "colour in a pipe");
    insta::assert_snapshot!(outcome.stderr, @r"lanes.ron -> output/three-lanes");
    insta::assert_snapshot!(world.files().join("\n"), @r"
    lanes.ron
    output/
    output/three-lanes/
    output/three-lanes/figures/
    output/three-lanes/figures/flow-boxes.png
    output/three-lanes/figures/flow-boxes.svg
    output/three-lanes/figures/promise-quick.png
    output/three-lanes/figures/promise-quick.svg
    output/three-lanes/figures/resources.png
    output/three-lanes/figures/resources.svg
    output/three-lanes/figures/stages-boxes.png
    output/three-lanes/figures/stages-boxes.svg
    output/three-lanes/provenance.json
    output/three-lanes/report.html
    output/three-lanes/results.json
    output/three-lanes/summary.txt
    ");
    let report = world.read("output/three-lanes/report.html");
    assert!(report.starts_with("<!DOCTYPE html>") && report.contains("三条查验通道"));
    for figure in ["promise-quick", "resources"] {
        let picture = fs::read(world.path(&format!("output/three-lanes/figures/{figure}.png"))).unwrap();
        assert!(picture.starts_with(b"\x89PNG"));
        assert!(world.read(&format!("output/three-lanes/figures/{figure}.svg")).contains("<svg"));
    }
    let provenance: Value = serde_json::from_str(&world.read("output/three-lanes/provenance.json")).unwrap();
    assert_eq!(provenance["scenario_files"][0], "lanes.ron");
    assert_eq!(provenance["replications"], 3);
}

#[test]
fn options_reach_the_run() {
    let world = lanes();
    let arguments =
        ["run", "lanes.ron", "--replications", "2", "--seed", "11", "--threads", "1", "--no-report"];
    world.succeeds(&[&arguments[..], &["--out", "there", "--set", "resources.customs.servers=4"]].concat());
    let folder = "there/three-lanes";
    assert_eq!(
        world.files(),
        ["lanes.ron", "there/", "there/three-lanes/", "there/three-lanes/provenance.json"]
            .into_iter()
            .chain(["there/three-lanes/results.json", "there/three-lanes/summary.txt"])
            .collect::<Vec<_>>()
    );
    let results: Value = serde_json::from_str(&world.read(&format!("{folder}/results.json"))).unwrap();
    assert_eq!((&results["scenario"]["seed"], &results["scenario"]["replications"]), (&11.into(), &2.into()));
    let provenance: Value = serde_json::from_str(&world.read(&format!("{folder}/provenance.json"))).unwrap();
    assert_eq!(provenance["threads"], 1);
    // An override appears in every file of the run.
    let set = "resources.customs.servers=4";
    assert_eq!((&results["overrides"][0], &provenance["overrides"][0]), (&set.into(), &set.into()));
    let summary = world.read(&format!("{folder}/summary.txt"));
    assert!(summary.contains(&format!("Parameters were set for this run by --set: {set}")), "{summary}");
    world.succeeds(&["run", "lanes.ron", "--set", set]);
    assert!(world.read("output/three-lanes/report.html").contains(set));
    let waits = |servers: &str| {
        world.succeeds(&[
            "run",
            "lanes.ron",
            "--no-report",
            "--set",
            &format!("resources.customs.servers={servers}"),
        ]);
        let results: Value = serde_json::from_str(&world.read("output/three-lanes/results.json")).unwrap();
        results["metrics"]["resources.customs.wait.mean"]["estimate"].as_f64().unwrap()
    };
    assert!(waits("6") < waits("3"));
}

/// The promise of the README: same bytes for any number of threads, and again.
#[test]
fn results_do_not_depend_on_threads() {
    let world = World::new();
    let files =
        ["benches/models/mm1.ron", "scenarios/wujiashan-duisburg.ron", "scenarios/wuhan-baseline-2025.ron"];
    for file in files {
        let path = repository().join(file);
        let run = |out: &str, threads: &str| {
            let mut arguments =
                vec!["run", path.to_str().unwrap(), "--replications", "3", "--inputs", "2", "--no-report"];
            arguments.extend(["--out", out, "--threads", threads]);
            if file.contains("baseline") {
                arguments.extend(["--set", "run.measure=14d", "--set", "run.drain=70d"]);
                // The closure of September is beyond the end of such a short run.
                arguments.extend(["--set", "disruptions.polish-border-2025.active=false"]);
            }
            world.succeeds(&arguments);
        };
        run("one", "1");
        run("two", "2");
        run("again", "2");
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let results = |out: &str| world.read(&format!("{out}/{name}/results.json"));
        assert!(results("one") == results("two"), "{file}: results depend on threads");
        assert!(results("two") == results("again"), "{file}: results differ between runs");
        for out in ["one", "two", "again"] {
            fs::remove_dir_all(world.path(out)).unwrap();
        }
    }
}

#[test]
fn quiet_leaves_results_and_errors_only() {
    let world = lanes();
    let outcome = world.succeeds(&["run", "lanes.ron", "--quiet", "--no-report"]);
    assert_eq!(outcome.stderr, "");
    assert_eq!(outcome.stdout, world.read("output/three-lanes/summary.txt"));
    assert_eq!(world.succeeds(&["validate", "-q", "lanes.ron"]).to_string(), "exit code 0");
    assert!(world.sanda(&["validate", "-q", "none.ron"]).stderr.contains("no such file"));
}

#[test]
fn several_scenarios_in_one_call() {
    let world = lanes();
    world.write(
        "wide.ron",
        r#"(schema: 1, name: "wide", base: "lanes.ron", changes: { "resources.customs.servers": 5 })"#,
    );
    let outcome = world.succeeds(&["run", "lanes.ron", "wide.ron", "--no-report"]);
    let summaries = ["three-lanes", "wide"].map(|name| world.read(&format!("output/{name}/summary.txt")));
    // The summaries, then all in one table.
    let table = outcome.stdout.strip_prefix(&summaries.join("\n")).unwrap_or(&outcome.stdout);
    insta::assert_snapshot!(table.trim_start(), @r"
    ──────────────────────────────────────────────────────────────────────
     情景                  承诺      按时送达率     参数抽样   判定
     scenario              promise   share kept     draws      verdict
    ══════════════════════════════════════════════════════════════════════
     三条查验通道          quick     80%            –          ✗ 未达标
     Three customs lanes             [72–85%]                    not kept
    ──────────────────────────────────────────────────────────────────────
     wide                  quick     95.1%          –          ✓ 达标
                                     [94.3–95.8%]                kept
    ──────────────────────────────────────────────────────────────────────
    ");
}

#[test]
fn input_ranges_change_nothing_else_and_can_be_left_out() {
    let world = World::new();
    let sources = r#"servers: 3, sources: { "servers": (from: "assumed", range: [2, 4]) }"#;
    world.write("lanes.ron", LANES.replace("servers: 3", sources));
    let run = |out: &str, more: &[&str]| {
        let arguments = ["run", "lanes.ron", "--no-report", "--out", out];
        world.succeeds(&[&arguments[..], more].concat());
        let json = world.read(&format!("{out}/three-lanes/results.json"));
        serde_json::from_str::<Value>(&json).unwrap()
    };
    // Three replications are too few to try inputs unasked.
    let default = run("default", &[]);
    assert!(default["promises"]["quick"].get("inputs").is_none());
    assert_eq!(run("none", &["--inputs", "0"]), default);
    let mut asked = run("asked", &["--inputs", "6", "--threads", "1"]);
    assert_eq!(run("two", &["--inputs", "6", "--threads", "2"]), asked);
    let mut by_scenario = run("by-scenario", &["--set", "run.input_points=6"]);
    assert_eq!(by_scenario.as_object_mut().unwrap().remove("overrides").unwrap()[0], "run.input_points=6");
    by_scenario["notes"].as_array_mut().unwrap().remove(0);
    assert!(by_scenario == asked);
    let inputs = asked["promises"]["quick"].as_object_mut().unwrap().remove("inputs").unwrap();
    assert_eq!(asked, default);
    assert_eq!((&inputs["points"], &inputs["parameters"]), (&6.into(), &1.into()));
    // With two servers, 2.4 boxes an hour with an hour's work each accumulate; with four nearly all are done within 3 h.
    assert!(inputs["low"].as_f64() < Some(0.1) && inputs["high"].as_f64() > Some(0.9), "{inputs}");
    let summary = world.read("asked/three-lanes/summary.txt");
    assert!(summary.contains("1个取值不确定的参数在其区间内抽样6次，不计偶然性"), "{summary}");
    assert_eq!((&inputs["ends"], &inputs["kept_points"]), (&"lowest-highest".into(), &1.into()), "{inputs}");
    assert!(summary.contains("✓ 1/6"), "{summary}");
}

#[test]
fn a_refused_run_leaves_the_old_folder() {
    let world = lanes();
    world.succeeds(&["run", "lanes.ron"]);
    let (files, results) = (world.files(), world.read("output/three-lanes/results.json"));
    let outcome = world.sanda(&["run", "lanes.ron", "--set", "run.measure=0h"]);
    assert_eq!(outcome.code, Some(2), "{outcome}");
    assert_eq!((world.files(), world.read("output/three-lanes/results.json")), (files, results));
}

#[test]
fn a_shorter_run_leaves_no_figure_of_the_longer_one() {
    let world = lanes();
    world.succeeds(&["run", "lanes.ron"]);
    world.succeeds(&["run", "lanes.ron", "--no-report"]);
    assert!(!world.path("output/three-lanes/figures").exists());
}

#[test]
fn validation_says_what_is_sound_and_writes_nothing() {
    let world = lanes();
    insta::assert_snapshot!(world.sanda(&["validate", "lanes.ron"]), @r"
    exit code 0
    --- stderr
    lanes.ron: sound
    ");
    world.write("bad.ron", LANES.replace("servers: 3", "servers: 0"));
    insta::assert_snapshot!(world.sanda(&["validate", "bad.ron", "lanes.ron"]), @r#"
    exit code 2
    --- stderr
    error: `0` is not greater than zero
     --> bad.ron:7:51
      |
    7 |     resources: { "customs": (at: "gate", servers: 0) },
      |                                                   ^ expected more than zero
      |
      = path: resources.customs.servers

    lanes.ron: sound
    error: 1 of 2 scenarios cannot be used
    "#);
    assert_eq!(world.files(), ["bad.ron", "lanes.ron"]);
}

#[test]
fn the_schema_is_text_for_people_and_json_for_programs() {
    let world = World::new();
    let text = world.succeeds(&["schema"]).stdout;
    assert!(text.starts_with("The scenario language, version 1\n"));
    assert!(text.lines().all(|line| line.chars().count() <= 120), "a line is too long for a terminal");
    let json: Value = serde_json::from_str(&world.succeeds(&["schema", "--json"]).stdout).unwrap();
    assert_eq!(json["root"], "Scenario");
}

#[test]
fn one_entry_of_the_schema_is_found_by_what_people_call_it() {
    let world = World::new();
    let entry = |name: &str| world.succeeds(&["schema", name]).stdout;
    insta::assert_snapshot!(entry("cutoff"), @r#"
    cutoff of Service
    =================
      cutoff: duration = "0h"
          How long before the scheduled departure a shipment must be ready. Raising it makes more
          shipments wait for the next departure.
    "#);
    assert!(entry("Resource").starts_with("Resource\n  Servers at a node"));
    for name in ["resource", "resources", "RESOURCE"] {
        assert_eq!(entry(name), entry("Resource"), "{name}");
    }
    assert!(entry("poisson").starts_with("Poisson (Arrivals)\n"));
    assert!(entry("log-normal").contains("LogNormal"));
    insta::assert_snapshot!(world.sanda(&["schema", "capcity"]), @r"
    exit code 2
    --- stderr
    error: the language has no `capcity`
    hint: did you mean `Capacity`?
    ");
}

/// Every reference of the JSON Schema resolves, and every section has its entry.
#[test]
fn the_json_schema_is_whole() {
    fn references(value: &Value, all: &mut Vec<String>) {
        match value {
            Value::Object(fields) => {
                all.extend(fields.get("$ref").and_then(Value::as_str).map(str::to_owned));
                fields.values().for_each(|value| references(value, all));
            }
            Value::Array(items) => items.iter().for_each(|value| references(value, all)),
            _ => {}
        }
    }
    let schema: Value =
        serde_json::from_str(&World::new().succeeds(&["schema", "--json-schema"]).stdout).unwrap();
    let mut all = Vec::new();
    references(&schema, &mut all);
    assert!(all.len() > 200, "{} references", all.len());
    for reference in all {
        let name = reference.strip_prefix("#/$defs/").unwrap();
        assert!(schema["$defs"].get(name).is_some(), "{reference} leads nowhere");
    }
    for section in ["nodes", "resources", "flows", "services", "promises", "base", "changes"] {
        assert!(schema["properties"].get(section).is_some(), "{section}");
    }
    let resource = &schema["$defs"]["Resource"];
    assert_eq!(resource["required"], serde_json::json!(["at"]));
    assert_eq!(resource["additionalProperties"], false);
    assert!(resource["properties"].get("sources").is_some());
}

/// The examples at the end of the schema run.
#[test]
fn the_examples_of_the_schema_run() {
    let world = World::new();
    let schema = world.succeeds(&["schema"]).stdout;
    let examples: Vec<&str> =
        schema.split("\n(\n").skip(1).map(|rest| rest.split("\n)\n").next().unwrap()).collect();
    assert_eq!(examples.len(), 2);
    for example in examples {
        world.write("example.ron", format!("(\n{example}\n)\n"));
        world.succeeds(&["run", "example.ron", "--replications", "2", "--no-report"]);
    }
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let world = lanes();
    for arguments in
        [&["schema"][..], &["run", "lanes.ron", "--no-report"], &["help"], &["completions", "bash"]]
    {
        let mut child =
            world.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        drop(child.stderr.take());
        assert_eq!(child.wait().unwrap().code(), Some(0), "{arguments:?}");
    }
    let mut child = world.command(&["run", "none.ron"]).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stderr.take());
    assert_eq!(child.wait().unwrap().code(), Some(2));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_a_failure() {
    let full = || fs::File::options().write(true).open("/dev/full").unwrap();
    let output = lanes().command(&["schema"]).stdout(full()).output().unwrap();
    assert_eq!(output.status.code(), Some(70));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(stderr, "error: cannot print: No space left on device (os error 28)\n");
}

/// For a scenario with some sources, the number of missing ones is reported; for one without any, nothing.
#[test]
fn validate_counts_and_lists_parameters_without_a_source() {
    const TEXT: &str = r#"(
    schema: 1, name: "lanes", run: (measure: "30d"), nodes: { "gate": () },
    resources: { "customs": (at: "gate", servers: 3, sources: { "servers": (from: "counted", confidence: High) }) },
    flows: { "boxes": (arrivals: Poisson(mean: 2, per: "1h"), size: "2 TEU", steps: [Work(resource: "customs", time: "1h")]) },
)"#;
    let world = World::with("lanes.ron", TEXT);
    insta::assert_snapshot!(world.sanda(&["validate", "lanes.ron"]), @r"
    exit code 0
    --- stderr
    lanes.ron: sound, 3 of 4 parameters without a source (--sources lists them)
    ");
    insta::assert_snapshot!(world.sanda(&["validate", "--sources", "lanes.ron"]), @r"
    exit code 0
    --- stdout
    lanes.ron: flows.boxes.arrivals.mean
    lanes.ron: flows.boxes.size
    lanes.ron: flows.boxes.steps[0].time
    --- stderr
    lanes.ron: sound, 3 of 4 parameters without a source
    ");
    let bare = TEXT.replace(r#", sources: { "servers": (from: "counted", confidence: High) }"#, "");
    let world = World::with("lanes.ron", bare);
    insta::assert_snapshot!(world.sanda(&["validate", "lanes.ron"]), @r"
    exit code 0
    --- stderr
    lanes.ron: sound
    ");
}

/// Every file that programs read has a schema, which names its fields and says what they are.
#[test]
fn files_have_schemas() {
    let world = World::new();
    for file in [
        "results.json",
        "provenance.json",
        "compare.json",
        "sweep.json",
        "warm-up.json",
        "check.json",
        "baseline.json",
    ] {
        let printed = world.succeeds(&["schema", "--of", file]).stdout;
        let schema: Value = serde_json::from_str(&printed).unwrap();
        assert_eq!(schema["type"], "object", "{file}");
        assert!(schema["properties"]["schema"].is_object() || file == "baseline.json", "{file}: {printed}");
        assert!(schema["description"].as_str().is_some_and(|text| !text.is_empty()), "{file}");
    }
    let outcome = world.sanda(&["schema", "--of", "report.json"]);
    assert_eq!(outcome.code, Some(2), "{outcome}");
    assert!(outcome.stderr.contains("expected one of results.json"), "{outcome}");
}
