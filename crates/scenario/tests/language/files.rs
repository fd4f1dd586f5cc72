//! Files that are no scenarios: each refused in clear words, none with a panic, none slowly.

use insta::assert_snapshot;
use sanda_scenario::{load, load_text};

use crate::world::{numbered, world};

/// What people see of a file with these bytes, the folder left out.
fn bytes(bytes: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("my.ron");
    std::fs::write(&path, bytes).unwrap();
    let failure = load(&path, &[]).expect_err("expected to be refused");
    failure.to_string().replace(&format!("{}/", folder.path().display()), "")
}

#[test]
fn empty_files() {
    assert_snapshot!(bytes(b""), @r#"
    error: the file is empty
    --> my.ron
     |
    hint: a scenario begins with `( schema: 1, name: "...", ... )`
    "#);
    assert_snapshot!(bytes(b" \n\t\n"), @r#"
    error: the file is empty
    --> my.ron
     |
    hint: a scenario begins with `( schema: 1, name: "...", ... )`
    "#);
    assert_snapshot!(bytes(b"// nothing\n/* at /* all */ */\n"), @r#"
    error: the file holds only comments
     --> my.ron:1:1
      |
    1 | // nothing
      | ^
      |
    hint: a scenario begins with `( schema: 1, name: "...", ... )`
    "#);
}

#[test]
fn binary_files() {
    assert_snapshot!(bytes(b"\x7fELF\x02\x01\x00\x00"), @"
    error: the file is binary, not text
    --> my.ron
     |
    hint: a scenario is a RON text file in UTF-8
    ");
    assert_snapshot!(bytes(b"(\n  name: \"\xce\xe4\xba\xba\",\n)"), @"
    error: the file is not UTF-8 text (line 2)
    --> my.ron
     |
    hint: save it as UTF-8; text from older Chinese software is often GB 18030
    ");
    assert_snapshot!(bytes(b"\xff\xfe(\x00)\x00"), @"
    error: the file is not UTF-8 but UTF-16
    --> my.ron
     |
    hint: save it as UTF-8
    ");
}

#[test]
fn a_byte_order_mark_is_no_part_of_the_text() {
    let said = bytes("\u{FEFF}(schema: 1, nome: \"x\")".as_bytes());
    assert!(said.contains("my.ron:1:13"), "{said}");
}

#[test]
fn directories_and_missing_files() {
    let folder = tempfile::tempdir().unwrap();
    let said = |path: &std::path::Path| {
        let failure = load(path, &[]).expect_err("expected to be refused");
        failure.to_string().replace(&folder.path().display().to_string(), "FOLDER")
    };
    assert_snapshot!(said(folder.path()), @"
    error: this is a directory, not a file
    --> FOLDER
     |
    hint: name the scenario file inside it
    ");
    assert_snapshot!(said(&folder.path().join("nowhere.ron")), @"
    error: no such file
    --> FOLDER/nowhere.ron
    ");
    assert_snapshot!(said(std::path::Path::new("/dev/zero")), @"
    error: this is not an ordinary file
    --> /dev/zero
    ");
}

#[test]
fn files_beyond_the_limit_are_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("large.ron");
    std::fs::File::create(&path).unwrap().set_len(33 * 1024 * 1024).unwrap();
    let failure = load(&path, &[]).expect_err("expected to be refused");
    let said = failure.to_string().replace(&format!("{}/", folder.path().display()), "");
    assert_snapshot!(said, @"
    error: the file is larger than 32 MB
    --> large.ron
     |
    hint: keep observed data in CSV files and name them in the scenario
    ");
}

#[test]
fn deep_nesting_is_refused() {
    let deep = format!("(\n  nodes: {}1{}\n)", "[".repeat(100_000), "]".repeat(100_000));
    let failure = load_text("my.ron", &deep, &[]).expect_err("expected to be refused");
    let said = failure.to_string();
    assert!(said.starts_with("error: brackets are nested deeper than 64 levels\n --> my.ron:2:"), "{said}");
    for text in
        ["(".repeat(1_000_000), "/*".repeat(1_000_000), "Some(".repeat(10_000), "{\"a\":".repeat(10_000)]
    {
        assert!(load_text("my.ron", &text, &[]).is_err());
    }
}

#[test]
fn other_values_than_a_scenario() {
    for text in
        ["[1, 2]", "{ \"schema\": 1 }", "\"text\"", "3", "Scenario(schema: 1)", "(1, 2)", "None", "true"]
    {
        let failure = load_text("my.ron", text, &[]).expect_err("expected to be refused");
        let said = failure.to_string();
        assert!(said.starts_with("error: a scenario is an object, found "), "{text}: {said}");
    }
}

#[test]
fn everything_ron_allows_is_read() {
    let text = world(&[
        ("schema: 1,", "schema: 0x1, // the first\n    question: r#\"a \"raw\" text\"#,"),
        (
            "name: \"world\"",
            "title: Some(\"tab\\tand \\u{4e2d}\\\n        文\"), name: /* a /* nested */ comment */ \"world\"",
        ),
        ("servers: 2", "servers: 2_000, name: None, r#room: 5"),
        ("mean: 8,", "mean: 8.0e0,"),
    ]);
    let scenario = crate::world::good(&format!("#![enable(implicit_some)]\n{text}")).scenario;
    assert_eq!(scenario.question.unwrap().en, "a \"raw\" text");
    // A title is one line, whatever white space it is written with.
    assert_eq!(scenario.title.unwrap().zh, "tab and 中文");
    assert_eq!(scenario.resources["crane"].room, Some(5));
}

#[test]
fn hundreds_of_thousands_of_wrong_words_take_no_hours() {
    let fields = numbered(100_000, |n| format!("f{n}: 1,"));
    assert!(load_text("my.ron", &format!("({fields})"), &[]).is_err());
    let changes = numbered(20_000, |n| format!("\"run.f{n}\": 1,"));
    let text = world(&[("name:", &format!("changes: {{ {changes} }}, name:"))]);
    assert!(load_text("my.ron", &text, &[]).is_err());
    let flows = numbered(5_000, |n| format!("\"flow-{n}\","));
    assert!(load_text("my.ron", &world(&[("\"boxes\"]", &format!("{flows}]"))]), &[]).is_err());
}

#[test]
fn ten_thousand_things_are_read() {
    let nodes = numbered(5_000, |n| format!("\"n{n}\": (name: (zh: \"节点{n}\", en: \"Node {n}\")),\n"));
    let resources = numbered(5_000, |n| format!("\"r{n}\": (at: \"n{n}\", servers: {}),\n", n + 1));
    let text = world(&[
        ("nodes: {", &format!("nodes: {{ {nodes}")),
        ("resources: {", &format!("resources: {{ {resources}")),
    ]);
    let scenario = crate::world::good(&text).scenario;
    assert_eq!((scenario.nodes.len(), scenario.resources.len()), (5_002, 5_001));
}
