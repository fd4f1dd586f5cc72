//! The examples of the design and of `sanda schema` are read as they stand; what they say arrives.

use sanda_scenario::{
    load_text, print,
    schema::{Arrivals, Capacity, Departs, LawSpec, Load, StepKind},
    schema_json, schema_text,
    schema_text::{EXAMPLE_LANES, EXAMPLE_TRAIN},
};
use sanda_units::{Duration, Teu};

use crate::world::good;

#[test]
fn three_lanes() {
    let scenario = good(EXAMPLE_LANES).scenario;
    assert_eq!(scenario.title.map(|title| title.zh).as_deref(), Some("三条查验通道"));
    assert_eq!(*scenario.run.measure.value, Duration::from_days(365));
    assert_eq!((scenario.run.replications.value.value(), scenario.run.seed), (40, 7));
    let boxes = &scenario.flows["boxes"];
    let Arrivals::Poisson { mean, .. } = &boxes.arrivals.value else { panic!("{:?}", boxes.arrivals) };
    assert_eq!(mean.value.value().to_string(), "2.4");
    let [step] = boxes.steps.as_deref().unwrap() else { panic!("one step") };
    let StepKind::Work { resource, time, .. } = &step.kind else { panic!("{step:?}") };
    assert_eq!(resource.value, "customs");
    assert_eq!(time.spec, LawSpec::Exponential { mean: Duration::from_hours(1) });
    let quick = &scenario.promises["quick"];
    assert_eq!(quick.within.unwrap().value.value(), Duration::from_hours(3));
    assert_eq!(quick.target.value.to_string(), "0.9");
}

#[test]
fn daily_train() {
    let scenario = good(EXAMPLE_TRAIN).scenario;
    let train = &scenario.services["train"];
    assert_eq!(train.capacity.value, Capacity::Fixed(Load::Teu(Teu::from_teu(10))));
    assert!(matches!(train.departs.value, Departs::Every { .. }));
    assert_eq!(train.cutoff, Duration::from_hours(4));
    assert_eq!(scenario.nodes["away"].zone.as_ref().unwrap().as_str(), "Europe/Berlin");
    assert_eq!(scenario.start.value.zone().name(), "Asia/Shanghai");
}

/// A piece of the hub, with a timetable, a border and sources.
pub(crate) const HUB: &str = r#"(
    schema: 1,
    name: "hub",
    run: (measure: "365d"),
    nodes: {
        "wujiashan": (name: (zh: "吴家山", en: "Wujiashan"), kind: RailTerminal, codes: { "unlocode": "CNWUH" }),
        "alashankou": (kind: Border),
        "malaszewicze": (zone: "Europe/Warsaw", kind: Border, position: (lat: 52.03, lon: 23.52)),
        "duisburg": (zone: "Europe/Berlin", kind: RailTerminal),
    },
    calendars: { "office": Hours(weekly: ["Mon-Fri 08:00-18:00"], closed: ["2025-01-28..2025-02-04", "2025-05-01"]) },
    resources: {
        "gauge": (at: "alashankou", servers: 4, breakdowns: (up: "300h", down: LogNormal(median: "2h", p95: "9h"))),
        "eu-desk": (at: "malaszewicze", open: Calendar("office"), at_closing: Pause, discipline: Priority),
    },
    regimes: { "west": (persistence: 0.85, states: { "normal": 0.70, "busy": 0.22, "crisis": "8%" }) },
    procedures: {
        "border-westbound": (steps: [
            Regime(id: "slot", regime: "west", times: { "normal": "6h", "busy": Gamma(mean: "30h", cv: 0.8), "crisis": "5d" }),
            Work(resource: "gauge", time: Triangular(min: "3h", mode: "4h", max: "9h"), per: Vehicle),
        ]),
        "eu-entry": (at: "malaszewicze", steps: [
            Choose(id: "luck", cases: [(share: "10%", steps: [Work(resource: "eu-desk", time: "4h", per: Vehicle)])]),
        ]),
    },
    services: {
        "cre-duisburg-timetabled": (
            mode: Rail,
            stops: ["wujiashan", "alashankou", "malaszewicze", "duisburg"],
            departs: Weekly(["Wed 10:20", "Sat 10:20"]),
            cutoff: "12h",
            capacity: "110 TEU",
            running: [Triangular(min: "72h", mode: "84h", max: "110h"), "120h", "24h"],
            at_stop: { "alashankou": Procedure("border-westbound"), "malaszewicze": Procedure("eu-entry") },
            cancelled: "3%",
            sources: {
                "capacity": (from: "Wuhan railway 2023", confidence: High),
                "running[0].mode": (from: "assumed: 3,650 km at 900-1,200 km a day", confidence: Assumed, range: ["78h", "96h"]),
            },
            note: "as published",
        ),
    },
    flows: {
        "boxes": (
            from: "wujiashan", to: "duisburg", modes: [Rail],
            arrivals: Volume(per_year: "20000 TEU", profile: (month: [1, 0.6, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1])),
            size: Discrete([(value: "1 TEU", weight: 1), (value: "2 TEU", weight: 3)]),
            customs: (operator: Authorised),
        ),
    },
    clocks: { "rail": (from: Departed, to: Arrived) },
    promises: { "half-month": (flows: ["boxes"], clock: "rail", within: "15d") },
    levers: {
        "gauge-bays": (path: "resources.gauge.servers", options: [4, 5, 6, 8], cost: PerUnit("60 million CNY/year")),
        "desk": (path: "resources.eu-desk.open", options: [Always], cost: Once("12 million CNY")),
    },
)"#;

#[test]
fn a_piece_of_the_hub() {
    let scenario = good(HUB).scenario;
    let train = &scenario.services["cre-duisburg-timetabled"];
    assert_eq!(train.sources["running[0].mode"].range.as_ref().map(|range| range.len()), Some(2));
    assert_eq!(train.note.as_ref().map(|note| note.en.as_str()), Some("as published"));
    let budget = |lever: &str| format!("{:?}", scenario.levers[lever].cost);
    assert!(budget("gauge-bays").contains("6000000000"), "{}", budget("gauge-bays"));
}

#[test]
fn what_is_printed_reads_as_the_same_scenario() {
    for text in [EXAMPLE_LANES, EXAMPLE_TRAIN, HUB] {
        let first = good(text);
        let second = good(&print(&first.tree));
        assert_eq!(first.tree, second.tree);
        assert_eq!(print(&first.tree), print(&second.tree));
    }
    insta::assert_snapshot!(print(&good(EXAMPLE_LANES).tree), @r#"
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
                steps: [Work(resource: "customs", time: Exponential(mean: "1h"))],
            ),
        },
        promises: { "quick": (flows: ["boxes"], within: "3h") },
    )
    "#);
}

#[test]
fn bare_words_of_arguments_are_text_where_text_is_due() {
    let sets = [
        "run.seed=9",
        "flows.boxes.size=2 TEU",
        "services.train.cutoff=6h",
        "services.train.capacity=Unlimited",
        "nodes.away.zone=Asia/Almaty",
        "title=Test",
        "name=other-name",
        "services.train.departs=Weekly([\"Mon 10:00\"])",
        "services.train.departs[0]=Tue 11:00",
        "promises.two-days.target=0.5",
        "resources.desk=(at: \"yard\")",
    ];
    let sets: Vec<String> = sets.iter().map(|&set| set.to_owned()).collect();
    let scenario =
        load_text("my.ron", EXAMPLE_TRAIN, &sets).unwrap_or_else(|failure| panic!("{failure}")).scenario;
    assert_eq!(scenario.run.seed, 9);
    assert_eq!(scenario.name.value, "other-name");
    assert_eq!(scenario.title.unwrap().en, "Test");
    assert_eq!(scenario.flows["boxes"].size.spec, LawSpec::Constant(Teu::from_teu(2)));
    let train = &scenario.services["train"];
    assert_eq!(train.cutoff, Duration::from_hours(6));
    assert_eq!(train.capacity.value, Capacity::Unlimited);
    let Departs::Weekly(times) = &train.departs.value else { panic!("{:?}", train.departs) };
    assert_eq!(times[0].value, "Tue 11:00");
    assert_eq!(scenario.nodes["away"].zone.as_ref().unwrap().as_str(), "Asia/Almaty");
    assert!(scenario.resources.contains_key("desk"));
}

#[test]
fn the_schema_names_every_section_and_law() {
    let text = schema_text();
    for word in [
        "resources: { name: Resource }",
        "Triangular(...)",
        "LogNormal(...)",
        "cutoff: duration = \"0h\"",
        "Small types",
    ] {
        assert!(text.contains(word), "{word} is missing");
    }
    // Types without a group of their own are few and small.
    let small = text.split("Small types").nth(1).unwrap().split("Example: a queue").next().unwrap();
    let names: Vec<&str> = small.lines().filter(|line| line.starts_with(char::is_alphabetic)).collect();
    insta::assert_snapshot!(names.join(" "), @"Text Margins Provenance Confidence Load Time");
    assert_eq!(schema_json().matches("\"root\": \"Scenario\"").count(), 1);
}
