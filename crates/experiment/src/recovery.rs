//! Recovery: how long after a dated disruption each promise is kept as usual again.
//!
//! Owns the definition of recovery, which `sanda_results::Recovery` states for readers. Does not own the weekly shares
//! and backlogs it judges (`metrics`, `gather`).

use std::collections::{BTreeMap, BTreeSet};

use sanda_core::model::ids::{FlowId, ServiceId};
use sanda_core::model::program::{Op, OpIndex};
use sanda_core::model::{ActTarget, DisruptionParams, Model, OccurrenceRule, WeekParams};
use sanda_results::{DatedDisruption, Figure, Recovery, Text};
use sanda_scenario::build::Built;
use sanda_units::{Duration, Time};

/// Least number of undisturbed weeks from which the usual share of a promise is judged.
const FEWEST_WEEKS: usize = 4;

/// A fall or rise of this part of the median is tolerated whatever the spread of the weeks.
const TOLERANCE: f64 = 0.1;

/// Robust standard deviations that are tolerated: of 1000 normal weeks one lies lower by chance.
const SPREADS: f64 = 3.0;

/// Standard deviation of a normal law over its median absolute deviation: 1 / Φ⁻¹(3/4).
const SIGMA_OF_MAD: f64 = 1.4826;

/// The dated disruptions with their intervals, for readers.
pub(crate) fn dated(built: &Built) -> BTreeMap<String, DatedDisruption> {
    let spans = |when: &OccurrenceRule| match when {
        OccurrenceRule::Dated(spans) => {
            Some(spans.iter().map(|&(from, to)| [days(from - Time::ZERO), days(to - Time::ZERO)]).collect())
        }
        OccurrenceRule::Alternating { .. } | OccurrenceRule::Strikes { .. } => None,
    };
    let disruptions = built.model.disruptions.iter_enumerated();
    disruptions
        .filter_map(|(id, params)| {
            let label = &built.labels.disruptions[id];
            let dates = built.labels.dates[id].clone();
            let days = spans(&params.when)?;
            let name = Text::new(&label.zh, &label.en);
            Some((params.name.clone(), DatedDisruption { name, days, dates }))
        })
        .collect()
}

/// Beginnings of the weeks that touch the window, in days after the start.
pub(crate) fn weeks(model: &Model) -> BTreeMap<String, f64> {
    let window = model.window;
    let weeks = model.periods.weeks.iter().filter(|week| week.to > window.from && week.from < window.to);
    weeks.map(|week| (week.label.clone(), days(week.from - Time::ZERO))).collect()
}

/// The recovery of a promise to some flows after each dated disruption that ends in the window and reaches one of them; none where
/// too few weeks are undisturbed to tell what is usual.
///
/// A disruption reaches a flow that uses one of its targets on some itinerary, itself or by a vehicle it rides. Effects that spread
/// through queues of other flows are left out: any poor week elsewhere in the year would be blamed on the disruption.
pub(crate) fn after_disruptions(
    model: &Model,
    flows: &[FlowId],
    by_week: &BTreeMap<String, Figure>,
    backlog: &BTreeMap<String, Figure>,
) -> BTreeMap<String, Recovery> {
    let dated: Vec<(&DisruptionParams, &[(Time, Time)])> = model
        .disruptions
        .iter()
        .filter_map(|params| match &params.when {
            OccurrenceRule::Dated(spans) => Some((params, spans.as_slice())),
            OccurrenceRule::Alternating { .. } | OccurrenceRule::Strikes { .. } => None,
        })
        .collect();
    if dated.is_empty() {
        return BTreeMap::new();
    }
    // Whole weeks of the window, with share and backlog.
    let whole: Vec<Week<'_>> = model
        .periods
        .weeks
        .iter()
        .filter(|week| week.from >= model.window.from && week.to <= model.window.to)
        .filter_map(|params| {
            let value = |figures: &BTreeMap<String, Figure>| figures.get(&params.label)?.estimate;
            Some(Week { params, share: value(by_week)?, backlog: value(backlog)? })
        })
        .collect();
    let touches = |week: &WeekParams, &(from, to): &(Time, Time)| from < week.to && to > week.from;
    let undisturbed: Vec<&Week<'_>> = whole
        .iter()
        .filter(|week| !dated.iter().any(|(_, spans)| spans.iter().any(|span| touches(week.params, span))))
        .collect();
    if undisturbed.len() < FEWEST_WEEKS {
        return BTreeMap::new();
    }
    let shares: Vec<f64> = undisturbed.iter().map(|week| week.share).collect();
    let backlogs: Vec<f64> = undisturbed.iter().map(|week| week.backlog).collect();
    let usual = median(&shares);
    let usual_backlog = median(&backlogs);
    let floor = usual - (TOLERANCE * usual).max(SPREADS * spread(&shares));
    let ceiling = usual_backlog + (TOLERANCE * usual_backlog).max(SPREADS * spread(&backlogs)).max(1.0);
    let mut recoveries = BTreeMap::new();
    let met = met(model, flows);
    let reaches = |params: &DisruptionParams| params.acts.iter().any(|act| met.contains(act.target));
    for (params, spans) in dated.into_iter().filter(|(params, _)| reaches(params)) {
        let (Some(&(from, _)), Some(&(_, to))) = (spans.first(), spans.last()) else { continue };
        if from < model.window.from || to > model.window.to {
            continue;
        }
        let recovery = after(&whole, (from, to), (usual, floor, ceiling));
        recoveries.extend(recovery.map(|recovery| (params.name.clone(), recovery)));
    }
    recoveries
}

/// The targets of disruptions on the itineraries of some flows.
#[derive(Default)]
struct Met {
    targets: Vec<ActTarget>,
    services: BTreeSet<ServiceId>,
}

impl Met {
    /// Whether it is among what can be befallen. A service is met as a whole: what holds it on one leg makes it late on the next.
    fn contains(&self, target: ActTarget) -> bool {
        match target {
            ActTarget::Departures(service) | ActTarget::Leg(service, _) => self.services.contains(&service),
            other => self.targets.contains(&other),
        }
    }

    /// What the program that begins here meets.
    fn add(&mut self, model: &Model, begin: OpIndex) {
        let programs = &model.programs;
        for op in programs.from(begin) {
            match op {
                Op::Work(work) | Op::Seize(work) => {
                    self.targets.push(ActTarget::Resource(programs.works[work as usize].resource));
                }
                Op::Delay(delay) | Op::Haul(delay) => {
                    let connection = programs.delays[delay as usize].connection;
                    self.targets.extend(connection.map(ActTarget::Connection));
                }
                Op::Ride(ride) => {
                    let service = programs.rides[ride as usize].service;
                    if self.services.insert(service) {
                        self.add(model, model.services[service].program);
                    }
                }
                _ => {}
            }
        }
    }
}

fn met(model: &Model, flows: &[FlowId]) -> Met {
    let mut met = Met::default();
    for (id, itinerary) in model.itineraries.iter_enumerated() {
        if flows.contains(&itinerary.flow) {
            met.targets.push(ActTarget::Itinerary(id));
            met.add(model, itinerary.program);
        }
    }
    met
}

/// A whole week of the window.
struct Week<'m> {
    params: &'m WeekParams,
    share: f64,
    backlog: f64,
}

/// The recovery after a disruption that lasts `from` to `to`; `None` if no week follows it.
fn after(
    weeks: &[Week<'_>],
    (from, to): (Time, Time),
    (usual, floor, ceiling): (f64, f64, f64),
) -> Option<Recovery> {
    let first = weeks.iter().position(|week| week.params.to > from)?;
    let following = weeks.iter().position(|week| week.params.to > to)?;
    let is_back = |place: usize| weeks[place..].iter().take(2).all(|week| week.share >= floor);
    let since_end = |at: Time| days((at - to).max(Duration::ZERO));
    let back = (following..weeks.len()).find(|&place| is_back(place));
    let rose = weeks[first..=following].iter().any(|week| week.backlog > ceiling);
    let cleared = weeks[following..].iter().find(|week| week.backlog <= ceiling);
    let cleared = if rose { cleared.map(|week| since_end(week.params.to)) } else { Some(0.0) };
    let felt = &weeks[first..back.unwrap_or(weeks.len()).max(following)];
    // A disruption within a week that is back itself: that week is all there is to see.
    let felt = if felt.is_empty() { &weeks[first..=first] } else { felt };
    let lowest = felt.iter().min_by(|a, b| a.share.total_cmp(&b.share))?;
    let figure = |days: Option<f64>| Figure::plain(days.unwrap_or(f64::INFINITY));
    Some(Recovery {
        days: figure(back.map(|place| since_end(weeks[place].params.from))),
        backlog_days: figure(cleared),
        is_felt: lowest.share < floor,
        undisturbed: usual,
        floor,
        ceiling,
        lowest: lowest.share,
        lowest_week: lowest.params.label.clone(),
    })
}

fn days(span: Duration) -> f64 {
    span.as_days_f64()
}

/// The middle value, or the mean of the two middle ones.
fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    if sorted.len() % 2 == 1 { sorted[middle] } else { f64::midpoint(sorted[middle - 1], sorted[middle]) }
}

/// A standard deviation that a few disturbed weeks do not move.
fn spread(values: &[f64]) -> f64 {
    let middle = median(values);
    let deviations: Vec<f64> = values.iter().map(|value| (value - middle).abs()).collect();
    SIGMA_OF_MAD * median(&deviations)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_spread_ignores_a_few_outliers() {
        let exact = |values: &[f64]| (Some(median(values)), Some(spread(values)));
        assert_eq!(exact(&[3.0, 1.0, 2.0]), (Some(2.0), Some(SIGMA_OF_MAD)));
        assert_eq!(exact(&[4.0, 1.0, 2.0, 3.0]).0, Some(2.5));
        assert_eq!(exact(&[1.0, 2.0, 3.0, 4.0, 100.0]), (Some(3.0), Some(SIGMA_OF_MAD)));
        assert_eq!(exact(&[0.9, 0.9, 0.9, 0.1]), (Some(0.9), Some(0.0)));
    }
}
