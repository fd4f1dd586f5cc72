//! A value between two others, on the tree: numbers, quantities with units, laws and rules parameter by parameter.
//!
//! Does not own which values are meant (`inputs`), nor whether the outcome is sound: it is typed like any other.

use sanda_units::{Duration, Mass, Quantity, Teu, parse_quantity};

use crate::tree::{Tree, Value};

/// Decimal places of interpolated numbers: finer than any unit of the language is rounded to.
const DECIMALS: usize = 9;

/// How numbers without a decimal point are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Counts {
    /// As points of a line.
    Split,
    /// As counts: what lies between them is rounded to the nearest.
    Whole,
}

/// The value at `u` between `low` (0) and `high` (1).
///
/// Numbers and quantities lie on the straight line between the ends. Values of one kind (the same variant with the same
/// fields, lists of one length) are interpolated part by part, all at the same `u`. Where the ends are of different kinds
/// or have nothing between them (timetables, names), the low end holds below one half and the high end from there on.
pub(super) fn between(low: &Tree, high: &Tree, u: f64, counts: Counts) -> Tree {
    let value = match (&low.value, &high.value) {
        (Value::Number(a), Value::Number(b)) => number(a, b, u, counts).map(Value::Number),
        (Value::Text(a), Value::Text(b)) => quantity(a, b, u).map(Value::Text),
        (Value::Number(_), Value::Text(_)) | (Value::Text(_), Value::Number(_)) => {
            share(low).zip(share(high)).map(|(a, b)| Value::Number(decimal(line(a, b, u))))
        }
        (Value::Struct { name, fields: a }, Value::Struct { name: other, fields: b })
            if name == other
                && a.len() == b.len()
                && a.iter().all(|(key, _)| b.iter().any(|(other, _)| other == key)) =>
        {
            let fields = a.iter().map(|(key, low)| {
                let high = b.iter().find(|(other, _)| other == key).map_or(low, |(_, tree)| tree);
                (key.clone(), between(low, high, u, counts))
            });
            Some(Value::Struct { name: name.clone(), fields: fields.collect() })
        }
        (Value::Tuple { name, items: a }, Value::Tuple { name: other, items: b })
            if name == other && a.len() == b.len() =>
        {
            Some(Value::Tuple { name: name.clone(), items: items(a, b, u, counts) })
        }
        (Value::List(a), Value::List(b)) if a.len() == b.len() => Some(Value::List(items(a, b, u, counts))),
        (Value::Map(a), Value::Map(b))
            if a.len() == b.len() && a.iter().zip(b).all(|((key, _), (other, _))| key == other) =>
        {
            let entries = a.iter().zip(b);
            let entries = entries.map(|((key, low), (_, high))| (key.clone(), between(low, high, u, counts)));
            Some(Value::Map(entries.collect()))
        }
        _ => None,
    };
    let nearer = if u < 0.5 { low } else { high };
    value.map_or_else(|| nearer.clone(), |value| Tree::new(value, nearer.span))
}

/// Whether a value holds numbers that may be counts, so that it matters how they are taken.
pub(super) fn may_count(tree: &Tree) -> bool {
    match &tree.value {
        Value::Number(text) => text.parse::<i64>().is_ok(),
        Value::Struct { fields, .. } => fields.iter().any(|(_, tree)| may_count(tree)),
        Value::Tuple { items, .. } | Value::List(items) => items.iter().any(may_count),
        Value::Map(entries) => entries.iter().any(|(_, tree)| may_count(tree)),
        _ => false,
    }
}

fn items(low: &[Tree], high: &[Tree], u: f64, counts: Counts) -> Vec<Tree> {
    low.iter().zip(high).map(|(low, high)| between(low, high, u, counts)).collect()
}

fn line(low: f64, high: f64, u: f64) -> f64 {
    low + (high - low) * u
}

/// A number as a text of the language: no exponent, no zeros at the end.
pub(super) fn decimal(value: f64) -> String {
    let text = format!("{value:.DECIMALS$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    text.to_owned()
}

fn number(low: &str, high: &str, u: f64, counts: Counts) -> Option<String> {
    let (a, b): (f64, f64) = (low.parse().ok()?, high.parse().ok()?);
    let value = line(a, b, u);
    let are_counts = low.parse::<i64>().is_ok() && high.parse::<i64>().is_ok();
    Some(if are_counts && counts == Counts::Whole { decimal(value.round()) } else { decimal(value) })
}

/// Quantities of the same unit by their numbers, of different ones in base units; `None` for other texts.
fn quantity(low: &str, high: &str, u: f64) -> Option<String> {
    if let Some(((a, unit), (b, other))) = split(low).zip(split(high))
        && unit == other
    {
        let gap = if unit == "%" { "" } else { " " };
        return Some(format!("{}{gap}{unit}", decimal(line(a, b, u))));
    }
    in_base_units::<Duration>(low, high, u)
        .or_else(|| in_base_units::<Teu>(low, high, u))
        .or_else(|| in_base_units::<Mass>(low, high, u))
}

fn in_base_units<Q: Quantity + std::fmt::Display>(low: &str, high: &str, u: f64) -> Option<String> {
    let (low, high) = (parse_quantity::<Q>(low).ok()?, parse_quantity::<Q>(high).ok()?);
    // Base units of a plausible quantity stay far below 2^53.
    Some(Q::from_base(line(low.base() as f64, high.base() as f64, u).round() as i64).to_string())
}

/// One number and one unit; `None` for times of day, dates, and quantities of several parts.
pub(super) fn split(text: &str) -> Option<(f64, &str)> {
    let text = text.trim();
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == '_')).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let unit = unit.trim_start();
    let is_unit = unit == "%"
        || unit.starts_with(char::is_alphabetic) && !unit.contains(|c: char| c.is_ascii_digit() || c == ':');
    let number = number.replace('_', "").parse().ok()?;
    is_unit.then_some((number, unit))
}

/// A share written as a fraction or in percent.
fn share(tree: &Tree) -> Option<f64> {
    match &tree.value {
        Value::Number(text) => text.parse().ok(),
        Value::Text(text) => match split(text)? {
            (percent, "%") => Some(percent / 100.0),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::parse_at;
    use crate::print::print_inline;
    use crate::source::Span;

    fn tree(text: &str) -> Tree {
        parse_at(text, Span::default()).unwrap_or_else(|| panic!("{text} is not RON"))
    }

    fn check(low: &str, high: &str, u: f64, expected: &str) {
        let value = between(&tree(low), &tree(high), u, Counts::Split);
        assert_eq!(print_inline(&value), expected, "{low} .. {high} at {u}");
    }

    #[test]
    fn numbers_and_quantities_lie_on_a_line() {
        check("1", "3", 0.25, "1.5");
        check("0.1", "0.3", 0.5, "0.2");
        check(r#""10 TEU""#, r#""20 TEU""#, 0.25, r#""12.5 TEU""#);
        check(r#""5%""#, r#""15%""#, 0.5, r#""10%""#);
        check("0.05", r#""15%""#, 0.5, "0.1");
        check(r#""30min""#, r#""2h""#, 0.5, r#""1h 15min""#);
        check(r#""2d 6h""#, r#""3d""#, 0.0, r#""2d 6h""#);
        check(r#""100 CNY/TEU""#, r#""300 CNY/TEU""#, 0.5, r#""200 CNY/TEU""#);
        check(r#""20h""#, r#""10h""#, 0.25, r#""17.5 h""#);
    }

    #[test]
    fn counts_are_rounded_where_only_counts_fit() {
        let at = |u| print_inline(&between(&tree("2"), &tree("4"), u, Counts::Whole));
        assert_eq!([0.0, 0.2, 0.3, 0.7, 0.8, 1.0].map(at), ["2", "2", "3", "3", "4", "4"]);
    }

    #[test]
    fn laws_of_one_kind_are_interpolated_parameter_by_parameter() {
        check(
            r#"Triangular(min: "1h", mode: "2h", max: "5h")"#,
            r#"Triangular(max: "9h", min: "2h", mode: "4h")"#,
            0.5,
            r#"Triangular(min: "1.5 h", mode: "3 h", max: "7 h")"#,
        );
        check(
            r#"Quantiles([(p: 0, value: "1h"), (p: 1, value: "3h")])"#,
            r#"Quantiles([(p: 0, value: "2h"), (p: 1, value: "5h")])"#,
            0.5,
            r#"Quantiles([(p: 0, value: "1.5 h"), (p: 1, value: "4 h")])"#,
        );
    }

    #[test]
    fn what_has_nothing_between_is_one_end_or_the_other() {
        let (low, high) = (r#"LogNormal(median: "1h", cv: 1)"#, r#"Uniform(min: "1h", max: "2h")"#);
        check(low, high, 0.499, low);
        check(low, high, 0.5, high);
        check(
            r#"Weekly(["Mon 10:20"])"#,
            r#"Weekly(["Mon 10:20", "Tue 10:20"])"#,
            0.2,
            r#"Weekly(["Mon 10:20"])"#,
        );
        check(r#""08:00-18:00""#, r#""09:00-18:00""#, 0.4, r#""08:00-18:00""#);
        check("Always", r#"Daily("08:00-18:00")"#, 0.9, r#"Daily("08:00-18:00")"#);
    }
}
