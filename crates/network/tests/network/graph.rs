//! The fastest way, and why there is none.

use std::collections::BTreeSet;

use insta::assert_snapshot;
use proptest::prelude::*;
use sanda_network::{
    Closed, Cost, Link, LinkId, LinkKind, Mode, Modes, Network, NoWay, Node, NodeId, Search, Via,
};
use sanda_units::{Duration, IdVec};

use crate::zone;

/// A network of nodes by name and links: service, stops from first to last, mode, hours.
struct World {
    names: Vec<String>,
    network: Network,
}

fn world(names: &[&str], links: &[(&str, &[&str], Mode, i64)]) -> World {
    let node_of = |name: &str| NodeId::new(names.iter().position(|other| *other == name).expect("a node"));
    let nodes = names.iter().map(|name| Node::new(name, zone("UTC"))).collect();
    let links = links.iter().map(|(service, stops, mode, hours)| {
        let stops: Vec<NodeId> = stops.iter().map(|stop| node_of(stop)).collect();
        Link {
            kind: if *mode == Mode::Road {
                LinkKind::Connection { id: (*service).to_owned() }
            } else {
                LinkKind::Leg { service: (*service).to_owned(), from_stop: 0, to_stop: stops.len() - 1 }
            },
            from: stops[0],
            to: stops[stops.len() - 1],
            through: stops[1..stops.len() - 1].to_vec(),
            mode: *mode,
            cost: Cost::of_time(Duration::from_hours(*hours)),
        }
    });
    let links = links.collect();
    World {
        names: names.iter().map(|name| (*name).to_owned()).collect(),
        network: Network::new(nodes, links),
    }
}

impl World {
    fn node(&self, name: &str) -> NodeId {
        NodeId::new(self.names.iter().position(|other| other == name).expect("a node"))
    }

    fn closed(&self, nodes: &[&str], links: &[usize]) -> Closed {
        Closed {
            nodes: nodes.iter().map(|name| self.node(name)).collect(),
            links: links.iter().map(|link| LinkId::new(*link)).collect(),
        }
    }

    fn search(&self, from: &str, to: &str) -> Search<'static> {
        Search::between(self.node(from), self.node(to))
    }

    /// The way as positions of links, and its hours.
    fn fastest(&self, search: &Search<'_>) -> Result<(Vec<usize>, i64), NoWay> {
        let way = self.network.fastest(search)?;
        let hours = self.network.cost(&way).time.as_ms() / 3_600_000;
        Ok((way.into_iter().map(LinkId::index).collect(), hours))
    }

    fn refusal(&self, search: &Search<'_>) -> String {
        let no_way = self.network.fastest(search).expect_err("there is a way");
        format!("{no_way}\nhint: {}", no_way.hint())
    }
}

/// Two ways from a to d, and a slow direct one by road.
fn diamond() -> World {
    world(
        &["a", "b", "c", "d", "e"],
        &[
            ("ab", &["a", "b"], Mode::Rail, 1),
            ("ac", &["a", "c"], Mode::Rail, 2),
            ("bd", &["b", "d"], Mode::Rail, 3),
            ("cd", &["c", "d"], Mode::Sea, 1),
            ("lorry", &["a", "d"], Mode::Road, 9),
        ],
    )
}

#[test]
fn the_fastest_of_a_diamond() {
    let world = diamond();
    let search = world.search("a", "d");
    assert_eq!(world.fastest(&search), Ok((vec![1, 3], 3)));
    assert_eq!(world.fastest(&Search { modes: Modes::NONE.with(Mode::Rail), ..search }), Ok((vec![0, 2], 4)));
    assert_eq!(world.fastest(&Search { modes: Modes::NONE.with(Mode::Road), ..search }), Ok((vec![4], 9)));
    assert_eq!(world.fastest(&world.search("a", "a")), Ok((vec![], 0)));
}

#[test]
fn closed_links_and_nodes_are_never_used() {
    let world = diamond();
    let search = world.search("a", "d");
    let ways = [
        (world.closed(&[], &[3]), vec![0, 2]),
        (world.closed(&["c"], &[]), vec![0, 2]),
        (world.closed(&["c"], &[0]), vec![4]),
        (world.closed(&["b", "c"], &[]), vec![4]),
    ];
    for (closed, expected) in ways {
        assert_eq!(world.fastest(&Search { closed: &closed, ..search }).map(|(way, _)| way), Ok(expected));
    }
}

#[test]
fn ties_go_to_fewer_links_and_then_to_smaller_ids() {
    let world = world(
        &["a", "b", "c", "d"],
        &[
            ("slow-b", &["a", "b"], Mode::Rail, 1),
            ("c", &["a", "c"], Mode::Rail, 1),
            ("b", &["a", "b"], Mode::Rail, 1),
            ("cd", &["c", "d"], Mode::Rail, 1),
            ("bd", &["b", "d"], Mode::Rail, 1),
            ("circle", &["b", "a"], Mode::Rail, 0),
            ("direct", &["a", "d"], Mode::Rail, 2),
            ("direct-too", &["a", "d"], Mode::Rail, 2),
        ],
    );
    let search = world.search("a", "d");
    assert_eq!(world.fastest(&search), Ok((vec![6], 2)));
    let no_direct = world.closed(&[], &[6, 7]);
    assert_eq!(world.fastest(&Search { closed: &no_direct, ..search }), Ok((vec![0, 4], 2)));
    let no_direct_nor_first = world.closed(&[], &[0, 6, 7]);
    assert_eq!(world.fastest(&Search { closed: &no_direct_nor_first, ..search }), Ok((vec![1, 3], 2)));
}

#[test]
fn via_is_passed_in_order() {
    let world = world(
        &["a", "b", "c", "d"],
        &[
            ("fast", &["a", "d"], Mode::Rail, 1),
            ("through", &["a", "b", "c", "d"], Mode::Rail, 10),
            ("ab", &["a", "b"], Mode::Road, 6),
            ("bc", &["b", "c"], Mode::Road, 1),
            ("cb", &["c", "b"], Mode::Road, 1),
            ("bd", &["b", "d"], Mode::Road, 1),
            ("ac", &["a", "c"], Mode::Road, 2),
        ],
    );
    let way = |via: &[&str]| {
        let via: Vec<Via> = via.iter().map(|name| Via::Node(world.node(name))).collect();
        world.fastest(&Search { via: &via, ..world.search("a", "d") })
    };
    assert_eq!(way(&[]), Ok((vec![0], 1)));
    assert_eq!(way(&["b"]), Ok((vec![6, 4, 5], 4)));
    // There and back is allowed.
    assert_eq!(way(&["b", "c"]), Ok((vec![6, 4, 3, 4, 5], 6)));
    assert_eq!(way(&["c", "b"]), Ok((vec![6, 4, 5], 4)));
    assert_eq!(way(&["a", "d"]), Ok((vec![0], 1)));
    assert_eq!(way(&["b", "b"]), Ok((vec![6, 4, 5], 4)));
    let by_rail = Search { modes: Modes::NONE.with(Mode::Rail), ..world.search("a", "d") };
    let (b, c) = (Via::Node(world.node("b")), Via::Node(world.node("c")));
    assert_eq!(world.fastest(&Search { via: &[b.clone(), c.clone()], ..by_rail }), Ok((vec![1], 10)));
    assert!(world.fastest(&Search { via: &[c, b.clone()], ..by_rail }).is_err());
    // A closed stop on the way closes the train.
    let closed = world.closed(&["c"], &[]);
    let no_way =
        world.fastest(&Search { via: &[b], closed: &closed, ..by_rail }).expect_err("the train stops at c");
    assert_eq!(
        (no_way.from, no_way.to, no_way.cut_nodes),
        (world.node("a"), world.node("b"), vec![world.node("c")])
    );
}

/// China to Germany by two trains and a ship; every train passes Malaszewicze.
fn eurasia() -> World {
    world(
        &["alashankou", "duisburg", "erenhot", "malaszewicze", "rotterdam", "shanghai", "wuhan"],
        &[
            ("cre-west", &["wuhan", "alashankou", "malaszewicze", "duisburg"], Mode::Rail, 330),
            ("cre-central", &["wuhan", "erenhot", "malaszewicze", "duisburg"], Mode::Rail, 360),
            ("barge", &["wuhan", "shanghai"], Mode::River, 90),
            ("ae7", &["shanghai", "rotterdam"], Mode::Sea, 800),
            ("rhine", &["rotterdam", "duisburg"], Mode::Road, 20),
        ],
    )
}

#[test]
fn what_people_see_when_there_is_no_way() {
    let world = eurasia();
    let search = world.search("wuhan", "duisburg");
    let by_rail = Search { modes: Modes::NONE.with(Mode::Rail), ..search };
    // One closed border where all trains pass, rather than the two trains' own borders.
    let closed = world.closed(&["alashankou", "erenhot", "malaszewicze"], &[]);
    assert_snapshot!(world.refusal(&Search { closed: &closed, ..by_rail }), @"
    no way leads from `wuhan` to `duisburg` by rail: `malaszewicze` is closed
    hint: no other node can be reached from `wuhan`
    ");
    assert_eq!(world.fastest(&Search { closed: &closed, ..search }), Ok((vec![2, 3, 4], 910)));
    let closed = world.closed(&["malaszewicze"], &[3]);
    assert_snapshot!(world.refusal(&Search { closed: &closed, ..search }), @"
    no way leads from `wuhan` to `duisburg` by any mode: these are closed: `malaszewicze`, service `ae7` from `shanghai` to `rotterdam`
    hint: reachable from `wuhan`: `shanghai`
    ");
    let closed = world.closed(&[], &[0, 1, 2, 3]);
    assert_snapshot!(world.refusal(&Search { closed: &closed, ..search }), @"
    no way leads from `wuhan` to `duisburg` by any mode: these are closed: service `cre-west` from `wuhan` to `duisburg`, service `cre-central` from `wuhan` to `duisburg`, service `barge` from `wuhan` to `shanghai`
    hint: no other node can be reached from `wuhan`
    ");
    // What is closed elsewhere or by other modes explains nothing.
    let closed = world.closed(&["shanghai", "alashankou"], &[1]);
    assert_snapshot!(world.refusal(&Search { closed: &closed, ..by_rail }), @"
    no way leads from `wuhan` to `duisburg` by rail: these are closed: `alashankou`, service `cre-central` from `wuhan` to `duisburg`
    hint: no other node can be reached from `wuhan`
    ");
    assert_snapshot!(world.refusal(&Search { modes: Modes::NONE.with(Mode::Air).with(Mode::Sea), ..search }), @r"
    no way leads from `wuhan` to `duisburg` by air, sea: no service or connection joins them
    hint: no other node can be reached from `wuhan`
    ");
    assert_snapshot!(world.refusal(&world.search("duisburg", "wuhan")), @r"
    no way leads from `duisburg` to `wuhan` by any mode: no service or connection joins them
    hint: no other node can be reached from `duisburg`
    ");
    assert_snapshot!(world.refusal(&Search { modes: Modes::NONE, ..search }), @r"
    no way leads from `wuhan` to `duisburg` by no mode: no service or connection joins them
    hint: no other node can be reached from `wuhan`
    ");
    // The stretch before the first `via` that cannot be reached.
    let (shanghai, rotterdam, erenhot) =
        ["shanghai", "rotterdam", "erenhot"].map(|name| Via::Node(world.node(name))).into();
    let closed = world.closed(&[], &[3]);
    let via = [shanghai.clone(), rotterdam];
    assert_snapshot!(world.refusal(&Search { via: &via, closed: &closed, ..search }), @"
    no way leads from `shanghai` to `rotterdam` by any mode: service `ae7` from `shanghai` to `rotterdam` is closed
    hint: reachable from `wuhan`: `duisburg`, `shanghai`
    ");
    assert_snapshot!(world.refusal(&Search { via: &[shanghai, erenhot], ..search }), @r"
    no way leads from `shanghai` to `erenhot` by any mode: no service or connection joins them
    hint: reachable from `wuhan`: `duisburg`, `rotterdam`, `shanghai`
    ");
    // An end that is closed itself.
    let closed = world.closed(&["duisburg"], &[]);
    assert_snapshot!(world.refusal(&Search { closed: &closed, ..search }), @"
    no way leads from `wuhan` to `duisburg` by any mode: `duisburg` is closed
    hint: reachable from `wuhan`: `rotterdam`, `shanghai`
    ");
    let closed = world.closed(&["wuhan"], &[]);
    assert_snapshot!(world.refusal(&Search { closed: &closed, ..world.search("wuhan", "wuhan") }), @"
    no way leads from `wuhan` to `wuhan` by any mode: `wuhan` is closed
    hint: no other node can be reached from `wuhan`
    ");
}

/// A random network of seven nodes, links as (from, to, hours), and what is closed.
fn random_network() -> impl Strategy<Value = (Network, Closed)> {
    let link = (0_usize..7, 0_usize..7, 0_i64..6);
    let links = prop::collection::vec(link, 0..16);
    (links, prop::collection::btree_set(0_usize..16, 0..8), prop::collection::btree_set(1_usize..6, 0..3))
        .prop_map(|(links, closed_links, closed_nodes)| {
            let nodes = (0..7).map(|index| Node::new(&index.to_string(), zone("UTC"))).collect();
            let links: IdVec<LinkId, Link> = links
                .into_iter()
                .map(|(from, to, hours)| Link {
                    kind: LinkKind::Connection { id: "road".to_owned() },
                    from: NodeId::new(from),
                    to: NodeId::new(to),
                    through: vec![],
                    mode: Mode::Road,
                    cost: Cost::of_time(Duration::from_hours(hours)),
                })
                .collect();
            let closed = Closed {
                links: closed_links.into_iter().filter(|link| *link < links.len()).map(LinkId::new).collect(),
                nodes: closed_nodes.into_iter().map(NodeId::new).collect(),
            };
            (Network::new(nodes, links), closed)
        })
}

/// Expected time to every node by as many rounds of relaxation as there are nodes.
fn relaxed(network: &Network, closed: &Closed) -> Vec<Option<Duration>> {
    let mut times = vec![None; network.nodes().len()];
    times[0] = Some(Duration::ZERO);
    for _ in 0..times.len() {
        for (id, link) in network.links().iter_enumerated() {
            let usable = !closed.links.contains(&id)
                && ![link.from, link.to].iter().any(|node| closed.nodes.contains(node));
            if let Some(time) = times[link.from.index()].filter(|_| usable) {
                let there = time + link.cost.time;
                let known = &mut times[link.to.index()];
                *known = Some(known.map_or(there, |known: Duration| known.min(there)));
            }
        }
    }
    times
}

proptest! {
    #[test]
    fn the_fastest_way_is_a_way_and_none_is_faster((network, closed) in random_network()) {
        let times = relaxed(&network, &closed);
        let search = Search { closed: &closed, ..Search::between(NodeId::new(0), NodeId::new(6)) };
        match network.fastest(&search) {
            Ok(way) => {
                prop_assert_eq!(Some(network.cost(&way).time), times[6]);
                let mut here = search.from;
                for link in way.iter().map(|id| &network.links()[*id]) {
                    prop_assert_eq!(link.from, here);
                    here = link.to;
                }
                prop_assert_eq!(here, search.to);
                prop_assert!(way.iter().all(|link| !closed.links.contains(link)));
            }
            Err(no_way) => {
                prop_assert_eq!(times[6], None);
                let reached = (1..7).filter(|node| times[*node].is_some()).map(NodeId::new);
                prop_assert_eq!(no_way.reachable, reached.collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn the_cut_explains_and_is_smallest((network, closed) in random_network()) {
        let search = Search { closed: &closed, ..Search::between(NodeId::new(0), NodeId::new(6)) };
        if let Err(no_way) = network.fastest(&search) {
            let cut = Closed {
                nodes: no_way.cut_nodes.into_iter().collect(),
                links: no_way.cut_links.into_iter().collect(),
            };
            prop_assert!(cut.nodes.is_subset(&closed.nodes) && cut.links.is_subset(&closed.links));
            prop_assert_eq!(relaxed(&network, &cut)[6], None, "closing the cut alone leaves no way");
            // No smaller part of what is closed does the same.
            let nodes: Vec<NodeId> = closed.nodes.iter().copied().collect();
            let links: Vec<LinkId> = closed.links.iter().copied().collect();
            let size = cut.nodes.len() + cut.links.len();
            for choice in 0_u32..1 << (nodes.len() + links.len()) {
                if (choice.count_ones() as usize) < size {
                    let chosen = |position: usize| choice & (1 << position) != 0;
                    let smaller = Closed {
                        nodes: nodes.iter().enumerate().filter(|(i, _)| chosen(*i)).map(|(_, node)| *node).collect(),
                        links: links.iter().enumerate().filter(|(i, _)| chosen(nodes.len() + i)).map(|(_, link)| *link).collect::<BTreeSet<_>>(),
                    };
                    prop_assert!(relaxed(&network, &smaller)[6].is_some());
                }
            }
        }
    }
}
