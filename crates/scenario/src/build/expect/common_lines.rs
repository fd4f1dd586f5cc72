//! Rides on whichever of several services leaves first: their expected wait.
//!
//! These are the common lines of a public transport network (C. Chriqui and P. Robillard, "Common bus
//! lines", 1975). With timetables, the first departure after an instant is known. With headways only
//! frequencies are known, and they add up. Does not own the wait for a single service (`headway`) or
//! boarding in a run (`sanda_core`).

use sanda_core::model::ids::ServiceId;
use sanda_core::model::{DepartureRule, ServiceParams};

use super::moments::Moments;
use crate::build::builder::Builder;
use crate::build::load::offered::cancelled;
use crate::decode::{Entry, Name};
use crate::schema::Service;
use crate::source::Located;

/// A service between two of its stops.
pub(in crate::build) struct Line<'a> {
    pub service: &'a Located<Name>,
    pub entry: &'a Entry<Service>,
    pub id: ServiceId,
    pub from: usize,
    pub to: usize,
}

/// A departure of a timetable, in milliseconds.
#[derive(Debug, Clone, Copy)]
struct Departure {
    /// The latest instant of readiness that makes this departure.
    ready_by: f64,
    /// The planned departure.
    at: f64,
    /// The line of the departure.
    line: usize,
}

/// Probability below which a case is ignored.
const HARDLY_EVER: f64 = 1e-9;

impl<'a> Builder<'a> {
    /// The services between the stops of a ride, ascending by name. Invalid ones are left out.
    pub(in crate::build) fn lines_of<'s>(
        &self,
        services: &'s [Located<Name>],
        from: Option<&Located<Name>>,
        to: Option<&Located<Name>>,
    ) -> Vec<Line<'s>>
    where
        'a: 's,
    {
        let scenario = self.scenario;
        let line = |service: &'s Located<Name>| {
            let (_, from, to) = self.stops_of_ride(service, from, to)?;
            let id = *self.service_ids.get(&service.value)?;
            Some(Line { service, entry: scenario.services.get(&service.value)?, id, from, to })
        };
        let mut lines: Vec<Line<'s>> = services.iter().filter_map(line).collect();
        lines.sort_by_key(|line| line.id);
        lines
    }

    /// The wait from any instant of readiness to the first departure of any line, and the share of each
    /// line in the first departures. Departures have room; cancellations are random.
    pub(in crate::build) fn first_to_leave(&self, lines: &[Line<'_>]) -> (Moments, Vec<f64>) {
        let alone = |line: &Line<'_>| {
            let cutoff = Moments { mean: line.entry.cutoff.as_ms() as f64, variance: 0.0 };
            self.expected_departure(&line.service.value, line.entry).plus(cutoff)
        };
        if let [only] = lines {
            return (alone(only), vec![1.0]);
        }
        let params: Option<Vec<&ServiceParams>> =
            lines.iter().map(|line| self.model.services.as_slice().get(line.id.index())).collect();
        let waits: Vec<Moments> = lines.iter().map(alone).collect();
        let timetables = params.and_then(|params| self.timetables(lines, &params));
        timetables.unwrap_or_else(|| by_frequency(&waits))
    }

    /// The result of [`Self::first_to_leave`] for timetables. `None` if some line has no timetable, or if
    /// there are too few departures.
    fn timetables(&self, lines: &[Line<'_>], params: &[&ServiceParams]) -> Option<(Moments, Vec<f64>)> {
        let end = self.window.end.as_ms();
        let mut departures: Vec<Departure> = Vec::new();
        for (line, params) in params.iter().enumerate() {
            let planned = params.planned_departure.get(lines[line].from)?.as_ms();
            let mut add = |at: i64| {
                let at = (at + planned) as f64;
                departures.push(Departure { ready_by: at - params.cutoff.as_ms() as f64, at, line });
            };
            match &params.departs {
                DepartureRule::Every { offset, period } => {
                    let n = (end - offset.as_ms()).max(0) / period.as_ms().max(1);
                    (0..=n).for_each(|n| add(offset.as_ms() + n * period.as_ms()));
                }
                DepartureRule::Dates(dates) => dates.iter().for_each(|date| add(date.as_ms())),
                DepartureRule::Headway(..) | DepartureRule::WhenFull { .. } => return None,
            }
        }
        let cancelled: Vec<f64> = params.iter().map(|params| cancelled(params)).collect();
        first_of_timetables(departures, &cancelled)
    }
}

/// The wait for the first of these departures, and the share of each line. The wait is averaged over all
/// instants of readiness from the first departure to the last.
fn first_of_timetables(mut departures: Vec<Departure>, cancelled: &[f64]) -> Option<(Moments, Vec<f64>)> {
    departures.sort_by(|a, b| a.at.total_cmp(&b.at).then(a.line.cmp(&b.line)));
    let mut instants: Vec<f64> = departures.iter().map(|departure| departure.ready_by).collect();
    instants.sort_by(f64::total_cmp);
    instants.dedup();
    let (mut first, mut second) = (0.0, 0.0);
    let mut shares = vec![0.0; cancelled.len()];
    for pair in instants.windows(2) {
        let [begin, end] = [pair[0], pair[1]];
        let from = departures.partition_point(|departure| departure.at < end);
        let mut left = 1.0;
        let mut candidates =
            departures[from..].iter().filter(|departure| departure.ready_by >= end).peekable();
        while let Some(departure) = candidates.next() {
            // The last departure in the timetable always runs: longer runs of cancellations than the
            // timetable are not known.
            let runs = if candidates.peek().is_some() { 1.0 - cancelled[departure.line] } else { 1.0 };
            let (longest, shortest) = (departure.at - begin, departure.at - end);
            first += left * runs * (longest * longest - shortest * shortest) / 2.0;
            second += left * runs * (longest * longest * longest - shortest * shortest * shortest) / 3.0;
            shares[departure.line] += left * runs * (end - begin);
            left *= 1.0 - runs;
            if left < HARDLY_EVER {
                break;
            }
        }
    }
    let length = instants.last()? - instants.first()?;
    (length > 0.0).then(|| {
        let shares = shares.into_iter().map(|share| share / length).collect();
        (Moments::from_second(first / length, second / length), shares)
    })
}

/// The wait for the first of several lines, and the share of each line, from the wait for each line alone.
/// Departures are taken as random, so frequencies add up.
fn by_frequency(waits: &[Moments]) -> (Moments, Vec<f64>) {
    if let Some(at_once) = waits.iter().position(|wait| wait.mean <= 0.0) {
        let shares = (0..waits.len()).map(|line| if line == at_once { 1.0 } else { 0.0 });
        return (Moments::default(), shares.collect());
    }
    let frequency: f64 = waits.iter().map(|wait| 1.0 / wait.mean).sum();
    let mean = if frequency > 0.0 { 1.0 / frequency } else { f64::INFINITY };
    let share = |wait: &Moments| if frequency > 0.0 { 1.0 / wait.mean / frequency } else { 0.0 };
    (Moments { mean, variance: mean * mean }, waits.iter().map(share).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn departures(of_lines: &[&[(f64, f64)]]) -> Vec<Departure> {
        let all = of_lines.iter().enumerate();
        all.flat_map(|(line, list)| list.iter().map(move |&(ready_by, at)| Departure { ready_by, at, line }))
            .collect()
    }

    #[test]
    fn the_first_of_two_timetables_by_hand() {
        // Alternating departures 2 and 5 apart: (4 + 25) / (2 * 7), as of one timetable.
        let list = departures(&[&[(0.0, 0.0), (7.0, 7.0), (14.0, 14.0)], &[(2.0, 2.0), (9.0, 9.0)]]);
        let (wait, shares) = first_of_timetables(list, &[0.0, 0.0]).expect("departures");
        assert!(
            (wait.mean - 29.0 / 14.0).abs() < 1e-12 && (shares[0] - 5.0 / 7.0).abs() < 1e-12,
            "{wait:?} {shares:?}"
        );
        // The line with the early cut-off leaves later. A shipment ready by 1 still takes the other.
        let list = departures(&[&[(1.0, 10.0)], &[(0.0, 0.0), (8.0, 8.0)]]);
        let (wait, shares) = first_of_timetables(list, &[0.0, 0.0]).expect("departures");
        assert_eq!((wait.mean, shares), (4.0, vec![0.0, 1.0]));
        // Half of the departures of the second line are cancelled. From 0 to 2 the wait for 4 is then 3 on
        // average instead of 1.
        let list = departures(&[&[(0.0, 0.0), (4.0, 4.0)], &[(2.0, 2.0)]]);
        let (wait, shares) = first_of_timetables(list, &[0.0, 0.5]).expect("departures");
        assert_eq!((wait.mean, shares), ((0.5 * 1.0 + 0.5 * 3.0 + 1.0) / 2.0, vec![0.75, 0.25]));
        assert!(first_of_timetables(departures(&[&[(1.0, 1.0)], &[(1.0, 2.0)]]), &[0.0, 0.0]).is_none());
    }

    #[test]
    fn frequencies_add_up() {
        let wait = |mean: f64| Moments { mean, variance: 1.0 };
        let (both, shares) = by_frequency(&[wait(3.0), wait(6.0)]);
        assert!((both.mean - 2.0).abs() < 1e-12 && (shares[0] - 2.0 / 3.0).abs() < 1e-12);
        assert_eq!(by_frequency(&[wait(3.0), wait(0.0)]).1, [0.0, 1.0]);
        assert_eq!(by_frequency(&[wait(f64::INFINITY), wait(4.0)]).1, [0.0, 1.0]);
    }
}
