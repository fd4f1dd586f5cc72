//! The ways of a flow: its steps as declared, or searched through the network.
//!
//! Owns the contents of a searched way: links by the flow's objective, modes and `via` (`sanda_network`),
//! the procedures at its nodes, and the names of ways and stages. Does not own expected times and costs
//! (`expect`), shares (`choice`), or links (`links`).

use std::collections::BTreeSet;

use sanda_core::model::choice::Policy;
use sanda_network::{
    Closed, Cost, Link, LinkId, LinkKind, Modes, Network, NoWays, NodeId, Objective, Search, Via,
};

use super::choice::{n_ways, objective, policy, weighing};
use super::passage::{Links, Passage, network_mode};
use super::passed::Replanned;
use crate::build::builder::Builder;
use crate::build::expect::cargo::Cargo;
use crate::build::expect::moments::Moments;
use crate::build::notes::WayAhead;
use crate::decode::{Entry, Name};
use crate::schema::{Flow, Mode, NodeKind, OneOrMany, Procedure, Step, StepKind, Text, Turn};
use crate::source::Located;

/// One way of a flow.
pub(in crate::build) struct Way {
    /// The name within the flow.
    pub name: String,
    /// The parameter path of the steps.
    pub path: String,
    /// The steps of the way.
    pub steps: Vec<Step>,
    /// Whether the steps are declared and not searched.
    pub is_declared: bool,
    /// For each step that comes from elsewhere than the way's own list, the place where it is declared and
    /// done.
    pub places: Vec<Option<StepPlace>>,
    /// Numbers of steps before the first haulage and after the last. They are done at the shipper's and the
    /// consignee's.
    pub outside: (usize, usize),
    /// The share of the flow.
    pub share: f64,
    /// The expected time and cost.
    pub expected: Cost,
    /// Whether the scenario states costs of this way.
    pub has_cost: bool,
    /// What is known of its rides at the release. Empty unless some flow sees queues.
    pub ahead: WayAhead,
    /// The two ways that it joins at a hub, if it is a hybrid.
    pub replanned: Option<Replanned>,
}

/// The place of a step that a turn, or the flow's `before` and `after`, adds.
#[derive(Clone)]
pub(in crate::build) struct StepPlace {
    /// The parameter path of the step.
    pub path: String,
    /// The node where it is done, if it is known.
    pub node: Option<Name>,
}

/// A way that was found, before its share is known.
struct Found {
    name: String,
    is_declared: bool,
    steps: Vec<Step>,
    places: Vec<Option<StepPlace>>,
    outside: (usize, usize),
}

impl Found {
    /// A way with declared steps.
    fn declared(name: String, steps: &[Step]) -> Self {
        Self {
            name,
            is_declared: true,
            steps: steps.to_vec(),
            places: vec![None; steps.len()],
            outside: (0, 0),
        }
    }

    /// Adds the flow's steps before and after the way.
    fn between(self, before: Vec<(Step, StepPlace)>, after: Vec<(Step, StepPlace)>) -> Self {
        let outside = (self.outside.0 + before.len(), self.outside.1 + after.len());
        let placed = |(step, place): (Step, StepPlace)| (step, Some(place));
        let own = self.steps.into_iter().zip(self.places);
        let all = before.into_iter().map(placed).chain(own).chain(after.into_iter().map(placed));
        let (steps, places) = all.unzip();
        Self { name: self.name, is_declared: self.is_declared, steps, places, outside }
    }
}

/// Largest number of changes on a searched way by default.
const MOST_TRANSFERS: usize = 4;

impl Builder<'_> {
    /// The candidate ways of a flow in the order of their names, and their order from the best to the
    /// worst.
    pub(in crate::build) fn ways(
        &mut self,
        name: &Name,
        flow: &Entry<Flow>,
    ) -> Option<(Vec<Way>, Vec<usize>)> {
        let mut found: Vec<(Found, String, Option<f64>)> = Vec::new();
        if let Some(steps) = &flow.steps {
            found.push((Found::declared("steps".into(), steps), format!("flows.{name}.steps"), None));
        } else if flow.itineraries.is_empty() {
            let via = flow.via.as_deref().unwrap_or_default();
            let (from, to) = (flow.from.as_ref()?, flow.to.as_ref()?);
            let ways = self.search(name, flow, (from, to), via, n_ways(flow))?;
            found.extend(ways.into_iter().map(|way| (way, format!("flows.{name}"), None)));
        } else {
            for (way, itinerary) in &flow.itineraries {
                let path = format!("flows.{name}.itineraries.{way}");
                let share = itinerary.value.share.map(|share| share.value.as_f64());
                let one = match (&itinerary.value.steps, &itinerary.value.via) {
                    (Some(steps), _) => Found::declared(way.to_string(), steps),
                    (None, via) => {
                        let via = via.as_deref().unwrap_or_default();
                        let from = itinerary.value.from.as_ref().or(flow.from.as_ref())?;
                        let to = itinerary.value.to.as_ref().or(flow.to.as_ref())?;
                        let best = self.search(name, flow, (from, to), via, 1)?.into_iter().next()?;
                        Found { name: way.to_string(), ..best }
                    }
                };
                found.push((one, path, share));
            }
        }
        let found: Vec<(Found, String, Option<f64>)> =
            found.into_iter().map(|(one, path, share)| (with_ends(name, flow, one), path, share)).collect();
        let cargo = self.cargo(flow);
        let origin = flow.from.as_ref().map(|from| from.value.clone());
        let mut costs = Vec::new();
        let mut ahead = Vec::new();
        let mut unpriced: Vec<&str> = Vec::new();
        for (way, _, _) in &found {
            let moments = self.quietly(|builder| builder.expected(&way.steps, &cargo, origin.as_ref()));
            let expense = self.expense(&way.steps, &cargo, moments);
            if !expense.has_price {
                unpriced.push(&way.name);
            }
            costs.push(Cost { money: expense.money, ..moments.cost() });
            ahead.push(self.way_ahead(&way.steps, &cargo, origin.as_ref(), moments));
        }
        let has_cost: Vec<bool> = found
            .iter()
            .map(|(way, ..)| cargo.worth() > 0.0 || !unpriced.contains(&way.name.as_str()))
            .collect();
        let given: Vec<Option<f64>> = found.iter().map(|(_, _, share)| *share).collect();
        let shares = self.way_shares(name, flow, &given, &costs, &unpriced)?;
        // If the shares are given, the fastest way counts as the best.
        let order = weighing(policy(flow)).unwrap_or(Policy::Best(Objective::Time)).order(&costs);
        let expected = costs.into_iter().zip(has_cost).zip(ahead);
        let ways = found.into_iter().zip(shares).zip(expected);
        let ways = ways.map(|(((found, path, _), share), ((expected, has_cost), ahead))| {
            let Found { name, is_declared, steps, places, outside } = found;
            Way {
                name,
                path,
                steps,
                is_declared,
                places,
                outside,
                share,
                expected,
                has_cost,
                ahead,
                replanned: None,
            }
        });
        Some((ways.collect(), order))
    }

    /// The cargo of a flow.
    fn cargo(&self, flow: &Flow) -> Cargo {
        Cargo::of(flow, self.fees(&flow.value))
    }

    /// Runs `work` without reporting issues. They are reported where the same part is compiled.
    pub(in crate::build) fn quietly<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        let so_far = std::mem::take(self.issues);
        let result = work(self);
        *self.issues = so_far;
        result
    }

    /// The best ways of a flow by its `from`, `to` and `via`, in the order of their names.
    fn search(
        &mut self,
        flow_name: &Name,
        flow: &Entry<Flow>,
        (from, to): (&Located<Name>, &Located<Name>),
        wanted: &[OneOrMany<Located<Name>>],
        k: usize,
    ) -> Option<Vec<Found>> {
        let (&from_id, &to_id) = (self.node_ids.get(&from.value)?, self.node_ids.get(&to.value)?);
        let links = self.links()?;
        let network = self.network_for(&links, flow);
        let via: Vec<Via> = wanted.iter().filter_map(|wanted| self.wanted(wanted, &links)).collect();
        let together: Vec<&[Located<Name>]> =
            wanted.iter().filter(|wanted| wanted.only().is_none()).map(|wanted| &**wanted).collect();
        let modes = match &flow.modes {
            None => Modes::ALL,
            Some(modes) => modes.iter().map(|&mode| network_mode(mode)).collect(),
        };
        let closed = self.closed(&links.passages);
        let transfers =
            flow.transfers.map_or(MOST_TRANSFERS, |most| usize::try_from(most.value).unwrap_or(usize::MAX));
        let search = Search {
            modes,
            via: &via,
            closed: &closed,
            objective: objective(policy(flow)),
            most_links: transfers.saturating_add(1),
            ..Search::between(from_id, to_id)
        };
        let ways = match network.best_ways(&search, k) {
            Ok(ways) => ways,
            Err(error) => {
                let open_it = self.what_to_open(&error, &links);
                let hint = match &error {
                    NoWays::NoWay(no_way) if no_way.is_against_the_rules() => {
                        "allow more `transfers` or `modes`, or another `via`"
                    }
                    NoWays::NoWay(_) => "add a service or connection that leads there, or allow more `modes`",
                    NoWays::TooMany(_) => "narrow the search by `modes`, `via` or fewer `transfers`",
                };
                self.issues
                    .error(
                        to.span,
                        format!("no way from `{}` to `{}` for flow `{flow_name}`", from.value, to.value),
                    )
                    .path(format!("flows.{flow_name}.to"))
                    .label(error.to_string())
                    .hint(Some(format!("{open_it}{hint}")));
                return None;
            }
        };
        let mut names: BTreeSet<String> = BTreeSet::new();
        let mut seen: BTreeSet<String> = BTreeSet::new();
        let mut found = Vec::new();
        for way in &ways {
            let legs: Vec<(&Link, &Passage)> = way
                .links
                .iter()
                .map(|link| (&network.links()[*link], &links.passages[link.index()]))
                .collect();
            // Ways by different services of a common line are one way.
            let in_full = way_name(&legs, true, &network, &together);
            if !seen.insert(in_full.clone()) {
                continue;
            }
            let mut name = way_name(&legs, false, &network, &together);
            if !names.insert(name.clone()) {
                name = in_full;
                names.insert(name.clone());
            }
            let mut way = self.steps_of(name, &legs, from, to);
            self.take_together(&mut way.steps, &together, &format!("flows.{flow_name}.via"))?;
            found.push(way);
        }
        found.sort_by(|a, b| a.name.cmp(&b.name));
        Some(found)
    }

    /// What an item of a `via` names: a node, or the links of one or several services or connections.
    fn wanted(&self, names: &[Located<Name>], links: &Links) -> Option<Via> {
        if let [name] = names
            && let Some(&node) = self.node_ids.get(&name.value)
        {
            return Some(Via::Node(node));
        }
        let of = |link: &Link| match &link.kind {
            LinkKind::Leg { service: user, .. } | LinkKind::Connection { id: user } => {
                names.iter().any(|name| *user == *name.value)
            }
        };
        let found: BTreeSet<LinkId> =
            links.links.iter_enumerated().filter(|(_, link)| of(link)).map(|(id, _)| id).collect();
        (!found.is_empty()).then_some(Via::Links(found))
    }

    /// Turns rides on one of several services that a `via` names together into rides on whichever leaves
    /// first. `None` if an issue was added.
    fn take_together(&mut self, steps: &mut [Step], together: &[&[Located<Name>]], path: &str) -> Option<()> {
        for step in steps {
            let StepKind::Ride { service, from, to } = &mut step.kind else { continue };
            let is_named = |names: &&&[Located<Name>]| {
                service.only().is_some_and(|one| names.iter().any(|name| name.value == one.value))
            };
            let Some(names) = together.iter().find(is_named) else { continue };
            let ends = (from.as_ref(), to.as_ref());
            for name in *names {
                if self.stops_of_ride(name, ends.0, ends.1).is_none() {
                    let [from, to] = [ends.0, ends.1].map(|end| end.map_or("", |end| end.value.as_str()));
                    self.issues
                        .error(
                            name.span,
                            format!("service `{}` does not go from `{from}` to `{to}`", name.value),
                        )
                        .path(path)
                        .label("expected services that call where the way boards and leaves one of them");
                    return None;
                }
            }
            *service = OneOrMany::several(names.to_vec());
        }
        Some(())
    }

    /// The closed nodes and passages of the smallest cut of a failed search, as the beginning of a hint.
    fn what_to_open(&self, error: &NoWays, links: &Links) -> String {
        let NoWays::NoWay(no_way) = error else { return String::new() };
        let nodes = no_way.cut_nodes.iter().filter_map(|node| self.scenario.nodes.keys().nth(node.index()));
        let users = no_way.cut_links.iter().map(|link| links.passages[link.index()].user());
        let passages = users.filter_map(|user| self.closed_passage(user));
        let places: BTreeSet<String> = nodes
            .map(|node| format!("`nodes.{node}`"))
            .chain(passages.map(|passage| format!("`passages.{passage}`")))
            .collect();
        if places.is_empty() {
            return String::new();
        }
        format!("open {}, ", places.into_iter().collect::<Vec<_>>().join(" or "))
    }

    /// Closed nodes, and the links of closed passages.
    fn closed(&self, passages: &[Passage]) -> Closed {
        let is_closed = |passage: &Passage| self.closed_passage(passage.user()).is_some();
        let links = passages.iter().enumerate().filter(|(_, passage)| is_closed(passage));
        let nodes = self.scenario.nodes.iter().filter(|(_, node)| node.closed);
        Closed {
            links: links.map(|(place, _)| LinkId::new(place)).collect(),
            nodes: nodes.filter_map(|(name, _)| self.node_ids.get(name).copied()).collect(),
        }
    }

    /// The network for shipments of a flow, with the expected costs of its links and changes. At a border,
    /// a change is possible only by a procedure.
    fn network_for(&mut self, links: &Links, flow: &Entry<Flow>) -> Network {
        let span = flow.id.span;
        let scenario = self.scenario;
        let cargo = self.cargo(flow);
        let mut turns = std::collections::BTreeMap::new();
        for procedure in scenario.procedures.values() {
            let (Some(at), Some(Turn::Transfer { from, to })) = (&procedure.at, &procedure.turn) else {
                continue;
            };
            for node in at.iter() {
                let Some(&id) = self.node_ids.get(&node.value) else { continue };
                let moments =
                    self.quietly(|builder| builder.expected(&procedure.steps, &cargo, Some(&node.value)));
                let money = self.expense_of_piece(&procedure.steps, &cargo, moments);
                let cost = Cost { money, ..moments.cost() };
                for (from, to) in from.iter().flat_map(|from| to.iter().map(move |to| (from, to))) {
                    let turn: &mut Cost =
                        turns.entry((id, network_mode(*from), network_mode(*to))).or_default();
                    *turn = *turn + cost;
                }
            }
        }
        let strict = scenario.nodes.iter().filter(|(_, node)| node.kind == Some(NodeKind::Border));
        let strict = strict.filter_map(|(name, _)| self.node_ids.get(name).copied()).collect();
        let nodes = scenario
            .nodes
            .iter()
            .map(|(name, node)| sanda_network::Node::new(name.as_str(), self.zone_of(node.zone.as_ref())))
            .collect();
        let mut all = links.links.clone();
        // The time is that of the link. The cost depends on the cargo, and is needed only if it is
        // minimised.
        if objective(policy(flow)) != Objective::Time {
            for (place, passage) in links.passages.iter().enumerate() {
                let cost = &mut all[LinkId::new(place)].cost;
                let time = Moments { mean: cost.time.as_ms() as f64, variance: 0.0 };
                cost.money = self.expense_of_piece(&[passage.step(span)], &cargo, time);
            }
        }
        Network::new(nodes, all).with_turns(turns, strict)
    }

    /// The steps of a searched way: its links, and between them the procedures of the changes.
    fn steps_of(
        &self,
        name: String,
        legs: &[(&Link, &Passage)],
        from: &Located<Name>,
        to: &Located<Name>,
    ) -> Found {
        let span = to.span;
        let mut steps: Vec<(Step, Option<StepPlace>)> = Vec::new();
        let is_ride = |leg: &(&Link, &Passage)| matches!(leg.1, Passage::Ride { .. });
        let (first, last) = (legs.iter().position(is_ride), legs.iter().rposition(is_ride));
        steps.extend(self.turn_steps(&from.value, |turn| *turn == Turn::Origin));
        let n_before = steps.len();
        for (place, (link, passage)) in legs.iter().enumerate() {
            // Of several hauls at an end the outermost is the collection or the delivery.
            let stage = match passage {
                Passage::Ride { mode, .. } => Some(ride_stage(*mode)),
                Passage::Haul { .. } if place == 0 && first.is_some() => Some(COLLECTION),
                Passage::Haul { .. } if place + 1 == legs.len() && last.is_some() => Some(DELIVERY),
                Passage::Haul { .. } => None,
            };
            let (id, label) = stage.map_or((None, None), |(id, zh, en)| {
                let label = Text { zh: zh.to_owned(), en: en.to_owned() };
                (Name::new(id).map(|id| Located::new(id, span)), Some(label))
            });
            steps.push((Step { id, label, ..passage.step(span) }, None));
            if let Some((_, next)) = legs.get(place + 1) {
                let (before, after) = (passage.mode(), next.mode());
                let node = self.scenario.nodes.keys().nth(link.to.index());
                let is_it = |turn: &Turn| matches!(turn, Turn::Transfer { from, to } if from.contains(&before) && to.contains(&after));
                steps.extend(node.into_iter().flat_map(|node| self.turn_steps(node, is_it)));
            }
        }
        let after = self.turn_steps(&to.value, |turn| *turn == Turn::Destination);
        let outside = (n_before, after.len());
        steps.extend(after);
        let (steps, places) = steps.into_iter().unzip();
        Found { name, is_declared: false, steps, places, outside }
    }

    /// The steps of the procedures at a node whose turn it is. Each is a stage of the way.
    fn turn_steps(&self, node: &Name, is_turn: impl Fn(&Turn) -> bool) -> Vec<(Step, Option<StepPlace>)> {
        let here = |procedure: &Procedure| {
            let at = procedure.at.as_ref().is_some_and(|at| at.iter().any(|at| at.value == *node));
            at && procedure.turn.as_ref().is_some_and(&is_turn)
        };
        let mut steps = Vec::new();
        for (name, procedure) in self.scenario.procedures.iter().filter(|(_, procedure)| here(procedure)) {
            steps.extend(procedure.steps.iter().enumerate().map(|(place, step)| {
                let path = format!("procedures.{name}.steps[{place}]");
                (step.clone(), Some(StepPlace { path, node: Some(node.clone()) }))
            }));
        }
        steps
    }
}

/// Adds the flow's steps before and after a way. The steps after it are done at the end of the itinerary,
/// or of the flow.
fn with_ends(name: &Name, flow: &Entry<Flow>, way: Found) -> Found {
    let itinerary =
        flow.itineraries.iter().find(|(id, _)| id.as_str() == way.name).map(|(_, way)| &way.value);
    let end =
        |own: Option<&Located<Name>>, all: Option<&Located<Name>>| own.or(all).map(|node| node.value.clone());
    let begin = end(itinerary.and_then(|way| way.from.as_ref()), flow.from.as_ref());
    let end = end(itinerary.and_then(|way| way.to.as_ref()), flow.to.as_ref());
    let placed = |steps: &[Step], field: &str, node: Option<&Name>| -> Vec<(Step, StepPlace)> {
        let path = |place: usize| format!("flows.{name}.{field}[{place}]");
        let place = |(place, step): (usize, &Step)| {
            (step.clone(), StepPlace { path: path(place), node: node.cloned() })
        };
        steps.iter().enumerate().map(place).collect()
    };
    way.between(placed(&flow.before, "before", begin.as_ref()), placed(&flow.after, "after", end.as_ref()))
}

/// A stage of a searched way: its name, and its labels in Chinese and English.
type Stage = (&'static str, &'static str, &'static str);

const COLLECTION: Stage = ("collection", "集货", "Collection");
const DELIVERY: Stage = ("delivery", "末端配送", "Delivery");

/// The stage of a ride, named after its mode.
const fn ride_stage(mode: Mode) -> Stage {
    match mode {
        Mode::Air => ("flight", "候机与飞行", "Flight and wait for it"),
        Mode::Rail => ("train", "候车与铁路运行", "Train and wait for it"),
        Mode::Sea => ("ocean", "候船与海运", "Ocean ship and wait for it"),
        Mode::River => ("river", "候船与江运", "River ship and wait for it"),
        Mode::Road => ("truck", "候车与公路运输", "Line-haul truck and wait for it"),
    }
}

/// The name of a way: its services, or its connections if it has none. If that is not unique, all of them
/// with the nodes of changes.
fn way_name(
    legs: &[(&Link, &Passage)],
    in_full: bool,
    network: &Network,
    together: &[&[Located<Name>]],
) -> String {
    let rides = legs.iter().filter(|leg| matches!(leg.1, Passage::Ride { .. }));
    let by_services = !in_full && rides.clone().count() > 0;
    let mut parts: Vec<String> = Vec::new();
    let user = |passage: &Passage| {
        let names = together.iter().find(|names| names.iter().any(|name| name.value == *passage.user()));
        let mut names: Vec<&str> = match names {
            Some(names) => names.iter().map(|name| name.value.as_str()).collect(),
            None => vec![passage.user().as_str()],
        };
        names.sort_unstable();
        names.join("-or-")
    };
    for (place, (link, passage)) in legs.iter().enumerate() {
        if !by_services || matches!(passage, Passage::Ride { .. }) {
            parts.push(user(passage));
        }
        if in_full && place + 1 < legs.len() {
            let node: NodeId = link.to;
            parts.push(network.nodes()[node].id.clone());
        }
    }
    parts.join("--")
}
