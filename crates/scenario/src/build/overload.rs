//! Warnings of loads beyond capacity, and of fixed shares that fill one service while another has room.
//!
//! Owns the words and the limits. The loads are those of `offered`: means of the input alone, so that a warning holds for any luck.

use sanda_core::freight::ids::{ConnectionId, ItineraryId, ResourceId, ServiceId};
use sanda_core::freight::model::Model;

use super::Builder;
use super::choice::policy;
use super::offered::{Offered, Rider};
use crate::decode::Name;
use crate::issue::Issues;
use crate::schema::{RouteChoice, Scenario, Sight};

/// Loads up to this over capacity are taken for rounding.
const ROUNDING: f64 = 1e-6;

/// Load above which a service counts as full, as a share of its room. Beyond it chance leaves cargo behind at many departures.
const FULL: f64 = 0.95;

/// Load below which a service counts as having room for cargo of a full one.
const ROOMY: f64 = 0.70;

/// Least part that a flow must have in the load of a full service before its shares are named. Less cannot relieve the service.
const MATTERS: f64 = 0.10;

/// Most flows named for one service, so that the hint stays one line.
const MOST_FLOWS: usize = 3;

impl Builder<'_> {
    /// Warns of resources, services and vehicles that are asked for more than they can give, and of shares that do not suit
    /// the capacities.
    pub(super) fn warn_of_overload(&mut self) {
        let Self { model, scenario, issues, .. } = self;
        let offered = Offered::of(model);
        warn_of_fleets(scenario, &offered, issues);
        warn_of_resources(scenario, &offered, issues);
        let loads = Loads { sure: Offered::by(model, true), offered };
        warn_of_services(scenario, model, &loads, issues);
        warn_of_shares(scenario, model, &loads, issues);
    }
}

/// What all flows ask for by the laws, and what is asked for whatever is full.
struct Loads<'m> {
    offered: Offered<'m>,
    sure: Offered<'m>,
}

impl Loads<'_> {
    /// The filling of a service. Cargo that sees a queue, or waits for other services too, leaves one that is full: there only the
    /// rest is sure.
    fn filling(&self, id: ServiceId) -> Option<f64> {
        if self.sure.has_others(id) { self.sure.filling(id) } else { self.offered.filling(id) }
    }
}

/// The rides of one flow by way.
type Riders = Vec<(ItineraryId, Vec<Rider>)>;

/// A load beyond what there is, in whole per cent.
fn too_much(load: Option<f64>) -> Option<f64> {
    load.filter(|load| *load > 1.0 + ROUNDING && load.is_finite()).map(percent)
}

fn percent(load: f64) -> f64 {
    (load * 100.0).round()
}

fn warn_of_fleets(scenario: &Scenario, offered: &Offered<'_>, issues: &mut Issues) {
    for (index, (name, entry)) in scenario.services.iter().enumerate() {
        let load = too_much(offered.fleet_load(ServiceId::new(index)));
        let (Some(percent), Some(fleet)) = (load, &entry.fleet) else { continue };
        issues
            .warning(
                fleet.span,
                format!("service `{name}` has too few vehicles: departures are due at {percent} % of what they can run"),
            )
            .path(format!("services.{name}.fleet"))
            .label("departures fall behind for ever, and waits depend on how long one simulates");
    }
    for (index, (name, entry)) in scenario.connections.iter().enumerate() {
        let load = too_much(offered.truck_load(ConnectionId::new(index)));
        let (Some(percent), Some(fleet)) = (load, &entry.fleet) else { continue };
        issues
            .warning(
                fleet.span,
                format!(
                    "connection `{name}` has too few vehicles: hauls come at {percent} % of what they can do"
                ),
            )
            .path(format!("connections.{name}.fleet"))
            .label("its queue grows for ever, and waits depend on how long one simulates");
    }
}

fn warn_of_resources(scenario: &Scenario, offered: &Offered<'_>, issues: &mut Issues) {
    for (index, (name, entry)) in scenario.resources.iter().enumerate() {
        let Some(percent) = too_much(offered.load(ResourceId::new(index))) else { continue };
        issues
            .warning(
                entry.id.span,
                format!("resource `{name}` is overloaded: work arrives at {percent} % of what it can do"),
            )
            .path(format!("resources.{name}"))
            .label("its queue grows for ever, and waits depend on how long one simulates");
    }
}

fn warn_of_services(scenario: &Scenario, model: &Model, loads: &Loads<'_>, issues: &mut Issues) {
    let offered = &loads.offered;
    // Listing all rides costs as much as all loads together, so it is done for the first overloaded service only.
    let mut riders: Option<Vec<Riders>> = None;
    for (index, (name, entry)) in scenario.services.iter().enumerate() {
        let id = ServiceId::new(index);
        let Some(percent) = too_much(loads.filling(id)) else { continue };
        let riders =
            riders.get_or_insert_with(|| model.flows.ids().map(|flow| offered.rides(flow)).collect());
        issues
            .warning(
                entry.id.span,
                format!("service `{name}` is overloaded: cargo comes at {percent} % of its capacity"),
            )
            .path(format!("services.{name}"))
            .label("what is left behind grows for ever, and waits depend on how long one simulates")
            .hint(main_flows(scenario, offered, riders, id));
    }
}

/// Names the flows with the largest parts in the load of a service on its fullest leg.
fn main_flows(
    scenario: &Scenario,
    offered: &Offered<'_>,
    riders: &[Riders],
    id: ServiceId,
) -> Option<String> {
    let (leg, asked) = offered.fullest_leg(id).filter(|(_, asked)| *asked > 0.0)?;
    let of_flow = |ways: &Riders| -> f64 {
        let all = ways.iter().flat_map(|(_, rides)| rides);
        all.filter(|ride| ride.service == id && ride.leg == leg).map(|ride| ride.quantity).sum()
    };
    let mut parts: Vec<(&Name, f64)> =
        scenario.flows.keys().zip(riders.iter().map(of_flow)).filter(|(_, part)| *part > 0.0).collect();
    // The largest first; of equal ones the first by name.
    parts.sort_by(|a, b| b.1.total_cmp(&a.1));
    let named: Vec<String> = parts
        .iter()
        .take(MOST_FLOWS)
        .map(|(name, part)| format!("`{name}` ({} %)", percent(part / asked)))
        .collect();
    let rest = match parts.len().saturating_sub(MOST_FLOWS) {
        0 => String::new(),
        n => format!(" and {n} more"),
    };
    let flows = if parts.len() == 1 { "flow" } else { "flows" };
    Some(format!("it is asked for by {flows} {}{rest}", named.join(", ")))
}

/// Warns of flows whose fixed shares fill a service of one way nearly or more than up, while another way has room.
fn warn_of_shares(scenario: &Scenario, model: &Model, loads: &Loads<'_>, issues: &mut Issues) {
    let offered = &loads.offered;
    for (id, (name, flow)) in model.flows.ids().zip(&scenario.flows) {
        // Who sees the queue books another way where one is full.
        let is_bound = matches!(policy(flow), RouteChoice::Shares) && flow.sees.value == Sight::Laws;
        if model.flows[id].itineraries.len() < 2 || !is_bound {
            continue;
        }
        let ways = offered.rides(id);
        let filling: Vec<Vec<(ServiceId, f64)>> =
            ways.iter().map(|(_, rides)| fillings(loads, rides)).collect();
        // The way with most room: the fullest of its services is what limits it.
        let fullest = |services: &[(ServiceId, f64)]| {
            services.iter().copied().reduce(|most, one| if one.1 > most.1 { one } else { most })
        };
        let roomiest = (0..ways.len())
            .filter_map(|way| Some((way, fullest(&filling[way])?)))
            .reduce(|least, one| if one.1.1 < least.1.1 { one } else { least });
        let Some((roomy_way, (roomy, least))) = roomiest.filter(|(_, (_, load))| *load < ROOMY) else {
            continue;
        };
        let mut said: Vec<ServiceId> = Vec::new();
        for (way, (itinerary, rides)) in ways.iter().enumerate() {
            for &(service, load) in &filling[way] {
                let brought: f64 = rides
                    .iter()
                    .filter(|ride| offered.fullest_leg(service).is_some_and(|(leg, _)| ride.leg == leg))
                    .filter(|ride| ride.service == service)
                    .map(|ride| ride.quantity)
                    .sum();
                let relieves = brought >= MATTERS * offered.asked(service);
                if load <= FULL || !relieves || said.contains(&service) {
                    continue;
                }
                said.push(service);
                let names: Vec<&Name> = scenario.services.keys().collect();
                let (full_name, roomy_name) = (names[service.index()], names[roomy.index()]);
                let way_name = |id: ItineraryId| &model.itineraries[id].name;
                let (full_way, roomy_way) = (way_name(*itinerary), way_name(ways[roomy_way].0));
                let share_of = |way: &str| flow.itineraries.get(way)?.share.as_ref().map(|share| share.span);
                let span = share_of(full_way).unwrap_or(flow.id.span);
                let issue = issues.warning(
                    span,
                    format!(
                        "shares of flow `{name}` do not suit the capacities: cargo comes at {} % of that of `{full_name}`, {} % of that of `{roomy_name}`",
                        percent(load),
                        percent(least)
                    ),
                );
                issue
                    .path(format!("flows.{name}.itineraries.{full_way}.share"))
                    .label(format!("way `{full_way}` rides `{full_name}`"))
                    .hint(Some(
                        "shift shares to where there is room, or correct a capacity, `background` or timetable".to_owned(),
                    ));
                if let Some(span) = share_of(roomy_way) {
                    issue.note(span, format!("way `{roomy_way}` rides `{roomy_name}`"));
                }
            }
        }
    }
}

/// Lists the loads of the services of a way, each once, without services whose room has no bound.
fn fillings(loads: &Loads<'_>, rides: &[Rider]) -> Vec<(ServiceId, f64)> {
    let mut all: Vec<(ServiceId, f64)> = Vec::new();
    for ride in rides.iter().filter(|ride| ride.quantity > 0.0) {
        if all.iter().all(|(service, _)| *service != ride.service)
            // Without a departure in the window there is no load.
            && let Some(load) = loads.filling(ride.service).filter(|load| load.is_finite())
        {
            all.push((ride.service, load));
        }
    }
    all
}
