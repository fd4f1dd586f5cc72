//! The options of the regression gate's commands. Does not own their help with examples (`args`).

use std::path::PathBuf;

use clap::Args;

use super::{Input, Luck, MOST_THREADS};

/// Options of `sanda check`.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub(crate) struct Check {
    /// Baselines, or folders of them.
    #[arg(required = true, value_name = "BASELINE.json")]
    pub(crate) baselines: Vec<PathBuf>,

    /// Compare the first two replications exactly, and judge no margins.
    #[arg(long, conflicts_with = "full")]
    pub(crate) quick: bool,

    /// Compare all replications of the baselines exactly, even where the first ones agree.
    #[arg(long)]
    pub(crate) full: bool,

    /// Exit with 5 if a metric has changed within its margin.
    #[arg(long)]
    pub(crate) strict: bool,

    /// Say how many replications each margin needs, and simulate nothing.
    #[arg(long, conflicts_with_all = ["quick", "full", "strict", "seed", "sets"])]
    pub(crate) power: bool,

    /// Largest number of looks at growing numbers of replications, over which the level of the tests is split.
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=4))]
    pub(crate) looks: u32,

    /// Another seed than the baseline's: replications are then not compared in pairs.
    #[arg(long, value_name = "S", conflicts_with = "quick")]
    pub(crate) seed: Option<u64>,

    /// Override a parameter by its path, to see what the gate says. May be given several times.
    #[arg(long = "set", value_name = "PATH=VALUE")]
    pub(crate) sets: Vec<String>,

    /// Write a report as JUnit XML.
    #[arg(long, value_name = "FILE")]
    pub(crate) junit: Option<PathBuf>,

    /// Write a report as SARIF 2.1.0.
    #[arg(long, value_name = "FILE")]
    pub(crate) sarif: Option<PathBuf>,

    /// Write a summary as Markdown.
    #[arg(long, value_name = "FILE")]
    pub(crate) markdown: Option<PathBuf>,

    /// Write all findings as JSON.
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,

    /// Worker threads. Default: one per core, or RAYON_NUM_THREADS. Results are the same for any number.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=i64::from(MOST_THREADS)))]
    pub(crate) threads: Option<u16>,

    /// Simulate everything anew, and keep nothing for later.
    #[arg(long)]
    pub(crate) no_pieces: bool,
}

/// Options of `sanda bless`.
#[derive(Debug, Args)]
pub(crate) struct Bless {
    #[command(flatten)]
    pub(crate) input: Input,

    /// The reason why these results are right, kept in the baseline.
    #[arg(long, value_name = "TEXT", required = true, value_parser = crate::command::bless::reason)]
    pub(crate) reason: String,

    /// The folder of baselines.
    #[arg(long, value_name = "DIR", default_value = "benches/baselines")]
    pub(crate) baselines: PathBuf,

    /// Begin a new ledger: distances are measured from here on.
    #[arg(long)]
    pub(crate) restart_ledger: bool,

    /// The day of the blessing. Default: that of SOURCE_DATE_EPOCH, or none.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = crate::command::bless::date)]
    pub(crate) date: Option<String>,

    #[command(flatten)]
    pub(crate) luck: Luck,

    /// Simulate everything anew, and keep nothing for later.
    #[arg(long)]
    pub(crate) no_pieces: bool,
}
