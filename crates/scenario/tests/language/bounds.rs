//! Texts, names and numbers at their bounds: an answer at once, an error at the place.

use insta::assert_snapshot;
use sanda_scenario::load_text;

use crate::world::{bad, bad_with, good, messages, numbered, world};

/// A text of 100 kB wherever a text may stand: one error, short, at its place.
#[test]
fn a_text_without_end_is_refused_wherever_it_stands() {
    for piece in ["1", "a", "三", "1h ", "Mon ", "0.", "x-"] {
        let text = format!("\"{}\"", piece.repeat(100_000 / piece.len()));
        for (old, label) in [
            ("\"100d\"", "run.measure"),
            ("\"30min\"", "a law"),
            ("\"world\"", "the name"),
            ("\"boxes\": (", "an id"),
            ("at: \"yard\"", "a reference"),
            ("zone: \"Europe/Berlin\"", "a zone"),
        ] {
            let new = old.split('"').collect::<Vec<_>>();
            let new = format!("{}{text}{}", new[0], new[2]);
            let drawn = bad(&world(&[(old, &new)]));
            assert!(drawn.contains("expected 10000 at most"), "{label}: {drawn}");
            assert!(drawn.len() < 8_000, "{label}: {} bytes were drawn", drawn.len());
        }
    }
}

#[test]
fn a_number_or_name_without_end_is_refused() {
    let text = world(&[("servers: 2", &format!("servers: {}", "1".repeat(100_000)))]);
    assert!(bad(&text).contains("expected 10000 at most"));
    let text = world(&[("servers:", &format!("{}:", "s".repeat(100_000)))]);
    assert!(bad(&text).contains("expected 10000 at most"));
    let value = format!("run.measure={}", "9".repeat(100_000));
    assert!(bad_with(&world(&[]), &[&value]).contains("expected 10000 at most"));
}

#[test]
fn a_message_shortens_what_it_quotes() {
    let text = world(&[("\"100d\"", &format!("\"{}\"", "9".repeat(5_000)))]);
    assert_snapshot!(messages(&text).join("\n"), @"`999999999999999999999999999999999999999999999999999999999999…` has no unit: duration is given in `h`, `d`, `w`, `min`, `s` or `ms`");
    assert!(bad(&text).lines().all(|line| line.chars().count() < 300));
}

/// Two thousand flows of 64 letters, and two hundred that are nearly named: comparing all with all would take minutes.
#[test]
fn suggestions_take_no_minutes() {
    let name = |n: usize| format!("{n:04}{}", "x".repeat(60));
    let flows = numbered(2_000, |n| {
        format!("\"{}\": (arrivals: Poisson(mean: 1, per: \"1h\"), steps: [Delay(time: \"1h\")]),\n", name(n))
    });
    let promised = numbered(2_000, |n| format!("\"{}y\",", &name(n)[..63]));
    let text =
        world(&[("flows: {", &format!("flows: {{ {flows}")), ("[\"boxes\"]", &format!("[{promised}]"))]);
    assert!(load_text("my.ron", &text, &[]).is_err());
}

#[test]
fn a_name_has_a_longest_length() {
    let longest = "a".repeat(64);
    good(&world(&[("\"yard\": ()", &format!("\"yard\": (), \"{longest}\": ()"))]));
    assert_snapshot!(bad(&world(&[("\"yard\": ()", &format!("\"yard\": (), \"{longest}b\": ()"))])), @r#"
    error: `aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…` is too long for a name: it has 65 characters
     --> my.ron:5:26
      |
    5 |     nodes: { "yard": (), "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab": (), "away": (zone: "Europe/Berlin") },
      |                          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ expected 64 characters at most
      |
      = path: nodes.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab
    hint: a longer name for reports can be given under `name` or `title`
    "#);
}

#[test]
fn a_scenario_has_a_name_that_every_system_can_use() {
    for name in ["-", "-x", "--", "con", "nul", "prn", "aux", "com1", "lpt9"] {
        let drawn = bad(&world(&[("\"world\"", &format!("\"{name}\""))]));
        assert!(drawn.contains(&format!("the scenario's name `{name}` ")), "{drawn}");
    }
    for name in ["0", "x-", "a--b", "console", "com", "com10", "lpt", "null"] {
        good(&world(&[("\"world\"", &format!("\"{name}\""))]));
    }
    // Things inside a scenario are no folders.
    good(&world(&[("\"yard\": ()", "\"yard\": (), \"con\": ()")]));
}

/// Whatever acts on a terminal or a page is refused, in every kind of text and however it is written.
#[test]
fn characters_that_act_are_refused_wherever_they_stand() {
    for c in [
        "\\u{1b}",
        "\\u{0}",
        "\\u{7}",
        "\\u{9b}",
        "\\u{202e}",
        "\\u{2066}",
        "\\u{2028}",
        "\\u{7f}",
        "\u{85}",
        "\u{202e}",
    ] {
        for (old, new) in [
            ("\"boxes\": (", "\"boxes\": (name: \"aCb\", "),
            ("\"crane\": (", "\"crane\": (name: (zh: \"aCb\", en: \"x\"), "),
            ("within:", "name: \"aCb\", within:"),
            ("name: \"world\"", "name: \"world\", question: \"aCb\""),
            ("\"yard\": ()", "\"yard\": (codes: {\"aCb\": \"x\"})"),
            ("servers: 2", "servers: 2, sources: {\"servers\": (from: \"aCb\", with: \"a\")}"),
            ("servers: 2", "servers: 2, note: r#\"aCb\"#"),
        ] {
            if new.contains("r#") && c.starts_with('\\') {
                continue;
            }
            let drawn = bad(&world(&[(old, &new.replace('C', c))]));
            assert!(drawn.contains("error: a text holds the character U+"), "{c} in {new}: {drawn}");
            let acts = |c: char| c != '\n' && sanda_scenario::words::is_unprintable(c);
            assert!(!drawn.contains(acts), "{drawn:?}");
        }
    }
    assert!(bad_with(&world(&[]), &["flows.boxes.name=a\u{1b}b"]).contains("U+001B"));
}

#[test]
fn a_title_is_one_line() {
    let loaded =
        good(&world(&[("name: \"world\"", "name: \"world\", title: \"one\n   ✓ kept\\n\\tthree\"")]));
    assert_eq!(loaded.scenario.title.unwrap().en, "one ✓ kept three");
}

/// What is wrong with a scenario when its model is built.
fn refused(text: &str) -> String {
    match sanda_scenario::load_model_text("my.ron", text, &[]) {
        Ok(_) => "sound".to_owned(),
        Err(failure) => failure.to_string(),
    }
}

/// Whatever recurs by itself has a bound in one run, as arrivals have.
#[test]
fn what_recurs_without_end_is_refused() {
    assert_snapshot!(refused(&world(&[("Every(period: \"24h\")", "Every(period: \"1ms\")")])), @r#"
    error: about 1.9e10 departures in one run
      --> my.ron:11:22
       |
    11 |             departs: Every(period: "1ms"),
       |                      ^^^^^ expected fewer than 1e8
       |
       = path: services.train.departs
    hint: let one departure stand for several, use a connection, or shorten the run
    "#);
    let steady = "boxes\": (";
    for (old, new, expected) in [
        ("Every(period: \"24h\")", "Every(period: \"20ms\")", "departures in one run"),
        ("Every(period: \"24h\")", "Headway(Exponential(mean: \"5ms\"))", "departures in one run"),
        ("servers: 2", "servers: 2, breakdowns: (up: \"10ms\", down: \"10ms\")", "failures in one run"),
        ("servers: 2", "servers: 1000000, breakdowns: (up: \"1h\", down: \"1h\")", "failures in one run"),
        (
            "per: \"24h\"",
            "per: \"24h\", profile: (dates: { \"2025-02-01..2025-02-02\": 1e300 })",
            "shipments in one run",
        ),
        (steady, "boxes\": (", "sound"),
    ] {
        let words = refused(&world(&[(old, new)]));
        assert!(words.contains(expected), "{new}: {words}");
    }
    let with = |disruption: &str| {
        let section = format!(
            "disruptions: {{ \"d\": (targets: [Service(\"train\")], {disruption}, effect: Close) }}, promises"
        );
        refused(&world(&[("promises", &section)]))
    };
    assert!(
        with("when: Strikes(mean: 9223372036854775808, per: \"20d\", length: \"1d\")")
            .contains("strikes in one run")
    );
    assert!(with("when: Random(up: \"1ms\", down: \"1ms\")").contains("disruptions in one run"));
    assert!(
        with("when: UnderWay(per_hour: 1e9, length: \"1h\")").contains("strikes on each vehicle in one run")
    );
    assert_eq!(with("when: Random(up: \"30d\", down: \"1d\")"), "sound");
    let regime = "regimes: { \"r\": (period: \"1ms\", persistence: 0.5, states: { \"a\": 1 }) }, promises";
    assert!(refused(&world(&[("promises", regime)])).contains("periods of a regime in one run"));
}

#[test]
fn durations_have_a_longest_value() {
    for long in ["9223372036854775807ms", "9223372036854775808ms", "1000000000000001ms", "99999999999999w"] {
        let words = refused(&world(&[("running:", &format!("cutoff: \"{long}\", running:"))]));
        assert!(words.contains("is too large for duration"), "{long}: {words}");
    }
}

/// A limit in local days is counted on when civil dates end, after 2199.
#[test]
fn a_run_past_the_last_civil_date_is_read() {
    let text =
        world(&[("within: \"60h\"", "by_end_of_day: 1"), ("measure: \"100d\"", "measure: \"100000d\"")]);
    assert_eq!(refused(&text), "sound");
}

#[test]
fn repetitions_have_a_bound() {
    let run = |fields: &str| bad(&world(&[("run: (measure", &format!("run: ({fields}, measure"))]));
    assert!(run("replications: 1000001").contains("1000001 replications are too many"));
    assert!(run("replications: 18446744073709551615").contains("expected 1000000 at most"));
    assert!(run("input_points: 100001").contains("100001 input points are too many"));
}
