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
       |                        ^^^^^^^^^^^^^^^ this source speaks of nothing
       |
       = path: resources.customs.servers.count
    
"##);
    insta::assert_snapshot!(error(r#""open.weekly": (from: "assumed", range: ["a", "b"])"#), @r##"
    error: `resources.customs` has no `open`
      --> lanes.ron:10:24
       |
    10 |             sources: { "open.weekly": (from: "assumed", range: ["a", "b"]) },
       |                        ^^^^^^^^^^^^^ this source speaks of nothing
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
