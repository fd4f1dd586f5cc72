//! The k best ways between two nodes that a shipment would really go.
//!
//! Owns: what a sensible way is, and the search for the best of them in order. Does not own: the graph and the costs
//! (`graph`), or which of the ways a shipment takes (`scenario`).
//!
//! The problem is that of Yen ("Finding the k shortest loopless paths in a network", 1971). His spur paths are found by
//! Dijkstra's algorithm, which cannot keep rules that look at the whole way (no node twice, stops in passing included; so
//! many changes at most; what is done at a change). So ways are grown from the origin, best first, by the bound of Hart,
//! Nilsson and Raphael (1968): the score so far and the best score of the rest without any rule, which Dijkstra's
//! algorithm gives for all states at once. The bound never exceeds what the rest takes, hence ways are completed in the
//! order of their scores.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use petgraph::graph::NodeIndex;
use petgraph::visit::EdgeRef;
use thiserror::Error;

use crate::graph::{Closed, LinkId, LinkKind, Network, Score, Search, States};
use crate::no_way::NoWay;
use sanda_units::{Cost, NodeId};

/// After so many beginnings of ways the search gives up, rather than fill the memory.
const MOST_BEGINNINGS: usize = 1_000_000;

/// A way with what it is expected to take.
#[derive(Debug, Clone, PartialEq)]
pub struct Way {
    /// Its links in order.
    pub links: Vec<LinkId>,
    /// Its links and the turns between them together.
    pub cost: Cost,
}

/// Why no ways are given.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NoWays {
    /// There is none.
    #[error(transparent)]
    NoWay(#[from] NoWay),
    /// There are too many beginnings of ways to look through.
    #[error("gave up after {0} beginnings of ways")]
    TooMany(usize),
}

/// The beginning of a way. Ordered by the least score that it can still have as a whole, then by its links, so that of
/// equally good ways the one whose first differing link has the smaller id comes first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Beginning {
    at_least: Score,
    links: Vec<LinkId>,
    so_far: Score,
    state: NodeIndex,
}

impl Network {
    /// The `k` best ways by the search's objective, best first; fewer where there are no more. Of equally good ways the
    /// faster comes first, then the one with fewer links, then the one whose first differing link has the smaller id.
    ///
    /// A way comes to no node twice, stops in passing included; it does not leave a service to board the same one; it
    /// does not change where one cannot ([`Network::with_turns`]); it uses no two connections of a mode in a row where one
    /// of that mode leads there at once; and it has `most_links` at most. Two ways by the same services and connections
    /// in the same order between the same nodes are one, the better.
    ///
    /// # Errors
    ///
    /// [`NoWay`] if there is no such way at all, with the smallest set of closures that explains it where closures do;
    /// [`NoWays::TooMany`] in networks so dense that the search gave up.
    ///
    /// # Complexity
    ///
    /// One run of Dijkstra's algorithm, and the beginnings of ways that are not worse than the k-th way.
    pub fn best_ways(&self, search: &Search<'_>, k: usize) -> Result<Vec<Way>, NoWays> {
        let states = States::new(self, search);
        let rest = states.scores_to_target(|link| self.score(link, search.objective));
        let (source, target) = match states.source.zip(states.target) {
            Some(ends) if rest[ends.0.index()].is_some() => ends,
            _ => return Err(self.explained(search, NoWay::explain(self, search, &states)).into()),
        };
        let n_rest = links_to_target(&states, target);
        let most_links = if search.most_links == 0 { usize::MAX } else { search.most_links };
        let mut open = BinaryHeap::new();
        let first = Beginning {
            at_least: rest[source.index()].unwrap_or_default(),
            links: Vec::new(),
            so_far: Score::default(),
            state: source,
        };
        open.push(Reverse(first));
        let mut known = BTreeSet::new();
        let mut ways: Vec<Way> = Vec::new();
        let mut n_beginnings = 0;
        while let Some(Reverse(beginning)) = open.pop() {
            if beginning.state == target {
                if known.insert(self.signature(&beginning.links)) {
                    ways.push(Way { cost: self.cost(&beginning.links), links: beginning.links });
                    if ways.len() == k {
                        return Ok(ways);
                    }
                }
                continue;
            }
            for edge in states.graph.edges(beginning.state) {
                let (link, state) = (*edge.weight(), edge.target());
                let (Some(rest), Some(n_rest)) = (rest[state.index()], n_rest[state.index()]) else {
                    continue;
                };
                if beginning.links.len() + 1 + n_rest > most_links {
                    continue;
                }
                let Some(turn) = self.step(search, &beginning.links, link) else { continue };
                let so_far = beginning.so_far + turn + self.score(link, search.objective);
                let links: Vec<LinkId> = beginning.links.iter().copied().chain([link]).collect();
                open.push(Reverse(Beginning { at_least: so_far + rest, links, so_far, state }));
                n_beginnings += 1;
            }
            if n_beginnings > MOST_BEGINNINGS {
                return Err(NoWays::TooMany(n_beginnings));
            }
        }
        if ways.is_empty() {
            return Err(self.explained(search, NoWay::against_the_rules(self, search)).into());
        }
        Ok(ways)
    }

    /// Where a cut of the plain network does not say which closures it is, because the rules or links that must be used
    /// leave no way around them: what is closed on the way that one would take if nothing were.
    fn explained(&self, search: &Search<'_>, plain: NoWay) -> NoWay {
        let closed = search.closed;
        let has_cut = !plain.cut_nodes.is_empty() || !plain.cut_links.is_empty();
        if has_cut || closed.nodes.is_empty() && closed.links.is_empty() {
            return plain;
        }
        match self.best_ways(&Search { closed: Closed::NOTHING, ..*search }, 1) {
            Ok(ways) => ways.first().map_or(plain, |way| NoWay::closed_on(self, search, &way.links)),
            Err(_) => plain,
        }
    }

    /// The score of the turn into the next link; `None` if a sensible way does not go on by it.
    fn step(&self, search: &Search<'_>, way: &[LinkId], next: LinkId) -> Option<Score> {
        let link = &self.links()[next];
        let before = way.iter().flat_map(|link| self.links()[*link].touched()).chain([search.from]);
        let passed: BTreeSet<NodeId> = before.collect();
        let mut onwards = BTreeSet::new();
        let comes_twice = |node: NodeId| passed.contains(&node) || !onwards.insert(node);
        if link.touched().skip(1).any(comes_twice) {
            return None;
        }
        let Some(last) = way.last().map(|last| &self.links()[*last]) else { return Some(Score::default()) };
        let is_silly = match (&last.kind, &link.kind) {
            (LinkKind::Leg { service: one, .. }, LinkKind::Leg { service: other, .. }) => one == other,
            (LinkKind::Connection { .. }, LinkKind::Connection { .. }) => {
                self.links().iter_enumerated().any(|(id, direct)| {
                    matches!(direct.kind, LinkKind::Connection { .. })
                        && (direct.from, direct.to) == (last.from, link.to)
                        && [last.mode, link.mode] == [direct.mode; 2]
                        && search.may_use(id, direct)
                })
            }
            _ => false,
        };
        if is_silly {
            return None;
        }
        let turn = self.turn((link.from, last.mode, link.mode))?;
        Some(Score::of(&turn, search.objective, 0))
    }

    /// What makes a way the same as another: the services and connections, and where one changes.
    fn signature(&self, way: &[LinkId]) -> Vec<(bool, String, NodeId)> {
        way.iter()
            .map(|link| {
                let link = &self.links()[*link];
                match &link.kind {
                    LinkKind::Leg { service, .. } => (true, service.clone(), link.to),
                    LinkKind::Connection { id } => (false, id.clone(), link.to),
                }
            })
            .collect()
    }
}

/// The fewest links from every state to the target; `None` where none lead there.
fn links_to_target(states: &States, target: NodeIndex) -> Vec<Option<usize>> {
    let mut fewest = vec![None; states.graph.node_count()];
    fewest[target.index()] = Some(0);
    let mut ring = vec![target];
    let mut n_links = 0;
    while !ring.is_empty() {
        n_links += 1;
        let mut next = Vec::new();
        for state in ring {
            for before in states.graph.neighbors_directed(state, petgraph::Direction::Incoming) {
                if fewest[before.index()].is_none() {
                    fewest[before.index()] = Some(n_links);
                    next.push(before);
                }
            }
        }
        ring = next;
    }
    fewest
}
