//! The figures of a run: every metric's path, and its source in an outcome.
//!
//! One walk over an outcome names all figures in a fixed order; it serves for the sections of single replications and
//! for the merge alike. Paths are spelt by `sanda_results::paths`. How a figure is estimated is decided by its
//! [`Item`], in `gather`.

use std::collections::BTreeMap;

use sanda_core::kernel::tally::{LevelTimes, Tally};
use sanda_core::kernel::week::WeekProfile;
use sanda_core::model::category::Category;
use sanda_core::model::ids::{ConnectionId, FlowId, ItineraryId, PromiseId, ResourceId, ServiceId, StageId};
use sanda_core::model::program::Op;
use sanda_core::model::{Amount, Capacity, Model, WhenFull};
use sanda_core::record::{Outcome, PromiseRecord, StageRecord};
use sanda_results::paths;

use crate::costs;

/// The source of a figure in one replication.
pub(crate) enum Item<'a> {
    /// A count per replication.
    Count(f64),
    /// A share: part of whole, both counts.
    Share { part: f64, whole: f64 },
    /// A mean: sum over count.
    Mean { sum: f64, count: f64 },
    /// Times: mean, standard deviation and percentiles in hours. Values that never came are infinite in percentiles.
    Times { tallies: Vec<&'a Tally>, n_infinite: u64, percentiles: &'static [f64] },
    /// Plain numbers with mean, standard deviation and percentiles.
    Numbers(&'a Tally),
    /// Shortest times kept by given shares, with one-sided bounds, in hours.
    Achievable { tallies: Vec<&'a Tally>, n_infinite: u64 },
    /// A level over time.
    Level(&'a LevelTimes),
    /// A level by hour of the week.
    Week(&'a WeekProfile),
}

/// Milliseconds of an hour.
pub(crate) const HOUR: f64 = 3_600_000.0;

/// Shares whose shortest time is reported for a promise.
pub(crate) const ACHIEVABLE: [f64; 2] = [0.90, 0.95];

/// A visitor of figures: takes the path of each, made only when needed, and its item.
pub(crate) type Visit<'v> = dyn for<'p, 'i> FnMut(&'p dyn Fn() -> String, Item<'i>) + 'v;

/// Walks over all figures of an outcome, always in the same order.
pub(crate) fn walk(model: &Model, outcome: &Outcome, visit: &mut Visit<'_>) {
    for id in model.promises.ids() {
        promise(model, outcome, id, visit);
    }
    for id in model.flows.ids() {
        flow(model, outcome, id, visit);
    }
    for id in model.resources.ids() {
        resource(model, outcome, id, visit);
    }
    for id in model.services.ids() {
        service(model, outcome, id, visit);
    }
    for id in model.connections.ids() {
        connection(model, outcome, id, visit);
    }
}

fn promise(model: &Model, outcome: &Outcome, id: PromiseId, visit: &mut Visit<'_>) {
    let params = &model.promises[id];
    let name = params.name.as_str();
    let records = &outcome.promises[id];
    let sum = |part: fn(&PromiseRecord) -> f64| records.iter().map(part).sum::<f64>();
    let of = sum(|record| record.of as f64);
    visit(&|| paths::promise_share(name), Item::Share { part: sum(|record| record.kept as f64), whole: of });
    let by_teu = Item::Share { part: sum(|r| r.kept_teu as f64), whole: sum(|r| r.of_teu as f64) };
    visit(&|| paths::promise(name, "by_teu"), by_teu);
    let by_tonnes = Item::Share { part: sum(|r| r.kept_mass as f64), whole: sum(|r| r.of_mass as f64) };
    visit(&|| paths::promise(name, "by_tonnes"), by_tonnes);
    // Thousandths of a TEU and kilograms.
    visit(&|| paths::promise(name, "kept_teu"), Item::Count(sum(|r| r.kept_teu as f64) / 1000.0));
    visit(&|| paths::promise(name, "kept_tonnes"), Item::Count(sum(|r| r.kept_mass as f64) / 1000.0));
    for (flow, record) in params.flows.iter().zip(records) {
        let flow = model.flows[*flow].name.as_str();
        let item = Item::Share { part: record.kept as f64, whole: record.of as f64 };
        visit(&|| paths::promise_by_flow(name, flow), item);
    }
    promise_by_period(model, outcome, id, visit);
    let (tallies, n_infinite) = promise_times(model, outcome, id);
    visit(&|| paths::promise(name, "achievable"), Item::Achievable { tallies, n_infinite });
    // Of a single lane that is said already.
    for &flow in params.flows.iter().filter(|_| params.flows.len() > 1) {
        let Some((tally, n_infinite)) = lane_times(model, outcome, id, flow) else { continue };
        let flow = model.flows[flow].name.as_str();
        let item = Item::Achievable { tallies: vec![tally], n_infinite };
        visit(&|| paths::promise(name, &format!("lanes.{flow}.achievable")), item);
    }
}

/// The share by month and by week of release, and what is under way at the end of each week of the window.
fn promise_by_period(model: &Model, outcome: &Outcome, id: PromiseId, visit: &mut Visit<'_>) {
    let params = &model.promises[id];
    let name = params.name.as_str();
    let pieces = &model.periods.pieces;
    let mut months = vec![(0.0, 0.0); model.periods.months.len()];
    let mut weeks = vec![(0.0, 0.0); model.periods.weeks.len()];
    for record in &outcome.promises[id] {
        for (&place, &(of, kept)) in &record.periods {
            let piece = pieces[usize::from(place)];
            let week = piece.week.map(|week| &mut weeks[usize::from(week)]);
            for sums in week.into_iter().chain([&mut months[usize::from(piece.month)]]) {
                *sums = (sums.0 + of as f64, sums.1 + kept as f64);
            }
        }
    }
    for (label, (whole, part)) in model.periods.months.iter().zip(months) {
        visit(&|| paths::promise_by_month(name, label), Item::Share { part, whole });
    }
    for (week, (whole, part)) in model.periods.weeks.iter().zip(weeks) {
        visit(&|| paths::promise_by_week(name, &week.label), Item::Share { part, whole });
    }
    for (place, pair) in pieces.windows(2).enumerate() {
        let Some(week) = pair[0].week.filter(|_| pair[0].week != pair[1].week) else { continue };
        let week = &model.periods.weeks[usize::from(week)];
        let ends_in_window = week.to > model.window.from && week.to <= model.window.to;
        if let Some(backlog) = outcome.backlog.get(place).filter(|_| ends_in_window) {
            let under_way = params.flows.iter().map(|&flow| backlog[flow] as f64).sum();
            visit(&|| paths::promise_backlog(name, &week.label), Item::Count(under_way));
        }
    }
}

/// The times of a promise's clock over all its flows, and how many never came.
pub(crate) fn promise_times<'a>(model: &Model, outcome: &'a Outcome, id: PromiseId) -> (Vec<&'a Tally>, u64) {
    let mut tallies = Vec::new();
    let mut n_infinite = 0;
    for &flow in &model.promises[id].flows {
        let Some((tally, n)) = lane_times(model, outcome, id, flow) else { continue };
        tallies.push(tally);
        n_infinite += n;
    }
    (tallies, n_infinite)
}

/// The times of a promise's clock on one of its flows, and how many never came; `None` if the flow does not have it.
fn lane_times<'a>(
    model: &Model,
    outcome: &'a Outcome,
    id: PromiseId,
    flow: FlowId,
) -> Option<(&'a Tally, u64)> {
    let (_, clock) = model.flows[flow].promises.iter().find(|(promise, _)| *promise == id)?;
    let record = &outcome.flows[flow];
    Some((&record.clocks[usize::from(*clock)], record.under_way() + record.lost))
}

fn flow(model: &Model, outcome: &Outcome, id: FlowId, visit: &mut Visit<'_>) {
    let params = &model.flows[id];
    let name = params.name.as_str();
    let record = &outcome.flows[id];
    let counts = [
        ("released", record.released),
        ("delivered", record.delivered),
        ("under_way", record.under_way()),
        ("lost", record.lost),
    ];
    for (figure, count) in counts {
        visit(&|| paths::flow(name, figure), Item::Count(count as f64));
    }
    visit(&|| paths::flow(name, "teu"), Item::Count(record.teu as f64 / 1000.0));
    visit(&|| paths::flow(name, "tonnes"), Item::Count(record.mass as f64 / 1000.0));
    if !matches!(params.units, Amount::Fixed(1)) {
        visit(&|| paths::flow(name, "units"), Item::Count(record.units as f64));
    }
    if ways(model, id).count() > params.itineraries.len() {
        let share = Item::Share { part: record.replanned as f64, whole: record.released as f64 };
        visit(&|| paths::flow(name, "replanned_share"), share);
    }
    let n_infinite = record.under_way() + record.lost;
    for (clock, tally) in params.clocks.iter().zip(&record.clocks) {
        let item = Item::Times { tallies: vec![tally], n_infinite, percentiles: &paths::CLOCK_PERCENTILES };
        visit(&|| paths::flow(name, &format!("clocks.{}", clock.name)), item);
    }
    let stages = model.stages.iter_enumerated().filter(|(_, stage)| stage.flow == id && !stage.is_charge);
    let mut life = [0.0; Category::ALL.len()];
    let released = record.released as f64;
    for (stage_id, stage) in stages {
        let record = &outcome.stages[stage_id];
        let percentiles = &paths::CLOCK_PERCENTILES;
        let item = Item::Times { tallies: vec![&record.time], n_infinite: 0, percentiles };
        visit(&|| paths::flow(name, &format!("stages.{}", stage.name)), item);
        // The rest went another way, or is not through yet.
        let passed = Item::Share { part: record.time.count() as f64, whole: released };
        visit(&|| paths::flow_stage(name, &stage.name, "share"), passed);
        let count = record.time.count() as f64;
        for category in Category::ALL {
            let sum = record.categories[category as usize] as f64 / HOUR;
            if !stage.is_part {
                life[category as usize] += sum;
            }
            visit(
                &|| paths::flow_stage_category(name, &stage.name, category.name()),
                Item::Mean { sum, count },
            );
        }
        if stage.has_parts {
            ride_wait(name, &stage.name, record, released, visit);
        }
    }
    connections(model, outcome, id, visit);
    // Per shipment released: what the passed stages took of a shipment's life so far.
    for category in Category::ALL {
        let item = Item::Mean { sum: life[category as usize], count: record.released as f64 };
        visit(&|| paths::flow_category(name, category.name()), item);
    }
    if params.itineraries.len() > 1 {
        for itinerary in ways(model, id) {
            let way = model.itineraries[itinerary].name.as_str();
            let of_way = &outcome.itineraries[itinerary];
            let share = Item::Share { part: of_way.chosen as f64, whole: record.released as f64 };
            visit(&|| paths::flow(name, &format!("itineraries.{way}.share")), share);
            let n_infinite = of_way.chosen.saturating_sub(of_way.time.count());
            let percentiles = &paths::CLOCK_PERCENTILES;
            let times = Item::Times { tallies: vec![&of_way.time], n_infinite, percentiles };
            visit(&|| paths::flow(name, &format!("itineraries.{way}.door-to-door")), times);
        }
    }
    costs::flow(model, outcome, id, visit);
}

/// The itineraries of a flow: those that its shipments choose from at release, then those that they take at hubs.
pub(crate) fn ways(model: &Model, id: FlowId) -> impl Iterator<Item = ItineraryId> {
    let first = model.flows[id].itineraries.first().map_or(0, |(itinerary, _)| itinerary.index());
    // The itineraries of one flow follow each other.
    let of_flow = model.itineraries.iter_enumerated().skip(first);
    of_flow.take_while(move |(_, itinerary)| itinerary.flow == id).map(|(itinerary, _)| itinerary)
}

/// The departures that a flow's shipments missed, by the stages of its rides, in the order of stages.
fn connections(model: &Model, outcome: &Outcome, id: FlowId, visit: &mut Visit<'_>) {
    // Boarded, rolled over, missed.
    let mut stages: BTreeMap<StageId, [u64; 3]> = BTreeMap::new();
    for itinerary in ways(model, id) {
        let mut rides: Vec<u32> = Vec::new();
        for op in model.programs.from(model.itineraries[itinerary].program) {
            match op {
                Op::Ride(ride) => rides.push(ride),
                Op::EndStage(stage) => {
                    for ride in rides.drain(..) {
                        let ride = &outcome.rides[ride as usize];
                        let counts = stages.entry(stage).or_default();
                        for (sum, more) in
                            counts.iter_mut().zip([ride.boarded, ride.rolled, ride.rolled + ride.late])
                        {
                            *sum += more;
                        }
                    }
                }
                _ => {}
            }
        }
    }
    let flow = model.flows[id].name.as_str();
    for (stage, counts) in stages {
        let stage = model.stages[stage].name.as_str();
        let [whole, rolled, missed] = counts.map(|n| n as f64);
        visit(&|| paths::flow_stage(flow, stage, "rollover_share"), Item::Share { part: rolled, whole });
        visit(&|| paths::flow_stage(flow, stage, "missed_share"), Item::Share { part: missed, whole });
    }
}

/// The wait before a ride, by category: a part of the ride's stage beside its legs and stops.
fn ride_wait(flow: &str, stage: &str, record: &StageRecord, released: f64, visit: &mut Visit<'_>) {
    let wait = format!("{stage}.wait");
    let count = record.time.count() as f64;
    let mut total = 0.0;
    for category in [Category::Timetable, Category::Rolled, Category::Disruption, Category::Cargo] {
        let sum = record.categories[category as usize] as f64 / HOUR;
        total += sum;
        visit(&|| paths::flow_stage_category(flow, &wait, category.name()), Item::Mean { sum, count });
    }
    visit(&|| paths::flow_stage(flow, &wait, "mean"), Item::Mean { sum: total, count });
    visit(&|| paths::flow_stage(flow, &wait, "share"), Item::Share { part: count, whole: released });
}

fn resource(model: &Model, outcome: &Outcome, id: ResourceId, visit: &mut Visit<'_>) {
    let params = &model.resources[id];
    let name = params.name.as_str();
    let record = &outcome.resources[id];
    let arrivals = record.arrivals as f64;
    visit(&|| paths::resource(name, "arrivals"), Item::Count(arrivals));
    visit(&|| paths::resource(name, "lost"), Item::Count(record.lost as f64));
    visit(&|| paths::resource(name, "lost_share"), Item::Share { part: record.lost as f64, whole: arrivals });
    let refused = [
        ("diverted", matches!(params.room.when_full, WhenFull::Divert(_)), record.diverted),
        ("blocked", params.room.when_full == WhenFull::Block, record.blocked),
        ("patience_lost", params.room.has_patience, record.patience_lost),
    ];
    for (figure, _, count) in refused.into_iter().filter(|&(_, may, _)| may) {
        visit(&|| paths::resource(name, figure), Item::Count(count as f64));
        let share = Item::Share { part: count as f64, whole: arrivals };
        visit(&|| paths::resource(name, &format!("{figure}_share")), share);
    }
    if params.is_interrupted() {
        visit(&|| paths::resource(name, "interruptions"), Item::Count(record.interruptions as f64));
    }
    if params.servers.is_some() {
        let busy = record.busy as f64;
        let installed = Item::Mean { sum: busy, count: record.installed as f64 };
        visit(&|| paths::resource(name, "utilisation"), installed);
        let available = Item::Mean { sum: busy, count: record.available as f64 };
        visit(&|| paths::resource(name, "utilisation_available"), available);
    }
    let busy_servers = Item::Mean { sum: record.busy as f64, count: record.window as f64 };
    visit(&|| paths::resource(name, "busy.mean"), busy_servers);
    let percentiles = &paths::CLOCK_PERCENTILES;
    let wait = Item::Times { tallies: vec![&record.wait], n_infinite: 0, percentiles };
    visit(&|| paths::resource(name, "wait"), wait);
    let served = record.wait.count() as f64;
    let work = Item::Mean { sum: record.work as f64 / HOUR, count: served };
    visit(&|| paths::resource(name, "work.mean"), work);
    let without = Item::Share { part: record.without_wait as f64, whole: served };
    visit(&|| paths::resource(name, "no_wait_share"), without);
    let system = Item::Times { tallies: vec![&record.system], n_infinite: 0, percentiles };
    visit(&|| paths::resource(name, "in_system"), system);
    visit(&|| paths::resource(name, "queue"), Item::Level(record.queue.times()));
    visit(&|| paths::resource(name, "present"), Item::Level(record.present.times()));
    visit(&|| paths::resource(name, "present.by_hour_of_week"), Item::Week(record.present.profile()));
}

fn service(model: &Model, outcome: &Outcome, id: ServiceId, visit: &mut Visit<'_>) {
    let params = &model.services[id];
    let name = params.name.as_str();
    let record = &outcome.services[id];
    visit(&|| paths::service(name, "departures"), Item::Count(record.run as f64));
    visit(&|| paths::service(name, "cancelled"), Item::Count(record.cancelled as f64));
    if !matches!(params.capacity, Capacity::Unlimited) {
        let load = Item::Mean { sum: record.loaded as f64, count: record.offered as f64 };
        visit(&|| paths::service(name, "load_factor"), load);
    }
    let boarded = record.wait.count() as f64;
    let first = record.boarded_first as f64;
    visit(&|| paths::service(name, "first_departure_share"), Item::Share { part: first, whole: boarded });
    let within_two = Item::Share { part: record.boarded_within_two as f64, whole: boarded };
    visit(&|| paths::service(name, "within_two_share"), within_two);
    visit(&|| paths::service(name, "rollover_share"), Item::Share { part: boarded - first, whole: boarded });
    let percentiles = &paths::CLOCK_PERCENTILES;
    let wait = Item::Times { tallies: vec![&record.wait], n_infinite: 0, percentiles };
    visit(&|| paths::service(name, "wait"), wait);
    visit(&|| paths::service(name, "left_behind"), Item::Numbers(&record.left_behind));
    visit(&|| paths::service(name, "load"), Item::Numbers(&record.load));
    let stops = record.left_behind.count() as f64;
    visit(&|| paths::service(name, "full_share"), Item::Share { part: record.full as f64, whole: stops });
    let nothing = Item::Share { part: record.left_nothing as f64, whole: stops };
    visit(&|| paths::service(name, "none_left_share"), nothing);
    visit(&|| paths::service(name, "waiting"), Item::Numbers(&record.waiting));
    let window = (model.window.to - model.window.from).as_ms() as f64;
    let queue = Item::Mean { sum: record.waiting_time as f64, count: window };
    visit(&|| paths::service(name, "queue.mean"), queue);
    let percentiles = &paths::GAP_PERCENTILES;
    let gaps = Item::Times { tallies: vec![&record.gaps], n_infinite: 0, percentiles };
    visit(&|| paths::service(name, "gap"), gaps);
    let punctual = Item::Share { part: record.punctual as f64, whole: record.arrivals as f64 };
    visit(&|| paths::service(name, "punctual_share"), punctual);
    let percentiles = &paths::CLOCK_PERCENTILES;
    let late = Item::Times { tallies: vec![&record.late], n_infinite: 0, percentiles };
    visit(&|| paths::service(name, "lateness"), late);
    if let Some(fleet) = &params.fleet {
        let busy = record.busy as f64;
        let used = Item::Mean { sum: busy, count: f64::from(fleet.vehicles) * window };
        visit(&|| paths::service(name, "fleet.utilisation"), used);
        visit(&|| paths::service(name, "fleet.busy.mean"), Item::Mean { sum: busy, count: window });
        let waited = Item::Share { part: record.short as f64, whole: record.run as f64 };
        visit(&|| paths::service(name, "fleet.waited_share"), waited);
    }
}

/// A connection with a fleet; of one without nothing is kept.
fn connection(model: &Model, outcome: &Outcome, id: ConnectionId, visit: &mut Visit<'_>) {
    let params = &model.connections[id];
    let Some(vehicles) = params.fleet else { return };
    let name = params.name.as_str();
    let record = &outcome.connections[id];
    visit(&|| paths::connection(name, "requests"), Item::Count(record.requests as f64));
    let percentiles = &paths::CLOCK_PERCENTILES;
    let wait = Item::Times { tallies: vec![&record.wait], n_infinite: 0, percentiles };
    visit(&|| paths::connection(name, "wait"), wait);
    let served = record.wait.count() as f64;
    let without = Item::Share { part: record.without_wait as f64, whole: served };
    visit(&|| paths::connection(name, "no_wait_share"), without);
    let window = (model.window.to - model.window.from).as_ms() as f64;
    let busy = record.busy as f64;
    let used = Item::Mean { sum: busy, count: f64::from(vehicles) * window };
    visit(&|| paths::connection(name, "utilisation"), used);
    visit(&|| paths::connection(name, "busy.mean"), Item::Mean { sum: busy, count: window });
}
