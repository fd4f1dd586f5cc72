//! `sanda verify`: tables, JSON, scenarios to run by oneself, exit codes.

use crate::world::World;

#[test]
fn cases_are_tabled_in_both_languages() {
    let outcome =
        World::new().succeeds(&["verify", "--case", "trace", "--case", "gate-daily", "--threads", "2"]);
    let table = &outcome.stdout;
    for part in ["trace", "Lindley 1952", "每日 8–18 时开门", "A gate open 8-18 every day", "✓ 相符 agrees"]
    {
        assert!(table.contains(part), "{part} is not in\n{table}");
    }
    assert!(table.contains("2 个情形 cases") && table.contains("✓ 全部相符 all agree"), "{table}");
    assert!(!table.contains("differs"));
}

#[test]
fn the_same_in_json_for_any_number_of_threads() {
    let printed = |threads| {
        let arguments = ["verify", "--case", "gate-daily", "--seed", "7", "--json", "--threads", threads];
        World::new().succeeds(&arguments).stdout
    };
    let one = printed("1");
    assert_eq!(one, printed("3"));
    let read: serde_json::Value = serde_json::from_str(&one).unwrap();
    assert_eq!((&read["agrees"], &read["seed"]), (&true.into(), &7.into()));
    assert_eq!(read["cases"][0]["case"], "gate-daily");
    let figure = &read["cases"][0]["figures"][0];
    assert_eq!((&figure["verdict"], &figure["unit"]), (&"agrees".into(), &"hours".into()));
    let theory = figure["theory"].as_f64().unwrap();
    assert!((theory - 14.0 * 14.0 / 48.0).abs() < 1e-12);
}

/// `--show` prints the scenario that was simulated: run separately it gives the same numbers.
#[test]
fn its_scenarios_run_by_themselves() {
    let world = World::new();
    let shown = world.succeeds(&["verify", "--case", "gate-daily", "--seed", "7", "--show"]).stdout;
    world.write("gate.ron", &shown);
    world.succeeds(&["run", "gate.ron", "--no-report"]);
    let json = std::fs::read_to_string(world.path("output/gate-daily/results.json")).unwrap();
    let results: serde_json::Value = serde_json::from_str(&json).unwrap();
    let findings = world.succeeds(&["verify", "--case", "gate-daily", "--seed", "7", "--json"]).stdout;
    let findings: serde_json::Value = serde_json::from_str(&findings).unwrap();
    let figure = &findings["cases"][0]["figures"][0];
    let path = figure["path"].as_str().unwrap();
    assert_eq!(results["metrics"][path]["estimate"], figure["simulated"]);
}

#[test]
fn unknown_cases_are_refused_with_those_there_are() {
    let outcome = World::new().sanda(&["verify", "--case", "m-m-2", "--case", "m-m-1-at-95"]);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(2), ""));
    for part in ["no case `m-m-2`", "no case `m-m-1-at-95`; it is one of `--full`", "m-m-1, m-m-3"] {
        assert!(outcome.stderr.contains(part), "{part} is not in\n{}", outcome.stderr);
    }
}

/// With another rate of arrival than in the theory, the case fails, says where, and so does the exit code.
#[test]
fn a_case_that_fails_is_exit_code_6() {
    let outcome =
        World::new().sanda(&["verify", "--case", "m-m-1", "--set", "flows.boxes.arrivals.mean=0.9"]);
    assert_eq!(outcome.code, Some(6), "{outcome}");
    for part in ["✗ 不符 differs", "figures do not agree:", "m-m-1: resources.desk.wait.mean (z = "] {
        assert!(outcome.stdout.contains(part), "{part} is not in\n{}", outcome.stdout);
    }
    let outcome =
        World::new().sanda(&["verify", "--case", "m-m-1", "--set", "flows.boxes.arrivals.maen=0.9"]);
    assert_eq!(outcome.code, Some(2), "{outcome}");
    assert!(outcome.stderr.contains("maen") && outcome.stderr.contains("mean"), "{outcome}");
}
