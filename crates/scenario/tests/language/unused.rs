//! What no flow meets is said, and nothing else is.

use std::path::Path;

use insta::assert_snapshot;
use sanda_scenario::{load_model, load_model_text, render};

use crate::world::{numbered, world};

/// What is warned of in a sound scenario.
fn warnings(text: &str) -> String {
    let loaded = load_model_text("my.ron", text, &[]).unwrap_or_else(|failure| panic!("{failure}"));
    let said: Vec<String> =
        loaded.issues.iter().map(|issue| format!("{}: {}\n", issue.path, issue.message)).collect();
    said.concat()
}

/// Boxes come by road, not by rail: customs are skipped by every shipment.
#[test]
fn a_procedure_whose_turn_no_flow_takes() {
    const TEXT: &str = r#"(
    schema: 1, name: "port", run: (measure: "60d"),
    nodes: { "shipper": (), "port": (kind: RiverPort), "sea": (kind: SeaPort) },
    resources: { "customs": (at: "port", servers: 2) },
    connections: { "truck": (from: "shipper", to: "port", time: "2h") },
    services: { "barge": (mode: River, stops: ["port", "sea"], departs: Every(period: "24h"), capacity: "150 TEU", running: ["60h"]) },
    procedures: { "export": (at: "port", turn: Transfer(from: Rail, to: River), steps: [Work(resource: "customs", time: "30h")]) },
    flows: { "boxes": (from: "shipper", to: "sea", arrivals: Poisson(mean: 1, per: "1d")) },
)"#;
    let loaded = load_model_text("my.ron", TEXT, &[]).unwrap();
    assert_snapshot!(render(&loaded.issues, &loaded.sources, sanda_scenario::Style::default()), @r#"
    warning: resource `customs` is used by no flow or vehicle
     --> my.ron:4:18
      |
    4 |     resources: { "customs": (at: "port", servers: 2) },
      |                  ^^^^^^^^^ nothing ever queues here
      |
      = path: resources.customs

    warning: procedure `export` never applies
     --> my.ron:7:19
      |
    7 |     procedures: { "export": (at: "port", turn: Transfer(from: Rail, to: River), steps: [Work(resource: "customs", time: "30h")]) },
      |                   ^^^^^^^^ no flow takes this turn here: check `at` and `turn`
      |
      = path: procedures.export
    "#);
    assert_eq!(warnings(&TEXT.replace("from: Rail", "from: Road")), "");
}

#[test]
fn every_kind_of_thing_that_nobody_meets() {
    assert_eq!(warnings(&world(&[])), "");
    let with = |section: &str| warnings(&world(&[("promises", &format!("{section}, promises"))]));
    let train = "mode: Rail, stops: [\"yard\", \"away\"], departs: Every(period: \"24h\"), capacity: \"10 TEU\", running: [\"10h\"]";
    assert_eq!(
        with("calendars: { \"c\": Daily(\"08:00-18:00\") }"),
        "calendars.c: calendar `c` is named by nothing\n"
    );
    assert_eq!(
        with("regimes: { \"r\": (persistence: 0.5, states: { \"a\": 1 }) }"),
        "regimes.r: regime `r` is used by no step\n"
    );
    assert_eq!(
        with("connections: { \"c\": (from: \"yard\", to: \"away\", time: \"1h\") }"),
        "connections.c: connection `c` carries no flow\n"
    );
    assert_eq!(with("procedures: { \"p\": (steps: []) }"), "procedures.p: procedure `p` never applies\n");
    assert_eq!(
        with(
            "clocks: { \"c\": (from: Mark(\"m\"), to: Delivered) }, procedures: { \"p\": (steps: [Mark(\"m\")]) }"
        ),
        "clocks.c: clock `c` is never taken\nprocedures.p: procedure `p` never applies\n"
    );
    assert_eq!(with("passages: { \"p\": (used_by: []) }"), "passages.p: passage `p` is used by nothing\n");
    let replaced = |old: &str, new: &str| warnings(&world(&[(old, new)]));
    assert_eq!(
        replaced("\"yard\": ()", "\"yard\": (), \"n\": ()"),
        "nodes.n: node `n` is touched by no flow\n"
    );
    assert_eq!(
        replaced("\"train\": (", &format!("\"other\": ({train}), \"train\": (")),
        "services.other: service `other` carries no flow\n"
    );
    // It takes a crane at each of its stops: a service without cargo may be there for that.
    let working = format!(
        "\"other\": ({train}, at_stop: {{ \"yard\": Steps([Work(resource: \"crane\", time: \"1h\", per: Vehicle)]) }}), \"train\": ("
    );
    assert_eq!(replaced("\"train\": (", &working), "");
    let spare = ("\"crane\": (", "\"spare\": (at: \"yard\"), \"crane\": (");
    let strike = "disruptions: { \"d\": (targets: [Resource(\"spare\")], when: Random(up: \"9d\", down: \"1d\"), effect: Close) }, promises";
    assert_eq!(
        warnings(&world(&[spare, ("promises", strike)])),
        "resources.spare: resource `spare` is used by no flow or vehicle\ndisruptions.d: disruption `d` affects no flow\n"
    );
    // Many of one kind are one remark.
    let many = numbered(5, |n| format!("\"s{n}\": (at: \"yard\"), "));
    assert_eq!(
        replaced("\"crane\": (", &format!("{many}\"crane\": (")),
        "resources: 5 resources in this file: each is used by no flow or vehicle\n"
    );
}

/// The hub's network is made for several scenarios: nothing of it is unused by mistake, or doubtful otherwise.
#[test]
fn the_scenarios_of_the_repository_use_what_they_describe() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios");
    for name in ["wuhan-baseline-2025", "wujiashan-duisburg", "customs-regimes", "suez-open"] {
        let loaded = load_model(&folder.join(format!("{name}.ron")), &[])
            .unwrap_or_else(|failure| panic!("{failure}"));
        let said: Vec<&str> = loaded.issues.iter().map(|issue| issue.message.as_str()).collect();
        assert_eq!(said, Vec::<&str>::new(), "{name}");
    }
}
