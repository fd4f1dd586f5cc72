//! Orders of small graphs, by hand and against their definition.

use super::*;

#[test]
fn a_node_that_leads_to_itself_is_a_cycle() {
    let expected = [(vec![1], true), (vec![2], false)];
    assert_eq!(sccs([(1, vec![1, 2])]), expected.map(|(members, is_cycle)| Scc { members, is_cycle }));
}

#[test]
fn each_component_stands_before_those_it_leads_to() {
    // Two ways that meet, given backwards, and a cycle of three on one of them.
    let edges = [(9, vec![]), (7, vec![9]), (5, vec![7, 6]), (6, vec![4]), (4, vec![5, 9]), (3, vec![7, 5])];
    let found = sccs(edges.clone());
    let place = |node: i32| found.iter().position(|scc| scc.members.contains(&node));
    for (node, to) in edges {
        assert!(to.iter().all(|&other| place(node) <= place(other)), "{node} in {found:?}");
    }
    assert_eq!(found.iter().filter(|scc| scc.is_cycle).count(), 1);
    assert_eq!(found.len(), 4);
}

#[test]
fn a_long_chain_takes_no_stack() {
    let n = 200_000;
    assert_eq!(sccs((0..n).map(|node| (node, vec![node + 1]))).len(), n + 1);
}

fn broken(edges: &[(u8, u8, i64)]) -> Option<(Vec<u8>, i64)> {
    let mut by_node: BTreeMap<u8, Vec<(u8, i64)>> = BTreeMap::new();
    for &(from, to, time) in edges {
        by_node.entry(from).or_default().push((to, time));
    }
    let (order, time) = break_cycles(&by_node, 10)?;
    Some((order.into_iter().flat_map(|scc| scc.members).collect(), time))
}

#[test]
fn a_cycle_is_broken_at_its_largest_lookahead() {
    assert_eq!(broken(&[(1, 2, 0), (2, 3, 20), (3, 1, 30)]), Some((vec![1, 2, 3], 30)));
    assert_eq!(broken(&[(1, 2, 0), (2, 3, 40), (3, 1, 30)]), Some((vec![3, 1, 2], 40)));
    // Two cycles: the least of what each can be broken at, and what takes longer is broken as well.
    let (order, time) = broken(&[(1, 2, 50), (2, 1, 0), (3, 3, 20), (2, 3, 0)]).expect("both can be broken");
    let place = |node| order.iter().position(|&other| other == node);
    assert_eq!((time, order.len()), (20, 3));
    assert!(place(2) < place(1) && place(2) < place(3), "{order:?}");
}

#[test]
fn an_edge_that_takes_too_little_is_never_broken() {
    assert_eq!(broken(&[(2, 1, 0), (3, 2, 99), (3, 1, 5)]), Some((vec![3, 2, 1], i64::MAX)));
    assert_eq!(broken(&[(1, 2, 9), (2, 1, 9)]), None);
}
