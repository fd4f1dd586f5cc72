//! What is said about parameters under `sources`: errors at their place, what is counted, and values that a change replaced.

use sanda_scenario::{LoadedModel, Style, load_model_text};

fn world(sources: &str, sets: &[&str]) -> Result<LoadedModel, String> {
    let text = format!(
        r#"(
    schema: 1,
    name: "lanes",
    run: (measure: "30d", replications: 2),
    nodes: {{ "gate": () }},
    resources: {{
        "customs": (
            at: "gate",
            servers: 3,
            sources: {{ {sources} }},
        ),
    }},
    flows: {{
        "boxes": (
            arrivals: Poisson(mean: 2.4, per: "1h"),
            steps: [Work(resource: "customs", time: Exponential(mean: "1h"))],
            sources: {{ "arrivals": (from: "a yearbook", year: 2024, confidence: High) }},
        ),
    }},
    promises: {{ "quick": (flows: ["boxes"], within: "3h") }},
)"#
    );
    let sets: Vec<String> = sets.iter().map(|&set| set.to_owned()).collect();
    load_model_text("lanes.ron", &text, &sets).map_err(|failure| failure.render(Style::default()))
}

fn error(sources: &str) -> String {
    world(sources, &[]).err().unwrap_or_else(|| "no error".to_owned())
}

#[test]
fn both_ends_of_a_range_are_values_of_the_parameter() {
    insta::assert_snapshot!(error(r#""servers": (from: "assumed", range: [2, "4h"])"#), @r##"
    error: expected a whole number, 0 or more, found the text "4h"
      --> lanes.ron:10:64
       |
    10 |             sources: { "servers": (from: "assumed", range: [2, "4h"]) },
       |                                                                ^^^^ expected a whole number, 0 or more
       |
      ::: lanes.ron:10:24
       |
    10 |             sources: { "servers": (from: "assumed", range: [2, "4h"]) },
       |                        --------- as an end of the range of this parameter
       |
       = path: resources.customs.servers
    
"##);
    insta::assert_snapshot!(error(r#""servers": (from: "assumed", range: [0, 4])"#), @r##"
    error: `0` is not greater than zero
      --> lanes.ron:10:61
       |
    10 |             sources: { "servers": (from: "assumed", range: [0, 4]) },
       |                                                             ^ expected more than zero
       |
      ::: lanes.ron:10:24
       |
    10 |             sources: { "servers": (from: "assumed", range: [0, 4]) },
       |                        --------- as an end of the range of this parameter
       |
       = path: resources.customs.servers
    
"##);
}

#[test]
fn a_source_speaks_of_something_that_is_there() {
    insta::assert_snapshot!(error(r#""servers.count": (from: "assumed")"#), @r##"
    error: `resources.customs.servers` is the number 3 and has no `count`
      --> lanes.ron:10:24
       |
    10 |             sources: { "servers.count": (from: "assumed") },
       |                        ^^^^^^^^^^^^^^^ this source belongs to no parameter
       |
       = path: resources.customs.servers.count
    
"##);
    insta::assert_snapshot!(error(r#""open.weekly": (from: "assumed", range: ["a", "b"])"#), @r##"
    error: `resources.customs` has no `open`
      --> lanes.ron:10:24
       |
    10 |             sources: { "open.weekly": (from: "assumed", range: ["a", "b"]) },
       |                        ^^^^^^^^^^^^^ this source belongs to no parameter
       |
       = path: resources.customs.open.weekly
    hint: give `resources.customs.open` as a whole
    
"##);
    insta::assert_snapshot!(error(r#""serves": (from: "assumed")"#), @r##"
    error: resource `customs` has no field `serves` to have a source
      --> lanes.ron:10:24
       |
    10 |             sources: { "serves": (from: "assumed") },
       |                        ^^^^^^^^ expected the name of a field
       |
       = path: resources.customs
    hint: did you mean `servers`?
    
"##);
    // A default may be spoken of.
    assert_eq!(error(r#""open": (from: "assumed")"#), "no error");
}

#[test]
fn parameters_are_counted_by_what_they_rest_on() {
    let loaded = world(r#""servers": (from: "assumed", range: [2, 4])"#, &[])
        .unwrap_or_else(|error| panic!("{error}"));
    let basis = &loaded.basis;
    assert_eq!((basis.count.by_confidence, basis.count.without), ([1, 0, 0, 1], 1));
    assert_eq!(basis.without, ["flows.boxes.steps[0].time"]);
    let paths: Vec<&str> = basis.sourced.iter().map(|one| one.path.as_str()).collect();
    assert_eq!(paths, ["flows.boxes.arrivals", "resources.customs.servers"]);
    assert_eq!(basis.sourced[1].value.as_deref(), Some("3"));
    assert_eq!(loaded.inputs.ranges().len(), 1);
}

#[test]
fn a_value_that_was_changed_has_neither_source_nor_range_any_more() {
    let loaded = world(r#""servers": (from: "assumed", range: [2, 4])"#, &["resources.customs.servers=8"])
        .unwrap_or_else(|error| panic!("{error}"));
    assert!(loaded.inputs.ranges().is_empty());
    assert!(loaded.basis.without.contains(&"resources.customs.servers".to_owned()));
    // Another parameter of the same thing leaves it in force.
    let loaded = world(r#""servers": (from: "assumed", range: [2, 4])"#, &["resources.customs.room=8"])
        .unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(loaded.inputs.ranges().len(), 1);
}

#[test]
fn counts_stay_whole_between_the_ends() {
    let loaded = world(r#""servers": (from: "assumed", range: [2, 5])"#, &[])
        .unwrap_or_else(|error| panic!("{error}"));
    let servers = [0.0, 0.1, 0.2, 0.4, 0.6, 0.9, 1.0].map(|u| {
        let built = loaded.inputs.model_at(&[u]).unwrap_or_else(|failure| panic!("{failure}"));
        built.model.resources.iter().find_map(|resource| resource.servers)
    });
    // Over the stated 3 at one half.
    assert_eq!(servers, [2, 2, 2, 3, 3, 5, 5].map(Some));
    let digest = |u| loaded.inputs.model_at(&[u]).unwrap_or_else(|failure| panic!("{failure}")).digest;
    assert_eq!(digest(0.5), loaded.built.digest, "at its own value the model is the same");
}

#[test]
fn what_is_drawn_together_is_at_one_place_of_its_ranges() {
    let text = |with: &str| {
        format!(
            r#"(
    schema: 1, name: "together", run: (measure: "30d", replications: 2),
    nodes: {{ "gate": () }},
    resources: {{ "customs": (at: "gate", servers: 4, sources: {{ "servers": (from: "assumed", range: [2, 8]{with}) }}) }},
    flows: {{ "boxes": (
        arrivals: Poisson(mean: 2.4, per: "1h"),
        steps: [Work(resource: "customs", time: "1h")],
        sources: {{ "steps[0].time": (from: "assumed", range: ["30min", "2h"]{with}) }},
    ) }},
    promises: {{ "quick": (flows: ["boxes"], within: "3h") }},
)"#
        )
    };
    let load = |with: &str| {
        load_model_text("together.ron", &text(with), &[]).unwrap_or_else(|failure| panic!("{failure}"))
    };
    let loaded = load(r#", with: "size""#);
    assert_eq!((loaded.inputs.ranges().len(), loaded.inputs.unknowns()), (2, &["size".to_owned()][..]));
    let at = |u: f64| {
        let model = loaded.inputs.model_at(&[u]).unwrap_or_else(|failure| panic!("{failure}")).model;
        let work = model.programs.works.first().map(|work| work.time.mean() / 3_600_000.0);
        (model.resources.iter().find_map(|resource| resource.servers), work)
    };
    assert_eq!(at(0.0), (Some(2), Some(0.5)));
    assert_eq!(at(0.5), (Some(4), Some(1.0)));
    assert_eq!(at(1.0), (Some(8), Some(2.0)));
    let apart = load("");
    assert_eq!(apart.inputs.unknowns(), ["flows.boxes.steps[0].time", "resources.customs.servers"]);
    assert!(loaded.issues.is_empty() && apart.issues.is_empty());
}

#[test]
fn what_is_said_of_drawing_has_a_meaning() {
    insta::assert_snapshot!(error(r#""servers": (from: "assumed", with: "size")"#), @r##"
    error: a parameter without a range is not drawn
      --> lanes.ron:10:59
       |
    10 |             sources: { "servers": (from: "assumed", with: "size") },
       |                                                           ^^^^^^ expected a `range` beside it
       |
       = path: resources.customs.servers
    "##);
    insta::assert_snapshot!(error(r#""at": (from: "assumed", follows_load: true)"#), @r##"
    error: this parameter is not a capacity and cannot follow a load
      --> lanes.ron:10:24
       |
    10 |             sources: { "at": (from: "assumed", follows_load: true) },
       |                        ^^^^ `follows_load` is for `servers` of resources and `capacity` of services
       |
       = path: resources.customs.at
    "##);
    let remarks = |sources: &str, sets: &[&str]| {
        world(sources, sets).unwrap_or_else(|error| panic!("{error}")).render_remarks(Style::default())
    };
    insta::assert_snapshot!(remarks(r#""servers": (from: "assumed", range: [2, 4], with: "size")"#, &[]), @r##"
    warning: nothing else is drawn with `size`
      --> lanes.ron:10:74
       |
    10 |             sources: { "servers": (from: "assumed", range: [2, 4], with: "size") },
       |                                                                          ^^^^^^ expected a name that other parameters share
       |
       = path: resources.customs.servers
    "##);
    // Nobody comes: there is no load.
    let follows = r#""servers": (from: "assumed", follows_load: true)"#;
    let remark = remarks(follows, &["flows.boxes.steps[0]=Delay(time: \"1h\")"]);
    let remark = remark.split_once("\n\n").unwrap();
    assert!(
        remark.0.starts_with("warning: resource `customs` is used by no flow or vehicle\n"),
        "{}",
        remark.0
    );
    insta::assert_snapshot!(remark.1, @r##"
    warning: there is no load that this capacity could follow
      --> lanes.ron:10:24
       |
    10 |             sources: { "servers": (from: "assumed", follows_load: true) },
       |                        ^^^^^^^^^ it stays as it is, whatever else is drawn
       |
       = path: resources.customs.servers
    hint: it has no load, is not a plain number, or its departures wait for cargo
    "##);
    assert_eq!(remarks(follows, &[]), "");
    // A number put in its place is a measure taken, and stays.
    assert_eq!(remarks(follows, &["resources.customs.servers=Unlimited"]), "");
}

#[test]
fn one_that_cannot_be_read_leaves_no_other_alone() {
    let text = r#"(
    schema: 1, name: "broken", run: (measure: "30d", replications: 2),
    nodes: { "gate": () },
    resources: {
        "customs": (at: "gate", servers: 3, sources: { "servers": (from: "assumed", range: [2, 4], with: "size") }),
        "quay": (at: "gate", serves: 3, sources: { "servers": (from: "assumed", range: [2, 4], with: "size") }),
    },
    flows: { "boxes": (arrivals: Regular(every: "1h"), steps: [Work(resource: "customs", time: "1h")]) },
)"#;
    let failure =
        load_model_text("broken.ron", text, &[]).err().map(|failure| failure.render(Style::default()));
    let said = failure.unwrap_or_default();
    assert!(said.contains("unknown field `serves`") && !said.contains("nothing else is drawn"), "{said}");
}
