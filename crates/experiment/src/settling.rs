//! The warm-up of a model: mean times by day of release from the very start, judged by MSER-5 and smoothed as in Welch's plot.
//!
//! Owns the series and the answer for each flow. Does not own the statistics (`estimate::warm_up`) nor the choice, which the scenario
//! states. Replications are watched, so that they are run anew and leave no pieces.

use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;

use sanda_core::Prepared;
use sanda_core::model::Model;
use sanda_core::record::observer::{Delivery, Observer};
use sanda_results::{FlowSettling, SCHEMA, Settling, SettlingAnswer, Text};
use sanda_scenario::build::Built;

use crate::assemble::scenario_info;
use crate::estimate::{WarmUp, mser_5, welch};
use crate::run::{Plan, Progress, RunError};
use crate::workers::Reports;

const DAY: i64 = 86_400_000;
/// Days of a week, the period of timetables.
const WEEK: usize = 7;
/// Milliseconds of an hour.
const HOUR: f64 = 3_600_000.0;

/// Observations on either side in the moving average: a week, or two weeks where an observation is a week.
const HALF_WINDOW_OF_DAYS: usize = 7;
const HALF_WINDOW_OF_WEEKS: usize = 2;

/// Sum of times in milliseconds and number of shipments, by flow and by day of release.
#[derive(Clone, Debug)]
struct ByDay(Vec<Vec<(i128, u64)>>);

impl ByDay {
    fn new(model: &Model) -> Self {
        let n_days = (model.window.to.as_ms() + DAY - 1) / DAY;
        Self(vec![vec![(0, 0); n_days.max(0) as usize]; model.flows.len()])
    }

    fn add(&mut self, other: &Self) {
        for (days, more) in self.0.iter_mut().zip(&other.0) {
            for (day, more) in days.iter_mut().zip(more) {
                *day = (day.0 + more.0, day.1 + more.1);
            }
        }
    }
}

impl Observer for ByDay {
    // Sums by day of release do not ask in which order deliveries are told.
    const IN_ORDER: bool = false;

    fn delivered(&mut self, at: &Delivery) {
        let day = usize::try_from(at.released_at / DAY).ok();
        if let Some(day) = day.and_then(|day| self.0[at.flow.index()].get_mut(day)) {
            *day = (day.0 + i128::from(at.delivered_at - at.released_at), day.1 + 1);
        }
    }
}

/// Runs replications from time zero and says when the times of each flow are steady.
///
/// Determinism: a pure function of the model, the seed and the number of replications.
///
/// # Errors
/// As [`crate::run()`]; an interrupted run has no answer.
pub fn settle(
    built: &Built,
    plan: Plan,
    stop: &AtomicBool,
    progress: &mut dyn Progress,
) -> Result<Settling, RunError> {
    let model = built.model.clone();
    let mut reports = Reports::of(plan.n_threads, plan.n_replications, stop, move |workers| {
        let prepared = OnceLock::new();
        workers.each(|replication| {
            let prepared: &Prepared<'_> = prepared.get_or_init(|| Prepared::new(&model));
            prepared
                .replicate_observed(plan.seed, replication, ByDay::new(&model))
                .map(|(_, by_day)| by_day)
                .map_err(|violation| RunError::Violation { violation, seed: plan.seed, replication })
        });
    })?;
    let mut sums = ByDay::new(&built.model);
    let mut n_done = 0;
    while let Some((_, by_day)) = reports.next(stop, progress) {
        sums.add(&by_day?);
        n_done += 1;
        progress.merged(n_done, plan.n_replications, None);
    }
    if n_done < plan.n_replications {
        return Err(RunError::Interrupted);
    }
    let flows = built.model.flows.iter_enumerated().filter(|(_, flow)| !flow.background);
    let flows: Vec<FlowSettling> = flows
        .map(|(id, flow)| {
            let label = &built.labels.flows[id];
            let name = Text::new(label.zh.clone(), label.en.clone());
            of_flow(flow.name.clone(), name, &sums.0[id.index()])
        })
        .collect();
    let days = |flow: &FlowSettling| match flow.answer {
        SettlingAnswer::SteadyFrom(days) => Some(days),
        SettlingAnswer::RunTooShort => None,
        SettlingAnswer::NothingDelivered => Some(0.0),
    };
    let recommended: Option<Vec<f64>> = flows.iter().map(days).collect();
    Ok(Settling {
        schema: SCHEMA,
        scenario: scenario_info(built, plan.seed, n_done as u32),
        warm_up_days: built.model.window.from.as_ms() as f64 / DAY as f64,
        recommended_days: recommended.map(|days| days.into_iter().fold(0.0, f64::max)),
        flows,
    })
}

fn of_flow(flow: String, name: Text, days: &[(i128, u64)]) -> FlowSettling {
    // By the day where nearly every day has releases; by the week, the period of timetables, where not.
    let n_with = days.iter().filter(|day| day.1 > 0).count();
    let is_daily = n_with * 10 >= days.len() * 9;
    let length = if is_daily { 1 } else { WEEK };
    let observations = days.chunks_exact(length).enumerate().filter_map(|(place, days)| {
        let (sum, n) = days.iter().fold((0, 0), |sum, day| (sum.0 + day.0, sum.1 + day.1));
        let middle = (place * length) as f64 + length as f64 / 2.0;
        (n > 0).then(|| [middle, sum as f64 / n as f64 / HOUR])
    });
    let series: Vec<[f64; 2]> = observations.collect();
    let means: Vec<f64> = series.iter().map(|one| one[1]).collect();
    let answer = match mser_5(&means) {
        _ if means.is_empty() => SettlingAnswer::NothingDelivered,
        Some(WarmUp::EndsAfter(n)) => {
            // The first observation that is kept begins half its length before its middle.
            let from = series.get(n).map_or(0.0, |one| one[0] - length as f64 / 2.0);
            SettlingAnswer::SteadyFrom((from / WEEK as f64).ceil() * WEEK as f64)
        }
        Some(WarmUp::RunTooShort) | None => SettlingAnswer::RunTooShort,
    };
    let half = if is_daily { HALF_WINDOW_OF_DAYS } else { HALF_WINDOW_OF_WEEKS };
    let smoothed = welch(std::slice::from_ref(&means), half);
    let smoothed = series.iter().zip(smoothed).map(|(one, mean)| [one[0], mean]).collect();
    FlowSettling { flow, name, days_an_observation: length as u32, series, smoothed, answer }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The answer for days with one shipment each, which takes the stated hours; none on days without.
    fn answer(hours: impl Iterator<Item = Option<u32>>) -> FlowSettling {
        let days: Vec<(i128, u64)> =
            hours.map(|hours| hours.map_or((0, 0), |hours| (i128::from(hours) * 3_600_000, 1))).collect();
        of_flow("boxes".to_owned(), Text::same("boxes"), &days)
    }

    #[test]
    fn a_rise_at_the_start_is_cut_off_by_whole_weeks() {
        // Steady from day 20 on: three weeks.
        let rising = answer((0..200).map(|day| Some(if day < 20 { day } else { 48 + day % 2 })));
        assert_eq!((rising.answer, rising.days_an_observation), (SettlingAnswer::SteadyFrom(21.0), 1));
        assert_eq!((rising.series.len(), rising.smoothed.len()), (200, 193));
        assert_eq!(answer((0..200).map(|day| Some(48 + day % 2))).answer, SettlingAnswer::SteadyFrom(0.0));
    }

    #[test]
    fn a_flow_that_never_settles_or_a_short_run_is_too_short() {
        assert_eq!(answer((0..200).map(|day| Some(48 + day))).answer, SettlingAnswer::RunTooShort);
        assert_eq!(answer((0..30).map(|day| Some(48 + day % 2))).answer, SettlingAnswer::RunTooShort);
        assert_eq!(answer((0..200).map(|_| None)).answer, SettlingAnswer::NothingDelivered);
    }

    #[test]
    fn releases_on_some_days_are_summed_by_the_week() {
        let weekly = answer((0..700).map(|day| (day % 7 == 2).then_some(48 + day / 7 % 2)));
        assert_eq!((weekly.days_an_observation, weekly.series.len()), (7, 100));
        assert_eq!((weekly.series[1], weekly.answer), ([10.5, 49.0], SettlingAnswer::SteadyFrom(0.0)));
    }
}
