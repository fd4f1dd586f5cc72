//! The facts that lives are told with: names in both languages, and the clock of the scenario's zone.
//!
//! Does not own the events of a life (`life`).

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

/// An id of the scenario with its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Named {
    /// The id.
    pub id: String,
    /// Its name.
    pub name: Text,
}

/// Names, and the clock of the scenario's zone.
#[derive(Debug)]
pub struct Facts<'b> {
    /// The model.
    pub model: &'b Model,
    /// The names.
    pub labels: &'b Labels,
    epoch: Epoch,
}

impl<'b> Facts<'b> {
    /// Creates the facts of a compiled scenario.
    ///
    /// # Errors
    ///
    /// If its start is invalid, which the scenario's own checks exclude.
    pub fn new(built: &'b Built) -> Result<Self, EpochError> {
        Ok(Self { model: &built.model, labels: &built.labels, epoch: built.labels.start.parse()? })
    }

    /// Returns the zone of all instants.
    pub fn zone(&self) -> &str {
        self.epoch.zone().name()
    }

    /// Returns the local time in the scenario's zone at an instant in milliseconds.
    pub fn local(&self, at: i64) -> LocalTime {
        self.epoch.local(Time::from_ms(at), self.epoch.zone())
    }

    /// Converts an instant to milliseconds since 1970 in UTC.
    pub fn unix_ms(&self, at: i64) -> i64 {
        self.epoch.unix_ms_at(Time::from_ms(at))
    }

    /// Returns the id and name of a node.
    pub fn node(&self, node: NodeId) -> Named {
        let id = self.model.nodes[node].name.clone();
        let name =
            self.labels.nodes.get(&id).map_or_else(|| Text { zh: id.clone(), en: id.clone() }, Text::from);
        Named { id, name }
    }

    /// Returns the id and name of a stop of a service.
    pub fn stop(&self, service: ServiceId, stop: u16) -> Named {
        self.node(self.model.services[service].stops[usize::from(stop)])
    }

    /// Returns the id and name of a service.
    pub fn service(&self, service: ServiceId) -> Named {
        Named { id: self.model.services[service].name.clone(), name: (&self.labels.services[service]).into() }
    }

    /// Returns the id and name of a promise.
    pub fn promise(&self, promise: PromiseId) -> Named {
        Named { id: self.model.promises[promise].name.clone(), name: (&self.labels.promises[promise]).into() }
    }
}

/// Converts milliseconds to hours.
pub(crate) fn hours(ms: i64) -> f64 {
    ms as f64 / 3_600_000.0
}
