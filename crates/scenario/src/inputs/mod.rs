//! The unknown inputs: every parameter with a declared range, and the model at any point of their space.
//!
//! This is the one way from a point of the unit cube to a model, for runs and for studies of sensitivity.
//! Files are not read again for a point, except for the CSV columns that laws name. Does not own which
//! points are tried (`sanda_experiment`).

mod basis;
mod between;
mod felt;
mod follow;
mod groups;

pub use basis::{Basis, BasisCount, SourcedParameter};

use sanda_core::model::Model;

use crate::{
    build::{Built, build_adjusted},
    compose::trial::{excerpt, issues_of, strip_remarks},
    issue::Issues,
    load::{LoadFailure, Loaded, retype},
    path::ParameterPath,
    source::{SourceMap, Span},
    tree::{Tree, Value},
};
use between::{Counts, Ends, may_count};
use follow::Followers;
use groups::Group;

/// A parameter with a range.
#[derive(Clone, Debug)]
pub struct InputRange {
    /// The full path, such as `services.train.running[0].mean`.
    pub path: String,
    place: ParameterPath,
    low: Tree,
    /// `None` if the value is not written and its default applies.
    stated: Option<Tree>,
    high: Tree,
    counts: Counts,
    /// Index of its unknown.
    unknown: usize,
}

impl InputRange {
    fn at(&self, u: f64) -> Tree {
        let Self { low, stated, high, .. } = self;
        Ends { low, stated: stated.as_ref(), high }.at(u, self.counts)
    }
}

/// Whether the stated value of a parameter lies between both ends of its range, in all its parts.
pub(crate) fn is_around_stated([low, high]: &[Tree; 2], stated: Option<&Tree>) -> bool {
    Ends { low, stated, high }.are_around_stated()
}

/// All parameters of a scenario that have a range, with what is needed to build the model at any point of
/// their space.
#[derive(Clone, Debug)]
pub struct InputSpace {
    tree: Tree,
    sources: SourceMap,
    ranges: Vec<InputRange>,
    unknowns: Vec<String>,
    groups: Vec<Group>,
    followers: Followers,
}

impl InputSpace {
    /// Finds the ranges of a loaded scenario, by path.
    ///
    /// A range counts only if it describes the value in force. If `changes` or `--set` replaced the value
    /// from outside the entry that declares the range, the new value is a measure and is not drawn.
    ///
    /// Ranges that affect no shipment are left out, since they cannot move a promise: prices (unless a flow
    /// chooses by cost), values and emission factors. `model` is that of the scenario itself. Issues name
    /// capacities that should follow a load and cannot.
    pub fn new(loaded: &Loaded, model: &Model, issues: &mut Issues) -> Self {
        let mut tree = loaded.tree.clone();
        strip_remarks(&mut tree);
        let choose_by_cost = loaded
            .scenario
            .flows
            .values()
            .any(|flow| flow.value.choice.as_ref().is_some_and(|choice| choice.value.weighs_money()));
        let mut ranges = Vec::new();
        for declared in declared(loaded) {
            let Some([low, high]) = &declared.provenance.range else { continue };
            let Ok(place) = declared.path.parse::<ParameterPath>() else { continue };
            let goes_by_distance = match place.first_two() {
                ("connections", Some(id)) => {
                    loaded.scenario.connections.get(id).is_some_and(|connection| connection.time.is_none())
                }
                _ => false,
            };
            if !declared.is_in_force(&loaded.tree, &place)
                || !felt::is_felt(&place, choose_by_cost, goes_by_distance)
            {
                continue;
            }
            let stated = place.follow(&tree).ok().cloned();
            let mut range = InputRange {
                path: declared.path,
                place,
                low: low.clone(),
                stated,
                high: high.clone(),
                counts: Counts::Split,
                unknown: 0,
            };
            if may_count(low) {
                // Only typing shows whether a fraction is allowed.
                let excerpt = excerpt(&tree, &range.place);
                let trial = Ends { low, stated: None, high }.at(0.382_43, Counts::Split);
                if !issues_of(&excerpt, &range.place, &trial, &loaded.sources).is_empty() {
                    range.counts = Counts::Whole;
                }
            }
            let drawn_with = declared.provenance.with.as_ref().map(|with| with.value.clone());
            ranges.push((drawn_with.unwrap_or_else(|| range.path.clone()), range));
        }
        // A whole comes before its parts, so that a range of a part holds within a range of the whole.
        ranges.sort_by(|(_, a), (_, b)| a.path.cmp(&b.path));
        let mut unknowns: Vec<String> = ranges.iter().map(|(unknown, _)| unknown.clone()).collect();
        unknowns.sort();
        unknowns.dedup();
        let numbered = ranges.into_iter().map(|(unknown, range)| {
            let place = unknowns.binary_search(&unknown).unwrap_or_default();
            InputRange { unknown: place, ..range }
        });
        let ranges: Vec<InputRange> = numbered.collect();
        let places: Vec<&ParameterPath> = ranges.iter().map(|range| &range.place).collect();
        let groups = groups::find(&tree, &places);
        let followers = Followers::find(loaded, model, issues);
        Self { tree, sources: loaded.sources.clone(), ranges, unknowns, groups, followers }
    }

    /// The composed tree of the scenario, without `sources` and notes.
    pub(crate) fn tree(&self) -> &Tree {
        &self.tree
    }

    /// The parameters, by path.
    pub fn ranges(&self) -> &[InputRange] {
        &self.ranges
    }

    /// The unknowns by name. Parameters with the same `with` share one; any other parameter is an unknown
    /// named by its path.
    pub fn unknowns(&self) -> &[String] {
        &self.unknowns
    }

    /// Compiles the model at a point, which has one coordinate for each unknown in their order. 0 is the
    /// low end of a range, one half the stated value, and 1 the high end, with straight lines between (see
    /// `sources` in the schema). One half everywhere is the model of the scenario itself, unless a stated
    /// value lies outside its range.
    ///
    /// Shares that sum to one are scaled afterwards so that they do so again. Shares without a range take
    /// the rest; if all have one, all are scaled. Last, capacities that follow their load are scaled.
    ///
    /// # Errors
    ///
    /// The errors of the scenario at this point, which typing each end alone does not show.
    ///
    /// # Panics
    ///
    /// If the point has another number of coordinates.
    pub fn model_at(&self, point: &[f64]) -> Result<Built, Box<LoadFailure>> {
        assert_eq!(point.len(), self.unknowns.len(), "a coordinate for each unknown");
        let mut tree = self.tree.clone();
        for range in &self.ranges {
            let value = range.at(point[range.unknown]);
            let span = value.span;
            // The path was followed when the scenario was checked, and values of one kind have the same
            // paths.
            let _ = range.place.put(&mut tree, value, span);
        }
        for group in &self.groups {
            group.normalise(&mut tree);
        }
        let scenario = retype(&tree, &self.sources)?;
        let mut issues = Issues::new();
        build_adjusted(&scenario, &self.sources, &mut issues, |model| self.followers.follow(model))
            .ok_or_else(|| Box::new(LoadFailure { issues, sources: self.sources.clone() }))
    }
}

/// The source of a parameter, as its entry states it.
pub(crate) struct Declared<'s> {
    /// The full path.
    pub(crate) path: String,
    /// The place of the path.
    pub(crate) span: Span,
    /// The place of the whole entry.
    pub(crate) entry: Span,
    pub(crate) provenance: &'s crate::schema::Provenance,
}

impl Declared<'_> {
    /// Whether the source describes the value in force, and not a value that was put into the entry from
    /// outside.
    pub(crate) fn is_in_force(&self, tree: &Tree, place: &ParameterPath) -> bool {
        if !lies_in(self.span, self.entry) {
            // The source was also stated from outside, beside the new value.
            return true;
        }
        match place.follow(tree) {
            Ok(value) => is_of(value, self.entry),
            // The value is not written and its default applies, or something above it was replaced by a
            // value of another kind.
            Err(_) => place.ancestors().find_map(|above| above.follow(tree).ok()).is_none_or(|above| {
                // Other parts of the entry may have been replaced. Only its own place matters.
                lies_in(above.span, self.entry)
            }),
        }
    }
}

/// All sources of parameters with full paths, section by section.
pub(crate) fn declared(loaded: &Loaded) -> Vec<Declared<'_>> {
    declarations(&loaded.scenario)
}

/// As [`declared`], for a scenario that is being checked.
pub(crate) fn declarations(scenario: &crate::schema::Scenario) -> Vec<Declared<'_>> {
    let mut all = Vec::new();
    macro_rules! collect {
        ($($section:ident),*) => {$(
            for (id, entry) in &scenario.$section {
                for (part, provenance) in &entry.sources {
                    all.push(Declared {
                        path: format!("{}.{id}.{part}", stringify!($section)),
                        span: provenance.id.span,
                        entry: entry.span,
                        provenance: &provenance.value,
                    });
                }
            }
        )*};
    }
    collect!(
        calendars,
        clocks,
        connections,
        disruptions,
        flows,
        levers,
        nodes,
        passages,
        procedures,
        promises,
        regimes,
        resources,
        services
    );
    all
}

/// Whether one place lies within another.
fn lies_in(inner: Span, outer: Span) -> bool {
    inner.file == outer.file && outer.start <= inner.start && inner.end <= outer.end
}

/// The places of the parts of a value that were written elsewhere than the value itself, by `changes` or
/// `--set`.
pub(crate) fn replaced_parts(tree: &Tree) -> Vec<Span> {
    fn collect(tree: &Tree, place: Span, found: &mut Vec<Span>) {
        if !lies_in(tree.span, place) {
            found.push(tree.headline());
            return;
        }
        let mut inner = |part: &Tree| collect(part, place, found);
        match &tree.value {
            Value::Struct { fields, .. } => {
                for (_, part) in fields {
                    inner(part);
                }
            }
            Value::Tuple { items, .. } | Value::List(items) => {
                for part in items {
                    inner(part);
                }
            }
            Value::Map(entries) => {
                for (_, part) in entries {
                    inner(part);
                }
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    collect(tree, tree.span, &mut found);
    found
}

/// Whether a value and all its parts were written in a place.
pub(crate) fn is_of(tree: &Tree, place: Span) -> bool {
    lies_in(tree.span, place)
        && match &tree.value {
            Value::Struct { fields, .. } => fields.iter().all(|(_, tree)| is_of(tree, place)),
            Value::Tuple { items, .. } | Value::List(items) => items.iter().all(|item| is_of(item, place)),
            Value::Map(entries) => entries.iter().all(|(_, tree)| is_of(tree, place)),
            _ => true,
        }
}
