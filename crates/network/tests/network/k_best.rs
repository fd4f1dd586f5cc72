//! The k best ways: by hand, and against all ways of small random networks.

use std::collections::{BTreeMap, BTreeSet};

use insta::assert_snapshot;
use proptest::prelude::*;
use sanda_network::{
    Closed, Cost, Link, LinkId, LinkKind, Mode, Modes, Network, Node, NodeId, Objective, Search, Via, Way,
};
use sanda_units::{Duration, IdVec, Money};

use crate::zone;

/// A link: its name (a service, or a connection if it is by road), stops, mode, hours and yuan.
fn link(name: &str, stops: &[usize], mode: Mode, hours: i64, yuan: i64) -> Link {
    let stops: Vec<NodeId> = stops.iter().map(|stop| NodeId::new(*stop)).collect();
    let (from, to) = (stops[0], stops[stops.len() - 1]);
    let kind = if mode == Mode::Road {
        LinkKind::Connection { id: name.to_owned() }
    } else {
        LinkKind::Leg { service: name.to_owned(), from_stop: 0, to_stop: stops.len() - 1 }
    };
    let cost = Cost { time: Duration::from_hours(hours), variance: 1.0, money: Money::from_cny(yuan) };
    Link { kind, from, to, through: stops[1..stops.len() - 1].to_vec(), mode, cost }
}

fn network(n_nodes: usize, links: Vec<Link>) -> Network {
    let nodes = (0..n_nodes).map(|node| Node::new(&format!("n{node}"), zone("UTC"))).collect();
    Network::new(nodes, links.into_iter().collect())
}

fn between(from: usize, to: usize) -> Search<'static> {
    Search::between(NodeId::new(from), NodeId::new(to))
}

/// The ways as lists of link numbers with their hours.
fn ways(network: &Network, search: &Search<'_>, k: usize) -> Vec<(Vec<usize>, i64)> {
    let ways = network.best_ways(search, k).expect("there are ways");
    let plain = |way: Way| {
        let links = way.links.into_iter().map(LinkId::index).collect();
        (links, way.cost.time.as_ms() / 3_600_000)
    };
    ways.into_iter().map(plain).collect()
}

/// Three trains to a border and beyond, with lorries at both ends: 0 home, 1 yard, 2 west border, 3 north border, 4
/// terminal, 5 customer.
fn borders() -> Network {
    network(
        6,
        vec![
            link("to-yard", &[0, 1], Mode::Road, 2, 100),
            link("west", &[1, 2, 4], Mode::Rail, 200, 900),
            link("north", &[1, 3, 4], Mode::Rail, 240, 700),
            link("slow", &[1, 2, 4], Mode::Rail, 300, 500),
            link("from-terminal", &[4, 5], Mode::Road, 4, 100),
            link("west", &[1, 2], Mode::Rail, 100, 500),
            link("slow", &[2, 4], Mode::Rail, 90, 300),
            link("lorry", &[0, 4], Mode::Road, 400, 3000),
        ],
    )
}

#[test]
fn ways_come_in_the_order_of_what_is_minimised() {
    let network = borders();
    let search = between(0, 5);
    // Changing trains at the border (5, 6) takes 190 h and no handling: the quickest, where it may be done.
    let all = ways(&network, &search, 9);
    let by_time = [(vec![0, 5, 6, 4], 196), (vec![0, 1, 4], 206), (vec![0, 2, 4], 246), (vec![0, 3, 4], 306)];
    assert_eq!(all[..4], by_time);
    // By lorry to the terminal and on by lorry: two connections, but no single one leads there.
    assert_eq!(all[4..], [(vec![7, 4], 404)]);
    let by_money = Search { objective: Objective::Money, ..search };
    let cheapest: Vec<Vec<usize>> =
        ways(&network, &by_money, 9).into_iter().map(|(links, _)| links).collect();
    assert_eq!(cheapest, [vec![0, 3, 4], vec![0, 2, 4], vec![0, 5, 6, 4], vec![0, 1, 4], vec![7, 4]]);
    // At 10 CNY an hour: 306 h and 700 CNY are 3760; 206 h and 1100 are 3160; 246 h and 900 are 3360; 196 h and 1000, 2960.
    let generalised =
        Search { objective: Objective::Generalised { value_of_time: Money::from_cny(10) }, ..search };
    let links: Vec<Vec<usize>> =
        ways(&network, &generalised, 4).into_iter().map(|(links, _)| links).collect();
    assert_eq!(links, [vec![0, 5, 6, 4], vec![0, 1, 4], vec![0, 2, 4], vec![0, 3, 4]]);
}

#[test]
fn one_changes_at_a_strict_node_only_as_stated_and_pays_for_turns() {
    let [border, terminal] = [2, 4].map(NodeId::new);
    let hours =
        |hours: i64| Cost { time: Duration::from_hours(hours), variance: 4.0, money: Money::from_cny(0) };
    let turns = BTreeMap::from([((terminal, Mode::Rail, Mode::Road), hours(10))]);
    let network = borders().with_turns(turns.clone(), BTreeSet::from([border]));
    let best = network.best_ways(&between(0, 5), 9).expect("ways");
    let links: Vec<Vec<usize>> =
        best.iter().map(|way| way.links.iter().map(|link| link.index()).collect()).collect();
    assert_eq!(links, [vec![0, 1, 4], vec![0, 2, 4], vec![0, 3, 4], vec![7, 4]]);
    assert_eq!(best[0].cost.time, Duration::from_hours(2 + 200 + 10 + 4));
    // Three links of variance 1 and one turn of variance 4.
    assert!((best[0].cost.sd_hours() - 7_f64.sqrt()).abs() < 1e-12);
    let mut with_border = turns;
    with_border.insert((border, Mode::Rail, Mode::Rail), hours(5));
    let network = borders().with_turns(with_border, BTreeSet::from([border]));
    assert_eq!(ways(&network, &between(0, 5), 1), [(vec![0, 5, 6, 4], 196 + 10 + 5)]);
}

#[test]
fn ways_are_pinned_by_nodes_and_by_services() {
    let network = borders();
    let by_node = [Via::Node(NodeId::new(3))];
    assert_eq!(ways(&network, &Search { via: &by_node, ..between(0, 5) }, 9), [(vec![0, 2, 4], 246)]);
    let by_service = [Via::Links(BTreeSet::from([LinkId::new(3), LinkId::new(6)]))];
    let search = Search { via: &by_service, ..between(0, 5) };
    assert_eq!(ways(&network, &search, 9), [(vec![0, 5, 6, 4], 196), (vec![0, 3, 4], 306)]);
    assert_eq!(ways(&network, &Search { most_links: 3, ..search }, 9), [(vec![0, 3, 4], 306)]);
    // First the border, then the slow train: it is boarded there.
    let both = [Via::Node(NodeId::new(2)), by_service[0].clone()];
    assert_eq!(ways(&network, &Search { via: &both, ..between(0, 5) }, 9)[0], (vec![0, 5, 6, 4], 196));
}

#[test]
fn silly_ways_are_left_out() {
    // 0 -> 1 -> 2 by lorry where a lorry goes to 2 at once; off a train and on again; the same train called at twice.
    let network = network(
        4,
        vec![
            link("a", &[0, 1], Mode::Road, 1, 0),
            link("b", &[1, 2], Mode::Road, 1, 0),
            link("direct", &[0, 2], Mode::Road, 5, 0),
            link("train", &[2, 1, 3], Mode::Rail, 7, 0),
            link("train", &[2, 1], Mode::Rail, 2, 0),
            link("train", &[1, 3], Mode::Rail, 2, 0),
            link("train", &[2, 3], Mode::Rail, 9, 0),
        ],
    );
    let found = ways(&network, &between(0, 3), 9);
    // Of the two rides of the train from 2 to 3 the quicker.
    assert_eq!(found, [(vec![0, 5], 3), (vec![2, 3], 12)]);
    let rail = Search { modes: Modes::NONE.with(Mode::Road), ..between(0, 2) };
    assert_eq!(ways(&network, &rail, 9), [(vec![2], 5)]);
}

#[test]
fn what_people_see_when_the_rules_leave_no_way() {
    let network = borders();
    let refusal = |search: &Search<'_>| network.best_ways(search, 1).expect_err("no way").to_string();
    assert_snapshot!(refusal(&Search { most_links: 1, ..between(0, 5) }), @"all ways from `n0` to `n5` by any mode visit a node twice, change where no change is possible, or change on the way");
    let service = [Via::Links(BTreeSet::from([LinkId::new(2)]))];
    let closed = Closed { nodes: BTreeSet::from([NodeId::new(3)]), ..Closed::default() };
    assert_snapshot!(refusal(&Search { via: &service, closed: &closed, ..between(0, 5) }), @"the best way from `n0` to `n5` by any mode uses closed places or links, and no other way is left: `n3`");
    // Around the closed node there is a way, but it changes once too often.
    let detour = self::network(
        5,
        vec![
            link("a", &[0, 1], Mode::Rail, 1, 0),
            link("b", &[1, 4], Mode::Rail, 1, 0),
            link("c", &[0, 2], Mode::Rail, 1, 0),
            link("d", &[2, 3], Mode::Rail, 1, 0),
            link("e", &[3, 4], Mode::Rail, 1, 0),
        ],
    );
    let closed = Closed { nodes: BTreeSet::from([NodeId::new(1)]), ..Closed::default() };
    let search = Search { closed: &closed, most_links: 2, ..between(0, 4) };
    assert_snapshot!(detour.best_ways(&search, 1).expect_err("no way").to_string(), @"the best way from `n0` to `n4` by any mode uses closed places or links, and no other way is left: `n1`");
    let closed = Closed { links: BTreeSet::from([LinkId::new(2)]), ..Closed::default() };
    assert_snapshot!(refusal(&Search { via: &[Via::Node(NodeId::new(3))], closed: &closed, ..between(0, 5) }), @"no way leads from `n0` to `n3` by any mode: service `north` from `n1` to `n4` is closed");
}

/// A random network of seven nodes: services and connections with up to two stops between, turns, strict nodes.
fn random_network() -> impl Strategy<Value = Network> {
    let one = (0_usize..4, prop::collection::vec(0_usize..7, 2..5), 0_usize..3, 0_i64..4, 0_i64..4);
    let turn = (0_usize..7, 0_usize..3, 0_usize..3, 0_i64..4);
    let modes = [Mode::Rail, Mode::Sea, Mode::Road];
    (
        prop::collection::vec(one, 0..22),
        prop::collection::vec(turn, 0..12),
        prop::collection::btree_set(0_usize..7, 0..3),
    )
        .prop_map(move |(links, turns, strict)| {
            let links = links.into_iter().map(|(name, stops, mode, hours, yuan)| {
                link(&format!("{mode}-{name}"), &stops, modes[mode], hours, yuan)
            });
            let turns = turns.into_iter().map(|(node, from, to, hours)| {
                let cost =
                    Cost { money: Money::from_cny(hours), ..Cost::of_time(Duration::from_hours(hours)) };
                ((NodeId::new(node), modes[from], modes[to]), cost)
            });
            network(7, links.collect())
                .with_turns(turns.collect(), strict.into_iter().map(NodeId::new).collect())
        })
}

/// Score, milliseconds, number of links, links: the order that is promised.
type Rank = (i64, i64, usize, Vec<LinkId>);

/// All ways that keep the rules, by walking everywhere: an account of the rules of its own.
struct Walker<'a> {
    network: &'a Network,
    search: Search<'a>,
    turns: &'a dyn Fn(NodeId, Mode, Mode) -> Option<Cost>,
    found: Vec<Rank>,
}

impl Walker<'_> {
    fn walk(&mut self, way: &mut Vec<LinkId>, nodes: &mut Vec<NodeId>, cost: Cost) {
        let here = nodes[nodes.len() - 1];
        let links: &IdVec<LinkId, Link> = self.network.links();
        if here == self.search.to {
            if self.passes_via(way, nodes[0]) {
                let score = match self.search.objective {
                    Objective::Money => cost.money.as_fen(),
                    _ => cost.time.as_ms(),
                };
                self.found.push((score, cost.time.as_ms(), way.len(), way.clone()));
            }
            // The target is passed only once.
            return;
        }
        if way.len() == self.search.most_links {
            return;
        }
        for (id, link) in links.iter_enumerated().filter(|(_, link)| link.from == here) {
            let mut onwards = link.through.clone();
            onwards.push(link.to);
            let mut all = nodes.clone();
            all.extend(&onwards);
            if all.iter().collect::<BTreeSet<_>>().len() < all.len() {
                continue;
            }
            let mut turn = Cost::default();
            if let Some(last) = way.last().map(|last| &links[*last]) {
                let roads = |link: &Link| matches!(link.kind, LinkKind::Connection { .. });
                let direct =
                    |from, to| links.iter().any(|link| roads(link) && link.from == from && link.to == to);
                let same_service = match (&last.kind, &link.kind) {
                    (LinkKind::Leg { service: a, .. }, LinkKind::Leg { service: b, .. }) => a == b,
                    _ => false,
                };
                if same_service || roads(last) && roads(link) && direct(last.from, link.to) {
                    continue;
                }
                let Some(cost) = (self.turns)(here, last.mode, link.mode) else { continue };
                turn = cost;
            }
            let n_nodes = nodes.len();
            nodes.extend(&onwards);
            way.push(id);
            self.walk(way, nodes, cost + turn + link.cost);
            way.pop();
            nodes.truncate(n_nodes);
        }
    }

    fn passes_via(&self, way: &[LinkId], from: NodeId) -> bool {
        let mut wanted = self.search.via.iter().peekable();
        let mut pass = |met: &dyn Fn(&Via) -> bool| while wanted.next_if(|via| met(via)).is_some() {};
        pass(&|via| *via == Via::Node(from));
        for id in way {
            let uses = |via: &Via| matches!(via, Via::Links(links) if links.contains(id));
            let link = &self.network.links()[*id];
            pass(&uses);
            for node in link.through.iter().chain([&link.to]) {
                pass(&|via| *via == Via::Node(*node) || uses(via));
            }
        }
        wanted.peek().is_none()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn the_best_ways_are_those_of_walking_everywhere(
        network in random_network(),
        turn_hours in prop::collection::vec(0_i64..4, 7),
        strict in prop::collection::btree_set(0_usize..7, 0..3),
        via_node in prop::option::of(0_usize..7),
        via_link in prop::option::of(0_usize..22),
        most_links in 1_usize..6,
        by_money in any::<bool>(),
        k in 1_usize..6,
    ) {
        // Only changes between rail and sea take time; at strict nodes there are no others.
        let turn = |node: NodeId, from: Mode, to: Mode| {
            let hours = turn_hours[node.index()];
            if from != to && from != Mode::Road && to != Mode::Road {
                Some(Cost { money: Money::from_cny(hours), ..Cost::of_time(Duration::from_hours(hours)) })
            } else {
                (!strict.contains(&node.index())).then(Cost::default)
            }
        };
        let mut turns = BTreeMap::new();
        for node in (0..7).map(NodeId::new) {
            for (from, to) in [(Mode::Rail, Mode::Sea), (Mode::Sea, Mode::Rail)] {
                turns.insert((node, from, to), turn(node, from, to).expect("a turn"));
            }
        }
        let network = network.with_turns(turns, strict.iter().copied().map(NodeId::new).collect());
        let mut via: Vec<Via> = via_node.map(|node| Via::Node(NodeId::new(node))).into_iter().collect();
        if let Some(link) = via_link.filter(|link| *link < network.links().len()) {
            via.push(Via::Links(BTreeSet::from([LinkId::new(link)])));
        }
        let objective = if by_money { Objective::Money } else { Objective::Time };
        let search = Search { via: &via, most_links, objective, ..between(0, 6) };
        let mut walker = Walker { network: &network, search, turns: &turn, found: Vec::new() };
        walker.walk(&mut Vec::new(), &mut vec![NodeId::new(0)], Cost::default());
        walker.found.sort();
        let mut known = BTreeSet::new();
        let name = |link: &LinkId| {
            let link = &network.links()[*link];
            match &link.kind {
                LinkKind::Leg { service, .. } => (service.clone(), link.to),
                LinkKind::Connection { id } => (id.clone(), link.to),
            }
        };
        let expected: Vec<Vec<LinkId>> = walker
            .found
            .iter()
            .filter(|rank| known.insert(rank.3.iter().map(name).collect::<Vec<_>>()))
            .map(|rank| rank.3.clone())
            .take(k)
            .collect();
        match network.best_ways(&search, k) {
            Ok(ways) => {
                for way in &ways {
                    let total = network.cost(&way.links);
                    prop_assert_eq!(total.time, way.cost.time);
                }
                prop_assert_eq!(ways.into_iter().map(|way| way.links).collect::<Vec<_>>(), expected);
            }
            Err(_) => prop_assert!(expected.is_empty()),
        }
    }
}
