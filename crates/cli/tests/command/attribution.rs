//! `sanda attribution`, by the real program.

use crate::world::{LANES, World};

/// Two boxes at eight each morning, a desk that takes two hours, a train at eleven: the second misses it by one hour and loses a day.
const CUT_OFF: &str = r#"(
    schema: 1,
    name: "cut-off",
    title: (zh: "截载", en: "The cut-off"),
    start: "2025-01-06T00:00[UTC]",
    run: (warm_up: "7d", measure: "28d", drain: "7d", replications: 4),
    nodes: { "yard": (), "away": () },
    resources: { "desk": (name: (zh: "报关台", en: "Customs desk"), at: "yard", servers: 1) },
    services: {
        "train": (
            name: (zh: "班列", en: "Train"), mode: Rail, stops: ["yard", "away"],
            departs: Every(period: "24h", offset: "11h"), capacity: "60 TEU", running: ["10h"],
        ),
    },
    flows: {
        "boxes": (
            arrivals: Regular(every: "24h", offset: "8h", batch: 2),
            steps: [Work(resource: "desk", time: "2h"), Ride(service: "train")],
        ),
    },
    promises: {
        "quick": (name: (zh: "一日达", en: "Within a day"), flows: ["boxes"], within: "24h", target: "90%"),
    },
)
"#;

fn world() -> World {
    World::with("cut-off.ron", CUT_OFF)
}

#[test]
fn two_hours_at_the_desk_cost_a_day_and_the_words_say_so() {
    let world = world();
    let outcome = world.succeeds(&["attribution", "cut-off.ron"]);
    for expected in [
        "Within a day",
        "Customs desk: 1 hour at the stage cost 12 hours from door to door",
        "(12 times as much), because departures of",
        "误了“班列”的班次",
        "单独去除一项",
        "+50",
        "at most 100 % keep the promise",
    ] {
        assert!(outcome.stdout.contains(expected), "{expected}: {outcome}");
    }
    assert!(
        outcome.stderr.contains("2 causes of waits, 4 models of 4 replications and 8 to follow every shipment: 24 replications, 0 of them kept already"),
        "{outcome}"
    );
    assert_eq!(world.read("output/cut-off.attribution/summary.txt"), outcome.stdout);
    let files = world.files();
    for file in
        ["attribution.json", "attribution.csv", "figures/waterfall-quick.svg", "figures/waterfall-quick.png"]
    {
        let path = format!("output/cut-off.attribution/{file}");
        assert!(files.contains(&path), "{path} of {files:?}");
    }
    let json: serde_json::Value =
        serde_json::from_str(&world.read("output/cut-off.attribution/attribution.json")).unwrap();
    assert_eq!(json["ranking"][0], "resource.desk");
    assert_eq!(json["causes"][0]["cumulative"]["mean"]["estimate"], 12.0);
    let rows = world.read("output/cut-off.attribution/attribution.csv");
    assert!(rows.lines().any(|row| row.starts_with("single,resource.desk,mean,12,")), "{rows}");
}

#[test]
fn a_second_question_finds_what_was_simulated() {
    let world = world();
    let first = world.succeeds(&["attribution", "cut-off.ron", "--promise", "quick"]);
    let again = world.succeeds(&["attribution", "cut-off.ron", "--promise", "quick"]);
    assert_eq!(first.stdout, again.stdout);
    assert!(again.stderr.contains("24 replications, 24 of them kept already"), "{again}");
    // More replications: only the rest is simulated, and a flow asks for the same models.
    let more = world.succeeds(&["attribution", "cut-off.ron", "--flow", "boxes", "--replications", "6"]);
    assert!(more.stderr.contains("36 replications, 24 of them kept already"), "{more}");
    let alone = world.succeeds(&["run", "cut-off.ron", "--no-report"]);
    assert!(alone.stderr.contains("existed already"), "{alone}");
}

/// The same bytes for any number of threads, and when pieces were there.
#[test]
fn an_attribution_does_not_depend_on_threads_or_pieces() {
    let world = World::with("lanes.ron", LANES);
    let attribute = |out: &str, more: &[&str]| {
        let mut arguments = vec!["attribution", "lanes.ron", "--no-report", "--out", out];
        arguments.extend(more);
        world.succeeds(&arguments);
        world.read(&format!("{out}/three-lanes.attribution/attribution.json"))
    };
    let one = attribute("one", &["--threads", "1", "--no-pieces"]);
    assert_eq!(attribute("two", &["--threads", "2"]), one);
    assert_eq!(attribute("two", &["--threads", "2"]), one);
}

#[test]
fn a_promise_that_no_measure_on_waiting_keeps_is_named() {
    let world = world();
    let outcome = world.succeeds(&["attribution", "cut-off.ron", "--set", "promises.quick.within=11h"]);
    assert!(outcome.stdout.contains("No measure on waiting can keep this promise"), "{outcome}");
    assert!(outcome.stdout.contains("只减少等待的措施无法兑现这项承诺"), "{outcome}");
}

#[test]
fn what_is_not_there_is_refused_before_anything_is_simulated() {
    let world = world();
    let check = |arguments: &[&str], expected: &str| {
        let outcome = world.sanda(arguments);
        assert_eq!(outcome.code, Some(2), "{outcome}");
        assert!(outcome.stderr.contains(expected), "{expected}: {outcome}");
    };
    check(&["attribution", "cut-off.ron", "--flow", "boxs"], "did you mean `boxes`?");
    check(&["attribution", "cut-off.ron", "--promise", "slow"], "there is no promise `slow`");
    check(&["attribution", "cut-off.ron", "--flow", "boxes", "--promise", "quick"], "cannot be used with");
    let two = CUT_OFF.replace(
        "    promises: {",
        "    promises: {\n        \"slow\": (flows: [\"boxes\"], within: \"48h\", target: \"90%\"),",
    );
    world.write("two.ron", two);
    check(&["attribution", "two.ron"], "the command line does not say whose hours to attribute");
    assert!(world.files().iter().all(|file| !file.contains("attribution")), "nothing is written");
}

#[test]
fn the_help_has_an_example() {
    insta::assert_snapshot!(World::new().succeeds(&["help", "attribution"]).stdout, @"
    Say where the hours come from: the same shipments with one cause removed at a time

    Usage: sanda attribution [OPTIONS] <SCENARIO.ron>

    Arguments:
      <SCENARIO.ron>  Scenario file

    Options:
          --flow <ID>          The flow whose hours are attributed, by its first clock
          --promise <ID>       The promise whose hours are attributed, by its clock, all its flows
                               together. Default: the only one from release to delivery
          --set <PATH=VALUE>   Override a parameter by its path, as in error messages. May be given
                               several times
          --replications <N>   Independent replications, instead of the scenario's own number
          --seed <S>           The seed of all randomness, instead of the scenario's own
          --threads <N>        Worker threads. Default: one per core, or RAYON_NUM_THREADS. Results are
                               the same for any number
          --out <DIR>          The folder under which the attribution gets its own, named after the
                               scenario [default: output]
          --no-report          Write results only, no figures
          --study <DIR>        Take replications from this study folder and keep new ones there, instead
                               of in the hidden folder beside the results
          --no-pieces          Simulate everything anew, and keep nothing for later
          --plan-only          Record in the study folder what is to be simulated, and simulate nothing
          --pieces-limit <GB>  Largest size of the hidden folder in GB; beyond it the oldest
                               replications are removed [default: 4]
      -q, --quiet              Print results and errors only, no progress and no remarks
          --no-color           Never colour what is printed. The environment variable NO_COLOR does the
                               same
      -h, --help               Print help

    Example:
      sanda attribution scenarios/wujiashan-duisburg.ron --promise half-month-door
      sanda attribution scenarios/wuhan-baseline-2025.ron --flow rail-out-germany --replications 10

    removes each cause of waits by itself, then all of them in turn in route order, with
    the same luck for every shipment. It first states how many replications that takes. It
    writes attribution.json, attribution.csv, summary.txt and figures/ into
    output/wujiashan-duisburg.attribution/. Existing replications are not simulated again.

    The bound is the share that would keep the promise if every wait were zero: no
    measure on waiting can reach more.
    ");
}
