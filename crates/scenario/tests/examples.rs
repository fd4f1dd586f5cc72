//! The examples of the design are read as they stand.

use sanda_scenario::{load_text, schema::*};

/// Three servers, one flow, one promise.
const THREE_LANES: &str = r#"
(
    schema: 1,
    name: "three-lanes",
    title: (zh: "三条查验通道", en: "Three customs lanes"),
    start: "2025-01-06T00:00[Asia/Shanghai]",
    run: (warm_up: "30d", measure: "365d", replications: 40, seed: 7),
    nodes: { "gate": () },
    resources: { "customs": (at: "gate", servers: 3) },
    flows: {
        "boxes": (
            arrivals: Poisson(mean: 2.4, per: "1h"),
            steps: [ Work(resource: "customs", time: Exponential(mean: "1h")) ],
        ),
    },
    promises: { "quick": (flows: ["boxes"], within: "3h") },
)
"#;

#[test]
fn x() {
    let l = load_text("three.ron", THREE_LANES, &[]);
    match l { Ok(l) => println!("{:#?}", l.scenario), Err(e) => println!("{e}") }
    for sets in ["run.seed=9","flows.boxes.size=2 TEU","services.train.cutoff=6h","flows.boxes.steps[0].time.mean=2", "run.sede=8", "resources.custms.servers=3", "resources.customs.open=Allways","nodes.gate.name=Tor", "flows.boxes.steps[0].time=LogNormal(mean: \"3h\")", "resources.x=(at: \"gate\"", "run.measure=0h", "resources.customs.open=Daily(\"8-9\")"] {
        match load_text("three.ron", THREE_LANES, &[sets.to_owned()]) { Ok(_) => println!("OK {sets}"), Err(e) => println!("{e}") }
    }
}
