//! The command line. Every option is documented at its declaration; `sanda help COMMAND` prints it with an example. Does not own the
//! options themselves (`options`, `gate`, `attribution`).

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
/// It simulates a freight network shipment by shipment. It reports the share of shipments that keep each promise, how
/// certain that is, and where the hours go.
#[derive(Debug, Parser)]
#[command(name = "sanda", version, after_help = EXAMPLES, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,

    // The order is explicit. Otherwise clap would list the options of a command around these two, by the number of commands.
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
/// An error of usage, or the requested help.
pub(crate) fn parse() -> Result<Arguments, clap::Error> {
    // Help and usage errors are printed before clap has read the option.
    let is_plain =
        std::env::args_os().any(|argument| argument == OsStr::new("--no-color")) || talk::is_terminal_dumb();
    let colour = if is_plain { ColorChoice::Never } else { ColorChoice::Auto };
    let mut command = Arguments::command().color(colour);
    // Arguments appear again in messages, in results and in the report.
    for argument in std::env::args_os().skip(1) {
        let words = argument.to_string_lossy();
        // A value may span several lines.
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

/// Largest number of worker threads.
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
      compares the simulator with queueing theory
  sanda trace scenarios/wujiashan-duisburg.ron --late 1
      tells the life of one shipment, and why it was late
  sanda check benches/baselines
      says whether anything relevant has changed

Exit codes:
  0    success
  1    a gate failed, or published results are not reproduced
  2    the command line, a scenario or the output folder is wrong
  3    a gate could prove neither a change nor its absence
  4    a baseline is missing, empty or damaged, or a baseline or published
       results belong to another model
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
finished, beside the results of a complete run if there are any. A second Ctrl-C
ends the program at once and writes nothing.

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
their difference from the first. Paths and values are written as for --set:

  --vary PATH=a,b,c              these values
  --vary 'PATH=2h..8h step 2h'   2h, 4h, 6h, 8h
  --vary PATH=10..50/5           five values, both ends among them

Several --vary make a grid; the last one varies fastest. With --latin N they are
ranges PATH=min..max, of which a Latin hypercube takes N points; between whole
ends values are whole. --points FILE.csv reads the points from a table whose
header names the paths.

All points are checked before the first is simulated. An interrupted sweep keeps
its replications: the same command resumes it.")]
    Sweep(Sweep),

    /// Recommend a warm-up for a scenario, and plot how its times settle.
    #[command(
        name = "warm-up",
        after_help = "Example:
  sanda warm-up scenarios/wujiashan-duisburg.ron --replications 10

observes every shipment from time zero. For each flow it prints when its times
become steady (MSER-5 on the means of days of release), and whether the
scenario's own warm-up suffices, or that the run is too short to tell. Welch's
plot of each flow is written into output/wujiashan-duisburg.warm-up/figures/."
    )]
    WarmUp(WarmUp),

    /// Read and check scenarios, print every issue, simulate nothing.
    #[command(after_help = "Example:
  sanda validate scenarios/*.ron

reports each scenario as sound, or lists all its issues: file, line and column,
what was expected, and a hint. The exit code is 2 if any scenario has an error.
If a scenario states sources, the number of parameters without one is reported.

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

The text ends with two small scenarios to start from.")]
    Schema(Schema),

    /// Simulate small scenarios with known theoretical answers, and compare.
    #[command(after_help = "Example:
  sanda verify --case m-m-1 --case train-10

prints for every figure of these cases the theoretical and the simulated value,
the interval, and the smallest relative error that would have been detected. The
intervals are simultaneous: if the simulator is right, the probability that any
figure of a run lies outside is at most 0.001. The exit code is 6 if one does.

  sanda verify --case m-m-1 --show > m-m-1.ron
  sanda run m-m-1.ron

prints the scenario of a case, to be run or changed like any other.

  sanda verify --case m-m-1 --set flows.boxes.arrivals.mean=0.82

simulates a scenario that differs from the theory, and fails.")]
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
and margins are those of the existing baseline, if any. A margin is changed in the file:
in hours, or as a fraction of one; null asks for equal numbers.

Every blessing adds to the ledger of the baseline. `sanda check` also compares with the
first one in it, so that small steps cannot add up unnoticed.

  sanda bless scenarios/suez-open.ron --restart-ledger --reason \"the new timetable\"

begins a new ledger, from which distances are measured from now on.")]
    Bless(Bless),

    /// Compare scenarios with a base under the same luck: by how much, and how certain.
    #[command(after_help = "Example:
  sanda compare scenarios/wuhan-baseline-2025.ron scenarios/suez-open.ron
  sanda compare scenarios/wuhan-baseline-2025.ron scenarios/*.ron

simulates every scenario with the luck and at the draws of the base, and writes
compare.json, compare.csv, comparison.html and figures/ into
output/wuhan-baseline-2025.compare/. The base is skipped if it is named again.
Named alone, it is compared with itself, which must give exactly zero.

  sanda compare scenarios/wujiashan-duisburg.ron faster.ron --replications 400

uses more replications; existing ones are not simulated again.")]
    Compare(Compare),

    /// Say where the hours come from: the same shipments with one cause removed at a time.
    #[command(after_help = "Example:
  sanda attribution scenarios/wujiashan-duisburg.ron --promise half-month-door
  sanda attribution scenarios/wuhan-baseline-2025.ron --flow rail-out-germany --replications 10

removes each cause of waits by itself, then all of them in turn in route order, with
the same luck for every shipment. It first states how many replications that takes. It
writes attribution.json, attribution.csv, summary.txt and figures/ into
output/wujiashan-duisburg.attribution/. Existing replications are not simulated again.

The bound is the share that would keep the promise if every wait were zero: no
measure on waiting can reach more.")]
    Attribution(Attribution),

    /// Compute one share of the pieces of a study, on this machine or another.
    #[command(after_help = "Example:
  sanda run scenarios/wuhan-baseline-2025.ron --study wuhan --plan-only
  sanda shard wuhan 1/2
  sanda shard wuhan 2/2
  sanda run scenarios/wuhan-baseline-2025.ron --study wuhan

The first line defines the study and simulates nothing. Each share may be computed on
another machine with the same files and the same program; `sanda merge` joins their
folders. The last line finds every piece and writes the same bytes as a single process.

  sanda shard wuhan --missing

lists the missing pieces, one per line. The exit code is 0 whether or not any is
missing: an empty list means that the study is complete. The command of an interrupted
share resumes it.")]
    Shard(Shard),

    /// Join study folders, or refuse their damaged pieces by name.
    #[command(after_help = "Example:
  sanda merge wuhan wuhan-of-machine-2 wuhan-of-machine-3

adds the pieces of the later folders to the first. Every piece is checked; if one is
damaged, made by another version of the program, or contradicts an existing piece,
nothing is merged and the exit code is 2.")]
    Merge(Merge),

    /// Reproduce published results from their provenance, and compare every byte.
    #[command(after_help = "Example:
  sanda reproduce output/wujiashan-duisburg/results.json

reads the provenance beside the results, simulates everything again and compares.
The exit code is 1 if a byte differs, 4 if the scenario is no longer the same model.")]
    Reproduce(Reproduce),

    /// Tell the life of a shipment: each wait, its cause, what would have kept its promise.
    #[command(
        override_usage = "sanda trace [OPTIONS] <SCENARIO.ron>",
        after_help = "At least one of --shipment, --slowest, --late, --flow, --events, --ocel and --deliveries is needed.

Example:
  sanda trace scenarios/wujiashan-duisburg.ron --shipment germany/1206

runs one replication and tells the life of this shipment: when and where it was
ready, which departures left without it and why, how each stage was spent, and
for a broken promise the smallest change that would have kept it:

  2025-04-29 22:38  ready at Wujiashan for Full-timetable train X8017
  2025-04-30 10:20  Full-timetable train X8017, departure 70 leaves without it:
                    ready 18 min after the cut-off
  ...
  Smallest change: ready 18 min earlier at Wujiashan, it would have made ...

The change is computed from the departures of that replication. The rest of the
life stays as it was, and so do all other shipments. If even a life without any
wait takes too long, the story says so.

  sanda trace scenarios/wujiashan-duisburg.ron --late 3 --language both
  sanda trace scenarios/wujiashan-duisburg.ron --slowest 5 --json > slowest.json

Shipments are those released in the window; their numbers count from 0 at the
start of the run. Without --language the language is Chinese if the environment
(LC_ALL, LC_MESSAGES, LANG) says so, else English.

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
