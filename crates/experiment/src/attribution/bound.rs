//! The ideal times of shipments, and the share that no measure on waits alone can exceed.
//!
//! Each shipment is watched twice: in the model as it is, and in the one without any cause of waits. The lesser ideal time of the two counts:
//! a running time belongs to a departure, and shipments that wait less take other departures. Does not own what ideal time is (`sanda_core`).

use std::collections::BTreeMap;
use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;

use sanda_core::Prepared;
use sanda_core::model::ids::FlowId;
use sanda_core::record::invariant::Violation;
use sanda_core::run::ideal::{IdealLife, IdealRecord};
use sanda_study::{Part, PieceKey};
use sanda_units::IdVec;

use super::{Attributed, Subject};
use crate::pieces::Pieces;
use crate::run::{Plan, Progress, RunError};
use crate::sample::Sample;
use crate::workers::Reports;

/// Milliseconds of an hour.
const HOUR: f64 = 3_600_000.0;

/// Ideal times of the shipments of one replication.
#[derive(Clone, Debug, Default, PartialEq)]
struct Section {
    /// Ideal times without any cause of waits, ascending, in milliseconds.
    times: Vec<i64>,
    /// Shipments released in the window.
    of: u64,
    /// Of these, those whose ideal time keeps the promise, or is not known.
    keep: u64,
}

/// The ideal times of all replications.
#[derive(Clone, Debug)]
pub struct IdealOutcomes(Vec<Section>);

impl IdealOutcomes {
    /// A statistic of the ideal times, as a sample in hours.
    pub(super) fn sample(&self, statistic: &str) -> Sample {
        let quantile = |times: &[i64], level: f64| {
            let rank = (level * times.len() as f64).ceil().max(1.0) as usize;
            times.get(rank - 1).map(|&time| time as f64 / HOUR)
        };
        let level = match statistic {
            "p50" => 0.5,
            "p90" => 0.9,
            _ => {
                let pair = |section: &Section| {
                    let sum: i128 = section.times.iter().map(|&time| i128::from(time)).sum();
                    (sum as f64 / HOUR, section.times.len() as f64)
                };
                return Sample::Mean(self.0.iter().map(pair).collect());
            }
        };
        let mut pooled: Vec<i64> = self.0.iter().flat_map(|section| section.times.iter().copied()).collect();
        pooled.sort_unstable();
        Sample::Quantile {
            pooled: quantile(&pooled, level).unwrap_or(f64::NAN),
            own: self.0.iter().map(|section| quantile(&section.times, level)).collect(),
        }
    }

    /// Of each replication, how many shipments can keep the promise at best, and how many there are.
    pub(super) fn bound(&self) -> Vec<(f64, f64)> {
        self.0.iter().map(|section| (section.keep as f64, section.of as f64)).collect()
    }
}

/// The piece of a model and a replication.
type Lives = IdVec<FlowId, IdealRecord>;

/// Watches every shipment of all replications in the model as it is and in the one without any cause of waits.
///
/// Determinism: the result depends on the models, the seed and the number of replications, never on threads.
///
/// # Errors
/// [`RunError`].
pub fn try_ideal(
    attributed: &Attributed<'_>,
    plan: Plan,
    pieces: &Pieces,
    stop: &AtomicBool,
    progress: &mut dyn Progress,
) -> Result<IdealOutcomes, RunError> {
    let subject = attributed.subject.clone();
    let (base, free) = (attributed.model(0), attributed.model(attributed.free()));
    let pieces = pieces.clone();
    let Plan { seed, n_replications, n_threads } = plan;
    let mut reports = Reports::of(n_threads, n_replications, stop, move |workers| {
        let prepared = [OnceLock::new(), OnceLock::new()];
        workers.each(|replication| {
            let lives = |place: usize| -> Result<Lives, Violation> {
                let built = [&base, &free][place];
                let key = PieceKey { model: built.digest.clone(), seed, replication, part: Part::Ideal };
                pieces.get(&key, || {
                    let prepared = prepared[place].get_or_init(|| Prepared::new(&built.model));
                    prepared.ideal_times(seed, replication)
                })
            };
            let as_it_is = lives(0)?;
            let without = if base.digest == free.digest { as_it_is.clone() } else { lives(1)? };
            Ok(section(&base.model, &subject, &as_it_is, &without))
        });
    })?;
    let mut sections: BTreeMap<u64, Section> = BTreeMap::new();
    let mut n_done = 0;
    while let Some((replication, done)) = reports.next(stop, progress) {
        let done: Result<Section, Violation> = done;
        let section = done.map_err(|violation| RunError::Violation { violation, seed, replication })?;
        sections.insert(replication, section);
        n_done += 1;
        progress.merged(n_done, n_replications, None);
    }
    if n_done < n_replications {
        return Err(RunError::Interrupted);
    }
    Ok(IdealOutcomes(sections.into_values().collect()))
}

fn section(
    model: &sanda_core::model::Model,
    subject: &Subject,
    as_it_is: &Lives,
    without: &Lives,
) -> Section {
    let mut section = Section::default();
    for &(flow, clock) in &subject.flows {
        let promise = subject
            .promise
            .and_then(|wanted| model.flows[flow].promises.iter().position(|&(promise, _)| promise == wanted));
        let times = without[flow].lives.iter().filter_map(|life| life.clocks[usize::from(clock)]);
        section.times.extend(times);
        section.of += as_it_is[flow].released;
        let mut keeps: BTreeMap<u64, bool> = BTreeMap::new();
        let lives: [&[IdealLife]; 2] = [&as_it_is[flow].lives, &without[flow].lives];
        for life in lives.into_iter().flatten() {
            *keeps.entry(life.number).or_default() |= promise.is_some_and(|place| life.keeps[place]);
        }
        // One that is delivered in neither model may keep it.
        let n_unknown = as_it_is[flow].released.saturating_sub(keeps.len() as u64);
        section.keep += keeps.values().filter(|keeps| **keeps).count() as u64 + n_unknown;
    }
    section.times.sort_unstable();
    section
}
