//! Checks between the parts of a typed scenario: references, matching counts, shares, hours and dates.
//!
//! Owns the checks that need no compiled model. Checks that need instants or routes belong to `build`: a
//! timetable that never runs within the run, or a destination that no way reaches.

mod demand;
mod event;
mod place;
mod price;
mod service;
mod source;
mod step;

pub(crate) use step::each_step_of;

use std::{collections::BTreeMap, fmt};

use sanda_units::{Duration, Share};

use crate::{
    decode::{Context, Keyed, Name},
    issue::Issue,
    schema::{Law, LawValue, Scenario},
    source::{Located, Span},
    suggest::{expected_one_of, nearest},
    tree::{Tree, Value},
};

/// Largest deviation of a sum of shares from its target. It allows for shares such as one third.
pub(crate) const ROUNDING: f64 = 1e-6;

/// The currency that needs no rate.
const YUAN: &str = "CNY";

/// The clock that every scenario has.
const DOOR_TO_DOOR: &str = "door-to-door";

/// Checks a scenario. `tree` is what it was typed from: an entry that could not be typed is missing in the
/// scenario, but counts as existing. `is_whole` is false if `run` is a stand-in for what was written.
pub(crate) fn check(scenario: &Scenario, tree: &Tree, is_whole: bool, cx: Context<'_>) {
    let mut checker = Checker { scenario, tree, ids: ids(tree), is_whole, cx };
    checker.name();
    checker.repetitions();
    checker.places();
    checker.procedures();
    checker.regimes();
    checker.services();
    checker.connections();
    checker.flows();
    checker.clocks();
    checker.promises();
    checker.passages();
    checker.disruptions();
    checker.levers();
    checker.sources();
    checker.prices();
}

/// The kinds of entries that names refer to, each with its section and its noun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Node,
    Resource,
    Calendar,
    Procedure,
    Regime,
    Service,
    Connection,
    Flow,
    Clock,
    Passage,
    Rate,
}

impl Kind {
    const ALL: [Self; 11] = [
        Self::Node,
        Self::Resource,
        Self::Calendar,
        Self::Procedure,
        Self::Regime,
        Self::Service,
        Self::Connection,
        Self::Flow,
        Self::Clock,
        Self::Passage,
        Self::Rate,
    ];

    fn section(self) -> &'static str {
        match self {
            Self::Node => "nodes",
            Self::Resource => "resources",
            Self::Calendar => "calendars",
            Self::Procedure => "procedures",
            Self::Regime => "regimes",
            Self::Service => "services",
            Self::Connection => "connections",
            Self::Flow => "flows",
            Self::Clock => "clocks",
            Self::Passage => "passages",
            Self::Rate => "rates",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.section().trim_end_matches('s'))
    }
}

/// The ids written in each section, whether or not their entries could be typed.
fn ids(tree: &Tree) -> BTreeMap<&'static str, Vec<&str>> {
    let mut all = BTreeMap::new();
    for kind in Kind::ALL {
        let mut ids = Vec::new();
        if let Some(Tree { value: Value::Map(entries), .. }) = tree.entry(kind.section()) {
            ids.extend(entries.iter().filter_map(|(key, value)| match &key.value {
                Value::Text(id) | Value::Ident(id) if value.value != Value::Absent => Some(id.as_str()),
                _ => None,
            }));
        }
        match kind {
            Kind::Clock => ids.push(DOOR_TO_DOOR),
            Kind::Rate => ids.push(YUAN),
            _ => {}
        }
        ids.sort_unstable();
        all.insert(kind.section(), ids);
    }
    all
}

/// The state of a walk through a scenario.
struct Checker<'a, 'c> {
    scenario: &'a Scenario,
    tree: &'a Tree,
    ids: BTreeMap<&'static str, Vec<&'a str>>,
    is_whole: bool,
    cx: Context<'c>,
}

/// Largest number of replications and of points of the inputs, as on the command line. With a million
/// replications an interval is a thousandth of that of one.
const MOST_REPLICATIONS: u64 = 1_000_000;
const MOST_POINTS: u64 = 100_000;

/// Names that Windows reserves for devices, with any file extension.
const DEVICES: [&str; 4] = ["aux", "con", "nul", "prn"];

impl Checker<'_, '_> {
    /// Checks the scenario's name, which is also the name of its output folder.
    fn name(&mut self) {
        let name = &self.scenario.name;
        let written = name.value.as_str();
        let is_port =
            |word: &str| written.strip_prefix(word).is_some_and(|rest| rest.len() == 1 && rest != "-");
        let (message, label) = if written.starts_with('-') {
            (
                format!("the scenario's name `{written}` begins with a hyphen"),
                "expected a letter or digit first",
            )
        } else if DEVICES.contains(&written) || is_port("com") || is_port("lpt") {
            (format!("the scenario's name `{written}` is that of a device"), "expected another name")
        } else {
            return;
        };
        self.at("name", |c| {
            c.error(name.span, message).label(label).hint(
                "the output folder has this name: not every system and program could use it".to_owned(),
            );
        });
    }

    /// Checks the number of replications and of input points.
    fn repetitions(&mut self) {
        let run = &self.scenario.run;
        let span = run.replications.span;
        let wanted = [
            ("replications", Some(run.replications.value.value()), MOST_REPLICATIONS),
            ("input_points", run.input_points, MOST_POINTS),
        ];
        for (field, n, most) in wanted {
            if let Some(n) = n.filter(|&n| n > most) {
                self.at("run", |c| {
                    c.at(field, |c| {
                        c.error(span, format!("{n} {} are too many", field.replace('_', " ")))
                            .label(format!("expected {most} at most"));
                    });
                });
            }
        }
    }

    /// Runs `work` one field or entry further down the path.
    fn at<T>(&mut self, name: &str, work: impl FnOnce(&mut Self) -> T) -> T {
        let mark = self.cx.enter_field(name);
        let result = work(self);
        self.cx.leave(mark);
        result
    }

    /// Runs `work` one list item further down the path.
    fn at_index<T>(&mut self, index: usize, work: impl FnOnce(&mut Self) -> T) -> T {
        let mark = self.cx.enter_index(index);
        let result = work(self);
        self.cx.leave(mark);
        result
    }

    fn error(&mut self, span: Span, message: impl Into<String>) -> &mut Issue {
        self.cx.error(span, message)
    }

    /// Whether an entry of this kind and name exists.
    fn knows(&self, kind: Kind, name: &str) -> bool {
        self.ids[kind.section()].binary_search(&name).is_ok()
    }

    /// Whether a name refers to an existing entry. Adds an error if it does not.
    fn refer(&mut self, kind: Kind, name: &Located<Name>) -> bool {
        let written = name.value.as_str();
        if self.knows(kind, written) {
            return true;
        }
        let ids = &self.ids[kind.section()];
        let label = if ids.is_empty() {
            format!("the scenario has no {}", kind.section())
        } else {
            expected_one_of(ids.iter().copied())
        };
        if !self.cx.wants_hints() {
            self.error(name.span, format!("there is no {kind} `{written}`")).label(label);
            return false;
        }
        let elsewhere = Kind::ALL
            .into_iter()
            .find(|&other| self.knows(other, written))
            .map(|other| format!("`{written}` is a {other}, not a {kind}"));
        let hint =
            nearest(written, ids.iter().copied()).map(|near| format!("did you mean `{near}`?")).or(elsewhere);
        let message = format!("there is no {kind} `{written}`");
        self.error(name.span, message).label(label).hint(hint);
        false
    }

    /// As [`Self::refer`], at a field of the path.
    fn refer_at(&mut self, field: &str, kind: Kind, name: &Located<Name>) -> bool {
        self.at(field, |c| c.refer(kind, name))
    }

    /// Checks that a list has the length that another list requires.
    fn expect_length<T>(&mut self, field: &str, list: &Located<Vec<T>>, expected: usize, per: &str) {
        let found = list.value.len();
        if found != expected {
            self.at(field, |c| {
                let message = format!("`{field}` has {}, but {expected} {} due", items(found), are(expected));
                c.error(list.span, message).label(format!("expected {}: {per}", items(expected)));
            });
        }
    }

    /// Checks that shares sum to one, or to at most one.
    fn expect_sum(&mut self, shares: impl Iterator<Item = Share>, may_be_less: bool, span: Span, what: &str) {
        let sum: f64 = shares.map(Share::as_f64).sum();
        let is_right = if may_be_less { sum <= 1.0 + ROUNDING } else { (sum - 1.0).abs() <= ROUNDING };
        if !is_right {
            // Six decimals, so that 0.1 + 0.2 is shown as 0.3.
            let sum = (sum * 1e6).round() / 1e6;
            self.error(span, format!("{what} sum to {sum}")).label(if may_be_less {
                "expected a sum of 1 at most"
            } else {
                "expected a sum of 1"
            });
        }
    }

    /// Checks that the draws of a law are not always zero.
    fn expect_above_zero<Q: LawValue>(&mut self, law: &Law<Q>, why: &str) {
        if law.compile().is_ok_and(|law| law.support().1 <= 0.0) {
            self.error(law.span, "always zero").label(format!("expected more than zero: {why}"));
        }
    }

    /// The longest time after a release that the drain allows.
    fn drain(&self) -> Option<Duration> {
        self.is_whole.then_some(self.scenario.run.drain.value)
    }
}

/// The entries of a keyed map with their names.
fn keyed<T>(map: &BTreeMap<Name, Keyed<T>>) -> impl Iterator<Item = &Keyed<T>> {
    map.values()
}

fn items(count: usize) -> String {
    if count == 1 { "1 item".to_owned() } else { format!("{count} items") }
}

fn are(count: usize) -> &'static str {
    if count == 1 { "is" } else { "are" }
}
