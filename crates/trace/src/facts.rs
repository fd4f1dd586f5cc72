//! What lives are told with: the names of things in both languages, and the clock of the scenario's zone.

use sanda_core::model::Model;
use sanda_core::model::ids::{NodeId, PromiseId, ServiceId};
use sanda_network::{Epoch, EpochError, LocalTime};
use sanda_scenario::build::{Built, Label, Labels};
use sanda_units::Time;
use serde::Serialize;

/// A name or a sentence in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Text {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl From<&Label> for Text {
    fn from(label: &Label) -> Self {
        Self { zh: label.zh.clone(), en: label.en.clone() }
    }
}

/// Something with an id in the scenario and a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Named {
    /// The id.
    pub id: String,
    /// Its name.
    pub name: Text,
}

/// Names and the clock.
#[derive(Debug)]
pub struct Facts<'b> {
    /// The model.
    pub model: &'b Model,
    /// Names.
    pub labels: &'b Labels,
    epoch: Epoch,
}

impl<'b> Facts<'b> {
    /// Those of a compiled scenario.
    ///
    /// # Errors
    ///
    /// If its start is none, which the scenario's own checks exclude.
    pub fn new(built: &'b Built) -> Result<Self, EpochError> {
        Ok(Self { model: &built.model, labels: &built.labels, epoch: built.labels.start.parse()? })
    }

    /// The zone in which instants are told.
    pub fn zone(&self) -> &str {
        self.epoch.zone().name()
    }

    /// What a clock of the scenario's zone shows at an instant in milliseconds.
    pub fn local(&self, at: i64) -> LocalTime {
        self.epoch.local(Time::from_ms(at), self.epoch.zone())
    }

    /// An instant in milliseconds since 1970 in UTC.
    pub fn unix_ms(&self, at: i64) -> i64 {
        self.epoch.unix_ms_at(Time::from_ms(at))
    }

    /// A node.
    pub fn node(&self, node: NodeId) -> Named {
        let id = self.model.nodes[node].name.clone();
        let name =
            self.labels.nodes.get(&id).map_or_else(|| Text { zh: id.clone(), en: id.clone() }, Text::from);
        Named { id, name }
    }

    /// A stop of a service.
    pub fn stop(&self, service: ServiceId, stop: u16) -> Named {
        self.node(self.model.services[service].stops[usize::from(stop)])
    }

    /// A service.
    pub fn service(&self, service: ServiceId) -> Named {
        Named { id: self.model.services[service].name.clone(), name: (&self.labels.services[service]).into() }
    }

    /// A promise.
    pub fn promise(&self, promise: PromiseId) -> Named {
        Named { id: self.model.promises[promise].name.clone(), name: (&self.labels.promises[promise]).into() }
    }
}

/// Hours of a time in milliseconds.
pub(crate) fn hours(ms: i64) -> f64 {
    ms as f64 / 3_600_000.0
}
