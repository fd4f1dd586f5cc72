//! What the ways of a flow are called: a scenario gives them ids alone, which are no words for a reader.
//!
//! A way is named after what tells it from the other ways of its flow: the borders, straits and canals it passes, else the nodes,
//! else the services. It words nothing else and computes nothing.

use std::collections::{BTreeMap, BTreeSet};

use sanda_results::{Results, Route, Text, paths};

use crate::{adapter, wording};

/// Most places that a name lists.
const MOST: usize = 3;

/// What tells ways apart, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Places {
    Passages,
    Nodes,
    Services,
}

impl Places {
    /// Those of a way, in order.
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
            Self::Passages => adapter::passage_name(results, id),
            Self::Nodes => adapter::node_name(results, id),
            Self::Services => adapter::service_name(results, id),
        };
        let list = wording::list(&ids.iter().map(name).collect::<Vec<_>>());
        match self {
            Self::Services => Text::new(format!("乘{}", list.zh), format!("by {}", list.en)),
            _ => Text::new(format!("经{}", list.zh), format!("via {}", list.en)),
        }
    }
}

/// The names of the ways of a flow, by their ids. No two are the same.
pub(crate) fn names(results: &Results, flow: &str) -> BTreeMap<String, Text> {
    let empty = BTreeMap::new();
    let routes = results.routes.get(flow).unwrap_or(&empty);
    let prefix = paths::flow(flow, "itineraries.");
    let with_figures = results
        .metrics
        .keys()
        .filter_map(|path| Some(path.strip_prefix(prefix.as_str())?.split_once('.')?.0.to_owned()));
    let ids: BTreeSet<String> = routes.keys().cloned().chain(with_figures).collect();
    let named = ids.iter().zip(1..).map(|(id, number)| {
        let all = [Places::Passages, Places::Nodes, Places::Services];
        let own = |places: Places| Some(places.words(results, &told_apart(routes, id, places)?));
        let name = all.into_iter().find_map(own).or_else(|| left_out(results, routes, id));
        let name = name.unwrap_or_else(|| Text::new(format!("路径{number}"), format!("way {number}")));
        (id.clone(), number, name)
    });
    let named: Vec<(String, i32, Text)> = named.collect();
    // Different places may bear one name.
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

/// Of two ways, the one that touches only what the other does: by what that touches besides.
fn left_out(results: &Results, routes: &BTreeMap<String, Route>, id: &str) -> Option<Text> {
    let [other] = routes.keys().filter(|other| *other != id).collect::<Vec<_>>()[..] else { return None };
    let besides = [Places::Passages, Places::Nodes].into_iter().find_map(|places| {
        let own = told_apart(routes, other, places)?;
        let names = places.words(results, &own);
        routes.contains_key(id).then_some(names)
    })?;
    Some(Text::new(format!("不{}", besides.zh), format!("not {}", besides.en)))
}

/// A place of a way that no other way touches, or else those that some other way does not touch; `None` where there are none, or
/// another way touches them all as well.
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
            Results::from_json(include_str!("../tests/world.json")).expect("the test's results");
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
    fn ways_that_nothing_tells_apart_are_numbered() {
        check(
            &[("a", route(&[], &[], &[])), ("b", route(&[], &[], &[]))],
            &[("路径1", "way 1"), ("路径2", "way 2")],
        );
        check(
            &[("a", route(&["khorgos"], &[], &[])), ("b", route(&["khorgos-2"], &[], &[]))],
            &[("经霍尔果斯（路径1）", "via Khorgos (way 1)"), ("经霍尔果斯（路径2）", "via Khorgos (way 2)")],
        );
        // One that touches less than another.
        check(
            &[("a", route(&["khorgos"], &[], &[])), ("b", route(&["khorgos", "brest"], &[], &[]))],
            &[("不经brest", "not via brest"), ("经brest", "via brest")],
        );
        // No place is of one way alone.
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
