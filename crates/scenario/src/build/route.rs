//! The ways of a flow: its steps as declared, or searched through the network.
//!
//! A searched way is the fastest by expected time (mean running times, half the mean headway before each ride), over the
//! modes the flow allows and through its `via` nodes. Procedures with a turn apply by themselves at its nodes.

use sanda_core::kernel::law::Law as KernelLaw;
use sanda_network::{Closed, Link, LinkId, LinkKind, Modes, Network, NodeId, Position, Search};
use sanda_units::{Duration, Quantity, Time};

use super::Builder;
use crate::decode::{Entry, Name};
use crate::schema::{Connection, Departs, Flow, Mode, Step, StepKind, Turn};
use crate::source::Located;

/// One way of a flow.
pub(super) struct Way {
    /// Its name within the flow.
    pub name: String,
    /// Parameter path of its steps.
    pub path: String,
    /// What is done on it.
    pub steps: Vec<Step>,
    /// Share of the flow.
    pub share: f64,
}

impl Builder<'_> {
    /// The candidate ways of a flow.
    pub(super) fn ways(&mut self, name: &Name, flow: &Entry<Flow>) -> Option<Vec<Way>> {
        if let Some(steps) = &flow.steps {
            let path = format!("flows.{name}.steps");
            return Some(vec![Way { name: "steps".into(), path, steps: steps.clone(), share: 1.0 }]);
        }
        if !flow.itineraries.is_empty() {
            let shares = self.shares(name, flow)?;
            let mut ways = Vec::new();
            for ((way, itinerary), share) in flow.itineraries.iter().zip(shares) {
                let path = format!("flows.{name}.itineraries.{way}");
                let steps = match (&itinerary.value.steps, &itinerary.value.via) {
                    (Some(steps), _) => steps.clone(),
                    (None, via) => self.search(name, flow, via.as_deref().unwrap_or_default())?,
                };
                ways.push(Way { name: way.to_string(), path, steps, share });
            }
            return Some(ways);
        }
        let via = flow.via.as_deref().unwrap_or_default();
        let steps = self.search(name, flow, via)?;
        Some(vec![Way { name: "fastest".into(), path: format!("flows.{name}"), steps, share: 1.0 }])
    }
}

/// What a link of the network is to a shipment.
#[derive(Clone)]
enum Passage {
    Ride { service: Name, from: Name, to: Name, mode: Mode },
    Haul { connection: Name, mode: Mode },
}

impl Passage {
    fn mode(&self) -> Mode {
        match self {
            Self::Ride { mode, .. } | Self::Haul { mode, .. } => *mode,
        }
    }
}

impl Builder<'_> {
    /// The steps of the fastest way of a flow through some nodes.
    fn search(&mut self, name: &Name, flow: &Entry<Flow>, via: &[Located<Name>]) -> Option<Vec<Step>> {
        let (Some(from), Some(to)) = (&flow.from, &flow.to) else { return None };
        let (&from_id, &to_id) = (self.node_ids.get(&from.value)?, self.node_ids.get(&to.value)?);
        let via_ids: Vec<NodeId> =
            via.iter().filter_map(|node| self.node_ids.get(&node.value).copied()).collect();
        let (network, passages) = self.network()?;
        let modes = match &flow.modes {
            None => Modes::ALL,
            Some(modes) => modes.iter().map(|&mode| network_mode(mode)).collect(),
        };
        let closed = self.closed_links(&passages);
        let search = Search { modes, via: &via_ids, closed: &closed, ..Search::between(from_id, to_id) };
        let links = match network.fastest(&search) {
            Ok(links) => links,
            Err(no_way) => {
                self.issues
                    .error(
                        to.span,
                        format!("no way from `{}` to `{}` for flow `{name}`", from.value, to.value),
                    )
                    .path(format!("flows.{name}.to"))
                    .label(no_way.to_string())
                    .hint(Some(
                        "add a service or connection that leads there, or allow more `modes`".to_owned(),
                    ));
                return None;
            }
        };
        let legs: Vec<Passage> = links.iter().map(|link| passages[link.index()].clone()).collect();
        Some(self.steps_of(&legs, from, to, &links, &network))
    }

    /// The links of closed passages.
    fn closed_links(&self, passages: &[Passage]) -> Closed {
        let is_closed = |passage: &Passage| match passage {
            Passage::Ride { service: user, .. } | Passage::Haul { connection: user, .. } => {
                self.closed_passage(user).is_some()
            }
        };
        let links = passages.iter().enumerate().filter(|(_, passage)| is_closed(passage));
        Closed { links: links.map(|(place, _)| LinkId::new(place)).collect(), ..Closed::default() }
    }

    fn steps_of(
        &self,
        legs: &[Passage],
        from: &Located<Name>,
        to: &Located<Name>,
        links: &[LinkId],
        network: &Network,
    ) -> Vec<Step> {
        let span = to.span;
        let step = |kind: StepKind| Step { id: None, label: None, kind, span, headline: span };
        let located = |name: &Name| Located::new(name.clone(), span);
        let mut steps: Vec<Step> = Vec::new();
        let apply = |steps: &mut Vec<Step>, node: &Name, turn: Turn| {
            for (name, procedure) in &self.scenario.procedures {
                let here = procedure.at.as_ref().is_some_and(|at| at.value == *node);
                if here && procedure.turn == Some(turn) {
                    steps.push(step(StepKind::Procedure(located(name))));
                }
            }
        };
        apply(&mut steps, &from.value, Turn::Origin);
        for (place, leg) in legs.iter().enumerate() {
            steps.push(step(match leg {
                Passage::Ride { service, from, to, .. } => StepKind::Ride {
                    service: located(service),
                    from: Some(located(from)),
                    to: Some(located(to)),
                },
                Passage::Haul { connection, .. } => StepKind::Haul(located(connection)),
            }));
            if let Some(next) = legs.get(place + 1) {
                let node = network.links()[links[place]].to;
                if let Some(node) = self.scenario.nodes.keys().nth(node.index()) {
                    apply(&mut steps, node, Turn::Transfer { from: leg.mode(), to: next.mode() });
                }
            }
        }
        apply(&mut steps, &to.value, Turn::Destination);
        steps
    }

    /// The network of services and connections, and what each link is.
    fn network(&mut self) -> Option<(Network, Vec<Passage>)> {
        let scenario = self.scenario;
        let mut links = sanda_units::IdVec::new();
        let mut passages = Vec::new();
        for (name, service) in &scenario.services {
            let stops = &service.stops.value;
            let ids: Vec<NodeId> =
                stops.iter().filter_map(|stop| self.node_ids.get(&stop.value).copied()).collect();
            let mut running = Vec::new();
            for (leg, law) in service.running.value.iter().enumerate() {
                running.push(self.law(law, &format!("services.{name}.running[{leg}]"))?.mean());
            }
            if ids.len() != stops.len() || running.len() + 1 != ids.len() {
                return None;
            }
            let wait = self.expected_wait(&service.departs.value)?;
            for from in 0..ids.len() {
                for to in from + 1..ids.len() {
                    let moving: f64 = running[from..to].iter().sum();
                    links.push(Link {
                        kind: LinkKind::Leg { service: name.to_string(), from_stop: from, to_stop: to },
                        from: ids[from],
                        to: ids[to],
                        through: ids[from + 1..to].to_vec(),
                        mode: network_mode(service.mode),
                        expected: Duration::from_ms_f64(moving + wait),
                    });
                    passages.push(Passage::Ride {
                        service: name.clone(),
                        from: stops[from].value.clone(),
                        to: stops[to].value.clone(),
                        mode: service.mode,
                    });
                }
            }
        }
        for (name, connection) in &scenario.connections {
            let ends = (self.node_ids.get(&connection.from.value), self.node_ids.get(&connection.to.value));
            let (Some(&from), Some(&to)) = ends else { continue };
            let law = self.connection_time(&connection.id, &format!("connections.{name}"))?;
            let both = if connection.both_ways { vec![(from, to), (to, from)] } else { vec![(from, to)] };
            for (from, to) in both {
                links.push(Link {
                    kind: LinkKind::Connection { id: name.to_string() },
                    from,
                    to,
                    through: Vec::new(),
                    mode: network_mode(connection.mode),
                    expected: Duration::from_ms_f64(law.mean()),
                });
                passages.push(Passage::Haul { connection: name.clone(), mode: connection.mode });
            }
        }
        let nodes = scenario
            .nodes
            .iter()
            .map(|(name, node)| sanda_network::Node::new(name.as_str(), self.zone_of(node.zone.as_ref())))
            .collect();
        Some((Network::new(nodes, links), passages))
    }

    /// Half the mean headway, in milliseconds.
    fn expected_wait(&mut self, departs: &Departs) -> Option<f64> {
        let week = Duration::from_days(7).as_ms() as f64;
        Some(match departs {
            Departs::Every { period, .. } => period.value.value().as_ms() as f64 / 2.0,
            Departs::Headway(law) => self.law(law, "departs")?.mean() / 2.0,
            Departs::Weekly(times) => week / times.len().max(1) as f64 / 2.0,
            Departs::Dates(dates) => {
                let run = (self.window.end - Time::ZERO).as_ms() as f64;
                run / dates.len().max(1) as f64 / 2.0
            }
            Departs::WhenFull { longest_wait, .. } => {
                longest_wait.map_or(week, |wait| wait.value.value().as_ms() as f64) / 2.0
            }
        })
    }

    /// How long a haul takes: its law, or distance by speed.
    pub(super) fn connection_time(&mut self, id: &Located<Name>, path: &str) -> Option<KernelLaw> {
        let connection: &Entry<Connection> = self.scenario.connections.get(&id.value)?;
        if let Some(time) = &connection.time {
            return self.law(time, &format!("connections.{}.time", id.value));
        }
        let distance = match connection.distance {
            Some(distance) => Some(distance.value.value().base() as f64),
            None => self.great_circle(&connection.from.value, &connection.to.value),
        };
        let (Some(distance), Some(speed)) = (distance, connection.speed) else {
            self.issues
                .error(connection.id.span, format!("connection `{}` has no time", id.value))
                .path(path)
                .label("expected `time`, or `speed` with `distance` or the positions of its nodes");
            return None;
        };
        KernelLaw::constant(distance / speed.value.value().base() as f64 * 3_600_000.0).ok()
    }

    /// Metres between two nodes, where both have a position.
    pub(super) fn great_circle(&self, from: &Name, to: &Name) -> Option<f64> {
        let position = |name: &Name| {
            let position = self.scenario.nodes.get(name)?.position.as_ref()?;
            Position::new(position.lat.value, position.lon.value).ok()
        };
        Some(position(from)?.distance_to(position(to)?).base() as f64)
    }
}

fn network_mode(mode: Mode) -> sanda_network::Mode {
    match mode {
        Mode::Air => sanda_network::Mode::Air,
        Mode::Rail => sanda_network::Mode::Rail,
        Mode::Sea => sanda_network::Mode::Sea,
        Mode::River => sanda_network::Mode::River,
        Mode::Road => sanda_network::Mode::Road,
    }
}
