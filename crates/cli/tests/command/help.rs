//! What `sanda help` and its siblings print, word for word: the first thing a stranger reads.

use crate::world::World;

fn printed(arguments: &[&str]) -> String {
    let outcome = World::new().succeeds(arguments);
    assert_eq!(outcome.stderr, "");
    assert!(outcome.stdout.lines().all(|line| line.chars().count() <= 100));
    outcome.stdout
}

#[test]
fn help_of_the_program() {
    insta::assert_snapshot!(printed(&["help"]), @"
    sanda (三达): a multimodal logistics simulator for the Wuhan hub.

    It simulates a freight network shipment by shipment and says what share of shipments keeps each
    promise, how sure that is, and where the hours go.

    Usage: sanda [OPTIONS] <COMMAND>

    Commands:
      run          Simulate scenarios, write their results, report and figures, print the promise table
      validate     Read and check scenarios, print every issue, simulate nothing
      schema       Print every parameter of the scenario language with its unit, default and meaning
      verify       Simulate small scenarios whose answers are known by theory, and compare
      check        Compare scenarios with their baselines: the regression gate
      bless        Make the present results of scenarios their baselines, for a stated reason
      shard        Make one share of the pieces of a study, on this machine or another
      merge        Join study folders, or refuse their damaged pieces by name
      reproduce    Run published results again from their own provenance, and compare every byte
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
          --set <PATH=VALUE>   Override a parameter by its path, as in error messages. May be given
                               several times
          --replications <N>   Independent replications, instead of the scenario's own number
          --seed <S>           The seed of all randomness, instead of the scenario's own
          --threads <N>        Worker threads; one per core, or RAYON_NUM_THREADS, when left out.
                               Results are the same for any number
          --out <DIR>          The folder under which each scenario gets its own [default: output]
          --no-report          Write results only, no report and no figures
          --inputs <N>         Points of the declared input ranges to try, one replication each; 0 tries
                               none. When left out two for every three replications, 24 at most, and
                               none if that is less than 8
          --study <DIR>        Take replications from this study folder and keep new ones there, instead
                               of the hidden folder beside the results
          --no-pieces          Simulate everything anew, and keep nothing for later
          --plan-only          Say in the study folder what is to be simulated, and simulate nothing
          --pieces-limit <GB>  Largest size of the hidden folder in GB; beyond it what was kept longest
                               ago is removed [default: 4]
      -q, --quiet              Print results and errors only, no progress and no remarks
          --no-color           Never colour what is printed. The environment variable NO_COLOR does the
                               same
      -h, --help               Print help

    Example:
      sanda run scenarios/wujiashan-duisburg.ron --replications 10 --seed 7

    writes report.html, results.json, provenance.json, summary.txt and figures/ into
    output/wujiashan-duisburg/ and prints the summary. The folder is replaced as a
    whole when everything is written. Ctrl-C keeps the replications that are
    finished, beside the results of a whole run if there are any; a second one ends
    the program at once and writes nothing.

      sanda run scenarios/wujiashan-duisburg.ron --set run.measure=26w

    overrides a parameter. Its path is the one that error messages and the schema
    show; the value is written as in the file, without the quotation marks.
    ");
}

#[test]
fn help_of_validate() {
    insta::assert_snapshot!(printed(&["help", "validate"]), @r"
    Read and check scenarios, print every issue, simulate nothing

    Usage: sanda validate [OPTIONS] <SCENARIO.ron>...

    Arguments:
      <SCENARIO.ron>...  Scenario files

    Options:
          --set <PATH=VALUE>  Override a parameter by its path, as in error messages. May be given
                              several times
          --sources           List the parameters that have no source on stdout, one a line
      -q, --quiet             Print results and errors only, no progress and no remarks
          --no-color          Never colour what is printed. The environment variable NO_COLOR does the
                              same
      -h, --help              Print help

    Example:
      sanda validate scenarios/*.ron

    says of each scenario that it is sound, or everything that is wrong with it:
    file, line and column, what was expected, and a hint. The exit code is 2 if any
    is wrong. Where a scenario states sources it is said how many parameters have
    none.

      sanda validate --sources scenarios/wuhan-baseline-2025.ron

    lists them, so that they can be looked up or marked as assumptions.
    ");
}

#[test]
fn help_of_schema() {
    insta::assert_snapshot!(printed(&["help", "schema"]), @r"
    Print every parameter of the scenario language with its unit, default and meaning

    Usage: sanda schema [OPTIONS] [NAME]

    Arguments:
      [NAME]  One entry alone: a type (Resource), a section (resources), a variant (Poisson) or a field
              (cutoff)

    Options:
          --json         For programs: JSON instead of text, with every type, field, default and meaning
          --json-schema  For editors: a JSON Schema (draft 2020-12) of scenarios written as JSON, where
                         a variant is its name, or an object with its name as the only key
      -q, --quiet        Print results and errors only, no progress and no remarks
          --no-color     Never colour what is printed. The environment variable NO_COLOR does the same
      -h, --help         Print help

    Example:
      sanda schema | less
      sanda schema Resource
      sanda schema cutoff
      sanda schema --json-schema > scenario.schema.json

    The text ends with two small scenarios to begin from.
    ");
}

#[test]
fn help_of_verify() {
    insta::assert_snapshot!(printed(&["help", "verify"]), @r"
    Simulate small scenarios whose answers are known by theory, and compare

    Usage: sanda verify [OPTIONS]

    Options:
          --full              Run longer and add cases at loads up to 0.95: minutes instead of seconds
          --case <ID>         Only this case. May be given several times
          --seed <S>          The seed from which every case takes its own [default: 1]
          --threads <N>       Worker threads; one per core, or RAYON_NUM_THREADS, when left out. Results
                              are the same for any number
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

    prints for every figure of these cases what theory says, what was simulated,
    the interval, and the smallest relative error that would have been seen. All
    intervals hold together: if the simulator is right, any figure of a run lies
    outside with probability 0.001 at most. The exit code is 6 if one does.

      sanda verify --case m-m-1 --show > m-m-1.ron
      sanda run m-m-1.ron

    prints the scenario of a case, to be run or changed like any other.

      sanda verify --case m-m-1 --set flows.boxes.arrivals.mean=0.82

    simulates something else than theory speaks of, and fails.
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
          --looks <N>         Looks at growing numbers of replications, at most, among which the level
                              of the tests is split [default: 4]
          --seed <S>          Another seed than the baseline's: replications are then not compared in
                              pairs
          --set <PATH=VALUE>  Override a parameter by its path, to see what the gate says. May be given
                              several times
          --junit <FILE>      Write a report as JUnit XML
          --sarif <FILE>      Write a report as SARIF 2.1.0
          --markdown <FILE>   Write a summary as Markdown
          --json <FILE>       Write everything that was found as JSON
          --threads <N>       Worker threads; one per core, or RAYON_NUM_THREADS, when left out. Results
                              are the same for any number
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
          --reason <TEXT>      Why these results are right. It is kept in the baseline
          --baselines <DIR>    The folder of baselines [default: benches/baselines]
          --restart-ledger     Measure distances from here on, and forget those so far
          --date <YYYY-MM-DD>  The day of the blessing. When left out it is that of SOURCE_DATE_EPOCH,
                               or none
          --replications <N>   Independent replications, instead of the scenario's own number
          --seed <S>           The seed of all randomness, instead of the scenario's own
          --threads <N>        Worker threads; one per core, or RAYON_NUM_THREADS, when left out.
                               Results are the same for any number
          --no-pieces          Simulate everything anew, and keep nothing for later
      -q, --quiet              Print results and errors only, no progress and no remarks
          --no-color           Never colour what is printed. The environment variable NO_COLOR does the
                               same
      -h, --help               Print help

    Example:
      sanda bless scenarios/suez-open.ron --reason "faster unloading at Yangluo, see #12"

    simulates the scenario and writes benches/baselines/suez-open.json. Replications, seed
    and margins are those of the baseline that is there, if any. A margin is changed in the
    file: in hours, or as a fraction of one; null asks for the same numbers alone.

    Every blessing adds to the ledger of the baseline. `sanda check` also compares with the
    first one in it, so that small steps cannot add up unseen.

      sanda bless scenarios/suez-open.ron --restart-ledger --reason "the new timetable"

    begins a new ledger, from which distances are measured from now on.
    "#);
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
