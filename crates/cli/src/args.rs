//! The command line. Every option is documented where it stands; `sanda help COMMAND` prints it with an example.

mod attribution;
mod gate;
mod options;

use std::ffi::OsStr;

use clap::error::ErrorKind;
use clap::{ColorChoice, CommandFactory, FromArgMatches, Parser, Subcommand};
use sanda_scenario::words::{is_unprintable, printable};

use crate::talk;

pub(crate) use attribution::Attribution;
pub(crate) use gate::{Bless, Check};
pub(crate) use options::{
    Compare, Input, Kept, Luck, Merge, Reproduce, Run, Schema, Shard, StoryLanguage, Sweep, Trace, Traced,
    Validate, Verify, WarmUp,
};

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
  sanda compare scenarios/wuhan-baseline-2025.ron scenarios/suez-open.ron
      says by how much the second is better, under the same luck
  sanda sweep scenarios/wujiashan-duisburg.ron --vary services.ordinary-train.capacity=90TEU,110TEU
      simulates it at several values of a parameter, under the same luck
  sanda schema
      prints every parameter of the scenario language
  sanda verify
      holds the simulator against queueing theory
  sanda trace scenarios/wujiashan-duisburg.ron --late 1
      tells what became of one shipment, and why it was late
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

    /// Simulate a scenario at several values of its parameters, under the same luck.
    #[command(after_help = "Example:
  sanda sweep scenarios/wujiashan-duisburg.ron \\
      --vary 'services.ordinary-train.capacity=90TEU..130TEU step 20TEU'

writes sweep.csv, sweep.parquet, sweep.json, summary.txt and figures/ into
output/wujiashan-duisburg.sweep/ and prints the promises at every point with
their difference to the first. Paths and values are written as for --set:

  --vary PATH=a,b,c              these values
  --vary 'PATH=2h..8h step 2h'   2h, 4h, 6h, 8h
  --vary PATH=10..50/5           five values, both ends among them

Several --vary make a grid; the last one varies fastest. With --latin N they are
ranges PATH=min..max, of which a Latin hypercube takes N points; between whole
ends values are whole. --points FILE.csv reads the points from a table whose
header names the paths.

All points are checked before one is simulated. What an interrupted sweep has
simulated is kept: the same command goes on from there.")]
    Sweep(Sweep),

    /// Say how long the warm-up of a scenario should be, and draw how its times settle.
    #[command(
        name = "warm-up",
        after_help = "Example:
  sanda warm-up scenarios/wujiashan-duisburg.ron --replications 10

watches every shipment from the very start and prints for each flow from when on
its times are steady (MSER-5 on the means of days of release), whether the
scenario's own warm-up suffices, or that the run is too short to tell. Welch's
plot of each flow is written into output/wujiashan-duisburg.warm-up/figures/."
    )]
    WarmUp(WarmUp),

    /// Read and check scenarios, print every issue, simulate nothing.
    #[command(after_help = "Example:
  sanda validate scenarios/*.ron

says of each scenario that it is sound, or everything that is wrong with it:
file, line and column, what was expected, and a hint. The exit code is 2 if any
is wrong. Where a scenario states sources it is said how many parameters have
none.

  sanda validate --sources scenarios/wuhan-baseline-2025.ron

lists them, so that they can be looked up or marked as assumptions.

  sanda validate --plan scenarios/wuhan-baseline-2025.ron

lists how the engine would serve each resource: by a station, which needs no
event and is fast, or event by event, and why.")]
    Validate(Validate),

    /// Print every parameter of the scenario language with its unit, default and meaning.
    #[command(after_help = "Example:
  sanda schema | less
  sanda schema Resource
  sanda schema cutoff
  sanda schema --json-schema > scenario.schema.json
  sanda schema --of compare.json

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

    /// Compare scenarios with a base under the same luck: by how much, and how sure.
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

    /// Say where the hours come from: the same shipments with one cause removed at a time.
    #[command(after_help = "Example:
  sanda attribution scenarios/wujiashan-duisburg.ron --promise half-month-door
  sanda attribution scenarios/wuhan-baseline-2025.ron --flow rail-out-germany --replications 10

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
