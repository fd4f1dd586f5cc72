//! Trees back to RON text, laid out for readers. Reading the text gives the same tree again.
//!
//! Does not keep comments or the layout of the file from which a tree was read.

use std::fmt::Write as _;

use crate::tree::{Tree, Value};

/// Widest line in columns. What fits stays on one line.
const WIDTH: usize = 100;
const INDENT: usize = 4;

/// Prints a tree as RON, with a line end after it.
pub fn print(tree: &Tree) -> String {
    let mut text = String::new();
    write_tree(&mut text, tree, 0, 0);
    text.push('\n');
    text
}

/// Prints a tree as RON on one line.
pub fn print_inline(tree: &Tree) -> String {
    let mut text = String::new();
    write_inline(&mut text, tree);
    text
}

/// Writes a tree at an indentation. `before` columns of the line are already taken.
fn write_tree(text: &mut String, tree: &Tree, indent: usize, before: usize) {
    let start = text.len();
    write_inline(text, tree);
    let is_composite =
        matches!(tree.value, Value::Struct { .. } | Value::Tuple { .. } | Value::List(_) | Value::Map(_));
    if !is_composite || indent + before + text[start..].chars().count() <= WIDTH {
        return;
    }
    text.truncate(start);
    let inner = indent + INDENT;
    let line = |text: &mut String| {
        text.push('\n');
        text.extend(std::iter::repeat_n(' ', inner));
    };
    match &tree.value {
        Value::Struct { name, fields } => {
            text.push_str(&open(name.as_deref()));
            for (key, value) in fields {
                line(text);
                let head = format!("{}: ", identifier(&key.text));
                text.push_str(&head);
                write_tree(text, value, inner, head.chars().count() + 1);
                text.push(',');
            }
            close(text, indent, ')');
        }
        Value::Tuple { name, items } if items.len() == 1 => {
            // A variant around a list or object adds no level of indentation.
            text.push_str(&open(name.as_deref()));
            write_tree(text, &items[0], indent, before);
            text.push(')');
        }
        Value::Tuple { name, items } => {
            text.push_str(&open(name.as_deref()));
            for item in items {
                line(text);
                write_tree(text, item, inner, 1);
                text.push(',');
            }
            close(text, indent, ')');
        }
        Value::List(items) => {
            text.push('[');
            for item in items {
                line(text);
                write_tree(text, item, inner, 1);
                text.push(',');
            }
            close(text, indent, ']');
        }
        Value::Map(entries) => {
            text.push('{');
            for (key, value) in entries {
                line(text);
                let head = format!("{}: ", print_inline(key));
                text.push_str(&head);
                write_tree(text, value, inner, head.chars().count() + 1);
                text.push(',');
            }
            close(text, indent, '}');
        }
        _ => {}
    }
}

fn close(text: &mut String, indent: usize, bracket: char) {
    text.push('\n');
    text.extend(std::iter::repeat_n(' ', indent));
    text.push(bracket);
}

fn write_inline(text: &mut String, tree: &Tree) {
    match &tree.value {
        Value::Struct { name, fields } => {
            text.push_str(&open(name.as_deref()));
            for (index, (key, value)) in fields.iter().enumerate() {
                text.push_str(if index > 0 { ", " } else { "" });
                text.push_str(&identifier(&key.text));
                text.push_str(": ");
                write_inline(text, value);
            }
            text.push(')');
        }
        Value::Tuple { name, items } => {
            text.push_str(&open(name.as_deref()));
            write_items(text, items);
            text.push(')');
        }
        Value::List(items) => {
            text.push('[');
            write_items(text, items);
            text.push(']');
        }
        Value::Map(entries) => {
            text.push('{');
            for (index, (key, value)) in entries.iter().enumerate() {
                text.push_str(if index > 0 { ", " } else { " " });
                write_inline(text, key);
                text.push_str(": ");
                write_inline(text, value);
            }
            text.push_str(if entries.is_empty() { "}" } else { " }" });
        }
        Value::Text(content) => write_text(text, content),
        Value::Number(number) => text.push_str(number),
        Value::Bool(value) => text.push_str(if *value { "true" } else { "false" }),
        Value::Ident(name) => text.push_str(&identifier(name)),
        Value::Absent => text.push_str("None"),
    }
}

fn write_items(text: &mut String, items: &[Tree]) {
    for (index, item) in items.iter().enumerate() {
        text.push_str(if index > 0 { ", " } else { "" });
        write_inline(text, item);
    }
}

fn open(name: Option<&str>) -> String {
    name.map_or_else(|| "(".to_owned(), |name| format!("{}(", identifier(name)))
}

/// A name as RON requires it: raw if it has more than letters, digits and underscores.
fn identifier(name: &str) -> String {
    let is_plain = name.chars().all(|c| c == '_' || c.is_alphanumeric())
        && !name.starts_with(|c: char| c.is_numeric())
        && !name.is_empty();
    if is_plain { name.to_owned() } else { format!("r#{name}") }
}

fn write_text(text: &mut String, content: &str) {
    text.push('"');
    for c in content.chars() {
        match c {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            c if c.is_control() => {
                write!(text, "\\u{{{:x}}}", u32::from(c))
                    .expect("invariant: writing to a string cannot fail");
            }
            c => text.push(c),
        }
    }
    text.push('"');
}
