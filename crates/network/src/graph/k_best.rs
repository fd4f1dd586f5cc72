//! The k best sensible ways between two nodes.
//!
//! Owns: the definition of a sensible way, and the search for the best of them in order. Does not own: the
//! graph and the costs (`network`), or the choice of a shipment between the ways (`scenario`).
//!
//! The problem is that of Yen ("Finding the k shortest loopless paths in a network", 1971). Yen finds spur
//! paths by Dijkstra's algorithm, which cannot enforce rules about the whole way: no node twice, a limit on
//! changes, and costs of changes. So this search extends ways from the origin, best first, by the bound of
//! Hart, Nilsson and Raphael (1968). The bound adds to the score so far the best score of the rest without
//! any rule. Dijkstra's algorithm gives that score for all states at once. It never exceeds the true score
//! of the rest, so ways are completed in the order of their scores.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use petgraph::graph::NodeIndex;
use petgraph::visit::EdgeRef;
use thiserror::Error;

use sanda_units::{Cost, NodeId};

use super::network::{Closed, LinkId, LinkKind, Network, Score, Search, States};
use super::no_way::NoWay;

/// Number of partial ways after which the search gives up, to bound its memory.
const MOST_BEGINNINGS: usize = 1_000_000;

/// A way with its expected cost.
#[derive(Debug, Clone, PartialEq)]
pub struct Way {
    /// The links in order.
    pub links: Vec<LinkId>,
    /// The cost of the links and of the turns between them.
    pub cost: Cost,
}

/// Why a search returns no ways.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NoWays {
    /// No way exists.
    #[error(transparent)]
    NoWay(#[from] NoWay),
    /// The search gave up after this many partial ways.
    #[error("gave up after {0} beginnings of ways")]
    TooMany(usize),
}

/// A partial way. Partial ways are ordered by the least score that the whole way can have, then by their
/// links. So of equally good ways the one whose first differing link has the smaller id comes first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Beginning {
    at_least: Score,
    links: Vec<LinkId>,
    so_far: Score,
    state: NodeIndex,
}

impl Network {
    /// Finds the `k` best ways by the search's objective, best first. Fewer are returned if there are no
    /// more. Of equally good ways the faster comes first, then the one with fewer links, then the one whose
    /// first differing link has the smaller id.
    ///
    /// A sensible way keeps these rules:
    ///
    /// - It visits no node twice, stops in passing included.
    /// - It does not leave a service to board the same service again.
    /// - It changes only where a change is possible ([`Network::with_turns`]).
    /// - It uses no two connections of one mode in a row where one connection of that mode leads there directly.
    /// - It has at most `most_links` links.
    ///
    /// Two ways by the same services and connections in the same order between the same nodes count as one;
    /// the better is returned.
    ///
    /// # Errors
    ///
    /// [`NoWay`] if no such way exists, with the smallest set of closures that explains it, if closures do.
    /// [`NoWays::TooMany`] if the network is so dense that the search gave up.
    ///
    /// # Complexity
    ///
    /// One run of Dijkstra's algorithm, and the partial ways that are no worse than the k-th way.
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

    /// Explains a failed search whose plain network has no cut of closures. The rules, or links that must
    /// be used, then leave no way around the closures. The explanation names what is closed on the best way
    /// without closures.
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

    /// The score of the turn into the next link. `None` if a sensible way does not continue with that link.
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

    /// The signature by which two ways are the same: the services and connections, and the nodes of
    /// changes.
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

/// The fewest links from every state to the target. `None` where no links lead there.
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
