//! The merge of replications: pooled records beside what each replication says by itself.
//!
//! Pooled records give point estimates, the sections of single replications give intervals: the replication is the unit
//! of inference. Merging is in index order and exact (integers, or sums of integers far below 2^53), so a result has
//! the same bytes for any number of threads. Memory grows with figures and replications, not with shipments.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use sanda_core::kernel::tally::{LevelTimes, PooledTally};
use sanda_core::kernel::week::WeekProfile;
use sanda_core::model::{Model, OccurrenceRule};
use sanda_core::record::Outcome;
use sanda_core::record::invariant::Checks;
use sanda_core::record::stuck::Stuck;
use sanda_results::{Figure, Fingerprint, Hash64, Remark, paths};

use crate::estimate::{self, Bracket};
use crate::figure;
use crate::metrics::{ACHIEVABLE, HOUR, Item, promise_times, walk};
use crate::section::TallySection;

/// Days of a week.
const DAYS_A_WEEK: f64 = 7.0;
/// Milliseconds of a day, the unit of laws.
const MILLISECONDS_A_DAY: f64 = 86_400_000.0;
/// Whole weeks of a month.
const WEEKS_A_MONTH: f64 = 4.0;

/// Weeks whose shipments may share one fate: one, the period of timetables, or as many as the states of a border regime hold together.
///
/// A state with persistence r stays as alike to itself as r^k over k periods, so that n periods are worth n (1 - r) / (1 + r)
/// independent ones. A disruption at random times holds as long as it lasts on average.
fn weeks_a_cluster(model: &Model) -> f64 {
    let regimes = model.regimes.iter().map(|regime| {
        let stays = regime.persistence as f64 / u64::MAX as f64;
        let periods = (1.0 + stays) / (1.0 - stays).max(f64::EPSILON);
        regime.period.as_days_f64() * periods
    });
    let disruptions = model.disruptions.iter().map(|disruption| match &disruption.when {
        OccurrenceRule::Dated(_) => 0.0,
        OccurrenceRule::Alternating { down: length, .. } | OccurrenceRule::Strikes { length, .. } => {
            length.mean() / MILLISECONDS_A_DAY
        }
    });
    regimes.chain(disruptions).fold(DAYS_A_WEEK, f64::max) / DAYS_A_WEEK
}

/// One replication's own value of every figure.
pub(crate) struct Section(Vec<Extract>);

/// One replication's own value of a figure.
enum Extract {
    /// A count.
    Value(f64),
    /// Numerator and denominator.
    Pair(f64, f64),
    /// Of a tally or a level.
    Tally(TallySection),
    /// Nothing kept by replication.
    Nothing,
}

/// All replications so far of one figure.
pub(crate) enum Accumulator {
    Count(Vec<f64>),
    Share(Vec<(f64, f64)>),
    Mean(Vec<(f64, f64)>),
    Tally { pooled: Box<PooledTally>, n_infinite: u64, statistics: Statistics, sections: Vec<TallySection> },
    Level { pooled: LevelTimes, sections: Vec<TallySection> },
    Week(WeekProfile),
}

/// The statistics that are estimated of a tally.
#[derive(Clone, Copy)]
pub(crate) struct Statistics {
    pub(crate) percentiles: &'static [f64],
    /// Recorded units in a unit of output.
    pub(crate) scale: f64,
    /// Only one-sided bounds of percentiles.
    pub(crate) achievable: bool,
}

impl Statistics {
    const fn times(percentiles: &'static [f64]) -> Self {
        Self { percentiles, scale: HOUR, achievable: false }
    }

    const NUMBERS: Self = Self { percentiles: &paths::WAIT_PERCENTILES, scale: 1.0, achievable: false };
    const ACHIEVABLE: Self = Self { percentiles: &ACHIEVABLE, scale: HOUR, achievable: true };
}

/// The percentiles of levels.
const LEVEL_PERCENTILES: [f64; 4] = paths::WAIT_PERCENTILES;

/// Reduces an outcome to this replication's own value of every figure. Runs on the workers.
pub(crate) fn section_of(model: &Model, outcome: &Outcome) -> Section {
    let mut extracts = Vec::new();
    walk(model, outcome, &mut |_, item| {
        extracts.push(match item {
            Item::Count(count) => Extract::Value(count),
            Item::Share { part, whole } => Extract::Pair(part, whole),
            Item::Mean { sum, count } => Extract::Pair(sum, count),
            Item::Times { tallies, n_infinite, .. } | Item::Achievable { tallies, n_infinite } => {
                Extract::Tally(TallySection::of_all(&tallies, n_infinite))
            }
            Item::Numbers(tally) => Extract::Tally(TallySection::of(tally, 0)),
            Item::Level(level) => Extract::Tally(TallySection::of_level(level)),
            Item::Week(_) => Extract::Nothing,
        });
    });
    Section(extracts)
}

/// Fingerprints of each replication, by flow and by service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FingerprintsByReplication {
    /// Of the shipments of each flow.
    pub flows: BTreeMap<String, Vec<Hash64>>,
    /// Of the departures of each service.
    pub services: BTreeMap<String, Vec<Hash64>>,
}

/// All replications so far.
pub struct Gathered {
    accumulators: Vec<Accumulator>,
    /// Path of each accumulator.
    paths: Vec<String>,
    /// Times of each promise's clock, pooled, with those that never came.
    promise_times: Vec<(PooledTally, u64)>,
    /// Times of each flow's first clock, pooled, with those that never came.
    flow_times: Vec<(PooledTally, u64)>,
    /// Counts of each promise: kept, of, unfinished, lost.
    promise_counts: Vec<[u64; 4]>,
    fingerprint: Fingerprint,
    /// Fingerprints of single replications: of the flows, then of the services, in the order of their names.
    fingerprints: Vec<Box<[u64]>>,
    checks: Checks,
    /// Number of replications that ended with something stuck, and the first of them with what is stuck.
    n_stuck: u32,
    first_stuck: Option<(u64, Stuck)>,
    /// Length of the window in weeks.
    n_weeks: f64,
    /// Weeks whose shipments may share one fate.
    weeks_a_cluster: f64,
    n_replications: u32,
    n_events: u64,
    n_shipments: u64,
}

impl Gathered {
    pub(crate) fn new(model: &Model) -> Self {
        Self {
            accumulators: Vec::new(),
            paths: Vec::new(),
            promise_times: vec![(PooledTally::new(), 0); model.promises.len()],
            flow_times: vec![(PooledTally::new(), 0); model.flows.len()],
            promise_counts: vec![[0; 4]; model.promises.len()],
            fingerprint: Fingerprint::default(),
            fingerprints: Vec::new(),
            checks: Checks::default(),
            n_stuck: 0,
            first_stuck: None,
            n_weeks: (model.window.to - model.window.from).as_days_f64() / DAYS_A_WEEK,
            weeks_a_cluster: weeks_a_cluster(model),
            n_replications: 0,
            n_events: 0,
            n_shipments: 0,
        }
    }

    /// Adds the next replication.
    pub(crate) fn add(&mut self, model: &Model, outcome: &Outcome, section: Section) {
        if outcome.stuck.n > 0 {
            self.n_stuck += 1;
            let replication = u64::from(self.n_replications);
            self.first_stuck.get_or_insert_with(|| (replication, outcome.stuck.clone()));
        }
        self.n_replications += 1;
        self.n_events += outcome.events;
        self.n_shipments += outcome.shipments;
        self.add_checks(outcome.checks);
        self.add_fingerprint(model, outcome);
        for id in model.promises.ids() {
            let (tallies, n_infinite) = promise_times(model, outcome, id);
            let (pooled, infinite) = &mut self.promise_times[id.index()];
            for tally in tallies {
                pooled.merge(tally);
            }
            *infinite += n_infinite;
            let counts = &mut self.promise_counts[id.index()];
            for record in &outcome.promises[id] {
                counts[0] += record.kept;
                counts[1] += record.of;
            }
            for &flow in &model.promises[id].flows {
                counts[2] += outcome.flows[flow].under_way();
                counts[3] += outcome.flows[flow].lost;
            }
        }
        for (id, record) in outcome.flows.iter_enumerated() {
            let (pooled, infinite) = &mut self.flow_times[id.index()];
            if let Some(clock) = record.clocks.first() {
                pooled.merge(clock);
            }
            *infinite += record.under_way() + record.lost;
        }
        let first = self.accumulators.is_empty();
        let mut place = 0;
        let mut extracts = section.0.into_iter();
        walk(model, outcome, &mut |path, item| {
            if first {
                self.paths.push(path());
                self.accumulators.push(Accumulator::new(&item));
            }
            if let Some(extract) = extracts.next() {
                self.accumulators[place].add(item, extract);
            }
            place += 1;
        });
    }

    fn add_checks(&mut self, checks: Checks) {
        let sums = &mut self.checks;
        sums.conservation += checks.conservation;
        sums.categories += checks.categories;
        sums.capacity += checks.capacity;
        sums.opening_hours += checks.opening_hours;
        sums.cutoff += checks.cutoff;
        sums.time += checks.time;
        sums.little += checks.little;
    }

    fn add_fingerprint(&mut self, model: &Model, outcome: &Outcome) {
        let flows = outcome.flows.iter().map(|record| record.fingerprint);
        let services = outcome.services.iter().map(|record| record.fingerprint);
        self.fingerprints.push(flows.chain(services).collect());
        for (id, record) in outcome.flows.iter_enumerated() {
            let hash = self.fingerprint.flows.entry(model.flows[id].name.clone()).or_default();
            hash.0 = hash.0.wrapping_add(record.fingerprint);
        }
        for (id, record) in outcome.services.iter_enumerated() {
            let hash = self.fingerprint.services.entry(model.services[id].name.clone()).or_default();
            hash.0 = hash.0.wrapping_add(record.fingerprint);
        }
        let parts = self.fingerprint.flows.values().chain(self.fingerprint.services.values());
        self.fingerprint.total = Hash64(parts.fold(0_u64, |sum, hash| sum.wrapping_add(hash.0)));
    }

    /// Every figure as it was kept, by path.
    pub(crate) fn accumulators(&self) -> impl Iterator<Item = (&str, &Accumulator)> {
        self.paths.iter().map(String::as_str).zip(&self.accumulators)
    }

    /// Replications merged.
    pub fn n_replications(&self) -> u32 {
        self.n_replications
    }

    /// Events executed in all replications.
    pub fn n_events(&self) -> u64 {
        self.n_events
    }

    /// Shipments released in all replications.
    pub fn n_shipments(&self) -> u64 {
        self.n_shipments
    }

    /// Estimates the share of a promise that is kept, from the replications merged so far. Its cost grows with their number.
    pub fn share_kept(&self, promise: &str) -> Option<Figure> {
        Some(figure::share(self.share_pairs(&paths::promise_share(promise))?, self.n_clusters(self.n_weeks)))
    }

    /// Returns a share in the first replication alone; `None` where nothing counted in it.
    pub(crate) fn share_of_first(&self, path: &str) -> Option<f64> {
        let (part, whole) = *self.share_pairs(path)?.first()?;
        (whole > 0.0).then(|| part / whole)
    }

    /// Returns the number of groups of shipments of a replication that are taken to have fates of their own.
    pub fn clusters_a_replication(&self) -> f64 {
        self.n_clusters(self.n_weeks)
    }

    /// Returns the number of groups of shipments in `weeks` weeks of a replication that are taken to have fates of their own.
    fn n_clusters(&self, n_weeks: f64) -> f64 {
        (n_weeks / self.weeks_a_cluster).max(1.0)
    }

    /// Numerators and denominators of a share, by replications.
    fn share_pairs(&self, path: &str) -> Option<&[(f64, f64)]> {
        let place = self.paths.iter().position(|other| other == path)?;
        match &self.accumulators[place] {
            Accumulator::Share(pairs) => Some(pairs),
            _ => None,
        }
    }

    /// In how many replications something is stuck for ever, and the first of them with what is.
    pub(crate) fn stuck(&self) -> Option<(u32, u64, &Stuck)> {
        self.first_stuck.as_ref().map(|(replication, stuck)| (self.n_stuck, *replication, stuck))
    }

    /// Returns the fingerprints of all replications together, by flow and by service.
    pub fn fingerprint(&self) -> &Fingerprint {
        &self.fingerprint
    }

    /// Returns the fingerprints of each replication, in the order of their numbers.
    ///
    /// Determinism: dense ids are in the order of names, as the entries of the maps are.
    pub fn fingerprints_by_replication(&self) -> FingerprintsByReplication {
        let n_flows = self.fingerprint.flows.len();
        let of = |place: usize| self.fingerprints.iter().map(|all| Hash64(all[place])).collect();
        let name = |(place, name): (usize, &String)| (name.clone(), of(place));
        let flows = self.fingerprint.flows.keys().enumerate().map(name).collect();
        let services = self.fingerprint.services.keys().enumerate();
        FingerprintsByReplication {
            flows,
            services: services.map(|(place, key)| name((n_flows + place, key))).collect(),
        }
    }

    pub(crate) fn checks(&self) -> Checks {
        self.checks
    }

    /// Kept, of, unfinished, lost.
    pub(crate) fn promise_counts(&self, promise: usize) -> [u64; 4] {
        self.promise_counts[promise]
    }

    pub(crate) fn promise_times(&self, promise: usize) -> &(PooledTally, u64) {
        &self.promise_times[promise]
    }

    pub(crate) fn flow_times(&self, flow: usize) -> &(PooledTally, u64) {
        &self.flow_times[flow]
    }

    /// The design effect of a share, where it can be estimated.
    pub(crate) fn design_effect(&self, path: &str) -> Option<f64> {
        estimate::share(self.share_pairs(path)?, figure::CONFIDENCE, None).design_effect
    }

    /// All figures by path, and the series that are not figures.
    pub(crate) fn figures(&self) -> (BTreeMap<String, Figure>, BTreeMap<String, Vec<f64>>) {
        let all = || self.paths.par_iter().zip(&self.accumulators);
        let figures: Vec<_> = all().map(|(path, accumulator)| self.figures_of(path, accumulator)).collect();
        let series = all().filter_map(|(path, accumulator)| match accumulator {
            Accumulator::Week(week) => {
                let means = (0..sanda_core::kernel::week::N_HOURS).map(|hour| week.mean(hour).unwrap_or(0.0));
                Some((path.clone(), means.collect()))
            }
            _ => None,
        });
        (figures.into_iter().flatten().collect(), series.collect())
    }

    /// The figures of these paths alone; what is not estimated under a path is left out.
    pub(crate) fn figures_at(&self, wanted: &BTreeSet<String>) -> BTreeMap<String, Figure> {
        let is_of = |path: &str| {
            let head = format!("{path}.");
            wanted.contains(path)
                || wanted.range(head.clone()..).next().is_some_and(|first| first.starts_with(&head))
        };
        let accumulators = self.accumulators().filter(|(path, _)| is_of(path));
        let figures = accumulators.flat_map(|(path, accumulator)| self.figures_of(path, accumulator));
        figures.filter(|(path, _)| wanted.contains(path)).collect()
    }

    /// How many groups of shipments in the window of a replication are taken to have fates of their own.
    pub(crate) fn n_clusters_of_window(&self) -> f64 {
        self.n_clusters(self.n_weeks)
    }

    /// What is estimated of one accumulator.
    fn figures_of(&self, path: &str, accumulator: &Accumulator) -> Vec<(String, Figure)> {
        let one = |figure: Figure| vec![(path.to_owned(), figure)];
        match accumulator {
            Accumulator::Count(values) => one(figure::mean(values)),
            Accumulator::Share(pairs) => {
                let (is_weekly, is_monthly) = (path.contains(".by_week."), path.contains(".by_month."));
                let is_of_period = is_weekly || is_monthly;
                let most = if is_weekly {
                    1.0
                } else if is_monthly {
                    WEEKS_A_MONTH
                } else {
                    self.n_weeks
                };
                let figure = figure::share(pairs, self.n_clusters(self.n_weeks.min(most)));
                // Periods without shipments (those of the warm-up) are not worth a row.
                if figure.estimate.is_some() || !is_of_period { one(figure) } else { Vec::new() }
            }
            Accumulator::Mean(pairs) => one(figure::ratio(pairs)),
            Accumulator::Tally { pooled, n_infinite, statistics, sections } => {
                figures_of_tally(path, *statistics, pooled, *n_infinite, sections)
            }
            Accumulator::Level { pooled, sections } => figures_of_level(path, pooled, sections),
            Accumulator::Week(_) => Vec::new(),
        }
    }
}

/// Counts each replication's values that do not exceed the pooled percentile, and all its values.
///
/// Where none exceeds it, that says nothing of how much replications differ: then how many lie below it, whole numbers as they are.
fn shares_at(percentile: Bracket, sections: &[TallySection]) -> Vec<(f64, f64)> {
    let at = |value: f64| -> Vec<(f64, f64)> {
        sections.iter().map(|section| section.at_or_below(value)).collect()
    };
    let pairs = at(percentile.high);
    let all = pairs.iter().all(|(part, whole)| part >= whole);
    let below = if all { at(percentile.low - 1.0) } else { Vec::new() };
    if below.iter().any(|pair| pair.0 > 0.0) { below } else { pairs }
}

/// Names and estimates mean, standard deviation and percentiles of a tally.
fn figures_of_tally(
    path: &str,
    statistics: Statistics,
    pooled: &PooledTally,
    n_infinite: u64,
    sections: &[TallySection],
) -> Vec<(String, Figure)> {
    let mut figures = Vec::new();
    if !statistics.achievable {
        let unfinished = |figure: Figure| {
            if n_infinite > 0 && pooled.count() > 0 {
                figure.with_remark(Remark::LeavesOutUnfinished)
            } else {
                figure
            }
        };
        let pairs: Vec<(f64, f64)> =
            sections.iter().map(|section| (section.sum / statistics.scale, section.count)).collect();
        figures.push((format!("{path}.{}", paths::MEAN), unfinished(figure::ratio(&pairs))));
        let own: Vec<Option<f64>> =
            sections.iter().map(|section| section.sd.map(|sd| sd / statistics.scale)).collect();
        let sd = pooled.variance().map(|variance| variance.sqrt() / statistics.scale);
        figures.push((format!("{path}.{}", paths::SD), unfinished(figure::sectioned(sd, &own))));
    }
    let ranks = pooled.histogram().ranks();
    let n_all = pooled.count() + n_infinite;
    let quantile = |share: f64| {
        let bound = |value: Option<i64>| value.map_or(f64::INFINITY, |value| value as f64);
        if n_all == 0 {
            return Bracket::exact(f64::NAN);
        }
        let low = bound(ranks.quantile_at_least(n_infinite, share));
        Bracket { low, high: bound(ranks.quantile(n_infinite, share)) }
    };
    for &level in statistics.percentiles {
        let at_or_below = shares_at(quantile(level), sections);
        let scaled = |share: f64| {
            let Bracket { low, high } = quantile(share);
            Bracket { low: low / statistics.scale, high: high / statistics.scale }
        };
        let figure = if statistics.achievable {
            figure::achievable(level, scaled, &at_or_below)
        } else {
            figure::quantile(level, scaled, &at_or_below)
        };
        figures.push((format!("{path}.{}", paths::percentile(level)), figure));
    }
    figures
}

/// Names and estimates mean, standard deviation and percentiles of a level.
fn figures_of_level(path: &str, pooled: &LevelTimes, sections: &[TallySection]) -> Vec<(String, Figure)> {
    let pairs: Vec<(f64, f64)> = sections.iter().map(|section| (section.sum, section.count)).collect();
    let own: Vec<Option<f64>> = sections.iter().map(|section| section.sd).collect();
    let mut figures = vec![
        (format!("{path}.{}", paths::MEAN), figure::ratio(&pairs)),
        (format!("{path}.{}", paths::SD), figure::sectioned(pooled.standard_deviation(), &own)),
    ];
    let quantile = |share: f64| Bracket::exact(pooled.quantile(share).map_or(f64::NAN, f64::from));
    for level in LEVEL_PERCENTILES {
        let at_or_below = shares_at(quantile(level), sections);
        let figure = figure::quantile(level, quantile, &at_or_below);
        figures.push((format!("{path}.{}", paths::percentile(level)), figure));
    }
    figures
}

impl Accumulator {
    fn new(item: &Item<'_>) -> Self {
        let tally = |statistics| Self::Tally {
            pooled: Box::default(),
            n_infinite: 0,
            statistics,
            sections: Vec::new(),
        };
        match item {
            Item::Count(_) => Self::Count(Vec::new()),
            Item::Share { .. } => Self::Share(Vec::new()),
            Item::Mean { .. } => Self::Mean(Vec::new()),
            Item::Times { percentiles, .. } => tally(Statistics::times(percentiles)),
            Item::Numbers(_) => tally(Statistics::NUMBERS),
            Item::Achievable { .. } => tally(Statistics::ACHIEVABLE),
            Item::Level(_) => Self::Level { pooled: LevelTimes::new(), sections: Vec::new() },
            Item::Week(_) => Self::Week(WeekProfile::default()),
        }
    }

    fn add(&mut self, item: Item<'_>, extract: Extract) {
        match (self, item, extract) {
            (Self::Count(values), _, Extract::Value(value)) => values.push(value),
            (Self::Share(pairs) | Self::Mean(pairs), _, Extract::Pair(part, whole)) => {
                pairs.push((part, whole));
            }
            (
                Self::Tally { pooled, n_infinite, sections, .. },
                Item::Times { tallies, n_infinite: more, .. }
                | Item::Achievable { tallies, n_infinite: more },
                Extract::Tally(own),
            ) => {
                for tally in tallies {
                    pooled.merge(tally);
                }
                *n_infinite += more;
                sections.push(own);
            }
            (Self::Tally { pooled, sections, .. }, Item::Numbers(tally), Extract::Tally(own)) => {
                pooled.merge(tally);
                sections.push(own);
            }
            (Self::Level { pooled, sections }, Item::Level(level), Extract::Tally(own)) => {
                pooled.merge(level);
                sections.push(own);
            }
            (Self::Week(pooled), Item::Week(week), _) => pooled.merge(week),
            _ => unreachable!("a figure keeps its kind from replication to replication"),
        }
    }
}
