//! The graph of nodes and links, and the search for the fastest way.
//!
//! Owns: links (a leg of a service, or a connection on demand) with their expected times, what of them is
//! closed, and Dijkstra's search over them. Does not own: the making of links from services and the choice
//! between ways, which need prices and laws of time (`scenario`, `core`); the explanation when there is no
//! way (`no_way`). petgraph is named here and there alone.

use std::collections::BTreeSet;
use std::ops::Add;

use petgraph::algo::dijkstra;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::{Bfs, EdgeRef, Reversed};
use sanda_units::{Duration, IdVec, id_type};

use crate::no_way::NoWay;
use crate::node::{Mode, Modes, Node, NodeId};

id_type!(
    /// A link of the network; dense. Of equally fast ways the one with the smaller ids is taken, so give them
    /// in the order of names.
    pub struct LinkId;
);

/// What a link is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkKind {
    /// A ride on a service from one of its stops to a later one.
    Leg {
        /// The service's id in the scenario.
        service: String,
        /// Position of the stop of boarding.
        from_stop: usize,
        /// Position of the stop of leaving, further on.
        to_stop: usize,
    },
    /// A connection on demand.
    Connection {
        /// The connection's id in the scenario.
        id: String,
    },
}

/// A directed link between two nodes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What it is.
    pub kind: LinkKind,
    /// Where it begins.
    pub from: NodeId,
    /// Where it ends.
    pub to: NodeId,
    /// The stops between, in order. A way through any of them satisfies a `via`, and none of them may be
    /// closed.
    pub through: Vec<NodeId>,
    /// Its mode.
    pub mode: Mode,
    /// Expected time including the wait for the departure and the work at either end. Not negative.
    pub expected: Duration,
}

/// Nodes and links that no way may use.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Closed {
    /// Closed nodes: neither ends, transfers nor stops on the way.
    pub nodes: BTreeSet<NodeId>,
    /// Closed links.
    pub links: BTreeSet<LinkId>,
}

impl Closed {
    /// Nothing closed.
    pub const NOTHING: &'static Self = &Self { nodes: BTreeSet::new(), links: BTreeSet::new() };
}

/// What way is looked for. Begin with [`Search::between`] and narrow it down.
#[derive(Debug, Clone, Copy)]
pub struct Search<'a> {
    /// Where it begins.
    pub from: NodeId,
    /// Where it ends.
    pub to: NodeId,
    /// The modes that its links may have.
    pub modes: Modes,
    /// Nodes it must end at, change at or pass through, in this order.
    pub via: &'a [NodeId],
    /// What it may not use.
    pub closed: &'a Closed,
}

impl Search<'static> {
    /// Any way between two nodes, by any mode, with nothing closed.
    pub const fn between(from: NodeId, to: NodeId) -> Self {
        Self { from, to, modes: Modes::ALL, via: &[], closed: Closed::NOTHING }
    }
}

/// Expected time first, number of links second: of equally fast ways the one with fewer links wins, and the
/// second makes every link count, so that links of no duration cannot lead round in circles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
struct Cost {
    ms: i64,
    n_links: u32,
}

impl Add for Cost {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        // Saturating: "never" stays "never".
        Self { ms: self.ms.saturating_add(other.ms), n_links: self.n_links + other.n_links }
    }
}

/// The nodes of a scenario and the links between them. Does not change; what is closed belongs to a
/// [`Search`].
#[derive(Debug, Clone)]
pub struct Network {
    nodes: IdVec<NodeId, Node>,
    links: IdVec<LinkId, Link>,
}

impl Network {
    /// The network of these nodes and links.
    ///
    /// # Panics
    ///
    /// When a link names a node that there is not, or its expected time is negative: whoever builds a model
    /// has checked both.
    pub fn new(nodes: IdVec<NodeId, Node>, links: IdVec<LinkId, Link>) -> Self {
        for (id, link) in links.iter_enumerated() {
            let mut ends = link.through.iter().chain([&link.from, &link.to]);
            assert!(ends.all(|node| node.index() < nodes.len()), "{id:?} joins nodes that exist");
            assert!(!link.expected.is_negative(), "{id:?} has an expected time");
        }
        Self { nodes, links }
    }

    /// Its nodes.
    pub fn nodes(&self) -> &IdVec<NodeId, Node> {
        &self.nodes
    }

    /// Its links.
    pub fn links(&self) -> &IdVec<LinkId, Link> {
        &self.links
    }

    /// The expected time of a way.
    pub fn expected(&self, way: &[LinkId]) -> Duration {
        way.iter().fold(Duration::ZERO, |total, link| total.saturating_add(self.links[*link].expected))
    }

    /// The fastest way by expected time; of equally fast ones that with the fewest links; of those the one
    /// whose first differing link has the smaller id. Without links if it ends where it begins.
    ///
    /// Dijkstra's algorithm, O((n + m) log n) for each stretch between two nodes of `via`.
    ///
    /// # Errors
    ///
    /// [`NoWay`] with what can be reached and the smallest set of closures that explains it.
    pub fn fastest(&self, search: &Search<'_>) -> Result<Vec<LinkId>, NoWay> {
        let states = States::new(self, search);
        if let Some((source, target)) = states.source.zip(states.target) {
            let costs = dijkstra(Reversed(&states.graph), target, None, |edge| self.cost(*edge.weight()));
            // A hash map; by state it has an order.
            let to_target: Vec<_> =
                states.graph.node_indices().map(|state| costs.get(&state).copied()).collect();
            if to_target[source.index()].is_some() {
                return Ok(self.walk(&states.graph, source, target, &to_target));
            }
        }
        Err(NoWay::explain(self, search, &states))
    }

    fn cost(&self, link: LinkId) -> Cost {
        Cost { ms: self.links[link].expected.as_ms(), n_links: 1 }
    }

    /// Follows, from the source, at every state the smallest link that loses no time.
    fn walk(
        &self,
        graph: &DiGraph<NodeId, LinkId>,
        source: NodeIndex,
        target: NodeIndex,
        to_target: &[Option<Cost>],
    ) -> Vec<LinkId> {
        let mut way = Vec::new();
        let mut state = source;
        while state != target {
            let (link, next) = graph
                .edges(state)
                .filter(|edge| {
                    let onwards =
                        to_target[edge.target().index()].map(|rest| self.cost(*edge.weight()) + rest);
                    onwards.is_some() && onwards == to_target[state.index()]
                })
                .map(|edge| (*edge.weight(), edge.target()))
                .min()
                .expect("invariant: a finite cost is that of some link and of what follows it");
            way.push(link);
            state = next;
        }
        way
    }
}

/// The graph that is searched: each node once for every number of `via` nodes already visited, and the usable
/// links between.
///
/// Built for each search: closures change, and building costs no more than searching.
pub(crate) struct States {
    pub(crate) graph: DiGraph<NodeId, LinkId>,
    /// Where the search begins; `None` if that node is closed.
    pub(crate) source: Option<NodeIndex>,
    /// Where it ends, all `via` visited; `None` if that node is closed.
    target: Option<NodeIndex>,
    n_nodes: usize,
}

impl States {
    fn new(network: &Network, search: &Search<'_>) -> Self {
        let n_nodes = network.nodes.len();
        let n_layers = search.via.len() + 1;
        let mut graph = DiGraph::with_capacity(n_nodes * n_layers, network.links.len() * n_layers);
        for _ in 0..n_layers {
            for node in network.nodes.ids() {
                graph.add_node(node);
            }
        }
        let state = |layer: usize, node: NodeId| NodeIndex::new(layer * n_nodes + node.index());
        let visit = |layer: usize, node: NodeId| {
            // The same node may be asked for twice running; being there once does for both.
            let visited = search.via[layer..].iter().take_while(|via| **via == node).count();
            layer + visited
        };
        for (id, link) in network.links.iter_enumerated() {
            if !search.may_use(id, link) {
                continue;
            }
            for layer in 0..n_layers {
                let passed =
                    link.through.iter().chain([&link.to]).fold(layer, |layer, node| visit(layer, *node));
                graph.add_edge(state(layer, link.from), state(passed, link.to), id);
            }
        }
        let open = |node: NodeId| !search.closed.nodes.contains(&node);
        let source = open(search.from).then(|| state(visit(0, search.from), search.from));
        let target = open(search.to).then(|| state(n_layers - 1, search.to));
        Self { graph, source, target, n_nodes }
    }

    /// The nodes that can be reached from the source, itself included, and the most `via` nodes visited on
    /// the way.
    pub(crate) fn reachable(&self) -> (BTreeSet<NodeId>, usize) {
        let mut nodes = BTreeSet::new();
        let mut n_visited = 0;
        if let Some(source) = self.source {
            let mut search = Bfs::new(&self.graph, source);
            while let Some(state) = search.next(&self.graph) {
                nodes.insert(self.graph[state]);
                n_visited = n_visited.max(state.index() / self.n_nodes);
            }
        }
        (nodes, n_visited)
    }
}

impl Search<'_> {
    /// Whether a link may be used: of an allowed mode, and neither closed nor touching a closed node.
    fn may_use(&self, id: LinkId, link: &Link) -> bool {
        let mut touched = link.through.iter().chain([&link.from, &link.to]);
        self.modes.contains(link.mode)
            && !self.closed.links.contains(&id)
            && !touched.any(|node| self.closed.nodes.contains(node))
    }
}
