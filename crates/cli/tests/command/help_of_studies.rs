//! The help of the commands that ask more of a model than one run: comparisons, sweeps, gates, shares.

use crate::help::printed;

#[test]
fn help_of_compare() {
    insta::assert_snapshot!(printed(&["help", "compare"]), @"
    Compare scenarios with a base under the same luck: by how much, and how certain

    Usage: sanda compare [OPTIONS] <BASE.ron> <ALTERNATIVE.ron>...

    Arguments:
      <BASE.ron>            The scenario that the others are compared with
      <ALTERNATIVE.ron>...  The others

    Options:
          --set <PATH=VALUE>
              Override a parameter in all of them by its path. May be given several times
          --replications <N>
              Independent replications, instead of the scenario's own number
          --seed <S>
              The seed of all randomness, instead of the scenario's own
          --threads <N>
              Worker threads. Default: one per core, or RAYON_NUM_THREADS. Results are the same for any
              number
          --precision <NAME: HALF-WIDTH,...>
              Replicate until the 95 % intervals of these figures have these half-widths, such as `rail:
              0.5pp, p90: 6h, mean: 2%`: promises, metric paths, or a statistic of the times of all
              flows
          --budget <N>
              Largest number of replications for --precision [default: 1000]
          --out <DIR>
              The folder under which the comparison gets its own, named after the base [default: output]
          --no-report
              Write results only, no page and no figures
          --no-flips
              Do not follow the single shipments of the first replication to find which of them keep a
              promise now
          --inputs <N>
              Draws of the declared input ranges, the same in every scenario; 0 takes none. Default: as
              many as the base asks for
          --study <DIR>
              Take replications from this study folder and keep new ones there, instead of in the hidden
              folder beside the results
          --no-pieces
              Simulate everything anew, and keep nothing for later
          --plan-only
              Record in the study folder what is to be simulated, and simulate nothing
          --pieces-limit <GB>
              Largest size of the hidden folder in GB; beyond it the oldest replications are removed
              [default: 4]
      -q, --quiet
              Print results and errors only, no progress and no remarks
          --no-color
              Never colour what is printed. The environment variable NO_COLOR does the same
      -h, --help
              Print help

    Example:
      sanda compare scenarios/wuhan-baseline-2025.ron scenarios/suez-open.ron
      sanda compare scenarios/wuhan-baseline-2025.ron scenarios/*.ron

    simulates every scenario with the luck and at the draws of the base, and writes
    compare.json, compare.csv, comparison.html and figures/ into
    output/wuhan-baseline-2025.compare/. The base is skipped if it is named again.
    Named alone, it is compared with itself, which must give exactly zero.

      sanda compare scenarios/wujiashan-duisburg.ron faster.ron --replications 400

    uses more replications; existing ones are not simulated again.
    ");
}

#[test]
fn help_of_shard() {
    insta::assert_snapshot!(printed(&["help", "shard"]), @"
    Compute one share of the pieces of a study, on this machine or another

    Usage: sanda shard [OPTIONS] <STUDY> [I/N]

    Arguments:
      <STUDY>  The study folder
      [I/N]    The share to compute: 2/8 is the second of eight

    Options:
          --missing      List the missing pieces, one per line, and compute none. The exit code is 0
                         whether or not any is missing
          --threads <N>  Worker threads. Default: one per core, or RAYON_NUM_THREADS
      -q, --quiet        Print results and errors only, no progress and no remarks
          --no-color     Never colour what is printed. The environment variable NO_COLOR does the same
      -h, --help         Print help

    Example:
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
    share resumes it.
    ");
}

#[test]
fn help_of_merge() {
    insta::assert_snapshot!(printed(&["help", "merge"]), @"
    Join study folders, or refuse their damaged pieces by name

    Usage: sanda merge [OPTIONS] <INTO> <FROM>...

    Arguments:
      <INTO>     The study folder that receives the pieces; it is created if necessary
      <FROM>...  Study folders to take pieces from

    Options:
      -q, --quiet     Print results and errors only, no progress and no remarks
          --no-color  Never colour what is printed. The environment variable NO_COLOR does the same
      -h, --help      Print help

    Example:
      sanda merge wuhan wuhan-of-machine-2 wuhan-of-machine-3

    adds the pieces of the later folders to the first. Every piece is checked; if one is
    damaged, made by another version of the program, or contradicts an existing piece,
    nothing is merged and the exit code is 2.
    ");
}

#[test]
fn help_of_reproduce() {
    insta::assert_snapshot!(printed(&["help", "reproduce"]), @"
    Reproduce published results from their provenance, and compare every byte

    Usage: sanda reproduce [OPTIONS] <RESULTS.json>

    Arguments:
      <RESULTS.json>  The results, with `provenance.json` beside them

    Options:
          --scenario <SCENARIO.ron>  The scenario file, if it is not at the path in the provenance
          --threads <N>              Worker threads. Default: one per core, or RAYON_NUM_THREADS.
                                     Results are the same for any number
      -q, --quiet                    Print results and errors only, no progress and no remarks
          --no-color                 Never colour what is printed. The environment variable NO_COLOR
                                     does the same
      -h, --help                     Print help

    Example:
      sanda reproduce output/wujiashan-duisburg/results.json

    reads the provenance beside the results, simulates everything again and compares.
    The exit code is 1 if a byte differs, 4 if the scenario is no longer the same model.
    ");
}

#[test]
fn help_of_sweep() {
    insta::assert_snapshot!(printed(&["help", "sweep"]), @r"
    Simulate a scenario at several values of its parameters, under the same luck

    Usage: sanda sweep [OPTIONS] <SCENARIO.ron>

    Arguments:
      <SCENARIO.ron>  The scenario file

    Options:
          --vary <PATH=VALUES>
              A parameter and its values. May be given several times
          --latin <N>
              Take N points of a Latin hypercube over ranges PATH=min..max instead of a grid
          --points <FILE.csv>
              Read the points from a CSV table whose header names the paths
          --metrics <PATTERN>
              Metrics by path, where `*` stands for any part. May be given several times. Default: the
              shares of all promises, and the times, costs and emissions of all flows
          --set <PATH=VALUE>
              Override a parameter at all points. May be given several times
          --replications <N>
              Independent replications, instead of the scenario's own number
          --seed <S>
              The seed of all randomness, instead of the scenario's own
          --threads <N>
              Worker threads. Default: one per core, or RAYON_NUM_THREADS. Results are the same for any
              number
          --precision <NAME: HALF-WIDTH,...>
              Replicate until the 95 % intervals of these figures have these half-widths, such as `rail:
              0.5pp, p90: 6h, mean: 2%`: promises, metric paths, or a statistic of the times of all
              flows
          --budget <N>
              Largest number of replications for --precision [default: 1000]
          --out <DIR>
              The folder under which the sweep of a scenario gets its own, `NAME.sweep` [default:
              output]
          --no-report
              Write tables only, no figures
          --study <DIR>
              Take replications from this study folder and keep new ones there, instead of in the hidden
              folder beside the results
          --no-pieces
              Simulate everything anew, and keep nothing for later
          --plan-only
              Record in the study folder what is to be simulated, and simulate nothing
          --pieces-limit <GB>
              Largest size of the hidden folder in GB; beyond it the oldest replications are removed
              [default: 4]
      -q, --quiet
              Print results and errors only, no progress and no remarks
          --no-color
              Never colour what is printed. The environment variable NO_COLOR does the same
      -h, --help
              Print help

    Example:
      sanda sweep scenarios/wujiashan-duisburg.ron \
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
    its replications: the same command resumes it.
    ");
}

#[test]
fn help_of_warm_up() {
    insta::assert_snapshot!(printed(&["help", "warm-up"]), @"
    Recommend a warm-up for a scenario, and plot how its times settle

    Usage: sanda warm-up [OPTIONS] <SCENARIO.ron>

    Arguments:
      <SCENARIO.ron>  The scenario file

    Options:
          --set <PATH=VALUE>  Override a parameter by its path, as in error messages. May be given
                              several times
          --replications <N>  Independent replications, instead of the scenario's own number
          --seed <S>          The seed of all randomness, instead of the scenario's own
          --threads <N>       Worker threads. Default: one per core, or RAYON_NUM_THREADS. Results are
                              the same for any number
          --out <DIR>         The folder under which the answer for a scenario gets its own,
                              `NAME.warm-up` [default: output]
      -q, --quiet             Print results and errors only, no progress and no remarks
          --no-color          Never colour what is printed. The environment variable NO_COLOR does the
                              same
      -h, --help              Print help

    Example:
      sanda warm-up scenarios/wujiashan-duisburg.ron --replications 10

    observes every shipment from time zero. For each flow it prints when its times
    become steady (MSER-5 on the means of days of release), and whether the
    scenario's own warm-up suffices, or that the run is too short to tell. Welch's
    plot of each flow is written into output/wujiashan-duisburg.warm-up/figures/.
    ");
}

#[test]
fn help_of_check() {
    insta::assert_snapshot!(printed(&["help", "check"]), @"
    Compare scenarios with their baselines: the regression gate

    Usage: sanda check [OPTIONS] <BASELINE.json>...

    Arguments:
      <BASELINE.json>...  Baselines, or folders of them

    Options:
          --quick             Compare the first two replications exactly, and judge no margins
          --full              Compare all replications of the baselines exactly, even where the first
                              ones agree
          --strict            Exit with 5 if a metric has changed within its margin
          --power             Say how many replications each margin needs, and simulate nothing
          --looks <N>         Largest number of looks at growing numbers of replications, over which the
                              level of the tests is split [default: 4]
          --seed <S>          Another seed than the baseline's: replications are then not compared in
                              pairs
          --set <PATH=VALUE>  Override a parameter by its path, to see what the gate says. May be given
                              several times
          --junit <FILE>      Write a report as JUnit XML
          --sarif <FILE>      Write a report as SARIF 2.1.0
          --markdown <FILE>   Write a summary as Markdown
          --json <FILE>       Write all findings as JSON
          --threads <N>       Worker threads. Default: one per core, or RAYON_NUM_THREADS. Results are
                              the same for any number
          --no-pieces         Simulate everything anew, and keep nothing for later
      -q, --quiet             Print results and errors only, no progress and no remarks
          --no-color          Never colour what is printed. The environment variable NO_COLOR does the
                              same
      -h, --help              Print help

    Example:
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
    to compare with; 5 a change within its margin under --strict; 6 a broken invariant.
    ");
}

#[test]
fn help_of_bless() {
    insta::assert_snapshot!(printed(&["help", "bless"]), @r#"
    Make the present results of scenarios their baselines, for a stated reason

    Usage: sanda bless [OPTIONS] --reason <TEXT> <SCENARIO.ron>...

    Arguments:
      <SCENARIO.ron>...  Scenario files

    Options:
          --set <PATH=VALUE>   Override a parameter by its path, as in error messages. May be given
                               several times
          --reason <TEXT>      The reason why these results are right, kept in the baseline
          --baselines <DIR>    The folder of baselines [default: benches/baselines]
          --restart-ledger     Begin a new ledger: distances are measured from here on
          --date <YYYY-MM-DD>  The day of the blessing. Default: that of SOURCE_DATE_EPOCH, or none
          --replications <N>   Independent replications, instead of the scenario's own number
          --seed <S>           The seed of all randomness, instead of the scenario's own
          --threads <N>        Worker threads. Default: one per core, or RAYON_NUM_THREADS. Results are
                               the same for any number
          --no-pieces          Simulate everything anew, and keep nothing for later
      -q, --quiet              Print results and errors only, no progress and no remarks
          --no-color           Never colour what is printed. The environment variable NO_COLOR does the
                               same
      -h, --help               Print help

    Example:
      sanda bless scenarios/suez-open.ron --reason "faster unloading at Yangluo, see #12"

    simulates the scenario and writes benches/baselines/suez-open.json. Replications, seed
    and margins are those of the existing baseline, if any. A margin is changed in the file:
    in hours, or as a fraction of one; null asks for equal numbers.

    Every blessing adds to the ledger of the baseline. `sanda check` also compares with the
    first one in it, so that small steps cannot add up unnoticed.

      sanda bless scenarios/suez-open.ron --restart-ledger --reason "the new timetable"

    begins a new ledger, from which distances are measured from now on.
    "#);
}
