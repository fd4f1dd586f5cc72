//! The graph of nodes and links, and the search for the fastest way.
//!
//! Owns: links (a ride on a service, or a connection on demand), turns between them with their expected
//! costs, closures, and Dijkstra's search. Does not own: the making of links from services, which needs
//! prices and laws of time (`scenario`); the search for several ways (`k_best`); the explanation of a
//! failed search (`no_way`). Only these three files name petgraph.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Add;

use petgraph::algo::dijkstra;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::{Bfs, EdgeRef, Reversed};
use sanda_units::{Cost, IdVec, Money, NodeId, Objective, id_type};

use super::no_way::NoWay;
use super::node::{Mode, Modes, Node};

id_type!(
    /// A link of the network, as a dense id. Of equally fast ways the one with the smaller ids is taken, so
    /// ids should follow the order of names.
    pub struct LinkId;
);

/// The kind of a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkKind {
    /// A ride on a service from one stop to a later one.
    Leg {
        /// The service's id in the scenario.
        service: String,
        /// Position of the stop of boarding.
        from_stop: usize,
        /// Position of the stop of alighting, which is later.
        to_stop: usize,
    },
    /// A connection on demand.
    Connection {
        /// The connection's id in the scenario.
        id: String,
    },
}

/// A directed link between two nodes.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// The kind of the link.
    pub kind: LinkKind,
    /// The node where the link begins.
    pub from: NodeId,
    /// The node where the link ends.
    pub to: NodeId,
    /// The stops in between, in order. A way through any of them satisfies a `via`, and none of them may be
    /// closed.
    pub through: Vec<NodeId>,
    /// The mode of transport.
    pub mode: Mode,
    /// The expected cost, with the wait for the departure. Neither time nor money is negative.
    pub cost: Cost,
}

impl Link {
    /// All nodes of the link, in order.
    pub(crate) fn touched(&self) -> impl Iterator<Item = NodeId> + '_ {
        std::iter::once(self.from).chain(self.through.iter().copied()).chain([self.to])
    }
}

/// A node or one of several links that a way must use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Via {
    /// The way ends at, changes at or passes through the node.
    Node(NodeId),
    /// The way uses one of these links, for example a link of a service.
    Links(BTreeSet<LinkId>),
}

/// A change at a node from one mode to another.
pub type Turn = (NodeId, Mode, Mode);

/// Nodes and links that no way may use.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Closed {
    /// Closed nodes. A way neither ends, changes nor stops there.
    pub nodes: BTreeSet<NodeId>,
    /// Closed links.
    pub links: BTreeSet<LinkId>,
}

impl Closed {
    /// No closures.
    pub const NOTHING: &'static Self = &Self { nodes: BTreeSet::new(), links: BTreeSet::new() };
}

/// The search for a way: its ends and its conditions. Begin with [`Search::between`] and add conditions.
#[derive(Debug, Clone, Copy)]
pub struct Search<'a> {
    /// The node where the way begins.
    pub from: NodeId,
    /// The node where the way ends.
    pub to: NodeId,
    /// The modes that links may have.
    pub modes: Modes,
    /// What the way must pass, in this order.
    pub via: &'a [Via],
    /// What the way may not use.
    pub closed: &'a Closed,
    /// The objective that is minimised.
    pub objective: Objective,
    /// Largest number of links; 0 for no limit. [`Network::fastest`] ignores it.
    pub most_links: usize,
}

impl Search<'static> {
    /// Searches for any way between two nodes: by any mode, with nothing closed, and with less time as the
    /// better.
    pub const fn between(from: NodeId, to: NodeId) -> Self {
        Self {
            from,
            to,
            modes: Modes::ALL,
            via: &[],
            closed: Closed::NOTHING,
            objective: Objective::Time,
            most_links: 0,
        }
    }
}

/// The score of a way: the objective first, then expected time, then the number of links. Of equally good
/// ways the one with fewer links is better. Since every link counts, links without duration cannot lead
/// round in cycles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Score {
    main: i128,
    ms: i64,
    n_links: u32,
}

impl Score {
    /// The score of one link, or of a turn if `n_links` is 0.
    pub(crate) fn of(cost: &Cost, objective: Objective, n_links: u32) -> Self {
        Self { main: objective.of(cost), ms: cost.time.as_ms(), n_links }
    }
}

impl Add for Score {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            main: self.main.saturating_add(other.main),
            ms: self.ms.saturating_add(other.ms),
            n_links: self.n_links + other.n_links,
        }
    }
}

/// The nodes of a scenario and the links between them. It does not change; closures belong to a [`Search`].
#[derive(Debug, Clone)]
pub struct Network {
    nodes: IdVec<NodeId, Node>,
    links: IdVec<LinkId, Link>,
    turns: BTreeMap<Turn, Cost>,
    strict: BTreeSet<NodeId>,
}

impl Network {
    /// Builds the network of these nodes and links.
    ///
    /// # Panics
    ///
    /// If a link names a node that does not exist, or its expected time or money is negative. The
    /// scenario's checks exclude both.
    pub fn new(nodes: IdVec<NodeId, Node>, links: IdVec<LinkId, Link>) -> Self {
        for (id, link) in links.iter_enumerated() {
            let mut ends = link.through.iter().chain([&link.from, &link.to]);
            assert!(ends.all(|node| node.index() < nodes.len()), "{id:?} joins nodes that exist");
            assert!(!link.cost.time.is_negative(), "{id:?} has an expected time");
            assert!(link.cost.money >= Money::from_fen(0), "{id:?} has an expected price");
        }
        Self { nodes, links, turns: BTreeMap::new(), strict: BTreeSet::new() }
    }

    /// Sets the expected costs of changes from one link to the next. A change without an entry costs
    /// nothing. At the `strict` nodes only the changes with an entry are possible; an example is a border
    /// where trains are not changed.
    #[must_use]
    pub fn with_turns(self, turns: BTreeMap<Turn, Cost>, strict: BTreeSet<NodeId>) -> Self {
        Self { turns, strict, ..self }
    }

    /// The expected cost of a change. `None` if the change is not possible.
    pub(crate) fn turn(&self, turn: Turn) -> Option<Cost> {
        match self.turns.get(&turn) {
            Some(cost) => Some(*cost),
            None => (!self.strict.contains(&turn.0)).then(Cost::default),
        }
    }

    /// The nodes.
    pub fn nodes(&self) -> &IdVec<NodeId, Node> {
        &self.nodes
    }

    /// The links.
    pub fn links(&self) -> &IdVec<LinkId, Link> {
        &self.links
    }

    /// The expected cost of a way: its links and the turns between them.
    pub fn cost(&self, way: &[LinkId]) -> Cost {
        let links = way.iter().fold(Cost::default(), |total, link| total + self.links[*link].cost);
        way.windows(2).fold(links, |total, pair| {
            let (before, after) = (&self.links[pair[0]], &self.links[pair[1]]);
            total + self.turn((before.to, before.mode, after.mode)).unwrap_or_default()
        })
    }

    /// Finds the best way if turns cost nothing and nodes may be passed twice. Of equally good ways the
    /// faster is taken, then the one with the fewest links, then the one whose first differing link has the
    /// smaller id. The way has no links if it ends where it begins. Shipments go by [`Network::best_ways`];
    /// this search says what can be reached.
    ///
    /// Dijkstra's algorithm, O((n + m) log n) for each part between two entries of `via`.
    ///
    /// # Errors
    ///
    /// [`NoWay`] with what can be reached and the smallest set of closures that explains it.
    pub fn fastest(&self, search: &Search<'_>) -> Result<Vec<LinkId>, NoWay> {
        let states = States::new(self, search);
        let to_target = states.scores_to_target(|link| self.score(link, search.objective));
        match states.source.zip(states.target) {
            Some((source, target)) if to_target[source.index()].is_some() => {
                Ok(self.walk(&states.graph, source, target, &to_target, search.objective))
            }
            _ => Err(NoWay::explain(self, search, &states)),
        }
    }

    pub(crate) fn score(&self, link: LinkId, objective: Objective) -> Score {
        Score::of(&self.links[link].cost, objective, 1)
    }

    /// Follows from the source, at every state, the smallest link on a best way.
    fn walk(
        &self,
        graph: &DiGraph<NodeId, LinkId>,
        source: NodeIndex,
        target: NodeIndex,
        to_target: &[Option<Score>],
        objective: Objective,
    ) -> Vec<LinkId> {
        let mut way = Vec::new();
        let mut state = source;
        while state != target {
            let (link, next) = graph
                .edges(state)
                .filter(|edge| {
                    let onwards = to_target[edge.target().index()]
                        .map(|rest| self.score(*edge.weight(), objective) + rest);
                    onwards.is_some() && onwards == to_target[state.index()]
                })
                .map(|edge| (*edge.weight(), edge.target()))
                .min()
                .expect("invariant: a finite score is that of some link and of what follows it");
            way.push(link);
            state = next;
        }
        way
    }
}

/// The graph that is searched. It has each node once for every number of `via` entries already passed, and
/// the usable links between them.
///
/// It is built for each search: closures change, and building costs no more than searching.
pub(crate) struct States {
    pub(crate) graph: DiGraph<NodeId, LinkId>,
    /// The state where the search begins. `None` if that node is closed.
    pub(crate) source: Option<NodeIndex>,
    /// The state where the search ends, with all `via` entries passed. `None` if that node is closed.
    pub(crate) target: Option<NodeIndex>,
    n_nodes: usize,
}

impl States {
    pub(crate) fn new(network: &Network, search: &Search<'_>) -> Self {
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
            // Consecutive entries of `via` may name the same node. One visit satisfies them all.
            let visited = search.via[layer..].iter().take_while(|via| **via == Via::Node(node)).count();
            layer + visited
        };
        let ride = |layer: usize, link: LinkId| {
            let wanted = |via: &Via| matches!(via, Via::Links(links) if links.contains(&link));
            layer + usize::from(search.via.get(layer).is_some_and(wanted))
        };
        for (id, link) in network.links.iter_enumerated() {
            if !search.may_use(id, link) {
                continue;
            }
            for layer in 0..n_layers {
                let passed = link
                    .through
                    .iter()
                    .chain([&link.to])
                    .fold(ride(layer, id), |layer, node| ride(visit(layer, *node), id));
                graph.add_edge(state(layer, link.from), state(passed, link.to), id);
            }
        }
        let open = |node: NodeId| !search.closed.nodes.contains(&node);
        let source = open(search.from).then(|| state(visit(0, search.from), search.from));
        let target = open(search.to).then(|| state(n_layers - 1, search.to));
        Self { graph, source, target, n_nodes }
    }

    /// The best score from every state to the target over links alone. `None` where no links lead there.
    pub(crate) fn scores_to_target(&self, score: impl Fn(LinkId) -> Score) -> Vec<Option<Score>> {
        let Some(target) = self.target else { return vec![None; self.graph.node_count()] };
        let scores = dijkstra(Reversed(&self.graph), target, None, |edge| score(*edge.weight()));
        // Dijkstra's algorithm returns a hash map. Going through the states gives a fixed order.
        self.graph.node_indices().map(|state| scores.get(&state).copied()).collect()
    }

    /// The nodes that can be reached from the source, itself included, and the largest number of `via`
    /// entries passed.
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
    /// Whether a link may be used: its mode is allowed, and neither the link nor one of its nodes is
    /// closed.
    pub(crate) fn may_use(&self, id: LinkId, link: &Link) -> bool {
        self.modes.contains(link.mode)
            && !self.closed.links.contains(&id)
            && !link.touched().any(|node| self.closed.nodes.contains(&node))
    }
}
