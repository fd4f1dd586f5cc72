//! The search for a smaller scenario that breaks the same law: whatever can be left out of a text is.
//!
//! Does not own the laws (`laws::worlds`).

use sanda_scenario::{Issues, SourceMap, Tree, Value, parse::parse, print};

/// Attempts at most: a failing test may take a while, but not for ever.
const MOST_ATTEMPTS: usize = 1500;

/// The tree of a sound text.
pub(crate) fn tree_of(text: &str) -> Tree {
    let (mut sources, mut issues) = (SourceMap::default(), Issues::default());
    let file = sources.add("random.ron", text.to_owned(), None);
    parse(&sources, file, &mut issues).expect("a text that was read before")
}

/// Visits every value, outer ones first.
pub(crate) fn visit(tree: &mut Tree, change: &mut impl FnMut(&mut Value)) {
    change(&mut tree.value);
    match &mut tree.value {
        Value::Struct { fields, .. } => {
            for (_, value) in fields {
                visit(value, change);
            }
        }
        Value::Tuple { items, .. } | Value::List(items) => {
            for value in items {
                visit(value, change);
            }
        }
        Value::Map(entries) => {
            for (_, value) in entries {
                visit(value, change);
            }
        }
        _ => {}
    }
}

/// Leaves out part `n` of a tree, or puts a step in place of one that holds it. False if there are not so many parts.
fn without(tree: &mut Tree, n: usize) -> bool {
    let mut left = Some(n);
    visit(tree, &mut |value| {
        let Some(place) = left else { return };
        let n_parts = match value {
            Value::Struct { fields, .. } => fields.len(),
            Value::List(items) => items.len(),
            Value::Map(entries) => entries.len(),
            _ => 0,
        };
        if place >= n_parts {
            left = Some(place - n_parts);
            return;
        }
        left = None;
        match value {
            Value::Struct { fields, .. } => drop(fields.remove(place)),
            Value::List(items) => drop(items.remove(place)),
            Value::Map(entries) => drop(entries.remove(place)),
            _ => {}
        }
    });
    left.is_none()
}

/// The smallest text found for which `breaks` says how it breaks the law, and what it says.
pub(crate) fn smallest(text: &str, breaks: impl Fn(&str) -> Option<String>) -> (String, String) {
    let mut best = tree_of(text);
    let mut said = breaks(text).unwrap_or_default();
    let (mut place, mut n_attempts, mut since) = (0, 0, 0);
    while n_attempts < MOST_ATTEMPTS {
        let mut smaller = best.clone();
        if !without(&mut smaller, place) {
            if since == 0 {
                break;
            }
            (place, since) = (0, 0);
            continue;
        }
        n_attempts += 1;
        match breaks(&print(&smaller)) {
            Some(how) => {
                (best, said) = (smaller, how);
                since += 1;
            }
            None => place += 1,
        }
    }
    (print(&best), said)
}
