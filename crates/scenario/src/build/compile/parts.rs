//! The plain parts of a model: nodes, regimes, connections and promises.
//!
//! Does not own the parts with files of their own: resources, services, flows and disruptions.

use sanda_core::model::ids::{FlowId, ItineraryId, PromiseId};
use sanda_core::model::program::threshold;
use sanda_core::model::{ConnectionParams, Limit, NodeParams, PromiseParams, RegimeParams};
use sanda_network::Zone as CivilZone;
use sanda_units::IdVec;

use crate::build::builder::Builder;
use crate::decode::Name;

impl Builder<'_> {
    pub(in crate::build) fn build_nodes(&mut self) {
        for (name, node) in &self.scenario.nodes {
            let zone = self.zone_of(node.zone.as_ref());
            let week_shifts = self.week_shifts(&zone);
            self.model.nodes.push(NodeParams { name: name.to_string(), week_shifts });
        }
    }

    pub(in crate::build) fn build_regimes(&mut self) {
        for (name, regime) in &self.scenario.regimes {
            let period_ms = regime.period.value.value().as_ms() as f64;
            let path = format!("regimes.{name}.period");
            self.check_events(1, period_ms, "periods of a regime", regime.period.span, &path);
            let stream = self.stream("regime", &format!("regime/{name}"));
            let mut sum = 0.0;
            let mut shares: Vec<u64> = Vec::new();
            for share in regime.states.value.values() {
                sum += share.value.as_f64();
                shares.push(threshold(sum));
            }
            if let Some(last) = shares.last_mut() {
                *last = u64::MAX;
            }
            self.model.regimes.push(RegimeParams {
                name: name.to_string(),
                period: regime.period.value.value(),
                persistence: threshold(regime.persistence.value.as_f64()),
                shares,
                stream,
            });
        }
    }

    pub(in crate::build) fn build_connections(&mut self) {
        let vehicles = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
        self.model.connections = self
            .scenario
            .connections
            .iter()
            .map(|(name, connection)| ConnectionParams {
                name: name.to_string(),
                fleet: connection.fleet.map(|fleet| vehicles(fleet.value.value())),
            })
            .collect();
    }

    pub(in crate::build) fn build_promises(&mut self) {
        for (name, promise) in &self.scenario.promises {
            let mut flows: Vec<FlowId> = promise
                .flows
                .value
                .iter()
                .filter_map(|flow| self.flow_ids.get(&flow.value).copied())
                .collect();
            flows.sort_unstable();
            flows.dedup();
            let limit = match (promise.within, promise.by_end_of_day) {
                (Some(within), _) => Limit::Within(within.value.value()),
                (None, Some(days)) => self.end_of_day(u32::try_from(days.value).unwrap_or(u32::MAX), &flows),
                (None, None) => continue,
            };
            self.model.promises.push(PromiseParams { name: name.to_string(), flows, limit });
        }
    }

    /// A limit at the end of a calendar day, in the zone where each itinerary of these flows delivers.
    fn end_of_day(&self, days: u32, flows: &[FlowId]) -> Limit {
        let mut zones: Vec<CivilZone> = Vec::new();
        let mut calendar_of: IdVec<ItineraryId, u16> = IdVec::new();
        for (id, itinerary) in self.model.itineraries.ids().zip(&self.model.itineraries) {
            let zone = self.zone_at(self.delivered_at[id].as_ref());
            let known = zones.iter().position(|other| *other == zone);
            let is_meant = flows.contains(&itinerary.flow);
            calendar_of.push(match known {
                Some(place) => place as u16,
                None if is_meant => {
                    zones.push(zone);
                    (zones.len() - 1) as u16
                }
                None => 0,
            });
        }
        let calendars = zones.iter().map(|zone| self.midnights(zone)).collect();
        Limit::EndOfDay { days, calendars, calendar_of }
    }

    /// The id that a promise will have.
    pub(in crate::build) fn promise_id(&self, name: &Name) -> Option<PromiseId> {
        self.scenario.promises.keys().position(|other| other == name).map(PromiseId::new)
    }
}
