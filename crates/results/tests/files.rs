//! What the two files look like and how they are read back. The schema's example is `small.json`, written by hand.

use std::path::Path;

use insta::assert_snapshot;
use proptest::prelude::*;
use sanda_results::{
    Figure, FileError, FormatError, Hash64, Host, Language, Provenance, Remark, Results, SCHEMA, Text,
    Verdict, paths,
};

const SMALL: &str = include_str!("small.json");

fn small() -> Results {
    Results::from_json(SMALL).expect("the example is of this schema")
}

fn provenance() -> Provenance {
    Provenance {
        schema: SCHEMA,
        engine: "sanda".to_owned(),
        engine_version: "0.1.0".to_owned(),
        scenario_files: vec!["one-train.ron".to_owned(), "base.ron".to_owned()],
        overrides: vec!["resources.customs.servers=4".into()],
        digest: "9f86d081884c7d65".to_owned(),
        seed: u64::MAX,
        key_layout: 1,
        tz_database: "2025b".to_owned(),
        replications: 40,
        interrupted: false,
        precision: None,
        threads: 2,
        wall_seconds: 1.5,
        host: Host { os: "linux".to_owned(), arch: "x86_64".to_owned() },
        events: 1_000_000,
        shipments: 70_080,
        peak_memory_bytes: None,
    }
}

#[test]
fn the_example_is_written_back_byte_for_byte() {
    assert_eq!(small().to_json().unwrap(), SMALL);
}

#[test]
fn provenance_is_written_in_the_order_of_its_fields() {
    let text = provenance().to_json().unwrap();
    assert_eq!(Provenance::from_json(&text).unwrap(), provenance());
    assert_snapshot!(text, @r#"
    {
      "schema": 2,
      "engine": "sanda",
      "engine_version": "0.1.0",
      "scenario_files": [
        "one-train.ron",
        "base.ron"
      ],
      "overrides": [
        "resources.customs.servers=4"
      ],
      "digest": "9f86d081884c7d65",
      "seed": 18446744073709551615,
      "key_layout": 1,
      "tz_database": "2025b",
      "replications": 40,
      "interrupted": false,
      "threads": 2,
      "wall_seconds": 1.5,
      "host": {
        "os": "linux",
        "arch": "x86_64"
      },
      "events": 1000000,
      "shipments": 70080
    }
    "#);
}

#[test]
fn errors_say_what_the_file_is() {
    fn check(text: &str) -> String {
        let error = Results::from_json(text).unwrap_err();
        format!("{error}\nhint: {}", error.hint().unwrap_or("-"))
    }
    assert_snapshot!(check("{\"schema\": 2,"), @r"
    not JSON: EOF while parsing a value at line 1 column 13
    hint: the file may be cut short: run the scenario again
    ");
    assert_snapshot!(check("[1, 2]"), @r"
    no `schema` number, so this is not a file of ours
    hint: give a `results.json` that `sanda run` wrote
    ");
    assert_snapshot!(check("{\"schema\": \"one\"}"), @r"
    no `schema` number, so this is not a file of ours
    hint: give a `results.json` that `sanda run` wrote
    ");
    assert_snapshot!(check("{\"name\": \"x\"}"), @r"
    no `schema` number, so this is not a file of ours
    hint: give a `results.json` that `sanda run` wrote
    ");
    assert_snapshot!(check("{\"schema\": 3, \"promises\": 7}"), @r"
    the file has schema 3, this program reads schema 2
    hint: a newer sanda wrote it: update this one
    ");
    assert_snapshot!(check("{\"schema\": 1}"), @r"
    the file has schema 1, this program reads schema 2
    hint: an older sanda wrote it: run the scenario again
    ");
    assert_snapshot!(check("{\"schema\": 2}"), @r"
    not the shape of schema 2: missing field `key_layout` at line 1 column 13
    hint: the file was changed by hand or by another program: run the scenario again
    ");
    assert_snapshot!(check(&SMALL.replace("\"verdict\":\"uncertain\"", "\"verdict\":\"perhaps\"")), @r"
    not the shape of schema 2: unknown variant `perhaps`, expected one of `kept`, `broken`, `uncertain` at line 21 column 139
    hint: the file was changed by hand or by another program: run the scenario again
    ");
    assert_snapshot!(check(&SMALL.replace("00000000deadbeef", "DEADBEEF")), @r"
    not the shape of schema 2: `DEADBEEF` is not a hash of sixteen hexadecimal digits at line 16 column 23
    hint: the file was changed by hand or by another program: run the scenario again
    ");
}

#[test]
fn a_field_of_a_later_addition_is_ignored() {
    let text = SMALL.replace("\"key_layout\": 1,", "\"key_layout\": 1, \"added_later\": {\"x\": []},");
    assert_eq!(Results::from_json(&text).unwrap(), small());
}

#[test]
fn a_number_json_cannot_hold_is_refused() {
    fn check(spoil: impl FnOnce(&mut Results), expected: &str) {
        let mut results = small();
        spoil(&mut results);
        let error = results.to_json().unwrap_err();
        assert!(matches!(error, FormatError::NotWritable(_)), "{error:?}");
        assert_eq!(error.to_string(), expected);
    }
    check(
        |r| r.promises.get_mut("quick").unwrap().target = f64::NAN,
        "cannot be written: NaN is not a finite number",
    );
    check(
        |r| r.promises.get_mut("quick").unwrap().share.estimate = Some(f64::INFINITY),
        "cannot be written: inf is not a finite number",
    );
    check(
        |r| r.distributions.get_mut("promises.quick").unwrap().bins[1].to = f64::INFINITY,
        "cannot be written: inf is not a finite number",
    );
}

#[test]
fn negative_zero_is_written_as_zero() {
    let mut results = small();
    results.metrics.insert("flows.boxes.x".to_owned(), Figure::plain(-0.0));
    assert!(!results.to_json().unwrap().contains("-0.0"));
}

#[test]
fn files_are_written_and_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("results.json");
    small().write(&path).unwrap();
    assert_eq!(Results::read(&path).unwrap(), small());
    let path = folder.path().join("provenance.json");
    provenance().write(&path).unwrap();
    assert_eq!(Provenance::read(&path).unwrap(), provenance());
    let missing = Results::read(Path::new("no-such-folder/results.json")).unwrap_err();
    assert!(matches!(missing, FileError::Io { .. }));
    assert!(missing.to_string().starts_with("no-such-folder/results.json: "));
}

#[test]
fn figures_are_found_by_path() {
    fn check(path: &str, expected: Option<f64>) {
        let results = small();
        assert_eq!(results.figure(path).and_then(Figure::value), expected, "{path}");
        // A figure that can be looked up is also listed, and the other way round.
        assert_eq!(results.figures().get(path).copied(), results.figure(path), "{path}");
    }
    check(&paths::flow_clock("boxes", "door-to-door", "p95"), Some(14.25));
    check(&paths::flow("boxes", "shipments.released"), Some(100.0));
    check(&paths::promise_share("quick"), Some(0.9));
    check(&paths::promise("quick", "by_teu"), Some(0.91));
    check(&paths::promise("quick", "by_tonnes"), None);
    check(&paths::promise_by_flow("quick", "boxes"), Some(0.9));
    check(&paths::promise_by_flow("quick", "pallets"), None);
    check(&paths::promise_by_month("quick", "2025-02"), None);
    check(&paths::promise_achievable("quick", 0.9), Some(12.0));
    check(&paths::promise_achievable("quick", 0.99), Some(f64::INFINITY));
    check(&paths::promise_achievable("quick", 0.5), None);
    check("promises.slow.share", None);
    check("flows.quick.share", None);
    check("promises.quick", None);
    check("", None);
    assert_eq!(small().figures().len(), 8);
}

#[test]
fn paths_are_spelt_and_taken_apart() {
    let spelt = [
        paths::flow_clock("boxes", "door-to-door", &paths::percentile(0.95)),
        paths::flow_clock_distribution("boxes", "door-to-door"),
        paths::flow_stage("boxes", "customs", paths::MEAN),
        paths::flow_stage_category("boxes", "customs", "worked-on"),
        paths::flow_category("boxes", "rolled-over"),
        paths::resource("gate", "utilisation"),
        paths::resource_wait("gate", paths::SD),
        paths::service("train", "first_departure_share"),
        paths::service_wait("train", &paths::percentile(0.999)),
        paths::promise_achievable("quick", 0.9),
    ];
    assert_snapshot!(spelt.join("\n"), @r"
    flows.boxes.clocks.door-to-door.p95
    flows.boxes.clocks.door-to-door
    flows.boxes.stages.customs.mean
    flows.boxes.stages.customs.categories.worked-on
    flows.boxes.categories.rolled-over
    resources.gate.utilisation
    resources.gate.wait.sd
    services.train.first_departure_share
    services.train.wait.p99.9
    promises.quick.achievable.p90
    ");
    for path in &spelt {
        let (section, id, rest) = paths::split(path).unwrap();
        assert_eq!(&paths::join(section, id, rest), path);
    }
    assert_eq!(paths::split("flows.boxes"), None);
    assert_eq!(paths::split("flows..x"), None);
    assert_eq!(paths::share_of("mean"), None);
    assert_eq!(paths::share_of("p101"), None);
}

#[test]
fn figures_take_infinite_and_absent_values_apart() {
    fn check(estimate: f64, interval: Option<(f64, f64)>, expected: &str) {
        let figure = Figure::from_parts(estimate, interval, 20);
        assert_eq!(figure.value(), (!estimate.is_nan()).then_some(estimate));
        assert_eq!(serde_json::to_string(&figure).unwrap(), expected);
    }
    check(
        2.0,
        Some((1.0, 4.0)),
        r#"{"estimate":2.0,"ci_low":1.0,"ci_high":4.0,"half_width":1.5,"replications":20}"#,
    );
    check(2.0, None, r#"{"estimate":2.0,"replications":20}"#);
    check(
        2.0,
        Some((1.0, f64::INFINITY)),
        r#"{"estimate":2.0,"ci_low":1.0,"ci_high_infinite":true,"replications":20}"#,
    );
    check(f64::INFINITY, None, r#"{"estimate":null,"infinite":true,"replications":20}"#);
    check(f64::NAN, None, r#"{"estimate":null,"replications":20}"#);
    assert_eq!(serde_json::to_string(&Figure::count(12)).unwrap(), r#"{"estimate":12.0}"#);
    let nothing = Figure::undefined(Remark::NoObservations);
    assert_eq!(serde_json::to_string(&nothing).unwrap(), r#"{"estimate":null,"remark":"no-observations"}"#);
    assert_eq!(Figure::from_parts(2.0, Some((1.0, f64::INFINITY)), 9).interval(), Some((1.0, f64::INFINITY)));
    assert_eq!(Figure::plain(2.0).interval(), None);
    let bounded = Figure::with_upper_bound(2.0, 3.0, 9);
    assert_eq!((bounded.interval(), bounded.upper()), (None, Some(3.0)));
    assert_eq!(
        serde_json::to_string(&bounded).unwrap(),
        r#"{"estimate":2.0,"ci_high":3.0,"replications":9}"#
    );
    let unbounded = Figure::with_upper_bound(2.0, f64::INFINITY, 9);
    assert_eq!((unbounded.interval(), unbounded.upper()), (None, Some(f64::INFINITY)));
}

#[test]
fn the_promise_table_has_what_it_shows() {
    let mut results = small();
    let row = results.promise_rows().next().unwrap();
    assert_eq!((row.id, row.promise.kept, row.distribution.unwrap().total), ("quick", 90, 100));
    assert_eq!(row.distribution.unwrap().percentile(0.5).unwrap().estimate, Some(9.1));
    assert_eq!(results.worst_verdict(), Some(Verdict::Uncertain));
    assert_eq!(results.violated_invariants().count(), 0);
    results.invariants.get_mut("categories-sum").unwrap().violated = 2;
    assert_eq!(results.violated_invariants().collect::<Vec<_>>(), ["categories-sum"]);
    let mut worse = results.promises["quick"].clone();
    worse.verdict = Verdict::Broken;
    results.promises.insert("other".to_owned(), worse);
    assert_eq!(results.worst_verdict(), Some(Verdict::Broken));
    results.promises.clear();
    assert_eq!(results.worst_verdict(), None);
}

#[test]
fn names_fall_back_to_the_other_language_then_to_the_id() {
    let mut texts = small().texts;
    assert_eq!((texts.flow("boxes", Language::Zh), texts.flow("boxes", Language::En)), ("箱", "Boxes"));
    texts.services.insert("train".to_owned(), Text::new("火车", ""));
    texts.stages.insert("gate".to_owned(), Text::default());
    assert_eq!(texts.service("train", Language::En), "火车");
    assert_eq!(texts.stage("gate", Language::En), "gate");
    assert_eq!(texts.resource("crane", Language::Zh), "crane");
    assert_eq!(
        (texts.node("alashankou", Language::En), texts.passage("suez", Language::Zh)),
        ("Alashankou", "suez")
    );
}

fn figure() -> impl Strategy<Value = Figure> {
    use proptest::num::f64::{INFINITE, NEGATIVE, NORMAL, POSITIVE, QUIET_NAN, SUBNORMAL, ZERO};
    let float = || NORMAL | SUBNORMAL | ZERO | POSITIVE | NEGATIVE | INFINITE | QUIET_NAN;
    (float(), proptest::option::of((float(), float())), any::<u32>())
        .prop_map(|(estimate, interval, replications)| Figure::from_parts(estimate, interval, replications))
}

proptest! {
    #[test]
    fn every_figure_reads_back_to_the_same_bits(figure in figure()) {
        let text = serde_json::to_string(&figure).unwrap();
        prop_assert_eq!(serde_json::from_str::<Figure>(&text).unwrap(), figure);
    }

    #[test]
    fn every_hash_reads_back(value: u64) {
        let text = serde_json::to_string(&Hash64(value)).unwrap();
        prop_assert_eq!(text.len(), 18);
        prop_assert_eq!(serde_json::from_str::<Hash64>(&text).unwrap(), Hash64(value));
    }

    #[test]
    fn percentile_names_read_back(permille in 0u32..=1000) {
        let share = f64::from(permille) / 1000.0;
        prop_assert!((paths::share_of(&paths::percentile(share)).unwrap() - share).abs() < 1e-12);
    }
}
