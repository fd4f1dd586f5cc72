//! `base`, `network`, `changes` and `--set`: what they put together, and what they refuse.

use std::path::Path;

use insta::assert_snapshot;
use sanda_scenario::{Loaded, load, print_inline, reload};
use sanda_units::Duration;

use crate::world::{WORLD, world};

/// A folder of files; the first is loaded.
struct Folder {
    folder: tempfile::TempDir,
}

impl Folder {
    fn of(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        Self { folder }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// Loads the first of these files.
fn good(files: &[(&str, &str)]) -> Loaded {
    let folder = Folder::of(files);
    load(&folder.path().join(files[0].0), &[]).unwrap_or_else(|failure| panic!("{failure}"))
}

/// What people see, with the folder left out.
fn bad(files: &[(&str, &str)]) -> String {
    let folder = Folder::of(files);
    let failure = load(&folder.path().join(files[0].0), &[]).expect_err("expected to be refused");
    failure.to_string().replace(&format!("{}/", folder.path().display()), "")
}

#[test]
fn a_base_is_changed_by_path_and_added_to() {
    let top = r#"(
        schema: 1,
        name: "top",
        base: "bases/middle.ron",
        changes: {
            "services.train.capacity": "20 TEU",
            "services.train.cutoff": "4h",
            "flows.boxes.steps[0].time.mean": "15min",
            "flows.boxes.arrivals": Regular(every: "3h"),
            "resources.gate": (at: "away"),
            "run.seed": 9,
            "promises.slow": None,
        },
        promises: { "quicker": (flows: ["boxes"], within: "20h") },
    )"#;
    let middle = r#"(
        schema: 1,
        name: "middle",
        title: "Middle",
        base: "../world.ron",
        promises: { "slow": (flows: ["boxes"], within: "90h") },
        nodes: { "port": () },
    )"#;
    let loaded = good(&[("top.ron", top), ("bases/middle.ron", middle), ("world.ron", WORLD)]);
    let scenario = &loaded.scenario;
    assert_eq!(scenario.name.value, "top");
    assert_eq!(scenario.title, None, "a title is not taken from the base");
    assert_eq!(scenario.run.seed, 9);
    assert_eq!(scenario.services["train"].cutoff, Duration::from_hours(4));
    let keys =
        |keys: Vec<&sanda_scenario::decode::Name>| keys.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(keys(scenario.promises.keys().collect()), ["quick", "quicker"]);
    assert_eq!(keys(scenario.nodes.keys().collect()), ["away", "port", "yard"]);
    assert_snapshot!(print_inline(loaded.tree.entry("flows").unwrap()), @r#"{ "boxes": (arrivals: Regular(every: "3h"), steps: [Work(resource: "crane", time: Exponential(mean: "15min")), Ride(service: "train")]) }"#);
}

#[test]
fn network_files_lie_beneath() {
    let top =
        r#"(schema: 1, name: "top", network: ["a.ron", "b.ron"], run: (measure: "1d"), nodes: { "c": () })"#;
    let loaded = good(&[
        ("top.ron", top),
        ("a.ron", "(nodes: { \"a\": () })"),
        ("b.ron", "(nodes: { \"b\": () }, resources: { \"r\": (at: \"a\") })"),
    ]);
    assert_eq!(loaded.scenario.nodes.len(), 3);
    assert_eq!(loaded.scenario.resources.len(), 1);
}

#[test]
fn network_files_hold_new_sections_only() {
    let top = r#"(schema: 1, name: "top", network: "a.ron", run: (measure: "1d"), nodes: { "a": () })"#;
    assert_snapshot!(bad(&[("top.ron", top), ("a.ron", "(\n    nodes: { \"a\": () },\n    run: (measure: \"2d\"),\n    resource: {},\n)")]), @r#"
    error: `a` is already one of the nodes this scenario builds on
     --> top.ron:1:75
      |
    1 | (schema: 1, name: "top", network: "a.ron", run: (measure: "1d"), nodes: { "a": () })
      |                                                                           ^^^ expected a new id
      |
     ::: a.ron:2:14
      |
    2 |     nodes: { "a": () },
      |              --- first written here
      |
      = path: nodes.a
    hint: to change it, write `changes: { "nodes.a": ... }`

    error: `run` has no place in a network file
     --> a.ron:3:5
      |
    3 |     run: (measure: "2d"),
      |     ^^^ expected a section: `nodes`, `resources`, `calendars`, `procedures`, `regimes`, `services`, `connections`, `flows`, ...
      |
     ::: top.ron:1:35
      |
    1 | (schema: 1, name: "top", network: "a.ron", run: (measure: "1d"), nodes: { "a": () })
      |                                   ------- read as a network file from here

    error: `resource` has no place in a network file
     --> a.ron:4:5
      |
    4 |     resource: {},
      |     ^^^^^^^^ expected a section: `nodes`, `resources`, `calendars`, `procedures`, `regimes`, `services`, `connections`, `flows`, ...
      |
     ::: top.ron:1:35
      |
    1 | (schema: 1, name: "top", network: "a.ron", run: (measure: "1d"), nodes: { "a": () })
      |                                   ------- read as a network file from here
      |
    hint: did you mean `resources`?
    "#);
}

#[test]
fn what_the_base_gives_is_changed_not_written_again() {
    let top = r#"(
    schema: 1,
    name: "top",
    base: "world.ron",
    run: (measure: "50d"),
    resources: { "crane": (at: "away") },
)"#;
    assert_snapshot!(bad(&[("top.ron", top), ("world.ron", WORLD)]), @r#"
    error: `run` is given by the base
     --> top.ron:5:5
      |
    5 |     run: (measure: "50d"),
      |     ^^^ cannot be given again as a whole
      |
     ::: world.ron:4:5
      |
    4 |     run: (measure: "100d"),
      |     --- given here
      |
      = path: run
    hint: write `changes: { "run.measure": ... }`

    error: `crane` is already one of the resources this scenario builds on
     --> top.ron:6:18
      |
    6 |     resources: { "crane": (at: "away") },
      |                  ^^^^^^^ expected a new id
      |
     ::: world.ron:6:18
      |
    6 |     resources: { "crane": (at: "yard", servers: 2) },
      |                  ------- first written here
      |
      = path: resources.crane
    hint: to change it, write `changes: { "resources.crane.at": ... }`
    "#);
}

#[test]
fn changes_that_lead_nowhere_are_shown_in_the_changes() {
    let top = r#"(
    schema: 1,
    name: "top",
    base: "world.ron",
    changes: {
        "services.train.capcity": "20 TEU",
        "service.train.capacity": "20 TEU",
        "services.tarin.capacity": "20 TEU",
        "services.train.capacity.teu": 3,
        "services.train.stops.first": "yard",
        "flows.boxes.steps[2].time": "1h",
        "flows.boxes.steps[x]": "1h",
        "resources.crane.servers": 0,
        "resources..servers": 1,
        "flows.boxes.customs.transit": true,
    },
)"#;
    assert_snapshot!(bad(&[("top.ron", top), ("world.ron", WORLD)]), @r#"
    error: unknown field `capcity` in service `train`
     --> top.ron:6:9
      |
    6 |         "services.train.capcity": "20 TEU",
      |         ^^^^^^^^^^^^^^^^^^^^^^^^ expected one of `capacity`, `name`, `cutoff`, `dwell`, `planned`, `at_stop`, `cancelled`, `delay`, ...
      |
      = path: services.train.capcity
    hint: did you mean `capacity`?

    error: the scenario has no `service`
     --> top.ron:7:9
      |
    7 |         "service.train.capacity": "20 TEU",
      |         ^^^^^^^^^^^^^^^^^^^^^^^^ expected one of `run`, `nodes`, `resources`, `services`, `flows`, `promises`, `schema`, `name`
      |
      = path: service.train.capacity
    hint: did you mean `services.train.capacity`?

    error: `services` has no `tarin`
     --> top.ron:8:9
      |
    8 |         "services.tarin.capacity": "20 TEU",
      |         ^^^^^^^^^^^^^^^^^^^^^^^^^ expected `train`
      |
      = path: services.tarin.capacity
    hint: did you mean `services.train.capacity`?

    error: `services.train.capacity` is the text "10 TEU" and has no `teu`
     --> top.ron:9:9
      |
    9 |         "services.train.capacity.teu": 3,
      |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ the path ends earlier
      |
      = path: services.train.capacity.teu

    error: `services.train.stops` is a list and has no `first`
      --> top.ron:10:9
       |
    10 |         "services.train.stops.first": "yard",
       |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ expected the number of an item, such as `[0]`
       |
       = path: services.train.stops.first

    error: `flows.boxes.steps` has no item [2]
      --> top.ron:11:9
       |
    11 |         "flows.boxes.steps[2].time": "1h",
       |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^ there are 2 items, [0] to [1]
       |
       = path: flows.boxes.steps[2].time

    error: `flows.boxes.steps[x]` is not a path: `x` is not a whole number
      --> top.ron:12:9
       |
    12 |         "flows.boxes.steps[x]": "1h",
       |         ^^^^^^^^^^^^^^^^^^^^^^ expected a path such as `flows.boxes.steps[0].time.mean`
       |
       = path: flows.boxes.steps[x]

    error: `0` is not greater than zero
      --> top.ron:13:36
       |
    13 |         "resources.crane.servers": 0,
       |                                    ^ expected more than zero
       |
       = path: resources.crane.servers

    error: `resources..servers` is not a path: a name is missing
      --> top.ron:14:9
       |
    14 |         "resources..servers": 1,
       |         ^^^^^^^^^^^^^^^^^^^^ expected a path such as `flows.boxes.steps[0].time.mean`
       |
       = path: resources..servers

    error: `flows.boxes` has no `customs`
      --> top.ron:15:9
       |
    15 |         "flows.boxes.customs.transit": true,
       |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ expected one of `arrivals`, `steps`
       |
       = path: flows.boxes.customs.transit
    hint: give `flows.boxes.customs` as a whole
    "#);
}

#[test]
fn issues_of_the_base_are_shown_in_the_base() {
    let top = r#"(schema: 1, name: "top", base: "world.ron")"#;
    let base = world(&[("\"10 TEU\"", "10")]);
    assert_snapshot!(bad(&[("top.ron", top), ("world.ron", &base)]), @r#"
    error: the number 10 has no unit
      --> world.ron:12:23
       |
    12 |             capacity: 10,
       |                       ^^ expected a load, such as "110 TEU", "100 t", "20 shipments" or "30 units"
       |
       = path: services.train.capacity
    "#);
}

#[test]
fn a_circle_of_bases_is_shown() {
    assert_snapshot!(bad(&[
        ("a.ron", "(schema: 1, name: \"a\",\n    base: \"b.ron\")"),
        ("b.ron", "(schema: 1, name: \"b\",\n    base: \"sub/../c.ron\")"),
        ("c.ron", "(schema: 1, name: \"c\",\n    base: \"a.ron\")"),
        ("sub/x.ron", ""),
    ]), @r#"
    error: the scenario builds on itself: a.ron -> b.ron -> c.ron -> a.ron
     --> sub/../c.ron:2:11
      |
    2 |     base: "a.ron")
      |           ^^^^^^^ this closes the cycle
    "#);
    assert_snapshot!(bad(&[("a.ron", "(schema: 1, name: \"a\", base: \"a.ron\")")]), @r#"
    error: the scenario builds on itself: a.ron -> a.ron
     --> a.ron:1:30
      |
    1 | (schema: 1, name: "a", base: "a.ron")
      |                              ^^^^^^^ this closes the cycle
    "#);
}

#[test]
fn a_missing_base_is_shown_where_it_is_named() {
    assert_snapshot!(bad(&[("a.ron", "(schema: 1, name: \"a\", base: \"nowhere.ron\")")]), @r#"
    error: `nowhere.ron`: no such file
     --> a.ron:1:30
      |
    1 | (schema: 1, name: "a", base: "nowhere.ron")
      |                              ^^^^^^^^^^^^^
    "#);
}

#[test]
fn a_long_chain_of_bases_ends() {
    let files: Vec<(String, String)> = (0..40)
        .map(|n| (format!("{n}.ron"), format!("(schema: 1, name: \"n{n}\", base: \"{}.ron\")", n + 1)))
        .collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    assert!(bad(&files).contains("more than 16 scenarios build on one another"));
}

#[test]
fn a_loaded_scenario_is_tried_with_other_values() {
    let loaded = good(&[("world.ron", WORLD)]);
    let again = reload(&loaded, &["run.seed=5".to_owned()]).unwrap_or_else(|failure| panic!("{failure}"));
    assert_eq!((loaded.scenario.run.seed, again.scenario.run.seed), (1, 5));
    let failure = reload(&loaded, &["run.sede=5".to_owned()]).expect_err("expected to be refused");
    assert_snapshot!(failure.to_string(), @"
    error: unknown field `sede` in run
     --> --vary #1:1:1
      |
    1 | run.sede=5
      | ^^^^^^^^ expected one of `seed`, `warm_up`, `drain`, `arrivals_until`, `replications`, `input_points`, `matters`
      |
      = path: run.sede
    hint: did you mean `seed`?
    ");
}

#[test]
fn columns_of_files_become_laws() {
    let text = world(&[(
        "Exponential(mean: \"30min\")",
        "Empirical(file: \"data/seen.csv\", column: \"hours\", unit: \"h\")",
    )]);
    let loaded = good(&[("world.ron", &text), ("data/seen.csv", "day,hours\n1,2.5\n2,3.5\n")]);
    let sanda_scenario::schema::StepKind::Work { time, .. } =
        &loaded.scenario.flows["boxes"].steps.as_ref().unwrap()[0].kind
    else {
        panic!("the first step is work")
    };
    assert!((time.compile().unwrap().mean() - 3.0 * 3_600_000.0).abs() < 1e-6);
    assert_snapshot!(bad(&[("world.ron", &text), ("data/seen.csv", "day,hours\n1,2.5\n2,soon\n")]), @r#"
    error: line 3 of `data/seen.csv`, column `hours`: `soon` is not a number where duration is due
      --> world.ron:20:63
       |
    20 |                 Work(resource: "crane", time: Empirical(file: "data/seen.csv", column: "hours", unit: "h")),
       |                                                               ^^^^^^^^^^^^^^^
       |
      ::: data/seen.csv:3:3
       |
     3 | 2,soon
       |   ---- `soon` is not a number where duration is due
       |
       = path: flows.boxes.steps[0].time
    hint: write for example `2d 6h`
    "#);
    assert_snapshot!(bad(&[("world.ron", &text), ("data/seen.csv", "day,hour\n1,2.5\n")]), @r#"
    error: `data/seen.csv` has no column `hours`
      --> world.ron:20:88
       |
    20 |                 Work(resource: "crane", time: Empirical(file: "data/seen.csv", column: "hours", unit: "h")),
       |                                                                                        ^^^^^^^
       |
       = path: flows.boxes.steps[0].time
    hint: did you mean `hour`?
    "#);
}
