//! Warnings of loads beyond capacity, and of fixed shares that fill one service while another has room.
//!
//! Owns the words and the limits. The loads are those of `offered`: means of the input alone, so that a warning holds for any luck.

use sanda_core::model::Model;
use sanda_core::model::ids::{ConnectionId, ItineraryId, ResourceId, ServiceId};

use crate::build::builder::Builder;
use crate::build::load::offered::{Offered, Rider};
use crate::build::route::choice::policy;
use crate::decode::{Entry, Name};
use crate::issue::Issues;
use crate::schema::{Flow, RouteChoice, Scenario, Sight};

/// Excess of load over capacity that counts as rounding.
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
    /// Warns of resources, services and vehicles whose load exceeds their capacity, and of shares that do
    /// not suit the capacities.
    pub(in crate::build) fn warn_of_overload(&mut self) {
        let Self { model, scenario, issues, .. } = self;
        let offered = Offered::of(model);
        warn_of_fleets(scenario, &offered, issues);
        warn_of_resources(scenario, &offered, issues);
        let loads = Loads { sure: Offered::by(model, true), offered };
        warn_of_services(scenario, model, &loads, issues);
        warn_of_shares(scenario, model, &loads, issues);
    }
}

/// The loads of all flows by the laws, and the loads of cargo that keeps its way whatever is full.
struct Loads<'m> {
    offered: Offered<'m>,
    sure: Offered<'m>,
}

impl Loads<'_> {
    /// The filling of a service. Cargo that sees queues or waits for other services too leaves a full
    /// service. So there only the other cargo is counted.
    fn filling(&self, id: ServiceId) -> Option<f64> {
        if self.sure.has_others(id) { self.sure.filling(id) } else { self.offered.filling(id) }
    }
}

/// The rides of one flow by way.
type Riders = Vec<(ItineraryId, Vec<Rider>)>;

/// A load beyond the capacity, in whole per cent.
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
            .label("departures fall behind without end, and waits depend on the length of the run");
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
            .label("its queue grows without end, and waits depend on the length of the run");
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
            .label("its queue grows without end, and waits depend on the length of the run");
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
            .label("the cargo left behind grows without end, and waits depend on the length of the run")
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
    let asked = Some(offered.asked(id)).filter(|asked| *asked > 0.0)?;
    let of_flow = |ways: &Riders| brought(offered, ways.iter().flat_map(|(_, rides)| rides), id);
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
    Some(format!("its load comes from {flows} {}{rest}", named.join(", ")))
}

/// What rides bring to a service per millisecond, on the leg with the largest load.
fn brought<'r>(offered: &Offered<'_>, rides: impl IntoIterator<Item = &'r Rider>, id: ServiceId) -> f64 {
    let Some((leg, _)) = offered.fullest_leg(id) else { return 0.0 };
    let here = rides.into_iter().filter(|ride| ride.service == id && ride.leg == leg);
    here.map(|ride| ride.quantity).sum()
}

/// Warns of flows whose fixed shares fill a service of one way while another way has room.
fn warn_of_shares(scenario: &Scenario, model: &Model, loads: &Loads<'_>, issues: &mut Issues) {
    let offered = &loads.offered;
    for (id, (name, flow)) in model.flows.ids().zip(&scenario.flows) {
        // A flow that sees the queue books another way where one is full.
        let is_bound = matches!(policy(flow), RouteChoice::Shares) && flow.sees.value == Sight::Laws;
        if model.flows[id].itineraries.len() < 2 || !is_bound {
            continue;
        }
        let ways = offered.rides(id);
        let filled: Vec<Vec<Filled>> = ways.iter().map(|(way, rides)| fillings(loads, *way, rides)).collect();
        // The way with the most room. The fullest of its services limits it.
        let limits = filled.iter().filter_map(|services| {
            services.iter().reduce(|most, one| if one.load > most.load { one } else { most })
        });
        let roomiest = limits.reduce(|least, one| if one.load < least.load { one } else { least });
        let Some(roomy) = roomiest.filter(|roomy| roomy.load < ROOMY) else { continue };
        let mut said: Vec<ServiceId> = Vec::new();
        for ((_, rides), services) in ways.iter().zip(&filled) {
            for full in services {
                let part = brought(offered, rides, full.service);
                let relieves = part >= MATTERS * offered.asked(full.service);
                if full.load > FULL && relieves && !said.contains(&full.service) {
                    said.push(full.service);
                    say_unsuited(scenario, model, (name, flow), [full, roomy], issues);
                }
            }
        }
    }
}

/// Warns that the shares of a flow bring too much to a service of one way, while the services of another
/// have room.
fn say_unsuited(
    scenario: &Scenario,
    model: &Model,
    (name, flow): (&Name, &Entry<Flow>),
    [full, roomy]: [&Filled; 2],
    issues: &mut Issues,
) {
    let names: Vec<&Name> = scenario.services.keys().collect();
    let [full_name, roomy_name] = [full, roomy].map(|filled| names[filled.service.index()]);
    let [full_way, roomy_way] = [full, roomy].map(|filled| model.itineraries[filled.way].name.as_str());
    let share_of = |way: &str| flow.itineraries.get(way)?.share.as_ref().map(|share| share.span);
    let issue = issues.warning(
        share_of(full_way).unwrap_or(flow.id.span),
        format!(
            "shares of flow `{name}` do not suit the capacities: cargo comes at {} % of that of `{full_name}`, {} % of that of `{roomy_name}`",
            percent(full.load),
            percent(roomy.load)
        ),
    );
    issue
        .path(format!("flows.{name}.itineraries.{full_way}.share"))
        .label(format!("way `{full_way}` rides `{full_name}`"))
        .hint(Some(
            "shift shares to where there is room, or correct a capacity, `background` or timetable"
                .to_owned(),
        ));
    if let Some(span) = share_of(roomy_way) {
        issue.note(span, format!("way `{roomy_way}` rides `{roomy_name}`"));
    }
}

/// A service of a way with its load over its room.
struct Filled {
    way: ItineraryId,
    service: ServiceId,
    load: f64,
}

/// Lists the loads of the services of a way, each once, without services whose room has no bound.
fn fillings(loads: &Loads<'_>, way: ItineraryId, rides: &[Rider]) -> Vec<Filled> {
    let mut all: Vec<Filled> = Vec::new();
    for ride in rides.iter().filter(|ride| ride.quantity > 0.0) {
        if all.iter().all(|filled| filled.service != ride.service)
            // Without a departure in the window there is no load.
            && let Some(load) = loads.filling(ride.service).filter(|load| load.is_finite())
        {
            all.push(Filled { way, service: ride.service, load });
        }
    }
    all
}
