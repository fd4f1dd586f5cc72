//! What lies behind what: an order of things of which some lead to others.

use std::collections::BTreeMap;

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};

/// Things that lie behind each other both ways.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Knot<T> {
    /// Which, in their own order.
    pub members: Vec<T>,
    /// Whether whoever leaves one of them may come to it again.
    pub is_circle: bool,
}

/// The knots of things that lead to others, each before those behind it.
///
/// Every thing is in one knot, mostly by itself. What is led to is a thing as well, whether it leads anywhere or not.
/// The same order for the same things: it depends on nothing else.
///
/// # Examples
///
/// ```
/// use sanda_network::{Knot, knots};
///
/// let knots = knots([("press", vec!["oven"]), ("oven", vec!["saw"]), ("saw", vec!["oven", "yard"])]);
/// let is_circle: Vec<_> = knots.iter().map(|knot| (&knot.members[..], knot.is_circle)).collect();
/// assert_eq!(is_circle, [(&["press"][..], false), (&["oven", "saw"], true), (&["yard"], false)]);
/// ```
pub fn knots<T: Copy + Ord>(things: impl IntoIterator<Item = (T, Vec<T>)>) -> Vec<Knot<T>> {
    let leads: BTreeMap<T, Vec<T>> = things.into_iter().collect();
    let mut graph = DiGraph::<T, ()>::new();
    let mut nodes: BTreeMap<T, NodeIndex> = BTreeMap::new();
    for &thing in leads.keys().chain(leads.values().flatten()) {
        nodes.entry(thing).or_insert_with(|| graph.add_node(thing));
    }
    for (thing, behind) in &leads {
        for other in behind {
            graph.add_edge(nodes[thing], nodes[other], ());
        }
    }
    // Those behind come first there. Needs no stack, however long a chain of things is.
    let knots = kosaraju_scc(&graph).into_iter().rev().map(|knot| {
        let is_circle = knot.len() > 1 || graph.contains_edge(knot[0], knot[0]);
        let mut members: Vec<T> = knot.into_iter().map(|node| graph[node]).collect();
        members.sort_unstable();
        Knot { members, is_circle }
    });
    knots.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thing_that_leads_to_itself_is_a_circle() {
        let knots = knots([(1, vec![1, 2])]);
        let expected = [(vec![1], true), (vec![2], false)];
        assert_eq!(knots, expected.map(|(members, is_circle)| Knot { members, is_circle }));
    }

    #[test]
    fn each_stands_before_those_behind_it() {
        // Two ways that meet, given backwards, and a circle of three on one of them.
        let things =
            [(9, vec![]), (7, vec![9]), (5, vec![7, 6]), (6, vec![4]), (4, vec![5, 9]), (3, vec![7, 5])];
        let knots = knots(things.clone());
        let place = |thing: i32| knots.iter().position(|knot| knot.members.contains(&thing));
        for (thing, behind) in things {
            assert!(behind.iter().all(|&other| place(thing) <= place(other)), "{thing} in {knots:?}");
        }
        assert_eq!(knots.iter().filter(|knot| knot.is_circle).count(), 1);
        assert_eq!(knots.len(), 4);
    }
}
