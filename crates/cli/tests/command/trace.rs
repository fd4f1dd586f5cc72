//! `sanda trace`: stories, JSON, files, and the messages if something does not exist.

use crate::world::{LANES, Outcome, World};

fn lanes() -> World {
    World::with("lanes.ron", LANES)
}

/// Returns a call that must be refused: exit code 2, nothing printed, nothing written.
fn refused(arguments: &[&str]) -> Outcome {
    let world = lanes();
    let arguments: Vec<&str> = ["trace", "lanes.ron"].into_iter().chain(arguments.iter().copied()).collect();
    let outcome = world.sanda(&arguments);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(2), ""), "{outcome}");
    assert_eq!(world.files(), ["lanes.ron"], "something was written");
    outcome
}

#[test]
fn one_shipment_in_both_languages() {
    let outcome = lanes().succeeds(&["trace", "lanes.ron", "--late", "1", "--language", "both"]);
    insta::assert_snapshot!(outcome, @r#"
    exit code 0
    --- stdout
    boxes/651：boxes
    路径 steps，1 TEU。从发货到送达共9小时10分钟。时间均为 Asia/Shanghai。

    2025-01-18 02:25  发货
    2025-01-18 05:19  在“customs”等待2小时54分钟后开始作业
    2025-01-18 11:35  customs完成，历时9小时10分钟：作业6小时16分钟，排队2小时54分钟
    2025-01-18 11:35  送达

    “quick”（3小时内）超时：用时9小时10分钟，超出6小时10分钟。
      减少等待也无济于事：即使全程不等待也要6小时16分钟。

    boxes/651: boxes
    By steps, 1 TEU. From release to delivery 9 h 10 min. All times in Asia/Shanghai.

    2025-01-18 02:25  released
    2025-01-18 05:19  served at customs after waiting 2 h 54 min
    2025-01-18 11:35  customs done after 9 h 10 min: 6 h 16 min being worked on, 2 h 54 min queueing
    2025-01-18 11:35  delivered

    "quick" (within 3 h) broken: it took 9 h 10 min, 6 h 10 min too long.
      No change of waiting could have kept it: even with no wait at all it takes 6 h 16 min.
    "#);
}

#[test]
fn the_language_is_that_of_the_environment() {
    let world = lanes();
    let printed = |variables: &[(&str, &str)]| {
        let mut command = world.command(&["trace", "lanes.ron", "--slowest", "1"]);
        let output = command.envs(variables.iter().copied()).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(printed(&[]).contains("delivered"));
    assert!(printed(&[("LANG", "zh_CN.UTF-8")]).contains("送达"));
    assert!(printed(&[("LANG", "zh_CN.UTF-8"), ("LC_ALL", "en_GB.UTF-8")]).contains("delivered"));
}

#[test]
fn json_holds_what_was_asked_for() {
    let world = lanes();
    let printed =
        world.succeeds(&["trace", "lanes.ron", "--slowest", "2", "--shipment", "boxes/500", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&printed.stdout).unwrap();
    assert_eq!((&json["schema"], &json["replication"], &json["seed"]), (&1.into(), &0.into(), &7.into()));
    let lives = json["lives"].as_array().unwrap();
    assert_eq!((lives.len(), &lives[0]["number"]), (3, &500.into()));
    let hours = |place: usize| lives[place]["hours"].as_f64().unwrap();
    assert!(hours(1) >= hours(2));
    // Another replication is another world; the same one is the same.
    let of = |n: &str| world.succeeds(&["trace", "lanes.ron", "--slowest", "1", "--replication", n]).stdout;
    assert!(of("1") != of("0") && of("1") == of("1"));
}

#[test]
fn a_flow_is_listed() {
    let printed = lanes().succeeds(&["trace", "lanes.ron", "--flow", "boxes"]).stdout;
    let first = printed.lines().next().unwrap();
    assert!(first.starts_with("boxes/") && first.contains("quick "), "{first}");
    assert!(printed.lines().count() > 1000);
}

#[test]
fn files_for_other_programs() {
    let world = lanes();
    let outcome = world.succeeds(&[
        "trace",
        "lanes.ron",
        "--events",
        "events.csv",
        "--ocel",
        "log.json",
        "--deliveries",
        "rows.parquet",
    ]);
    assert_eq!((outcome.stdout.as_str(), outcome.stderr.as_str()), ("", ""));
    assert_eq!(world.files(), ["events.csv", "lanes.ron", "log.json", "rows.parquet"]);
    assert!(world.read("events.csv").starts_with("case,activity,timestamp,flow,node,"));
    let log: serde_json::Value = serde_json::from_str(&world.read("log.json")).unwrap();
    assert_eq!(log["objectTypes"][0]["name"], "shipment");
}

#[test]
fn an_unknown_flow() {
    insta::assert_snapshot!(refused(&["--flow", "boxs"]), @r"
    exit code 2
    --- stderr
    error: there is no flow `boxs`
    hint: did you mean `boxes`?
    ");
}

#[test]
fn a_number_that_was_not_released_in_the_window() {
    insta::assert_snapshot!(refused(&["--shipment", "boxes/999999"]), @r"
    exit code 2
    --- stderr
    error: flow `boxes` has no shipment 999999 in the window
    hint: it released 1606 shipments there, from 403 to 2008
    ");
}

#[test]
fn no_number() {
    insta::assert_snapshot!(refused(&["--shipment", "boxes"]), @r"
    exit code 2
    --- stderr
    error: `boxes` names no shipment
    hint: write its flow and its number, for example `boxes/0`
    ");
    insta::assert_snapshot!(refused(&["--shipment", "boxes/-1"]), @r"
    exit code 2
    --- stderr
    error: `-1` is not the number of a shipment
    hint: numbers count from 0
    ");
}

#[test]
fn a_folder_that_is_not_there() {
    insta::assert_snapshot!(refused(&["--events", "nowhere/events.csv"]), @r"
    exit code 2
    --- stderr
    error: cannot write `nowhere/events.csv`
    hint: name a file in an existing folder
    ");
    insta::assert_snapshot!(refused(&["--events", "both", "--ocel", "both"]), @r"
    exit code 2
    --- stderr
    error: `both` is given for two files
    ");
}

#[test]
fn nothing_to_tell() {
    insta::assert_snapshot!(refused(&[]), @r"
    exit code 2
    --- stderr
    error: the following required arguments were not provided:
      <--shipment <FLOW/NUMBER>|--slowest <N>|--late <N>|--flow <FLOW>|--events <FILE.csv>|--ocel <FILE.json>|--deliveries <FILE.parquet>>

    Usage: sanda trace [OPTIONS] <SCENARIO.ron>

    For more information, try '--help'.
    ");
}
