//! The options of `sanda attribution`. Does not own their help with examples (`args`).

use std::path::PathBuf;

use clap::Args;

use super::{Kept, Luck};

/// Options of `sanda attribution`.
#[derive(Debug, Args)]
pub(crate) struct Attribution {
    /// Scenario file.
    #[arg(value_name = "SCENARIO.ron")]
    pub(crate) scenario: PathBuf,

    /// The flow whose hours are attributed, by its first clock.
    #[arg(long, value_name = "ID", conflicts_with = "promise")]
    pub(crate) flow: Option<String>,

    /// The promise whose hours are attributed, by its clock, all its flows together. Default: the only one from
    /// release to delivery.
    #[arg(long, value_name = "ID")]
    pub(crate) promise: Option<String>,

    /// Override a parameter by its path, as in error messages. May be given several times.
    #[arg(long = "set", value_name = "PATH=VALUE")]
    pub(crate) sets: Vec<String>,

    #[command(flatten)]
    pub(crate) luck: Luck,

    /// The folder under which the attribution gets its own, named after the scenario.
    #[arg(long, value_name = "DIR", default_value = "output")]
    pub(crate) out: PathBuf,

    /// Write results only, no figures.
    #[arg(long)]
    pub(crate) no_report: bool,

    #[command(flatten)]
    pub(crate) kept: Kept,
}
