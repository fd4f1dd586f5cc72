//! The model of a checked scenario: its parts compiled, reviewed and digested.
//!
//! Owns the order in which the parts of a model are built, and what is returned beside the model. Does not own the parts
//! (folders below) nor what the model means (`sanda_core`).
//!
//! The folders: `compile` makes the parts, with the help of `time` (civil time), `route` (ways), `expect` (expected times and
//! costs) and `price` (the tariff). `load` foresees how busy the model is, and `review` refuses or warns. All share the
//! `Builder`.

mod builder;
mod compile;
mod digest;
mod expect;
mod labels;
mod load;
mod notes;
mod price;
mod review;
mod route;
mod time;

use sanda_core::model::{Model, OccurrenceRule, Window};
use sanda_core::{RANK_LIMIT, n_places};
use sanda_units::{Duration, Time};

use crate::issue::Issues;
use crate::schema::{ArrivalsUntil, Scenario};
use crate::source::SourceMap;
use builder::Builder;
use review::{inactive, refuse};
use time::observed;

pub use builder::N_PRIORITIES;
pub use digest::digest as model_digest;
pub use labels::{Label, Labels};
pub use load::forecast::Forecast;
pub(crate) use load::offered::Offered;
pub use route::passed::{Route, Routes};

/// A built model, with what belongs to it but does not run: names for readers, run length, digest.
#[derive(Debug, Clone)]
pub struct Built {
    /// The model that replications run.
    pub model: Model,
    /// SHA-256 of the compiled model, in hexadecimal. Titles, notes and sources do not enter it.
    pub digest: String,
    /// The requested number of replications.
    pub n_replications: u64,
    /// The requested number of points of the input ranges, if stated.
    pub n_input_points: Option<u64>,
    /// The smallest differences that matter when scenarios are compared: one of a share, as a fraction, and
    /// one of a time.
    pub margins: (f64, Duration),
    /// The seed.
    pub seed: u64,
    /// Names and texts for reports, aligned with the model's ids.
    pub labels: Labels,
    /// What each itinerary passes, and its expected time and cost.
    pub routes: Routes,
    /// The expected size of one replication.
    pub forecast: Forecast,
}

/// The smallest differences that matter, as stated or by default.
fn margins(scenario: &Scenario) -> (f64, Duration) {
    scenario
        .run
        .matters
        .as_ref()
        .map_or(DEFAULT_MARGINS, |margins| (margins.share.value.as_f64(), margins.time.value.value()))
}

/// The default margins: one percentage point and a quarter of a day. The schema of margins states the same
/// values.
const DEFAULT_MARGINS: (f64, Duration) = (0.01, Duration::from_hours(6));

/// Compiles a checked scenario.
///
/// `None` means that at least one error was added to the issues. Inactive disruptions are checked as if
/// they were active.
pub fn build(scenario: &Scenario, sources: &SourceMap, issues: &mut Issues) -> Option<Built> {
    inactive::build_active(scenario, issues, |scenario, issues| {
        build_whole(scenario, sources, issues, |_| {})
    })
}

/// Compiles a checked scenario like [`build`] and adjusts the model at the end. Reports nothing about
/// inactive disruptions.
pub(crate) fn build_adjusted(
    scenario: &Scenario,
    sources: &SourceMap,
    issues: &mut Issues,
    adjust: impl FnOnce(&mut Model),
) -> Option<Built> {
    build_whole(&inactive::without_inactive(scenario), sources, issues, adjust)
}

/// Compiles a scenario like [`build_adjusted`], with all its disruptions.
fn build_whole(
    scenario: &Scenario,
    sources: &SourceMap,
    issues: &mut Issues,
    adjust: impl FnOnce(&mut Model),
) -> Option<Built> {
    let n_errors = issues.n_errors();
    let epoch = scenario.start.value.clone();
    let window = window(scenario, issues)?;
    let (scenario, traces) = observed::observe(scenario, &epoch, window, sources, issues);
    let scenario: &Scenario = &scenario;
    refuse::refuse_unsupported(scenario, issues);
    if scenario.flows.is_empty() {
        issues
            .warning(scenario.name.span, "the scenario has no flow: nothing will move")
            .path("flows")
            .label("expected at least one flow");
    }
    let mut builder = Builder::new(scenario, epoch, window, issues);
    builder.traces = traces;
    builder.build_nodes();
    builder.build_regimes();
    builder.build_resources();
    builder.build_services();
    builder.build_connections();
    builder.build_disruptions();
    builder.build_flows();
    if builder.issues.n_errors() == n_errors {
        builder.build_sights();
    }
    builder.build_flow_costs();
    builder.build_diversions();
    builder.build_rooms();
    builder.build_promises();
    if builder.issues.n_errors() == n_errors {
        builder.refuse_endless_work();
        builder.warn_of_overload();
        builder.warn_of_speeds();
        builder.warn_of_dates_outside();
        builder.warn_of_unused();
    }
    if builder.issues.n_errors() > n_errors {
        return None;
    }
    let zone = builder.epoch.zone().clone();
    let local = |at: Time| builder.epoch.local(at, &zone).civil.to_string();
    let window = (local(builder.window.from), local(builder.window.to));
    let dates = builder.model.disruptions.iter().map(|disruption| match &disruption.when {
        OccurrenceRule::Dated(spans) => spans.iter().map(|&(from, to)| [local(from), local(to)]).collect(),
        OccurrenceRule::Alternating { .. } | OccurrenceRule::Strikes { .. } => Vec::new(),
    });
    let dates = dates.collect();
    let routes = std::mem::take(&mut builder.routes);
    let (mut model, stage_labels) = builder.into_model();
    adjust(&mut model);
    let n_owners = model.flows.len() + model.services.len();
    if n_places(&model).max(n_owners) >= RANK_LIMIT {
        issues.error(scenario.name.span, format!("more than {RANK_LIMIT} places, or flows and services"));
        return None;
    }
    Some(Built {
        digest: digest::digest(&model),
        n_replications: scenario.run.replications.value.value(),
        n_input_points: scenario.run.input_points,
        margins: margins(scenario),
        seed: scenario.run.seed,
        labels: Labels::new(scenario, &model, stage_labels, window, dates),
        forecast: Forecast::of(&model, &routes),
        routes,
        model,
    })
}

fn window(scenario: &Scenario, issues: &mut Issues) -> Option<Window> {
    let run = &scenario.run;
    let from = Time::ZERO.checked_add(run.warm_up);
    let to = from.and_then(|from| from.checked_add(run.measure.value.value()));
    let end = to.and_then(|to| to.checked_add(run.drain.value));
    let (Some(from), Some(to), Some(end)) = (from, to, end) else {
        issues.error(run.measure.span, "the run is too long").path("run");
        return None;
    };
    if end.as_ms() > Duration::from_days(366 * 1000).as_ms() {
        issues
            .error(run.measure.span, "the run is longer than a thousand years")
            .path("run")
            .label("expected warm-up, window and drain of less than 1000 years together")
            .hint(Some("more replications narrow the intervals just as well".to_owned()));
        return None;
    }
    let arrivals_until = match run.arrivals_until {
        ArrivalsUntil::DrainEnd => end,
        // The window is half-open: an arrival exactly at its end does not belong to it.
        ArrivalsUntil::MeasureEnd => Time::from_ms(to.as_ms() - 1),
        ArrivalsUntil::At(after) => Time::ZERO + after,
    };
    Some(Window { from, to, arrivals_until, end })
}
