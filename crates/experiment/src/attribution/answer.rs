//! The answer to a question of attribution: what each cause costs, what remains, and what is out of reach.
//!
//! All differences are paired by replication. Percentiles do not add: the gains in route order are differences of neighbours, which add up
//! for every statistic, and what single removals miss of that sum is the interaction.

use std::collections::BTreeMap;

use sanda_core::kernel::random::KEY_LAYOUT;
use sanda_core::model::category::Category;
use sanda_core::model::ids::StageId;
use sanda_core::model::{Limit, Model};
use sanda_results::{
    Amplification, AttributedCause, AttributedPromise, AttributedSubject, Attribution, Bound, CauseKind,
    ComparedScenario, Figure, Gain, Remainder, SCHEMA, Shares, Text, Times, paths,
};

use super::cause::{Cause, Placed};
use super::interaction::interaction;
use super::{Asked, Attributed, IdealOutcomes, Observed};
use crate::estimate::paired_ratio;
use crate::figure::{self, CONFIDENCE};
use crate::sample::{Sample, difference};

/// An hour at a stage that counts as saved, in hours: less is rounding.
const LEAST_SAVED: f64 = 1.0 / 60.0;

/// Attributes the hours of the subject to its causes.
///
/// `observed` holds what was kept of the models, in their order. Determinism: a pure function of the models, the seed and the replications.
///
/// # Panics
/// If a model is missing.
pub fn attribute(
    attributed: &Attributed<'_>,
    seed: u64,
    observed: &[Observed],
    ideal: &IdealOutcomes,
    overrides: &[String],
) -> Attribution {
    assert_eq!(observed.len(), attributed.models.len(), "invariant: every model was observed");
    let answer = Answer { attributed, observed, ideal };
    let (base, free) = (&observed[0], &observed[attributed.free()]);
    let causes = answer.causes();
    let built = attributed.built;
    let mut notes = Vec::new();
    if attributed.causes.is_empty() {
        notes.push(Text::new(
            "沿途没有可去除的等待原因：资源不限、班次不满、口岸无拥堵、无扰动。",
            "No cause of waits can be removed on the way: nothing is limited, full, congested or disrupted.",
        ));
    }
    Attribution {
        schema: SCHEMA,
        key_layout: KEY_LAYOUT,
        confidence: CONFIDENCE.level(),
        scenario: ComparedScenario {
            name: built.labels.name.clone(),
            title: Text::new(&built.labels.title.zh, &built.labels.title.en),
            digest: built.digest.clone(),
            fingerprint: base.fingerprint,
            seed,
            replications: base.n_replications,
            draws: 0,
        },
        subject: answer.subject(),
        models: attributed.models.len() as u32,
        ideal: times(|statistic| ideal.sample(statistic)),
        freed: times(|statistic| answer.time(free, statistic)),
        actual: times(|statistic| answer.time(base, statistic)),
        share: answer
            .share(base)
            .zip(answer.share(free))
            .map(|(actual, freed)| Shares { actual: figure_of(&actual), freed: figure_of(&freed) }),
        ranking: ranking(&causes),
        causes,
        remainder: answer.remainder(free),
        interaction: answer.interaction(),
        bound: answer.bound(),
        overrides: overrides.to_vec(),
        notes,
    }
}

struct Answer<'a> {
    attributed: &'a Attributed<'a>,
    observed: &'a [Observed],
    ideal: &'a IdealOutcomes,
}

/// Returns a sample without observations.
const NOTHING: Sample = Sample::Mean(Vec::new());

fn times(sample: impl Fn(&str) -> Sample) -> Times {
    let figure = |statistic: &str| figure_of(&sample(statistic));
    Times { mean: figure("mean"), p50: figure("p50"), p90: figure("p90") }
}

/// Estimates the figure of one sample.
fn figure_of(sample: &Sample) -> Figure {
    match sample {
        Sample::Count(values) => figure::mean(values),
        Sample::Share(pairs) => figure::share(pairs, 1.0),
        Sample::Mean(pairs) => figure::ratio(pairs),
        Sample::Quantile { pooled, own } => figure::sectioned((!pooled.is_nan()).then_some(*pooled), own),
    }
}

/// Estimates by how much one sample exceeds another.
fn excess(of: &Sample, over: &Sample) -> Figure {
    // A whole replication may share one fate.
    difference(over, of, 1.0).map_or_else(Figure::default, |difference| difference.estimate().into())
}

impl Answer<'_> {
    fn model(&self) -> &Model {
        &self.attributed.built.model
    }

    fn time(&self, observed: &Observed, statistic: &str) -> Sample {
        let path = self.attributed.subject.time(self.model(), statistic);
        observed.samples.get(&path).cloned().unwrap_or(NOTHING)
    }

    fn share(&self, observed: &Observed) -> Option<Sample> {
        let path = self.attributed.subject.share(self.model())?;
        observed.samples.get(&path).cloned()
    }

    /// Estimates what is gained from one model to another.
    fn gain(&self, from: &Observed, to: &Observed) -> Gain {
        let saved = |statistic: &str| excess(&self.time(from, statistic), &self.time(to, statistic));
        let share = self.share(from).zip(self.share(to)).map(|(from, to)| excess(&to, &from));
        Gain { share, mean: saved("mean"), p50: saved("p50"), p90: saved("p90") }
    }

    fn causes(&self) -> Vec<AttributedCause> {
        let mut before = 0;
        let mut causes = Vec::new();
        for (place, placed) in self.attributed.causes.iter().enumerate() {
            let (single, upto) = (self.attributed.single[place], self.attributed.upto[place]);
            let (kind, owner, name) = self.named(placed);
            let id =
                if owner.is_empty() { "disruptions".to_owned() } else { format!("{}.{owner}", word(kind)) };
            causes.push(AttributedCause {
                id,
                kind,
                name,
                single: self.gain(&self.observed[0], &self.observed[single]),
                cumulative: self.gain(&self.observed[before], &self.observed[upto]),
                amplification: self.amplification(placed, &self.observed[single]),
            });
            before = upto;
        }
        causes
    }

    /// Returns kind, id and name of a cause.
    fn named(&self, placed: &Placed) -> (CauseKind, String, Text) {
        let (model, labels) = (self.model(), &self.attributed.built.labels);
        let of = |label: &sanda_scenario::build::Label| Text::new(&label.zh, &label.en);
        match placed.cause {
            Cause::Resource(id) => {
                (CauseKind::Resource, model.resources[id].name.clone(), of(&labels.resources[id]))
            }
            Cause::Gate(calendar) => placed.stages.first().map_or_else(
                || (CauseKind::Gate, calendar.index().to_string(), Text::default()),
                |&stage| {
                    let params = &model.stages[stage];
                    let id = format!("{}.{}", model.flows[params.flow].name, params.name);
                    let (stage, flow) = (&labels.stages[stage], &labels.flows[params.flow]);
                    // Gates of several flows are often called alike.
                    let is_alone = self.attributed.subject.flows.len() == 1;
                    let name = Text::new(
                        format!("{}（{}）", stage.zh, flow.zh),
                        format!("{} ({})", stage.en, flow.en),
                    );
                    (CauseKind::Gate, id, if is_alone { of(stage) } else { name })
                },
            ),
            Cause::Fleet(id) => {
                (CauseKind::Fleet, model.connections[id].name.clone(), of(&labels.connections[id]))
            }
            Cause::Full(id) => (CauseKind::Full, model.services[id].name.clone(), of(&labels.services[id])),
            Cause::Unpunctual(id) => {
                (CauseKind::Unpunctual, model.services[id].name.clone(), of(&labels.services[id]))
            }
            Cause::Regime(id) => (CauseKind::Regime, model.regimes[id].name.clone(), of(&labels.regimes[id])),
            Cause::Disruptions => (CauseKind::Disruptions, String::new(), Text::new("扰动", "disruptions")),
        }
    }

    /// Sums of hours from release to delivery and in some stages, and shipments delivered, by replication.
    fn hours(&self, observed: &Observed, stages: &[StageId]) -> Vec<(f64, f64, f64)> {
        let model = self.model();
        let mut sums = vec![(0.0, 0.0, 0.0); observed.n_replications as usize];
        let pairs = |path: &str| match observed.samples.get(path) {
            Some(Sample::Mean(pairs)) => pairs.clone(),
            _ => Vec::new(),
        };
        for &(flow, _) in &self.attributed.subject.flows {
            let params = &model.flows[flow];
            let door = paths::flow_clock(&params.name, &params.clocks[0].name, paths::MEAN);
            for (sum, (hours, n)) in sums.iter_mut().zip(pairs(&door)) {
                sum.0 += hours;
                sum.2 += n;
            }
        }
        for &stage in stages {
            for (sum, (hours, _)) in sums.iter_mut().zip(pairs(&self.attributed.stage_mean(stage))) {
                sum.1 += hours;
            }
        }
        sums
    }

    fn amplification(&self, placed: &Placed, without: &Observed) -> Option<Amplification> {
        if placed.stages.is_empty() {
            return None;
        }
        let stages = &placed.stages;
        let (base, without) = (self.hours(&self.observed[0], stages), self.hours(without, stages));
        let saved = |hours: fn(&(f64, f64, f64)) -> (f64, f64)| {
            let of = |all: &[(f64, f64, f64)]| all.iter().map(hours).collect::<Vec<_>>();
            paired_ratio(&of(&without), &of(&base), CONFIDENCE)
        };
        let at_stage = saved(|&(_, stage, n)| (stage, n));
        let door = saved(|&(door, _, n)| (door, n));
        let beyond = saved(|&(door, stage, n)| (door - stage, n));
        let is_saved = at_stage.value >= LEAST_SAVED && at_stage.low.is_none_or(|low| low > 0.0);
        let factor = is_saved.then(|| door.value / at_stage.value);
        // Rounding of sums is no saving.
        let is_amplified = factor.is_some() && beyond.low.is_some_and(|low| low > LEAST_SAVED);
        let missed = placed.next_ride.filter(|_| is_amplified).map(|service| {
            let label = &self.attributed.built.labels.services[service];
            Text::new(&label.zh, &label.en)
        });
        Some(Amplification {
            at_stage: at_stage.estimate().into(),
            door_to_door: door.estimate().into(),
            beyond: beyond.estimate().into(),
            factor: factor.filter(|factor| factor.is_finite()),
            missed,
        })
    }

    fn remainder(&self, free: &Observed) -> Remainder {
        let left = |statistic: &str| excess(&self.time(free, statistic), &self.ideal.sample(statistic));
        let gain = Gain { share: None, mean: left("mean"), p50: left("p50"), p90: left("p90") };
        let model = self.model();
        let mut categories = BTreeMap::new();
        for category in Category::ALL {
            if matches!(category, Category::Moving | Category::Worked | Category::Inspection) {
                continue;
            }
            let mut sums = vec![(0.0, 0.0); free.n_replications as usize];
            for &(flow, _) in &self.attributed.subject.flows {
                let path = paths::flow_category(&model.flows[flow].name, category.name());
                let Some(Sample::Mean(pairs)) = free.samples.get(&path) else { continue };
                for (sum, pair) in sums.iter_mut().zip(pairs) {
                    *sum = (sum.0 + pair.0, sum.1 + pair.1);
                }
            }
            if sums.iter().any(|sum| sum.0 > 0.0) {
                categories.insert(category.name().to_owned(), figure::ratio(&sums));
            }
        }
        Remainder { gain, categories }
    }

    /// All single gains minus the gain of all removals together.
    fn interaction(&self) -> Gain {
        let time = |statistic: &str| self.combined(&|observed| self.time(observed, statistic), 1.0);
        let share = self
            .share(&self.observed[0])
            .map(|_| self.combined(&|observed| self.share(observed).unwrap_or(NOTHING), -1.0));
        Gain { share, mean: time("mean"), p50: time("p50"), p90: time("p90") }
    }

    /// The interaction of one statistic; `sign` is that of a gain by a decrease.
    fn combined(&self, sample: &dyn Fn(&Observed) -> Sample, sign: f64) -> Figure {
        let of = |place: usize| sample(&self.observed[place]);
        let singles: Vec<Sample> = self.attributed.single.iter().map(|&place| of(place)).collect();
        interaction(&of(0), &singles, &of(self.attributed.free()), sign)
    }

    fn bound(&self) -> Option<Bound> {
        let promise = self.attributed.subject.promise?;
        let target = self.attributed.built.labels.targets[promise];
        let share = figure::share(&self.ideal.bound(), 1.0);
        // Without an interval nothing is proven.
        let is_out_of_reach = share.interval().is_some_and(|(_, upper)| upper < target);
        Some(Bound { share, is_out_of_reach })
    }

    fn subject(&self) -> AttributedSubject {
        let (model, labels) = (self.model(), &self.attributed.built.labels);
        let subject = &self.attributed.subject;
        let (is_promise, id, label, clock) = match subject.asked {
            Asked::Flow(flow) => {
                let params = &model.flows[flow];
                (false, &params.name, &labels.flows[flow], params.clocks[0].name.clone())
            }
            Asked::Promise(promise) => (
                true,
                &model.promises[promise].name,
                &labels.promises[promise],
                labels.clocks[promise].clone(),
            ),
        };
        let promise = subject.promise.map(|promise| AttributedPromise {
            id: model.promises[promise].name.clone(),
            name: Text::new(&labels.promises[promise].zh, &labels.promises[promise].en),
            limit_hours: match &model.promises[promise].limit {
                Limit::Within(limit) => Some(limit.as_hours_f64()),
                Limit::EndOfDay { .. } => None,
            },
            target: labels.targets[promise],
        });
        AttributedSubject {
            is_promise,
            id: id.clone(),
            name: Text::new(&label.zh, &label.en),
            flows: subject.flows.iter().map(|&(flow, _)| model.flows[flow].name.clone()).collect(),
            clock,
            promise,
        }
    }
}

/// The ids of the causes, the largest single gain first: of the share, then of the mean time.
fn ranking(causes: &[AttributedCause]) -> Vec<String> {
    let size = |figure: &Figure| figure.value().unwrap_or(0.0);
    let key =
        |cause: &AttributedCause| (cause.single.share.as_ref().map_or(0.0, size), size(&cause.single.mean));
    let mut order: Vec<&AttributedCause> = causes.iter().collect();
    order.sort_by(|a, b| {
        let (one, other) = (key(a), key(b));
        other.0.total_cmp(&one.0).then(other.1.total_cmp(&one.1))
    });
    order.into_iter().map(|cause| cause.id.clone()).collect()
}

/// The word for a kind in ids.
fn word(kind: CauseKind) -> &'static str {
    match kind {
        CauseKind::Resource => "resource",
        CauseKind::Gate => "gate",
        CauseKind::Fleet => "fleet",
        CauseKind::Full => "full",
        CauseKind::Unpunctual => "unpunctual",
        CauseKind::Regime => "regime",
        CauseKind::Disruptions => "disruptions",
    }
}
