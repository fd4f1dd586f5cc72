//! Strongly connected components of small graphs, and where their cycles are broken.
//!
//! Owns orders alone: what leads to what is given. The same order for the same graph, whatever the order in which it is given.

use std::collections::BTreeMap;

/// A strongly connected component: nodes that lead to each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scc<T> {
    /// The nodes, ascending.
    pub members: Vec<T>,
    /// Whether a node leads to itself, by others or at once.
    pub is_cycle: bool,
}

/// Returns the strongly connected components of a graph, each before those that it leads to.
///
/// Every node is in one component, mostly by itself. A node that is only led to is a node as well.
/// Source: S. R. Kosaraju and M. Sharir, "A strong-connectivity algorithm and its applications in data flow analysis", 1981.
/// Complexity: linear in nodes and edges, but for the sorting of nodes. Uses no stack, however long a chain of nodes is.
///
/// # Examples
///
/// ```
/// use sanda_core::kernel::scc::sccs;
///
/// let found = sccs([("press", vec!["oven"]), ("oven", vec!["saw"]), ("saw", vec!["oven", "yard"])]);
/// let found: Vec<_> = found.iter().map(|scc| (&scc.members[..], scc.is_cycle)).collect();
/// assert_eq!(found, [(&["press"][..], false), (&["oven", "saw"], true), (&["yard"], false)]);
/// ```
pub fn sccs<T: Copy + Ord>(edges: impl IntoIterator<Item = (T, Vec<T>)>) -> Vec<Scc<T>> {
    let mut edges: BTreeMap<T, Vec<T>> = edges.into_iter().collect();
    for to in edges.values().flatten().copied().collect::<Vec<T>>() {
        edges.entry(to).or_default();
    }
    let nodes: Vec<T> = edges.keys().copied().collect();
    // Every node has an entry.
    let number = |node: &T| nodes.partition_point(|other| other < node);
    let after: Vec<Vec<usize>> = edges.values().map(|to| to.iter().map(number).collect()).collect();
    let mut before: Vec<Vec<usize>> = vec![Vec::new(); nodes.len()];
    for (from, to) in after.iter().enumerate() {
        for &to in to {
            before[to].push(from);
        }
    }
    // Backwards, in the order in which everything that leads to a node has been seen. From the last one of these on, each search forwards
    // finds one component, those that are led to first.
    let mut seen = vec![false; nodes.len()];
    let mut finished = Vec::with_capacity(nodes.len());
    for begin in 0..nodes.len() {
        search(begin, &mut seen, |node| &before[node], |node| finished.push(node));
    }
    let mut seen = vec![false; nodes.len()];
    let mut found = Vec::new();
    for &begin in finished.iter().rev() {
        let mut members = Vec::new();
        search(begin, &mut seen, |node| &after[node], |node| members.push(node));
        if !members.is_empty() {
            let is_cycle = members.len() > 1 || after[begin].contains(&begin);
            members.sort_unstable();
            found.push(Scc { members: members.into_iter().map(|node| nodes[node]).collect(), is_cycle });
        }
    }
    found.reverse();
    found
}

/// Searches a graph depth first, from a node on that has not been seen. Tells of each node when all that follows it has been seen.
fn search<'g>(
    begin: usize,
    seen: &mut [bool],
    next: impl Fn(usize) -> &'g Vec<usize>,
    mut tell: impl FnMut(usize),
) {
    if std::mem::replace(&mut seen[begin], true) {
        return;
    }
    let mut path = vec![(begin, 0)];
    while let Some((node, place)) = path.last_mut() {
        if let Some(&to) = next(*node).get(*place) {
            *place += 1;
            if !std::mem::replace(&mut seen[to], true) {
                path.push((to, 0));
            }
        } else {
            tell(*node);
            path.pop();
        }
    }
}

/// Breaks the cycles of a graph at their largest lookahead: orders the nodes so that each leads to those before it (or to itself) only
/// after some time.
///
/// Edges carry the least time that they take. Returns the order and that time, the longest for which there is such an order;
/// [`i64::MAX`] if there is no cycle. An edge below `shortest` is never broken: `None` if that leaves a cycle.
pub fn break_cycles<T: Copy + Ord>(
    edges: &BTreeMap<T, Vec<(T, i64)>>,
    shortest: i64,
) -> Option<(Vec<Scc<T>>, i64)> {
    let broken_at = |time: i64| {
        let kept =
            |to: &[(T, i64)]| to.iter().filter(|&&(_, takes)| takes < time).map(|&(to, _)| to).collect();
        sccs(edges.iter().map(|(&from, to)| (from, kept(to))))
    };
    let is_in_order = |found: &[Scc<T>]| found.iter().all(|scc| !scc.is_cycle);
    let whole = broken_at(i64::MAX);
    if is_in_order(&whole) {
        return Some((whole, i64::MAX));
    }
    let mut times: Vec<i64> = edges.values().flatten().map(|&(_, time)| time).collect();
    times.retain(|&time| time >= shortest);
    times.sort_unstable();
    times.dedup();
    // The fewer edges are broken, the more cycles are left.
    let n_enough = times.partition_point(|&time| is_in_order(&broken_at(time)));
    let longest = times[..n_enough].last().copied()?;
    Some((broken_at(longest), longest))
}

#[cfg(test)]
mod tests;
