//! The command line. Every option is documented where it stands; `sanda help COMMAND` prints it with an example.

use std::ffi::OsStr;
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{Args, ColorChoice, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use sanda_scenario::words::{is_unprintable, printable};

use crate::talk;

/// sanda (三达): a multimodal logistics simulator for the Wuhan hub.
///
/// It simulates a freight network shipment by shipment and says what share of shipments keeps each promise, how sure
/// that is, and where the hours go.
#[derive(Debug, Parser)]
#[command(name = "sanda", version, after_help = EXAMPLES, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,

    // The order is stated, or the options of a command would be listed around these two, by the number of commands.
    /// Print results and errors only, no progress and no remarks.
    #[arg(long, short, global = true, display_order = 900)]
    pub(crate) quiet: bool,

    /// Never colour what is printed. The environment variable NO_COLOR does the same.
    #[arg(long, global = true, display_order = 901)]
    pub(crate) no_color: bool,
}

/// Reads the command line.
///
/// # Errors
/// What is wrong with it, or the help that was asked for.
pub(crate) fn parse() -> Result<Arguments, clap::Error> {
    // Help and usage errors are written before the option is read.
    let is_plain =
        std::env::args_os().any(|argument| argument == OsStr::new("--no-color")) || talk::is_terminal_dumb();
    let colour = if is_plain { ColorChoice::Never } else { ColorChoice::Auto };
    let mut command = Arguments::command().color(colour);
    // Arguments are shown again in messages, in results and in the report.
    for argument in std::env::args_os().skip(1) {
        let words = argument.to_string_lossy();
        // A value may have several lines.
        if words.contains(|c| is_unprintable(c) && !matches!(c, '\n' | '\r' | '\t')) {
            let message = format!(
                "the argument `{}` holds a control character, or one that reorders text",
                printable(&words)
            );
            return Err(command.error(ErrorKind::InvalidValue, message));
        }
    }
    let matches = command.try_get_matches_from_mut(std::env::args_os())?;
    Arguments::from_arg_matches(&matches).map_err(|error| error.format(&mut command))
}

/// Most worker threads.
pub(crate) const MOST_THREADS: u16 = 1024;

const EXAMPLES: &str = "Examples:
  sanda run scenarios/wujiashan-duisburg.ron
      simulates, writes output/wujiashan-duisburg/, prints the promise table
  sanda validate scenarios/*.ron
      checks files, simulates nothing
  sanda schema
      prints every parameter of the scenario language
  sanda verify
      holds the simulator against queueing theory
  sanda trace scenarios/wujiashan-duisburg.ron --late 1
      tells what became of one shipment, and why it was late

Exit codes:
  0    success
  1    a gate failed, or published results are not reproduced
  2    the command line, a scenario or the output folder is wrong
  4    a baseline or published results belong to another model
  6    an invariant or an analytic case failed
  70   internal error
  129  interrupted: the terminal was closed
  130  interrupted by Ctrl-C
  143  interrupted by a request to terminate";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Simulate scenarios, write their results, report and figures, print the promise table.
    #[command(after_help = "Example:
  sanda run scenarios/wujiashan-duisburg.ron --replications 10 --seed 7

writes report.html, results.json, provenance.json, summary.txt and figures/ into
output/wujiashan-duisburg/ and prints the summary. The folder is replaced as a
whole when everything is written. Ctrl-C keeps the replications that are
finished, beside the results of a whole run if there are any; a second one ends
the program at once and writes nothing.

  sanda run scenarios/wujiashan-duisburg.ron --set run.measure=26w

overrides a parameter. Its path is the one that error messages and the schema
show; the value is written as in the file, without the quotation marks.")]
    Run(Run),

    /// Read and check scenarios, print every issue, simulate nothing.
    #[command(after_help = "Example:
  sanda validate scenarios/*.ron

says of each scenario that it is sound, or everything that is wrong with it:
file, line and column, what was expected, and a hint. The exit code is 2 if any
is wrong. Where a scenario states sources it is said how many parameters have
none.

  sanda validate --sources scenarios/wuhan-baseline-2025.ron

lists them, so that they can be looked up or marked as assumptions.")]
    Validate(Validate),

    /// Print every parameter of the scenario language with its unit, default and meaning.
    #[command(after_help = "Example:
  sanda schema | less
  sanda schema Resource
  sanda schema cutoff
  sanda schema --json-schema > scenario.schema.json

The text ends with two small scenarios to begin from.")]
    Schema(Schema),

    /// Simulate small scenarios whose answers are known by theory, and compare.
    #[command(after_help = "Example:
  sanda verify --case m-m-1 --case train-10

prints for every figure of these cases what theory says, what was simulated,
the interval, and the smallest relative error that would have been seen. All
intervals hold together: if the simulator is right, any figure of a run lies
outside with probability 0.001 at most. The exit code is 6 if one does.

  sanda verify --case m-m-1 --show > m-m-1.ron
  sanda run m-m-1.ron

prints the scenario of a case, to be run or changed like any other.

  sanda verify --case m-m-1 --set flows.boxes.arrivals.mean=0.82

simulates something else than theory speaks of, and fails.")]
    Verify(Verify),

    /// Compare scenarios with a base under the same luck: by how much better, how sure, and at which draws of the inputs.
    #[command(after_help = "Example:
  sanda compare scenarios/wuhan-baseline-2025.ron scenarios/suez-open.ron
  sanda compare scenarios/wuhan-baseline-2025.ron scenarios/*.ron

simulates every scenario with the luck and at the draws of the base, and writes
compare.json, compare.csv, comparison.html and figures/ into
output/wuhan-baseline-2025.compare/. The base is left out where it is named again;
named alone it is compared with itself, which must give exactly zero.

  sanda compare scenarios/wujiashan-duisburg.ron faster.ron --replications 400

takes more replications; those that are there already are not simulated again.")]
    Compare(Compare),

    /// Say where the hours of a flow or a promise come from: the same shipments with one cause of waits removed at a time.
    #[command(after_help = "Example:
  sanda attribution scenarios/wujiashan-duisburg.ron --promise half-month-door
  sanda attribution scenarios/wuhan-baseline-2025.ron --flow germany --replications 10

removes each cause of waits on the way alone, then all of them one after the other
in route order, with the same luck for every shipment. It says first how many
replications that takes, and writes attribution.json, attribution.csv, summary.txt
and figures/ into output/wujiashan-duisburg.attribution/. What was simulated once is
not simulated again.

The bound is the share that would keep the promise if every wait were zero: no
measure on waiting can reach more.")]
    Attribution(Attribution),

    /// Make one share of the pieces of a study, on this machine or another.
    #[command(after_help = "Example:
  sanda run scenarios/wuhan-baseline-2025.ron --study wuhan --plan-only
  sanda shard wuhan 1/2
  sanda shard wuhan 2/2
  sanda run scenarios/wuhan-baseline-2025.ron --study wuhan

The first line says what the study is of and simulates nothing. Each share may be
made on another machine that has the same files and the same program; `sanda merge`
brings their folders together. The last line finds every piece and writes the same
bytes as one process would.

  sanda shard wuhan --missing

lists what is still to be made. What is interrupted goes on where it stopped.")]
    Shard(Shard),

    /// Join study folders, or refuse their damaged pieces by name.
    #[command(after_help = "Example:
  sanda merge wuhan wuhan-of-machine-2 wuhan-of-machine-3

adds the pieces of the later folders to the first. Every piece is checked; if one is
damaged, made by another version of the program, or contradicts a piece that is
there, nothing is merged and the exit code is 2.")]
    Merge(Merge),

    /// Run published results again from their own provenance, and compare every byte.
    #[command(after_help = "Example:
  sanda reproduce output/wujiashan-duisburg/results.json

reads the provenance beside the results, simulates all of it anew and compares.
The exit code is 1 if a byte differs, 4 if the scenario is no longer the same model.")]
    Reproduce(Reproduce),
    /// Tell the life of a shipment: each wait, its cause, what would have kept its promise.
    #[command(
        override_usage = "sanda trace [OPTIONS] <SCENARIO.ron>",
        after_help = "At least one of --shipment, --slowest, --late, --flow, --events, --ocel and --deliveries is needed.

Example:
  sanda trace scenarios/wujiashan-duisburg.ron --shipment germany/1206

runs one replication and tells the life of this shipment: when it was ready
where, which departures left without it and why, what each stage was spent on,
and of a broken promise the smallest change that would have kept it:

  2025-04-29 22:38  ready at Wujiashan for Full-timetable train X8017
  2025-04-30 10:20  Full-timetable train X8017, departure 70 leaves without it:
                    ready 18 min after the cut-off
  ...
  Smallest change: ready 18 min earlier at Wujiashan, it would have made ...

The change is worked out from the departures of that replication. The rest of
the life is taken as it was, and no other shipment's. Where even a life without
any wait takes too long, that is said instead.

  sanda trace scenarios/wujiashan-duisburg.ron --late 3 --language both
  sanda trace scenarios/wujiashan-duisburg.ron --slowest 5 --json > slowest.json

Shipments are those released in the window; their numbers count from 0 at the
start of the run. Without --language the language is Chinese where the
environment (LC_ALL, LC_MESSAGES, LANG) says so, else English.

  sanda trace scenarios/wujiashan-duisburg.ron --events events.csv --ocel log.json
  sanda trace scenarios/wujiashan-duisburg.ron --deliveries deliveries.parquet

write all lives of the replication for other programs: an event per line, an
object-centric event log (OCEL 2.0), and a row per shipment."
    )]
    Trace(Trace),

    /// Print the completions of a shell.
    #[command(after_help = "Example:
  sanda completions bash > ~/.local/share/bash-completion/completions/sanda")]
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
}

/// Which scenarios to read, and what to change in them.
#[derive(Debug, Args)]
pub(crate) struct Input {
    /// Scenario files.
    #[arg(required = true, value_name = "SCENARIO.ron")]
    pub(crate) scenarios: Vec<PathBuf>,

    /// Override a parameter by its path, as in error messages. May be given several times.
    #[arg(long = "set", value_name = "PATH=VALUE")]
    pub(crate) sets: Vec<String>,
}

/// How often and with what luck a scenario is simulated.
#[derive(Debug, Args)]
pub(crate) struct Luck {
    /// Independent replications, instead of the scenario's own number.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    pub(crate) replications: Option<u64>,

    /// The seed of all randomness, instead of the scenario's own.
    #[arg(long, value_name = "S")]
    pub(crate) seed: Option<u64>,

    /// Worker threads; one per core, or RAYON_NUM_THREADS, when left out. Results are the same for any number.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=i64::from(MOST_THREADS)))]
    pub(crate) threads: Option<u16>,
}

/// Which replications are kept, so that nothing is simulated twice.
#[derive(Debug, Args)]
pub(crate) struct Kept {
    /// Take replications from this study folder and keep new ones there, instead of the hidden folder beside the
    /// results.
    #[arg(long, value_name = "DIR", conflicts_with = "no_pieces")]
    pub(crate) study: Option<PathBuf>,

    /// Simulate everything anew, and keep nothing for later.
    #[arg(long)]
    pub(crate) no_pieces: bool,

    /// Say in the study folder what is to be simulated, and simulate nothing.
    #[arg(long, requires = "study")]
    pub(crate) plan_only: bool,

    /// Largest size of the hidden folder in GB; beyond it what was kept longest ago is removed.
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

    /// The folder under which each scenario gets its own.
    #[arg(long, value_name = "DIR", default_value = "output")]
    pub(crate) out: PathBuf,

    /// Write results only, no report and no figures.
    #[arg(long)]
    pub(crate) no_report: bool,

    /// Points of the declared input ranges to try, one replication each; 0 tries none. When left out two for every
    /// three replications, 24 at most, and none if that is less than 8.
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

    /// The folder under which the comparison gets its own, named after the base.
    #[arg(long, value_name = "DIR", default_value = "output")]
    pub(crate) out: PathBuf,

    /// Write results only, no page and no figures.
    #[arg(long)]
    pub(crate) no_report: bool,

    /// Draws of the declared input ranges, the same in every scenario; 0 takes none. When left out as many as the base
    /// asks for.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(0..=100_000))]
    pub(crate) inputs: Option<u64>,

    #[command(flatten)]
    pub(crate) kept: Kept,
}

/// Options of `sanda attribution`.
#[derive(Debug, Args)]
pub(crate) struct Attribution {
    /// Scenario file.
    #[arg(value_name = "SCENARIO.ron")]
    pub(crate) scenario: PathBuf,

    /// The flow whose hours are attributed, by its first clock.
    #[arg(long, value_name = "ID", conflicts_with = "promise")]
    pub(crate) flow: Option<String>,

    /// The promise whose hours are attributed, by its clock, all its flows together. When left out the only one from
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

/// Options of `sanda shard`.
#[derive(Debug, Args)]
pub(crate) struct Shard {
    /// The study folder.
    pub(crate) study: PathBuf,

    /// Which share to make: 2/8 is the second of eight.
    #[arg(value_name = "I/N", value_parser = crate::command::shard::share, required_unless_present = "missing")]
    pub(crate) share: Option<(u64, u64)>,

    /// List the pieces that are missing, one a line, and make none.
    #[arg(long, conflicts_with = "share")]
    pub(crate) missing: bool,

    /// Worker threads; one per core, or RAYON_NUM_THREADS, when left out.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=i64::from(MOST_THREADS)))]
    pub(crate) threads: Option<u16>,
}

/// Options of `sanda merge`.
#[derive(Debug, Args)]
pub(crate) struct Merge {
    /// The study folder that the pieces go to; it is made if there is none.
    pub(crate) into: PathBuf,

    /// Study folders to take pieces from.
    #[arg(required = true)]
    pub(crate) from: Vec<PathBuf>,
}

/// Options of `sanda reproduce`.
#[derive(Debug, Args)]
pub(crate) struct Reproduce {
    /// The results; `provenance.json` lies beside them.
    #[arg(value_name = "RESULTS.json")]
    pub(crate) results: PathBuf,

    /// The scenario file, where it is not at the place that the provenance names.
    #[arg(long, value_name = "SCENARIO.ron")]
    pub(crate) scenario: Option<PathBuf>,

    /// Worker threads; one per core, or RAYON_NUM_THREADS, when left out. Results are the same for any number.
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

    /// The language of stories: Chinese, English, or one after the other.
    #[arg(long, value_enum, value_name = "LANGUAGE")]
    pub(crate) language: Option<StoryLanguage>,

    /// For programs: JSON instead of stories.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Which lives to tell, and where to.
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

    /// Only shipments of this flow. May be given several times. Alone it lists them, one a line.
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

    /// List the parameters that have no source on stdout, one a line.
    #[arg(long)]
    pub(crate) sources: bool,
}

/// Options of `sanda schema`.
#[derive(Debug, Args)]
pub(crate) struct Schema {
    /// One entry alone: a type (Resource), a section (resources), a variant (Poisson) or a field (cutoff).
    #[arg(value_name = "NAME", conflicts_with_all = ["json", "for_editors"])]
    pub(crate) name: Option<String>,

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

    /// Worker threads; one per core, or RAYON_NUM_THREADS, when left out. Results are the same for any number.
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
