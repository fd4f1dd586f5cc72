//! The provenance of results: everything that may differ between two runs with the same results. No gate compares it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::finite;

/// The machine.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Host {
    /// Operating system, as Rust names it.
    pub os: String,
    /// Processor architecture, as Rust names it.
    pub arch: String,
}

/// The content of `provenance.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Provenance {
    /// [`SCHEMA`](crate::SCHEMA).
    pub schema: u32,
    /// Name of the engine.
    pub engine: String,
    /// Its version.
    pub engine_version: String,
    /// The scenario's files: the one that was run, then its bases.
    pub scenario_files: Vec<String>,
    /// Parameters that were set for this run alone, as in the results.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overrides: Vec<String>,
    /// Digest of the compiled model, as in the results.
    pub digest: String,
    /// The seed.
    pub seed: u64,
    /// Version of the layout of random-number keys.
    pub key_layout: u32,
    /// Version of the time-zone database that was compiled in.
    pub tz_database: String,
    /// Number of finished replications.
    pub replications: u32,
    /// Whether the run was interrupted before all requested replications were finished.
    #[serde(default)]
    pub interrupted: bool,
    /// The precision that decided the number of replications, if one was requested.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub precision: Option<String>,
    /// Number of threads.
    pub threads: u32,
    /// Wall time of the simulation, seconds.
    #[serde(serialize_with = "finite::number")]
    pub wall_seconds: f64,
    /// The machine.
    pub host: Host,
    /// Number of events over all replications.
    pub events: u64,
    /// Number of shipments released over all replications.
    pub shipments: u64,
    /// Peak resident memory in bytes, if the system reports it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peak_memory_bytes: Option<u64>,
}
