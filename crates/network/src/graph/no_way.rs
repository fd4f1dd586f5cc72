//! Why no way exists: what can be reached, and the smallest set of closures that cuts off the rest.
//!
//! Owns: the explanation of a failed search. Does not own: the search (`network`).

use std::collections::BTreeSet;

use petgraph::algo::dinics;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::EdgeRef;
use thiserror::Error;

use sanda_units::NodeId;

use super::network::{Link, LinkId, LinkKind, Network, Search, States, Via};

/// A search found no way.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct NoWay {
    /// The node beyond which the search does not get: its origin, or the last `via` that can be reached.
    pub from: NodeId,
    /// The node that cannot be reached from there: the next `via`, or the end of the search.
    pub to: NodeId,
    /// The nodes that can be reached from the origin of the search, without the origin, in the order of
    /// ids.
    pub reachable: Vec<NodeId>,
    /// The closed nodes of the smallest cut. Every way would use one of them or one of the closed links. If
    /// only the rules of [`Network::best_ways`] or required links exclude other ways, these are the closed
    /// nodes on the best way.
    ///
    /// [`Network::best_ways`]: crate::Network::best_ways
    pub cut_nodes: Vec<NodeId>,
    /// The closed links of the smallest cut. If there are no closed nodes and links, nothing connects the
    /// two nodes.
    pub cut_links: Vec<LinkId>,
    is_against_the_rules: bool,
    message: Box<str>,
    hint: Box<str>,
}

impl NoWay {
    /// Explains that ways exist, but none that keeps the rules of [`Network::best_ways`].
    pub(crate) fn against_the_rules(network: &Network, search: &Search<'_>) -> Self {
        let name = |node: NodeId| network.nodes()[node].id.as_str();
        let most = match search.most_links {
            0 => String::new(),
            1 => ", or change on the way".to_owned(),
            most => format!(", or change more than {} times", most - 1),
        };
        let message = format!(
            "all ways from `{}` to `{}` by {} visit a node twice, change where no change is possible{most}",
            name(search.from),
            name(search.to),
            search.modes
        );
        Self {
            from: search.from,
            to: search.to,
            reachable: Vec::new(),
            cut_nodes: Vec::new(),
            cut_links: Vec::new(),
            is_against_the_rules: true,
            message: message.into(),
            hint: "allow more changes, or another way round".into(),
        }
    }

    /// Explains that closures block the best way, and that no other way is left.
    pub(crate) fn closed_on(network: &Network, search: &Search<'_>, way: &[LinkId]) -> Self {
        let closed = search.closed;
        let touched: BTreeSet<NodeId> =
            way.iter().flat_map(|link| network.links()[*link].touched()).collect();
        let cut_nodes: Vec<NodeId> = touched.intersection(&closed.nodes).copied().collect();
        let cut_links: Vec<LinkId> = way.iter().filter(|link| closed.links.contains(link)).copied().collect();
        let name = |node: NodeId| format!("`{}`", network.nodes()[node].id);
        let links = cut_links.iter().map(|link| link_name(network, &network.links()[*link]));
        let names: Vec<String> = cut_nodes.iter().map(|node| name(*node)).chain(links).collect();
        let message = format!(
            "the best way from {} to {} by {} uses closed places or links, and no other way is left: {}",
            name(search.from),
            name(search.to),
            search.modes,
            listed(&names)
        );
        Self {
            from: search.from,
            to: search.to,
            reachable: Vec::new(),
            cut_nodes,
            cut_links,
            is_against_the_rules: false,
            message: message.into(),
            hint: "open it, or allow another way round".into(),
        }
    }

    /// Whether ways exist, but none that keeps the rules of [`Network::best_ways`].
    ///
    /// [`Network::best_ways`]: crate::Network::best_ways
    pub fn is_against_the_rules(&self) -> bool {
        self.is_against_the_rules
    }

    /// What can be reached instead, or what could be changed.
    pub fn hint(&self) -> &str {
        &self.hint
    }

    pub(crate) fn explain(network: &Network, search: &Search<'_>, states: &States) -> Self {
        let (mut reachable, n_visited) = states.reachable();
        // For links that must be used, the end at which the first of them begins or ends.
        let node = |via: &Via, end: fn(&Link) -> NodeId| match via {
            Via::Node(node) => Some(*node),
            Via::Links(links) => links.first().map(|link| end(&network.links()[*link])),
        };
        let passed = search.via[..n_visited].last().and_then(|via| node(via, |link| link.to));
        let from = passed.unwrap_or(search.from);
        let to = search.via.get(n_visited).and_then(|via| node(via, |link| link.to)).unwrap_or(search.to);
        let (cut_nodes, cut_links) = smallest_cut(network, search, from, to);
        reachable.remove(&search.from);

        let quoted = |node: &NodeId| format!("`{}`", network.nodes()[*node].id);
        let links = cut_links.iter().map(|link| link_name(network, &network.links()[*link]));
        let cut: Vec<String> = cut_nodes.iter().map(quoted).chain(links).collect();
        let because = match cut.len() {
            0 => "no service or connection joins them".to_owned(),
            1 => format!("{} is closed", cut[0]),
            _ => format!("these are closed: {}", listed(&cut)),
        };
        let names: Vec<String> = reachable.iter().map(quoted).collect();
        let hint = if names.is_empty() {
            format!("no other node can be reached from {}", quoted(&search.from))
        } else {
            format!("reachable from {}: {}", quoted(&search.from), listed(&names))
        };
        let message =
            format!("no way leads from {} to {} by {}: {because}", quoted(&from), quoted(&to), search.modes);
        Self {
            from,
            to,
            reachable: reachable.into_iter().collect(),
            cut_nodes,
            cut_links,
            is_against_the_rules: false,
            message: message.into(),
            hint: hint.into(),
        }
    }
}

fn link_name(network: &Network, link: &Link) -> String {
    let (from, to) = (&network.nodes()[link.from].id, &network.nodes()[link.to].id);
    match &link.kind {
        LinkKind::Leg { service, .. } => format!("service `{service}` from `{from}` to `{to}`"),
        LinkKind::Connection { id } => format!("connection `{id}` from `{from}` to `{to}`"),
    }
}

/// The first names of a list, and the number of further ones.
fn listed(names: &[String]) -> String {
    const SHOWN: usize = 12;
    let shown = names[..names.len().min(SHOWN)].join(", ");
    if names.len() > SHOWN { format!("{shown} and {} more", names.len() - SHOWN) } else { shown }
}

/// A closed node or link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Closure {
    Node(NodeId),
    Link(LinkId),
}

/// The smallest set of closed nodes and links without which a way would exist.
///
/// It is the minimum cut of a network in which each closure has capacity one, and everything open has more
/// than all closures together (Ford and Fulkerson, "Maximal flow through a network", 1956; Dinic's
/// algorithm). Of several smallest cuts the one nearest to the origin is returned, whatever flow the
/// algorithm finds.
///
/// The set is empty if opening everything would give no way either. A closed stop of a service is shared by
/// all services that stop there, and a change between them is possible there.
fn smallest_cut(
    network: &Network,
    search: &Search<'_>,
    from: NodeId,
    to: NodeId,
) -> (Vec<NodeId>, Vec<LinkId>) {
    let closed = search.closed;
    let unlimited = u32::try_from(closed.nodes.len() + closed.links.len() + 1).unwrap_or(u32::MAX);
    // Each node becomes two, joined by an edge with the node's capacity. Ways come in at the first and go
    // out at the second.
    let mut flow_graph: DiGraph<(), u32> = DiGraph::new();
    let mut closures: Vec<Option<Closure>> = Vec::new();
    let mut join = |graph: &mut DiGraph<(), u32>, a: NodeIndex, b: NodeIndex, closure: Option<Closure>| {
        graph.add_edge(a, b, if closure.is_some() { 1 } else { unlimited });
        closures.push(closure);
    };
    let entry = |node: NodeId| NodeIndex::new(2 * node.index());
    let exit = |node: NodeId| NodeIndex::new(2 * node.index() + 1);
    for _ in 0..2 * network.nodes().len() {
        flow_graph.add_node(());
    }
    for node in network.nodes().ids() {
        let closure = closed.nodes.contains(&node).then_some(Closure::Node(node));
        join(&mut flow_graph, entry(node), exit(node), closure);
    }
    for (id, link) in network.links().iter_enumerated() {
        if !search.modes.contains(link.mode) {
            continue;
        }
        let is_closed = |node: &&NodeId| closed.nodes.contains(*node);
        let closed_stops: Vec<NodeId> = link.through.iter().filter(is_closed).copied().collect();
        // The link leads to its end, and past the target if the target is one of its stops.
        let mut goals = vec![(closed_stops.clone(), link.to)];
        if link.to != to && link.through.contains(&to) {
            let others = closed_stops.into_iter().chain([&link.to].into_iter().filter(is_closed).copied());
            goals.push((others.filter(|stop| *stop != to).collect(), to));
        }
        let mut start = exit(link.from);
        if closed.links.contains(&id) {
            // A node of its own makes a closed link count once, wherever the link leads.
            let opened = flow_graph.add_node(());
            join(&mut flow_graph, start, opened, Some(Closure::Link(id)));
            start = opened;
        }
        for (stops, goal) in goals {
            let mut here = start;
            for node in stops.into_iter().chain([goal]) {
                join(&mut flow_graph, here, entry(node), None);
                here = exit(node);
            }
        }
    }
    let (_, flows) = dinics(&flow_graph, entry(from), exit(to));
    let near_side = residual_reach(&flow_graph, &flows, entry(from));
    let cut: BTreeSet<Closure> = flow_graph
        .edge_references()
        .filter(|edge| near_side[edge.source().index()] && !near_side[edge.target().index()])
        .filter_map(|edge| closures[edge.id().index()])
        .collect();
    let nodes =
        cut.iter().filter_map(|closure| if let Closure::Node(id) = closure { Some(*id) } else { None });
    let links =
        cut.iter().filter_map(|closure| if let Closure::Link(id) = closure { Some(*id) } else { None });
    (nodes.collect(), links.collect())
}

/// The nodes that further flow could reach from a source. They are the near side of the minimum cut that is
/// nearest to it.
fn residual_reach(graph: &DiGraph<(), u32>, flows: &[u32], source: NodeIndex) -> Vec<bool> {
    let mut reached = vec![false; graph.node_count()];
    reached[source.index()] = true;
    let mut open = vec![source];
    while let Some(node) = open.pop() {
        let onwards = graph
            .edges(node)
            .filter(|edge| flows[edge.id().index()] < *edge.weight())
            .map(|edge| edge.target());
        let back = graph
            .edges_directed(node, petgraph::Direction::Incoming)
            .filter(|edge| flows[edge.id().index()] > 0)
            .map(|edge| edge.source());
        for next in onwards.chain(back) {
            if !std::mem::replace(&mut reached[next.index()], true) {
                open.push(next);
            }
        }
    }
    reached
}
