//! Interpolation between two values on the tree: numbers, quantities with units, laws and rules, parameter
//! by parameter.
//!
//! Does not own which values are interpolated (`inputs`), nor whether the result is valid: it is typed like
//! any other value.

use std::cmp::Ordering;

use sanda_units::{Duration, Mass, Quantity, Teu, parse_number, parse_quantity, split_number};

use crate::tree::{Key, Tree, Value};

/// Decimal places of interpolated numbers, finer than the rounding of any unit of the language.
const DECIMALS: usize = 9;

/// How numbers without a decimal point are interpolated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Counts {
    /// As points on a line.
    Split,
    /// As counts: the result is rounded to the nearest whole number.
    Whole,
}

/// A coordinate, and the way of interpolation there.
pub(super) struct At {
    u: f64,
    counts: Counts,
    /// Whether some part of a value could not be centred on the stated value.
    missed: bool,
}

/// A range as declared, with the value that the scenario states.
#[derive(Clone, Copy)]
pub(super) struct Ends<'t> {
    pub(super) low: &'t Tree,
    /// `None` if no value is written and the default applies.
    pub(super) stated: Option<&'t Tree>,
    pub(super) high: &'t Tree,
}

impl Ends<'_> {
    /// The value at `u`: the low end at 0, the stated value at one half, the high end at 1.
    ///
    /// Numbers and quantities lie on the two straight lines between these three. Values of one kind (the
    /// same variant with the same fields, lists of one length) are interpolated part by part, all at the
    /// same `u`. If the ends are of different kinds or have nothing between them (timetables, names), one
    /// of the three values holds, the stated one around one half.
    ///
    /// If the stated value of a part is of another kind or does not lie between the ends, the part lies on
    /// the straight line between the ends.
    pub(super) fn at(self, u: f64, counts: Counts) -> Tree {
        self.blend(&mut At { u, counts, missed: false })
    }

    /// Whether the value at one half is the stated one in all its parts.
    pub(super) fn are_around_stated(self) -> bool {
        let mut at = At { u: 0.5, counts: Counts::Split, missed: false };
        self.blend(&mut at);
        !at.missed
    }

    fn blend(self, at: &mut At) -> Tree {
        let Self { low, stated, high } = self;
        if stated.is_some_and(|stated| !have_same_shape(low, stated)) && self.has_nothing_between() {
            return self.nearer(at);
        }
        let value = match (&low.value, &high.value) {
            (Value::Number(_) | Value::Text(_), Value::Number(_) | Value::Text(_)) => {
                return self.scalar(at).unwrap_or_else(|| self.nearer(at));
            }
            (Value::Struct { name, fields: a }, Value::Struct { name: other, fields: b })
                if name == other && have_same_keys(a, b) =>
            {
                let c = match stated.map(|tree| &tree.value) {
                    Some(Value::Struct { name: third, fields })
                        if third == name && have_same_keys(a, fields) =>
                    {
                        Some(fields)
                    }
                    _ => None,
                };
                let fields = a.iter().map(|(key, low)| {
                    let high = field(b, key).unwrap_or(low);
                    let stated = c.and_then(|fields| field(fields, key));
                    (key.clone(), Ends { low, stated, high }.blend(at))
                });
                Value::Struct { name: name.clone(), fields: fields.collect() }
            }
            (Value::Tuple { name, items: a }, Value::Tuple { name: other, items: b })
                if name == other && a.len() == b.len() =>
            {
                let c = match stated.map(|tree| &tree.value) {
                    Some(Value::Tuple { name: third, items }) if third == name => Some(items),
                    _ => None,
                };
                Value::Tuple { name: name.clone(), items: items(a, c, b, at) }
            }
            (Value::List(a), Value::List(b)) if a.len() == b.len() => {
                let c = match stated.map(|tree| &tree.value) {
                    Some(Value::List(items)) => Some(items),
                    _ => None,
                };
                Value::List(items(a, c, b, at))
            }
            (Value::Map(a), Value::Map(b))
                if a.len() == b.len() && a.iter().zip(b).all(|((key, _), (other, _))| key == other) =>
            {
                let c = match stated.map(|tree| &tree.value) {
                    Some(Value::Map(entries)) => Some(entries),
                    _ => None,
                };
                let entries = a.iter().zip(b).map(|((key, low), (_, high))| {
                    let same = c.and_then(|entries| entries.iter().find(|(other, _)| other == key));
                    (key.clone(), Ends { low, stated: same.map(|(_, tree)| tree), high }.blend(at))
                });
                Value::Map(entries.collect())
            }
            _ => return self.nearer(at),
        };
        Tree::new(value, if at.u < 0.5 { low.span } else { high.span })
    }

    /// Whether no part of the ends is a number, as in timetables.
    fn has_nothing_between(self) -> bool {
        let between = |u| Ends { stated: None, ..self }.at(u, Counts::Split);
        between(0.25) == *self.low && between(0.75) == *self.high
    }

    /// Picks one of the values if nothing lies between them. Each end has a quarter, the stated value the
    /// half in the middle. If the stated value is one of the ends, or missing, each end has a half.
    fn nearer(self, at: &mut At) -> Tree {
        let Self { low, stated, high } = self;
        let end = if at.u < 0.5 { low } else { high };
        match stated {
            None => {
                at.missed = true;
                end
            }
            Some(stated) if stated == low || stated == high => match at.u.total_cmp(&0.5) {
                Ordering::Equal => stated,
                Ordering::Less | Ordering::Greater => end,
            },
            Some(stated) if (0.25..0.75).contains(&at.u) => stated,
            Some(_) => end,
        }
        .clone()
    }

    /// Interpolates a number or quantity; `None` for other texts.
    fn scalar(self, at: &mut At) -> Option<Tree> {
        let Self { low, high, .. } = self;
        let whole = |tree: &Tree| matches!(&tree.value, Value::Number(text) if text.parse::<i64>().is_ok());
        let value = match (&low.value, &high.value) {
            (Value::Number(a), Value::Number(b)) => {
                let number = |tree: &Tree| share(tree);
                match self.point(parse_number(a)?, self.stated.and_then(number), parse_number(b)?, at) {
                    None => return self.stated.cloned(),
                    Some(value) if at.counts == Counts::Whole && whole(low) && whole(high) => {
                        Value::Number(decimal(value.round()))
                    }
                    Some(value) => Value::Number(decimal(value)),
                }
            }
            (Value::Text(a), Value::Text(b)) => return self.quantity(a, b, at),
            _ => match self.point(share(low)?, self.stated.and_then(share), share(high)?, at) {
                None => return self.stated.cloned(),
                Some(value) => Value::Number(decimal(value)),
            },
        };
        Some(Tree::new(value, if at.u < 0.5 { low.span } else { high.span }))
    }

    /// Interpolates quantities of the same unit by their numbers, and others in base units; `None` for
    /// other texts.
    fn quantity(self, low: &str, high: &str, at: &mut At) -> Option<Tree> {
        let span = if at.u < 0.5 { self.low.span } else { self.high.span };
        let stated = self.stated.and_then(|tree| match &tree.value {
            Value::Text(text) | Value::Number(text) => Some(text.as_str()),
            _ => None,
        });
        if let Some(((a, unit), (b, other))) = split(low).zip(split(high))
            && unit == other
            // The stated value has another unit and is not a share. Base units are used below.
            && (unit == "%" || stated.is_none_or(|text| split(text).is_some_and(|(_, third)| third == unit)))
        {
            let number = match unit {
                "%" => self.stated.and_then(share).map(|share| share * 100.0),
                _ => stated.and_then(split).map(|(number, _)| number),
            };
            let gap = if unit == "%" { "" } else { " " };
            return match self.point(a, number, b, at) {
                None => self.stated.cloned(),
                Some(value) => Some(Tree::new(Value::Text(format!("{}{gap}{unit}", decimal(value))), span)),
            };
        }
        self.in_base_units::<Duration>(low, stated, high, at)
            .or_else(|| self.in_base_units::<Teu>(low, stated, high, at))
            .or_else(|| self.in_base_units::<Mass>(low, stated, high, at))
            .map(|tree| Tree { span, ..tree })
    }

    /// Interpolates in base units. `None` if the ends are not of this quantity.
    fn in_base_units<Q: Quantity + std::fmt::Display>(
        self,
        low: &str,
        stated: Option<&str>,
        high: &str,
        at: &mut At,
    ) -> Option<Tree> {
        let base = |text: &str| parse_quantity::<Q>(text).ok().map(|quantity| quantity.base() as f64);
        match self.point(base(low)?, stated.and_then(base), base(high)?, at) {
            None => self.stated.cloned(),
            // Base units of a plausible quantity are far below 2^53.
            Some(value) => {
                let text = Q::from_base(value.round() as i64).to_string();
                Some(Tree::new(Value::Text(text), self.low.span))
            }
        }
    }

    /// The number at the coordinate. `None` stands for the stated value itself, so that it keeps its
    /// spelling.
    #[expect(clippy::unused_self, reason = "one of the steps of `blend`")]
    fn point(self, low: f64, stated: Option<f64>, high: f64, at: &mut At) -> Option<f64> {
        match stated {
            Some(stated) if low.min(high) <= stated && stated <= low.max(high) => {
                match at.u.total_cmp(&0.5) {
                    Ordering::Equal => None,
                    Ordering::Less => Some(line(low, stated, 2.0 * at.u)),
                    Ordering::Greater => Some(line(stated, high, 2.0 * at.u - 1.0)),
                }
            }
            _ => {
                at.missed = true;
                Some(line(low, high, at.u))
            }
        }
    }
}

/// Whether two values can be compared part by part.
fn have_same_shape(a: &Tree, b: &Tree) -> bool {
    match (&a.value, &b.value) {
        (Value::Struct { name, fields: a }, Value::Struct { name: other, fields: b }) => {
            name == other && have_same_keys(a, b)
        }
        (Value::Tuple { name, items: a }, Value::Tuple { name: other, items: b }) => {
            name == other && a.len() == b.len()
        }
        (Value::List(a), Value::List(b)) => a.len() == b.len(),
        (Value::Map(a), Value::Map(b)) => a.len() == b.len(),
        (Value::Number(_) | Value::Text(_), Value::Number(_) | Value::Text(_)) => true,
        (a, b) => std::mem::discriminant(a) == std::mem::discriminant(b),
    }
}

fn have_same_keys(a: &[(Key, Tree)], b: &[(Key, Tree)]) -> bool {
    a.len() == b.len() && a.iter().all(|(key, _)| field(b, key).is_some())
}

fn field<'t>(fields: &'t [(Key, Tree)], key: &Key) -> Option<&'t Tree> {
    fields.iter().find(|(other, _)| other == key).map(|(_, tree)| tree)
}

fn items(low: &[Tree], stated: Option<&Vec<Tree>>, high: &[Tree], at: &mut At) -> Vec<Tree> {
    let stated = stated.filter(|stated| stated.len() == low.len());
    let ends = low.iter().zip(high).enumerate();
    ends.map(|(index, (low, high))| Ends { low, stated: stated.map(|items| &items[index]), high }.blend(at))
        .collect()
}

/// Whether a value contains numbers that may be counts, so that the way of interpolation matters.
pub(super) fn may_count(tree: &Tree) -> bool {
    match &tree.value {
        Value::Number(text) => text.parse::<i64>().is_ok(),
        Value::Struct { fields, .. } => fields.iter().any(|(_, tree)| may_count(tree)),
        Value::Tuple { items, .. } | Value::List(items) => items.iter().any(may_count),
        Value::Map(entries) => entries.iter().any(|(_, tree)| may_count(tree)),
        _ => false,
    }
}

fn line(low: f64, high: f64, u: f64) -> f64 {
    low + (high - low) * u
}

/// A number as a text of the language: no exponent, no trailing zeros.
pub(super) fn decimal(value: f64) -> String {
    let text = format!("{value:.DECIMALS$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    text.to_owned()
}

/// Splits a text into one number and one unit. `None` for times of day, dates, and quantities of several
/// parts.
pub(super) fn split(text: &str) -> Option<(f64, &str)> {
    let text = text.trim();
    let (number, unit) = match text.strip_suffix('%') {
        Some(number) => (number.trim_end(), "%"),
        None => split_number(text),
    };
    let is_unit = unit == "%"
        || unit.starts_with(char::is_alphabetic) && !unit.contains(|c: char| c.is_ascii_digit() || c == ':');
    let number = parse_number(number)?;
    is_unit.then_some((number, unit))
}

/// Reads a share written as a fraction or in percent.
fn share(tree: &Tree) -> Option<f64> {
    match &tree.value {
        Value::Number(text) => parse_number(text),
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

    /// Without a stated value: on one straight line.
    fn check(low: &str, high: &str, u: f64, expected: &str) {
        let value = Ends { low: &tree(low), stated: None, high: &tree(high) }.at(u, Counts::Split);
        assert_eq!(print_inline(&value), expected, "{low} .. {high} at {u}");
    }

    /// At 0, 1/4, 1/2, 3/4 and 1, and whether all parts are centred.
    fn check_around(low: &str, stated: &str, high: &str, expected: [&str; 5], are_around: bool) {
        let (low, stated, high) = (tree(low), tree(stated), tree(high));
        let ends = Ends { low: &low, stated: Some(&stated), high: &high };
        let at = |u| print_inline(&ends.at(u, Counts::Split));
        assert_eq!([0.0, 0.25, 0.5, 0.75, 1.0].map(at), expected);
        assert_eq!(ends.are_around_stated(), are_around);
    }

    #[test]
    fn the_stated_value_is_the_median() {
        check_around("5", "10", "20", ["5", "7.5", "10", "15", "20"], true);
        // Falling, in other units, and in other spellings of a share.
        check_around("20", "10", "5", ["20", "15", "10", "7.5", "5"], true);
        check_around(
            r#""12h""#,
            r#""1d""#,
            r#""48h""#,
            [r#""12h""#, r#""18h""#, r#""1d""#, r#""1d 12h""#, r#""2d""#],
            true,
        );
        check_around("0.1", r#""20%""#, r#""40%""#, ["0.1", "0.15", r#""20%""#, "0.3", "0.4"], true);
        check_around(
            r#"Triangular(min: "1h", mode: "2h", max: "5h")"#,
            r#"Triangular(min: "1h", max: "6h", mode: "2h")"#,
            r#"Triangular(min: "1h", mode: "4h", max: "8h")"#,
            [
                r#"Triangular(min: "1 h", mode: "2 h", max: "5 h")"#,
                r#"Triangular(min: "1 h", mode: "2 h", max: "5.5 h")"#,
                r#"Triangular(min: "1h", mode: "2h", max: "6h")"#,
                r#"Triangular(min: "1 h", mode: "3 h", max: "7 h")"#,
                r#"Triangular(min: "1 h", mode: "4 h", max: "8 h")"#,
            ],
            true,
        );
        // At one half the stated end holds, whichever it is.
        let (night, day) = (r#"Daily("20:00-08:00")"#, r#"Daily("08:00-20:00")"#);
        check_around(night, night, day, [night, night, night, day, day], true);
        check_around(night, day, day, [night, night, day, day, day], true);
        check_around(night, "Always", day, [night, "Always", "Always", day, day], true);
    }

    #[test]
    fn stated_values_of_another_kind_or_outside_leave_the_straight_line() {
        check_around("1", "9", "3", ["1", "1.5", "2", "2.5", "3"], false);
        check_around("1", r#""2h""#, "3", ["1", "1.5", "2", "2.5", "3"], false);
        check_around("1", "Constant(2)", "3", ["1", "1.5", "2", "2.5", "3"], false);
        // One part is outside the range, the other inside.
        let laws = ["LogNormal(median: 1, cv: 1)", "LogNormal(median: 1, cv: 3)"];
        check_around(
            laws[0],
            "LogNormal(median: 2, cv: 1)",
            laws[1],
            [
                laws[0],
                "LogNormal(median: 1, cv: 1)",
                "LogNormal(median: 1, cv: 1)",
                "LogNormal(median: 1, cv: 2)",
                laws[1],
            ],
            false,
        );
        let (night, day) = (r#"Daily("20:00-08:00")"#, r#"Daily("08:00-20:00")"#);
        let weekly = |days: &str| format!("Weekly([{days}])");
        let (three, four) = (
            weekly(r#""Mon 08:00", "Wed 08:00", "Sun 08:00""#),
            weekly(r#""Mon 08:00", "Wed 08:00", "Fri 08:00", "Sun 08:00""#),
        );
        let five = weekly(r#""Mon 08:00", "Wed 08:00", "Fri-Sun 08:00""#);
        check_around(&three, &four, &five, [&three, &four, &four, &five, &five], true);
        let ends = Ends { low: &tree(night), stated: None, high: &tree(day) };
        assert!(!ends.are_around_stated(), "nothing is stated");
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
        let at =
            |u| print_inline(&Ends { low: &tree("2"), stated: None, high: &tree("4") }.at(u, Counts::Whole));
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
