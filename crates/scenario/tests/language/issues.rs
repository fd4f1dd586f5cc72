//! How issues look: every kind of mistake once, as people meet it.

use insta::assert_snapshot;
use sanda_scenario::{Style, load_text};

use crate::world::{bad, bad_with, messages, numbered, world};

#[test]
fn a_misspelt_field_is_named_with_its_neighbours() {
    assert_snapshot!(bad(&world(&[("capacity:", "capcity:")])), @r#"
    error: unknown field `capcity` in service `train`
      --> my.ron:12:13
       |
    12 |             capcity: "10 TEU",
       |             ^^^^^^^ expected one of `capacity`, `name`, `cutoff`, `dwell`, `planned`, `at_stop`, `cancelled`, `delay`, ...
       |
       = path: services.train.capcity
    hint: did you mean `capacity`?
    "#);
}

#[test]
fn a_number_without_unit_names_the_units() {
    assert_snapshot!(bad(&world(&[("\"24h\"),\n            capacity", "24),\n            capacity")])), @r#"
    error: `24` has no unit: duration is given in `h`, `d`, `w`, `min`, `s` or `ms`
      --> my.ron:11:36
       |
    11 |             departs: Every(period: 24),
       |                                    ^^ expected a duration with a unit
       |
       = path: services.train.departs.period
    hint: write for example `2d 6h`
    "#);
}

#[test]
fn an_unknown_unit_is_shown_with_the_nearest() {
    assert_snapshot!(bad(&world(&[("\"60h\"", "\"60 hours\"")])), @r#"
    error: unknown unit `hours`: duration is given in `h`, `d`, `w`, `min`, `s` or `ms`
      --> my.ron:25:53
       |
    25 |     promises: { "quick": (flows: ["boxes"], within: "60 hours") },
       |                                                     ^^^^^^^^^^ expected a duration with a unit
       |
       = path: promises.quick.within
    hint: did you mean `h`?
    "#);
}

#[test]
fn a_dangling_reference_names_what_there_is() {
    assert_snapshot!(bad(&world(&[("at: \"yard\"", "at: \"yrad\"")])), @r#"
    error: there is no node `yrad`
     --> my.ron:6:32
      |
    6 |     resources: { "crane": (at: "yrad", servers: 2) },
      |                                ^^^^^^ expected one of `away`, `yard`
      |
      = path: resources.crane.at
    hint: did you mean `yard`?
    "#);
}

#[test]
fn a_reference_to_another_kind_of_thing_is_explained() {
    assert_snapshot!(bad(&world(&[("at: \"yard\"", "at: \"train\"")])), @r#"
    error: there is no node `train`
     --> my.ron:6:32
      |
    6 |     resources: { "crane": (at: "train", servers: 2) },
      |                                ^^^^^^^ expected one of `away`, `yard`
      |
      = path: resources.crane.at
    hint: `train` is a service, not a node
    "#);
}

#[test]
fn a_negative_time_is_refused() {
    assert_snapshot!(bad(&world(&[("\"30min\"", "\"-30min\"")])), @r#"
    error: `-30min` is negative, and duration cannot be
      --> my.ron:20:65
       |
    20 |                 Work(resource: "crane", time: Exponential(mean: "-30min")),
       |                                                                 ^^^^^^^^ expected zero or more
       |
       = path: flows.boxes.steps[0].time.mean
    "#);
}

#[test]
fn zero_is_refused_where_it_makes_no_sense() {
    assert_snapshot!(bad(&world(&[("\"100d\"", "\"0h\"")])), @r#"
    error: `0h` is not greater than zero
     --> my.ron:4:20
      |
    4 |     run: (measure: "0h"),
      |                    ^^^^ expected more than zero
      |
      = path: run.measure
    "#);
}

#[test]
fn a_missing_field_is_reported_at_its_object() {
    assert_snapshot!(bad(&world(&[("capacity: \"10 TEU\",", "")])), @r#"
    error: missing field `capacity` in service `train`
     --> my.ron:8:9
      |
    8 |         "train": (
      |         ^^^^^^^ `capacity` must be given
      |
      = path: services.train
    "#);
}

#[test]
fn a_missing_field_of_a_nested_object_is_reported_at_its_name() {
    assert_snapshot!(bad(&world(&[("mean: 8, ", "")])), @r#"
    error: missing field `mean` in rule of arrivals `Poisson`
      --> my.ron:18:23
       |
    18 |             arrivals: Poisson(per: "24h"),
       |                       ^^^^^^^ `mean` must be given
       |
       = path: flows.boxes.arrivals
    "#);
}

#[test]
fn an_unknown_variant_is_named_with_the_known() {
    assert_snapshot!(bad(&world(&[("Exponential", "Exponental")])), @r#"
    error: unknown law `Exponental`
      --> my.ron:20:47
       |
    20 |                 Work(resource: "crane", time: Exponental(mean: "30min")),
       |                                               ^^^^^^^^^^ expected a duration, or one of `Uniform`, `Triangular`, `Pert`, `Exponential`, `Erlang`, `Gamma`, `LogNormal`, `Weibull`, ...
       |
       = path: flows.boxes.steps[0].time
    hint: did you mean `Exponential`?
    "#);
}

#[test]
fn a_variant_in_quotes_is_recognised() {
    assert_snapshot!(bad(&world(&[("mode: Rail", "mode: \"Rail\"")])), @r#"
    error: expected the name of a mode, found the text "Rail"
     --> my.ron:9:19
      |
    9 |             mode: "Rail",
      |                   ^^^^^^ expected one of `Air`, `Rail`, `Sea`, `River`, `Road`
      |
      = path: services.train.mode
    hint: write `Rail` without the quotes
    "#);
}

#[test]
fn parts_without_names_are_explained() {
    assert_snapshot!(bad(&world(&[("Every(period: \"24h\")", "Every(\"24h\")")])), @r#"
    error: the parts of departure rule `Every` have names
      --> my.ron:11:28
       |
    11 |             departs: Every("24h"),
       |                            ^^^^^ expected `period: ...`; the names are `period`, `offset`
       |
       = path: services.train.departs
    "#);
}

#[test]
fn a_value_of_the_wrong_kind_says_what_was_found() {
    assert_snapshot!(bad(&world(&[("servers: 2", "servers: [2]"), ("stops: [\"yard\", \"away\"]", "stops: \"yard\"")])), @r#"
    error: expected a whole number, 0 or more, found a list `[...]`
     --> my.ron:6:49
      |
    6 |     resources: { "crane": (at: "yard", servers: [2]) },
      |                                                 ^ expected a whole number, 0 or more
      |
      = path: resources.crane.servers

    error: expected a list `[...]`, found the text "yard"
      --> my.ron:10:20
       |
    10 |             stops: "yard",
       |                    ^^^^^^ expected a list `[...]`
       |
       = path: services.train.stops
    "#);
}

#[test]
fn a_share_beyond_one_suggests_per_cent() {
    assert_snapshot!(bad(&world(&[("within: \"60h\"", "within: \"60h\", target: 95")])), @r#"
    error: share `95` lies outside 0 to 1 (0% to 100%)
      --> my.ron:25:68
       |
    25 |     promises: { "quick": (flows: ["boxes"], within: "60h", target: 95) },
       |                                                                    ^^ expected a share from 0 to 1
       |
       = path: promises.quick.target
    hint: did you mean `95%`?
    "#);
}

#[test]
fn an_id_with_capitals_is_refused_with_an_example() {
    assert_snapshot!(bad(&world(&[("\"quick\"", "\"Quick Ones\"")])), @r#"
    error: `Quick Ones` is not a name
      --> my.ron:25:17
       |
    25 |     promises: { "Quick Ones": (flows: ["boxes"], within: "60h") },
       |                 ^^^^^^^^^^^^ expected lower-case letters, digits and hyphens
       |
       = path: promises.Quick Ones
    hint: for example `quick-ones`
    "#);
}

#[test]
fn a_duplicate_id_shows_both_places() {
    assert_snapshot!(bad(&world(&[("nodes: { \"yard\": (), ", "nodes: { \"yard\": (), \"yard\": (), ")])), @r#"
    error: `yard` is written twice
     --> my.ron:5:26
      |
    5 |     nodes: { "yard": (), "yard": (), "away": (zone: "Europe/Berlin") },
      |                          ^^^^^^ again here
      |
     ::: my.ron:5:14
      |
    5 |     nodes: { "yard": (), "yard": (), "away": (zone: "Europe/Berlin") },
      |              ------ first written here
    "#);
}

#[test]
fn a_duplicate_field_shows_both_places() {
    assert_snapshot!(bad(&world(&[("mode: Rail,", "mode: Rail,\n            mode: Road,")])), @"
    error: field `mode` is written twice
      --> my.ron:10:13
       |
    10 |             mode: Road,
       |             ^^^^ again here
       |
      ::: my.ron:9:13
       |
     9 |             mode: Rail,
       |             ---- first written here
    ");
}

#[test]
fn a_duplicate_section_shows_both_places() {
    assert_eq!(
        messages(&world(&[("    resources:", "    nodes: {},\n    resources:")])),
        ["field `nodes` is written twice"]
    );
}

#[test]
fn a_missing_comma_is_a_syntax_error_with_its_bracket() {
    assert_snapshot!(bad(&world(&[("mode: Rail,", "mode: Rail")])), @r#"
    error: syntax error: expected a comma
      --> my.ron:10:13
       |
    10 |             stops: ["yard", "away"],
       |             ^
       |
      ::: my.ron:8:18
       |
     8 |         "train": (
       |                  - inside this `(`
    "#);
}

#[test]
fn an_unclosed_bracket_is_shown_where_it_opens() {
    assert_snapshot!(bad("(\n    schema: 1,\n    nodes: { // {\n        \"yard\": (),\n"), @r#"
    error: syntax error: the text ends too early
     --> my.ron:4:20
      |
    4 |         "yard": (),
      |                    ^
      |
     ::: my.ron:3:12
      |
    3 |     nodes: { // {
      |            - inside this `{`
    "#);
}

#[test]
fn an_unclosed_text_is_a_syntax_error() {
    assert_snapshot!(bad("(\n    name: \"x,\n)\n"), @r#"
    error: syntax error: a text is never closed
     --> my.ron:2:12
      |
    2 |     name: "x,
      |            ^
    "#);
}

#[test]
fn columns_and_carets_are_right_after_chinese_text_and_tabs() {
    assert_snapshot!(
        bad(&world(&[
            ("\"yard\": (), ", "\n\t\"yard\": (name: \"汉口\", /* 吴家山 */ colour: 1),\t"),
            ("{ \"quick\": (flows", "{ \"quick\": (name: (zh: \"一日达\", fr: \"\"), flows"),
        ])),
        @r#"
    error: unknown field `colour` in node `yard`
     --> my.ron:6:33
      |
    6 |     "yard": (name: "汉口", /* 吴家山 */ colour: 1),    "away": (zone: "Europe/Berlin") },
      |                                         ^^^^^^ expected one of `kind`, `zone`, `position`, `codes`, `closed`, `sources`, `note`
      |
      = path: nodes.yard.colour

    error: unknown field `fr` in text
      --> my.ron:26:45
       |
    26 |     promises: { "quick": (name: (zh: "一日达", fr: ""), flows: ["boxes"], within: "60h") },
       |                                                ^^ expected `en`
       |
       = path: promises.quick.name.fr
    "#
    );
}

#[test]
fn several_issues_come_at_once_in_reading_order() {
    assert_snapshot!(
        bad(&world(&[
            ("\"100d\"", "100"),
            ("at: \"yard\"", "at: \"nowhere\""),
            ("\"10 TEU\"", "\"10 boxes\""),
            ("resource: \"crane\"", "resource: \"cran\""),
            ("flows: [\"boxes\"]", "flows: [\"boxs\"]"),
        ])),
        @r#"
    error: `100` has no unit: duration is given in `h`, `d`, `w`, `min`, `s` or `ms`
     --> my.ron:4:20
      |
    4 |     run: (measure: 100),
      |                    ^^^ expected a duration with a unit
      |
      = path: run.measure
    hint: write for example `2d 6h`

    error: there is no node `nowhere`
     --> my.ron:6:32
      |
    6 |     resources: { "crane": (at: "nowhere", servers: 2) },
      |                                ^^^^^^^^^ expected one of `away`, `yard`
      |
      = path: resources.crane.at

    error: unknown unit `boxes` of a load
      --> my.ron:12:23
       |
    12 |             capacity: "10 boxes",
       |                       ^^^^^^^^^^ expected a load, such as "110 TEU", "100 t", "20 shipments" or "30 units"
       |
       = path: services.train.capacity

    error: there is no resource `cran`
      --> my.ron:20:32
       |
    20 |                 Work(resource: "cran", time: Exponential(mean: "30min")),
       |                                ^^^^^^ expected `crane`
       |
       = path: flows.boxes.steps[0].resource
    hint: did you mean `crane`?

    error: there is no flow `boxs`
      --> my.ron:25:35
       |
    25 |     promises: { "quick": (flows: ["boxs"], within: "60h") },
       |                                   ^^^^^^ expected `boxes`
       |
       = path: promises.quick.flows[0]
    hint: did you mean `boxes`?
    "#
    );
}

#[test]
fn a_thing_that_is_wrong_itself_is_not_reported_as_missing_elsewhere() {
    let text = world(&[("servers: 2", "servers: 0")]);
    assert_eq!(messages(&text), ["`0` is not greater than zero"]);
}

#[test]
fn issues_of_arguments_point_into_the_argument() {
    assert_snapshot!(
        bad_with(
            &world(&[]),
            &[
                "services.train.cutoff=6",
                "services.train.cutof=6h",
                "services.tram.cutoff=6h",
                "flows.boxes.steps[7].time=1h",
                "run.seed",
                "run=",
                "resources.crane.servers=(2",
                "base=x.ron",
            ],
        ),
        @"
    error: `6` has no unit: duration is given in `h`, `d`, `w`, `min`, `s` or `ms`
     --> --set #1:1:23
      |
    1 | services.train.cutoff=6
      |                       ^ expected a duration with a unit
      |
      = path: services.train.cutoff
    hint: write for example `2d 6h`

    error: unknown field `cutof` in service `train`
     --> --set #2:1:1
      |
    1 | services.train.cutof=6h
      | ^^^^^^^^^^^^^^^^^^^^ expected one of `cutoff`, `name`, `dwell`, `planned`, `at_stop`, `cancelled`, `delay`, `slip`, ...
      |
      = path: services.train.cutof
    hint: did you mean `cutoff`?

    error: `services` has no `tram`
     --> --set #3:1:1
      |
    1 | services.tram.cutoff=6h
      | ^^^^^^^^^^^^^^^^^^^^ expected `train`
      |
      = path: services.tram.cutoff
    hint: give `services.tram` as a whole

    error: `flows.boxes.steps` has no item [7]
     --> --set #4:1:1
      |
    1 | flows.boxes.steps[7].time=1h
      | ^^^^^^^^^^^^^^^^^^^^^^^^^ there are 2 items, [0] to [1]
      |
      = path: flows.boxes.steps[7].time

    error: `run.seed` sets nothing
     --> --set #5:1:1
      |
    1 | run.seed
      | ^^^^^^^^ expected PATH=VALUE
      |
    hint: for example `--set run.seed=9`

    error: no value is given
     --> --set #6:1:5
      |
    1 | run=
      |     ^ expected a value after `=`

    error: syntax error: expected a comma
     --> --set #7:1:27
      |
    1 | resources.crane.servers=(2
      |                           ^
      |
     ::: --set #7:1:25
      |
    1 | resources.crane.servers=(2
      |                         - inside this `(`

    error: `base` cannot be set
     --> --set #8:1:1
      |
    1 | base=x.ron
      | ^^^^ expected the path of a parameter
    "
    );
}

#[test]
fn a_long_line_is_cut_around_the_place() {
    let filler = "文".repeat(90);
    let text = format!("(schema: 1, name: \"x\", question: \"{filler}\", runn: 1, title: \"{filler}\")");
    assert_snapshot!(bad(&text), @r#"
    error: unknown field `runn` in scenario
     --> my.ron:1:128
      |
    1 | ... 文文", runn: 1, title: "文文文文文文文文文文文文文文文文文文文文文文文文文文文文文文文文文文文文文文文文文文文文文文文文文文文文...
      |            ^^^^ expected one of `run`, `start`, `nodes`, `resources`, `calendars`, `procedures`, `regimes`, `services`, ...
      |
      = path: runn
    hint: did you mean `run`?
    "#);
}

#[test]
fn control_characters_do_not_reach_the_terminal() {
    let text = "(schema: 1, name: \"x\", title: \"\u{1b}[31m\u{202e}\", run: (measure: \"1\u{7}h\"))";
    assert_snapshot!(bad(text), @r#"
    error: a text holds the character U+001B
     --> my.ron:1:31
      |
    1 | (schema: 1, name: "x", title: "�[31m�", run: (measure: "1�h"))
      |                               ^^^^^^^^ expected characters that can be shown
      |
    hint: control characters and those that reorder text have no place in a scenario

    error: a text holds the character U+0007
     --> my.ron:1:56
      |
    1 | (schema: 1, name: "x", title: "�[31m�", run: (measure: "1�h"))
      |                                                        ^^^^^ expected characters that can be shown
      |
    hint: control characters and those that reorder text have no place in a scenario

    error: `1�` is not a number where duration is due
     --> my.ron:1:56
      |
    1 | (schema: 1, name: "x", title: "�[31m�", run: (measure: "1�h"))
      |                                                        ^^^^^ expected a duration with a unit
      |
      = path: run.measure
    hint: write for example `2d 6h`
    "#);
}

#[test]
fn many_issues_are_counted_rather_than_drawn() {
    let nodes = numbered(60, |n| format!("\"n{n}\": (colour: {n}),\n"));
    let text = format!("(schema: 1, name: \"x\", run: (measure: \"1h\"), nodes: {{ {nodes} }})");
    let drawn = bad(&text);
    assert_eq!(drawn.matches("error:").count(), 50);
    assert!(drawn.ends_with("\nand 10 more\n"), "{drawn}");
}

#[test]
fn colours_are_added_on_request() {
    let failure = load_text("my.ron", "(schema: 2)", &[]).unwrap_err();
    let drawn = failure.render(Style { color: true, most: 1 });
    assert_snapshot!(drawn.replace('\x1b', "ESC"), @"
    ESC[1mESC[91merrorESC[0mESC[1m: missing field `name` in scenarioESC[0m
     ESC[1mESC[94m--> ESC[0mmy.ron:1:1
      ESC[1mESC[94m|ESC[0m
    ESC[1mESC[94m1ESC[0m ESC[1mESC[94m|ESC[0m (schema: 2)
      ESC[1mESC[94m|ESC[0m ESC[1mESC[91m^ESC[0m ESC[1mESC[91m`name` must be givenESC[0m

    and 2 more
    ");
}
