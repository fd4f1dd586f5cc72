//! The regression gate from outside: what a person blesses, the verdict on a planted change, and what cannot be compared.

use serde_json::{Value, json};

use crate::world::{LANES, Outcome, World};

/// Boxes cleared at customs, then by train over a border: times of days, so that the default margins are meaningful.
const CORRIDOR: &str = r#"(
    schema: 1,
    name: "corridor",
    start: "2025-01-06T00:00[UTC]",
    run: (warm_up: "14d", measure: "84d", drain: "42d", replications: 20, seed: 7),
    nodes: { "yard": (), "border": (), "away": () },
    resources: { "customs": (at: "yard", servers: 2), "gauge": (at: "border", servers: 4) },
    services: {
        "train": (mode: Rail, stops: ["yard", "border", "away"], departs: Every(period: "24h", offset: "6h"), cutoff: "2h",
            running: ["48h", "60h"], capacity: "40 shipments", at_stop: { "border": [Work(resource: "gauge", time: Uniform(min: "4h", max: "20h"))] }),
    },
    flows: {
        "boxes": (arrivals: Poisson(mean: 20, per: "24h"), steps: [
            Work(resource: "customs", time: Exponential(mean: "1h")), Ride(service: "train", from: "yard", to: "away"),
        ]),
        "parcels": (arrivals: Poisson(mean: 5, per: "24h"), steps: [Delay(time: Exponential(mean: "12h"))]),
    },
    promises: { "week": (flows: ["boxes", "parcels"], within: "6d") },
)
"#;

const BASELINE: &str = "baselines/corridor.json";

fn bless(world: &World, more: &[&str]) -> Outcome {
    bless_for(world, "as it is", more)
}

fn bless_for(world: &World, reason: &str, more: &[&str]) -> Outcome {
    let arguments = ["bless", "corridor.ron", "--baselines", "baselines", "--quiet", "--reason", reason];
    world.sanda(&[&arguments[..], more].concat())
}

fn check(world: &World, more: &[&str]) -> Outcome {
    world.sanda(&[&["check", "baselines", "--quiet"][..], more].concat())
}

/// Returns a world whose corridor is blessed.
fn blessed() -> World {
    let world = World::with("corridor.ron", CORRIDOR);
    let outcome = bless(&world, &[]);
    assert_eq!(outcome.code, Some(0), "{outcome}");
    world
}

/// Changes the baseline as JSON.
fn edit(world: &World, change: impl FnOnce(&mut Value)) {
    let mut tree: Value = serde_json::from_str(&world.read(BASELINE)).unwrap();
    change(&mut tree);
    world.write(BASELINE, tree.to_string());
}

/// Gives every metric of a kind this margin.
fn margins(world: &World, hours: f64, share: f64) {
    edit(world, |tree| {
        for (_, metric) in tree["metrics"].as_object_mut().unwrap() {
            let is_share = metric["margin"].as_f64() < Some(1.0);
            metric["margin"] = json!(if is_share { share } else { hours });
        }
    });
}

#[test]
fn an_unchanged_model_passes_in_every_tier() {
    let world = blessed();
    insta::assert_snapshot!(check(&world, &["--quick"]), @"
    exit code 0
    --- stdout
    ✓ 通过 PASS  corridor: the same events and the same 15 metrics in 2 replications
    ");
    for tier in [&[][..], &["--full"], &["--quick", "--strict"], &["--full", "--no-pieces"]] {
        let outcome = check(&world, tier);
        assert_eq!(outcome.code, Some(0), "{tier:?}: {outcome}");
    }
    // To the byte, whatever pieces the machine has kept.
    let before = world.read(BASELINE);
    std::fs::remove_file(world.path(BASELINE)).unwrap();
    assert_eq!(bless(&world, &["--no-pieces", "--threads", "1"]).code, Some(0));
    assert_eq!(world.read(BASELINE), before);
}

#[test]
fn a_baseline_is_a_line_a_metric_and_of_whole_numbers() {
    let world = blessed();
    let text = world.read(BASELINE);
    let metrics: Vec<&str> = text.lines().filter(|line| line.contains("\"kind\"")).collect();
    assert!(metrics.is_sorted() && metrics.len() > 10, "{text}");
    for path in [
        "promises.week.share",
        "promises.week.by_flow.boxes",
        "flows.boxes.clocks.door-to-door.p95",
        "services.train.load_factor",
        "services.train.first_departure_share",
        "resources.gauge.wait.mean",
    ] {
        assert!(text.contains(path), "{path} is missing");
    }
    assert!(!text.contains("released"));
    let tree: Value = serde_json::from_str(&text).unwrap();
    for (path, metric) in tree["metrics"].as_object().unwrap() {
        let is_whole = |number: &Value| number.is_i64() || number.is_null();
        assert!(metric["now"]["of"].as_array().unwrap().iter().all(is_whole), "{path}: {metric}");
    }
    assert!(text.len() < 20_000, "{} bytes", text.len());
}

/// The trajectory is intact, a number is not: no margin excuses that.
#[test]
fn broken_statistics_are_told_from_a_changed_model() {
    let world = blessed();
    edit(&world, |tree| {
        let sum = &mut tree["metrics"]["flows.boxes.clocks.door-to-door.mean"]["now"]["of"][1];
        *sum = json!(sum.as_i64().unwrap() + 1);
    });
    for tier in ["--quick", "--full"] {
        let outcome = check(&world, &[tier, "--json", "check.json"]);
        assert_eq!(outcome.code, Some(1), "{outcome}");
        assert!(outcome.stdout.contains("the statistics code has changed"), "{outcome}");
        let found: Value = serde_json::from_str(&world.read("check.json")).unwrap();
        assert_eq!(found["findings"][0]["cause"], "statistics-changed");
        assert_eq!(
            found["findings"][0]["statistics_changed"],
            json!(["flows.boxes.clocks.door-to-door.mean"])
        );
    }
    // Only the full tier sees a later replication.
    let world = blessed();
    edit(&world, |tree| {
        let sum = &mut tree["metrics"]["flows.boxes.clocks.door-to-door.mean"]["now"]["of"][19];
        *sum = json!(sum.as_i64().unwrap() + 1);
    });
    assert_eq!(check(&world, &["--quick"]).code, Some(0));
    assert_eq!(check(&world, &["--full"]).code, Some(1));
}

#[test]
fn two_per_cent_at_the_border_are_inside_wide_margins_and_beyond_narrow_ones() {
    let longer =
        CORRIDOR.replace(r#"Uniform(min: "4h", max: "20h")"#, r#"Uniform(min: "4.08h", max: "20.4h")"#);
    let world = blessed();
    world.write("corridor.ron", &longer);
    let outcome = check(&world, &["--json", "check.json"]);
    assert_eq!(outcome.code, Some(0), "{outcome}");
    assert!(outcome.stdout.contains("CHANGED"), "{outcome}");
    let found: Value = serde_json::from_str(&world.read("check.json")).unwrap();
    let finding = &found["findings"][0];
    // Cargo of the train has moved, other cargo has not.
    let moved: Vec<&str> =
        finding["moved"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(moved, ["boxes", "train"]);
    assert_eq!(finding["moved"][1]["mode"], "rail");
    assert_eq!((&finding["paired"], &finding["model_changed"]), (&json!(true), &json!(true)));
    assert_eq!(check(&world, &["--strict"]).code, Some(5));
    // Fingerprints alone prove nothing about margins.
    let quick = check(&world, &["--quick"]);
    assert_eq!(quick.code, Some(3), "{quick}");
    assert!(quick.stdout.contains("--full judges"), "{quick}");

    let world = blessed();
    margins(&world, 0.1, 0.01);
    world.write("corridor.ron", &longer);
    let outcome = check(&world, &["--markdown", "check.md"]);
    assert_eq!(outcome.code, Some(1), "{outcome}");
    assert!(
        outcome.stdout.contains("flows.boxes.clocks.door-to-door.mean") && outcome.stdout.contains("worse")
    );
    assert!(world.read("check.md").starts_with("## ✗ sanda check: 未通过 FAIL\n"));
}

#[test]
fn half_the_trains_fail_and_so_do_twice_as_many() {
    let world = blessed();
    let half = check(&world, &["--set", "services.train.departs.period=48h"]);
    assert_eq!(half.code, Some(1), "{half}");
    assert!(half.stdout.contains("worse, beyond the margin"), "{half}");
    // An improvement must be blessed deliberately.
    let twice = check(&world, &["--set", "services.train.departs.period=12h"]);
    assert_eq!(twice.code, Some(1), "{twice}");
    assert!(twice.stdout.contains("better, beyond the margin"), "{twice}");
    // With independent luck the finding is the same.
    let other = check(&world, &["--seed", "8", "--looks", "1", "--set", "services.train.departs.period=48h"]);
    assert_eq!(other.code, Some(1), "{other}");
}

#[test]
fn what_cannot_be_proven_is_inconclusive() {
    let world = blessed();
    margins(&world, 0.01, 1e-6);
    let outcome = check(&world, &["--set", "resources.customs.servers=3", "--sarif", "check.sarif"]);
    assert!(matches!(outcome.code, Some(1 | 3)), "{outcome}");
    // With other luck and such margins, no look proves anything.
    let outcome = check(&world, &["--seed", "8", "--looks", "2"]);
    assert_eq!(outcome.code, Some(3), "{outcome}");
    assert!(outcome.stdout.contains("look 2 of 2") && outcome.stdout.contains("--power"), "{outcome}");
    let power = check(&world, &["--power"]);
    assert_eq!(power.code, Some(0));
    assert!(power.stdout.contains("promises.week.share"), "{power}");
}

/// Each step is a twenty-fifth of the margin. Beyond the twenty-fifth the total is too far, whatever the steps.
#[test]
fn fifty_small_steps_do_not_add_up_unseen() {
    let world = World::with("corridor.ron", CORRIDOR);
    bless(&world, &["--replications", "10"]);
    margins(&world, 1.0, 0.2);
    let mut caught = None;
    for step in 1..=50 {
        let hours = 60.0 + f64::from(step) / 25.0;
        world.write("corridor.ron", CORRIDOR.replace("\"60h\"", &format!("\"{hours:.2}h\"")));
        let outcome = check(&world, &[]);
        if outcome.code != Some(0) {
            caught = Some((step, outcome));
            break;
        }
        assert_eq!(bless_for(&world, &format!("step {step}"), &[]).code, Some(0));
    }
    let (step, outcome) = caught.expect("nobody noticed fifty steps");
    assert_eq!(outcome.code, Some(1), "{outcome}");
    assert!((25..=27).contains(&step), "caught at step {step}: {outcome}");
    assert!(
        outcome.stdout.contains("step by step") && outcome.stdout.contains("--restart-ledger"),
        "{outcome}"
    );
    // Blessing does not silence it, a new ledger does; margins are kept.
    let warned = bless_for(&world, "one more", &[]);
    assert!(warned.stdout.contains("until the ledger is restarted"), "{warned}");
    assert_eq!(check(&world, &[]).code, Some(1));
    assert_eq!(bless_for(&world, "the whole way is wanted", &["--restart-ledger"]).code, Some(0));
    assert_eq!(check(&world, &[]).code, Some(0));
    let tree: Value = serde_json::from_str(&world.read(BASELINE)).unwrap();
    assert_eq!(tree["ledger"].as_array().unwrap().len(), 1);
    assert_eq!(tree["metrics"]["flows.boxes.clocks.door-to-door.mean"]["margin"], 1.0);
}

#[test]
fn nothing_to_compare_with_is_no_success() {
    let world = blessed();
    let sound = world.read(BASELINE);
    let refused = |words: &str| {
        let outcome = check(&world, &["--junit", "check.xml", "--sarif", "check.sarif"]);
        assert_eq!(outcome.code, Some(4), "{words}: {outcome}");
        assert!(outcome.stdout.contains(words), "{words}: {outcome}");
        let xml = world.read("check.xml");
        assert!(
            roxmltree::Document::parse(&xml).unwrap().descendants().any(|node| node.has_tag_name("error"))
        );
        let sarif: Value = serde_json::from_str(&world.read("check.sarif")).unwrap();
        assert_eq!(sarif["runs"][0]["results"][0]["ruleId"], "baseline");
    };
    world.write(BASELINE, &sound[..sound.len() / 2]);
    refused("not JSON");
    world.write(BASELINE, "{}");
    refused("no `schema` number");
    edit_from(&world, &sound, |tree| tree["schema"] = json!(99));
    refused("schema 99");
    edit_from(&world, &sound, |tree| tree["metrics"] = json!({}));
    refused("holds no metric");
    edit_from(&world, &sound, |tree| {
        tree["metrics"] = json!({ "engine.speed": tree["metrics"]["promises.week.share"] });
    });
    refused("does not gate such a metric");
    edit_from(&world, &sound, |tree| tree["ledger"][0]["key_layout"] = json!(0));
    refused("key layout 0");
    edit_from(&world, &sound, |tree| tree["scenario"]["file"] = json!("elsewhere.ron"));
    refused("no scenario file `elsewhere.ron`");
    edit_from(&world, &sound, |tree| tree["flows"]["boxes"][3] = json!("0000000000000000"));
    refused("fingerprints add up");
    edit_from(&world, &sound, |tree| tree["metrics"]["promises.week.share"]["margin"] = json!(-1));
    refused("margin is not above zero");
    world.write("lanes.ron", LANES);
    edit_from(&world, &sound, |tree| tree["scenario"]["file"] = json!("lanes.ron"));
    refused("is named `three-lanes`");
    std::fs::remove_file(world.path(BASELINE)).unwrap();
    refused("an empty comparison is not a success");
    let missing = world.sanda(&["check", "nowhere.json"]);
    assert_eq!(missing.code, Some(4), "{missing}");
    assert!(missing.stdout.contains("cannot read `nowhere.json`"), "{missing}");
    assert_eq!(world.sanda(&["check"]).code, Some(2));
}

fn edit_from(world: &World, sound: &str, change: impl FnOnce(&mut Value)) {
    world.write(BASELINE, sound);
    edit(world, change);
}

#[test]
fn a_metric_that_vanishes_is_a_failure_and_a_new_one_is_listed() {
    let world = blessed();
    world.write("corridor.ron", CORRIDOR.replace("\"week\"", "\"six-days\""));
    let outcome = check(&world, &["--quick"]);
    assert_eq!(outcome.code, Some(1), "{outcome}");
    assert!(
        outcome.stdout.contains("promises.week.share") && outcome.stdout.contains("promises.six-days.share")
    );
    // An unused service is new and changes nothing.
    let spare = r#"services: { "spare": (mode: Rail, stops: ["yard", "away"], departs: Every(period: "24h"), running: ["9h"], capacity: "1 shipments"),"#;
    world.write("corridor.ron", CORRIDOR.replace("services: {", spare));
    let outcome = check(&world, &["--full"]);
    assert_eq!(outcome.code, Some(0), "{outcome}");
    assert!(outcome.stdout.contains("services.spare"), "{outcome}");
}

#[test]
fn a_blessing_wants_a_reason_and_may_have_a_day() {
    let world = World::with("corridor.ron", CORRIDOR);
    let arguments = ["bless", "corridor.ron", "--baselines", "baselines", "--replications", "2"];
    for more in [&[][..], &["--reason", " "]] {
        let outcome = world.sanda(&[&arguments[..], more].concat());
        assert_eq!(outcome.code, Some(2), "{outcome}");
        assert!(outcome.stderr.contains("--reason"), "{outcome}");
    }
    assert_eq!(world.files(), ["corridor.ron"]);
    let entry = |day: Option<&str>, more: &[&str]| {
        let mut command = world.command(&[&arguments[..], &["--reason", "why"], more].concat());
        match day {
            Some(seconds) => command.env("SOURCE_DATE_EPOCH", seconds),
            None => command.env_remove("SOURCE_DATE_EPOCH"),
        };
        assert!(command.output().unwrap().status.success());
        let tree: Value = serde_json::from_str(&world.read(BASELINE)).unwrap();
        tree["ledger"].as_array().unwrap().last().unwrap().clone()
    };
    assert_eq!(entry(None, &[]).get("date"), None);
    assert_eq!(entry(Some("1735689600"), &[])["date"], "2025-01-01");
    assert_eq!(entry(None, &["--date", "2025-06-30"])["date"], "2025-06-30");
    assert_eq!(entry(None, &[])["reason"], "why");
    world.write(BASELINE, "{");
    let outcome = bless(&world, &[]);
    assert_eq!(outcome.code, Some(4), "{outcome}");
    assert_eq!(world.read(BASELINE), "{");
    assert_eq!(bless(&world, &["--restart-ledger"]).code, Some(0));
}

#[test]
fn reports_are_read_by_other_parsers() {
    let world = blessed();
    let reports = [
        "--junit",
        "out/check.xml",
        "--sarif",
        "out/check.sarif",
        "--markdown",
        "out/check.md",
        "--json",
        "out/check.json",
    ];
    let half = ["--set", "services.train.departs.period=48h"];
    assert_eq!(check(&world, &[&reports[..], &half].concat()).code, Some(1));
    let xml = world.read("out/check.xml");
    let document = roxmltree::Document::parse(&xml).unwrap();
    let suites = document.root_element();
    assert_eq!((suites.tag_name().name(), suites.attribute("tests")), ("testsuites", Some("11")));
    let failed: Vec<&str> = document
        .descendants()
        .filter(|node| node.has_tag_name("failure"))
        .filter_map(|node| node.parent()?.attribute("name"))
        .collect();
    assert!(failed.contains(&"clock-mean") && failed.contains(&"promise-share"), "{failed:?}");
    let sarif: Value = serde_json::from_str(&world.read("out/check.sarif")).unwrap();
    let run = &sarif["runs"][0];
    assert_eq!((&sarif["version"], &run["tool"]["driver"]["name"]), (&json!("2.1.0"), &json!("sanda check")));
    let rules: Vec<&Value> =
        run["tool"]["driver"]["rules"].as_array().unwrap().iter().map(|rule| &rule["id"]).collect();
    let results = run["results"].as_array().unwrap();
    assert!(results.iter().all(|result| rules.contains(&&result["ruleId"])));
    let promise = results.iter().find(|result| result["ruleId"] == "promise-share").unwrap();
    let place = &promise["locations"][0]["physicalLocation"];
    let line = CORRIDOR.lines().position(|line| line.contains("promises:")).unwrap() + 1;
    assert_eq!(
        (&place["artifactLocation"]["uri"], &place["region"]["startLine"]),
        (&json!("corridor.ron"), &json!(line))
    );
    let fingerprint = promise["partialFingerprints"]["sandaMetricPath/v1"].as_str().unwrap();
    assert!(fingerprint.starts_with("corridor/promise-share/promises.week."), "{fingerprint}");
    let found: Value = serde_json::from_str(&world.read("out/check.json")).unwrap();
    assert_eq!((&found["schema"], &found["verdict"]), (&json!(1), &json!("fail")));
    let moves = found["findings"][0]["moves"].as_array().unwrap();
    assert!(moves.iter().any(|one| one["direction"] == "regression" && one["margin"] == 6.0));
}

/// What a person reads, word for word.
#[test]
fn the_words_of_blessing_and_checking() {
    let world = World::with("corridor.ron", CORRIDOR);
    insta::assert_snapshot!(bless(&world, &[]), @"
    exit code 0
    --- stdout
    corridor: 15 metrics in 20 replications, blessed in baselines/corridor.json
      the ledger begins here
    ");
    insta::assert_snapshot!(check(&world, &["--set", "services.train.departs.period=48h"]), @"
    exit code 1
    --- stdout
    ✗ 未通过 FAIL  corridor: 8 of 15 metrics moved beyond the margin, in 10 replications (look 1 of 2)
      other events in:
        flow `boxes`: from replication 0 on, in 10 of those compared
        service `train` (rail): from replication 0 on, in 10 of those compared
      metrics that moved, farthest first:
        promises.week.by_flow.boxes: 83.65 % -> 12.07 %, -71.59 pp = 71.59 margins: worse, beyond the margin
        promises.week.share: 86.99 % -> 30.00 %, -56.99 pp = 56.99 margins: worse, beyond the margin
        services.train.first_departure_share: 100.00 % -> 44.30 %, -55.70 pp = 55.70 margins: worse, beyond the margin
        services.train.load_factor: 49.92 % -> 98.36 %, +48.44 pp = 48.44 margins: better, beyond the margin
        flows.boxes.clocks.door-to-door.p90: 146.46 h -> 206.74 h, +60.28 h = 10.05 margins: worse, beyond the margin
        flows.boxes.clocks.door-to-door.mean: 135.24 h -> 177.94 h, +42.70 h = 7.12 margins: worse, beyond the margin
        flows.boxes.clocks.door-to-door.p50: 135.32 h -> 177.16 h, +41.85 h = 6.97 margins: worse, beyond the margin
        flows.boxes.clocks.door-to-door.p95: 149.01 h -> 214.18 h, +65.17 h = 5.43 margins: worse, beyond the margin
        resources.gauge.wait.mean: 0.00 h -> 0.00 h, +0.00 h = 0.00 margins: within the margin
      hint: if the change is wanted, an improvement as well: `sanda bless SCENARIO.ron --restart-ledger --reason TEXT` (with --baselines FOLDER where they are not in benches/baselines)
    ");
    insta::assert_snapshot!(check(&world, &["--quick", "--set", "services.train.departs.period=48h"]), @"
    exit code 3
    --- stdout
    ? 无法判定 INCONCLUSIVE  corridor: other events in 2 of 2 replications; --full judges whether that matters
      other events in:
        flow `boxes`: from replication 0 on, in 2 of those compared
        service `train` (rail): from replication 0 on, in 2 of those compared
      hint: the same command with --full instead of --quick
    ");
    let wide = ["--set", "resources.gauge.servers=5"];
    insta::assert_snapshot!(check(&world, &wide), @"
    exit code 0
    --- stdout
    ✓ 通过 PASS  corridor: the same events and the same 15 metrics in 20 replications
    ");
    world.write("corridor.ron", CORRIDOR.replace("60h", "61h"));
    insta::assert_snapshot!(bless_for(&world, "slower beyond the border", &[]), @r#"
    exit code 0
    --- stdout
    corridor: 15 metrics in 20 replications, blessed in baselines/corridor.json
      entry 2 of the ledger, which began with "as it is"
      metrics that moved, farthest first:
        promises.week.by_flow.boxes: 83.59 % -> 80.57 %, -3.02 pp = 3.02 margins: worse, beyond the margin
        promises.week.share: 86.90 % -> 84.49 %, -2.41 pp = 2.41 margins: worse, beyond the margin
        flows.boxes.clocks.door-to-door.p50: 135.30 h -> 136.31 h, +1.02 h = 0.17 margins: worse, within the margin
        flows.boxes.clocks.door-to-door.p90: 146.51 h -> 147.53 h, +1.02 h = 0.17 margins: worse, within the margin
        flows.boxes.clocks.door-to-door.mean: 135.19 h -> 136.19 h, +1.00 h = 0.17 margins: worse, within the margin
        flows.boxes.clocks.door-to-door.p95: 149.42 h -> 150.30 h, +0.87 h = 0.07 margins: worse, within the margin
      since the ledger began, in all:
        promises.week.by_flow.boxes: 83.59 % -> 80.57 %, -3.02 pp = 3.02 margins: worse, beyond the margin
        promises.week.share: 86.90 % -> 84.49 %, -2.41 pp = 2.41 margins: worse, beyond the margin
        flows.boxes.clocks.door-to-door.p50: 135.30 h -> 136.31 h, +1.02 h = 0.17 margins: worse, within the margin
        flows.boxes.clocks.door-to-door.p90: 146.51 h -> 147.53 h, +1.02 h = 0.17 margins: worse, within the margin
        flows.boxes.clocks.door-to-door.mean: 135.19 h -> 136.19 h, +1.00 h = 0.17 margins: worse, within the margin
        flows.boxes.clocks.door-to-door.p95: 149.42 h -> 150.30 h, +0.87 h = 0.07 margins: worse, within the margin
      warning: since the ledger began, 2 metrics moved beyond the margin; `sanda check` will fail until the ledger is restarted
    "#);
    insta::assert_snapshot!(check(&world, &["--full"]), @r#"
    exit code 1
    --- stdout
    ✗ 未通过 FAIL  corridor: since the ledger began, 2 metrics moved beyond the margin, step by step
      since "as it is", 1 blessing ago, in all:
        promises.week.by_flow.boxes: 83.59 % -> 80.57 %, -3.02 pp = 3.02 margins: worse, beyond the margin
        promises.week.share: 86.90 % -> 84.49 %, -2.41 pp = 2.41 margins: worse, beyond the margin
        flows.boxes.clocks.door-to-door.p50: 135.30 h -> 136.31 h, +1.02 h = 0.17 margins: worse, within the margin
        flows.boxes.clocks.door-to-door.p90: 146.51 h -> 147.53 h, +1.02 h = 0.17 margins: worse, within the margin
        flows.boxes.clocks.door-to-door.mean: 135.19 h -> 136.19 h, +1.00 h = 0.17 margins: worse, within the margin
        flows.boxes.clocks.door-to-door.p95: 149.42 h -> 150.30 h, +0.87 h = 0.07 margins: worse, within the margin
      hint: if the whole way is wanted, begin a new ledger: `sanda bless SCENARIO.ron --restart-ledger --reason TEXT` (with --baselines FOLDER where they are not in benches/baselines)
    "#);
    insta::assert_snapshot!(check(&world, &["--power"]), @"
    exit code 0
    --- stdout
    corridor: 20 replications are enough for 12 of 15 metrics with luck of its own; with the same luck an unchanged model needs two
                  383  promises.week.by_flow.boxes  (margin 1.00 pp)
                  265  promises.week.share  (margin 1.00 pp)
                  239  services.train.load_factor  (margin 1.00 pp)
                    9  flows.parcels.clocks.door-to-door.p90  (margin 6.00 h)
                    8  flows.parcels.clocks.door-to-door.p95  (margin 12.00 h)
                    5  flows.boxes.clocks.door-to-door.p90  (margin 6.00 h)
                    4  flows.boxes.clocks.door-to-door.mean  (margin 6.00 h)
                    4  flows.boxes.clocks.door-to-door.p50  (margin 6.00 h)
                    4  flows.boxes.clocks.door-to-door.p95  (margin 12.00 h)
                    4  flows.parcels.clocks.door-to-door.mean  (margin 6.00 h)
    ");
}
