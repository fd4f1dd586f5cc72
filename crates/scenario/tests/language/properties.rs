//! Laws of the machinery: printing and reading are inverse, `ron` agrees on what was read, nothing panics.

use proptest::prelude::*;
use sanda_scenario::{
    Issues, Key, SourceMap, Span, Style, Tree, Value, load_text, parse::parse, print, print_inline, render,
    words::is_unprintable,
};

use crate::{examples::HUB, world::WORLD};

fn tree(value: Value) -> Tree {
    Tree::new(value, Span::default())
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z][a-z0-9_]{0,6}", "[A-Z][a-zA-Z0-9]{0,6}", "r[a-z]", "[a-z]-[a-z0-9]{1,3}", "节点[0-9]?"]
        .prop_filter("reserved", |name| {
            !matches!(
                name.as_str(),
                "true" | "false" | "inf" | "inff32" | "inff64" | "Some" | "None" | "NaN" | "b" | "br"
            )
        })
}

/// Any text that a scenario may hold.
fn words() -> impl Strategy<Value = String> {
    any::<String>().prop_map(|text| text.replace(is_unprintable, "\n"))
}

fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        words().prop_map(Value::Text),
        "-?[0-9]{1,9}(\\.[0-9]{1,5})?".prop_map(Value::Number),
        any::<bool>().prop_map(Value::Bool),
        "[A-Z][a-z]{1,8}"
            .prop_filter("reserved", |name| name != "Some" && name != "None")
            .prop_map(Value::Ident),
        Just(Value::Absent),
    ]
}

/// Drops later items with the same name.
fn unique<T>(items: Vec<(String, T)>) -> Vec<(String, T)> {
    let mut seen = std::collections::BTreeSet::new();
    items.into_iter().filter(|(name, _)| seen.insert(name.clone())).collect()
}

fn any_tree() -> impl Strategy<Value = Tree> {
    leaf().prop_map(tree).prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            (proptest::option::of(name()), proptest::collection::vec((name(), inner.clone()), 0..5))
                .prop_map(|(name, fields)| {
                    let fields = unique(fields)
                        .into_iter()
                        .map(|(text, value)| (Key { text, span: Span::default() }, value))
                        .collect();
                    tree(Value::Struct { name, fields })
                }),
            (proptest::option::of(name()), proptest::collection::vec(inner.clone(), 1..4))
                .prop_map(|(name, items)| tree(Value::Tuple { name, items })),
            proptest::collection::vec(inner.clone(), 0..5).prop_map(|items| tree(Value::List(items))),
            proptest::collection::vec((words(), inner), 0..5).prop_map(|entries| {
                let entries = unique(entries).into_iter().map(|(key, value)| (tree(Value::Text(key)), value));
                tree(Value::Map(entries.collect()))
            }),
        ]
    })
}

fn read(text: &str) -> Result<Tree, String> {
    let (mut sources, mut issues) = (SourceMap::default(), Issues::new());
    let file = sources.add("my.ron", text.to_owned(), None);
    let tree = parse(&sources, file, &mut issues);
    match tree {
        Some(tree) if issues.is_empty() => Ok(tree),
        _ => Err(render(&issues, &sources, Style::default())),
    }
}

/// What `ron` itself makes of a tree: names of variants are lost.
fn forget_names(tree: &Tree) -> ron::Value {
    let text = |text: &str| ron::Value::String(text.to_owned());
    match &tree.value {
        Value::Struct { fields, .. } if fields.is_empty() => ron::Value::Unit,
        Value::Struct { fields, .. } => ron::Value::Map(
            fields.iter().map(|(key, value)| (text(&key.text), forget_names(value))).collect(),
        ),
        Value::Tuple { items, .. } | Value::List(items) => {
            ron::Value::Seq(items.iter().map(forget_names).collect())
        }
        Value::Map(entries) => ron::Value::Map(
            entries.iter().map(|(key, value)| (forget_names(key), forget_names(value))).collect(),
        ),
        Value::Text(content) => text(content),
        Value::Number(number) => ron::from_str(number).unwrap(),
        Value::Bool(value) => ron::Value::Bool(*value),
        Value::Ident(_) => ron::Value::Unit,
        Value::Absent => ron::Value::Option(None),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn reading_what_is_printed_gives_the_same_tree(tree in any_tree()) {
        for text in [print(&tree), print_inline(&tree)] {
            match read(&text) {
                Ok(again) => prop_assert_eq!(&again, &tree, "{}", text),
                Err(issues) => prop_assert!(false, "{}\n{}", text, issues),
            }
        }
    }

    #[test]
    fn ron_reads_the_same_values(tree in any_tree()) {
        let text = print(&tree);
        // A struct without fields but with a name is something ron cannot tell from an empty tuple.
        if !text.contains("()") {
            let value: ron::Value = ron::from_str(&text).unwrap();
            prop_assert_eq!(forget_names(&read(&text).unwrap()), value, "{}", text);
        }
    }

    #[test]
    fn every_value_stands_where_its_span_says(tree in any_tree()) {
        let text = print(&tree);
        let tree = read(&text).unwrap();
        check_spans(&tree, &text)?;
    }

    #[test]
    fn mangled_scenarios_never_panic(
        original in proptest::sample::select(vec![WORLD, HUB]),
        edits in proptest::collection::vec((any::<prop::sample::Index>(), edit()), 1..6),
    ) {
        let mut text: Vec<char> = original.chars().collect();
        for (place, edit) in edits {
            let at = place.index(text.len());
            match edit {
                Edit::Insert(word) => {
                    text.splice(at..at, word.chars());
                }
                Edit::Delete(count) => {
                    let end = (at + count).min(text.len());
                    text.drain(at..end);
                }
                Edit::Copy(count) => {
                    let end = (at + count).min(text.len());
                    let copy = text[at..end].to_vec();
                    text.splice(at..at, copy);
                }
            }
        }
        let text: String = text.into_iter().collect();
        if let Err(failure) = load_text("my.ron", &text, &[]) {
            prop_assert!(failure.issues.has_errors());
            prop_assert!(failure.to_string().starts_with("error: "));
        }
    }

    #[test]
    fn arguments_never_panic(path in "[a-z.\\[\\]0-9=-]{0,30}", value in any::<String>()) {
        let known = ["run.seed", "flows.boxes.steps[0]", "services.train.departs", "nodes.x", "flows.boxes.steps[1].from"];
        for path in known.into_iter().chain([path.as_str()]) {
            let _ = load_text("my.ron", WORLD, &[format!("{path}={value}")]).map_err(|failure| failure.to_string());
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        let _ = read(&text);
    }
}

#[derive(Clone, Debug)]
enum Edit {
    Insert(&'static str),
    Delete(usize),
    Copy(usize),
}

fn edit() -> impl Strategy<Value = Edit> {
    let words = vec![
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        "\"",
        "\\",
        "//",
        "/*",
        "'",
        "#",
        "r#\"",
        "b\"",
        "0",
        "-",
        "1e400",
        "..",
        "None",
        "Some(",
        "Always",
        "\"-1h\"",
        "中",
        "\u{0}",
        "\n",
        "_",
        "999999999999999999999",
        "()",
        "NaN",
        "Random(",
    ];
    prop_oneof![
        proptest::sample::select(words).prop_map(Edit::Insert),
        (1_usize..40).prop_map(Edit::Delete),
        (1_usize..80).prop_map(Edit::Copy),
    ]
}

/// The text under the span of every part reads as that part again.
fn check_spans(tree: &Tree, text: &str) -> Result<(), TestCaseError> {
    let under = &text[tree.span.start as usize..tree.span.end as usize];
    let again = read(under).map_err(TestCaseError::fail)?;
    prop_assert_eq!(&again, tree);
    match &tree.value {
        Value::Struct { fields, .. } => {
            for (key, value) in fields {
                let under = &text[key.span.start as usize..key.span.end as usize];
                prop_assert_eq!(under.trim_start_matches("r#"), &key.text);
                check_spans(value, text)?;
            }
        }
        Value::Tuple { items, .. } | Value::List(items) => {
            for item in items {
                check_spans(item, text)?;
            }
        }
        Value::Map(entries) => {
            for (key, value) in entries {
                check_spans(key, text)?;
                check_spans(value, text)?;
            }
        }
        _ => {}
    }
    Ok(())
}
