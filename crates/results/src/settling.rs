//! The content of `warm-up.json`: how the times of each flow settle after the start of a run, and the warm-up that this requires.
//!
//! No estimate is computed here.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{ScenarioInfo, Text, finite};

/// The warm-up that a series requires.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SettlingAnswer {
    /// The times are steady from this day on, a whole number of weeks after the start.
    SteadyFrom(f64),
    /// The times do not settle within the run: it is too short, or the flow is overloaded.
    RunTooShort,
    /// Nothing of the flow was delivered.
    NothingDelivered,
}

/// How the times of a flow settle.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FlowSettling {
    /// Its id.
    pub flow: String,
    /// Its name.
    pub name: Text,
    /// Number of days of release per observation: 1, or 7 if not every day has releases.
    pub days_an_observation: u32,
    /// Observations: day of release after the start (the middle of the observation), and mean time from release to delivery in hours over
    /// all replications.
    pub series: Vec<[f64; 2]>,
    /// The moving average of Welch's plot, in the same form.
    pub smoothed: Vec<[f64; 2]>,
    /// The warm-up that the series requires.
    pub answer: SettlingAnswer,
}

/// The content of `warm-up.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Settling {
    /// [`SCHEMA`](crate::SCHEMA).
    pub schema: u32,
    /// The scenario.
    pub scenario: ScenarioInfo,
    /// The warm-up of the scenario, in days.
    #[serde(serialize_with = "finite::number")]
    pub warm_up_days: f64,
    /// The warm-up that suffices for all flows, in days; `None` where some flow does not settle.
    #[serde(serialize_with = "finite::optional")]
    pub recommended_days: Option<f64>,
    /// The flows, background flows excluded, by id.
    pub flows: Vec<FlowSettling>,
}
