//! The links of the network: rides on services from stop to stop, and connections on demand.
//!
//! Owns the making of the links, with their expected costs. They are made once for all flows. The costs of
//! changes depend on the cargo and are added for each flow (`ways`).

use std::rc::Rc;

use sanda_core::kernel::law::Law as KernelLaw;
use sanda_network::{Cost, Link, LinkKind, NodeId, Position};
use sanda_units::{IdVec, Quantity as _};

use super::passage::{Links, Passage, network_mode};
use crate::build::builder::Builder;
use crate::build::expect::moments::Moments;
use crate::decode::{Entry, Name};
use crate::schema::Connection;
use crate::source::Located;

impl Builder<'_> {
    /// The links of services and connections, in the order of their names; `None` if an issue was added.
    pub(in crate::build) fn links(&mut self) -> Option<Rc<Links>> {
        if self.links.is_none() {
            self.links = Some(Rc::new(self.make_links()?));
        }
        self.links.clone()
    }

    fn make_links(&mut self) -> Option<Links> {
        let scenario = self.scenario;
        let mut all = Links { links: IdVec::new(), passages: Vec::new() };
        for (name, service) in &scenario.services {
            let stops = &service.stops.value;
            let ids: Vec<NodeId> =
                stops.iter().filter_map(|stop| self.node_ids.get(&stop.value).copied()).collect();
            if ids.len() != stops.len() || service.running.value.len() + 1 != ids.len() {
                return None;
            }
            for from in 0..ids.len() {
                for to in from + 1..ids.len() {
                    let moments = self.quietly(|builder| builder.expected_ride(name, service, from, to));
                    all.links.push(Link {
                        kind: LinkKind::Leg { service: name.to_string(), from_stop: from, to_stop: to },
                        from: ids[from],
                        to: ids[to],
                        through: ids[from + 1..to].to_vec(),
                        mode: network_mode(service.mode),
                        cost: moments.cost(),
                    });
                    all.passages.push(Passage::Ride {
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
            let cost: Cost = Moments { mean: law.mean(), variance: law.variance() }.cost();
            let both = if connection.both_ways { vec![(from, to), (to, from)] } else { vec![(from, to)] };
            for (from, to) in both {
                all.links.push(Link {
                    kind: LinkKind::Connection { id: name.to_string() },
                    from,
                    to,
                    through: Vec::new(),
                    mode: network_mode(connection.mode),
                    cost,
                });
                all.passages.push(Passage::Haul { connection: name.clone(), mode: connection.mode });
            }
        }
        Some(all)
    }

    /// The time of a haul: its law, or distance by speed.
    pub(in crate::build) fn connection_time(&mut self, id: &Located<Name>, path: &str) -> Option<KernelLaw> {
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

    /// Metres between two nodes that both have a position.
    pub(in crate::build) fn great_circle(&self, from: &Name, to: &Name) -> Option<f64> {
        let position = |name: &Name| {
            let position = self.scenario.nodes.get(name)?.position.as_ref()?;
            Position::new(position.lat.value, position.lon.value).ok()
        };
        Some(position(from)?.distance_to(position(to)?).base() as f64)
    }
}
