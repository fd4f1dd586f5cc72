//! Wrong input: one clear message with place and hint, exit code 2, nothing written, nothing printed, no hang.

use std::fs::File;

use crate::world::{LANES, Outcome, World};

/// Runs `sanda run` with the arguments, which must be refused without a trace.
fn refused(world: &World, arguments: &[&str]) -> Outcome {
    let before = world.files();
    let arguments: Vec<&str> = ["run"].into_iter().chain(arguments.iter().copied()).collect();
    let outcome = world.sanda(&arguments);
    assert_eq!(outcome.code, Some(2), "{outcome}");
    assert_eq!(outcome.stdout, "");
    assert_eq!(world.files(), before, "something was written");
    outcome
}

/// Returns the message about the three lanes with one piece of text replaced.
fn with_change(from: &str, to: &str) -> Outcome {
    assert_eq!(LANES.matches(from).count(), 1, "{from}");
    refused(&World::with("lanes.ron", LANES.replace(from, to)), &["lanes.ron"])
}

#[test]
fn a_misspelt_field() {
    insta::assert_snapshot!(with_change("servers:", "severs:"), @r#"
    exit code 2
    --- stderr
    error: unknown field `severs` in resource `customs`
     --> lanes.ron:7:42
      |
    7 |     resources: { "customs": (at: "gate", severs: 3) },
      |                                          ^^^^^^ expected one of `servers`, `name`, `discipline`, `room`, `when_full`, `begins_with`, `open`, `at_closing`, ...
      |
      = path: resources.customs.severs
    hint: did you mean `servers`?
    "#);
}

#[test]
fn a_missing_unit() {
    insta::assert_snapshot!(with_change("\"3h\"", "3"), @r#"
    exit code 2
    --- stderr
    error: `3` has no unit: duration is given in `h`, `d`, `w`, `min`, `s` or `ms`
      --> lanes.ron:14:53
       |
    14 |     promises: { "quick": (flows: ["boxes"], within: 3) },
       |                                                     ^ expected a duration with a unit
       |
       = path: promises.quick.within
    hint: write for example `2d 6h`
    "#);
}

#[test]
fn an_unknown_node() {
    insta::assert_snapshot!(with_change("at: \"gate\"", "at: \"gaet\""), @r#"
    exit code 2
    --- stderr
    error: there is no node `gaet`
     --> lanes.ron:7:34
      |
    7 |     resources: { "customs": (at: "gaet", servers: 3) },
      |                                  ^^^^^^ expected `gate`
      |
      = path: resources.customs.at
    hint: did you mean `gate`?
    "#);
}

#[test]
fn a_negative_time() {
    insta::assert_snapshot!(with_change("\"28d\"", "\"-28d\""), @r#"
    exit code 2
    --- stderr
    error: `-28d` is negative, and duration cannot be
     --> lanes.ron:5:35
      |
    5 |     run: (warm_up: "7d", measure: "-28d", drain: "7d", replications: 3, seed: 7),
      |                                   ^^^^^^ expected zero or more
      |
      = path: run.measure
    "#);
}

#[test]
fn all_issues_at_once() {
    let text = LANES.replace("servers:", "severs:").replace("\"3h\"", "3").replace("\"28d\"", "\"-28d\"");
    let outcome = refused(&World::with("lanes.ron", text), &["lanes.ron"]);
    assert_eq!(outcome.stderr.matches("error: ").count(), 3, "{outcome}");
}

#[test]
fn an_empty_file() {
    insta::assert_snapshot!(refused(&World::with("empty.ron", ""), &["empty.ron"]), @r#"
    exit code 2
    --- stderr
    error: the file is empty
    --> empty.ron
     |
    hint: a scenario begins with `( schema: 1, name: "...", ... )`
    "#);
}

#[test]
fn a_binary_file() {
    let world = World::with("lanes.ron", [0x7F, b'E', b'L', b'F', 0, 1, 2, 0xFF]);
    insta::assert_snapshot!(refused(&world, &["lanes.ron"]), @r"
    exit code 2
    --- stderr
    error: the file is binary, not text
    --> lanes.ron
     |
    hint: a scenario is a RON text file in UTF-8
    ");
}

#[test]
fn a_file_that_is_not_utf_8() {
    let world = World::with("lanes.ron", b"(\n    name: \"\xC8\xFD\xB4\xEF\",\n)");
    insta::assert_snapshot!(refused(&world, &["lanes.ron"]), @r"
    exit code 2
    --- stderr
    error: the file is not UTF-8 text (line 2)
    --> lanes.ron
     |
    hint: save it as UTF-8; text from older Chinese software is often GB 18030
    ");
}

#[test]
fn a_directory() {
    insta::assert_snapshot!(refused(&World::with("lanes/a.ron", LANES), &["lanes"]), @r"
    exit code 2
    --- stderr
    error: this is a directory, not a file
    --> lanes
     |
    hint: name the scenario file inside it
    ");
}

#[test]
fn a_missing_file() {
    insta::assert_snapshot!(refused(&World::new(), &["lanes.ron"]), @r"
    exit code 2
    --- stderr
    error: no such file
    --> lanes.ron
    ");
}

#[test]
fn a_circle_of_bases() {
    let world = World::with("a.ron", r#"(schema: 1, name: "a", base: "b.ron")"#);
    world.write("b.ron", r#"(schema: 1, name: "b", base: "a.ron")"#);
    insta::assert_snapshot!(refused(&world, &["a.ron"]), @r#"
    exit code 2
    --- stderr
    error: the scenario builds on itself: a.ron -> b.ron -> a.ron
     --> b.ron:1:30
      |
    1 | (schema: 1, name: "b", base: "a.ron")
      |                              ^^^^^^^ this closes the cycle
    "#);
}

#[test]
fn a_file_of_100_mb() {
    let world = World::new();
    // A sparse file: it takes no room on disk and no time to write.
    File::create(world.path("large.ron")).unwrap().set_len(100 * 1000 * 1000).unwrap();
    insta::assert_snapshot!(refused(&world, &["large.ron"]), @r"
    exit code 2
    --- stderr
    error: the file is larger than 32 MB
    --> large.ron
     |
    hint: keep observed data in CSV files and name them in the scenario
    ");
}

#[test]
fn a_deeply_nested_file() {
    for opening in ["(", "[", "{", "(a: ", "Some("] {
        let outcome = refused(&World::with("deep.ron", opening.repeat(100_000)), &["deep.ron"]);
        let first = outcome.stderr.lines().next().unwrap();
        assert_eq!(first, "error: brackets are nested deeper than 64 levels", "{opening}");
        assert!(outcome.stderr.len() < 2000, "the whole line was printed");
    }
}

#[test]
fn two_scenarios_of_one_name() {
    let world = World::with("a.ron", LANES);
    world.write("b.ron", LANES);
    insta::assert_snapshot!(refused(&world, &["a.ron", "b.ron"]), @r"
    exit code 2
    --- stderr
    error: a.ron and b.ron are both named `three-lanes` and would write the same folder
    hint: give one of them another `name`
    error: 1 of 2 scenarios cannot be used; nothing was simulated
    ");
}

#[test]
fn one_bad_scenario_among_good_ones() {
    let world = World::with("a.ron", LANES);
    world.write("b.ron", LANES.replace("three-lanes", "b").replace("servers: 3", "servers: 0"));
    insta::assert_snapshot!(refused(&world, &["a.ron", "b.ron", "c.ron"]), @r#"
    exit code 2
    --- stderr
    error: `0` is not greater than zero
     --> b.ron:7:51
      |
    7 |     resources: { "customs": (at: "gate", servers: 0) },
      |                                                   ^ expected more than zero
      |
      = path: resources.customs.servers

    error: no such file
    --> c.ron

    error: 2 of 3 scenarios cannot be used; nothing was simulated
    "#);
}

#[test]
fn an_error_in_a_shared_base_is_shown_once() {
    let world = World::with("base.ron", LANES.replace("servers: 3", "servers: x"));
    for name in ["a", "b", "c"] {
        world.write(&format!("{name}.ron"), format!("(schema: 1, name: \"{name}\", base: \"base.ron\")"));
    }
    insta::assert_snapshot!(refused(&world, &["a.ron", "b.ron", "c.ron"]), @r#"
    exit code 2
    --- stderr
    error: unknown number of servers `x`
     --> base.ron:7:51
      |
    7 |     resources: { "customs": (at: "gate", servers: x) },
      |                                                   ^ expected a count above 0, or one of `Unlimited`, `Shifts`
      |
      = path: resources.customs.servers

    error: b.ron cannot be used for an error shown above

    error: c.ron cannot be used for an error shown above

    error: 3 of 3 scenarios cannot be used; nothing was simulated
    "#);
}

#[test]
fn an_override_of_what_is_not_there() {
    let world = World::with("lanes.ron", LANES);
    insta::assert_snapshot!(refused(&world, &["lanes.ron", "--set", "resources.custons.servers=4"]), @r"
    exit code 2
    --- stderr
    error: `resources` has no `custons`
     --> --set #1:1:1
      |
    1 | resources.custons.servers=4
      | ^^^^^^^^^^^^^^^^^^^^^^^^^ expected `customs`
      |
      = path: resources.custons.servers
    hint: did you mean `resources.customs.servers`?
    ");
    insta::assert_snapshot!(refused(&world, &["lanes.ron", "--set", "resources.customs.servers"]), @r"
    exit code 2
    --- stderr
    error: `resources.customs.servers` sets nothing
     --> --set #1:1:1
      |
    1 | resources.customs.servers
      | ^^^^^^^^^^^^^^^^^^^^^^^^^ expected PATH=VALUE
      |
    hint: for example `--set run.seed=9`
    ");
    insta::assert_snapshot!(
        refused(&world, &["lanes.ron", "--set", "run.seed=9", "--set", "run.measure=three weeks"]), @r"
    exit code 2
    --- stderr
    error: `three` is not a number where duration is due
     --> --set #2:1:13
      |
    1 | run.measure=three weeks
      |             ^^^^^^^^^^^ expected a duration with a unit
      |
      = path: run.measure
    hint: write for example `2d 6h`
    ");
}

#[test]
fn a_place_for_output_that_cannot_be_used() {
    let world = World::with("lanes.ron", LANES);
    insta::assert_snapshot!(refused(&world, &["lanes.ron", "--out", "lanes.ron"]), @r"
    exit code 2
    --- stderr
    error: `lanes.ron` is not a folder
    hint: name a folder with --out
    ");
    world.write("mine/three-lanes/notes.md", "mine");
    insta::assert_snapshot!(refused(&world, &["lanes.ron", "--out", "mine"]), @r"
    exit code 2
    --- stderr
    error: `mine/three-lanes` would be replaced, but holds `notes.md`, which no run has written
    hint: choose another folder with --out, or another `name` for the scenario
    ");
    world.write("other/three-lanes", "a file");
    insta::assert_snapshot!(refused(&world, &["lanes.ron", "--out", "other"]), @r"
    exit code 2
    --- stderr
    error: `other/three-lanes` is a file, where the output folder should be
    hint: choose another folder with --out, or another `name` for the scenario
    ");
}

/// A dangling link is found before anything is simulated.
#[cfg(unix)]
#[test]
fn a_place_for_output_that_is_a_dangling_link() {
    let world = World::with("lanes.ron", LANES);
    std::os::unix::fs::symlink(world.path("nowhere"), world.path("output")).unwrap();
    insta::assert_snapshot!(refused(&world, &["lanes.ron"]), @r"
    exit code 2
    --- stderr
    error: `output` is a link to nothing
    hint: name a folder with --out
    ");
    std::fs::create_dir(world.path("there")).unwrap();
    std::os::unix::fs::symlink(world.path("nowhere"), world.path("there/three-lanes")).unwrap();
    insta::assert_snapshot!(refused(&world, &["lanes.ron", "--out", "there"]), @r"
    exit code 2
    --- stderr
    error: `there/three-lanes` is a link, where the output folder should be
    hint: choose another folder with --out, or another `name` for the scenario
    ");
}

#[test]
fn a_number_of_threads_that_is_none() {
    let world = World::with("lanes.ron", LANES);
    for value in ["abc", "-1", "1.5", "99999"] {
        let output = world.command(&["run", "lanes.ron"]).env("RAYON_NUM_THREADS", value).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{value}");
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(
            stderr.starts_with(&format!("error: the environment variable RAYON_NUM_THREADS is `{value}`")),
            "{stderr}"
        );
    }
}

/// Control characters are refused on the command line too, before they can be printed again.
#[test]
fn arguments_with_control_characters() {
    let world = World::with("lanes.ron", LANES);
    let arguments = [
        &["lanes.ron", "--set", "flows.boxes.name=\u{1b}[31mred"][..],
        &["\u{202e}nor.senal"],
        &["lanes.ron", "--out", "a\u{7}b"],
        &["lanes.ron", "--\u{9b}2J"],
    ];
    for arguments in arguments {
        let outcome = refused(&world, arguments);
        assert!(outcome.stderr.contains("holds a control character"), "{outcome}");
        assert!(
            !outcome.stderr.contains(['\u{1b}', '\u{202e}', '\u{7}', '\u{9b}']),
            "{outcome:?}",
            outcome = outcome.stderr
        );
    }
}

/// Not even root can make a folder in `/proc`.
#[cfg(target_os = "linux")]
#[test]
fn a_place_for_output_that_cannot_be_written() {
    let world = World::with("lanes.ron", LANES);
    insta::assert_snapshot!(refused(&world, &["lanes.ron", "--out", "/proc/sanda"]), @r"
    exit code 2
    --- stderr
    error: cannot make the folder `/proc/sanda`: No such file or directory (os error 2)
    ");
}

#[test]
fn a_wrong_command_line() {
    let world = World::with("lanes.ron", LANES);
    insta::assert_snapshot!(refused(&world, &["lanes.ron", "--replications", "0"]), @r"
    exit code 2
    --- stderr
    error: invalid value '0' for '--replications <N>': 0 is not in 1..=1000000

    For more information, try '--help'.
    ");
    insta::assert_snapshot!(refused(&world, &["lanes.ron", "--seeds", "1"]), @r"
    exit code 2
    --- stderr
    error: unexpected argument '--seeds' found

      tip: a similar argument exists: '--seed'

    Usage: sanda run --seed <S> <SCENARIO.ron>...

    For more information, try '--help'.
    ");
    insta::assert_snapshot!(refused(&world, &[]), @r"
    exit code 2
    --- stderr
    error: the following required arguments were not provided:
      <SCENARIO.ron>...

    Usage: sanda run <SCENARIO.ron>...

    For more information, try '--help'.
    ");
    insta::assert_snapshot!(world.sanda(&["runn", "lanes.ron"]), @r"
    exit code 2
    --- stderr
    error: unrecognized subcommand 'runn'

      tip: a similar subcommand exists: 'run'

    Usage: sanda [OPTIONS] <COMMAND>

    For more information, try '--help'.
    ");
}
