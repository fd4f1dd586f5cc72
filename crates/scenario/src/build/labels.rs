//! Names for readers, aligned with the ids of a model. They never enter the model, its digest or its results' numbers.

use std::collections::BTreeMap;

use sanda_core::model::Model;
use sanda_core::model::ids::{
    ConnectionId, DisruptionId, FlowId, PromiseId, RegimeId, ResourceId, ServiceId, StageId,
};
use sanda_units::IdVec;

use crate::schema::{Scenario, Text};

/// A name in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Label {
    /// The given name. Without one the id in words, such as `by north` for `by-north`.
    pub(super) fn of(text: Option<&Text>, id: &str) -> Self {
        text.map_or_else(
            || Self { zh: id.replace('-', " "), en: id.replace('-', " ") },
            |text| Self { zh: text.zh.clone(), en: text.en.clone() },
        )
    }
}

/// The texts of a scenario that readers see beside its numbers.
#[derive(Debug, Clone)]
pub struct Labels {
    /// The scenario's id.
    pub name: String,
    /// Title.
    pub title: Label,
    /// The question that the scenario answers.
    pub question: Option<Label>,
    /// The civil start with its zone, as in the file.
    pub start: String,
    /// The zone of the start.
    pub zone: String,
    /// Local beginning and end of the window.
    pub window: (String, String),
    /// Stages.
    pub stages: IdVec<StageId, Label>,
    /// Flows.
    pub flows: IdVec<FlowId, Label>,
    /// Resources.
    pub resources: IdVec<ResourceId, Label>,
    /// Services.
    pub services: IdVec<ServiceId, Label>,
    /// Regimes.
    pub regimes: IdVec<RegimeId, Label>,
    /// Connections on demand.
    pub connections: IdVec<ConnectionId, Label>,
    /// Nodes by id.
    pub nodes: BTreeMap<String, Label>,
    /// Straits, canals and borders by id.
    pub passages: BTreeMap<String, Label>,
    /// Promises.
    pub promises: IdVec<PromiseId, Label>,
    /// Target share of each promise.
    pub targets: IdVec<PromiseId, f64>,
    /// Clock of each promise.
    pub clocks: IdVec<PromiseId, String>,
    /// Disruptions.
    pub disruptions: IdVec<DisruptionId, Label>,
    /// The local beginning and end of each interval of the dated disruptions; empty for random ones.
    pub dates: IdVec<DisruptionId, Vec<[String; 2]>>,
}

impl Labels {
    pub(super) fn new(
        scenario: &Scenario,
        model: &Model,
        stages: IdVec<StageId, Label>,
        window: (String, String),
        dates: IdVec<DisruptionId, Vec<[String; 2]>>,
    ) -> Self {
        let name = scenario.name.value.to_string();
        let start = &scenario.start.value;
        debug_assert_eq!(model.flows.len(), scenario.flows.len());
        Self {
            window,
            dates,
            disruptions: model
                .disruptions
                .iter()
                .map(|params| {
                    let name = scenario.disruptions.iter().find(|(id, _)| id.as_str() == params.name);
                    Label::of(name.and_then(|(_, item)| item.name.as_ref()), &params.name)
                })
                .collect(),
            stages,
            title: Label::of(scenario.title.as_ref(), &name),
            question: scenario.question.as_ref().map(|text| Label::of(Some(text), "")),
            start: start.to_string(),
            zone: start.zone().name().to_owned(),
            flows: scenario
                .flows
                .iter()
                .map(|(id, flow)| Label::of(flow.name.as_ref(), id.as_str()))
                .collect(),
            resources: scenario
                .resources
                .iter()
                .map(|(id, item)| Label::of(item.name.as_ref(), id.as_str()))
                .collect(),
            services: scenario
                .services
                .iter()
                .map(|(id, item)| Label::of(item.name.as_ref(), id.as_str()))
                .collect(),
            regimes: scenario
                .regimes
                .iter()
                .map(|(id, item)| Label::of(item.name.as_ref(), id.as_str()))
                .collect(),
            connections: model
                .connections
                .iter()
                .map(|params| {
                    let name = scenario.connections.iter().find(|(id, _)| id.as_str() == params.name);
                    Label::of(name.and_then(|(_, item)| item.name.as_ref()), &params.name)
                })
                .collect(),
            nodes: scenario
                .nodes
                .iter()
                .map(|(id, item)| (id.to_string(), Label::of(item.name.as_ref(), id.as_str())))
                .collect(),
            passages: scenario
                .passages
                .iter()
                .map(|(id, item)| (id.to_string(), Label::of(item.name.as_ref(), id.as_str())))
                .collect(),
            promises: scenario
                .promises
                .iter()
                .map(|(id, item)| Label::of(item.name.as_ref(), id.as_str()))
                .collect(),
            targets: scenario.promises.values().map(|promise| promise.target.value.as_f64()).collect(),
            clocks: scenario.promises.values().map(|promise| promise.clock.value.to_string()).collect(),
            name,
        }
    }
}
