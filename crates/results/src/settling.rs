//! The content of `warm-up.json`: how the times of each flow settle after the start of a run, and how long a warm-up that asks for. No
//! estimate is computed here.

use serde::{Deserialize, Serialize};

use crate::{ScenarioInfo, Text, finite};

/// What a series says of the warm-up.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SettlingAnswer {
    /// The times are steady from this day on, a whole number of weeks after the start.
    SteadyFrom(f64),
    /// They are not seen to settle: the run is too short, or the flow is overloaded.
    RunTooShort,
    /// Nothing of the flow was delivered.
    NothingDelivered,
}

/// How the times of a flow settle.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FlowSettling {
    /// Its id.
    pub flow: String,
    /// Its name.
    pub name: Text,
    /// Days of release that an observation sums up: 1, or 7 where not every day has releases.
    pub days_an_observation: u32,
    /// Day of release (the middle of what is summed up) after the start, and the mean time from release to delivery in hours, over
    /// all replications.
    pub series: Vec<[f64; 2]>,
    /// The moving average of Welch's plot, likewise.
    pub smoothed: Vec<[f64; 2]>,
    /// What the series says.
    pub answer: SettlingAnswer,
}

/// The content of `warm-up.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settling {
    /// [`SCHEMA`](crate::SCHEMA).
    pub schema: u32,
    /// The scenario.
    pub scenario: ScenarioInfo,
    /// Its own warm-up, in days.
    #[serde(serialize_with = "finite::number")]
    pub warm_up_days: f64,
    /// The warm-up that suffices for all flows, in days; `None` where some flow does not settle.
    #[serde(serialize_with = "finite::optional")]
    pub recommended_days: Option<f64>,
    /// The flows that are no background, by id.
    pub flows: Vec<FlowSettling>,
}
