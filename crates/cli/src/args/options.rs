//! The options of each command, and those that commands share: scenarios, luck, pieces, precision. Does not own their help with examples
//! (`args`).

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::MOST_THREADS;

/// The scenarios to read, and the overrides of their parameters.
#[derive(Debug, Args)]
pub(crate) struct Input {
    /// Scenario files.
    #[arg(required = true, value_name = "SCENARIO.ron")]
    pub(crate) scenarios: Vec<PathBuf>,

    /// Override a parameter by its path, as in error messages. May be given several times.
    #[arg(long = "set", value_name = "PATH=VALUE")]
    pub(crate) sets: Vec<String>,
}

/// The number of replications and the seed.
#[derive(Debug, Args)]
pub(crate) struct Luck {
    /// Independent replications, instead of the scenario's own number.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    pub(crate) replications: Option<u64>,

    /// The seed of all randomness, instead of the scenario's own.
    #[arg(long, value_name = "S")]
    pub(crate) seed: Option<u64>,

    /// Worker threads. Default: one per core, or RAYON_NUM_THREADS. Results are the same for any number.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=i64::from(MOST_THREADS)))]
    pub(crate) threads: Option<u16>,
}

/// Where replications are kept, so that nothing is simulated twice.
#[derive(Debug, Args)]
pub(crate) struct Kept {
    /// Take replications from this study folder and keep new ones there, instead of in the hidden folder beside the
    /// results.
    #[arg(long, value_name = "DIR", conflicts_with = "no_pieces")]
    pub(crate) study: Option<PathBuf>,

    /// Simulate everything anew, and keep nothing for later.
    #[arg(long)]
    pub(crate) no_pieces: bool,

    /// Record in the study folder what is to be simulated, and simulate nothing.
    #[arg(long, requires = "study")]
    pub(crate) plan_only: bool,

    /// Largest size of the hidden folder in GB; beyond it the oldest replications are removed.
    #[arg(long, value_name = "GB", default_value_t = 4)]
    pub(crate) pieces_limit: u64,
}

/// Options of `sanda run`.
#[derive(Debug, Args)]
pub(crate) struct Run {
    #[command(flatten)]
    pub(crate) input: Input,

    #[command(flatten)]
    pub(crate) luck: Luck,

    #[command(flatten)]
    pub(crate) precise: Precise,

    /// The folder under which each scenario gets its own.
    #[arg(long, value_name = "DIR", default_value = "output")]
    pub(crate) out: PathBuf,

    /// Write results only, no report and no figures.
    #[arg(long)]
    pub(crate) no_report: bool,

    /// Write deliveries.parquet as well: a row for every shipment of the first replication.
    #[arg(long)]
    pub(crate) deliveries: bool,

    /// Points of the declared input ranges to try, one replication each; 0 tries none. Default: two for every
    /// three replications, at most 24, and none if that is less than 8.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(0..=100_000))]
    pub(crate) inputs: Option<u64>,

    #[command(flatten)]
    pub(crate) kept: Kept,
}

/// Options of `sanda compare`.
#[derive(Debug, Args)]
pub(crate) struct Compare {
    /// The scenario that the others are compared with.
    #[arg(value_name = "BASE.ron")]
    pub(crate) base: PathBuf,

    /// The others.
    #[arg(required = true, value_name = "ALTERNATIVE.ron")]
    pub(crate) alternatives: Vec<PathBuf>,

    /// Override a parameter in all of them by its path. May be given several times.
    #[arg(long = "set", value_name = "PATH=VALUE")]
    pub(crate) sets: Vec<String>,

    #[command(flatten)]
    pub(crate) luck: Luck,

    #[command(flatten)]
    pub(crate) precise: Precise,

    /// The folder under which the comparison gets its own, named after the base.
    #[arg(long, value_name = "DIR", default_value = "output")]
    pub(crate) out: PathBuf,

    /// Write results only, no page and no figures.
    #[arg(long)]
    pub(crate) no_report: bool,

    /// Do not follow the single shipments of the first replication to find which of them keep a promise now.
    #[arg(long)]
    pub(crate) no_flips: bool,

    /// Draws of the declared input ranges, the same in every scenario; 0 takes none. Default: as many as the base
    /// asks for.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(0..=100_000))]
    pub(crate) inputs: Option<u64>,

    #[command(flatten)]
    pub(crate) kept: Kept,
}

/// Options of `sanda shard`.
#[derive(Debug, Args)]
pub(crate) struct Shard {
    /// The study folder.
    pub(crate) study: PathBuf,

    /// The share to compute: 2/8 is the second of eight.
    #[arg(value_name = "I/N", value_parser = crate::command::shard::share, required_unless_present = "missing")]
    pub(crate) share: Option<(u64, u64)>,

    /// List the missing pieces, one per line, and compute none. The exit code is 0 whether or not any is missing.
    #[arg(long, conflicts_with = "share")]
    pub(crate) missing: bool,

    /// Worker threads. Default: one per core, or RAYON_NUM_THREADS.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=i64::from(MOST_THREADS)))]
    pub(crate) threads: Option<u16>,
}

/// Options of `sanda merge`.
#[derive(Debug, Args)]
pub(crate) struct Merge {
    /// The study folder that receives the pieces; it is created if necessary.
    pub(crate) into: PathBuf,

    /// Study folders to take pieces from.
    #[arg(required = true)]
    pub(crate) from: Vec<PathBuf>,
}

/// Options of `sanda reproduce`.
#[derive(Debug, Args)]
pub(crate) struct Reproduce {
    /// The results, with `provenance.json` beside them.
    #[arg(value_name = "RESULTS.json")]
    pub(crate) results: PathBuf,

    /// The scenario file, if it is not at the path in the provenance.
    #[arg(long, value_name = "SCENARIO.ron")]
    pub(crate) scenario: Option<PathBuf>,

    /// Worker threads. Default: one per core, or RAYON_NUM_THREADS. Results are the same for any number.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=i64::from(MOST_THREADS)))]
    pub(crate) threads: Option<u16>,
}

/// Options of `sanda trace`.
#[derive(Debug, Args)]
pub(crate) struct Trace {
    /// The scenario file.
    #[arg(value_name = "SCENARIO.ron")]
    pub(crate) scenario: PathBuf,

    #[command(flatten)]
    pub(crate) what: Traced,

    /// The replication, counted from 0.
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u64).range(0..1_000_000))]
    pub(crate) replication: u64,

    /// The seed of all randomness, instead of the scenario's own.
    #[arg(long, value_name = "S")]
    pub(crate) seed: Option<u64>,

    /// Override a parameter by its path, as in error messages. May be given several times.
    #[arg(long = "set", value_name = "PATH=VALUE")]
    pub(crate) sets: Vec<String>,

    /// The language of stories: Chinese, English, or both in turn.
    #[arg(long, value_enum, value_name = "LANGUAGE")]
    pub(crate) language: Option<StoryLanguage>,

    /// For programs: JSON instead of stories.
    #[arg(long)]
    pub(crate) json: bool,
}

/// The lives to tell, and the files to write.
#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
pub(crate) struct Traced {
    /// The shipment of this number of a flow. May be given several times.
    #[arg(long = "shipment", value_name = "FLOW/NUMBER")]
    pub(crate) shipments: Vec<String>,

    /// The N shipments that took longest; those that never arrived come first.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(crate) slowest: Option<u32>,

    /// The N shipments that missed a promise by the most; those that never arrived come first.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(crate) late: Option<u32>,

    /// Only shipments of this flow. May be given several times. Alone it lists them, one per line.
    #[arg(long = "flow", value_name = "FLOW")]
    pub(crate) flows: Vec<String>,

    /// Write every event of every life to a CSV file.
    #[arg(long, value_name = "FILE.csv")]
    pub(crate) events: Option<PathBuf>,

    /// Write every event of every life to an object-centric event log, OCEL 2.0 JSON.
    #[arg(long, value_name = "FILE.json")]
    pub(crate) ocel: Option<PathBuf>,

    /// Write a row for each shipment to a Parquet file.
    #[arg(long, value_name = "FILE.parquet")]
    pub(crate) deliveries: Option<PathBuf>,
}

/// The language of stories.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum StoryLanguage {
    Zh,
    En,
    Both,
}

/// Options of `sanda validate`.
#[derive(Debug, Args)]
pub(crate) struct Validate {
    #[command(flatten)]
    pub(crate) input: Input,

    /// List the parameters without a source on stdout, one per line.
    #[arg(long)]
    pub(crate) sources: bool,

    /// List how the engine would serve each resource on stdout: by a station, which needs no event, or event by event and why.
    #[arg(long)]
    pub(crate) plan: bool,
}

/// Options of `sanda schema`.
#[derive(Debug, Args)]
pub(crate) struct Schema {
    /// A single entry: a type (Resource), a section (resources), a variant (Poisson) or a field (cutoff).
    #[arg(value_name = "NAME", conflicts_with_all = ["json", "for_editors"])]
    pub(crate) name: Option<String>,

    /// The JSON Schema of a file that sanda writes, such as compare.json.
    #[arg(long = "of", value_name = "FILE.json", conflicts_with_all = ["name", "json", "for_editors"])]
    pub(crate) file: Option<String>,

    /// For programs: JSON instead of text, with every type, field, default and meaning.
    #[arg(long)]
    pub(crate) json: bool,

    /// For editors: a JSON Schema (draft 2020-12) of scenarios written as JSON, where a variant is its name, or an
    /// object with its name as the only key.
    #[arg(long = "json-schema", conflicts_with = "json")]
    pub(crate) for_editors: bool,
}

/// Options of `sanda verify`.
#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// Run longer and add cases at loads up to 0.95: minutes instead of seconds.
    #[arg(long)]
    pub(crate) full: bool,

    /// Only this case. May be given several times.
    #[arg(long = "case", value_name = "ID")]
    pub(crate) cases: Vec<String>,

    /// The seed from which every case takes its own.
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub(crate) seed: u64,

    /// Worker threads. Default: one per core, or RAYON_NUM_THREADS. Results are the same for any number.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=i64::from(MOST_THREADS)))]
    pub(crate) threads: Option<u16>,

    /// Override a parameter of the cases by its path, to see them fail. May be given several times.
    #[arg(long = "set", value_name = "PATH=VALUE", conflicts_with = "show")]
    pub(crate) sets: Vec<String>,

    /// For programs: JSON instead of tables.
    #[arg(long)]
    pub(crate) json: bool,

    /// Print the scenarios of the cases and simulate nothing.
    #[arg(long, conflicts_with = "json")]
    pub(crate) show: bool,
}

/// The required precision of figures.
#[derive(Debug, Args)]
pub(crate) struct Precise {
    /// Replicate until the 95 % intervals of these figures have these half-widths, such as `rail: 0.5pp, p90: 6h, mean:
    /// 2%`: promises, metric paths, or a statistic of the times of all flows.
    #[arg(long, value_name = "NAME: HALF-WIDTH,...", conflicts_with_all = ["replications", "plan_only"])]
    pub(crate) precision: Option<String>,

    /// Largest number of replications for --precision.
    #[arg(long, value_name = "N", requires = "precision", default_value_t = sanda_experiment::DEFAULT_BUDGET, value_parser = clap::value_parser!(u64).range(10..=1_000_000))]
    pub(crate) budget: u64,
}

/// Options of `sanda sweep`.
#[derive(Debug, Args)]
pub(crate) struct Sweep {
    /// The scenario file.
    #[arg(value_name = "SCENARIO.ron")]
    pub(crate) scenario: PathBuf,

    /// A parameter and its values. May be given several times.
    #[arg(long, value_name = "PATH=VALUES", required_unless_present = "points")]
    pub(crate) vary: Vec<String>,

    /// Take N points of a Latin hypercube over ranges PATH=min..max instead of a grid.
    #[arg(long, value_name = "N", requires = "vary", value_parser = clap::value_parser!(u64).range(2..=sanda_experiment::MOST_POINTS as u64))]
    pub(crate) latin: Option<u64>,

    /// Read the points from a CSV table whose header names the paths.
    #[arg(long, value_name = "FILE.csv", conflicts_with_all = ["vary", "latin"])]
    pub(crate) points: Option<PathBuf>,

    /// Metrics by path, where `*` stands for any part. May be given several times. Default: the shares of all
    /// promises, and the times, costs and emissions of all flows.
    #[arg(long, value_name = "PATTERN")]
    pub(crate) metrics: Vec<String>,

    /// Override a parameter at all points. May be given several times.
    #[arg(long = "set", value_name = "PATH=VALUE")]
    pub(crate) sets: Vec<String>,

    #[command(flatten)]
    pub(crate) luck: Luck,

    #[command(flatten)]
    pub(crate) precise: Precise,

    /// The folder under which the sweep of a scenario gets its own, `NAME.sweep`.
    #[arg(long, value_name = "DIR", default_value = "output")]
    pub(crate) out: PathBuf,

    /// Write tables only, no figures.
    #[arg(long)]
    pub(crate) no_report: bool,

    #[command(flatten)]
    pub(crate) kept: Kept,
}

/// Options of `sanda warm-up`.
#[derive(Debug, Args)]
pub(crate) struct WarmUp {
    /// The scenario file.
    #[arg(value_name = "SCENARIO.ron")]
    pub(crate) scenario: PathBuf,

    /// Override a parameter by its path, as in error messages. May be given several times.
    #[arg(long = "set", value_name = "PATH=VALUE")]
    pub(crate) sets: Vec<String>,

    #[command(flatten)]
    pub(crate) luck: Luck,

    /// The folder under which the answer for a scenario gets its own, `NAME.warm-up`.
    #[arg(long, value_name = "DIR", default_value = "output")]
    pub(crate) out: PathBuf,
}
