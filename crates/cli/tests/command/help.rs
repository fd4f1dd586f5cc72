//! What `sanda help` and its siblings print, word for word: the first thing a stranger reads.

use crate::world::World;

pub(crate) fn printed(arguments: &[&str]) -> String {
    let outcome = World::new().succeeds(arguments);
    assert_eq!(outcome.stderr, "");
    assert!(outcome.stdout.lines().all(|line| line.chars().count() <= 100));
    outcome.stdout
}

#[test]
fn help_of_the_program() {
    insta::assert_snapshot!(printed(&["help"]), @"
    sanda (三达): a multimodal logistics simulator for the Wuhan hub.

    It simulates a freight network shipment by shipment. It reports the share of shipments that keep
    each promise, how certain that is, and where the hours go.

    Usage: sanda [OPTIONS] <COMMAND>

    Commands:
      run          Simulate scenarios, write their results, report and figures, print the promise table
      sweep        Simulate a scenario at several values of its parameters, under the same luck
      warm-up      Recommend a warm-up for a scenario, and plot how its times settle
      validate     Read and check scenarios, print every issue, simulate nothing
      schema       Print every parameter of the scenario language with its unit, default and meaning
      verify       Simulate small scenarios with known theoretical answers, and compare
      check        Compare scenarios with their baselines: the regression gate
      bless        Make the present results of scenarios their baselines, for a stated reason
      compare      Compare scenarios with a base under the same luck: by how much, and how certain
      attribution  Say where the hours come from: the same shipments with one cause removed at a time
      shard        Compute one share of the pieces of a study, on this machine or another
      merge        Join study folders, or refuse their damaged pieces by name
      reproduce    Reproduce published results from their provenance, and compare every byte
      trace        Tell the life of a shipment: each wait, its cause, what would have kept its promise
      completions  Print the completions of a shell
      help         Print this message or the help of the given subcommand(s)

    Options:
      -q, --quiet
              Print results and errors only, no progress and no remarks

          --no-color
              Never colour what is printed. The environment variable NO_COLOR does the same

      -h, --help
              Print help (see a summary with '-h')

      -V, --version
              Print version

    Examples:
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
      143  interrupted by a request to terminate
    ");
    assert_eq!(printed(&["--help"]), printed(&["help"]));
}

#[test]
fn help_of_run() {
    insta::assert_snapshot!(printed(&["help", "run"]), @"
    Simulate scenarios, write their results, report and figures, print the promise table

    Usage: sanda run [OPTIONS] <SCENARIO.ron>...

    Arguments:
      <SCENARIO.ron>...  Scenario files

    Options:
          --set <PATH=VALUE>
              Override a parameter by its path, as in error messages. May be given several times
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
              The folder under which each scenario gets its own [default: output]
          --no-report
              Write results only, no report and no figures
          --deliveries
              Write deliveries.parquet as well: a row for every shipment of the first replication
          --inputs <N>
              Points of the declared input ranges to try, one replication each; 0 tries none. Default:
              two for every three replications, at most 24, and none if that is less than 8
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
      sanda run scenarios/wujiashan-duisburg.ron --replications 10 --seed 7

    writes report.html, results.json, provenance.json, summary.txt and figures/ into
    output/wujiashan-duisburg/ and prints the summary. The folder is replaced as a
    whole when everything is written. Ctrl-C keeps the replications that are
    finished, beside the results of a complete run if there are any. A second Ctrl-C
    ends the program at once and writes nothing.

      sanda run scenarios/wujiashan-duisburg.ron --set run.measure=26w

    overrides a parameter. Its path is the one that error messages and the schema
    show; the value is written as in the file, without the quotation marks.
    ");
}

#[test]
fn help_of_validate() {
    insta::assert_snapshot!(printed(&["help", "validate"]), @"
    Read and check scenarios, print every issue, simulate nothing

    Usage: sanda validate [OPTIONS] <SCENARIO.ron>...

    Arguments:
      <SCENARIO.ron>...  Scenario files

    Options:
          --set <PATH=VALUE>  Override a parameter by its path, as in error messages. May be given
                              several times
          --sources           List the parameters without a source on stdout, one per line
          --plan              List how the engine would serve each resource on stdout: by a station,
                              which needs no event, or event by event and why
      -q, --quiet             Print results and errors only, no progress and no remarks
          --no-color          Never colour what is printed. The environment variable NO_COLOR does the
                              same
      -h, --help              Print help

    Example:
      sanda validate scenarios/*.ron

    reports each scenario as sound, or lists all its issues: file, line and column,
    what was expected, and a hint. The exit code is 2 if any scenario has an error.
    If a scenario states sources, the number of parameters without one is reported.

      sanda validate --sources scenarios/wuhan-baseline-2025.ron

    lists them, so that they can be looked up or marked as assumptions.

      sanda validate --plan scenarios/wuhan-baseline-2025.ron

    lists how the engine would serve each resource: by a station, which needs no
    event and is fast, or event by event, and why.
    ");
}

#[test]
fn help_of_schema() {
    insta::assert_snapshot!(printed(&["help", "schema"]), @"
    Print every parameter of the scenario language with its unit, default and meaning

    Usage: sanda schema [OPTIONS] [NAME]

    Arguments:
      [NAME]  A single entry: a type (Resource), a section (resources), a variant (Poisson) or a field
              (cutoff)

    Options:
          --of <FILE.json>  The JSON Schema of a file that sanda writes, such as compare.json
          --json            For programs: JSON instead of text, with every type, field, default and
                            meaning
          --json-schema     For editors: a JSON Schema (draft 2020-12) of scenarios written as JSON,
                            where a variant is its name, or an object with its name as the only key
      -q, --quiet           Print results and errors only, no progress and no remarks
          --no-color        Never colour what is printed. The environment variable NO_COLOR does the
                            same
      -h, --help            Print help

    Example:
      sanda schema | less
      sanda schema Resource
      sanda schema cutoff
      sanda schema --json-schema > scenario.schema.json
      sanda schema --of compare.json

    The text ends with two small scenarios to start from.
    ");
}

#[test]
fn help_of_verify() {
    insta::assert_snapshot!(printed(&["help", "verify"]), @"
    Simulate small scenarios with known theoretical answers, and compare

    Usage: sanda verify [OPTIONS]

    Options:
          --full              Run longer and add cases at loads up to 0.95: minutes instead of seconds
          --case <ID>         Only this case. May be given several times
          --seed <S>          The seed from which every case takes its own [default: 1]
          --threads <N>       Worker threads. Default: one per core, or RAYON_NUM_THREADS. Results are
                              the same for any number
          --set <PATH=VALUE>  Override a parameter of the cases by its path, to see them fail. May be
                              given several times
          --json              For programs: JSON instead of tables
          --show              Print the scenarios of the cases and simulate nothing
      -q, --quiet             Print results and errors only, no progress and no remarks
          --no-color          Never colour what is printed. The environment variable NO_COLOR does the
                              same
      -h, --help              Print help

    Example:
      sanda verify --case m-m-1 --case train-10

    prints for every figure of these cases the theoretical and the simulated value,
    the interval, and the smallest relative error that would have been detected. The
    intervals are simultaneous: if the simulator is right, the probability that any
    figure of a run lies outside is at most 0.001. The exit code is 6 if one does.

      sanda verify --case m-m-1 --show > m-m-1.ron
      sanda run m-m-1.ron

    prints the scenario of a case, to be run or changed like any other.

      sanda verify --case m-m-1 --set flows.boxes.arrivals.mean=0.82

    simulates a scenario that differs from the theory, and fails.
    ");
}

#[test]
fn help_of_trace() {
    insta::assert_snapshot!(printed(&["help", "trace"]), @"
    Tell the life of a shipment: each wait, its cause, what would have kept its promise

    Usage: sanda trace [OPTIONS] <SCENARIO.ron>

    Arguments:
      <SCENARIO.ron>  The scenario file

    Options:
          --shipment <FLOW/NUMBER>     The shipment of this number of a flow. May be given several times
          --slowest <N>                The N shipments that took longest; those that never arrived come
                                       first
          --late <N>                   The N shipments that missed a promise by the most; those that
                                       never arrived come first
          --flow <FLOW>                Only shipments of this flow. May be given several times. Alone it
                                       lists them, one per line
          --events <FILE.csv>          Write every event of every life to a CSV file
          --ocel <FILE.json>           Write every event of every life to an object-centric event log,
                                       OCEL 2.0 JSON
          --deliveries <FILE.parquet>  Write a row for each shipment to a Parquet file
          --replication <N>            The replication, counted from 0 [default: 0]
          --seed <S>                   The seed of all randomness, instead of the scenario's own
          --set <PATH=VALUE>           Override a parameter by its path, as in error messages. May be
                                       given several times
          --language <LANGUAGE>        The language of stories: Chinese, English, or both in turn
                                       [possible values: zh, en, both]
          --json                       For programs: JSON instead of stories
      -q, --quiet                      Print results and errors only, no progress and no remarks
          --no-color                   Never colour what is printed. The environment variable NO_COLOR
                                       does the same
      -h, --help                       Print help

    At least one of --shipment, --slowest, --late, --flow, --events, --ocel and --deliveries is needed.

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
    object-centric event log (OCEL 2.0), and a row per shipment.
    ");
}

#[test]
fn help_of_completions() {
    insta::assert_snapshot!(printed(&["help", "completions"]), @r"
    Print the completions of a shell

    Usage: sanda completions [OPTIONS] <SHELL>

    Arguments:
      <SHELL>  The shell [possible values: bash, elvish, fish, powershell, zsh]

    Options:
      -q, --quiet     Print results and errors only, no progress and no remarks
          --no-color  Never colour what is printed. The environment variable NO_COLOR does the same
      -h, --help      Print help

    Example:
      sanda completions bash > ~/.local/share/bash-completion/completions/sanda
    ");
}

#[test]
fn without_a_command_the_help_is_an_error() {
    let outcome = World::new().sanda(&[]);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(2), ""));
    assert!(outcome.stderr.contains("Usage: sanda"));
}

#[test]
fn completions_know_the_commands() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = World::new().succeeds(&["completions", shell]).stdout;
        assert!(script.contains("validate") && script.contains("replications"), "{shell}");
    }
}
