//! Names of the itineraries of a flow. A scenario gives itineraries only ids, which mean nothing to a reader.
//!
//! An itinerary is named after what distinguishes it from the others of its flow: borders, straits and canals, else nodes, else services.
//! An itinerary that shipments take by re-planning is named after the two that it joins.
//! The module computes nothing.

use std::collections::{BTreeMap, BTreeSet};

use sanda_results::{Replanned, Results, Route, Text, paths};

use crate::words::names;
use crate::words::phrase;

/// Greatest number of places in a name, so that it fits a row of a table.
const MOST: usize = 3;

/// Kinds of places that distinguish itineraries, the most telling first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Places {
    Passages,
    Nodes,
    Services,
}

impl Places {
    /// Lists the places of this kind on a route, in order.
    fn of(self, route: &Route) -> Vec<&str> {
        let ids: Vec<&String> = match self {
            Self::Passages => route.borders.iter().chain(&route.passages).collect(),
            Self::Nodes => route.nodes.iter().collect(),
            Self::Services => route.services.iter().collect(),
        };
        ids.into_iter().map(String::as_str).collect()
    }

    fn words(self, results: &Results, ids: &[&str]) -> Text {
        let name = |&id: &&str| match self {
            Self::Passages => names::passage_name(results, id),
            Self::Nodes => names::node_name(results, id),
            Self::Services => names::service_name(results, id),
        };
        let list = phrase::list(&ids.iter().map(name).collect::<Vec<_>>());
        match self {
            Self::Services => Text::new(format!("乘{}", list.zh), format!("by {}", list.en)),
            _ => Text::new(format!("经{}", list.zh), format!("via {}", list.en)),
        }
    }
}

/// Names the itineraries of a flow, by id. No two names are the same.
pub(crate) fn names(results: &Results, flow: &str) -> BTreeMap<String, Text> {
    let empty = BTreeMap::new();
    let all = results.routes.get(flow).unwrap_or(&empty);
    let replanned = all.iter().filter_map(|(id, route)| Some((id, route.replanned.as_ref()?)));
    let replanned: BTreeMap<&String, &Replanned> = replanned.collect();
    let routes = all.iter().filter(|(id, _)| !replanned.contains_key(id));
    let routes = routes.map(|(id, route)| (id.clone(), route.clone())).collect();
    let mut names = names_of_planned(results, flow, &routes, &replanned);
    for (id, way) in replanned {
        let name = |id: &str| names.get(id).cloned().unwrap_or_else(|| Text::new(id, id));
        let (from, at, to) = (name(&way.from), names::node_name(results, &way.at), name(&way.to));
        let joined = Text::new(
            format!("{}，在{}改为{}", from.zh, at.zh, to.zh),
            format!("{}, from {} on {}", from.en, at.en, to.en),
        );
        names.insert(id.clone(), joined);
    }
    names
}

/// Names the itineraries of a flow that shipments take from their release on.
fn names_of_planned(
    results: &Results,
    flow: &str,
    routes: &BTreeMap<String, Route>,
    replanned: &BTreeMap<&String, &Replanned>,
) -> BTreeMap<String, Text> {
    let prefix = paths::flow(flow, "itineraries.");
    let with_figures = results
        .metrics
        .keys()
        .filter_map(|path| Some(path.strip_prefix(prefix.as_str())?.split_once('.')?.0.to_owned()));
    let ids = routes.keys().cloned().chain(with_figures.filter(|id| !replanned.contains_key(id)));
    let ids: BTreeSet<String> = ids.collect();
    let named = ids.iter().zip(1..).map(|(id, number)| {
        let all = [Places::Passages, Places::Nodes, Places::Services];
        let own = |places: Places| Some(places.words(results, &told_apart(routes, id, places)?));
        let name = all.into_iter().find_map(own).or_else(|| left_out(results, routes, id));
        let name = name.unwrap_or_else(|| Text::new(format!("路径{number}"), format!("way {number}")));
        (id.clone(), number, name)
    });
    let named: Vec<(String, i32, Text)> = named.collect();
    // Different places may have the same name.
    let is_unique = |id: &String, name: &Text| {
        !named.iter().any(|(other, _, same)| other != id && (same.zh == name.zh || same.en == name.en))
    };
    let numbered = |number: i32, name: &Text| {
        Text::new(format!("{}（路径{number}）", name.zh), format!("{} (way {number})", name.en))
    };
    named
        .iter()
        .map(|(id, number, name)| {
            (id.clone(), if is_unique(id, name) { name.clone() } else { numbered(*number, name) })
        })
        .collect()
}

/// Names the one of two itineraries that has no place of its own: after the place of the other that it does not pass.
fn left_out(results: &Results, routes: &BTreeMap<String, Route>, id: &str) -> Option<Text> {
    let [other] = routes.keys().filter(|other| *other != id).collect::<Vec<_>>()[..] else { return None };
    let besides = [Places::Passages, Places::Nodes].into_iter().find_map(|places| {
        let own = told_apart(routes, other, places)?;
        let names = places.words(results, &own);
        routes.contains_key(id).then_some(names)
    })?;
    Some(Text::new(format!("不{}", besides.zh), format!("not {}", besides.en)))
}

/// Returns the places that distinguish an itinerary.
///
/// This is a place that no other itinerary touches, or else all places that some other one does not touch. `None` where there are none,
/// or where another itinerary touches all of them.
fn told_apart<'a>(routes: &'a BTreeMap<String, Route>, id: &str, places: Places) -> Option<Vec<&'a str>> {
    let others: Vec<Vec<&str>> =
        routes.iter().filter(|(other, _)| *other != id).map(|(_, route)| places.of(route)).collect();
    let mut own: Vec<&str> = Vec::new();
    for place in places.of(routes.get(id)?) {
        if !own.contains(&place) && others.iter().any(|other| !other.contains(&place)) {
            own.push(place);
        }
    }
    let is_alone = |place: &&&str| !others.iter().any(|other| other.contains(*place));
    if let Some(&alone) = own.iter().find(is_alone) {
        return Some(vec![alone]);
    }
    own.truncate(MOST);
    let is_told_apart = |other: &Vec<&str>| own.iter().any(|place| !other.contains(place));
    (!own.is_empty() && others.iter().all(is_told_apart)).then_some(own)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(borders: &[&str], nodes: &[&str], services: &[&str]) -> Route {
        let owned = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect();
        Route { borders: owned(borders), nodes: owned(nodes), services: owned(services), ..Route::default() }
    }

    fn check(routes: &[(&str, Route)], expected: &[(&str, &str)]) {
        let mut results =
            Results::from_json(include_str!("../../tests/world.json")).expect("the test's results");
        results.routes.insert(
            "boxes".to_owned(),
            routes.iter().map(|(id, route)| ((*id).to_owned(), route.clone())).collect(),
        );
        let nodes = &mut results.texts.nodes;
        nodes.insert("ezhou".to_owned(), Text::new("鄂州花湖机场", "Ezhou Huahu Airport"));
        nodes.insert("khorgos".to_owned(), Text::new("霍尔果斯", "Khorgos"));
        nodes.insert("khorgos-2".to_owned(), Text::new("霍尔果斯", "Khorgos"));
        let names = names(&results, "boxes");
        let shown: Vec<(&str, &str)> =
            names.values().map(|name| (name.zh.as_str(), name.en.as_str())).collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn a_way_is_called_after_what_the_others_do_not_touch() {
        check(
            &[
                ("by-ezhou", route(&[], &["wuhan", "ezhou"], &[])),
                ("by-tianhe", route(&[], &["wuhan", "tian-he"], &[])),
            ],
            &[("经鄂州花湖机场", "via Ezhou Huahu Airport"), ("经tian he", "via tian he")],
        );
        check(
            &[("a", route(&["khorgos", "brest"], &[], &[])), ("b", route(&["zamyn-uud", "brest"], &[], &[]))],
            &[("经霍尔果斯", "via Khorgos"), ("经zamyn uud", "via zamyn uud")],
        );
        check(
            &[("a", route(&[], &["x"], &["train"])), ("b", route(&[], &["x"], &["flight"]))],
            &[("乘中欧班列", "by China-Europe train"), ("乘全货机", "by Freighter")],
        );
    }

    #[test]
    fn a_way_that_cargo_takes_at_a_hub_is_called_after_the_two_that_it_joins() {
        let way = |from: &str, to: &str| {
            Some(Replanned { from: from.to_owned(), at: "ezhou".to_owned(), to: to.to_owned() })
        };
        check(
            &[
                ("a", route(&["khorgos"], &["ezhou"], &[])),
                ("a--at-ezhou--b", Route { replanned: way("a", "b"), ..route(&["brest"], &["ezhou"], &[]) }),
                ("b", route(&["brest"], &["ezhou"], &[])),
            ],
            &[
                ("经霍尔果斯", "via Khorgos"),
                (
                    "经霍尔果斯，在鄂州花湖机场改为经brest",
                    "via Khorgos, from Ezhou Huahu Airport on via brest",
                ),
                ("经brest", "via brest"),
            ],
        );
    }

    #[test]
    fn ways_that_nothing_tells_apart_are_numbered() {
        check(
            &[("a", route(&[], &[], &[])), ("b", route(&[], &[], &[]))],
            &[("路径1", "way 1"), ("路径2", "way 2")],
        );
        check(
            &[("a", route(&["khorgos"], &[], &[])), ("b", route(&["khorgos-2"], &[], &[]))],
            &[("经霍尔果斯（路径1）", "via Khorgos (way 1)"), ("经霍尔果斯（路径2）", "via Khorgos (way 2)")],
        );
        // One itinerary touches a subset of the places of the other.
        check(
            &[("a", route(&["khorgos"], &[], &[])), ("b", route(&["khorgos", "brest"], &[], &[]))],
            &[("不经brest", "not via brest"), ("经brest", "via brest")],
        );
        // Every place belongs to two itineraries.
        check(
            &[
                ("a", route(&["khorgos", "brest"], &[], &[])),
                ("b", route(&["khorgos", "kaliningrad"], &[], &[])),
                ("c", route(&["brest", "kaliningrad"], &[], &[])),
            ],
            &[
                ("经霍尔果斯、brest", "via Khorgos, brest"),
                ("经霍尔果斯、kaliningrad", "via Khorgos, kaliningrad"),
                ("经brest、kaliningrad", "via brest, kaliningrad"),
            ],
        );
    }
}
