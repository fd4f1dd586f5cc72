//! From merged replications to the content of `results.json`.
//!
//! Owns the verdicts, the thinned distributions and the texts beside the figures. Does not own the figures' estimation
//! (`gather`, `estimate`) nor the file format (`sanda_results`).

use std::collections::{BTreeMap, BTreeSet};

use sanda_core::kernel::random::KEY_LAYOUT;
use sanda_core::kernel::tally::PooledTally;
use sanda_core::model::ids::ItineraryId;
use sanda_core::model::program::Op;
use sanda_core::model::{Limit, Model};
use sanda_core::record::invariant::Checks;
use sanda_results::{
    Achievable, Bin, Distribution, Figure, InvariantOutcome, Percentile, Promise, Results, SCHEMA,
    ScenarioInfo, Text, Texts, Window, paths,
};
use sanda_scenario::build::{Built, Label, Route};
use sanda_units::{Duration, Time};

use crate::figure;
use crate::gather::Gathered;
use crate::metrics::{ACHIEVABLE, HOUR};
use crate::notes::{notes, stuck};
use crate::recovery;

/// Bars of a stored distribution.
const N_BINS: i64 = 200;

/// Makes the results of a scenario from its merged replications.
///
/// Determinism: a pure function of the model, the seed and the replications merged.
pub fn assemble(built: &Built, seed: u64, gathered: &Gathered) -> Results {
    let model = &built.model;
    let (figures, series) = gathered.figures();
    let mut distributions = BTreeMap::new();
    for (place, flow) in model.flows.iter().enumerate().filter(|(_, flow)| !flow.background) {
        let (times, n_infinite) = gathered.flow_times(place);
        let Some(clock) = flow.clocks.first() else { continue };
        let path = paths::flow_clock_distribution(&flow.name, &clock.name);
        let percentiles = percentiles(&figures, &path);
        distributions.insert(path, distribution(times, *n_infinite, None, percentiles));
    }
    let mut notes = stuck(built, gathered);
    notes.extend(self::notes(built, gathered, &figures));
    let promises = promises(built, gathered, &figures, &mut distributions);
    // Weekly figures stand with their promises; twice they would be half of the file.
    let weekly = |path: &String| path.contains(".by_week.") || path.contains(".backlog.");
    let unused = unused_hybrids(model, &figures);
    let of_unused = |path: &String| unused.values().any(|head| path.starts_with(head));
    let metrics = figures.into_iter().filter(|(path, _)| !weekly(path) && !of_unused(path)).collect();
    Results {
        schema: SCHEMA,
        key_layout: KEY_LAYOUT,
        confidence: figure::CONFIDENCE.level(),
        scenario: scenario_info(built, seed, gathered.n_replications()),
        digest: built.digest.clone(),
        fingerprint: gathered.fingerprint().clone(),
        promises,
        metrics,
        series,
        distributions,
        invariants: invariants(gathered.checks()),
        notes,
        texts: texts(built),
        stage_order: stage_order(model),
        basis: None,
        disruptions: recovery::dated(built),
        weeks: recovery::weeks(model),
        routes: routes(built, &unused),
        background: model.flows.iter().filter(|flow| flow.background).map(|flow| flow.name.clone()).collect(),
        overrides: Vec::new(),
        interrupted_of: None,
        precision: None,
    }
}

fn promises(
    built: &Built,
    gathered: &Gathered,
    figures: &BTreeMap<String, Figure>,
    distributions: &mut BTreeMap<String, Distribution>,
) -> BTreeMap<String, Promise> {
    let model = &built.model;
    let figure = |path: String| figures.get(&path).copied().unwrap_or_default();
    let mut promises = BTreeMap::new();
    for (id, params) in model.promises.iter_enumerated() {
        let name = params.name.as_str();
        let [kept, of, unfinished, lost] = gathered.promise_counts(id.index());
        let target = built.labels.targets[id];
        let share = figure(paths::promise_share(name));
        let (limit_hours, by_end_of_day) = match &params.limit {
            Limit::Within(limit) => (Some(limit.as_hours_f64()), None),
            Limit::EndOfDay { days, .. } => (None, Some(*days)),
        };
        let achievable = ACHIEVABLE
            .map(|share| Achievable { share, within_hours: figure(paths::promise_achievable(name, share)) });
        let flows: Vec<String> = params.flows.iter().map(|&flow| model.flows[flow].name.clone()).collect();
        let by_flow =
            flows.iter().map(|flow| (flow.clone(), figure(paths::promise_by_flow(name, flow)))).collect();
        let present = |label: &String, path: String| {
            figures
                .get(&path)
                .filter(|figure| figure.estimate.is_some())
                .map(|figure| (label.clone(), *figure))
        };
        let (months, weeks) = (&model.periods.months, &model.periods.weeks);
        let by_month =
            months.iter().filter_map(|label| present(label, paths::promise_by_month(name, label))).collect();
        let by_week = weeks
            .iter()
            .filter_map(|week| present(&week.label, paths::promise_by_week(name, &week.label)))
            .collect();
        let backlog = weeks
            .iter()
            .filter_map(|week| present(&week.label, paths::promise_backlog(name, &week.label)))
            .collect();
        let carries = |path: &str| {
            let figure = figure(paths::promise(name, path));
            figure.estimate.is_some().then_some(figure)
        };
        let (times, n_infinite) = gathered.promise_times(id.index());
        let key = format!("promises.{name}");
        distributions.insert(key.clone(), distribution(times, *n_infinite, limit_hours, Vec::new()));
        promises.insert(
            name.to_owned(),
            Promise {
                name: text(&built.labels.promises[id]),
                flows,
                clock: built.labels.clocks[id].clone(),
                limit_hours,
                by_end_of_day,
                target,
                verdict: share.verdict(target),
                share,
                inputs: None,
                assumed_mix: None,
                kept,
                of,
                unfinished,
                lost,
                design_effect: gathered.design_effect(&paths::promise_share(name)),
                kept_teu: carries("by_teu").map(|_| figure(paths::promise(name, "kept_teu"))),
                kept_tonnes: carries("by_tonnes").map(|_| figure(paths::promise(name, "kept_tonnes"))),
                by_teu: carries("by_teu"),
                by_tonnes: carries("by_tonnes"),
                achievable: achievable.to_vec(),
                by_flow,
                recovery: recovery::after_disruptions(model, &model.promises[id].flows, &by_week, &backlog),
                by_month,
                by_week,
                backlog,
                distribution: key,
            },
        );
    }
    promises
}

fn percentiles(figures: &BTreeMap<String, Figure>, path: &str) -> Vec<Percentile> {
    let figure = |share: f64| figures.get(&format!("{path}.{}", paths::percentile(share))).copied();
    paths::CLOCK_PERCENTILES
        .iter()
        .filter_map(|&share| figure(share).map(|value| Percentile { share, value }))
        .collect()
}

/// Thins a distribution to equal bars between its smallest value and its 99.5th percentile. One last bar holds the rest.
fn distribution(
    times: &PooledTally,
    n_infinite: u64,
    limit: Option<f64>,
    percentiles: Vec<Percentile>,
) -> Distribution {
    let histogram = times.histogram();
    let mut bins: Vec<Bin> = Vec::new();
    if let (Some(min), Some(max)) = (histogram.min(), histogram.max()) {
        let upper = histogram.quantile(0.995).max(min + 1);
        let width = nice_width((upper - min + N_BINS - 1) / N_BINS);
        let first = min.div_euclid(width);
        let n_bins = (upper.div_euclid(width) - first + 1) as usize;
        let mut counts = vec![0_u64; n_bins + 1];
        for bucket in histogram.iter() {
            let place = (bucket.middle().clamp(min, max).div_euclid(width) - first) as usize;
            counts[place.min(n_bins)] += bucket.count;
        }
        let hours = |ms: i64| ms as f64 / HOUR;
        for (place, &count) in counts.iter().enumerate() {
            let from = (first + place as i64) * width;
            let to = if place < n_bins { from + width } else { max.max(from + 1) };
            if place < n_bins || count > 0 {
                bins.push(Bin { from: hours(from), to: hours(to), count });
            }
        }
    }
    Distribution {
        unit: "h".into(),
        bins,
        unfinished: n_infinite,
        total: times.count() + n_infinite,
        limit,
        percentiles,
    }
}

/// Rounds a width up to 1, 2 or 5 minutes, quarters, hours, days ..., so that limits coincide with ends of bars.
fn nice_width(ms: i64) -> i64 {
    const MINUTE: i64 = 60_000;
    let minutes = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 7200, 14400];
    let seconds = [1, 2, 5, 10, 50, 100, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000];
    let round = seconds.into_iter().chain(minutes.into_iter().map(|minutes| minutes * MINUTE));
    round.into_iter().find(|&width| width >= ms).unwrap_or(ms)
}

fn invariants(checks: Checks) -> BTreeMap<String, InvariantOutcome> {
    // A violation ends the run with an error: what is reported here has held.
    [
        ("conservation", checks.conservation),
        ("categories", checks.categories),
        ("capacity", checks.capacity),
        ("opening-hours", checks.opening_hours),
        ("cut-off", checks.cutoff),
        ("time", checks.time),
        ("little", checks.little),
    ]
    .into_iter()
    .map(|(name, checked)| (name.to_owned(), InvariantOutcome { checked, violated: 0 }))
    .collect()
}

pub(crate) fn scenario_info(built: &Built, seed: u64, replications: u32) -> ScenarioInfo {
    let model: &Model = &built.model;
    let window = model.window;
    let span = |from: Time, to: Time| -> Duration { to - from };
    ScenarioInfo {
        name: built.labels.name.clone(),
        title: text(&built.labels.title),
        start: built.labels.start.clone(),
        zone: built.labels.zone.clone(),
        window: Window {
            from: built.labels.window.0.clone(),
            until: built.labels.window.1.clone(),
            warm_up: span(Time::ZERO, window.from).to_string(),
            measure: span(window.from, window.to).to_string(),
            drain: span(window.to, window.end).to_string(),
            arrivals_until: (window.arrivals_until < window.end)
                .then(|| span(Time::ZERO, window.arrivals_until + Duration::from_ms(1)).to_string()),
        },
        seed,
        replications,
    }
}

fn texts(built: &Built) -> Texts {
    let model = &built.model;
    let labels = &built.labels;
    // Of a network that scenarios share, only what this one uses.
    let named = |all: &BTreeMap<String, Label>, used: fn(&Route) -> &Vec<String>| {
        let used: BTreeSet<&String> = built.routes.iter().flat_map(used).collect();
        all.iter().filter(|(id, _)| used.contains(id)).map(|(id, label)| (id.clone(), text(label))).collect()
    };
    Texts {
        flows: model
            .flows
            .iter_enumerated()
            .map(|(id, flow)| (flow.name.clone(), text(&labels.flows[id])))
            .collect(),
        resources: model
            .resources
            .iter_enumerated()
            .map(|(id, resource)| (resource.name.clone(), text(&labels.resources[id])))
            .collect(),
        services: model
            .services
            .iter_enumerated()
            .map(|(id, service)| (service.name.clone(), text(&labels.services[id])))
            .collect(),
        stages: stage_texts(built),
        nodes: named(&labels.nodes, |route| &route.nodes),
        passages: named(&labels.passages, |route| &route.passages),
    }
}

/// The itineraries from one way of a flow to another that no shipment took at a hub, each with the beginning of the paths of its figures.
/// They are left out of results.
fn unused_hybrids(model: &Model, figures: &BTreeMap<String, Figure>) -> BTreeMap<ItineraryId, String> {
    let mut unused = BTreeMap::new();
    for (id, flow) in model.flows.iter_enumerated() {
        for itinerary in crate::metrics::ways(model, id).skip(flow.itineraries.len()) {
            let head =
                paths::flow(&flow.name, &format!("itineraries.{}.", model.itineraries[itinerary].name));
            let share = figures.get(&format!("{head}share")).and_then(|figure| figure.estimate);
            if share.is_none_or(|share| share <= 0.0) {
                unused.insert(itinerary, head);
            }
        }
    }
    unused
}

/// Lists the itineraries of each flow that counts in promises, without unused ones.
fn routes(
    built: &Built,
    unused: &BTreeMap<ItineraryId, String>,
) -> BTreeMap<String, BTreeMap<String, sanda_results::Route>> {
    let model = &built.model;
    let mut all: BTreeMap<String, BTreeMap<String, sanda_results::Route>> = BTreeMap::new();
    for ((id, itinerary), route) in model.itineraries.iter_enumerated().zip(&built.routes) {
        let flow = &model.flows[itinerary.flow];
        if flow.background || unused.contains_key(&id) {
            continue;
        }
        let way = sanda_results::Route {
            share: route.share,
            expected_hours: route.expected.time.as_hours_f64(),
            sd_hours: Some(route.expected.sd_hours()).filter(|hours| hours.is_finite()),
            expected_cost: route.has_cost.then(|| route.expected.money.as_cny_f64()),
            nodes: route.nodes.clone(),
            services: route.services.clone(),
            connections: route.connections.clone(),
            borders: route.borders.clone(),
            passages: route.passages.clone(),
            replanned: route.replanned.as_ref().map(|way| sanda_results::Replanned {
                from: way.from.clone(),
                at: way.at.clone(),
                to: way.to.clone(),
            }),
        };
        all.entry(flow.name.clone()).or_default().insert(itinerary.name.clone(), way);
    }
    all
}

/// Lists the stages of each flow in the order in which its shipments pass them. The stages of a second itinerary stand where it
/// leaves the first.
fn stage_order(model: &Model) -> BTreeMap<String, Vec<String>> {
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for itinerary in model.itineraries.iter().filter(|itinerary| !model.flows[itinerary.flow].background) {
        let order = all.entry(model.flows[itinerary.flow].name.clone()).or_default();
        let mut place = 0;
        let ops = &model.programs.ops[itinerary.program as usize..];
        for op in ops.iter().take_while(|op| !matches!(op, Op::Deliver)) {
            let names = match op {
                Op::Ride(ride) => parts_of_ride(model, *ride),
                Op::EndStage(stage) if !model.stages[*stage].has_parts => {
                    vec![model.stages[*stage].name.clone()]
                }
                _ => continue,
            };
            for name in names {
                let known = order.iter().position(|known| *known == name);
                if known.is_none() {
                    order.insert(place, name);
                }
                place = known.unwrap_or(place) + 1;
            }
        }
    }
    all
}

/// Lists the parts of a ride: the wait for it, its legs and its stops, where they are reported separately.
fn parts_of_ride(model: &Model, ride: u32) -> Vec<String> {
    let ride = model.programs.rides[ride as usize];
    let Some(parts_from) = ride.parts_from else { return Vec::new() };
    let n_parts = 2 * usize::from(ride.to - ride.from);
    let parts = &model.programs.ride_parts[parts_from as usize..][..n_parts];
    let mut names: Vec<String> = parts.iter().map(|&part| model.stages[part].name.clone()).collect();
    if let Some((stage, _)) = names.first().and_then(|name| name.split_once('.')) {
        names.insert(0, format!("{stage}.wait"));
    }
    names
}

/// Maps the name of each stage to the words shown to readers.
fn stage_texts(built: &Built) -> BTreeMap<String, Text> {
    let mut texts = BTreeMap::new();
    for (id, stage) in built.model.stages.iter_enumerated() {
        let label = text(&built.labels.stages[id]);
        if stage.has_parts {
            let wait = Text::new(format!("{}：候班", label.zh), format!("{}: wait", label.en));
            texts.insert(format!("{}.wait", stage.name), wait);
        }
        texts.insert(stage.name.clone(), label);
    }
    texts
}

fn text(label: &Label) -> Text {
    Text::new(&label.zh, &label.en)
}
