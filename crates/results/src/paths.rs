//! Metric paths, which address every figure: in the gate, `--precision`, sweeps and tables.
//!
//! A path is `section.id.rest`, where ids match `[a-z0-9-]+` and so never contain a full stop. This module writes paths and splits them;
//! `experiment` decides which metrics exist.
//!
//! | path | meaning |
//! |---|---|
//! | `promises.ID.share` | share kept; also `by_teu`, `by_tonnes`, `by_flow.FLOW`, `by_month.2025-01`, `by_week.2025-W01`, `achievable.p90` |
//! | `promises.ID.lanes.FLOW.achievable.p90` | hours that 90 % of one of several flows keep, with a one-sided bound; also `p95` |
//! | `promises.ID.kept_tonnes` | tonnes per replication that keep it; also `kept_teu` |
//! | `promises.ID.backlog.2025-W01` | its flows' shipments under way at the end of the week |
//! | `promises.ID.recovery.DISRUPTION` | days from the end of the disruption until the weekly share has recovered; also `recovery_backlog.DISRUPTION` |
//! | `flows.ID.released` | shipments a replication; also `delivered`, `under_way`, `lost`, and `teu`, `tonnes`, `units` (where shipments have some) |
//! | `flows.ID.clocks.CLOCK.STAT` | hours on a clock |
//! | `flows.ID.stages.STAGE.STAT` | hours in a stage; `share` is how many of the released passed it |
//! | `flows.ID.stages.STAGE.missed_share` | of a ride's stage: share that missed the connection; also `rollover_share` (below) |
//! | `flows.ID.itineraries.WAY.share` | how many chose it; also `door-to-door.STAT` |
//! | `flows.ID.replanned_share` | share that took another way at a hub, of a flow that re-plans; such a way is an itinerary `WAY--at-HUB--WAY` |
//! | `flows.ID.stages.STAGE.categories.CATEGORY` | mean hours of a category in a stage |
//! | `flows.ID.categories.CATEGORY` | mean hours of a category over the whole life |
//! | `flows.ID.cost.MEASURE` | yuan, of the shipments delivered; `cost_without_subsidy.MEASURE` what it would be without |
//! | `flows.ID.cost.by_kind.KIND` | yuan a shipment: `freight`, `handling`, `customs`, `inventory` (capital bound under way), `subsidy` (below zero) |
//! | `flows.ID.emission.MEASURE` | kg CO2e, well to wheel; also `emission_with_forcing.MEASURE`, with radiative forcing of aircraft |
//! | `flows.ID.emission.by_element.ELEMENT` | kg CO2e a shipment: `transport`, `hub` (elements of a transport chain, ISO 14083) |
//! | `flows.ID.stages.STAGE.cost` | yuan a shipment of the flow, whichever way it went; also `emission`, kg CO2e |
//! | `flows.ID.itineraries.WAY.cost.MEASURE` | yuan of those that went this way; also `cost_without_subsidy`, `emission` |
//! | `resources.ID.wait.STAT` | hours of wait before service, of those served; also `in_system.STAT` (time in system), `work.mean` |
//! | `resources.ID.no_wait_share` | share of those served that did not wait; also `arrivals`, `lost`, `lost_share` |
//! | `resources.ID.diverted` | requests that found no room and went another way; also `blocked` (waited outside at first), `patience_lost` (gave up), each with `_share` of arrivals, where the scenario says so |
//! | `resources.ID.interruptions` | work interrupted by more urgent work or by failures, where that can be |
//! | `resources.ID.queue.STAT` | number waiting; also `present.STAT` (number present); the series `present.by_hour_of_week` |
//! | `resources.ID.utilisation` | over installed server time; also `utilisation_available`, `busy.mean` (busy servers) |
//! | `services.ID.first_departure_share` | also `within_two_share`, `rollover_share`, `punctual_share`, `load_factor` |
//! | `services.ID.wait.STAT` | hours from ready to departure; also `lateness.STAT` |
//! | `services.ID.left_behind.STAT` | shipments left behind per run and stop; also `load.STAT`, `departures`, `cancelled` |
//! | `services.ID.full_share` | share of runs and stops that left full; also `none_left_share` (left nothing behind) |
//! | `services.ID.waiting.STAT` | shipments ready just before boarding per run and stop; also `queue.mean`, the mean number waiting over time |
//! | `services.ID.gap.STAT` | hours between successive departures, cancelled ones left out |
//! | `services.ID.fleet.utilisation` | of a service with a fleet: vehicles under way or turning round, over all; also `fleet.busy.mean` (how many), `fleet.waited_share` (departures that waited for one) |
//! | `connections.ID.wait.STAT` | of a connection with a fleet: hours of wait for a vehicle; also `requests`, `no_wait_share`, `utilisation`, `busy.mean` |
//!
//! ## Waits
//!
//! `resources.ID.wait.STAT` and `no_wait_share` cover the requests of the window that were served, from the request to the first
//! start of service. A request that gives up waiting (patience), or is turned away for want of room, is in neither: its share
//! is `patience_lost_share`, `lost_share` or `diverted_share` of all requests. Where many give up, the wait of those served is
//! shorter than a request should expect. Time spent outside a full room (`blocked`) counts as wait.
//!
//! ## Departures
//!
//! Figures of departures count each run, scheduled in the window and not cancelled, at each stop where it may take on cargo
//! ("run and stop"). A run leaves full when it has no room left, when something ready does not fit, or, of a service that
//! leaves at a stated quantity, when that quantity is aboard. `waiting` counts the shipments that were ready by the cut-off when
//! loading began; those that came later count for the next run. `queue.mean` is an average over the window of all that are
//! ready and have not left, whether they made the cut-off or not. A split shipment waits until its last unit leaves. `gap` is
//! the time between one actual departure from the first stop and the next, for departures within the window.
//!
//! A shipment that takes whichever of several services leaves first (`Ride(service: ["a", "b"])`) counts in `waiting`, `left_behind`
//! and `queue` at each of them until it boards. It counts in `wait`, `load`, `first_departure_share`, `within_two_share` and
//! `rollover_share` where it boards, and its first departure is the first of any that it could have made.
//!
//! ## Missed connections
//!
//! Both shares of a ride's stage are of the shipments, released in the window, that boarded. `rollover_share` is the share that left
//! by a later run than the first whose cut-off was not before they were ready: full departures left them behind.
//! `missed_share` is the share that left by a later run than the first they could have made had the vehicle that brought them
//! arrived as planned: it holds those rolled over as well, and those whose vehicle was late. On the first ride both are equal.
//! Cancelled departures are no runs.
//!
//! A STAT is `mean`, `sd`, or a percentile `p5` ... `p99`, `p99.9`. A MEASURE is `per_shipment`, `per_teu` (where shipments have TEU)
//! or `per_tonne` (where they have a mass).

/// The section of promises.
pub const PROMISES: &str = "promises";
/// The section of flows.
pub const FLOWS: &str = "flows";
/// The section of resources.
pub const RESOURCES: &str = "resources";
/// The section of services.
pub const SERVICES: &str = "services";
/// The section of connections on demand: those with a fleet.
pub const CONNECTIONS: &str = "connections";

/// Money, in yuan.
pub const COST: &str = "cost";
/// Money before subsidies.
pub const COST_WITHOUT_SUBSIDY: &str = "cost_without_subsidy";
/// CO2 equivalents, in kilograms.
pub const EMISSION: &str = "emission";
/// CO2 equivalents with the radiative forcing of aircraft.
pub const EMISSION_WITH_FORCING: &str = "emission_with_forcing";
/// Capital bound in cargo under way.
pub const INVENTORY: &str = "inventory";
/// Per shipment.
pub const PER_SHIPMENT: &str = "per_shipment";
/// Per TEU.
pub const PER_TEU: &str = "per_teu";
/// Per tonne.
pub const PER_TONNE: &str = "per_tonne";

/// The mean.
pub const MEAN: &str = "mean";
/// The standard deviation between shipments (risk, not error).
pub const SD: &str = "sd";
/// Percentiles that are reported for a clock, as shares.
pub const CLOCK_PERCENTILES: [f64; 7] = [0.05, 0.25, 0.50, 0.75, 0.90, 0.95, 0.99];
/// Percentiles that are reported for a wait, as shares.
pub const WAIT_PERCENTILES: [f64; 4] = [0.50, 0.90, 0.95, 0.99];

/// Percentiles that are reported for the time between departures, as shares.
pub const GAP_PERCENTILES: [f64; 3] = [0.05, 0.50, 0.95];

/// Names a percentile: `0.95` is `p95`, `0.999` is `p99.9`.
pub fn percentile(share: f64) -> String {
    // Rounded to a millionth of a percent so that 0.999 * 100 does not become 99.89999999999999.
    format!("p{}", (share * 1e8).round() / 1e6)
}

/// Returns the share of a percentile's name: `p95` is 0.95. `None` for anything else.
pub fn share_of(percentile: &str) -> Option<f64> {
    let percent: f64 = percentile.strip_prefix('p')?.parse().ok()?;
    (0.0..=100.0).contains(&percent).then_some(percent / 100.0)
}

/// Joins a path from its section, id and rest.
pub fn join(section: &str, id: &str, rest: &str) -> String {
    format!("{section}.{id}.{rest}")
}

/// Splits a path into section, id and rest; `None` when it has fewer than three parts or an empty one.
pub fn split(path: &str) -> Option<(&str, &str, &str)> {
    let (section, tail) = path.split_once('.')?;
    let (id, rest) = tail.split_once('.')?;
    (!section.is_empty() && !id.is_empty() && !rest.is_empty()).then_some((section, id, rest))
}

/// A figure of a promise.
pub fn promise(id: &str, figure: &str) -> String {
    join(PROMISES, id, figure)
}

/// The share of a promise.
pub fn promise_share(id: &str) -> String {
    promise(id, "share")
}

/// The share of a promise for one flow.
pub fn promise_by_flow(id: &str, flow: &str) -> String {
    promise(id, &format!("by_flow.{flow}"))
}

/// The share of a promise for one month, `2025-01`.
pub fn promise_by_month(id: &str, month: &str) -> String {
    promise(id, &format!("by_month.{month}"))
}

/// The share of a promise for one ISO week, `2025-W01`.
pub fn promise_by_week(id: &str, week: &str) -> String {
    promise(id, &format!("by_week.{week}"))
}

/// The shipments of a promise's flows that are under way at the end of an ISO week.
pub fn promise_backlog(id: &str, week: &str) -> String {
    promise(id, &format!("backlog.{week}"))
}

/// The days from the end of a disruption until the weekly share of a promise has recovered.
pub fn promise_recovery(id: &str, disruption: &str) -> String {
    promise(id, &format!("recovery.{disruption}"))
}

/// The days from the end of a disruption until the backlog of a promise has recovered.
pub fn promise_recovery_backlog(id: &str, disruption: &str) -> String {
    promise(id, &format!("recovery_backlog.{disruption}"))
}

/// The time within which a share of a promise's shipments arrives.
pub fn promise_achievable(id: &str, share: f64) -> String {
    promise(id, &format!("achievable.{}", percentile(share)))
}

/// A figure of a flow, such as `shipments.released` or `cost.per_teu`.
pub fn flow(id: &str, figure: &str) -> String {
    join(FLOWS, id, figure)
}

/// A statistic of a flow's clock, in hours. Without the statistic it is the key of the clock's distribution: [`flow_clock_distribution`].
pub fn flow_clock(id: &str, clock: &str, statistic: &str) -> String {
    flow(id, &format!("clocks.{clock}.{statistic}"))
}

/// The key of the distribution of a flow's clock.
pub fn flow_clock_distribution(id: &str, clock: &str) -> String {
    flow(id, &format!("clocks.{clock}"))
}

/// A statistic of the hours a flow spends in a stage.
pub fn flow_stage(id: &str, stage: &str, statistic: &str) -> String {
    flow(id, &format!("stages.{stage}.{statistic}"))
}

/// Mean hours of a category within a stage of a flow.
pub fn flow_stage_category(id: &str, stage: &str, category: &str) -> String {
    flow(id, &format!("stages.{stage}.categories.{category}"))
}

/// Mean hours of a category over the whole life of a flow's shipments.
pub fn flow_category(id: &str, category: &str) -> String {
    flow(id, &format!("categories.{category}"))
}

/// A figure of a resource, such as `utilisation`.
pub fn resource(id: &str, figure: &str) -> String {
    join(RESOURCES, id, figure)
}

/// A statistic of the wait before service at a resource, in hours.
pub fn resource_wait(id: &str, statistic: &str) -> String {
    resource(id, &format!("wait.{statistic}"))
}

/// A figure of a service, such as `first_departure_share`.
pub fn service(id: &str, figure: &str) -> String {
    join(SERVICES, id, figure)
}

/// A figure of a connection on demand, such as `utilisation`.
pub fn connection(id: &str, figure: &str) -> String {
    join(CONNECTIONS, id, figure)
}

/// A statistic of the wait from ready to departure of a service, in hours.
pub fn service_wait(id: &str, statistic: &str) -> String {
    service(id, &format!("wait.{statistic}"))
}
