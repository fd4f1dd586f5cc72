//! The command line. Every option is documented where it stands; `sanda help COMMAND` prints it with an example.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// sanda (三达): a multimodal logistics simulator for the Wuhan hub.
///
/// It simulates a freight network shipment by shipment and says what share of shipments keeps each promise, how sure
/// that is, and where the hours go.
#[derive(Debug, Parser)]
#[command(name = "sanda", version, after_help = EXAMPLES, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,

    /// Print results and errors only, no progress and no remarks.
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,

    /// Never colour what is printed. The environment variable NO_COLOR does the same.
    #[arg(long, global = true)]
    pub(crate) no_color: bool,
}

const EXAMPLES: &str = "Examples:
  sanda run scenarios/wujiashan-duisburg.ron     simulate, write output/wujiashan-duisburg/, print the promise table
  sanda validate scenarios/*.ron                 check files, simulate nothing
  sanda schema                                   every parameter of the scenario language

Exit codes: 0 success; 2 usage or scenario error; 6 an invariant failed; 70 internal error; 130 interrupted.";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Simulate scenarios, write their results and figures, print the promise table.
    #[command(after_help = "Example:
  sanda run scenarios/wujiashan-duisburg.ron --replications 10 --set services.ordinary.cutoff=24h

writes output/wujiashan-duisburg/ with results.json, provenance.json, summary.txt and figures/. The folder is replaced
as a whole when everything is written; an interrupted run (Ctrl-C) keeps the replications that are finished.")]
    Run(Run),

    /// Read and check scenarios, print every issue, simulate nothing.
    #[command(after_help = "Example:
  sanda validate scenarios/*.ron

prints nothing but a line for each sound scenario; errors show file, line and column, all at once, with exit code 2.")]
    Validate(Validate),

    /// Print every parameter of the scenario language with its unit, default and meaning.
    #[command(after_help = "Example:
  sanda schema | less
  sanda schema --json > schema.json")]
    Schema(Schema),

    /// Print the completions of a shell.
    #[command(after_help = "Example:
  sanda completions bash > ~/.local/share/bash-completion/completions/sanda")]
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
}

/// Options of `sanda run`.
#[derive(Debug, Args)]
pub(crate) struct Run {
    /// Scenario files.
    #[arg(required = true, value_name = "SCENARIO.ron")]
    pub(crate) scenarios: Vec<PathBuf>,

    /// Independent replications, instead of the scenario's own number.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    pub(crate) replications: Option<u64>,

    /// The seed of all randomness, instead of the scenario's own.
    #[arg(long, value_name = "S")]
    pub(crate) seed: Option<u64>,

    /// Worker threads; one per core when left out. Results are the same for any number.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) threads: Option<u16>,

    /// Override a parameter by its path, as in error messages. May be given several times.
    #[arg(long = "set", value_name = "PATH=VALUE")]
    pub(crate) sets: Vec<String>,

    /// The folder under which each scenario gets its own.
    #[arg(long, value_name = "DIR", default_value = "output")]
    pub(crate) out: PathBuf,

    /// Write results only, no figures.
    #[arg(long)]
    pub(crate) no_report: bool,
}

/// Options of `sanda validate`.
#[derive(Debug, Args)]
pub(crate) struct Validate {
    /// Scenario files.
    #[arg(required = true, value_name = "SCENARIO.ron")]
    pub(crate) scenarios: Vec<PathBuf>,

    /// Override a parameter by its path before checking. May be given several times.
    #[arg(long = "set", value_name = "PATH=VALUE")]
    pub(crate) sets: Vec<String>,
}

/// Options of `sanda schema`.
#[derive(Debug, Args)]
pub(crate) struct Schema {
    /// For editors and programs: JSON instead of text.
    #[arg(long)]
    pub(crate) json: bool,
}
