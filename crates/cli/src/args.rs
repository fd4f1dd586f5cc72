//! The command line. Every option is documented where it stands; `sanda help COMMAND` prints it with an example.

mod gate;

use std::ffi::OsStr;
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{Args, ColorChoice, CommandFactory, FromArgMatches, Parser, Subcommand};
use sanda_scenario::words::{is_unprintable, printable};

use crate::talk;

pub(crate) use gate::{Bless, Check};

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
  sanda check benches/baselines
      says whether anything has changed that matters

Exit codes:
  0    success
  1    a gate failed, or published results are not reproduced
  2    the command line, a scenario or the output folder is wrong
  3    a gate could prove neither a change nor its absence
  4    a baseline is missing, empty or damaged, or it or published results
       belong to another model
  5    a gate found a change within its margin, under --strict
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

    /// Compare scenarios with their baselines: the regression gate.
    #[command(after_help = "Example:
  sanda check benches/baselines --quick
  sanda check benches/baselines --full --junit check.xml --sarif check.sarif

The first line simulates two replications of each scenario and compares every event
and every number exactly, in seconds. The second compares all replications that the
baselines hold. Where something differs, metric by metric, it asks whether the change
lies within the margin that the baseline states: PASS or CHANGED if that is proven,
FAIL if the opposite is proven, INCONCLUSIVE if neither is. Without --quick and --full
two replications are compared, and margins are judged only if these differ.

  sanda check benches/baselines/suez-open.json --power

says how many replications the margins need, and simulates nothing.

Exit codes: 0 all pass; 1 a change beyond a margin, in one step or step by step, a
metric that vanished, or other numbers for the same events; 3 inconclusive; 4 nothing
to compare with; 5 a change within its margin under --strict; 6 a broken invariant.")]
    Check(Check),

    /// Make the present results of scenarios their baselines, for a stated reason.
    #[command(after_help = "Example:
  sanda bless scenarios/suez-open.ron --reason \"faster unloading at Yangluo, see #12\"

simulates the scenario and writes benches/baselines/suez-open.json. Replications, seed
and margins are those of the baseline that is there, if any. A margin is changed in the
file: in hours, or as a fraction of one; null asks for the same numbers alone.

Every blessing adds to the ledger of the baseline. `sanda check` also compares with the
first one in it, so that small steps cannot add up unseen.

  sanda bless scenarios/suez-open.ron --restart-ledger --reason \"the new timetable\"

begins a new ledger, from which distances are measured from now on.")]
    Bless(Bless),

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
