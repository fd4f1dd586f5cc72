//! Attribution: where the hours of a flow and the lateness of a promise come from, by counterfactual.
//!
//! The same shipments meet the same luck with one cause of waits removed at a time, and with the causes removed one after the other in
//! route order. Owns which models that takes and what is kept of each. Causes, edits and the bound have files of their own; estimates are
//! made in `answer`.

mod answer;
mod bound;
mod cause;
mod edit;
mod interaction;

use std::collections::{BTreeMap, BTreeSet};

use sanda_core::model::Model;
use sanda_core::model::ids::{FlowId, PromiseId};
use sanda_results::paths;
use sanda_scenario::build::{Built, model_digest};
use sanda_study::{Part, PieceKey};

use crate::gather::Gathered;
use crate::pieces::Pieces;
use crate::sample::Sample;

pub use answer::attribute;
pub use bound::{IdealOutcomes, try_ideal};
pub use cause::{Cause, Placed, causes};
pub use edit::remove;

/// The subject of a question: whose hours are attributed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// A flow, by its first clock.
    Flow(FlowId),
    /// A promise, by its clock, all its flows together.
    Promise(PromiseId),
}

/// The question in terms of the model.
#[derive(Clone, Debug)]
pub(crate) struct Subject {
    pub(crate) asked: Asked,
    /// The flows, each with its clock.
    pub(crate) flows: Vec<(FlowId, u8)>,
    /// The promise whose share is asked about. Of a flow it is its first one from release to delivery.
    pub(crate) promise: Option<PromiseId>,
}

impl Subject {
    fn new(model: &Model, asked: Asked) -> Self {
        match asked {
            Asked::Flow(flow) => {
                let promises = &model.flows[flow].promises;
                let promise = promises.iter().find(|(_, clock)| *clock == 0).map(|&(promise, _)| promise);
                Self { asked, flows: vec![(flow, 0)], promise }
            }
            Asked::Promise(promise) => {
                let clock = |flow: FlowId| {
                    let found = model.flows[flow].promises.iter().find(|(id, _)| *id == promise);
                    found.map(|&(_, clock)| (flow, clock))
                };
                let flows = model.promises[promise].flows.iter().filter_map(|&flow| clock(flow)).collect();
                Self { asked, flows, promise: Some(promise) }
            }
        }
    }

    /// The path of the share, if there is a promise.
    fn share(&self, model: &Model) -> Option<String> {
        let name = model.promises[self.promise?].name.as_str();
        Some(match self.asked {
            Asked::Flow(flow) => paths::promise_by_flow(name, &model.flows[flow].name),
            Asked::Promise(_) => paths::promise_share(name),
        })
    }

    /// The path of a statistic of the time.
    fn time(&self, model: &Model, statistic: &str) -> String {
        match self.asked {
            Asked::Flow(flow) => {
                let flow = &model.flows[flow];
                paths::flow_clock(&flow.name, &flow.clocks[0].name, statistic)
            }
            Asked::Promise(promise) => {
                paths::promise(&model.promises[promise].name, &format!("time.{statistic}"))
            }
        }
    }
}

/// A model that the question needs: the causes that are removed in it, by their places in route order.
#[derive(Clone, Debug)]
struct Counterfactual {
    removed: Vec<usize>,
    digest: String,
}

/// The question and the models that answer it. The first model is the one as it is.
#[derive(Debug)]
pub struct Attributed<'b> {
    built: &'b Built,
    subject: Subject,
    causes: Vec<Placed>,
    models: Vec<Counterfactual>,
    /// By cause, the model without it alone.
    single: Vec<usize>,
    /// By cause, the model without it and everything before it.
    upto: Vec<usize>,
}

impl<'b> Attributed<'b> {
    /// Finds the causes and the models that it takes to tell them apart.
    pub fn new(built: &'b Built, asked: Asked) -> Self {
        let subject = Subject::new(&built.model, asked);
        let flows: Vec<FlowId> = subject.flows.iter().map(|&(flow, _)| flow).collect();
        let causes = causes(&built.model, &flows);
        let mut attributed = Self {
            built,
            subject,
            causes,
            models: vec![Counterfactual { removed: Vec::new(), digest: built.digest.clone() }],
            single: Vec::new(),
            upto: Vec::new(),
        };
        for place in 0..attributed.causes.len() {
            let single = attributed.place_of(vec![place]);
            attributed.single.push(single);
        }
        for place in 0..attributed.causes.len() {
            let upto = attributed.place_of((0..=place).collect());
            attributed.upto.push(upto);
        }
        attributed
    }

    /// The place of the model without these causes; models that are the same model are run once.
    fn place_of(&mut self, removed: Vec<usize>) -> usize {
        let digest = model_digest(&self.model_without(&removed));
        if let Some(place) = self.models.iter().position(|model| model.digest == digest) {
            return place;
        }
        self.models.push(Counterfactual { removed, digest });
        self.models.len() - 1
    }

    fn model_without(&self, removed: &[usize]) -> Model {
        let mut model = self.built.model.clone();
        for &place in removed {
            remove(&mut model, self.causes[place].cause);
        }
        model
    }

    /// The number of models to simulate.
    pub fn n_models(&self) -> usize {
        self.models.len()
    }

    /// The number of causes.
    pub fn n_causes(&self) -> usize {
        self.causes.len()
    }

    /// The place of the model without any cause.
    fn free(&self) -> usize {
        self.upto.last().copied().unwrap_or(0)
    }

    /// A model by its place, ready to run.
    pub fn model(&self, place: usize) -> Built {
        let Counterfactual { removed, digest } = &self.models[place];
        Built { model: self.model_without(removed), digest: digest.clone(), ..self.built.clone() }
    }

    /// The keys of all pieces that the answer rests on.
    fn keys(&self, seed: u64, n_replications: u64) -> impl Iterator<Item = PieceKey> {
        let watched: BTreeSet<usize> = [0, self.free()].into();
        let whole = (0..self.models.len()).map(|place| (place, Part::Whole));
        let all = whole.chain(watched.into_iter().map(|place| (place, Part::Ideal)));
        all.flat_map(move |(place, part)| {
            let model = self.models[place].digest.clone();
            (0..n_replications).map(move |replication| PieceKey {
                model: model.clone(),
                seed,
                replication,
                part,
            })
        })
    }

    /// How many replications the answer takes, and how many of them are there already.
    pub fn count(&self, seed: u64, n_replications: u64, pieces: &Pieces) -> (u64, u64) {
        let (mut n_all, mut n_there) = (0, 0);
        for key in self.keys(seed, n_replications) {
            n_all += 1;
            n_there += u64::from(pieces.folder().is_some_and(|folder| folder.has(&key)));
        }
        (n_all, n_there)
    }

    /// Keeps of a model's replications what the answer needs.
    pub fn keep(&self, gathered: &Gathered) -> Observed {
        let model = &self.built.model;
        let mut wanted: BTreeSet<String> = self.subject.share(model).into_iter().collect();
        wanted.extend(STATISTICS.iter().map(|statistic| self.subject.time(model, statistic)));
        for &(flow, _) in &self.subject.flows {
            let params = &model.flows[flow];
            wanted.insert(paths::flow_clock(&params.name, &params.clocks[0].name, paths::MEAN));
            for category in sanda_core::model::category::Category::ALL {
                wanted.insert(paths::flow_category(&params.name, category.name()));
            }
        }
        for &stage in self.causes.iter().flat_map(|placed| &placed.stages) {
            wanted.insert(self.stage_mean(stage));
        }
        Observed {
            samples: gathered.samples(|path| wanted.contains(path)),
            n_replications: gathered.n_replications(),
            fingerprint: gathered.fingerprint().total,
        }
    }

    fn stage_mean(&self, stage: sanda_core::model::ids::StageId) -> String {
        let model = &self.built.model;
        let stage = &model.stages[stage];
        paths::flow_stage(&model.flows[stage.flow].name, &stage.name, paths::MEAN)
    }
}

/// The statistics of the time that are attributed.
const STATISTICS: [&str; 3] = ["mean", "p50", "p90"];

/// What is kept of the replications of one model.
#[derive(Clone, Debug)]
pub struct Observed {
    samples: BTreeMap<String, Sample>,
    n_replications: u32,
    fingerprint: sanda_results::Hash64,
}
