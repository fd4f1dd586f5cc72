//! Miniature scenarios and helpers for the tests of this folder.

use sanda_scenario::{Loaded, Style, load_model_text, load_text, render};

/// One queue and one train; every test changes what it is about.
pub(crate) const WORLD: &str = r#"(
    schema: 1,
    name: "world",
    run: (measure: "100d"),
    nodes: { "yard": (), "away": (zone: "Europe/Berlin") },
    resources: { "crane": (at: "yard", servers: 2) },
    services: {
        "train": (
            mode: Rail,
            stops: ["yard", "away"],
            departs: Every(period: "24h"),
            capacity: "10 TEU",
            running: ["10h"],
        ),
    },
    flows: {
        "boxes": (
            arrivals: Poisson(mean: 8, per: "24h"),
            steps: [
                Work(resource: "crane", time: Exponential(mean: "30min")),
                Ride(service: "train"),
            ],
        ),
    },
    promises: { "quick": (flows: ["boxes"], within: "60h") },
)
"#;

/// Many lines, one for each number.
pub(crate) fn numbered(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(line).collect::<Vec<_>>().concat()
}

/// The world with some of its words replaced; each must occur exactly once.
pub(crate) fn world(replacements: &[(&str, &str)]) -> String {
    let mut text = WORLD.to_owned();
    for (old, new) in replacements {
        assert_eq!(text.matches(old).count(), 1, "`{old}` must occur once");
        text = text.replace(old, new);
    }
    text
}

/// Reads a text that must be good.
pub(crate) fn good(text: &str) -> Loaded {
    load_text("my.ron", text, &[]).unwrap_or_else(|failure| panic!("{failure}"))
}

/// What people see of a text whose model must be good: its remarks, or nothing.
pub(crate) fn said(text: &str) -> String {
    let loaded = load_model_text("my.ron", text, &[]).unwrap_or_else(|failure| panic!("{failure}"));
    if loaded.issues.is_empty() {
        String::new()
    } else {
        render(&loaded.issues, &loaded.sources, Style::default())
    }
}

/// What people see of a text that must be bad.
pub(crate) fn bad(text: &str) -> String {
    bad_with(text, &[])
}

/// What people see of a text and arguments that must be bad together.
pub(crate) fn bad_with(text: &str, sets: &[&str]) -> String {
    let sets: Vec<String> = sets.iter().map(|&set| set.to_owned()).collect();
    match load_text("my.ron", text, &sets) {
        Ok(_) => panic!("this scenario was expected to be refused:\n{text}"),
        Err(failure) => failure.to_string(),
    }
}

/// The first lines (`error: ...`) of all issues of a text.
pub(crate) fn messages(text: &str) -> Vec<String> {
    let failure = load_text("my.ron", text, &[]).expect_err("this scenario was expected to be refused");
    failure.issues.iter().map(|issue| issue.message.clone()).collect()
}

/// The issues of the world after replacements, one line each: message, label, hint.
pub(crate) fn brief(replacements: &[(&str, &str)]) -> String {
    let failure = load_text("my.ron", &world(replacements), &[]).expect_err("expected to be refused");
    let mut lines = String::new();
    for issue in failure.issues.iter() {
        let head = format!("{}: {}", issue.path, issue.message);
        let parts: Vec<&str> =
            [&head].into_iter().chain(&issue.label).chain(&issue.hint).map(String::as_str).collect();
        lines.push_str(&parts.join(" | "));
        lines.push('\n');
    }
    lines
}
